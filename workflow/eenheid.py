"""Checks across families and registers: one open traject per client, and references that exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from models.medewerker import medewerker
from models.organisatie import organisatie
from models.persoon import persoon
from models.projectie import deelname
from models.traject import traject
from workflow.machine import OvergangGeweigerd
from workflow.routekaart import Overgang, Route, Veld
from workflow.velden import InvoerGeweigerd


def lock_persons(db: Connection, personen: Sequence[str]) -> None:
    """Lock the rows of these people in id order, so that two starts for one client wait for each other."""
    if not personen:
        return
    vraag = select(persoon.c.pseudoniem).where(persoon.c.pseudoniem.in_(personen)).order_by(persoon.c.id)
    bekend = set(db.execute(vraag.with_for_update()).scalars())
    if missend := set(personen) - bekend:
        raise InvoerGeweigerd({"personen": f"Deze persoon is niet bekend ({len(missend)})."})


def check_one_open(db: Connection, route: Route, personen: Iterable[str], dag: int, behalve: int | None = None) -> None:
    """A client has at most one traject at a time on a route that says so. Raises OvergangGeweigerd."""
    if not route.een_per_client or not personen:
        return
    anders = db.execute(
        select(traject.c.nummer)
        .join(deelname, deelname.c.traject_id == traject.c.id)
        .where(deelname.c.deelnemer.in_(list(personen)), deelname.c.tot_dag.is_(None))
        .where(traject.c.route == route.code, traject.c.id != (behalve or 0))
        .where(or_(traject.c.is_open, traject.c.beeindigd_op > dag))
    ).scalars()
    if nummers := sorted(set(anders)):
        raise OvergangGeweigerd([f"Deze client heeft op die dag al een traject: {', '.join(nummers)}."])


def check_behandelaar(db: Connection, behandelaar: str | None) -> None:
    """The behandelaar is an active medewerker. Raises InvoerGeweigerd."""
    if behandelaar is None:
        return
    vraag = select(medewerker.c.id).where(medewerker.c.pseudoniem == behandelaar, medewerker.c.is_actief.is_(True))
    if db.execute(vraag).first() is None:
        raise InvoerGeweigerd({"behandelaar": "Kies een behandelaar uit de lijst."})


def check_references(db: Connection, overgang: Overgang, antwoorden: Mapping[str, Any]) -> None:
    """Organisations and medewerkers named in the answers exist. Raises InvoerGeweigerd."""
    for veld in overgang.velden:
        if veld.soort not in ("partij", "medewerker") or veld.code not in antwoorden:
            continue
        if db.execute(_reference(veld, antwoorden[veld.code])).first() is None:
            raise InvoerGeweigerd({veld.code: f"Kies een van de mogelijkheden bij: {veld.label.lower()}."})


def _reference(veld: Veld, code: str) -> Select[Any]:
    if veld.soort == "medewerker":
        return select(medewerker.c.id).where(medewerker.c.pseudoniem == code)
    vraag = select(organisatie.c.id).where(organisatie.c.code == code)
    return vraag.where(organisatie.c.soort == veld.partijsoort) if veld.partijsoort else vraag
