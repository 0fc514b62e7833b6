"""Editions of a fixed report for publication: small numbers left out, also seen beside all published before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from models import klok
from models.rapport import rapportuitgave
from workflow.indicatoren import afscherming
from workflow.indicatoren.afscherming import GRENS, MAX_GRENS, MIN_GRENS, Sleutel
from workflow.opdracht import Actor
from workflow.rapporten import opmaken, vaststellen
from workflow.rapporten.vaststellen import VASTSTELLER, Rapport, VaststellenGeweigerd
from workflow.velden import InvoerGeweigerd

KOLOMMEN = ("rapport_id", "grens", "onderdrukt", "door", "vastgelegd_op")
GEWIJZIGD = "Dit rapport is in de database gewijzigd: er kan geen uitgave van worden gemaakt."


@dataclass(frozen=True, slots=True)
class Uitgave:
    """A published edition; `is_heel` says that nobody changed it in the database."""

    id: int
    rapport_id: int
    grens: int
    onderdrukt: frozenset[Sleutel]
    door: str
    vastgelegd_op: int
    is_heel: bool


def publish(db: Connection, rapport: Rapport, door: Actor, grens: int = GRENS) -> int:
    """Make an edition; returns its number. Raises VaststellenGeweigerd and InvoerGeweigerd."""
    if door.rol != VASTSTELLER:
        raise VaststellenGeweigerd("Alleen een coördinator maakt een uitgave voor publicatie.")
    if not rapport.is_heel:
        raise VaststellenGeweigerd(GEWIJZIGD)
    if not MIN_GRENS <= grens <= MAX_GRENS:
        raise InvoerGeweigerd({"grens": f"Kies een grens van {MIN_GRENS} tot en met {MAX_GRENS}."})
    afgeschermd = afscherming.protect(rapport.gegevens, grens, _earlier(db))
    rij = {
        "rapport_id": rapport.id,
        "grens": grens,
        "onderdrukt": opmaken.canonical(sorted(afscherming.keys(afgeschermd))),
        "door": door.pseudoniem,
        "vastgelegd_op": klok.now_us(),
    }
    rij["hash"] = _digest(rij)
    return int(db.execute(insert(rapportuitgave).values(rij).returning(rapportuitgave.c.id)).scalar_one())


def _earlier(db: Connection) -> list[afscherming.Uitgave]:
    """Every edition that was published, of whatever question: who reads them all may add and subtract."""
    gemaakt = editions(db)
    toen = {nummer: vaststellen.find(db, nummer) for nummer in {u.rapport_id for u in gemaakt}}
    return [afscherming.Uitgave(r.gegevens, u.onderdrukt) for u in gemaakt if (r := toen[u.rapport_id])]


def editions(db: Connection, rapport_id: int | None = None) -> list[Uitgave]:
    """Every edition, or those of one report, in order."""
    keuze = select(rapportuitgave).order_by(rapportuitgave.c.id)
    if rapport_id is not None:
        keuze = keuze.where(rapportuitgave.c.rapport_id == rapport_id)
    return [
        Uitgave(
            *(rij.id, rij.rapport_id, rij.grens, _keys(rij.onderdrukt), rij.door, rij.vastgelegd_op),
            rij.hash == _digest(rij._asdict()),
        )
        for rij in db.execute(keuze)
    ]


def _digest(rij: Mapping[str, Any]) -> str:
    """The hash over all columns but the number of the edition."""
    return opmaken.digest(opmaken.canonical({naam: rij[naam] for naam in KOLOMMEN}))


def _keys(tekst: str) -> frozenset[Sleutel]:
    return frozenset((code, maat, tuple(map(tuple, deel)), veld) for code, maat, deel, veld in json.loads(tekst))


def published(rapport: Rapport, uitgave: Uitgave) -> dict[str, Any]:
    """The figures of an edition, as they were published; how late each organisatie records stays inside."""
    gegevens = afscherming.mask(rapport.gegevens, uitgave.onderdrukt, uitgave.grens)
    return {k: v for k, v in gegevens.items() if k != "vastgesteld"} | {
        "invoer": gegevens["invoer"] | {"invoertijd": []}
    }
