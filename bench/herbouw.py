"""Rebuilding the projections of a demo caseload against merely fetching all columns of its log."""

from __future__ import annotations

from sqlalchemy import select

from bench.opzet import database, paired, report, seconds
from models.database import reading, transaction
from models.gebeurtenis import gebeurtenis
from workflow import projectie
from workflow.voorbeeld import make_demo


def main() -> None:
    """Print the ratio, as the speed of the rebuild in parts of the speed of the fetch."""
    with database() as url:
        make_demo(url, size=1_500)
        with reading(url) as db:
            rijen = len(db.execute(select(gebeurtenis.c.id)).all())
        a, b, _ = paired(lambda: seconds(lambda: _fetch(url)) / rijen, lambda: seconds(lambda: _rebuild(url)) / rijen)
        report("fetch of the whole log, per row", "rebuild, per row", a, b, a / b, "at least 0.20")


def _fetch(url: str) -> None:
    with reading(url) as db:
        db.execute(select(gebeurtenis)).all()


def _rebuild(url: str) -> None:
    with transaction(url) as db:
        projectie.rebuild(db)
