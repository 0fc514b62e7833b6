"""The dossier on paper: all that happened in plain words, and nothing of what was withdrawn."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from models import klok
from models.database import transaction
from tests.bouwers import BEGIN, NU, UITVOERDER, VANDAAG, a_person, a_traject, log_rows, step
from tests.brievenbus import a_dossier, begun, sent, settled, written
from tests.verhalen.lezer import Pagina
from workflow import agenda, schuldboek, wachten
from workflow.agenda import Afspraak
from workflow.correcties import withdraw
from workflow.schuldboek import Melding
from workflow.schulden import Gegevens
from workflow.voortgang import advance


def test_a_dossier_is_printed_whole_and_that_is_logged(
    bezoeker: Any, login: Any, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    with klok.at(NU):
        login(bezoeker, "uitvoerder")
        with transaction(database) as db:
            wie = a_person(db, "Zandstra", woonplaats="Maastricht", bsn="111222333")
            nummer = a_traject(db, route="schuldhulp", begin="melding_registreren", wie=[wie])
            step(db, nummer, "intake_starten", BEGIN + 5)
            noot = {"notitie": "Belt liever in de ochtend."}
            advance(db, nummer, "notitie_maken", noot, door=UITVOERDER, op=BEGIN + 6)
            fout = advance(
                db, nummer, "notitie_maken", {"notitie": "Dit was een ander."}, door=UITVOERDER, op=BEGIN + 6
            )
            withdraw(db, nummer, fout.volgnummer, reden="verkeerd_dossier", door=UITVOERDER)
            a_traject(db, route="klacht", hoort_bij=nummer)
            assert len(log_rows(db)) > 4
        with caplog.at_level(logging.INFO):
            blad = bezoeker.get(f"/trajecten/{nummer}/afdruk").text
    for tekst in ("Zandstra", "Maastricht", "Intake gestart", "Belt liever in de ochtend.", "Klacht"):
        assert tekst in blad, tekst
    assert "Dit was een ander" not in blad
    assert "111222333" not in blad
    assert any("dossier_afgedrukt" in r.getMessage() and nummer in r.getMessage() for r in caplog.records)


def test_what_the_dossier_holds_is_printed_with_it(bezoeker: Any, login: Any, database: str) -> None:
    """Debts by the name of who is owed, appointments, documents and letters; not what is only meant to be done."""
    with klok.at(NU):
        login(bezoeker, "uitvoerder")
        with transaction(database) as db:
            nummer = a_dossier(db)
            schulden = [Gegevens(naam=f"Winkel {n}", bedrag=10050, soort="Overig") for n in (1, 2)]
            schuldboek.add(db, nummer, schulden, Melding(UITVOERDER))
            afspraak = Afspraak(
                VANDAAG + 2, 570, 630, "eerste_gesprek", "gesprek", details={"notitie": "Neemt zijn zus mee"}
            )
            agenda.plan(db, nummer, afspraak, door=UITVOERDER)
            vraag = {"stukken": {"zorgpolis": "gevraagd"}}
            advance(db, nummer, "stukken_vastleggen", vraag, door=UITVOERDER, op=VANDAAG)
            wachten.add(db, nummer, "herinnering", "", VANDAAG + 1, "Denk aan de zus", door=UITVOERDER)
            klaar = begun(db, nummer, "rappel")
            written(db, nummer, klaar, "# Rappel\n\nBel ons.")
            settled(db, nummer, klaar)
            sent(db, nummer, klaar)
            begun(db, nummer, "waar_sta_ik")
        blad = Pagina(bezoeker.get(f"/trajecten/{nummer}/afdruk").text).wortel.tekst
    for tekst in (
        "Winkel 2",
        "€ 100,50",
        "2 schulden bij 2 schuldeisers",
        "Neemt zijn zus mee",
        "Zorgpolis: gevraagd",
        "verzonden op",
    ):
        assert tekst in blad, tekst
    for tekst in ("Denk aan de zus", "Waar sta ik"):
        assert tekst not in blad, tekst


def test_an_unknown_dossier_cannot_be_printed(bezoeker: Any, login: Any) -> None:
    login(bezoeker, "uitvoerder")
    assert bezoeker.get("/trajecten/SHV-2026-99999/afdruk").status_code == 404
