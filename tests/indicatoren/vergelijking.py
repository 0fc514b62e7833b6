"""Ours beside the naive ones: the log and maps written out as JSON, both asked the same, and what differs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from models import klok
from models.routekaartversie import routekaartversie
from tests.bouwers import log_rows
from tests.indicatoren import naief
from tests.indicatoren.naief_tellen import Cijfers
from workflow.indicatoren import ALLE, Kader, Periode
from workflow.indicatoren import Vraag as OnzeVraag
from workflow.indicatoren.begrippen import Indicator, Maat
from workflow.indicatoren.maten import Duur, Kans, Mediaan, Som, Telling, Verhouding

UIT_HET_LOG = Telling | Verhouding | Mediaan | Duur | Kans | Som
"""The kinds of figures that are counted from the log."""


def log_lines(db: Connection) -> list[str]:
    """The log, a row a line."""
    return [json.dumps(rij) for rij in log_rows(db)]


def maps(db: Connection) -> dict[str, str]:
    """The maps as JSON text by sha256."""
    return {rij.sha256: rij.canoniek for rij in db.execute(select(routekaartversie))}


def differences(db: Connection, vraag: naief.Vraag) -> list[str]:
    """Where our figures are not the naive ones, a line each; those that partners report are another's."""
    periode = Periode(vraag.van, vraag.tot)
    kader = Kader(db, OnzeVraag(periode, gemeente=vraag.gemeente, bekend=vraag.bekend))
    gevonden = naief.figures(log_lines(db), maps(db), replace(vraag, vandaag=klok.today()))
    return [fout for indicator in ALLE for fout in _of_one(kader, indicator, gevonden.get(indicator.code, {}))]


def _of_one(kader: Kader, indicator: Indicator, naieve: Mapping[str, Cijfers]) -> Iterator[str]:
    for maat in filter(is_of_the_log, indicator.maten):
        onze, hunne = ours(kader, maat), naieve.get(maat.code, {})
        for deel in onze.keys() | hunne.keys():
            if verschil := _apart(onze.get(deel), hunne.get(deel)):
                yield f"{indicator.code}.{maat.code} {dict(deel)}: {verschil}"


def is_of_the_log(maat: Maat) -> bool:
    """Whether a figure, and each half of a share, counts gebeurtenissen and no reports of partners."""
    delen = (maat.teller, maat.noemer) if isinstance(maat, Verhouding) else (maat,)
    return all(isinstance(deel, UIT_HET_LOG) for deel in delen)


def ours(kader: Kader, maat: Maat) -> dict[frozenset[tuple[str, str]], dict[str, Any]]:
    """Our figures of a maat, in the shape of the naive ones."""
    return {
        frozenset(m.uitsplitsing.items()): {"waarde": m.waarde, "n": m.n, "open": m.open, **m.meer}
        for m in maat.metingen(kader)
    }


def _apart(onze: Mapping[str, Any] | None, hunne: Mapping[str, Any] | None) -> str:
    if onze is None or hunne is None:
        return f"ours {onze}, naive {hunne}"
    namen = onze.keys() | hunne.keys()
    return ", ".join(
        f"{naam} {onze.get(naam)}, not {hunne.get(naam)}"
        for naam in sorted(namen)
        if naam not in onze or naam not in hunne or onze[naam] != hunne[naam]
    )
