"""What changed in the rules around the trajecten and who brought it: days, rights, roles, maps; insert-only."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, String, Table

from models.alleen_erbij import insert_only, together
from models.base import Nummer, metadata

SOORTEN = ("kalender", "rechten", "rollen", "kaart")
DADEN = ("erbij", "weg", "anders")

wijziging = Table(
    "wijziging",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("soort", String(16), nullable=False),
    Column("daad", String(8), nullable=False),
    Column("wat", String(120), nullable=False),
    Column("inhoud", String(200), nullable=False),
    Column("door", String(32)),
    Column("vastgelegd_op", Nummer, nullable=False),
    CheckConstraint("soort IN ('" + "', '".join(SOORTEN) + "')", "soort"),
    CheckConstraint("daad IN ('erbij', 'weg', 'anders')", "daad"),
)
"""`wat`: the ISO day, the page, the pseudonym, or the SHA-256 of the map; `inhoud`: the decree that the day stands in,
who may use the page, the role, or who published the map.

Without `door` it was the program.
"""

TRIGGERS = together(insert_only(wijziging))
