"""What the beheerder keeps: accounts, organisations, and the days that a decree equates with a holiday."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, Row, delete, func, select, update
from wtforms import PasswordField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from models import klok
from models.database import reading, transaction
from models.instelling import gelijkgestelde_dag
from models.medewerker import medewerker
from models.organisatie import organisatie
from web.beveiliging import Formulier, log
from web.filters import aantal
from web.toegang import Rol, confirm, toegang
from workflow import medewerkers
from workflow.kaarten import in_force
from workflow.kalender import BEVESTIGDE_JAREN, ZATERDAG, date_of, feestdagen, in_words, short, weekday
from workflow.medewerkers import MIN_WACHTWOORD
from workflow.overzichten import medewerkers as medewerkersnamen
from workflow.projectie import refresh_terms
from workflow.rollen import ROLNAMEN, rol_in_zin
from workflow.routekaart import Routekaart
from workflow.velden import InvoerGeweigerd, read_date
from workflow.vier_ogen import STANDAARD_DAGEN, days_in_force, set_days, settings_made
from workflow.wijzigingen import note_day

blueprint = Blueprint("beheer", __name__, url_prefix="/beheer")

SOORTEN = {
    "kredietbank": "Kredietbank",
    "gemeente": "Gemeente",
    "wijkservicepunt": "Wijkservicepunt",
    "sociaal_team": "Sociaal team",
    "partner": "Partnerorganisatie",
    "schuldeiser": "Schuldeiser",
    "organisatie": "Overige organisatie",
}
"""The kinds of organisation that have a name here; `user add` makes one of the last kind. See also `kinds`."""

VOORUIT_JAREN = 2
UNPROCESSABLE = 422


def _choices(leeg: str, opties: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice("", leeg), *(SelectChoice(str(code), naam) for code, naam in opties.items())]


class MedewerkerFormulier(Formulier):
    """A new account."""

    naam = StringField("Naam", [InputRequired("Vul de naam in."), Length(max=120, message="Hoogstens 120 tekens.")])
    inlognaam = StringField(
        "Inlognaam",
        [InputRequired("Vul een inlognaam in."), Length(max=120)],
        description="Bijvoorbeeld het e-mailadres van het werk.",
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )
    rol = SelectField("Rol", [InputRequired("Kies een rol.")], choices=_choices("Kies een rol", ROLNAMEN))
    organisatie = SelectField("Organisatie", [InputRequired("Kies een organisatie.")])
    wachtwoord = PasswordField(
        "Eerste wachtwoord",
        [InputRequired("Kies een wachtwoord.")],
        description=f"Ten minste {MIN_WACHTWOORD} tekens. Vraag de medewerker om het na het inloggen te wijzigen.",
    )


class WijzigFormulier(Formulier):
    """Another name or role for an account."""

    naam = StringField("Naam", [InputRequired("Vul de naam in."), Length(max=120, message="Hoogstens 120 tekens.")])
    rol = SelectField(
        "Rol",
        [InputRequired("Kies een rol.")],
        choices=_choices("Kies een rol", ROLNAMEN),
        description="Met een andere rol wordt de medewerker overal uitgelogd. Wat al is vastgelegd, verandert niet.",
    )


class WachtwoordFormulier(Formulier):
    """A new password for somebody else."""

    wachtwoord = PasswordField(
        "Nieuw wachtwoord",
        [InputRequired("Kies een wachtwoord.")],
        description=f"Ten minste {MIN_WACHTWOORD} tekens. De medewerker wordt overal uitgelogd.",
    )


class NaamFormulier(Formulier):
    """Another name for an organisation."""

    naam = StringField(
        "Naam",
        [InputRequired("Vul de naam in."), Length(max=120, message="Hoogstens 120 tekens.")],
        description="De nieuwe naam staat dan ook bij wat al is vastgelegd. De code blijft.",
    )


class OrganisatieFormulier(Formulier):
    """A new organisation."""

    naam = StringField("Naam", [InputRequired("Vul de naam in."), Length(max=120, message="Hoogstens 120 tekens.")])
    code = StringField(
        "Code",
        [InputRequired("Vul een code in.")],
        description="Kort en blijvend: de code komt in het log. Hoofdletters, cijfers en streepjes, zoals WSP-NOORD.",
        render_kw={"spellcheck": "false"},
    )
    soort = SelectField("Soort", [InputRequired("Kies een soort.")], validate_choice=False)


class DagFormulier(Formulier):
    """A day that a decree equates with a holiday."""

    dag = StringField("Dag", [InputRequired("Vul de dag in, bijvoorbeeld 15-05-2026.")])
    bron = StringField(
        "Bron",
        [InputRequired("Noem het besluit waarin dit staat."), Length(max=200, message="Hoogstens 200 tekens.")],
        description="Het besluit waarin de dag is gelijkgesteld, met vindplaats.",
    )


class VierOgenFormulier(Formulier):
    """How long one person may correct alone."""

    dagen = StringField(
        "Dagen na het feit",
        [InputRequired("Vul een aantal dagen in.")],
        description="Wat langer geleden gebeurde, corrigeert niemand meer alleen.",
    )
    vanaf = StringField("Geldt vanaf", [InputRequired("Vul de dag in vanaf wanneer dit geldt.")])


@dataclass(frozen=True, slots=True)
class Jaar:
    """The equated days of a year, and whether its decree is known in full."""

    jaar: int
    is_bevestigd: bool
    dagen: tuple[Row[Any], ...]


def _url() -> str:
    return str(current_app.config["DATABASE"])


def _take(form: Formulier, fout: InvoerGeweigerd) -> bool:
    """Put refusals beside the fields they are about."""
    for code, zin in fout.fouten.items():
        form[code].errors = [zin]
    return False


# --- Medewerkers ------------------------------------------------------------------------------------------------------


@blueprint.get("/medewerkers")
@toegang(Rol.BEHEERDER)
def medewerkers_lijst() -> str:
    """Every account."""
    with reading(_url()) as db:
        rijen = medewerkers.accounts(db)
    return render_template("beheer/medewerkers.html", accounts=rijen, rolnamen=ROLNAMEN)


@blueprint.route("/medewerkers/nieuw", methods=["GET", "POST"])
@toegang(Rol.BEHEERDER)
def medewerker_nieuw() -> ResponseReturnValue:
    """Add an account."""
    form = MedewerkerFormulier()
    with reading(_url()) as db:
        form.organisatie.choices = _choices("Kies een organisatie", _active_organisations(db))
    if form.validate_on_submit() and _add_medewerker(form):
        flash(f"{form.naam.data} kan nu inloggen.", "goed")
        return redirect(url_for(".medewerkers_lijst"), 303)
    return _page("beheer/medewerker_nieuw.html", form)


def _add_medewerker(form: MedewerkerFormulier) -> bool:
    waarden = {naam: form[naam].data for naam in ("inlognaam", "naam", "rol", "organisatie", "wachtwoord")}
    try:
        with transaction(_url()) as db:
            nieuw = medewerkers.add(db, **waarden, door=confirm(db).pseudoniem)
    except InvoerGeweigerd as fout:
        return _take(form, fout)
    _log("medewerker_toegevoegd", nieuw.pseudoniem)
    return True


@blueprint.route("/medewerkers/<pseudoniem>/wijzigen", methods=["GET", "POST"])
@toegang(Rol.BEHEERDER)
def medewerker_wijzigen(pseudoniem: str) -> ResponseReturnValue:
    """Change somebody's name or role."""
    with reading(_url()) as db:
        wie = medewerkers.account(db, pseudoniem)
    form = WijzigFormulier(naam=wie.medewerker.naam, rol=wie.medewerker.rol.value)
    if form.validate_on_submit() and _edit_medewerker(form, pseudoniem):
        return redirect(url_for(".medewerkers_lijst"), 303)
    return _page("beheer/medewerker_wijzigen.html", form, account=wie)


def _edit_medewerker(form: WijzigFormulier, pseudoniem: str) -> bool:
    if pseudoniem == g.medewerker.pseudoniem and form.rol.data != g.medewerker.rol:
        return _take(form, InvoerGeweigerd({"rol": "Uw eigen rol kunt u niet wijzigen. Vraag een andere beheerder."}))
    try:
        with transaction(_url()) as db:
            door = confirm(db).pseudoniem
            wie = medewerkers.edit(db, pseudoniem, naam=form.naam.data, rol=form.rol.data, door=door)
            open_ = 0 if wie.rol == Rol.UITVOERDER else medewerkers.open_trajecten(db, pseudoniem)
    except InvoerGeweigerd as fout:
        return _take(form, fout)
    _log("medewerker_gewijzigd", pseudoniem)
    flash(f"{wie.naam} is gewijzigd. De rol is {rol_in_zin(wie.rol)}.", "goed")
    if open_:
        wat = f"{'staat' if open_ == 1 else 'staan'} nog {aantal(open_, 'traject', 'trajecten')}"
        flash(f"Op naam van {wie.naam} {wat}. Vraag een coördinator om over te dragen.", "let_op")
    return True


@blueprint.post("/medewerkers/<pseudoniem>/blokkeren")
@toegang(Rol.BEHEERDER)
def medewerker_blokkeren(pseudoniem: str) -> ResponseReturnValue:
    """End an account's right to log in, and its sessions with it."""
    if pseudoniem == g.medewerker.pseudoniem:
        flash("U kunt uw eigen account niet blokkeren. Vraag het een andere beheerder.", "fout")
        return redirect(url_for(".medewerkers_lijst"), 303)
    with transaction(_url()) as db:
        wie = medewerkers.deactivate(db, pseudoniem, confirm(db).pseudoniem)
    _log("medewerker_geblokkeerd", pseudoniem)
    flash(f"{wie.naam} is geblokkeerd en overal uitgelogd.", "goed")
    return redirect(url_for(".medewerkers_lijst"), 303)


@blueprint.post("/medewerkers/<pseudoniem>/deblokkeren")
@toegang(Rol.BEHEERDER)
def medewerker_deblokkeren(pseudoniem: str) -> ResponseReturnValue:
    """Let a blocked or waiting account log in again."""
    with transaction(_url()) as db:
        wie = medewerkers.reactivate(db, pseudoniem, confirm(db).pseudoniem)
    _log("medewerker_gedeblokkeerd", pseudoniem)
    flash(f"{wie.naam} kan weer inloggen.", "goed")
    return redirect(url_for(".medewerkers_lijst"), 303)


@blueprint.route("/medewerkers/<pseudoniem>/wachtwoord", methods=["GET", "POST"])
@toegang(Rol.BEHEERDER)
def medewerker_wachtwoord(pseudoniem: str) -> ResponseReturnValue:
    """Give somebody a new password."""
    form = WachtwoordFormulier()
    with reading(_url()) as db:
        wie = medewerkers.account(db, pseudoniem)
    if form.validate_on_submit() and _set_password(form, pseudoniem):
        flash(f"{wie.medewerker.naam} heeft een nieuw wachtwoord en is overal uitgelogd.", "goed")
        return redirect(url_for(".medewerkers_lijst"), 303)
    return _page("beheer/medewerker_wachtwoord.html", form, account=wie)


def _set_password(form: WachtwoordFormulier, pseudoniem: str) -> bool:
    try:
        with transaction(_url()) as db:
            confirm(db)
            medewerkers.set_password(db, pseudoniem, form.wachtwoord.data)
    except InvoerGeweigerd as fout:
        return _take(form, fout)
    _log("wachtwoord_gezet", pseudoniem)
    return True


# --- Organisaties -----------------------------------------------------------------------------------------------------


@blueprint.get("/organisaties")
@toegang(Rol.BEHEERDER)
def organisaties() -> str:
    """Every organisation, by kind."""
    with reading(_url()) as db:
        rijen = db.execute(select(organisatie).order_by(organisatie.c.soort, organisatie.c.naam)).all()
        soorten, gevraagd = kinds(db), asked_kinds(in_force(db))
    te_kiezen = {rij.soort for rij in rijen if rij.is_actief}
    missend = [soorten[soort] for soort in soorten if soort in gevraagd - te_kiezen]
    return render_template("beheer/organisaties.html", organisaties=rijen, soorten=soorten, missend=missend)


def asked_kinds(kaart: Routekaart) -> set[str]:
    """The kinds of organisation that questions of the map offer to choose from."""
    velden = (v for r in kaart.routes.values() for o in r.alle_overgangen.values() for v in o.velden)
    return {veld.partijsoort for veld in velden if veld.partijsoort}


def kinds(db: Connection) -> dict[str, str]:
    """Every kind of organisation by code, with its name: those with a name here, asked for by the map, or in use."""
    kaart = in_force(db)
    gebruikt = set(db.execute(select(organisatie.c.soort).distinct()).scalars())
    erbij = sorted((asked_kinds(kaart) | gebruikt) - set(SOORTEN))
    return {**SOORTEN, **{code: kaart.partijen.get(code) or _as_name(code) for code in erbij}}


def _as_name(code: str) -> str:
    return code.replace("_", " ").capitalize()


@blueprint.route("/organisaties/nieuw", methods=["GET", "POST"])
@toegang(Rol.BEHEERDER)
def organisatie_nieuw() -> ResponseReturnValue:
    """Add an organisation."""
    form = OrganisatieFormulier()
    with reading(_url()) as db:
        form.soort.choices = _choices("Kies een soort", kinds(db))
    if form.validate_on_submit() and _add_organisation(form):
        flash(f"{form.naam.data} is toegevoegd.", "goed")
        return redirect(url_for(".organisaties"), 303)
    return _page("beheer/organisatie_nieuw.html", form)


def _add_organisation(form: OrganisatieFormulier) -> bool:
    code, naam = form.code.data.strip().upper(), " ".join(form.naam.data.split())
    try:
        with transaction(_url()) as db:
            confirm(db)
            _check_organisation(db, code, naam, form.soort.data)
            db.execute(organisatie.insert().values(code=code, naam=naam, soort=form.soort.data, is_actief=True))
    except InvoerGeweigerd as fout:
        return _take(form, fout)
    _log("organisatie_toegevoegd", code)
    return True


def _check_organisation(db: Connection, code: str, naam: str, soort: str) -> None:
    fouten = {}
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9-]{0,31}", code):
        fouten["code"] = "Gebruik hoogstens 32 hoofdletters, cijfers en streepjes."
    elif db.execute(select(organisatie.c.id).where(organisatie.c.code == code)).first():
        fouten["code"] = "Deze code is al in gebruik."
    if not naam or not naam.isprintable():
        fouten["naam"] = "Vul de naam in."
    if soort not in kinds(db):
        fouten["soort"] = "Kies een van de soorten."
    if fouten:
        raise InvoerGeweigerd(fouten)


@blueprint.route("/organisaties/<code>/wijzigen", methods=["GET", "POST"])
@toegang(Rol.BEHEERDER)
def organisatie_wijzigen(code: str) -> ResponseReturnValue:
    """Change an organisation's name; its code stays, as it stands in the log."""
    with reading(_url()) as db:
        was = db.execute(select(organisatie).where(organisatie.c.code == code)).first()
    if was is None:
        abort(404)
    form = NaamFormulier(naam=was.naam)
    if form.validate_on_submit() and _rename(form, code):
        flash(f"{was.naam} heet nu {form.naam.data}.", "goed")
        return redirect(url_for(".organisaties"), 303)
    return _page("beheer/organisatie_wijzigen.html", form, organisatie=was)


def _rename(form: NaamFormulier, code: str) -> bool:
    naam = " ".join(form.naam.data.split())
    if not naam or not naam.isprintable():
        return _take(form, InvoerGeweigerd({"naam": "Vul de naam in."}))
    with transaction(_url()) as db:
        confirm(db)
        db.execute(update(organisatie).where(organisatie.c.code == code).values(naam=naam))
    _log("organisatie_gewijzigd", code)
    return True


@blueprint.post("/organisaties/<code>/afsluiten")
@toegang(Rol.BEHEERDER)
def organisatie_afsluiten(code: str) -> ResponseReturnValue:
    """Take an organisation out of the choices; what refers to it stays."""
    with transaction(_url()) as db:
        confirm(db)
        if erbij := _active_accounts(db, code):
            wat = "hoort nog 1 actief account" if erbij == 1 else f"horen nog {erbij} actieve accounts"
            flash(f"Er {wat} bij deze organisatie. Blokkeer dat eerst.", "fout")
            return redirect(url_for(".organisaties"), 303)
        naam = _set_active(db, code, False)
    _log("organisatie_afgesloten", code)
    flash(f"{naam} kan niet meer worden gekozen.", "goed")
    return redirect(url_for(".organisaties"), 303)


@blueprint.post("/organisaties/<code>/heropenen")
@toegang(Rol.BEHEERDER)
def organisatie_heropenen(code: str) -> ResponseReturnValue:
    """Put an organisation back among the choices."""
    with transaction(_url()) as db:
        confirm(db)
        naam = _set_active(db, code, True)
    _log("organisatie_heropend", code)
    flash(f"{naam} kan weer worden gekozen.", "goed")
    return redirect(url_for(".organisaties"), 303)


def _active_organisations(db: Connection) -> dict[str, str]:
    vraag = select(organisatie.c.code, organisatie.c.naam).where(organisatie.c.is_actief).order_by(organisatie.c.naam)
    return {rij.code: rij.naam for rij in db.execute(vraag)}


def _active_accounts(db: Connection, code: str) -> int:
    vraag = select(func.count()).where(medewerker.c.organisatie == code, medewerker.c.is_actief)
    return int(db.execute(vraag).scalar_one())


def _set_active(db: Connection, code: str, is_actief: bool) -> str:
    vraag = update(organisatie).where(organisatie.c.code == code).values(is_actief=is_actief)
    naam = db.execute(vraag.returning(organisatie.c.naam)).scalar_one_or_none()
    return str(naam) if naam is not None else abort(404)


# --- Gelijkgestelde dagen ---------------------------------------------------------------------------------------------


@blueprint.route("/gelijkgestelde-dagen", methods=["GET", "POST"])
@toegang(Rol.BEHEERDER)
def gelijkgestelde_dagen() -> ResponseReturnValue:
    """The days of art. 3 lid 3 Algemene termijnenwet, by year, and the form for one more."""
    form = DagFormulier()
    if form.validate_on_submit() and (dag := _add_day(form)) is not None:
        flash(f"{short(dag)} is toegevoegd. De termijnen zijn opnieuw berekend.", "goed")
        return redirect(url_for(".gelijkgestelde_dagen"), 303)
    with reading(_url()) as db:
        rijen = db.execute(select(gelijkgestelde_dag).order_by(gelijkgestelde_dag.c.dag)).all()
    jaren = _years(rijen, date_of(klok.today()).year)
    return _page("beheer/gelijkgestelde_dagen.html", form, jaren=jaren)


def _add_day(form: DagFormulier) -> int | None:
    try:
        dag = _read_day(form.dag.data)
        with transaction(_url()) as db:
            door = confirm(db).pseudoniem
            if db.execute(select(gelijkgestelde_dag.c.dag).where(gelijkgestelde_dag.c.dag == dag)).first():
                raise InvoerGeweigerd({"dag": "Deze dag staat er al."})
            db.execute(gelijkgestelde_dag.insert().values(dag=dag, bron=form.bron.data.strip()))
            note_day(db, "erbij", date_of(dag), form.bron.data.strip(), door)
            refresh_terms(db)
    except InvoerGeweigerd as fout:
        _take(form, fout)
        return None
    _log("gelijkgestelde_dag_toegevoegd", date_of(dag).isoformat())
    return dag


def _read_day(tekst: str) -> int:
    """The day number of what was typed. Raises InvoerGeweigerd, also for a day that is free already."""
    try:
        dag = read_date(tekst)
    except ValueError as fout:
        raise InvoerGeweigerd({"dag": str(fout)}) from None
    if not 1990 <= (jaar := date_of(dag).year) <= 2100:
        raise InvoerGeweigerd({"dag": "Vul een dag in van 1990 tot en met 2100."})
    if naam := feestdagen(jaar).get(dag):
        raise InvoerGeweigerd({"dag": f"{short(dag)} is al een feestdag: {naam}."})
    if weekday(dag) >= ZATERDAG:
        raise InvoerGeweigerd({"dag": f"{in_words(dag)} valt in een weekend; daar loopt al geen termijn af."})
    return dag


@blueprint.post("/gelijkgestelde-dagen/<int(max=65535):dag>/verwijderen")
@toegang(Rol.BEHEERDER)
def gelijkgestelde_dag_verwijderen(dag: int) -> ResponseReturnValue:
    """Take a day out of the table."""
    with transaction(_url()) as db:
        door = confirm(db).pseudoniem
        weg = delete(gelijkgestelde_dag).where(gelijkgestelde_dag.c.dag == dag).returning(gelijkgestelde_dag.c.bron)
        if (bron := db.execute(weg).scalar_one_or_none()) is None:
            abort(404)
        note_day(db, "weg", date_of(dag), bron, door)
        refresh_terms(db)
    _log("gelijkgestelde_dag_verwijderd", date_of(dag).isoformat())
    flash(f"{short(dag)} is verwijderd. De termijnen zijn opnieuw berekend.", "goed")
    return redirect(url_for(".gelijkgestelde_dagen"), 303)


def _years(rijen: Iterable[Row[Any]], dit_jaar: int) -> list[Jaar]:
    """The years to show, newest first: those with days, and this year and the next ones even without."""
    per_jaar: dict[int, list[Row[Any]]] = {jaar: [] for jaar in range(dit_jaar, dit_jaar + VOORUIT_JAREN + 1)}
    for rij in rijen:
        per_jaar.setdefault(date_of(rij.dag).year, []).append(rij)
    return [Jaar(jaar, jaar in BEVESTIGDE_JAREN, tuple(per_jaar[jaar])) for jaar in sorted(per_jaar, reverse=True)]


# --- Four eyes --------------------------------------------------------------------------------------------------------


@blueprint.route("/vier-ogen", methods=["GET", "POST"])
@toegang(Rol.BEHEERDER)
def vier_ogen() -> ResponseReturnValue:
    """How many days after the fact one person may still correct alone, since when, and the form for another number."""
    form = VierOgenFormulier()
    if form.validate_on_submit() and _set_days(form):
        flash("Vastgelegd.", "goed")
        return redirect(url_for(".vier_ogen"), 303)
    if not form.is_submitted():
        form.vanaf.data = f"{date_of(klok.today()):%d-%m-%Y}"
    with reading(_url()) as db:
        gezet, nu = settings_made(db), days_in_force(db, klok.today())
        wie = medewerkersnamen(db, {grens.door for grens in gezet})
    return _page("beheer/vier_ogen.html", form, gezet=gezet, nu=nu, wie=wie, standaard=STANDAARD_DAGEN)


def _set_days(form: VierOgenFormulier) -> bool:
    try:
        dagen = _whole_number(form.dagen.data)
        vanaf = _day_in(form.vanaf.data)
        with transaction(_url()) as db:
            set_days(db, dagen, vanaf, confirm(db))
    except InvoerGeweigerd as fout:
        _take(form, fout)
        return False
    _log("vier_ogen_gewijzigd", f"{dagen} dagen vanaf {date_of(vanaf).isoformat()}")
    return True


def _whole_number(tekst: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", tekst.strip()):
        raise InvoerGeweigerd({"dagen": "Vul een heel aantal dagen in, bijvoorbeeld 30."})
    return int(tekst)


def _day_in(tekst: str) -> int:
    try:
        return read_date(tekst)
    except ValueError as fout:
        raise InvoerGeweigerd({"vanaf": str(fout)}) from None


# --- Shared -----------------------------------------------------------------------------------------------------------


def _page(sjabloon: str, form: Formulier, **inhoud: Any) -> ResponseReturnValue:
    is_fout = bool(form.errors)
    return render_template(sjabloon, form=form, fouten=is_fout, **inhoud), UNPROCESSABLE if is_fout else 200


def _log(gebeurd: str, betreft: str) -> None:
    log(gebeurd, medewerker=g.medewerker.pseudoniem, betreft=betreft, endpoint=request.endpoint)
