"""The indicators of the programme "Samen uit de min": one object each, in the order and the words of the programme."""

from __future__ import annotations

from workflow.indicatoren import dienstverlening, opbrengst, samenwerking, vroegsignalering
from workflow.indicatoren.begrippen import Indicator, Periode, Uitslag, Vraag
from workflow.indicatoren.kader import Kader

__all__ = ["ALLE", "Indicator", "Kader", "Periode", "Uitslag", "Vraag", "get"]

ALLE: tuple[Indicator, ...] = (
    *vroegsignalering.ALLE,
    *dienstverlening.ALLE,
    *samenwerking.ALLE,
    *opbrengst.ALLE,
)


def get(code: str) -> Indicator:
    """The indicator with this code. Raises KeyError."""
    return {indicator.code: indicator for indicator in ALLE}[code]
