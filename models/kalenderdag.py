"""Every day with its year, quarter, month and text, so that periods come by a join and by no engine's date function."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Column, Connection, Integer, String, Table, event

from models.base import metadata

EERSTE, LAATSTE = date(2000, 1, 1), date(2059, 12, 31)
_EPOCH = date(1970, 1, 1).toordinal()

kalenderdag = Table(
    "kalenderdag",
    metadata,
    Column("dag", Integer, primary_key=True, autoincrement=False),
    Column("jaar", String(4), nullable=False),
    Column("kwartaal", String(7), nullable=False),
    Column("maand", String(7), nullable=False),
    Column("datum", String(10), nullable=False),
)


def days() -> Iterator[dict[str, Any]]:
    """The rows: one for each day from EERSTE to LAATSTE."""
    for ordinaal in range(EERSTE.toordinal(), LAATSTE.toordinal() + 1):
        datum = date.fromordinal(ordinaal)
        yield {
            "dag": ordinaal - _EPOCH,
            "jaar": f"{datum.year}",
            "kwartaal": f"{datum.year}-K{(datum.month + 2) // 3}",
            "maand": f"{datum.year}-{datum.month:02}",
            "datum": datum.isoformat(),
        }


def _fill(_tabel: Table, db: Connection, **_rest: Any) -> None:
    db.execute(kalenderdag.insert(), list(days()))


event.listen(kalenderdag, "after_create", _fill)
