"""The only clock: UTC for what we knew, the Amsterdam calendar day for when it was so.

Everything that needs the time asks here, so that a demo caseload, a test or a replay can set it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
EPOCH = date(1970, 1, 1).toordinal()
MICROSECONDS = 1_000_000

_gezet: ContextVar[datetime | None] = ContextVar("klok", default=None)


def now() -> datetime:
    """The present moment in UTC."""
    return _gezet.get() or datetime.now(UTC)


def microseconds(moment: datetime) -> int:
    """UTC microseconds since 1970 of an aware moment, exact (no floats)."""
    verschil = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (verschil.days * 86_400 + verschil.seconds) * MICROSECONDS + verschil.microseconds


def now_us() -> int:
    """The present moment as UTC microseconds since 1970."""
    return microseconds(now())


def moment_of(us: int) -> datetime:
    """The aware UTC moment of a number of microseconds since 1970."""
    seconden, rest = divmod(us, MICROSECONDS)
    return datetime.fromtimestamp(seconden, UTC).replace(microsecond=rest)


def day_of(moment: datetime) -> int:
    """The Amsterdam calendar day of a moment, as days since 1970-01-01."""
    return moment.astimezone(AMSTERDAM).date().toordinal() - EPOCH


def today() -> int:
    """The present Amsterdam calendar day, as days since 1970-01-01."""
    return day_of(now())


def end_of_day_us(dag: int) -> int:
    """The first microsecond after this Amsterdam day: what was known "on" a day includes all of it."""
    volgende = date.fromordinal(dag + 1 + EPOCH)
    return microseconds(datetime(volgende.year, volgende.month, volgende.day, tzinfo=AMSTERDAM))


def day_of_us(us: int) -> int:
    """The Amsterdam calendar day of a number of UTC microseconds since 1970."""
    return day_of(moment_of(us))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at this aware moment inside the block."""
    token = _gezet.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _gezet.reset(token)
