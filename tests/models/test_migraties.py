"""Migrations: bringing an empty database up to date gives the tables, indexes and triggers that the program has."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError

from models import (
    afscherming,
    brief,
    correctievoorstel,
    gebeurtenis,
    instelling,
    pakket,
    rapport,
    schuld,
    stuk,
    toelichting,
    trajectnummer,
    uitvoer,
    wijziging,
    zegel,
)
from models.database import engine, reading, transaction
from models.migraties import SchemaOnbekend, current, newest, upgrade
from models.tabellen import all_tables

VERSIETABEL = "alembic_version"

pytestmark = [
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection:sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index"),
]
"""Indexes on an expression are compared as the database writes them down, in `extras`."""


@pytest.fixture
def leeg(tmp_path: Path) -> Callable[[str], str]:
    """`leeg(naam)`: the address of an SQLite file that is not there yet."""
    return lambda naam: f"sqlite:///{tmp_path / naam}.db"


@pytest.fixture
def leeg_op_postgres(postgres: str) -> Iterator[Callable[[str], str]]:
    """`leeg(naam)`: the address of an empty PostgreSQL database; the first and second one of a test, whatever its name.

    They are emptied and used again, because a server writes hundreds of files for each database.
    """
    gegeven: list[str] = []

    def make(_naam: str) -> str:
        gegeven.append(postgres.format(f"migratie{len(gegeven)}"))
        _make_or_empty(postgres, f"migratie{len(gegeven) - 1}")
        return gegeven[-1]

    yield make
    for url in gegeven:
        engine(url).dispose()


def _make_or_empty(adres: str, naam: str) -> None:
    beheer = create_engine(adres.format("postgres"), isolation_level="AUTOCOMMIT")
    with beheer.connect() as db:
        bestaat = db.execute(text("SELECT 1 FROM pg_database WHERE datname = :naam"), {"naam": naam}).first()
        if not bestaat:
            db.exec_driver_sql(f"CREATE DATABASE {naam} TEMPLATE template0")
    beheer.dispose()
    if bestaat:
        with transaction(adres.format(naam)) as db:
            db.execute(text("DROP SCHEMA public CASCADE"))
            db.execute(text("CREATE SCHEMA public"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def nieuw(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """`nieuw(naam)`: the address of an empty database, on each of the two engines in turn."""
    naam = {"sqlite": "leeg", "postgres": "leeg_op_postgres"}[request.param]
    return request.getfixturevalue(naam)  # type: ignore[no-any-return]


# -- What a database looks like ----------------------------------------------------------------------------------------


def plain(sql: str | None) -> str:
    """A statement without layout and quotes."""
    return re.sub(r"\s*([(),])\s*", r"\1", " ".join((sql or "").replace('"', "").split()))


def tables(db: Connection) -> dict[str, Any]:
    """Every table with its columns, keys, checks and indexes."""
    kijk = inspect(db)
    return {naam: _table(kijk, naam) for naam in kijk.get_table_names() if naam != VERSIETABEL}


def _table(kijk: Any, naam: str) -> dict[str, Any]:
    return {
        "kolommen": [(k["name"], str(k["type"]), k["nullable"], k["default"]) for k in kijk.get_columns(naam)],
        "sleutel": kijk.get_pk_constraint(naam)["constrained_columns"],
        "verwijst": sorted(
            (f["constrained_columns"], f["referred_table"], f["referred_columns"], str(f["options"]))
            for f in kijk.get_foreign_keys(naam)
        ),
        "uniek": sorted((u["name"], u["column_names"]) for u in kijk.get_unique_constraints(naam)),
        "eisen": sorted((c["name"], plain(c["sqltext"])) for c in kijk.get_check_constraints(naam)),
    }


def extras(db: Connection) -> dict[str, str]:
    """Indexes, triggers and functions by name, as the database itself writes them down."""
    return _extras_sqlite(db) if db.dialect.name == "sqlite" else _extras_postgresql(db)


def _extras_sqlite(db: Connection) -> dict[str, str]:
    rijen = db.execute(text("SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql NOTNULL"))
    zonder_rowid = db.execute(text("SELECT name FROM pragma_table_list WHERE wr = 1")).scalars()
    return {naam: plain(sql) for naam, sql in rijen} | {naam: "without rowid" for naam in zonder_rowid}


def _extras_postgresql(db: Connection) -> dict[str, str]:
    vragen = (
        f"SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '{VERSIETABEL}'",
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT proname || '()', pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
        "SELECT relname || ' telt', relkind::text FROM pg_class WHERE relkind = 'S'",
    )
    return {naam: plain(sql) for vraag in vragen for naam, sql in db.execute(text(vraag))}


def triggers(db: Connection) -> set[str]:
    """The names of the triggers in a database."""
    vraag = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    return set(db.execute(text(vraag[db.dialect.name])).scalars())


def described_triggers(dialect: str) -> set[str]:
    """The names of the triggers that the tables describe."""
    kamers = (gebeurtenis, toelichting, trajectnummer, rapport, zegel, pakket, instelling, correctievoorstel, wijziging)
    kamers += (brief, stuk, afscherming, schuld, uitvoer)
    opdrachten = [o for kamer in kamers for o in kamer.TRIGGERS[dialect]]
    return {o.split()[2] for o in opdrachten if o.startswith("CREATE TRIGGER")}


# -- The same as described ---------------------------------------------------------------------------------------------


def test_the_migrations_make_what_the_tables_describe(nieuw: Callable[[str], str]) -> None:
    gemigreerd, beschreven = nieuw("gemigreerd"), nieuw("beschreven")
    upgrade(gemigreerd)
    all_tables().create_all(engine(beschreven))
    with reading(gemigreerd) as een, reading(beschreven) as ander:
        assert tables(een) == tables(ander)
        assert extras(een) == extras(ander)
        assert len(tables(een)) == len(all_tables().tables)


def test_alembic_finds_nothing_left_to_do(nieuw: Callable[[str], str]) -> None:
    url = nieuw("klaar")
    upgrade(url)
    with engine(url).connect() as db:
        assert compare_metadata(MigrationContext.configure(db), all_tables()) == []


def test_every_trigger_is_there_after_an_upgrade_and_works(nieuw: Callable[[str], str]) -> None:
    url = nieuw("triggers")
    upgrade(url)
    with reading(url) as db:
        assert triggers(db) == described_triggers(db.dialect.name)
    with transaction(url) as db:
        db.execute(text("INSERT INTO trajectnummer (id, nummer, wortel_id) VALUES (1, 'TW-2026-00001', 1)"))
    for opdracht in ("UPDATE trajectnummer SET nummer = 'TW-2026-00002'", "DELETE FROM trajectnummer"):
        with pytest.raises(DatabaseError, match="insert-only"), transaction(url) as db:
            db.execute(text(opdracht))


# -- Versions ----------------------------------------------------------------------------------------------------------


def test_a_database_knows_its_version(nieuw: Callable[[str], str]) -> None:
    url = nieuw("versie")
    assert current(url) is None
    upgrade(url)
    assert current(url) == newest()


def test_a_second_upgrade_changes_nothing(nieuw: Callable[[str], str]) -> None:
    url = nieuw("tweemaal")
    upgrade(url)
    with transaction(url) as db:
        db.execute(text("INSERT INTO instelling VALUES ('demo', 'ja')"))
        voor = tables(db), extras(db)
    upgrade(url)
    with reading(url) as db:
        assert (tables(db), extras(db)) == voor
        assert db.execute(text("SELECT waarde FROM instelling")).scalar_one() == "ja"


def test_a_database_of_a_newer_program_is_refused_in_words_and_left_as_it_is(nieuw: Callable[[str], str]) -> None:
    url = nieuw("later")
    upgrade(url)
    with transaction(url) as db:
        db.execute(text(f"UPDATE {VERSIETABEL} SET version_num = '9999'"))
        voor = tables(db), extras(db)
    with pytest.raises(SchemaOnbekend, match=r"version 9999, which this program does not know; use a newer program"):
        upgrade(url)
    with reading(url) as db:
        assert (current(url), (tables(db), extras(db))) == ("9999", voor)


def test_versions_form_one_line() -> None:
    """Two heads would leave it to chance what a database becomes."""
    map_ = Path(gebeurtenis.__file__).parent / "migraties" / "versions"
    teksten = [pad.read_text(encoding="utf-8") for pad in map_.glob("*.py")]
    vorige = [m[1] for tekst in teksten if (m := re.search(r'^down_revision = (?:"(\w+)"|None)', tekst, re.M))]
    assert len(vorige) == len(teksten) == len(set(vorige))


# -- What goes wrong ---------------------------------------------------------------------------------------------------


def test_an_upgrade_that_breaks_off_leaves_nothing_half_made(nieuw: Callable[[str], str]) -> None:
    """Some table of the same name stands in the way, after others were made."""
    url = nieuw("halverwege")
    with transaction(url) as db:
        db.execute(text("CREATE TABLE zoekterm (van_iemand_anders INTEGER)"))
    with pytest.raises(DatabaseError):
        upgrade(url)
    with reading(url) as db:
        assert set(inspect(db).get_table_names()) == {"zoekterm"}
        assert triggers(db) == set()
    assert current(url) is None


def test_after_what_stood_in_the_way_is_gone_the_upgrade_goes_through(leeg: Callable[[str], str]) -> None:
    url = leeg("opnieuw")
    with transaction(url) as db:
        db.execute(text("CREATE TABLE zoekterm (van_iemand_anders INTEGER)"))
    with pytest.raises(DatabaseError):
        upgrade(url)
    with transaction(url) as db:
        db.execute(text("DROP TABLE zoekterm"))
    upgrade(url)
    assert current(url) == newest()


def test_a_file_that_is_no_database_is_an_error_of_the_database_and_stays_as_it_is(tmp_path: Path) -> None:
    pad = tmp_path / "brief.txt"
    pad.write_text("Beste lezer, dit is geen database. " * 50, encoding="utf-8")
    with pytest.raises(DatabaseError, match="not a database"):
        upgrade(f"sqlite:///{pad}")
    assert pad.read_text(encoding="utf-8").startswith("Beste lezer")


def test_two_that_upgrade_at_once_wait_for_each_other(leeg: Callable[[str], str], tmp_path: Path) -> None:
    """While one migrates nobody else gets in between, and who comes second finds the work done."""
    url = leeg("samen")
    event.listen(engine(url), "connect", lambda dbapi, _: dbapi.execute("PRAGMA busy_timeout=50"))
    assert current(url) is None
    with closing(sqlite3.connect(tmp_path / "samen.db", isolation_level=None)) as ander:
        ander.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match="locked"):
            upgrade(url)
        ander.rollback()
    upgrade(url)
    upgrade(url)
    assert current(url) == newest()
