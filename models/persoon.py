"""The only personal data: encrypted per person, found through keyed indexes, never in the log.

The log knows a person by `pseudoniem`, a random number. `gegevens` is AES-256-GCM under the person's own key, which
stands wrapped in `datasleutel`; removing that row makes the data unreadable for good. `zoekterm` holds keyed hashes of
normalised name tokens and their prefixes.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, PrimaryKeyConstraint, String, Table

from models.base import Nummer, metadata

datasleutel = Table(
    "datasleutel",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("omhuld", LargeBinary, nullable=False),
)

persoon = Table(
    "persoon",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("pseudoniem", String(32), nullable=False, unique=True),
    Column("datasleutel_id", Nummer, ForeignKey("datasleutel.id"), nullable=False),
    Column("gegevens", LargeBinary, nullable=False),
    Column("bsn_index", String(64), unique=True),
    Column("geboorte_index", String(64), index=True),
    Column("samengevoegd_met", String(32)),
)

zoekterm = Table(
    "zoekterm",
    metadata,
    Column("term", String(32), nullable=False),
    Column("persoon_id", Nummer, ForeignKey("persoon.id", ondelete="CASCADE"), nullable=False),
    PrimaryKeyConstraint("term", "persoon_id"),
    Index("ix_zoekterm_persoon_id", "persoon_id"),
)
