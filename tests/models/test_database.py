"""Engine and transactions: every connection has its settings, writers queue, readers never wait."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from bezoek import Bezoeker, op_beide
from sqlalchemy import Connection, event, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from models.database import (
    BUNDLE,
    PRAGMAS,
    delete_text,
    engine,
    insert_many,
    read_rows,
    reading,
    transaction,
    upsert_text,
    write_rows,
)
from models.instelling import gelijkgestelde_dag, instelling
from models.organisatie import organisatie
from web import app as web_app

EIS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "secure_delete": 1,
    "trusted_schema": 0,
    "busy_timeout": 10_000,
}
NIEUW = {"code": "WSP-ZUID", "naam": "Wijkservicepunt Zuid", "soort": "wijkservicepunt"}


def file_of(url: str) -> Path:
    """The file of an embedded database."""
    return Path(url.removeprefix("sqlite:///"))


def marks(db: Any) -> dict[str, str]:
    """The marks in this database."""
    return {rij.naam: rij.waarde for rij in db.execute(select(instelling))}


def put(db: Any, naam: str, waarde: str = "ja") -> None:
    """Write a mark."""
    db.execute(instelling.insert().values(naam=naam, waarde=waarde))


def break_off(url: str, write: Callable[[Connection], object]) -> None:
    """Write something in a transaction that an error ends."""
    with transaction(url) as db:
        write(db)
        raise ZeroDivisionError


@contextmanager
def writer(url: str) -> Iterator[sqlite3.Connection]:
    """Another process that holds the write lock until the block ends."""
    with closing(sqlite3.connect(file_of(url), isolation_level=None)) as ander:
        ander.execute("BEGIN IMMEDIATE")
        yield ander
        ander.rollback()


@pytest.fixture
def ongeduldig(database: str) -> str:
    """The address of a database on which a writer waits 50 milliseconds instead of ten seconds."""
    engine(database).dispose()
    event.listen(engine(database), "connect", lambda dbapi, _: dbapi.execute("PRAGMA busy_timeout=50"))
    return database


# -- Settings ----------------------------------------------------------------------------------------------------------


def test_every_connection_of_the_pool_has_every_setting(database: str) -> None:
    with ExitStack() as open_:
        verbindingen = [open_.enter_context(reading(database)) for _ in range(8)]
        for db in verbindingen:
            assert {naam: db.exec_driver_sql(f"PRAGMA {naam}").scalar_one() for naam in EIS} == EIS


def test_a_connection_that_comes_back_from_the_pool_still_has_them(database: str) -> None:
    for doen in (transaction, reading, transaction):
        with doen(database) as db:
            assert {naam: db.exec_driver_sql(f"PRAGMA {naam}").scalar_one() for naam in EIS} == EIS


def test_the_application_refuses_to_start_without_what_is_set_here() -> None:
    assert {pragma.partition("=")[0] for pragma in PRAGMAS} == set(web_app.PRAGMAS)
    assert {naam: EIS[naam] for naam in web_app.PRAGMAS} == dict(web_app.PRAGMAS)


def test_the_engine_of_an_address_is_made_once(database: str) -> None:
    assert engine(database) is engine(database)


def test_an_error_of_the_database_does_not_repeat_what_was_typed(database: str) -> None:
    with pytest.raises(IntegrityError) as fout, transaction(database) as db:
        db.execute(organisatie.insert().values(**{**NIEUW, "code": "KBL", "naam": "Fatima el Amrani"}, is_actief=True))
    assert "Fatima" not in str(fout.value)


# -- Writing -----------------------------------------------------------------------------------------------------------


def test_all_of_a_transaction_is_written_or_none_of_it(database: str) -> None:
    with pytest.raises(ZeroDivisionError):
        break_off(database, lambda db: put(db, "een"))
    with transaction(database) as db:
        put(db, "twee")
    with reading(database) as db:
        assert marks(db) == {"twee": "ja"}


def test_a_transaction_has_the_write_lock_before_its_first_statement(database: str) -> None:
    with (
        transaction(database),
        closing(sqlite3.connect(file_of(database), timeout=0)) as ander,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        ander.execute("BEGIN IMMEDIATE")


def test_reading_takes_no_write_lock(database: str) -> None:
    with reading(database) as db, closing(sqlite3.connect(file_of(database), timeout=0, isolation_level=None)) as ander:
        marks(db)
        ander.execute("BEGIN IMMEDIATE")
        ander.execute("INSERT INTO instelling VALUES ('een', 'ja')")
        ander.execute("COMMIT")


def test_a_reader_does_not_wait_for_a_writer_and_sees_only_what_was_committed(ongeduldig: str) -> None:
    with transaction(ongeduldig) as schrijver:
        put(schrijver, "een")
        with reading(ongeduldig) as lezer:
            assert marks(lezer) == {}
    with reading(ongeduldig) as lezer:
        assert marks(lezer) == {"een": "ja"}


def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(database: str) -> None:
    with reading(database) as lezer:
        assert marks(lezer) == {}
        with transaction(database) as schrijver:
            put(schrijver, "een")
        assert marks(lezer) == {}
    with reading(database) as lezer:
        assert marks(lezer) == {"een": "ja"}


def test_a_writer_never_fails_on_a_snapshot_that_grew_old(database: str) -> None:
    """What BEGIN IMMEDIATE is for: read first, then write, while others did so too."""
    for naam in ("een", "twee", "drie"):
        with transaction(database) as db:
            assert naam not in marks(db)
            put(db, naam)
    with reading(database) as db:
        assert set(marks(db)) == {"een", "twee", "drie"}


def test_a_reader_leaves_nothing_behind_in_the_connection_for_the_next_writer(database: str) -> None:
    with reading(database) as db:
        marks(db)
    with transaction(database) as db:
        put(db, "een")
        with closing(sqlite3.connect(file_of(database), timeout=0)) as ander, pytest.raises(sqlite3.OperationalError):
            ander.execute("BEGIN IMMEDIATE")


# -- Waiting too long --------------------------------------------------------------------------------------------------


def test_who_waits_too_long_gets_an_operational_error_and_wrote_nothing(ongeduldig: str) -> None:
    with writer(ongeduldig), pytest.raises(OperationalError, match="locked"), transaction(ongeduldig) as db:
        put(db, "een")
    with transaction(ongeduldig) as db:
        put(db, "twee")
        assert marks(db) == {"twee": "ja"}


def test_a_busy_database_is_a_page_that_says_so_and_nothing_is_written(
    ongeduldig: str, bezoeker: Bezoeker, login: Any
) -> None:
    login(bezoeker, "beheerder")
    with writer(ongeduldig):
        antwoord = bezoeker.submit("/beheer/organisaties/nieuw", NIEUW)
        lezen = bezoeker.get("/beheer/organisaties")
    assert (antwoord.status_code, antwoord.headers["Retry-After"]) == (503, "5")
    assert "even bezet" in antwoord.text
    assert "Er is niets opgeslagen" in antwoord.text
    assert "locked" not in antwoord.text
    assert (lezen.status_code, NIEUW["naam"] in lezen.text) == (200, False)


def test_after_the_wait_the_same_form_goes_through(ongeduldig: str, bezoeker: Bezoeker, login: Any) -> None:
    login(bezoeker, "beheerder")
    with writer(ongeduldig):
        assert bezoeker.submit("/beheer/organisaties/nieuw", NIEUW).status_code == 503
    assert bezoeker.submit("/beheer/organisaties/nieuw", NIEUW).status_code == 303
    assert NIEUW["naam"] in bezoeker.get("/beheer/organisaties").text


# -- Straight on the driver --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("aantal", [0, 1, BUNDLE - 1, BUNDLE, BUNDLE + 1, 3 * BUNDLE + 7])
def test_many_rows_are_written_whatever_their_number(database: str, aantal: int) -> None:
    rijen = [(f"naam{n}", str(n)) for n in range(aantal)]
    with transaction(database) as db:
        insert_many(db, instelling, rijen)
        assert sorted(read_rows(db, "SELECT naam, waarde FROM instelling")) == sorted(rijen)


def test_an_upsert_replaces_the_row_with_its_key_and_no_other(database: str) -> None:
    with transaction(database) as db:
        insert_many(db, instelling, [("een", "1"), ("twee", "2")])
        write_rows(db, upsert_text("sqlite", instelling), [("een", "een"), ("drie", "3")])
        assert marks(db) == {"een": "een", "twee": "2", "drie": "3"}
        write_rows(db, delete_text("sqlite", instelling), [("twee",)])
        assert marks(db) == {"een": "een", "drie": "3"}


def test_what_goes_straight_to_the_driver_is_part_of_the_transaction(database: str) -> None:
    with pytest.raises(ZeroDivisionError):
        break_off(database, lambda db: insert_many(db, instelling, [("een", "1")]))
    with reading(database) as db:
        assert read_rows(db, "SELECT naam FROM instelling") == []


def test_a_value_is_never_read_as_sql(database: str) -> None:
    kwaad = "'); DELETE FROM gelijkgestelde_dag; --"
    with transaction(database) as db:
        voor = len(db.execute(select(gelijkgestelde_dag)).all())
        insert_many(db, instelling, [("een", kwaad)])
        assert read_rows(db, "SELECT naam FROM instelling WHERE waarde = ?", (kwaad,)) == [("een",)]
        assert len(db.execute(select(gelijkgestelde_dag)).all()) == voor


def test_a_full_disk_is_told_as_elsewhere_when_it_refuses_the_driver(database: str) -> None:
    rijen = [(f"naam{n}", "x" * 1000) for n in range(BUNDLE)]
    with transaction(database) as db:
        db.exec_driver_sql("PRAGMA max_page_count = 1")
        with pytest.raises(OperationalError, match="disk is full"):
            insert_many(db, instelling, rijen)


@op_beide
def test_what_the_driver_refuses_is_of_one_kind_on_both_engines(database: str) -> None:
    with pytest.raises(IntegrityError), transaction(database) as db:
        insert_many(db, instelling, [("een", "1"), ("een", "2")])
    with pytest.raises(DBAPIError), reading(database) as db:
        read_rows(db, "SELECT zomaar FROM nergens")


AUDITOR = (
    "INSERT INTO medewerker (pseudoniem, inlognaam, naam, rol, organisatie, wachtwoord, is_actief, mislukt)"
    " VALUES (:naam, :naam, 'n', 'auditor', :organisatie, '-', 1, 0)"
)


def test_foreign_keys_hold_for_a_new_row(database: str) -> None:
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), transaction(database) as db:
        db.execute(text(AUDITOR), {"naam": "p", "organisatie": "NERGENS"})


def test_foreign_keys_hold_for_a_changed_row(database: str) -> None:
    with transaction(database) as db:
        db.execute(text(AUDITOR), {"naam": "q", "organisatie": "KBL"})
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), transaction(database) as db:
        db.execute(text("UPDATE medewerker SET organisatie = 'NERGENS' WHERE pseudoniem = 'q'"))
