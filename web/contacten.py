"""The contact log of a dossier: a form of ten seconds, and who spoke with whom, when and about what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, g, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound
from wtforms import RadioField

from models import klok
from models.database import reading
from web.concepten import take_up
from web.dossier import Dossierkop, open_dossier
from web.dossierformulier import advance, answered, make_room, recorded
from web.filters import aantal
from web.formulieren import Basisform, Keuzen, asked, number_of, options, overgang_form
from web.toegang import Rol, toegang
from web.trajecten import day_of_form
from workflow import contacten
from workflow.contacten import Contact
from workflow.opdracht import Vastgelegd
from workflow.routekaart import Veld
from workflow.voorstellen import Voorstel

blueprint = Blueprint("contacten", __name__, url_prefix="/trajecten/<nummer>/contact")
LEZERS = (Rol.UITVOERDER, Rol.COORDINATOR, Rol.AUDITOR)
SCHRIJVERS = (Rol.UITVOERDER, Rol.COORDINATOR)
BLAD = "contact"
PER_BLAD = 50
BEREIK = {"ja": "Cliënt gesproken", "nee": "Niet bereikt, of iemand anders"}
"""Whether a contact counts as one with the client."""


@blueprint.get("")
@toegang(*LEZERS)
def toon(nummer: str) -> Any:
    """The form and the list."""
    with reading(current_app.config["DATABASE"]) as db:
        kop = open_dossier(db, nummer)
        return _page(db, kop, _form(kop))


@blueprint.route("/vastleggen", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def vastleggen(nummer: str) -> Any:
    """Record a contact."""
    with reading(current_app.config["DATABASE"]) as db:
        kop = open_dossier(db, nummer)
    overgang, form = kop.overgang("blad", BLAD), _form(kop)
    if overgang is None or form is None:
        raise NotFound

    def record(db: Connection) -> Vastgelegd | Voorstel:
        return advance(db, kop, overgang, form, form.invoer, day_of_form(form))

    if gedaan := answered(form, kop, record):
        return recorded(gedaan, "Contact vastgelegd.", url_for("contacten.toon", nummer=nummer))
    with reading(current_app.config["DATABASE"]) as db:
        return _page(db, kop, form)


def _form(kop: Dossierkop) -> Basisform | None:
    """The questions of the map; None for who may not write, or where nothing can be recorded any more."""
    overgang = kop.overgang("blad", BLAD)
    if overgang is None or not kop.is_open or g.medewerker.rol not in SCHRIJVERS:
        return None
    take_up(url_for("contacten.vastleggen", nummer=kop.nummer))
    rondjes = {veld.code: _at_once(veld) for veld in overgang.velden if veld.soort == "keuze" and veld.verplicht}
    form = overgang_form(overgang.velden, (), Keuzen(), klok.today(), extra=rondjes)
    form.op.description = ""
    make_room(form)
    form.verwacht.data = form.verwacht.data or str(kop.volgnummer)
    return form


def _at_once(veld: Veld) -> RadioField:
    """A choice that is made with one click."""
    dag = klok.today()
    nu = [(k.code, k.naam) for k in veld.keuzes if (k.vanaf or dag) <= dag < (k.tot or dag + 1)]
    return RadioField(
        veld.label, asked(True), choices=options(nu), validate_choice=False, render_kw={"data-naast": True}
    )


def _page(db: Connection, kop: Dossierkop, form: Basisform | None) -> Any:
    if not any(kop.route.contacten):
        raise NotFound
    alles = contacten.contacts(db, kop.gezin, kop.verloop, _asked(kop))
    filters = _filters(kop)
    gekozen = {naam: waarde for naam, *_ in filters if (waarde := request.args.get(naam, "")[:64])}
    gevonden = [c for c in alles if _fits(c, gekozen)]
    blad = min(number_of(request.args.get("blad"), 4) or 1, max(1, -(-len(gevonden) // PER_BLAD)))
    pagina = render_template(
        "contacten/toon.html",
        kop=kop,
        form=form,
        contacten=gevonden[(blad - 1) * PER_BLAD : blad * PER_BLAD],
        telling=aantal(len(gevonden), "contact", "contacten"),
        laatste=max((c.dag for c in alles if c.telt), default=None),
        pogingen=_attempts(alles),
        filters=filters,
        gekozen=gekozen,
        chips=_chips(kop, filters, gekozen),
        vorige=_url(kop, gekozen, blad - 1) if blad > 1 else None,
        volgende=_url(kop, gekozen, blad + 1) if blad * PER_BLAD < len(gevonden) else None,
        vandaag_dag=klok.today(),
        gezien={kop.nummer: kop.volgnummer},
    )
    return pagina, form.status if form else 200


def _attempts(alles: Sequence[Contact]) -> int:
    """How often somebody tried since there was contact with the client."""
    laatste = max((c.dag for c in alles if c.telt), default=0)
    return sum(not c.telt and c.dag > laatste for c in alles)


def _filters(kop: Dossierkop) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What the list can be narrowed by: name, label and choices; the questions are those of the map."""
    keuzes = [(v.code, v.label, [(k.code, k.naam) for k in v.keuzes]) for v in _asked(kop) if v.soort == "keuze"]
    return [("telt", "Bereikt", list(BEREIK.items())), *keuzes]


def _asked(kop: Dossierkop) -> tuple[Veld, ...]:
    """What the form of this page asks on this map."""
    return next((o.velden for o in kop.route.overgangen.values() if o.labels.get("blad") == BLAD), ())


def _fits(contact: Contact, gekozen: dict[str, str]) -> bool:
    gegeven = {**contact.gegeven, "telt": "ja" if contact.telt else "nee"}
    return all(gegeven.get(naam) == waarde for naam, waarde in gekozen.items())


def _chips(kop: Dossierkop, filters: Sequence[tuple[str, str, list[tuple[str, str]]]], gekozen: dict[str, str]) -> Any:
    return [
        {
            "naam": label,
            "waarde": dict(keuzes).get(gekozen[naam], gekozen[naam]),
            "weg_url": _url(kop, {n: w for n, w in gekozen.items() if n != naam}),
        }
        for naam, label, keuzes in filters
        if naam in gekozen
    ]


def _url(kop: Dossierkop, gekozen: dict[str, str], blad: int = 1) -> str:
    vraag = {**gekozen, **({"blad": str(blad)} if blad > 1 else {})}
    return f"{url_for('contacten.toon', nummer=kop.nummer)}{'?' if vraag else ''}{urlencode(vraag)}"
