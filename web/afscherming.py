"""Shielded dossiers: who shielded which, for whom and why; shielding one, ending that, and opening one with a reason.

This page names no client: a coordinator or beheerder who may not see a dossier knows it by its number only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound
from wtforms import RadioField, SelectField, SelectMultipleField, StringField

from models import klok
from models.database import reading
from web.beveiliging import log
from web.formulieren import Basisform, DatumField, Keuzen, asked, attempt, options, overgang_form
from web.toegang import Rol, confirm, may_use, toegang
from workflow import afscherming, zicht
from workflow.afscherming import EINDREDENEN, INZAGEREDENEN, REDENEN, SOORTEN, Afscherming, OnbekendeAfscherming
from workflow.overzichten import medewerkers
from workflow.velden import InvoerGeweigerd, read_date

blueprint = Blueprint("afscherming", __name__, url_prefix="/afscherming")
LEZERS = (Rol.COORDINATOR, Rol.AUDITOR, Rol.BEHEERDER)
SCHRIJVERS = (Rol.COORDINATOR, Rol.BEHEERDER)
MET_DOSSIERS = (Rol.UITVOERDER, Rol.COORDINATOR, Rol.AUDITOR)
KORT: Mapping[str, str] = {"alleen": "Alleen voor", "niet": "Niet voor"}


@blueprint.get("")
@toegang(*LEZERS)
def lijst() -> str:
    """Every shield, those in force first, and who opened a shielded dossier."""
    with reading(current_app.config["DATABASE"]) as db:
        alle = afscherming.shields(db, g.medewerker.pseudoniem)
        verzwegen = zicht.hidden(db).wortels - {a.wortel_id for a in alle}
        inzagen = [i for i in afscherming.opened(db) if i.wortel_id not in verzwegen]
        wie = {w for a in alle for w in (*a.leden, a.door, *([a.einde.door] if a.einde else []))}
        namen = medewerkers(db, wie | {i.medewerker for i in inzagen})
    return render_template(
        "afscherming/lijst.html",
        nu=[a for a in alle if a.is_van_kracht],
        eerder=[a for a in alle if not a.is_van_kracht],
        inzagen=inzagen,
        namen=namen,
        kort=KORT,
        redenen=REDENEN,
        eindredenen=EINDREDENEN,
        inzageredenen=INZAGEREDENEN,
        schrijft=g.medewerker.rol in SCHRIJVERS,
        mag_dossier=may_use("trajecten.toon", g.medewerker.rol),
    )


@blueprint.route("/nieuw", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def nieuw() -> Any:
    """Shield a dossier."""
    with reading(current_app.config["DATABASE"]) as db:
        collegas = {wie: naam for rol in MET_DOSSIERS for wie, naam in medewerkers(db, rol=rol).items()}
    form = _form(
        nummer=StringField("Dossiernummer", asked(True), default=request.args.get("nummer", "")[:32]),
        soort=RadioField("Voor wie?", asked(True), choices=options(SOORTEN.items()), validate_choice=False),
        leden=SelectMultipleField(
            "Medewerkers",
            asked(False),
            choices=options(collegas.items()),
            validate_choice=False,
            description="Wie het als enige naast de behandelaar mag zien, of juist wie het niet mag zien.",
        ),
        reden=_reason(REDENEN),
        tot=DatumField("Tot en met", asked(False), description="Laat leeg als er nog geen einddag is."),
    )

    def record(db: Connection) -> bool:
        door = confirm(db).pseudoniem
        afscherming.shield(
            db,
            form["nummer"].data or "",
            soort=form["soort"].data or "",
            reden=form["reden"].data or "",
            leden=form["leden"].data or [],
            tot_dag=_day_after(form["tot"].data),
            door=door,
        )
        log("dossier_afgeschermd", endpoint=request.endpoint, medewerker=door)
        return True

    if form.validate_on_submit() and attempt(form, record):
        flash("Het dossier is afgeschermd.", "goed")
        return redirect(url_for(".lijst"), 303)
    return render_template("afscherming/nieuw.html", form=form), form.status


@blueprint.route("/<int(max=2147483647):id_>/beeindigen", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def beeindigen(id_: int) -> Any:
    """End a shield."""
    with reading(current_app.config["DATABASE"]) as db:
        gevonden = _found(db, id_)
    form = _form(reden=_reason(EINDREDENEN))

    def record(db: Connection) -> bool:
        door = confirm(db).pseudoniem
        afscherming.end(db, id_, reden=form["reden"].data or "", door=door)
        log("afscherming_beeindigd", endpoint=request.endpoint, medewerker=door, betreft=str(id_))
        return True

    if form.validate_on_submit() and attempt(form, record):
        flash("De afscherming is beëindigd.", "goed")
        return redirect(url_for(".lijst"), 303)
    titel, uitleg = "Afscherming beëindigen", "Daarna ziet iedereen die dossiers mag zien dit dossier weer."
    pagina = render_template("afscherming/reden.html", nummer=gevonden.nummer, form=form, titel=titel, uitleg=uitleg)
    return pagina, form.status


def _found(db: Connection, id_: int) -> Afscherming:
    try:
        return afscherming.find(db, id_, g.medewerker.pseudoniem)
    except OnbekendeAfscherming:
        raise NotFound from None


@blueprint.route("/inzien/<nummer>", methods=["GET", "POST"])
@toegang(Rol.AUDITOR)
def inzien(nummer: str) -> Any:
    """An auditor opens a shielded dossier with a reason, which is kept."""
    with reading(current_app.config["DATABASE"]) as db:
        if not zicht.hidden(db).has(nummer):
            raise NotFound
    form = _form(reden=_reason(INZAGEREDENEN))

    def record(db: Connection) -> bool:
        door = confirm(db).pseudoniem
        afscherming.break_glass(db, nummer, reden=form["reden"].data or "", door=door)
        log("afgeschermd_dossier_ingezien", endpoint=request.endpoint, medewerker=door, betreft=nummer)
        return True

    if form.validate_on_submit() and attempt(form, record):
        flash("U kunt dit dossier tot het einde van de dag inzien. Dat is vastgelegd.", "let_op")
        return redirect(url_for("trajecten.toon", nummer=nummer), 303)
    titel = "Afgeschermd dossier openen"
    uitleg = "U kunt het tot het einde van de dag inzien. Uw naam, de reden en het moment staan daarna in de lijst."
    pagina = render_template("afscherming/reden.html", nummer=nummer, form=form, titel=titel, uitleg=uitleg)
    return pagina, form.status


def _form(**velden: Any) -> Basisform:
    return overgang_form((), (), Keuzen(), klok.today(), met_dag=False, extra=velden)


def _reason(redenen: Mapping[str, str]) -> SelectField:
    keuzes = options([("", "Maak een keuze"), *redenen.items()])
    return SelectField("Reden", asked(True), choices=keuzes, validate_choice=False)


def _day_after(tekst: str | None) -> int | None:
    """The first day on which it does not hold any more. Raises InvoerGeweigerd."""
    if not (tekst or "").strip():
        return None
    try:
        return read_date(tekst) + 1
    except ValueError as fout:
        raise InvoerGeweigerd({"tot": str(fout)}) from None
