"""The book of debts: what the log is told, on which day, and what the list then comes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from bezoek import op_beide
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select, text, update
from sqlalchemy.exc import DatabaseError

from models import klok
from models.database import transaction
from models.persoon import datasleutel
from models.schuld import schuld
from tests.bouwers import NU, UITVOERDER, VANDAAG, a_traject, day, key
from tests.indicatoren.test_grensgevallen import figure
from workflow import schuldboek
from workflow.gezin import load, stand_on
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Conflict
from workflow.schuldboek import Melding, Saldo, add, answer, answer_amounts, change, drop, opened
from workflow.schulden import Gegevens
from workflow.uitwisseling.schulden_inlezen import read_cents
from workflow.velden import InvoerGeweigerd

ZONDER_BOEK = "Op deze plek op de routekaart worden geen schulden bijgehouden."


def some(*euro: int | None) -> list[Gegevens]:
    return [Gegevens(naam=f"S{n}", bedrag=None if e is None else e * 100, soort="Overig") for n, e in enumerate(euro)]


def told(db: Connection, nummer: str, dag: int = VANDAAG) -> tuple[object, object]:
    """Amount and number of creditors that the dossier knew at the end of a day."""
    stand = stand_on(load(db, nummer).by_nummer(nummer), dag)
    return stand.antwoorden.get("schuldbedrag"), stand.antwoorden.get("aantal_schuldeisers")


@pytest.fixture
def nummer(db: Connection) -> str:
    with klok.at(NU - timedelta(days=20)):
        return a_traject(db, op=VANDAAG - 20)


def test_a_list_of_an_earlier_day_has_the_totals_of_that_day_and_today_those_of_today(
    db: Connection, nummer: str
) -> None:
    with klok.at(NU):
        add(db, nummer, some(100), Melding(UITVOERDER, VANDAAG - 3))
        add(db, nummer, some(40), Melding(UITVOERDER, VANDAAG - 10))
        assert told(db, nummer, VANDAAG - 10) == (40, 1)
        assert told(db, nummer) == (140, 1)


def test_a_debt_that_lapsed_earlier_lowers_the_total_of_today(db: Connection, nummer: str) -> None:
    with klok.at(NU):
        add(db, nummer, some(100, 60), Melding(UITVOERDER, VANDAAG - 10))
        answer(db, nummer, [2], "saldo_gevraagd", Melding(UITVOERDER))
        drop(db, nummer, 1, "Betaald.", 1, Melding(UITVOERDER, VANDAAG - 5))
        assert told(db, nummer, VANDAAG - 6) == (160, 2)
        assert told(db, nummer, VANDAAG - 5) == (60, 1)
        assert told(db, nummer) == (60, 1)
        assert opened(db, nummer).lijst.by_nummer[2].stand == "saldo_gevraagd"


def test_an_amount_that_nobody_knows_is_told_apart_and_is_no_zero(db: Connection, nummer: str) -> None:
    with klok.at(NU):
        add(db, nummer, some(100, None), Melding(UITVOERDER))
        totaal = opened(db, nummer).lijst.totaal
    assert (totaal.aantal, totaal.cent, totaal.onbekend) == (2, 10000, 1)


def test_a_day_before_the_traject_began_is_refused_at_its_veld(db: Connection, nummer: str) -> None:
    with klok.at(NU), pytest.raises(InvoerGeweigerd) as geweigerd:
        add(db, nummer, some(1), Melding(UITVOERDER, VANDAAG - 60))
    assert set(geweigerd.value.fouten) == {"op"}


def test_a_route_without_a_book_keeps_no_debts(db: Connection, nummer: str) -> None:
    with klok.at(NU):
        klacht = a_traject(db, route="klacht", hoort_bij=nummer, op=VANDAAG)
        with pytest.raises(OvergangGeweigerd, match=ZONDER_BOEK):
            add(db, klacht, some(1), Melding(UITVOERDER))


@pytest.mark.parametrize(
    ("gegevens", "velden"),
    [
        (Gegevens(naam="S", soort="Overig", bedrag=100, kosten=200), {"kosten"}),
        (Gegevens(naam="S", soort="Overig", kosten=200), {"kosten"}),
        (Gegevens(naam="S", soort="Overig", bedrag=10**12), {"bedrag"}),
        (Gegevens(naam="S", soort="Iets"), {"soort"}),
        (Gegevens(naam="S", soort="Overig", wie="niemand"), {"wie"}),
        (Gegevens(naam="S", soort="Overig", ontstaan_op="2999-01-01"), {"ontstaan_op"}),
        (Gegevens(naam="S", soort="Overig", ontstaan_op="1899-12-31"), {"ontstaan_op"}),
        (
            Gegevens(naam="S", soort="Overig", ontstaan_op="0001-01-01", peil_op="0001-01-01"),
            {"ontstaan_op", "peil_op"},
        ),
        (Gegevens(soort="Overig"), {"schuldeiser"}),
        (Gegevens(naam="x" * 121, soort="Overig", notitie="y" * 2001), {"naam", "notitie"}),
        (Gegevens(schuldeiser="NIEMAND"), {"schuldeiser", "soort"}),
        (Gegevens(naam="Ja\x1bn", via="x\x00", kenmerk="1\n2", soort="Overig"), {"naam", "via", "kenmerk"}),
        (Gegevens(naam="Jan", notitie="eerste\n\ttweede \x07", soort="Overig"), {"notitie"}),
    ],
)
def test_a_debt_that_cannot_be_is_refused_at_its_velden(
    db: Connection, nummer: str, gegevens: Gegevens, velden: set[str]
) -> None:
    with klok.at(NU), pytest.raises(InvoerGeweigerd) as geweigerd:
        add(db, nummer, [gegevens], Melding(UITVOERDER))
    assert set(geweigerd.value.fouten) == velden
    assert db.execute(select(schuld.c.id)).first() is None


def test_a_form_that_says_another_amount_now_is_not_taken_for_the_same(db: Connection, nummer: str) -> None:
    with klok.at(NU):
        melding = Melding(UITVOERDER, sleutel=key("schuld"))
        eerst = add(db, nummer, some(100), melding)
        assert add(db, nummer, some(100), melding).volgnummer == eerst.volgnummer
        with pytest.raises(Conflict, match="voor iets anders gebruikt"):
            add(db, nummer, some(1000), melding)
        regel = opened(db, nummer).lijst.by_nummer[1]
        change(db, nummer, 1, replace(regel.gegevens, bedrag=200), 1, Melding(UITVOERDER))
        assert add(db, nummer, some(100), melding).volgnummer == eerst.volgnummer
        assert told(db, nummer) == (2, 1)


AARDIG = Gegevens(naam="S0", bedrag=200_00, soort="Overig", kenmerk="K-1")


@pytest.mark.parametrize(
    ("anders", "stand", "op"),
    [
        (replace(AARDIG, bedrag=300_00), "saldo_bekend", None),
        (replace(AARDIG, kenmerk="K-2"), "saldo_bekend", None),
        (replace(AARDIG, naam="Een ander"), "saldo_bekend", None),
        (AARDIG, "akkoord", None),
        (AARDIG, "saldo_bekend", VANDAAG - 1),
    ],
)
def test_a_change_that_says_something_else_now_is_not_taken_for_the_same(
    db: Connection, nummer: str, anders: Gegevens, stand: str, op: int | None
) -> None:
    with klok.at(NU):
        add(db, nummer, some(100), Melding(UITVOERDER))
    with klok.at(NU + timedelta(minutes=1)):
        melding = Melding(UITVOERDER, VANDAAG, sleutel=key("wijzigen"))
        eerst = change(db, nummer, 1, AARDIG, 1, melding, "saldo_bekend")
    with klok.at(NU + timedelta(minutes=2)):
        change(db, nummer, 1, replace(AARDIG, bedrag=250_00), 2, Melding(UITVOERDER))
        assert change(db, nummer, 1, AARDIG, 1, melding, "saldo_bekend") == eerst
        with pytest.raises(Conflict, match="voor iets anders gebruikt"):
            change(db, nummer, 1, anders, 1, replace(melding, op=op or VANDAAG), stand)
        assert told(db, nummer) == (250, 1)


def test_a_drop_that_says_something_else_now_is_not_taken_for_the_same(db: Connection, nummer: str) -> None:
    with klok.at(NU):
        add(db, nummer, some(100, 60), Melding(UITVOERDER))
        melding = Melding(UITVOERDER, sleutel=key("vervallen"))
        eerst = drop(db, nummer, 1, "Betaald.", 1, melding)
        assert drop(db, nummer, 1, " Betaald. ", 1, melding) == eerst
        for schuld_nr, reden in ((1, "Kwijtgescholden."), (2, "Betaald.")):
            with pytest.raises(Conflict, match="voor iets anders gebruikt"):
                drop(db, nummer, schuld_nr, reden, 1, melding)
        assert told(db, nummer) == (60, 1)


def test_saldi_that_say_something_else_now_are_not_taken_for_the_same(db: Connection, nummer: str) -> None:
    with klok.at(NU):
        add(db, nummer, some(100, 60), Melding(UITVOERDER))
        melding, dag = Melding(UITVOERDER, sleutel=key("saldi")), "2026-02-20"
        saldi = {1: Saldo(90_00, 1), 2: Saldo(50_00, 1)}
        eerst = answer_amounts(db, nummer, saldi, "saldo_bekend", dag, melding)
        assert answer_amounts(db, nummer, saldi, "saldo_bekend", dag, melding) == eerst
        for anders, per in (({**saldi, 2: Saldo(55_00, 1)}, dag), (saldi, "2026-02-21")):
            with pytest.raises(Conflict, match="voor iets anders gebruikt"):
                answer_amounts(db, nummer, anders, "saldo_bekend", per, melding)
        assert told(db, nummer) == (140, 2)


@op_beide
def test_the_database_refuses_to_change_or_drop_a_version_of_a_debt(database: str) -> None:
    with klok.at(NU), transaction(database) as db:
        add(db, a_traject(db, op=VANDAAG - 20), some(100), Melding(UITVOERDER))
    for opdracht in (update(schuld).values(gegevens=b"x"), update(schuld).values(versie=2), delete(schuld)):
        with pytest.raises(DatabaseError, match="insert-only"), transaction(database) as db:
            db.execute(opdracht)


def test_a_debt_moved_to_another_row_or_without_its_key_is_shown_as_unreadable(db: Connection, nummer: str) -> None:
    with klok.at(NU):
        add(db, nummer, some(100, 60), Melding(UITVOERDER))
        geheim = db.execute(select(schuld.c.gegevens).where(schuld.c.nummer == 2)).scalar_one()
        db.execute(text("DROP TRIGGER schuld_geen_update"))
        db.execute(update(schuld).where(schuld.c.nummer == 1).values(gegevens=geheim))
        een, ander = opened(db, nummer).lijst.regels
    assert "kan niet worden gelezen" in een.schuldeiser
    assert ander.schuldeiser == "S1"
    assert db.execute(select(datasleutel.c.id)).first() is not None


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**10))
def test_an_amount_is_read_as_it_is_written(cent: int) -> None:
    euro, rest = divmod(cent, 100)
    for tekst in (f"{euro},{rest:02}", f"€ {euro:,}".replace(",", ".") + f",{rest:02}", f"{euro}.{rest:02}"):
        assert read_cents(tekst) == cent or euro > 999_999_999


@pytest.mark.parametrize("tekst", ["12,345", "-5", "1.23.456", "tien", "1,2,3", "12.3456", "١٢"])
def test_what_is_no_amount_is_refused(tekst: str) -> None:
    with pytest.raises(ValueError, match="Vul een bedrag in"):
        read_cents(tekst)


@pytest.mark.parametrize(("tekst", "cent"), [("", None), ("1.234", 123400), ("12,5", 1250), ("7,-", 700), ("0", 0)])
def test_amounts_as_people_type_them(tekst: str, cent: int | None) -> None:
    assert read_cents(tekst) == cent


# -- O1 ----------------------------------------------------------------------------------------------------------------


def test_o1_takes_the_list_of_the_day_of_the_melding_and_none_of_later(db: Connection, nummer: str) -> None:
    periode = ("2026-01-01", "2027-01-01")
    with klok.at(NU):
        add(db, nummer, some(100, 60), Melding(UITVOERDER, VANDAAG - 20))
        add(db, nummer, some(1, 2, 900), Melding(UITVOERDER))
        schuldbedrag, schuldeisers = figure(db, "O1.schuld", *periode), figure(db, "O1.schuldeisers", *periode)
    assert schuldbedrag is not None
    assert schuldeisers is not None
    assert (schuldbedrag.waarde, schuldeisers.waarde) == (160, 2)
    assert day("2026-02-10") == VANDAAG - 20


def test_o1_of_a_dossier_whose_list_came_later_is_unknown(db: Connection, nummer: str) -> None:
    with klok.at(NU):
        add(db, nummer, some(100), Melding(UITVOERDER))
        meting = figure(db, "O1.schuld", "2026-01-01", "2027-01-01")
    assert meting is None or meting.waarde is None
    assert schuldboek.MAX_SCHULDEN == 1000
