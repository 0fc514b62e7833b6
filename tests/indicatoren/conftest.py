"""A database with the map of Maastricht in force, in which trajecten of any time are made, and how it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from models import klok
from models.database import engine, reading, transaction
from models.instelling import gelijkgestelde_dag
from models.organisatie import organisatie
from tests.bouwers import NU, a_database
from tests.demo import make
from tests.indicatoren.naief_log import EPOCH
from tests.indicatoren.naief_wet import GELIJKGESTELD
from workflow import instellingen

LATER = datetime(2029, 6, 1, 9, 0, tzinfo=UTC)
"""Late enough that nothing told here lies in the future."""

MEER = [("PLEK-A", "wijkservicepunt"), ("PLEK-B", "wijkservicepunt"), ("HULP-A", "partner"), ("HULP-B", "partner")]


@pytest.fixture(scope="session")
def kleine_demo_url(sjabloon: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a database with a small demo caseload; tests only read it."""
    bestand = make(sjabloon, tmp_path_factory.mktemp("kleine_demo") / "demo.db", 80, NU)
    url = f"sqlite:///{bestand}"
    yield url
    engine(url).dispose()


@pytest.fixture
def kleine_demo(kleine_demo_url: str) -> Iterator[Connection]:
    """A reading transaction on it."""
    with reading(kleine_demo_url) as db:
        yield db


@pytest.fixture(scope="session")
def maastricht_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a database with the map of Maastricht and nobody in it; leave it so."""
    kaart = instellingen.map_file().read_text(encoding="utf-8")
    url = a_database(tmp_path_factory.mktemp("indicatoren"), kaart)
    with transaction(url) as db:
        dagen = [{"dag": datum.toordinal() - EPOCH, "bron": "proef"} for datum in sorted(GELIJKGESTELD)]
        db.execute(insert(gelijkgestelde_dag), dagen)
        rijen = [{"code": code, "naam": code.title(), "soort": soort, "is_actief": True} for code, soort in MEER]
        db.execute(insert(organisatie), rijen)
    yield url
    engine(url).dispose()


@pytest.fixture
def maastricht(maastricht_url: str) -> Iterator[Connection]:
    """A transaction on it that is rolled back; the clock stands at LATER."""
    with klok.at(LATER), engine(maastricht_url).connect() as db, db.begin() as alles:
        yield db
        alles.rollback()
