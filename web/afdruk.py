"""The whole dossier on paper, for the client: who, where it stands and what happened, in plain words."""

from __future__ import annotations

from flask import Blueprint, current_app, g, render_template

from models import klok
from models.database import reading
from web.beveiliging import log
from web.toegang import Rol, toegang
from workflow import trajectpagina
from workflow.gezin import load

blueprint = Blueprint("afdruk", __name__, url_prefix="/trajecten/<nummer>")


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
    log("dossier_afgedrukt", medewerker=g.medewerker.pseudoniem, betreft=nummer)
    return render_template("trajecten/afdruk.html", pagina=delen[0], kinderen=delen[1:], vandaag_dag=vandaag)
