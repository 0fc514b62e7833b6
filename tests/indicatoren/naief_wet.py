"""The calendar of the Algemene termijnenwet and the terms of Wgs art. 4, written anew from the law. Nothing of ours."""

from __future__ import annotations

from datetime import date, timedelta

from tests.indicatoren.naief_log import EPOCH

GELIJKGESTELD = frozenset(
    date.fromisoformat(dag)
    for dag in (
        *("2022-05-27", "2023-04-28", "2023-05-19", "2024-05-10", "2024-12-27", "2025-05-30"),
        *("2026-01-02", "2026-05-15", "2027-05-07", "2028-04-28", "2028-05-26"),
    )
)
"""Days that royal decrees made equal to holidays (art. 3 lid 3)."""

BEDREIGEND = ("woningontruiming", "afsluiting_energie_of_water", "opzegging_zorgverzekering")
"""The closed list of Wgs art. 4 lid 2."""


def date_of(dag: int) -> date:
    """The date of a day number."""
    return date.fromordinal(dag + EPOCH)


def easter(jaar: int) -> date:
    """Eerste Paasdag, by the anonymous Gregorian rule."""
    a, b, c = jaar % 19, jaar // 100, jaar % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(jaar, f // 31, f % 31 + 1)


def is_holiday(dag: date) -> bool:
    """Whether art. 3 lid 1 names the day."""
    koningsdag = date(dag.year, 4, 27)
    koningsdag -= timedelta(days=koningsdag.weekday() == 6)
    pasen = easter(dag.year)
    vast = {date(dag.year, 1, 1), date(dag.year, 5, 5), date(dag.year, 12, 25), date(dag.year, 12, 26), koningsdag}
    return dag in vast | {pasen + timedelta(days=n) for n in (1, 39, 50)}


def is_workday(dag: int) -> bool:
    """Streng: Goede Vrijdag and equated days are workdays."""
    datum = date_of(dag)
    return datum.weekday() < 5 and not is_holiday(datum)


def may_end(dag: int) -> bool:
    """Whether a term of the law can end on this day."""
    datum = date_of(dag)
    is_goede_vrijdag = datum == easter(datum.year) - timedelta(days=2)
    return is_workday(dag) and not is_goede_vrijdag and datum not in GELIJKGESTELD


def four_weeks(begin: int) -> int:
    """The last day of four weeks (lid 1), rolled on."""
    dag = begin + 28
    while not may_end(dag):
        dag += 1
    return dag


def three_workdays(begin: int) -> int:
    """The third workday after the begin (lid 2)."""
    dag, geteld = begin, 0
    while geteld < 3:
        dag += 1
        geteld += is_workday(dag)
    return dag


def years_later(dag: int, jaren: int) -> int:
    """The same date so many years on; the day before 1 March where there is no 29 February."""
    datum = date_of(dag)
    if (datum.month, datum.day) == (2, 29):
        return date(datum.year + jaren, 3, 1).toordinal() - 1 - EPOCH
    return date(datum.year + jaren, datum.month, datum.day).toordinal() - EPOCH
