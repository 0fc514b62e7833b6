"""Answers in words, as pages, letters and history say them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from workflow.kalender import daynumber, short, span_in_words
from workflow.opgaveveld import period_of
from workflow.routekaart import Veld, in_zin


def said(veld: Veld, waarde: Any, namen: Mapping[str, str]) -> str:
    """An answer in words: the name of a code, a date in full, an amount with its sign.

    `namen` are those of organisations, medewerkers and people by their code.
    """
    if waarde is None:
        return "leeg gemaakt"
    if in_woorden := _IN_WOORDEN.get(veld.soort):
        return in_woorden(veld, waarde)
    if veld.soort == "opgave":
        return _report(waarde, namen)
    return namen.get(str(waarde), str(waarde))


def _choice(veld: Veld, waarde: Any) -> str:
    return next((k.naam for k in veld.keuzes if k.code == waarde), str(waarde))


def _list(_veld: Veld, waarde: Any) -> str:
    return ", ".join(waarde) if isinstance(waarde, list) else str(waarde)


def _parts(veld: Veld, stand: Mapping[str, str]) -> str:
    """Each part with how far it is: Loonstroken: compleet; Huurcontract: gevraagd."""
    namen = {keuze.code: keuze.naam for keuze in veld.onderdelen}
    hoe = {keuze.code: in_zin(keuze.naam) for keuze in veld.keuzes}
    return "; ".join(f"{namen.get(code, code)}: {hoe.get(stand[code], stand[code])}" for code in in_order(stand))


def in_order(stand: Mapping[str, str]) -> list[str]:
    """The parts of a list: numbers in their order, codes as they come."""
    return sorted(stand, key=lambda code: int(code) if code.isdecimal() else 0)


def _report(opgave: Mapping[str, Any], namen: Mapping[str, str]) -> str:
    """Indicator and period of a report, and its lines."""
    van, tot = period_of(opgave)
    regels = [f"{reeks} {namen.get(plaats, plaats)}: {aantal}" for reeks, plaats, aantal in opgave["regels"]]
    return f"{opgave['indicator']}, {span_in_words(van, tot - 1)}. {'; '.join(regels)}"


_IN_WOORDEN: Mapping[str, Callable[[Veld, Any], str]] = {
    "keuze": _choice,
    "ja_nee": lambda _veld, waarde: str(waarde).capitalize(),
    "datum": lambda _veld, waarde: short(daynumber(date.fromisoformat(str(waarde)))),
    "bedrag": lambda _veld, waarde: f"€ {int(waarde):,}".replace(",", "."),
    "kinderen": _list,
    "onderdelen": _parts,
}
