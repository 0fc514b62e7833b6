"""The pages of uitwisseling: upload, look, decide; download. The file waits encrypted and for its owner alone."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from leveringen import VANDAAG, Json, as_bytes, delivery, one, trajecten
from sqlalchemy import func, select
from volle_schijf import no_file_larger_than
from werkzeug.test import TestResponse

import web.app
import web.uitwisseling
from models import klok
from models.database import engine, reading
from models.traject import traject
from tests.verhalen.lezer import knopen
from workflow.uitwisseling import wachtrij

NUMMER = re.compile(r"/uitwisseling/inlezen/([0-9a-f]{32})$")


@pytest.fixture(scope="session")
def toepassing(toepassing: Flask, sjabloon: Path) -> Flask:
    """The application with these pages."""
    if "uitwisseling" in toepassing.blueprints:
        return toepassing
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(web.app, "BLUEPRINTS", (*web.app.BLUEPRINTS, "web.uitwisseling"))
        app = web.app.create_app(f"sqlite:///{sjabloon}", testing=True)
    app.test_client_class = toepassing.test_client_class
    engine(app.config["DATABASE"]).dispose()
    return app


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where files of this test wait."""
    monkeypatch.setenv("ROUTEKAART_INSTANCE", str(tmp_path))
    return tmp_path / "uploads"


def upload(bezoeker: Any, levering: Json | bytes) -> TestResponse:
    """Send a file, and follow to its preview."""
    inhoud = levering if isinstance(levering, bytes) else as_bytes(levering)
    bestand = {"bestand": (io.BytesIO(inhoud), "levering.json")}
    antwoord = bezoeker.submit("/uitwisseling/inlezen", bestand, content_type="multipart/form-data")
    return antwoord


def waiting(antwoord: TestResponse) -> str:
    """The address of the preview."""
    assert antwoord.status_code == 303, antwoord.text
    return str(antwoord.location)


def number_of_trajecten(database: str) -> int:
    """Root trajecten."""
    with reading(database) as db:
        return int(db.execute(select(func.count()).where(traject.c.ouder_id.is_(None))).scalar_one())


@pytest.mark.parametrize("rol", ["coordinator", "beheerder"])
def test_upload_look_and_take_in(bezoeker: Any, login: Any, database: str, rol: str) -> None:
    login(bezoeker, rol)
    assert "Levering inlezen" in bezoeker.get("/uitwisseling").text
    plek = waiting(upload(bezoeker, delivery()))
    pagina = bezoeker.get(plek).text
    assert "$.leveringen[0].schuldhulptrajecten[0].begeleiding[3]" in pagina
    assert "Geen eigen plaats op de routekaart" in pagina
    assert number_of_trajecten(database) == 0
    klaar = bezoeker.submit(plek, {"keuze": "inlezen"}, follow_redirects=True)
    assert "4 trajecten ingelezen." in klaar.text
    assert number_of_trajecten(database) == 4
    nog_eens = bezoeker.submit(plek, {"keuze": "inlezen"}, follow_redirects=True)
    assert "Dit bestand is er niet meer" in nog_eens.text
    assert number_of_trajecten(database) == 4


@pytest.mark.parametrize(("rol", "links"), [("coordinator", 1), ("beheerder", 0)])
def test_the_way_to_what_was_taken_in_is_for_who_may_go_there(bezoeker: Any, login: Any, rol: str, links: int) -> None:
    login(bezoeker, rol)
    plek = waiting(upload(bezoeker, one()))
    (melding,) = [
        m
        for m in knopen(bezoeker.submit(plek, {"keuze": "inlezen"}, follow_redirects=True).text).alle(
            klasse="rk-melding"
        )
        if "1 traject ingelezen" in m.tekst
    ]
    assert len(list(melding.alle("a"))) == links
    assert ("Bekijk" in melding.tekst) == bool(links)
    assert "SHV-" in melding.tekst


def test_a_delivery_is_not_undone_step_by_step(bezoeker: Any, login: Any, database: str) -> None:
    login(bezoeker, "coordinator")
    bezoeker.submit(waiting(upload(bezoeker, one())), {"keuze": "inlezen"})
    with reading(database) as db:
        nummer = db.execute(select(traject.c.nummer).where(traject.c.ouder_id.is_(None))).scalar_one()
    assert knopen(bezoeker.get(f"/trajecten/{nummer}").text).eerste("form", "rk-melding__actie").tag == ""


def test_what_was_delivered_as_text_can_be_read_where_it_is_counted(bezoeker: Any, login: Any, database: str) -> None:
    login(bezoeker, "coordinator")
    plek = waiting(upload(bezoeker, one(omschrijving="Kwam van de woningstichting.")))
    bezoeker.submit(plek, {"keuze": "inlezen"})
    with reading(database) as db:
        nummer = db.execute(select(traject.c.nummer).where(traject.c.ouder_id.is_(None))).scalar_one()
    blok = knopen(bezoeker.get(f"/trajecten/{nummer}").text).eerste("details", "rk-tijdlijn__geleverd")
    assert blok.eerste("summary").tekst == "1 tekst uit de levering"
    assert blok.teksten("p") == ["Omschrijving in de leveringKwam van de woningstichting."]


@pytest.mark.parametrize("rol", ["uitvoerder", "auditor", "partner"])
def test_other_roles_stay_out(bezoeker: Any, login: Any, rol: str) -> None:
    login(bezoeker, rol)
    assert bezoeker.get("/uitwisseling").status_code == 403
    assert upload(bezoeker, one()).status_code == 403
    assert bezoeker.submit("/uitwisseling/maken", {"van": "01-01-2024", "tot_en_met": "31-12-2024"}).status_code == 403


def test_a_bad_file_is_shown_with_its_paths_and_cannot_be_taken_in(bezoeker: Any, login: Any, database: str) -> None:
    login(bezoeker, "coordinator")
    plek = waiting(upload(bezoeker, one(startdatum="2024-02-30", client=[])))
    pagina = bezoeker.get(plek)
    assert pagina.status_code == 422
    assert "2 fouten" in pagina.text or "1 fout" in pagina.text
    assert "$.leveringen[0].schuldhulptrajecten[0].startdatum" in pagina.text
    assert 'value="inlezen"' not in pagina.text
    toch = bezoeker.submit(plek, {"keuze": "inlezen"}, follow_redirects=True)
    assert "Er is niets ingelezen." in toch.text
    assert number_of_trajecten(database) == 0


@pytest.mark.parametrize("inhoud", [b"geen json", b"\xff\xfe", b"", b"{" * 5000])
def test_no_delivery_at_all_gets_a_sentence(bezoeker: Any, login: Any, inhoud: bytes) -> None:
    login(bezoeker, "coordinator")
    pagina = bezoeker.get(waiting(upload(bezoeker, inhoud)))
    assert pagina.status_code == 422
    assert "Dit bestand kan niet worden ingelezen" in pagina.text


def test_no_file_chosen(bezoeker: Any, login: Any) -> None:
    login(bezoeker, "coordinator")
    pagina = bezoeker.submit("/uitwisseling/inlezen")
    assert pagina.status_code == 422
    assert "Kies een bestand." in pagina.text
    assert "<title>Fout: " in pagina.text


def test_throwing_away(bezoeker: Any, login: Any, uploads: Path) -> None:
    login(bezoeker, "coordinator")
    plek = waiting(upload(bezoeker, one()))
    assert "weggegooid" in bezoeker.submit(plek, {"keuze": "weggooien"}, follow_redirects=True).text
    assert list(uploads.iterdir()) == []
    assert bezoeker.submit(plek, {"keuze": "iets"}).status_code == 400


def test_what_comes_from_the_file_is_not_markup(bezoeker: Any, login: Any) -> None:
    login(bezoeker, "coordinator")
    levering = one(**{"<script>alert(1)</script>": 1}, uitstroom={"reden": "<b>x</b>", "datum": "2024-10-28"})
    pagina = bezoeker.get(waiting(upload(bezoeker, levering))).text
    assert "<script>alert" not in pagina
    assert "<b>x</b>" not in pagina


def test_the_waiting_file_is_for_its_owner_alone_and_not_for_long(bezoeker: Any, login: Any, app: Flask) -> None:
    login(bezoeker, "coordinator")
    plek = waiting(upload(bezoeker, one()))
    ander = app.test_client()
    login(ander, "beheerder")
    assert "is er niet meer" in ander.get(plek, follow_redirects=True).text
    assert bezoeker.get(plek).status_code == 200
    with klok.at(VANDAAG + timedelta(minutes=59)):
        assert wachtrij.get(NUMMER.search(plek)[1], "iemand anders", "uitwisseling") is None  # type: ignore[index]


def test_a_full_disk_says_so_and_keeps_the_file_that_waited(
    app: Flask, bezoeker: Any, login: Any, uploads: Path
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    login(bezoeker, "coordinator")
    eerste = waiting(upload(bezoeker, delivery()))
    was = set(uploads.iterdir())
    with no_file_larger_than(1000):
        antwoord = upload(bezoeker, delivery())
    assert antwoord.status_code == 507
    assert "De opslag is vol" in antwoord.text
    assert set(uploads.iterdir()) == was
    assert bezoeker.get(eerste).status_code == 200
    tweede = waiting(upload(bezoeker, delivery()))
    assert len(list(uploads.iterdir())) == 1
    assert bezoeker.get(tweede).status_code == 200
    assert bezoeker.get(eerste).status_code == 303


def test_waiting_files_are_unreadable_one_each_and_go_after_an_hour(uploads: Path) -> None:
    eerste = wachtrij.put(b"900000004 \xff", "wie", "dit")
    tweede = wachtrij.put(b"900000004 \xfe", "wie", "dit")
    ander = wachtrij.put(b"x", "ander", "dit")
    bestanden = list(uploads.iterdir())
    assert len(bestanden) == 2
    assert all(b"900000004" not in b.read_bytes() and b.stat().st_mode & 0o077 == 0 for b in bestanden)
    gevraagd = ((eerste, "wie"), (tweede, "wie"), (ander, "wie"), (ander, "ander"))
    assert [wachtrij.get(n, w, "dit") for n, w in gevraagd] == [None, b"900000004 \xfe", None, b"x"]
    assert wachtrij.get(tweede, "wie", "iets anders") is None
    assert wachtrij.get("../../etc/passwd", "wie", "dit") is None
    with klok.at(VANDAAG + timedelta(minutes=61)):
        assert wachtrij.get(tweede, "wie", "dit") is None
        wachtrij.put(b"y", "derde", "dit")
        assert len(list(uploads.iterdir())) == 1


def test_too_many_for_the_screen(bezoeker: Any, login: Any, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web.uitwisseling, "MAX_TRAJECTEN", 3)
    login(bezoeker, "coordinator")
    plek = waiting(upload(bezoeker, delivery()))
    pagina = bezoeker.get(plek).text
    assert "routekaart import ddas" in pagina
    assert 'value="inlezen"' not in pagina
    assert bezoeker.submit(plek, {"keuze": "inlezen"}).status_code == 413
    assert number_of_trajecten(database) == 0


def test_download_of_a_period(bezoeker: Any, login: Any) -> None:
    login(bezoeker, "coordinator")
    bezoeker.submit(waiting(upload(bezoeker, delivery())), {"keuze": "inlezen"})
    antwoord = bezoeker.submit("/uitwisseling/maken", {"van": "1-1-2024", "tot_en_met": "31-12-2025"})
    assert antwoord.status_code == 200
    assert antwoord.headers["Content-Disposition"] == 'attachment; filename="ddas-shv-2024-01-01-2025-12-31.json"'
    assert antwoord.headers["Cache-Control"] == "no-store"
    assert len(trajecten(json.loads(antwoord.text))) == 4


@pytest.mark.parametrize(
    ("van", "tot", "zin"),
    [
        ("", "31-12-2024", "Vul de eerste dag in."),
        ("32-01-2024", "31-12-2024", "Vul een bestaande datum in"),
        ("01-01-2025", "31-12-2024", "De laatste dag kan niet voor de eerste liggen."),
    ],
)
def test_a_period_that_is_none_gets_a_sentence(bezoeker: Any, login: Any, van: str, tot: str, zin: str) -> None:
    login(bezoeker, "coordinator")
    antwoord = bezoeker.submit("/uitwisseling/maken", {"van": van, "tot_en_met": tot})
    assert antwoord.status_code == 422
    assert zin in antwoord.text
