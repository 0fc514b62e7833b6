"""A route as a drawing, made from the map: a column for each fase, a box for each stap, a line for each way between.

Pure geometry, in whole pixels; `kaarten/tekening.svg` writes it down. Ends that nearly every stap leads to get no line
from each, but say from how many. With an earlier version beside it, what came, went or changed is marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import ClassVar

from workflow.kaartverschil import Daad, difference
from workflow.routekaart import VORIGE, Overgang, Route, Routekaart, Stap

VAK_B, VAK_H = 132, 72
TUSSEN_X, TUSSEN_Y = 60, 28
MARGE, KOP = 18, 46
POORT = 9
"""Half an arrowhead, and so the least distance between two lines at a box."""

TEKENS = 18
"""So many letters fit on a line in a box."""

WIJD = 4
"""An end that more stappen than this lead to gets no lines."""

EINDE = "Einde"
MERKEN: Mapping[Daad, str] = {"erbij": "nieuw", "weg": "vervallen", "anders": "gewijzigd"}


@dataclass(frozen=True, slots=True)
class Vak:
    """A stap: where its box stands, its name in lines, what is said beneath, and what happened to it."""

    code: str
    naam: str
    regels: tuple[str, ...]
    onder: str
    kolom: int
    x: int
    y: int
    einde: str | None
    is_begin: bool
    merk: Daad | None = None

    breedte: ClassVar[int] = VAK_B
    hoogte: ClassVar[int] = VAK_H

    @property
    def midden(self) -> int:
        """The height at which a line would best arrive."""
        return self.y + VAK_H // 2

    @property
    def gezegd(self) -> str:
        """What happened to it, in a word."""
        return MERKEN[self.merk] if self.merk else ""


@dataclass(frozen=True, slots=True)
class Lijn:
    """A way from one stap to another: its path, its arrowhead, and what it is called."""

    pad: str
    punt: str
    naam: str
    is_terug: bool
    merk: Daad | None = None


@dataclass(frozen=True, slots=True)
class Tekening:
    """A whole drawing, with a title and a description for who does not see it."""

    code: str
    titel: str
    omschrijving: str
    breedte: int
    hoogte: int
    kolommen: tuple[tuple[str, int], ...]
    vakken: tuple[Vak, ...]
    lijnen: tuple[Lijn, ...]
    heeft_merken: bool


@dataclass(frozen=True, slots=True)
class _Weg:
    """All overgangen from one stap to another."""

    van: str
    naar: str
    namen: tuple[str, ...]
    merk: Daad | None


def draw(kaart: Routekaart, code: str, was: Routekaart | None = None) -> Tekening:
    """The drawing of a route; with an earlier map beside it, of both, with what is different marked."""
    route = (kaart if code in kaart.routes else was or kaart).routes[code]
    oud = was.routes.get(code) if was else None
    merken = _marks(was, kaart, route) if was else {}
    fasen = {**(was.fasen if was else {}), **kaart.fasen}
    stappen = _stappen(route, oud)
    wegen = _ways(route if code in kaart.routes else None, oud if was else None, stappen)
    wijd = _wide(wegen, stappen)
    kolommen = _columns(fasen, stappen)
    vakken = _boxes(kolommen, stappen, route, wijd, merken)
    lijnen = _lines([weg for weg in wegen if weg.naar not in wijd], vakken)
    return Tekening(
        code=code,
        titel=f"Route {route.naam}, versie {kaart.versie}" + (f" naast {was.versie}" if was else ""),
        omschrijving=_in_words(route, kolommen, stappen, wijd),
        breedte=2 * MARGE + len(kolommen) * VAK_B + (len(kolommen) - 1) * TUSSEN_X + POORT,
        hoogte=max(vak.y for vak in vakken.values()) + VAK_H + MARGE,
        kolommen=tuple((naam, _x(nr)) for nr, (naam, _) in enumerate(kolommen)),
        vakken=tuple(vakken.values()),
        lijnen=tuple(lijnen),
        heeft_merken=any(vak.merk for vak in vakken.values()) or any(lijn.merk for lijn in lijnen),
    )


def _marks(was: Routekaart, kaart: Routekaart, route: Route) -> dict[str, Daad]:
    """Stap code -> what happened to it."""
    if route.code not in was.routes or route.code not in kaart.routes:
        return dict.fromkeys(route.stappen, "weg" if route.code in was.routes else "erbij")
    over = (v for v in difference(was, kaart) if v.soort == "stap" and v.waar == route.naam)
    return {verschil.code: verschil.daad for verschil in over}


def _stappen(route: Route, oud: Route | None) -> dict[str, Stap]:
    """The stappen to draw: of both maps, without those for what is taken in from elsewhere."""
    alle = {**(oud.stappen if oud else {}), **route.stappen}
    return {code: stap for code, stap in alle.items() if not stap.labels.get("stil")}


def _ways(route: Route | None, oud: Route | None, stappen: Mapping[str, Stap]) -> list[_Weg]:
    nu, toen = _between(route, stappen), _between(oud, stappen)
    vergelijkt = oud is not None and route is not None
    return [
        _Weg(*paar, tuple(nu.get(paar) or toen[paar]), _way_mark(paar in nu, paar in toen) if vergelijkt else None)
        for paar in {**nu, **toen}
    ]


def _way_mark(is_nu: bool, was_toen: bool) -> Daad | None:
    if is_nu and was_toen:
        return None
    return "erbij" if is_nu else "weg"


def _between(route: Route | None, stappen: Mapping[str, Stap]) -> dict[tuple[str, str], list[str]]:
    """From and to -> the names of the overgangen that people make between them."""
    gevonden: dict[tuple[str, str], list[str]] = {}
    for overgang in route.overgangen.values() if route else ():
        for van in _sources(overgang):
            if van in stappen and overgang.naar in stappen and van != overgang.naar:
                gevonden.setdefault((van, str(overgang.naar)), []).append(overgang.label)
    return gevonden


def _sources(overgang: Overgang) -> Sequence[str]:
    return () if overgang.labels.get("stil") or overgang.naar in (None, VORIGE) else overgang.van


def _wide(wegen: Iterable[_Weg], stappen: Mapping[str, Stap]) -> dict[str, int]:
    """End -> how many stappen lead to it, where those are too many to draw."""
    aantal: dict[str, int] = {}
    for weg in wegen:
        if stappen[weg.naar].einde and weg.merk != "weg":
            aantal[weg.naar] = aantal.get(weg.naar, 0) + 1
    return {code: hoeveel for code, hoeveel in aantal.items() if hoeveel > WIJD}


def _columns(fasen: Mapping[str, str], stappen: Mapping[str, Stap]) -> list[tuple[str, list[str]]]:
    """Name and stappen of each column: the fasen in the order of the map, then the ends."""
    per_fase = [(naam, [s.code for s in stappen.values() if s.fase == fase]) for fase, naam in fasen.items()]
    einden = [s.code for s in stappen.values() if s.einde]
    return [(naam, codes) for naam, codes in (*per_fase, (EINDE, einden)) if codes]


def _x(kolom: int) -> int:
    return MARGE + kolom * (VAK_B + TUSSEN_X)


def _boxes(
    kolommen: Sequence[tuple[str, Sequence[str]]],
    stappen: Mapping[str, Stap],
    route: Route,
    wijd: Mapping[str, int],
    merken: Mapping[str, Daad],
) -> dict[str, Vak]:
    hoogste = max(len(codes) for _, codes in kolommen)
    begin = {start.naar for start in route.starten.values()}
    vakken: dict[str, Vak] = {}
    for kolom, (_, codes) in enumerate(kolommen):
        boven = KOP + (hoogste - len(codes)) * (VAK_H + TUSSEN_Y) // 2
        for nr, code in enumerate(codes):
            y, stap = boven + nr * (VAK_H + TUSSEN_Y), stappen[code]
            onder = f"vanuit {wijd[code]} stappen" if code in wijd else ""
            regels = tuple(wrap(stap.naam, TEKENS, max_lines=3 if onder else 4, placeholder=" …"))
            plek = (kolom, _x(kolom), y, stap.einde, code in begin, merken.get(code))
            vakken[code] = Vak(code, stap.naam, regels, onder, *plek)
    return vakken


def _lines(wegen: Sequence[_Weg], vakken: Mapping[str, Vak]) -> list[Lijn]:
    poorten = _ports(wegen, vakken)
    return [_line(weg, vakken, poorten) for weg in wegen]


_Poort = tuple[_Weg, str]
"""A way at one of its ends: `van` or `naar`."""


def _ports(wegen: Sequence[_Weg], vakken: Mapping[str, Vak]) -> dict[_Poort, int]:
    """The height at which each line leaves and arrives: in the order of where it goes, so that few lines cross."""
    per_kant: dict[tuple[str, bool], list[tuple[int, int, _Poort]]] = {}
    for nr, weg in enumerate(wegen):
        van, naar = vakken[weg.van], vakken[weg.naar]
        per_kant.setdefault((weg.van, naar.kolom >= van.kolom), []).append((naar.midden, nr, (weg, "van")))
        per_kant.setdefault((weg.naar, van.kolom >= naar.kolom), []).append((van.midden, nr, (weg, "naar")))
    hoogten: dict[_Poort, int] = {}
    for (code, _), einden in per_kant.items():
        poorten = [poort for *_, poort in sorted(einden, key=lambda einde: einde[:2])]
        hoogten |= zip(poorten, _spread(vakken[code], len(poorten)), strict=True)
    return hoogten


def _spread(vak: Vak, aantal: int) -> list[int]:
    """So many heights along the side of a box."""
    stap = min(2 * POORT, (VAK_H - POORT) // max(aantal, 1))
    return [vak.midden + round((nr - (aantal - 1) / 2) * stap) for nr in range(aantal)]


def _line(weg: _Weg, vakken: Mapping[str, Vak], poorten: Mapping[_Poort, int]) -> Lijn:
    van, naar = vakken[weg.van], vakken[weg.naar]
    y1, y2 = poorten[weg, "van"], poorten[weg, "naar"]
    naam = f"{van.naam} naar {naar.naam}: {', '.join(weg.namen)}"
    if van.kolom == naar.kolom:
        x = van.x + VAK_B
        bocht = x + TUSSEN_X // 2 + POORT
        return Lijn(f"M{x} {y1}C{bocht} {y1} {bocht} {y2} {x + POORT} {y2}", _head(x, y2, -1), naam, y2 < y1, weg.merk)
    kant = 1 if naar.kolom > van.kolom else -1
    x1, x2 = (van.x + VAK_B, naar.x) if kant > 0 else (van.x, naar.x + VAK_B)
    trek = max(TUSSEN_X // 2, abs(x2 - x1) // 3) * kant
    eind = x2 - POORT * kant
    pad = f"M{x1} {y1}C{x1 + trek} {y1} {eind - trek} {y2} {eind} {y2}"
    return Lijn(pad, _head(x2, y2, kant), naam, kant < 0, weg.merk)


def _head(x: int, y: int, kant: int) -> str:
    """An arrowhead that ends here, to the right (1) or to the left (-1)."""
    return f"M{x} {y}l{-POORT * kant} -5v10z"


def _in_words(
    route: Route, kolommen: Sequence[tuple[str, Sequence[str]]], stappen: Mapping[str, Stap], wijd: Mapping[str, int]
) -> str:
    delen = [f"{naam}: {', '.join(stappen[code].naam for code in codes)}." for naam, codes in kolommen]
    ook = f" Naar {', '.join(stappen[code].naam for code in wijd)} leiden zo veel stappen dat daar geen lijnen staan."
    return f"Per fase de stappen van {route.naam}, van links naar rechts. {' '.join(delen)}{ook if wijd else ''}"
