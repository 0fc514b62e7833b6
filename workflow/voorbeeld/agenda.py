"""The agenda: which life course goes on when, in order of recording, within office hours.

A life course is a generator. It yields the day on which it wants to go on and is resumed on that day, or on the first
werkdag after it, with the clock of `models/klok.py` standing at a moment in office hours. What lies beyond the end is
never resumed: such a traject is still open. So is one whose life course was refused something: `gestrand` tells of it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from typing import Any

from models import klok
from workflow.kalender import STANDAARDKALENDER, date_of
from workflow.machine import OvergangGeweigerd
from workflow.velden import InvoerGeweigerd
from workflow.voorbeeld.loting import Loting

Loop = Generator[int, None, Any]
Dag = Generator[int, None, int]
"""A part of a life course that ends with a day."""

OPENING = time(8, 30)
OPEN_SECONDEN = 8 * 3600
TUSSENTIJD = (90, 1500)
"""Seconds between two things that one life course does on one day."""


def workday(dag: int) -> int:
    """This day, or the first werkdag after it."""
    while not STANDAARDKALENDER.is_werkdag(dag):
        dag += 1
    return dag


class Agenda:
    """Life courses waiting for their moment; those after the last day (exclusive) are dropped."""

    def __init__(self, loting: Loting, tot_dag: int) -> None:
        self._loting = loting
        self._tot = _at(date_of(tot_dag), time(0))
        self._wachtend: list[tuple[datetime, int, Loop, Loting]] = []
        self._teller = 0
        self._nu: datetime | None = None
        self.gestrand: list[Exception] = []

    def plan(self, loop: Loop, dag: int, loting: Loting | None = None) -> None:
        """Let a life course go on (or begin) on this day; with chance of its own, the others come out the same."""
        loting = loting or self._loting
        moment = self._moment(dag, loting)
        if moment < self._tot:
            self._teller += 1
            heappush(self._wachtend, (moment, self._teller, loop, loting))

    def plan_once(self, doen: Callable[[], object], dag: int) -> None:
        """Let one thing be done on this day."""
        self.plan(_once(doen), dag)

    def run(self) -> None:
        """Resume all life courses, earliest first, until none waits."""
        while self._wachtend:
            self._nu, _, loop, loting = heappop(self._wachtend)
            with klok.at(self._nu):
                self._resume(loop, loting)

    def _resume(self, loop: Loop, loting: Loting) -> None:
        try:
            self.plan(loop, next(loop), loting)
        except StopIteration:
            return
        except (OvergangGeweigerd, InvoerGeweigerd, LookupError) as fout:
            self.gestrand.append(fout)

    def _moment(self, dag: int, loting: Loting) -> datetime:
        """A moment in office hours on the first werkdag from this day on, not before the present one."""
        if self._nu and dag <= klok.day_of(self._nu):
            return self._nu + timedelta(seconds=loting.between(*TUSSENTIJD), microseconds=_micro(loting))
        open_ = _at(date_of(workday(dag)), OPENING)
        return open_ + timedelta(seconds=loting.between(0, OPEN_SECONDEN), microseconds=_micro(loting))


def _micro(loting: Loting) -> int:
    return loting.between(0, klok.MICROSECONDS - 1)


def _once(doen: Callable[[], object]) -> Loop:
    doen()
    yield from ()


def _at(datum: date, tijd: time) -> datetime:
    return datetime.combine(datum, tijd, klok.AMSTERDAM).astimezone(UTC)
