"""What an auditor looks into on the screen: nothing of it writes, and the screen says what the command line says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from models import klok
from models.database import transaction
from tests.bouwers import NU, a_traject
from tests.kantoor import Kantoor
from tests.verhalen.lezer import Knoop, Pagina

PERIODE = "periode=eigen&van=01-01-2025&tot_en_met=31-12-2025"


@pytest.fixture
def auditor(bezoeker: Any, login: Any, database: str) -> Iterator[Any]:
    """The visitor, logged in as auditor; there are some trajecten, and the clock stands still."""
    with klok.at(NU):
        with transaction(database) as db:
            for _ in range(12):
                a_traject(db, gemeente="GM0935")
        login(bezoeker, "auditor")
        yield bezoeker


def opened(bezoeker: Any, url: str) -> Pagina:
    """A page that is there."""
    antwoord = bezoeker.get(url)
    assert antwoord.status_code == 200, url
    return Pagina(antwoord.text)


def rows(pagina: Pagina, tabel: str) -> list[Knoop]:
    """The rows of a table."""
    gevonden = next(t for t in pagina.wortel.alle("table") if t["id"] == tabel)
    return [rij for rij in gevonden.eerste("tbody").alle("tr") if not list(rij.alle("td", "rk-leeg"))]


def drawn(pagina: Pagina) -> list[str]:
    """The keys of a sample, in order."""
    return [rij.eerste("th").tekst for rij in rows(pagina, "steekproef")]


@pytest.mark.parametrize("soort", ["trajecten", "gebeurtenissen"])
def test_the_screen_draws_what_the_command_draws(auditor, kantoor: Kantoor, soort):
    pagina = opened(auditor, f"/onderzoek/steekproef?{PERIODE}&zaad=appel&grootte=10&soort={soort}")
    opdracht = f"sample --van 2025-01-01 --tot 2026-01-01 --size 10 --seed appel --what {soort} --json"
    gezegd = json.loads(kantoor.run(opdracht).stdout)
    assert drawn(pagina) == [rij["sleutel"] for rij in gezegd["sample"]]
    assert len(drawn(pagina)) == 10
    assert pagina.feiten["Gebeurtenissen in het log"] == str(gezegd["log"])


def test_without_a_seed_nothing_is_drawn(auditor):
    assert "Getrokken" not in opened(auditor, f"/onderzoek/steekproef?{PERIODE}").feiten
    te_lang = opened(auditor, f"/onderzoek/steekproef?{PERIODE}&zaad={'x' * 80}")
    assert "Getrokken" not in te_lang.feiten
    assert any("hoogstens 64 tekens" in melding for melding in te_lang.meldingen)


def test_a_size_out_of_bounds_is_brought_within_them(auditor):
    assert len(drawn(opened(auditor, f"/onderzoek/steekproef?{PERIODE}&zaad=x&grootte=-4"))) == 1
    assert len(drawn(opened(auditor, f"/onderzoek/steekproef?{PERIODE}&zaad=x&grootte=99999"))) == 12
