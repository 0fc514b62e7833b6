"""Users with their role, and their sessions, which can be ended from the server at once."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table

from models.base import Nummer, metadata

medewerker = Table(
    "medewerker",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("pseudoniem", String(32), nullable=False, unique=True),
    Column("inlognaam", String(120), nullable=False, unique=True),
    Column("naam", String(120), nullable=False),
    Column("rol", String(16), nullable=False),
    Column("organisatie", String(32), ForeignKey("organisatie.code"), nullable=False),
    Column("wachtwoord", String(200), nullable=False),
    Column("is_actief", Boolean, nullable=False, default=True),
    Column("mislukt", Integer, nullable=False, default=0),
    Column("geblokkeerd_tot", Nummer),
)

sessie = Table(
    "sessie",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("medewerker_id", Nummer, ForeignKey("medewerker.id", ondelete="CASCADE"), nullable=False),
    Column("begonnen_op", Nummer, nullable=False),
    Column("gezien_op", Nummer, nullable=False),
    Index("ix_sessie_medewerker_id", "medewerker_id"),
)
