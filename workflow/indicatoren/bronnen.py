"""Where rows come from: a select over the projections, counted by the database; or lines of main trajecten.

A day is in the period or not; what had not ended before the period's end is open, whatever happened later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, exists, func, literal, or_, select

from workflow.indicatoren.begrippen import OPEN, VAST, Rij, Toelichting
from workflow.indicatoren.regels import LIJNEN, Lezing

if TYPE_CHECKING:
    from workflow.indicatoren.kader import Kader

INGEGAAN_DOOR = ("start", "overgang")
"""Stays that are entries: not those that came by a split, a migration, an import or a herroeping."""


@dataclass(frozen=True, slots=True)
class Tabelbron:
    """Rows of a select, whose columns are traject_id, dag and then `kolommen`."""

    naam: str
    kolommen: tuple[str, ...]
    keuze: Callable[[Kader], Select[Any]]

    def rijen(self, kader: Kader) -> Sequence[Rij]:
        """Every row."""
        return kader.lees(self.keuze(kader))

    def groepen(self, kader: Kader, kolommen: tuple[str, ...]) -> Mapping[Rij, int]:
        """Counted by the database."""
        return {rij[:-1]: rij[-1] for rij in kader.lees(self._cube(kader, kolommen))}

    def _cube(self, kader: Kader, kolommen: tuple[str, ...]) -> Select[Any]:
        rijen = self.keuze(kader).subquery("rijen")
        namen = [rijen.c[kolom] for kolom in kolommen]
        telling = select(*namen, func.count()).select_from(rijen)
        return telling.group_by(*namen) if namen else telling

    def toelichting(self, kader: Kader, kolommen: tuple[str, ...]) -> Toelichting:
        """The cube as SQL text: by these columns, or by all where none is needed."""
        return Toelichting("", (kader.tekst(self._cube(kader, kolommen or self.kolommen)),))


@dataclass(frozen=True, slots=True)
class Regelbron:
    """Rows made of the lines of main trajecten, in Python. `leest` are the selects beside those of the lines."""

    naam: str
    kolommen: tuple[str, ...]
    maak: Callable[[Kader], Iterable[Rij]]
    leest: tuple[Lezing, ...] = ()

    def rijen(self, kader: Kader) -> Sequence[Rij]:
        """Every row."""
        return list(self.maak(kader))

    def groepen(self, kader: Kader, kolommen: tuple[str, ...]) -> Mapping[Rij, int]:
        """Counted here."""
        return Counter(map(taker([VAST + self.kolommen.index(kolom) for kolom in kolommen]), kader.rijen(self)))

    def toelichting(self, kader: Kader, _kolommen: tuple[str, ...]) -> Toelichting:
        """The rule as the function says it of itself, and the selects of what it is about."""
        zin = " ".join((self.maak.__doc__ or "").split())
        return Toelichting(zin, tuple(kader.tekst(lezing(kader)) for lezing in (*LIJNEN, *self.leest)))


def taker(plaatsen: Sequence[int]) -> Callable[[Rij], Rij]:
    """What takes the values in these places out of a row."""
    if len(plaatsen) > 1:
        return itemgetter(*plaatsen)
    return lambda rij: tuple(rij[plaats] for plaats in plaatsen)


# -- Stays -------------------------------------------------------------------------------------------------------------


def of_gemeente(kader: Kader, tabel: FromClause) -> list[ColumnElement[bool]]:
    """The condition that rows are of the gemeente asked for; none when all are."""
    return [] if kader.vraag.gemeente is None else [tabel.c.gemeente == kader.vraag.gemeente]


def _begun(kader: Kader, tabel: FromClause) -> list[ColumnElement[bool]]:
    periode = kader.vraag.periode
    return [tabel.c.van_dag >= periode.van, tabel.c.van_dag < periode.tot, *of_gemeente(kader, tabel)]


def _ended(kader: Kader, tabel: FromClause) -> list[ColumnElement[bool]]:
    periode = kader.vraag.periode
    return [tabel.c.tot_dag >= periode.van, tabel.c.tot_dag < periode.tot, *of_gemeente(kader, tabel)]


def _runs_on(tabel: FromClause, dag: int) -> ColumnElement[bool]:
    """Whether a stay holds the end of that day."""
    return and_(tabel.c.van_dag <= dag, or_(tabel.c.tot_dag.is_(None), tabel.c.tot_dag > dag))


def _counts(kader: Kader, tabel: FromClause) -> ColumnElement[bool]:
    """Lives, and stays in a stap that figures count: on a main route only where the map labels it so."""
    hoofd, gelabeld = sorted(kader.wegwijzer.hoofdroutes), sorted({stap for _, stap in kader.wegwijzer.gelabeld})
    is_geteld = or_(tabel.c.route.not_in(hoofd), tabel.c.stap.in_(gelabeld))
    return or_(tabel.c.niveau == "traject", and_(tabel.c.niveau == "stap", is_geteld))


def _is_open(kader: Kader, tabel: FromClause) -> ColumnElement[int]:
    return case((tabel.c.tot_dag < kader.vraag.periode.tot, 0), else_=1)


def _stays_begun(kader: Kader) -> Select[Any]:
    v = kader.tabel("verblijf")
    plek = (v.c.niveau, v.c.route, v.c.stap, v.c.fase, v.c.ingang)
    return select(v.c.traject_id, v.c.van_dag.label("dag"), *plek, _is_open(kader, v).label("is_open")).where(
        *_begun(kader, v), _counts(kader, v)
    )


def _stays_ended(kader: Kader) -> Select[Any]:
    v = kader.tabel("verblijf")
    plek = (v.c.niveau, v.c.route, v.c.stap, v.c.fase)
    return select(v.c.traject_id, v.c.tot_dag.label("dag"), *plek, v.c.klasse, v.c.naar, v.c.reden).where(
        *_ended(kader, v), _counts(kader, v)
    )


def _stays_running(kader: Kader) -> Select[Any]:
    v, dag = kader.tabel("verblijf"), kader.vraag.periode.peildatum
    plek = (v.c.niveau, v.c.route, v.c.stap, v.c.fase)
    return select(v.c.traject_id, literal(dag).label("dag"), *plek).where(
        _runs_on(v, dag), *of_gemeente(kader, v), _counts(kader, v)
    )


def _phase_lengths(kader: Kader) -> Select[Any]:
    v, tot = kader.tabel("verblijf"), kader.vraag.periode.tot
    is_klaar = v.c.tot_dag < tot
    dagen = case((is_klaar, v.c.tot_dag), else_=tot - 1) - v.c.van_dag
    plek = (v.c.route, v.c.fase, v.c.ingang)
    uitkomst = case((and_(is_klaar, v.c.klasse == "uitval"), v.c.klasse), (is_klaar, "anders"), else_=OPEN)
    return select(
        v.c.traject_id, v.c.van_dag.label("dag"), *plek, dagen.label("dagen"), uitkomst.label("uitkomst")
    ).where(v.c.niveau == "fase", *_begun(kader, v))


def _exits(kader: Kader) -> Select[Any]:
    v = kader.tabel("verblijf")
    w = kader.tabel("verblijf").alias("daarna")
    herroepen = exists().where(
        w.c.traject_id == v.c.traject_id,
        w.c.niveau == "traject",
        w.c.ingang == "heropend",
        w.c.van_volgnummer > v.c.tot_volgnummer,
    )
    return select(
        *(v.c.traject_id, v.c.tot_dag.label("dag"), v.c.route, v.c.stap, v.c.fase, v.c.klasse, v.c.reden),
        case((herroepen, "ja"), else_="nee").label("herroepen"),
    ).where(v.c.niveau == "stap", v.c.klasse.in_(("uitval", "afwijzing")), *_ended(kader, v))


INGEGAAN = Tabelbron("ingegaan", ("niveau", "route", "stap", "fase", "ingang", "is_open"), _stays_begun)
"""Stays that began in the period."""

GEEINDIGD = Tabelbron("geeindigd", ("niveau", "route", "stap", "fase", "klasse", "naar", "reden"), _stays_ended)
"""Stays that ended in the period."""

LOPEND = Tabelbron("lopend", ("niveau", "route", "stap", "fase"), _stays_running)
"""Stays on the last day of the period."""

FASEDUREN = Tabelbron("faseduren", ("route", "fase", "ingang", "dagen", "uitkomst"), _phase_lengths)
"""Stays in a fase that began in the period, with how long they lasted, or have lasted by its end."""

VERTREK = Tabelbron("vertrek", ("route", "stap", "fase", "klasse", "reden", "herroepen"), _exits)
"""Drop-outs and refusals in the period, and whether they were undone later."""


# -- Mijlpalen ---------------------------------------------------------------------------------------------------------


def _marks(kader: Kader) -> Select[Any]:
    m = kader.tabel("mijlpaal")
    return select(m.c.traject_id, m.c.dag, m.c.naam.label("mijlpaal"), m.c.stap).where(*in_period(kader, m))


def in_period(kader: Kader, mijlpaal: FromClause) -> list[ColumnElement[bool]]:
    """The conditions that mijlpalen are in the period, and of the gemeente asked for."""
    periode = kader.vraag.periode
    return [mijlpaal.c.dag >= periode.van, mijlpaal.c.dag < periode.tot, *of_gemeente(kader, mijlpaal)]


MIJLPALEN = Tabelbron("mijlpalen", ("mijlpaal", "stap"), _marks)
"""Mijlpalen in the period."""
