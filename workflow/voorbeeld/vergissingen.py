"""What goes wrong in every office, and how it is put right: wrong days, wrong files, forgotten steps, late news.

Nothing is erased: each correction is a withdraw, an amend, or an overgang with an earlier day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from workflow.opdracht import Actor
from workflow.voorbeeld.agenda import Dag, Loop
from workflow.voorbeeld.situatie import draw_cause
from workflow.voorbeeld.zaak import Rij, Zaak
from workflow.voortgang import Vastgelegd, VierOgenNodig, amend, hand_over, withdraw

ZONDER_AFSPRAAK = frozenset({"ingelezen", ""})


def plan_all(zaak: Zaak) -> None:
    """Plan what will go wrong with this traject, and who takes it over one day."""
    loting, agenda = zaak.loting, zaak.wereld.agenda
    if loting.hit("in_verkeerd_dossier"):
        agenda.plan(_wrong_file(zaak), zaak.today + loting.days("vergissing_start"))
    if loting.hit("overdracht"):
        agenda.plan(_handing_over(zaak), zaak.today + loting.days("overdracht_start"))
    for kans, doen, wanneer in (
        ("contact_vergeten", _forgotten_contact, "vergissing_start"),
        ("bedrag_verbeterd", _wrong_amount, "gemerkt"),
        ("later_bekend", _known_later, "later_bekend"),
    ):
        if loting.hit(kans):
            agenda.plan_once(partial(doen, zaak), zaak.today + loting.days(wanneer))


def _withdraw(zaak: Zaak, volgnummer: int, reden: str, door: Actor) -> int:
    return _corrected(zaak, withdraw, volgnummer, door, reden=reden).volgnummer


def _amend(zaak: Zaak, rij: Rij, reden: str, **wat: Any) -> None:
    """By whoever wrote it; news of long after by the coordinator."""
    door = zaak.wereld.team["coordinator"] if reden == "later_bekend" else rij.door
    _corrected(zaak, amend, rij.volgnummer, door, reden=reden, **wat)


def _corrected(zaak: Zaak, doen: Callable[..., Vastgelegd], volgnummer: int, door: Actor, **wat: Any) -> Vastgelegd:
    """By one person; where that takes two, an uitvoerder proposes it and the coordinator confirms."""
    db, nummer = zaak.wereld.db, zaak.nummer
    try:
        return doen(db, nummer, volgnummer, door=door, **wat)
    except VierOgenNodig:
        return doen(db, nummer, volgnummer, **zaak.by_two(door), **wat)


# -- In place ---------------------------------------------------------------------------------------------------------


def _wrong_file(zaak: Zaak) -> Loop:
    """A no-show of somebody else, taken out again; now and then it was right after all."""
    if not zaak.is_open or zaak.stap in ZONDER_AFSPRAAK:
        return
    rij = zaak.advance("niet_verschijnen_vastleggen", max(zaak.today, zaak.laatste_op))
    yield zaak.today + zaak.loting.days("gemerkt")
    intrekking = _withdraw(zaak, rij.volgnummer, "verkeerd_dossier", rij.door)
    if zaak.loting.hit("intrekking_ingetrokken"):
        yield zaak.today + zaak.loting.between(1, 5)
        _withdraw(zaak, intrekking, "verkeerde_keuze", rij.door)


def _forgotten_contact(zaak: Zaak) -> None:
    """A contact of weeks ago, found in the diary."""
    dag = zaak.today - zaak.loting.days("inhaal")
    if zaak.is_open and dag >= zaak.heropend_op:
        zaak.advance("contact_vastleggen", dag, bereikt="ja")


def _wrong_amount(zaak: Zaak) -> None:
    """The debts of the melding were added up wrongly."""
    zaak.situatie.schuldbedrag += zaak.loting.between(4, 90) * 50
    _amend(zaak, zaak.rijen[0], "telfout", invoer={"schuldbedrag": zaak.situatie.schuldbedrag})


def _known_later(zaak: Zaak) -> None:
    """Weeks later the reason behind the debts turns out to be another one."""
    rij, anders = zaak.rijen[0], zaak.situatie.aanleiding
    while anders == zaak.situatie.aanleiding:
        anders = draw_cause(zaak.loting, zaak.situatie.doelgroep)
    zaak.situatie.aanleiding = anders
    _amend(zaak, rij, "later_bekend", invoer={"aanleiding": anders})


def _handing_over(zaak: Zaak) -> Loop:
    """To a colleague, or back to the team until somebody has room."""
    if not zaak.is_open or not zaak.behandelaar:
        return
    if zaak.loting.hit("terug_naar_team"):
        assign(zaak, None)
        yield zaak.today + zaak.loting.between(20, 90)
    if zaak.is_open:
        assign(zaak, zaak.wereld.team.take(behalve=zaak.behandelaar))


def assign(zaak: Zaak, inlognaam: str | None) -> None:
    """The coordinator gives a traject to an uitvoerder, or to nobody."""
    team = zaak.wereld.team
    wie = team[inlognaam].pseudoniem if inlognaam else None
    hand_over(zaak.wereld.db, zaak.nummer, wie, door=team["coordinator"], op=zaak.today)
    team.release(zaak.behandelaar)
    zaak.behandelaar = inlognaam
    zaak.laatste_op = max(zaak.laatste_op, zaak.today)


# -- Of a stap --------------------------------------------------------------------------------------------------------


def correct_day(zaak: Zaak) -> Dag:
    """The first gesprek was on another day than was written down."""
    if zaak.is_gestuurd or not zaak.loting.hit("dag_verbeterd"):
        return zaak.laatste_op
    rij, eerder = zaak.rijen[-1], zaak.rijen[-2].dag
    yield zaak.today + zaak.loting.days("gemerkt")
    dag = max(eerder, rij.dag - zaak.loting.between(1, 3))
    if rij is zaak.rijen[-1] and dag < rij.dag:
        _amend(zaak, rij, "verkeerde_dag", dag=dag)
        zaak.rijen[-1] = replace(rij, dag=dag)
        zaak.sinds_op = dag
    return zaak.laatste_op


def correct_mesis(zaak: Zaak) -> Dag:
    """The profile was taken from the wrong line of the report."""
    if zaak.is_gestuurd or not zaak.loting.hit("mesis_verbeterd"):
        return zaak.laatste_op
    rij, profiel = zaak.rijen[-1], zaak.situatie.mesis_profiel
    yield zaak.today + zaak.loting.days("gemerkt")
    while profiel == zaak.situatie.mesis_profiel:
        profiel = zaak.loting.draw("mesis_profiel")
    zaak.situatie.mesis_profiel = profiel
    _amend(zaak, rij, "verkeerde_keuze", invoer={"mesis_profiel": profiel})
    return zaak.laatste_op


def insert_forgotten_mesis(zaak: Zaak) -> Dag:
    """The besluit was prepared while MESIS, taken before it, had not been written down."""
    rijen = {rij.overgang: rij for rij in zaak.rijen}
    gesprek, besluit = rijen["intake_starten"], rijen["besluit_voorbereiden"]
    if "mesis_afnemen" in rijen or gesprek.dag >= besluit.dag or not zaak.loting.hit("mesis_vergeten"):
        return zaak.laatste_op
    yield zaak.today + zaak.loting.days("gemerkt")
    meteen = zaak.loting.between(0, 1) == 1
    dag = gesprek.dag if meteen else zaak.loting.between(gesprek.dag, besluit.dag - 1)
    zaak.advance("mesis_afnemen", dag, na=gesprek.volgnummer if meteen else None)
    return zaak.laatste_op


def end_in_wrong_file(zaak: Zaak) -> Dag:
    """Somebody else's end, written down here and taken out again some days later."""
    if zaak.has_arrived or zaak.open_children("crisis") or not zaak.loting.hit("einde_in_verkeerd_dossier"):
        return zaak.laatste_op
    stap, sinds = zaak.stap, zaak.sinds_op
    dag = yield from zaak.happens(zaak.laatste_op + zaak.loting.between(10, 50))
    rij = zaak.advance("uitval_vastleggen", dag, reden=zaak.reason("uitval_vastleggen"))
    yield zaak.today + zaak.loting.between(1, 6)
    _withdraw(zaak, rij.volgnummer, "verkeerd_dossier", rij.door)
    zaak.stand_in(stap, sinds)
    return zaak.laatste_op


def start_in_wrong_file(zaak: Zaak, rij: Rij) -> None:
    """A melding that was entered for somebody else is taken out whole."""
    _withdraw(zaak, rij.volgnummer, "verkeerd_dossier", rij.door)
