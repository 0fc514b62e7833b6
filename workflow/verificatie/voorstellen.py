"""Four eyes: what the log says was proposed and confirmed by two against the proposals and decisions beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from orjson import loads
from sqlalchemy import Connection

from models.database import PLAATS, read_rows
from workflow import voorstellen
from workflow.kluis import KluisDicht
from workflow.verificatie.misstand import Misstand
from workflow.verificatie.nummers import ONLEESBAAR

_VOORSTELLEN = (
    "SELECT v.id, t.nummer, v.door, v.voorgesteld_op, b.uitkomst, b.volgnummer FROM correctievoorstel v"
    " LEFT JOIN trajectnummer t ON t.id = v.traject_id LEFT JOIN correctiebesluit b ON b.id = v.id ORDER BY v.id"
)
_IN_LOG = (
    "SELECT t.nummer, g.volgnummer, g.inhoud FROM gebeurtenis g JOIN trajectnummer t ON t.id = g.traject_id"
    " WHERE g.inhoud LIKE {p} ORDER BY g.traject_id, g.volgnummer"
)
MERK = '%"voorgesteld":{%'


class Bewaard(NamedTuple):
    """A proposal as it is kept, and what was decided about it."""

    id: int
    nummer: str | None
    door: str
    op: int
    uitkomst: str | None
    volgnummer: int | None


def check(db: Connection, is_open: bool) -> Iterator[Misstand]:
    """What does not fit in proposals and decisions; `is_open`: whether there is a key to open proposals with."""
    bewaard = {een.id: een for een in map(Bewaard._make, read_rows(db, _VOORSTELLEN))}
    gemaakt = set()
    for nummer, volgnummer, gezegd in _told(db):
        een = bewaard.get(gezegd["voorstel"]) if isinstance(gezegd["voorstel"], int) else None
        gemaakt.add((nummer, volgnummer))
        if een is None or not _is_told(een, gezegd):
            zin = f"two made it by proposal {gezegd['voorstel']}, and that one says otherwise or is gone"
            yield Misstand("proposal", nummer, zin, volgnummer)
    for ander in bewaard.values():
        if fout := _wrong(db, ander, gemaakt, is_open):
            yield Misstand("proposal", f"proposal {ander.id}", fout)


def _told(db: Connection) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    """What the log says of proposals; rows that make no sense are told elsewhere."""
    for nummer, volgnummer, inhoud in read_rows(db, _IN_LOG.format(p=PLAATS[db.dialect.name]), (MERK,)):
        try:
            gezegd = loads(inhoud)["voorgesteld"]
            if gezegd.get("voorstel"):
                yield nummer, volgnummer, gezegd
        except ONLEESBAAR:
            continue


def _is_told(een: Bewaard, gezegd: Mapping[str, Any]) -> bool:
    return (een.door, een.op, een.uitkomst) == (gezegd.get("door"), gezegd.get("op"), "bevestigd")


def _wrong(db: Connection, een: Bewaard, gemaakt: set[tuple[str, int]], is_open: bool) -> str | None:
    if een.uitkomst == "bevestigd" and (een.nummer, een.volgnummer) not in gemaakt:
        return "it was confirmed, and the log knows nothing of it"
    if is_open and not _opens(db, een.id):
        return "it does not open: it is not as it was proposed"
    return None


def _opens(db: Connection, id_: int) -> bool:
    try:
        return not voorstellen.is_copy(db, id_) and voorstellen.find(db, id_).id == id_
    except (KluisDicht, LookupError, *ONLEESBAAR):
        return False
