"""Every map ever in force, whole; the log refers to it by `sha256`."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

from models.base import Nummer, metadata

routekaartversie = Table(
    "routekaartversie",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("code", String(64), nullable=False),
    Column("versie", String(32), nullable=False),
    Column("status", String(16), nullable=False),
    Column("geldig_vanaf", Integer, nullable=False),
    Column("gepubliceerd_op", Nummer, nullable=False),
    Column("canoniek", Text, nullable=False),
)
