"""Trajecten that change desks together: for good or until a day, and given back in one go. No personal data.

The log has a row of each hand-over; here stands which of them belong together, and what is planned: until when.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table

from models.base import Nummer, metadata

vervanging = Table(
    "vervanging",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("nummer", String(32), nullable=False, unique=True),
    Column("reden", String(64), nullable=False),
    Column("tot_met_dag", Integer),
    Column("door", String(32), nullable=False),
    Column("gemaakt_op", Nummer, nullable=False),
    Column("teruggegeven_door", String(32)),
    Column("teruggegeven_op", Nummer),
)
"""`nummer` is the idempotency key of the form; without `tot_met_dag` the hand-over is for good."""

vervangen = Table(
    "vervangen",
    metadata,
    Column("vervanging_id", Nummer, ForeignKey("vervanging.id"), nullable=False),
    Column("traject_id", Nummer, ForeignKey("trajectnummer.id"), nullable=False),
    Column("van", String(32)),
    Column("naar", String(32)),
    PrimaryKeyConstraint("vervanging_id", "traject_id"),
    Index("ix_vervangen_traject_id", "traject_id"),
)
"""Which trajecten, whose they were (None: of the team) and who took them over."""
