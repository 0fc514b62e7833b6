"""What screens show of a version of the map: how many trajecten run on it, and the ways between stappen as a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from models.traject import traject
from workflow.routekaart import VORIGE, Overgang, Route


class Weg(NamedTuple):
    """An overgang from one stap, in words."""

    van: str
    overgang: str
    naar: str
    rollen: tuple[str, ...]


def running(db: Connection) -> Mapping[str, int]:
    """The sha256 of a version -> how many trajecten run on it."""
    vraag = select(traject.c.routekaart, func.count()).where(traject.c.is_open).group_by(traject.c.routekaart)
    return {sha256: aantal for sha256, aantal in db.execute(vraag)}


def ways(route: Route) -> Iterator[Weg]:
    """Every overgang from every stap, in the order of the map; what happens in place or is taken in is left out."""
    for stap in route.stappen.values():
        for overgang in route.overgangen_vanuit[stap.code]:
            if overgang.naar is not None and not overgang.labels.get("stil"):
                yield Weg(stap.naam, overgang.label, _target(route, overgang), overgang.rollen)


def _target(route: Route, overgang: Overgang) -> str:
    return "De stap ervoor" if overgang.naar == VORIGE else route.stappen[str(overgang.naar)].naam
