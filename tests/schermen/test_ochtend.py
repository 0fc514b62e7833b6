"""A morning with hands and eyes: what comes first, one who does not come, one who does, and the week on paper."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from models import klok
from models.database import transaction
from tests.conftest import an_account
from tests.schermen.conftest import Aanmelden, Site
from tests.schermen.handen import answer, press
from workflow import agenda
from workflow.agenda import Afspraak
from workflow.opdracht import Actor

VANDAAG = "15-09-2026"


def lines(blad: Page, vak: str) -> list[str]:
    """What a section of Vandaag shows, a line each."""
    return blad.locator(f"#deel-{vak} .rk-plan__punt").all_inner_texts()


def choose(blad: Page, vak: str, nr: int, naam: str) -> None:
    """What can be done with a line of a section."""
    blad.locator(f"#deel-{vak} .rk-plan__punt").nth(nr).get_by_text(re.compile(f"^{naam}")).click()


def test_a_morning_begins_with_vandaag_and_ends_with_an_empty_list(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto("/")
    expect(blad.get_by_role("heading", level=1)).to_have_text("Dinsdag 15 september 2026")
    assert [regel.split()[0] for regel in lines(blad, "afspraken")] == ["09:00–10:00", "09:30–10:30", "13:00–14:00"]
    assert "Overlapt met 09:30–10:30" in lines(blad, "afspraken")[0]
    assert "1 dag te laat" in lines(blad, "te_doen")[0]

    choose(blad, "afspraken", 0, "Niet verschenen")
    press(blad, "Vastleggen")
    expect(blad.locator("#deel-afspraken .rk-plan__punt").first).to_contain_text("Niet verschenen")

    choose(blad, "afspraken", 1, "Gehouden")
    expect(blad.get_by_label("Soort contact")).to_have_value("gesprek")
    press(blad, "Vastleggen")
    expect(blad.locator("#deel-afspraken .rk-plan__punt").nth(1)).to_contain_text("Gehouden")

    while blad.locator("#deel-te_doen .rk-plan__punt").count():
        over = blad.locator("#deel-te_doen .rk-plan__punt").count()
        choose(blad, "te_doen", 0, "Klaar")
        expect(blad.locator("#deel-te_doen .rk-plan__punt")).to_have_count(over - 1)
    expect(blad.locator("#deel-te_doen")).to_contain_text("Niets dat u nu hoeft na te kijken.")


def test_an_appointment_is_planned_in_the_dossier_and_seen_in_the_week(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto("/trajecten/SHV-2026-00002/afspraken")
    press(blad, "Afspraak maken")
    answer(blad, {"Dag": VANDAAG, "Van": "16", "Soort gesprek": "Vervolggesprek", "Plaats": "Kamer 9"})
    press(blad, "Opslaan")
    expect(blad.locator("#deel-komend")).to_contain_text("16:00–17:00")
    press(blad, "Agenda")
    expect(blad.locator(".rk-agenda__dag--nu")).to_contain_text("Kamer 9")


def test_a_week_of_thirty_appointments_fits_on_one_sheet(aangemeld: Aanmelden, site: Site) -> None:
    blad = aangemeld()
    wie = an_account(site.database, "uitvoerder")
    door = Actor(wie.pseudoniem, wie.rol, wie.organisatie)
    with klok.at(site.uurwerk.now()), transaction(site.database) as db:
        for nr in range(30):
            mee = {"plaats": "Spreekkamer 4", "tolk": "Arabisch" if nr % 3 else "", "wie_komt": "zijn oudste dochter"}
            begin = 480 + nr // 4 * 60
            afspraak = Afspraak(site.vandaag + nr % 4, begin, begin + 55, "voortgang", "gesprek", wie.pseudoniem, mee)
            agenda.plan(db, "SHV-2026-00010", afspraak, door=door)
    blad.goto("/agenda")
    blad.emulate_media(media="print")
    expect(blad.locator("main .nl-button:visible")).to_have_count(0)
    assert len(re.findall(rb"/Type\s*/Page\b", blad.pdf(format="A4"))) == 1
