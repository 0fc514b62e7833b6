"""Who sits still for half an hour is warned, may stay, and never loses what was typed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.conftest import WACHTWOORD
from tests.schermen.conftest import Aanmelden, Site
from tests.schermen.handen import answer, press
from tests.schermen.keuring import findings

NOTITIE = "/trajecten/SHV-2026-00010/overgang/notitie_maken"
GETYPT = "Half af, en dan gaat de telefoon."


@pytest.fixture
def blad(aangemeld: Aanmelden, site: Site) -> Page:
    """A form that somebody is filling in; `later` puts its clock, and the server's, forward."""
    site.koekjes.clear()
    blad = aangemeld()
    blad.clock.install()
    blad.goto(NOTITIE)
    answer(blad, {"Notitie": GETYPT})
    return blad


def later(blad: Page, site: Site, minuten: float) -> None:
    """Let this time go by, for browser and server."""
    site.uurwerk.vooruit += timedelta(minutes=minuten)
    blad.clock.fast_forward(round(minuten * 60_000))


def warning(blad: Page) -> Locator:
    """The dialog about the end of the session."""
    return blad.locator("#dialoog-sessie")


def test_two_minutes_before_the_end_a_dialog_warns(blad: Page, site: Site) -> None:
    later(blad, site, 27)
    expect(warning(blad)).to_be_hidden()
    later(blad, site, 1.5)
    expect(warning(blad)).to_be_visible()
    expect(warning(blad)).to_contain_text("U wordt bijna uitgelogd")
    expect(blad.get_by_role("button", name="Blijf ingelogd")).to_be_focused()
    assert list(findings(blad)) == []


def test_escape_does_not_send_the_warning_away(blad: Page, site: Site) -> None:
    later(blad, site, 28.5)
    expect(warning(blad)).to_be_visible()
    blad.keyboard.press("Escape")
    expect(warning(blad)).to_be_visible()


def test_who_stays_goes_on_with_what_was_typed(blad: Page, site: Site) -> None:
    later(blad, site, 28.5)
    press(blad, "Blijf ingelogd")
    expect(warning(blad)).to_be_hidden()
    expect(blad.get_by_label("Notitie")).to_have_value(GETYPT)
    later(blad, site, 20)
    expect(warning(blad)).to_be_hidden()
    press(blad, "Vastleggen")
    expect(blad.get_by_role("status")).to_contain_text("Notitie gemaakt.")


def test_staying_in_one_tab_keeps_the_other_quiet(blad: Page, site: Site, aangemeld: Aanmelden) -> None:
    ander = aangemeld()
    ander.goto("/werkvoorraad")
    later(blad, site, 28.5)
    expect(warning(blad)).to_be_visible()
    expect(warning(ander)).to_be_visible()
    press(blad, "Blijf ingelogd")
    expect(warning(ander)).to_be_hidden()


def test_after_the_end_one_logs_in_elsewhere_and_goes_on_here(blad: Page, site: Site) -> None:
    later(blad, site, 31)
    expect(warning(blad)).to_contain_text("Uw sessie is verlopen")
    assert list(findings(blad)) == []
    with blad.context.expect_page() as nieuw:
        press(blad, "Inloggen op een nieuw tabblad")
    _log_in_again(nieuw.value)
    press(blad, "Ik ben weer ingelogd")
    expect(warning(blad)).to_be_hidden()
    expect(blad.get_by_label("Notitie")).to_have_value(GETYPT)
    press(blad, "Vastleggen")
    expect(blad.get_by_role("status")).to_contain_text("Notitie gemaakt.")


def _log_in_again(ander: Page) -> None:
    answer(ander, {"Inlognaam": "uitvoerder", "Wachtwoord": WACHTWOORD})
    press(ander, "Inloggen")
    expect(ander.locator(".rk-gebruiker")).to_be_visible()


def test_going_on_without_having_logged_in_is_told(blad: Page, site: Site) -> None:
    later(blad, site, 31)
    press(blad, "Ik ben weer ingelogd")
    expect(warning(blad).get_by_role("alert")).to_be_visible()
    expect(blad.get_by_label("Notitie")).to_have_value(GETYPT)
