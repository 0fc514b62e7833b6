"""What was taken out of the program: each file and print is noted before it goes, and an auditor reads the notes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, g, render_template, request, url_for

from models.database import reading, transaction
from web.filters import getal
from web.formulieren import number_of
from web.toegang import Rol, toegang
from workflow import uitvoer
from workflow.overzichten import medewerkers

blueprint = Blueprint("uitvoer", __name__, url_prefix="/onderzoek/uitvoer")


def note_taken(soort: str, vorm: str, aantal: int = 1, betreft: str | None = None) -> None:
    """Note what the user of this request takes out; where that fails, nothing goes out."""
    with transaction(current_app.config["DATABASE"]) as db:
        uitvoer.note(db, soort, vorm, aantal, g.medewerker.pseudoniem, betreft)


@blueprint.get("")
@toegang(Rol.COORDINATOR, Rol.AUDITOR)
def toon() -> str:
    """Who took what, and when; the last first."""
    soort, wie = request.args.get("soort", ""), request.args.get("wie", "")
    with reading(current_app.config["DATABASE"]) as db:
        pagina = uitvoer.page(db, soort, wie, number_of(request.args.get("blad"), 6) or 1)
        collegas = medewerkers(db)
    return render_template(
        "onderzoek/uitvoer.html",
        regels=pagina.regels,
        soorten=uitvoer.SOORTEN,
        collegas=collegas,
        soort=soort,
        wie=wie,
        telling=f"{getal(pagina.aantal)} keer iets meegenomen, blad {pagina.blad} van {pagina.bladen}",
        vorige=_address(pagina.blad - 1) if pagina.blad > 1 else None,
        volgende=_address(pagina.blad + 1) if pagina.blad < pagina.bladen else None,
    )


def _address(blad: int) -> str:
    delen: dict[str, Any] = {naam: request.args.get(naam) or None for naam in ("soort", "wie")}
    return url_for(".toon", blad=blad, **delen)
