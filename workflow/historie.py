"""The effective history: what stands in the log once corrections are applied, and whether it is a valid walk.

Corrections are later rows and apply in order of volgnummer: an intrekking takes a row out (withdrawing the intrekking
restores it), a verbetering changes its day or answers, never its overgang. Fold order is (dag, volgnummer); a row with
`na_volgnummer` comes right after that row. Pure functions; guards play no part, they belong to the moment of entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from orjson import loads

from models.gebeurtenis import Gebeurtenis
from workflow.routekaart import VORIGE, Route, Routekaart

CORRECTIES = frozenset({"intrekking", "verbetering"})
VERPLAATSEND = frozenset({"start", "overgang", "migratie"})


@dataclass(slots=True)
class Feit:
    """One gebeurtenis as it counts now: the original row with its corrections applied."""

    volgnummer: int
    soort: str
    overgang: str | None
    naar: str | None
    reden: str | None
    dag: int
    inhoud: Mapping[str, Any]
    routekaart: str

    @property
    def invoer(self) -> Mapping[str, Any]:
        """The answers given."""
        return self.inhoud.get("invoer") or {}


@dataclass(frozen=True, slots=True)
class Bevinding:
    """A row that does not fit, with the Dutch sentence that says why."""

    volgnummer: int
    zin: str


def content(rij: Gebeurtenis) -> dict[str, Any]:
    """The content of a row; empty when it was blanked."""
    return loads(rij.inhoud) if rij.inhoud else {}


def fact_of(rij: Gebeurtenis) -> Feit:
    """A row that no correction touches, as a fact."""
    return Feit(rij[1], rij[2], rij[3], rij[4], rij[5], rij[6], loads(rij[7]) if rij[7] else {}, rij[8])


def withdrawn(rijen: Iterable[Gebeurtenis]) -> frozenset[int]:
    """Volgnummers taken out by an intrekking that itself stands."""
    weg: set[int] = set()
    for rij in sorted(rijen, key=lambda r: r.volgnummer, reverse=True):
        if rij.soort == "intrekking" and rij.volgnummer not in weg and rij.betreft_volgnummer is not None:
            weg.add(rij.betreft_volgnummer)
    return frozenset(weg)


def effective(rijen: Sequence[Gebeurtenis]) -> list[Feit]:
    """The facts that stand, in the order in which they happened."""
    weg = withdrawn(rijen)
    feiten = {r.volgnummer: fact_of(r) for r in rijen if r.soort not in CORRECTIES}
    for rij in rijen:
        if rij.soort == "verbetering" and rij.volgnummer not in weg and rij.betreft_volgnummer in feiten:
            feiten[rij.betreft_volgnummer] = _improved(
                feiten[rij.betreft_volgnummer], content(rij).get("verbetert", {})
            )
    na = {r.volgnummer: r.na_volgnummer for r in rijen if r.na_volgnummer is not None}
    return [feit for feit in _in_order(feiten, na) if feit.volgnummer not in weg]


def _improved(feit: Feit, verbetert: Mapping[str, Any]) -> Feit:
    inhoud = {**feit.inhoud, "invoer": {**feit.invoer, **verbetert.get("invoer", {})}}
    return replace(feit, dag=verbetert.get("dag", feit.dag), inhoud=inhoud)


def _in_order(feiten: Mapping[int, Feit], na: Mapping[int, int]) -> list[Feit]:
    los = sorted((f for f in feiten.values() if f.volgnummer not in na), key=lambda f: (f.dag, f.volgnummer))
    for volgnummer in sorted(na):
        plaats = next((i for i, f in enumerate(los) if f.volgnummer == na[volgnummer]), len(los) - 1)
        los.insert(plaats + 1, feiten[volgnummer])
    return los


def findings(feiten: Sequence[Feit], kaarten: Mapping[str, Routekaart], naam_route: str) -> list[Bevinding]:
    """Where this history is no walk on the map: each overgang must exist from the effective previous stap."""
    gevonden: list[Bevinding] = []
    stap: str | None = None
    terug: str | None = None
    kaart: str | None = None
    stappen = [feit for feit in feiten if feit.soort != "samenvoeging"]
    for vorige, feit in zip([None, *stappen], stappen, strict=False):
        route = kaarten[feit.routekaart].routes[naam_route]
        zin = _misfit(vorige, feit, route, stap, terug) or _left_already(vorige, feit) or _off_map(feit, stap, kaart)
        if zin:
            gevonden.append(Bevinding(feit.volgnummer, zin))
            continue
        kaart = feit.routekaart if feit.soort in VERPLAATSEND else kaart
        if feit.naar is not None:
            terug = stap if route.stappen[feit.naar].einde else terug
            stap = feit.naar
    return gevonden


def _left_already(vorige: Feit | None, feit: Feit) -> str | None:
    if vorige is not None and "naar_traject" in vorige.inhoud and feit.soort == "overgang":
        return "Het traject ging toen al verder bij het afgesplitste traject."
    return None


def _off_map(feit: Feit, stap: str | None, kaart: str | None) -> str | None:
    """A traject changes its map by a migratie only, which leaves from the stap that it names."""
    if feit.soort == "overgang" and kaart is not None and feit.routekaart != kaart:
        return "Deze gebeurtenis is vastgelegd op een andere versie van de routekaart."
    if feit.soort == "migratie" and feit.naar is not None and stap != feit.inhoud.get("van_stap"):
        return (
            "Het traject stond niet in de stap van waaruit het is overgezet naar een andere versie van de routekaart."
        )
    return None


def _misfit(vorige: Feit | None, feit: Feit, route: Route, stap: str | None, terug: str | None) -> str | None:
    if (vorige is None) != (feit.soort == "start"):
        return "Een traject begint met precies een start."
    if vorige is not None and feit.dag < vorige.dag:
        return f"De dag ligt voor die van de gebeurtenis ervoor (nummer {vorige.volgnummer})."
    if feit.soort != "overgang" or vorige is None:
        return None
    return _impossible(feit, route, stap, terug)


def _impossible(feit: Feit, route: Route, stap: str | None, terug: str | None) -> str | None:
    overgang = route.overgangen.get(feit.overgang or "")
    if overgang is None:
        return f"Overgang {feit.overgang} staat niet op deze routekaart."
    hier = route.stappen[stap].naam if stap and stap in route.stappen else "het begin"
    if stap not in overgang.van:
        return f"{overgang.label} kan niet vanuit {hier}."
    if overgang.naar == VORIGE and feit.naar != terug:
        return f"{overgang.label} leidt terug naar een andere stap dan is vastgelegd."
    return None
