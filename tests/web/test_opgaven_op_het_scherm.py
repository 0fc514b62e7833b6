"""The pages of opgaven: what is in and what is missing, giving one, correcting one, and a file of many."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from models import klok
from models.database import reading, transaction
from models.medewerker import medewerker
from models.projectie import opgave
from tests.bouwers import NU

MAART = "opgever=TRAJEKT&gemeente=GM0935&periode=2025-03"
NIEUW = f"/opgaven/soort/P1/nieuw?{MAART}"
KOP = "indicator;periode;opgever;reeks;plaats;aantal\n"


@pytest.fixture(autouse=True)
def stil(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock stands still; files wait in a folder of this test."""
    monkeypatch.setenv("ROUTEKAART_INSTANCE", str(tmp_path))
    with klok.at(NU):
        yield


@pytest.fixture
def coordinator(bezoeker: Any, login: Any) -> Any:
    """A browser in which a coordinator is logged in."""
    login(bezoeker, "coordinator")
    return bezoeker


@pytest.fixture
def partner(bezoeker: Any, login: Any) -> Any:
    """A browser in which Stichting Trajekt is logged in."""
    login(bezoeker, "partner")
    return bezoeker


def lines(database: str) -> list[tuple[str, str, int]]:
    """What is reported."""
    with reading(database) as db:
        vraag = select(opgave.c.reeks, opgave.c.plaats, opgave.c.aantal).order_by(opgave.c.traject_id, opgave.c.nr)
        return [tuple(rij) for rij in db.execute(vraag)]  # type: ignore[misc]


def give(bezoeker: Any, url: str = NIEUW, **velden: Any) -> TestResponse:
    """Send the form of a report, as the page has it."""
    sleutel = re.search(r'name="sleutel"[^>]*value="(\w+)"', bezoeker.get(url).text)
    antwoord: TestResponse = bezoeker.submit(url, {"sleutel": sleutel[1] if sleutel else "", **velden})
    return antwoord


def upload(bezoeker: Any, tekst: str) -> TestResponse:
    """Send a file, and follow to its preview."""
    bestand = {"bestand": (io.BytesIO(tekst.encode()), "opgaven.csv")}
    antwoord = bezoeker.submit("/opgaven/bestand", bestand, content_type="multipart/form-data")
    return bezoeker.get(antwoord.location) if antwoord.status_code == 303 else antwoord


def test_what_is_missing_is_said_and_never_nought(coordinator: Any) -> None:
    overzicht = coordinator.get("/opgaven?jaar=2025").text
    assert "Bezoekers wijkservicepunten en budgetspreekuren" in overzicht
    assert "24 niet opgegeven" in overzicht
    soort = coordinator.get("/opgaven/soort/P1?jaar=2025").text
    assert soort.count('rk-zacht">niet opgegeven') == 48
    assert ">0<" not in soort


def test_giving_a_report_is_a_form_with_a_number_for_each_place(coordinator: Any, database: str) -> None:
    formulier = coordinator.get(NIEUW).text
    assert "maart 2025" in formulier
    assert "Stichting Trajekt" in formulier
    assert "Wijkservicepunt West" in formulier
    antwoord = give(coordinator, **{"n-0-0": "1.204", "n-1-0": "0"})
    assert antwoord.status_code == 303, antwoord.text
    assert lines(database) == [("bezoekers", "WSP-WEST", 1204), ("budgetspreekuur", "WSP-WEST", 0)]
    pagina = coordinator.get(antwoord.location).text
    assert "Opgave over maart 2025 vastgelegd." in pagina
    assert "1.204" in pagina
    assert "1 van 24" in pagina


def test_an_empty_field_is_not_reported(coordinator: Any, database: str) -> None:
    give(coordinator, **{"n-0-0": "12", "n-1-0": ""})
    assert lines(database) == [("bezoekers", "WSP-WEST", 12)]
    assert "niet opgegeven" in coordinator.get("/opgaven/soort/P1?jaar=2025").text


def test_a_report_without_some_of_its_numbers_is_not_called_complete(coordinator: Any) -> None:
    adres = "/opgaven/soort/P4/nieuw?opgever=GM-MAASTRICHT&gemeente=GM0935&periode=2024-2025"
    assert give(coordinator, adres, **{"n-0-0": "90", "n-0-3": "36"}).status_code == 303
    soort = coordinator.get("/opgaven/soort/P4?jaar=2024").text
    assert "126" in soort
    assert "2 van 5 plaatsen" in soort
    for pagina in (soort, coordinator.get("/opgaven?jaar=2024").text):
        assert "1 niet volledig" in pagina
    assert give(coordinator, **{"n-0-0": "12"}).status_code == 303
    zonder_spreekuur = coordinator.get("/opgaven/soort/P1?jaar=2025").text
    assert "1 niet volledig" in zonder_spreekuur
    assert "niet opgegeven" in zonder_spreekuur


@pytest.mark.parametrize(
    ("velden", "zin"),
    [
        ({}, "Vul ten minste één aantal in"),
        ({"n-0-0": "veel"}, "Vul een heel getal in bij wijkservicepunt West"),
        ({"n-0-0": "-4"}, "ligt tussen 0 en"),
    ],
)
def test_a_wrong_number_is_said_at_its_field(coordinator: Any, database: str, velden: dict[str, str], zin: str) -> None:
    antwoord = give(coordinator, **velden)
    assert antwoord.status_code == 422
    assert zin in antwoord.text
    assert lines(database) == []


def test_a_second_report_is_refused_with_the_number_of_the_first(coordinator: Any) -> None:
    give(coordinator, **{"n-0-0": "12"})
    antwoord = give(coordinator, **{"n-0-0": "13"})
    assert antwoord.status_code == 422
    assert re.search(r"al opgegeven, in OPG-2026-\d{5}", antwoord.text)


def test_the_same_form_sent_twice_is_one_report(coordinator: Any, database: str) -> None:
    velden = {"sleutel": "a" * 32, "n-0-0": "12"}
    assert coordinator.submit(NIEUW, velden).status_code == 303
    assert coordinator.submit(NIEUW, velden).status_code == 303
    assert len(lines(database)) == 1


def correction(bezoeker: Any) -> str:
    """The address at which the only report is corrected."""
    gevonden = re.search(r"/opgaven/OPG-2026-\d+/verbeteren", bezoeker.get("/opgaven/soort/P1?jaar=2025").text)
    assert gevonden
    return gevonden[0]


def test_a_correction_asks_a_reason_and_keeps_what_stood_there(coordinator: Any, database: str) -> None:
    give(coordinator, **{"n-0-0": "12", "n-1-0": "3"})
    adres = correction(coordinator)
    assert 'value="12"' in coordinator.get(adres).text
    zonder = give(coordinator, adres, **{"n-0-0": "14", "n-1-0": "3"})
    assert (zonder.status_code, "Kies een reden" in zonder.text) == (422, True)
    met = give(coordinator, adres, **{"n-0-0": "14", "n-1-0": "3", "reden": "telling_herzien"})
    assert met.status_code == 303, met.text
    assert lines(database)[0] == ("bezoekers", "WSP-WEST", 14)
    dossier = coordinator.get(adres.replace("/opgaven/", "/trajecten/").removesuffix("/verbeteren")).text
    assert "bezoekers Wijkservicepunt West: 12" in dossier or "bezoekers WSP-WEST: 12" in dossier
    assert "Telling herzien door de opgever" in dossier
    assert "Wat de partner hierover leest" in dossier
    assert adres in dossier


JAREN = ("019999", "019999999999999", "9" * 5000, "-2025", "2025.5", "²⁰²⁵", "9999", "0000", "")


@pytest.mark.parametrize("jaar", JAREN, ids=lambda jaar: jaar[:15])
@pytest.mark.parametrize("pagina", ["/opgaven", "/opgaven/soort/P1"])
def test_a_year_that_is_none_gets_the_present_one(coordinator: Any, pagina: str, jaar: str) -> None:
    antwoord = coordinator.get(pagina, query_string={"jaar": jaar})
    assert antwoord.status_code == 200
    assert re.findall(r"<option[^>]*selected[^>]*>\s*(\d+)", antwoord.text) == re.findall(
        r"<option[^>]*selected[^>]*>\s*(\d+)", coordinator.get(pagina).text
    )


def test_a_last_volgnummer_that_is_none_is_no_error_of_ours(coordinator: Any) -> None:
    give(coordinator, **{"n-0-0": "12", "n-1-0": "3"})
    antwoord = give(coordinator, correction(coordinator), verwacht="9" * 5000, reden="telling_herzien")
    assert antwoord.status_code == 422


def test_an_edition_asks_its_days(coordinator: Any, database: str) -> None:
    adres = "/opgaven/soort/P5/nieuw?opgever=GM-MAASTRICHT&gemeente=GM0935&periode=2025"
    half = give(coordinator, adres, **{"n-0-0": "12"})
    assert "Vul de dag in" in half.text
    heel = give(coordinator, adres, **{"n-0-0": "12", "van": "24-03-2025", "tot_en_met": "28-03-2025"})
    assert heel.status_code == 303, heel.text
    assert lines(database) == [("scholen", "geheel", 12)]


def test_an_edition_can_be_reported_in_its_own_year_and_is_not_missing_before_that_is_over(coordinator: Any) -> None:
    jaar = klok.now().year
    pad = f"/opgaven/soort/P5?jaar={jaar}"
    (adres,) = re.findall(r'href="([^"]*P5/nieuw[^"]*GM-MAASTRICHT[^"]*)"', coordinator.get(pad).text)
    assert "niet opgegeven" not in coordinator.get(pad).text.replace("nog niet opgegeven", "")
    gegeven = give(
        coordinator, unescape(adres), **{"n-0-0": "12", "van": f"05-01-{jaar}", "tot_en_met": f"09-01-{jaar}"}
    )
    assert gegeven.status_code == 303, gegeven.text
    assert "1 van 1" in coordinator.get(pad).text


def test_a_partner_sees_and_reports_for_its_own_organisation_only(partner: Any, database: str) -> None:
    overzicht = partner.get("/opgaven?jaar=2025").text
    assert "12 niet opgegeven" in overzicht
    assert "klapperprojecten" not in overzicht
    assert give(partner, **{"n-0-0": "12"}).status_code == 303
    for adres in (
        "/opgaven/soort/P6",
        NIEUW.replace("TRAJEKT&gemeente=GM0935", "GM-HEERLEN&gemeente=GM0917"),
        "/opgaven/soort/P6/nieuw?opgever=HUMANITAS&gemeente=GM0935&periode=2025-K1",
    ):
        assert partner.get(adres).status_code == 404
    assert "eigen organisatie" in upload(partner, KOP + "P6;2025-K1;HUMANITAS;gestart;;3\n").text
    assert len(lines(database)) == 1


def test_a_partner_cannot_open_the_report_of_another(bezoeker: Any, login: Any, database: str) -> None:
    login(bezoeker, "coordinator")
    give(bezoeker, "/opgaven/soort/P6/nieuw?opgever=HUMANITAS&gemeente=GM0935&periode=2025-K1", **{"n-0-0": "12"})
    nummer = re.search(r"OPG-2026-\d+", bezoeker.get("/opgaven/soort/P6?jaar=2025").text)
    bezoeker.submit("/uitloggen")
    login(bezoeker, "partner")
    assert nummer
    assert bezoeker.get(f"/opgaven/{nummer[0]}/verbeteren").status_code == 404


def test_a_partner_who_changed_organisation_sees_the_new_one(partner: Any, database: str) -> None:
    with transaction(database) as db:
        db.execute(medewerker.update().where(medewerker.c.rol == "partner").values(organisatie="HUMANITAS"))
    overzicht = partner.get("/opgaven?jaar=2025").text
    assert "klapperprojecten" in overzicht
    assert "wijkservicepunten" not in overzicht


@pytest.mark.parametrize(
    "adres",
    [
        "/opgaven/soort/P99",
        f"/opgaven/soort/P99/nieuw?{MAART}",
        NIEUW.replace("2025-03", "maart"),
        NIEUW.replace("TRAJEKT", "NIEMAND"),
        NIEUW.replace("GM0935", "GM0917"),
        "/opgaven/OPG-2026-99999/verbeteren",
    ],
)
def test_what_is_not_asked_for_is_not_found(coordinator: Any, adres: str) -> None:
    assert coordinator.get(adres).status_code == 404


@pytest.mark.parametrize("jaar", ["", "tweeduizend", "99999", "-1", "²025"])
def test_an_odd_year_shows_this_one(coordinator: Any, jaar: str) -> None:
    assert coordinator.get("/opgaven", query_string={"jaar": jaar}).status_code == 200


# -- A file of many ----------------------------------------------------------------------------------------------------


def test_a_file_is_shown_before_it_is_taken_in(coordinator: Any, database: str) -> None:
    pagina = upload(
        coordinator, KOP + "P1;2025-03;TRAJEKT;bezoekers;WSP-WEST;12\nP1;2025-04;TRAJEKT;bezoekers;WSP-WEST;\n"
    )
    assert "maart 2025" in pagina.text
    assert "Bezoekers van het wijkservicepunt, Wijkservicepunt West: <b>12</b>" in pagina.text
    assert lines(database) == []
    klaar = coordinator.submit(pagina.request.path, {"keuze": "inlezen"}, follow_redirects=True)
    assert "1 opgave vastgelegd." in klaar.text
    assert lines(database) == [("bezoekers", "WSP-WEST", 12)]
    weer = upload(coordinator, KOP + "P1;2025-03;TRAJEKT;bezoekers;WSP-WEST;13\n").text
    assert "Anders dan opgegeven" in weer
    assert 'value="inlezen"' not in weer


def test_a_file_with_faults_is_refused_with_rows_and_columns(coordinator: Any, database: str) -> None:
    pagina = upload(coordinator, KOP + "P1;2025-03;TRAJEKT;bezoekers;WSP-MARS;veel\nP2;2025;KBL;;;1\n")
    assert pagina.status_code == 422
    assert "Onbekend: wijkservicepunt" in pagina.text
    assert "Schrijf de periode als 2025-K1" in pagina.text
    toch = coordinator.submit(pagina.request.path, {"keuze": "inlezen"}, follow_redirects=True)
    assert "Er is niets vastgelegd. Rij 2, kolom plaats" in toch.text
    assert lines(database) == []


def test_a_file_can_be_thrown_away(coordinator: Any, database: str) -> None:
    pagina = upload(coordinator, KOP + "P1;2025-03;TRAJEKT;bezoekers;WSP-WEST;12\n")
    weg = coordinator.submit(pagina.request.path, {"keuze": "weggooien"}, follow_redirects=True)
    assert "Er is niets vastgelegd." in weg.text
    assert "Dit bestand is er niet meer" in coordinator.get(pagina.request.path, follow_redirects=True).text
    assert coordinator.submit(pagina.request.path, {"keuze": "iets"}).status_code == 400
    assert lines(database) == []


def test_no_file_at_all_is_answered_at_its_field(coordinator: Any) -> None:
    antwoord = coordinator.submit("/opgaven/bestand", {}, content_type="multipart/form-data")
    assert antwoord.status_code == 422
    assert "Kies een bestand." in antwoord.text
