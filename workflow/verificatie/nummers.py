"""Dossier numbers and families, which no hash covers, against what the log says of them.

A number follows from the route on which a traject began, the year in which that was recorded and its `traject_id`; a
family from what each traject hangs on.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from sqlalchemy import Connection

from models import klok
from models.database import read_rows
from workflow.gezin import Gezin
from workflow.kaartlezer import RoutekaartOngeldig
from workflow.verificatie.misstand import Misstand
from workflow.verloop import Verloop

RUIMTE_US = 120_000_000
"""A writer notes its moment and may then wait, also for a seal: so long at most."""

UUR_US = 3_600_000_000
ONZIN = "this makes no sense on its map"
ONLEESBAAR = (
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, ArithmeticError, RecursionError),
    RoutekaartOngeldig,
)
"""What hashing and folding raise on rows that no program of ours wrote, and maps that are changed."""

_ZONDER_WORTEL = (
    "SELECT t.nummer FROM trajectnummer t LEFT JOIN trajectnummer w ON w.id = t.wortel_id"
    " WHERE w.id IS NULL OR w.wortel_id <> w.id ORDER BY t.id LIMIT 100"
)


def rootless(db: Connection) -> Iterator[Misstand]:
    """Trajecten in a family that has no root."""
    for (nummer,) in read_rows(db, _ZONDER_WORTEL):
        yield Misstand("number", str(nummer), "the root of its family is no root, or is not there")


def misnamed(gezin: Gezin) -> Iterator[Misstand]:
    """Trajecten with another number, or in another family, than the log gives them."""
    for verloop in gezin:
        if zin := _wrong(gezin, verloop):
            yield Misstand("number", str(verloop.nummer), zin)


def _wrong(gezin: Gezin, verloop: Verloop) -> str | None:
    try:
        if verloop.nummer not in (goed := _numbers(verloop)):
            return f"by the log this traject is {goed[0]}"
        return None if _is_at_home(gezin, verloop) else "by the log it belongs to another family"
    except ONLEESBAAR:
        return ONZIN


def _numbers(verloop: Verloop) -> tuple[str, str]:
    """The number that its first row gives it: two at the turn of the year, where it was made just after its moment."""
    eerste = verloop.log[0]
    begin = verloop.kaarten[eerste.routekaart].routes[verloop.oorsprong["route"]].voorvoegsel
    jaren = (_year((eerste.vastgelegd_op + ruimte) // UUR_US) for ruimte in (0, RUIMTE_US))
    een, ander = (f"{begin}-{jaar}-{verloop.traject_id:05}" for jaar in jaren)
    return een, ander


@lru_cache(4096)
def _year(uur: int) -> int:
    """The Amsterdam year of an hour since 1970."""
    return klok.moment_of(uur * UUR_US).astimezone(klok.AMSTERDAM).year


def _is_at_home(gezin: Gezin, verloop: Verloop) -> bool:
    """Who hangs on nothing is the root; others are with their parent, or by themselves where a household split."""
    inhoud = verloop.oorsprong
    if inhoud.get("hoort_bij") in gezin.trajecten:
        return verloop.wortel_id != verloop.traject_id
    is_eigen = inhoud.get("hoort_bij") is None or inhoud.get("ingang") == "splitsing"
    return is_eigen and verloop.wortel_id == verloop.traject_id
