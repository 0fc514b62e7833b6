"""What an auditor looks into: a sample that anybody can draw again, a list beside the log. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request
from flask_wtf.file import FileField
from wtforms import StringField
from wtforms.validators import InputRequired

from models.database import reading
from web.beveiliging import Formulier
from web.filters import getal
from web.indicatoren import LEZERS, Vak, asked
from web.indicatorvraag import PERIODEN, address, pinned
from web.toegang import toegang
from workflow.indicatoren import Periode
from workflow.steekproef import MAX_GROOTTE, MAX_ZAAD, SOORTEN, Soort, Steekproef, draw
from workflow.uitwisseling.tabellen import TabelGeweigerd
from workflow.velden import read_date
from workflow.volledigheid import Vergelijking, compare

blueprint = Blueprint("onderzoek", __name__, url_prefix="/onderzoek")

UNPROCESSABLE = 422
GROOTTE = 25
GROOTTES = (10, 25, 50, 100, 250, MAX_GROOTTE)
NAMEN = {"trajecten": "Trajecten", "gebeurtenissen": "Gebeurtenissen"}
GEEN_ZAAD = f"Een zaad is één regel van hoogstens {MAX_ZAAD} tekens."


@blueprint.get("/steekproef")
@toegang(*LEZERS)
def steekproef() -> Any:
    """A sample of the trajecten or gebeurtenissen of a period, once there is a seed."""
    with reading(current_app.config["DATABASE"]) as db:
        vak = asked(db)
        if vast := pinned(vak.keuze, request.args):
            return redirect(address(request.path, vast))
        vraag = _asked_sample()
        fout = GEEN_ZAAD if len(vraag["zaad"]) > MAX_ZAAD or not vraag["zaad"].isprintable() else ""
        getrokken = draw(vak.kader, **vraag) if vraag["zaad"] and not fout else None
        return render_template(
            "onderzoek/steekproef.html",
            vak=vak,
            keuze=vak.keuze,
            perioden=PERIODEN,
            namen=NAMEN,
            groottes=[(n, getal(n)) for n in sorted({*GROOTTES, vraag["grootte"]})],
            gevraagd=vraag,
            fout=fout,
            steekproef=getrokken,
            regels=_lines(getrokken, vak) if getrokken else (),
        )


def _asked_sample() -> dict[str, Any]:
    soort: Soort = "gebeurtenissen" if request.args.get("soort") == "gebeurtenissen" else SOORTEN[0]
    grootte = request.args.get("grootte", GROOTTE, int)
    return {
        "soort": soort,
        "grootte": min(max(grootte, 1), MAX_GROOTTE),
        "zaad": request.args.get("zaad", "").strip(),
    }


def _lines(getrokken: Steekproef, vak: Vak) -> list[dict[str, Any]]:
    woord = vak.woorden.waarde
    return [
        {"nr": nr, "trekking": t, "wat": woord("overgang", t.overgang) if t.overgang else woord("", t.soort or "")}
        for nr, t in enumerate(getrokken.getrokken, 1)
    ]


# -- Completeness ------------------------------------------------------------------------------------------------------

GETOOND = 200
"""So many lines of each kind are shown; the command line shows all."""

KOPPEN: Mapping[str, tuple[str, str, str]] = {
    "onleesbaar": ("Niet te lezen", "fout", "Deze regels van de lijst zijn niet vergeleken."),
    "dubbel": ("Dubbel in de lijst", "let_op", "De eerste keer is vergeleken, deze niet."),
    "ontbreekt_hier": ("Ontbreekt hier", "fout", "Staat in de lijst, niet in het log."),
    "ontbreekt_daar": ("Ontbreekt daar", "fout", "Staat in het log, niet in de lijst."),
    "verschilt": ("Verschilt", "let_op", "Staat in beide, met een ander begin of einde."),
    "gelijk": ("Gelijk", "goed", ""),
}
"""Outcome -> its name, the kind of badge, and what it means."""


class DatumField(StringField):
    """A date, typed as dd-mm-jjjj."""


class Lijstform(Formulier):
    """A list to compare. With days, only what ran in between is missed in it; both days belong to it."""

    bestand = FileField(
        "Lijst (CSV of XLSX)",
        [InputRequired("Kies een bestand.")],
        description="Kolommen dossiernummer, begin en einde. Hoogstens 5 MB. Er wordt niets van bewaard.",
    )
    van = DatumField("Eerste dag van de lijst")
    tot_en_met = DatumField("Laatste dag van de lijst")

    def period(self) -> Periode | None:
        """The period, None when no day is given. Raises ValueError, with the errors at their fields."""
        if not (self.van.data or self.tot_en_met.data):
            return None
        van, tot_en_met = (_day_of(veld) for veld in (self.van, self.tot_en_met))
        if tot_en_met < van:
            self.tot_en_met.errors = ["De laatste dag kan niet voor de eerste liggen."]
            raise ValueError
        return Periode(van, tot_en_met + 1)


def _day_of(veld: Any) -> int:
    try:
        return read_date(veld.data)
    except ValueError as fout:
        veld.errors = [str(fout)]
        raise


@blueprint.route("/volledigheid", methods=["GET", "POST"])
@toegang(*LEZERS)
def volledigheid() -> Any:
    """A list beside the log: what is missing here, what is missing there, what differs."""
    form = Lijstform()
    if not form.is_submitted():
        return _completeness(form)
    if not form.validate():
        return _completeness(form, status=UNPROCESSABLE)
    try:
        return _completeness(form, _compared(form))
    except TabelGeweigerd as geweigerd:
        form.bestand.errors = [f"{m.plaats}: {m.tekst}" if m.rij else m.tekst for m in geweigerd.meldingen]
    except ValueError:
        pass
    return _completeness(form, status=UNPROCESSABLE)


def _compared(form: Lijstform) -> Vergelijking:
    periode, inhoud = form.period(), form.bestand.data.stream.read()
    with reading(current_app.config["DATABASE"]) as db:
        return compare(db, inhoud, periode)


def _completeness(form: Lijstform, uitkomst: Vergelijking | None = None, status: int = 200) -> Any:
    pagina = render_template(
        "onderzoek/volledigheid.html", form=form, uitkomst=uitkomst, koppen=KOPPEN, getoond=GETOOND
    )
    return pagina, status
