"""The answer to a question of soort opgave: a partner's report, as the log keeps it.

One mapping: `indicator`, `van` and `tot` (ISO days, half-open) and `regels`, a sorted list of [reeks, plaats, aantal].
Codes and whole numbers only. Nothing is filled in: what is not named was not reported, and that differs from 0.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from workflow.kalender import daynumber, short

Regel = tuple[str, str, int]
"""Codes of reeks and plaats, and how many."""

MAX_REGELS = 2_000
MAX_AANTAL = 99_999_999
MAX_TEKST = 200_000
SLEUTELS = ("indicator", "van", "tot", "regels")
_CODE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,59}", re.ASCII)


def read_report(waarde: Any, dag: int) -> dict[str, Any]:
    """A report as it is stored, of a mapping or of its JSON text. Raises ValueError with the Dutch sentence.

    `dag` is the day on which it is given: a period that is not over by then cannot be reported.
    """
    ruw = _parsed(waarde)
    if set(ruw) != set(SLEUTELS):
        raise ValueError("Een opgave heeft een indicator, een periode en regels, en niets anders.")
    van, tot = _day(ruw["van"]), _day(ruw["tot"])
    if tot <= van:
        raise ValueError("De periode van een opgave eindigt na haar eerste dag.")
    if tot > dag + 1:
        raise ValueError(f"Deze periode is pas voorbij op {short(tot - 1)}. Geef haar daarna op.")
    regels = _lines(ruw["regels"])
    return {"indicator": _code(ruw["indicator"]), "van": ruw["van"], "tot": ruw["tot"], "regels": regels}


def period_of(opgave: Mapping[str, Any]) -> tuple[int, int]:
    """The days of a stored report, half-open."""
    return _day(opgave["van"]), _day(opgave["tot"])


def _parsed(waarde: Any) -> Mapping[str, Any]:
    if isinstance(waarde, str):
        try:
            waarde = json.loads(waarde)
        except (ValueError, RecursionError):
            raise ValueError("Deze opgave is niet te lezen.") from None
    if not isinstance(waarde, Mapping):
        raise ValueError("Deze opgave is niet te lezen.")
    return waarde


def _day(waarde: Any) -> int:
    if isinstance(waarde, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", waarde, re.ASCII):
        try:
            return daynumber(date.fromisoformat(waarde))
        except ValueError:
            pass
    raise ValueError("De eerste en laatste dag van een opgave zijn bestaande dagen.")


def _lines(waarde: Any) -> list[list[str | int]]:
    if not isinstance(waarde, Sequence) or isinstance(waarde, str) or not waarde:
        raise ValueError("Vul ten minste één aantal in. Was er niets te tellen? Vul dan 0 in.")
    if len(waarde) > MAX_REGELS:
        raise ValueError(f"Een opgave heeft hoogstens {MAX_REGELS} regels.")
    regels = sorted(_line(regel) for regel in waarde)
    for eerder, regel in pairwise(regels):
        if eerder[:2] == regel[:2]:
            raise ValueError(f"{regel[0]} bij {regel[1]} staat er twee keer in.")
    return [list(regel) for regel in regels]


def _line(regel: Any) -> Regel:
    if not isinstance(regel, Sequence) or isinstance(regel, str) or len(regel) != 3:
        raise ValueError("Een regel van een opgave is een reeks, een plaats en een aantal.")
    reeks, plaats, aantal = regel
    if type(aantal) is not int or not 0 <= aantal <= MAX_AANTAL:
        raise ValueError(f"Een aantal is een heel getal van 0 tot en met {MAX_AANTAL}.")
    return _code(reeks), _code(plaats), aantal


def _code(waarde: Any) -> str:
    if isinstance(waarde, str) and _CODE.fullmatch(waarde):
        return waarde
    raise ValueError("Een opgave noemt indicator, reeks en plaats bij hun code.")
