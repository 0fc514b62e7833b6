"""Where indicators find things on the map: by labels, never by the name of a route or stap.

Labels of a route: `telt` (what its trajecten are), `kenmerk.ROL` (which kenmerk plays a part in figures). Labels of a
stap: `telt`, `instrument` (the help that it is), `uitkomst`; and who is to act in place of its partij: the kenmerk that
decides (`aan_zet_kenmerk`) and the partij while an answer holds (`aan_zet.ANSWER`). The main route needs none: it is
the one that hangs on nothing and has people in it. Of several versions of the map, the union; of a stap whose label
changed, the one published last. A concept has no say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TypeVar

from workflow.routekaart import AAN_ZET, AAN_ZET_KENMERK, Route, Routekaart, Stap, Termijnregel

HOOFDROUTE = "hoofdroute"
T = TypeVar("T")
Plek = tuple[str, str]
"""Codes of a route and a stap."""


class Wegwijzer:
    """What all versions of the map say about labels and names; the last one given has the last word."""

    def __init__(self, kaarten: Iterable[Routekaart]) -> None:
        self.kaarten = tuple(kaarten)

    @cached_property
    def _routes(self) -> Mapping[str, Route]:
        return {code: route for kaart in self.kaarten for code, route in kaart.routes.items()}

    @cached_property
    def _stappen(self) -> Mapping[Plek, Stap]:
        return {
            (route.code, code): stap
            for kaart in self.kaarten
            for route in kaart.routes.values()
            for code, stap in route.stappen.items()
        }

    def routes(self, label: str) -> frozenset[str]:
        """Codes of the routes with this label; of the main ones for `hoofdroute`."""
        return self.hoofdroutes if label == HOOFDROUTE else self._per_label[0].get(label, frozenset())

    @cached_property
    def hoofdroutes(self) -> frozenset[str]:
        """The routes that hang on nothing and have people in them."""
        return frozenset(
            code for code, route in self._routes.items() if not route.hoort_bij and route.onderwerp != "organisatie"
        )

    def stappen(self, label: str) -> frozenset[Plek]:
        """The stappen with this label."""
        return self._per_label[1].get(label, frozenset())

    @cached_property
    def _per_label(self) -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[Plek]]]:
        """Word of a label `telt` -> the routes, and the stappen, that have it."""
        routes = ((woord, code) for code, route in self._routes.items() for woord in _words(route.labels.get("telt")))
        stappen = ((woord, plek) for plek, stap in self._stappen.items() for woord in _words(stap.labels.get("telt")))
        return _by_word(routes), _by_word(stappen)

    @cached_property
    def gelabeld(self) -> frozenset[Plek]:
        """Every stap that figures count by its label `telt`."""
        return frozenset[Plek]().union(*self._per_label[1].values())

    @cached_property
    def instrumenten(self) -> Mapping[Plek, str]:
        """Stap -> the instrument that it is."""
        return {p: stap.labels["instrument"] for p, stap in self._stappen.items() if "instrument" in stap.labels}

    @cached_property
    def regelingen(self) -> frozenset[Plek]:
        """The stappen that are an arrangement."""
        return frozenset(plek for plek, stap in self._stappen.items() if stap.is_regeling)

    @cached_property
    def betekenisvol(self) -> frozenset[Plek]:
        """The stappen that figures ask for however long ago."""
        return frozenset({*self.instrumenten, *self.treden}) | self.regelingen | self.stappen("stabilisatie")

    @cached_property
    def treden(self) -> Mapping[Plek, int]:
        """Stap -> its rank on the ladder."""
        return {plek: stap.trede for plek, stap in self._stappen.items() if stap.trede is not None}

    @cached_property
    def partijen(self) -> Mapping[Plek, str]:
        """Stap -> who is to act."""
        return {plek: stap.partij for plek, stap in self._stappen.items()}

    @cached_property
    def beurten(self) -> Mapping[Plek, tuple[str, Mapping[str, str]]]:
        """Stap -> the kenmerk that decides who is to act there, and answer -> that partij."""
        return {
            plek: (stap.labels[AAN_ZET_KENMERK], _after(AAN_ZET, stap.labels))
            for plek, stap in self._stappen.items()
            if AAN_ZET_KENMERK in stap.labels
        }

    @cached_property
    def partij_bij_opschorting(self) -> str:
        """Who is to act while a traject stands still; nobody where the map knows no such thing."""
        routes = self.routes("opschorting")
        return next((stap.partij for (route, _), stap in self._stappen.items() if route in routes), "")

    @cached_property
    def uitkomsten(self) -> Mapping[Plek, str]:
        """Stap -> its label `uitkomst`."""
        return {p: stap.labels["uitkomst"] for p, stap in self._stappen.items() if "uitkomst" in stap.labels}

    @cached_property
    def varianten(self) -> Mapping[Plek, str]:
        """Stap -> the kenmerk that says which kind it is."""
        return {p: stap.labels["variant"] for p, stap in self._stappen.items() if "variant" in stap.labels}

    def kenmerk(self, rol: str) -> str | None:
        """The kenmerk that plays this part on a route; None where the map has none."""
        return self._rollen.get(rol)

    @cached_property
    def _rollen(self) -> Mapping[str, str]:
        return {rol: naam for route in self._routes.values() for rol, naam in _after("kenmerk.", route.labels).items()}

    @cached_property
    def beginmijlpalen(self) -> tuple[str, ...]:
        """The mijlpalen that name the first day of such a term."""
        return tuple(sorted({mijlpaal for _, mijlpaal in self.begintermijnen if mijlpaal}))

    @cached_property
    def beginkenmerken(self) -> frozenset[str]:
        """The kenmerken that figures ask only of trajecten that began in the period."""
        rollen = ("crisis", "bron", "schuld", "schuldeisers", "achterstand")
        return frozenset({*self.termijnkenmerken, *(self._rollen[rol] for rol in rollen if rol in self._rollen)})

    @cached_property
    def termijnkenmerken(self) -> tuple[str, ...]:
        """The kenmerken that decide about the legal terms of the stappen where a main route starts."""
        return tuple(dict.fromkeys(naam for regel, _ in self.begintermijnen for naam in (*regel.als, *regel.tenzij)))

    @cached_property
    def rolkenmerken(self) -> frozenset[str]:
        """Every kenmerk that plays a part in figures."""
        return frozenset({*self._rollen.values(), *self.verloopkenmerken}) | self.beginkenmerken

    @cached_property
    def verloopkenmerken(self) -> frozenset[str]:
        """The kenmerken that figures ask of a traject however long ago it began."""
        return frozenset({*self.varianten.values(), *(naam for naam, _ in self.beurten.values())})

    def waarden(self, rol: str) -> frozenset[str]:
        """The values of that kenmerk that mean this, of the label `waarde.ROL`."""
        return self._waarden.get(rol, frozenset())

    @cached_property
    def _waarden(self) -> Mapping[str, frozenset[str]]:
        labels = (label for route in self._routes.values() for label in route.labels.items())
        return _by_word(
            (naam.removeprefix("waarde."), woord)
            for naam, tekst in labels
            if naam.startswith("waarde.")
            for woord in _words(tekst)
        )

    @cached_property
    def begintermijnen(self) -> tuple[tuple[Termijnregel, str | None], ...]:
        """Legal terms of the stappen where a main route starts, each with the mijlpaal that names its first day."""
        kaart = self.kaarten[-1]
        gevonden: dict[str, tuple[Termijnregel, str | None]] = {}
        for code in self.hoofdroutes & set(kaart.routes):
            route = kaart.routes[code]
            dagen = {veld: naam for naam, veld in route.mijlpalen.values() if veld}
            for opening in route.starten.values():
                for termijn in route.stappen[opening.naar or ""].termijnen:
                    regel = kaart.termijnen[termijn]
                    if regel.soort == "wettelijk":
                        gevonden[termijn] = (regel, next((dagen[v] for v in regel.begint_op if v in dagen), None))
        return tuple(gevonden.values())

    @cached_property
    def naar_kenmerk(self) -> frozenset[str]:
        """Every kenmerk by which figures may be broken down: those with a list of answers."""
        soorten = {"keuze", "ja_nee", "partij"}
        return frozenset(
            veld.code
            for route in self._routes.values()
            for veld in route.velden.values()
            if veld.kenmerk and veld.soort in soorten
        ) | {naam for route in self._routes.values() for o in route.alle_overgangen.values() for naam in o.zet}

    def is_asked_at_start(self, kenmerk: str) -> bool:
        """Whether a main traject begins with this question, so that figures take the first answer."""
        return any(
            veld.code == kenmerk
            for code in self.hoofdroutes
            for opening in self._routes[code].starten.values()
            for veld in opening.velden
        )

    @cached_property
    def namen(self) -> Mapping[str, Mapping[str, str]]:
        """Column -> value -> its Dutch name."""
        namen: dict[str, dict[str, str]] = {
            "gemeente": {},
            "fase": {},
            "partij": {},
            "route": {},
            "stap": {},
            "reden": {},
            "overgang": {},
        }
        for kaart in self.kaarten:
            namen["gemeente"] |= kaart.gemeenten
            namen["fase"] |= kaart.fasen
            namen["partij"] |= kaart.partijen
            for route in kaart.routes.values():
                namen["route"][route.code] = route.naam
                namen["stap"] |= {s.code: s.naam for s in route.stappen.values()}
                namen["overgang"] |= {o.code: o.label for o in route.alle_overgangen.values()}
                namen["reden"] |= {r.code: r.naam for r in route.redenen.values()}
                for veld in route.velden.values():
                    namen.setdefault(veld.code, {}).update({k.code: k.naam for k in veld.keuzes})
        return namen

    @cached_property
    def vragen(self) -> Mapping[str, str]:
        """Kenmerk -> the question it answers."""
        return {v.code: v.label for route in self._routes.values() for v in route.velden.values()}


def _after(begin: str, labels: Mapping[str, str]) -> Mapping[str, str]:
    """The labels that begin so, by the rest of their name."""
    return {naam.removeprefix(begin): waarde for naam, waarde in labels.items() if naam.startswith(begin)}


def _by_word(paren: Iterable[tuple[str, T]]) -> Mapping[str, frozenset[T]]:
    gevonden: dict[str, set[T]] = {}
    for woord, wat in paren:
        gevonden.setdefault(woord, set()).add(wat)
    return {woord: frozenset(alle) for woord, alle in gevonden.items()}


def _words(tekst: str | None) -> list[str]:
    return tekst.split() if tekst else []
