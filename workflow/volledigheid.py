"""Completeness: a list from somebody's own administration against the log. Nothing is written.

Each row of the list is a dossiernummer, the day it began and the day it ended (empty: still open). Rows and main
trajecten are matched by dossiernummer: what stands in the list only is missing here, what stands in the log only is
missing there, and of what stands in both the days are compared. The file is CSV or XLSX as `tabellen` reads it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from models.traject import traject
from workflow.indicatoren import Kader, Periode, Vraag
from workflow.uitwisseling.tabellen import Melding, Tabel, TabelGeweigerd, Tabelrij, read_table
from workflow.velden import read_date

KOPPEN: Mapping[str, tuple[str, ...]] = {
    "nummer": ("dossiernummer", "dossier", "nummer", "trajectnummer"),
    "begin": ("begin", "begonnen", "begindatum", "start", "startdatum"),
    "einde": ("einde", "eind", "geëindigd", "einddatum", "eindigde", "end"),
}
"""What is asked of a row -> the headings that name it."""

UITKOMSTEN = ("onleesbaar", "dubbel", "ontbreekt_hier", "ontbreekt_daar", "verschilt", "gelijk")


@dataclass(frozen=True, slots=True)
class Dagen:
    """The days on which a traject began and ended."""

    begin: int | None
    einde: int | None


@dataclass(frozen=True, slots=True)
class Regel:
    """What was found of one dossier: on which line of the file (0: on none), `hier` by the log, `daar` by the list.

    `fout` says in Dutch and English what is wrong with a line that was not compared.
    """

    uitkomst: str
    nummer: str
    rij: int
    daar: Dagen | None = None
    hier: Dagen | None = None
    fout: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Vergelijking:
    """All that is not the same, in order of the file, then what it misses; `geteld` counts each outcome."""

    regels: tuple[Regel, ...]
    geteld: Mapping[str, int]

    def of(self, uitkomst: str) -> tuple[Regel, ...]:
        """The lines with this outcome."""
        return tuple(regel for regel in self.regels if regel.uitkomst == uitkomst)


def compare(db: Connection, inhoud: bytes, periode: Periode | None = None, gemeente: str | None = None) -> Vergelijking:
    """Compare a list with the log. Raises TabelGeweigerd for a file that is no such list.

    With a period or a gemeente only trajecten that ran in it, and are of it now, are missed in the list.
    """
    tabel = read_table(inhoud)
    koppen = _headings(tabel)
    hier = {nummer: Dagen(begin, einde) for nummer, begin, einde in db.execute(_known())}
    gelezen = list(_read(tabel, koppen, hier))
    genoemd = {regel.nummer for regel in gelezen}
    verwacht = db.execute(_expected(db, periode, gemeente)).scalars()
    gemist = [Regel("ontbreekt_daar", n, 0, hier=hier[n]) for n in verwacht if n not in genoemd]
    alle = [*gelezen, *gemist]
    geteld = Counter(regel.uitkomst for regel in alle)
    return Vergelijking(
        tuple(regel for regel in alle if regel.uitkomst != "gelijk"), {code: geteld[code] for code in UITKOMSTEN}
    )


def _known() -> Select[Any]:
    """Every traject with its days; one that was withdrawn has none, and is not there."""
    t = traject.c
    return select(t.nummer, t.begonnen_op, t.beeindigd_op).where(t.begonnen_op.is_not(None))


def _expected(db: Connection, periode: Periode | None, gemeente: str | None) -> Select[Any]:
    """The main trajecten that a list should have, in order of their begin."""
    t = traject.c
    hoofd = Kader(db, Vraag(Periode(0, 1))).wegwijzer.hoofdroutes
    keuze = select(t.nummer).where(t.route.in_(hoofd), t.begonnen_op.is_not(None)).order_by(t.begonnen_op, t.nummer)
    if periode is not None:
        keuze = keuze.where(t.begonnen_op < periode.tot, or_(t.beeindigd_op.is_(None), t.beeindigd_op >= periode.van))
    return keuze if gemeente is None else keuze.where(t.gemeente == gemeente)


def _headings(tabel: Tabel) -> Mapping[str, str]:
    """What is asked of a row -> the heading that this file has for it. Raises TabelGeweigerd."""
    gevonden = {wat: next((naam for naam in namen if naam in tabel.kolommen), "") for wat, namen in KOPPEN.items()}
    if mist := [namen[0] for wat, namen in KOPPEN.items() if not gevonden[wat]]:
        tekst = f"Geef elke rij de kolommen dossiernummer, begin en einde. Niet gevonden: {', '.join(mist)}."
        raise TabelGeweigerd(Melding(0, "", tekst, f"no rows with the column {', '.join(mist)}"))
    return gevonden


def _read(tabel: Tabel, koppen: Mapping[str, str], hier: Mapping[str, Dagen]) -> Iterator[Regel]:
    eerste: dict[str, int] = {}
    for rij in tabel.rijen:
        nummer = rij.cellen.get(koppen["nummer"], "").upper()
        if eerder := eerste.get(nummer):
            yield Regel("dubbel", nummer, rij.nummer, fout=(f"Staat ook op regel {eerder}.", f"also on row {eerder}"))
            continue
        eerste[nummer] = rij.nummer
        yield _compared(nummer, rij, koppen, hier.get(nummer))


def _compared(nummer: str, rij: Tabelrij, koppen: Mapping[str, str], hier: Dagen | None) -> Regel:
    try:
        daar = Dagen(*(_day(rij.cellen.get(koppen[wat], "")) for wat in ("begin", "einde")))
    except ValueError as fout:
        return Regel("onleesbaar", nummer, rij.nummer, hier=hier, fout=(str(fout), "a day that cannot be read"))
    if not nummer:
        return Regel("onleesbaar", nummer, rij.nummer, daar, fout=("Hier staat geen nummer.", "no dossiernummer"))
    if hier is None:
        return Regel("ontbreekt_hier", nummer, rij.nummer, daar)
    return Regel("gelijk" if daar == hier else "verschilt", nummer, rij.nummer, daar, hier)


def _day(tekst: str) -> int | None:
    return read_date(tekst) if tekst else None
