"""Counting by hand: rows in, figures out, with fractions and without any rounding but the last. Nothing of ours.

A row is a mapping. A figure is a mapping with `waarde`, `n`, `open` and what else belongs to its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

Rij = Mapping[str, Any]
Deel = frozenset[tuple[str, str]]
Cijfers = dict[Deel, dict[str, Any]]
TOTAAL: tuple[tuple[str, ...], ...] = ((),)
OPEN = "open"


def parts(rijen: Iterable[Rij], per: Sequence[tuple[str, ...]]) -> dict[Deel, list[Rij]]:
    """The rows of each part; the total is always there."""
    rijen = list(rijen)
    gevonden: dict[Deel, list[Rij]] = {frozenset(): []} if () in per else {}
    for kolommen in per:
        for rij in rijen:
            deel = frozenset((k, "" if rij[k] is None else str(rij[k])) for k in kolommen)
            gevonden.setdefault(deel, []).append(rij)
    return gevonden


def _of_each(rijen: Iterable[Rij], per: Sequence[tuple[str, ...]], cijfer: Callable[[list[Rij]], Any]) -> Cijfers:
    return {deel: cijfer(eigen) for deel, eigen in parts(rijen, per).items()}


def count(rijen: Iterable[Rij], per: Sequence[tuple[str, ...]] = TOTAAL, uniek: str = "") -> Cijfers:
    """How many rows, or how many different values of `uniek`."""

    def counted(eigen: list[Rij]) -> dict[str, Any]:
        waarde = len({rij[uniek] for rij in eigen}) if uniek else len(eigen)
        return {"waarde": waarde, "n": len(eigen), "open": sum(bool(rij.get("is_open")) for rij in eigen)}

    return _of_each(rijen, per, counted)


def share(boven: Cijfers, onder: Cijfers, keer: int = 100) -> Cijfers:
    """One count of another."""
    gevonden: Cijfers = {}
    for deel in boven.keys() | onder.keys():
        teller, noemer = (cijfers.get(deel, {"waarde": 0})["waarde"] for cijfers in (boven, onder))
        waarde = round(keer * teller / noemer, 1) if noemer else None
        gevonden[deel] = {"waarde": waarde, "n": noemer, "open": 0, "teller": teller, "noemer": noemer}
    return gevonden


def middle(waarden: Iterable[int]) -> float | None:
    """The middle one; between two, half of their sum."""
    rij = sorted(waarden)
    if not rij:
        return None
    return float(Fraction(rij[(len(rij) - 1) // 2] + rij[len(rij) // 2], 2))


def percentile(waarden: Iterable[int], deel: Fraction) -> int | None:
    """The smallest value that at least this share does not exceed."""
    rij = sorted(waarden)
    return next((w for w in rij if sum(x <= w for x in rij) >= deel * len(rij)), None)


def median(rijen: Iterable[Rij], kolom: str) -> Cijfers:
    """The median of the values that are known."""

    def cijfer(eigen: list[Rij]) -> dict[str, Any]:
        bekend = [rij[kolom] for rij in eigen if rij[kolom] is not None]
        p90 = percentile(bekend, Fraction(9, 10))
        onbekend = len(eigen) - len(bekend)
        return {"waarde": middle(bekend), "n": len(bekend), "open": 0, "p90": p90, "onbekend": onbekend}

    return _of_each(rijen, TOTAAL, cijfer)


def total(rijen: Iterable[Rij], kolom: str, per: Sequence[tuple[str, ...]]) -> Cijfers:
    """The sum of a column."""
    return _of_each(rijen, per, lambda e: {"waarde": sum(rij[kolom] for rij in e), "n": len(e), "open": 0})


def incidence(rijen: Sequence[tuple[int, str]], telt: Callable[[str], bool]) -> dict[int, Fraction]:
    """Aalen-Johansen by hand: day -> the share that had reached it by then; other ends compete, open is not known."""
    gevonden: dict[int, Fraction] = {}
    over, bereikt = Fraction(1), Fraction(0)
    for dag in sorted({dagen for dagen, _ in rijen}):
        in_beeld = sum(dagen >= dag for dagen, _ in rijen)
        weg = [uitkomst for dagen, uitkomst in rijen if dagen == dag and uitkomst != OPEN]
        bereikt += over * Fraction(sum(map(telt, weg)), in_beeld)
        over *= 1 - Fraction(len(weg), in_beeld)
        gevonden[dag] = bereikt
    return gevonden


def duration(rijen: Iterable[Rij], gebeurtenis: str | None = None, per: Sequence[tuple[str, ...]] = TOTAAL) -> Cijfers:
    """How long until something, of all that began; None is leaving by whatever way."""

    def telt(uitkomst: str) -> bool:
        return uitkomst != OPEN if gebeurtenis is None else uitkomst == gebeurtenis

    def cijfer(eigen: list[Rij]) -> dict[str, Any]:
        paren = [(rij["dagen"], rij["uitkomst"]) for rij in eigen]
        kromme = incidence(paren, telt)
        klaar = [dagen for dagen, uitkomst in paren if telt(uitkomst)]
        nog_open = sum(uitkomst == OPEN for _, uitkomst in paren)
        return {
            "waarde": _reached(kromme, Fraction(1, 2)),
            "n": len(paren),
            "open": nog_open,
            "bereikt": len(klaar),
            "anders": len(paren) - nog_open - len(klaar),
            "p90": _reached(kromme, Fraction(9, 10)),
            "mediaan_afgerond": middle(klaar),
            "p90_afgerond": percentile(klaar, Fraction(9, 10)),
        }

    return _of_each(rijen, per, cijfer)


def chance(rijen: Iterable[Rij], gebeurtenis: str, per: Sequence[tuple[str, ...]]) -> Cijfers:
    """The share for whom it happened by the end of their time; not told when some are open and nobody got there."""

    def cijfer(eigen: list[Rij]) -> dict[str, Any]:
        kromme = incidence([(r["dagen"], r["uitkomst"]) for r in eigen], lambda uitkomst: uitkomst == gebeurtenis)
        nog_open, wel = (sum(r["uitkomst"] == uitkomst for r in eigen) for uitkomst in (OPEN, gebeurtenis))
        niet = len(eigen) - nog_open - wel
        cijfers = {"n": len(eigen), "open": nog_open, "bereikt": wel, "anders": niet}
        if niet or not nog_open:
            return {**cijfers, "waarde": round(float(100 * max(kromme.values())), 1)}
        zin = {"zonder": "nog niet te bepalen", "reden": "Nog niemand is zo lang gevolgd."}
        return {**cijfers, "waarde": None, **zin}

    return _of_each(rijen, per, cijfer)


def _reached(kromme: Mapping[int, Fraction], deel: Fraction) -> int | None:
    return next((dag for dag, bereikt in kromme.items() if bereikt >= deel), None)
