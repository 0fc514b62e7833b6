"""What the log says of a traject in words of the exchange format: each gebeurtenis makes statements (*uitspraken*).

Two rows may speak of the same thing: what a delivery said at the start, and what happened since. Choices: what was
recorded here goes before what a delivery said; of a delivery's own rows the one written last counts, so that a
correction of the answers or of the day of a row is what comes out; a phase that someone noted later for an imported
traject (`stil`) only fills what nobody said. An imported row speaks for a date only if the delivery gave that very day.
A date recorded here that lies before the traject began says nothing: the day of the log stands, where it has one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from models.gebeurtenis import Gebeurtenis
from workflow.gezin import Gezin
from workflow.historie import Feit, content, effective, withdrawn
from workflow.kalender import date_of
from workflow.routekaart import EMPTY, Overgang, Route, Veld
from workflow.uitwisseling.ddas_plek import REST, labelled

AANVULLEND, GELEVERD, EIGEN = 0, 1, 2
"""Ranks of a statement: fills a gap, comes from a delivery, was recorded here."""


@dataclass(frozen=True, slots=True)
class Uitspraak:
    """What stands at a path according to one gebeurtenis; None takes back what lower ranks say.

    `geschreven` is the volgnummer of the row that said so last.
    """

    pad: str
    waarde: Any
    rang: int
    geschreven: int = 0


@dataclass(frozen=True, slots=True)
class Spoor:
    """One effective gebeurtenis with what an export needs to know of it; `begonnen_op` is of its traject."""

    feit: Feit
    rij: Gebeurtenis
    route: Route
    overgang: Overgang | None
    rang: int | None
    teksten: Mapping[str, str]
    verbeterd: Mapping[str, int]
    begonnen_op: int

    @property
    def dag(self) -> str:
        """Its day, as it counts now."""
        return date_of(self.feit.dag).isoformat()

    @property
    def dag_eerst(self) -> str:
        """Its day as first recorded."""
        return date_of(self.rij.dag).isoformat()

    @property
    def eerste_dag(self) -> str:
        """The day it counts from: of a traject that was split off, the begin of the one it comes from."""
        return date_of(self.feit.inhoud.get("begonnen_op", self.feit.dag)).isoformat()

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels of the stap it leads to; empty when it leads nowhere else."""
        return self.route.stappen[self.feit.naar].labels if self.beweegt and self.feit.naar else EMPTY

    @property
    def beweegt(self) -> bool:
        """Whether it puts the traject in a stap."""
        return self.feit.soort in ("start", "overgang") and self.feit.naar is not None

    @property
    def sluit(self) -> bool:
        """Whether the traject ends by it, in an end stap or by going to another family."""
        if self.beweegt:
            return self.route.stappen[self.feit.naar or ""].einde is not None
        return "naar_traject" in self.feit.inhoud

    @property
    def label(self) -> str | None:
        """What its overgang stands for in the format."""
        return self.overgang.labels.get("ddas") if self.overgang else None

    @property
    def geleverd(self) -> dict[str, Any]:
        """Of the start of an imported traject: what the delivery said at first, by path."""
        if self.rang != GELEVERD or self.overgang is None:
            return {}
        eerst = content(self.rij).get("invoer", {})
        return {p: eerst.get(v.code) for p, v in labelled(self.overgang.labels, self.overgang.velden).items()}

    @property
    def velden(self) -> dict[str, Veld]:
        """The velden of its overgang by path, by the labels `ddas.PATH` of its route and of the overgang."""
        if self.overgang is None:
            return {}
        velden = self.overgang.velden
        return {**labelled(self.route.labels, velden), **labelled(self.overgang.labels, velden)}

    @property
    def te_vroeg(self) -> list[str]:
        """The paths of its dates that lie before the traject began, where it was recorded here."""
        begin, invoer = date_of(self.begonnen_op).isoformat(), self.feit.invoer
        datums = {pad: v for pad, v in self.velden.items() if v.soort == "datum" and not v.mag_voor_begin}
        return [pad for pad, v in datums.items() if self.rang == EIGEN and (invoer.get(v.code) or begin) < begin]

    def says(self, pad: str, waarde: Any, wat: str = "dag") -> Iterator[Uitspraak]:
        """Its statement on a path; `wat` is the part of the row that a correction may have changed."""
        if self.rang is not None:
            yield Uitspraak(pad, waarde, self.rang, self.verbeterd.get(wat, self.rij.volgnummer))


def trail(gezin: Gezin, traject_id: int, teksten: Mapping[tuple[int, str], str], tot: int | None = None) -> list[Spoor]:
    """The effective history of a traject (its first `tot` rows), each with its rank and corrections."""
    verloop = gezin.trajecten[traject_id]
    log = verloop.log[:tot]
    rijen = {rij.volgnummer: rij for rij in log}
    geleverd = {rij.opdracht_id for v in gezin for rij in v.log if rij.bron_vastgelegd_op is not None}
    beter = _improvements(log)
    sporen = []
    for feit in effective(log):
        rij = rijen[feit.volgnummer]
        route = verloop.kaarten[rij.routekaart].routes[verloop.oorsprong["route"]]
        overgang = route.alle_overgangen.get(rij.overgang or "")
        erbij = beter.get(rij.volgnummer, [])
        zei = _texts([rij, *erbij], teksten)
        rang = _rank(rij, overgang, geleverd)
        sporen.append(Spoor(feit, rij, route, overgang, rang, zei, _changed(erbij), verloop.begonnen_op))
    return sporen


def _improvements(log: Iterable[Gebeurtenis]) -> dict[int, list[Gebeurtenis]]:
    rijen = list(log)
    weg = withdrawn(rijen)
    beter: dict[int, list[Gebeurtenis]] = {}
    for rij in rijen:
        if rij.soort == "verbetering" and rij.volgnummer not in weg and rij.betreft_volgnummer is not None:
            beter.setdefault(rij.betreft_volgnummer, []).append(rij)
    return beter


def _rank(rij: Gebeurtenis, overgang: Overgang | None, geleverd: set[str]) -> int | None:
    """None for what an import brought about without the delivery saying so."""
    if rij.bron_vastgelegd_op is not None:
        return GELEVERD
    if rij.opdracht_id in geleverd:
        return None
    return AANVULLEND if overgang and overgang.labels.get("stil") else EIGEN


def _changed(verbeteringen: Iterable[Gebeurtenis]) -> dict[str, int]:
    """Part of the row ("dag" or the code of a veld) -> volgnummer of the last verbetering of it."""
    gewijzigd: dict[str, int] = {}
    for rij in verbeteringen:
        inhoud = content(rij)
        verbetert = inhoud.get("verbetert", {})
        delen = [*(["dag"] if "dag" in verbetert else []), *verbetert.get("invoer", {}), *inhoud.get("toelichting", {})]
        gewijzigd |= dict.fromkeys(delen, rij.volgnummer)
    return gewijzigd


def _texts(rijen: Iterable[Gebeurtenis], teksten: Mapping[tuple[int, str], str]) -> dict[str, str]:
    return {
        veld: teksten[rij.volgnummer, veld]
        for rij in rijen
        for veld in content(rij).get("toelichting", {})
        if (rij.volgnummer, veld) in teksten
    }


def answers(spoor: Spoor) -> Iterator[Uitspraak]:
    """What its answers say."""
    for pad, veld in spoor.velden.items():
        if veld.soort == "tekst":
            yield from _text_says(spoor, pad, veld)
        elif veld.code in spoor.feit.invoer and pad not in spoor.te_vroeg:
            yield from spoor.says(pad, _value(veld, spoor.feit.invoer[veld.code]), veld.code)


def _text_says(spoor: Spoor, pad: str, veld: Veld) -> Iterator[Uitspraak]:
    tekst = spoor.teksten.get(veld.code)
    if tekst is None:
        return
    if pad == REST:
        for deelpad, waarde in _dict(_from_json(tekst)).items():
            yield from spoor.says(deelpad, waarde, veld.code)
    else:
        yield from spoor.says(pad, tekst, veld.code)


def _from_json(tekst: str) -> Any:
    """What a text in JSON holds; None when somebody made other text of it."""
    try:
        return json.loads(tekst)
    except (ValueError, RecursionError):
        return None


def _dict(waarde: Any) -> dict[str, Any]:
    return waarde if isinstance(waarde, dict) else {}


def _value(veld: Veld, waarde: Any) -> Any:
    """An answer as the format writes it."""
    if veld.soort == "ja_nee" and waarde is not None:
        return waarde == "ja"
    if veld.soort == "keuze":
        return next((keuze.naam for keuze in veld.keuzes if keuze.code == waarde), None)
    return waarde


def choose(uitspraken: Iterable[Uitspraak]) -> dict[str, Any]:
    """The value at each path: of the highest rank, there the last said; of a delivery's rows the last written."""
    gekozen: dict[str, Uitspraak] = {}
    for uitspraak in uitspraken:
        was = gekozen.get(uitspraak.pad)
        if was is None or _goes_before(uitspraak, was):
            gekozen[uitspraak.pad] = uitspraak
    return {pad: uitspraak.waarde for pad, uitspraak in gekozen.items() if uitspraak.waarde is not None}


def _goes_before(nieuw: Uitspraak, was: Uitspraak) -> bool:
    if nieuw.rang != was.rang:
        return nieuw.rang > was.rang
    return nieuw.rang != GELEVERD or nieuw.geschreven >= was.geschreven
