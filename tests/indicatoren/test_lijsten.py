"""Behind every number stands a list of exactly that many rows, whatever it is broken down by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from models import klok
from models.database import engine, reading
from models.trajectnummer import trajectnummer
from tests.bouwers import NU, day
from workflow.indicatoren import ALLE, Kader, Periode, Vraag
from workflow.indicatoren.begrippen import Maat, Meting
from workflow.indicatoren.kader import PERIODEN
from workflow.indicatoren.maten import DEEL, Telling, Verhouding
from workflow.voorbeeld import make_demo

PERIODE = Periode(day("2023-01-01"), day("2026-01-01"))
MEESTE = 0.7
"""Share of the figures that the demo caseload has something for: an empty list would prove little."""


@pytest.fixture(scope="module")
def demo_url(sjabloon: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a database with a demo caseload; tests only read it."""
    bestand = tmp_path_factory.mktemp("lijsten") / "demo.db"
    bestand.write_bytes(sjabloon.read_bytes())
    url = f"sqlite:///{bestand}"
    with klok.at(NU):
        make_demo(url, 80)
    yield url
    engine(url).dispose()


@pytest.fixture
def demo(demo_url: str) -> Iterator[Connection]:
    """A reading transaction on the demo caseload."""
    with reading(demo_url) as db:
        yield db


def expected(maat: Maat, meting: Meting) -> float | None:
    """How many rows a figure stands on."""
    if isinstance(maat, Verhouding):
        return int(meting.meer["teller"])
    return meting.waarde if isinstance(maat, Telling) else meting.n


def wrong_lists(kader: Kader) -> Iterator[str]:
    """Where the list behind a figure has another number of rows."""
    for indicator in ALLE:
        for maat in indicator.maten:
            for meting in maat.metingen(kader):
                rijen = len(maat.lijst(kader, meting.uitsplitsing))
                if rijen != expected(maat, meting):
                    yield f"{indicator.code}.{maat.code} {dict(meting.uitsplitsing)}: {meting}, but {rijen} rows"


def test_every_number_has_a_list_of_that_many_rows(demo: Connection, tell: Callable[[str], None]) -> None:
    kader = Kader(demo, Vraag(PERIODE))
    cijfers = [meting.n for indicator in ALLE for maat in indicator.maten for meting in maat.metingen(kader)]
    tell(f"lists: {len(cijfers)} figures, {sum(n > 0 for n in cijfers)} of them of something")
    assert sum(n > 0 for n in cijfers) >= MEESTE * len(cijfers)
    assert list(wrong_lists(kader)) == []


def test_every_row_is_of_a_traject_and_of_a_day_in_the_period(demo: Connection) -> None:
    kader = Kader(demo, Vraag(PERIODE))
    bekend = set(demo.execute(select(trajectnummer.c.id)).scalars())
    for maat in (maat for indicator in ALLE for maat in indicator.maten):
        rijen = maat.lijst(kader, {})
        assert {rij[0] for rij in rijen} <= bekend, maat.code
        assert [rij for rij in rijen if rij[1] not in PERIODE] == [], maat.code


@pytest.mark.parametrize("splits", PERIODEN)
def test_so_has_every_part_of_it_by_period(demo: Connection, splits: str) -> None:
    assert list(wrong_lists(Kader(demo, Vraag(PERIODE, splits=splits)))) == []


def test_so_has_every_part_of_it_by_any_answer(demo: Connection, tell: Callable[[str], None]) -> None:
    heel = Kader(demo, Vraag(PERIODE))
    kenmerken = sorted(heel.wegwijzer.naar_kenmerk | {"gemeente"})
    for splits in kenmerken:
        assert list(wrong_lists(heel.ander(Vraag(PERIODE, splits=splits)))) == [], splits
    tell(f"lists: broken down by {len(kenmerken)} kenmerken")


@pytest.mark.parametrize("splits", [*PERIODEN, "gemeente", "wijkservicepunt", "crisis"])
def test_the_parts_of_a_count_add_up_to_it(demo: Connection, splits: str) -> None:
    kader = Kader(demo, Vraag(PERIODE, splits=splits))
    for maat in (
        maat for indicator in ALLE for maat in indicator.maten if isinstance(maat, Telling) and not maat.uniek
    ):
        metingen = maat.metingen(kader)
        delen = [m.waarde for m in metingen if set(m.uitsplitsing) == {DEEL}]
        assert not delen or sum(delen) == next(m.waarde for m in metingen if not m.uitsplitsing), maat.code
