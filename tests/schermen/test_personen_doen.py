"""Somebody in a browser: known better, entered twice and put right; a dossier shielded, opened with a reason, ended."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from models import klok
from models.database import transaction
from tests.schermen.conftest import NU, Aanmelden, Site
from tests.schermen.handen import answer, press
from tests.schermen.keuring import faults
from workflow import personen
from workflow.personen import Gegevens

DOSSIER = "SHV-2026-00002"


@pytest.fixture
def dubbel(site: Site) -> str:
    """The client of the dossier, entered once more; the name of that entry."""
    with klok.at(NU), transaction(site.database) as db:
        wie = db.exec_driver_sql(
            "SELECT d.deelnemer FROM deelname d JOIN traject t ON t.id = d.traject_id"
            f" WHERE t.nummer = '{DOSSIER}' AND d.nr = 1"
        ).scalar_one()
        bekend = personen.by_pseudonym(db, [wie])[wie].gegevens
        personen.register(
            db,
            Gegevens(
                bekend.achternaam, voornaam=f"{bekend.voornaam}a", geboortedatum=bekend.geboortedatum, taal="Arabisch"
            ),
        )
    return f"{bekend.voornaam}a"


def _saved(blad: Page, kop: str) -> None:
    expect(blad.get_by_role("heading", level=1)).to_have_text(kop)


def test_a_person_is_known_better_and_a_double_is_put_right(aangemeld: Aanmelden, dubbel: str) -> None:
    blad = aangemeld("uitvoerder")
    blad.goto(f"/trajecten/{DOSSIER}/personen")
    naam = blad.get_by_role("heading", level=1).inner_text()
    blad.get_by_role("link", name="Alle gegevens").click()
    assert faults(blad) == []
    press(blad, "Wijzigen")
    assert faults(blad) == []
    answer(blad, {"Telefoon": "06", "Straat en nummer, of postbus": "Postbus 7", "Plaats van het postadres": "Heerlen"})
    blad.get_by_label("Veilig postadres").check()
    press(blad, "Opslaan")
    expect(blad.locator("#foutoverzicht")).to_be_focused()
    answer(blad, {"Telefoon": "06 12 34 56 78"})
    press(blad, "Opslaan")
    expect(blad.locator("main")).to_contain_text("Stuur post alleen naar: Postbus 7, Heerlen.")
    blad.get_by_role("link", name="vergelijken en samenvoegen").click()
    assert faults(blad) == []
    answer(blad, {"Taal": "Arabisch", "Reden": "Twee keer ingevoerd"})
    press(blad, "Samenvoegen")
    _saved(blad, naam)
    expect(blad.locator("#deel-gegevens")).to_contain_text("Arabisch")
    blad.locator("#deel-samengevoegd").get_by_role("link").click()
    assert faults(blad) == []
    blad.get_by_label("Reden").select_option(index=1)
    press(blad, "Ongedaan maken")
    _saved(blad, naam)
    expect(blad.locator("#deel-gegevens")).not_to_contain_text("Arabisch")
    expect(blad.locator("main")).to_contain_text("Misschien dubbel ingevoerd")
    assert dubbel in blad.locator("main").inner_text()
    assert faults(blad) == []


def test_a_dossier_is_shielded_opened_and_ended(aangemeld: Aanmelden) -> None:
    blad = aangemeld("coordinator")
    blad.goto("/trajecten/SHV-2026-00008")
    press(blad, "Afschermen")
    blad.get_by_label("Alleen voor de behandelaar").check()
    blad.get_by_label("Coordinator Proef").check()
    answer(blad, {"Reden": "De cliënt is een collega"})
    press(blad, "Afschermen")
    expect(blad.locator("#afgeschermd")).to_contain_text("SHV-2026-00008")
    assert faults(blad) == []

    blad.context.clear_cookies()
    ander = aangemeld("auditor")
    ander.goto("/trajecten/SHV-2026-00008")
    expect(ander.get_by_role("heading", level=1)).to_have_text("Dit dossier is afgeschermd")
    assert faults(ander) == []
    press(ander, "Toch openen, met een reden")
    assert faults(ander) == []
    answer(ander, {"Reden": "Onderzoek naar een klacht"})
    press(ander, "Vastleggen")
    expect(ander.locator("#deel-geschiedenis")).to_be_visible()

    ander.context.clear_cookies()
    blad = aangemeld("coordinator")
    blad.goto("/afscherming")
    expect(blad.locator("#inzagelijst")).to_contain_text("Onderzoek naar een klacht")
    blad.locator("#afgeschermd").get_by_role("link", name="Beëindigen").click()
    assert faults(blad) == []
    answer(blad, {"Reden": "De reden is vervallen"})
    press(blad, "Vastleggen")
    expect(blad.locator("#eerder-afgeschermd")).to_contain_text("SHV-2026-00008")
    assert faults(blad) == []
