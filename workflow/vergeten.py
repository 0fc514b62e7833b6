"""On which earlier days a forgotten overgang can still be recorded, by the walk of a traject.

A row for an earlier day comes after all that happened on that day. What stays in place fits anywhere in a stay that the
overgang leaves from; what moves the traject fits where what followed can be done from its new stap too. Guards play no
part: they are asked about the day that the user fills in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from workflow.historie import Feit
from workflow.routekaart import VORIGE, Overgang, Route
from workflow.verloop import Verloop


class Gelegenheid(NamedTuple):
    """A stretch of days, both included, on which the traject stood in a stap."""

    stap: str
    van_dag: int
    tot_met_dag: int


class _Verblijf(NamedTuple):
    """A stay that is over, what was done during it, and the move that ended it."""

    stap: str
    van_dag: int
    tot_dag: int
    routekaart: str
    erna: tuple[Feit, ...]


def occasions(verloop: Verloop, rol: str) -> Mapping[str, tuple[Gelegenheid, ...]]:
    """Overgang code -> the earlier days that have a place for it; those of other roles are left out."""
    route = verloop.stand.route
    if route is None:
        return {}
    eerder = list(_past_stays(verloop.feiten))
    gevonden = {
        keus.code: tuple(_occasions(keus, route, [v for v in eerder if _is_same_then(verloop, v, keus)]))
        for keus in route.overgangen.values()
        if rol in keus.rollen and _may_be_later(keus)
    }
    return {code: gelegenheden for code, gelegenheden in gevonden.items() if gelegenheden}


def _is_same_then(verloop: Verloop, verblijf: _Verblijf, keus: Overgang) -> bool:
    """Whether the map of that time has this overgang too: a forgotten step is recorded on the map of then."""
    toen = verloop.kaarten[verblijf.routekaart].routes[verloop.oorsprong["route"]]
    return verblijf.routekaart == verloop.kaart.sha256 or toen.overgangen.get(keus.code) == keus


def _may_be_later(keus: Overgang) -> bool:
    """A way back and a split stand in the order in which they happened."""
    splitst = any(gevolg.naam == "splits_traject" for gevolg in keus.gevolgen)
    return not splitst and keus.naar != VORIGE and not keus.labels.get("stil")


def _past_stays(feiten: Sequence[Feit]) -> Iterator[_Verblijf]:
    """Each stay that a later move ended; of the days of one stay, those of its end belong to the next."""
    plaatsen = [i for i, feit in enumerate(feiten) if feit.naar is not None]
    for begin, einde in pairwise(plaatsen):
        van, tot = feiten[begin], feiten[einde]
        if van.naar and van.dag < tot.dag:
            yield _Verblijf(van.naar, van.dag, tot.dag, van.routekaart, tuple(feiten[begin + 1 : einde + 1]))


def _occasions(keus: Overgang, route: Route, eerder: Sequence[_Verblijf]) -> Iterator[Gelegenheid]:
    for verblijf in eerder:
        if verblijf.stap not in keus.van:
            continue
        vanaf = verblijf.van_dag if keus.naar is None else _from_where_it_fits(keus.naar, route, verblijf)
        if vanaf is not None:
            yield Gelegenheid(route.stappen[verblijf.stap].naam, vanaf, verblijf.tot_dag - 1)


def _from_where_it_fits(naar: str, route: Route, verblijf: _Verblijf) -> int | None:
    """The first day of the stay after which all that followed can be done from `naar`; None when there is none."""
    vanaf = verblijf.van_dag
    for feit in verblijf.erna:
        volgende = route.overgangen.get(feit.overgang or "")
        if feit.soort == "overgang" and (volgende is None or naar not in volgende.van):
            vanaf = feit.dag
    return vanaf if vanaf < verblijf.tot_dag else None
