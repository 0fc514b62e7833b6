"""Partners, creditors, wijkservicepunten and the own organisations: a register, no personal data."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, String, Table

from models.base import Nummer, metadata

organisatie = Table(
    "organisatie",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("code", String(32), nullable=False, unique=True),
    Column("naam", String(120), nullable=False),
    Column("soort", String(32), nullable=False),
    Column("is_actief", Boolean, nullable=False, default=True),
    Index("ix_organisatie_soort", "soort"),
)
