"""What a user does with hands and eyes: log in, answer a question by its label, press what the page offers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from workflow.kaartlezer import lees

KAART = Path(__file__).parents[2] / "routekaart.yaml"


def log_in(blad: Page, inlognaam: str, wachtwoord: str) -> None:
    """Log in on the log-in page."""
    blad.goto("/inloggen")
    blad.get_by_label("Inlognaam").fill(inlognaam)
    blad.get_by_label("Wachtwoord").fill(wachtwoord)
    press(blad, "Inloggen")
    expect(blad.locator(".rk-gebruiker")).to_be_visible()


def press(blad: Page | Locator, naam: str) -> None:
    """Press the button, or follow the link, of this name: the first where there are more."""
    knop = blad.get_by_role("button", name=naam, exact=True)
    knop.or_(blad.get_by_role("link", name=naam, exact=True)).first.click()


def answer(blad: Page | Locator, antwoorden: Mapping[str, str]) -> None:
    """Answer questions by the words of their label, whatever kind of field it is."""
    for vraag, antwoord in antwoorden.items():
        _answer(blad, re.compile(rf"^{re.escape(vraag)}( in euro)?( \((niet|soms) verplicht\))?$"), antwoord)


def _answer(blad: Page | Locator, vraag: re.Pattern[str], antwoord: str) -> None:
    rondjes = blad.get_by_role("radiogroup", name=vraag)
    if rondjes.count():
        rondjes.get_by_label(antwoord, exact=True).check()
        return
    veld = blad.get_by_label(vraag).first
    if veld.evaluate("veld => veld.tagName") == "SELECT":
        veld.select_option(label=antwoord)
        return
    veld.fill(antwoord)


def record(blad: Page, overgang: str, antwoorden: Mapping[str, str]) -> None:
    """On the page of a traject: choose an overgang, answer what it asks and record it."""
    open_form(blad, overgang)
    send_form(blad, overgang, antwoorden)


def open_form(blad: Page, overgang: str) -> None:
    """On the page of a traject: choose an overgang."""
    press(blad, overgang)
    expect(blad.get_by_role("heading", level=1)).to_have_text(overgang)


def send_form(blad: Page, overgang: str, antwoorden: Mapping[str, str]) -> None:
    """Answer what the form of an overgang asks and record it."""
    answer(blad, antwoorden)
    press(blad, "Vastleggen")
    expect(blad.get_by_role("status")).to_contain_text(said_of(overgang))


def said_of(overgang: str) -> str:
    """How the page says that an overgang of the main route was made, up to the first answer in it; by its label."""
    kaart = lees(KAART.read_text(encoding="utf-8"))
    (zin,) = {o.gebeurd for o in next(iter(kaart.routes.values())).alle_overgangen.values() if o.label == overgang}
    return zin.partition("{")[0]


def history(blad: Page) -> list[str]:
    """The sentences of the history, the newest first."""
    return [zin.strip() for zin in blad.locator("#deel-geschiedenis .rk-tijdlijn__zin").all_inner_texts()]
