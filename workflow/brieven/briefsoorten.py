"""What the map says about letters: which kinds there are, and by which overgang it is recorded that one was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from workflow.kalender import date_of
from workflow.routekaart import Overgang, Route, Routekaart, Stap

BRIEF = "brief"


class Verzending(NamedTuple):
    """The overgang that records a letter, with its answers, and whether one can object to the letter."""

    overgang: Overgang
    invoer: Mapping[str, Any]
    is_beschikking: bool


def kinds(route: Route) -> Mapping[str, str]:
    """Briefsoort -> its name, on this route."""
    algemeen = next((o for o in route.overgangen.values() if o.labels.get(BRIEF)), None)
    return {k.code: k.naam for k in _question(algemeen)[1]} if algemeen else {}


def all_kinds(kaart: Routekaart) -> Mapping[str, str]:
    """Briefsoort -> its name, of all routes."""
    return {code: naam for route in kaart.routes.values() for code, naam in kinds(route).items()}


def is_beschikking(route: Route, soort: str) -> bool:
    """Whether one can object to a letter of this kind."""
    genoemd = (o.labels.get("brief_beschikking", "") for o in route.overgangen.values() if o.labels.get(BRIEF))
    return any(soort in codes.split() for codes in genoemd)


def is_decided(route: Route, stap: Stap | None, soort: str) -> bool:
    """Whether a traject in this stap is where a letter of this kind can be made: a decision is recorded first."""
    labels = (o.labels.get(f"{BRIEF}_in.{soort}", "") for o in route.overgangen.values())
    waar = {code for codes in labels for code in codes.split()}
    return not waar or (stap is not None and stap.code in waar)


def sending(route: Route, stap: Stap | None, soort: str, op: int) -> Verzending | None:
    """How it is recorded in this stap that a letter was sent on a day; None where the map has no way for it."""
    hier = [o for o in route.overgangen.values() if stap and stap.code in o.van]
    eigen = next((o for o in hier if o.labels.get(f"{BRIEF}.{soort}")), None)
    if eigen:
        return Verzending(eigen, {}, is_beschikking(route, soort))
    algemeen = next((o for o in hier if o.labels.get(BRIEF)), None)
    if algemeen is None or soort not in kinds(route):
        return None
    veld, dag = _question(algemeen)[0], algemeen.labels.get("brief_dag")
    is_besluit = is_beschikking(route, soort)
    return Verzending(
        algemeen, {veld: soort, **({dag: date_of(op).isoformat()} if is_besluit and dag else {})}, is_besluit
    )


def _question(overgang: Overgang) -> tuple[str, tuple[Any, ...]]:
    """The veld of the overgang that says which letter it was, and its answers."""
    return next(((v.code, v.keuzes) for v in overgang.velden if v.soort == "keuze"), ("", ()))
