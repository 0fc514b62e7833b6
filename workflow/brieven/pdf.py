"""A letter as PDF: tagged and accessible (PDF/UA-1), made by typst from data alone, with a font of our own.

The maker gets neither files, packages nor system fonts, so the same letter gives the same bytes on each machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from workflow.brieven.blad import Blad

HIER = Path(__file__).parent
LETTERTYPEN = HIER / "lettertypen"
MAX_TEKENS = 100_000
"""So long a letter may be with its values filled in: some forty pages, which are made in a second."""


class BriefLuktNiet(Exception):
    """The letter cannot be made; its text is a Dutch sentence."""


def as_pdf(blad: Blad, moment: datetime) -> bytes:
    """The letter as PDF/UA-1, dated `moment`. Raises BriefLuktNiet."""
    gemaakt = _compiled(
        blad, format="pdf", pdf_standards="ua-1", timestamp=moment.astimezone(UTC).replace(microsecond=0)
    )
    return gemaakt if isinstance(gemaakt, bytes) else b"".join(gemaakt)


def as_pictures(blad: Blad, ppi: float = 90) -> list[bytes]:
    """Each page as a PNG: what the PDF looks like."""
    gemaakt = _compiled(blad, format="png", ppi=ppi)
    return [gemaakt] if isinstance(gemaakt, bytes) else gemaakt


def obstacles(blad: Blad) -> Iterator[str]:
    """Why this letter cannot be made, in Dutch sentences."""
    woorden = "".join(_texts(_data(blad)))
    if len(woorden) > MAX_TEKENS:
        yield f"De brief wordt te lang: hoogstens {MAX_TEKENS:,} tekens.".replace(",", ".")
    if weg := sorted({t for t in woorden if ord(t) not in _known()}):
        yield f"Het lettertype van de brief kent deze tekens niet: {' '.join(weg[:20])}"


def _texts(waarde: Any) -> Iterator[str]:
    if isinstance(waarde, str):
        yield waarde
    elif isinstance(waarde, dict):
        for deel in waarde.values():
            yield from _texts(deel)
    elif isinstance(waarde, (list, tuple)):
        for deel in waarde:
            yield from _texts(deel)


@cache
def _known() -> frozenset[int]:
    """The characters that the font has, as its list beside it says."""
    stukken = (LETTERTYPEN / "tekens.txt").read_text(encoding="ascii").split()
    grenzen = ([int(grens, 16) for grens in stuk.split("-")] for stuk in stukken)
    return frozenset(teken for paar in grenzen for teken in range(paar[0], paar[-1] + 1))


def _compiled(blad: Blad, **hoe: Any) -> bytes | list[bytes]:
    if bezwaren := list(obstacles(blad)):
        raise BriefLuktNiet(" ".join(bezwaren))
    try:
        gemaakt = typst.compile(
            (HIER / "brief.typ").read_bytes(),
            root=str(LETTERTYPEN),
            font_paths=_fonts(),
            sys_inputs={"brief": json.dumps(_data(blad), ensure_ascii=False)},
            **hoe,
        )
    except typst.TypstError as fout:
        raise BriefLuktNiet(f"De brief kan niet worden gemaakt: {fout.message}") from None
    return gemaakt or b""


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(LETTERTYPEN)])


def _data(blad: Blad) -> dict[str, Any]:
    papier = blad.papier
    contact = (papier.bezoekadres, papier.email, papier.website)
    kenmerk = dict(blad.kenmerken).get("Ons kenmerk", "")
    return {
        "papier": asdict(papier),
        "contact": [regel for regel in contact if regel],
        "adres": blad.adres,
        "kenmerken": blad.kenmerken,
        "onderwerp": blad.onderwerp,
        "vervolg": kenmerk,
        "voet": f"Ons kenmerk: {kenmerk}" if kenmerk else "",
        "concept": blad.is_concept,
        "groot": blad.is_groot,
        "blokken": [asdict(blok) for blok in blad.blokken],
    }
