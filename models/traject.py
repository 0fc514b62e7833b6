"""Projection: where each traject stands now. A cache of the log; `routekaart rebuild` makes the same rows."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, func, literal_column

from models.base import Nummer, metadata

traject = Table(
    "traject",
    metadata,
    Column("id", Nummer, ForeignKey("trajectnummer.id"), primary_key=True, autoincrement=False),
    Column("nummer", String(32), nullable=False, unique=True),
    Column("wortel_id", Nummer, nullable=False),
    Column("ouder_id", Nummer),
    Column("route", String(64), nullable=False),
    Column("routekaart", String(64), nullable=False),
    Column("stap", String(64)),
    Column("fase", String(64)),
    Column("is_open", Boolean, nullable=False),
    Column("in_werkvoorraad", Boolean, nullable=False),
    Column("klasse", String(16)),
    Column("gemeente", String(16)),
    Column("behandelaar", String(32)),
    Column("begonnen_op", Integer),
    Column("sinds_op", Integer),
    Column("beeindigd_op", Integer),
    Column("laatste_op", Integer),
    Column("contact_op", Integer),
    Column("vervaldag", Integer),
    Column("termijn", String(64)),
    Column("weg", Text),
    Column("weg_dagen", Text),
    Column("volgnummer", Integer, nullable=False),
    Index("ix_traject_wortel_id", "wortel_id"),
    Index("ix_traject_ouder_id", "ouder_id"),
)
"""`in_werkvoorraad`: open, and not shown within an open parent. `vervaldag`, `termijn`, `laatste_op` and `contact_op`
of such a row are those of the whole family: the term that ends first, the last thing that was done, the last contact
with the client (the day on which it began where there was none). `weg`: the stappen it stood in here, one after
another, its end last; `weg_dagen`: after how many days the next came."""

NOOIT = 99_999
"""Stands for "no term" in the order of the werkvoorraad, so that the index can be used."""

dringend = func.coalesce(traject.c.vervaldag, literal_column(str(NOOIT)))

for _naam, _kolom in (("dringend", dringend), *((k, traject.c[k]) for k in ("sinds_op", "begonnen_op", "contact_op"))):
    Index(f"ix_traject_voorraad_{_naam}", traject.c.in_werkvoorraad, _kolom, traject.c.id)
Index("ix_traject_eigen_dringend", traject.c.in_werkvoorraad, traject.c.behandelaar, dringend, traject.c.id)
