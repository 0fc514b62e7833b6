"""The auditor's parcel in the browser: made with a button, on record, and nobody else's; a report and its seal."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from bezoek import Bezoeker

from models.database import reading, transaction
from tests.bouwers import a_traject
from tests.verhalen.lezer import Pagina
from workflow import zegels
from workflow.pakket import made
from workflow.verificatie import verify

PAD = "/auditpakket"


@pytest.fixture
def auditor(bezoeker: Bezoeker, login: Any) -> Bezoeker:
    """A browser in which an auditor is logged in."""
    login(bezoeker, "auditor")
    return bezoeker


def test_an_auditor_downloads_a_parcel_and_that_is_on_record(auditor: Bezoeker, database: str) -> None:
    with transaction(database) as db:
        a_traject(db, gemeente="GM0935")
    assert "Er is nog geen pakket gemaakt." in auditor.get(PAD).text
    antwoord = auditor.submit(PAD)
    assert (antwoord.status_code, antwoord.mimetype) == (200, "application/zip")
    assert "filename=routekaart-pakket-zegel-000001.zip" in antwoord.headers["Content-Disposition"]
    with ZipFile(BytesIO(antwoord.data)) as inhoud:
        assert inhoud.testzip() is None
        wortel = inhoud.read("zegels/zegel-000001.txt").decode().splitlines()[2]
        assert len(inhoud.read("log.jsonl").splitlines()) == 1
    with reading(database) as db:
        (een,) = made(db)
    assert een.zegel_id == 1
    bladzij = auditor.get(PAD).text
    assert "Auditor Proef" in bladzij
    assert [waarde in Pagina(bladzij).wortel.tekst for waarde in (wortel, b64decode(wortel).hex())] == [True, True]
    assert zegels.public_key().tekst not in bladzij


def test_a_parcel_that_cannot_be_made_is_told_and_nothing_is_sent(
    auditor: Bezoeker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROUTEKAART_SEAL_KEY", "kort")
    antwoord = auditor.submit(PAD)
    assert antwoord.status_code == 409
    assert "Het pakket kan nu niet worden gemaakt." in antwoord.text


def test_a_fixed_report_names_its_seal_which_is_published(
    bezoeker: Bezoeker, login: Any, database: str, tmp_path: Path
) -> None:
    login(bezoeker, "coordinator")
    adres = bezoeker.submit("/rapporten/nieuw", {"opmerking": ""}).location
    with reading(database) as db:
        zegel = zegels.last(db)
        assert zegel
        assert verify(db, tmp_path / "zegels").genoemd == []
    assert (tmp_path / "zegels" / "zegel-000001.txt").read_text(encoding="utf-8") == zegel.brief
    wortel = zegel.brief.splitlines()[2]
    bladzij = Pagina(bezoeker.get(adres).text).wortel.tekst
    assert [waarde in bladzij for waarde in (wortel, zegel.wortel)] == [True, True]


def test_an_auditor_sees_how_much_of_the_log_stands_under_no_seal(auditor: Bezoeker, database: str) -> None:
    with transaction(database) as db:
        a_traject(db, gemeente="GM0935")
    assert "nog nooit verzegeld: 1 gebeurtenis staat onder geen zegel" in Pagina(auditor.get(PAD).text).wortel.tekst
    with transaction(database) as db:
        zegels.take(db)
        a_traject(db, gemeente="GM0935")
        a_traject(db, gemeente="GM0935")
    feiten = Pagina(auditor.get(PAD).text).feiten
    assert (feiten["Gebeurtenissen eronder"], feiten["Daarna vastgelegd, nog niet verzegeld"]) == ("1", "2")


@pytest.mark.parametrize("sleutel", ["kort", "77" * 32])
def test_a_report_that_cannot_be_sealed_is_not_fixed(
    bezoeker: Bezoeker, login: Any, database: str, monkeypatch: pytest.MonkeyPatch, sleutel: str
) -> None:
    """The key is none, or another than is to sign the next seal."""
    with transaction(database) as db:
        zegels.take(db)
    login(bezoeker, "coordinator")
    monkeypatch.setenv("ROUTEKAART_SEAL_KEY", sleutel)
    antwoord = bezoeker.submit("/rapporten/nieuw", {"opmerking": "Zo is het."})
    assert antwoord.status_code == 409
    assert "en is daarom niet vastgesteld" in antwoord.text
    assert "Zo is het." in antwoord.text
    with reading(database) as db:
        assert len(zegels.every(db)) == 1


def test_a_seal_that_cannot_be_published_does_not_undo_the_report(
    bezoeker: Bezoeker, login: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    login(bezoeker, "coordinator")
    (tmp_path / "geen_map").write_text("", encoding="utf-8")
    monkeypatch.setenv("ROUTEKAART_SEALS", str(tmp_path / "geen_map"))
    antwoord = bezoeker.submit("/rapporten/nieuw", {"opmerking": ""})
    assert antwoord.status_code == 303
    assert "kon niet worden gepubliceerd" in bezoeker.get(antwoord.location).text
