"""What a definition page says of a figure is what the figure does: its SQL, its rule, which answer counts."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, Select

from tests.bouwers import day
from workflow.indicatoren import ALLE, Kader, Periode, Vraag, get
from workflow.indicatoren.begrippen import Herkomst, Indicator, Rij
from workflow.indicatoren.bronnen import Regelbron, Tabelbron
from workflow.indicatoren.kader import PERIODEN
from workflow.indicatoren.maten import parts_of
from workflow.indicatoren.weergave import BIJ_START, EIGEN_PERIODE, OP_DE_DAG, explained, sources_of, splits_of

VRAAG = Vraag(Periode(day("2022-01-01"), day("2026-01-01")))
BEGINNEN = "SELECT traject.id, traject.begonnen_op"
"""Read only of who split off, so with their numbers in it."""

BRONNEN = {bron.naam: bron for indicator in ALLE for maat in indicator.maten for bron in sources_of(maat)}
LIJNBRONNEN = [naam for naam, bron in BRONNEN.items() if isinstance(bron, Regelbron)]
UIT_HET_LOG = [indicator for indicator in ALLE if indicator.herkomst is not Herkomst.PARTNER]


class Meelezer(Kader):
    """A frame that keeps what it reads."""

    def lees(self, keuze: Select[Any]) -> list[Rij]:
        """The rows; the text is kept."""
        vars(self).setdefault("gelezen", set()).add(whole(self.tekst(keuze)))
        return super().lees(keuze)


def whole(sql: str) -> str:
    """A select as it is told, without the numbers of those it was asked of."""
    return BEGINNEN if sql.startswith(BEGINNEN) else sql


@pytest.mark.parametrize("naam", LIJNBRONNEN)
def test_the_selects_that_are_shown_are_those_that_are_run(kleine_demo: Connection, naam: str) -> None:
    kader = Meelezer(kleine_demo, VRAAG)
    uitleg = BRONNEN[naam].toelichting(kader, ())
    assert kader.rijen(BRONNEN[naam])
    assert {whole(sql) for sql in uitleg.opdrachten} == vars(kader)["gelezen"]
    assert uitleg.zin.endswith(".")


@pytest.mark.parametrize("indicator", UIT_HET_LOG, ids=lambda indicator: indicator.code)
def test_every_log_indicator_shows_the_sql_of_its_cube(kleine_demo: Connection, indicator: Indicator) -> None:
    kader = Kader(kleine_demo, VRAAG)
    uitleg = explained(kader, indicator)
    for bron in {deel.bron.naam: deel.bron for maat in indicator.maten for deel in parts_of(maat)}.values():
        assert all(sql.startswith("SELECT") for sql in uitleg[bron.naam].opdrachten)
        if isinstance(bron, Tabelbron):
            (kubus,) = uitleg[bron.naam].opdrachten
            assert "count(*)" in kubus
            assert sum(rij[-1] for rij in kleine_demo.exec_driver_sql(kubus)) == len(kader.rijen(bron))


@pytest.mark.parametrize("indicator", ALLE, ids=lambda indicator: indicator.code)
def test_every_breakdown_says_which_answer_it_takes(kleine_demo: Connection, indicator: Indicator) -> None:
    kader = Kader(kleine_demo, VRAAG)
    splitsingen = [*PERIODEN, *sorted(kader.wegwijzer.naar_kenmerk | {"gemeente"})]
    gezegd = splits_of(kader, indicator, splitsingen)
    assert len(gezegd[EIGEN_PERIODE]) == len(PERIODEN)
    if indicator.herkomst is not Herkomst.PARTNER:
        assert sum(len(gezegd[regel]) for regel in (EIGEN_PERIODE, BIJ_START, OP_DE_DAG)) == len(splitsingen)


def test_the_profile_of_a_toelating_is_said_to_be_the_last_until_then(kleine_demo: Connection) -> None:
    gezegd = splits_of(Kader(kleine_demo, VRAAG), get("D2"), ())
    assert gezegd["Het laatste antwoord tot en met de dag van de toelating (eigen onderdeel)"] == ["MESIS-profiel"]


@pytest.mark.parametrize("code", ["O3", "O4", "D13"])
def test_a_share_names_numerator_denominator_and_what_is_left_out(code: str) -> None:
    definitie = get(code).definitie
    assert "(teller)" in definitie
    assert "(noemer)" in definitie
    assert "blijven weg" in definitie or "blijft weg" in definitie or "zijn geen terugkeer" in definitie
