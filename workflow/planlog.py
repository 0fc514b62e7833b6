"""What is planned and what happened, kept together: a row names the gebeurtenis it came from and that came of it.

`after` settles what was planned once it is recorded; `follow` puts rows right after a correction, `move_along` after a
hand-over. So plan and log never disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, ScalarSelect, and_, or_, select, update

from models import klok
from models.planpunt import planpunt
from models.trajectnummer import trajectnummer
from workflow.gezin import Gezin
from workflow.historie import Feit
from workflow.kalender import daynumber
from workflow.routekaart import Overgang
from workflow.verloop import Verloop

AANGEBODEN, GEHOUDEN, AFGEZEGD, NIET_VERSCHENEN = "aangeboden", "gehouden", "afgezegd", "niet_verschenen"
GESPREK, WACHTEN, HERINNERING, VOORNEMEN = "gesprek", "wachten", "herinnering", "voornemen"
OPEN, GEDAAN, VERZET, VERVALLEN = "open", "gedaan", "verzet", "vervallen"

UITKOMSTEN: Mapping[str, str] = {
    GEHOUDEN: GEDAAN,
    VERZET: VERZET,
    AFGEZEGD: AFGEZEGD,
    NIET_VERSCHENEN: NIET_VERSCHENEN,
}
"""What became of an appointment, by the label `gesprek` of the overgang that records it -> how its row stands then."""


def stand_by(keus: Overgang) -> str:
    """How a row stands after this overgang."""
    return UITKOMSTEN.get(keus.labels.get("gesprek", ""), GEDAAN)


def kinds_of(keus: Overgang) -> list[str]:
    """The kinds of appointment that this overgang is about in particular."""
    return keus.labels.get("gesprek_is", "").split()


def after(db: Connection, nummer: str, keus: Overgang, dag: int, volgnummer: int, punt: str | None = None) -> list[str]:
    """Settle what was planned in this traject and has now been recorded; the numbers of those rows.

    That is the row `punt` from which the form was opened, each intention to make this overgang, and the one appointment
    of that day of which it says what became.
    """
    p = planpunt.c
    waar = or_(p.nummer == (punt or ""), and_(p.soort == VOORNEMEN, p.wat == keus.code), _on_day(keus, dag))
    rijen = db.execute(
        select(p.id, p.nummer, p.soort, p.versie).where(p.traject_id == _id_of(nummer), p.stand == OPEN, waar)
    ).all()
    gesprekken = [rij for rij in rijen if rij.soort == GESPREK]
    bedoeld = [rij for rij in gesprekken if rij.nummer == punt] or (gesprekken if len(gesprekken) == 1 else [])
    raak = [rij for rij in rijen if rij.soort != GESPREK or rij in bedoeld]
    for rij in raak:
        _settle(db, rij, keus, dag, volgnummer)
    return [rij.nummer for rij in raak]


def _id_of(nummer: str) -> ScalarSelect[int]:
    return select(trajectnummer.c.id).where(trajectnummer.c.nummer == nummer).scalar_subquery()


def _on_day(keus: Overgang, dag: int) -> ColumnElement[bool]:
    """Appointments of which this overgang, made on this day, says what became."""
    p, label = planpunt.c, keus.labels.get("gesprek")
    van_die_dag = and_(p.soort == GESPREK, p.dag == dag)
    if label in (GEHOUDEN, NIET_VERSCHENEN):
        return van_die_dag
    return and_(van_die_dag, p.wat.in_([] if label else kinds_of(keus)))


def _settle(db: Connection, rij: Any, keus: Overgang, dag: int, volgnummer: int) -> None:
    zet = {"dag": dag} if rij.soort == GESPREK else {}
    db.execute(
        update(planpunt)
        .where(planpunt.c.id == rij.id)
        .values(stand=stand_by(keus), volgnummer=volgnummer, versie=rij.versie + 1, gewijzigd_op=klok.now_us(), **zet)
    )


def follow(db: Connection, gezinnen: Iterable[Gezin]) -> None:
    """After a correction: let what was planned stand as the log now says. One statement where nothing is planned."""
    verlopen = {v.traject_id: v for gezin in gezinnen for v in gezin}
    p = planpunt.c
    vraag = select(planpunt).where(
        p.traject_id.in_(list(verlopen)), or_(p.volgnummer.is_not(None), p.uit_volgnummer.is_not(None))
    )
    for rij in db.execute(vraag).all():
        moet = _as_logged(rij, verlopen[rij.traject_id])
        if moet != (rij.stand, rij.dag):
            stand, dag = moet
            zet = {"stand": stand, "dag": dag, "versie": rij.versie + 1, "gewijzigd_op": klok.now_us()}
            db.execute(update(planpunt).where(p.id == rij.id).values(zet))


def _as_logged(rij: Row[Any], verloop: Verloop) -> tuple[str, int]:
    """How a row stands, and its day, by the facts that stand now."""
    feiten = {feit.volgnummer: feit for feit in verloop.feiten}
    erdoor, eruit = feiten.get(rij.volgnummer), feiten.get(rij.uit_volgnummer)
    if erdoor is not None:
        stand = stand_by(made(verloop, erdoor))
        heeft_dag = rij.soort == GESPREK and stand in (GEDAAN, NIET_VERSCHENEN)
        return stand, erdoor.dag if heeft_dag else rij.dag
    if rij.uit_volgnummer is not None and eruit is None:
        return VERVALLEN, rij.dag
    if rij.volgnummer is None and rij.stand not in (OPEN, VERVALLEN):
        return rij.stand, rij.dag
    return OPEN, rij.dag if eruit is None else _planned_day(verloop, eruit, rij.dag)


def made(verloop: Verloop, feit: Feit) -> Overgang:
    """The overgang that a fact is, on the map of its time."""
    route = verloop.kaarten[feit.routekaart].routes[verloop.oorsprong["route"]]
    return route.alle_overgangen[feit.overgang or ""]


def _planned_day(verloop: Verloop, feit: Feit, anders: int) -> int:
    veld = day_field(made(verloop, feit))
    waarde = feit.invoer.get(veld or "")
    return daynumber(date.fromisoformat(waarde)) if waarde else anders


def day_field(keus: Overgang) -> str | None:
    """The veld in which an overgang tells the day of an appointment to come."""
    datums = [veld.code for veld in keus.velden if veld.soort == "datum"]
    genoemd = keus.labels.get("mijlpaal_veld")
    return genoemd if genoemd in datums else next(iter(datums), None)


def move_along(db: Connection, traject_ids: Sequence[int], van: str | None, naar: str | None) -> None:
    """In these trajecten, put what is open in the agenda of who handed over in that of who took over.

    What names nobody goes along by itself.
    """
    if van is None:
        return
    p = planpunt.c
    db.execute(
        update(planpunt)
        .where(p.traject_id.in_(list(traject_ids)), p.wie == van, p.stand == OPEN)
        .values(wie=naar, versie=p.versie + 1, gewijzigd_op=klok.now_us())
    )
