"""Another key for the seals on the command line: it takes the place of a key file; a setting you change yourself."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from models.database import reading
from tests.kantoor import Kantoor
from workflow import instellingen, zegels

SLEUTEL, NIEUW = "ROUTEKAART_SEAL_KEY", "33" * 32


@pytest.fixture
def met_bestand(kantoor: Kantoor, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The key file of an installation with one seal."""
    monkeypatch.delenv(SLEUTEL)
    kantoor.run("init")
    assert kantoor.run("seal").exit_code == 0
    return kantoor.map / "seal.key"


def test_a_new_key_takes_the_place_of_the_key_file(kantoor: Kantoor, met_bestand: Path) -> None:
    oud, publiek = met_bestand.read_text(encoding="utf-8"), zegels.public_key()
    uitkomst = kantoor.run("rotate")
    assert uitkomst.exit_code == 0, uitkomst.output
    nieuw = zegels.public_key()
    assert f"seal 2: key {publiek.id} leaves the next ones to key {nieuw.id}\n" in uitkomst.stdout
    assert f"published {kantoor.map / 'zegels' / 'sleutel-000002.txt'}\n" in uitkomst.stdout
    assert uitkomst.stdout.endswith(f"{met_bestand}: the new key; the old one is gone\n")
    assert oud not in {pad.read_text(encoding="utf-8") for pad in kantoor.map.glob("seal.key*")}
    assert stat.S_IMODE(met_bestand.stat().st_mode) == 0o600
    for getypt in ("seal", f"verify --key {publiek.tekst}", f"verify --key {publiek.tekst} --key {nieuw.tekst}"):
        assert kantoor.run(getypt).exit_code == 0, getypt
    assert kantoor.run("verify").stderr == ""


def test_a_change_that_was_broken_off_is_finished_by_asking_again(
    kantoor: Kantoor, met_bestand: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seal was taken, and the key file could not be replaced."""

    def fail(_naam: str) -> None:
        raise OSError(28, "No space left on device", str(met_bestand))

    with monkeypatch.context() as even:
        even.setattr(instellingen, "put_next_key", fail)
        assert kantoor.run("rotate").exit_code == 1
    assert "is to sign after seal 2" in kantoor.run("seal").stderr
    assert kantoor.run("rotate").exit_code == 0
    with reading(kantoor.database) as db:
        assert len(zegels.every(db)) == 2
    assert kantoor.run("verify").exit_code == 0


def test_of_a_setting_the_new_key_is_another_setting(kantoor: Kantoor) -> None:
    kantoor.setenv(f"{SLEUTEL}_NEW", NIEUW)
    uitkomst = kantoor.run("rotate")
    assert uitkomst.exit_code == 0, uitkomst.output
    assert "now set ROUTEKAART_SEAL_KEY to the new key" in uitkomst.stdout
    assert "is to sign after seal 2" in kantoor.run("seal").stderr
    assert "FAIL ROUTEKAART_SEAL_KEY is not key" in kantoor.run("doctor").stderr
    kantoor.setenv(SLEUTEL, NIEUW)
    assert kantoor.run("seal").exit_code == 0
    assert "ok   the present key is to sign the next seal" in kantoor.run("doctor").stdout


def test_a_lost_key_is_recorded_and_told_at_each_verify(kantoor: Kantoor, met_bestand: Path) -> None:
    os.unlink(met_bestand)
    kantoor.run("init")
    assert "put that one back, or record with `routekaart rotate`" in kantoor.run("seal").stderr
    uitkomst = kantoor.run("rotate --lost")
    assert uitkomst.exit_code == 0, uitkomst.output
    assert "and says that the one before was lost" in uitkomst.stdout
    uitkomst = kantoor.run("verify")
    assert (uitkomst.exit_code, uitkomst.stderr) == (0, "")
    assert "\nnote: seal 2: key " in uitkomst.stdout
