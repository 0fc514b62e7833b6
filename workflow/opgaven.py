"""Reports of partners: which are asked for, which came, and the ways to give one, correct it and take it back.

What is asked for stands in the map; what came stands in the log, one traject for each opgever, gemeente, indicator and
period. Missing is not zero: a report that did not come has no number at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from models.organisatie import organisatie
from models.projectie import opgave as opgave_tabel
from models.traject import traject
from workflow import perioden, voorstellen, voortgang
from workflow.gezin import OnbekendTraject, load
from workflow.historie import Feit, content
from workflow.kaarten import in_force
from workflow.kalender import date_of
from workflow.opdracht import Actor, Vastgelegd
from workflow.opgavecontrole import AlOpgegeven, asked_places, places
from workflow.opgaveveld import Regel, period_of
from workflow.routekaart import Opgavesoort, Overgang, Route, Routekaart
from workflow.verloop import Verloop
from workflow.voorstellen import Voorstel

__all__ = ["AlOpgegeven", "Gegeven", "Opgave", "Staat"]


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
    """A report that is asked for. `nummer` is None when it did not come, and then there are no `totalen` (by reeks)."""

    opgever: str
    opgever_naam: str
    gemeente: str
    van: int
    tot: int
    naam: str
    code: str
    nummer: str | None
    totalen: Mapping[str, int | None]


# -- What is asked for -------------------------------------------------------------------------------------------------


def soorten_for(kaart: Routekaart, organisatie_code: str | None) -> list[Opgavesoort]:
    """The soorten of reports on a map that an organisation gives; all of them for None."""
    return [s for s in kaart.opgaven.values() if organisatie_code is None or organisatie_code in s.opgevers]


def places_of(db: Connection, soort: Opgavesoort, opgever: str) -> dict[str, str]:
    """Code -> name of the places that an opgever is asked about."""
    o, gesloten = organisatie.c, set[str]()
    if soort.plaatsen_van is not None:
        vraag = select(o.code).where(o.soort == soort.plaatsen_van, o.is_actief.is_(False))
        gesloten = set(db.execute(vraag).scalars())
    return asked_places(soort, opgever, places(db, soort), gesloten)


def states(db: Connection, soort: Opgavesoort, van: int, tot: int, opgever: str | None = None) -> list[Staat]:
    """Every report of a soort over a whole period in [van, tot), come or not, the latest period first."""
    gevraagd = [
        (wie.organisatie, gemeente, periode)
        for periode in perioden.within(soort.ritme, max(van, soort.vanaf), min(tot, soort.tot or tot))
        for wie in soort.opgevers.values()
        if opgever in (None, wie.organisatie)
        for gemeente in wie.gemeenten
    ]
    gegeven, namen = _given(db, soort, van, tot), names(db, soort.opgevers)
    return [
        _state(soort, namen.get(wie, wie), wie, gemeente, periode, gegeven.get((wie, gemeente, periode), []))
        for wie, gemeente, periode in sorted(gevraagd, key=lambda g: (-g[2][0], g[0], g[1]))
    ]


def _state(
    soort: Opgavesoort, naam: str, wie: str, gemeente: str, periode: perioden.Periode, regels: list[Row[Any]]
) -> Staat:
    van, tot = (regels[0].van_dag, regels[0].tot_dag) if regels else periode
    return Staat(
        opgever=wie,
        opgever_naam=naam,
        gemeente=gemeente,
        van=van,
        tot=tot,
        naam=perioden.name(soort.ritme, van),
        code=perioden.code(soort.ritme, van),
        nummer=regels[0].nummer if regels else None,
        totalen=dict(_totals(soort, regels)) if regels else {},
    )


def _totals(soort: Opgavesoort, regels: Iterable[Row[Any]]) -> Iterator[tuple[str, int | None]]:
    """For each reeks its sum; None where nothing was reported, or where numbers may not be added up."""
    for reeks in soort.reeksen.values():
        aantallen = [regel.aantal for regel in regels if regel.reeks == reeks.code]
        is_te_noemen = len(aantallen) == 1 or (aantallen and reeks.is_optelbaar)
        yield reeks.code, sum(aantallen) if is_te_noemen else None


def _given(db: Connection, soort: Opgavesoort, van: int, tot: int) -> dict[Any, list[Any]]:
    o = opgave_tabel.c
    vraag = (
        select(traject.c.nummer, o.reeks, o.opgever, o.gemeente, o.van_dag, o.tot_dag, o.aantal)
        .join(traject, traject.c.id == o.traject_id)
        .where(o.indicator == soort.code, o.van_dag >= van, o.tot_dag <= tot)
    )
    gevonden: dict[Any, list[Any]] = {}
    for rij in db.execute(vraag):
        sleutel = (rij.opgever, rij.gemeente, perioden.slot(soort.ritme, rij.van_dag))
        gevonden.setdefault(sleutel, []).append(rij)
    return gevonden


def number_of(db: Connection, soort: Opgavesoort, opgave: Opgave) -> str | None:
    """The number of the report of the same opgever, gemeente and period that is there; None when there is none."""
    van, tot = perioden.slot(soort.ritme, opgave.van)
    regels = _given(db, soort, van, tot).get((opgave.opgever, opgave.gemeente, (van, tot)))
    return str(regels[0].nummer) if regels else None


def names(db: Connection, codes: Iterable[str]) -> dict[str, str]:
    """Code -> name of organisations."""
    vraag = select(organisatie.c.code, organisatie.c.naam).where(organisatie.c.code.in_(sorted(set(codes))))
    return {rij.code: rij.naam for rij in db.execute(vraag)}


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
