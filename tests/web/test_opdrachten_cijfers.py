"""`routekaart report`: the same figures as a table, JSON, CSV and a workbook; half a file is never left behind."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import openpyxl
import pytest

from models import klok
from models.database import transaction
from tests.bouwers import BEGIN, NU, a_traject, day, the_map
from tests.kantoor import Kantoor
from workflow.indicatoren import ALLE, on

JAAR = "report --van 2025-01-01 --tot 2026-01-01"


def as_json(kantoor: Kantoor, getypt: str = JAAR) -> dict[str, Any]:
    """What a script reads."""
    uitkomst = kantoor.run(f"{getypt} --format json")
    assert (uitkomst.exit_code, uitkomst.stderr) == (0, "")
    gelezen: dict[str, Any] = json.loads(uitkomst.stdout)
    return gelezen


def figure(gegevens: dict[str, Any], code: str, maat: str, **deel: str) -> Any:
    """One value of the report; None where the part is not there."""
    indicator = next(i for i in gegevens["indicatoren"] if i["code"] == code)
    gevonden = [m for m in indicator["metingen"] if m["maat"] == maat and m["uitsplitsing"] == deel]
    return gevonden[0]["waarde"] if gevonden else None


def test_json_has_every_code_always(kantoor: Kantoor) -> None:
    leeg = as_json(kantoor, "report --van 2001-01-01 --tot 2002-01-01")
    codes = [i["code"] for i in leeg["indicatoren"]]
    assert [code for code in codes if code in {i.code for i in ALLE}] == [i.code for i in ALLE]
    with transaction(kantoor.database) as db:
        assert codes == [i.code for i in on(the_map(db))]
    assert leeg["periode"] == {"van": "2001-01-01", "tot": "2002-01-01"}
    assert {"bekend_op", "logpositie", "indicatoren"} <= set(leeg)
    assert all({"code", "naam", "eenheid", "bron", "metingen", "ontbreekt"} <= set(i) for i in leeg["indicatoren"])


def test_the_last_day_of_the_period_does_not_count(kantoor: Kantoor) -> None:
    assert figure(as_json(kantoor, "report --van 2025-06-02 --tot 2025-06-03"), "O2", "meldingen") == 1
    assert figure(as_json(kantoor, "report --van 2025-06-01 --tot 2025-06-02"), "O2", "meldingen") == 0


def test_a_report_on_one_gemeente_has_nothing_of_another(kantoor: Kantoor) -> None:
    with transaction(kantoor.database) as db:
        a_traject(db, gemeente="GM0917")
    assert figure(as_json(kantoor), "O2", "meldingen") == 2
    assert figure(as_json(kantoor, f"{JAAR} --gemeente GM0935"), "O2", "meldingen") == 1


def test_what_was_not_known_yet_is_not_in_it(kantoor: Kantoor) -> None:
    gegevens = as_json(kantoor, f"{JAAR} --bekend 2020-01-01")
    assert (gegevens["bekend_op"], gegevens["logpositie"]) == ("2020-01-01", 0)
    assert figure(gegevens, "O2", "meldingen") == 0


def test_a_period_that_runs_on_is_followed_up_to_today_as_on_the_screen(kantoor: Kantoor) -> None:
    with klok.at(NU):
        lang, kort = (as_json(kantoor, f"report --van 2025-01-01 --tot {tot}") for tot in ("2059-12-31", "2026-03-03"))
    assert (lang["periode"]["tot"], lang["gevolgd_tot"], kort["gevolgd_tot"]) == ("2059-12-31", *["2026-03-03"] * 2)
    van_het_log = [[i for i in g["indicatoren"] if i["bron"] == "log"] for g in (lang, kort)]
    assert van_het_log[0] == van_het_log[1]
    assert figure(lang, "D4", "wacht_dagen") == day("2026-03-02") - BEGIN


def test_a_period_in_too_many_parts_is_refused(kantoor: Kantoor) -> None:
    uitkomst = kantoor.run("report --van 2000-01-01 --tot 2026-01-01 --split maand")
    assert (uitkomst.exit_code, "more than 60 parts" in uitkomst.stderr) == (1, True)


def test_days_before_the_log_are_named_as_missing(kantoor: Kantoor) -> None:
    assert as_json(kantoor)["log_vanaf"] == "2025-06-02"
    assert "the log begins on 2025-06-02" in kantoor.run(JAAR).stdout
    assert "the log begins" not in kantoor.run("report --van 2025-06-02 --tot 2026-01-01").stdout


def test_a_period_that_begins_after_today_is_refused(kantoor: Kantoor) -> None:
    with klok.at(NU):
        uitkomst = kantoor.run("report --van 2026-03-03 --tot 2027-01-01")
    assert (uitkomst.exit_code, "the period has not begun yet" in uitkomst.stderr) == (1, True)


def test_a_split_gives_each_part_its_own_figure(kantoor: Kantoor) -> None:
    with transaction(kantoor.database) as db:
        a_traject(db, gemeente="GM0935", op=day("2025-08-04"))
    gegevens = as_json(kantoor, f"{JAAR} --split kwartaal")
    assert figure(gegevens, "O2", "meldingen", deel="2025-K2") == 1
    assert figure(gegevens, "O2", "meldingen", deel="2025-K3") == 1


def test_only_the_indicators_that_were_asked_for_are_measured(kantoor: Kantoor) -> None:
    gegevens = as_json(kantoor, f"{JAAR} --code o2 --code D5")
    assert [i["code"] for i in gegevens["indicatoren"]] == ["D5", "O2"]


def test_csv_and_table_have_the_figures_of_json(kantoor: Kantoor) -> None:
    regels = list(csv.DictReader(io.StringIO(kantoor.run(f"{JAAR} --format csv").stdout)))
    melding = next(r for r in regels if (r["code"], r["cijfer"], r["onderdeel"]) == ("O2", "Meldingen", ""))
    assert (melding["waarde"], melding["van_dag"]) == ("1", "2025-01-01")
    assert len(regels) == sum(len(i["metingen"]) for i in as_json(kantoor)["indicatoren"])
    assert any("O2" in r and "Meldingen" in r and " 1 " in r for r in kantoor.run(JAAR).stdout.splitlines())


def test_a_workbook_needs_a_file_to_go_to(kantoor: Kantoor) -> None:
    assert kantoor.run(f"{JAAR} --format xlsx").exit_code == 2
    uitkomst = kantoor.run(f"{JAAR} --format xlsx --output $map/cijfers.xlsx")
    assert (uitkomst.exit_code, " indicatoren, " in uitkomst.stdout) == (0, True), uitkomst.output
    boek = openpyxl.load_workbook(kantoor.map / "cijfers.xlsx")
    assert {"Effectieve dienstverlening", "Opbrengst", "Definities", "Waarvan gemaakt"} <= set(boek.sheetnames)


@pytest.mark.parametrize(("keuze", "naam"), [("", "alle"), (" --gemeente GM0935", "Maastricht")])
def test_a_workbook_names_the_gemeente_it_is_about(kantoor: Kantoor, keuze: str, naam: str) -> None:
    uitkomst = kantoor.run(f"{JAAR}{keuze} --format xlsx --output $map/cijfers.xlsx")
    assert uitkomst.exit_code == 0, uitkomst.output
    blad = openpyxl.load_workbook(kantoor.map / "cijfers.xlsx")["Waarvan gemaakt"]
    assert dict(blad.iter_rows(values_only=True))["Gemeente"] == naam


def test_a_file_that_was_there_is_replaced_as_a_whole(kantoor: Kantoor) -> None:
    uit = kantoor.file("uit.json", "oud")
    assert kantoor.run(f"{JAAR} --format json --output {uit}").exit_code == 0
    assert json.loads(uit.read_text(encoding="utf-8"))["logpositie"] == 1
    assert [pad.name for pad in kantoor.map.iterdir() if pad.name.startswith(".uit")] == []


def test_a_day_that_is_none_is_a_mistake_in_typing(kantoor: Kantoor) -> None:
    uitkomst = kantoor.run("report --van 2025-02-30 --tot 2026-01-01")
    assert (uitkomst.exit_code, "does not match the format" in uitkomst.output) == (2, True)
