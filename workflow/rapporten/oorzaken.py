"""Through what a figure of a fixed report changed.

The rows behind it then and now tell which trajecten made the difference; what was recorded about them (or their
families) after the report is the cause.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, select

from models import klok
from models.gebeurtenis import gebeurtenis
from models.projectie import deelname
from models.traject import traject
from models.trajectnummer import trajectnummer
from workflow.indicatoren import Kader, Periode
from workflow.indicatoren.begrippen import Maat
from workflow.indicatoren.invoertijd import INGEVOERD
from workflow.indicatoren.maten import parts_of
from workflow.kalender import date_of
from workflow.rapporten.vaststellen import Rapport

CORRECTIES = ("intrekking", "verbetering", "samenvoeging")
CORRECTIE, LAAT, OPGAVE, DAARNA = "correctie", "laat", "opgave", "daarna"
"""Kinds of cause: a correction, recorded late, a report that came late, happened after the report."""


@dataclass(frozen=True, slots=True)
class Oorzaak:
    """A gebeurtenis that was recorded after the report."""

    soort: str
    nummer: str
    volgnummer: int
    dag: int
    vastgelegd_op: int


class Zoeker:
    """Finds through which gebeurtenissen a figure changed."""

    def __init__(self, nu: Kader, rapport: Rapport) -> None:
        self._nu, self._rapport = nu, rapport
        self._kaders: dict[Periode, tuple[Kader, Kader]] = {}
        self._opgaveroutes = nu.wegwijzer.routes("opgave")
        self._later = _recorded_after(nu.db, rapport.laatste_id)

    def behind(self, maat: Maat, deel: Mapping[str, str], periode: Periode) -> tuple[Oorzaak, ...]:
        """The causes of another number of a part, over a period."""
        kaders = self._then_and_now(periode)
        ids = {i for tellend in parts_of(maat) for i in _changed(tellend, deel, kaders)}
        return self._of(self._families(ids)) or self._of(self._families(self._of_same_people(ids)))

    def entered(self, organisatie: str, maand: str) -> tuple[Oorzaak, ...]:
        """What an organisatie recorded later of a month ("2025-03")."""
        van_wie = self._who_entered
        rijen = (r for r in self._later if van_wie.get(r.id) == organisatie and f"{date_of(r.dag):%Y-%m}" == maand)
        return tuple(self._cause(rij) for rij in rijen)

    @cached_property
    def _who_entered(self) -> Mapping[int, str]:
        """Row of the log after the report -> the organisatie that entered it."""
        g = gebeurtenis
        keuze = select(g.c.id, g.c.inhoud).where(g.c.id > self._rapport.laatste_id, g.c.soort.in_(INGEVOERD))
        rijen = self._nu.db.execute(keuze.where(g.c.inhoud.is_not(None)))
        return {i: json.loads(inhoud).get("organisatie", "") for i, inhoud in rijen}

    def _then_and_now(self, periode: Periode) -> tuple[Kader, Kader]:
        """The question about a period as known to the report, and as known now; an earlier year is never split."""
        if periode not in self._kaders:
            eigen = self._nu.vraag
            nu = self._nu if periode == eigen.periode else self._nu.ander(replace(eigen, periode=periode, splits=None))
            self._kaders[periode] = nu.ander(replace(nu.vraag, bekend=self._rapport.bekend_tot)), nu
        return self._kaders[periode]

    def _families(self, ids: Iterable[int]) -> set[int]:
        wortels = self._nu.wortels
        gezocht = {wortels.get(i, i) for i in ids}
        return {i for i, wortel in wortels.items() if wortel in gezocht}

    def _of_same_people(self, ids: Iterable[int]) -> set[int]:
        db, families = self._nu.db, sorted(self._families(ids))
        wie = select(deelname.c.deelnemer).where(deelname.c.traject_id.in_(families), deelname.c.soort == "persoon")
        return set(db.execute(select(deelname.c.traject_id).where(deelname.c.deelnemer.in_(wie))).scalars())

    def _of(self, ids: set[int]) -> tuple[Oorzaak, ...]:
        return tuple(self._cause(rij) for rij in self._later if rij.traject_id in ids)

    def _cause(self, rij: Any) -> Oorzaak:
        return Oorzaak(self._kind(rij), rij.nummer, rij.volgnummer, rij.dag, rij.vastgelegd_op)

    def _kind(self, rij: Any) -> str:
        if rij.route in self._opgaveroutes:
            return OPGAVE
        if rij.soort in CORRECTIES:
            return CORRECTIE
        return LAAT if rij.dag <= klok.day_of_us(self._rapport.bekend_tot - 1) else DAARNA


def _recorded_after(db: Connection, laatste_id: int) -> list[Any]:
    """All that was recorded after this row of the log."""
    g, t = gebeurtenis, trajectnummer
    keuze = (
        select(
            *(g.c.id, g.c.traject_id, g.c.volgnummer, g.c.soort, g.c.dag, g.c.vastgelegd_op),
            *(t.c.nummer, traject.c.route),
        )
        .join(t, t.c.id == g.c.traject_id)
        .outerjoin(traject, traject.c.id == g.c.traject_id)
        .where(g.c.id > laatste_id)
        .order_by(g.c.id)
    )
    return list(db.execute(keuze))


def _changed(tellend: Any, deel: Mapping[str, str], kaders: tuple[Kader, Kader]) -> set[int]:
    """The trajecten whose rows behind the figure are not what they were."""
    toen, nu = (Counter(tellend.lijst(kader, deel)) for kader in kaders)
    return {rij[0] for rij in ((toen - nu) + (nu - toen))}
