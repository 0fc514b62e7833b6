"""Undoing what one recorded last: on the page for a quarter of an hour, and refused after it by the engine too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory

from models.database import reading, transaction
from tests.bouwers import COORDINATOR, NU, VANDAAG, a_traject, log_rows, step
from tests.verhalen.lezer import Pagina
from workflow.correcties import TE_LAAT_ONGEDAAN
from workflow.opdracht import Actor

MELDING = {"route": "schuldhulp", "begin": "melding_registreren"}


@pytest.fixture(autouse=True)
def klok() -> Iterator[FrozenDateTimeFactory]:
    """A clock that stands still until the test moves it."""
    with freeze_time(NU) as bevroren:
        yield bevroren


@pytest.fixture
def door(bezoeker: Any, login: Any) -> Actor:
    """The uitvoerder who is logged in."""
    wie = login(bezoeker, "uitvoerder")
    return Actor(wie.pseudoniem, wie.rol.value, wie.organisatie)


@pytest.fixture
def nummer(database: str, door: Actor) -> str:
    """A traject in which the uitvoerder has just made a note."""
    with transaction(database) as db:
        gemaakt = a_traject(db, op=VANDAAG - 9, door=door, aantal=2, **MELDING)
        step(db, gemaakt, "notitie_maken", VANDAAG, door=door, invoer={"notitie": "Gebeld."})
    return gemaakt


def page(bezoeker: Any, nummer: str) -> Pagina:
    return Pagina(bezoeker.get(f"/trajecten/{nummer}").text)


def way_back(pagina: Pagina) -> list[tuple[str, dict[str, str]]]:
    """Where each button to undo leads, with what it sends."""
    formulieren = pagina.wortel.alle("form", "rk-melding__actie")
    return [(f["action"], {veld["name"]: veld["value"] for veld in f.alle("input")}) for f in formulieren]


def withdrawn(database: str, nummer: str) -> list[int]:
    with reading(database) as db:
        return [rij["betreft_volgnummer"] for rij in log_rows(db, nummer) if rij["soort"] == "intrekking"]


def test_what_one_recorded_last_can_be_undone_until_a_quarter_of_an_hour_has_gone(bezoeker, database, nummer, klok):
    klok.tick(timedelta(minutes=14))
    (melding,) = page(bezoeker, nummer).meldingen
    assert melding == "U legde net vast: notitie gemaakt. Ongedaan maken kan tot 10:15 uur. Ongedaan maken"
    ((url, velden),) = way_back(page(bezoeker, nummer))
    bezoeker.submit(url, velden)
    assert withdrawn(database, nummer) == [2]
    assert way_back(page(bezoeker, nummer)) == []


def test_after_a_quarter_of_an_hour_it_is_offered_no_more_and_refused(bezoeker, database, nummer, klok):
    ((url, velden),) = way_back(page(bezoeker, nummer))
    klok.tick(timedelta(minutes=15, seconds=1))
    assert way_back(page(bezoeker, nummer)) == []
    antwoord = bezoeker.submit(url, velden, follow_redirects=True)
    assert TE_LAAT_ONGEDAAN in " ".join(Pagina(antwoord.text).meldingen)
    assert withdrawn(database, nummer) == []


def test_the_reason_of_what_is_undone_at_once_is_refused_for_what_is_older(bezoeker, database, nummer, klok):
    klok.tick(timedelta(minutes=15, seconds=1))
    antwoord = bezoeker.submit(f"/trajecten/{nummer}/gebeurtenis/2/intrekken", {"reden": "vergissing"})
    assert (antwoord.status_code, Pagina(antwoord.text).fouten) == (422, [TE_LAAT_ONGEDAAN])
    assert withdrawn(database, nummer) == []


def test_the_button_stands_on_the_page_once(bezoeker, nummer):
    url = f"/trajecten/{nummer}/overgang/notitie_maken"
    velden = Pagina(bezoeker.get(url).text).formulier.filled({"notitie": "Nog eens."})
    pagina = Pagina(bezoeker.submit(url, velden, follow_redirects=True).text)
    assert len(way_back(pagina)) == 1
    assert "Notitie gemaakt." in pagina.meldingen[0]
    assert [url for url, _ in way_back(page(bezoeker, nummer))] == [f"/trajecten/{nummer}/gebeurtenis/3/ongedaan"]


def test_what_a_colleague_did_is_not_offered_and_not_undone(bezoeker, database, nummer):
    ((url, velden),) = way_back(page(bezoeker, nummer))
    with transaction(database) as db:
        step(db, nummer, "notitie_maken", VANDAAG, door=COORDINATOR, invoer={"notitie": "Ook gebeld."})
    assert way_back(page(bezoeker, nummer)) == []
    del velden["verwacht"]
    antwoord = bezoeker.submit(url, velden, follow_redirects=True)
    assert TE_LAAT_ONGEDAAN in " ".join(Pagina(antwoord.text).meldingen)
    assert withdrawn(database, nummer) == []


def test_a_split_is_undone_where_it_was_recorded(bezoeker, database, nummer, door):
    with transaction(database) as db:
        step(db, nummer, "huishouden_splitsen", VANDAAG, door=door)
    pagina = page(bezoeker, nummer)
    (nieuw,) = [a["href"] for m in pagina.wortel.alle(klasse="rk-melding") for a in m.alle("a")]
    assert [url for url, _ in way_back(pagina)] == [f"/trajecten/{nummer}/gebeurtenis/3/ongedaan"]
    assert way_back(Pagina(bezoeker.get(nieuw).text)) == []


def test_a_child_traject_that_came_along_is_undone_with_what_opened_it(bezoeker, database, door):
    with transaction(database) as db:
        invoer = {"bron": "eigen_melding", "crisis": "woningontruiming"}
        ouder = a_traject(db, op=VANDAAG, door=door, invoer=invoer, **MELDING)
    pagina = page(bezoeker, ouder)
    (kind,) = pagina.kinderen
    assert len(way_back(pagina)) == 1
    assert way_back(page(bezoeker, kind.nummer)) == []


# -- Reasons -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wat", ["intrekken", "verbeteren"])
def test_reasons_fit_the_route(bezoeker, nummer, wat):
    redenen = Pagina(bezoeker.get(f"/trajecten/{nummer}/gebeurtenis/2/{wat}").text).formulier.keuzes["reden"]
    assert redenen["niet_gebeurd"] == "Bij vergissing vastgelegd, het is niet gebeurd"
    assert not {"telling_herzien", "vergissing"} & set(redenen)


def test_the_reason_of_another_route_is_refused(bezoeker, database, nummer):
    antwoord = bezoeker.submit(f"/trajecten/{nummer}/gebeurtenis/2/intrekken", {"reden": "telling_herzien"})
    assert Pagina(antwoord.text).fouten == ["Kies een reden voor de correctie."]
    assert withdrawn(database, nummer) == []
