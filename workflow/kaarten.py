"""Every version of the map, from the database, read once per process; they never change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, select

from models import klok
from models.routekaartversie import routekaartversie
from workflow.kaartlezer import uit_json
from workflow.routekaart import Routekaart

_gelezen: dict[str, Routekaart] = {}


class Kaarten(Mapping[str, Routekaart]):
    """Maps by sha256; one that was not read yet comes from the database."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def __getitem__(self, sha256: str) -> Routekaart:
        if sha256 not in _gelezen:
            _gelezen[sha256] = _load(self._db, sha256)
        return _gelezen[sha256]

    def __iter__(self) -> Iterator[str]:
        return iter(self._db.execute(select(routekaartversie.c.sha256)).scalars())

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _load(db: Connection, sha256: str) -> Routekaart:
    canoniek = db.execute(
        select(routekaartversie.c.canoniek).where(routekaartversie.c.sha256 == sha256)
    ).scalar_one_or_none()
    if canoniek is None:
        raise KeyError(sha256)
    return uit_json(canoniek)


def store(db: Connection, kaart: Routekaart) -> None:
    """Keep this version; storing the same content twice changes nothing."""
    if db.execute(select(routekaartversie.c.sha256).where(routekaartversie.c.sha256 == kaart.sha256)).first():
        return
    db.execute(
        routekaartversie.insert().values(
            sha256=kaart.sha256,
            code=kaart.code,
            versie=kaart.versie,
            status=kaart.status,
            geldig_vanaf=kaart.geldig_vanaf,
            gepubliceerd_op=klok.now_us(),
            canoniek=kaart.canoniek,
        )
    )


def in_force(db: Connection) -> Routekaart:
    """The version on which a traject starts now: the last one published. Raises LookupError when there is none."""
    sha256 = db.execute(
        select(routekaartversie.c.sha256)
        .order_by(routekaartversie.c.gepubliceerd_op.desc(), routekaartversie.c.sha256)
        .limit(1)
    ).scalar_one_or_none()
    if sha256 is None:
        raise LookupError("no map has been published; run `routekaart init` first")
    return Kaarten(db)[sha256]
