"""Everything to another database: the same rows, the same hashes, the projections made anew there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import Connection, RowMapping, Table, func, insert, select, text

from models.database import reading, transaction
from models.projectie import OVER_TIME
from models.tabellen import all_tables
from models.traject import traject
from workflow import projectie

BATCH = 2_000
FEW = 5
"""So many rows at a time of a table whose rows may each hold ten megabytes."""

GROOT = {"stukbestand"}
AFGELEID = {traject.name, *(t.name for paar in OVER_TIME.values() for t in paar), "kalenderdag", "sessie"}


class DoelNietLeeg(LookupError):
    """The target database holds rows already; the message says in English in which table."""


def copy_all(van: str, naar: str, done: Callable[[int], None] = lambda _: None) -> dict[str, int]:
    """Copy every table that is no projection from one address to another; returns rows per table.

    Raises DoelNietLeeg when the target holds anything of its own, that of `init` included. All or nothing.
    """
    tabellen = [t for t in all_tables().sorted_tables if t.name not in AFGELEID]
    with reading(van) as bron, transaction(naar) as doel:
        _refuse_rows(doel, tabellen)
        aantallen = {}
        for tabel in tabellen:
            aantallen[tabel.name] = 0
            for rijen in _rows(bron, tabel):
                doel.execute(insert(tabel), [dict(rij) for rij in rijen])
                aantallen[tabel.name] += len(rijen)
                done(len(rijen))
        if doel.dialect.name == "postgresql":
            for tabel in tabellen:
                _continue_numbers(doel, tabel)
        projectie.rebuild(doel)
    return aantallen


def _rows(bron: Connection, tabel: Table) -> Iterator[Sequence[RowMapping]]:
    """The rows of a table, a bundle at a time, of which no more is in memory."""
    opties = {"yield_per": FEW if tabel.name in GROOT else BATCH}
    vraag = select(tabel).order_by(*tabel.primary_key)
    return bron.execute(vraag, execution_options=opties).mappings().partitions()


def _refuse_rows(doel: Connection, tabellen: list[Table]) -> None:
    for tabel in tabellen:
        if doel.execute(select(tabel).limit(1)).first():
            raise DoelNietLeeg(f"the target database is not empty: there are rows in {tabel.name}; name an empty one")


def _continue_numbers(doel: Connection, tabel: Table) -> None:
    kolom = tabel.autoincrement_column
    if kolom is not None and tabel.name != "trajectnummer":
        hoogste = doel.execute(select(func.max(kolom))).scalar_one()
        if hoogste is not None:
            doel.execute(
                text("SELECT setval(pg_get_serial_sequence(:t, :k), :n)"),
                {"t": tabel.name, "k": kolom.name, "n": hoogste},
            )
