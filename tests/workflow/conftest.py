"""What tests of the engine may use: databases with the foreign map in force, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from models import klok
from models.database import engine, transaction
from tests.bouwers import NU, VREEMDE_KAART, a_database, a_postgres_database, furnish, make_postgres_database


@pytest.fixture
def stille_klok() -> Iterator[None]:
    """The clock stands at NU."""
    with klok.at(NU):
        yield


@pytest.fixture
def vreemde_database(tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with the foreign map in force."""
    url = a_database(tmp_path, VREEMDE_KAART)
    yield url
    engine(url).dispose()


@pytest.fixture
def vreemd(vreemde_database: str, stille_klok: None) -> Iterator[Connection]:
    """A writing transaction on a database with the foreign map; the clock stands still."""
    with transaction(vreemde_database) as db:
        yield db


@pytest.fixture(scope="session")
def postgres(postgres: str) -> str:
    """The address of the server again, now with a database `sjabloon` that has the foreign map in force."""
    make_postgres_database(postgres, "sjabloon", "template1")
    furnish(postgres.format("sjabloon"), VREEMDE_KAART)
    engine(postgres.format("sjabloon")).dispose()
    return postgres


@pytest.fixture
def postgres_database(postgres: str) -> Iterator[str]:
    """The address of a fresh PostgreSQL database with the foreign map in force."""
    url = a_postgres_database(postgres)
    yield url
    engine(url).dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def gedeelde_database(request: pytest.FixtureRequest) -> str:
    """The address of a database with the foreign map, on each of the two engines in turn."""
    naam = {"sqlite": "vreemde_database", "postgres": "postgres_database"}[request.param]
    return str(request.getfixturevalue(naam))
