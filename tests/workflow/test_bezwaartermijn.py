"""The bezwaartermijn runs from the day on which the beschikking was sent, where that is known (Awb art. 6:8)."""

from __future__ import annotations

from sqlalchemy import Connection

from tests.bouwers import UITVOERDER, a_traject, advance_to, day, step
from workflow.gezin import load
from workflow.kalender import short
from workflow.termijnen import Termijn
from workflow.trajectpagina import page_of
from workflow.voortgang import advance

MELDING, BESLUIT, EINDE, NU = map(day, ("2025-03-03", "2025-04-07", "2025-09-01", "2025-09-15"))


def bezwaar(db: Connection, nummer: str, op: int = NU, zonder: str = "") -> list[Termijn]:
    """The terms for bezwaar of a traject, but for one."""
    gezin = load(db, nummer, lock=False)
    return [t for t in gezin.terms(gezin.by_nummer(nummer), op) if t.code.startswith("bezwaar") and t.code != zonder]


def send(db: Connection, nummer: str, soort: str, op: int, verzonden: str | None) -> None:
    """Record that a letter was sent."""
    invoer = {"briefsoort": soort, "beschikking_verzonden_op": verzonden}
    advance(db, nummer, "brief_versturen", invoer, door=UITVOERDER, op=op)


def a_refused_one(db: Connection) -> str:
    nummer = a_traject(db, route="schuldhulp", begin="melding_registreren", op=MELDING)
    advance_to(db, nummer, "afgewezen", BESLUIT)
    return nummer


def test_against_a_weigering_it_runs_from_the_decision_until_the_day_of_sending_is_known(db: Connection) -> None:
    nummer = a_refused_one(db)
    assert [short(t.vervaldag) for t in bezwaar(db, nummer)] == ["19 mei 2025"]
    send(db, nummer, "weigering", BESLUIT + 2, "2025-04-09")
    (termijn,) = bezwaar(db, nummer)
    assert (short(termijn.begin_dag), short(termijn.vervaldag)) == ("9 april 2025", "21 mei 2025")
    assert "de dag dat de beschikking is verzonden" in termijn.rekening[0]


def test_another_letter_leaves_it_alone(db: Connection) -> None:
    nummer = a_refused_one(db)
    send(db, nummer, "andere_brief", BESLUIT + 2, None)
    assert [short(t.vervaldag) for t in bezwaar(db, nummer)] == ["19 mei 2025"]


def test_against_a_beeindiging_the_day_of_sending_comes_before_that_of_the_decision(db: Connection) -> None:
    nummer = a_traject(db, route="schuldhulp", begin="melding_registreren", op=MELDING)
    advance_to(db, nummer, "toegelaten", BESLUIT)
    send(db, nummer, "toelating", BESLUIT, "2025-04-07")
    advance_to(db, nummer, "stabilisatie", BESLUIT)
    keus = next(
        o for o in load(db, nummer).by_nummer(nummer).kaart.routes["schuldhulp"].overgangen.values()
        if "stabilisatie" in o.van and o.naar == "uitval"
    )  # fmt: skip
    step(db, nummer, keus.code, EINDE, alles=True, invoer={"beeindigingsbeschikking_op": "2025-09-01"})
    van_eerder = "bezwaartermijn_toelating"
    assert [short(t.vervaldag) for t in bezwaar(db, nummer, zonder=van_eerder)] == ["13 oktober 2025"]
    send(db, nummer, "beeindiging", EINDE + 3, "2025-09-04")
    (termijn,) = bezwaar(db, nummer, zonder=van_eerder)
    assert (short(termijn.begin_dag), short(termijn.vervaldag)) == ("4 september 2025", "16 oktober 2025")


def an_admitted_one(db: Connection) -> str:
    nummer = a_traject(db, route="schuldhulp", begin="melding_registreren", op=MELDING)
    advance_to(db, nummer, "toegelaten", BESLUIT)
    return nummer


def test_against_a_toelating_it_runs_from_the_decision_until_the_day_of_sending_is_known(db: Connection) -> None:
    nummer = an_admitted_one(db)
    assert [short(t.vervaldag) for t in bezwaar(db, nummer, BESLUIT)] == ["19 mei 2025"]
    send(db, nummer, "toelating", BESLUIT + 2, "2025-04-09")
    (termijn,) = bezwaar(db, nummer, BESLUIT + 2)
    assert (termijn.naam, short(termijn.vervaldag)) == ("Bezwaartermijn tegen de toelating", "21 mei 2025")
    assert "de dag dat de beschikking is verzonden" in termijn.rekening[0]


def test_against_a_toelating_it_goes_on_while_help_begins_and_ends_by_itself(db: Connection) -> None:
    nummer = an_admitted_one(db)
    send(db, nummer, "toelating", BESLUIT, "2025-04-07")
    advance_to(db, nummer, "stabilisatie", BESLUIT + 3)
    vervaldag = day("2025-05-19")
    (op_de_dag,) = bezwaar(db, nummer, vervaldag)
    assert (op_de_dag.status, op_de_dag.einde_dag, short(op_de_dag.begin_dag)) == ("loopt", None, "7 april 2025")
    (daarna,) = bezwaar(db, nummer, vervaldag + 1)
    assert (daarna.status, daarna.einde_dag) == ("afgelopen", vervaldag)


def test_against_a_toelating_it_is_never_the_term_that_the_werkvoorraad_goes_by(db: Connection) -> None:
    nummer = an_admitted_one(db)
    advance_to(db, nummer, "budgetbeheer", BESLUIT + 3)
    gezin = load(db, nummer, lock=False)
    assert [t.status for t in bezwaar(db, nummer, BESLUIT + 4)] == ["loopt"]
    assert gezin.nearest_term(gezin.by_nummer(nummer)) == (None, None)
    assert page_of(gezin, nummer, "uitvoerder", BESLUIT + 4).eerste_vervaldag is None
