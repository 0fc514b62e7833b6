"""The contact log: a form of ten seconds, and a list with what hangs on the traject in it too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from models import klok
from models.database import reading, transaction
from tests.bouwers import NU, VANDAAG, a_traject, folded, let_one_correct, log_rows, step
from tests.verhalen.lezer import Pagina
from web.contacten import PER_BLAD
from workflow.opdracht import Actor
from workflow.voortgang import advance

GEBELD = {"contactsoort": "telefoon", "bereikt": "ja"}
NOTITIE = "Mevrouw belt morgen terug\nover de huur."


@pytest.fixture
def door(bezoeker, login) -> Iterator[Actor]:
    """The uitvoerder who is logged in; the clock stands still."""
    with klok.at(NU):
        wie = login(bezoeker, "uitvoerder")
        yield Actor(wie.pseudoniem, wie.rol.value, wie.organisatie)


@pytest.fixture
def nummer(database: str, door: Actor) -> str:
    """A traject that began sixty days ago."""
    with transaction(database) as db:
        return a_traject(db, op=VANDAAG - 60, door=door, route="schuldhulp", begin="melding_registreren")


def page(bezoeker, nummer: str, vraag: str = "") -> Pagina:
    antwoord = bezoeker.get(f"/trajecten/{nummer}/contact{vraag}")
    assert antwoord.status_code == 200
    return Pagina(antwoord.text)


def record(bezoeker, nummer: str, **antwoorden: str) -> Any:
    """Send the form as a browser would."""
    velden = page(bezoeker, nummer).formulier.filled({**GEBELD, **antwoorden})
    return bezoeker.submit(f"/trajecten/{nummer}/contact/vastleggen", velden)


def call(database: str, nummer: str, door: Actor, op: int, **antwoorden: str) -> None:
    with transaction(database) as db:
        advance(db, nummer, "contact_vastleggen", {**GEBELD, **antwoorden}, door=door, op=op)


def lines(pagina: Pagina) -> list[str]:
    return pagina.wortel.met_id("contacten").eerste("tbody").teksten("tr")


def test_a_call_is_recorded_on_the_page_itself(bezoeker, database, nummer):
    antwoord = record(bezoeker, nummer, contact_over="betaling", toelichting=NOTITIE)
    assert (antwoord.status_code, antwoord.location) == (303, f"/trajecten/{nummer}/contact")
    pagina = page(bezoeker, nummer)
    assert pagina.meldingen[0].startswith("Contact vastgelegd.")
    (regel,) = lines(pagina)
    assert "telefoon, bereikt" in regel
    assert "Waarover: Betaling of inkomen" in regel
    assert "Mevrouw belt morgen terug" in regel
    assert pagina.feiten["Laatste contact met de cliënt"].endswith("(vandaag)")
    with reading(database) as db:
        assert "Mevrouw" not in str(log_rows(db))


def test_how_and_whether_somebody_was_reached_must_be_said(bezoeker, database, nummer):
    velden = page(bezoeker, nummer).formulier.filled({"toelichting": NOTITIE})
    antwoord = bezoeker.submit(f"/trajecten/{nummer}/contact/vastleggen", velden)
    assert antwoord.status_code == 422
    assert len(Pagina(antwoord.text).fouten) == 2
    assert "Mevrouw belt morgen terug" in antwoord.text
    with reading(database) as db:
        assert len(log_rows(db, nummer)) == 1


def test_an_attempt_is_in_the_list_and_does_not_break_the_silence(bezoeker, database, nummer, door):
    call(database, nummer, door, VANDAAG - 40)
    for dagen in (3, 2):
        call(database, nummer, door, VANDAAG - dagen, bereikt="nee")
    call(database, nummer, door, VANDAAG - 1, contact_met="schuldeiser")
    pagina = page(bezoeker, nummer)
    assert pagina.feiten["Laatste contact met de cliënt"].endswith("(40 dagen geleden)")
    assert pagina.feiten["Daarna geprobeerd"] == "3 keer"
    assert [("Gesproken" in regel) for regel in lines(pagina)] == [False, False, False, True]


def test_what_hangs_on_the_traject_is_in_its_list(bezoeker, database, nummer, door):
    call(database, nummer, door, VANDAAG - 5)
    with transaction(database) as db:
        kind = a_traject(db, route="crisis", hoort_bij=nummer, op=VANDAAG - 4, door=door)
        step(db, kind, "crisisgesprek_voeren", VANDAAG - 3, door=door, invoer={"toelichting": NOTITIE})
    eerste, tweede = lines(page(bezoeker, nummer))
    assert (kind in eerste, "Mevrouw belt" in eerste, kind in tweede) == (True, True, False)


def test_a_withdrawn_contact_is_not_in_the_list(bezoeker, database, nummer):
    record(bezoeker, nummer)
    bezoeker.submit(f"/trajecten/{nummer}/gebeurtenis/2/ongedaan")
    assert lines(page(bezoeker, nummer)) == ["Hier is nog geen contact vastgelegd."]


def test_the_list_is_narrowed_by_what_was_answered(bezoeker, database, nummer, door):
    call(database, nummer, door, VANDAAG - 9)
    call(database, nummer, door, VANDAAG - 8, bereikt="nee")
    call(database, nummer, door, VANDAAG - 7, contactsoort="huisbezoek", contact_over="stukken")
    assert len(lines(page(bezoeker, nummer, "?telt=ja"))) == 2
    assert len(lines(page(bezoeker, nummer, "?contactsoort=telefoon&telt=ja"))) == 1
    (regel,) = lines(page(bezoeker, nummer, "?contact_over=stukken"))
    assert "huisbezoek" in regel
    assert lines(page(bezoeker, nummer, "?contactsoort=duif")) == ["Geen contact gevonden. Verwijder een filter."]


def test_a_long_list_is_leafed_through(bezoeker, database, nummer, door):
    with transaction(database) as db:
        for _ in range(PER_BLAD + 1):
            advance(db, nummer, "contact_vastleggen", GEBELD, door=door, op=VANDAAG - 9)
    assert len(lines(page(bezoeker, nummer))) == PER_BLAD
    assert len(lines(page(bezoeker, nummer, "?blad=2"))) == len(lines(page(bezoeker, nummer, "?blad=999"))) == 1


def test_a_forgotten_contact_of_long_ago_becomes_a_proposal(bezoeker, database, nummer, door):
    call(database, nummer, door, VANDAAG - 2)
    with transaction(database) as db:
        let_one_correct(db, 30)
    antwoord = record(bezoeker, nummer, op="5-1-2026")
    assert antwoord.location.startswith("/voorstellen/")
    with reading(database) as db:
        assert len(folded(db, nummer).log) == 2


def test_an_auditor_reads_the_list_and_has_no_form(bezoeker, database, login, nummer, door):
    call(database, nummer, door, VANDAAG - 5, toelichting=NOTITIE)
    login(bezoeker, "auditor")
    pagina = page(bezoeker, nummer)
    assert len(lines(pagina)) == 1
    assert not list(pagina.wortel.alle("form", "rk-formulier"))
