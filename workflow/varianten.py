"""Which ways trajecten take through the map: variants, how long, where they begin and end, what follows what.

Of the main trajecten of the gemeente asked for that began in the period, whole as they are known. A variant is the row
of stappen a traject stood in, one after another; its last is where it is, or the stap in which it ended.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, zip_longest
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, select

from models.traject import traject
from workflow.indicatoren import Kader
from workflow.indicatoren.begrippen import Rij
from workflow.indicatoren.bronnen import of_gemeente
from workflow.statistiek import median, percentile

Variant = tuple[str, ...]
"""Codes of stappen in the order in which a traject stood in them."""


@dataclass(frozen=True, slots=True)
class Overstap:
    """From one stap to the next: how often, and after how many days in the first."""

    dagen: Counter[int]

    @property
    def n(self) -> int:
        """How often."""
        return self.dagen.total()

    @property
    def mediaan(self) -> float | None:
        """The middle of the days."""
        return median(list(self.dagen.items()))

    @property
    def p90(self) -> float | None:
        """Nine in ten took no more days."""
        return percentile(list(self.dagen.items()), 0.9)


@dataclass(frozen=True, slots=True)
class Wegen:
    """All ways taken: variant -> which trajecten; of each the day it began, and of what ended how many days it took."""

    trajecten: Mapping[Variant, Sequence[int]]
    overstappen: Mapping[tuple[str, str], Overstap]
    begonnen_op: Mapping[int, int]
    duur: Mapping[int, int]

    @property
    def aantal(self) -> int:
        """How many trajecten there are."""
        return sum(map(len, self.trajecten.values()))

    @property
    def begin(self) -> Counter[str]:
        """In which stap trajecten began."""
        return self._counted(0)

    @property
    def eind(self) -> Counter[str]:
        """In which stap they stand, or ended."""
        return self._counted(-1)

    def _counted(self, plaats: int) -> Counter[str]:
        geteld: Counter[str] = Counter()
        for variant, wie in self.trajecten.items():
            geteld[variant[plaats]] += len(wie)
        return geteld


def ways(kader: Kader) -> Wegen:
    """The ways of the trajecten that began in the period of the question."""
    rijen = list(_as_known(kader)) if kader.vraag.bekend is not None else kader.lees(_as_projected(kader))
    per_weg: dict[str, list[Rij]] = defaultdict(list)
    for rij in rijen:
        per_weg[rij[1]].append(rij)
    trajecten: dict[Variant, Sequence[int]] = {}
    overstappen: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for weg, groep in per_weg.items():
        ids, _, dagen, *_ = zip(*groep, strict=True)
        variant = tuple(weg.split())
        trajecten[variant] = ids
        _count_steps(overstappen, variant, " ".join(dagen).split())
    return Wegen(
        trajecten,
        {stap: _with_days(geteld) for stap, geteld in overstappen.items()},
        {wie: begin for wie, _, _, begin, _ in rijen},
        {wie: einde - begin for wie, _, _, begin, einde in rijen if einde is not None},
    )


def _count_steps(overstappen: dict[tuple[str, str], Counter[str]], variant: Variant, dagen: Sequence[str]) -> None:
    """Count the steps of all trajecten of a variant; `dagen` are those of one traject after those of another."""
    for plaats, stap in enumerate(pairwise(variant)):
        overstappen[stap].update(dagen[plaats :: len(variant) - 1])


def _with_days(geteld: Mapping[str, int]) -> Overstap:
    return Overstap(Counter({int(dagen): n for dagen, n in geteld.items()}))


def _as_projected(kader: Kader) -> Select[Any]:
    """Id, way, days between its stappen, first and last day of each traject that began in the period."""
    t, w = traject, kader.tabel("verblijf").alias("eerste")
    keuze = select(t.c.id, t.c.weg, t.c.weg_dagen, w.c.van_dag, t.c.beeindigd_op)
    hoofd = t.c.route.in_(sorted(kader.wegwijzer.hoofdroutes))
    return keuze.where(hoofd, w.c.traject_id == t.c.id, *_is_begun(kader, w)).order_by(t.c.id)


def _as_known(kader: Kader) -> Iterator[Rij]:
    """The same of what was known at a moment: no projection holds the ways of then."""
    for wie, groep in groupby(kader.lees(_stays(kader)), key=itemgetter(0)):
        verblijven = list(groep)
        stappen, begin = zip(*_walk(verblijven), strict=True)
        dagen = " ".join(str(later - eerder) for eerder, later in pairwise(begin))
        yield wie, " ".join(stappen), dagen, begin[0], verblijven[-1][-1]


def _walk(verblijven: Sequence[Rij]) -> Iterator[tuple[str, int]]:
    """The stappen with the day of each; an end is one of them, also when the traject was opened again."""
    for (_, stap, naar, van, tot), volgende in zip_longest(verblijven, verblijven[1:]):
        yield stap, van
        if naar is not None and (volgende is None or volgende[1] != naar):
            yield naar, tot


def begun(kader: Kader) -> Select[Any]:
    """The ids of the main trajecten of the gemeente asked for that began in the period."""
    w = kader.tabel("verblijf").alias("eerste")
    return select(w.c.traject_id).where(*_is_begun(kader, w))


def _is_begun(kader: Kader, w: FromClause) -> list[ColumnElement[bool]]:
    """The conditions that a row is the begin of such a traject."""
    periode = kader.vraag.periode
    return [
        *(*first_stay(w), w.c.route.in_(sorted(kader.wegwijzer.hoofdroutes))),
        *(w.c.van_dag >= periode.van, w.c.van_dag < periode.tot, *of_gemeente(kader, w)),
    ]


def first_stay(verblijf: FromClause) -> list[ColumnElement[bool]]:
    """The condition that a row is the begin of a traject."""
    return [verblijf.c.niveau == "traject", verblijf.c.nr == 1]


def _stays(kader: Kader) -> Select[Any]:
    """Stays in stappen, in order, of who began in the period: where it went on to, from which day until which."""
    v = kader.tabel("verblijf")
    keuze = select(v.c.traject_id, v.c.stap, v.c.naar, v.c.van_dag, v.c.tot_dag)
    return keuze.where(v.c.niveau == "stap", v.c.traject_id.in_(begun(kader))).order_by(v.c.traject_id, v.c.nr)
