"""How the figures of all editions together hang together: days add up to longer periods, gemeenten to the whole.

What remains of the whole after the gemeenten of which something was published is a cel of its own: the other gemeenten.
What two editions differ by is one too: a few more days, or a correction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Any, NamedTuple
from zlib import crc32

from workflow.indicatoren.afleiding import Vergelijking
from workflow.indicatoren.cellen import Cel, Getal, Plek, Vak, numbers, remainder
from workflow.indicatoren.tabelverband import Waarden, equations, narrower

Plaats = tuple[str, str, Plek]
"""Bron, what is counted, and place."""

Beeld = defaultdict[Plaats, dict[Vak, list[Cel]]]
"""Plaats -> in which gemeente and period which cellen, by versie; the last one is as the last report has it."""

Som = dict[Cel, int]
"""Cellen that are added up or subtracted."""

ZONDER = "zonder "
"""Before the names of gemeenten: all others together."""


def all_equations(
    reports: Sequence[Mapping[str, Any]], grens: int
) -> tuple[Waarden, list[Vergelijking[Cel]], list[list[Getal]]]:
    """The cellen of these reports with their values, what holds between them, and the numbers of each report.

    Differences between reports are cellen where they are less than the bound.
    """
    waarden: Waarden = {}
    gevonden: dict[frozenset[tuple[Cel, int]], Vergelijking[Cel]] = {}
    getallen, beeld, paren = [], Beeld(dict), dict[tuple[Plaats, Plaats], None]()
    for gegevens in reports:
        eigen = numbers(gegevens)
        los = {getal.cel: getal.waarde for getal in eigen}
        binnen = equations(gegevens, eigen, los)
        namen = {cel: _named(cel, waarde, waarden) for cel, waarde in los.items()}
        getallen.append([replace(getal, cel=namen[getal.cel]) for getal in eigen])
        eerst = [{namen[cel]: factor for cel, factor in v.items()} for v in binnen]
        paren |= dict.fromkeys((_place(ruim), _place(eng)) for ruim, eng in narrower(eigen))
        plaatsen = dict.fromkeys(map(_place, namen))
        _see(beeld, namen.values())
        samen = [*_same_days(plaatsen, beeld, waarden), *_other_gemeenten(plaatsen, beeld, paren, waarden)]
        for vergelijking in (*eerst, *samen, *_between(plaatsen, beeld, waarden, grens)):
            gevonden.setdefault(frozenset(vergelijking.items()), vergelijking)
    return waarden, list(gevonden.values()), getallen


def _named(cel: Cel, waarde: float, waarden: Waarden) -> Cel:
    """The cel among all reports: of another value elsewhere, it gets another versie."""
    while waarden.setdefault(cel, waarde) != waarde:
        cel = cel._replace(versie=cel.versie + 1)
    return cel


def _place(cel: Cel) -> Plaats:
    return cel.bron, cel.veld, cel.plek


def _derived(cel: Cel, som: Som, waarden: Waarden) -> Cel:
    """The cel that is worth this sum. Nobody prints it, so another sum that happens to be as much is another versie."""
    cel = cel._replace(versie=-1 - crc32(_sources(som).encode()))
    waarden[cel] = _worth(som, waarden)
    return cel


def _sources(som: Som) -> str:
    """Which days, gemeenten and versies are added up."""
    return " ".join(sorted(f"{factor} {'/'.join(map(str, cel.vak))}/{cel.versie}" for cel, factor in som.items()))


def _worth(som: Som, waarden: Waarden) -> float:
    return sum(factor * waarden[cel] for cel, factor in som.items())


def _see(beeld: Beeld, cellen: Iterable[Cel]) -> None:
    """These are what the last report has."""
    for cel in cellen:
        versies = beeld[_place(cel)].setdefault(cel.vak, [])
        versies[:] = [versie for versie in versies if versie != cel] + [cel]


# -- Over time ---------------------------------------------------------------------------------------------------------


class Weg(NamedTuple):
    """How a day is reached: from which day, by what sum of periods, and how much that is."""

    begin: str
    som: Som
    hoogte: float


def _between(plaatsen: Iterable[Plaats], beeld: Beeld, waarden: Waarden, grens: int) -> Iterator[Vergelijking[Cel]]:
    """What holds between periods and between versies, as a further report sees them."""
    for plaats in plaatsen:
        for eigen in _by_gemeente(beeld[plaats]).values():
            if len(eigen) > 1 or len(eigen[0]) > 1:
                yield from _over_time(eigen, waarden, grens)


def _by_gemeente(vakken: Mapping[Vak, list[Cel]]) -> Mapping[str | None, list[list[Cel]]]:
    """The versies of each period, without what was only put together of others."""
    per_gemeente: dict[str | None, list[list[Cel]]] = defaultdict(list)
    for vak, alle in vakken.items():
        if versies := [cel for cel in alle if cel.versie >= 0 or _is_rest(vak)]:
            per_gemeente[vak.gemeente].append(versies)
    return per_gemeente


def _is_rest(vak: Vak) -> bool:
    return (vak.gemeente or "").startswith(ZONDER)


def _over_time(eigen: Sequence[Sequence[Cel]], waarden: Waarden, grens: int) -> Iterator[Vergelijking[Cel]]:
    """A period is the sum of periods that lie against each other, or what one has more than the other."""
    wegen = _roads((versies[-1] for versies in eigen), waarden)
    ringen = dict(_rings((cel for versies in eigen for cel in versies), wegen))
    los = [cel for cel, ring in ringen.items() if _worth(ring, waarden)]
    yield from (ring for cel, ring in ringen.items() if cel not in los)
    for som in (*_strays(los, wegen), *_stretches(wegen, grens)):
        yield from _with_remainder(som, waarden, grens)


def _roads(cellen: Iterable[Cel], waarden: Waarden) -> dict[str, Weg]:
    """How each day is reached. Periods are roads from day to day, the short ones first."""
    wegen: dict[str, Weg] = {}
    for cel in sorted(cellen, key=lambda c: (_length(c.vak.van, c.vak.tot), c.vak)):
        van, tot = (wegen.setdefault(dag, Weg(dag, {}, 0)) for dag in cel.vak[1:])
        if van.begin != tot.begin:
            brug, hoger = _plus(_plus(van.som, {cel: 1}), tot.som, -1), van.hoogte + waarden[cel] - tot.hoogte
            wegen |= {
                dag: Weg(van.begin, _plus(weg.som, brug), weg.hoogte + hoger)
                for dag, weg in wegen.items()
                if weg.begin == tot.begin
            }
    return wegen


@cache
def _length(van: str, tot: str) -> tuple[int, ...]:
    """Something that is larger for a longer period: months, then days."""
    delen = ([int(deel) for deel in dag.split("-") if deel.isdecimal()] for dag in (van, tot))
    return tuple(t - v for v, t in zip(*delen, strict=False))


def _plus(een: Som, ander: Som, keer: int = 1) -> Som:
    som = dict(een)
    for cel, factor in ander.items():
        som[cel] = som.get(cel, 0) + keer * factor
        if not som[cel]:
            del som[cel]
    return som


def _rings(cellen: Iterable[Cel], wegen: Mapping[str, Weg]) -> Iterator[tuple[Cel, Som]]:
    """Each period beside the roads, and how it closes a ring with them."""
    for cel in cellen:
        van, tot = (wegen[dag] for dag in cel.vak[1:])
        if ring := _plus(_plus(van.som, {cel: 1}), tot.som, -1):
            yield cel, ring


def _strays(cellen: Sequence[Cel], wegen: Mapping[str, Weg]) -> Iterator[Som]:
    """A period that the roads do not add up to differs from them between its days and any other, and from its like."""
    for cel in cellen:
        van, tot = (wegen[dag] for dag in cel.vak[1:])
        for weg in (weg for weg in wegen.values() if weg.begin == van.begin):
            yield _plus(_plus(van.som, {cel: 1}), weg.som, -1)
            yield _plus(_plus(weg.som, {cel: 1}), tot.som, -1)
    for een, ander in combinations(cellen, 2):
        if een.vak.van == ander.vak.van or een.vak.tot == ander.vak.tot:
            yield {een: 1, ander: -1}


def _stretches(wegen: Mapping[str, Weg], grens: int) -> Iterator[Som]:
    """The days between any two that roads lead to, if few are counted in them."""
    for een, ander in combinations(wegen.values(), 2):
        if een.begin == ander.begin and abs(ander.hoogte - een.hoogte) < grens:
            yield _plus(ander.som, een.som, -1)


def _with_remainder(som: Som, waarden: Waarden, grens: int) -> Iterator[Vergelijking[Cel]]:
    """What this subtraction leaves is a cel of its own, also where it is nought; of no interest where it is enough."""
    rest = _worth(som, waarden)
    if len(set(som.values())) > 1 and abs(rest) < grens and any(waarden[cel] for cel in som):
        over = _difference(som)
        waarden[over] = abs(rest)
        yield som | {over: -1 if rest >= 0 else 1}


def _difference(som: Som) -> Cel:
    """The cel of what cellen of one place differ by."""
    een = next(iter(som))
    return een._replace(vak=Vak(een.vak.gemeente), bron=f"verschil van {een.bron}", veld=f"{een.veld} {_sources(som)}")


# -- Gemeenten ---------------------------------------------------------------------------------------------------------


def _same_days(plaatsen: Iterable[Plaats], beeld: Beeld, waarden: Waarden) -> Iterator[Vergelijking[Cel]]:
    """What one gemeente has over some days, another may have in pieces: those are put together, to be compared."""
    for plaats in plaatsen:
        per_gemeente = _by_gemeente(beeld[plaats])
        for gemeente, eigen in per_gemeente.items() if len(per_gemeente) > 1 else ():
            wegen = _roads((versies[-1] for versies in eigen), waarden)
            heel = {versies[0].vak for versies in eigen}
            for vak in {vak._replace(gemeente=gemeente): None for vak in beeld[plaats]}:
                van, tot = (wegen.get(dag) for dag in vak[1:])
                if van and tot and van.begin == tot.begin and vak not in heel:
                    som = _plus(tot.som, van.som, -1)
                    samen = _derived(Cel(vak, *plaats), som, waarden)
                    _see(beeld, [samen])
                    yield som | {samen: -1}


def _other_gemeenten(
    plaatsen: Iterable[Plaats], beeld: Beeld, paren: Iterable[tuple[Plaats, Plaats]], waarden: Waarden
) -> Iterator[Vergelijking[Cel]]:
    """The whole without the gemeenten that are known apart is a gemeente of its own, with remainders of its own."""
    overig: dict[Vak, dict[Plaats, Cel]] = defaultdict(dict)
    for plaats in plaatsen:
        for dagen, delen in _apart(beeld[plaats]).items():
            geheel = beeld[plaats][Vak(None, *dagen)][-1]
            som = {geheel: 1, **dict.fromkeys(delen, -1)}
            if _worth(som, waarden) >= 0:
                namen = " ".join(sorted({deel.vak.gemeente or "" for deel in delen}))
                over = _derived(Cel(Vak(ZONDER + namen, *dagen), *plaats), som, waarden)
                overig[over.vak][plaats] = over
                yield som | {over: -1}
    for vak, cellen in overig.items():
        _see(beeld, cellen.values())
        yield from _their_remainders(cellen, vak, beeld, paren, waarden)


def _apart(vakken: Mapping[Vak, Sequence[Cel]]) -> dict[tuple[str, str], list[Cel]]:
    """Period -> the cellen of the gemeenten that are known apart, where the whole is known too."""
    gevonden: dict[tuple[str, str], list[Cel]] = defaultdict(list)
    for vak, versies in vakken.items():
        if vak.gemeente and not _is_rest(vak) and vak._replace(gemeente=None) in vakken:
            gevonden[vak.van, vak.tot].append(versies[-1])
    return gevonden


def _their_remainders(
    cellen: Mapping[Plaats, Cel], vak: Vak, beeld: Beeld, paren: Iterable[tuple[Plaats, Plaats]], waarden: Waarden
) -> Iterator[Vergelijking[Cel]]:
    """What remains in the other gemeenten of a count after a narrower one; what only they have is that of the whole."""
    for ruim, eng in (paar for paar in paren if paar[0] in cellen or paar[1] in cellen):
        een, ander = (_elsewhere(beeld.get(plaats, {}), vak) for plaats in (ruim, eng))
        if een and ander and waarden[ander] and waarden[een] >= waarden[ander]:
            som = {een: 1, ander: -1}
            yield som | {_derived(remainder(een, ander), som, waarden): -1}


def _elsewhere(vakken: Mapping[Vak, Sequence[Cel]], vak: Vak) -> Cel | None:
    versies = vakken.get(vak) or vakken.get(vak._replace(gemeente=None))
    return versies[-1] if versies else None
