"""A Monday of a case worker with sixty clients, from the first page in the morning to the leave that begins."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from sqlalchemy import func, select

from models import klok
from models.database import reading, transaction
from models.traject import traject
from tests.bouwers import a_traject, advance_to, folded
from tests.brievenbus import ADRES, PAPIER
from tests.conftest import an_account
from tests.schermen.conftest import Aanmelden, Site
from tests.schermen.handen import answer, press
from tests.schermen.keuring import faults
from workflow import agenda
from workflow.agenda import Afspraak
from workflow.brieven.dossierbrief import recipients
from workflow.brieven.sjablonen import store_paper
from workflow.opdracht import Actor
from workflow.personen import change

NAAR_MAANDAG = timedelta(days=6)
MET_VERLOF = "2-10-2026"
MELDING = {"route": "schuldhulp", "begin": "melding_registreren", "gemeente": "GM0935"}
TWAALF = "schuldeiser;kenmerk;bedrag;soort\n" + "".join(f"Winkel {n};K-{n};{n}00,50;Overig\n" for n in range(1, 13))


@dataclass(frozen=True)
class Maandag:
    """Whose Monday it is, and the dossiers that matter: who does not come, who does, a decision, a proposal."""

    wie: str
    wegblijver: str
    komt: str
    besluit: str
    voorstel: str


@pytest.fixture(scope="module")
def maandag(site: Site) -> Maandag:
    """Sixty trajecten on one desk, two appointments this morning, and letterhead in the cupboard."""
    site.uurwerk.vooruit = NAAR_MAANDAG
    wie = an_account(site.database, "uitvoerder")
    an_account(site.database, "uitvoerder", "bas")
    door = Actor(wie.pseudoniem, wie.rol.value, wie.organisatie)
    with klok.at(site.uurwerk.now()), transaction(site.database) as db:
        store_paper(db, PAPIER, "")
        begin = site.vandaag - 60
        namen = [a_traject(db, op=begin, door=door, behandelaar=wie.pseudoniem, **MELDING) for _ in range(4)]
        for nummer, stap in zip(namen, ("melding", "intake", "besluit", "minnelijk_voorbereiding"), strict=True):
            advance_to(db, nummer, stap)
        for nr, nummer in enumerate(namen[:2]):
            afspraak = Afspraak(site.vandaag, 540 + 60 * nr, 590 + 60 * nr, "vervolggesprek", "gesprek", wie.pseudoniem)
            agenda.plan(db, nummer, afspraak, door=door)
        for persoon in recipients(db, folded(db, namen[0])).values():
            change(db, persoon.pseudoniem, replace(persoon.gegevens, **ADRES))
        while on_desk(db, wie.pseudoniem) < 60:
            a_traject(db, op=begin, door=door, behandelaar=wie.pseudoniem, **MELDING)
    return Maandag(wie.pseudoniem, *namen)


def on_desk(db, wie: str) -> int:  # type: ignore[no-untyped-def]
    """How many trajecten stand in the werkvoorraad of a medewerker."""
    hier = select(func.count()).where(traject.c.in_werkvoorraad.is_(True), traject.c.behandelaar == wie)
    return int(db.execute(hier).scalar_one())


def line(blad: Page, vak: str, nummer: str):  # type: ignore[no-untyped-def]
    """What a section of Vandaag shows of a dossier."""
    return blad.locator(f"#deel-{vak} .rk-plan__punt", has=blad.locator(f"a[href*='{nummer}']")).first


def test_the_day_begins_with_what_is_due_and_two_appointments(aangemeld: Aanmelden, maandag: Maandag) -> None:
    blad = aangemeld()
    blad.goto("/")
    expect(blad.get_by_role("heading", level=1)).to_have_text("Maandag 21 september 2026")
    expect(blad.locator("#deel-afspraken .rk-plan__punt")).to_have_count(2)
    expect(blad.locator("#deel-te_doen")).to_contain_text("dagen te laat")
    assert faults(blad) == []
    line(blad, "afspraken", maandag.wegblijver).get_by_text(re.compile("^Niet verschenen")).click()
    press(blad, "Vastleggen")
    expect(line(blad, "afspraken", maandag.wegblijver)).to_contain_text("Niet verschenen")
    line(blad, "afspraken", maandag.komt).get_by_text(re.compile("^Gehouden")).click()
    press(blad, "Vastleggen")
    expect(line(blad, "afspraken", maandag.komt)).to_contain_text("Gehouden")


def test_who_did_not_come_gets_a_rappel_that_is_looked_at_before_it_goes(
    aangemeld: Aanmelden, maandag: Maandag
) -> None:
    blad = aangemeld()
    blad.goto(f"/trajecten/{maandag.wegblijver}/brieven")
    blad.get_by_label("Brief", exact=True).select_option(label="Rappel")
    blad.get_by_label("Voor wie").select_option(index=blad.locator("#persoon option").count() - 1)
    press(blad, "Brief beginnen")
    press(blad, "Bewaren en vaststellen")
    expect(blad.get_by_role("status").first).to_contain_text("De brief is vastgesteld")
    pdf = PdfReader(BytesIO(blad.context.request.get(f"{blad.url}/bestand.pdf").body()))
    assert maandag.wegblijver in pdf.pages[0].extract_text()
    assert faults(blad) == []
    press(blad, "Verzonden vastleggen")
    expect(blad.get_by_role("status").first).to_contain_text("Rappel verzonden op 21 september 2026")
    blad.goto(f"/trajecten/{maandag.wegblijver}")
    expect(blad.locator("#deel-geschiedenis")).to_contain_text("Rappel verstuurd")
    expect(blad.locator("#deel-geschiedenis")).to_contain_text("Niet verschenen")


def test_twelve_debts_come_in_and_two_creditors_who_refuse_stand_in_the_way(
    aangemeld: Aanmelden, maandag: Maandag
) -> None:
    blad = aangemeld()
    blad.goto(f"/trajecten/{maandag.voorstel}/schulden")
    bestand = {"name": "schulden.csv", "mimeType": "text/csv", "buffer": TWAALF.encode()}
    blad.locator("input[type=file]").set_input_files(bestand)  # type: ignore[arg-type]
    press(blad, "Bekijken wat het wordt")
    press(blad, "Inlezen")
    expect(blad.locator(".rk-flits")).to_contain_text("12 schulden op de lijst gezet.")
    for nummers, antwoord in ((range(1, 13), "Akkoord"), ((4, 9), "Weigert")):
        for nummer in nummers:
            blad.locator(f"#schuld-{nummer}").check()
        answer(blad.locator("#deel-antwoord"), {"Wat legt u vast?": antwoord})
        press(blad.locator("#deel-antwoord"), "Vastleggen")
        expect(blad.locator(".rk-flits")).to_contain_text("Vastgelegd bij")
    expect(blad.locator("#deel-wachtend")).to_contain_text("Winkel 4 (weigert)")
    blad.goto(f"/trajecten/{maandag.voorstel}")
    expect(blad.locator("#deel-volgende")).to_contain_text("Nog niet rond bij schulden: 4, 9.")


def test_a_document_that_is_missing_blocks_toelating_and_says_so(aangemeld: Aanmelden, maandag: Maandag) -> None:
    blad = aangemeld()
    blad.goto(f"/trajecten/{maandag.besluit}/stukken")
    blad.get_by_role("button", name="Alles vragen wat ontbreekt").click()
    expect(blad.locator("main .rk-melding li", has_text="Toelaten")).to_contain_text("zorgpolis")
    blad.goto(f"/trajecten/{maandag.besluit}/overgang/toelaten")
    expect(blad.locator("main")).to_contain_text("Nog niet rond bij stukken:")
    assert faults(blad) == []


def test_sixty_trajecten_go_to_two_colleagues_and_come_back(aangemeld: Aanmelden, site: Site, maandag: Maandag) -> None:
    blad = aangemeld()
    blad.goto("/overdrachten/nieuw")
    expect(blad.locator("#over-te-dragen tbody tr")).to_have_count(60)
    for collega in ("Collega Proef", "Bas Proef"):
        blad.get_by_label(collega, exact=True).first.check()
    press(blad, "Tonen en verdelen")
    expect(blad.locator("#verdeling")).to_contain_text("30 naar Bas Proef, 30 naar Collega Proef")
    answer(blad, {"Reden": "Verlof", "Tot en met": MET_VERLOF})
    blad.get_by_label("Voor een tijd").check()
    _confirm(blad, "Overdragen")
    expect(blad.locator(".rk-flits")).to_contain_text("60 trajecten overgedragen.")
    with reading(site.database) as db:
        assert on_desk(db, maandag.wie) == 0
    assert faults(blad) == []
    _confirm(blad, "Alles teruggeven")
    expect(blad.locator(".rk-flits")).to_contain_text("teruggegeven")
    with reading(site.database) as db:
        assert on_desk(db, maandag.wie) == 60


def _confirm(blad: Page, knop: str) -> None:
    press(blad, knop)
    blad.locator("#dialoog-bevestig").get_by_role("button", name=knop).click()
