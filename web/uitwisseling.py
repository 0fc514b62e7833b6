"""In and out with exchange formats: upload a delivery, see what it becomes, take it in; download one of a period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, g, render_template, url_for
from flask_wtf.file import FileField
from markupsafe import Markup
from sqlalchemy import Connection
from wtforms import StringField
from wtforms.validators import InputRequired

from models import klok
from models.database import reading, transaction
from web.bestandsbalie import BestandGeweigerd, Bestandsbalie, in_counts
from web.beveiliging import Formulier
from web.opdrachten_uitwisseling import leverancier
from web.toegang import Rol, confirm, may_use, toegang
from web.uitvoer import note_taken
from workflow import zicht
from workflow.kalender import date_of
from workflow.uitwisseling import ddas
from workflow.uitwisseling.ddas import LeveringGeweigerd, Opmerking, Opmerkingen, Verslag
from workflow.uitwisseling.ddas_inlezen import Voorbeeld
from workflow.uitwisseling.opmerkingen import Pad, in_order, show
from workflow.velden import read_date

blueprint = Blueprint("uitwisseling", __name__, url_prefix="/uitwisseling")

ROLLEN = (Rol.COORDINATOR, Rol.BEHEERDER)
UNPROCESSABLE = 422
MAX_GETOOND = 200
MAX_PLAATSEN = 10_000
"""So many places are named on a page, shared out among its remarks; MIN_PLAATSEN of each in any case."""

MIN_PLAATSEN = 100
MAX_GENOEMD = 10
"""So many trajecten that were made are named; the message stands in a cookie."""

MAX_TRAJECTEN = 2_000
"""More would keep everybody else from writing for too long; the command line can do it at night."""

BALIE = Bestandsbalie(terug="uitwisseling.toon", niets="Er is niets ingelezen.")

UITKOMSTEN = {
    "nieuw": ("Nieuw", "info"),
    "aanwezig": ("Al ingelezen", "neutraal"),
    "verschilt": ("Anders dan vastgelegd", "let_op"),
    "overlapt": ("Overlapt, niet ingelezen", "let_op"),
    "dubbel": ("Dubbel in het bestand", "let_op"),
}
"""What becomes of a traject -> its name and the kind of badge."""


class Leveringform(Formulier):
    """A delivery to take in."""

    bestand = FileField(
        "Bestand met een levering (DDAS-SHV, JSON)",
        [InputRequired("Kies een bestand.")],
        description="Hoogstens 20 MB. U ziet eerst wat het wordt; daarna beslist u.",
    )


class DatumField(StringField):
    """A date, typed as dd-mm-jjjj."""


class Periodeform(Formulier):
    """The period of a delivery to make: both days belong to it."""

    van = DatumField("Eerste dag", [InputRequired("Vul de eerste dag in.")])
    tot_en_met = DatumField("Laatste dag", [InputRequired("Vul de laatste dag in.")])

    def period(self) -> tuple[int, int] | None:
        """The period as half-open day numbers; None, with the errors at their fields, when it is none."""
        dagen = [_day_of(veld) for veld in (self.van, self.tot_en_met)]
        if None in dagen:
            return None
        van, tot_en_met = dagen
        if tot_en_met < van:  # type: ignore[operator]
            self.tot_en_met.errors = ["De laatste dag kan niet voor de eerste liggen."]
            return None
        return van, tot_en_met + 1  # type: ignore[operator,return-value]


def _day_of(veld: Any) -> int | None:
    try:
        return read_date(veld.data)
    except ValueError as fout:
        veld.errors = [str(fout)]
        return None


@blueprint.get("")
@toegang(*ROLLEN)
def toon() -> Any:
    """The two forms: in and out."""
    return _page(Leveringform(), Periodeform(formdata=None, data=_last_year()))


def _last_year() -> dict[str, str]:
    jaar = date_of(klok.today()).year - 1
    return {"van": f"01-01-{jaar}", "tot_en_met": f"31-12-{jaar}"}


def _page(inlezen: Leveringform, maken: Periodeform, status: int = 200) -> Any:
    return render_template("uitwisseling/toon.html", inlezen=inlezen, maken=maken), status


@blueprint.post("/inlezen")
@toegang(*ROLLEN)
def upload() -> Any:
    """Take a file into the waiting room and show what it would become."""
    form = Leveringform()
    if not form.validate_on_submit():
        return _page(form, Periodeform(formdata=None, data=_last_year()), UNPROCESSABLE)
    return BALIE.take(form.bestand.data)


@blueprint.get("/inlezen/<nummer>")
@toegang(*ROLLEN)
def voorbeeld(nummer: str) -> Any:
    """What a waiting file would become."""
    return BALIE.show(nummer, _preview_page)


def _preview_page(nummer: str, inhoud: bytes) -> Any:
    with reading(current_app.config["DATABASE"]) as db:
        uitkomst = _previewed(db, inhoud)
    regels = [regel for regel in uitkomst.regels if regel.uitkomst != "aanwezig"] or list(uitkomst.regels)
    groepen = grouped(uitkomst.opmerkingen)
    getoond, aantal = groepen[:MAX_GETOOND], sum(uitkomst.aantallen.values())
    pagina = render_template(
        "uitwisseling/voorbeeld.html",
        nummer=nummer,
        uitkomst=uitkomst,
        uitkomsten=UITKOMSTEN,
        groepen=getoond,
        aantal_niet_getoond=aantal - sum(groep.aantal for groep in getoond),
        max_plaatsen=max(MIN_PLAATSEN, MAX_PLAATSEN // max(1, len(getoond))),
        regels=regels[:MAX_GETOOND],
        aantal_opmerkingen=aantal,
        aantal_regels=len(regels),
        is_te_veel=uitkomst.geteld["nieuw"] > MAX_TRAJECTEN,
    )
    return pagina, 200 if uitkomst.is_leesbaar else UNPROCESSABLE


def _previewed(db: Connection, inhoud: bytes) -> Voorbeeld:
    """What a delivery would become; it is looked up in the whole caseload, and shows nothing of a dossier."""
    with zicht.as_program():
        return ddas.preview(db, inhoud)


@blueprint.post("/inlezen/<nummer>")
@toegang(*ROLLEN)
def beslis(nummer: str) -> Any:
    """Take the waiting file in, or let it go."""
    return BALIE.decide(nummer, _take_in)


def _take_in(inhoud: bytes) -> Markup:
    try:
        with reading(current_app.config["DATABASE"]) as db:
            if _previewed(db, inhoud).geteld["nieuw"] > MAX_TRAJECTEN:
                abort(413)
        with transaction(current_app.config["DATABASE"]) as db:
            door = confirm(db)
            with zicht.as_program():
                verslag = ddas.import_delivery(db, inhoud, door)
            return _taken_in(verslag)
    except LeveringGeweigerd as geweigerd:
        eerste = geweigerd.opmerkingen.fouten[0]
        raise BestandGeweigerd(f"{eerste.plaats}: {eerste.tekst}") from None


@dataclass(slots=True)
class Bevindinggroep:
    """The same remark about several places in the file; `aantal` counts also those of which no path was kept."""

    soort: str
    tekst: str
    aantal: int = 0
    paden: list[Pad] = field(default_factory=list)

    def plaatsen(self, hoogstens: int) -> list[str]:
        """The first of its places as text, in the order of the file."""
        return [show(pad) for pad in sorted(self.paden, key=in_order)[:hoogstens]]


def grouped(opmerkingen: Iterable[Opmerking]) -> list[Bevindinggroep]:
    """Equal remarks together, faults first, then what was said most often."""
    groepen: dict[tuple[str, str], Bevindinggroep] = {}
    for o in opmerkingen:
        groep = groepen.setdefault((o.soort, o.tekst), Bevindinggroep(o.soort, o.tekst))
        groep.aantal += o.aantal
        groep.paden.extend(o.paden)
    return sorted(groepen.values(), key=lambda groep: (groep.soort, -groep.aantal))


def _taken_in(verslag: Verslag) -> Markup:
    """What was taken in, with the way to it."""
    nummers = sorted(regel.nummer for regel in verslag.regels if regel.uitkomst == "nieuw" and regel.nummer)
    rest = len(nummers) - MAX_GENOEMD
    namen = [_link(nummer) for nummer in nummers[:MAX_GENOEMD]] + ([f"en nog {rest}"] if rest > 0 else [])
    zin = Markup(" Bekijk {}.") if may_use("trajecten.toon", g.medewerker.rol) else Markup(" Als {}.")
    naar = zin.format(Markup(", ").join(namen)) if namen else ""
    return Markup("{}{}").format(_summary(verslag), naar)


def _link(nummer: str) -> str | Markup:
    if not may_use("trajecten.toon", g.medewerker.rol):
        return nummer
    return Markup('<a class="nl-link" href="{}">{}</a>').format(url_for("trajecten.toon", nummer=nummer), nummer)


def _summary(verslag: Verslag) -> str:
    geteld = verslag.geteld
    nieuw = geteld.pop("nieuw")
    return in_counts(f"{nieuw} {'traject' if nieuw == 1 else 'trajecten'} ingelezen", geteld, UITKOMSTEN)


@blueprint.post("/maken")
@toegang(*ROLLEN)
def maken() -> Any:
    """Download the delivery of a period."""
    form = Periodeform()
    periode = form.period() if form.validate_on_submit() else None
    if periode is None:
        return _page(Leveringform(formdata=None), form, UNPROCESSABLE)
    op, geteld = Opmerkingen(), [0]
    try:
        with reading(current_app.config["DATABASE"]) as db:
            levering = ddas.export(db, *periode, klok.now(), leverancier(), done=geteld.append, op=op)
    except LeveringGeweigerd as geweigerd:
        form.form_errors.extend(fout.tekst for fout in geweigerd.opmerkingen.fouten[:MAX_GETOOND])
        return _page(Leveringform(formdata=None), form, UNPROCESSABLE)
    note_taken("levering", "json", sum(geteld))
    _say_what_changed(op)
    naam = f"ddas-shv-{date_of(periode[0])}-{date_of(periode[1] - 1)}.json"
    kop = {"Content-Disposition": f'attachment; filename="{naam}"'}
    return Response(ddas.as_text(levering), mimetype="application/json", headers=kop)


def _say_what_changed(op: Opmerkingen) -> None:
    """On the next page, because a download has none: what was not delivered as it was recorded."""
    zinnen = [opmerking.tekst for opmerking in op]
    for zin in zinnen[:MAX_GENOEMD]:
        flash(f"In de levering: {zin}", "let_op")
    if len(zinnen) > MAX_GENOEMD:
        flash(f"En nog {len(zinnen) - MAX_GENOEMD}: zie routekaart export ddas.", "let_op")
