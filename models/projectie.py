"""Projections over time: verblijven, deelnames and kenmerken, each with a twin for what was known earlier.

A row says what is so by today's knowledge, since `bekend_van` (UTC microseconds). A row that a later gebeurtenis
superseded stands in the twin table `..._oud` with `bekend_tot`. What was known at T is the union of both, filtered.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, String, Table

from models.base import Nummer, metadata


def _over_time(naam: str, sleutel: tuple[str, ...], kolommen: dict[str, tuple[Any, bool]]) -> tuple[Table, Table]:
    """The table with today's knowledge and its twin with superseded rows; `kolommen`: name -> (type, may be null)."""

    def columns() -> list[Column[Any]]:
        return [Column(k, soort, nullable=leeg) for k, (soort, leeg) in kolommen.items()]

    bekend_van = Column("bekend_van", Nummer, nullable=False)
    nu = Table(naam, metadata, *columns(), bekend_van, PrimaryKeyConstraint(*sleutel), sqlite_with_rowid=False)
    kolommen_oud = columns()
    oud = Table(
        f"{naam}_oud",
        metadata,
        *kolommen_oud[: len(sleutel)],
        Column("bekend_tot", Nummer, nullable=False),
        *kolommen_oud[len(sleutel) :],
        Column("bekend_van", Nummer, nullable=False),
        PrimaryKeyConstraint(*sleutel, "bekend_tot"),
        sqlite_with_rowid=False,
    )
    return nu, oud


_CODE = String(64)

verblijf, verblijf_oud = _over_time(
    "verblijf",
    ("traject_id", "niveau", "nr"),
    {
        "traject_id": (Nummer, False),
        "niveau": (String(8), False),
        "nr": (Integer, False),
        "route": (_CODE, False),
        "stap": (_CODE, False),
        "fase": (_CODE, True),
        "bezoek": (Integer, False),
        "ingang": (String(16), False),
        "uitgang": (_CODE, True),
        "klasse": (String(16), True),
        "naar": (_CODE, True),
        "reden": (_CODE, True),
        "van_dag": (Integer, False),
        "tot_dag": (Integer, True),
        "van_volgnummer": (Integer, False),
        "tot_volgnummer": (Integer, True),
    },
)
"""One stay. `niveau`: stap, fase (maximal run), regeling or traject; `nr` counts within it, `bezoek` within the place.

`ingang`: start, overgang, splitsing, migratie, import, heropend. `klasse`: door, succes, uitval, neutraal, afwijzing,
splitsing. Half-open in days: a stay ends when the next begins; `tot_dag` is NULL while it is open.
"""

deelname, deelname_oud = _over_time(
    "deelname",
    ("traject_id", "nr"),
    {
        "traject_id": (Nummer, False),
        "nr": (Integer, False),
        "soort": (String(16), False),
        "deelnemer": (String(32), False),
        "van_dag": (Integer, False),
        "tot_dag": (Integer, True),
    },
)
"""A person or an organisation in a traject; `deelnemer` is a pseudonym."""

kenmerk, kenmerk_oud = _over_time(
    "kenmerk",
    ("traject_id", "naam", "nr"),
    {
        "traject_id": (Nummer, False),
        "naam": (_CODE, False),
        "nr": (Integer, False),
        "waarde": (String(64), False),
        "van_dag": (Integer, False),
        "tot_dag": (Integer, True),
    },
)
"""A dimension over time: the answers that the map marks as kenmerk, plus `gemeente` and `behandelaar`."""

Index("ix_deelname_deelnemer", deelname.c.deelnemer)

OVER_TIME = {
    "verblijf": (verblijf, verblijf_oud),
    "deelname": (deelname, deelname_oud),
    "kenmerk": (kenmerk, kenmerk_oud),
}
