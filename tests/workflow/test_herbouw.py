"""Making the projections anew while others work: writers wait and lose nothing, readers go on."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import OperationalError

from models import klok
from models.database import engine, reading, transaction
from models.traject import traject
from tests.bouwers import COORDINATOR, NU, a_traject, projections
from workflow.correcties import withdraw
from workflow.gezin import load
from workflow.projectie import rebuild, refresh_terms

pytestmark = pytest.mark.postgres


@pytest.fixture
def nummer(postgres_database: str) -> str:
    """A traject at its beginning."""
    with klok.at(NU), transaction(postgres_database) as db:
        return a_traject(db)


def anew(url: str, doe=rebuild) -> None:
    with klok.at(NU), transaction(url) as db:
        doe(db)


def wait_for_somebody_waiting(url: str) -> None:
    """Until somebody waits for a lock."""
    vraag = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    for _ in range(100):
        with engine(url).connect() as db:
            if db.execute(vraag).scalar_one():
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def hurried(db: Connection) -> Connection:
    """A connection that hardly waits for a lock."""
    db.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
    return db


@pytest.mark.parametrize("doe", [rebuild, refresh_terms])
def test_who_was_writing_is_waited_for(postgres_database: str, nummer: str, doe) -> None:
    with ThreadPoolExecutor() as draden:
        with klok.at(NU), transaction(postgres_database) as db:
            load(db, nummer)
            herbouw = draden.submit(anew, postgres_database, doe)
            wait_for_somebody_waiting(postgres_database)
            withdraw(db, nummer, 1, reden="tikfout", door=COORDINATOR)
        herbouw.result()
    with klok.at(NU), transaction(postgres_database) as db:
        voor = projections(db)
        rebuild(db)
        assert projections(db) == voor


def test_meanwhile_readers_see_what_was_and_writers_wait(postgres_database: str, nummer: str) -> None:
    gezien = []

    def look(_: int) -> None:
        with reading(postgres_database) as db:
            gezien.extend(db.execute(select(traject.c.nummer)).scalars())
        with transaction(postgres_database) as db, pytest.raises(OperationalError) as bezet:
            load(hurried(db), nummer)
        gezien.append(bezet.value.orig.sqlstate)

    with klok.at(NU), transaction(postgres_database) as db:
        rebuild(db, look)
    assert gezien == [nummer, "55P03"]
