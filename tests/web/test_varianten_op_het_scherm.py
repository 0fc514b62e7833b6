"""The page of ways taken: what it says is what the histories tell, and behind each number stand as many trajecten."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from models import klok
from models.database import engine, reading, transaction
from tests.demo import NU
from tests.web.bladzijden import listed, opened, rows
from workflow.indicatoren import Kader, Periode, Vraag
from workflow.opdracht import Actor
from workflow.uitwisseling import ddas
from workflow.varianten import ways

LEVERINGEN = sorted((Path(__file__).parents[1] / "data" / "ddas").glob("*.json"))
ALTIJD = "periode=eigen&van=01-01-2010&tot_en_met=24-11-2026"
GRENS = 12


@pytest.fixture(scope="module")
def voorraad(demobestand: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the demo caseload and imported trajecten, some without phases."""
    bestand = tmp_path_factory.mktemp("varianten") / "routekaart.db"
    shutil.copyfile(demobestand, bestand)
    url = f"sqlite:///{bestand}"
    with klok.at(NU):
        for levering in LEVERINGEN:
            with transaction(url) as db:
                ddas.import_delivery(db, levering.read_bytes(), Actor("c" * 32, "coordinator", "GM"))
    engine(url).dispose()
    return bestand


@pytest.fixture
def beginstand(voorraad: Path) -> Path:
    """Every test begins with it."""
    return voorraad


@pytest.fixture
def auditor(bezoeker: Any, login: Any) -> Iterator[Any]:
    """The visitor, logged in as auditor; the clock stands still."""
    with klok.at(NU):
        login(bezoeker, "auditor", "lezer")
        yield bezoeker


@pytest.mark.parametrize("vraag", [ALTIJD, f"{ALTIJD}&gemeente=GM0935", f"{ALTIJD}&bekend=01-07-2026"])
def test_behind_each_number_stand_as_many_trajecten(auditor, vraag, tell):
    pagina = opened(auditor, f"/cijfers/varianten?{vraag}")
    links = [a for a in pagina.wortel.alle("a") if "/varianten/lijst?" in a["href"]]
    gezien = 0
    for link in links:
        assert listed(auditor, link["href"]) == int(link.tekst.replace(".", "")), link["href"]
        gezien += 1
    tell(f"varianten: {gezien} numbers opened ({vraag.removeprefix(ALTIJD) or 'all'})")
    assert gezien > 20


def test_the_most_frequent_way_comes_first_and_shares_add_up(auditor, database):
    with reading(database) as db:
        wegen = ways(Kader(db, Vraag(Periode(0, 99_999))))
    verwacht = sorted((len(wie) for wie in wegen.trajecten.values()), reverse=True)
    getoond, delen, url = [], 0.0, f"/cijfers/varianten?{ALTIJD}"
    while url:
        pagina = opened(auditor, url)
        for rij in rows(pagina, "tabel-wegen"):
            cellen = [cel.tekst for cel in rij.alle("td")]
            getoond.append(int(cellen[1]))
            delen += float(cellen[2].removesuffix(" %").replace(",", "."))
        url = next((a["href"] for a in pagina.wortel.alle("a") if a["rel"] == "next"), "")
    assert getoond == verwacht
    assert delen == pytest.approx(100, abs=0.05 * len(verwacht))


def test_a_way_is_drawn_as_its_steps(auditor):
    rij = rows(opened(auditor, f"/cijfers/varianten?{ALTIJD}"), "tabel-wegen")[0]
    stappen = [li.tekst for li in rij.alle("li")]
    link = next(a["href"] for a in rij.alle("a"))
    assert opened(auditor, link).titel == " → ".join(stappen)


def test_a_list_of_nothing_asked_or_of_an_unknown_kind_is_not_there(auditor):
    for vraag in ("", "?afwijking=onzin", "?afwijking=einde.te.weinig"):
        assert auditor.get(f"/cijfers/varianten/lijst{vraag}").status_code == 404
    assert listed(auditor, "/cijfers/varianten/lijst?weg=zomaar.iets") == 0


@pytest.mark.parametrize("pad", ["/cijfers/varianten", "/cijfers/varianten/lijst"])
def test_the_page_takes_few_statements_however_many_trajecten(auditor, database, pad):
    vraag = f"{pad}?{ALTIJD}&eind=uitstroom"
    opdrachten: list[str] = []

    def trace(dbapi: sqlite3.Connection, _record: Any) -> None:
        dbapi.set_trace_callback(opdrachten.append)

    assert auditor.get(vraag).status_code == 200
    engine(database).dispose()
    event.listen(engine(database), "connect", trace)
    try:
        assert auditor.get(vraag).status_code == 200
    finally:
        event.remove(engine(database), "connect", trace)
    geteld = [sql for sql in opdrachten if re.match("SELECT|INSERT|UPDATE|WITH", sql)]
    assert 0 < len(geteld) <= GRENS, geteld
