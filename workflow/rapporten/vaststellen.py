"""Fixed reports: kept for ever with question, definitions, versions, seal on the log and result.

The seal is taken while no writer is under way: on SQLite a writing transaction stands alone, on PostgreSQL the log is
locked against writers for as long as the measuring takes. It signs the hash of the result along with the log. The
result holds all that the other columns say once more, so that none of them can be changed unseen.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from models import klok
from models.gebeurtenis import gebeurtenis
from models.rapport import rapport
from models.zegel import zegel
from workflow import zegels
from workflow.indicatoren import Indicator, Kader, Vraag
from workflow.opdracht import Actor
from workflow.rapporten import opmaken
from workflow.velden import InvoerGeweigerd

MAX_OPMERKING = 500
VASTSTELLER = "coordinator"


class VaststellenGeweigerd(Exception):
    """Who asks it may not; `zin` says so in Dutch."""

    def __init__(self, zin: str) -> None:
        super().__init__(zin)
        self.zin = zin


@dataclass(frozen=True, slots=True)
class Rapport:
    """A fixed report. `gegevens` is what was measured then; `is_heel` says that nobody changed it in the database."""

    id: int
    vraag: dict[str, Any]
    gegevens: dict[str, Any]
    logpositie: int
    zegel_id: int
    laatste_id: int
    bekend_tot: int
    hash: str
    is_heel: bool
    opmerking: str
    door: str
    vastgelegd_op: int

    @property
    def gevraagd(self) -> Vraag:
        """The question."""
        return opmaken.asked(self.vraag)


def fix(
    db: Connection,
    vraag: Vraag,
    indicatoren: Sequence[Indicator],
    door: Actor,
    opmerking: str = "",
    done: Callable[[int], None] = lambda _: None,
    sleutel: str | None = None,
) -> int:
    """Measure and keep; returns the number of the report. Raises VaststellenGeweigerd and InvoerGeweigerd.

    What was fixed before under the same `sleutel` (32 hex digits) is not fixed again.
    """
    if door.rol != VASTSTELLER:
        raise VaststellenGeweigerd("Alleen een coördinator stelt een rapport vast.")
    if len(opmerking.strip()) > MAX_OPMERKING:
        raise InvoerGeweigerd({"opmerking": f"Hoogstens {MAX_OPMERKING} tekens."})
    zegels.hold_writers(db)
    vraag = vraag.gevolgd
    gevraagd = opmaken.question(vraag, [indicator.code for indicator in indicatoren])
    if sleutel and (eerder := _fixed_by(db, sleutel, opmaken.canonical(gevraagd), opmerking.strip())):
        return eerder
    bekend_tot = vraag.bekend or _after_all(db)
    gegevens = opmaken.make(Kader(db, vraag), indicatoren, done=done)
    gegevens["vastgesteld"] = {
        "vraag": gevraagd,
        "bekend_tot": bekend_tot,
        "opmerking": opmerking.strip(),
        "door": door.pseudoniem,
        "vastgelegd_op": klok.now_us(),
        "sleutel": sleutel or secrets.token_hex(16),
    }
    rij = _columns(gegevens)
    rij["zegel_id"] = zegels.take(db, rij["resultaat_hash"]).id
    return int(db.execute(insert(rapport).values(rij).returning(rapport.c.id)).scalar_one())


def _fixed_by(db: Connection, sleutel: str, vraag: str, opmerking: str) -> int | None:
    """The report that was fixed by this form. Raises InvoerGeweigerd when it asked something else then."""
    rij = db.execute(select(rapport).where(rapport.c.sleutel == sleutel)).first()
    if rij and (rij.vraag, rij.opmerking) != (vraag, opmerking):
        zin = f"Met dit formulier is rapport {rij.id} al vastgesteld: open de pagina opnieuw voor een ander."
        raise InvoerGeweigerd({"opmerking": zin})
    return rij.id if rij else None


def _columns(gegevens: dict[str, Any]) -> dict[str, Any]:
    """Every column of a report but its number and its seal, as its result says them."""
    resultaat, vast = opmaken.canonical(gegevens), gegevens["vastgesteld"]
    return {
        "vraag": opmaken.canonical(vast["vraag"]),
        "definities": opmaken.canonical(gegevens["definities"]),
        "programma": gegevens["gemaakt"]["programma"],
        "routekaart": gegevens["gemaakt"]["routekaart"]["sha256"],
        "logpositie": gegevens["logpositie"],
        "laatste_id": gegevens["gemaakt"]["laatste_gebeurtenis"],
        "resultaat": resultaat,
        "resultaat_hash": opmaken.digest(resultaat),
        **{naam: vast[naam] for naam in ("bekend_tot", "opmerking", "door", "vastgelegd_op", "sleutel")},
    }


def is_whole(rij: Row[Any]) -> bool:
    """Whether every column of a report is what its result says; the seal signs the hash of that."""
    try:
        kolommen = _columns(json.loads(rij.resultaat))
    except (ValueError, KeyError, TypeError):
        return False
    return all(rij._mapping[naam] == waarde for naam, waarde in kolommen.items())


def _after_all(db: Connection) -> int:
    """The first microsecond after all that was recorded."""
    laatste = db.execute(select(func.max(gebeurtenis.c.vastgelegd_op))).scalar_one() or 0
    return max(laatste + 1, klok.now_us())


def find(db: Connection, nummer: int) -> Rapport | None:
    """A fixed report; None when there is none of this number."""
    rij = db.execute(_SEALED.where(rapport.c.id == nummer)).first()
    return _read(rij) if rij else None


def all_fixed(db: Connection) -> list[Rapport]:
    """Every fixed report, the last one first."""
    return [_read(rij) for rij in db.execute(_SEALED.order_by(rapport.c.id.desc()))]


_SEALED = select(rapport, zegel.c.rapport_hash).outerjoin(zegel, zegel.c.id == rapport.c.zegel_id)


def _read(rij: Row[Any]) -> Rapport:
    return Rapport(
        rij.id,
        json.loads(rij.vraag),
        json.loads(rij.resultaat),
        rij.logpositie,
        rij.zegel_id,
        rij.laatste_id,
        rij.bekend_tot,
        rij.resultaat_hash,
        is_whole(rij) and rij.rapport_hash == rij.resultaat_hash,
        rij.opmerking,
        rij.door,
        rij.vastgelegd_op,
    )
