"""Engine and transactions: embedded SQLite by default, PostgreSQL for many users; the same tables and code on both.

SQLite runs in WAL with synchronous=FULL, so that an acknowledged step survives a power cut, and writers start with
BEGIN IMMEDIATE, because a read transaction that wants to write later fails on a stale snapshot.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache, reduce
from operator import iadd
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "secure_delete=ON",
    "trusted_schema=OFF",
)
CACHE = "cache_size=-32768"
"""32 MB of pages for a connection, so that who goes through the log by family reads each page once."""

BUNDLE = 150
"""Rows to one INSERT where many are written."""

BUSY_MS = 10_000
"""How long SQLite waits for a lock."""

PLAATS = {"sqlite": "?", "postgresql": "%s"}
"""How each driver marks the place of a value."""

POSTGRES_OPTIONS = "-c lock_timeout=5s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"


_engines: dict[str, Engine] = {}


def engine(url: str) -> Engine:
    """The engine of a SQLAlchemy address, one per process, with the settings above on every connection."""
    if url not in _engines:
        _engines[url] = _sqlite(url) if make_url(url).get_backend_name() == "sqlite" else _postgresql(url)
    return _engines[url]


def close_all() -> None:
    """Close every connection that is not in use; the last one of a SQLite file clears its write-ahead file away."""
    for een in list(_engines.values()):
        een.dispose()


def _postgresql(url: str) -> Engine:
    return create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args={"options": POSTGRES_OPTIONS})


def _sqlite(url: str) -> Engine:
    made = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_MS / 1000})
    event.listen(made, "do_connect", _make_private)
    event.listen(made, "connect", _set_pragmas)
    event.listen(made, "begin", _begin)
    return made


def _make_private(_dialect: Any, _record: Any, cargs: Sequence[Any], _cparams: Any) -> None:
    """Make the file of a new database its owner's alone: SQLite would give it the rights of the umask."""
    # A file that is there is not opened: closing it would drop the locks of other connections of this process.
    if cargs[0] and not cargs[0].startswith((":memory:", "file:")):
        with suppress(OSError):
            os.close(os.open(cargs[0], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


sqlite3.register_adapter(type(None), lambda leeg: leeg)
sqlite3.register_adapter(bool, int)
"""Without these the driver looks for an adapter at every such value, and makes a message that it found none."""


def _set_pragmas(dbapi: Any, _record: Any) -> None:
    dbapi.isolation_level = None
    for pragma in (*PRAGMAS, CACHE):
        dbapi.execute(f"PRAGMA {pragma}")


def _begin(db: Connection) -> None:
    is_writer = db.get_execution_options().get("schrijft", True)
    db.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")


@contextmanager
def transaction(url: str) -> Iterator[Connection]:
    """A writing transaction: all of the block is committed, or none of it."""
    with engine(url).begin() as db:
        yield db


@contextmanager
def reading(url: str) -> Iterator[Connection]:
    """A transaction that only reads and sees one moment; it never waits for a writer."""
    isolation = {} if url.startswith("sqlite") else {"isolation_level": "REPEATABLE READ"}
    with engine(url).connect().execution_options(schrijft=False, **isolation) as db, db.begin():
        yield db


@cache
def insert_text(dialect: str, tabel: Table, kolommen: tuple[str, ...] | None = None, rijen: int = 1) -> str:
    """INSERT with driver placeholders, for the paths where compiling a statement costs more than running it."""
    namen = kolommen or tuple(tabel.c.keys())
    rij = f"({', '.join([PLAATS[dialect]] * len(namen))})"
    return f"INSERT INTO {tabel.name} ({', '.join(namen)}) VALUES {', '.join([rij] * rijen)}"


@cache
def upsert_text(dialect: str, tabel: Table) -> str:
    """INSERT that replaces the row with the same primary key, with driver placeholders."""
    sleutel = [k.name for k in tabel.primary_key]
    zet = ", ".join(f"{k.name} = excluded.{k.name}" for k in tabel.columns if k.name not in sleutel)
    return f"{insert_text(dialect, tabel)} ON CONFLICT ({', '.join(sleutel)}) DO UPDATE SET {zet}"


@cache
def delete_text(dialect: str, tabel: Table) -> str:
    """DELETE by primary key, with driver placeholders."""
    waar = " AND ".join(f"{k.name} = {PLAATS[dialect]}" for k in tabel.primary_key)
    return f"DELETE FROM {tabel.name} WHERE {waar}"


@contextmanager
def driver_cursor(db: Connection) -> Iterator[Any]:
    """A cursor of the driver, inside the same transaction; what it refuses is raised as SQLAlchemy raises it."""
    cursor = db.connection.cursor()
    driver_error = db.dialect.loaded_dbapi.Error
    try:
        yield cursor
    except driver_error as fout:
        raise DBAPIError.instance(None, None, fout, driver_error, dialect=db.dialect) from None
    finally:
        cursor.close()


def write_rows(db: Connection, tekst: str, rijen: Sequence[Sequence[Any]]) -> None:
    """Run a statement with driver placeholders for each row, straight on the driver, inside the same transaction."""
    if rijen:
        with driver_cursor(db) as cursor:
            cursor.executemany(tekst, rijen)


def insert_many(
    db: Connection, tabel: Table, rijen: Sequence[Sequence[Any]], kolommen: tuple[str, ...] | None = None
) -> None:
    """Insert many rows, a bundle to a statement."""
    dialect, heel = db.dialect.name, len(rijen) // BUNDLE * BUNDLE
    bundels: list[list[Any]] = [reduce(iadd, rijen[n : n + BUNDLE], []) for n in range(0, heel, BUNDLE)]
    write_rows(db, insert_text(dialect, tabel, kolommen, BUNDLE), bundels)
    write_rows(db, insert_text(dialect, tabel, kolommen), rijen[heel:])


def read_rows(db: Connection, tekst: str, waarden: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a select with driver placeholders, as plain tuples."""
    with driver_cursor(db) as cursor:
        cursor.execute(tekst, waarden)
        rijen: list[tuple[Any, ...]] = list(cursor.fetchall())
    return rijen
