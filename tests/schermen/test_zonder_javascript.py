"""No page needs a script: the same work with JavaScript switched off."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.schermen.conftest import Aanmelden, Site
from tests.schermen.handen import answer, history, press, record
from tests.schermen.keuring import sticking_out

NIEUW = "/meldingen/schuldhulp/melding_registreren"


@pytest.fixture(scope="module")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A browser without scripts."""
    return {**browser_context_args, "java_script_enabled": False}


def test_a_melding_and_its_first_steps_need_no_script(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto("/")
    press(blad, "Nieuwe melding")
    _register(blad)
    record(blad, "Intake starten", {"Soort contact": "Gesprek op kantoor"})
    record(blad, "Besluit voorbereiden", {})
    record(blad, "Toelaten", {"Datum van de beschikking": "15-09-2026"})
    assert history(blad)[0] == "Toegelaten tot schuldhulp (van Besluit naar Toegelaten)"
    assert sticking_out(blad, 320) == []


def _register(blad: Page) -> None:
    answer(blad, {"Voornaam": "Stil", "Achternaam": "Zonderscript"})
    blad.get_by_text("Tweede persoon van het huishouden").click()
    answer(blad.get_by_role("group", name="Tweede persoon", exact=True), {"Achternaam": "Tweedemans"})
    answer(blad, {"Hoe kwam de melding binnen": "Eigen melding", "Crisis": "Geen crisis"})
    press(blad, "Melding vastleggen")
    expect(blad.get_by_role("heading", level=1)).to_have_text("Stil Zonderscript en Tweedemans")


def test_mistakes_are_listed_with_links_to_their_fields(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto(NIEUW)
    press(blad, "Melding vastleggen")
    expect(blad).to_have_title(re.compile("^Fout: "))
    blad.get_by_role("alert").get_by_role("link", name="achternaam").click()
    expect(blad.get_by_label("Achternaam").first).to_be_in_viewport()


def test_undo_needs_no_script(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto("/trajecten/SHV-2026-00008")
    record(blad, "Besluit voorbereiden", {})
    press(blad, "Ongedaan maken")
    expect(blad.locator(".rk-titel__badges")).to_contain_text("Intake")


def test_a_double_click_records_once_by_the_key_of_the_form(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto("/trajecten/SHV-2026-00014")
    eerst = len(history(blad))
    press(blad, "Notitie maken")
    answer(blad, {"Notitie": "Twee keer geklikt, een keer bedoeld."})
    blad.get_by_role("button", name="Vastleggen").dblclick()
    expect(blad.get_by_role("heading", name="Geschiedenis")).to_be_visible()
    assert len(history(blad)) == eerst + 1


def test_search_sort_and_menu_need_no_script(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.set_viewport_size({"width": 390, "height": 800})
    blad.goto("/werkvoorraad")
    press(blad, "Menu")
    blad.locator("#hoofdmenu").get_by_role("link", name="Werkvoorraad").click()
    blad.get_by_role("searchbox").fill("Zeguers")
    blad.get_by_role("searchbox").press("Enter")
    expect(blad.get_by_role("heading", level=1)).to_contain_text("Zita Zeguers")


def test_folded_reasons_open_and_logging_out_works(aangemeld: Aanmelden, site: Site) -> None:
    blad = aangemeld()
    blad.goto("/trajecten/SHV-2026-00015")
    blad.locator("details.rk-nietnu summary").first.click()
    expect(blad.locator(".rk-nietnu__redenen").first).to_be_visible()
    blad.locator(".rk-gebruiker summary").click()
    press(blad, "Uitloggen")
    site.koekjes.clear()
    expect(blad.get_by_role("heading", level=1)).to_have_text("Inloggen")


def test_what_only_a_script_can_do_is_not_on_offer(aangemeld: Aanmelden) -> None:
    blad = aangemeld("auditor")
    blad.goto("/werkvoorraad")
    blad.locator(".rk-gebruiker summary").click()
    expect(blad.get_by_text("Sneltoetsen").first).to_be_hidden()
    expect(blad.locator(".rk-zoek kbd")).to_be_hidden()
    expect(blad.locator("dialog")).not_to_have_count(0)
    expect(blad.locator("dialog:visible")).to_have_count(0)


def test_without_a_script_the_browser_itself_keeps_a_bsn_out_of_the_address(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto("/werkvoorraad")
    blad.get_by_role("searchbox").fill("123 456 782")
    blad.keyboard.press("Enter")
    expect(blad.get_by_role("searchbox")).to_be_focused()
    expect(blad).to_have_url(re.compile("/werkvoorraad$"))
    blad.get_by_role("searchbox").fill("SHV-2026-00015")
    blad.keyboard.press("Enter")
    expect(blad.get_by_role("heading", level=1)).to_have_text("Noud Op den Camp")
