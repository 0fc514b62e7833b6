"""The register of documents of a traject: what came in, where it is kept, and the file itself where that is here.

A document that comes in also changes how far its kind is on the list of the traject, in the same transaction. Nothing
is overwritten: see `models/stuk.py`.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from models import klok
from models.persoon import datasleutel
from models.stuk import stuk, stukbestand, stukverwijdering
from models.trajectnummer import trajectnummer
from workflow import kluis
from workflow.bestandstypen import SOORTEN, BestandGeweigerd, Bestandssoort, recognise
from workflow.gezin import load
from workflow.instellingen import InstellingOntbreekt, setting
from workflow.kluis import KluisDicht
from workflow.opdracht import SLEUTEL, Actor, Conflict, data_key
from workflow.routekaart import Veld
from workflow.stukkenlijst import Lijst, keeper
from workflow.velden import InvoerGeweigerd, read_answer, read_date
from workflow.verloop import Verloop
from workflow.voortgang import advance

PLEKKEN = {"papier": "Papieren dossier", "dms": "In het documentsysteem", "hier": "Hier, met het bestand erbij"}
REDENEN = {
    "verkeerd_dossier": "Hoort bij een ander dossier",
    "verkeerd_bestand": "Verkeerd bestand gekozen",
    "verzoek": "Op verzoek van de cliënt",
    "niet_nodig": "Niet (meer) nodig voor de hulp",
}
"""Why a document is taken away."""

MB = 1024 * 1024
STANDAARD_MB, HOOGSTE_MB = 10, 19
"""No request may be larger than twenty megabytes, and a form takes some of it."""

ONLEESBAAR = "(Deze omschrijving kan niet worden gelezen. Waarschuw de beheerder.)"

OMSCHRIJVING = Veld("omschrijving", "Omschrijving", "tekst", maximum=500)
_DMS_NUMMER = Veld("dms_nummer", "Nummer in het documentsysteem", "tekst", maximum=80)
_DAG = Veld("ontvangen_op", "Ontvangen op", "datum", verplicht=True, maximum=0)


class OnbekendStuk(LookupError):
    """This traject has no such document, or no longer its file."""


@dataclass(frozen=True, slots=True)
class Nieuw:
    """A document as a form brings it: answers as typed, the bytes of the file where one came along.

    `vervangt`: the number of the document of which this is another version. `via`: who brought it, where the map asks.
    """

    stuksoort: str
    ontvangen_op: Any
    is_volledig: str
    plek: str
    omschrijving: str = ""
    dms_nummer: str = ""
    bestand: bytes = b""
    via: str = ""
    vervangt: str | None = None


@dataclass(frozen=True, slots=True)
class Stuk:
    """A document of the register. `soort` is what the file is, None without one; `weg` why it was taken away and when.

    `vervangen_door` is the number of the next version.
    """

    nummer: str
    stuksoort: str
    ontvangen_op: int
    is_volledig: bool
    plek: str
    omschrijving: str
    dms_nummer: str
    soort: Bestandssoort | None
    omvang: int | None
    sha256: str | None
    door: str
    vastgelegd_op: int
    vervangt: str | None
    vervangen_door: str | None
    weg: tuple[str, str, int] | None

    @property
    def has_file(self) -> bool:
        """Whether the file can be had."""
        return self.soort is not None and self.weg is None

    @property
    def is_current(self) -> bool:
        """Whether this is the last version, and was not taken away."""
        return self.weg is None and self.vervangen_door is None


@dataclass(frozen=True, slots=True)
class Bestand:
    """A file as it is handed out; its name says nothing of a person."""

    naam: str
    soort: Bestandssoort
    inhoud: bytes


def largest() -> int:
    """How many bytes a file may have: ROUTEKAART_STUK_MB megabytes. Raises InstellingOntbreekt."""
    tekst = setting("ROUTEKAART_STUK_MB") or str(STANDAARD_MB)
    if not (tekst.isascii() and tekst.isdigit() and 1 <= int(tekst[:3]) <= HOOGSTE_MB):
        raise InstellingOntbreekt(f"ROUTEKAART_STUK_MB must be a number of megabytes from 1 to {HOOGSTE_MB}")
    return int(tekst) * MB


# -- In ----------------------------------------------------------------------------------------------------------------


def register(
    db: Connection, nummer: str, nieuw: Nieuw, *, door: Actor, verwacht: int | None = None, sleutel: str | None = None
) -> str:
    """Enter a document in the register of a traject, and what it changes on the list; returns its number.

    The same `sleutel` with the same document answers as the first time. Raises InvoerGeweigerd, Conflict,
    OvergangGeweigerd, OnbekendStuk (of `vervangt`) and OnbekendTraject.
    """
    gezin = load(db, nummer)
    verloop = gezin.by_nummer(nummer)
    lijst = _list_of(verloop)
    dag, teksten = _checked(nieuw, lijst)
    soort = _kind(nieuw)
    sha256 = hashlib.sha256(nieuw.bestand).hexdigest() if soort else None
    if eerder := _entered(db, verloop, sleutel, (nieuw.stuksoort, dag, nieuw.plek, sha256)):
        return eerder
    sleutel_id, data_sleutel = data_key(db, verloop)
    eigen = secrets.token_hex(16)
    rij = {
        "nummer": eigen,
        "traject_id": verloop.traject_id,
        "stuksoort": nieuw.stuksoort,
        "ontvangen_op": dag,
        "is_volledig": nieuw.is_volledig == "ja",
        "plek": nieuw.plek,
        "vervangt_id": _replaced(db, verloop, nieuw.vervangt) if nieuw.vervangt else None,
        "datasleutel_id": sleutel_id,
        "inhoud": kluis.encrypt(data_sleutel, json.dumps(teksten), f"stuk/{eigen}"),
        **({"bestandssoort": soort.code, "omvang": len(nieuw.bestand), "sha256": sha256} if soort else {}),
        **{"door": door.pseudoniem, "vastgelegd_op": klok.now_us(), "sleutel": sleutel},
    }
    id_ = db.execute(insert(stuk).values(**rij).returning(stuk.c.id)).scalar_one()
    if soort:
        geheim = kluis.encrypt_bytes(data_sleutel, nieuw.bestand, f"stukbestand/{eigen}")
        db.execute(insert(stukbestand).values(id=id_, inhoud=geheim))
    _note(db, verloop, lijst, nieuw, dag, door=door, verwacht=verwacht, sleutel=sleutel)
    return eigen


def _list_of(verloop: Verloop) -> Lijst:
    lijst = keeper(verloop.kaart.routes[verloop.oorsprong["route"]])
    if lijst is None:
        raise InvoerGeweigerd({"stuksoort": "Bij dit traject worden geen stukken bijgehouden."})
    return lijst


def _checked(nieuw: Nieuw, lijst: Lijst) -> tuple[int, dict[str, str]]:
    """The day, and the texts that are kept encrypted. Raises InvoerGeweigerd with all that is wrong."""
    fouten: dict[str, str] = {}
    if nieuw.stuksoort not in {keuze.code for keuze in lijst.veld.onderdelen}:
        fouten["stuksoort"] = "Kies wat voor stuk het is."
    if nieuw.is_volledig not in ("ja", "nee"):
        fouten["is_volledig"] = "Antwoord ja of nee: is het stuk compleet?"
    if nieuw.plek not in PLEKKEN:
        fouten["plek"] = "Kies waar het stuk wordt bewaard."
    teksten = {veld.code: _text(veld, nieuw, fouten) for veld in (OMSCHRIJVING, _DMS_NUMMER)}
    if nieuw.plek == "dms" and not teksten["dms_nummer"]:
        fouten["dms_nummer"] = "Vul het nummer in waaronder het stuk in het documentsysteem staat."
    if zin := _wrong_file(nieuw):
        fouten["bestand"] = zin
    dag = _day(nieuw, fouten)
    if fouten:
        raise InvoerGeweigerd(fouten)
    return dag, {code: tekst for code, tekst in teksten.items() if tekst}


def _text(veld: Veld, nieuw: Nieuw, fouten: dict[str, str]) -> str:
    try:
        return read_answer(veld, getattr(nieuw, veld.code), klok.today()) or ""
    except ValueError as fout:
        fouten[veld.code] = str(fout)
        return ""


def _day(nieuw: Nieuw, fouten: dict[str, str]) -> int:
    vandaag = klok.today()
    try:
        return read_date(read_answer(_DAG, nieuw.ontvangen_op, vandaag))
    except ValueError as fout:
        fouten["ontvangen_op"] = str(fout)
        return vandaag


def _wrong_file(nieuw: Nieuw) -> str | None:
    if nieuw.plek != "hier":
        is_elders = nieuw.bestand and nieuw.plek in PLEKKEN
        return "Kies bij bewaren: hier, of laat het bestand weg." if is_elders else None
    if not nieuw.bestand:
        return "Kies het bestand."
    if len(nieuw.bestand) > largest():
        return f"Dit bestand is groter dan {largest() // MB} MB. Scan het kleiner, of bewaar het op een andere plek."
    try:
        recognise(nieuw.bestand)
    except BestandGeweigerd as fout:
        return str(fout)
    return None


def _kind(nieuw: Nieuw) -> Bestandssoort | None:
    return recognise(nieuw.bestand) if nieuw.plek == "hier" else None


def _entered(db: Connection, verloop: Verloop, sleutel: str | None, wat: tuple[Any, ...]) -> str | None:
    """The document that was entered with this key before. Raises Conflict when that was another one."""
    if sleutel is None:
        return None
    if not SLEUTEL.fullmatch(sleutel):
        raise InvoerGeweigerd({"sleutel": "Dit formulier klopt niet. Laad de pagina opnieuw."})
    rij = db.execute(select(stuk).where(stuk.c.sleutel == sleutel)).first()
    if rij is None:
        return None
    if (rij.traject_id, rij.stuksoort, rij.ontvangen_op, rij.plek, rij.sha256) != (verloop.traject_id, *wat):
        raise Conflict("Dit formulier was al verstuurd, met een ander stuk. Laad de pagina opnieuw.")
    return str(rij.nummer)


def _replaced(db: Connection, verloop: Verloop, nummer: str) -> int:
    """The row that this one replaces: it stands, and nobody replaced it yet."""
    oud = _row(db, verloop.traject_id, nummer)
    if oud.weg_op is not None:
        raise Conflict("Dat stuk is weggehaald. Voeg het toe als nieuw stuk.")
    if db.execute(select(stuk.c.id).where(stuk.c.vervangt_id == oud.id)).first():
        raise Conflict("Van dat stuk is intussen al een nieuwe versie toegevoegd. Bekijk de lijst.")
    return int(oud.id)


def _note(db: Connection, verloop: Verloop, lijst: Lijst, nieuw: Nieuw, dag: int, *, door: Actor, **rest: Any) -> None:
    """Let the list say it too, where it says something else and the traject is where that can be recorded.

    On the day on which it came in, or on the last day of the traject when that is later: it is no forgotten step.
    """
    waarde = lijst.value("rond" if nieuw.is_volledig == "ja" else "onvolledig")
    stand = verloop.stand
    nu = (stand.antwoorden.get(lijst.veld.code) or {}).get(nieuw.stuksoort)
    if waarde in (None, nu) or stand.stap is None or stand.stap.code not in lijst.overgang.van:
        return
    invoer: dict[str, Any] = {lijst.veld.code: {nieuw.stuksoort: waarde}}
    if nieuw.via and lijst.via:
        invoer[lijst.via.code] = nieuw.via
    op = max(dag, stand.laatste_op)
    advance(db, verloop.nummer, lijst.overgang.code, invoer, door=door, op=op, **rest)


# -- Out ---------------------------------------------------------------------------------------------------------------


def documents(db: Connection, verloop: Verloop) -> list[Stuk]:
    """Every document of a traject, the newest first; one statement."""
    rijen = db.execute(_rows().where(stuk.c.traject_id == verloop.traject_id).order_by(stuk.c.id.desc())).all()
    nummers = {rij.id: rij.nummer for rij in rijen}
    opvolger = {rij.vervangt_id: rij.nummer for rij in rijen if rij.vervangt_id}
    return [_document(rij, nummers, opvolger) for rij in rijen]


def _rows() -> Any:
    weg = stukverwijdering.c
    kolommen = (weg.reden.label("weg_reden"), weg.door.label("weg_door"), weg.vastgelegd_op.label("weg_op"))
    samen = stuk.join(datasleutel, datasleutel.c.id == stuk.c.datasleutel_id).outerjoin(
        stukverwijdering, weg.id == stuk.c.id
    )
    return select(stuk, datasleutel.c.omhuld, *kolommen).select_from(samen)


def _row(db: Connection, traject_id: int, nummer: str) -> Row[Any]:
    rij = db.execute(_rows().where(stuk.c.traject_id == traject_id, stuk.c.nummer == nummer)).first()
    if rij is None:
        raise OnbekendStuk(nummer)
    return rij


def _document(rij: Row[Any], nummers: Mapping[int, str], opvolger: Mapping[int, str]) -> Stuk:
    teksten = _opened(rij)
    return Stuk(
        nummer=rij.nummer,
        stuksoort=rij.stuksoort,
        ontvangen_op=rij.ontvangen_op,
        is_volledig=rij.is_volledig,
        plek=rij.plek,
        omschrijving=teksten.get("omschrijving", ""),
        dms_nummer=teksten.get("dms_nummer", ""),
        soort=SOORTEN.get(rij.bestandssoort or ""),
        omvang=rij.omvang,
        sha256=rij.sha256,
        door=rij.door,
        vastgelegd_op=rij.vastgelegd_op,
        vervangt=nummers.get(rij.vervangt_id or 0),
        vervangen_door=opvolger.get(rij.id),
        weg=(rij.weg_reden, rij.weg_door, rij.weg_op) if rij.weg_op is not None else None,
    )


def _opened(rij: Row[Any]) -> dict[str, str]:
    """The texts of a document; of one that cannot be read the rest of the list still can."""
    try:
        tekst = kluis.decrypt(kluis.current().unwrap(rij.omhuld), rij.inhoud, f"stuk/{rij.nummer}")
    except (KluisDicht, TypeError):
        return {"omschrijving": ONLEESBAAR}
    return dict(json.loads(tekst))


def open_file(db: Connection, nummer: str, stuknummer: str) -> Bestand:
    """The file of a document, held against the digest in its row.

    Raises OnbekendStuk where there is none, and KluisDicht when it is not what was brought.
    """
    rij = _row(db, _traject_id(db, nummer), stuknummer)
    geheim = db.execute(select(stukbestand.c.inhoud).where(stukbestand.c.id == rij.id)).scalar_one_or_none()
    if geheim is None or rij.weg_op is not None:
        raise OnbekendStuk(stuknummer)
    sleutel = kluis.current().unwrap(rij.omhuld)
    inhoud = kluis.decrypt_bytes(sleutel, geheim, f"stukbestand/{rij.nummer}")
    if hashlib.sha256(inhoud).hexdigest() != rij.sha256:
        raise KluisDicht("this file is not the one that was registered")
    soort = SOORTEN[rij.bestandssoort]
    return Bestand(f"{nummer}-{rij.stuksoort}-{rij.nummer[:8]}.{soort.code}", soort, inhoud)


def _traject_id(db: Connection, nummer: str) -> int:
    gevonden = db.execute(select(trajectnummer.c.id).where(trajectnummer.c.nummer == nummer)).scalar_one_or_none()
    if gevonden is None:
        raise OnbekendStuk(nummer)
    return int(gevonden)


# -- Away --------------------------------------------------------------------------------------------------------------


def take_away(db: Connection, nummer: str, stuknummer: str, reden: str, *, door: Actor) -> None:
    """Take a document away, for a reason of REDENEN: the file is destroyed, the row and its digest stay.

    A second time does nothing. Raises InvoerGeweigerd and OnbekendStuk.
    """
    if reden not in REDENEN:
        raise InvoerGeweigerd({"reden": "Kies een reden."})
    gezin = load(db, nummer)
    rij = _row(db, gezin.by_nummer(nummer).traject_id, stuknummer)
    if rij.weg_op is not None:
        return
    weg = {"id": rij.id, "reden": reden, "door": door.pseudoniem, "vastgelegd_op": klok.now_us()}
    db.execute(insert(stukverwijdering).values(**weg))
    db.execute(delete(stukbestand).where(stukbestand.c.id == rij.id))


def people_of(stukken: Sequence[Stuk]) -> set[str]:
    """The pseudonyms of who entered or took away these documents."""
    return {s.door for s in stukken} | {s.weg[1] for s in stukken if s.weg}
