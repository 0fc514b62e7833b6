"""Finding a dossier: while typing, by Enter, by filters that stand in the address, page by page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.schermen.conftest import Aanmelden
from tests.schermen.keuring import findings, sticking_out
from web.zoeken import GEEN_BSN


def searching(blad: Page, tekst: str) -> None:
    """Type in the search box, key by key."""
    blad.goto("/werkvoorraad")
    blad.keyboard.press("/")
    blad.keyboard.type(tekst)


def test_hits_come_while_typing_and_escape_sends_them_away(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    searching(blad, "zegu")
    treffer = blad.locator("#zoek-tips").get_by_role("link")
    expect(treffer).to_have_count(1)
    expect(treffer).to_contain_text("Zita Zeguers")
    blad.keyboard.press("Escape")
    expect(treffer).to_have_count(0)


def test_a_hit_is_reached_with_tab_and_opened_with_enter(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    searching(blad, "00015")
    treffer = blad.locator("#zoek-tips").get_by_role("link")
    expect(treffer).to_have_count(1)
    blad.keyboard.press("Tab")
    blad.keyboard.press("Tab")
    expect(treffer).to_be_focused()
    blad.keyboard.press("Enter")
    expect(blad.get_by_role("heading", level=1)).to_have_text("Noud Op den Camp")


def test_arrows_go_through_the_hits_and_back_to_the_box(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    searching(blad, "jean-baptiste")
    treffers = blad.locator("#zoek-tips").get_by_role("link")
    expect(treffers).to_have_count(4)
    for nummer in range(4):
        blad.keyboard.press("ArrowDown")
        expect(treffers.nth(nummer)).to_be_focused()
    blad.keyboard.press("ArrowDown")
    expect(blad.get_by_role("searchbox")).to_be_focused()
    blad.keyboard.press("ArrowUp")
    expect(treffers.last).to_be_focused()
    blad.keyboard.press("Escape")
    expect(blad.get_by_role("searchbox")).to_be_focused()
    expect(treffers).to_have_count(0)


@pytest.mark.parametrize("thema", ["light", "dark"])
def test_hits_are_calm_rows_with_the_number_in_one_piece(aangemeld: Aanmelden, thema: str) -> None:
    blad = aangemeld()
    blad.emulate_media(color_scheme=thema)  # type: ignore[arg-type]
    for breedte in (1366, 390):
        blad.set_viewport_size({"width": breedte, "height": 800})
        searching(blad, "jean-baptiste")
        nummer = blad.locator("#zoek-tips .rk-heel").first
        expect(nummer).to_have_text(re.compile(r"^SHV-2026-\d{5}$"))
        assert nummer.evaluate("deel => deel.getClientRects().length") == 1
        assert blad.locator("#zoek-tips li").first.evaluate("rij => getComputedStyle(rij).listStyleType") == "none"
        assert list(findings(blad)) == []
        assert sticking_out(blad, breedte) == []


def test_nothing_found_is_said(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    searching(blad, "qqqq")
    expect(blad.locator("#zoek-tips")).to_contain_text("Niets gevonden voor “qqqq”.")
    blad.keyboard.press("Enter")
    expect(blad.get_by_role("heading", level=1)).to_be_visible()
    expect(blad.get_by_role("table")).to_contain_text("Geen trajecten gevonden.")


def test_enter_opens_the_only_hit_and_lists_several(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    searching(blad, "SHV-2026-00015")
    blad.keyboard.press("Enter")
    expect(blad.get_by_role("heading", level=1)).to_have_text("Noud Op den Camp")
    searching(blad, "jean-baptiste")
    blad.keyboard.press("Enter")
    expect(blad).to_have_title(re.compile("^Zoekresultaat"))
    expect(blad.locator("tbody tr")).to_have_count(4)


def test_filters_stand_in_the_address_and_can_be_taken_off(aangemeld: Aanmelden) -> None:
    blad = aangemeld("coordinator")
    blad.goto("/werkvoorraad")
    blad.get_by_label("Fase").select_option(label="Nazorg")
    blad.get_by_role("button", name="Filteren").click()
    expect(blad).to_have_url(re.compile("fase=nazorg"))
    expect(blad.locator("tbody tr")).to_have_count(2)
    blad.get_by_role("group", name="Actieve filters").get_by_role("link").first.click()
    expect(blad).not_to_have_url(re.compile("fase="))


def test_the_list_is_sorted_by_its_headers_and_turned_page_by_page(aangemeld: Aanmelden) -> None:
    blad = aangemeld("coordinator")
    blad.goto("/werkvoorraad")
    blad.get_by_role("link", name="Begonnen").click()
    expect(blad.get_by_role("columnheader", name="Begonnen")).to_have_attribute("aria-sort", "ascending")
    eerste = blad.locator("tbody th a").first.inner_text()
    blad.get_by_role("link", name="Volgende").click()
    expect(blad.locator("tbody th a").first).not_to_have_text(eerste)
    blad.get_by_role("link", name="Vorige").click()
    expect(blad.locator("tbody th a").first).to_have_text(eerste)


def test_a_choice_of_colours_is_kept(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto("/werkvoorraad")
    blad.locator(".rk-gebruiker summary").click()
    blad.get_by_role("button", name="Donker").click()
    expect(blad.locator("html")).to_have_attribute("data-theme", "dark")
    blad.goto("/meldingen")
    expect(blad.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_bsn_is_stopped_before_it_is_sent(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    adressen: list[str] = []
    blad.on("request", lambda aanvraag: adressen.append(aanvraag.url))
    searching(blad, "12345")
    expect(blad.locator("#zoek-tips")).to_contain_text("Niets gevonden")
    blad.keyboard.type("6782")
    expect(blad.locator("#zoek-tips")).to_have_text(GEEN_BSN)
    blad.get_by_role("searchbox").fill("123.456.782")
    blad.keyboard.press("Enter")
    expect(blad.locator("#zoek-tips")).to_have_text(GEEN_BSN)
    expect(blad).to_have_url(re.compile("/werkvoorraad$"))
    assert not [adres for adres in adressen if "2345678" in adres or "456.782" in adres]
