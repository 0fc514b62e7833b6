"""Kinds of figures: a count, a share, a median, and how long something takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from workflow.indicatoren.begrippen import OPEN, TOTAAL, VAST, Bron, Eis, Groepering, Maat, Meting, Rij
from workflow.statistiek import Kromme, any_exit, cumulative_incidence, median, median_finished, percentile

if TYPE_CHECKING:
    from workflow.indicatoren.kader import Kader, Tijdvak

DEEL = "deel"
"""The part of the breakdown asked for, as a column of its own."""

Geteld = Mapping[Rij, int]
Groepen = Mapping[tuple[tuple[str, str], ...], list[tuple[Rij, int]]]


class PerTijdvak:
    """A figure that measures each year, quarter or month of a breakdown as a period of its own.

    Its kinds say how one period is measured (`meet`) and which rows are behind it (`rijen`).
    """

    __slots__ = ()

    def meet(self, kader: Kader) -> list[Meting]:
        """The figures of one period."""
        raise NotImplementedError

    def rijen(self, kader: Kader, uitsplitsing: Mapping[str, str]) -> list[Rij]:
        """The rows behind a figure of one period."""
        raise NotImplementedError

    def metingen(self, kader: Kader) -> list[Meting]:
        """The total, and each breakdown; a part that the period cuts off says so."""
        delen = [_of_part(meting, vak) for vak in kader.tijdvakken for meting in self.meet(vak.kader)]
        return [*self.meet(kader.heel), *delen]

    def lijst(self, kader: Kader, uitsplitsing: Mapping[str, str]) -> list[Rij]:
        """The rows behind a figure."""
        if not kader.tijdvakken or DEEL not in uitsplitsing:
            return self.rijen(kader.heel, uitsplitsing)
        rest = {kolom: waarde for kolom, waarde in uitsplitsing.items() if kolom != DEEL}
        gevraagd = (vak.kader for vak in kader.tijdvakken if vak.code == uitsplitsing[DEEL])
        return [rij for deel in gevraagd for rij in self.rijen(deel, rest)]


def _of_part(meting: Meting, vak: Tijdvak) -> Meting:
    meer = meting.meer if vak.is_heel else {**meting.meer, "is_afgekapt": True}
    return replace(meting, uitsplitsing={**meting.uitsplitsing, DEEL: vak.code}, meer=meer)


def needed(maat: Any) -> tuple[str, ...]:
    """Every column that a figure looks at."""
    namen = [kolom for eis in maat.waar for kolom in eis.kolommen]
    namen += [kolom for groepering in maat.per for kolom in groepering] + list(maat.extra)
    return tuple(dict.fromkeys(kolom for kolom in namen if kolom != DEEL))


def counted(kader: Kader, maat: Any) -> tuple[Mapping[str, int], Geteld]:
    """The rows of its bron that the figure counts, in groups, and where each column stands."""
    if kader.vraag.splits is not None:
        plaats, geteld = _split(kader, maat)
    else:
        plaats, geteld = kader.groepen(maat.bron, needed(maat))
    tests = [eis.test(plaats, kader) for eis in maat.waar]
    return plaats, {rij: n for rij, n in geteld.items() if all(test(rij) for test in tests)}


def _split(kader: Kader, maat: Any) -> tuple[Mapping[str, int], Geteld]:
    kolommen = needed(maat)
    plaatsen = [VAST + maat.bron.kolommen.index(kolom) for kolom in kolommen]
    geteld: dict[Rij, int] = defaultdict(int)
    for rij in kader.rijen(maat.bron):
        geteld[(*(rij[i] for i in plaatsen), kader.deel(rij[0], rij[1]))] += 1
    return {kolom: i for i, kolom in enumerate((*kolommen, DEEL))}, geteld


def grouped(kader: Kader, maat: Any) -> tuple[Mapping[str, int], Groepen]:
    """The counted rows under each part of each breakdown; the total is there even when it is nothing."""
    plaats, geteld = counted(kader, maat)
    groepen: dict[tuple[tuple[str, str], ...], list[tuple[Rij, int]]] = {(): []} if () in maat.per else {}
    for groepering in groupings(kader, maat.per):
        waar = [(kolom, plaats[kolom]) for kolom in groepering]
        for rij, n in geteld.items():
            groepen.setdefault(tuple((kolom, _word(rij[i])) for kolom, i in waar), []).append((rij, n))
    return plaats, groepen


def groupings(kader: Kader, per: Iterable[Groepering]) -> list[Groepering]:
    """The breakdowns of a figure, each also by the part asked for."""
    eigen = list(per)
    return eigen if kader.vraag.splits is None else eigen + [(*groepering, DEEL) for groepering in eigen]


def _word(waarde: Any) -> str:
    return "" if waarde is None else str(waarde)


def listed(kader: Kader, maat: Any, uitsplitsing: Mapping[str, str]) -> list[Rij]:
    """The rows behind a figure: as many as it counts."""
    bron: Bron = maat.bron
    plaats = {kolom: VAST + i for i, kolom in enumerate(bron.kolommen)}
    tests = [eis.test(plaats, kader) for eis in maat.waar]
    gevraagd = {plaats[kolom]: waarde for kolom, waarde in uitsplitsing.items() if kolom != DEEL}
    deel = uitsplitsing.get(DEEL)
    return [
        rij
        for rij in kader.rijen(bron)
        if all(test(rij) for test in tests)
        and all(_word(rij[i]) == waarde for i, waarde in gevraagd.items())
        and (deel is None or kader.deel(rij[0], rij[1]) == deel)
    ]


@dataclass(frozen=True, slots=True)
class Telling(PerTijdvak):
    """How many rows of a bron meet the conditions; with `uniek`, how many different values of that column.

    Where rows are days of trajecten, `van_trajecten` is the column that says of which: of how many is told beside it.
    """

    code: str
    naam: str
    bron: Bron
    waar: tuple[Eis, ...] = ()
    per: tuple[Groepering, ...] = TOTAAL
    uniek: str | None = None
    eenheid: str = "trajecten"
    van_trajecten: str | None = None

    @property
    def extra(self) -> tuple[str, ...]:
        """Columns beside those of conditions and breakdowns."""
        return tuple(k for k in (self.uniek, self.van_trajecten, "is_open") if k and k in self.bron.kolommen)

    def meet(self, kader: Kader) -> list[Meting]:
        """The count in total, and of each part."""
        plaats, groepen = grouped(kader, self)
        return [self._meting(dict(sleutel), plaats, rijen) for sleutel, rijen in groepen.items()]

    def _meting(self, deel: Mapping[str, str], plaats: Mapping[str, int], rijen: list[tuple[Rij, int]]) -> Meting:
        n = sum(aantal for _, aantal in rijen)
        waarde = n if self.uniek is None else _different(rijen, plaats[self.uniek])
        is_open = plaats.get("is_open")
        nog_open = 0 if is_open is None else sum(aantal for rij, aantal in rijen if rij[is_open])
        van = self.van_trajecten
        meer = {} if van is None else {"trajecten": _different(rijen, plaats[van])}
        return Meting(self.code, deel, waarde, n, nog_open, meer)

    def rijen(self, kader: Kader, uitsplitsing: Mapping[str, str]) -> list[Rij]:
        """The rows; of those with the same value of `uniek`, the first."""
        rijen = listed(kader, self, uitsplitsing)
        if self.uniek is None:
            return rijen
        i = VAST + self.bron.kolommen.index(self.uniek)
        return list({rij[i]: rij for rij in reversed(rijen)}.values())


def _different(rijen: Iterable[tuple[Rij, int]], plaats: int) -> int:
    """How many different values there are in a column."""
    return len({rij[plaats] for rij, _ in rijen})


@dataclass(frozen=True, slots=True)
class Verhouding(PerTijdvak):
    """How many of every `keer` of one count are in another."""

    code: str
    naam: str
    teller: Telling
    noemer: Telling
    keer: int = 100
    eenheid: str = "%"

    def meet(self, kader: Kader) -> list[Meting]:
        """The share in total, and of each part that the upper count knows; none where there is nothing to divide by."""
        boven, onder = (_by_part(maat.meet(kader)) for maat in (self.teller, self.noemer))
        bekend = {frozenset(groepering) for groepering in groupings(kader, self.teller.per)}
        delen = [deel for deel in {**onder, **boven} if frozenset(kolom for kolom, _ in deel) in bekend]
        return [self._meting(dict(deel), boven.get(deel, 0), onder.get(deel, 0)) for deel in delen]

    def _meting(self, deel: Mapping[str, str], teller: float, noemer: float) -> Meting:
        waarde = round(self.keer * teller / noemer, 1) if noemer else None
        return Meting(self.code, deel, waarde, int(noemer), 0, {"teller": int(teller), "noemer": int(noemer)})

    def rijen(self, kader: Kader, uitsplitsing: Mapping[str, str]) -> list[Rij]:
        """The rows of the upper count."""
        return self.teller.rijen(kader, uitsplitsing)


def _by_part(metingen: Iterable[Meting]) -> dict[tuple[tuple[str, str], ...], float]:
    return {tuple(m.uitsplitsing.items()): m.waarde or 0 for m in metingen}


@dataclass(frozen=True, slots=True)
class Mediaan(PerTijdvak):
    """The middle of the values in a column of whole numbers; `n` says of how many it is known."""

    code: str
    naam: str
    bron: Bron
    kolom: str
    waar: tuple[Eis, ...] = ()
    per: tuple[Groepering, ...] = TOTAAL
    eenheid: str = "euro"

    @property
    def extra(self) -> tuple[str, ...]:
        """The column with the values."""
        return (self.kolom,)

    def meet(self, kader: Kader) -> list[Meting]:
        """The median in total, and of each part."""
        plaats, groepen = grouped(kader, self)
        return [self._meting(dict(sleutel), plaats[self.kolom], rijen) for sleutel, rijen in groepen.items()]

    def _meting(self, deel: Mapping[str, str], plaats: int, rijen: list[tuple[Rij, int]]) -> Meting:
        paren = [(rij[plaats], n) for rij, n in rijen if rij[plaats] is not None]
        zonder = sum(n for rij, n in rijen if rij[plaats] is None)
        meer = {"p90": percentile(paren, 0.9), "onbekend": zonder}
        return Meting(self.code, deel, median(paren), sum(n for _, n in paren), 0, meer)

    def rijen(self, kader: Kader, uitsplitsing: Mapping[str, str]) -> list[Rij]:
        """The rows whose value is known."""
        i = VAST + self.bron.kolommen.index(self.kolom)
        return [rij for rij in listed(kader, self, uitsplitsing) if rij[i] is not None]


@dataclass(frozen=True, slots=True)
class Duur(PerTijdvak):
    """How long until something, of all that began in the period: the median of the cumulative incidence.

    The bron has columns `dagen` and `uitkomst`. `gebeurtenis` names the outcomes asked for, other outcomes compete;
    None means leaving by whatever way (one minus Kaplan-Meier).
    """

    code: str
    naam: str
    bron: Bron
    gebeurtenis: tuple[str, ...] | None = None
    waar: tuple[Eis, ...] = ()
    per: tuple[Groepering, ...] = TOTAAL
    eenheid: str = "dagen"

    @property
    def extra(self) -> tuple[str, ...]:
        """Length and outcome."""
        return ("dagen", "uitkomst")

    def meet(self, kader: Kader) -> list[Meting]:
        """Median, numbers and plain figures in total, and of each part."""
        return [
            self._meting(dict(deel), histogram, self._curve(histogram))
            for deel, histogram in self._histograms(kader).items()
        ]

    def krommen(self, kader: Kader) -> Mapping[tuple[tuple[str, str], ...], Kromme]:
        """The curve in total, and of each part."""
        gehelen = [((), kader.heel), *((((DEEL, vak.code),), vak.kader) for vak in kader.tijdvakken)]
        return {
            (*deel, *vak): self._curve(histogram)
            for vak, deel_kader in gehelen
            for deel, histogram in self._histograms(deel_kader).items()
        }

    def _histograms(self, kader: Kader) -> Mapping[tuple[tuple[str, str], ...], Mapping[tuple[int, str], int]]:
        plaats, groepen = grouped(kader, self)
        dagen, uitkomst = plaats["dagen"], plaats["uitkomst"]
        return {deel: _summed((rij[dagen], rij[uitkomst], n) for rij, n in rijen) for deel, rijen in groepen.items()}

    def _curve(self, histogram: Mapping[tuple[int, str], int]) -> Kromme:
        return any_exit(histogram) if self.gebeurtenis is None else cumulative_incidence(histogram, self.gebeurtenis)

    def _meting(self, deel: Mapping[str, str], histogram: Mapping[tuple[int, str], int], kromme: Kromme) -> Meting:
        telt = set(self.gebeurtenis or {uitkomst for _, uitkomst in histogram} - {OPEN})
        bereikt = {sleutel: n for sleutel, n in histogram.items() if sleutel[1] in telt}
        meer = {
            "bereikt": sum(bereikt.values()),
            "anders": kromme.n - kromme.open - sum(bereikt.values()),
            "p90": kromme.dag_van(0.9),
            "mediaan_afgerond": median_finished(histogram, telt),
            "p90_afgerond": percentile(((dagen, n) for (dagen, _), n in bereikt.items()), 0.9),
        }
        return Meting(self.code, deel, kromme.mediaan, kromme.n, kromme.open, meer)

    def rijen(self, kader: Kader, uitsplitsing: Mapping[str, str]) -> list[Rij]:
        """All that began, so that the open ones are seen too."""
        return listed(kader, self, uitsplitsing)


def _summed(rijen: Iterable[tuple[int, str, int]]) -> dict[tuple[int, str], int]:
    histogram: dict[tuple[int, str], int] = defaultdict(int)
    for dagen, uitkomst, n in rijen:
        histogram[dagen, uitkomst] += n
    return histogram


@dataclass(frozen=True, slots=True)
class Kans(PerTijdvak):
    """For how many of every hundred something happened within a given time, while not all were followed that long yet.

    The bron has columns `dagen` and `uitkomst`: `gebeurtenis`, open, or what says that it did not happen in all that
    time. Who is open counts as long as seen (one minus Kaplan-Meier). While some are open and nobody was followed to
    the end, there is no value.
    """

    code: str
    naam: str
    bron: Bron
    gebeurtenis: str
    waar: tuple[Eis, ...] = ()
    per: tuple[Groepering, ...] = TOTAAL
    eenheid: str = "%"

    @property
    def extra(self) -> tuple[str, ...]:
        """Length and outcome."""
        return ("dagen", "uitkomst")

    def meet(self, kader: Kader) -> list[Meting]:
        """The share, how many began, and how many are not followed that long yet, in total and of each part."""
        plaats, groepen = grouped(kader, self)
        dagen, uitkomst = plaats["dagen"], plaats["uitkomst"]
        return [
            self._meting(dict(deel), _summed((rij[dagen], rij[uitkomst], n) for rij, n in rijen))
            for deel, rijen in groepen.items()
        ]

    def _meting(self, deel: Mapping[str, str], histogram: Mapping[tuple[int, str], int]) -> Meting:
        kromme = cumulative_incidence(histogram, (self.gebeurtenis,))
        bereikt = sum(n for (_, uitkomst), n in histogram.items() if uitkomst == self.gebeurtenis)
        anders = kromme.n - kromme.open - bereikt
        meer: dict[str, Any] = {"bereikt": bereikt, "anders": anders}
        if kromme.n and (anders or not kromme.open):
            aandeel = kromme.punten[-1].aandeel if kromme.punten else 0.0
            return Meting(self.code, deel, round(100 * aandeel, 1), kromme.n, kromme.open, meer)
        meer |= {"zonder": "nog niet te bepalen", "reden": "Nog niemand is zo lang gevolgd."} if kromme.n else {}
        return Meting(self.code, deel, None, kromme.n, kromme.open, meer)

    def rijen(self, kader: Kader, uitsplitsing: Mapping[str, str]) -> list[Rij]:
        """All that began, so that the open ones are seen too."""
        return listed(kader, self, uitsplitsing)


@dataclass(frozen=True, slots=True)
class Som(PerTijdvak):
    """The sum of a column of whole numbers."""

    code: str
    naam: str
    bron: Bron
    kolom: str
    waar: tuple[Eis, ...] = ()
    per: tuple[Groepering, ...] = TOTAAL
    eenheid: str = "dagen"

    @property
    def extra(self) -> tuple[str, ...]:
        """The column with the values."""
        return (self.kolom,)

    def meet(self, kader: Kader) -> list[Meting]:
        """The sum in total, and of each part."""
        plaats, groepen = grouped(kader, self)
        i = plaats[self.kolom]
        return [
            Meting(self.code, dict(deel), sum((rij[i] or 0) * n for rij, n in rijen), sum(n for _, n in rijen))
            for deel, rijen in groepen.items()
        ]

    def rijen(self, kader: Kader, uitsplitsing: Mapping[str, str]) -> list[Rij]:
        """The rows."""
        return listed(kader, self, uitsplitsing)


def parts_of(maat: Maat) -> tuple[Any, ...]:
    """The counts that a figure is made of: a share of two, any other is one by itself."""
    return (maat.teller, maat.noemer) if isinstance(maat, Verhouding) else (maat,)
