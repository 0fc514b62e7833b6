"""The whole report: every indicator over one period, with scans shared, as plain data that a stranger can recompute."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, func, select

from models.gebeurtenis import gebeurtenis
from workflow.indicatoren.begrippen import Indicator, Meting, Uitslag
from workflow.indicatoren.gevraagd import ontbreekt, reporters
from workflow.indicatoren.kader import Kader
from workflow.indicatoren.maten import needed, parts_of
from workflow.indicatoren.mensen import years_after
from workflow.kalender import date_of, short
from workflow.projectie import no_garbage_rounds


def measure(
    kader: Kader, indicatoren: Sequence[Indicator], done: Callable[[int], None] = lambda _: None
) -> list[Uitslag]:
    """The outcome of each indicator. What they ask of the same bron is counted in one go; `done(1)` after each."""
    plan(kader, indicatoren)
    uitslagen = []
    with no_garbage_rounds():
        for indicator in indicatoren:
            uitslagen.append(measure_one(kader, indicator))
            done(1)
    return uitslagen


def measure_one(kader: Kader, indicator: Indicator) -> Uitslag:
    """The outcome of one indicator, and which reports are missing for it."""
    metingen = tuple(m for maat in indicator.maten for m in maat.metingen(kader))
    zinnen = (*ontbreekt(kader.heel, indicator.code), *_looked_back(kader, indicator, metingen))
    return Uitslag(indicator, metingen, zinnen)


def _looked_back(kader: Kader, indicator: Indicator, metingen: Iterable[Meting]) -> Iterator[str]:
    """How far an indicator that looks back could, where the log does not go back that far."""
    vanaf, van = kader.log_vanaf if indicator.terugkijken else None, kader.vraag.periode.van
    if vanaf is not None and any(m.n for m in metingen) and years_after(vanaf, indicator.terugkijken) > van:
        yield f"Er is teruggekeken tot {short(vanaf)}, waar het log begint, en niet {indicator.terugkijken} jaar."


GEEN_LOG = "nog geen log"


def log_begins(vanaf: int | None, van: int) -> str:
    """Since when there is a log, where a period begins before that day; else nothing. In Dutch."""
    return "" if vanaf is None or vanaf <= van else f"Het log begint op {short(vanaf)}: van daarvoor is niets bekend."


def to_compare(kader: Kader, uitslagen: Sequence[Uitslag]) -> list[Uitslag]:
    """Outcomes of an earlier period to compare with: of one that ended before the log began nothing is known."""
    is_leeg = any(_counts_nothing(m) for uitslag in uitslagen for m in uitslag.metingen)
    if not is_leeg or not kader.is_voor_log:
        return list(uitslagen)
    return [replace(uitslag, metingen=tuple(map(_unknown, uitslag.metingen))) for uitslag in uitslagen]


def _counts_nothing(meting: Meting) -> bool:
    return not meting.n and "verwacht" not in meting.meer


def _unknown(meting: Meting) -> Meting:
    """Nothing that was counted is not known; reports of partners say for themselves what is missing."""
    if not _counts_nothing(meting):
        return meting
    return replace(meting, waarde=None, meer={**meting.meer, "zonder": GEEN_LOG, "geteld": meting.waarde})


def as_counted(meting: Mapping[str, Any]) -> Mapping[str, Any]:
    """A figure of a report as it was counted, whether there was a log or not."""
    if meting.get("zonder") != GEEN_LOG:
        return meting
    rest = {naam: waarde for naam, waarde in meting.items() if naam not in ("zonder", "geteld")}
    return rest | {"waarde": meting["geteld"]}


def plan(kader: Kader, indicatoren: Iterable[Indicator]) -> None:
    """Note which columns of each bron will be asked for, so that one scan serves all."""
    gevraagd: dict[str, dict[str, None]] = {}
    for maat in (deel for indicator in indicatoren for heel in indicator.maten for deel in parts_of(heel)):
        gevraagd.setdefault(maat.bron.naam, {}).update(dict.fromkeys(needed(maat)))
    kader.gevraagd.clear()
    kader.gevraagd.update({bron: tuple(kolommen) for bron, kolommen in gevraagd.items()})


def position(db: Connection, bekend: int | None) -> int:
    """How many gebeurtenissen of the log the figures stand on."""
    keuze = select(func.count()).select_from(gebeurtenis)
    if bekend is not None:
        keuze = keuze.where(gebeurtenis.c.vastgelegd_op < bekend)
    return int(db.execute(keuze).scalar_one())


def as_data(kader: Kader, uitslagen: Iterable[Uitslag]) -> dict[str, Any]:
    """The report as plain data: every indicator is there, also one of which nothing is known."""
    vraag, periode = kader.vraag, kader.gesteld.periode
    return {
        "periode": {"van": date_of(periode.van).isoformat(), "tot": date_of(periode.tot).isoformat()},
        "gevolgd_tot": date_of(vraag.periode.tot).isoformat(),
        "gemeente": vraag.gemeente,
        "gemeente_naam": kader.wegwijzer.namen["gemeente"].get(vraag.gemeente or ""),
        "uitsplitsing": vraag.splits,
        "log_vanaf": None if kader.log_vanaf is None else date_of(kader.log_vanaf).isoformat(),
        "bekend_op": date_of(kader.vraag.bekend_op).isoformat(),
        "logpositie": position(kader.db, vraag.bekend),
        "indicatoren": [_indicator(kader, uitslag) for uitslag in uitslagen],
    }


def _indicator(kader: Kader, uitslag: Uitslag) -> dict[str, Any]:
    indicator = uitslag.indicator
    return {
        "code": indicator.code,
        "naam": indicator.naam,
        "ambitie": indicator.ambitie.value,
        "eenheid": indicator.eenheid,
        "bron": indicator.herkomst.value,
        "definitieversie": indicator.versie,
        "metingen": [_meting(indicator, meting) for meting in uitslag.metingen],
        "ontbreekt": list(uitslag.ontbreekt),
        "opgevers": reporters(kader.heel, indicator.code),
    }


def _meting(indicator: Indicator, meting: Meting) -> dict[str, Any]:
    maat = indicator.maat(meting.maat)
    return {
        "maat": meting.maat,
        "soort": type(maat).__name__.lower(),
        "naam": maat.naam,
        "eenheid": maat.eenheid,
        "uitsplitsing": dict(meting.uitsplitsing),
        "waarde": meting.waarde,
        "n": meting.n,
        "open": meting.open,
        **meting.meer,
    }
