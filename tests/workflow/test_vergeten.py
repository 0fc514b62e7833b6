"""A forgotten step: on which earlier days it fits, and that the engine takes it there."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from tests.bouwers import a_traject, day, folded, step
from workflow.correcties import CorrectieGeweigerd
from workflow.vergeten import Gelegenheid, occasions
from workflow.voortgang import OvergangGeweigerd

MELDING, INTAKE, BESLUIT = day("2026-01-05"), day("2026-01-19"), day("2026-02-09")


@pytest.fixture
def nummer(db: Connection) -> str:
    """A traject with a besluit and without a MESIS."""
    nummer = a_traject(db, route="schuldhulp", begin="melding_registreren", op=MELDING)
    step(db, nummer, "intake_starten", INTAKE)
    step(db, nummer, "besluit_voorbereiden", BESLUIT)
    return nummer


def of(db: Connection, nummer: str, overgang: str, rol: str = "uitvoerder") -> tuple[Gelegenheid, ...]:
    return occasions(folded(db, nummer), rol).get(overgang, ())


def test_what_stays_in_place_fits_in_a_stay_that_is_over(db: Connection, nummer: str) -> None:
    assert of(db, nummer, "eerste_contact_vastleggen") == (Gelegenheid("Melding", MELDING, INTAKE - 1),)
    assert [g.stap for g in of(db, nummer, "rappel_versturen")] == ["Melding", "Intake"]


def test_a_step_fits_where_the_traject_can_go_on_from_there(db: Connection, nummer: str) -> None:
    assert of(db, nummer, "mesis_afnemen") == (Gelegenheid("Intake", INTAKE, BESLUIT - 1),)
    step(db, nummer, "mesis_afnemen", INTAKE + 3)
    stappen = [stap for stap, _, _ in folded(db, nummer).stand.verblijven]
    assert stappen == ["melding", "intake", "mesis", "besluit"]


def test_a_step_from_which_the_rest_cannot_follow_is_not_offered(db: Connection, nummer: str) -> None:
    """From Voortijdig gestopt no intake can start."""
    assert of(db, nummer, "uitval_vastleggen") == ()
    with pytest.raises((CorrectieGeweigerd, OvergangGeweigerd)):
        step(db, nummer, "uitval_vastleggen", MELDING + 1, reden="geen_hulp_gewenst")


def test_a_step_comes_after_what_was_done_in_the_stap_that_it_leaves(db: Connection, nummer: str) -> None:
    """A second MESIS is done after the first: before it nothing leads back to the intake."""
    ander = a_traject(db, route="schuldhulp", begin="melding_registreren", op=MELDING)
    step(db, ander, "intake_starten", INTAKE)
    step(db, ander, "mesis_afnemen", INTAKE + 7)
    step(db, ander, "mesis_herhalen", INTAKE + 9)
    step(db, ander, "besluit_voorbereiden", BESLUIT)
    (gelegenheid,) = of(db, ander, "intake_hervatten")
    assert gelegenheid == Gelegenheid("MESIS-screening", INTAKE + 9, BESLUIT - 1)


def test_a_stay_of_one_day_has_no_room(db: Connection) -> None:
    nummer = a_traject(db, route="schuldhulp", begin="melding_registreren", op=MELDING)
    step(db, nummer, "intake_starten", MELDING)
    assert of(db, nummer, "eerste_contact_vastleggen") == ()


def test_only_who_may_is_told(db: Connection, nummer: str) -> None:
    assert of(db, nummer, "eerste_contact_vastleggen", "auditor") == ()


def test_a_split_stands_in_the_order_in_which_it_happened(db: Connection, nummer: str) -> None:
    assert of(db, nummer, "huishouden_splitsen") == ()
