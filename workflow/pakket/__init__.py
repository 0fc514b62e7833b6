"""The auditor's parcel: log, maps, seals, fixed reports and a program that verifies them on any machine with Python.

What leaves the house is pseudonymous personal data: the first line says so, only an auditor may make one, and who did
when is kept. Names, texts and what else stands outside the log are not in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import Connection, insert, select

from models import klok
from models.database import PLAATS, read_rows, reading, transaction
from models.gebeurtenis import Gebeurtenis
from models.pakket import pakket
from models.rapport import rapport
from models.routekaartversie import routekaartversie
from workflow import zegels
from workflow.opdracht import Actor
from workflow.zegels import Zegel, ZegelGeweigerd

MAKER = "auditor"
BATCH = 2_000
VERTELD = 20
"""So many parcels are told of."""

PROGRAMMA = ("verify.py", "reading.py", "seals.py", "figures.py")
"""What an auditor verifies a parcel with: Python's standard library only, nothing of ours."""

_NIET_MEE = ("id", "sleutel")
"""Columns that say nothing about what happened and that no hash covers."""

KOLOMMEN = tuple(naam for naam in Gebeurtenis._fields if naam not in _NIET_MEE)
_RIJEN = (
    f"SELECT b.blad, t.nummer, {', '.join(f'g.{naam}' for naam in KOLOMMEN)} FROM zegelblad b"  # noqa: S608
    " JOIN gebeurtenis g ON g.traject_id = b.traject_id AND g.volgnummer = b.volgnummer"
    " LEFT JOIN trajectnummer t ON t.id = b.traject_id"
    " WHERE b.blad > {p} AND b.blad < {p} ORDER BY b.blad LIMIT {aantal}"
)


class PakketGeweigerd(Exception):
    """Who asks it may not; `zin` says so in Dutch."""

    zin = "Alleen een auditor maakt een pakket."


@dataclass(frozen=True, slots=True)
class Gemaakt:
    """A parcel that was made: when (UTC microseconds), by whom (pseudonym), and up to which seal."""

    zegel_id: int
    door: str
    gemaakt_op: int


def make(url: str, doel: IO[bytes], door: Actor, done: Callable[[int], None] = lambda _: None) -> Zegel:
    """Seal the log, note that a parcel is made, and write it as a ZIP file; returns the seal that it goes up to.

    `done` is told how many rows were written. Raises PakketGeweigerd, ZegelGeweigerd, InstellingOntbreekt and OSError.
    """
    if door.rol != MAKER:
        raise PakketGeweigerd(PakketGeweigerd.zin)
    with transaction(url) as db:
        zegel = zegels.take(db)
        rij = {"zegel_id": zegel.id, "door": door.pseudoniem, "gemaakt_op": klok.now_us()}
        db.execute(insert(pakket).values(rij))
    zegels.publish(url)
    try:
        with reading(url) as db, ZipFile(doel, "w", ZIP_DEFLATED) as bestand:
            _pack(bestand, _content(db, zegel, door, done))
    except (TypeError, ValueError, AttributeError):
        raise ZegelGeweigerd(
            "what stands in the database is not as a program wrote it; run `routekaart verify`"
        ) from None
    return zegel


def _pack(bestand: ZipFile, inhoud: Iterator[tuple[str, Iterator[str]]]) -> None:
    for naam, delen in inhoud:
        with bestand.open(_entry(naam), "w") as ingang:
            for deel in delen:
                ingang.write(deel.encode())


def made(db: Connection) -> list[Gemaakt]:
    """The last parcels that were made, the newest first."""
    keuze = select(pakket.c.zegel_id, pakket.c.door, pakket.c.gemaakt_op).order_by(pakket.c.id.desc()).limit(VERTELD)
    return [Gemaakt(*rij) for rij in db.execute(keuze)]


def _entry(naam: str) -> ZipInfo:
    nu = klok.now().astimezone(klok.AMSTERDAM)
    ingang = ZipInfo(naam, nu.timetuple()[:6])
    ingang.compress_type = ZIP_DEFLATED
    return ingang


def _content(
    db: Connection, zegel: Zegel, door: Actor, done: Callable[[int], None]
) -> Iterator[tuple[str, Iterator[str]]]:
    """Each file: its name and its parts."""
    yield "LEESMIJ.txt", iter([_introduction(zegel, door)])
    for naam in PROGRAMMA:
        yield naam, iter([_own(naam)])
    yield "log.jsonl", _log(db, zegel, done)
    for kaart in db.execute(select(routekaartversie.c.sha256, routekaartversie.c.canoniek)):
        yield f"kaarten/{kaart.sha256}.json", iter([kaart.canoniek])
    for een in zegels.every(db)[: zegel.id]:
        yield from ((f"zegels/{naam}", iter([inhoud])) for naam, inhoud in een.bestanden.items())
    for rij in db.execute(select(rapport).where(rapport.c.zegel_id <= zegel.id).order_by(rapport.c.id)).mappings():
        yield f"rapporten/rapport-{rij['id']:04}.json", iter([_report(rij)])


def _own(naam: str) -> str:
    return (files(__package__) / naam).read_text(encoding="utf-8")


def _introduction(zegel: Zegel, door: Actor) -> str:
    gemaakt = klok.now().astimezone(klok.AMSTERDAM).strftime("%d-%m-%Y %H:%M")
    return _own("LEESMIJ.txt").format(gemaakt=gemaakt, door=door.pseudoniem, zegel=zegel.id, omvang=zegel.omvang)


def _log(db: Connection, zegel: Zegel, done: Callable[[int], None]) -> Iterator[str]:
    """The rows in the order of their leaves, a line each."""
    vraag, na = _RIJEN.format(p=PLAATS[db.dialect.name], aantal=BATCH), -1
    while rijen := read_rows(db, vraag, (na, zegel.omvang)):
        yield "".join(_line(rij[1:]) for rij in rijen)
        done(len(rijen))
        na = rijen[-1][0]


def _line(rij: tuple[Any, ...]) -> str:
    return json.dumps(dict(zip(("nummer", *KOLOMMEN), rij, strict=True)), ensure_ascii=False) + "\n"


def _report(rij: Any) -> str:
    """A fixed report: its result says all that was fixed with it, and is what the seal signs."""
    gegevens = {"id": rij["id"], "zegel": rij["zegel_id"], "resultaat": rij["resultaat"]}
    return json.dumps(gegevens, ensure_ascii=False, indent=1) + "\n"
