"""The debts of a dossier in a browser: twelve come in from a table, two refuse, and who leaves takes some along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from models import klok
from models.database import reading, transaction
from tests.bouwers import UITVOERDER, a_traject, advance_to, step
from tests.schermen.conftest import Aanmelden, Site
from tests.schermen.handen import answer, press
from tests.schermen.keuring import faults
from workflow import schuldboek, schuldeisers
from workflow.gezin import load
from workflow.schuldboek import Melding
from workflow.schuldeisers import Schuldeiser
from workflow.schulden import Gegevens
from workflow.splitsing import split_off

TWAALF = "schuldeiser;kenmerk;bedrag;soort\n" + "".join(
    f"{'Zorgplus N.V.' if n == 1 else f'Winkel {n}'};K-{n};{n}00,50;Overig\n" for n in range(1, 13)
)


@pytest.fixture
def dossier(site: Site) -> str:
    """A household of two for which a proposal is being made, with one debt; and a creditor in the register."""
    with klok.at(site.uurwerk.now()), transaction(site.database) as db:
        nummer = a_traject(db, aantal=2, op=site.vandaag - 90, route="schuldhulp", begin="melding_registreren")
        advance_to(db, nummer, "minnelijk_voorbereiding")
        if "ZORGPLUS" not in schuldeisers.read_register(db):
            schuldeisers.add(db, Schuldeiser("", "Zorgplus", "Zorg"))
            schuldeisers.add(db, Schuldeiser("", "Zorgplus Verzekeringen", "Zorg", is_voorstel=True))
        schuldboek.add(
            db, nummer, [Gegevens(naam="Oom Proef", is_prive=True, bedrag=5000, soort="Overig")], Melding(UITVOERDER)
        )
    return nummer


def test_twelve_debts_come_in_and_two_creditors_refuse(aangemeld: Aanmelden, dossier: str) -> None:
    blad = aangemeld()
    blad.goto(f"/trajecten/{dossier}/schulden")
    bestand = {"name": "schulden.csv", "mimeType": "text/csv", "buffer": TWAALF.encode()}
    blad.locator("input[type=file]").set_input_files(bestand)  # type: ignore[arg-type]
    press(blad, "Bekijken wat het wordt")
    expect(blad.locator("#deel-wordt")).to_contain_text("Nieuwe schulden12")
    assert faults(blad) == []
    blad.get_by_label("Zorgplus N.V.").select_option(label="Is: Zorgplus")
    press(blad, "Inlezen")
    expect(blad.locator(".rk-flits")).to_contain_text("12 schulden op de lijst gezet.")
    say(blad, range(1, 14), "Akkoord")
    say(blad, (3, 7), "Weigert")
    expect(blad.locator("#deel-wachtend")).to_contain_text("Wacht op 2 schulden: 3. ")
    expect(blad.locator("#deel-wachtend")).to_contain_text("Winkel 2 (weigert)")
    assert faults(blad) == []


def say(blad: Page, nummers: Any, antwoord: str) -> None:
    """Tick debts and record one answer."""
    for nummer in nummers:
        blad.locator(f"#schuld-{nummer}").check()
    answer(blad.locator("#deel-antwoord"), {"Wat legt u vast?": antwoord})
    press(blad.locator("#deel-antwoord"), "Vastleggen")
    expect(blad.locator(".rk-flits")).to_contain_text("Vastgelegd bij")


def _as_it_is(_blad: Page) -> None:
    return None


def _refused(blad: Page) -> None:
    press(blad, "Toevoegen")
    expect(blad.locator("#foutoverzicht")).to_be_focused()


def _no_amount(blad: Page) -> None:
    blad.locator("#bedrag_1").fill("veel")
    press(blad, "Vastleggen")
    expect(blad.locator("#foutoverzicht")).to_contain_text("Schuld 1, Oom Proef: vul een bedrag in")
    expect(blad.locator("#bedrag_1")).to_have_value("veel")


def test_creditors_each_answer_with_their_own_saldo(aangemeld: Aanmelden, dossier: str) -> None:
    blad = aangemeld()
    blad.goto(f"/trajecten/{dossier}/schulden")
    blad.locator("#schuld-1").check()
    press(blad, "Saldo per schuld")
    blad.get_by_label("Oom Proef").fill("12,50")
    expect(blad.get_by_label("Wat legt u vast?")).to_have_value("saldo_bekend")
    press(blad, "Vastleggen")
    expect(blad.locator(".rk-flits")).to_contain_text("Saldo vastgelegd bij 1 schuld.")
    expect(blad.locator("#schulden")).to_contain_text("€ 12,50")


@pytest.mark.parametrize(
    ("rol", "pad", "doe"),
    [
        ("auditor", "", _as_it_is),
        ("uitvoerder", "/nieuw", _refused),
        ("uitvoerder", "/saldi", _no_amount),
        ("uitvoerder", "/1/wijzigen", _as_it_is),
        ("uitvoerder", "/1/vervallen", _as_it_is),
    ],
)
def test_the_pages_of_debts_stand_the_examination(
    aangemeld: Aanmelden, dossier: str, rol: str, pad: str, doe: Callable[[Page], None]
) -> None:
    blad = aangemeld(rol)
    blad.goto(f"/trajecten/{dossier}/schulden{pad}")
    doe(blad)
    assert faults(blad) == []


@pytest.mark.parametrize("pad", ["", "/nieuw", "/ZORGPLUS", "/ZORGPLUS/wijzigen"])
def test_the_register_of_creditors_stands_the_examination(aangemeld: Aanmelden, dossier: str, pad: str) -> None:
    blad = aangemeld("coordinator")
    blad.goto(f"/schuldeisers{pad}")
    expect(blad.locator("main h1")).to_be_visible()
    assert faults(blad) == []


def test_who_leaves_takes_chosen_debts_along(aangemeld: Aanmelden, site: Site, dossier: str) -> None:
    with klok.at(site.uurwerk.now()), transaction(site.database) as db:
        step(db, dossier, "huishouden_splitsen", site.vandaag)
    with reading(site.database) as db:
        (nieuw,) = split_off(db, load(db, dossier, lock=False).by_nummer(dossier))
    blad = aangemeld()
    blad.goto(f"/trajecten/{nieuw}/schulden")
    blad.get_by_role("link", name="Kies wat u overneemt").click()
    assert faults(blad) == []
    blad.get_by_label("Kies schuld 1: Oom Proef").check()
    press(blad, "Overnemen")
    expect(blad.locator("#schulden")).to_contain_text("Oom Proef")
