"""A form that somebody filled in while a colleague changed the traject: told, nothing recorded, nothing typed lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from bezoek import an_account

from models import klok
from models.database import reading, transaction
from tests.bouwers import NU, VANDAAG, a_traject, log_rows, step
from tests.verhalen.lezer import Pagina
from workflow.opdracht import Actor

GEWIJZIGD = "Dit traject is intussen gewijzigd"

KLACHT = {"klacht_onderwerp": "bejegening", "met_commissie": "nee"}

FORMULIEREN: dict[str, tuple[str, Mapping[str, str]]] = {
    "overgang": ("overgang/notitie_maken", {"notitie": "Zelf gebeld."}),
    "erbij": ("erbij/klacht/klacht_registreren", KLACHT),
    "overdragen": ("overdragen", {"naar": "team"}),
    "intrekken": ("gebeurtenis/2/intrekken", {"reden": "telfout"}),
    "verbeteren": ("gebeurtenis/2/verbeteren", {"reden": "verkeerde_dag", "op": "01-03-2026"}),
}


@pytest.fixture
def nummer(bezoeker, login, database: str) -> Iterator[str]:
    """A traject of the uitvoerder who is logged in, with a note of theirs."""
    with klok.at(NU):
        wie = login(bezoeker, "uitvoerder")
        door = Actor(wie.pseudoniem, wie.rol.value, wie.organisatie)
        with transaction(database) as db:
            soort = {"route": "schuldhulp", "begin": "melding_registreren"}
            gemaakt = a_traject(db, op=VANDAAG - 9, door=door, behandelaar=wie.pseudoniem, **soort)
            step(db, gemaakt, "notitie_maken", VANDAAG, door=door)
        yield gemaakt


def a_colleague_calls(database: str, nummer: str) -> None:
    """Somebody else records something."""
    collega = an_account(database, "uitvoerder", "collega")
    door = Actor(collega.pseudoniem, "uitvoerder", collega.organisatie)
    with transaction(database) as db:
        step(db, nummer, "notitie_maken", VANDAAG, door=door)


def log(database: str) -> list[dict[str, object]]:
    with reading(database) as db:
        return log_rows(db)


def opened(bezoeker, url: str, antwoorden: Mapping[str, str]) -> dict[str, object]:
    """The form as it is filled in."""
    return {**Pagina(bezoeker.get(url).text).formulier.filled(antwoorden)}


@pytest.mark.parametrize("naam", FORMULIEREN)
def test_a_form_of_before_a_change_is_told_so_and_goes_through_the_second_time(bezoeker, database, nummer, naam):
    pad, antwoorden = FORMULIEREN[naam]
    url = f"/trajecten/{nummer}/{pad}"
    velden = opened(bezoeker, url, antwoorden)
    a_colleague_calls(database, nummer)
    vooraf = log(database)
    antwoord = bezoeker.submit(url, velden)
    assert antwoord.status_code == 409
    pagina = Pagina(antwoord.text)
    assert any(GEWIJZIGD in zin and "Notitie gemaakt" in zin and "Collega Proef" in zin for zin in pagina.meldingen)
    assert all(getypt in pagina.html for getypt in antwoorden.values())
    assert log(database) == vooraf
    antwoord = bezoeker.submit(url, pagina.formulier.filled(antwoorden))
    assert antwoord.status_code == 302, Pagina(antwoord.text).fouten
    assert len(log(database)) > len(vooraf)


@pytest.mark.parametrize("naam", FORMULIEREN)
def test_a_form_sent_twice_is_not_told_that_somebody_else_was_first(bezoeker, database, nummer, naam):
    """What changed the traject is the form itself."""
    pad, antwoorden = FORMULIEREN[naam]
    url = f"/trajecten/{nummer}/{pad}"
    velden = opened(bezoeker, url, antwoorden)
    assert bezoeker.submit(url, velden).status_code == 302
    achteraf = log(database)
    assert bezoeker.submit(url, velden).status_code in (302, 404)
    assert log(database) == achteraf


def undo_form(bezoeker, nummer: str) -> tuple[str, dict[str, str]]:
    """Record a note; the form behind "Ongedaan maken" on the page that follows."""
    url = f"/trajecten/{nummer}/overgang/notitie_maken"
    volgend = bezoeker.submit(url, opened(bezoeker, url, {"notitie": "Even gebeld."})).location
    formulier = Pagina(bezoeker.get(volgend).text).wortel.eerste("form", "rk-melding__actie")
    return formulier["action"], {k["name"]: k["value"] for k in formulier.alle("input")}


def test_who_was_second_with_the_same_step_is_told_at_once_that_it_cannot_be_taken_any_more(bezoeker, database, nummer):
    url = f"/trajecten/{nummer}/overgang/intake_starten"
    ingevuld = opened(bezoeker, url, {})
    assert "Het traject gaat hierna naar" in bezoeker.get(url).text
    with transaction(database) as db:
        step(db, nummer, "intake_starten", VANDAAG)
    te_laat = bezoeker.submit(url, ingevuld)
    assert te_laat.status_code == 409
    assert "Dit kan nu niet" in te_laat.text
    assert "Dit kan niet vanuit" in te_laat.text
    assert "Het traject gaat hierna naar" not in te_laat.text


def test_undo_is_refused_when_a_colleague_went_on_from_there(bezoeker, database, nummer):
    url, velden = undo_form(bezoeker, nummer)
    a_colleague_calls(database, nummer)
    vooraf = log(database)
    pagina = Pagina(bezoeker.submit(url, velden, follow_redirects=True).text)
    (melding,) = [zin for zin in pagina.meldingen if f"{GEWIJZIGD}. Er is niets ongedaan gemaakt" in zin]
    assert "Dat deed Collega Proef op 2 maart 2026, 10:00." in melding
    assert log(database) == vooraf


def test_undo_works_while_nothing_else_happened(bezoeker, database, nummer):
    url, velden = undo_form(bezoeker, nummer)
    pagina = Pagina(bezoeker.submit(url, velden, follow_redirects=True).text)
    assert any("Ongedaan gemaakt." in zin for zin in pagina.meldingen)
    rij = log(database)[-1]
    assert (rij["soort"], rij["reden"]) == ("intrekking", "vergissing")


def test_the_reason_of_undoing_is_not_offered_where_one_chooses(bezoeker, nummer):
    keuzes = Pagina(bezoeker.get(f"/trajecten/{nummer}/gebeurtenis/2/intrekken").text).formulier.keuzes["reden"]
    assert "telfout" in keuzes
    assert "vergissing" not in keuzes


def test_the_page_of_another_traject_does_not_say_what_was_seen_of_this_one(bezoeker, database, nummer):
    url = f"/trajecten/{nummer}/overgang/notitie_maken"
    with transaction(database) as db:
        ander = a_traject(db, route="schuldhulp", begin="melding_registreren")
    bezoeker.submit(url, opened(bezoeker, url, {"notitie": "Even gebeld."}))
    formulier = Pagina(bezoeker.get(f"/trajecten/{ander}").text).wortel.eerste("form", "rk-melding__actie")
    assert [k["name"] for k in formulier.alle("input")] == ["csrf_token"]
