"""Four eyes: when a correction takes two people, and who the second one may be.

One person may correct what happened up to a number of days ago; of longer ago, or in the period of a fixed report, one
proposes and another confirms. What two people did, takes two to correct again. The number of days is kept by the
beheerder and counts from a day on. Undoing at once, imports and effects are no corrections in this sense.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, insert, select

from models import klok
from models.instelling import dagstelling
from models.rapport import rapport
from workflow.kalender import daynumber, short, span_in_words
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Actor
from workflow.velden import InvoerGeweigerd

NAAM = "vier_ogen_dagen"
STANDAARD_DAGEN = 30
MAX_DAGEN = 3650
DOOR_TWEE = "Dit is door de een voorgesteld en door een ander bevestigd."
BEVESTIGERS = ("coordinator",)


class VierOgenNodig(OvergangGeweigerd):
    """One person may not do this alone; `waarom` says why in Dutch."""

    def __init__(self, waarom: str) -> None:
        super().__init__([f"{waarom} Een tweede persoon moet deze correctie bevestigen."])
        self.waarom = waarom


@dataclass(frozen=True, slots=True)
class Voorgesteld:
    """Who proposed what another person now confirms, when (UTC microseconds), and in which proposal (0: none).

    `is_proef`: nobody confirms yet, it is only tried; the caller takes it back.
    """

    door: Actor
    op: int
    voorstel: int
    is_proef: bool = False

    @property
    def in_log(self) -> dict[str, str | int]:
        """As the rows of the log keep it."""
        wie = {"door": self.door.pseudoniem, "rol": self.door.rol, "organisatie": self.door.organisatie}
        return {**wie, "op": self.op, **({"voorstel": self.voorstel} if self.voorstel else {})}


@dataclass(frozen=True, slots=True)
class Grens:
    """A number of days that counts from a day on, and who set it when."""

    dagen: int
    vanaf: int
    door: str
    vastgelegd_op: int


def why_two(
    db: Connection, dagen: Collection[int], over: range = range(0), voorgesteld_door: str | None = None
) -> str | None:
    """Why one person may not correct facts of these days alone, in Dutch; None when one may.

    `over`: the days that the fact tells of besides, as a partner's report does. `voorgesteld_door`: who proposed what
    is corrected, where that took two already.
    """
    if voorgesteld_door is not None:
        return DOOR_TWEE
    eerste, vandaag = min(dagen), klok.today()
    grens = days_in_force(db, vandaag)
    if vandaag - eerste > grens:
        return f"Dit gebeurde op {short(eerste)}, meer dan {grens} dagen geleden."
    return next((zin for zin in _reported(db, [*dagen, *over])), None)


def _reported(db: Connection, dagen: Collection[int]) -> Iterator[str]:
    for nummer, vraag in db.execute(select(rapport.c.id, rapport.c.vraag).order_by(rapport.c.id)):
        van, tot = (daynumber(date.fromisoformat(json.loads(vraag)[naam])) for naam in ("van", "tot"))
        if any(van <= dag < tot for dag in dagen):
            yield f"Rapport {nummer} over {span_in_words(van, tot - 1)} is al vastgesteld."


def check_two(
    db: Connection,
    dagen: Collection[int],
    door: Actor,
    voorgesteld: Voorgesteld | None,
    over: range = range(0),
    voorgesteld_door: str | None = None,
) -> None:
    """Raise VierOgenNodig when it takes two and nobody proposed it, OvergangGeweigerd when `door` may not confirm.

    `over` and `voorgesteld_door` as in `why_two`.
    """
    if voorgesteld is None:
        if waarom := why_two(db, dagen, over, voorgesteld_door):
            raise VierOgenNodig(waarom)
        return
    if not voorgesteld.is_proef:
        check_second(door, voorgesteld.door)


def check_second(door: Actor, voorsteller: Actor) -> None:
    """The second person is another one, with the role for it. Raises OvergangGeweigerd."""
    if door.rol not in BEVESTIGERS:
        raise OvergangGeweigerd(["Alleen een coördinator beslist over een voorstel."])
    if door.pseudoniem == voorsteller.pseudoniem:
        raise OvergangGeweigerd(["U deed dit voorstel zelf. Een ander beslist erover."])


def days_in_force(db: Connection, dag: int) -> int:
    """How many days after the fact one person may still correct alone, on this day."""
    vraag = (
        select(dagstelling.c.waarde)
        .where(dagstelling.c.naam == NAAM, dagstelling.c.vanaf_dag <= dag)
        .order_by(dagstelling.c.vanaf_dag.desc(), dagstelling.c.id.desc())
        .limit(1)
    )
    gevonden = db.execute(vraag).scalar_one_or_none()
    return STANDAARD_DAGEN if gevonden is None else gevonden


def settings_made(db: Connection) -> list[Grens]:
    """Every setting that was made, the last one first."""
    s = dagstelling.c
    vraag = select(s.waarde, s.vanaf_dag, s.door, s.vastgelegd_op).where(s.naam == NAAM)
    return [Grens(*rij) for rij in db.execute(vraag.order_by(s.vanaf_dag.desc(), s.id.desc()))]


def set_days(db: Connection, dagen: int, vanaf: int, door: Actor) -> None:
    """Let another number count from a day on, today at the earliest. Raises InvoerGeweigerd."""
    if not 0 <= dagen <= MAX_DAGEN:
        raise InvoerGeweigerd({"dagen": f"Vul een aantal in van 0 tot en met {MAX_DAGEN}."})
    if vanaf < klok.today():
        raise InvoerGeweigerd({"vanaf": "De dag kan niet in het verleden liggen: wat gold, blijft staan."})
    rij = {"naam": NAAM, "waarde": dagen, "vanaf_dag": vanaf, "door": door.pseudoniem, "vastgelegd_op": klok.now_us()}
    db.execute(insert(dagstelling).values(rij))
