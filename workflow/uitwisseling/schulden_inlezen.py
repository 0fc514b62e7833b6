"""Debts of one traject from a table: all of it or nothing, and a second time adds nothing.

A row is one debt: schuldeiser, kenmerk, bedrag and what else is known. A row is known by creditor, reference and amount
as they stood in the file, also after the debt was changed here. A creditor that the register does not know stays a name
in this dossier, unless who imports chooses otherwise: a name in a table may be that of a private person.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import Connection

from models import klok
from workflow import schuldeisers
from workflow.kalender import date_of, short
from workflow.kluis import current
from workflow.schuldboek import MAX_SCHULDEN, Dossierboek, Melding, add, checked
from workflow.schuldboek import opened as open_book
from workflow.schuldeisers import SOORTEN, Register, Schuldeiser, plain
from workflow.schulden import Gegevens, Regel, Schuldenlijst
from workflow.uitwisseling import tabellen
from workflow.uitwisseling.tabellen import TabelGeweigerd, Tabelrij, read_table
from workflow.velden import EARLIEST, InvoerGeweigerd, read_date

T = TypeVar("T")

KOLOMMEN: Mapping[str, tuple[str, ...]] = {
    "schuldeiser": ("crediteur", "naam schuldeiser"),
    "kenmerk": ("referentie", "dossiernummer"),
    "bedrag": ("saldo", "schuld", "hoofdsom en kosten"),
    "rente_en_kosten": ("rente en kosten", "kosten"),
    "soort": ("schuldsoort",),
    "ontstaan_op": ("ontstaan op", "datum", "ontstaan"),
    "saldo_per": ("saldo per", "peildatum"),
    "wie": ("van", "wiens schuld"),
    "zakelijk": ("zakelijke schuld",),
    "privepersoon": ("privépersoon", "prive"),
    "via": ("deurwaarder", "incasso", "gemachtigde"),
    "notitie": ("opmerking", "toelichting"),
}
"""Column -> other names that it goes by."""

VERPLICHT = ("schuldeiser", "bedrag")
UITKOMSTEN = ("nieuw", "aanwezig", "verschilt")
LOS, NIEUW, PRIVE = "", "nieuw", "prive"
"""What may become of a creditor that is not known: a name here, a proposal for the register, a private person."""

MAX_FOUTEN = 200
_BIJ_VELD = {"peil_op": "saldo_per", "kosten": "rente_en_kosten", "naam": "schuldeiser", "is_prive": "privepersoon"}
_JA_NEE = {"": None, "ja": True, "j": True, "x": True, "nee": False, "n": False}


@dataclass(frozen=True, slots=True)
class Lezing:
    """One row: what it says, and what becomes of it. `was` is the debt that it is, or almost is."""

    rij: int
    naam: str
    gegevens: Gegevens
    uitkomst: str
    was: Regel | None = None


@dataclass(frozen=True, slots=True)
class Onbekend:
    """A creditor that the register does not know, with those that may be meant."""

    naam: str
    lijkt_op: tuple[Schuldeiser, ...]

    @property
    def vraag(self) -> str:
        """What the question who this is, is called in a form: by the name, since the list may change in between."""
        return f"wie-{sha256(plain(self.naam).encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Voorbeeld:
    """What a table would become: `fouten` when it cannot be taken in, else its rows."""

    fouten: tuple[tabellen.Melding, ...] = ()
    lezingen: tuple[Lezing, ...] = ()
    onbekend: tuple[Onbekend, ...] = ()

    @property
    def geteld(self) -> dict[str, int]:
        """How many rows there are of each outcome."""
        return {code: sum(lezing.uitkomst == code for lezing in self.lezingen) for code in UITKOMSTEN}


def preview(inhoud: bytes, lijst: Schuldenlijst, register: Register) -> Voorbeeld:
    """What a table would become."""
    try:
        tabel = read_table(inhoud)
    except TabelGeweigerd as geweigerd:
        return Voorbeeld(geweigerd.meldingen)
    kolommen = dict(_columns(tabel.kolommen))
    fouten = list(_heading_faults(tabel.kolommen, kolommen))
    lezer = _Lezer(lijst, register, kolommen)
    lezingen = [lezing for rij in tabel.rijen if (lezing := lezer.read(rij))] if not fouten else []
    fouten += lezer.fouten
    if len(lijst.regels) + len(lezingen) > MAX_SCHULDEN:
        fouten.append(_fault(0, "", f"Op een lijst staan hoogstens {MAX_SCHULDEN} schulden.", "too many debts"))
    if fouten:
        return Voorbeeld(tuple(fouten[:MAX_FOUTEN]))
    return Voorbeeld((), tuple(lezingen), tuple(_unknown(lezingen, register)))


def take_in(
    db: Connection, nummer: str, inhoud: bytes, keuzes: Mapping[str, str], melding: Melding
) -> tuple[Voorbeeld, list[Schuldeiser]]:
    """Take in the new debts of a table; what it became, and the creditors that were proposed.

    `keuzes`: for a creditor that is not known, by its name: LOS, NIEUW, PRIVE or a code of the register. Raises
    TabelGeweigerd when anything in it is wrong, and what `schuldboek.add` raises.
    """
    boek = open_book(db, nummer)
    voorbeeld = preview(inhoud, boek.lijst, boek.register)
    if voorbeeld.fouten:
        raise TabelGeweigerd(*voorbeeld.fouten)
    nieuw = [lezing.gegevens for lezing in voorbeeld.lezingen if lezing.uitkomst == "nieuw"]
    gekozen = {een.naam: keuzes.get(een.naam, LOS) for een in voorbeeld.onbekend}
    door = melding.door.pseudoniem
    voorgesteld = {naam: _propose(boek, naam, nieuw, door) for naam, keuze in gekozen.items() if keuze == NIEUW}
    codes = {plain(n): k for n, k in (gekozen | {naam: wie.code for naam, wie in voorgesteld.items()}).items()}
    if nieuw:
        add(db, nummer, [_as_chosen(een, codes) for een in nieuw], melding)
    return voorbeeld, list(voorgesteld.values())


def _propose(boek: Dossierboek, naam: str, nieuw: Sequence[Gegevens], door: str) -> Schuldeiser:
    soort = next((een.soort for een in nieuw if een.naam == naam), "Overig")
    return schuldeisers.add(boek.db, Schuldeiser("", naam, soort, is_voorstel=True), door, boek.register)


def _as_chosen(een: Gegevens, codes: Mapping[str, str]) -> Gegevens:
    keuze = codes.get(plain(een.naam), LOS)
    if keuze in (LOS, NIEUW) or een.is_prive:
        return een
    return replace(een, is_prive=True) if keuze == PRIVE else replace(een, schuldeiser=keuze, naam="")


def _unknown(lezingen: Sequence[Lezing], register: Register) -> Iterator[Onbekend]:
    """Each once, however often and with whatever capitals its name is written."""
    nieuw = (een.gegevens for een in lezingen if een.uitkomst == "nieuw")
    namen: dict[str, str] = {}
    for g in nieuw:
        if g.naam and not g.is_prive:
            namen.setdefault(plain(g.naam), g.naam)
    for naam in namen.values():
        yield Onbekend(naam, tuple(register.look_alikes(naam)))


# -- Rows --------------------------------------------------------------------------------------------------------------


class _Fout(Exception):
    """What is wrong with one cell."""

    def __init__(self, kolom: str, tekst: str, text: str) -> None:
        super().__init__(text)
        self.kolom, self.tekst, self.text = kolom, tekst, text


class _Fouten(Exception):
    """What is wrong with the cells of one row."""

    def __init__(self, fouten: Sequence[_Fout]) -> None:
        super().__init__()
        self.fouten = fouten


class _Cellen:
    """Reads the cells of one row to the last, so that all that is wrong with it is known at once."""

    def __init__(self) -> None:
        self._fouten: list[_Fout] = []

    def read(self, lees: Callable[..., T], *waarmee: Any) -> T | None:
        """What is read; None where it is wrong."""
        try:
            return lees(*waarmee)
        except _Fout as fout:
            self._fouten.append(fout)
            return None

    def refuse(self) -> None:
        """Raises _Fouten when anything was wrong."""
        if self._fouten:
            raise _Fouten(self._fouten)


class _Lezer:
    """Reads rows, beside what is on the list already."""

    def __init__(self, lijst: Schuldenlijst, register: Register, kolommen: Mapping[str, str]) -> None:
        self.lijst, self.register, self.kolommen = lijst, register, kolommen
        self.fouten: list[tabellen.Melding] = []
        self._gezien: dict[str, int] = {}
        self._op_lijst = {regel.gegevens.herkomst: regel for regel in lijst.regels if regel.gegevens.herkomst}

    def read(self, rij: Tabelrij) -> Lezing | None:
        """One row with what becomes of it; what is wrong with it is noted."""
        cellen = {naam: rij.cellen.get(kolom, "") for naam, kolom in self.kolommen.items()}
        try:
            return self._reading(rij.nummer, cellen)
        except _Fouten as rij_fouten:
            for fout in rij_fouten.fouten:
                self.fouten.append(_fault(rij.nummer, self.kolommen.get(fout.kolom, fout.kolom), fout.tekst, fout.text))
        except InvoerGeweigerd as geweigerd:
            for veld, zin in geweigerd.fouten.items():
                kolom = _BIJ_VELD.get(veld, veld)
                self.fouten.append(_fault(rij.nummer, self.kolommen.get(kolom, kolom), zin, f"{kolom} is refused"))
        return None

    def _reading(self, nummer: int, cellen: Mapping[str, str]) -> Lezing:
        naam = cellen["schuldeiser"]
        gegevens = self._facts(cellen)
        herkomst = self._fingerprint(naam, gegevens)
        if bekend := self._op_lijst.get(herkomst) or self._alike(gegevens, is_heel=True):
            return Lezing(nummer, naam, gegevens, "aanwezig", bekend)
        if anders := self._alike(gegevens, is_heel=False):
            return Lezing(nummer, naam, gegevens, "verschilt", anders)
        return Lezing(nummer, naam, replace(gegevens, herkomst=herkomst), "nieuw")

    def _facts(self, cellen: Mapping[str, str]) -> Gegevens:
        rij = _Cellen()
        is_prive = bool(rij.read(_yes_no, cellen, "privepersoon"))
        bekend = rij.read(self._creditor, cellen["schuldeiser"], is_prive)
        gegevens = Gegevens(
            schuldeiser=bekend.code if bekend else "",
            naam="" if bekend else cellen["schuldeiser"],
            is_prive=is_prive,
            via=cellen.get("via", ""),
            kenmerk=cellen.get("kenmerk", ""),
            bedrag=rij.read(_cents, cellen, "bedrag"),
            kosten=rij.read(_cents, cellen, "rente_en_kosten"),
            ontstaan_op=rij.read(_day, cellen, "ontstaan_op") or "",
            peil_op=rij.read(_day, cellen, "saldo_per") or "",
            soort=rij.read(self._soort, cellen, bekend) or "",
            is_zakelijk=rij.read(_yes_no, cellen, "zakelijk"),
            wie=rij.read(self._whose, cellen) or "",
            notitie=cellen.get("notitie", ""),
        )
        rij.refuse()
        return checked(gegevens, self.register, self.lijst.wie)

    def _creditor(self, naam: str, is_prive: bool) -> Schuldeiser | None:
        """Who it is in the register; None for who is not in it."""
        if not naam:
            raise _Fout("schuldeiser", "Vul de schuldeiser in.", "the creditor is missing")
        bekend = None if is_prive else self.register.find(naam)
        if bekend and not bekend.is_te_kiezen:
            raise _Fout("schuldeiser", f"{bekend.naam} is in het register afgesloten.", "is a creditor that was closed")
        return bekend

    def _soort(self, cellen: Mapping[str, str], bekend: Schuldeiser | None) -> str:
        tekst = cellen.get("soort", "")
        gevonden = next((code for code in SOORTEN if code.casefold() == tekst.casefold()), None)
        if tekst and gevonden is None:
            raise _Fout("soort", f"Kies uit: {', '.join(SOORTEN)}.", f"must be one of {', '.join(SOORTEN)}")
        return gevonden or (bekend.soort if bekend else "Overig")

    def _whose(self, cellen: Mapping[str, str]) -> str:
        tekst = cellen.get("wie", "").casefold()
        if tekst in ("", "samen", "beiden"):
            return ""
        namen = {code: naam.casefold() for code, naam in self.lijst.wie.items()}
        gevonden = [code for code, naam in namen.items() if tekst in (naam, naam.split()[0])]
        if len(gevonden) != 1:
            raise _Fout(
                "wie", f"Kies uit: {', '.join([*self.lijst.wie.values(), 'samen'])}.", "is nobody of this traject"
            )
        return gevonden[0]

    def _fingerprint(self, naam: str, gegevens: Gegevens) -> str:
        """What the row is known by; the second of two equal rows counts as another."""
        wat = json.dumps([plain(naam), gegevens.kenmerk.casefold(), gegevens.bedrag])
        self._gezien[wat] = keer = self._gezien.get(wat, 0) + 1
        return current().index("schuld", f"{wat}#{keer}")[:32]

    def _alike(self, nieuw: Gegevens, is_heel: bool) -> Regel | None:
        """A debt that was not imported with this creditor and reference, and (`is_heel`) this amount too."""
        for regel in self.lijst.regels:
            g = regel.gegevens
            zelfde = self._same_creditor(regel, nieuw) and plain(g.kenmerk) == plain(nieuw.kenmerk)
            if zelfde and (g.bedrag == nieuw.bedrag and not g.herkomst if is_heel else bool(nieuw.kenmerk)):
                return regel
        return None

    def _same_creditor(self, regel: Regel, nieuw: Gegevens) -> bool:
        if nieuw.schuldeiser:
            return regel.code == self.register.survivor(nieuw.schuldeiser)
        return plain(regel.schuldeiser) == plain(nieuw.naam)


def _yes_no(cellen: Mapping[str, str], kolom: str) -> bool | None:
    tekst = cellen.get(kolom, "").casefold()
    if tekst not in _JA_NEE:
        raise _Fout(kolom, "Vul ja of nee in, of laat leeg.", "must be ja or nee")
    return _JA_NEE[tekst]


def _cents(cellen: Mapping[str, str], kolom: str) -> int | None:
    try:
        return read_cents(cellen.get(kolom, ""))
    except ValueError as fout:
        raise _Fout(kolom, str(fout), "is no amount") from None


def read_cents(tekst: str) -> int | None:
    """An amount in cents, None when nothing is filled in: 1.234,50 or 1234,5 or 12.50. Raises ValueError, in Dutch."""
    kaal = re.sub(r"[€\s]|,-$", "", tekst)
    if not kaal:
        return None
    if m := re.fullmatch(r"(\d{1,3}(?:\.\d{3})+|\d{1,9})(?:[,](\d{1,2}))?", kaal, re.ASCII):
        euro, cent = m[1].replace(".", ""), m[2] or ""
    elif m := re.fullmatch(r"(\d{1,9})\.(\d{1,2})", kaal, re.ASCII):
        euro, cent = m[1], m[2]
    else:
        raise ValueError("Vul een bedrag in, bijvoorbeeld 1.234,50.")
    return int(euro) * 100 + int(cent.ljust(2, "0"))


def _day(cellen: Mapping[str, str], kolom: str) -> str:
    tekst = cellen.get(kolom, "")
    if not tekst:
        return ""
    try:
        dag = read_date(tekst)
    except ValueError as fout:
        raise _Fout(kolom, str(fout), "is no date") from None
    if dag > klok.today():
        raise _Fout(kolom, "Deze dag is nog niet geweest.", "lies in the future")
    if dag < EARLIEST:
        raise _Fout(kolom, f"Deze dag kan niet voor {short(EARLIEST)} liggen.", "lies before 1900")
    return date_of(dag).isoformat()


# -- The heading -------------------------------------------------------------------------------------------------------


def _columns(namen: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each column that is known, with what it is called in this table."""
    for kolom, ook in KOLOMMEN.items():
        if gevonden := next((naam for naam in (kolom, *ook) if naam in namen), None):
            yield kolom, gevonden


def _heading_faults(namen: Sequence[str], kolommen: Mapping[str, str]) -> Iterator[tabellen.Melding]:
    for naam in (naam for naam in VERPLICHT if naam not in kolommen):
        yield _fault(1, naam, f"Kolom {naam} ontbreekt.", "this column is missing")
    for naam in sorted(set(namen) - set(kolommen.values())):
        yield _fault(1, naam, "Deze kolom is niet bekend.", "no such column is known")


def _fault(rij: int, kolom: str, tekst: str, text: str) -> tabellen.Melding:
    return tabellen.Melding(rij, kolom, tekst, text)
