"""Life courses from melding to toelating. Each lives through one stap and returns what comes next."""

from __future__ import annotations

from collections.abc import Generator

from workflow.voorbeeld import deeltrajecten, stukken, vergissingen
from workflow.voorbeeld.agenda import Dag, workday
from workflow.voorbeeld.antwoorden import iso
from workflow.voorbeeld.zaak import Zaak

Vervolg = Generator[int, None, str]
"""A life course through one stap, ending with the stap or the way of ending that follows."""


def melding(zaak: Zaak) -> Vervolg:
    """From the melding to the first gesprek, or to the end before it."""
    yield from _first_days(zaak)
    if zaak.has_arrived:
        yield from zaak.stay(0)
    naar = zaak.choose()
    if naar == "intake":
        return (yield from _first_talk(zaak))
    yield from zaak.stay(zaak.days("melding"))
    return naar


def _first_days(zaak: Zaak) -> Dag:
    if zaak.loting.hit("eerste_contact"):
        dag = yield from zaak.happens(zaak.begonnen_op + zaak.days("eerste_contact"))
        zaak.advance("eerste_contact_vastleggen", dag)
    if not zaak.situatie.is_crisis and zaak.loting.hit("crisis_later"):
        yield from _crisis_turns_up(zaak)
    return zaak.laatste_op


def _crisis_turns_up(zaak: Zaak) -> Dag:
    dag = yield from zaak.happens(zaak.laatste_op + 1)
    while not zaak.situatie.is_crisis:
        zaak.situatie.crisis = zaak.loting.draw("crisis")
    zaak.advance("crisis_vaststellen", dag)
    deeltrajecten.follow_crisis(zaak)
    return dag


def _first_talk(zaak: Zaak) -> Vervolg:
    afspraak = workday(max(zaak.laatste_op, zaak.begonnen_op + _days_to_talk(zaak)))
    if zaak.loting.hit("gesprek_aanbieden"):
        dag = yield from zaak.happens(min(afspraak, zaak.begonnen_op + 2))
        zaak.advance("gesprek_aanbieden", dag, gesprek_aangeboden_op=iso(max(afspraak, dag)))
    if not zaak.is_gestuurd and zaak.loting.hit("niet_verschenen"):
        afspraak = yield from _miss(zaak, afspraak)
        if zaak.loting.hit("weer_niet_verschenen"):
            yield from _miss(zaak, afspraak)
            zaak.reden = "niet_verschenen_eerste_gesprek"
            return "uitval"
    dag = yield from zaak.happens(afspraak)
    zaak.move("intake", dag)
    return "intake"


def _days_to_talk(zaak: Zaak) -> int:
    return zaak.days("crisisgesprek" if zaak.situatie.is_crisis else "eerste_gesprek")


def _miss(zaak: Zaak, afspraak: int) -> Dag:
    """Nobody comes; a reminder goes out. Returns the day of the next appointment."""
    dag = yield from zaak.happens(afspraak)
    zaak.advance("niet_verschijnen_vastleggen", dag)
    rappel = yield from zaak.happens(dag + 1)
    zaak.advance("rappel_versturen", rappel)
    return workday(rappel + zaak.days("nieuwe_afspraak"))


def intake(zaak: Zaak) -> Vervolg:
    """From the first gesprek to MESIS, or straight to the besluit."""
    yield from vergissingen.correct_day(zaak)
    yield from _ask_documents(zaak)
    naar = zaak.choose()
    dag = yield from zaak.stay(zaak.days("intake"))
    if naar not in ("mesis", "besluit"):
        return naar
    zaak.move(naar, dag)
    if naar == "besluit":
        yield from vergissingen.insert_forgotten_mesis(zaak)
    return naar


def _ask_documents(zaak: Zaak) -> Dag:
    """Now and then documents are missing: the term for the besluit stands still until they are there, or not."""
    if zaak.is_gestuurd or zaak.has_arrived or not zaak.loting.hit("stukken"):
        return zaak.laatste_op
    dag = yield from zaak.happens(zaak.laatste_op + zaak.loting.between(1, 7))
    termijn = zaak.days("hersteltermijn")
    kind = zaak.open_child("opschorting", "stukken_opvragen", dag, hersteltermijn_op=iso(dag + termijn))
    if zaak.loting.hit("stukken_compleet"):
        compleet = yield from zaak.happens(dag + min(zaak.days("stukken"), termijn))
        zaak.advance_child(kind, "opschorting", "stukken_compleet_maken", compleet)
    else:
        verlopen = yield from zaak.happens(dag + termijn + 1)
        zaak.advance_child(kind, "opschorting", "termijn_laten_verlopen", verlopen)
    return zaak.laatste_op


def mesis(zaak: Zaak) -> Vervolg:
    """From MESIS to the besluit, now and then back to intake first."""
    yield from vergissingen.correct_mesis(zaak)
    naar = zaak.choose()
    dag = yield from zaak.stay(zaak.days("mesis"))
    if naar in ("besluit", "intake"):
        zaak.move(naar, dag)
    return naar


def besluit(zaak: Zaak) -> Vervolg:
    """From a file that is ready to the decision on it."""
    for code, kans in (("uitstel_meedelen", "uitstel"), ("ingebrekestelling_vastleggen", "ingebreke")):
        if zaak.loting.hit(kans):
            dag = yield from zaak.happens(zaak.laatste_op + zaak.loting.between(1, 6))
            zaak.advance(code, dag)
    naar = zaak.choose()
    dag = yield from zaak.stay(zaak.days("besluit"))
    if naar == "toegelaten":
        stukken.complete(zaak, dag)
        zaak.move(naar, dag)
    return naar


def toegelaten(zaak: Zaak) -> Vervolg:
    """From toelating to the first help."""
    deeltrajecten.plan_beside(zaak)
    naar = zaak.choose()
    dag = yield from zaak.stay(zaak.days("toegelaten"))
    return (yield from start_help(zaak, naar, dag))


def start_help(zaak: Zaak, naar: str, dag: int) -> Vervolg:
    """Begin what comes next; stabilisatie waits for the end of a crisis."""
    stap = zaak.wereld.route.stappen.get(naar)
    if stap is None or stap.einde:
        return naar
    if naar == "stabilisatie":
        dag = yield from _wait_for_crisis(zaak, dag)
    zaak.move(naar, dag)
    deeltrajecten.follow_variant(zaak)
    return naar


def _wait_for_crisis(zaak: Zaak, dag: int) -> Dag:
    while zaak.open_children("crisis"):
        dag = yield from zaak.happens(max(zaak.today, zaak.laatste_op) + 3)
    return max(dag, zaak.laatste_op)
