"""The letters of one traject: choose, write, make, send; and the files, each download of which is logged."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from wtforms import Field, HiddenField, SelectField, TextAreaField

from models import klok
from models.database import reading, transaction
from web.beveiliging import log
from web.dossier import Dossierkop, open_dossier
from web.formulieren import Basisform, DatumField, Keuzen, asked, attempt, number_of, options, overgang_form, written
from web.toegang import Rol, confirm, may_use, toegang
from web.uitvoer import note_taken
from workflow.brieven import dossierbrief
from workflow.brieven.blad import Blad
from workflow.brieven.briefsoorten import is_beschikking
from workflow.brieven.dossierbrief import VOORUIT_DAGEN, BestandVeranderd, Brief, Gemaakt, OnbekendeBrief
from workflow.brieven.opzet import Opzet, compose
from workflow.brieven.pdf import BriefLuktNiet, as_pdf, as_pictures
from workflow.brieven.plaatshouders import PLAATSHOUDERS
from workflow.brieven.sjablonen import Sjabloon, templates
from workflow.brieven.tekst import MAX_TEKENS
from workflow.kalender import date_of, short
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Conflict
from workflow.overzichten import medewerkers
from workflow.personen import Persoon
from workflow.velden import InvoerGeweigerd, read_date

blueprint = Blueprint("brieven", __name__, url_prefix="/trajecten/<nummer>/brieven")
LEZERS = (Rol.UITVOERDER, Rol.COORDINATOR, Rol.AUDITOR)
SCHRIJVERS = (Rol.UITVOERDER, Rol.COORDINATOR)
SOORTEN = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
STATUSBADGES = {
    "concept": ("Concept", "neutraal"),
    "vastgesteld": ("Vastgesteld", "info"),
    "verzonden": ("Verzonden", "goed"),
    "vervallen": ("Vervallen", "neutraal"),
}
MAX_BEELDEN = 4
"""So many pages are shown as a picture; the PDF has them all."""


def _url() -> str:
    return str(current_app.config["DATABASE"])


# -- The list, and a new one -------------------------------------------------------------------------------------------


@blueprint.get("")
@toegang(*LEZERS)
def toon(nummer: str) -> Any:
    """The letters of a traject, and which can be written now."""
    return _list_page(nummer)


@blueprint.post("")
@toegang(*SCHRIJVERS)
def nieuw(nummer: str) -> Any:
    """Start a letter from a template, for a person of the traject."""
    with reading(_url()) as db:
        kop = open_dossier(db, nummer)
        form = _new_form(kop, dossierbrief.recipients(db, kop.verloop), _offered(db, kop))

    def record(db: Any) -> str:
        keus = _offered(db, open_dossier(db, nummer)).get(form["sjabloon"].data or "")
        if keus is None:
            raise InvoerGeweigerd({"sjabloon": "Kies een brief."})
        wie = form["persoon"].data or ""
        return dossierbrief.begin(db, nummer, keus, wie, door=confirm(db), sleutel=form.sleutel.data)

    gemaakt = attempt(form, record) if form.validate_on_submit() else None
    if gemaakt:
        return redirect(url_for(".schrijf", nummer=nummer, briefnummer=gemaakt), 303)
    return _list_page(nummer, form)


def _list_page(nummer: str, form: Basisform | None = None) -> Any:
    with reading(_url()) as db:
        kop = open_dossier(db, nummer)
        brieven = dossierbrief.letters(db, kop.verloop)
        mensen = dossierbrief.recipients(db, kop.verloop)
        sjablonen = _offered(db, kop)
        wie = medewerkers(db, {b.verzonden_door or b.vastgesteld_door or b.door for b in brieven})
    form = form or _new_form(kop, mensen, sjablonen)
    return render_template(
        "brieven/toon.html",
        kop=kop,
        brieven=brieven,
        mensen=mensen,
        soorten=dossierbrief.offered(kop.verloop),
        wie=wie,
        form=form,
        badges=STATUSBADGES,
        mag_schrijven=g.medewerker.rol in SCHRIJVERS,
        met_de_hand=kop.overgang("brief"),
        mag_sjablonen=may_use("sjablonen.lijst", g.medewerker.rol),
    ), form.status


def _offered(db: Any, kop: Dossierkop) -> dict[str, Sjabloon]:
    alle = templates(db, dossierbrief.offered(kop.verloop))
    return {code: sjabloon for code, sjabloon in alle.items() if sjabloon.is_in_gebruik}


def _new_form(kop: Dossierkop, mensen: Mapping[str, Persoon], sjablonen: Mapping[str, Sjabloon]) -> Basisform:
    keuzes = [("", "Maak een keuze"), *((s.code, s.naam) for s in sjablonen.values())]
    wie = [*([("", "Maak een keuze")] if len(mensen) > 1 else []), *((p.pseudoniem, p.naam) for p in mensen.values())]
    velden: dict[str, Field] = {
        "sjabloon": SelectField("Brief", asked(True), choices=options(keuzes), validate_choice=False),
        "persoon": SelectField("Voor wie", asked(True), choices=options(wie), validate_choice=False),
    }
    return _form(kop, velden)


def _form(kop: Dossierkop, velden: Mapping[str, Field]) -> Basisform:
    form = overgang_form((), (), Keuzen(), klok.today(), met_dag=False, extra=velden)
    form.verwacht.data = form.verwacht.data or str(kop.volgnummer)
    return form


# -- One letter --------------------------------------------------------------------------------------------------------


@blueprint.get("/<briefnummer>")
@toegang(*LEZERS)
def brief(nummer: str, briefnummer: str) -> Any:
    """A letter: what it looks like while it is a concept, or what became of it."""
    return _letter_page(nummer, briefnummer)


@blueprint.route("/<briefnummer>/schrijven", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def schrijf(nummer: str, briefnummer: str) -> Any:
    """Write a concept: keep its text, only show it (`actie` voorbeeld), or make the letter of it (vaststellen)."""
    if request.method == "GET":
        return _letter_page(nummer, briefnummer)
    with reading(_url()) as db:
        kop = open_dossier(db, nummer)
        form = _text_form(kop, _letter(db, kop, briefnummer))
    actie = request.form.get("actie", "bewaren")
    if not form.validate_on_submit() or actie == "voorbeeld":
        return _letter_page(nummer, briefnummer, form)

    gemaakt = _made(nummer, briefnummer, form) if actie == "vaststellen" else None

    def record(db: Any) -> bool:
        door, versie = confirm(db), number_of(form["versie"].data) or 0
        if gemaakt:
            dossierbrief.settle(db, nummer, briefnummer, gemaakt, versie=versie, door=door)
        else:
            dossierbrief.save(db, nummer, briefnummer, *_typed(form), versie=versie)
        return True

    if not attempt(form, record):
        return _letter_page(nummer, briefnummer, form)
    flash(*_what_was_done(actie, bool(gemaakt)))
    doel = ".brief" if gemaakt else ".schrijf"
    return redirect(url_for(doel, nummer=nummer, briefnummer=briefnummer), 303)


def _made(nummer: str, briefnummer: str, form: Basisform) -> Gemaakt | None:
    """The files of the text in the form; None where none can be made yet: keeping the text tells what is wrong with it.

    Made before anything is kept, so that text and files are kept together or not at all.
    """
    try:
        with reading(_url()) as db:
            return dossierbrief.make(db, nummer, briefnummer, _typed(form))
    except (InvoerGeweigerd, OvergangGeweigerd, Conflict):
        return None


def _typed(form: Basisform) -> tuple[str, int]:
    """The text and the day in the form. Raises InvoerGeweigerd."""
    return form["tekst"].data or "", _day(form["dag"])


def _what_was_done(actie: str, is_vastgesteld: bool) -> tuple[str, str]:
    """What is told afterwards, and how."""
    if is_vastgesteld:
        return "De brief is vastgesteld. U kunt hem nu afdrukken en versturen.", "goed"
    if actie == "vaststellen":
        return "De brief is bewaard, maar kan nog niet worden vastgesteld. Bekijk wat er nog nodig is.", "let_op"
    return "Het concept is bewaard.", "goed"


def _letter(db: Any, kop: Dossierkop, briefnummer: str) -> Brief:
    try:
        return dossierbrief.letter(db, kop.verloop, briefnummer)
    except OnbekendeBrief:
        raise NotFound from None


def _text_form(kop: Dossierkop, gevonden: Brief) -> Basisform:
    doel = url_for(".voorbeeld", nummer=kop.nummer, briefnummer=gevonden.nummer)
    levend = {"hx-post": doel, "hx-trigger": "input changed delay:800ms", "hx-target": "#voorbeeld"}
    velden: dict[str, Field] = {
        "dag": DatumField("Datum op de brief", asked(True)),
        "tekst": TextAreaField(
            "Tekst",
            asked(True),
            render_kw={"rows": 26, "maxlength": MAX_TEKENS, "hx-include": "closest form", **levend},
        ),
        "versie": HiddenField(),
    }
    form = _form(kop, velden)
    if request.method == "GET":
        form["dag"].data = form["dag"].data or written(_from_today(gevonden))
        form["tekst"].data = form["tekst"].data or gevonden.tekst
    form["versie"].data = form["versie"].data or str(gevonden.versie)
    return form


def _letter_page(
    nummer: str, briefnummer: str, form: Basisform | None = None, verzenden: Basisform | None = None
) -> Any:
    with reading(_url()) as db:
        kop = open_dossier(db, nummer)
        gevonden = _letter(db, kop, briefnummer)
        schrijft = request.endpoint == "brieven.schrijf"
        if schrijft and not gevonden.is_concept:
            if form:
                flash("Deze brief is intussen vastgesteld of vervallen. Uw wijziging is niet bewaard.", "let_op")
            return redirect(url_for(".brief", nummer=nummer, briefnummer=briefnummer), 303)
        form = form or _text_form(kop, gevonden)
        tekst, dag = (form["tekst"].data, _shown_day(form["dag"], gevonden)) if gevonden.is_concept else ("", 0)
        mensen = dossierbrief.recipients(db, kop.verloop)
        wie = medewerkers(db, _involved(kop, gevonden))
        opzet = (
            compose(
                db, kop.gezin, kop.verloop, gevonden.persoon, tekst, dag, soort=gevonden.soort, mensen=mensen, namen=wie
            )
            if gevonden.is_concept
            else None
        )
    verzenden = verzenden or _send_form(kop, gevonden)
    return render_template(
        "brieven/brief.html",
        kop=kop,
        brief=gevonden,
        form=form,
        verzenden=verzenden,
        opzet=opzet,
        bladen=pictures(opzet.blad) if opzet else (),
        mens=mensen.get(gevonden.persoon),
        wie=wie,
        badges=STATUSBADGES,
        plaatshouders=PLAATSHOUDERS,
        is_beschikking=is_beschikking(kop.route, gevonden.soort),
        mag_schrijven=g.medewerker.rol in SCHRIJVERS,
        schrijft=schrijft,
    ), verzenden.status if verzenden.errors else form.status


def _involved(kop: Dossierkop, gevonden: Brief) -> list[str]:
    """The medewerkers who are named on the page of a letter."""
    wie = (gevonden.door, gevonden.vastgesteld_door, gevonden.verzonden_door)
    return [naam for naam in (*wie, kop.verloop.stand.kenmerken.get("behandelaar")) if naam]


def _shown_day(veld: Field, gevonden: Brief) -> int:
    """The day in the form, to show the letter with; that of the letter where it is none that a letter can have."""
    try:
        dag = read_date(veld.data)
    except ValueError:
        return gevonden.dag
    return dag if 0 < dag <= klok.today() + VOORUIT_DAGEN else gevonden.dag


def _from_today(gevonden: Brief) -> int:
    """The day on a concept: a day that has passed moves along with the calendar."""
    return max(gevonden.dag, klok.today())


def _day(veld: Field) -> int:
    """The day in a form. Raises InvoerGeweigerd."""
    try:
        dag = read_date(veld.data)
    except ValueError as fout:
        raise InvoerGeweigerd({veld.name: str(fout)}) from None
    if dag is None:
        raise InvoerGeweigerd({veld.name: "Vul een datum in."})
    return dag


@blueprint.post("/<briefnummer>/voorbeeld")
@toegang(*SCHRIJVERS)
def voorbeeld(nummer: str, briefnummer: str) -> Any:
    """What the text in the form looks like, as a part of the page: nothing is kept."""
    with reading(_url()) as db:
        kop = open_dossier(db, nummer)
        gevonden = _letter(db, kop, briefnummer)
        form = _text_form(kop, gevonden)
        dag = _shown_day(form["dag"], gevonden)
        opzet = compose(db, kop.gezin, kop.verloop, gevonden.persoon, form["tekst"].data, dag, soort=gevonden.soort)
    return render_template("brieven/voorbeeld.html", opzet=opzet, bladen=pictures(opzet.blad))


def pictures(blad: Blad) -> list[str]:
    """The first pages as addresses of pictures; none where the letter cannot be made."""
    try:
        return [f"data:image/png;base64,{b64encode(png).decode()}" for png in as_pictures(blad)[:MAX_BEELDEN]]
    except BriefLuktNiet:
        return []


# -- What becomes of it ------------------------------------------------------------------------------------------------


def _send_form(kop: Dossierkop, gevonden: Brief) -> Basisform:
    form = _form(kop, {"op": DatumField("Verzonden op", asked(True)), "versie": HiddenField()})
    if request.method == "GET" or not form.op.data:
        form.op.data = form.op.data or written(max(klok.today(), gevonden.dag))
    form["versie"].data = form["versie"].data or str(gevonden.versie)
    return form


@blueprint.post("/<briefnummer>/verzenden")
@toegang(*SCHRIJVERS)
def verzend(nummer: str, briefnummer: str) -> Any:
    """Record that the letter was sent on a day."""
    with reading(_url()) as db:
        kop = open_dossier(db, nummer)
        gevonden = _letter(db, kop, briefnummer)
        form = _send_form(kop, gevonden)

    def record(db: Any) -> int:
        op, versie = _day(form["op"]), number_of(form["versie"].data) or 0
        dossierbrief.send(
            db,
            nummer,
            briefnummer,
            op,
            versie=versie,
            door=confirm(db),
            verwacht=number_of(form.verwacht.data),
            sleutel=form.sleutel.data,
        )
        return op

    op = attempt(form, record) if form.validate_on_submit() else None
    if op is None:
        return _letter_page(nummer, briefnummer, verzenden=form)
    flash(f"Vastgelegd: {gevonden.naam} verzonden op {short(op)}.", "goed")
    return redirect(url_for(".toon", nummer=nummer), 303)


@blueprint.post("/<briefnummer>/vervallen")
@toegang(*SCHRIJVERS)
def vervallen(nummer: str, briefnummer: str) -> Any:
    """Let a letter go that was not sent."""
    try:
        with transaction(_url()) as db:
            confirm(db)
            open_dossier(db, nummer)
            versie = number_of(request.form.get("versie")) or 0
            dossierbrief.cancel(db, nummer, briefnummer, versie=versie)
    except OnbekendeBrief:
        raise NotFound from None
    except Conflict as fout:
        flash(fout.zin, "fout")
        return redirect(url_for(".brief", nummer=nummer, briefnummer=briefnummer), 303)
    flash("De brief is vervallen. Hij blijft in de lijst staan.", "goed")
    return redirect(url_for(".toon", nummer=nummer), 303)


@blueprint.get("/<briefnummer>/bestand.<soort>")
@toegang(*LEZERS)
def bestand(nummer: str, briefnummer: str, soort: str) -> Any:
    """A file of a letter, as it was made; of a concept the PDF that it would be, marked so."""
    if soort not in SOORTEN:
        abort(404)
    with reading(_url()) as db:
        kop = open_dossier(db, nummer)
        gevonden = _letter(db, kop, briefnummer)
        opzet = None
        if gevonden.is_concept:
            dag = _from_today(gevonden)
            opzet = compose(db, kop.gezin, kop.verloop, gevonden.persoon, gevonden.tekst, dag)
        try:
            inhoud = _draft(opzet, soort) if opzet else dossierbrief.file_of(db, gevonden, soort)  # type: ignore[arg-type]
        except OnbekendeBrief:
            raise NotFound from None
        except (BestandVeranderd, BriefLuktNiet) as fout:
            log("brief_veranderd", medewerker=g.medewerker.pseudoniem, betreft=briefnummer)
            flash(str(fout), "fout")
            return redirect(url_for(".brief", nummer=nummer, briefnummer=briefnummer), 303)
    note_taken("brief", soort, betreft=nummer)
    log("brief_opgehaald", medewerker=g.medewerker.pseudoniem, betreft=briefnummer)
    return _download(inhoud, soort, f"{nummer}-{gevonden.soort}-{date_of(gevonden.dag)}")


def _draft(opzet: Opzet, soort: str) -> bytes:
    if soort != "pdf":
        abort(404)
    return as_pdf(opzet.blad, klok.now())


def _download(inhoud: bytes, soort: str, naam: str) -> Response:
    hoe = "inline" if soort == "pdf" else "attachment"
    return Response(
        inhoud, mimetype=SOORTEN[soort], headers={"Content-Disposition": f'{hoe}; filename="{naam}.{soort}"'}
    )
