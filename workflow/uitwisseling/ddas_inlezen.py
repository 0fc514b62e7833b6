"""Takes a delivery in DDAS-SHV v1.0 into the log, through the same door as everything else; or says what it would do.

Promises: the preview and the import follow one path, the import only also writes; all or nothing, in the caller's
transaction; a second run adds nothing. No BSN, no name and no free text reaches the log.

Choices.
- A traject is known by who delivered it, its first client that can be recognised and its startdatum, through a keyed
  hash (`sleutel` of its start), and by a keyed digest of all that was delivered. Known with the same digest: already
  there. Known with another: nothing is changed, the difference is named; a correction is a verbetering by a person.
- A client has one traject at a time on this route, in the past as well as now. A delivered
  traject that overlaps with another of the same client (in the file or already here) is therefore not read, and named
  with its path. CBS would count the two as one; which of the two tells what happened is not for a program to decide.
- What was noted of a traject stands as codes in the content of its start (`bron.let_op`): that marks it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from models import klok
from models.gebeurtenis import gebeurtenis
from models.trajectnummer import trajectnummer
from workflow.eenheid import check_overlap
from workflow.gezin import load
from workflow.kaarten import in_force
from workflow.kluis import current
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Actor, Conflict
from workflow.schuldboek import keep_delivered
from workflow.schuldeisers import Register, read_register
from workflow.uitwisseling.ddas_lezen import Client, Levering, Traject, read
from workflow.uitwisseling.ddas_mensen import Mensen
from workflow.uitwisseling.ddas_plan import Kindplan, Plan, plan
from workflow.uitwisseling.ddas_plek import as_json, find_route
from workflow.uitwisseling.ddas_schulden import as_debts
from workflow.uitwisseling.ddas_uit import LeveringGeweigerd, trajecten
from workflow.uitwisseling.opmerkingen import Opmerking, Opmerkingen, Pad, in_order, show
from workflow.velden import InvoerGeweigerd
from workflow.voortgang import advance, start

UITKOMSTEN = ("nieuw", "aanwezig", "verschilt", "overlapt", "dubbel")
BUNDEL = 500
MAX_VERSCHILLEN = 8
NUMMER = re.compile(r"[A-Z]{2,4}-\d{4}-\d+")

Done = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Regel:
    """What becomes of one traject: one of UITKOMSTEN, its number once it has one, and how much is made of it."""

    pad: Pad
    uitkomst: str
    nummer: str | None = None
    gebeurtenissen: int = 0
    kinderen: int = 0

    @property
    def plaats(self) -> str:
        """Its JSON path."""
        return show(self.pad)


@dataclass(frozen=True, slots=True)
class Voorbeeld:
    """What a delivery would become; nothing at all when there are fouten. `aantallen`: of fout and let_op, all told."""

    opmerkingen: tuple[Opmerking, ...]
    aantallen: Mapping[str, int]
    regels: tuple[Regel, ...] = ()
    nieuwe_personen: int = 0

    @property
    def is_leesbaar(self) -> bool:
        """Whether it can be taken in."""
        return not self.aantallen.get("fout")

    @property
    def geteld(self) -> dict[str, int]:
        """The number of trajecten by what becomes of them."""
        return {u: sum(regel.uitkomst == u for regel in self.regels) for u in UITKOMSTEN}

    @property
    def gebeurtenissen(self) -> int:
        """The number of gebeurtenissen, without what an end brings about by itself."""
        return sum(regel.gebeurtenissen for regel in self.regels)


class Verslag(Voorbeeld):
    """What a delivery became."""


def preview(db: Connection, tekst: bytes | str) -> Voorbeeld:
    """What `import_delivery` would make of this file, and everything to be said of it. Writes nothing."""
    inname = _Inname(db, None)
    return Voorbeeld(*inname.take_in(tekst))


def import_delivery(db: Connection, tekst: bytes | str, door: Actor, done: Done = lambda _: None) -> Verslag:
    """Take a delivery in. `done` is told how many trajecten were handled since the last call.

    Raises LeveringGeweigerd; then the caller's transaction must be rolled back.
    """
    inname = _Inname(db, door, done)
    verslag = Verslag(*inname.take_in(tekst))
    if not verslag.is_leesbaar:
        raise LeveringGeweigerd(inname.op)
    return verslag


class Bekend(NamedTuple):
    """A traject that was taken in before: its number and the content of its start."""

    nummer: str
    inhoud: str | None


@dataclass(frozen=True, slots=True)
class _Stuk:
    """A plan with its key, the digest of what was delivered, and the same traject earlier in the file, if any."""

    plan: Plan
    sleutel: str
    afdruk: str
    dubbel_van: Pad | None


class _Inname:
    """One delivery on its way in; without `door` it only says what it would do."""

    def __init__(self, db: Connection, door: Actor | None, done: Done = lambda _: None) -> None:
        self.db, self.door, self.done = db, door, done
        self.op = Opmerkingen()
        self.mensen = Mensen(db, self.op, schrijf=door is not None)
        self.bekend: dict[str, Bekend] = {}
        self.bezet: dict[str, list[tuple[int, int | None, Pad]]] = {}
        self.aangeleverd_us = 0

    def take_in(self, tekst: bytes | str) -> tuple[tuple[Opmerking, ...], Mapping[str, int], tuple[Regel, ...], int]:
        """The parts of a Voorbeeld."""
        levering = read(tekst, self.op)
        stukken = self._pieces(levering) if levering else []
        regels: list[Regel] = []
        if not self.op.fouten:
            self.bekend = dict(self._known([stuk.sleutel for stuk in stukken]))
            regels = [self._take(stuk) for stuk in sorted(stukken, key=_when)]
        op_plaats = tuple(sorted(regels, key=lambda regel: in_order(regel.pad)))
        gevonden = tuple(sorted(self.op, key=lambda opmerking: in_order(opmerking.pad)))
        return gevonden, dict(self.op.aantal), op_plaats, self.mensen.aantal_nieuw

    def _pieces(self, levering: Levering) -> list[_Stuk]:
        plekken = find_route(in_force(self.db))
        if plekken is None:
            self.op.add((), "geen_plek")
            return []
        self.aangeleverd_us = levering.aangeleverd_us
        vandaag, geleverd_op = klok.today(), klok.day_of(klok.moment_of(levering.aangeleverd_us))
        plannen = [plan(traject, plekken, vandaag, geleverd_op, self.op) for traject in levering.trajecten]
        return list(_with_keys(plannen))

    def _known(self, sleutels: list[str]) -> Iterator[tuple[str, Bekend]]:
        for i in range(0, len(sleutels), BUNDEL):
            vraag = (
                select(gebeurtenis.c.sleutel, trajectnummer.c.nummer, gebeurtenis.c.inhoud)
                .join(trajectnummer, trajectnummer.c.id == gebeurtenis.c.traject_id)
                .where(gebeurtenis.c.sleutel.in_(sleutels[i : i + BUNDEL]))
            )
            yield from ((sleutel, Bekend(nummer, inhoud)) for sleutel, nummer, inhoud in self.db.execute(vraag))

    def _take(self, stuk: _Stuk) -> Regel:
        regel = self._judge(stuk) or self._make(stuk)
        self.done(1)
        return regel

    # What stands in the way.

    def _judge(self, stuk: _Stuk) -> Regel | None:
        pad = stuk.plan.traject.pad
        if stuk.dubbel_van:
            self.op.add(pad, "dubbel", eerder=show(stuk.dubbel_van))
            return Regel(pad, "dubbel")
        if rij := self.bekend.get(stuk.sleutel):
            return self._compare(stuk, rij)
        if ander := self._in_the_way(stuk.plan):
            self.op.add(pad, "overlapt", ander=ander)
            return Regel(pad, "overlapt")
        return None

    def _compare(self, stuk: _Stuk, rij: Bekend) -> Regel:
        traject = stuk.plan.traject
        bron = json.loads(rij.inhoud or "{}").get("bron", {})
        anders = [] if bron.get("afdruk") == stuk.afdruk else self._differences(rij.nummer, traject)
        if not anders:
            return Regel(traject.pad, "aanwezig", rij.nummer)
        meer = " …" if len(anders) > MAX_VERSCHILLEN else ""
        self.op.add(traject.pad, "verschilt", nummer=rij.nummer, velden=", ".join(anders[:MAX_VERSCHILLEN]) + meer)
        return Regel(traject.pad, "verschilt", rij.nummer)

    def _differences(self, nummer: str, traject: Traject) -> list[str]:
        """Paths on which the delivery and the log differ; none for a traject that was withdrawn."""
        if load(self.db, nummer, lock=False).by_nummer(nummer).stand.route is None:
            return []
        hier = dict(_flat(dict(trajecten(self.db, [nummer]))[nummer]))
        daar = dict(_flat(traject.gegevens))
        return sorted(pad for pad in hier.keys() | daar.keys() if hier.get(pad) != daar.get(pad))

    def _in_the_way(self, dit: Plan) -> str | None:
        """Another traject of one of these clients that overlaps: its path in the file, or its number."""
        wie = [iemand.pseudoniem for client in dit.traject.clienten if (iemand := self.mensen.find(client))]
        for pseudoniem in wie:
            for _, tot, pad in self.bezet.get(pseudoniem, ()):
                if tot is None or tot > dit.start.dag:
                    return show(pad)
        # A traject that ended on the day it began still takes that day.
        tot = None if dit.tot_dag is None else max(dit.tot_dag, dit.start.dag + 1)
        try:
            check_overlap(self.db, dit.route, {p: [(dit.start.dag, tot)] for p in wie}, ())
        except OvergangGeweigerd as fout:
            return ", ".join(NUMMER.findall(str(fout))) or "?"
        return None

    # Making it.

    def _make(self, stuk: _Stuk) -> Regel:
        dit = stuk.plan
        wie = self._enter(dit.traject)
        for pseudoniem in wie:
            self.bezet.setdefault(pseudoniem, []).append((dit.start.dag, dit.tot_dag, dit.traject.pad))
        nummer = self._write(stuk, wie) if self.door else None
        return Regel(dit.traject.pad, "nieuw", nummer, dit.aantal, len(dit.kinderen))

    def _enter(self, traject: Traject) -> list[str]:
        wie = [self.mensen.enter(client) for client in traject.clienten]
        if len(set(wie)) < len(wie):
            self.op.add(traject.gegevens.place("client"), "client_dubbel")
        return list(dict.fromkeys(wie))

    def _write(self, stuk: _Stuk, wie: list[str]) -> str:
        dit = stuk.plan
        bron = {"soort": "ddas", "afdruk": stuk.afdruk, "let_op": self.op.codes(dit.traject.pad)}
        with _refusals_at(dit.start.pad, self.op):
            nummer = start(
                self.db,
                dit.route.code,
                dit.start.overgang,
                dit.start.invoer,
                **self._common(dit.start.dag),
                personen=wie,
                gemeente=dit.traject.gemeentecode,
                sleutel=stuk.sleutel,
                tot=dit.tot_dag,
                extra={"ingang": "import", "bron": bron},
            ).nummer
        self._write_debts(nummer, dit.traject)
        for kind in dit.kinderen:
            self._write_child(nummer, kind)
        for zet in dit.zetten:
            with _refusals_at(zet.pad, self.op):
                advance(self.db, nummer, zet.overgang, zet.invoer, **self._common(zet.dag), reden=zet.reden)
        return nummer

    def _write_debts(self, nummer: str, traject: Traject) -> None:
        schulden = as_debts(traject.gegevens.get("schulden", ()), self.schuldeisers)
        if schulden and self.door:
            keep_delivered(self.db, nummer, schulden, self.door)

    @cached_property
    def schuldeisers(self) -> Register:
        """The creditors by which those of the delivery are recognised."""
        return read_register(self.db)

    def _write_child(self, ouder: str, kind: Kindplan) -> None:
        with _refusals_at(kind.start.pad, self.op):
            nummer = start(
                self.db,
                kind.route,
                kind.start.overgang,
                kind.start.invoer,
                **self._common(kind.start.dag),
                hoort_bij=ouder,
                extra={"ingang": "import"},
            ).nummer
        if kind.einde:
            with _refusals_at(kind.einde.pad, self.op):
                advance(self.db, nummer, kind.einde.overgang, kind.einde.invoer, **self._common(kind.einde.dag))

    def _common(self, dag: int) -> dict[str, Any]:
        return {"door": self.door, "op": dag, "bron_vastgelegd_op": self.aangeleverd_us}


@contextmanager
def _refusals_at(pad: Pad, op: Opmerkingen) -> Iterator[None]:
    """What the engine refuses refuses the delivery, at this path."""
    try:
        yield
    except (OvergangGeweigerd, InvoerGeweigerd, Conflict) as fout:
        op.add(pad, "geweigerd", redenen=str(fout))
        raise LeveringGeweigerd(op) from None


def _when(stuk: _Stuk) -> tuple[int, int]:
    """In order of begin; of those that begin on one day what ended first comes first."""
    dag, tot_dag = stuk.plan.start.dag, stuk.plan.tot_dag
    return dag, klok.today() + 1 if tot_dag is None else tot_dag


def _with_keys(plannen: Iterable[Plan]) -> Iterator[_Stuk]:
    """Each plan with its key. The same traject twice in a file is one; another with the same key is numbered."""
    gezien: dict[str, dict[str, Pad]] = {}
    slot = current()
    for dit in plannen:
        wie = as_json(_identity(dit.traject))
        afdruk = slot.index("ddas-afdruk", as_json(dit.traject.gegevens))
        eerder = gezien.setdefault(wie, {})
        sleutel = slot.index("ddas-traject", f"{wie}#{len(eerder)}" if eerder else wie)
        # Of two clients of whom nothing is known nobody can say that they are one.
        wat = afdruk if _known_client(dit.traject).is_herkenbaar else sleutel
        yield _Stuk(dit, sleutel, afdruk, eerder.get(wat))
        eerder.setdefault(wat, dit.traject.pad)


def _known_client(traject: Traject) -> Client:
    """The first client that can be recognised; the first when none can."""
    return next((client for client in traject.clienten if client.is_herkenbaar), traject.clienten[0])


def _identity(traject: Traject) -> list[str]:
    """What tells one traject of a delivery from another, also in the next delivery."""
    client = _known_client(traject)
    adres = [client.geboortedatum, client.postcode, client.huisnummer, client.toevoeging]
    return [traject.organisatie, traject.gegevens.get("startdatum", ""), *([client.bsn] if client.bsn else adres)]


def _flat(waarde: Any, pad: str = "") -> Iterator[tuple[str, Any]]:
    """Path and value of everything in a JSON value."""
    if isinstance(waarde, dict):
        for naam, deel in waarde.items():
            yield from _flat(deel, f"{pad}.{naam}" if pad else naam)
    elif isinstance(waarde, list):
        for nr, deel in enumerate(waarde):
            yield from _flat(deel, f"{pad}[{nr}]")
    else:
        yield pad, waarde
