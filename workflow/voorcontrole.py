"""What stands in the way of a start, all of it at once; nothing is written.

The engine refuses for one kind of reason at a time. Who fills in a long form wants to hear everything in one round, so
a page asks here first; `voortgang.start` judges again, and alone decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from models import klok
from models.gebeurtenis import gebeurtenis
from models.trajectnummer import trajectnummer
from workflow.dossier import Dossier
from workflow.eenheid import AlEenTraject, check_behandelaar, check_overlap, check_references
from workflow.gevolgen import is_asked
from workflow.machine import OvergangGeweigerd
from workflow.routekaart import Overgang, Route, Routekaart, Veld
from workflow.velden import InvoerGeweigerd, read_answer, read_answers, read_date
from workflow.voorwaarden import refusals

DAG = Veld("op", "De dag", "datum", maximum=0)


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


def objections(db: Connection, aanvraag: Aanvraag, personen: Sequence[str]) -> Bezwaren:
    """Everything against this start for these people who are known, told at once."""
    bezwaren = Bezwaren()
    dag = _day(bezwaren, aanvraag.op)
    with bezwaren.noted():
        antwoorden, _ = read_answers(aanvraag.keus.velden, aanvraag.invoer, dag)
        check_references(db, aanvraag.keus, antwoorden)
    with bezwaren.noted():
        check_behandelaar(db, aanvraag.behandelaar)
    bezwaren.redenen += _guards(aanvraag, dag)
    with bezwaren.noted():
        check_overlap(db, aanvraag.route, {wie: [(dag, None)] for wie in personen}, ())
    return bezwaren


def _day(bezwaren: Bezwaren, op: Any) -> int:
    """The day that was typed; today, to judge the rest by, where that is no day."""
    vandaag = klok.today()
    try:
        return read_date(read_answer(DAG, op, vandaag) or "")
    except ValueError as fout:
        bezwaren.fouten["op"] = str(fout)
    return vandaag


def _guards(aanvraag: Aanvraag, dag: int) -> list[str]:
    """What the guards say of the answers as typed: a wrong one counts as given, and is told at its veld."""
    gegeven = {code: waarde for code, waarde in aanvraag.invoer.items() if waarde not in (None, "", [])}
    dossier = Dossier(kaart=aanvraag.kaart, route=aanvraag.route, dag=dag, rol=aanvraag.rol, invoer=gegeven)
    return refusals(aanvraag.keus, dossier)


def recorded_as(db: Connection, sleutel: str | None) -> str | None:
    """The traject that a form with this key was recorded in before; whether it said the same, only the engine knows."""
    vraag = select(trajectnummer.c.nummer).join(gebeurtenis, gebeurtenis.c.traject_id == trajectnummer.c.id)
    return db.execute(vraag.where(gebeurtenis.c.sleutel == sleutel)).scalar_one_or_none() if sleutel else None


def starts_along(kaart: Routekaart, keus: Overgang, invoer: Mapping[str, Any]) -> list[Overgang]:
    """The starts of child trajecten that come along with these answers."""
    mee = [g.argument for g in keus.gevolgen if g.naam == "open_kind" and is_asked(g.argument, invoer)]
    return [kaart.routes[a["route"]].starten[a["start"]] for a in mee if "start" in a]
