"""Beside the main traject a client has budgetbeheer once at a time: variants change within it."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text

from tests.bouwers import COORDINATOR, VANDAAG, a_person, a_traject, everything, step
from workflow import trajectpagina
from workflow.machine import OvergangGeweigerd
from workflow.voortgang import amend, start, withdraw

BEGIN = VANDAAG - 60


@pytest.fixture
def samen(db: Connection) -> tuple[str, str, str]:
    """A traject of two people, and who they are."""
    een, ander = a_person(db), a_person(db)
    nummer = a_traject(db, route="schuldhulp", begin="melding_registreren", wie=[een, ander], op=BEGIN)
    return nummer, een, ander


def budgetbeheer(db: Connection, nummer: str, variant: str, wie: str, op: int = VANDAAG) -> str:
    """Start budgetbeheer for one of them."""
    return start(db, "budgetbeheer", variant, {}, door=COORDINATOR, hoort_bij=nummer, personen=[wie], op=op).nummer


def test_a_second_budgetbeheer_is_refused_and_names_the_first(db: Connection, samen: tuple[str, str, str]) -> None:
    nummer, een, ander = samen
    eerste = budgetbeheer(db, nummer, "plus", een)
    eerst = everything(db)
    with pytest.raises(OvergangGeweigerd) as fout:
        budgetbeheer(db, nummer, "totaal", een)
    assert fout.value.redenen == [f"Deze cliënt heeft in die tijd al budgetbeheer: {eerste}."]
    assert everything(db) == eerst
    assert budgetbeheer(db, nummer, "totaal", ander)


def test_the_page_says_it_when_nobody_is_left(db: Connection, samen: tuple[str, str, str]) -> None:
    nummer, een, ander = samen
    budgetbeheer(db, nummer, "plus", een)
    assert why_not(db, nummer) == ()
    budgetbeheer(db, nummer, "totaal", ander)
    (reden,) = why_not(db, nummer)
    assert reden.startswith("Deze cliënt heeft in die tijd al budgetbeheer: BBR-")


def why_not(db: Connection, nummer: str) -> tuple[str, ...]:
    """What the page says of starting BBR Basis."""
    pagina = trajectpagina.read(db, nummer, "uitvoerder", VANDAAG)
    (keus,) = [m for m in pagina.kindstarten if (m.route.code, m.overgang.code) == ("budgetbeheer", "basis")]
    return keus.redenen


def test_after_its_end_another_may_start(db: Connection, samen: tuple[str, str, str]) -> None:
    nummer, een, _ = samen
    eerste = budgetbeheer(db, nummer, "plus", een, BEGIN + 5)
    step(db, eerste, "budgetbeheer_stoppen", BEGIN + 20)
    assert budgetbeheer(db, nummer, "totaal", een, BEGIN + 20)
    with pytest.raises(OvergangGeweigerd, match=eerste):
        budgetbeheer(db, nummer, "basis", een, BEGIN + 10)


def test_a_correction_does_not_make_two_of_one(db: Connection, samen: tuple[str, str, str]) -> None:
    nummer, een, _ = samen
    eerste = budgetbeheer(db, nummer, "plus", een, BEGIN + 5)
    gestopt = step(db, eerste, "budgetbeheer_stoppen", BEGIN + 20)
    budgetbeheer(db, nummer, "totaal", een, BEGIN + 30)
    for wijziging in (
        lambda: withdraw(db, eerste, gestopt.volgnummer, reden="telfout", door=COORDINATOR),
        lambda: amend(db, eerste, gestopt.volgnummer, dag=BEGIN + 31, reden="telfout", door=COORDINATOR),
    ):
        with pytest.raises(OvergangGeweigerd, match="twee trajecten tegelijk"):
            wijziging()


def test_a_crisis_of_another_kind_may_open_beside_the_first(db: Connection, samen: tuple[str, str, str]) -> None:
    nummer, *_ = samen
    for soort in ("woningontruiming", "loon_of_bankbeslag"):
        invoer = {"crisis_soort": soort}
        start(db, "crisis", "crisis_openen", invoer, door=COORDINATOR, hoort_bij=nummer, op=VANDAAG)
    assert db.execute(text("SELECT count(*) FROM traject WHERE route = 'crisis' AND is_open")).scalar_one() == 2


def test_what_a_delivery_says_twice_is_kept_as_it_was_said(db: Connection, samen: tuple[str, str, str]) -> None:
    nummer, een, _ = samen
    ingelezen = {"door": COORDINATOR, "hoort_bij": nummer, "personen": [een], "extra": {"ingang": "import"}}
    eerste = start(db, "budgetbeheer", "budgetbeheer_inlezen", {}, op=BEGIN + 5, **ingelezen).nummer
    tweede = start(db, "budgetbeheer", "budgetbeheer_inlezen", {}, op=BEGIN + 6, **ingelezen).nummer
    amend(db, tweede, 1, dag=BEGIN + 7, reden="telfout", door=COORDINATOR)
    with pytest.raises(OvergangGeweigerd, match=f"{eerste}, {tweede}"):
        budgetbeheer(db, nummer, "plus", een)
