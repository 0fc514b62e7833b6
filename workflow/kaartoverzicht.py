"""What screens show of a version of the map: how many trajecten run on it, and the ways between stappen as a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, case, func, select

from models.traject import traject
from workflow.routekaart import VORIGE, Overgang, Route


class Weg(NamedTuple):
    """An overgang from one stap, in words."""

    van: str
    overgang: str
    naar: str
    rollen: tuple[str, ...]


class Lopend(NamedTuple):
    """How many trajecten run that ask for work, and how many on routes that do not, such as reports of partners."""

    werk: int = 0
    stil: int = 0


def running(db: Connection) -> Mapping[str, Lopend]:
    """The sha256 of a version -> how many trajecten run on it."""
    t = traject.c
    vraag = select(t.routekaart, func.sum(case((t.in_werkvoorraad, 1), else_=0)), func.count())
    rijen = db.execute(vraag.where(t.is_open).group_by(t.routekaart))
    return {sha256: Lopend(int(werk), alle - int(werk)) for sha256, werk, alle in rijen}


def ways(route: Route) -> Iterator[Weg]:
    """Every overgang from every stap, in the order of the map; what happens in place or is taken in is left out."""
    for stap in route.stappen.values():
        for overgang in route.overgangen_vanuit[stap.code]:
            if overgang.naar is not None and not overgang.labels.get("stil"):
                yield Weg(stap.naam, overgang.label, _target(route, overgang), overgang.rollen)


def _target(route: Route, overgang: Overgang) -> str:
    return "De stap ervoor" if overgang.naar == VORIGE else route.stappen[str(overgang.naar)].naam
