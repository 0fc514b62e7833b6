"""After a split both trajecten, and children that went along, tell where the other one is."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text

from tests.bouwers import BEGIN, COORDINATOR, VANDAAG, a_traject, day, folded, step
from workflow import trajectpagina
from workflow.kalender import in_words
from workflow.projectie import rebuild
from workflow.termijnen import Termijn
from workflow.trajectpagina import Trajectpagina
from workflow.voortgang import start, withdraw


@pytest.fixture
def les(vreemd: Connection) -> str:
    """A traject of two people with a pauze beside it."""
    nummer = a_traject(vreemd, aantal=2, stap="groepsles")
    step(vreemd, nummer, "pauze_geven", BEGIN + 5)
    return nummer


def numbers(db: Connection) -> list[str]:
    return list(db.execute(text("SELECT nummer FROM trajectnummer ORDER BY id")).scalars())


def page(db: Connection, nummer: str) -> Trajectpagina:
    return trajectpagina.read(db, nummer, "uitvoerder", VANDAAG)


def test_the_traject_that_goes_on_and_the_one_split_off_name_each_other(vreemd: Connection, les: str) -> None:
    step(vreemd, les, "gezin_splitsen", BEGIN + 8)
    *_, nieuw = numbers(vreemd)
    assert (page(vreemd, les).afgesplitst, page(vreemd, les).afgesplitst_van) == ((nieuw,), None)
    assert (page(vreemd, nieuw).afgesplitst, page(vreemd, nieuw).afgesplitst_van) == ((), les)


def test_a_child_that_went_along_names_the_one_in_its_place(vreemd: Connection, les: str) -> None:
    kind = numbers(vreemd)[-1]
    step(vreemd, les, "gezin_splitsen", BEGIN + 8, invoer={"wat_gaat_mee": [kind]})
    *_, nieuw, nieuw_kind = numbers(vreemd)
    assert page(vreemd, kind).afgesplitst == (nieuw_kind,)
    assert page(vreemd, nieuw_kind).afgesplitst_van == kind
    assert page(vreemd, les).afgesplitst == (nieuw,)


def test_a_child_that_stayed_names_nothing(vreemd: Connection, les: str) -> None:
    kind = numbers(vreemd)[-1]
    step(vreemd, les, "gezin_splitsen", BEGIN + 8)
    assert page(vreemd, kind).afgesplitst == ()


def test_a_split_that_was_withdrawn_is_named_no_more(vreemd: Connection, les: str) -> None:
    gedaan = step(vreemd, les, "gezin_splitsen", BEGIN + 8)
    withdraw(vreemd, les, gedaan.volgnummer, reden="tikfout", door=COORDINATOR)
    assert page(vreemd, les).afgesplitst == ()


# -- Terms go on ------------------------------------------------------------------------------------------------------


MELDING, SPLITSING = day("2025-11-03"), day("2025-11-20")
SAMEN = {"route": "schuldhulp", "begin": "melding_registreren", "aantal": 2, "op": MELDING}


def split(db: Connection, nummer: str, op: int = SPLITSING) -> str:
    """The household splits; the number of who leaves."""
    step(db, nummer, "huishouden_splitsen", op)
    (nieuw,) = page(db, nummer).afgesplitst
    return nieuw


def term(db: Connection, nummer: str, code: str) -> Termijn:
    """The last run of a term."""
    return [t for t in page(db, nummer).termijnen if t.code == code][-1]


def test_who_leaves_keeps_the_term_of_the_melding_with_its_reason(db: Connection) -> None:
    nummer = a_traject(db, invoer={"bron": "eigen_melding", "crisis": "geen"}, **SAMEN)
    nieuw = split(db, nummer)
    blijver, vertrekker = term(db, nummer, "eerste_gesprek"), term(db, nieuw, "eerste_gesprek")
    assert in_words(vertrekker.vervaldag or 0) == "maandag 1 december 2025"
    assert vertrekker == blijver
    assert vertrekker.rekening[0].startswith("Gerekend vanaf 3 november 2025, de dag dat de stap Melding begon:")


def test_the_stored_last_day_of_who_leaves_is_the_same_after_a_rebuild(db: Connection) -> None:
    nieuw = split(db, a_traject(db, invoer={"bron": "eigen_melding", "crisis": "geen"}, **SAMEN))
    vraag = text("SELECT vervaldag FROM traject WHERE nummer = :n")
    eerst = db.execute(vraag, {"n": nieuw}).scalar_one()
    rebuild(db)
    assert db.execute(vraag, {"n": nieuw}).scalar_one() == eerst == day("2025-12-01")


def test_who_leaves_keeps_a_term_that_counts_from_an_answer(db: Connection) -> None:
    invoer = {"bron": "vroegsignaal", "signaal_ontvangen_op": "2025-10-27", "crisis": "geen"}
    nieuw = split(db, a_traject(db, invoer=invoer, **SAMEN))
    assert (
        term(db, nieuw, "eerste_gesprek")
        .rekening[0]
        .startswith("Gerekend vanaf 27 oktober 2025, de dag dat het vroegsignaal is ontvangen:")
    )
    assert [t.code for t in page(db, nieuw).termijnen] == ["eerste_gesprek", "eerste_gesprek_acceptatie"]


def test_what_stood_still_before_the_split_still_does_not_count(db: Connection) -> None:
    nummer = a_traject(db, **SAMEN)
    step(db, nummer, "intake_starten", MELDING + 1)
    stukken = {"hersteltermijn_op": "2025-11-12"}
    kind = start(db, "opschorting", "stukken_opvragen", stukken, door=COORDINATOR, hoort_bij=nummer, op=MELDING + 2)
    step(db, kind.nummer, "stukken_compleet_maken", MELDING + 7)
    nieuw = split(db, nummer)
    assert term(db, nieuw, "besluit") == term(db, nummer, "besluit")
    assert term(db, nieuw, "besluit").opgeschort_dagen == 4


def test_what_is_waited_for_when_they_part_stands_still_until_that_day(db: Connection) -> None:
    nummer = a_traject(db, **SAMEN)
    step(db, nummer, "intake_starten", MELDING + 1)
    stukken = {"hersteltermijn_op": "2025-12-12"}
    start(db, "opschorting", "stukken_opvragen", stukken, door=COORDINATOR, hoort_bij=nummer, op=SPLITSING - 3)
    assert term(db, split(db, nummer), "besluit").opgeschort_dagen == 2


def test_the_route_of_who_leaves_shows_what_the_household_passed(db: Connection) -> None:
    nummer = a_traject(db, stap="besluit", **SAMEN)
    haltes = {h.naam: h for h in page(db, split(db, nummer)).haltes}
    assert {naam: h.status for naam, h in haltes.items()} == {
        **{"Melding": "gedaan", "Intake": "gedaan", "MESIS en besluit": "nu"},
        **dict.fromkeys(("Stabilisatie", "Minnelijk traject", "WSNP", "Budgetbeheer", "Nazorg"), "straks"),
    }
    assert haltes["MESIS en besluit"].toelichting == "Besluit, sinds 3 november 2025"


def test_a_kenmerk_of_before_the_split_judges_the_terms_of_its_time(db: Connection) -> None:
    nummer = a_traject(db, invoer={"bron": "eigen_melding", "crisis": "woningontruiming"}, **SAMEN)
    step(db, nummer, "intake_starten", MELDING + 1)
    assert [t.code for t in page(db, split(db, nummer)).termijnen if t.einde_dag] == ["eerste_gesprek_crisis"]
    assert folded(db, nummer).stand.is_open
