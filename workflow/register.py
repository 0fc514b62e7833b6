"""The register of organisations, read in one go: what they are called, of which kind, and whether they are open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, select

from models.organisatie import organisatie


class Organisatie(NamedTuple):
    """An organisation of the register."""

    naam: str
    soort: str
    is_actief: bool


Register = Mapping[str, Organisatie]
"""Code -> organisation, in order of name; those that were closed since too."""


def read_register(db: Connection) -> Register:
    """The whole register; one statement."""
    o = organisatie.c
    rijen = db.execute(select(o.code, o.naam, o.soort, o.is_actief).order_by(o.naam))
    return {code: Organisatie(naam, soort, is_actief) for code, naam, soort, is_actief in rijen}


def name_in(register: Register, code: str) -> str:
    """What an organisation is called; its code when the register does not know it."""
    return register[code].naam if code in register else code
