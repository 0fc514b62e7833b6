"""Logging in and staying in: nobody learns which names exist, guessing gains nothing, a session ends when it should."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from bezoek import WACHTWOORD, Bezoeker, an_account
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
from sqlalchemy import event, update

from models.database import engine, transaction
from models.medewerker import medewerker
from web.app import create_app
from workflow import medewerkers, sessies
from workflow.medewerkers import waiting_time, weakness

FOUT = {"inlognaam": "uitvoerder", "wachtwoord": "een heel ander wachtwoord"}
GOED = {"inlognaam": "uitvoerder", "wachtwoord": WACHTWOORD}
LANG_NIEUW = "viool kast regen dinsdag"


@pytest.fixture
def klok() -> Iterator[FrozenDateTimeFactory]:
    """A clock that stands still until the test moves it."""
    with freeze_time("2026-11-24 09:00") as bevroren:
        yield bevroren


@pytest.fixture
def anna(database):
    """An uitvoerder with an account."""
    return an_account(database, "uitvoerder")


def attempt(bezoeker: Bezoeker, velden: dict[str, str], keren: int = 1):
    for _ in range(keren):
        antwoord = bezoeker.submit("/inloggen", velden)
    return antwoord


def is_in(bezoeker: Bezoeker) -> bool:
    return bezoeker.get("/wachtwoord").status_code == 200


def readable(html: str) -> str:
    """A page without its CSRF tokens and without the name that was typed."""
    return re.sub(r'(content|value)="[^"]*"', "", html)


def cookie_of(bezoeker: Bezoeker) -> str:
    koekje = bezoeker.get_cookie("routekaart")
    assert koekje is not None
    return koekje.value


def with_cookie(app, waarde: str) -> Bezoeker:
    dief = app.test_client()
    dief.set_cookie("routekaart", waarde)
    return dief


def rows(database: str, vraag: str) -> list[tuple]:
    with sqlite3.connect(database.removeprefix("sqlite:///")) as db:
        return db.execute(vraag).fetchall()


# --- Getting in -------------------------------------------------------------------------------------------------------


def test_the_right_password_leads_to_the_page_that_was_asked_for(bezoeker, anna):
    pagina = bezoeker.get("/inloggen?verder=/wachtwoord").text
    assert 'name="verder" type="hidden" value="/wachtwoord"' in pagina
    assert attempt(bezoeker, {**GOED, "verder": "/wachtwoord"}).location == "/wachtwoord"
    assert is_in(bezoeker)


@pytest.mark.parametrize("doel", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_logging_in_never_leads_to_another_site(bezoeker, anna, doel):
    assert attempt(bezoeker, {**GOED, "verder": doel}).location == "/"


def test_a_login_name_is_known_in_capitals_and_with_spaces_too(bezoeker, anna):
    assert attempt(bezoeker, {**GOED, "inlognaam": "  Uitvoerder "}).status_code == 303


def test_who_is_in_already_is_sent_on(bezoeker, login):
    login(bezoeker, "uitvoerder")
    assert bezoeker.get("/inloggen?verder=/wachtwoord").location == "/wachtwoord"


def test_the_fields_tell_a_password_manager_what_they_are(bezoeker):
    pagina = bezoeker.get("/inloggen").text
    assert 'autocomplete="username"' in pagina
    assert 'autocomplete="current-password"' in pagina
    assert "onpaste" not in pagina


def test_an_empty_form_says_what_is_missing(bezoeker):
    antwoord = attempt(bezoeker, {"inlognaam": "", "wachtwoord": ""})
    assert antwoord.status_code == 422
    assert "<title>Fout: Inloggen" in antwoord.text
    assert "Vul uw inlognaam in." in antwoord.text
    assert "Vul uw wachtwoord in." in antwoord.text


def test_messages_of_the_form_library_are_dutch(bezoeker):
    assert "Veld mag niet langer zijn dan 120 karakters." in attempt(bezoeker, {**GOED, "inlognaam": "a" * 121}).text


# --- Guessing ---------------------------------------------------------------------------------------------------------


def test_wrong_unknown_blocked_and_waiting_look_the_same(bezoeker, anna, database):
    wie = an_account(database, "auditor", "vertrokken")
    with transaction(database) as db:
        medewerkers.deactivate(db, wie.pseudoniem)
    verkeerd = attempt(bezoeker, FOUT)
    onbekend = attempt(bezoeker, {**FOUT, "inlognaam": "niemand"})
    geblokkeerd = attempt(bezoeker, {**GOED, "inlognaam": "vertrokken"})
    wachtend = attempt(bezoeker, FOUT, keren=6)
    antwoorden = (verkeerd, onbekend, geblokkeerd, wachtend)
    assert {antwoord.status_code for antwoord in antwoorden} == {422}
    assert len({readable(antwoord.text) for antwoord in antwoorden}) == 1
    assert "horen niet bij elkaar" in verkeerd.text


class Turfer:
    """A hasher that keeps count."""

    def __init__(self, echt: PasswordHasher) -> None:
        self.echt, self.keren = echt, 0

    def __getattr__(self, naam: str):
        return getattr(self.echt, naam)

    def verify(self, gehasht: str, wachtwoord: str) -> bool:
        self.keren += 1
        return self.echt.verify(gehasht, wachtwoord)


@pytest.mark.parametrize("naam", ["uitvoerder", "niemand", "", "' OR 1=1 --"])
def test_an_unknown_name_costs_the_same_work(database, anna, monkeypatch, naam):
    turfer = Turfer(medewerkers.HASHER)
    monkeypatch.setattr(medewerkers, "HASHER", turfer)
    assert medewerkers.authenticate(database, naam, "een heel ander wachtwoord") is None
    assert turfer.keren == 1


def test_after_five_wrong_passwords_the_right_one_must_wait_too(bezoeker, anna, klok):
    attempt(bezoeker, FOUT, keren=5)
    assert attempt(bezoeker, GOED).status_code == 422
    klok.tick(timedelta(seconds=31))
    assert attempt(bezoeker, GOED).status_code == 303


def test_four_wrong_passwords_do_not_make_anybody_wait(bezoeker, anna, klok):
    attempt(bezoeker, FOUT, keren=4)
    assert attempt(bezoeker, GOED).status_code == 303
    assert attempt(bezoeker, FOUT).status_code == 422
    assert attempt(bezoeker, GOED).status_code == 303


def test_guessing_at_one_account_keeps_no_one_else_out(app, bezoeker, anna, login):
    attempt(bezoeker, FOUT, keren=9)
    collega = app.test_client()
    login(collega, "uitvoerder", "collega")
    assert is_in(collega)


def test_guessing_while_an_account_waits_does_not_make_it_wait_longer(bezoeker, anna, klok, database):
    attempt(bezoeker, FOUT, keren=5)
    vooraf = rows(database, "SELECT mislukt, geblokkeerd_tot FROM medewerker")
    attempt(bezoeker, FOUT, keren=5)
    assert rows(database, "SELECT mislukt, geblokkeerd_tot FROM medewerker") == vooraf


def test_guessing_many_at_once_gains_nothing(database, anna):
    def guess(_: int) -> object:
        return medewerkers.authenticate(database, **FOUT)

    with ThreadPoolExecutor(8) as draden:
        assert list(draden.map(guess, range(16))) == [None] * 16
    assert rows(database, "SELECT mislukt FROM medewerker") == [(5,)]


def test_the_wait_grows_to_a_quarter_of_an_hour_and_no_further():
    wachten = [waiting_time(n) for n in range(1, 12)]
    assert wachten == [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900]
    assert waiting_time(10_000) == 900


def test_a_day_later_the_count_starts_anew(bezoeker, anna, klok, database):
    attempt(bezoeker, FOUT, keren=5)
    klok.tick(timedelta(hours=25))
    attempt(bezoeker, FOUT)
    assert rows(database, "SELECT mislukt FROM medewerker") == [(1,)]
    assert attempt(bezoeker, GOED).status_code == 303


def test_an_address_that_keeps_guessing_is_refused(app, bezoeker, anna):
    namen = [{**FOUT, "inlognaam": f"niemand{n}"} for n in range(20)]
    assert {attempt(bezoeker, velden).status_code for velden in namen} == {422}
    antwoord = attempt(bezoeker, GOED)
    assert antwoord.status_code == 429
    assert antwoord.headers["Retry-After"] == "60"
    assert "Wacht een minuut" in antwoord.text


def test_a_whole_office_may_log_in_through_one_address(app, anna):
    assert all(attempt(app.test_client(), GOED).status_code == 303 for _ in range(30))


# --- The session ------------------------------------------------------------------------------------------------------


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(bezoeker, anna):
    koekje = attempt(bezoeker, GOED).headers["Set-Cookie"]
    assert koekje.startswith("routekaart=")
    assert "HttpOnly" in koekje
    assert "SameSite=Strict" in koekje
    assert "Path=/" in koekje
    assert "Domain" not in koekje
    assert "Expires" not in koekje


def test_behind_https_the_cookie_is_bound_to_the_host(database, anna, monkeypatch):
    monkeypatch.setenv("ROUTEKAART_HTTPS", "ja")
    app = create_app(database, testing=True)
    app.test_client_class = Bezoeker
    basis = "https://localhost"
    kop = {"Referer": f"{basis}/inloggen"}
    bezoeker = app.test_client()
    with bezoeker.session_transaction(base_url=basis) as sessie:
        sessie["csrf_token"] = "geheim"
    token = bezoeker.token_for("geheim")
    antwoord = bezoeker.post("/inloggen", data={**GOED, "csrf_token": token}, headers=kop, base_url=basis)
    assert antwoord.status_code == 303
    assert antwoord.headers["Set-Cookie"].startswith("__Host-routekaart=")
    assert "Secure" in antwoord.headers["Set-Cookie"]
    assert antwoord.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_the_database_keeps_no_token_that_somebody_could_use(bezoeker, login, database):
    login(bezoeker, "uitvoerder")
    with bezoeker.session_transaction() as sessie:
        token = sessie["_user_id"]
    ((id_,),) = rows(database, "SELECT id FROM sessie")
    assert len(token) >= 43
    assert token not in id_


def test_logging_in_gives_a_new_session_and_the_old_one_is_dead(app, bezoeker, login, database):
    login(bezoeker, "uitvoerder")
    oud = cookie_of(bezoeker)
    login(bezoeker, "uitvoerder")
    assert cookie_of(bezoeker) != oud
    assert is_in(bezoeker)
    assert not is_in(with_cookie(app, oud))
    assert len(rows(database, "SELECT id FROM sessie")) == 1


def test_a_session_planted_before_log_in_gains_nothing(app, bezoeker, anna):
    bezoeker.get("/inloggen")
    geplant = cookie_of(bezoeker)
    assert attempt(bezoeker, GOED).status_code == 303
    assert not is_in(with_cookie(app, geplant))
    with bezoeker.session_transaction() as sessie:
        assert "csrf_token" not in sessie


def test_logging_out_ends_the_session_at_the_server(app, bezoeker, login, database):
    login(bezoeker, "uitvoerder")
    oud = cookie_of(bezoeker)
    antwoord = bezoeker.submit("/uitloggen")
    assert (antwoord.status_code, antwoord.location) == (303, "/inloggen")
    assert "U bent uitgelogd." in bezoeker.get("/inloggen").text
    assert not is_in(with_cookie(app, oud))
    assert rows(database, "SELECT id FROM sessie") == []


def test_logging_out_clears_the_browser_also_when_nothing_can_be_written(bezoeker, login, database):
    login(bezoeker, "uitvoerder")
    event.listen(engine(database), "checkout", lambda dbapi, *_: dbapi.execute("PRAGMA query_only=1"))
    antwoord = bezoeker.submit("/uitloggen")
    assert (antwoord.status_code, antwoord.location) == (303, "/inloggen")
    assert "U bent in deze browser uitgelogd." in bezoeker.get("/inloggen").text
    assert not is_in(bezoeker)


def test_a_link_cannot_log_anybody_out(bezoeker, login):
    login(bezoeker, "uitvoerder")
    assert bezoeker.get("/uitloggen").status_code == 405
    assert is_in(bezoeker)


def test_a_session_ends_after_half_an_hour_of_nothing(bezoeker, login, klok):
    login(bezoeker, "uitvoerder")
    klok.tick(timedelta(minutes=29))
    assert is_in(bezoeker)
    klok.tick(timedelta(minutes=29))
    assert is_in(bezoeker)
    klok.tick(timedelta(minutes=31))
    assert bezoeker.get("/wachtwoord").location == "/inloggen?verder=/wachtwoord"
    assert "Uw sessie is verlopen." in bezoeker.get("/inloggen").text


def test_a_session_ends_after_ten_hours_however_busy(bezoeker, login, klok):
    login(bezoeker, "uitvoerder")
    for _ in range(29):
        klok.tick(timedelta(minutes=20))
        assert is_in(bezoeker)
    klok.tick(timedelta(minutes=20))
    assert not is_in(bezoeker)


def test_sessions_that_are_over_are_cleared_away(app, bezoeker, login, klok, database):
    login(bezoeker, "uitvoerder")
    klok.tick(timedelta(hours=11))
    login(app.test_client(), "coordinator")
    assert len(rows(database, "SELECT id FROM sessie")) == 1


def test_the_page_knows_until_when_the_session_lasts_and_can_prolong_it(bezoeker, login, klok):
    login(bezoeker, "uitvoerder")
    begin = 1_795_510_800
    assert f'data-sessie-tot="{begin + sessies.IDLE}" data-nu="{begin}"' in bezoeker.get("/wachtwoord").text
    klok.tick(timedelta(minutes=28))
    antwoord = bezoeker.submit("/sessie/verleng")
    assert antwoord.json == {"sessie_tot": begin + 28 * 60 + sessies.IDLE, "nu": begin + 28 * 60}


def test_ten_page_views_in_a_minute_do_not_write_ten_times(bezoeker, login, klok, database):
    login(bezoeker, "uitvoerder")
    vooraf = rows(database, "SELECT gezien_op FROM sessie")
    klok.tick(timedelta(seconds=59))
    assert is_in(bezoeker)
    assert rows(database, "SELECT gezien_op FROM sessie") == vooraf


def test_a_long_import_does_not_hold_up_other_peoples_pages(bezoeker, login, klok, database, monkeypatch):
    monkeypatch.setattr(sessies, "HURRY_MS", 1)
    login(bezoeker, "uitvoerder")
    klok.tick(timedelta(minutes=5))
    with transaction(database):
        assert is_in(bezoeker)
    assert is_in(bezoeker)
    assert rows(database, "SELECT count(*) FROM sessie WHERE gezien_op > begonnen_op") == [(1,)]


def test_a_blocked_medewerker_is_out_at_once(bezoeker, login, database):
    wie = login(bezoeker, "uitvoerder")
    with transaction(database) as db:
        medewerkers.deactivate(db, wie.pseudoniem)
    assert not is_in(bezoeker)
    assert attempt(bezoeker, GOED).status_code == 422


def test_an_account_blocked_in_the_database_itself_is_out_too(bezoeker, login, database):
    login(bezoeker, "uitvoerder")
    with transaction(database) as db:
        db.execute(update(medewerker).values(is_actief=False))
    assert not is_in(bezoeker)


def test_a_forged_cookie_is_nobodys(app):
    assert not is_in(with_cookie(app, "eyJfdXNlcl9pZCI6IjEifQ.aWVtYW5k.vervalst"))


def test_a_link_from_a_mail_keeps_the_user_logged_in(bezoeker):
    kop = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    antwoord = bezoeker.get("/trajecten/SHV-2026-00001", headers=kop)
    assert antwoord.status_code == 200
    assert "Set-Cookie" not in antwoord.headers
    assert '<meta http-equiv="refresh" content="0">' in antwoord.text


# --- The user's own ---------------------------------------------------------------------------------------------------


def change(bezoeker: Bezoeker, huidig: str, nieuw: str, herhaling: str | None = None):
    velden = {"huidig": huidig, "wachtwoord": nieuw, "herhaling": nieuw if herhaling is None else herhaling}
    return bezoeker.submit("/wachtwoord", velden)


def test_changing_ones_password_ends_the_other_sessions(app, bezoeker, login):
    thuis = app.test_client()
    login(thuis, "uitvoerder")
    login(bezoeker, "uitvoerder")
    assert change(bezoeker, WACHTWOORD, LANG_NIEUW).status_code == 303
    assert is_in(bezoeker)
    assert not is_in(thuis)
    assert attempt(app.test_client(), GOED).status_code == 422
    assert attempt(app.test_client(), {**GOED, "wachtwoord": LANG_NIEUW}).status_code == 303


def test_only_who_knows_the_password_can_change_it(bezoeker, login):
    login(bezoeker, "uitvoerder")
    antwoord = change(bezoeker, "een heel ander wachtwoord", LANG_NIEUW)
    assert antwoord.status_code == 422
    assert "Dit is niet uw huidige wachtwoord" in antwoord.text


def test_the_new_password_is_typed_twice_and_must_be_strong(bezoeker, login):
    login(bezoeker, "uitvoerder")
    assert "Dit is een ander wachtwoord." in change(bezoeker, WACHTWOORD, LANG_NIEUW, LANG_NIEUW + "!").text
    assert "ten minste 12 tekens" in change(bezoeker, WACHTWOORD, "kort").text


@pytest.mark.parametrize(
    ("wachtwoord", "reden"),
    [
        ("elf tekens!", "ten minste 12"),
        ("a" * 129, "hoogstens 128"),
        ("wwwwwwwwwwww", "makkelijk te raden"),
        ("Welkom2026!!", "makkelijk te raden"),
        ("Maastricht2024", "makkelijk te raden"),
        ("anna.jansen2026", "makkelijk te raden"),
        ("1234567890123", "makkelijk te raden"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(wachtwoord, reden):
    assert reden in (weakness(wachtwoord, "anna.jansen@kbl.example") or "")


@pytest.mark.parametrize("wachtwoord", ["paard batterij nietje", "geenhoofdletters", "ñandú über café 12"])
def test_length_is_enough_no_kind_of_sign_is_asked_for(wachtwoord):
    assert weakness(wachtwoord, "anna") is None


def test_a_password_with_accents_fits_however_it_is_typed(database):
    wie = an_account(database, "uitvoerder")
    with transaction(database) as db:
        medewerkers.set_password(db, wie.pseudoniem, "cr\u00e8me br\u00fbl\u00e9e toe")
    assert medewerkers.authenticate(database, "uitvoerder", "cre\u0300me bru\u0302le\u0301e toe") == wie


def test_a_password_kept_at_a_lower_cost_is_kept_anew_at_log_in(database, anna, monkeypatch):
    ((vooraf,),) = rows(database, "SELECT wachtwoord FROM medewerker")
    monkeypatch.setattr(medewerkers, "HASHER", PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    assert medewerkers.authenticate(database, "uitvoerder", WACHTWOORD) == anna
    ((achteraf,),) = rows(database, "SELECT wachtwoord FROM medewerker")
    assert vooraf.startswith("$argon2id$")
    assert (vooraf.split("$")[3], achteraf.split("$")[3]) == ("m=8,t=1,p=1", "m=8,t=2,p=1")


def test_the_theme_is_remembered(bezoeker, login):
    login(bezoeker, "uitvoerder")
    antwoord = bezoeker.submit("/weergave", {"thema": "dark"}, headers={"Referer": "http://localhost/wachtwoord"})
    assert (antwoord.status_code, antwoord.location) == (303, "/wachtwoord")
    assert 'data-theme="dark"' in bezoeker.get("/wachtwoord").text
    assert bezoeker.submit("/weergave", {"thema": "roze"}).status_code == 400
