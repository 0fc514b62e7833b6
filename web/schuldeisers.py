"""The register of creditors: who reads it sees proposals and doubles; coordinator and beheerder keep it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound
from wtforms import BooleanField, SelectField, StringField

from models.database import reading, transaction
from web.beveiliging import Formulier, log
from web.formulieren import asked, options
from web.toegang import Rol, confirm, toegang
from workflow import schuldeisers
from workflow.schuldeisers import SOORTEN, Register, Schuldeiser, read_register
from workflow.velden import InvoerGeweigerd
from workflow.wijzigingen import of_creditor

blueprint = Blueprint("schuldeisers", __name__, url_prefix="/schuldeisers")
LEZERS = (Rol.UITVOERDER, Rol.COORDINATOR, Rol.AUDITOR, Rol.BEHEERDER)
BEHEERDERS = (Rol.COORDINATOR, Rol.BEHEERDER)
UNPROCESSABLE = 422
MAX_GETOOND = 200


class Schuldeiserform(Formulier):
    """What is known of a creditor."""

    naam = StringField("Naam", asked(True), description="Alleen organisaties: een privépersoon hoort hier niet.")
    soort = SelectField("Soort", asked(True), choices=options([("", "Kies een soort"), *SOORTEN.items()]))
    kvknummer = StringField("KvK-nummer", asked(False), render_kw={"inputmode": "numeric"})
    adres = StringField("Adres of postbus", asked(False))
    postcode = StringField("Postcode", asked(False))
    plaats = StringField("Plaats", asked(False))
    telefoon = StringField("Telefoon", asked(False))
    email = StringField("E-mail", asked(False))
    is_zakelijk = BooleanField("Schulden bij deze schuldeiser zijn meestal van een bedrijf")
    is_gemeente = BooleanField("Dit is de gemeente zelf, of een dienst van de gemeente (S2)")
    is_ander = BooleanField("Het is echt een andere dan de schuldeiser waar de naam op lijkt")


class Samenvoegform(Formulier):
    """Which creditor this one is."""

    blijft = SelectField("Is dezelfde als", asked(True), validate_choice=False)


def _register() -> Register:
    with reading(current_app.config["DATABASE"]) as db:
        return read_register(db)


def _known(register: Register, code: str) -> Schuldeiser:
    if code not in register:
        raise NotFound
    return register[code]


@blueprint.get("")
@toegang(*LEZERS)
def lijst() -> str:
    """The register, with what was proposed and what may be double."""
    register = _register()
    zoek = request.args.get("zoek", "").strip().casefold()
    soort, welke = request.args.get("soort", ""), request.args.get("welke", "")
    gevonden = [wie for wie in register.values() if _is_asked(wie, zoek, soort, welke)]
    return render_template(
        "schuldeisers/lijst.html",
        register=register,
        gevonden=gevonden,
        getoond=gevonden[:MAX_GETOOND],
        dubbel=register.doubles() if _keeps() else [],
        soorten=SOORTEN,
        beheert=_keeps(),
    )


def _keeps() -> bool:
    return g.medewerker.rol in BEHEERDERS


def _is_asked(wie: Schuldeiser, zoek: str, soort: str, welke: str) -> bool:
    standen = {
        "": wie.samengevoegd_met is None,
        "voorstel": wie.is_voorstel and wie.is_te_kiezen,
        "gemeente": wie.is_gemeente,
        "dicht": not wie.is_actief,
        "samengevoegd": wie.samengevoegd_met is not None,
    }
    teksten = (wie.naam, wie.code, wie.plaats, wie.kvknummer)
    return standen.get(welke, True) and soort in ("", wie.soort) and any(zoek in tekst.casefold() for tekst in teksten)


@blueprint.route("/nieuw", methods=["GET", "POST"])
@toegang(*BEHEERDERS)
def nieuw() -> Any:
    """Enter a creditor; one that looks like another only when that was said."""
    form = Schuldeiserform()
    if form.validate_on_submit() and _attempt(form, lambda db: _add(db, form)):
        flash(f"{form.naam.data} staat in het register.", "goed")
        return redirect(url_for(".lijst"), 303)
    return _page("schuldeisers/schuldeiser.html", form, wie=None)


def _add(db: Connection, form: Any) -> None:
    lijkt = [] if form.is_ander.data else read_register(db).look_alikes(form.naam.data or "")
    if lijkt:
        namen = ", ".join(wie.naam for wie in lijkt[:3])
        raise InvoerGeweigerd({"naam": f"Dit lijkt op: {namen}. Is het een andere, vink dat dan aan."})
    _log("schuldeiser_toegevoegd", schuldeisers.add(db, _typed(form), g.medewerker.pseudoniem).code)


def _typed(form: Any) -> Schuldeiser:
    teksten: dict[str, Any] = {veld: form[veld].data or "" for veld in schuldeisers.GRENZEN}
    vlaggen: dict[str, Any] = {veld: bool(form[veld].data) for veld in ("is_zakelijk", "is_gemeente")}
    return replace(Schuldeiser("", "", form.soort.data or ""), **teksten, **vlaggen)


@blueprint.get("/<code>")
@toegang(*LEZERS)
def toon(code: str) -> str:
    """One creditor, and what became of it: who changed what, and when."""
    with reading(current_app.config["DATABASE"]) as db:
        register = read_register(db)
        wie = _known(register, code)
        wijzigingen = of_creditor(db, code)
    delen = {"register": register, "wie": wie, "wijzigingen": wijzigingen, "soorten": SOORTEN, "beheert": _keeps()}
    return render_template("schuldeisers/toon.html", **delen)


@blueprint.route("/<code>/wijzigen", methods=["GET", "POST"])
@toegang(*BEHEERDERS)
def wijzigen(code: str) -> Any:
    """Change a creditor; a proposal is accepted by it. Below it: what it may be merged with."""
    register = _register()
    wie = _known(register, code)
    form = Schuldeiserform(obj=wie)
    if form.validate_on_submit() and _attempt(form, lambda db: schuldeisers.change(db, code, _typed(form), _who())):
        _log("schuldeiser_gewijzigd", code)
        flash(f"{form.naam.data} is gewijzigd.", "goed")
        return redirect(url_for(".lijst"), 303)
    return _page("schuldeisers/schuldeiser.html", form, wie=wie, samen=_merge_form(register, wie), register=register)


def _merge_form(register: Register, wie: Schuldeiser) -> Any:
    """Those it looks like come first."""
    lijkt = register.look_alikes(wie.naam, behalve=wie.code)
    rest = [ander for ander in register.te_kiezen if ander.code != wie.code and ander not in lijkt]
    form = Samenvoegform(formdata=request.form if request.endpoint == "schuldeisers.samenvoegen" else None)
    form.blijft.choices = options(
        [("", "Maak een keuze"), *((a.code, f"{a.naam} ({a.code})") for a in [*lijkt, *rest])]
    )
    return form


@blueprint.post("/<code>/samenvoegen")
@toegang(*BEHEERDERS)
def samenvoegen(code: str) -> Any:
    """This creditor is another one: debts are read as of that one from now on."""
    register = _register()
    wie = _known(register, code)
    form = _merge_form(register, wie)
    if form.validate_on_submit() and _attempt(form, lambda db: schuldeisers.merge(db, code, form.blijft.data, _who())):
        _log("schuldeiser_samengevoegd", code)
        flash(f"{wie.naam} is samengevoegd met {register.name(form.blijft.data)}. U kunt dat terugdraaien.", "goed")
        return redirect(url_for(".lijst"), 303)
    gewoon = Schuldeiserform(formdata=None, obj=wie)
    return _page("schuldeisers/schuldeiser.html", gewoon, wie=wie, samen=form, register=register)


@blueprint.post("/<code>/losmaken")
@toegang(*BEHEERDERS)
def losmaken(code: str) -> Any:
    """Take a merge back."""
    return _do(code, schuldeisers.unmerge, "schuldeiser_losgemaakt", "staat weer apart in het register")


@blueprint.post("/<code>/goedkeuren")
@toegang(*BEHEERDERS)
def goedkeuren(code: str) -> Any:
    """Take a proposal into the register."""
    return _do(code, schuldeisers.accept, "schuldeiser_goedgekeurd", "staat nu in het register")


@blueprint.post("/<code>/wissen")
@toegang(*BEHEERDERS)
def wissen(code: str) -> Any:
    """A proposal is a private person: it goes from the register for good."""
    return _do(code, schuldeisers.erase, "schuldeiser_gewist", "is gewist uit het register")


@blueprint.post("/<code>/afsluiten")
@toegang(*BEHEERDERS)
def afsluiten(code: str) -> Any:
    """No new debt may be of this creditor."""
    return _do(
        code, lambda db, c, door: schuldeisers.set_active(db, c, False, door), "schuldeiser_afgesloten", "is afgesloten"
    )


@blueprint.post("/<code>/heropenen")
@toegang(*BEHEERDERS)
def heropenen(code: str) -> Any:
    """New debts may be of this creditor again."""
    return _do(
        code,
        lambda db, c, door: schuldeisers.set_active(db, c, True, door),
        "schuldeiser_heropend",
        "is weer te kiezen",
    )


def _do(code: str, daad: Callable[[Connection, str, str], None], gebeurd: str, tekst: str) -> Any:
    wie = _known(_register(), code)
    try:
        with transaction(current_app.config["DATABASE"]) as db:
            confirm(db)
            daad(db, code, _who())
    except InvoerGeweigerd as fout:
        flash(" ".join(fout.fouten.values()), "fout")
    else:
        _log(gebeurd, code)
        flash(f"{wie.naam} {tekst}.", "goed")
    return redirect(url_for(".lijst"), 303)


def _attempt(form: Any, daad: Callable[[Connection], None]) -> bool:
    """Do it in one transaction; a refusal goes to its field."""
    try:
        with transaction(current_app.config["DATABASE"]) as db:
            confirm(db)
            daad(db)
    except InvoerGeweigerd as fout:
        for veld, zin in fout.fouten.items():
            if veld in form:
                form[veld].errors = [*form[veld].errors, zin]
            else:
                form.form_errors.append(zin)
        return False
    return True


def _who() -> str:
    return str(g.medewerker.pseudoniem)


def _page(sjabloon: str, form: Any, **rest: Any) -> Any:
    return render_template(sjabloon, form=form, **rest), UNPROCESSABLE if form.is_submitted() else 200


def _log(gebeurd: str, code: str) -> None:
    log(gebeurd, betreft=code, medewerker=g.medewerker.pseudoniem)
