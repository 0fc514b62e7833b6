"""Small numbers in what is published: left out below a bound, with as many others as it takes.

A number of 1 up to the bound is left out (0 is not: that nobody came tells nothing of anybody). Then more are left out
until no number that was left out, nor any small remainder, can be worked out from totals, parts, conditions that add
up, numerators and denominators, opgevers and their places, or from all that other editions printed, of whatever period
and gemeente; until no number differs by less than the bound from what another edition says of almost the same days, or
said before a correction; and until what remains of a total for the numbers left out of it reaches the bound too. On
screen, for the right role, everything stays whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from workflow.indicatoren.afleiding import Vergelijking, derivable, group_of, neighbours, pinned
from workflow.indicatoren.cellen import Cel, Getal, Onderdeel, all_metingen, in_order, parts
from workflow.indicatoren.tabelverband import Waarden
from workflow.indicatoren.uitgavenverband import all_equations
from workflow.projectie import no_garbage_rounds

AFGELEID: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "verhouding": {"waarde": ("teller", "noemer"), "n": ("noemer",)},
    "mediaan": {"waarde": ("n",), "p90": ("n",)},
    "opgavedeel": {"waarde": ("teller", "noemer")},
    "kans": {"waarde": ("n", "bereikt")},
    "duur": {
        "waarde": ("n", "bereikt"),
        "p90": ("n", "bereikt"),
        "mediaan_afgerond": ("bereikt",),
        "p90_afgerond": ("bereikt",),
    },
}
"""Kind of figure -> number -> what it gives away something of."""

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
    delen = parts(gegevens)
    with no_garbage_rounds():
        velden = _fields(gegevens, *suppressed(gegevens, grens, eerder))
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


def _key(van: Onderdeel, veld: str) -> Sleutel:
    return van.code, van.maat, tuple(sorted(van.deel)), veld


def _fields(gegevens: Mapping[str, Any], getallen: Iterable[Getal], dicht: set[Cel]) -> dict[int, set[str]]:
    """Place of a meting -> the names of what is left out, with what would give it away."""
    velden: dict[int, set[str]] = defaultdict(set)
    for getal in getallen:
        if getal.cel in dicht:
            velden[getal.plaats].add(getal.veld)
    alle, delen = all_metingen(gegevens), parts(gegevens)
    for plaats, eigen in velden.items():
        afgeleid = AFGELEID.get(delen[plaats].soort, {})
        eigen |= {veld for veld, uit in afgeleid.items() if veld in alle[plaats][1] and eigen & set(uit)}
    return velden


# -- Which -------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Stand:
    """What is left out so far. `gedrukt` are the cellen of the report, `bekend` what earlier editions gave away."""

    grens: int
    waarden: Waarden
    gedrukt: frozenset[Cel]
    bekend: frozenset[Cel]
    dicht: set[Cel]

    def is_small(self, cel: Cel) -> bool:
        """Whether a number is too small to print."""
        return 0 < self.waarden[cel] < self.grens

    def is_open(self, cel: Cel) -> bool:
        """Whether the reader has the number."""
        return cel in self.bekend or (cel in self.gedrukt and cel not in self.dicht)

    def must_hide(self, cel: Cel) -> bool:
        """Whether the reader may not work the number out."""
        return cel not in self.bekend and (cel in self.dicht or (cel not in self.gedrukt and self.is_small(cel)))

    def may_close(self, cel: Cel) -> bool:
        """Whether the number can still be left out."""
        return cel in self.gedrukt and self.is_open(cel) and cel not in self.bekend


def suppressed(gegevens: Mapping[str, Any], grens: int, eerder: Sequence[Uitgave]) -> tuple[list[Getal], set[Cel]]:
    """The numbers of the report, and the cellen to leave out."""
    waarden, vergelijkingen, getallen = all_equations([*(uitgave.gegevens for uitgave in eerder), gegevens], grens)
    eigen = getallen[-1]
    bekend, verborgen = _before(zip(eerder, getallen[:-1], strict=True))
    bekend |= derivable(vergelijkingen, waarden.keys() - bekend)
    stand = _Stand(grens, waarden, frozenset(getal.cel for getal in eigen), frozenset(bekend), verborgen)
    stand.dicht |= {cel for cel in stand.gedrukt if stand.is_small(cel)} | _of_few(eigen, stand)
    _close(vergelijkingen, stand)
    return eigen, stand.dicht


def _of_few(getallen: Iterable[Getal], stand: _Stand) -> set[Cel]:
    """What is counted of few people tells of them, however large it is: a sum over few rows, days of few trajecten."""
    rijen = {g.plaats for g in getallen if g.veld == "n" and stand.is_small(g.cel)}
    mensen = {g.plaats for g in getallen if g.veld == "trajecten" and stand.is_small(g.cel)}
    return {g.cel for g in getallen if g.plaats in mensen or (g.veld == "waarde" and g.plaats in rijen)}


def _before(eerder: Iterable[tuple[Uitgave, Sequence[Getal]]]) -> tuple[set[Cel], set[Cel]]:
    """The cellen that earlier editions printed, and those that all of them left out."""
    bekend: set[Cel] = set()
    verborgen: set[Cel] = set()
    for uitgave, getallen in eerder:
        delen = parts(uitgave.gegevens)
        for getal in getallen:
            is_dicht = _key(delen[getal.plaats], getal.veld) in uitgave.onderdrukt
            (verborgen if is_dicht else bekend).add(getal.cel)
    return bekend, verborgen - bekend


def _close(vergelijkingen: Sequence[Vergelijking[Cel]], stand: _Stand) -> None:
    """Leave more out until nothing that is left out of these equations can be worked out."""
    buren = neighbours(vergelijkingen)
    onbekend = {cel for cel in buren if not stand.is_open(cel)}
    te_doen = sorted(filter(stand.must_hide, onbekend), key=in_order)
    schoon: set[Cel] = set()
    while te_doen:
        if te_doen[-1] in schoon:
            te_doen.pop()
            continue
        groep = group_of(te_doen[-1], vergelijkingen, buren, onbekend)
        if lek := _beside(_sums_too_small(groep, stand) or _leaks(groep, stand), groep, stand):
            stand.dicht |= lek
            onbekend |= lek
            te_doen += sorted(lek, key=in_order)
        else:
            schoon |= {cel for vergelijking in groep for cel in vergelijking if cel in onbekend}


def _sums_too_small(groep: Iterable[Vergelijking[Cel]], stand: _Stand) -> list[list[Cel]]:
    """Numbers that are together less than the bound, while their sum is known."""
    return [[cel for cel in v if not stand.is_open(cel)] for v in groep if _tells_too_much(v, stand)]


def _leaks(groep: Sequence[Vergelijking[Cel]], stand: _Stand) -> list[list[Cel]]:
    """Numbers that can be worked out, each by itself: by sums, or else by bounds."""
    onbekend = {cel for vergelijking in groep for cel in vergelijking if not stand.is_open(cel)}
    lek = [cel for cel in derivable(groep, onbekend) if stand.must_hide(cel)]
    lek = lek or [c for c in pinned(groep, stand.waarden, onbekend) if stand.must_hide(c) and stand.is_small(c)]
    return [[cel] for cel in lek]


def _tells_too_much(vergelijking: Vergelijking[Cel], stand: _Stand) -> bool:
    """Whether the numbers left out are together less than the bound, and their sum is known."""
    over = {cel: factor for cel, factor in vergelijking.items() if not stand.is_open(cel)}
    if len(set(over.values())) != 1 or not any(stand.must_hide(cel) for cel in over):
        return False
    return sum(stand.waarden[cel] for cel in over) < stand.grens


# -- What else ---------------------------------------------------------------------------------------------------------


Keus = tuple[int, bool, float, tuple[Any, ...], Cel]
"""How many equations away a number is, whether it is nought, what it is, and where it stands; the least is the best."""


def _beside(lekken: Sequence[Sequence[Cel]], groep: Sequence[Vergelijking[Cel]], stand: _Stand) -> set[Cel]:
    """What to leave out beside numbers that must stay hidden: for each row of them the nearest, and there the smallest.

    Steps go by what is unknown: a number elsewhere would not help.
    """
    keuzes = _choices(groep, stand) if lekken else {}
    gekozen = (min((keuzes[cel] for cel in lek if cel in keuzes), default=None) for lek in lekken)
    return {keus[-1] for keus in gekozen if keus}


def _choices(groep: Sequence[Vergelijking[Cel]], stand: _Stand) -> dict[Cel, Keus]:
    """Unknown -> what is best left out beside it, found from what can be left out, an equation further each time."""
    keuzes: dict[Cel, Keus] = {}
    buren, gelezen = neighbours(groep), set[int]()
    rand = {nummer: keus for nummer, v in enumerate(groep) if (keus := _smallest(v, stand))}
    while rand:
        gelezen |= rand.keys()
        nieuw: dict[Cel, Keus] = {}
        for nummer, keus in rand.items():
            _offer(nieuw, (cel for cel in groep[nummer] if cel not in keuzes and not stand.is_open(cel)), keus)
        keuzes |= nieuw
        rand = {}
        for cel, keus in nieuw.items():
            _offer(rand, (nummer for nummer in buren[cel] if nummer not in gelezen), (keus[0] + 1, *keus[1:]))
    return keuzes


def _offer(keuzes: dict[Any, Keus], wie: Iterable[Any], keus: Keus) -> None:
    """Have all of these take a choice, unless they have a better one."""
    for deze in wie:
        keuzes[deze] = min(keuzes.get(deze, keus), keus)


def _smallest(cellen: Iterable[Cel], stand: _Stand) -> Keus | None:
    """The smallest of these that can be left out; a nought only when there is nothing else."""
    kan = [cel for cel in cellen if stand.may_close(cel)]
    return min(((0, not stand.waarden[cel], stand.waarden[cel], in_order(cel), cel) for cel in kan), default=None)
