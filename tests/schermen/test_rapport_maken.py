"""The coordinator's walk: see the report, fix it, correct a day, see the restatement, publish; axe on every page."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import Page, expect
from sqlalchemy import select

from models import klok
from models.database import transaction
from models.traject import traject
from tests.bouwers import COORDINATOR, VOORGESTELD
from tests.schermen.conftest import Aanmelden, Site
from tests.schermen.handen import answer, press
from tests.schermen.keuring import faults
from workflow.correcties import amend
from workflow.kaarten import in_force
from workflow.kalender import daynumber

NIEUWJAAR = daynumber(date(2026, 1, 1))
BINNEN_DE_MARGES = 688
"""Pixels of 182 mm: the width of A4 without its margins of 14 mm."""

DIT_JAAR = "/rapporten/nieuw?periode=dit_jaar"


def correct_a_day(site: Site) -> str:
    """A melding of this year turns out to be of last year; its number."""
    vers = select(traject.c.nummer).where(traject.c.volgnummer == 1, traject.c.id == traject.c.wortel_id)
    with klok.at(site.uurwerk.now()), transaction(site.database) as db:
        nummer = str(db.execute(vers.limit(1)).scalar_one())
        reden = in_force(db).correctieredenen[0].code
        amend(db, nummer, 1, reden=reden, door=COORDINATOR, voorgesteld=VOORGESTELD, dag=NIEUWJAAR - 3)
    return nummer


def fix(blad: Page, opmerking: str) -> None:
    """Fix the report on this year."""
    blad.goto(DIT_JAAR)
    answer(blad, {"Opmerking bij het rapport": opmerking})
    press(blad, "Rapport vaststellen")
    blad.locator("#dialoog-bevestig").get_by_role("button", name="Rapport vaststellen").click()
    expect(blad.get_by_role("status")).to_contain_text("is vastgesteld")


def test_a_report_is_fixed_restated_after_a_correction_and_published(aangemeld: Aanmelden, site: Site) -> None:
    blad = aangemeld("coordinator")
    fix(blad, "Zonder de opgaven van september.")
    expect(blad.locator("#deel-samenvatting")).to_contain_text("Zonder de opgaven van september.")
    adres = blad.url
    nummer = correct_a_day(site)
    press(blad, "Wat er sindsdien veranderde")
    regel = blad.get_by_role("row", name=re.compile("^O2 Meldingen"))
    expect(regel).to_contain_text("−1")
    expect(regel).to_contain_text("Correctie")
    regel.get_by_role("link", name=re.compile(nummer)).click()
    expect(blad.locator("#gebeurtenis-2")).to_be_visible()
    blad.goto(adres)
    press(blad, "Uitgave maken")
    expect(blad.get_by_role("heading", level=1)).to_contain_text("Samen uit de min")
    expect(blad.locator("#deel-samenvatting")).to_contain_text("kleiner dan 10")


def test_every_page_about_reports_stands_the_examination(aangemeld: Aanmelden, site: Site) -> None:
    blad = aangemeld("coordinator")
    blad.goto(DIT_JAAR)
    assert faults(blad) == []
    fix(blad, "")
    assert faults(blad) == []
    rapport = blad.url
    for adres in ("/rapporten", "/rapporten/duiding", f"{rapport}/herziening"):
        blad.goto(adres)
        assert faults(blad) == [], adres
    blad.goto(rapport)
    press(blad, "Uitgave maken")
    expect(blad).to_have_url(re.compile("/uitgaven/"))
    assert faults(blad) == []


def test_on_paper_the_summary_is_followed_by_the_annex_on_a_new_page(aangemeld: Aanmelden) -> None:
    blad = aangemeld("coordinator")
    blad.goto(DIT_JAAR)
    blad.emulate_media(media="print")
    expect(blad.locator("#deel-vaststellen")).to_be_hidden()
    expect(blad.locator(".rk-filters").first).to_be_hidden()
    expect(blad.locator("#tabel-D5")).to_be_visible()
    assert blad.locator("#deel-meerjaren").evaluate("deel => getComputedStyle(deel).breakBefore") == "page"
    assert blad.pdf(format="A4").startswith(b"%PDF")


def test_the_report_is_no_wider_than_a_sheet_so_that_nothing_is_printed_smaller(aangemeld: Aanmelden) -> None:
    blad = aangemeld("coordinator")
    blad.set_viewport_size({"width": BINNEN_DE_MARGES, "height": 900})
    blad.emulate_media(media="print")
    blad.goto(DIT_JAAR)
    rechts = (
        "(alle, blad) => alle.filter((tabel) => tabel.getBoundingClientRect().right > blad).map((tabel) => tabel.id)"
    )
    assert blad.locator(".rk-verslag table").evaluate_all(rechts, BINNEN_DE_MARGES) == []


GEBROKEN_WOORDEN = """(cellen) => cellen.flatMap((cel) => {
  const loper = document.createTreeWalker(cel, NodeFilter.SHOW_TEXT), kapot = [];
  for (let deel = loper.nextNode(); deel; deel = loper.nextNode()) {
    for (const { 0: woord, index } of deel.data.matchAll(/[^\\s-]+/g)) {
      const stuk = document.createRange();
      stuk.setStart(deel, index);
      stuk.setEnd(deel, index + woord.length);
      if (stuk.getClientRects().length > 1) kapot.push(woord);
    }
  }
  return kapot;
})"""
"""The words that stand on more than one line."""


def test_no_word_of_the_summary_is_broken_on_paper(aangemeld: Aanmelden) -> None:
    blad = aangemeld("coordinator")
    blad.set_viewport_size({"width": BINNEN_DE_MARGES, "height": 900})
    blad.emulate_media(media="print")
    blad.goto(DIT_JAAR)
    vorig_jaar = blad.locator("[id^=tabel-kern] td:nth-child(4)")
    vorig_jaar.first.evaluate(
        "(cel) => { cel.innerHTML = '833<span class=rk-onder>(14 van 16 kwartaalcijfers)</span>' }"
    )
    assert blad.locator("[id^=tabel-kern] :is(th, td)").evaluate_all(GEBROKEN_WOORDEN) == []


def test_a_target_that_was_set_stands_in_the_report(aangemeld: Aanmelden) -> None:
    blad = aangemeld("coordinator")
    blad.goto("/rapporten/duiding")
    formulier = blad.locator("#formulier-streef")
    answer(formulier, {"Cijfer": "O2 Meldingen (trajecten)", "Jaar": "2026", "Waarde": "400"})
    press(formulier, "Opslaan")
    expect(blad.locator("#tabel-streef")).to_contain_text("400")
    blad.goto(DIT_JAAR)
    expect(blad.get_by_role("row", name=re.compile("^O2 Instroom"))).to_contain_text("streefwaarde 400")
