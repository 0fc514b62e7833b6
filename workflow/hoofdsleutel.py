"""Whether the master key is that of this database, so that nothing is ever kept under another one.

A database carries a check value: the keyed index of a fixed word, from which nobody finds the key. It comes with `init`
or with the first data key. A database that is older than check values tells by whether its first data key opens.
"""

from __future__ import annotations

import hmac

from sqlalchemy import Connection, inspect, select

from models.database import reading, transaction
from models.instelling import instelling
from models.persoon import datasleutel
from workflow import instellingen, kluis, opslag
from workflow.kluis import Kluis, KluisDicht
from workflow.merken import HOOFDSLEUTEL, mark_of, put_mark

NAAM = "ROUTEKAART_MASTER_KEY"
TERUG = "put back the one that was kept apart from the backups; a new one cannot open what is there"


class SleutelPastNiet(KluisDicht):
    """This database was made with another master key; the message says in English what to do."""


def check(db: Connection) -> None:
    """Raises SleutelPastNiet, and InstellingOntbreekt when there is no key where nothing needs one yet."""
    if is_bound(db) and not instellingen.is_there(NAAM):
        raise SleutelPastNiet(f"the master key of this database is gone ({NAAM}): {TERUG}")
    if not _fits(db, kluis.current()):
        raise SleutelPastNiet(f"{NAAM} is not the key that this database was made with: {TERUG}")


def is_bound(db: Connection) -> bool:
    """Whether the database is made with a master key: it carries a check value, or data keys."""
    return mark_of(db, HOOFDSLEUTEL) is not None or _first_data_key(db) is not None


def _fits(db: Connection, slot: Kluis) -> bool:
    if waarde := mark_of(db, HOOFDSLEUTEL):
        return hmac.compare_digest(waarde, _check_value(slot))
    return _opens(slot, _first_data_key(db))


def _opens(slot: Kluis, omhuld: bytes | None) -> bool:
    try:
        return omhuld is None or bool(slot.unwrap(omhuld))
    except KluisDicht:
        return False


def _check_value(slot: Kluis) -> str:
    return slot.index("hoofdsleutel", "controle")


def _first_data_key(db: Connection) -> bytes | None:
    return db.execute(select(datasleutel.c.omhuld).order_by(datasleutel.c.id).limit(1)).scalar()


def remember(db: Connection) -> None:
    """Keep the check value where there is none yet. Raises what `check` raises."""
    check(db)
    if mark_of(db, HOOFDSLEUTEL) is None:
        put_mark(db, HOOFDSLEUTEL, _check_value(kluis.current()))


def check_before_init(url: str) -> None:
    """Before a key is made for a database that may be there already. Raises SleutelPastNiet."""
    if not _has_tables(url):
        return
    with reading(url) as db:
        if is_bound(db):
            check(db)


def _has_tables(url: str) -> bool:
    bestand = opslag.file_of(url)
    if bestand and not bestand.is_file():
        return False
    with reading(url) as db:
        return {instelling.name, datasleutel.name} <= set(inspect(db).get_table_names())


def adopt(url: str) -> None:
    """Give a database that is older than check values its own, when the key opens what is there."""
    with reading(url) as db:
        is_oud = mark_of(db, HOOFDSLEUTEL) is None and _first_data_key(db) is not None
    if is_oud:
        with transaction(url) as db:
            remember(db)
