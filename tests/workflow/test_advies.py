"""Who chooses otherwise than MESIS or the catalogue advise says why, for help beside the main route too."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection

from tests.bouwers import UITVOERDER, a_traject, day, step
from workflow.voortgang import OvergangGeweigerd, start

MESIS = day("2026-01-12")
WAAROM = "De cliënt vraagt er zelf om en het sociaal team steunt dat."
NAAST = [
    *(("budgetbeheer", variant) for variant in ("totaal", "plus", "basis", "maatwerk")),
    ("begeleiding", "beschermingsbewind_starten"),
]


def a_client(db: Connection, klant: str, schulden: str, **mesis: str) -> str:
    """A traject with a MESIS: whether client and debts can be brought into a regeling."""
    nummer = a_traject(db, route="schuldhulp", begin="melding_registreren", stap="intake", op=MESIS)
    regelbaar = {"schulden_problematisch": "ja", "klant_regelbaar": klant, "schulden_regelbaar": schulden, **mesis}
    step(db, nummer, "mesis_afnemen", MESIS, invoer=regelbaar)
    return nummer


def beside(db: Connection, nummer: str, route: str, keus: str, **invoer: Any) -> str:
    """Start help beside it."""
    return start(db, route, keus, invoer, door=UITVOERDER, hoort_bij=nummer, op=MESIS).nummer


@pytest.mark.parametrize(("route", "keus"), NAAST)
def test_help_beside_it_against_the_advice_asks_a_motivering(db: Connection, route: str, keus: str) -> None:
    nummer = a_client(db, klant="ja", schulden="ja")
    with pytest.raises(OvergangGeweigerd, match=r"wijkt af van het advies van de .*overeenkomst \(Stabilisatie"):
        beside(db, nummer, route, keus)
    assert beside(db, nummer, route, keus, motivering=WAAROM)


def test_help_beside_it_that_is_advised_asks_none(db: Connection) -> None:
    assert beside(db, a_client(db, klant="nee", schulden="ja"), "budgetbeheer", "totaal")
    assert beside(db, a_client(db, klant="nee", schulden="nee"), "begeleiding", "beschermingsbewind_starten")


@pytest.mark.parametrize(("route", "keus"), NAAST)
def test_before_any_advice_no_motivering_is_asked(db: Connection, route: str, keus: str) -> None:
    nummer = a_traject(db, route="schuldhulp", begin="melding_registreren", op=MESIS)
    assert beside(db, nummer, route, keus)


def test_budgetbeheer_as_the_only_help_is_weighed_once(db: Connection) -> None:
    """The child that it opens asks nothing more."""
    nummer = a_client(db, klant="ja", schulden="ja")
    step(db, nummer, "besluit_voorbereiden", MESIS)
    step(db, nummer, "toelaten", MESIS)
    with pytest.raises(OvergangGeweigerd, match="wijkt af van het advies"):
        step(db, nummer, "budgetbeheer_starten", MESIS)
    step(db, nummer, "budgetbeheer_starten", MESIS, invoer={"motivering": WAAROM})


def admitted(db: Connection, **mesis: str) -> str:
    """A client and debts that can be brought into a regeling, admitted."""
    nummer = a_client(db, klant="ja", schulden="ja", **mesis)
    step(db, nummer, "besluit_voorbereiden", MESIS)
    step(db, nummer, "toelaten", MESIS)
    return nummer


def refused(db: Connection, nummer: str, keus: str) -> str:
    """The sentence with which an overgang is refused."""
    with pytest.raises(OvergangGeweigerd) as fout:
        step(db, nummer, keus, MESIS)
    return str(fout.value)


def test_what_the_catalogue_names_against_mesis_asks_a_motivering(db: Connection) -> None:
    nummer = admitted(db, advies_route="wsnp")
    zin = "Deze keuze wijkt af van het advies van MESIS (WSNP). Vul een motivering in."
    assert refused(db, nummer, "stabilisatie_starten") == zin
    step(db, nummer, "stabilisatie_starten", MESIS, invoer={"motivering": WAAROM})


def test_what_mesis_names_against_the_catalogue_asks_a_motivering(db: Connection) -> None:
    nummer = admitted(db, advies_route="wsnp", aflosmogelijkheid="volledig")
    assert "van de dienstverleningsovereenkomst (Stabilisatie" in refused(db, nummer, "wsnp_direct_aanvragen")


def test_what_both_speak_against_is_said_of_both(db: Connection) -> None:
    gezegd = refused(db, admitted(db, advies_route="wsnp"), "dfd_starten")
    assert "van het advies van MESIS (WSNP) en het advies van de dienstverleningsovereenkomst (Stabil" in gezegd


def test_a_regeling_follows_the_stabilisatie_that_both_advise_without_motivering(db: Connection) -> None:
    nummer = admitted(db, advies_route="stabilisatie")
    step(db, nummer, "stabilisatie_starten", MESIS)
    step(db, nummer, "minnelijk_voorbereiden", MESIS)
