"""Late entry: recorded minus happened, by organisatie and month, and from which day on figures are not complete yet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from bezoek import op_beide
from sqlalchemy import Connection

from models import klok
from tests.bouwers import COORDINATOR, a_traject, day, the_map
from workflow.correcties import amend
from workflow.indicatoren.invoertijd import delays, incomplete_from

MAART, APRIL = day("2025-03-01"), day("2025-04-01")


def entered(db: Connection, dag: str, later: int) -> str:
    """A melding of a day that was recorded so many days later."""
    moment = datetime.fromisoformat(f"{dag}T11:00").replace(tzinfo=UTC)
    with klok.at(moment + timedelta(days=later)):
        return a_traject(db, op=day(dag))


def test_the_days_between_are_counted_by_organisatie_and_month(db: Connection) -> None:
    for dag, later in (("2025-03-03", 0), ("2025-03-10", 2), ("2025-03-17", 9), ("2025-04-07", 1)):
        entered(db, dag, later)
    maart, april = delays(db, MAART, day("2025-05-01"))
    assert (maart.organisatie, maart.maand, maart.n, maart.mediaan, maart.p90, maart.laat) == (
        "DESK",
        "2025-03",
        3,
        2,
        9,
        1,
    )
    assert (april.maand, april.n, april.mediaan) == ("2025-04", 1, 1)


def test_a_correction_is_no_late_entry(db: Connection) -> None:
    nummer = entered(db, "2025-03-03", 0)
    with klok.at(datetime(2025, 6, 2, 9, tzinfo=UTC)):
        amend(db, nummer, 1, reden=the_map(db).correctieredenen[0].code, door=COORDINATOR, dag=day("2025-03-04"))
    assert [(i.n, i.mediaan) for i in delays(db, MAART, APRIL)] == [(1, 0)]


def test_what_was_not_recorded_yet_is_not_known(db: Connection) -> None:
    entered(db, "2025-03-03", 20)
    assert delays(db, MAART, APRIL, bekend=klok.end_of_day_us(day("2025-03-10"))) == []


@pytest.mark.parametrize(("dagen", "verwacht"), [([0] * 20, None), ([0] * 18 + [12, 12], 12), ([5] * 20, 5)])
def test_the_last_days_are_incomplete_as_long_as_entry_usually_takes(
    db: Connection, dagen: list[int], verwacht: int | None
) -> None:
    for later in dagen:
        entered(db, "2025-03-03", later)
    op = day("2025-09-01")
    assert incomplete_from(db, op) == (None if verwacht is None else op - verwacht)


def test_nothing_is_said_of_an_empty_log(db: Connection) -> None:
    assert incomplete_from(db, MAART) is None
    assert delays(db, MAART, APRIL) == []


@op_beide
def test_the_hour_before_midnight_is_of_the_amsterdam_day(db: Connection) -> None:
    """23:30 UTC on the tenth is the eleventh in Amsterdam."""
    with klok.at(datetime(2025, 3, 10, 23, 30, tzinfo=UTC)):
        a_traject(db, op=day("2025-03-10"))
    assert [(i.mediaan, i.n) for i in delays(db, MAART, APRIL)] == [(1, 1)]
    assert incomplete_from(db, day("2025-09-01")) == day("2025-08-31")
