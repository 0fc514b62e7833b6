"""Shielded dossiers: which family (root traject) is out of whose sight, and who opened one all the same; insert-only.

`alleen`: only for the behandelaar and the named medewerkers. `niet`: for everybody but the named medewerkers, because a
relative of the client works here. Reasons are codes; no name of a client stands here.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table

from models.alleen_erbij import insert_only, together
from models.base import Nummer, metadata

afscherming = Table(
    "afscherming",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("wortel_id", Nummer, ForeignKey("trajectnummer.id"), nullable=False, index=True),
    Column("soort", String(8), nullable=False),
    Column("reden", String(32), nullable=False),
    Column("tot_dag", Integer),
    Column("volgt_op", Nummer, ForeignKey("afscherming.id")),
    Column("door", String(32), nullable=False),
    Column("vastgelegd_op", Nummer, nullable=False),
    CheckConstraint("soort IN ('alleen', 'niet')", "soort"),
)
"""`tot_dag`: the first day on which it does not hold; `volgt_op`: the shield of the family that this one came from."""

afscherming_lid = Table(
    "afscherming_lid",
    metadata,
    Column("afscherming_id", Nummer, ForeignKey("afscherming.id"), nullable=False),
    Column("medewerker", String(32), nullable=False),
    PrimaryKeyConstraint("afscherming_id", "medewerker"),
)

afscherming_einde = Table(
    "afscherming_einde",
    metadata,
    Column("id", Nummer, ForeignKey("afscherming.id"), primary_key=True, autoincrement=False),
    Column("reden", String(32), nullable=False),
    Column("door", String(32), nullable=False),
    Column("vastgelegd_op", Nummer, nullable=False),
)

inzage = Table(
    "inzage",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("wortel_id", Nummer, ForeignKey("trajectnummer.id"), nullable=False),
    Column("medewerker", String(32), nullable=False),
    Column("reden", String(32), nullable=False),
    Column("vastgelegd_op", Nummer, nullable=False),
    Column("tot", Nummer, nullable=False),
    Index("ix_inzage_wortel_id", "wortel_id"),
)
"""An auditor who opened a shielded dossier with a reason, until `tot` (UTC microseconds)."""

TRIGGERS = together(
    insert_only(afscherming), insert_only(afscherming_lid), insert_only(afscherming_einde), insert_only(inzage)
)
