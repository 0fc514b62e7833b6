"""The form of one debt: what it asks, what it shows of a debt that is there, and what its answers make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import g
from sqlalchemy import Connection
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField

from web.beveiliging import log
from web.formulieren import Basisform, BedragField, DatumField, asked, options, written
from web.schuldenblad import Blad, made
from workflow import schuldboek, schuldeisers
from workflow.kalender import date_of
from workflow.schuldboek import day_of
from workflow.schuldeisers import SOORTEN, Register, Schuldeiser
from workflow.schulden import Gegevens, Regel, Schuldenlijst
from workflow.uitwisseling.schulden_inlezen import LOS, NIEUW, PRIVE, read_cents
from workflow.velden import InvoerGeweigerd, read_date


class Schuldform(Basisform):
    """What is known of one debt."""

    versie = HiddenField()
    schuldeiser = SelectField("Schuldeiser uit het register", asked(False), validate_choice=False)
    naam = StringField("Of: naam van een schuldeiser die daar niet in staat", asked(False))
    soort_naam = RadioField(
        "Wie is dat?",
        asked(False),
        choices=options(
            [
                (PRIVE, "Een privépersoon: blijft alleen in dit dossier"),
                (LOS, "Een organisatie: blijft alleen in dit dossier"),
                (NIEUW, "Een organisatie: voorstellen voor het register"),
            ]
        ),
        default=LOS,
        validate_choice=False,
    )
    is_ander = BooleanField("Het is echt een andere dan de schuldeiser waar de naam op lijkt")
    via = StringField("Deurwaarder of incasso", asked(False))
    kenmerk = StringField("Kenmerk", asked(False), description="Het dossiernummer bij de schuldeiser.")
    bedrag = BedragField("Bedrag", asked(False), description="De hele vordering, bijvoorbeeld 1.234,50.")
    kosten = BedragField("Waarvan rente en kosten", asked(False))
    peil_op = DatumField("Saldo per", asked(False))
    ontstaan_op = DatumField("Ontstaan op", asked(False))
    soort = SelectField("Soort", asked(False), validate_choice=False)
    zakelijk = RadioField(
        "Zakelijke schuld",
        asked(False),
        choices=options([("ja", "Ja"), ("nee", "Nee")]),
        validate_choice=False,
        render_kw={"data-naast": True},
    )
    wie = SelectField("Van wie is de schuld?", asked(False), validate_choice=False)
    stand = SelectField("Hoe ver is het?", asked(False), validate_choice=False)
    op = DatumField("Datum", asked(True), description="De dag waarop dit bekend werd of geantwoord is.")
    notitie = TextAreaField("Notitie", asked(False), render_kw={"rows": 2, "maxlength": schuldboek.GRENZEN["notitie"]})


def debt_form(blad: Blad, regel: Regel | None = None) -> Any:
    """The form with its choices; of a debt that is there also what may no longer be chosen for another."""
    form = made(Schuldform(), blad.kop)
    form.schuldeiser.choices = options([("", "Kies een schuldeiser"), *_creditors(blad.register, regel)])
    form.soort.choices = options([("", "Zoals bij deze schuldeiser gewoon is"), *SOORTEN.items()])
    form.wie.choices = options([("", blad.lijst.whose("")), *_people(blad.lijst, regel)])
    form.stand.choices = options([("", "Zoals het was"), *blad.antwoorden])
    form.versie.data = form.versie.data or str(regel.versie if regel else 0)
    return form


def _creditors(register: Register, regel: Regel | None) -> list[tuple[str, str]]:
    """Those to choose from, and the one that it is."""
    keuzes = {wie.code: wie.naam + (" (voorstel)" if wie.is_voorstel else "") for wie in register.te_kiezen}
    if regel and regel.code and regel.code not in keuzes:
        keuzes[regel.code] = f"{regel.schuldeiser} (afgesloten)"
    return list(keuzes.items())


def _people(lijst: Schuldenlijst, regel: Regel | None) -> list[tuple[str, str]]:
    wie = dict(lijst.wie) if len(lijst.wie) > 1 else {}
    if regel and regel.gegevens.wie and regel.gegevens.wie not in wie:
        wie[regel.gegevens.wie] = lijst.whose(regel.gegevens.wie)
    return list(wie.items())


def fill(form: Any, regel: Regel) -> None:
    """Show a debt in its form."""
    g_ = regel.gegevens
    form.schuldeiser.data = regel.code
    form.soort_naam.data = PRIVE if g_.is_prive else LOS
    form.zakelijk.data = {True: "ja", False: "nee", None: ""}[g_.is_zakelijk]
    for veld in ("naam", "via", "kenmerk", "soort", "wie", "notitie"):
        form[veld].data = getattr(g_, veld)
    for veld in ("bedrag", "kosten"):
        form[veld].data = _typed_amount(getattr(g_, veld))
    for veld in ("peil_op", "ontstaan_op"):
        form[veld].data = written(day_of(dag)) if (dag := getattr(g_, veld)) else ""


def _typed_amount(cent: int | None) -> str:
    return "" if cent is None else f"{cent // 100},{cent % 100:02}"


def facts(db: Connection, form: Any, blad: Blad) -> tuple[Gegevens, dict[str, str]]:
    """What the form says of a debt, and what is wrong in it; a creditor that is proposed is entered."""
    fouten: dict[str, str] = {}
    bedragen = {veld: _read(read_cents, form, veld, fouten) for veld in ("bedrag", "kosten")}
    dagen: dict[str, Any] = {veld: _read(_iso, form, veld, fouten) or "" for veld in ("peil_op", "ontstaan_op")}
    teksten: dict[str, Any] = {v: (form[v].data or "").strip() for v in ("via", "kenmerk", "wie", "notitie")}
    naam, is_prive = " ".join((form.naam.data or "").split()), form.soort_naam.data == PRIVE
    code = form.schuldeiser.data or ""
    gegevens = Gegevens(
        schuldeiser=code,
        naam=naam,
        is_prive=is_prive and not code,
        soort=form.soort.data or ("" if code else "Overig"),
        is_zakelijk={"ja": True, "nee": False}.get(form.zakelijk.data or ""),
        **teksten,
        **bedragen,
        **dagen,
    )
    if not fouten and naam and not code and form.soort_naam.data == NIEUW:
        return _proposed(db, form, blad, gegevens, fouten)
    return gegevens, _judged(gegevens, blad, fouten)


def _judged(gegevens: Gegevens, blad: Blad, fouten: dict[str, str]) -> dict[str, str]:
    """What is wrong all told, so that it is said in one round."""
    was = next((r.gegevens for r in blad.lijst.regels if r.code and r.code == gegevens.schuldeiser), None)
    try:
        schuldboek.checked(gegevens, blad.register, blad.lijst.wie, was)
    except InvoerGeweigerd as geweigerd:
        return {**geweigerd.fouten, **fouten}
    return fouten


def _proposed(
    db: Connection, form: Any, blad: Blad, gegevens: Gegevens, fouten: dict[str, str]
) -> tuple[Gegevens, dict[str, str]]:
    """The debt with its creditor in the register; one that looks like another is only entered when asked."""
    lijkt = [] if form.is_ander.data else blad.register.look_alikes(gegevens.naam)
    if lijkt:
        namen = ", ".join(wie.naam for wie in lijkt[:3])
        return gegevens, {"naam": f"Dit lijkt op: {namen}. Kies die hierboven, of vink aan dat het een andere is."}
    if fouten := _judged(gegevens, blad, fouten):
        return gegevens, fouten
    wie = schuldeisers.add(
        db, Schuldeiser("", gegevens.naam, gegevens.soort, is_voorstel=True), g.medewerker.pseudoniem
    )
    log("schuldeiser_voorgesteld", betreft=wie.code, medewerker=g.medewerker.pseudoniem)
    return replace(gegevens, schuldeiser=wie.code, naam=""), fouten


def _read(lezer: Callable[[str], Any], form: Any, veld: str, fouten: dict[str, str]) -> Any:
    tekst = (form[veld].data or "").strip()
    try:
        return lezer(tekst) if tekst else None
    except ValueError as fout:
        fouten[veld] = str(fout)
        return None


def _iso(tekst: str) -> str:
    return date_of(read_date(tekst)).isoformat()
