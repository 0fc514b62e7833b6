"""A letter as PDF and as DOCX: read again by other programs, with texts that try to be more than text."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from pypdf import PdfReader

from tests.brievenbus import PAPIER
from workflow.brieven.blad import Blad
from workflow.brieven.docx import as_docx
from workflow.brieven.opzet import example
from workflow.brieven.pdf import BriefLuktNiet, as_pdf, as_pictures, obstacles
from workflow.brieven.plaatshouders import PLAATSHOUDERS
from workflow.brieven.sjablonen import shipped
from workflow.kalender import daynumber

MOMENT = datetime(2026, 12, 1, 9, tzinfo=UTC)
DAG = daynumber(MOMENT.date())

VIJANDIG = (
    '#include "/etc/passwd"',
    "#import sys: inputs",
    "$x^2$ #set text(red) [a] <b> @c \\ ` ~ _d_ *e* // f /* g */",
    "#read('lettertypen/tekens.txt')",
    "<w:p>&amp;</w:p>]]>",
    '=CMD("x")',
    "Ğönül Şçüł Ærø Đặng Жуков Ωμέγα",
)


def sheet(tekst: str) -> Blad:
    """A letter with this text after its subject."""
    return example(PAPIER, f"# Onderwerp\n\n{tekst}", DAG)[0]


def words(tekst: str) -> str:
    """A text without the places where lines and words were broken."""
    return re.sub(r"\s+", "", tekst)


def pdf_words(inhoud: bytes) -> str:
    """All words of a PDF, in the order in which they are read."""
    return words("".join(blad.extract_text() for blad in PdfReader(BytesIO(inhoud)).pages))


def docx_words(inhoud: bytes) -> str:
    """All words of a DOCX."""
    document = Document(BytesIO(inhoud))
    tabellen = [cel.text for tabel in document.tables for rij in tabel.rows for cel in rij.cells]
    return words("".join([alinea.text for alinea in document.paragraphs] + tabellen))


@pytest.mark.parametrize("tekst", VIJANDIG)
def test_what_looks_like_markup_stands_in_both_files_as_it_was_written(tekst: str) -> None:
    kaal = tekst.replace("{", "").replace("}", "")
    blad = sheet(f"Voor {kaal} en na")
    assert words(kaal) in pdf_words(as_pdf(blad, MOMENT))
    assert words(kaal) in docx_words(as_docx(blad, MOMENT))


@pytest.mark.parametrize("soort", sorted(shipped()))
def test_all_words_of_a_letter_are_in_both_files(soort: str) -> None:
    blad, _ = example(PAPIER, shipped()[soort], DAG)
    pdf, docx = pdf_words(as_pdf(blad, MOMENT)), docx_words(as_docx(blad, MOMENT))
    for regel in (*blad.in_woorden.splitlines(), *blad.adres, PAPIER.retouradres):
        assert words(regel) in pdf
    for cel in (deel.tekst for blok in blad.blokken for regel in blok.regels for deel in regel):
        assert words(cel) in docx


def test_the_pdf_is_tagged_dutch_and_has_a_title() -> None:
    lezer = PdfReader(BytesIO(as_pdf(sheet("Tekst"), MOMENT)))
    wortel = lezer.trailer["/Root"]
    assert wortel["/MarkInfo"]["/Marked"] is True or wortel["/MarkInfo"]["/Marked"].value is True
    assert wortel["/Lang"].lower().startswith("nl")
    assert lezer.metadata is not None
    assert lezer.metadata.title == "Onderwerp"
    assert b"pdfuaid:part" in wortel["/Metadata"].get_data()


def test_the_same_letter_gives_the_same_pdf() -> None:
    assert as_pdf(sheet("Tekst"), MOMENT) == as_pdf(sheet("Tekst"), MOMENT)


def test_a_name_in_signs_that_the_font_lacks_is_refused_and_the_signs_are_told() -> None:
    blad = sheet("Beste 😀 محمد")
    (zin,) = obstacles(blad)
    assert set("😀محمد") <= set(zin)
    with pytest.raises(BriefLuktNiet, match=r"kent deze tekens niet: .*😀"):
        as_pdf(blad, MOMENT)


def test_a_letter_without_measure_is_not_made() -> None:
    blad = sheet("\n".join(["{bezwaaradres}" * 125] * 11))
    with pytest.raises(BriefLuktNiet, match=r"te lang: hoogstens 100\.000 tekens"):
        as_pdf(blad, MOMENT)


def test_a_word_without_end_stays_on_the_page() -> None:
    blad = sheet("a" * 1500)
    assert len(as_pictures(blad)) == 1
    assert "a" * 1500 in pdf_words(as_pdf(blad, MOMENT))


def test_a_long_letter_numbers_its_pages() -> None:
    blad = sheet("\n\n".join(f"Alinea {nr}. " + "Woord " * 40 for nr in range(60)))
    assert "van" in pdf_words(as_pdf(blad, MOMENT))
    assert len(as_pictures(blad, ppi=20)) > 3


def test_the_docx_is_sound_dutch_and_has_a_table_head() -> None:
    tekst = "\n".join(f"{{{code}}}\n" for code, p in PLAATSHOUDERS.items() if p.vorm != "regel")
    inhoud = as_docx(sheet(tekst), MOMENT)
    document = Document(BytesIO(inhoud))
    assert document.core_properties.language == "nl-NL"
    assert [cel.text for cel in document.tables[0].rows[0].cells] == ["Termijn", "Tot en met"]
    ruw = ZipFile(BytesIO(inhoud)).read("word/document.xml").decode()
    assert "w:tblHeader" in ruw
    assert "w:framePr" in ruw
