"""The bezwaartermijn runs from the day on which the beschikking was sent, where that is known (Awb art. 6:8).

That against a toelating runs until its own last day, whatever becomes of the help.
"""

from __future__ import annotations

from sqlalchemy import Connection

from tests.bouwers import UITVOERDER, a_traject, advance_to, day, step
from workflow.gezin import load
from workflow.kalender import date_of, short
from workflow.termijnen import Termijn
from workflow.trajectpagina import page_of
from workflow.voortgang import advance

MELDING, BESLUIT, EINDE, NU = map(day, ("2025-03-03", "2025-04-07", "2025-09-01", "2025-09-15"))

TOELATING = "bezwaartermijn_toelating"


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
    van_eerder = TOELATING
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


def a_closed_one(db: Connection) -> str:
    """Admitted, helped, and out again on the third day: to Uitstroom."""
    nummer = an_admitted_one(db)
    send(db, nummer, "toelating", BESLUIT, "2025-04-07")
    advance_to(db, nummer, "uitstroom", BESLUIT + 3)
    return nummer


def test_against_a_toelating_it_runs_on_until_its_own_last_day_after_uitstroom(db: Connection) -> None:
    nummer, vervaldag = a_closed_one(db), day("2025-05-19")
    for dag in (BESLUIT + 3, vervaldag):
        (termijn,) = bezwaar(db, nummer, dag)
        assert (termijn.status, termijn.einde_dag, termijn.vervaldag) == ("loopt", None, vervaldag)
        assert termijn.uitleg == f"Dag {dag - BESLUIT} van 42"
    (daarna,) = bezwaar(db, nummer, vervaldag + 1)
    assert (daarna.status, daarna.einde_dag, daarna.uitleg) == ("afgelopen", vervaldag, "Afgelopen op dag 42 van 42")


def test_of_a_closed_dossier_it_is_no_work(db: Connection) -> None:
    gezin = load(db, nummer := a_closed_one(db), lock=False)
    assert gezin.nearest_term(gezin.by_nummer(nummer)) == (None, None)
    pagina = page_of(gezin, nummer, "uitvoerder", BESLUIT + 4)
    assert [t.code for t in pagina.termijnen if t.einde_dag is None] == [TOELATING]
    assert pagina.eerste_vervaldag is None


def test_a_letter_about_the_end_does_not_begin_that_against_the_toelating_anew(db: Connection) -> None:
    nummer = a_stopped_one(db, BESLUIT + 7)
    send(db, nummer, "beeindiging", BESLUIT + 9, "2025-04-16")
    laatste = {t.code: short(t.vervaldag) for t in bezwaar(db, nummer, BESLUIT + 9)}
    assert laatste == {TOELATING: "19 mei 2025", "bezwaartermijn_beeindiging": "28 mei 2025"}


def a_stopped_one(db: Connection, op: int) -> str:
    nummer = an_admitted_one(db)
    send(db, nummer, "toelating", BESLUIT, "2025-04-07")
    advance_to(db, nummer, "stabilisatie", BESLUIT)
    step(db, nummer, "uitval_vastleggen", op, invoer={"beeindigingsbeschikking_op": date_of(op).isoformat()})
    return nummer


def test_an_end_that_was_revoked_does_not_make_two_of_it(db: Connection) -> None:
    nummer = a_stopped_one(db, BESLUIT + 7)
    step(db, nummer, "beeindiging_herroepen", BESLUIT + 14)
    (termijn,) = bezwaar(db, nummer, BESLUIT + 15, zonder="bezwaartermijn_beeindiging")
    assert (termijn.status, short(termijn.begin_dag), short(termijn.vervaldag)) == (
        "loopt",
        "7 april 2025",
        "19 mei 2025",
    )
    send(db, nummer, "toelating", BESLUIT + 16, "2025-04-23")
    (eerst, opnieuw) = bezwaar(db, nummer, BESLUIT + 17, zonder="bezwaartermijn_beeindiging")
    assert (eerst.status, eerst.uitleg) == ("gestopt", "Gestopt op dag 16 van 42: de termijn begon opnieuw")
    assert (opnieuw.status, short(opnieuw.begin_dag)) == ("loopt", "23 april 2025")


def test_against_a_beeindiging_that_was_revoked_it_stopped(db: Connection) -> None:
    nummer = a_stopped_one(db, BESLUIT + 7)
    step(db, nummer, "beeindiging_herroepen", BESLUIT + 14)
    (termijn,) = bezwaar(db, nummer, BESLUIT + 15, zonder=TOELATING)
    assert (termijn.status, termijn.uitleg) == ("gestopt", "Gestopt op dag 7 van 42: de stap Stabilisatie begon")
