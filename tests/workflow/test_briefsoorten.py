"""What the map says about letters, checked and found by label; another town gives its own codes."""

from __future__ import annotations

import pytest

from tests.bouwers import VREEMDE_KAART
from workflow import instellingen
from workflow.brieven.briefsoorten import all_kinds, is_beschikking, kinds, sending
from workflow.brieven.sjablonen import shipped
from workflow.kaartlezer import bevindingen, lees

TEKST = instellingen.map_file().read_text(encoding="utf-8")
KAART = lees(TEKST.encode())
HOOFDROUTE = KAART.routes["schuldhulp"]


def test_every_kind_of_the_map_has_a_template_that_comes_along() -> None:
    assert set(kinds(HOOFDROUTE)) == set(shipped())
    assert dict(all_kinds(KAART)) == dict(kinds(HOOFDROUTE))


@pytest.mark.parametrize("soort", sorted(shipped()))
def test_each_kind_can_be_recorded_in_every_stap(soort: str) -> None:
    besluit = soort in ("toelating", "weigering", "beeindiging")
    for stap in HOOFDROUTE.stappen.values():
        hoe = sending(HOOFDROUTE, stap, soort, 20_000)
        assert hoe is not None
        assert hoe.is_beschikking == besluit
        assert hoe.invoer.get("beschikking_verzonden_op") == ("2024-10-04" if besluit else None)


def test_a_rappel_has_an_overgang_of_its_own() -> None:
    hoe = sending(HOOFDROUTE, HOOFDROUTE.stappen["melding"], "rappel", 20_000)
    assert hoe is not None
    assert (hoe.overgang.code, dict(hoe.invoer)) == ("rappel_versturen", {})
    assert not is_beschikking(HOOFDROUTE, "rappel")


def test_a_map_without_letters_offers_none() -> None:
    vreemd = lees(VREEMDE_KAART)
    assert dict(all_kinds(vreemd)) == {}
    route = next(iter(vreemd.routes.values()))
    assert sending(route, next(iter(route.stappen.values())), "rappel", 20_000) is None


@pytest.mark.parametrize(
    ("was", "wordt", "zin"),
    [
        ("plaats.bezwaar_tot_en_met: bezwaartermijn", "plaats.bezwaar_tot_en_met: bezwaar", "not a termijn or a veld"),
        ("brief_dag: beschikking_verzonden_op", "brief_dag: briefsoort", "is not a datum veld of this overgang"),
        ("brief_beschikking: toelating", "brief_beschikking: toelaten", "is not an answer of this overgang"),
        ("brief_in.weigering: afgewezen", "brief_in.weigering: geweigerd", "is not a stap of this route"),
        ("brief_in.weigering: afgewezen", "brief_in.afwijzing: afgewezen", "is not an answer of this overgang"),
    ],
)
def test_a_label_about_letters_that_names_nothing_is_told(was: str, wordt: str, zin: str) -> None:
    assert was in TEKST
    assert any(zin in str(b) for b in bevindingen(TEKST.replace(was, wordt).encode()))
