"""Marks that a database carries about itself: that it is a demo, and under which master key it was made."""

from __future__ import annotations

from sqlalchemy import Connection, select, text

from models.instelling import instelling

DEMO = "demo"
HOOFDSLEUTEL = "hoofdsleutel"


def mark_of(db: Connection, naam: str) -> str | None:
    """What a mark says; None when the database does not carry it."""
    return db.execute(select(instelling.c.waarde).where(instelling.c.naam == naam)).scalar()


def is_demo(db: Connection) -> bool:
    """Whether the database holds the demo caseload, with accounts whose password everybody may know."""
    return mark_of(db, DEMO) == "ja"


def put_mark(db: Connection, naam: str, waarde: str) -> None:
    """Put a mark; one that is there stays as it is, also when somebody else is putting it at this moment."""
    opdracht = "INSERT INTO instelling (naam, waarde) VALUES (:naam, :waarde) ON CONFLICT (naam) DO NOTHING"
    db.execute(text(opdracht), {"naam": naam, "waarde": waarde})
