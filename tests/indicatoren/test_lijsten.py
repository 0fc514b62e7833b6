"""Behind every number stands a list of exactly that many rows, whatever it is broken down by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pytest
from sqlalchemy import Connection, select

from models.trajectnummer import trajectnummer
from tests.bouwers import a_traject, advance_to, day
from workflow.indicatoren import ALLE, Kader, Periode, Vraag, get
from workflow.indicatoren import kader as kamer
from workflow.indicatoren.begrippen import Maat, Meting
from workflow.indicatoren.kader import PERIODEN
from workflow.indicatoren.maten import DEEL, Telling, Verhouding
from workflow.indicatoren.rapport import measure

PERIODE = Periode(day("2023-01-01"), day("2026-01-01"))
KWARTAALEINDE = ("2024-04-01", "2024-07-01", "2024-10-01", "2025-01-01")
MEESTE = 0.7
"""Share of the figures that the demo caseload has something for: an empty list would prove little."""


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


def test_every_number_has_a_list_of_that_many_rows(kleine_demo: Connection, tell: Callable[[str], None]) -> None:
    kader = Kader(kleine_demo, Vraag(PERIODE))
    cijfers = [meting.n for indicator in ALLE for maat in indicator.maten for meting in maat.metingen(kader)]
    tell(f"lists: {len(cijfers)} figures, {sum(n > 0 for n in cijfers)} of them of something")
    assert sum(n > 0 for n in cijfers) >= MEESTE * len(cijfers)
    assert list(wrong_lists(kader)) == []


def test_every_row_is_of_a_traject_and_of_a_day_in_the_period(kleine_demo: Connection) -> None:
    kader = Kader(kleine_demo, Vraag(PERIODE))
    bekend = set(kleine_demo.execute(select(trajectnummer.c.id)).scalars())
    for maat in (maat for indicator in ALLE for maat in indicator.maten):
        rijen = maat.lijst(kader, {})
        assert {rij[0] for rij in rijen} <= bekend, maat.code
        assert [rij for rij in rijen if rij[1] not in PERIODE] == [], maat.code


@pytest.mark.parametrize("splits", PERIODEN)
def test_so_has_every_part_of_it_by_period(kleine_demo: Connection, splits: str) -> None:
    assert list(wrong_lists(Kader(kleine_demo, Vraag(PERIODE, splits=splits)))) == []


def test_so_has_every_part_of_it_by_any_answer(kleine_demo: Connection, tell: Callable[[str], None]) -> None:
    heel = Kader(kleine_demo, Vraag(PERIODE))
    kenmerken = sorted(heel.wegwijzer.naar_kenmerk | {"gemeente"})
    for splits in kenmerken:
        assert list(wrong_lists(heel.ander(Vraag(PERIODE, splits=splits)))) == [], splits
    tell(f"lists: broken down by {len(kenmerken)} kenmerken")


@pytest.mark.parametrize("splits", ["gemeente", "wijkservicepunt", "crisis"])
def test_the_parts_of_a_count_add_up_to_it(kleine_demo: Connection, splits: str) -> None:
    kader = Kader(kleine_demo, Vraag(PERIODE, splits=splits))
    for maat in (
        maat for indicator in ALLE for maat in indicator.maten if isinstance(maat, Telling) and not maat.uniek
    ):
        metingen = maat.metingen(kader)
        delen = [m.waarde for m in metingen if set(m.uitsplitsing) == {DEEL}]
        assert not delen or sum(delen) == next(m.waarde for m in metingen if not m.uitsplitsing), maat.code


# -- By year, quarter and month ----------------------------------------------------------------------------------------

VAKKEN = {
    "jaar": [("2023", "2023-01-01", "2024-01-01"), ("2024", "2024-01-01", "2025-01-01")],
    "kwartaal": [(f"2024-K{k}", f"2024-{3 * k - 2:02}-01", e) for k, e in enumerate(KWARTAALEINDE, 1)],
    "maand": [("2025-01", "2025-01-01", "2025-02-01"), ("2025-02", "2025-02-01", "2025-03-01")],
}
"""Splits -> parts: code, first day, and the day after the last."""


def told(metingen: Iterable[Meting]) -> set[tuple[object, ...]]:
    """Figures in a form that can be compared, whatever their order; without the part of the period they are of."""
    return {
        (
            m.maat,
            frozenset((kolom, waarde) for kolom, waarde in m.uitsplitsing.items() if kolom != DEEL),
            *(m.waarde, m.n, m.open),
            frozenset(m.meer.items()),
        )
        for m in metingen
    }


@pytest.mark.parametrize("splits", VAKKEN)
def test_each_figure_of_a_part_is_that_of_the_part_asked_on_its_own(kleine_demo: Connection, splits: str) -> None:
    vakken = VAKKEN[splits]
    samen = Kader(kleine_demo, Vraag(Periode(day(vakken[0][1]), day(vakken[-1][2])), splits=splits))
    apart = {code: Kader(kleine_demo, Vraag(Periode(day(van), day(tot)))) for code, van, tot in vakken}
    for maat in (maat for indicator in ALLE for maat in indicator.maten):
        metingen = maat.metingen(samen)
        assert {m.uitsplitsing[DEEL] for m in metingen if DEEL in m.uitsplitsing} <= set(apart), maat.code
        for code, kader in apart.items():
            assert told(m for m in metingen if m.uitsplitsing.get(DEEL) == code) == told(maat.metingen(kader)), (
                maat.code
            )


def test_a_part_that_the_period_cuts_off_is_told_over_what_lies_inside(kleine_demo: Connection) -> None:
    van, tot = day("2024-02-12"), day("2024-09-01")
    kader = Kader(kleine_demo, Vraag(Periode(van, tot), splits="kwartaal"))
    grenzen = {"2024-K1": (van, day("2024-04-01")), "2024-K2": (day("2024-04-01"), day("2024-07-01"))}
    grenzen["2024-K3"] = (day("2024-07-01"), tot)
    for code, wat in (("D6", "lopend"), ("S1", "gezamenlijk"), ("O2", "meldingen")):
        maat = get(code).maat(wat)
        delen = {m.uitsplitsing[DEEL]: m for m in maat.metingen(kader) if set(m.uitsplitsing) == {DEEL}}
        assert {deel for deel, m in delen.items() if "is_afgekapt" in m.meer} == {"2024-K1", "2024-K3"}
        for deel, dagen in grenzen.items():
            assert delen[deel].waarde == maat.metingen(Kader(kleine_demo, Vraag(Periode(*dagen))))[0].waarde


def test_a_traject_that_runs_all_year_is_in_each_of_its_months(maastricht: Connection) -> None:
    nummer = a_traject(maastricht, op=day("2024-11-04"))
    advance_to(maastricht, nummer, "stabilisatie", day("2024-12-02"))
    a_traject(maastricht, route="samenwerking", hoort_bij=nummer, op=day("2024-12-02"))
    kader = Kader(maastricht, Vraag(Periode(day("2025-01-01"), day("2026-01-01")), splits="maand"))
    for code, wat in (("D6", "lopend"), ("S1", "gezamenlijk"), ("D13", "per_100_trajecten")):
        metingen = get(code).maat(wat).metingen(kader)
        delen = [m.meer.get("noemer", m.waarde) for m in metingen if set(m.uitsplitsing) == {DEEL}]
        assert delen == [1] * 12, code


def test_what_is_the_same_for_every_period_is_read_once(
    kleine_demo: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    gelezen: list[str] = []
    for naam in ("read_people", "suspended", "load_kalender"):
        lees = getattr(kamer, naam)

        def once(wie: object, naam: str = naam, lees: Callable[[object], object] = lees) -> object:
            gelezen.append(naam)
            return lees(wie)

        monkeypatch.setattr(kamer, naam, once)
    measure(Kader(kleine_demo, Vraag(Periode(day("2025-01-01"), day("2025-04-01")), splits="maand")), ALLE)
    assert sorted(gelezen) == ["load_kalender", "read_people", "suspended"]
