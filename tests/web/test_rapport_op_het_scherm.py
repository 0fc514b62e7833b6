"""The programme report in the browser: looked at, fixed, restated, published, and what is said beside the figures."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from bezoek import Bezoeker
from sqlalchemy import text

from models import klok
from models.database import reading, transaction
from tests.bouwers import COORDINATOR, VOORGESTELD, a_traject, day, the_map
from tests.verhalen.lezer import Pagina
from web import rapportblad
from web.filters import bedrag
from workflow.correcties import amend
from workflow.indicatoren import ALLE
from workflow.rapporten import duiding, vaststellen

NU = datetime(2026, 1, 20, 9, 0, tzinfo=UTC)
NIEUW, DUIDING = "/rapporten/nieuw", "/rapporten/duiding"


@pytest.fixture(autouse=True)
def uurwerk() -> Iterator[None]:
    """It is January 2026, and the report is about 2025."""
    with klok.at(NU):
        yield


@pytest.fixture
def coordinator(bezoeker: Bezoeker, login: Any) -> Bezoeker:
    """A browser in which a coordinator is logged in."""
    login(bezoeker, "coordinator")
    return bezoeker


def cases(database: str, aantal: int, **rest: Any) -> list[str]:
    """So many meldingen of June 2025."""
    with transaction(database) as db:
        return [a_traject(db, **rest) for _ in range(aantal)]


def fixed(bezoeker: Bezoeker, opmerking: str = "", vraag: str = "") -> str:
    """The address of a report that was fixed through the page."""
    antwoord = bezoeker.submit(f"{NIEUW}{vraag}", {"opmerking": opmerking})
    assert antwoord.status_code == 303, antwoord.text
    return str(antwoord.location)


def key_line(tekst: str, code: str) -> str:
    """The line of an indicator in the summary, without markup."""
    regels = re.findall(r"<tr.*?</tr>", tekst, re.DOTALL)
    kaal = (" ".join(re.sub(r"<[^>]+>", " ", regel).split()) for regel in regels)
    return next(regel for regel in kaal if regel.startswith(f"{code} "))


# -- Looking at it -----------------------------------------------------------------------------------------------------


def test_a_new_report_is_about_last_year(coordinator: Bezoeker, database: str) -> None:
    cases(database, 3)
    blad = coordinator.get(NIEUW).text
    assert "Samen uit de min: 2025, alle gemeenten" in blad
    assert "Voorlopig rapport" in blad
    assert "375" not in key_line(blad, "O2")
    assert re.search(r"\b3\b", key_line(blad, "O2"))
    assert all(f">{indicator.code}</span>" in blad for indicator in ALLE)


def test_it_names_definitions_gaps_and_what_it_was_made_from(coordinator: Bezoeker) -> None:
    blad = coordinator.get(NIEUW).text
    assert ALLE[0].definitie.split(";")[0][:40] in blad
    for kop in ("Meerdere jaren", "Alle cijfers", "Wat ontbreekt", "Definities", "Waarvan dit is gemaakt"):
        assert kop in blad


def test_the_maastricht_report_has_no_case_of_heerlen(coordinator: Bezoeker, database: str) -> None:
    cases(database, 2, gemeente="GM0935")
    cases(database, 5, gemeente="GM0917")
    gegevens = json.loads(coordinator.get(f"{NIEUW}.json?gemeente=GM0935").text)
    assert value(gegevens, "O2", "meldingen") == 2
    assert "2025, Maastricht" in coordinator.get(f"{NIEUW}?gemeente=GM0935").text


def value(gegevens: dict[str, Any], code: str, maat: str) -> Any:
    """The total of a figure."""
    indicator = next(i for i in gegevens["indicatoren"] if i["code"] == code)
    return next(m["waarde"] for m in indicator["metingen"] if m["maat"] == maat and not m["uitsplitsing"])


def test_what_the_address_cannot_mean_is_said_and_the_usual_shown(coordinator: Bezoeker) -> None:
    blad = coordinator.get(f"{NIEUW}?periode=eigen&van=31-02-2025&tot_en_met=x&gemeente=Y&splits=Z")
    assert (blad.status_code, "Vul een dag in als 01-02-2026." in blad.text) == (200, True)


def test_days_typed_beside_a_period_that_was_left_are_those_of_the_report(coordinator: Bezoeker) -> None:
    formulier = next(f for f in Pagina(coordinator.get(NIEUW).text).wortel.alle("form") if f["action"] == NIEUW)
    (stond,) = [veld["value"] for veld in formulier.alle("input") if veld["name"] == "stond"]
    getypt = f"{NIEUW}?stond={stond}&periode={stond}&van=01-03-2024&tot_en_met=31-03-2024"
    kop = Pagina(coordinator.get(getypt).text).wortel.eerste("h1").tekst
    assert "Samen uit de min: 1 maart 2024 t/m 31 maart 2024" in kop


@pytest.mark.parametrize("vorm", ["csv", "json", "xlsx"])
def test_the_figures_are_downloaded_whole(coordinator: Bezoeker, database: str, vorm: str) -> None:
    cases(database, 3)
    antwoord = coordinator.get(f"{NIEUW}.{vorm}")
    assert f"cijfers-2025-01-01.{vorm}" in antwoord.headers["Content-Disposition"]
    assert read_file(antwoord.data, vorm)["Meldingen"] == 3


def read_file(inhoud: bytes, vorm: str) -> dict[str, Any]:
    """Name of each figure of O2 -> its total, from a file."""
    if vorm == "xlsx":
        rijen = openpyxl.load_workbook(io.BytesIO(inhoud))["Opbrengst"].iter_rows(values_only=True)
        kop = next(rijen)
        regels = [dict(zip(kop, rij, strict=True)) for rij in rijen]
        return {r["Cijfer"]: r["Waarde"] for r in regels if r["Code"] == "O2" and not r["Onderdeel"]}
    if vorm == "csv":
        regels = list(csv.DictReader(io.StringIO(inhoud.decode("utf-8-sig"))))
        return {r["cijfer"]: _whole(r["waarde"]) for r in regels if r["code"] == "O2" and not r["onderdeel"]}
    o2 = next(i for i in json.loads(inhoud)["indicatoren"] if i["code"] == "O2")
    return {m["naam"]: m["waarde"] for m in o2["metingen"] if not m["uitsplitsing"]}


def _whole(tekst: str) -> Any:
    return int(tekst) if tekst.isdecimal() else tekst


def test_a_kind_of_file_that_is_none_does_not_exist(coordinator: Bezoeker) -> None:
    assert coordinator.get(f"{NIEUW}.exe").status_code == 404


# -- Fixing and restating ----------------------------------------------------------------------------------------------


def correct(database: str, nummer: str) -> None:
    """An hour later: the melding was of 2024."""
    with klok.at(NU + timedelta(hours=1)), transaction(database) as db:
        amend(
            db,
            nummer,
            1,
            reden=the_map(db).correctieredenen[0].code,
            door=COORDINATOR,
            voorgesteld=VOORGESTELD,
            dag=day("2024-12-30"),
        )


def test_a_fixed_report_stays_as_it_was(coordinator: Bezoeker, database: str) -> None:
    nummers = cases(database, 3)
    adres = fixed(coordinator, "Zonder december.")
    correct(database, nummers[0])
    blad = coordinator.get(adres).text
    assert "Meldingen 3" in key_line(blad, "O2")
    assert "Zonder december." in blad
    assert value(json.loads(coordinator.get(f"{NIEUW}.json").text), "O2", "meldingen") == 2
    assert "1. 2025, alle gemeenten" in coordinator.get("/rapporten").text


def test_the_restatement_says_what_changed_and_leads_to_the_cause(coordinator: Bezoeker, database: str) -> None:
    nummers = cases(database, 3)
    adres = fixed(coordinator)
    assert "Dezelfde vraag geeft vandaag dezelfde cijfers." in coordinator.get(f"{adres}/herziening").text
    correct(database, nummers[0])
    blad = coordinator.get(f"{adres}/herziening").text
    regel = key_line(blad, "O2")
    assert "Meldingen 3 2 −1 Correctie" in regel
    assert f"/trajecten/{nummers[0]}#gebeurtenis-2" in blad
    assert "O2 Meldingen 2024 0 1 +1 Correctie" in " ".join(re.sub(r"<[^>]+>", " ", blad).split())


def test_the_restatement_of_a_wait_tells_its_number_of_trajecten_once(coordinator: Bezoeker, database: str) -> None:
    nummers = cases(database, 3)
    adres = fixed(coordinator)
    correct(database, nummers[0])
    regel = key_line(coordinator.get(f"{adres}/herziening").text, "D1")
    assert "n = 3" in regel
    assert "aantal 3" not in regel


def test_of_an_incomplete_figure_is_told_once_how_many_reports_came() -> None:
    meting = {"waarde": 15_879, "n": 73, "verwacht": 84, "ontvangen": 73, "ritme": "maand"}
    assert rapportblad.beside(meting) == "73 van 84 maandcijfers"
    assert rapportblad.also(meting, ("n", "ontvangen")) == ""
    assert rapportblad.also(meting | {"ontvangen": 84, "n": 84}, ("n", "ontvangen")) == "opgaven binnen 84"


def test_a_definition_says_since_which_day_in_words(coordinator: Bezoeker) -> None:
    for adres in (NIEUW, "/cijfers/D5"):
        blad = coordinator.get(adres).text
        assert "sinds 1 januari 2026" in blad, adres
        assert "sinds 2026-" not in blad, adres


def test_a_form_that_is_sent_twice_makes_one_report(coordinator: Bezoeker, database: str) -> None:
    eerste, tweede = (coordinator.submit(NIEUW, {"opmerking": "Heel.", "sleutel": "a" * 32}) for _ in range(2))
    assert eerste.location == tweede.location
    anders = coordinator.submit(NIEUW, {"opmerking": "Anders.", "sleutel": "a" * 32})
    assert (anders.status_code, "is rapport 1 al vastgesteld" in anders.text) == (422, True)
    with reading(database) as db:
        assert len(vaststellen.all_fixed(db)) == 1
    assert re.search(r'name="sleutel"[^>]* value="[0-9a-f]{32}"', coordinator.get(NIEUW).text)


TOEKOMST = "?periode=eigen&van=01-01-2055&tot_en_met=31-12-2055"


def test_days_that_are_still_to_come_are_refused_with_a_sentence(coordinator: Bezoeker, database: str) -> None:
    assert "Deze periode is nog niet begonnen" in coordinator.get(f"{NIEUW}{TOEKOMST}").text
    assert "Die dag komt nog" in coordinator.get(f"{NIEUW}?bekend=01-01-2055").text
    assert coordinator.submit(f"{NIEUW}{TOEKOMST}", {"opmerking": ""}).status_code == 400
    with reading(database) as db:
        assert vaststellen.all_fixed(db) == []


def test_a_title_names_by_what_a_report_is_split(coordinator: Bezoeker) -> None:
    fixed(coordinator, vraag="?periode=vorig_jaar&splits=gemeente")
    assert "1. 2025, alle gemeenten, naar gemeente" in coordinator.get("/rapporten").text


def test_no_two_ways_to_split_are_called_the_same(coordinator: Bezoeker) -> None:
    keuzes = re.search(r'<select[^>]*name="splits".*?</select>', coordinator.get(NIEUW).text, re.DOTALL)
    assert keuzes
    namen = re.findall(r"<option[^>]*>([^<]+)</option>", keuzes.group())
    assert len(namen) == len(set(namen)) > 5


def test_a_difference_in_money_is_in_euro() -> None:
    assert rapportblad.signed(-320, "euro") == f"−{bedrag(320)}"
    assert rapportblad.signed(-320, "trajecten") == "−320"


def test_a_remark_that_is_too_long_comes_back_with_its_error(coordinator: Bezoeker, database: str) -> None:
    antwoord = coordinator.submit(NIEUW, {"opmerking": "x" * 501})
    assert (antwoord.status_code, "Hoogstens 500 tekens." in antwoord.text) == (422, True)
    with reading(database) as db:
        assert vaststellen.all_fixed(db) == []


def test_an_auditor_reads_and_does_not_fix(coordinator: Bezoeker, login: Any) -> None:
    adres = fixed(coordinator)
    login(coordinator, "auditor")
    assert coordinator.get(adres).status_code == 200
    assert "Rapport vaststellen" not in coordinator.get(NIEUW).text
    for pad in (NIEUW, f"{adres}/uitgaven", DUIDING):
        assert coordinator.submit(pad, {"opmerking": "", "grens": "10"}).status_code == 403, pad


def test_a_report_that_does_not_exist_is_not_found(coordinator: Bezoeker) -> None:
    for pad in ("9", "9.csv", "9/herziening", "9/uitgaven/1", "9/uitgaven/1.csv"):
        assert coordinator.get(f"/rapporten/{pad}").status_code == 404, pad


# -- Publishing --------------------------------------------------------------------------------------------------------


def test_an_edition_leaves_small_numbers_out_on_the_page_and_in_every_file(
    coordinator: Bezoeker, database: str
) -> None:
    cases(database, 3)
    adres = fixed(coordinator)
    antwoord = coordinator.submit(f"{adres}/uitgaven", {"grens": "10"})
    assert antwoord.status_code == 303, antwoord.text
    uitgave = antwoord.location
    assert "Meldingen x" in key_line(coordinator.get(uitgave).text, "O2")
    for vorm, leeg in (("csv", "x"), ("xlsx", "x"), ("json", None)):
        assert read_file(coordinator.get(f"{uitgave}.{vorm}").data, vorm)["Meldingen"] == leeg
    assert read_file(coordinator.get(f"{adres}.csv").data, "csv")["Meldingen"] == 3


@pytest.mark.parametrize("grens", ["2", "101", "tien", "-5", "9" * 5000])
def test_a_bound_that_protects_nobody_is_refused(coordinator: Bezoeker, grens: str) -> None:
    adres = fixed(coordinator)
    antwoord = coordinator.submit(f"{adres}/uitgaven", {"grens": grens})
    assert (antwoord.status_code, "Kies een grens van 3 tot en met 100." in antwoord.text) == (422, True)


def test_what_was_changed_in_the_database_says_so_on_every_page_and_in_every_file(
    coordinator: Bezoeker, database: str
) -> None:
    cases(database, 3)
    adres = fixed(coordinator)
    uitgegeven = coordinator.submit(f"{adres}/uitgaven", {"grens": "10"}).location
    with transaction(database) as db:
        db.execute(text("DROP TRIGGER rapport_geen_update"))
        db.execute(text("UPDATE rapport SET opmerking = 'Alles klopt.'"))
    for pad in (adres, uitgegeven, f"{adres}/herziening"):
        assert "in de database gewijzigd" in coordinator.get(pad).text, pad
    for pad in (adres, uitgegeven):
        assert "GEWIJZIGD IN DE DATABASE" in coordinator.get(f"{pad}.csv").text
        assert "GEWIJZIGD IN DE DATABASE" in json.loads(coordinator.get(f"{pad}.json").text)["waarschuwing"]
        blad = openpyxl.load_workbook(io.BytesIO(coordinator.get(f"{pad}.xlsx").data))["Waarvan gemaakt"]
        assert "GEWIJZIGD IN DE DATABASE" in str(blad["B2"].value)
    assert "er kan geen uitgave van" in coordinator.submit(f"{adres}/uitgaven", {"grens": "10"}).text


# -- Beside the figures ------------------------------------------------------------------------------------------------


def test_a_target_and_a_comment_stand_in_the_report(coordinator: Bezoeker, database: str) -> None:
    cases(database, 3)
    streef = {"wat": "streef", "streef-cijfer": "V1.signalen", "streef-jaar": "2025", "streef-soort": "streefwaarde"}
    assert coordinator.submit(DUIDING, {**streef, "streef-waarde": "1.250"}).status_code == 303
    opmerking = {"wat": "opmerking", "opmerking-indicator": "V1", "opmerking-jaar": "2025"}
    assert coordinator.submit(DUIDING, {**opmerking, "opmerking-tekst": "Nieuw convenant."}).status_code == 303
    regel = key_line(coordinator.get(NIEUW).text, "V1")
    assert "streefwaarde 1.250" in regel
    assert "Nieuw convenant." in regel


@pytest.mark.parametrize(
    ("getypt", "gelezen"), [("95", 95), ("82,5 %", 82.5), ("82.5", 82.5), ("1.234,5", 1234.5), ("1.250", 1250)]
)
def test_a_target_is_the_number_that_was_typed(
    coordinator: Bezoeker, database: str, getypt: str, gelezen: float
) -> None:
    streef = {"wat": "streef", "streef-cijfer": "V1.signalen", "streef-jaar": "2025", "streef-soort": "norm"}
    assert coordinator.submit(DUIDING, {**streef, "streef-waarde": getypt}).status_code == 303
    with reading(database) as db:
        assert [s.waarde for s in duiding.read(db).streefwaarden] == [gelezen]


def test_a_break_is_shown_with_the_years_it_lies_in(coordinator: Bezoeker) -> None:
    breuk = {"wat": "breuk", "breuk-indicator": "", "breuk-dag": "1-4-2024", "breuk-tekst": "Nieuw systeem."}
    assert coordinator.submit(DUIDING, breuk).status_code == 303
    blad = coordinator.get(NIEUW).text
    assert "Nieuw systeem." in blad
    assert "Aflostermijn van 36 naar 18 maanden" in blad


LANG = "x" * 1001
AANDEEL = {"wat": "streef", "streef-cijfer": "D13.aandeel_kbl", "streef-jaar": "2025", "streef-soort": "norm"}
VERKEERD = (
    ({"wat": "streef", "streef-cijfer": "Z.9", "streef-jaar": "2025", "streef-waarde": "1"}, "Kies een cijfer"),
    ({"wat": "streef", "streef-cijfer": "V1.signalen", "streef-jaar": "later", "streef-waarde": "1"}, "Kies een jaar"),
    ({"wat": "streef", "streef-cijfer": "V1.signalen", "streef-jaar": "2025", "streef-waarde": "veel"}, "getal in"),
    ({"wat": "streef", "streef-cijfer": "V1.signalen", "streef-jaar": "2025", "streef-waarde": "1,234.5"}, "getal in"),
    ({**AANDEEL, "streef-waarde": "120"}, "van 0 tot en met 100"),
    ({**AANDEEL, "streef-waarde": "1.234,5"}, "van 0 tot en met 100"),
    ({"wat": "breuk", "breuk-dag": "32-1-2024", "breuk-tekst": "x"}, "dag"),
    (
        {"wat": "opmerking", "opmerking-indicator": "V1", "opmerking-jaar": "2025", "opmerking-tekst": "x" * 1001},
        "1000",
    ),
)


@pytest.mark.parametrize(("wat", "zin"), VERKEERD)
def test_what_cannot_be_comes_back_with_its_error(coordinator: Bezoeker, wat: dict[str, str], zin: str) -> None:
    antwoord = coordinator.submit(DUIDING, {"streef-soort": "norm", **wat})
    assert (antwoord.status_code, zin in antwoord.text) == (422, True)
