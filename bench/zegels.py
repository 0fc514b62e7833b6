"""Tamper evidence: verify against a bare loop that only hashes, its memory, and an advance with and without seals.

What verify is held to is a loop over the same rows: those of the log, of the leaves of the seals, of the texts, of the
calendar and of the projections, nearly five rows to a row of the log. One loop hashes them all; a stricter one hashes
the log alone and only reads the rest. A loop that does not even read the rest is here to know. Verify cannot come to
0.35 of that one: reading the rest, folding each history and comparing what follows costs more than twice as much as
that whole loop.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.geheugen import peak
from bench.groei import grow, rows_in
from bench.opzet import cpu_seconds, database, paired, report, seconds
from bench.voortgang import AANTAL, WANDELING, Caseload
from models.database import driver_cursor, reading, transaction
from models.gebeurtenis import Gebeurtenis
from models.kalenderdag import kalenderdag
from models.toelichting import toelichting
from models.zegel import zegelblad
from workflow import zegels
from workflow.keten import content_hash, row_hash
from workflow.projectie import no_garbage_rounds
from workflow.verificatie import verify
from workflow.verificatie.projecties import TABELLEN
from workflow.voorbeeld import make_demo

TRAJECTEN = 400
RIJEN = 20_000
"""Rows of the log at which speed is measured."""

GROOTTEN = (100_000, 1_000_000) if os.environ.get("BENCH_ZEGELS_GROOT") == "ja" else (RIJEN, 60_000)
"""Rows of the log at which memory is measured; the large ones take some five minutes."""

BARE = (
    ("all rows that verify reads, hashed", "hash", "at least 0.35"),
    ("the log hashed, the rest read", "lees", "at least 0.35"),
    ("the log alone, hashed", "", "to know"),
)
"""What the loop does with leaves and projections."""

_LOG = f"SELECT {', '.join(Gebeurtenis._fields)} FROM gebeurtenis ORDER BY traject_id, volgnummer"  # noqa: S608


@contextmanager
def sealed_demo(trajecten: int, rijen: int) -> Iterator[tuple[str, Path]]:
    """The address of a database with a sealed demo caseload, and the folder of its seals."""
    with database() as url, TemporaryDirectory() as map_:
        os.environ |= {"ROUTEKAART_SEAL_KEY": "22" * 32, "ROUTEKAART_SEALS": map_}
        make_demo(url, size=trajecten)
        _grow(url, rijen)
        yield url, Path(map_)


def _grow(url: str, rijen: int) -> None:
    """To so many rows, and a seal over them."""
    grow(url, rijen)
    with transaction(url) as db:
        zegels.take(db)
    zegels.publish(url)


def main() -> None:
    """Print the ratios and the memory."""
    with sealed_demo(TRAJECTEN, RIJEN) as (url, map_):
        _speed(url, map_)
    _memory()
    for schrijvers in (1, 4):
        _advance(schrijvers)


def _speed(url: str, map_: Path) -> None:
    rijen = _count(url)
    _verify(url, map_)
    for wat, rest, grens in BARE:
        uitkomst = paired(lambda: _bare(url, rest) / rijen, lambda: _verify(url, map_) / rijen, 5)  # noqa: B023
        report(f"bare loop: {wat}", "verify, per row of the log", *uitkomst, grens)


def _memory() -> None:
    """The peak of verify as the log is longer; each time another database, as a seal forbids rows of before it."""
    eerste = None
    for grootte in GROOTTEN:
        with sealed_demo(TRAJECTEN, grootte) as (url, map_):
            piek = peak(url, map_)
            eerste = eerste or piek
            geheugen = f"{piek / 1e6:10.1f} MB   {_count(url)} rows"
            print(
                f"{'peak memory of a process that verifies':50} {geheugen}   ratio {piek / eerste:6.2f}   (at most 1.1)"
            )


def _count(url: str) -> int:
    with reading(url) as db:
        return rows_in(db)


def _verify(url: str, map_: Path) -> float:
    def look() -> None:
        with reading(url) as db:
            assert verify(db, map_).is_gaaf

    return cpu_seconds(look)


def _bare(url: str, rest: str) -> float:
    return cpu_seconds(lambda: _hash_all(url, rest))


def _hash_all(url: str, rest: str) -> None:
    """Read and hash the rows of the log as they are hashed there; read the other rows, or hash them too."""
    with reading(url) as db, driver_cursor(db) as cursor, no_garbage_rounds():
        for rij in map(Gebeurtenis._make, cursor.execute(_LOG)):
            content_hash(str(rij.zout), str(rij.inhoud))
            row_hash(rij)
        for tabel in (zegelblad, toelichting, kalenderdag, *TABELLEN) if rest else ():
            for ander in cursor.execute(f"SELECT * FROM {tabel.name}"):  # noqa: S608
                _ = rest == "hash" and _digest(ander)


def _digest(rij: Any) -> str:
    return sha256(json.dumps(rij, separators=(",", ":"), default=bytes.hex).encode()).hexdigest()


class Writers(Caseload):
    """Trajecten that several writers take further at once; with seals, one is taken after each round."""

    def __init__(self, url: str, schrijvers: int, met_zegels: bool) -> None:
        super().__init__(url)
        self.schrijvers, self.met_zegels = schrijvers, met_zegels
        if not met_zegels:
            with transaction(url) as db:
                for tabel in ("pakket", "rapportuitgave", "rapport", "zegelblad", "zegel"):
                    db.exec_driver_sql(f"DROP TABLE {tabel}")

    def advance(self) -> float:
        """Seconds for one step of one traject, the seal over them included."""
        overgang, invoer = WANDELING[self.stap % len(WANDELING)]
        self.stap += 1
        return seconds(lambda: self._all(overgang, invoer)) / AANTAL

    def _all(self, overgang: str, invoer: dict[str, object]) -> None:
        with ThreadPoolExecutor(self.schrijvers) as samen:
            list(samen.map(lambda nummer: self._step(nummer, overgang, invoer), self.nummers))
        if self.met_zegels:
            with transaction(self.url) as db:
                zegels.take(db)


def _advance(schrijvers: int) -> None:
    os.environ["ROUTEKAART_SEAL_KEY"] = secrets.token_hex(32)
    with database() as url, database() as ander:
        met, zonder = Writers(url, schrijvers, True), Writers(ander, schrijvers, False)
        met.advance()
        zonder.advance()
        uitkomst = paired(met.advance, zonder.advance, len(WANDELING) - 1)
        report(
            f"advance with a seal each {AANTAL}, {schrijvers} writers",
            "advance without seals",
            *uitkomst,
            "at most 1.2",
        )
