"""Lists of parts: each answer changes what it names, and what is open in them can stand in the way."""

from __future__ import annotations

from sqlalchemy import Connection

from tests.bouwers import UITVOERDER, a_traject, day
from workflow.correcties import withdraw
from workflow.gezin import load
from workflow.voortgang import advance, possibilities

MEI = day("2025-05-12")


def note(db: Connection, nummer: str, **stukken: str) -> int:
    """What is said of some documents; the volgnummer of the row."""
    gedaan = advance(db, nummer, "stukken_vastleggen", {"stukken": stukken}, door=UITVOERDER, op=MEI)
    return gedaan.volgnummer


def documents(db: Connection, nummer: str) -> dict[str, str]:
    """How far each document is."""
    return dict(load(db, nummer, lock=False).by_nummer(nummer).stand.antwoorden["stukken"])


def test_an_answer_leaves_the_parts_that_it_does_not_name(db: Connection) -> None:
    nummer = a_traject(db, op=MEI - 7)
    note(db, nummer, inkomen="gevraagd", zorgpolis="gevraagd")
    note(db, nummer, inkomen="compleet")
    assert documents(db, nummer) == {"inkomen": "compleet", "zorgpolis": "gevraagd"}


def test_what_was_said_before_holds_again_when_an_answer_is_withdrawn(db: Connection) -> None:
    nummer = a_traject(db, op=MEI - 7)
    note(db, nummer, inkomen="gevraagd")
    fout = note(db, nummer, inkomen="compleet")
    withdraw(db, nummer, fout, reden="verkeerde_keuze", door=UITVOERDER)
    assert documents(db, nummer) == {"inkomen": "gevraagd"}


def test_a_document_that_was_asked_for_keeps_who_asked_from_toelating(db: Connection) -> None:
    nummer = a_traject(db, op=MEI - 7)
    for stap in ("intake_starten", "besluit_voorbereiden"):
        advance(db, nummer, stap, {}, door=UITVOERDER, op=MEI)
    note(db, nummer, zorgpolis="gevraagd")
    assert refused(db, nummer) == ("Nog niet rond bij stukken: zorgpolis.",)
    note(db, nummer, zorgpolis="compleet")
    assert refused(db, nummer) == ()


def refused(db: Connection, nummer: str) -> tuple[str, ...]:
    """Why toelaten is not possible now."""
    gezin = load(db, nummer, lock=False)
    mogelijk = possibilities(gezin, gezin.by_nummer(nummer), "uitvoerder", MEI)
    return next(m.redenen for m in mogelijk if m.overgang.code == "toelaten")
