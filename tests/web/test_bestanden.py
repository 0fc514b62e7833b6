"""What the command line reads and writes: no devices, no more than it may, and nothing half-written."""

from __future__ import annotations

import faulthandler
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from volle_schijf import no_file_larger_than

from web.opdrachten import main
from workflow import bestanden, kaartlezer
from workflow.uitwisseling import ddas

EXPORT = ["export", "ddas", "--van", "2024-01-01", "--tot", "2025-01-01", "--output"]
LEVERING = Path(__file__).parents[1] / "data" / "ddas" / "zonder_fasen.json"


def pipe(map_: Path) -> Path:
    """A pipe to which nobody writes."""
    os.mkfifo(map_ / "pijp")
    return map_ / "pijp"


def sparse(map_: Path) -> Path:
    """A file of a terabyte that takes no room."""
    with (map_ / "groot").open("wb") as bestand:
        bestand.truncate(10**12)
    return map_ / "groot"


EINDELOOS: dict[str, Callable[[Path], Path]] = {
    "no ordinary file": lambda _: Path("/dev/zero"),
    "this is no ordinary file": pipe,
    "large": sparse,
}


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    """A test that reads without end would stop everything."""
    faulthandler.dump_traceback_later(60, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


@pytest.mark.parametrize("opdracht", [["check"], ["import", "ddas"], ["import", "ddas", "--dry-run"]])
@pytest.mark.parametrize("zin", EINDELOOS)
def test_what_has_no_end_is_refused_at_once(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opdracht: list[str], zin: str
) -> None:
    monkeypatch.setenv("ROUTEKAART_DATABASE", database)
    uitkomst = CliRunner().invoke(main, [*opdracht, str(EINDELOOS[zin](tmp_path))])
    assert (uitkomst.exit_code, uitkomst.stdout) == (1, "")
    assert zin in uitkomst.stderr
    assert len(uitkomst.stderr.splitlines()) <= 2


@pytest.mark.parametrize("grens", [kaartlezer.MAX_BYTES, ddas.MAX_BYTES])
def test_no_more_is_read_than_is_needed_to_refuse(tmp_path: Path, grens: int) -> None:
    assert len(bestanden.read(sparse(tmp_path), grens)) == grens + 1


def test_a_file_is_replaced_whole_and_by_one_of_its_owner_alone(tmp_path: Path) -> None:
    (doel := tmp_path / "uit.json").write_text("oud")
    doel.chmod(0o644)
    (wijzer := tmp_path / "wijzer.json").symlink_to(doel)
    bestanden.write(wijzer, "nieuw")
    assert (wijzer.is_symlink(), doel.read_text()) == (True, "nieuw")
    assert stat.S_IMODE(doel.stat().st_mode) == 0o600
    assert {pad.name for pad in tmp_path.iterdir()} == {"uit.json", "wijzer.json"}


def test_a_device_is_written_to_and_not_replaced() -> None:
    bestanden.write(Path("/dev/null"), "weg")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_on_a_full_disk_an_export_leaves_what_was_there(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROUTEKAART_DATABASE", database)
    assert CliRunner().invoke(main, ["import", "ddas", str(LEVERING)]).exit_code == 0
    (doel := tmp_path / "uit.json").write_text("oud")
    with no_file_larger_than(1000):
        uitkomst = CliRunner().invoke(main, [*EXPORT, str(doel)])
    assert (uitkomst.exit_code, uitkomst.stdout) == (1, "")
    # That it goes out is noted first, on the same disk.
    assert uitkomst.stderr.startswith("the database refused: disk I/O error; make room on the disk")
    assert len(uitkomst.stderr.splitlines()) == 1
    assert doel.read_text() == "oud"
    assert [pad for pad in tmp_path.iterdir() if "routekaart.db" not in pad.name] == [doel]


def test_an_export_to_a_device_that_is_full_names_it(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUTEKAART_DATABASE", database)
    uitkomst = CliRunner().invoke(main, [*EXPORT, "/dev/full"])
    assert (uitkomst.exit_code, uitkomst.stdout) == (1, "")
    assert uitkomst.stderr == "/dev/full: No space left on device\n"


def test_on_a_full_disk_a_backup_leaves_nothing(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUTEKAART_DATABASE", database)
    with no_file_larger_than(100_000):
        uitkomst = CliRunner().invoke(main, ["backup", str(tmp_path / "kopie.db")])
    assert (uitkomst.exit_code, len(uitkomst.stderr.splitlines())) == (1, 1), uitkomst.output
    assert "cannot be copied" in uitkomst.stderr
    assert not [pad for pad in tmp_path.iterdir() if "kopie" in pad.name]
