"""A delivery in the national exchange format goes in through the browser, once, and comes out again."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.schermen.conftest import Aanmelden
from tests.schermen.handen import answer, press

LEVERING = Path(__file__).parents[1] / "data" / "ddas" / "volledig.json"


def look_at(blad: Page, bestand: Path) -> None:
    """Upload a delivery and see what it would become."""
    blad.goto("/uitwisseling")
    blad.locator("input[type=file]").set_input_files(bestand)
    press(blad, "Bekijken wat het wordt")
    expect(blad.get_by_role("heading", level=1)).to_have_text("Levering bekijken")


def test_a_delivery_is_looked_at_first_and_taken_in_once(aangemeld: Aanmelden) -> None:
    blad = aangemeld("coordinator")
    look_at(blad, LEVERING)
    press(blad, "Inlezen")
    expect(blad.get_by_role("status")).to_contain_text("ingelezen")
    look_at(blad, LEVERING)
    expect(blad.locator("#deel-wordt")).to_contain_text("In dit bestand staat niets nieuws.")
    expect(blad.get_by_role("button", name="Inlezen", exact=True)).to_have_count(0)
    press(blad, "Weggooien")
    expect(blad.get_by_role("status")).to_contain_text("weggegooid")


def test_a_file_that_is_no_delivery_is_refused_with_the_place(aangemeld: Aanmelden, tmp_path: Path) -> None:
    bestand = tmp_path / "levering.json"
    bestand.write_text('{"leveringen": 3}', encoding="utf-8")
    blad = aangemeld("coordinator")
    look_at(blad, bestand)
    expect(blad.get_by_role("alert")).to_contain_text("Dit bestand kan niet worden ingelezen")
    expect(blad.locator("#deel-opmerkingen code").first).not_to_be_empty()


def test_a_delivery_of_a_period_is_downloaded_and_the_page_stays_usable(aangemeld: Aanmelden) -> None:
    blad = aangemeld("coordinator")
    blad.goto("/uitwisseling")
    answer(blad, {"Eerste dag": "1-1-2026", "Laatste dag": "31-8-2026"})
    for _ in range(2):
        with blad.expect_download() as wachten:
            press(blad, "Downloaden")
        assert wachten.value.suggested_filename.endswith(".json")
        assert json.loads(wachten.value.path().read_text(encoding="utf-8"))
