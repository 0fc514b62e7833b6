"""A BSN stands in no address, no log line and no error page; on a melding it may be typed as people do."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator

import pytest
from bezoek import Bezoeker
from flask import abort
from sqlalchemy.exc import OperationalError

from models import klok
from models.database import reading, transaction
from tests.bouwers import NU, a_person, a_traject
from tests.verhalen.lezer import Pagina
from web.app import create_app
from web.toegang import openbaar
from web.zoeken import GEEN_BSN
from workflow import personen

BSN = "123456782"
GESCHREVEN = (BSN, "123.456.782", "123 456 782", "1234 56 782", " 123456782 ", "12345678", "Fatima 123456782")
WEL = ("SHV-2026-00001", "2026-00001", "00001", "20260001234", "1234567", "Jansen", "12-345-678-2")
NIEUW = "/meldingen/schuldhulp/melding_registreren"


@pytest.fixture(autouse=True)
def stille_klok() -> Iterator[None]:
    with klok.at(NU):
        yield


# -- Searching ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zoek", GESCHREVEN)
def test_a_search_for_a_bsn_leads_to_an_address_without_it_and_says_why(bezoeker, login, zoek):
    login(bezoeker, "uitvoerder")
    antwoord = bezoeker.get("/werkvoorraad", query_string={"lijst": "alle", "zoek": zoek})
    assert (antwoord.status_code, antwoord.location) == (302, "/")
    assert zoek.strip() not in antwoord.text
    pagina = bezoeker.get("/", follow_redirects=True).text
    assert GEEN_BSN in Pagina(pagina).meldingen
    assert zoek.strip() not in pagina


@pytest.mark.parametrize("zoek", GESCHREVEN)
def test_the_tips_say_it_too(bezoeker, login, zoek):
    login(bezoeker, "uitvoerder")
    antwoord = bezoeker.get("/zoek", query_string={"zoek": zoek}, headers={"HX-Request": "true"})
    assert (antwoord.status_code, antwoord.text.strip()) == (200, f"<p>{GEEN_BSN}</p>")


@pytest.mark.parametrize("zoek", WEL)
def test_numbers_of_dossiers_and_names_are_searched_for(bezoeker, login, zoek):
    login(bezoeker, "uitvoerder")
    assert bezoeker.get("/werkvoorraad", query_string={"zoek": zoek}).status_code == 200


def test_who_must_log_in_first_does_not_take_a_bsn_along(bezoeker):
    antwoord = bezoeker.get(f"/werkvoorraad?zoek={BSN}")
    assert BSN not in antwoord.location
    assert BSN not in bezoeker.get(antwoord.location).location


def test_no_address_of_another_site_is_made_of_it(bezoeker):
    assert bezoeker.get(f"//evil.example/werkvoorraad?zoek={BSN}").location == "/"


# -- Typing it where it belongs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("getypt", [BSN, "123.456.782", "123 456 782", "1234-56-782", " 1234.56.782 "])
def test_somebody_is_found_by_bsn_however_it_is_typed(bezoeker, login, database, getypt):
    with transaction(database) as db:
        a_person(db, "Bekend", voornaam="Bas", bsn=BSN)
    login(bezoeker, "uitvoerder")
    pagina = Pagina(bezoeker.submit(NIEUW, {"eerste_bsn": getypt, "actie": "zoeken"}).text)
    assert any("Lijkt op iemand die al bekend is" in zin and "Bas Bekend" in zin for zin in pagina.meldingen)


def test_a_bsn_is_kept_as_nine_digits(database):
    with transaction(database) as db:
        wie = a_person(db, bsn="123.456.782")
    with reading(database) as db:
        assert personen.by_pseudonym(db, [wie])[wie].gegevens.bsn == BSN


@pytest.mark.parametrize("getypt", ["123.456.783", "12.34.56", "BSN 123456782"])
def test_what_is_no_bsn_is_refused_and_not_made_into_one(database, getypt):
    with transaction(database) as db, pytest.raises(personen.InvoerGeweigerd) as fout:
        a_person(db, bsn=getypt)
    assert fout.value.fouten == {"bsn": "Dit BSN klopt niet: controleer de negen cijfers."}


# -- Nowhere else ------------------------------------------------------------------------------------------------------


@pytest.fixture
def nummer(database: str) -> str:
    """A traject of somebody with the marker as BSN."""
    with transaction(database) as db:
        wie = a_person(db, "Merkteken", bsn=BSN)
        return a_traject(db, wie=[wie], route="schuldhulp", begin="melding_registreren")


def addresses(pagina: Pagina) -> set[str]:
    return {waarde for knoop in pagina.wortel.alle() for naam, waarde in knoop.eigenschappen.items() if naam in LINKS}


LINKS = ("href", "action", "formaction", "src", "hx-get")


def test_pages_about_somebody_lead_nowhere_with_the_bsn(bezoeker, login, nummer):
    login(bezoeker, "uitvoerder")
    for url in ("/werkvoorraad?lijst=alle", f"/trajecten/{nummer}", f"/trajecten/{nummer}/overgang/intake_starten"):
        pagina = Pagina(bezoeker.get(url).text)
        assert not [adres for adres in addresses(pagina) if BSN in adres]
        assert BSN not in pagina.html
    gevonden = Pagina(bezoeker.submit(NIEUW, {"eerste_bsn": BSN, "actie": "zoeken"}).text)
    assert not [adres for adres in addresses(gevonden) if BSN in adres]


def test_no_log_line_holds_a_bsn(bezoeker, login, nummer, caplog):
    with caplog.at_level(logging.DEBUG):
        login(bezoeker, "uitvoerder")
        bezoeker.get(f"/werkvoorraad?zoek={BSN}", headers={"Referer": f"http://localhost/werkvoorraad?zoek={BSN}"})
        bezoeker.get(f"/zoek?zoek={BSN}")
        bezoeker.get(f"/trajecten/{BSN}")
        bezoeker.get(f"/{BSN}")
        bezoeker.submit(NIEUW, {"eerste_bsn": BSN, "eerste_achternaam": BSN, "actie": "zoeken"})
        bezoeker.submit(NIEUW, {"eerste_bsn": BSN, "eerste_achternaam": "Twee"})
        bezoeker.submit("/inloggen", {"inlognaam": BSN, "wachtwoord": BSN})
    regels = [regel.getMessage() for regel in caplog.records]
    assert len([regel for regel in regels if '"aanvraag"' in regel]) > 6
    assert not [regel for regel in regels if BSN in regel]


FOUTEN = {
    "fout": ValueError(f"{BSN} klopt niet"),
    "bezet": OperationalError("SELECT ?", (BSN,), sqlite3.OperationalError("database is locked")),
    "kapot": OperationalError("SELECT ?", (BSN,), sqlite3.OperationalError(f"no such column: {BSN}")),
}


def raising(fout: Exception):
    def view() -> str:
        raise fout

    return openbaar(view)


@pytest.mark.parametrize("pad", [*FOUTEN, BSN, f"trajecten/{BSN}", f"inloggen?verder={BSN}%00", "dicht"])
def test_no_error_page_and_no_line_about_it_holds_a_bsn(database, login, caplog, pad):
    app = create_app(database, testing=True)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for naam, fout in FOUTEN.items():
        app.add_url_rule(f"/{naam}", naam, raising(fout))
    app.add_url_rule("/dicht", "dicht", openbaar(lambda: abort(403, BSN)))
    app.test_client_class = Bezoeker
    bezoeker = app.test_client()
    login(bezoeker, "uitvoerder")
    with caplog.at_level(logging.DEBUG):
        antwoord = bezoeker.get(f"/{pad}", data={"bsn": BSN}, headers={"Referer": f"http://localhost/?zoek={BSN}"})
    assert antwoord.status_code in (302, 400, 403, 404, 500, 503)
    assert BSN not in antwoord.text
    assert BSN not in antwoord.headers.get("Location", "")
    assert BSN not in caplog.text
    assert [json.loads(regel.getMessage())["event"] for regel in caplog.records if regel.name == "routekaart.web"]
