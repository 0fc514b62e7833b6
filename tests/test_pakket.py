"""The package as others install it: a wheel, built from this tree without a network and unpacked somewhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from configparser import ConfigParser
from pathlib import Path
from zipfile import ZipFile

import pytest

HUIS = Path(__file__).parents[1]
KAMERS = ("models", "web", "workflow")
Opdracht = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def uitgepakt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the wheel was unpacked."""
    map_ = tmp_path_factory.mktemp("wiel")
    bouw = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(map_ / "dist")]
    subprocess.run(bouw, cwd=HUIS, check=True, capture_output=True)
    (wiel,) = (map_ / "dist").glob("*.whl")
    with ZipFile(wiel) as inhoud:
        inhoud.extractall(map_ / "los")
    return map_ / "los"


@pytest.fixture
def python(uitgepakt: Path, tmp_path: Path) -> Opdracht:
    """Run some Python that finds the unpacked package and nothing of this tree."""
    weg = ("ROUTEKAART_", "PYTEST_", "COV_")
    schoon = {naam: waarde for naam, waarde in os.environ.items() if not naam.startswith(weg)}

    def run(tekst: str, *argumenten: str) -> subprocess.CompletedProcess[str]:
        omgeving = {**schoon, "PYTHONPATH": str(uitgepakt), "PYTHONDONTWRITEBYTECODE": "1"}
        opdracht = [sys.executable, "-c", tekst, *argumenten]
        return subprocess.run(opdracht, cwd=tmp_path, env=omgeving, capture_output=True, text=True, check=False)

    return run


@pytest.fixture
def routekaart(uitgepakt: Path, python: Opdracht) -> Opdracht:
    """Type something after `routekaart`: what the console script of the wheel names."""
    (gegevens,) = uitgepakt.glob("*.dist-info")
    punten = ConfigParser()
    punten.read(gegevens / "entry_points.txt")
    module, _, functie = punten["console_scripts"]["routekaart"].partition(":")
    return lambda *woorden: python(f"from {module} import {functie}; {functie}()", *woorden)


def test_it_is_the_unpacked_package_that_runs(python: Opdracht, uitgepakt: Path) -> None:
    namen = python(f"import {', '.join(KAMERS)}; print(models.__file__, web.__file__, workflow.__file__)").stdout
    assert all(Path(naam).is_relative_to(uitgepakt) for naam in namen.split())


def test_every_file_of_the_rooms_is_in_it_and_nothing_else(uitgepakt: Path) -> None:
    hier = {p.relative_to(HUIS) for k in KAMERS for p in (HUIS / k).rglob("*") if p.is_file()}
    hier = {pad for pad in hier if "__pycache__" not in pad.parts and not pad.name.startswith(".")}
    daar = {p.relative_to(uitgepakt) for p in uitgepakt.rglob("*") if p.is_file()}
    assert {pad for pad in daar if ".dist-info" not in pad.parts[0]} == hier | {Path("workflow/routekaart.yaml")}


def test_a_fresh_installation_is_made_checked_and_found_sound(routekaart: Opdracht, tmp_path: Path) -> None:
    for woorden, antwoord in (
        (("init",), "database made"),
        (("check",), "no findings"),
        (("doctor",), "ok   settings, triggers and map"),
        (("--version",), "routekaart, version"),
    ):
        uitkomst = routekaart(*woorden)
        assert (uitkomst.returncode, uitkomst.stderr) == (0, ""), woorden
        assert antwoord in uitkomst.stdout
    assert (tmp_path / "instance" / "routekaart.db").exists()


def test_its_pages_have_their_templates_and_files(routekaart: Opdracht, python: Opdracht) -> None:
    routekaart("init")
    uitkomst = python(
        "from web.app import create_app; b = create_app(testing=True).test_client();"
        "print(b.get('/inloggen').status_code, b.get('/static/opmaak.css').status_code)"
    )
    assert uitkomst.stdout == "200 200\n", uitkomst.stderr
