"""How the published figures of a report hang together: which are the same, which add up to another, which are the rest.

A *cel* is a number of a report that counts people: the rows of a figure, those still open, a numerator. The same count
under two names is one cel. Relations that hold in the figures are taken as known to the reader, for sums are seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, permutations
from typing import Any, NamedTuple

from workflow.indicatoren import ALLE
from workflow.indicatoren.afleiding import Vergelijking
from workflow.indicatoren.begrippen import Is
from workflow.indicatoren.maten import Telling, Verhouding

Deel = frozenset[tuple[str, str]]
GEHEEL: Deel = frozenset()

TELLEND: Mapping[str, tuple[str, ...]] = {
    "telling": ("waarde", "n", "open"),
    "som": ("waarde", "n"),
    "verhouding": ("teller", "noemer"),
    "duur": ("n", "open", "bereikt", "anders"),
    "kans": ("n", "open", "bereikt", "anders"),
    "mediaan": ("n", "onbekend"),
    "opgavesom": ("waarde",),
    "opgavespreiding": (),
    "opgavedeel": ("teller", "noemer", "in_het_log"),
}
"""Kind of figure -> its numbers that count people. Of a kind unknown here every number does."""

AFGELEID: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "verhouding": {"waarde": ("teller", "noemer"), "n": ("noemer",)},
    "opgavedeel": {"waarde": ("teller", "noemer")},
    "kans": {"waarde": ("n", "bereikt")},
    "mediaan": {"waarde": ("n",), "p90": ("n",)},
    "duur": {
        "waarde": ("n", "bereikt"),
        "p90": ("n", "bereikt"),
        "mediaan_afgerond": ("bereikt",),
        "p90_afgerond": ("bereikt",),
    },
}
"""Kind of figure -> number -> what it gives away something of."""

GEEN_MENSEN = frozenset({"organisaties", "partijen", "stromen", "plaatsen", "scholen"})
"""Units of figures that count no people."""


class Grootheid(NamedTuple):
    """What a number counts, whatever it is called: rows of a bron that meet the conditions, or a number of a figure."""

    bron: str
    waar: frozenset[Any] | None
    veld: str


class Cel(NamedTuple):
    """One number: what it counts, and of which part. What remains of one after another is a cel that nobody prints."""

    grootheid: Any
    deel: Deel


def in_order(cel: Cel) -> tuple[str, str, tuple[str, ...], tuple[tuple[str, str], ...]]:
    """A place among other cellen that is the same in every run: sets have no order of their own."""
    bron, waar, veld = cel.grootheid
    return bron, veld, tuple(sorted(map(repr, waar or ()))), tuple(sorted(cel.deel))


@dataclass(frozen=True, slots=True)
class Getal:
    """A number as it is printed: of which meting, under which name, and which cel it shows."""

    plaats: int
    veld: str
    cel: Cel
    waarde: float


def all_metingen(gegevens: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every meting of a report with the code of its indicator, those of earlier years included."""
    eigen = [(i["code"], meting) for i in gegevens["indicatoren"] for meting in i["metingen"]]
    meerjaren = gegevens.get("meerjaren") or {"kolommen": [], "regels": []}
    return [*eigen, *((r["code"], m) for r in meerjaren["regels"] for m in r["metingen"])]


def parts(gegevens: Mapping[str, Any]) -> list[tuple[str, str, str, str, Deel]]:
    """Of each meting, in the same order: code, maat, kind, unit and part. An earlier year is a part of its own."""
    eigen = [
        (i["code"], m["maat"], m.get("soort", ""), m["eenheid"], frozenset(m["uitsplitsing"].items()))
        for i in gegevens["indicatoren"]
        for m in i["metingen"]
    ]
    soorten = {(code, maat): soort for code, maat, soort, _, _ in eigen}
    meerjaren = gegevens.get("meerjaren") or {"kolommen": [], "regels": []}
    jaren = [_year(kolom, meerjaren["kolommen"]) for kolom in meerjaren["kolommen"]]
    return eigen + [
        (r["code"], r["maat"], soorten.get((r["code"], r["maat"]), ""), r["eenheid"], deel)
        for r in meerjaren["regels"]
        for deel in jaren
    ]


def _year(kolom: str, kolommen: list[str]) -> Deel:
    """The last column is the report's own period."""
    return GEHEEL if kolom == kolommen[-1] else frozenset({("meerjaren", kolom)})


def numbers(gegevens: Mapping[str, Any]) -> list[Getal]:
    """Every printed number that counts people."""
    getallen = []
    for plaats, ((_, meting), (code, maat, soort, eenheid, deel)) in enumerate(
        zip(all_metingen(gegevens), parts(gegevens), strict=True)
    ):
        for veld in () if eenheid in GEEN_MENSEN else counting(soort, meting):
            cel = Cel(_meaning(code, maat, soort, veld, meting), deel)
            getallen.append(Getal(plaats, veld, cel, meting[veld]))
    return _merged(getallen)


def _merged(getallen: list[Getal]) -> list[Getal]:
    """The same numbers; a count that equals another in the whole and in every part they share is taken for that one."""
    reeksen: dict[Any, dict[Deel, float]] = defaultdict(dict)
    for getal in getallen:
        reeksen[getal.cel.grootheid][getal.cel.deel] = getal.waarde
    naam: dict[Any, Any] = {}
    per_totaal: dict[float, list[Any]] = defaultdict(list)
    for grootheid in sorted(reeksen, key=lambda g: g.waar is None):
        eigen = reeksen[grootheid]
        bekend = per_totaal[eigen.get(GEHEEL, 0)]
        naam[grootheid] = _same(eigen, [reeksen[g] for g in bekend], bekend) if grootheid.waar is None else None
        if naam[grootheid] is None:
            naam[grootheid] = grootheid
            bekend.append(grootheid)
        else:
            reeksen[naam[grootheid]].update(eigen)
    return [replace(g, cel=Cel(naam[g.cel.grootheid], g.cel.deel)) for g in getallen]


def _same(eigen: Mapping[Deel, float], reeksen: list[dict[Deel, float]], namen: list[Any]) -> Any:
    """The name of the count that has these numbers; None where there is none, or where there is nobody at all."""
    if not eigen.get(GEHEEL):
        return None
    zelfde = (all(reeks.get(deel, n) == n for deel, n in eigen.items()) for reeks in reeksen)
    return next((naam for naam, is_zo in zip(namen, zelfde, strict=True) if is_zo), None)


def counting(soort: str, meting: Mapping[str, Any]) -> list[str]:
    """The numbers of a meting that count people, as far as it has them."""
    namen = TELLEND.get(soort, tuple(meting))
    return [naam for naam in namen if isinstance(meting.get(naam), (int, float)) and not isinstance(meting[naam], bool)]


def _meaning(code: str, maat: str, soort: str, veld: str, meting: Mapping[str, Any]) -> Grootheid:
    """What a number counts. A value that is the number of rows is that number."""
    if veld == "waarde" and soort in ("telling", "som") and meting["waarde"] == meting.get("n"):
        veld = "n"
    return _COUNTS.get((code, maat, veld)) or Grootheid(f"{code}.{maat}", None, veld)


def _count_of(telling: Any, veld: str = "n") -> Grootheid:
    return Grootheid(telling.bron.naam, frozenset(telling.waar), veld)


def _counts() -> Iterator[tuple[tuple[str, str, str], Grootheid]]:
    for code, maat in ((indicator.code, maat) for indicator in ALLE for maat in indicator.maten):
        if isinstance(maat, Verhouding):
            yield (code, maat.code, "teller"), _value_of(maat.teller)
            yield (code, maat.code, "noemer"), _value_of(maat.noemer)
        elif isinstance(maat, Telling):
            yield (code, maat.code, "n"), _count_of(maat)
            yield (code, maat.code, "open"), _count_of(maat, "open")
            yield (code, maat.code, "waarde"), _value_of(maat)


def _value_of(telling: Telling) -> Grootheid:
    return _count_of(telling, telling.uniek or "n")


_COUNTS: Mapping[tuple[str, str, str], Grootheid] = dict(_counts())


# -- Equations ---------------------------------------------------------------------------------------------------------

Waarden = dict[Cel, float]


def equations(getallen: Sequence[Getal], waarden: Waarden) -> list[Vergelijking[Cel]]:
    """All that holds between the cellen. Cellen that nobody prints (what remains) are added to `waarden`."""
    return [
        *_sums(waarden),
        *_twins(waarden),
        *_conditions(waarden),
        *_within(getallen, waarden),
        *_remainders(getallen, dict(waarden), waarden),
    ]


def _sums(waarden: Waarden) -> Iterator[Vergelijking[Cel]]:
    """A whole is the sum of its parts by one or more further columns, where the numbers say so."""
    per_grootheid: dict[Hashable, dict[frozenset[str], list[Deel]]] = defaultdict(lambda: defaultdict(list))
    for grootheid, deel in waarden:
        per_grootheid[grootheid][frozenset(kolom for kolom, _ in deel)].append(deel)
    for grootheid, per_kolommen in per_grootheid.items():
        for grof, fijn in permutations(per_kolommen, 2):
            if grof < fijn and "meerjaren" not in fijn:
                yield from _sums_of(grootheid, per_kolommen[grof], per_kolommen[fijn], waarden, grof)


def _sums_of(
    grootheid: Hashable, grof: list[Deel], fijn: list[Deel], waarden: Waarden, kolommen: frozenset[str]
) -> Iterator[Vergelijking[Cel]]:
    delen: dict[Deel, list[Cel]] = defaultdict(list)
    for deel in fijn:
        delen[frozenset(paar for paar in deel if paar[0] in kolommen)].append(Cel(grootheid, deel))
    for deel in grof:
        yield from _if_true({Cel(grootheid, deel): -1, **dict.fromkeys(delen[deel], 1)}, waarden)


def _if_true(vergelijking: Vergelijking[Cel], waarden: Waarden) -> Iterator[Vergelijking[Cel]]:
    """The equation, if it holds and says something."""
    if len(vergelijking) > 1 and not sum(factor * waarden[cel] for cel, factor in vergelijking.items()):
        yield vergelijking


def _twins(waarden: Waarden) -> Iterator[Vergelijking[Cel]]:
    """The same of two counts that each have conditions of their own."""
    per_totaal: dict[float, list[Any]] = defaultdict(list)
    delen: dict[Any, list[Deel]] = defaultdict(list)
    for grootheid, deel in waarden:
        delen[grootheid].append(deel)
    for grootheid in delen:
        if totaal := waarden.get(Cel(grootheid, GEHEEL)):
            per_totaal[totaal].append(grootheid)
    for groep in per_totaal.values():
        for een, ander in combinations(groep, 2):
            samen = [deel for deel in delen[een] if Cel(ander, deel) in waarden]
            if all(waarden[Cel(een, deel)] == waarden[Cel(ander, deel)] for deel in samen):
                yield from ({Cel(een, deel): 1, Cel(ander, deel): -1} for deel in samen)


def _conditions(waarden: Waarden) -> Iterator[Vergelijking[Cel]]:
    """What a condition on a column counts is the sum of the parts with those values in that column."""
    for enger, deel in [cel for cel in waarden if isinstance(cel.grootheid, Grootheid) and cel.grootheid.waar]:
        for eis in [e for e in enger.waar if isinstance(e, Is)]:
            ruimer = enger._replace(waar=enger.waar - {eis})
            delen = [Cel(ruimer, deel | {(eis.kolom, str(waarde))}) for waarde in eis.waarden]
            gevonden = dict.fromkeys([d for d in delen if d in waarden], 1)
            yield from _if_true({Cel(enger, deel): -1, **gevonden}, waarden)


def _within(getallen: Sequence[Getal], waarden: Waarden) -> Iterator[Vergelijking[Cel]]:
    """What began is what got there, what left otherwise, and what is still open."""
    for cellen in _per_place(getallen):
        if {"n", "bereikt", "anders", "open"} <= set(cellen):
            delen = dict.fromkeys((cellen[veld] for veld in ("bereikt", "anders", "open")), 1)
            yield from _if_true({cellen["n"]: -1, **delen}, waarden)


def _per_place(getallen: Sequence[Getal]) -> Iterable[dict[str, Cel]]:
    """The cellen of each meting by name."""
    per_plaats: dict[int, dict[str, Cel]] = defaultdict(dict)
    for getal in getallen:
        per_plaats[getal.plaats][getal.veld] = getal.cel
    return per_plaats.values()


def _remainders(getallen: Sequence[Getal], eigen: Waarden, waarden: Waarden) -> Iterator[Vergelijking[Cel]]:
    """What remains of a count after a narrower one, for whoever subtracts them."""
    for ruim, eng in {*_pairs_of_fields(getallen), *_pairs_of_conditions(eigen)}:
        rest = waarden[ruim] - waarden[eng]
        if ruim != eng and waarden[eng] and rest >= 0:
            over = Cel(("rest", ruim.grootheid, eng.grootheid), ruim.deel)
            waarden[over] = rest
            yield {ruim: -1, eng: 1, over: 1}


PAREN = (("n", "open"), ("noemer", "teller"), ("n", "bereikt"), ("n", "anders"))


def _pairs_of_fields(getallen: Sequence[Getal]) -> Iterator[tuple[Cel, Cel]]:
    for cellen in _per_place(getallen):
        yield from ((cellen[ruim], cellen[eng]) for ruim, eng in PAREN if ruim in cellen and eng in cellen)


def _pairs_of_conditions(waarden: Iterable[Cel]) -> Iterator[tuple[Cel, Cel]]:
    per_bron: dict[Hashable, list[Cel]] = defaultdict(list)
    for cel in waarden:
        if isinstance(cel.grootheid, Grootheid) and cel.grootheid.waar is not None:
            per_bron[cel.grootheid.bron, cel.grootheid.veld, cel.deel].append(cel)
    for cellen in per_bron.values():
        yield from ((ruim, eng) for ruim, eng in permutations(cellen, 2) if ruim.grootheid.waar < eng.grootheid.waar)
