"""What the pages of one dossier share: whose it is, and the bar with its pages.

Which pages there are follows from the map: a route has a page where one of its overgangen is recorded on it (label
`blad`).
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, g, url_for
from sqlalchemy import Connection

from models import klok
from models.database import reading
from web.toegang import may_use
from workflow import zicht
from workflow.dossier import Dossier
from workflow.gezin import Gezin, load
from workflow.overzichten import names_in
from workflow.routekaart import Overgang, Route
from workflow.verloop import Verloop
from workflow.voorwaarden import refusals


@dataclass(frozen=True, slots=True)
class Blad:
    """A page of a dossier: the label of the map, the endpoint and its name."""

    label: str
    endpoint: str
    naam: str


BLADEN = (
    Blad("", "trajecten.toon", "Traject"),
    Blad("personen", "personen.dossier", "Personen"),
    Blad("contact", "contacten.toon", "Contact"),
    Blad("agenda", "agenda.dossier", "Afspraken"),
    Blad("stukken", "stukken.toon", "Stukken"),
    Blad("schulden", "schulden.toon", "Schulden"),
    Blad("brieven", "brieven.toon", "Brieven"),
)
"""In order; those whose endpoint does not exist or is not for this user are left out."""


@dataclass(frozen=True, slots=True)
class Dossierkop:
    """Whose dossier it is, and the family it was read from."""

    nummer: str
    naam: str
    gezin: Gezin
    verloop: Verloop

    @property
    def route(self) -> Route:
        """The route of the traject, also of one that was withdrawn."""
        return self.verloop.kaart.routes[self.verloop.oorsprong["route"]]

    @property
    def volgnummer(self) -> int:
        """The last row that this page has seen."""
        return self.verloop.log[-1].volgnummer

    @property
    def is_open(self) -> bool:
        """Whether the traject is open."""
        return self.verloop.stand.is_open

    def overgang(self, label: str, waarde: str | None = None) -> Overgang | None:
        """The overgang of this route with such a label, in the stap where the traject stands; None without one."""
        stap = self.verloop.stand.stap
        gevonden = (o for o in self.route.overgangen.values() if o.labels.get(label) and stap and stap.code in o.van)
        return next((o for o in gevonden if waarde in (None, o.labels[label])), None)

    def why_not(self, overgang: Overgang) -> list[str]:
        """Why this overgang cannot be made today by who looks; empty when it can."""
        return refusals(overgang, self.dossier, met_invoer=False)

    @property
    def dossier(self) -> Dossier:
        """What guards know of it today."""
        return self.gezin.dossier(self.verloop, klok.today(), g.medewerker.rol)


def open_dossier(db: Connection, nummer: str) -> Dossierkop:
    """The head of a dossier, two statements and one for the names. Raises OnbekendTraject."""
    gezin = load(db, nummer, lock=False)
    verloop = gezin.by_nummer(nummer)
    namen = names_in(db, [verloop.traject_id]).get(verloop.traject_id, ())
    return Dossierkop(nummer, " en ".join(namen) or nummer, gezin, verloop)


def pages(nummer: str, route: Route) -> list[dict[str, str]]:
    """The bar: address, name and endpoint of each page that this route has and this user may see."""
    labels = {"", *(o.labels.get("blad", "") for o in route.overgangen.values())}
    gezien = [blad for blad in BLADEN if blad.label in labels and may_use(blad.endpoint, g.medewerker.rol)]
    bladen = [
        {"url": url_for(b.endpoint, nummer=nummer), "naam": b.naam, "endpoint": b.endpoint, "label": b.label}
        for b in gezien
    ]
    return bladen if len(bladen) > 1 else []


def is_shielded(nummer: str) -> bool:
    """Whether a dossier is out of sight of the user of this request: no list names it or leads to it."""
    verborgen = zicht.known()
    if verborgen is None:
        with reading(current_app.config["DATABASE"]) as db:
            verborgen = zicht.hidden(db)
    return verborgen.has(nummer)


def init_app(app: Flask) -> None:
    """Give the templates the bar, and what is out of sight."""
    app.jinja_env.globals["dossierbladen"] = pages
    app.jinja_env.tests["afgeschermd"] = is_shielded
