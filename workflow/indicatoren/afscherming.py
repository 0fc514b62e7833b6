"""Small numbers in what is published: left out below a bound, with as many others as it takes.

A number of 1 up to the bound is left out (0 is not: that nobody came tells nothing of anybody). Then more are left out
until no number that was left out, nor any small remainder, can be worked out from totals, parts, conditions that add
up, numerators and denominators, or what an earlier edition already printed; and until what remains of a total for the
numbers left out of it reaches the bound too. On screen, for the right role, everything stays whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from workflow.indicatoren.afleiding import Vergelijking, components, derivable
from workflow.indicatoren.tabelverband import (
    AFGELEID,
    Cel,
    Getal,
    Waarden,
    all_metingen,
    equations,
    in_order,
    numbers,
    parts,
)

GRENS = 10
MIN_GRENS, MAX_GRENS = 3, 100

Sleutel = tuple[str, str, tuple[tuple[str, str], ...], str]
"""A printed number: code, maat, part and name. It names the same number in every edition."""


@dataclass(frozen=True, slots=True)
class Uitgave:
    """An earlier edition: the whole figures, and which of them were left out."""

    gegevens: Mapping[str, Any]
    onderdrukt: frozenset[Sleutel]


def protect(gegevens: Mapping[str, Any], grens: int = GRENS, eerder: Sequence[Uitgave] = ()) -> dict[str, Any]:
    """The report as it may be published. Every meting names in `afgeschermd` what was left out of it."""
    getallen = numbers(gegevens)
    delen = parts(gegevens)
    velden = _fields(gegevens, getallen, suppressed(gegevens, getallen, grens, eerder))
    return mask(gegevens, frozenset(_key(delen[p], veld) for p, namen in velden.items() for veld in namen), grens)


def mask(gegevens: Mapping[str, Any], onderdrukt: frozenset[Sleutel], grens: int) -> dict[str, Any]:
    """The report without these numbers."""
    uit = deepcopy(dict(gegevens))
    velden: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for *plaats, veld in sorted(onderdrukt):
        velden[tuple(plaats)].append(veld)
    for (_, meting), deel in zip(all_metingen(uit), parts(gegevens), strict=True):
        namen = [veld for veld in velden.get(_key(deel, "")[:3], ()) if veld in meting]
        if namen:
            meting.update(dict.fromkeys(namen), afgeschermd=namen)
    return uit | {"afscherming": {"grens": grens, "aantal": len(onderdrukt)}}


def keys(gegevens: Mapping[str, Any]) -> frozenset[Sleutel]:
    """Which numbers a published report leaves out."""
    return frozenset(
        _key(deel, veld)
        for (_, meting), deel in zip(all_metingen(gegevens), parts(gegevens), strict=True)
        for veld in meting.get("afgeschermd", ())
    )


def _key(deel: tuple[str, str, str, str, Any], veld: str) -> Sleutel:
    return deel[0], deel[1], tuple(sorted(deel[4])), veld


def _fields(gegevens: Mapping[str, Any], getallen: Iterable[Getal], dicht: set[Cel]) -> dict[int, set[str]]:
    """Place of a meting -> the names of what is left out, with what would give it away."""
    velden: dict[int, set[str]] = defaultdict(set)
    for getal in getallen:
        if getal.cel in dicht:
            velden[getal.plaats].add(getal.veld)
    alle, delen = all_metingen(gegevens), parts(gegevens)
    for plaats, eigen in velden.items():
        afgeleid = AFGELEID.get(delen[plaats][2], {})
        eigen |= {veld for veld, uit in afgeleid.items() if veld in alle[plaats][1] and eigen & set(uit)}
    return velden


# -- Which -------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Stand:
    """What is left out so far. `gedrukt` are the cellen that the report prints, `bekend` those printed before."""

    grens: int
    waarden: Waarden
    gedrukt: frozenset[Cel]
    bekend: frozenset[Cel]
    dicht: set[Cel] = field(default_factory=set)

    def is_small(self, cel: Cel) -> bool:
        """Whether a number is too small to print."""
        return 0 < self.waarden[cel] < self.grens

    def is_open(self, cel: Cel) -> bool:
        """Whether the reader has the number."""
        return cel in self.bekend or (cel in self.gedrukt and cel not in self.dicht)

    def must_hide(self, cel: Cel) -> bool:
        """Whether the reader may not work the number out."""
        return cel not in self.bekend and (cel in self.dicht or (cel not in self.gedrukt and self.is_small(cel)))


def suppressed(
    gegevens: Mapping[str, Any], getallen: Sequence[Getal], grens: int, eerder: Sequence[Uitgave]
) -> set[Cel]:
    """The cellen to leave out."""
    waarden: Waarden = {getal.cel: getal.waarde for getal in getallen}
    vergelijkingen = equations(getallen, waarden)
    bekend, verborgen = _before(gegevens, getallen, eerder)
    stand = _Stand(grens, waarden, frozenset(g.cel for g in getallen), frozenset(bekend))
    stand.dicht = {cel for cel in stand.gedrukt if stand.is_small(cel)} | _of_few(getallen, stand) | verborgen
    for groep in components(vergelijkingen):
        _close(groep, stand)
    return stand.dicht


def _of_few(getallen: Iterable[Getal], stand: _Stand) -> set[Cel]:
    """A sum over few rows tells of few people, however large it is; and so does the number of those rows."""
    weinig = {getal.plaats for getal in getallen if getal.veld == "n" and stand.is_small(getal.cel)}
    return {getal.cel for getal in getallen if getal.veld == "waarde" and getal.plaats in weinig}


def _before(
    gegevens: Mapping[str, Any], getallen: Iterable[Getal], eerder: Iterable[Uitgave]
) -> tuple[set[Cel], set[Cel]]:
    """The cellen that an earlier edition printed, and those it left out, as far as they are still the same number."""
    bekend: set[Cel] = set()
    verborgen: set[Cel] = set()
    sleutels = parts(gegevens)
    toen = [(uitgave, _printed(uitgave.gegevens)) for uitgave in eerder]
    for getal in getallen:
        sleutel = _key(sleutels[getal.plaats], getal.veld)
        for uitgave, waarden in toen:
            if waarden.get(sleutel) == getal.waarde:
                (verborgen if sleutel in uitgave.onderdrukt else bekend).add(getal.cel)
    return bekend, verborgen - bekend


def _printed(gegevens: Mapping[str, Any]) -> dict[Sleutel, float]:
    delen = parts(gegevens)
    return {_key(delen[getal.plaats], getal.veld): getal.waarde for getal in numbers(gegevens)}


def _close(groep: Sequence[Vergelijking[Cel]], stand: _Stand) -> None:
    """Leave more out until nothing that is left out of these equations can be worked out."""
    while lek := _sums_too_small(groep, stand) or _leaks(groep, stand):
        stand.dicht |= lek


def _sums_too_small(groep: Iterable[Vergelijking[Cel]], stand: _Stand) -> set[Cel]:
    """What to leave out beside numbers that are together less than the bound."""
    keuzes = (_smallest(v, stand) for v in groep if _tells_too_much(v, stand))
    return {keus for keus in keuzes if keus}


def _leaks(groep: Sequence[Vergelijking[Cel]], stand: _Stand) -> set[Cel]:
    """What to leave out beside numbers that can be worked out."""
    onbekend = {cel for vergelijking in groep for cel in vergelijking if not stand.is_open(cel)}
    keuzes = (_near(cel, groep, stand) for cel in derivable(groep, onbekend) if stand.must_hide(cel))
    return {keus for keus in keuzes if keus}


def _tells_too_much(vergelijking: Vergelijking[Cel], stand: _Stand) -> bool:
    """Whether the numbers left out are together less than the bound, and their sum is known."""
    over = {cel: factor for cel, factor in vergelijking.items() if not stand.is_open(cel)}
    if len(set(over.values())) != 1 or not any(stand.must_hide(cel) for cel in over):
        return False
    return sum(stand.waarden[cel] for cel in over) < stand.grens


def _near(cel: Cel, groep: Iterable[Vergelijking[Cel]], stand: _Stand) -> Cel | None:
    """What to leave out beside a cel: of its own equations if possible, else of the group."""
    eigen = {ander for vergelijking in groep if cel in vergelijking for ander in vergelijking}
    return _smallest(eigen, stand) or _smallest({ander for v in groep for ander in v}, stand)


def _smallest(cellen: Iterable[Cel], stand: _Stand) -> Cel | None:
    """The smallest number that can still be left out; a nought only when there is nothing else."""
    kan = [cel for cel in cellen if cel in stand.gedrukt and stand.is_open(cel) and cel not in stand.bekend]
    return min(kan, key=lambda cel: (not stand.waarden[cel], stand.waarden[cel], in_order(cel)), default=None)
