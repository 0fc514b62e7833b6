"""The list of the werkvoorraad as a file and as a filter of one's own: what is on the screen, and nothing more."""

from __future__ import annotations

import csv
import io
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from bezoek import an_account, op_beide
from openpyxl import load_workbook
from sqlalchemy import update

from models import klok
from models.database import transaction
from models.weergave import weergave
from tests.bouwers import BEGIN, NU, a_person, a_traject, everything
from tests.verhalen.lezer import Pagina
from workflow.kalender import date_of

MELDING = {"route": "schuldhulp", "begin": "melding_registreren"}


@pytest.fixture
def uitvoerder(bezoeker: Any, login: Any, database: str) -> Iterator[Any]:
    """Thirty trajecten of the uitvoerder who is logged in, and one of a colleague."""
    with klok.at(NU):
        wie = login(bezoeker, "uitvoerder")
        ander = an_account(database, "uitvoerder", "ander")
        with transaction(database) as db:
            for _ in range(30):
                a_traject(db, behandelaar=wie.pseudoniem, **MELDING)
            a_traject(db, behandelaar=ander.pseudoniem, wie=[a_person(db, "=HYPERLINK(1)")], **MELDING)
        yield bezoeker


def lines(antwoord: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(antwoord.data.decode("utf-8-sig")), delimiter=";"))


def test_a_file_has_every_line_of_the_filter_and_no_other(uitvoerder: Any) -> None:
    assert len(lines(uitvoerder.get("/werkvoorraad/uit.csv?lijst=mijn"))) == 30
    assert len(lines(uitvoerder.get("/werkvoorraad/uit.csv?lijst=alle"))) == 31
    assert lines(uitvoerder.get("/werkvoorraad/uit.csv?lijst=alle&fase=nazorg")) == []


def test_a_name_is_no_formula_in_a_file(uitvoerder: Any) -> None:
    namen = [regel["Cliënt"] for regel in lines(uitvoerder.get("/werkvoorraad/uit.csv?lijst=alle"))]
    assert not any(naam.startswith("=") for naam in namen)
    boek = load_workbook(io.BytesIO(uitvoerder.get("/werkvoorraad/uit.xlsx?lijst=alle").data))
    blad = boek.worksheets[0]
    assert blad.max_row == 32
    assert all(cel.data_type != "f" for rij in blad.iter_rows() for cel in rij)


def test_a_day_in_a_workbook_is_a_day_that_can_be_sorted_and_counted(uitvoerder: Any) -> None:
    blad = load_workbook(io.BytesIO(uitvoerder.get("/werkvoorraad/uit.xlsx").data)).worksheets[0]
    kop, eerste, *_ = blad.iter_rows()
    begonnen = eerste[[cel.value for cel in kop].index("Begonnen")]
    assert begonnen.value.date() == date_of(BEGIN)
    assert begonnen.number_format == "dd-mm-yyyy"
    assert lines(uitvoerder.get("/werkvoorraad/uit.csv"))[0]["Begonnen"] == date_of(BEGIN).isoformat()


def test_the_day_on_which_a_traject_began_is_not_shown_as_contact(uitvoerder: Any) -> None:
    rij = Pagina(uitvoerder.get("/werkvoorraad").text).wortel.eerste("tbody").eerste("tr")
    assert "begin van het traject" in rij.tekst


def test_that_a_file_was_taken_is_logged_without_what_stands_in_it(
    uitvoerder: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        uitvoerder.get("/werkvoorraad/uit.csv?lijst=mijn&zoek=Persoon")
    regel = next(r.getMessage() for r in caplog.records if "werkvoorraad_uitgevoerd" in r.getMessage())
    assert re.search(r'"betreft": "csv:\d+"', regel)
    assert "Persoon" not in regel


def test_no_other_kind_of_file_is_made(uitvoerder: Any) -> None:
    assert uitvoerder.get("/werkvoorraad/uit.exe").status_code == 404


def test_a_filter_is_kept_under_a_name_and_found_again(uitvoerder: Any) -> None:
    gedaan = uitvoerder.submit(
        "/werkvoorraad/weergaven?lijst=alle&fase=melding&sorteer=begonnen", {"naam": " Mijn  meldingen "}
    )
    assert gedaan.location == "/werkvoorraad?lijst=alle&sorteer=begonnen&fase=melding"
    pagina = uitvoerder.get("/werkvoorraad").text
    assert 'href="/werkvoorraad?lijst=alle&amp;sorteer=begonnen&amp;fase=melding"' in pagina
    assert "Mijn meldingen" in pagina


def test_the_same_name_again_replaces_the_filter(uitvoerder: Any) -> None:
    for fase in ("melding", "intake"):
        uitvoerder.submit(f"/werkvoorraad/weergaven?fase={fase}", {"naam": "Nu"})
    pagina = Pagina(uitvoerder.get("/werkvoorraad").text)
    assert pagina.html.count(">Nu</a>") == 1
    assert "fase=intake" in pagina.html


def test_a_search_is_never_kept_because_it_may_hold_a_name(uitvoerder: Any) -> None:
    gedaan = uitvoerder.submit("/werkvoorraad/weergaven?lijst=alle&zoek=Jansen", {"naam": "Zoek"})
    assert "Jansen" not in gedaan.location
    assert "Jansen" not in uitvoerder.get("/werkvoorraad").text


@pytest.mark.parametrize("naam", ["", "   ", "x" * 61, "a\u202eb"])
def test_a_name_that_cannot_be_is_refused(uitvoerder: Any, naam: str) -> None:
    antwoord = uitvoerder.submit("/werkvoorraad/weergaven", {"naam": naam}, follow_redirects=True)
    assert "Geef de lijst een naam" in antwoord.text


def test_a_filter_of_somebody_else_is_not_shown_and_cannot_be_taken_away(uitvoerder: Any, login: Any) -> None:
    uitvoerder.submit("/werkvoorraad/weergaven?fase=melding", {"naam": "Van mij"})
    login(uitvoerder, "uitvoerder", "ander")
    assert "Van mij" not in uitvoerder.get("/werkvoorraad").text
    assert uitvoerder.submit("/werkvoorraad/weergaven/1/weg").status_code == 303
    login(uitvoerder, "uitvoerder")
    assert "Van mij" in uitvoerder.get("/werkvoorraad").text
    uitvoerder.submit("/werkvoorraad/weergaven/1/weg")
    assert "Van mij" not in uitvoerder.get("/werkvoorraad").text


@op_beide
def test_nothing_of_a_filter_stands_readable_in_the_database_and_its_key_goes_with_it(
    database: str, bezoeker: Any, login: Any
) -> None:
    def kept() -> dict[str, list[tuple[Any, ...]]]:
        with transaction(database) as db:
            return {naam: rijen for naam, rijen in everything(db).items() if naam in ("weergave", "datasleutel")}

    with klok.at(NU):
        login(bezoeker, "uitvoerder")
        for _ in range(2):
            bezoeker.submit("/werkvoorraad/weergaven?fase=geheim", {"naam": "Dossier van mevrouw Jansen"})
        (rij,) = kept()["weergave"]
        assert not any(woord in repr(rij) for woord in ("Jansen", "geheim"))
        assert "Dossier van mevrouw Jansen" in bezoeker.get("/werkvoorraad").text
        assert len(kept()["datasleutel"]) == 1
        bezoeker.submit(f"/werkvoorraad/weergaven/{rij[0]}/weg")
    assert kept() == {"weergave": [], "datasleutel": []}


def test_a_filter_that_was_given_to_somebody_else_cannot_be_read(uitvoerder: Any, login: Any, database: str) -> None:
    uitvoerder.submit("/werkvoorraad/weergaven?fase=melding", {"naam": "Van mij"})
    ander = login(uitvoerder, "uitvoerder", "ander")
    with transaction(database) as db:
        db.execute(update(weergave).values(medewerker=ander.pseudoniem))
    pagina = uitvoerder.get("/werkvoorraad").text
    assert "Van mij" not in pagina
    assert "kan niet worden gelezen" in pagina


def test_no_more_than_twenty_filters_are_kept(uitvoerder: Any) -> None:
    for nummer in range(21):
        antwoord = uitvoerder.submit("/werkvoorraad/weergaven", {"naam": f"Lijst {nummer}"}, follow_redirects=True)
    assert "U bewaart al 20 lijsten" in antwoord.text
