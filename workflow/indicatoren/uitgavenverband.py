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

from workflow.indicatoren.afleiding import Vergelijking
from workflow.indicatoren.cellen import Cel, Getal, Plek, Vak, in_order, numbers, remainder
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
        paren |= dict.fromkeys((_place(ruim), _place(eng)) for ruim, eng in sorted(narrower(eigen), key=_by_order))
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


def _by_order(paar: tuple[Cel, Cel]) -> tuple[Any, ...]:
    return tuple(map(in_order, paar))


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
    per_gemeente: dict[str | None, list[list[Cel]]] = defaultdict(list)
    for vak, versies in vakken.items():
        per_gemeente[vak.gemeente].append(versies)
    return per_gemeente


def _over_time(eigen: Sequence[Sequence[Cel]], waarden: Waarden, grens: int) -> Iterator[Vergelijking[Cel]]:
    """A period is the sum of periods that lie against each other, or what one has more than the other."""
    wegen = _roads((versies[-1] for versies in eigen), waarden)
    cellen = (cel for versies in eigen for cel in versies)
    for som in (*_rings(cellen, wegen, waarden), *_stretches(wegen, grens)):
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


def _rings(cellen: Iterable[Cel], wegen: Mapping[str, Weg], waarden: Waarden) -> Iterator[Som]:
    """A period beside the roads closes a ring; where they do not add up, it differs from them between any two days."""
    for cel in cellen:
        van, tot = (wegen[dag] for dag in cel.vak[1:])
        heen, verschil = _plus(van.som, {cel: 1}), van.hoogte + waarden[cel] - tot.hoogte
        ring = _plus(heen, tot.som, -1)
        if ring and not verschil:
            yield ring
        elif ring:
            for weg in (weg for weg in wegen.values() if weg.begin == van.begin):
                yield from (_plus(heen, weg.som, -1), _plus(_plus(weg.som, {cel: 1}), tot.som, -1))


def _stretches(wegen: Mapping[str, Weg], grens: int) -> Iterator[Som]:
    """The days between any two that roads lead to, if few are counted in them."""
    for een, ander in combinations(wegen.values(), 2):
        if een.begin == ander.begin and abs(ander.hoogte - een.hoogte) < grens:
            yield _plus(ander.som, een.som, -1)


def _with_remainder(som: Som, waarden: Waarden, grens: int) -> Iterator[Vergelijking[Cel]]:
    """What this subtraction leaves is a cel of its own; of no interest where it leaves enough."""
    rest = sum(factor * waarden[cel] for cel, factor in som.items())
    if len(set(som.values())) < 2 or abs(rest) >= grens:
        return
    if rest:
        over = _difference(som)
        waarden[over] = abs(rest)
        som = som | {over: -1 if rest > 0 else 1}
    yield som


def _difference(som: Som) -> Cel:
    """The cel of what cellen of one place differ by."""
    namen = sorted(f"{cel.vak.van}/{cel.vak.tot}/{cel.versie}" for cel in som)
    een = next(iter(som))
    return een._replace(
        vak=Vak(een.vak.gemeente), bron=f"verschil van {een.bron}", veld=f"{een.veld} {' '.join(namen)}"
    )


# -- Gemeenten ---------------------------------------------------------------------------------------------------------


def _same_days(plaatsen: Iterable[Plaats], beeld: Beeld, waarden: Waarden) -> Iterator[Vergelijking[Cel]]:
    """What one gemeente has over some days, another may have in pieces: those are put together, to be compared."""
    for plaats in plaatsen:
        per_gemeente = _by_gemeente(beeld[plaats])
        for gemeente, eigen in per_gemeente.items() if len(per_gemeente) > 1 else ():
            wegen = _roads((versies[-1] for versies in eigen), waarden)
            for vak in {vak._replace(gemeente=gemeente): None for vak in beeld[plaats]}:
                van, tot = (wegen.get(dag) for dag in vak[1:])
                if van and tot and van.begin == tot.begin and vak not in beeld[plaats]:
                    samen = _named(Cel(vak, *plaats), tot.hoogte - van.hoogte, waarden)
                    _see(beeld, [samen])
                    yield _plus(_plus(tot.som, van.som, -1), {samen: 1}, -1)


def _other_gemeenten(
    plaatsen: Iterable[Plaats], beeld: Beeld, paren: Iterable[tuple[Plaats, Plaats]], waarden: Waarden
) -> Iterator[Vergelijking[Cel]]:
    """The whole without the gemeenten that are known apart is a gemeente of its own, with remainders of its own."""
    overig: dict[Vak, dict[Plaats, Cel]] = defaultdict(dict)
    for plaats in plaatsen:
        for dagen, delen in _apart(beeld[plaats]).items():
            geheel = beeld[plaats][Vak(None, *dagen)][-1]
            rest = waarden[geheel] - sum(waarden[deel] for deel in delen)
            if rest >= 0:
                namen = " ".join(sorted({deel.vak.gemeente or "" for deel in delen}))
                over = _named(Cel(Vak(ZONDER + namen, *dagen), *plaats), rest, waarden)
                overig[over.vak][plaats] = over
                yield {geheel: -1, **dict.fromkeys(delen, 1), over: 1}
    for vak, cellen in overig.items():
        _see(beeld, cellen.values())
        yield from _their_remainders(cellen, vak, beeld, paren, waarden)


def _apart(vakken: Mapping[Vak, Sequence[Cel]]) -> dict[tuple[str, str], list[Cel]]:
    """Period -> the cellen of the gemeenten that are known apart, where the whole is known too."""
    gevonden: dict[tuple[str, str], list[Cel]] = defaultdict(list)
    for vak, versies in vakken.items():
        if vak.gemeente and not vak.gemeente.startswith(ZONDER) and vak._replace(gemeente=None) in vakken:
            gevonden[vak.van, vak.tot].append(versies[-1])
    return gevonden


def _their_remainders(
    cellen: Mapping[Plaats, Cel], vak: Vak, beeld: Beeld, paren: Iterable[tuple[Plaats, Plaats]], waarden: Waarden
) -> Iterator[Vergelijking[Cel]]:
    """What remains in the other gemeenten of a count after a narrower one; what only they have is that of the whole."""
    for ruim, eng in (paar for paar in paren if paar[0] in cellen or paar[1] in cellen):
        een, ander = (_elsewhere(beeld.get(plaats, {}), vak) for plaats in (ruim, eng))
        if een and ander and waarden[ander] and waarden[een] >= waarden[ander]:
            over = _named(remainder(een, ander), waarden[een] - waarden[ander], waarden)
            yield {een: -1, ander: 1, over: 1}


def _elsewhere(vakken: Mapping[Vak, Sequence[Cel]], vak: Vak) -> Cel | None:
    versies = vakken.get(vak) or vakken.get(vak._replace(gemeente=None))
    return versies[-1] if versies else None
