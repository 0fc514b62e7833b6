"""What a coordinator says beside the figures: norms and targets, breaks in a series, comments. No personal data.

Nothing is overwritten: the last row about something counts, and an empty one takes it away.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Float, Integer, String, Table

from models.base import Nummer, metadata

SOORTEN = ("norm", "streefwaarde")
MAX_OPMERKING = 1000
MAX_BREUK = 200

streefwaarde = Table(
    "streefwaarde",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("indicator", String(64), nullable=False),
    Column("maat", String(64), nullable=False),
    Column("jaar", Integer, nullable=False),
    Column("soort", String(16), nullable=False),
    Column("waarde", Float),
    Column("door", String(32), nullable=False),
    Column("vastgelegd_op", Nummer, nullable=False),
    CheckConstraint("soort IN ('norm', 'streefwaarde')", "soort"),
)

reeksbreuk = Table(
    "reeksbreuk",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("indicator", String(64)),
    Column("dag", Integer, nullable=False),
    Column("tekst", String(MAX_BREUK), nullable=False),
    Column("door", String(32), nullable=False),
    Column("vastgelegd_op", Nummer, nullable=False),
)
"""Figures from before and after this day cannot be compared; without an indicator, of all of them."""

indicatoropmerking = Table(
    "indicatoropmerking",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("indicator", String(64), nullable=False),
    Column("jaar", Integer, nullable=False),
    Column("tekst", String(MAX_OPMERKING), nullable=False),
    Column("door", String(32), nullable=False),
    Column("vastgelegd_op", Nummer, nullable=False),
)
