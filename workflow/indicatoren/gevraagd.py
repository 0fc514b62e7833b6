"""What partners are asked to report in a period, number by number, and what of it is missing.

A *vak* is one number that is asked for: of an opgever about a gemeente, of one reeks, in one place, over one period.
Reports are asked by the map in force; a place that has no number is missing, also when the report came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select, select

from workflow import perioden
from workflow.indicatoren.begrippen import VAST, Rij
from workflow.indicatoren.bronnen import Tabelbron
from workflow.opgavecontrole import asked_places, places
from workflow.register import name_in
from workflow.routekaart import GEHEEL, Opgavesoort

if TYPE_CHECKING:
    from workflow.indicatoren.kader import Kader

KOLOMMEN = ("indicator", "reeks", "plaats", "opgever", "gemeente", "van_dag", "tot_dag", "aantal", "is_historisch")
PLEK = {kolom: VAST + i for i, kolom in enumerate(KOLOMMEN)}
"""Where a line has what."""


def _reported(kader: Kader) -> Select[Any]:
    o, vraag = kader.tabel("opgave"), kader.gesteld
    keuze = select(o.c.traject_id, o.c.van_dag.label("dag"), *(o.c[kolom].label(kolom) for kolom in KOLOMMEN)).where(
        o.c.tot_dag > vraag.periode.van, o.c.tot_dag <= vraag.periode.tot
    )
    return keuze if vraag.gemeente is None else keuze.where(o.c.gemeente == vraag.gemeente)


OPGAVEN = Tabelbron("opgaven", KOLOMMEN, _reported)
"""Lines of reports whose period ends within the asked one."""


class Vak(NamedTuple):
    """One number that is asked for; `van` and `tot` are its period, of an editie the year."""

    opgever: str
    gemeente: str
    reeks: str
    plaats: str
    van: int
    tot: int

    @property
    def opgave(self) -> tuple[str, str, int]:
        """Of which report it is."""
        return self.opgever, self.gemeente, self.van


def soort_of(kader: Kader, indicator: str) -> Opgavesoort | None:
    """What the map in force says about the reports for an indicator."""
    return kader.kaart.opgaven.get(indicator)


def fits(kader: Kader, soort: Opgavesoort | None) -> bool:
    """Whether a whole period of reports can lie in the asked one; an editie always can."""
    periode = kader.gesteld.periode
    if soort is None or soort.ritme == "editie":
        return True
    return next(perioden.within(soort.ritme, periode.van, periode.tot), None) is not None


def lines(kader: Kader, indicator: str) -> list[Rij]:
    """The lines of whole periods within the asked one; where none fits in it, of those that end in it."""
    eigen = [rij for rij in kader.rijen(OPGAVEN) if rij[PLEK["indicator"]] == indicator]
    if not fits(kader, soort_of(kader, indicator)):
        return eigen
    return [rij for rij in eigen if rij[PLEK["van_dag"]] >= kader.gesteld.periode.van]


def vak_of(soort: Opgavesoort | None, rij: Rij) -> Vak:
    """Which number a line is."""
    wie = (rij[PLEK[kolom]] for kolom in ("opgever", "gemeente", "reeks", "plaats"))
    van, tot = rij[PLEK["van_dag"]], rij[PLEK["tot_dag"]]
    return Vak(*wie, *(perioden.slot(soort.ritme, van) if soort else (van, tot)))


def asked(kader: Kader, indicator: str) -> list[Vak]:
    """Every number that could have come by the moment asked for, by opgever, gemeente and period."""
    soort = soort_of(kader, indicator)
    if soort is None:
        return []
    return [
        Vak(wie.organisatie, gemeente, reeks, plaats, *periode)
        for wie in soort.opgevers.values()
        for plaatsen in (_places(kader, soort, wie.organisatie),)
        for gemeente in wie.gemeenten
        if kader.vraag.gemeente in (None, gemeente)
        for periode in _periods(kader, soort)
        for reeks in soort.reeksen
        for plaats in plaatsen
    ]


def reporters(kader: Kader, indicator: str) -> list[dict[str, str]]:
    """Who reports about which gemeente and place: everyone who was asked to in the period, and everyone who did."""
    soort = soort_of(kader, indicator)
    vakken = [*asked(kader, indicator), *(vak_of(soort, rij) for rij in lines(kader, indicator))]
    wie = sorted({(vak.opgever, vak.gemeente, vak.plaats) for vak in vakken})
    return [dict(zip(("opgever", "gemeente", "plaats"), drie, strict=True)) for drie in wie]


def asked_reports(kader: Kader, indicator: str) -> set[tuple[str, str, int]]:
    """The reports over whole periods within the asked one: opgever, gemeente and first day."""
    return {vak.opgave for vak in asked(kader, indicator)} if fits(kader, soort_of(kader, indicator)) else set()


def _periods(kader: Kader, soort: Opgavesoort) -> list[perioden.Periode]:
    periode = kader.gesteld.periode
    van = periode.van if fits(kader, soort) else perioden.slot(soort.ritme, periode.van)[0]
    tot = min(periode.tot, kader.vraag.bekend_op + 1, soort.tot or periode.tot)
    return [p for p in perioden.within(soort.ritme, max(van, soort.vanaf), tot) if p[1] > periode.van]


def _places(kader: Kader, soort: Opgavesoort, opgever: str) -> Collection[str]:
    """An opgever whose places the register does not know is asked all the same."""
    return asked_places(soort, opgever, kader.register) or (GEHEEL,)


def missing(kader: Kader, indicator: str) -> list[Vak]:
    """The numbers that did not come."""
    soort = soort_of(kader, indicator)
    gegeven = {vak_of(soort, rij) for rij in lines(kader, indicator)}
    return [vak for vak in asked(kader, indicator) if vak not in gegeven]


# -- In words ----------------------------------------------------------------------------------------------------------


def ontbreekt(kader: Kader, indicator: str) -> list[str]:
    """Who did not report what, in Dutch: a sentence for each opgever and gemeente, and for what its reports lack."""
    soort = soort_of(kader, indicator)
    if soort is None:
        return []
    per_gat: dict[tuple[str, str, tuple[str, ...]], list[int]] = defaultdict(list)
    for (opgever, gemeente, van), weg in _by_report(missing(kader, indicator)).items():
        per_gat[opgever, gemeente, _gap(kader, soort, opgever, weg)].append(van)
    op_volgorde = sorted(per_gat.items(), key=lambda gat: bool(gat[0][2]))
    return [_sentence(kader, soort, *gat, dagen) for gat, dagen in op_volgorde]


def _by_report(vakken: Collection[Vak]) -> Mapping[tuple[str, str, int], set[tuple[str, str]]]:
    """Report -> reeks and plaats of these numbers."""
    per_opgave: dict[tuple[str, str, int], set[tuple[str, str]]] = defaultdict(set)
    for vak in vakken:
        per_opgave[vak.opgave].add((vak.reeks, vak.plaats))
    return per_opgave


def _gap(kader: Kader, soort: Opgavesoort, opgever: str, weg: set[tuple[str, str]]) -> tuple[str, ...]:
    """What a report lacks: whole places, whole reeksen, then single numbers; nothing where all of it is missing."""
    plaatsen = list(_places(kader, soort, opgever))
    hele_plaatsen = [p for p in plaatsen if all((r, p) in weg for r in soort.reeksen)]
    hele_reeksen = [r for r in soort.reeksen if all((r, p) in weg for p in plaatsen)]
    if hele_plaatsen == plaatsen:
        return ()
    namen = places(soort, kader.register)
    rest = sorted((r, p) for r, p in weg if p not in hele_plaatsen and r not in hele_reeksen)
    return (
        *(namen[p] for p in hele_plaatsen),
        *(soort.reeksen[r].naam for r in hele_reeksen),
        *(f"{soort.reeksen[r].naam} ({namen[p]})" for r, p in rest),
    )


def _sentence(
    kader: Kader, soort: Opgavesoort, opgever: str, gemeente: str, gat: tuple[str, ...], dagen: list[int]
) -> str:
    wie = f"{name_in(kader.register, opgever)} ({kader.kaart.gemeenten.get(gemeente, gemeente)})"
    wanneer = ", ".join(perioden.name(soort.ritme, van) for van in dagen)
    return (
        f"Opgegeven door {wie} zonder {_listed(gat)}: {wanneer}." if gat else f"Niet opgegeven door {wie}: {wanneer}."
    )


def _listed(namen: tuple[str, ...]) -> str:
    *eerst, laatst = namen
    return f"{', '.join(eerst)} en {laatst}" if eerst else laatst
