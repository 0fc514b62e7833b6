"""Tables that people fill in: CSV or XLSX in, rows of text out.

Promises: whatever it is given, `read_table` answers with rows, or raises TabelGeweigerd with the place of what is
wrong. Nothing in a file is worked out: a cell with a formula is refused, because what it shows may be another number
tomorrow. Size is bounded before anything is unpacked.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice, zip_longest
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from workflow.bestandstypen import GEWOON_INGEPAKT

MAX_BYTES = 5_000_000
MAX_UITGEPAKT = 60_000_000
MAX_DELEN = 500
MAX_TAGS = 1_500_000
"""Begins and ends of elements in a workbook: room for all rows of a table, and what a reader can take."""

MAX_RIJEN = 20_000
MAX_KOLOMMEN = 60
MAX_CEL = 200

DOCUMENTSOORT = tuple("<!DOCTYPE".encode(codering) for codering in ("utf-8", "utf-16-le", "utf-16-be"))
"""How a document type begins, in the encodings of XML: a name in it may stand for something very large."""

_KAPOT = (
    *(zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, OSError, EOFError, RuntimeError),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, NotImplementedError),
)
"""What openpyxl raises on a file that is no workbook."""


@dataclass(frozen=True, slots=True)
class Melding:
    """What is wrong, in Dutch and in English, and where: the row as spreadsheets count it (0: the file), the column."""

    rij: int
    kolom: str
    tekst: str
    text: str

    @property
    def plaats(self) -> str:
        """The place in Dutch."""
        return f"rij {self.rij}, kolom {self.kolom}" if self.rij else "bestand"

    @property
    def place(self) -> str:
        """The place in English."""
        return f"row {self.rij}, column {self.kolom}" if self.rij else "file"


class TabelGeweigerd(Exception):
    """A file that cannot be read; `meldingen` say why."""

    def __init__(self, *meldingen: Melding) -> None:
        self.meldingen = meldingen
        super().__init__("; ".join(m.text for m in meldingen))


@dataclass(frozen=True, slots=True)
class Tabelrij:
    """A row: its number as spreadsheets count, and the text of each named column."""

    nummer: int
    cellen: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Tabel:
    """The names of the columns, and the rows under them."""

    kolommen: tuple[str, ...]
    rijen: tuple[Tabelrij, ...]


def read_table(inhoud: bytes) -> Tabel:
    """A table, empty rows left out. Raises TabelGeweigerd."""
    if len(inhoud) > MAX_BYTES:
        raise _refused("Het bestand is groter dan 5 MB.", "larger than 5 MB")
    rijen = _of_workbook(inhoud) if inhoud.startswith(b"PK") else _of_text(inhoud)
    genummerd = [(nummer, rij) for nummer, rij in enumerate(rijen, 1) if any(rij)]
    if not genummerd:
        raise _refused("Het bestand is leeg.", "the file is empty")
    if len(genummerd) > MAX_RIJEN:
        raise _refused(f"Het bestand heeft meer dan {MAX_RIJEN} rijen.", f"more than {MAX_RIJEN} rows")
    (_, kop), *rest = genummerd
    namen = _heading(kop)
    if not rest:
        raise _refused("Onder de kop staan geen rijen.", "there are no rows under the heading")
    return Tabel(tuple(filter(None, namen)), tuple(_row(nummer, namen, rij) for nummer, rij in rest))


def _refused(tekst: str, text: str, rij: int = 0, kolom: str = "") -> TabelGeweigerd:
    return TabelGeweigerd(Melding(rij, kolom, tekst, text))


def _heading(kop: list[str]) -> list[str]:
    namen = [naam.casefold() for naam in kop]
    gevuld = [naam for naam in namen if naam]
    if len(set(gevuld)) < len(gevuld):
        raise _refused("Een kolom staat er twee keer in.", "a column stands in it twice")
    if len(namen) > MAX_KOLOMMEN:
        raise _refused(f"Het bestand heeft meer dan {MAX_KOLOMMEN} kolommen.", f"more than {MAX_KOLOMMEN} columns")
    return namen


def _row(nummer: int, namen: list[str], rij: list[str]) -> Tabelrij:
    for letter, kolom, cel in _cells_of(namen, rij):
        if cel and not kolom:
            raise _refused(
                "Boven deze cel staat geen kolomnaam.", "there is no heading above this cell", nummer, letter
            )
        if len(cel) > MAX_CEL:
            raise _refused("Deze cel is te lang.", "this cell is too long", nummer, kolom)
        if cel.startswith(("=", "@", "+")):
            raise _refused("Hier staat een formule. Zet er de waarde zelf.", "holds a formula", nummer, kolom)
    return Tabelrij(nummer, {naam: cel for _, naam, cel in _cells_of(namen, rij) if naam})


def _cells_of(namen: list[str], rij: list[str]) -> Iterator[tuple[str, str, str]]:
    """Letter and name of each column with the text of its cell; also a cell that lacks either."""
    for nummer, (naam, cel) in enumerate(zip_longest(namen, rij, fillvalue=""), 1):
        yield get_column_letter(nummer), naam, cel


# -- CSV ---------------------------------------------------------------------------------------------------------------


def _of_text(inhoud: bytes) -> Iterator[list[str]]:
    tekst = _decoded(inhoud)
    eerste = tekst.partition("\n")[0]
    scheiding = max(";,\t", key=eerste.count)
    try:
        for rij in csv.reader(io.StringIO(tekst, newline=""), delimiter=scheiding, strict=True):
            yield [" ".join(cel.split()) for cel in rij]
    except csv.Error:
        raise _refused("Dit is geen CSV-bestand: een aanhalingsteken staat verkeerd.", "this is not CSV") from None


def _decoded(inhoud: bytes) -> str:
    """UTF-8, or what Excel on Windows writes."""
    for codering in ("utf-8-sig", "cp1252"):
        try:
            tekst = inhoud.decode(codering)
        except UnicodeDecodeError:
            continue
        if "\0" not in tekst:
            return tekst
    raise _refused("Dit is geen CSV- of XLSX-bestand.", "this is no CSV or XLSX file")


# -- XLSX --------------------------------------------------------------------------------------------------------------


def _of_workbook(inhoud: bytes) -> list[list[str]]:
    try:
        _check_parcel(inhoud)
        boek = openpyxl.load_workbook(io.BytesIO(inhoud), read_only=True, keep_links=False)
        rijen = boek.worksheets[0].iter_rows(max_col=MAX_KOLOMMEN + 1)
        return [_cells(nummer, rij) for nummer, rij in enumerate(islice(rijen, 2 * MAX_RIJEN), 1)]
    except _KAPOT:
        raise _refused("Dit XLSX-bestand is niet te lezen.", "this XLSX file cannot be read") from None


def _check_parcel(inhoud: bytes) -> None:
    """Look before reading: how large it becomes, how much of it has to be read, and that it names nothing outside."""
    with zipfile.ZipFile(io.BytesIO(inhoud)) as pakket:
        delen = pakket.infolist()
        if len(delen) > MAX_DELEN or sum(deel.file_size for deel in delen) > MAX_UITGEPAKT:
            raise _refused("Dit XLSX-bestand wordt uitgepakt te groot.", "unpacks to too much")
        if any(deel.compress_type not in GEWOON_INGEPAKT for deel in delen):
            raise _refused("Dit XLSX-bestand is niet te lezen.", "is packed in another way than workbooks are")
        tags = 0
        for tekst in map(pakket.read, delen):
            if any(teken in tekst for teken in DOCUMENTSOORT):
                raise _refused("Dit XLSX-bestand is niet te lezen.", "holds a document type")
            tags += tekst.count(b"<")
            if tags > MAX_TAGS:
                raise _refused("In dit XLSX-bestand staan te veel cellen.", "holds too many cells")


def _cells(nummer: int, rij: Iterable[Any]) -> list[str]:
    cellen = [_text(nummer, kolom, cel) for kolom, cel in enumerate(rij, 1)]
    while cellen and not cellen[-1]:
        cellen.pop()
    return cellen


def _text(nummer: int, kolom: int, cel: Any) -> str:
    if cel.data_type == "f":
        letter = get_column_letter(kolom)
        raise _refused("Hier staat een formule. Zet er de waarde zelf.", "holds a formula", nummer, letter)
    waarde = cel.value
    if isinstance(waarde, (datetime, date)):
        return f"{waarde:%Y-%m-%d}"
    if isinstance(waarde, float):
        # With a comma: a dot would make thousands of 1.234.
        return str(int(waarde)) if waarde.is_integer() else str(waarde).replace(".", ",")
    return "" if waarde is None else " ".join(str(waarde).split())
