"""The whole caseload at two moments: how many trajecten stood in each stap, what came and what went, and which.

Each moment is a place on both clocks. The stays as they were known then answer; on a day on which a traject went
through a stap at once it stands in the last one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import CTE, ColumnElement, Connection, FromClause, Select, and_, func, literal, or_, select, union_all

from models.trajectnummer import trajectnummer
from workflow.kaarten import Kaarten, in_force
from workflow.overzichten import names_in
from workflow.projectie import as_known
from workflow.terugkijken import Moment

PER_BLAD = 25

Kant = Literal["toen", "nu", "erbij", "weg"]
"""Who stood there at the first moment, who at the second, who came in between, who went."""

KANTEN: tuple[Kant, ...] = get_args(Kant)

Deel = Literal["werk", "stil"]
"""Trajecten that ask for work, and those on routes that do not: what partners report, agreements, feeds."""

DELEN: tuple[Deel, ...] = get_args(Deel)


class Plek(NamedTuple):
    """A stap of a route, by their codes."""

    route: str
    stap: str


@dataclass(frozen=True, slots=True)
class Paar:
    """Two moments, and the gemeente (by entry in the stap) that is asked for."""

    toen: Moment
    nu: Moment
    gemeente: str | None = None


@dataclass(frozen=True, slots=True)
class Stapregel:
    """How many stood in a stap at each moment, and how many of the second were there already at the first."""

    plek: Plek
    toen: int
    nu: int
    gebleven: int

    @property
    def erbij(self) -> int:
        """How many came."""
        return self.nu - self.gebleven

    @property
    def weg(self) -> int:
        """How many went."""
        return self.toen - self.gebleven

    @property
    def verschil(self) -> int:
        """How many more there are."""
        return self.nu - self.toen


@dataclass(frozen=True, slots=True)
class Lid:
    """A traject behind a number: where it stood at each moment and since when; None where it stood nowhere."""

    nummer: str
    namen: tuple[str, ...]
    toen: Plek | None
    toen_sinds: int | None
    nu: Plek | None
    nu_sinds: int | None


@dataclass(frozen=True, slots=True)
class Ledenlijst:
    """A page of the trajecten behind a number."""

    leden: tuple[Lid, ...]
    aantal: int
    blad: int

    @property
    def bladen(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.aantal // PER_BLAD))


def per_stap(db: Connection, paar: Paar) -> dict[Plek, Stapregel]:
    """Every stap in which a traject stood at one of the moments; one statement."""
    toen, nu = _standing(paar.toen, paar.gemeente, "toen"), _standing(paar.nu, paar.gemeente, "nu")
    vraag = union_all(
        _counted("toen", toen, toen),
        _counted("nu", nu, nu),
        _counted("gebleven", nu, nu.join(toen, and_(toen.c.traject_id == nu.c.traject_id, _same(toen, nu)))),
    )
    geteld: dict[Plek, dict[str, int]] = {}
    for wat, route, stap, aantal in db.execute(vraag):
        geteld.setdefault(Plek(route, stap), {})[wat] = aantal
    return {
        plek: Stapregel(plek, *(aantallen.get(wat, 0) for wat in ("toen", "nu", "gebleven")))
        for plek, aantallen in geteld.items()
    }


def summed(regels: Iterable[Stapregel]) -> tuple[int, int]:
    """All at the first and all at the second moment."""
    alle = list(regels)
    return sum(r.toen for r in alle), sum(r.nu for r in alle)


def behind(db: Connection, paar: Paar, kant: Kant, waarvan: Plek | Deel, blad: int = 1) -> Ledenlijst:
    """The trajecten behind a number of a stap, or of all that ask for work or do not; a few statements."""
    toen, nu = _standing(paar.toen, paar.gemeente, "toen"), _standing(paar.nu, paar.gemeente, "nu")
    hier, daar = (toen, nu) if kant in ("toen", "weg") else (nu, toen)
    waar = [_in_place(hier, waarvan) if isinstance(waarvan, Plek) else _in_part(db, hier, waarvan)]
    if kant in ("erbij", "weg"):
        waar.append(or_(daar.c.traject_id.is_(None), ~_same(hier, daar)))
    samen = hier.outerjoin(daar, daar.c.traject_id == hier.c.traject_id)
    aantal = int(db.execute(select(func.count()).select_from(samen).where(*waar)).scalar_one())
    blad = min(max(1, blad), max(1, -(-aantal // PER_BLAD)))
    rijen = db.execute(_members(hier, samen, toen, nu).where(*waar).offset((blad - 1) * PER_BLAD)).all()
    namen = names_in(db, [rij.id for rij in rijen])
    return Ledenlijst(tuple(_member(rij, namen.get(rij.id, ())) for rij in rijen), aantal, blad)


def _members(hier: CTE, samen: FromClause, toen: CTE, nu: CTE) -> Select[Any]:
    kolommen = [
        bron.c[naam].label(f"{bron.name}_{naam}") for bron in (toen, nu) for naam in ("route", "stap", "van_dag")
    ]
    vraag = select(trajectnummer.c.id, trajectnummer.c.nummer, *kolommen)
    bron = samen.join(trajectnummer, trajectnummer.c.id == hier.c.traject_id)
    return vraag.select_from(bron).order_by(trajectnummer.c.id).limit(PER_BLAD)


def _member(rij: Any, namen: tuple[str, ...]) -> Lid:
    toen = Plek(rij.toen_route, rij.toen_stap) if rij.toen_stap else None
    nu = Plek(rij.nu_route, rij.nu_stap) if rij.nu_stap else None
    return Lid(rij.nummer, namen, toen, rij.toen_van_dag, nu, rij.nu_van_dag)


def _standing(moment: Moment, gemeente: str | None, naam: str) -> CTE:
    """Where each traject stood: at most one stap, as stays are half-open."""
    v = as_known("verblijf", moment.bekend_tot).subquery(f"verblijf_{naam}").c
    loopt = or_(v.tot_dag.is_(None), v.tot_dag > moment.op)
    waar = [v.niveau == "stap", v.van_dag <= moment.op, loopt, *([v.gemeente == gemeente] if gemeente else [])]
    return select(v.traject_id, v.route, v.stap, v.van_dag).where(*waar).cte(naam)


def _counted(wat: str, bij: CTE, bron: FromClause) -> Select[Any]:
    per = (bij.c.route, bij.c.stap)
    return select(literal(wat), *per, func.count()).select_from(bron).group_by(*per)


def _same(een: CTE, ander: CTE) -> ColumnElement[bool]:
    return and_(een.c.route == ander.c.route, een.c.stap == ander.c.stap)


def _in_place(bron: CTE, plek: Plek) -> ColumnElement[bool]:
    return and_(bron.c.route == plek.route, bron.c.stap == plek.stap)


def _in_part(db: Connection, bron: CTE, deel: Deel) -> ColumnElement[bool]:
    is_stil = bron.c.route.in_(sorted(quiet(db)))
    return is_stil if deel == "stil" else ~is_stil


def quiet(db: Connection) -> frozenset[str]:
    """The routes whose trajecten ask for no work, by the map in force, else by the last one that has them."""
    kaarten = Kaarten(db)
    routes = [route for kaart in (in_force(db), *(kaarten[s] for s in kaarten)) for route in kaart.routes.values()]
    eerste = {route.code: route for route in reversed(routes)}
    return frozenset(code for code, route in eerste.items() if route.labels.get("werkvoorraad") == "nee")


def places(db: Connection) -> Mapping[Plek, tuple[str, str]]:
    """Names of route and stap, in the order of the map in force; what only older maps have comes last."""
    kaarten = Kaarten(db)
    namen: dict[Plek, tuple[str, str]] = {}
    for kaart in (in_force(db), *(kaarten[sha256] for sha256 in kaarten)):
        for route in kaart.routes.values():
            for stap in route.stappen.values():
                namen.setdefault(Plek(route.code, stap.code), (route.naam, stap.naam))
    return namen
