"""The pages with figures know no debts: on a map of newcomers who learn Dutch they are there as well."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from models import klok
from models.database import engine, transaction
from models.organisatie import organisatie
from tests.bouwers import NU, VREEMDE_KAART, a_database, a_traject, advance_to, the_map
from workflow import indicatoren

PAGINAS = ("", "?ambitie=alles", "/doorstroom", "/doorstroom?langs=instrument", "/termijnen", "/werkverdeling")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """A database with the foreign map in force, and a traject in each stap that can be reached."""
    url = a_database(tmp_path, VREEMDE_KAART)
    with klok.at(NU), transaction(url) as db:
        db.execute(insert(organisatie), [{"code": "GM", "naam": "Desk", "soort": "desk", "is_actief": True}])
        for route in the_map(db).routes.values():
            if not route.hoort_bij and route.onderwerp != "organisatie":
                for stap in [s.code for s in route.stappen.values() if not s.einde][:4]:
                    advance_to(db, a_traject(db, route=route.code), stap)
    yield url
    engine(url).dispose()


def test_every_page_with_figures_is_there(bezoeker: Any, login: Any) -> None:
    with klok.at(NU):
        login(bezoeker, "coordinator")
        codes = [f"/{indicator.code}" for indicator in indicatoren.ALLE]
        for pad in (*PAGINAS, *codes):
            assert bezoeker.get(f"/cijfers{pad}").status_code == 200, pad
        assert "/lijst?" in bezoeker.get("/cijfers/O2?periode=vorig_jaar").text
