"""Corrections without erasing: an intrekking takes a row out, a verbetering changes its day or answers.

A correction is a later row. It stands only if the whole effective history stays a valid walk; else it is refused with
the rows in the way. A forgotten step is no correction but an overgang with an earlier day (`voortgang.advance`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection

from models import klok
from models.gebeurtenis import Gebeurtenis
from workflow.eenheid import check_one_open, check_references
from workflow.gezin import Gezin, load
from workflow.historie import Bevinding, Feit, content, effective, findings, withdrawn
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Actor, Opdracht, Vastgelegd
from workflow.routekaart import Overgang
from workflow.velden import InvoerGeweigerd, read_answers
from workflow.verloop import Verloop


class CorrectieGeweigerd(OvergangGeweigerd):
    """A correction that would leave no valid walk; `rijen` are the volgnummers in the way."""

    def __init__(self, verloop: Verloop, bevindingen: Sequence[Bevinding]) -> None:
        super().__init__([f"{verloop.nummer}, gebeurtenis {b.volgnummer}: {b.zin}" for b in bevindingen])
        self.rijen = [b.volgnummer for b in bevindingen]


CORRIGEREN_DAGEN = 30
"""How long after recording it a case worker may correct an own gebeurtenis; later, or of someone else: a coordinator."""


class Vastlegging(Protocol):
    """Who recorded a gebeurtenis, and when."""

    @property
    def door_code(self) -> str:
        """Pseudonym of who recorded it."""

    @property
    def vastgelegd_op(self) -> int:
        """When, in UTC microseconds."""


def may_correct(zin: Vastlegging, door: Actor, nu: int) -> bool:
    """Whether this actor may correct a gebeurtenis at this moment (UTC microseconds)."""
    if door.rol != "uitvoerder":
        return door.rol == "coordinator"
    oud = nu - zin.vastgelegd_op > CORRIGEREN_DAGEN * 86_400 * klok.MICROSECONDS
    return zin.door_code == door.pseudoniem and not oud


@dataclass(frozen=True, slots=True)
class _Vastgelegd:
    door_code: str
    vastgelegd_op: int


def withdraw(
    db: Connection,
    nummer: str,
    volgnummer: int,
    *,
    reden: str,
    door: Actor,
    toelichting: str | None = None,
    sleutel: str | None = None,
) -> Vastgelegd:
    """Take a row out, with the effects that came with it. Withdrawing an intrekking or verbetering restores what was.

    `reden` is one of the map's correctieredenen. Raises CorrectieGeweigerd with the rows in the way.
    """
    gezin = load(db, nummer)
    verloop = gezin.by_nummer(nummer)
    rij = _row(verloop, volgnummer)
    if eerder := _earlier(verloop, sleutel, "intrekking", volgnummer):
        return eerder
    _check_standing(verloop, rij, door)
    _check_correction_reason(verloop, reden)
    opdracht = Opdracht(gezin, door, sleutel)
    teksten = {"toelichting_correctie": toelichting} if toelichting else {}
    was_open = {v.traject_id: v.stand.is_open for v in gezin}
    mee = _effects(gezin, rij)
    nieuw = append_withdrawal(opdracht, verloop, rij, reden, teksten)
    for ander, gevolg in mee:
        append_withdrawal(opdracht, ander, gevolg, reden, {})
    for geraakt in {verloop.traject_id: verloop, **{v.traject_id: v for v, _ in mee}}.values():
        _check_walk(geraakt)
        _check_reopened(db, geraakt, was_open[geraakt.traject_id])
    opdracht.finish()
    return Vastgelegd(nummer, nieuw.volgnummer, opdracht.id)


def amend(
    db: Connection,
    nummer: str,
    volgnummer: int,
    *,
    reden: str,
    door: Actor,
    dag: int | None = None,
    invoer: Mapping[str, Any] | None = None,
    toelichting: str | None = None,
    sleutel: str | None = None,
) -> Vastgelegd:
    """Change the day or some answers of a row; the overgang itself never changes.

    Raises CorrectieGeweigerd with the rows in the way, InvoerGeweigerd for answers that cannot be.
    """
    gezin = load(db, nummer)
    verloop = gezin.by_nummer(nummer)
    rij = _row(verloop, volgnummer)
    if eerder := _earlier(verloop, sleutel, "verbetering", volgnummer):
        return eerder
    _check_standing(verloop, rij, door)
    _check_correction_reason(verloop, reden)
    feit = next(f for f in verloop.feiten if f.volgnummer == volgnummer)
    verbetert, teksten = _improvement(db, verloop, feit, dag, invoer or {})
    if toelichting:
        teksten["toelichting_correctie"] = toelichting
    opdracht = Opdracht(gezin, door, sleutel)
    was_open = verloop.stand.is_open
    nieuw = opdracht.append(
        verloop,
        "verbetering",
        verbetert.get("dag", feit.dag),
        verloop.kaarten[rij.routekaart],
        {"verbetert": verbetert},
        teksten,
        reden=reden,
        betreft_volgnummer=volgnummer,
    )
    _check_walk(verloop)
    _check_reopened(db, verloop, was_open)
    opdracht.finish()
    return Vastgelegd(nummer, nieuw.volgnummer, opdracht.id)


def _improvement(
    db: Connection, verloop: Verloop, feit: Feit, dag: int | None, invoer: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    verbetert: dict[str, Any] = {}
    if dag is not None and dag != feit.dag:
        if dag > klok.today():
            raise InvoerGeweigerd({"op": "De dag kan niet in de toekomst liggen."})
        verbetert["dag"] = dag
    overgang = _overgang(verloop, feit)
    if overgang and invoer:
        antwoorden, teksten = _reread(overgang, feit, invoer, dag or feit.dag)
        check_references(db, overgang, antwoorden)
        verschil = {k: v for k, v in antwoorden.items() if feit.invoer.get(k) != v}
        weg = {k: None for k in invoer if k in feit.invoer and k not in antwoorden}
        if verschil or weg:
            verbetert["invoer"] = {**verschil, **weg}
    else:
        teksten = {}
    if not verbetert and not teksten:
        raise InvoerGeweigerd({"op": "Er is niets veranderd."})
    return verbetert, teksten


def _reread(
    overgang: Overgang, feit: Feit, invoer: Mapping[str, Any], dag: int
) -> tuple[dict[str, Any], dict[str, str]]:
    velden = {veld.code: veld for veld in overgang.velden}
    teksten_eerder = {v for v in velden if velden[v].soort == "tekst" and v not in invoer}
    te_lezen = [veld for code, veld in velden.items() if code not in teksten_eerder]
    eerder = {k: v for k, v in feit.invoer.items() if k in velden}
    return read_answers(te_lezen, {**eerder, **invoer}, dag)


def _overgang(verloop: Verloop, feit: Feit) -> Overgang | None:
    route = verloop.kaarten[feit.routekaart].routes[verloop.oorsprong["route"]]
    return route.alle_overgangen.get(feit.overgang or "")


def _row(verloop: Verloop, volgnummer: int) -> Gebeurtenis:
    for rij in verloop.log:
        if rij.volgnummer == volgnummer:
            return rij
    raise OvergangGeweigerd([f"{verloop.nummer} heeft geen gebeurtenis {volgnummer}."])


def _earlier(verloop: Verloop, sleutel: str | None, soort: str, betreft: int) -> Vastgelegd | None:
    for rij in verloop.log:
        if sleutel and rij.sleutel == sleutel and (rij.soort, rij.betreft_volgnummer) == (soort, betreft):
            return Vastgelegd(verloop.nummer, rij.volgnummer, rij.opdracht_id)
    return None


def _check_standing(verloop: Verloop, rij: Gebeurtenis, door: Actor) -> None:
    if not may_correct(_Vastgelegd(content(rij).get("door", ""), rij.vastgelegd_op), door, klok.now_us()):
        raise OvergangGeweigerd(["Alleen een coordinator kan deze gebeurtenis nog corrigeren."])
    if rij.volgnummer in withdrawn(verloop.log):
        raise OvergangGeweigerd([f"Gebeurtenis {rij.volgnummer} is al ingetrokken."])
    if rij.soort == "vernietiging":
        raise OvergangGeweigerd(["Een vernietiging kan niet worden teruggedraaid."])


def _check_correction_reason(verloop: Verloop, reden: str) -> None:
    kaart = verloop.kaarten[verloop.log[-1].routekaart]
    if reden not in {r.code for r in kaart.correctieredenen}:
        raise InvoerGeweigerd({"reden": "Kies een reden voor de correctie."})


def _effects(gezin: Gezin, rij: Gebeurtenis) -> list[tuple[Verloop, Gebeurtenis]]:
    """The other rows of the same opdracht that still stand, when this is its first row."""
    if rij.soort in ("intrekking", "verbetering"):
        return []
    samen = [(v, r) for v in gezin for r in v.log if r.opdracht_id == rij.opdracht_id]
    eerste = min(samen, key=lambda paar: paar[1].id)[1]
    if (eerste.traject_id, eerste.volgnummer) != (rij.traject_id, rij.volgnummer):
        return []
    weg = {v.traject_id: withdrawn(v.log) for v in gezin}
    return [(v, r) for v, r in samen if r is not rij and r.volgnummer not in weg[v.traject_id]]


def append_withdrawal(
    opdracht: Opdracht, verloop: Verloop, rij: Gebeurtenis, reden: str, teksten: Mapping[str, str]
) -> Gebeurtenis:
    dag = next((f.dag for f in verloop.feiten if f.volgnummer == rij.volgnummer), rij.dag)
    kaart = verloop.kaarten[rij.routekaart]
    return opdracht.append(
        verloop, "intrekking", dag, kaart, {}, teksten, reden=reden, betreft_volgnummer=rij.volgnummer
    )


def _check_walk(verloop: Verloop) -> None:
    feiten = effective(verloop.log)
    if gevonden := findings(feiten, verloop.kaarten, verloop.oorsprong["route"]):
        raise CorrectieGeweigerd(verloop, gevonden)


def _check_reopened(db: Connection, verloop: Verloop, was_open: bool) -> None:
    stand = verloop.stand
    if stand.is_open and not was_open and stand.route:
        check_one_open(db, stand.route, list(stand.deelnemers), stand.sinds_op, behalve=verloop.traject_id)
