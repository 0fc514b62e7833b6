"""What every answer keeps to, errors included; what is refused before it does harm; when the program will not start."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
from pathlib import Path

import pytest
from bezoek import Bezoeker, an_account
from flask import Flask, abort
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from models import database as database_module
from models.base import metadata
from models.database import engine, reading, transaction
from models.routekaartversie import routekaartversie
from models.tabellen import triggers
from web.app import OpstartGeweigerd, create_app
from web.beveiliging import log
from web.filters import STATIC, digest
from web.toegang import openbaar
from workflow import opslag
from workflow.gezin import OnbekendTraject
from workflow.instellingen import InstellingOntbreekt
from workflow.opdracht import Conflict

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
NIEUW_PUNT = {"naam": "Wijkservicepunt Zuid", "code": "WSP-ZUID", "soort": "wijkservicepunt"}


def raising(fout: Exception):
    def view() -> str:
        raise fout

    return openbaar(view)


def operational(tekst: str) -> OperationalError:
    return OperationalError("INSERT INTO persoon (naam) VALUES (?)", ("Fatima",), sqlite3.OperationalError(tekst))


@pytest.fixture
def stuk(database) -> Bezoeker:
    """A visitor of the application with extra pages on which everything goes wrong."""
    app = create_app(database, testing=True)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.test_client_class = Bezoeker
    for naam, fout in {
        "bezet": operational("database is locked"),
        "vol": operational("database or disk is full"),
        "weg": operational("unable to open database file"),
        "kapot": operational("no such column: naam"),
        "onbekend": OnbekendTraject("SHV-2026-99999"),
        "tweede": Conflict("Collega was u voor."),
        "fout": ValueError("Fatima el Amrani, 111222333"),
    }.items():
        app.add_url_rule(f"/{naam}", naam, raising(fout))
    app.add_url_rule("/niet-nu", "niet_nu", openbaar(lambda: abort(503)))
    return app.test_client()  # type: ignore[return-value]


def organisations(database: str) -> int:
    with sqlite3.connect(database.removeprefix("sqlite:///")) as db:
        return int(db.execute("SELECT count(*) FROM organisatie").fetchone()[0])


# --- Headers ----------------------------------------------------------------------------------------------------------


def check_headers(antwoord) -> None:
    assert antwoord.headers["Content-Security-Policy"] == CSP
    assert antwoord.headers["X-Content-Type-Options"] == "nosniff"
    assert antwoord.headers["Referrer-Policy"] == "same-origin"
    assert antwoord.headers["Permissions-Policy"].startswith("camera=()")
    assert antwoord.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in antwoord.headers


@pytest.mark.parametrize(
    ("pad", "status"),
    [
        ("/inloggen", 200),
        ("/", 302),
        ("/nergens", 404),
        ("/uitloggen", 405),
        ("/bezet", 503),
        ("/vol", 507),
        ("/weg", 503),
        ("/kapot", 500),
        ("/onbekend", 404),
        ("/tweede", 409),
        ("/fout", 500),
        ("/niet-nu", 503),
        ("/static/nergens.css", 404),
    ],
)
def test_every_answer_has_the_headers_and_is_not_kept(stuk, pad, status):
    antwoord = stuk.get(pad)
    assert antwoord.status_code == status
    assert antwoord.headers["Cache-Control"] == "no-store"
    check_headers(antwoord)


def test_pages_with_data_are_not_kept(bezoeker, login):
    login(bezoeker, "beheerder")
    antwoord = bezoeker.get("/beheer/medewerkers")
    assert antwoord.headers["Cache-Control"] == "no-store"
    check_headers(antwoord)


def test_a_static_file_is_kept_for_a_year_under_the_hash_of_its_content(bezoeker):
    antwoord = bezoeker.get(f"/static/thema.css?v={digest('thema.css')}")
    assert antwoord.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Cookie" not in antwoord.headers.get("Vary", "")
    check_headers(antwoord)


@pytest.mark.parametrize("vraag", ["", "?v=", "?v=0123456789ab"])
def test_under_any_other_address_a_static_file_is_asked_for_again(bezoeker, vraag):
    assert bezoeker.get(f"/static/thema.css{vraag}").headers["Cache-Control"] == "no-cache"


def test_a_font_carries_its_version_in_its_name(bezoeker):
    (pad,) = (STATIC / "vendor").glob("noto-sans-latin-[0-9]*.woff2")
    antwoord = bezoeker.get(f"/static/vendor/{pad.name}")
    assert antwoord.headers["Cache-Control"].endswith("immutable")


def test_pages_name_static_files_by_their_hash(bezoeker):
    assert f"/static/opmaak.css?v={digest('opmaak.css')}" in bezoeker.get("/inloggen").text


def test_static_files_get_no_session_cookie(bezoeker, login):
    login(bezoeker, "uitvoerder")
    antwoord = bezoeker.get("/static/thema.css")
    assert "Set-Cookie" not in antwoord.headers
    assert "Cookie" not in antwoord.headers.get("Vary", "")


@pytest.mark.parametrize("pad", ["/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd"])
def test_no_file_outside_the_static_folder_is_given(bezoeker, pad):
    assert bezoeker.get(pad).status_code in (308, 404)


# --- Forms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", [None, "", "onzin", "ImFuZGVycyI.aWVtYW5k.vervalst"])
def test_a_form_without_our_token_changes_nothing(bezoeker, login, database, token):
    login(bezoeker, "beheerder")
    vooraf = organisations(database)
    antwoord = bezoeker.post("/beheer/organisaties/nieuw", data={**NIEUW_PUNT, "csrf_token": token or ""})
    assert antwoord.status_code == 400
    assert "Dit formulier is verlopen" in antwoord.text
    assert "Er is niets opgeslagen." in antwoord.text
    assert organisations(database) == vooraf


def test_the_token_of_another_session_does_not_fit(app, bezoeker, login, database):
    ander = app.test_client()
    login(ander, "beheerder", "ander")
    with ander.session_transaction() as sessie:
        sessie["csrf_token"] = "van een ander"
    login(bezoeker, "beheerder")
    velden = {**NIEUW_PUNT, "csrf_token": ander.token()}
    assert bezoeker.post("/beheer/organisaties/nieuw", data=velden).status_code == 400


def test_a_token_does_not_outlive_its_session(bezoeker, login):
    login(bezoeker, "beheerder")
    oud = bezoeker.token()
    login(bezoeker, "beheerder")
    bezoeker.get("/beheer/organisaties/nieuw")
    velden = {**NIEUW_PUNT, "csrf_token": oud}
    assert bezoeker.post("/beheer/organisaties/nieuw", data=velden).status_code == 400


def test_the_token_may_come_in_the_form_or_in_a_header(bezoeker, login, database):
    login(bezoeker, "beheerder")
    velden = {**NIEUW_PUNT, "csrf_token": bezoeker.token()}
    assert bezoeker.post("/beheer/organisaties/nieuw", data=velden).status_code == 303
    assert bezoeker.submit("/beheer/organisaties/WSP-ZUID/afsluiten").status_code == 303


@pytest.mark.parametrize("waar", ["cross-site", "same-site"])
def test_a_form_on_another_site_is_refused_even_with_our_token(bezoeker, login, database, waar):
    login(bezoeker, "beheerder")
    antwoord = bezoeker.submit("/beheer/organisaties/nieuw", NIEUW_PUNT, headers={"Sec-Fetch-Site": waar})
    assert antwoord.status_code == 400


def test_logging_in_needs_the_token_too(bezoeker, database):
    an_account(database, "uitvoerder")
    assert bezoeker.post("/inloggen", data={"inlognaam": "uitvoerder", "wachtwoord": "x"}).status_code == 400


def test_what_is_too_large_is_refused(app, bezoeker, login):
    app.config["MAX_CONTENT_LENGTH"] = 100_000
    login(bezoeker, "beheerder")
    antwoord = bezoeker.submit("/beheer/organisaties/nieuw", {**NIEUW_PUNT, "naam": "a" * 100_000})
    assert antwoord.status_code == 413
    assert "20 MB" in antwoord.text
    check_headers(antwoord)


def test_a_stranger_may_send_little(bezoeker):
    assert bezoeker.submit("/inloggen", {"inlognaam": "a" * 70_000}).status_code == 413


def test_uploads_may_be_20_mb(app):
    assert app.config["MAX_CONTENT_LENGTH"] == 20 * 1024 * 1024


@pytest.mark.parametrize("pad", ["/inloggen?verder=%00", "/beheer/medewerkers/%00/wachtwoord"])
def test_a_nul_character_is_refused_wherever_it_stands(bezoeker, login, pad):
    login(bezoeker, "beheerder")
    assert bezoeker.get(pad).status_code == 400


# --- Errors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pad", ["/fout", "/kapot", "/bezet", "/vol", "/onbekend", "/tweede", "/nergens"])
def test_an_error_page_is_dutch_and_shows_nothing_of_the_inside(stuk, pad):
    pagina = stuk.get(pad).text
    assert '<html lang="nl"' in pagina
    for binnenkant in ("Traceback", "Fatima", "INSERT", "sqlite", "111222333", "ValueError", ".py"):
        assert binnenkant not in pagina


def test_a_busy_database_asks_to_come_back_soon(stuk):
    antwoord = stuk.get("/bezet")
    assert antwoord.headers["Retry-After"] == "5"
    assert "Er is niets opgeslagen." in antwoord.text


def test_who_came_second_hears_why(stuk):
    assert "Collega was u voor. Er is niets opgeslagen." in stuk.get("/tweede").text


def test_a_method_that_is_not_there_is_told_which_are(bezoeker):
    assert set(bezoeker.delete("/inloggen").allow) == {"GET", "HEAD", "POST"}


def test_a_real_lock_gives_a_page_and_no_traceback(bezoeker, login, database):
    login(bezoeker, "beheerder")
    event.listen(engine(database), "checkout", lambda dbapi, *_: dbapi.execute("PRAGMA busy_timeout=1"))
    vooraf = organisations(database)
    with transaction(database):
        antwoord = bezoeker.submit("/beheer/organisaties/nieuw", NIEUW_PUNT)
    assert antwoord.status_code == 503
    assert organisations(database) == vooraf
    assert bezoeker.submit("/beheer/organisaties/nieuw", NIEUW_PUNT).status_code == 303


def test_a_full_disk_says_so_and_keeps_what_was_there(bezoeker, login, database):
    login(bezoeker, "beheerder")
    event.listen(engine(database), "checkout", lambda dbapi, *_: dbapi.execute("PRAGMA max_page_count=1"))
    for n in range(400):
        vooraf = organisations(database)
        antwoord = bezoeker.submit("/beheer/organisaties/nieuw", {**NIEUW_PUNT, "code": f"Z{n}", "naam": "Z" * 120})
        if antwoord.status_code != 303:
            break
    assert antwoord.status_code == 507
    assert "De opslag is vol" in antwoord.text
    assert organisations(database) == vooraf
    assert bezoeker.get("/beheer/organisaties").status_code == 200
    with sqlite3.connect(database.removeprefix("sqlite:///")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# --- The log ----------------------------------------------------------------------------------------------------------


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [json.loads(r.getMessage()) for r in caplog.records if r.name == "routekaart.web"]


def test_the_log_tells_who_did_what_without_anything_personal(bezoeker, login, caplog):
    with caplog.at_level(logging.INFO, "routekaart.web"):
        wie = login(bezoeker, "beheerder", "geheimenaam")
        bezoeker.get("/beheer/medewerkers?zoek=Fatima")
        bezoeker.submit("/beheer/organisaties/nieuw", {**NIEUW_PUNT, "naam": "Fatima"})
    regels = lines(caplog)
    bekeken = next(regel for regel in regels if regel.get("endpoint") == "beheer.medewerkers_lijst")
    assert (bekeken["status"], bekeken["medewerker"], bekeken["methode"]) == (200, wie.pseudoniem, "GET")
    assert {"moment", "aanvraag", "ms"} <= bekeken.keys()
    assert not [regel for regel in regels if "Fatima" in str(regel) or "geheimenaam" in str(regel)]
    assert any(regel["event"] == "organisatie_toegevoegd" and regel["betreft"] == "WSP-ZUID" for regel in regels)


def test_an_error_is_logged_with_its_place_but_without_its_message(stuk, caplog):
    with caplog.at_level(logging.INFO):
        pagina = stuk.get("/fout").text
    fout = next(regel for regel in lines(caplog) if regel["event"] == "fout")
    assert fout["fout"] == "ValueError"
    assert "test_beveiliging.py" in str(fout["plaats"])
    assert str(fout["aanvraag"]) in pagina
    assert "Fatima" not in caplog.text


def test_a_log_line_holds_only_what_it_may(app, caplog):
    with app.test_request_context(), caplog.at_level(logging.INFO, "routekaart.web"):
        log("proef", medewerker="abc", naam="Fatima", zoek="jansen")
    assert lines(caplog)[-1].keys() == {"event", "moment", "aanvraag", "medewerker"}


# --- Starting up ------------------------------------------------------------------------------------------------------


def change(database: str, opdracht: str) -> None:
    with transaction(database) as db:
        db.execute(text(opdracht))
    engine(database).dispose()


def test_it_starts_on_a_sound_database(database):
    assert isinstance(create_app(database), Flask)


@pytest.mark.parametrize("trigger", sorted(triggers("sqlite")))
def test_it_refuses_a_log_that_could_be_changed(database, trigger):
    change(database, f"DROP TRIGGER {trigger}")
    with pytest.raises(OpstartGeweigerd, match=trigger):
        create_app(database)


@pytest.mark.parametrize("trigger", sorted(triggers("sqlite")))
def test_it_refuses_a_trigger_that_does_nothing_under_its_old_name(database, trigger):
    _, _, _, *wanneer, tabel = triggers("sqlite")[trigger].split(" BEGIN")[0].split(" WHEN")[0].split()
    change(database, f"DROP TRIGGER {trigger}")
    change(database, f"CREATE TRIGGER {trigger} {' '.join(wanneer)} {tabel} WHEN 0 BEGIN SELECT 1; END")
    with pytest.raises(OpstartGeweigerd, match=trigger):
        create_app(database)


NIETS = "CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
UIT = "ALTER TABLE gebeurtenis {} TRIGGER gebeurtenis_geen_truncate"


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
@pytest.mark.parametrize(
    ("opdracht", "naam"),
    [
        ("DROP TRIGGER toelichting_alleen_erbij ON toelichting", "toelichting_alleen_erbij"),
        (NIETS.format("gebeurtenis_alleen_erbij"), r"gebeurtenis_alleen_erbij\(\)"),
        (UIT.format("DISABLE"), "gebeurtenis_geen_truncate"),
        (UIT.format("ENABLE REPLICA"), "gebeurtenis_geen_truncate"),
        (
            "CREATE OR REPLACE TRIGGER rapport_alleen_erbij BEFORE UPDATE ON rapport"
            " FOR EACH ROW EXECUTE FUNCTION rapport_alleen_erbij()",
            "rapport_alleen_erbij",
        ),
    ],
    ids=["gone", "empty function", "off", "off for us", "of less"],
)
def test_it_refuses_a_log_that_could_be_changed_on_postgresql(database, opdracht, naam):
    with reading(database) as db:
        assert opslag.unguarded(db) is None
    change(database, opdracht)
    with reading(database) as db:
        assert re.search(naam, opslag.unguarded(db))


def test_it_refuses_to_start_without_a_map(database):
    change(database, f"DELETE FROM {routekaartversie.name}")
    with pytest.raises(OpstartGeweigerd, match="no map has been published"):
        create_app(database)


@pytest.mark.parametrize("versie", ["0000", "9999"])
def test_it_refuses_tables_of_another_version_and_says_what_to_do(database, versie):
    change(database, f"UPDATE alembic_version SET version_num = '{versie}'")
    with pytest.raises(OpstartGeweigerd, match=rf"tables of version {versie}.*backup and run `routekaart init`"):
        create_app(database)


def test_it_refuses_tables_of_which_nobody_knows_the_version(database):
    change(database, "DELETE FROM alembic_version")
    with pytest.raises(OpstartGeweigerd, match="does not say of which version"):
        create_app(database)


def test_it_refuses_a_database_without_tables(tmp_path):
    leeg = tmp_path / "leeg.db"
    leeg.touch()
    with pytest.raises(OpstartGeweigerd, match=r"lacks .*gebeurtenis.* run `routekaart init`"):
        create_app(f"sqlite:///{leeg}")


def test_it_makes_no_database_by_accident(tmp_path):
    nergens = tmp_path / "nergens.db"
    with pytest.raises(OpstartGeweigerd, match="there is no database"):
        create_app(f"sqlite:///{nergens}")
    assert not nergens.exists()


def test_it_says_when_the_database_is_no_database(tmp_path):
    raar = tmp_path / "raar.db"
    raar.write_text("dit is geen database " * 100)
    with pytest.raises(OpstartGeweigerd, match="the database does not answer"):
        create_app(f"sqlite:///{raar}")


def test_it_refuses_settings_under_which_a_power_cut_loses_steps(database, monkeypatch):
    zwak = tuple(p.replace("synchronous=FULL", "synchronous=NORMAL") for p in database_module.PRAGMAS)
    monkeypatch.setattr(database_module, "PRAGMAS", zwak)
    engine(database).dispose()
    with pytest.raises(OpstartGeweigerd, match="synchronous = 1 instead of 2"):
        create_app(database)


def test_it_refuses_to_run_in_debug_mode(database, monkeypatch):
    monkeypatch.setenv("FLASK_DEBUG", "1")
    with pytest.raises(OpstartGeweigerd, match="debug"):
        create_app(database)


@pytest.mark.parametrize("sleutel", ["0" * 64, "ab" * 32, "00112233" * 8])
def test_it_refuses_a_key_that_anybody_could_guess(database, monkeypatch, sleutel):
    monkeypatch.setenv("ROUTEKAART_SECRET_KEY", sleutel)
    with pytest.raises(OpstartGeweigerd, match="ROUTEKAART_SECRET_KEY is not random"):
        create_app(database)


def test_it_refuses_a_short_key(database, monkeypatch):
    monkeypatch.setenv("ROUTEKAART_SECRET_KEY", "geheim")
    with pytest.raises(InstellingOntbreekt, match="64 hexadecimal digits"):
        create_app(database)


def test_it_refuses_one_key_for_two_purposes(database, monkeypatch):
    monkeypatch.setenv("ROUTEKAART_SECRET_KEY", bytes(range(32)).hex())
    with pytest.raises(OpstartGeweigerd, match="are the same"):
        create_app(database)


def test_it_refuses_a_number_of_proxies_that_is_no_number(database, monkeypatch):
    monkeypatch.setenv("ROUTEKAART_PROXIES", "ja")
    with pytest.raises(InstellingOntbreekt, match="must be a number"):
        create_app(database)


@pytest.mark.parametrize(("proxies", "adres"), [(None, "127.0.0.1"), ("1", "203.0.113.7")])
def test_only_a_proxy_of_our_own_is_believed_about_the_address(database, monkeypatch, caplog, proxies, adres):
    if proxies:
        monkeypatch.setenv("ROUTEKAART_PROXIES", proxies)
    app = create_app(database, testing=True)
    app.test_client_class = Bezoeker
    kop = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7"}
    with caplog.at_level(logging.INFO, "routekaart.web"):
        app.test_client().submit("/inloggen", {"inlognaam": "x", "wachtwoord": "y"}, headers=kop)
    assert [regel["adres"] for regel in lines(caplog) if "adres" in regel] == [adres]


@pytest.mark.parametrize(("instelling", "getoond"), [(None, True), ("ja", False), ("nee", True), ("true", True)])
def test_every_page_says_that_this_is_a_trial_until_that_is_switched_off(database, monkeypatch, instelling, getoond):
    if instelling:
        monkeypatch.setenv("ROUTEKAART_ECHTE_GEGEVENS", instelling)
    pagina = create_app(database, testing=True).test_client().get("/inloggen").text
    assert ("Proefomgeving: geen echte persoonsgegevens" in pagina) == getoond


def test_all_tables_are_known(database):
    met_tabel = [pad for pad in Path("models").glob("*.py") if "Table(" in pad.read_text(encoding="utf-8")]
    assert len(met_tabel) > 5
    assert {"gebeurtenis", "sessie", "organisatie", "kenmerk_oud", "toelichting"} <= set(metadata.tables)
