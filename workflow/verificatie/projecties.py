"""The projections against what follows from the log: row for row, a range of families at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table

from models.database import PLAATS, read_rows
from models.projectie import OVER_TIME
from models.traject import traject
from workflow.gezin import Gezin
from workflow.projectie import traject_row
from workflow.verificatie.misstand import Misstand

Rij = tuple[Any, ...]
TABELLEN: tuple[Table, ...] = (traject, *(tabel for paar in OVER_TIME.values() for tabel in paar))


class Projecties:
    """Compares the tables with what families give."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._vragen = {tabel.name: _question(tabel, PLAATS[db.dialect.name]) for tabel in TABELLEN}

    def compare(self, gezinnen: Sequence[Gezin], van: int, tot: int) -> list[Misstand]:
        """Of the families with roots in (van, tot]: the first row of each traject that should be other than it is.

        Trajecten of families that are not given are left out.
        """
        nummers = {verloop.traject_id: verloop.nummer for gezin in gezinnen for verloop in gezin}
        verwacht = _expected(gezinnen)
        gevonden: dict[int, Misstand] = {}
        for naam, vraag in self._vragen.items():
            staat_er = read_rows(self._db, vraag, (van, tot))
            if len(staat_er) != len(verwacht[naam]) or not set(verwacht[naam]).issuperset(staat_er):
                for traject_id, misstand in _differences(naam, staat_er, verwacht[naam], nummers):
                    gevonden.setdefault(traject_id, misstand)
        return [gevonden[traject_id] for traject_id in sorted(gevonden)]

    def strangers(self) -> Iterator[Misstand]:
        """Rows about a traject that has no gebeurtenis."""
        for tabel in TABELLEN:
            eigen = tabel.columns[0].name
            vraag = (
                f"SELECT {eigen} FROM {tabel.name} p WHERE NOT EXISTS"  # noqa: S608
                f" (SELECT 1 FROM gebeurtenis g WHERE g.traject_id = p.{eigen}) ORDER BY {eigen} LIMIT 1"
            )
            for (traject_id,) in read_rows(self._db, vraag):
                yield Misstand("projection", f"traject {traject_id}", f"{tabel.name} knows it and the log does not")


def _question(tabel: Table, teken: str) -> str:
    kolommen = ", ".join(f"p.{kolom.name}" for kolom in tabel.columns)
    return (
        f"SELECT {kolommen} FROM trajectnummer t JOIN {tabel.name} p ON p.{tabel.columns[0].name} = t.id"  # noqa: S608
        f" WHERE t.wortel_id > {teken} AND t.wortel_id <= {teken}"
    )


def _expected(gezinnen: Sequence[Gezin]) -> dict[str, list[Rij]]:
    rijen: dict[str, list[Rij]] = {tabel.name: [] for tabel in TABELLEN}
    for gezin in gezinnen:
        for verloop in gezin:
            rijen["traject"].append(traject_row(gezin, verloop))
            for naam, deel in verloop.rijen.items():
                rijen[naam].extend(deel.nu.values())
                rijen[f"{naam}_oud"].extend(deel.oud)
    return rijen


def _differences(
    naam: str, staat_er: Sequence[Rij], verwacht: Sequence[Rij], nummers: dict[int, str]
) -> Iterator[tuple[int, Misstand]]:
    er, moet = set(staat_er), set(verwacht)
    for rij in sorted(er ^ moet, key=repr):
        if rij[0] in nummers:
            zin = f"a row of {naam} {'does not follow from the log' if rij in er else 'is missing'}"
            yield rij[0], Misstand("projection", nummers[rij[0]], zin)
