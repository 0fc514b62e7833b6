"""Days, moments, durations and numbers as a Dutch reader expects them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from models import klok
from web import filters
from workflow.kalender import daynumber

PASEN = daynumber(date(2026, 4, 6))


def test_a_day_is_read_typed_and_told_to_machines():
    assert filters.datum(PASEN) == "6 april 2026"
    assert filters.datum_kort(PASEN) == "06-04-2026"
    assert filters.datum_lang(PASEN) == "maandag 6 april 2026"
    assert filters.datum_iso(PASEN) == "2026-04-06"


@pytest.mark.parametrize(
    ("moment", "getoond", "iso"),
    [
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "2 juli 2026, 00:30", "2026-07-02T00:30:00+02:00"),
        (datetime(2026, 12, 31, 23, 5, tzinfo=UTC), "1 januari 2027, 00:05", "2027-01-01T00:05:00+01:00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25 oktober 2026, 02:30", "2026-10-25T02:30:00+02:00"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "25 oktober 2026, 02:30", "2026-10-25T02:30:00+01:00"),
    ],
)
def test_a_moment_is_shown_in_amsterdam_time(moment, getoond, iso):
    us = klok.microseconds(moment)
    assert (filters.tijdstip(us), filters.tijdstip_iso(us)) == (getoond, iso)


@pytest.mark.parametrize(
    ("dagen", "tekst"),
    [
        (0, "0 dagen"),
        (1, "1 dag"),
        (13, "13 dagen"),
        (14, "14 dagen (2 weken)"),
        (15, "15 dagen (2 weken en 1 dag)"),
        (1200, "1.200 dagen (171 weken en 3 dagen)"),
    ],
)
def test_a_length_is_said_in_days_and_weeks(dagen, tekst):
    assert filters.duur(dagen) == tekst


def test_numbers_have_dutch_signs():
    assert filters.getal(1234567) == "1.234.567"
    assert filters.getal(1234.56, 1) == "1.234,6"
    assert (filters.bedrag(1500), filters.bedrag(1500.5), filters.bedrag(-20)) == ("€ 1.500", "€ 1.500,50", "€ -20")
    assert (filters.aantal(1, "dag", "dagen"), filters.aantal(1000, "dag", "dagen")) == ("1 dag", "1.000 dagen")


@pytest.mark.parametrize("filter_", [f for f in filters.FILTERS if f is not filters.aantal])
def test_nothing_is_shown_as_nothing(filter_):
    assert filter_(None) == ""


def test_a_static_file_that_does_not_exist_is_a_mistake_found_at_once(app):
    with app.test_request_context(), pytest.raises(FileNotFoundError):
        filters.statisch("nergens.css")
