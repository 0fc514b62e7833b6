"""Two maps side by side: nothing that differs goes unsaid, and what is the same is not told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bouwers import VREEMDE_KAART
from tests.kaartversies import Inhoud, Wijziging
from tests.kaartversies import another as another_of
from workflow import kaartlezer, kaartverschil
from workflow.kaartlezer import RoutekaartOngeldig
from workflow.kaartverschil import difference
from workflow.routekaart import Routekaart

EERSTE = kaartlezer.lees(VREEMDE_KAART)


EIGEN_REGELS: Mapping[str, str] = {
    "Routekaart": "code versie fasen partijen gemeenten producten routes termijnen correctieredenen catalogus opgaven"
    " sha256 canoniek",
    "Route": "code starten stappen overgangen voorbeelden",
    "Overgang": "code velden voorwaarden gevolgen redenen",
}
"""What has lines of its own, or says which thing it is; of other things that is their code."""


def another(change: Wijziging | None = None, **rest: Any) -> Routekaart:
    """Another version of the foreign map."""
    return another_of(VREEMDE_KAART, change, **rest)


def told(change: Wijziging | None = None, **rest: Any) -> list[str]:
    """What is said of a change."""
    return [verschil.zin for verschil in difference(EERSTE, another(change, **rest))]


@pytest.mark.parametrize("soort", list(kaartverschil._OVER), ids=lambda soort: soort.__name__)
def test_everything_of_a_thing_on_the_map_has_a_name_or_lines_of_its_own(soort: Any) -> None:
    assert {veld.name for veld in fields(soort)} == {
        *kaartverschil._OVER[soort],
        *EIGEN_REGELS.get(soort.__name__, "code").split(),
    }


def test_the_same_map_under_another_version_is_no_difference() -> None:
    assert told() == []


def test_a_stap_and_what_is_asked_on_the_way_to_it() -> None:
    def change(inhoud: Inhoud) -> None:
        weg = inhoud["routes"]["taalweg"]
        weg["stappen"]["kennismaking"]["naam"] = "Eerste gesprek"
        weg["overgangen"]["intake_voeren"]["velden"] = ["doel", {"heeft_baan": {"verplicht": True}}]
        weg["overgangen"]["intake_voeren"]["rollen"] = ["uitvoerder", "coordinator"]

    assert told(change) == [
        "Eerste gesprek (Taalweg) gewijzigd: naam “Intakegesprek” wordt “Eerste gesprek”",
        "Intake voeren (Taalweg) gewijzigd: rollen “uitvoerder” wordt “uitvoerder”, “coördinator”",
        "Begeleider (Taalweg, Intake voeren) vervallen",
        "Heeft een baan (Taalweg, Intake voeren) gewijzigd: verplicht nee wordt ja",
    ]


def test_a_term_says_its_lengths_with_their_days() -> None:
    def change(inhoud: Inhoud) -> None:
        inhoud["termijnen"]["leertijd"]["lengtes"] = [{"maanden": 24, "vanaf": date(2000, 1, 1)}]

    (zin,) = told(change)
    assert zin == (
        "Tijd om te leren gewijzigd: lengte 30 maanden vanaf 1 januari 2000 wordt 24 maanden vanaf 1 januari 2000"
    )


def test_guards_effects_reasons_and_products() -> None:
    def change(inhoud: Inhoud) -> None:
        weg = inhoud["routes"]["taalweg"]["overgangen"]
        del weg["slagen"]["voorwaarden"]
        del weg["vrijstellen"]["gevolgen"]
        inhoud["redenen"]["stopredenen"]["ziek"] = {"naam": "Langdurig ziek"}
        inhoud["producten"]["thuisles"] = "Les aan huis"

    gezegd = told(change)
    assert "was in (“groepsles”, “thuisles”) (Taalweg, Geslaagd) vervallen" in gezegd
    assert "sluit kinderen (“pauze”) (Taalweg, Vrijstellen) vervallen" in gezegd
    assert "Langdurig ziek (Taalweg, Stoppen) toegevoegd" in gezegd
    assert "Les aan huis gewijzigd: naam was “Thuisles met een taalmaatje”" in gezegd


def test_another_code_under_the_same_name_is_told_by_its_code() -> None:
    gezegd = told(namen={"kennismaking": "eerste_gesprek"})
    assert not [zin for zin in gezegd if "andere volgorde" in zin], "that is not what changed"
    assert "Intakegesprek (eerste_gesprek) (Taalweg) toegevoegd" in gezegd
    assert "Intakegesprek (kennismaking) (Taalweg) vervallen" in gezegd
    for zin in gezegd:
        for deel in zin.partition(" gewijzigd: ")[2].split("; "):
            was, wordt, nu = deel.partition(" wordt ")
            assert not wordt or not was.endswith(nu), zin


def test_a_renamed_stap_went_and_came() -> None:
    nieuw = another(namen={"kennismaking": "eerste_gesprek"})
    gevonden = [v for v in difference(EERSTE, nieuw) if v.soort == "stap"]
    assert {(v.code, v.daad) for v in gevonden} == {("kennismaking", "weg"), ("eerste_gesprek", "erbij")}


# -- Whatever is changed -----------------------------------------------------------------------------------------------


def _leaves(inhoud: Any, pad: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    paren = inhoud.items() if isinstance(inhoud, dict) else enumerate(inhoud) if isinstance(inhoud, list) else ()
    for code, deel in paren:
        yield (*pad, code)
        yield from _leaves(deel, (*pad, code))


def _all_paths() -> list[tuple[Any, ...]]:
    paden: list[tuple[Any, ...]] = []
    another(lambda inhoud: paden.extend(_leaves(inhoud)))
    return paden


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_change_of_a_map_goes_unsaid(data: st.DataObject) -> None:
    """Take something out of the map or change a word of it: if it is a map still, the difference is told, both ways."""
    pad = data.draw(st.sampled_from(PADEN))

    def change(inhoud: Inhoud) -> None:
        for code in pad[:-1]:
            inhoud = inhoud[code]
        was = inhoud[pad[-1]]
        if isinstance(was, str) and data.draw(st.booleans()):
            inhoud[pad[-1]] = f"{was} anders"
        else:
            del inhoud[pad[-1]]

    try:
        nieuw = another(change)
    except RoutekaartOngeldig:
        return
    is_anders = _content(nieuw) != _content(EERSTE)
    assert bool(difference(EERSTE, nieuw)) == bool(difference(nieuw, EERSTE)) == is_anders, pad


def _content(kaart: Routekaart) -> dict[str, Any]:
    """All that a map says, but under which version."""
    return {naam: waarde for naam, waarde in vars(kaart).items() if naam not in ("versie", "sha256", "canoniek")}


PADEN = _all_paths()
