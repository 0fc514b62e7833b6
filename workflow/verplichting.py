"""Which optional questions of a form its guards ask for all the same: always as things stand, or with some answers.

The guards themselves are asked, once for each reden and each answer of a choice, with and without an answer to the
question. So no guard has to say twice what it wants.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from workflow.dossier import Dossier
from workflow.routekaart import Overgang, Veld
from workflow.voorwaarden import VOORWAARDEN

INGEVULD = "ingevuld"
"""Stands for any answer; a guard that looks for a certain one finds it among the cases."""

CHOICES: Mapping[str, tuple[str, ...]] = {"ja_nee": ("ja", "nee")}


class Verplichting(NamedTuple):
    """That a question must be answered: `is_altijd` whatever else is answered; the sentence of the guard that asks."""

    is_altijd: bool
    zin: str


def obligations(keus: Overgang, dossier: Dossier) -> Mapping[str, Verplichting]:
    """The optional questions that must be answered, by code."""
    gevallen = list(_cases(keus, dossier))
    gevonden = {veld.code: _obligation(keus, veld, gevallen) for veld in keus.velden if not veld.verplicht}
    return {code: plicht for code, plicht in gevonden.items() if plicht}


def _cases(keus: Overgang, dossier: Dossier) -> Iterator[Dossier]:
    """The dossier as it could be judged: with each reden, and with each answer of each choice."""
    mogelijk = keus.redenen_bij(dossier.stap) if dossier.stap else keus.redenen
    redenen: list[str | None] = [r.code for r in mogelijk] or [None]
    for reden in redenen:
        yield replace(dossier, reden=reden, invoer={})
    for veld in keus.velden:
        for antwoord in CHOICES.get(veld.soort, tuple(k.code for k in veld.keuzes)):
            yield replace(dossier, reden=redenen[0], invoer={veld.code: antwoord})


def _obligation(keus: Overgang, veld: Veld, gevallen: list[Dossier]) -> Verplichting | None:
    gezegd = [_asks_for(keus, veld, geval) for geval in gevallen if veld.code not in geval.invoer]
    zinnen = [zin for zin in gezegd if zin]
    return Verplichting(len(zinnen) == len(gezegd), zinnen[0]) if zinnen else None


def _asks_for(keus: Overgang, veld: Veld, geval: Dossier) -> str | None:
    """What a guard says when only this question is left open, and not when it is answered."""
    rest = {ander.code: INGEVULD for ander in keus.velden if ander.code != veld.code and not _is_choice(ander)}
    zonder = replace(geval, invoer={**rest, **geval.invoer})
    met = replace(geval, invoer={**rest, **geval.invoer, veld.code: INGEVULD})
    for eis in keus.voorwaarden:
        ingeschreven = VOORWAARDEN[eis.naam]
        zin = ingeschreven.functie(zonder, keus, eis.argument) if ingeschreven.over_invoer else None
        if zin and not ingeschreven.functie(met, keus, eis.argument):
            return eis.zin or zin
    return None


def _is_choice(veld: Veld) -> bool:
    return bool(veld.keuzes) or veld.soort in CHOICES
