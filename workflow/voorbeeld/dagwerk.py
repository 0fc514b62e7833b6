"""The days of each uitvoerder in the last weeks of the demo: who was silent gets a call, and people come to talk.

Made while the life courses run, so that each is recorded on its day; by chance of its own, which leaves theirs alone.
A traject that is meant to be silent is left so: it is what the list "stil" is for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, select

from models.traject import traject
from workflow import agenda, voortgang
from workflow.agenda import Afspraak
from workflow.planlog import AFGEZEGD, GEHOUDEN, NIET_VERSCHENEN, VERZET
from workflow.voorbeeld.afspraken import EERDERE_TIJDEN, details_of, kind_of, workday_from
from workflow.voorbeeld.agenda import Loop, workday
from workflow.voorbeeld.loting import Loting
from workflow.voorbeeld.team import UITVOERDERS
from workflow.voorbeeld.wereld import HOOFDROUTE, Wereld

WEKEN_BELLEN, WEKEN_SPREKEN = 9, 3
STIL_NA = 27
"""Who was not spoken with for so many days is called."""

PER_DAG = 4
GESPREKKEN = 2
VOORAF = 3
"""An appointment is made so many werkdagen before."""

OPNIEUW_NA = 6
"""Who did not answer is called again after so many days."""

UITKOMSTEN = {GEHOUDEN: 74, NIET_VERSCHENEN: 12, VERZET: 9, AFGEZEGD: 5}
SOORTEN = {"telefoon": 60, "mail": 15, "app_of_sms": 10, "balie": 10, "huisbezoek": 5}
MET = {"client": 82, "gemachtigde": 11, "bewindvoerder": 7}
OVER = {"voortgang": 45, "betaling": 20, "stukken": 15, "schuldeiser": 12, "situatie": 8}
GESPROKEN = (
    "Het gaat redelijk; de vaste lasten zijn deze maand betaald.",
    "Vroeg hoe het ermee staat. Uitgelegd wat de volgende stap is.",
    "Nieuwe baan voor meer uren; stuurt de loonstrook op.",
    "Brief van een incassobureau ontvangen; wij vragen het saldo op.",
    "Geen bijzonderheden.",
)
CLIENT_VRAAGT = {"op_verzoek_van": "client"}
NIET_GESPROKEN = ("Voicemail ingesproken.", "Niet opgenomen; later nog eens proberen.")


class Gesprek(NamedTuple):
    """An appointment that was made."""

    nummer: str
    punt: str
    dag: int
    soort: str
    vorm: str


def plan_work(wereld: Wereld, seed: int) -> None:
    """Plan the days of every uitvoerder."""
    for nr, wie in enumerate(UITVOERDERS):
        loting = Loting(seed + nr, {}, {}, {})
        bureau = Bureau(wereld, wie, loting)
        wereld.agenda.plan(bureau.call(), wereld.vandaag - 7 * WEKEN_BELLEN, loting)
        wereld.agenda.plan(bureau.talk(), wereld.vandaag - 7 * WEKEN_SPREKEN, loting)


class Bureau:
    """The desk of one uitvoerder: whom they called when, and who is to come."""

    def __init__(self, wereld: Wereld, wie: str, loting: Loting) -> None:
        self._wereld = wereld
        self._door = wereld.team[wie]
        self._loting = loting
        self._gebeld: dict[str, int] = {}
        self._afspraken: list[Gesprek] = []

    def call(self) -> Loop:
        """Day by day call whom nobody spoke with for a while."""
        dag = workday(self._wereld.vandaag - 7 * WEKEN_BELLEN)
        while dag < self._wereld.vandaag:
            for nummer in self._silent(dag)[:PER_DAG]:
                yield dag
                self._speak(nummer, dag)
            dag = workday(dag + 1)
            yield dag

    def _silent(self, dag: int) -> list[str]:
        """Whose turn it is, the longest silent first."""
        laatst = dag - OPNIEUW_NA
        stil = self._own(traject.c.contact_op <= dag - STIL_NA)
        return [rij.nummer for rij in stil if self._gebeld.get(rij.nummer, 0) <= laatst]

    def _own(self, waar: ColumnElement[bool]) -> list[Row[Any]]:
        t = traject.c
        eigen = (t.route == HOOFDROUTE, t.is_open, t.behandelaar == self._door.pseudoniem, waar)
        vraag: Select[Any] = select(t.nummer, t.stap).where(*eigen).order_by(t.contact_op, t.id)
        rijen = self._wereld.db.execute(vraag).all()
        return [rij for rij in rijen if (zaak := self._wereld.lopend.get(rij.nummer)) and not zaak.is_stil]

    def _speak(self, nummer: str, dag: int) -> None:
        """Call somebody, who answers or does not."""
        if not self._wereld.lopend[nummer].is_open:
            return
        self._gebeld[nummer] = dag
        soort, is_bereikt = self._loting.draw_from("soort", SOORTEN), self._loting.between(1, 5) > 2
        invoer = {
            "contactsoort": soort,
            "bereikt": "ja" if is_bereikt else "nee",
            "contact_met": self._loting.draw_from("met", MET) if is_bereikt else "client",
            "contact_over": self._loting.draw_from("over", OVER),
            "toelichting": self._loting.pick(GESPROKEN if is_bereikt else NIET_GESPROKEN),
        }
        voortgang.advance(self._wereld.db, nummer, "contact_vastleggen", invoer, door=self._door, op=dag)
        self._wereld.lopend[nummer].passed(dag)

    # -- Appointments -------------------------------------------------------------------------------------------------

    def talk(self) -> Loop:
        """Day by day make appointments for later, and see who comes today."""
        dag = workday(self._wereld.vandaag - 7 * WEKEN_SPREKEN)
        while dag < self._wereld.vandaag:
            for gesprek in [g for g in self._afspraken if g.dag == dag]:
                yield dag
                self._settle(gesprek, dag)
            self._invite(dag)
            dag = workday(dag + 1)
            yield dag

    def _invite(self, vandaag: int) -> None:
        dag = workday_from(vandaag, VOORAF)
        if dag >= self._wereld.vandaag:
            return
        bezet = {gesprek.nummer for gesprek in self._afspraken}
        vrij = [rij for rij in self._own(traject.c.fase != "melding") if rij.nummer not in bezet]
        for rij, (van, tot) in zip(vrij[:GESPREKKEN], EERDERE_TIJDEN, strict=False):
            self._make(rij.nummer, rij.stap, dag, van, tot)

    def _make(self, nummer: str, stap: str, dag: int, van: int, tot: int) -> None:
        vorm, details = details_of(self._loting.between(0, 34))
        soort = kind_of(self._wereld.route.stappen[stap])
        afspraak = Afspraak(dag, van, tot, soort, vorm, details=details)
        gepland = agenda.plan(self._wereld.db, nummer, afspraak, door=self._door)
        self._afspraken.append(Gesprek(nummer, gepland.punt, dag, soort, vorm))

    def _settle(self, gesprek: Gesprek, dag: int) -> None:
        """What became of it; who left meanwhile does not come, and his appointment goes out of the agenda."""
        db, zaak = self._wereld.db, self._wereld.lopend[gesprek.nummer]
        if not zaak.is_open:
            agenda.remove(db, gesprek.nummer, gesprek.punt)
            return
        uitkomst, wie = self._loting.draw_from("uitkomst", UITKOMSTEN), self._door
        if uitkomst == VERZET:
            naar = Afspraak(workday_from(self._wereld.vandaag, 2), *EERDERE_TIJDEN[0], gesprek.soort, gesprek.vorm)
            agenda.move(db, gesprek.nummer, gesprek.punt, naar, CLIENT_VRAAGT, door=wie, op=dag)
        else:
            agenda.settle(db, gesprek.nummer, gesprek.punt, uitkomst, _answers(uitkomst, gesprek), door=wie, op=dag)
        zaak.passed(dag)


def _answers(uitkomst: str, gesprek: Gesprek) -> Mapping[str, str]:
    if uitkomst == GEHOUDEN:
        return {"gesprekssoort": gesprek.soort, "contactsoort": gesprek.vorm}
    return CLIENT_VRAAGT if uitkomst == AFGEZEGD else {}
