"""Work that changes desks: some or all trajecten to one or several colleagues, for good or for a time, and back."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from sqlalchemy import Connection
from wtforms import HiddenField, RadioField, SelectField

from models import klok
from models.database import reading, transaction
from web.dossier import is_shielded
from web.filters import aantal
from web.formulieren import SLEUTEL, Basisform, DatumField, Required, attempt, options
from web.toegang import Rol, confirm, toegang
from workflow import overzichten, vervanging
from workflow.machine import OvergangGeweigerd
from workflow.overzichten import Regel
from workflow.velden import InvoerGeweigerd, read_date
from workflow.vervanging import REDENEN, TE_KIEZEN, Overgedragen, Vervanging

blueprint = Blueprint("vervanging", __name__, url_prefix="/overdrachten")
SCHRIJVERS = (Rol.UITVOERDER, Rol.COORDINATOR)
TEAM = "team"
VOORGOED, TIJDELIJK = "voorgoed", "tijdelijk"
VELD = "naar-"
"""Before the number of a traject: the name of the field that says who gets it."""
NUMMER = re.compile(r"[A-Z0-9-]{1,32}")


class Overdracht(Basisform):
    """Why trajecten change desks and for how long; who gets which stands in the table."""

    bureau = HiddenField()
    reden = SelectField(
        "Reden",
        [Required()],
        choices=options([("", "Maak een keuze"), *((code, REDENEN[code]) for code in TE_KIEZEN)]),
        validate_choice=False,
        description="Staat bij elk traject in de geschiedenis.",
    )
    duur = RadioField(
        "Voor hoe lang",
        [Required()],
        choices=options([(TIJDELIJK, "Voor een tijd"), (VOORGOED, "Voorgoed")]),
        validate_choice=False,
    )
    tot_met = DatumField("Tot en met", description="Alleen voor een tijd: daarna geeft u alles in één keer terug.")

    @property
    def last_day(self) -> int | None:
        """The last day of cover, None for good. Raises InvoerGeweigerd."""
        if self.duur.data == VOORGOED:
            return None
        if self.duur.data != TIJDELIJK:
            raise InvoerGeweigerd({"duur": "Kies of het voor een tijd is of voorgoed."})
        try:
            return read_date(self.tot_met.data)
        except ValueError as fout:
            raise InvoerGeweigerd({"tot_met": str(fout)}) from None


@blueprint.get("")
@toegang(*SCHRIJVERS)
def lijst() -> str:
    """The hand-overs that this user had a part in, all of them for the coordinator; those that run first."""
    with reading(current_app.config["DATABASE"]) as db:
        alles = vervanging.listed(db, None if _sees_all() else g.medewerker.pseudoniem)
        namen = overzichten.medewerkers(db, {wie for v in alles for wie in (v.door, *v.betrokken) if wie})
    return render_template(
        "vervanging/lijst.html", overdrachten=alles, namen=namen, redenen=REDENEN, vandaag_dag=klok.today(), mag=_may
    )


@blueprint.route("/nieuw", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def nieuw() -> Any:
    """Choose what goes to whom, and hand it over."""
    form = Overdracht()
    van = _from_whom(form)
    with reading(current_app.config["DATABASE"]) as db:
        regels = overzichten.desk(db, None if van == TEAM else van, vervanging.MAX_TRAJECTEN + 1)
        collegas = overzichten.medewerkers(db, rol=Rol.UITVOERDER)
    naar = {TEAM: "Team (zonder behandelaar)", **collegas}
    naar.pop(van, None)
    gekozen = _chosen() if request.method == "POST" else _spread(regels, naar)
    if form.validate_on_submit() and (gedaan := attempt(form, lambda db: _hand_over(db, form, gekozen, naar))):
        flash(f"{aantal(gedaan.trajecten, 'traject', 'trajecten')} overgedragen.", "goed")
        return redirect(url_for("vervanging.toon", nummer=gedaan.nummer), 303)
    pagina = render_template(
        "vervanging/nieuw.html",
        form=form,
        van=van,
        van_naam=naar.get(van) or collegas.get(van, "Team"),
        te_kiezen_van={TEAM: "Team (zonder behandelaar)", **collegas} if _sees_all() else _own_desks(collegas),
        regels=regels[: vervanging.MAX_TRAJECTEN],
        is_meer=len(regels) > vervanging.MAX_TRAJECTEN,
        naar=naar,
        gekozen=gekozen,
        telling=_counted(gekozen, naar),
        verdeeld=request.args.getlist("naar"),
        vandaag_dag=klok.today(),
        fouten=bool(form.errors or form.form_errors),
    )
    return pagina, form.status


@blueprint.get("/<nummer>")
@toegang(*SCHRIJVERS)
def toon(nummer: str) -> str:
    """One hand-over: every traject of it, and what would come back."""
    with reading(current_app.config["DATABASE"]) as db:
        gevonden = _found(db, nummer)
        if not _may(gevonden):
            abort(403)
        delen = vervanging.parts(db, nummer)
        wie = {p for deel in delen for p in (deel.van, deel.naar, deel.nu) if p} | {gevonden.door}
        namen = overzichten.medewerkers(db, wie)
    return render_template(
        "vervanging/toon.html",
        overdracht=gevonden,
        delen=delen,
        terug=[deel for deel in delen if not deel.waarom_niet],
        how_many=how_many,
        namen=namen,
        redenen=REDENEN,
        vandaag_dag=klok.today(),
        mag_terug=gevonden.teruggegeven_op is None,
    )


@blueprint.post("/<nummer>/terug")
@toegang(*SCHRIJVERS)
def terug(nummer: str) -> Any:
    """Give everything back in one go; what cannot come back is named."""
    try:
        with transaction(current_app.config["DATABASE"]) as db:
            door = confirm(db)
            if not _may(_found(db, nummer)):
                abort(403)
            klaar, niet = vervanging.give_back(db, nummer, door)
    except OvergangGeweigerd as fout:
        flash(" ".join(fout.redenen), "let_op")
    else:
        flash(f"{how_many(klaar)} teruggegeven.", "goed")
        if niet:
            zinnen = [f"{_named(deel.nummer)} {deel.waarom_niet}." for deel in niet]
            flash(f"Niet teruggegeven: {' '.join(zinnen)}", "let_op")
    return redirect(url_for("vervanging.toon", nummer=nummer), 303)


def how_many(delen: Sequence[Overgedragen]) -> str:
    """How many trajecten these are, and how many more went along with one."""
    ernaast = sum(deel.is_ernaast for deel in delen)
    zelf = aantal(len(delen) - ernaast, "traject", "trajecten")
    return f"{zelf} en {ernaast} die ernaast {'loopt' if ernaast == 1 else 'lopen'}" if ernaast else zelf


def _named(nummer: str) -> str:
    """A traject in a message; one out of sight is not named."""
    return "Een dossier" if is_shielded(nummer) else nummer


def _found(db: Connection, nummer: str) -> Vervanging:
    try:
        return vervanging.find(db, nummer)
    except OvergangGeweigerd:
        abort(404)


def _sees_all() -> bool:
    return bool(g.medewerker.rol == Rol.COORDINATOR)


def _may(gevonden: Vervanging) -> bool:
    """Whether this user may see it and give it back: who handed over, whose they were, who covers, the coordinator."""
    return _sees_all() or g.medewerker.pseudoniem in (gevonden.door, *gevonden.betrokken)


def _own_desks(collegas: Mapping[str, str]) -> dict[str, str]:
    eigen = g.medewerker.pseudoniem
    return {eigen: collegas.get(eigen, g.medewerker.naam), TEAM: "Team (zonder behandelaar)"}


def _from_whom(form: Overdracht) -> str:
    """Whose trajecten: of the user when nothing is said. Another's desk is the coordinator's business (403)."""
    van = form.bureau.data or request.args.get("bureau") or g.medewerker.pseudoniem
    if not _sees_all() and van not in (TEAM, g.medewerker.pseudoniem):
        abort(403)
    form.bureau.data = van
    form.sleutel.data = form.sleutel.data or secrets.token_hex(16)
    if not SLEUTEL.fullmatch(form.sleutel.data):
        abort(400)
    return str(van)


def _chosen() -> dict[str, str]:
    """Number -> who gets it, as it was sent: also what has left the desk since, so that it is not skipped silently."""
    gegeven = {naam.removeprefix(VELD): naar for naam, naar in request.form.items() if naam.startswith(VELD) and naar}
    if not all(NUMMER.fullmatch(nummer) for nummer in gegeven):
        abort(400)
    return gegeven


def _spread(regels: tuple[Regel, ...], naar: Mapping[str, str]) -> dict[str, str]:
    """All of them spread over the colleagues that the address names."""
    collegas = [code for code in request.args.getlist("naar") if code in naar]
    nummers = [regel.nummer for regel in regels[: vervanging.MAX_TRAJECTEN]]
    return {nummer: str(wie) for nummer, wie in vervanging.spread(nummers, collegas).items()} if collegas else {}


def _counted(gekozen: Mapping[str, str], naar: Mapping[str, str]) -> list[str]:
    """How many go to whom: "30 naar Anna"."""
    per_collega = {code: sum(wie == code for wie in gekozen.values()) for code in naar}
    return [f"{n} naar {naar[code]}" for code, n in per_collega.items() if n]


def _hand_over(db: Connection, form: Overdracht, gekozen: Mapping[str, str], naar: Mapping[str, str]) -> Vervanging:
    if onbekend := [nummer for nummer, code in gekozen.items() if code not in naar]:
        raise InvoerGeweigerd({"trajecten": f"Kies een behandelaar bij {', '.join(onbekend)}."})
    door = confirm(db)
    return vervanging.hand_over_many(
        db,
        {nummer: None if code == TEAM else code for nummer, code in gekozen.items()},
        reden=form.reden.data or "",
        tot_met=form.last_day,
        door=door,
        sleutel=form.sleutel.data or "",
        van=None if _sees_all() else (g.medewerker.pseudoniem, None),
    )
