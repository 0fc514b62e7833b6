"""What partners report, as figures: sums that say what is missing, and numbers that are never added up.

Missing is not zero: where nothing was reported a figure has no value, and says why. A total over incomplete reports
says how many numbers were asked and how many came, and so does each of its parts. Only reports whose whole period lies
within the asked one count; of a ritme that does not fit in it, the periods that end in it stand on their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workflow import perioden
from workflow.indicatoren.begrippen import TOTAAL, VAST, Eis, Groepering, Meting, Rij
from workflow.indicatoren.bronnen import Tabelbron
from workflow.indicatoren.gevraagd import OPGAVEN, PLEK, Vak, asked, asked_reports, fits, lines, soort_of, vak_of
from workflow.indicatoren.maten import DEEL, PerTijdvak
from workflow.routekaart import Opgavesoort

if TYPE_CHECKING:
    from workflow.indicatoren.kader import Kader

PERIODE = "periode"

Deel = tuple[tuple[str, str], ...]

Opgegeven = tuple[str, str, int, int]
"""Opgever, gemeente, and the days [van, tot) of a report."""


@dataclass(slots=True)
class _Groep:
    """The lines of one part of a figure, and the numbers that were asked for it."""

    rijen: list[Rij] = field(default_factory=list)
    vakken: set[Vak] = field(default_factory=set)
    gegeven: set[Vak] = field(default_factory=set)

    def add(self, vak: Vak, rij: Rij | None) -> None:
        """A number that was asked for, and its line if it came."""
        self.vakken.add(vak)
        if rij is not None:
            self.rijen.append(rij)
            self.gegeven.add(vak)


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
        """The total, and each breakdown; without a value where nothing was reported, or what was does not add up."""
        return [self._meting(kader, dict(deel), groep) for deel, groep in self.groups(kader).items()]

    def groups(self, kader: Kader) -> dict[Deel, _Groep]:
        """Part of the figure -> its lines and what was asked of it; the total first."""
        groepen: dict[Deel, _Groep] = {(): _Groep()}
        soort = soort_of(kader, self.indicator)
        nummers = list(self._numbers(kader, soort))
        for groepering in ((), *self._groupings(kader, soort)):
            for vak, rij in nummers:
                delen = _columns(kader, soort, vak, rij)
                if all(kolom in delen for kolom in groepering):
                    deel = tuple((kolom, delen[kolom]) for kolom in groepering)
                    groepen.setdefault(deel, _Groep()).add(vak, rij)
        return groepen

    def _numbers(self, kader: Kader, soort: Opgavesoort | None) -> Iterable[tuple[Vak, Rij | None]]:
        """Every line with the number that it is, and every number that was asked and did not come."""
        rijen = [(vak_of(soort, rij), rij) for rij in self._rows(kader)]
        gegeven = {vak for vak, _ in rijen}
        gevraagd = (vak for vak in asked(kader, self.indicator) if vak.reeks == (self.reeks or self.code))
        return [*rijen, *((vak, None) for vak in gevraagd if vak not in gegeven)]

    def _groupings(self, kader: Kader, soort: Opgavesoort | None) -> list[Groepering]:
        """What is told apart: places and opgevers, and each period where the whole is not the sum of its parts."""
        delen = ["plaats"] if soort and soort.has_places else []
        delen += ["opgever"] if soort is None or len(soort.opgevers) > 1 else []
        if self._adds_up(soort) and fits(kader, soort):
            eigen: list[Groepering] = [(deel,) for deel in delen]
        else:
            eigen = [(PERIODE,), *((PERIODE, deel) for deel in delen)]
        return (
            eigen if kader.vraag.splits is None else [*eigen, (DEEL,), *((*groepering, DEEL) for groepering in eigen)]
        )

    def _meting(self, kader: Kader, deel: Mapping[str, str], groep: _Groep) -> Meting:
        soort, rijen = soort_of(kader, self.indicator), groep.rijen
        meer: dict[str, Any] = {"historisch": True} if any(rij[PLEK["is_historisch"]] for rij in rijen) else {}
        meer |= {"verwacht": len(groep.vakken), "ontvangen": len(groep.gegeven)}
        meer |= {"ritme": soort.ritme} if soort else {}
        waarde = sum(rij[PLEK["aantal"]] for rij in rijen) if self._is_one(kader, soort, deel, groep) else None
        if waarde is None:
            meer["waarom"] = self._why(kader, soort, deel, groep)
        return Meting(self.code, deel, waarde, len(rijen), 0, meer)

    def _is_one(self, kader: Kader, soort: Opgavesoort | None, deel: Mapping[str, str], groep: _Groep) -> bool:
        """Whether what was reported of this part is one number: a sum that may be made, or all there is to tell."""
        if not groep.rijen or not (PERIODE in deel or fits(kader, soort)):
            return False
        return self._adds_up(soort) or len(groep.vakken) == 1

    def _why(self, kader: Kader, soort: Opgavesoort | None, deel: Mapping[str, str], groep: _Groep) -> str:
        """Why this part has no value: a code of opgavewoorden."""
        if not groep.rijen:
            return "niet_opgegeven" if groep.vakken else _not_asked(kader, soort)
        if PERIODE in deel:
            return "deel_niet_op_te_tellen"
        return "past_niet" if self._adds_up(soort) else "niet_op_te_tellen"

    def _adds_up(self, soort: Opgavesoort | None) -> bool:
        reeks = soort.reeksen.get(self.reeks or self.code) if soort else None
        return reeks is None or reeks.is_optelbaar

    def _rows(self, kader: Kader) -> list[Rij]:
        reeks = self.reeks or self.code
        return [rij for rij in lines(kader, self.indicator) if rij[PLEK["reeks"]] == reeks]

    def rijen(self, kader: Kader, uitsplitsing: Mapping[str, str]) -> list[Rij]:
        """The lines behind a figure."""
        soort = soort_of(kader, self.indicator)
        return [
            rij
            for rij in self._rows(kader)
            if uitsplitsing.items() <= _columns(kader, soort, vak_of(soort, rij), rij).items()
        ]


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
        """The number of places, where the sum of the reeks has a value; `van` says of how many on the map."""
        soort = soort_of(kader, self.indicator)
        van = {"van": len(soort.plaatsen) if soort else 0}
        sommen = (m for m in self._som.meet(kader) if set(m.uitsplitsing) <= {PERIODE})
        return [self._meting(kader, som, van) for som in sommen]

    def _meting(self, kader: Kader, som: Meting, van: Mapping[str, int]) -> Meting:
        n = len(self.rijen(kader, som.uitsplitsing))
        return Meting(self.code, som.uitsplitsing, None if som.waarde is None else n, n, 0, {**som.meer, **van})

    @property
    def _som(self) -> Opgavesom:
        return Opgavesom(self.reeks, self.naam, self.indicator)

    def rijen(self, kader: Kader, uitsplitsing: Mapping[str, str]) -> list[Rij]:
        """The first line of each place with a number above 0."""
        rijen = self._som.rijen(kader, uitsplitsing)
        plaatsen = {rij[PLEK["plaats"]]: rij for rij in reversed(rijen) if rij[PLEK["aantal"]]}
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
            sommen[self._whose(rij)] += rij[PLEK["aantal"]]
        return sommen

    def _whose(self, rij: Rij) -> Opgegeven:
        return (rij[PLEK["opgever"]], rij[PLEK["gemeente"]], rij[PLEK["van_dag"]], rij[PLEK["tot_dag"]])

    def _rows(self, kader: Kader, reeks: str) -> list[Rij]:
        rijen = lines(kader, self.indicator) if fits(kader, soort_of(kader, self.indicator)) else []
        return [rij for rij in rijen if rij[PLEK["reeks"]] == reeks]

    def _meting(self, kader: Kader, deel: Mapping[str, str], paren: Mapping[Opgegeven, tuple[int, int]]) -> Meting:
        boven, onder = (sum(paar[i] for paar in paren.values()) for i in (0, 1))
        verwacht = {opgave for opgave in asked_reports(kader, self.indicator) if deel.get(DEEL) in (None, opgave[1])}
        meer: dict[str, Any] = {"verwacht": len(verwacht), "ontvangen": len(paren)}
        geteld = (boven, onder, self._in_log(kader, paren)) if paren else (None, None, None)
        meer |= dict(zip(("teller", "noemer", "in_het_log"), geteld, strict=True))
        if reden := self._why_not(kader, verwacht, paren):
            return Meting(self.code, deel, None, len(paren), 0, meer | {"zonder": "niet te bepalen", "reden": reden})
        return Meting(self.code, deel, round(100 * boven / onder, 1), len(paren), 0, meer)

    def _why_not(
        self, kader: Kader, verwacht: Collection[Any], paren: Mapping[Opgegeven, tuple[int, int]]
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


def _not_asked(kader: Kader, soort: Opgavesoort | None) -> str:
    """Why nobody was asked about this period: a code of opgavewoorden."""
    periode = kader.gesteld.periode
    if soort is None:
        return "niet_gevraagd"
    if soort.tot is not None and periode.van >= soort.tot:
        return "niet_meer_gevraagd"
    if periode.tot <= soort.vanaf:
        return "nog_niet_gevraagd"
    return "nog_niet_voorbij" if fits(kader, soort) else "wordt_per"


def _columns(kader: Kader, soort: Opgavesoort | None, vak: Vak, rij: Rij | None) -> dict[str, str]:
    """What a number can be told apart by."""
    van = vak.van if rij is None else rij[PLEK["van_dag"]]
    delen = {"plaats": vak.plaats, "opgever": vak.opgever, "gemeente": vak.gemeente}
    delen[PERIODE] = perioden.code(soort.ritme, van) if soort else str(van)
    splits = kader.vraag.splits
    return delen | ({DEEL: delen[splits]} if splits in delen else {})


def figures_of(soort: Opgavesoort) -> tuple[Opgavesom, ...]:
    """A figure for each reeks of a soort."""
    return tuple(Opgavesom(reeks.code, reeks.naam, soort.code, reeks.eenheid) for reeks in soort.reeksen.values())
