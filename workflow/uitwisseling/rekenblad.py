"""Tables for spreadsheet programs, in which no text is worked out as a formula.

A spreadsheet works out what begins as a formula, and a name may begin so. In CSV such text gets an apostrophe; in XLSX
it is stored as text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

GEVAARLIJK = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are the wide ones of East Asian keyboards, which some programs take for the others."""
VORMEN = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
"""File extension -> content type."""


def as_file(vorm: str, titel: str, kop: Sequence[str], rijen: Iterable[Sequence[Any]]) -> bytes:
    """A table for people as a CSV file for Dutch spreadsheets (semicolons, with a mark for UTF-8) or as a workbook."""
    return _as_xlsx(titel, kop, rijen) if vorm == "xlsx" else _as_csv(kop, rijen)


def harmless(waarde: Any) -> Any:
    """A value that no spreadsheet takes for a formula."""
    return f"'{waarde}" if isinstance(waarde, str) and waarde.startswith(GEVAARLIJK) else waarde


def write_sheet(blad: Worksheet, kop: Sequence[str], rijen: Iterable[Sequence[Any]], breedtes: Sequence[int]) -> None:
    """A heading and rows, with the heading in sight while scrolling."""
    for nummer, rij in enumerate((kop, *rijen), 1):
        for kolom, waarde in enumerate(rij, 1):
            _put(blad.cell(nummer, kolom), waarde)
    for cel in blad[1]:
        cel.font, cel.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    for kolom, breedte in enumerate(breedtes, 1):
        blad.column_dimensions[get_column_letter(kolom)].width = breedte
    blad.freeze_panes = "A2"


def _put(cel: Any, waarde: Any) -> None:
    if not isinstance(waarde, str):
        cel.value = waarde
        if isinstance(waarde, date):
            cel.number_format = "dd-mm-yyyy"
        return
    cel.value = ILLEGAL_CHARACTERS_RE.sub(" ", waarde)
    cel.data_type = "s"
    cel.quotePrefix = waarde.startswith(GEVAARLIJK)


def _as_csv(kop: Sequence[str], rijen: Iterable[Sequence[Any]]) -> bytes:
    uit = io.StringIO(newline="")
    schrijver = csv.writer(uit, delimiter=";")
    schrijver.writerow(kop)
    schrijver.writerows([harmless(waarde) for waarde in rij] for rij in rijen)
    # Without a mark in front, Excel takes UTF-8 for something else.
    return f"\ufeff{uit.getvalue()}".encode()


def _as_xlsx(titel: str, kop: Sequence[str], rijen: Iterable[Sequence[Any]]) -> bytes:
    boek = Workbook()
    blad = boek.worksheets[0]
    blad.title = titel
    write_sheet(blad, kop, rijen, [24] * len(kop))
    uit = io.BytesIO()
    boek.save(uit)
    return uit.getvalue()
