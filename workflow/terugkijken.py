"""Looking back on two clocks: a traject as it stood at the end of a day, by what was known at the end of a day.

The family is folded anew from the part of its log that was known then, up to that day; every page and every term that
can be told of a family can so be told of then. Only the calendar of equated days is that of now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models import klok
from workflow.gezin import Gezin
from workflow.historie import effective
from workflow.splitsing import departures
from workflow.trajectpagina import Trajectpagina, page_of
from workflow.verhaal import Zin
from workflow.verloop import stand_of


@dataclass(frozen=True, slots=True)
class Moment:
    """A place on both clocks, in day numbers: what happened up to and with `op`, known up to and with `bekend`."""

    op: int
    bekend: int

    @property
    def bekend_tot(self) -> int:
        """The first microsecond that was not known then: the whole Amsterdam day counts."""
        return klok.end_of_day_us(self.bekend)


@dataclass(frozen=True, slots=True)
class Regel:
    """A gebeurtenis as it was known then; `is_later`: a correction moved it to a day after this one."""

    zin: Zin
    is_later: bool


@dataclass(frozen=True, slots=True)
class As:
    """One clock of a traject: its first and last day, and the days on which there is something to see."""

    eerste: int
    laatste: int
    dagen: tuple[int, ...]

    def before(self, dag: int) -> int | None:
        """The last day before this one on which there is something to see."""
        return max((d for d in self.dagen if d < dag), default=None)

    def after(self, dag: int) -> int | None:
        """The first day after this one on which there is something to see."""
        return min((d for d in self.dagen if d > dag), default=None)


@dataclass(frozen=True, slots=True)
class Terugblik:
    """A traject at a moment. `pagina` is None when it was not known yet; without a stap it had not begun."""

    moment: Moment
    pagina: Trajectpagina | None
    regels: tuple[Regel, ...]
    gebeurd: As
    bekend: As


def look_back(gezin: Gezin, nummer: str, moment: Moment, rol: str) -> Terugblik:
    """A traject of this family at a moment, as `rol` may see it. Raises OnbekendTraject."""
    verloop = gezin.by_nummer(nummer)
    toen = as_of(gezin, moment)
    vastgelegd = sorted({klok.day_of_us(rij.vastgelegd_op) for rij in verloop.log})
    eerste = min(*(rij.dag for rij in verloop.log), *(feit.dag for feit in verloop.feiten), vastgelegd[0])
    bekend = As(vastgelegd[0], max(klok.today(), vastgelegd[-1]), tuple(vastgelegd))
    if verloop.traject_id not in toen.trajecten:
        return Terugblik(moment, None, (), As(eerste, bekend.laatste, ()), bekend)
    pagina = page_of(toen, nummer, rol, moment.op, departures(gezin))
    dagen = tuple(sorted({zin.dag for zin in pagina.geschiedenis}))
    regels = tuple(_up_to(moment.op, pagina.geschiedenis))
    return Terugblik(moment, pagina, regels, As(eerste, bekend.laatste, dagen), bekend)


def as_of(gezin: Gezin, moment: Moment) -> Gezin:
    """The family as it was then; without the trajecten that were not known yet."""
    toen = Gezin(gezin.db, gezin.kaarten, gezin.kalender)
    for verloop in gezin:
        log = [rij for rij in verloop.log if rij.vastgelegd_op < moment.bekend_tot]
        if log:
            nieuw = toen.add(verloop.traject_id, verloop.nummer, verloop.wortel_id)
            nieuw.log = log
            feiten = [feit for feit in effective(log) if feit.dag <= moment.op]
            nieuw.stand = stand_of(verloop.traject_id, verloop.kaarten, feiten)
    return toen


def _up_to(op: int, zinnen: Iterable[Zin]) -> list[Regel]:
    """The lines that had happened by then, or had been said to; a correction goes with what it is about."""
    zinnen = list(zinnen)
    bij = {zin.volgnummer: zin for zin in zinnen}
    return [Regel(zin, zin.dag > op) for zin in zinnen if _was_said(zin, bij, op)]


def _was_said(zin: Zin, bij: dict[int, Zin], op: int) -> bool:
    doel = bij.get(zin.betreft or 0) if zin.is_correctie else None
    if doel is not None:
        return _was_said(doel, bij, op)
    return min(zin.dag, zin.dag_eerst, *(was.dag for was in zin.eerder)) <= op
