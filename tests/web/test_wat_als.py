"""The page of what if: the numbers are those of the command, behind each stand as many lines, nothing is written."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from models import klok
from models.database import engine, reading, transaction
from tests.bouwers import log_rows
from tests.demo import NU
from tests.kaartversies import another
from tests.kantoor import Kantoor
from tests.verhalen.lezer import Knoop
from tests.web.bladzijden import listed, opened, rows
from web.watals import GEEN_EENHEID, GEEN_LENGTE, GEEN_TERMIJN, HALVE_VOORWAARDE, VRAAGT, does_not_fit
from workflow import instellingen, kaarten
from workflow.voorwaarden import VOORWAARDEN

TEKST = instellingen.map_file().read_text(encoding="utf-8")
GRENS = 12
JAAR = "periode=vorig_jaar"
TERMIJN = f"/cijfers/wat-als?{JAAR}&termijn=besluit&lengte=4&eenheid=weken"
WACHT = f"/cijfers/wat-als?{JAAR}&overgang=schuldhulp.toelaten&voorwaarde=minstens_deelnemers&argument=2"


@pytest.fixture
def beginstand(demobestand: Path) -> Path:
    """Every test begins with the demo caseload."""
    return demobestand


@pytest.fixture
def auditor(bezoeker: Any, login: Any) -> Iterator[Any]:
    """The visitor, logged in as auditor; the clock stands still."""
    with klok.at(NU):
        login(bezoeker, "auditor", "lezer")
        yield bezoeker


@pytest.mark.parametrize("vraag", [TERMIJN, WACHT])
def test_behind_each_number_stand_as_many_lines(auditor, vraag):
    links = [a for a in opened(auditor, vraag).wortel.alle("a") if "/wat-als/lijst?" in a["href"]]
    assert len(links) >= 2
    for link in links:
        assert listed(auditor, link["href"]) == int(link.tekst.replace(".", "")), link["href"]


def cells(rij: Knoop) -> list[str]:
    """The texts of its cells after the heading."""
    return [cel.tekst for cel in rij.alle("td")]


def test_the_page_says_what_the_command_says(auditor, kantoor: Kantoor, database):
    kantoor.setenv("ROUTEKAART_DATABASE", database)
    opdracht = "whatif --term besluit=4w --guard schuldhulp.toelaten:minstens_deelnemers=2 --json"
    gezegd = json.loads(kantoor.run(opdracht).stdout)
    nu, dan = rows(opened(auditor, TERMIJN), "tabel-termijn")
    (termijn,) = gezegd["terms"]
    assert [int(cells(rij)[1]) for rij in (nu, dan)] == [termijn["late"], termijn["late_asked"]]
    assert 0 <= termijn["late"] < termijn["late_asked"]
    gemaakt, geweigerd, *_ = (cells(rij)[0] for rij in rows(opened(auditor, WACHT), "tabel-voorwaarde"))
    assert (int(gemaakt), int(geweigerd)) == (gezegd["guard"]["made"], len(gezegd["guard"]["refused"]))


def test_without_a_period_the_page_is_about_last_year_as_the_command_is(auditor, kantoor: Kantoor, database):
    kantoor.setenv("ROUTEKAART_DATABASE", database)
    pagina = opened(auditor, "/cijfers/wat-als?termijn=besluit&lengte=4&eenheid=weken")
    assert "1 januari 2025 t/m 31 december 2025" in pagina.wortel.tekst
    gezegd = json.loads(kantoor.run("whatif --term besluit=4w --json").stdout)["terms"][0]
    liepen = next(a for a in pagina.wortel.alle("a") if "wat=liepen" in a["href"])
    assert liepen.tekst == str(gezegd["ran"])
    assert listed(auditor, liepen["href"]) == gezegd["ran"]


def test_what_a_form_asked_about_a_period_by_its_name_stands_in_the_address_with_days(auditor):
    vraag = "stond=dit_jaar&periode=vorig_jaar&van=01-01-2026&tot_en_met=24-11-2026&termijn=besluit&lengte=4&overgang="
    antwoord = auditor.get(f"/cijfers/wat-als?{vraag}")
    assert antwoord.status_code == 302
    vast = "periode=eigen&van=01-01-2025&tot_en_met=31-12-2025&termijn=besluit&lengte=4"
    assert antwoord.headers["Location"] == f"/cijfers/wat-als?{vast}"


def test_each_guard_says_what_it_asks_and_the_box_knows_the_codes_of_the_map(auditor):
    assert set(VRAAGT) == set(VOORWAARDEN)
    pagina = opened(auditor, "/cijfers/wat-als")
    assert all(zin in pagina.wortel.tekst for zin in VRAAGT.values())
    voorgesteld = {optie["value"]: optie.tekst for optie in pagina.wortel.eerste("datalist").alle("option")}
    assert voorgesteld["mesis_profiel"] == "MESIS-profiel"
    assert {"intake", "budgetbeheer"} <= set(voorgesteld)


@pytest.mark.parametrize(
    ("vraag", "zin"),
    [
        ("termijn=besluit&lengte=veel", GEEN_LENGTE),
        ("termijn=besluit&lengte=999999", GEEN_LENGTE),
        ("termijn=besluit&lengte=2&eenheid=eeuwen", GEEN_EENHEID),
        ("overgang=schuldhulp.toelaten&voorwaarde=was_in&argument=nergens", does_not_fit("was_in")),
        (
            "overgang=schuldhulp.toelaten&voorwaarde=minstens_deelnemers&argument=[",
            does_not_fit("minstens_deelnemers"),
        ),
        ("lengte=4", GEEN_TERMIJN),
        ("overgang=schuldhulp.toelaten", HALVE_VOORWAARDE),
        ("voorwaarde=was_in&argument=intake", HALVE_VOORWAARDE),
    ],
)
def test_what_cannot_be_asked_is_said_and_nothing_is_worked_out(auditor, vraag, zin):
    pagina = opened(auditor, f"/cijfers/wat-als?{JAAR}&{vraag}")
    assert any(zin in melding for melding in pagina.meldingen)
    assert not [t for t in pagina.wortel.alle("table") if t["id"].startswith("tabel-")]


def test_as_it_is_names_the_length_of_the_map_that_each_ran_on(auditor, database):
    with transaction(database) as db:
        kaarten.store(db, another(TEKST, _six_weeks))
    nu, dan = rows(opened(auditor, TERMIJN), "tabel-termijn")
    assert [next(rij.alle("th")).tekst for rij in (nu, dan)] == ["Zoals het is8 weken", "Zoals gevraagd4 weken"]


def _six_weeks(inhoud: dict[str, Any]) -> None:
    inhoud["termijnen"]["besluit"]["lengtes"][0]["weken"] = 6


def test_a_list_of_nothing_asked_is_not_there(auditor):
    assert auditor.get("/cijfers/wat-als/lijst?wat=nu").status_code == 404
    assert auditor.get(TERMIJN.replace("wat-als?", "wat-als/lijst?wat=onzin&")).status_code == 404


@pytest.mark.parametrize("pad", [TERMIJN, WACHT, "/onderzoek/steekproef?zaad=x&soort=gebeurtenissen"])
def test_the_page_takes_few_statements_however_large_the_log(auditor, database, pad):
    opdrachten: list[str] = []

    def trace(dbapi: sqlite3.Connection, _record: Any) -> None:
        dbapi.set_trace_callback(opdrachten.append)

    opened(auditor, pad)
    engine(database).dispose()
    event.listen(engine(database), "connect", trace)
    try:
        opened(auditor, pad)
    finally:
        event.remove(engine(database), "connect", trace)
    geteld = [sql for sql in opdrachten if re.match("SELECT|INSERT|UPDATE|WITH", sql)]
    assert 0 < len(geteld) <= GRENS, geteld


def test_asking_writes_nothing_to_the_log(auditor, database):
    with reading(database) as db:
        ervoor = log_rows(db)
    for vraag in (TERMIJN, WACHT):
        opened(auditor, vraag)
    with reading(database) as db:
        assert log_rows(db) == ervoor
