"""The caseload at two moments: each number is what looking at every traject by itself gives, and so is its list."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from models import klok
from models.database import engine, reading
from models.trajectnummer import trajectnummer
from tests.bouwers import BEGIN, COORDINATOR, NU, VANDAAG, a_traject, day, step
from workflow.caseload import KANTEN, Paar, Plek, behind, per_stap, places
from workflow.gezin import OnbekendTraject
from workflow.naspelen import replayed
from workflow.terugkijken import Moment
from workflow.voorbeeld import make_demo
from workflow.voortgang import amend, withdraw

AANTAL = 25
BEGIN_DEMO, EINDE_DEMO = day("2022-11-01"), day("2026-11-24")


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


def stands(db: Connection, moment: Moment) -> dict[str, Plek]:
    """Where each traject stood, by replaying every one of them."""
    gevonden = {}
    for nummer in db.execute(trajectnummer.select().with_only_columns(trajectnummer.c.nummer)).scalars().all():
        try:
            verhaal = replayed(db, nummer, moment.op, moment.bekend_tot)
        except OnbekendTraject:
            continue
        if verhaal.is_open and verhaal.stap:
            gevonden[nummer] = Plek(verhaal.route, verhaal.stap)
    return gevonden


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_every_number_and_list_is_what_replaying_each_traject_gives(demo: str, data: st.DataObject) -> None:
    dag = st.integers(BEGIN_DEMO, EINDE_DEMO)
    toen, nu = (Moment(data.draw(dag), data.draw(dag)) for _ in range(2))
    with reading(demo) as db:
        regels, stond, staat = per_stap(db, Paar(toen, nu)), stands(db, toen), stands(db, nu)
        plek = data.draw(st.sampled_from(sorted(regels))) if regels else None
        lijsten = {kant: _all(db, Paar(toen, nu), kant, plek) for kant in KANTEN}
    assert {r.plek: r.toen for r in regels.values() if r.toen} == Counter(stond.values())
    assert {r.plek: r.nu for r in regels.values() if r.nu} == Counter(staat.values())
    hier, daar = ({n for n, p in bron.items() if plek in (None, p)} for bron in (stond, staat))
    anders = {n for n in stond.keys() | staat.keys() if stond.get(n) != staat.get(n)}
    assert lijsten == {"toen": hier, "nu": daar, "erbij": daar & anders, "weg": hier & anders}
    if plek:
        assert {k: len(v) for k, v in lijsten.items()} == {k: getattr(regels[plek], k) for k in KANTEN}


def _all(db: Connection, paar: Paar, kant: Any, plek: Plek | None) -> set[str]:
    eerste = behind(db, paar, kant, plek)
    bladen = [eerste, *(behind(db, paar, kant, plek, blad) for blad in range(2, eerste.bladen + 1))]
    leden = [lid.nummer for lijst in bladen for lid in lijst.leden]
    assert len(leden) == len(set(leden)) == eerste.aantal
    return set(leden)


def test_a_correction_shows_between_two_moments_of_knowledge(vreemd: Connection) -> None:
    blijft, verzet, weg = (a_traject(vreemd, op=BEGIN) for _ in range(3))
    step(vreemd, verzet, "intake_voeren", BEGIN + 10)
    with klok.at(NU + timedelta(days=3)):
        amend(vreemd, verzet, 2, dag=BEGIN + 30, reden="tikfout", door=COORDINATOR)
        withdraw(vreemd, weg, 1, reden="tikfout", door=COORDINATOR)
    paar = Paar(Moment(BEGIN + 20, VANDAAG), Moment(BEGIN + 20, VANDAAG + 3))
    regels = {plek.stap: (r.toen, r.nu, r.erbij, r.weg, r.verschil) for plek, r in per_stap(vreemd, paar).items()}
    assert regels == {"aanmelding": (2, 2, 1, 1, 0), "kennismaking": (1, 0, 0, 1, -1)}
    lijst = {kant: [lid.nummer for lid in behind(vreemd, paar, kant, None).leden] for kant in KANTEN}
    assert lijst == {"toen": [blijft, verzet, weg], "nu": [blijft, verzet], "erbij": [verzet], "weg": [verzet, weg]}
    (verplaatst,) = behind(vreemd, paar, "erbij", None).leden
    assert (verplaatst.toen and verplaatst.toen.stap, verplaatst.nu and verplaatst.nu.stap) == (
        "kennismaking",
        "aanmelding",
    )


def test_places_come_in_the_order_of_the_map(vreemd: Connection) -> None:
    namen = places(vreemd)
    eerste = [plek.stap for plek in namen][:2]
    assert eerste == ["aanmelding", "kennismaking"]
    assert all(route and stap for route, stap in namen.values())
