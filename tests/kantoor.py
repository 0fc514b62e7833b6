"""An office for the tests of the command line: an installation of its own, files to try, and a way to type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

from click.testing import CliRunner, Result
from sqlalchemy import func, select, text

from models.database import engine, reading, transaction
from models.gebeurtenis import gebeurtenis
from web.opdrachten import main


@dataclass
class Kantoor:
    """An installation of its own, and files to try; `$name` in what is typed stands for one of them."""

    map: Path
    database: str
    setenv: Callable[[str, str], None]
    woorden: dict[str, str] = field(default_factory=dict)

    def run(self, getypt: str, **rest: Any) -> Result:
        """Type something after `routekaart`."""
        woorden = [Template(woord).substitute(self.woorden) for woord in getypt.split()]
        uitkomst = CliRunner().invoke(main, woorden, **rest)
        assert "Traceback" not in uitkomst.output
        return uitkomst

    def file(self, naam: str, inhoud: str | bytes) -> Path:
        """A file that can be named in what is typed."""
        pad = self.map / naam
        pad.write_bytes(inhoud.encode() if isinstance(inhoud, str) else inhoud)
        self.woorden[pad.stem] = str(pad)
        return pad

    def set(self, opdracht: str) -> None:
        """Change something in the database itself."""
        with transaction(self.database) as db:
            db.execute(text(opdracht))
        engine(self.database).dispose()

    def rows(self) -> int:
        """How many gebeurtenissen there are."""
        with reading(self.database) as db:
            return int(db.execute(select(func.count()).select_from(gebeurtenis)).scalar_one())
