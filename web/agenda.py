"""The agenda: of a day or a week, of one dossier, and as a file or feed for a calendar program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, g, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound
from wtforms import SelectField, StringField, TextAreaField

from models import klok
from models.database import reading, transaction
from web.beveiliging import Formulier, limiter, log
from web.dossier import Dossierkop, open_dossier
from web.formulieren import (
    Basisform,
    DatumField,
    Keuzen,
    asked,
    number_of,
    options,
    overgang_form,
    written,
)
from web.planregels import back, hidden, lines, sent
from web.toegang import Rol, confirm, openbaar, safe_target, toegang
from workflow import agenda, agendaadres, overzichten, planpunten, wachten, zicht
from workflow.agenda import Afspraak, Gepland
from workflow.agendabestand import calendar
from workflow.kalender import date_of, span_in_words
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Conflict
from workflow.overzichten import Regel, Vraag
from workflow.planlog import AFGEZEGD, GEHOUDEN, GESPREK, NIET_VERSCHENEN, VERZET, VOORNEMEN, day_field
from workflow.planpunten import OnbekendPlanpunt, Planpunt
from workflow.routekaart import Overgang, Veld
from workflow.velden import InvoerGeweigerd, read_date

blueprint = Blueprint("agenda", __name__)
LEZERS = (Rol.UITVOERDER, Rol.COORDINATOR, Rol.AUDITOR)
SCHRIJVERS = (Rol.UITVOERDER, Rol.COORDINATOR)
DOSSIER = "/trajecten/<nummer>/afspraken"
PUNT = f"{DOSSIER}/<punt>"
TITELS = {
    GEHOUDEN: "Gesprek gehouden",
    NIET_VERSCHENEN: "Niet verschenen",
    VERZET: "Afspraak verzetten",
    AFGEZEGD: "Afspraak afzeggen",
}
GEBEURD = {
    GEHOUDEN: "Vastgelegd: het gesprek is gehouden.",
    NIET_VERSCHENEN: "Vastgelegd: niet verschenen.",
    AFGEZEGD: "Vastgelegd: de afspraak is afgezegd.",
}
FEED_TERUG, FEED_VOORUIT = 31, 366
"""Days before and after today that a feed tells of."""


# -- Day and week ------------------------------------------------------------------------------------------------------


@blueprint.get("/agenda")
@toegang(*SCHRIJVERS)
def toon() -> str:
    """The appointments of a day or a week, of oneself, a colleague or the team."""
    van, dagen = _span()
    with reading(current_app.config["DATABASE"]) as db:
        collegas = _colleagues(db)
        wie = _whose(collegas)
        regels = lines(db, agenda.between(db, van, van + dagen - 1, wie), {})
    per_dag = {dag: [r for r in regels if r.punt.dag == dag] for dag in range(van, van + dagen)}
    return render_template(
        "agenda/toon.html",
        per_dag={dag: rs for dag, rs in per_dag.items() if rs or dagen == 1 or date_of(dag).weekday() < 5},
        collegas=collegas,
        wie=request.args.get("wie", ""),
        van_wie=collegas.get(wie or "", "Het team"),
        is_team=wie is None,
        is_week=dagen > 1,
        periode=span_in_words(van, van + dagen - 1) if dagen > 1 else None,
        van=van,
        vandaag_dag=klok.today(),
        url=_address,
        stap=dagen,
        aantal=len(regels),
        nieuw_op=written(van) if dagen == 1 and van >= klok.today() else "",
    )


def _span() -> tuple[int, int]:
    """The first day that is asked for, and how many."""
    try:
        dag = read_date(request.args.get("dag") or date_of(klok.today()).isoformat())
    except ValueError:
        dag = klok.today()
    dag = min(max(dag, 0), klok.today() + 36_500)
    is_week = request.args.get("weergave", "week") != "dag"
    return (dag - date_of(dag).weekday(), 7) if is_week else (dag, 1)


def _whose(collegas: Mapping[str, str]) -> str | None:
    """Whose agenda is asked for; None is that of everybody."""
    wie = request.args.get("wie", "")
    if wie == "team":
        return None
    return wie if wie in collegas else g.medewerker.pseudoniem


def _colleagues(db: Connection) -> dict[str, str]:
    """Who has an agenda: the case workers, and who is looking."""
    collegas = overzichten.medewerkers(db, rol=Rol.UITVOERDER)
    return {g.medewerker.pseudoniem: g.medewerker.naam, **collegas}


def _address(**anders: Any) -> str:
    """The present page with something else in its address."""
    nu = {naam: request.args.get(naam) for naam in ("dag", "weergave", "wie")}
    return url_for("agenda.toon", **{naam: waarde for naam, waarde in {**nu, **anders}.items() if waarde})


@blueprint.get("/agenda/nieuw")
@toegang(*SCHRIJVERS)
def kies() -> Any:
    """Find the dossier for an appointment by number or name; the only one there is leads to its form at once."""
    vraag = Vraag(zoek=request.args.get("zoek", "")[:80].strip())
    terug = safe_target(request.args.get("terug")) or url_for("agenda.toon")
    regels, is_meer = _open_dossiers(vraag) if vraag.zoek else ([], False)
    if len(regels) == 1 and not is_meer:
        return redirect(_form_for(regels[0].nummer, terug))
    return render_template(
        "agenda/kies.html",
        zoek=vraag.zoek,
        regels=regels,
        is_meer=is_meer,
        terug=terug,
        dag=request.args.get("dag", "")[:10],
        form_url=lambda nummer: _form_for(nummer, terug),
    )


def _open_dossiers(vraag: Vraag) -> tuple[list[Regel], bool]:
    """The first dossiers found in which an appointment can be made, and whether there is more to look through."""
    with reading(current_app.config["DATABASE"]) as db:
        pagina = overzichten.werkvoorraad(db, vraag, g.medewerker.pseudoniem, klok.today())
    return [regel for regel in pagina.regels if regel.is_open], pagina.volgende is not None


def _form_for(nummer: str, terug: str) -> str:
    """The form of an appointment in a dossier, with the day that was looked at."""
    return url_for("agenda.maken", nummer=nummer, dag=request.args.get("dag", "")[:10] or None, terug=terug)


# -- Of one dossier ----------------------------------------------------------------------------------------------------


@blueprint.get(DOSSIER)
@toegang(*LEZERS)
def dossier(nummer: str) -> str:
    """What is planned in a dossier, and what became of what was."""
    with reading(current_app.config["DATABASE"]) as db:
        kop = open_dossier(db, nummer)
        punten = planpunten.of_traject(db, kop.verloop.traject_id)
        oordelen = _judged(kop, punten)
        regels = lines(db, punten, oordelen, {kop.verloop.traject_id: (kop.naam,)})
    return render_template(
        "agenda/dossier.html",
        kop=kop,
        komend=[r for r in regels if r.punt.is_open and r.punt.soort == GESPREK],
        open_=[r for r in regels if r.punt.is_open and r.punt.soort != GESPREK],
        eerder=[r for r in reversed(regels) if not r.punt.is_open],
        soorten=wachten.SOORTEN,
        schrijft=g.medewerker.rol in SCHRIJVERS and kop.is_open,
        los=kop.overgang("gesprek", GEHOUDEN),
        vandaag_dag=klok.today(),
    )


def _judged(kop: Dossierkop, punten: list[Planpunt]) -> dict[str, wachten.Oordeel]:
    open_ = [p for p in punten if p.soort == VOORNEMEN and p.is_open]
    return {p.nummer: wachten.judge(kop.gezin, kop.verloop, p, g.medewerker.rol, klok.today()) for p in open_}


@blueprint.route(f"{DOSSIER}/nieuw", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def maken(nummer: str) -> Any:
    """Plan an appointment."""
    with reading(current_app.config["DATABASE"]) as db:
        kop, collegas = open_dossier(db, nummer), _colleagues(db)
    form = _form(_questions(kop, collegas))
    if request.method == "GET" and "concept" not in g:
        _propose(form, kop)

    def record(db: Connection) -> Gepland:
        door, afspraak = confirm(db), _asked(form)
        return agenda.plan(db, nummer, afspraak, door=door, **_seen(form))

    if gedaan := sent(form, kop.volgnummer, record):
        _say_planned(gedaan, nummer)
        return back(nummer, form["terug"].data)
    return _page("agenda/afspraak.html", kop, form, titel="Afspraak maken")


@blueprint.route(f"{PUNT}/wijzigen", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def wijzigen(nummer: str, punt: str) -> Any:
    """Change all of an appointment but its day."""
    with reading(current_app.config["DATABASE"]) as db:
        kop, was, collegas = open_dossier(db, nummer), _found(db, nummer, punt), _colleagues(db)
    form = _form({**_questions(kop, collegas, met_dag=False), **hidden(was.versie)})
    if request.method == "GET" and "concept" not in g:
        _fill(form, was)

    def record(db: Connection) -> Gepland:
        door, afspraak = confirm(db), _asked(form, was.dag)
        return agenda.change_details(db, nummer, punt, afspraak, door=door, versie=number_of(form["versie"].data))

    if gedaan := sent(form, kop.volgnummer, record, was.versie):
        _say_planned(gedaan, nummer, "Gewijzigd.")
        return back(nummer, form["terug"].data)
    return _page("agenda/afspraak.html", kop, form, titel="Afspraak wijzigen", was=was)


@blueprint.post(f"{PUNT}/weghalen")
@toegang(*SCHRIJVERS)
def weghalen(nummer: str, punt: str) -> Any:
    """Take an appointment that was planned by mistake out of the agenda."""
    with transaction(current_app.config["DATABASE"]) as db:
        confirm(db)
        _found(db, nummer, punt)
        try:
            agenda.remove(db, nummer, punt, versie=number_of(request.form.get("versie")))
        except OvergangGeweigerd as fout:
            flash(" ".join(fout.redenen), "fout")
        except Conflict as fout:
            flash(fout.zin, "let_op")
        else:
            flash("De afspraak is uit de agenda gehaald.", "goed")
    return back(nummer, request.form.get("terug"))


# -- What became of it -------------------------------------------------------------------------------------------------


@blueprint.route(f"{PUNT}/uitkomst/<uitkomst>", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def uitkomst(nummer: str, punt: str, uitkomst: str) -> Any:
    """Record what became of an appointment; keeping the first conversation is starting the intake."""
    if uitkomst not in TITELS:
        raise NotFound
    with reading(current_app.config["DATABASE"]) as db:
        kop, was = open_dossier(db, nummer), _found(db, nummer, punt)
        collegas = _colleagues(db) if uitkomst == VERZET else {}
    keus = agenda.outcome(kop.verloop, uitkomst)
    bijzonder = agenda.special(kop.verloop, was) if uitkomst == GEHOUDEN else None
    if bijzonder and request.method == "GET" and "alleen" not in request.args and was.dag <= klok.today():
        return redirect(_form_of(kop, bijzonder, was))
    form = _outcome_form(kop, was, uitkomst, keus, collegas)
    if gedaan := sent(form, kop.volgnummer, lambda db: _record(db, form, nummer, punt, uitkomst), was.versie):
        _say_settled(gedaan, nummer, uitkomst)
        return back(nummer, form["terug"].data)
    return _page("agenda/uitkomst.html", kop, form, titel=TITELS[uitkomst], was=was, keus=keus, uitkomst=uitkomst)


def _form_of(kop: Dossierkop, keus: Overgang, punt: Planpunt) -> str:
    """The form of an overgang, with what the appointment knows already."""
    bekend: dict[str, Any] = agenda.answers(kop.route, keus, punt)
    bekend |= {"op": written(punt.dag), "planpunt": punt.nummer, "gesprek": "ja", "terug": request.args.get("terug")}
    return url_for("trajecten.overgang", nummer=kop.nummer, code=keus.code, **bekend)


def _outcome_form(
    kop: Dossierkop, was: Planpunt, uitkomst: str, keus: Overgang | None, collegas: Mapping[str, str]
) -> Basisform:
    extra = hidden(was.versie)
    if uitkomst == VERZET:
        extra = {**_questions(kop, collegas), **extra}
    velden = _answered_here(keus, uitkomst)
    form = overgang_form(velden, (), Keuzen(), klok.today(), extra=extra)
    form["op"].label.text = "Dag waarop dit bekend werd" if uitkomst in (VERZET, AFGEZEGD) else "Dag van de afspraak"
    form["op"].description = ""
    if uitkomst == VERZET:
        form[f"{VOOR}dag"].label.text = "Nieuwe dag"
    if request.method == "GET" and "concept" not in g:
        form["op"].data = written(was.dag if uitkomst in (GEHOUDEN, NIET_VERSCHENEN) else klok.today())
        for code, waarde in agenda.answers(kop.route, keus, was).items() if keus else ():
            form[code].data = waarde
        if uitkomst == VERZET:
            _fill(form, was)
    return form


def _answered_here(keus: Overgang | None, uitkomst: str) -> tuple[Veld, ...]:
    """The questions of the overgang; the new day is asked with the other questions of the appointment."""
    nieuwe_dag = day_field(keus) if keus and uitkomst == VERZET else None
    return tuple(veld for veld in keus.velden if veld.code != nieuwe_dag) if keus else ()


def _record(db: Connection, form: Basisform, nummer: str, punt: str, uitkomst: str) -> Any:
    wat = {"door": confirm(db), "versie": number_of(form["versie"].data), **_seen(form)}
    if uitkomst != VERZET:
        wat["op"] = _day(form, "op")
        return agenda.settle(db, nummer, punt, uitkomst, form.invoer, **wat) or True
    naar = _asked(form)
    return agenda.move(db, nummer, punt, naar, form.invoer, op=_day(form, "op"), **wat)


def _say_settled(gedaan: Any, nummer: str, uitkomst: str) -> None:
    if isinstance(gedaan, Gepland):
        _say_planned(gedaan, nummer, "De afspraak is verzet.")
        return
    flash(_undoable(GEBEURD[uitkomst], nummer, None if gedaan is True else gedaan.volgnummer), "goed")


# -- The form of an appointment ----------------------------------------------------------------------------------------

VOOR = "afspraak_"
"""Before the names of our own questions: an overgang of the map is asked in the same form."""


def _form(extra: Mapping[str, Any]) -> Basisform:
    return overgang_form((), (), Keuzen(), klok.today(), met_dag=False, extra={**hidden(), **extra})


def _questions(kop: Dossierkop, collegas: Mapping[str, str], met_dag: bool = True) -> dict[str, Any]:
    soorten, vormen = agenda.kinds(kop.route), agenda.forms(kop.route)
    behandelaar = collegas.get(kop.verloop.stand.kenmerken.get("behandelaar") or "")
    van_wie = f"De behandelaar ({behandelaar})" if behandelaar else "De behandelaar van het traject"
    keuzes = options([("", van_wie), *collegas.items()])
    vragen: dict[str, Any] = {
        **({"dag": DatumField("Dag", asked(True))} if met_dag else {}),
        **({"soort": _choice("Soort gesprek", soorten, True)} if soorten else {}),
        "van": StringField("Van", asked(True), description="Bijvoorbeeld 9:30."),
        "tot": StringField("Tot", asked(False), description="Leeg: een uur later."),
        **({"vorm": _choice("Waar en hoe", vormen, False)} if vormen else {}),
        "wie": SelectField("Bij wie", asked(False), choices=keuzes, validate_choice=False),
        "plaats": StringField("Plaats", asked(False), description="Bijvoorbeeld kamer 3, of het adres van de cliënt."),
        "wie_komt": StringField("Wie komt er mee", asked(False)),
        "tolk": StringField("Tolk", asked(False), description="De taal, als er een tolk nodig is."),
        "notitie": TextAreaField(
            "Notitie", asked(False), render_kw={"rows": 2, "maxlength": agenda.TEKSTEN["notitie"]}
        ),
    }
    return {**{VOOR + naam: veld for naam, veld in vragen.items()}, "namen": {naam: VOOR + naam for naam in vragen}}


def _choice(label: str, keuzes: Mapping[str, str], verplicht: bool) -> SelectField:
    leeg = ("", "Maak een keuze" if verplicht else "Niet ingevuld")
    return SelectField(label, asked(verplicht), choices=options([leeg, *keuzes.items()]), validate_choice=False)


def _put(form: Basisform, waarden: Mapping[str, str]) -> None:
    """Fill in our own questions, those that the form has."""
    for naam, waarde in waarden.items():
        if VOOR + naam in form:
            form[VOOR + naam].data = waarde


def _propose(form: Basisform, kop: Dossierkop) -> None:
    """What is likely: the day that was clicked, the first conversation where that can be offered, one's own agenda."""
    eerste = [soort for soort in agenda.kinds(kop.route) if agenda.offer(kop.verloop, soort)]
    heeft_behandelaar = bool(kop.verloop.stand.kenmerken.get("behandelaar"))
    _put(
        form,
        {
            "dag": request.args.get("dag", "")[:10],
            "soort": next(iter(eerste), ""),
            "vorm": next(iter(agenda.forms(kop.route)), ""),
            "wie": "" if heeft_behandelaar else g.medewerker.pseudoniem,
        },
    )


def _fill(form: Basisform, punt: Planpunt) -> None:
    """The form as the appointment stands; the new day of one that is moved is left open."""
    tijden = {"van": planpunten.clock(punt.van_minuut or 0), "tot": planpunten.clock(punt.tot_minuut or 0)}
    _put(form, {**tijden, "soort": punt.wat, "vorm": punt.vorm, "wie": punt.wie or "", **punt.details})


def _typed(form: Basisform, naam: str) -> str:
    """The answer to one of our own questions; empty for one that was not asked."""
    return str(form[VOOR + naam].data or "").strip() if VOOR + naam in form else ""


def _asked(form: Basisform, dag: int | None = None) -> Afspraak:
    """The appointment in a form. Raises InvoerGeweigerd with all that cannot be read in it."""
    fouten: dict[str, str] = {}
    gelezen = _read(fouten, "dag", lambda: read_date(_typed(form, "dag"))) if dag is None else dag
    van = _read(fouten, "van", lambda: agenda.read_minute(_typed(form, "van")))
    einde = _typed(form, "tot")
    tot = _read(fouten, "tot", lambda: agenda.read_minute(einde)) if einde else van + agenda.DUUR
    if fouten:
        raise InvoerGeweigerd(fouten)
    return Afspraak(
        dag=gelezen,
        van=van,
        tot=tot,
        soort=_typed(form, "soort"),
        vorm=_typed(form, "vorm"),
        wie=_typed(form, "wie") or None,
        details={naam: _typed(form, naam) for naam in agenda.TEKSTEN},
    )


def _read(fouten: dict[str, str], naam: str, lees: Callable[[], int]) -> int:
    try:
        return lees()
    except ValueError as fout:
        fouten[naam] = str(fout)
    return 0


def _day(form: Basisform, naam: str) -> int:
    try:
        return read_date(form[naam].data or "")
    except ValueError as fout:
        raise InvoerGeweigerd({naam: str(fout)}) from None


def _seen(form: Basisform) -> dict[str, Any]:
    return {"verwacht": number_of(form.verwacht.data), "sleutel": form.sleutel.data}


def _say_planned(gedaan: Gepland, nummer: str, tekst: str = "De afspraak staat in de agenda.") -> None:
    flash(_undoable(tekst, nummer, gedaan.vastgelegd.volgnummer if gedaan.vastgelegd else None), "goed")
    if gedaan.vrij:
        flash(f"De dag van deze afspraak is {gedaan.vrij}. Klopt dat niet? Verzet de afspraak dan.", "let_op")
    if gedaan.overlapt:
        tijden = " en ".join(f"{ander.tijd} ({ander.traject})" for ander in gedaan.overlapt)
        flash(f"Deze afspraak overlapt met een andere in dezelfde agenda: {tijden}.", "let_op")


def _undoable(tekst: str, nummer: str, volgnummer: int | None) -> Any:
    if volgnummer is None:
        return tekst
    doel = url_for("trajecten.ongedaan", nummer=nummer, volgnummer=volgnummer)
    return {"tekst": tekst, "ongedaan_url": doel, "nummer": nummer}


def _page(sjabloon: str, kop: Dossierkop, form: Basisform, **rest: Any) -> tuple[str, int]:
    terug = form["terug"].data or url_for("agenda.dossier", nummer=kop.nummer)
    return render_template(sjabloon, kop=kop, form=form, terug_url=terug, **rest), form.status


def _found(db: Connection, nummer: str, punt: str) -> Planpunt:
    try:
        gevonden = planpunten.find(db, nummer, punt)
    except OnbekendPlanpunt:
        raise NotFound from None
    if gevonden.soort != GESPREK:
        raise NotFound
    return gevonden


# -- For a calendar program --------------------------------------------------------------------------------------------


@blueprint.get(f"{PUNT}.ics")
@toegang(*SCHRIJVERS)
def bestand(nummer: str, punt: str) -> Response:
    """One appointment as a file, without personal data."""
    with reading(current_app.config["DATABASE"]) as db:
        inhoud = calendar(db, [_found(db, nummer, punt)])
    log("agenda_bestand", medewerker=g.medewerker.pseudoniem, betreft=nummer)
    return _as_calendar(inhoud, f"afspraak-{punt[:8]}.ics")


@blueprint.get("/agenda/feed/<token>.ics")
@openbaar
@limiter.limit("30 per minute;600 per day")
def feed(token: str) -> Response:
    """The appointments of who has this secret address, without personal data; nobody logs in for it."""
    vandaag = klok.today()
    with reading(current_app.config["DATABASE"]) as db:
        wie = agendaadres.owner_of(db, token)
        if wie is None:
            abort(404)
        # Nobody logged in, but somebody looks: what is out of their sight on the pages is so here.
        zicht.look_as(wie.pseudoniem, wie.rol)
        punten = agenda.between(db, vandaag - FEED_TERUG, vandaag + FEED_VOORUIT, wie.pseudoniem)
        inhoud = calendar(db, punten)
    return _as_calendar(inhoud, "routekaart.ics")


def _as_calendar(inhoud: bytes, naam: str) -> Response:
    antwoord = Response(inhoud, mimetype="text/calendar")
    antwoord.headers["Content-Disposition"] = f'attachment; filename="{naam}"'
    return antwoord


@blueprint.route("/agenda/adres", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def adres() -> Any:
    """Make a secret address for one's own agenda, which is shown once, or take it back."""
    form, nieuw, wie = Formulier(), None, g.medewerker.pseudoniem
    if form.validate_on_submit():
        with transaction(current_app.config["DATABASE"]) as db:
            confirm(db)
            if request.form.get("doe") == "intrekken":
                agendaadres.revoke(db, wie)
                flash("Het adres werkt niet meer.", "goed")
                return redirect(url_for("agenda.adres"))
            nieuw = url_for("agenda.feed", token=agendaadres.renew(db, wie), _external=True)
        log("agenda_adres_gemaakt", betreft=wie)
    with reading(current_app.config["DATABASE"]) as db:
        sinds = agendaadres.made_on(db, wie)
    return render_template("agenda/adres.html", nieuw=nieuw, sinds=sinds)
