"""What one traject of a delivery becomes: a start, overgangen, child trajecten. Pure: traject and map in, plan out.

Promises: every gebeurtenis of a plan falls on a day that the delivery names for it; nothing in between is made up.

Choices. A traject starts in the stap for imported trajecten on its startdatum, or on the day of its aanmelding when
that is earlier. All answers are kept with the start as delivered, so that an export gives back what came in; what has
no veld goes to the veld for the rest. Lists become child trajecten where the map has a start for them and each field of
the item has a place; else the item is kept with the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workflow.routekaart import Overgang, Route, Veld
from workflow.uitwisseling.ddas_kader import Kader, Zet
from workflow.uitwisseling.ddas_lezen import Traject, day_of
from workflow.uitwisseling.ddas_plek import REST, Inleesroute, accepted, answered, as_json, labelled
from workflow.uitwisseling.ddas_wandeling import walk
from workflow.uitwisseling.opmerkingen import Opmerkingen
from workflow.uitwisseling.opschonen import Tabel


@dataclass(frozen=True, slots=True)
class Kindplan:
    """A child traject to make: its route, its start and, when it ended, its end."""

    route: str
    start: Zet
    einde: Zet | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything to make of one traject. `tot_dag` is the day it ends, None when it stays open."""

    traject: Traject
    route: Route
    start: Zet
    kinderen: tuple[Kindplan, ...]
    zetten: tuple[Zet, ...]
    tot_dag: int | None

    @property
    def aantal(self) -> int:
        """The number of gebeurtenissen, without what an end brings about by itself."""
        return 1 + len(self.zetten) + sum(1 + (kind.einde is not None) for kind in self.kinderen)


def plan(traject: Traject, plekken: Inleesroute, vandaag: int, geleverd_op: int, op: Opmerkingen) -> Plan:
    """What becomes of a traject. `geleverd_op` is the day of the delivery; findings are added to `op`."""
    kader = Kader(traject, plekken, vandaag, geleverd_op, op)
    if traject.gemeentecode not in plekken.kaart.gemeenten:
        kader.note("gemeentecode", "gemeente_onbekend", gelezen=traject.gemeentecode)
    kinderen = tuple(_children(kader))
    zetten = tuple(walk(kader))
    start = Zet(plekken.start.code, kader.begin, traject.pad, _start_answers(kader))
    return Plan(traject, plekken.route, start, kinderen, zetten, kader.tot_dag)


# The answers.


def _start_answers(kader: Kader) -> dict[str, Any]:
    gegeven = {pad: waarde for pad, waarde in kader.antwoorden.items() if pad != "uitstroom.reden"}
    velden = {pad: veld for pad, waarde in gegeven.items() if (veld := _veld(kader, pad, waarde))}
    return {**{veld.code: answered(veld, gegeven[pad]) for pad, veld in velden.items()}, **_rest_answer(kader)}


def _veld(kader: Kader, pad: str, waarde: Any) -> Veld | None:
    """The veld that takes this value; without one it is kept apart."""
    veld = kader.plekken.velden.get(pad)
    if veld and accepted([veld], {veld.code: answered(veld, waarde)}, kader.begin):
        return veld
    kader.keep(pad, waarde)
    return None


def _rest_answer(kader: Kader) -> dict[str, str]:
    veld = kader.plekken.velden.get(REST)
    if veld is None or not kader.rest:
        return {}
    invoer = accepted([veld], {veld.code: as_json(kader.rest)}, kader.begin)
    if not invoer:
        kader.note("", "niet_overgenomen")
    return invoer


# The lists.


def _children(kader: Kader) -> Iterator[Kindplan]:
    for lijst, delen in kader.traject.lijsten.items():
        for nr, deel in enumerate(delen):
            if kind := _child(kader, lijst, deel):
                yield kind
            else:
                kader.keep(f"{lijst}[{nr}]", deel, deel.pad)


def _child(kader: Kader, lijst: str, deel: Tabel) -> Kindplan | None:
    plek = kader.plekken.child(lijst, deel.get("soort"))
    begin = day_of(deel.get("startdatum"))
    if plek is None or begin is None or not kader.holds(begin):
        return None
    route, start = plek
    slot = _child_end(kader, route, deel, begin)
    invoer = _child_answers(start, deel, begin, {"startdatum", "soort", *(["einddatum"] if slot else [])})
    return None if invoer is None else Kindplan(route.code, Zet(start.code, begin, deel.pad, invoer), slot)


def _child_end(kader: Kader, route: Route, deel: Tabel, begin: int) -> Zet | None:
    einde = day_of(deel.get("einddatum"))
    if einde is None or route.sluiting is None or not begin <= einde <= kader.vandaag:
        return None
    return Zet(route.sluiting, einde, deel.place("einddatum"))


def _child_answers(start: Overgang, deel: Tabel, dag: int, geplaatst: set[str]) -> Mapping[str, Any] | None:
    """The answers of the start; None when a field of the item has no place, so that nothing gets lost."""
    velden = labelled(start.labels, start.velden)
    invoer = {velden[naam].code: waarde for naam, waarde in deel.items() if naam in velden}
    is_alles = not set(deel) - geplaatst - velden.keys() and len(accepted(start.velden, invoer, dag)) == len(invoer)
    return invoer if is_alles else None
