"""All editions of a demo office together: who adds and subtracts everything that was printed learns no small number.

The attacker here is written apart from what it attacks: it names each number by what the page says of it, writes down
the sums that a reader of the definitions knows, eliminates, and then narrows bounds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from sqlalchemy import Connection

from models import klok
from models.database import engine, transaction
from tests.bouwers import COORDINATOR, day
from tests.indicatoren.test_afscherming import PRIEM
from workflow.indicatoren import Periode, Vraag, get
from workflow.indicatoren.afscherming import protect
from workflow.rapporten import uitgave, vaststellen
from workflow.voorbeeld import make_demo

CODES = ("D4", "D5", "D12", "O2", "O3", "O4", "S1", "V5", "V6")
NU = datetime(2026, 7, 1, 9, tzinfo=UTC)
MAASTRICHT = "GM0935"

Plek = tuple[Any, ...]
"""Gemeente, first day, day after the last, indicator, maat, part, and name of the number."""
Som = dict[Plek, int]


def year(jaar: int) -> Periode:
    """The days of a year."""
    return Periode(day(f"{jaar}-01-01"), day(f"{jaar + 1}-01-01"))


VRAGEN = (
    Vraag(year(2024)),
    Vraag(year(2025)),
    Vraag(year(2025), MAASTRICHT),
    Vraag(Periode(day("2025-07-01"), day("2026-01-01"))),
    Vraag(year(2025), splits="kwartaal"),
    Vraag(year(2025), splits="gemeente"),
    Vraag(year(2025), splits="samenstelling"),
)


@pytest.fixture(scope="module")
def edities(sjabloon: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Of each edition what was measured, and what was printed."""
    bestand = tmp_path_factory.mktemp("uitgaven") / "routekaart.db"
    copy(sjabloon, bestand)
    url = f"sqlite:///{bestand}"
    with klok.at(NU):
        make_demo(url, 250)
        with transaction(url) as db:
            gemaakt = [_published(db, vraag) for vraag in VRAGEN]
    engine(url).dispose()
    return gemaakt


def _published(db: Connection, vraag: Vraag) -> tuple[dict[str, Any], dict[str, Any]]:
    rapport = vaststellen.find(db, vaststellen.fix(db, vraag, [get(code) for code in CODES], COORDINATOR))
    assert rapport
    nummer = uitgave.publish(db, rapport, COORDINATOR)
    gedrukt = next(u for u in uitgave.editions(db, rapport.id) if u.id == nummer)
    return rapport.gegevens, uitgave.published(rapport, gedrukt)


# -- The attacker ------------------------------------------------------------------------------------------------------

NAMEN = {"telling": ("n", "open"), "som": ("n",), "verhouding": ("teller", "noemer"), "mediaan": ("n", "onbekend")}
NAMEN |= {"duur": ("n", "open", "bereikt", "anders")}


def named(gegevens: Mapping[str, Any], gedrukt: Mapping[str, Any]) -> Iterator[tuple[Plek, int, bool]]:
    """Each number of people: what the page says of it, its value, and whether it was printed."""
    periode = (gegevens["gemeente"], gegevens["periode"]["van"], gegevens["periode"]["tot"])
    soorten = {}
    for i, j in zip(gegevens["indicatoren"], gedrukt["indicatoren"], strict=True):
        for m, p in zip(i["metingen"], j["metingen"], strict=True):
            soorten[i["code"], m["maat"]] = m["soort"]
            vak, deel = _where(periode, gegevens["uitsplitsing"], m["uitsplitsing"])
            for naam in NAMEN.get(m["soort"], ()):
                yield (*vak, i["code"], m["maat"], deel, naam), m[naam], p[naam] is not None
    jaren = gegevens["meerjaren"]["jaren"][:-1]
    for r, q in zip(gegevens["meerjaren"]["regels"], gedrukt["meerjaren"]["regels"], strict=True):
        for jaar, m, p in zip(jaren, r["metingen"], q["metingen"], strict=False):
            vak = (gegevens["gemeente"], f"{jaar}{periode[1][4:]}", _a_year_on(periode, jaar))
            for naam in NAMEN.get(soorten.get((r["code"], r["maat"]), ""), ()):
                if naam in m:
                    yield (*vak, r["code"], r["maat"], frozenset(), naam), m[naam], p[naam] is not None


def _a_year_on(periode: tuple[Any, str, str], jaar: int) -> str:
    return f"{jaar + int(periode[2][:4]) - int(periode[1][:4])}{periode[2][4:]}"


KWARTALEN = {f"K{n}": (f"-{3 * n - 2:02}-01", f"-{3 * n + 1:02}-01") for n in range(1, 4)} | {"K4": ("-10-01", "")}


def _where(periode: tuple[Any, str, str], splits: str | None, deel: Mapping[str, str]) -> tuple[Any, Any]:
    rest, waarde = {k: v for k, v in deel.items() if k != "deel"}, deel.get("deel")
    if waarde and splits == "gemeente":
        return (waarde, *periode[1:]), frozenset(rest.items())
    if waarde and splits == "kwartaal":
        van, tot = KWARTALEN[waarde[5:]]
        return (periode[0], waarde[:4] + van, waarde[:4] + tot if tot else periode[2]), frozenset(rest.items())
    return periode, frozenset((rest | ({f"per {splits}": waarde} if waarde else {})).items())


def sums(waarden: Mapping[Plek, int]) -> Iterator[Som]:
    """Everything that a reader can add up."""
    yield from parts_of_wholes(waarden)
    yield from known_from_definitions(waarden)
    yield from whole_and_rest(waarden)
    yield from quarters(waarden)


def parts_of_wholes(waarden: Mapping[Plek, int]) -> Iterator[Som]:
    per_reeks: dict[Plek, list[frozenset[tuple[str, str]]]] = defaultdict(list)
    for *vak, code, maat, deel, naam in waarden:
        per_reeks[(*vak, code, maat, naam)].append(deel)
    for (*vak, code, maat, naam), delen in per_reeks.items():
        for heel in delen:
            per_vorm: dict[frozenset[str], Som] = defaultdict(dict)
            for fijn in delen:
                if heel < fijn:
                    per_vorm[frozenset(k for k, _ in fijn)][*vak, code, maat, fijn, naam] = 1
            yield from ({(*vak, code, maat, heel, naam): -1, **som} for som in per_vorm.values())


def known_from_definitions(waarden: Mapping[Plek, int]) -> Iterator[Som]:
    """Who dropped out for good ended so; who succeeded is counted by O3, S1 and O4; who began, began a wait."""
    for vak in {plek[:3] for plek in waarden}:
        uitval = {(*vak, "D5", "uitval", frozenset(), "n"): -1, (*vak, "D5", "herroepen", frozenset(), "n"): 1}
        trapje = {(*vak, "O3", "trapje", frozenset(), "noemer"): -1, (*vak, "O3", "succes", frozenset(), "n"): 1}
        in_s1 = {klasse: _both(vak, klasse, waarden) for klasse in ("uitval", "succes")}
        yield {**uitval, **in_s1["uitval"]}
        yield {**trapje, **in_s1["uitval"]}
        yield {(*vak, "O3", "succes", frozenset(), "n"): -1, **in_s1["succes"]}
        yield {(*vak, "O3", "succes", frozenset(), "n"): -1, (*vak, "S1", "duur", frozenset(), "bereikt"): 1}
        for jaren in "125":
            cohort = (*vak, "O4", "cohort", frozenset({("jaren", jaren)}), "noemer")
            yield {(*vak, "O3", "succes", frozenset(), "n"): -1, cohort: 1}
        for code, maat in (("O4", "recidive_deel"), ("D4", "traject")):
            naam = "n" if code == "D4" else "noemer"
            yield {(*vak, "O2", "meldingen", frozenset(), "n"): -1, (*vak, code, maat, frozenset(), naam): 1}


def _both(vak: Plek, klasse: str, waarden: Mapping[Plek, int]) -> Som:
    delen = (frozenset({("samen", samen), ("klasse", klasse)}) for samen in ("ja", "nee"))
    plekken = ((*vak, "S1", "uitkomst", deel, "n") for deel in delen)
    return {plek: 1 for plek in plekken if plek in waarden}


def whole_and_rest(waarden: Mapping[Plek, int]) -> Iterator[Som]:
    """The other gemeenten are what remains after Maastricht."""
    for plek in waarden:
        if plek[0] == MAASTRICHT and (None, *plek[1:]) in waarden:
            yield {(None, *plek[1:]): -1, plek: 1, ("rest", *plek[1:]): 1}


def quarters(waarden: Mapping[Plek, int]) -> Iterator[Som]:
    """A year is its quarters, half a year is two of them."""
    for plek in waarden:
        for van, tot, delen in (("-01-01", "-01-01", (1, 2, 3, 4)), ("-07-01", "-01-01", (3, 4))):
            if plek[1][4:] == van and plek[2][4:] == tot:
                jaar = plek[1][:4]
                dagen = [(f"{jaar}{KWARTALEN[f'K{n}'][0]}", f"{jaar}{KWARTALEN[f'K{n}'][1]}") for n in delen]
                dagen[-1] = (dagen[-1][0], plek[2])
                stukken = ((plek[0], *dag, *plek[3:]) for dag in dagen)
                yield {plek: -1, **{stuk: 1 for stuk in stukken if stuk in waarden}}


def eliminated(rijen: Iterable[Som]) -> Iterator[dict[Plek, int]]:
    """The reduced echelon form, modulo a prime."""
    spillen: dict[Plek, dict[Plek, int]] = {}
    for som in rijen:
        rij = {plek: factor % PRIEM for plek, factor in som.items()}
        for spil in [plek for plek in rij if plek in spillen]:
            _take(rij, spillen[spil], rij[spil])
        if not rij:
            continue
        spil, factor = next(iter(rij.items()))
        nieuw = {plek: n * pow(factor, -1, PRIEM) % PRIEM for plek, n in rij.items()}
        for ander in spillen.values():
            if spil in ander:
                _take(ander, nieuw, ander[spil])
        spillen[spil] = nieuw
    return iter(spillen.values())


def _take(rij: dict[Plek, int], ander: Mapping[Plek, int], keer: int) -> None:
    for plek, n in ander.items():
        if rest := (rij.get(plek, 0) - keer * n) % PRIEM:
            rij[plek] = rest
        else:
            rij.pop(plek, None)


def bounded(sommen: list[Som], bekend: Mapping[Plek, int]) -> set[Plek]:
    """What is left with one value once every unknown is held between what the sums allow."""
    laag: dict[Plek, float] = defaultdict(float, bekend)
    hoog: dict[Plek, float] = defaultdict(lambda: float("inf"), bekend)
    for _ in range(40):
        for som in sommen:
            for plek, factor in som.items():
                rest = [(p, -f * factor) for p, f in som.items() if p != plek]
                laag[plek] = max(laag[plek], sum(f * (laag if f > 0 else hoog)[p] for p, f in rest))
                hoog[plek] = min(hoog[plek], sum(f * (hoog if f > 0 else laag)[p] for p, f in rest))
    return {plek for som in sommen for plek in som if laag[plek] == hoog[plek] and plek not in bekend}


def learned(edities: list[tuple[dict[str, Any], dict[str, Any]]]) -> dict[Plek, int]:
    """Every number that was not printed and can be worked out all the same."""
    waarden, bekend = dict[Plek, int](), dict[Plek, int]()
    for gegevens, gedrukt in edities:
        for plek, waarde, is_gedrukt in named(gegevens, gedrukt):
            waarden[plek] = waarde
            bekend |= {plek: waarde} if is_gedrukt else {}
    for plek in [p for p in waarden if p[0] == MAASTRICHT and (None, *p[1:]) in waarden]:
        waarden["rest", *plek[1:]] = waarden[None, *plek[1:]] - waarden[plek]
    waar = [s for s in sums(waarden) if all(p in waarden for p in s) and not sum(f * waarden[p] for p, f in s.items())]
    sommen = [som for som in waar if len(som) > 1]
    over = ({plek: f for plek, f in som.items() if plek not in bekend} for som in sommen)
    vast = {plek for rij in eliminated(over) if len(rij) == 1 for plek in rij} | bounded(sommen, bekend)
    return {plek: waarden[plek] for plek in vast}


def test_no_small_number_follows_from_all_editions_together(
    edities: list[tuple[dict[str, Any], dict[str, Any]]], tell: Any
) -> None:
    geleerd = learned(edities)
    assert {plek: n for plek, n in geleerd.items() if 0 < n < 10} == {}
    tell(f"editions {len(edities)}, numbers {sum(1 for e in edities for _ in named(*e))}")


def test_no_small_number_is_printed(edities: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    klein = [plek for e in edities for plek, n, is_gedrukt in named(*e) if is_gedrukt and 0 < n < 10]
    assert klein == []


def test_the_attacker_learns_from_editions_that_were_not_judged_together(
    edities: list[tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    """Each edition judged as if it were the only one: then small numbers follow."""
    los = [(gegevens, protect(gegevens)) for gegevens, _ in edities]
    assert [n for n in learned(los).values() if 0 < n < 10]
