"""The fold of one traject: gebeurtenissen in, rows of the projections out.

`Stand` is where the traject stands and the rows as they are; it takes one fact at a time. Each row says since when it
is known; what it supersedes is kept. An ordinary gebeurtenis costs one step; a correction folds the traject anew and
compares. Pure: no database, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from models.gebeurtenis import Gebeurtenis
from models.projectie import EINDEN, OVER_TIME, deelname, verblijf
from workflow.historie import CORRECTIES, VERPLAATSEND, Feit, effective, fact_of
from workflow.kalender import daynumber
from workflow.opgaveveld import period_of
from workflow.routekaart import Route, Routekaart, Stap

Key = tuple[Any, ...]
"""Primary key of a row."""

Kenmerk = tuple[str, str, int, int | None]
"""Name and value of a kenmerk, from which day and until which."""

Row = tuple[Any, ...]
"""Column values in table order: what began and since when that is known; then, once it ended, its end likewise."""

SPLITSING = "splitsing"
"""Class of the end of a traject that went on in the family of someone who left the household."""

TABELLEN = {naam: len(nu.columns) - 2 - len(EINDEN[naam]) for naam, (nu, _) in OVER_TIME.items()}
"""Projection table -> how many of its columns are fixed when a row begins; `bekend_van` comes after them."""

_NO_END: dict[str, Row] = {naam: (None,) * (len(einden) + 1) for naam, einden in EINDEN.items()}
_NEVER_SAVED: Mapping[Key, Row] = {}

VAN_DAG, TOT_DAG = (verblijf.c.keys().index(naam) for naam in ("van_dag", "tot_dag"))
"""Where a row of verblijf has its days."""

DEELNEMER = deelname.c.keys().index("deelnemer")
"""Where a row of deelname says who."""


class Rijen:
    """The rows of one projection table for one traject: as known now, and (`oud`) what was superseded and when.

    Who lets a row begin puts it in `nu`, up to and with `bekend_van`; who ends it adds its end to it.
    """

    __slots__ = ("begin", "bewaard", "leeg", "nu", "oud")

    def __init__(self, naam: str) -> None:
        self.begin = TABELLEN[naam]
        self.leeg = _NO_END[naam]
        self.nu: dict[Key, Row] = {}
        self.oud: list[Row] = []
        self.bewaard = _NEVER_SAVED

    @property
    def whole(self) -> list[Row]:
        """The rows with all their columns: those that have not ended with an empty end."""
        kort, leeg = self.begin + 1, self.leeg
        return [rij if len(rij) > kort else rij + leeg for rij in self.nu.values()]

    @property
    def gewijzigd(self) -> list[Row]:
        """The rows that are other than when they were saved, with all their columns."""
        return [self._whole(rij) for key, rij in self.nu.items() if self.bewaard.get(key) is not rij]

    @property
    def vervallen(self) -> list[Key]:
        """The keys of rows that were saved and are no more."""
        return [key for key in self.bewaard if key not in self.nu]

    def put(self, key: Key, begin: Row, einde: Row, bekend: int) -> None:
        """Set a row to this content, without `einde` while it lasts: what it replaces was known until now."""
        was = self.nu.get(key)
        if was is None or not einde or self._content(was) != (begin, ()):
            self._supersede(key, was, bekend)
            self.nu[key] = (*begin, bekend)
        if einde:
            self.nu[key] += (*einde, bekend)

    def drop(self, key: Key, bekend: int) -> None:
        """A correction made this row vanish."""
        self._supersede(key, self.nu.pop(key), bekend)

    def become(self, anders: Rijen, bekend: int) -> None:
        """Take over rows that were folded anew; a row that came out the same stays known since it was."""
        self.show({key: self._content(rij) for key, rij in anders.nu.items()}, bekend)

    def show(self, inhouden: Mapping[Key, tuple[Row, Row]], bekend: int) -> None:
        """Have rows with these begins and ends and no others; what is the same stays known since it was."""
        for key in [k for k in self.nu if k not in inhouden]:
            self.drop(key, bekend)
        for key, inhoud in inhouden.items():
            was = self.nu.get(key)
            if was is None or self._content(was) != inhoud:
                self.put(key, *inhoud, bekend)

    def replace(self, kolom: int, van: Any, naar: Any, bekend: int) -> None:
        """Have another value wherever a column has this one, from the beginning of the row."""
        for key, rij in list(self.nu.items()):
            if rij[kolom] == van:
                begin, einde = self._content(rij)
                self.put(key, (*begin[:kolom], naar, *begin[kolom + 1 :]), einde, bekend)

    def saved(self) -> None:
        """Count changes from here: what was changed stands in the database."""
        self.oud.clear()
        self.bewaard = dict(self.nu)

    def _content(self, rij: Row) -> tuple[Row, Row]:
        return rij[: self.begin], rij[self.begin + 1 : -1]

    def _whole(self, rij: Row) -> Row:
        return rij if len(rij) > self.begin + 1 else rij + self.leeg

    def _supersede(self, key: Key, was: Row | None, bekend: int) -> None:
        """Keep what stood under this key until now, where that was known for a while."""
        if was is not None and was[self.begin] < bekend:
            self.oud.append((*key, bekend, *self._whole(was)[len(key) :]))


@dataclass(slots=True, eq=False)
class Stand:
    """Where one traject stands after the facts seen so far, and the projection rows that follow from them."""

    traject_id: int
    kaarten: Mapping[str, Routekaart]
    kaart: Routekaart | None = None
    route: Route | None = None
    stap: Stap | None = None
    vorige: str | None = None
    is_open: bool = False
    klasse: str | None = None
    begonnen_op: int = 0
    sinds_op: int = 0
    laatste_op: int = 0
    contact_op: int | None = None
    geopend_op: int = 0
    beeindigd_op: int | None = None
    verblijven: list[tuple[str, int, int | None]] = field(default_factory=list)
    plekken: list[tuple[Stap, Routekaart]] = field(default_factory=list)
    antwoorden: dict[str, Any] = field(default_factory=dict)
    kenmerken: dict[str, str] = field(default_factory=dict)
    deelnemers: dict[str, str] = field(default_factory=dict)
    start: Mapping[str, Any] = field(default_factory=dict)
    gegeven: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)
    bekend: int = 0
    opgeschort: dict[str, list[tuple[int, int | None, int | None]]] = field(default_factory=dict)
    rijen: dict[str, Rijen] = field(default_factory=lambda: {naam: Rijen(naam) for naam in TABELLEN})
    _eerdere_verblijven: int = 0
    _eerdere_kenmerken: list[Kenmerk] = field(default_factory=list)
    _opgave: tuple[Mapping[str, Any] | None, bool] = (None, False)
    _sha256: str = ""
    _mijlpaal_bij: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    _opgave_bij: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    _contact_bij: Mapping[str, tuple[tuple[str, frozenset[str]], ...]] = field(default_factory=dict)
    _onderdelen_bij: Mapping[str | None, tuple[str, ...]] = field(default_factory=dict)
    _onthouden: Mapping[str, str] = field(default_factory=dict)
    _lopend: dict[Any, Key] = field(default_factory=dict)
    _aantal: dict[Any, int] = field(default_factory=dict)
    _kenmerk_nr: dict[str, int] = field(default_factory=dict)
    _verblijf: Rijen = field(init=False)
    _deelname: Rijen = field(init=False)
    _kenmerken: Rijen = field(init=False)
    _mijlpalen: Rijen = field(init=False)
    _opgaven: Rijen = field(init=False)

    def __post_init__(self) -> None:
        self._name_tables()

    def _name_tables(self) -> None:
        self._verblijf, self._deelname, self._kenmerken, self._mijlpalen, self._opgaven = self.rijen.values()

    def take_rows(self, rijen: Mapping[str, Rijen]) -> None:
        """Go on with these rows, which are the same as the own ones but know since when."""
        self.rijen = dict(rijen)
        self._name_tables()

    def kenmerken_on(self, dag: int) -> dict[str, str]:
        """The kenmerken as they were at the end of a day."""
        return {naam: w for naam, w, van, tot in self.kenmerkverloop() if van <= dag and (tot is None or tot > dag)}

    def kenmerkverloop(self) -> list[Kenmerk]:
        """The kenmerken over time, those of the household that it was split off from first."""
        eigen = [(naam, waarde, van, tot) for _, naam, _, waarde, van, _, tot, _ in self._kenmerken.whole]
        return [*self._eerdere_kenmerken, *eigen] if self._eerdere_kenmerken else eigen

    def answers_to(self, naam: str) -> list[tuple[int, Any]]:
        """The answers to a question with their days, in order."""
        if naam in self.gegeven:
            return self.gegeven[naam]
        if naam not in self._kenmerk_nr and not self._eerdere_kenmerken:
            return []
        paren = [(van, waarde) for deze, waarde, van, _ in self.kenmerkverloop() if deze == naam]
        return [paar for vorige, paar in pairwise([(0, None), *paren]) if paar[1] != vorige[1]]

    @property
    def bezocht(self) -> frozenset[str]:
        """Codes of the stappen it has stood in."""
        return frozenset(stap for stap, _, _ in self.verblijven)

    @property
    def weg(self) -> tuple[str, str] | tuple[None, None]:
        """The stappen it stood in here, one after another, its end last; and after how many days the next came."""
        eigen = self.verblijven[self._eerdere_verblijven :]
        if not eigen:
            return None, None
        dagen = [self.geopend_op, *(van for _, van, _ in eigen[1:])]
        return " ".join([stap for stap, _, _ in eigen]), " ".join([str(nu - eerder) for eerder, nu in pairwise(dagen)])

    def apply(self, feit: Feit) -> None:
        """Take in the next fact. Day order and validity of the walk are the caller's."""
        self.laatste_op = feit.dag
        if feit.routekaart != self._sha256 and feit.soort in VERPLAATSEND:
            self._take_map(feit)
        match feit.soort:
            case "overgang":
                self._move(feit)
            case "start":
                self._start(feit)
            case "overdracht":
                self._hand_over(feit)
            case "samenvoeging":
                self._replace_deelnemer(feit)
            case "migratie":
                self._migrate(feit)

    def _take_map(self, feit: Feit) -> None:
        self._sha256 = feit.routekaart
        self.kaart = self.kaarten[feit.routekaart]
        code = self.route.code if self.route else feit.inhoud.get("route")
        self.route = self.kaart.routes[code] if code else None
        self._mijlpaal_bij = self.route.mijlpalen if self.route else {}
        self._opgave_bij = self.route.opgavevelden if self.route else {}
        self._contact_bij = self.route.contacten if self.route else {}
        self._onderdelen_bij = self.route.onderdeelvelden if self.route else {}  # type: ignore[assignment]
        self._onthouden = self.route.onthouden if self.route else {}

    def _start(self, feit: Feit) -> None:
        inhoud = feit.inhoud
        self.start = inhoud
        self.begonnen_op, self.geopend_op = inhoud.get("begonnen_op", feit.dag), feit.dag
        self.is_open = True
        for naam in ("gemeente", "behandelaar"):
            if waarde := inhoud.get(naam):
                self._kenmerk(naam, waarde, feit.dag)
        self._enter(self.route.stappen[feit.naar or ""], feit, inhoud.get("ingang", "start"))  # type: ignore[union-attr]
        self._answers(feit)
        if feit.overgang in self._contact_bij:
            self._touch(feit)
        if voorheen := inhoud.get("voorheen"):
            self._take_along(voorheen, feit.dag)
        if feit.overgang in self._mijlpaal_bij:
            self._mark(feit)
        if self._opgave_bij:
            self._report(feit)

    def _take_along(self, voorheen: Mapping[str, Any], dag: int) -> None:
        """Go on from where the household stood that split: what is open there goes on here."""
        self.verblijven = [(stap, van, tot) for stap, van, tot, *_ in voorheen["verblijven"]]
        self.plekken = [self._place(stap, *kaart) for stap, _, _, *kaart in voorheen["verblijven"]]
        self._eerdere_verblijven = len(self.verblijven) - 1
        self._eerdere_kenmerken = [(naam, waarde, van, tot) for naam, waarde, van, tot in voorheen["kenmerken"]]
        for naam, paren in voorheen["gegeven"].items():
            verbeterd = [paar for paar in self.gegeven.get(naam, ()) if paar[1] != paren[-1][1]]
            self.gegeven[naam] = [*((gegeven_op, waarde) for gegeven_op, waarde in paren), *verbeterd]
        for code, stukken in voorheen["opgeschort"].items():
            self.opgeschort[code] = [(van, dag if tot is None else tot, uiterlijk) for van, tot, uiterlijk in stukken]

    def _place(self, stap: str, sha256: str = "") -> tuple[Stap, Routekaart]:
        """The stap of an earlier stay, on the map of that time."""
        kaart = self.kaarten[sha256 or self._sha256]
        return kaart.routes[self.route.code].stappen[stap], kaart  # type: ignore[union-attr]

    def _move(self, feit: Feit) -> None:
        if feit.naar is not None and self.route is not None:
            self._leave(feit, self.route.stappen[feit.naar])
        self._answers(feit)
        if feit.overgang in self._contact_bij:
            self._touch(feit)
        if feit.overgang in self._mijlpaal_bij:
            self._mark(feit)
        if self._opgave_bij:
            self._report(feit)

    def _report(self, feit: Feit) -> None:
        """Have the lines of the last report given, and none once the traject ended without success."""
        if gegeven := self._opgave_bij.get(feit.overgang or ""):
            veld, is_historisch = gegeven
            self._opgave = (feit.invoer.get(veld), is_historisch)
        self._opgaven.show(self._lines() if self.klasse in (None, "succes") else {}, self.bekend)

    def _lines(self) -> dict[Key, tuple[Row, Row]]:
        opgave, is_historisch = self._opgave
        if not opgave:
            return {}
        opgever = next((wie for wie, soort in self.deelnemers.items() if soort == "organisatie"), None)
        wie = (opgever, self.kenmerken.get("gemeente"), *period_of(opgave))
        keys = ((self.traject_id, nr) for nr, _ in enumerate(opgave["regels"], 1))
        return {
            key: ((*key, opgave["indicator"], reeks, plaats, *wie, aantal, is_historisch), ())
            for key, (reeks, plaats, aantal) in zip(keys, opgave["regels"], strict=True)
        }

    def _mark(self, feit: Feit) -> None:
        """Set a mijlpaal, where the map says that this overgang is one."""
        naam, veld = self._mijlpaal_bij[feit.overgang or ""]
        key = (self.traject_id, len(self._mijlpalen.nu) + 1)
        stap, gemeente = self.stap.code if self.stap else None, self.kenmerken.get("gemeente")
        dag = _named_day(feit.invoer.get(veld)) if veld else None
        self._mijlpalen.nu[key] = (*key, naam, stap, gemeente, feit.dag, feit.volgnummer, dag, self.bekend)

    def _touch(self, feit: Feit) -> None:
        """Note that there was contact, where the answers do not say otherwise."""
        if is_contact(self._contact_bij[feit.overgang or ""], feit.invoer):
            self.contact_op = feit.dag

    def _leave(self, feit: Feit, doel: Stap) -> None:
        bron = self.stap
        self.vorige = bron.code if bron else None
        klasse = doel.einde or "door"
        self._close("stap", feit, klasse, doel)
        if bron and bron.is_regeling:
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
        self._stand_in(doel, feit.dag)
        if doel.einde:
            return
        for niveau in ("traject", "fase"):
            if niveau not in self._lopend:
                self._open(niveau, doel, feit, ingang)
        self._open("stap", doel, feit, ingang)
        if doel.is_regeling:
            self._open("regeling", doel, feit, ingang)

    def _stand_in(self, stap: Stap, dag: int) -> None:
        self.verblijven.append((stap.code, dag, None))
        self.plekken.append((stap, self.kaart))  # type: ignore[arg-type]

    def _open(self, niveau: str, stap: Stap, feit: Feit, ingang: str) -> None:
        aantal, plaats = self._aantal, stap.fase if niveau == "fase" else stap.code
        aantal[niveau] = nr = aantal.get(niveau, 0) + 1
        aantal[niveau, plaats] = bezoek = aantal.get((niveau, plaats), 0) + 1
        key, route, gemeente = (self.traject_id, niveau, nr), self.route.code, self.kenmerken.get("gemeente")  # type: ignore[union-attr]
        waar = (route, stap.code, stap.fase, bezoek, ingang, gemeente, feit.dag, feit.volgnummer, self.bekend)
        self._verblijf.nu[key] = key + waar
        self._lopend[niveau] = key

    def _close(self, niveau: str, feit: Feit, klasse: str, doel: Stap | None) -> None:
        if niveau == "stap":
            stap, van, _ = self.verblijven[-1]
            self.verblijven[-1] = (stap, van, feit.dag)
        key = self._lopend.pop(niveau, None)
        if key is None:
            return
        naar, hoe = doel.code if doel else None, feit.overgang or feit.soort
        self._verblijf.nu[key] += (hoe, klasse, naar, feit.reden, feit.dag, feit.volgnummer, self.bekend)

    def _answers(self, feit: Feit) -> None:
        inhoud = feit.inhoud
        if invoer := inhoud.get("invoer"):
            if feit.overgang in self._onderdelen_bij:
                invoer = {**invoer, **self._parts(self._onderdelen_bij[feit.overgang], invoer)}
            self.antwoorden.update(invoer)
            plaatsen = self._onthouden
            for naam, waarde in invoer.items():
                if waarde is None or naam not in plaatsen:
                    continue
                plaats = plaatsen[naam]
                if plaats == "kenmerk":
                    self._kenmerk(naam, waarde if waarde.__class__ is str else str(waarde), feit.dag)
                else:
                    self.gegeven.setdefault(naam, []).append((feit.dag, waarde))
        if deelnemers := inhoud.get("deelnemers"):
            for soort, deelnemer in deelnemers:
                self._join(soort, deelnemer, feit.dag)

    def _parts(self, velden: Iterable[str], invoer: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        """What is known of the parts of each list after these answers."""
        return {veld: {**(self.antwoorden.get(veld) or {}), **(invoer.get(veld) or {})} for veld in velden}

    def _kenmerk(self, naam: str, waarde: str, dag: int) -> None:
        if self.kenmerken.get(naam) == waarde:
            return
        nr = self._kenmerk_nr.get(naam, 0) + 1
        if nr > 1:
            self._end_kenmerk(naam, dag)
        self.kenmerken[naam], self._kenmerk_nr[naam] = waarde, nr
        traject_id = self.traject_id
        self._kenmerken.nu[traject_id, naam, nr] = (traject_id, naam, nr, waarde, dag, self.bekend)

    def _end_kenmerk(self, naam: str, dag: int) -> None:
        if naam in self.kenmerken:
            self._kenmerken.nu[self.traject_id, naam, self._kenmerk_nr[naam]] += (dag, self.bekend)

    def _join(self, soort: str, deelnemer: str, dag: int) -> None:
        if deelnemer in self.deelnemers:
            return
        key = (self.traject_id, len(self._deelname.nu) + 1)
        self.deelnemers[deelnemer] = soort
        self._lopend[("deelname", deelnemer)] = key
        self._deelname.nu[key] = (*key, soort, deelnemer, dag, self.bekend)

    def _part(self, deelnemer: str, dag: int) -> None:
        self.deelnemers.pop(deelnemer, None)
        if key := self._lopend.pop(("deelname", deelnemer), None):
            self._deelname.nu[key] += (dag, self.bekend)

    def _hand_over(self, feit: Feit) -> None:
        """To someone else, or (None) back to the pool of the team."""
        if behandelaar := feit.inhoud.get("behandelaar"):
            self._kenmerk("behandelaar", behandelaar, feit.dag)
        else:
            self._end_kenmerk("behandelaar", feit.dag)
            self.kenmerken.pop("behandelaar", None)

    def _replace_deelnemer(self, feit: Feit) -> None:
        """A person entered twice: the same stays, now of the other pseudonym, from the beginning."""
        van, naar = feit.inhoud["van"], feit.inhoud["naar"]
        self._deelname.replace(DEELNEMER, van, naar, self.bekend)
        if van in self.deelnemers:
            # In the same place: the order of names is that in which people joined.
            self.deelnemers = {naar if wie == van else wie: soort for wie, soort in self.deelnemers.items()}
            self._lopend[("deelname", naar)] = self._lopend.pop(("deelname", van))

    def _migrate(self, feit: Feit) -> None:
        """Another version of the map; or people (vertrokken) or the whole traject (naar_traject) to another family."""
        for deelnemer in feit.inhoud.get("vertrokken", ()):
            self._part(deelnemer, feit.dag)
        if "naar_traject" in feit.inhoud:
            for niveau in ("stap", "regeling", "fase", "traject"):
                self._close(niveau, feit, SPLITSING, None)
            self.is_open, self.klasse, self.beeindigd_op = False, SPLITSING, feit.dag
            return
        if feit.naar and self.route and self.stap:
            self._go_on(self.stap, self.route.stappen[feit.naar], feit)

    def _go_on(self, bron: Stap, doel: Stap, feit: Feit) -> None:
        """Stand in a stap of another map: what is the same stay there goes on uncut, and counts as no new begin."""
        self.stap = doel
        if bron.code != doel.code:
            self._close("stap", feit, "door", doel)
            self.sinds_op = feit.dag
            self._stand_in(doel, feit.dag)
            self._open("stap", doel, feit, "migratie")
        self.plekken[-1] = (doel, self.kaart)  # type: ignore[assignment]
        if bron.fase != doel.fase:
            self._close("fase", feit, "door", doel)
            self._open("fase", doel, feit, "migratie")
        if bron.is_regeling and not doel.is_regeling:
            self._close("regeling", feit, "door", doel)
        if doel.is_regeling and not bron.is_regeling:
            self._open("regeling", doel, feit, "migratie")


def is_contact(als: Sequence[tuple[str, frozenset[str]]], gegeven: Mapping[str, Any]) -> bool:
    """Whether these answers are of a contact with the client: each veld has one of its values, or none."""
    return all((waarde := gegeven.get(veld)) is None or waarde in mogelijk for veld, mogelijk in als)


def _named_day(antwoord: object) -> int | None:
    return daynumber(date.fromisoformat(antwoord)) if isinstance(antwoord, str) and antwoord else None


class Verloop:
    """A traject with its log and its present stand."""

    def __init__(
        self, traject_id: int, kaarten: Mapping[str, Routekaart], nummer: str = "", wortel_id: int = 0
    ) -> None:
        self.traject_id, self.nummer, self.wortel_id = traject_id, nummer, wortel_id
        self.kaarten = kaarten
        self.log: list[Gebeurtenis] = []
        self.stand = Stand(traject_id, kaarten)
        self._bewaard = 0

    @property
    def rijen(self) -> Mapping[str, Rijen]:
        """The projection rows by table."""
        return self.stand.rijen

    @property
    def is_changed(self) -> bool:
        """Whether the log grew since `saved()`."""
        return len(self.log) > self._bewaard

    @property
    def kaart(self) -> Routekaart:
        """The map that the traject is on now; of one that was taken back, the map of its last row."""
        return self.stand.kaart or self.kaarten[self.log[-1].routekaart]

    @property
    def feiten(self) -> list[Feit]:
        """The effective history."""
        return effective(self.log)

    @property
    def oorsprong(self) -> Mapping[str, Any]:
        """The content of the first row: route, parent, where it came from. No correction changes these."""
        return self.stand.start or fact_of(self.log[0]).inhoud

    @property
    def ouder_id(self) -> int | None:
        """The traject this one hangs on."""
        return self.oorsprong.get("hoort_bij")

    @property
    def begonnen_op(self) -> int:
        """The day of its start, by today's knowledge."""
        return self.stand.begonnen_op

    def follow(self, rij: Gebeurtenis) -> Feit | None:
        """Take in the next row of the log; returns its fact when it came after all others and corrected nothing."""
        self.log.append(rij)
        stand = self.stand
        if rij[2] not in CORRECTIES and rij[12] is None and rij[6] >= stand.laatste_op:
            stand.bekend = rij[10]
            stand.apply(feit := fact_of(rij))
            return feit
        self._refold(rij[10])
        return None

    def _refold(self, bekend: int) -> None:
        eerder, self.stand = self.stand.rijen, stand_of(self.traject_id, self.kaarten, effective(self.log))
        for naam, rijen in eerder.items():
            rijen.become(self.stand.rijen[naam], bekend)
        self.stand.take_rows(eerder)

    def saved(self) -> None:
        """Count changes from here: what was changed stands in the database."""
        self._bewaard = len(self.log)
        for rijen in self.stand.rijen.values():
            rijen.saved()


def stand_of(traject_id: int, kaarten: Mapping[str, Routekaart], feiten: Sequence[Feit]) -> Stand:
    """The stand after these facts."""
    stand = Stand(traject_id, kaarten)
    for feit in feiten:
        stand.apply(feit)
    return stand
