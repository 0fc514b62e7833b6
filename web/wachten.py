"""Waits, reminders and intentions of a dossier: planned, put off, and settled."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, g, render_template, request
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound
from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice

from models import klok
from models.database import reading, transaction
from web.dossier import Dossierkop, open_dossier
from web.formulieren import Basisform, DatumField, Keuzen, asked, number_of, options, overgang_form, written
from web.planregels import back, hidden, sent
from web.toegang import Rol, confirm, toegang
from workflow import planpunten, wachten
from workflow.opdracht import Conflict
from workflow.planlog import GESPREK, HERINNERING, VOORNEMEN, WACHTEN
from workflow.planpunten import OnbekendPlanpunt, Planpunt
from workflow.velden import InvoerGeweigerd, read_date

blueprint = Blueprint("wachten", __name__, url_prefix="/trajecten/<nummer>/afspraken")
SCHRIJVERS = (Rol.UITVOERDER, Rol.COORDINATOR)

TITELS = {WACHTEN: "Wachten op", HERINNERING: "Herinnering zetten", VOORNEMEN: "Voornemen vastleggen"}
UITLEG = {
    WACHTEN: "Op de dag die u kiest, komt dit terug op uw scherm Vandaag. Eerder klaar? Dan vinkt u het af.",
    HERINNERING: "Op de dag die u kiest, komt dit terug op uw scherm Vandaag.",
    VOORNEMEN: "Op die dag stelt Vandaag voor om dit vast te leggen. Het gebeurt nooit vanzelf.",
}
DAG = {WACHTEN: "Tot wanneer", HERINNERING: "Op welke dag", VOORNEMEN: "Per wanneer"}
TEKST = {WACHTEN: "Waarop", HERINNERING: "Waaraan", VOORNEMEN: "Notitie"}


@blueprint.route("/erbij/<soort>", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def erbij(nummer: str, soort: str) -> Any:
    """Plan a wait, a reminder or an intention."""
    if soort not in TITELS:
        raise NotFound
    with reading(current_app.config["DATABASE"]) as db:
        kop = open_dossier(db, nummer)
    form = _form(soort, kop)

    def record(db: Connection) -> str:
        door, dag = confirm(db), _day(form)
        wat = form["wat"].data or "" if "wat" in form else ""
        return wachten.add(db, nummer, soort, wat, dag, _text(form), door=door, sleutel=form.sleutel.data)

    if sent(form, kop.volgnummer, record):
        flash(f"{wachten.SOORTEN[soort]}: vastgelegd tot {form['dag'].data}.", "goed")
        return back(nummer, form["terug"].data)
    return _page(kop, form, soort, TITELS[soort])


@blueprint.route("/<punt>/verlengen", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def verlengen(nummer: str, punt: str) -> Any:
    """Let something stand until another day."""
    with reading(current_app.config["DATABASE"]) as db:
        kop, was = open_dossier(db, nummer), _found(db, nummer, punt)
    form = _form(was.soort, kop, was)
    if request.method == "GET" and "concept" not in g:
        form["tekst"].data = was.details.get("tekst", "")

    def record(db: Connection) -> bool:
        door, versie = confirm(db), number_of(form["versie"].data)
        wachten.extend(db, nummer, punt, _day(form), _text(form), door=door, versie=versie)
        return True

    if sent(form, kop.volgnummer, record, was.versie):
        flash(f"Verzet naar {form['dag'].data}.", "goed")
        return back(nummer, form["terug"].data)
    return _page(kop, form, was.soort, "Verlengen" if was.soort == WACHTEN else "Andere dag", was)


@blueprint.post("/<punt>/klaar")
@toegang(*SCHRIJVERS)
def klaar(nummer: str, punt: str) -> Any:
    """It is done: what one waited for came, or what one was reminded of was done."""
    return _close(nummer, punt, True, "Afgevinkt.")


@blueprint.post("/<punt>/vervalt")
@toegang(*SCHRIJVERS)
def vervalt(nummer: str, punt: str) -> Any:
    """It is of no use any more."""
    return _close(nummer, punt, False, "Vervallen.")


def _close(nummer: str, punt: str, is_gedaan: bool, tekst: str) -> Any:
    with transaction(current_app.config["DATABASE"]) as db:
        confirm(db)
        _found(db, nummer, punt)
        try:
            wachten.close(db, nummer, punt, is_gedaan=is_gedaan, versie=number_of(request.form.get("versie")))
        except Conflict as fout:
            flash(fout.zin, "let_op")
        else:
            flash(tekst, "goed")
    return back(nummer, request.form.get("terug"))


def _form(soort: str, kop: Dossierkop, was: Planpunt | None = None) -> Basisform:
    velden: dict[str, Any] = {}
    if was is None and soort != HERINNERING:
        keuzes = options(wachten.WACHT_OP.items()) if soort == WACHTEN else _intentions(kop)
        velden["wat"] = SelectField(
            "Op wie of wat" if soort == WACHTEN else "Wat wilt u dan vastleggen",
            asked(True),
            choices=[*options([("", "Maak een keuze")]), *keuzes],
            validate_choice=False,
        )
    velden["dag"] = DatumField(DAG[soort] if was is None else "Nieuwe dag", asked(True))
    ruimte = {"rows": 2, "maxlength": wachten.MAX_TEKST["tekst"]}
    velden["tekst"] = TextAreaField(TEKST[soort], asked(soort != VOORNEMEN), render_kw=ruimte)
    extra = {**hidden(was.versie if was else None), **velden}
    return overgang_form((), (), Keuzen(), klok.today(), met_dag=False, extra=extra)


def _intentions(kop: Dossierkop) -> list[SelectChoice]:
    """What can be intended: from the stap where the traject stands, and from others."""
    stap = kop.verloop.stand.stap
    keuzen = wachten.intended(kop.verloop, g.medewerker.rol).values()
    hier = [o for o in keuzen if stap and stap.code in o.van]
    elders = [o for o in keuzen if o not in hier]
    groepen = ((f"Kan in de stap {stap.naam if stap else ''}", hier), ("Kan in een andere stap", elders))
    return [SelectChoice(value=o.code, label=o.label, optgroup=groep) for groep, deel in groepen for o in deel]


def _day(form: Basisform) -> int:
    try:
        return read_date(form["dag"].data or "")
    except ValueError as fout:
        raise InvoerGeweigerd({"dag": str(fout)}) from None


def _text(form: Basisform) -> str:
    return (form["tekst"].data or "").strip()


def _page(kop: Dossierkop, form: Basisform, soort: str, titel: str, was: Planpunt | None = None) -> tuple[str, int]:
    return render_template(
        "agenda/wachten.html", kop=kop, form=form, titel=titel, uitleg=UITLEG[soort], was=was, written=written
    ), form.status


def _found(db: Connection, nummer: str, punt: str) -> Planpunt:
    try:
        gevonden = planpunten.find(db, nummer, punt)
    except OnbekendPlanpunt:
        raise NotFound from None
    if gevonden.soort == GESPREK:
        raise NotFound
    return gevonden
