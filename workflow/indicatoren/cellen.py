"""What the numbers of a report count: each number as a *cel*, which is the same in whatever report it stands.

A cel is a number of people, trajecten or what happened to them: of which bron, where in it (conditions and parts are
the same thing here), over which period and gemeente. So the total of a report on one quarter is the cel that a report
on the year, split by quarter, shows as a part; and so is an earlier year beside another report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from workflow import perioden
from workflow.indicatoren import ALLE
from workflow.indicatoren.begrippen import OPEN, Is, Maat
from workflow.indicatoren.kader import PERIODEN
from workflow.indicatoren.maten import DEEL, Duur, Mediaan, Som, Telling, Verhouding
from workflow.indicatoren.opgaven import PERIODE
from workflow.kalender import date_of
from workflow.routekaart import Ritme

Deel = frozenset[tuple[str, str]]
Plek = frozenset[tuple[str, frozenset[str]]]
GEHEEL: Deel = frozenset()
GEMEENTE = "gemeente"
RITMES: tuple[Ritme, ...] = ("jaar", "kwartaal", "maand", "schooljaar")

TELLEND: Mapping[str, tuple[str, ...]] = {
    "telling": ("waarde", "n", "open", "trajecten"),
    "som": ("waarde", "n"),
    "verhouding": ("teller", "noemer"),
    "duur": ("n", "open", "bereikt", "anders"),
    "kans": ("n", "open", "bereikt", "anders"),
    "mediaan": ("n", "onbekend"),
    "opgavesom": ("waarde",),
    "opgavespreiding": (),
    "opgavedeel": ("teller", "noemer", "in_het_log"),
}
"""Kind of figure -> its numbers that count people. Of a kind unknown here every number does."""

GEEN_MENSEN = frozenset({"organisaties", "partijen", "stromen", "plaatsen", "scholen"})
"""Units of figures whose value counts no people."""

ANDERE_NAAM: Mapping[tuple[str, str], str] = {("afloop", "uitkomst"): "klasse"}
"""Bron and column -> the column that says the same."""

KLAAR, REST = "klaar", "rest"
"""Outcomes that stand for all that ended, and for all that ended otherwise than asked for."""


class Vak(NamedTuple):
    """Whose number, and over which days [van, tot), in ISO; all of them where a report does not say."""

    gemeente: str | None = None
    van: str = ""
    tot: str = ""


class Cel(NamedTuple):
    """One number: where and when, of which rows, counting those ("n") or what else; another value is another versie."""

    vak: Vak
    bron: str
    veld: str
    plek: Plek
    versie: int = 0


class Reeks(NamedTuple):
    """Rows of a bron that meet conditions, counted by rows ("n") or by something else."""

    bron: str
    veld: str
    eisen: Plek


@dataclass(frozen=True, slots=True)
class Getal:
    """A number as it is printed: of which meting, under which name, of which reeks and part, and the cel it shows."""

    plaats: int
    veld: str
    reeks: Reeks
    deel: Deel
    cel: Cel
    waarde: float


def in_order(cel: Cel) -> tuple[Any, ...]:
    """A place among other cellen that is the same in every run: sets have no order of their own."""
    plek = tuple(sorted((kolom, tuple(sorted(waarden))) for kolom, waarden in cel.plek))
    return cel.bron, cel.veld, plek, cel.vak.gemeente or "", cel.vak.van, cel.vak.tot, cel.versie


def remainder(ruim: Cel, eng: Cel) -> Cel:
    """The cel of what remains of a count after a narrower one."""
    return Cel(ruim.vak, f"rest van {ruim.bron} {ruim.veld}", str(in_order(eng)[:3]), ruim.plek)


# -- The metingen of a report ------------------------------------------------------------------------------------------


class Onderdeel(NamedTuple):
    """Of which figure and part a meting is; an earlier year is a part of its own."""

    code: str
    maat: str
    soort: str
    eenheid: str
    deel: Deel


def all_metingen(gegevens: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every meting of a report with the code of its indicator, those of earlier years included."""
    eigen = [(i["code"], meting) for i in gegevens["indicatoren"] for meting in i["metingen"]]
    return [*eigen, *((r["code"], m) for r in _years_of(gegevens)["regels"] for m in r["metingen"])]


def parts(gegevens: Mapping[str, Any]) -> list[Onderdeel]:
    """Of each meting, in the same order, what it is of."""
    eigen = [
        Onderdeel(i["code"], m["maat"], m.get("soort", ""), m["eenheid"], frozenset(m["uitsplitsing"].items()))
        for i in gegevens["indicatoren"]
        for m in i["metingen"]
    ]
    soorten = {(o.code, o.maat): o.soort for o in eigen}
    meerjaren = _years_of(gegevens)
    jaren = [_year(kolom, meerjaren["kolommen"]) for kolom in meerjaren["kolommen"]]
    return eigen + [
        Onderdeel(r["code"], r["maat"], soorten.get((r["code"], r["maat"]), ""), r["eenheid"], deel)
        for r in meerjaren["regels"]
        for deel in jaren
    ]


def _years_of(gegevens: Mapping[str, Any]) -> Mapping[str, Any]:
    return gegevens.get("meerjaren") or {"kolommen": [], "regels": []}


def _year(kolom: str, kolommen: list[str]) -> Deel:
    """The last column is the report's own period."""
    return GEHEEL if kolom == kolommen[-1] else frozenset({("meerjaren", kolom)})


# -- Numbers and their cellen ------------------------------------------------------------------------------------------


def numbers(gegevens: Mapping[str, Any]) -> list[Getal]:
    """Every printed number that counts people."""
    meter = Plaatser(gegevens)
    getallen = []
    for plaats, ((_, meting), onderdeel) in enumerate(zip(all_metingen(gegevens), parts(gegevens), strict=True)):
        for veld in counting(onderdeel, meting):
            reeks = _meaning(onderdeel, veld, meting)
            cel = meter.cel(reeks, onderdeel.deel)
            getallen.append(Getal(plaats, veld, reeks, onderdeel.deel, cel, meting[veld]))
    return getallen


def counting(onderdeel: Onderdeel, meting: Mapping[str, Any]) -> list[str]:
    """The numbers of a meting that count people. Where the value counts parties, the rows may still be trajecten."""
    namen = TELLEND.get(onderdeel.soort, tuple(meting))
    if onderdeel.eenheid in GEEN_MENSEN:
        is_uniek = (onderdeel.code, onderdeel.maat) in _UNIEK
        namen = tuple(naam for naam in namen if is_uniek and naam != "waarde")
    return [naam for naam in namen if isinstance(meting.get(naam), (int, float)) and not isinstance(meting[naam], bool)]


def _meaning(onderdeel: Onderdeel, veld: str, meting: Mapping[str, Any]) -> Reeks:
    """What a number counts. A value that is the number of rows is that number."""
    code, maat, soort = onderdeel[:3]
    if veld == "waarde" and soort in ("telling", "som") and meting["waarde"] == meting.get("n"):
        veld = "n"
    return _REEKSEN.get((code, maat, veld)) or Reeks(f"{code}.{maat}", veld, frozenset())


class Plaatser:
    """Gives the numbers of one report their cellen."""

    def __init__(self, gegevens: Mapping[str, Any]) -> None:
        dagen = gegevens.get("periode") or {}
        self._vak = Vak(gegevens.get("gemeente"), dagen.get("van", ""), dagen.get("tot", ""))
        self._splits = str(gegevens.get("uitsplitsing") or DEEL)
        meerjaren = _years_of(gegevens)
        perioden = meerjaren.get("perioden") or [[kolom, kolom] for kolom in meerjaren["kolommen"]]
        self._jaren = dict(zip(meerjaren["kolommen"], perioden, strict=True))
        self._gegeven: dict[tuple[Reeks, Deel], Cel] = {}
        self._opgevers = {i["code"]: i.get("opgevers", []) for i in gegevens["indicatoren"]}

    def cel(self, reeks: Reeks, deel: Deel) -> Cel:
        """The cel of a part of a reeks."""
        if (reeks, deel) not in self._gegeven:
            self._gegeven[reeks, deel] = self._cel(reeks, deel)
        return self._gegeven[reeks, deel]

    def _cel(self, reeks: Reeks, deel: Deel) -> Cel:
        vak, plek = self._vak, dict(reeks.eisen)
        for kolom, waarde in sorted(deel):
            if kolom == "meerjaren":
                vak = vak._replace(van=self._jaren[waarde][0], tot=self._jaren[waarde][1])
            elif kolom == DEEL and (eigen := self._vak_of(waarde)):
                vak = eigen
            elif kolom == GEMEENTE:
                vak = vak._replace(gemeente=waarde)
            elif kolom == PERIODE and (dagen := _days_of(waarde)):
                vak = vak._replace(van=dagen[0], tot=dagen[1])
            else:
                naam = f"per {self._splits}" if kolom == DEEL else ANDERE_NAAM.get((reeks.bron, kolom), kolom)
                plek[naam] = frozenset({waarde})
        return Cel(vak, reeks.bron, reeks.veld, frozenset(plek.items()))

    def located(self, reeks: Reeks, deel: Deel) -> Deel:
        """The part with all that goes without saying: of which opgever a place is, in which gemeente."""
        gevraagd = dict(deel)
        rijen = self._opgevers.get(reeks.bron.partition(".")[0], [])
        wie = [w for w in rijen if all(gevraagd.get(kolom, waarde) == waarde for kolom, waarde in w.items())]
        vanzelf = {(kolom, waarde) for w in wie for kolom, waarde in w.items() if all(w[kolom] == waarde for w in wie)}
        return deel | vanzelf

    def _vak_of(self, waarde: str) -> Vak | None:
        """The gemeente or the days that a part of the breakdown is of; None where it is of neither."""
        if self._splits == GEMEENTE and self._vak.gemeente is None:
            return self._vak._replace(gemeente=waarde)
        dagen = _days_of(waarde) if self._splits in PERIODEN and self._vak.van else None
        if dagen is None:
            return None
        return self._vak._replace(van=max(dagen[0], self._vak.van), tot=min(dagen[1], self._vak.tot))


@cache
def _days_of(code: str) -> tuple[str, str] | None:
    """The days [van, tot) of "2025", "2025-K1", "2025-03", or of the school year "2025-2026"."""
    for ritme in RITMES:
        with suppress(ValueError):
            van, tot = perioden.read(ritme, code)
            return date_of(van).isoformat(), date_of(tot).isoformat()
    return None


# -- The reeksen of the programme --------------------------------------------------------------------------------------


def conditions(eisen: Iterable[Any], bron: str = "") -> Plek:
    """Conditions as a place: column and values; one that is not about a column stands for itself."""
    return frozenset(
        (ANDERE_NAAM.get((bron, e.kolom), e.kolom), frozenset(map(str, e.waarden)))
        if isinstance(e, Is)
        else (repr(e), frozenset({"ja"}))
        for e in eisen
    )


def _reeks(maat: Any, veld: str = "n", **erbij: Iterable[str]) -> Reeks:
    bron = maat.bron.naam
    extra = {ANDERE_NAAM.get((bron, kolom), kolom): frozenset(waarden) for kolom, waarden in erbij.items()}
    return Reeks(bron, veld, conditions(maat.waar, bron) | frozenset(extra.items()))


def _of_maat(maat: Maat) -> Iterator[tuple[str, Reeks]]:
    """Name of a number -> its reeks."""
    if isinstance(maat, Verhouding):
        yield "teller", _value_of(maat.teller)
        yield "noemer", _value_of(maat.noemer)
    elif isinstance(maat, Telling):
        yield from (("n", _reeks(maat)), ("waarde", _value_of(maat)), ("open", _reeks(maat, is_open="1")))
        yield "trajecten", _reeks(maat, "trajecten")
    elif isinstance(maat, Som):
        yield from (("n", _reeks(maat)), ("waarde", _reeks(maat, f"som {maat.kolom}")))
    elif isinstance(maat, Mediaan):
        yield from ((naam, _reeks(maat, "n", **{f"heeft {maat.kolom}": (naam,)})) for naam in ("n", "onbekend"))
    elif isinstance(maat, Duur):
        yield from (("n", _reeks(maat)), ("open", _reeks(maat, uitkomst=[OPEN])))
        yield from (("bereikt", _reeks(maat, uitkomst=maat.gebeurtenis or [KLAAR])), ("anders", _other(maat)))


def _other(maat: Duur) -> Reeks:
    return _reeks(maat, uitkomst=[f"{REST} {' '.join(maat.gebeurtenis or [KLAAR])}"])


def _value_of(telling: Any) -> Reeks:
    """What the value of a count counts; of what partners report, the sum of a reeks."""
    if isinstance(telling, Telling):
        return _reeks(telling, telling.uniek or "n")
    return Reeks(f"opgave {telling.indicator} {telling.reeks or telling.code}", "waarde", frozenset())


_REEKSEN: Mapping[tuple[str, str, str], Reeks] = {
    (indicator.code, maat.code, veld): reeks
    for indicator in ALLE
    for maat in indicator.maten
    for veld, reeks in _of_maat(maat)
}
_UNIEK = {(i.code, m.code): m.uniek for i in ALLE for m in i.maten if isinstance(m, Telling) and m.uniek}
NIET_OPTELBAAR = frozenset({"trajecten", *_UNIEK.values()})
"""Whose parts may not be put together: the same one may be in more of them."""
