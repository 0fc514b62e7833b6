"""Filters of the werkvoorraad under a name of one's own, each encrypted under a data key of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from models.persoon import datasleutel
from models.weergave import MAX_NAAM, MAX_VRAAG, weergave
from workflow import kluis
from workflow.kluis import KluisDicht, decrypt, encrypt
from workflow.opdracht import new_data_key
from workflow.overzichten import TEKST_ONLEESBAAR
from workflow.velden import InvoerGeweigerd

MAX_WEERGAVEN = 20


@dataclass(frozen=True, slots=True)
class Weergave:
    """A filter with its name; `vraag` is what stands in the address."""

    id: int
    naam: str
    vraag: str


def listed(db: Connection, wie: str) -> list[Weergave]:
    """The filters that a medewerker (pseudonym) keeps, by name; one statement."""
    eigen = select(weergave, datasleutel.c.omhuld).join(datasleutel, datasleutel.c.id == weergave.c.datasleutel_id)
    rijen = db.execute(eigen.where(weergave.c.medewerker == wie))
    return sorted((_opened(rij) for rij in rijen), key=lambda een: een.naam.casefold())


def _opened(rij: Row[Any]) -> Weergave:
    """A filter; one that cannot be read can still be taken away."""
    try:
        inhoud = decrypt(kluis.current().unwrap(rij.omhuld), rij.inhoud, _place(rij.medewerker, rij.datasleutel_id))
        return Weergave(rij.id, **json.loads(inhoud))
    except KluisDicht:
        return Weergave(rij.id, TEKST_ONLEESBAAR, "")


def _place(wie: str, sleutel_id: int) -> str:
    """What binds the ciphertext of a filter to whose it is."""
    return f"weergave/{wie}/{sleutel_id}"


def keep(db: Connection, wie: str, naam: str, vraag: str) -> None:
    """Keep a filter, in the place of one with the same name. Raises InvoerGeweigerd with the Dutch sentence."""
    naam = " ".join(naam.split())
    if not naam or len(naam) > MAX_NAAM or not naam.isprintable() or len(vraag) > MAX_VRAAG:
        raise InvoerGeweigerd({"naam": f"Geef de lijst een naam van hoogstens {MAX_NAAM} tekens."})
    alle = listed(db, wie)
    zelfde = [een for een in alle if een.naam == naam]
    if len(alle) - len(zelfde) >= MAX_WEERGAVEN:
        raise InvoerGeweigerd({"naam": f"U bewaart al {MAX_WEERGAVEN} lijsten. Verwijder er eerst een."})
    for een in zelfde:
        drop(db, wie, een.id)
    sleutel_id, sleutel = new_data_key(db)
    inhoud = encrypt(sleutel, json.dumps({"naam": naam, "vraag": vraag}), _place(wie, sleutel_id))
    db.execute(insert(weergave).values(medewerker=wie, datasleutel_id=sleutel_id, inhoud=inhoud))


def drop(db: Connection, wie: str, id_: int) -> None:
    """Forget a filter and its key; one of somebody else stays."""
    eigen = delete(weergave).where(weergave.c.id == id_, weergave.c.medewerker == wie)
    sleutels = db.execute(eigen.returning(weergave.c.datasleutel_id)).scalars().all()
    db.execute(delete(datasleutel).where(datasleutel.c.id.in_(sleutels)))
