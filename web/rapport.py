"""The programme report: looked at, fixed, restated, published; and what a coordinator says beside the figures.

Whole numbers are for coordinator and auditor. What leaves the house is an edition, in which small numbers are left out.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from wtforms import HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from models import klok
from models.database import reading, transaction
from models.duiding import MAX_BREUK, MAX_OPMERKING
from web import rapportblad
from web.beveiliging import Formulier, log
from web.formulieren import SLEUTEL, number_of
from web.indicatorvraag import PERIODEN, Keuze, read, splits_in_words
from web.toegang import Rol, confirm, toegang
from workflow import zegels
from workflow.indicatoren import ALLE, Kader, Periode, Vraag, on
from workflow.indicatoren.afscherming import GRENS, MAX_GRENS, MIN_GRENS
from workflow.indicatoren.opgavewoorden import gap
from workflow.instellingen import InstellingOntbreekt
from workflow.opdracht import Actor
from workflow.overzichten import medewerkers, organisaties
from workflow.rapporten import duiding, herziening, opmaken, uitgave, vaststellen
from workflow.rapporten.oorzaken import CORRECTIE, DAARNA, LAAT, OPGAVE
from workflow.rapporten.uitgave import Uitgave
from workflow.rapporten.vaststellen import Rapport, VaststellenGeweigerd
from workflow.uitwisseling import rapport_uit
from workflow.velden import InvoerGeweigerd, read_date
from workflow.zegels import ZegelGeweigerd

blueprint = Blueprint("rapport", __name__, url_prefix="/rapporten")

LEZERS = (Rol.COORDINATOR, Rol.AUDITOR)
UNPROCESSABLE = 422
CONFLICT = 409
NIET_VERZEGELD = (
    "Het rapport kan nu niet worden verzegeld en is daarom niet vastgesteld. "
    "Vraag de beheerder wat `routekaart verify` en `doctor` zeggen."
)

SOORTEN: Mapping[str, tuple[str, str]] = {
    CORRECTIE: ("Correctie", "let_op"),
    LAAT: ("Later vastgelegd", "info"),
    OPGAVE: ("Opgave", "info"),
    DAARNA: ("Later gebeurd", "neutraal"),
}
"""Kind of cause -> its name and the kind of badge."""

VORMEN: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Vaststelform(Formulier):
    """Fix what is shown, once however often it is sent."""

    sleutel = HiddenField(validators=[Optional(), Regexp(SLEUTEL, message="Open de pagina opnieuw.")])
    opmerking = TextAreaField(
        "Opmerking bij het rapport",
        [Length(max=vaststellen.MAX_OPMERKING, message=f"Hoogstens {vaststellen.MAX_OPMERKING} tekens.")],
        description="Wat de lezer moet weten. Geen namen of andere persoonsgegevens.",
        render_kw={"rows": 3},
    )


class Uitgaveform(Formulier):
    """Make an edition for publication."""

    grens = StringField(
        "Kleiner dan dit aantal wordt weggelaten",
        [InputRequired("Vul een grens in.")],
        default=str(GRENS),
        description=f"Van {MIN_GRENS} tot en met {MAX_GRENS}. Een eerdere uitgave telt mee.",
    )


@blueprint.context_processor
def on_every_page() -> dict[str, Any]:
    """Whether the user may fix and publish, and how days and figures are written."""
    blad = rapportblad
    woorden = (blad.said, blad.beside, blad.also, blad.signed, blad.day_of, gap)
    return {"mag": g.medewerker.rol == Rol.COORDINATOR, **{functie.__name__: functie for functie in woorden}}


def _url() -> str:
    return str(current_app.config["DATABASE"])


# --- The list and the preview -----------------------------------------------------------------------------------------


@blueprint.get("")
@toegang(*LEZERS)
def lijst() -> str:
    """Every fixed report, and the way to a new one."""
    with reading(_url()) as db:
        rapporten = vaststellen.all_fixed(db)
        uitgaven = uitgave.editions(db)
        wie = medewerkers(db, [rapport.door for rapport in rapporten])
        namen = names(db)
    return render_template(
        "rapport/lijst.html",
        rapporten=rapporten,
        titel=lambda rapport: title(rapport.gegevens, namen),
        wie=wie,
        uitgaven={r.id: sum(u.rapport_id == r.id for u in uitgaven) for r in rapporten},
    )


@blueprint.get("/nieuw")
@toegang(*LEZERS)
def nieuw() -> ResponseReturnValue:
    """The report on what the address asks."""
    return _preview(Vaststelform(formdata=None))


def _preview(form: Vaststelform, status: int = 200) -> ResponseReturnValue:
    form.sleutel.data = form.sleutel.data or secrets.token_hex(16)
    with reading(_url()) as db:
        kader, keuze, keuzelijsten = _asked(db)
        gegevens = opmaken.make(kader, on(kader.kaart))
        inhoud = _sheet(db, gegevens)
    params = _params(keuze)
    return render_template(
        "rapport/nieuw.html",
        form=form,
        keuze=keuze,
        params=params,
        perioden=PERIODEN,
        vormen=VORMEN,
        **keuzelijsten,
        **inhoud,
    ), status


@blueprint.get("/nieuw.<vorm>")
@toegang(*LEZERS)
def nieuw_bestand(vorm: str) -> Response:
    """The same as a file, with whole numbers."""
    with reading(_url()) as db:
        kader, keuze, _ = _asked(db)
        if keuze.fouten:
            abort(400)
        return _file(opmaken.make(kader, on(kader.kaart)), vorm, "cijfers")


def _asked(db: Connection) -> tuple[Kader, Keuze, dict[str, Any]]:
    """The question in the address: last year when it says nothing."""
    leeg = Kader(db, Vraag(Periode(0, 1)))
    gemeenten, splitsingen = leeg.wegwijzer.namen["gemeente"], splits_in_words(leeg)
    args = {"periode": "vorig_jaar", **request.args.to_dict()}
    keuze = read(args, klok.today(), gemeenten, splitsingen)
    return leeg.ander(keuze.vraag), keuze, {"gemeenten": gemeenten, "splitsingen": splitsingen}


def _params(keuze: Keuze) -> dict[str, str]:
    return {"periode": keuze.soort, **{k: v for k, v in keuze.params().items() if k != "tegen"}}


@blueprint.post("/nieuw")
@toegang(Rol.COORDINATOR)
def vaststel() -> ResponseReturnValue:
    """Fix the report on what the address asks."""
    form = Vaststelform()
    if not form.validate_on_submit():
        return _preview(form, UNPROCESSABLE)
    try:
        nummer, door = _fix(form)
    except InvoerGeweigerd as fout:
        form.opmerking.errors = [fout.fouten["opmerking"]]
        return _preview(form, UNPROCESSABLE)
    except (ZegelGeweigerd, InstellingOntbreekt) as fout:
        log("rapport_niet_vastgesteld", fout=type(fout).__name__, endpoint=request.endpoint)
        form.form_errors.append(NIET_VERZEGELD)
        return _preview(form, CONFLICT)
    log("rapport_vastgesteld", medewerker=door.pseudoniem, betreft=str(nummer), endpoint=request.endpoint)
    flash(f"Rapport {nummer} is vastgesteld.", "goed")
    _publish_seal(nummer)
    return redirect(url_for(".toon", nummer=nummer), 303)


def _fix(form: Vaststelform) -> tuple[int, Actor]:
    """The number of the report, and who fixed it."""
    with transaction(_url()) as db:
        door = confirm(db)
        kader, keuze, _ = _asked(db)
        if keuze.fouten:
            abort(400)
        opmerking, sleutel = form.opmerking.data or "", form.sleutel.data or None
        return vaststellen.fix(db, kader.vraag, on(kader.kaart), door, opmerking, sleutel=sleutel), door


def _publish_seal(nummer: int) -> None:
    """Put the seal of a report outside the database. The report stands, whether this succeeds or not."""
    try:
        zegels.publish(_url())
    except (OSError, ZegelGeweigerd) as fout:
        log("zegel_niet_gepubliceerd", betreft=str(nummer), fout=type(fout).__name__)
        flash("Het zegel van dit rapport kon niet worden gepubliceerd. Vraag de beheerder ernaar te kijken.", "let_op")


# --- A fixed report ---------------------------------------------------------------------------------------------------


@blueprint.get("/<int(max=9999999):nummer>")
@toegang(*LEZERS)
def toon(nummer: int) -> ResponseReturnValue:
    """A fixed report, as it was."""
    return _fixed(nummer, Uitgaveform(formdata=None))


def _fixed(nummer: int, form: Uitgaveform, status: int = 200) -> ResponseReturnValue:
    with reading(_url()) as db:
        rapport = _find(db, nummer)
        uitgaven = uitgave.editions(db, nummer)
        wie = medewerkers(db, [rapport.door, *(u.door for u in uitgaven)])
        inhoud = {**_sheet(db, rapport.gegevens), "zegel": zegels.find(db, rapport.zegel_id)}
    return render_template(
        "rapport/toon.html", form=form, rapport=rapport, uitgaven=uitgaven, wie=wie, vormen=VORMEN, **inhoud
    ), status


@blueprint.get("/<int(max=9999999):nummer>.<vorm>")
@toegang(*LEZERS)
def bestand(nummer: int, vorm: str) -> Response:
    """A fixed report as a file, with whole numbers."""
    with reading(_url()) as db:
        rapport = _find(db, nummer)
    gegevens = rapport.gegevens | {"opmerking": rapport.opmerking, "sha256": rapport.hash}
    return _file(gegevens | _warning(rapport.is_heel), vorm, f"rapport-{nummer}")


def _warning(is_heel: bool) -> dict[str, str]:
    """What a file says of a report or an edition that is not what it was."""
    return {} if is_heel else {"waarschuwing": "GEWIJZIGD IN DE DATABASE: de vingerafdruk klopt niet, niet gebruiken."}


@blueprint.get("/<int(max=9999999):nummer>/herziening")
@toegang(*LEZERS)
def herzien(nummer: int) -> str:
    """The same question today: what changed, and through what."""
    with reading(_url()) as db:
        rapport = _find(db, nummer)
        uitkomst = herziening.restate(db, rapport)
        titel = title(rapport.gegevens, names(db))
    return render_template(
        "rapport/herziening.html",
        rapport=rapport,
        uitkomst=uitkomst,
        titel=titel,
        soorten=SOORTEN,
    )


# --- Editions ---------------------------------------------------------------------------------------------------------


@blueprint.post("/<int(max=9999999):nummer>/uitgaven")
@toegang(Rol.COORDINATOR)
def uitgeven(nummer: int) -> ResponseReturnValue:
    """Make an edition for publication."""
    form = Uitgaveform()
    gemaakt = _published(nummer, form) if form.validate_on_submit() else None
    if gemaakt is None:
        return _fixed(nummer, form, UNPROCESSABLE)
    flash("De uitgave is gemaakt. Kleine aantallen zijn weggelaten.", "goed")
    return redirect(url_for(".uitgave_toon", nummer=nummer, uitgave_nummer=gemaakt), 303)


def _published(nummer: int, form: Uitgaveform) -> int | None:
    grens = form.grens.data.strip()
    try:
        with transaction(_url()) as db:
            door = confirm(db)
            gemaakt = uitgave.publish(db, _find(db, nummer), door, number_of(grens) or 0)
    except InvoerGeweigerd as fout:
        form.grens.errors = [fout.fouten["grens"]]
        return None
    except VaststellenGeweigerd as fout:
        form.grens.errors = [fout.zin]
        return None
    log("uitgave_gemaakt", medewerker=door.pseudoniem, betreft=f"{nummer}/{gemaakt}", endpoint=request.endpoint)
    return gemaakt


@blueprint.get("/<int(max=9999999):nummer>/uitgaven/<int(max=9999999):uitgave_nummer>")
@toegang(*LEZERS)
def uitgave_toon(nummer: int, uitgave_nummer: int) -> str:
    """An edition as it was published."""
    with reading(_url()) as db:
        rapport, gevonden = _edition(db, nummer, uitgave_nummer)
        inhoud = _sheet(db, uitgave.published(rapport, gevonden))
    return render_template("rapport/uitgave.html", rapport=rapport, uitgave=gevonden, vormen=VORMEN, **inhoud)


@blueprint.get("/<int(max=9999999):nummer>/uitgaven/<int(max=9999999):uitgave_nummer>.<vorm>")
@toegang(*LEZERS)
def uitgave_bestand(nummer: int, uitgave_nummer: int, vorm: str) -> Response:
    """An edition as a file."""
    with reading(_url()) as db:
        rapport, gevonden = _edition(db, nummer, uitgave_nummer)
    gegevens = uitgave.published(rapport, gevonden) | {"opmerking": rapport.opmerking}
    gegevens |= _warning(rapport.is_heel and gevonden.is_heel)
    return _file(gegevens, vorm, f"rapport-{nummer}-uitgave-{uitgave_nummer}")


def _find(db: Connection, nummer: int) -> Rapport:
    return vaststellen.find(db, nummer) or abort(404)


def _edition(db: Connection, nummer: int, uitgave_nummer: int) -> tuple[Rapport, Uitgave]:
    gevonden = next((u for u in uitgave.editions(db, nummer) if u.id == uitgave_nummer), None)
    return _find(db, nummer), gevonden or abort(404)


# --- Beside the figures -----------------------------------------------------------------------------------------------


def _choices(opties: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(code, naam) for code, naam in opties.items()]


class Streefform(Formulier):
    """A norm or a target."""

    cijfer = SelectField("Cijfer", [InputRequired("Kies een cijfer.")], validate_choice=False)
    jaar = StringField("Jaar", [InputRequired("Vul een jaar in.")], render_kw={"inputmode": "numeric"})
    soort = SelectField("Soort", [InputRequired()], choices=_choices({"streefwaarde": "Streefwaarde", "norm": "Norm"}))
    waarde = StringField("Waarde", description="Leeg haalt hem weg.", render_kw={"inputmode": "decimal"})


class Breukform(Formulier):
    """A break in a series."""

    indicator = SelectField("Indicator", validate_choice=False)
    dag = StringField("Vanaf", [InputRequired("Vul een dag in.")])
    tekst = StringField("Wat er veranderde", description=f"Hoogstens {MAX_BREUK} tekens. Leeg haalt de breuk weg.")


class Opmerkingform(Formulier):
    """A comment on an indicator."""

    indicator = SelectField("Indicator", [InputRequired("Kies een indicator.")], validate_choice=False)
    jaar = StringField("Jaar", [InputRequired("Vul een jaar in.")], render_kw={"inputmode": "numeric"})
    tekst = TextAreaField(
        "Opmerking",
        description=f"Hoogstens {MAX_OPMERKING} tekens, geen persoonsgegevens. Leeg haalt hem weg.",
        render_kw={"maxlength": MAX_OPMERKING},
    )


def _forms() -> dict[str, Any]:
    """The three forms of the page, each with names of its own."""
    gestuurd = request.form.get("wat")
    forms: dict[str, Any] = {
        naam: soort(prefix=f"{naam}-") if naam == gestuurd else soort(formdata=None, prefix=f"{naam}-")
        for naam, soort in (("streef", Streefform), ("breuk", Breukform), ("opmerking", Opmerkingform))
    }
    per_code = {i.code: f"{i.code} {i.naam}" for i in ALLE}
    per_cijfer = {f"{i.code}.{m.code}": f"{i.code} {m.naam} ({m.eenheid})" for i in ALLE for m in i.maten}
    forms["streef"].cijfer.choices = _choices({"": "Kies een cijfer", **per_cijfer})
    forms["breuk"].indicator.choices = _choices({"": "Alle indicatoren", **per_code})
    forms["opmerking"].indicator.choices = _choices({"": "Kies een indicator", **per_code})
    return forms


@blueprint.get("/duiding")
@toegang(*LEZERS)
def duiden() -> ResponseReturnValue:
    """Norms, breaks and comments."""
    return _explanations(_forms())


@blueprint.post("/duiding")
@toegang(Rol.COORDINATOR)
def leg_uit() -> ResponseReturnValue:
    """Keep one of them."""
    forms, wat = _forms(), request.form.get("wat", "")
    if wat not in forms:
        abort(400)
    if forms[wat].validate_on_submit() and _set(wat, forms[wat]):
        flash("Opgeslagen.", "goed")
        return redirect(url_for(".duiden"), 303)
    return _explanations(forms)


def _explanations(forms: Mapping[str, Any]) -> ResponseReturnValue:
    with reading(_url()) as db:
        stand = duiding.read(db)
    is_fout = any(form.errors for form in forms.values())
    namen = {i.code: i.naam for i in ALLE} | {f"{i.code}.{m.code}": m.naam for i in ALLE for m in i.maten}
    pagina = render_template("rapport/duiding.html", forms=forms, stand=stand, namen=namen, fouten=is_fout)
    return pagina, UNPROCESSABLE if is_fout else 200


def _set(wat: str, form: Any) -> bool:
    try:
        with transaction(_url()) as db:
            door = confirm(db)
            SCHRIJVERS[wat](db, form, door)
    except InvoerGeweigerd as fout:
        for veld, zin in fout.fouten.items():
            form[veld].errors = [zin]
        return False
    log(f"{wat}_vastgelegd", medewerker=door.pseudoniem, betreft="", endpoint=request.endpoint)
    return True


def _set_target(db: Connection, form: Any, door: Any) -> None:
    code, _, maat = form.cijfer.data.partition(".")
    duiding.set_target(db, code, maat, _year(form), form.soort.data, _value(form), door)


def _set_break(db: Connection, form: Any, door: Any) -> None:
    try:
        dag = read_date(form.dag.data)
    except ValueError as fout:
        raise InvoerGeweigerd({"dag": str(fout)}) from None
    duiding.set_break(db, form.indicator.data or None, dag, form.tekst.data or "", door)


def _set_comment(db: Connection, form: Any, door: Any) -> None:
    duiding.set_comment(db, form.indicator.data, _year(form), form.tekst.data or "", door)


SCHRIJVERS = {"streef": _set_target, "breuk": _set_break, "opmerking": _set_comment}


def _year(form: Any) -> int:
    return number_of(form.jaar.data.strip(), 4) or 0


def _value(form: Any) -> float | None:
    tekst = (form.waarde.data or "").strip().removesuffix("%").strip()
    if not tekst:
        return None
    if re.fullmatch(r"(\d{1,3}(\.\d{3})+|\d+)(,\d+)?", tekst, re.ASCII):
        return float(tekst.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d+\.\d+", tekst, re.ASCII):
        return float(tekst)
    raise InvoerGeweigerd({"waarde": "Vul een getal in van 0 of meer, zoals 95, 82,5 of 1.234,5."})


# --- Shared -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Namen:
    """How gemeenten, and what a report may be split by, are called."""

    gemeenten: Mapping[str, str]
    splitsingen: Mapping[str, str]


def names(db: Connection) -> Namen:
    """The names on all maps."""
    kader = Kader(db, Vraag(Periode(0, 1)))
    return Namen(kader.wegwijzer.namen["gemeente"], splits_in_words(kader))


def title(gegevens: Mapping[str, Any], namen: Namen) -> str:
    """What a report is called: its period and gemeente, and by what it is split."""
    gemeente, splits = gegevens["gemeente"], gegevens["uitsplitsing"]
    waar = namen.gemeenten.get(gemeente, gemeente) if gemeente else "alle gemeenten"
    per = f", naar {namen.splitsingen.get(splits, splits).lower()}" if splits else ""
    return f"{gegevens['meerjaren']['kolommen'][-1]}, {waar}{per}"


def _sheet(db: Connection, gegevens: Mapping[str, Any]) -> dict[str, Any]:
    """What the pages with a report on them show."""
    return {
        "gegevens": gegevens,
        "titel": title(gegevens, names(db)),
        "kern": rapportblad.key_figures(gegevens),
        "meerjaren": rapportblad.years(gegevens),
        "breuken": rapportblad.breaks_in(gegevens),
        "organisaties": organisaties(db),
    }


def _file(gegevens: Mapping[str, Any], vorm: str, naam: str) -> Response:
    if vorm not in VORMEN:
        abort(404)
    kop = {"Content-Disposition": f'attachment; filename="{naam}-{gegevens["periode"]["van"]}.{vorm}"'}
    return Response(_content(gegevens, vorm), content_type=VORMEN[vorm], headers=kop)


def _content(gegevens: Mapping[str, Any], vorm: str) -> str | bytes:
    if vorm == "xlsx":
        return rapport_uit.as_xlsx(gegevens)
    # Without a mark in front, Excel takes UTF-8 for something else.
    return f"\ufeff{rapport_uit.as_csv(gegevens)}" if vorm == "csv" else json.dumps(gegevens, ensure_ascii=False)
