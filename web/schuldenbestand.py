"""Debts in a file: a table of many comes in, and the list goes out."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from flask import Response, current_app, g, render_template, request
from werkzeug.exceptions import NotFound

from models import klok
from models.database import transaction
from web.bestandsbalie import BestandGeweigerd, Bestandsbalie
from web.beveiliging import log
from web.filters import aantal
from web.formulieren import SLEUTEL, written
from web.schulden import Bestandform, answer_form, blueprint, list_page
from web.schuldenblad import LEZERS, SCHRIJVERS, Blad, opened
from web.toegang import confirm, toegang
from web.uitvoer import note_taken
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Conflict
from workflow.schuldboek import Melding
from workflow.uitwisseling import schulden_inlezen, schulden_uit
from workflow.uitwisseling.rekenblad import VORMEN
from workflow.uitwisseling.schulden_inlezen import LOS
from workflow.uitwisseling.tabellen import TabelGeweigerd
from workflow.velden import InvoerGeweigerd, read_date

UNPROCESSABLE = 422
BALIE = Bestandsbalie(terug="schulden.toon", niets="Er is niets vastgelegd.", naam="bestand")
UITKOMSTEN = {
    "nieuw": ("Nieuw", "info"),
    "aanwezig": ("Staat er al", "neutraal"),
    "verschilt": ("Ander bedrag", "let_op"),
}
"""What becomes of a row in a file -> its name and the kind of badge."""


# -- A file of many ----------------------------------------------------------------------------------------------------


@blueprint.post("/bestand")
@toegang(*SCHRIJVERS)
def upload(nummer: str) -> Any:
    """Take a file into the waiting room and show what it would become."""
    blad = opened(nummer)
    form = Bestandform()
    if form.validate_on_submit():
        return BALIE.take(form.bestand.data)
    return list_page(blad, answer_form(blad, formdata=None), form, UNPROCESSABLE)


@blueprint.get("/bestand/<bestand>")
@toegang(*SCHRIJVERS)
def voorbeeld(nummer: str, bestand: str) -> Any:
    """What a waiting file would become."""
    blad = opened(nummer)

    def page(bestand: str, inhoud: bytes) -> Any:
        uitkomst = schulden_inlezen.preview(inhoud, blad.lijst, blad.register)
        nieuwe = [lezing.gegevens.bedrag for lezing in uitkomst.lezingen if lezing.uitkomst == "nieuw"]
        pagina = render_template(
            "schulden/voorbeeld.html",
            blad=blad,
            kop=blad.kop,
            bestand=bestand,
            uitkomst=uitkomst,
            uitkomsten=UITKOMSTEN,
            som=sum(bedrag or 0 for bedrag in nieuwe) / 100,
            sleutel=secrets.token_hex(16),
            vandaag=written(klok.today()),
        )
        return pagina, UNPROCESSABLE if uitkomst.fouten else 200

    return BALIE.show(bestand, page)


@blueprint.post("/bestand/<bestand>")
@toegang(*SCHRIJVERS)
def beslis(nummer: str, bestand: str) -> Any:
    """Take the waiting file in, or let it go."""
    blad = opened(nummer)
    return BALIE.decide(bestand, lambda inhoud: _take_in(nummer, blad, inhoud))


def _take_in(nummer: str, blad: Blad, inhoud: bytes) -> str:
    onbekend = schulden_inlezen.preview(inhoud, blad.lijst, blad.register).onbekend
    keuzes = {een.naam: request.form.get(een.vraag, LOS) for een in onbekend}
    sleutel = request.form.get("sleutel", "")
    try:
        with transaction(current_app.config["DATABASE"]) as db:
            melding = Melding(confirm(db), _day_of_file(), None, sleutel if SLEUTEL.fullmatch(sleutel) else None)
            gedaan, voorgesteld = schulden_inlezen.take_in(db, nummer, inhoud, keuzes, melding)
    except TabelGeweigerd as geweigerd:
        eerste = geweigerd.meldingen[0]
        raise BestandGeweigerd(f"{eerste.plaats.capitalize()}: {eerste.tekst}") from None
    except InvoerGeweigerd as geweigerd:
        raise BestandGeweigerd(" ".join(geweigerd.fouten.values())) from None
    except OvergangGeweigerd as geweigerd:
        raise BestandGeweigerd(" ".join(geweigerd.redenen)) from None
    except Conflict as conflict:
        raise BestandGeweigerd(conflict.zin) from None
    for wie in voorgesteld:
        log("schuldeiser_voorgesteld", betreft=wie.code, medewerker=g.medewerker.pseudoniem)
    rest = gedaan.geteld["aanwezig"] + gedaan.geteld["verschilt"]
    over = f" {aantal(rest, 'rij stond', 'rijen stonden')} er al." if rest else ""
    return f"{aantal(gedaan.geteld['nieuw'], 'schuld', 'schulden')} op de lijst gezet.{over}"


def _day_of_file() -> int:
    try:
        return read_date(request.form.get("op", ""))
    except ValueError as fout:
        raise InvoerGeweigerd({"op": str(fout)}) from None


# -- Taken out ---------------------------------------------------------------------------------------------------------


@blueprint.get("/leeg/<vorm>")
@toegang(*SCHRIJVERS)
def leeg(nummer: str, vorm: str) -> Response:
    """The empty table to fill in."""
    opened(nummer)
    return _file("schulden-invullen", vorm, *schulden_uit.template())


@blueprint.get("/lijst/<vorm>")
@toegang(*LEZERS)
def lijst(nummer: str, vorm: str) -> Response:
    """The whole list as a table; who took it out is logged."""
    blad = opened(nummer)
    antwoord = _file(f"schulden-{nummer}", vorm, schulden_uit.KOP, schulden_uit.rows(blad.lijst))
    note_taken("schulden", vorm, len(blad.lijst.regels), nummer)
    log("schulden_uitgevoerd", betreft=nummer, medewerker=g.medewerker.pseudoniem)
    return antwoord


def _file(naam: str, vorm: str, kop: Sequence[Any], rijen: Sequence[Sequence[Any]]) -> Response:
    if vorm not in VORMEN:
        raise NotFound
    kopregels = {"Content-Disposition": f'attachment; filename="{naam}.{vorm}"'}
    return Response(schulden_uit.as_table(vorm, kop, rijen), mimetype=VORMEN[vorm], headers=kopregels)
