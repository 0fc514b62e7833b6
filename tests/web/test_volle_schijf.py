"""The disk is full when all was done and only COMMIT is left: a page that says so, and nothing was written.

What a full disk answers comes from outside the process, so here it is put in its place: the driver's commit fails with
SQLite's own words, once there is something new in the log.
"""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from volle_schijf import no_file_larger_than
from werkzeug.test import TestResponse

from models.database import engine, transaction
from tests.bouwers import a_traject, chain_faults, everything, log_rows, place
from tests.brievenbus import a_dossier, begun, read
from tests.verhalen.lezer import Pagina
from workflow.brieven.tekst import plain

LEVERING = Path(__file__).parents[1] / "data" / "ddas" / "zonder_fasen.json"


class VolleSchijf:
    """A disk on which no more of the log fits, or of what else is counted; `is_vol` says whether it is so now."""

    def __init__(self, url: str, telling: str = "SELECT count(*) FROM gebeurtenis") -> None:
        self.url, self.is_vol, self.geweigerd, self.telling = url, True, 0, telling
        self.dialect = engine(url).dialect
        self.commit = self.dialect.do_commit
        with engine(url).connect() as db:
            self.aantal = self._rows(db.connection.driver_connection)

    def do_commit(self, verbinding: Any) -> None:
        """Commit, unless the log became longer."""
        if self.is_vol and self._rows(verbinding) > self.aantal:
            self.geweigerd += 1
            raise sqlite3.OperationalError("database or disk is full")
        self.commit(verbinding)

    def _rows(self, verbinding: Any) -> int:
        return int(verbinding.execute(self.telling).fetchone()[0])


@pytest.fixture
def traject(database: str) -> str:
    """A traject at its beginning."""
    with transaction(database) as db:
        return a_traject(db)


@pytest.fixture
def schijf(database: str, traject: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[VolleSchijf]:
    """The disk of this test, which becomes full with what is recorded next."""
    schijf = VolleSchijf(database)
    monkeypatch.setattr(schijf.dialect, "do_commit", schijf.do_commit)
    yield schijf
    schijf.is_vol = False


def recorded(database: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that is not about who is logged in."""
    with transaction(database) as db:
        assert chain_faults(log_rows(db)) == []
        return {naam: rijen for naam, rijen in everything(db).items() if naam != "sessie"}


def check_page(antwoord: TestResponse) -> None:
    """It says that the disk is full and nothing was stored, in Dutch, without the inside."""
    assert antwoord.status_code == 507
    assert "De opslag is vol" in antwoord.text
    assert "Er is niets opgeslagen. Waarschuw de beheerder." in antwoord.text
    assert "disk is full" not in antwoord.text


def test_an_advance_that_cannot_be_committed_was_not_made(
    schijf: VolleSchijf, bezoeker: Any, login: Any, database: str, traject: str
) -> None:
    login(bezoeker, "uitvoerder")
    url = f"/trajecten/{traject}/overgang/intake_starten"
    velden = Pagina(bezoeker.get(url).text).formulier.filled({})
    voor = recorded(database)
    check_page(bezoeker.submit(url, velden))
    assert (schijf.geweigerd, recorded(database) == voor) == (1, True)
    schijf.is_vol = False
    assert bezoeker.submit(url, velden).location.endswith(f"/trajecten/{traject}")
    with transaction(database) as db:
        assert place(db, traject) == "intake"
        assert len(log_rows(db, traject)) == 2


def test_an_import_that_cannot_be_committed_was_not_made(
    schijf: VolleSchijf, bezoeker: Any, login: Any, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROUTEKAART_INSTANCE", str(tmp_path))
    login(bezoeker, "coordinator")
    bestand = {"bestand": (io.BytesIO(LEVERING.read_bytes()), "levering.json")}
    plek = bezoeker.submit("/uitwisseling/inlezen", bestand, content_type="multipart/form-data").location
    voor = recorded(database)
    check_page(bezoeker.submit(plek, {"keuze": "inlezen"}))
    assert (schijf.geweigerd, recorded(database) == voor) == (1, True)
    assert bezoeker.get(plek).status_code == 200, "the file still waits for a decision"
    schijf.is_vol = False
    aantal = sum(len(deel["schuldhulptrajecten"]) for deel in json.loads(LEVERING.read_bytes())["leveringen"])
    klaar = bezoeker.submit(plek, {"keuze": "inlezen"}, follow_redirects=True)
    assert f"{aantal} trajecten ingelezen." in klaar.text


def test_a_letter_that_cannot_be_committed_was_not_made_and_its_text_not_kept(
    bezoeker: Any, login: Any, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wie = login(bezoeker, "uitvoerder")
    with transaction(database) as db:
        nummer = a_dossier(db, behandelaar=wie.pseudoniem)
        brief = begun(db, nummer)
    schijf = VolleSchijf(database, "SELECT count(*) FROM brief WHERE status = 'vastgesteld'")
    monkeypatch.setattr(schijf.dialect, "do_commit", schijf.do_commit)
    url = f"/trajecten/{nummer}/brieven/{brief}/schrijven"
    velden = Pagina(bezoeker.get(url).text).formulier.filled({"tekst": "# Heel anders\n\nTot ziens."})
    voor = recorded(database)
    check_page(bezoeker.submit(url, {**velden, "actie": "vaststellen"}))
    assert (schijf.geweigerd, recorded(database) == voor) == (1, True)
    schijf.is_vol = False
    assert bezoeker.submit(url, {**velden, "actie": "vaststellen"}).location.endswith(brief)
    with transaction(database) as db:
        gemaakt = read(db, nummer, brief)
    assert (gemaakt.status, gemaakt.versie) == ("vastgesteld", 2)
    assert "Heel anders" in plain(gemaakt.blokken)


def test_reading_goes_on_on_a_full_disk(schijf: VolleSchijf, bezoeker: Any, login: Any, traject: str) -> None:
    login(bezoeker, "uitvoerder")
    url = f"/trajecten/{traject}/overgang/intake_starten"
    check_page(bezoeker.submit(url, Pagina(bezoeker.get(url).text).formulier.filled({})))
    assert [bezoeker.get(pad).status_code for pad in (f"/trajecten/{traject}", "/werkvoorraad")] == [200, 200]


def test_a_file_that_cannot_grow_is_no_reason_to_try_again_later(
    bezoeker: Any, login: Any, database: str, traject: str
) -> None:
    """SQLite says `disk I/O error` then, as it does of a disk that is broken."""
    login(bezoeker, "uitvoerder")
    url = f"/trajecten/{traject}/overgang/intake_starten"
    velden = Pagina(bezoeker.get(url).text).formulier.filled({})
    voor = recorded(database)
    with no_file_larger_than(1000):
        antwoord = bezoeker.submit(url, velden)
    assert antwoord.status_code == 507
    assert "Er kan niets worden opgeslagen" in antwoord.text
    assert "bezet" not in antwoord.text
    assert recorded(database) == voor
