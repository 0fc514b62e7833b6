"""After a split the message about it keeps its distance from what stands around it."""

from __future__ import annotations

import pytest

from models import klok
from models.database import transaction
from tests.bouwers import a_traject, step
from tests.schermen.conftest import Aanmelden, Site


@pytest.mark.parametrize("breedte", [1366, 390])
def test_the_message_of_a_split_does_not_touch_the_facts(aangemeld: Aanmelden, site: Site, breedte: int) -> None:
    with klok.at(site.uurwerk.now()), transaction(site.database) as db:
        nummer = a_traject(db, aantal=2, op=site.vandaag - 9, route="schuldhulp", begin="melding_registreren")
        step(db, nummer, "huishouden_splitsen", site.vandaag)
    blad = aangemeld()
    blad.set_viewport_size({"width": breedte, "height": 900})
    blad.goto(f"/trajecten/{nummer}")
    melding = blad.locator(".rk-melding", has_text="Van dit traject is afgesplitst").bounding_box()
    feiten = blad.locator(".rk-feiten--regel").bounding_box()
    assert melding is not None
    assert feiten is not None
    assert feiten["y"] - (melding["y"] + melding["height"]) >= 12
