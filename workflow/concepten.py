"""Drafts: what somebody is typing, or sent when their session was over, kept encrypted for a day at most.

One for each medewerker and page; a later one takes the place of the one before. Of more than MAX_CONCEPTEN pages of a
medewerker the oldest go: each address is a page, and anybody can think of more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from models import klok
from workflow.bewaarplaats import Bewaarplaats

MAX_CONCEPTEN = 50
CONCEPTEN = Bewaarplaats("concepten", 24 * 3600, MAX_CONCEPTEN)

Velden = Sequence[tuple[str, str]]
"""Names and values as a form sends them; a name may come more than once."""


def keep(medewerker: str, pad: str, velden: Velden) -> None:
    """Keep what a medewerker (pseudonym) typed on the page at this path."""
    CONCEPTEN.put(_number(pad), json.dumps([klok.now_us(), list(velden)]).encode(), medewerker)


def take(medewerker: str, pad: str) -> tuple[int, Velden] | None:
    """What was kept of this medewerker for this page, once, and when (UTC microseconds); None when there is nothing."""
    inhoud = CONCEPTEN.get(_number(pad), medewerker)
    drop(medewerker, pad)
    if not inhoud:
        return None
    moment, velden = json.loads(inhoud)
    return moment, [(naam, waarde) for naam, waarde in velden]


def drop(medewerker: str, pad: str) -> None:
    """Forget what was kept of this medewerker for this page."""
    CONCEPTEN.drop(_number(pad), medewerker)


def _number(pad: str) -> str:
    return hashlib.sha256(pad.encode()).hexdigest()[:32]
