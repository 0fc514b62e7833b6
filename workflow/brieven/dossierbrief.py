"""The letters of a traject: concept, vastgesteld (its files made, hashed and kept), sent on a day, or vervallen.

A letter is for one person, under whose data key its text and files are. Sending is a gebeurtenis, by the overgang that
the map has for it; where that row is withdrawn, the letter counts as not sent and can be sent again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Row, Select, and_, exists, or_, select, update

from models import klok
from models.brief import brief
from models.gebeurtenis import gebeurtenis
from models.persoon import datasleutel, persoon
from models.traject import traject
from workflow import kluis
from workflow.brieven.briefsoorten import is_beschikking, kinds, sending
from workflow.brieven.docx import as_docx
from workflow.brieven.gegevens import last_day_to_object
from workflow.brieven.opzet import compose
from workflow.brieven.pdf import BriefLuktNiet, as_pdf
from workflow.brieven.sjablonen import Sjabloon, understood
from workflow.brieven.tekst import Blok, as_data, of_data
from workflow.gezin import Gezin, load
from workflow.kalender import short
from workflow.kluis import KluisDicht, decrypt, decrypt_bytes, encrypt, encrypt_bytes
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import SLEUTEL, Actor, Conflict, Vastgelegd
from workflow.personen import Persoon, by_pseudonym
from workflow.velden import InvoerGeweigerd
from workflow.verloop import Verloop
from workflow.voortgang import advance
from workflow.zicht import hidden

Status = Literal["concept", "vastgesteld", "verzonden", "vervallen"]
Bestandsoort = Literal["pdf", "docx"]

VOORUIT_DAGEN = 31
"""So far ahead a letter may be dated."""


class OnbekendeBrief(LookupError):
    """This traject has no letter with this number."""


class BestandVeranderd(Exception):
    """A file is no longer what was made when the letter was vastgesteld; its text is a Dutch sentence."""


@dataclass(frozen=True, slots=True)
class Brief:
    """A letter as pages show it; `naam` is that of its template. `tekst` is None where it cannot be read.

    `blokken` are those of the letter as it was made, its subject first; `adres` is where it went. None of a concept.
    """

    nummer: str
    traject_id: int
    persoon: str
    sjabloon: str
    sjabloonversie: int
    soort: str
    status: Status
    versie: int
    dag: int
    naam: str
    tekst: str | None
    door: str
    aangemaakt_op: int
    vastgesteld_door: str | None
    vastgesteld_op: int | None
    verzonden_op: int | None
    verzonden_door: str | None
    volgnummer: int | None
    pdf_sha256: str | None
    docx_sha256: str | None
    blokken: tuple[Blok, ...] = ()
    adres: tuple[str, ...] = ()
    is_ingetrokken: bool = False

    @property
    def is_concept(self) -> bool:
        """Whether it may still be changed."""
        return self.status == "concept"

    @property
    def is_te_verzenden(self) -> bool:
        """Whether it can be sent: vastgesteld, or sent by a row that was withdrawn."""
        return self.status == "vastgesteld"


# -- Reading -----------------------------------------------------------------------------------------------------------

_KOLOMMEN = [k for k in brief.c if k.name not in ("pdf", "docx")]


def _rows() -> Select[Any]:
    return select(*_KOLOMMEN, datasleutel.c.omhuld).join(datasleutel, datasleutel.c.id == brief.c.datasleutel_id)


def letters(db: Connection, verloop: Verloop) -> list[Brief]:
    """The letters of a traject, the newest first; one statement."""
    rijen = db.execute(_rows().where(brief.c.traject_id == verloop.traject_id).order_by(brief.c.id.desc()))
    return [_opened(rij, verloop) for rij in rijen]


def letter(db: Connection, verloop: Verloop, nummer: str) -> Brief:
    """One letter. Raises OnbekendeBrief."""
    vraag = _rows().where(brief.c.traject_id == verloop.traject_id, brief.c.nummer == nummer)
    if rij := db.execute(vraag).first():
        return _opened(rij, verloop)
    raise OnbekendeBrief(nummer)


class Wachtend(NamedTuple):
    """A letter that may wait to be sent, and the root of its family."""

    rij: Row[Any]
    wortel_id: int


def waiting(db: Connection, wie: str) -> list[Wachtend]:
    """Letters of the trajecten of a medewerker that are vastgesteld, or sent by a row that another is about.

    Those of closed trajecten too: the beschikking often comes after the end. One statement; `to_send` judges them.
    """
    terug = gebeurtenis.alias()
    is_terug = exists().where(
        terug.c.traject_id == brief.c.traject_id, terug.c.betreft_volgnummer == brief.c.volgnummer
    )
    vraag = (
        _rows()
        .add_columns(traject.c.wortel_id)
        .join(traject, traject.c.id == brief.c.traject_id)
        .where(traject.c.behandelaar == wie, *hidden(db).in_sight)
        .where(or_(brief.c.status == "vastgesteld", and_(brief.c.status == "verzonden", is_terug)))
        .order_by(brief.c.vastgesteld_op, brief.c.id)
    )
    return [Wachtend(rij, rij.wortel_id) for rij in db.execute(vraag)]


def to_send(gezinnen: Mapping[int, Gezin], wachtend: Iterable[Wachtend]) -> list[Brief]:
    """Those of `waiting` that are still to be sent, the oldest first; the families by root."""
    brieven = [_opened(rij, gezinnen[wortel].trajecten[rij.traject_id]) for rij, wortel in wachtend]
    return [gevonden for gevonden in brieven if gevonden.is_te_verzenden]


def _opened(rij: Row[Any], verloop: Verloop) -> Brief:
    inhoud = _content(rij)
    eigen = {
        "naam": inhoud.get("naam", rij.soort),
        "tekst": inhoud.get("tekst"),
        "blokken": of_data(inhoud.get("blokken", ())),
        "adres": tuple(inhoud.get("adres", ())),
        "is_ingetrokken": False,
    }
    gevonden = Brief(**{naam: getattr(rij, naam) for naam in Brief.__slots__ if naam not in eigen}, **eigen)
    geldig = {feit.volgnummer for feit in verloop.feiten}
    if gevonden.status == "verzonden" and gevonden.volgnummer not in geldig:
        return replace(gevonden, status="vastgesteld", is_ingetrokken=True)
    return gevonden


def _content(rij: Row[Any]) -> dict[str, Any]:
    """What is encrypted of a letter; empty where this one cannot be read, so that the others still can."""
    try:
        gelezen = decrypt(kluis.current().unwrap(rij.omhuld), rij.inhoud, f"brief/{rij.nummer}")
        return dict(json.loads(gelezen))
    except (KluisDicht, TypeError):
        return {}


def file_of(db: Connection, gevonden: Brief, soort: Bestandsoort) -> bytes:
    """A file of a letter as it was made. Raises BestandVeranderd, and OnbekendeBrief where there is none."""
    kolommen = select(brief.c[soort], brief.c[f"{soort}_sha256"], datasleutel.c.omhuld).join(
        datasleutel, datasleutel.c.id == brief.c.datasleutel_id
    )
    geheim, hash_, omhuld = db.execute(kolommen.where(brief.c.nummer == gevonden.nummer)).one()
    if geheim is None:
        raise OnbekendeBrief(gevonden.nummer)
    try:
        inhoud = decrypt_bytes(kluis.current().unwrap(omhuld), geheim, _place(gevonden.nummer, soort))
    except KluisDicht:
        inhoud = b""
    if hashlib.sha256(inhoud).hexdigest() != hash_:
        raise BestandVeranderd(
            "Dit bestand is niet meer zoals het is gemaakt toen de brief werd vastgesteld. Waarschuw de beheerder."
        )
    return inhoud


def _place(nummer: str, soort: str) -> str:
    return f"brief/{nummer}/{soort}"


# -- A concept ---------------------------------------------------------------------------------------------------------


def begin(db: Connection, nummer: str, sjabloon: Sjabloon, wie: str, *, door: Actor, sleutel: str) -> str:
    """Start a letter for a person of this traject, dated today; returns its number, which is that of the form.

    The same form sent twice gives the same letter. Raises InvoerGeweigerd and OnbekendTraject.
    """
    verloop = load(db, nummer).by_nummer(nummer)
    if not SLEUTEL.fullmatch(sleutel) or len(sleutel) != 32:
        raise InvoerGeweigerd({"sleutel": "Dit formulier klopt niet. Laad de pagina opnieuw."})
    if eerder := db.execute(select(brief.c.traject_id, brief.c.door).where(brief.c.nummer == sleutel)).first():
        if tuple(eerder) != (verloop.traject_id, door.pseudoniem):
            raise Conflict("Dit formulier is al voor iets anders gebruikt. Begin opnieuw.")
        return sleutel
    if verloop.stand.deelnemers.get(wie) != "persoon":
        raise InvoerGeweigerd({"persoon": "Kies voor wie de brief is."})
    sleutel_id, sleutel_ = _data_key(db, wie)
    db.execute(
        brief.insert().values(
            nummer=sleutel,
            traject_id=verloop.traject_id,
            persoon=wie,
            sjabloon=sjabloon.code,
            sjabloonversie=sjabloon.versie,
            soort=sjabloon.soort,
            status="concept",
            versie=1,
            dag=klok.today(),
            datasleutel_id=sleutel_id,
            inhoud=_sealed(sleutel_, sleutel, {"naam": sjabloon.naam, "tekst": sjabloon.tekst}),
            door=door.pseudoniem,
            aangemaakt_op=klok.now_us(),
        )
    )
    return sleutel


def save(db: Connection, nummer: str, briefnummer: str, tekst: str, dag: int, *, versie: int) -> None:
    """Keep another text or date of a concept. Raises InvoerGeweigerd (with lines), Conflict and OnbekendeBrief."""
    verloop = load(db, nummer).by_nummer(nummer)
    was = _changeable(letter(db, verloop, briefnummer), "concept", versie)
    tekst = _judged(tekst, dag)
    _, sleutel = _data_key(db, was.persoon)
    _put(db, was, dag=dag, inhoud=_sealed(sleutel, briefnummer, {"naam": was.naam, "tekst": tekst}))


def _judged(tekst: str, dag: int) -> str:
    """The text as it is kept. Raises InvoerGeweigerd."""
    tekst = tekst.replace("\r\n", "\n").strip() + "\n"
    fouten = {"tekst": " ".join(map(str, lezing.fouten[:20]))} if (lezing := understood(tekst)).fouten else {}
    vandaag = klok.today()
    if not vandaag <= dag <= vandaag + VOORUIT_DAGEN:
        fouten["dag"] = f"Kies een dag vanaf vandaag, hoogstens {VOORUIT_DAGEN} dagen vooruit."
    if fouten:
        raise InvoerGeweigerd(fouten)
    return tekst


def cancel(db: Connection, nummer: str, briefnummer: str, *, versie: int) -> None:
    """Let a letter go that was not sent; it stays in the list. Raises Conflict and OnbekendeBrief."""
    verloop = load(db, nummer).by_nummer(nummer)
    gevonden = letter(db, verloop, briefnummer)
    if gevonden.status not in ("concept", "vastgesteld") or gevonden.versie != versie:
        raise _conflict()
    _put(db, gevonden, status="vervallen")


def _changeable(gevonden: Brief, status: Status, versie: int) -> Brief:
    if gevonden.status != status or gevonden.versie != versie:
        raise _conflict()
    return gevonden


def _conflict() -> Conflict:
    return Conflict("Deze brief is intussen gewijzigd. Bekijk eerst hoe hij nu is.")


def _put(db: Connection, was: Brief, **kolommen: Any) -> None:
    waar = (brief.c.nummer == was.nummer, brief.c.versie == was.versie)
    if db.execute(update(brief).where(*waar).values(versie=was.versie + 1, **kolommen)).rowcount != 1:
        raise _conflict()


def _data_key(db: Connection, wie: str) -> tuple[int, bytes]:
    """The data key of a person."""
    vraag = select(datasleutel.c.id, datasleutel.c.omhuld).join(persoon, persoon.c.datasleutel_id == datasleutel.c.id)
    rij = db.execute(vraag.where(persoon.c.pseudoniem == wie)).one()
    return rij.id, kluis.current().unwrap(rij.omhuld)


def _sealed(sleutel: bytes, nummer: str, inhoud: Mapping[str, Any]) -> bytes:
    return encrypt(sleutel, json.dumps(inhoud, ensure_ascii=False), f"brief/{nummer}")


# -- Vaststellen and sending -------------------------------------------------------------------------------------------


class Gemaakt(NamedTuple):
    """The files of a letter, and what they were made of: its text and day, its version, the last row of its traject."""

    tekst: str | None
    dag: int
    pdf: bytes
    docx: bytes
    blokken: Sequence[Blok]
    adres: Sequence[str]
    versie: int
    volgnummer: int


def make(db: Connection, nummer: str, briefnummer: str, anders: tuple[str, int] | None = None) -> Gemaakt:
    """Make the files of a concept, apart from the transaction that keeps them: that is short, making is not.

    `anders` is another text and day than it has now, kept along with the files. Raises InvoerGeweigerd about these,
    OvergangGeweigerd with everything that stands in the way, Conflict and OnbekendeBrief.
    """
    gezin = load(db, nummer, lock=False)
    verloop = gezin.by_nummer(nummer)
    gevonden = letter(db, verloop, briefnummer)
    if not gevonden.is_concept:
        raise _conflict()
    tekst, dag = (_judged(*anders), anders[1]) if anders else (gevonden.tekst, gevonden.dag)
    opzet = compose(db, gezin, verloop, gevonden.persoon, tekst, dag, soort=gevonden.soort)
    if opzet.bezwaren:
        raise OvergangGeweigerd(list(opzet.bezwaren))
    blad, nu = replace(opzet.blad, is_concept=False), klok.now()
    try:
        pdf = as_pdf(blad, nu)
    except BriefLuktNiet as fout:
        raise OvergangGeweigerd([str(fout)]) from None
    gezien = (gevonden.versie, verloop.log[-1].volgnummer)
    return Gemaakt(tekst, dag, pdf, as_docx(blad, nu), blad.geheel, blad.adres, *gezien)


def settle(db: Connection, nummer: str, briefnummer: str, gemaakt: Gemaakt, *, versie: int, door: Actor) -> None:
    """Keep the files that were made, and what they were made of: from now on the letter stands still.

    Raises Conflict and OnbekendeBrief.
    """
    verloop = load(db, nummer).by_nummer(nummer)
    was = _changeable(letter(db, verloop, briefnummer), "concept", versie)
    if (gemaakt.versie, gemaakt.volgnummer) != (was.versie, verloop.log[-1].volgnummer):
        raise Conflict("Het dossier is intussen gewijzigd. Bekijk de brief opnieuw.")
    _, sleutel = _data_key(db, was.persoon)
    blokken = as_data(gemaakt.blokken)
    inhoud = {"naam": was.naam, "tekst": gemaakt.tekst, "blokken": blokken, "adres": list(gemaakt.adres)}
    _put(
        db,
        was,
        status="vastgesteld",
        dag=gemaakt.dag,
        inhoud=_sealed(sleutel, briefnummer, inhoud),
        pdf=encrypt_bytes(sleutel, gemaakt.pdf, _place(briefnummer, "pdf")),
        docx=encrypt_bytes(sleutel, gemaakt.docx, _place(briefnummer, "docx")),
        pdf_sha256=hashlib.sha256(gemaakt.pdf).hexdigest(),
        docx_sha256=hashlib.sha256(gemaakt.docx).hexdigest(),
        vastgesteld_door=door.pseudoniem,
        vastgesteld_op=klok.now_us(),
    )


def send(
    db: Connection,
    nummer: str,
    briefnummer: str,
    op: int,
    *,
    versie: int,
    door: Actor,
    verwacht: int | None = None,
    sleutel: str | None = None,
) -> Vastgelegd:
    """Record that a letter was sent on a day, by the overgang that the map has for it.

    Raises InvoerGeweigerd, OvergangGeweigerd, Conflict, OnbekendTraject and OnbekendeBrief.
    """
    gezin = load(db, nummer)
    verloop = gezin.by_nummer(nummer)
    was = letter(db, verloop, briefnummer)
    if was.status == "verzonden" and sleutel and any(r.sleutel == sleutel for r in verloop.log):
        return Vastgelegd(nummer, was.volgnummer or 0, "")
    if was.is_concept:
        raise OvergangGeweigerd(["Deze brief is nog een concept. Stel hem eerst vast."])
    _changeable(was, "vastgesteld", versie)
    stand = verloop.stand
    route = verloop.kaart.routes[verloop.oorsprong["route"]]
    _check_day(gezin, verloop, was, op)
    hoe = sending(route, stand.stap, was.soort, op)
    if hoe is None:
        raise OvergangGeweigerd([f"In deze stap kan geen brief van de soort {was.naam} worden vastgelegd."])
    gedaan = advance(
        db, nummer, hoe.overgang.code, hoe.invoer, door=door, op=op, verwacht=verwacht, sleutel=sleutel
    )  # fmt: skip
    vast = {"verzonden_op": op, "verzonden_door": door.pseudoniem, "volgnummer": gedaan.volgnummer}
    _put(db, was, status="verzonden", **vast)
    return gedaan


def _check_day(gezin: Gezin, verloop: Verloop, was: Brief, op: int) -> None:
    """A letter is not sent before its date, and not on a day that makes the last day for bezwaar in it wrong."""
    if op < was.dag:
        raise InvoerGeweigerd({"op": f"De brief is gedateerd op {short(was.dag)}: eerder is hij niet verzonden."})
    route = verloop.kaart.routes[verloop.oorsprong["route"]]
    noemt_dag = "bezwaar_tot_en_met" in understood(was.tekst or "").plaatsen or is_beschikking(route, was.soort)
    if not noemt_dag:
        return
    eerst, nu = (last_day_to_object(gezin, verloop, dag) for dag in (was.dag, op))
    if eerst != nu and eerst is not None and nu is not None:
        raise InvoerGeweigerd(
            {
                "op": f"In de brief staat bezwaar tot en met {short(eerst)}; verzonden op {short(op)} is dat "
                f"{short(nu)}. Laat deze brief vervallen en maak hem opnieuw."
            }
        )


def offered(verloop: Verloop) -> Mapping[str, str]:
    """The briefsoorten of the route of this traject, with their names."""
    return kinds(verloop.kaart.routes[verloop.oorsprong["route"]])


def recipients(db: Connection, verloop: Verloop) -> dict[str, Persoon]:
    """The persons of a traject to whom a letter can go, by pseudonym; one statement."""
    return by_pseudonym(db, [d for d, soort in verloop.stand.deelnemers.items() if soort == "persoon"])
