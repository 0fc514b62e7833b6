"""Corrections are later rows; they stand only if what remains is a walk on the map, else rows in the way are named."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from models import klok
from tests.bouwers import (
    BEGIN,
    COORDINATOR,
    NU,
    UITVOERDER,
    VANDAAG,
    a_person,
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
from workflow.historie import findings
from workflow.projectie import rebuild
from workflow.voortgang import (
    Conflict,
    CorrectieGeweigerd,
    InvoerGeweigerd,
    OvergangGeweigerd,
    Vastgelegd,
    amend,
    hand_over,
    start,
    withdraw,
)


def take_back(db: Connection, nummer: str, volgnummer: int, **rest: Any) -> Vastgelegd:
    """Withdraw a row, as coordinator and because of a typing error."""
    return withdraw(db, nummer, volgnummer, **{"reden": "tikfout", "door": COORDINATOR, **rest})


def improve(db: Connection, nummer: str, volgnummer: int, **rest: Any) -> Vastgelegd:
    """Amend a row, as coordinator and because of a typing error."""
    return amend(db, nummer, volgnummer, **{"reden": "tikfout", "door": COORDINATOR, **rest})


def stays(db: Connection, nummer: str) -> list[tuple[str, int, int | None]]:
    """The stays in a stap, in order, in days since BEGIN."""
    rijen = db.execute(
        text(
            "SELECT stap, van_dag, tot_dag FROM verblijf WHERE niveau = 'stap' AND traject_id ="
            " (SELECT id FROM trajectnummer WHERE nummer = :nummer) ORDER BY nr"
        ),
        {"nummer": nummer},
    )
    return [(stap, van - BEGIN, None if tot is None else tot - BEGIN) for stap, van, tot in rijen]


def standing_rows(db: Connection, nummer: str) -> list[int]:
    """Volgnummers of the facts that stand, in the order in which they happened."""
    return [feit.volgnummer for feit in folded(db, nummer).feiten]


@pytest.fixture
def geschiedenis(vreemd: Connection) -> str:
    """aanmelding (day 0) - intake (10) - groepsles (20) - rooster (25) - toets (30): five rows."""
    nummer = a_traject(vreemd)
    step(vreemd, nummer, "intake_voeren", BEGIN + 10)
    step(vreemd, nummer, "groepsles_starten", BEGIN + 20)
    step(vreemd, nummer, "rooster_afspreken", BEGIN + 25, invoer={"uurrooster": 8})
    step(vreemd, nummer, "toets_plannen", BEGIN + 30)
    return nummer


# -- Withdrawing -------------------------------------------------------------------------------------------------------


def test_a_row_taken_out_counts_no_more(vreemd: Connection, geschiedenis: str) -> None:
    take_back(vreemd, geschiedenis, 5)
    assert place(vreemd, geschiedenis) == "groepsles"
    assert stays(vreemd, geschiedenis) == [("aanmelding", 0, 10), ("kennismaking", 10, 20), ("groepsles", 20, None)]
    assert len(log_rows(vreemd, geschiedenis)) == 6, "nothing was erased"


def test_taking_out_an_intrekking_restores_the_row(vreemd: Connection, geschiedenis: str) -> None:
    voor = stays(vreemd, geschiedenis)
    take_back(vreemd, geschiedenis, 5)
    take_back(vreemd, geschiedenis, 6)
    assert stays(vreemd, geschiedenis) == voor
    take_back(vreemd, geschiedenis, 7)
    assert place(vreemd, geschiedenis) == "groepsles", "withdrawn, restored, and withdrawn again"


def test_a_withdrawal_that_breaks_the_walk_is_refused_with_the_rows_in_the_way(
    vreemd: Connection, geschiedenis: str
) -> None:
    voor = everything(vreemd)
    with pytest.raises(CorrectieGeweigerd) as geweigerd:
        take_back(vreemd, geschiedenis, 3)
    assert geweigerd.value.rijen == [4, 5]
    assert geweigerd.value.redenen == [
        f"{geschiedenis}, gebeurtenis 4: Rooster afspreken kan niet vanuit Intakegesprek.",
        f"{geschiedenis}, gebeurtenis 5: Toets plannen kan niet vanuit Intakegesprek.",
    ]
    assert everything(vreemd) == voor


def test_the_start_cannot_be_taken_out_under_later_rows(vreemd: Connection, geschiedenis: str) -> None:
    with pytest.raises(CorrectieGeweigerd) as geweigerd:
        take_back(vreemd, geschiedenis, 1)
    assert geweigerd.value.rijen == [2, 3, 4, 5]


def test_from_the_last_row_back_a_whole_traject_can_be_taken_out(vreemd: Connection, geschiedenis: str) -> None:
    for volgnummer in (5, 4, 3, 2, 1):
        take_back(vreemd, geschiedenis, volgnummer)
    assert place(vreemd, geschiedenis) == ""
    assert stays(vreemd, geschiedenis) == []
    assert vreemd.execute(text("SELECT is_open, stap, begonnen_op FROM traject")).one() == (False, None, None)
    with pytest.raises(OvergangGeweigerd):
        step_on_nothing(vreemd, geschiedenis)
    with pytest.raises(OvergangGeweigerd):
        hand_over(vreemd, geschiedenis, COORDINATOR.pseudoniem, door=COORDINATOR)
    for volgnummer in (10, 9, 8, 7, 6):
        take_back(vreemd, geschiedenis, volgnummer)
    assert place(vreemd, geschiedenis) == "toets"
    assert rebuilt_is_equal(vreemd)


def step_on_nothing(db: Connection, nummer: str) -> None:
    """Advance a traject that was taken back whole."""
    from workflow.voortgang import advance

    advance(db, nummer, "intake_voeren", {"doel": "werk"}, door=UITVOERDER)


def rebuilt_is_equal(db: Connection) -> bool:
    """Whether rebuilding gives the projections that stand."""
    voor = projections(db)
    rebuild(db)
    return projections(db) == voor


def test_a_row_is_withdrawn_once(vreemd: Connection, geschiedenis: str) -> None:
    take_back(vreemd, geschiedenis, 5)
    with pytest.raises(OvergangGeweigerd, match="Gebeurtenis 5 is al ingetrokken"):
        take_back(vreemd, geschiedenis, 5)
    with pytest.raises(OvergangGeweigerd, match="Gebeurtenis 5 is al ingetrokken"):
        improve(vreemd, geschiedenis, 5, dag=BEGIN + 31)


@pytest.mark.parametrize("volgnummer", [0, -1, 6, 10**9])
def test_a_row_that_is_not_there(vreemd: Connection, geschiedenis: str, volgnummer: int) -> None:
    with pytest.raises(OvergangGeweigerd, match="heeft geen gebeurtenis"):
        take_back(vreemd, geschiedenis, volgnummer)
    with pytest.raises(OvergangGeweigerd, match="heeft geen gebeurtenis"):
        improve(vreemd, geschiedenis, volgnummer, dag=BEGIN)


@pytest.mark.parametrize("reden", ["", "zomaar", "vertrokken", None])
def test_a_correction_needs_a_reason_of_the_map(vreemd: Connection, geschiedenis: str, reden: Any) -> None:
    with pytest.raises(InvoerGeweigerd) as fout:
        take_back(vreemd, geschiedenis, 5, reden=reden)
    assert list(fout.value.fouten) == ["reden"]
    with pytest.raises(InvoerGeweigerd) as fout:
        improve(vreemd, geschiedenis, 5, dag=BEGIN + 31, reden=reden)
    assert list(fout.value.fouten) == ["reden"]


def test_the_reason_stands_in_the_log(vreemd: Connection, geschiedenis: str) -> None:
    take_back(vreemd, geschiedenis, 5, reden="andere_persoon")
    rij = log_rows(vreemd, geschiedenis)[-1]
    assert (rij["soort"], rij["reden"], rij["betreft_volgnummer"]) == ("intrekking", "andere_persoon", 5)


def test_the_same_correction_form_twice_is_one_row(vreemd: Connection, geschiedenis: str) -> None:
    keer = [take_back(vreemd, geschiedenis, 5, sleutel=key("c1")) for _ in range(2)]
    assert keer[0] == keer[1]
    keer = [improve(vreemd, geschiedenis, 4, invoer={"uurrooster": 9}, sleutel=key("c2")) for _ in range(2)]
    assert keer[0] == keer[1]
    assert len(log_rows(vreemd, geschiedenis)) == 7


def test_the_same_key_for_another_amendment_is_a_conflict(vreemd: Connection, geschiedenis: str) -> None:
    improve(vreemd, geschiedenis, 4, invoer={"uurrooster": 9}, sleutel=key("c2"))
    with pytest.raises(Conflict):
        improve(vreemd, geschiedenis, 4, invoer={"uurrooster": 11}, sleutel=key("c2"))
    with pytest.raises(Conflict):
        take_back(vreemd, geschiedenis, 4, sleutel=key("c2"))


def test_the_same_key_for_another_text_is_a_conflict(vreemd: Connection, geschiedenis: str) -> None:
    improve(vreemd, geschiedenis, 3, invoer={"motivering": "Om deze reden."}, sleutel=key("c3"))
    improve(vreemd, geschiedenis, 3, invoer={"motivering": "Om deze reden."}, sleutel=key("c3"))
    with pytest.raises(Conflict):
        improve(vreemd, geschiedenis, 3, invoer={"motivering": "Om een andere reden."}, sleutel=key("c3"))
    take_back(vreemd, geschiedenis, 5, toelichting="Om deze reden.", sleutel=key("c4"))
    with pytest.raises(Conflict):
        take_back(vreemd, geschiedenis, 5, toelichting="Om een andere reden.", sleutel=key("c4"))


@pytest.mark.parametrize("tekst", ["x" * 100_000, "een\0nul", "half \ud83d paar"])
def test_the_text_beside_a_correction_is_bounded_like_any_other(
    vreemd: Connection, geschiedenis: str, tekst: str
) -> None:
    with pytest.raises(InvoerGeweigerd):
        take_back(vreemd, geschiedenis, 5, toelichting=tekst)
    with pytest.raises(InvoerGeweigerd):
        improve(vreemd, geschiedenis, 5, dag=BEGIN + 31, toelichting=tekst)


def test_the_text_beside_a_correction_stays_out_of_the_log(vreemd: Connection, geschiedenis: str) -> None:
    take_back(vreemd, geschiedenis, 5, toelichting="Dit was van de buurvrouw.")
    assert "buurvrouw" not in repr(log_rows(vreemd))
    assert vreemd.execute(text("SELECT volgnummer, veld FROM toelichting")).all() == [(6, "toelichting_correctie")]


# -- Who may -----------------------------------------------------------------------------------------------------------


def test_a_case_worker_corrects_what_is_recent_and_own(vreemd: Connection, geschiedenis: str) -> None:
    with klok.at(NU + timedelta(days=29)):
        take_back(vreemd, geschiedenis, 5, door=UITVOERDER)


def test_a_case_worker_does_not_correct_what_is_old(vreemd: Connection, geschiedenis: str) -> None:
    with klok.at(NU + timedelta(days=31)):
        with pytest.raises(OvergangGeweigerd, match="coördinator"):
            take_back(vreemd, geschiedenis, 5, door=UITVOERDER)
        take_back(vreemd, geschiedenis, 5, door=COORDINATOR)


def test_a_case_worker_does_not_correct_what_others_did(vreemd: Connection, geschiedenis: str) -> None:
    with pytest.raises(OvergangGeweigerd, match="coördinator"):
        improve(vreemd, geschiedenis, 5, dag=BEGIN + 31, door=actor("uitvoerder", 2))


@pytest.mark.parametrize("rol", ["auditor", "partner", "beheerder"])
def test_other_roles_do_not_correct(vreemd: Connection, geschiedenis: str, rol: str) -> None:
    with pytest.raises(OvergangGeweigerd):
        take_back(vreemd, geschiedenis, 5, door=actor(rol))


# -- Amending ----------------------------------------------------------------------------------------------------------


def test_another_day_moves_the_borders_of_the_stays(vreemd: Connection, geschiedenis: str) -> None:
    improve(vreemd, geschiedenis, 3, dag=BEGIN + 15)
    assert stays(vreemd, geschiedenis)[1:3] == [("kennismaking", 10, 15), ("groepsles", 15, 30)]


def test_another_first_day_moves_the_beginning(vreemd: Connection, geschiedenis: str) -> None:
    improve(vreemd, geschiedenis, 1, dag=BEGIN - 5)
    assert vreemd.execute(text("SELECT begonnen_op FROM traject")).scalar_one() == BEGIN - 5
    assert stays(vreemd, geschiedenis)[0] == ("aanmelding", -5, 10)


@pytest.mark.parametrize(("volgnummer", "dag", "in_de_weg"), [(3, 31, [4, 5, 3]), (2, -1, [2]), (1, 11, [2, 1])])
def test_a_day_that_breaks_the_walk_is_refused_with_the_rows_in_the_way(
    vreemd: Connection, geschiedenis: str, volgnummer: int, dag: int, in_de_weg: list[int]
) -> None:
    voor = everything(vreemd)
    with pytest.raises(CorrectieGeweigerd) as geweigerd:
        improve(vreemd, geschiedenis, volgnummer, dag=BEGIN + dag)
    assert set(in_de_weg) & set(geweigerd.value.rijen)
    assert everything(vreemd) == voor


def test_a_future_day_is_refused_in_corrections_too(vreemd: Connection, geschiedenis: str) -> None:
    with pytest.raises(InvoerGeweigerd) as fout:
        improve(vreemd, geschiedenis, 5, dag=VANDAAG + 1)
    assert list(fout.value.fouten) == ["op"]


def test_other_answers_change_only_what_is_named(vreemd: Connection, geschiedenis: str) -> None:
    improve(vreemd, geschiedenis, 4, invoer={"uurrooster": 12})
    rij = log_rows(vreemd, geschiedenis)[-1]
    assert json.loads(rij["inhoud"])["verbetert"] == {"invoer": {"uurrooster": 12}}
    assert folded(vreemd, geschiedenis).stand.kenmerken["uurrooster"] == "12"
    assert (rij["overgang"], rij["dag"]) == (None, BEGIN + 25)


def test_an_answer_can_be_taken_away(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    step(vreemd, nummer, "intake_voeren", invoer={"heeft_baan": "ja"})
    improve(vreemd, nummer, 2, invoer={"heeft_baan": ""})
    assert "heeft_baan" not in folded(vreemd, nummer).stand.kenmerken
    assert vreemd.execute(text("SELECT count(*) FROM kenmerk WHERE naam = 'heeft_baan'")).scalar_one() == 0


def test_what_the_overgang_itself_sets_stays(vreemd: Connection, geschiedenis: str) -> None:
    improve(vreemd, geschiedenis, 3, invoer={"lesgeld": 20})
    stand = folded(vreemd, geschiedenis).stand
    assert (stand.kenmerken["lesvorm"], stand.antwoorden["lesgeld"]) == ("klas", 20)
    with pytest.raises(InvoerGeweigerd):
        improve(vreemd, geschiedenis, 3, invoer={"lesvorm": "thuis"})


@pytest.mark.parametrize(
    ("volgnummer", "invoer", "veld"),
    [
        (4, {"uurrooster": 31}, "uurrooster"),
        (4, {"uurrooster": ""}, "uurrooster"),
        (4, {"doel": "werk"}, "doel"),
        (2, {"begeleider": "niemand"}, "begeleider"),
        (3, {"school": "ORG-ONBEKEND"}, "school"),
        (3, {"motivering": "\0"}, "motivering"),
    ],
)
def test_a_wrong_answer_is_refused_in_corrections_too(
    vreemd: Connection, geschiedenis: str, volgnummer: int, invoer: dict[str, Any], veld: str
) -> None:
    with pytest.raises(InvoerGeweigerd) as fout:
        improve(vreemd, geschiedenis, volgnummer, invoer=invoer)
    assert list(fout.value.fouten) == [veld]


def test_nothing_changed_is_said(vreemd: Connection, geschiedenis: str) -> None:
    for niets in ({}, {"dag": BEGIN + 25}, {"invoer": {"uurrooster": 8}}, {"invoer": {}}):
        with pytest.raises(InvoerGeweigerd, match="niets veranderd"):
            improve(vreemd, geschiedenis, 4, **niets)


def test_amend_of_a_text_alone(vreemd: Connection, geschiedenis: str) -> None:
    improve(vreemd, geschiedenis, 3, invoer={"motivering": "Bij nader inzien hierom."})
    assert vreemd.execute(text("SELECT volgnummer, veld FROM toelichting")).all() == [(6, "motivering")]
    assert place(vreemd, geschiedenis) == "toets"
    assert rebuilt_is_equal(vreemd)


def test_a_correction_itself_is_not_amended(vreemd: Connection, geschiedenis: str) -> None:
    take_back(vreemd, geschiedenis, 5)
    improve(vreemd, geschiedenis, 3, dag=BEGIN + 15)
    for volgnummer in (6, 7):
        with pytest.raises(OvergangGeweigerd):
            improve(vreemd, geschiedenis, volgnummer, dag=BEGIN + 16)


def test_taking_out_a_verbetering_restores_what_was(vreemd: Connection, geschiedenis: str) -> None:
    voor = stays(vreemd, geschiedenis)
    improve(vreemd, geschiedenis, 3, dag=BEGIN + 15)
    take_back(vreemd, geschiedenis, 6)
    assert stays(vreemd, geschiedenis) == voor


def test_a_hand_over_can_be_corrected(vreemd: Connection, geschiedenis: str) -> None:
    hand_over(vreemd, geschiedenis, COORDINATOR.pseudoniem, door=UITVOERDER)
    improve(vreemd, geschiedenis, 6, dag=VANDAAG - 3)
    van = vreemd.execute(text("SELECT van_dag FROM kenmerk WHERE naam = 'behandelaar'")).scalar_one()
    assert van == VANDAAG - 3
    take_back(vreemd, geschiedenis, 6)
    assert vreemd.execute(text("SELECT behandelaar FROM traject")).scalar_one() is None


def test_corrections_apply_in_order_of_volgnummer(vreemd: Connection, geschiedenis: str) -> None:
    """Four on one row: two days, an answer, and the second day taken back."""
    improve(vreemd, geschiedenis, 4, dag=BEGIN + 22)
    improve(vreemd, geschiedenis, 4, dag=BEGIN + 28)
    improve(vreemd, geschiedenis, 4, invoer={"uurrooster": 20})
    assert _fact(vreemd, geschiedenis, 4) == (28, 20)
    take_back(vreemd, geschiedenis, 7)
    assert _fact(vreemd, geschiedenis, 4) == (22, 20)
    take_back(vreemd, geschiedenis, 6)
    assert _fact(vreemd, geschiedenis, 4) == (25, 20)
    take_back(vreemd, geschiedenis, 9)
    assert _fact(vreemd, geschiedenis, 4) == (28, 20), "the second day is back, the first is not"
    take_back(vreemd, geschiedenis, 4)
    assert 4 not in standing_rows(vreemd, geschiedenis)
    take_back(vreemd, geschiedenis, 12)
    assert _fact(vreemd, geschiedenis, 4) == (28, 20)
    assert not chain_faults(log_rows(vreemd))
    assert rebuilt_is_equal(vreemd)


def _fact(db: Connection, nummer: str, volgnummer: int) -> tuple[int, int]:
    feit = next(f for f in folded(db, nummer).feiten if f.volgnummer == volgnummer)
    return feit.dag - BEGIN, feit.invoer["uurrooster"]


def test_an_inserted_row_can_be_amended_and_withdrawn(vreemd: Connection, geschiedenis: str) -> None:
    ingevoegd = step(vreemd, geschiedenis, "rooster_afspreken", BEGIN + 25, na=3).volgnummer
    assert standing_rows(vreemd, geschiedenis) == [1, 2, 3, ingevoegd, 4, 5]
    improve(vreemd, geschiedenis, ingevoegd, dag=BEGIN + 21)
    with pytest.raises(CorrectieGeweigerd) as geweigerd:
        improve(vreemd, geschiedenis, ingevoegd, dag=BEGIN + 26)
    assert geweigerd.value.rijen == [4], "it stands right after row 3, so row 4 would come too early"
    take_back(vreemd, geschiedenis, ingevoegd)
    assert standing_rows(vreemd, geschiedenis) == [1, 2, 3, 4, 5]


def test_what_may_not_stand_twice_is_found_by_findings(vreemd: Connection, geschiedenis: str) -> None:
    verloop = folded(vreemd, geschiedenis)
    assert findings(verloop.feiten, verloop.kaarten, "taalweg") == []
    assert [b.volgnummer for b in findings(verloop.feiten[1:], verloop.kaarten, "taalweg")] == [2, 3, 4, 5]
    dubbel = [verloop.feiten[0], *verloop.feiten]
    assert [b.zin for b in findings(dubbel, verloop.kaarten, "taalweg")] == [
        "Een traject begint met precies een start."
    ]


# -- Effects and children ----------------------------------------------------------------------------------------------


@pytest.fixture
def met_pauze(vreemd: Connection) -> tuple[str, str]:
    """A traject in groepsles (three rows) and the pauze that its fourth row opened."""
    nummer = a_traject(vreemd, stap="groepsles")
    step(vreemd, nummer, "pauze_geven", BEGIN + 5)
    kind = vreemd.execute(text("SELECT nummer FROM traject WHERE route = 'pauze'")).scalar_one()
    return nummer, kind


def test_effects_are_withdrawn_along(vreemd: Connection, met_pauze: tuple[str, str]) -> None:
    nummer, kind = met_pauze
    gemaakt = take_back(vreemd, nummer, 4)
    assert place(vreemd, kind) == ""
    samen = [r for r in log_rows(vreemd) if r["opdracht_id"] == gemaakt.opdracht_id]
    assert [(r["soort"], r["betreft_volgnummer"]) for r in samen] == [("intrekking", 4), ("intrekking", 1)]


def test_effects_come_back_with_the_row_that_brought_them(vreemd: Connection, met_pauze: tuple[str, str]) -> None:
    nummer, kind = met_pauze
    take_back(vreemd, nummer, 4)
    take_back(vreemd, nummer, 5)
    assert standing_rows(vreemd, nummer) == [1, 2, 3, 4]
    assert place(vreemd, kind) == "in_pauze"


def test_a_child_with_later_rows_stands_in_the_way(vreemd: Connection, met_pauze: tuple[str, str]) -> None:
    nummer, kind = met_pauze
    step(vreemd, kind, "pauze_verlengen")
    voor = everything(vreemd)
    with pytest.raises(CorrectieGeweigerd, match=f"{kind}, gebeurtenis 2") as geweigerd:
        take_back(vreemd, nummer, 4)
    assert geweigerd.value.rijen == [2]
    assert everything(vreemd) == voor


def test_an_effect_that_was_taken_back_already_is_left_alone(vreemd: Connection, met_pauze: tuple[str, str]) -> None:
    nummer, kind = met_pauze
    take_back(vreemd, kind, 1)
    take_back(vreemd, nummer, 4)
    assert [r["soort"] for r in log_rows(vreemd, kind)] == ["start", "intrekking"]


def test_children_that_were_closed_along_open_again(vreemd: Connection, met_pauze: tuple[str, str]) -> None:
    nummer, kind = met_pauze
    step(vreemd, nummer, "stoppen", BEGIN + 20)
    assert place(vreemd, kind) == "afgebroken"
    take_back(vreemd, nummer, 5)
    assert (place(vreemd, nummer), place(vreemd, kind)) == ("groepsles", "in_pauze")


def test_a_parent_is_not_taken_out_from_under_its_child(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    kind = a_traject(vreemd, route="pauze", begin="geboorte", hoort_bij=nummer)
    with pytest.raises(CorrectieGeweigerd, match=kind):
        take_back(vreemd, nummer, 1)


def test_a_parent_does_not_come_to_begin_after_its_child(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    kind = a_traject(vreemd, route="pauze", begin="geboorte", hoort_bij=nummer, op=BEGIN + 3)
    with pytest.raises(CorrectieGeweigerd, match=kind):
        improve(vreemd, nummer, 1, dag=BEGIN + 4)
    with pytest.raises(OvergangGeweigerd):
        improve(vreemd, kind, 1, dag=BEGIN - 1)


# -- One open traject per client, also afterwards ----------------------------------------------------------------------


@pytest.fixture
def na_elkaar(vreemd: Connection) -> tuple[str, str]:
    """Two trajecten of one client: day 0 until 50 (row 2 stops it), and from day 60 on."""
    wie = a_person(vreemd)
    eerste = a_traject(vreemd, wie=[wie])
    step(vreemd, eerste, "stoppen", BEGIN + 50)
    return eerste, a_traject(vreemd, wie=[wie], op=BEGIN + 60)


def test_taking_back_an_end_is_refused_while_the_client_has_another(
    vreemd: Connection, na_elkaar: tuple[str, str]
) -> None:
    eerste, tweede = na_elkaar
    with pytest.raises(OvergangGeweigerd, match=tweede):
        take_back(vreemd, eerste, 2)


def test_restoring_a_traject_is_refused_while_the_client_has_another(vreemd: Connection) -> None:
    wie = a_person(vreemd)
    eerste = a_traject(vreemd, wie=[wie])
    take_back(vreemd, eerste, 1)
    tweede = a_traject(vreemd, wie=[wie])
    with pytest.raises(OvergangGeweigerd, match=tweede):
        take_back(vreemd, eerste, 2)


def test_a_later_end_may_not_reach_into_the_next_traject(vreemd: Connection, na_elkaar: tuple[str, str]) -> None:
    eerste, tweede = na_elkaar
    improve(vreemd, eerste, 2, dag=BEGIN + 60)
    with pytest.raises(OvergangGeweigerd, match=tweede):
        improve(vreemd, eerste, 2, dag=BEGIN + 61)


def test_an_earlier_start_may_not_reach_into_the_one_before(vreemd: Connection, na_elkaar: tuple[str, str]) -> None:
    eerste, tweede = na_elkaar
    improve(vreemd, tweede, 1, dag=BEGIN + 50)
    with pytest.raises(OvergangGeweigerd, match=eerste):
        improve(vreemd, tweede, 1, dag=BEGIN + 49)


def test_who_left_a_household_is_not_put_back_beside_the_own_traject(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, aantal=2)
    step(vreemd, nummer, "gezin_splitsen", BEGIN + 5)
    assert [r["soort"] for r in log_rows(vreemd, nummer)] == ["start", "overgang", "migratie"]
    with pytest.raises(OvergangGeweigerd):
        take_back(vreemd, nummer, 3)


def test_taking_back_a_split_takes_back_the_new_traject(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, aantal=2)
    gemaakt = step(vreemd, nummer, "gezin_splitsen", BEGIN + 5)
    nieuw = vreemd.execute(text("SELECT nummer FROM traject WHERE nummer <> :n"), {"n": nummer}).scalar_one()
    take_back(vreemd, nummer, gemaakt.volgnummer)
    assert len(folded(vreemd, nummer).stand.deelnemers) == 2
    assert place(vreemd, nieuw) == "", "else one person would take part in two"
    assert rebuilt_is_equal(vreemd)


def test_a_split_is_not_taken_back_when_the_new_traject_went_on(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, aantal=2)
    gemaakt = step(vreemd, nummer, "gezin_splitsen", BEGIN + 5)
    nieuw = vreemd.execute(text("SELECT nummer FROM traject WHERE nummer <> :n"), {"n": nummer}).scalar_one()
    step(vreemd, nieuw, "intake_voeren")
    with pytest.raises(CorrectieGeweigerd, match=nieuw):
        take_back(vreemd, nummer, gemaakt.volgnummer)


def test_another_day_for_a_row_moves_its_effects_or_is_refused(vreemd: Connection, met_pauze: tuple[str, str]) -> None:
    """A pauze that began before it was given, or weeks after, is in no one's interest."""
    nummer, kind = met_pauze
    try:
        improve(vreemd, nummer, 4, dag=BEGIN + 9)
    except OvergangGeweigerd:
        return
    assert folded(vreemd, kind).begonnen_op == BEGIN + 9


def test_a_start_with_a_day_before_that_of_its_parent_is_refused(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    with pytest.raises(OvergangGeweigerd, match="begon pas op"):
        start(
            vreemd,
            "pauze",
            "geboorte",
            {"pauze_tot": "2025-06-30"},
            door=UITVOERDER,
            hoort_bij=nummer,
            op=BEGIN - 1,
        )
