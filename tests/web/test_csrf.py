"""Nothing is done without the token of the session: looped over every address that takes a POST."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from bezoek import WACHTWOORD, an_account
from flask import Flask
from werkzeug.routing import Rule

from models import klok
from models.database import reading, transaction
from tests.bouwers import COORDINATOR, NU, VANDAAG, a_traject, everything, step
from tests.brievenbus import begun
from web import toegang
from workflow.indicatoren import ALLE, Periode, Vraag
from workflow.kalender import daynumber
from workflow.opdracht import Actor
from workflow.rapporten import vaststellen

LEVERING = Path(__file__).parents[1] / "data" / "ddas" / "volledig.json"
DAG = daynumber(date(2026, 5, 15))


@pytest.fixture(autouse=True)
def stille_klok() -> Iterator[None]:
    with klok.at(NU):
        yield


@pytest.fixture
def plekken(database: str) -> dict[str, Any]:
    """What there is to change: values for the arguments in addresses."""
    wie = an_account(database, "uitvoerder")
    with transaction(database) as db:
        door = Actor(wie.pseudoniem, wie.rol.value, wie.organisatie)
        nummer = a_traject(db, route="schuldhulp", begin="melding_registreren", door=door)
        gemaakt = step(db, nummer, "notitie_maken", VANDAAG, door=door)
        brief = begun(db, nummer)
        vaststellen.fix(db, Vraag(Periode(VANDAAG - 365, VANDAAG)), ALLE, COORDINATOR)
    wat = {"nummer": nummer, "volgnummer": gemaakt.volgnummer, "briefnummer": brief}
    return {**NERGENS, **wat, "pseudoniem": wie.pseudoniem}


NERGENS: dict[str, Any] = {
    **dict.fromkeys(("stuk", "punt", "bestand", "ander", "weg"), "0" * 32),
    **{"uitkomst": "gehouden", "soort": "wachten", "schuld": 1, "id_": 1, "code": "BANK"},
}
"""Arguments that point at what is not there: a document, an appointment, a debt, another person, a creditor."""


VELDEN = {
    **{"inlognaam": "uitvoerder", "wachtwoord": WACHTWOORD, "thema": "dark", "keuze": "inlezen"},
    "pad": "/meldingen/schuldhulp/melding_registreren",
    **{"naam": "Nieuw Punt", "code": "WSP-NIEUW", "soort": "wijkservicepunt", "dag": "11-5-2029", "bron": "Besluit"},
    **{
        "op": "2-3-2026",
        "notitie": "Gebeld.",
        "naar": "team",
        "reden": "telfout",
        "van": "1-1-2026",
        "tot": "1-2-2026",
    },
    **{"wat": "breuk", "klacht_onderwerp": "anders", "met_commissie": "nee", "eerste_achternaam": "Nieuwkomer"},
}
"""Answers to the questions of any form; each takes its own."""

VOORSTELLEN = ("voorstellen.bevestigen", "voorstellen.afwijzen", "voorstellen.terugnemen")

ANDERS = {
    "trajecten.overgang": {"code": "notitie_maken"},
    "trajecten.erbij": {"route": "klacht", "code": "klacht_registreren"},
    "trajecten.verbeteren": {"volgnummer": 1},
    "meldingen.nieuw": {"route": "schuldhulp", "code": "melding_registreren"},
    "beheer.organisatie_afsluiten": {"code": "WSP-NOORD"},
    "beheer.organisatie_heropenen": {"code": "WSP-NOORD"},
    "beheer.organisatie_wijzigen": {"code": "WSP-NOORD"},
    "beheer.gelijkgestelde_dag_verwijderen": {"dag": DAG},
    "uitwisseling.beslis": {"nummer": "0" * 32},
    "opgaven.nieuw": {"code": "P1"},
    "partijen.beginnen": {"route": "vroegsignaal", "code": "signaal_ontvangen"},
    "opgaven.beslis": {"nummer": "0" * 32},
    "rapport.uitgeven": {"nummer": 1},
    "kaarten.zet_over": {"kaart": "0" * 64},
    **{naam: {"id_": 1} for naam in (*VOORSTELLEN, "werkvoorraad.vergeet")},
    **{f"sjablonen.{naam}": {"code": "rappel", "versie": 0} for naam in ("wijzig", "zet_terug")},
}
"""Values of arguments that mean something of their own in this endpoint."""

NIETS_DAAR = {
    *("opgaven.nieuw", "opgaven.verbeteren", "kaarten.zet_over", "vervanging.terug", *VOORSTELLEN),
    *("agenda.wijzigen", "agenda.weghalen", "agenda.uitkomst", "wachten.verlengen", "wachten.klaar", "wachten.vervalt"),
    *("schulden.wijzigen", "schulden.vervallen", "schulden.overnemen", "stukken.weghalen"),
    *(
        f"schuldeisers.{daad}"
        for daad in ("wijzigen", "samenvoegen", "losmaken", "goedkeuren", "afsluiten", "heropenen", "wissen")
    ),
    *(f"personen.{daad}" for daad in ("tonen", "wijzigen", "samenvoegen", "losmaken")),
    *("afscherming.beeindigen", "afscherming.inzien"),
}
"""These ask for a report, a proposal or something else that is not there: they look, and say that there is none."""


def posts(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]


def address(app: Flask, rule: Rule, plekken: dict[str, Any]) -> str:
    with app.test_request_context():
        return app.url_for(rule.endpoint, **{k: v for k, v in arguments(rule, plekken).items() if k in rule.arguments})


def arguments(rule: Rule, plekken: dict[str, Any]) -> dict[str, Any]:
    return {**plekken, **ANDERS.get(rule.endpoint, {})}


def role_for(app: Flask, rule: Rule) -> str:
    """The first role that may use it."""
    with app.app_context():
        return str(min(toegang.roles_of(rule.endpoint) or {"uitvoerder"}, key=toegang.ALLEN.index))


def contents(database: str) -> dict[str, list[tuple[Any, ...]]]:
    with reading(database) as db:
        return everything(db)


def body() -> dict[str, Any]:
    return {**VELDEN, "bestand": (BytesIO(LEVERING.read_bytes()), "levering.json")}


@pytest.mark.parametrize("token", [None, "", "van een ander"])
def test_a_post_without_our_token_changes_nothing_whatever_the_address(app, bezoeker, login, database, plekken, token):
    fouten = []
    for rule in posts(app):
        login(bezoeker, role_for(app, rule))
        vooraf = contents(database)
        velden = body() if token is None else {**body(), "csrf_token": token}
        antwoord = bezoeker.post(address(app, rule, plekken), data=velden, content_type="multipart/form-data")
        if antwoord.status_code != 400 or "Dit formulier is verlopen" not in antwoord.text:
            fouten.append((rule.endpoint, antwoord.status_code))
        assert contents(database) == vooraf, rule.endpoint
    assert fouten == []


def test_with_the_token_every_one_of_them_is_heard(app, bezoeker, login, database, plekken):
    """So that it was the token, and nothing else, that was missing."""
    doof = []
    for rule in posts(app):
        login(bezoeker, role_for(app, rule))
        antwoord = bezoeker.submit(address(app, rule, plekken), body(), content_type="multipart/form-data")
        gehoord = {200, 204, 302, 303, 422} | ({404} if rule.endpoint in NIETS_DAAR else set())
        if antwoord.status_code not in gehoord:
            doof.append((rule.endpoint, antwoord.status_code))
    assert doof == []


def test_there_are_posts_to_judge(app):
    assert len(posts(app)) > 20
