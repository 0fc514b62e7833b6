"""Somebody goes on leave: all work to two colleagues on one page, and back by one button; axe on the way."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.schermen.conftest import Aanmelden
from tests.schermen.handen import answer, press
from tests.schermen.keuring import faults


def test_work_is_handed_over_and_comes_back(aangemeld: Aanmelden) -> None:
    blad = aangemeld("uitvoerder")
    blad.goto("/overdrachten/nieuw")
    aantal = blad.locator("#over-te-dragen tbody tr").count()
    assert aantal > 3
    blad.get_by_label("Collega Proef").first.check()
    press(blad, "Tonen en verdelen")
    expect(blad.locator("#verdeling")).to_contain_text(f"{aantal} naar Collega Proef")
    answer(blad, {"Reden": "Verlof", "Tot en met": "30-9-2026"})
    blad.get_by_label("Voor een tijd").check()
    assert faults(blad) == []
    _confirm(blad, "Overdragen")
    expect(blad.get_by_role("status")).to_contain_text("overgedragen")
    assert faults(blad) == []
    _confirm(blad, "Alles teruggeven")
    expect(blad.get_by_role("status")).to_contain_text(re.compile(r"\d+ trajecten teruggegeven"))


def _confirm(blad: Page, knop: str) -> None:
    press(blad, knop)
    blad.locator("#dialoog-bevestig").get_by_role("button", name=knop).click()
