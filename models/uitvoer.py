"""What was taken out of the program as a file or on paper, by whom and when; insert-only. No name, no content."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table

from models.alleen_erbij import insert_only, together
from models.base import Nummer, metadata

SOORTEN = ("werkvoorraad", "schulden", "dossier", "brief", "stuk", "levering")

uitvoer = Table(
    "uitvoer",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("soort", String(16), nullable=False),
    Column("vorm", String(8), nullable=False),
    Column("betreft", String(32)),
    Column("aantal", Integer, nullable=False),
    Column("wie", String(32), nullable=False),
    Column("vastgelegd_op", Nummer, nullable=False),
    CheckConstraint("soort IN ('" + "', '".join(SOORTEN) + "')", "soort"),
    Index("ix_uitvoer_wie", "wie", "id"),
)
"""`vorm`: csv, xlsx, pdf and so on; `betreft`: the number of the dossier, where it was about one; `aantal`: how many
rows (or files, or trajecten) it held; `wie`: the pseudonym of the medewerker."""

TRIGGERS = together(insert_only(uitvoer))
