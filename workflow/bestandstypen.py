"""What kind of file this is, by what is in it and never by its name, and whether it may be kept.

Kept are PDF, JPEG, PNG, DOCX and XLSX. Refused is what is locked with a password, what carries a program, and what
unpacks to far more than it is. A file may still be harmful to the program it is opened with: it is never shown here,
only handed out. Pure: bytes in, a kind or a Dutch sentence out.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MAX_DELEN = 5_000
MAX_UITGEPAKT = 200 * 1024 * 1024
MAX_OBJECTEN = 20 * 1024 * 1024
"""Bytes of packed objects in a PDF that are looked into."""


class BestandGeweigerd(ValueError):
    """A file that is not kept; its text is the Dutch sentence that says why."""


@dataclass(frozen=True, slots=True)
class Bestandssoort:
    """A kind of file: its code and extension, what people call it, and its media type."""

    code: str
    naam: str
    mimetype: str


_OFFICE = "application/vnd.openxmlformats-officedocument"
SOORTEN = {
    soort.code: soort
    for soort in (
        Bestandssoort("pdf", "PDF", "application/pdf"),
        Bestandssoort("jpg", "JPEG", "image/jpeg"),
        Bestandssoort("png", "PNG", "image/png"),
        Bestandssoort("docx", "Word", f"{_OFFICE}.wordprocessingml.document"),
        Bestandssoort("xlsx", "Excel", f"{_OFFICE}.spreadsheetml.sheet"),
    )
}

ANDERS = "Dit is geen PDF, JPEG, PNG, Word (.docx) of Excel (.xlsx). Andere bestanden worden hier niet bewaard."
OUD_OFFICE = "Dit is een oud of met een wachtwoord beveiligd Office-bestand. Sla het op als .docx, .xlsx of PDF."


def recognise(inhoud: bytes) -> Bestandssoort:
    """The kind of this file. Raises BestandGeweigerd."""
    if not inhoud:
        raise BestandGeweigerd("Dit bestand is leeg.")
    for begin, read in _BEGIN.items():
        if inhoud.startswith(begin):
            return SOORTEN[read(inhoud)]
    raise BestandGeweigerd(ANDERS)


# -- PDF ---------------------------------------------------------------------------------------------------------------

_STROOM = re.compile(rb">>\s*stream\r?\n")


def _spelled(*namen: str) -> re.Pattern[bytes]:
    """A name of PDF, in which any letter may also stand as its number: /JS, /J#53."""
    letters = ["".join(f"(?:{letter}|(?i:#{ord(letter):02x}))" for letter in naam) for naam in namen]
    return re.compile(rf"/(?:{'|'.join(letters)})\b".encode())


_SLOT = _spelled("Encrypt")
_PROGRAMMA = _spelled("JavaScript", "JS", "Launch", "EmbeddedFile", "RichMedia", "XFA")


def _pdf(inhoud: bytes) -> str:
    """Refuse what is locked or does something; in what is packed, as far as that is cheap to see."""
    if b"%%EOF" not in inhoud[-2048:]:
        raise BestandGeweigerd("Deze PDF is niet heel: het einde ontbreekt. Maak of scan het bestand opnieuw.")
    for deel in _readable(inhoud):
        if _SLOT.search(deel):
            raise BestandGeweigerd("Deze PDF is met een wachtwoord beveiligd. Sla haar eerst zonder wachtwoord op.")
        if _PROGRAMMA.search(deel):
            raise BestandGeweigerd("In deze PDF zit een programma of een ander bestand. Druk haar eerst af als PDF.")
    return "pdf"


def _readable(inhoud: bytes) -> Iterator[bytes]:
    """What stands outside streams, and the packed objects: chance bytes of a picture say nothing."""
    plat, verder, rest = [], 0, MAX_OBJECTEN
    for van, tot in _streams(inhoud):
        plat.append(inhoud[verder:van])
        verder = tot
        if b"/ObjStm" in plat[-1][-400:].rpartition(b"obj")[2] and rest > 0:
            uitgepakt = _unpacked(inhoud[van:tot], rest)
            rest -= len(uitgepakt)
            yield uitgepakt
    yield b"".join([*plat, inhoud[verder:]])


def _streams(inhoud: bytes) -> Iterator[tuple[int, int]]:
    """Where each stream begins and ends. One that never ends is read as what stands outside streams."""
    tot = 0
    while (begin := _STROOM.search(inhoud, tot)) and (tot := inhoud.find(b"endstream", begin.end())) >= 0:
        yield begin.end(), tot


def _unpacked(stroom: bytes, grens: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(stroom, grens)
    except zlib.error:
        return stroom


# -- Pictures ----------------------------------------------------------------------------------------------------------


def _jpg(_inhoud: bytes) -> str:
    return "jpg"


def _png(inhoud: bytes) -> str:
    if inhoud[12:16] != b"IHDR":
        raise BestandGeweigerd("Dit PNG-bestand is niet heel.")
    return "png"


# -- Office ------------------------------------------------------------------------------------------------------------

_HOOFDDEEL = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}


def _office(inhoud: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(inhoud)) as pakket:
            return _of_parts(pakket.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as fout:
        raise fout if isinstance(fout, BestandGeweigerd) else BestandGeweigerd("Dit bestand is niet heel.") from None


def _of_parts(delen: list[zipfile.ZipInfo]) -> str:
    namen = {deel.filename for deel in delen}
    if len(delen) > MAX_DELEN or sum(deel.file_size for deel in delen) > MAX_UITGEPAKT:
        raise BestandGeweigerd("Dit bestand wordt uitgepakt veel te groot.")
    if any(deel.flag_bits & 1 for deel in delen):
        raise BestandGeweigerd("Dit bestand is met een wachtwoord beveiligd. Sla het eerst zonder wachtwoord op.")
    if any(naam.lower().endswith(("vbaproject.bin", "activex1.bin")) or "/embeddings/" in naam for naam in namen):
        raise BestandGeweigerd("In dit bestand zit een macro of een ander bestand. Sla het op zonder, of als PDF.")
    soort = next((code for hoofd, code in _HOOFDDEEL.items() if hoofd in namen), None)
    if soort is None or "[Content_Types].xml" not in namen:
        raise BestandGeweigerd(ANDERS)
    return soort


def _old_office(_inhoud: bytes) -> str:
    raise BestandGeweigerd(OUD_OFFICE)


_BEGIN: dict[bytes, Callable[[bytes], str]] = {
    b"%PDF-": _pdf,
    b"\xff\xd8\xff": _jpg,
    b"\x89PNG\r\n\x1a\n": _png,
    b"PK\x03\x04": _office,
    b"\xd0\xcf\x11\xe0": _old_office,
}
"""How a file of each kind begins, and who looks at the rest of it."""
