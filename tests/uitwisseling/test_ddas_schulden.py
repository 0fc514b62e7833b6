"""Debts in a delivery: told from the register, kept as they came, and what changes here comes out changed alone."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from leveringen import DOOR, Json, trajecten
from sqlalchemy import Connection
from test_ddas_maken import KBL, LATER, export, melding
from test_ddas_rond import leeg, moved, told  # noqa: F401

from models import klok
from models.database import transaction
from workflow import schuldboek, schuldeisers
from workflow.schuldboek import Melding
from workflow.schuldeisers import Schuldeiser
from workflow.schulden import Gegevens
from workflow.uitwisseling import ddas
from workflow.uitwisseling.ddas_schema import violations

GELEVERD = [
    {"bedrag": 1200, "schuldsoort": "Zorg", "schuldeiser": {"naam": "Zorgplus", "kvknummer": "12345678"}},
    {"bedrag": 800, "peildatum": "2024-01-22", "schuldeiser": {"Naam": "Oom Proef", "privepersoon": True}},
    {"schuldsoort": "Nuts", "zakelijkeSchuld": False},
]


@pytest.fixture(autouse=True)
def later(vandaag: None) -> Iterator[None]:
    """It is November."""
    with klok.at(LATER):
        yield


def debts(db: Connection) -> list[Json]:
    (traject,) = trajecten(export(db, "1990-01-01"))
    return traject.get("schulden", [])


def delivered(db: Connection) -> str:
    """A traject that came with these debts; its number."""
    nummer = melding(db, "2026-02-02")
    levering = json.loads(ddas.as_text(export(db, "1990-01-01")))
    del nummer
    levering["leveringen"][0]["schuldhulptrajecten"][0] |= {
        "schulden": GELEVERD,
        "startdatum": "2019-02-04",
        "einddatum": "2019-05-06",
    }
    (regel,) = ddas.import_delivery(db, json.dumps(levering), DOOR).regels
    assert regel.nummer
    return regel.nummer


def of(db: Connection, nummer: str) -> list[Json]:
    from workflow.uitwisseling.ddas_uit import trajecten as told_of

    return dict(told_of(db, [nummer]))[nummer].get("schulden", [])


def test_own_debts_are_told_in_whole_euros_without_the_name_of_a_private_person(db: Connection) -> None:
    nummer = melding(db, "2026-02-02")
    code = schuldeisers.add(db, Schuldeiser("", "Zorgplus", "Zorg", kvknummer="12345678", postcode="6211 AB")).code
    nieuwe = [
        Gegevens(schuldeiser=code, bedrag=125050, peil_op="2026-02-01"),
        Gegevens(naam="Oom Proef", is_prive=True, bedrag=4949, soort="Overig", is_zakelijk=False),
        Gegevens(naam="Vergissing", bedrag=100, soort="Overig"),
    ]
    schuldboek.add(db, nummer, nieuwe, Melding(KBL))
    schuldboek.drop(db, nummer, 3, "Was er geen.", 1, Melding(KBL))
    zorgplus = {"naam": "Zorgplus", "kvknummer": "12345678", "postcode": "6211AB", "privepersoon": False}
    assert debts(db) == [
        {
            "bedrag": 1251,
            "peildatum": "2026-02-01",
            "schuldsoort": "Zorg",
            "zakelijkeSchuld": False,
            "schuldeiser": zorgplus,
        },
        {"bedrag": 49, "schuldsoort": "Overig", "zakelijkeSchuld": False, "schuldeiser": {"privepersoon": True}},
    ]
    assert list(violations(export(db, "1990-01-01"))) == []


def test_a_creditor_that_is_only_proposed_is_not_named_and_one_that_was_erased_is_a_private_person(
    db: Connection,
) -> None:
    nummer = melding(db, "2026-02-02")
    code = schuldeisers.add(db, Schuldeiser("", "Oom Proef", "Overig", is_voorstel=True)).code
    schuldboek.add(db, nummer, [Gegevens(schuldeiser=code, bedrag=100)], Melding(KBL))
    assert [een["schuldeiser"] for een in debts(db)] == [{"privepersoon": False}]
    assert list(violations(export(db, "1990-01-01"))) == []
    schuldeisers.erase(db, code)
    assert [een["schuldeiser"] for een in debts(db)] == [{"privepersoon": True}]


def test_a_delivered_debt_is_of_a_private_person_once_its_proposed_creditor_was_erased(db: Connection) -> None:
    code = schuldeisers.add(db, Schuldeiser("", "Zorgplus", "Zorg", is_voorstel=True)).code
    nummer = delivered(db)
    assert of(db, nummer) == GELEVERD
    schuldeisers.erase(db, code)
    assert of(db, nummer)[0]["schuldeiser"] == {"privepersoon": True}
    assert "Zorgplus" not in str(of(db, nummer))


def test_delivered_debts_come_out_as_they_came_also_when_a_creditor_is_known(db: Connection) -> None:
    schuldeisers.add(db, Schuldeiser("", "Zorgplus Groep", "Zorg", kvknummer="12345678"))
    nummer = delivered(db)
    assert of(db, nummer) == GELEVERD


def test_a_creditor_that_is_entered_later_changes_no_delivered_debt(db: Connection) -> None:
    nummer = delivered(db)
    schuldeisers.add(db, Schuldeiser("", "Zorgplus", "Zorg", kvknummer="12345678", postcode="6211AB"))
    assert of(db, nummer) == GELEVERD


def test_a_second_delivery_adds_no_debt(db: Connection) -> None:
    nummer = delivered(db)
    levering = export(db, "1990-01-01")
    assert ddas.import_delivery(db, ddas.as_text(levering), DOOR).geteld["nieuw"] == 0
    assert of(db, nummer) == GELEVERD


def test_what_is_told_of_debts_is_taken_in_elsewhere_and_is_the_same(database: str, leeg: str) -> None:  # noqa: F811
    with transaction(database) as db:
        nummer = melding(db, "2026-02-02")
        nieuwe = [Gegevens(naam=f"S{n}", bedrag=n * 100, soort="Overig", is_prive=n == 2) for n in range(4)]
        schuldboek.add(db, nummer, nieuwe, Melding(KBL))
    hier = told(database)
    assert len(hier[0]["schulden"]) == 4
    assert moved(database, leeg).geteld["nieuw"] == 1
    assert told(leeg) == hier
