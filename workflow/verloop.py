"""The fold of one traject: gebeurtenissen in, rows of the projections out.

`Stand` is where the traject stands and the rows as they are; it takes one fact at a time. `Verloop` adds what was known
when: it compares the rows before and after each gebeurtenis, gives each row its `bekend_van` and keeps what was
superseded. An ordinary row costs one step; a correction folds the traject anew. Pure: no database, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from models.gebeurtenis import Gebeurtenis
from workflow.historie import CORRECTIES, Feit, content, effective, fact_of
from workflow.routekaart import Route, Routekaart, Stap

Key = tuple[Any, ...]
"""(table, *primary key)."""

Row = tuple[Any, ...]
"""Column values in table order, without the knowledge columns."""

UITGANG = 8
"""Position of `uitgang` in a verblijf row: what is before it is fixed at entry, what follows is filled at exit."""


class Stand:
    """Where one traject stands after the facts seen so far, and the projection rows that follow from them."""

    def __init__(self, traject_id: int, kaarten: Mapping[str, Routekaart]) -> None:
        self.traject_id = traject_id
        self.kaarten = kaarten
        self.kaart: Routekaart | None = None
        self.route: Route | None = None
        self.stap: Stap | None = None
        self.vorige: str | None = None
        self.is_open = False
        self.klasse: str | None = None
        self.begonnen_op = self.sinds_op = self.laatste_op = 0
        self.beeindigd_op: int | None = None
        self.verblijven: list[tuple[str, int, int | None]] = []
        self.antwoorden: dict[str, Any] = {}
        self.kenmerken: dict[str, str] = {}
        self.deelnemers: dict[str, str] = {}
        self.start: Mapping[str, Any] = {}
        self.rijen: dict[Key, Row] = {}
        self.geraakt: dict[Key, None] = {}
        self._lopend: dict[str, Key] = {}
        self._aantal: dict[Any, int] = {}

    @property
    def bezocht(self) -> frozenset[str]:
        """Codes of the stappen it has stood in."""
        return frozenset(stap for stap, _, _ in self.verblijven)

    def apply(self, feit: Feit) -> None:
        """Take in the next fact. Day order and validity of the walk are the caller's."""
        self.laatste_op = feit.dag
        self.kaart = self.kaarten[feit.routekaart]
        match feit.soort:
            case "start":
                self._start(feit)
            case "overgang":
                self._move(feit)
            case "overdracht":
                self._hand_over(feit)
            case "samenvoeging":
                self._replace_deelnemer(feit)
            case "migratie":
                self._migrate(feit)

    def _start(self, feit: Feit) -> None:
        inhoud = feit.inhoud
        self.start = inhoud
        self.route = self.kaarten[feit.routekaart].routes[inhoud["route"]]
        self.begonnen_op = inhoud.get("begonnen_op", feit.dag)
        self.is_open = True
        self._enter(self.route.stappen[feit.naar or ""], feit, inhoud.get("ingang", "start"))
        self._answers(feit)
        for naam in ("gemeente", "behandelaar"):
            if waarde := inhoud.get(naam):
                self._kenmerk(naam, waarde, feit.dag)

    def _move(self, feit: Feit) -> None:
        if feit.naar is not None and self.route is not None:
            self.route = self.kaarten[feit.routekaart].routes[self.route.code]
            self._leave(feit, self.route.stappen[feit.naar])
        self._answers(feit)

    def _leave(self, feit: Feit, doel: Stap) -> None:
        bron = self.stap
        self.vorige = bron.code if bron else None
        klasse = doel.einde or "door"
        self._close("stap", feit, klasse, doel)
        self._close("regeling", feit, klasse, doel)
        if doel.einde or (bron and bron.fase != doel.fase):
            self._close("fase", feit, klasse, doel)
        if doel.einde:
            self._close("traject", feit, klasse, doel)
        self._enter(doel, feit, "heropend" if bron and bron.einde else "overgang")

    def _enter(self, doel: Stap, feit: Feit, ingang: str) -> None:
        self.stap, self.sinds_op = doel, feit.dag
        self.is_open, self.klasse = doel.einde is None, doel.einde
        self.beeindigd_op = feit.dag if doel.einde else None
        self.verblijven.append((doel.code, feit.dag, None))
        if doel.einde:
            return
        for niveau in ("traject", "fase"):
            if niveau not in self._lopend:
                self._open(niveau, doel, feit, ingang)
        self._open("stap", doel, feit, ingang)
        if doel.is_regeling:
            self._open("regeling", doel, feit, ingang)

    def _open(self, niveau: str, stap: Stap, feit: Feit, ingang: str) -> None:
        nr = self._count(niveau)
        bezoek = self._count((niveau, stap.fase if niveau == "fase" else stap.code))
        key = ("verblijf", self.traject_id, niveau, nr)
        vast = (self.traject_id, niveau, nr, self.route.code, stap.code, stap.fase, bezoek, ingang)  # type: ignore[union-attr]
        self._set(key, (*vast, None, None, None, None, feit.dag, None, feit.volgnummer, None))
        self._lopend[niveau] = key

    def _close(self, niveau: str, feit: Feit, klasse: str, doel: Stap | None) -> None:
        if niveau == "stap":
            stap, van, _ = self.verblijven[-1]
            self.verblijven[-1] = (stap, van, feit.dag)
        key = self._lopend.pop(niveau, None)
        if key is None:
            return
        oud = self.rijen[key]
        slot = (feit.overgang or feit.soort, klasse, doel.code if doel else None, feit.reden)
        self._set(key, (*oud[:UITGANG], *slot, oud[12], feit.dag, oud[14], feit.volgnummer))

    def _answers(self, feit: Feit) -> None:
        inhoud = feit.inhoud
        if invoer := inhoud.get("invoer"):
            self.antwoorden.update(invoer)
            soorten = self.route.kenmerken  # type: ignore[union-attr]
            for naam, waarde in invoer.items():
                if naam in soorten and waarde is not None:
                    self._kenmerk(naam, str(waarde), feit.dag)
        for soort, deelnemer in inhoud.get("deelnemers", ()):
            self._join(soort, deelnemer, feit.dag)

    def _kenmerk(self, naam: str, waarde: str, dag: int) -> None:
        if self.kenmerken.get(naam) == waarde:
            return
        self._end(("kenmerk", naam), dag)
        self.kenmerken[naam] = waarde
        nr = self._count(("kenmerk", naam))
        key = ("kenmerk", self.traject_id, naam, nr)
        self._lopend[("kenmerk", naam)] = key  # type: ignore[index]
        self._set(key, (self.traject_id, naam, nr, waarde, dag, None))

    def _join(self, soort: str, deelnemer: str, dag: int) -> None:
        if deelnemer in self.deelnemers:
            return
        nr = self._count("deelname")
        key = ("deelname", self.traject_id, nr)
        self.deelnemers[deelnemer] = soort
        self._lopend[("deelname", deelnemer)] = key  # type: ignore[index]
        self._set(key, (self.traject_id, nr, soort, deelnemer, dag, None))

    def _part(self, deelnemer: str, dag: int) -> None:
        self.deelnemers.pop(deelnemer, None)
        self._end(("deelname", deelnemer), dag)

    def _end(self, lopend: Any, dag: int) -> None:
        if key := self._lopend.pop(lopend, None):
            self._set(key, (*self.rijen[key][:-1], dag))

    def _hand_over(self, feit: Feit) -> None:
        """To someone else, or (None) back to the pool of the team."""
        if behandelaar := feit.inhoud["behandelaar"]:
            self._kenmerk("behandelaar", behandelaar, feit.dag)
        else:
            self.kenmerken.pop("behandelaar", None)
            self._end(("kenmerk", "behandelaar"), feit.dag)

    def _replace_deelnemer(self, feit: Feit) -> None:
        """A person entered twice: the same stays, now of the other pseudonym, from the beginning."""
        van, naar = feit.inhoud["van"], feit.inhoud["naar"]
        for key, rij in list(self.rijen.items()):
            if key[0] == "deelname" and rij[3] == van:
                self._set(key, (*rij[:3], naar, *rij[4:]))
        if van in self.deelnemers:
            self.deelnemers[naar] = self.deelnemers.pop(van)
            self._lopend[("deelname", naar)] = self._lopend.pop(("deelname", van))  # type: ignore[index,call-overload]

    def _migrate(self, feit: Feit) -> None:
        """Another version of the map; or people (vertrokken) or the whole traject (naar_traject) to another family."""
        for deelnemer in feit.inhoud.get("vertrokken", ()):
            self._part(deelnemer, feit.dag)
        if "naar_traject" in feit.inhoud:
            for niveau in ("stap", "regeling", "fase", "traject"):
                self._close(niveau, feit, "splitsing", None)
            self.is_open, self.klasse, self.beeindigd_op = False, "splitsing", feit.dag
            return
        if self.route and self.stap and self.is_open:
            self.route = self.kaarten[feit.routekaart].routes[self.route.code]
            self.stap = self.route.stappen[feit.naar or self.stap.code]

    def _set(self, key: Key, rij: Row) -> None:
        self.rijen[key] = rij
        self.geraakt[key] = None

    def _count(self, wat: Any) -> int:
        self._aantal[wat] = nr = self._aantal.get(wat, 0) + 1
        return nr


class Verloop:
    """A traject with its log, its present stand, and what was known of it when.

    `rijen` maps a key to today's row with `bekend_van` at the end; `oud` holds superseded rows with `bekend_van` and
    `bekend_tot`; `gewijzigd` and `vervallen` are the keys that changed or vanished since `saved()`.
    """

    def __init__(
        self, traject_id: int, kaarten: Mapping[str, Routekaart], nummer: str = "", wortel_id: int = 0
    ) -> None:
        self.traject_id, self.nummer, self.wortel_id = traject_id, nummer, wortel_id
        self.kaarten = kaarten
        self.log: list[Gebeurtenis] = []
        self.stand = Stand(traject_id, kaarten)
        self.rijen: dict[Key, Row] = {}
        self.oud: list[tuple[str, Row]] = []
        self.gewijzigd: dict[Key, None] = {}
        self.vervallen: dict[Key, None] = {}
        self._bewaard = 0

    @property
    def is_changed(self) -> bool:
        """Whether the log grew since `saved()`."""
        return len(self.log) > self._bewaard

    @property
    def feiten(self) -> list[Feit]:
        """The effective history."""
        return effective(self.log)

    @cached_property
    def oorsprong(self) -> Mapping[str, Any]:
        """The content of the first row: route, parent, where it came from. No correction changes these."""
        return content(self.log[0])

    @property
    def ouder_id(self) -> int | None:
        """The traject this one hangs on."""
        return self.oorsprong.get("hoort_bij")

    @property
    def begonnen_op(self) -> int:
        """The day of its start, by today's knowledge."""
        return self.stand.begonnen_op

    def follow(self, rij: Gebeurtenis) -> None:
        """Take in the next row of the log."""
        self.log.append(rij)
        if rij[3] not in CORRECTIES and rij[16] is None and rij[8] >= self.stand.laatste_op:
            self.stand.apply(fact_of(rij))
            self._learn(self.stand.geraakt, rij[10])
            self.stand.geraakt.clear()
        else:
            self._refold(rij[10])

    def _refold(self, bekend: int) -> None:
        self.stand = stand_of(self.traject_id, self.kaarten, effective(self.log))
        self.stand.geraakt.clear()
        for key in [k for k in self.rijen if k not in self.stand.rijen]:
            self._supersede(key, self.rijen.pop(key), bekend)
            self.gewijzigd.pop(key, None)
            self.vervallen[key] = None
        self._learn(self.stand.rijen, bekend)

    def _learn(self, keys: Mapping[Key, Any], bekend: int) -> None:
        nieuw, rijen = self.stand.rijen, self.rijen
        for key in keys:
            rij, was = nieuw[key], rijen.get(key)
            if was is not None:
                if was[:-1] == rij:
                    continue
                self._supersede(key, was, bekend)
            rijen[key] = (*rij, bekend)
            self.gewijzigd[key] = None
            self.vervallen.pop(key, None)

    def _supersede(self, key: Key, was: Row, bekend: int) -> None:
        if was[-1] < bekend:
            self.oud.append((key[0], (*was, bekend)))

    def saved(self) -> None:
        """Forget the list of changes: they stand in the database."""
        self._bewaard = len(self.log)
        self.oud.clear()
        self.gewijzigd.clear()
        self.vervallen.clear()


def stand_of(traject_id: int, kaarten: Mapping[str, Routekaart], feiten: Sequence[Feit]) -> Stand:
    """The stand after these facts."""
    stand = Stand(traject_id, kaarten)
    for feit in feiten:
        stand.apply(feit)
    return stand
