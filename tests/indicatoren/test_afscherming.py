"""Small numbers in what is published: what is left out cannot be worked out again, by whatever sum.

The checker below knows nothing of how numbers are chosen: it reads a published report, writes down every sum that its
layout tells, and eliminates.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.indicatoren.afleiding import pinned
from workflow.indicatoren.afscherming import Uitgave, keys, protect

FASEN, REDENEN = ("a", "b", "c", "d"), ("x", "y")
HUIS = Path(__file__).parents[2]
RUSTIG = settings(max_examples=40)
GROEPEN = ((), ("fase",), ("reden",), ("fase", "reden"))
Plek = tuple[str, tuple[tuple[str, str], ...], str]
"""A number of a published report: maat, part, name."""


# -- Reports of invented people ----------------------------------------------------------------------------------------

Aantallen = Mapping[tuple[str, str], tuple[int, int, int]]
"""Fase and reden -> how many there are, how many of them are open, and how many were taken back."""

AANTAL = st.integers(0, 24)
TABELLEN = st.dictionaries(
    st.tuples(st.sampled_from(FASEN), st.sampled_from(REDENEN)), st.tuples(AANTAL, AANTAL, AANTAL), min_size=1
).map(lambda cellen: {cel: (n, min(n, nog), min(n, terug)) for cel, (n, nog, terug) in cellen.items()})


def report(aantallen: Aantallen) -> dict[str, Any]:
    """A report with a count, a narrower one, a share and a length of stay, each in total and by part."""
    metingen = [m for groep in GROEPEN for deel, delen in grouped(aantallen, groep) for m in of_part(deel, delen)]
    indicator = {"code": "D5", "naam": "Uitval", "eenheid": "trajecten", "metingen": metingen, "ontbreekt": []}
    return {"periode": {}, "indicatoren": [indicator]}


def grouped(aantallen: Aantallen, groep: tuple[str, ...]) -> Iterator[tuple[dict[str, str], tuple[int, int, int]]]:
    """Each part with its three numbers; what nobody is in has no line, but the total always has one."""
    sommen: dict[tuple[str, ...], list[int]] = {(): [0, 0, 0]} if not groep else {}
    for (fase, reden), getallen in aantallen.items():
        sleutel = tuple({"fase": fase, "reden": reden}[kolom] for kolom in groep)
        som = sommen.setdefault(sleutel, [0, 0, 0])
        som[:] = [oud + nieuw for oud, nieuw in zip(som, getallen, strict=True)]
    for sleutel, (n, nog, terug) in sommen.items():
        yield dict(zip(groep, sleutel, strict=True)), (n, nog, terug)


def of_part(deel: dict[str, str], getallen: tuple[int, int, int]) -> list[dict[str, Any]]:
    """The figures of one part."""
    n, nog, terug = getallen
    procent = round(100 * terug / n, 1) if n else None
    return [
        meting("uitval", "telling", deel, n, n, open=nog),
        meting("herroepen", "telling", deel, terug, terug, open=0),
        meting("deel", "verhouding", deel, procent, n, teller=terug, noemer=n, eenheid="%"),
        meting("fase", "duur", deel, 12, n, open=nog, bereikt=n - nog, anders=0, p90=30, eenheid="dagen"),
    ]


def meting(maat: str, soort: str, deel: dict[str, str], waarde: float | None, n: int, **rest: Any) -> dict[str, Any]:
    """One figure."""
    vast = {"maat": maat, "soort": soort, "naam": maat, "eenheid": "trajecten", "uitsplitsing": deel}
    return {**vast, "waarde": waarde, "n": n, "open": 0, **rest}


# -- The checker -------------------------------------------------------------------------------------------------------

ZELFDE = {"waarde": "n", "noemer": "n"}
"""Names under which a count of rows is printed too."""


def printed(gegevens: Mapping[str, Any]) -> dict[Plek, Any]:
    """Every number that counts people, None where it was left out."""
    gevonden: dict[Plek, Any] = {}
    for m in gegevens["indicatoren"][0]["metingen"]:
        deel = tuple(sorted(m["uitsplitsing"].items()))
        namen = {"telling": ("n", "open"), "verhouding": ("teller", "n"), "duur": ("n", "open", "bereikt", "anders")}
        for naam in namen[m["soort"]]:
            gevonden[m["maat"], deel, naam] = m[naam]
    return gevonden


def visible_sums(plekken: Mapping[Plek, Any]) -> list[dict[Any, int]]:
    """Every sum that the layout tells: parts of a whole, what ended and what is open, a numerator and its remainder."""
    per_reeks: dict[tuple[str, str], list[tuple[tuple[str, str], ...]]] = defaultdict(list)
    for maat, deel, naam in plekken:
        per_reeks[maat, naam].append(deel)
    sommen = [s for (maat, naam), delen in per_reeks.items() for s in parts_of(maat, naam, delen)]
    return sommen + [som for deel in {deel for _, deel, _ in plekken} for som in sums_of_part(deel)]


def sums_of_part(deel: Any) -> list[dict[Any, int]]:
    """What the figures of one part say of each other."""
    heel, open_, terug = ("uitval", deel, "n"), ("uitval", deel, "open"), ("herroepen", deel, "n")
    duur = {naam: ("fase", deel, naam) for naam in ("n", "open", "bereikt", "anders")}
    return [
        {heel: 1, ("deel", deel, "n"): -1},
        {heel: 1, duur["n"]: -1},
        {open_: 1, duur["open"]: -1},
        {terug: 1, ("deel", deel, "teller"): -1},
        {duur["n"]: 1, duur["open"]: -1, duur["bereikt"]: -1, duur["anders"]: -1},
        {heel: 1, terug: -1, ("rest", deel, "herroepen"): -1},
        {heel: 1, open_: -1, ("rest", deel, "open"): -1},
    ]


def parts_of(maat: str, naam: str, delen: list[tuple[tuple[str, str], ...]]) -> Iterator[dict[Any, int]]:
    """Whole is the sum of its parts, for each pair of layouts."""
    for heel in delen:
        kolommen = {k for k, _ in heel}
        per_vorm: dict[frozenset[str], list[Any]] = defaultdict(list)
        for fijn in delen:
            if set(heel) < set(fijn):
                per_vorm[frozenset(k for k, _ in fijn) - kolommen].append(fijn)
        yield from ({(maat, heel, naam): -1} | {(maat, f, naam): 1 for f in stukken} for stukken in per_vorm.values())


PRIEM = 2**61 - 1
"""Elimination is done modulo this prime, which no determinant of such small sums is a multiple of by chance."""


def reduced(rijen: list[list[int]]) -> list[list[int]]:
    """The reduced echelon form, without empty rows."""
    rijen, hoog = [list(rij) for rij in rijen], 0
    for kolom in range(len(rijen[0]) if rijen else 0):
        spil = next((r for r in range(hoog, len(rijen)) if rijen[r][kolom] % PRIEM), None)
        if spil is None:
            continue
        rijen[hoog], rijen[spil] = rijen[spil], rijen[hoog]
        deler = pow(rijen[hoog][kolom], -1, PRIEM)
        rijen[hoog] = [waarde * deler % PRIEM for waarde in rijen[hoog]]
        for r in range(len(rijen)):
            if r != hoog and (keer := rijen[r][kolom]):
                rijen[r] = [(a - keer * b) % PRIEM for a, b in zip(rijen[r], rijen[hoog], strict=True)]
        hoog += 1
    return rijen[:hoog]


def worked_out(gepubliceerd: Mapping[str, Any], ook_bekend: frozenset[Plek] = frozenset()) -> set[Any]:
    """What was left out and can still be worked out, and every remainder that can."""
    plekken = printed(gepubliceerd)
    bekend = {plek for plek, waarde in plekken.items() if waarde is not None} | ook_bekend
    sommen = visible_sums(plekken)
    onbekend = sorted({cel for som in sommen for cel in som} - bekend, key=repr)
    rijen = reduced([[som.get(cel, 0) for cel in onbekend] for som in sommen])
    return {onbekend[rij.index(1)] for rij in rijen if sum(map(bool, rij)) == 1}


def true_remainder(aantallen: Aantallen, cel: Any) -> int:
    """How many remain of a part after those taken back, or those still open."""
    _, deel, naam = cel
    passend = [
        getallen for plek, getallen in aantallen.items() if set(deel) <= set(zip(("fase", "reden"), plek, strict=True))
    ]
    return sum(n - (terug if naam == "herroepen" else nog) for n, nog, terug in passend)


# -- The rules ---------------------------------------------------------------------------------------------------------


@RUSTIG
@given(TABELLEN)
def test_nothing_that_was_left_out_can_be_worked_out(aantallen: Aantallen) -> None:
    lek = worked_out(protect(report(aantallen)))
    assert {cel for cel in lek if cel[0] != "rest"} == set()


@RUSTIG
@given(TABELLEN)
def test_no_small_remainder_can_be_worked_out(aantallen: Aantallen) -> None:
    lek = [cel for cel in worked_out(protect(report(aantallen))) if cel[0] == "rest"]
    assert [cel for cel in lek if 0 < true_remainder(aantallen, cel) < 10] == []


@RUSTIG
@given(TABELLEN, st.integers(3, 25))
def test_no_number_below_the_bound_is_printed(aantallen: Aantallen, grens: int) -> None:
    over = [w for w in printed(protect(report(aantallen), grens)).values() if w is not None]
    assert [waarde for waarde in over if 0 < waarde < grens] == []


@RUSTIG
@given(TABELLEN)
def test_an_edition_of_corrected_figures_gives_nothing_away_that_stayed_the_same(aantallen: Aantallen) -> None:
    """One fase grew; together with what the first edition printed nothing can be worked out of the rest."""
    eerste, toen = protect(report(aantallen)), report(aantallen)
    groter = {
        plek: (n + 12, nog, terug) if plek[0] == "a" else (n, nog, terug) for plek, (n, nog, terug) in aantallen.items()
    }
    nu = report(groter)
    tweede = protect(nu, eerder=[Uitgave(toen, keys(eerste))])
    ook = frozenset(
        plek
        for plek, waarde in printed(nu).items()
        if printed(eerste).get(plek) is not None and printed(toen)[plek] == waarde
    )
    lek = {cel for cel in worked_out(tweede, ook) if cel[0] != "rest"}
    assert lek == set()


@RUSTIG
@given(TABELLEN)
def test_a_second_edition_leaves_out_what_the_first_did(aantallen: Aantallen) -> None:
    gegevens = report(aantallen)
    eerste = keys(protect(gegevens, 12))
    assert eerste <= keys(protect(gegevens, 12, [Uitgave(gegevens, eerste)]))
    assert keys(protect(gegevens, 5, [Uitgave(gegevens, eerste)])) >= eerste


# -- Examples ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def tabel() -> Callable[..., dict[tuple[str, tuple[tuple[str, str], ...]], Any]]:
    """`tabel(aantallen, **rest)`: the number of rows of `uitval` as published, by part."""

    def publish(aantallen: Aantallen, **rest: Any) -> dict[Any, Any]:
        gedrukt = printed(protect(report(aantallen), **rest))
        return {deel: w for (maat, deel, naam), w in gedrukt.items() if (maat, naam) == ("uitval", "n")}

    return publish


def test_a_small_part_takes_another_part_with_it(tabel: Callable[..., dict[Any, Any]]) -> None:
    gedrukt = tabel({("a", "x"): (3, 0, 0), ("b", "x"): (15, 0, 0), ("c", "x"): (90, 0, 0)})
    assert gedrukt[()] == 108
    assert gedrukt[(("fase", "a"),)] is None
    assert gedrukt[(("fase", "b"),)] is None
    assert gedrukt[(("fase", "c"),)] == 90


def test_nought_is_printed(tabel: Callable[..., dict[Any, Any]]) -> None:
    gedrukt = tabel({("a", "x"): (0, 0, 0), ("b", "x"): (15, 0, 0), ("c", "x"): (90, 0, 0)})
    assert gedrukt[(("fase", "a"),)] == 0


def test_large_numbers_stay_as_they_are(tabel: Callable[..., dict[Any, Any]]) -> None:
    gegevens = report({("a", "x"): (30, 0, 0), ("b", "y"): (40, 0, 0)})
    assert protect(gegevens)["indicatoren"] == gegevens["indicatoren"]


def test_two_small_parts_whose_sum_is_known_take_a_third_with_them(tabel: Callable[..., dict[Any, Any]]) -> None:
    gedrukt = tabel({("a", "x"): (1, 0, 0), ("b", "x"): (1, 0, 0), ("c", "x"): (90, 0, 0), ("d", "x"): (40, 0, 0)})
    assert [gedrukt[(("fase", fase),)] for fase in FASEN] == [None, None, 90, None]


def test_a_share_of_a_small_numerator_is_left_out_too() -> None:
    gegevens = protect(report({("a", "x"): (50, 0, 3), ("b", "x"): (60, 0, 20)}))
    metingen = gegevens["indicatoren"][0]["metingen"]
    deel = next(m for m in metingen if (m["maat"], m["uitsplitsing"]) == ("deel", {"fase": "a"}))
    assert (deel["waarde"], deel["teller"], deel["noemer"]) == (None, None, 50)
    assert deel["afgeschermd"] == ["teller", "waarde"]


def test_every_run_leaves_out_the_same(tmp_path: Path) -> None:
    """Whatever order sets happen to have in a process: two editions of one report must not differ."""
    gegevens = report({(fase, reden): (12, 2, 3) for fase in FASEN for reden in REDENEN} | {("a", "x"): (3, 1, 1)})
    (tmp_path / "gegevens.json").write_text(json.dumps(gegevens), encoding="utf-8")
    opdracht = (
        "import json, sys; from workflow.indicatoren.afscherming import keys, protect;"
        "print(sorted(keys(protect(json.load(open(sys.argv[1], encoding='utf-8'))))))"
    )
    uitkomsten = {
        subprocess.run(
            [sys.executable, "-c", opdracht, str(tmp_path / "gegevens.json")],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            cwd=HUIS,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in range(6)
    }
    assert len(uitkomsten) == 1


def test_the_figures_themselves_are_not_touched() -> None:
    gegevens = report({("a", "x"): (3, 1, 1), ("b", "y"): (40, 2, 9)})
    was = deepcopy(gegevens)
    protect(gegevens)
    assert gegevens == was


def test_counts_of_organisations_are_printed_whole() -> None:
    gegevens = report({("a", "x"): (40, 0, 0)})
    gegevens["indicatoren"][0]["metingen"] = [meting("partijen", "telling", {}, 3, 3, eenheid="organisaties")]
    assert keys(protect(gegevens)) == frozenset()


def only(code: str, *metingen: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """A report on one indicator."""
    indicator = {"code": code, "naam": code, "eenheid": metingen[0]["eenheid"], "metingen": list(metingen)}
    return {"periode": {"van": "2025-01-01", "tot": "2026-01-01"}, "gemeente": None, "indicatoren": [indicator], **rest}


def test_trajecten_behind_a_count_of_organisations_are_people() -> None:
    """At a wijkservicepunt two parties joined four samenwerkingen: two is printed, four is not."""
    partijen = meting("partijen", "telling", {"plaats": "WSP01"}, 2, 4, eenheid="organisaties")
    assert keys(protect(only("V6", partijen))) == {("V6", "partijen", (("plaats", "WSP01"),), "n")}


def test_days_of_few_trajecten_are_left_out() -> None:
    dagen = meting("opgeschort_dagen", "telling", {}, 180, 180, trajecten=4, eenheid="dagen")
    assert {veld for *_, veld in keys(protect(only("D4", dagen)))} == {"waarde", "n", "open", "trajecten"}
    genoeg = meting("opgeschort_dagen", "telling", {}, 180, 180, trajecten=14, eenheid="dagen")
    assert keys(protect(only("D4", genoeg))) == frozenset()


def test_who_dropped_out_for_good_is_counted_under_another_name_too() -> None:
    """Of 30 who dropped out 10 were called back: 20, of whom S1 says that 16 had no samenwerking. Four had one."""
    d5 = only("D5", meting("uitval", "telling", {}, 30, 30), meting("herroepen", "telling", {}, 10, 10))
    delen = (({}, 20), ({"samen": "ja"}, 4), ({"samen": "nee"}, 16))
    s1 = [meting("uitkomst", "telling", deel | ({"klasse": "uitval"} if deel else {}), n, n) for deel, n in delen]
    samen = d5 | {"indicatoren": d5["indicatoren"] + only("S1", *s1)["indicatoren"]}
    dicht = keys(protect(samen))
    assert ("S1", "uitkomst", (("klasse", "uitval"), ("samen", "ja")), "n") in dicht
    assert ("S1", "uitkomst", (("klasse", "uitval"), ("samen", "nee")), "n") in dicht or {
        ("D5", "uitval", (), "n"),
        ("D5", "herroepen", (), "n"),
    } & dicht


def test_what_an_edition_left_out_is_not_printed_as_an_earlier_year_of_another() -> None:
    """O3 of 2024 was left out beside others that would have given something away: 2025 does not print it either."""
    toen = only("O3", meting("succes", "telling", {}, 74, 74)) | {"periode": {"van": "2024-01-01", "tot": "2025-01-01"}}
    uit = frozenset({("O3", "succes", (), veld) for veld in ("n", "waarde")})
    jaren = [{"waarde": 74, "n": 74, "open": 0}, {"waarde": 90, "n": 90, "open": 0}]
    regel = {"code": "O3", "maat": "succes", "naam": "Succes", "eenheid": "trajecten", "metingen": jaren}
    perioden = [["2024-01-01", "2025-01-01"], ["2025-01-01", "2026-01-01"]]
    meerjaren = {"kolommen": ["2024", "2025"], "jaren": [2024, 2025], "perioden": perioden, "regels": [regel]}
    nu = only("O3", meting("succes", "telling", {}, 90, 90), meerjaren=meerjaren)
    dicht = keys(protect(nu, eerder=[Uitgave(toen, uit)]))
    assert ("O3", "succes", (("meerjaren", "2024"),), "waarde") in dicht
    assert ("O3", "succes", (), "waarde") not in dicht


def test_the_whole_less_one_gemeente_is_the_other_gemeenten() -> None:
    """All gemeenten 40, Maastricht 35: who reads both editions would know of five elsewhere."""
    alles = only("O2", meting("toegelaten", "telling", {}, 40, 40))
    maastricht = only("O2", meting("toegelaten", "telling", {}, 35, 35), gemeente="GM0935")
    assert keys(protect(maastricht)) == frozenset()
    assert ("O2", "toegelaten", (), "n") in keys(protect(maastricht, eerder=[Uitgave(alles, frozenset())]))
    assert ("O2", "toegelaten", (), "n") in keys(protect(alles, eerder=[Uitgave(maastricht, frozenset())]))


def test_bounds_give_nothing_away_that_sums_do_not() -> None:
    """A whole of 5 holds a part of 5: nothing is left for the others."""
    gevonden = pinned([{"heel": -1, "a": 1, "b": 1}, {"a": -1, "c": 1, "d": 1}], {"heel": 5, "c": 5}, {"a", "b", "d"})
    assert gevonden == {"a", "b", "d"}


def test_the_total_of_an_earlier_year_is_a_number_of_its_own() -> None:
    gegevens = report({("a", "x"): (40, 0, 0)})
    jaren = [{"waarde": 4, "n": 4, "open": 0}, {"waarde": 40, "n": 40, "open": 0}]
    regel = {"code": "D5", "maat": "uitval", "naam": "Uitval", "eenheid": "trajecten", "metingen": jaren}
    gegevens["meerjaren"] = {"kolommen": ["2024", "2025"], "jaren": [2024, 2025], "regels": [regel]}
    toen, nu = protect(gegevens)["meerjaren"]["regels"][0]["metingen"]
    assert (toen["waarde"], toen["afgeschermd"], nu["waarde"]) == (None, ["n", "waarde"], 40)


def test_the_checker_sees_a_leak() -> None:
    """A part that is left out beside a printed total and a printed other part."""
    gegevens = report({("a", "x"): (30, 0, 0), ("b", "x"): (40, 0, 0)})
    for m in gegevens["indicatoren"][0]["metingen"]:
        if m["uitsplitsing"] == {"fase": "a"}:
            m |= {naam: None for naam in ("waarde", "n", "noemer", "bereikt") if naam in m}
    assert ("uitval", (("fase", "a"),), "n") in worked_out(gegevens)
