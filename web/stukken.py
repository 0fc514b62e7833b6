"""The documents of a dossier: how far each kind is, what waits for it, and the register of what came in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask_wtf.file import FileField
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from models import klok
from models.database import reading
from web.beveiliging import AFGESLOTEN, log
from web.concepten import take_up
from web.dossier import Dossierkop, open_dossier
from web.dossierformulier import advance, answered, make_room, recorded
from web.formulieren import (
    Basisform,
    DatumField,
    Keuzen,
    asked,
    attempt,
    number_of,
    options,
    overgang_form,
    written,
)
from web.toegang import Rol, confirm, toegang
from web.trajecten import day_of_form
from web.uitvoer import note_taken
from workflow import stukken, stukkenlijst
from workflow.kluis import KluisDicht
from workflow.opdracht import Vastgelegd
from workflow.overzichten import medewerkers
from workflow.routekaart import Keuze, Overgang
from workflow.stukken import PLEKKEN, REDENEN, Nieuw, OnbekendStuk, Stuk
from workflow.stukkenlijst import Lijst, Regel, Stukkenlijst
from workflow.velden import InvoerGeweigerd, longest
from workflow.voorstellen import Voorstel

blueprint = Blueprint("stukken", __name__, url_prefix="/trajecten/<nummer>/stukken")
LEZERS = (Rol.UITVOERDER, Rol.COORDINATOR, Rol.AUDITOR)
SCHRIJVERS = (Rol.UITVOERDER, Rol.COORDINATOR)
STAND = "stand_"
"""Before the code of a document in the name of its field."""

NIETS = "Kies bij ten minste één stuk hoe ver het is."
KAPOT = "Dit bestand kan niet worden geopend: het is niet meer wat is toegevoegd. Waarschuw de beheerder."


@blueprint.get("")
@toegang(*LEZERS)
def toon(nummer: str) -> Any:
    """The list, what waits for it, and the register."""
    with reading(current_app.config["DATABASE"]) as db:
        kop, lijst = _opened(db, nummer)
        return _page(db, kop, lijst, _list_form(kop, lijst))


@blueprint.route("/bijwerken", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def bijwerken(nummer: str) -> Any:
    """Say of several documents at once how far they are, or ask for all that nobody asked for yet."""
    with reading(current_app.config["DATABASE"]) as db:
        kop, lijst = _opened(db, nummer)
    overgang = kop.overgang("blad", stukkenlijst.BLAD)
    form = _list_form(kop, lijst)
    if overgang is None or form is None:
        raise NotFound
    nieuw = _chosen(form, lijst)

    def record(db: Connection) -> Vastgelegd | Voorstel:
        op = day_of_form(form)
        if not nieuw:
            raise InvoerGeweigerd({"stukken": NIETS})
        return advance(db, kop, overgang, form, {**form.invoer, lijst.lijst.veld.code: nieuw}, op)

    if gedaan := answered(form, kop, record):
        return recorded(gedaan, f"Vastgelegd: {_in_words(lijst.lijst, nieuw)}.", _here(nummer))
    with reading(current_app.config["DATABASE"]) as db:
        return _page(db, kop, lijst, form)


def _opened(db: Connection, nummer: str) -> tuple[Dossierkop, Stukkenlijst]:
    kop = open_dossier(db, nummer)
    lijst = stukkenlijst.read(kop.gezin, kop.verloop)
    if lijst is None:
        raise NotFound
    return kop, lijst


def _here(nummer: str) -> str:
    return url_for("stukken.toon", nummer=nummer)


def _page(db: Connection, kop: Dossierkop, lijst: Stukkenlijst, form: Basisform | None) -> Any:
    register = stukken.documents(db, kop.verloop)
    pagina = render_template(
        "stukken/toon.html",
        kop=kop,
        lijst=lijst,
        form=form,
        stand_veld=lambda regel: form[STAND + regel.soort.code] if form else None,
        register=register,
        soortnaam=_name_of(lijst.lijst),
        plekken=PLEKKEN,
        redenen=REDENEN,
        namen=medewerkers(db, stukken.people_of(register)),
        geblokkeerd=_blocked(kop, lijst),
        schrijft=g.medewerker.rol in SCHRIJVERS,
        vandaag_dag=klok.today(),
        gezien={kop.nummer: kop.volgnummer},
    )
    return pagina, form.status if form else 200


def _blocked(kop: Dossierkop, lijst: Stukkenlijst) -> list[tuple[Overgang, str]]:
    return stukkenlijst.blocked(kop.dossier, lijst.lijst) if kop.is_open else []


def _name_of(lijst: Lijst) -> Any:
    namen = {keuze.code: keuze.naam for keuze in lijst.veld.onderdelen}
    return lambda code: namen.get(code, code)


# -- The form of the list ----------------------------------------------------------------------------------------------


def _list_form(kop: Dossierkop, lijst: Stukkenlijst) -> Basisform | None:
    """A field for each document; None for who may not write, or where nothing can be recorded any more."""
    overgang = kop.overgang("blad", stukkenlijst.BLAD)
    if overgang is None or not kop.is_open or g.medewerker.rol not in SCHRIJVERS:
        return None
    take_up(url_for("stukken.bijwerken", nummer=kop.nummer))
    rest = [veld for veld in overgang.velden if veld.code != lijst.lijst.veld.code]
    standen = {STAND + regel.soort.code: _stand_field(regel, lijst.lijst) for regel in lijst.regels}
    form = overgang_form(rest, (), Keuzen(), klok.today(), extra=standen)
    form.op.description = "De dag waarop dit zo was: gevraagd, of binnengekomen."
    make_room(form)
    form.verwacht.data = form.verwacht.data or str(kop.volgnummer)
    return form


def _stand_field(regel: Regel, lijst: Lijst) -> SelectField:
    nu = regel.stand.code if regel.stand else ""
    keuzes = [(keuze.code, keuze.naam) for keuze in _choices(lijst, regel.stand)]
    leeg = [] if nu else [("", "Nog niets")]
    return SelectField(
        f"{regel.soort.naam}: hoe ver", choices=options([*leeg, *keuzes]), default=nu, validate_choice=False
    )


def _choices(lijst: Lijst, nu: Keuze | None) -> Sequence[Keuze]:
    """What can be chosen; what it is now, also where the map has that answer no longer."""
    keuzes = lijst.veld.keuzes
    return keuzes if nu is None or nu in keuzes else (*keuzes, nu)


def _chosen(form: Basisform, lijst: Stukkenlijst) -> dict[str, str]:
    """What the form says of documents that was not so already."""
    gekozen = {r.soort.code: str(form[STAND + r.soort.code].data or "") for r in lijst.regels}
    nu = {r.soort.code: r.stand.code if r.stand else "" for r in lijst.regels}
    if request.form.get("alles") and (gevraagd := lijst.lijst.value("gevraagd")):
        gekozen |= {r.soort.code: gekozen[r.soort.code] or gevraagd for r in lijst.ontbrekend}
    return {code: waarde for code, waarde in gekozen.items() if waarde and waarde != nu[code]}


def _in_words(lijst: Lijst, nieuw: Mapping[str, str]) -> str:
    hoe = {keuze.code: keuze.naam.lower() for keuze in lijst.veld.keuzes}
    naam = _name_of(lijst)
    return "; ".join(f"{naam(code)}: {hoe.get(waarde, waarde)}" for code, waarde in nieuw.items())


# -- The register ------------------------------------------------------------------------------------------------------


class Stukform(Basisform):
    """A document that came in."""

    stuksoort = SelectField("Wat voor stuk", asked(True), validate_choice=False)
    ontvangen_op = DatumField("Ontvangen op", asked(True))
    is_volledig = RadioField(
        "Is het compleet?",
        asked(True),
        choices=options([("ja", "Ja"), ("nee", "Nee, er ontbreekt nog iets")]),
        validate_choice=False,
        description="De lijst met stukken verandert mee.",
    )
    plek = RadioField("Waar wordt het bewaard?", asked(True), choices=options(PLEKKEN.items()), validate_choice=False)
    dms_nummer = StringField("Nummer in het documentsysteem", asked(False))
    bestand = FileField("Bestand", asked(False))
    omschrijving = TextAreaField(
        "Omschrijving", asked(False), render_kw={"rows": 2, "maxlength": longest(stukken.OMSCHRIJVING)}
    )
    vervangt = HiddenField()


@blueprint.route("/nieuw", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def nieuw(nummer: str) -> Any:
    """Enter a document that came in, or another version of one."""
    with reading(current_app.config["DATABASE"]) as db:
        kop, lijst = _opened(db, nummer)
        register = stukken.documents(db, kop.verloop)
    oud = _replaced(register)
    form = _document_form(kop, lijst, oud)

    def record(db: Connection) -> str:
        verwacht = number_of(form.verwacht.data)
        wat = _brought(form)
        return stukken.register(db, nummer, wat, door=confirm(db), verwacht=verwacht, sleutel=form.sleutel.data)

    form.verwacht.data = form.verwacht.data or str(kop.volgnummer)
    if form.validate_on_submit():
        if eigen := attempt(form, record):
            log("stuk_toegevoegd", medewerker=g.medewerker.pseudoniem, betreft=f"{nummer}/{eigen}")
            flash("Stuk toegevoegd.", "goed")
            return redirect(_here(nummer), 303)
        form.verwacht.data = str(kop.volgnummer) if form.is_conflict else form.verwacht.data
    return render_template("stukken/nieuw.html", kop=kop, form=form, oud=oud, soortnaam=_name_of(lijst.lijst)), (
        form.status
    )


def _replaced(register: Sequence[Stuk]) -> Stuk | None:
    """The document of which another version comes, as the address or the form says. Raises NotFound."""
    nummer = request.form.get("vervangt") or request.args.get("vervangt")
    if not nummer:
        return None
    oud = next((s for s in register if s.nummer == nummer), None)
    if oud is None or oud.weg:
        raise NotFound
    return oud


def _document_form(kop: Dossierkop, lijst: Stukkenlijst, oud: Stuk | None) -> Stukform:
    via = lijst.lijst.via
    velden = {"via": _via_field(via.label, via.keuzes)} if via and kop.is_open else {}
    delen: dict[str, Any] = velden
    form: Stukform = type("Stukvorm", (Stukform,), delen)()
    form.stuksoort.choices = options([("", "Maak een keuze"), *((k.code, k.naam) for k in lijst.lijst.veld.onderdelen)])
    form.bestand.description = (
        f"PDF, JPEG, PNG, Word of Excel, hoogstens {stukken.largest() // stukken.MB} MB. Versleuteld bewaard."
    )
    form.sleutel.data = form.sleutel.data or secrets.token_hex(16)
    if request.method == "GET" and "concept" not in g:
        form.stuksoort.data = oud.stuksoort if oud else request.args.get("soort", "")
        form.ontvangen_op.data = written(klok.today())
    if request.method == "GET":
        form.vervangt.data = oud.nummer if oud else ""
    return form


def _via_field(label: str, keuzes: Sequence[Keuze]) -> SelectField:
    paren = [("", "Niet ingevuld"), *((keuze.code, keuze.naam) for keuze in keuzes)]
    return SelectField(label, asked(False), choices=options(paren), validate_choice=False)


def _brought(form: Stukform) -> Nieuw:
    bestand = form.bestand.data
    return Nieuw(
        stuksoort=form.stuksoort.data or "",
        ontvangen_op=form.ontvangen_op.data or "",
        is_volledig=form.is_volledig.data or "",
        plek=form.plek.data or "",
        omschrijving=form.omschrijving.data or "",
        dms_nummer=form.dms_nummer.data or "",
        bestand=bestand.stream.read() if bestand else b"",
        via=(form["via"].data or "") if "via" in form else "",
        vervangt=form.vervangt.data or None,
    )


@blueprint.get("/<stuk>/bestand")
@toegang(*SCHRIJVERS)
def bestand(nummer: str, stuk: str) -> Any:
    """Hand out the file of a document: never to be shown in the browser, and noted before it goes."""
    with reading(current_app.config["DATABASE"]) as db:
        open_dossier(db, nummer)
        try:
            gevonden = stukken.open_file(db, nummer, stuk)
        except OnbekendStuk:
            raise NotFound from None
        except KluisDicht:
            log("stuk_onleesbaar", medewerker=g.medewerker.pseudoniem, betreft=f"{nummer}/{stuk}")
            flash(KAPOT, "fout")
            return redirect(_here(nummer), 303)
    note_taken("stuk", gevonden.naam.rpartition(".")[2], betreft=nummer)
    log("stuk_gedownload", medewerker=g.medewerker.pseudoniem, betreft=f"{nummer}/{stuk}", endpoint=request.endpoint)
    kop = {
        "Content-Disposition": f'attachment; filename="{gevonden.naam}"',
        "Content-Security-Policy": AFGESLOTEN,
    }
    return Response(gevonden.inhoud, mimetype=gevonden.soort.mimetype, headers=kop)


class Weghaalform(Basisform):
    """Why a document is taken away."""

    reden = SelectField(
        "Reden", asked(True), choices=options([("", "Maak een keuze"), *REDENEN.items()]), validate_choice=False
    )


@blueprint.route("/<stuk>/weghalen", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def weghalen(nummer: str, stuk: str) -> Any:
    """Take a document away: its file is destroyed, its row stays."""
    with reading(current_app.config["DATABASE"]) as db:
        kop, lijst = _opened(db, nummer)
        gezocht = next((s for s in stukken.documents(db, kop.verloop) if s.nummer == stuk), None)
    if gezocht is None:
        raise NotFound
    form = Weghaalform()

    def record(db: Connection) -> bool:
        stukken.take_away(db, nummer, stuk, form.reden.data or "", door=confirm(db))
        return True

    if form.validate_on_submit() and attempt(form, record):
        log("stuk_weggehaald", medewerker=g.medewerker.pseudoniem, betreft=f"{nummer}/{stuk}")
        flash("Stuk weggehaald. Op de lijst blijft staan dat het er was, en waarom het weg is.", "goed")
        return redirect(_here(nummer), 303)
    return render_template(
        "stukken/weghalen.html", kop=kop, form=form, stuk=gezocht, soortnaam=_name_of(lijst.lijst)
    ), form.status


@blueprint.app_template_filter()
def megabytes(omvang: int) -> str:
    """The size of a file: "1,4 MB", "312 kB"."""
    if omvang < stukken.MB:
        return f"{max(1, round(omvang / 1024))} kB"
    return f"{omvang / stukken.MB:.1f} MB".replace(".", ",")
