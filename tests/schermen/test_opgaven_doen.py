"""A partner gives its numbers of a month in the browser, corrects one, and no page of it has a fault."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.schermen.conftest import Aanmelden
from tests.schermen.handen import press
from tests.schermen.keuring import faults


def test_a_partner_gives_a_report_and_corrects_it(aangemeld: Aanmelden) -> None:
    blad = aangemeld("partner")
    blad.goto("/")
    blad.get_by_role("main").get_by_role("link", name="Opgaven").click()
    assert faults(blad) == []
    blad.get_by_role("link", name="Bezoekers wijkservicepunten").click()
    expect(blad.get_by_role("cell", name="niet opgegeven").first).to_be_visible()
    assert faults(blad) == []
    blad.get_by_role("link", name="Opgeven augustus 2026").click()
    press(blad, "Opgeven")
    expect(blad.locator("#foutoverzicht")).to_be_focused()
    assert faults(blad) == []
    blad.get_by_role("group", name="Bezoekers van het wijkservicepunt").get_by_role("textbox").fill("1.204")
    press(blad, "Opgeven")
    expect(blad.get_by_role("status")).to_contain_text("Opgave over augustus 2026 vastgelegd.")
    blad.get_by_role("link", name="Verbeteren augustus 2026").click()
    assert faults(blad) == []
    blad.get_by_role("group", name="Bezoekers van het wijkservicepunt").get_by_role("textbox").fill("1210")
    blad.get_by_label("Reden van de verbetering").select_option(label="Telling herzien door de opgever")
    press(blad, "Verbeteren")
    expect(blad.get_by_role("row", name="augustus 2026")).to_contain_text("1.210")


def test_a_file_is_shown_before_it_is_taken_in(aangemeld: Aanmelden) -> None:
    kop = "indicator;periode;opgever;reeks;plaats;aantal\n"
    blad = aangemeld("coordinator")
    for inhoud, titel in (
        ("P6;2026-K1;HUMANITAS;gestart;;x\nP6;2026-K1;HUMANITAS;gestart;;4\n", "Wat er niet klopt"),
        ("P1;2026-05;TRAJEKT;bezoekers;WSP-WEST;40\n", "Wat het wordt"),
    ):
        blad.goto("/opgaven")
        bestand = {"name": "opgaven.csv", "mimeType": "text/csv", "buffer": (kop + inhoud).encode()}
        blad.locator("input[type=file]").set_input_files(bestand)  # type: ignore[arg-type]
        press(blad, "Bekijken wat het wordt")
        expect(blad.get_by_role("heading", name=titel)).to_be_visible()
        assert faults(blad) == []
    press(blad, "Inlezen")
    expect(blad.get_by_role("status")).to_contain_text("1 opgave vastgelegd.")
