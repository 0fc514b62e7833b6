"""What stands beside figures and in their charts: norms and targets, breaks in a series, days not complete yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from web.filters import datum
from web.indicatorvraag import Keuze
from workflow.indicatoren import Kader
from workflow.indicatoren.begrippen import Maat
from workflow.indicatoren.invoertijd import incomplete_from
from workflow.indicatoren.maten import DEEL, Duur, Kans, Mediaan, Som, Telling, Verhouding
from workflow.indicatoren.weergave import Cijfer
from workflow.kalender import date_of
from workflow.rapporten import duiding
from workflow.rapporten.duiding import Breuk, Duiding, Opmerking, Streefwaarde

JAAR = "jaar"


def adds_up(maat: Maat) -> bool:
    """Whether parts of this figure may be put on top of each other: not shares, medians or different people."""
    return isinstance(maat, Som) or (isinstance(maat, Telling) and maat.uniek is None)


@dataclass(frozen=True)
class Merktekens:
    """The marks of one indicator for the question asked."""

    indicator: str
    keuze: Keuze
    duiding: Duiding
    onvolledig_vanaf: int | None
    vakken: Mapping[str, tuple[int, int]]
    """Parts of a breakdown by year, quarter or month: code -> its days [van, tot)."""

    @property
    def jaar(self) -> int:
        """The year whose norms count for the period as a whole."""
        return date_of(self.keuze.periode.peildatum).year

    def targets(self, maat: Maat) -> tuple[Streefwaarde, ...]:
        """The norms and targets of a figure for the period as a whole."""
        return tuple(s for s in self.duiding.targets(self.indicator, maat.code) if s.jaar == self.jaar)

    @cached_property
    def opmerkingen(self) -> tuple[Opmerking, ...]:
        """What was said of the years that are looked at."""
        jaren = range(date_of(self._eerste).year, self.jaar + 1)
        return tuple(o for o in self.duiding.comments(self.indicator) if o.jaar in jaren)

    @cached_property
    def breuken(self) -> tuple[Breuk, ...]:
        """The breaks between the first and the last day that are looked at, those of the comparison included."""
        dagen = range(self._eerste + 1, self.keuze.periode.tot)
        return tuple(breuk for breuk in self.duiding.breaks(self.indicator) if breuk.dag in dagen)

    @property
    def _eerste(self) -> int:
        return min(self.keuze.periode.van, self.keuze.eerder.van)

    @property
    def onvolledig(self) -> int | None:
        """The first day of the period that is not complete yet."""
        vanaf = self.onvolledig_vanaf
        return None if vanaf is None or vanaf >= self.keuze.periode.tot else max(vanaf, self.keuze.periode.van)

    def is_incomplete(self, cijfer: Cijfer) -> bool:
        """Whether a figure is of a part of the period of which not all is known yet."""
        vak = self.vakken.get(dict(cijfer.deel).get(DEEL, ""))
        return vak is not None and self.onvolledig_vanaf is not None and vak[1] > self.onvolledig_vanaf

    def is_period(self, cijfers: Sequence[Cijfer]) -> bool:
        """Whether these are of one year, quarter or month after another."""
        return any(dict(c.deel).get(DEEL) in self.vakken for c in cijfers)

    def on_bars(self, delen: Sequence[Cijfer]) -> dict[str, Any]:
        """Lines of norms and of breaks over bars; a break falls between two, the nearest to its day."""
        codes = [dict(c.deel).get(DEEL, "") for c in delen]
        return {"lijnen": self._lines(delen, codes), "breuken": self._breaks(codes)}

    def _lines(self, delen: Sequence[Cijfer], codes: Sequence[str]) -> list[dict[str, Any]]:
        """A norm is of a year: a count of less can not be held against it, a share or a median can."""
        maat, is_jaar = delen[0].maat, self.keuze.splits == JAAR and any(codes)
        if not is_jaar and not isinstance(maat, Verhouding | Mediaan | Duur | Kans):
            return []
        jaren = [int(code[:4]) if code in self.vakken else self.jaar for code in codes]
        per_soort: dict[str, list[list[float]]] = {}
        for s in self.duiding.targets(self.indicator, maat.code):
            per_soort.setdefault(s.soort.capitalize(), []).extend(
                [i, s.waarde] for i, j in enumerate(jaren) if j == s.jaar
            )
        return [{"naam": soort, "punten": sorted(punten)} for soort, punten in per_soort.items() if punten]

    def _breaks(self, codes: Sequence[str]) -> list[dict[str, Any]]:
        vakken = [self.vakken.get(code) for code in codes]
        geraakt = (
            (_edge(i, vak, breuk.dag), breuk)
            for breuk in self.breuken
            for i, vak in enumerate(vakken)
            if vak and vak[0] <= breuk.dag < vak[1]
        )
        return [{"plaats": plaats, "naam": f"reeksbreuk {datum(b.dag)}"} for plaats, b in geraakt if plaats > 0]

    def on_curves(self, maat: Maat) -> list[dict[str, Any]]:
        """Norms of how long something takes."""
        return [{"naam": s.soort.capitalize(), "dag": s.waarde} for s in self.targets(maat)]


def _edge(plaats: int, vak: tuple[int, int], dag: int) -> float:
    """The side of a bar that a break lies nearest to, so that it crosses no bar; its name says the day."""
    is_vooraan = dag - vak[0] < vak[1] - dag and (plaats > 0 or dag == vak[0])
    return plaats - 0.5 if is_vooraan else plaats + 0.5


def marks(kader: Kader, keuze: Keuze, indicator: str) -> Merktekens:
    """The marks of an indicator for this question."""
    vakken = {vak.code: (vak.van, vak.tot) for vak in kader.tijdvakken}
    return Merktekens(indicator, keuze, duiding.read(kader.db), incomplete_from(kader), vakken)
