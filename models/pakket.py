"""Parcels for the auditor that were made: which log left the house, when, and by whom. Insert-only."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table

from models.alleen_erbij import insert_only, together
from models.base import Nummer, metadata

pakket = Table(
    "pakket",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("zegel_id", Nummer, ForeignKey("zegel.id"), nullable=False),
    Column("door", String(32), nullable=False),
    Column("gemaakt_op", Nummer, nullable=False),
)

TRIGGERS = together(insert_only(pakket))
