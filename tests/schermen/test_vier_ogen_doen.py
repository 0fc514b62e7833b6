"""A correction of long ago, by two people, in a browser: one proposes it, another sees what it changes and decides."""

from __future__ import annotations

from playwright.sync_api import expect

from models import klok
from models.database import transaction
from tests.schermen.conftest import NU, Aanmelden, Site
from tests.schermen.handen import answer, press
from tests.schermen.keuring import faults
from workflow.opdracht import Actor
from workflow.vier_ogen import set_days

DOSSIER = "/trajecten/SHV-2026-00020"


def test_one_proposes_and_another_confirms(aangemeld: Aanmelden, site: Site) -> None:
    with klok.at(NU), transaction(site.database) as db:
        set_days(db, 30, site.vandaag, Actor("", "beheerder", "KBL"))
    blad = aangemeld("uitvoerder")
    blad.goto(f"{DOSSIER}/gebeurtenis/3/verbeteren")
    expect(blad.locator("main")).to_contain_text("Dit vraagt een tweede persoon")
    assert faults(blad) == []
    answer(blad, {"Reden van de correctie": "Later bekend geworden", "Toelichting": "Stond in de agenda."})
    dag = blad.get_by_label("Datum").first
    was = dag.input_value()
    dag.fill(f"{int(was[:2]) - 1:02}{was[2:]}")
    press(blad, "Voorstellen")
    expect(blad.locator("h1")).to_have_text("Verbeteren: gebeurtenis 3")
    expect(blad.locator("#deel-gevolgen")).to_contain_text("Stond in de agenda.")
    assert faults(blad) == []
    waar = blad.url
    blad.context.clear_cookies()
    blad = aangemeld("coordinator")
    blad.goto("/werkvoorraad")
    press(blad, "Voorstellen (1)")
    blad.locator("#open-voorstellen").get_by_role("link").first.click()
    expect(blad).to_have_url(waar)
    assert faults(blad) == []
    press(blad, "Afwijzen")
    expect(blad.locator("#foutoverzicht")).to_contain_text("Schrijf waarom u dit afwijst")
    press(blad, "Bevestigen")
    expect(blad.get_by_role("status").first).to_contain_text("met de naam van u beiden")
    blad.goto(f"{DOSSIER}/terugkijken")
    expect(blad.locator("#gebeurtenis-3 s")).to_be_visible()
    expect(blad.locator("#deel-gebeurd")).to_contain_text("voorgesteld door Uitvoerder Proef")
