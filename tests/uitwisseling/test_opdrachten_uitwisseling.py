"""Deliveries on the command line: exit codes, one line for each finding, nothing personal in what is printed."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from leveringen import as_bytes, day, delivery, one, several, trajecten
from sqlalchemy import func, select

from models.database import reading
from models.gebeurtenis import gebeurtenis
from web.opdrachten_uitwisseling import export_ddas, import_ddas, run_export, run_import
from workflow.uitwisseling import opmerkingen


@pytest.fixture
def run(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command on this database; a delivery among the arguments becomes a file."""
    monkeypatch.setenv("ROUTEKAART_DATABASE", database)
    bestand = tmp_path / "levering.json"

    def run(opdracht: Any, *argumenten: Any) -> Result:
        if isinstance(argumenten[0], dict):
            bestand.write_bytes(as_bytes(argumenten[0]))
            argumenten = (bestand, *argumenten[1:])
        return CliRunner().invoke(opdracht, [str(a) for a in argumenten])

    return run


def rows(database: str) -> int:
    """The number of gebeurtenissen."""
    with reading(database) as db:
        return int(db.execute(select(func.count()).select_from(gebeurtenis)).scalar_one())


def test_dry_run_says_what_it_would_become_and_changes_nothing(run: Any, database: str) -> None:
    uitkomst = run(import_ddas, delivery(), "--dry-run")
    assert uitkomst.exit_code == 0
    assert uitkomst.stdout == "4 trajecten new\n46 gebeurtenissen and 5 people would be made\n"
    assert "$.leveringen[0].schuldhulptrajecten[0].begeleiding[3]: warning: no place of its own" in uitkomst.stderr
    assert rows(database) == 0


def test_import_and_import_again(run: Any, database: str) -> None:
    assert run(import_ddas, delivery()).stdout == "4 trajecten new\n46 gebeurtenissen and 5 people made\n"
    na_een = rows(database)
    tweede = run(import_ddas, delivery())
    assert tweede.exit_code == 0
    assert tweede.stdout == "0 trajecten new\n4 trajecten already there\n0 gebeurtenissen and 0 people made\n"
    assert rows(database) == na_een


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_fout_refuses_with_its_path(run: Any, database: str, dry_run: bool) -> None:
    uitkomst = run(import_ddas, one(startdatum="2024-02-30"), *(["--dry-run"] if dry_run else []))
    assert uitkomst.exit_code == 1
    assert uitkomst.stdout == ""
    assert "$.leveringen[0].schuldhulptrajecten[0].startdatum: error: this date does not exist" in uitkomst.stderr
    assert uitkomst.stderr.endswith("refused: nothing was changed\n")
    assert rows(database) == 0


def test_json_for_scripts(run: Any) -> None:
    goed = json.loads(run(import_ddas, delivery("zonder_fasen"), "--json").stdout)
    assert (goed["done"], goed["counts"]["nieuw"], len(goed["trajecten"])) == (True, 5, 5)
    fout = run(import_ddas, one(gemeentecode="x"), "--json")
    assert fout.exit_code == 1
    assert [f["code"] for f in json.loads(fout.stdout)["findings"] if f["kind"] == "error"] == [
        "gemeentecode_onleesbaar"
    ]


def test_every_place_of_a_problem_is_named(run: Any) -> None:
    levering = several({"einddatum": None}, {"einddatum": None, "startdatum": "2024-02-01"}, {"einddatum": None})
    plaatsen = [f"$.leveringen[0].schuldhulptrajecten[{nr}].einddatum" for nr in range(3)]
    als_json = json.loads(run(import_ddas, levering, "--dry-run", "--json").stdout)
    (leeg,) = [f for f in als_json["findings"] if f["code"] == "leeg"]
    assert (leeg["path"], leeg["count"], leeg["paths"]) == (plaatsen[0], 3, plaatsen)
    regels = [regel for regel in run(import_ddas, levering, "--dry-run").stderr.splitlines() if "empty" in regel]
    zin = "warning: empty: read as not given"
    assert regels == [
        f"{plaatsen[0]}: {zin}, and in 2 more places",
        f"{plaatsen[1]}: {zin}",
        f"{plaatsen[2]}: {zin}",
    ]


def test_one_other_place_is_said_in_the_singular(run: Any) -> None:
    gezegd = run(import_ddas, several({"einddatum": None}, {"einddatum": None}), "--dry-run").stderr
    assert "einddatum: warning: empty: read as not given, and in 1 more place\n" in gezegd


def test_what_is_not_shown_is_counted_only_where_there_is_too_much(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    levering = one(begeleiding=[None] * 10_000)
    alles = run(import_ddas, levering, "--dry-run").stderr
    assert "begeleiding[9999]: warning: empty" in alles
    assert "more finding" not in alles
    monkeypatch.setattr(opmerkingen, "MAX_PADEN", 9_998)
    assert "\nand 1 more finding\n" in run(import_ddas, levering, "--dry-run").stderr


@pytest.mark.parametrize("inhoud", [b"[]", b'"tekst"'])
def test_a_file_of_another_kind_is_told_with_its_name_and_path(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], inhoud: bytes
) -> None:
    bestand = tmp_path / "x.json"
    bestand.write_bytes(inhoud)
    assert run_import(database, bestand, dry_run=False) == 1
    assert capsys.readouterr().err.startswith(f"{bestand}: $: error: must be an object, not ")


def test_a_file_that_is_not_there_or_a_folder_gets_a_sentence(run: Any, tmp_path: Path) -> None:
    for pad in (tmp_path / "weg.json", tmp_path):
        uitkomst = run(import_ddas, pad)
        assert uitkomst.exit_code == 1
        assert uitkomst.stderr.startswith(str(pad))
        assert "Traceback" not in uitkomst.output


def test_export_to_a_file_only_the_owner_may_read(run: Any, tmp_path: Path) -> None:
    run(import_ddas, delivery())
    doel = tmp_path / "uit.json"
    uitkomst = run(export_ddas, "--van", "2024-01-01", "--tot", "2026-01-01", "--output", doel)
    assert (uitkomst.exit_code, uitkomst.stdout) == (0, f"{doel}: 4 trajecten in 2 leveringen\n")
    assert stat.S_IMODE(doel.stat().st_mode) == 0o600
    assert len(trajecten(json.loads(doel.read_text(encoding="utf-8")))) == 4


def test_export_to_standard_output(run: Any) -> None:
    run(import_ddas, delivery("zonder_fasen"))
    uitkomst = run(export_ddas, "--van", "2024-01-01", "--tot", "2025-01-01")
    assert len(trajecten(json.loads(uitkomst.stdout))) == 5


def test_export_refuses_a_period_without_days_and_a_place_that_is_not_there(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_export(database, day("2024-01-01"), day("2024-01-01"), None) == 1
    assert capsys.readouterr().err == "--tot must be later than --van\n"
    assert run_export(database, day("2024-01-01"), day("2024-01-02"), tmp_path / "nergens" / "uit.json") == 1
    assert "No such file" in capsys.readouterr().err
    assert run_export(database, day("2024-01-01"), day("2024-01-02"), None) == 0


def test_nothing_personal_is_printed(database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    levering = delivery()
    trajecten(levering)[0]["client"][0]["Burgerservicenummer"] = "900000123"
    trajecten(levering)[1]["client"][0]["Geboortedatum"] = "14-02-1990"
    trajecten(levering)[2]["uitstroom"] = {"reden": "verhuisd naar Dorpsstraat 900000123"}
    bestand = tmp_path / "x.json"
    bestand.write_bytes(as_bytes(levering))
    assert run_import(database, bestand, dry_run=False) == 0
    gezegd = "".join(capsys.readouterr())
    assert all(tekst not in gezegd for tekst in ("900000123", "14-02-1990", "Dorpsstraat", "1984-06-02", "6211AB"))
