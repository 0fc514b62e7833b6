"""What every story needs: someone who tells it, on a clock of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.verhalen.verteller import Verteller, stilstaande_klok


@pytest.fixture
def verteller(bezoeker, login, database: str) -> Iterator[Verteller]:
    """The teller; the clock stands still until a day is named."""
    with stilstaande_klok() as klok:
        yield Verteller(bezoeker, login, database, klok)
