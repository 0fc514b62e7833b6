"""The calendar follows the Algemene termijnenwet, not the habit of the office."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.kalender import (
    GELIJKGESTELDE_DAGEN,
    STANDAARDKALENDER,
    Kalender,
    date_of,
    daynumber,
    easter,
    feestdagen,
    in_words,
    short,
    span_in_words,
    weekday,
)

ZONDER_BESLUITEN = Kalender(frozenset())
EASTER_DATES = (
    *("1943-04-25", "1954-04-18", "1961-04-02", "1981-04-19", "2000-04-23", "2008-03-23", "2011-04-24"),
    *("2016-03-27", "2018-04-01", "2019-04-21", "2020-04-12", "2021-04-04", "2022-04-17", "2023-04-09", "2024-03-31"),
    *("1609-04-19", "1700-04-11", "1818-03-22", "1886-04-25", "1900-04-15", "2100-03-28", "2200-04-06", "2285-03-22"),
    *("2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01", "2030-04-21", "2038-04-25", "2049-04-18"),
)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31)).map(daynumber)


def day(iso):
    return daynumber(date.fromisoformat(iso))


# Counting days


def test_day_zero_is_the_first_of_january_1970():
    assert daynumber(date(1970, 1, 1)) == 0
    assert in_words(0) == "donderdag 1 januari 1970"


@given(st.dates())
def test_a_day_number_gives_its_date_back(datum):
    assert date_of(daynumber(datum)) == datum
    assert weekday(daynumber(datum)) == datum.weekday()


# Holidays of art. 3


@pytest.mark.parametrize("iso", EASTER_DATES)
def test_easter_falls_on_the_published_date(iso):
    assert short(easter(int(iso[:4]))) == short(day(iso))


@given(st.integers(1600, 9000))
def test_easter_is_a_zondag_between_22_march_and_25_april(jaar):
    pasen = date_of(easter(jaar))
    assert pasen.weekday() == 6
    assert date(jaar, 3, 22) <= pasen <= date(jaar, 4, 25)


def test_the_law_names_these_days_of_2026_and_no_other():
    assert {date_of(dag).isoformat(): naam for dag, naam in sorted(feestdagen(2026).items())} == {
        "2026-01-01": "Nieuwjaarsdag",
        "2026-04-03": "Goede Vrijdag",
        "2026-04-06": "2e Paasdag",
        "2026-04-27": "Koningsdag",
        "2026-05-05": "Bevrijdingsdag",
        "2026-05-14": "Hemelvaartsdag",
        "2026-05-25": "2e Pinksterdag",
        "2026-12-25": "1e Kerstdag",
        "2026-12-26": "2e Kerstdag",
    }


@pytest.mark.parametrize(
    ("iso", "naam"),
    [
        ("2026-04-27", "Koningsdag"),
        ("2025-04-26", "Koningsdag"),
        ("2014-04-26", "Koningsdag"),
        ("2013-04-30", "Koninginnedag"),
        ("2006-04-29", "Koninginnedag"),
    ],
)
def test_the_kings_day_moves_to_zaterdag_when_it_is_a_zondag(iso, naam):
    assert ZONDER_BESLUITEN.naam_van(day(iso)) == naam
    jaar = int(iso[:4])
    assert list(feestdagen(jaar).values()).count(naam) == 1


def test_zondag_27_april_2025_is_not_koningsdag():
    assert STANDAARDKALENDER.naam_van(day("2025-04-27")) is None


@pytest.mark.parametrize("jaar", range(2012, 2040))
def test_5_mei_is_a_holiday_in_every_year_not_only_in_lustrum_years(jaar):
    assert STANDAARDKALENDER.naam_van(day(f"{jaar}-05-05")) in ("Bevrijdingsdag", "Hemelvaartsdag")


def test_two_holidays_on_one_day_are_one_holiday():
    assert STANDAARDKALENDER.naam_van(day("2016-05-05")) == "Hemelvaartsdag"


@pytest.mark.parametrize("iso", ["2026-02-16", "2026-02-17", "2025-03-03", "2027-02-08"])
def test_carnaval_is_an_ordinary_day_in_the_law_even_in_maastricht(iso):
    assert STANDAARDKALENDER.naam_van(day(iso)) is None
    assert STANDAARDKALENDER.is_werkdag(day(iso))
    assert STANDAARDKALENDER.is_werkdag(day(iso), ruim=True)


@pytest.mark.parametrize("iso", ["2025-12-24", "2025-12-31", "2026-05-01", "2026-11-11"])
def test_days_that_only_feel_like_holidays_are_none(iso):
    assert STANDAARDKALENDER.roll(day(iso)) == (day(iso), [])


# Decree days


@pytest.mark.parametrize("datum", GELIJKGESTELDE_DAGEN)
def test_a_decree_day_has_a_source_and_counts_only_because_of_the_table(datum):
    dag = daynumber(datum)
    assert "art. 3 lid 3" in GELIJKGESTELDE_DAGEN[datum]
    assert STANDAARDKALENDER.naam_van(dag) == "gelijkgestelde dag"
    assert ZONDER_BESLUITEN.naam_van(dag) is None


@pytest.mark.parametrize("datum", GELIJKGESTELDE_DAGEN)
def test_the_known_decree_days_are_each_the_vrijdag_after_a_holiday(datum):
    dag = daynumber(datum)
    assert in_words(dag).startswith("vrijdag")
    assert ZONDER_BESLUITEN.naam_van(dag - 1) is not None


def test_a_beheerder_can_add_a_decree_day():
    kalender = Kalender(frozenset({day("2029-05-11")}), frozenset({2029}))
    assert kalender.naam_van(day("2029-05-11")) == "gelijkgestelde dag"
    assert kalender.is_bevestigd(2029)


def test_a_holiday_by_law_keeps_its_name_when_a_decree_repeats_it():
    assert Kalender(frozenset({day("2026-04-06")})).naam_van(day("2026-04-06")) == "2e Paasdag"


def test_years_without_a_known_decree_are_not_confirmed():
    assert [jaar for jaar in range(2019, 2035) if STANDAARDKALENDER.is_bevestigd(jaar)] == list(range(2023, 2029))


# Werkdagen


@pytest.mark.parametrize(
    ("iso", "streng", "ruim"),
    [
        ("2026-05-13", True, True),
        ("2026-05-14", False, False),
        ("2026-05-15", True, False),
        ("2026-05-16", False, False),
        ("2026-04-03", True, False),
        ("2026-04-05", False, False),
        ("2026-04-06", False, False),
        ("2026-05-05", False, False),
        ("2026-01-02", True, False),
        ("2025-12-24", True, True),
    ],
)
def test_goede_vrijdag_and_decree_days_are_werkdagen_streng_but_not_ruim(iso, streng, ruim):
    assert STANDAARDKALENDER.is_werkdag(day(iso)) is streng
    assert STANDAARDKALENDER.is_werkdag(day(iso), ruim=True) is ruim


# Art. 1: rolling


@pytest.mark.parametrize(
    ("einde", "gerold", "redenen"),
    [
        ("2026-04-07", "2026-04-07", []),
        ("2026-04-03", "2026-04-07", ["Goede Vrijdag", "weekend", "2e Paasdag"]),
        ("2026-04-06", "2026-04-07", ["2e Paasdag"]),
        ("2026-05-14", "2026-05-18", ["Hemelvaartsdag", "gelijkgestelde dag", "weekend"]),
        ("2026-06-06", "2026-06-08", ["weekend"]),
        ("2026-12-25", "2026-12-28", ["1e Kerstdag", "2e Kerstdag", "weekend"]),
        ("2026-01-01", "2026-01-05", ["Nieuwjaarsdag", "gelijkgestelde dag", "weekend"]),
        ("2025-04-26", "2025-04-28", ["Koningsdag", "weekend"]),
    ],
)
def test_an_end_on_a_free_day_rolls_to_the_first_ordinary_day(einde, gerold, redenen):
    assert STANDAARDKALENDER.roll(day(einde)) == (day(gerold), redenen)


def test_an_end_does_not_roll_onto_a_suspended_day():
    opgeschort = [range(day("2026-06-07"), day("2026-06-10"))]
    assert STANDAARDKALENDER.roll(day("2026-06-06"), opgeschort) == (day("2026-06-10"), ["weekend", "opschorting"])


@given(DAYS)
def test_a_rolled_day_is_never_a_weekend_or_holiday_and_never_earlier(dag):
    gerold, redenen = STANDAARDKALENDER.roll(dag)
    assert date_of(gerold).weekday() < 5
    assert STANDAARDKALENDER.naam_van(gerold) is None
    assert dag <= gerold <= dag + 6
    assert bool(redenen) is (gerold != dag)
    assert STANDAARDKALENDER.roll(gerold) == (gerold, [])


@given(DAYS, st.integers(0, 30))
def test_a_later_end_never_rolls_to_an_earlier_day(dag, later):
    assert STANDAARDKALENDER.roll(dag)[0] <= STANDAARDKALENDER.roll(dag + later)[0]


# Art. 2: two ordinary days


@pytest.mark.parametrize(
    ("nul_dag", "einde", "verlengd"),
    [
        ("2026-04-02", "2026-04-07", "2026-04-08"),
        ("2026-05-13", "2026-05-18", "2026-05-19"),
        ("2026-06-05", "2026-06-08", "2026-06-09"),
        ("2026-06-04", "2026-06-08", "2026-06-08"),
        ("2026-06-01", "2026-06-04", "2026-06-04"),
    ],
)
def test_a_term_holds_at_least_two_ordinary_days(nul_dag, einde, verlengd):
    dag, redenen = STANDAARDKALENDER.extend(day(nul_dag), day(einde))
    assert dag == day(verlengd)
    assert bool(redenen) is (verlengd != einde)


def test_suspended_days_are_not_among_the_two_ordinary_days():
    opgeschort = [range(day("2026-06-02"), day("2026-06-08"))]
    assert STANDAARDKALENDER.extend(day("2026-06-01"), day("2026-06-08"), opgeschort)[0] == day("2026-06-09")


# Days in words


@pytest.mark.parametrize(
    ("van", "tot_met", "woorden"),
    [
        ("2026-02-03", "2026-02-03", "3 februari 2026"),
        ("2026-02-03", "2026-02-12", "3 t/m 12 februari 2026"),
        ("2026-02-27", "2026-03-02", "27 februari t/m 2 maart 2026"),
        ("2025-12-30", "2026-01-02", "30 december 2025 t/m 2 januari 2026"),
        ("2025-02-03", "2026-02-03", "3 februari 2025 t/m 3 februari 2026"),
    ],
)
def test_a_span_says_nothing_twice(van, tot_met, woorden):
    assert span_in_words(day(van), day(tot_met)) == woorden


def test_days_read_as_dutch():
    assert in_words(day("2026-04-06")) == "maandag 6 april 2026"
    assert in_words(day("2024-02-29")) == "donderdag 29 februari 2024"
    assert short(day("2026-04-06")) == "6 april 2026"


@pytest.mark.parametrize("maand", range(1, 13))
def test_every_month_has_its_dutch_name(maand):
    namen = "januari februari maart april mei juni juli augustus september oktober november december"
    assert short(daynumber(date(2026, maand, 7))) == f"7 {namen.split()[maand - 1]} 2026"
