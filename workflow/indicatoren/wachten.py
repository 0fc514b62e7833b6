"""Rows about waiting: from the melding of a main traject to first contact, first talk, plan and first help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from workflow.indicatoren.begrippen import OPEN, Rij
from workflow.indicatoren.bronnen import Regelbron
from workflow.indicatoren.regels import LOOPT, Regel
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


def day_of(kader: Kader, regel: Regel, doel: str) -> int | None:
    """The day on which a traject got what it waited for; the day that was offered may still be to come."""
    gesprek = regel.eerste("eerste_gesprek")
    if doel == "eerste_contact":
        return min((m.dag for m in (regel.eerste("eerste_contact"), gesprek) if m), default=None)
    if doel == "aangeboden":
        return offered(regel)
    if doel == "plan":
        toelating = regel.eerste("toelating")
        return None if toelating is None else toelating.genoemd or toelating.dag
    if doel == "instrument":
        return next((s.van for s in regel.staten if s.plek in kader.wegwijzer.instrumenten), None)
    return gesprek.dag if gesprek else None


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
        for doel in DOELEN:
            yield regel.traject_id, regel.begin, doel, soort, *outcome(regel, day_of(kader, regel, doel), tot)


def _crisis_waits(kader: Kader) -> Iterator[Rij]:
    """Per crisismelding in de periode: na hoeveel werkdagen (streng) het eerste gesprek was."""
    tot = kader.vraag.periode.tot
    for regel in kader.begonnen:
        if kind_of(kader, regel) == CRISIS:
            dagen, uitkomst = outcome(regel, day_of(kader, regel, "eerste_gesprek"), tot)
            yield regel.traject_id, regel.begin, _workdays(kader, regel.begin, dagen), uitkomst


def _workdays(kader: Kader, begin: int, dagen: int) -> int:
    return sum(kader.kalender.is_werkdag(dag) for dag in range(begin + 1, begin + dagen + 1))


WACHTEN = Regelbron("wachttijden", ("doel", "soort", "dagen", "uitkomst"), _waits)
CRISISWACHTEN = Regelbron("crisiswachten", ("dagen", "uitkomst"), _crisis_waits)


# -- Terms for the first talk ------------------------------------------------------------------------------------------


def _terms(kader: Kader) -> Iterator[Rij]:
    """Per traject dat in de periode begon en waarvan de termijn van het eerste gesprek voorbij is: op tijd of niet."""
    uitgerekend: dict[tuple[object, ...], int | None] = {}
    for regel in kader.begonnen:
        for termijn, mijlpaal in kader.wegwijzer.begintermijnen:
            sleutel = (termijn.code, regel.begin, *_asked(kader, regel, termijn, mijlpaal))
            if sleutel not in uitgerekend:
                uitgerekend[sleutel] = _last_day(kader, regel, termijn, mijlpaal)
            yield from _judged(kader, regel, termijn, uitgerekend[sleutel])


def _judged(kader: Kader, regel: Regel, termijn: Termijnregel, laatste: int | None) -> Iterator[Rij]:
    tot, gesprek = kader.vraag.periode.tot, day_of(kader, regel, "eerste_gesprek")
    if laatste is None:
        return
    is_geweest = gesprek is not None and gesprek < tot
    is_gestopt = regel.stand != LOOPT and regel.eind <= laatste
    if not is_geweest and (is_gestopt or laatste >= tot):
        return
    aanbod = offered(regel)
    op_tijd = ("ja" if is_geweest and gesprek <= laatste else "nee", "ja" if aanbod and aanbod <= laatste else "nee")  # type: ignore[operator]
    yield regel.traject_id, regel.begin, termijn.code, termijn.soort, kind_of(kader, regel), *op_tijd


def _asked(kader: Kader, regel: Regel, termijn: Termijnregel, mijlpaal: str | None) -> tuple[object, ...]:
    """What decides about the term: the kenmerken that it names, and the day from which it counts."""
    dag = _named(kader, regel, mijlpaal)
    return (dag, *_kenmerken(kader, regel, termijn).items())


def _named(kader: Kader, regel: Regel, mijlpaal: str | None) -> int | None:
    merken = [m for m in regel.marks(mijlpaal or "") if m.dag < kader.vraag.periode.tot]
    return next((m.genoemd for m in reversed(merken) if m.genoemd is not None), None)


def _kenmerken(kader: Kader, regel: Regel, termijn: Termijnregel) -> Mapping[str, str]:
    """The answers that decide about a term, as they were by the end of the period."""
    gevonden: dict[str, str] = {}
    for naam in (*termijn.als, *termijn.tenzij):
        for antwoord in kader.antwoorden(naam).get(regel.traject_id, ()):
            if antwoord.van < kader.vraag.periode.tot:
                gevonden[naam] = antwoord.waarde
    return gevonden


def _last_day(kader: Kader, regel: Regel, termijn: Termijnregel, mijlpaal: str | None) -> int | None:
    kenmerken = _kenmerken(kader, regel, termijn)
    return vervaldag(termijn, Run(regel.begin, None), kenmerken, _named(kader, regel, mijlpaal), (), kader.kalender)


TERMIJNEN = Regelbron("termijnen", ("termijn", "soort_termijn", "soort", "op_tijd", "aangeboden_op_tijd"), _terms)
