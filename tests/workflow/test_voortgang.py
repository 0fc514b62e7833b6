"""Starting and advancing: the machine decides, every refusal says why, and a submit is written once or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError
from transitions import Machine

from models import klok
from models.database import engine, transaction
from models.routekaartversie import routekaartversie
from tests.bouwers import (
    BEGIN,
    COORDINATOR,
    NU,
    UITVOERDER,
    VANDAAG,
    VREEMDE_KAART,
    a_person,
    a_traject,
    actor,
    advance_to,
    chain_faults,
    day,
    everything,
    folded,
    key,
    log_rows,
    place,
    projections,
    route_of,
    step,
    the_map,
)
from workflow import kaarten, machine
from workflow.gezin import OnbekendTraject, load
from workflow.kaartlezer import lees
from workflow.voortgang import (
    Conflict,
    CorrectieGeweigerd,
    InvoerGeweigerd,
    OvergangGeweigerd,
    advance,
    child_starts,
    hand_over,
    possibilities,
    start,
    withdraw,
)

pytestmark = pytest.mark.usefixtures("stille_klok")

AANKOMST = {"aangekomen_op": "2025-06-02"}


class Weigeraar(Machine):
    """A machine that knows every event and lets none of them happen."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for event in self.events.values():
            event.trigger = lambda *_args, **_rest: False


@pytest.fixture
def weigeraar(monkeypatch: pytest.MonkeyPatch):
    """`transitions` refuses everything."""
    monkeypatch.setattr(machine, "Machine", Weigeraar)
    monkeypatch.setattr(machine, "_machines", {})


# -- transitions decides -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stap", ["aanmelding", "kennismaking", "groepsles", "thuisles", "toets", "opgehouden"])
def test_when_the_machine_refuses_no_advance_succeeds(
    vreemd: Connection, stap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    nummer = a_traject(vreemd, aantal=2, stap=stap)
    monkeypatch.setattr(machine, "Machine", Weigeraar)
    monkeypatch.setattr(machine, "_machines", {})
    voor = everything(vreemd)
    for keus in route_of(folded(vreemd, nummer)).overgangen_vanuit[stap]:
        with pytest.raises(OvergangGeweigerd) as geweigerd:
            step(vreemd, nummer, keus.code, alles=True)
        assert geweigerd.value.redenen
    assert everything(vreemd) == voor


@pytest.mark.usefixtures("weigeraar")
def test_when_the_machine_refuses_a_forgotten_step_cannot_be_inserted_either(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    with pytest.raises(OvergangGeweigerd, match="nu niet mogelijk"):
        step(vreemd, nummer, "intake_voeren", VANDAAG, na=1)


def test_the_stap_comes_from_the_machine(vreemd: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with another destination leads there: nothing else looks up where an overgang goes."""

    class Omleiding(Machine):
        def __init__(self, *args: Any, **rest: Any) -> None:
            for regel in rest["transitions"]:
                if regel["trigger"] == "intake_voeren":
                    regel["dest"] = "thuisles"
            super().__init__(*args, **rest)

    nummer = a_traject(vreemd)
    monkeypatch.setattr(machine, "Machine", Omleiding)
    monkeypatch.setattr(machine, "_machines", {})
    step(vreemd, nummer, "intake_voeren")
    assert log_rows(vreemd, nummer)[-1]["naar"] == "thuisles"


# -- Starting ----------------------------------------------------------------------------------------------------------


def test_start_is_volgnummer_1_with_people_and_place(vreemd: Connection) -> None:
    samen = [a_person(vreemd), a_person(vreemd)]
    nummer = a_traject(vreemd, wie=samen, gemeente="GM9901", behandelaar=UITVOERDER.pseudoniem)
    stand = folded(vreemd, nummer).stand
    assert [(r["volgnummer"], r["soort"], r["naar"]) for r in log_rows(vreemd)] == [(1, "start", "aanmelding")]
    assert list(stand.deelnemers) == samen
    assert stand.kenmerken == {
        "lesvorm": "geen",
        "gemeente": "GM9901",
        "behandelaar": UITVOERDER.pseudoniem,
    }


def test_number_tells_route_and_year(vreemd: Connection) -> None:
    assert a_traject(vreemd) == "TW-2026-00001"
    with klok.at(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)):
        assert a_traject(vreemd).startswith("TW-2027-"), "half past midnight in Amsterdam"


def test_a_traject_of_people_needs_people(vreemd: Connection) -> None:
    with pytest.raises(InvoerGeweigerd) as fout:
        start(vreemd, "taalweg", "aanmelden", AANKOMST, door=UITVOERDER)
    assert fout.value.fouten == {"personen": "Kies voor wie dit is."}


def test_unknown_person_is_refused(vreemd: Connection) -> None:
    with pytest.raises(InvoerGeweigerd, match="niet bekend"):
        start(vreemd, "taalweg", "aanmelden", AANKOMST, door=UITVOERDER, personen=["niemand"])


def test_unknown_behandelaar_is_refused_at_start(vreemd: Connection) -> None:
    with pytest.raises((InvoerGeweigerd, OvergangGeweigerd)):
        a_traject(vreemd, behandelaar="niemand")


@pytest.mark.parametrize("route", ["onbekend", "pauze"])
def test_route_that_is_unknown_or_needs_a_parent_is_refused(vreemd: Connection, route: str) -> None:
    with pytest.raises(OvergangGeweigerd, match="routekaart"):
        start(vreemd, route, "ziekte", {}, door=UITVOERDER, personen=[a_person(vreemd)])


def test_main_route_does_not_hang_on_another_traject(vreemd: Connection) -> None:
    ouder = a_traject(vreemd)
    with pytest.raises(OvergangGeweigerd, match="hoort niet bij dit traject"):
        start(vreemd, "taalweg", "aanmelden", AANKOMST, door=UITVOERDER, hoort_bij=ouder)


def test_unknown_start_is_refused(vreemd: Connection) -> None:
    with pytest.raises(OvergangGeweigerd, match="Taalweg kan niet zo beginnen"):
        start(vreemd, "taalweg", "intake_voeren", {}, door=UITVOERDER, personen=[a_person(vreemd)])


def test_start_is_refused_to_the_wrong_role(vreemd: Connection) -> None:
    with pytest.raises(OvergangGeweigerd, match="uitvoerder of coördinator"):
        a_traject(vreemd, door=actor("auditor"))


def test_one_open_traject_per_client(vreemd: Connection) -> None:
    wie = a_person(vreemd)
    eerste = a_traject(vreemd, wie=[wie])
    with pytest.raises(OvergangGeweigerd, match=eerste):
        a_traject(vreemd, wie=[a_person(vreemd), wie])


def test_a_client_may_start_again_on_the_day_the_last_one_ended(vreemd: Connection) -> None:
    wie = a_person(vreemd)
    eerste = a_traject(vreemd, wie=[wie])
    step(vreemd, eerste, "stoppen", BEGIN + 50)
    with pytest.raises(OvergangGeweigerd, match=eerste):
        a_traject(vreemd, wie=[wie], op=BEGIN + 49)
    a_traject(vreemd, wie=[wie], op=BEGIN + 50)


def test_coming_back_tells_from_which_traject(vreemd: Connection) -> None:
    """The latest that had ended by the day of the start, of any of the clients; a first traject comes from nowhere."""
    wie, ander = a_person(vreemd), a_person(vreemd)
    eerste, tweede = ended(vreemd, wie, BEGIN, 10), ended(vreemd, wie, BEGIN + 10, 20)
    samen = a_traject(vreemd, wie=[ander, wie], op=BEGIN + 30)
    assert origin(vreemd, eerste) is None
    assert origin(vreemd, tweede) == back_from(vreemd, eerste)
    assert origin(vreemd, samen) == back_from(vreemd, tweede)


def test_history_that_comes_in_late_does_not_point_at_what_came_after_it(vreemd: Connection) -> None:
    wie = a_person(vreemd)
    later = ended(vreemd, wie, BEGIN + 40, 50)
    vroeger = ended(vreemd, wie, BEGIN, 10, tot=BEGIN + 10)
    assert (origin(vreemd, later), origin(vreemd, vroeger)) == (None, None)
    assert origin(vreemd, a_traject(vreemd, wie=[wie], op=BEGIN + 60)) == back_from(vreemd, later)


def test_the_traject_of_another_person_is_no_earlier_one(vreemd: Connection) -> None:
    ended(vreemd, a_person(vreemd), BEGIN, 10)
    assert origin(vreemd, a_traject(vreemd, op=BEGIN + 30)) is None


def test_a_traject_that_was_taken_back_is_no_earlier_one(vreemd: Connection) -> None:
    wie = a_person(vreemd)
    withdraw(vreemd, a_traject(vreemd, wie=[wie]), 1, reden="tikfout", door=COORDINATOR)
    assert origin(vreemd, a_traject(vreemd, wie=[wie], op=BEGIN + 30)) is None


def test_who_left_a_household_comes_back_from_their_own_traject(vreemd: Connection) -> None:
    """The one of the household ended later, but by then it was not theirs."""
    blijft, gaat = a_person(vreemd), a_person(vreemd)
    huis = a_traject(vreemd, wie=[blijft, gaat], stap="thuisles")
    step(vreemd, huis, "gezin_splitsen", BEGIN + 1)
    (eigen,) = {rij.nummer for rij in vreemd.execute(text("SELECT nummer FROM traject"))} - {huis}
    step(vreemd, eigen, "stoppen", BEGIN + 5)
    step(vreemd, huis, "stoppen", BEGIN + 9)
    terug = a_traject(vreemd, wie=[gaat], op=BEGIN + 30)
    assert origin(vreemd, terug) == back_from(vreemd, eigen)


def test_a_child_comes_from_its_parent_alone(vreemd: Connection) -> None:
    ouder = a_traject(vreemd, stap="groepsles")
    step(vreemd, a_traject(vreemd, route="pauze", hoort_bij=ouder), "les_hervatten", BEGIN + 1)
    assert origin(vreemd, a_traject(vreemd, route="pauze", hoort_bij=ouder, op=BEGIN + 2)) is None


def ended(db: Connection, wie: str, op: int, na: int, **rest: Any) -> str:
    """A traject of this person that stopped."""
    nummer = a_traject(db, wie=[wie], op=op, **rest)
    step(db, nummer, "stoppen", BEGIN + na)
    return nummer


def origin(db: Connection, nummer: str) -> dict[str, Any] | None:
    """Where a traject comes from, as its first row says."""
    return folded(db, nummer).oorsprong.get("komt_uit")


def back_from(db: Connection, nummer: str) -> dict[str, Any]:
    """What the start of somebody who comes back after this traject says."""
    return {"soort": "herstart", "traject": folded(db, nummer).traject_id}


def test_reopening_is_refused_while_the_client_has_another(vreemd: Connection) -> None:
    wie = a_person(vreemd)
    eerste = a_traject(vreemd, wie=[wie])
    step(vreemd, eerste, "stoppen", BEGIN + 10)
    tweede = a_traject(vreemd, wie=[wie], op=BEGIN + 20)
    with pytest.raises(OvergangGeweigerd, match=tweede):
        step(vreemd, eerste, "toch_verder", BEGIN + 30)


# -- Days --------------------------------------------------------------------------------------------------------------


def test_today_is_the_day_when_none_is_given(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    advance(vreemd, nummer, "intake_voeren", {"doel": "werk"}, door=UITVOERDER)
    assert log_rows(vreemd, nummer)[-1]["dag"] == VANDAAG


def test_today_is_the_amsterdam_day(vreemd: Connection) -> None:
    with klok.at(datetime(2026, 3, 28, 22, 59, tzinfo=UTC)):
        assert klok.today() == day("2026-03-28")
    with klok.at(datetime(2026, 3, 28, 23, 0, tzinfo=UTC)):
        assert klok.today() == day("2026-03-29")
    with klok.at(datetime(2026, 6, 30, 22, 0, tzinfo=UTC)):
        nummer = a_traject(vreemd)
        advance(vreemd, nummer, "intake_voeren", {"doel": "werk"}, door=UITVOERDER)
    assert log_rows(vreemd, nummer)[-1]["dag"] == day("2026-07-01")


def test_future_days_are_refused(vreemd: Connection) -> None:
    with pytest.raises(InvoerGeweigerd) as fout:
        a_traject(vreemd, op=VANDAAG + 1, invoer=AANKOMST)
    assert fout.value.fouten == {"op": "De dag kan niet in de toekomst liggen (na 2 maart 2026)."}
    nummer = a_traject(vreemd)
    with pytest.raises(InvoerGeweigerd, match="toekomst"):
        step(vreemd, nummer, "intake_voeren", VANDAAG + 1)
    with pytest.raises(InvoerGeweigerd, match="toekomst"):
        hand_over(vreemd, nummer, COORDINATOR.pseudoniem, door=UITVOERDER, op=VANDAAG + 1)


def test_a_day_before_the_start_is_refused(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    with pytest.raises(InvoerGeweigerd, match="niet voor het begin liggen"):
        step(vreemd, nummer, "intake_voeren", BEGIN - 1)
    assert place(vreemd, nummer) == "aanmelding"


@pytest.mark.parametrize("op", [-719_162, -719_163, -10_000_000])
def test_an_impossible_day_long_ago_is_refused_in_words(vreemd: Connection, op: int) -> None:
    with pytest.raises(InvoerGeweigerd) as fout:
        start(vreemd, "taalweg", "aanmelden", AANKOMST, door=UITVOERDER, personen=[a_person(vreemd)], op=op)
    assert "op" in fout.value.fouten


def test_a_forgotten_step_finds_its_place_by_its_day(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="groepsles")
    step(vreemd, nummer, "toets_plannen", BEGIN + 20)
    gemaakt = step(vreemd, nummer, "rooster_afspreken", BEGIN + 10)
    verloop = folded(vreemd, nummer)
    assert gemaakt.volgnummer == 5
    assert [f.volgnummer for f in verloop.feiten] == [1, 2, 3, 5, 4]
    assert log_rows(vreemd, nummer)[-1]["van"] == "groepsles"
    assert verloop.stand.stap
    assert verloop.stand.stap.code == "toets"


def test_a_forgotten_step_is_judged_by_the_stap_of_its_day(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="groepsles")
    step(vreemd, nummer, "toets_plannen", BEGIN + 20)
    with pytest.raises(OvergangGeweigerd, match="niet vanuit Groepsles"):
        step(vreemd, nummer, "slagen", BEGIN + 10)


def test_a_forgotten_step_that_breaks_what_follows_is_refused_with_the_rows_in_the_way(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="groepsles")
    step(vreemd, nummer, "rooster_afspreken", BEGIN + 20)
    step(vreemd, nummer, "toets_plannen", BEGIN + 30)
    with pytest.raises(CorrectieGeweigerd) as geweigerd:
        step(vreemd, nummer, "toets_plannen", BEGIN + 10)
    assert geweigerd.value.rijen == [4, 5]


def test_a_step_right_after_another_of_the_same_day(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="kennismaking")
    step(vreemd, nummer, "groepsles_starten", BEGIN + 5)
    step(vreemd, nummer, "toets_plannen", BEGIN + 5)
    step(vreemd, nummer, "rooster_afspreken", BEGIN + 5, na=3)
    assert [f.volgnummer for f in folded(vreemd, nummer).feiten] == [1, 2, 3, 5, 4]


def test_moves_on_one_day_are_stays_of_no_days(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="toets", op=BEGIN)
    rijen = vreemd.execute(
        text("SELECT stap, van_dag, tot_dag FROM verblijf WHERE niveau = 'stap' ORDER BY nr")
    ).fetchall()
    assert [tuple(r) for r in rijen] == [
        ("aanmelding", BEGIN, BEGIN),
        ("kennismaking", BEGIN, BEGIN),
        ("groepsles", BEGIN, BEGIN),
        ("toets", BEGIN, None),
    ]
    assert place(vreemd, nummer) == "toets"


@pytest.mark.parametrize("na", [99, 0, -1, 3])
def test_after_a_row_that_is_not_there_nothing_can_be_inserted(vreemd: Connection, na: int) -> None:
    nummer = a_traject(vreemd, stap="kennismaking")
    with pytest.raises((OvergangGeweigerd, InvoerGeweigerd)):
        step(vreemd, nummer, "groepsles_starten", VANDAAG, na=na)


# -- Overgangen --------------------------------------------------------------------------------------------------------


def test_unknown_traject(vreemd: Connection) -> None:
    with pytest.raises(OnbekendTraject):
        advance(vreemd, "TW-2026-99999", "intake_voeren", {}, door=UITVOERDER)


def test_unknown_overgang(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    with pytest.raises(OvergangGeweigerd, match="staat niet op de routekaart"):
        advance(vreemd, nummer, "vliegen", {}, door=UITVOERDER)


def test_all_reasons_come_at_once(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="kennismaking", invoer={}, op=BEGIN)
    with pytest.raises(OvergangGeweigerd) as geweigerd:
        step(vreemd, nummer, "thuisles_starten", door=actor("partner"), invoer={"motivering": ""})
    assert len(geweigerd.value.redenen) == 2, geweigerd.value.redenen
    assert "uitvoerder" in geweigerd.value.redenen[0]
    assert "advies" in geweigerd.value.redenen[1]


def test_in_place_never_cuts_a_stay(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="groepsles")
    voor = projections(vreemd)["verblijf"]
    step(vreemd, nummer, "rooster_afspreken", BEGIN + 3)
    assert projections(vreemd)["verblijf"] == voor
    rij = log_rows(vreemd, nummer)[-1]
    assert (rij["van"], rij["naar"]) == ("groepsles", None)


def test_back_to_where_it_was(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="thuisles")
    step(vreemd, nummer, "stoppen", BEGIN + 10)
    step(vreemd, nummer, "toch_verder", BEGIN + 20)
    assert place(vreemd, nummer) == "thuisles"
    assert log_rows(vreemd, nummer)[-1]["naar"] == "thuisles"
    ingangen = vreemd.execute(text("SELECT ingang FROM verblijf WHERE niveau = 'traject' ORDER BY nr")).scalars()
    assert list(ingangen) == ["start", "heropend"]


def test_a_reden_is_required_where_the_map_gives_some(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    for reden in (None, "geen_examen", "zomaar"):
        with pytest.raises(InvoerGeweigerd) as fout:
            step(vreemd, nummer, "stoppen", reden=reden)
        assert fout.value.fouten == {"reden": "Kies een reden die bij deze stap hoort."}


def test_a_reden_is_refused_where_the_map_gives_none(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    with pytest.raises(InvoerGeweigerd, match="hoort geen reden"):
        step(vreemd, nummer, "intake_voeren", reden="vertrokken")


def test_what_is_possible_and_why_not(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="groepsles")
    gezin = load(vreemd, nummer)
    gevonden = possibilities(gezin, gezin.by_nummer(nummer), "uitvoerder", VANDAAG)
    redenen = {m.overgang.code: m.redenen for m in gevonden}
    overgangen = route_of(gezin.by_nummer(nummer)).overgangen.values()
    assert set(redenen) == {keus.code for keus in overgangen if not keus.labels.get("stil")}
    assert {code for code, r in redenen.items() if not r} == {
        "rooster_afspreken",
        "schriften_tellen",
        "pauze_geven",
        "toets_plannen",
        "stoppen",
    }
    assert redenen["slagen"] == ("Dit kan niet vanuit Groepsles, wel vanuit Toets.",)
    assert redenen["vrijstellen"] == ("Dit mag alleen worden vastgelegd door: coördinator.",)
    assert redenen["pauze_bespreken"] == ("Dit kan alleen als er iets openstaat: pauze.",)


def test_what_is_said_to_be_possible_is_possible(vreemd: Connection) -> None:
    for stap in ("aanmelding", "kennismaking", "groepsles", "thuisles", "toets", "opgehouden", "diploma"):
        nummer = a_traject(vreemd, aantal=2, stap=stap)
        gezin = load(vreemd, nummer)
        for rol in ("uitvoerder", "coordinator", "partner", "auditor"):
            for m in possibilities(gezin, gezin.by_nummer(nummer), rol, VANDAAG):
                assert _works(vreemd, nummer, m.overgang.code, rol) == (not m.redenen), (stap, rol, m)


def _works(db: Connection, nummer: str, overgang: str, rol: str) -> bool:
    proef = db.begin_nested()
    try:
        step(db, nummer, overgang, VANDAAG, alles=True, door=actor(rol))
    except OvergangGeweigerd:
        return False
    finally:
        proef.rollback()
    return True


def test_child_starts_tell_why_not(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    gezin = load(vreemd, nummer)
    redenen = {m.overgang.code: m.redenen for m in child_starts(gezin, gezin.by_nummer(nummer), "uitvoerder", VANDAAG)}
    assert redenen == {
        "ziekte": ("Leg eerst vast: doel.",),
        "geboorte": (),
        "verbouwing": ("Dit mag alleen worden vastgelegd door: coördinator.",),
    }


# -- Answers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("invoer", "veld", "zin"),
    [
        ({}, "ingeschreven_op", "Vul de dag in: ingeschreven op."),
        ({"ingeschreven_op": "2025-02-30"}, "ingeschreven_op", "bestaande datum"),
        ({"ingeschreven_op": "2025-07-03"}, "ingeschreven_op", "kan niet na"),
        ({"kleur": "rood"}, "kleur", "hoort niet bij deze overgang"),
        ({"motivering": "x" * 1001}, "motivering", "te lang: 1.001 tekens, hoogstens 1.000"),
        ({"motivering": "een\0nul"}, "motivering", "een teken dat niet kan"),
        ({"motivering": "half \ud83d paar"}, "motivering", "een teken dat niet kan"),
        ({"lesgeld": "501"}, "lesgeld", "tussen 0 en 500"),
        ({"lesgeld": "12,50"}, "lesgeld", "hele euro"),
        ({"lesgeld": "veel"}, "lesgeld", "hele euro"),
        ({"school": "ORG-ONBEKEND"}, "school", "Kies een van de mogelijkheden"),
        ({"school": "'; DROP TABLE"}, "school", "Kies een van de mogelijkheden"),
        ({"school": "DESK"}, "school", "Kies een van de mogelijkheden"),
    ],
)
def test_wrong_answer_gets_a_sentence_at_its_veld(
    vreemd: Connection, invoer: dict[str, Any], veld: str, zin: str
) -> None:
    nummer = a_traject(vreemd, stap="kennismaking")
    goed = {"ingeschreven_op": "2025-06-02"} if invoer else {}
    voor = everything(vreemd)
    with pytest.raises(InvoerGeweigerd) as fout:
        advance(vreemd, nummer, "groepsles_starten", {**goed, **invoer}, door=UITVOERDER, op=BEGIN)
    assert list(fout.value.fouten) == [veld]
    assert zin in fout.value.fouten[veld]
    assert everything(vreemd) == voor


def test_every_wrong_veld_is_named_at_once(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    fout = {"doel": "slapen", "heeft_baan": "misschien", "begeleider": "?", "onbekend": "1"}
    with pytest.raises(InvoerGeweigerd) as geweigerd:
        advance(vreemd, nummer, "intake_voeren", fout, door=UITVOERDER)
    assert set(geweigerd.value.fouten) == set(fout)


def test_unknown_medewerker_in_an_answer_is_refused(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    with pytest.raises(InvoerGeweigerd) as fout:
        step(vreemd, nummer, "intake_voeren", invoer={"begeleider": "iemand"})
    assert list(fout.value.fouten) == ["begeleider"]


def test_someone_who_takes_no_part_cannot_leave_the_household(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, aantal=2)
    ander = a_person(vreemd)
    for vreemdeling in (ander, "niemand"):
        with pytest.raises((InvoerGeweigerd, OvergangGeweigerd)):
            step(vreemd, nummer, "gezin_splitsen", invoer={"wie_vertrekt": vreemdeling})


@pytest.mark.parametrize("wat", ["zichzelf", "onbekend", "vreemd", "gesloten"])
def test_only_an_open_child_of_its_own_can_go_along(vreemd: Connection, wat: str) -> None:
    nummer = a_traject(vreemd, aantal=2, stap="groepsles")
    mee = {"zichzelf": nummer, "onbekend": "PZ-2026-99999", "vreemd": a_traject(vreemd)}
    kind = a_traject(vreemd, route="pauze", begin="geboorte", hoort_bij=nummer)
    step(vreemd, kind, "les_hervatten")
    mee["gesloten"] = kind
    with pytest.raises((InvoerGeweigerd, OvergangGeweigerd)):
        step(vreemd, nummer, "gezin_splitsen", invoer={"wat_gaat_mee": [mee[wat]]})


def test_free_text_never_enters_the_log(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="kennismaking")
    geheim = "Mevrouw vertelde over haar zus in Roermond."
    step(vreemd, nummer, "groepsles_starten", invoer={"motivering": geheim})
    assert geheim not in repr(log_rows(vreemd))
    assert "motivering" in log_rows(vreemd, nummer)[-1]["inhoud"]
    assert vreemd.execute(text("SELECT count(*) FROM toelichting")).scalar_one() == 1
    assert geheim.encode() not in vreemd.execute(text("SELECT tekst FROM toelichting")).scalar_one()


# -- Hand-over ---------------------------------------------------------------------------------------------------------


def test_hand_over_takes_the_open_children_along(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="groepsles", behandelaar=UITVOERDER.pseudoniem)
    step(vreemd, nummer, "pauze_geven")
    hand_over(vreemd, nummer, COORDINATOR.pseudoniem, door=UITVOERDER, op=VANDAAG)
    rijen = vreemd.execute(text("SELECT behandelaar FROM traject")).scalars()
    assert set(rijen) == {COORDINATOR.pseudoniem}


def test_hand_over_back_to_the_team(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, behandelaar=UITVOERDER.pseudoniem)
    hand_over(vreemd, nummer, None, door=UITVOERDER)
    assert vreemd.execute(text("SELECT behandelaar FROM traject")).scalar_one() is None
    tot = vreemd.execute(text("SELECT tot_dag FROM kenmerk WHERE naam = 'behandelaar'")).scalar_one()
    assert tot == VANDAAG


def test_hand_over_to_the_same_is_refused(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, behandelaar=UITVOERDER.pseudoniem)
    with pytest.raises(OvergangGeweigerd, match="al bij deze behandelaar"):
        hand_over(vreemd, nummer, UITVOERDER.pseudoniem, door=UITVOERDER)


def test_hand_over_of_what_ended_is_refused(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="opgehouden")
    with pytest.raises(OvergangGeweigerd, match="afgesloten"):
        hand_over(vreemd, nummer, COORDINATOR.pseudoniem, door=UITVOERDER)


def test_hand_over_to_nobody_we_know_is_refused(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    with pytest.raises((InvoerGeweigerd, OvergangGeweigerd)):
        hand_over(vreemd, nummer, "niemand", door=UITVOERDER)


# -- Once and only once ------------------------------------------------------------------------------------------------


GEEN_SLEUTEL = {
    "empty": "",
    "said": "BSN 111222333 Jan",
    "long": "s" * 500_000,
    "one more": "a" * 33,
    "capitals": "A" * 32,
    "line end": "a" * 32 + "\n",
    "arabic": "٣" * 32,
}


@pytest.mark.parametrize("sleutel", GEEN_SLEUTEL.values(), ids=GEEN_SLEUTEL)
def test_a_key_of_another_shape_never_enters_the_log(vreemd: Connection, sleutel: str) -> None:
    nummer = a_traject(vreemd)
    was = log_rows(vreemd)
    for doe in (
        lambda: step(vreemd, nummer, "intake_voeren", sleutel=sleutel),
        lambda: a_traject(vreemd, sleutel=sleutel),
        lambda: hand_over(vreemd, nummer, COORDINATOR.pseudoniem, door=UITVOERDER, sleutel=sleutel),
        lambda: withdraw(vreemd, nummer, 1, reden="tikfout", door=COORDINATOR, sleutel=sleutel),
    ):
        with pytest.raises(InvoerGeweigerd, match="Laad de pagina opnieuw"):
            doe()
    assert log_rows(vreemd) == was


def test_the_same_form_twice_is_one_row(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    antwoorden = {step(vreemd, nummer, "intake_voeren", BEGIN, sleutel=key("f1")) for _ in range(5)}
    assert len(antwoorden) == 1
    assert len(log_rows(vreemd, nummer)) == 2


def test_the_same_form_later_answers_the_same(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    eerst = step(vreemd, nummer, "intake_voeren", BEGIN, sleutel=key("f1"))
    advance_to(vreemd, nummer, "toets", BEGIN + 9)
    assert step(vreemd, nummer, "intake_voeren", BEGIN, sleutel=key("f1"), verwacht=1) == eerst


@pytest.mark.parametrize(
    "anders",
    [
        {"invoer": {"doel": "studie"}},
        {"op": BEGIN + 1},
        {"overgang": "stoppen"},
    ],
)
def test_the_same_form_with_other_answers_is_a_conflict(vreemd: Connection, anders: dict[str, Any]) -> None:
    nummer = a_traject(vreemd)
    step(vreemd, nummer, "intake_voeren", BEGIN, sleutel=key("f1"))
    with pytest.raises(Conflict, match="al met andere antwoorden"):
        step(
            vreemd,
            nummer,
            anders.pop("overgang", "intake_voeren"),
            anders.pop("op", BEGIN),
            sleutel=key("f1"),
            **anders,
        )


def test_the_same_form_with_another_text_is_a_conflict(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="kennismaking")
    step(vreemd, nummer, "groepsles_starten", sleutel=key("f1"), invoer={"motivering": "Eerst deze reden."})
    with pytest.raises(Conflict):
        step(vreemd, nummer, "groepsles_starten", BEGIN, sleutel=key("f1"), invoer={"motivering": "Toch iets anders."})


def test_the_same_form_on_another_traject_is_a_conflict(vreemd: Connection) -> None:
    een, twee = a_traject(vreemd), a_traject(vreemd)
    step(vreemd, een, "intake_voeren", sleutel=key("f1"))
    with pytest.raises(Conflict):
        step(vreemd, twee, "intake_voeren", sleutel=key("f1"))


def test_the_same_start_twice_is_one_traject(vreemd: Connection) -> None:
    wie = [a_person(vreemd)]
    assert {a_traject(vreemd, wie=wie, sleutel=key("s1")) for _ in range(5)} == {"TW-2026-00001"}
    assert len(log_rows(vreemd)) == 1


@pytest.mark.parametrize("anders", ["invoer", "personen", "dag"])
def test_the_same_start_with_other_content_is_a_conflict(vreemd: Connection, anders: str) -> None:
    wie = a_person(vreemd)
    a_traject(vreemd, wie=[wie], sleutel=key("s1"))
    nieuw: dict[str, Any] = {
        "invoer": {"wie": [wie], "invoer": {"gezinsgrootte": 3}},
        "personen": {"wie": [a_person(vreemd)]},
        "dag": {"wie": [wie], "op": BEGIN + 1, "invoer": AANKOMST},
    }[anders]
    with pytest.raises(Conflict):
        a_traject(vreemd, sleutel=key("s1"), **nieuw)


def test_a_key_of_another_form_cannot_start_a_traject(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    step(vreemd, nummer, "intake_voeren", sleutel=key("f1"))
    with pytest.raises(Conflict, match="al voor iets anders gebruikt"):
        a_traject(vreemd, sleutel=key("f1"))


def test_the_same_hand_over_twice_is_one_row(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    keer = [hand_over(vreemd, nummer, COORDINATOR.pseudoniem, door=UITVOERDER, sleutel=key("o1")) for _ in range(2)]
    assert keer[0] == keer[1]
    assert len(log_rows(vreemd)) == 2


def test_a_stale_form_is_a_conflict(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    step(vreemd, nummer, "intake_voeren", verwacht=1)
    with pytest.raises(Conflict, match="intussen gewijzigd"):
        step(vreemd, nummer, "stoppen", verwacht=1)


# -- Time of check and time of use -------------------------------------------------------------------------------------


def test_a_running_traject_stays_on_its_own_map(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    eerste = the_map(vreemd)
    nieuw = lees(_changed(eerste.sha256, vreemd))
    with klok.at(NU + timedelta(hours=1)):
        kaarten.store(vreemd, nieuw)
        assert the_map(vreemd).sha256 == nieuw.sha256
        step(vreemd, nummer, "intake_voeren", VANDAAG)
        jonger = a_traject(vreemd, op=VANDAAG)
        with pytest.raises(OvergangGeweigerd, match="niet op de routekaart van dit traject"):
            advance(vreemd, nummer, "kennismaken", {}, door=UITVOERDER)
        advance(vreemd, jonger, "kennismaken", {}, door=UITVOERDER)
    assert {r["routekaart"] for r in log_rows(vreemd, nummer)} == {eerste.sha256}
    assert {r["routekaart"] for r in log_rows(vreemd, jonger)} == {nieuw.sha256}


def _changed(sha256: str, db: Connection) -> str:
    assert db.execute(routekaartversie.select().where(routekaartversie.c.sha256 == sha256)).first()
    extra = "      kennismaken: {label: Kennismaken, gebeurd: Kennisgemaakt, van: [aanmelding], rollen: [uitvoerder]}\n"
    plek = "      toelating_weigeren:\n"
    return VREEMDE_KAART.replace('versie: "2025-b"', 'versie: "2026-a"').replace(plek, extra + plek)


def test_without_a_map_nothing_starts(vreemd: Connection) -> None:
    wie = a_person(vreemd)
    vreemd.execute(routekaartversie.delete())
    with pytest.raises(LookupError, match="no map has been published"):
        start(vreemd, "taalweg", "aanmelden", AANKOMST, door=UITVOERDER, personen=[wie])


# -- Recording ---------------------------------------------------------------------------------------------------------


def test_the_recording_clock_never_goes_back_within_a_traject(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    with klok.at(NU - timedelta(days=1)):
        step(vreemd, nummer, "intake_voeren")
    tijden = [r["vastgelegd_op"] for r in log_rows(vreemd, nummer)]
    assert tijden == sorted(tijden)
    assert not chain_faults(log_rows(vreemd))


def test_an_import_keeps_the_time_of_its_source(vreemd: Connection) -> None:
    bron = klok.microseconds(datetime(2024, 5, 6, 7, 8, tzinfo=UTC))
    nummer = a_traject(vreemd, bron_vastgelegd_op=bron)
    step(vreemd, nummer, "intake_voeren", bron_vastgelegd_op=bron + 1)
    assert [(r["bron_vastgelegd_op"], r["vastgelegd_op"]) for r in log_rows(vreemd, nummer)] == [
        (bron, klok.microseconds(NU)),
        (bron + 1, klok.microseconds(NU) + 1),
    ]


def test_all_rows_of_a_submit_carry_its_number_and_the_first_its_key(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="groepsles")
    gemaakt = step(vreemd, nummer, "pauze_geven", sleutel=key("p1"))
    rijen = [r for r in log_rows(vreemd) if r["opdracht_id"] == gemaakt.opdracht_id]
    assert [(r["soort"], r["sleutel"]) for r in rijen] == [("overgang", key("p1")), ("start", None)]


# -- Full disk ---------------------------------------------------------------------------------------------------------


def test_a_full_disk_at_commit_leaves_everything_as_it_was(vreemde_database: str) -> None:
    with transaction(vreemde_database) as db:
        nummer = a_traject(db, stap="kennismaking")
        voor = everything(db)
        vol = db.exec_driver_sql("PRAGMA page_count").scalar_one()
    lang = {"motivering": "Een lange motivering. " * 45}
    for _ in range(40):
        try:
            with transaction(vreemde_database) as db:
                db.exec_driver_sql(f"PRAGMA max_page_count = {vol}")
                voor = everything(db)
                step(db, nummer, "pauze_geven" if place(db, nummer) == "groepsles" else "groepsles_starten", invoer={})
                step(db, nummer, "stoppen", VANDAAG)
                step(db, nummer, "toch_verder", VANDAAG)
                step(db, a_traject(db, stap="kennismaking"), "groepsles_starten", invoer=lang)
        except OperationalError as fout:
            assert "full" in str(fout)  # noqa: PT017
            break
    else:
        pytest.fail("the disk never filled up")
    with transaction(vreemde_database) as db:
        assert everything(db) == voor
        assert [r for (r,) in db.exec_driver_sql("PRAGMA integrity_check")] == ["ok"]
        assert not chain_faults(log_rows(db))
        db.exec_driver_sql("PRAGMA max_page_count = 1000000")
        a_traject(db, stap="kennismaking")
    engine(vreemde_database).dispose()
