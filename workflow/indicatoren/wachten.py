"""Rows about waiting: from the melding of a main traject to first contact, first talk, plan and first help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from workflow.indicatoren.begrippen import OPEN, Rij
from workflow.indicatoren.bronnen import Regelbron
from workflow.indicatoren.regels import ANTWOORDEN, LOOPT, Regel
from workflow.routekaart import Termijnregel
from workflow.termijnen import Run, vervaldag

if TYPE_CHECKING:
    from workflow.indicatoren.kader import Kader

BEREIKT = "bereikt"
REGULIER, CRISIS = "regulier", "crisis"
DOELEN = ("eerste_contact", "aangeboden", "eerste_gesprek", "plan", "instrument")
"""What is waited for, in the order in which it comes."""


def answer(kader: Kader, traject_id: int, rol: str, dag: int | None = None) -> str | None:
    """The answer to the question that plays this part: the first one, or that on a day."""
    naam = kader.wegwijzer.kenmerk(rol)
    gegeven = kader.antwoorden(naam).get(traject_id, ()) if naam else ()
    passend = gegeven[:1] if dag is None else [a for a in gegeven if a.is_on(dag)]
    return passend[-1].waarde if passend else None


def kind_of(kader: Kader, regel: Regel) -> str:
    """Crisis or regulier, by what was known in the melding."""
    laatste = answer(kader, regel.traject_id, "crisis", kader.vraag.periode.peildatum)
    return REGULIER if laatste is None or laatste in kader.wegwijzer.waarden("geen_crisis") else CRISIS


def days_of(kader: Kader, regel: Regel) -> tuple[int | None, ...]:
    """The days on which a traject got each of DOELEN; the day that was offered may still be to come."""
    contact, toelating, gesprek = (regel.eerste(m) for m in ("eerste_contact", "toelating", "eerste_gesprek"))
    instrumenten = kader.wegwijzer.instrumenten
    return (
        min((m.dag for m in (contact, gesprek) if m), default=None),
        offered(regel),
        gesprek.dag if gesprek else None,
        toelating and (toelating.genoemd or toelating.dag),
        next((s.van for s in regel.staten if s.plek in instrumenten), None),
    )


def offered(regel: Regel) -> int | None:
    """The first day that was offered for the first talk; that of the talk itself where none was offered before."""
    aanbod, gesprek = regel.eerste("gesprek_aangeboden"), regel.eerste("eerste_gesprek")
    if aanbod and (gesprek is None or aanbod.dag <= gesprek.dag):
        return aanbod.genoemd or aanbod.dag
    return gesprek.dag if gesprek else None


def outcome(regel: Regel, dag: int | None, tot: int) -> tuple[int, str]:
    """How long it took or has taken by `tot`, and how that ended."""
    if dag is not None and dag < tot:
        return max(dag - regel.begin, 0), BEREIKT
    return regel.eind - regel.begin, OPEN if regel.stand == LOOPT else regel.stand


def _waits(kader: Kader) -> Iterator[Rij]:
    """Per traject dat in de periode begon en per mijlpaal: hoeveel dagen het duurde, en hoe het wachten eindigde."""
    tot = kader.vraag.periode.tot
    for regel in kader.begonnen:
        soort = kind_of(kader, regel)
        for doel, dag in zip(DOELEN, days_of(kader, regel), strict=True):
            yield regel.traject_id, regel.begin, doel, soort, *outcome(regel, dag, tot)


def _crisis_waits(kader: Kader) -> Iterator[Rij]:
    """Per crisismelding in de periode: na hoeveel werkdagen (streng) het eerste gesprek was."""
    for traject_id, begin, doel, soort, dagen, uitkomst in kader.rijen(WACHTEN):
        if doel == "eerste_gesprek" and soort == CRISIS:
            yield traject_id, begin, _workdays(kader, begin, dagen), uitkomst


def _workdays(kader: Kader, begin: int, dagen: int) -> int:
    return sum(kader.kalender.is_werkdag(dag) for dag in range(begin + 1, begin + dagen + 1))


WACHTEN = Regelbron("wachttijden", ("doel", "soort", "dagen", "uitkomst"), _waits, ANTWOORDEN)
CRISISWACHTEN = Regelbron("crisiswachten", ("dagen", "uitkomst"), _crisis_waits, ANTWOORDEN)


# -- Terms for the first talk ------------------------------------------------------------------------------------------


def _terms(kader: Kader) -> Iterator[Rij]:
    """Per traject dat in de periode begon en waarvan de termijn van het eerste gesprek voorbij is: op tijd of niet."""
    termijnen = kader.wegwijzer.begintermijnen
    soorten = {rij[0]: rij[3] for rij in kader.rijen(WACHTEN)}
    laatste_dagen: dict[tuple[object, ...], tuple[int | None, ...]] = {}
    for regel in kader.begonnen:
        genoemd, kenmerken = (
            tuple(_named(kader, regel, mijlpaal) for _, mijlpaal in termijnen),
            _kenmerken(kader, regel),
        )
        sleutel = (regel.begin, genoemd, *kenmerken.items())
        if sleutel not in laatste_dagen:
            laatste_dagen[sleutel] = _last_days(kader, regel.begin, genoemd, kenmerken)
        for (termijn, _), laatste in zip(termijnen, laatste_dagen[sleutel], strict=True):
            if laatste is not None:
                yield from _judged(kader, regel, termijn, soorten[regel.traject_id], laatste)


def _judged(kader: Kader, regel: Regel, termijn: Termijnregel, soort: str, laatste: int) -> Iterator[Rij]:
    """Only of a term that is over: counting who already succeeded beside who can still be late flatters the score."""
    tot, gesprek, aanbod = kader.vraag.periode.tot, regel.eerste("eerste_gesprek"), offered(regel)
    is_gestopt = gesprek is None and regel.stand != LOOPT and regel.eind <= laatste
    if laatste >= tot or is_gestopt:
        return
    is_op_tijd, is_aangeboden = gesprek is not None and gesprek.dag <= laatste, bool(aanbod and aanbod <= laatste)
    op_tijd = ("ja" if is_op_tijd else "nee", "ja" if is_aangeboden else "nee")
    yield regel.traject_id, regel.begin, termijn.code, termijn.soort, soort, *op_tijd


def _named(kader: Kader, regel: Regel, mijlpaal: str | None) -> int | None:
    """The day from which a term counts, where an answer names one."""
    merken = [m for m in regel.marks(mijlpaal or "") if m.dag < kader.vraag.periode.tot]
    return next((m.genoemd for m in reversed(merken) if m.genoemd is not None), None)


def _kenmerken(kader: Kader, regel: Regel) -> Mapping[str, str]:
    """The answers that decide about these terms, as they were by the end of the period."""
    gevonden: dict[str, str] = {}
    for naam in kader.wegwijzer.termijnkenmerken:
        for antwoord in kader.antwoorden(naam).get(regel.traject_id, ()):
            if antwoord.van < kader.vraag.periode.tot:
                gevonden[naam] = antwoord.waarde
    return gevonden


def _last_days(
    kader: Kader, begin: int, genoemd: tuple[int | None, ...], kenmerken: Mapping[str, str]
) -> tuple[int | None, ...]:
    """The last day of each term; None where it does not run."""
    return tuple(
        vervaldag(termijn, Run(begin, None), kenmerken, dag, (), kader.kalender)
        for (termijn, _), dag in zip(kader.wegwijzer.begintermijnen, genoemd, strict=True)
    )


TERMIJNEN = Regelbron(
    "termijnen", ("termijn", "soort_termijn", "soort", "op_tijd", "aangeboden_op_tijd"), _terms, ANTWOORDEN
)
