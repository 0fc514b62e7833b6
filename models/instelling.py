"""What a beheerder keeps: days that a royal decree equates with a holiday, and marks of this database."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from models.base import metadata

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
