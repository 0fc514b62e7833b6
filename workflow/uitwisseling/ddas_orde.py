"""No end before its begin: what is wrong in a traject that is about to be delivered, and what is delivered instead.

Choices. A traject then ends on the day of the log. Of a phase, of an item of a list and of an uitstroom the log knows
no other day, so that their end is left out; the begin stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workflow.kalender import date_of
from workflow.uitwisseling.ddas_schema import LIJSTEN

Json = dict[str, Any]
Vondst = tuple[str, Json, str]
"""A path, the object at it or around it, and the name in that object."""


def mend(geheel: Json, beeindigd_op: int | None) -> list[str]:
    """Take the ends out that lie before their begin, and return their paths. `beeindigd_op` is the day of the log."""
    gevonden = list(_early(geheel))
    for _, deel, naam in gevonden:
        del deel[naam]
    paden = [pad for pad, _, _ in gevonden]
    einde = date_of(beeindigd_op).isoformat() if beeindigd_op is not None else ""
    if "einddatum" in paden and einde >= geheel["startdatum"]:
        geheel["einddatum"] = einde
    return paden


def _early(geheel: Json) -> Iterator[Vondst]:
    """The ends before their begin."""
    uitstroom = geheel.get("uitstroom", {})
    for naam in ("datum", "datumBeeindigingsbeschikking"):
        if _is_before(uitstroom.get(naam), geheel.get("startdatum")):
            yield f"uitstroom.{naam}", uitstroom, naam
    for pad, deel in _parts(geheel):
        if _is_before(deel.get("einddatum"), deel.get("startdatum")):
            yield f"{pad}einddatum", deel, "einddatum"


def _is_before(een: Any, ander: Any) -> bool:
    """Whether both are dates, in this order; what is no date is for the format to refuse."""
    return isinstance(een, str) and isinstance(ander, str) and een < ander


def _parts(geheel: Json) -> Iterator[tuple[str, Json]]:
    """The traject, its phases and the items of its lists, each with its path."""
    yield "", geheel
    yield from ((f"{naam}.", deel) for naam, deel in geheel.items() if isinstance(deel, dict))
    for naam in LIJSTEN:
        yield from ((f"{naam}[{nr}].", deel) for nr, deel in enumerate(geheel.get(naam, ())) if isinstance(deel, dict))
