"""What partners report: which reports are in and which are missing, giving one, correcting one, and a file of many.

A partner sees and reports for its own organisation; a coordinator for all. An empty field is not reported: that is
shown as "niet opgegeven" and never as 0.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_wtf.file import FileField
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound
from wtforms.validators import InputRequired

from models import klok
from models.database import reading, transaction
from web.bestandsbalie import BestandGeweigerd, Bestandsbalie, in_counts
from web.beveiliging import Formulier
from web.formulieren import Basisform, DatumField, GetalField, asked, attempt, number_of, reason_field
from web.toegang import Rol, confirm, toegang
from workflow import opgaven, perioden
from workflow.gezin import OnbekendTraject
from workflow.kaarten import in_force
from workflow.kalender import date_of, daynumber
from workflow.opdracht import Vastgelegd
from workflow.opgavecontrole import in_words
from workflow.opgaven import Gegeven, Gevraagd, Opgave, Staat
from workflow.opgaveveld import Regel
from workflow.routekaart import Opgavesoort, Opgever, Routekaart, Veld
from workflow.uitwisseling.opgaven_inlezen import Voorbeeld, import_reports, preview
from workflow.uitwisseling.tabellen import TabelGeweigerd
from workflow.velden import InvoerGeweigerd, read_answer, read_date
from workflow.voorstellen import Voorstel

blueprint = Blueprint("opgaven", __name__, url_prefix="/opgaven")

ROLLEN = (Rol.COORDINATOR, Rol.PARTNER)
UNPROCESSABLE = 422
MAX_GETOOND = 200
BALIE = Bestandsbalie(terug="opgaven.overzicht", niets="Er is niets vastgelegd.")
UITKOMSTEN = {
    "nieuw": ("Nieuw", "info"),
    "aanwezig": ("Al opgegeven", "neutraal"),
    "verschilt": ("Anders dan opgegeven", "let_op"),
}
"""What becomes of a report in a file -> its name and the kind of badge."""


# -- Which are in ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stand:
    """A soort of reports in one year: which there are. `tot`: the day after the last one that is over."""

    soort: Opgavesoort
    staten: tuple[Staat, ...]
    tot: int

    @property
    def gevraagd(self) -> int:
        """How many are asked for: all that are over or came; of an editie in its own year one does not know."""
        return sum(staat.nummer is not None or staat.tot <= self.tot for staat in self.staten)

    @property
    def ontvangen(self) -> int:
        """How many came."""
        return sum(staat.nummer is not None for staat in self.staten)

    @property
    def ontbreekt(self) -> int:
        """How many did not."""
        return self.gevraagd - self.ontvangen

    @property
    def deels(self) -> int:
        """How many came without some of their numbers."""
        return sum(staat.is_deels for staat in self.staten)


class Bestandform(Formulier):
    """A table of reports."""

    bestand = FileField(
        "Bestand met opgaven (CSV of XLSX)",
        [InputRequired("Kies een bestand.")],
        description="Hoogstens 5 MB. U ziet eerst wat het wordt; daarna beslist u.",
    )


@blueprint.get("")
@toegang(*ROLLEN)
def overzicht() -> Any:
    """Every soort of report in a year, with how many are in."""
    return _overview(Bestandform(formdata=None))


def _overview(bestand: Bestandform, status: int = 200) -> Any:
    jaar = _year()
    with reading(current_app.config["DATABASE"]) as db:
        kaart = in_force(db)
        standen = _standings(db, opgaven.soorten_for(kaart, _own()), jaar)
    pagina = render_template(
        "opgaven/overzicht.html",
        standen=[stand for stand in standen if stand.staten],
        jaar=jaar,
        jaren=_years(kaart),
        bestand=bestand,
    )
    return pagina, status


@blueprint.get("/soort/<code>")
@toegang(*ROLLEN)
def soort(code: str) -> Any:
    """The reports of one soort in a year, one line each."""
    jaar = _year()
    with reading(current_app.config["DATABASE"]) as db:
        kaart = in_force(db)
        (stand,) = _standings(db, [_soort(kaart, code)], jaar)
    gemeenten = kaart.gemeenten
    return render_template("opgaven/soort.html", stand=stand, gemeenten=gemeenten, jaar=jaar, jaren=_years(kaart))


def _standings(db: Connection, soorten: Sequence[Opgavesoort], jaar: int) -> list[Stand]:
    """Periods that begin in the year and are over; an editie in its own year too, because it lies somewhere in it."""
    van, tot = daynumber(date(jaar, 1, 1)), daynumber(date(jaar + 1, 1, 1))
    vandaag = klok.today() + 1
    vragen = [Gevraagd(soort, van, _until(soort, van, tot, vandaag)) for soort in soorten]
    staten = opgaven.states(db, vragen, _own())
    return [Stand(soort, tuple(eigen), vandaag) for soort, eigen in zip(soorten, staten, strict=True)]


def _until(soort: Opgavesoort, van: int, tot: int, vandaag: int) -> int:
    if soort.ritme == "editie":
        return tot if van < vandaag else van
    return min(perioden.slot(soort.ritme, tot - 1)[1], vandaag)


def _own() -> str | None:
    """The organisation to which a partner is bound."""
    return g.medewerker.organisatie if g.medewerker.rol == Rol.PARTNER else None


def _soort(kaart: Routekaart, code: str) -> Opgavesoort:
    for welke in opgaven.soorten_for(kaart, _own()):
        if welke.code == code:
            return welke
    raise NotFound


def _year() -> int:
    gevraagd = number_of(request.args.get("jaar"), 4) or 0
    return gevraagd if 1900 <= gevraagd < 2100 else date_of(klok.today() - 31).year


def _years(kaart: Routekaart) -> list[tuple[int, int]]:
    """From the first year that anything is asked about until this one, the latest first; as choices."""
    eerste = min((date_of(welke.vanaf).year for welke in kaart.opgaven.values()), default=_year())
    return [(jaar, jaar) for jaar in range(date_of(klok.today()).year, eerste - 1, -1)]


# -- One report --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Vraag:
    """Which report is being given."""

    soort: Opgavesoort
    wie: Opgever
    naam: str
    gemeente: str
    periode: perioden.Periode
    plaatsen: Mapping[str, str]

    @property
    def is_editie(self) -> bool:
        """Whether its days are asked, because they lie somewhere in the year."""
        return self.soort.ritme == "editie"

    def field(self, reeks: str, plaats: str) -> str:
        """The name of the field for a number."""
        return f"n-{list(self.soort.reeksen).index(reeks)}-{list(self.plaatsen).index(plaats)}"


@blueprint.route("/soort/<code>/nieuw", methods=["GET", "POST"])
@toegang(*ROLLEN)
def nieuw(code: str) -> Any:
    """Give a report: one number for each reeks and place."""
    with reading(current_app.config["DATABASE"]) as db:
        kaart = in_force(db)
        vraag = _asked(db, kaart, code)
    form = _form(vraag, _days_fields(vraag) if vraag.is_editie else {})

    def record(db: Connection) -> Vastgelegd:
        van, tot = _days(form) if vraag.is_editie else vraag.periode
        opgave = Opgave(code, vraag.wie.organisatie, vraag.gemeente, van, tot, _lines(form, vraag))
        return opgaven.hand_in(db, opgave, door=confirm(db), sleutel=form.sleutel.data)

    if form.validate_on_submit() and attempt(form, record):
        flash(f"Opgave over {perioden.name(vraag.soort.ritme, vraag.periode[0])} vastgelegd.", "goed")
        return redirect(_back(vraag.soort, vraag.periode[0]), 303)
    return _form_page(form, vraag, kaart)


@blueprint.route("/<nummer>/verbeteren", methods=["GET", "POST"])
@toegang(*ROLLEN)
def verbeteren(nummer: str) -> Any:
    """Correct the numbers of a report, with a reason; what stood there stays visible."""
    with reading(current_app.config["DATABASE"]) as db:
        kaart = in_force(db)
        gegeven = _given(db, nummer)
        vraag = _question_of(db, kaart, gegeven)
    route, *_ = opgaven.opening(kaart, vraag.soort.is_historic(gegeven.opgave.tot))
    redenen = kaart.correctieredenen_bij(route.code)
    form = _form(vraag, {"reden": reason_field(redenen, "Reden van de verbetering")})
    if request.method == "GET":
        _fill(form, vraag, gegeven)

    def record(db: Connection) -> Vastgelegd | Voorstel:
        return opgaven.correct(
            db,
            nummer,
            _lines(form, vraag),
            reden=form["reden"].data,
            door=confirm(db),
            verwacht=number_of(form.verwacht.data),
            sleutel=form.sleutel.data,
        )

    gedaan = attempt(form, record) if form.validate_on_submit() else None
    if isinstance(gedaan, Voorstel):
        flash(f"{gedaan.waarom} Uw verbetering is voorgesteld: een coördinator beslist erover.", "let_op")
        return redirect(_back(vraag.soort, vraag.periode[0]), 303)
    if gedaan:
        flash(f"Opgave over {perioden.name(vraag.soort.ritme, vraag.periode[0])} verbeterd.", "goed")
        return redirect(_back(vraag.soort, vraag.periode[0]), 303)
    return _form_page(form, vraag, kaart, gegeven)


def _form_page(form: Basisform, vraag: Vraag, kaart: Routekaart, gegeven: Gegeven | None = None) -> Any:
    pagina = render_template(
        "opgaven/formulier.html",
        form=form,
        vraag=vraag,
        gegeven=gegeven,
        periode=_period_in_words(vraag, gegeven),
        gemeente=kaart.gemeenten.get(vraag.gemeente, vraag.gemeente),
        terug=_back(vraag.soort, vraag.periode[0]),
    )
    return pagina, UNPROCESSABLE if form.is_submitted() else 200


def _period_in_words(vraag: Vraag, gegeven: Gegeven | None) -> str:
    naam = perioden.name(vraag.soort.ritme, vraag.periode[0])
    return in_words(vraag.soort, *vraag.periode) if gegeven else naam


def _asked(db: Connection, kaart: Routekaart, code: str) -> Vraag:
    """The report that the address names. Raises NotFound when it is not asked for."""
    welke = _soort(kaart, code)
    wie = welke.opgevers.get(request.args.get("opgever", ""))
    gemeente = request.args.get("gemeente", "")
    if wie is None or gemeente not in wie.gemeenten or _own() not in (None, wie.organisatie):
        raise NotFound
    try:
        periode = perioden.read(welke.ritme, request.args.get("periode", ""))
    except ValueError:
        raise NotFound from None
    naam = opgaven.name_of(db, wie.organisatie)
    return Vraag(welke, wie, naam, gemeente, periode, opgaven.places_of(db, welke, wie.organisatie))


def _given(db: Connection, nummer: str) -> Gegeven:
    try:
        gegeven = opgaven.read(db, nummer)
    except OnbekendTraject:
        raise NotFound from None
    if _own() not in (None, gegeven.opgave.opgever):
        raise NotFound
    return gegeven


def _question_of(db: Connection, kaart: Routekaart, gegeven: Gegeven) -> Vraag:
    """The question that a given report answers; its places, and those that it tells of."""
    opgave = gegeven.opgave
    welke = _soort(kaart, opgave.indicator)
    wie = welke.opgevers.get(opgave.opgever) or Opgever(opgave.opgever, (opgave.gemeente,))
    plaatsen = opgaven.places_of(db, welke, wie.organisatie) if wie.organisatie in welke.opgevers else {}
    plaatsen |= {plaats: plaats for _, plaats, _ in opgave.regels if plaats not in plaatsen}
    naam = opgaven.name_of(db, wie.organisatie)
    return Vraag(welke, wie, naam, opgave.gemeente, (opgave.van, opgave.tot), plaatsen)


def _form(vraag: Vraag, extra: Mapping[str, Any]) -> Basisform:
    delen: dict[str, Any] = dict(extra)
    for reeks in vraag.soort.reeksen.values():
        for plaats, naam in vraag.plaatsen.items():
            label = naam if vraag.soort.has_places else reeks.naam
            delen[vraag.field(reeks.code, plaats)] = GetalField(label, asked(False))
    form: Basisform = type("Opgaveform", (Basisform,), delen)()
    if not form.sleutel.data:
        form.sleutel.data = secrets.token_hex(16)
    return form


def _days_fields(vraag: Vraag) -> dict[str, Any]:
    jaar = date_of(vraag.periode[0]).year
    return {
        "van": DatumField("Eerste dag", asked(True), description=f"De editie van {jaar} begon op deze dag."),
        "tot_en_met": DatumField("Laatste dag", asked(True)),
    }


def _days(form: Basisform) -> perioden.Periode:
    fouten, dagen = {}, {}
    for code in ("van", "tot_en_met"):
        try:
            dagen[code] = read_date(form[code].data or "")
        except ValueError as fout:
            fouten[code] = str(fout)
    if fouten:
        raise InvoerGeweigerd(fouten)
    return dagen["van"], dagen["tot_en_met"] + 1


def _lines(form: Basisform, vraag: Vraag) -> tuple[Regel, ...]:
    """The numbers that were filled in. Raises InvoerGeweigerd with the fields in which there is none."""
    regels, fouten = [], {}
    for reeks in vraag.soort.reeksen.values():
        for plaats in vraag.plaatsen:
            code = vraag.field(reeks.code, plaats)
            try:
                aantal = read_answer(Veld(code, form[code].label.text, "getal"), form[code].data, 0)
            except ValueError as fout:
                fouten[code] = str(fout)
            else:
                regels += [] if aantal is None else [(reeks.code, plaats, aantal)]
    if fouten:
        raise InvoerGeweigerd(fouten)
    return tuple(regels)


def _fill(form: Basisform, vraag: Vraag, gegeven: Gegeven) -> None:
    form.verwacht.data = str(gegeven.volgnummer)
    bekend = (regel for regel in gegeven.opgave.regels if regel[0] in vraag.soort.reeksen)
    for reeks, plaats, aantal in bekend:
        form[vraag.field(reeks, plaats)].data = str(aantal)


def _back(welke: Opgavesoort, van: int) -> str:
    return url_for("opgaven.soort", code=welke.code, jaar=date_of(van).year)


# -- A file of many ----------------------------------------------------------------------------------------------------


@blueprint.post("/bestand")
@toegang(*ROLLEN)
def upload() -> Any:
    """Take a file into the waiting room and show what it would become."""
    form = Bestandform()
    return BALIE.take(form.bestand.data) if form.validate_on_submit() else _overview(form, UNPROCESSABLE)


@blueprint.get("/bestand/<nummer>")
@toegang(*ROLLEN)
def voorbeeld(nummer: str) -> Any:
    """What a waiting file would become."""
    return BALIE.show(nummer, _preview_page)


def _preview_page(nummer: str, inhoud: bytes) -> Any:
    with reading(current_app.config["DATABASE"]) as db:
        uitkomst, kaart = preview(db, inhoud, _own()), in_force(db)
    pagina = render_template(
        "opgaven/voorbeeld.html",
        nummer=nummer,
        uitkomst=uitkomst,
        uitkomsten=UITKOMSTEN,
        lezingen=uitkomst.lezingen[:MAX_GETOOND],
        soorten=kaart.opgaven,
        gemeenten=kaart.gemeenten,
    )
    return pagina, UNPROCESSABLE if uitkomst.fouten else 200


@blueprint.post("/bestand/<nummer>")
@toegang(*ROLLEN)
def beslis(nummer: str) -> Any:
    """Take the waiting file in, or let it go."""
    return BALIE.decide(nummer, _take_in)


def _take_in(inhoud: bytes) -> str:
    try:
        with transaction(current_app.config["DATABASE"]) as db:
            return _summary(import_reports(db, inhoud, confirm(db), _own()))
    except TabelGeweigerd as geweigerd:
        eerste = geweigerd.meldingen[0]
        raise BestandGeweigerd(f"{eerste.plaats.capitalize()}: {eerste.tekst}") from None


def _summary(gedaan: Voorbeeld) -> str:
    geteld = gedaan.geteld
    eerst = geteld.pop("nieuw")
    return in_counts(f"{eerst} {'opgave' if eerst == 1 else 'opgaven'} vastgelegd", geteld, UITKOMSTEN)
