"""Filters of the werkvoorraad that somebody keeps under a name of their own; no personal data."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, UniqueConstraint

from models.base import Nummer, metadata

MAX_NAAM = 60
MAX_VRAAG = 400

weergave = Table(
    "weergave",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("medewerker", String(32), nullable=False),
    Column("naam", String(MAX_NAAM), nullable=False),
    Column("vraag", String(MAX_VRAAG), nullable=False),
    UniqueConstraint("medewerker", "naam"),
)
"""`vraag` is what stands in the address after the question mark, never a search: that may hold a name."""
