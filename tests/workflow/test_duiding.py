"""Norms, breaks and comments: the last word counts, an empty one takes it away."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection

from tests.bouwers import COORDINATOR, day
from workflow.rapporten import duiding
from workflow.velden import InvoerGeweigerd


def test_the_law_made_two_breaks(db: Connection) -> None:
    assert [b.dag for b in duiding.read(db).breaks("D9")] == [day("2021-01-01"), day("2023-07-01")]


def test_the_last_target_of_a_figure_and_year_counts(db: Connection) -> None:
    for waarde in (80, 90.5):
        duiding.set_target(db, "D1", "binnen_termijn", 2025, "streefwaarde", waarde, COORDINATOR)
    duiding.set_target(db, "D1", "binnen_termijn", 2026, "streefwaarde", 95, COORDINATOR)
    duiding.set_target(db, "D1", "binnen_termijn", 2025, "norm", 100, COORDINATOR)
    gevonden = [(s.jaar, s.soort, s.waarde) for s in duiding.read(db).targets("D1", "binnen_termijn")]
    assert gevonden == [(2025, "norm", 100), (2025, "streefwaarde", 90.5), (2026, "streefwaarde", 95)]


def test_an_empty_target_takes_it_away(db: Connection) -> None:
    for waarde in (80, None):
        duiding.set_target(db, "D1", "binnen_termijn", 2025, "norm", waarde, COORDINATOR)
    assert duiding.read(db).targets("D1") == ()


def test_a_break_is_of_one_indicator_or_of_all(db: Connection) -> None:
    duiding.set_break(db, "P1", day("2016-05-01"), "Er kwamen wijkservicepunten bij.", COORDINATOR)
    duiding.set_break(db, None, day("2024-01-01"), "Nieuw systeem.", COORDINATOR)
    gelezen = duiding.read(db)
    assert [b.tekst for b in gelezen.breaks("P1") if not b.is_vast] == [
        "Er kwamen wijkservicepunten bij.",
        "Nieuw systeem.",
    ]
    assert [b.tekst for b in gelezen.breaks("D9") if not b.is_vast] == ["Nieuw systeem."]
    duiding.set_break(db, None, day("2024-01-01"), "", COORDINATOR)
    assert [b for b in duiding.read(db).breaks("D9") if not b.is_vast] == []


def test_a_comment_can_be_changed_and_taken_away(db: Connection) -> None:
    for tekst in ("Eerst.", "Toen."):
        duiding.set_comment(db, "D5", 2025, tekst, COORDINATOR)
    assert [o.tekst for o in duiding.read(db).comments("D5")] == ["Toen."]
    duiding.set_comment(db, "D5", 2025, " ", COORDINATOR)
    assert duiding.read(db).comments("D5") == ()


WEIGERT: list[tuple[str, Any, tuple[Any, ...]]] = [
    ("indicator", duiding.set_comment, ("Z9", 2025, "x")),
    ("jaar", duiding.set_comment, ("D5", 1999, "x")),
    ("tekst", duiding.set_comment, ("D5", 2025, "x" * 1001)),
    ("tekst", duiding.set_comment, ("D5", 2025, "x\x00y")),
    ("tekst", duiding.set_break, ("D5", 18000, "x" * 201)),
    ("cijfer", duiding.set_target, ("D5", "nergens", 2025, "norm", 1)),
    ("waarde", duiding.set_target, ("D5", "uitval", 2025, "norm", -1)),
    ("soort", duiding.set_target, ("D5", "uitval", 2025, "wens", 1)),
]


@pytest.mark.parametrize(("veld", "doe", "wat"), WEIGERT)
def test_what_cannot_be_is_refused_at_its_field(db: Connection, veld: str, doe: Any, wat: tuple[Any, ...]) -> None:
    with pytest.raises(InvoerGeweigerd) as geweigerd:
        doe(db, *wat, COORDINATOR)
    assert set(geweigerd.value.fouten) == {veld}
