"""Seals: what they cover, what they sign, where they are published, and that no writer slips through under one."""

from __future__ import annotations

import threading
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from models import klok
from models.database import engine, reading, transaction
from tests.bouwers import BEGIN, NU, UITVOERDER, a_traject, log_rows
from workflow import instellingen, merkle, zegels
from workflow.voortgang import Conflict, advance
from workflow.zegels import Zegel, ZegelGeweigerd

Blad = tuple[int, int, int]
"""A leaf: its number, traject and volgnummer."""

ROUNDS = 200
WRITERS = 8

pytestmark = pytest.mark.usefixtures("stille_klok")


@pytest.fixture(autouse=True)
def map_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of seals."""
    monkeypatch.setenv("ROUTEKAART_SEALS", str(tmp_path / "zegels"))
    return tmp_path / "zegels"


def sealed(url: str, **rest: Any) -> Zegel:
    """A seal taken now."""
    with klok.at(NU), transaction(url) as db:
        return zegels.take(db, **rest)


def given(url: str, daad: Callable[[Connection], Any]) -> Any:
    """Something that was recorded before."""
    with klok.at(NU), transaction(url) as db:
        return daad(db)


def covered(db: Connection) -> list[Blad]:
    """Every leaf."""
    rijen = db.execute(text("SELECT blad, traject_id, volgnummer FROM zegelblad ORDER BY blad"))
    return [tuple(rij) for rij in rijen]  # type: ignore[misc]


# -- What a seal covers ------------------------------------------------------------------------------------------------


def test_the_leaves_are_the_hashes_of_the_rows(gedeelde_database: str) -> None:
    given(gedeelde_database, lambda db: a_traject(db, stap="kennismaking"))
    een = sealed(gedeelde_database)
    with reading(gedeelde_database) as db:
        rijen = log_rows(db)
        assert [(r["traject_id"], r["volgnummer"]) for r in rijen] == [blad[1:] for blad in covered(db)]
        bladeren = [bytes.fromhex(rij["hash"]) for rij in rijen]
    assert (een.omvang, een.wortel) == (len(rijen), merkle.root(bladeren).hex())


def test_a_later_seal_goes_on_where_the_one_before_ended(gedeelde_database: str) -> None:
    omvang = []
    for _ in range(5):
        given(gedeelde_database, lambda db: a_traject(db, stap="kennismaking"))
        een = sealed(gedeelde_database)
        omvang.append((een.omvang, een.wortel))
    with reading(gedeelde_database) as db:
        bladeren = zegels.leaves(db, een.omvang)
        assert [merkle.root(bladeren[:n]).hex() for n, _ in omvang] == [wortel for _, wortel in omvang]
        gevonden = zegels.every(db)
    assert [z.vorige_wortel for z in gevonden] == [None, *(z.wortel for z in gevonden[:-1])]
    for eerder, later in pairwise(gevonden):
        bewijs = merkle.consistency(bladeren[: later.omvang], eerder.omvang)
        wortels = (bytes.fromhex(eerder.wortel), bytes.fromhex(later.wortel))
        assert merkle.is_consistent(eerder.omvang, later.omvang, bewijs, *wortels)


def test_nothing_new_is_no_new_seal_but_a_report_has_its_own(vreemde_database: str) -> None:
    given(vreemde_database, a_traject)
    een = sealed(vreemde_database)
    assert sealed(vreemde_database) == een
    twee = sealed(vreemde_database, rapport_hash="ab" * 32)
    assert (twee.id, twee.omvang, twee.wortel) == (2, een.omvang, een.wortel)
    assert f"rapport {'ab' * 32}\n" in twee.tekst


def test_a_log_of_which_nothing_is_known_yet_can_be_sealed(vreemde_database: str) -> None:
    een = sealed(vreemde_database)
    assert (een.omvang, een.wortel) == (0, sha256(b"").hexdigest())


def test_a_leaf_is_worked_out_from_the_row_and_not_from_its_stored_hash(vreemde_database: str) -> None:
    """Otherwise a row that was edited before the first seal would be signed under a hash that it does not have."""
    given(vreemde_database, a_traject)
    with transaction(vreemde_database) as db:
        db.execute(text("DROP TRIGGER gebeurtenis_geen_update"))
        db.execute(text("UPDATE gebeurtenis SET dag = dag - 1"))
        (rij,) = log_rows(db)
        zegels.take(db)
        assert zegels.leaves(db, 1) != [bytes.fromhex(rij["hash"])]


def test_a_row_that_was_numbered_below_all_others_is_sealed_too(vreemde_database: str) -> None:
    """Otherwise it would stay out of every seal, and could be changed as long as no other row came in."""
    given(vreemde_database, a_traject)
    with transaction(vreemde_database) as db:
        db.execute(text("DROP TRIGGER gebeurtenis_geen_update"))
        db.execute(text("UPDATE gebeurtenis SET id = -id"))
    assert sealed(vreemde_database).omvang == 1


@pytest.mark.parametrize("anders", ["zout = 'x'", "inhoud = x'ff'", "dag = x'ff'"])
def test_a_row_that_cannot_be_hashed_is_named_and_nothing_sealed(vreemde_database: str, anders: str) -> None:
    given(vreemde_database, a_traject)
    with transaction(vreemde_database) as db:
        db.execute(text("DROP TRIGGER gebeurtenis_geen_update"))
        db.execute(text(f"UPDATE gebeurtenis SET {anders}"))
    with pytest.raises(ZegelGeweigerd, match="gebeurtenis 1 of traject 1 is not as a program wrote it"):
        sealed(vreemde_database)
    with reading(vreemde_database) as db:
        assert zegels.every(db) == []


def test_more_rows_than_fit_in_one_batch_are_all_sealed(vreemde_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zegels, "BATCH", 3)
    given(vreemde_database, lambda db: [a_traject(db, stap="kennismaking") for _ in range(4)])
    een = sealed(vreemde_database)
    with reading(vreemde_database) as db:
        assert een.omvang == len(log_rows(db)) > 6
        assert len(covered(db)) == een.omvang


# -- What it signs -----------------------------------------------------------------------------------------------------


def test_the_signed_text_is_one_that_others_can_read(vreemde_database: str) -> None:
    """The layout of C2SP signed notes: text, empty line, signature; the key by name, hash and kind."""
    given(vreemde_database, a_traject)
    een = sealed(vreemde_database)
    tekst, handtekening = een.brief.split("\n\n")
    assert tekst.splitlines() == [
        "routekaart",
        "1",
        *tekst.splitlines()[2:3],
        "zegel 1",
        "gemaakt 2026-03-02T09:00:00.000000+00:00",
        "vorige -",
        f"sleutel {zegels.public_key().tekst}",
    ]
    assert b64decode(tekst.splitlines()[2]).hex() == een.wortel
    naam, sleutel_id, publiek = zegels.public_key().tekst.split("+", 2)
    streep, wie, base64 = handtekening.split()
    ruw = b64decode(publiek)
    assert (streep, wie, ruw[:1]) == ("—", naam, b"\x01")
    assert b64decode(base64)[:4].hex() == sleutel_id == sha256(f"{naam}\n".encode() + ruw).hexdigest()[:8]
    Ed25519PublicKey.from_public_bytes(ruw[1:]).verify(b64decode(base64)[4:], (tekst + "\n").encode())


@pytest.mark.parametrize(
    "anders", [{"omvang": 7}, {"wortel": "00" * 32}, {"gemaakt_op": 1}, {"id": 9}, {"nieuwe_sleutel": None}]
)
def test_no_part_of_it_can_be_changed_under_the_signature(vreemde_database: str, anders: dict[str, Any]) -> None:
    een = sealed(vreemde_database)
    assert zegels.public_key().signed(een)
    assert not zegels.public_key().signed(Zegel(**{**{k: getattr(een, k) for k in een.__slots__}, **anders}))


@pytest.mark.parametrize("anders", [f"wortel = '{'00' * 32}'", "wortel = 'x'", "rand = 'x'", "handtekening = 'x'"])
def test_a_seal_that_was_changed_is_not_gone_on_from(vreemde_database: str, anders: str) -> None:
    given(vreemde_database, a_traject)
    sealed(vreemde_database)
    with transaction(vreemde_database) as db:
        db.execute(text("DROP TRIGGER zegel_geen_update"))
        db.execute(text(f"UPDATE zegel SET {anders}"))
    with pytest.raises(ZegelGeweigerd, match="seal 1 in the database was changed"):
        sealed(vreemde_database)


def test_and_is_not_published(vreemde_database: str) -> None:
    sealed(vreemde_database)
    with transaction(vreemde_database) as db:
        db.execute(text("DROP TRIGGER zegel_geen_update"))
        db.execute(text("UPDATE zegel SET wortel = 'x'"))
    with pytest.raises(ZegelGeweigerd, match="seal 1 in the database was changed"):
        zegels.publish(vreemde_database)


AANVALLEN = (
    "UPDATE {t} SET {k} = 9",
    "DELETE FROM {t}",
    "INSERT INTO {t} SELECT * FROM {t}",
    "INSERT INTO {t} SELECT * FROM {t} WHERE true ON CONFLICT ({k}) DO UPDATE SET {k} = 9",
)


@pytest.mark.parametrize("tabel", ["zegel", "zegelblad"])
@pytest.mark.parametrize("aanval", [*AANVALLEN, "TRUNCATE {t}", "REPLACE INTO {t} SELECT * FROM {t}"])
def test_the_database_refuses_to_change_a_seal(gedeelde_database: str, tabel: str, aanval: str) -> None:
    given(gedeelde_database, a_traject)
    sealed(gedeelde_database)
    opdracht = aanval.format(t=tabel, k={"zegel": "id", "zegelblad": "blad"}[tabel])
    with engine(gedeelde_database).connect() as db, db.begin() as poging:
        voor = list(db.execute(text(f"SELECT * FROM {tabel}")))
        with pytest.raises(DatabaseError), db.begin_nested():
            db.execute(text(opdracht))
        assert list(db.execute(text(f"SELECT * FROM {tabel}"))) == voor
        poging.rollback()


# -- Publishing --------------------------------------------------------------------------------------------------------


def test_seals_and_the_key_are_published_once(vreemde_database: str, map_: Path) -> None:
    een, twee = sealed(vreemde_database), sealed(vreemde_database, rapport_hash="ab" * 32)
    gepubliceerd = ["zegel-000001.txt", "sleutel.txt", "zegel-000002.txt"]
    assert [pad.name for pad in zegels.publish(vreemde_database)] == gepubliceerd
    assert zegels.publish(vreemde_database) == []
    assert (map_ / "zegel-000001.txt").read_text(encoding="utf-8") == een.brief
    assert (map_ / "zegel-000002.txt").read_text(encoding="utf-8") == twee.brief
    assert (map_ / "sleutel.txt").read_text(encoding="utf-8") == zegels.public_key().tekst + "\n"
    assert {pad.name for pad in map_.iterdir()} == set(gepubliceerd)


def test_what_was_published_is_never_overwritten(vreemde_database: str, map_: Path) -> None:
    """After an older backup was put back, another seal takes the same number."""
    sealed(vreemde_database)
    map_.mkdir()
    (map_ / "zegel-000001.txt").write_text("wat er eerst stond", encoding="utf-8")
    with pytest.raises(ZegelGeweigerd, match="another one was published before"):
        zegels.publish(vreemde_database)
    assert (map_ / "zegel-000001.txt").read_text(encoding="utf-8") == "wat er eerst stond"


def test_without_a_setting_they_stand_beside_the_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROUTEKAART_SEALS")
    assert instellingen.seal_folder() == instellingen.instance_folder() / "zegels"


# -- No holes ----------------------------------------------------------------------------------------------------------


def holes(rijen: Sequence[dict[str, Any]], bladeren: Sequence[Blad], gemaakt: Sequence[Zegel]) -> list[str]:
    """Rows that a seal leaves out although a later one of the log stands in it."""
    blad_van = {(traject, volgnummer): blad for blad, traject, volgnummer in bladeren}
    plaatsen = [blad_van.get((rij["traject_id"], rij["volgnummer"]), len(rijen)) for rij in rijen]
    gevonden = []
    for een in gemaakt:
        laatste = max((n for n, plaats in enumerate(plaatsen) if plaats < een.omvang), default=0)
        buiten = (rij["id"] for rij, plaats in zip(rijen[:laatste], plaatsen, strict=False) if plaats >= een.omvang)
        gevonden += [f"seal {een.id} lacks row {nr}" for nr in buiten]
    return gevonden


@pytest.fixture
def half_geschreven(postgres_database: str) -> Iterator[Callable[[], None]]:
    """PostgreSQL: a row with a low id is not committed yet, a second one has come after it. Call this to commit."""
    nummers = [given(postgres_database, lambda db: a_traject(db, stap="groepsles")) for _ in range(2)]
    met_id = engine(postgres_database).connect()
    traag = met_id.begin()
    _timetable(met_id, nummers[0], 1)
    given(postgres_database, lambda db: _timetable(db, nummers[1], 2))
    yield traag.commit
    met_id.close()


def _timetable(db: Connection, nummer: str, uren: int) -> None:
    with klok.at(NU):
        advance(db, nummer, "rooster_afspreken", {"uurrooster": uren}, door=UITVOERDER, op=BEGIN + 3)


@pytest.mark.postgres
def test_a_seal_waits_for_a_writer_under_way(postgres_database: str, half_geschreven: Callable[[], None]) -> None:
    with ThreadPoolExecutor(1) as ander:
        bezig = ander.submit(sealed, postgres_database)
        with pytest.raises(TimeoutError):
            bezig.result(timeout=0.5)
        half_geschreven()
        een = bezig.result(timeout=10)
    with reading(postgres_database) as db:
        assert holes(log_rows(db), covered(db), [een]) == []
        assert een.omvang == len(log_rows(db))


@pytest.mark.postgres
def test_without_the_lock_a_seal_would_have_a_hole(
    postgres_database: str, half_geschreven: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mistake that the lock is for; it shows that `holes` would see it."""
    monkeypatch.setattr(zegels, "hold_writers", lambda _db: None)
    een = sealed(postgres_database)
    half_geschreven()
    with reading(postgres_database) as db:
        assert holes(log_rows(db), covered(db), [een]) != []


@pytest.mark.postgres
def test_a_role_that_may_only_add_can_take_a_seal(postgres_database: str) -> None:
    given(postgres_database, a_traject)
    with transaction(postgres_database) as db:
        db.exec_driver_sql("DROP ROLE IF EXISTS alleen_erbij")
        db.exec_driver_sql("CREATE ROLE alleen_erbij")
        db.exec_driver_sql("GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO alleen_erbij")
    with klok.at(NU), transaction(postgres_database) as db:
        db.exec_driver_sql("SET LOCAL ROLE alleen_erbij")
        assert zegels.take(db).omvang == 1
        with pytest.raises(DBAPIError, match="permission denied"), db.begin_nested():
            db.exec_driver_sql("LOCK TABLE gebeurtenis IN SHARE MODE")
    with transaction(postgres_database) as db:
        db.exec_driver_sql("DROP OWNED BY alleen_erbij")
        db.exec_driver_sql("DROP ROLE alleen_erbij")


def test_two_that_seal_at_once_do_not_get_in_each_others_way(gedeelde_database: str) -> None:
    given(gedeelde_database, lambda db: a_traject(db, stap="kennismaking"))
    with ThreadPoolExecutor(4) as samen:
        gemaakt = list(samen.map(lambda _: sealed(gedeelde_database), range(4)))
    assert len(set(gemaakt)) == 1


def test_two_hundred_seals_under_eight_writers_have_no_holes(
    gedeelde_database: str, tell: Callable[[str], None]
) -> None:
    nummers = [given(gedeelde_database, lambda db: a_traject(db, stap="groepsles")) for _ in range(WRITERS)]
    klaar = threading.Event()
    with ThreadPoolExecutor(WRITERS) as schrijvers:
        bezig = [schrijvers.submit(_keep_writing, gedeelde_database, nummer, klaar) for nummer in nummers]
        try:
            gemaakt = _seal_often(gedeelde_database)
        finally:
            klaar.set()
        geschreven = sum(werk.result() for werk in bezig)
    with reading(gedeelde_database) as db:
        rijen, bladeren = log_rows(db), covered(db)
    assert holes(rijen, bladeren, gemaakt) == []
    assert [blad for blad, *_ in bladeren] == list(range(len(bladeren)))
    alles = [blad_hash for _, blad_hash in sorted(_hashes(rijen, bladeren))]
    assert [merkle.root(alles[: een.omvang]).hex() for een in gemaakt] == [een.wortel for een in gemaakt]
    assert geschreven > ROUNDS / 2, "the writers were really at it"
    tell(f"seals under {WRITERS} writers ({engine(gedeelde_database).dialect.name}): {ROUNDS}, rows {geschreven}")


def _hashes(rijen: Sequence[dict[str, Any]], bladeren: Sequence[Blad]) -> Iterator[tuple[int, bytes]]:
    hash_van = {(rij["traject_id"], rij["volgnummer"]): bytes.fromhex(rij["hash"]) for rij in rijen}
    return ((blad, hash_van[traject, volgnummer]) for blad, traject, volgnummer in bladeren)


def _seal_often(url: str) -> list[Zegel]:
    """ROUNDS seals, each of which covers something new."""
    gemaakt: dict[int, Zegel] = {}
    while len(gemaakt) < ROUNDS:
        een = sealed(url)
        gemaakt[een.id] = een
    return list(gemaakt.values())


def _keep_writing(url: str, nummer: str, klaar: threading.Event) -> int:
    """Record one thing after another, with a breath in between; how many were."""
    uren = count(1)
    geschreven = 0
    while not klaar.wait(0.05):
        try:
            given(url, lambda db: _timetable(db, nummer, 1 + next(uren) % 30))
        except (Conflict, OperationalError):
            continue
        geschreven += 1
    return geschreven
