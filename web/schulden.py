"""The debts of a dossier: the list with its totals, what creditors answer, a file of many, and the list taken out."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_wtf.file import FileField
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from models import klok
from models.database import reading, transaction
from web.bestandsbalie import BestandGeweigerd, Bestandsbalie
from web.beveiliging import Formulier, log
from web.dossier import Dossierkop, open_dossier
from web.filters import aantal
from web.formulieren import (
    SLEUTEL,
    Basisform,
    BedragField,
    DatumField,
    Gedaan,
    asked,
    attempt,
    number_of,
    options,
    written,
)
from web.toegang import Rol, confirm, toegang
from workflow import schuldboek, schuldeisers
from workflow.kalender import date_of, short
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Conflict, Vastgelegd
from workflow.overzichten import named
from workflow.schuldboek import Melding, day_of
from workflow.schuldeisers import SOORTEN, Register, Schuldeiser, read_register
from workflow.schulden import Boek, Gegevens, Regel, Schuldenlijst, book_of, total, versions
from workflow.uitwisseling import schulden_inlezen, schulden_uit
from workflow.uitwisseling.schulden_inlezen import LOS, NIEUW, PRIVE, read_cents
from workflow.uitwisseling.tabellen import TabelGeweigerd
from workflow.velden import InvoerGeweigerd, read_date
from workflow.voorstellen import Voorstel

blueprint = Blueprint("schulden", __name__, url_prefix="/trajecten/<nummer>/schulden")
LEZERS = (Rol.UITVOERDER, Rol.COORDINATOR, Rol.AUDITOR)
SCHRIJVERS = (Rol.UITVOERDER, Rol.COORDINATOR)
UNPROCESSABLE = 422
BALIE = Bestandsbalie(terug="schulden.toon", niets="Er is niets vastgelegd.", naam="bestand")
UITKOMSTEN = {
    "nieuw": ("Nieuw", "info"),
    "aanwezig": ("Staat er al", "neutraal"),
    "verschilt": ("Ander bedrag", "let_op"),
}
"""What becomes of a row in a file -> its name and the kind of badge."""

SORTERING: Mapping[str, Callable[[Regel], Any]] = {
    "nummer": lambda regel: regel.nummer,
    "schuldeiser": lambda regel: regel.schuldeiser.casefold(),
    "bedrag": lambda regel: regel.gegevens.bedrag or 0,
    "sinds": lambda regel: regel.sinds or 0,
}
MIME = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


# -- Forms -------------------------------------------------------------------------------------------------------------


class Antwoordform(Basisform):
    """How far the debts are that were ticked."""

    stand = SelectField("Wat legt u vast?", asked(True), validate_choice=False)
    op = DatumField("Datum", asked(True), description="De dag van het verzoek of het antwoord.")
    toelichting = TextAreaField("Toelichting", asked(False), render_kw={"rows": 2})


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
    reden = TextAreaField("Waarom vervalt deze schuld?", asked(True), render_kw={"rows": 2})


class Schuldform(Basisform):
    """What is known of one debt."""

    versie = HiddenField()
    schuldeiser = SelectField("Schuldeiser uit het register", asked(False), validate_choice=False)
    naam = StringField("Of: naam van een schuldeiser die daar niet in staat", asked(False))
    soort_naam = RadioField(
        "Wie is dat?",
        asked(False),
        choices=options(
            [
                (PRIVE, "Een privépersoon: blijft alleen in dit dossier"),
                (LOS, "Een organisatie: blijft alleen in dit dossier"),
                (NIEUW, "Een organisatie: voorstellen voor het register"),
            ]
        ),
        default=LOS,
        validate_choice=False,
    )
    is_ander = BooleanField("Het is echt een andere dan de schuldeiser waar de naam op lijkt")
    via = StringField("Deurwaarder of incasso", asked(False))
    kenmerk = StringField("Kenmerk", asked(False), description="Het dossiernummer bij de schuldeiser.")
    bedrag = BedragField("Bedrag", asked(False), description="De hele vordering, bijvoorbeeld 1.234,50.")
    kosten = BedragField("Waarvan rente en kosten", asked(False))
    peil_op = DatumField("Saldo per", asked(False))
    ontstaan_op = DatumField("Ontstaan op", asked(False))
    soort = SelectField("Soort", asked(False), validate_choice=False)
    zakelijk = RadioField(
        "Zakelijke schuld",
        asked(False),
        choices=options([("ja", "Ja"), ("nee", "Nee")]),
        validate_choice=False,
        render_kw={"data-naast": True},
    )
    wie = SelectField("Van wie is de schuld?", asked(False), validate_choice=False)
    stand = SelectField("Hoe ver is het?", asked(False), validate_choice=False)
    op = DatumField("Datum", asked(True), description="De dag waarop dit bekend werd of geantwoord is.")
    notitie = TextAreaField("Notitie", asked(False), render_kw={"rows": 2})


def _made(form: Basisform, kop: Dossierkop) -> Any:
    """The form with its key, what its user saw, and today where a day is asked."""
    form.sleutel.data = form.sleutel.data or secrets.token_hex(16)
    if not SLEUTEL.fullmatch(form.sleutel.data):
        abort(400)
    form.verwacht.data = form.verwacht.data or str(kop.volgnummer)
    if request.method == "GET" and "op" in form and not form["op"].data:
        form["op"].data = written(klok.today())
    return form


# -- The list ----------------------------------------------------------------------------------------------------------


class Blad:
    """What the pages of one list share: whose dossier, how the map keeps it, the list and the register."""

    def __init__(self, db: Connection, nummer: str) -> None:
        self.kop = open_dossier(db, nummer)
        boek = book_of(self.kop.route)
        if boek is None:
            raise NotFound
        self.boek: Boek = boek
        self.register: Register = read_register(db)
        self.lijst: Schuldenlijst = schuldboek.read_list(db, self.kop.verloop, boek, self.register)

    @property
    def schrijft(self) -> bool:
        """Whether this user may record something here now."""
        stap = self.kop.verloop.stand.stap
        return g.medewerker.rol in SCHRIJVERS and stap is not None and stap.code in self.boek.overgang.van

    @property
    def keuzes(self) -> list[tuple[str, str]]:
        """Each answer with what it is called."""
        return [(keuze.code, keuze.naam) for keuze in self.boek.veld.keuzes]

    @staticmethod
    def dag(iso: str) -> str:
        """A day of a debt, as pages write it."""
        return short(day_of(iso))

    def debt(self, schuld: int) -> Regel:
        """A debt on the list. Raises NotFound."""
        if schuld not in self.lijst.by_nummer:
            raise NotFound
        return self.lijst.by_nummer[schuld]

    @property
    def wachtend(self) -> list[dict[str, Any]]:
        """The overgangen from here that wait for debts: why they cannot be made, and which debts hold them up."""
        stap = self.kop.verloop.stand.stap
        keuzes = [
            keus
            for keus in self.kop.route.overgangen.values()
            if stap and stap.code in keus.van and any(self._waits(eis) for eis in keus.voorwaarden)
        ]
        return [{"keus": k, "redenen": self.kop.why_not(k), "door": self.lijst.holding_up(k)} for k in keuzes]

    def _waits(self, eis: Any) -> bool:
        return eis.naam == "geen_onderdeel" and bool(eis.argument["veld"] == self.boek.veld.code)

    @property
    def anders(self) -> str | None:
        """What the dossier says the debts come to, where that is not what the list says."""
        gezegd = self.kop.verloop.stand.antwoorden.get(self.boek.bedragveld or "")
        is_anders = gezegd is not None and self.lijst.regels and str(gezegd) != str(schuldboek.whole_euros(self.lijst))
        return str(gezegd) if is_anders else None


def _blad(nummer: str) -> Blad:
    with reading(current_app.config["DATABASE"]) as db:
        return Blad(db, nummer)


@blueprint.get("")
@toegang(*LEZERS)
def toon(nummer: str) -> Any:
    """The list with its totals, narrowed as the address says."""
    blad = _blad(nummer)
    return _list_page(blad, _answer_form(blad, formdata=None), Bestandform(formdata=None))


def _answer_form(blad: Blad, **opties: Any) -> Any:
    form = Antwoordform(**opties)
    keuzes = [(k.code, k.naam) for k in blad.boek.veld.keuzes if k.code not in blad.boek.vervallen]
    form.stand.choices = options([("", "Maak een keuze"), *keuzes])
    return _made(form, blad.kop)


def _list_page(blad: Blad, form: Any, bestand: Bestandform, status: int = 200) -> Any:
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


def _numbers() -> list[int]:
    return [n for tekst in request.form.getlist("schuld") if (n := number_of(tekst)) is not None]


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
    blad = _blad(nummer)
    form = _answer_form(blad)

    def record(db: Connection) -> Vastgelegd | Voorstel:
        fouten = {} if form.stand.data else {"stand": "Kies wat u vastlegt."}
        melding = _melding(db, form, fouten)
        return schuldboek.answer(db, nummer, _numbers(), form.stand.data, melding, form.toelichting.data or "")

    gedaan = _answered(form, blad, record)
    if gedaan is None:
        return _list_page(blad, form, Bestandform(formdata=None), form.status)
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


# -- One debt ----------------------------------------------------------------------------------------------------------


@blueprint.route("/nieuw", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def nieuw(nummer: str) -> Any:
    """Put a debt on the list."""
    blad = _blad(nummer)
    form = _debt_form(blad)
    del form.stand

    def record(db: Connection) -> Vastgelegd:
        gegevens, fouten = _facts(db, form, blad)
        return schuldboek.add(db, nummer, [gegevens], replace(_melding(db, form, fouten), verwacht=None))

    if gedaan := _answered(form, blad, record):
        return _recorded(nummer, gedaan, "De schuld staat op de lijst.")
    return _debt_page(blad, form, None)


@blueprint.route("/<int:schuld>/wijzigen", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def wijzigen(nummer: str, schuld: int) -> Any:
    """Change what is known of a debt, and say how far it is; what stood there before is kept."""
    blad = _blad(nummer)
    regel = blad.debt(schuld)
    form = _debt_form(blad, regel)
    if request.method == "GET" and "concept" not in g:
        _fill(form, regel)

    def record(db: Connection) -> tuple[Vastgelegd | None]:
        gegevens, fouten = _facts(db, form, blad)
        if form.stand.data and form.stand.data not in {k.code for k in blad.boek.veld.keuzes}:
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
    blad = _blad(nummer)
    regel = blad.debt(schuld)
    form = _made(Reden(), blad.kop)
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


def _debt_form(blad: Blad, regel: Regel | None = None) -> Any:
    form = _made(Schuldform(), blad.kop)
    form.schuldeiser.choices = options([("", "Kies een schuldeiser"), *_creditors(blad.register, regel)])
    form.soort.choices = options([("", "Zoals bij deze schuldeiser gewoon is"), *SOORTEN.items()])
    form.wie.choices = options([("", blad.lijst.whose("")), *_people(blad.lijst, regel)])
    form.stand.choices = options([("", "Zoals het was"), *((k.code, k.naam) for k in blad.boek.veld.keuzes)])
    form.versie.data = form.versie.data or str(regel.versie if regel else 0)
    return form


def _creditors(register: Register, regel: Regel | None) -> list[tuple[str, str]]:
    """Those to choose from, and the one that it is."""
    keuzes = {wie.code: wie.naam + (" (voorstel)" if wie.is_voorstel else "") for wie in register.te_kiezen}
    if regel and regel.code and regel.code not in keuzes:
        keuzes[regel.code] = f"{regel.schuldeiser} (afgesloten)"
    return list(keuzes.items())


def _people(lijst: Schuldenlijst, regel: Regel | None) -> list[tuple[str, str]]:
    wie = dict(lijst.wie) if len(lijst.wie) > 1 else {}
    if regel and regel.gegevens.wie and regel.gegevens.wie not in wie:
        wie[regel.gegevens.wie] = lijst.whose(regel.gegevens.wie)
    return list(wie.items())


def _fill(form: Any, regel: Regel) -> None:
    g_ = regel.gegevens
    form.schuldeiser.data = regel.code
    form.soort_naam.data = PRIVE if g_.is_prive else LOS
    form.zakelijk.data = {True: "ja", False: "nee", None: ""}[g_.is_zakelijk]
    for veld in ("naam", "via", "kenmerk", "soort", "wie", "notitie"):
        form[veld].data = getattr(g_, veld)
    for veld in ("bedrag", "kosten"):
        form[veld].data = _typed_amount(getattr(g_, veld))
    for veld in ("peil_op", "ontstaan_op"):
        form[veld].data = written(day_of(dag)) if (dag := getattr(g_, veld)) else ""


def _typed_amount(cent: int | None) -> str:
    return "" if cent is None else f"{cent // 100},{cent % 100:02}"


def _facts(db: Connection, form: Any, blad: Blad) -> tuple[Gegevens, dict[str, str]]:
    """What the form says of a debt, and what is wrong in it; a creditor that is proposed is entered."""
    fouten: dict[str, str] = {}
    bedragen = {veld: _read(read_cents, form, veld, fouten) for veld in ("bedrag", "kosten")}
    dagen: dict[str, Any] = {veld: _read(_iso, form, veld, fouten) or "" for veld in ("peil_op", "ontstaan_op")}
    teksten: dict[str, Any] = {v: (form[v].data or "").strip() for v in ("via", "kenmerk", "wie", "notitie")}
    naam, is_prive = " ".join((form.naam.data or "").split()), form.soort_naam.data == PRIVE
    code = form.schuldeiser.data or ""
    gegevens = Gegevens(
        schuldeiser=code,
        naam=naam,
        is_prive=is_prive and not code,
        soort=form.soort.data or ("" if code else "Overig"),
        is_zakelijk={"ja": True, "nee": False}.get(form.zakelijk.data or ""),
        **teksten,
        **bedragen,
        **dagen,
    )
    if not fouten and naam and not code and form.soort_naam.data == NIEUW:
        return _proposed(db, form, blad, gegevens, fouten)
    return gegevens, _judged(gegevens, blad, fouten)


def _judged(gegevens: Gegevens, blad: Blad, fouten: dict[str, str]) -> dict[str, str]:
    """What is wrong all told, so that it is said in one round."""
    was = next((r.gegevens for r in blad.lijst.regels if r.code and r.code == gegevens.schuldeiser), None)
    try:
        schuldboek.checked(gegevens, blad.register, blad.lijst.wie, was)
    except InvoerGeweigerd as geweigerd:
        return {**geweigerd.fouten, **fouten}
    return fouten


def _proposed(
    db: Connection, form: Any, blad: Blad, gegevens: Gegevens, fouten: dict[str, str]
) -> tuple[Gegevens, dict[str, str]]:
    """The debt with its creditor in the register; one that looks like another is only entered when asked."""
    lijkt = [] if form.is_ander.data else blad.register.look_alikes(gegevens.naam)
    if lijkt:
        namen = ", ".join(wie.naam for wie in lijkt[:3])
        return gegevens, {"naam": f"Dit lijkt op: {namen}. Kies die hierboven, of vink aan dat het een andere is."}
    if fouten := _judged(gegevens, blad, fouten):
        return gegevens, fouten
    wie = schuldeisers.add(db, Schuldeiser("", gegevens.naam, gegevens.soort, is_voorstel=True))
    log("schuldeiser_voorgesteld", betreft=wie.code, medewerker=g.medewerker.pseudoniem)
    return replace(gegevens, schuldeiser=wie.code, naam=""), fouten


def _read(lezer: Callable[[str], Any], form: Any, veld: str, fouten: dict[str, str]) -> Any:
    tekst = (form[veld].data or "").strip()
    try:
        return lezer(tekst) if tekst else None
    except ValueError as fout:
        fouten[veld] = str(fout)
        return None


def _iso(tekst: str) -> str:
    return date_of(read_date(tekst)).isoformat()


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
    form = _made(Basisform(), blad.kop)

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


# -- A file of many ----------------------------------------------------------------------------------------------------


@blueprint.post("/bestand")
@toegang(*SCHRIJVERS)
def upload(nummer: str) -> Any:
    """Take a file into the waiting room and show what it would become."""
    blad = _blad(nummer)
    form = Bestandform()
    if form.validate_on_submit():
        return BALIE.take(form.bestand.data)
    return _list_page(blad, _answer_form(blad, formdata=None), form, UNPROCESSABLE)


@blueprint.get("/bestand/<bestand>")
@toegang(*SCHRIJVERS)
def voorbeeld(nummer: str, bestand: str) -> Any:
    """What a waiting file would become."""
    blad = _blad(nummer)

    def page(bestand: str, inhoud: bytes) -> Any:
        uitkomst = schulden_inlezen.preview(inhoud, blad.lijst, blad.register)
        nieuwe = [lezing.gegevens.bedrag for lezing in uitkomst.lezingen if lezing.uitkomst == "nieuw"]
        pagina = render_template(
            "schulden/voorbeeld.html",
            blad=blad,
            kop=blad.kop,
            bestand=bestand,
            uitkomst=uitkomst,
            uitkomsten=UITKOMSTEN,
            som=sum(bedrag or 0 for bedrag in nieuwe) / 100,
            sleutel=secrets.token_hex(16),
            vandaag=written(klok.today()),
        )
        return pagina, UNPROCESSABLE if uitkomst.fouten else 200

    return BALIE.show(bestand, page)


@blueprint.post("/bestand/<bestand>")
@toegang(*SCHRIJVERS)
def beslis(nummer: str, bestand: str) -> Any:
    """Take the waiting file in, or let it go."""
    blad = _blad(nummer)
    return BALIE.decide(bestand, lambda inhoud: _take_in(nummer, blad, inhoud))


def _take_in(nummer: str, blad: Blad, inhoud: bytes) -> str:
    onbekend = schulden_inlezen.preview(inhoud, blad.lijst, blad.register).onbekend
    keuzes = {een.naam: request.form.get(f"wie-{n}", LOS) for n, een in enumerate(onbekend)}
    sleutel = request.form.get("sleutel", "")
    try:
        with transaction(current_app.config["DATABASE"]) as db:
            melding = Melding(confirm(db), _day_of_file(), None, sleutel if SLEUTEL.fullmatch(sleutel) else None)
            gedaan, voorgesteld = schulden_inlezen.take_in(db, nummer, inhoud, keuzes, melding)
    except TabelGeweigerd as geweigerd:
        eerste = geweigerd.meldingen[0]
        raise BestandGeweigerd(f"{eerste.plaats.capitalize()}: {eerste.tekst}") from None
    except InvoerGeweigerd as geweigerd:
        raise BestandGeweigerd(" ".join(geweigerd.fouten.values())) from None
    except OvergangGeweigerd as geweigerd:
        raise BestandGeweigerd(" ".join(geweigerd.redenen)) from None
    except Conflict as conflict:
        raise BestandGeweigerd(conflict.zin) from None
    for wie in voorgesteld:
        log("schuldeiser_voorgesteld", betreft=wie.code, medewerker=g.medewerker.pseudoniem)
    rest = gedaan.geteld["aanwezig"] + gedaan.geteld["verschilt"]
    over = f" {aantal(rest, 'rij stond', 'rijen stonden')} er al." if rest else ""
    return f"{aantal(gedaan.geteld['nieuw'], 'schuld', 'schulden')} op de lijst gezet.{over}"


def _day_of_file() -> int:
    try:
        return read_date(request.form.get("op", ""))
    except ValueError as fout:
        raise InvoerGeweigerd({"op": str(fout)}) from None


# -- Taken out ---------------------------------------------------------------------------------------------------------


@blueprint.get("/leeg/<vorm>")
@toegang(*SCHRIJVERS)
def leeg(nummer: str, vorm: str) -> Response:
    """The empty table to fill in."""
    _blad(nummer)
    return _file("schulden-invullen", vorm, *schulden_uit.template())


@blueprint.get("/lijst/<vorm>")
@toegang(*LEZERS)
def lijst(nummer: str, vorm: str) -> Response:
    """The whole list as a table; who took it out is logged."""
    blad = _blad(nummer)
    antwoord = _file(f"schulden-{nummer}", vorm, schulden_uit.KOP, schulden_uit.rows(blad.lijst))
    log("schulden_uitgevoerd", betreft=nummer, medewerker=g.medewerker.pseudoniem)
    return antwoord


def _file(naam: str, vorm: str, kop: Sequence[Any], rijen: Sequence[Sequence[Any]]) -> Response:
    if vorm not in MIME:
        raise NotFound
    maak = schulden_uit.as_csv if vorm == "csv" else schulden_uit.as_xlsx
    kopregels = {"Content-Disposition": f'attachment; filename="{naam}.{vorm}"'}
    return Response(maak(kop, rijen), mimetype=MIME[vorm], headers=kopregels)
