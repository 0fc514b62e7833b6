"""Moving running trajecten to another version of the map: first the rehearsal, then a gebeurtenis for each.

A traject can be moved when its route and its stap are on the new map, or a mapping says which stap takes the place of
its own. A family moves together or not at all: its guards and effects look at each other's routes. Nothing moves by
itself, and each move is a row of the log that can be withdrawn like any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import Connection, func, select

from models import klok
from models.gebeurtenis import Gebeurtenis, gebeurtenis
from models.traject import traject
from workflow.correcties import check_walk
from workflow.gezin import Gezin, OnbekendTraject, load
from workflow.kaarten import Kaarten, refuse_concept
from workflow.kalender import short
from workflow.keten import canonical
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Actor, Opdracht
from workflow.projectie import LOPEND, families, traject_row
from workflow.routekaart import Route, Routekaart
from workflow.velden import InvoerGeweigerd
from workflow.verloop import Verloop

Koppelingen = Mapping[tuple[str, str], str]
"""Route and stap on the old map -> the stap on the new one that takes its place."""

Oordeel = Literal["past", "koppelen", "kan_niet"]
Grond = Literal["", "stap", "einde", "route", "ouder", "onderwerp", "familie", "wandeling"]
"""Why a traject cannot be moved as it stands."""

ZINNEN: Mapping[str, str] = {
    "": "",
    "stap": "Deze stap staat niet op de nieuwe kaart: kies een stap die ervoor in de plaats komt.",
    "einde": "Deze stap is op de nieuwe kaart een einde: kies een stap waarin het traject verder loopt.",
    "route": "Deze route staat niet op de nieuwe kaart.",
    "ouder": "Deze route hangt op de nieuwe kaart anders aan andere routes.",
    "onderwerp": "Deze route gaat op de nieuwe kaart over iets anders.",
    "familie": "Een traject dat hierbij hoort kan niet mee.",
    "wandeling": "De geschiedenis past dan niet meer.",
}

_KOPPELEN = ("stap", "einde")
VERVALDAG = [*traject.c.keys()].index("vervaldag")
"""Where a row of `traject` has the last day of its nearest term."""


@dataclass(frozen=True, slots=True)
class Regel:
    """A running traject in the rehearsal: from which stap to which, and the nearest due day before and after."""

    nummer: str
    wortel_id: int
    route: str
    stap: str
    stap_naam: str
    naar: str | None
    grond: Grond = ""
    vervaldag: int | None = None
    vervaldag_dan: int | None = None

    @property
    def oordeel(self) -> Oordeel:
        """Whether it can be moved, needs a stap in the place of its own, or cannot be moved."""
        if not self.grond:
            return "past"
        return "koppelen" if self.grond in _KOPPELEN else "kan_niet"

    @property
    def zin(self) -> str:
        """Why it cannot be moved as it stands, in Dutch."""
        return ZINNEN[self.grond]


@dataclass(frozen=True, slots=True)
class Repetitie:
    """What would become of every running traject; `al_daar` of them are on the new version already.

    `logpositie`: the last row of the log that it knows of.
    """

    regels: tuple[Regel, ...]
    al_daar: int = 0
    logpositie: int = 0

    @property
    def geteld(self) -> Mapping[Oordeel, int]:
        """How many of each judgement."""
        aantal = Counter(regel.oordeel for regel in self.regels)
        return {"past": aantal["past"], "koppelen": aantal["koppelen"], "kan_niet": aantal["kan_niet"]}

    @property
    def per_stap(self) -> Mapping[tuple[str, str, str], Mapping[Oordeel, int]]:
        """Route, stap and its name -> how many of each judgement, in the order in which they were met."""
        gevonden: dict[tuple[str, str, str], Counter[Oordeel]] = {}
        for regel in self.regels:
            gevonden.setdefault((regel.route, regel.stap, regel.stap_naam), Counter())[regel.oordeel] += 1
        return gevonden

    @property
    def blijft(self) -> tuple[Regel, ...]:
        """The trajecten that cannot be moved as they stand."""
        return tuple(regel for regel in self.regels if regel.grond)

    @property
    def verschuift(self) -> tuple[Regel, ...]:
        """The trajecten whose nearest term would end on another day."""
        return tuple(r for r in self.regels if not r.grond and r.vervaldag != r.vervaldag_dan)


def rehearse(db: Connection, kaart: Routekaart, koppelingen: Koppelingen) -> Repetitie:
    """Fold every running traject as if it were moved to this map, which need not be stored. Writes nothing.

    Raises InvoerGeweigerd for a mapping to a stap that the map does not have.
    """
    check_mapping(kaart, koppelingen)
    positie = db.execute(select(func.coalesce(func.max(gebeurtenis.c.id), 0))).scalar_one()
    regels: list[Regel] = []
    al_daar = 0
    for gezin in families(db, LOPEND, Kaarten(db, kaart), Gebeurtenis._fields):
        open_ = _open(gezin)
        te_gaan = _to_move(open_, kaart)
        al_daar += len(open_) - len(te_gaan)
        regels.extend(_rehearsed(gezin, te_gaan, kaart, koppelingen))
    return Repetitie(tuple(sorted(regels, key=lambda regel: _place(kaart, regel))), al_daar, positie)


def _place(kaart: Routekaart, regel: Regel) -> tuple[int, int, str]:
    routes = list(kaart.routes)
    stappen = list(kaart.routes[regel.route].stappen) if regel.route in routes else []
    return (
        routes.index(regel.route) if regel.route in routes else len(routes),
        stappen.index(regel.stap) if regel.stap in stappen else len(stappen),
        regel.nummer,
    )


def _open(gezin: Gezin) -> list[Verloop]:
    return [verloop for verloop in gezin if verloop.stand.is_open]


def _to_move(open_: Sequence[Verloop], kaart: Routekaart) -> list[Verloop]:
    return [verloop for verloop in open_ if verloop.kaart.sha256 != kaart.sha256]


def _rehearsed(
    gezin: Gezin, te_gaan: Sequence[Verloop], kaart: Routekaart, koppelingen: Koppelingen
) -> Iterable[Regel]:
    regels = _judged(gezin, te_gaan, kaart, koppelingen)
    if any(regel.grond for regel in regels):
        return regels
    was = {verloop.nummer: traject_row(gezin, verloop)[VERVALDAG] for verloop in te_gaan}
    try:
        _try_out(gezin, te_gaan, kaart, regels)
    except OvergangGeweigerd:
        return [replace(regel, grond="wandeling") for regel in regels]
    dan = {verloop.nummer: traject_row(gezin, verloop)[VERVALDAG] for verloop in te_gaan}
    return [replace(r, vervaldag=was[r.nummer], vervaldag_dan=dan[r.nummer]) for r in regels]


def _try_out(gezin: Gezin, te_gaan: Sequence[Verloop], kaart: Routekaart, regels: Sequence[Regel]) -> None:
    """Move a family that was read to look at only; its rows are written nowhere."""
    opdracht = Opdracht(gezin, Actor("", "", ""))
    for verloop, regel in zip(te_gaan, regels, strict=True):
        rij = opdracht.draft(verloop, "migratie", _day(verloop), kaart, van=regel.stap, naar=regel.naar)
        verloop.follow(_with_content(rij, regel))
        check_walk(verloop)


def _with_content(rij: Gebeurtenis, regel: Regel) -> Gebeurtenis:
    return rij._replace(inhoud=canonical(_content(regel)))


def _content(regel: Regel) -> dict[str, str]:
    """The stap that the move leaves from: it stands only as long as the traject was there."""
    return {"van_stap": regel.stap}


def _day(verloop: Verloop) -> int:
    return max(klok.today(), verloop.stand.laatste_op)


def _judged(gezin: Gezin, te_gaan: Sequence[Verloop], kaart: Routekaart, koppelingen: Koppelingen) -> list[Regel]:
    regels = [_judge(gezin, verloop, kaart, koppelingen) for verloop in te_gaan]
    if all(not regel.grond for regel in regels):
        return regels
    return [regel if regel.grond else replace(regel, grond="familie") for regel in regels]


def _judge(gezin: Gezin, verloop: Verloop, kaart: Routekaart, koppelingen: Koppelingen) -> Regel:
    stand = verloop.stand
    if stand.route is None or stand.stap is None:
        raise OnbekendTraject(verloop.nummer)
    code, stap = stand.route.code, stand.stap.code
    naar = koppelingen.get((code, stap), stap)
    regel = Regel(verloop.nummer, verloop.wortel_id, code, stap, stand.stap.naam, naar)
    return replace(regel, grond=_ground(stand.route, kaart.routes.get(code), naar, _parent_route(gezin, verloop)))


def _parent_route(gezin: Gezin, verloop: Verloop) -> str | None:
    ouder = gezin.trajecten.get(verloop.ouder_id or 0)
    return ouder.oorsprong["route"] if ouder else None


def _ground(was: Route, route: Route | None, naar: str, ouder: str | None) -> Grond:
    if route is None:
        return "route"
    if ouder not in (route.hoort_bij or (None,)):
        return "ouder"
    if was.onderwerp != route.onderwerp:
        return "onderwerp"
    if naar not in route.stappen:
        return "stap"
    return "einde" if route.stappen[naar].einde else ""


def check_mapping(kaart: Routekaart, koppelingen: Koppelingen) -> None:
    """Every mapping leads to a stap of this map in which a traject runs on. Raises InvoerGeweigerd, by ROUTE.STAP."""
    fouten = {
        f"{route}.{stap}": f"{naar} is op deze kaart geen stap van route {route} waarin een traject verder loopt."
        for (route, stap), naar in koppelingen.items()
        if naar not in _running_stappen(kaart, route)
    }
    if fouten:
        raise InvoerGeweigerd(fouten)


def _running_stappen(kaart: Routekaart, route: str) -> list[str]:
    return (
        [stap.code for stap in kaart.routes[route].stappen.values() if not stap.einde] if route in kaart.routes else []
    )


@dataclass(frozen=True, slots=True)
class Overgezet:
    """How many trajecten were moved, and how many of those asked for stayed where they were.

    `veranderd` of those stayed because something happened to their family after the rehearsal that was looked at.
    """

    trajecten: int
    gebleven: int
    veranderd: int = 0


def check_target(kaart: Routekaart) -> None:
    """Trajecten can be moved to this map today. Raises KaartIsConcept, OvergangGeweigerd before its day."""
    refuse_concept(kaart)
    if kaart.geldig_vanaf > klok.today():
        raise OvergangGeweigerd([f"Deze versie geldt pas vanaf {short(kaart.geldig_vanaf)}."])


def move(
    db: Connection,
    kaart: Routekaart,
    koppelingen: Koppelingen,
    *,
    door: Actor,
    stappen: Iterable[tuple[str, str]] | None = None,
    gezien: int | None = None,
) -> Overgezet:
    """Move every running traject that fits to this stored map, each with a gebeurtenis of its own, in the caller's
    transaction; `stappen` (route, stap) limits it to families with a traject there, `gezien` (the log position of a
    rehearsal) to those to which nothing happened since.

    Raises KaartIsConcept, OvergangGeweigerd before the day of the map, InvoerGeweigerd for a mapping that cannot be,
    and Conflict when someone else changed one of them meanwhile: then nothing was moved.
    """
    check_target(kaart)
    alle = rehearse(db, kaart, koppelingen).regels
    gekozen = None if stappen is None else set(stappen)
    families_ = {r.wortel_id: r.nummer for r in alle if gekozen is None or (r.route, r.stap) in gekozen}
    gevraagd = Counter(regel.wortel_id for regel in alle if regel.wortel_id in families_)
    gegaan = veranderd = 0
    for wortel_id, nummer in families_.items():
        gezin = load(db, nummer)
        if gezien is not None and _went_on(gezin, gezien):
            veranderd += gevraagd[wortel_id]
        else:
            gegaan += _move_family(gezin, kaart, koppelingen, door)
    return Overgezet(gegaan, gevraagd.total() - gegaan, veranderd)


def _went_on(gezin: Gezin, positie: int) -> bool:
    return any(verloop.log[-1].id > positie for verloop in gezin)


def _move_family(gezin: Gezin, kaart: Routekaart, koppelingen: Koppelingen, door: Actor) -> int:
    """Judged again, because the family is locked only now."""
    te_gaan = _to_move(_open(gezin), kaart)
    regels = _judged(gezin, te_gaan, kaart, koppelingen)
    if not regels or any(regel.grond for regel in regels):
        return 0
    opdracht = Opdracht(gezin, door)
    for verloop, regel in zip(te_gaan, regels, strict=True):
        opdracht.append(verloop, "migratie", _day(verloop), kaart, _content(regel), van=regel.stap, naar=regel.naar)
        check_walk(verloop)
    opdracht.finish()
    return len(regels)
