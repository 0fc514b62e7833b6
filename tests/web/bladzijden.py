"""Pages as tests read them: opened, their tables in rows, and lists followed to their last page."""

from __future__ import annotations

from typing import Any

from tests.verhalen.lezer import Knoop, Pagina


def opened(bezoeker: Any, url: str) -> Pagina:
    """A page that is there."""
    antwoord = bezoeker.get(url)
    assert antwoord.status_code == 200, url
    return Pagina(antwoord.text)


def rows(pagina: Pagina, tabel: str = "lijst") -> list[Knoop]:
    """The rows of a table."""
    gevonden = next(t for t in pagina.wortel.alle("table") if t["id"] == tabel)
    return [rij for rij in gevonden.eerste("tbody").alle("tr") if not list(rij.alle("td", "rk-leeg"))]


def listed(bezoeker: Any, url: str) -> int:
    """How many rows the list behind a number has, over all its pages."""
    aantal = 0
    while url:
        pagina = opened(bezoeker, url)
        aantal += len(rows(pagina))
        url = next((a["href"] for a in pagina.wortel.alle("a") if a["rel"] == "next"), "")
    return aantal
