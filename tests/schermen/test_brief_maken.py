"""A letter in a browser: begun, seen while it is written, made, looked at as PDF, and sent; and a template edited."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from playwright.sync_api import expect
from pypdf import PdfReader

from models import klok
from models.database import transaction
from tests.bouwers import folded
from tests.brievenbus import ADRES, PAPIER
from tests.schermen.conftest import NU, Aanmelden, Site
from tests.schermen.handen import answer, press
from tests.schermen.keuring import faults
from workflow.brieven.dossierbrief import recipients
from workflow.brieven.sjablonen import store_paper
from workflow.personen import change

NUMMER = "SHV-2026-00015"
BRIEVEN = f"/trajecten/{NUMMER}/brieven"


def test_a_rappel_is_written_looked_at_and_sent(aangemeld: Aanmelden, site: Site) -> None:
    with klok.at(NU), transaction(site.database) as db:
        store_paper(db, PAPIER, "")
        for wie in recipients(db, folded(db, NUMMER)).values():
            change(db, wie.pseudoniem, replace(wie.gegevens, **ADRES))
    blad = aangemeld("uitvoerder")
    blad.goto(BRIEVEN)
    blad.get_by_label("Brief", exact=True).select_option(label="Rappel")
    blad.get_by_label("Voor wie").select_option(index=blad.locator("#persoon option").count() - 1)
    press(blad, "Brief beginnen")
    tekst = blad.get_by_label("Tekst", exact=True)
    tekst.fill("# Wij hebben u gemist\n\n{aanhef},\n\nBel {foei}.")
    tekst.press("End")
    tekst.press_sequentially(" ")
    expect(blad.locator("#voorbeeld")).to_contain_text("Regel 5: De plaatshouder {foei} bestaat niet.")
    tekst.fill("# Wij hebben u gemist\n\n{aanhef},\n\nBel ons.")
    press(blad, "Bewaren en vaststellen")
    expect(blad.get_by_role("status").first).to_contain_text("De brief is vastgesteld")
    assert faults(blad) == []
    brief = blad.url
    assert not brief.endswith("schrijven")
    pdf = PdfReader(BytesIO(blad.context.request.get(f"{brief}/bestand.pdf").body()))
    woorden = pdf.pages[0].extract_text()
    assert "Wij hebben u gemist" in woorden
    assert "CONCEPT" not in woorden
    press(blad, "Verzonden vastleggen")
    expect(blad.get_by_role("status").first).to_contain_text("Rappel verzonden op")
    expect(blad.locator("#brieven")).to_contain_text("Verzonden")
    assert faults(blad) == []


def test_a_template_is_edited_with_what_it_looks_like_beside_it(aangemeld: Aanmelden) -> None:
    blad = aangemeld("coordinator")
    blad.goto("/beheer/brieven")
    press(blad, "Rappel")
    voorbeeld = blad.locator("#voorbeeld img").first
    was = voorbeeld.get_attribute("src")
    answer(blad, {"Tekst": "# Een ander onderwerp\n\n{aanhef},\n\nEen nieuwe zin."})
    blad.get_by_label("Tekst", exact=True).press("End")
    expect(voorbeeld).not_to_have_attribute("src", was or "")
    press(blad, "Bewaren")
    expect(blad.get_by_role("status").first).to_contain_text("Rappel is bewaard")
    press(blad, "Rappel")
    blad.get_by_role("link", name="Verschil").first.click()
    expect(blad.locator("ins", has_text="Een nieuwe zin.")).to_be_visible()
    assert faults(blad) == []
    press(blad, "Deze versie terugzetten")
    expect(blad.get_by_label("Tekst", exact=True)).to_contain_text("Wij hebben u gemist")
