"""Whether a report may stand: by the map that says who reports what, and once only.

ONE traject for each opgever, gemeente, indicator and period: a second one is refused with the number of the first, and
what was wrong is corrected there. Reports follow the map in force, also when an older one is corrected: a place that
was added since may be filled in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from models.projectie import opgave
from models.traject import traject
from workflow import perioden
from workflow.kaarten import in_force
from workflow.kalender import span_in_words
from workflow.machine import OvergangGeweigerd
from workflow.opgaveveld import period_of
from workflow.register import Register, read_register
from workflow.routekaart import GEHEEL, Opgavesoort, Overgang
from workflow.velden import InvoerGeweigerd
from workflow.verloop import Verloop

PLAATS = opgave.c.keys().index("plaats")
"""Where a line of a report has its place."""


class AlOpgegeven(OvergangGeweigerd):
    """This opgever reported this already; `nummer` is that report."""

    def __init__(self, nummer: str) -> None:
        self.nummer = nummer
        super().__init__([f"Dit is al opgegeven, in {nummer}. Verbeter die opgave, of trek haar in."])


def check_report(db: Connection, overgang: Overgang, veld: str, antwoord: Mapping[str, Any]) -> None:
    """The report is of a soort, period, reeksen and places that the map knows. Raises InvoerGeweigerd."""
    soort = in_force(db).opgaven.get(antwoord["indicator"])
    if soort is None:
        raise InvoerGeweigerd({veld: f"{antwoord['indicator']} staat niet op de routekaart als opgave."})
    for zin in _misfits(db, soort, overgang, antwoord):
        raise InvoerGeweigerd({veld: zin})


def _misfits(db: Connection, soort: Opgavesoort, overgang: Overgang, antwoord: Mapping[str, Any]) -> Iterator[str]:
    van, tot = period_of(antwoord)
    if not perioden.fits(soort.ritme, van, tot):
        yield f"{soort.naam} wordt opgegeven per {soort.ritme}, en dit is geen hele periode."
    if van < soort.vanaf or (soort.tot is not None and tot > soort.tot):
        yield f"{soort.naam} wordt over deze periode niet gevraagd."
    if soort.is_historic(tot) != (overgang.labels.get("historisch") == "ja"):
        yield "Deze periode hoort bij een andere soort opgave: van voor, of van na het begin van de routekaart."
    for reeks in sorted({regel[0] for regel in antwoord["regels"]} - set(soort.reeksen)):
        yield f"{reeks} is geen reeks van {soort.naam}."
    for plaats in sorted({regel[1] for regel in antwoord["regels"]} - set(places(soort, read_register(db)))):
        yield f"{plaats} is geen bekende plaats bij {soort.naam}."


def places(soort: Opgavesoort, register: Register) -> dict[str, str]:
    """Code -> name of every place of a soort; closed organisations too, because they were open once."""
    if soort.plaatsen_van is None:
        return dict(soort.plaatsen) or {GEHEEL: "Geheel"}
    return {code: wie.naam for code, wie in register.items() if wie.soort == soort.plaatsen_van}


def places_for(soort: Opgavesoort, opgever: str, register: Register) -> dict[str, str]:
    """Code -> name of the places that an opgever may tell of: what the map names for it, else every one."""
    namen = places(soort, register)
    return {code: namen[code] for code in soort.opgevers[opgever].plaatsen or namen if code in namen}


def asked_places(soort: Opgavesoort, opgever: str, register: Register) -> dict[str, str]:
    """Those that it is asked about: the open ones where the map does not name them."""
    eigen = places_for(soort, opgever, register)
    if soort.opgevers[opgever].plaatsen:
        return eigen
    return {code: naam for code, naam in eigen.items() if code not in register or register[code].is_actief}


def check_reporter(db: Connection, verloop: Verloop) -> None:
    """Who reports is asked to, of these places, and has not done so already.

    A place that stood in the report before is not judged again: the map may have given it to another opgever since.
    For a traject without a report there is nothing to check. Raises InvoerGeweigerd, and AlOpgegeven with the number of
    the earlier report.
    """
    for indicator, opgever, gemeente, van, tot in {rij[2:3] + rij[5:9] for rij in _lines(verloop)}:
        soort = in_force(db).opgaven.get(indicator)
        if soort is None:
            continue
        _check_asked(soort, opgever, gemeente)
        _check_places(db, soort, opgever, _new_places(verloop))
        heel = perioden.slot(soort.ritme, van)
        vraag = (
            select(traject.c.nummer)
            .join(opgave, opgave.c.traject_id == traject.c.id)
            .where(opgave.c.indicator == indicator, opgave.c.opgever == opgever, opgave.c.gemeente == gemeente)
            .where(opgave.c.van_dag < max(heel[1], tot), opgave.c.tot_dag > min(heel[0], van))
            .where(opgave.c.traject_id != verloop.traject_id)
        )
        if nummer := db.execute(vraag.limit(1)).scalar():
            raise AlOpgegeven(nummer)


def _lines(verloop: Verloop) -> Collection[tuple[Any, ...]]:
    return verloop.rijen["opgave"].nu.values()


def _check_asked(soort: Opgavesoort, opgever: str | None, gemeente: str | None) -> None:
    wie = soort.opgevers.get(opgever or "")
    if wie is None:
        raise InvoerGeweigerd({"opgever": f"Deze organisatie is geen opgever van {soort.naam}."})
    if gemeente not in wie.gemeenten:
        raise InvoerGeweigerd({"gemeente": f"Deze organisatie geeft {soort.naam} niet op voor deze gemeente."})


def _new_places(verloop: Verloop) -> set[str]:
    return {rij[PLAATS] for rij in _lines(verloop)} - {rij[PLAATS] for rij in verloop.rijen["opgave"].bewaard.values()}


def _check_places(db: Connection, soort: Opgavesoort, opgever: str, plaatsen: Collection[str]) -> None:
    register = read_register(db) if plaatsen else {}
    namen = places(soort, register)
    if vreemd := sorted(set(plaatsen) - set(places_for(soort, opgever, register))):
        zin = f"Deze organisatie geeft {soort.naam} niet op voor {', '.join(namen.get(p, p) for p in vreemd)}."
        raise InvoerGeweigerd({"opgever": zin})


def in_words(soort: Opgavesoort, van: int, tot: int) -> str:
    """A period as people call it; of an editie also its days."""
    naam = perioden.name(soort.ritme, van)
    return f"{naam} ({span_in_words(van, tot - 1)})" if soort.ritme == "editie" else naam
