"""Everything works by keyboard alone, and it is always plain to see where one is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.schermen.conftest import Aanmelden
from tests.schermen.handen import answer

NIEUW = "/meldingen/schuldhulp/melding_registreren"
DOSSIER = "/trajecten/SHV-2026-00015"

HIER = """() => {
  const deel = document.activeElement;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(deel);
  const { width, height } = deel.getBoundingClientRect();
  const plek = [...document.querySelectorAll("*")].indexOf(deel);
  return {
    naam: deel.name || deel.id || deel.innerText.trim(), plek, soort: deel.tagName, in_main: !!deel.closest("main"),
    is_zichtbaar: width > 0 && height > 0,
    heeft_rand: outlineStyle !== "none" && outlineWidth !== "0px" || boxShadow !== "none",
  };
}"""


def stops(blad: Page) -> list[dict[str, object]]:
    """Where the focus comes with Tab, from the top of the page until it leaves the page's main part."""
    plekken: list[dict[str, object]] = []
    while len(plekken) < 200:
        blad.keyboard.press("Tab")
        hier = blad.evaluate(HIER)
        if plekken and (hier["soort"] == "BODY" or hier["plek"] < plekken[-1]["plek"]):
            break
        plekken.append(hier)
    return plekken


def test_the_slash_leads_to_the_search_box(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto("/werkvoorraad")
    expect(blad.locator(".rk-zoek kbd")).to_be_visible()
    blad.keyboard.press("/")
    expect(blad.get_by_role("searchbox")).to_be_focused()
    blad.keyboard.type("a/b")
    expect(blad.get_by_role("searchbox")).to_have_value("a/b")


def test_the_question_mark_lists_the_keys_and_escape_closes_the_list(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto("/werkvoorraad")
    blad.keyboard.press("?")
    lijst = blad.get_by_role("dialog", name="Sneltoetsen")
    expect(lijst).to_be_visible()
    expect(lijst.get_by_role("button", name="Sluiten")).to_be_focused()
    blad.keyboard.press("Escape")
    expect(lijst).to_be_hidden()


def test_two_letters_lead_to_a_page(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto("/werkvoorraad")
    blad.keyboard.press("g")
    blad.keyboard.press("n")
    expect(blad).to_have_url(re.compile(f"{NIEUW}$"))


def test_the_keys_can_be_switched_off_and_stay_off(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto("/werkvoorraad")
    blad.keyboard.press("?")
    blad.get_by_label("Sneltoetsen gebruiken").uncheck()
    blad.keyboard.press("Escape")
    expect(blad.locator(".rk-zoek kbd")).to_be_hidden()
    blad.goto("/werkvoorraad?lijst=team")
    blad.keyboard.press("/")
    expect(blad.get_by_role("searchbox")).not_to_be_focused()


def test_the_first_tab_offers_to_skip_to_the_content(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto("/werkvoorraad")
    sprong = blad.get_by_role("link", name="Naar de inhoud")
    expect(sprong).not_to_be_in_viewport()
    blad.keyboard.press("Tab")
    expect(sprong).to_be_focused()
    expect(sprong).to_be_in_viewport()
    blad.keyboard.press("Enter")
    expect(blad.locator("#inhoud")).to_be_focused()


@pytest.mark.parametrize("pad", [NIEUW, DOSSIER, "/werkvoorraad?lijst=alle"])
def test_tab_goes_through_the_page_in_reading_order_and_shows_where_it_is(aangemeld: Aanmelden, pad: str) -> None:
    blad = aangemeld()
    blad.goto(pad)
    plekken = stops(blad)
    assert [plek["naam"] for plek in plekken if not (plek["is_zichtbaar"] and plek["heeft_rand"])] == []
    assert len(plekken) > 15


def test_tab_reaches_every_question_of_a_melding_and_then_the_button(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto(NIEUW)
    langs = list(dict.fromkeys(str(plek["naam"]) for plek in stops(blad) if plek["in_main"]))
    velden = blad.locator("main form :is(input, select, textarea):not([type=hidden]):visible")
    gevraagd = list(dict.fromkeys(velden.evaluate_all("velden => velden.map((veld) => veld.name)")))
    assert [naam for naam in langs if naam in gevraagd] == gevraagd
    assert langs[-2:] == ["Melding vastleggen", "Annuleren"]


def test_a_melding_is_recorded_by_keyboard_alone(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto("/werkvoorraad")
    blad.keyboard.press("g")
    blad.keyboard.press("n")
    blad.get_by_label("Voornaam").first.focus()
    for toetsen in ("Toets", "", "Enbord", "1-2-1990"):
        blad.keyboard.type(toetsen)
        blad.keyboard.press("Tab")
    blad.get_by_label("Hoe kwam de melding binnen").focus()
    blad.keyboard.type("Eigen")
    blad.get_by_label("Crisis", exact=True).focus()
    blad.keyboard.type("Geen")
    blad.get_by_role("button", name="Melding vastleggen").focus()
    blad.keyboard.press("Enter")
    expect(blad.get_by_role("heading", level=1)).to_have_text("Toets Enbord")


def test_enter_looks_people_up_first_and_then_submits(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto(NIEUW)
    answer(blad, {"Achternaam": "Entermans", "Hoe kwam de melding binnen": "Eigen melding", "Crisis": "Geen crisis"})
    blad.get_by_label("Aantal schuldeisers").press("Enter")
    expect(blad.get_by_text("Deze persoon is nog niet bekend.")).to_be_visible()
    blad.get_by_label("Aantal schuldeisers").press("Enter")
    expect(blad.get_by_role("heading", level=1)).to_have_text("Entermans")


def test_why_something_cannot_be_done_now_is_read_by_keyboard(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto(DOSSIER)
    reden = blad.locator("details.rk-nietnu").first
    reden.locator("summary").focus()
    expect(reden).to_contain_text("Kan nu niet: 1 reden")
    expect(reden.get_by_role("listitem")).to_be_hidden()
    blad.keyboard.press("Enter")
    expect(reden.get_by_role("listitem")).to_have_text("Splitsen kan alleen bij een traject van twee personen.")


def test_the_menu_of_the_user_opens_and_closes_by_keyboard(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto("/werkvoorraad")
    menu = blad.locator(".rk-gebruiker")
    menu.locator("summary").press("Enter")
    expect(menu.get_by_role("button", name="Uitloggen")).to_be_visible()
    blad.keyboard.press("Tab")
    blad.keyboard.press("Escape")
    expect(menu.get_by_role("button", name="Uitloggen")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def test_the_menu_on_a_phone_opens_and_closes_by_keyboard(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.set_viewport_size({"width": 390, "height": 800})
    blad.goto("/werkvoorraad")
    link = blad.locator("#hoofdmenu").get_by_role("link", name="Nieuwe melding")
    expect(link).to_be_hidden()
    blad.get_by_role("button", name="Menu").press("Enter")
    expect(link).to_be_visible()
    blad.keyboard.press("Escape")
    expect(link).to_be_hidden()
