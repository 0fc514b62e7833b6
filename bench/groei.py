"""A database made larger in seconds: the trajecten that it holds again and again, under other numbers.

Chains, seals and projections of the copies are as they should be, so that all that reads the log can be asked of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, func, select

from models.database import insert_many, read_rows, transaction
from models.gebeurtenis import Gebeurtenis, gebeurtenis
from models.toelichting import toelichting
from models.trajectnummer import trajectnummer
from workflow import kluis
from workflow.keten import seal_row
from workflow.projectie import rebuild

_LOG = f"SELECT {', '.join(Gebeurtenis._fields)} FROM gebeurtenis ORDER BY traject_id, volgnummer"  # noqa: S608
_TEKSTEN = (
    "SELECT t.traject_id, t.volgnummer, t.veld, t.datasleutel_id, t.zout, t.tekst, d.omhuld FROM toelichting t"
    " JOIN datasleutel d ON d.id = t.datasleutel_id"
)
_VERWIJZINGEN = ("hoort_bij", "naar_traject")
"""What in the content of a row names another traject by its id."""


def rows_in(db: Connection) -> int:
    """How many rows the log holds."""
    return int(db.execute(select(func.count()).select_from(gebeurtenis)).scalar_one())


def grow(url: str, tot: int) -> None:
    """Add copies of all that is there until the log holds at least so many rows, and make the projections anew."""
    with transaction(url) as db:
        nummers = [tuple(rij) for rij in db.execute(select(trajectnummer).order_by(trajectnummer.c.id))]
        log = [Gebeurtenis._make(rij) for rij in read_rows(db, _LOG)]
        teksten = read_rows(db, _TEKSTEN)
        for nr in range(1, -(-tot // len(log))):
            _copy(db, nummers, log, nr)
            _copy_texts(db, teksten, nr * nummers[-1][0])
        rebuild(db)


def _copy(db: Connection, nummers: list[Any], log: list[Gebeurtenis], nr: int) -> None:
    """The copy with this number, so many ids further on."""
    verder, ids = nr * nummers[-1][0], nr * max(rij.id for rij in log)
    anders = [
        (i + verder, f"{naam.rpartition('-')[0]}-{i + verder:05}", wortel + verder) for i, naam, wortel in nummers
    ]
    insert_many(db, trajectnummer, anders)
    insert_many(db, gebeurtenis, [rij._replace(id=rij.id + ids) for rij in _moved(log, verder)])


def _copy_texts(db: Connection, teksten: list[tuple[Any, ...]], verder: int) -> None:
    """The texts again, each bound to its new place."""
    slot, nieuw = kluis.current(), []
    for traject_id, volgnummer, veld, sleutel_id, zout, geheim, omhuld in teksten:
        sleutel, rest = slot.unwrap(omhuld), f"{volgnummer}/{veld}"
        tekst = kluis.decrypt(sleutel, geheim, f"{traject_id}/{rest}")
        anders = kluis.encrypt(sleutel, tekst, f"{traject_id + verder}/{rest}")
        nieuw.append((traject_id + verder, volgnummer, veld, sleutel_id, anders, zout))
    insert_many(db, toelichting, nieuw, ("traject_id", "volgnummer", "veld", "datasleutel_id", "tekst", "zout"))


def _moved(log: list[Gebeurtenis], verder: int) -> Iterator[Gebeurtenis]:
    for _, rijen in groupby(log, key=attrgetter("traject_id")):
        vorige = None
        for rij in rijen:
            nieuw = rij._replace(traject_id=rij.traject_id + verder, sleutel=None)
            nieuw = seal_row(nieuw, _elsewhere(json.loads(str(rij.inhoud)), verder), vorige)
            vorige = nieuw.hash
            yield nieuw


def _elsewhere(inhoud: dict[str, Any], verder: int) -> dict[str, Any]:
    return {naam: waarde + verder if naam in _VERWIJZINGEN else waarde for naam, waarde in inhoud.items()}
