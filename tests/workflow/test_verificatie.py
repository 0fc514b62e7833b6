"""Verify finds whatever was changed behind the application's back, and names the first row that does not fit.

Each attack edits the database file itself, triggers removed. The thorough ones make chain and projections fit again, so
that only the seal can tell.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bezoek import op_beide

from models import klok
from models.correctievoorstel import correctievoorstel
from models.database import engine, reading, transaction
from models.gebeurtenis import Gebeurtenis
from tests.bouwers import BEGIN, COORDINATOR, NU, a_traject, actor, folded, log_rows, step, the_map
from workflow import kaarten, voorstellen, wijzigingen, zegels
from workflow.correcties import amend, withdraw
from workflow.indicatoren import Periode, Vraag, get
from workflow.kalender import GELIJKGESTELDE_DAGEN, daynumber
from workflow.keten import canonical, content_hash, new_salt, row_hash
from workflow.projectie import rebuild
from workflow.rapporten import opmaken, vaststellen
from workflow.verificatie import DICHT, MAX_GENOEMD, NIET_NAGEGAAN, Uitkomst, verify
from workflow.verificatie import log as logcontrole
from workflow.voorbeeld import make_demo
from workflow.zegels import ZegelGeweigerd

LATER = NU + timedelta(days=1)
"""The day after the seal."""

KOLOMMEN = ", ".join(Gebeurtenis._fields)
TWEEDE = actor("coordinator", 2)
MAX = 2**63 - 1
MIDDEN = 3
"""A gebeurtenis that is neither the first nor the last of its traject."""


@pytest.fixture(autouse=True)
def map_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of seals."""
    monkeypatch.setenv("ROUTEKAART_SEALS", str(tmp_path / "zegels"))
    return tmp_path / "zegels"


class Kantoor:
    """An office with a sealed log of three trajecten; `wie` is the second of them, with corrections in it."""

    def __init__(self, url: str, map_: Path) -> None:
        self.url, self.map = url, map_
        with klok.at(NU), transaction(url) as db:
            wijzigingen.keep_decreed(db)
            self.eerste, self.wie, self.laatste = (a_traject(db, stap="kennismaking") for _ in range(3))
            les = step(db, self.wie, "groepsles_starten", invoer={"motivering": "Om een goede reden."})
            reden = the_map(db).correctieredenen[0].code
            amend(db, self.wie, les.volgnummer, dag=BEGIN + 2, reden=reden, door=COORDINATOR)
            stop = step(db, self.wie, "stoppen", BEGIN + 3)
            withdraw(db, self.wie, stop.volgnummer, reden=reden, door=COORDINATOR)
            self.traject_id = folded(db, self.wie).traject_id
            periode = Periode(BEGIN - 100, BEGIN + 200)
            self.rapport = vaststellen.fix(db, Vraag(periode), [get("O2")], COORDINATOR)
        with klok.at(LATER), transaction(url) as db:
            step(db, self.eerste, "groepsles_starten", invoer={"motivering": "Om een andere reden."})
            zegels.take(db)
        zegels.publish(url)
        engine(url).dispose()

    def verify(self, **rest: Any) -> Uitkomst:
        """What verify says, some days later."""
        with klok.at(LATER + timedelta(days=3)), reading(self.url) as db:
            return verify(db, self.map, **rest)

    def first(self) -> tuple[str, str, int | None]:
        """The first place that does not fit: kind, dossier number, gebeurtenis."""
        misstand = self.verify().genoemd[0]
        return misstand.wat, misstand.plaats, misstand.volgnummer

    def kinds(self) -> set[str]:
        """The kinds of what does not fit."""
        return {misstand.wat for misstand in self.verify().genoemd}

    def attack(self, *opdrachten: str) -> None:
        """Edit the file itself, triggers removed."""
        with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as kaal, kaal:
            for (naam,) in kaal.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                kaal.execute(f"DROP TRIGGER {naam}")
            for opdracht in opdrachten:
                kaal.execute(opdracht.replace("{wie}", str(self.traject_id)))

    def make_fit(self, traject_id: int | None = None, *, ook_projecties: bool = True) -> None:
        """Give the rows of a traject the hashes that fit them, and make all projections anew."""
        with transaction(self.url) as db:
            vorige = None
            rijen = db.exec_driver_sql(
                f"SELECT {KOLOMMEN} FROM gebeurtenis WHERE traject_id = ? ORDER BY volgnummer",
                (traject_id or self.traject_id,),
            )
            for rij in map(Gebeurtenis._make, rijen.all()):
                inhoud_hash = content_hash(str(rij.zout), str(rij.inhoud))
                goed = rij._replace(inhoud_hash=inhoud_hash, vorige_hash=vorige)
                vorige = row_hash(goed)
                waarden = (inhoud_hash, goed.vorige_hash, vorige, rij.id)
                db.exec_driver_sql(
                    "UPDATE gebeurtenis SET inhoud_hash = ?, vorige_hash = ?, hash = ? WHERE id = ?", waarden
                )
            if ook_projecties:
                rebuild(db)


@pytest.fixture
def kantoor(vreemde_database: str, map_: Path) -> Iterator[Kantoor]:
    """An office with a sealed log."""
    with klok.at(LATER):
        yield Kantoor(vreemde_database, map_)


# -- All is well -------------------------------------------------------------------------------------------------------


def test_what_nobody_judged_is_said(kantoor: Kantoor) -> None:
    assert kantoor.verify().as_dict()["not_verified"] == NIET_NAGEGAAN


def test_what_nobody_touched_fits(kantoor: Kantoor) -> None:
    uitkomst = kantoor.verify()
    assert uitkomst.genoemd == []
    assert uitkomst.is_gaaf
    with reading(kantoor.url) as db:
        aantal = len(log_rows(db))
    assert uitkomst.geteld == {
        "gebeurtenissen": aantal,
        "trajecten": 3,
        "unsealed": 0,
        "redacted": 0,
        "not_replayed": 0,
        "seals": 2,
        "maps": 1,
    }


@op_beide
def test_a_demo_caseload_fits(database: str, map_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every route, corrections, splits and reports of partners, in more than one bite."""
    monkeypatch.setattr(logcontrole, "FAMILIES", 7)
    make_demo(database, size=40)
    with transaction(database) as db:
        zegels.take(db)
    zegels.publish(database)
    gelezen: list[int] = []
    with reading(database) as db:
        uitkomst = verify(db, map_, done=gelezen.append)
        assert sum(gelezen) == len(log_rows(db)) == uitkomst.geteld["gebeurtenissen"]
    assert uitkomst.genoemd == []
    assert len(gelezen) > 3


def test_work_goes_on_after_a_seal(kantoor: Kantoor) -> None:
    with klok.at(LATER + timedelta(hours=2)), transaction(kantoor.url) as db:
        step(db, kantoor.laatste, "groepsles_starten", invoer={"motivering": "Om een andere reden."})
    uitkomst = kantoor.verify()
    assert (uitkomst.is_gaaf, uitkomst.geteld["unsealed"]) == (True, 1)


def test_a_writer_who_waited_for_the_seal_is_not_taken_for_a_forger(kantoor: Kantoor) -> None:
    """It noted its moment just before the seal was taken, and could write just after."""
    with klok.at(LATER - timedelta(seconds=30)), transaction(kantoor.url) as db:
        step(db, kantoor.laatste, "groepsles_starten", invoer={"motivering": "Om een andere reden."})
    assert kantoor.verify().is_gaaf


# -- Rows of the log ---------------------------------------------------------------------------------------------------


WAAR = f"WHERE traject_id = {{wie}} AND volgnummer = {MIDDEN}"
WISSEL = (
    "UPDATE gebeurtenis SET volgnummer = 999 WHERE traject_id = {wie} AND volgnummer = 2",
    f"UPDATE gebeurtenis SET volgnummer = 2 {WAAR}",
    f"UPDATE gebeurtenis SET volgnummer = {MIDDEN} WHERE traject_id = {{wie}} AND volgnummer = 999",
)
TUSSENVOEGING = (
    "UPDATE gebeurtenis SET volgnummer = volgnummer + 100 WHERE traject_id = {wie} AND volgnummer > 2",
    "INSERT INTO gebeurtenis ("
    + ", ".join(Gebeurtenis._fields[1:])
    + ") SELECT "
    + ", ".join({"volgnummer": "3", "sleutel": "NULL"}.get(k, k) for k in Gebeurtenis._fields[1:])
    + " FROM gebeurtenis WHERE traject_id = {wie} AND volgnummer = 2",
    "UPDATE gebeurtenis SET volgnummer = volgnummer - 99 WHERE traject_id = {wie} AND volgnummer > 100",
)
AANVALLEN: dict[str, tuple[tuple[str, ...], int]] = {
    "a changed answer": ((f"UPDATE gebeurtenis SET inhoud = replace(inhoud, 'DESK', 'DASK') {WAAR}",), MIDDEN),
    "a changed day": ((f"UPDATE gebeurtenis SET dag = dag + 1 {WAAR}",), MIDDEN),
    "a changed reason": ((f"UPDATE gebeurtenis SET reden = 'x' {WAAR}",), MIDDEN),
    "a changed moment": ((f"UPDATE gebeurtenis SET vastgelegd_op = vastgelegd_op + 1 {WAAR}",), MIDDEN),
    "another salt": ((f"UPDATE gebeurtenis SET zout = '{'00' * 16}' {WAAR}",), MIDDEN),
    "a salt that is none": ((f"UPDATE gebeurtenis SET zout = 'x' {WAAR}",), MIDDEN),
    "a value of another kind": ((f"UPDATE gebeurtenis SET zout = x'00' {WAAR}",), MIDDEN),
    "a moment that is none": ((f"UPDATE gebeurtenis SET vastgelegd_op = 'x' {WAAR}",), MIDDEN),
    "a deleted row": ((f"DELETE FROM gebeurtenis {WAAR}",), MIDDEN + 1),
    "a deleted first row": (("DELETE FROM gebeurtenis WHERE traject_id = {wie} AND volgnummer = 1",), 2),
    "a swapped pair": (WISSEL, 2),
    "a row put in between": (TUSSENVOEGING, MIDDEN),
    "content that is gone": ((f"UPDATE gebeurtenis SET inhoud = NULL, zout = NULL {WAAR}",), MIDDEN),
}


@pytest.mark.parametrize(("aanval", "volgnummer"), AANVALLEN.values(), ids=AANVALLEN.keys())
def test_a_row_that_does_not_fit_is_named(kantoor: Kantoor, aanval: tuple[str, ...], volgnummer: int) -> None:
    kantoor.attack(*aanval)
    assert kantoor.first() == ("chain", kantoor.wie, volgnummer)


@pytest.mark.parametrize(
    "verandering", ["dag = dag - 1", "inhoud = replace(inhoud, 'DESK', 'DASK')", "vastgelegd_op = vastgelegd_op - 1"]
)
def test_an_edit_older_than_the_seal_is_found_though_the_chain_was_made_to_fit(
    kantoor: Kantoor, verandering: str
) -> None:
    kantoor.attack(f"UPDATE gebeurtenis SET {verandering} WHERE traject_id = {{wie}} AND volgnummer = 1")
    kantoor.make_fit()
    assert kantoor.first() == ("chain", kantoor.wie, 1)
    assert "not the row that was sealed" in kantoor.verify().genoemd[0].zin


def test_and_though_the_leaf_was_made_to_fit_too(kantoor: Kantoor) -> None:
    """Then no row can be named any more, but the first seal that covers it can."""
    kantoor.attack("UPDATE gebeurtenis SET dag = dag - 1 WHERE traject_id = {wie} AND volgnummer = 1")
    kantoor.make_fit()
    kantoor.attack(
        "UPDATE zegelblad SET hash = (SELECT g.hash FROM gebeurtenis g WHERE g.traject_id = zegelblad.traject_id"
        " AND g.volgnummer = zegelblad.volgnummer)"
    )
    assert kantoor.first() == ("seal", "seal 1", None)
    assert "another root" in kantoor.verify().genoemd[0].zin


def test_a_dropped_last_step_is_found_though_the_rest_fits(kantoor: Kantoor) -> None:
    with reading(kantoor.url) as db:
        laatste = len(log_rows(db, kantoor.wie))
    kantoor.attack(f"DELETE FROM gebeurtenis WHERE traject_id = {{wie}} AND volgnummer = {laatste}")
    kantoor.make_fit()
    assert kantoor.first() == ("seal", kantoor.wie, laatste)


@pytest.mark.parametrize("ook_het_nummer", [False, True])
def test_a_dropped_traject_is_found(kantoor: Kantoor, ook_het_nummer: bool) -> None:
    with transaction(kantoor.url) as db:
        db.exec_driver_sql("PRAGMA foreign_keys = OFF")
    kantoor.attack(
        "DELETE FROM gebeurtenis WHERE traject_id = {wie}", "DELETE FROM toelichting WHERE traject_id = {wie}"
    )
    kantoor.make_fit()
    if ook_het_nummer:
        kantoor.attack("DELETE FROM trajectnummer WHERE id = {wie}")
        assert kantoor.first() == ("seal", f"traject {kantoor.traject_id}", 1)
    else:
        assert kantoor.first() == ("chain", kantoor.wie, None)


def test_a_dropped_number_is_found(kantoor: Kantoor) -> None:
    kantoor.attack("DELETE FROM trajectnummer WHERE id = {wie}")
    assert kantoor.first() == ("chain", f"traject {kantoor.traject_id}", 1)


def put_in(kantoor: Kantoor, traject_id: int, wanneer: str = "vastgelegd_op") -> None:
    """A whole history like that of `wie`, well chained, under another number; or its last row again at its end."""
    namen = {"traject_id": str(traject_id), "sleutel": "NULL", "vastgelegd_op": wanneer}
    if traject_id == kantoor.traject_id:
        namen["volgnummer"] = "volgnummer + 1"
    kolommen = ", ".join(namen.get(k, k) for k in Gebeurtenis._fields[1:])
    laatste = "(SELECT max(volgnummer) FROM gebeurtenis WHERE traject_id = {wie})"
    waar = f" AND volgnummer = {laatste}" if traject_id == kantoor.traject_id else ""
    kantoor.attack(
        f"INSERT INTO gebeurtenis ({', '.join(Gebeurtenis._fields[1:])}) SELECT {kolommen} FROM gebeurtenis"
        f" WHERE traject_id = {{wie}}{waar}"
    )
    kantoor.make_fit(traject_id)


def test_a_row_that_was_put_in_afterwards_under_an_old_moment_is_found(kantoor: Kantoor) -> None:
    with reading(kantoor.url) as db:
        nieuw = len(log_rows(db, kantoor.wie)) + 1
    put_in(kantoor, kantoor.traject_id)
    assert kantoor.first() == ("chain", kantoor.wie, nieuw)
    assert "was put in" in kantoor.verify().genoemd[0].zin


@pytest.mark.parametrize(
    ("anders", "zin"),
    [("dag = dag - 1", "its hash is another"), ("vorige_hash = hash", "it is not linked to the row before it")],
)
def test_a_row_that_no_seal_covers_yet_is_held_to_its_chain(kantoor: Kantoor, anders: str, zin: str) -> None:
    """The second with a hash that fits what it says now."""
    put_in(kantoor, kantoor.traject_id, "vastgelegd_op + 2 * 86400000000")
    kantoor.attack(f"UPDATE gebeurtenis SET {anders} WHERE id = (SELECT max(id) FROM gebeurtenis)")
    if "vorige_hash" in anders:
        with transaction(kantoor.url) as db:
            rij = db.exec_driver_sql(f"SELECT {KOLOMMEN} FROM gebeurtenis ORDER BY id DESC LIMIT 1").one()
            db.exec_driver_sql("UPDATE gebeurtenis SET hash = ? WHERE id = ?", (row_hash(Gebeurtenis(*rij)), rij[0]))
    assert kantoor.first()[:2] == ("chain", kantoor.wie)
    assert zin in kantoor.verify().genoemd[0].zin


@pytest.mark.parametrize("wie", ["an old traject", "a new one"])
def test_and_it_is_found_still_when_a_later_seal_signed_it(kantoor: Kantoor, wie: str) -> None:
    """Otherwise the next day would make an invented past good."""
    with reading(kantoor.url) as db:
        nieuw = len(log_rows(db, kantoor.wie)) + 1
    if wie == "a new one":
        kantoor.attack("INSERT INTO trajectnummer VALUES (77, 'TW-2026-00077', 77)")
        put_in(kantoor, 77)
    else:
        put_in(kantoor, kantoor.traject_id)
    with klok.at(LATER + timedelta(days=1)), transaction(kantoor.url) as db:
        zegels.take(db)
    zegels.publish(kantoor.url)
    waar = ("TW-2026-00077", 1) if wie == "a new one" else (kantoor.wie, nieuw)
    assert kantoor.first() == ("chain", *waar)
    assert "an earlier seal should cover it" in kantoor.verify().genoemd[0].zin


def test_a_row_that_says_that_it_was_recorded_later_than_its_seal_is_found(kantoor: Kantoor) -> None:
    with reading(kantoor.url) as db:
        nieuw = len(log_rows(db, kantoor.wie)) + 1
    put_in(kantoor, kantoor.traject_id, "vastgelegd_op + 2 * 86400000000")
    with klok.at(LATER + timedelta(hours=1)), transaction(kantoor.url) as db:
        zegels.take(db)
    zegels.publish(kantoor.url)
    assert kantoor.first() == ("chain", kantoor.wie, nieuw)
    assert "after the seal that covers it" in kantoor.verify().genoemd[0].zin


def test_an_invented_traject_is_found(kantoor: Kantoor) -> None:
    kantoor.attack("INSERT INTO trajectnummer VALUES (77, 'TW-2026-00077', 77)")
    put_in(kantoor, 77)
    assert kantoor.first() == ("chain", "TW-2026-00077", 1)


@pytest.mark.parametrize("wortel", ["-5", "0", "88", "1", "'x'", "-9223372036854775808"])
def test_a_family_that_was_put_out_of_sight_is_found(kantoor: Kantoor, wortel: str) -> None:
    """Under a root that is none, or in the family of another: whatever its rows say now."""
    kantoor.attack(
        f"UPDATE gebeurtenis SET dag = dag + 1 {WAAR}",
        f"UPDATE trajectnummer SET wortel_id = {wortel} WHERE id = {{wie}}",
        f"UPDATE traject SET wortel_id = {wortel} WHERE id = {{wie}}",
    )
    assert kantoor.wie in {m.plaats for m in kantoor.verify().genoemd}


def test_a_traject_that_was_moved_to_another_family_is_found_though_all_else_fits(kantoor: Kantoor) -> None:
    kantoor.attack("UPDATE trajectnummer SET wortel_id = 1 WHERE id = {wie}")
    kantoor.make_fit()
    assert kantoor.first() == ("number", kantoor.wie, None)


def test_dossier_numbers_that_were_swapped_are_found(kantoor: Kantoor) -> None:
    """They stand in no hash, and follow from what does."""
    for tabel in ("trajectnummer", "traject"):
        kantoor.attack(
            *(
                f"UPDATE {tabel} SET nummer = '{nummer}' WHERE id = {wie}"
                for nummer, wie in (("x", "{wie}"), (kantoor.wie, 1), (kantoor.eerste, "{wie}"))
            )
        )
    uitkomst = kantoor.verify()
    assert [(m.wat, m.plaats) for m in uitkomst.genoemd] == [("number", kantoor.wie), ("number", kantoor.eerste)]
    assert f"by the log this traject is {kantoor.eerste}" in uitkomst.genoemd[0].zin


@pytest.mark.parametrize("blad", [-3, 999])
def test_a_row_that_was_put_in_with_a_leaf_outside_the_tree_is_found(kantoor: Kantoor, blad: int) -> None:
    """A leaf that no seal covers seals nothing."""
    put_in(kantoor, kantoor.traject_id)
    with reading(kantoor.url) as db:
        rij = log_rows(db, kantoor.wie)[-1]
    kantoor.attack(f"INSERT INTO zegelblad VALUES ({blad}, {{wie}}, {rij['volgnummer']}, '{rij['hash']}')")
    assert kantoor.first() == ("chain", kantoor.wie, rij["volgnummer"])
    assert kantoor.kinds() == {"chain", "seal"}


@pytest.mark.parametrize("wat", ["blanked", "said"])
def test_a_vernietiging_is_found_since_nothing_records_one(kantoor: Kantoor, wat: str) -> None:
    """Recorded as it should be, it would be a pretext to make any row vanish."""
    destroy(kantoor, "0" if wat == "said" else "volgnummer > 1 AND soort <> 'vernietiging'")
    with reading(kantoor.url) as db:
        laatste = len(log_rows(db, kantoor.wie))
    assert kantoor.first() == ("chain", kantoor.wie, laatste if wat == "said" else 2)
    assert kantoor.verify().genoemd[0].zin.endswith("and the program destroys none")


def destroy(kantoor: Kantoor, waar: str) -> None:
    """Record a vernietiging as it should be, and blank the rows before it of which this is true."""
    with klok.at(LATER + timedelta(hours=1)), transaction(kantoor.url) as db:
        laatste = folded(db, kantoor.wie).log[-1]
        zout, inhoud = new_salt(), canonical({"grond": "bewaartermijn"})
        nieuw = laatste._replace(
            volgnummer=laatste.volgnummer + 1,
            soort="vernietiging",
            **dict.fromkeys(("overgang", "van", "naar", "reden", "betreft_volgnummer", "na_volgnummer", "sleutel")),
            inhoud=inhoud,
            zout=zout,
            inhoud_hash=content_hash(zout, inhoud),
            vorige_hash=laatste.hash,
            vastgelegd_op=klok.now_us(),
        )
        nieuw = nieuw._replace(hash=row_hash(nieuw))
        tekens = ", ".join("?" * len(nieuw[1:]))
        namen = ", ".join(Gebeurtenis._fields[1:])
        db.exec_driver_sql(f"INSERT INTO gebeurtenis ({namen}) VALUES ({tekens})", nieuw[1:])
        db.exec_driver_sql(
            f"UPDATE gebeurtenis SET inhoud = NULL, zout = NULL WHERE traject_id = ? AND {waar}",
            (kantoor.traject_id,),
        )


EEUW_US = 100 * 365 * 86_400_000_000


@pytest.mark.parametrize(
    ("verandering", "zin"),
    [
        (f"vastgelegd_op = vastgelegd_op + {EEUW_US}, dag = 40000", "it was recorded in the future"),
        ("dag = dag + 9999", "it was recorded before its day"),
    ],
)
def test_a_row_of_a_day_that_has_not_come_is_found(kantoor: Kantoor, verandering: str, zin: str) -> None:
    """Of what no seal covers yet nothing else could tell."""
    with klok.at(LATER + timedelta(hours=2)), transaction(kantoor.url) as db:
        gedaan = step(db, kantoor.laatste, "groepsles_starten", invoer={"motivering": "Om een andere reden."})
        wie = folded(db, kantoor.laatste).traject_id
    kantoor.attack(
        f"UPDATE gebeurtenis SET {verandering} WHERE traject_id = {wie} AND volgnummer = {gedaan.volgnummer}"
    )
    kantoor.make_fit(wie)
    assert kantoor.first() == ("chain", kantoor.laatste, gedaan.volgnummer)
    assert kantoor.verify().genoemd[0].zin == zin


# -- Texts and the calendar --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opdracht", "zin"),
    [
        ("DELETE FROM toelichting WHERE traject_id = {wie}", "its text is gone (motivering)"),
        ("UPDATE toelichting SET tekst = x'00'", "its text cannot be opened (motivering)"),
        ("UPDATE toelichting SET tekst = 'x'", "its text cannot be opened (motivering)"),
        ("UPDATE toelichting SET datasleutel_id = 99999", "its text cannot be opened (motivering)"),
        (f"UPDATE toelichting SET zout = '{'00' * 16}'", "its text is not the one that was recorded (motivering)"),
        ("UPDATE toelichting SET zout = 'x'", "its text cannot be opened (motivering)"),
        ("UPDATE toelichting SET veld = 'anders'", "the log knows no such text (anders)"),
    ],
)
def test_a_text_that_is_not_the_one_of_which_the_log_keeps_the_digest_is_found(
    kantoor: Kantoor, opdracht: str, zin: str
) -> None:
    kantoor.attack("PRAGMA foreign_keys = OFF", opdracht)
    gevonden = [m for m in kantoor.verify().genoemd if m.plaats == kantoor.wie]
    assert {m.wat for m in gevonden} == {"text"}
    assert gevonden[0].zin == zin


def test_texts_that_were_swapped_are_found(kantoor: Kantoor) -> None:
    """Each is bound to its place, so neither opens at that of the other."""
    with reading(kantoor.url) as db:
        een, twee = (r for r in db.exec_driver_sql("SELECT id, tekst, zout FROM toelichting ORDER BY id").all()[:2])
    for doel, bron in ((een, twee), (twee, een)):
        kantoor.attack(
            f"UPDATE toelichting SET tekst = x'{bron.tekst.hex()}', zout = '{bron.zout}' WHERE id = {doel.id}"
        )
    assert {m.plaats for m in kantoor.verify().genoemd if "cannot be opened" in m.zin} == {kantoor.wie, kantoor.eerste}


def test_a_text_of_nothing_is_found(kantoor: Kantoor) -> None:
    kantoor.attack("PRAGMA foreign_keys = OFF", "UPDATE toelichting SET traject_id = 99 WHERE traject_id = {wie}")
    assert ("text", "the texts", None) in {(m.wat, m.plaats, m.volgnummer) for m in kantoor.verify().genoemd}


def test_without_the_master_key_texts_are_counted_and_that_is_said(
    kantoor: Kantoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ROUTEKAART_MASTER_KEY")
    uitkomst = kantoor.verify()
    assert (uitkomst.genoemd, uitkomst.opmerkingen[1:]) == ([], [DICHT])
    kantoor.attack("DELETE FROM toelichting WHERE traject_id = {wie}")
    assert kantoor.first()[:2] == ("text", kantoor.wie)


@pytest.mark.parametrize(
    ("opdracht", "dag"),
    [
        ("UPDATE kalenderdag SET kwartaal = '2025-K4' WHERE datum = '2026-01-02'", "2026-01-02"),
        ("DELETE FROM kalenderdag WHERE datum = '2026-01-02'", "2026-01-02"),
        ("INSERT INTO kalenderdag VALUES (99999, '2243', '2243-K4', '2243-10', '2243-10-16')", "2243-10-16"),
        ("DELETE FROM gelijkgestelde_dag WHERE dag = (SELECT max(dag) FROM gelijkgestelde_dag)", None),
        ("UPDATE gelijkgestelde_dag SET bron = 'x' WHERE dag = (SELECT max(dag) FROM gelijkgestelde_dag)", None),
        ("INSERT INTO gelijkgestelde_dag SELECT dag, 'x' FROM kalenderdag WHERE datum = '2026-11-25'", "2026-11-25"),
        ("DELETE FROM wijziging WHERE soort = 'kalender' AND wat = '2026-05-15'", None),
    ],
)
def test_a_calendar_that_was_changed_is_found(kantoor: Kantoor, opdracht: str, dag: str | None) -> None:
    laatste = max(GELIJKGESTELDE_DAGEN).isoformat()
    kantoor.attack(opdracht.replace("2026-05-15", laatste))
    gevonden = [m.plaats for m in kantoor.verify().genoemd if m.wat == "calendar"]
    assert gevonden == [dag or laatste]


# -- Proposals of four eyes --------------------------------------------------------------------------------------------


def of_two(kantoor: Kantoor) -> None:
    """Three proposals to withdraw a last row: that of `wie` was confirmed, of `eerste` rejected, of `laatste` waits."""
    with klok.at(LATER + timedelta(hours=1)), transaction(kantoor.url) as db:
        reden = the_map(db).correctieredenen[0].code
        een, twee, _ = (
            voorstellen.propose_withdrawal(db, nummer, len(log_rows(db, nummer)), reden=reden, door=COORDINATOR)
            for nummer in (kantoor.wie, kantoor.eerste, kantoor.laatste)
        )
        voorstellen.confirm(db, een.id, door=TWEEDE)
        voorstellen.reject(db, twee.id, "Nee.", door=TWEEDE)


PROPOSALS = {
    "forged": ("UPDATE correctievoorstel SET door = 'x' WHERE id = 3", "proposal 3", "does not open"),
    "put back": (
        "INSERT INTO correctievoorstel SELECT 77, {kolommen} FROM correctievoorstel WHERE id = 2",
        "proposal 77",
        "does not open",
    ),
    "of another name": ("UPDATE correctievoorstel SET door = 'x' WHERE id = 1", "{wie}", "that one says otherwise"),
    "gone": ("DELETE FROM correctievoorstel WHERE id = 1", "{wie}", "that one says otherwise or is gone"),
    "not decided any more": ("DELETE FROM correctiebesluit WHERE id = 1", "{wie}", "that one says otherwise"),
    "decided otherwise": ("UPDATE correctiebesluit SET uitkomst = 'verworpen'", "{wie}", "that one says otherwise"),
    "never confirmed": ("UPDATE correctiebesluit SET uitkomst = 'bevestigd'", "proposal 2", "the log knows nothing"),
}


@pytest.mark.parametrize(("opdracht", "plaats", "zin"), PROPOSALS.values(), ids=PROPOSALS.keys())
def test_a_proposal_that_was_changed_behind_the_log_is_found(
    kantoor: Kantoor, opdracht: str, plaats: str, zin: str
) -> None:
    of_two(kantoor)
    assert kantoor.verify().genoemd == []
    kolommen = ", ".join({"sleutel": "NULL"}.get(k.name, k.name) for k in list(correctievoorstel.columns)[1:])
    kantoor.attack("PRAGMA foreign_keys = OFF", opdracht.replace("{kolommen}", kolommen))
    gevonden = {(m.plaats, zin in m.zin) for m in kantoor.verify().genoemd if m.wat == "proposal"}
    assert (plaats.replace("{wie}", kantoor.wie), True) in gevonden


# -- Walks, maps and projections ---------------------------------------------------------------------------------------


def test_a_step_that_was_not_possible_is_found_though_chain_and_projections_fit(kantoor: Kantoor) -> None:
    """Recorded by another program, after the seal, with a chain as it should be: only the map can tell."""
    kolommen = {"volgnummer": "volgnummer + 1", "vastgelegd_op": "vastgelegd_op + 86400000000", "sleutel": "NULL"}
    kolommen |= {
        "soort": "'overgang'",
        "overgang": "'diploma_geven'",
        "betreft_volgnummer": "NULL",
        "na_volgnummer": "NULL",
    }
    with reading(kantoor.url) as db:
        laatste = len(log_rows(db, kantoor.wie))
        naar = next(iter(next(iter(the_map(db).routes.values())).stappen))
    kolommen["naar"] = f"'{naar}'"
    kantoor.attack(
        f"INSERT INTO gebeurtenis ({', '.join(Gebeurtenis._fields[1:])})"
        f" SELECT {', '.join(kolommen.get(k, k) for k in Gebeurtenis._fields[1:])} FROM gebeurtenis"
        f" WHERE traject_id = {{wie}} AND volgnummer = {laatste}"
    )
    kantoor.make_fit()
    assert kantoor.first() == ("walk", kantoor.wie, laatste + 1)


@pytest.mark.parametrize(
    ("opdracht", "zin"),
    [
        ("UPDATE routekaartversie SET canoniek = replace(canoniek, 'wettelijk', 'norm')", "content"),
        ("UPDATE routekaartversie SET versie = '9999-9'", "its name, status or first day"),
        (f"UPDATE routekaartversie SET gepubliceerd_op = gepubliceerd_op + {EEUW_US}", "published in the future"),
        ("UPDATE routekaartversie SET geldig_vanaf = geldig_vanaf - 1", "its name, status or first day"),
    ],
)
def test_a_changed_map_is_found(kantoor: Kantoor, opdracht: str, zin: str) -> None:
    kantoor.attack(opdracht)
    (misstand,) = [m for m in kantoor.verify().genoemd if m.wat == "map"]
    assert zin in misstand.zin


def test_a_map_that_cannot_be_read_any_more_is_named_first(kantoor: Kantoor, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a program that did not read it while it was whole."""
    kantoor.attack("UPDATE routekaartversie SET canoniek = 'x'")
    monkeypatch.setattr(kaarten, "_gelezen", {})
    assert kantoor.verify().genoemd[0].wat == "map"


PROJECTIES = {
    "traject": "UPDATE traject SET vervaldag = coalesce(vervaldag, 0) + 7 WHERE id = {wie}",
    "verblijf": "UPDATE verblijf SET van_dag = van_dag - 1 WHERE traject_id = {wie} AND nr = 1",
    "deelname": "DELETE FROM deelname WHERE traject_id = {wie}",
    "kenmerk": "INSERT INTO kenmerk VALUES ({wie}, 'verzonnen', 1, 'x', 1, 1, NULL, NULL)",
    "mijlpaal": "INSERT INTO mijlpaal VALUES ({wie}, 99, 'verzonnen', NULL, NULL, 1, 1, NULL, 1, NULL)",
    "verblijf_oud": "DELETE FROM verblijf_oud WHERE traject_id = {wie}",
}


@pytest.mark.parametrize(("tabel", "opdracht"), PROJECTIES.items(), ids=PROJECTIES.keys())
def test_a_changed_projection_is_found(kantoor: Kantoor, tabel: str, opdracht: str) -> None:
    kantoor.attack(opdracht)
    (misstand,) = kantoor.verify().genoemd
    assert (misstand.wat, misstand.plaats) == ("projection", kantoor.wie)
    assert f"a row of {tabel} " in misstand.zin


def test_a_projection_of_nothing_is_found(kantoor: Kantoor) -> None:
    kantoor.attack("INSERT INTO deelname VALUES (88, 1, 'persoon', 'x', 1, 1, NULL, NULL)")
    assert kantoor.first() == ("projection", "traject 88", None)


# -- Seals and reports -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opdracht", "plaats"),
    [
        ("UPDATE zegel SET gemaakt_op = gemaakt_op - 1 WHERE id = 1", "seal 1"),
        ("UPDATE zegel SET wortel = vorige_wortel WHERE id = 2", "seal 2"),
        ("DELETE FROM zegel WHERE id = 2", "zegel-000002"),
        ("DELETE FROM zegel WHERE id = 1", "seal 1"),
        ("UPDATE zegel SET rand = '' WHERE id = 2", "seal 2"),
        ("DELETE FROM zegelblad WHERE blad = 2", "leaf 2"),
        ("INSERT INTO zegelblad SELECT max(blad) + 1, 99, 1, hash FROM zegelblad", "traject 99"),
        ("UPDATE zegelblad SET blad = 99 WHERE blad = (SELECT max(blad) FROM zegelblad)", "leaf 10"),
        ("UPDATE zegelblad SET hash = 'x' WHERE blad = 2", "leaf 2"),
        ("UPDATE zegel SET rand = 'x' WHERE id = 2", "seal 2"),
        ("UPDATE zegel SET wortel = 'x' WHERE id = 2", "seal 2"),
        ("UPDATE zegel SET vorige_wortel = 'x' WHERE id = 2", "seal 2"),
        ("UPDATE zegel SET sleutel = 'x' WHERE id = 2", "seal 2"),
        ("UPDATE zegel SET handtekening = 'x' WHERE id = 2", "seal 2"),
        ("UPDATE zegel SET omvang = 1 WHERE id = 2", "seal 2"),
        ("UPDATE zegel SET gemaakt_op = 9223372036854775807 WHERE id = 2", "seal 2"),
    ],
)
def test_a_seal_that_was_changed_or_dropped_is_found(kantoor: Kantoor, opdracht: str, plaats: str) -> None:
    kantoor.attack(opdracht)
    assert plaats in {misstand.plaats for misstand in kantoor.verify().genoemd}


def test_who_signs_anew_with_another_key_is_found_by_the_key_that_the_auditor_has(
    kantoor: Kantoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And by the copies of the seals that stand elsewhere."""
    echt = zegels.public_key()
    kantoor.attack("DELETE FROM zegelblad", "DELETE FROM rapport", "DELETE FROM zegel")
    monkeypatch.setenv("ROUTEKAART_SEAL_KEY", "77" * 32)
    with transaction(kantoor.url) as db:
        zegels.take(db)
    assert "signed it, which is not known here" in kantoor.verify(sleutels=[echt]).genoemd[0].zin
    assert "another one was published" in " ".join(m.zin for m in kantoor.verify().genoemd)


def test_who_replaces_the_published_key_too_is_found_by_that_of_the_settings(
    kantoor: Kantoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log edited, chained and sealed anew with a fresh key, files and all; the key of the settings untouched."""
    kantoor.attack(
        "DELETE FROM zegelblad",
        "DELETE FROM rapport",
        "DELETE FROM zegel",
        "UPDATE gebeurtenis SET dag = dag - 1 WHERE traject_id = {wie} AND volgnummer = 1",
    )
    kantoor.make_fit()
    for pad in kantoor.map.iterdir():
        pad.unlink()
    echt, vals = zegels.public_key().id, "77" * 32
    with monkeypatch.context() as patch, transaction(kantoor.url) as db:
        patch.setenv("ROUTEKAART_SEAL_KEY", vals)
        zegels.take(db)
    zegels.publish(kantoor.url)
    (misstand,) = kantoor.verify().genoemd
    assert (misstand.plaats, echt in misstand.zin) == ("seal 1", True)


def test_which_key_was_used_is_said(kantoor: Kantoor) -> None:
    sleutel = zegels.public_key()
    (zin,) = kantoor.verify().opmerkingen
    assert zin.startswith(f"signed with key {sleutel.id}, as published beside the seals")
    (zin,) = kantoor.verify(sleutels=[sleutel]).opmerkingen
    assert zin == f"signed with key {sleutel.id}, as given with --key"


def test_a_published_file_that_was_changed_is_found(kantoor: Kantoor) -> None:
    pad = kantoor.map / "zegel-000001.txt"
    pad.write_text(pad.read_text(encoding="utf-8").replace("zegel 1", "zegel 9"), encoding="utf-8")
    assert kantoor.first()[:2] == ("seal", "seal 1")


def test_a_seal_that_was_never_published_is_told(kantoor: Kantoor) -> None:
    (kantoor.map / "zegel-000002.txt").unlink()
    assert "is not there" in kantoor.verify().genoemd[0].zin
    zegels.publish(kantoor.url)
    assert kantoor.verify().is_gaaf


@pytest.mark.parametrize(
    "opdracht",
    [
        "UPDATE rapport SET resultaat = replace(resultaat, '\"waarde\":3', '\"waarde\":4')",
        "DELETE FROM rapport",
        "UPDATE rapport SET zegel_id = 2",
    ],
)
def test_a_changed_report_is_found(kantoor: Kantoor, opdracht: str) -> None:
    kantoor.attack(opdracht)
    assert kantoor.kinds() == {"report"}


def test_a_report_with_a_hash_made_to_fit_is_found_by_its_seal(kantoor: Kantoor) -> None:
    with reading(kantoor.url) as db:
        resultaat = db.exec_driver_sql("SELECT resultaat FROM rapport").scalar_one()
    anders = resultaat.replace('"waarde":3', '"waarde":4')
    assert anders != resultaat
    kantoor.attack(f"UPDATE rapport SET resultaat = '{anders}', resultaat_hash = '{opmaken.digest(anders)}'")
    assert kantoor.first() == ("report", f"report {kantoor.rapport}", None)


GEEN_TEKST = "CAST(x'ff' AS TEXT)"


@pytest.mark.parametrize(
    ("opdracht", "wat", "plaats"),
    [
        ("UPDATE zegel SET gemaakt_op = 'x' WHERE id = 2", "seal", "seal 2"),
        ("UPDATE zegel SET wortel = substr(wortel, 1, 63) WHERE id = 2", "seal", "seal 2"),
        ("UPDATE zegel SET omvang = 1.5 WHERE id = 2", "seal", "seal 2"),
        ("UPDATE zegel SET omvang = 9e999 WHERE id = 2", "seal", "seal 2"),
        (f"UPDATE trajectnummer SET wortel_id = {GEEN_TEKST} WHERE id = {{wie}}", "number", "{wie}"),
        (f"UPDATE zegel SET handtekening = {GEEN_TEKST} WHERE id = 2", "seal", "seal 2"),
        ("UPDATE zegelblad SET hash = x'ff' WHERE blad = 2", "seal", "leaf 2"),
        (f"UPDATE gebeurtenis SET inhoud = {GEEN_TEKST} {WAAR}", "chain", "{wie}"),
        (f"UPDATE gebeurtenis SET inhoud = x'ff' {WAAR}", "chain", "{wie}"),
        (f"UPDATE gebeurtenis SET reden = {GEEN_TEKST} {WAAR}", "chain", "{wie}"),
        (f"UPDATE gebeurtenis SET dag = 'gisteren' {WAAR}", "chain", "{wie}"),
        (f"UPDATE traject SET stap = {GEEN_TEKST} WHERE id = {{wie}}", "projection", "{wie}"),
        (f"UPDATE toelichting SET zout = {GEEN_TEKST} WHERE traject_id = {{wie}}", "text", "{wie}"),
        (f"UPDATE gebeurtenis SET routekaart = x'ff' {WAAR}", "chain", "{wie}"),
        ("UPDATE toelichting SET volgnummer = x'ff' WHERE traject_id = {wie}", "text", "{wie}"),
        (f"UPDATE rapport SET resultaat = {GEEN_TEKST}", "report", "report 1"),
        ("UPDATE rapport SET resultaat = x'ff'", "report", "report 1"),
        (f"UPDATE routekaartversie SET canoniek = {GEEN_TEKST}", "map", ""),
        ("UPDATE routekaartversie SET canoniek = x'ff'", "map", ""),
        ("UPDATE routekaartversie SET gepubliceerd_op = 'x'", "map", ""),
        (f"UPDATE wijziging SET wat = {GEEN_TEKST} WHERE soort = 'kalender'", "calendar", ""),
    ],
)
def test_a_cell_that_no_program_of_ours_wrote_is_a_place_that_does_not_fit(
    kantoor: Kantoor, opdracht: str, wat: str, plaats: str
) -> None:
    """And nothing at which verify breaks off."""
    kantoor.attack(opdracht)
    uitkomst = kantoor.verify()
    plaatsen = {m.plaats for m in uitkomst.genoemd if m.wat == wat}
    assert plaats.replace("{wie}", kantoor.wie) in plaatsen or (plaats == "" and plaatsen)
    assert "\n".join(m.regel for m in uitkomst.genoemd).encode()
    assert json.dumps(uitkomst.as_dict()).encode()


def rewrite(kantoor: Kantoor, inhoud: dict[str, Any]) -> None:
    """Give the last row of `laatste`, which no seal covers, this content on top of its own, well chained."""
    with klok.at(LATER + timedelta(hours=1)), transaction(kantoor.url) as db:
        step(db, kantoor.laatste, "groepsles_starten", invoer={"motivering": "Om een andere reden."})
        rij = log_rows(db, kantoor.laatste)[-1]
    kantoor.attack()
    with transaction(kantoor.url) as db:
        anders = canonical({**json.loads(rij["inhoud"]), **inhoud})
        db.exec_driver_sql("UPDATE gebeurtenis SET inhoud = ? WHERE id = ?", (anders, rij["id"]))
    kantoor.make_fit(rij["traject_id"], ook_projecties=False)


ONZINNIG: dict[str, dict[str, Any]] = {
    "an answer that no row can hold": {"deelnemers": [[["x"], "p"]]},
    "texts elsewhere": {"toelichting": 5, "invoer": {"motivering": {"toelichting": {"x": "y"}}}},
    "texts in a list": {"toelichting": [{"toelichting": {}}]},
}


@pytest.mark.parametrize("inhoud", ONZINNIG.values(), ids=ONZINNIG.keys())
def test_a_content_that_makes_no_sense_is_a_place_that_does_not_fit(kantoor: Kantoor, inhoud: dict[str, Any]) -> None:
    """Though its chain was made to fit; and the rest is judged all the same."""
    rewrite(kantoor, inhoud)
    kantoor.attack("UPDATE verblijf SET van_dag = van_dag - 1 WHERE traject_id = {wie} AND nr = 1")
    assert {kantoor.laatste, kantoor.wie} <= {m.plaats for m in kantoor.verify().genoemd}


def test_an_equated_day_that_is_no_day_is_named_and_the_rest_judged(kantoor: Kantoor) -> None:
    dagen = list(map(daynumber, GELIJKGESTELDE_DAGEN))
    kantoor.attack("PRAGMA foreign_keys = OFF", f"UPDATE gebeurtenis SET dag = dag + 1 {WAAR}")
    kantoor.attack(
        "PRAGMA foreign_keys = OFF", f"UPDATE gelijkgestelde_dag SET dag = {2**63 - 1} WHERE dag = {max(dagen)}"
    )
    assert {("chain", kantoor.wie), ("calendar", f"day {MAX}")} <= {(m.wat, m.plaats) for m in kantoor.verify().genoemd}


@pytest.mark.parametrize("teken", ["10", "13", "27", "155", "8232", "8238"])
def test_a_name_that_moves_the_cursor_is_written_out(kantoor: Kantoor, teken: str) -> None:
    """So that no line can be made to look like another."""
    kantoor.attack(f"UPDATE trajectnummer SET nummer = char({teken}) || 'everything fits' WHERE id = {{wie}}")
    regels = [m.regel for m in kantoor.verify().genoemd]
    assert any("everything fits" in regel for regel in regels)
    assert all(regel.isprintable() for regel in regels)


def test_a_dossier_number_that_is_no_text_is_named_so_that_it_can_be_printed(kantoor: Kantoor) -> None:
    kantoor.attack(f"UPDATE trajectnummer SET nummer = {GEEN_TEKST} WHERE id = {{wie}}")
    assert f"number: \\udcff: by the log this traject is {kantoor.wie}" in {m.regel for m in kantoor.verify().genoemd}


@pytest.mark.parametrize("bestand", ["zegel-000001.txt", "sleutel.txt", "zegel-000009.txt", "sleutel-000009.txt"])
@pytest.mark.parametrize("soort", ["pipe", "folder", "device", "nowhere", "circle", "large"])
def test_whatever_stands_in_the_folder_of_seals_verify_goes_on(kantoor: Kantoor, bestand: str, soort: str) -> None:
    """And who publishes a seal does not wait for ever either."""
    pad = kantoor.map / bestand
    pad.unlink(missing_ok=True)
    make: dict[str, Callable[[], Any]] = {
        "pipe": lambda: os.mkfifo(pad),
        "folder": pad.mkdir,
        "device": lambda: pad.symlink_to("/dev/zero"),
        "nowhere": lambda: pad.symlink_to("/nowhere/at/all"),
        "circle": lambda: pad.symlink_to(pad),
        "large": lambda: os.truncate(os.open(pad, os.O_CREAT | os.O_WRONLY), 10**12),
    }
    make[soort]()
    kantoor.attack(f"UPDATE gebeurtenis SET dag = dag + 1 {WAAR}")
    gevonden = {(m.wat, m.plaats) for m in kantoor.verify().genoemd}
    assert {("chain", kantoor.wie), ("seal", pad.stem if bestand.endswith("9.txt") else "seal 1")} <= gevonden
    if not bestand.endswith("9.txt"):
        with pytest.raises((ZegelGeweigerd, OSError)):
            zegels.publish(kantoor.url)


@pytest.mark.parametrize("inhoud", [b"junk", b"\xff\xfe", b"routekaart+x"])
def test_a_key_file_that_is_none_is_named(kantoor: Kantoor, inhoud: bytes) -> None:
    (kantoor.map / "sleutel.txt").write_bytes(inhoud)
    assert kantoor.first()[:2] == ("seal", "seal 1")


# -- Much that is wrong ------------------------------------------------------------------------------------------------


def test_of_a_log_that_is_wrong_from_end_to_end_the_first_places_are_named(kantoor: Kantoor) -> None:
    kantoor.attack("UPDATE gebeurtenis SET dag = dag + 1")
    uitkomst = kantoor.verify()
    assert [m.plaats for m in uitkomst.genoemd[:3]] == [kantoor.eerste, kantoor.wie, kantoor.laatste]
    assert uitkomst.aantal >= len(uitkomst.genoemd) <= MAX_GENOEMD
    assert json.loads(json.dumps(uitkomst.as_dict()))["ok"] is False
