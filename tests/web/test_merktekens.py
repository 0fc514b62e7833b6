"""What stands beside figures: norms and targets as lines, breaks in a series, comments, and days not complete yet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models import klok
from models.database import engine, transaction
from tests.bouwers import day
from tests.demo import NU
from tests.verhalen.lezer import Pagina
from web.filters import datum
from workflow.indicatoren.weergave import AFGEKAPT
from workflow.opdracht import Actor
from workflow.rapporten import duiding

DOOR = Actor("medewerker-1", "coordinator", "GM")
MAANDEN = [datum(day(f"2026-{maand:02}-01")).split()[1] for maand in range(1, 13)]
VIER_JAAR = "periode=eigen&van=01-01-2022&tot_en_met=24-11-2026"


@pytest.fixture(scope="module")
def url(demobestand: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demo caseload with norms, a comment and a break of its own."""
    bestand = tmp_path_factory.mktemp("merktekens") / "routekaart.db"
    bestand.write_bytes(demobestand.read_bytes())
    adres = f"sqlite:///{bestand}"
    with klok.at(NU), transaction(adres) as db:
        for jaar, waarde in ((2024, 30), (2025, 35), (2026, 40)):
            duiding.set_target(db, "O2", "meldingen", jaar, "streefwaarde", waarde, DOOR)
            duiding.set_target(db, "D1", "binnen_termijn", jaar, "norm", 90, DOOR)
        duiding.set_target(db, "D1", "eerste_gesprek", 2026, "norm", 28, DOOR)
        duiding.set_break(db, "O2", day("2025-01-01"), "Aanmelden kan ook via de huisarts.", DOOR)
        duiding.set_comment(db, "O2", 2026, "In mei stond de telefoon stil.", DOOR)
    yield adres
    engine(adres).dispose()


@pytest.fixture
def database(url: str) -> str:
    """The same database for every test: none of them writes a figure."""
    return url


@pytest.fixture
def coordinator(bezoeker: Any, login: Any) -> Iterator[Any]:
    """The visitor, logged in as coordinator; the clock stands still."""
    with klok.at(NU):
        login(bezoeker, "coordinator", "lezer")
        yield bezoeker


def opened(bezoeker: Any, adres: str) -> str:
    """The text of a page that is there."""
    antwoord = bezoeker.get(adres)
    assert antwoord.status_code == 200
    return str(antwoord.text)


def charts(bezoeker: Any, adres: str) -> list[dict[str, Any]]:
    """The data of every chart on a page."""
    pagina = Pagina(opened(bezoeker, adres))
    return [json.loads(s.tekst) for s in pagina.wortel.alle("script") if s["type"] == "application/json"]


def test_the_targets_of_each_year_are_a_line_over_the_years(coordinator):
    meldingen = charts(coordinator, f"/cijfers/O2?{VIER_JAAR}&splits=jaar")[0]
    plaats = {naam: i for i, naam in enumerate(meldingen["namen"])}
    assert meldingen["lijnen"] == [
        {
            "naam": "Streefwaarde",
            "punten": [[plaats["2024"], 30], [plaats["2025"], 35], [plaats["2026 (niet heel)"], 40]],
        }
    ]


@pytest.mark.parametrize("splits", ["kwartaal", "maand", "gemeente"])
def test_a_count_of_less_than_a_year_is_not_held_against_the_target_of_a_year(coordinator, splits):
    assert charts(coordinator, f"/cijfers/O2?{VIER_JAAR}&splits={splits}")[0]["lijnen"] == []


def test_a_share_is_held_against_the_norm_of_its_year_whatever_the_breakdown(coordinator):
    staven = [g for g in charts(coordinator, "/cijfers/D1") if g["soort"] == "staven" and g["lijnen"]]
    assert [lijn["naam"] for g in staven for lijn in g["lijnen"]] == ["Norm"]
    assert {waarde for _, waarde in staven[0]["lijnen"][0]["punten"]} == {90}


def test_a_norm_for_how_long_something_takes_stands_on_its_day(coordinator):
    krommen = [g for g in charts(coordinator, "/cijfers/D1") if g["soort"] == "krommen"]
    assert [g["normen"] for g in krommen if g["normen"]] == [[{"naam": "Norm", "dag": 28}]]


def test_a_norm_stands_beside_the_figure_in_words(coordinator):
    assert "Streefwaarde 2026: 40 trajecten" in opened(coordinator, "/cijfers/O2")
    assert "Streefwaarde 2026" not in opened(coordinator, "/cijfers/O1")


@pytest.mark.parametrize(("splits", "voor", "na"), [("jaar", "2024", "2025"), ("kwartaal", "4e kwartaal 2024", None)])
def test_a_break_falls_between_the_bars_before_and_after_its_day(coordinator, splits, voor, na):
    grafiek = charts(coordinator, f"/cijfers/O2?{VIER_JAAR}&splits={splits}")[0]
    eigen = next(b for b in grafiek["breuken"] if b["naam"] == "reeksbreuk 1 januari 2025")
    assert grafiek["namen"][int(eigen["plaats"] - 0.5)] == voor
    assert na is None or grafiek["namen"][int(eigen["plaats"] + 0.5)] == na


def test_a_break_in_the_middle_of_a_year_crosses_no_bar(coordinator):
    grafiek = charts(coordinator, f"/cijfers/O2?{VIER_JAAR}&splits=jaar")[0]
    van_de_wet = next(b for b in grafiek["breuken"] if b["naam"] == "reeksbreuk 1 juli 2023")
    assert van_de_wet["plaats"] % 1 == 0.5
    assert "2023" in {grafiek["namen"][int(van_de_wet["plaats"] + kant)] for kant in (-0.5, 0.5)}


def test_breaks_and_comments_of_the_days_looked_at_are_said_in_words(coordinator):
    tekst = opened(coordinator, f"/cijfers/O2?{VIER_JAAR}")
    assert "Reeksbreuk op 1 januari 2025:" in tekst
    assert "Aanmelden kan ook via de huisarts." in tekst
    assert "In mei stond de telefoon stil." in tekst
    vroeger = opened(coordinator, "/cijfers/O2?periode=eigen&van=01-01-2024&tot_en_met=31-12-2024")
    assert "Aanmelden kan ook via de huisarts." not in vroeger
    assert "In mei stond de telefoon stil." not in vroeger


def test_a_break_between_the_period_and_the_one_compared_with_is_said_too(coordinator):
    assert "Aanmelden kan ook via de huisarts." in opened(
        coordinator, "/cijfers/O2?periode=eigen&van=01-02-2025&tot_en_met=30-06-2025"
    )


def test_only_the_last_months_that_are_not_complete_are_drawn_lighter(coordinator):
    grafiek = charts(coordinator, f"/cijfers/O2?{VIER_JAAR}&splits=maand")[0]
    licht = [
        naam
        for naam, punt in zip(grafiek["namen"], grafiek["reeksen"][0]["waarden"], strict=True)
        if punt.get("onvolledig")
    ]
    assert licht == grafiek["namen"][-len(licht) :]
    assert 0 < len(licht) < 3
    tekst = opened(coordinator, f"/cijfers/O2?{VIER_JAAR}")
    assert "is nog niet alles vastgelegd" in tekst
    assert "is nog niet alles vastgelegd" not in opened(coordinator, "/cijfers/O2?periode=vorig_jaar")


@pytest.mark.parametrize("splits", ["maand", "kwartaal", "jaar"])
def test_periods_stand_in_the_order_in_which_they_came(coordinator, splits):
    namen = charts(coordinator, f"/cijfers/O2?{VIER_JAAR}&splits={splits}")[0]["namen"]
    assert namen[-1].endswith(AFGEKAPT)
    namen = [naam.removesuffix(AFGEKAPT) for naam in namen]
    jaren = [int(naam[-4:]) for naam in namen]
    assert len(namen) > 3
    assert jaren == sorted(jaren)
    if splits == "maand":
        assert namen == sorted(namen, key=lambda naam: (naam[-4:], MAANDEN.index(naam.split()[0])))
