"""Cover: trajecten that change desks together, for good or until a day, and come back in one go.

Each traject gets its own row in the log, with one common reason; terms and indicators do not change by it. What cannot
be handed over is named and stops the whole; what cannot come back is named and the rest comes back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, exists, func, insert, select, update

from models import klok
from models.medewerker import medewerker
from models.traject import traject
from models.trajectnummer import trajectnummer
from models.vervanging import vervangen, vervanging
from workflow import zicht
from workflow.eenheid import check_behandelaar
from workflow.gezin import Gezin, hold, load
from workflow.kalender import date_of, short
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import SLEUTEL, Actor, Conflict, Opdracht
from workflow.planlog import move_along
from workflow.velden import InvoerGeweigerd
from workflow.verloop import Verloop

REDENEN: Mapping[str, str] = MappingProxyType(
    {
        "verlof": "Verlof",
        "ziekte": "Ziekte",
        "vertrek": "Vertrek van een medewerker",
        "verdeling": "Andere verdeling van het werk",
        "betrokken": "Medewerker kent de cliënt",
        "anders": "Een andere reden",
        "terug": "Terug na vervanging",
    }
)
"""Why trajecten change desks -> how it is said."""

TE_KIEZEN = tuple(code for code in REDENEN if code != "terug")
MAX_TRAJECTEN = 500
MAX_DAGEN = 366


@dataclass(frozen=True, slots=True)
class Overgedragen:
    """One traject in a hand-over: whose it was, who took it, and who has it now; `is_weg`: whose it was has left.

    `is_ernaast`: it went along with the traject on which it hangs. `is_dicht`: it is out of sight of who looks, or kept
    from whose it was.
    """

    nummer: str
    van: str | None
    naar: str | None
    nu: str | None
    is_open: bool
    is_weg: bool
    is_ernaast: bool
    is_dicht: bool = False

    @property
    def waarom_niet(self) -> str | None:
        """Why it does not come back; None when it does."""
        if self.is_dicht:
            return "is intussen afgeschermd"
        if not self.is_open:
            return "is intussen afgesloten"
        if self.is_weg:
            return "was van iemand die hier niet meer werkt"
        return None if self.nu == self.naar else "is intussen aan iemand anders overgedragen"


@dataclass(frozen=True, slots=True)
class Vervanging:
    """A hand-over of several trajecten; `trajecten` counts the main ones, what hangs on them went along."""

    nummer: str
    reden: str
    tot_met_dag: int | None
    door: str
    gemaakt_op: int
    teruggegeven_op: int | None
    trajecten: int
    van: frozenset[str | None]
    naar: frozenset[str | None]

    @property
    def betrokken(self) -> frozenset[str | None]:
        """Whose trajecten they were, and who took them."""
        return self.van | self.naar

    def is_over(self, vandaag: int) -> bool:
        """Whether its last day has passed while the trajecten are still with who covers."""
        return self.tot_met_dag is not None and self.tot_met_dag < vandaag and self.teruggegeven_op is None


def spread(nummers: Sequence[str], collegas: Sequence[str | None]) -> dict[str, str | None]:
    """Who gets which traject when each colleague gets as many, in the order in which they are given."""
    return dict(zip(nummers, cycle(collegas), strict=False))


def hand_over_many(
    db: Connection,
    wie: Mapping[str, str | None],
    *,
    reden: str,
    tot_met: int | None,
    door: Actor,
    sleutel: str,
    van: Collection[str | None] | None = None,
) -> Vervanging:
    """Give each traject (number) with what is open beside it to a colleague (None: the team), all or none of them.

    `van` are the desks that this user may take from, all when left out. The same `sleutel` answers as the first time.
    Raises OvergangGeweigerd with each traject that cannot go, InvoerGeweigerd, OnbekendTraject and Conflict.
    """
    # Held before anything is read: the same form sent twice at one moment finds what the first did.
    volgorde = _held(db, wie)
    if eerder := _earlier(db, sleutel, wie):
        return eerder
    _check(db, wie, reden, tot_met)
    gezinnen = {nummer: load(db, nummer) for nummer in volgorde}
    dicht = zicht.kept_from(db)
    weigeringen = [zin for nummer, naar in wie.items() for zin in _refusals(gezinnen[nummer], nummer, naar, van)]
    weigeringen += [
        f"{nummer} is afgeschermd voor wie het zou krijgen."
        for nummer, naar in wie.items()
        if (gezinnen[nummer].by_nummer(nummer).wortel_id, naar) in dicht
    ]
    if weigeringen:
        raise OvergangGeweigerd(weigeringen)
    rij = {"nummer": sleutel, "reden": reden, "tot_met_dag": tot_met, "door": door.pseudoniem}
    id_ = db.execute(insert(vervanging).values(**rij, gemaakt_op=klok.now_us())).inserted_primary_key[0]  # type: ignore[index]
    inhoud = {"reden": reden, "vervanging": sleutel, "tot_met": date_of(tot_met).isoformat() if tot_met else None}
    for nummer, naar in wie.items():
        geweest = list(_handed(gezinnen[nummer], nummer, naar, inhoud, door))
        db.execute(insert(vervangen), [{"vervanging_id": id_, **deel} for deel in geweest])
    return find(db, sleutel)


def give_back(db: Connection, nummer: str, door: Actor) -> tuple[list[Overgedragen], list[Overgedragen]]:
    """Give every traject of a hand-over back to who had it; returns what came back, and what does not.

    Raises OvergangGeweigerd when that was done before.
    """
    _lock(db, nummer)
    if find(db, nummer).teruggegeven_op is not None:
        raise OvergangGeweigerd(["Deze trajecten zijn al teruggegeven."])
    _held(db, {deel.nummer for deel in parts(db, nummer)})
    # Only now: before their families were held, somebody else could hand one of them on.
    delen = parts(db, nummer)
    terug = [deel for deel in delen if not deel.waarom_niet]
    for deel in terug:
        _given_back(load(db, deel.nummer), deel, nummer, door)
    klaar = {"teruggegeven_op": klok.now_us(), "teruggegeven_door": door.pseudoniem}
    db.execute(update(vervanging).where(vervanging.c.nummer == nummer).values(klaar))
    return terug, [deel for deel in delen if deel.waarom_niet]


def _lock(db: Connection, nummer: str) -> None:
    """Hold a hand-over until the end of the transaction: of two who give it back at one moment, one is late."""
    db.execute(select(vervanging.c.id).where(vervanging.c.nummer == nummer).with_for_update())


# -- Reading -----------------------------------------------------------------------------------------------------------


def find(db: Connection, nummer: str) -> Vervanging:
    """The hand-over with this number. Raises OvergangGeweigerd when there is none."""
    gevonden = _read(db, vervanging.c.nummer == nummer)
    if not gevonden:
        raise OvergangGeweigerd(["Deze overdracht is niet bekend."])
    return gevonden[0]


def listed(db: Connection, wie: str | None = None) -> list[Vervanging]:
    """The last hand-overs, those that run first; only those that somebody had a part in when `wie` is given."""
    deel = vervangen.c
    zijn = exists().where(deel.vervanging_id == vervanging.c.id, (deel.van == wie) | (deel.naar == wie))
    return _read(db, *([zijn | (vervanging.c.door == wie)] if wie else []))


def parts(db: Connection, nummer: str) -> list[Overgedragen]:
    """Every traject of a hand-over, by number; two statements."""
    is_weg = and_(vervangen.c.van.is_not(None), func.coalesce(medewerker.c.is_actief, False).is_(False))
    deel, nu = (vervangen.c.van, vervangen.c.naar), (traject.c.behandelaar, traject.c.is_open)
    vraag = (
        select(trajectnummer.c.nummer, *deel, *nu, is_weg, traject.c.ouder_id.is_not(None), trajectnummer.c.wortel_id)
        .join(vervanging, vervanging.c.id == vervangen.c.vervanging_id)
        .join(trajectnummer, trajectnummer.c.id == vervangen.c.traject_id)
        .join(traject, traject.c.id == vervangen.c.traject_id)
        .outerjoin(medewerker, medewerker.c.pseudoniem == vervangen.c.van)
        .where(vervanging.c.nummer == nummer)
        .order_by(vervangen.c.traject_id)
    )
    verborgen, dicht = zicht.hidden(db), zicht.kept_from(db)
    delen: list[tuple[Any, ...]] = [tuple(rij) for rij in db.execute(vraag)]
    gevonden = [(Overgedragen(*deel[:-1]), deel[-1]) for deel in delen]
    return [replace(deel, is_dicht=verborgen.keeps_out(w) or (w, deel.van) in dicht) for deel, w in gevonden]


def cover_columns() -> tuple[ColumnElement[Any], ...]:
    """Columns beside those of the table traject: for whom somebody covers it, by name, and until which day."""
    hier = _running().outerjoin(medewerker, medewerker.c.pseudoniem == vervangen.c.van).order_by(None)
    hier = hier.where(vervangen.c.traject_id == traject.c.id).order_by(vervanging.c.id.desc())
    van = case((vervangen.c.van.is_(None), "het team"), else_=func.coalesce(medewerker.c.naam, "een collega"))
    kolommen: dict[str, ColumnElement[Any]] = {"gedekt_van": van, "gedekt_tot_met": vervanging.c.tot_met_dag}
    return tuple(
        hier.with_only_columns(kolom).limit(1).correlate(traject).scalar_subquery().label(naam)
        for naam, kolom in kolommen.items()
    )


def is_cover() -> ColumnElement[bool]:
    """The condition that a traject is covered by who has it."""
    return traject.c.id.in_(_running().with_only_columns(vervangen.c.traject_id))


def _running() -> Select[Any]:
    """What is with who covers it: for a time, not given back, and not handed on since."""
    return (
        select(vervangen.c.traject_id, vervangen.c.van, vervanging.c.tot_met_dag)
        .join(vervanging, vervanging.c.id == vervangen.c.vervanging_id)
        .where(vervanging.c.tot_met_dag.is_not(None), vervanging.c.teruggegeven_op.is_(None))
        .where(traject.c.id == vervangen.c.traject_id, traject.c.behandelaar == vervangen.c.naar)
        .order_by(vervanging.c.id)
    )


MAX_GETOOND = 100


def _read(db: Connection, *waar: ColumnElement[bool]) -> list[Vervanging]:
    """Hand-overs with how many trajecten and who had a part in them; two statements."""
    lopend = and_(vervanging.c.tot_met_dag.is_not(None), vervanging.c.teruggegeven_op.is_(None))
    rijen = db.execute(
        select(vervanging).where(*waar).order_by(lopend.desc(), vervanging.c.id.desc()).limit(MAX_GETOOND)
    ).all()
    deel = vervangen.c
    geteld = db.execute(
        select(deel.vervanging_id, deel.van, deel.naar, func.count(traject.c.id))
        .outerjoin(traject, and_(traject.c.id == deel.traject_id, traject.c.ouder_id.is_(None)))
        .where(deel.vervanging_id.in_([rij.id for rij in rijen]))
        .group_by(deel.vervanging_id, deel.van, deel.naar)
    ).all()
    return [_made(rij, [g for g in geteld if g.vervanging_id == rij.id]) for rij in rijen]


def _made(rij: Row[Any], delen: Sequence[Row[Any]]) -> Vervanging:
    van, naar = frozenset(deel.van for deel in delen), frozenset(deel.naar for deel in delen)
    vast = (rij.nummer, rij.reden, rij.tot_met_dag, rij.door, rij.gemaakt_op, rij.teruggegeven_op)
    return Vervanging(*vast, sum(aantal for *_, aantal in delen), van, naar)


# -- Writing -----------------------------------------------------------------------------------------------------------


def _earlier(db: Connection, sleutel: str, wie: Mapping[str, str | None]) -> Vervanging | None:
    """What this form did before. Raises Conflict when it said something else then."""
    if not SLEUTEL.fullmatch(sleutel):
        raise InvoerGeweigerd({"sleutel": "Dit formulier klopt niet. Laad de pagina opnieuw."})
    toen = {deel.nummer: deel.naar for deel in parts(db, sleutel)}
    if not toen:
        return None
    if any(toen.get(nummer, "") != naar for nummer, naar in wie.items()):
        raise Conflict("Dit formulier is al met andere antwoorden verstuurd. Bekijk wat er is vastgelegd.")
    return find(db, sleutel)


def _check(db: Connection, wie: Mapping[str, str | None], reden: str, tot_met: int | None) -> None:
    fouten = {} if reden in TE_KIEZEN else {"reden": "Kies een reden."}
    if not wie:
        fouten["trajecten"] = "Kies ten minste een traject."
    if len(wie) > MAX_TRAJECTEN:
        fouten["trajecten"] = f"Draag hoogstens {MAX_TRAJECTEN} trajecten tegelijk over."
    if fouten:
        raise InvoerGeweigerd(fouten)
    if tot_met is not None:
        _check_day(tot_met)
    for naar in {naar for naar in wie.values() if naar}:
        check_behandelaar(db, naar)


def _check_day(tot_met: int) -> None:
    vandaag = klok.today()
    if not vandaag <= tot_met <= vandaag + MAX_DAGEN:
        raise InvoerGeweigerd({"tot_met": f"Kies een dag van vandaag tot en met {short(vandaag + MAX_DAGEN)}."})


def _in_order(db: Connection, nummers: Collection[str]) -> Iterator[str]:
    """The numbers in the order in which every writer locks families, the oldest first; unknown ones last."""
    rijen = db.execute(
        select(trajectnummer.c.nummer, trajectnummer.c.wortel_id).where(trajectnummer.c.nummer.in_(nummers))
    )
    plaats = {rij.nummer: rij.wortel_id for rij in rijen}
    yield from sorted(nummers, key=lambda nummer: (plaats.get(nummer, 1 << 62), nummer))


def _held(db: Connection, nummers: Collection[str]) -> list[str]:
    """Hold the families of these trajecten until the end of the transaction; the numbers in the order of that."""
    volgorde = list(_in_order(db, nummers))
    for nummer in volgorde:
        hold(db, nummer)
    return volgorde


def _refusals(gezin: Gezin, nummer: str, naar: str | None, van: Collection[str | None] | None) -> Iterator[str]:
    verloop = gezin.by_nummer(nummer)
    wie = verloop.stand.kenmerken.get("behandelaar")
    if van is not None and wie not in van:
        yield f"{nummer} is van een ander: dat kan alleen de coördinator overdragen."
    elif not verloop.stand.is_open:
        yield f"{nummer} is afgesloten."
    elif wie == naar:
        yield f"{nummer} is al bij deze behandelaar."


def _handed(
    gezin: Gezin, nummer: str, naar: str | None, inhoud: Mapping[str, Any], door: Actor
) -> Iterator[dict[str, Any]]:
    """Hand over a traject and what is open beside it on the same desk."""
    verloop, opdracht = gezin.by_nummer(nummer), Opdracht(gezin, door)
    was = verloop.stand.kenmerken.get("behandelaar")
    for deel in [verloop, *gezin.open_kinderen(verloop)]:
        if deel.stand.kenmerken.get("behandelaar") == was:
            _append(opdracht, deel, {**inhoud, "behandelaar": naar})
            yield {"traject_id": deel.traject_id, "van": was, "naar": naar}
    opdracht.finish()


def _given_back(gezin: Gezin, deel: Overgedragen, nummer: str, door: Actor) -> None:
    opdracht = Opdracht(gezin, door)
    inhoud = {"behandelaar": deel.van, "reden": "terug", "vervanging": nummer}
    _append(opdracht, gezin.by_nummer(deel.nummer), inhoud)
    opdracht.finish()


def _append(opdracht: Opdracht, verloop: Verloop, inhoud: Mapping[str, Any]) -> None:
    dag, was = max(klok.today(), verloop.stand.laatste_op), verloop.stand.kenmerken.get("behandelaar")
    opdracht.append(verloop, "overdracht", dag, verloop.stand.kaart, inhoud)  # type: ignore[arg-type]
    move_along(opdracht.gezin.db, [verloop.traject_id], was, inhoud["behandelaar"])
