"""The phase ledger: for every fase and period, what was there and came in is what left and remained."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from models import klok
from tests.bouwers import COORDINATOR, a_traject, day, step
from workflow.indicatoren import Kader, Periode, Vraag
from workflow.indicatoren.fasenboek import Faseregel, phase_ledger

PERIODEN = [
    ("2025-01-01", "2026-01-01"),
    ("2025-06-02", "2025-06-03"),
    ("2024-01-01", "2027-01-01"),
    ("2025-07-01", "2025-07-01"),
]
EINDE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def caseload(vreemd: Connection) -> Connection:
    """Trajecten that go on, drop out, come back and pass a fase within a day."""
    with klok.at(EINDE):
        for stap in ("aanmelding", "groepsles", "toets", "diploma"):
            a_traject(vreemd, stap=stap)
        terug = a_traject(vreemd, stap="groepsles", aantal=2)
        step(vreemd, terug, "stoppen", day("2025-07-01"), reden="niet_verschenen", door=COORDINATOR)
        step(vreemd, terug, "toch_verder", day("2025-08-01"))
    return vreemd


@pytest.mark.parametrize(("van", "tot"), PERIODEN)
def test_what_was_there_and_came_in_is_what_left_and_remained(caseload: Connection, van: str, tot: str) -> None:
    boek = ledger(caseload, van, tot)
    assert boek or van == tot
    sommen = [(r.open_begin + r.erin.total(), r.eruit.total() + r.open_eind) for r in boek.values()]
    assert [som for som in sommen if som[0] != som[1]] == []


def test_an_end_that_was_undone_stands_on_both_sides(caseload: Connection) -> None:
    boek = ledger(caseload, "2025-07-01", "2025-09-01")
    assert boek["leren"].eruit["uitval"] == 1
    assert boek["leren"].erin["heropend"] == 1


def test_what_one_ends_with_the_next_begins_with(caseload: Connection) -> None:
    eerste = ledger(caseload, "2025-01-01", "2025-07-15")
    tweede = ledger(caseload, "2025-07-15", "2026-01-01")
    assert {f: r.open_eind for f, r in eerste.items() if r.open_eind} == {
        f: r.open_begin for f, r in tweede.items() if r.open_begin
    }


def ledger(db: Connection, van: str, tot: str) -> dict[str, Faseregel]:
    """The lines of the ledger by fase."""
    return {r.fase: r for r in phase_ledger(Kader(db, Vraag(Periode(day(van), day(tot)))))}
