"""Tamper evidence: verify against a bare loop that only hashes, its memory, and an advance with and without seals."""

from __future__ import annotations

import json
import os
import secrets
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.opzet import database, paired, report, seconds
from bench.voortgang import AANTAL, WANDELING, Caseload
from models.database import driver_cursor, reading, transaction
from models.gebeurtenis import Gebeurtenis
from workflow import zegels
from workflow.keten import content_hash, row_hash
from workflow.projectie import no_garbage_rounds
from workflow.verificatie import verify
from workflow.verificatie.projecties import TABELLEN
from workflow.voorbeeld import make_demo

TRAJECTEN = 400
GROOT = int(os.environ.get("BENCH_ZEGELS_TRAJECTEN", "0"))
"""Trajecten for a second size in the memory line: some 20 rows each, so 50000 for 10^6 rows; takes an hour."""

BARE = (
    ("all rows that verify reads, hashed", "hash", "at least 0.35"),
    ("the log hashed, projections read", "lees", "to know"),
    ("the log alone, hashed", "", "to know"),
)
"""What the loop does with the projections, which have no hash of their own."""

_LOG = f"SELECT {', '.join(Gebeurtenis._fields)} FROM gebeurtenis ORDER BY traject_id, volgnummer"  # noqa: S608


@contextmanager
def sealed_demo(trajecten: int) -> Iterator[tuple[str, Path]]:
    """The address of a database with a sealed demo caseload, and the folder of its seals."""
    with database() as url, TemporaryDirectory() as map_:
        os.environ |= {"ROUTEKAART_SEAL_KEY": "22" * 32, "ROUTEKAART_SEALS": map_}
        make_demo(url, size=trajecten)
        with transaction(url) as db:
            zegels.take(db)
        zegels.publish(url)
        yield url, Path(map_)


def main() -> None:
    """Print the ratios."""
    with sealed_demo(TRAJECTEN) as (url, map_):
        rijen = _count(url)
        for wat, ook, grens in BARE:
            uitkomst = paired(lambda: _bare(url, ook) / rijen, lambda: _verify(url, map_) / rijen, 3)  # noqa: B023
            report(f"bare loop: {wat}", "verify, per row of the log", *uitkomst, grens)
        klein = _peak(url, map_)
        print(f"memory of verify: {klein / 1e6:.0f} MB at {rijen} rows")
    if GROOT:
        with sealed_demo(GROOT) as (url, map_):
            groot = _peak(url, map_)
            print(f"memory of verify: {groot / 1e6:.0f} MB at {_count(url)} rows, {groot / klein:.2f} x")
    for schrijvers in (1, 4):
        _advance(schrijvers)


def _count(url: str) -> int:
    with reading(url) as db:
        return int(db.exec_driver_sql("SELECT count(*) FROM gebeurtenis").scalar_one())


def _verify(url: str, map_: Path) -> float:
    def look() -> None:
        with reading(url) as db:
            assert verify(db, map_).is_gaaf

    return seconds(look)


def _bare(url: str, ook: str) -> float:
    return seconds(lambda: _hash_all(url, ook))


def _hash_all(url: str, ook: str) -> None:
    """Read and hash the rows of the log as they are hashed there; of the projections read them, or hash them too."""
    with reading(url) as db, driver_cursor(db) as cursor, no_garbage_rounds():
        for rij in map(Gebeurtenis._make, cursor.execute(_LOG)):
            content_hash(str(rij.zout), str(rij.inhoud))
            row_hash(rij)
        for tabel in TABELLEN if ook else ():
            for rij in cursor.execute(f"SELECT * FROM {tabel.name}"):  # noqa: S608
                _ = ook == "hash" and sha256(json.dumps(rij, separators=(",", ":")).encode()).hexdigest()


def _peak(url: str, map_: Path) -> int:
    """The most bytes that verify held at a time."""
    tracemalloc.start()
    with reading(url) as db:
        verify(db, map_)
    piek = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return piek


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
