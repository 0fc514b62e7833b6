"""Projections over time: verblijven, deelnames, kenmerken, mijlpalen, opgaven; each with a twin for what was known.

A row says what is so by today's knowledge, since `bekend_van` (UTC microseconds); its end is known since
`eind_bekend_van`. A row that a correction superseded stands in the twin table `..._oud` with `bekend_tot`. What was
known at T is the union of both, filtered, without the ends that were not known yet.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, PrimaryKeyConstraint, String, Table

from models.base import Nummer, metadata


def _over_time(
    naam: str, sleutel: tuple[str, ...], begin: dict[str, tuple[Any, bool]], einde: dict[str, Any]
) -> tuple[Table, Table]:
    """The table with today's knowledge and its twin with superseded rows.

    `begin`: name -> (type, may be null), the primary key first; `einde`: what is filled when the row ends.
    """

    def columns() -> list[Column[Any]]:
        return [
            *(Column(k, soort, nullable=leeg) for k, (soort, leeg) in begin.items()),
            Column("bekend_van", Nummer, nullable=False),
            *(Column(k, soort, nullable=True) for k, soort in einde.items()),
            Column("eind_bekend_van", Nummer, nullable=True),
        ]

    nu = Table(naam, metadata, *columns(), PrimaryKeyConstraint(*sleutel), sqlite_with_rowid=False)
    kolommen = columns()
    oud = Table(
        f"{naam}_oud",
        metadata,
        *kolommen[: len(sleutel)],
        Column("bekend_tot", Nummer, nullable=False),
        *kolommen[len(sleutel) :],
        PrimaryKeyConstraint(*sleutel, "bekend_tot"),
        sqlite_with_rowid=False,
    )
    EINDEN[naam] = tuple(einde)
    return nu, oud


EINDEN: dict[str, tuple[str, ...]] = {}
"""Table -> the columns that are filled when a row ends; the first of them is never empty then."""

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
        "gemeente": (String(16), True),
        "van_dag": (Integer, False),
        "van_volgnummer": (Integer, False),
    },
    {
        "uitgang": _CODE,
        "klasse": String(16),
        "naar": _CODE,
        "reden": _CODE,
        "tot_dag": Integer,
        "tot_volgnummer": Integer,
    },
)
"""One stay. `niveau`: stap, fase (maximal run), regeling or traject; `nr` counts within it, `bezoek` within the place.

`ingang`: start, overgang, splitsing, migratie, import, heropend. `klasse`: door, succes, uitval, neutraal, afwijzing,
splitsing. `gemeente` is the one at entry. Half-open in days: a stay ends when the next begins; `tot_dag` is NULL while
it is open.
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
    },
    {"tot_dag": Integer},
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
    },
    {"tot_dag": Integer},
)
"""A dimension over time: the answers that the map marks as kenmerk, plus `gemeente` and `behandelaar`."""

mijlpaal, mijlpaal_oud = _over_time(
    "mijlpaal",
    ("traject_id", "nr"),
    {
        "traject_id": (Nummer, False),
        "nr": (Integer, False),
        "naam": (_CODE, False),
        "stap": (_CODE, True),
        "gemeente": (String(16), True),
        "dag": (Integer, False),
        "volgnummer": (Integer, False),
        "genoemde_dag": (Integer, True),
    },
    {},
)
"""A moment that figures look for, by the label `mijlpaal` of an overgang. `stap` is where the traject stood after it.

`genoemde_dag` is the answer to the veld that the label `mijlpaal_veld` names: the day that was offered, for example.
"""

opgave, opgave_oud = _over_time(
    "opgave",
    ("traject_id", "nr"),
    {
        "traject_id": (Nummer, False),
        "nr": (Integer, False),
        "indicator": (_CODE, False),
        "reeks": (_CODE, False),
        "plaats": (_CODE, False),
        "opgever": (String(32), True),
        "gemeente": (String(16), True),
        "van_dag": (Integer, False),
        "tot_dag": (Integer, False),
        "aantal": (Integer, False),
        "is_historisch": (Boolean, False),
    },
    {},
)
"""A line of a partner's report: how many, in which place, over [van_dag, tot_dag). Gone when the report was withdrawn.

What has no row was not reported; a row with 0 says that there was nobody.
"""

Index("ix_deelname_deelnemer", deelname.c.deelnemer)
Index("ix_opgave_indicator", opgave.c.indicator, opgave.c.opgever)

OVER_TIME = {
    "verblijf": (verblijf, verblijf_oud),
    "deelname": (deelname, deelname_oud),
    "kenmerk": (kenmerk, kenmerk_oud),
    "mijlpaal": (mijlpaal, mijlpaal_oud),
    "opgave": (opgave, opgave_oud),
}
