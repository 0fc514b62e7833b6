"""Rebuilding the projections of a demo caseload against merely fetching all columns of its log.

The caseload is made by another process, as with `routekaart rebuild`: who made it has a heap full of holes.
"""

from __future__ import annotations

from multiprocessing import get_context

from sqlalchemy import select

from bench.opzet import database, paired, report, seconds
from models.database import reading, transaction
from models.gebeurtenis import gebeurtenis
from workflow import projectie
from workflow.voorbeeld import make_demo


def main() -> None:
    """Print the ratio, as the speed of the rebuild in parts of the speed of the fetch."""
    with database() as url:
        _made_elsewhere(url)
        with reading(url) as db:
            rijen = len(db.execute(select(gebeurtenis.c.id)).all())
        a, b, _ = paired(lambda: seconds(lambda: _fetch(url)) / rijen, lambda: seconds(lambda: _rebuild(url)) / rijen)
        report("fetch of the whole log, per row", "rebuild, per row", a, b, a / b, "at least 0.20")


def _made_elsewhere(url: str) -> None:
    maker = get_context("spawn").Process(target=make_demo, args=(url,), kwargs={"size": 1_500})
    maker.start()
    maker.join()
    if maker.exitcode:
        raise RuntimeError("the caseload could not be made")


def _fetch(url: str) -> None:
    with reading(url) as db:
        db.execute(select(gebeurtenis)).all()


def _rebuild(url: str) -> None:
    with transaction(url) as db:
        projectie.rebuild(db)
