"""Effects: what an overgang brings about beside itself, by name from the map, in the same opdracht."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workflow.eenheid import check_overlap
from workflow.historie import content
from workflow.kalender import short
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Opdracht
from workflow.routekaart import Overgang, Route
from workflow.velden import InvoerGeweigerd, read_answers
from workflow.verloop import Stand, Verloop
from workflow.voorheen import history_of
from workflow.zicht import follow_family


@dataclass(frozen=True, slots=True)
class Aanleiding:
    """The overgang that has just been made, on which day and with which answers; `stand` is that of that day."""

    opdracht: Opdracht
    verloop: Verloop
    overgang: Overgang
    dag: int
    invoer: Mapping[str, Any]
    stand: Stand


NIET_MEE = ("deelnemer", "kinderen", "onderdelen")

Effect = Callable[[Aanleiding, Any], None]
GEVOLGEN: dict[str, Effect] = {}


def gevolg(functie: Effect) -> Effect:
    """Enter an effect in the closed registry under its own name."""
    GEVOLGEN[functie.__name__] = functie
    return functie


def bring_about(aanleiding: Aanleiding) -> None:
    """Every effect of the overgang, in the order of the map."""
    for effect in aanleiding.overgang.gevolgen:
        GEVOLGEN[effect.naam](aanleiding, effect.argument)


@gevolg
def open_kind(aanleiding: Aanleiding, argument: Mapping[str, Any]) -> None:
    """Open a child traject, when the answers named in `als` were given; `velden` says which answers go along."""
    invoer = aanleiding.invoer
    if not is_asked(argument, invoer):
        return
    kaart = aanleiding.verloop.stand.kaart
    route = kaart.routes[argument["route"]]  # type: ignore[union-attr]
    code = argument.get("start") or invoer[argument["start_uit"]]
    mee = {kind: invoer[ouder] for kind, ouder in argument.get("velden", {}).items() if ouder in invoer}
    open_child(aanleiding, route, route.starten[code], mee)


def is_asked(argument: Mapping[str, Any], invoer: Mapping[str, Any]) -> bool:
    """Whether the answers named in `als` were given."""
    return all(invoer.get(veld) in waarden for veld, waarden in argument.get("als", {}).items())


def open_child(aanleiding: Aanleiding, route: Route, start: Overgang, invoer: Mapping[str, Any]) -> Verloop:
    """A child traject of the same people, municipality and behandelaar as its parent."""
    ouder, opdracht = aanleiding.verloop, aanleiding.opdracht
    wie = [d for d, soort in aanleiding.stand.deelnemers.items() if soort == "persoon"]
    check_overlap(opdracht.gezin.db, route, {d: [(aanleiding.dag, None)] for d in wie}, ())
    kind = opdracht.new_traject(route, ouder.wortel_id)
    antwoorden, teksten = read_answers(start.velden, invoer, aanleiding.dag)
    inhoud = {
        **start_content(ouder, aanleiding.stand, route),
        "hoort_bij": ouder.traject_id,
        "invoer": {**antwoorden, **start.zet},
    }
    kaart = ouder.stand.kaart
    opdracht.append(kind, "start", aanleiding.dag, kaart, inhoud, teksten, overgang=start.code, naar=start.naar)  # type: ignore[arg-type]
    return kind


def start_content(ouder: Verloop, stand: Stand, route: Route) -> dict[str, Any]:
    """What a traject takes over from the one it comes from, as that stood then."""
    return {
        "route": route.code,
        "deelnemers": [[soort, d] for d, soort in stand.deelnemers.items() if soort == "persoon"],
        "gemeente": stand.kenmerken.get("gemeente"),
        "behandelaar": stand.kenmerken.get("behandelaar"),
        "huishouden": ouder.oorsprong.get("huishouden"),
    }


@gevolg
def sluit_kinderen(aanleiding: Aanleiding, routes: Any) -> None:
    """End open children by the closing overgang of their route; children without one live on."""
    for kind in aanleiding.opdracht.gezin.kinderen(aanleiding.verloop):
        route = kind.stand.route
        if route and kind.stand.is_open and route.sluiting and (routes == "*" or route.code in routes):
            _close_child(aanleiding, kind, route.overgangen[route.sluiting])


def _close_child(aanleiding: Aanleiding, kind: Verloop, overgang: Overgang) -> None:
    stand = kind.stand
    aanleiding.opdracht.append(
        kind,
        "overgang",
        max(aanleiding.dag, stand.laatste_op),
        stand.kaart,  # type: ignore[arg-type]
        {"invoer": dict(overgang.zet)},
        overgang=overgang.code,
        van=stand.stap.code if stand.stap else None,
        naar=overgang.naar,
    )


@gevolg
def splits_traject(aanleiding: Aanleiding, argument: Mapping[str, str]) -> None:
    """A household splits: who leaves gets a new traject in the same stap.

    Children that are of who leaves alone go along; of those that are of both, the chosen ones.
    Who goes on keeps the number. The new traject counts its lead time from the original melding and is no instroom.
    """
    ouder, opdracht, dag = aanleiding.verloop, aanleiding.opdracht, aanleiding.dag
    vertrekt = aanleiding.invoer[argument["vertrekt"]]
    mee = _going_along(aanleiding, vertrekt, argument.get("kinderen", ""))
    if te_vroeg := [kind for kind in mee if dag < kind.stand.laatste_op]:
        raise OvergangGeweigerd(
            [f"{k.nummer} kan op zijn vroegst mee op {short(k.stand.laatste_op)}." for k in te_vroeg]
        )
    nieuw = _split_off(aanleiding, ouder, None, vertrekt)
    for kind in mee:
        _split_off(aanleiding, kind, nieuw, vertrekt)
        opdracht.append(kind, "migratie", dag, kind.stand.kaart, {"naar_traject": nieuw.traject_id})  # type: ignore[arg-type]
    for kind in opdracht.gezin.open_kinderen(ouder):
        if vertrekt in kind.stand.deelnemers and len(kind.stand.deelnemers) > 1:
            wanneer = max(dag, kind.stand.laatste_op)
            opdracht.append(kind, "migratie", wanneer, kind.stand.kaart, {"vertrokken": [vertrekt]})  # type: ignore[arg-type]
    kaart = ouder.stand.kaart
    opdracht.append(ouder, "migratie", dag, kaart, {"vertrokken": [vertrekt]})  # type: ignore[arg-type]


def _going_along(aanleiding: Aanleiding, vertrekt: str, veld: str) -> list[Verloop]:
    """The open children that follow who leaves. Raises InvoerGeweigerd for a chosen one of who stays."""
    kinderen = aanleiding.opdracht.gezin.open_kinderen(aanleiding.verloop)
    gekozen = aanleiding.invoer.get(veld, ())
    if van_blijver := [k.nummer for k in kinderen if k.nummer in gekozen and vertrekt not in k.stand.deelnemers]:
        raise InvoerGeweigerd({veld: f"{' en '.join(van_blijver)} is van wie blijft, en kan dus niet mee."})
    return [kind for kind in kinderen if kind.nummer in gekozen or list(kind.stand.deelnemers) == [vertrekt]]


def _split_off(aanleiding: Aanleiding, bron: Verloop, onder: Verloop | None, vertrekt: str) -> Verloop:
    stand, opdracht = bron.stand, aanleiding.opdracht
    voorheen = history_of(opdracht.gezin, bron)
    nieuw = opdracht.new_traject(stand.route, onder.wortel_id if onder else None)  # type: ignore[arg-type]
    if onder is None:
        follow_family(opdracht.gezin.db, bron.wortel_id, nieuw.traject_id, opdracht.door.pseudoniem)
    start = content(bron.log[0])
    inhoud = {
        **start_content(bron, stand, stand.route),  # type: ignore[arg-type]
        "deelnemers": [["persoon", vertrekt]],
        "ingang": "splitsing",
        "begonnen_op": stand.begonnen_op,
        "voorheen": voorheen,
        "komt_uit": {"soort": "splitsing", "traject": bron.traject_id, "volgnummer": bron.log[-1].volgnummer},
        "hoort_bij": onder.traject_id if onder else start.get("hoort_bij"),
        "invoer": {k: v for k, v in stand.antwoorden.items() if k in _own_answers(stand.route)},  # type: ignore[arg-type]
    }
    kaart = stand.kaart
    opdracht.append(nieuw, "start", aanleiding.dag, kaart, inhoud, overgang=bron.log[0].overgang, naar=stand.stap.code)  # type: ignore[arg-type,union-attr]
    return nieuw


def _own_answers(route: Route) -> frozenset[str]:
    """Answers that stay true of someone who leaves: all but those about the split itself, and lists of the dossier."""
    eigen = {veld.code for veld in route.velden.values() if veld.soort not in NIET_MEE}
    return frozenset(eigen) | route.kenmerken
