"""An auditor replays a corrected traject on both clocks: with the arrow keys, with the sliders, and by typing a day."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from models import klok
from models.database import transaction
from models.gebeurtenis import gebeurtenis
from models.trajectnummer import trajectnummer
from tests.bouwers import COORDINATOR
from tests.schermen.conftest import NU, Aanmelden, Site
from workflow.kalender import date_of, short
from workflow.voortgang import amend

DOSSIER = "SHV-2026-00008"


@pytest.fixture(scope="module")
def verplaatst(site: Site) -> tuple[int, int]:
    """The second step of a traject, moved a day back this morning: the day that was written and the day it was."""
    with transaction(site.database) as db, klok.at(NU):
        rij = db.execute(
            select(gebeurtenis)
            .join(trajectnummer, trajectnummer.c.id == gebeurtenis.c.traject_id)
            .where(trajectnummer.c.nummer == DOSSIER, gebeurtenis.c.volgnummer == 2)
        ).one()
        amend(db, DOSSIER, 2, dag=rij.dag - 1, reden="verkeerde_dag", door=COORDINATOR)
    return rij.dag, rij.dag - 1


@pytest.fixture
def blad(aangemeld: Aanmelden, verplaatst: tuple[int, int], site: Site) -> Page:
    """The replay page of that traject, as of now."""
    blad = aangemeld("auditor")
    blad.goto(f"/trajecten/{DOSSIER}/terugkijken")
    return blad


def stands_at(blad: Page, op: int, bekend: int) -> None:
    """The page tells of this moment, everywhere that it says so."""
    expect(blad).to_have_url(re.compile(rf"\?op={date_of(op)}&bekend={date_of(bekend)}$"))
    expect(blad.locator(".rk-moment__titel")).to_contain_text(f"{short(op)}, zoals bekend op {short(bekend)}")
    for naam, dag in (("op", op), ("bekend", bekend)):
        expect(blad.locator(f"#{naam}_dag")).to_have_value(str(dag))
        expect(blad.locator(f"#{naam}_dag")).to_have_attribute("aria-valuetext", short(dag))
        expect(blad.locator(f"#{naam}")).to_have_value(f"{date_of(dag):%d-%m-%Y}")


def test_the_arrow_keys_go_from_event_to_event_on_both_clocks(
    blad: Page, site: Site, verplaatst: tuple[int, int]
) -> None:
    geschreven, _ = verplaatst
    vandaag = site.vandaag
    expect(blad.locator("#gebeurtenis-2 s")).to_contain_text(short(geschreven))
    blad.keyboard.press("Shift+ArrowLeft")
    stands_at(blad, vandaag, vandaag - 1)
    expect(blad.locator("#gebeurtenis-2 time")).to_have_text(short(geschreven))
    expect(blad.locator("main s")).to_have_count(0)
    while blad.locator("#vorige").count():
        hier = blad.url
        blad.keyboard.press("ArrowLeft")
        blad.wait_for_url(lambda url, hier=hier: url != hier)
    expect(blad.locator("#deel-gebeurd li")).to_have_count(1)
    blad.keyboard.press("ArrowRight")
    stands_at(blad, geschreven, vandaag - 1)
    blad.keyboard.press("Shift+ArrowRight")
    stands_at(blad, geschreven, vandaag)
    blad.go_back()
    stands_at(blad, geschreven, vandaag - 1)


def test_the_sliders_do_the_same_with_keys_and_tell_where_they_stand(
    blad: Page, site: Site, verplaatst: tuple[int, int]
) -> None:
    _, was = verplaatst
    vandaag = site.vandaag
    schuif = blad.get_by_role("slider", name="Gebeurd tot en met, schuif")
    schuif.focus()
    blad.keyboard.press("ArrowLeft")
    stands_at(blad, vandaag - 1, vandaag)
    expect(schuif).to_be_focused()
    for _ in range(vandaag - 1 - was):
        blad.keyboard.press("ArrowLeft")
    stands_at(blad, was, vandaag)
    expect(blad.locator("#deel-gebeurd")).to_contain_text("Gebeurtenis 2")
    blad.get_by_role("slider", name="Bekend tot en met, schuif").focus()
    blad.keyboard.press("ArrowLeft")
    stands_at(blad, was, vandaag - 1)
    expect(blad.locator("#deel-gebeurd")).not_to_contain_text("Gebeurtenis 2")


def test_a_day_that_is_typed_moves_the_slider(blad: Page, site: Site) -> None:
    dag = site.vandaag - 3
    blad.get_by_label("Gebeurd tot en met, Datum").fill(f"{date_of(dag):%d-%m-%Y}")
    blad.keyboard.press("Enter")
    stands_at(blad, dag, site.vandaag)
    expect(blad.locator("[data-moment-zin]")).to_contain_text(f"Stand van {short(dag)}")
