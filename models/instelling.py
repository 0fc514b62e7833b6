"""What a beheerder keeps: days that a royal decree equates with a holiday, dated settings, marks of this database."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from models.alleen_erbij import insert_only, together
from models.base import Nummer, metadata

gelijkgestelde_dag = Table(
    "gelijkgestelde_dag",
    metadata,
    Column("dag", Integer, primary_key=True, autoincrement=False),
    Column("bron", String(200), nullable=False),
)

instelling = Table(
    "instelling",
    metadata,
    Column("naam", String(64), primary_key=True),
    Column("waarde", String(200), nullable=False),
)

dagstelling = Table(
    "dagstelling",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("naam", String(64), nullable=False),
    Column("waarde", Integer, nullable=False),
    Column("vanaf_dag", Integer, nullable=False),
    Column("door", String(32), nullable=False),
    Column("vastgelegd_op", Nummer, nullable=False),
)
"""A setting that counts from a day on; of the rows whose day has come the latest counts, and of one day the last."""

TRIGGERS = together(insert_only(dagstelling))
