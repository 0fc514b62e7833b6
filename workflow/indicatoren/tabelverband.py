"""How the figures of one report hang together: which add up to another, which are the same, which are the rest.

Relations that hold in the figures are taken as known to the reader, for sums are seen. Parts that are printed nowhere
but follow from others (a row or a column of a table summed) become cellen too: what is printed elsewhere may be one of
them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, permutations
from typing import Any

from workflow.indicatoren import dienstverlening, hulp, mensen, vroegsignalering, wachten
from workflow.indicatoren.afleiding import Vergelijking
from workflow.indicatoren.begrippen import Eis, OpRoute, eis
from workflow.indicatoren.bronnen import FASEDUREN, GEEINDIGD, INGEGAAN, LOPEND, MIJLPALEN, VERTREK
from workflow.indicatoren.cellen import (
    GEHEEL,
    NIET_OPTELBAAR,
    Cel,
    Deel,
    Getal,
    Plaatser,
    Plek,
    Reeks,
    conditions,
    in_order,
    remainder,
)

Waarden = dict[Cel, float]


def equations(gegevens: Mapping[str, Any], getallen: Sequence[Getal], waarden: Waarden) -> list[Vergelijking[Cel]]:
    """All that holds between the cellen of a report. Those that nobody prints are added to `waarden`."""
    plaatser = Plaatser(gegevens)
    return [
        *_tables(plaatser, getallen, waarden),
        *_located(plaatser, getallen, waarden),
        *_conditions(waarden),
        *_within(getallen, waarden),
        *_twins(getallen),
        *_same_people(waarden),
        *_alike(waarden),
        *_remainders(getallen, waarden),
    ]


def if_true(vergelijking: Vergelijking[Cel], waarden: Mapping[Cel, float]) -> Iterator[Vergelijking[Cel]]:
    """The equation, if it holds and says something."""
    if len(vergelijking) > 1 and not sum(factor * waarden[cel] for cel, factor in vergelijking.items()):
        yield vergelijking


# -- Tables ------------------------------------------------------------------------------------------------------------

Tabel = dict[Deel, float]


def _tables(plaatser: Plaatser, getallen: Iterable[Getal], waarden: Waarden) -> Iterator[Vergelijking[Cel]]:
    """Every row, column and whole of a table is the sum of what it consists of."""
    for reeks, tabel in _by_columns(getallen):
        if GEHEEL not in tabel:
            yield from _margins(plaatser, reeks, tabel, waarden, set())


def _by_columns(getallen: Iterable[Getal]) -> Iterator[tuple[Reeks, Tabel]]:
    """The tables of each reeks; its whole is one too."""
    tabellen: dict[tuple[Reeks, frozenset[str]], Tabel] = defaultdict(dict)
    for getal in getallen:
        kolommen = _columns(getal.deel)
        if "meerjaren" not in kolommen:
            tabellen[getal.reeks, kolommen][getal.deel] = getal.waarde
    yield from ((reeks, tabel) for (reeks, _), tabel in tabellen.items())


def _columns(deel: Deel) -> frozenset[str]:
    return frozenset(kolom for kolom, _ in deel)


def _located(plaatser: Plaatser, getallen: Iterable[Getal], waarden: Waarden) -> Iterator[Vergelijking[Cel]]:
    """A place is of an opgever and in a gemeente, though the table does not say so: they are sums of their places."""
    for reeks, tabel in _by_columns(getallen):
        ruimer = {deel: plaatser.located(reeks, deel) for deel in tabel}
        samen = frozenset.intersection(*map(_columns, ruimer.values()))
        overal = {deel: frozenset(paar for paar in alles if paar[0] in samen) for deel, alles in ruimer.items()}
        for deel, anders in (*ruimer.items(), *overal.items()):
            een, ander = plaatser.cel(reeks, deel), plaatser.cel(reeks, anders)
            waarden.setdefault(ander, tabel[deel])
            yield from if_true({een: 1, ander: -1}, waarden) if een != ander else ()
        if samen - _columns(next(iter(tabel))):
            yield from _margins(plaatser, reeks, {overal[d]: waarde for d, waarde in tabel.items()}, waarden, set())


def _margins(
    plaatser: Plaatser, reeks: Reeks, tabel: Tabel, waarden: Waarden, gedaan: set[frozenset[str]]
) -> Iterator[Vergelijking[Cel]]:
    """The sums of a table over one column, and so on."""
    for kolom in sorted({kolom for deel in tabel for kolom, _ in deel}):
        grover: dict[Deel, dict[Deel, float]] = defaultdict(dict)
        for deel, waarde in tabel.items():
            grover[frozenset(paar for paar in deel if paar[0] != kolom)][deel] = waarde
        sommen = {deel: sum(rijen.values()) for deel, rijen in grover.items()}
        for deel, rijen in grover.items():
            yield from _sum_of(plaatser, reeks, deel, rijen, waarden)
        over = frozenset(naam for naam, _ in next(iter(sommen)))
        if over and over not in gedaan and reeks.veld not in NIET_OPTELBAAR:
            gedaan.add(over)
            yield from _margins(plaatser, reeks, sommen, waarden, gedaan)


def _sum_of(
    plaatser: Plaatser, reeks: Reeks, deel: Deel, rijen: Mapping[Deel, float], waarden: Waarden
) -> Iterator[Vergelijking[Cel]]:
    geheel = plaatser.cel(reeks, deel)
    if geheel not in waarden and reeks.veld not in NIET_OPTELBAAR:
        waarden[geheel] = sum(rijen.values())
    delen = [plaatser.cel(reeks, rij) for rij in rijen]
    if geheel in waarden and geheel not in delen:
        yield from if_true({geheel: -1, **dict.fromkeys(delen, 1)}, waarden)


def _conditions(waarden: Waarden) -> Iterator[Vergelijking[Cel]]:
    """What is counted under one of several answers is the sum of those under each."""
    for cel in list(waarden):
        for kolom, antwoorden in cel.plek:
            if len(antwoorden) > 1:
                rest = cel.plek - {(kolom, antwoorden)}
                delen = (cel._replace(plek=rest | {(kolom, frozenset({antwoord}))}) for antwoord in sorted(antwoorden))
                yield from if_true({cel: -1, **{d: 1 for d in delen if d in waarden}}, waarden)


def _within(getallen: Sequence[Getal], waarden: Waarden) -> Iterator[Vergelijking[Cel]]:
    """What began is what got there, what left otherwise, and what is still open."""
    for cellen in _per_place(getallen):
        if {"n", "bereikt", "anders", "open"} <= set(cellen):
            delen = dict.fromkeys((cellen[veld] for veld in ("bereikt", "anders", "open")), 1)
            yield from if_true({cellen["n"]: -1, **delen}, waarden)


def _per_place(getallen: Sequence[Getal]) -> Iterable[dict[str, Cel]]:
    """The cellen of each meting by name."""
    per_plaats: dict[int, dict[str, Cel]] = defaultdict(dict)
    for getal in getallen:
        per_plaats[getal.plaats][getal.veld] = getal.cel
    return per_plaats.values()


# -- The same ----------------------------------------------------------------------------------------------------------


def _twins(getallen: Iterable[Getal]) -> Iterator[Vergelijking[Cel]]:
    """Two counts that are equal in the whole and in every part they share are taken for the same."""
    reeksen: dict[Reeks, dict[Deel, Getal]] = defaultdict(dict)
    for getal in getallen:
        reeksen[getal.reeks][getal.deel] = getal
    per_totaal: dict[float, list[Reeks]] = defaultdict(list)
    for reeks, delen in reeksen.items():
        if GEHEEL in delen and delen[GEHEEL].waarde:
            per_totaal[delen[GEHEEL].waarde].append(reeks)
    for een, ander in (paar for groep in per_totaal.values() for paar in combinations(groep, 2)):
        yield from _if_equal(reeksen[een], reeksen[ander])


def _if_equal(een: Mapping[Deel, Getal], ander: Mapping[Deel, Getal]) -> Iterator[Vergelijking[Cel]]:
    samen = [(een[deel], ander[deel]) for deel in een if deel in ander]
    if all(a.waarde == b.waarde for a, b in samen):
        yield from ({a.cel: 1, b.cel: -1} for a, b in samen if a.cel != b.cel)


Term = tuple[int, str, Plek]


def _of(factor: int, bron: Any, *eisen: Eis) -> Term:
    return factor, bron.naam, conditions(eisen, bron.naam)


def _left(klasse: str) -> tuple[Term, ...]:
    hoofd = (dienstverlening.HOOFD, eis("klasse", klasse))
    return (
        _of(1, VERTREK, *hoofd),
        _of(-1, VERTREK, *hoofd, eis("herroepen", "ja")),
        _of(-1, hulp.AFLOOP, eis("klasse", klasse)),
    )


_STAP, _TRAJECT = dienstverlening.STAP, dienstverlening.TRAJECT
_BEHEER, _INGANG = dienstverlening.BUDGETBEHEER, dienstverlening.INGANG
_BEGONNEN = _of(1, hulp.SITUATIE)

ZELFDE_MENSEN: tuple[tuple[Term, ...], ...] = (
    _left("uitval"),
    _left("afwijzing"),
    *((_BEGONNEN, _of(-1, b)) for b in (mensen.TERUGKEER, hulp.VERSIES, hulp.LEVENSDUUR, hulp.EIGEN_LEVENSDUUR)),
    *((_BEGONNEN, _of(-1, wachten.WACHTEN, eis("doel", doel))) for doel in wachten.DOELEN),
    (
        _BEGONNEN,
        _of(-1, wachten.WACHTEN, eis("doel", "eerste_gesprek"), eis("soort", wachten.REGULIER)),
        _of(-1, wachten.CRISISWACHTEN),
    ),
    (_of(1, hulp.LEVENSDUUR), _of(-1, hulp.EIGEN_LEVENSDUUR)),
    *((_of(1, hulp.AFLOOP, eis("klasse", "succes")), _of(-1, mensen.COHORT, eis("jaren", j))) for j in (1, 2, 5)),
    (_of(1, hulp.IN_BEHANDELING), _of(-1, hulp.OP_PEILDATUM), _of(-1, hulp.AFLOOP)),
    (
        _of(1, INGEGAAN, _STAP, _BEHEER, _INGANG),
        _of(-1, INGEGAAN, _TRAJECT, _BEHEER, _INGANG),
        _of(-1, GEEINDIGD, _STAP, _BEHEER, eis("klasse", "door")),
    ),
    (_of(1, MIJLPALEN, eis("mijlpaal", vroegsignalering.ACTIE)), _of(-1, vroegsignalering.ACTIES)),
)
"""Sums that are nought because they are about the same people: who left and was not called back is who ended so."""


def _same_people(waarden: Waarden) -> Iterator[Vergelijking[Cel]]:
    for termen in ZELFDE_MENSEN:
        factor, bron, eisen = termen[0]
        for cel in [c for c in waarden if c.bron == bron and c.veld == "n" and eisen <= c.plek]:
            som = {cel: factor, **{_moved(cel, eisen, term): term[0] for term in termen[1:]}}
            if all(c in waarden for c in som):
                yield from if_true(som, waarden)


def _moved(cel: Cel, eisen: Plek, term: Term) -> Cel:
    """The cel of another bron in the same part."""
    return cel._replace(bron=term[1], plek=(cel.plek - eisen) | term[2])


BEGIN = frozenset({INGEGAAN.naam, hulp.STARTEN.naam, FASEDUREN.naam})
STAND = frozenset({LOPEND.naam, hulp.OP_PEILDATUM.naam})
GEEN_TOEVAL = 10
"""Smaller numbers are too often equal by chance."""


def _alike(waarden: Waarden) -> Iterator[Vergelijking[Cel]]:
    """What begins or stands is called by its stap, its fase or its instrument: equal numbers are taken for the same."""
    per_getal: dict[tuple[Any, ...], list[Cel]] = defaultdict(list)
    for cel, waarde in waarden.items():
        for soort in (BEGIN, STAND):
            if cel.bron in soort and cel.veld == "n" and waarde >= GEEN_TOEVAL:
                splitsing = frozenset(paar for paar in cel.plek if paar[0].startswith("per "))
                per_getal[soort, cel.vak, splitsing, waarde].append(cel)
    for cellen in per_getal.values():
        paren = combinations(sorted(cellen, key=in_order), 2)
        yield from ({een: 1, ander: -1} for een, ander in paren if een.bron != ander.bron)


# -- The rest ----------------------------------------------------------------------------------------------------------

PAREN = (("n", "open"), ("noemer", "teller"), ("n", "bereikt"), ("n", "anders"))
RUIMER = (
    (
        Reeks(INGEGAAN.naam, "n", conditions((_TRAJECT, OpRoute("samenwerking"), _INGANG))),
        Reeks(vroegsignalering.VANUIT_PLAATS.naam, "n", frozenset()),
    ),
)
"""Counts of which the second is a part of the first, though of another bron."""


def narrower(getallen: Sequence[Getal]) -> Iterable[tuple[Cel, Cel]]:
    """Pairs of cellen of which the second counts a part of the first."""
    gedrukt = dict.fromkeys(getal.cel for getal in getallen)
    return dict.fromkeys(
        (*_pairs_of_fields(getallen), *_pairs_of_conditions(getallen), *_pairs_of_bronnen(gedrukt.keys()))
    )


def _remainders(getallen: Sequence[Getal], waarden: Waarden) -> Iterator[Vergelijking[Cel]]:
    """What remains of a count after a narrower one, for whoever subtracts them."""
    for ruim, eng in narrower(getallen):
        over = remainder(ruim, eng)
        rest = waarden[ruim] - waarden[eng]
        if ruim != eng and waarden[eng] and rest >= 0:
            waarden[over] = rest
            yield {ruim: -1, eng: 1, over: 1}


def _pairs_of_fields(getallen: Sequence[Getal]) -> Iterator[tuple[Cel, Cel]]:
    for cellen in _per_place(getallen):
        yield from ((cellen[ruim], cellen[eng]) for ruim, eng in PAREN if ruim in cellen and eng in cellen)


def _pairs_of_conditions(getallen: Iterable[Getal]) -> Iterator[tuple[Cel, Cel]]:
    """Counts of the same rows and part, one under more conditions than the other."""
    per_deel: dict[tuple[str, str, Deel], dict[Plek, Cel]] = defaultdict(dict)
    for getal in getallen:
        per_deel[getal.reeks.bron, getal.reeks.veld, getal.deel][getal.reeks.eisen] = getal.cel
    for cellen in per_deel.values():
        yield from ((cellen[ruim], cellen[eng]) for ruim, eng in permutations(cellen, 2) if _is_wider(ruim, eng))


def _is_wider(ruim: Plek, eng: Plek) -> bool:
    eisen = dict(eng)
    return ruim != eng and all(kolom in eisen and eisen[kolom] <= antwoorden for kolom, antwoorden in ruim)


def _pairs_of_bronnen(aanwezig: Collection[Cel]) -> Iterator[tuple[Cel, Cel]]:
    for ruim, eng in RUIMER:
        for cel in [c for c in aanwezig if (c.bron, c.veld) == ruim[:2] and ruim.eisen <= c.plek]:
            enger = cel._replace(bron=eng.bron, plek=(cel.plek - ruim.eisen) | eng.eisen)
            yield from [(cel, enger)] if enger in aanwezig else []
