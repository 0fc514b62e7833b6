"""Corrections that wait for a second person: the list, what each would change, and the decision about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound
from wtforms import TextAreaField

from models.database import reading, transaction
from web.beveiliging import Formulier
from web.formulieren import UNPROCESSABLE, asked
from web.toegang import Rol, confirm, toegang
from workflow import voorstellen
from workflow.gezin import load
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Actor, Conflict
from workflow.overzichten import medewerkers
from workflow.trajectpagina import involved
from workflow.velden import InvoerGeweigerd
from workflow.voorstellen import OnbekendVoorstel, Voorstel

blueprint = Blueprint("voorstellen", __name__, url_prefix="/voorstellen")
LEZERS = (Rol.UITVOERDER, Rol.COORDINATOR, Rol.AUDITOR)

UITKOMSTEN = {
    "bevestigd": ("Bevestigd", "goed"),
    "verworpen": ("Afgewezen", "fout"),
    "teruggenomen": ("Teruggenomen", "neutraal"),
    "vervallen": ("Vervallen", "let_op"),
}
SOORTEN = {"intrekking": "Intrekken", "verbetering": "Verbeteren", "tussenvoeging": "Vergeten stap tussenvoegen"}


class Afwijzing(Formulier):
    """Why a proposal is not confirmed."""

    reden = TextAreaField(
        "Reden van de afwijzing",
        asked(True),
        description="De indiener leest dit.",
        render_kw={"maxlength": voorstellen.MAX_REDEN},
    )


NIETS_GEZIEN = 0
"""The stand that a form without one was made for: none, so that it is always an older one."""


@blueprint.get("")
@toegang(*LEZERS)
def lijst() -> str:
    """What waits for a decision, and what was decided last; for an uitvoerder what they proposed."""
    with reading(current_app.config["DATABASE"]) as db:
        open_, besloten = (_of_user(alle) for alle in (voorstellen.open_ones(db), voorstellen.decided_ones(db)))
        bezwaren = voorstellen.objections(db, open_)
        beslissers = {v.besluit.door for v in besloten if v.besluit}
        wie = medewerkers(db, {v.door.pseudoniem for v in (*open_, *besloten)} | beslissers)
    return render_template(
        "voorstellen/lijst.html",
        open=open_,
        besloten=besloten,
        bezwaren=bezwaren,
        wie=wie,
        uitkomsten=UITKOMSTEN,
        soorten=SOORTEN,
    )


@blueprint.get("/<int(max=2147483647):id_>")
@toegang(*LEZERS)
def toon(id_: int) -> Any:
    """A proposal and what it would change, or would have changed."""
    return _page(id_, Afwijzing())


def _page(id_: int, form: Afwijzing, fouten: tuple[str, ...] = ()) -> Any:
    with reading(current_app.config["DATABASE"]) as db:
        voorstel = _found(db, id_)
        gevolgen = voorstellen.effect(db, voorstel)
    form.form_errors.extend(fouten)
    pagina = render_template(
        "voorstellen/toon.html",
        voorstel=voorstel,
        gevolgen=gevolgen,
        wie=gevolgen.namen,
        form=form,
        fouten=bool(form.errors),
        mag_beslissen=voorstellen.may_decide(voorstel, g.door),
        is_eigen=voorstel.door.pseudoniem == g.door.pseudoniem,
        uitkomsten=UITKOMSTEN,
        soorten=SOORTEN,
    )
    return pagina, UNPROCESSABLE if form.errors else 200


@blueprint.post("/<int(max=2147483647):id_>/bevestigen")
@toegang(Rol.COORDINATOR)
def bevestigen(id_: int) -> Any:
    """Make the correction, in the name of both."""
    tekst = request.form.get("verwacht", "")
    verwacht = int(tekst) if tekst.isdecimal() and len(tekst) < 10 else NIETS_GEZIEN

    def decide(db: Connection, door: Actor) -> None:
        gedaan = voorstellen.confirm(db, id_, door=door, verwacht=verwacht)
        if isinstance(gedaan, OvergangGeweigerd):
            flash(f"Dit kan niet meer: {' '.join(gedaan.redenen)} Het voorstel is vervallen.", "let_op")
        else:
            flash("Bevestigd. De correctie staat in het log, met de naam van u beiden.", "goed")

    return _decided(id_, decide)


@blueprint.post("/<int(max=2147483647):id_>/afwijzen")
@toegang(Rol.COORDINATOR)
def afwijzen(id_: int) -> Any:
    """Leave everything as it is, with a reason."""

    def decide(db: Connection, door: Actor) -> None:
        voorstellen.reject(db, id_, request.form.get("reden", ""), door=door)
        flash("Afgewezen. Er is niets veranderd.", "goed")

    return _decided(id_, decide)


@blueprint.post("/<int(max=2147483647):id_>/terugnemen")
@toegang(Rol.UITVOERDER, Rol.COORDINATOR)
def terugnemen(id_: int) -> Any:
    """Take back what one proposed oneself."""

    def decide(db: Connection, door: Actor) -> None:
        voorstellen.take_back(db, id_, door=door)
        flash("Teruggenomen. Er is niets veranderd.", "goed")

    return _decided(id_, decide)


def _decided(id_: int, decide: Callable[[Connection, Actor], None]) -> Any:
    form = Afwijzing()
    try:
        with transaction(current_app.config["DATABASE"]) as db:
            door = confirm(db)
            _found(db, id_)
            decide(db, door)
    except InvoerGeweigerd as fout:
        form.reden.errors = list(fout.fouten.values())
        return _page(id_, form)
    except (OvergangGeweigerd, Conflict) as fout:
        return _page(id_, form, tuple(fout.redenen) if isinstance(fout, OvergangGeweigerd) else (fout.zin,))
    return redirect(url_for(".toon", id_=id_), 303)


def _found(db: Connection, id_: int) -> Voorstel:
    """A proposal that this user may see: an uitvoerder those about trajecten of their own. Raises NotFound."""
    try:
        voorstel = voorstellen.find(db, id_)
    except OnbekendVoorstel:
        raise NotFound from None
    is_eigen = voorstel.door.pseudoniem == g.door.pseudoniem
    if is_eigen or g.medewerker.rol != Rol.UITVOERDER:
        return voorstel
    if g.door.pseudoniem not in involved(load(db, voorstel.nummer, lock=False)):
        raise NotFound
    return voorstel


def _of_user(alle: list[Voorstel]) -> list[Voorstel]:
    """An uitvoerder sees in the list what they proposed themselves."""
    if g.medewerker.rol != Rol.UITVOERDER:
        return alle
    return [voorstel for voorstel in alle if voorstel.door.pseudoniem == g.door.pseudoniem]
