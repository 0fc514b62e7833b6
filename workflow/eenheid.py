"""Checks across families and registers: one open traject per client, and references that exist."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, select

from models.medewerker import medewerker
from models.organisatie import organisatie
from models.persoon import persoon
from models.projectie import deelname, verblijf
from models.traject import traject
from workflow.kalender import in_words
from workflow.machine import OvergangGeweigerd
from workflow.opgavecontrole import check_report
from workflow.persoonsgegevens import Gegevens, is_past_date
from workflow.routekaart import Overgang, Route, Veld, in_zin
from workflow.velden import InvoerGeweigerd, read_date
from workflow.verloop import TOT_DAG, VAN_DAG, Verloop
from workflow.zicht import hidden


class AlEenTraject(OvergangGeweigerd):
    """A client has a traject in that time already; `nummers` are those in the way, as who looks may know them."""

    def __init__(self, route: Route, nummers: Collection[str]) -> None:
        self.nummers = sorted(nummers)
        wat = in_zin(route.naam) if route.hoort_bij else "een traject"
        super().__init__([f"Deze cliënt heeft in die tijd al {wat}: {', '.join(self.nummers)}."])


def lock_persons(db: Connection, personen: Sequence[str]) -> None:
    """Lock the rows of these people in id order, so that two starts for one client wait for each other.

    Raises InvoerGeweigerd when someone is not known, or was merged with another.
    """
    if not personen:
        return
    vraag = select(persoon.c.pseudoniem, persoon.c.samengevoegd_met).where(persoon.c.pseudoniem.in_(personen))
    bekend = {
        rij.pseudoniem: rij.samengevoegd_met for rij in db.execute(vraag.order_by(persoon.c.id).with_for_update())
    }
    if set(personen) - set(bekend):
        raise InvoerGeweigerd({"personen": "Deze persoon is niet bekend."})
    if any(bekend.values()):
        raise InvoerGeweigerd({"personen": "Deze persoon is samengevoegd met een ander. Kies die ander."})


def hold_form(db: Connection, sleutel: str) -> None:
    """Let a form that is sent twice at once wait for its first time; on SQLite nobody else is writing."""
    if db.dialect.name == "postgresql":
        db.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext(%s))", (sleutel,))


def check_first_day(opening: Overgang, dag: int, mensen: Iterable[Gegevens]) -> None:
    """The start is not of before the map allows it, nor of before somebody was born. Raises InvoerGeweigerd."""
    if opening.op_vanaf is not None and dag < opening.op_vanaf:
        begin = f"De dag kan niet voor {in_words(opening.op_vanaf)} liggen"
        raise InvoerGeweigerd({"op": f"{begin}: wat ouder is, komt alleen met een levering binnen."})
    for mens in mensen:
        if is_past_date(mens.geboortedatum) and dag < (geboren := read_date(mens.geboortedatum)):
            raise InvoerGeweigerd({"op": f"{mens.naam} is pas op {in_words(geboren)} geboren: kies een latere dag."})


def _hold(db: Connection, personen: Sequence[str]) -> None:
    """Keep others from starting or reopening something for these people; on SQLite nobody else is writing."""
    if db.dialect.name == "postgresql":
        vraag = select(persoon.c.id).where(persoon.c.pseudoniem.in_(personen)).order_by(persoon.c.id)
        db.execute(vraag.with_for_update()).all()


Periode = tuple[int, int | None]
"""Half-open days; None is open end."""


def check_overlap(db: Connection, route: Route, wie: Mapping[str, Sequence[Periode]], eigen: Collection[int]) -> None:
    """A client has at most one traject at a time on a route that says so. Raises AlEenTraject.

    `wie` maps people to the periods that they take part; `eigen` are the trajecten that this is about.
    """
    if not route.een_per_client or not wie:
        return
    _hold(db, list(wie))
    anders = db.execute(
        select(deelname.c.deelnemer, traject.c.nummer, verblijf.c.van_dag, verblijf.c.tot_dag)
        .add_columns(deelname.c.van_dag.label("erbij"), deelname.c.tot_dag.label("eraf"))
        .join(traject, traject.c.id == deelname.c.traject_id)
        .join(verblijf, and_(verblijf.c.traject_id == traject.c.id, verblijf.c.niveau == "traject"))
        .where(deelname.c.deelnemer.in_(list(wie)), traject.c.route == route.code, traject.c.id.not_in(list(eigen)))
    )
    dubbel = {
        rij.nummer
        for rij in anders
        if (samen := _both((rij.van_dag, rij.tot_dag), (rij.erbij, rij.eraf)))
        and any(_both(samen, periode) for periode in wie[rij.deelnemer])
    }
    if dubbel:
        raise AlEenTraject(route, {hidden(db).named(nummer) for nummer in dubbel})


def is_told_so(verloop: Verloop) -> bool:
    """Whether a delivery said that it runs beside the main traject: then it may overlap what that said as well."""
    return verloop.ouder_id is not None and verloop.oorsprong.get("ingang") == "import"


def periods(verloop: Verloop) -> dict[str, list[Periode]]:
    """When each person takes part in a traject while it is open."""
    lopend = [(r[VAN_DAG], r[TOT_DAG]) for r in verloop.rijen["verblijf"].whole if r[1] == "traject"]
    wie: dict[str, list[Periode]] = {}
    for _, _, soort, deelnemer, van, _, tot, _ in verloop.rijen["deelname"].whole:
        if soort == "persoon":
            wie.setdefault(deelnemer, []).extend(p for t in lopend if (p := _both(t, (van, tot))))
    return wie


def _both(een: Periode, ander: Periode) -> Periode | None:
    """The days in both periods, if any."""
    van = max(een[0], ander[0])
    einden = [tot for tot in (een[1], ander[1]) if tot is not None]
    tot = min(einden, default=None)
    return (van, tot) if tot is None or van < tot else None


def check_behandelaar(db: Connection, behandelaar: str | None) -> None:
    """The behandelaar is an active medewerker. Raises InvoerGeweigerd."""
    if behandelaar is None:
        return
    vraag = select(medewerker.c.id).where(medewerker.c.pseudoniem == behandelaar, medewerker.c.is_actief.is_(True))
    if db.execute(vraag).first() is None:
        raise InvoerGeweigerd({"behandelaar": "Kies een behandelaar uit de lijst."})


def check_references(db: Connection, overgang: Overgang, antwoorden: Mapping[str, Any]) -> None:
    """Organisations and medewerkers named in the answers exist, and reports fit the map. Raises InvoerGeweigerd."""
    for veld in overgang.velden:
        if veld.soort == "opgave" and veld.code in antwoorden:
            check_report(db, overgang, veld.code, antwoorden[veld.code])
        if veld.soort not in ("partij", "medewerker") or veld.code not in antwoorden:
            continue
        if db.execute(_reference(veld, antwoorden[veld.code])).first() is None:
            raise InvoerGeweigerd({veld.code: f"Kies een van de mogelijkheden bij {veld.in_zin}."})


def _reference(veld: Veld, code: str) -> Select[Any]:
    if veld.soort == "medewerker":
        return select(medewerker.c.id).where(medewerker.c.pseudoniem == code)
    vraag = select(organisatie.c.id).where(organisatie.c.code == code)
    return vraag.where(organisatie.c.soort == veld.partijsoort) if veld.partijsoort else vraag
