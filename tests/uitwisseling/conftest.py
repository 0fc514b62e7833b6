"""A clock that stands still: it is Monday 2 March 2026."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from leveringen import VANDAAG

from models import klok


@pytest.fixture(autouse=True)
def vandaag() -> Iterator[None]:
    """Today, for the program."""
    with klok.at(VANDAAG):
        yield
