"""What changed around the trajecten and who brought it: days, rights, roles, maps, creditors; insert-only."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, String, Table

from models.alleen_erbij import insert_only, together
from models.base import Nummer, metadata

SOORTEN = ("kalender", "rechten", "rollen", "kaart", "schuldeiser")

wijziging = Table(
    "wijziging",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("soort", String(16), nullable=False),
    Column("daad", String(8), nullable=False),
    Column("wat", String(120), nullable=False),
    Column("inhoud", String(400), nullable=False),
    Column("door", String(32)),
    Column("vastgelegd_op", Nummer, nullable=False),
    CheckConstraint("soort IN ('" + "', '".join(SOORTEN) + "')", "soort"),
    CheckConstraint("daad IN ('erbij', 'weg', 'anders')", "daad"),
)
"""`wat`: the ISO day, page, pseudonym, SHA-256 of the map, or code of the creditor; `inhoud`: the decree
that the day stands in, who may use the page, the role, who published the map, or what became of the creditor in words.

Without `door` it was the program.
"""

TRIGGERS = together(insert_only(wijziging))
