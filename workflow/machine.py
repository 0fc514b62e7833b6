"""A route of the map as a state machine of `transitions`: this is what decides whether an overgang is made.

One model-less machine per route and map version. It is fired on a throw-away probe, never on stored data. Guards are
wrapped once, here, because the library tells yes from no only and stops at the first no.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from transitions import Machine, MachineError

from workflow.dossier import Dossier
from workflow.routekaart import VORIGE, Overgang, Route, Routekaart, Stap
from workflow.voorwaarden import refusals

_machines: dict[tuple[str, str], Machine] = {}


class OvergangGeweigerd(Exception):
    """An overgang that may not be made; `redenen` are the Dutch sentences that say why."""

    def __init__(self, redenen: list[str]) -> None:
        super().__init__(" ".join(redenen))
        self.redenen = redenen


class Probe:
    """What the machine moves in place of a traject."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.state = dossier.stap.code if dossier.stap else ""
        self.redenen: list[str] = []


def machine_of(kaart: Routekaart, route: Route) -> Machine:
    """The machine of a route, built once per map version."""
    key = (kaart.sha256, route.code)
    if key not in _machines:
        _machines[key] = _build(route)
    return _machines[key]


def _build(route: Route) -> Machine:
    return Machine(
        model=None,
        states=list(route.stappen),
        transitions=[t for overgang in route.overgangen.values() for t in _transitions(route, overgang)],
        initial=next(iter(route.stappen)),
        auto_transitions=False,
        send_event=True,
        queued=False,
    )


def _transitions(route: Route, overgang: Overgang) -> list[dict[str, Any]]:
    vast = {"trigger": overgang.code, "source": list(overgang.van)}
    if overgang.naar != VORIGE:
        return [{**vast, "dest": overgang.naar, "conditions": [partial(_may, overgang)]}]
    doelen = [stap.code for stap in route.stappen.values() if not stap.einde]
    return [
        {**vast, "dest": doel, "conditions": [partial(_came_from, doel), partial(_may, overgang)]} for doel in doelen
    ]


def _may(overgang: Overgang, event: Any) -> bool:
    event.model.redenen = refusals(overgang, event.model.dossier)
    return not event.model.redenen


def _came_from(doel: str, event: Any) -> bool:
    return bool(event.model.dossier.vorige == doel)


def fire(overgang: Overgang, dossier: Dossier) -> Stap:
    """Make the overgang and return the stap it leads to (the same one for an overgang in place).

    Raises OvergangGeweigerd with all reasons at once.
    """
    probe = Probe(dossier)
    try:
        gelukt = machine_of(dossier.kaart, dossier.route).events[overgang.code].trigger(probe)
    except MachineError:
        gelukt = False
    if not gelukt:
        raise OvergangGeweigerd(why_not(overgang, dossier) or ["Deze overgang is nu niet mogelijk."])
    return dossier.route.stappen[probe.state]


def why_not(overgang: Overgang, dossier: Dossier, met_invoer: bool = True) -> list[str]:
    """All reasons why this overgang is not possible now; empty when it is.

    A guard says more than "not from this stap", so that sentence comes only when no guard refuses.
    """
    redenen = refusals(overgang, dossier, met_invoer)
    if redenen or (dossier.stap and dossier.stap.code in overgang.van):
        return redenen
    namen = [dossier.route.stappen[code].naam for code in overgang.van]
    return [f"Dit kan niet vanuit {dossier.stap.naam if dossier.stap else 'het begin'}, wel vanuit {_some(namen)}."]


def _some(namen: list[str]) -> str:
    if len(namen) > 4:
        namen = [*namen[:3], f"{len(namen) - 3} andere stappen"]
    return " of ".join(deel for deel in (", ".join(namen[:-1]), namen[-1]) if deel)
