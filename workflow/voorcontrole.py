"""What stands in the way of a start or an overgang, all of it at once; nothing is written.

The engine refuses for one kind of reason at a time. Who fills in a long form wants to hear everything in one round, so
a page asks here first; `voortgang` judges again, and alone decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, select

from models import klok
from models.gebeurtenis import gebeurtenis
from models.trajectnummer import trajectnummer
from workflow import kluis
from workflow.dossier import Dossier
from workflow.eenheid import AlEenTraject, check_behandelaar, check_first_day, check_overlap, check_references
from workflow.gevolgen import is_asked
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Conflict, Vastgelegd
from workflow.persoonsgegevens import Gegevens
from workflow.routekaart import Overgang, Route, Routekaart, Veld
from workflow.velden import InvoerGeweigerd, read_answer, read_answers, read_date
from workflow.voorwaarden import refusals

DAG = Veld("op", "De dag", "datum", maximum=0)


class Hergebruikt(Conflict):
    """A form was sent before and says something else now; `nummer` is what it was recorded as then."""

    def __init__(self, nummer: str) -> None:
        super().__init__(f"Dit formulier was al verstuurd, en is vastgelegd als {nummer}.")
        self.nummer = nummer


@dataclass(slots=True)
class Bezwaren:
    """Wrong answers by veld, reasons without one, and the trajecten that the people have already."""

    fouten: dict[str, str] = field(default_factory=dict)
    redenen: list[str] = field(default_factory=list)
    lopend: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.fouten or self.redenen or self.lopend)

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Keep what is refused inside the block, and go on after it."""
        try:
            yield
        except InvoerGeweigerd as fout:
            self.fouten |= fout.fouten
        except AlEenTraject as fout:
            self.lopend += fout.nummers
        except OvergangGeweigerd as fout:
            self.redenen += fout.redenen


@dataclass(frozen=True, slots=True)
class Aanvraag:
    """A start as a form asks for it: where, by a medewerker in which role, and the answers as they were typed."""

    kaart: Routekaart
    route: Route
    keus: Overgang
    rol: str
    op: Any
    invoer: Mapping[str, Any]
    behandelaar: str | None = None


def objections(
    db: Connection, aanvraag: Aanvraag, personen: Sequence[str], mensen: Sequence[Gegevens] = ()
) -> Bezwaren:
    """Everything against this start for these people who are known, and as they will be known, told at once."""
    bezwaren = Bezwaren()
    dag = _day(bezwaren, aanvraag.op)
    with bezwaren.noted():
        check_first_day(aanvraag.keus, dag, mensen)
    with bezwaren.noted():
        antwoorden, _ = read_answers(aanvraag.keus.velden, aanvraag.invoer, dag, dag)
        check_references(db, aanvraag.keus, antwoorden)
    with bezwaren.noted():
        check_behandelaar(db, aanvraag.behandelaar)
    dossier = Dossier(kaart=aanvraag.kaart, route=aanvraag.route, dag=dag, rol=aanvraag.rol)
    bezwaren.redenen += objections_of_guards(aanvraag.keus, dossier, aanvraag.invoer, None)
    with bezwaren.noted():
        check_overlap(db, aanvraag.route, {wie: [(dag, None)] for wie in personen}, ())
    return bezwaren


def read_day(op: Any, velden: Sequence[Veld], invoer: Mapping[str, Any], fouten: Mapping[str, str]) -> int:
    """The day of a form about a traject. Raises InvoerGeweigerd with all that is wrong in that form by itself.

    `fouten` are what was found wrong already, by field; of a field they count most.
    """
    bezwaren = Bezwaren()
    dag = _day(bezwaren, op)
    with bezwaren.noted():
        read_answers(velden, invoer, dag)
    if alle := {**bezwaren.fouten, **fouten}:
        raise InvoerGeweigerd(alle)
    return dag


def objections_of_guards(keus: Overgang, dossier: Dossier, invoer: Mapping[str, Any], reden: str | None) -> list[str]:
    """What the guards say of the answers as typed: a wrong one counts as given, and is told at its veld."""
    gegeven = {code: waarde for code, waarde in invoer.items() if waarde not in (None, "", [])}
    return refusals(keus, replace(dossier, invoer=gegeven, reden=reden))


def _day(bezwaren: Bezwaren, op: Any) -> int:
    """The day that was typed; today, to judge the rest by, where that is no day."""
    vandaag = klok.today()
    try:
        return read_date(read_answer(DAG, op, vandaag) or "")
    except ValueError as fout:
        bezwaren.fouten["op"] = str(fout)
    return vandaag


def mark(sleutel: str, getypt: Mapping[str, Any]) -> str:
    """What a form said, as a mark that the log may keep: a keyed hash, of which nobody can read or guess anything."""
    return kluis.current().index("formulier", json.dumps([sleutel, getypt], sort_keys=True))


def recorded_as(db: Connection, sleutel: str, merk: str) -> Vastgelegd | None:
    """What a form with this key was recorded as before. Raises Hergebruikt when it said something else then."""
    kolommen = (gebeurtenis.c.volgnummer, gebeurtenis.c.opdracht_id, gebeurtenis.c.inhoud)
    vraag = select(trajectnummer.c.nummer, *kolommen).join(gebeurtenis, gebeurtenis.c.traject_id == trajectnummer.c.id)
    rij = db.execute(vraag.where(gebeurtenis.c.sleutel == sleutel)).first()
    if rij is None:
        return None
    if json.loads(rij.inhoud or "{}").get("formulier") != merk:
        raise Hergebruikt(rij.nummer)
    return Vastgelegd(rij.nummer, rij.volgnummer, rij.opdracht_id)


def starts_along(kaart: Routekaart, keus: Overgang, invoer: Mapping[str, Any]) -> list[Overgang]:
    """The starts of child trajecten that come along with these answers."""
    mee = [g.argument for g in keus.gevolgen if g.naam == "open_kind" and is_asked(g.argument, invoer)]
    return [kaart.routes[a["route"]].starten[a["start"]] for a in mee if "start" in a]
