"""A household that split: which traject this one was split off from, and which were split off from it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from models import klok
from models.gebeurtenis import gebeurtenis
from models.trajectnummer import trajectnummer
from workflow.gezin import Gezin
from workflow.verloop import SPLITSING, Verloop


def split_from(db: Connection, verloop: Verloop) -> str | None:
    """The number of the traject that this one was split off from."""
    herkomst = _origin(verloop.oorsprong)
    if herkomst is None:
        return None
    vraag = select(trajectnummer.c.nummer).where(trajectnummer.c.id == herkomst)
    return str(db.execute(vraag).scalar_one())


def split_off(db: Connection, verloop: Verloop) -> tuple[str, ...]:
    """The numbers of the trajecten that were split off from this one; a split that was withdrawn does not count."""
    geldig = {feit.volgnummer for feit in verloop.feiten if feit.soort == "migratie"}
    opdrachten = {rij.opdracht_id for rij in verloop.log if rij.volgnummer in geldig}
    if not opdrachten:
        return ()
    vraag = (
        select(trajectnummer.c.nummer, gebeurtenis.c.inhoud)
        .join(gebeurtenis, gebeurtenis.c.traject_id == trajectnummer.c.id)
        .where(gebeurtenis.c.opdracht_id.in_(opdrachten), gebeurtenis.c.soort == "start")
        .order_by(trajectnummer.c.id)
    )
    begonnen = [(rij.nummer, json.loads(rij.inhoud or "{}")) for rij in db.execute(vraag)]
    return tuple(nummer for nummer, inhoud in begonnen if _origin(inhoud) == verloop.traject_id)


def departures(gezin: Gezin) -> dict[str, int]:
    """Who left this family, with the moment (UTC microseconds) from which nothing new of them is of this dossier.

    That is the beginning of the day of the split, not when it was recorded: a new address is often known before.
    """
    wortels = [verloop for verloop in gezin if verloop.ouder_id is None]
    gebleven = {wie for verloop in wortels for wie in verloop.stand.deelnemers}
    dagen: dict[str, int] = {}
    for feit in (f for verloop in gezin for f in verloop.feiten if f.soort == "migratie"):
        for wie in feit.inhoud.get("vertrokken", ()):
            dagen[wie] = min(feit.dag, dagen.get(wie, feit.dag))
    weg = {**dagen, **{nieuw: dagen[oud] for oud, nieuw in _renamed(gezin) if oud in dagen}}
    return {wie: klok.end_of_day_us(dag - 1) for wie, dag in weg.items() if wie not in gebleven}


def _renamed(gezin: Gezin) -> Iterator[tuple[str, str]]:
    """People who were merged with another."""
    for feit in (f for verloop in gezin for f in verloop.feiten if f.soort == "samenvoeging"):
        yield feit.inhoud["van"], feit.inhoud["naar"]


def _origin(inhoud: Mapping[str, Any]) -> int | None:
    herkomst = inhoud.get("komt_uit") or {}
    return herkomst["traject"] if herkomst.get("soort") == SPLITSING else None
