"""A line for each main traject: what figures about waits, help and outcome need to know of it.

Read in one pass over the stays and one over the mijlpalen. Of what had ended before the period only lives and the
stappen that mean help are read, of what began after it only lives: no figure asks for more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select

from models.traject import traject

if TYPE_CHECKING:
    from workflow.indicatoren.kader import Kader


LOOPT = "loopt"

KINDEREN = ("afspraak", "budgetbeheer", "crisis", "informatiestroom", "klacht", "samenwerking", "verwijzing")
"""Labels of the routes beside the main ones of which figures ask how long each was open."""


class Leven(NamedTuple):
    """A stretch in which a traject was open. `nr` gives the order in which things happened."""

    nr: int
    van: int
    tot: int | None
    ingang: str
    klasse: str | None
    naar: str | None


_leven = partial(tuple.__new__, Leven)


class Staat(NamedTuple):
    """A stay in a stap of the main route."""

    nr: int
    van: int
    tot: int | None
    ingang: str
    klasse: str | None
    plek: tuple[str, str]


_staat = partial(tuple.__new__, Staat)


class Kind(NamedTuple):
    """A stretch in which a traject of another route was open; `ouder_id` is known of a samenwerking."""

    traject_id: int
    ouder_id: int | None
    van: int
    tot: int | None
    ingang: str
    klasse: str | None
    route: str
    naar: str | None


class Merk(NamedTuple):
    """A mijlpaal: its day, and the day it names."""

    nr: int
    dag: int
    genoemd: int | None


_merk = partial(tuple.__new__, Merk)


@dataclass(slots=True)
class Regel:
    """A main traject as figures see it, followed to the end of the period.

    `oorsprong` is the day of the melding, also of who split off later; `stand` the class of its end, or that it runs;
    `eind` the day it ended, or the last day of the period while it runs.
    """

    traject_id: int
    levens: list[Leven] = field(default_factory=list)
    staten: list[Staat] = field(default_factory=list)
    merken: dict[str, list[Merk]] | None = None
    begin: int = 0
    oorsprong: int = 0
    ingang: str = ""
    stand: str = LOOPT
    eind: int = 0

    def settle(self, tot: int) -> None:
        """Put everything in the order in which it happened, and say how it stood just before `tot`."""
        for lijst in (self.levens, self.staten):
            if len(lijst) > 1:
                lijst.sort()
        self.begin = self.oorsprong = self.levens[0].van
        self.ingang = self.levens[0].ingang
        self.stand, self.eind = stand_on(self, tot)

    def eerste(self, mijlpaal: str) -> Merk | None:
        """The first such mijlpaal."""
        merken = self.marks(mijlpaal)
        return merken[0] if merken else None

    def marks(self, mijlpaal: str) -> Sequence[Merk]:
        """Every such mijlpaal, in order."""
        return self.merken.get(mijlpaal, ()) if self.merken else ()

    def is_open_on(self, dag: int) -> bool:
        """Whether it was open at the end of a day."""
        return any(leven.van <= dag and (leven.tot is None or dag < leven.tot) for leven in self.levens)

    def is_open_in(self, van: int, tot: int) -> bool:
        """Whether it was open on any of the days [van, tot)."""
        return van < tot and any(
            leven.van < tot and (leven.tot is None or van < leven.tot or van <= leven.van) for leven in self.levens
        )


@dataclass(slots=True)
class Verblijven:
    """Everything that the stays tell: the main trajecten of the gemeente asked for, and by route the others."""

    regels: dict[int, Regel] = field(default_factory=dict)
    kinderen: dict[str, list[Kind]] = field(default_factory=dict)


def read_stays(kader: Kader) -> Verblijven:
    """The lives of all trajecten, and of the main ones what the stays tell."""
    regels: dict[int, Regel] = {}
    kinderen: dict[str, list[Kind]] = {}
    hoofd, ouders = kader.wegwijzer.hoofdroutes, dict[int, int | None](kader.lees(_parents(kader)))
    for traject_id, niveau, route, nr, van, tot, ingang, klasse, stap, naar in kader.lees(_stays(kader)):
        if route not in hoofd:
            kind = Kind(traject_id, ouders.get(traject_id), van, tot, ingang, klasse, route, naar)
            kinderen.setdefault(route, []).append(kind)
            continue
        regel = regels.get(traject_id)
        if regel is None:
            regel = regels[traject_id] = Regel(traject_id)
        if niveau == "traject":
            regel.levens.append(_leven((nr, van, tot, ingang, klasse, naar)))
        else:
            regel.staten.append(_staat((nr, van, tot, ingang, klasse, (route, stap))))
    for regel in regels.values():
        regel.settle(kader.vraag.periode.tot)
    _trace_back(kader, regels)
    return Verblijven(regels, kinderen)


def _trace_back(kader: Kader, regels: Mapping[int, Regel]) -> None:
    """Who split off has had help since the melding of the household."""
    afgesplitst = [regel.traject_id for regel in regels.values() if regel.ingang == "splitsing"]
    keuze = _begins(kader).where(traject.c.id.in_(afgesplitst))
    for traject_id, begonnen_op in kader.lees(keuze) if afgesplitst else ():
        regels[traject_id].oorsprong = begonnen_op


def _begins(_kader: Kader) -> Select[Any]:
    return select(traject.c.id, traject.c.begonnen_op)


def _parents(kader: Kader) -> Select[Any]:
    samen = traject.c.route.in_(sorted(kader.wegwijzer.routes("samenwerking")))
    return select(traject.c.id, traject.c.ouder_id).where(samen)


def _stays(kader: Kader) -> Select[Any]:
    v, hoofd = kader.tabel("verblijf"), sorted(kader.wegwijzer.hoofdroutes)
    is_hoofd = v.c.route.in_(hoofd)
    periode = kader.vraag.periode
    loopt, tijdig = or_(v.c.tot_dag.is_(None), v.c.tot_dag >= periode.van), v.c.van_dag < periode.tot
    betekent = v.c.stap.in_(sorted({stap for _, stap in kader.wegwijzer.betekenisvol}))
    samen = v.c.route.in_(sorted(kader.wegwijzer.routes("samenwerking")))
    kind = v.c.route.in_(sorted(route for label in KINDEREN for route in kader.wegwijzer.routes(label)))
    nodig = or_(
        and_(v.c.niveau == "traject", or_(is_hoofd, and_(tijdig, kind, or_(loopt, samen)))),
        and_(is_hoofd, v.c.niveau == "stap", tijdig, or_(loopt, betekent)),
    )
    waar = [nodig] if kader.vraag.gemeente is None else [nodig, v.c.gemeente == kader.vraag.gemeente]
    kolommen = (v.c.traject_id, v.c.niveau, v.c.route, v.c.nr, v.c.van_dag, v.c.tot_dag, v.c.ingang, v.c.klasse)
    return select(*kolommen, v.c.stap, v.c.naar).where(*waar)


VAN_EERDER = ("eerste_gesprek", "toelating", "schone_lei")
"""Mijlpalen that figures ask of however long ago."""


def _marks(kader: Kader) -> Select[Any]:
    m = kader.tabel("mijlpaal")
    van_begin, met_dag = ("eerste_contact", "gesprek_aangeboden"), kader.wegwijzer.beginmijlpalen
    is_begin = or_(m.c.naam.in_(van_begin), and_(m.c.naam.in_(met_dag), m.c.genoemde_dag.is_not(None)))
    nodig = or_(
        and_(m.c.dag >= kader.vraag.periode.van, is_begin),
        m.c.naam.in_(VAN_EERDER),
    )
    keuze = select(m.c.traject_id, m.c.naam, m.c.nr, m.c.dag, m.c.genoemde_dag)
    return keuze.where(m.c.dag < kader.vraag.periode.tot, nodig)


def add_marks(kader: Kader, regels: Mapping[int, Regel]) -> None:
    """Give main trajecten their mijlpalen."""
    for traject_id, naam, nr, dag, genoemd in kader.lees(_marks(kader)):
        if regel := regels.get(traject_id):
            if regel.merken is None:
                regel.merken = {}
            merken = regel.merken.setdefault(naam, [])
            merken.append(_merk((nr, dag, genoemd)))
            if len(merken) > 1:
                merken.sort()


class Deelname(NamedTuple):
    """A person in a traject."""

    persoon: str
    van: int
    tot: int | None


_deelname = partial(tuple.__new__, Deelname)


def _people(kader: Kader) -> Select[Any]:
    d, w = kader.tabel("deelname"), kader.wegwijzer
    keuze = select(d.c.traject_id, d.c.deelnemer, d.c.van_dag, d.c.tot_dag)
    return keuze.join_from(d, traject, traject.c.id == d.c.traject_id).where(
        d.c.soort == "persoon", traject.c.route.in_(sorted(w.hoofdroutes | w.routes("budgetbeheer")))
    )


def read_people(kader: Kader) -> Mapping[int, list[Deelname]]:
    """Traject of a main route or budgetbeheer -> who took part."""
    gevonden: dict[int, list[Deelname]] = defaultdict(list)
    for traject_id, wie, van, tot in kader.lees(_people(kader)):
        gevonden[traject_id].append(_deelname((wie, van, tot)))
    return gevonden


def answers(kader: Kader, namen: Collection[str], *waar: ColumnElement[bool]) -> Select[Any]:
    """The answers to these questions, as far as they meet the conditions."""
    k = kader.tabel("kenmerk")
    keuze = select(k.c.naam, k.c.traject_id, k.c.nr, k.c.van_dag, k.c.tot_dag, k.c.waarde)
    return keuze.where(k.c.naam.in_(sorted(namen)), *waar)


def answers_asked(kader: Kader, naam: str = "") -> Select[Any]:
    """All that figures ask of: given before the period's end, what a traject begins with not before it.

    What main routes ask is read of all trajecten, what other routes ask of theirs only.
    """
    k, wegwijzer, periode = kader.tabel("kenmerk"), kader.wegwijzer, kader.vraag.periode
    namen, begin = {*wegwijzer.rolkenmerken} | ({naam} if naam else set()), wegwijzer.beginkenmerken
    later = {*wegwijzer.verloopkenmerken, wegwijzer.kenmerk("profiel") or ""} - begin
    van_kinderen = k.c.traject_id.in_(select(traject.c.id).where(traject.c.route.not_in(wegwijzer.hoofdroutes)))
    nodig = or_(
        and_(k.c.naam.in_(sorted(begin)), k.c.van_dag >= periode.van),
        k.c.naam.in_(sorted(later)),
        and_(k.c.naam.in_(sorted(namen - begin - later)), van_kinderen),
    )
    return answers(kader, {*namen, *begin, *later}, k.c.van_dag < periode.tot, nodig)


Lezing = Callable[["Kader"], "Select[Any]"]
"""A select that lines are made of."""

LIJNEN: tuple[Lezing, ...] = (_parents, _stays, _begins, _marks)
"""What every main traject, and everything beside it, is told by; `_begins` only for those who split off."""

MENSEN: tuple[Lezing, ...] = (_people,)
ANTWOORDEN: tuple[Lezing, ...] = (answers_asked,)


@dataclass(frozen=True, slots=True)
class Deel:
    """The part that a person took in a main traject."""

    regel: Regel
    tijden: tuple[tuple[int, int | None], ...]

    def takes_part_on(self, dag: int) -> bool:
        """Whether they took part on a day."""
        return any(van <= dag and (tot is None or dag < tot) for van, tot in self.tijden)

    def lasted_until(self, dag: int) -> bool:
        """Whether their part had not ended before a day."""
        return any(tot is None or tot >= dag for _, tot in self.tijden)


class Geschiedenis:
    """Person -> their parts in main trajecten, by begin; worked out for those who are asked for."""

    def __init__(self, regels: Mapping[int, Regel], mensen: Mapping[int, list[Deelname]]) -> None:
        self._regels = regels
        self._tijden: dict[str, dict[int, list[tuple[int, int | None]]]] = {}
        self._delen: dict[str, list[Deel]] = {}
        for traject_id, deelnames in mensen.items():
            if traject_id in regels:
                for wie, van, tot in deelnames:
                    self._tijden.setdefault(wie, {}).setdefault(traject_id, []).append((van, tot))

    def of(self, persoon: str) -> list[Deel]:
        """The parts that a person took."""
        if persoon not in self._delen:
            tijden = self._tijden.get(persoon, {})
            delen = [Deel(self._regels[traject_id], tuple(t)) for traject_id, t in tijden.items()]
            self._delen[persoon] = sorted(delen, key=lambda deel: (deel.regel.begin, deel.regel.traject_id))
        return self._delen[persoon]


def last_life(regel: Regel, tot: int) -> Leven | None:
    """The last stretch that began before a day."""
    for leven in reversed(regel.levens):
        if leven.van < tot:
            return leven
    return None


def stand_on(regel: Regel, tot: int) -> tuple[str, int]:
    """How a traject stood at the end of the day before `tot`, and when it ended: that day itself while it runs."""
    laatste = last_life(regel, tot)
    if laatste is None or laatste.tot is None or laatste.tot >= tot:
        return LOOPT, tot - 1
    return str(laatste.klasse), laatste.tot
