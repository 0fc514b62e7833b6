"""What has no client in it: a signal, a feed and an agreement are begun on a page of their own and walked on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from models.database import reading
from tests.bouwers import log_rows

SIGNAAL = "/partijen/vroegsignaal/signaal_ontvangen"
ANTWOORDEN = {
    **{"op": "2-3-2026", "gemeente": "GM0935", "melder": "TRAJEKT", "signaal_omvang": "enkelvoudig"},
    "signaal_soort": "huur",
}


def begin(bezoeker: Any, url: str, velden: dict[str, str]) -> TestResponse:
    """Send the form as the page has it."""
    sleutel = re.search(r'name="sleutel"[^>]*value="(\w+)"', bezoeker.get(url).text)
    assert sleutel
    antwoord: TestResponse = bezoeker.submit(url, {"sleutel": sleutel[1], **velden})
    return antwoord


@pytest.fixture
def coordinator(bezoeker: Any, login: Any) -> Any:
    """A browser in which a coordinator is logged in."""
    login(bezoeker, "coordinator")
    return bezoeker


def test_a_signal_comes_in_and_is_followed_up_on_the_generic_pages(coordinator: Any, database: str) -> None:
    antwoord = begin(coordinator, SIGNAAL, ANTWOORDEN)
    assert antwoord.status_code == 303, antwoord.text
    dossier = coordinator.get(antwoord.location).text
    assert "Stichting Trajekt" in dossier
    assert "Signaal oppakken" in dossier
    begin(coordinator, f"{antwoord.location}/overgang/signaal_oppakken", {"op": "2-3-2026"})
    poging = {"op": "2-3-2026", "signaal_contact": "huisbezoek", "bereikt": "ja", "dagdeel": "avond"}
    gedaan = begin(coordinator, f"{antwoord.location}/overgang/contactpoging_vastleggen", poging)
    assert gedaan.status_code in (302, 303), gedaan.text
    overzicht = coordinator.get("/partijen").text
    assert "VRS-" in overzicht
    assert "Signaal opgepakt" in overzicht
    with reading(database) as db:
        assert [rij["overgang"] for rij in log_rows(db)] == [
            "signaal_ontvangen",
            "signaal_oppakken",
            "contactpoging_vastleggen",
        ]


def test_what_is_left_open_is_asked_again(coordinator: Any, database: str) -> None:
    antwoord = begin(coordinator, SIGNAAL, {**ANTWOORDEN, "melder": "", "gemeente": "GM9999"})
    assert antwoord.status_code == 422
    assert "Kies een gemeente." in antwoord.text
    with reading(database) as db:
        assert log_rows(db) == []


def test_reports_have_a_page_of_their_own(coordinator: Any) -> None:
    assert "Opgave doen" not in coordinator.get("/partijen").text
    assert coordinator.get("/partijen/opgave/opgave_doen").status_code == 404
    assert coordinator.get("/partijen/schuldhulp/melding_registreren").status_code == 404


def test_a_case_worker_takes_in_signals_and_makes_no_agreements(bezoeker: Any, login: Any) -> None:
    login(bezoeker, "uitvoerder")
    overzicht = bezoeker.get("/partijen").text
    assert "Vroegsignaal ontvangen" in overzicht
    assert "Afspraak vastleggen" not in overzicht
    assert bezoeker.get("/partijen/afspraak/afspraak_maken").status_code == 404
