"""Creditors, a register of organisations; and the debts of a traject, encrypted under its data key.

How far a debt is (asked, answered, agreed) stands in the log, by its number. Each change of a debt is a row with the
next `versie`: earlier ones are kept, as the log is, and of two people who change one debt at once the second is told.
The register is none of a client: what it says of an organisation is replaced.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table, UniqueConstraint

from models.alleen_erbij import insert_only
from models.base import Nummer, metadata

schuldeiser = Table(
    "schuldeiser",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("code", String(32), nullable=False, unique=True),
    Column("naam", String(120), nullable=False),
    Column("soort", String(16), nullable=False),
    Column("is_zakelijk", Boolean, nullable=False, default=False),
    Column("kvknummer", String(8), nullable=False, default=""),
    Column("adres", String(120), nullable=False, default=""),
    Column("postcode", String(8), nullable=False, default=""),
    Column("plaats", String(80), nullable=False, default=""),
    Column("telefoon", String(20), nullable=False, default=""),
    Column("email", String(120), nullable=False, default=""),
    Column("is_gemeente", Boolean, nullable=False, default=False),
    Column("is_actief", Boolean, nullable=False, default=True),
    Column("is_voorstel", Boolean, nullable=False, default=False),
    Column("samengevoegd_met", String(32)),
)
"""Organisations only, never a private person. `is_zakelijk`: what it claims is as a rule a debt of a business;
`is_gemeente`: the municipality itself; `is_voorstel`: proposed while debts were entered, and not looked at yet."""

schuld = Table(
    "schuld",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("traject_id", Nummer, ForeignKey("trajectnummer.id"), nullable=False),
    Column("nummer", Integer, nullable=False),
    Column("versie", Integer, nullable=False),
    Column("datasleutel_id", Nummer, ForeignKey("datasleutel.id"), nullable=False),
    Column("gegevens", LargeBinary, nullable=False),
    Column("door", String(32), nullable=False),
    Column("vastgelegd_op", Nummer, nullable=False),
    UniqueConstraint("traject_id", "nummer", "versie"),
)
"""`nummer` counts from 1 in each traject; by it the log says how far the debt is."""

_VERNIETIGD = "EXISTS (SELECT 1 FROM gebeurtenis v WHERE v.traject_id = OLD.traject_id AND v.soort = 'vernietiging')"

TRIGGERS = insert_only(schuld, ("traject_id", "nummer", "versie"), mag_weg=_VERNIETIGD)
