"""Late entry: recorded minus happened, by organisatie and month, and from which day on figures are not complete yet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from bezoek import op_beide
from sqlalchemy import Connection

from models import klok
from tests.bouwers import COORDINATOR, a_traject, day, the_map
from workflow.correcties import amend
from workflow.indicatoren import Kader, Periode, Vraag, get
from workflow.indicatoren.invoertijd import delays, incomplete_from
from workflow.rapporten import opmaken

MAART = Periode(day("2025-03-01"), day("2025-04-01"))
MAART_APRIL = Periode(day("2025-03-01"), day("2025-05-01"))


def asked(db: Connection, periode: Periode = MAART, op: str | None = None, gemeente: str | None = None) -> Kader:
    """The question of a period, as known at the end of a day."""
    return Kader(db, Vraag(periode, gemeente, klok.end_of_day_us(day(op)) if op else None))


def entered(db: Connection, dag: str, later: int, gemeente: str = "GM0935") -> str:
    """A melding of a day that was recorded so many days later."""
    moment = datetime.fromisoformat(f"{dag}T11:00").replace(tzinfo=UTC)
    with klok.at(moment + timedelta(days=later)):
        return a_traject(db, op=day(dag), gemeente=gemeente)


def test_the_days_between_are_counted_by_organisatie_and_month(db: Connection) -> None:
    for dag, later in (("2025-03-03", 0), ("2025-03-10", 2), ("2025-03-17", 9), ("2025-04-07", 1)):
        entered(db, dag, later)
    maart, april = delays(asked(db, MAART_APRIL))
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
    assert [(i.n, i.mediaan) for i in delays(asked(db))] == [(1, 0)]


def test_what_was_not_recorded_yet_is_not_known(db: Connection) -> None:
    entered(db, "2025-03-03", 20)
    assert delays(asked(db, op="2025-03-10")) == []


@pytest.mark.parametrize(("dagen", "verwacht"), [([0] * 20, None), ([0] * 18 + [12, 12], 12), ([5] * 20, 5)])
def test_the_last_days_are_incomplete_as_long_as_entry_usually_takes(
    db: Connection, dagen: list[int], verwacht: int | None
) -> None:
    for later in dagen:
        entered(db, "2025-03-03", later)
    vanaf = incomplete_from(asked(db, op="2025-09-01"))
    assert vanaf == (None if verwacht is None else day("2025-09-01") - verwacht)


def test_of_one_gemeente_only_its_own_trajecten_count(db: Connection) -> None:
    """Heerlen records three weeks late; the report of Maastricht says nothing of that."""
    for gemeente, later in (("GM0935", 1), ("GM0917", 21)):
        entered(db, "2025-03-03", later, gemeente)
    maastricht = asked(db, op="2025-09-01", gemeente="GM0935")
    assert [(i.n, i.mediaan) for i in delays(maastricht)] == [(1, 1)]
    assert [(i.n, i.laat) for i in delays(asked(db))] == [(2, 1)]
    assert incomplete_from(maastricht) == day("2025-08-31")
    assert incomplete_from(asked(db, op="2025-09-01", gemeente="GM0917")) == day("2025-08-11")
    invoer = opmaken.make(maastricht, [get("O2")], jaren=0)["invoer"]
    assert (sum(t["n"] for t in invoer["invoertijd"]), invoer["onvolledig_vanaf"]) == (1, "2025-08-31")


def test_what_was_recorded_after_the_day_asked_for_teaches_nothing(db: Connection) -> None:
    for later in (0, 0, 300):
        entered(db, "2025-03-03", later)
    assert incomplete_from(asked(db, op="2025-09-01")) is None


def test_nothing_is_said_of_an_empty_log(db: Connection) -> None:
    assert incomplete_from(asked(db)) is None
    assert delays(asked(db)) == []


@op_beide
def test_the_hour_before_midnight_is_of_the_amsterdam_day(db: Connection) -> None:
    """23:30 UTC on the tenth is the eleventh in Amsterdam."""
    with klok.at(datetime(2025, 3, 10, 23, 30, tzinfo=UTC)):
        a_traject(db, op=day("2025-03-10"))
    assert [(i.mediaan, i.n) for i in delays(asked(db))] == [(1, 1)]
    assert incomplete_from(asked(db, op="2025-09-01")) == day("2025-08-31")
