"""What one traject of a delivery becomes: a start, overgangen, child trajecten. Pure: traject and map in, plan out.

Promises: every gebeurtenis of a plan falls on a day that the delivery names for it; nothing in between is made up.

Choices. A traject starts in the stap for imported trajecten (the *bak*) on its startdatum, or on the day of its
aanmelding when that is earlier. A phase with a begin becomes an overgang from the bak into the first stap of that phase;
when it ends, or when the next begins, the traject goes back to the bak on that day. A phase that cannot be placed in
time (no begin, outside the traject, in the future) is kept among the answers of the start and not walked. All answers
are kept there as delivered, so that an export gives back what came in; what has no veld goes to the veld for the rest.
An end comes from uitstroom, einddatum or beëindigingsbeschikking, in that order; a rejection without a later phase is
an end as well. Lists become child trajecten where the map has a start for them and each field of the item has a place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from workflow.kalender import date_of
from workflow.routekaart import Overgang, Route, Stap, Veld
from workflow.uitwisseling.ddas_lezen import Traject, day_of
from workflow.uitwisseling.ddas_plek import REST, Inleesroute, accepted, answered, as_json, labelled, with_reason
from workflow.uitwisseling.opmerkingen import Opmerkingen, Pad

TOELATING, AFWIJZING = "Toelatingsbeschikking", "Afwijzingsbeschikking"

# Phase (the label of its stappen), path of its begin, paths of its end; the order of the format on one day.
FASEN: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("aanmelding", "aanmelding.startdatum", ("aanmelding.einddatum",)),
    ("informatieEnAdvies", "informatieEnAdvies.startdatum", ("informatieEnAdvies.einddatum",)),
    ("intake", "intake.startdatum", ("intake.einddatum",)),
    ("stabilisatie", "stabilisatie.startdatum", ("stabilisatie.einddatum",)),
    (
        "schuldregeling",
        "schuldregeling.datum",
        ("schuldregeling.toegekend", "schuldregeling.afgewezen", "schuldregeling.ingetrokken"),
    ),
    (
        "dwangakkoord_verzoek",
        "schuldregeling.datumVerzoekDwangakkoord",
        ("schuldregeling.toegekend", "schuldregeling.afgewezen", "schuldregeling.ingetrokken"),
    ),
    ("oplossing", "oplossing.startdatum", ("oplossing.einddatum",)),
    ("nazorg", "nazorg.startdatum", ("nazorg.einddatum",)),
)
NA_INTAKE = 2.5
"""Where a toelating comes in the order of the phases on one day."""

EINDEN = ("uitstroom.datum", "einddatum", "uitstroom.datumBeeindigingsbeschikking")


@dataclass(frozen=True, slots=True)
class Zet:
    """One gebeurtenis to make: overgang, day number, answers, reden; `pad` is where the delivery says so."""

    overgang: str
    dag: int
    pad: Pad
    invoer: Mapping[str, Any] = field(default_factory=dict)
    reden: str | None = None


@dataclass(frozen=True, slots=True)
class Kindplan:
    """A child traject to make: its route, its start and, when it ended, its end."""

    route: str
    start: Zet
    einde: Zet | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything to make of one traject. `tot_dag` is the day it ends, None when it stays open."""

    traject: Traject
    route: Route
    start: Zet
    kinderen: tuple[Kindplan, ...]
    zetten: tuple[Zet, ...]
    tot_dag: int | None

    @property
    def aantal(self) -> int:
        """The number of gebeurtenissen."""
        return 1 + len(self.zetten) + sum(1 + (kind.einde is not None) for kind in self.kinderen)


def plan(traject: Traject, plekken: Inleesroute, vandaag: int, geleverd_op: int, op: Opmerkingen) -> Plan:
    """What becomes of a traject. `geleverd_op` is the day of the delivery; findings are added to `op`."""
    return _Ontwerp(traject, plekken, vandaag, geleverd_op, op).plan()


@dataclass(frozen=True, slots=True)
class _Fase:
    """A phase that can be walked: begin, order on that day, stap, answers, end."""

    dag: int
    orde: int
    pad: str
    stap: Stap
    overgang: Overgang
    invoer: Mapping[str, Any]
    tot_dag: int | None


class _Ontwerp:
    """One traject being planned: where it stands and since when the phase it stands in should have ended."""

    def __init__(self, traject: Traject, plekken: Inleesroute, vandaag: int, geleverd_op: int, op: Opmerkingen) -> None:
        self.traject, self.plekken, self.op, self.vandaag = traject, plekken, op, vandaag
        self.antwoorden = traject.antwoorden
        self.rest: dict[str, Any] = {}
        self.zetten: list[Zet] = []
        self._genoteerd: set[tuple[str, str]] = set()
        self.stap = plekken.bak
        self.fase_tot: int | None = None
        self.begin = self._first_day(min(geleverd_op, vandaag))
        self.afgewezen_op = self._rejected_on()
        self.tot_dag = self._last_day()

    def plan(self) -> Plan:
        """The finished plan."""
        kinderen = tuple(self._children())
        self._walk()
        self._end()
        start = Zet(self.plekken.start.code, self.begin, self.traject.pad, self._start_answers())
        return Plan(self.traject, self.plekken.route, start, kinderen, tuple(self.zetten), self.tot_dag)

    def note(self, pad: str, code: str, **gegevens: Any) -> None:
        """Note a finding at a path within the traject."""
        if (pad, code) not in self._genoteerd:
            self._genoteerd.add((pad, code))
            self.op.add((*self.traject.pad, *(pad.split(".") if pad else ())), code, **gegevens)

    def day(self, pad: str) -> int | None:
        """The day at a path, when it is not in the future; if it is, that is noted."""
        dag = day_of(self.antwoorden.get(pad))
        if dag is not None and dag > self.vandaag:
            self.note(pad, "toekomst")
            return None
        return dag

    # When it begins and ends.

    def _first_day(self, geleverd_op: int) -> int:
        start, aanmelding = self.day("startdatum"), self._quiet_day("aanmelding.startdatum")
        if start is None:
            genoemd = [self._quiet_day(pad) for pad in ("toekenningsdatum", *EINDEN, *(f[1] for f in FASEN))]
            dag = min((d for d in genoemd if d is not None), default=geleverd_op)
            self.note("startdatum", "geen_startdatum", dag=_iso(dag))
            return dag
        if aanmelding is not None and aanmelding < start:
            self.note("aanmelding.startdatum", "begint_eerder", dag=_iso(aanmelding))
            return aanmelding
        return start

    def _quiet_day(self, pad: str) -> int | None:
        dag = day_of(self.antwoorden.get(pad))
        return dag if dag is not None and dag <= self.vandaag else None

    def _last_day(self) -> int | None:
        if self.afgewezen_op is not None:
            return self.afgewezen_op
        dagen = [dag for pad in EINDEN if (dag := self.day(pad)) is not None]
        einde = next((dag for dag in dagen if dag >= self.begin), None)
        if einde is not None and len({self.antwoorden[pad] for pad in EINDEN if pad in self.antwoorden}) > 1:
            self.note("einddatum", "einddata_verschillen", dag=_iso(einde))
        if dagen and einde is None:
            self.note("einddatum", "einde_voor_begin", einde=_iso(max(dagen)), begin=_iso(self.begin))
        return einde

    def _rejected_on(self) -> int | None:
        if self.antwoorden.get("intake.beschikkingssoort") != AFWIJZING:
            return None
        dag = self._quiet_day("intake.beschikkingsdatum")
        later = [d for _, pad, _ in FASEN if (d := self._quiet_day(pad)) is not None and dag is not None and d > dag]
        return dag if dag is not None and dag >= self.begin and not later else None

    # The walk.

    def _walk(self) -> None:
        fasen = list(self._phases())
        wat: list[tuple[int, float, Callable[[], None]]] = [(f.dag, f.orde, partial(self._enter, f)) for f in fasen]
        toelating = self._admitted_on()
        if toelating is not None:
            wat.append((toelating, NA_INTAKE, partial(self._admit, toelating)))
        for _, _, doe in sorted(wat, key=lambda w: w[:2]):
            doe()
        if not fasen:
            self.note("", "geen_fasen")

    def _enter(self, fase: _Fase) -> None:
        self._leave_for(fase)
        self._move(fase.overgang, fase.dag, fase.pad, fase.invoer)
        self.stap, self.fase_tot = fase.stap, fase.tot_dag

    def _phases(self) -> Iterator[_Fase]:
        for orde, (fase, begin, einden) in enumerate(FASEN):
            if begin not in self.antwoorden:
                self._note_no_begin(fase)
            elif (dag := self._day_within(begin)) is not None and (plek := self._place(fase, begin)):
                stap, overgang, soort = plek
                invoer = {**self.plekken.answers(overgang, self.antwoorden), **soort}
                gelezen = accepted(overgang.velden, invoer, dag)
                yield _Fase(dag, orde, begin, stap, overgang, gelezen, self._phase_end(dag, einden))

    def _note_no_begin(self, fase: str) -> None:
        if fase in self.traject.gegevens:
            self.note(fase, "fase_zonder_begin")

    def _day_within(self, pad: str) -> int | None:
        dag = self.day(pad)
        if dag is None:
            return None
        if dag < self.begin or (self.tot_dag is not None and dag > self.tot_dag):
            self.note(pad, "fase_buiten_traject")
            return None
        return dag

    def _place(self, fase: str, pad: str) -> tuple[Stap, Overgang, dict[str, str]] | None:
        soort = self.antwoorden.get("oplossing.soort")
        stap, keuze = self.plekken.solution(soort) if fase == "oplossing" else (self.plekken.phase(fase), {})
        overgang = self.plekken.way(self.plekken.bak, stap) if stap else None
        if stap is None or overgang is None:
            self.note(pad, "geen_stap")
            return None
        return stap, overgang, keuze

    def _phase_end(self, begin: int, einden: tuple[str, ...]) -> int | None:
        gegeven = {pad: dag for pad in einden if (dag := self.day(pad)) is not None}
        na = [dag for dag in gegeven.values() if dag >= begin]
        for pad in () if na else gegeven:
            self.note(pad, "fase_einde_voor_begin")
        return min(na, default=None)

    def _leave_for(self, volgende: _Fase) -> None:
        """Back to the bak when the phase ended, at the latest when the next begins."""
        if self.stap is self.plekken.bak:
            return
        if self.fase_tot is not None and self.fase_tot > volgende.dag:
            self.note(volgende.pad, "fase_loopt_door", dag=_iso(volgende.dag))
        self._back(min(self.fase_tot or volgende.dag, volgende.dag), volgende.pad)

    def _back(self, dag: int, pad: str) -> None:
        overgang = self.plekken.way(self.stap, self.plekken.bak)
        if overgang and self.stap is not self.plekken.bak:
            self._move(overgang, dag, pad, {})
        self.stap, self.fase_tot = self.plekken.bak, None

    def _ended_before(self, dag: int) -> bool:
        return self.fase_tot is not None and self.fase_tot < dag

    def _move(
        self, overgang: Overgang, dag: int, pad: str, invoer: Mapping[str, Any], reden: str | None = None
    ) -> None:
        self.zetten.append(Zet(overgang.code, dag, (*self.traject.pad, *pad.split(".")), invoer, reden))

    def _admitted_on(self) -> int | None:
        if self.antwoorden.get("intake.beschikkingssoort") != TOELATING:
            return None
        pad = "intake.beschikkingsdatum"
        return self._day_within(pad) if pad in self.antwoorden else None

    def _admit(self, dag: int) -> None:
        pad = "intake.beschikkingsdatum"
        if self._ended_before(dag):
            self._back(self.fase_tot or dag, pad)
        keuzes = self.plekken.silent("toelating", self.stap)
        if keuzes:
            self._move(keuzes[0], dag, pad, self.plekken.answers(keuzes[0], self.antwoorden))
        else:
            self.note(pad, "geen_stap")

    # The end.

    def _end(self) -> None:
        if self._ended_before(self.tot_dag if self.tot_dag is not None else self.vandaag + 1):
            self._back(self.fase_tot or 0, "einddatum")
        if self.tot_dag is None:
            self._keep_reason()
        elif self.afgewezen_op is not None:
            self._reject(self.tot_dag)
        else:
            self._finish(self.tot_dag)

    def _reject(self, dag: int) -> None:
        keus = self._own("afwijzing", dag)
        if keus is None:
            return
        if "uitstroom" in self.traject.gegevens:
            self.note("uitstroom", "afwijzing_met_uitstroom")
        self._keep_reason()
        reden = next((r.code for r in keus.redenen), None)
        invoer = self.plekken.answers(keus, self.antwoorden)
        self._move(keus, dag, "intake.beschikkingsdatum", invoer, reden)

    def _own(self, label: str, dag: int) -> Overgang | None:
        """The import's own overgang for this, from where the traject stands or else from the bak."""
        if not self.plekken.silent(label, self.stap):
            self._back(dag, "einddatum")
        keuzes = self.plekken.silent(label, self.stap)
        if not keuzes:
            self._no_end()
        return keuzes[0] if keuzes else None

    def _no_end(self) -> None:
        self.note("einddatum", "geen_stap")
        self._keep_reason()
        self.tot_dag = None

    def _finish(self, dag: int) -> None:
        soort = self.antwoorden.get("uitstroom.reden")
        keuzes = self.plekken.silent("uitstroom", self.stap)
        gekozen = with_reason(keuzes, soort) or with_reason(keuzes, None)
        if gekozen is None:
            return self._no_end()
        keus, reden = gekozen
        if soort is None:
            self.note("einddatum" if "einddatum" in self.antwoorden else "uitstroom", "einde_zonder_reden")
        elif reden.labels.get("ddas") != soort:
            self._keep_reason()
        pad = next(pad for pad in EINDEN if self._quiet_day(pad) == dag)
        self._move(keus, dag, pad, accepted(keus.velden, self.plekken.answers(keus, self.antwoorden), dag), reden.code)

    def _keep_reason(self) -> None:
        if "uitstroom.reden" in self.antwoorden:
            self._keep("uitstroom.reden", self.antwoorden["uitstroom.reden"])

    # The answers.

    def _start_answers(self) -> dict[str, Any]:
        gegeven = {pad: waarde for pad, waarde in self.antwoorden.items() if pad != "uitstroom.reden"}
        if "schulden" in self.traject.gegevens:
            gegeven["schulden"] = self.traject.gegevens["schulden"]
        velden = {pad: veld for pad, waarde in gegeven.items() if (veld := self._veld(pad, waarde))}
        invoer = {veld.code: answered(veld, gegeven[pad]) for pad, veld in velden.items()}
        if self.rest and REST in self.plekken.velden:
            invoer[self.plekken.velden[REST].code] = as_json(self.rest)
        return invoer

    def _veld(self, pad: str, waarde: Any) -> Veld | None:
        """The veld that takes this value; without one it is kept apart."""
        veld = self.plekken.velden.get(pad)
        if veld and accepted([veld], {veld.code: answered(veld, waarde)}, self.begin):
            return veld
        self._keep(pad, waarde)
        return None

    def _keep(self, pad: str, waarde: Any) -> None:
        self.rest[pad] = waarde
        self.note(pad, "overig_bewaard" if REST in self.plekken.velden else "niet_overgenomen")

    # The lists.

    def _children(self) -> Iterator[Kindplan]:
        for lijst, delen in self.traject.lijsten.items():
            for nr, deel in enumerate(delen):
                if kind := self._child(lijst, deel):
                    yield kind
                else:
                    self.rest[f"{lijst}[{nr}]"] = deel
                    bewaard = REST in self.plekken.velden
                    self.op.add(_pad_of(deel), "overig_bewaard" if bewaard else "niet_overgenomen")

    @property
    def _horizon(self) -> int:
        return self.vandaag if self.tot_dag is None else self.tot_dag

    def _child(self, lijst: str, deel: Mapping[str, Any]) -> Kindplan | None:
        plek = self.plekken.child(lijst, deel.get("soort"))
        begin, einde = day_of(deel.get("startdatum")), day_of(deel.get("einddatum"))
        if plek is None or begin is None or not self.begin <= begin <= self._horizon:
            return None
        route, start = plek
        velden = labelled(start.labels, start.velden)
        invoer = {velden[naam].code: waarde for naam, waarde in deel.items() if naam in velden}
        is_gesloten = einde is not None and begin <= einde <= self.vandaag and route.sluiting is not None
        geplaatst = {"startdatum", "soort", *velden, *(["einddatum"] if is_gesloten else [])}
        if set(deel) - geplaatst or len(accepted(start.velden, invoer, begin)) < len(invoer):
            return None
        pad = _pad_of(deel)
        slot = Zet(route.sluiting or "", einde or 0, (*pad, "einddatum")) if is_gesloten else None
        return Kindplan(route.code, Zet(start.code, begin, pad, invoer), slot)


def _pad_of(deel: Any) -> Pad:
    pad: Pad = deel.pad
    return pad


def _iso(dag: int) -> str:
    return date_of(dag).isoformat()
