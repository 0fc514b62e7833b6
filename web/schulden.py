"""The debts of a dossier: the list with its totals, what creditors answer, a file of many, and the list taken out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_wtf.file import FileField
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from models.database import reading
from web.beveiliging import Formulier
from web.filters import aantal
from web.formulieren import (
    Basisform,
    DatumField,
    Gedaan,
    asked,
    attempt,
    number_of,
    options,
)
from web.saldoformulier import balance_day, balance_form, balances, show_versions
from web.schuldenblad import LEZERS, SCHRIJVERS, Blad, made, opened
from web.schuldformulier import debt_form, facts, fill
from web.toegang import confirm, toegang
from workflow import schuldboek
from workflow.opdracht import Vastgelegd
from workflow.overzichten import named
from workflow.schuldboek import Melding
from workflow.schuldeisers import SOORTEN
from workflow.schulden import Regel, Schuldenlijst, total, versions
from workflow.velden import MAX_TEKST, InvoerGeweigerd, read_date
from workflow.voorstellen import Voorstel

blueprint = Blueprint("schulden", __name__, url_prefix="/trajecten/<nummer>/schulden")
SORTERING: Mapping[str, Callable[[Regel], Any]] = {
    "nummer": lambda regel: regel.nummer,
    "schuldeiser": lambda regel: regel.schuldeiser.casefold(),
    "bedrag": lambda regel: regel.gegevens.bedrag or 0,
    "sinds": lambda regel: regel.sinds or 0,
}


# -- Forms -------------------------------------------------------------------------------------------------------------


class Antwoordform(Basisform):
    """How far the debts are that were ticked."""

    stand = SelectField("Wat legt u vast?", asked(True), validate_choice=False)
    op = DatumField("Datum", asked(True), description="De dag van het verzoek of het antwoord.")
    toelichting = TextAreaField("Toelichting", asked(False), render_kw={"rows": 2, "maxlength": MAX_TEKST})


class Bestandform(Formulier):
    """A table of debts."""

    bestand = FileField(
        "Bestand met schulden (CSV of XLSX)",
        [InputRequired("Kies een bestand.")],
        description="Hoogstens 5 MB. U ziet eerst wat het wordt; daarna beslist u.",
    )


class Reden(Basisform):
    """Why a debt counts no longer."""

    versie = HiddenField()
    op = DatumField("Datum", asked(True), description="De dag waarop de schuld verviel of was betaald.")
    reden = TextAreaField(
        "Waarom vervalt deze schuld?", asked(True), render_kw={"rows": 2, "maxlength": schuldboek.GRENZEN["reden"]}
    )


# -- The list ----------------------------------------------------------------------------------------------------------


@blueprint.get("")
@toegang(*LEZERS)
def toon(nummer: str) -> Any:
    """The list with its totals, narrowed as the address says."""
    blad = opened(nummer)
    return list_page(blad, answer_form(blad, formdata=None), Bestandform(formdata=None))


def answer_form(blad: Blad, **opties: Any) -> Any:
    """The form below the list, with what may be answered."""
    form = Antwoordform(**opties)
    form.stand.choices = options([("", "Maak een keuze"), *blad.antwoorden])
    return made(form, blad.kop)


def list_page(blad: Blad, form: Any, bestand: Bestandform, status: int = 200) -> Any:
    """The page with the list, its answer form and the upload."""
    getoond = _narrowed(blad.lijst, request.args)
    with reading(current_app.config["DATABASE"]) as db:
        meegenomen = schuldboek.to_take_along(db, blad.kop.verloop, blad.register) if not blad.lijst.regels else None
    pagina = render_template(
        "schulden/toon.html",
        blad=blad,
        kop=blad.kop,
        lijst=blad.lijst,
        getoond=getoond,
        subtotaal=total(regel for regel in getoond if regel.telt),
        form=form,
        bestand=bestand,
        gekozen=_ticked(getoond),
        soorten=SOORTEN,
        over_te_nemen=len(meegenomen[1].regels) if meegenomen else 0,
        sorteer_url=_sort_url,
        **_sorting(),
    )
    return pagina, status


def _ticked(getoond: Sequence[Regel]) -> set[int]:
    """The debts whose box is ticked: all that are shown when that was asked, else those that were sent."""
    if request.args.get("kies") == "alle" and request.method == "GET":
        return {regel.nummer for regel in getoond if regel.telt}
    return set(_numbers())


def _numbers(vakjes: MultiDict[str, str] | None = None) -> list[int]:
    vakjes = request.form if vakjes is None else vakjes
    return [n for tekst in vakjes.getlist("schuld") if (n := number_of(tekst)) is not None]


def _narrowed(lijst: Schuldenlijst, vraag: Mapping[str, str]) -> list[Regel]:
    """The debts that are asked for, in the order that is asked for."""
    regels = [regel for regel in lijst.regels if _is_asked(regel, vraag)]
    return sorted(regels, key=SORTERING[_sorting()["sorteer"]], reverse=_sorting()["richting"] == "aflopend")


def _is_asked(regel: Regel, vraag: Mapping[str, str]) -> bool:
    stand, soort, wie = vraag.get("stand", ""), vraag.get("soort", ""), vraag.get("wie", "")
    zoek = vraag.get("zoek", "").strip().casefold()
    g = regel.gegevens
    return (
        stand in ("", regel.stand)
        and soort in ("", g.soort)
        and (not wie or g.wie == ("" if wie == "samen" else wie))
        and (not zoek or any(zoek in tekst.casefold() for tekst in (regel.schuldeiser, g.kenmerk, g.via)))
    )


def _sorting() -> dict[str, str]:
    sorteer = request.args.get("sorteer", "")
    richting = "aflopend" if request.args.get("richting") == "aflopend" else "oplopend"
    return {"sorteer": sorteer if sorteer in SORTERING else "nummer", "richting": richting}


def _sort_url(sleutel: str, richting: str) -> str:
    rest: dict[str, Any] = {k: v for k, v in request.args.items() if k in ("stand", "soort", "wie", "zoek")}
    nummer = (request.view_args or {})["nummer"]
    return url_for("schulden.toon", nummer=nummer, sorteer=sleutel, richting=richting, **rest)


@blueprint.post("/antwoord")
@toegang(*SCHRIJVERS)
def antwoord(nummer: str) -> Any:
    """Record for the ticked debts in one step how far they are."""
    blad = opened(nummer)
    form = answer_form(blad)

    def record(db: Connection) -> Vastgelegd | Voorstel:
        fouten = {} if form.stand.data else {"stand": "Kies wat u vastlegt."}
        melding = _melding(db, form, fouten)
        return schuldboek.answer(db, nummer, _numbers(), form.stand.data, melding, form.toelichting.data or "")

    gedaan = _answered(form, blad, record)
    if gedaan is None:
        return list_page(blad, form, Bestandform(formdata=None), form.status)
    return _recorded(nummer, gedaan, f"Vastgelegd bij {aantal(len(_numbers()), 'schuld', 'schulden')}.")


def _melding(db: Connection, form: Any, fouten: Mapping[str, str] | None = None) -> Melding:
    """Who records it, on which day and upon what. Raises InvoerGeweigerd for a day that is none."""
    fouten = dict(fouten or {})
    dag = None
    try:
        dag = read_date(form.op.data or "")
    except ValueError as fout:
        fouten["op"] = str(fout)
    if fouten:
        raise InvoerGeweigerd(fouten)
    return Melding(confirm(db), dag, number_of(form.verwacht.data), form.sleutel.data)


def _answered(form: Any, blad: Blad, record: Callable[[Connection], Gedaan]) -> Gedaan | None:
    """Record a form that was sent; after a conflict it counts as filled in anew."""
    gedaan = attempt(form, record) if form.validate_on_submit() else None
    if form.is_conflict:
        form.verwacht.data = str(blad.kop.volgnummer)
    return gedaan


def _recorded(nummer: str, gedaan: Vastgelegd | Voorstel | None, tekst: str) -> Any:
    if isinstance(gedaan, Voorstel):
        flash(f"{gedaan.waarom} Daarom is dit een voorstel: een coördinator, niet uzelf, beslist erover.", "let_op")
        return redirect(url_for("voorstellen.toon", id_=gedaan.id), 303)
    bericht: Any = tekst
    if gedaan is not None:
        doel = url_for("trajecten.ongedaan", nummer=nummer, volgnummer=gedaan.volgnummer)
        bericht = {"tekst": tekst, "ongedaan_url": doel, "nummer": nummer}
    flash(bericht, "goed")
    return redirect(url_for("schulden.toon", nummer=nummer), 303)


# -- A saldo per debt --------------------------------------------------------------------------------------------------


@blueprint.route("/saldi", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def saldi(nummer: str) -> Any:
    """Record what several creditors answered, each with its own amount; the ticked debts, else all that count."""
    blad = opened(nummer)
    regels = _asked_for(blad.lijst)
    is_ingevuld = request.form.get("ingevuld") == "ja"
    form = balance_form(blad, regels)

    def record(db: Connection) -> Vastgelegd:
        fouten = {} if form.stand.data else {"stand": "Kies wat u vastlegt."}
        gelezen, peil_op = balances(form, regels, fouten), balance_day(form, fouten)
        melding = _melding(db, form, fouten)
        tekst = form.toelichting.data or ""
        return schuldboek.answer_amounts(db, nummer, gelezen, form.stand.data, peil_op, melding, tekst)

    if is_ingevuld and (gedaan := _answered(form, blad, record)):
        zonder = sum(not (form[f"bedrag_{regel.nummer}"].data or "").strip() for regel in regels)
        rest = f" Zonder bedrag, dus niet gewijzigd: {zonder}." if zonder else ""
        tekst = f"Saldo vastgelegd bij {aantal(len(regels) - zonder, 'schuld', 'schulden')}.{rest}"
        return _recorded(nummer, gedaan, tekst)
    if form.is_conflict:
        show_versions(form, regels)
    pagina = render_template("schulden/saldi.html", blad=blad, kop=blad.kop, form=form, regels=regels)
    return pagina, form.status


def _asked_for(lijst: Schuldenlijst) -> list[Regel]:
    """The debts that were ticked, now or in a draft; else all that count."""
    gekozen = set(_numbers(g.get("concept") or request.form))
    return [regel for regel in lijst.regels if (regel.nummer in gekozen if gekozen else regel.telt)]


# -- One debt ----------------------------------------------------------------------------------------------------------


@blueprint.route("/nieuw", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def nieuw(nummer: str) -> Any:
    """Put a debt on the list."""
    blad = opened(nummer)
    form = debt_form(blad)
    del form.stand

    def record(db: Connection) -> Vastgelegd:
        gegevens, fouten = facts(db, form, blad)
        return schuldboek.add(db, nummer, [gegevens], replace(_melding(db, form, fouten), verwacht=None))

    if gedaan := _answered(form, blad, record):
        return _recorded(nummer, gedaan, "De schuld staat op de lijst.")
    return _debt_page(blad, form, None)


@blueprint.route("/<int:schuld>/wijzigen", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def wijzigen(nummer: str, schuld: int) -> Any:
    """Change what is known of a debt, and say how far it is; what stood there before is kept."""
    blad = opened(nummer)
    regel = blad.debt(schuld)
    form = debt_form(blad, regel)
    if request.method == "GET" and "concept" not in g:
        fill(form, regel)

    def record(db: Connection) -> tuple[Vastgelegd | None]:
        gegevens, fouten = facts(db, form, blad)
        if gegevens.schuldeiser == regel.code:
            # As it was entered: what was merged since can still be taken apart.
            gegevens = replace(gegevens, schuldeiser=regel.gegevens.schuldeiser)
        if form.stand.data and form.stand.data not in dict(blad.antwoorden):
            fouten["stand"] = "Kies hoe ver het is."
        melding = replace(_melding(db, form, fouten), verwacht=None)
        versie = number_of(form.versie.data) or 0
        return (schuldboek.change(db, nummer, schuld, gegevens, versie, melding, form.stand.data or None),)

    if gedaan := _answered(form, blad, record):
        return _recorded(nummer, gedaan[0], f"Schuld {schuld} is bijgewerkt.")
    if form.is_conflict:
        form.versie.data = str(regel.versie)
    return _debt_page(blad, form, regel)


@blueprint.route("/<int:schuld>/vervallen", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def vervallen(nummer: str, schuld: int) -> Any:
    """Let a debt count no longer, with the reason; it stays on the list."""
    blad = opened(nummer)
    regel = blad.debt(schuld)
    form = made(Reden(), blad.kop)
    form.versie.data = form.versie.data or str(regel.versie)

    def record(db: Connection) -> Vastgelegd:
        fouten = {} if (form.reden.data or "").strip() else {"reden": "Vul in waarom deze schuld vervalt."}
        melding = _melding(db, form, fouten)
        return schuldboek.drop(db, nummer, schuld, form.reden.data, number_of(form.versie.data) or 0, melding)

    if gedaan := _answered(form, blad, record):
        return _recorded(nummer, gedaan, f"Schuld {schuld} telt niet meer mee.")
    if form.is_conflict:
        form.versie.data = str(regel.versie)
    return render_template("schulden/vervallen.html", blad=blad, kop=blad.kop, regel=regel, form=form), form.status


def _debt_page(blad: Blad, form: Any, regel: Regel | None) -> Any:
    eerder, namen = [], {}
    if regel:
        with reading(current_app.config["DATABASE"]) as db:
            eerder = versions(db, blad.kop.verloop.traject_id, regel.nummer)
            namen = named(db, [door for _, door in eerder])
    pagina = render_template(
        "schulden/schuld.html", blad=blad, kop=blad.kop, form=form, regel=regel, eerder=eerder, namen=namen
    )
    return pagina, form.status


# -- Of the traject that this one came from ----------------------------------------------------------------------------


@blueprint.route("/overnemen", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def overnemen(nummer: str) -> Any:
    """After a split: choose which debts of the earlier traject go along."""
    with reading(current_app.config["DATABASE"]) as db:
        blad = Blad(db, nummer)
        gevonden = schuldboek.to_take_along(db, blad.kop.verloop, blad.register)
    if gevonden is None:
        raise NotFound
    form = made(Basisform(), blad.kop)

    def record(db: Connection) -> Vastgelegd:
        melding = Melding(confirm(db), None, number_of(form.verwacht.data), form.sleutel.data)
        return schuldboek.take_along(db, nummer, _numbers(), melding)

    if gedaan := _answered(form, blad, record):
        return _recorded(
            nummer, gedaan, f"Overgenomen van {gevonden[0]}: {aantal(len(_numbers()), 'schuld', 'schulden')}."
        )
    eigen = {regel.nummer for regel in gevonden[1].regels if regel.gegevens.wie}
    gekozen = set(_numbers()) if request.method == "POST" else eigen
    pagina = render_template(
        "schulden/overnemen.html",
        blad=blad,
        kop=blad.kop,
        form=form,
        bron=gevonden[0],
        oud=gevonden[1],
        gekozen=gekozen,
    )
    return pagina, form.status
