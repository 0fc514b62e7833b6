"""The clock: what we knew in UTC, when it was so in Amsterdam; right around summer time, leap days and midnight."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from threading import Thread

import pytest
from freezegun import freeze_time

from models import klok
from tests.bouwers import day


def utc(tekst: str) -> datetime:
    """The aware moment of an ISO text in UTC."""
    return datetime.fromisoformat(tekst).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "dag"),
    [
        ("2026-03-28T22:59:59.999999", "2026-03-28"),
        ("2026-03-28T23:00:00", "2026-03-29"),
        ("2026-03-29T21:59:59.999999", "2026-03-29"),
        ("2026-03-29T22:00:00", "2026-03-30"),
        ("2026-10-24T21:59:59.999999", "2026-10-24"),
        ("2026-10-24T22:00:00", "2026-10-25"),
        ("2026-10-25T00:30:00", "2026-10-25"),
        ("2026-10-25T01:30:00", "2026-10-25"),
        ("2026-10-25T22:59:59.999999", "2026-10-25"),
        ("2026-10-25T23:00:00", "2026-10-26"),
        ("2028-02-28T23:00:00", "2028-02-29"),
        ("2028-02-29T22:59:59", "2028-02-29"),
        ("2028-02-29T23:00:00", "2028-03-01"),
        ("2027-02-28T23:00:00", "2027-03-01"),
        ("2026-12-31T22:59:59", "2026-12-31"),
        ("2026-12-31T23:00:00", "2027-01-01"),
        ("1969-12-31T23:00:00", "1970-01-01"),
        ("1969-12-31T22:59:59", "1969-12-31"),
    ],
)
def test_a_moment_falls_on_the_amsterdam_calendar_day(moment: str, dag: str) -> None:
    assert klok.day_of(utc(moment)) == day(dag)


def test_today_is_the_amsterdam_day_also_where_utc_and_the_machine_still_have_yesterday() -> None:
    with klok.at(utc("2026-07-01T22:30:00")):
        assert klok.now().date() == date(2026, 7, 1)
        assert klok.today() == day("2026-07-02")


@pytest.mark.parametrize(
    ("dag", "einde"),
    [
        ("2026-03-28", "2026-03-28T23:00:00"),
        ("2026-03-29", "2026-03-29T22:00:00"),
        ("2026-10-24", "2026-10-24T22:00:00"),
        ("2026-10-25", "2026-10-25T23:00:00"),
        ("2028-02-29", "2028-02-29T23:00:00"),
        ("2026-12-31", "2026-12-31T23:00:00"),
    ],
)
def test_a_day_ends_at_midnight_in_amsterdam(dag: str, einde: str) -> None:
    assert klok.moment_of(klok.end_of_day_us(day(dag))) == utc(einde)


def test_days_are_23_24_or_25_hours_long_and_leave_no_gap() -> None:
    eerste, laatste = day("2016-01-01"), day("2031-12-31")
    einden = [klok.end_of_day_us(dag) for dag in range(eerste - 1, laatste + 1)]
    lengtes = [(tot - van) // (3600 * klok.MICROSECONDS) for van, tot in pairwise(einden)]
    assert {uren: lengtes.count(uren) for uren in set(lengtes)} == {23: 16, 24: laatste - eerste + 1 - 32, 25: 16}


def test_all_of_a_day_was_known_on_that_day() -> None:
    for dag in range(day("1999-12-25"), day("2040-01-05")):
        einde = klok.end_of_day_us(dag)
        assert (klok.day_of(klok.moment_of(einde - 1)), klok.day_of(klok.moment_of(einde))) == (dag, dag + 1)


@pytest.mark.parametrize("dag", ["1900-01-01", "2100-12-31"])
def test_the_bounds_of_what_may_be_entered_have_an_end_too(dag: str) -> None:
    assert klok.day_of(klok.moment_of(klok.end_of_day_us(day(dag)) - 1)) == day(dag)


@pytest.mark.parametrize(
    "moment",
    ["2026-03-02T09:00:00.000001", "2026-10-25T00:59:59.999999", "1969-12-31T23:59:59.999999", "2099-12-31T23:59:59"],
)
def test_microseconds_are_exact_there_and_back(moment: str) -> None:
    assert klok.moment_of(klok.microseconds(utc(moment))) == utc(moment)


def test_microseconds_count_from_1970() -> None:
    assert klok.microseconds(utc("1970-01-01T00:00:01.000002")) == 1_000_002
    assert klok.microseconds(utc("1969-12-31T23:59:59.999999")) == -1


def test_a_moment_without_time_zone_is_no_moment() -> None:
    with pytest.raises(TypeError):
        klok.microseconds(datetime(2026, 3, 2, 9, 0))


def test_the_clock_stands_still_inside_the_block_and_goes_on_after_it() -> None:
    begin = datetime.now(UTC)
    with klok.at(utc("2030-05-05T05:05:05")):
        assert klok.now_us() == klok.microseconds(utc("2030-05-05T05:05:05")) == klok.now_us()
    assert begin <= klok.now() < begin + timedelta(minutes=5)


def test_blocks_lie_within_each_other_and_an_error_puts_the_clock_back() -> None:
    with klok.at(utc("2030-01-01T00:00:00")):
        with pytest.raises(ZeroDivisionError):
            break_off_in_2031()
        assert klok.now().year == 2030


def break_off_in_2031() -> None:
    """Stand in 2031, and leave it by an error."""
    with klok.at(utc("2031-01-01T00:00:00")):
        assert klok.now().year == 2031
        raise ZeroDivisionError


def test_a_moment_of_another_time_zone_is_kept_in_utc() -> None:
    with klok.at(datetime(2026, 7, 1, 0, 30, tzinfo=klok.AMSTERDAM)):
        assert (klok.now().utcoffset(), klok.now().hour, klok.today()) == (timedelta(0), 22, day("2026-07-01"))


def test_another_thread_keeps_its_own_time() -> None:
    gezien: list[int] = []

    def look(wanneer: Callable[[], datetime] = klok.now) -> None:
        gezien.append(wanneer().year)

    with klok.at(utc("2050-01-01T00:00:00")):
        draad = Thread(target=look)
        draad.start()
        draad.join()
    assert gezien != [2050]


def test_a_frozen_clock_reaches_it() -> None:
    with freeze_time("2026-12-31 23:30:00"):
        assert klok.today() == day("2027-01-01")
