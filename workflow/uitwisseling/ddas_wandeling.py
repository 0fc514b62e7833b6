"""The walk of a delivered traject: its phases, its toelating and its end, as overgangen in order of day.

Promises: every overgang falls on a day that the delivery names; nothing in between is made up. From the stap for
imported trajecten (the *bak*) the traject goes into the first stap of a phase on the day it begins, and back on the day
it ends, at the latest on the day the next phase begins, because a traject stands in one stap at a time. A phase that
cannot be placed in time (no begin, outside the traject, in the future) is not walked; its answers stay with the start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from workflow.kalender import date_of
from workflow.routekaart import Overgang, Stap
from workflow.uitwisseling.ddas_kader import EINDEN, FASEN, NA_INTAKE, TOELATING, Kader, Zet
from workflow.uitwisseling.ddas_plek import accepted, with_reason

BESCHIKT_OP = "intake.beschikkingsdatum"


@dataclass(frozen=True, slots=True)
class Fase:
    """A phase that can be walked: begin, order on that day, path, stap, overgang into it, answers, end."""

    dag: int
    orde: int
    pad: str
    stap: Stap
    overgang: Overgang
    invoer: Mapping[str, Any]
    tot_dag: int | None


def walk(kader: Kader) -> list[Zet]:
    """The overgangen of a traject. Where the map has no end for it, the traject stays open (`kader.tot_dag` None)."""
    wandeling = _Wandeling(kader)
    wandeling.phases()
    wandeling.end()
    return wandeling.zetten


class _Wandeling:
    """Where the traject stands, and when the phase it stands in ended."""

    def __init__(self, kader: Kader) -> None:
        self.kader, self.plekken = kader, kader.plekken
        self.zetten: list[Zet] = []
        self.stap = kader.plekken.bak
        self.fase_tot: int | None = None

    def phases(self) -> None:
        """Through the phases, with the toelating in its place."""
        fasen = list(_phases(self.kader))
        wat: list[tuple[int, float, Callable[[], None]]] = [(f.dag, f.orde, partial(self._enter, f)) for f in fasen]
        toelating = _admitted_on(self.kader)
        if toelating is not None:
            wat.append((toelating, NA_INTAKE, partial(self._admit, toelating)))
        for _, _, doe in sorted(wat, key=lambda w: w[:2]):
            doe()
        if not fasen:
            self.kader.note("", "geen_fasen")

    def _enter(self, fase: Fase) -> None:
        if self.fase_tot is not None and fase.dag < self.fase_tot != fase.tot_dag:
            self.kader.note(fase.pad, "fase_loopt_door", dag=date_of(fase.dag))
        self._back(fase.dag if self.fase_tot is None else min(self.fase_tot, fase.dag), fase.pad)
        self._move(fase.overgang, fase.dag, fase.pad, fase.invoer)
        self.stap, self.fase_tot = fase.stap, fase.tot_dag

    def _back(self, dag: int, pad: str) -> None:
        """To the bak, when it is not there."""
        overgang = None if self.stap is self.plekken.bak else self.plekken.way(self.stap, self.plekken.bak)
        if overgang:
            self._move(overgang, dag, pad, {})
        self.stap, self.fase_tot = self.plekken.bak, None

    def _back_before(self, dag: int, pad: str) -> None:
        """To the bak, when the phase ended before this day."""
        if self.fase_tot is not None and self.fase_tot < dag:
            self._back(self.fase_tot, pad)

    def _move(
        self, overgang: Overgang, dag: int, pad: str, invoer: Mapping[str, Any], reden: str | None = None
    ) -> None:
        self.zetten.append(Zet(overgang.code, dag, self.kader.place(pad), invoer, reden))

    def _admit(self, dag: int) -> None:
        self._back_before(dag, BESCHIKT_OP)
        keuzes = self.plekken.silent("toelating", self.stap)
        if keuzes:
            self._move(keuzes[0], dag, BESCHIKT_OP, self.plekken.answers(keuzes[0], self.kader.antwoorden))
        else:
            self.kader.note(BESCHIKT_OP, "geen_stap")

    def end(self) -> None:
        """To the end, if it ended; else to where the delivery leaves it."""
        tot_dag = self.kader.tot_dag
        self._back_before(self.kader.vandaag + 1 if tot_dag is None else tot_dag, "einddatum")
        if tot_dag is None:
            self._keep_reason()
        elif self.kader.afgewezen_op is not None:
            self._reject(tot_dag)
        else:
            self._finish(tot_dag)

    def _reject(self, dag: int) -> None:
        if not self.plekken.silent("afwijzing", self.stap):
            self._back(dag, BESCHIKT_OP)
        keus = next(iter(self.plekken.silent("afwijzing", self.stap)), None)
        if keus is None:
            return self._no_end()
        if "uitstroom" in self.kader.traject.gegevens:
            self.kader.note("uitstroom", "afwijzing_met_uitstroom")
        self._keep_reason()
        reden = keus.redenen[0].code if keus.redenen else None
        self._move(keus, dag, BESCHIKT_OP, self.plekken.answers(keus, self.kader.antwoorden), reden)

    def _finish(self, dag: int) -> None:
        antwoorden = self.kader.antwoorden
        soort = antwoorden.get("uitstroom.reden")
        keuzes = self.plekken.silent("uitstroom", self.stap)
        gekozen = with_reason(keuzes, soort) or with_reason(keuzes, None)
        if gekozen is None:
            return self._no_end()
        keus, reden = gekozen
        pad = next(pad for pad in EINDEN if self.kader.quiet_day(pad) == dag)
        if soort is None:
            self.kader.note(pad, "einde_zonder_reden")
        elif reden.labels.get("ddas") != soort:
            self._keep_reason()
        self._move(keus, dag, pad, accepted(keus.velden, self.plekken.answers(keus, antwoorden), dag), reden.code)

    def _no_end(self) -> None:
        self.kader.note("einddatum", "geen_stap")
        self._keep_reason()
        self.kader.tot_dag = None

    def _keep_reason(self) -> None:
        """No gebeurtenis says why it ended, so the reason is kept apart."""
        if reden := self.kader.antwoorden.get("uitstroom.reden"):
            self.kader.keep("uitstroom.reden", reden)


def _phases(kader: Kader) -> Iterator[Fase]:
    for orde, (fase, begin, einden) in enumerate(FASEN):
        if begin not in kader.antwoorden:
            if fase in kader.traject.gegevens:
                kader.note(fase, "fase_zonder_begin")
        elif (dag := kader.day_within(begin)) is not None and (plek := _place(kader, fase, begin)):
            stap, overgang, soort = plek
            invoer = {**kader.plekken.answers(overgang, kader.antwoorden), **soort}
            gelezen = accepted(overgang.velden, invoer, dag)
            yield Fase(dag, orde, begin, stap, overgang, gelezen, _phase_end(kader, dag, einden))


def _place(kader: Kader, fase: str, pad: str) -> tuple[Stap, Overgang, dict[str, str]] | None:
    """The stap of a phase, the way into it from the bak, and the answer that says which kind it is."""
    plekken, soort = kader.plekken, kader.antwoorden.get("oplossing.soort")
    stap, keuze = plekken.solution(soort) if fase == "oplossing" else (plekken.phase(fase), {})
    overgang = plekken.way(plekken.bak, stap) if stap else None
    if stap is None or overgang is None:
        kader.note(pad, "geen_stap")
        return None
    return stap, overgang, keuze


def _phase_end(kader: Kader, begin: int, einden: tuple[str, ...]) -> int | None:
    gegeven = {pad: dag for pad in einden if (dag := kader.day(pad)) is not None}
    erna = [dag for dag in gegeven.values() if dag >= begin]
    for pad in () if erna else gegeven:
        kader.note(pad, "fase_einde_voor_begin")
    return min(erna, default=None)


def _admitted_on(kader: Kader) -> int | None:
    if kader.antwoorden.get("intake.beschikkingssoort") != TOELATING or BESCHIKT_OP not in kader.antwoorden:
        return None
    return kader.day_within(BESCHIKT_OP)
