"""A term that counts from an answer: only one of the present stay may begin it. And how one ends with its stap."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from tests.bouwers import COORDINATOR, VANDAAG, a_traject, advance_to, day, step
from workflow import trajectpagina
from workflow.kalender import short
from workflow.termijnen import Termijn
from workflow.voortgang import start

DFD, STABILISATIE, WEER_DFD = day("2023-01-30"), day("2023-05-01"), day("2025-06-02")


@pytest.fixture
def nummer(db: Connection) -> str:
    """A traject in DFD with a heronderzoek."""
    gemaakt = a_traject(db, route="schuldhulp", begin="melding_registreren", stap="dfd", op=DFD)
    step(db, gemaakt, "heronderzoek_uitvoeren", DFD + 30, invoer={"heronderzoek_op": "2023-03-01"})
    return gemaakt


def running(db: Connection, nummer: str, code: str) -> Termijn:
    """The term that runs now."""
    pagina = trajectpagina.read(db, nummer, "uitvoerder", VANDAAG)
    (termijn,) = [t for t in pagina.termijnen if t.code == code and t.einde_dag is None]
    return termijn


def test_a_heronderzoek_of_an_earlier_stay_begins_no_year_in_the_next(db: Connection, nummer: str) -> None:
    assert short(running(db, nummer, "dfd_heronderzoek").vervaldag or 0) == "1 maart 2024"
    step(db, nummer, "stabilisatie_starten", STABILISATIE)
    step(db, nummer, "dfd_starten", WEER_DFD, invoer={"motivering": "De cliënt heeft weer rust nodig."})
    termijn = running(db, nummer, "dfd_heronderzoek")
    assert short(termijn.vervaldag or 0) == "2 juni 2026"
    assert "de dag dat de stap Duurzame financiële dienstverlening (DFD) begon" in termijn.rekening[0]
    step(db, nummer, "heronderzoek_uitvoeren", WEER_DFD + 90, invoer={"heronderzoek_op": "2025-08-31"})
    assert short(running(db, nummer, "dfd_heronderzoek").vervaldag or 0) == "31 augustus 2026"


def test_an_end_that_was_revoked_cuts_no_stay(db: Connection, nummer: str) -> None:
    step(db, nummer, "uitval_vastleggen", STABILISATIE, invoer={"beeindigingsbeschikking_op": "2023-05-01"})
    step(db, nummer, "beeindiging_herroepen", STABILISATIE + 30)
    assert short(running(db, nummer, "dfd_heronderzoek").vervaldag or 0) == "1 maart 2024"


def test_an_ingebrekestelling_of_before_a_weigering_begins_nothing_after_its_herroeping(db: Connection) -> None:
    gemaakt = a_traject(db, route="schuldhulp", begin="melding_registreren", stap="besluit", op=DFD)
    step(db, gemaakt, "ingebrekestelling_vastleggen", DFD + 60)
    step(db, gemaakt, "afwijzen", DFD + 61)
    step(db, gemaakt, "weigering_herroepen", DFD + 90)
    pagina = trajectpagina.read(db, gemaakt, "uitvoerder", VANDAAG)
    assert [t.code for t in pagina.termijnen if t.einde_dag is None] == ["besluit"]


def test_documents_that_did_not_come_are_late_after_a_day_and_not_after_a_length(db: Connection) -> None:
    gemaakt = a_traject(db, route="schuldhulp", begin="melding_registreren", op=VANDAAG - 90)
    stukken = {"hersteltermijn_op": "2026-01-07"}
    kind = start(db, "opschorting", "stukken_opvragen", stukken, door=COORDINATOR, hoort_bij=gemaakt, op=VANDAAG - 80)
    assert running(db, kind.nummer, "hersteltermijn").uitleg == "54 dagen na de vaste dag, woensdag 7 januari 2026"


def in_regeling(db: Connection) -> str:
    """A traject with an aflosperiode of 18 months."""
    return a_traject(db, route="schuldhulp", begin="melding_registreren", stap="minnelijk_lopend", op=WEER_DFD)


def aflosperiode(db: Connection, nummer: str) -> Termijn:
    pagina = trajectpagina.read(db, nummer, "uitvoerder", VANDAAG)
    (termijn,) = [t for t in pagina.termijnen if t.code == "aflosperiode"]
    return termijn


@pytest.mark.parametrize(("doel", "waardoor"), [("uitval", "het traject eindigde"), ("nazorg", "de stap Nazorg begon")])
def test_an_aflosperiode_that_is_cut_short_stopped_and_says_by_what(db: Connection, doel: str, waardoor: str) -> None:
    nummer = in_regeling(db)
    begin = running(db, nummer, "aflosperiode").begin_dag
    advance_to(db, nummer, doel, begin + 1)
    termijn = aflosperiode(db, nummer)
    dagen = (termijn.vervaldag or 0) - begin + 1
    assert (termijn.status, termijn.einde_dag) == ("gestopt", begin + 1)
    assert termijn.uitleg == f"Gestopt op dag 2 van {dagen}: {waardoor}"


@pytest.mark.parametrize(("dagen", "status"), [(-1, "gestopt"), (0, "afgelopen"), (1, "afgelopen")])
def test_an_aflosperiode_is_over_when_the_traject_ends_on_its_last_day_or_later(
    db: Connection, dagen: int, status: str
) -> None:
    nummer = a_traject(
        db, route="schuldhulp", begin="melding_registreren", stap="minnelijk_lopend", op=day("2021-06-01")
    )
    advance_to(db, nummer, "uitstroom", (running(db, nummer, "aflosperiode").vervaldag or 0) + dagen)
    assert aflosperiode(db, nummer).status == status
