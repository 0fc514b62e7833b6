"""What stands on every page: which map is in force; and on a traject, what its client reads about the present stap."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.exc import OperationalError

from models import klok
from models.database import reading, transaction
from tests.bouwers import NU, a_traject, step
from tests.verhalen.lezer import Pagina
from web import app as web_app
from workflow import instellingen, kaarten
from workflow.kaartlezer import lees


@pytest.fixture(autouse=True)
def stille_klok() -> Iterator[None]:
    with klok.at(NU):
        yield


def foot(bezoeker, url: str) -> list[str]:
    return Pagina(bezoeker.get(url).text).wortel.eerste("footer").teksten("span")


@pytest.mark.parametrize("url", ["/werkvoorraad", "/wachtwoord", "/er-is-hier-niets", "/beheer/organisaties"])
def test_every_page_says_which_map_is_in_force(bezoeker, login, url):
    assert foot(bezoeker, "/inloggen")[0] == "Routekaart 2026-1 (proef)"
    login(bezoeker, "uitvoerder")
    assert foot(bezoeker, url)[0] == "Routekaart 2026-1 (proef)"


def test_a_map_that_is_published_shows_at_once(bezoeker, database):
    nieuw = instellingen.map_file().read_text(encoding="utf-8").replace('versie: "2026-1"', 'versie: "2026-2"')
    with transaction(database) as db:
        kaarten.store(db, lees(nieuw.replace("status: proef", "status: geldig")))
    assert foot(bezoeker, "/inloggen")[0] == "Routekaart 2026-2 (geldig)"


def test_a_page_comes_without_it_while_the_database_does_not_answer(bezoeker, monkeypatch):
    def broken(_url: str):
        raise OperationalError("BEGIN", (), Exception("unable to open database file"))

    monkeypatch.setattr(web_app, "reading", broken)
    antwoord = bezoeker.get("/er-is-hier-niets")
    assert antwoord.status_code == 404
    assert "(proef)" not in Pagina(antwoord.text).wortel.eerste("footer").tekst


def test_the_page_of_a_traject_shows_what_its_client_reads_about_this_stap(bezoeker, login, database):
    login(bezoeker, "uitvoerder")
    with transaction(database) as db:
        nummer = a_traject(db, route="schuldhulp", begin="melding_registreren")
    eerst = client_text(bezoeker, nummer)
    with transaction(database) as db:
        step(db, nummer, "intake_starten")
    with reading(database) as db:
        stappen = kaarten.in_force(db).routes["schuldhulp"].stappen
    assert (eerst, client_text(bezoeker, nummer)) == (stappen["melding"].uitleg["nl"], stappen["intake"].uitleg["nl"])


def client_text(bezoeker, nummer: str) -> str:
    kaart = Pagina(bezoeker.get(f"/trajecten/{nummer}").text).wortel.met_id("deel-clienttekst")
    assert kaart.eerste("h2").tekst == "Wat de cliënt hierover leest"
    return kaart.teksten("p")[0]
