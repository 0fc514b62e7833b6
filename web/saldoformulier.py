"""The form in which several debts each get the saldo that its creditor gave: an amount per debt, a day for all."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from flask import request
from wtforms import HiddenField, SelectField, TextAreaField

from models import klok
from web.formulieren import Basisform, BedragField, DatumField, asked, number_of, options, written
from web.schuldenblad import Blad, made
from workflow.kalender import date_of
from workflow.schuldboek import Saldo, row_fault
from workflow.schulden import Regel
from workflow.uitwisseling.schulden_inlezen import read_cents
from workflow.velden import MAX_TEKST, read_date


class Saldoform(Basisform):
    """What holds for all rows."""

    stand = SelectField("Wat legt u vast?", asked(True), validate_choice=False)
    op = DatumField("Datum", asked(True), description="De dag van het antwoord.")
    peil_op = DatumField("Saldo per", asked(False), description="Niet ingevuld: de datum van het antwoord.")
    toelichting = TextAreaField("Toelichting", asked(False), render_kw={"rows": 2, "maxlength": MAX_TEKST})


def balance_form(blad: Blad, regels: Sequence[Regel]) -> Any:
    """The form with an amount for each of these debts; coming from the list it brings along what was chosen there."""
    delen: dict[str, Any] = {}
    for regel in regels:
        delen[f"bedrag_{regel.nummer}"] = BedragField(f"Saldo van schuld {regel.nummer}", asked(False))
        delen[f"versie_{regel.nummer}"] = HiddenField()
    form = type("Saldiform", (Saldoform,), delen)()
    form.stand.choices = options([("", "Maak een keuze"), *blad.antwoorden])
    if request.form.get("ingevuld") != "ja":
        form.stand.data = form.stand.data or min(blad.boek.saldo, default="")
        form.sleutel.data = form.sleutel.data if request.method == "GET" else secrets.token_hex(16)
        form.op.data = form.op.data or written(klok.today())
    for regel in regels:
        versie = form[f"versie_{regel.nummer}"]
        versie.data = versie.data or str(regel.versie)
    return made(form, blad.kop)


def show_versions(form: Any, regels: Sequence[Regel]) -> None:
    """After a conflict the form counts as filled in on what stands there now."""
    for regel in regels:
        form[f"versie_{regel.nummer}"].data = str(regel.versie)


def balances(form: Any, regels: Sequence[Regel], fouten: dict[str, str]) -> dict[int, Saldo]:
    """The amounts that were filled in, by debt; what is none is added to the faults, with its row."""
    gelezen: dict[int, Saldo] = {}
    for regel in regels:
        naam = f"bedrag_{regel.nummer}"
        try:
            cent = read_cents((form[naam].data or "").strip())
        except ValueError as fout:
            fouten[naam] = row_fault(regel, str(fout))
            continue
        if cent is not None:
            gelezen[regel.nummer] = Saldo(cent, number_of(form[f"versie_{regel.nummer}"].data) or 0)
    return gelezen


def balance_day(form: Any, fouten: dict[str, str]) -> str:
    """The day of the amounts as ISO text: that of the answer where none was given."""
    naam = "peil_op" if (form.peil_op.data or "").strip() else "op"
    try:
        return date_of(read_date(form[naam].data or "")).isoformat()
    except ValueError as fout:
        fouten[naam] = str(fout)
        return ""
