"""Sessions kept at the server, so that one can be ended at once and none lasts longer than it may.

The browser keeps a random token, the database only its digest: who reads the database cannot become somebody else.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, or_, update
from sqlalchemy.exc import OperationalError

from models import klok
from models.database import BUSY_MS, engine
from models.medewerker import medewerker, sessie
from workflow import zicht
from workflow.medewerkers import Medewerker, as_medewerker, people
from workflow.zicht import NIETS, Verborgen

IDLE = 30 * 60
"""Seconds without a request after which a session ends."""

ABSOLUTE = 10 * 3600
"""Seconds after log-in at which a session ends, however busy."""

REFRESH = 60
"""Seconds between two notes that a session is in use: not every page view has to write."""

HURRY_MS = 250


@dataclass(frozen=True, slots=True)
class Sessie:
    """A session in force: whose it is, when it began and when its use was noted last (UTC microseconds)."""

    medewerker: Medewerker
    begonnen_op: int
    gezien_op: int
    verborgen: Verborgen = NIETS
    """What is out of sight of this medewerker; not looked up when the session was locked."""

    @property
    def tot(self) -> int:
        """Until when it lasts if nothing more is done, in UTC microseconds."""
        return min(self.gezien_op + IDLE * klok.MICROSECONDS, self.begonnen_op + ABSOLUTE * klok.MICROSECONDS)

    @property
    def is_stale(self) -> bool:
        """Whether its use should be noted again."""
        return klok.now_us() - self.gezien_op >= REFRESH * klok.MICROSECONDS


def begin(db: Connection, medewerker_id: int) -> str:
    """Open a session and return its token; sessions that are over are cleared away."""
    token, nu = secrets.token_urlsafe(32), klok.now_us()
    db.execute(delete(sessie).where(_is_over(nu)))
    db.execute(sessie.insert().values(id=_digest(token), medewerker_id=medewerker_id, begonnen_op=nu, gezien_op=nu))
    return token


def find(db: Connection, token: str, lock: bool = False) -> Sessie | None:
    """The session of a token; None when there is none, it is over, or the account is blocked.

    With `lock` neither session nor account can change before the end of the transaction.
    """
    vraag = (
        people()
        .add_columns(sessie.c.begonnen_op, sessie.c.gezien_op)
        .join(sessie, sessie.c.medewerker_id == medewerker.c.id)
        .where(sessie.c.id == _digest(token), medewerker.c.is_actief, ~_is_over(klok.now_us()))
    )
    rijen = db.execute(vraag.with_for_update(read=True) if lock else _with_hidden(vraag)).all()
    if not rijen:
        return None
    verborgen = NIETS if lock else zicht.as_hidden(rijen)
    return Sessie(as_medewerker(rijen[0]), rijen[0].begonnen_op, rijen[0].gezien_op, verborgen)


def _with_hidden(vraag: Select[Any]) -> Select[Any]:
    """The same, with a row for each traject that is out of sight: it is asked for on every page."""
    dicht = and_(medewerker.c.rol != zicht.BEHEERDER, zicht.closed_to(medewerker.c.pseudoniem))
    return vraag.add_columns(*zicht.DICHT_KOLOMMEN).outerjoin(zicht.DICHT, dicht)


def touch(url: str, token: str, gevonden: Sessie) -> Sessie:
    """Note that a session is in use; the session as it stands then.

    Best effort: while a long import writes, nobody's page may wait for this, and the session is returned unchanged.
    """
    nu = klok.now_us()
    try:
        with engine(url).connect().execution_options(schrijft=False) as db, db.begin(), _hurried(db):
            db.execute(update(sessie).where(sessie.c.id == _digest(token)).values(gezien_op=nu))
    except OperationalError:
        return gevonden
    return replace(gevonden, gezien_op=nu)


def end(db: Connection, token: str) -> None:
    """End one session."""
    db.execute(delete(sessie).where(sessie.c.id == _digest(token)))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _is_over(nu: int) -> ColumnElement[bool]:
    stil, oud = nu - IDLE * klok.MICROSECONDS, nu - ABSOLUTE * klok.MICROSECONDS
    return or_(sessie.c.gezien_op <= stil, sessie.c.begonnen_op <= oud)


@contextmanager
def _hurried(db: Connection) -> Iterator[None]:
    """Wait for a lock no longer than HURRY_MS inside the block."""
    if db.dialect.name != "sqlite":
        db.exec_driver_sql(f"SET LOCAL lock_timeout='{HURRY_MS}ms'")
        yield
        return
    db.exec_driver_sql(f"PRAGMA busy_timeout={HURRY_MS}")
    try:
        yield
    finally:
        db.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MS}")
