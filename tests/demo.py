"""The demo caseload that tests of figures share: when it is, and how it is made."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from models import klok
from models.database import engine
from workflow.voorbeeld import make_demo

NU = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
OMVANG = 200


def make(sjabloon: Path, bestand: Path, omvang: int, nu: datetime = NU) -> Path:
    """A copy of a database file, filled with a demo caseload of this many meldingen as it is at this moment."""
    shutil.copyfile(sjabloon, bestand)
    url = f"sqlite:///{bestand}"
    with klok.at(nu):
        make_demo(url, omvang)
    engine(url).dispose()
    return bestand
