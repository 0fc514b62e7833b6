"""Seals on the log, insert-only: a signed Merkle root, and which row of the log is which leaf.

A leaf gets its number from the seal that first covers it, because the order of `gebeurtenis.id` is not that of commits:
on PostgreSQL a lower id may become visible after a higher one. So does the order of the tree never depend on it.
"""

from __future__ import annotations

from sqlalchemy import DDL, Column, Integer, String, Table, Text, UniqueConstraint, event

from models.alleen_erbij import insert_only, together
from models.base import Nummer, metadata

zegel = Table(
    "zegel",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=False),
    Column("omvang", Nummer, nullable=False),
    Column("wortel", String(64), nullable=False),
    Column("vorige_wortel", String(64)),
    Column("rand", Text, nullable=False),
    Column("gemaakt_op", Nummer, nullable=False),
    Column("rapport_hash", String(64)),
    Column("nieuwe_sleutel", String(80)),
    Column("sleutel", String(8), nullable=False),
    Column("handtekening", String(128), nullable=False),
)
"""`omvang` counts the leaves, `wortel` is the RFC 9162 root over them, `vorige_wortel` that of the seal before it.

`rand` holds the roots of the whole subtrees from left to right, parted by spaces, with which the next seal goes on.
`rapport_hash` is that of the result of a report that was fixed with this seal; `sleutel` names the key as C2SP does.
`nieuwe_sleutel` is a public key that this seal makes known: its own, or the one that signs from the next seal on.
"""

zegelblad = Table(
    "zegelblad",
    metadata,
    Column("blad", Nummer, primary_key=True, autoincrement=False),
    Column("traject_id", Nummer, nullable=False),
    Column("volgnummer", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("traject_id", "volgnummer"),
)
"""A leaf, from 0 without holes; the first seal that is larger covers it.

`hash` is what was sealed: it names the row that does not fit, and proves nothing.
"""

_ZEGEL = insert_only(zegel)
_ZEGELBLAD = insert_only(zegelblad, ("traject_id", "volgnummer"))

# An INSERT+SELECT role may not take the lock itself. SHARE ROW EXCLUSIVE waits for writers and for another seal;
# reading goes on. The search path is fixed, so that no table of somebody else's is taken for ours.
HOUD_SCHRIJVERS = """CREATE OR REPLACE FUNCTION houd_schrijvers() RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN LOCK TABLE gebeurtenis IN SHARE ROW EXCLUSIVE MODE; END $$"""

event.listen(zegel, "after_create", DDL(HOUD_SCHRIJVERS).execute_if(dialect="postgresql"))

TRIGGERS = together(_ZEGEL, _ZEGELBLAD, {"sqlite": (), "postgresql": (HOUD_SCHRIJVERS,)})
