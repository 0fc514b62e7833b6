"""Where a map takes in and gives out: its places for an exchange format, found by labels alone.

Promises: no name of a route, stap, overgang or veld is known here. `ddas` says what a route, stap or overgang stands
for, `ddas.PATH` which veld holds what stands at a path of the format, `ddas_soort.CODE` which kind a code stands for,
and `stil: ja` marks an overgang that only an import makes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from workflow.routekaart import Overgang, Reden, Route, Routekaart, Stap, Veld
from workflow.velden import read_answer

LABEL = "ddas."
REST = "*"
"""Path of the veld for whatever has no place of its own."""


class Inleesroute:
    """Where a map takes in a delivery; everything is found by labels and by what leads where."""

    def __init__(self, kaart: Routekaart, route: Route, start: Overgang) -> None:
        self.kaart, self.route, self.start = kaart, route, start
        self.bak = route.stappen[start.naar or ""]
        self.velden = labelled(start.labels, start.velden)
        self._gedeeld = {pad: code for pad, code in paths(route.labels)}

    def phase(self, fase: str) -> Stap | None:
        """The first stap of a phase; for the request of a dwangakkoord the stap that its overgang leads to."""
        stappen = (s for s in self.route.stappen.values() if s.labels.get("ddas") == fase and not s.einde)
        doelen = (o.naar for o in self.route.overgangen.values() if o.labels.get("ddas") == fase and o.naar)
        code = next(doelen, None)
        return next(stappen, self.route.stappen[code] if code else None)

    def solution(self, soort: str | None) -> tuple[Stap | None, dict[str, str]]:
        """The stap of an oplossing of this kind, and the answer that says which kind."""
        for stap in self.route.stappen.values():
            if stap.labels.get("ddas") == "oplossing" and soort:
                for code, naam in paths(stap.labels, "ddas_soort."):
                    if naam == soort:
                        return stap, {stap.labels["ddas_soort_veld"]: code}
        return None, {}

    def way(self, van: Stap, naar: Stap) -> Overgang | None:
        """The overgang between the bak and a stap, either way."""
        return next((o for o in self.route.overgangen_vanuit[van.code] if o.naar == naar.code), None)

    def silent(self, label: str, van: Stap) -> list[Overgang]:
        """The import's own overgangen for something, from a stap."""
        return [
            o for o in self.route.overgangen_vanuit[van.code] if o.labels.get("stil") and o.labels.get("ddas") == label
        ]

    def child(self, lijst: str, soort: str | None) -> tuple[Route, Overgang] | None:
        """The start of a child traject for an item of a list."""
        for route in self.kaart.kinderen_van(self.route.code):
            for start in route.starten.values():
                labels = {**route.labels, **route.stappen[start.naar or ""].labels, **start.labels}
                if start.labels.get("stil") and (labels.get("ddas"), labels.get("ddas_soort")) == (lijst, soort):
                    return route, start
        return None

    def answers(self, overgang: Overgang, antwoorden: Mapping[str, Any]) -> dict[str, Any]:
        """What the delivery answers to the velden of an overgang: those that the start has not, or begin a term."""
        eerder = {veld.code for veld in self.start.velden} - self._beginnings(overgang)
        velden = {v.code: v for v in overgang.velden if v.verplicht or v.code not in eerder}
        return {
            code: answered(velden[code], antwoorden[pad])
            for pad, code in self._gedeeld.items()
            if code in velden and pad in antwoorden
        }

    def _beginnings(self, overgang: Overgang) -> set[str]:
        """The velden from which the terms of the stap that it leads to count."""
        stap = self.route.stappen.get(overgang.naar or "")
        codes = stap.termijnen if stap else ()
        return {veld for code in codes for veld in self.kaart.termijnen[code].begint_op}


def find_route(kaart: Routekaart) -> Inleesroute | None:
    """The route and start of this map that take in deliveries; None when it has none."""
    for route in kaart.routes.values():
        for start in route.starten.values():
            if route.labels.get("ddas") == "traject" and start.labels.get("ddas") == "ingelezen":
                return Inleesroute(kaart, route, start)
    return None


def paths(labels: Mapping[str, str], voor: str = LABEL) -> Iterator[tuple[str, str]]:
    """Path and value of the labels with a prefix: `ddas.intake.startdatum: intake_van_op`."""
    return ((naam.removeprefix(voor), waarde) for naam, waarde in labels.items() if naam.startswith(voor))


def labelled(labels: Mapping[str, str], velden: Iterable[Veld]) -> dict[str, Veld]:
    """Path -> veld, for the velden that an overgang has."""
    bekend = {veld.code: veld for veld in velden}
    return {pad: bekend[code] for pad, code in paths(labels) if code in bekend}


def answered(veld: Veld, waarde: Any) -> Any:
    """A value of the format as an answer to a veld: of a keuze the code of that name."""
    if veld.soort == "keuze":
        return next((k.code for k in veld.keuzes if waarde in (k.naam, k.code)), waarde)
    return waarde if isinstance(waarde, (str, int)) else as_json(waarde)


def as_json(waarde: Any) -> str:
    """Compact JSON, ASCII, always the same for the same value."""
    return json.dumps(waarde, sort_keys=True, separators=(",", ":"))


def accepted(velden: Iterable[Veld], invoer: Mapping[str, Any], dag: int) -> dict[str, Any]:
    """The answers that the velden take on this day."""
    bekend = {veld.code: veld for veld in velden}
    return {code: waarde for code, waarde in invoer.items() if code in bekend and _takes(bekend[code], waarde, dag)}


def _takes(veld: Veld, waarde: Any, dag: int) -> bool:
    try:
        return read_answer(veld, waarde, dag) is not None
    except ValueError:
        return False


def with_reason(keuzes: Iterable[Overgang], soort: str | None) -> tuple[Overgang, Reden] | None:
    """The first overgang with a reden that stands for this code of the format (None: for none)."""
    return next(((k, r) for k in keuzes for r in k.redenen if r.labels.get("ddas") == soort), None)
