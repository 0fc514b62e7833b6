"""Samenwerking: trajecten with partners of the sociaal domein, and parties with whom there are agreements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workflow.indicatoren.begrippen import Ambitie, Herkomst, Indicator, Rij, eis
from workflow.indicatoren.bronnen import Regelbron
from workflow.indicatoren.hulp import AFLOOP, GEEN, IN_BEHANDELING
from workflow.indicatoren.maten import Duur, Telling
from workflow.indicatoren.regels import ANTWOORDEN
from workflow.indicatoren.wachten import answer

if TYPE_CHECKING:
    from workflow.indicatoren.kader import Kader


def _agreements(kader: Kader) -> Iterator[Rij]:
    """Per afspraak die op de peildatum geldt: de partij en de soort afspraak."""
    dag = kader.vraag.periode.peildatum
    for kind in kader.kinderen("afspraak"):
        if kind.van <= dag and (kind.tot is None or kind.tot > dag):
            partij = answer(kader, kind.traject_id, "afspraak_met") or str(kind.traject_id)
            yield kind.traject_id, dag, partij, answer(kader, kind.traject_id, "soort_afspraak") or GEEN


AFSPRAKEN = Regelbron("afspraken", ("partij", "soort_afspraak"), _agreements, ANTWOORDEN)

ALLE = (
    Indicator(
        "S1",
        "Gezamenlijke trajecten SHV en partners sociaal domein",
        Ambitie.SAMENWERKING,
        "Trajecten die in de periode liepen met op enige dag een open samenwerking; afloop en duur met en zonder.",
        "trajecten",
        Herkomst.LOG,
        (
            Telling("gezamenlijk", "Gezamenlijke trajecten", IN_BEHANDELING, (eis("samen", "ja"),)),
            Telling("uitkomst", "Afloop", AFLOOP, per=((), ("samen",), ("samen", "klasse"))),
            Duur("duur", "Duur tot succes", AFLOOP, ("succes",), per=((), ("samen",))),
        ),
        (
            "Een voornemen tot samenwerken telt nog niet.",
            "Wie samenwerking krijgt, is anders dan wie het niet krijgt: een verschil is geen bewijs van effect.",
        ),
    ),
    Indicator(
        "S2",
        "Partijen waarmee afspraken gemaakt zijn",
        Ambitie.SAMENWERKING,
        (
            "Verschillende organisaties met een afspraak die op de laatste dag van de periode geldt; de "
            "gemeente als schuldeiser telt mee."
        ),
        "organisaties",
        Herkomst.LOG,
        (
            Telling(
                "partijen",
                "Partijen",
                AFSPRAKEN,
                per=((), ("soort_afspraak",)),
                uniek="partij",
                eenheid="organisaties",
            ),
        ),
        ("Een stand op een dag, geen aantal over een periode.",),
    ),
)
