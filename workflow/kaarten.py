"""Every version of the map, from the database, read once per process; they never change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, case, select

from models import klok
from models.routekaartversie import routekaartversie
from workflow.kaartlezer import uit_json
from workflow.routekaart import Routekaart


class GeenKaart(LookupError):
    """No map was published yet; the message says in English what to do."""


class KaartIsConcept(Exception):
    """A map that is still being written; the message says in English what to do."""


class VersieBezet(Exception):
    """Another map has this name and version already; the message says in English what to do."""


VOLGORDE = (routekaartversie.c.gepubliceerd_op, routekaartversie.c.sha256.desc())
"""The order of publication, the last one last."""

_gelezen: dict[str, Routekaart] = {}


class Kaarten(Mapping[str, Routekaart]):
    """Maps by sha256, in order of publication; one that was not read yet comes from the database.

    `proef` is one that need not be there.
    """

    def __init__(self, db: Connection, proef: Routekaart | None = None) -> None:
        self._db = db
        self._proef = proef

    def __getitem__(self, sha256: str) -> Routekaart:
        if self._proef and sha256 == self._proef.sha256:
            return self._proef
        if sha256 not in _gelezen:
            _gelezen[sha256] = _load(self._db, sha256)
        return _gelezen[sha256]

    def __iter__(self) -> Iterator[str]:
        return iter(self._db.execute(select(routekaartversie.c.sha256).order_by(*VOLGORDE)).scalars())

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _load(db: Connection, sha256: str) -> Routekaart:
    canoniek = db.execute(
        select(routekaartversie.c.canoniek).where(routekaartversie.c.sha256 == sha256)
    ).scalar_one_or_none()
    if canoniek is None:
        raise KeyError(sha256)
    return uit_json(canoniek)


def read_all(db: Connection) -> None:
    """Read every map that was not read yet, in one statement."""
    ongelezen = select(routekaartversie.c.sha256, routekaartversie.c.canoniek).where(
        routekaartversie.c.sha256.not_in(list(_gelezen))
    )
    for sha256, canoniek in db.execute(ongelezen):
        _gelezen[sha256] = uit_json(canoniek)


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


def store(db: Connection, kaart: Routekaart) -> bool:
    """Keep this version, and say whether it is a new one; storing the same content twice changes nothing."""
    if db.execute(select(routekaartversie.c.sha256).where(routekaartversie.c.sha256 == kaart.sha256)).first():
        return False
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
    return True


@dataclass(frozen=True, slots=True)
class Versie:
    """A stored version of the map; in force from `van` until `tot` (UTC microseconds), never when `van` is None."""

    sha256: str
    code: str
    versie: str
    status: str
    geldig_vanaf: int
    gepubliceerd_op: int
    van: int | None = None
    tot: int | None = None

    @property
    def naam(self) -> str:
        """Version and status: what people call it."""
        return f"{self.versie} ({self.status})"

    def is_now(self, nu: int) -> bool:
        """Whether it is in force at a moment."""
        return self.van is not None and self.van <= nu and (self.tot is None or nu < self.tot)


def versions(db: Connection) -> list[Versie]:
    """Every stored version, the last one first, with when it was, is or will be in force."""
    kolommen = [kolom for kolom in routekaartversie.c if kolom.name != "canoniek"]
    rijen = db.execute(select(*kolommen).order_by(*VOLGORDE))
    alle = [Versie(*rij) for rij in rijen]
    return [_in_force_during(versie, alle[nr + 1 :]) for nr, versie in enumerate(alle)][::-1]


def _in_force_during(versie: Versie, later: Sequence[Versie]) -> Versie:
    """From its day until that of one that was published later; never, when that one was there already."""
    if versie.status == "concept":
        return versie
    einde = min((_begin(ander) for ander in later if ander.status != "concept"), default=None)
    begin = _begin(versie)
    return versie if einde is not None and einde <= begin else replace(versie, van=begin, tot=einde)


def _begin(versie: Versie) -> int:
    return max(versie.gepubliceerd_op, klok.end_of_day_us(versie.geldig_vanaf - 1))


def find(db: Connection, gezocht: str) -> Versie:
    """The version with this name, or whose sha256 begins so. Raises GeenKaart."""
    alle = versions(db)
    gevonden = [v for v in alle if v.versie == gezocht] or [
        v for v in alle if len(gezocht) >= 8 and v.sha256.startswith(gezocht)
    ]
    if not gevonden:
        raise GeenKaart(f"there is no version {gezocht} of the map")
    return gevonden[0]


def refuse_taken(db: Connection, kaart: Routekaart) -> None:
    """Raise VersieBezet for other content under a name in use, or for another map; a concept may change."""
    for versie in versions(db):
        if versie.code != kaart.code:
            raise VersieBezet(f"this database is on map {versie.code}, and this is map {kaart.code}")
        zelfde = (versie.versie, versie.status) == (kaart.versie, kaart.status) and kaart.status != "concept"
        if zelfde and versie.sha256 != kaart.sha256:
            raise VersieBezet(f"there is another map {kaart.code} {versie.naam}; raise its versie")


def in_force(db: Connection) -> Routekaart:
    """The version on which a traject starts now: the last one published of those whose day has come; no concept.

    Before the first of those days it is the last one published, so that older histories can be entered. Raises
    GeenKaart when there is none.
    """
    is_begonnen = case((routekaartversie.c.geldig_vanaf <= klok.today(), 0), else_=1)
    sha256 = db.execute(
        select(routekaartversie.c.sha256)
        .where(routekaartversie.c.status != "concept")
        .order_by(is_begonnen, routekaartversie.c.gepubliceerd_op.desc(), routekaartversie.c.sha256)
        .limit(1)
    ).scalar_one_or_none()
    if sha256 is None:
        raise GeenKaart("no map has been published; run `routekaart init` first")
    return Kaarten(db)[sha256]
