"""Periods over which partners report: which there are, what they are called, and which text means which."""

from __future__ import annotations

import pytest

from tests.bouwers import day
from workflow import perioden
from workflow.routekaart import Ritme

PERIODEN: dict[Ritme, tuple[str, str, str, str, str]] = {
    "maand": ("2025-02-14", "2025-02-01", "2025-03-01", "februari 2025", "2025-02"),
    "kwartaal": ("2025-11-30", "2025-10-01", "2026-01-01", "4e kwartaal 2025", "2025-K4"),
    "jaar": ("2024-12-31", "2024-01-01", "2025-01-01", "2024", "2024"),
    "schooljaar": ("2025-07-31", "2024-08-01", "2025-08-01", "schooljaar 2024-2025", "2024-2025"),
    "editie": ("2025-03-17", "2025-01-01", "2026-01-01", "editie 2025", "2025"),
}


@pytest.mark.parametrize("ritme", PERIODEN)
def test_every_day_lies_in_one_period_with_a_name_and_a_code(ritme: Ritme) -> None:
    dag, van, tot, naam, code = PERIODEN[ritme]
    assert perioden.slot(ritme, day(dag)) == (day(van), day(tot))
    assert (perioden.name(ritme, day(van)), perioden.code(ritme, day(van))) == (naam, code)
    assert perioden.read(ritme, code) == (day(van), day(tot))


@pytest.mark.parametrize("ritme", PERIODEN)
def test_a_period_ends_where_the_next_begins(ritme: Ritme) -> None:
    rij = list(perioden.within(ritme, day("2021-02-03"), day("2025-11-30")))
    assert [tot for _, tot in rij[:-1]] == [van for van, _ in rij[1:]]
    assert rij[0][0] >= day("2021-02-03")
    assert rij[-1][1] <= day("2025-11-30")


def test_only_whole_periods_within_count() -> None:
    assert list(perioden.within("kwartaal", day("2025-01-02"), day("2025-09-30"))) == [
        (day("2025-04-01"), day("2025-07-01"))
    ]
    assert list(perioden.within("jaar", day("2025-01-01"), day("2025-12-31"))) == []


def test_a_month_is_whole_and_an_edition_is_any_days_of_one_year() -> None:
    assert perioden.fits("maand", day("2025-02-01"), day("2025-03-01"))
    assert not perioden.fits("maand", day("2025-02-01"), day("2025-02-28"))
    assert perioden.fits("editie", day("2025-03-24"), day("2025-03-29"))
    assert not perioden.fits("editie", day("2025-12-30"), day("2026-01-03"))


@pytest.mark.parametrize(
    ("ritme", "tekst", "voorbeeld"),
    [
        ("maand", "2025-13", "2025-03"),
        ("maand", "maart", "2025-03"),
        ("kwartaal", "2025-K5", "2025-K1"),
        ("jaar", "25", "2025"),
        ("jaar", "0000", "2025"),
        ("schooljaar", "2025-2027", "2025-2026"),
        ("editie", "", "2025"),
    ],
)
def test_a_period_that_is_none_is_answered_with_an_example(ritme: Ritme, tekst: str, voorbeeld: str) -> None:
    with pytest.raises(ValueError, match=f"Schrijf de periode als {voorbeeld}"):
        perioden.read(ritme, tekst)
