"""What one report works with: tables as asked for, labels of the map, and what was read once for all figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Connection, FromClause, Select, func, select
from sqlalchemy.dialects import postgresql, sqlite

from models.database import read_rows
from models.kalenderdag import kalenderdag
from models.projectie import OVER_TIME
from models.trajectnummer import trajectnummer
from workflow.gezin import load_kalender
from workflow.indicatoren.begrippen import Bron, Periode, Rij, Vraag
from workflow.indicatoren.hulp import suspended
from workflow.indicatoren.mensen import Regeling, pairs
from workflow.indicatoren.regels import (
    Deelname,
    Geschiedenis,
    Kind,
    Regel,
    Verblijven,
    add_marks,
    answers,
    answers_asked,
    last_life,
    read_people,
    read_stays,
)
from workflow.indicatoren.wegwijzer import Wegwijzer
from workflow.kaarten import Kaarten, in_force
from workflow.kalender import Kalender, date_of
from workflow.projectie import as_known
from workflow.register import Register, read_register
from workflow.routekaart import Routekaart

ONBEKEND = "onbekend"
"""The part of those for whom the answer is not known."""

PERIODEN: Mapping[str, int] = {"jaar": 12, "kwartaal": 3, "maand": 1}
"""Breakdown by time -> how many months a part is long."""

MAX_TIJDVAKKEN = 60
"""Each year, quarter or month is measured on its own: a question may have so many."""

_DIALECTEN = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}


def count_parts(periode: Periode, splits: str | None) -> int:
    """How many years, quarters or months a period touches; 0 where it is not broken down by these."""
    if splits is None or splits not in PERIODEN or periode.van >= periode.tot:
        return 0
    eerste, laatste = (date_of(dag) for dag in (periode.van, periode.peildatum))
    maanden = [12 * datum.year + datum.month - 1 for datum in (eerste, laatste)]
    return maanden[1] // PERIODEN[splits] - maanden[0] // PERIODEN[splits] + 1


class Antwoord(NamedTuple):
    """An answer, and from when until when it held."""

    nr: int
    van: int
    tot: int | None
    waarde: str

    def is_on(self, dag: int) -> bool:
        """Whether it held at the end of a day."""
        return self.van <= dag and (self.tot is None or dag < self.tot)


_antwoord = partial(tuple.__new__, Antwoord)


Antwoorden = Mapping[int, Sequence[Antwoord]]
"""Answers to one question: traject_id -> in order."""


class Tijdvak(NamedTuple):
    """A year, quarter or month of a period, as a question of its own over what lies inside the period."""

    code: str
    van: int
    tot: int
    kader: Kader

    @property
    def is_heel(self) -> bool:
        """Whether the period holds all of it."""
        return self.kader.vraag.periode == Periode(self.van, self.tot)


class Kader:
    """One question to the database. Bronnen ask it for tables, lines and rows; each is read once.

    `gesteld` is the question as it was put, which reports of partners go by; `vraag` is the same up to the last day of
    which everything was known, which all else goes by. `stam` is the frame that reads for others what is the same for
    every period.
    """

    def __init__(
        self, db: Connection, vraag: Vraag, wegwijzer: Wegwijzer | None = None, stam: Kader | None = None
    ) -> None:
        self.db = db
        self.gesteld, self.vraag = vraag, vraag.gevolgd
        self.wegwijzer = wegwijzer or Wegwijzer(kaart for kaart in Kaarten(db).values() if kaart.status != "concept")
        self.stam = stam
        self._tabellen: dict[str, FromClause] = {}
        self._rijen: dict[str, Sequence[Rij]] = {}
        self._groepen: dict[tuple[str, tuple[str, ...]], Mapping[Rij, int]] = {}
        self._kenmerken: dict[str, Antwoorden] = {}
        self._antwoorden: dict[str, Antwoorden] = {}
        self.gevraagd: dict[str, tuple[str, ...]] = {}

    def ander(self, vraag: Vraag) -> Kader:
        """A frame for another question to the same database."""
        return Kader(self.db, vraag, self.wegwijzer)

    def over(self, periode: Periode) -> Kader:
        """The same question about another period; what does not depend on it is not read again."""
        return self._with(replace(self.vraag, periode=periode))

    def zonder_splitsing(self) -> Kader:
        """The same question, without a breakdown."""
        return self._with(replace(self.vraag, splits=None)) if self.vraag.splits else self

    def _with(self, vraag: Vraag) -> Kader:
        return Kader(self.db, vraag, self.wegwijzer, self.stam or self)

    @cached_property
    def heel(self) -> Kader:
        """The question about the period as a whole, without its years, quarters or months."""
        return self._part(self.gesteld.periode) if self.vraag.splits in PERIODEN else self

    @cached_property
    def tijdvakken(self) -> Sequence[Tijdvak]:
        """The years, quarters or months by which the question is broken down; none where it is not.

        Each is measured as a period of its own: what runs on some day of it, or on its last, is not told by one day.
        """
        periode, naam = self.vraag.periode, self.vraag.splits
        if naam is None or naam not in PERIODEN or periode.van >= periode.tot:
            return ()
        dag, vak = kalenderdag.c.dag, kalenderdag.c[naam]
        keuze = select(vak, func.min(dag), func.max(dag) + 1).group_by(vak)
        keuze = keuze.having(func.max(dag) >= periode.van, func.min(dag) < periode.tot).order_by(func.min(dag))
        delen = ((code, van, tot, periode.within(van, tot)) for code, van, tot in self.lees(keuze))
        return [
            Tijdvak(code, van, tot, self.heel if deel == periode else self._part(deel))
            for code, van, tot, deel in delen
        ]

    def _part(self, periode: Periode) -> Kader:
        """A period of this question without its breakdown."""
        deel = self._with(replace(self.vraag, periode=periode, splits=None))
        deel.gevraagd = self.gevraagd
        return deel

    @cached_property
    def kaart(self) -> Routekaart:
        """The map in force."""
        return self.stam.kaart if self.stam else in_force(self.db)

    @cached_property
    def register(self) -> Register:
        """The organisations."""
        return self.stam.register if self.stam else read_register(self.db)

    @cached_property
    def kalender(self) -> Kalender:
        """The calendar, for terms."""
        return self.stam.kalender if self.stam else load_kalender(self.db)

    def tabel(self, naam: str) -> FromClause:
        """A projection over time: as it is, or as it was known at the moment asked for."""
        if naam not in self._tabellen:
            bekend = self.vraag.bekend
            self._tabellen[naam] = OVER_TIME[naam][0] if bekend is None else as_known(naam, bekend).subquery(naam)
        return self._tabellen[naam]

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
    def verblijven(self) -> Verblijven:
        """What the stays tell of all trajecten, read in one go."""
        gevonden = read_stays(self)
        add_marks(self, gevonden.regels)
        return gevonden

    @property
    def regels(self) -> Mapping[int, Regel]:
        """Every main traject of the gemeente asked for, with what figures need of it."""
        return self.verblijven.regels

    @cached_property
    def log_vanaf(self) -> int | None:
        """The first day on which a main traject is known to have run; None where there is none."""
        return min((regel.begin for regel in self.regels.values()), default=None)

    @property
    def is_voor_log(self) -> bool:
        """Whether the period had ended before that day."""
        return self.log_vanaf is not None and self.vraag.periode.tot <= self.log_vanaf

    def kinderen(self, label: str) -> Iterator[Kind]:
        """The stretches in which trajecten of the routes with this label were open."""
        return chain.from_iterable(
            self.verblijven.kinderen.get(route, ()) for route in sorted(self.wegwijzer.routes(label))
        )

    @cached_property
    def actueel(self) -> Sequence[Regel]:
        """The main trajecten that were open on some day of the period."""
        van, tot = self.vraag.periode.van, self.vraag.periode.tot
        return [
            regel
            for regel in self.regels.values()
            if any(leven.van < tot and (leven.tot is None or leven.tot >= van) for leven in regel.levens)
        ]

    @cached_property
    def begonnen(self) -> Sequence[Regel]:
        """Those that began in the period by a melding: not by a split, an import or a migration."""
        return [regel for regel in self.actueel if regel.ingang == "start" and regel.begin >= self.vraag.periode.van]

    @cached_property
    def geeindigd(self) -> Sequence[Regel]:
        """Those that ended in the period and were not opened again in it; a split is no end of the help."""
        periode = self.vraag.periode
        laatste = ((regel, last_life(regel, periode.tot)) for regel in self.actueel)
        return [regel for regel, leven in laatste if leven and leven.tot in periode and leven.klasse != "splitsing"]

    @cached_property
    def mensen(self) -> Mapping[int, list[Deelname]]:
        """Traject of a main route or budgetbeheer -> who took part."""
        return self.stam.mensen if self.stam else read_people(self)

    @cached_property
    def geschiedenis(self) -> Geschiedenis:
        """Person -> the parts they took in main trajecten."""
        return Geschiedenis(self.regels, self.mensen)

    @cached_property
    def stilstand(self) -> Mapping[int, set[int]]:
        """Main traject -> the days on which it stood still, waiting for what was asked of the client."""
        return self.stam.stilstand if self.stam else suspended(self)

    @cached_property
    def paren(self) -> Sequence[tuple[str, Regeling, Regeling, str]]:
        """Person, earlier and later regeling, without and with stabilisatie."""
        return list(pairs(self))

    def kenmerk(self, naam: str) -> Antwoorden:
        """The answers to a question, in order."""
        if naam not in self._kenmerken:
            self._kenmerken[naam] = self._by_question(answers(self, [naam])).get(naam, {})
        return self._kenmerken[naam]

    def antwoorden(self, naam: str) -> Antwoorden:
        """The same, as far as lines ask for it: all such questions are read in one go."""
        if naam not in self._antwoorden:
            self._antwoorden = {**self._kenmerken, **self._by_question(answers_asked(self, naam))}
            self._antwoorden.setdefault(naam, {})
        return self._antwoorden[naam]

    def _by_question(self, keuze: Select[Any]) -> dict[str, Antwoorden]:
        gevonden: dict[str, dict[int, list[Antwoord]]] = {
            naam: defaultdict(list) for naam in self.wegwijzer.rolkenmerken
        }
        for rij in self.lees(keuze):
            lijst = gevonden.setdefault(rij[0], defaultdict(list))[rij[1]]
            lijst.append(_antwoord(rij[2:]))
            if len(lijst) > 1:
                lijst.sort()
        return dict(gevonden)

    @cached_property
    def wortels(self) -> Mapping[int, int]:
        """Traject -> the root of its family."""
        if self.stam:
            return self.stam.wortels
        return dict(self.lees(select(trajectnummer.c.id, trajectnummer.c.wortel_id)))

    @cached_property
    def deel(self) -> Callable[[int, int], str]:
        """Of which part of the breakdown by a kenmerk a row is: of its traject, by the day by which it counts.

        The answer at the start where the main route begins with the question, else that on the day.
        """
        naam = self.vraag.splits or ""
        antwoorden, is_eerste = self.kenmerk(naam), self.wegwijzer.is_asked_at_start(naam)

        def part(traject_id: int, dag: int) -> str:
            gegeven = antwoorden.get(traject_id) or antwoorden.get(self.wortels.get(traject_id, 0), ())
            passend = gegeven[:1] if is_eerste else [a for a in gegeven if a.is_on(dag)]
            return passend[-1].waarde if passend else ONBEKEND

        return part
