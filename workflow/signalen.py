"""Signals: an overgang asks somebody in a role to look at a traject, by its label `signaal`.

A signal is a mijlpaal. It stands while the traject is in the stap in which it was given and nobody in that role has
recorded anything in it since, corrections apart; so what answers it is in the log, like all that is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from models.projectie import mijlpaal
from models.traject import traject
from workflow.antwoorden import said
from workflow.gezin import Gezin
from workflow.historie import CORRECTIES, content, withdrawn
from workflow.routekaart import Routekaart
from workflow.verloop import Verloop
from workflow.zicht import hidden
from workflow.zinnen import happened

MAX_SIGNALEN = 200
"""So many are looked at, the last ones: those that were answered long ago must not crowd them out."""


@dataclass(frozen=True, slots=True)
class Signaal:
    """What somebody is asked to look at, and since which day."""

    traject_id: int
    nummer: str
    dag: int
    wat: str


def given(db: Connection, kaart: Routekaart, rol: str) -> list[Row[Any]]:
    """Signals to a role in open trajecten in sight that stand in the same stap; `standing` judges them.

    What is a signal says the map in force, also of trajecten on an older one. One statement, or none where it has none.
    """
    namen, m, t = _names(kaart, rol), mijlpaal.c, traject.c
    vraag = (
        select(m.traject_id, m.volgnummer, m.dag, t.wortel_id)
        .join(traject, t.id == m.traject_id)
        .where(m.naam.in_(namen), t.is_open, m.stap == t.stap, *hidden(db).in_sight)
        .order_by(m.dag.desc(), m.traject_id.desc(), m.volgnummer.desc())
    )
    return list(db.execute(vraag.limit(MAX_SIGNALEN))) if namen else []


def standing(gezinnen: Mapping[int, Gezin], gegeven: Iterable[Row[Any]], rol: str) -> list[Signaal]:
    """Those of `given` that wait for somebody in this role, the oldest first; the families by root."""
    gevonden = [(gezinnen[rij.wortel_id].trajecten[rij.traject_id], rij) for rij in gegeven]
    staan = [_told(verloop, rij) for verloop, rij in gevonden if not _is_answered(verloop, rij.volgnummer, rol)]
    return sorted(staan, key=lambda signaal: (signaal.dag, signaal.traject_id))


def _names(kaart: Routekaart, rol: str) -> list[str]:
    labels = (keus.labels for route in kaart.routes.values() for keus in route.alle_overgangen.values())
    return sorted({van["mijlpaal"] for van in labels if van.get("signaal") == rol})


def _is_answered(verloop: Verloop, volgnummer: int, rol: str) -> bool:
    weg = withdrawn(verloop.log)
    erna = (rij for rij in verloop.log if rij.volgnummer > volgnummer and rij.soort not in CORRECTIES)
    return any(content(rij).get("rol") == rol for rij in erna if rij.volgnummer not in weg)


def _told(verloop: Verloop, rij: Row[Any]) -> Signaal:
    gegeven = next(r for r in verloop.log if r.volgnummer == rij.volgnummer)
    route = verloop.kaarten[gegeven.routekaart].routes[verloop.oorsprong["route"]]
    keus, invoer = route.alle_overgangen[gegeven.overgang or ""], content(gegeven).get("invoer", {})
    wat = happened(keus, invoer, lambda veld, waarde: said(veld, waarde, {}))
    return Signaal(verloop.traject_id, verloop.nummer, rij.dag, wat)
