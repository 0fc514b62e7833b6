"""Corrections that wait for a second person, and what was decided about them: both insert-only, beside the log.

What is proposed may hold free text, so it is encrypted, under the key that the texts of its traject are under.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, LargeBinary, String, Table

from models.alleen_erbij import insert_only, together
from models.base import Nummer, metadata

SOORTEN = ("intrekking", "verbetering", "tussenvoeging")
UITKOMSTEN = ("bevestigd", "verworpen", "teruggenomen", "vervallen")

correctievoorstel = Table(
    "correctievoorstel",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("traject_id", Nummer, ForeignKey("trajectnummer.id"), nullable=False, index=True),
    Column("soort", String(16), nullable=False),
    Column("betreft_volgnummer", Integer),
    Column("dag", Integer, nullable=False),
    Column("waarom", String(200), nullable=False),
    Column("datasleutel_id", Nummer, ForeignKey("datasleutel.id"), nullable=False),
    Column("inhoud", LargeBinary, nullable=False),
    Column("door", String(32), nullable=False),
    Column("rol", String(16), nullable=False),
    Column("organisatie", String(32), nullable=False),
    Column("voorgesteld_op", Nummer, nullable=False),
    Column("sleutel", String(64), unique=True),
    CheckConstraint("soort IN ('" + "', '".join(SOORTEN) + "')", "soort"),
)
"""`dag` is that of the fact; `waarom` says in Dutch why one person may not do it alone."""

correctiebesluit = Table(
    "correctiebesluit",
    metadata,
    Column("id", Nummer, ForeignKey("correctievoorstel.id"), primary_key=True, autoincrement=False),
    Column("uitkomst", String(16), nullable=False),
    Column("toelichting", LargeBinary),
    Column("volgnummer", Integer),
    Column("door", String(32), nullable=False),
    Column("rol", String(16), nullable=False),
    Column("besloten_op", Nummer, nullable=False),
    CheckConstraint("uitkomst IN ('" + "', '".join(UITKOMSTEN) + "')", "uitkomst"),
)
"""At most one for each proposal; `volgnummer` is the row that it led to, `toelichting` the reason, encrypted."""

TRIGGERS = together(insert_only(correctievoorstel), insert_only(correctiebesluit))
