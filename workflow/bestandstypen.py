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

GEWOON_INGEPAKT = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How Office packs; what is packed otherwise may ask for gigabytes before it gives a byte."""

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
_BEGIN_STROOM = re.compile(rb"stream\r?\n")
NA_STROOM = 64
"""Bytes that may stand between packed objects and the end of their stream."""


def _spelled(*namen: str) -> re.Pattern[bytes]:
    """A name of PDF, in which any letter may also stand as its number: /JS, /J#53."""
    letters = ["".join(f"(?:{letter}|(?i:#{ord(letter):02x}))" for letter in naam) for naam in namen]
    return re.compile(rf"/(?:{'|'.join(letters)})\b".encode())


_SLOT = _spelled("Encrypt")
_PROGRAMMA = _spelled("JS", "XFA")
_PROGRAMMA_OVERAL = _spelled("JavaScript", "Launch", "EmbeddedFile", "RichMedia")
"""Names too long to stand anywhere by chance: a reader may be told to look for objects inside a picture."""

_BUNDEL = _spelled("ObjStm")
PROGRAMMA = "In deze PDF zit een programma of een ander bestand. Druk haar eerst af als PDF."
ONGEWOON = "Deze PDF is op een ongewone manier ingepakt. Druk haar eerst af als PDF."


def _pdf(inhoud: bytes) -> str:
    """Refuse what is locked or does something; in what is packed, as far as that is cheap to see."""
    if b"%%EOF" not in inhoud[-2048:]:
        raise BestandGeweigerd("Deze PDF is niet heel: het einde ontbreekt. Maak of scan het bestand opnieuw.")
    if _PROGRAMMA_OVERAL.search(inhoud):
        raise BestandGeweigerd(PROGRAMMA)
    for deel in (_outside_streams(inhoud), *_packed_objects(inhoud)):
        if _SLOT.search(deel):
            raise BestandGeweigerd("Deze PDF is met een wachtwoord beveiligd. Sla haar eerst zonder wachtwoord op.")
        if _PROGRAMMA.search(deel) or _PROGRAMMA_OVERAL.search(deel):
            raise BestandGeweigerd(PROGRAMMA)
    return "pdf"


def _outside_streams(inhoud: bytes) -> bytes:
    """Chance bytes of a picture say nothing."""
    plat, verder = [], 0
    for van, tot in _streams(inhoud):
        plat.append(inhoud[verder:van])
        verder = tot
    return b"".join([*plat, inhoud[verder:]])


def _streams(inhoud: bytes) -> Iterator[tuple[int, int]]:
    """Where each stream begins and ends. One that never ends is read as what stands outside streams."""
    tot = 0
    while (begin := _STROOM.search(inhoud, tot)) and (tot := inhoud.find(b"endstream", begin.end())) >= 0:
        yield begin.end(), tot


def _packed_objects(inhoud: bytes) -> Iterator[bytes]:
    """What is in each stream of objects, wherever it says that it is one. Raises BestandGeweigerd."""
    gezien, rest = 0, MAX_OBJECTEN
    for naam in _BUNDEL.finditer(inhoud):
        if naam.start() < gezien:
            continue
        begin = _BEGIN_STROOM.search(inhoud, naam.end())
        gezien = inhoud.find(b"endstream", begin.end()) if begin else -1
        if begin is None or gezien < 0:
            return
        uitgepakt = _unpacked(inhoud[begin.end() : gezien], rest)
        rest -= len(uitgepakt)
        yield uitgepakt


def _unpacked(stroom: bytes, grens: int) -> bytes:
    """What was packed, all of it; packed otherwise than programs that make PDFs do it is refused."""
    lezer = zlib.decompressobj()
    try:
        uitgepakt = lezer.decompress(stroom, grens)
    except zlib.error:
        raise BestandGeweigerd(ONGEWOON) from None
    if not lezer.eof or len(lezer.unused_data) > NA_STROOM:
        raise BestandGeweigerd(ONGEWOON)
    return uitgepakt


# -- Pictures ----------------------------------------------------------------------------------------------------------


def _jpg(_inhoud: bytes) -> str:
    return "jpg"


def _png(inhoud: bytes) -> str:
    if inhoud[12:16] != b"IHDR":
        raise BestandGeweigerd("Dit PNG-bestand is niet heel.")
    return "png"


# -- Office ------------------------------------------------------------------------------------------------------------

_HOOFDDEEL = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_INHOUD = "[Content_Types].xml"
MAX_INHOUD = 2 * 1024 * 1024
_PROGRAMMADEEL = re.compile(r"vbaproject|/embeddings/|/activex/", re.IGNORECASE)
_PROGRAMMASOORTEN = (b"vbaproject", b"macroenabled", b"oleobject", b"activex")
"""How a parcel calls these in its list of what is in it."""

MACRO = "In dit bestand zit een macro of een ander bestand. Sla het op zonder, of als PDF."


def _office(inhoud: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(inhoud)) as pakket:
            soort = _of_parts(pakket.infolist())
            _refuse_programs(pakket)
            return soort
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError, EOFError) as fout:
        raise fout if isinstance(fout, BestandGeweigerd) else BestandGeweigerd("Dit bestand is niet heel.") from None


def _of_parts(delen: list[zipfile.ZipInfo]) -> str:
    namen = {deel.filename for deel in delen}
    if len(delen) > MAX_DELEN or sum(deel.file_size for deel in delen) > MAX_UITGEPAKT:
        raise BestandGeweigerd("Dit bestand wordt uitgepakt veel te groot.")
    if any(deel.compress_type not in GEWOON_INGEPAKT for deel in delen):
        raise BestandGeweigerd("Dit bestand is op een ongewone manier ingepakt. Sla het opnieuw op.")
    if any(deel.flag_bits & 1 for deel in delen):
        raise BestandGeweigerd("Dit bestand is met een wachtwoord beveiligd. Sla het eerst zonder wachtwoord op.")
    if any(_PROGRAMMADEEL.search(naam) for naam in namen):
        raise BestandGeweigerd(MACRO)
    soort = next((code for hoofd, code in _HOOFDDEEL.items() if hoofd in namen), None)
    if soort is None or _INHOUD not in namen:
        raise BestandGeweigerd(ANDERS)
    return soort


def _refuse_programs(pakket: zipfile.ZipFile) -> None:
    """Refuse what the parcel itself calls a program or a file of another program, whatever the part is called."""
    with pakket.open(_INHOUD) as lijst:
        tekst = lijst.read(MAX_INHOUD).replace(b"\0", b"").lower()
    if any(woord in tekst for woord in _PROGRAMMASOORTEN):
        raise BestandGeweigerd(MACRO)


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
