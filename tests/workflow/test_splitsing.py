"""After a split both trajecten, and children that went along, tell where the other one is."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text

from tests.bouwers import BEGIN, COORDINATOR, VANDAAG, a_traject, step
from workflow import trajectpagina
from workflow.trajectpagina import Trajectpagina
from workflow.voortgang import withdraw


@pytest.fixture
def les(vreemd: Connection) -> str:
    """A traject of two people with a pauze beside it."""
    nummer = a_traject(vreemd, aantal=2, stap="groepsles")
    step(vreemd, nummer, "pauze_geven", BEGIN + 5)
    return nummer


def numbers(db: Connection) -> list[str]:
    return list(db.execute(text("SELECT nummer FROM trajectnummer ORDER BY id")).scalars())


def page(db: Connection, nummer: str) -> Trajectpagina:
    return trajectpagina.read(db, nummer, "uitvoerder", VANDAAG)


def test_the_traject_that_goes_on_and_the_one_split_off_name_each_other(vreemd: Connection, les: str) -> None:
    step(vreemd, les, "gezin_splitsen", BEGIN + 8)
    *_, nieuw = numbers(vreemd)
    assert (page(vreemd, les).afgesplitst, page(vreemd, les).afgesplitst_van) == ((nieuw,), None)
    assert (page(vreemd, nieuw).afgesplitst, page(vreemd, nieuw).afgesplitst_van) == ((), les)


def test_a_child_that_went_along_names_the_one_in_its_place(vreemd: Connection, les: str) -> None:
    kind = numbers(vreemd)[-1]
    step(vreemd, les, "gezin_splitsen", BEGIN + 8, invoer={"wat_gaat_mee": [kind]})
    *_, nieuw, nieuw_kind = numbers(vreemd)
    assert page(vreemd, kind).afgesplitst == (nieuw_kind,)
    assert page(vreemd, nieuw_kind).afgesplitst_van == kind
    assert page(vreemd, les).afgesplitst == (nieuw,)


def test_a_child_that_stayed_names_nothing(vreemd: Connection, les: str) -> None:
    kind = numbers(vreemd)[-1]
    step(vreemd, les, "gezin_splitsen", BEGIN + 8)
    assert page(vreemd, kind).afgesplitst == ()


def test_a_split_that_was_withdrawn_is_named_no_more(vreemd: Connection, les: str) -> None:
    gedaan = step(vreemd, les, "gezin_splitsen", BEGIN + 8)
    withdraw(vreemd, les, gedaan.volgnummer, reden="tikfout", door=COORDINATOR)
    assert page(vreemd, les).afgesplitst == ()
