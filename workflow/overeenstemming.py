"""Conformance: where what happened is no way over the map in force, by kind, with the trajecten it happened in.

Of the main trajecten of the gemeente asked for that began in the period, whole as they are known. Judged are the stays
and how each ended, so what happened in place is not. An imported traject goes through the stap for imported ones (the
*bak*) by overgangen that only an import makes (label `stil`): these are possible by the map, and so say nothing. What
is judged of it is whether the ordinary overgangen could have led from the phase before to the phase after.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, select

from workflow.indicatoren import Kader
from workflow.routekaart import VORIGE, Overgang, Route
from workflow.uitwisseling.ddas_plek import find_route
from workflow.varianten import begun

SOORTEN: Mapping[str, tuple[str, str]] = {
    "fase_onbekend": ("Fase niet bekend", "Ingelezen; de levering zegt niet in welke fase het traject nu is."),
    "einde_zonder_fase": ("Einde zonder fase", "Ingelezen en geëindigd; tot het einde was geen fase bekend."),
    "begin": ("Begint halverwege", "Ingelezen; de eerste bekende fase is geen begin van de route."),
    "sprong": ("Sprong tussen fasen", "Ingelezen; van de ene naar de andere fase leidt geen gewone overgang."),
    "einde": ("Einde past niet", "Het einde of de reden ervan kan op deze kaart niet vanuit de stap ervoor."),
    "overgang": ("Overgang bestaat niet", "De kaart van nu kent deze overgang niet."),
    "elders": ("Overgang loopt anders", "De overgang bestaat, maar loopt nu van of naar een andere stap."),
    "stap": ("Stap bestaat niet", "De kaart van nu kent deze stap niet."),
}
"""Kind -> its name, and what it means."""


class Wending(NamedTuple):
    """How a stay went on: everything by which it is judged. `vorige`: of a stay in the bak, the stap before."""

    route: str
    stap: str
    overgang: str | None
    naar: str | None
    reden: str | None
    klasse: str | None
    vorige: str | None


class Afwijking(NamedTuple):
    """What does not fit, in codes; empty where there is none."""

    afwijking: str
    route: str
    van: str
    overgang: str
    naar: str
    reden: str


@dataclass(frozen=True, slots=True)
class Bevonden:
    """What does not fit -> the days on which it happened by traject."""

    gevonden: Mapping[Afwijking, Mapping[int, int]]

    def where(self, past: Callable[[Afwijking], bool]) -> Mapping[int, int]:
        """The trajecten with an Afwijking for which `past` holds, each with the first day of it."""
        eerste: dict[int, int] = {}
        for afwijking, wie in self.gevonden.items():
            for traject_id, dag in wie.items() if past(afwijking) else ():
                eerste[traject_id] = min(dag, eerste.get(traject_id, dag))
        return eerste


def departures(kader: Kader) -> Bevonden:
    """Where the trajecten that began in the period depart from the map in force."""
    rechter = _Rechter(kader)
    wendingen = map(Wending._make, kader.lees(_turns(kader, rechter.bakken, is_geteld=True)))
    oordelen = {wending: oordeel for wending in wendingen if (oordeel := rechter.judge(wending))}
    gevonden: dict[Afwijking, dict[int, int]] = defaultdict(dict)
    if oordelen:
        stappen = sorted({wending.stap for wending in oordelen})
        for traject_id, dag, *rest in kader.lees(_turns(kader, rechter.bakken, stappen)):
            if oordeel := oordelen.get(Wending._make(rest)):
                gevonden[oordeel].setdefault(traject_id, dag)
    return Bevonden(gevonden)


def _turns(kader: Kader, bakken: Sequence[str], stappen: Sequence[str] = (), is_geteld: bool = False) -> Select[Any]:
    """Every way in which a stay went on; or each of these stappen, with its traject and day."""
    v, eerder = kader.tabel("verblijf"), kader.tabel("verblijf").alias("eerder")
    ervoor = and_(
        *(eerder.c.traject_id == v.c.traject_id, eerder.c.niveau == v.c.niveau, eerder.c.nr == v.c.nr - 1),
        v.c.stap.in_(bakken),
    )
    wending = [*(v.c[naam] for naam in ("route", "stap", "uitgang", "naar", "reden", "klasse")), eerder.c.stap]
    wie = [] if is_geteld else [v.c.traject_id, func.coalesce(v.c.tot_dag, v.c.van_dag)]
    keuze = select(*wie, *wending).select_from(v.outerjoin(eerder, ervoor))
    keuze = keuze.where(v.c.niveau == "stap", v.c.traject_id.in_(begun(kader)))
    return keuze.distinct() if is_geteld else keuze.where(v.c.stap.in_(stappen)).order_by(v.c.traject_id, v.c.nr)


class _Rechter:
    """Judges by the map in force."""

    def __init__(self, kader: Kader) -> None:
        self._kaart = kader.kaart
        self._bakken = {plek.route.code: plek.bak.code for plek in [find_route(kader.kaart)] if plek}

    @property
    def bakken(self) -> Sequence[str]:
        """Codes of the stappen for imported trajecten."""
        return sorted(self._bakken.values())

    def judge(self, w: Wending) -> Afwijking | None:
        """What does not fit about it; None when all does."""
        route = self._kaart.routes.get(w.route)
        soort = self._kind(route, w) if route else "stap"
        if soort is None:
            return None
        van = (w.vorige if soort == "sprong" else None) or w.stap
        return Afwijking(soort, w.route, van, w.overgang or "", w.naar or "", w.reden or "")

    def _kind(self, route: Route, w: Wending) -> str | None:
        if w.stap not in route.stappen:
            return "stap"
        if w.stap == self._bakken.get(route.code):
            return _of_imported(route, w)
        if w.overgang is None or w.klasse == "splitsing":
            return None
        return _of_move(route, w)


def _of_imported(route: Route, w: Wending) -> str | None:
    if w.naar is None:
        return None if w.klasse else "fase_onbekend"
    if w.klasse != "door":
        return "einde_zonder_fase"
    if w.vorige is None:
        eerste = {start.naar for start in route.starten.values() if not _is_silent(start)}
        return None if w.naar in eerste else "begin"
    return None if _leads(route, w.vorige, w.naar) else "sprong"


def _of_move(route: Route, w: Wending) -> str | None:
    overgang = route.overgangen.get(w.overgang or "")
    if overgang is None:
        return "overgang"
    if w.naar not in route.stappen:
        return "stap"
    if w.stap not in overgang.van or overgang.naar not in (w.naar, VORIGE):
        return "elders"
    return None if w.klasse == "door" or _can_end(route, overgang, w) else "einde"


def _can_end(route: Route, overgang: Overgang, w: Wending) -> bool:
    stap, doel = route.stappen[w.stap], route.stappen[w.naar or ""]
    redenen = {reden.code for reden in overgang.redenen_bij(stap)}
    is_gewoon = not _is_silent(overgang) or _leads(route, w.stap, doel.code)
    return doel.einde == w.klasse and (w.reden is None or w.reden in redenen) and is_gewoon


def _leads(route: Route, van: str, naar: str) -> bool:
    """Whether an ordinary overgang leads from a stap to another."""
    return any(o.naar == naar for o in route.overgangen_vanuit.get(van, ()) if not _is_silent(o))


def _is_silent(overgang: Overgang) -> bool:
    return "stil" in overgang.labels
