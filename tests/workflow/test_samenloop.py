"""Many at once: one wins, the others hear that they were late, and nothing is lost, doubled or half done.

Each test runs on SQLite and on PostgreSQL. Threads wait for each other at a barrier and then go together.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError

from models import klok
from models.database import engine, reading, transaction
from tests.bouwers import (
    BEGIN,
    COORDINATOR,
    NU,
    UITVOERDER,
    VANDAAG,
    a_person,
    a_postgres_database,
    a_traject,
    actor,
    chain_faults,
    everything,
    folded,
    key,
    log_rows,
    place,
    projections,
    step,
)
from workflow import agendaadres, personen
from workflow.brieven import sjablonen
from workflow.bsn import is_valid_bsn
from workflow.historie import findings
from workflow.personen import Gegevens
from workflow.projectie import families, rebuild
from workflow.vervanging import give_back, hand_over_many
from workflow.voorstellen import confirm, propose_withdrawal, reject, take_back
from workflow.voortgang import (
    Conflict,
    InvoerGeweigerd,
    OvergangGeweigerd,
    Vastgelegd,
    advance,
    amend,
    hand_over,
    start,
    withdraw,
)

Daad = Callable[[Connection], Any]
VALID = [bsn for nummer in range(999_990_000, 999_990_100) if is_valid_bsn(bsn := str(nummer))]
"""Numbers that pass the elfproef."""
AANKOMST = {"aangekomen_op": "2025-06-02"}

pytestmark = pytest.mark.usefixtures("stille_klok")


def at_once(url: str, daden: Sequence[Daad]) -> list[Any]:
    """Each deed in a transaction of its own, all together; what each returned, or the refusal it met."""
    start_samen = Barrier(len(daden))

    def one(daad: Daad) -> Any:
        start_samen.wait(timeout=30)
        try:
            with klok.at(NU), transaction(url) as db:
                return daad(db)
        except (Conflict, InvoerGeweigerd, OvergangGeweigerd) as geweigerd:
            return geweigerd

    with ThreadPoolExecutor(len(daden)) as uitvoerders:
        return list(uitvoerders.map(one, daden))


def made(uitkomsten: Sequence[Any]) -> list[Vastgelegd]:
    """The answers that say that something was recorded."""
    return [u for u in uitkomsten if isinstance(u, Vastgelegd)]


def assert_sound(url: str) -> None:
    """The chains hold, every history is a walk, and the projections are those of the log."""
    with klok.at(NU), transaction(url) as db:
        assert chain_faults(log_rows(db)) == []
        voor = projections(db)
        rebuild(db)
        assert projections(db) == voor
        for verloop in (v for gezin in families(db) for v in gezin):
            assert findings(verloop.feiten, verloop.kaarten, verloop.oorsprong["route"]) == []


def given(url: str, daad: Daad) -> Any:
    """Something that was so before."""
    with klok.at(NU), transaction(url) as db:
        return daad(db)


def intake(nummer: str, **rest: Any) -> Daad:
    """Move a traject from aanmelding to intake."""
    return lambda db: advance(db, nummer, "intake_voeren", {"doel": "werk"}, door=UITVOERDER, op=BEGIN + 1, **rest)


# -- From the same state -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("draden", [2, 3, 5, 8, 16])
def test_of_advances_from_the_same_state_one_wins_and_the_others_conflict(gedeelde_database: str, draden: int) -> None:
    for _ in range(8):
        nummer = given(gedeelde_database, a_traject)
        uitkomsten = at_once(gedeelde_database, [intake(nummer, verwacht=1)] * draden)
        assert len(made(uitkomsten)) == 1
        assert sum(isinstance(u, Conflict) for u in uitkomsten) == draden - 1
    assert_sound(gedeelde_database)


def test_who_is_entered_by_several_at_once_stands_there_once(gedeelde_database: str) -> None:
    for ronde in range(8):
        bsn = VALID[ronde]
        daden: list[Daad] = [lambda db, n=naam, b=bsn: personen.register(db, Gegevens(n, bsn=b)) for naam in "ABCD"]  # type: ignore[misc]
        uitkomsten = at_once(gedeelde_database, daden)
        (pseudoniem,) = [u for u in uitkomsten if isinstance(u, str)]
        assert [u.fouten for u in uitkomsten if u != pseudoniem] == [{"bsn": "Er is al een persoon met dit BSN."}] * 3
        with reading(gedeelde_database) as db:
            gevonden = personen.by_bsn(db, bsn)
        assert gevonden
        assert gevonden.pseudoniem == pseudoniem


def test_without_an_expectation_the_late_one_is_judged_by_the_new_state(gedeelde_database: str) -> None:
    for _ in range(8):
        nummer = given(gedeelde_database, a_traject)
        uitkomsten = at_once(gedeelde_database, [intake(nummer)] * 4)
        assert len(made(uitkomsten)) == 1
        assert all(isinstance(u, Vastgelegd | Conflict | OvergangGeweigerd) for u in uitkomsten)
    assert_sound(gedeelde_database)


def test_sixteen_different_things_at_once_all_find_their_place(gedeelde_database: str) -> None:
    """In-place overgangen on one traject: each is recorded, in some order, without a hole."""
    nummer = given(gedeelde_database, lambda db: a_traject(db, stap="groepsles"))
    daden: list[Daad] = [_timetable(nummer, uren) for uren in range(1, 17)]
    uitkomsten = at_once(gedeelde_database, daden)
    assert len(made(uitkomsten)) == 16
    assert sorted(u.volgnummer for u in made(uitkomsten)) == list(range(4, 20))
    assert_sound(gedeelde_database)


def _timetable(nummer: str, uren: int) -> Daad:
    return lambda db: advance(db, nummer, "rooster_afspreken", {"uurrooster": uren}, door=UITVOERDER, op=BEGIN + 5)


def test_every_answer_is_explained_by_the_log(gedeelde_database: str) -> None:
    """What each was told is what stands there: its volgnummer, its overgang, its opdracht; what was refused is not."""
    nummer = given(gedeelde_database, lambda db: a_traject(db, stap="groepsles"))
    wat = ["toets_plannen", "stoppen", "rooster_afspreken", "toets_plannen", "stoppen", "rooster_afspreken"] * 2
    uitkomsten = at_once(gedeelde_database, [_blind(nummer, keus) for keus in wat])
    with reading(gedeelde_database) as db:
        rijen = {r["volgnummer"]: r for r in log_rows(db, nummer)}
    for keus, uitkomst in zip(wat, uitkomsten, strict=True):
        if isinstance(uitkomst, Vastgelegd):
            assert rijen[uitkomst.volgnummer]["overgang"] == keus
            assert rijen[uitkomst.volgnummer]["opdracht_id"] == uitkomst.opdracht_id
    assert len(rijen) == 3 + len(made(uitkomsten))
    assert_sound(gedeelde_database)


def _blind(nummer: str, keus: str) -> Daad:
    invoer = {"uurrooster": 4} if keus == "rooster_afspreken" else {}
    reden = "niet_verschenen" if keus == "stoppen" else None
    return lambda db: advance(db, nummer, keus, invoer, door=UITVOERDER, op=BEGIN + 5, reden=reden)


# -- The same form -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keer", [2, 10, 50])
def test_the_same_form_many_times_at_once_is_one_row_and_one_answer(gedeelde_database: str, keer: int) -> None:
    nummer = given(gedeelde_database, a_traject)
    for _ in range(0, keer, 10):
        uitkomsten = at_once(gedeelde_database, [intake(nummer, sleutel=key("f1"), verwacht=1)] * min(keer, 10))
        assert len(made(uitkomsten)) == min(keer, 10)
        assert len(set(uitkomsten)) == 1
    with reading(gedeelde_database) as db:
        assert len(log_rows(db, nummer)) == 2
    assert_sound(gedeelde_database)


@pytest.mark.parametrize("keer", [2, 12])
def test_the_same_start_many_times_at_once_is_one_traject_and_one_answer(gedeelde_database: str, keer: int) -> None:
    for nummer in range(4):
        wie = given(gedeelde_database, a_person)
        uitkomsten = at_once(gedeelde_database, [_opening(wie, sleutel=key(f"s{nummer}"))] * keer)
        assert len(made(uitkomsten)) == keer, uitkomsten
        assert len(set(uitkomsten)) == 1
    with reading(gedeelde_database) as db:
        assert len(log_rows(db)) == 4
    assert_sound(gedeelde_database)


def _opening(wie: str, **rest: Any) -> Daad:
    return lambda db: start(db, "taalweg", "aanmelden", AANKOMST, door=UITVOERDER, personen=[wie], op=BEGIN, **rest)


@pytest.mark.parametrize("wat", ["intrekken", "overdragen", "pauze"])
def test_other_forms_too(gedeelde_database: str, wat: str) -> None:
    nummer = given(gedeelde_database, lambda db: a_traject(db, stap="groepsles"))
    daad: Daad = {
        "intrekken": lambda db: withdraw(db, nummer, 3, reden="tikfout", door=COORDINATOR, sleutel=key("f1")),
        "overdragen": lambda db: hand_over(db, nummer, COORDINATOR.pseudoniem, door=UITVOERDER, sleutel=key("f1")),
        "pauze": lambda db: step(db, nummer, "pauze_geven", BEGIN, sleutel=key("f1")),
    }[wat]
    uitkomsten = at_once(gedeelde_database, [daad] * 8)
    assert len(set(uitkomsten)) == 1
    assert len(made(uitkomsten)) == 8
    with reading(gedeelde_database) as db:
        assert Counter(r["traject_id"] for r in log_rows(db))[1] == 4
    assert_sound(gedeelde_database)


# -- Rules across trajecten --------------------------------------------------------------------------------------------


def test_of_two_starts_for_one_client_one_wins(gedeelde_database: str) -> None:
    for _ in range(8):
        wie = given(gedeelde_database, a_person)
        uitkomsten = at_once(gedeelde_database, [_opening(wie)] * 6)
        assert len(made(uitkomsten)) == 1
        assert all(isinstance(u, Vastgelegd | OvergangGeweigerd) for u in uitkomsten)
    assert_sound(gedeelde_database)


def test_starts_for_different_clients_do_not_hinder_each_other(gedeelde_database: str) -> None:
    mensen = given(gedeelde_database, lambda db: [a_person(db) for _ in range(16)])
    uitkomsten = at_once(gedeelde_database, [_opening(wie) for wie in mensen])
    assert len({u.nummer for u in made(uitkomsten)}) == 16
    assert_sound(gedeelde_database)


def test_a_child_does_not_open_while_its_parent_goes_where_that_is_forbidden(gedeelde_database: str) -> None:
    """No toets while a pauze is open: whoever comes first, both together may not happen."""
    for _ in range(8):
        nummer = given(gedeelde_database, lambda db: a_traject(db, stap="groepsles"))
        pauze: Daad = lambda db, n=nummer: step(db, n, "pauze_geven", BEGIN + 5)  # type: ignore[misc]  # noqa: E731
        toets: Daad = lambda db, n=nummer: step(db, n, "toets_plannen", BEGIN + 5)  # type: ignore[misc]  # noqa: E731
        uitkomsten = at_once(gedeelde_database, [pauze, toets] * 2)
        with klok.at(NU), transaction(gedeelde_database) as db:
            kinderen = db.execute(text("SELECT count(*) FROM traject WHERE is_open AND ouder_id IS NOT NULL")).scalar()
            assert not (place(db, nummer) == "toets" and kinderen), uitkomsten
            db.execute(text("UPDATE traject SET is_open = false"))
            rebuild(db)
            for kind in db.execute(text("SELECT nummer FROM traject WHERE is_open AND ouder_id IS NOT NULL")).scalars():
                step(db, kind, "les_hervatten", BEGIN + 6)
    assert_sound(gedeelde_database)


def test_reopening_and_starting_for_one_client_do_not_both_succeed(gedeelde_database: str) -> None:
    for _ in range(6):
        wie = given(gedeelde_database, a_person)
        oud = given(gedeelde_database, lambda db, w=wie: a_traject(db, wie=[w]))
        given(gedeelde_database, lambda db, n=oud: step(db, n, "stoppen", BEGIN + 5))
        heropen: Daad = lambda db, n=oud: step(db, n, "toch_verder", BEGIN + 9)  # type: ignore[misc]  # noqa: E731
        terug: Daad = lambda db, n=oud: withdraw(db, n, 2, reden="tikfout", door=COORDINATOR)  # type: ignore[misc]  # noqa: E731
        nieuw: Daad = lambda db, w=wie: start(  # type: ignore[misc]  # noqa: E731
            db, "taalweg", "aanmelden", AANKOMST, door=UITVOERDER, personen=[w], op=BEGIN + 9
        )
        at_once(gedeelde_database, [heropen, nieuw, terug, nieuw])
        with reading(gedeelde_database) as db:
            vraag = text(
                "SELECT count(*) FROM traject t JOIN deelname d ON d.traject_id = t.id"
                " WHERE t.is_open AND d.deelnemer = :w"
            )
            assert db.execute(vraag, {"w": wie}).scalar_one() == 1
    assert_sound(gedeelde_database)


@pytest.mark.postgres
def test_who_reopens_holds_the_person_until_the_end(postgres_database: str) -> None:
    """Deterministic: the reopening is not committed yet when the other starts."""
    url = postgres_database
    wie = given(url, a_person)
    oud = given(url, lambda db: a_traject(db, wie=[wie]))
    given(url, lambda db: step(db, oud, "stoppen", BEGIN + 5))
    with engine(url).connect() as een, een.begin():
        step(een, oud, "toch_verder", BEGIN + 9)
        with engine(url).connect() as twee, twee.begin():
            twee.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
            with pytest.raises(DBAPIError, match="lock timeout"):
                a_traject(twee, wie=[wie], op=BEGIN + 9)
    assert_sound(url)


def test_a_merge_and_a_start_for_who_goes_do_not_both_succeed(gedeelde_database: str) -> None:
    for _ in range(6):
        weg, blijft = given(gedeelde_database, lambda db: [a_person(db), a_person(db)])
        given(gedeelde_database, lambda db, w=blijft: a_traject(db, wie=[w]))
        voeg: Daad = lambda db, p=(weg, blijft): personen.merge(db, *p, door=COORDINATOR, op=VANDAAG)  # type: ignore[misc]  # noqa: E731
        uitkomsten = at_once(gedeelde_database, [voeg, _opening(weg)])
        assert sum(isinstance(u, list | Vastgelegd) for u in uitkomsten) == 1, uitkomsten
    assert_sound(gedeelde_database)


def test_the_same_hand_over_many_times_at_once_is_one_and_one_answer(gedeelde_database: str) -> None:
    eigen, collega = UITVOERDER.pseudoniem, COORDINATOR.pseudoniem
    nummers = [given(gedeelde_database, lambda db: a_traject(db, behandelaar=eigen)) for _ in range(3)]
    naar: dict[str, str | None] = dict.fromkeys(nummers, collega)
    vast = {"reden": "verlof", "tot_met": VANDAAG + 9, "door": COORDINATOR, "sleutel": key("weg")}
    uitkomsten = at_once(gedeelde_database, [lambda db: hand_over_many(db, naar, **vast)] * 6)
    assert {uitkomst.nummer for uitkomst in uitkomsten} == {key("weg")}
    assert_sound(gedeelde_database)


def test_of_addresses_of_an_agenda_made_at_one_moment_the_last_is_in_force(gedeelde_database: str) -> None:
    wie = UITVOERDER.pseudoniem
    tokens = at_once(gedeelde_database, [lambda db: agendaadres.renew(db, wie)] * 6)
    with reading(gedeelde_database) as db:
        assert agendaadres.made_on(db, wie) is not None
        assert len([token for token in tokens if agendaadres.owner_of(db, token)]) == 1


def test_what_was_handed_over_together_comes_back_once(gedeelde_database: str) -> None:
    eigen, collega = UITVOERDER.pseudoniem, COORDINATOR.pseudoniem
    nummers = [given(gedeelde_database, lambda db: a_traject(db, behandelaar=eigen)) for _ in range(3)]
    naar: dict[str, str | None] = dict.fromkeys(nummers, collega)
    vast = {"reden": "verlof", "tot_met": VANDAAG + 9, "door": COORDINATOR, "sleutel": key("weg")}
    gedaan = given(gedeelde_database, lambda db: hand_over_many(db, naar, **vast))
    uitkomsten = at_once(gedeelde_database, [lambda db: give_back(db, gedaan.nummer, COORDINATOR)] * 6)
    terug = [[deel.nummer for deel in klaar] for klaar, _ in (u for u in uitkomsten if isinstance(u, tuple))]
    assert terug == [nummers]
    rijen = given(gedeelde_database, lambda db: [r for r in log_rows(db) if r["soort"] == "overdracht"])
    assert len(rijen) == 6
    assert_sound(gedeelde_database)


def test_a_household_splits_once(gedeelde_database: str) -> None:
    nummer = given(gedeelde_database, lambda db: a_traject(db, aantal=2, stap="groepsles"))
    uitkomsten = at_once(gedeelde_database, [lambda db: step(db, nummer, "gezin_splitsen", BEGIN + 5)] * 6)
    assert len(made(uitkomsten)) == 1
    with reading(gedeelde_database) as db:
        assert db.execute(text("SELECT count(*) FROM traject")).scalar_one() == 2
    assert_sound(gedeelde_database)


# -- Reading and waiting -----------------------------------------------------------------------------------------------


def test_a_proposal_that_many_decide_about_at_once_is_decided_once(gedeelde_database: str) -> None:
    """One of them wins, whoever it is; the log has the correction when that was a confirmation, and once."""
    nummer = given(gedeelde_database, lambda db: a_traject(db, stap="kennismaking"))
    voor = given(gedeelde_database, lambda db: len(log_rows(db)))
    voorstel = given(
        gedeelde_database, lambda db: propose_withdrawal(db, nummer, voor, reden="tikfout", door=UITVOERDER).id
    )
    beslissers = [actor("coordinator", nr) for nr in range(2, 6)]
    daden: list[Daad] = [lambda db, wie=wie: confirm(db, voorstel, door=wie) for wie in beslissers]  # type: ignore[misc]
    daden += [lambda db, wie=wie: reject(db, voorstel, "Nee.", door=wie) for wie in beslissers]  # type: ignore[misc]
    daden.append(lambda db: take_back(db, voorstel, door=UITVOERDER))
    uitkomsten = at_once(gedeelde_database, daden)
    assert sum(isinstance(u, Conflict) for u in uitkomsten) == len(daden) - 1
    with reading(gedeelde_database) as db:
        besluiten = db.execute(text("SELECT uitkomst FROM correctiebesluit")).scalars().all()
        assert len(besluiten) == 1
        assert len(log_rows(db)) - voor == len(made(uitkomsten)) == besluiten.count("bevestigd")
    assert_sound(gedeelde_database)


def test_of_two_corrections_of_one_row_at_one_moment_one_is_made(gedeelde_database: str) -> None:
    """Each of who saw the traject before the other; and who saw nothing does not withdraw it twice."""
    nummer = given(gedeelde_database, lambda db: a_traject(db, stap="kennismaking"))
    laatste = given(gedeelde_database, lambda db: len(log_rows(db)))
    dag = given(gedeelde_database, lambda db: log_rows(db)[-1]["dag"])
    daden: list[Daad] = [
        lambda db: withdraw(db, nummer, laatste, reden="tikfout", door=COORDINATOR, verwacht=laatste),
        lambda db: amend(db, nummer, laatste, dag=dag + 1, reden="tikfout", door=COORDINATOR, verwacht=laatste),
    ]
    uitkomsten = at_once(gedeelde_database, daden * 3)
    assert (len(made(uitkomsten)), sum(isinstance(u, Conflict) for u in uitkomsten)) == (1, 5)
    ander = given(gedeelde_database, lambda db: a_traject(db, stap="kennismaking"))
    daden = [lambda db: withdraw(db, ander, laatste, reden="tikfout", door=COORDINATOR)] * 4
    assert len(made(at_once(gedeelde_database, daden))) == 1
    assert_sound(gedeelde_database)


def test_who_reads_sees_one_moment(gedeelde_database: str) -> None:
    nummer = given(gedeelde_database, a_traject)
    with reading(gedeelde_database) as db:
        voor = projections(db)
        given(gedeelde_database, lambda ander: step(ander, nummer, "intake_voeren", BEGIN + 1))
        assert projections(db) == voor
    with reading(gedeelde_database) as db:
        assert projections(db) != voor


def test_an_advance_that_breaks_half_way_leaves_nothing(
    gedeelde_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are written, then the projections fail: the log is as it was too."""
    nummer = given(gedeelde_database, lambda db: a_traject(db, stap="groepsles"))
    with reading(gedeelde_database) as db:
        voor = everything(db)

    def broken(_gezin: Any) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("workflow.opdracht.save", broken)
    with pytest.raises(RuntimeError, match="the power went"):
        given(gedeelde_database, lambda db: step(db, nummer, "pauze_geven", BEGIN + 5))
    monkeypatch.undo()
    with reading(gedeelde_database) as db:
        assert everything(db) == voor
    given(gedeelde_database, lambda db: step(db, nummer, "pauze_geven", BEGIN + 5))
    assert_sound(gedeelde_database)


def test_a_held_lock_is_waited_for_and_then_told(vreemde_database: str) -> None:
    """SQLite: somebody else keeps writing. Nothing is lost, and afterwards it works."""
    nummer = given(vreemde_database, a_traject)
    with transaction(vreemde_database) as db:
        db.exec_driver_sql("PRAGMA busy_timeout = 100")
    ander = sqlite3.connect(vreemde_database.removeprefix("sqlite:///"), isolation_level=None)
    ander.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        given(vreemde_database, lambda db: step(db, nummer, "intake_voeren", BEGIN + 1))
    with reading(vreemde_database) as db:
        assert len(log_rows(db)) == 1, "reading goes on meanwhile"
    ander.execute("ROLLBACK")
    ander.close()
    given(vreemde_database, lambda db: step(db, nummer, "intake_voeren", BEGIN + 1))
    with reading(vreemde_database) as db:
        assert folded(db, nummer).log[-1].volgnummer == 2


# -- The log on PostgreSQL ---------------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.parametrize(
    "aanval",
    [
        "UPDATE gebeurtenis SET dag = 1",
        "UPDATE gebeurtenis SET inhoud = NULL, zout = NULL",
        "DELETE FROM gebeurtenis",
        "TRUNCATE gebeurtenis",
        "TRUNCATE trajectnummer CASCADE",
        "INSERT INTO gebeurtenis SELECT * FROM gebeurtenis ON CONFLICT (id) DO UPDATE SET dag = 1",
        "INSERT INTO gebeurtenis SELECT * FROM gebeurtenis ON CONFLICT (traject_id, volgnummer) DO UPDATE SET dag = 1",
        "INSERT INTO gebeurtenis SELECT * FROM gebeurtenis",
        "UPDATE toelichting SET tekst = '\\x00'",
        "DELETE FROM toelichting",
        "TRUNCATE toelichting",
        "INSERT INTO toelichting SELECT * FROM toelichting ON CONFLICT (id) DO UPDATE SET veld = 'x'",
        "UPDATE trajectnummer SET wortel_id = 2",
    ],
)
def test_postgresql_refuses_to_change_the_log(postgres_vol: str, aanval: str) -> None:
    with engine(postgres_vol).connect() as db:
        poging = db.begin()
        with pytest.raises(DBAPIError):
            db.exec_driver_sql(aanval)
        poging.rollback()


@pytest.mark.postgres
def test_postgresql_lets_content_go_after_a_vernietiging(postgres_vol: str) -> None:
    with engine(postgres_vol).connect() as db:
        poging = db.begin()
        kolommen = "traject_id, dag, vastgelegd_op, routekaart, opdracht_id, inhoud_hash, hash"
        db.exec_driver_sql(
            f"INSERT INTO gebeurtenis (volgnummer, soort, {kolommen})"
            f" SELECT 99, 'vernietiging', {kolommen} FROM gebeurtenis WHERE id = 1"
        )
        db.exec_driver_sql("UPDATE gebeurtenis SET inhoud = NULL, zout = NULL WHERE traject_id = 1")
        db.exec_driver_sql("DELETE FROM toelichting WHERE traject_id = 1")
        with pytest.raises(DBAPIError, match="append-only"):
            db.exec_driver_sql("UPDATE gebeurtenis SET dag = 1 WHERE traject_id = 1")
        poging.rollback()


@pytest.fixture(scope="module")
def postgres_vol(postgres: str) -> Iterator[str]:
    """A PostgreSQL database with a log and a text; what is tried in it is rolled back."""
    url = a_postgres_database(postgres)
    nummer = given(url, lambda db: a_traject(db, stap="kennismaking"))
    zin = {"motivering": "Om een goede reden."}
    given(url, lambda db: step(db, nummer, "groepsles_starten", BEGIN, invoer=zin))
    yield url
    engine(url).dispose()


# -- Templates ---------------------------------------------------------------------------------------------------------


def test_of_two_who_write_a_template_at_one_moment_the_second_is_told(gedeelde_database: str) -> None:
    soorten = {"rappel": "Rappel"}

    def write(tekst: str) -> Daad:
        rest = {"door": UITVOERDER.pseudoniem, "code": "rappel", "soort": "rappel", "naam": "Rappel"}
        return lambda db: sjablonen.store(db, soorten, tekst=f"# Kop\n\n{tekst}", **rest)

    uitkomsten = at_once(gedeelde_database, [write(f"Zin {nr}") for nr in range(4)])
    assert Counter(type(uit).__name__ for uit in uitkomsten) == {"Sjabloon": 1, "InvoerGeweigerd": 3}
    with reading(gedeelde_database) as db:
        assert [s.versie for s in sjablonen.versions(db, "rappel", soorten)] == [1, 0]
