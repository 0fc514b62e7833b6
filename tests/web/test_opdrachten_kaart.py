"""Publishing a map and moving trajecten to it on the command line: told first, all or nothing, never by surprise."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select, text

from models import klok
from models.database import reading
from models.routekaartversie import routekaartversie
from tests.bouwers import everything, folded
from tests.kaartversies import another_text
from tests.kantoor import Kantoor
from web import opdrachten_kaart
from workflow import instellingen, overzetten
from workflow.gezin import load
from workflow.trajectpagina import page_of
from workflow.wijzigingen import changes

KAART = instellingen.map_file().read_text(encoding="utf-8")
ZONDER_MELDING = another_text(KAART, namen={"melding": "aanmelding"})


def state(kantoor: Kantoor) -> Any:
    """Every row of every table."""
    with reading(kantoor.database) as db:
        return everything(db)


def versions(kantoor: Kantoor) -> list[tuple[str, str]]:
    """Version and status of the stored maps."""
    with reading(kantoor.database) as db:
        rijen = db.execute(select(routekaartversie.c.versie, routekaartversie.c.status))
        return sorted(map(tuple, rijen))


def test_a_dry_run_tells_and_writes_nothing(kantoor: Kantoor) -> None:
    was = state(kantoor)
    uitkomst = kantoor.run("publish $volgende --dry-run")
    assert "rehearsal over 1 running trajecten: fits 1, needs mapping 0, blocked 0" in uitkomst.stdout
    assert "  schuldhulp.melding: fits 1" in uitkomst.stdout
    assert uitkomst.stdout.splitlines()[-1] == "nothing was written"
    assert state(kantoor) == was


def test_publishing_moves_nobody_unasked(kantoor: Kantoor) -> None:
    uitkomst = kantoor.run("publish $volgende")
    assert "stored; in force from" in uitkomst.stdout
    assert versions(kantoor) == [("2026-1", "proef"), ("volgende", "proef")]
    assert kantoor.rows() == 1
    assert "moved 1 trajecten" in kantoor.run("move volgende").stdout
    assert "on this version already: 1" in kantoor.run("move volgende").stdout
    assert kantoor.rows() == 2


def test_history_says_that_a_traject_was_moved_on_the_command_line(kantoor: Kantoor) -> None:
    kantoor.run("publish $volgende --move")
    nummer = kantoor.woorden["nummer"]
    with reading(kantoor.database) as db:
        zin = page_of(load(db, nummer, lock=False), nummer, "auditor", klok.today()).geschiedenis[0]
    assert (zin.soort, zin.door, zin.rol, zin.organisatie) == ("migratie", "Opdrachtregel", "beheerder", "op de server")


def test_a_version_says_who_published_it(kantoor: Kantoor) -> None:
    kantoor.run("publish $volgende --by Beheer")
    with reading(kantoor.database) as db:
        door = {w.zin.split()[1]: w.door for w in changes(db, {}) if w.soort == "kaart"}
    assert door == {"volgende": "Beheer (opdrachtregel)", "2026-1": None}


def test_a_version_is_published_by_somebody(kantoor: Kantoor) -> None:
    was = state(kantoor)
    uitkomst = kantoor.run(f"publish $volgende --by {'x' * 500}")
    assert (uitkomst.exit_code, len(uitkomst.stderr.splitlines())) == (1, 1)
    assert state(kantoor) == was


def test_who_does_not_fit_is_named_and_goes_with_a_mapping(kantoor: Kantoor) -> None:
    kantoor.file("hernoemd.yaml", ZONDER_MELDING)
    nummer = kantoor.woorden["nummer"]
    uitkomst = kantoor.run("publish $hernoemd --move")
    assert f"{nummer} in schuldhulp.melding: needs mapping, its stap is not on the new map" in uitkomst.stdout
    assert kantoor.rows() == 1
    assert "moved 1 trajecten" in kantoor.run("move volgende --map schuldhulp.melding=aanmelding").stdout
    with reading(kantoor.database) as db:
        stap = folded(db, nummer).stand.stap
    assert getattr(stap, "code", None) == "aanmelding"


def test_the_rehearsal_for_another_program(kantoor: Kantoor) -> None:
    kantoor.file("hernoemd.yaml", ZONDER_MELDING)
    verteld = json.loads(kantoor.run("publish $hernoemd --dry-run --json").stdout)
    assert (verteld["fits"], verteld["needs mapping"], verteld["blocked"]) == (0, 1, 0)
    (traject,) = verteld["trajecten"]
    assert (traject["number"], traject["verdict"]) == (kantoor.woorden["nummer"], "needs mapping")


def test_a_concept_is_kept_to_look_at_and_never_in_force(kantoor: Kantoor) -> None:
    assert "stored; in force never: it is a concept" in kantoor.run("publish $schets").stdout
    assert ("schets", "concept") in versions(kantoor)
    assert "has status concept" in kantoor.run("move schets").stderr


def test_when_a_move_fails_the_version_is_not_stored_either(kantoor: Kantoor, monkeypatch: pytest.MonkeyPatch) -> None:
    was = state(kantoor)
    monkeypatch.setattr(overzetten, "check_walk", _out_of_disk)
    monkeypatch.setattr(opdrachten_kaart, "_rehearse", lambda *_: overzetten.Repetitie(()))
    uitkomst = kantoor.run("publish $volgende --move")
    assert (uitkomst.exit_code, len(uitkomst.stderr.splitlines())) == (1, 1)
    assert state(kantoor) == was


def _out_of_disk(*_: Any) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("koppeling", ["melding=intake", "schuldhulp.melding", "schuldhulp.=x"])
def test_a_mapping_that_says_nothing_is_a_usage_error(kantoor: Kantoor, koppeling: str) -> None:
    uitkomst = kantoor.run(f"publish $volgende --map {koppeling}")
    assert uitkomst.exit_code == 2
    assert "write ROUTE.STAP=STAP" in uitkomst.stderr


def test_a_version_is_found_by_the_beginning_of_its_hash(kantoor: Kantoor) -> None:
    with reading(kantoor.database) as db:
        sha256 = db.execute(text("SELECT sha256 FROM routekaartversie")).scalar_one()
    assert "on this version already: 1" in kantoor.run(f"move {sha256[:12]} --dry-run").stdout
