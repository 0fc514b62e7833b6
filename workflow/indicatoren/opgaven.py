"""What partners report: sums that say what is missing, and numbers that are never added up.

Missing is not zero: where nothing was reported a figure has no value, and a total over incomplete reports says how many
were expected and how many came. Only reports whose whole period lies within the asked one count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select, select

from models.organisatie import organisatie
from workflow import perioden
from workflow.indicatoren.begrippen import TOTAAL, VAST, Eis, Groepering, Meting, Rij
from workflow.indicatoren.bronnen import Tabelbron
from workflow.indicatoren.maten import DEEL, PerTijdvak
from workflow.routekaart import Opgavesoort

if TYPE_CHECKING:
    from workflow.indicatoren.kader import Kader

KOLOMMEN = ("indicator", "reeks", "plaats", "opgever", "gemeente", "van_dag", "tot_dag", "aantal", "is_historisch")
_PLEK = {kolom: VAST + i for i, kolom in enumerate(KOLOMMEN)}


def _reported(kader: Kader) -> Select[Any]:
    o, vraag = kader.tabel("opgave"), kader.vraag
    keuze = select(o.c.traject_id, o.c.van_dag.label("dag"), *(o.c[kolom].label(kolom) for kolom in KOLOMMEN)).where(
        o.c.van_dag >= vraag.periode.van, o.c.tot_dag <= vraag.periode.tot
    )
    return keuze if vraag.gemeente is None else keuze.where(o.c.gemeente == vraag.gemeente)


OPGAVEN = Tabelbron("opgaven", KOLOMMEN, _reported)
"""Lines of reports whose whole period lies within the asked one."""


Opgegeven = tuple[str, str, int, int]
"""Opgever, gemeente, and the days [van, tot) of a report."""


class Verwacht(NamedTuple):
    """A report that the map asks for."""

    opgever: str
    gemeente: str
    van: int
    tot: int


def soort_of(kader: Kader, indicator: str) -> Opgavesoort | None:
    """What the map in force says about the reports for an indicator."""
    return kader.kaart.opgaven.get(indicator)


def expected(kader: Kader, indicator: str) -> list[Verwacht]:
    """Every report over a whole period within the asked one that could have come by the moment asked for."""
    soort, vraag = soort_of(kader, indicator), kader.vraag
    if soort is None:
        return []
    tot = min(vraag.periode.tot, kader.vraag.bekend_op + 1, soort.tot or vraag.periode.tot)
    periodes = list(perioden.within(soort.ritme, max(vraag.periode.van, soort.vanaf), tot))
    return [
        Verwacht(wie.organisatie, gemeente, *periode)
        for wie in soort.opgevers.values()
        for gemeente in wie.gemeenten
        if vraag.gemeente in (None, gemeente)
        for periode in periodes
    ]


def missing(kader: Kader, indicator: str) -> list[Verwacht]:
    """The expected reports that did not come."""
    soort = soort_of(kader, indicator)
    if soort is None:
        return []
    rijen = (rij for rij in kader.rijen(OPGAVEN) if rij[_PLEK["indicator"]] == indicator)
    gegeven = {(*_who(rij), perioden.slot(soort.ritme, rij[_PLEK["van_dag"]])) for rij in rijen}
    return [v for v in expected(kader, indicator) if (v.opgever, v.gemeente, (v.van, v.tot)) not in gegeven]


def _who(rij: Rij) -> tuple[str, str]:
    return rij[_PLEK["opgever"]], rij[_PLEK["gemeente"]]


def ontbreekt(kader: Kader, indicator: str) -> list[str]:
    """Who did not report what, in Dutch: a sentence for each opgever and gemeente."""
    soort, per_opgever = soort_of(kader, indicator), defaultdict(list)
    for leeg in missing(kader, indicator):
        per_opgever[leeg.opgever, leeg.gemeente].append(leeg.van)
    if soort is None or not per_opgever:
        return []
    namen, gemeenten = _names(kader, [opgever for opgever, _ in per_opgever]), kader.kaart.gemeenten
    return [
        f"Niet opgegeven door {namen.get(opgever, opgever)} ({gemeenten.get(gemeente, gemeente)}): "
        f"{', '.join(perioden.name(soort.ritme, van) for van in dagen)}."
        for (opgever, gemeente), dagen in per_opgever.items()
    ]


def _names(kader: Kader, codes: Iterable[str]) -> Mapping[str, str]:
    vraag = select(organisatie.c.code, organisatie.c.naam).where(organisatie.c.code.in_(sorted(set(codes))))
    return {rij.code: rij.naam for rij in kader.db.execute(vraag)}


# -- Figures -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opgavesom(PerTijdvak):
    """The sum of one reeks of reports, or for what may not be added up: the one number of each period and place."""

    code: str
    naam: str
    indicator: str
    eenheid: str = "bezoeken"
    reeks: str = ""
    bron: Tabelbron = OPGAVEN
    waar: tuple[Eis, ...] = ()
    per: tuple[Groepering, ...] = TOTAAL
    extra: tuple[str, ...] = ()

    def meet(self, kader: Kader) -> list[Meting]:
        """The total, and each breakdown; without a value where nothing was reported."""
        soort, rijen = soort_of(kader, self.indicator), self._rows(kader)
        is_optelbaar = self._adds_up(soort)
        groepen: dict[tuple[tuple[str, str], ...], list[Rij]] = {(): rijen}
        for groepering in _groupings(kader, soort, is_optelbaar):
            for rij in rijen:
                deel = _columns(kader, soort, rij)
                if all(kolom in deel for kolom in groepering):
                    groepen.setdefault(tuple((kolom, deel[kolom]) for kolom in groepering), []).append(rij)
        groepen |= {(("opgever", wie),): [] for wie in sorted(self._silent(kader, rijen))}
        return [self._meting(kader, dict(deel), eigen, is_optelbaar) for deel, eigen in groepen.items()]

    def _meting(self, kader: Kader, deel: Mapping[str, str], rijen: list[Rij], is_optelbaar: bool) -> Meting:
        aantallen = [rij[_PLEK["aantal"]] for rij in rijen]
        waarde = sum(aantallen) if aantallen and (is_optelbaar or len(aantallen) == 1) else None
        meer: dict[str, Any] = {"historisch": True} if any(rij[_PLEK["is_historisch"]] for rij in rijen) else {}
        if set(deel) <= {"opgever"}:
            meer |= self._completeness(kader, deel.get("opgever"))
        return Meting(self.code, deel, waarde, len(rijen), 0, meer)

    def _completeness(self, kader: Kader, opgever: str | None) -> dict[str, int]:
        verwacht, leeg = (
            [v for v in reeks if opgever in (None, v.opgever)]
            for reeks in (expected(kader, self.indicator), missing(kader, self.indicator))
        )
        return {"verwacht": len(verwacht), "ontvangen": len(verwacht) - len(leeg)}

    def _silent(self, kader: Kader, rijen: Iterable[Rij]) -> set[str]:
        """Who was asked and has no line at all."""
        return {v.opgever for v in missing(kader, self.indicator)} - {rij[_PLEK["opgever"]] for rij in rijen}

    def _adds_up(self, soort: Opgavesoort | None) -> bool:
        reeks = soort.reeksen.get(self.reeks or self.code) if soort else None
        return reeks is None or reeks.is_optelbaar

    def _rows(self, kader: Kader) -> list[Rij]:
        welke = (self.indicator, self.reeks or self.code)
        return [rij for rij in kader.rijen(self.bron) if (rij[_PLEK["indicator"]], rij[_PLEK["reeks"]]) == welke]

    def rijen(self, kader: Kader, uitsplitsing: Mapping[str, str]) -> list[Rij]:
        """The lines behind a figure."""
        soort = soort_of(kader, self.indicator)
        return [rij for rij in self._rows(kader) if uitsplitsing.items() <= _columns(kader, soort, rij).items()]


@dataclass(frozen=True, slots=True)
class Opgavespreiding(PerTijdvak):
    """In how many places there was anything at all, of one reeks of reports."""

    code: str
    naam: str
    indicator: str
    reeks: str
    eenheid: str = "plaatsen"
    bron: Tabelbron = OPGAVEN
    waar: tuple[Eis, ...] = ()
    per: tuple[Groepering, ...] = TOTAAL
    extra: tuple[str, ...] = ()

    def meet(self, kader: Kader) -> list[Meting]:
        """The number of places; `van` says of how many on the map."""
        som = Opgavesom(self.reeks, self.naam, self.indicator)
        soort, rijen = soort_of(kader, self.indicator), self.rijen(kader, {})
        meer = {**som.meet(kader)[0].meer, "van": len(soort.plaatsen) if soort else 0}
        is_gegeven = bool(som.rijen(kader, {}))
        return [Meting(self.code, {}, len(rijen) if is_gegeven else None, len(rijen), 0, meer)]

    def rijen(self, kader: Kader, uitsplitsing: Mapping[str, str]) -> list[Rij]:
        """The first line of each place with a number above 0."""
        rijen = Opgavesom(self.reeks, self.naam, self.indicator).rijen(kader, uitsplitsing)
        plaatsen = {rij[_PLEK["plaats"]]: rij for rij in reversed(rijen) if rij[_PLEK["aantal"]]}
        return list(plaatsen.values())


@dataclass(frozen=True, slots=True)
class Opgavedeel(PerTijdvak):
    """How many of every hundred of one reeks are in another, by the reports that give both.

    Both are of the same opgever, gemeente and whole period, or there is no share: `reden` says why. `log` counts the
    same thing in the log (of a bron with a column `gemeente`), over the same gemeenten and days; it stands beside.
    """

    code: str
    naam: str
    indicator: str
    teller: str
    noemer: str
    log: Tabelbron
    eenheid: str = "%"
    bron: Tabelbron = OPGAVEN
    waar: tuple[Eis, ...] = ()
    per: tuple[Groepering, ...] = TOTAAL
    extra: tuple[str, ...] = ()

    def meet(self, kader: Kader) -> list[Meting]:
        """The share in total, and of each gemeente when asked."""
        paren = self._pairs(kader)
        metingen = [self._meting(kader, {}, paren)]
        if kader.vraag.splits == "gemeente":
            gemeenten = sorted({gemeente for _, gemeente, *_ in paren})
            metingen += [
                self._meting(kader, {DEEL: g}, {wie: p for wie, p in paren.items() if wie[1] == g}) for g in gemeenten
            ]
        return metingen

    def _pairs(self, kader: Kader) -> Mapping[Opgegeven, tuple[int, int]]:
        """Who reported both over which days, with the two numbers."""
        boven, onder = (self._reported(kader, reeks) for reeks in (self.teller, self.noemer))
        return {wie: (boven[wie], onder[wie]) for wie in sorted(boven.keys() & onder.keys())}

    def _reported(self, kader: Kader, reeks: str) -> Mapping[Opgegeven, int]:
        sommen: dict[Opgegeven, int] = defaultdict(int)
        for rij in self._rows(kader, reeks):
            sommen[self._whose(rij)] += rij[_PLEK["aantal"]]
        return sommen

    def _whose(self, rij: Rij) -> Opgegeven:
        return (*_who(rij), rij[_PLEK["van_dag"]], rij[_PLEK["tot_dag"]])

    def _rows(self, kader: Kader, reeks: str) -> list[Rij]:
        return Opgavesom(reeks, self.naam, self.indicator)._rows(kader)

    def _meting(self, kader: Kader, deel: Mapping[str, str], paren: Mapping[Opgegeven, tuple[int, int]]) -> Meting:
        boven, onder = (sum(paar[i] for paar in paren.values()) for i in (0, 1))
        verwacht = [v for v in expected(kader, self.indicator) if deel.get(DEEL) in (None, v.gemeente)]
        meer: dict[str, Any] = {"verwacht": len(verwacht), "ontvangen": len(paren)}
        geteld = (boven, onder, self._in_log(kader, paren)) if paren else (None, None, None)
        meer |= dict(zip(("teller", "noemer", "in_het_log"), geteld, strict=True))
        if reden := self._why_not(kader, verwacht, paren):
            return Meting(self.code, deel, None, len(paren), 0, meer | {"zonder": "niet te bepalen", "reden": reden})
        return Meting(self.code, deel, round(100 * boven / onder, 1), len(paren), 0, meer)

    def _why_not(
        self, kader: Kader, verwacht: Sequence[Verwacht], paren: Mapping[Opgegeven, tuple[int, int]]
    ) -> str | None:
        soort = soort_of(kader, self.indicator)
        if not paren and not verwacht:
            heel = f"geen {'hele editie' if soort.ritme == 'editie' else f'heel {soort.ritme}'}" if soort else "niets"
            return f"In deze periode valt {heel} waarover is opgegeven."
        if not paren:
            return "Over geen enkele periode zijn beide aantallen opgegeven."
        if any(boven > onder for boven, onder in paren.values()):
            return "Er is meer opgegeven in de teller dan in de noemer."
        return None if any(onder for _, onder in paren.values()) else "De noemer is 0."

    def _in_log(self, kader: Kader, paren: Iterable[Opgegeven]) -> int:
        """How many the log has of the same gemeenten, on the same days."""
        plek = VAST + self.log.kolommen.index("gemeente")
        dagen = {(gemeente, van, tot) for _, gemeente, van, tot in paren}
        return sum(
            any(gemeente == rij[plek] and van <= rij[1] < tot for gemeente, van, tot in dagen)
            for rij in kader.rijen(self.log)
        )

    def rijen(self, kader: Kader, uitsplitsing: Mapping[str, str]) -> list[Rij]:
        """A line for each report with both: that of the numerator."""
        paren, gevonden = self._pairs(kader), dict[Opgegeven, Rij]()
        for rij in self._rows(kader, self.teller):
            wie = self._whose(rij)
            if wie in paren and uitsplitsing.get(DEEL) in (None, wie[1]):
                gevonden.setdefault(wie, rij)
        return list(gevonden.values())


def _groupings(kader: Kader, soort: Opgavesoort | None, is_optelbaar: bool) -> list[Groepering]:
    """What is told apart: places and opgevers, and for what may not be added up each period."""
    delen = ["plaats"] if soort and soort.has_places else []
    delen += ["opgever"] if soort is None or len(soort.opgevers) > 1 else []
    if is_optelbaar:
        eigen: list[Groepering] = [(deel,) for deel in delen]
    else:
        eigen = [("periode",), *(("periode", deel) for deel in delen)]
    return eigen if kader.vraag.splits is None else [*eigen, (DEEL,), *((*groepering, DEEL) for groepering in eigen)]


def _columns(kader: Kader, soort: Opgavesoort | None, rij: Rij) -> dict[str, str]:
    """What a line can be told apart by."""
    van = rij[_PLEK["van_dag"]]
    delen = {kolom: str(rij[_PLEK[kolom]]) for kolom in ("plaats", "opgever", "gemeente")}
    delen["periode"] = perioden.code(soort.ritme, van) if soort else str(van)
    splits = kader.vraag.splits
    return delen | ({DEEL: delen[splits]} if splits in delen else {})


def figures_of(soort: Opgavesoort) -> tuple[Opgavesom, ...]:
    """A figure for each reeks of a soort."""
    return tuple(Opgavesom(reeks.code, reeks.naam, soort.code, reeks.eenheid) for reeks in soort.reeksen.values())
