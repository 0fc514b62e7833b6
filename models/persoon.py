"""The only personal data: encrypted per person, found through keyed indexes, never in the log.

The log knows a person by `pseudoniem`, a random number. `gegevens` is AES-256-GCM under the person's own key, which
stands wrapped in `datasleutel`; removing that row makes the data unreadable for good. `zoekterm` holds keyed hashes of
normalised name tokens and their prefixes. `persoonswijziging` is the history of a person: who changed which velden
when, and under the same key what was known before.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, PrimaryKeyConstraint, String, Table

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

persoonswijziging = Table(
    "persoonswijziging",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("persoon_id", Nummer, ForeignKey("persoon.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("soort", String(16), nullable=False),
    Column("velden", String(800), nullable=False),
    Column("betreft", String(32)),
    Column("reden", String(32)),
    Column("was", LargeBinary),
    Column("door", String(32)),
    Column("vastgelegd_op", Nummer, nullable=False),
    CheckConstraint("soort IN ('gegevens', 'samenvoeging', 'losgemaakt', 'getoond')", "soort"),
)
"""`velden` are codes; `betreft` is the pseudonym that was merged or taken apart; `was` the data before, encrypted."""
