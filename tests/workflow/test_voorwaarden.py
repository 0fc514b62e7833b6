"""Each guard is one fact and one refusal: refused with its sentence, allowed without a word."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from typing import Any

import pytest

from tests.bouwers import VREEMDE_KAART, day
from workflow.dossier import Dossier, Kind
from workflow.kaartlezer import lees
from workflow.routekaart import Overgang, Voorwaarde
from workflow.voorwaarden import VOORWAARDEN, advised_products, refusals

KAARTTEKST = (Path(__file__).parents[2] / "routekaart.yaml").read_text(encoding="utf-8")
KAART = lees(VREEMDE_KAART)
ROUTE = KAART.routes["taalweg"]
OPEN_PAUZE = Kind("PZ-2026-00002", "pauze", "in_pauze", True)
OUDE_PAUZE = Kind("PZ-2026-00003", "pauze", "hervat", False)
IN_2025, IN_2024 = day("2025-06-02"), day("2024-06-03")


def a_dossier(**anders: Any) -> Dossier:
    """A traject of one person in the intake, of which nothing is known yet."""
    vast = {"kaart": KAART, "route": ROUTE, "dag": IN_2025, "rol": "uitvoerder", "stap": ROUTE.stappen["kennismaking"]}
    return Dossier(**{**vast, "deelnemers": ("iemand",), **anders})


def says(naam: str, argument: Any, overgang: Overgang | None = None, **anders: Any) -> str | None:
    """What one guard says of a dossier."""
    keus = overgang or ROUTE.overgangen["groepsles_starten"]
    return VOORWAARDEN[naam].functie(a_dossier(**anders), keus, argument)


def test_geen_open() -> None:
    assert says("geen_open", "pauze", kinderen=(OPEN_PAUZE,)) == "Rond eerst af wat nog openstaat: pauze."
    assert says("geen_open", "pauze", kinderen=(OUDE_PAUZE,)) is None
    assert says("geen_open", "pauze") is None


def test_heeft_open() -> None:
    assert says("heeft_open", "pauze", kinderen=(OUDE_PAUZE,)) == "Dit kan alleen als er iets openstaat: pauze."
    assert says("heeft_open", "pauze", kinderen=(OUDE_PAUZE, OPEN_PAUZE)) is None


def test_kenmerk_bekend() -> None:
    assert says("kenmerk_bekend", "doel") == "Leg eerst vast: doel."
    assert says("kenmerk_bekend", "doel", kenmerken={"doel": "studie"}) is None


MAASTRICHT = lees(KAARTTEKST)
GEVRAAGD = {"veld": "stukken", "is": ["gevraagd", "onvolledig"]}


def says_of_parts(stand: dict[str, str], veld: str = "stukken", **eis: Any) -> str | None:
    """What geen_onderdeel says of the documents of a traject, or of its debts."""
    route = MAASTRICHT.routes["schuldhulp"]
    return says(
        "geen_onderdeel", {**GEVRAAGD, "veld": veld, **eis}, kaart=MAASTRICHT, route=route, antwoorden={veld: stand}
    )


def test_geen_onderdeel() -> None:
    assert says_of_parts({"inkomen": "gevraagd", "zorgpolis": "compleet", "klapper": "onvolledig"}) == (
        "Nog niet rond bij stukken: loonstroken of uitkeringsspecificatie, klapper met de administratie."
    )
    assert says_of_parts({"zorgpolis": "compleet", "klapper": "niet_nodig"}) is None
    assert says_of_parts({}) is None


def test_geen_onderdeel_calls_what_has_no_name_by_its_number() -> None:
    zin = says_of_parts(
        {"1": "akkoord", "2": "weigert", "12": "bekend"}, "schuldenstand", **{"is": ["bekend", "weigert"]}
    )
    assert zin == "Nog niet rond bij schulden: 2, 12."


def test_kenmerk_is() -> None:
    eis = {"doel": ["werk", "meedoen"]}
    zin = "Dit kan niet bij deze waarde van: doel."
    assert says("kenmerk_is", eis) == zin
    assert says("kenmerk_is", eis, kenmerken={"doel": "studie"}) == zin
    assert says("kenmerk_is", eis, kenmerken={"doel": "meedoen"}) is None


def test_kenmerk_is_asks_all_that_are_named() -> None:
    eis = {"doel": ["werk"], "heeft_baan": "ja"}
    assert says("kenmerk_is", eis, kenmerken={"doel": "werk", "heeft_baan": "nee"})
    assert says("kenmerk_is", eis, kenmerken={"doel": "werk", "heeft_baan": "ja"}) is None


def test_was_in() -> None:
    stappen = ["groepsles", "thuisles"]
    zin = "Dit kan pas nadat het traject in deze stap is geweest: Groepsles of Thuisles."
    assert says("was_in", stappen, bezocht=frozenset({"kennismaking"})) == zin
    assert says("was_in", stappen, bezocht=frozenset({"kennismaking", "thuisles"})) is None


def test_hoogstens_deelnemers() -> None:
    assert says("hoogstens_deelnemers", 1, deelnemers=("een",)) is None
    zin = "Dit kan alleen bij een traject met ten hoogste 1 persoon."
    assert says("hoogstens_deelnemers", 1, deelnemers=("een", "twee")) == zin


def test_minstens_deelnemers() -> None:
    assert says("minstens_deelnemers", 2) == "Dit kan alleen bij een traject met ten minste 2 personen."
    assert says("minstens_deelnemers", 2, deelnemers=("een", "twee")) is None


def test_minstens_ingevuld() -> None:
    assert says("minstens_ingevuld", 1) == "Vul ten minste 1 vraag in."
    assert says("minstens_ingevuld", 1, invoer={"lesgeld": None, "school": ""})
    assert says("minstens_ingevuld", 2, invoer={"lesgeld": 0}) == "Vul ten minste 2 vragen in."
    assert says("minstens_ingevuld", 1, invoer={"lesgeld": 0}) is None


EIS = {"veld": "werkgever_gebeld_op", "kenmerk": "heeft_baan", "is": ["ja"], "behalve_redenen": ["vertrokken"]}


@pytest.mark.parametrize(
    ("kenmerken", "invoer", "reden", "mag"),
    [
        ({"heeft_baan": "ja"}, {}, "niet_verschenen", False),
        ({"heeft_baan": "ja"}, {"werkgever_gebeld_op": ""}, "niet_verschenen", False),
        ({"heeft_baan": "ja"}, {"werkgever_gebeld_op": "2025-06-01"}, "niet_verschenen", True),
        ({"heeft_baan": "ja"}, {}, "vertrokken", True),
        ({"heeft_baan": "nee"}, {}, "niet_verschenen", True),
        ({}, {}, "niet_verschenen", True),
        ({}, {"heeft_baan": "ja"}, "niet_verschenen", False),
        ({"heeft_baan": "ja"}, {"heeft_baan": "nee"}, "niet_verschenen", True),
    ],
)
def test_ingevuld_als(kenmerken: dict[str, str], invoer: dict[str, str], reden: str, mag: bool) -> None:
    gezegd = says("ingevuld_als", EIS, kenmerken=kenmerken, invoer=invoer, reden=reden)
    assert gezegd == (None if mag else "Vul in: werkgever gebeld op.")


def test_ingevuld_als_takes_nought_for_an_answer() -> None:
    eis = {**EIS, "veld": "uurrooster"}
    assert says("ingevuld_als", eis, kenmerken={"heeft_baan": "ja"}, invoer={"uurrooster": 0}) is None


THUIS = ROUTE.overgangen["thuisles_starten"]


@pytest.mark.parametrize(
    ("kenmerken", "invoer", "dag", "mag"),
    [
        ({"doel": "werk"}, {}, IN_2025, False),
        ({"doel": "werk"}, {"motivering": "Zij woont te ver weg."}, IN_2025, True),
        ({"doel": "werk"}, {"motivering": ""}, IN_2025, False),
        ({"doel": "meedoen", "heeft_baan": "nee"}, {}, IN_2025, True),
        ({"doel": "meedoen"}, {}, IN_2025, True),
        ({}, {}, IN_2025, True),
        ({"doel": "werk"}, {}, IN_2024, True),
    ],
    ids=["other", "motivated", "empty", "followed", "no rule fits", "nothing known", "rule not yet in force"],
)
def test_advies_gevolgd(kenmerken: dict[str, str], invoer: dict[str, str], dag: int, mag: bool) -> None:
    gezegd = says("advies_gevolgd", "motivering", THUIS, kenmerken=kenmerken, invoer=invoer, dag=dag)
    zin = "Deze keuze wijkt af van het advies (Groepsles). Vul een motivering in."
    assert gezegd == (None if mag else zin)


def test_advice_is_the_union_of_the_rules_that_fit() -> None:
    assert advised_products(a_dossier(kenmerken={"doel": "meedoen", "heeft_baan": "nee"})) == ("thuisles", "groepsles")
    assert advised_products(a_dossier(kenmerken={"doel": "studie"})) == ("groepsles",)
    assert advised_products(a_dossier(kenmerken={"doel": "studie"}, dag=IN_2024)) == ()


# -- Together ----------------------------------------------------------------------------------------------------------


def test_who_may_is_said_as_people_call_the_roles() -> None:
    samen = replace(THUIS, voorwaarden=(), rollen=("uitvoerder", "coordinator", "beheerder"))
    assert refusals(samen, a_dossier(rol="auditor")) == [
        "Dit mag alleen worden vastgelegd door: uitvoerder of coördinator of beheerder."
    ]


def test_all_guards_speak_at_once_and_the_map_may_word_them() -> None:
    gezegd = refusals(THUIS, a_dossier(rol="partner", kenmerken={"doel": "studie"}))
    assert gezegd == [
        "Dit mag alleen worden vastgelegd door: uitvoerder.",
        "Deze keuze wijkt af van het advies (Groepsles). Vul een motivering in.",
        "Dit kan niet bij deze waarde van: doel.",
    ]
    assert refusals(ROUTE.overgangen["groepsles_starten"], a_dossier()) == ["Leg eerst vast wat het doel is."]


def test_guards_over_answers_wait_for_the_answers() -> None:
    dossier = a_dossier(kenmerken={"doel": "werk"})
    assert refusals(THUIS, dossier, met_invoer=False) == []
    assert len(refusals(THUIS, dossier)) == 1


def test_a_sentence_of_the_map_replaces_that_of_any_guard() -> None:
    eis = Voorwaarde("minstens_deelnemers", 3, "Alleen met zijn drieën.")
    keus = Overgang("samen", "Samen", ("kennismaking",), None, ("uitvoerder",), voorwaarden=(eis,))
    assert refusals(keus, a_dossier()) == ["Alleen met zijn drieën."]


def test_a_guard_changes_nothing() -> None:
    dossier = a_dossier()
    with pytest.raises(FrozenInstanceError):
        dossier.rol = "beheerder"  # type: ignore[misc]
    with pytest.raises(TypeError):
        dossier.kenmerken["doel"] = "werk"  # type: ignore[index]


def test_the_registry_is_closed() -> None:
    assert set(VOORWAARDEN) == {
        *(
            "geen_open",
            "heeft_open",
            "kenmerk_bekend",
            "kenmerk_is",
            "was_in",
            "minstens_deelnemers",
            "hoogstens_deelnemers",
        ),
        *("ingevuld_als", "minstens_ingevuld", "advies_gevolgd", "geen_onderdeel"),
    }
