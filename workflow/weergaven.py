"""Filters of the werkvoorraad under a name of one's own."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from models.weergave import MAX_NAAM, MAX_VRAAG, weergave
from workflow.velden import InvoerGeweigerd

MAX_WEERGAVEN = 20


@dataclass(frozen=True, slots=True)
class Weergave:
    """A filter with its name; `vraag` is what stands in the address."""

    id: int
    naam: str
    vraag: str


def listed(db: Connection, wie: str) -> list[Weergave]:
    """The filters that a medewerker (pseudonym) keeps, by name."""
    eigen = select(weergave.c.id, weergave.c.naam, weergave.c.vraag).where(weergave.c.medewerker == wie)
    return [Weergave(*rij) for rij in db.execute(eigen.order_by(weergave.c.naam))]


def keep(db: Connection, wie: str, naam: str, vraag: str) -> None:
    """Keep a filter, in the place of one with the same name. Raises InvoerGeweigerd with the Dutch sentence."""
    naam = " ".join(naam.split())
    if not naam or len(naam) > MAX_NAAM or not naam.isprintable() or len(vraag) > MAX_VRAAG:
        raise InvoerGeweigerd({"naam": f"Geef de lijst een naam van hoogstens {MAX_NAAM} tekens."})
    db.execute(delete(weergave).where(weergave.c.medewerker == wie, weergave.c.naam == naam))
    aantal = select(func.count()).select_from(weergave).where(weergave.c.medewerker == wie)
    if db.execute(aantal).scalar_one() >= MAX_WEERGAVEN:
        raise InvoerGeweigerd({"naam": f"U bewaart al {MAX_WEERGAVEN} lijsten. Verwijder er eerst een."})
    try:
        db.execute(insert(weergave).values(medewerker=wie, naam=naam, vraag=vraag))
    except IntegrityError:
        raise InvoerGeweigerd({"naam": "Deze naam bewaarde u zojuist al."}) from None


def drop(db: Connection, wie: str, id_: int) -> None:
    """Forget a filter; one of somebody else stays."""
    db.execute(delete(weergave).where(weergave.c.id == id_, weergave.c.medewerker == wie))
