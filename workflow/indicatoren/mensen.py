"""Rows about people over their trajecten: how many, which regelingen one after another, and who came back.

Who left a household's traject took part in it until then: a regeling is of who took part when it began, and an end is
of whose part had not ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from workflow.indicatoren.begrippen import OPEN, Rij
from workflow.indicatoren.bronnen import INGEGAAN_DOOR, Regelbron
from workflow.indicatoren.hulp import IN_BEHANDELING, kind_of_help, overlaps
from workflow.indicatoren.regels import ANTWOORDEN, MENSEN, Deel, Regel, stand_on
from workflow.kalender import date_of, daynumber

if TYPE_CHECKING:
    from workflow.indicatoren.kader import Kader

# -- How many ----------------------------------------------------------------------------------------------------------


def _people_in_care(kader: Kader) -> Iterator[Rij]:
    """Per persoon die op enige dag van de periode deelnam aan een lopend traject."""
    for traject_id, dag, _ in kader.rijen(IN_BEHANDELING):
        yield from ((traject_id, dag, persoon) for persoon in _present(kader, traject_id))


def _present(kader: Kader, traject_id: int) -> Iterator[str]:
    periode = kader.vraag.periode
    for deelname in kader.mensen.get(traject_id, ()):
        if overlaps((deelname.van, deelname.tot), periode.van, periode.tot):
            yield deelname.persoon


def _people_begun(kader: Kader) -> Iterator[Rij]:
    """Per persoon in een traject dat in de periode met een melding begon."""
    for regel in kader.begonnen:
        for deelname in kader.mensen.get(regel.traject_id, ()):
            if deelname.van == regel.begin:
                yield regel.traject_id, regel.begin, deelname.persoon


def _people_with_budget(kader: Kader) -> Iterator[Rij]:
    """Per persoon die op enige dag van de periode budgetbeheer had."""
    periode = kader.vraag.periode
    for kind in kader.kinderen("budgetbeheer"):
        if overlaps((kind.van, kind.tot), periode.van, periode.tot):
            dag = max(kind.van, periode.van)
            yield from ((kind.traject_id, dag, persoon) for persoon in _present(kader, kind.traject_id))


PERSONEN_IN_BEHANDELING = Regelbron("personen_in_behandeling", ("persoon",), _people_in_care, MENSEN)
PERSONEN_GEMELD = Regelbron("personen_gemeld", ("persoon",), _people_begun, MENSEN)
PERSONEN_MET_BUDGETBEHEER = Regelbron("personen_met_budgetbeheer", ("persoon",), _people_with_budget, MENSEN)


# -- One after another -------------------------------------------------------------------------------------------------


class Regeling(NamedTuple):
    """A regeling of one traject, or (`is_regeling` false) a stabilisatie."""

    van: int
    traject_id: int
    nr: int
    tot: int | None
    plek: tuple[str, str]
    is_begin: bool
    is_regeling: bool


def _regelingen(kader: Kader, regel: Regel) -> list[Regeling]:
    regelingen, ook = kader.wegwijzer.regelingen, kader.wegwijzer.stappen("stabilisatie")
    return [
        Regeling(s.van, regel.traject_id, s.nr, s.tot, plek, s.ingang in INGEGAAN_DOOR, plek in regelingen)
        for s in regel.staten
        if (plek := s.plek) in regelingen or plek in ook
    ]


def pairs(kader: Kader) -> Iterator[tuple[str, Regeling, Regeling, str]]:
    """Person, earlier and later regeling, and whether stabilisatie is among what counts (`met`) or not (`zonder`)."""
    van, tot = kader.vraag.periode.van, kader.vraag.periode.tot
    for persoon in _people_with_a_start(kader):
        delen = kader.geschiedenis.of(persoon)
        eigen = sorted(r for deel in delen for r in _regelingen(kader, deel.regel) if deel.takes_part_on(r.van))
        for soort, telt in (("zonder", [r for r in eigen if r.is_regeling]), ("met", eigen)):
            for eerder, later in pairwise(telt):
                if later.is_begin and van <= later.van < tot:
                    yield persoon, eerder, later, soort


def _people_with_a_start(kader: Kader) -> dict[str, None]:
    """Who was in a traject in which a regeling or a stabilisatie began in the period."""
    van, tot = kader.vraag.periode.van, kader.vraag.periode.tot
    plekken = kader.wegwijzer.regelingen | kader.wegwijzer.stappen("stabilisatie")
    begonnen = (r for r in kader.actueel if any(van <= s.van < tot and s.plek in plekken for s in r.staten))
    return {deelname.persoon: None for regel in begonnen for deelname in kader.mensen.get(regel.traject_id, ())}


def _successions(kader: Kader) -> Iterator[Rij]:
    """Per paar opeenvolgende regelingen van een persoon, de tweede begonnen in de periode; een stel telt één keer."""
    gezien: set[tuple[object, ...]] = set()
    for _, eerder, later, soort in kader.paren:
        sleutel = (eerder.traject_id, eerder.nr, later.traject_id, later.nr, soort)
        if sleutel not in gezien:
            gezien.add(sleutel)
            tussen = 0 if eerder.tot is None else max(later.van - eerder.tot, 0)
            soorten = (kind_of_help(kader, r.traject_id, r.plek, r.van) for r in (eerder, later))
            yield later.traject_id, later.van, *soorten, _where(kader, eerder, later), tussen, soort


def _where(kader: Kader, eerder: Regeling, later: Regeling) -> str:
    if eerder.traject_id == later.traject_id:
        return "binnen"
    return "splitsing" if kader.regels[later.traject_id].ingang == "splitsing" else "over"


def _people_twice(kader: Kader) -> Iterator[Rij]:
    """Per persoon en paar opeenvolgende regelingen."""
    for persoon, _, later, soort in kader.paren:
        yield later.traject_id, later.van, persoon, soort


PAREN = Regelbron(
    "paren",
    ("van_soort", "naar_soort", "ligging", "dagen_ertussen", "stabilisatie"),
    _successions,
    (*MENSEN, *ANTWOORDEN),
)
PERSONEN_MET_PAAR = Regelbron("personen_met_paar", ("persoon", "stabilisatie"), _people_twice, MENSEN)


# -- Coming back -------------------------------------------------------------------------------------------------------

TERUGKIJKEN = 5
"""Years."""


def _elsewhere(kader: Kader, regel: Regel) -> Iterator[Deel]:
    """The parts that the people of a traject took in others."""
    for deelname in kader.mensen.get(regel.traject_id, ()):
        yield from (deel for deel in kader.geschiedenis.of(deelname.persoon) if deel.regel is not regel)


def _returns(kader: Kader) -> Iterator[Rij]:
    """Per melding in de periode: of iemand ervan in de vijf jaar ervoor een regeling afrondde, of uitviel."""
    for regel in kader.begonnen:
        eerder = [deel for deel in _elsewhere(kader, regel) if deel.regel.begin < regel.begin]
        gezegd = (any(_is_before(kader, deel, regel, klasse) for deel in eerder) for klasse in ("succes", "uitval"))
        yield regel.traject_id, regel.begin, *("ja" if is_zo else "nee" for is_zo in gezegd)


def _is_before(kader: Kader, deel: Deel, later: Regel, klasse: str) -> bool:
    """Whether the earlier one ended so within five years before the later one; a success only after a regeling."""
    stand, eind = stand_on(deel.regel, later.begin + 1)
    if stand != klasse or not deel.lasted_until(eind) or years_after(eind, TERUGKIJKEN) < later.begin:
        return False
    telt = kader.wegwijzer.stappen("afgeloste_regeling")
    return klasse == "uitval" or any(s.plek in telt for s in deel.regel.staten)


def years_after(dag: int, jaren: int) -> int:
    """The same date so many years later; 29 February becomes the 28th."""
    datum = date_of(dag)
    try:
        return daynumber(datum.replace(year=datum.year + jaren))
    except ValueError:
        return daynumber(date(datum.year + jaren, 2, 28))


TERUG, WEGGEBLEVEN = "terug", "weggebleven"


def _cohort(kader: Kader) -> Iterator[Rij]:
    """Per traject dat in de periode met succes eindigde, en per 1, 2 en 5 jaar: wanneer iemand ervan terug was.

    Wie al terug is of de hele tijd wegbleef, is bekend; wie nog niet zo lang gevolgd is tot de dag waarop alles bekend
    is, staat open.
    """
    for regel in kader.geeindigd:
        if regel.stand != "succes":
            continue
        later = list(_later_begins(kader, regel, regel.eind))
        for jaren in (1, 2, 5):
            yield regel.traject_id, regel.eind, jaren, *_return_within(later, regel.eind, jaren, kader.vraag.bekend_op)


def _return_within(later: Iterable[int], eind: int, jaren: int, kennisdag: int) -> tuple[int, str]:
    grens = years_after(eind, jaren)
    terug = min((dag for dag in later if dag <= grens), default=None)
    if terug is not None:
        return terug - eind, TERUG
    return (grens - eind, WEGGEBLEVEN) if grens <= kennisdag else (max(kennisdag - eind, 0), OPEN)


def _later_begins(kader: Kader, regel: Regel, eind: int) -> Iterator[int]:
    for deelname in kader.mensen.get(regel.traject_id, ()):
        if deelname.tot is None or deelname.tot >= eind:
            begonnen = (deel.regel for deel in kader.geschiedenis.of(deelname.persoon) if deel.regel is not regel)
            yield from (r.begin for r in begonnen if r.ingang == "start" and r.begin >= eind)


def _in_debt(kader: Kader) -> Iterator[Rij]:
    """Per persoon met een eerste melding in de periode: de dagen tot een traject met succes eindigde, ook een later."""
    tot = kader.vraag.periode.tot
    for regel in kader.begonnen:
        for persoon in {deelname.persoon: None for deelname in kader.mensen.get(regel.traject_id, ())}:
            delen = kader.geschiedenis.of(persoon)
            if delen[0].regel is regel:
                yield regel.traject_id, regel.begin, *_until_success(delen, regel.begin, tot)


def _until_success(delen: Iterable[Deel], begin: int, tot: int) -> tuple[int, str]:
    geslaagd = [(d.regel.eind, d) for d in delen if d.regel.stand == "succes"]
    einden = [eind for eind, deel in geslaagd if deel.lasted_until(eind)]
    return (min(einden) - begin, "succes") if einden else (tot - 1 - begin, OPEN)


TERUGKEER = Regelbron("terugkeer", ("recidive", "na_uitval"), _returns, MENSEN)
COHORT = Regelbron("cohort", ("jaren", "dagen", "uitkomst"), _cohort, MENSEN)
IN_SCHULD = Regelbron("in_schuld", ("dagen", "uitkomst"), _in_debt, MENSEN)
