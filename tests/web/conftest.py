"""A visitor who is logged in, and offices for the command line: one that works, one where nothing was made yet."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from models import klok
from models.database import engine, transaction
from tests.bouwers import NU, a_traject
from tests.kaartversies import another_text
from tests.kantoor import Kantoor
from workflow import instellingen
from workflow.instellingen import SLEUTELS

HUIS = Path(__file__).parents[2]
KLEIN = (HUIS / "tests" / "kaarten" / "klein.yaml").read_text(encoding="utf-8")


@pytest.fixture
def uitvoerder(bezoeker, login) -> Iterator[Any]:
    """The visitor, logged in as uitvoerder; the clock stands still."""
    with klok.at(NU):
        login(bezoeker, "uitvoerder")
        yield bezoeker


@pytest.fixture(scope="session")
def ingericht(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation as `init` makes it, with keys of its own; copy it before using it."""
    map_ = tmp_path_factory.mktemp("ingericht") / "instance"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROUTEKAART_INSTANCE", str(map_))
        for sleutel in SLEUTELS:
            patch.delenv(sleutel)
        kantoor = Kantoor(map_.parent, f"sqlite:///{map_ / 'routekaart.db'}", patch.setenv)
        uitkomst = kantoor.run("init")
        assert uitkomst.exit_code == 0, uitkomst.output
    engine(kantoor.database).dispose()
    return map_


@pytest.fixture
def leeg_kantoor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kantoor]:
    """Nothing was made yet, and no key is set."""
    monkeypatch.setenv("ROUTEKAART_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.chdir(tmp_path)
    for sleutel in SLEUTELS:
        monkeypatch.delenv(sleutel)
    kantoor = Kantoor(tmp_path, f"sqlite:///{tmp_path / 'instance' / 'routekaart.db'}", monkeypatch.setenv)
    yield kantoor
    engine(kantoor.database).dispose()


@pytest.fixture
def kantoor(tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> Kantoor:
    """A working installation with a traject, and files of all sorts."""
    monkeypatch.setenv("ROUTEKAART_DATABASE", database)
    monkeypatch.setenv("ROUTEKAART_INSTANCE", str(tmp_path))
    (tmp_path / "routekaart.db").chmod(0o600)
    kantoor = Kantoor(tmp_path, database, monkeypatch.setenv)
    with transaction(database) as db:
        nummer = a_traject(db, gemeente="GM0935")
    kantoor.woorden |= {"nummer": nummer, "wie": "jansen", "map": str(tmp_path), "database": database}
    kantoor.woorden |= {"kaart": str(HUIS / "routekaart.yaml"), "nieuw": str(tmp_path / "nieuw.db")}
    kaart = instellingen.map_file().read_text(encoding="utf-8")
    kantoor.file("volgende.yaml", another_text(kaart))
    kantoor.file("schets.yaml", another_text(kaart, versie="schets", status="concept"))
    kantoor.file("later.yaml", another_text(kaart, versie="later", geldig_vanaf="2999-01-01"))
    kantoor.file("anders.yaml", another_text(kaart, versie='"2026-1"', naam="Een andere naam"))
    kantoor.file("levering.json", (HUIS / "tests" / "data" / "ddas" / "zonder_fasen.json").read_bytes())
    kantoor.file(
        "opgaven.csv", "indicator;periode;opgever;reeks;plaats;aantal\nP1;2025-03;TRAJEKT;bezoekers;WSP-WEST;120\n"
    )
    kantoor.file("lijst.csv", f"dossiernummer;begin;einde\n{nummer};02-06-2025;\n")
    kantoor.file("concept.yaml", KLEIN)
    kantoor.file("kapot.yaml", KLEIN.replace("fase: begin", "fase: nergens"))
    kantoor.file("rommel.bin", os.urandom(5000))
    with closing(sqlite3.connect(kantoor.file("vreemd.db", b""))) as ander:
        ander.executescript("CREATE TABLE recept (naam TEXT); INSERT INTO recept VALUES ('soep')")
    return kantoor
