"""What if: the log of a period judged by terms of another length, or by one more guard. Nothing is written.

A run of a term counts when it began in the period, by the knowledge of today; it is late when it ended after its last
day, or is still open and past it. By the other length all else stays as the map of its own time says: for whom the term
holds, what suspends it, whether it rolls.

A guard is one of the registry, put before an overgang of the map in force. It is asked about each time that this
overgang was made in the period, with the dossier as it was just before, and with the answers that were given.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sqlalchemy import or_, select

from models.gebeurtenis import gebeurtenis
from models.trajectnummer import trajectnummer
from workflow.dossier import Dossier, Kind
from workflow.gezin import Gezin
from workflow.historie import Feit
from workflow.indicatoren import Kader
from workflow.kaartlezer import with_guard
from workflow.lopen import Loop, all_runs
from workflow.projectie import families, no_garbage_rounds
from workflow.routekaart import Eenheid, Lengte, Overgang, Route, Voorwaarde
from workflow.termijnen import Termijn, length_on
from workflow.verloop import SPLITSING, Stand, Verloop, stand_of
from workflow.voorwaarden import VOORWAARDEN

TE_LAAT = frozenset(("te_laat", "verstreken"))
LOOPTIJD = "looptijd"
LENGTE = re.compile(r"([1-9][0-9]{0,3})(d|wd|w|m)")
EENHEDEN: Mapping[str, Eenheid] = {"d": "dagen", "wd": "werkdagen", "w": "weken", "m": "maanden"}
GEGEVEN = "gegeven"
"""Stands for a text that was given: texts never enter the log."""


class Oordeel(NamedTuple):
    """One run: when it began and ended (None: not yet), and its last day by its own map and by the other length.

    A last day is None where the term does not hold, or while it waits; `lengte` is what the term was for it, in words.
    """

    traject_id: int
    nummer: str
    begin_dag: int
    einde_dag: int | None
    uiterlijk: int | None
    anders: int | None
    is_laat: bool
    wordt_laat: bool
    lengte: str = ""


@dataclass(frozen=True, slots=True)
class Termijnoordeel:
    """All runs of one term, judged by the map and by the length asked for."""

    code: str
    naam: str
    lengte: Lengte
    runs: list[Oordeel] = field(default_factory=list)

    @property
    def laat(self) -> list[Oordeel]:
        """Those that are late by the map."""
        return [run for run in self.runs if run.is_laat]

    @property
    def lengtes(self) -> dict[str, int]:
        """By which lengths the runs are judged, each by the map of its own time, with how many; the most first."""
        return dict(Counter(run.lengte for run in self.runs if run.lengte).most_common())

    @property
    def zou_laat(self) -> list[Oordeel]:
        """Those that would be late by the length asked for."""
        return [run for run in self.runs if run.wordt_laat]


def read_length(tekst: str) -> Lengte:
    """A length as it is typed: 90d, 10wd (werkdagen), 8w, 3m. Raises ValueError."""
    delen = LENGTE.fullmatch(tekst)
    if delen is None:
        raise ValueError(tekst)
    return Lengte(int(delen[1]), EENHEDEN[delen[2]])


def judge_terms(kader: Kader, lengtes: Mapping[str, Lengte], vandaag: int) -> list[Termijnoordeel]:
    """The runs of these terms of the map in force that began in the period, judged by these lengths too."""
    namen = {code: kader.kaart.termijnen[code].naam for code in lengtes}
    per_code = {code: Termijnoordeel(code, namen[code], lengte) for code, lengte in lengtes.items()}
    with no_garbage_rounds():
        for gezin in families(kader.db, _running(kader, lengtes)):
            for code, oordeel in _runs_of(gezin, kader, lengtes, vandaag):
                per_code[code].runs.append(oordeel)
    return list(per_code.values())


def _running(kader: Kader, codes: Collection[str]) -> str:
    """The roots of the families in which one of these terms ran in the period, as SQL text."""
    v, periode = kader.tabel("verblijf").c, kader.vraag.periode
    liep = select(v.traject_id).where(
        *(v.niveau == "stap", v.stap.in_(_listing(kader, codes)), v.van_dag < periode.tot),
        or_(v.tot_dag.is_(None), v.tot_dag >= periode.van),
    )
    return kader.tekst(select(trajectnummer.c.wortel_id).where(trajectnummer.c.id.in_(liep)))


def _listing(kader: Kader, codes: Collection[str]) -> list[str]:
    """The stappen of any version of the map in which one of these terms runs."""
    routes = [route for kaart in kader.wegwijzer.kaarten for route in kaart.routes.values()]
    stappen = [stap for route in routes for stap in route.stappen.values()]
    return sorted({stap.code for stap in stappen if set(codes) & set(stap.termijnen)})


def _runs_of(gezin: Gezin, kader: Kader, lengtes: Mapping[str, Lengte], vandaag: int) -> Iterator[tuple[str, Oordeel]]:
    for verloop in gezin if _is_of(gezin, kader.vraag.gemeente) else ():
        for loop in all_runs(verloop.stand):
            is_gevraagd = (
                loop.regel.code in lengtes and loop.run.van_dag in kader.vraag.periode and _is_own(verloop, loop)
            )
            if is_gevraagd and (oordeel := _judged(gezin, verloop, loop, lengtes[loop.regel.code], vandaag)):
                yield loop.regel.code, oordeel


def _is_of(gezin: Gezin, gemeente: str | None) -> bool:
    """Whether the main traject is of this gemeente now."""
    wortel = next((v for v in gezin if v.traject_id == v.wortel_id), None)
    return gemeente is None or (wortel is not None and wortel.stand.kenmerken.get("gemeente") == gemeente)


def _is_own(verloop: Verloop, loop: Loop) -> bool:
    """Whether a run is this traject's own: of a household that split it counts where it ended."""
    tot_dag = loop.run.tot_dag
    if tot_dag is None:
        return verloop.stand.klasse != SPLITSING
    return "voorheen" not in verloop.oorsprong or tot_dag > verloop.feiten[0].dag


def _judged(gezin: Gezin, verloop: Verloop, loop: Loop, lengte: Lengte, vandaag: int) -> Oordeel | None:
    ander = loop._replace(regel=replace(loop.regel, lengtes=(lengte,)))
    nu, dan = (gezin.term(verloop, deze, vandaag) for deze in (loop, ander))
    gezien = nu or dan
    if gezien is None:
        return None
    uiterlijk, anders = (termijn.vervaldag if termijn else None for termijn in (nu, dan))
    dagen = (gezien.begin_dag, gezien.einde_dag, uiterlijk, anders)
    eigen = length_on(loop.regel.lengtes, loop.run.van_dag) if nu else None
    return Oordeel(
        verloop.traject_id, verloop.nummer, *dagen, _is_late(nu), _is_late(dan), eigen.in_woorden if eigen else ""
    )


def _is_late(termijn: Termijn | None) -> bool:
    return termijn is not None and termijn.status in TE_LAAT


# -- One more guard ----------------------------------------------------------------------------------------------------


class Weigering(NamedTuple):
    """One time that the guard would have refused, with the sentence that the case worker would have read."""

    traject_id: int
    nummer: str
    dag: int
    zin: str


@dataclass(frozen=True, slots=True)
class Extra:
    """A guard before an overgang, as asked for."""

    route: Route
    overgang: Overgang
    voorwaarde: Voorwaarde


@dataclass(frozen=True, slots=True)
class Wachtoordeel:
    """Each time that the overgang was made in the period: allowed by the guard (traject and day), or refused."""

    extra: Extra
    toegestaan: tuple[tuple[int, int], ...]
    weigeringen: tuple[Weigering, ...]

    @property
    def gemaakt(self) -> int:
        """How often it was made."""
        return len(self.toegestaan) + len(self.weigeringen)


def read_argument(tekst: str) -> Any:
    """The argument of a guard as it is typed: JSON where it is that, else the text itself."""
    try:
        return json.loads(tekst)
    except (ValueError, RecursionError):
        return tekst


def extra_guard(kader: Kader, route: str, overgang: str, naam: str, argument: Any) -> Extra:
    """The guard as the map in force takes it. Raises LookupError for an unknown overgang, RoutekaartOngeldig."""
    gevonden = kader.kaart.routes[route]
    return Extra(gevonden, gevonden.overgangen[overgang], with_guard(kader.kaart, route, overgang, naam, argument))


def judge_guard(kader: Kader, extra: Extra) -> Wachtoordeel:
    """Ask the guard about every time that the overgang was made in the period."""
    antwoorden: list[Weigering] = []
    with no_garbage_rounds():
        for gezin in families(kader.db, _made(kader, extra)):
            antwoorden.extend(_asked(gezin, kader, extra) if _is_of(gezin, kader.vraag.gemeente) else ())
    return Wachtoordeel(
        extra, tuple((a.traject_id, a.dag) for a in antwoorden if not a.zin), tuple(a for a in antwoorden if a.zin)
    )


def _made(kader: Kader, extra: Extra) -> str:
    """The roots of the families in which the overgang was made on whatever day, as SQL text."""
    g, t = gebeurtenis.c, trajectnummer.c
    keuze = select(t.wortel_id).join(gebeurtenis, g.traject_id == t.id)
    return kader.tekst(keuze.where(g.overgang == extra.overgang.code))


def _asked(gezin: Gezin, kader: Kader, extra: Extra) -> Iterator[Weigering]:
    """Each time that it was made; without a sentence where the guard allows it."""
    for verloop in (v for v in gezin if v.oorsprong["route"] == extra.route.code):
        stand = Stand(verloop.traject_id, verloop.kaarten)
        for feit in verloop.feiten:
            if feit.overgang == extra.overgang.code and feit.dag in kader.vraag.periode and feit.soort == "overgang":
                dossier = gezin.dossier(verloop, feit.dag, "", stand)
                zin = _refused(replace(dossier, kinderen=_children(gezin, verloop, feit)), feit, kader, extra)
                yield Weigering(verloop.traject_id, verloop.nummer, feit.dag, zin or "")
            stand.apply(feit)


def _children(gezin: Gezin, verloop: Verloop, feit: Feit) -> tuple[Kind, ...]:
    """The child trajecten just before: without what this overgang itself or anything later brought about."""
    ids = {rij.volgnummer: rij.id for rij in verloop.log}
    standen = [(kind, _stand_before(kind, feit.dag, ids[feit.volgnummer])) for kind in gezin.kinderen(verloop)]
    return tuple(
        Kind(kind.nummer, stand.route.code, stand.stap.code, stand.is_open)
        for kind, stand in standen
        if stand.route and stand.stap
    )


def _stand_before(verloop: Verloop, dag: int, rij_id: int) -> Stand:
    """Where a traject stood: all of earlier days, of that day only what was recorded before this row of the log."""
    ids = {rij.volgnummer: rij.id for rij in verloop.log}
    eerder = [f for f in verloop.feiten if f.dag < dag or (f.dag == dag and ids[f.volgnummer] < rij_id)]
    return stand_of(verloop.traject_id, verloop.kaarten, eerder)


def _refused(dossier: Dossier, feit: Feit, kader: Kader, extra: Extra) -> str | None:
    """What the guard says of the dossier, by the map in force: that is where its argument was checked."""
    teksten = dict.fromkeys(feit.inhoud.get("toelichting", ()), GEGEVEN)
    invoer = {**teksten, **feit.invoer}
    gevraagd = replace(dossier, kaart=kader.kaart, route=extra.route, reden=feit.reden, invoer=invoer)
    eis = extra.voorwaarde
    return VOORWAARDEN[eis.naam].functie(gevraagd, extra.overgang, eis.argument)
