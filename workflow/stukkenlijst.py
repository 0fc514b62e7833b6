"""Which documents a traject needs and how far each is: what the map asks for, and what was said of it in the log.

An overgang with label `blad: stukken` keeps the list; its labels `waarde.ROL` say which answer means that a document
was asked for, came in part or is all there. A stap names what it asks for in its label `stukken`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from workflow.dossier import Dossier
from workflow.gezin import Gezin
from workflow.historie import Feit
from workflow.routekaart import WAARDE, Keuze, Overgang, Route, Stap, Veld
from workflow.velden import read_date
from workflow.verloop import Verloop
from workflow.voorwaarden import VOORWAARDEN

BLAD = "stukken"
VRAAG_DAGEN = 14
"""Where no day was given to the client, what was asked for so many days ago is late (te bevestigen)."""


@dataclass(frozen=True, slots=True)
class Lijst:
    """How a route keeps its documents: by which overgang, under which question."""

    overgang: Overgang
    veld: Veld

    def value(self, rol: str) -> str | None:
        """The answer that plays this part: gevraagd, onvolledig or rond."""
        return self.overgang.labels.get(WAARDE + rol)

    @property
    def via(self) -> Veld | None:
        """The question by whom documents came in: the other choice that the overgang asks."""
        return next((veld for veld in self.overgang.velden if veld.soort == "keuze"), None)

    @property
    def open_waarden(self) -> frozenset[str | None]:
        """The answers that say that a document is not all there."""
        return frozenset({self.value("gevraagd"), self.value("onvolledig")} - {None})


@dataclass(frozen=True, slots=True)
class Regel:
    """One document of the list: how far it is (a code; None when nothing was said), since when.

    `via`: by whom it came, where that was said. `uiterlijk_op`: the last day given to the client, while it is open.
    """

    soort: Keuze
    stand: Keuze | None
    sinds_op: int | None
    via: str
    is_open: bool
    uiterlijk_op: int | None

    @property
    def is_ontbrekend(self) -> bool:
        """Whether nobody asked for it yet."""
        return self.stand is None


@dataclass(frozen=True, slots=True)
class Groep:
    """The documents that a stap asks for; those that none asks for where `stap` is None. `is_nu`: it stands there."""

    stap: Stap | None
    is_nu: bool
    regels: tuple[Regel, ...]


@dataclass(frozen=True, slots=True)
class Stukkenlijst:
    """The whole list of a traject: what the present stap asks for first, then the earlier ones, then all others."""

    lijst: Lijst
    groepen: tuple[Groep, ...]
    uiterlijk_op: int | None

    @property
    def regels(self) -> tuple[Regel, ...]:
        """All documents."""
        return tuple(regel for groep in self.groepen for regel in groep.regels)

    @property
    def ontbrekend(self) -> tuple[Regel, ...]:
        """What a stap asks for and nobody asked the client for yet."""
        return tuple(r for groep in self.groepen if groep.stap for r in groep.regels if r.is_ontbrekend)

    @property
    def open(self) -> tuple[Regel, ...]:
        """What is waited for."""
        return tuple(regel for regel in self.regels if regel.is_open)


def keeper(route: Route) -> Lijst | None:
    """How this route keeps its documents; None when it keeps none."""
    for overgang in route.overgangen.values():
        velden = [veld for veld in overgang.velden if veld.onderdelen]
        if overgang.labels.get("blad") == BLAD and velden:
            return Lijst(overgang, velden[0])
    return None


def read(gezin: Gezin, verloop: Verloop) -> Stukkenlijst | None:
    """The list of a traject as it stands; None where its route keeps none."""
    route = verloop.kaart.routes[verloop.oorsprong["route"]]
    lijst = keeper(route)
    return _read(gezin, verloop, lijst) if lijst else None


def _read(gezin: Gezin, verloop: Verloop, lijst: Lijst) -> Stukkenlijst:
    uiterlijk_op = deadline(gezin, verloop)
    stand, sinds = verloop.stand.antwoorden.get(lijst.veld.code) or {}, _since(verloop, lijst)
    namen = {keuze.code: keuze for keuze in lijst.veld.keuzes}

    def line(soort: Keuze) -> Regel:
        hoe = stand.get(soort.code)
        is_open = hoe in lijst.open_waarden
        nu = namen.get(hoe, Keuze(hoe, hoe)) if hoe else None
        sinds_op, via = sinds.get(soort.code, (None, ""))
        return Regel(soort, nu, sinds_op, via, is_open, uiterlijk_op if is_open else None)

    return Stukkenlijst(lijst, tuple(_groups(verloop, lijst, line)), uiterlijk_op)


def _groups(verloop: Verloop, lijst: Lijst, line: Callable[[Keuze], Regel]) -> Iterator[Groep]:
    genoemd: set[str] = set()
    for stap, is_nu in _stappen(verloop):
        codes = [code for code in stap.labels.get("stukken", "").split() if code not in genoemd]
        genoemd.update(codes)
        if soorten := [keuze for keuze in lijst.veld.onderdelen if keuze.code in codes]:
            yield Groep(stap, is_nu, tuple(map(line, soorten)))
    if rest := [keuze for keuze in lijst.veld.onderdelen if keuze.code not in genoemd]:
        yield Groep(None, False, tuple(map(line, rest)))


def _stappen(verloop: Verloop) -> Iterator[tuple[Stap, bool]]:
    """The present stap, and those where it stood before, the last first; each once, as its map has it."""
    nu = verloop.stand.stap
    plekken = {stap.code: stap for stap, _ in verloop.stand.plekken}
    if nu is not None:
        yield nu, True
    for code, stap in reversed(plekken.items()):
        if nu is None or code != nu.code:
            yield stap, False


def _since(verloop: Verloop, lijst: Lijst) -> dict[str, tuple[int, str]]:
    """Document -> the day since which it is as far as it is, and by whom it came then."""
    stand: dict[str, str] = {}
    sinds: dict[str, tuple[int, str]] = {}
    for feit in verloop.feiten:
        for code, hoe in (feit.invoer.get(lijst.veld.code) or {}).items():
            if stand.get(code) != hoe:
                stand[code], sinds[code] = hoe, (feit.dag, _by_whom(lijst, feit))
    return sinds


def _by_whom(lijst: Lijst, feit: Feit) -> str:
    wie = feit.invoer.get(lijst.via.code) if lijst.via else None
    return next((keuze.naam for keuze in lijst.via.keuzes if keuze.code == wie), "") if lijst.via else ""


def deadline(gezin: Gezin, verloop: Verloop) -> int | None:
    """The last day that the client was given for documents: where a term stands still for it, the day in that child."""
    velden = {r.opgeschort_door: r.opgeschort_tot for r in verloop.kaart.termijnen.values() if r.opgeschort_door}
    open_ = [(kind.stand, velden.get(kind.oorsprong["route"])) for kind in gezin.open_kinderen(verloop)]
    dagen = [dag for stand, veld in open_ if veld and (dag := stand.antwoorden.get(veld))]
    return max(map(read_date, dagen), default=None)


def blocked(dossier: Dossier, lijst: Lijst) -> list[tuple[Overgang, str]]:
    """The overgangen out of this stap that wait for documents, with the sentence that says so."""
    stap = dossier.stap.code if dossier.stap else ""
    eisen = [
        (overgang, eis)
        for overgang in dossier.route.overgangen_vanuit.get(stap, ())
        for eis in overgang.voorwaarden
        if eis.naam == "geen_onderdeel" and eis.argument["veld"] == lijst.veld.code
    ]
    gevraagd = [(o, eis.zin, VOORWAARDEN[eis.naam].functie(dossier, o, eis.argument)) for o, eis in eisen]
    return [(overgang, zin or weigering) for overgang, zin, weigering in gevraagd if weigering]


# -- What is late, for who has it on their desk --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TeLaat:
    """Documents that were asked for in one traject and should have been here: their names, since when, by which day.

    `is_termijn`: the client was given that day; else it is VRAAG_DAGEN after the first of them was asked for.
    """

    traject_id: int
    nummer: str
    stukken: tuple[str, ...]
    sinds_op: int
    uiterlijk_op: int
    is_termijn: bool


def late(gezinnen: Mapping[int, Gezin], bureau: Iterable[Row[Any]], vandaag: int) -> list[TeLaat]:
    """What is waited for in vain in these rows of `overzichten.on_desk`, the oldest first; the families by root."""
    gevonden = (_late(gezin, gezin.trajecten[r.id], vandaag) for r in bureau for gezin in [gezinnen[r.wortel_id]])
    return sorted(filter(None, gevonden), key=lambda laat: (laat.uiterlijk_op, laat.nummer))


def _late(gezin: Gezin, verloop: Verloop, vandaag: int) -> TeLaat | None:
    gelezen = read(gezin, verloop) if verloop.stand.route else None
    open_ = [regel for regel in gelezen.open if regel.sinds_op is not None] if gelezen else []
    if gelezen is None or not open_:
        return None
    sinds = min(regel.sinds_op for regel in open_ if regel.sinds_op is not None)
    uiterlijk = gelezen.uiterlijk_op if gelezen.uiterlijk_op is not None else sinds + VRAAG_DAGEN
    if uiterlijk >= vandaag:
        return None
    stukken = tuple(regel.soort.naam for regel in open_)
    return TeLaat(verloop.traject_id, verloop.nummer, stukken, sinds, uiterlijk, gelezen.uiterlijk_op is not None)
