"""From a histogram "after so many days, so many left this way" to medians and curves; exact, without any library.

Who is still there counts as long as seen. Leaving another way than asked is a competing outcome, not censoring: the
curve is the cumulative incidence of Aalen and Johansen (1978), with a 95 % band from its delta-method variance
(Marubini and Valsecchi 1995, par. 10.3). With one outcome it is one minus the curve of Kaplan and Meier (1958), and the
variance is that of Greenwood. Days are whole; who leaves on a day was still there for whoever else left that day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from math import sqrt

Histogram = Mapping[tuple[int, str], int]
"""(days, outcome) -> how many."""

Z_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Punt:
    """The curve from `dag` on: the share for whom it happened, its 95 % band, and how many were there until then."""

    dag: int
    aandeel: float
    onder: float
    boven: float
    in_beeld: int


@dataclass(frozen=True, slots=True)
class Kromme:
    """How many of a group reached an outcome within so many days. `n` began, `open` had not ended by any way."""

    punten: tuple[Punt, ...]
    n: int
    open: int

    def dag_van(self, aandeel: float) -> int | None:
        """The first day by which this share had reached it; None when that was not reached."""
        return next((punt.dag for punt in self.punten if punt.aandeel >= aandeel - 1e-12), None)

    @property
    def mediaan(self) -> int | None:
        """The day by which half had reached it."""
        return self.dag_van(0.5)


def cumulative_incidence(histogram: Histogram, gebeurtenis: Collection[str], is_open: str = "open") -> Kromme:
    """The curve of one kind of outcome among others; `is_open` names the outcome of who is still there."""
    in_beeld = totaal = sum(histogram.values())
    over, bereikt = 1.0, 0.0
    a = b = c = d = e = f = 0.0
    punten: list[Punt] = []
    for dag, van_dag in groupby(sorted(histogram), key=lambda sleutel: sleutel[0]):
        uit = {uitkomst: histogram[dag, uitkomst] for _, uitkomst in van_dag}
        weg = sum(n for uitkomst, n in uit.items() if uitkomst != is_open)
        zo = sum(n for uitkomst, n in uit.items() if uitkomst in gebeurtenis)
        if weg:
            bereikt += over * zo / in_beeld
            if in_beeld > weg:
                gewicht = weg / (in_beeld * (in_beeld - weg))
                a, b, c = a + gewicht, b + gewicht * bereikt, c + gewicht * bereikt * bereikt
            d += over * over * zo * (in_beeld - zo) / in_beeld**3
            e, f = e + over * zo / in_beeld**2, f + bereikt * over * zo / in_beeld**2
            over *= 1 - weg / in_beeld
        if zo:
            spreiding = bereikt * bereikt * a - 2 * bereikt * b + c + d - 2 * (bereikt * e - f)
            marge = Z_95 * sqrt(max(spreiding, 0.0))
            punten.append(Punt(dag, bereikt, max(bereikt - marge, 0.0), min(bereikt + marge, 1.0), in_beeld))
        in_beeld -= sum(uit.values())
    return Kromme(tuple(punten), totaal, sum(n for (_, uitkomst), n in histogram.items() if uitkomst == is_open))


def any_exit(histogram: Histogram, is_open: str = "open") -> Kromme:
    """The curve of leaving by whatever way: one minus Kaplan-Meier."""
    return cumulative_incidence(histogram, {uitkomst for _, uitkomst in histogram} - {is_open}, is_open)


def median_finished(histogram: Histogram, gebeurtenis: Collection[str]) -> float | None:
    """The plain median of those who reached it, half a day where two share the middle; None when there are none."""
    return median((dagen, n) for (dagen, uitkomst), n in histogram.items() if uitkomst in gebeurtenis)


def median(paren: Iterable[tuple[float, int]]) -> float | None:
    """The median of values with how often each occurs."""
    keren: Counter[float] = Counter()
    for waarde, n in paren:
        keren[waarde] += n
    totaal = keren.total()
    if not totaal:
        return None
    laag, hoog = _nth(keren, (totaal - 1) // 2), _nth(keren, totaal // 2)
    return laag if laag == hoog else (laag + hoog) / 2


def percentile(paren: Iterable[tuple[float, int]], deel: float) -> float | None:
    """The smallest value that at least this share does not exceed."""
    keren: Counter[float] = Counter()
    for waarde, n in paren:
        keren[waarde] += n
    if not keren.total():
        return None
    return _nth(keren, max(0, -int(-(keren.total() * deel) // 1) - 1))


def _nth(keren: Mapping[float, int], plaats: int) -> float:
    gezien = 0
    for waarde in sorted(keren):
        gezien += keren[waarde]
        if gezien > plaats:
            return waarde
    raise IndexError(plaats)
