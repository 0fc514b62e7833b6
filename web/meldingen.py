"""A new melding: who it is (found, or new after a look at who it may be), and the start of a root traject."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound
from wtforms import BooleanField, HiddenField, SelectField

from models import klok
from models.database import reading, transaction
from web import mensen
from web.formulieren import Basisform, Keuzen, asked, options, overgang_form
from web.mensen import PERSOONSVELDEN, Mens
from web.toegang import Rol, confirm, toegang
from web.trajecten import day_of_form
from workflow import overzichten, voorcontrole, voortgang
from workflow.dossier import Dossier
from workflow.eenheid import hold_form
from workflow.gezin import load
from workflow.kaarten import in_force
from workflow.kalender import in_words
from workflow.opdracht import Vastgelegd
from workflow.persoonsgegevens import in_blocks
from workflow.routekaart import Overgang, Route, Routekaart
from workflow.velden import InvoerGeweigerd, read_date
from workflow.verplichting import obligations
from workflow.voorcontrole import Aanvraag, Bezwaren, Hergebruikt
from workflow.voortgang import Conflict
from workflow.zicht import ONGENOEMD

blueprint = Blueprint("meldingen", __name__)
blueprint.add_app_template_filter(mensen.geboren)
blueprint.add_app_template_filter(in_blocks, "postcode")
blueprint.add_app_template_filter(mensen.who_is, "wie_dat_is")
SCHRIJVERS = (Rol.UITVOERDER, Rol.COORDINATOR)
ZOEKEN, ENTER = "zoeken", "enter"


@blueprint.get("/meldingen")
@toegang(*SCHRIJVERS)
def kies() -> Any:
    """The routes that a person can start on; with one way in, straight to its form."""
    with reading(current_app.config["DATABASE"]) as db:
        ingangen = _ways_in(in_force(db))
    if len(ingangen) == 1:
        route, keus = ingangen[0]
        return redirect(url_for("meldingen.nieuw", route=route.code, code=keus.code))
    return render_template("meldingen/kies.html", ingangen=ingangen)


@blueprint.route("/meldingen/<route>/<code>", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def nieuw(route: str, code: str) -> Any:
    """The form of a melding: one or two people, and the questions of the map."""
    with reading(current_app.config["DATABASE"]) as db:
        kaart = in_force(db)
        weg, keus = _way(kaart, route, code)
        form = _form(db, kaart, weg, keus)
        is_ingevuld = request.method == "POST" or "concept" in g
        wie = mensen.people_in(db, form, _is_search() or _by_enter()) if is_ingevuld else []
        eerder = _earlier(db, form) if is_ingevuld else None
    if eerder:
        flash(f"Dit formulier was al verstuurd. De melding is vastgelegd als {eerder.nummer}.", "info")
        return redirect(url_for("trajecten.toon", nummer=eerder.nummer))
    mensen.offer(form, wie)
    vers = [mens.wie for mens in wie if mens.is_gegeven and not mensen.is_looked_up(form, mens)]
    zoekt = _is_search() or (_by_enter() and bool(vers))
    kan = not (zoekt or form.is_conflict)
    if kan and form.validate_on_submit() and (gedaan := _record(form, kaart, weg, keus, wie)):
        flash(_recorded(gedaan), "goed")
        return redirect(url_for("trajecten.toon", nummer=gedaan.nummer))
    mensen.mark(form, wie)
    pagina = render_template(
        "meldingen/nieuw.html",
        form=form,
        route=weg,
        keus=keus,
        mensen={mens.wie: mens for mens in wie},
        zoekt=zoekt,
        antwoord_bij=vers[0] if zoekt and vers else None,
        met_tweede=weg.onderwerp == "huishouden",
        persoonsvelden=PERSOONSVELDEN,
    )
    return pagina, form.status


def _is_search() -> bool:
    return request.form.get("actie") == ZOEKEN


def _by_enter() -> bool:
    """Enter in a field presses the first button of a form: it looks people up before it records."""
    return request.form.get("actie") == ENTER


def _ways_in(kaart: Routekaart) -> list[tuple[Route, Overgang]]:
    """Starts of root routes about people that a case worker may use."""
    return [
        (route, keus)
        for route in kaart.routes.values()
        for keus in route.starten.values()
        if not route.hoort_bij and route.onderwerp != "organisatie" and g.medewerker.rol in keus.rollen
        if not keus.labels.get("stil")
    ]


def _way(kaart: Routekaart, route: str, code: str) -> tuple[Route, Overgang]:
    for weg, keus in _ways_in(kaart):
        if (weg.code, keus.code) == (route, code):
            return weg, keus
    raise NotFound


def _form(db: Connection, kaart: Routekaart, weg: Route, keus: Overgang) -> Basisform:
    soorten = {v.partijsoort for v in keus.velden if v.soort == "partij"}
    keuzen = Keuzen(organisaties={soort: overzichten.organisaties(db, soort) for soort in soorten})
    dossier = Dossier(kaart=kaart, route=weg, dag=klok.today(), rol=g.medewerker.rol)
    plichten = obligations(keus, dossier)
    return overgang_form(keus.velden, (), keuzen, klok.today(), extra=_own_fields(db, kaart), plichten=plichten)


def _own_fields(db: Connection, kaart: Routekaart) -> dict[str, Any]:
    gemeenten = options(kaart.gemeenten.items())
    collegas = overzichten.medewerkers(db, rol=Rol.UITVOERDER)
    behandelaar = SelectField(
        "Behandelaar",
        asked(False),
        choices=options([("", "Nog niemand (team)"), *collegas.items()]),
        default=g.medewerker.pseudoniem if g.medewerker.pseudoniem in collegas else "",
        validate_choice=False,
    )
    gemeente = SelectField("Gemeente", asked(True), choices=gemeenten, validate_choice=False)
    return {
        **mensen.person_fields(),
        "gemeente": gemeente,
        "behandelaar": behandelaar,
        "oude_dag": HiddenField(),
        "oude_dag_klopt": BooleanField("Ja, de melding is echt van deze dag"),
    }


# -- Sent before -------------------------------------------------------------------------------------------------------


def _earlier(db: Connection, form: Basisform) -> Vastgelegd | None:
    with _conflict_noted(form):
        return _sent_before(db, form)
    return None


def _sent_before(db: Connection, form: Basisform) -> Vastgelegd | None:
    """What this form was recorded as before. Raises Hergebruikt when it said something else then."""
    return voorcontrole.recorded_as(db, form.sleutel.data, _mark(form))


def _mark(form: Basisform) -> str:
    """What was typed and chosen, as a mark."""
    getypt = {veld.name: veld.data for veld in form if not isinstance(veld, HiddenField)}
    return voorcontrole.mark(form.sleutel.data, getypt)


@contextmanager
def _conflict_noted(form: Basisform) -> Iterator[None]:
    """Keep on the page what came too late, or was sent before."""
    try:
        yield
    except Hergebruikt as fout:
        _refuse_reuse(form, fout)
    except Conflict as fout:
        form.form_errors.append(fout.zin)
        form.is_conflict = True


def _refuse_reuse(form: Basisform, fout: Hergebruikt) -> None:
    """Say what was recorded; sent again, under a key of its own, the form is another melding."""
    link = Markup('<a class="nl-link" href="{}">{}</a>').format(
        url_for("trajecten.toon", nummer=fout.nummer), fout.nummer
    )
    zin = Markup(
        "Dit formulier was al verstuurd, en is vastgelegd als {}. Wat er nu anders in staat is niet opgeslagen. "
        "Is dit een nieuwe melding? Verstuur dan opnieuw. Wilt u iets verbeteren? Doe dat bij {}."
    )
    form.form_errors.append(zin.format(link, fout.nummer))
    form.is_conflict = True
    form.sleutel.data = secrets.token_hex(16)


# -- Recording ---------------------------------------------------------------------------------------------------------


def _record(form: Basisform, kaart: Routekaart, weg: Route, keus: Overgang, wie: Sequence[Mens]) -> Vastgelegd | None:
    """Everything against it at once, or else the traject: the engine judges again and may still refuse."""
    aanvraag = Aanvraag(
        kaart, weg, keus, g.medewerker.rol, form["op"].data, form.invoer, form["behandelaar"].data or None
    )
    with _conflict_noted(form):
        return _judge_and_start(form, aanvraag, wie)
    return None


def _judge_and_start(form: Basisform, aanvraag: Aanvraag, wie: Sequence[Mens]) -> Vastgelegd | None:
    with reading(current_app.config["DATABASE"]) as db:
        bezwaren = _objections(db, form, aanvraag, wie)
    if not bezwaren:
        with bezwaren.noted():
            return _start(form, aanvraag, wie)
    form.show(bezwaren.fouten)
    form.form_errors.extend(bezwaren.redenen)
    if bezwaren.lopend:
        form.form_errors.append(_running(aanvraag, bezwaren.lopend))
    return None


def _objections(db: Connection, form: Basisform, aanvraag: Aanvraag, wie: Sequence[Mens]) -> Bezwaren:
    if _sent_before(db, form):
        return Bezwaren()
    bezwaren = voorcontrole.objections(db, aanvraag, mensen.chosen(wie), mensen.readable(wie))
    bezwaren.fouten = mensen.mistakes(db, form, wie) | bezwaren.fouten
    if not bezwaren.fouten.get("op"):
        bezwaren.fouten |= _long_ago(form, aanvraag.keus)
    if form["gemeente"].data not in aanvraag.kaart.gemeenten:
        bezwaren.fouten["gemeente"] = "Kies een gemeente."
    return bezwaren


def _long_ago(form: Basisform, keus: Overgang) -> dict[str, str]:
    """What is asked of a day that lies far back, once for each day."""
    dag = read_date(form["op"].data)
    if keus.bevestig_na_dagen is None or klok.today() - dag <= keus.bevestig_na_dagen:
        return {}
    if form["oude_dag"].data == str(dag) and form["oude_dag_klopt"].data:
        return {}
    form["oude_dag"].data, form["oude_dag_klopt"].data = str(dag), False
    return {"oude_dag_klopt": f"De dag is {in_words(dag)}, meer dan een jaar geleden. Klopt dat? Vink het dan aan."}


def _start(form: Basisform, aanvraag: Aanvraag, wie: Sequence[Mens]) -> Vastgelegd:
    with transaction(current_app.config["DATABASE"]) as db:
        hold_form(db, form.sleutel.data)
        if eerder := _sent_before(db, form):
            return eerder
        # Somebody may have entered the same person since the form was judged.
        if fouten := mensen.mistakes(db, form, mensen.people_in(db, form, False)):
            raise InvoerGeweigerd(fouten)
        return voortgang.start(
            db,
            aanvraag.route.code,
            aanvraag.keus.code,
            aanvraag.invoer,
            door=confirm(db),
            personen=[mensen.record(db, form, mens) for mens in wie if mens.gekozen or mens.is_gegeven],
            gemeente=form["gemeente"].data,
            behandelaar=aanvraag.behandelaar,
            op=day_of_form(form),
            sleutel=form.sleutel.data,
            extra={"formulier": _mark(form)},
        )


def _running(aanvraag: Aanvraag, nummers: Sequence[str]) -> Markup:
    """Who has a traject already, where it is, and what to do there instead."""
    link = Markup('<a class="nl-link" href="{}">{}</a>')
    trajecten = (n if n == ONGENOEMD else link.format(url_for("trajecten.toon", nummer=n), n) for n in nummers)
    links = Markup(" en ").join(trajecten)
    mee = voorcontrole.starts_along(aanvraag.kaart, aanvraag.keus, aanvraag.invoer)
    namen = " of ".join(f"“{start.label}”" for start in mee)
    hint = f"Leg daar vast wat er nu speelt, met {namen}." if namen else "Leg daar vast wat er nu speelt."
    return Markup("Deze cliënt heeft in die tijd al een traject: {}. {}").format(links, hint)


def _recorded(gedaan: Vastgelegd) -> Any:
    """What was recorded and what came along, with the way back."""
    with reading(current_app.config["DATABASE"]) as db:
        gezin = load(db, gedaan.nummer, lock=False)
        kinderen = gezin.kinderen(gezin.by_nummer(gedaan.nummer))
        mee = [f"{kind.stand.route.naam} ({kind.nummer})" for kind in kinderen if kind.stand.route]
    erbij = f" Daarbij is ook geopend: {', '.join(mee)}." if mee else ""
    doel = url_for("trajecten.ongedaan", nummer=gedaan.nummer, volgnummer=gedaan.volgnummer)
    return {"tekst": f"De melding is vastgelegd als {gedaan.nummer}.{erbij}", "ongedaan_url": doel}
