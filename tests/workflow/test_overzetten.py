"""Running trajecten and a new version of the map: a rehearsal writes nothing, a move is a gebeurtenis as any other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from models import klok
from models.database import engine, transaction
from tests.bouwers import (
    BEGIN,
    COORDINATOR,
    NU,
    VANDAAG,
    VREEMDE_KAART,
    a_database,
    a_traject,
    actor,
    chain_faults,
    everything,
    folded,
    log_rows,
    place,
    projections,
    step,
    the_map,
)
from tests.kaartversies import Inhoud, Wijziging
from tests.kaartversies import another as another_of
from workflow import kaarten, overzetten, trajectpagina
from workflow.kaarten import KaartIsConcept, VersieBezet
from workflow.overzetten import Repetitie
from workflow.projectie import as_known, rebuild
from workflow.routekaart import Routekaart
from workflow.velden import InvoerGeweigerd
from workflow.voortgang import CorrectieGeweigerd, OvergangGeweigerd, withdraw

BEHEERDER = actor("beheerder")
INHOUD = ("verblijf", "deelname", "kenmerk", "mijlpaal", "opgave")


def a_caseload(db: Connection) -> list[str]:
    """A traject in each of three stappen, one with a child, and one that ended."""
    nummers = [a_traject(db, stap=stap) for stap in ("aanmelding", "kennismaking", "groepsles")]
    step(db, nummers[2], "pauze_geven", VANDAAG)
    a_traject(db, stap="opgehouden")
    return nummers


def another(change: Wijziging | None = None, **rest: Any) -> Routekaart:
    """Another version of the foreign map."""
    return another_of(VREEMDE_KAART, change, **rest)


def rehearsed(db: Connection, kaart: Routekaart, **koppelingen: str) -> Repetitie:
    """The rehearsal; `koppelingen` are of the main route."""
    return overzetten.rehearse(db, kaart, _of_main_route(koppelingen))


def moved(db: Connection, kaart: Routekaart, **koppelingen: str) -> int:
    """Store the map and move what fits; returns how many."""
    kaarten.store(db, kaart)
    return overzetten.move(db, kaart, _of_main_route(koppelingen), door=BEHEERDER).trajecten


def _of_main_route(koppelingen: dict[str, str]) -> dict[tuple[str, str], str]:
    return {("taalweg", van): naar for van, naar in koppelingen.items()}


def with_leertijd(maanden: int) -> Any:
    """Change how long the term leertijd is."""

    def change(inhoud: Inhoud) -> None:
        inhoud["termijnen"]["leertijd"]["lengtes"] = [{"maanden": maanden, "vanaf": date(2000, 1, 1)}]

    return change


def stays(db: Connection, nummer: str, niveau: str = "stap") -> list[tuple[Any, ...]]:
    """Stap, fase, ingang and uitgang of the stays of a traject."""
    vraag = text(
        "SELECT stap, fase, ingang, uitgang FROM verblijf WHERE niveau = :niveau AND traject_id ="
        " (SELECT id FROM trajectnummer WHERE nummer = :nummer) ORDER BY nr"
    )
    return [tuple(rij) for rij in db.execute(vraag, {"niveau": niveau, "nummer": nummer})]


# -- The rehearsal -----------------------------------------------------------------------------------------------------


def test_a_rehearsal_says_what_fits_what_needs_a_mapping_and_what_is_blocked(vreemd: Connection) -> None:
    nummers = a_caseload(vreemd)
    nieuw = another(namen={"kennismaking": "eerste_gesprek", "pauze": "onderbreking"})
    repetitie = rehearsed(vreemd, nieuw)
    assert repetitie.geteld == {"past": 1, "koppelen": 1, "kan_niet": 2}
    assert {r.nummer: r.grond for r in repetitie.blijft if r.nummer in nummers} == {
        nummers[1]: "stap",
        nummers[2]: "familie",
    }
    assert [r.grond for r in repetitie.blijft if r.nummer not in nummers] == ["route"]
    assert repetitie.per_stap["taalweg", "kennismaking", "Intakegesprek"]["koppelen"] == 1
    assert rehearsed(vreemd, nieuw, kennismaking="eerste_gesprek").geteld["past"] == 2


def test_a_rehearsal_writes_nothing(vreemd: Connection) -> None:
    a_caseload(vreemd)
    was = everything(vreemd)
    rehearsed(vreemd, another(with_leertijd(6)))
    assert everything(vreemd) == was


def test_a_rehearsal_tells_whose_term_would_end_on_another_day(vreemd: Connection) -> None:
    nummers = a_caseload(vreemd)
    (regel,) = rehearsed(vreemd, another(with_leertijd(6))).verschuift
    assert regel.nummer == nummers[2]
    assert (regel.vervaldag, regel.vervaldag_dan) == (
        folded_term(vreemd, nummers[2]),
        pytest.approx(BEGIN + 183, abs=3),
    )


def folded_term(db: Connection, nummer: str) -> int:
    """The last day of the nearest term, as the worklist has it."""
    return int(db.execute(text("SELECT vervaldag FROM traject WHERE nummer = :n"), {"n": nummer}).scalar_one())


def test_a_stap_that_became_an_end_asks_for_another(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="toets")

    def change(inhoud: Inhoud) -> None:
        toets = inhoud["routes"]["taalweg"]["stappen"]["toets"]
        toets["einde"] = "neutraal"
        del toets["fase"]

    (regel,) = rehearsed(vreemd, another(change)).regels
    assert (regel.nummer, regel.grond, regel.oordeel) == (nummer, "einde", "koppelen")


@pytest.mark.parametrize("naar", ["nergens", "diploma"])
def test_a_mapping_leads_to_a_stap_in_which_a_traject_runs_on(vreemd: Connection, naar: str) -> None:
    with pytest.raises(InvoerGeweigerd) as geweigerd:
        rehearsed(vreemd, another(), kennismaking=naar)
    assert list(geweigerd.value.fouten) == ["taalweg.kennismaking"]


# -- The move ----------------------------------------------------------------------------------------------------------


def test_a_move_within_one_stap_cuts_no_stay_and_changes_no_row_that_figures_read(vreemd: Connection) -> None:
    nummers = a_caseload(vreemd)
    was = projections(vreemd)
    nieuw = another()
    assert moved(vreemd, nieuw) == 4
    nu = projections(vreemd)
    assert {naam: nu[naam] for naam in INHOUD} == {naam: was[naam] for naam in INHOUD}
    for nummer in nummers:
        assert folded(vreemd, nummer).kaart == nieuw
        (rij,) = [r for r in log_rows(vreemd, nummer) if r["soort"] == "migratie"]
        assert (rij["dag"], rij["van"], rij["naar"], rij["routekaart"]) == (
            VANDAAG,
            place(vreemd, nummer),
            place(vreemd, nummer),
            nieuw.sha256,
        )
    assert chain_faults(log_rows(vreemd)) == []


def test_who_ended_stays_on_the_old_map(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="opgehouden")
    was = log_rows(vreemd)
    assert moved(vreemd, another()) == 0
    assert log_rows(vreemd) == was
    step(vreemd, nummer, "toch_verder", VANDAAG, door=COORDINATOR)
    assert place(vreemd, nummer) == "aanmelding"


def test_moving_twice_moves_once(vreemd: Connection) -> None:
    a_caseload(vreemd)
    nieuw = another()
    assert (moved(vreemd, nieuw), moved(vreemd, nieuw)) == (4, 0)
    assert rehearsed(vreemd, nieuw).al_daar == 4


def test_another_stap_is_a_new_stay_but_no_new_begin(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="groepsles")
    assert moved(vreemd, another(namen={"groepsles": "klassikaal"}), groepsles="klassikaal") == 1
    assert stays(vreemd, nummer)[-2:] == [
        ("groepsles", "leren", "overgang", "migratie"),
        ("klassikaal", "leren", "migratie", None),
    ]
    assert stays(vreemd, nummer, "fase")[-1] == ("groepsles", "leren", "overgang", None)
    assert [s[2:] for s in stays(vreemd, nummer, "regeling")] == [("overgang", None)]
    step(vreemd, nummer, "toets_plannen", VANDAAG)
    assert place(vreemd, nummer) == "toets"


def test_a_stap_in_another_fase_is_a_new_stay_in_that_fase(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="kennismaking")

    def change(inhoud: Inhoud) -> None:
        inhoud["routes"]["taalweg"]["stappen"]["kennismaking"]["fase"] = "leren"

    moved(vreemd, another(change))
    assert [s[1:] for s in stays(vreemd, nummer, "fase")] == [
        ("welkom", "start", "migratie"),
        ("leren", "migratie", None),
    ]
    assert stays(vreemd, nummer)[-1] == ("kennismaking", "welkom", "overgang", None)


def test_a_term_goes_on_under_the_new_map_and_what_was_over_stays_judged_by_the_old(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="groepsles")

    def change(inhoud: Inhoud) -> None:
        with_leertijd(6)(inhoud)
        del inhoud["termijnen"]["eerste_afspraak"]
        inhoud["routes"]["taalweg"]["stappen"]["aanmelding"]["termijnen"] = []

    was = trajectpagina.read(vreemd, nummer, "coordinator", VANDAAG).termijnen
    moved(vreemd, another(change))
    nu = trajectpagina.read(vreemd, nummer, "coordinator", VANDAAG).termijnen
    assert [t.code for t in nu] == [t.code for t in was] == ["eerste_afspraak", "leertijd"]
    assert nu[0] == was[0]
    assert nu[1].begin_dag == was[1].begin_dag
    assert nu[1].vervaldag < was[1].vervaldag  # type: ignore[operator]


def test_a_family_moves_together_or_not_at_all(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="groepsles")
    step(vreemd, nummer, "pauze_geven", VANDAAG)
    alleen = a_traject(vreemd)
    nieuw = another(namen={"in_pauze": "rustend"})
    assert moved(vreemd, nieuw) == 1
    assert folded(vreemd, alleen).kaart == nieuw
    assert folded(vreemd, nummer).kaart != nieuw
    assert overzetten.move(vreemd, nieuw, {("pauze", "in_pauze"): "rustend"}, door=BEHEERDER).trajecten == 2


def test_some_stappen_first(vreemd: Connection) -> None:
    nummers = a_caseload(vreemd)
    nieuw = another()
    kaarten.store(vreemd, nieuw)
    gegaan = overzetten.move(vreemd, nieuw, {}, door=BEHEERDER, stappen=[("taalweg", "kennismaking")])
    assert (gegaan.trajecten, gegaan.gebleven) == (1, 0)
    assert folded(vreemd, nummers[1]).kaart == nieuw


def test_nobody_moves_to_a_concept_or_before_its_day(vreemd: Connection) -> None:
    a_caseload(vreemd)
    with pytest.raises(KaartIsConcept):
        moved(vreemd, another(status="concept"))
    with pytest.raises(OvergangGeweigerd, match="geldt pas vanaf 3 maart 2026"):
        moved(vreemd, another(geldig_vanaf="2026-03-03"))


# -- And back ----------------------------------------------------------------------------------------------------------


def test_a_move_is_withdrawn_like_any_gebeurtenis(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="groepsles")
    step(vreemd, nummer, "pauze_geven", VANDAAG)
    eerste, was = the_map(vreemd), without_knowing(vreemd)
    with klok.at(NU + timedelta(hours=1)):
        moved(vreemd, another(namen={"groepsles": "klassikaal"}), groepsles="klassikaal")
    laatste = log_rows(vreemd, nummer)[-1]["volgnummer"]
    with klok.at(NU + timedelta(hours=2)):
        withdraw(vreemd, nummer, laatste, reden="tikfout", door=COORDINATOR)
    assert (place(vreemd, nummer), folded(vreemd, nummer).kaart) == ("groepsles", eerste)
    assert without_knowing(vreemd) == was, "the child went along, there and back"


def without_knowing(db: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of today's knowledge without since when they are known, and without the count of rows."""
    return {"traject": [rij[:-1] for rij in projections(db)["traject"]], **known(db, klok.microseconds(NU) * 2)}


def test_what_was_done_since_stands_in_the_way(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="kennismaking")
    moved(vreemd, another())
    verzet = log_rows(vreemd, nummer)[-1]["volgnummer"]
    step(vreemd, nummer, "groepsles_starten", VANDAAG)
    with pytest.raises(CorrectieGeweigerd, match="op een andere versie van de routekaart") as geweigerd:
        withdraw(vreemd, nummer, verzet, reden="tikfout", door=COORDINATOR)
    assert geweigerd.value.rijen == [verzet + 1]


def test_the_way_to_the_stap_that_a_move_left_from_cannot_be_withdrawn_alone(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="kennismaking")
    moved(vreemd, another())
    with pytest.raises(CorrectieGeweigerd, match="van waaruit het is overgezet"):
        withdraw(vreemd, nummer, 2, reden="tikfout", door=COORDINATOR)


def test_a_forgotten_step_of_before_the_move_is_recorded_on_the_map_of_then(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="groepsles")
    eerste = the_map(vreemd)

    def change(inhoud: Inhoud) -> None:
        del inhoud["routes"]["taalweg"]["overgangen"]["rooster_afspreken"]

    moved(vreemd, another(change))
    step(vreemd, nummer, "rooster_afspreken", BEGIN + 5)
    assert log_rows(vreemd, nummer)[-1]["routekaart"] == eerste.sha256
    assert folded(vreemd, nummer).kaart != eerste
    with pytest.raises(OvergangGeweigerd, match="staat niet op de routekaart"):
        step(vreemd, nummer, "rooster_afspreken", VANDAAG)


def test_a_correction_of_an_old_row_leaves_the_traject_on_its_new_map(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="kennismaking")
    nieuw = another()
    step(vreemd, nummer, "groepsles_starten", BEGIN + 3)
    step(vreemd, nummer, "rooster_afspreken", BEGIN + 4)
    moved(vreemd, nieuw)
    withdraw(vreemd, nummer, 4, reden="tikfout", door=COORDINATOR)
    kaart = vreemd.execute(text("SELECT routekaart FROM traject WHERE nummer = :n"), {"n": nummer}).scalar_one()
    assert kaart == nieuw.sha256


def test_who_leaves_after_a_move_takes_the_history_of_both_maps_along(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, aantal=2, stap="groepsles")
    moved(vreemd, another(namen={"groepsles": "klassikaal"}), groepsles="klassikaal")
    was = [t.code for t in trajectpagina.read(vreemd, nummer, "coordinator", VANDAAG).termijnen]
    step(vreemd, nummer, "gezin_splitsen", VANDAAG)
    nieuw = vreemd.execute(text("SELECT max(nummer) FROM traject")).scalar_one()
    assert nieuw != nummer
    assert [t.code for t in trajectpagina.read(vreemd, nieuw, "coordinator", VANDAAG).termijnen] == was


# -- Whatever happened -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def vreemde_sessie(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database that every example leaves as it was."""
    url = a_database(tmp_path_factory.mktemp("overzetten"), VREEMDE_KAART)
    yield url
    engine(url).dispose()


STAPPEN = ("aanmelding", "kennismaking", "groepsles", "thuisles", "toets")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STAPPEN), st.booleans()), min_size=1, max_size=4))
def test_a_move_can_be_rebuilt_and_does_not_change_what_was_known_before(
    vreemde_sessie: str, gevallen: list[tuple[str, bool]]
) -> None:
    with klok.at(NU), transaction(vreemde_sessie) as db, db.begin_nested() as terug:
        nummers = [a_traject(db, stap=stap) for stap, _ in gevallen]
        toen = klok.now_us() + 1
        was = known(db, toen)
        with klok.at(NU + timedelta(hours=1)):
            nieuw = another(namen={"kennismaking": "eerste_gesprek"}, versie="hernoemd")
            moved(db, nieuw, kennismaking="eerste_gesprek", thuisles="groepsles")
        with klok.at(NU + timedelta(hours=2)):
            for nummer, (_, gaat_terug) in zip(nummers, gevallen, strict=True):
                if gaat_terug:
                    rij = log_rows(db, nummer)[-1]["volgnummer"]
                    withdraw(db, nummer, rij, reden="tikfout", door=COORDINATOR)
        assert known(db, toen) == was
        nu = projections(db)
        rebuild(db)
        assert projections(db) == nu
        terug.rollback()


def known(db: Connection, bekend: int) -> dict[str, list[Any]]:
    """The tables over time as they were known."""
    return {naam: sorted(map(tuple, db.execute(as_known(naam, bekend))), key=repr) for naam in INHOUD}


def test_moves_are_the_same_on_both_engines(gedeelde_database: str, stille_klok: None) -> None:
    with transaction(gedeelde_database) as db:
        nummers = a_caseload(db)
        assert rehearsed(db, another()).geteld["past"] == 4
        assert moved(db, another()) == 4
    with transaction(gedeelde_database) as db:
        assert {folded(db, nummer).kaart.versie for nummer in nummers} == {"volgende"}
        nu = projections(db)
        rebuild(db)
        assert projections(db) == nu


# -- Versions ----------------------------------------------------------------------------------------------------------


def test_each_version_says_from_when_until_when_it_is_in_force(vreemd: Connection) -> None:
    for versie, kop in {
        "schets": {"status": "concept"},
        "later": {"geldig_vanaf": "2027-01-01"},
        "nu": {},
    }.items():
        with klok.at(NU + timedelta(hours=len(kaarten.versions(vreemd)))):
            kaarten.store(vreemd, another(versie=versie, **kop))
    with klok.at(datetime(2026, 4, 1, tzinfo=UTC)):
        gevonden = {v.versie: v for v in kaarten.versions(vreemd)}
        assert list(gevonden) == ["nu", "later", "schets", "2025-b"]
        assert [v.versie for v in gevonden.values() if v.is_now(klok.now_us())] == ["nu"]
        assert the_map(vreemd).versie == "nu"
    assert gevonden["2025-b"].tot == gevonden["nu"].van
    assert gevonden["schets"].van is None
    assert gevonden["later"].van is None, "what was published after it is in force before it"


def test_another_map_under_a_name_in_use_is_refused(vreemd: Connection) -> None:
    kaart = the_map(vreemd)
    with pytest.raises(VersieBezet, match="raise its versie"):
        kaarten.refuse_taken(vreemd, another(with_leertijd(6), versie=kaart.versie))
    with pytest.raises(VersieBezet, match="this database is on map nieuwkomers"):
        kaarten.refuse_taken(vreemd, another(routekaart="iets_anders"))
    kaarten.refuse_taken(vreemd, kaart)
    kaarten.refuse_taken(vreemd, another(versie=kaart.versie, status="geldig"))
