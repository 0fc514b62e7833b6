"""Reports of partners from a table: all of it or nothing, and a second time adds nothing.

Each row is one number: indicator, periode (or van and tot), opgever, gemeente, reeks, plaats, aantal. Rows of one
opgever, gemeente, indicator and period are one report. An empty number is not reported, which differs from 0. What was
reported already stays as it is: a difference is told, and corrected on the screen with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from models import klok
from workflow import opgaven, perioden
from workflow.kaarten import in_force
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Actor
from workflow.opgavecontrole import in_words, places, places_for
from workflow.opgaven import Opgave
from workflow.opgaveveld import MAX_AANTAL, Regel
from workflow.register import name_in, read_register
from workflow.routekaart import GEHEEL, Opgavesoort, Opgever
from workflow.uitwisseling.tabellen import Melding, Tabel, TabelGeweigerd, Tabelrij, read_table
from workflow.velden import InvoerGeweigerd, read_date

KOLOMMEN = ("indicator", "periode", "van", "tot", "opgever", "gemeente", "reeks", "plaats", "aantal")
VERPLICHT = ("indicator", "aantal")
UITKOMSTEN = ("nieuw", "aanwezig", "verschilt")
MAX_FOUTEN = 200


class _Fout(Exception):
    """What is wrong with one cell, in Dutch and English."""

    def __init__(self, kolom: str, tekst: str, text: str) -> None:
        super().__init__(text)
        self.kolom, self.tekst, self.text = kolom, tekst, text


@dataclass(frozen=True, slots=True)
class Lezing:
    """One report of the table: its first row, what it says, and what becomes of it. `nummer`: the one that is there.

    `aantallen` are its numbers with the names of reeks and place; what has no places has no name of one.
    """

    rij: int
    opgave: Opgave
    naam: str
    periode: str
    uitkomst: str
    nummer: str | None = None
    aantallen: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Voorbeeld:
    """What a table would become: `fouten` when it cannot be taken in, else its reports. `leeg`: rows without number."""

    fouten: tuple[Melding, ...] = ()
    lezingen: tuple[Lezing, ...] = ()
    leeg: int = 0

    @property
    def geteld(self) -> dict[str, int]:
        """How many reports there are of each outcome."""
        return {code: sum(lezing.uitkomst == code for lezing in self.lezingen) for code in UITKOMSTEN}


@dataclass
class _Verzameld:
    """Rows of one report, as they are met."""

    rij: int
    regels: dict[tuple[str, str], int] = field(default_factory=dict)


def preview(db: Connection, inhoud: bytes, opgever: str | None = None) -> Voorbeeld:
    """What a table would become. With `opgever`, rows of other organisations are refused."""
    try:
        tabel = read_table(inhoud)
    except TabelGeweigerd as geweigerd:
        return Voorbeeld(geweigerd.meldingen)
    lezer = _Lezer(db, opgever)
    lezer.read(tabel)
    if lezer.fouten:
        return Voorbeeld(tuple(lezer.fouten[:MAX_FOUTEN]))
    return Voorbeeld((), tuple(lezer.readings()), lezer.leeg)


def import_reports(
    db: Connection, inhoud: bytes, door: Actor, opgever: str | None = None, done: Callable[[int], None] = lambda _: None
) -> Voorbeeld:
    """Take in the new reports of a table. Raises TabelGeweigerd when anything in it is wrong."""
    voorbeeld = preview(db, inhoud, opgever)
    if voorbeeld.fouten:
        raise TabelGeweigerd(*voorbeeld.fouten)
    for lezing in voorbeeld.lezingen:
        if lezing.uitkomst == "nieuw":
            _hand_in(db, lezing, door)
        done(1)
    return voorbeeld


def _hand_in(db: Connection, lezing: Lezing, door: Actor) -> None:
    try:
        opgaven.hand_in(db, lezing.opgave, door=door)
    except (InvoerGeweigerd, OvergangGeweigerd) as fout:
        raise TabelGeweigerd(Melding(lezing.rij, "indicator", str(fout), str(fout))) from None


class _Lezer:
    """Reads rows by what the map asks for."""

    def __init__(self, db: Connection, opgever: str | None) -> None:
        self.db = db
        self.alleen = opgever
        self.kaart = in_force(db)
        self.register = read_register(db)
        self.fouten: list[Melding] = []
        self.leeg = 0
        self._gevonden: dict[tuple[str, str, str, int, int], _Verzameld] = {}

    def read(self, tabel: Tabel) -> None:
        """Take in every row; what is wrong is noted and the next row read."""
        self.fouten = list(_heading_faults(tabel.kolommen))
        for rij in tabel.rijen if not self.fouten else ():
            try:
                self._take(rij)
            except _Fout as fout:
                self.fouten.append(Melding(rij.nummer, fout.kolom, fout.tekst, fout.text))

    def _take(self, rij: Tabelrij) -> None:
        if not rij.cellen.get("aantal", ""):
            self.leeg += 1
            return
        soort = self._soort(rij)
        van, tot = self._period(rij, soort)
        wie = self._reporter(rij, soort)
        reeks, plaats = self._reeks(rij, soort), self._place(rij, soort, wie)
        aantal = _number(rij)
        gemeente = self._gemeente(rij, soort, wie)
        rest = self._gevonden.setdefault((soort.code, wie.organisatie, gemeente, van, tot), _Verzameld(rij.nummer))
        if (reeks, plaats) in rest.regels:
            raise _Fout("aantal", "Dit aantal staat al in een eerdere rij.", "an earlier row has this number already")
        rest.regels[reeks, plaats] = aantal

    def _soort(self, rij: Tabelrij) -> Opgavesoort:
        for soort in self.kaart.opgaven.values():
            if rij.cellen.get("indicator", "").casefold() in (soort.code.casefold(), soort.naam.casefold()):
                return soort
        raise _Fout("indicator", "Deze indicator wordt niet opgegeven.", "no such indicator is reported")

    def _period(self, rij: Tabelrij, soort: Opgavesoort) -> perioden.Periode:
        van, tot = _days(rij, soort)
        if not (van < tot and perioden.fits(soort.ritme, van, tot)):
            raise _Fout("van", f"Dit is geen hele periode: {soort.ritme}.", f"is no whole {soort.ritme}")
        if van < soort.vanaf or (soort.tot is not None and tot > soort.tot):
            raise _Fout("periode", "Over deze periode wordt niets gevraagd.", "nothing is asked about this period")
        if tot > klok.today() + 1:
            raise _Fout("periode", "Deze periode is nog niet voorbij.", "this period is not over yet")
        return van, tot

    def _reporter(self, rij: Tabelrij, soort: Opgavesoort) -> Opgever:
        tekst = rij.cellen.get("opgever", "") or self.alleen or ""
        wie = soort.opgevers.get(self._organisation(tekst) or tekst) or self._only_one(soort, tekst)
        if wie is None:
            raise _Fout("opgever", f"Geen opgever van {soort.naam}.", "does not report this indicator")
        if self.alleen not in (None, wie.organisatie):
            raise _Fout("opgever", "U geeft alleen op voor uw eigen organisatie.", "is not your organisation")
        return wie

    @staticmethod
    def _only_one(soort: Opgavesoort, tekst: str) -> Opgever | None:
        return next(iter(soort.opgevers.values())) if not tekst and len(soort.opgevers) == 1 else None

    @cached_property
    def _organisations(self) -> Mapping[str, str]:
        namen = {wie.naam.casefold(): code for code, wie in self.register.items()}
        return namen | {code.casefold(): code for code in self.register}

    def _organisation(self, tekst: str) -> str:
        return self._organisations.get(tekst.casefold(), "")

    def _gemeente(self, rij: Tabelrij, soort: Opgavesoort, wie: Opgever) -> str:
        tekst = rij.cellen.get("gemeente", "")
        if not tekst and len(wie.gemeenten) == 1:
            return wie.gemeenten[0]
        gevonden = _by_code_or_name(self.kaart.gemeenten, tekst)
        if gevonden not in wie.gemeenten:
            zin = f"Deze organisatie geeft {soort.naam} niet op voor deze gemeente."
            raise _Fout("gemeente", zin, "is not a gemeente that this opgever reports about")
        return gevonden

    def _reeks(self, rij: Tabelrij, soort: Opgavesoort) -> str:
        namen = {reeks.code: reeks.naam for reeks in soort.reeksen.values()}
        tekst = rij.cellen.get("reeks", "")
        gevonden = next(iter(namen)) if not tekst and len(namen) == 1 else _by_code_or_name(namen, tekst)
        if gevonden is None:
            raise _Fout("reeks", f"Kies uit: {', '.join(namen)}.", f"must be one of {', '.join(namen)}")
        return gevonden

    def _place(self, rij: Tabelrij, soort: Opgavesoort, wie: Opgever) -> str:
        tekst = rij.cellen.get("plaats", "")
        if not soort.has_places:
            if tekst.casefold() not in ("", GEHEEL):
                raise _Fout("plaats", "Hier hoort geen plaats bij.", "this indicator has no places")
            return GEHEEL
        gevonden = _by_code_or_name(places(soort, self.register), tekst)
        if gevonden is None:
            raise _Fout("plaats", f"Onbekend: {soort.per}.", f"no such {soort.per}")
        if gevonden not in places_for(soort, wie.organisatie, self.register):
            zin = f"Deze organisatie geeft {soort.naam} niet op voor deze plaats."
            raise _Fout("plaats", zin, "is not a place that this opgever reports about")
        return gevonden

    def readings(self) -> Iterable[Lezing]:
        """The reports found, each with what becomes of it."""
        for (code, wie, gemeente, van, tot), verzameld in self._gevonden.items():
            soort = self.kaart.opgaven[code]
            regels: tuple[Regel, ...] = tuple(sorted((r, p, n) for (r, p), n in verzameld.regels.items()))
            nieuw = Opgave(code, wie, gemeente, van, tot, regels)
            nummer = opgaven.number_of(self.db, soort, nieuw)
            uitkomst = "nieuw" if nummer is None else self._compared(nummer, nieuw)
            naam, periode = name_in(self.register, wie), in_words(soort, van, tot)
            yield Lezing(verzameld.rij, nieuw, naam, periode, uitkomst, nummer, tuple(self._in_words(soort, regels)))

    def _in_words(self, soort: Opgavesoort, regels: Iterable[Regel]) -> Iterator[tuple[str, str, int]]:
        for reeks, plaats, aantal in regels:
            yield soort.reeksen[reeks].naam, places(soort, self.register)[plaats] if soort.has_places else "", aantal

    def _compared(self, nummer: str, nieuw: Opgave) -> str:
        return "aanwezig" if opgaven.read(self.db, nummer).opgave == nieuw else "verschilt"


def _heading_faults(namen: Sequence[str]) -> Iterator[Melding]:
    for naam in (naam for naam in VERPLICHT if naam not in namen):
        yield Melding(1, naam, f"Kolom {naam} ontbreekt.", "this column is missing")
    for naam in sorted(set(namen) - set(KOLOMMEN)):
        yield Melding(1, naam, "Deze kolom is niet bekend.", "no such column is known")


def _by_code_or_name(namen: Mapping[str, str], tekst: str) -> str | None:
    laag = tekst.casefold()
    return next((code for code, naam in namen.items() if laag in (code.casefold(), naam.casefold())), None)


def _days(rij: Tabelrij, soort: Opgavesoort) -> perioden.Periode:
    if not (rij.cellen.get("van") or rij.cellen.get("tot")):
        return _whole(rij, soort)
    dagen = _day(rij, "van"), _day(rij, "tot")
    if rij.cellen.get("periode") and _named(rij, soort) != perioden.slot(soort.ritme, dagen[0]):
        raise _Fout("periode", "De periode is een andere dan die van van en tot.", "van and tot say another period")
    return dagen


def _whole(rij: Tabelrij, soort: Opgavesoort) -> perioden.Periode:
    """The period that is named; of an editie the days are asked, as on the screen."""
    if soort.ritme == "editie":
        raise _Fout("van", "Vul van en tot in: op welke dagen was deze editie?", "an edition needs van and tot")
    return _named(rij, soort)


def _named(rij: Tabelrij, soort: Opgavesoort) -> perioden.Periode:
    tekst = rij.cellen.get("periode", "")
    try:
        return _month_of_date(soort, tekst) or perioden.read(soort.ritme, tekst)
    except ValueError as fout:
        raise _Fout("periode", str(fout), "is no period of this indicator") from None


def _month_of_date(soort: Opgavesoort, tekst: str) -> perioden.Periode | None:
    """The month whose first day this is: a spreadsheet makes a date of "2025-11"."""
    if soort.ritme != "maand" or not re.fullmatch(r"\d{4}-\d{2}-01", tekst, re.ASCII):
        return None
    return perioden.slot("maand", read_date(tekst))


def _day(rij: Tabelrij, kolom: str) -> int:
    if not rij.cellen.get(kolom):
        raise _Fout(kolom, "Vul van en tot allebei in, of geen van beide.", "van and tot go together")
    try:
        return read_date(rij.cellen[kolom])
    except ValueError as fout:
        raise _Fout(kolom, str(fout), "is no date") from None


def _number(rij: Tabelrij) -> int:
    tekst: Any = rij.cellen.get("aantal", "")
    if re.fullmatch(r"\d{1,3}(\.\d{3})+|\d{1,9}", tekst, re.ASCII) and int(tekst.replace(".", "")) <= MAX_AANTAL:
        return int(tekst.replace(".", ""))
    raise _Fout("aantal", "Vul een heel getal in, 0 of meer.", "must be a whole number, 0 or more")
