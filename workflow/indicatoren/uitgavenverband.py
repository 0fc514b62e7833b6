"""How the figures of all editions together hang together: days add up to longer periods, gemeenten to the whole.

What remains of the whole after the gemeenten of which something was published is a cel of its own: the other gemeenten.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from workflow.indicatoren.afleiding import Vergelijking
from workflow.indicatoren.cellen import Cel, Getal, Plek, Vak, in_order, numbers
from workflow.indicatoren.tabelverband import Waarden, equations, if_true, narrower

Namen = dict[Cel, Cel]
"""A cel as one report has it -> among all reports: of another value elsewhere, it gets another versie."""

Plaats = tuple[str, str, Plek]
"""Bron, what is counted, and place."""

Beeld = defaultdict[Plaats, dict[Vak, Cel]]
"""Plaats -> in which gemeente and period which cel, as the last report has it."""


def all_equations(
    reports: Sequence[Mapping[str, Any]],
) -> tuple[Waarden, list[Vergelijking[Cel]], list[list[Getal]]]:
    """The cellen of these reports with their values, what holds between them, and the numbers of each report."""
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
        for vergelijking in (*eerst, *_between(beeld, namen, waarden), *_other_gemeenten(beeld, paren, waarden)):
            gevonden.setdefault(frozenset(vergelijking.items()), vergelijking)
    return waarden, list(gevonden.values()), getallen


def _named(cel: Cel, waarde: float, waarden: Waarden) -> Cel:
    while waarden.setdefault(cel, waarde) != waarde:
        cel = cel._replace(versie=cel.versie + 1)
    return cel


def _place(cel: Cel) -> Plaats:
    return cel.bron, cel.veld, cel.plek


def _by_order(paar: tuple[Cel, Cel]) -> tuple[Any, ...]:
    return tuple(map(in_order, paar))


def _between(beeld: Beeld, namen: Namen, waarden: Waarden) -> Iterator[Vergelijking[Cel]]:
    """What holds between periods, as a further report sees them."""
    for cel, naam in namen.items():
        beeld[_place(cel)][cel.vak] = naam
    for plaats in dict.fromkeys(map(_place, namen)):
        if len(beeld[plaats]) > 1:
            yield from _over_time(beeld[plaats], waarden)


def _over_time(vakken: Mapping[Vak, Cel], waarden: Waarden) -> Iterator[Vergelijking[Cel]]:
    """A period is the sum of periods that lie against each other, or what one has more than the other.

    Periods are taken as roads from day to day, the short ones first; a road beside those already there closes a ring.
    """
    per_gemeente: dict[str | None, list[Vak]] = defaultdict(list)
    for vak in vakken:
        per_gemeente[vak.gemeente].append(vak)
    for eigen in per_gemeente.values():
        wegen: dict[str, dict[str, dict[Cel, int]]] = defaultdict(dict)
        for vak in sorted(eigen, key=lambda v: (_length(v), v)):
            weg = _path(wegen, vak.van, vak.tot)
            if weg is None:
                wegen[vak.van][vak.tot] = {vakken[vak]: 1}
                wegen[vak.tot][vak.van] = {vakken[vak]: -1}
            else:
                yield from if_true({vakken[vak]: -1, **weg}, waarden)


def _length(vak: Vak) -> tuple[int, ...]:
    """Something that is larger for a longer period: months, then days."""
    van, tot = ([int(deel) for deel in dag.split("-") if deel.isdecimal()] for dag in (vak.van, vak.tot))
    return tuple(t - v for v, t in zip(van, tot, strict=False))


def _path(wegen: Mapping[str, Mapping[str, dict[Cel, int]]], van: str, tot: str) -> dict[Cel, int] | None:
    """The periods that lead from a day to another; None where there is no way."""
    bereikt: dict[str, dict[Cel, int]] = {van: {}}
    rij = [van]
    for dag in rij:
        for volgende, stap in wegen.get(dag, {}).items():
            if volgende not in bereikt:
                bereikt[volgende] = {**bereikt[dag], **stap}
                rij.append(volgende)
    return bereikt.get(tot)


def _other_gemeenten(
    beeld: Beeld, paren: Iterable[tuple[Plaats, Plaats]], waarden: Waarden
) -> Iterator[Vergelijking[Cel]]:
    """The whole without the gemeenten that are known apart is a gemeente of its own, with remainders of its own."""
    overig: dict[tuple[str, str], dict[Plaats, Cel]] = defaultdict(dict)
    for plaats, vakken in beeld.items():
        for dagen, delen in _apart(vakken).items():
            rest = waarden[vakken[Vak(None, *dagen)]] - sum(waarden[deel] for deel in delen)
            if rest >= 0:
                namen = " ".join(sorted({deel.vak.gemeente or "" for deel in delen}))
                over = _named(Cel(Vak(f"zonder {namen}", *dagen), *plaats), rest, waarden)
                overig[dagen][plaats] = over
                yield {vakken[Vak(None, *dagen)]: -1, **dict.fromkeys(delen, 1), over: 1}
    for dagen, cellen in overig.items():
        yield from _their_remainders(cellen, Vak(None, *dagen), beeld, paren, waarden)


def _apart(vakken: Mapping[Vak, Cel]) -> dict[tuple[str, str], list[Cel]]:
    """Period -> the cellen of the gemeenten that are known apart, where the whole is known too."""
    gevonden: dict[tuple[str, str], list[Cel]] = defaultdict(list)
    for vak, cel in vakken.items():
        if vak.gemeente is not None and Vak(None, vak.van, vak.tot) in vakken:
            gevonden[vak.van, vak.tot].append(cel)
    return gevonden


def _their_remainders(
    cellen: Mapping[Plaats, Cel], geheel: Vak, beeld: Beeld, paren: Iterable[tuple[Plaats, Plaats]], waarden: Waarden
) -> Iterator[Vergelijking[Cel]]:
    """What remains in the other gemeenten of a count after a narrower one; what only they have is that of the whole."""
    for ruim, eng in paren:
        een, ander = (cellen.get(p) or beeld.get(p, {}).get(geheel) for p in (ruim, eng))
        if een and ander and (ruim in cellen or eng in cellen) and waarden[ander] and waarden[een] >= waarden[ander]:
            over = Cel(een.vak, f"rest van {in_order(een)}", str(in_order(ander)), een.plek)
            over = _named(over, waarden[een] - waarden[ander], waarden)
            yield {een: -1, ander: 1, over: 1}
