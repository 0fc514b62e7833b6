"""Vandaag tells a case worker of letters that are to be sent, and of documents that should have been here."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_hex
from typing import Any

from bezoek import WACHTWOORD, an_account, op_beide
from sqlalchemy import Connection

from models import klok
from models.database import reading, transaction
from tests.bouwers import COORDINATOR, NU, UITVOERDER, VANDAAG, a_person, a_traject, advance_to, log_rows
from tests.brievenbus import a_dossier, begun, sent, settled, written
from tests.verhalen.lezer import Knoop, Pagina
from tests.web.test_aantal_opdrachten import GRENS, PAUZE, opdrachten, statements  # noqa: F401  (a fixture)
from workflow import agenda, signalen, vervanging, zicht
from workflow.agenda import Afspraak
from workflow.kalender import date_of
from workflow.voortgang import Actor, advance, withdraw

TEKST = "# Onderwerp\n\n{aanhef},\n\nTot ziens."


def who(database: str) -> str:
    return an_account(database, "uitvoerder").pseudoniem


def a_settled_letter(database: str, **gegevens: str) -> tuple[str, str]:
    """A traject of the uitvoerder with a letter that is vastgesteld; the numbers of both."""
    behandelaar = who(database)
    with transaction(database) as db:
        nummer = a_dossier(db, behandelaar=behandelaar, **gegevens)
        brief = begun(db, nummer, "rappel")
        written(db, nummer, brief, TEKST)
        settled(db, nummer, brief)
    return nummer, brief


def documents_asked(database: str, dagen: int, naam: str = "Tesfay") -> str:
    """A traject of the uitvoerder of which a document was asked for so many days ago."""
    behandelaar = who(database)
    with transaction(database) as db:
        wie = [a_person(db, naam, voornaam="Hana")]
        nummer = a_traject(db, wie=wie, op=VANDAAG - 60, behandelaar=behandelaar)
        advance_to(db, nummer, "intake", VANDAAG - 50)
        gevraagd = {"stukken": {"inkomen": "gevraagd"}}
        advance(db, nummer, "stukken_vastleggen", gevraagd, door=UITVOERDER, op=VANDAAG - dagen)
    return nummer


def covered_by(db: Connection, wie: dict[str, str], tot_met: int) -> None:
    """Hand trajecten over for a time."""
    vervanging.hand_over_many(db, wie, reden="verlof", tot_met=tot_met, door=COORDINATOR, sleutel=token_hex(16))


def an_appointment(db: Connection, nummer: str) -> None:
    """An appointment of today at nine."""
    afspraak = Afspraak(VANDAAG, 540, 600, "vervolggesprek", "gesprek")
    agenda.plan(db, nummer, afspraak, door=UITVOERDER)


def items(vak: Knoop | None) -> list[Knoop]:
    """The lines of a section."""
    return list(vak.alle("li", "rk-plan__punt")) if vak else []


def section(bezoeker: Any, titel: str) -> Knoop | None:
    """The section of Vandaag with this title."""
    gevonden = (vak for vak in Pagina(bezoeker.get("/vandaag").text).wortel.alle("section"))
    return next((vak for vak in gevonden if vak.tekst.strip().startswith(titel)), None)


@op_beide
def test_a_letter_waits_on_vandaag_from_vaststellen_until_it_is_sent(uitvoerder, database):
    nummer, brief = a_settled_letter(database)
    vak = section(uitvoerder, "Brieven te verzenden")
    assert vak is not None
    assert "Rappel, gedateerd 02-03" in vak.tekst
    assert f"/trajecten/{nummer}/brieven/{brief}" in [a["href"] for a in vak.alle("a")]
    with transaction(database) as db:
        verzonden = sent(db, nummer, brief)
    assert section(uitvoerder, "Brieven te verzenden") is None
    with transaction(database) as db:
        withdraw(db, nummer, verzonden.volgnummer or 0, door=UITVOERDER, reden="telfout")
    terug = section(uitvoerder, "Brieven te verzenden")
    assert terug is not None
    assert "De verzending is ingetrokken." in terug.tekst


def test_a_concept_is_not_to_be_sent_and_a_letter_of_a_colleague_is_not_mine(uitvoerder, database):
    wie, collega = who(database), an_account(database, "uitvoerder", "collega").pseudoniem
    with transaction(database) as db:
        begun(db, a_dossier(db, behandelaar=wie), "rappel")
        ander = a_dossier(db, behandelaar=collega)
        brief = begun(db, ander, "rappel")
        written(db, ander, brief, TEKST)
        settled(db, ander, brief)
    assert section(uitvoerder, "Brieven te verzenden") is None


def test_documents_that_are_late_stand_on_vandaag_with_since_when(uitvoerder, database):
    documents_asked(database, 14, "Optijd")
    nummer = documents_asked(database, 16)
    vak = section(uitvoerder, "Stukken te laat")
    assert vak is not None
    assert "Hana Tesfay" in vak.tekst
    assert "Optijd" not in vak.tekst
    for woord in ("Loonstroken of uitkeringsspecificatie", "2 dagen te laat", "Gevraagd op 14-02"):
        assert woord in vak.tekst, woord
    assert f"/trajecten/{nummer}/stukken" in [a["href"] for a in vak.alle("a")]
    assert "1 dossier met stukken te laat" in uitvoerder.get("/vandaag").text


@op_beide
def test_what_is_covered_stands_apart_with_for_whom_and_until_when(uitvoerder, database):
    wie, anna = who(database), an_account(database, "uitvoerder", "anna")
    with transaction(database) as db:
        nummers = [a_traject(db, wie=[a_person(db, naam)], behandelaar=anna.pseudoniem) for naam in ("Smeets", "Braun")]
        eigen = a_traject(db, wie=[a_person(db, "Tesfay")], behandelaar=wie)
        covered_by(db, dict.fromkeys(nummers, wie), VANDAAG + 8)
        for nummer in (nummers[0], eigen):
            an_appointment(db, nummer)
    voor = f"Voor {anna.naam}, t/m 10-03"
    vak = section(uitvoerder, "U vervangt")
    assert vak is not None
    assert f"Voor {anna.naam}" in vak.tekst
    assert "2 trajecten, tot en met 10 maart 2026" in vak.tekst
    assert "/werkvoorraad?lijst=mijn&vervanging=ja" in [a["href"] for a in vak.alle("a")]
    afspraken = {a.eerste("a").tekst: voor in a.tekst for a in items(section(uitvoerder, "Afspraken vandaag"))}
    assert sorted(afspraken.values()) == [False, True], afspraken
    with klok.at(NU + timedelta(days=9)):
        uitvoerder.submit("/inloggen", {"inlognaam": "uitvoerder", "wachtwoord": WACHTWOORD})
        vak = section(uitvoerder, "U vervangt")
    assert vak is not None
    assert "voorbij" in vak.tekst


def test_who_covers_nothing_reads_nothing_of_it(uitvoerder, database):
    wie = who(database)
    with transaction(database) as db:
        a_traject(db, wie=[a_person(db, "Tesfay")], behandelaar=wie)
    assert section(uitvoerder, "U vervangt") is None


def signalled(database: str) -> str:
    """A traject of which the coordinator was told that its 120 days are over."""
    with transaction(database) as db:
        nummer = a_traject(db, wie=[a_person(db, "Nowicki", voornaam="Marek")], op=VANDAAG - 200)
        advance_to(db, nummer, "minnelijk_voorbereiding", VANDAAG - 130)
        advance(db, nummer, "signaal_120_dagen_geven", {}, door=UITVOERDER, op=VANDAAG - 3)
    return nummer


def signals(bezoeker: Any) -> list[str]:
    """What stands on Vandaag as a signal."""
    return [regel.tekst for regel in items(section(bezoeker, "Signalen aan u"))]


def noted(database: str, nummer: str, door: Actor) -> int:
    """Somebody makes a note; its volgnummer."""
    with transaction(database) as db:
        return advance(db, nummer, "notitie_maken", {"notitie": "Overlegd."}, door=door).volgnummer


def taken_back(database: str, nummer: str, volgnummer: int) -> None:
    """A row is withdrawn."""
    with transaction(database) as db:
        withdraw(db, nummer, volgnummer, reden="telfout", door=COORDINATOR)


@op_beide
def test_a_signal_waits_for_a_coordinator_until_one_records_something(uitvoerder, database, login):
    nummer = signalled(database)
    assert signals(uitvoerder) == []
    login(uitvoerder, "coordinator")
    (regel,) = signals(uitvoerder)
    for deel in ("Nowicki", "Coördinator gewezen op 120 dagen", f"{date_of(VANDAAG - 3):%d-%m}"):
        assert deel in regel
    assert "1 signaal" in uitvoerder.get("/vandaag").text
    noted(database, nummer, UITVOERDER)
    assert len(signals(uitvoerder)) == 1, "what somebody else recorded is no answer"
    antwoord = noted(database, nummer, COORDINATOR)
    assert signals(uitvoerder) == []
    taken_back(database, nummer, antwoord)
    assert len(signals(uitvoerder)) == 1, "an answer that was taken back is none"


def test_signals_that_were_answered_do_not_crowd_out_a_later_one(uitvoerder, database, login, monkeypatch):
    monkeypatch.setattr(signalen, "MAX_SIGNALEN", 1)
    noted(database, signalled(database), COORDINATOR)
    signalled(database)
    login(uitvoerder, "coordinator")
    assert len(signals(uitvoerder)) == 1


def test_a_signal_that_was_taken_back_or_whose_stap_is_over_waits_no_more(uitvoerder, database, login):
    terug, verder = signalled(database), signalled(database)
    login(uitvoerder, "coordinator")
    assert len(signals(uitvoerder)) == 2
    with reading(database) as db:
        laatste = log_rows(db, terug)[-1]["volgnummer"]
    taken_back(database, terug, laatste)
    with transaction(database) as db:
        advance_to(db, verder, "minnelijk_lopend", VANDAAG)
    assert signals(uitvoerder) == []


def test_a_signal_of_a_dossier_out_of_sight_is_not_told(uitvoerder, database, login):
    wie, nummer = an_account(database, "coordinator").pseudoniem, signalled(database)
    login(uitvoerder, "coordinator")
    with transaction(database) as db:
        wortel = db.exec_driver_sql(f"SELECT wortel_id FROM trajectnummer WHERE nummer = '{nummer}'").scalar_one()
        zicht.enter(db, wortel, zicht.NIET, "familie", [wie], None, UITVOERDER.pseudoniem)
    assert signals(uitvoerder) == []


def test_neither_section_tells_of_a_dossier_out_of_sight(uitvoerder, database):
    wie, nummers = who(database), (a_settled_letter(database)[0], documents_asked(database, 16))
    with transaction(database) as db:
        for nummer in nummers:
            wortel = db.exec_driver_sql(f"SELECT wortel_id FROM trajectnummer WHERE nummer = '{nummer}'").scalar_one()
            zicht.enter(db, wortel, zicht.NIET, "familie", [wie], None, UITVOERDER.pseudoniem)
    tekst = uitvoerder.get("/vandaag").text
    assert "Brieven te verzenden" not in tekst
    assert "Stukken te laat" not in tekst


def test_many_letters_and_late_documents_take_no_more_statements(uitvoerder, database, opdrachten):  # noqa: F811
    aantallen = []
    wie, anna = who(database), an_account(database, "uitvoerder", "anna").pseudoniem
    for hoeveel, later in ((1, 0), (30, 2)):
        for _ in range(hoeveel):
            a_settled_letter(database)
            documents_asked(database, 16)
            with transaction(database) as db:
                nummer = a_traject(db, wie=[a_person(db, "Smeets")], behandelaar=anna)
                covered_by(db, {nummer: wie}, VANDAAG + 8)
                an_appointment(db, nummer)
        with klok.at(NU + later * PAUZE):
            aantallen.append(len(statements(uitvoerder, opdrachten, "/vandaag")))
    assert aantallen[0] == aantallen[1] <= GRENS, aantallen
