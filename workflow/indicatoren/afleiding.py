"""What can be worked out from published totals: linear elimination, and what bounds leave.

An equation is cell -> coefficient, and adds up to zero. What is published is known; the rest is unknown. An unknown is
derivable when it alone remains in a row of the reduced echelon form. Counts are whole and not below nought, which may
pin an unknown where no sum does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from math import isfinite
from typing import Generic, TypeVar

Cel = TypeVar("Cel", bound=Hashable)
Vergelijking = Mapping[Cel, int]

PRIEM = 2**61 - 1
"""Elimination is done modulo this prime: exact for sums as small as these, and without fractions that grow."""

RONDES = 60
"""After so many rounds bounds that still creep are left as they are."""


def derivable(vergelijkingen: Iterable[Vergelijking[Cel]], onbekend: Collection[Cel]) -> set[Cel]:
    """The unknowns of which the equations give away the exact value."""
    stelsel: _Stelsel[Cel] = _Stelsel()
    for vergelijking in vergelijkingen:
        stelsel.add({cel: factor % PRIEM for cel, factor in vergelijking.items() if factor and cel in onbekend})
    return {spil for spil, rij in stelsel.rijen.items() if len(rij) == 1}


class _Stelsel(Generic[Cel]):
    """Rows by the unknown that leads them; no row holds the leading unknown of another."""

    def __init__(self) -> None:
        self.rijen: dict[Cel, dict[Cel, int]] = {}
        self._waar: dict[Cel, set[Cel]] = defaultdict(set)

    def add(self, rij: dict[Cel, int]) -> None:
        """Take a row in."""
        for cel in [cel for cel in rij if cel in self.rijen]:
            _subtract(rij, self.rijen[cel], rij[cel])
        if not rij:
            return
        spil = min(rij, key=lambda cel: len(self._waar[cel]))
        deler = pow(rij[spil], -1, PRIEM)
        self._lead(spil, {cel: waarde * deler % PRIEM for cel, waarde in rij.items()})

    def _lead(self, spil: Cel, nieuw: dict[Cel, int]) -> None:
        for ander in list(self._waar[spil]):
            rij = self.rijen[ander]
            was = set(rij)
            _subtract(rij, nieuw, rij[spil])
            self._moved(ander, was, set(rij))
        self.rijen[spil] = nieuw
        self._moved(spil, set(), set(nieuw))

    def _moved(self, spil: Cel, was: set[Cel], nu: set[Cel]) -> None:
        for cel in was - nu:
            self._waar[cel].discard(spil)
        for cel in nu - was:
            self._waar[cel].add(spil)


def _subtract(rij: dict[Cel, int], ander: Mapping[Cel, int], keer: int) -> None:
    for cel, waarde in ander.items():
        rest = (rij.get(cel, 0) - keer * waarde) % PRIEM
        if rest:
            rij[cel] = rest
        else:
            rij.pop(cel, None)


# -- Bounds ------------------------------------------------------------------------------------------------------------

Grenzen = dict[Cel, tuple[float, float]]


def pinned(
    vergelijkingen: Sequence[Vergelijking[Cel]], waarden: Mapping[Cel, float], onbekend: Collection[Cel]
) -> set[Cel]:
    """The unknowns of which the equations and "not below nought" leave one value."""
    grenzen: Grenzen[Cel] = {
        cel: (0, float("inf")) if cel in onbekend else (waarden[cel], waarden[cel])
        for vergelijking in vergelijkingen
        for cel in vergelijking
    }
    buren, nummers = neighbours(vergelijkingen), list(range(len(vergelijkingen)))
    for _ in range(RONDES):
        strakker = {cel for nummer in nummers for cel in _tighten(vergelijkingen[nummer], grenzen)}
        if not (nummers := sorted({nummer for cel in strakker for nummer in buren[cel]})):
            break
    return {cel for cel in onbekend if cel in grenzen and grenzen[cel][0] == grenzen[cel][1]}


def _tighten(vergelijking: Vergelijking[Cel], grenzen: Grenzen[Cel]) -> list[Cel]:
    """Narrow what one equation leaves of each cel in it; which became narrower."""
    uitersten = {cel: sorted(f * g for g in grenzen[cel]) for cel, f in vergelijking.items()}
    laag, hoog = (_Som(kant) for kant in zip(*uitersten.values(), strict=True))
    strakker = []
    for cel in (cel for cel in vergelijking if grenzen[cel][0] < grenzen[cel][1]):
        was, factor, (laagst, hoogst) = grenzen[cel], vergelijking[cel], uitersten[cel]
        nieuw = sorted((-laag.without(laagst) / factor, -hoog.without(hoogst) / factor))
        grenzen[cel] = (max(was[0], nieuw[0]), min(was[1], nieuw[1]))
        if grenzen[cel] != was:
            strakker.append(cel)
    return strakker


class _Som:
    """A sum of which one number can be taken out again, though numbers may be without end."""

    def __init__(self, getallen: Sequence[float]) -> None:
        eindig = [getal for getal in getallen if isfinite(getal)]
        self._eindig, self._zonder_eind = sum(eindig), [getal for getal in getallen if not isfinite(getal)]

    def without(self, getal: float) -> float:
        """The sum of the others."""
        if isfinite(getal):
            return self._zonder_eind[0] if self._zonder_eind else self._eindig - getal
        return getal if len(self._zonder_eind) > 1 else self._eindig


# -- Groups ------------------------------------------------------------------------------------------------------------

Buren = Mapping[Cel, Sequence[int]]
"""Cel -> the numbers of the equations that it is in."""


def neighbours(vergelijkingen: Iterable[Vergelijking[Cel]]) -> Buren[Cel]:
    """In which equations each cel is."""
    buren: dict[Cel, list[int]] = defaultdict(list)
    for nummer, vergelijking in enumerate(vergelijkingen):
        for cel in vergelijking:
            buren[cel].append(nummer)
    return buren


def group_of(
    begin: Cel, vergelijkingen: Sequence[Vergelijking[Cel]], buren: Buren[Cel], onbekend: Collection[Cel]
) -> list[Vergelijking[Cel]]:
    """The equations that hang together with those of an unknown by the unknowns that they share."""
    gezien, nummers, rij = {begin}, set[int](), [begin]
    for cel in rij:
        nieuw = [nummer for nummer in buren[cel] if nummer not in nummers]
        nummers.update(nieuw)
        verder = {c for nummer in nieuw for c in vergelijkingen[nummer] if c in onbekend} - gezien
        gezien |= verder
        rij += verder
    return [vergelijkingen[nummer] for nummer in sorted(nummers)]
