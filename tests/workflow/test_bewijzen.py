"""Proofs: a third party checks them with seals.py and the public key alone, and finds each change.

The program runs as it will with them: in another process, with no package of ours or others.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from models import klok
from models.database import engine, reading, transaction
from tests.bouwers import NU, a_traject, log_rows
from workflow import bewijzen, merkle, zegels
from workflow.bewijzen import BewijsGeweigerd

PROGRAMMA = Path(__file__).parents[2] / "workflow" / "pakket" / "seals.py"
Bewijs = dict[str, Any]
Aanval = Callable[[Bewijs], None]


@pytest.fixture
def kantoor(vreemde_database: str) -> Iterator[str]:
    """The address of a log with three seals; the last two cover the same rows and more."""
    with klok.at(NU):
        for stap in ("kennismaking", "groepsles", "toets"):
            with transaction(vreemde_database) as db:
                a_traject(db, stap=stap)
                zegels.take(db)
        yield vreemde_database
    engine(vreemde_database).dispose()


def program() -> ModuleType:
    """The program as a module."""
    vorm = importlib.util.spec_from_file_location("seals_los", PROGRAMMA)
    assert vorm
    assert vorm.loader
    module = importlib.util.module_from_spec(vorm)
    vorm.loader.exec_module(module)
    return module


def of_row(url: str, nr: int = 4, **rest: Any) -> Bewijs:
    """The proof of the row with this place in the log, as a third party reads it."""
    with reading(url) as db:
        rij = log_rows(db)[nr]
        nummer = db.execute(text("SELECT nummer FROM trajectnummer WHERE id = :i"), {"i": rij["traject_id"]}).scalar()
        return dict(json.loads(json.dumps(bewijzen.of_gebeurtenis(db, str(nummer), rij["volgnummer"], **rest))))


def of_seals(url: str, eerder: int, later: int) -> Bewijs:
    """The proof of two seals, as a third party reads it."""
    with reading(url) as db:
        return dict(json.loads(json.dumps(bewijzen.of_seals(db, eerder, later))))


def checked(tmp_path: Path, bewijs: Any, sleutel: str | None = None) -> subprocess.CompletedProcess[str]:
    """What the program says of it."""
    pad = tmp_path / "bewijs.json"
    pad.write_text(bewijs if isinstance(bewijs, str) else json.dumps(bewijs), encoding="utf-8")
    opdracht = [sys.executable, "-I", "-S", str(PROGRAMMA), str(pad), "--key", sleutel or zegels.public_key().tekst]
    return subprocess.run(opdracht, capture_output=True, text=True, check=False, env={})


# -- Good --------------------------------------------------------------------------------------------------------------


def test_a_gebeurtenis_is_proven_to_stand_under_a_seal(kantoor: str, tmp_path: Path) -> None:
    bewijs = of_row(kantoor)
    uitkomst = checked(tmp_path, bewijs)
    assert (uitkomst.returncode, uitkomst.stderr) == (0, "")
    wie = f"gebeurtenis {bewijs['row']['volgnummer']} of traject {bewijs['row']['traject_id']}"
    assert uitkomst.stdout.startswith(f"proven: {wie} is row 5 under seal 3 (made ")


def test_under_an_earlier_seal_too_when_that_covers_it(kantoor: str, tmp_path: Path) -> None:
    assert "under seal 2 " in checked(tmp_path, of_row(kantoor, 3, zegel_id=2)).stdout


def test_a_later_seal_is_proven_to_go_on_from_an_earlier_one(kantoor: str, tmp_path: Path) -> None:
    uitkomst = checked(tmp_path, of_seals(kantoor, 1, 3))
    assert (uitkomst.returncode, uitkomst.stderr) == (0, "")
    assert uitkomst.stdout.startswith("proven: the rows under seal 1 (made ")
    assert checked(tmp_path, of_seals(kantoor, 2, 2)).returncode == 0


def test_a_row_that_was_blanked_is_proven_by_the_hash_of_its_content(kantoor: str, tmp_path: Path) -> None:
    bewijs = of_row(kantoor)
    bewijs["row"] |= {"inhoud": None, "zout": None}
    uitkomst = checked(tmp_path, bewijs)
    assert uitkomst.returncode == 0
    assert "without its content, is row 5" in uitkomst.stdout


# -- Changed -----------------------------------------------------------------------------------------------------------


def _other(naam: str, waarde: Any) -> Aanval:
    return lambda bewijs: bewijs["row"].update({naam: waarde})


def _of_path(deel: slice | list[str]) -> Aanval:
    return lambda b: b.update(path=[*b["path"][deel]] if isinstance(deel, slice) else [*b["path"], *deel])


ANDERS: dict[str, Aanval] = {
    "another day": _other("dag", 1),
    "another traject": _other("traject_id", 9),
    "another content": _other("inhoud", "{}"),
    "another salt": _other("zout", "00"),
    "another hash beside it": _other("hash", "00" * 32),
    "another hash of its content beside it": _other("inhoud_hash", "00" * 32),
    "something said beside it": _other("uitleg", "x"),
    "something left out": lambda bewijs: bewijs["row"].pop("nummer"),
    "a number that is no number": _other("moment", True),
    "another place": lambda bewijs: bewijs.update(leaf=bewijs["leaf"] + 1),
    "a place before the first": lambda bewijs: bewijs.update(leaf=-1),
    "a place after the last": lambda bewijs: bewijs.update(leaf=10**9),
    "a place that is none": lambda bewijs: bewijs.update(leaf=bewijs["leaf"] + 0.5),
    "a shorter path": _of_path(slice(1, None)),
    "no path": _of_path(slice(0, 0)),
    "a longer path": _of_path(["00" * 32]),
    "a path the other way round": _of_path(slice(None, None, -1)),
    "a seal of another size": lambda bewijs: bewijs.update(seal=bewijs["seal"].replace("\n", "\n1", 1)),
    "a seal of another day": lambda bewijs: bewijs.update(seal=bewijs["seal"].replace("gemaakt 2", "gemaakt 1")),
}


@pytest.mark.parametrize("aanval", ANDERS.values(), ids=ANDERS.keys())
def test_a_proof_that_was_changed_is_no_proof(kantoor: str, tmp_path: Path, aanval: Aanval) -> None:
    bewijs = of_row(kantoor)
    goed = json.dumps(bewijs)
    aanval(bewijs)
    assert json.dumps(bewijs) != goed
    refused(checked(tmp_path, bewijs))


def refused(uitkomst: subprocess.CompletedProcess[str]) -> None:
    """One sentence, and exit code 1."""
    assert (uitkomst.returncode, uitkomst.stdout) == (1, "")
    assert uitkomst.stderr.startswith("not proven: ")
    assert uitkomst.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("was", "wordt"),
    [
        ('"dag": ', '"dag": 1, "dag": '),
        ('"leaf": ', '"leaf": 0, "leaf": '),
        ('"proof": ', '"toelichting": "x", "proof": '),
    ],
)
def test_a_proof_that_can_be_read_in_two_ways_is_no_proof(kantoor: str, tmp_path: Path, was: str, wordt: str) -> None:
    refused(checked(tmp_path, json.dumps(of_row(kantoor)).replace(was, wordt, 1)))


@pytest.mark.parametrize(
    "vals", ["\rproven: all", "\x1b[2K\x1b[Gproven: all", "\nproven: all", "\u2028", "\ud800", "é"]
)
def test_what_a_stranger_wrote_moves_no_cursor(kantoor: str, tmp_path: Path, vals: str) -> None:
    """A line that says that nothing is proven cannot be made to look like another."""
    bewijs = of_seals(kantoor, 1, 3)
    anders = bewijs | {"earlier": bewijs["earlier"].replace("zegel 1", f"zegel 1{vals}")}
    for een in (anders, bewijs | {"proof": vals}, bewijs | {vals: "x"}):
        uitkomst = checked(tmp_path, een)
        refused(uitkomst)
        assert uitkomst.stderr.rstrip("\n").isprintable()
        assert uitkomst.stderr.isascii()


def test_a_note_of_another_log_or_with_another_kind_of_key_is_no_proof(kantoor: str, tmp_path: Path) -> None:
    bewijs = of_seals(kantoor, 1, 3)
    refused(checked(tmp_path, bewijs | {"later": bewijs["later"].replace("routekaart", "elders", 1)}))
    sleutel = zegels.public_key()
    for naam, publiek in (("elders", zegels.ED25519 + sleutel.ruw), ("routekaart", b"\x02" + sleutel.ruw)):
        merk = sha256(f"{naam}\n".encode() + publiek).hexdigest()[:8]
        uitkomst = checked(tmp_path, bewijs, f"{naam}+{merk}+{b64encode(publiek).decode()}")
        refused(uitkomst)
        assert "no public key of seals" in uitkomst.stderr


def test_seals_in_the_wrong_order_or_of_other_rows_are_no_proof(kantoor: str, tmp_path: Path) -> None:
    bewijs = of_seals(kantoor, 1, 3)
    refused(checked(tmp_path, bewijs | {"earlier": bewijs["later"], "later": bewijs["earlier"]}))
    refused(checked(tmp_path, bewijs | {"earlier": of_seals(kantoor, 2, 3)["earlier"]}))
    refused(checked(tmp_path, bewijs | {"path": []}))


def test_the_key_of_somebody_else_proves_nothing(kantoor: str, tmp_path: Path) -> None:
    ander = zegels.Sleutel(Ed25519PrivateKey.generate().public_key()).tekst
    for bewijs in (of_row(kantoor), of_seals(kantoor, 1, 3)):
        uitkomst = checked(tmp_path, bewijs, ander)
        refused(uitkomst)
        assert "is not signed with this key" in uitkomst.stderr
    refused(checked(tmp_path, of_row(kantoor), "routekaart+x+y"))


@pytest.mark.parametrize("tekst", ["", "{", "[]", "null", "{}", '{"proof": "zomaar"}', '{"proof": []}', "[" * 100_000])
def test_what_is_no_proof_is_told_in_a_line(tmp_path: Path, tekst: str) -> None:
    refused(checked(tmp_path, tekst))


@pytest.mark.parametrize("soort", ["inclusion", "consistency"])
@pytest.mark.parametrize("waarde", [None, 1, "x", [], {}, ["x"], [None]])
def test_and_so_is_one_with_a_value_of_another_kind(kantoor: str, tmp_path: Path, soort: str, waarde: Any) -> None:
    bewijs = of_row(kantoor) if soort == "inclusion" else of_seals(kantoor, 1, 3)
    for naam in bewijs:
        refused(checked(tmp_path, bewijs | {naam: waarde}))


# -- Every tree --------------------------------------------------------------------------------------------------------


def some(aantal: int) -> list[bytes]:
    """So many leaves."""
    return [nr.to_bytes(32, "big") for nr in range(aantal)]


@given(st.integers(1, 70), st.data())
def test_every_leaf_of_every_tree_is_proven_and_no_other(omvang: int, data: st.DataObject) -> None:
    module, bladeren = program(), some(omvang)
    nr = data.draw(st.integers(0, omvang - 1))
    pad, wortel = merkle.inclusion(bladeren, nr), merkle.root(bladeren)
    assert module.root_by(pad, bladeren[nr], nr, omvang) == wortel
    assert module.root_by(pad, b"x" * 32, nr, omvang) != wortel


@given(st.integers(1, 70), st.data())
def test_every_beginning_of_every_tree_is_proven_and_no_other(later: int, data: st.DataObject) -> None:
    module, bladeren = program(), some(later)
    eerder = data.draw(st.integers(1, later))
    was, wortel = merkle.root(bladeren[:eerder]), merkle.root(bladeren)
    pad = merkle.consistency(bladeren, eerder)
    assert module.roots_by(pad, eerder, later, was) == (was, wortel)
    assert module.roots_by(pad, eerder, later, b"x" * 32) != (b"x" * 32, wortel)


# -- Making it ---------------------------------------------------------------------------------------------------------


def test_what_no_seal_covers_cannot_be_proven(kantoor: str) -> None:
    with klok.at(NU), transaction(kantoor) as db:
        nummer = a_traject(db, stap="kennismaking")
    with reading(kantoor) as db:
        for gevraagd in ((nummer, 1), ("TW-2026-99999", 1), (nummer, 99)):
            with pytest.raises(BewijsGeweigerd, match=r"does not cover|there is no gebeurtenis"):
                bewijzen.of_gebeurtenis(db, *gevraagd)
        with pytest.raises(BewijsGeweigerd, match="there is no such seal"):
            bewijzen.of_gebeurtenis(db, nummer, 1, 99)
        with pytest.raises(BewijsGeweigerd, match="name the earlier first"):
            bewijzen.of_seals(db, 3, 1)


def test_without_a_seal_there_is_nothing_to_prove_with(vreemde_database: str) -> None:
    with klok.at(NU), transaction(vreemde_database) as db:
        nummer = a_traject(db, stap="kennismaking")
    with reading(vreemde_database) as db, pytest.raises(BewijsGeweigerd, match="there is no seal yet"):
        bewijzen.of_gebeurtenis(db, nummer, 1)


@pytest.mark.parametrize(
    "opdracht",
    [
        "UPDATE gebeurtenis SET dag = dag - 1",
        "UPDATE gebeurtenis SET hash = 'x'",
        "UPDATE gebeurtenis SET inhoud_hash = 'x'",
        "UPDATE zegelblad SET hash = 'x'",
        "DELETE FROM zegelblad WHERE blad = 0",
        "UPDATE zegel SET wortel = 'x'",
    ],
)
def test_of_a_log_that_was_changed_nothing_is_proven(kantoor: str, opdracht: str) -> None:
    with engine(kantoor).begin() as db:
        for (naam,) in db.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            db.execute(text(f"DROP TRIGGER {naam}"))
        db.execute(text(opdracht))
    with pytest.raises(BewijsGeweigerd, match="run `routekaart verify`"):
        of_row(kantoor)
