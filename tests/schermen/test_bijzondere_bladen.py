"""Pages that come seldom: when something goes wrong, on the way in from another site, with more ways in than one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect
from sqlalchemy.exc import OperationalError

from models.database import transaction
from tests.schermen.conftest import Aanmelden, Site
from tests.schermen.keuring import faults
from web.toegang import Rol, toegang
from workflow import instellingen, kaarten
from workflow.kaartlezer import lees
from workflow.opdracht import Conflict


def raising(fout: Exception) -> Callable[[], str]:
    """A page for an uitvoerder on which something goes wrong."""

    def view() -> str:
        raise fout

    return toegang(Rol.UITVOERDER)(view)


@pytest.mark.parametrize(
    ("pad", "status"), [("/beheer/organisaties", 403), ("/trajecten/SHV-2026-99999", 404), ("/uitloggen", 405)]
)
def test_a_refusal_has_no_violation(aangemeld: Aanmelden, pad: str, status: int) -> None:
    blad = aangemeld()
    assert blad.goto(pad).status == status
    assert faults(blad) == []


@pytest.mark.parametrize(
    ("fout", "status"),
    [
        (Conflict("Iemand anders heeft dit traject zojuist gewijzigd."), 409),
        (OperationalError("BEGIN IMMEDIATE", (), Exception("database is locked")), 503),
        (OperationalError("INSERT", (), Exception("database or disk is full")), 507),
    ],
    ids=["conflict", "busy", "full"],
)
def test_the_page_of_an_error_has_no_violation(
    aangemeld: Aanmelden, toepassing: Flask, monkeypatch: pytest.MonkeyPatch, fout: Exception, status: int
) -> None:
    blad = aangemeld()
    monkeypatch.setitem(toepassing.view_functions, "werkvoorraad.toon", raising(fout))
    assert blad.goto("/werkvoorraad").status == status
    expect(blad.get_by_role("heading", level=1)).to_be_visible()
    assert faults(blad) == []


def test_the_page_in_between_has_no_violation(page: Page, toepassing: Flask) -> None:
    """As it is served, but for what makes it go on by itself."""
    kop = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "cross-site"}
    ervoor, verder, erna = toepassing.test_client().get("/", headers=kop).text.partition('<meta http-equiv="refresh"')
    assert verder

    def serve(route: Route) -> None:
        route.fulfill(body=ervoor + erna.partition(">")[2], content_type="text/html")

    page.route("**/tussenblad", serve)
    page.goto("/tussenblad")
    expect(page.get_by_role("heading", level=1)).to_have_text("Even geduld")
    assert faults(page) == []


def test_a_map_with_more_ways_in_lets_one_choose(aangemeld: Aanmelden, site: Site) -> None:
    tekst = instellingen.map_file().read_text(encoding="utf-8")
    melding = "    starten:\n      melding_registreren:\n"
    balie = "{label: Balie, gebeurd: Aan de balie gemeld, naar: melding, rollen: [uitvoerder], uitleg: Aan de balie.}"
    tweede = f"    starten:\n      balie: {balie}\n"
    assert melding in tekst
    with transaction(site.database) as db:
        kaarten.store(db, lees(tekst.replace(melding, melding.replace("    starten:\n", tweede))))
    blad = aangemeld()
    blad.goto("/meldingen")
    expect(blad.get_by_role("link", name="Balie")).to_be_visible()
    assert faults(blad) == []
