"""How history says what happened: the sentence of the map with the answers in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from workflow.antwoorden import said
from workflow.kaartlezer import bevindingen, lees
from workflow.routekaart import Overgang, Veld
from workflow.zinnen import happened

TEKST = (Path(__file__).parents[2] / "routekaart.yaml").read_text(encoding="utf-8")
ROUTE = lees(TEKST).routes["schuldhulp"]
CONTACT = ROUTE.overgangen["contact_vastleggen"]


def in_words(overgang: Overgang, invoer: dict[str, Any]) -> str:
    return happened(overgang, invoer, lambda veld, waarde: said(veld, waarde, {}))


@pytest.mark.parametrize(
    ("invoer", "zin"),
    [
        ({"contactsoort": "telefoon", "bereikt": "ja"}, "Contact vastgelegd: telefoon, bereikt"),
        ({"contactsoort": "mail", "bereikt": "nee"}, "Contact vastgelegd: e-mail, niet bereikt"),
        ({"contactsoort": "mail"}, "Contact vastgelegd: e-mail, onbekend"),
    ],
)
def test_the_answers_stand_in_the_sentence(invoer: dict[str, str], zin: str) -> None:
    assert in_words(CONTACT, invoer) == zin


def test_a_day_and_an_amount_are_said_as_people_read_them() -> None:
    zitting, vtlb = ROUTE.overgangen["zitting_vastleggen"], ROUTE.overgangen["vtlb_herberekenen"]
    assert in_words(zitting, {"zitting_op": "2026-03-03"}) == "Zitting bepaald op 3 maart 2026"
    assert in_words(vtlb, {"vtlb": 1480}) == "Vtlb opnieuw berekend: € 1.480"


def test_an_abbreviation_keeps_its_capitals_within_a_sentence() -> None:
    assert Veld("mesis_profiel", "MESIS-profiel", "keuze").in_zin == "MESIS-profiel"
    assert Veld("zitting_op", "Dag van de zitting", "datum").in_zin == "dag van de zitting"


def test_a_map_without_the_sentence_says_what_the_button_said() -> None:
    assert in_words(replace(CONTACT, gebeurd=""), {"bereikt": "ja"}) == "Contact vastleggen"


WAS = "        gebeurd: Intake gestart\n"


@pytest.mark.parametrize(
    ("nieuw", "woorden"),
    [
        ("", "'gebeurd' is missing"),
        ('        gebeurd: "Intake met {hulpvraag}"\n', "{hulpvraag} is no required question here"),
        ('        gebeurd: "Intake met {niemand}"\n', "{niemand} is no required question here"),
        ('        gebeurd: "Intake } gestart"\n', "has a { or }"),
    ],
)
def test_a_sentence_that_cannot_be_said_is_found(nieuw: str, woorden: str) -> None:
    assert TEKST.count(WAS) == 1
    (bevinding,) = bevindingen(TEKST.replace(WAS, nieuw))
    assert woorden in bevinding.tekst


@pytest.mark.parametrize("gat", ["{contactsoort:wel|niet}", "{bereikt}"])
def test_two_ways_to_say_it_are_for_yes_and_no(gat: str) -> None:
    anders = TEKST.replace('"Nazorgcontact vastgelegd: {contactsoort}, {bereikt:bereikt|niet bereikt}"', f'"Zo: {gat}"')
    (bevinding,) = bevindingen(anders)
    assert "if and only if it is ja_nee" in bevinding.tekst


def test_undoing_at_once_has_a_reason_of_its_own() -> None:
    zonder = TEKST.replace(", labels: {ongedaan: ja}", "")
    assert "none has the label 'ongedaan'" in bevindingen(zonder)[0].tekst
    twee = TEKST.replace("  telfout: Telfout of schrijffout\n", "  telfout: {naam: Telfout, labels: {ongedaan: ja}}\n")
    assert "has the label 'ongedaan', as 'telfout' has" in bevindingen(twee)[0].tekst


def test_a_reason_to_correct_belongs_to_routes_that_exist() -> None:
    (bevinding,) = bevindingen(TEKST.replace("door de opgever, routes: [opgave]", "door de opgever, routes: [telling]"))
    assert "telling" in bevinding.tekst
    assert "a route" in bevinding.tekst


def test_a_concept_may_leave_both_open() -> None:
    concept = TEKST.replace("status: proef", "status: concept").replace(WAS, "")
    assert bevindingen(concept.replace(", labels: {ongedaan: ja}", "")) == []
