"""The phase ledger: what was in each fase when the period began, what came in, what went out, and what was left.

What was there and came in is what went out and was left: an equation that holds for every fase, period and moment of
knowing. Stays of one day count on both sides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, case, func, select

from workflow.indicatoren.bronnen import of_gemeente

if TYPE_CHECKING:
    from workflow.indicatoren.kader import Kader

INGANGEN: Mapping[str, str] = {
    "start": "Melding",
    "overgang": "Uit een andere fase",
    "splitsing": "Door splitsing",
    "heropend": "Heropend",
    "import": "Ingelezen",
    "migratie": "Andere kaart",
}
UITGANGEN: Mapping[str, str] = {
    "door": "Naar een andere fase",
    "succes": "Succes",
    "uitval": "Uitval",
    "neutraal": "Neutraal",
    "afwijzing": "Afwijzing",
    "splitsing": "Door splitsing",
}


@dataclass(slots=True)
class Faseregel:
    """One fase: open when the period began, in by ingang, out by class, open when it ended."""

    fase: str
    open_begin: int = 0
    erin: Counter[str] = field(default_factory=Counter)
    eruit: Counter[str] = field(default_factory=Counter)
    open_eind: int = 0

    @property
    def klopt(self) -> bool:
        """Whether both sides are equal."""
        return self.open_begin + self.erin.total() == self.eruit.total() + self.open_eind

    def add(self, ingang: str, begin: str, klasse: str | None, eind: str, n: int) -> None:
        """Take in stays that began and ended before, in or after the period."""
        if begin == "voor" and eind != "voor":
            self.open_begin += n
        if begin == "in":
            self.erin[ingang] += n
        if begin != "na" and eind == "in":
            self.eruit[str(klasse)] += n
        if begin != "na" and eind == "na":
            self.open_eind += n


def phase_ledger(kader: Kader) -> Sequence[Faseregel]:
    """The lines of the ledger in the order of the map; fasen with nothing in them are left out."""
    regels: dict[str, Faseregel] = {}
    for fase, ingang, begin, klasse, eind, n in kader.lees(_stays(kader)):
        regels.setdefault(fase, Faseregel(fase)).add(ingang, begin, klasse, eind, n)
    volgorde = list(kader.wegwijzer.namen["fase"])
    gevuld = [r for r in regels.values() if r.open_begin or r.erin or r.open_eind]
    return sorted(gevuld, key=lambda regel: volgorde.index(regel.fase))


def _stays(kader: Kader) -> Select[Any]:
    v, periode = kader.tabel("verblijf"), kader.vraag.periode

    def when(dag: ColumnElement[Any]) -> ColumnElement[str]:
        return case((dag < periode.van, "voor"), (dag < periode.tot, "in"), else_="na")

    kolommen = (v.c.fase, v.c.ingang, when(v.c.van_dag).label("begin"), v.c.klasse, when(v.c.tot_dag).label("eind"))
    return (
        select(*kolommen, func.count())
        .where(v.c.niveau == "fase", v.c.route.in_(sorted(kader.wegwijzer.hoofdroutes)), *of_gemeente(kader, v))
        .group_by(*kolommen)
    )
