"""The report as CSV and as a workbook: numbers are numbers, text is never a formula, charts are native."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import openpyxl
import pytest

from workflow.uitwisseling.rapport_uit import as_csv, as_xlsx

GEVAARLIJK = ["=1+1", "+31", "-2", "@SUM(A1)", "\tx", "\rx", "\nx", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x"]


def meting(waarde: float | None, onderdeel: str = "", **rest: Any) -> dict[str, Any]:
    """A figure of which only what is said matters."""
    return {
        "maat": "aantal",
        "naam": "Aantal",
        "eenheid": "trajecten",
        "uitsplitsing": {"fase": onderdeel} if onderdeel else {},
        "onderdeel": onderdeel,
        "waarde": waarde,
        "n": waarde,
        "open": 0,
        **rest,
    }


def report(*metingen: dict[str, Any], naam: str = "Uitval", **rest: Any) -> dict[str, Any]:
    """A report with one indicator."""
    indicator = {"code": "D5", "naam": naam, "ambitie": "Dienst", "eenheid": "trajecten", "bron": "log"}
    return {
        "periode": {"van": "2025-01-01", "tot": "2026-01-01"},
        "gemeente": None,
        "uitsplitsing": None,
        "bekend_op": "2026-01-15",
        "logpositie": 7,
        "indicatoren": [{**indicator, "metingen": list(metingen), "ontbreekt": []}],
        **rest,
    }


def workbook(gegevens: dict[str, Any]) -> openpyxl.Workbook:
    """The workbook as a reader opens it."""
    return openpyxl.load_workbook(io.BytesIO(as_xlsx(gegevens)))


@pytest.mark.parametrize("tekst", GEVAARLIJK)
def test_text_is_no_formula_in_csv(tekst: str) -> None:
    regel = next(csv.DictReader(io.StringIO(as_csv(report(meting(3), naam=tekst)), newline="")))
    assert regel["indicator"] == f"'{tekst}"


@pytest.mark.parametrize("tekst", GEVAARLIJK)
def test_text_is_no_formula_in_a_workbook(tekst: str) -> None:
    cel = workbook(report(meting(3), naam=tekst))["Dienst"]["B2"]
    assert (cel.data_type, cel.quotePrefix) == ("s", True)
    assert cel.value.strip() == tekst.strip()


def test_a_character_that_no_workbook_can_hold_becomes_a_blank() -> None:
    assert workbook(report(meting(3), naam="a\x07b"))["Dienst"]["B2"].value == "a b"


def test_numbers_stay_numbers_also_below_zero() -> None:
    boek = workbook(report(meting(-3), meting(2.5, "begin")))
    kop = {cel.value: cel.column for cel in boek["Dienst"][1]}
    assert [boek["Dienst"].cell(rij, kop["Waarde"]).value for rij in (2, 3)] == [-3, 2.5]
    assert ",-3," in as_csv(report(meting(-3)))


def test_what_was_not_reported_is_empty_and_what_is_suppressed_is_an_x() -> None:
    regels = csv.DictReader(io.StringIO(as_csv(report(meting(None), meting(None, "begin", afgeschermd=["waarde"])))))
    assert [regel["waarde"] for regel in regels] == ["", "x"]


def test_a_figure_with_parts_has_a_native_chart() -> None:
    inhoud = as_xlsx(report(meting(5), meting(3, "begin"), meting(2, "eind")))
    assert len(workbook(report(meting(5), meting(3, "begin"), meting(2, "eind")))["Dienst"]._charts) == 1
    with zipfile.ZipFile(io.BytesIO(inhoud)) as pakket:
        grafiek = pakket.read("xl/charts/chart1.xml").decode()
    assert "'Dienst'!$E$3:$E$4" in grafiek


def test_the_workbook_says_what_it_was_made_from_and_what_is_missing() -> None:
    gegevens = report(meting(1), gemaakt={"programma": "1.2", "routekaart": {"naam": "m 1", "sha256": "ab"}})
    gegevens["indicatoren"][0]["ontbreekt"] = ["Niet opgegeven door KBL: maart 2025."]
    boek = workbook(gegevens)
    gemaakt = {rij[0].value: rij[1].value for rij in boek["Waarvan gemaakt"].iter_rows()}
    assert (gemaakt["Gebeurtenissen in het log"], gemaakt["Versie van het programma"]) == (7, "1.2")
    assert boek["Ontbreekt"]["C2"].value == "Niet opgegeven door KBL: maart 2025."


# -- What is said beside the figures -----------------------------------------------------------------------------------

GEZEGD = {
    "streefwaarden": [
        {"indicator": "D5", "maat": "aantal", "jaar": 2025, "soort": "norm", "waarde": 12.5},
        {"indicator": "D5", "maat": "aantal", "jaar": 2024, "soort": "streefwaarde", "waarde": 9.0},
        {"indicator": "D6", "maat": "aantal", "jaar": 2025, "soort": "norm", "waarde": 3.0},
    ],
    "breuken": [
        {"indicator": None, "dag": "2023-07-01", "tekst": "Van 36 naar 18 maanden."},
        {"indicator": "D6", "dag": "2024-07-01", "tekst": "Een ander cijfer."},
        {"indicator": None, "dag": "2019-01-01", "tekst": "Lang geleden."},
    ],
    "opmerkingen": [{"indicator": "D5", "jaar": 2025, "tekst": "=Minder, door het nieuwe team."}],
}
MEERJAREN = {"kolommen": ["2023", "2024", "2025"], "jaren": [2023, 2024, 2025], "regels": []}


def test_norms_breaks_and_comments_stand_beside_the_figure_as_a_whole() -> None:
    gegevens = report(meting(5), meting(3, "begin"), meting(2, "eind"), duiding=GEZEGD, meerjaren=MEERJAREN)
    totaal, *delen = csv.DictReader(io.StringIO(as_csv(gegevens), newline=""))
    assert (totaal["norm"], totaal["opmerking"]) == ("12.5", "'=Minder, door het nieuwe team.")
    assert totaal["reeksbreuken"] == "2023-07-01: Van 36 naar 18 maanden."
    assert "streefwaarde" not in totaal
    assert {deel[naam] for deel in delen for naam in ("norm", "opmerking", "reeksbreuken")} == {""}
    kop, eerste = ([cel.value for cel in rij] for rij in list(workbook(gegevens)["Dienst"].rows)[:2])
    assert dict(zip(kop, eerste, strict=True))["Norm"] == 12.5


def test_the_workbook_has_all_that_was_said_on_a_sheet_of_its_own() -> None:
    boek = workbook(report(meting(5), duiding=GEZEGD))
    rijen = [tuple(cel.value for cel in rij) for rij in boek["Duiding"].iter_rows(min_row=2)]
    assert ("Streefwaarde", "D5", "aantal", 2024, 9) in rijen
    assert ("Reeksbreuk", "alle", None, "2019-01-01", "Lang geleden.") in rijen
    assert ("Opmerking", "D5", None, 2025, "=Minder, door het nieuwe team.") in rijen
    assert len(rijen) == sum(map(len, GEZEGD.values()))


def test_charts_show_their_axes() -> None:
    regel = {"code": "D5", "maat": "aantal", "naam": "Aantal", "eenheid": "trajecten"}
    jaren = {**MEERJAREN, "regels": [{**regel, "metingen": [meting(n) for n in (1, 2, 3)]}]}
    inhoud = as_xlsx(report(meting(5), meting(3, "begin"), meting(2, "eind"), meerjaren=jaren))
    with zipfile.ZipFile(io.BytesIO(inhoud)) as pakket:
        grafieken = [pakket.read(naam).decode() for naam in pakket.namelist() if "charts/chart" in naam]
    assert len(grafieken) == 2
    for grafiek in grafieken:
        assert grafiek.count('<delete val="0"') == 2, grafiek
