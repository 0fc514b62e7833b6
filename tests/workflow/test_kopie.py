"""Copying everything to another database: the same rows and hashes, projections made anew, numbers that go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from models import klok
from models.database import engine, reading, transaction
from models.migraties import upgrade
from models.tabellen import all_tables
from tests.bouwers import (
    NU,
    a_person,
    a_traject,
    actor,
    chain_faults,
    log_rows,
    make_postgres_database,
    projections,
    step,
)
from workflow.kopie import AFGELEID, BATCH, DoelNietLeeg, copy_all
from workflow.voortgang import withdraw


@pytest.fixture
def bron(vreemde_database: str, stille_klok: None) -> str:
    """A database with a history: a family, a correction, a text, and people."""
    with transaction(vreemde_database) as db:
        nummer = a_traject(db, stap="groepsles", aantal=2)
        step(db, nummer, "pauze_geven")
        step(db, a_traject(db), "intake_voeren")
        laatste = log_rows(db, nummer)[-1]["volgnummer"]
        withdraw(db, nummer, laatste, reden="tikfout", door=actor("coordinator"))
    return vreemde_database


@pytest.fixture
def leeg(tmp_path: Path) -> Iterator[str]:
    """An SQLite database with tables and nothing in them."""
    url = f"sqlite:///{tmp_path / 'doel.db'}"
    upgrade(url)
    yield url
    engine(url).dispose()


@pytest.fixture
def leeg_op_postgres(postgres: str) -> Iterator[str]:
    """The same on PostgreSQL."""
    make_postgres_database(postgres, "kopiedoel", "template0")
    upgrade(url := postgres.format("kopiedoel"))
    yield url
    engine(url).dispose()
    with engine(postgres.format("postgres")).connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.exec_driver_sql("DROP DATABASE kopiedoel")
    engine(postgres.format("postgres")).dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def doel(request: pytest.FixtureRequest) -> str:
    """An empty database on each engine in turn."""
    naam = {"sqlite": "leeg", "postgres": "leeg_op_postgres"}[request.param]
    return str(request.getfixturevalue(naam))


def content(db: Connection) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that is no projection."""
    tabellen = [t for t in all_tables().sorted_tables if t.name not in AFGELEID]
    return {t.name: [dict(r) for r in db.execute(select(t).order_by(*t.primary_key)).mappings()] for t in tabellen}


def test_rows_and_hashes_are_the_same_and_projections_follow(bron: str, doel: str) -> None:
    aantallen = copy_all(bron, doel)
    with reading(bron) as hier, reading(doel) as daar:
        assert content(hier) == content(daar)
        assert {naam: len(rijen) for naam, rijen in content(daar).items()} == aantallen
        assert [r["hash"] for r in log_rows(hier)] == [r["hash"] for r in log_rows(daar)]
        assert chain_faults(log_rows(daar)) == []
        assert {k: [_plain(r) for r in v] for k, v in projections(hier).items()} == {
            k: [_plain(r) for r in v] for k, v in projections(daar).items()
        }


def _plain(rij: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row as both engines give it: SQLite has numbers where PostgreSQL has booleans."""
    return tuple(int(waarde) if isinstance(waarde, bool) else waarde for waarde in rij)


def test_work_goes_on_where_it_was(bron: str, doel: str) -> None:
    copy_all(bron, doel)
    with klok.at(NU), transaction(doel) as db:
        voor = len(log_rows(db))
        a_person(db)
        nummer = a_traject(db)
        step(db, nummer, "intake_voeren")
        assert len(log_rows(db)) > voor + 1
        assert chain_faults(log_rows(db)) == []


def test_the_copy_refuses_to_be_changed_too(bron: str, doel: str) -> None:
    copy_all(bron, doel)
    with pytest.raises(Exception, match="append-only"), transaction(doel) as db:
        db.execute(text("UPDATE gebeurtenis SET dag = dag + 1"))


def test_nobody_stays_logged_in_on_the_copy(bron: str, leeg: str) -> None:
    with transaction(bron) as db:
        wie = db.execute(text("SELECT id FROM medewerker LIMIT 1")).scalar_one()
        kolommen = {k.name: _filler(k) for k in all_tables().tables["sessie"].c} | {"medewerker_id": wie}
        db.execute(all_tables().tables["sessie"].insert().values(**kolommen))
    copy_all(bron, leeg)
    with reading(leeg) as db:
        assert db.execute(text("SELECT count(*) FROM sessie")).scalar_one() == 0


def _filler(kolom: Any) -> Any:
    return {int: 1, str: "x", bytes: b"x", bool: True}[kolom.type.python_type]


@pytest.mark.parametrize("tabel", ["instelling", "organisatie"])
def test_a_target_with_anything_in_it_is_refused_by_name_and_left_as_it_is(bron: str, leeg: str, tabel: str) -> None:
    rijen = {
        "instelling": "INSERT INTO instelling VALUES ('een', 'ja')",
        "organisatie": "INSERT INTO organisatie (code, naam, soort, is_actief) VALUES ('X', 'X', 'desk', 1)",
    }
    with transaction(leeg) as db:
        db.execute(text(rijen[tabel]))
    with reading(leeg) as db:
        voor = content(db)
    with pytest.raises(DoelNietLeeg, match=f"rows in {tabel}"):
        copy_all(bron, leeg)
    with reading(leeg) as db:
        assert content(db) == voor


def test_a_copy_that_breaks_off_leaves_nothing(bron: str, leeg: str) -> None:
    gezien: list[int] = []

    def broken(aantal: int) -> None:
        gezien.append(aantal)
        if len(gezien) == 4:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        copy_all(bron, leeg, broken)
    with reading(leeg) as db:
        assert not any(content(db).values())
    assert copy_all(bron, leeg)["gebeurtenis"] > 0


def test_more_rows_than_one_batch_are_all_copied_and_counted(
    bron: str, leeg: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflow.kopie.BATCH", 2)
    gezien: list[int] = []
    aantallen = copy_all(bron, leeg, gezien.append)
    assert max(gezien) == 2 < BATCH
    assert sum(gezien) == sum(aantallen.values())
