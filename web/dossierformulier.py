"""A form on a page of a dossier that records an overgang of the map: asked, recorded once, and said what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, url_for
from sqlalchemy import Connection
from wtforms import TextAreaField

from web.dossier import Dossierkop
from web.formulieren import Basisform, Gedaan, attempt, number_of
from web.toegang import confirm
from workflow import voorstellen, voortgang
from workflow.opdracht import Vastgelegd
from workflow.routekaart import Overgang
from workflow.voorstellen import Voorstel
from workflow.voortgang import VierOgenNodig


def make_room(form: Basisform) -> None:
    """Keep long texts low, so that the form stays on one screen."""
    for veld in form:
        if isinstance(veld, TextAreaField):
            veld.render_kw = {**(veld.render_kw or {}), "rows": 2}


def answered(form: Basisform, kop: Dossierkop, record: Callable[[Connection], Gedaan]) -> Gedaan | None:
    """Record a form that was sent, on what its user saw then; after a conflict it counts as filled in anew."""
    form.verwacht.data = form.verwacht.data or str(kop.volgnummer)
    gedaan = attempt(form, record) if form.validate_on_submit() else None
    if form.is_conflict:
        form.verwacht.data = str(kop.volgnummer)
    return gedaan


def advance(
    db: Connection, kop: Dossierkop, overgang: Overgang, form: Basisform, invoer: Mapping[str, Any], op: int
) -> Vastgelegd | Voorstel:
    """Make the overgang, or propose it where what comes between earlier rows takes two people. Raises as that does."""
    wat: dict[str, Any] = {
        "invoer": dict(invoer),
        "door": confirm(db),
        "op": op,
        "verwacht": number_of(form.verwacht.data),
        "sleutel": form.sleutel.data,
    }
    try:
        return voortgang.advance(db, kop.nummer, overgang.code, **wat)
    except VierOgenNodig:
        vergeten = kop.verloop.kaart.vergeten_bij(kop.route.code)
        reden = vergeten.code if vergeten else None
        return voorstellen.propose_insertion(db, kop.nummer, overgang.code, correctiereden=reden, **wat)


def recorded(gedaan: Vastgelegd | Voorstel, bericht: str, terug: str) -> Any:
    """Back to the page `terug`, which says what was recorded and offers to undo it; to a proposal where it is one."""
    if isinstance(gedaan, Voorstel):
        flash(f"{gedaan.waarom} Daarom is dit een voorstel: een coördinator, niet uzelf, beslist erover.", "let_op")
        return redirect(url_for("voorstellen.toon", id_=gedaan.id), 303)
    doel = url_for("trajecten.ongedaan", nummer=gedaan.nummer, volgnummer=gedaan.volgnummer)
    flash({"tekst": bericht, "ongedaan_url": doel, "nummer": gedaan.nummer}, "goed")  # type: ignore[arg-type]
    return redirect(terug, 303)
