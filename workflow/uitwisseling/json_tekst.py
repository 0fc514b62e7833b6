"""JSON from outside, read with distrust: bytes in, plain data and findings out.

Promises: no exception, whatever the bytes; numbers are int or Decimal and of a bearable size. Refused are texts that
are too large, not UTF-8, no JSON or nested too deeply, that hold more values than any delivery of their size (before
anything is made of them), names that stand twice in one object, NaN and Infinity, and broken characters, each with its
path.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import Any

from workflow.uitwisseling.opmerkingen import Opmerkingen, Pad, quoted, shown

MAX_MB = 50
MAX_BYTES = MAX_MB * 1_000_000
MAX_DIEPTE = 20
MAX_CIJFERS = 18
MAX_NAMEN = 1_000
"""Names in one object; the format has some hundred in all."""

BYTES_PER_WAARDE = 10
"""A value of a delivery takes twice as much at least, with its name."""

VRIJE_WAARDEN = 100_000
"""Values for which nobody counts."""


class _Onzin(str):
    """A number that is none (NaN, Infinity) or has too many digits."""


class _Dubbel(dict[str, Any]):
    """An object in which names stand twice."""

    namen: tuple[str, ...] = ()


class _GeenTekst(Exception):
    """Bytes that cannot be read at all."""

    def __init__(self, code: str, **gegevens: Any) -> None:
        super().__init__(code)
        self.code, self.gegevens = code, gegevens


def parse(tekst: bytes | str, op: Opmerkingen) -> Any:
    """The plain data in a text; what is wrong with it is added to `op`, and then the data must not be used."""
    try:
        leesbaar = _decoded(tekst)
        _check_count(leesbaar)
        ruw = _loaded(leesbaar)
    except _GeenTekst as fout:
        op.add((), fout.code, **fout.gegevens)
        return None
    _check_tree(op, ruw)
    return ruw


def _decoded(tekst: bytes | str) -> str:
    if len(tekst) > MAX_BYTES:
        raise _GeenTekst("te_groot", grens=MAX_MB)
    if isinstance(tekst, str):
        return tekst.removeprefix("\ufeff")
    try:
        return tekst.decode("utf-8-sig")
    except UnicodeDecodeError as fout:
        raise _GeenTekst("geen_utf8", plek=fout.start) from None


def _check_count(tekst: str) -> None:
    """There are at most as many values as these signs, and one; counting signs takes a hundredth of a second."""
    waarden = sum(tekst.count(teken) for teken in ",[{")
    if waarden > VRIJE_WAARDEN + len(tekst) // BYTES_PER_WAARDE:
        raise _GeenTekst("te_veel_waarden")


def _loaded(tekst: str) -> Any:
    try:
        return json.loads(
            tekst, object_pairs_hook=_object, parse_float=_decimal, parse_int=_integer, parse_constant=_Onzin
        )
    except json.JSONDecodeError as fout:
        raise _GeenTekst("geen_json", regel=fout.lineno, kolom=fout.colno) from None
    except RecursionError:
        raise _GeenTekst("te_diep") from None


def _object(paren: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(paren) > MAX_NAMEN:
        raise _GeenTekst("te_veel_waarden")
    tabel = dict(paren)
    if len(tabel) == len(paren):
        return tabel
    dubbel = _Dubbel(tabel)
    aantal = Counter(naam for naam, _ in paren)
    dubbel.namen = tuple(naam for naam in tabel if aantal[naam] > 1)
    return dubbel


def _integer(tekst: str) -> int | _Onzin:
    return int(tekst) if len(tekst) <= MAX_CIJFERS else _Onzin(tekst)


def _decimal(tekst: str) -> Decimal | _Onzin:
    if len(tekst) > 2 * MAX_CIJFERS:
        return _Onzin(tekst)
    getal = Decimal(tekst)
    return getal if abs(getal.adjusted()) <= MAX_CIJFERS else _Onzin(tekst)


def _check_tree(op: Opmerkingen, ruw: Any) -> None:
    """What no reader can put up with, anywhere: names twice, no-numbers, broken characters, depth."""
    te_doen: list[tuple[Pad, Any]] = [((), ruw)]
    while te_doen:
        pad, waarde = te_doen.pop()
        _check_value(op, pad, waarde)
        if len(pad) > MAX_DIEPTE:
            op.add(pad, "te_diep")
        elif isinstance(waarde, dict):
            te_doen += [((*pad, naam), deel) for naam, deel in waarde.items()]
        elif isinstance(waarde, list):
            te_doen += [((*pad, nr), deel) for nr, deel in enumerate(waarde)]


def _check_value(op: Opmerkingen, pad: Pad, waarde: Any) -> None:
    if isinstance(waarde, _Onzin):
        op.add(pad, "geen_getal", waarde=shown(waarde))
    elif isinstance(waarde, _Dubbel):
        for naam in waarde.namen:
            op.add((*pad, naam), "dubbele_naam", naam=quoted(naam[:60]))
    teksten = [waarde] if isinstance(waarde, str) else waarde if isinstance(waarde, dict) else ()
    if any(_is_broken(tekst) for tekst in teksten):
        op.add(pad, "onleesbaar_teken")


def _is_broken(tekst: str) -> bool:
    return not tekst.isascii() and any("\ud800" <= teken <= "\udfff" for teken in tekst)
