"""Which files are kept: known by what is in them, and refused with a reason."""

from __future__ import annotations

import io
import time
import zipfile
import zlib

import pytest

from workflow.bestandstypen import MAX_DELEN, MAX_OBJECTEN, MAX_UITGEPAKT, BestandGeweigerd, recognise

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40) + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(13)


def office(*delen: str, groot: int = 0, soorten: bytes = b"<a/>", hoe: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A parcel with these parts and this list of their kinds; one of them so large when unpacked."""
    bestand = io.BytesIO()
    with zipfile.ZipFile(bestand, "w", hoe) as pakket:
        pakket.writestr("[Content_Types].xml", soorten)
        for deel in delen:
            pakket.writestr(deel, b"<a/>")
        if groot:
            pakket.writestr("word/media/a.bin", bytes(groot))
    return bestand.getvalue()


def pdf_with(deel: bytes) -> bytes:
    """The PDF with this in its catalogue."""
    return PDF.replace(b"/Type /Catalog", b"/Type /Catalog " + deel)


def packed(deel: bytes, soort: bytes = b"/Type /ObjStm", na: bytes = b"") -> bytes:
    """The PDF with this in a packed stream of objects, whose head is written so; `na` follows it in the stream."""
    return streamed(zlib.compress(deel) + na, soort + b" /Filter /FlateDecode")


def streamed(stroom: bytes, soort: bytes) -> bytes:
    """The PDF with this stream."""
    kop = b"2 0 obj\n<< %s /Length %d >>\nstream\n" % (soort, len(stroom))
    return PDF.replace(b"trailer", kop + stroom + b"\nendstream\nendobj\ntrailer")


SCRIPT = b"1 0 << /S /JavaScript /JS (x) >>"
IN_STROOM = {
    "with a long head": packed(SCRIPT, b"/Type /ObjStm /Pad (%s)" % (b"x" * 600)),
    "with a name in numbers": packed(SCRIPT, b"/Type /Obj#53tm"),
    "with a remark before the stream": packed(SCRIPT).replace(b">>\nstream", b">> % remark\nstream"),
    "behind much else": packed(bytes(MAX_OBJECTEN) + SCRIPT),
    "packed otherwise": streamed(zlib.compress(SCRIPT).hex().encode() + b">", b"/Type /ObjStm /Filter /AHx"),
    "after an end that is none": streamed(
        zlib.compress(b"endstream /JS (x)", 0), b"/Type /ObjStm /Filter /FlateDecode"
    ),
    "behind a stream that is none": packed(b"1 0 << >>", na=packed(SCRIPT)[:-20]),
    "where nobody says there are objects": streamed(SCRIPT, b"/Subtype /Image"),
}
"""A script where a reader of PDF finds it all the same."""


@pytest.mark.parametrize(
    ("soort", "inhoud"),
    [
        ("pdf", PDF),
        ("pdf", packed(b"1 0 << /Type /Page >>")),
        ("jpg", JPG),
        ("png", PNG),
        ("docx", office("word/document.xml")),
        ("xlsx", office("xl/workbook.xml")),
    ],
)
def test_a_file_is_known_by_what_is_in_it(soort: str, inhoud: bytes) -> None:
    assert recognise(inhoud).code == soort


GEWEIGERD = {
    "nothing": (b"", "leeg"),
    "a page": (b"<html><script>alert(1)</script></html>", "geen PDF"),
    "a drawing": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "geen PDF"),
    "a program": (b"MZ\x90\x00" + bytes(60), "geen PDF"),
    "text": (b"inkomen;1200\n", "geen PDF"),
    "a PDF after something else": (b"<html>" + PDF, "geen PDF"),
    "half a PDF": (PDF[:60], "niet heel"),
    "a locked PDF": (PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 5 0 R"), "wachtwoord"),
    "a PDF with a script": (pdf_with(b"/OpenAction << /S /JavaScript /JS (app.alert) >>"), "programma"),
    "a PDF with a script written otherwise": (pdf_with(b"/OpenAction << /S /J#61vaScript >>"), "programma"),
    "a PDF with a packed script": (packed(b"1 0 << /S /JavaScript /JS (x) >>"), "programma"),
    "a PDF with a file in it": (pdf_with(b"/Names << /EmbeddedFile 3 0 R >>"), "programma"),
    "a broken PNG": (PNG[:10], "niet heel"),
    "old Office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(60), "oud of met een wachtwoord"),
    "some parcel": (office("lees.mij"), "geen PDF"),
    "a broken parcel": (office("word/document.xml")[:60], "niet heel"),
    "a macro": (office("word/document.xml", "word/vbaProject.bin"), "macro"),
    "a file in a file": (office("word/document.xml", "word/embeddings/oleObject1.bin"), "macro"),
    "a file in a file in other letters": (office("word/document.xml", "Word/Embeddings/oleObject1.bin"), "macro"),
    "a second control": (office("word/document.xml", "word/activeX/activeX2.bin"), "macro"),
    "a macro by another name": (
        office("word/document.xml", "word/a.bin", soorten=b'<a b="application/vnd.ms-office.vbaProject"/>'),
        "macro",
    ),
    "a control in wide letters": (
        office("xl/workbook.xml", soorten='<a b="application/vnd.ms-office.activeX+xml"/>'.encode("utf-16")),
        "macro",
    ),
    "a parcel as no Office packs": (office("word/document.xml", hoe=zipfile.ZIP_LZMA), "ongewone manier"),
    "a bomb": (office("word/document.xml", groot=MAX_UITGEPAKT + 1), "te groot"),
    "too many parts": (office("word/document.xml", *(f"d{n}" for n in range(MAX_DELEN))), "te groot"),
}


@pytest.mark.parametrize("geval", GEWEIGERD)
def test_what_is_not_kept_is_told_why(geval: str) -> None:
    inhoud, woorden = GEWEIGERD[geval]
    with pytest.raises(BestandGeweigerd, match=woorden):
        recognise(inhoud)


@pytest.mark.parametrize("geval", IN_STROOM)
def test_a_script_in_a_pdf_is_found_wherever_a_reader_finds_it(geval: str) -> None:
    with pytest.raises(BestandGeweigerd, match="Druk haar eerst af als PDF"):
        recognise(IN_STROOM[geval])


def test_a_file_made_to_be_slow_is_judged_as_quickly_as_another() -> None:
    begin = time.process_time()
    delen = (b">> stream\n", b">>   ", b"/J#5", b">> stream\nendstream ", b"/ObjStm ", b"/Obj#5")
    for deel in delen:
        groot = PDF.replace(b"trailer", deel * (4 * 1024 * 1024 // len(deel)) + b"trailer")
        recognise(groot)
    assert time.process_time() - begin < 60


def test_chance_bytes_of_a_picture_in_a_pdf_are_no_script() -> None:
    stroom = b"9 0 obj\n<< /Subtype /Image /Length 20 >>\nstream\n\x00/JS (\x01/XFA\nendstream\nendobj\ntrailer"
    assert recognise(PDF.replace(b"trailer", stroom)).code == "pdf"
