"""A family cut off on two clocks stands where the log says it stood, and its stays are those that were known."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from models import klok
from models.database import engine, reading
from tests.bouwers import BEGIN, COORDINATOR, VANDAAG, a_traject, day, place, step
from workflow.gezin import load
from workflow.naspelen import replayed
from workflow.projectie import as_known
from workflow.terugkijken import Moment, as_of, look_back
from workflow.voorbeeld import make_demo
from workflow.voortgang import amend

AANTAL = 40


@pytest.fixture(scope="module")
def demo(sjabloon: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A small demo caseload, with all the corrections that a demo has."""
    url = f"sqlite:///{tmp_path_factory.mktemp('demo') / 'routekaart.db'}"
    from web.opdrachten import prepare

    with klok.at(datetime(2026, 11, 24, 9, 30, tzinfo=UTC)):
        prepare(url)
        make_demo(url, size=AANTAL)
    yield url
    engine(url).dispose()


def test_all_of_an_amsterdam_day_counts_on_both_clocks(vreemd: Connection) -> None:
    with klok.at(datetime(2026, 3, 1, 22, 59, 59, tzinfo=UTC)):
        nummer = a_traject(vreemd, op=day("2026-03-01"))
    with klok.at(datetime(2026, 3, 1, 23, 0, 0, tzinfo=UTC)):
        step(vreemd, nummer, "intake_voeren", day("2026-03-01"))
    gezin = load(vreemd, nummer)
    gezien = [look_back(gezin, nummer, Moment(day("2026-03-01"), day(f"2026-03-0{dag}")), "auditor") for dag in (1, 2)]
    assert [len(blik.regels) for blik in gezien] == [1, 2]


def test_what_was_not_known_or_had_not_begun_is_not_there(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, op=BEGIN)
    gezin = load(vreemd, nummer)
    assert list(as_of(gezin, Moment(VANDAAG, VANDAAG - 1))) == []
    (toen,) = as_of(gezin, Moment(BEGIN - 1, VANDAAG))
    assert (toen.stand.stap, toen.stand.verblijven) == (None, [])


def test_looking_back_leaves_the_family_as_it_was(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, op=BEGIN)
    step(vreemd, nummer, "intake_voeren", BEGIN + 10)
    amend(vreemd, nummer, 2, dag=BEGIN + 12, reden="tikfout", door=COORDINATOR)
    gezin = load(vreemd, nummer)
    look_back(gezin, nummer, Moment(BEGIN, VANDAAG), "auditor")
    (nu,) = gezin
    assert (nu.stand.stap.code if nu.stand.stap else "") == place(vreemd, nummer) == "kennismaking"
    assert not nu.is_changed


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_traject_stands_where_replay_and_the_projections_say(demo: str, data: st.DataObject) -> None:
    """On any day, by what was known on any day, of any traject with a correction in its family."""
    with reading(demo) as db:
        nummers = db.execute(
            text(
                "SELECT DISTINCT t.nummer FROM trajectnummer t JOIN trajectnummer f ON f.wortel_id = t.wortel_id"
                " JOIN gebeurtenis g ON g.traject_id = f.id WHERE g.betreft_volgnummer IS NOT NULL ORDER BY 1"
            )
        ).scalars()
        nummer = data.draw(st.sampled_from(list(nummers)))
        gezin = load(db, nummer, lock=False)
        verloop = gezin.by_nummer(nummer)
        dagen = {rij.dag for rij in verloop.log} | {klok.day_of_us(rij.vastgelegd_op) for rij in verloop.log}
        kies = st.sampled_from(sorted({d + n for d in dagen for n in (-1, 0, 1)}))
        moment = Moment(data.draw(kies), data.draw(kies))
        blik = look_back(gezin, nummer, moment, "auditor")
        if verloop.log[0].vastgelegd_op >= moment.bekend_tot:
            assert blik.pagina is None
            return
        verhaal = replayed(db, nummer, moment.op, moment.bekend_tot)
        rijen = db.execute(as_known("verblijf", moment.bekend_tot)).all()
    assert blik.pagina is not None
    assert (blik.pagina.stap.code if blik.pagina.stap else None) == verhaal.stap
    waar = [
        r.stap
        for r in rijen
        if (r.traject_id, r.niveau) == (verloop.traject_id, "stap")
        and r.van_dag <= moment.op
        and (r.tot_dag is None or r.tot_dag > moment.op)
    ]
    assert waar == ([verhaal.stap] if verhaal.is_open else [])
