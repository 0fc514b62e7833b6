"""README names every command with every option it takes, and every setting that the program asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from web.opdrachten import main

HUIS = Path(__file__).parents[1]
LEESMIJ = (HUIS / "README.md").read_text(encoding="utf-8")
REGEL = re.compile(r"^\| `routekaart ([^`]*)` \|", re.MULTILINE)


def commands(groep: click.Group, *voor: str) -> Iterator[tuple[str, click.Command]]:
    """Every command with its name, those of groups too."""
    for naam, opdracht in groep.commands.items():
        if isinstance(opdracht, click.Group):
            yield from commands(opdracht, *voor, naam)
        else:
            yield " ".join((*voor, naam)), opdracht


def asked_for() -> set[str]:
    """Every setting that a source of ours names, and the one whose name it puts together."""
    bronnen = (pad for map_ in ("models", "workflow", "web") for pad in (HUIS / map_).rglob("*.py"))
    gevonden = {
        naam for pad in bronnen for naam in re.findall(r"ROUTEKAART_[A-Z_]+[A-Z]", pad.read_text(encoding="utf-8"))
    }
    return {naam.removesuffix("_FILE") for naam in gevonden} | {"ROUTEKAART_SEAL_KEY_NEW"}


OPDRACHTEN = dict(commands(main))


@pytest.mark.parametrize(("naam", "opdracht"), OPDRACHTEN.items(), ids=OPDRACHTEN)
def test_a_command_stands_in_the_readme_with_each_of_its_options(naam: str, opdracht: click.Command) -> None:
    (regel,) = [regel for regel in REGEL.findall(LEESMIJ) if regel == naam or regel.startswith(f"{naam} ")]
    beloofd = set(re.findall(r"--[a-z-]+", regel))
    mogelijk = {
        naam for p in opdracht.params if isinstance(p, click.Option) for naam in p.opts if naam.startswith("--")
    }
    assert beloofd == mogelijk - {"--help"}


def test_a_setting_stands_in_the_readme() -> None:
    beloofd = set(re.findall(r"^\| `(ROUTEKAART_[A-Z_]+)` \|", LEESMIJ, re.MULTILINE))
    assert beloofd == asked_for()
