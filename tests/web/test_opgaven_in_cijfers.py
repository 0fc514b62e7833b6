"""What partners reported, wherever a figure of it is printed: page, report, CSV, workbook, JSON and command line."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
from bezoek import Bezoeker
from sqlalchemy import insert

from models import klok
from models.database import transaction
from models.organisatie import organisatie
from tests.bouwers import COORDINATOR, day
from workflow.opgaven import Opgave, hand_in

NU = datetime(2026, 1, 20, 9, 0, tzinfo=UTC)
JAAR = "periode=eigen&van=01-01-2025&tot_en_met=31-12-2025&tegen=jaar"
RAPPORT = "/rapporten/nieuw"

SCHOLIEREN = {("scholieren", f"school_{n}"): 85 for n in range(1, 6)}
GEGEVEN: tuple[tuple[str, str, str, str, str, Mapping[tuple[str, str], int]], ...] = (
    ("P1", "TRAJEKT", "GM0935", "2024-12-01", "2025-01-01", {("bezoekers", "WSP-WEST"): 226}),
    ("P1", "TRAJEKT", "GM0935", "2025-02-01", "2025-03-01", {("bezoekers", "WSP-WEST"): 300}),
    ("P2", "KBL", "GM0935", "2025-01-01", "2025-04-01", {("bezoekers", "kbl_balie"): 70}),
    ("P2", "CORPORATIE-A", "GM0935", "2025-01-01", "2025-04-01", {("bezoekers", "corporatie_a"): 8}),
    ("P3", "GM-MAASTRICHT", "GM0935", "2025-10-01", "2025-11-01", {("unieke_bezoekers", "geheel"): 1204}),
    ("P3", "GM-MAASTRICHT", "GM0935", "2025-11-01", "2025-12-01", {("unieke_bezoekers", "geheel"): 1350}),
    (
        "P4",
        "GM-MAASTRICHT",
        "GM0935",
        "2024-08-01",
        "2025-08-01",
        {("scholieren", f"school_{n}"): 85 for n in range(1, 6)},
    ),
    ("P5", "GM-MAASTRICHT", "GM0935", "2025-03-24", "2025-03-29", {("scholen", "geheel"): 12}),
    ("P5", "GM-HEERLEN", "GM0917", "2025-03-24", "2025-03-29", {("scholen", "geheel"): 7}),
)


@pytest.fixture(autouse=True)
def uurwerk() -> Iterator[None]:
    """It is January 2026, and the report is about 2025."""
    with klok.at(NU):
        yield


@pytest.fixture
def coordinator(bezoeker: Bezoeker, login: Any, database: str) -> Bezoeker:
    """A browser in which a coordinator is logged in; partners reported some of what was asked."""
    with transaction(database) as db:
        rijen = [{"code": "GM-HEERLEN", "naam": "Gemeente Heerlen", "soort": "gemeente", "is_actief": False}]
        db.execute(insert(organisatie), rijen)
        for indicator, wie, gemeente, van, tot, regels in GEGEVEN:
            lijst = tuple((reeks, plaats, aantal) for (reeks, plaats), aantal in regels.items())
            hand_in(db, Opgave(indicator, wie, gemeente, day(van), day(tot), lijst), door=COORDINATOR)
    login(bezoeker, "coordinator")
    return bezoeker


def rows(tekst: str) -> list[str]:
    """The rows of all tables on a page, without markup."""
    regels = re.findall(r"<tr.*?</tr>", tekst, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", regel).split()) for regel in regels]


def row(tekst: str, begin: str) -> str:
    """The first row that begins so."""
    return next(regel for regel in rows(tekst) if regel.startswith(begin))


def text(tekst: str) -> str:
    """A page without markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", tekst).split())


# -- A sum over incomplete reports -------------------------------------------------------------------------------------


def test_the_summary_says_what_the_sum_of_either_year_lacks(coordinator: Bezoeker) -> None:
    regel = row(coordinator.get(RAPPORT).text, "P1 ")
    assert "1 van 24 maandcijfers" in regel
    assert "226 (1 van 24 maandcijfers)" in regel


def test_the_table_of_years_says_what_each_sum_lacks(coordinator: Bezoeker) -> None:
    jaren = coordinator.get(RAPPORT).text.partition("Bijlage 1")[2]
    regel = row(jaren, "P1 Bezoekers van het wijkservicepunt")
    assert "226 (1 van 24 maandcijfers) 300 (1 van 24 maandcijfers)" in regel


def test_the_page_of_an_indicator_says_what_a_sum_and_its_parts_lack(coordinator: Bezoeker) -> None:
    pagina = coordinator.get(f"/cijfers/P1?{JAAR}").text
    assert "300 bezoeken 1 van 24 maandcijfers was 226 bezoeken (1 van 24 maandcijfers)" in text(pagina)
    assert "300 bezoeken 1 van 12 maandcijfers" in row(pagina, "Wijkservicepunt West")


def test_the_dashboard_says_it_too(coordinator: Bezoeker) -> None:
    kaartje = text(coordinator.get(f"/cijfers?ambitie=preventie&{JAAR}").text)
    assert "Bezoekers van het wijkservicepunt (1 van 24 maandcijfers)" in kaartje
    assert "per schooljaar opgegeven Scholieren die meededen (schooljaar 2024-2025: 425)" in kaartje
    assert "Unieke bezoekers per maand november 2025: 1.350, 2 van 12 maandcijfers" in kaartje


def test_the_files_say_it_too(coordinator: Bezoeker) -> None:
    regels = list(csv.DictReader(io.StringIO(coordinator.get(f"{RAPPORT}.csv").text.removeprefix("\ufeff"))))
    regel = next(r for r in regels if (r["code"], r["cijfer"]) == ("P1", "Bezoekers van het wijkservicepunt"))
    assert (regel["waarde"], regel["verwacht"], regel["ontvangen"]) == ("300", "24", "1")
    assert regel["daarbij"] == "1 van 24 maandcijfers"
    boek = openpyxl.load_workbook(io.BytesIO(coordinator.get(f"{RAPPORT}.xlsx").data))
    cellen = next(
        r for r in boek["Meerjarig"].iter_rows(min_row=2) if str(r[1].value).startswith("Bezoekers van het wijk")
    )
    assert [cel.value for cel in cellen[-3:]] == [
        226,
        300,
        "2021: niet opgegeven; 2022: niet opgegeven; 2023: niet opgegeven; "
        "2024: 1 van 24 maandcijfers; 2025: 1 van 24 maandcijfers",
    ]
    assert cellen[-2].number_format == 'General" (1 van 24 maandcijfers)"'
    gegevens = json.loads(coordinator.get(f"{RAPPORT}.json").text)
    (totaal, *_) = next(i for i in gegevens["indicatoren"] if i["code"] == "P1")["metingen"]
    assert {naam: totaal[naam] for naam in ("waarde", "verwacht", "ontvangen", "ritme")} == {
        "waarde": 300,
        "verwacht": 24,
        "ontvangen": 1,
        "ritme": "maand",
    }


# -- No value, and why -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "cijfer", "zin"),
    [
        ("P3", "Unieke bezoekers per maand", "per maand opgegeven, niet op te tellen"),
        ("P4", "Scholieren die meededen", "per schooljaar opgegeven"),
        ("P5", "Scholen die meededen", "per editie opgegeven, niet op te tellen"),
    ],
)
def test_what_was_reported_is_not_called_missing(coordinator: Bezoeker, code: str, cijfer: str, zin: str) -> None:
    assert zin in text(coordinator.get(f"/cijfers/{code}?{JAAR}").text)
    assert zin in row(coordinator.get(RAPPORT).text.partition("Bijlage 1")[2], f"{code} {cijfer}")
    regels = list(csv.DictReader(io.StringIO(coordinator.get(f"{RAPPORT}.csv").text.removeprefix("\ufeff"))))
    assert zin in {regel["daarbij"] for regel in regels if regel["code"] == code}


def test_the_summary_tells_the_last_of_what_does_not_add_up(coordinator: Bezoeker) -> None:
    blad = coordinator.get(RAPPORT).text
    assert "schooljaar 2024-2025: 425" in row(blad, "P4 ")
    assert "Gemeente Heerlen 7" in row(blad, "P5 ")
    assert "GM-MAASTRICHT 12" in row(blad, "P5 ")


def test_the_months_stand_below_unique_visitors(coordinator: Bezoeker) -> None:
    pagina = coordinator.get(f"/cijfers/P3?{JAAR}").text
    assert "1.204 unieke bezoekers" in row(pagina, "oktober 2025")
    assert "niet opgegeven" in row(pagina, "maart 2025")


def test_what_is_no_longer_asked_says_nothing_or_so(coordinator: Bezoeker) -> None:
    assert "wordt niet meer gevraagd" in text(coordinator.get(f"/cijfers/D6?{JAAR}").text)
    dashboard = coordinator.get(f"/cijfers?ambitie=dienstverlening&{JAAR}").text
    assert "niet meer gevraagd" not in dashboard
    jaren = coordinator.get(RAPPORT).text.partition("Bijlage 1")[2].partition("Bijlage 2")[0]
    assert "Gestarte stabilisatieregelingen" not in jaren


# -- Names -------------------------------------------------------------------------------------------------------------


def test_places_have_the_names_of_the_map(coordinator: Bezoeker) -> None:
    pagina = coordinator.get(f"/cijfers/P2?{JAAR}").text
    assert "Locatie" in row(pagina, "Locatie")
    assert "70 bezoeken" in row(pagina, "Balie Kredietbank")
    assert "Kbl balie" not in pagina
    lijst = coordinator.get(f"/cijfers/P2/lijst?{JAAR}&maat=bezoekers").text
    assert "Kantoor corporatie A" in lijst
    assert "Locatie: Balie Kredietbank" in coordinator.get(RAPPORT).text
    assert "Locatie: Balie Kredietbank" in coordinator.get(f"{RAPPORT}.csv").text
    boek = openpyxl.load_workbook(io.BytesIO(coordinator.get(f"{RAPPORT}.xlsx").data))
    assert "Locatie: Balie Kredietbank" in {cel.value for rij in boek["Preventie"].iter_rows() for cel in rij}
