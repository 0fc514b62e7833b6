"""Secret addresses under which a calendar program reads somebody's appointments; only a digest of each is kept."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table

from models.base import Nummer, metadata

agendaadres = Table(
    "agendaadres",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("wie", String(32), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("gemaakt_op", Nummer, nullable=False),
    Column("ingetrokken_op", Nummer),
    Index("ix_agendaadres_wie", "wie"),
)
"""One that was withdrawn is kept, so that its holder is known; it opens nothing any more."""
