"""What happened, as a sentence: the `gebeurd` of an overgang with the answers filled in.

`{veld}` stands for an answer in words, `{veld:ja|nee}` for one of two ways to say a yes or no. A map of before there
were such sentences says what the button said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from workflow.routekaart import Overgang, Veld, in_zin

_GAT = re.compile(r"\{(\w+)(?::([^|{}]+)\|([^|{}]+))?\}")

ONBEKEND = "onbekend"
"""Said where an answer is missing: one that was given under another map."""


class Gat(NamedTuple):
    """A place in a sentence for the answer to a veld."""

    veld: str
    ja: str | None
    nee: str | None

    @property
    def is_ja_nee(self) -> bool:
        """Whether it has two ways to say it."""
        return self.ja is not None


def gaps(zin: str) -> Iterator[Gat]:
    """The places for answers in a sentence."""
    return (Gat(*gevonden.groups()) for gevonden in _GAT.finditer(zin))


def without_gaps(zin: str) -> str:
    """What is left of a sentence without them."""
    return _GAT.sub("", zin)


def happened(overgang: Overgang, invoer: Mapping[str, Any], said: Callable[[Veld, Any], str]) -> str:
    """The sentence of an overgang that was made with these answers; `said` puts an answer in words."""
    velden = {veld.code: veld for veld in overgang.velden}

    def fill(gevonden: re.Match[str]) -> str:
        gat = Gat(*gevonden.groups())
        return _answer(gat, velden.get(gat.veld), invoer.get(gat.veld), said)

    return _GAT.sub(fill, overgang.gebeurd) or overgang.label


def _answer(gat: Gat, veld: Veld | None, waarde: Any, said: Callable[[Veld, Any], str]) -> str:
    if veld is None or waarde is None:
        return ONBEKEND
    if gat.is_ja_nee:
        return str(gat.ja if waarde == "ja" else gat.nee)
    tekst = said(veld, waarde)
    return in_zin(tekst) if veld.soort == "keuze" else tekst
