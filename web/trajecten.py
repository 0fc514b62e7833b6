"""One traject: where it stands, what may follow, and recording it. Form in, one decision, answer out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound
from wtforms import HiddenField, SelectField, TextAreaField

from models import klok
from models.database import reading, transaction
from web.filters import tijdstip
from web.formulieren import (
    SLEUTEL,
    Basisform,
    Gedaan,
    Keuzen,
    asked,
    attempt,
    number_of,
    options,
    overgang_form,
    reason_field,
    written,
)
from web.toegang import Rol, confirm, safe_target, toegang
from workflow import overzichten, planlog, trajectpagina, voorcontrole, voorstellen, voortgang
from workflow.antwoorden import said
from workflow.correcties import ONGEDAAN_SECONDEN, TOELICHTING, may_correct, may_undo
from workflow.gezin import load
from workflow.historie import effective
from workflow.kalender import date_of, short, span_in_words
from workflow.opdracht import Vastgelegd
from workflow.routekaart import EMPTY, Overgang, Veld, in_zin
from workflow.termijnen import Termijn
from workflow.trajectpagina import Kindregel, Trajectpagina
from workflow.velden import longest, read_answers, read_date
from workflow.vergeten import Gelegenheid
from workflow.verhaal import BEIDEN, VOOR_WIE, Zin, latest_texts
from workflow.verplichting import Verplichting, obligations
from workflow.vier_ogen import why_two
from workflow.voorstellen import Voorstel
from workflow.voortgang import Conflict, InvoerGeweigerd, OvergangGeweigerd, VierOgenNodig
from workflow.zinnen import happened

blueprint = Blueprint("trajecten", __name__, url_prefix="/trajecten/<nummer>")
LEZERS = (Rol.UITVOERDER, Rol.COORDINATOR, Rol.AUDITOR)
SCHRIJVERS = (Rol.UITVOERDER, Rol.COORDINATOR)


@blueprint.get("")
@toegang(*LEZERS)
def toon(nummer: str) -> str:
    """The page of one traject."""
    with reading(current_app.config["DATABASE"]) as db:
        pagina = _page(db, nummer)
        voorgesteld = voorstellen.open_about(db, nummer)
    gezien = {pagina.nummer: pagina.volgnummer}
    return render_template(
        "trajecten/toon.html",
        pagina=pagina,
        gezien=gezien,
        voorgesteld=voorgesteld,
        vandaag_dag=klok.today(),
        mag=_may,
        ongedaan=_undoable(pagina),
        first_choice=trajectpagina.first_choice,
        mag_terugkijken=g.medewerker.rol != Rol.UITVOERDER or g.medewerker.pseudoniem in pagina.betrokkenen,
    )


@blueprint.route("/overgang/<code>", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def overgang(nummer: str, code: str) -> Any:
    """Make an overgang: its form, made from the map, and what is done with the answers."""
    with reading(current_app.config["DATABASE"]) as db:
        pagina = _page(db, nummer)
        keus = pagina.route.overgangen.get(code)
        if keus is None or pagina.stap is None:
            raise NotFound
        mogelijk = next((m for m in pagina.mogelijkheden if m.overgang.code == code), None)
        redenen = mogelijk.redenen if mogelijk else ()
        gelegenheden = pagina.vergeten.get(code, ()) if redenen else ()
        form = overgang_form(
            keus.velden,
            keus.redenen_bij(pagina.stap),
            _pickers(db, pagina, keus),
            klok.today(),
            plichten=_obligations(keus, pagina, bool(redenen)),
            extra={"planpunt": HiddenField(), "terug": HiddenField()},
        )
    _fill_from_address(form)
    _say_what_follows(form, pagina)
    if gelegenheden:
        _ask_the_day(form, gelegenheden)

    def record(db: Connection) -> Vastgelegd | Voorstel:
        wat = {
            "invoer": form.invoer,
            "door": confirm(db),
            "op": day_of_form(form),
            "reden": form.reden.data if "reden" in form else None,
            "verwacht": number_of(form.verwacht.data),
            "sleutel": form.sleutel.data,
            "correctiereden": voorstellen.forgotten(pagina.kaart, pagina.route.code),
        }
        try:
            vast = voortgang.advance(db, nummer, code, **wat)
        except VierOgenNodig:
            return voorstellen.propose_insertion(db, nummer, code, **wat)
        planlog.after(db, nummer, keus, wat["op"], vast.volgnummer, form["planpunt"].data)
        return vast

    if gedaan := _answered(form, pagina, record):
        return _recorded(gedaan, lambda: _happened(keus, form, pagina), naar=form["terug"].data)
    if not redenen:
        _add_objections_of_guards(form, keus, pagina)
    return _form_page(pagina, keus, form, redenen)


@blueprint.route("/erbij/<route>/<code>", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def erbij(nummer: str, route: str, code: str) -> Any:
    """Open a child traject."""
    with reading(current_app.config["DATABASE"]) as db:
        pagina = _page(db, nummer)
        mogelijk = next((m for m in pagina.kindstarten if (m.route.code, m.overgang.code) == (route, code)), None)
        if mogelijk is None:
            raise NotFound
        keus = mogelijk.overgang
        velden, plichten = (*_who(pagina), *keus.velden), _obligations(keus, pagina)
        form = overgang_form(velden, (), _pickers(db, pagina, keus), klok.today(), plichten=plichten)
        if "voor_wie" in form:
            form["voor_wie"].choices[0].label = BEIDEN

    def record(db: Connection) -> Vastgelegd:
        invoer = {veld.code: form[veld.code].data for veld in keus.velden}
        wie = form["voor_wie"].data if "voor_wie" in form else None
        return voortgang.start(
            db,
            route,
            code,
            invoer,
            door=confirm(db),
            personen=(wie,) if wie else (),
            hoort_bij=nummer,
            op=day_of_form(form),
            verwacht=number_of(form.verwacht.data),
            sleutel=form.sleutel.data,
        )

    if gedaan := _answered(form, pagina, record):
        return _recorded(gedaan, lambda: f"{_happened(keus, form, pagina)} {gedaan.nummer} hoort bij {nummer}.")
    return _form_page(pagina, keus, form, mogelijk.redenen)


@blueprint.route("/overdragen", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def overdragen(nummer: str) -> Any:
    """Give the traject to someone else, or back to the team."""
    with reading(current_app.config["DATABASE"]) as db:
        pagina = _page(db, nummer)
        collegas = overzichten.medewerkers(db, rol=Rol.UITVOERDER)
    keuzes = [("team", "Terug naar het team (zonder behandelaar)"), *collegas.items()]
    veld = SelectField("Nieuwe behandelaar", asked(True), choices=options([("", "Maak een keuze"), *keuzes]))
    form = _form(naar=veld)

    def record(db: Connection) -> Vastgelegd:
        naar = None if form["naar"].data == "team" else form["naar"].data
        if naar and naar not in collegas:
            raise InvoerGeweigerd({"naar": "Kies een behandelaar."})
        verwacht, sleutel = number_of(form.verwacht.data), form.sleutel.data
        return voortgang.hand_over(db, nummer, naar, door=confirm(db), verwacht=verwacht, sleutel=sleutel)

    if gedaan := _answered(form, pagina, record):
        return _recorded(gedaan, lambda: "Overgedragen.")
    return render_template("trajecten/overdragen.html", pagina=pagina, form=form), form.status


@blueprint.route("/gebeurtenis/<int:volgnummer>/intrekken", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def intrekken(nummer: str, volgnummer: int) -> Any:
    """Take a gebeurtenis out of the history, with a reason; it stays visible."""
    with reading(current_app.config["DATABASE"]) as db:
        pagina = _page(db, nummer)
        zin = _sentence(pagina, volgnummer)
        waarom = why_two(db, [zin.dag], voorgesteld_door=zin.voorgesteld_door)
    form = _correction_form(pagina)

    def record(db: Connection) -> Vastgelegd | Voorstel:
        wat = _correction(db, form)
        try:
            return voortgang.withdraw(db, nummer, volgnummer, **wat)
        except VierOgenNodig:
            return voorstellen.propose_withdrawal(db, nummer, volgnummer, **wat)

    if gedaan := _answered(form, pagina, record):
        return _recorded(gedaan, lambda: f"Gebeurtenis {volgnummer} is ingetrokken.", ongedaan=False)
    return render_template(
        "trajecten/intrekken.html", pagina=pagina, zin=zin, form=form, waarom_twee=waarom
    ), form.status


def _correction(db: Connection, form: Any) -> dict[str, Any]:
    """Why and by whom, and which stand was seen: what every correction says."""
    return {
        "reden": form["reden"].data,
        "door": confirm(db),
        "toelichting": form["toelichting_correctie"].data,
        "verwacht": number_of(form.verwacht.data),
        "sleutel": form.sleutel.data,
    }


MAX_ADRES = 300
"""So much of each part of an address is taken into a form."""

NIET_HIER = ("deelnemer", "kinderen", "opgave", "onderdelen")
"""Soorten of answers that are not corrected on this page."""

LEEG_GEMAAKT = "Een tekst kan wel worden verbeterd, maar niet leeggemaakt. Trek de gebeurtenis in als zij niet klopt."


@blueprint.route("/gebeurtenis/<int:volgnummer>/verbeteren", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def verbeteren(nummer: str, volgnummer: int) -> Any:
    """Change the day or the answers of a gebeurtenis, with a reason."""
    with reading(current_app.config["DATABASE"]) as db:
        pagina = _page(db, nummer)
        zin = _sentence(pagina, volgnummer)
        waarom = why_two(db, [zin.dag], voorgesteld_door=zin.voorgesteld_door)
        keus, invoer = _recorded_answers(db, nummer, volgnummer)
        velden = _correctable(keus)
        form = overgang_form(velden, (), _pickers(db, pagina, keus), klok.today(), extra=_correction_fields(pagina))
    if request.method == "GET" and "concept" not in g:
        form.op.data = written(zin.dag)
        nu = {**invoer, **latest_texts(zin.teksten)}
        for veld in velden:
            form[veld.code].data = _shown(veld, nu.get(veld.code))
    gezien = _seen_texts(form, zin)
    _leave_texts(form, gezien)

    def record(db: Connection) -> Vastgelegd | Voorstel:
        wat = {
            "dag": day_of_form(form, _emptied_texts(form, gezien)),
            "invoer": _without_old_texts(form, gezien),
            **_correction(db, form),
        }
        try:
            return voortgang.amend(db, nummer, volgnummer, **wat)
        except VierOgenNodig:
            return voorstellen.propose_amendment(db, nummer, volgnummer, **wat)

    if gedaan := _answered(form, pagina, record):
        return _recorded(gedaan, lambda: f"Gebeurtenis {volgnummer} is verbeterd.", ongedaan=False)
    return render_template(
        "trajecten/verbeteren.html", pagina=pagina, zin=zin, form=form, waarom_twee=waarom
    ), form.status


def _correctable(keus: Overgang | None) -> tuple[Veld, ...]:
    """The velden of a form that are asked again; the texts of what was delivered are not ours to rewrite."""
    if keus is None:
        return ()
    niet = (*NIET_HIER, "tekst") if keus.labels.get("stil") else NIET_HIER
    return tuple(veld for veld in keus.velden if veld.soort not in niet)


def _leave_texts(form: Basisform, gezien: Mapping[str, str]) -> None:
    """A text that was not sent stays as it was."""
    for code, was in gezien.items():
        if form[code].data is None:
            form[code].data = was


def _without_old_texts(form: Basisform, gezien: Mapping[str, str]) -> dict[str, Any]:
    """The answers without the texts that read as their user saw them."""
    zelfde = {code for code, was in gezien.items() if _typed_text(form, code) == was.strip()}
    return {code: waarde for code, waarde in form.invoer.items() if code not in zelfde}


def _emptied_texts(form: Basisform, gezien: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with texts that were emptied."""
    return {code: LEEG_GEMAAKT for code, was in gezien.items() if was and not _typed_text(form, code)}


def _seen_texts(form: Basisform, zin: Zin) -> dict[str, str]:
    """The texts as they read when the form was shown."""
    codes = [veld.code for veld in form.velden if veld.soort == "tekst"]
    return {**dict.fromkeys(codes, ""), **latest_texts(zin.teksten, number_of(form.verwacht.data))}


def _typed_text(form: Basisform, code: str) -> str:
    """A text as it came; browsers end lines in a way of their own."""
    return str(form[code].data).replace("\r\n", "\n").strip()


@blueprint.post("/gebeurtenis/<int:volgnummer>/ongedaan")
@toegang(*SCHRIJVERS)
def ongedaan(nummer: str, volgnummer: int) -> Any:
    """Undo what one recorded just now: an intrekking with the correctiereden that the map has for it.

    Without one there, the form asks why.
    """
    with transaction(current_app.config["DATABASE"]) as db:
        pagina = _page(db, nummer)
        _sentence(pagina, volgnummer)
        if pagina.kaart.vergissing is None:
            return redirect(url_for("trajecten.intrekken", nummer=nummer, volgnummer=volgnummer))
        reden, verwacht = pagina.kaart.vergissing.code, number_of(request.form.get("verwacht"))
        try:
            voortgang.withdraw(db, nummer, volgnummer, reden=reden, door=confirm(db), verwacht=verwacht)
        except OvergangGeweigerd as fout:
            flash(" ".join(fout.redenen), "fout")
        except Conflict:
            laatste = max(pagina.geschiedenis, key=lambda gebeurd: gebeurd.volgnummer)
            flash(
                "Dit traject is intussen gewijzigd. Er is niets ongedaan gemaakt: bekijk eerst de nieuwe stand."
                f" Dat deed {laatste.door} op {tijdstip(laatste.vastgelegd_op)}.",
                "let_op",
            )
        else:
            flash("Ongedaan gemaakt. De vergissing blijft in de geschiedenis te zien.", "goed")
    return redirect(url_for("trajecten.toon", nummer=nummer))


def _obligations(keus: Overgang, pagina: Trajectpagina, is_eerder: bool = False) -> Mapping[str, Verplichting]:
    """What the guards ask for as things stand now; on an earlier day they may have stood otherwise."""
    plichten = obligations(keus, pagina.dossier) if pagina.dossier else {}
    return {code: plicht._replace(is_altijd=False) for code, plicht in plichten.items()} if is_eerder else plichten


@blueprint.app_template_filter("gelegenheden")
def occasions_in_words(gelegenheden: Sequence[Gelegenheid]) -> str:
    """When a forgotten overgang was possible: "van 3 t/m 12 mei 2026 (Intake)"."""
    return ", of ".join(f"{_span(g)} ({g.stap})" for g in gelegenheden)


def _span(gelegenheid: Gelegenheid) -> str:
    _, van, tot_met = gelegenheid
    return f"op {short(van)}" if van == tot_met else f"van {span_in_words(van, tot_met)}"


def _fill_from_address(form: Basisform) -> None:
    """What the page that led here knows already: the day, choices, what was planned and where to go afterwards."""
    if request.method == "GET" and "concept" not in g:
        vrij = {"op", "planpunt", "terug", *(veld.code for veld in form.velden if veld.soort == "keuze")}
        for naam in vrij & set(request.args) & set(form._fields):
            form[naam].data = request.args[naam][:MAX_ADRES]
    form["terug"].data = safe_target(form["terug"].data) or ""
    form["planpunt"].data = form["planpunt"].data if SLEUTEL.fullmatch(form["planpunt"].data or "") else ""


def _ask_the_day(form: Basisform, gelegenheden: Sequence[Gelegenheid]) -> None:
    """Ask for a day on which it was possible, and do not fill in today."""
    form["op"].description = f"De dag waarop dit gebeurde. Dat kan {occasions_in_words(gelegenheden)}."
    if request.method == "GET" and "concept" not in g:
        form["op"].data = ""


def _form_page(pagina: Trajectpagina, keus: Overgang, form: Basisform, redenen: Sequence[str]) -> tuple[str, int]:
    """The form of an overgang or a start, with why it is not possible now."""
    return render_template("trajecten/overgang.html", pagina=pagina, keus=keus, form=form, redenen=redenen), form.status


def _page(db: Connection, nummer: str) -> Trajectpagina:
    return trajectpagina.read(db, nummer, g.medewerker.rol, klok.today())


def _sentence(pagina: Trajectpagina, volgnummer: int) -> Zin:
    for zin in pagina.geschiedenis:
        if zin.volgnummer == volgnummer:
            return zin
    raise NotFound


def _may(zin: Zin) -> bool:
    if g.medewerker.rol not in SCHRIJVERS or zin.status == "ingetrokken" or zin.is_vast:
        return False
    return may_correct(zin, g.door, klok.now_us())


def _undoable(pagina: Trajectpagina) -> dict[str, Any] | None:
    """What this user recorded last and may still undo, as a message with the way back."""
    zin = pagina.laatste_daad
    if zin is None or g.medewerker.rol not in SCHRIJVERS or not may_undo(zin, g.door, klok.now_us()):
        return None
    tot = tijdstip(zin.vastgelegd_op + ONGEDAAN_SECONDEN * klok.MICROSECONDS).rpartition(" ")[2]
    doel = url_for("trajecten.ongedaan", nummer=pagina.nummer, volgnummer=zin.volgnummer)
    tekst = f"U legde net vast: {in_zin(zin.tekst)}. Ongedaan maken kan tot {tot} uur."
    return {"tekst": tekst, "ongedaan_url": doel, "nummer": pagina.nummer}


def _who(pagina: Trajectpagina) -> tuple[Veld, ...]:
    """The question for whom a child traject is, where there is a choice."""
    if len(pagina.deelnemers) < 2:
        return ()
    return (Veld("voor_wie", VOOR_WIE, "deelnemer"),)


def _pickers(db: Connection, pagina: Trajectpagina, keus: Overgang | None) -> Keuzen:
    soorten = {v.partijsoort for v in keus.velden if v.soort == "partij"} if keus else set()
    wil_medewerkers = keus is not None and any(v.soort == "medewerker" for v in keus.velden)
    return Keuzen(
        organisaties={soort: overzichten.organisaties(db, soort) for soort in soorten},
        medewerkers=overzichten.medewerkers(db) if wil_medewerkers else {},
        deelnemers={p.pseudoniem: p.naam for p in pagina.deelnemers},
        kinderen={k.nummer: _child_in_words(k) for k in pagina.kinderen if k.is_open and len(k.wie) > 1},
    )


def _child_in_words(kind: Kindregel) -> str:
    """A child traject among others, and whose it is."""
    return f"{kind.route} ({kind.nummer}), voor {kind.voor_wie}"


def _say_what_follows(form: Basisform, pagina: Trajectpagina) -> None:
    """Beside the choice of children: what is of one person, and so is no choice."""
    vast = [_child_in_words(k) for k in pagina.kinderen if k.is_open and len(k.wie) == 1]
    for veld in (form[v.code] for v in form.velden if v.soort == "kinderen"):
        geen_keus = "" if veld.choices else "Er loopt nu niets dat van beiden is: u hoeft niets te kiezen."
        volgt = f"Wat van één persoon is, blijft bij die persoon: {'; '.join(vast)}." if vast else ""
        veld.description = " ".join(zin for zin in (veld.description, geen_keus, volgt) if zin)


def _correction_fields(pagina: Trajectpagina) -> dict[str, Any]:
    return {
        "reden": reason_field(pagina.kaart.correctieredenen_bij(pagina.route.code), "Reden van de correctie"),
        "toelichting_correctie": TextAreaField(
            "Toelichting", asked(False), render_kw={"maxlength": longest(TOELICHTING)}
        ),
    }


def _correction_form(pagina: Trajectpagina) -> Basisform:
    return _form(**_correction_fields(pagina))


def _form(**velden: Any) -> Basisform:
    return overgang_form((), (), Keuzen(), klok.today(), met_dag=False, extra=velden)


def _recorded_answers(db: Connection, nummer: str, volgnummer: int) -> tuple[Overgang | None, Mapping[str, Any]]:
    verloop = load(db, nummer, lock=False).by_nummer(nummer)
    feit = next((f for f in effective(verloop.log) if f.volgnummer == volgnummer), None)
    if feit is None:
        raise NotFound
    route = verloop.kaarten[feit.routekaart].routes[verloop.oorsprong["route"]]
    return route.alle_overgangen.get(feit.overgang or ""), feit.invoer


def _shown(veld: Veld, waarde: Any) -> Any:
    if waarde is not None and veld.soort == "datum":
        return written(read_date(waarde))
    return "" if waarde is None else str(waarde)


def day_of_form(form: Basisform, fouten: Mapping[str, str] = EMPTY) -> int:
    """The day in a form. Raises InvoerGeweigerd with all that is wrong in it: the engine tells one kind at a time.

    `fouten` are what was found wrong already, by field.
    """
    is_zonder_reden = "reden" in form and not form["reden"].data
    fouten = {**fouten, "reden": "Kies een reden."} if is_zonder_reden else fouten
    return voorcontrole.read_day(form["op"].data, form.velden, form.invoer, fouten)


def _add_objections_of_guards(form: Basisform, keus: Overgang, pagina: Trajectpagina) -> None:
    """In a form that is refused for its answers of today, also what the guards say: that comes in the same round."""
    is_van_vandaag = form["op"].data == written(klok.today())
    if pagina.dossier is None or form.form_errors or not (form.errors and is_van_vandaag):
        return
    reden = form["reden"].data if "reden" in form else None
    form.form_errors += voorcontrole.objections_of_guards(keus, pagina.dossier, form.invoer, reden)


def _answered(form: Basisform, pagina: Trajectpagina, record: Callable[[Connection], Gedaan]) -> Gedaan | None:
    """Record a form that was sent, on what its user saw then; after a conflict it counts as filled in anew."""
    form.verwacht.data = form.verwacht.data or str(pagina.volgnummer)
    gedaan = attempt(form, record) if form.validate_on_submit() else None
    if form.is_conflict:
        form.verwacht.data = str(pagina.volgnummer)
    return gedaan


def _recorded(
    gedaan: Vastgelegd | Voorstel, wat: Callable[[], str], ongedaan: bool = True, naar: str | None = None
) -> Any:
    if isinstance(gedaan, Voorstel):
        flash(f"{gedaan.waarom} Daarom is dit een voorstel: een coördinator, niet uzelf, beslist erover.", "let_op")
        return redirect(url_for("voorstellen.toon", id_=gedaan.id))
    bericht: Any = wat()
    if ongedaan:
        doel = url_for("trajecten.ongedaan", nummer=gedaan.nummer, volgnummer=gedaan.volgnummer)
        bericht = {"tekst": bericht, "ongedaan_url": doel, "nummer": gedaan.nummer}
    flash(bericht, "goed")
    return redirect(safe_target(naar) or url_for("trajecten.toon", nummer=gedaan.nummer))


def _happened(keus: Overgang, form: Basisform, pagina: Trajectpagina) -> str:
    """What the form recorded, as the history of the page says it too."""
    gegeven = {veld.code: form[veld.code].data for veld in keus.velden}
    invoer, _ = read_answers(keus.velden, gegeven, day_of_form(form))
    zin = happened(keus, invoer, lambda veld, waarde: said(veld, waarde, pagina.namen))
    return f"{zin}." if keus.gebeurd else f"{zin}: vastgelegd."


@blueprint.app_template_filter()
def termijnregel(termijn: Termijn, vandaag: int) -> dict[str, Any]:
    """A term as the macro `termijn` shows it."""
    soorten = {"te_laat": "fout", "verstreken": "fout", "gehaald": "goed", "geschorst": "info"}
    over = termijn.dagen_over
    return {
        "naam": termijn.naam,
        "uiterlijk": short(termijn.vervaldag) if termijn.vervaldag else "nog niet bekend (opgeschort)",
        "uiterlijk_iso": date_of(termijn.vervaldag).isoformat() if termijn.vervaldag else None,
        "soort": "let_op" if over is not None and 0 <= over <= 7 else soorten.get(termijn.status, "neutraal"),
        "rest": _left(termijn, over),
        "uitleg": [termijn.uitleg],
        "rekening": termijn.rekening,
        "grondslag": termijn.grondslag,
    }


def _left(termijn: Termijn, over: int | None) -> str:
    if over is None or termijn.status in ("geschorst", "afgelopen"):
        return {"te_laat": "te laat", "geschorst": "opgeschort"}.get(termijn.status, termijn.status)
    if over < 0:
        return f"{-over} {'dag' if over == -1 else 'dagen'} te laat"
    return "vandaag" if over == 0 else f"nog {over} {'dag' if over == 1 else 'dagen'}"


@blueprint.app_template_filter()
def tijdlijnregels(zinnen: Sequence[Zin]) -> list[dict[str, Any]]:
    """Sentences of history as the macro `tijdlijn` shows them."""
    return [timeline(zin, zinnen) for zin in zinnen]


def timeline(zin: Zin, zinnen: Sequence[Zin]) -> dict[str, Any]:
    """A sentence of history as the macro shows it, with who corrected it."""
    correcties = [c for c in zinnen if c.betreft == zin.volgnummer and c.status != "ingetrokken"]
    return {
        "bron": zin,
        "nummer": zin.volgnummer,
        "betreft": zin.betreft,
        "zin": zin.tekst if zin.is_correctie or not zin.reden else f"{zin.tekst}. Reden: {zin.reden}",
        "dag": short(zin.dag),
        "dag_iso": date_of(zin.dag).isoformat(),
        "door": doers(zin),
        "vastgelegd": tijdstip(zin.vastgelegd_op) + (", achteraf" if zin.is_laat else ""),
        "status": zin.status or "geldig",
        "statustekst": " ".join(_said_by(c) for c in correcties)
        or (f"Reden: {zin.reden}" if zin.is_correctie else None),
        "toelichting": Markup("<br>").join(f"{a.vraag}: {a.waarde}" for a in zin.antwoorden)
        if zin.antwoorden
        else None,
        "geleverd": zin.geleverd,
        "tussengevoegd": zin.tussengevoegd,
        "soort": "correctie" if zin.is_correctie else ("begin" if zin.soort == "start" else "overgang"),
    }


def doers(zin: Zin, erbij: str = "") -> str:
    """Who recorded it; where it took two people, both."""
    return f"{zin.door}{erbij}" + (f", voorgesteld door {zin.voorgesteld_door}" if zin.voorgesteld_door else "")


def _said_by(correctie: Zin) -> str:
    wat = "Ingetrokken" if correctie.soort == "intrekking" else "Verbeterd"
    return f"{wat} op {tijdstip(correctie.vastgelegd_op)} door {doers(correctie)}: {(correctie.reden or '').lower()}."
