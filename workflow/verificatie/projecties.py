"""The projections against what follows from the log: row for row, a range of families at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, select

from models.database import PLAATS, read_rows
from models.projectie import OVER_TIME
from models.traject import traject
from models.trajectnummer import trajectnummer
from workflow.gezin import Gezin
from workflow.projectie import traject_row
from workflow.verificatie.misstand import Misstand
from workflow.verificatie.nummers import ONLEESBAAR, ONZIN

Rij = tuple[Any, ...]
TABELLEN: tuple[Table, ...] = (traject, *(tabel for paar in OVER_TIME.values() for tabel in paar))


class Projecties:
    """Compares the tables with what families give."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._vragen = {tabel: _question(tabel, PLAATS[db.dialect.name]) for tabel in TABELLEN}
        self._gezien = dict.fromkeys(TABELLEN, 0)

    def compare(self, gezinnen: Sequence[Gezin], van: int, tot: int) -> list[Misstand]:
        """Of the families with roots in (van, tot]: the first row of each traject that should be other than it is.

        Trajecten of families that are not given are left out, and those of which the log makes no sense are named.
        """
        heel, verwacht, gevonden = _sorted_out(gezinnen)
        nummers = {verloop.traject_id: verloop.nummer for gezin in heel for verloop in gezin}
        for tabel, vraag in self._vragen.items():
            staat_er, moet = read_rows(self._db, vraag, (van, tot)), verwacht[tabel.name]
            self._gezien[tabel] += len(staat_er)
            if len(staat_er) != len(moet) or not moet.issuperset(staat_er):
                for traject_id, misstand in _differences(tabel.name, staat_er, moet, nummers):
                    gevonden.setdefault(traject_id, misstand)
        return [gevonden[traject_id] for traject_id in sorted(gevonden)]

    def strangers(self) -> Iterator[Misstand]:
        """Rows about a traject that no family has; to be asked when all families were compared."""
        for tabel, gezien in self._gezien.items():
            if self._db.execute(select(func.count()).select_from(tabel)).scalar_one() != gezien:
                yield from self._strangers_in(tabel)

    def _strangers_in(self, tabel: Table) -> Iterator[Misstand]:
        wie = tabel.columns[0]
        vreemd = select(wie).where(wie.not_in(select(trajectnummer.c.id))).order_by(wie).limit(1)
        for traject_id in self._db.execute(vreemd).scalars():
            yield Misstand("projection", f"traject {traject_id}", f"{tabel.name} knows it and the log does not")


def _question(tabel: Table, teken: str) -> str:
    kolommen = ", ".join(f"p.{kolom.name}" for kolom in tabel.columns)
    return (
        f"SELECT {kolommen} FROM trajectnummer t JOIN {tabel.name} p ON p.{tabel.columns[0].name} = t.id"  # noqa: S608
        f" WHERE t.wortel_id > {teken} AND t.wortel_id <= {teken}"
    )


def _sorted_out(gezinnen: Sequence[Gezin]) -> tuple[Sequence[Gezin], dict[str, set[Rij]], dict[int, Misstand]]:
    """The families of which the log says what rows can hold, those rows, and what is wrong with the other families."""
    try:
        return gezinnen, _expected(gezinnen), {}
    except ONLEESBAAR:
        heel = [gezin for gezin in gezinnen if _has_rows(gezin)]
        eersten = [next(iter(gezin)) for gezin in gezinnen if gezin not in heel]
        onzin = {een.traject_id: Misstand("walk", een.nummer, ONZIN, een.log[-1].volgnummer) for een in eersten}
        return heel, _expected(heel), onzin


def _has_rows(gezin: Gezin) -> bool:
    try:
        return bool(_expected([gezin]))
    except ONLEESBAAR:
        return False


def _expected(gezinnen: Sequence[Gezin]) -> dict[str, set[Rij]]:
    rijen: dict[str, set[Rij]] = {tabel.name: set() for tabel in TABELLEN}
    for gezin in gezinnen:
        for verloop in gezin:
            rijen["traject"].add(traject_row(gezin, verloop))
            for naam, deel in verloop.rijen.items():
                rijen[naam].update(deel.whole)
                rijen[f"{naam}_oud"].update(deel.oud)
    return rijen


def _differences(
    naam: str, staat_er: Sequence[Rij], moet: set[Rij], nummers: dict[int, str]
) -> Iterator[tuple[int, Misstand]]:
    er = set(staat_er)
    for rij in sorted(er ^ moet, key=repr):
        if rij[0] in nummers:
            zin = f"a row of {naam} {'does not follow from the log' if rij in er else 'is missing'}"
            yield rij[0], Misstand("projection", nummers[rij[0]], zin)
