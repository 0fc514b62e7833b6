"""The list of debts as a table: CSV as Dutch spreadsheets read it, or XLSX; and the empty table to fill in.

Text that a spreadsheet would work out as a formula gets an apostrophe in CSV and is stored as text in XLSX.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from workflow.kalender import date_of
from workflow.schulden import Regel, Schuldenlijst
from workflow.uitwisseling.rapport_uit import harmless
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


def as_csv(kop: Rij, rijen: Iterable[Rij]) -> bytes:
    """With semicolons, a decimal comma and a mark that it is UTF-8, so that Excel reads it as it is."""
    uit = io.StringIO(newline="")
    schrijver = csv.writer(uit, delimiter=";")
    for rij in (kop, *rijen):
        schrijver.writerow([_plain(waarde) for waarde in rij])
    return uit.getvalue().encode("utf-8-sig")


def _plain(waarde: Any) -> Any:
    return f"{waarde:.2f}".replace(".", ",") if isinstance(waarde, float) else harmless(waarde)


def as_xlsx(kop: Rij, rijen: Iterable[Rij]) -> bytes:
    """A workbook with one sheet; its heading stays in sight."""
    boek = Workbook()
    blad = boek.worksheets[0]
    blad.title = "Schulden"
    for nummer, rij in enumerate((kop, *rijen), 1):
        for kolom, waarde in enumerate(rij, 1):
            _put(blad.cell(nummer, kolom), waarde)
    for kolom in range(1, len(kop) + 1):
        blad.cell(1, kolom).font = Font(bold=True)
        blad.column_dimensions[get_column_letter(kolom)].width = 20
    blad.freeze_panes = "A2"
    uit = io.BytesIO()
    boek.save(uit)
    return uit.getvalue()


def _put(cel: Any, waarde: Any) -> None:
    cel.value = ILLEGAL_CHARACTERS_RE.sub(" ", waarde) if isinstance(waarde, str) else waarde
    if isinstance(waarde, str):
        cel.data_type = "s"
    elif isinstance(waarde, float):
        cel.number_format = "#,##0.00"


def template() -> tuple[Rij, list[Rij]]:
    """Heading and one row of the empty table."""
    return tuple(KOLOMMEN), [VOORBEELD]
