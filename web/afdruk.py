"""The whole dossier on paper, for the client: who, where it stands, what it holds and what happened, in plain words.

What the case worker only means to do (reminders, intentions, letters in concept) is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, current_app, g, render_template
from sqlalchemy import Connection

from models import klok
from models.database import reading
from web.beveiliging import log
from web.planregels import STANDEN
from web.toegang import Rol, toegang
from web.uitvoer import note_taken
from workflow import agenda, planpunten, schuldboek, stukken, stukkenlijst, trajectpagina
from workflow.brieven.dossierbrief import Brief, letters
from workflow.gezin import Gezin, load
from workflow.planlog import GESPREK
from workflow.planpunten import Planpunt
from workflow.routekaart import Route
from workflow.schuldeisers import SOORTEN, read_register
from workflow.schulden import Schuldenlijst, book_of
from workflow.stukken import Stuk
from workflow.stukkenlijst import Stukkenlijst
from workflow.trajectpagina import Trajectpagina
from workflow.verloop import Verloop

blueprint = Blueprint("afdruk", __name__, url_prefix="/trajecten/<nummer>")


@dataclass(frozen=True, slots=True)
class Gesprek:
    """An appointment in words: when, what and where; what became of it, empty while that is not known."""

    punt: Planpunt
    woorden: str
    uitkomst: str


@dataclass(frozen=True, slots=True)
class Inhoud:
    """What a dossier holds beside its history."""

    schulden: Schuldenlijst | None
    afspraken: list[Gesprek]
    lijst: Stukkenlijst | None
    stukken: list[Stuk]
    brieven: list[Brief]


@blueprint.get("/afdruk")
@toegang(Rol.UITVOERDER, Rol.COORDINATOR)
def toon(nummer: str) -> str:
    """The traject and all that hangs on it; that it was made is logged."""
    vandaag = klok.today()
    with reading(current_app.config["DATABASE"]) as db:
        gezin = load(db, nummer, lock=False)
        pagina = trajectpagina.page_of(gezin, nummer, g.medewerker.rol, vandaag)
        kinderen = trajectpagina.children_told(gezin, pagina)
        inhoud = _content(db, gezin, pagina)
    note_taken("dossier", "papier", 1 + len(kinderen), nummer)
    log("dossier_afgedrukt", medewerker=g.medewerker.pseudoniem, betreft=nummer)
    return render_template(
        "trajecten/afdruk.html",
        pagina=pagina,
        kinderen=kinderen,
        inhoud=inhoud,
        schuldsoorten=SOORTEN,
        vandaag_dag=vandaag,
    )


def _content(db: Connection, gezin: Gezin, pagina: Trajectpagina) -> Inhoud:
    verloop = gezin.by_nummer(pagina.nummer)
    gesprekken = (p for p in planpunten.of_traject(db, verloop.traject_id) if p.soort == GESPREK)
    hier = {mens.pseudoniem for mens in pagina.deelnemers}
    return Inhoud(
        schulden=_debts(db, verloop, pagina),
        afspraken=[_appointment(pagina.route, punt) for punt in gesprekken],
        lijst=stukkenlijst.read(gezin, verloop),
        stukken=[stuk for stuk in stukken.documents(db, verloop) if stuk.is_current],
        brieven=[b for b in letters(db, verloop) if b.status in ("vastgesteld", "verzonden") and b.persoon in hier],
    )


def _appointment(route: Route, punt: Planpunt) -> Gesprek:
    delen = (agenda.name_of(route, punt), agenda.how(route, punt), punt.details.get("plaats", ""))
    uitkomst = "" if punt.is_open else STANDEN[punt.stand][0].lower()
    return Gesprek(punt, " · ".join(deel for deel in delen if deel), uitkomst)


def _debts(db: Connection, verloop: Verloop, pagina: Trajectpagina) -> Schuldenlijst | None:
    boek = book_of(pagina.route)
    namen = {mens.pseudoniem: mens.naam for mens in pagina.deelnemers}
    return schuldboek.read_list(db, verloop, boek, read_register(db), namen) if boek else None
