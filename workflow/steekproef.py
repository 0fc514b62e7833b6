"""A random sample that a stranger can draw again: the same seed, the same log, the same rows.

Of each traject or gebeurtenis that answers the question the SHA-256 is taken of `SEED:KEY` in UTF-8, where the key is
the number of the traject, with `/volgnummer` for a gebeurtenis. The sample is what comes first in the order of these
hashes, written in lower-case hex. A larger sample with the same seed begins with the smaller one.

Of trajecten the population is the main ones that began in the period; of gebeurtenissen every row of the log with its
own day in it, corrections included, of all trajecten. The gemeente is that of the main traject at its begin. With
`bekend` all is as it was known then, so that what was recorded later changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from heapq import nsmallest
from typing import Any, Literal, NamedTuple

from sqlalchemy import Select, select

from models.gebeurtenis import gebeurtenis
from models.trajectnummer import trajectnummer
from workflow.indicatoren import Kader, Vraag
from workflow.indicatoren.rapport import position
from workflow.varianten import begun, first_stay
from workflow.zegels import Zegel, last

Soort = Literal["trajecten", "gebeurtenissen"]
SOORTEN: tuple[Soort, ...] = ("trajecten", "gebeurtenissen")
MAX_GROOTTE = 1_000
MAX_ZAAD = 64
BATCH = 2_000


class Trekking(NamedTuple):
    """What was drawn; its hash decides its place. `volgnummer` and what follows are of a gebeurtenis only."""

    hash: str
    sleutel: str
    nummer: str
    dag: int
    volgnummer: int | None = None
    soort: str | None = None
    route: str | None = None
    overgang: str | None = None


@dataclass(frozen=True, slots=True)
class Steekproef:
    """A sample and all that is needed to draw it again. `logpositie` counts the gebeurtenissen that it was drawn from.

    `populatie` is how many there were to draw from; the sample has fewer than `grootte` when there were not so many.
    """

    soort: Soort
    zaad: str
    grootte: int
    vraag: Vraag
    populatie: int
    logpositie: int
    zegel: Zegel | None
    getrokken: tuple[Trekking, ...]


def draw(kader: Kader, soort: Soort, grootte: int, zaad: str) -> Steekproef:
    """Draw `grootte` of them; the last seal on the log is named with it."""
    geteld = _Geteld()
    kandidaten = geteld.through(_candidates(kader, soort, zaad))
    getrokken = tuple(nsmallest(grootte, kandidaten))
    positie = position(kader.db, kader.vraag.bekend)
    return Steekproef(soort, zaad, grootte, kader.vraag, geteld.aantal, positie, last(kader.db), getrokken)


class _Geteld:
    """Counts what passes."""

    def __init__(self) -> None:
        self.aantal = 0

    def through(self, kandidaten: Iterator[Trekking]) -> Iterator[Trekking]:
        for kandidaat in kandidaten:
            self.aantal += 1
            yield kandidaat


def _candidates(kader: Kader, soort: Soort, zaad: str) -> Iterator[Trekking]:
    keuze = _trajecten(kader) if soort == "trajecten" else _gebeurtenissen(kader)
    for nummer, dag, *rest in kader.db.execute(keuze.execution_options(yield_per=BATCH)):
        sleutel = f"{nummer}/{rest[0]}" if rest else nummer
        yield Trekking(sha256(f"{zaad}:{sleutel}".encode()).hexdigest(), sleutel, nummer, dag, *rest)


def _trajecten(kader: Kader) -> Select[Any]:
    eerste = kader.tabel("verblijf").alias("begin")
    return (
        select(trajectnummer.c.nummer, eerste.c.van_dag)
        .join(eerste, eerste.c.traject_id == trajectnummer.c.id)
        .where(*first_stay(eerste), eerste.c.traject_id.in_(begun(kader)))
    )


def _gebeurtenissen(kader: Kader) -> Select[Any]:
    g, t, v = gebeurtenis.c, trajectnummer.c, kader.tabel("verblijf")
    periode, bekend, gemeente = kader.vraag.periode, kader.vraag.bekend, kader.vraag.gemeente
    route = select(v.c.route).where(*first_stay(v), v.c.traject_id == t.id).scalar_subquery()
    keuze = select(t.nummer, g.dag, g.volgnummer, g.soort, route, g.overgang).join(trajectnummer, t.id == g.traject_id)
    keuze = keuze.where(g.dag >= periode.van, g.dag < periode.tot)
    if bekend is not None:
        keuze = keuze.where(g.vastgelegd_op < bekend)
    if gemeente is not None:
        wortels = select(v.c.traject_id).where(*first_stay(v), v.c.gemeente == gemeente)
        keuze = keuze.where(t.wortel_id.in_(wortels))
    return keuze
