"""Trajecten without clients: which routes there are, and what is open on them, by the organisation it is with."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, and_, select

from models.organisatie import organisatie
from models.projectie import deelname
from models.traject import traject
from workflow.routekaart import Route, Routekaart

MAX_REGELS = 200


@dataclass(frozen=True, slots=True)
class Partijregel:
    """One open traject: with whom, where it stands and since when."""

    nummer: str
    partij: str
    stap: str
    sinds_op: int | None


def routes(kaart: Routekaart) -> list[Route]:
    """Root routes without clients; reports have pages of their own."""
    return [
        route
        for route in kaart.routes.values()
        if route.onderwerp == "organisatie" and not route.hoort_bij and not route.opgavevelden
    ]


def open_on(db: Connection, route: Route) -> list[Partijregel]:
    """What is open on a route, the latest first; no more than MAX_REGELS."""
    met = and_(deelname.c.traject_id == traject.c.id, deelname.c.soort == "organisatie", deelname.c.tot_dag.is_(None))
    vraag = (
        select(traject.c.nummer, traject.c.stap, traject.c.sinds_op, organisatie.c.naam)
        .outerjoin(deelname, met)
        .outerjoin(organisatie, organisatie.c.code == deelname.c.deelnemer)
        .where(traject.c.route == route.code, traject.c.is_open)
        .order_by(traject.c.sinds_op.desc(), traject.c.id.desc())
        .limit(MAX_REGELS)
    )
    namen = {stap.code: stap.naam for stap in route.stappen.values()}
    return [Partijregel(rij.nummer, rij.naam or "", namen.get(rij.stap, ""), rij.sinds_op) for rij in db.execute(vraag)]
