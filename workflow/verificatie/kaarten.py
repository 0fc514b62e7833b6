"""Every version of the map is the one that the log refers to."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, func, select

from models import klok
from models.routekaartversie import routekaartversie
from workflow.kaarten import Kaarten
from workflow.routekaart import Routekaart
from workflow.verificatie.misstand import Misstand
from workflow.verificatie.nummers import ONLEESBAAR, RUIMTE_US


def check(db: Connection, genoemd: set[str]) -> Iterator[Misstand]:
    """Maps that were changed, or that the log names and that are gone."""
    weg, kaarten = set(genoemd), Kaarten(db)
    for rij in db.execute(select(routekaartversie).order_by(routekaartversie.c.gepubliceerd_op)):
        weg.discard(rij.sha256)
        if zin := _wrong(kaarten, rij):
            yield Misstand("map", f"{rij.code} {rij.versie}", zin)
    yield from (Misstand("map", sha, "the log refers to it and it is gone") for sha in sorted(weg))


def _wrong(kaarten: Kaarten, rij: Row[Any]) -> str | None:
    try:
        if sha256(rij.canoniek.encode()).hexdigest() != rij.sha256:
            return "its content is not what its fingerprint says"
        if not 0 < rij.gepubliceerd_op <= klok.now_us() + RUIMTE_US:
            return "it says that it was published in the future, or long ago"
        zelf = _says(kaarten[rij.sha256])
    except ONLEESBAAR:
        return "its values are not those of a map"
    is_zelfde = (rij.code, rij.versie, rij.status, rij.geldig_vanaf) == zelf
    return None if is_zelfde else "its name, status or first day is not what it says itself"


def _says(kaart: Routekaart) -> tuple[str, str, str, int]:
    return kaart.code, kaart.versie, kaart.status, kaart.geldig_vanaf


def counted(db: Connection) -> dict[str, int]:
    """How many maps there are."""
    return {"maps": db.execute(select(func.count()).select_from(routekaartversie)).scalar_one()}
