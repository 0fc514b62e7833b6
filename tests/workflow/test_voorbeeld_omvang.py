"""A larger demo caseload has the shares of the full one, which takes too long to make in every run of the tests.

The full one, of 1,500 trajecten, is made by `make demo`.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from models import klok
from models.database import engine, reading
from models.gebeurtenis import gebeurtenis
from models.traject import traject
from tests.bouwers import NU, VANDAAG, log_rows
from workflow.overzichten import STIL_DAGEN
from workflow.voorbeeld import make_demo

SIZE = 240
HOOFDROUTE = "schuldhulp"


@pytest.fixture(scope="module")
def demo(sjabloon: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A reading transaction on a caseload in which shares show."""
    bestand = tmp_path_factory.mktemp("omvang") / "demo.db"
    shutil.copyfile(sjabloon, bestand)
    url = f"sqlite:///{bestand}"
    with klok.at(NU):
        assert make_demo(url, SIZE).gestrand == 0
    with reading(url) as db:
        yield db
    engine(url).dispose()


def roots(db: Connection) -> list[tuple[str, int, bool]]:
    """Municipality, day of beginning and whether it is open, of every traject on the main route."""
    vraag = select(traject.c.gemeente, traject.c.begonnen_op, traject.c.is_open)
    return [tuple(rij) for rij in db.execute(vraag.where(traject.c.route == HOOFDROUTE, traject.c.stap.is_not(None)))]


def test_there_are_as_many_trajecten_as_were_asked_for(demo: Connection) -> None:
    """Besides those that split off."""
    assert SIZE <= len(roots(demo)) <= SIZE * 1.06


def test_they_come_evenly_over_four_years(demo: Connection) -> None:
    """A little more each year, and of late some more, who still run."""
    jaren_geleden = Counter((VANDAAG - begonnen - 1) // 365 for _, begonnen, _ in roots(demo))
    assert set(range(4)) <= set(jaren_geleden) <= set(range(5))
    assert all(0.18 <= jaren_geleden[jaar] / SIZE <= 0.36 for jaar in range(4))


def test_one_in_five_lives_in_the_other_municipality(demo: Connection) -> None:
    gemeenten = Counter(gemeente for gemeente, _, _ in roots(demo))
    assert set(gemeenten) == {"GM0935", "GM0917"}
    assert 0.14 <= gemeenten["GM0917"] / gemeenten.total() <= 0.26


def test_a_third_is_open_and_the_rest_ended_in_every_way(demo: Connection) -> None:
    klassen = Counter(demo.execute(select(traject.c.klasse).where(traject.c.route == HOOFDROUTE)).scalars())
    delen = {klasse: aantal / klassen.total() for klasse, aantal in klassen.items()}
    assert 0.25 <= delen[None] <= 0.45
    assert 0.15 <= delen["succes"] <= 0.45
    assert 0.15 <= delen["uitval"] <= 0.40
    assert min(delen["neutraal"], delen["afwijzing"]) > 0.01


def test_each_traject_has_a_history_and_some_help_beside_it(demo: Connection) -> None:
    wortels, van_mensen = len(roots(demo)), of_people(demo)
    rijen = Counter(rij["soort"] for rij in log_rows(demo) if rij["traject_id"] in van_mensen)
    assert 12 <= rijen.total() / wortels <= 25
    assert (
        0.5 <= demo.execute(select(func.count()).where(traject.c.ouder_id.is_not(None))).scalar_one() / wortels <= 1.5
    )
    assert min(rijen[soort] for soort in ("intrekking", "verbetering", "migratie", "samenvoeging")) >= 3


def test_the_term_for_the_first_gesprek_is_nearly_always_kept(demo: Connection) -> None:
    """Wgs art. 4 lid 1: four weeks."""
    start, gesprek = gebeurtenis.alias(), gebeurtenis.alias()
    vraag = (
        select(gesprek.c.dag - start.c.dag)
        .join(start, start.c.traject_id == gesprek.c.traject_id)
        .where(start.c.volgnummer == 1, gesprek.c.overgang == "intake_starten")
    )
    dagen = list(demo.execute(vraag).scalars())
    assert 0.9 <= sum(aantal <= 28 for aantal in dagen) / len(dagen) < 1


def test_few_are_out_of_touch(demo: Connection) -> None:
    """Nobody spoke with them for over thirty days: there are some, and they are few."""
    t = traject.c
    contact = list(demo.execute(select(t.contact_op).where(t.in_werkvoorraad, t.route == HOOFDROUTE)).scalars())
    assert 0.05 <= sum(dag < VANDAAG - STIL_DAGEN for dag in contact) / len(contact) <= 0.25


def of_people(db: Connection) -> set[int]:
    """The trajecten of people: of the main route, and what hangs on those."""
    wortels = select(traject.c.id).where(traject.c.route == HOOFDROUTE)
    return set(db.execute(select(traject.c.id).where(traject.c.wortel_id.in_(wortels))).scalars())
