"""Which map is in force: by its day and its status, and what a history of before the first map starts on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from models import klok
from models.database import engine, transaction
from models.tabellen import all_tables
from tests.bouwers import VREEMDE_KAART, a_traject, log_rows
from workflow import kaarten
from workflow.kaarten import GeenKaart, KaartIsConcept
from workflow.kaartlezer import lees
from workflow.routekaart import Routekaart

STATUS, VANAF = "status: proef", "geldig_vanaf: 2025-01-01"


def a_map(versie: str, vanaf: str, status: str = "geldig") -> Routekaart:
    """The foreign map as another version."""
    tekst = VREEMDE_KAART
    for was, wordt in ((STATUS, f"status: {status}"), (VANAF, f"geldig_vanaf: {vanaf}")):
        assert was in tekst
        tekst = tekst.replace(was, wordt, 1)
    return lees("\n".join(f'versie: "{versie}"' if r.startswith("versie:") else r for r in tekst.splitlines()))


def in_force(db: Connection, moment: str) -> str:
    """The version in force at a moment in UTC."""
    with klok.at(datetime.fromisoformat(moment).replace(tzinfo=UTC)):
        return kaarten.in_force(db).versie


def publish(db: Connection, moment: str, kaart: Routekaart) -> None:
    """Put a map in force at a moment."""
    with klok.at(datetime.fromisoformat(moment).replace(tzinfo=UTC)):
        kaarten.publish(db, kaart)


def test_a_map_for_next_year_waits_for_its_day_in_amsterdam(vreemd: Connection) -> None:
    publish(vreemd, "2026-11-01", a_map("nieuw", "2027-01-01"))
    assert in_force(vreemd, "2026-12-31T22:59:59") != "nieuw"
    assert in_force(vreemd, "2026-12-31T23:00:00") == "nieuw"


def test_of_the_maps_whose_day_has_come_the_last_one_published_counts(vreemd: Connection) -> None:
    publish(vreemd, "2026-01-10", a_map("een", "2026-06-01"))
    publish(vreemd, "2026-02-10", a_map("hersteld", "2026-03-01"))
    assert in_force(vreemd, "2026-04-01") == "hersteld"
    assert in_force(vreemd, "2026-07-01") == "hersteld"


def test_a_history_from_before_the_first_map_starts_on_the_last_one_published(vreemd: Connection) -> None:
    eerste = in_force(vreemd, "2025-02-01")
    assert in_force(vreemd, "2024-06-01") == eerste
    publish(vreemd, "2026-01-10", a_map("later", "2026-02-01"))
    assert in_force(vreemd, "2024-06-01") == "later"


def test_a_traject_starts_on_the_map_of_today(vreemd: Connection) -> None:
    nieuw = a_map("nieuw", "2026-03-03")
    kaarten.publish(vreemd, nieuw)
    vandaag = a_traject(vreemd)
    with klok.at(datetime(2026, 3, 3, 9, tzinfo=UTC)):
        morgen = a_traject(vreemd)
    assert nieuw.sha256 not in {r["routekaart"] for r in log_rows(vreemd, vandaag)}
    assert {r["routekaart"] for r in log_rows(vreemd, morgen)} == {nieuw.sha256}


@pytest.mark.parametrize("status", ["proef", "geldig"])
def test_a_map_on_trial_or_valid_can_be_put_in_force(vreemd: Connection, status: str) -> None:
    publish(vreemd, "2026-01-10", a_map("nieuw", "2026-01-01", status))
    assert in_force(vreemd, "2026-02-01") == "nieuw"


def test_a_concept_is_not_put_in_force(vreemd: Connection) -> None:
    was = in_force(vreemd, "2026-02-01")
    with pytest.raises(KaartIsConcept, match="has status concept and cannot be put in force; make its status proef"):
        publish(vreemd, "2026-01-10", a_map("nieuw", "2026-01-01", "concept"))
    assert in_force(vreemd, "2026-02-01") == was


def test_publishing_the_same_map_twice_changes_nothing(vreemd: Connection) -> None:
    voor = len(kaarten.Kaarten(vreemd))
    for moment in ("2026-01-10", "2026-01-11"):
        publish(vreemd, moment, a_map("nieuw", "2026-01-01"))
    assert len(kaarten.Kaarten(vreemd)) == voor + 1


def test_without_any_map_there_is_a_sentence(tmp_path: object) -> None:
    url = f"sqlite:///{tmp_path}/leeg.db"
    all_tables().create_all(engine(url))
    with transaction(url) as db, pytest.raises(GeenKaart, match="run `routekaart init` first"):
        kaarten.in_force(db)
    engine(url).dispose()
