"""The frame of a plan: when a delivered traject begins and ends in the log, what has no place, what is to be said.

An end comes from uitstroom, einddatum or beëindigingsbeschikking, in that order; a rejection without a later phase is
an end as well. Days in the future are noted and count as not given: the log has no future.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workflow.kalender import date_of
from workflow.uitwisseling.ddas_lezen import Traject, day_of
from workflow.uitwisseling.ddas_plek import REST, Inleesroute
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


class Kader:
    """One traject being planned. `begin` and `tot_dag` are day numbers, `rest` is what has no place of its own."""

    def __init__(self, traject: Traject, plekken: Inleesroute, vandaag: int, geleverd_op: int, op: Opmerkingen) -> None:
        self.traject, self.plekken, self.vandaag = traject, plekken, vandaag
        self.antwoorden = traject.antwoorden
        self.rest: dict[str, Any] = {}
        self._op = op
        self._genoteerd: set[tuple[Pad, str]] = set()
        self.begin = self._first_day(min(geleverd_op, vandaag))
        self.afgewezen_op = self._rejected_on()
        self.tot_dag = self._last_day()

    def note(self, pad: str | Pad, code: str, **gegevens: Any) -> None:
        """Note a finding, once, at a path within the traject or at a place in the file."""
        plek = self.place(pad) if isinstance(pad, str) else pad
        if (plek, code) not in self._genoteerd:
            self._genoteerd.add((plek, code))
            self._op.add(plek, code, **gegevens)

    def place(self, pad: str) -> Pad:
        """Where a path of the format within the traject stands in the file."""
        return self.traject.gegevens.place(pad) if pad else self.traject.pad

    def keep(self, pad: str, waarde: Any, plek: Pad | None = None) -> None:
        """Keep a value among the rest, if the map has a veld for that, and say so."""
        self.rest[pad] = waarde
        self.note(plek or pad, "overig_bewaard" if REST in self.plekken.velden else "niet_overgenomen")

    def day(self, pad: str) -> int | None:
        """The day at a path, when it is not in the future; if it is, that is noted."""
        dag = day_of(self.antwoorden.get(pad))
        if dag is not None and dag > self.vandaag:
            self.note(pad, "toekomst")
            return None
        return dag

    def quiet_day(self, pad: str) -> int | None:
        """The same without a note."""
        dag = day_of(self.antwoorden.get(pad))
        return dag if dag is not None and dag <= self.vandaag else None

    def day_within(self, pad: str) -> int | None:
        """The day at a path, when it falls within the traject; if not, that is noted."""
        dag = self.day(pad)
        if dag is not None and self.holds(dag):
            return dag
        if dag is not None:
            self.note(pad, "fase_buiten_traject")
        return None

    def holds(self, dag: int) -> bool:
        """Whether a day falls within the traject."""
        return self.begin <= dag <= (self.vandaag if self.tot_dag is None else self.tot_dag)

    def _first_day(self, geleverd_op: int) -> int:
        start, aanmelding = self.day("startdatum"), self.quiet_day("aanmelding.startdatum")
        if start is None:
            genoemd = [self.quiet_day(pad) for pad in ("toekenningsdatum", *EINDEN, *(f[1] for f in FASEN))]
            dag = min((d for d in genoemd if d is not None), default=geleverd_op)
            self.note("startdatum", "geen_startdatum", dag=date_of(dag))
            return dag
        if aanmelding is not None and aanmelding < start:
            self.note("aanmelding.startdatum", "begint_eerder", dag=date_of(aanmelding))
            return aanmelding
        return start

    def _last_day(self) -> int | None:
        if self.afgewezen_op is not None:
            return self.afgewezen_op
        dagen = [dag for pad in EINDEN if (dag := self.day(pad)) is not None]
        einde = next((dag for dag in dagen if dag >= self.begin), None)
        if einde is not None and len({self.antwoorden[pad] for pad in EINDEN if pad in self.antwoorden}) > 1:
            self.note("einddatum", "einddata_verschillen", dag=date_of(einde))
        if dagen and einde is None:
            self.note("einddatum", "einde_voor_begin", einde=date_of(max(dagen)), begin=date_of(self.begin))
        return einde

    def _rejected_on(self) -> int | None:
        if self.antwoorden.get("intake.beschikkingssoort") != AFWIJZING:
            return None
        dag = self.quiet_day("intake.beschikkingsdatum")
        later = [d for _, pad, _ in FASEN if (d := self.quiet_day(pad)) is not None and dag is not None and d > dag]
        return dag if dag is not None and dag >= self.begin and not later else None
