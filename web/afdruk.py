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
from web.planregels import Regel as Planregel
from web.planregels import lines
from web.toegang import Rol, toegang
from workflow import planpunten, schuldboek, stukken, stukkenlijst, trajectpagina
from workflow.brieven.dossierbrief import Brief, letters
from workflow.gezin import Gezin, load
from workflow.planlog import GESPREK
from workflow.schuldeisers import SOORTEN, read_register
from workflow.schulden import Schuldenlijst, book_of
from workflow.stukken import Stuk
from workflow.stukkenlijst import Stukkenlijst
from workflow.trajectpagina import Trajectpagina
from workflow.verloop import Verloop

blueprint = Blueprint("afdruk", __name__, url_prefix="/trajecten/<nummer>")


@dataclass(frozen=True, slots=True)
class Inhoud:
    """What a dossier holds beside its history."""

    schulden: Schuldenlijst | None
    afspraken: list[Planregel]
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
        kinderen = gezin.kinderen(gezin.by_nummer(nummer))
        delen = [
            trajectpagina.page_of(gezin, deel, g.medewerker.rol, vandaag)
            for deel in [nummer, *(kind.nummer for kind in kinderen)]
        ]
        inhoud = _content(db, gezin, delen[0])
    log("dossier_afgedrukt", medewerker=g.medewerker.pseudoniem, betreft=nummer)
    return render_template(
        "trajecten/afdruk.html",
        pagina=delen[0],
        kinderen=delen[1:],
        inhoud=inhoud,
        schuldsoorten=SOORTEN,
        vandaag_dag=vandaag,
    )


def _content(db: Connection, gezin: Gezin, pagina: Trajectpagina) -> Inhoud:
    verloop = gezin.by_nummer(pagina.nummer)
    gesprekken = [p for p in planpunten.of_traject(db, verloop.traject_id) if p.soort == GESPREK]
    hier = {mens.pseudoniem for mens in pagina.deelnemers}
    return Inhoud(
        schulden=_debts(db, verloop, pagina),
        afspraken=lines(db, gesprekken, {}, {}),
        lijst=stukkenlijst.read(gezin, verloop),
        stukken=[stuk for stuk in stukken.documents(db, verloop) if stuk.is_current],
        brieven=[b for b in letters(db, verloop) if b.status in ("vastgesteld", "verzonden") and b.persoon in hier],
    )


def _debts(db: Connection, verloop: Verloop, pagina: Trajectpagina) -> Schuldenlijst | None:
    boek = book_of(pagina.route)
    return schuldboek.read_list(db, verloop, boek, read_register(db)) if boek else None
