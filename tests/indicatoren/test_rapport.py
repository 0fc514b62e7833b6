"""The whole report is there on any map and on any database, with every code, and says of nothing that it is nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from models import klok
from models.database import engine, reading, transaction
from tests.bouwers import BEGIN, NU, VREEMDE_KAART, a_database, a_traject, advance_to, day, the_map
from workflow.indicatoren import ALLE, Kader, Periode, Vraag
from workflow.indicatoren.rapport import as_data, measure
from workflow.voortgang import OvergangGeweigerd

PERIODE = Periode(BEGIN, day("2026-03-03"))


@pytest.fixture
def vreemd(tmp_path: Path) -> Iterator[Connection]:
    """A writing transaction on a database with the foreign map; the clock stands still."""
    url = a_database(tmp_path, VREEMDE_KAART)
    with klok.at(NU), transaction(url) as db:
        yield db
    engine(url).dispose()


@pytest.fixture
def leeg(database: str) -> Iterator[Connection]:
    """A database with the map of Maastricht and nothing in its log."""
    with klok.at(NU), reading(database) as db:
        yield db


def report(db: Connection, **rest: Any) -> dict[str, Any]:
    """The report as a stranger reads it."""
    kader = Kader(db, Vraag(PERIODE, **rest))
    return dict(json.loads(json.dumps(as_data(kader, measure(kader, ALLE)))))


def figures(verslag: dict[str, Any]) -> dict[str, Any]:
    """The totals of a report by code and maat."""
    return {
        f"{indicator['code']}.{meting['maat']}": meting
        for indicator in verslag["indicatoren"]
        for meting in indicator["metingen"]
        if not meting["uitsplitsing"]
    }


def a_busy_map(db: Connection) -> None:
    """A traject for each stap that a road leads to, with the children that may be there."""
    kaart = the_map(db)
    for route in [r for r in kaart.routes.values() if not r.hoort_bij]:
        for stap in route.stappen:
            nummer = a_traject(db, route=route.code)
            with suppress(LookupError):
                advance_to(db, nummer, stap, BEGIN + 30)
            for kind in kaart.kinderen_van(route.code):
                with suppress(OvergangGeweigerd), db.begin_nested():
                    a_traject(db, route=kind.code, hoort_bij=nummer, op=BEGIN + 40)


# -- The foreign map ---------------------------------------------------------------------------------------------------


def test_the_report_runs_on_the_foreign_map_with_every_code(vreemd: Connection) -> None:
    a_busy_map(vreemd)
    verslag = report(vreemd)
    assert [i["code"] for i in verslag["indicatoren"]] == [i.code for i in ALLE]
    assert verslag["logpositie"] > 0


def test_main_trajecten_of_the_foreign_map_are_counted(vreemd: Connection) -> None:
    hoofd = [r for r in the_map(vreemd).routes.values() if not r.hoort_bij and r.onderwerp != "organisatie"]
    for route in hoofd:
        a_traject(vreemd, route=route.code)
    gevonden = figures(report(vreemd))
    assert hoofd
    assert gevonden["O2.meldingen"]["waarde"] == gevonden["D0.versies"]["waarde"] == len(hoofd)
    assert gevonden["D0.op_bekende_versie"]["noemer"] == len(hoofd)


def test_what_the_foreign_map_has_no_word_for_is_nothing_and_no_mistake(vreemd: Connection) -> None:
    a_busy_map(vreemd)
    gevonden = figures(report(vreemd))
    assert gevonden["D10.vonnissen"]["waarde"] == 0
    assert gevonden["O1.schuld"]["waarde"] is None


@pytest.mark.parametrize("splits", [None, "jaar", "kwartaal", "maand", "gemeente", "geen_kenmerk_van_deze_kaart"])
def test_on_the_foreign_map_it_can_be_broken_down(vreemd: Connection, splits: str | None) -> None:
    a_busy_map(vreemd)
    assert len(report(vreemd, splits=splits)["indicatoren"]) == len(ALLE)


# -- Nothing at all ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rest", [{}, {"gemeente": "GM0935"}, {"splits": "jaar"}, {"bekend": 1}])
def test_the_report_of_an_empty_database_has_every_code(leeg: Connection, rest: dict[str, Any]) -> None:
    verslag = report(leeg, **rest)
    assert [i["code"] for i in verslag["indicatoren"]] == [i.code for i in ALLE]
    assert verslag["logpositie"] == 0
    assert {m["n"] for m in figures(verslag).values()} == {0}


def test_of_nothing_a_count_is_nought_and_the_rest_is_unknown(leeg: Connection) -> None:
    for maat in (maat for indicator in ALLE for maat in indicator.maten):
        for meting in maat.metingen(Kader(leeg, Vraag(PERIODE))):
            is_telling = type(maat).__name__ in ("Telling", "Som")
            assert meting.waarde == (0 if is_telling else None), maat.code


def test_a_period_of_no_days_counts_nothing(vreemd: Connection) -> None:
    a_busy_map(vreemd)
    kader = Kader(vreemd, Vraag(Periode(BEGIN, BEGIN)))
    gevonden = figures(json.loads(json.dumps(as_data(kader, measure(kader, ALLE)))))
    assert gevonden["O2.meldingen"]["waarde"] == gevonden["D5.uitval"]["waarde"] == 0
