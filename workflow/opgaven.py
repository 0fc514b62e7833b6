"""Reports of partners: which are asked for, which came, and the ways to give one, correct it and take it back.

What is asked for stands in the map; what came stands in the log, one traject for each opgever, gemeente, indicator and
period. Missing is not zero: a report that did not come has no number at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from models.projectie import opgave as opgave_tabel
from models.traject import traject
from workflow import perioden, voorstellen, voortgang
from workflow.gezin import OnbekendTraject, load
from workflow.historie import Feit, content
from workflow.kaarten import in_force
from workflow.kalender import date_of
from workflow.opdracht import Actor, Vastgelegd
from workflow.opgavecontrole import AlOpgegeven, asked_places
from workflow.opgaveveld import Regel, period_of
from workflow.register import Register, name_in, read_register
from workflow.routekaart import Opgavesoort, Overgang, Route, Routekaart
from workflow.verloop import Verloop
from workflow.voorstellen import Voorstel

__all__ = ["AlOpgegeven", "Gegeven", "Gevraagd", "Opgave", "Staat"]


@dataclass(frozen=True, slots=True)
class Opgave:
    """What an opgever reports: of which soort, about which gemeente and period (half-open days), and its lines."""

    indicator: str
    opgever: str
    gemeente: str
    van: int
    tot: int
    regels: tuple[Regel, ...]

    @property
    def antwoord(self) -> dict[str, Any]:
        """The answer that goes into the log."""
        return {
            "indicator": self.indicator,
            "van": date_of(self.van).isoformat(),
            "tot": date_of(self.tot).isoformat(),
            "regels": [list(regel) for regel in self.regels],
        }


@dataclass(frozen=True, slots=True)
class Gegeven:
    """A report that came: its number in the log, who recorded it and when, and what it says now."""

    nummer: str
    opgave: Opgave
    volgnummer: int
    door_code: str
    vastgelegd_op: int


@dataclass(frozen=True, slots=True)
class Staat:
    """A report that is asked for. `nummer` is None when it did not come, and then there are no `totalen` (by reeks).

    `gaten` says of how many places a report that came has no number, by reeks; `plaatsen` of how many one is asked.
    """

    opgever: str
    opgever_naam: str
    gemeente: str
    van: int
    tot: int
    naam: str
    code: str
    nummer: str | None
    totalen: Mapping[str, int | None]
    gaten: Mapping[str, int]
    plaatsen: int

    @property
    def is_deels(self) -> bool:
        """Whether it came without some of its numbers."""
        return any(self.gaten.values())


class Gevraagd(NamedTuple):
    """A soort of reports, and the days [van, tot) within which its periods lie."""

    soort: Opgavesoort
    van: int
    tot: int


# -- What is asked for -------------------------------------------------------------------------------------------------


def soorten_for(kaart: Routekaart, organisatie_code: str | None) -> list[Opgavesoort]:
    """The soorten of reports on a map that an organisation gives; all of them for None."""
    return [s for s in kaart.opgaven.values() if organisatie_code is None or organisatie_code in s.opgevers]


def places_of(db: Connection, soort: Opgavesoort, opgever: str) -> dict[str, str]:
    """Code -> name of the places that an opgever is asked about."""
    return asked_places(soort, opgever, read_register(db))


def states(db: Connection, vragen: Sequence[Gevraagd], opgever: str | None = None) -> list[list[Staat]]:
    """For each question every report over a whole period, come or not, the latest period first; two statements."""
    gegeven, register = _given(db, vragen), read_register(db)
    return [
        [
            _state(vraag.soort, register, *sleutel, gegeven.get((vraag.soort.code, *sleutel), []))
            for sleutel in sorted(_asked(vraag, opgever), key=lambda s: (-s[2][0], s[0], s[1]))
        ]
        for vraag in vragen
    ]


def _asked(vraag: Gevraagd, opgever: str | None) -> Iterator[tuple[str, str, perioden.Periode]]:
    soort = vraag.soort
    for periode in perioden.within(soort.ritme, max(vraag.van, soort.vanaf), min(vraag.tot, soort.tot or vraag.tot)):
        for wie in soort.opgevers.values():
            if opgever in (None, wie.organisatie):
                yield from ((wie.organisatie, gemeente, periode) for gemeente in wie.gemeenten)


def _state(
    soort: Opgavesoort, register: Register, wie: str, gemeente: str, periode: perioden.Periode, regels: list[Row[Any]]
) -> Staat:
    van, tot = (regels[0].van_dag, regels[0].tot_dag) if regels else periode
    plaatsen = asked_places(soort, wie, register)
    return Staat(
        opgever=wie,
        opgever_naam=name_in(register, wie),
        gemeente=gemeente,
        van=van,
        tot=tot,
        naam=perioden.name(soort.ritme, van),
        code=perioden.code(soort.ritme, van),
        nummer=regels[0].nummer if regels else None,
        totalen=dict(_totals(soort, regels)) if regels else {},
        gaten=dict(_gaps(soort, plaatsen, regels)) if regels else {},
        plaatsen=len(plaatsen),
    )


def _totals(soort: Opgavesoort, regels: Iterable[Row[Any]]) -> Iterator[tuple[str, int | None]]:
    """For each reeks its sum; None where nothing was reported, or where numbers may not be added up."""
    for reeks in soort.reeksen.values():
        aantallen = [regel.aantal for regel in regels if regel.reeks == reeks.code]
        is_te_noemen = len(aantallen) == 1 or (aantallen and reeks.is_optelbaar)
        yield reeks.code, sum(aantallen) if is_te_noemen else None


def _gaps(soort: Opgavesoort, plaatsen: Collection[str], regels: Iterable[Row[Any]]) -> Iterator[tuple[str, int]]:
    gegeven = {(regel.reeks, regel.plaats) for regel in regels}
    for reeks in soort.reeksen:
        yield reeks, sum((reeks, plaats) not in gegeven for plaats in plaatsen)


def _given(db: Connection, vragen: Sequence[Gevraagd]) -> dict[Any, list[Any]]:
    """Indicator, opgever, gemeente and period -> the lines of that report."""
    o, soorten = opgave_tabel.c, {vraag.soort.code: vraag.soort for vraag in vragen}
    van, tot = min((v.van for v in vragen), default=0), max((v.tot for v in vragen), default=0)
    keuze = (
        select(traject.c.nummer, o.indicator, o.reeks, o.plaats, o.opgever, o.gemeente, o.van_dag, o.tot_dag, o.aantal)
        .join(traject, traject.c.id == o.traject_id)
        .where(o.indicator.in_(sorted(soorten)), o.van_dag >= van, o.tot_dag <= tot)
    )
    gevonden: dict[Any, list[Any]] = {}
    for rij in db.execute(keuze):
        periode = perioden.slot(soorten[rij.indicator].ritme, rij.van_dag)
        gevonden.setdefault((rij.indicator, rij.opgever, rij.gemeente, periode), []).append(rij)
    return gevonden


def number_of(db: Connection, soort: Opgavesoort, opgave: Opgave) -> str | None:
    """The number of the report of the same opgever, gemeente and period that is there; None when there is none."""
    periode = perioden.slot(soort.ritme, opgave.van)
    regels = _given(db, [Gevraagd(soort, *periode)]).get((soort.code, opgave.opgever, opgave.gemeente, periode))
    return str(regels[0].nummer) if regels else None


def name_of(db: Connection, opgever: str) -> str:
    """What an opgever is called."""
    return name_in(read_register(db), opgever)


# -- Giving, correcting, taking back -----------------------------------------------------------------------------------


def hand_in(db: Connection, opgave: Opgave, *, door: Actor, sleutel: str | None = None) -> Vastgelegd:
    """Record a report. Raises InvoerGeweigerd, OvergangGeweigerd, and AlOpgegeven with the number of an earlier one."""
    kaart = in_force(db)
    soort = kaart.opgaven.get(opgave.indicator)
    route, begin, veld = opening(kaart, soort is not None and soort.is_historic(opgave.tot))
    return voortgang.start(
        db,
        route.code,
        begin.code,
        {veld: opgave.antwoord},
        door=door,
        organisaties=[opgave.opgever],
        gemeente=opgave.gemeente,
        sleutel=sleutel,
    )


def opening(kaart: Routekaart, is_historisch: bool) -> tuple[Route, Overgang, str]:
    """The start by which such a report goes in, and its veld. Raises OvergangGeweigerd."""
    for route in kaart.routes.values():
        for code, begin in route.starten.items():
            veld, is_oud = route.opgavevelden.get(code, ("", None))
            if is_oud == is_historisch:
                return route, begin, veld
    raise voortgang.OvergangGeweigerd(["De routekaart heeft geen plaats voor zo'n opgave."])


def correct(
    db: Connection,
    nummer: str,
    regels: Iterable[Regel],
    *,
    reden: str,
    door: Actor,
    verwacht: int | None = None,
    sleutel: str | None = None,
) -> Vastgelegd | Voorstel:
    """Other lines for a report, or the proposal of them where that takes two people.

    Raises as `voortgang.amend` does; OnbekendTraject when this is no report.
    """
    verloop = load(db, nummer).by_nummer(nummer)
    feit, veld = _last_report(verloop)
    antwoord = {**feit.invoer[veld], "regels": [list(regel) for regel in regels]}
    wat: dict[str, Any] = {"invoer": {veld: antwoord}, "reden": reden, "door": door, "verwacht": verwacht}
    try:
        return voortgang.amend(db, nummer, feit.volgnummer, sleutel=sleutel, **wat)
    except voortgang.VierOgenNodig:
        return voorstellen.propose_amendment(db, nummer, feit.volgnummer, sleutel=sleutel, **wat)


def read(db: Connection, nummer: str) -> Gegeven:
    """A report that stands. Raises OnbekendTraject when there is none, or it was taken back."""
    verloop = load(db, nummer, lock=False).by_nummer(nummer)
    feit, veld = _last_report(verloop)
    antwoord, rij = feit.invoer[veld], verloop.log[feit.volgnummer - 1]
    opgever = next((wie for wie, soort in verloop.stand.deelnemers.items() if soort == "organisatie"), "")
    regels = tuple((reeks, plaats, aantal) for reeks, plaats, aantal in antwoord["regels"])
    gemeente = verloop.stand.kenmerken.get("gemeente", "")
    opgave = Opgave(antwoord["indicator"], opgever, gemeente, *period_of(antwoord), regels)
    return Gegeven(nummer, opgave, verloop.log[-1].volgnummer, content(rij).get("door", ""), rij.vastgelegd_op)


def _last_report(verloop: Verloop) -> tuple[Feit, str]:
    velden = verloop.stand.route.opgavevelden if verloop.stand.route else {}
    gegeven = [feit for feit in verloop.feiten if feit.overgang in velden]
    if not gegeven or not verloop.rijen["opgave"].nu:
        raise OnbekendTraject(verloop.nummer)
    return gegeven[-1], velden[gegeven[-1].overgang or ""][0]
