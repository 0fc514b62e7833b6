"""The report as CSV and as a workbook: numbers are numbers, text is never a formula, charts are native."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import openpyxl
import pytest

from workflow.uitwisseling.rapport_uit import as_csv, as_xlsx

GEVAARLIJK = ["=1+1", "+31", "-2", "@SUM(A1)", "\tx", "\rx"]


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
