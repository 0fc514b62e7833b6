"""What every story needs: someone who tells it, on a clock of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.verhalen.verteller import Verteller, stilstaande_klok


@pytest.fixture
def verteller(bezoeker, login, database: str, tmp_path: Path, monkeypatch) -> Iterator[Verteller]:
    """The teller; the clock stands still until a day is named. In the end the books are checked."""
    monkeypatch.setenv("ROUTEKAART_INSTANCE", str(tmp_path))
    with stilstaande_klok() as klok:
        verteller = Verteller(bezoeker, login, database, klok)
        yield verteller
        verteller.check_the_books()
