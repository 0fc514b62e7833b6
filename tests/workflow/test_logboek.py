"""The log only grows: the database itself refuses the rest, also through a bare connection without our settings."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from models.database import engine, transaction
from models.gebeurtenis import BLIJFT, SOORTEN, Gebeurtenis, gebeurtenis
from tests.bouwers import BEGIN, a_traject, chain_faults, key, log_rows, step
from workflow.keten import canonical, content_hash, new_salt, row_hash
from workflow.opdracht import text_digest

KOLOMMEN = ", ".join(Gebeurtenis._fields)
OVERGESCHREVEN = ", ".join("99999" if k == "dag" else k for k in Gebeurtenis._fields)
ZONDER_ID = ", ".join(Gebeurtenis._fields[1:])
ZONDER_ID_OVERGESCHREVEN = ", ".join("99999" if k == "dag" else k for k in Gebeurtenis._fields[1:])
ANDER_VOLGNUMMER = ", ".join("77" if k == "volgnummer" else k for k in Gebeurtenis._fields[1:])
BEKENDE_INHOUD_HASH = "e40f30a0995ced284b2c64e4fd1e6210292a0f0cbf8240468576a6987cef42e6"
BEKENDE_HASH = "44a47e7f7034adccfc0a2552148fcc352266215382ed8ae1a9cb2384bcaa3b47"


@pytest.fixture
def bestand(vreemde_database: str, stille_klok: None) -> Path:
    """A database file with a log of seven rows, two texts among them."""
    with transaction(vreemde_database) as db:
        nummer = a_traject(db, stap="kennismaking")
        step(db, nummer, "groepsles_starten", invoer={"motivering": "Om een goede reden."}, sleutel=key("f1"))
        step(db, nummer, "stoppen", BEGIN + 3)
        ander = a_traject(db, stap="kennismaking")
        step(db, ander, "thuisles_starten", invoer={"motivering": "Om een andere reden."})
    engine(vreemde_database).dispose()
    return Path(vreemde_database.removeprefix("sqlite:///"))


@pytest.fixture
def kaal(bestand: Path) -> Iterator[sqlite3.Connection]:
    """The file as somebody opens it who knows nothing of this program: no pragma of ours is set."""
    verbinding = sqlite3.connect(bestand, isolation_level=None)
    assert verbinding.execute("PRAGMA recursive_triggers").fetchone() == (0,)
    yield verbinding
    verbinding.close()


def whole(kaal: sqlite3.Connection, tabel: str = "gebeurtenis") -> list[tuple[Any, ...]]:
    """Every row of a table."""
    return kaal.execute(f"SELECT * FROM {tabel} ORDER BY id").fetchall()


# -- Append-only -------------------------------------------------------------------------------------------------------

NIEUW = (
    "INSERT INTO gebeurtenis (traject_id, volgnummer, soort, dag, vastgelegd_op, routekaart, opdracht_id,"
    " inhoud_hash, hash)"
)
AANVALLEN = {
    "update": "UPDATE gebeurtenis SET dag = 99999 WHERE id = 1",
    "update of everything": "UPDATE gebeurtenis SET dag = dag",
    "update or replace": "UPDATE OR REPLACE gebeurtenis SET id = 2 WHERE id = 1",
    "update or ignore": "UPDATE OR IGNORE gebeurtenis SET dag = 99999",
    "blanking without a vernietiging": "UPDATE gebeurtenis SET inhoud = NULL, zout = NULL WHERE id = 1",
    "delete": "DELETE FROM gebeurtenis WHERE id = 1",
    "delete of everything": "DELETE FROM gebeurtenis",
    "replace by id": f"REPLACE INTO gebeurtenis ({KOLOMMEN}) SELECT {OVERGESCHREVEN} FROM gebeurtenis WHERE id = 1",
    "replace by rowid": NIEUW.replace("INSERT", "REPLACE").replace("(", "(rowid, ", 1)
    + " VALUES (1, 9, 9, 'start', 1, 1, '', '', '', '')",
    "replace by volgnummer": f"REPLACE INTO gebeurtenis ({ZONDER_ID}) SELECT {ZONDER_ID_OVERGESCHREVEN}"
    " FROM gebeurtenis WHERE id = 1",
    "replace by sleutel": f"REPLACE INTO gebeurtenis ({ZONDER_ID}) SELECT {ANDER_VOLGNUMMER} FROM gebeurtenis"
    f" WHERE sleutel = '{key('f1')}'",
    "upsert by id": f"INSERT INTO gebeurtenis ({KOLOMMEN}) SELECT {KOLOMMEN} FROM gebeurtenis WHERE id = 1"
    " ON CONFLICT (id) DO UPDATE SET dag = 99999",
    "upsert by volgnummer": f"INSERT INTO gebeurtenis ({ZONDER_ID}) SELECT {ZONDER_ID} FROM gebeurtenis WHERE id = 1"
    " ON CONFLICT (traject_id, volgnummer) DO UPDATE SET dag = 99999",
    "a second volgnummer": f"INSERT INTO gebeurtenis ({ZONDER_ID}) SELECT {ZONDER_ID} FROM gebeurtenis WHERE id = 1",
    "an unknown soort": f"{NIEUW} VALUES (1, 50, 'verzinsel', 1, 1, '', '', '', '')",
    "volgnummer nought": f"{NIEUW} VALUES (1, 0, 'start', 1, 1, '', '', '', '')",
}


@pytest.mark.parametrize("aanval", AANVALLEN.values(), ids=AANVALLEN.keys())
@pytest.mark.parametrize("herhalend", [False, True], ids=["", "recursive"])
def test_the_database_refuses_to_change_the_log(kaal: sqlite3.Connection, aanval: str, herhalend: bool) -> None:
    kaal.execute(f"PRAGMA recursive_triggers = {int(herhalend)}")
    voor = whole(kaal)
    with pytest.raises(sqlite3.IntegrityError):
        kaal.execute(aanval)
    assert whole(kaal) == voor


@pytest.mark.parametrize("kolom", BLIJFT)
def test_no_column_can_be_changed(kaal: sqlite3.Connection, kolom: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only: UPDATE refused"):
        kaal.execute(f"UPDATE gebeurtenis SET {kolom} = '7' WHERE id = 3")


TEKSTAANVALLEN = {
    "update": "UPDATE toelichting SET tekst = x'00' WHERE id = 1",
    "update or replace": "UPDATE OR REPLACE toelichting SET id = 2 WHERE id = 1",
    "delete": "DELETE FROM toelichting WHERE id = 1",
    "replace by id": "REPLACE INTO toelichting (id, traject_id, volgnummer, veld, datasleutel_id, tekst, zout)"
    " SELECT id, traject_id, 99, veld, datasleutel_id, x'00', zout FROM toelichting WHERE id = 1",
    "replace by place": "REPLACE INTO toelichting (traject_id, volgnummer, veld, datasleutel_id, tekst, zout)"
    " SELECT traject_id, volgnummer, veld, datasleutel_id, x'00', zout FROM toelichting WHERE id = 1",
    "upsert": "INSERT INTO toelichting SELECT * FROM toelichting WHERE id = 1"
    " ON CONFLICT (id) DO UPDATE SET tekst = x'00'",
}


@pytest.mark.parametrize("aanval", TEKSTAANVALLEN.values(), ids=TEKSTAANVALLEN.keys())
def test_the_database_refuses_to_change_a_text(kaal: sqlite3.Connection, aanval: str) -> None:
    voor = whole(kaal, "toelichting")
    assert len(voor) == 2
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        kaal.execute(aanval)
    assert whole(kaal, "toelichting") == voor


def test_a_number_once_given_stays_as_it_is(kaal: sqlite3.Connection) -> None:
    """Log, notes and access log refer to it: trajectnummer is insert-only too."""
    voor = whole(kaal, "trajectnummer")
    for aanval in (
        "UPDATE trajectnummer SET wortel_id = 2 WHERE id = 1",
        "DELETE FROM trajectnummer WHERE id = 1",
        "REPLACE INTO trajectnummer VALUES (1, 'TW-2026-66666', 1)",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            kaal.execute(aanval)
        assert whole(kaal, "trajectnummer") == voor


def test_adding_a_row_is_what_can_be_done(kaal: sqlite3.Connection) -> None:
    destroyed(kaal, 1)
    assert len(whole(kaal)) == 8


# -- The one exception -------------------------------------------------------------------------------------------------


def destroyed(kaal: sqlite3.Connection, traject_id: int) -> None:
    """Append a vernietiging to a traject, chained as it should be."""
    rij = kaal.execute(
        f"SELECT {KOLOMMEN} FROM gebeurtenis WHERE traject_id = ? ORDER BY volgnummer DESC LIMIT 1", (traject_id,)
    ).fetchone()
    laatste, zout, inhoud = Gebeurtenis(*rij), new_salt(), canonical({"grond": "bewaartermijn"})
    leeg = laatste._replace(overgang=None, van=None, naar=None, reden=None, sleutel=None, inhoud=inhoud, zout=zout)
    nieuw = leeg._replace(
        volgnummer=laatste.volgnummer + 1,
        soort="vernietiging",
        inhoud_hash=content_hash(zout, inhoud),
        vorige_hash=laatste.hash,
    )
    nieuw = nieuw._replace(hash=row_hash(nieuw))
    plaatsen = ", ".join("?" * len(nieuw[1:]))
    kaal.execute(f"INSERT INTO gebeurtenis ({ZONDER_ID}) VALUES ({plaatsen})", nieuw[1:])


def as_mappings(kaal: sqlite3.Connection) -> list[dict[str, Any]]:
    """The log as plain mappings."""
    return [dict(zip(Gebeurtenis._fields, rij, strict=True)) for rij in whole(kaal)]


def test_after_a_vernietiging_content_and_salt_may_go_and_the_chain_stays(kaal: sqlite3.Connection) -> None:
    voor = as_mappings(kaal)
    destroyed(kaal, 1)
    kaal.execute("UPDATE gebeurtenis SET inhoud = NULL, zout = NULL WHERE traject_id = 1 AND soort <> 'vernietiging'")
    na = as_mappings(kaal)
    assert chain_faults(na) == []
    assert [r["inhoud"] for r in na if r["traject_id"] == 1 and r["soort"] != "vernietiging"] == [None] * 4
    assert [r["hash"] for r in na[: len(voor)]] == [r["hash"] for r in voor]


@pytest.mark.parametrize(
    "aanval",
    [
        "UPDATE gebeurtenis SET inhoud = NULL, zout = NULL WHERE traject_id = 2",
        "UPDATE gebeurtenis SET inhoud = '{}', zout = NULL WHERE traject_id = 1",
        "UPDATE gebeurtenis SET inhoud = NULL WHERE traject_id = 1",
        "UPDATE gebeurtenis SET zout = NULL WHERE traject_id = 1",
        "UPDATE gebeurtenis SET inhoud = NULL, zout = NULL, dag = 1 WHERE traject_id = 1",
        "UPDATE gebeurtenis SET inhoud = NULL, zout = NULL, hash = 'x' WHERE traject_id = 1",
        "UPDATE gebeurtenis SET inhoud = NULL, zout = NULL, van = 'x' WHERE traject_id = 1",
        "DELETE FROM gebeurtenis WHERE traject_id = 1",
    ],
)
def test_a_vernietiging_allows_nothing_else(kaal: sqlite3.Connection, aanval: str) -> None:
    destroyed(kaal, 1)
    voor = whole(kaal)
    with pytest.raises(sqlite3.IntegrityError):
        kaal.execute(aanval)
    assert whole(kaal) == voor


def test_what_is_gone_is_not_written_anew(kaal: sqlite3.Connection) -> None:
    destroyed(kaal, 1)
    kaal.execute("UPDATE gebeurtenis SET inhoud = NULL, zout = NULL WHERE id = 1")
    with pytest.raises(sqlite3.IntegrityError):
        kaal.execute("UPDATE gebeurtenis SET inhoud = '{}', zout = '00' WHERE id = 1")


def test_after_a_vernietiging_the_texts_of_that_traject_may_go(kaal: sqlite3.Connection) -> None:
    destroyed(kaal, 1)
    kaal.execute("DELETE FROM toelichting WHERE traject_id = 1")
    with pytest.raises(sqlite3.IntegrityError):
        kaal.execute("DELETE FROM toelichting WHERE traject_id = 2")
    assert len(whole(kaal, "toelichting")) == 1


# -- The chain ---------------------------------------------------------------------------------------------------------


def test_the_hash_columns_are_filled_from_the_first_row_on(kaal: sqlite3.Connection) -> None:
    rijen = as_mappings(kaal)
    assert chain_faults(rijen) == []
    assert [r["vorige_hash"] is None for r in rijen] == [r["volgnummer"] == 1 for r in rijen]
    assert all(len(r[k]) == 64 and r[k] == r[k].lower() for r in rijen for k in ("hash", "inhoud_hash", "routekaart"))
    assert len({r["zout"] for r in rijen}) == len(rijen)


@pytest.mark.parametrize("kolom", [k for k in Gebeurtenis._fields if k not in ("id", "sleutel")])
def test_a_change_of_any_column_is_noticed(kaal: sqlite3.Connection, kolom: str) -> None:
    """In each row in turn, as somebody would who took the triggers away."""
    goed = as_mappings(kaal)
    for plaats, rij in enumerate(goed):
        anders = [dict(r) for r in goed]
        anders[plaats][kolom] = _other(rij[kolom])
        assert chain_faults(anders), (kolom, rij["id"])


def _other(waarde: Any) -> Any:
    if isinstance(waarde, int):
        return waarde + 1
    if not waarde:
        return "x"
    laatste = "0" if waarde[-1] != "0" else "1"
    return waarde[:-1] + laatste


def test_dropping_or_doubling_or_swapping_rows_is_noticed(kaal: sqlite3.Connection) -> None:
    goed = as_mappings(kaal)
    for plaats, rij in enumerate(goed):
        is_laatste = plaats + 1 == len(goed) or goed[plaats + 1]["traject_id"] != rij["traject_id"]
        zonder = goed[:plaats] + goed[plaats + 1 :]
        assert bool(chain_faults(zonder)) != is_laatste, "the last row of a chain is what a seal is for"
        assert chain_faults([*goed, rij])
    een, twee = goed[1], goed[2]
    verwisseld = [{**een, "volgnummer": twee["volgnummer"]}, {**twee, "volgnummer": een["volgnummer"]}]
    assert chain_faults([goed[0], *verwisseld, *goed[3:]])


def test_content_is_canonical_json(kaal: sqlite3.Connection) -> None:
    for rij in as_mappings(kaal):
        gelezen = json.loads(rij["inhoud"])
        assert rij["inhoud"] == json.dumps(gelezen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert {"door", "rol", "organisatie"} <= set(gelezen)


def test_a_float_has_no_place_in_the_log() -> None:
    with pytest.raises(ValueError, match="float"):
        canonical({"bedrag": 1.5})


def test_equal_texts_in_another_spelling_are_the_same_bytes() -> None:
    assert canonical({"naam": "Zoe\u0308"}) == canonical({"naam": "Zo\u00eb"}) == '{"naam":"Zoë"}'


def test_a_known_row_has_a_known_hash() -> None:
    """Frozen by the first row ever written: these bytes must come out for ever."""
    leeg = dict.fromkeys(Gebeurtenis._fields)
    rij = Gebeurtenis(
        **{  # type: ignore[arg-type]
            **leeg,
            "traject_id": 7,
            "volgnummer": 2,
            "soort": "overgang",
            "overgang": "intake_starten",
            "van": "melding",
            "naar": "intake",
            "dag": 20_500,
            "vastgelegd_op": 1_771_200_000_000_000,
            "routekaart": "ab" * 32,
            "opdracht_id": "cd" * 16,
            "inhoud_hash": content_hash("ef" * 16, '{"door":"é"}'),
            "vorige_hash": "01" * 32,
        }
    )
    assert rij.inhoud_hash == BEKENDE_INHOUD_HASH
    assert row_hash(rij) == BEKENDE_HASH


def test_the_log_knows_a_text_by_its_salted_digest(bestand: Path, vreemde_database: str) -> None:
    with transaction(vreemde_database) as db:
        (rij,) = [r for r in log_rows(db) if r["sleutel"] == key("f1")]
        zout = db.execute(text("SELECT zout FROM toelichting WHERE id = 1")).scalar_one()
    digest = json.loads(rij["inhoud"])["toelichting"]["motivering"]
    assert digest == text_digest(zout, "Om een goede reden.")
    assert digest != text_digest(new_salt(), "Om een goede reden.")


# -- The table itself --------------------------------------------------------------------------------------------------


def test_a_row_is_read_in_the_order_of_the_table() -> None:
    assert Gebeurtenis._fields == tuple(gebeurtenis.c.keys())


def test_kinds_of_rows_are_a_closed_list() -> None:
    verwacht = "start overgang intrekking verbetering overdracht samenvoeging migratie vernietiging"
    assert " ".join(SOORTEN) == verwacht


def test_our_own_connections_are_set_as_they_should_be(vreemde_database: str) -> None:
    verwacht = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1, "secure_delete": 1}
    verbindingen = [engine(vreemde_database).connect().execution_options(schrijft=False) for _ in range(3)]
    for verbinding in verbindingen:
        gevonden = {naam: verbinding.exec_driver_sql(f"PRAGMA {naam}").scalar_one() for naam in verwacht}
        assert gevonden == verwacht
        assert verbinding.exec_driver_sql("PRAGMA trusted_schema").scalar_one() == 0
    for verbinding in verbindingen:
        verbinding.close()
