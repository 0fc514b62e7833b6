"""A letter as DOCX, for who must still add something by hand: the same blocks on the same places as the PDF."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Document_
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from workflow.brieven.blad import Blad
from workflow.brieven.tekst import Blok, Regel

BLAUW, GRIJS = RGBColor(0x15, 0x42, 0x73), RGBColor(0x4B, 0x55, 0x63)
LETTERTYPE = "Arial"
VENSTER = {"w": 85, "h": 45, "x": 20, "y": 45}
"""The window of the envelope in mm: width, height, and place on the page."""

TWIPS = 1440 / 25.4
"""To the millimetre."""


def as_docx(blad: Blad, moment: datetime) -> bytes:
    """The letter as DOCX, dated `moment`."""
    document = Document()
    _set_up(document, blad, moment)
    _head(document, blad)
    for blok in blad.blokken:
        _WIJZEN[blok.soort](document, blok)
    uit = BytesIO()
    document.save(uit)
    return uit.getvalue()


def _set_up(document: Document_, blad: Blad, moment: datetime) -> None:
    feiten = document.core_properties
    feiten.title, feiten.author, feiten.language = blad.onderwerp, blad.papier.afzender, "nl-NL"
    feiten.comments, feiten.last_modified_by = "", blad.papier.afzender
    feiten.created = feiten.modified = moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    deel = document.sections[0]
    deel.page_width, deel.page_height = Mm(210), Mm(297)
    deel.left_margin, deel.right_margin, deel.top_margin, deel.bottom_margin = Mm(25), Mm(22), Mm(20), Mm(24)
    gewoon = document.styles["Normal"]
    gewoon.font.name, gewoon.font.size = LETTERTYPE, Pt(14 if blad.is_groot else 10.5)
    gewoon.element.rPr.append(_element("w:lang", {"w:val": "nl-NL", "w:eastAsia": "nl-NL"}))
    gewoon.paragraph_format.space_after, gewoon.paragraph_format.line_spacing = Pt(8), 1.15
    for nr, punten in ((1, 13), (2, 11.5)):
        kop = document.styles[f"Heading {nr}"]
        kop.font.name, kop.font.size, kop.font.bold, kop.font.color.rgb = LETTERTYPE, Pt(punten), True, BLAUW
        for thema in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            kop.element.rPr.rFonts.attrib.pop(qn(f"w:{thema}"), None)


def _head(document: Document_, blad: Blad) -> None:
    afzender = document.add_paragraph()
    _run(afzender, blad.papier.afzender, Pt(17), BLAUW, vet=True)
    papier = blad.papier
    contact = (papier.bezoekadres, papier.email, papier.website)
    _run(document.add_paragraph(), " · ".join(regel for regel in contact if regel), Pt(8.5), GRIJS)
    for nr, regel in enumerate((papier.retouradres, *blad.adres)):
        alinea = document.add_paragraph()
        _in_window(alinea)
        _run(alinea, regel, Pt(7) if nr == 0 else None, GRIJS if nr == 0 else None)
    _reference(document, blad)
    document.add_heading(blad.onderwerp, 1)
    _foot(document, blad)


def _reference(document: Document_, blad: Blad) -> None:
    """The reference lines under the window, in columns by tabs."""
    for nr, regel in enumerate(zip(*blad.kenmerken, strict=True)):
        alinea = document.add_paragraph()
        alinea.paragraph_format.space_before = Pt(175) if nr == 0 else Pt(0)
        alinea.paragraph_format.space_after = Pt(0) if nr == 0 else Pt(14)
        for kolom in range(1, len(regel)):
            alinea.paragraph_format.tab_stops.add_tab_stop(Mm(163 / len(regel) * kolom), WD_TAB_ALIGNMENT.LEFT)
        _run(alinea, "\t".join(regel), Pt(9), GRIJS if nr == 0 else None)


def _foot(document: Document_, blad: Blad) -> None:
    voet = document.sections[0].footer.paragraphs[0]
    kenmerk = dict(blad.kenmerken).get("Ons kenmerk", "")
    begin = f"Ons kenmerk: {kenmerk} · pagina " if kenmerk else "Pagina "
    _run(voet, begin, Pt(8.5), GRIJS)
    _field(voet, "PAGE")
    _run(voet, " van ", Pt(8.5), GRIJS)
    _field(voet, "NUMPAGES")


def _heading(document: Document_, blok: Blok) -> None:
    _fill(document.add_heading("", 2), blok.regels[0])


def _paragraph(document: Document_, blok: Blok) -> None:
    alinea = document.add_paragraph()
    for nr, regel in enumerate(blok.regels):
        if nr:
            alinea.add_run().add_break()
        _fill(alinea, regel)


def _list(document: Document_, blok: Blok) -> None:
    for regel in blok.regels:
        punt = document.add_paragraph(style="List Bullet")
        punt.paragraph_format.space_after = Pt(3)
        _fill(punt, regel)


def _table(document: Document_, blok: Blok) -> None:
    tabel = document.add_table(rows=0, cols=len(blok.regels[0]), style="Table Grid")
    for nr, regel in enumerate(blok.regels):
        rij = tabel.add_row()
        for cel, deel in zip(rij.cells, regel, strict=True):
            _run(cel.paragraphs[0], deel.tekst, None, BLAUW if nr == 0 else None, vet=nr == 0)
            cel.paragraphs[0].paragraph_format.space_after = Pt(2)
        if nr == 0:
            rij._tr.get_or_add_trPr().append(_element("w:tblHeader", {"w:val": "true"}))
    document.add_paragraph().paragraph_format.space_after = Pt(0)


_WIJZEN = {"kop": _heading, "alinea": _paragraph, "lijst": _list, "tabel": _table}


def _fill(alinea: Paragraph, regel: Regel) -> None:
    for deel in regel:
        alinea.add_run(deel.tekst).bold = deel.vet or None


def _run(alinea: Paragraph, tekst: str, maat: Any = None, kleur: RGBColor | None = None, vet: bool = False) -> None:
    stuk = alinea.add_run(tekst)
    stuk.bold, stuk.font.size = vet or None, maat
    if kleur is not None:
        stuk.font.color.rgb = kleur


def _in_window(alinea: Paragraph) -> None:
    """Put a paragraph in the frame where the window of the envelope is; neighbours share it."""
    maten = {f"w:{naam}": str(round(mm * TWIPS)) for naam, mm in VENSTER.items()}
    plaats = {"w:hRule": "exact", "w:hAnchor": "page", "w:vAnchor": "page", "w:wrap": "around"}
    alinea._p.get_or_add_pPr().insert_element_before(_element("w:framePr", maten | plaats), *_NA_FRAME)
    alinea.paragraph_format.space_after = Pt(0)


_NA_FRAME = (
    *("w:widowControl", "w:numPr", "w:suppressLineNumbers", "w:pBdr", "w:shd", "w:tabs", "w:suppressAutoHyphens"),
    *("w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr"),
)
"""What comes after the frame in the schema of a paragraph."""


def _field(alinea: Paragraph, opdracht: str) -> None:
    """A number that the reader's program works out."""
    stuk = alinea.add_run()
    stuk.font.size, stuk.font.color.rgb = Pt(8.5), GRIJS
    for soort in ("begin", "", "end"):
        if soort:
            stuk._r.append(_element("w:fldChar", {"w:fldCharType": soort}))
        else:
            tekst = _element("w:instrText", {"xml:space": "preserve"})
            tekst.text = opdracht
            stuk._r.append(tekst)


def _element(naam: str, eigenschappen: Mapping[str, str]) -> Any:
    element = OxmlElement(naam)
    for sleutel, waarde in eigenschappen.items():
        element.set(qn(sleutel), waarde)
    return element
