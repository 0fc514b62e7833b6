"""The templates of letters and the letterhead: written, looked at, compared with an earlier version and put back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from difflib import ndiff
from typing import Any, NamedTuple

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from models import klok
from models.database import reading, transaction
from web.beveiliging import Formulier
from web.brieven import pictures
from web.formulieren import number_of, options
from web.toegang import Rol, confirm, toegang
from workflow.brieven.blad import Papier
from workflow.brieven.briefsoorten import all_kinds
from workflow.brieven.opzet import example
from workflow.brieven.pdf import BriefLuktNiet, as_pdf, obstacles
from workflow.brieven.plaatshouders import PLAATSHOUDERS
from workflow.brieven.sjablonen import Sjabloon, paper, store, store_paper, templates, versions
from workflow.brieven.tekst import MAX_TEKENS
from workflow.kaarten import in_force
from workflow.overzichten import medewerkers
from workflow.velden import InvoerGeweigerd

blueprint = Blueprint("sjablonen", __name__, url_prefix="/beheer/brieven")
ROLLEN = (Rol.BEHEERDER, Rol.COORDINATOR)
UNPROCESSABLE = 422


class Sjabloonform(Formulier):
    """A template; `na_versie` is the version that its writer saw."""

    naam = StringField("Naam")
    soort = SelectField("Wordt vastgelegd als", validate_choice=False)
    is_in_gebruik = BooleanField("In gebruik", description="Een brief die niet in gebruik is, kan niet worden gekozen.")
    tekst = TextAreaField("Tekst")
    na_versie = HiddenField()


class Papierform(Formulier):
    """The letterhead."""

    afzender = StringField("Afzender", description="Staat groot boven de brief.")
    retouradres = StringField("Retouradres", description="Eén regel boven het adres in het venster van de envelop.")
    bezoekadres = StringField("Bezoekadres")
    telefoon = StringField("Telefoon")
    email = StringField("E-mail")
    website = StringField("Website")
    bezwaaradres = StringField("Adres voor bezwaar", description="Waar een bezwaarschrift heen moet.")
    ondertekening = StringField("Ondertekening", description="Namens wie besluiten worden ondertekend.")


class Verschilregel(NamedTuple):
    """A line of a text: it came, it went, or it stayed."""

    soort: str
    tekst: str


def _url() -> str:
    return str(current_app.config["DATABASE"])


@blueprint.get("")
@toegang(*ROLLEN)
def lijst() -> Any:
    """Every template, and the letterhead."""
    with reading(_url()) as db:
        soorten = all_kinds(in_force(db))
        sjablonen = templates(db, soorten)
        papier, wie = paper(db), medewerkers(db, {s.door for s in sjablonen.values() if s.door})
    return render_template(
        "sjablonen/lijst.html", sjablonen=sjablonen.values(), soorten=soorten, papier=papier, wie=wie
    )


# -- Writing one -------------------------------------------------------------------------------------------------------


@blueprint.route("/nieuw", methods=["GET", "POST"])
@toegang(*ROLLEN)
def nieuw() -> Any:
    """A template of one's own."""
    return _write(None)


@blueprint.route("/sjabloon/<code>", methods=["GET", "POST"])
@toegang(*ROLLEN)
def wijzig(code: str) -> Any:
    """Another version of a template, with all that there were."""
    return _write(code)


def _write(code: str | None) -> Any:
    with reading(_url()) as db:
        soorten = all_kinds(in_force(db))
        alle = _versions(db, code, soorten) if code else []
        papier, wie = paper(db), medewerkers(db, {s.door for s in alle if s.door})
    form = _form(alle[0] if alle else None, soorten)
    is_voorbeeld = request.form.get("actie") == "voorbeeld"
    blad, lezing = example(papier, form.tekst.data or "", klok.today())
    bezwaren = list(obstacles(blad))
    if form.validate_on_submit() and not is_voorbeeld:
        if not bezwaren and _stored(form, code, soorten):
            flash(f"{form.naam.data} is bewaard. Nieuwe brieven beginnen voortaan zo.", "goed")
            return redirect(url_for(".lijst"), 303)
        form.tekst.errors = [*form.tekst.errors, *bezwaren]
    pagina = render_template(
        "sjablonen/wijzig.html",
        form=form,
        code=code,
        versies=alle,
        wie=wie,
        bladen=pictures(blad),
        fouten_tekst=[*map(str, lezing.fouten), *bezwaren] if form.tekst.data else [],
        plaatshouders=PLAATSHOUDERS,
    )
    return pagina, UNPROCESSABLE if form.errors else 200


def _versions(db: Any, code: str, soorten: dict[str, str] | Any) -> list[Sjabloon]:
    gevonden = versions(db, code, soorten)
    if not gevonden:
        raise NotFound
    return gevonden


def _form(nu: Sjabloon | None, soorten: Any) -> Sjabloonform:
    begin = asdict(nu) if nu else {"is_in_gebruik": True}
    form = Sjabloonform(data={**begin, "na_versie": str(nu.versie if nu else 0)})
    form.soort.choices = options([("", "Maak een keuze"), *soorten.items()])
    form.tekst.render_kw = {
        **{
            "rows": 26,
            "maxlength": MAX_TEKENS,
            "hx-post": url_for(".voorbeeld"),
            "hx-trigger": "input changed delay:800ms",
        },
        **{"hx-target": "#voorbeeld", "hx-include": "closest form"},
    }
    for veld in (form.naam, form.soort, form.tekst):
        veld.flags.required = True
    return form


def _stored(form: Sjabloonform, code: str | None, soorten: Any) -> bool:
    try:
        with transaction(_url()) as db:
            store(
                db,
                soorten,
                door=confirm(db).pseudoniem,
                code=code,
                soort=form.soort.data or "",
                naam=form.naam.data or "",
                tekst=form.tekst.data or "",
                is_in_gebruik=bool(form.is_in_gebruik.data),
                na_versie=number_of(form.na_versie.data) or 0,
            )
    except InvoerGeweigerd as fout:
        return _take(form, fout)
    return True


def _take(form: Formulier, fout: InvoerGeweigerd) -> bool:
    for naam, zin in fout.fouten.items():
        form[naam].errors = [zin]
    return False


@blueprint.post("/voorbeeld")
@toegang(*ROLLEN)
def voorbeeld() -> Any:
    """What the text in the form looks like as a letter to an invented client, as a part of the page."""
    with reading(_url()) as db:
        papier = paper(db)
    blad, lezing = example(papier, request.form.get("tekst", ""), klok.today())
    fouten = [*map(str, lezing.fouten), *obstacles(blad)]
    return render_template(
        "brieven/voorbeeld.html", fouten=fouten, titel="Dit klopt nog niet", bladen=pictures(blad)
    )  # fmt: skip


# -- Versions ----------------------------------------------------------------------------------------------------------


@blueprint.get("/sjabloon/<code>/versie/<int:versie>")
@toegang(*ROLLEN)
def toon_versie(code: str, versie: int) -> Any:
    """A version beside the newest one: what differs."""
    alle, deze = _one_of(code, versie)
    verschil = list(_difference(deze.tekst, alle[0].tekst))
    return render_template("sjablonen/versie.html", code=code, deze=deze, nieuwste=alle[0], verschil=verschil)


@blueprint.get("/sjabloon/<code>/versie/<int:versie>/voorbeeld.pdf")
@toegang(*ROLLEN)
def voorbeeld_pdf(code: str, versie: int) -> Any:
    """A version as the PDF of a letter to an invented client."""
    _, deze = _one_of(code, versie)
    with reading(_url()) as db:
        blad, _ = example(paper(db), deze.tekst, klok.today())
    try:
        inhoud = as_pdf(blad, klok.now())
    except BriefLuktNiet as fout:
        flash(str(fout), "fout")
        return redirect(url_for(".wijzig", code=code), 303)
    kop = {"Content-Disposition": f'inline; filename="voorbeeld-{deze.soort}.pdf"'}
    return Response(inhoud, mimetype="application/pdf", headers=kop)


@blueprint.post("/sjabloon/<code>/versie/<int:versie>/terug")
@toegang(*ROLLEN)
def zet_terug(code: str, versie: int) -> Any:
    """Make an earlier version the newest again, by a version with the same text."""
    _, deze = _one_of(code, versie)
    with transaction(_url()) as db:
        door, soorten = confirm(db).pseudoniem, all_kinds(in_force(db))
        nu = versions(db, code, soorten)[0]
        try:
            store(
                db,
                soorten,
                door=door,
                code=code,
                soort=deze.soort,
                naam=deze.naam,
                tekst=deze.tekst,
                is_in_gebruik=deze.is_in_gebruik,
                na_versie=nu.versie,
            )
        except InvoerGeweigerd as fout:
            flash(" ".join(fout.fouten.values()), "fout")
            return redirect(url_for(".toon_versie", code=code, versie=versie), 303)
    flash(f"{deze.naam} is weer zoals in versie {versie}.", "goed")
    return redirect(url_for(".wijzig", code=code), 303)


def _one_of(code: str, versie: int) -> tuple[list[Sjabloon], Sjabloon]:
    with reading(_url()) as db:
        alle = _versions(db, code, all_kinds(in_force(db)))
    deze = next((s for s in alle if s.versie == versie), None)
    if deze is None:
        raise NotFound
    return alle, deze


def _difference(was: str, wordt: str) -> Iterator[Verschilregel]:
    """The lines of two texts, those that came and went marked."""
    soorten = {"+ ": "erbij", "- ": "weg", "  ": "gelijk"}
    regels: Sequence[str] = [*ndiff(was.splitlines(), wordt.splitlines())]
    return (Verschilregel(soorten[regel[:2]], regel[2:]) for regel in regels if regel[:2] in soorten)


# -- The letterhead ----------------------------------------------------------------------------------------------------


@blueprint.route("/briefpapier", methods=["GET", "POST"])
@toegang(*ROLLEN)
def briefpapier() -> Any:
    """Who sends the letters, and how they are reached."""
    with reading(_url()) as db:
        form = Papierform(data=asdict(paper(db)))
    form.afzender.flags.required = True
    if form.validate_on_submit() and _stored_paper(form):
        flash("Het briefpapier is bewaard. Brieven die al zijn vastgesteld, veranderen niet.", "goed")
        return redirect(url_for(".lijst"), 303)
    return render_template("sjablonen/briefpapier.html", form=form), UNPROCESSABLE if form.errors else 200


def _stored_paper(form: Papierform) -> bool:
    papier = Papier(**{naam: form[naam].data or "" for naam in Papier.__slots__})
    blad, _ = example(papier, "# Onderwerp", klok.today())
    if bezwaren := list(obstacles(blad)):
        form.form_errors.extend(bezwaren)
        return False
    try:
        with transaction(_url()) as db:
            store_paper(db, papier, confirm(db).pseudoniem)
    except InvoerGeweigerd as fout:
        return _take(form, fout)
    return True
