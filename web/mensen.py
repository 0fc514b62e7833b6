"""The people in a form: what is typed of them, who they may be, and what is known of them otherwise.

Nobody is registered twice unawares and nothing known is changed unawares: who looks alike is asked about, and so are
data that differ from what is known. Each question is put once; an answer holds as long as nothing else is typed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import g, request
from sqlalchemy import Connection
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice

from web.beveiliging import log
from web.formulieren import Basisform, DatumField, asked
from workflow import personen
from workflow.gelijkenis import Verschil, changes, completed, contradictions, updated
from workflow.kalender import date_of, short
from workflow.personen import Persoon
from workflow.persoonsgegevens import Gegevens, as_bsn, check, in_blocks
from workflow.velden import InvoerGeweigerd, read_date

WIE = ("eerste", "tweede")
NIEUW = "nieuw"
PERSOONSVELDEN = {
    "voornaam": "Voornaam",
    "tussenvoegsel": "Tussenvoegsel",
    "achternaam": "Achternaam",
    "geboortedatum": "Geboortedatum",
    "bsn": "BSN",
    "postcode": "Postcode",
    "huisnummer": "Huisnummer",
    "toevoeging": "Toevoeging",
    "woonplaats": "Woonplaats",
    "telefoon": "Telefoon",
    "email": "E-mail",
}
MAX_GENOEMD = 5
ANDERS = "Nee, dit is iemand anders"
ONBESLIST = "Kies of dit dezelfde persoon is."
ONBEKEND = "Kies een van de genoemde personen."
BEZET = "Er is al een persoon met dit BSN."
BEZET_EN_DICHT = f"{BEZET} Het dossier is voor u afgeschermd: vraag uw coördinator."
TWEEMAAL = "U koos twee keer dezelfde persoon."
ZELFDE_BSN = "Beide personen hebben hetzelfde BSN."


@dataclass(frozen=True, slots=True)
class Bekende:
    """Somebody who is known and may be meant, with their root trajecten."""

    persoon: Persoon
    trajecten: Sequence[Any]


@dataclass(slots=True)
class Mens:
    """One person of the form: as typed, who that may be, and who was chosen."""

    wie: str
    getypt: Gegevens
    bekenden: Sequence[Bekende]
    keuze: str

    @property
    def gekozen(self) -> Persoon | None:
        """The known person who was chosen."""
        return next((b.persoon for b in self.bekenden if b.persoon.pseudoniem == self.keuze), None)

    @property
    def is_nieuw(self) -> bool:
        """Whether this is somebody to register."""
        return not self.bekenden or self.keuze == NIEUW

    @property
    def wijzigingen(self) -> list[Verschil]:
        """What the typed data would change of what is known."""
        return changes(self.gekozen.gegevens, self.getypt) if self.gekozen else []

    @property
    def tegenspraak(self) -> list[Verschil]:
        """What is known otherwise, and stays so."""
        return contradictions(self.gekozen.gegevens, self.getypt) if self.gekozen else []

    @property
    def vraag(self) -> str:
        """The question about these differences, as a mark in the form; empty when there is nothing to ask."""
        verschillen = [*self.wijzigingen, *self.tegenspraak]
        return _mark([self.keuze, *map(repr, verschillen)]) if verschillen else ""

    @property
    def zoekmerk(self) -> str:
        """Who was looked up, as a mark in the form."""
        g = self.getypt
        return _mark([g.voornaam, g.tussenvoegsel, g.achternaam, g.geboortedatum, g.bsn])

    @property
    def is_gegeven(self) -> bool:
        """Whether anything was typed."""
        return self.getypt != Gegevens("")


def _mark(delen: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(delen).encode("utf-8", "replace")).hexdigest()[:16]


# -- The form ----------------------------------------------------------------------------------------------------------


def person_fields() -> dict[str, Any]:
    """The fields of a form about two people."""
    return {f"{wie}_{naam}": veld for wie in WIE for naam, veld in _fields_of(wie)}


def _fields_of(wie: str) -> Iterator[tuple[str, Any]]:
    for naam, label in PERSOONSVELDEN.items():
        soort = DatumField if naam == "geboortedatum" else StringField
        yield naam, soort(label, asked(naam == "achternaam" and wie == WIE[0]))
    yield "is", RadioField("Is dit iemand die u al kent?", asked(True), choices=[], validate_choice=False)
    yield "bijwerken", BooleanField("Gegevens bijwerken met wat hierboven is ingevuld", asked(True))
    yield "gevraagd", HiddenField()
    yield "gezocht", HiddenField()


def typed(form: Basisform, wie: str) -> Gegevens:
    """The person as typed; a date of birth that cannot be read stays as it is, and is refused by `check`."""
    gegevens = Gegevens(**{naam: " ".join((form[f"{wie}_{naam}"].data or "").split()) for naam in PERSOONSVELDEN})
    gegevens = replace(gegevens, postcode=gegevens.postcode.upper().replace(" ", ""), bsn=as_bsn(gegevens.bsn))
    try:
        return replace(gegevens, geboortedatum=date_of(read_date(gegevens.geboortedatum)).isoformat())
    except ValueError:
        return gegevens


def people_in(db: Connection, form: Basisform, zoekt: bool) -> list[Mens]:
    """The people of a form that was sent, with who they may be."""
    mensen = []
    for wie in WIE:
        getypt = typed(form, wie)
        keuze = form[f"{wie}_is"].data or "" if getypt != Gegevens("") else ""
        mensen.append(Mens(wie, getypt, _known(db, getypt, keuze, zoekt), keuze))
    return mensen


def _known(db: Connection, getypt: Gegevens, keuze: str, zoekt: bool) -> list[Bekende]:
    """Who looks alike, whoever was chosen, and when asked to look: who is called so."""
    gevonden = {p.pseudoniem: p for p in personen.look_alikes(db, getypt)}
    if keuze not in ("", NIEUW, *gevonden):
        gekozen = personen.by_pseudonym(db, [personen.survivor(db, keuze)])
        gevonden |= {p.pseudoniem: p for p in personen.in_sight(db, gekozen.values())}
    if zoekt and not gevonden:
        gevonden = {p.pseudoniem: p for p in personen.by_name(db, getypt.naam, MAX_GENOEMD)}
    trajecten = personen.trajecten_of(db, list(gevonden)) if gevonden else {}
    return [Bekende(p, trajecten.get(p.pseudoniem, ())) for p in gevonden.values()]


def is_looked_up(form: Basisform, mens: Mens) -> bool:
    """Whether this person, as typed now, was looked up before."""
    return bool(form[f"{mens.wie}_gezocht"].data == mens.zoekmerk)


def offer(form: Basisform, mensen: Sequence[Mens]) -> None:
    """Put the questions about these people in the form, before its answers are read."""
    for mens in mensen:
        if mens.bekenden:
            form[f"{mens.wie}_is"].choices = [*map(_choice, mens.bekenden), SelectChoice(NIEUW, ANDERS)]


def _choice(bekende: Bekende) -> SelectChoice:
    persoon = bekende.persoon
    return SelectChoice(persoon.pseudoniem, persoon.naam, render_kw={"data-uitleg": who_is(persoon.gegevens)})


def who_is(gegevens: Gegevens) -> str:
    """What tells people of one name apart: date of birth and where they live."""
    geboortedatum = f"geboren {geboren(gegevens.geboortedatum)}" if gegevens.geboortedatum else "geboortedatum onbekend"
    open_ = gegevens.op_scherm
    return ", ".join(deel for deel in (geboortedatum, open_.woonplaats or in_blocks(open_.postcode)) if deel)


def geboren(iso: str) -> str:
    """A date of birth, stored as ISO text, as it is read."""
    try:
        return short(read_date(iso))
    except ValueError:
        return iso


def mark(form: Basisform, mensen: Sequence[Mens]) -> None:
    """Note in the form what was looked up and asked, once its answers were read."""
    for mens in mensen:
        if form[f"{mens.wie}_gevraagd"].data != mens.vraag:
            form[f"{mens.wie}_bijwerken"].data = bool(mens.wijzigingen)
        form[f"{mens.wie}_gevraagd"].data = mens.vraag
        form[f"{mens.wie}_gezocht"].data = mens.zoekmerk if mens.is_gegeven else ""


# -- Judging and recording ---------------------------------------------------------------------------------------------


def mistakes(db: Connection, form: Basisform, mensen: Sequence[Mens]) -> dict[str, str]:
    """Everything that is wrong with the people or still to be answered, by field."""
    fouten: dict[str, str] = {}
    for mens in mensen:
        if mens.wie == WIE[0] or mens.is_gegeven:
            fouten |= {f"{mens.wie}_{naam}": zin for naam, zin in _faults(db, form, mens).items()}
    return {**fouten, **_twice(mensen)}


def _faults(db: Connection, form: Basisform, mens: Mens) -> dict[str, str]:
    fouten = _wrong_data(mens)
    if mens.keuze not in ("", NIEUW) and not mens.gekozen:
        return {**fouten, "is": ONBEKEND}
    if not mens.is_nieuw and not mens.gekozen:
        return {**fouten, "is": ONBESLIST}
    if mens.vraag and form[f"{mens.wie}_gevraagd"].data != mens.vraag:
        return {**fouten, **_question(mens)}
    return {**fouten, **_taken(db, mens)}


def _taken(db: Connection, mens: Mens) -> dict[str, str]:
    """What is wrong when the BSN that would be entered is somebody else's, who may be out of sight."""
    krijgt = _to_record(mens, True).bsn
    van = personen.by_bsn(db, krijgt) if krijgt else None
    if van is None or van == mens.gekozen:
        return {}
    return {"bsn": BEZET if personen.in_sight(db, [van]) else BEZET_EN_DICHT}


def _wrong_data(mens: Mens) -> dict[str, str]:
    """By what would be entered: all of a new person, of a known one what changes."""
    try:
        check(_to_record(mens, True), mens.gekozen.gegevens if mens.gekozen else None)
    except InvoerGeweigerd as fout:
        return fout.fouten
    return {}


def _to_record(mens: Mens, bijwerken: bool) -> Gegevens:
    """The person as they will be known: what was missing is filled in, contact data change where that was asked."""
    if mens.gekozen is None:
        return mens.getypt
    aangevuld = completed(mens.gekozen.gegevens, mens.getypt)
    return updated(aangevuld, mens.getypt) if bijwerken else aangevuld


def _question(mens: Mens) -> dict[str, str]:
    naam = mens.gekozen.naam if mens.gekozen else ""
    if mens.wijzigingen:
        return {"bijwerken": f"Van {naam} is iets anders bekend. Kies of u het bijwerkt en verstuur opnieuw."}
    return {"is": f"Van {naam} is iets anders bekend. Klopt uw keuze? Verstuur dan opnieuw."}


def _twice(mensen: Sequence[Mens]) -> dict[str, str]:
    een, ander = mensen
    if een.gekozen and ander.gekozen and een.keuze == ander.keuze:
        return {f"{ander.wie}_is": TWEEMAAL}
    if een.getypt.bsn and een.getypt.bsn == ander.getypt.bsn:
        return {f"{ander.wie}_bsn": ZELFDE_BSN}
    return {}


def chosen(mensen: Sequence[Mens]) -> list[str]:
    """The known people who were chosen, by pseudonym."""
    return [mens.gekozen.pseudoniem for mens in mensen if mens.gekozen]


def readable(mensen: Sequence[Mens]) -> list[Gegevens]:
    """The people as they will be known, without those of whom a wrong date of birth was typed."""
    gegeven = [
        mens for mens in mensen if (mens.gekozen or mens.is_gegeven) and "geboortedatum" not in _wrong_data(mens)
    ]
    return [_to_record(mens, False) for mens in gegeven]


def record(db: Connection, form: Basisform, mens: Mens) -> str:
    """Register the person, or bring what is known up to date where that was asked; returns the pseudonym."""
    try:
        if mens.gekozen is None:
            return personen.register(db, mens.getypt)
        nieuw = _to_record(mens, form[f"{mens.wie}_bijwerken"].data)
        if nieuw != mens.gekozen.gegevens:
            personen.change(db, mens.gekozen.pseudoniem, nieuw, door=g.medewerker.pseudoniem)
            log("persoon_bijgewerkt", endpoint=request.endpoint, betreft=mens.gekozen.pseudoniem)
        return mens.gekozen.pseudoniem
    except InvoerGeweigerd as fout:
        raise InvoerGeweigerd({f"{mens.wie}_{naam}": zin for naam, zin in fout.fouten.items()}) from None
