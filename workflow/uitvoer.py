"""What went out of the program: a row for each list, print, letter or document that somebody took, for an auditor.

The row is written before the file goes: what cannot be noted is not handed out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from models import klok
from models.uitvoer import uitvoer
from workflow.overzichten import medewerkers
from workflow.zicht import hidden

SOORTEN: Mapping[str, str] = {
    "werkvoorraad": "Werkvoorraad",
    "schulden": "Lijst van schulden",
    "dossier": "Dossier op papier",
    "brief": "Brief",
    "stuk": "Stuk",
    "levering": "Levering DDAS",
}
"""What can be taken, in words."""

PER_BLAD = 100


@dataclass(frozen=True, slots=True)
class Uitvoer:
    """Something that was taken: when (UTC microseconds), by whom, and how many rows it held.

    `betreft` is the number of a dossier; None where it was about none, or `is_dicht`: that one is out of sight.
    """

    moment: int
    soort: str
    vorm: str
    betreft: str | None
    is_dicht: bool
    aantal: int
    wie: str


def note(db: Connection, soort: str, vorm: str, aantal: int, wie: str, betreft: str | None = None) -> None:
    """Note that a medewerker (pseudonym) takes something out."""
    waarden = {"soort": soort, "vorm": vorm, "betreft": betreft, "aantal": aantal, "wie": wie}
    db.execute(insert(uitvoer).values(**waarden, vastgelegd_op=klok.now_us()))


@dataclass(frozen=True, slots=True)
class Pagina:
    """A page of what was taken: its number, of how many, and how much was taken in all."""

    regels: tuple[Uitvoer, ...]
    blad: int
    bladen: int
    aantal: int


def page(db: Connection, soort: str = "", wie: str = "", blad: int = 1) -> Pagina:
    """A page of what was taken, the last first; beyond the end the last page. Three statements at most."""
    kolommen = {"soort": soort, "wie": wie}
    waar = [uitvoer.c[naam] == waarde for naam, waarde in kolommen.items() if waarde]
    aantal = int(db.execute(select(func.count()).select_from(uitvoer).where(*waar)).scalar_one())
    bladen = max(1, -(-aantal // PER_BLAD))
    blad = min(max(blad, 1), bladen)
    vraag = select(uitvoer).where(*waar).order_by(uitvoer.c.id.desc())
    rijen = db.execute(vraag.limit(PER_BLAD).offset((blad - 1) * PER_BLAD)).all()
    namen = medewerkers(db, {rij.wie for rij in rijen})
    return Pagina(tuple(_told(db, rij, namen) for rij in rijen), blad, bladen, aantal)


def _told(db: Connection, rij: Row[Any], namen: Mapping[str, str]) -> Uitvoer:
    is_dicht = rij.betreft is not None and hidden(db).has(rij.betreft)
    wie = namen.get(rij.wie, rij.wie)
    return Uitvoer(rij.vastgelegd_op, rij.soort, rij.vorm, None if is_dicht else rij.betreft, is_dicht, rij.aantal, wie)
