"""The indicators of the programme "Samen uit de min": one object each, in the order and the words of the programme."""

from __future__ import annotations

from dataclasses import replace

from workflow.indicatoren import dienstverlening, opbrengst, preventie, samenwerking, vroegsignalering
from workflow.indicatoren.begrippen import Ambitie, Indicator, Periode, Uitslag, Vraag
from workflow.indicatoren.kader import Kader
from workflow.indicatoren.opgaven import Opgavesom, Opgavespreiding
from workflow.routekaart import Opgavesoort, Routekaart

__all__ = ["ALLE", "Indicator", "Kader", "Periode", "Uitslag", "Vraag", "get", "on"]

ALLE: tuple[Indicator, ...] = (
    *preventie.ALLE,
    *vroegsignalering.ALLE,
    *dienstverlening.ALLE,
    *samenwerking.ALLE,
    *opbrengst.ALLE,
)


def get(code: str) -> Indicator:
    """The indicator of the programme with this code. Raises KeyError."""
    return {indicator.code: indicator for indicator in ALLE}[code]


def on(kaart: Routekaart) -> tuple[Indicator, ...]:
    """Every indicator on this map: those of the programme with what partners report of them, and what the map adds."""
    codes = [indicator.code for indicator in ALLE]
    eigen = (_with_reports(indicator, kaart.opgaven.get(indicator.code)) for indicator in ALLE)
    alle = (*eigen, *preventie.added_by(kaart, codes))
    return tuple(sorted(alle, key=lambda indicator: list(Ambitie).index(indicator.ambitie)))


def _with_reports(indicator: Indicator, soort: Opgavesoort | None) -> Indicator:
    """The indicator with a figure for each reeks that is reported of it and that it does not show yet."""
    if soort is None:
        return indicator
    sommen = (maat for maat in indicator.maten if isinstance(maat, Opgavesom | Opgavespreiding))
    getoond = {som.reeks or som.code for som in sommen}
    extra = [
        Opgavesom(f"opgave_{reeks.code}", reeks.naam, soort.code, reeks.eenheid, reeks.code)
        for reeks in soort.reeksen.values()
        if reeks.code not in getoond
    ]
    return replace(indicator, maten=(*indicator.maten, *extra)) if extra else indicator
