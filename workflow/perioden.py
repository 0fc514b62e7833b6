"""The periods over which partners report: which there are, what they are called, and which text means which.

A period is a pair of day numbers, half-open. `ritme` is a word of the map: maand, kwartaal, jaar, schooljaar (from
1 August), or editie: something that is held once in a year, on days of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from workflow.kalender import date_of, daynumber, short
from workflow.routekaart import Ritme

Periode = tuple[int, int]

SCHOOLMAAND = 8
"""A school year begins on the first of August."""

_BEGIN: Mapping[Ritme, tuple[int, int]] = {
    "maand": (1, 1),
    "kwartaal": (1, 3),
    "jaar": (1, 12),
    "schooljaar": (SCHOOLMAAND, 12),
    "editie": (1, 12),
}
"""Ritme -> a month in which a period begins, and how many months it is long."""


def slot(ritme: Ritme, dag: int) -> Periode:
    """The period of the ritme in which a day lies; for an editie its year."""
    eerste, maanden = _BEGIN[ritme]
    datum = date_of(dag)
    telling = datum.year * 12 + datum.month - eerste
    begin = telling - telling % maanden
    return _first(begin + eerste - 1), _first(begin + maanden + eerste - 1)


def _first(maand: int) -> int:
    """The first day of a month, counted from the beginning of the era."""
    return daynumber(date(maand // 12, maand % 12 + 1, 1))


def fits(ritme: Ritme, van: int, tot: int) -> bool:
    """Whether [van, tot) is a period of the ritme."""
    heel = slot(ritme, van)
    return heel[0] <= van and tot <= heel[1] if ritme == "editie" else (van, tot) == heel


def within(ritme: Ritme, van: int, tot: int) -> Iterator[Periode]:
    """Every whole period of the ritme in [van, tot), in order; of an editie the years."""
    begin, eind = slot(ritme, van)
    if begin < van:
        begin, eind = slot(ritme, eind)
    while eind <= tot:
        yield begin, eind
        begin, eind = slot(ritme, eind)


def name(ritme: Ritme, van: int) -> str:
    """What people call the period that begins on this day: maart 2025, 2e kwartaal 2025."""
    datum = date_of(van)
    return {
        "maand": short(van).partition(" ")[2],
        "kwartaal": f"{(datum.month + 2) // 3}e kwartaal {datum.year}",
        "jaar": str(datum.year),
        "schooljaar": f"schooljaar {datum.year}-{datum.year + 1}",
        "editie": f"editie {datum.year}",
    }[ritme]


def code(ritme: Ritme, van: int) -> str:
    """The same for an address or a file: 2025-03, 2025-K2, 2025, 2025-2026."""
    datum = date_of(van)
    return {
        "maand": f"{datum:%Y-%m}",
        "kwartaal": f"{datum.year}-K{(datum.month + 2) // 3}",
        "jaar": str(datum.year),
        "schooljaar": f"{datum.year}-{datum.year + 1}",
        "editie": str(datum.year),
    }[ritme]


def read(ritme: Ritme, tekst: str) -> Periode:
    """The period that a code names; of an editie its year. Raises ValueError with the Dutch sentence."""
    patroon, voorbeeld, begin = _CODES[ritme]
    gevonden = re.fullmatch(patroon, tekst.strip().upper())
    if gevonden is None or (datum := begin(*map(int, gevonden.groups()))) is None:
        raise ValueError(f"Schrijf de periode als {voorbeeld}.")
    return slot(ritme, daynumber(datum))


def _month(jaar: int, maand: int) -> date | None:
    return date(jaar, maand, 1) if 1 <= maand <= 12 and 1900 <= jaar < 2100 else None


def _school_year(jaar: int, volgend: int) -> date | None:
    return _month(jaar, SCHOOLMAAND) if volgend == jaar + 1 else None


_CODES: Mapping[Ritme, tuple[str, str, Callable[..., date | None]]] = {
    "maand": (r"(\d{4})-(\d{1,2})", "2025-03", _month),
    "kwartaal": (r"(\d{4})-?[KQ]([1-4])", "2025-K1", lambda jaar, k: _month(jaar, 3 * k - 2)),
    "jaar": (r"(\d{4})", "2025", lambda jaar: _month(jaar, 1)),
    "schooljaar": (r"(\d{4})[-/](\d{4})", "2025-2026", _school_year),
    "editie": (r"(\d{4})", "2025", lambda jaar: _month(jaar, 1)),
}
