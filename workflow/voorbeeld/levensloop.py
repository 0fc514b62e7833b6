"""The life course of a traject: from stap to stap, until it ends or the demo does."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping

from workflow.voorbeeld import aanvraag, einde, hulp
from workflow.voorbeeld.agenda import Loop
from workflow.voorbeeld.zaak import Zaak

LOPEN: Mapping[str, Callable[[Zaak], Generator[int, None, str]]] = {
    functie.__name__: functie
    for functie in (
        aanvraag.melding,
        aanvraag.intake,
        aanvraag.mesis,
        aanvraag.besluit,
        aanvraag.toegelaten,
        hulp.stabilisatie,
        hulp.dfd,
        hulp.budgetbeheer,
        hulp.betalingsregeling,
        hulp.minnelijk_voorbereiding,
        hulp.dwangakkoord,
        hulp.minnelijk_lopend,
        hulp.wsnp_verzoek,
        hulp.wsnp_lopend,
        hulp.nazorg,
        hulp.ingelezen,
        einde.afgerond,
        einde.zelf,
        einde.neutraal,
        einde.uitval,
        einde.afwijzing,
    )
}
"""Each function is named after the stap it lives through, or after the way it ends."""


def live(zaak: Zaak, begin: str) -> Loop:
    """Live on from a stap (or a way of ending) to the end, after which the people may come back one day."""
    zaak.wereld.lopend[zaak.nummer] = zaak
    vervolg = begin
    while vervolg:
        vervolg = yield from LOPEN[vervolg](zaak)
    zaak.wereld.team.release(zaak.behandelaar)
    zaak.wereld.geeindigd.append(zaak)
