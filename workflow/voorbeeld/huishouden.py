"""Households that come apart: who leaves goes on in a traject of their own, from the same stap."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

from workflow.voorbeeld import deeltrajecten
from workflow.voorbeeld.agenda import Dag, Loop
from workflow.voorbeeld.zaak import Zaak


def split(zaak: Zaak) -> Dag:
    """For some couples: the household splits some weeks into the present stap."""
    if len(zaak.personen) < 2 or zaak.has_arrived or zaak.is_gestuurd or not zaak.loting.hit("splitsing"):
        return zaak.laatste_op
    dag = yield from zaak.happens(zaak.laatste_op + zaak.days("splitsing"))
    vertrekt = zaak.personen.pop()
    gaat_mee = zaak.open_children("budgetbeheer")[:1] if zaak.loting.hit("kind_gaat_mee") else []
    zaak.advance("huishouden_splitsen", dag, vertrekker=vertrekt, mee_naar_nieuw=gaat_mee or None)
    nieuw = _other_half(zaak, vertrekt)
    zaak.wereld.agenda.plan(_live_apart(nieuw), zaak.today)
    if zaak.stap == "minnelijk_voorbereiding":
        dag = yield from zaak.happens(dag + zaak.loting.between(7, 30))
        zaak.advance("overeenkomst_sluiten", dag)
    return dag


def _other_half(zaak: Zaak, vertrekt: str) -> Zaak:
    nieuw = copy(zaak)
    nieuw.nummer = zaak.newest_number()
    nieuw.personen = [vertrekt]
    nieuw.situatie = replace(zaak.situatie)
    nieuw.kenmerken = dict(zaak.kenmerken)
    nieuw.rijen = []
    nieuw.huishouden = f"{zaak.huishouden}b"
    if nieuw.behandelaar:
        zaak.wereld.team.keep(nieuw.behandelaar)
    deeltrajecten.follow_moved_variants(nieuw)
    return nieuw


def _live_apart(nieuw: Zaak) -> Loop:
    """Who leaves moves to another place, or goes on here."""
    if nieuw.loting.hit("splitsing_verhuisd"):
        nieuw.reden = "verhuisd"
        return nieuw.wereld.live(nieuw, "neutraal")
    return nieuw.wereld.live(nieuw, nieuw.stap)
