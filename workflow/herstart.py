"""Coming back: a new traject of somebody whose earlier one on the same route has ended tells which one that was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from models.projectie import deelname
from models.traject import traject
from models.trajectnummer import trajectnummer
from workflow.routekaart import Route
from workflow.verloop import Verloop

HERSTART = "herstart"


def comes_from(db: Connection, route: Route, personen: Sequence[str], dag: int) -> dict[str, Any] | None:
    """`komt_uit` of a root traject that starts on this day: the latest that ended by then; None for a first one.

    Who left a traject before it ended has no earlier one there.
    """
    vraag = (
        select(traject.c.id)
        .join(deelname, deelname.c.traject_id == traject.c.id)
        .where(deelname.c.deelnemer.in_(personen), deelname.c.tot_dag.is_(None))
        .where(traject.c.route == route.code, traject.c.ouder_id.is_(None))
        .where(traject.c.is_open.is_(False), traject.c.beeindigd_op <= dag)
        .order_by(traject.c.beeindigd_op.desc(), traject.c.id.desc())
        .limit(1)
    )
    eerder = db.execute(vraag).scalar_one_or_none() if personen else None
    return None if eerder is None else {"soort": HERSTART, "traject": eerder}


def earlier_number(db: Connection, verloop: Verloop) -> str | None:
    """The number of the traject after which somebody came back with this one."""
    herkomst = verloop.oorsprong.get("komt_uit") or {}
    if herkomst.get("soort") != HERSTART:
        return None
    vraag = select(trajectnummer.c.nummer).where(trajectnummer.c.id == herkomst["traject"])
    return str(db.execute(vraag).scalar_one())
