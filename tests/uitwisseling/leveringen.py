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
GEPUBLICEERD = {pad.stem: pad for pad in sorted(GEDEELD.glob("*.json"))}
"""The published schema and examples by name, where they are present. Their licence is not known, so they are no part of
the repository; `enkelvoudig` and `meervoudig` are deliveries of our own in the same shape."""

EIGEN = {pad.stem: pad for pad in sorted(DATA.glob("*.json"))}
VOORBEELDEN = EIGEN | {naam: pad for naam, pad in GEPUBLICEERD.items() if naam.endswith("Voorbeeld")}
"""Every delivery there is."""

VANDAAG = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DOOR = Actor("c" * 32, "coordinator", "GM")

Json = dict[str, Any]


def day(tekst: str) -> int:
    """The number of an ISO date."""
    return daynumber(date.fromisoformat(tekst))


def delivery(naam: str = "volledig") -> Json:
    """A delivery of our own, as data."""
    return json.loads((DATA / f"{naam}.json").read_text(encoding="utf-8"))


def without_nulls(waarde: Any) -> Any:
    """A delivery without what it leaves open: a null, and what holds nothing but nulls."""
    if isinstance(waarde, list):
        return [without_nulls(deel) for deel in waarde]
    if not isinstance(waarde, dict):
        return waarde
    over = {naam: without_nulls(deel) for naam, deel in waarde.items()}
    return {naam: deel for naam, deel in over.items() if deel not in (None, {})}


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
