"""The versions of the map: which there are, what is on one, what differs between two, and moving trajecten to one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from models import klok
from models.database import reading, transaction
from web.filters import aantal
from web.kaarttekening import draw
from web.paginanamen import PAGINANAMEN
from web.toegang import Rol, confirm, may_use, toegang
from workflow import overzetten
from workflow.kaarten import Kaarten, KaartIsConcept, Versie, in_force, versions
from workflow.kaartoverzicht import Lopend, running, ways
from workflow.kaartverschil import SOORTEN, Verschil, difference
from workflow.kalender import short
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Conflict
from workflow.overzetten import Koppelingen
from workflow.rollen import ROLNAMEN
from workflow.routekaart import Route, Routekaart
from workflow.velden import InvoerGeweigerd
from workflow.wijzigingen import SOORTEN as SOORTEN_WIJZIGING
from workflow.wijzigingen import changes, dated_rules

blueprint = Blueprint("kaarten", __name__, url_prefix="/routekaart")

LEZERS = (Rol.COORDINATOR, Rol.AUDITOR, Rol.BEHEERDER)
KOPPEL = "koppel"
"""What a field that maps a stap begins with: koppel.ROUTE.STAP."""

GEZIEN = "gezien"
"""The field that says up to where the log went in the rehearsal."""


def _url() -> str:
    return str(current_app.config["DATABASE"])


def _map(db: Connection, sha256: str) -> Routekaart:
    try:
        return Kaarten(db)[sha256]
    except KeyError:
        return abort(404)


@blueprint.get("")
@toegang(*LEZERS)
def versies() -> str:
    """Every version with its status, when it is in force, and how many trajecten run on it."""
    with reading(_url()) as db:
        alle, lopend = versions(db), running(db)
    return render_template("kaarten/versies.html", versies=alle, lopend=lopend, wanneer=_when, nu=klok.now_us())


def _when(versie: Versie) -> str:
    """When a version is in force, in words."""
    if versie.status == "concept":
        return "Nooit: een concept"
    if versie.van is None:
        return "Nooit: een latere versie ging voor"
    van = short(klok.day_of_us(versie.van))
    einde = f" tot {short(klok.day_of_us(versie.tot))}" if versie.tot else ""
    return f"Vanaf {van}{einde}"


@blueprint.get("/<kaart>")
@toegang(*LEZERS)
def toon(kaart: str) -> str:
    """One version: a route as a drawing and as a list."""
    with reading(_url()) as db:
        deze = _map(db, kaart)
        alle, lopend = versions(db), running(db)
    versie = next(v for v in alle if v.sha256 == kaart)
    route = _chosen_route(deze.routes)
    return render_template(
        "kaarten/toon.html",
        kaart=deze,
        opgeslagen=versie,
        eerder=next((v for v in alle if v.gepubliceerd_op < versie.gepubliceerd_op), None),
        lopend=lopend.get(kaart, Lopend()),
        wanneer=_when(versie),
        route=route,
        routes=deze.routes,
        tekening=draw(deze, route.code),
        wegen=list(ways(route)),
        rolnamen=ROLNAMEN,
        mag_overzetten=may_use("kaarten.zet_over", g.medewerker.rol),
    )


def _chosen_route(routes: Mapping[str, Route]) -> Route:
    return routes.get(request.args.get("route", "")) or next(iter(routes.values()))


@blueprint.get("/verschil")
@toegang(*LEZERS)
def verschil() -> str:
    """What is different from one version to another, in words and as a drawing."""
    with reading(_url()) as db:
        alle = versions(db)
        was, wordt = (_map(db, sha256) for sha256 in _two_versions(alle))
    routes = {**was.routes, **wordt.routes}
    route = _chosen_route(routes)
    verschillen = difference(was, wordt)
    return render_template(
        "kaarten/verschil.html",
        versies=alle,
        was=was,
        wordt=wordt,
        per_soort=_per_kind(verschillen),
        aantal=len(verschillen),
        route=route,
        routes=routes,
        tekening=draw(wordt, route.code, was),
    )


def _two_versions(alle: list[Versie]) -> tuple[str, str]:
    """The two asked for; else the last one and the one before it."""
    bekend = {versie.sha256 for versie in alle}
    gevraagd = request.args.get("van", alle[min(1, len(alle) - 1)].sha256), request.args.get("naar", alle[0].sha256)
    return gevraagd if set(gevraagd) <= bekend else abort(404)


def _per_kind(verschillen: list[Verschil]) -> dict[str, list[Verschil]]:
    per_soort = {naam: [v for v in verschillen if v.soort == soort] for soort, naam in SOORTEN.items()}
    return {naam: lijst for naam, lijst in per_soort.items() if lijst}


@blueprint.get("/wijzigingen")
@toegang(*LEZERS)
def wijzigingen() -> str:
    """What changed in the rules, and when: map, terms, norms, equated days and rights."""
    with reading(_url()) as db:
        alle, kaart = changes(db, PAGINANAMEN), in_force(db)
    soort = request.args.get("soort", "")
    gekozen = [w for w in alle if w.soort == soort] if soort in SOORTEN_WIJZIGING else alle
    return render_template(
        "kaarten/wijzigingen.html",
        wijzigingen=gekozen,
        soorten=SOORTEN_WIJZIGING,
        soort=soort if soort in SOORTEN_WIJZIGING else "",
        regels=dated_rules(kaart),
        kaart=kaart,
    )


@blueprint.get("/<kaart>/tekening/<route>.svg")
@toegang(*LEZERS)
def tekening_svg(kaart: str, route: str) -> Response:
    """The drawing of a route as a file."""
    return _file(_drawing(kaart, route), f"{route}.svg", "image/svg+xml")


def _drawing(kaart: str, route: str) -> str:
    with reading(_url()) as db:
        deze = _map(db, kaart)
        was = _map(db, request.args["naast"]) if "naast" in request.args else None
    if route not in {**deze.routes, **(was.routes if was else {})}:
        abort(404)
    return render_template("kaarten/tekening.svg", tekening=draw(deze, route, was), los=True)


def _file(inhoud: str | bytes, naam: str, soort: str) -> Response:
    return Response(inhoud, mimetype=soort, headers={"Content-Disposition": f'attachment; filename="{naam}"'})


# --- Moving running trajecten -----------------------------------------------------------------------------------------


@blueprint.route("/<kaart>/overzetten", methods=["GET", "POST"])
@toegang(Rol.BEHEERDER)
def zet_over(kaart: str) -> ResponseReturnValue:
    """The rehearsal over all running trajecten, and the move of those that fit."""
    with reading(_url()) as db:
        deze = _map(db, kaart)
    if request.method == "POST":
        return _move(deze)
    koppelingen = _mapping(request.args)
    with reading(_url()) as db:
        try:
            repetitie = overzetten.rehearse(db, deze, koppelingen)
        except InvoerGeweigerd:
            abort(400)
    te_koppelen = [plek for plek, geteld in repetitie.per_stap.items() if geteld["koppelen"] or plek[:2] in koppelingen]
    return render_template(
        "kaarten/overzetten.html",
        kaart=deze,
        repetitie=repetitie,
        te_koppelen=te_koppelen,
        koppelingen=koppelingen,
        velden={**_fields(koppelingen), GEZIEN: repetitie.logpositie},
        koppel=KOPPEL,
        bezwaar=_objection(deze),
    )


def _fields(koppelingen: Koppelingen) -> dict[str, Any]:
    return {f"{KOPPEL}.{route}.{stap}": naar for (route, stap), naar in koppelingen.items()}


def _seen() -> int:
    """Up to where the log went in the rehearsal that the user looked at; without it nothing was seen."""
    return request.form.get(GEZIEN, 0, int)


def _mapping(gestuurd: Mapping[str, Any]) -> Koppelingen:
    delen = ((veld.split("."), naar) for veld, naar in gestuurd.items() if naar)
    return {(d[1], d[2]): naar for d, naar in delen if len(d) == 3 and d[0] == KOPPEL}


def _objection(kaart: Routekaart) -> str:
    """Why nothing can be moved to this map today."""
    try:
        overzetten.check_target(kaart)
    except KaartIsConcept:
        return "Dit is een concept. Er kan niets naartoe worden overgezet."
    except OvergangGeweigerd as fout:
        return " ".join(fout.redenen)
    return ""


def _move(kaart: Routekaart) -> ResponseReturnValue:
    if bezwaar := _objection(kaart):
        flash(bezwaar, "fout")
        return redirect(url_for(".zet_over", kaart=kaart.sha256), 303)
    try:
        with transaction(_url()) as db:
            gegaan = overzetten.move(db, kaart, _mapping(request.form), door=confirm(db), gezien=_seen())
    except InvoerGeweigerd:
        abort(400)
    except Conflict:
        flash(
            "Iemand anders wijzigde intussen een van deze trajecten. Er is niets overgezet: probeer het nog eens.",
            "fout",
        )
        return redirect(url_for(".zet_over", kaart=kaart.sha256), 303)
    wat = aantal(gegaan.trajecten, "traject is", "trajecten zijn")
    flash(f"{wat} overgezet naar versie {kaart.versie}. {gegaan.gebleven} bleven waar zij waren.", "goed")
    if not gegaan.veranderd:
        return redirect(url_for(".versies"), 303)
    wat = aantal(gegaan.veranderd, "traject veranderde", "trajecten veranderden")
    flash(f"{wat} na deze repetitie en bleven daarom op de oude kaart. Dit is wat er nu van zou worden.", "let_op")
    return redirect(url_for(".zet_over", kaart=kaart.sha256, **_fields(_mapping(request.form))), 303)
