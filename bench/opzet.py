"""A fresh database with the map in a temporary folder, and how long something takes."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from models.database import engine, transaction
from models.migraties import upgrade
from workflow import kaarten, kaartlezer, wijzigingen
from workflow.instellingen import map_file
from workflow.opdracht import Actor

DOOR = Actor("0" * 32, "uitvoerder", "KBL")


@contextmanager
def database() -> Iterator[str]:
    """The address of an embedded database with all tables and triggers, gone afterwards."""
    os.environ["ROUTEKAART_MASTER_KEY"] = "11" * 32
    with TemporaryDirectory() as map_:
        url = f"sqlite:///{Path(map_) / 'bench.db'}"
        upgrade(url)
        with transaction(url) as db:
            kaarten.store(db, kaartlezer.lees(map_file().read_bytes()))
            wijzigingen.keep_decreed(db)
        yield url
        engine(url).dispose()


def seconds(doe: Callable[[], object]) -> float:
    """Wall seconds of one run."""
    begin = time.perf_counter()
    doe()
    return time.perf_counter() - begin


def cpu_seconds(doe: Callable[[], object]) -> float:
    """Seconds of processor that one run takes of this process: what others do on the machine does not count."""
    begin = time.process_time()
    doe()
    return time.process_time() - begin


def paired(een: Callable[[], float], ander: Callable[[], float], rondes: int = 7) -> tuple[float, float, float]:
    """The two in turn; median of each, and the median of the ratios round by round."""
    paren = [(een(), ander()) for _ in range(rondes)]
    een_s, ander_s = zip(*paren, strict=True)
    return statistics.median(een_s), statistics.median(ander_s), statistics.median(a / b for a, b in paren)


def report(naam: str, maatstaf: str, waarde: float, ander: float, verhouding: float, grens: str) -> None:
    """One line: what, against what, both in microseconds, the ratio, and the limit it is held to."""
    tijden = f"{waarde * 1e6:10.1f} us   {maatstaf:38} {ander * 1e6:10.1f} us"
    print(f"{naam:50} {tijden}   ratio {verhouding:6.2f}   ({grens})")
