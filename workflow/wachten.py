"""On whom one waits, reminders, and what is intended for a day: planned by people, settled by people.

An intention is an overgang that is to be made on a day. On that day it is proposed; nothing is made by itself, and when
it can no longer be made it says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, and_, or_

from models import klok
from models.planpunt import planpunt
from models.traject import traject
from workflow.agenda import refuse_closed, text_faults
from workflow.gezin import Gezin, load
from workflow.kalender import short
from workflow.machine import why_not
from workflow.opdracht import Actor, Conflict
from workflow.planlog import AANGEBODEN, GEDAAN, GESPREK, HERINNERING, OPEN, VERVALLEN, VOORNEMEN, WACHTEN
from workflow.planpunten import Planpunt, by_key, change, eigenaar, find, make, read, rewrite
from workflow.routekaart import Overgang
from workflow.velden import InvoerGeweigerd
from workflow.verloop import Verloop

WACHT_OP: Mapping[str, str] = {
    "client": "Cliënt",
    "stuk": "Stuk of bewijs",
    "schuldeiser": "Schuldeiser",
    "rechtbank": "Rechtbank",
    "partner": "Partnerorganisatie",
    "eigen_werk": "Eigen werk",
    "anders": "Iemand anders",
}
"""On whom or what one waits."""

SOORTEN: Mapping[str, str] = {WACHTEN: "Wachten op", HERINNERING: "Herinnering", VOORNEMEN: "Voornemen"}

VOORUIT_DAGEN = 5 * 366
MAX_TEKST = {"tekst": 500}


@dataclass(frozen=True, slots=True)
class Oordeel:
    """An intention as things stand: the overgang, why it cannot be made now, and whether it never can any more."""

    naam: str
    redenen: tuple[str, ...] = ()
    is_vervallen: bool = False

    @property
    def is_mogelijk(self) -> bool:
        """Whether it can be made now."""
        return not self.redenen


def add(
    db: Connection,
    nummer: str,
    soort: str,
    wat: str,
    dag: int,
    tekst: str,
    *,
    door: Actor,
    sleutel: str | None = None,
) -> str:
    """Plan a wait, a reminder or an intention until a day; its number. The same `sleutel` plans once.

    `wat`: on whom one waits, or the code of the overgang; empty for a reminder. Raises InvoerGeweigerd.
    """
    verloop = load(db, nummer).by_nummer(nummer)
    if eerder := by_key(db, verloop, sleutel, soort=soort, wat=wat, dag=dag):
        return eerder
    refuse_closed(verloop)
    _check(verloop, soort, wat, dag, tekst, door.rol)
    stap = verloop.stand.stap
    vorm = stap.code if stap and soort == VOORNEMEN else ""
    return make(db, verloop, soort, wat, dag, {"tekst": tekst}, door, sleutel, vorm=vorm)


def extend(
    db: Connection, nummer: str, punt: str, dag: int, tekst: str, *, door: Actor, versie: int | None = None
) -> None:
    """Let something stand until a later (or earlier) day, in other words where they changed. Raises as `add` does."""
    verloop = load(db, nummer).by_nummer(nummer)
    was = _open_one(db, nummer, punt)
    _check(verloop, was.soort, was.wat, dag, tekst, door.rol)
    rewrite(db, verloop, was, versie, {"tekst": tekst}, dag=dag)


def close(db: Connection, nummer: str, punt: str, *, is_gedaan: bool, versie: int | None = None) -> None:
    """Settle something: it is done, or of no use any more. Raises Conflict when it was settled already."""
    load(db, nummer)
    was = _open_one(db, nummer, punt)
    change(db, was, versie, stand=GEDAAN if is_gedaan and was.soort != VOORNEMEN else VERVALLEN)


def _open_one(db: Connection, nummer: str, punt: str) -> Planpunt:
    gevonden = find(db, nummer, punt)
    if gevonden.soort == GESPREK or not gevonden.is_open:
        raise Conflict("Dit is al afgehandeld. Bekijk de nieuwe stand.")
    return gevonden


def _check(verloop: Verloop, soort: str, wat: str, dag: int, tekst: str, rol: str) -> None:
    vandaag = klok.today()
    fouten = text_faults({"tekst": tekst}, MAX_TEKST)
    if not tekst and soort != VOORNEMEN:
        fouten["tekst"] = "Vul in waarop u wacht." if soort == WACHTEN else "Vul in waaraan u herinnerd wilt worden."
    if dag < vandaag:
        fouten["dag"] = "Kies een dag vanaf vandaag."
    if dag > vandaag + VOORUIT_DAGEN:
        fouten["dag"] = f"De dag kan niet na {short(vandaag + VOORUIT_DAGEN)} liggen."
    if soort == WACHTEN and wat not in WACHT_OP:
        fouten["wat"] = "Kies op wie of wat u wacht."
    if soort == VOORNEMEN and wat not in intended(verloop, rol):
        fouten["wat"] = "Kies wat u wilt gaan vastleggen."
    if fouten:
        raise InvoerGeweigerd(fouten)


# -- Intentions --------------------------------------------------------------------------------------------------------


def intended(verloop: Verloop, rol: str) -> dict[str, Overgang]:
    """What can be intended in a traject by this role, by code; what becomes of an appointment is not."""
    stand = verloop.stand
    if stand.route is None or stand.stap is None:
        return {}
    mogen = (o for o in stand.route.overgangen.values() if rol in o.rollen)
    return {o.code: o for o in mogen if not o.labels.get("stil") and o.labels.get("gesprek") in (None, AANGEBODEN)}


def judge(gezin: Gezin, verloop: Verloop, punt: Planpunt, rol: str, vandaag: int) -> Oordeel:
    """Whether an intention can be made now, and if not, why and whether it still may be later."""
    stand = verloop.stand
    keus = stand.route.overgangen.get(punt.wat) if stand.route else None
    if keus is None or stand.stap is None:
        return Oordeel(punt.wat, ("Dit staat niet meer op de routekaart van dit traject.",), True)
    redenen = tuple(why_not(keus, gezin.dossier(verloop, vandaag, rol), met_invoer=False))
    if stand.stap.code in keus.van:
        return Oordeel(keus.label, redenen)
    return Oordeel(keus.label, redenen, _is_past(verloop, punt, keus))


def _is_past(verloop: Verloop, punt: Planpunt, keus: Overgang) -> bool:
    """Whether the traject left the stap in which this was intended and possible, or has ended."""
    return not verloop.stand.is_open or punt.vorm in keus.van


def judged(gezinnen: Mapping[int, Gezin], punten: Iterable[Planpunt], rol: str, vandaag: int) -> dict[str, Oordeel]:
    """The intentions among these as things stand, by number; the families by root, those of intentions at least."""
    return {
        p.nummer: judge(gezinnen[p.wortel_id], gezinnen[p.wortel_id].by_nummer(p.traject), p, rol, vandaag)
        for p in punten
        if p.soort == VOORNEMEN
    }


# -- Lists -------------------------------------------------------------------------------------------------------------


def due(db: Connection, wie: str, vandaag: int) -> list[Planpunt]:
    """What asks for attention in somebody's agenda today: all appointments of the day, and what is still open.

    Rows of before today come along as long as they are open. One statement.
    """
    p = planpunt.c
    van_vandaag = and_(p.dag == vandaag, or_(p.stand == OPEN, and_(p.soort == GESPREK, p.stand.not_in(("verzet",)))))
    eerder = and_(p.dag < vandaag, p.stand == OPEN)
    return [
        punt
        for punt in read(db, eigenaar == wie, or_(van_vandaag, eerder), traject.c.stap.is_not(None))
        if punt.stand != VERVALLEN
    ]
