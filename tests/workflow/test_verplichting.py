"""Which optional questions are asked all the same: the guards say so, and no page knows their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bouwers import VANDAAG, VREEMDE_KAART
from workflow.dossier import Dossier
from workflow.kaartlezer import lees
from workflow.routekaart import Routekaart
from workflow.verplichting import obligations

KAART = lees((Path(__file__).parents[2] / "routekaart.yaml").read_text(encoding="utf-8"))
VREEMD = lees(VREEMDE_KAART)
TOEGELATEN = {"beschikking": "toelating"}
GEADVISEERD = {**TOEGELATEN, "advies_route": "dfd"}


def asked(overgang: str, stap: str | None, kenmerken: dict[str, str], kaart: Routekaart = KAART) -> dict[str, bool]:
    """The optional questions that must be answered, and whether always."""
    route = next(iter(kaart.routes.values()))
    dossier = Dossier(kaart, route, VANDAAG, "uitvoerder", route.stappen.get(stap or ""), kenmerken=kenmerken)
    return {code: plicht.is_altijd for code, plicht in obligations(route.alle_overgangen[overgang], dossier).items()}


@pytest.mark.parametrize(
    ("overgang", "stap", "kenmerken", "verwacht"),
    [
        ("uitval_vastleggen", "melding", {}, {}),
        ("uitval_vastleggen", "stabilisatie", TOEGELATEN, {"beeindigingsbeschikking_op": True}),
        ("neutraal_beeindigen", "stabilisatie", TOEGELATEN, {"beeindigingsbeschikking_op": False}),
        ("melding_registreren", None, {}, {"signaal_ontvangen_op": False}),
        ("dwangakkoord_aanvragen", "minnelijk_voorbereiding", TOEGELATEN, {"verklaring_285_op": False}),
        ("toelaten", "besluit", {}, {"motivering": False}),
        ("dfd_starten", "toegelaten", GEADVISEERD, {}),
        ("stabilisatie_starten", "toegelaten", GEADVISEERD, {"motivering": True}),
        ("stabilisatie_starten", "toegelaten", TOEGELATEN, {}),
        ("gegevens_bijwerken", "intake", {}, {}),
    ],
    ids=[
        *("not yet", "after toelating", "but not after a death", "by the source", "by another answer", "when weighed"),
        *("as advised", "against the advice", "no advice", "any answer will do"),
    ],
)
def test_a_guard_is_asked_what_it_needs(
    overgang: str, stap: str | None, kenmerken: dict[str, str], verwacht: dict[str, bool]
) -> None:
    assert asked(overgang, stap, kenmerken) == verwacht


def test_any_map_can_be_asked() -> None:
    assert asked("thuisles_starten", "kennismaking", {"doel": "werk"}, VREEMD) == {"motivering": True}
    assert asked("thuisles_starten", "kennismaking", {"doel": "meedoen"}, VREEMD) == {}


def test_the_sentence_is_that_of_the_guard_in_the_words_of_the_map() -> None:
    route = KAART.routes["schuldhulp"]
    plichten = obligations(route.starten["melding_registreren"], Dossier(KAART, route, VANDAAG, "uitvoerder"))
    assert plichten["signaal_ontvangen_op"].zin == "Vul in wanneer het vroegsignaal is ontvangen."
