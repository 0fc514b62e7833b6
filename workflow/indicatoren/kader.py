"""What one report works with: tables as asked for, labels of the map, and what was read once for all figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, FromClause, Select, select
from sqlalchemy.dialects import postgresql, sqlite

from models.database import read_rows
from models.kalenderdag import kalenderdag
from models.projectie import OVER_TIME
from models.trajectnummer import trajectnummer
from workflow.gezin import load_kalender
from workflow.indicatoren.begrippen import Bron, Rij, Vraag
from workflow.indicatoren.regels import Regel, read_lines
from workflow.indicatoren.wegwijzer import Wegwijzer
from workflow.kaarten import Kaarten
from workflow.kalender import Kalender
from workflow.projectie import as_known

ONBEKEND = "onbekend"
"""The part of those for whom the answer is not known."""

PERIODEN = ("jaar", "kwartaal", "maand")
_DIALECTEN = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}


class Kader:
    """One question to the database. Bronnen ask it for tables, lines and rows; each is read once."""

    def __init__(self, db: Connection, vraag: Vraag, wegwijzer: Wegwijzer | None = None) -> None:
        self.db = db
        self.vraag = vraag
        self.wegwijzer = wegwijzer or Wegwijzer(Kaarten(db).values())
        self._rijen: dict[str, Sequence[Rij]] = {}
        self._groepen: dict[tuple[str, tuple[str, ...]], Mapping[Rij, int]] = {}
        self._kenmerken: dict[str, Mapping[int, Sequence[tuple[int, int | None, str]]]] = {}
        self.gevraagd: dict[str, tuple[str, ...]] = {}

    def ander(self, vraag: Vraag) -> Kader:
        """A frame for another question to the same database."""
        return Kader(self.db, vraag, self.wegwijzer)

    def zonder_splitsing(self) -> Kader:
        """The same question, without a breakdown."""
        return self.ander(replace(self.vraag, splits=None)) if self.vraag.splits else self

    @cached_property
    def kalender(self) -> Kalender:
        """The calendar, for terms."""
        return load_kalender(self.db)

    def tabel(self, naam: str) -> FromClause:
        """A projection over time: as it is, or as it was known at the moment asked for."""
        if self.vraag.bekend is None:
            return OVER_TIME[naam][0]
        return as_known(naam, self.vraag.bekend).subquery(naam)

    def lees(self, keuze: Select[Any]) -> list[Rij]:
        """The rows of a select as plain tuples, straight from the driver."""
        return read_rows(self.db, self.tekst(keuze))

    def tekst(self, keuze: Select[Any]) -> str:
        """A select as SQL text; it holds constants of ours only, never what a user typed."""
        gemaakt = keuze.compile(dialect=_DIALECTEN[self.db.dialect.name], compile_kwargs={"literal_binds": True})
        return str(gemaakt).replace("%%", "%")

    def rijen(self, bron: Bron) -> Sequence[Rij]:
        """The rows of a bron."""
        if bron.naam not in self._rijen:
            self._rijen[bron.naam] = bron.rijen(self)
        return self._rijen[bron.naam]

    def groepen(self, bron: Bron, kolommen: tuple[str, ...]) -> tuple[Mapping[str, int], Mapping[Rij, int]]:
        """How many rows of a bron have which values in these columns, and where each column stands."""
        kolommen = self.gevraagd.get(bron.naam, kolommen)
        sleutel = (bron.naam, kolommen)
        if sleutel not in self._groepen:
            self._groepen[sleutel] = bron.groepen(self, kolommen)
        return {kolom: i for i, kolom in enumerate(kolommen)}, self._groepen[sleutel]

    @cached_property
    def regels(self) -> Mapping[int, Regel]:
        """Every main traject of the gemeente asked for, with what figures need of it."""
        return read_lines(self)

    def kenmerk(self, naam: str) -> Mapping[int, Sequence[tuple[int, int | None, str]]]:
        """The answers to a question: traject_id -> (van_dag, tot_dag, waarde), in order."""
        if naam not in self._kenmerken:
            k = self.tabel("kenmerk")
            keuze = select(k.c.traject_id, k.c.van_dag, k.c.tot_dag, k.c.waarde).where(k.c.naam == naam)
            gevonden: dict[int, list[tuple[int, int | None, str]]] = defaultdict(list)
            for traject_id, *rest in self.lees(keuze.order_by(k.c.traject_id, k.c.nr)):
                gevonden[traject_id].append(tuple(rest))
            self._kenmerken[naam] = gevonden
        return self._kenmerken[naam]

    @cached_property
    def wortels(self) -> Mapping[int, int]:
        """Traject -> the root of its family."""
        return dict(self.lees(select(trajectnummer.c.id, trajectnummer.c.wortel_id)))

    @cached_property
    def deel(self) -> Callable[[int, int], str]:
        """Of which part of the breakdown asked for a row is: of its traject, by the day by which it counts."""
        splits = self.vraag.splits
        if splits is None:
            return lambda _traject_id, _dag: ""
        if splits in PERIODEN:
            dagen: dict[int, str] = dict(self.lees(select(kalenderdag.c.dag, kalenderdag.c[splits])))
            return lambda _traject_id, dag: dagen.get(dag, ONBEKEND)
        return self._by_kenmerk(splits)

    def _by_kenmerk(self, naam: str) -> Callable[[int, int], str]:
        """The answer at the start where the main route begins with the question, else that on the day."""
        antwoorden, is_eerste = self.kenmerk(naam), self.wegwijzer.is_asked_at_start(naam)

        def part(traject_id: int, dag: int) -> str:
            gegeven = antwoorden.get(traject_id) or antwoorden.get(self.wortels.get(traject_id, 0), ())
            passend = gegeven[:1] if is_eerste else [a for a in gegeven if a[0] <= dag and (a[1] is None or dag < a[1])]
            return passend[-1][2] if passend else ONBEKEND

        return part
