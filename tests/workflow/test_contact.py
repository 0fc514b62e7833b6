"""The last contact with the client: from that day a traject counts as silent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, text

from models import klok
from tests.bouwers import COORDINATOR, NU, UITVOERDER, VANDAAG, a_traject, day, register, step
from workflow.correcties import amend, withdraw
from workflow.overzichten import STIL_DAGEN, Vraag, werkvoorraad
from workflow.voortgang import advance, hand_over

BEGIN = day("2025-06-02")


def last_contact(db: Connection, nummer: str) -> int:
    """The day in the projection."""
    vraag = text("SELECT contact_op FROM traject WHERE nummer = :nummer")
    return int(db.execute(vraag, {"nummer": nummer}).scalar_one())


def call(db: Connection, nummer: str, op: int, **antwoorden: Any) -> int:
    """A telephone call; the volgnummer of its row."""
    invoer = {"contactsoort": "telefoon", "bereikt": "ja", **antwoorden}
    return advance(db, nummer, "contact_vastleggen", invoer, door=UITVOERDER, op=op).volgnummer


def test_without_any_contact_the_day_counts_on_which_the_traject_began(db: Connection) -> None:
    assert last_contact(db, a_traject(db, op=BEGIN)) == BEGIN


def test_who_was_not_reached_and_who_is_not_the_client_is_no_contact(db: Connection) -> None:
    nummer = a_traject(db, op=BEGIN)
    call(db, nummer, BEGIN + 5)
    call(db, nummer, BEGIN + 10, bereikt="nee")
    call(db, nummer, BEGIN + 11, contact_met="schuldeiser")
    assert last_contact(db, nummer) == BEGIN + 5
    call(db, nummer, BEGIN + 12, contact_met="bewindvoerder")
    assert last_contact(db, nummer) == BEGIN + 12


def test_a_note_and_a_document_are_no_contact(db: Connection) -> None:
    nummer = a_traject(db, op=BEGIN)
    advance(db, nummer, "notitie_maken", {"notitie": "Dossier bekeken."}, door=UITVOERDER, op=BEGIN + 3)
    advance(db, nummer, "stukken_vastleggen", {"stukken": {"inkomen": "compleet"}}, door=UITVOERDER, op=BEGIN + 4)
    assert last_contact(db, nummer) == BEGIN


def test_a_conversation_is_a_contact(db: Connection) -> None:
    nummer = a_traject(db, op=BEGIN)
    advance(db, nummer, "intake_starten", {}, door=UITVOERDER, op=BEGIN + 8)
    assert last_contact(db, nummer) == BEGIN + 8


def test_handing_over_leaves_the_last_contact_as_it_was(db: Connection) -> None:
    nummer = a_traject(db, op=BEGIN)
    call(db, nummer, BEGIN + 5)
    register(db, ())
    hand_over(db, nummer, UITVOERDER.pseudoniem, door=COORDINATOR, op=BEGIN + 60)
    assert last_contact(db, nummer) == BEGIN + 5


def test_a_correction_moves_it_back(db: Connection) -> None:
    nummer = a_traject(db, op=BEGIN)
    call(db, nummer, BEGIN + 5)
    tweede, derde = call(db, nummer, BEGIN + 9), call(db, nummer, BEGIN + 20)
    withdraw(db, nummer, derde, reden="verkeerde_keuze", door=COORDINATOR)
    assert last_contact(db, nummer) == BEGIN + 9
    amend(db, nummer, tweede, invoer={"bereikt": "nee"}, reden="verkeerde_keuze", door=COORDINATOR)
    assert last_contact(db, nummer) == BEGIN + 5


def test_contact_on_a_child_counts_for_the_family_and_opening_one_does_not(db: Connection) -> None:
    nummer = a_traject(db, op=BEGIN)
    kind = a_traject(db, route="crisis", hoort_bij=nummer, op=BEGIN + 40)
    assert last_contact(db, nummer) == BEGIN
    step(db, kind, "crisisgesprek_voeren", BEGIN + 41)
    step(db, kind, "crisis_afsluiten", BEGIN + 42)
    assert last_contact(db, nummer) == BEGIN + 41


def test_silence_of_more_than_thirty_days_is_counted_from_the_last_contact(db: Connection) -> None:
    with klok.at(NU - timedelta(days=90)):
        stil, gebeld = (a_traject(db, op=VANDAAG - 90) for _ in range(2))
    with klok.at(NU):
        call(db, stil, VANDAAG - STIL_DAGEN - 1)
        call(db, gebeld, VANDAAG - STIL_DAGEN)
        advance(db, stil, "notitie_maken", {"notitie": "Bekeken."}, door=UITVOERDER, op=VANDAAG)
    regels = werkvoorraad(db, Vraag(lijst="alle", sorteer="contact"), "", VANDAAG).regels
    assert [(r.nummer, r.silent_days(VANDAAG)) for r in regels] == [(stil, 31), (gebeld, 30)]
    assert [r.nummer for r in werkvoorraad(db, Vraag(lijst="alle", stil=True), "", VANDAAG).regels] == [stil]
