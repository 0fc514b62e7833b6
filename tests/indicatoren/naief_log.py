"""What each traject went through, by the JSON lines of the log and the map as JSON. A second opinion: nothing of ours.

Written from the design (architecture, part 2) in the slowest plain way. Days are integers since 1970-01-01.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

EPOCH = date(1970, 1, 1).toordinal()
Rij = dict[str, Any]
Route = Mapping[str, Any]
"""Its stappen and its overgangen (starts too) by code, and the names of its kenmerken."""
Kaarten = Mapping[str, Mapping[str, Any]]
"""Maps by their sha256: versie, status, and routes by code."""


@dataclass(eq=False)
class Deelname:
    """Someone takes part from one day until another."""

    wie: str
    soort: str
    van: int
    tot: int | None = None


@dataclass(eq=False)
class Verblijf:
    """A stay: in a stap, in a fase, or in the traject as a whole. `begin` and `slot` are places in the history."""

    route: str
    stap: str
    fase: str
    ingang: str
    gemeente: str | None
    van: int
    begin: int
    tot: int | None = None
    slot: int | None = None
    klasse: str | None = None
    naar: str | None = None
    reden: str | None = None


@dataclass(eq=False)
class Moment:
    """A mijlpaal, or an answer: what, on which day, and at which place in the history."""

    naam: str
    dag: int
    plaats: int
    waarde: Any = None
    gemeente: str | None = None


@dataclass(eq=False)
class Traject:
    """One traject as the log tells it."""

    id: int
    route: str
    ouder: int | None
    kaart: str
    begonnen_op: int
    stappen: list[Verblijf] = field(default_factory=list)
    fasen: list[Verblijf] = field(default_factory=list)
    levens: list[Verblijf] = field(default_factory=list)
    mijlpalen: list[Moment] = field(default_factory=list)
    antwoorden: list[Moment] = field(default_factory=list)
    deelnames: list[Deelname] = field(default_factory=list)
    gemeente: str | None = None

    def eerste(self, mijlpaal: str) -> Moment | None:
        """The first mijlpaal of this name."""
        return next((m for m in self.mijlpalen if m.naam == mijlpaal), None)

    def gegeven(self, naam: str) -> list[Moment]:
        """The answers to a question, in order."""
        return [a for a in self.antwoorden if a.naam == naam]


def read(regels: Iterable[str], bekend: int | None) -> dict[int, list[Rij]]:
    """JSON lines -> the rows of each traject that were recorded before `bekend` (None: all)."""
    gevonden: dict[int, list[Rij]] = defaultdict(list)
    for regel in regels:
        rij = json.loads(regel)
        if bekend is None or rij["vastgelegd_op"] < bekend:
            rij["inhoud"] = json.loads(rij["inhoud"])
            gevonden[rij["traject_id"]].append(rij)
    return gevonden


def in_order(rijen: Sequence[Rij]) -> list[Rij]:
    """The rows that stand, corrections applied, in the order in which they were so."""
    rijen = sorted(rijen, key=lambda rij: rij["volgnummer"])
    weg = _withdrawn(rijen)
    for rij in rijen:
        if rij["soort"] == "verbetering" and rij["volgnummer"] not in weg:
            _improve(next(r for r in rijen if r["volgnummer"] == rij["betreft_volgnummer"]), rij["inhoud"]["verbetert"])
    feiten = [rij for rij in rijen if rij["soort"] not in ("intrekking", "verbetering")]
    lijst = [rij for rij in feiten if rij["na_volgnummer"] is None]
    lijst.sort(key=lambda rij: (rij["dag"], rij["volgnummer"]))
    for rij in feiten:
        if rij["na_volgnummer"] is not None:
            plaats = [r["volgnummer"] for r in lijst].index(rij["na_volgnummer"])
            lijst.insert(plaats + 1, rij)
    return [rij for rij in lijst if rij["volgnummer"] not in weg]


def _withdrawn(rijen: Sequence[Rij]) -> set[int]:
    """The last word counts: an intrekking that was itself withdrawn takes nothing out."""
    weg: set[int] = set()
    for rij in reversed(rijen):
        if rij["soort"] == "intrekking" and rij["volgnummer"] not in weg:
            weg.add(rij["betreft_volgnummer"])
    return weg


def _improve(rij: Rij, nieuw: Mapping[str, Any]) -> None:
    rij["dag"] = nieuw.get("dag", rij["dag"])
    rij["inhoud"]["invoer"] = {**rij["inhoud"].get("invoer", {}), **nieuw.get("invoer", {})}


class Reis:
    """Follows one traject through its history."""

    def __init__(self, traject_id: int, feiten: Sequence[Rij], kaarten: Kaarten) -> None:
        begin = feiten[0]
        inhoud = begin["inhoud"]
        self.kaarten = kaarten
        self.traject = Traject(
            traject_id,
            inhoud["route"],
            inhoud.get("hoort_bij"),
            begin["routekaart"],
            inhoud.get("begonnen_op", begin["dag"]),
            gemeente=inhoud.get("gemeente"),
        )
        self.hier: str | None = None
        for plaats, feit in enumerate(feiten):
            self._live(plaats, feit)

    def _live(self, plaats: int, feit: Rij) -> None:
        self.route = self.kaarten[feit["routekaart"]]["routes"][self.traject.route]
        inhoud, dag = feit["inhoud"], feit["dag"]
        self._join_and_leave(inhoud, dag)
        if "naar_traject" in inhoud:
            self._close(plaats, feit, "splitsing", None)
            self.hier = None
        elif feit["naar"] is not None and feit["soort"] in ("start", "overgang"):
            self._move(plaats, feit)
        self._answer(plaats, feit)
        self._mark(plaats, feit)

    def _join_and_leave(self, inhoud: Mapping[str, Any], dag: int) -> None:
        mensen = self.traject.deelnames
        mensen.extend(Deelname(wie, soort, dag) for soort, wie in inhoud.get("deelnemers", ()))
        for deelname in mensen:
            if deelname.wie in inhoud.get("vertrokken", ()) and deelname.tot is None:
                deelname.tot = dag
            if deelname.wie == inhoud.get("van"):
                deelname.wie = inhoud["naar"]

    def _move(self, plaats: int, feit: Rij) -> None:
        stappen = self.route["stappen"]
        doel = stappen[feit["naar"]]
        was_einde = self.hier is not None and "einde" in stappen[self.hier]
        ingang = feit["inhoud"].get("ingang", "start") if self.hier is None else "overgang"
        if self.hier is not None and not was_einde:
            self._close(plaats, feit, doel.get("einde", "door"), doel)
        if "einde" not in doel:
            self._open(plaats, feit, "heropend" if was_einde else ingang, doel)
        self.hier = feit["naar"]

    def _open(self, plaats: int, feit: Rij, ingang: str, doel: Mapping[str, Any]) -> None:
        for lijst in (self.traject.stappen, self.traject.fasen, self.traject.levens):
            if lijst is self.traject.stappen or not lijst or lijst[-1].tot is not None:
                waar = (self.traject.route, feit["naar"], doel["fase"], ingang, self.traject.gemeente)
                lijst.append(Verblijf(*waar, feit["dag"], plaats))

    def _close(self, plaats: int, feit: Rij, klasse: str, doel: Mapping[str, Any] | None) -> None:
        is_eind = doel is None or "einde" in doel
        for lijst in (self.traject.stappen, self.traject.fasen, self.traject.levens):
            is_uit = is_eind or lijst is self.traject.stappen
            is_uit = is_uit or (lijst is self.traject.fasen and lijst[-1].fase != doel["fase"])  # type: ignore[index]
            if is_uit and lijst and lijst[-1].tot is None:
                verblijf = lijst[-1]
                verblijf.tot, verblijf.slot, verblijf.klasse = feit["dag"], plaats, klasse
                verblijf.naar, verblijf.reden = feit["naar"], feit["reden"]

    def _answer(self, plaats: int, feit: Rij) -> None:
        for naam, waarde in feit["inhoud"].get("invoer", {}).items():
            if waarde is not None and naam in self.route["kenmerken"]:
                self.traject.antwoorden.append(Moment(naam, feit["dag"], plaats, str(waarde)))

    def _mark(self, plaats: int, feit: Rij) -> None:
        labels = self.route["overgangen"].get(feit["overgang"], {}).get("labels", {})
        if feit["soort"] in ("start", "overgang") and "mijlpaal" in labels:
            genoemd = feit["inhoud"].get("invoer", {}).get(labels.get("mijlpaal_veld", ""))
            dag = date.fromisoformat(genoemd).toordinal() - EPOCH if genoemd else None
            moment = Moment(labels["mijlpaal"], feit["dag"], plaats, dag, self.traject.gemeente)
            self.traject.mijlpalen.append(moment)


def open_maps(teksten: Mapping[str, str]) -> Kaarten:
    """Maps as JSON text by sha256, opened."""
    return {sha256: _opened(json.loads(tekst)) for sha256, tekst in teksten.items()}


def _opened(kaart: Mapping[str, Any]) -> Mapping[str, Any]:
    velden = dict(kaart["velden"])
    routes = {code: _route(route, velden) for code, route in dict(kaart["routes"]).items()}
    return {"versie": kaart["versie"], "status": kaart["status"], "routes": routes}


def _route(route: Mapping[str, Any], velden: Mapping[str, Any]) -> Route:
    overgangen = {**dict(route["starten"]), **dict(route.get("overgangen", ()))}
    gevraagd = {naam for o in overgangen.values() for naam in _asked(o)}
    gezet = {naam for o in overgangen.values() for naam in o.get("zet", {})}
    kenmerken = {naam for naam in gevraagd if velden[naam].get("kenmerk")} | gezet
    return {"stappen": dict(route["stappen"]), "overgangen": overgangen, "kenmerken": kenmerken}


def _asked(overgang: Mapping[str, Any]) -> Iterator[str]:
    for veld in overgang.get("velden", ()):
        yield from veld if isinstance(veld, dict) else (veld,)


def trajecten(regels: Iterable[str], kaarten: Kaarten, bekend: int | None) -> dict[int, Traject]:
    """Every traject whose start stands in the log, as known before `bekend`."""
    gevonden = {}
    for traject_id, rijen in read(regels, bekend).items():
        feiten = in_order(rijen)
        if feiten and feiten[0]["soort"] == "start":
            gevonden[traject_id] = Reis(traject_id, feiten, kaarten).traject
    return gevonden
