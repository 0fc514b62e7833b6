"""What can be worked out from published totals: linear elimination, exact.

An equation is cell -> coefficient, and adds up to zero. What is published is known; the rest is unknown. An unknown is
derivable when it alone remains in a row of the reduced echelon form.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

Cel = TypeVar("Cel", bound=Hashable)
Vergelijking = Mapping[Cel, int]
_Rij = dict[Cel, Fraction]


def derivable(vergelijkingen: Iterable[Vergelijking[Cel]], onbekend: Collection[Cel]) -> set[Cel]:
    """The unknowns of which the equations give away the exact value."""
    rijen: dict[Cel, _Rij[Cel]] = {}
    for vergelijking in vergelijkingen:
        rij = {cel: Fraction(factor) for cel, factor in vergelijking.items() if factor and cel in onbekend}
        _add(rijen, rij)
    return {spil for spil, rij in rijen.items() if len(rij) == 1}


def _add(rijen: dict[Cel, _Rij[Cel]], rij: _Rij[Cel]) -> None:
    """Take a row in, and keep every pivot out of all other rows."""
    for cel in [cel for cel in rij if cel in rijen]:
        _subtract(rij, rijen[cel], rij[cel])
    if not rij:
        return
    spil, factor = next(iter(rij.items()))
    nieuw = {cel: waarde / factor for cel, waarde in rij.items()}
    for ander in rijen.values():
        if spil in ander:
            _subtract(ander, nieuw, ander[spil])
    rijen[spil] = nieuw


def _subtract(rij: _Rij[Cel], ander: _Rij[Cel], keer: Fraction) -> None:
    for cel, waarde in ander.items():
        rest = rij.get(cel, Fraction(0)) - keer * waarde
        if rest:
            rij[cel] = rest
        else:
            rij.pop(cel, None)


def components(vergelijkingen: Sequence[Vergelijking[Cel]]) -> Iterator[list[Vergelijking[Cel]]]:
    """The equations in groups that share no cell."""
    per_cel: dict[Cel, list[int]] = defaultdict(list)
    for nummer, vergelijking in enumerate(vergelijkingen):
        for cel in vergelijking:
            per_cel[cel].append(nummer)
    gezien: set[int] = set()
    for nummer in range(len(vergelijkingen)):
        if nummer not in gezien:
            yield [vergelijkingen[n] for n in _reached(nummer, vergelijkingen, per_cel, gezien)]


def _reached(
    begin: int,
    vergelijkingen: Sequence[Vergelijking[Cel]],
    per_cel: Mapping[Cel, Sequence[int]],
    gezien: set[int],
) -> list[int]:
    gezien.add(begin)
    rij = [begin]
    for nummer in rij:
        for buur in {n for cel in vergelijkingen[nummer] for n in per_cel[cel]} - gezien:
            gezien.add(buur)
            rij.append(buur)
    return rij
