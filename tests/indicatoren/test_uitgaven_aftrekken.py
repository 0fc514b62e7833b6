"""Editions that differ by a few days, a gemeente or a correction: who subtracts them is left with no small number.

The attacker below knows who was counted where: every number is a sum of counts of one gemeente, fase and stretch of
days. What it can work out is what the printed sums span.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.indicatoren.test_afscherming import PRIEM, RUSTIG, meting, only, reduced
from workflow.indicatoren.afscherming import Uitgave, keys, protect

DAGEN = ("2025-01-01", "2025-04-01", "2025-12-29", "2026-01-01", "2026-01-06", "2026-01-07")
GEMEENTEN = ("GM0935", "GM0917")
FASEN = ("a", "b", "c")

Atoom = tuple[int, str, str]
"""Stretch of days, gemeente and fase."""
Geteld = Mapping[Atoom, int]
Vraag = tuple[int, int, str | None]
"""First day, day after the last (as places in DAGEN), and gemeente."""

ATOMEN = tuple(product(range(len(DAGEN) - 1), GEMEENTEN, FASEN))
PERIODEN = tuple(combinations(range(len(DAGEN)), 2))
GETELD = st.fixed_dictionaries({atoom: st.sampled_from((0, 0, 1, 4, 9, 12, 17, 40)) for atoom in ATOMEN})
VRAGEN = st.lists(
    st.tuples(st.sampled_from(PERIODEN), st.sampled_from((None, None, "GM0935"))).map(lambda v: (*v[0], v[1])),
    min_size=2,
    max_size=4,
    unique=True,
)


def atoms(vraag: Vraag, fase: str | None) -> list[Atoom]:
    """What a number is the sum of."""
    van, tot, gemeente = vraag
    return [a for a in ATOMEN if van <= a[0] < tot and gemeente in (None, a[1]) and fase in (None, a[2])]


def report(geteld: Geteld, vraag: Vraag) -> dict[str, Any]:
    """Who dropped out, in total and by fase."""
    aantallen = {fase: sum(geteld[a] for a in atoms(vraag, fase)) for fase in (None, *FASEN)}
    metingen = [meting("uitval", "telling", {"fase": f} if f else {}, n, n) for f, n in aantallen.items()]
    return only("D5", *metingen) | {
        "periode": {"van": DAGEN[vraag[0]], "tot": DAGEN[vraag[1]]},
        "gemeente": vraag[2],
    }


def published(rapporten: Sequence[dict[str, Any]]) -> list[dict[str | None, int | None]]:
    """What each edition prints by fase, one published after the other."""
    eerder: list[Uitgave] = []
    gedrukt = []
    for rapport in rapporten:
        uitgave = protect(rapport, eerder=eerder)
        eerder.append(Uitgave(rapport, keys(uitgave)))
        gedrukt.append({m["uitsplitsing"].get("fase"): m["n"] for m in uitgave["indicatoren"][0]["metingen"]})
    return gedrukt


def is_spanned(rijen: Sequence[Sequence[int]], doel: Sequence[int]) -> bool:
    """Whether a sum of counts follows from these sums."""
    over = list(doel)
    for rij in rijen:
        spil = next(i for i, n in enumerate(rij) if n)
        over = [(n - over[spil] * m) % PRIEM for n, m in zip(over, rij, strict=True)]
    return not any(over)


def small(geteld: Geteld) -> Iterator[list[Atoom]]:
    """Everyone of a fase or all, a gemeente or all, over any days, where those are one to nine."""
    for (van, tot), gemeente, fase in product(PERIODEN, (None, *GEMEENTEN), (None, *FASEN)):
        wie = atoms((van, tot, gemeente), fase)
        if 0 < sum(geteld[a] for a in wie) < 10:
            yield wie


def learned(geteld: Geteld, vragen: Sequence[Vraag], gedrukt: Sequence[Mapping[str | None, int | None]]) -> list[Any]:
    """The small numbers that follow from what was printed."""
    paren = [
        (vraag, fase) for vraag, nu in zip(vragen, gedrukt, strict=True) for fase, n in nu.items() if n is not None
    ]
    rijen = reduced([[int(a in atoms(*paar)) for a in ATOMEN] for paar in paren])
    return [wie for wie in small(geteld) if is_spanned(rijen, [int(a in wie) for a in ATOMEN])]


@RUSTIG
@given(GETELD, VRAGEN)
def test_no_small_number_is_left_when_editions_are_subtracted(geteld: Geteld, vragen: list[Vraag]) -> None:
    gedrukt = published([report(geteld, vraag) for vraag in vragen])
    assert learned(geteld, vragen, gedrukt) == []


@RUSTIG
@given(GETELD, st.lists(st.tuples(st.sampled_from(ATOMEN), st.integers(-9, 9)), min_size=1, max_size=3), VRAGEN)
def test_no_correction_of_a_few_shows_between_two_editions(
    geteld: Geteld, correcties: list[tuple[Atoom, int]], vragen: list[Vraag]
) -> None:
    """The same questions are asked again after each correction."""
    standen = [dict(geteld)]
    for atoom, erbij in correcties:
        standen.append(standen[-1] | {atoom: max(0, standen[-1][atoom] + erbij)})
    rapporten = [(vraag, report(stand, vraag)) for stand in standen for vraag in vragen]
    gedrukt = published([rapport for _, rapport in rapporten])
    for (een, a), (ander, b) in combinations(zip((v for v, _ in rapporten), gedrukt, strict=True), 2):
        if een[2] == ander[2] and (een[0] == ander[0] or een[1] == ander[1]):
            verschillen = [abs(a[f] - b[f]) for f in a if a[f] is not None and b[f] is not None]  # type: ignore[operator]
            assert [n for n in verschillen if 0 < n < 10] == []


def test_the_attacker_learns_from_editions_that_were_not_judged_together() -> None:
    geteld = dict.fromkeys(ATOMEN, 40) | {(3, "GM0935", "a"): 1}
    vragen: list[Vraag] = [(0, 3, "GM0935"), (0, 4, "GM0935")]
    los = [published([report(geteld, vraag)])[0] for vraag in vragen]
    assert learned(geteld, vragen, los) == [[(3, "GM0935", "a")]]


# -- Examples ----------------------------------------------------------------------------------------------------------


def total(n: int, van: str = "2025-01-01", tot: str = "2026-01-01", **rest: Any) -> dict[str, Any]:
    """A report on one count over these days."""
    return only("O2", meting("meldingen", "telling", {}, n, n)) | {"periode": {"van": van, "tot": tot}} | rest


def is_printed(nu: dict[str, Any], *eerder: dict[str, Any]) -> bool:
    """Whether the count of the last report is printed, after editions that printed theirs."""
    return not keys(protect(nu, eerder=[Uitgave(rapport, frozenset()) for rapport in eerder]))


@pytest.mark.parametrize(("erbij", "mag"), [(0, True), (1, False), (9, False), (10, True)])
def test_a_few_days_more_may_not_hold_a_few_people(erbij: int, mag: bool) -> None:
    assert is_printed(total(152 + erbij, tot="2026-01-06"), total(152)) is mag
    assert is_printed(total(152 + erbij, van="2024-12-27"), total(152)) is mag
    assert is_printed(total(152), total(152 + erbij, tot="2026-01-06")) is mag


def test_a_few_days_between_are_told_by_what_lies_around_them() -> None:
    """A year is two stretches and the five days between them."""
    eerste, tweede = total(70, tot="2025-07-01"), total(78, van="2025-07-06")
    assert not is_printed(total(152), eerste, tweede)
    assert is_printed(total(163), eerste, tweede)


@pytest.mark.parametrize(("later", "mag"), [(152, True), (151, False), (158, False), (140, True)])
def test_a_correction_of_a_few_is_not_shown(later: int, mag: bool) -> None:
    assert is_printed(total(later), total(152)) is mag


def test_every_earlier_version_counts() -> None:
    assert not is_printed(total(154), total(152), total(190))


def test_a_correction_does_not_show_in_longer_days_either() -> None:
    assert not is_printed(total(156, tot="2026-01-06"), total(152), total(190))


def test_a_few_of_the_other_gemeenten_do_not_show_over_days_either() -> None:
    """In five days 20 more in all, of whom 17 in Maastricht: three elsewhere."""
    maastricht = {"gemeente": "GM0935"}
    eerder = (total(152), total(172, tot="2026-01-06"), total(100, **maastricht))
    assert not is_printed(total(117, tot="2026-01-06", **maastricht), *eerder)
    assert is_printed(total(110, tot="2026-01-06", **maastricht), *eerder)


def test_the_whole_in_two_pieces_less_one_gemeente_is_the_other_gemeenten() -> None:
    """Two halves of a year of all gemeenten, and the whole year of Maastricht."""
    halven = total(60, tot="2025-07-01"), total(50, van="2025-07-01")
    assert not is_printed(total(107, gemeente="GM0935"), *halven)
    assert is_printed(total(100, gemeente="GM0935"), *halven)


def test_what_was_not_called_back_in_a_few_days_does_not_show() -> None:
    """In five days 30 more dropped out and 28 were called back: two were not."""

    def dropped_out(uitval: int, terug: int, tot: str) -> dict[str, Any]:
        paar = meting("uitval", "telling", {}, uitval, uitval), meting("herroepen", "telling", {}, terug, terug)
        return only("D5", *paar) | {"periode": {"van": "2025-01-01", "tot": tot}}

    assert not is_printed(dropped_out(130, 58, "2026-01-06"), dropped_out(100, 30, "2026-01-01"))
    assert is_printed(dropped_out(140, 58, "2026-01-06"), dropped_out(100, 30, "2026-01-01"))


# -- Places, opgevers and gemeenten ------------------------------------------------------------------------------------

PLAATSEN = {"NOORD": 8, "STAD": 100, "CENTRUM": 50, "OOST": 300, "WEST": 310}
OPGEVERS = {"NOORD": "GM-HEERLEN", "STAD": "GM-HEERLEN", "CENTRUM": "TRAJEKT", "OOST": "TRAJEKT", "WEST": "TRAJEKT"}
PLEK = {"GM-HEERLEN": "GM0917", "TRAJEKT": "GM0935"}


def visitors(gemeente: str | None = None) -> dict[str, Any]:
    """What the wijkservicepunten report: in total, by place and by opgever."""
    aantallen = {p: n for p, n in PLAATSEN.items() if gemeente in (None, PLEK[OPGEVERS[p]])}
    opgevers = {wie: sum(n for p, n in aantallen.items() if OPGEVERS[p] == wie) for wie in PLEK}
    delen = [({}, sum(aantallen.values())), *(({"plaats": p}, n) for p, n in aantallen.items())]
    delen += [({"opgever": wie}, n) for wie, n in opgevers.items() if n]
    metingen = [meting("bezoekers", "opgavesom", deel, n, 1, eenheid="bezoeken") for deel, n in delen]
    rapport = only("P1", *metingen, gemeente=gemeente)
    rapport["indicatoren"][0]["opgevers"] = [
        {"opgever": OPGEVERS[p], "gemeente": PLEK[OPGEVERS[p]], "plaats": p} for p in aantallen
    ]
    return rapport


def closed(uitgave: dict[str, Any]) -> set[tuple[tuple[str, str], ...]]:
    """The parts that are left out."""
    return {deel for _, _, deel, _ in keys(uitgave)}


def test_an_opgever_is_the_sum_of_its_places() -> None:
    """Noord is small. Stad and the total of who reports both may not both be printed."""
    dicht = closed(protect(visitors()))
    assert (("plaats", "NOORD"),) in dicht
    assert {(("plaats", "STAD"),), (("opgever", "GM-HEERLEN"),)} & dicht


def test_a_gemeente_is_the_sum_of_its_places() -> None:
    """After Heerlen by place, no total of Heerlen is printed that gives Noord away, nor the other way round."""
    alles, heerlen = visitors(), visitors("GM0917")
    eerst = keys(protect(alles))
    dicht = closed(protect(heerlen, eerder=[Uitgave(alles, eerst)])) | {deel for _, _, deel, _ in eerst}
    assert {(("plaats", "STAD"),), ()} & dicht
    assert (("plaats", "NOORD"),) in dicht


def test_places_elsewhere_stay_as_they_are() -> None:
    assert (("plaats", "WEST"),) not in closed(protect(visitors()))
