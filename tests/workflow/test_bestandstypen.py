"""Which files are kept: known by what is in them, and refused with a reason."""

from __future__ import annotations

import io
import time
import zipfile
import zlib

import pytest

from workflow.bestandstypen import MAX_DELEN, MAX_UITGEPAKT, BestandGeweigerd, recognise

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40) + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(13)


def office(*delen: str, groot: int = 0) -> bytes:
    """A parcel with these parts; one of them so large when unpacked."""
    bestand = io.BytesIO()
    with zipfile.ZipFile(bestand, "w", zipfile.ZIP_DEFLATED) as pakket:
        for deel in ("[Content_Types].xml", *delen):
            pakket.writestr(deel, b"<a/>")
        if groot:
            pakket.writestr("word/media/a.bin", bytes(groot))
    return bestand.getvalue()


def pdf_with(deel: bytes) -> bytes:
    """The PDF with this in its catalogue."""
    return PDF.replace(b"/Type /Catalog", b"/Type /Catalog " + deel)


def packed(deel: bytes) -> bytes:
    """The PDF with this in a packed stream of objects."""
    stroom = zlib.compress(deel)
    kop = b"2 0 obj\n<< /Type /ObjStm /Filter /FlateDecode /Length %d >>\nstream\n" % len(stroom)
    return PDF.replace(b"trailer", kop + stroom + b"\nendstream\nendobj\ntrailer")


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
    "a bomb": (office("word/document.xml", groot=MAX_UITGEPAKT + 1), "te groot"),
    "too many parts": (office("word/document.xml", *(f"d{n}" for n in range(MAX_DELEN))), "te groot"),
}


@pytest.mark.parametrize("geval", GEWEIGERD)
def test_what_is_not_kept_is_told_why(geval: str) -> None:
    inhoud, woorden = GEWEIGERD[geval]
    with pytest.raises(BestandGeweigerd, match=woorden):
        recognise(inhoud)


def test_a_file_made_to_be_slow_is_judged_as_quickly_as_another() -> None:
    begin = time.process_time()
    for deel in (b">> stream\n", b">>   ", b"/J#5", b">> stream\nendstream "):
        groot = PDF.replace(b"trailer", deel * (4 * 1024 * 1024 // len(deel)) + b"trailer")
        recognise(groot)
    assert time.process_time() - begin < 60


def test_chance_bytes_of_a_picture_in_a_pdf_are_no_script() -> None:
    stroom = b"9 0 obj\n<< /Subtype /Image /Length 20 >>\nstream\n\x00/JS (\x01/JavaScript\nendstream\nendobj\ntrailer"
    assert recognise(PDF.replace(b"trailer", stroom)).code == "pdf"
