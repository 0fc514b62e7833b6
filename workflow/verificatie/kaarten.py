"""Every version of the map is the one that the log refers to."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import Connection, func, select

from models import klok
from models.routekaartversie import routekaartversie
from workflow.kaarten import Kaarten
from workflow.routekaart import Routekaart
from workflow.verificatie.misstand import Misstand
from workflow.verificatie.nummers import RUIMTE_US


def check(db: Connection, genoemd: set[str]) -> Iterator[Misstand]:
    """Maps that were changed, or that the log names and that are gone."""
    weg, kaarten = set(genoemd), Kaarten(db)
    for rij in db.execute(select(routekaartversie).order_by(routekaartversie.c.gepubliceerd_op)):
        weg.discard(rij.sha256)
        naam = f"{rij.code} {rij.versie}"
        if sha256(rij.canoniek.encode()).hexdigest() != rij.sha256:
            yield Misstand("map", naam, "its content is not what its fingerprint says")
        elif not 0 < rij.gepubliceerd_op <= klok.now_us() + RUIMTE_US:
            yield Misstand("map", naam, "it says that it was published in the future, or long ago")
        elif (rij.code, rij.versie, rij.status, rij.geldig_vanaf) != _says(kaarten[rij.sha256]):
            yield Misstand("map", naam, "its name, status or first day is not what it says itself")
    yield from (Misstand("map", sha, "the log refers to it and it is gone") for sha in sorted(weg))


def _says(kaart: Routekaart) -> tuple[str, str, str, int]:
    return kaart.code, kaart.versie, kaart.status, kaart.geldig_vanaf


def counted(db: Connection) -> dict[str, int]:
    """How many maps there are."""
    return {"maps": db.execute(select(func.count()).select_from(routekaartversie)).scalar_one()}
