"""The list of debts as a table (see `rekenblad`), and the empty table to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from workflow.kalender import date_of
from workflow.schulden import Regel, Schuldenlijst
from workflow.uitwisseling.rekenblad import as_file
from workflow.uitwisseling.schulden_inlezen import KOLOMMEN

KOP = ("nummer", *KOLOMMEN, "stand", "sinds", "reden")
VOORBEELD = (
    *("Zorgverzekeraar Voorbeeld", "123-456", "1.234,50", "84,50", "Zorg", "01-03-2025", "01-10-2025"),
    *("samen", "nee", "nee", "Deurwaarder Voorbeeld", ""),
)
"""A row that shows how the empty table is filled in; named so that nobody leaves it in unseen."""

Rij = Sequence[Any]


def rows(lijst: Schuldenlijst) -> list[Rij]:
    """The debts, a row each, in the order of KOP; amounts in euros."""
    return [_row(lijst, regel) for regel in lijst.regels]


def _row(lijst: Schuldenlijst, regel: Regel) -> Rij:
    g = regel.gegevens
    return (
        *(regel.nummer, regel.schuldeiser, g.kenmerk, _euro(g.bedrag), _euro(g.kosten), g.soort, g.ontstaan_op),
        *(g.peil_op, lijst.whose(g.wie), _said(g.is_zakelijk), _said(g.is_prive), g.via, g.notitie),
        *(lijst.boek.name(regel.stand), "" if regel.sinds is None else date_of(regel.sinds).isoformat(), g.reden),
    )


def _euro(cent: int | None) -> float | None:
    return None if cent is None else cent / 100


def _said(waarde: bool | None) -> str:
    return {True: "ja", False: "nee", None: ""}[waarde]


def as_table(vorm: str, kop: Rij, rijen: Iterable[Rij]) -> bytes:
    """A CSV file (amounts with a decimal comma) or a workbook."""
    if vorm == "csv":
        rijen = [[_with_comma(waarde) for waarde in rij] for rij in rijen]
    return as_file(vorm, "Schulden", kop, rijen)


def _with_comma(waarde: Any) -> Any:
    return f"{waarde:.2f}".replace(".", ",") if isinstance(waarde, float) else waarde


def template() -> tuple[Rij, list[Rij]]:
    """Heading and one row of the empty table."""
    return tuple(KOLOMMEN), [VOORBEELD]
