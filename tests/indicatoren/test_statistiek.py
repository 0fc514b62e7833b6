"""Curves, medians and percentiles agree with published tables, and with the formulas worked out in fractions.

Sources: the remission times of Freireich et al. (1963), Blood 21: 699-716, with the estimates and Greenwood standard
errors that textbooks print for them (Klein and Moeschberger 2003, table 4.1; Cox and Oakes 1984, p. 7). The competing
risks are those of 305 women with breast cancer in the British Journal of Cancer 91 (2004): 1229-1235, table 2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from fractions import Fraction
from math import prod, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.statistiek import (
    Z_95,
    Kromme,
    Punt,
    any_exit,
    cumulative_incidence,
    median,
    median_finished,
    percentile,
)

GEVAL = tuple[int, str]
ZES_MP = [
    *[(week, "terug") for week in (6, 6, 6, 7, 10, 13, 16, 22, 23)],
    *[(week, "open") for week in (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)],
]
"""Weeks in remission of 21 children on 6-MP; `open` were still in it."""

PLACEBO = [(w, "terug") for w in (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)]
ZES_MP_TABEL = (
    *((6, 21, 0.857, 0.0764), (7, 17, 0.807, 0.0869), (10, 15, 0.753, 0.0963), (13, 12, 0.690, 0.1068)),
    *((16, 11, 0.627, 0.1141), (22, 7, 0.538, 0.1282), (23, 6, 0.448, 0.1346)),
)
"""Week, at risk, survival, standard error."""

PLACEBO_TABEL = (
    *((1, 21, 0.9048, 0.0641), (2, 19, 0.8095, 0.0857), (3, 17, 0.7619, 0.0929), (4, 16, 0.6667, 0.1029)),
    *((5, 14, 0.5714, 0.1080), (8, 12, 0.3810, 0.1060), (11, 8, 0.2857, 0.0986), (12, 6, 0.1905, 0.0857)),
    *((15, 4, 0.1429, 0.0764), (17, 3, 0.0952, 0.0641), (22, 2, 0.0476, 0.0465)),
)

BORSTKANKER = [
    *((7, "open"), (10, "ziekte"), (14, "open"), (16, "ziekte"), (18, "anders"), (23, "ziekte"), (24, "open")),
    *((26, "anders"), (27, "ziekte"), *[(200, "open")] * 296),
]
"""Months until death by the disease or otherwise; the first nine of 305, who alone are in the table."""


def curve(gevallen: Iterable[GEVAL], gebeurtenis: Collection[str] = ("terug",)) -> Kromme:
    """The curve of these cases."""
    return cumulative_incidence(Counter(gevallen), gebeurtenis)


def share_by(kromme: Kromme, dag: int) -> float:
    """The height of the curve on a day: that of the last point up to it."""
    return max((punt.aandeel for punt in kromme.punten if punt.dag <= dag), default=0.0)


def error(punt: Punt) -> float:
    """The standard error that the upper or lower bound was made with."""
    return max(punt.aandeel - punt.onder, punt.boven - punt.aandeel) / Z_95


# -- Published tables --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gevallen", "tabel"), [(ZES_MP, ZES_MP_TABEL), (PLACEBO, PLACEBO_TABEL)], ids=["6-MP", "placebo"]
)
def test_the_remission_times_give_the_published_table(
    gevallen: list[GEVAL], tabel: tuple[tuple[float, ...], ...]
) -> None:
    punten = {punt.dag: punt for punt in curve(gevallen).punten}
    decimalen = 3 if gevallen is ZES_MP else 4
    for week, in_beeld, over, fout in tabel:
        punt = punten.pop(int(week))
        assert (punt.in_beeld, round(1 - punt.aandeel, decimalen)) == (in_beeld, over)
        assert round(error(punt), 4) == fout
    assert set(punten) <= {23}


def test_the_medians_are_those_of_the_publication() -> None:
    assert curve(ZES_MP).mediaan == 23
    assert curve(PLACEBO).mediaan == 8
    assert curve(ZES_MP).dag_van(0.9) is None
    assert (curve(ZES_MP).n, curve(ZES_MP).open) == (21, 12)


def test_competing_deaths_give_the_published_incidence() -> None:
    ziekte, anders = curve(BORSTKANKER, ["ziekte"]), curve(BORSTKANKER, ["anders"])
    assert [(p.dag, p.in_beeld) for p in ziekte.punten] == [(10, 304), (16, 302), (23, 300), (27, 297)]
    toename = [
        ziekte.punten[0].aandeel,
        *(b.aandeel - a.aandeel for a, b in zip(ziekte.punten, ziekte.punten[1:], strict=False)),
    ]
    assert [round(100 * deel, 1) for deel in toename] == [0.3, 0.3, 0.3, 0.3]
    overleving = any_exit(Counter(BORSTKANKER))
    assert [round(100 * (1 - p.aandeel), 1) for p in overleving.punten] == [99.7, 99.3, 99.0, 98.7, 98.3, 98.0]
    assert share_by(ziekte, 30) + share_by(anders, 30) == pytest.approx(share_by(overleving, 30))


def test_taking_competing_deaths_for_open_cases_would_say_too_much() -> None:
    alleen = [(maand, "open" if hoe == "anders" else hoe) for maand, hoe in BORSTKANKER]
    assert share_by(curve(alleen, ["ziekte"]), 30) > share_by(curve(BORSTKANKER, ["ziekte"]), 30)


# -- Any histogram -----------------------------------------------------------------------------------------------------

gevallen_van = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(["succes", "uitval", "neutraal", "open"])), min_size=1, max_size=40
)
seeded = settings(derandomize=True, database=None, max_examples=150)


@seeded
@given(gevallen_van)
def test_leaving_by_any_way_is_one_minus_the_product_formula(gevallen: list[GEVAL]) -> None:
    kromme = any_exit(Counter(gevallen))
    for punt in kromme.punten:
        over = prod(1 - _risk(gevallen, dag) for dag in {dag for dag, _ in gevallen if dag <= punt.dag})
        assert punt.aandeel == pytest.approx(float(1 - over), abs=1e-12)


def _risk(gevallen: list[GEVAL], dag: int) -> Fraction:
    in_beeld = sum(ander >= dag for ander, _ in gevallen)
    return Fraction(sum(ander == dag and hoe != "open" for ander, hoe in gevallen), in_beeld)


@seeded
@given(gevallen_van)
def test_greenwood_gives_the_band_when_there_is_one_outcome(gevallen: list[GEVAL]) -> None:
    for punt in any_exit(Counter(gevallen)).punten:
        if punt.aandeel < 1 - 1e-9:
            dagen = {dag for dag, _ in gevallen if dag <= punt.dag}
            som = sum(
                r / ((1 - r) * sum(a >= dag for a, _ in gevallen)) for dag in dagen if (r := _risk(gevallen, dag))
            )
            marge = Z_95 * (1 - punt.aandeel) * sqrt(som)
            assert punt.boven == pytest.approx(min(punt.aandeel + marge, 1.0), abs=1e-9)
            assert punt.onder == pytest.approx(max(punt.aandeel - marge, 0.0), abs=1e-9)


@seeded
@given(gevallen_van)
def test_the_ways_out_and_those_still_there_add_up_to_all(gevallen: list[GEVAL]) -> None:
    histogram = Counter(gevallen)
    krommen = [cumulative_incidence(histogram, [hoe]) for hoe in ("succes", "uitval", "neutraal")]
    weg = any_exit(histogram)
    for dag in range(41):
        assert sum(share_by(k, dag) for k in krommen) == pytest.approx(share_by(weg, dag), abs=1e-9)


@seeded
@given(gevallen_van)
def test_without_open_cases_the_band_is_that_of_a_plain_share(gevallen: list[GEVAL]) -> None:
    klaar = [(dag, hoe) for dag, hoe in gevallen if hoe != "open"]
    for punt in curve(klaar, ["succes"]).punten:
        deel = Fraction(sum(hoe == "succes" and dag <= punt.dag for dag, hoe in klaar), len(klaar))
        assert punt.aandeel == pytest.approx(float(deel), abs=1e-9)
        marge = Z_95 * sqrt(deel * (1 - deel) / len(klaar))
        assert punt.boven == pytest.approx(min(float(deel) + marge, 1.0), abs=1e-6)


@seeded
@given(gevallen_van)
def test_a_curve_rises_within_its_band(gevallen: list[GEVAL]) -> None:
    vorige = 0.0
    for punt in curve(gevallen, ["succes"]).punten:
        assert 0 <= punt.onder <= punt.aandeel <= punt.boven <= 1 + 1e-12
        assert punt.aandeel >= vorige
        vorige = punt.aandeel


# -- Edges -------------------------------------------------------------------------------------------------------------


def test_who_is_all_still_there_reaches_nothing() -> None:
    kromme = curve([(10, "open"), (20, "open")])
    assert (kromme.punten, kromme.mediaan, kromme.n, kromme.open) == ((), None, 2, 2)


def test_of_nobody_nothing_is_known() -> None:
    kromme = curve([])
    assert (kromme.punten, kromme.mediaan, kromme.n, kromme.open) == ((), None, 0, 0)
    assert median([]) is None
    assert percentile([], 0.9) is None
    assert median_finished({}, ["terug"]) is None


def test_who_is_last_seen_on_a_day_was_there_for_whoever_left_that_day() -> None:
    assert curve([(5, "terug"), (5, "open")]).punten[0].in_beeld == 2
    assert curve([(5, "terug"), (5, "open")]).mediaan == 5


def test_the_median_is_the_first_day_by_which_half_had_left() -> None:
    assert curve([(1, "terug"), (2, "terug"), (3, "open"), (4, "open")]).mediaan == 2
    assert curve([(1, "terug"), (2, "open"), (2, "open"), (4, "open")]).mediaan is None


def test_a_competing_end_can_keep_half_from_ever_being_reached() -> None:
    gevallen = [(1, "terug"), (2, "uitval"), (3, "uitval")]
    assert curve(gevallen).mediaan is None
    assert curve(gevallen).open == 0


def test_two_that_share_the_middle_give_their_mean() -> None:
    assert median([(1, 1), (4, 1)]) == 2.5
    assert median([(1, 1), (4, 1), (9, 1)]) == 4
    assert median([(3, 2), (8, 1), (9, 1)]) == 5.5
    assert median([(3, 2), (3, 2)]) == 3


def test_a_percentile_is_a_value_that_occurs() -> None:
    assert percentile([(dag, 1) for dag in range(1, 11)], 0.9) == 9
    assert percentile([(dag, 1) for dag in range(1, 12)], 0.9) == 10
    assert percentile([(7, 1)], 0.9) == 7
    assert percentile([(1, 9), (50, 1)], 0.9) == 1
    assert percentile([(1, 8), (50, 2)], 0.9) == 50


@seeded
@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=60),
    st.sampled_from([Fraction(n, 100) for n in (5, 50, 75, 90, 95)]),
)
def test_at_least_that_share_does_not_exceed_the_percentile(waarden: list[int], deel: Fraction) -> None:
    gevonden = percentile(Counter(waarden).items(), float(deel))
    erbij = [w for w in sorted(waarden) if sum(x <= w for x in waarden) >= deel * len(waarden)]
    assert gevonden == erbij[0]


def test_the_plain_median_looks_at_who_reached_it_only() -> None:
    histogram = {(2, "terug"): 1, (6, "terug"): 1, (90, "uitval"): 5, (40, "open"): 3}
    assert median_finished(histogram, ["terug"]) == 4
