"""Gebeurtenissen -> rows of the projections: kept up in the same transaction, and rebuildable.

The rows of the tables over time follow from one traject's own log; `traject` (where it stands now, with its
nearest term) also from its family, because a child may suspend a term, and from the calendar.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, case, select, union_all

from models.database import delete_text, driver_cursor, insert_many, insert_text, upsert_text, write_rows
from models.gebeurtenis import Gebeurtenis
from models.projectie import EINDEN, OVER_TIME
from models.traject import NOOIT, traject
from models.trajectnummer import trajectnummer
from workflow.gezin import Gezin, load_kalender
from workflow.kaarten import Kaarten
from workflow.verloop import TABELLEN, Verloop

Rij = tuple[Any, ...]
BATCH = 2_000
"""Trajecten whose rows are inserted together."""

READ = 100
"""Rows of the log to take at a time: while they are few, the processor still has them at hand when they are folded."""


def traject_row(gezin: Gezin, verloop: Verloop) -> Rij:
    """The row of `traject` for one member of a family; columns in table order."""
    stand = verloop.stand
    toont = stand.is_open and not gezin.has_open_parent(verloop) and _is_work(verloop)
    samen = [verloop, *gezin.open_kinderen(verloop)] if toont else [verloop]
    dag, termijn = min(map(gezin.nearest_term, samen), key=_soonest) if stand.is_open else (None, None)
    return (
        verloop.traject_id,
        verloop.nummer,
        verloop.wortel_id,
        verloop.ouder_id,
        verloop.oorsprong["route"],
        verloop.kaart.sha256,
        stand.stap.code if stand.stap else None,
        stand.stap.fase if stand.stap else None,
        stand.is_open,
        toont,
        stand.klasse,
        stand.kenmerken.get("gemeente"),
        stand.kenmerken.get("behandelaar"),
        stand.begonnen_op or None,
        stand.sinds_op or None,
        stand.beeindigd_op,
        max(v.stand.laatste_op for v in samen) or None,
        _last_contact(verloop, gezin.kinderen(verloop) if toont else ()),
        dag,
        termijn,
        *stand.weg,
        verloop.log[-1].volgnummer,
    )


def _last_contact(verloop: Verloop, kinderen: Iterable[Verloop]) -> int | None:
    """The last day of contact, also in what hangs on it; the day on which it began here when there was none."""
    dagen = [v.stand.contact_op for v in (verloop, *kinderen) if v.stand.contact_op is not None]
    return max(dagen) if dagen else verloop.stand.geopend_op or None


def _is_work(verloop: Verloop) -> bool:
    """Whether a traject of this route asks for work, by its label; a report that was given does not."""
    route = verloop.stand.route
    return route is None or route.labels.get("werkvoorraad") != "nee"


def _soonest(term: tuple[int | None, str | None]) -> int:
    return NOOIT if term[0] is None else term[0]


def save(gezin: Gezin) -> None:
    """Write what changed in a family since it was loaded or saved."""
    dialect = gezin.db.dialect.name
    geraakt = [v for v in gezin if v.is_changed]
    write_rows(gezin.db, upsert_text(dialect, traject), [traject_row(gezin, v) for v in gezin])
    for naam, (nu, oud) in OVER_TIME.items():
        delen = [v.rijen[naam] for v in geraakt]
        write_rows(gezin.db, insert_text(dialect, oud), [rij for deel in delen for rij in deel.oud])
        write_rows(gezin.db, delete_text(dialect, nu), [key for deel in delen for key in deel.vervallen])
        write_rows(gezin.db, upsert_text(dialect, nu), [rij for deel in delen for rij in deel.gewijzigd])
    for verloop in geraakt:
        verloop.saved()


def rebuild(db: Connection, done: Callable[[int], None] = lambda _: None) -> int:
    """Throw the projections away and make them anew from the log; returns the number of gebeurtenissen read.

    `done` is told how many were read since the last call. Writers wait until the transaction ends; readers go on.
    """
    _keep_writers_out(db)
    for tabel in _tables():
        db.execute(tabel.delete())
    bundel = _Bundel(db)
    totaal = 0
    with _without_indexes(db), no_garbage_rounds():
        for gezin in families(db):
            totaal += (gelezen := bundel.add(gezin))
            done(gelezen)
        bundel.flush()
    return totaal


def _keep_writers_out(db: Connection) -> None:
    """Wait for who is writing, and let others wait; on SQLite nobody else is writing."""
    if db.dialect.name == "postgresql":
        # First what every writer locks first, so that nobody holds something while waiting for the rest.
        namen = ", ".join(tabel.name for tabel in (trajectnummer, *_tables()))
        db.exec_driver_sql(f"LOCK TABLE {namen} IN EXCLUSIVE MODE")


@contextmanager
def _without_indexes(db: Connection) -> Iterator[None]:
    """Indexes are made once at the end instead of for each row; in the same transaction.

    Not on PostgreSQL: to drop one there is to lock readers out, some of whom may be holding what is needed next.
    """
    is_sqlite = db.dialect.name == "sqlite"
    indexen = [index for tabel in _tables() for index in tabel.indexes if is_sqlite]
    for index in indexen:
        index.drop(db)
    yield
    for index in indexen:
        index.create(db)


@contextmanager
def no_garbage_rounds() -> Iterator[None]:
    """Folding and counting make many small objects and no cycles worth looking for.

    Afterwards they count as old, so that no round goes over all of them at once.
    """
    was_aan = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.unfreeze()
        if was_aan:
            gc.enable()


VOLGT_UIT = Gebeurtenis._fields[: Gebeurtenis._fields.index("van")]
"""The columns of the log that a projection follows from."""

LOPEND = "SELECT wortel_id FROM traject WHERE is_open"
"""The roots of families with an open traject."""


def families(
    db: Connection, wortels: str = "", kaarten: Kaarten | None = None, kolommen: Sequence[str] = VOLGT_UIT
) -> Iterator[Gezin]:
    """Every family, folded from its log, with all its projection rows still marked as changed.

    `wortels` is a select of roots as SQL text, with constants of ours only: then those families. The rows of a log
    hold `kolommen`, which are its first ones: to ask for another raises IndexError.
    """
    kaarten, kalender = kaarten or Kaarten(db), load_kalender(db)
    logboeken = groupby(map(_make, _log(db, wortels, kolommen)), key=_TRAJECT_ID)
    for wortel_id, leden in groupby(_members(db, wortels), key=itemgetter(0)):
        gezin = Gezin(db, kaarten, kalender)
        for (_, traject_id, nummer), (_, rijen) in zip(leden, logboeken, strict=False):
            follow = gezin.add(traject_id, nummer, wortel_id).follow
            for rij in rijen:
                follow(rij)
        yield gezin


_TRAJECT_ID = itemgetter(Gebeurtenis._fields.index("traject_id"))
_make = partial(tuple.__new__, Gebeurtenis)


_HAS_LOG = "EXISTS (SELECT 1 FROM gebeurtenis g WHERE g.traject_id = t.id)"


def _log(db: Connection, wortels: str, kolommen: Sequence[str]) -> Iterator[Rij]:
    """The log, family after family, as driver tuples."""
    gevraagd = ", ".join(f"g.{naam}" for naam in kolommen)
    return _batches(
        db,
        f"SELECT {gevraagd} FROM trajectnummer t JOIN gebeurtenis g ON g.traject_id = t.id{_only(wortels)}"  # noqa: S608
        " ORDER BY t.wortel_id, t.id, g.volgnummer",
    )


def _members(db: Connection, wortels: str) -> Iterator[Rij]:
    """Root, id and number of every traject with a log, in the same order."""
    return _batches(
        db,
        f"SELECT t.wortel_id, t.id, t.nummer FROM trajectnummer t WHERE {_HAS_LOG}{_only(wortels)}"  # noqa: S608
        " ORDER BY t.wortel_id, t.id",
    )


def _only(wortels: str) -> str:
    return f" AND t.wortel_id IN ({wortels})" if wortels else ""


def _batches(db: Connection, tekst: str) -> Iterator[Rij]:
    with driver_cursor(db) as cursor:
        cursor.execute(tekst)
        while rijen := cursor.fetchmany(READ):
            yield from rijen


class _Bundel:
    """Rows waiting to be inserted together."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._trajecten: list[Rij] = []
        self._over_time: list[tuple[list[Rij], list[Rij]]] = [([], []) for _ in OVER_TIME]

    def add(self, gezin: Gezin) -> int:
        """Take in a family; returns the number of its gebeurtenissen."""
        for verloop in gezin:
            self._trajecten.append(traject_row(gezin, verloop))
            for (nu, oud), deel in zip(self._over_time, verloop.rijen.values(), strict=True):
                nu += deel.nu.values()
                oud += deel.oud
        if len(self._trajecten) >= BATCH:
            self.flush()
        return sum(len(verloop.log) for verloop in gezin)

    def flush(self) -> None:
        """Insert what waits."""
        insert_many(self._db, traject, self._trajecten)
        self._trajecten.clear()
        for (nu, oud), rijen in zip(OVER_TIME.values(), self._over_time, strict=True):
            _insert(self._db, nu, rijen[0])
            insert_many(self._db, oud, rijen[1])
            rijen[0].clear()
            rijen[1].clear()


def _insert(db: Connection, tabel: Table, rijen: Sequence[Rij]) -> None:
    """Rows that have not ended apart, without their end: to hand over what is empty costs the driver most."""
    kort = TABELLEN[tabel.name] + 1
    insert_many(db, tabel, [rij for rij in rijen if len(rij) == kort], tuple(tabel.c.keys()[:kort]))
    insert_many(db, tabel, [rij for rij in rijen if len(rij) > kort])


def _tables() -> Iterable[Table]:
    return [traject, *(t for paar in OVER_TIME.values() for t in paar)]


def as_known(naam: str, bekend: int) -> Select[Any]:
    """The rows of a table over time as they were known just before this moment (UTC microseconds)."""
    nu, oud = OVER_TIME[naam]
    heden = select(*_known(nu, bekend)).where(nu.c.bekend_van < bekend)
    toen = select(*_known(oud, bekend)).where(oud.c.bekend_van < bekend, oud.c.bekend_tot >= bekend)
    samen = union_all(heden, toen).subquery(naam)
    return select(*samen.c)


def _known(tabel: Table, bekend: int) -> list[ColumnElement[Any]]:
    """The columns of a row, those of its end empty where it was not known yet that it had ended."""
    einden = EINDEN[tabel.name.removesuffix("_oud")]
    is_bekend = tabel.c.eind_bekend_van < bekend
    return [
        case((is_bekend, kolom)).label(kolom.name) if kolom.name in einden else kolom
        for kolom in tabel.columns
        if kolom.name not in ("bekend_van", "bekend_tot", "eind_bekend_van")
    ]


def refresh_terms(db: Connection) -> int:
    """Work out the nearest term of every open traject anew, after a change of the calendar; returns how many."""
    _keep_writers_out(db)
    tekst, aantal = upsert_text(db.dialect.name, traject), 0
    for gezin in families(db):
        rijen = [traject_row(gezin, verloop) for verloop in gezin if verloop.stand.is_open]
        write_rows(db, tekst, rijen)
        aantal += len(rijen)
    return aantal
