"""Late entry: how long after it happened something was recorded, by organisatie and month; and since when it matters.

Counted are starts and overgangen that somebody entered. Deliveries are left out (their source has a time of its own),
and so are corrections: those are late by nature. Of one gemeente, counted is what happened in its trajecten.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select

from models import klok
from models.gebeurtenis import gebeurtenis
from workflow.indicatoren.bronnen import of_gemeente
from workflow.kalender import date_of
from workflow.statistiek import median, percentile

if TYPE_CHECKING:
    from workflow.indicatoren.kader import Kader

INGEVOERD = ("start", "overgang")
UUR = 3600 * klok.MICROSECONDS
IJKTIJD_DAGEN = 365
RIJPTIJD_DAGEN = 90
"""Delays are learned from what happened in a year that ended so long ago that nearly all of it has been recorded."""

COMPLEET = 0.95
"""A day counts as complete when this share of what happened on it is usually known."""

TE_LAAT_DAGEN = 7


@dataclass(frozen=True, slots=True)
class Invoertijd:
    """How late an organisatie recorded what happened in a month ("2025-03"); `laat` is more than a week."""

    organisatie: str
    maand: str
    n: int
    mediaan: float | None
    p90: float | None
    laat: int


def delays(kader: Kader) -> list[Invoertijd]:
    """By organisatie and month, of what happened in the period, in the gemeente asked for."""
    g, periode = gebeurtenis, kader.vraag.periode
    keuze = _entered(kader, select(g.c.dag, g.c.vastgelegd_op, g.c.inhoud), periode.van, periode.tot)
    keuze = keuze.where(g.c.inhoud.is_not(None))
    per_deel: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for dag, vastgelegd_op, inhoud in kader.db.execute(keuze):
        organisatie = json.loads(inhoud).get("organisatie", "")
        per_deel[organisatie, f"{date_of(dag):%Y-%m}"][_late(dag, vastgelegd_op)] += 1
    return [_summary(*deel, keren) for deel, keren in sorted(per_deel.items())]


def _summary(organisatie: str, maand: str, keren: Mapping[int, int]) -> Invoertijd:
    laat = sum(n for dagen, n in keren.items() if dagen > TE_LAAT_DAGEN)
    paren = list(keren.items())
    return Invoertijd(organisatie, maand, sum(keren.values()), median(paren), percentile(paren, 0.9), laat)


def _late(dag: int, vastgelegd_op: int) -> int:
    return max(0, klok.day_of_us(vastgelegd_op) - dag)


def _entered(kader: Kader, keuze: Select[Any], van: int, tot: int) -> Select[Any]:
    g, bekend = gebeurtenis, kader.vraag.bekend
    keuze = keuze.where(g.c.soort.in_(INGEVOERD), g.c.bron_vastgelegd_op.is_(None), g.c.dag >= van, g.c.dag < tot)
    if kader.vraag.gemeente is not None:
        keuze = keuze.where(g.c.traject_id.in_(_of_the_gemeente(kader)))
    return keuze if bekend is None else keuze.where(g.c.vastgelegd_op < bekend)


def _of_the_gemeente(kader: Kader) -> Select[Any]:
    v = kader.tabel("verblijf")
    return select(v.c.traject_id).where(v.c.niveau == "traject", *of_gemeente(kader, v))


def incomplete_from(kader: Kader) -> int | None:
    """The first day that is not complete yet, seen on the day of which is asked what was known.

    None when nothing was late or nothing is known.
    """
    op = kader.vraag.bekend_op
    tot = op - RIJPTIJD_DAGEN
    dagen = percentile(_spread(kader, tot - IJKTIJD_DAGEN, tot), COMPLEET)
    return op - int(dagen) if dagen else None


def _spread(kader: Kader, van: int, tot: int) -> Iterable[tuple[float, int]]:
    """How many were how late. Amsterdam is whole hours away from UTC, so counting by hour loses nothing."""
    uur = gebeurtenis.c.vastgelegd_op // UUR
    keuze = _entered(kader, select(gebeurtenis.c.dag, uur.label("uur"), func.count()), van, tot)
    for dag, tijd, n in kader.db.execute(keuze.group_by(gebeurtenis.c.dag, "uur")):
        yield _late(dag, int(tijd) * UUR), n
