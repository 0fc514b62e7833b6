"""Deliveries to try: the ones in tests/data/ddas, changed in one place."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from workflow.kalender import daynumber
from workflow.opdracht import Actor

DATA = Path(__file__).parents[1] / "data" / "ddas"
GEDEELD = Path(__file__).parents[3] / "shared" / "ddas"
"""The published schema and examples, where they are present."""

VANDAAG = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DOOR = Actor("c" * 32, "coordinator", "GM")

Json = dict[str, Any]


def day(tekst: str) -> int:
    """The number of an ISO date."""
    return daynumber(date.fromisoformat(tekst))


def delivery(naam: str = "volledig") -> Json:
    """A delivery of our own, as data."""
    return json.loads((DATA / f"{naam}.json").read_text(encoding="utf-8"))


def trajecten(levering: Json) -> list[Json]:
    """The trajecten of a delivery, in order."""
    return [traject for deel in levering["leveringen"] for traject in deel["schuldhulptrajecten"]]


def one(**velden: Any) -> Json:
    """A delivery of one plain traject, with these fields; None takes a field out."""
    levering = delivery("zonder_fasen")
    traject = {**trajecten(levering)[0], **velden}
    levering["leveringen"][0]["schuldhulptrajecten"] = [{k: v for k, v in traject.items() if v is not None}]
    return levering


def several(*wijzigingen: Json) -> Json:
    """A delivery of the plain traject several times, each with its own fields."""
    levering = one()
    traject = trajecten(levering)[0]
    levering["leveringen"][0]["schuldhulptrajecten"] = [{**deepcopy(traject), **velden} for velden in wijzigingen]
    return levering


def as_bytes(levering: Any) -> bytes:
    """A delivery as a file has it."""
    return json.dumps(levering, ensure_ascii=False).encode()
