"""Every version of the map, from the database, read once per process; they never change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, case, select

from models import klok
from models.routekaartversie import routekaartversie
from workflow.kaartlezer import uit_json
from workflow.routekaart import Routekaart


class GeenKaart(LookupError):
    """No map was published yet; the message says in English what to do."""


class KaartIsConcept(Exception):
    """A map that is still being written; the message says in English what to do."""


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


def publish(db: Connection, kaart: Routekaart) -> None:
    """Put a map in force from its day on. Raises KaartIsConcept."""
    refuse_concept(kaart)
    store(db, kaart)


def refuse_concept(kaart: Routekaart) -> None:
    """Raise KaartIsConcept for a map that nobody may work with yet."""
    if kaart.status == "concept":
        raise KaartIsConcept(
            f"map {kaart.code} {kaart.versie} has status concept and cannot be put in force; "
            "make its status proef or geldig first"
        )


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
    """The version on which a traject starts now: the last one published of those whose day has come.

    Before the first of those days it is the last one published, so that older histories can be entered. Raises
    GeenKaart when there is none.
    """
    is_begonnen = case((routekaartversie.c.geldig_vanaf <= klok.today(), 0), else_=1)
    sha256 = db.execute(
        select(routekaartversie.c.sha256)
        .order_by(is_begonnen, routekaartversie.c.gepubliceerd_op.desc(), routekaartversie.c.sha256)
        .limit(1)
    ).scalar_one_or_none()
    if sha256 is None:
        raise GeenKaart("no map has been published; run `routekaart init` first")
    return Kaarten(db)[sha256]
