"""The texts beside the log: each is there, opens with its key, and is the one of which the log keeps the digest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from orjson import loads
from sqlalchemy import Connection

from models.database import PLAATS, read_rows
from models.gebeurtenis import Gebeurtenis
from workflow import kluis
from workflow.instellingen import InstellingOntbreekt
from workflow.kluis import Kluis, KluisDicht
from workflow.opdracht import text_digest
from workflow.verificatie.misstand import Misstand
from workflow.verificatie.nummers import ONLEESBAAR

Plaats = tuple[int, int, str]
"""Traject, gebeurtenis and veld."""

MERK = '"toelichting":{'
"""What the content of a row holds when texts go with it."""

_TEKSTEN = (
    "SELECT e.traject_id, e.volgnummer, e.veld, e.tekst, e.zout, d.omhuld FROM trajectnummer t"
    " JOIN toelichting e ON e.traject_id = t.id LEFT JOIN datasleutel d ON d.id = e.datasleutel_id"
    " WHERE t.wortel_id > {p} AND t.wortel_id <= {p}"
)


class Teksten:
    """Compares the texts of a range of families with the log; `is_open` says whether there is a key to open them."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._vraag = _TEKSTEN.format(p=PLAATS[db.dialect.name])
        self._slot = _vault()
        self._unwrap = lru_cache(1_000)(self._slot.unwrap if self._slot else bytes)
        self._gezien = 0

    @property
    def is_open(self) -> bool:
        """Whether texts can be opened here."""
        return self._slot is not None

    def compare(self, logs: Mapping[str, Iterable[Gebeurtenis]], van: int, tot: int) -> Iterator[Misstand]:
        """What does not fit in the texts of these trajecten, by number, of the families with roots in (van, tot]."""
        nummers, moet = _recorded(logs)
        er = read_rows(self._db, self._vraag, (van, tot))
        self._gezien += len(er)
        for traject_id, volgnummer, veld, *rest in er:
            if traject_id in nummers and (zin := self._wrong((traject_id, volgnummer, veld), moet, *rest)):
                yield Misstand("text", nummers[traject_id], f"{zin} ({veld})", volgnummer)
        for (traject_id, volgnummer, veld), _ in sorted(moet.items()):
            yield Misstand("text", nummers[traject_id], f"its text is gone ({veld})", volgnummer)

    def strangers(self) -> Iterator[Misstand]:
        """That there are more texts than trajecten have; to be asked when all families were compared."""
        ((aantal,),) = read_rows(self._db, "SELECT count(*) FROM toelichting")
        if aantal != self._gezien:
            yield Misstand("text", "the texts", f"there are {aantal}, and {self._gezien} of them belong to a traject")

    def _wrong(self, plaats: Plaats, moet: dict[Plaats, str], tekst: Any, zout: Any, omhuld: Any) -> str | None:
        """Why a text is not the one that was recorded; takes its digest out of what there must be."""
        digest = moet.pop(plaats, None)
        if digest is None:
            return "the log knows no such text"
        if self._slot is None:
            return None
        try:
            open_ = kluis.decrypt(self._unwrap(omhuld), tekst, "/".join(map(str, plaats)))
            return None if text_digest(zout, open_) == digest else "its text is not the one that was recorded"
        except (KluisDicht, ValueError, TypeError):
            return "its text cannot be opened"


def _vault() -> Kluis | None:
    try:
        return kluis.current()
    except InstellingOntbreekt:
        return None


def _recorded(logs: Mapping[str, Iterable[Gebeurtenis]]) -> tuple[dict[int, str], dict[Plaats, str]]:
    """The numbers of trajecten by id, and the digest of each text that their logs name."""
    nummers: dict[int, str] = {}
    digests: dict[Plaats, str] = {}
    for nummer, log in logs.items():
        for rij in log:
            nummers[rij.traject_id] = nummer
            if rij.inhoud and MERK in rij.inhoud:
                gevonden = _named_in(rij.inhoud).items()
                digests |= {(rij.traject_id, rij.volgnummer, veld): digest for veld, digest in gevonden}
    return nummers, digests


def _named_in(inhoud: str) -> Mapping[str, str]:
    """The digests in a content by veld; none in one that makes no sense, of which the walk tells."""
    try:
        gevonden = loads(inhoud).get("toelichting")
    except ONLEESBAAR:
        return {}
    return gevonden if isinstance(gevonden, dict) else {}
