"""Identity of a traject: insert-only and no projection, so that log, notes and access log may refer to it.

The *family* is a root traject and all that hangs on it; `wortel_id` names the root. It is the unit of locking.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table

from models.base import Nummer, metadata

trajectnummer = Table(
    "trajectnummer",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=False),
    Column("nummer", String(32), nullable=False, unique=True),
    Column("wortel_id", Nummer, nullable=False),
    Index("ix_trajectnummer_wortel_id", "wortel_id"),
)
