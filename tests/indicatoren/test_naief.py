"""Our figures are those of the naive implementation, on any caseload, over any period, known at any moment."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from models import klok
from models.database import engine, reading
from tests.bouwers import NU, day
from tests.indicatoren.balie import GEMEENTEN, Balie
from tests.indicatoren.naief import Vraag
from tests.indicatoren.vergelijking import differences
from workflow.voorbeeld import make_demo

HIER = Path(__file__).parent
AANTAL = 40
"""Random caseloads: about half a minute on one core. To have a failing one made smaller, add Phase.shrink."""
BIJZONDER = ("a correction", "a split", "a heropening", "an open case")
"""What at least one caseload in twenty must hold."""

SOORTEN = (
    *("beginnen",) * 7,
    *("verder",) * 14,
    *("ter_plaatse",) * 6,
    *("kind",) * 6,
    *("naast",) * 6,
    *("los",) * 4,
    *("eindigen",) * 6,
    *("terugkomen",) * 5,
    *("splitsen",) * 6,
    *("intrekken",) * 2,
    *("herstellen", "andere_dag", "ander_antwoord", "invoegen", "overdragen", "inlezen", "samenvoegen", "nieuwe_kaart"),
)
getallen = st.integers(0, 59)
opdrachten = st.tuples(
    st.sampled_from(SOORTEN), getallen, getallen, getallen, st.sampled_from((0, 0, 0, 1, 12, 12, 40, 40, 400))
)
dagenboek = st.lists(opdrachten, min_size=30, max_size=60)
vragen = st.lists(st.tuples(*[getallen] * 4), min_size=3, max_size=3)


# -- The naive one takes nothing of ours -------------------------------------------------------------------------------


@pytest.mark.parametrize("bestand", sorted(HIER.glob("naief*.py")), ids=lambda pad: pad.stem)
def test_the_naive_implementation_takes_nothing_of_ours(bestand: Path) -> None:
    for naam in _imported(bestand):
        assert naam.split(".")[0] not in ("workflow", "models", "web"), naam
        assert not naam.startswith("tests.") or naam.startswith("tests.indicatoren.naief"), naam


def _imported(bestand: Path) -> Iterator[str]:
    for knoop in ast.walk(ast.parse(bestand.read_text(encoding="utf-8"))):
        if isinstance(knoop, ast.Import):
            yield from (deel.name for deel in knoop.names)
        elif isinstance(knoop, ast.ImportFrom):
            yield knoop.module or ""


# -- Random caseloads --------------------------------------------------------------------------------------------------


def test_every_figure_of_a_random_caseload_is_the_naive_one(maastricht_url: str, tell: Callable[[str], None]) -> None:
    geteld = _many(maastricht_url, AANTAL)
    delen = {naam: geteld[naam] / geteld["caseloads"] for naam in BIJZONDER}
    tell(f"naive figures: {geteld['caseloads']} caseloads, {', '.join(f'{n} {d:.0%}' for n, d in delen.items())}")
    assert min(delen.values()) >= 0.05, delen


def _many(url: str, aantal: int) -> Counter[str]:
    geteld: Counter[str] = Counter()

    @settings(
        max_examples=aantal,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(dagenboek, vragen)
    def run(boek: list[tuple[str, int, int, int, int]], gevraagd: list[tuple[int, int, int, int]]) -> None:
        with engine(url).connect() as db, db.begin() as alles:
            balie = Balie(db)
            for wat, a, b, c, dagen in boek:
                balie.wait(dagen)
                balie.do(wat, a, b, c, "minuut")
            fouten = [fout for vraag in gevraagd for fout in _asked(db, balie, vraag)]
            geteld.update(["caseloads", *balie.marks()])
            alles.rollback()
        assert fouten == []

    run()
    return geteld


def _asked(db: Connection, balie: Balie, getal: Sequence[int]) -> list[str]:
    """What differs over a period that begins and ends where something happened, or long after, as numbers choose."""
    dagen = sorted({klok.day_of(balie.nu)} | {rij.dag for verloop in balie.verlopen() for rij in verloop.log})
    van, tot = sorted(dagen[n % len(dagen)] + n % 3 - 1 for n in getal[:2])
    gemeente = (None, None, *GEMEENTEN)[getal[2] % 4]
    bekend = [None, None, *(moment + 1 for moment in balie.momenten[getal[3] :: 20])]
    later = (0, 0, 0, 400)[getal[2] // 4 % 4]
    vraag = Vraag(van, max(tot, van + 1) + later, gemeente, bekend[getal[3] % len(bekend)])
    with klok.at(balie.nu + timedelta(minutes=1)):
        return [f"{vraag}: {fout}" for fout in differences(db, vraag)]


# -- The demo caseload -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo_url(sjabloon: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a database with a demo caseload; tests only read it."""
    bestand = tmp_path_factory.mktemp("naief") / "demo.db"
    bestand.write_bytes(sjabloon.read_bytes())
    url = f"sqlite:///{bestand}"
    with klok.at(NU):
        make_demo(url, 150)
    yield url
    engine(url).dispose()


PERIODEN: Mapping[str, tuple[str, str]] = {
    **{f"{jaar}": (f"{jaar}-01-01", f"{jaar + 1}-01-01") for jaar in range(2022, 2027)},
    "all": ("2020-01-01", "2027-01-01"),
}


@pytest.mark.parametrize("naam", PERIODEN)
def test_every_figure_of_the_demo_caseload_is_the_naive_one(demo_url: str, naam: str) -> None:
    van, tot = map(day, PERIODEN[naam])
    with reading(demo_url) as db:
        for gemeente in (None, GEMEENTEN[0]):
            assert differences(db, Vraag(van, tot, gemeente)) == []


def test_every_figure_of_the_demo_caseload_as_it_was_known_is_the_naive_one(demo_url: str) -> None:
    with reading(demo_url) as db:
        toen = klok.end_of_day_us(day("2025-03-31"))
        assert differences(db, Vraag(day("2024-01-01"), day("2025-01-01"), bekend=toen)) == []
