"""`routekaart doctor`: each thing that commonly goes wrong is one line that says what to do, and nothing else fails."""

from __future__ import annotations

import json
import shutil
import sys
from collections import namedtuple
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models import klok
from models.database import engine, transaction
from tests.bouwers import a_traject
from tests.kantoor import Kantoor
from workflow.instellingen import SLEUTELS

Doen = Callable[[Kantoor], object]
Schijf = namedtuple("Schijf", "total used free")
NU = datetime(2026, 11, 28, 12, tzinfo=UTC)
ADRES = "postgresql+psycopg://routekaart@127.0.0.1:1/routekaart"


@pytest.fixture
def gezond(leeg_kantoor: Kantoor, ingericht: Path) -> Kantoor:
    """An installation as `init` makes it, with a traject."""
    shutil.copytree(ingericht, instance(leeg_kantoor))
    with klok.at(NU), transaction(leeg_kantoor.database) as db:
        a_traject(db)
    engine(leeg_kantoor.database).dispose()
    return leeg_kantoor


def instance(kantoor: Kantoor, naam: str = "") -> Path:
    """A file in the folder of the installation."""
    return kantoor.map / "instance" / naam


def setting(naam: str, waarde: str) -> Doen:
    """A setting says this."""
    return lambda kantoor: kantoor.setenv(f"ROUTEKAART_{naam}", waarde)


def key(naam: str, inhoud: str | None) -> Doen:
    """A key file says this, or is gone."""

    def do(kantoor: Kantoor) -> None:
        if inhoud is None:
            instance(kantoor, naam).unlink()
        else:
            instance(kantoor, naam).write_text(inhoud)

    return do


def rights(naam: str, mode: int) -> Doen:
    """A file or folder has these rights."""
    return lambda kantoor: instance(kantoor, naam).chmod(mode)


def in_database(opdracht: str) -> Doen:
    """Somebody did this in the database."""
    return lambda kantoor: kantoor.set(opdracht)


def without_database(kantoor: Kantoor) -> None:
    """The database was moved away."""
    instance(kantoor, "routekaart.db").unlink()


def junk_for_database(kantoor: Kantoor) -> None:
    """Something else stands in its place."""
    instance(kantoor, "routekaart.db").write_bytes(b"Beste lezer, dit is geen database. " * 200)


def same_keys(kantoor: Kantoor) -> None:
    """One key was copied over the other."""
    shutil.copyfile(instance(kantoor, "master.key"), instance(kantoor, "secret.key"))


def real_data_on_a_demo(kantoor: Kantoor) -> None:
    """A demo database was declared fit for real people."""
    kantoor.set("INSERT INTO instelling VALUES ('demo', 'ja')")
    kantoor.setenv("ROUTEKAART_ECHTE_GEGEVENS", "ja")


MIS: list[tuple[str, Doen, str]] = [
    (
        "secret key gone",
        key("secret.key", None),
        "secret.key does not exist; put the key back, or run",
    ),
    ("seal key gone", key("seal.key", None), "seal.key does not exist; put the key back, or run `routekaart init`"),
    ("key cut short", key("secret.key", "abc"), "ROUTEKAART_SECRET_KEY must be 64 hexadecimal digits"),
    ("key of zeroes", key("secret.key", "00" * 32), "ROUTEKAART_SECRET_KEY is not random; remove it and run"),
    ("same keys", same_keys, "are the same; give each a value of its own"),
    ("another master key", key("master.key", bytes(range(32)).hex()), "ROUTEKAART_MASTER_KEY is not the key that this"),
    ("key for all to read", rights("secret.key", 0o644), "run `chmod 600 "),
    ("database for all to read", rights("routekaart.db", 0o644), "run `chmod 600 "),
    ("folder for all to read", rights("", 0o755), "run `chmod 700 "),
    ("no database", without_database, "there is no database at"),
    ("junk", junk_for_database, "file is not a database; restore a backup"),
    (
        "older tables",
        in_database("UPDATE alembic_version SET version_num = '0000'"),
        "make a backup and run",
    ),
    (
        "newer tables",
        in_database("UPDATE alembic_version SET version_num = '9999'"),
        "or use the program that",
    ),
    ("no tables", in_database("DROP TABLE kenmerk"), "the database lacks kenmerk; run `routekaart init` first"),
    ("log unguarded", in_database("DROP TRIGGER gebeurtenis_geen_update"), "gebeurtenis_geen_update; restore a backup"),
    ("numbers unguarded", in_database("DROP TRIGGER trajectnummer_geen_delete"), "trajectnummer_geen_delete; restore"),
    ("no server", setting("DATABASE", ADRES), "Connection refused; see whether the server runs"),
    ("no address", setting("DATABASE", "niets"), "write sqlite:///FILE or postgresql+psycopg://"),
    ("proxies in words", setting("PROXIES", "een"), "ROUTEKAART_PROXIES must be a number"),
    ("key file elsewhere", setting("SECRET_KEY_FILE", "/nergens/sleutel"), "ROUTEKAART_SECRET_KEY_FILE: cannot read"),
    ("demo among real people", real_data_on_a_demo, "needs another database"),
]
"""What is wrong, how it came, and the words that say what to do."""


def test_a_sound_installation_is_told_what_was_looked_at(gezond: Kantoor) -> None:
    with klok.at(NU):
        uitkomst = gezond.run("doctor")
    assert (uitkomst.exit_code, uitkomst.stderr) == (0, "")
    assert all(regel.startswith("ok   ") for regel in uitkomst.stdout.splitlines())
    assert len(uitkomst.stdout.splitlines()) == 11


@pytest.mark.parametrize(("doe", "raad"), [geval[1:] for geval in MIS], ids=[geval[0] for geval in MIS])
def test_what_is_wrong_is_one_line_that_says_what_to_do(gezond: Kantoor, doe: Doen, raad: str) -> None:
    doe(gezond)
    with klok.at(NU):
        uitkomst = gezond.run("doctor")
    (regel,) = uitkomst.stderr.splitlines()
    assert uitkomst.exit_code == 1
    assert regel.startswith("FAIL ")
    assert raad in regel


def test_a_map_whose_day_has_not_come_is_named(gezond: Kantoor) -> None:
    with klok.at(datetime(2025, 12, 31, 12, tzinfo=UTC)):
        (regel,) = gezond.run("doctor").stderr.splitlines()
    assert "the last one published is used until then" in regel


def test_a_driver_that_is_not_there_is_named(gezond: Kantoor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    gezond.setenv("ROUTEKAART_DATABASE", "postgresql+psycopg://niemand@127.0.0.1:1/zonder_stuurprogramma")
    assert "FAIL the Python package psycopg is not installed" in gezond.run("doctor").stderr


def test_a_lost_master_key_is_named(gezond: Kantoor) -> None:
    instance(gezond, "master.key").unlink()
    with klok.at(NU):
        assert "put back the one that was kept" in gezond.run("doctor").stderr


def test_a_disk_that_is_nearly_full_is_named(gezond: Kantoor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Schijf(10**12, 10**12 - 42_000_000, 42_000_000))
    with klok.at(NU):
        uitkomst = gezond.run("doctor")
    assert (uitkomst.exit_code, "only 42 MB free where the database stands" in uitkomst.stderr) == (1, True)


def test_years_without_a_decree_are_named(gezond: Kantoor) -> None:
    with klok.at(datetime(2030, 1, 2, tzinfo=UTC)):
        uitkomst = gezond.run("doctor")
    assert uitkomst.exit_code == 1
    assert "equated days of 2030, 2031 not known; enter them under Beheer" in uitkomst.stderr


def test_a_log_that_is_sealed_no_more_is_named(gezond: Kantoor) -> None:
    """A day that was missed is none yet: a seal signs what was recorded in the days before it as well."""
    with klok.at(NU + timedelta(days=2)):
        assert gezond.run("doctor").exit_code == 0
    with klok.at(NU + timedelta(days=2, minutes=1)):
        (regel,) = gezond.run("doctor").stderr.splitlines()
        assert "recorded since 2026-11-28 stands under no seal; have `routekaart seal` run every day" in regel
        assert gezond.run("seal").exit_code == 0
        assert gezond.run("doctor").exit_code == 0


def test_a_demo_needs_no_seals(gezond: Kantoor) -> None:
    gezond.set("INSERT INTO instelling VALUES ('demo', 'ja')")
    with klok.at(NU + timedelta(days=9)):
        assert gezond.run("doctor").exit_code == 0


def test_a_damaged_file_is_named(gezond: Kantoor) -> None:
    """The end of the file was lost, as when a copy broke off."""
    bestand = instance(gezond, "routekaart.db")
    bestand.write_bytes(bestand.read_bytes()[:-200_000])
    uitkomst = gezond.run("doctor")
    assert uitkomst.exit_code == 1
    assert "restore a backup" in uitkomst.stderr


def test_nothing_was_made_yet(leeg_kantoor: Kantoor) -> None:
    regels = leeg_kantoor.run("doctor").stderr.splitlines()
    assert len(regels) == len(SLEUTELS) + 1
    assert all("run `routekaart init` first" in regel for regel in regels)
    assert not instance(leeg_kantoor).exists()


def test_all_that_is_wrong_is_told_at_once_and_to_scripts_too(gezond: Kantoor) -> None:
    rights("routekaart.db", 0o644)(gezond)
    in_database("DROP TRIGGER gebeurtenis_geen_update")(gezond)
    with klok.at(NU):
        uitkomst = gezond.run("doctor --json")
    punten = json.loads(uitkomst.stdout)
    assert (uitkomst.exit_code, uitkomst.stderr) == (1, "")
    assert [punt["ok"] for punt in punten].count(False) == 2
    assert all(punt.keys() == {"ok", "text"} for punt in punten)
