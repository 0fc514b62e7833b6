"""What has no client in it: signals, feeds and agreements, each begun here and then walked on its own page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound
from wtforms import SelectField

from models import klok
from models.database import reading
from web.formulieren import Basisform, Keuzen, asked, attempt, options, overgang_form
from web.toegang import Rol, confirm, toegang
from web.trajecten import day_of_form
from workflow import overzichten, partijen, voortgang
from workflow.kaarten import in_force
from workflow.opdracht import Vastgelegd
from workflow.routekaart import Overgang, Route, Routekaart
from workflow.velden import InvoerGeweigerd

blueprint = Blueprint("partijen", __name__, url_prefix="/partijen")
ROLLEN = (Rol.UITVOERDER, Rol.COORDINATOR)
UNPROCESSABLE = 422


@blueprint.get("")
@toegang(*ROLLEN)
def overzicht() -> Any:
    """Each route without clients: how to begin on it, and what is open."""
    with reading(current_app.config["DATABASE"]) as db:
        delen = [(route, _starts(route), partijen.open_on(db, route)) for route in partijen.routes(in_force(db))]
    return render_template("partijen/overzicht.html", delen=delen, max_regels=partijen.MAX_REGELS)


def _starts(route: Route) -> list[Overgang]:
    return [keus for keus in route.starten.values() if g.medewerker.rol in keus.rollen]


@blueprint.route("/<route>/<code>", methods=["GET", "POST"])
@toegang(*ROLLEN)
def beginnen(route: str, code: str) -> Any:
    """The questions with which such a traject begins."""
    with reading(current_app.config["DATABASE"]) as db:
        kaart = in_force(db)
        weg, keus = _way(kaart, route, code)
        form = _form(db, kaart, keus)
    if form.validate_on_submit() and (gedaan := attempt(form, lambda db: _start(db, form, weg, keus))):
        flash(f"{keus.label}: vastgelegd.", "goed")
        return redirect(url_for("trajecten.toon", nummer=gedaan.nummer), 303)
    pagina = render_template("partijen/beginnen.html", form=form, route=weg, keus=keus)
    return pagina, UNPROCESSABLE if form.is_submitted() else 200


def _way(kaart: Routekaart, route: str, code: str) -> tuple[Route, Overgang]:
    for weg in partijen.routes(kaart):
        for keus in _starts(weg):
            if (weg.code, keus.code) == (route, code):
                return weg, keus
    raise NotFound


def _form(db: Connection, kaart: Routekaart, keus: Overgang) -> Basisform:
    soorten = {veld.partijsoort for veld in keus.velden if veld.soort == "partij"}
    keuzen = Keuzen(organisaties={soort: overzichten.organisaties(db, soort) for soort in soorten})
    gemeente = SelectField("Gemeente", asked(True), choices=options(kaart.gemeenten.items()), validate_choice=False)
    return overgang_form(keus.velden, (), keuzen, klok.today(), extra={"gemeente": gemeente})


def _start(db: Connection, form: Basisform, route: Route, keus: Overgang) -> Vastgelegd:
    if form["gemeente"].data not in in_force(db).gemeenten:
        raise InvoerGeweigerd({"gemeente": "Kies een gemeente."})
    return voortgang.start(
        db,
        route.code,
        keus.code,
        form.invoer,
        door=confirm(db),
        organisaties=_with_whom(keus, form.invoer),
        gemeente=form["gemeente"].data,
        op=day_of_form(form),
        sleutel=form.sleutel.data,
    )


def _with_whom(keus: Overgang, invoer: Mapping[str, Any]) -> list[str]:
    """The organisation that the first required question names takes part."""
    gevraagd = (veld.code for veld in keus.velden if veld.soort == "partij" and veld.verplicht)
    return [invoer[code] for code in gevraagd if invoer.get(code)][:1]
