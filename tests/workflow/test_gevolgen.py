"""Each effect is written in the same submit as the overgang that brings it about."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import Connection, text

from tests.bouwers import BEGIN, UITVOERDER, a_traject, folded, log_rows, place, step
from workflow.gevolgen import GEVOLGEN
from workflow.voortgang import InvoerGeweigerd


def children(db: Connection) -> list[str]:
    """The numbers of all child trajecten."""
    return list(db.execute(text("SELECT nummer FROM traject WHERE ouder_id IS NOT NULL ORDER BY id")).scalars())


@pytest.fixture
def les(vreemd: Connection) -> str:
    """A traject of two people in groepsles: three rows."""
    return a_traject(vreemd, aantal=2, stap="groepsles", gemeente="GM9902", behandelaar=UITVOERDER.pseudoniem)


# -- open_kind ---------------------------------------------------------------------------------------------------------


def test_open_kind(vreemd: Connection, les: str) -> None:
    gemaakt = step(vreemd, les, "pauze_geven", BEGIN + 5, invoer={"pauzegrond": "geboorte", "pauze_tot": "2025-07-01"})
    (kind,) = children(vreemd)
    (rij,) = log_rows(vreemd, kind)
    assert (rij["soort"], rij["overgang"], rij["naar"], rij["dag"]) == ("start", "geboorte", "in_pauze", BEGIN + 5)
    assert rij["opdracht_id"] == gemaakt.opdracht_id
    assert json.loads(rij["inhoud"])["invoer"] == {"grond": "geboorte", "pauze_tot": "2025-07-01"}


def test_open_kind_starts_as_the_answer_says(vreemd: Connection, les: str) -> None:
    step(vreemd, les, "pauze_geven", BEGIN + 5, invoer={"pauzegrond": "verbouwing"})
    assert folded(vreemd, children(vreemd)[0]).stand.kenmerken["grond"] == "verbouwing"


def test_open_kind_takes_people_and_place_along(vreemd: Connection, les: str) -> None:
    step(vreemd, les, "pauze_geven", BEGIN + 5)
    kind, ouder = folded(vreemd, children(vreemd)[0]), folded(vreemd, les)
    assert kind.stand.deelnemers == ouder.stand.deelnemers
    assert kind.stand.kenmerken["gemeente"] == "GM9902"
    assert kind.stand.kenmerken["behandelaar"] == UITVOERDER.pseudoniem


def test_open_kind_opens_nothing_when_the_overgang_is_refused(vreemd: Connection, les: str) -> None:
    with pytest.raises(InvoerGeweigerd):
        step(vreemd, les, "pauze_geven", BEGIN + 5, invoer={"pauzegrond": "vakantie"})
    assert children(vreemd) == []


def test_open_kind_only_if_the_answer_asks_for_it(db: Connection, stille_klok: None) -> None:
    """The map of Maastricht opens a crisis only when the answer names one."""
    a_traject(db)
    assert children(db) == []
    (als,) = _conditions(db)
    veld, waarden = next(iter(als.items()))
    for waarde in waarden:
        a_traject(db, invoer={veld: waarde})
    assert len(children(db)) == len(waarden)


def _conditions(db: Connection) -> list[dict[str, Any]]:
    from tests.bouwers import the_map

    route = next(r for r in the_map(db).routes.values() if not r.hoort_bij)
    opening = next(iter(route.starten.values()))
    return [g.argument["als"] for g in opening.gevolgen if g.naam == "open_kind"]


# -- sluit_kinderen ----------------------------------------------------------------------------------------------------


def test_sluit_kinderen(vreemd: Connection, les: str) -> None:
    step(vreemd, les, "pauze_geven", BEGIN + 5)
    (kind,) = children(vreemd)
    gemaakt = step(vreemd, les, "stoppen", BEGIN + 9)
    rij = log_rows(vreemd, kind)[-1]
    assert (rij["overgang"], rij["van"], rij["naar"], rij["dag"]) == (
        *("pauze_afbreken", "in_pauze", "afgebroken"),
        BEGIN + 9,
    )
    assert rij["opdracht_id"] == gemaakt.opdracht_id


def test_sluit_kinderen_of_the_routes_named(vreemd: Connection, les: str) -> None:
    step(vreemd, les, "pauze_geven", BEGIN + 5)
    step(vreemd, les, "vrijstellen", BEGIN + 9)
    assert place(vreemd, children(vreemd)[0]) == "afgebroken"


def test_sluit_kinderen_leaves_what_ended(vreemd: Connection, les: str) -> None:
    step(vreemd, les, "pauze_geven", BEGIN + 5)
    (kind,) = children(vreemd)
    step(vreemd, kind, "les_hervatten", BEGIN + 7)
    step(vreemd, les, "stoppen", BEGIN + 9)
    assert place(vreemd, kind) == "hervat"
    assert len(log_rows(vreemd, kind)) == 2


def test_sluit_kinderen_not_before_what_the_child_did(vreemd: Connection, les: str) -> None:
    step(vreemd, les, "pauze_geven", BEGIN + 5)
    (kind,) = children(vreemd)
    step(vreemd, kind, "pauze_verlengen", BEGIN + 20)
    step(vreemd, les, "stoppen", BEGIN + 9)
    assert log_rows(vreemd, kind)[-1]["dag"] == BEGIN + 20


# -- splits_traject ----------------------------------------------------------------------------------------------------


def test_splits_traject(vreemd: Connection, les: str) -> None:
    blijft, vertrekt = folded(vreemd, les).stand.deelnemers
    gemaakt = step(vreemd, les, "gezin_splitsen", BEGIN + 5, invoer={"wie_vertrekt": vertrekt})
    rijen = [r for r in log_rows(vreemd) if r["opdracht_id"] == gemaakt.opdracht_id]
    assert [(r["traject_id"], r["soort"], r["naar"]) for r in rijen] == [
        (1, "overgang", None),
        (2, "start", "groepsles"),
        (1, "migratie", None),
    ]
    start = json.loads(rijen[1]["inhoud"])
    assert (start["ingang"], start["begonnen_op"]) == ("splitsing", BEGIN)
    assert start["komt_uit"] == {"soort": "splitsing", "traject": 1, "volgnummer": 4}
    assert start["deelnemers"] == [["persoon", vertrekt]]
    assert list(folded(vreemd, les).stand.deelnemers) == [blijft]


def test_splits_traject_takes_chosen_children_along(vreemd: Connection, les: str) -> None:
    step(vreemd, les, "pauze_geven", BEGIN + 5)
    (kind,) = children(vreemd)
    step(vreemd, les, "gezin_splitsen", BEGIN + 8, invoer={"wat_gaat_mee": [kind]})
    oud, nieuw = children(vreemd)
    assert (oud, folded(vreemd, oud).stand.is_open, folded(vreemd, nieuw).stand.is_open) == (kind, False, True)
    assert folded(vreemd, nieuw).stand.antwoorden["pauze_tot"] == folded(vreemd, oud).stand.antwoorden["pauze_tot"]
    assert json.loads(log_rows(vreemd, oud)[-1]["inhoud"])["naar_traject"] == folded(vreemd, nieuw).ouder_id


def test_splits_traject_leaves_the_other_children(vreemd: Connection, les: str) -> None:
    step(vreemd, les, "pauze_geven", BEGIN + 5)
    step(vreemd, les, "gezin_splitsen", BEGIN + 8)
    (kind,) = children(vreemd)
    assert folded(vreemd, kind).ouder_id == folded(vreemd, les).traject_id
    assert folded(vreemd, kind).stand.is_open


def a_pauze_of_one(db: Connection, les: str, wie: str) -> str:
    return a_traject(db, route="pauze", hoort_bij=les, wie=[wie], op=BEGIN + 5)


def test_splits_traject_takes_along_what_is_of_who_leaves_alone(vreemd: Connection, les: str) -> None:
    vertrekt = list(folded(vreemd, les).stand.deelnemers)[-1]
    kind = a_pauze_of_one(vreemd, les, vertrekt)
    step(vreemd, les, "gezin_splitsen", BEGIN + 8, invoer={"wie_vertrekt": vertrekt})
    oud, nieuw = children(vreemd)
    assert (oud, folded(vreemd, oud).stand.is_open, folded(vreemd, nieuw).stand.is_open) == (kind, False, True)
    assert list(folded(vreemd, nieuw).stand.deelnemers) == [vertrekt]


def test_splits_traject_leaves_what_is_of_who_stays(vreemd: Connection, les: str) -> None:
    blijft, vertrekt = folded(vreemd, les).stand.deelnemers
    kind = a_pauze_of_one(vreemd, les, blijft)
    with pytest.raises(InvoerGeweigerd, match=f"{kind} is van wie blijft, en kan dus niet mee"), vreemd.begin_nested():
        step(vreemd, les, "gezin_splitsen", BEGIN + 8, invoer={"wie_vertrekt": vertrekt, "wat_gaat_mee": [kind]})
    step(vreemd, les, "gezin_splitsen", BEGIN + 8, invoer={"wie_vertrekt": vertrekt})
    assert children(vreemd) == [kind]
    assert list(folded(vreemd, kind).stand.deelnemers) == [blijft]


def test_who_left_takes_no_part_in_the_children_that_stay(vreemd: Connection, les: str) -> None:
    """The pauze stays with who stays; who left has a traject of their own and is no party to it any more."""
    step(vreemd, les, "pauze_geven", BEGIN + 5)
    blijft, vertrekt = folded(vreemd, les).stand.deelnemers
    step(vreemd, les, "gezin_splitsen", BEGIN + 8, invoer={"wie_vertrekt": vertrekt})
    assert list(folded(vreemd, children(vreemd)[0]).stand.deelnemers) == [blijft]


def test_who_stays_takes_no_part_in_the_children_that_went(vreemd: Connection, les: str) -> None:
    step(vreemd, les, "pauze_geven", BEGIN + 5)
    vertrekt = list(folded(vreemd, les).stand.deelnemers)[-1]
    step(vreemd, les, "gezin_splitsen", BEGIN + 8, invoer={"wat_gaat_mee": children(vreemd)})
    assert list(folded(vreemd, children(vreemd)[1]).stand.deelnemers) == [vertrekt]


# -- The registry ------------------------------------------------------------------------------------------------------


def test_the_registry_is_closed() -> None:
    assert set(GEVOLGEN) == {"open_kind", "sluit_kinderen", "splits_traject"}
