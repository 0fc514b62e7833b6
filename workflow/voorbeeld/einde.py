"""How trajecten end: afgerond, zelf opgelost, neutraal, uitval, afwijzing; and the bezwaar that may follow.

Each returns the stap in which the traject goes on after a bezwaar that was gegrond, else nothing.
"""

from __future__ import annotations

from collections.abc import Generator

from workflow.voorbeeld import deeltrajecten, stukken
from workflow.voorbeeld.agenda import Dag
from workflow.voorbeeld.antwoorden import iso
from workflow.voorbeeld.teksten import AFWEGING
from workflow.voorbeeld.zaak import Zaak

Slot = Generator[int, None, str]

GEEN_VOORNEMEN = frozenset({"melding", "intake", "mesis", "besluit", "wsnp_lopend", "ingelezen"})
HERSTEL = frozenset(
    {"stabilisatie", "dfd", "budgetbeheer", "betalingsregeling", "minnelijk_voorbereiding", "minnelijk_lopend"}
)
BEZWAARTERMIJN = 42


def afgerond(zaak: Zaak) -> Slot:
    """The end that everybody hopes for."""
    dag = yield from zaak.happens(max(zaak.today, zaak.laatste_op) + zaak.loting.between(0, 5))
    deeltrajecten.finish_budgetbeheer(zaak, dag)
    zaak.advance("uitstromen", dag, reden=zaak.reason("uitstromen"))
    return ""


def zelf(zaak: Zaak) -> Slot:
    """Advice was enough, or it was solved without us."""
    dag = yield from zaak.happens(max(zaak.today, zaak.laatste_op) + zaak.loting.between(0, 5))
    deeltrajecten.finish_budgetbeheer(zaak, dag)
    zaak.advance("zelf_afronden", dag, reden=zaak.reason("zelf_afronden"))
    return ""


def neutraal(zaak: Zaak) -> Slot:
    """Moved, died, or handed over to other help."""
    reden = zaak.reden or zaak.reason("neutraal_beeindigen")
    zaak.reden = None
    dag = yield from zaak.happens(max(zaak.today, zaak.laatste_op) + zaak.days("naar_einde"))
    if reden == "overgedragen_aan_bewind":
        deeltrajecten.start_bewind(zaak, dag)
    zaak.advance("neutraal_beeindigen", dag, reden=reden)
    return ""


def uitval(zaak: Zaak) -> Slot:
    """Ending before the goal; after toelating with a warning and a decision, against which one can object."""
    reden = zaak.reden or zaak.reason("uitval_vastleggen")
    zaak.reden = None
    yield from _warn(zaak)
    dag = yield from zaak.happens(max(zaak.today, zaak.laatste_op) + zaak.days("naar_einde"))
    gestopt = iso(zaak.sinds_op) if zaak.sinds_op < dag and zaak.is_stil else None
    zaak.advance("uitval_vastleggen", dag, reden=reden, feitelijk_gestopt_op=gestopt)
    is_besluit = zaak.kenmerken.get("beschikking") == "toelating"
    if is_besluit and zaak.loting.hit("bezwaar_einde") and (yield from _object(zaak, "beeindiging")):
        zaak.advance("beeindiging_herroepen", zaak.laatste_op)
        return zaak.stap
    return ""


def _warn(zaak: Zaak) -> Dag:
    if zaak.stap in HERSTEL and zaak.loting.hit("herstelgesprek"):
        dag = yield from zaak.happens(max(zaak.today, zaak.laatste_op) + zaak.days("herstelgesprek"))
        zaak.advance("herstelgesprek_voeren", dag)
    if zaak.stap not in GEEN_VOORNEMEN and zaak.loting.hit("voornemen"):
        dag = yield from zaak.happens(max(zaak.today, zaak.laatste_op) + zaak.loting.between(1, 7))
        zaak.advance("voornemen_versturen", dag)
        dag = yield from zaak.happens(dag + zaak.days("zienswijze"))
        if zaak.loting.hit("zienswijze"):
            zaak.advance("zienswijze_vastleggen", dag)
    return zaak.laatste_op


def afwijzing(zaak: Zaak) -> Slot:
    """A refusal with its weighing; a bezwaar that is gegrond leads back to the besluit, and from there to toelating."""
    reden = zaak.reason("afwijzen")
    dag = yield from zaak.happens(max(zaak.today, zaak.laatste_op))
    zaak.advance("afwijzen", dag, reden=reden, motivering=AFWEGING[reden])
    if not zaak.loting.hit("bezwaar_afwijzing") or not (yield from _object(zaak, "weigering")):
        return ""
    zaak.advance("weigering_herroepen", zaak.laatste_op)
    dag = yield from zaak.happens(zaak.laatste_op + zaak.loting.between(0, 6))
    stukken.complete(zaak, dag)
    zaak.move("toegelaten", dag)
    return "toegelaten"


def _object(zaak: Zaak, tegen: str) -> Generator[int, None, bool]:
    """Somebody objects within six weeks; whether the bezwaar turns out gegrond."""
    besluit = zaak.laatste_op
    yield max(besluit + zaak.days("bezwaar_binnen"), zaak.today)
    einde = iso(besluit + BEZWAARTERMIJN)
    nummer = zaak.open_child(
        "bezwaar", "bezwaar_registreren", zaak.today, bezwaar_tegen=tegen, bezwaartermijn_eindigt_op=einde
    )
    if zaak.loting.hit("commissie"):
        yield zaak.today + zaak.loting.between(6, 15)
        zaak.advance_child(nummer, "bezwaar", "hoorzitting_vastleggen", zaak.today)
    if zaak.loting.hit("verdagen"):
        yield zaak.today + zaak.loting.between(6, 20)
        zaak.advance_child(nummer, "bezwaar", "beslissing_verdagen", zaak.today)
    yield zaak.today + zaak.days("bezwaar_beslissing")
    return _decide(zaak, nummer)


BESLISSINGEN = {
    "gegrond": "bezwaar_gegrond_verklaren",
    "ongegrond": "bezwaar_ongegrond_verklaren",
    "niet_ontvankelijk": "bezwaar_niet_ontvankelijk_verklaren",
    "ingetrokken": "bezwaar_intrekken",
}


def _decide(zaak: Zaak, nummer: str) -> bool:
    uitkomst = zaak.loting.draw("bezwaar")
    zaak.advance_child(nummer, "bezwaar", BESLISSINGEN[uitkomst], zaak.today)
    return uitkomst == "gegrond"
