"""What tests of the engine may use: the foreign map in force on a database of its own, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from models import klok
from models.database import engine, transaction
from tests.bouwers import NU, a_database

VREEMDE_KAART = (Path(__file__).parents[1] / "kaarten" / "vreemd.yaml").read_text(encoding="utf-8")


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
