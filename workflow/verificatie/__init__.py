"""Verify: is what stands here what was recorded? Chains, seals, walks, maps, texts and projections, worked out anew.

In: a database, and the folder in which seals were published. Out: what was looked at, and each place that does not fit,
the rows of the log first. Memory does not grow with the log: it goes family by family, and over the leaves in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from workflow.projectie import no_garbage_rounds
from workflow.verificatie import kaarten, kalender, log, voorstellen, zegels
from workflow.verificatie.misstand import Misstand
from workflow.zegels import Sleutel

NIET_NAGEGAAN = (
    "that the log tells what happened: only that it was not changed since it was sealed",
    "when and by whom seals were taken, and whether the last were dropped: compare copies (--seals) and give --key",
    "when a map was published, and maps that no row of the log refers to",
    "guards and rights at the time of a step: whether its map had it is looked at, not whether it was allowed then",
    "the number and the key of the form of a row, which no hash covers",
    "proposals of four eyes that led to no correction, and whether the two were who they say",
    "settings, targets and norms, breaks in series, remarks on figures, and the list of parcels that were made",
    "what is noted of rights and accounts, and equated days where table and note were changed together",
    "letters, their templates and letterheads: a file that was changed is told where it is fetched",
    "names and roles of staff, organisations and persons, and what is kept of persons outside the log",
    "the register of documents: a file is held against the digest in its row when it is opened, and that row never",
    "what was planned (appointments, waits, reminders, intentions): only what became of it stands in the log",
    "what debts are and who creditors are: the log says only how far each debt is and what they come to",
    "proposals and decisions of four eyes, settings, targets and norms, and the list of parcels that were made",
    "which dossiers are shielded from whom, and who opened one all the same",
)
"""What fits may still be wrong in this."""

DICHT = "the texts beside the log were counted and not opened: there is no ROUTEKAART_MASTER_KEY here"

MAX_GENOEMD = 100
"""So many places are named; the rest is counted."""


@dataclass(slots=True)
class Uitkomst:
    """What was looked at, how much of it, and what does not fit: the most telling first.

    `opmerkingen` are sentences on what fits and must be known all the same.
    """

    geteld: dict[str, int] = field(default_factory=dict)
    genoemd: list[Misstand] = field(default_factory=list)
    aantal: int = 0
    opmerkingen: list[str] = field(default_factory=list)

    @property
    def is_gaaf(self) -> bool:
        """Whether everything fits."""
        return self.aantal == 0

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        plaatsen = [misstand.as_dict() for misstand in self.genoemd]
        gevonden = {
            "findings": self.aantal,
            "named": plaatsen,
            "notes": self.opmerkingen,
            "not_verified": NIET_NAGEGAAN,
        }
        return {"ok": self.is_gaaf, "checked": self.geteld, **gevonden}


def verify(
    db: Connection, map_: Path, sleutels: Sequence[Sleutel] = (), done: Callable[[int], None] = lambda _: None
) -> Uitkomst:
    """Look at everything, also where text is no UTF-8.

    `map_` holds the published seals; `sleutels` are the public keys that count, those of the folder and the settings
    when left out; `done` is told how many rows of the log were read since the last call.
    """
    try:
        return _verify(db, map_, sleutels, done)
    except OperationalError as fout:
        if "decode to UTF-8" not in str(fout):
            raise
    with _any_text(db):
        return _verify(db, map_, sleutels, done)


@contextmanager
def _any_text(db: Connection) -> Iterator[None]:
    """Let SQLite hand over text that is no UTF-8 too: slower, so only where there is some."""
    kaal: Any = db.connection.driver_connection
    kaal.text_factory = lambda ruw: ruw.decode(errors="surrogateescape")
    try:
        yield
    finally:
        kaal.text_factory = str


def _verify(db: Connection, map_: Path, sleutels: Sequence[Sleutel], done: Callable[[int], None]) -> Uitkomst:
    uitkomst = Uitkomst()
    with no_garbage_rounds():
        logboek = log.Logboek(db, done)
        gevonden = [*logboek.check(), *zegels.check(db, logboek, map_, sleutels), *kaarten.check(db, logboek.kaarten)]
    gevonden += [*logboek.gevolgen, *voorstellen.check(db, logboek.teksten.is_open), *kalender.check(db)]
    uitkomst.genoemd = gevonden[:MAX_GENOEMD]
    uitkomst.aantal = len(gevonden)
    uitkomst.opmerkingen = [
        *zegels.used_keys(db, sleutels),
        *zegels.lost_keys(db),
        *([] if logboek.teksten.is_open else [DICHT]),
    ]
    uitkomst.geteld = {**logboek.geteld, **zegels.counted(db), **kaarten.counted(db)}
    return uitkomst
