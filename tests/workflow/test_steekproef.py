"""A sample is what a stranger draws with a hash alone: the same seed, the same log, the same rows."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import klok
from models.database import reading, transaction
from tests.bouwers import a_traject, day
from workflow.indicatoren import Kader, Periode, Vraag
from workflow.kalender import daynumber
from workflow.projectie import families
from workflow.steekproef import MAX_ZAAD, SOORTEN, draw

JAAR = Periode(day("2025-01-01"), day("2026-01-01"))


def population(url: str, soort: str, periode: Periode = JAAR) -> set[str]:
    """The keys to draw from, by the histories themselves."""
    gevonden = set()
    with reading(url) as db:
        hoofd = Kader(db, Vraag(periode)).wegwijzer.hoofdroutes
        for verloop in (v for gezin in families(db) for v in gezin):
            if soort == "gebeurtenissen":
                gevonden |= {f"{verloop.nummer}/{r.volgnummer}" for r in verloop.log if r.dag in periode}
            elif verloop.oorsprong["route"] in hoofd and verloop.feiten and verloop.feiten[0].dag in periode:
                gevonden.add(verloop.nummer)
    return gevonden


@pytest.mark.parametrize("soort", SOORTEN)
def test_a_stranger_with_the_list_and_the_seed_draws_the_same(demo_url, soort, tell):
    sleutels = population(demo_url, soort)
    with reading(demo_url) as db:
        getrokken = draw(Kader(db, Vraag(JAAR)), soort, 20, "appel")
    verwacht = sorted(sleutels, key=lambda sleutel: sha256(f"appel:{sleutel}".encode()).hexdigest())[:20]
    assert [t.sleutel for t in getrokken.getrokken] == verwacht
    assert getrokken.populatie == len(sleutels)
    tell(f"sample: {len(getrokken.getrokken)} of {len(sleutels)} {soort}")


@settings(deadline=None, max_examples=25)
@given(zaad=st.text(min_size=1, max_size=MAX_ZAAD).filter(lambda t: t.isprintable()), n=st.integers(1, 40))
def test_a_larger_sample_begins_with_the_smaller_one_and_draws_nothing_twice(demo_url, zaad, n):
    with reading(demo_url) as db:
        kader = Kader(db, Vraag(JAAR))
        klein, groot = (draw(kader, "trajecten", grootte, zaad).getrokken for grootte in (n, n + 7))
    assert groot[:n] == klein
    assert len({t.sleutel for t in groot}) == len(groot)


def test_another_seed_draws_others(demo_url):
    with reading(demo_url) as db:
        kader = Kader(db, Vraag(JAAR))
        appel, peer = ({t.sleutel for t in draw(kader, "gebeurtenissen", 20, z).getrokken} for z in ("appel", "peer"))
    assert appel != peer


def test_only_the_gemeente_asked_for_is_drawn_from(demo_url):
    with reading(demo_url) as db:
        samen = [draw(Kader(db, Vraag(JAAR, gemeente)), "gebeurtenissen", 1, "x") for gemeente in ("GM0935", "GM0917")]
        alles = draw(Kader(db, Vraag(JAAR)), "gebeurtenissen", 1, "x")
    assert 0 < samen[1].populatie < samen[0].populatie < alles.populatie + 1
    assert samen[0].populatie + samen[1].populatie <= alles.populatie


def test_what_is_recorded_later_does_not_change_a_sample_as_known(database):
    periode, op = Periode(day("2025-01-01"), day("2027-01-01")), datetime(2026, 3, 2, 9, tzinfo=UTC)
    with klok.at(op), transaction(database) as db:
        for _ in range(12):
            a_traject(db)
    vraag = Vraag(periode, bekend=klok.end_of_day_us(daynumber(op.date())))
    with reading(database) as db:
        toen = {soort: draw(Kader(db, vraag), soort, 5, "peer") for soort in SOORTEN}
    with klok.at(op.replace(month=4)), transaction(database) as db:
        for _ in range(12):
            a_traject(db)
    with reading(database) as db:
        assert {soort: draw(Kader(db, vraag), soort, 5, "peer") for soort in SOORTEN} == toen
        nu = draw(Kader(db, Vraag(periode)), "trajecten", 5, "peer")
    assert nu.populatie == 24
    assert nu.logpositie > toen["trajecten"].logpositie
