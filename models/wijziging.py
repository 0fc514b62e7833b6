"""What changed in the rules around the trajecten, beside the map: equated days and rights; insert-only."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, String, Table

from models.alleen_erbij import insert_only, together
from models.base import Nummer, metadata

SOORTEN = ("kalender", "rechten")
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
    CheckConstraint("soort IN ('kalender', 'rechten')", "soort"),
    CheckConstraint("daad IN ('erbij', 'weg', 'anders')", "daad"),
)
"""`wat`: the ISO day, or the page; `inhoud`: the decree that it stands in, or who may use it.

Without `door` it was the program.
"""

TRIGGERS = together(insert_only(wijziging))
