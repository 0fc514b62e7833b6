"""A new melding: who it is (found, or new after a look at who it may be), and the start of a root traject."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound
from wtforms import RadioField, SelectField, StringField

from models import klok
from models.database import reading, transaction
from web.formulieren import Basisform, DatumField, Keuzen, asked, options, overgang_form
from web.toegang import Rol, confirm, toegang
from web.trajecten import day_of_form
from workflow import overzichten, personen, voortgang
from workflow.kaarten import in_force
from workflow.kalender import date_of, short
from workflow.opdracht import Vastgelegd
from workflow.personen import Gegevens, Persoon
from workflow.routekaart import Overgang, Route, Routekaart
from workflow.velden import read_answers, read_date
from workflow.voortgang import Conflict, InvoerGeweigerd, OvergangGeweigerd

blueprint = Blueprint("meldingen", __name__)
SCHRIJVERS = (Rol.UITVOERDER, Rol.COORDINATOR)
NIEUW = "nieuw"
PERSOONSVELDEN = (
    ("voornaam", "Voornaam", False),
    ("tussenvoegsel", "Tussenvoegsel", False),
    ("achternaam", "Achternaam", True),
    ("geboortedatum", "Geboortedatum", False),
    ("bsn", "BSN", False),
    ("postcode", "Postcode", False),
    ("huisnummer", "Huisnummer", False),
    ("toevoeging", "Toevoeging", False),
    ("telefoon", "Telefoon", False),
    ("email", "E-mail", False),
)
WIE = ("eerste", "tweede")


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
        lijkt_op = _look_alikes(db, form) if request.method == "POST" else {}
    for wie, gevonden in lijkt_op.items():
        form[f"{wie}_is"].choices = options(
            [*((p.pseudoniem, p.naam) for p, _ in gevonden), (NIEUW, "Nee, dit is iemand anders")]
        )
    zoekt = request.form.get("actie") == "zoeken"
    gedaan = None if zoekt or not form.validate_on_submit() else _record(form, weg, keus, lijkt_op)
    if gedaan:
        flash(f"{keus.label}: vastgelegd.", "goed")
        return redirect(url_for("trajecten.toon", nummer=gedaan.nummer))
    return render_template(
        "meldingen/nieuw.html",
        form=form,
        route=weg,
        keus=keus,
        lijkt_op=lijkt_op,
        zoekt=zoekt,
        met_tweede=weg.onderwerp == "huishouden",
        heeft_tweede=_is_given(form, "tweede"),
        persoonsvelden=[naam for naam, _, _ in PERSOONSVELDEN],
    )


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
    return overgang_form(keus.velden, (), keuzen, klok.today(), extra=_own_fields(db, kaart))


def _own_fields(db: Connection, kaart: Routekaart) -> dict[str, Any]:
    delen: dict[str, Any] = {}
    for wie in WIE:
        delen |= {f"{wie}_{naam}": _person_field(naam, label, eis, wie) for naam, label, eis in PERSOONSVELDEN}
        delen[f"{wie}_is"] = RadioField("Is dit iemand die u al kent?", asked(True), choices=[], validate_choice=False)
    delen["gemeente"] = SelectField(
        "Gemeente", asked(True), choices=options(kaart.gemeenten.items()), validate_choice=False
    )
    collegas = overzichten.medewerkers(db, rol=Rol.UITVOERDER)
    delen["behandelaar"] = SelectField(
        "Behandelaar",
        asked(False),
        choices=options([("", "Nog niemand (team)"), *collegas.items()]),
        default=g.medewerker.pseudoniem if g.medewerker.pseudoniem in collegas else "",
        validate_choice=False,
    )
    return delen


def _person_field(naam: str, label: str, eis: bool, wie: str) -> StringField:
    soort = DatumField if naam == "geboortedatum" else StringField
    return soort(label, asked(eis and wie == "eerste"))


def _is_given(form: Basisform, wie: str) -> bool:
    return any((form[f"{wie}_{naam}"].data or "").strip() for naam, _, _ in PERSOONSVELDEN)


def _typed(form: Basisform, wie: str) -> Gegevens:
    """The person as typed; a date of birth that cannot be read stays as it is and is refused by `personen.check`."""
    getypt = {naam: (form[f"{wie}_{naam}"].data or "").strip() for naam, _, _ in PERSOONSVELDEN}
    gegevens = replace(Gegevens(**getypt), postcode=getypt["postcode"].upper().replace(" ", ""))
    try:
        return replace(gegevens, geboortedatum=date_of(read_date(gegevens.geboortedatum)).isoformat())
    except ValueError:
        return gegevens


Gevonden = Mapping[str, Sequence[tuple[Persoon, Sequence[Any]]]]


def _look_alikes(db: Connection, form: Basisform) -> Gevonden:
    """Per person in the form, who is known already and looks alike, with their trajecten."""
    gevonden: dict[str, Sequence[tuple[Persoon, Sequence[Any]]]] = {}
    for wie in WIE:
        gegevens = _typed(form, wie)
        gelijk = personen.look_alikes(db, gegevens)
        if not gelijk and request.form.get("actie") == "zoeken":
            gelijk = personen.by_name(db, f"{gegevens.voornaam} {gegevens.achternaam}")[:5]
        trajecten = personen.trajecten_of(db, [p.pseudoniem for p in gelijk]) if gelijk else {}
        if gelijk:
            gevonden[wie] = [(p, trajecten.get(p.pseudoniem, ())) for p in gelijk]
    return gevonden


def _record(form: Basisform, weg: Route, keus: Overgang, lijkt_op: Gevonden) -> Vastgelegd | None:
    if onbeslist := [wie for wie in lijkt_op if not form[f"{wie}_is"].data]:
        form.show({f"{wie}_is": "Kies of dit dezelfde persoon is." for wie in onbeslist})
        return None
    try:
        with transaction(current_app.config["DATABASE"]) as db:
            return _start(db, form, weg, keus, lijkt_op)
    except InvoerGeweigerd as fout:
        form.show(fout.fouten)
    except OvergangGeweigerd as fout:
        form.form_errors.extend(fout.redenen)
    except Conflict as fout:
        form.form_errors.append(fout.zin)
    return None


def _start(db: Connection, form: Basisform, weg: Route, keus: Overgang, lijkt_op: Gevonden) -> Vastgelegd:
    fouten = _mistakes(form, keus)
    mensen: list[str] = []
    for wie in WIE:
        if wie == "eerste" or _is_given(form, wie):
            try:
                mensen.append(_person(db, form, wie, lijkt_op))
            except InvoerGeweigerd as fout:
                fouten |= fout.fouten
    if fouten:
        raise InvoerGeweigerd(fouten)
    return voortgang.start(
        db,
        weg.code,
        keus.code,
        form.invoer,
        door=confirm(db),
        personen=list(dict.fromkeys(mensen)),
        gemeente=form["gemeente"].data,
        behandelaar=form["behandelaar"].data or None,
        op=day_of_form(form),
        sleutel=form.sleutel.data,
    )


def _mistakes(form: Basisform, keus: Overgang) -> dict[str, str]:
    """What is wrong with the answers about the melding, to be told together with what is wrong with the people."""
    fouten: dict[str, str] = {}
    dag = klok.today()
    try:
        dag = day_of_form(form)
    except InvoerGeweigerd as fout:
        fouten |= fout.fouten
    try:
        read_answers(keus.velden, form.invoer, dag)
    except InvoerGeweigerd as fout:
        fouten |= fout.fouten
    if form["gemeente"].data not in {keuze.value for keuze in form["gemeente"].choices}:
        fouten["gemeente"] = "Kies een gemeente."
    return fouten


def _person(db: Connection, form: Basisform, wie: str, lijkt_op: Gevonden) -> str:
    keuze = form[f"{wie}_is"].data
    if keuze and keuze != NIEUW and wie in lijkt_op:
        if keuze not in {p.pseudoniem for p, _ in lijkt_op[wie]}:
            raise InvoerGeweigerd({f"{wie}_is": "Kies een van de genoemde personen."})
        return str(keuze)
    try:
        return personen.register(db, _typed(form, wie))
    except InvoerGeweigerd as fout:
        raise InvoerGeweigerd({f"{wie}_{naam}": zin for naam, zin in fout.fouten.items()}) from None


@blueprint.app_template_filter()
def postcode(tekst: str) -> str:
    """A Dutch postcode as it is written: 6211 AB; anything else as it is."""
    return f"{tekst[:4]} {tekst[4:]}" if re.fullmatch(r"[0-9]{4}[A-Z]{2}", tekst) else tekst


@blueprint.app_template_filter()
def geboren(iso: str) -> str:
    """A date of birth, stored as ISO text, as it is read."""
    try:
        return short(read_date(iso))
    except ValueError:
        return iso
