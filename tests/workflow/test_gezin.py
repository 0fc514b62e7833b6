"""A family: children that hang on a traject, a household that splits, and a person who was entered twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from models import klok
from models.persoon import persoon
from tests.bouwers import (
    BEGIN,
    COORDINATOR,
    NU,
    UITVOERDER,
    VANDAAG,
    a_person,
    a_traject,
    chain_faults,
    everything,
    folded,
    log_rows,
    place,
    projections,
    step,
)
from workflow import personen
from workflow.gezin import load
from workflow.projectie import as_known, rebuild
from workflow.velden import InvoerGeweigerd
from workflow.voortgang import OvergangGeweigerd, hand_over, withdraw


def rows(db: Connection, vraag: str, **waarden: Any) -> list[tuple[Any, ...]]:
    """The rows of a select."""
    return [tuple(rij) for rij in db.execute(text(vraag), waarden)]


def the_other(db: Connection, *bekend: str) -> str:
    """The number of the only traject that is not among these."""
    (over,) = {n for (n,) in rows(db, "SELECT nummer FROM traject")} - set(bekend)
    return over


def rebuilt_is_equal(db: Connection) -> bool:
    """Whether rebuilding gives the projections that stand."""
    voor = projections(db)
    rebuild(db)
    return projections(db) == voor


# -- Children ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def met_pauze(vreemd: Connection) -> tuple[str, str]:
    """A traject of two people in groepsles, and its open pauze."""
    nummer = a_traject(vreemd, aantal=2, stap="groepsles", gemeente="GM9901", behandelaar=UITVOERDER.pseudoniem)
    step(vreemd, nummer, "pauze_geven", BEGIN + 5)
    return nummer, the_other(vreemd, nummer)


def test_a_child_takes_people_place_and_behandelaar_from_its_parent(
    vreemd: Connection, met_pauze: tuple[str, str]
) -> None:
    nummer, kind = met_pauze
    ouder, jong = folded(vreemd, nummer), folded(vreemd, kind)
    assert jong.stand.deelnemers == ouder.stand.deelnemers
    assert {k: jong.stand.kenmerken[k] for k in ("gemeente", "behandelaar")} == {
        "gemeente": "GM9901",
        "behandelaar": UITVOERDER.pseudoniem,
    }
    assert (jong.ouder_id, jong.wortel_id) == (ouder.traject_id, ouder.traject_id)


def test_an_open_child_is_shown_within_its_parent(vreemd: Connection, met_pauze: tuple[str, str]) -> None:
    nummer, kind = met_pauze
    assert dict(rows(vreemd, "SELECT nummer, in_werkvoorraad FROM traject")) == {nummer: True, kind: False}


def test_a_child_ends_with_its_parent_where_the_map_says_so(vreemd: Connection, met_pauze: tuple[str, str]) -> None:
    nummer, kind = met_pauze
    step(vreemd, nummer, "stoppen")
    assert place(vreemd, kind) == "afgebroken"
    assert dict(rows(vreemd, "SELECT nummer, in_werkvoorraad FROM traject")) == {nummer: False, kind: False}


def test_a_child_that_outlives_its_parent_is_shown_by_itself(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="toets")
    kind = a_traject(vreemd, route="pauze", begin="geboorte", hoort_bij=nummer)
    step(vreemd, nummer, "slagen")
    assert dict(rows(vreemd, "SELECT nummer, in_werkvoorraad FROM traject")) == {nummer: False, kind: True}


def test_a_child_that_needs_an_open_parent_does_not_start_after_its_end(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, stap="opgehouden")
    with pytest.raises(OvergangGeweigerd, match="afgesloten"):
        a_traject(vreemd, route="pauze", begin="geboorte", hoort_bij=nummer)


def test_an_earlier_day_for_a_child_is_judged_by_what_was_so_on_that_day(vreemd: Connection) -> None:
    """The goal was known from day 10 on; a pauze by illness asks for it."""
    nummer = a_traject(vreemd)
    step(vreemd, nummer, "intake_voeren", BEGIN + 10)
    with pytest.raises(OvergangGeweigerd, match="doel"):
        a_traject(vreemd, route="pauze", begin="ziekte", hoort_bij=nummer, op=BEGIN + 9)
    a_traject(vreemd, route="pauze", begin="ziekte", hoort_bij=nummer, op=BEGIN + 10)


def test_guards_see_the_children_of_that_day(vreemd: Connection, met_pauze: tuple[str, str]) -> None:
    """The pauze lasted from day 5 to 15, so on day 10 there was one and on day 4 and 15 there was not."""
    nummer, kind = met_pauze
    step(vreemd, kind, "les_hervatten", BEGIN + 15)
    step(vreemd, nummer, "pauze_bespreken", BEGIN + 14)
    for dag in (4, 15, 16):
        with pytest.raises(OvergangGeweigerd, match="als er iets openstaat"):
            step(vreemd, nummer, "pauze_bespreken", BEGIN + dag)
    with pytest.raises(OvergangGeweigerd, match="Rond eerst af"):
        step(vreemd, nummer, "toets_plannen", BEGIN + 14)
    step(vreemd, nummer, "toets_plannen", BEGIN + 15)


def test_grandchildren_are_of_the_same_family(vreemd: Connection, met_pauze: tuple[str, str]) -> None:
    nummer, kind = met_pauze
    assert {v.nummer for v in load(vreemd, kind)} == {v.nummer for v in load(vreemd, nummer)} == {nummer, kind}


def test_hand_over_of_a_child_leaves_its_parent(vreemd: Connection, met_pauze: tuple[str, str]) -> None:
    nummer, kind = met_pauze
    hand_over(vreemd, kind, COORDINATOR.pseudoniem, door=UITVOERDER)
    assert dict(rows(vreemd, "SELECT nummer, behandelaar FROM traject")) == {
        nummer: UITVOERDER.pseudoniem,
        kind: COORDINATOR.pseudoniem,
    }


def test_hand_over_does_not_touch_children_that_ended(vreemd: Connection, met_pauze: tuple[str, str]) -> None:
    nummer, kind = met_pauze
    step(vreemd, kind, "les_hervatten")
    hand_over(vreemd, nummer, COORDINATOR.pseudoniem, door=UITVOERDER)
    assert len(log_rows(vreemd, kind)) == 2


# -- A household splits ------------------------------------------------------------------------------------------------


@pytest.fixture
def gesplitst(vreemd: Connection, met_pauze: tuple[str, str]) -> tuple[str, str, str, str]:
    """On day 40 the second person leaves and takes the pauze along: stays, pauze, new traject, new pauze."""
    nummer, kind = met_pauze
    step(vreemd, nummer, "gezin_splitsen", BEGIN + 40, invoer={"wat_gaat_mee": [kind]})
    (nieuw,) = rows(vreemd, "SELECT nummer FROM traject WHERE route = 'taalweg' AND nummer <> :n", n=nummer)[0]
    return nummer, kind, nieuw, the_other(vreemd, nummer, kind, nieuw)


def test_who_goes_on_keeps_the_number(vreemd: Connection, gesplitst: tuple[str, ...]) -> None:
    nummer, _, nieuw, _ = gesplitst
    blijft, vertrekt = folded(vreemd, nummer), folded(vreemd, nieuw)
    assert len(blijft.stand.deelnemers) == len(vertrekt.stand.deelnemers) == 1
    assert not set(blijft.stand.deelnemers) & set(vertrekt.stand.deelnemers)
    assert rows(
        vreemd,
        "SELECT van_dag, tot_dag FROM deelname d JOIN traject t ON t.id = d.traject_id WHERE t.nummer = :n ORDER BY nr",
        n=nummer,
    ) == [(BEGIN, None), (BEGIN, BEGIN + 40)]


def test_who_leaves_stands_in_the_same_stap_without_a_second_entry(
    vreemd: Connection, gesplitst: tuple[str, ...]
) -> None:
    nieuw = gesplitst[2]
    assert place(vreemd, nieuw) == "groepsles"
    assert rows(
        vreemd,
        "SELECT DISTINCT niveau, ingang, van_dag FROM verblijf v JOIN traject t ON t.id = v.traject_id"
        " WHERE t.nummer = :n ORDER BY niveau",
        n=nieuw,
    ) == [(niveau, "splitsing", BEGIN + 40) for niveau in ("fase", "regeling", "stap", "traject")]


def test_who_leaves_counts_from_the_first_melding(vreemd: Connection, gesplitst: tuple[str, ...]) -> None:
    nummer, _, nieuw, _ = gesplitst
    assert folded(vreemd, nieuw).begonnen_op == folded(vreemd, nummer).begonnen_op == BEGIN


def test_answers_and_kenmerken_go_along(vreemd: Connection, gesplitst: tuple[str, ...]) -> None:
    nummer, _, nieuw, _ = gesplitst
    oud, jong = folded(vreemd, nummer).stand, folded(vreemd, nieuw).stand
    assert jong.kenmerken == oud.kenmerken
    assert jong.antwoorden == {k: v for k, v in oud.antwoorden.items() if k not in ("wie_vertrekt", "wat_gaat_mee")}


def test_a_new_family_of_its_own(vreemd: Connection, gesplitst: tuple[str, ...]) -> None:
    nummer, kind, nieuw, kind_nieuw = gesplitst
    assert {v.nummer for v in load(vreemd, nummer)} == {nummer, kind}
    assert {v.nummer for v in load(vreemd, nieuw)} == {nieuw, kind_nieuw}
    assert folded(vreemd, kind_nieuw).ouder_id == folded(vreemd, nieuw).traject_id


def test_a_child_that_went_along_is_closed_where_it_was(vreemd: Connection, gesplitst: tuple[str, ...]) -> None:
    _, kind, _, kind_nieuw = gesplitst
    assert rows(vreemd, "SELECT is_open, klasse, beeindigd_op FROM traject WHERE nummer = :n", n=kind) == [
        (False, "splitsing", BEGIN + 40)
    ]
    assert rows(vreemd, "SELECT is_open, stap FROM traject WHERE nummer = :n", n=kind_nieuw) == [(True, "in_pauze")]
    for overgang in ("les_hervatten", "pauze_verlengen", "pauze_afbreken"):
        with pytest.raises(OvergangGeweigerd):
            step(vreemd, kind, overgang, VANDAAG)


def test_nothing_leads_further_in_a_child_that_went_along(vreemd: Connection, gesplitst: tuple[str, ...]) -> None:
    from workflow.voortgang import possibilities

    gezin = load(vreemd, gesplitst[1])
    gevonden = possibilities(gezin, gezin.by_nummer(gesplitst[1]), "uitvoerder", VANDAAG)
    assert all(m.redenen for m in gevonden), [m.overgang.code for m in gevonden if not m.redenen]


def test_both_go_on_by_themselves(vreemd: Connection, gesplitst: tuple[str, ...]) -> None:
    nummer, _, nieuw, kind_nieuw = gesplitst
    step(vreemd, nummer, "toets_plannen", BEGIN + 50)
    with pytest.raises(OvergangGeweigerd, match="pauze"):
        step(vreemd, nieuw, "toets_plannen", BEGIN + 50)
    step(vreemd, kind_nieuw, "les_hervatten", BEGIN + 50)
    step(vreemd, nieuw, "toets_plannen", BEGIN + 50)
    assert rebuilt_is_equal(vreemd)
    assert not chain_faults(log_rows(vreemd))


def test_a_split_needs_two(vreemd: Connection, gesplitst: tuple[str, ...]) -> None:
    with pytest.raises(OvergangGeweigerd, match="ten minste 2 personen"):
        step(vreemd, gesplitst[0], "gezin_splitsen")


def test_a_split_on_an_earlier_day_leads_to_the_stap_of_that_day(vreemd: Connection) -> None:
    """On day 5 they stood in the intake; the present groepsles began on day 20."""
    nummer = a_traject(vreemd, aantal=2, stap="kennismaking")
    step(vreemd, nummer, "groepsles_starten", BEGIN + 20)
    voor = everything(vreemd)
    try:
        step(vreemd, nummer, "gezin_splitsen", BEGIN + 5)
    except OvergangGeweigerd:
        assert everything(vreemd) == voor
        return
    assert place(vreemd, the_other(vreemd, nummer)) == "kennismaking"


def test_a_child_does_not_go_along_before_what_it_did(vreemd: Connection, met_pauze: tuple[str, str]) -> None:
    """On day 30 the pauze was still prolonged, so it did not leave on day 20."""
    nummer, kind = met_pauze
    step(vreemd, kind, "pauze_verlengen", BEGIN + 30)
    voor = everything(vreemd)
    with pytest.raises(OvergangGeweigerd):
        step(vreemd, nummer, "gezin_splitsen", BEGIN + 20, invoer={"wat_gaat_mee": [kind]})
    assert everything(vreemd) == voor
    step(vreemd, nummer, "gezin_splitsen", BEGIN + 30, invoer={"wat_gaat_mee": [kind]})


def test_a_split_of_three_leaves_two(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, aantal=3)
    eerste = next(iter(folded(vreemd, nummer).stand.deelnemers))
    step(vreemd, nummer, "gezin_splitsen", invoer={"wie_vertrekt": eerste})
    assert eerste not in folded(vreemd, nummer).stand.deelnemers
    step(vreemd, nummer, "gezin_splitsen")
    assert [n for (n,) in rows(vreemd, "SELECT count(*) FROM deelname WHERE tot_dag IS NULL")] == [3]


def test_who_left_may_return_only_by_ending_the_own_traject(vreemd: Connection, gesplitst: tuple[str, ...]) -> None:
    nieuw = gesplitst[2]
    (wie,) = folded(vreemd, nieuw).stand.deelnemers
    with pytest.raises(OvergangGeweigerd, match=nieuw):
        a_traject(vreemd, wie=[wie], op=VANDAAG)


# -- Entered twice -----------------------------------------------------------------------------------------------------


@pytest.fixture
def dubbel(vreemd: Connection) -> tuple[str, str, str]:
    """A person entered twice, `weg` with a traject that ended; the pseudonyms and the number."""
    weg, blijft = a_person(vreemd, "Dubbel"), a_person(vreemd, "Dubbel")
    nummer = a_traject(vreemd, wie=[weg])
    step(vreemd, nummer, "stoppen", BEGIN + 10)
    return weg, blijft, nummer


def people_of(db: Connection, nummer: str) -> list[str]:
    """Who took part, by the projection."""
    vraag = "SELECT deelnemer FROM deelname d JOIN traject t ON t.id = d.traject_id WHERE t.nummer = :n ORDER BY nr"
    return [wie for (wie,) in rows(db, vraag, n=nummer)]


def merged_with(db: Connection, wie: str) -> str | None:
    """The pseudonym under which this person goes on."""
    return db.execute(select(persoon.c.samengevoegd_met).where(persoon.c.pseudoniem == wie)).scalar_one()


def test_a_merge_gives_every_traject_to_the_one_who_stays(vreemd: Connection, dubbel: tuple[str, str, str]) -> None:
    weg, blijft, nummer = dubbel
    assert personen.merge(vreemd, weg, blijft, door=COORDINATOR, op=VANDAAG) == [nummer]
    assert people_of(vreemd, nummer) == [blijft]
    assert rows(vreemd, "SELECT van_dag, tot_dag FROM deelname") == [(BEGIN, None)], "from the beginning"
    assert merged_with(vreemd, weg) == blijft
    assert rebuilt_is_equal(vreemd)


def test_a_merge_is_a_fact_of_its_moment(vreemd: Connection, dubbel: tuple[str, str, str]) -> None:
    weg, blijft, _ = dubbel
    with klok.at(NU + timedelta(hours=1)):
        personen.merge(vreemd, weg, blijft, door=COORDINATOR, op=VANDAAG)
    toen, nu = klok.microseconds(NU) + 1, klok.microseconds(NU + timedelta(hours=2))
    assert [r.deelnemer for r in vreemd.execute(as_known("deelname", toen))] == [weg]
    assert [r.deelnemer for r in vreemd.execute(as_known("deelname", nu))] == [blijft]


def test_a_merge_can_be_taken_back(vreemd: Connection, dubbel: tuple[str, str, str]) -> None:
    weg, blijft, nummer = dubbel
    eigen = a_traject(vreemd, wie=[blijft], op=BEGIN + 20)
    personen.merge(vreemd, weg, blijft, door=COORDINATOR, op=VANDAAG)
    assert personen.unmerge(vreemd, weg, door=COORDINATOR, reden="tikfout") == [nummer]
    assert (people_of(vreemd, nummer), people_of(vreemd, eigen)) == ([weg], [blijft])
    assert merged_with(vreemd, weg) is None
    assert rebuilt_is_equal(vreemd)


def test_a_merge_and_its_undoing_may_repeat(vreemd: Connection, dubbel: tuple[str, str, str]) -> None:
    weg, blijft, nummer = dubbel
    for _ in range(3):
        personen.merge(vreemd, weg, blijft, door=COORDINATOR, op=VANDAAG)
        personen.unmerge(vreemd, weg, door=COORDINATOR, reden="tikfout")
    assert people_of(vreemd, nummer) == [weg]
    assert not chain_faults(log_rows(vreemd))
    assert rebuilt_is_equal(vreemd)


def test_two_open_trajecten_stand_in_the_way_of_a_merge(vreemd: Connection) -> None:
    weg, blijft = a_person(vreemd), a_person(vreemd)
    nummers = [a_traject(vreemd, wie=[weg]), a_traject(vreemd, wie=[blijft])]
    voor = everything(vreemd)
    with pytest.raises(OvergangGeweigerd) as geweigerd:
        personen.merge(vreemd, weg, blijft, door=COORDINATOR, op=VANDAAG)
    assert all(nummer in geweigerd.value.redenen[0] for nummer in nummers)
    assert everything(vreemd) == voor


def test_a_person_is_not_merged_with_oneself(vreemd: Connection) -> None:
    wie = a_person(vreemd)
    with pytest.raises(OvergangGeweigerd, match="twee verschillende"):
        personen.merge(vreemd, wie, wie, door=COORDINATOR, op=VANDAAG)


def test_a_merge_with_nobody_is_refused(vreemd: Connection) -> None:
    wie = a_person(vreemd)
    for paar in ((wie, "niemand"), ("niemand", wie)):
        with pytest.raises(InvoerGeweigerd):
            personen.merge(vreemd, *paar, door=COORDINATOR, op=VANDAAG)


def test_what_was_not_merged_is_not_undone(vreemd: Connection) -> None:
    with pytest.raises(OvergangGeweigerd, match="niet samengevoegd"):
        personen.unmerge(vreemd, a_person(vreemd), door=COORDINATOR, reden="tikfout")
    with pytest.raises((OvergangGeweigerd, InvoerGeweigerd)):
        personen.unmerge(vreemd, "niemand", door=COORDINATOR, reden="tikfout")


def test_after_a_merge_nothing_starts_for_who_went(vreemd: Connection, dubbel: tuple[str, str, str]) -> None:
    """Else one client could have two open trajecten, one for each entry."""
    weg, blijft, _ = dubbel
    personen.merge(vreemd, weg, blijft, door=COORDINATOR, op=VANDAAG)
    a_traject(vreemd, wie=[blijft], op=VANDAAG)
    with pytest.raises((OvergangGeweigerd, InvoerGeweigerd)):
        a_traject(vreemd, wie=[weg], op=VANDAAG)


def test_a_person_is_merged_once(vreemd: Connection, dubbel: tuple[str, str, str]) -> None:
    weg, blijft, _ = dubbel
    personen.merge(vreemd, weg, blijft, door=COORDINATOR, op=VANDAAG)
    with pytest.raises((OvergangGeweigerd, InvoerGeweigerd)):
        personen.merge(vreemd, weg, a_person(vreemd), door=COORDINATOR, op=VANDAAG)
    with pytest.raises((OvergangGeweigerd, InvoerGeweigerd)):
        personen.merge(vreemd, a_person(vreemd), weg, door=COORDINATOR, op=VANDAAG)


def test_of_two_merges_in_a_row_the_first_can_be_undone(vreemd: Connection, dubbel: tuple[str, str, str]) -> None:
    """a is b, then b is c; a turns out to be someone else after all."""
    weg, midden, nummer = dubbel
    personen.merge(vreemd, weg, midden, door=COORDINATOR, op=VANDAAG)
    personen.merge(vreemd, midden, a_person(vreemd), door=COORDINATOR, op=VANDAAG)
    personen.unmerge(vreemd, weg, door=COORDINATOR, reden="tikfout")
    assert people_of(vreemd, nummer) == [weg]
    assert rebuilt_is_equal(vreemd)


def test_one_row_of_a_merge_is_not_taken_out_by_itself(vreemd: Connection, dubbel: tuple[str, str, str]) -> None:
    """Else the traject is of someone who, by the register, is somebody else."""
    weg, blijft, nummer = dubbel
    personen.merge(vreemd, weg, blijft, door=COORDINATOR, op=VANDAAG)
    with pytest.raises(OvergangGeweigerd):
        withdraw(vreemd, nummer, 3, reden="tikfout", door=COORDINATOR)


def test_unmerge_asks_a_reason_of_the_map(vreemd: Connection, dubbel: tuple[str, str, str]) -> None:
    weg, blijft, _ = dubbel
    personen.merge(vreemd, weg, blijft, door=COORDINATOR, op=VANDAAG)
    with pytest.raises(InvoerGeweigerd):
        personen.unmerge(vreemd, weg, door=COORDINATOR, reden="zomaar")


def test_a_traject_that_was_taken_back_is_merged_too(vreemd: Connection) -> None:
    """Restored later, it must not be of a person who no longer is one."""
    weg, blijft = a_person(vreemd), a_person(vreemd)
    nummer = a_traject(vreemd, wie=[weg])
    withdraw(vreemd, nummer, 1, reden="tikfout", door=COORDINATOR)
    personen.merge(vreemd, weg, blijft, door=COORDINATOR, op=VANDAAG)
    withdraw(vreemd, nummer, 2, reden="tikfout", door=COORDINATOR)
    assert people_of(vreemd, nummer) == [blijft]


def test_in_a_merged_household_one_can_still_leave(vreemd: Connection) -> None:
    weg, blijft, ander = a_person(vreemd), a_person(vreemd), a_person(vreemd)
    nummer = a_traject(vreemd, wie=[weg, ander])
    personen.merge(vreemd, weg, blijft, door=COORDINATOR, op=VANDAAG)
    step(vreemd, nummer, "gezin_splitsen", invoer={"wie_vertrekt": blijft})
    assert list(folded(vreemd, nummer).stand.deelnemers) == [ander]
    assert rebuilt_is_equal(vreemd)


@pytest.mark.parametrize("ander", [False, True], ids=["who stays has no traject", "who stays has one"])
def test_a_traject_that_was_taken_back_is_of_its_own_person_again_after_an_unmerge(
    vreemd: Connection, ander: bool
) -> None:
    weg, blijft = a_person(vreemd), a_person(vreemd)
    nummer = a_traject(vreemd, wie=[weg], op=BEGIN + 20)
    withdraw(vreemd, nummer, 1, reden="tikfout", door=COORDINATOR)
    if ander:
        a_traject(vreemd, wie=[blijft], op=BEGIN)
    personen.merge(vreemd, weg, blijft, door=COORDINATOR, op=VANDAAG)
    assert personen.unmerge(vreemd, weg, door=COORDINATOR, reden="tikfout") == [nummer]
    withdraw(vreemd, nummer, 2, reden="tikfout", door=COORDINATOR)
    assert people_of(vreemd, nummer) == [weg]
    assert rebuilt_is_equal(vreemd)


def test_an_undone_merge_is_not_restored_for_one_traject(vreemd: Connection, dubbel: tuple[str, str, str]) -> None:
    """Else it is of somebody who, by the register, is another."""
    weg, blijft, nummer = dubbel
    personen.merge(vreemd, weg, blijft, door=COORDINATOR, op=VANDAAG)
    personen.unmerge(vreemd, weg, door=COORDINATOR, reden="tikfout")
    with pytest.raises(OvergangGeweigerd, match="Voeg de personen daar opnieuw samen"):
        withdraw(vreemd, nummer, log_rows(vreemd, nummer)[-1]["volgnummer"], reden="tikfout", door=COORDINATOR)
    assert people_of(vreemd, nummer) == [weg]
