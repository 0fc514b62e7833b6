"""The calendar: the days of which periods are made, and the equated days against what was noted when they changed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection

from models.database import read_rows
from models.kalenderdag import days
from workflow.gezin import load_kalender
from workflow.kalender import BEVESTIGDE_JAREN, GELIJKGESTELDE_DAGEN, Kalender, date_of, daynumber
from workflow.verificatie.misstand import Misstand
from workflow.verificatie.nummers import ONLEESBAAR

_DAGEN = "SELECT dag, jaar, kwartaal, maand, datum FROM kalenderdag ORDER BY dag"
_GELIJKGESTELD = "SELECT dag, bron FROM gelijkgestelde_dag"
_GENOTEERD = "SELECT daad, wat, inhoud FROM wijziging WHERE soort = 'kalender' ORDER BY id"


def check(db: Connection) -> Iterator[Misstand]:
    """The first day of the calendar that is not as it should be, and each equated day that came or went unnoted."""
    for is_er, moet in zip_longest(read_rows(db, _DAGEN), _days()):
        if is_er != moet:
            dag, *_ = moet or is_er or (None,)
            yield Misstand("calendar", _named(dag), "the row of this day is not what it should be")
            break
    yield from _equated(db)


@cache
def _days() -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple(rij.values()) for rij in days())


def readable(db: Connection) -> Kalender:
    """The calendar of the database; that of the program alone where one of its days is none, of which `check` tells."""
    try:
        return load_kalender(db)
    except ONLEESBAAR:
        return Kalender(frozenset(map(daynumber, GELIJKGESTELDE_DAGEN)), BEVESTIGDE_JAREN)


def _equated(db: Connection) -> Iterator[Misstand]:
    er = {_named(dag): bron for dag, bron in read_rows(db, _GELIJKGESTELD)}
    genoteerd: dict[str, str] = {}
    for daad, dag, bron in read_rows(db, _GENOTEERD):
        genoteerd.pop(dag, None)
        genoteerd |= {dag: bron} if daad == "erbij" else {}
    for dag in sorted(er.keys() | genoteerd.keys(), key=str):
        if er.get(dag) != genoteerd.get(dag):
            yield Misstand("calendar", str(dag), "whether it is an equated day is not what was noted of its changes")


def _named(dag: Any) -> str:
    try:
        return date_of(dag).isoformat()
    except (TypeError, ValueError, OverflowError):
        return f"day {dag}"
