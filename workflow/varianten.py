"""Which ways trajecten take through the map: variants, how long, where they begin and end, what follows what.

Of the main trajecten of the gemeente asked for that began in the period, whole as they are known. A variant is the row
of stappen a traject stood in, one after another; its last is where it is, or the stap in which it ended.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, select

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
    rijen = kader.lees(_stays(kader))
    if not rijen:
        return Wegen({}, {}, {}, {})
    ids, stappen, doelen, begin, dagen = zip(*rijen, strict=True)
    overstappen = Counter(zip(stappen, doelen, dagen, strict=True))
    trajecten: dict[Variant, list[int]] = defaultdict(list)
    begonnen_op, duur = {}, {}
    laatste = -1
    for traject_id, aantal in Counter(ids).items():
        eerste, laatste = laatste + 1, laatste + aantal
        variant, einde = stappen[eerste : laatste + 1], doelen[laatste]
        if doelen[eerste:laatste] != variant[1:]:
            variant = _reopened(rijen[eerste : laatste + 1], overstappen)
        trajecten[(*variant, einde) if einde else variant].append(traject_id)
        begonnen_op[traject_id] = begin[eerste]
        if dagen[laatste] is not None:
            duur[traject_id] = begin[laatste] + dagen[laatste] - begin[eerste]
    return Wegen(trajecten, _by_step(overstappen), begonnen_op, duur)


def _reopened(rijen: Sequence[Rij], overstappen: Counter[tuple[str, str | None, int]]) -> Variant:
    """The stappen of a traject that was opened again after an end: the end is one of them."""
    variant = [rijen[0][1]]
    for (_, _, doel, van, dagen), (_, stap, _, verder, _) in pairwise(rijen):
        if doel != stap:
            variant.append(doel)
            overstappen[doel, stap, verder - van - dagen] += 1
        variant.append(stap)
    return tuple(variant)


def _by_step(geteld: Mapping[tuple[str, str | None, int], int]) -> Mapping[tuple[str, str], Overstap]:
    overstappen: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for (van, naar, dagen), n in geteld.items():
        if naar is not None:
            overstappen[van, naar][dagen] += n
    return {van_naar: Overstap(dagen) for van_naar, dagen in overstappen.items()}


def begun(kader: Kader) -> Select[Any]:
    """The ids of the main trajecten of the gemeente asked for that began in the period."""
    w, periode = kader.tabel("verblijf").alias("eerste"), kader.vraag.periode
    return select(w.c.traject_id).where(
        *(*first_stay(w), w.c.route.in_(sorted(kader.wegwijzer.hoofdroutes))),
        *(w.c.van_dag >= periode.van, w.c.van_dag < periode.tot, *of_gemeente(kader, w)),
    )


def first_stay(verblijf: FromClause) -> list[ColumnElement[bool]]:
    """The condition that a row is the begin of a traject."""
    return [verblijf.c.niveau == "traject", verblijf.c.nr == 1]


def _stays(kader: Kader) -> Select[Any]:
    """Stays in stappen, in order, of who began in the period: where it went on to, and after how many days."""
    v = kader.tabel("verblijf")
    keuze = select(v.c.traject_id, v.c.stap, v.c.naar, v.c.van_dag, v.c.tot_dag - v.c.van_dag)
    return keuze.where(v.c.niveau == "stap", v.c.traject_id.in_(begun(kader))).order_by(v.c.traject_id, v.c.nr)
