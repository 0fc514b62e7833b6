"""Filters of the werkvoorraad that somebody keeps under a name of their own, encrypted: who types a name types any."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table

from models.base import Nummer, metadata

MAX_NAAM = 60
MAX_VRAAG = 400

weergave = Table(
    "weergave",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("medewerker", String(32), nullable=False, index=True),
    Column("datasleutel_id", Nummer, ForeignKey("datasleutel.id"), nullable=False),
    Column("inhoud", LargeBinary, nullable=False),
)
"""`inhoud`: the name, and what stands in the address after the question mark, never a search: that may hold a name."""
