"""Correcting on the page: a text is corrected like any other answer, and what it said first stays readable."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from models import klok
from models.database import reading, transaction
from tests.bouwers import COORDINATOR, NU, VANDAAG, a_person, a_traject, log_rows, step
from tests.verhalen.lezer import Pagina
from workflow import personen
from workflow.opdracht import Actor

EERST, DAN, LAATST = "Gebeld met de verhuurder.", "Gebeld met de verhuurder, mevrouw Smit.", "Gebeld met mevrouw Smit."


@pytest.fixture
def nummer(bezoeker, login, database: str) -> Iterator[str]:
    """A traject with a note of the uitvoerder who is logged in, as volgnummer 2."""
    with klok.at(NU):
        wie = login(bezoeker, "uitvoerder")
        door = Actor(wie.pseudoniem, wie.rol.value, wie.organisatie)
        with transaction(database) as db:
            gemaakt = a_traject(db, op=VANDAAG - 9, door=door, route="schuldhulp", begin="melding_registreren")
            step(db, gemaakt, "notitie_maken", VANDAAG, door=door, invoer={"notitie": EERST})
        yield gemaakt


def form_of(bezoeker, nummer: str) -> tuple[str, Pagina]:
    url = f"/trajecten/{nummer}/gebeurtenis/2/verbeteren"
    return url, Pagina(bezoeker.get(url).text)


def correct(bezoeker, nummer: str, **antwoorden: str):
    """Send the form of the note as a browser would, with these answers."""
    url, pagina = form_of(bezoeker, nummer)
    tekst = pagina.wortel.met_id("notitie").tekst
    velden = pagina.formulier.filled({"notitie": tekst, "reden": "telfout", **antwoorden})
    return bezoeker.submit(url, velden)


def answers_of(bezoeker, nummer: str) -> list[str]:
    return [regel.antwoorden for regel in Pagina(bezoeker.get(f"/trajecten/{nummer}").text).geschiedenis[1:]]


def offers(bezoeker, nummer: str) -> set[int]:
    """The gebeurtenissen that the page offers to withdraw."""
    return {int(n) for n in re.findall(r"/gebeurtenis/(\d+)/intrekken", bezoeker.get(f"/trajecten/{nummer}").text)}


def log(database: str) -> list[dict[str, object]]:
    with reading(database) as db:
        return log_rows(db)


def test_the_form_shows_the_text_as_it_reads_now(bezoeker, nummer):
    _, pagina = form_of(bezoeker, nummer)
    assert pagina.wortel.met_id("notitie").tekst == EERST
    correct(bezoeker, nummer, notitie=DAN)
    _, pagina = form_of(bezoeker, nummer)
    assert pagina.wortel.met_id("notitie").tekst == DAN


def test_a_corrected_text_shows_with_what_it_was(bezoeker, nummer):
    assert correct(bezoeker, nummer, notitie=DAN, toelichting_correctie="Naam vergeten.").status_code == 302
    assert correct(bezoeker, nummer, notitie=LAATST).status_code == 302
    assert answers_of(bezoeker, nummer) == [
        f"Notitie: {LAATST}",
        f"Notitie: {DAN} (was {EERST})Toelichting: Naam vergeten.",
        f"Notitie: {LAATST} (was {DAN})",
    ]


def test_a_correction_that_is_withdrawn_gives_the_old_text_back(bezoeker, nummer):
    correct(bezoeker, nummer, notitie=DAN)
    url = f"/trajecten/{nummer}/gebeurtenis/3/intrekken"
    velden = Pagina(bezoeker.get(url).text).formulier.filled({"reden": "telfout"})
    assert bezoeker.submit(url, velden).status_code == 302
    assert answers_of(bezoeker, nummer)[0] == f"Notitie: {EERST}"


def test_a_text_left_as_it_was_is_not_written_again(bezoeker, database, nummer):
    assert correct(bezoeker, nummer, op="01-03-2026").status_code == 302
    assert "toelichting" not in str(log(database)[-1]["inhoud"])


def test_a_correction_of_nothing_is_refused(bezoeker, database, nummer):
    vooraf = log(database)
    assert "Er is niets veranderd." in correct(bezoeker, nummer).text
    assert log(database) == vooraf


def test_a_text_is_not_emptied(bezoeker, database, nummer):
    vooraf = log(database)
    assert any("niet leeggemaakt" in zin for zin in Pagina(correct(bezoeker, nummer, notitie="  ").text).fouten)
    assert log(database) == vooraf


def test_a_corrected_text_sent_twice_is_one_correction(bezoeker, database, nummer):
    url, pagina = form_of(bezoeker, nummer)
    velden = pagina.formulier.filled({"notitie": DAN, "reden": "telfout"})
    assert [bezoeker.submit(url, velden).status_code for _ in range(2)] == [302, 302]
    assert len(log(database)) == 3


def test_no_text_stands_in_the_log(bezoeker, database, nummer):
    correct(bezoeker, nummer, notitie=DAN)
    assert not [rij for rij in log(database) if "Smit" in str(rij) or "verhuurder" in str(rij)]


def test_a_merge_and_its_undoing_offer_no_correction_on_the_page(bezoeker, login, database: str):
    login(bezoeker, "coordinator")
    with klok.at(NU), transaction(database) as db:
        weg, blijft = a_person(db), a_person(db)
        nummer = a_traject(db, op=VANDAAG - 9, wie=[weg], route="schuldhulp", begin="melding_registreren")
        personen.merge(db, weg, blijft, door=COORDINATOR, op=VANDAAG)
    with klok.at(NU):
        samengevoegd = offers(bezoeker, nummer)
    with klok.at(NU), transaction(database) as db:
        personen.unmerge(db, weg, door=COORDINATOR, reden="telfout")
    with klok.at(NU):
        assert samengevoegd == offers(bezoeker, nummer) == {1}
