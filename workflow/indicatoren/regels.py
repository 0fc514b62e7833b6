"""A line for each main traject: what figures about waits, help and outcome need to know of it, read in four selects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

if TYPE_CHECKING:
    from workflow.indicatoren.kader import Kader


class Leven(NamedTuple):
    """A stretch in which a traject was open."""

    van: int
    tot: int | None
    ingang: str
    klasse: str | None
    reden: str | None


class Staat(NamedTuple):
    """A stay in a stap."""

    route: str
    stap: str
    van: int
    tot: int | None
    volgnummer: int
    klasse: str | None
    ingang: str


class Merk(NamedTuple):
    """A mijlpaal: its day, the day it names, and its place in the log."""

    dag: int
    genoemd: int | None
    volgnummer: int


@dataclass(slots=True)
class Regel:
    """A main traject as figures see it."""

    traject_id: int
    gemeente: str | None
    levens: list[Leven] = field(default_factory=list)
    staten: list[Staat] = field(default_factory=list)
    merken: dict[str, list[Merk]] = field(default_factory=dict)

    @property
    def begin(self) -> int:
        """The day it began."""
        return self.levens[0].van

    @property
    def ingang(self) -> str:
        """How it began."""
        return self.levens[0].ingang

    @property
    def eind(self) -> int | None:
        """The day it ended; None while it is open."""
        return self.levens[-1].tot

    @property
    def klasse(self) -> str | None:
        """How it ended."""
        return self.levens[-1].klasse

    def eerste(self, mijlpaal: str) -> Merk | None:
        """The first such mijlpaal."""
        merken = self.merken.get(mijlpaal)
        return merken[0] if merken else None

    def is_open_on(self, dag: int) -> bool:
        """Whether it was open at the end of a day."""
        return any(leven.van <= dag and (leven.tot is None or dag < leven.tot) for leven in self.levens)

    def is_open_in(self, van: int, tot: int) -> bool:
        """Whether it was open on any of the days [van, tot)."""
        return any(
            leven.van < tot and (leven.tot is None or van < leven.tot or van <= leven.van) for leven in self.levens
        )


def read_lines(kader: Kader) -> Mapping[int, Regel]:
    """Every main traject, with its stays and mijlpalen; those of the gemeente asked for."""
    regels = _lives(kader)
    _add_stays(kader, regels)
    _add_marks(kader, regels)
    return regels


def _lives(kader: Kader) -> dict[int, Regel]:
    v = kader.tabel("verblijf")
    keuze = (
        select(v.c.traject_id, v.c.gemeente, v.c.van_dag, v.c.tot_dag, v.c.ingang, v.c.klasse, v.c.reden)
        .where(v.c.niveau == "traject", v.c.route.in_(sorted(kader.wegwijzer.hoofdroutes)))
        .order_by(v.c.traject_id, v.c.nr)
    )
    if kader.vraag.gemeente is not None:
        keuze = keuze.where(v.c.gemeente == kader.vraag.gemeente)
    regels: dict[int, Regel] = {}
    for traject_id, gemeente, *leven in kader.lees(keuze):
        if traject_id not in regels:
            regels[traject_id] = Regel(traject_id, gemeente)
        regels[traject_id].levens.append(Leven(*leven))
    return regels


def _add_stays(kader: Kader, regels: Mapping[int, Regel]) -> None:
    v = kader.tabel("verblijf")
    keuze = (
        select(
            v.c.traject_id, v.c.route, v.c.stap, v.c.van_dag, v.c.tot_dag, v.c.van_volgnummer, v.c.klasse, v.c.ingang
        )
        .where(v.c.niveau == "stap", v.c.route.in_(sorted(kader.wegwijzer.hoofdroutes)))
        .order_by(v.c.traject_id, v.c.nr)
    )
    for traject_id, *staat in kader.lees(keuze):
        if regel := regels.get(traject_id):
            regel.staten.append(Staat(*staat))


def _add_marks(kader: Kader, regels: Mapping[int, Regel]) -> None:
    m = kader.tabel("mijlpaal")
    keuze = select(m.c.traject_id, m.c.naam, m.c.dag, m.c.genoemde_dag, m.c.volgnummer)
    for traject_id, naam, *merk in kader.lees(keuze.order_by(m.c.traject_id, m.c.nr)):
        if regel := regels.get(traject_id):
            regel.merken.setdefault(naam, []).append(Merk(*merk))


def by_person(kader: Kader) -> Mapping[str, list[Regel]]:
    """Person -> the main trajecten they took part in, by begin."""
    d = kader.tabel("deelname")
    gevonden: dict[str, list[Regel]] = defaultdict(list)
    for traject_id, wie in kader.lees(select(d.c.traject_id, d.c.deelnemer).where(d.c.soort == "persoon")):
        if regel := kader.regels.get(traject_id):
            gevonden[wie].append(regel)
    for regels in gevonden.values():
        regels.sort(key=lambda regel: (regel.begin, regel.traject_id))
    return gevonden


def people_of(kader: Kader, trajecten: Iterable[int]) -> Mapping[int, list[tuple[str, int, int | None]]]:
    """Traject -> (person, van_dag, tot_dag)."""
    d, gezocht = kader.tabel("deelname"), set(trajecten)
    gevonden: dict[int, list[tuple[str, int, int | None]]] = defaultdict(list)
    keuze = select(d.c.traject_id, d.c.deelnemer, d.c.van_dag, d.c.tot_dag).where(d.c.soort == "persoon")
    for traject_id, *wie in kader.lees(keuze.order_by(d.c.traject_id, d.c.nr)):
        if traject_id in gezocht:
            gevonden[traject_id].append(tuple(wie))
    return gevonden
