"""A report as plain data: figures with their parts in words, earlier years, definitions, and what it was made from.

The data say everything that a page, a spreadsheet or a fixed report needs, so that an older report still reads as it
was when map, definitions or program have changed since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sqlalchemy import func, select

from models import klok
from models.gebeurtenis import gebeurtenis
from workflow.indicatoren import invoertijd
from workflow.indicatoren.begrippen import Indicator, Periode, Vraag
from workflow.indicatoren.kader import PERIODEN, Kader
from workflow.indicatoren.opgavewoorden import is_unasked
from workflow.indicatoren.rapport import as_data, measure, to_compare
from workflow.indicatoren.weergave import Woorden, in_order_of_parts
from workflow.indicatoren.wegwijzer import Wegwijzer
from workflow.kaarten import in_force
from workflow.kalender import date_of, daynumber, short
from workflow.rapporten import duiding

JAREN_TERUG = 4
"""How many earlier years stand beside the asked one."""

EERSTE_JAAR, LAATSTE_JAAR = 2000, 2059
"""Years of which the calendar of periods has the days."""

Gegevens = dict[str, Any]


def make(
    kader: Kader,
    indicatoren: Sequence[Indicator],
    jaren: int = JAREN_TERUG,
    done: Callable[[int], None] = lambda _: None,
) -> Gegevens:
    """The report on these indicatoren, with so many earlier years; `done(1)` after each indicator of each year."""
    woorden = Woorden(kader)
    gegevens = as_data(kader, [in_order_of_parts(u, woorden) for u in measure(kader, indicatoren, done)])
    _say_parts(gegevens, woorden)
    return gegevens | {
        "meerjaren": years(kader, indicatoren, gegevens, jaren, done),
        "definities": [definition(indicator) for indicator in indicatoren],
        "duiding": duiding.read(kader.db).as_data(),
        "invoer": entry(kader),
        "gemaakt": made_from(kader),
    }


def splits(wegwijzer: Wegwijzer) -> list[str]:
    """By what a report may be split."""
    return [*PERIODEN, *sorted({"gemeente", *wegwijzer.naar_kenmerk})]


def _say_parts(gegevens: Gegevens, woorden: Woorden) -> None:
    for indicator in gegevens["indicatoren"]:
        eigen = woorden.over(indicator["code"])
        for meting in indicator["metingen"]:
            meting["onderdeel"] = _said(meting, eigen)


def _said(meting: Mapping[str, Any], woorden: Woorden) -> str:
    deel = meting["uitsplitsing"]
    paren = zip(deel, woorden.deel(deel, meting), strict=True)
    return ", ".join(f"{woorden.kolom(kolom)}: {waarde}" for kolom, waarde in paren)


def definition(indicator: Indicator) -> dict[str, Any]:
    """What the figure means, as it is said today."""
    return {
        "code": indicator.code,
        "naam": indicator.naam,
        "definitie": indicator.definitie,
        "valkuilen": list(indicator.valkuilen),
        "bron": indicator.herkomst.value,
        "versie": indicator.versie,
        "sinds": indicator.sinds,
    }


def entry(kader: Kader) -> dict[str, Any]:
    """How late things were recorded in the period, and from which day on it is not complete yet."""
    vanaf = invoertijd.incomplete_from(kader)
    return {
        "onvolledig_vanaf": None if vanaf is None else date_of(vanaf).isoformat(),
        "invoertijd": [asdict(tijd) for tijd in invoertijd.delays(kader)],
    }


def made_from(kader: Kader) -> dict[str, Any]:
    """Program, map, the maps whose labels counted (the last word last), the last row of the log, and the moment."""
    laatste = select(func.max(gebeurtenis.c.id))
    if kader.vraag.bekend is not None:
        laatste = laatste.where(gebeurtenis.c.vastgelegd_op < kader.vraag.bekend)
    kaart = in_force(kader.db)
    return {
        "programma": program_version(),
        "routekaart": {"naam": f"{kaart.code} {kaart.versie}", "sha256": kaart.sha256},
        "routekaarten": [een.sha256 for een in kader.wegwijzer.kaarten],
        "laatste_gebeurtenis": kader.db.execute(laatste).scalar_one() or 0,
        "gemaakt_op": klok.now().isoformat(timespec="seconds"),
    }


def program_version() -> str:
    """The version of this program; empty when it is not installed."""
    try:
        return version("routekaart")
    except PackageNotFoundError:
        return ""


def canonical(gegevens: Any) -> str:
    """The one way in which these data are written down, so that their hash can be made again."""
    return json.dumps(gegevens, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(tekst: str) -> str:
    """SHA-256 of a text as hex."""
    return hashlib.sha256(tekst.encode()).hexdigest()


# -- Earlier years -----------------------------------------------------------------------------------------------------


def years(
    kader: Kader,
    indicatoren: Sequence[Indicator],
    gegevens: Gegevens,
    aantal: int,
    done: Callable[[int], None] = lambda _: None,
) -> dict[str, Any]:
    """The totals of each figure in the same period of earlier years and in the asked one, oldest first."""
    perioden = periods(kader.vraag.periode, aantal)
    eerder = list(perioden.values())[:-1]
    per_periode = [_totals(_measured(kader, indicatoren, p, done)) for p in eerder] + [_totals(gegevens)]
    regels = [_line(i, m, per_periode) for i in gegevens["indicatoren"] for m in _whole(i)]
    return {
        "kolommen": list(perioden),
        "jaren": [date_of(p.peildatum).year for p in perioden.values()],
        "perioden": [[date_of(dag).isoformat() for dag in (p.van, p.tot)] for p in perioden.values()],
        "regels": [regel for regel in regels if not all(map(is_unasked, regel["metingen"]))],
    }


def periods(periode: Periode, aantal: int) -> dict[str, Periode]:
    """Heading -> period: the same days of so many earlier years, as far as the calendar goes, and the asked ones."""
    eerder = (p for n in range(aantal, 0, -1) if (p := _years_back(periode, n)))
    return {_heading(p): p for p in (*eerder, periode)}


def _measured(
    kader: Kader, indicatoren: Sequence[Indicator], periode: Periode, done: Callable[[int], None]
) -> Gegevens:
    ander = kader.ander(replace(kader.vraag, periode=periode, splits=None))
    return as_data(ander, to_compare(ander, measure(ander, indicatoren, done)))


def _whole(indicator: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [meting for meting in indicator["metingen"] if not meting["uitsplitsing"]]


def _totals(gegevens: Gegevens) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {(i["code"], m["maat"]): m for i in gegevens["indicatoren"] for m in _whole(i)}


BEWAARD = (
    *("waarde", "n", "open", "teller", "noemer", "bereikt", "anders", "onbekend", "trajecten"),
    *("verwacht", "ontvangen", "in_het_log", "zonder", "geteld", "ritme", "waarom"),
)
"""Of each earlier year these are kept."""


def _line(
    indicator: Mapping[str, Any],
    meting: Mapping[str, Any],
    per_periode: Sequence[Mapping[tuple[str, str], Mapping[str, Any]]],
) -> dict[str, Any]:
    sleutel = (indicator["code"], meting["maat"])
    return {
        "code": indicator["code"],
        "maat": meting["maat"],
        "naam": meting["naam"],
        "eenheid": meting["eenheid"],
        "metingen": [{k: v for k, v in p.get(sleutel, {}).items() if k in BEWAARD} for p in per_periode],
    }


def _years_back(periode: Periode, aantal: int) -> Periode | None:
    dagen = [_moved(date_of(dag), aantal) for dag in (periode.van, periode.tot)]
    return Periode(*map(daynumber, dagen)) if dagen[0].year >= EERSTE_JAAR else None


def _moved(datum: date, jaren: int) -> date:
    dag = 28 if (datum.month, datum.day) == (2, 29) else datum.day
    return datum.replace(year=datum.year - jaren, day=dag)


def _heading(periode: Periode) -> str:
    van, tot = date_of(periode.van), date_of(periode.tot)
    is_jaar = (van.month, van.day, tot) == (1, 1, date(van.year + 1, 1, 1))
    return str(van.year) if is_jaar else f"{short(periode.van)} t/m {short(periode.peildatum)}"


# -- The question ------------------------------------------------------------------------------------------------------


def question(vraag: Vraag, codes: Sequence[str]) -> dict[str, Any]:
    """What was asked, as plain data."""
    return {
        "van": date_of(vraag.periode.van).isoformat(),
        "tot": date_of(vraag.periode.tot).isoformat(),
        "gemeente": vraag.gemeente,
        "bekend": vraag.bekend,
        "splits": vraag.splits,
        "indicatoren": list(codes),
    }


def asked(gegevens: Mapping[str, Any]) -> Vraag:
    """The question again."""
    dagen = [daynumber(date.fromisoformat(gegevens[naam])) for naam in ("van", "tot")]
    return Vraag(Periode(*dagen), gegevens["gemeente"], gegevens["bekend"], gegevens["splits"])
