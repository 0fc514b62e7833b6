"""Files that were uploaded and wait for a decision: encrypted, each for one medewerker, for an hour at most.

Each is for one thing too (`waarvoor`): the debts of one dossier, or a delivery. A medewerker has one at a time. What is
too old goes when the next one comes.
"""

from __future__ import annotations

import secrets

from workflow.bewaarplaats import Bewaarplaats

UPLOADS = Bewaarplaats("uploads", 3600, 1)


def put(inhoud: bytes, medewerker: str, waarvoor: str) -> str:
    """Keep a file for a medewerker (pseudonym) and return its number; an earlier one of theirs goes once it stands.

    Raises OSError when there is no room.
    """
    nummer = secrets.token_hex(16)
    UPLOADS.put(nummer, inhoud, medewerker, waarvoor)
    return nummer


def get(nummer: str, medewerker: str, waarvoor: str) -> bytes | None:
    """The file with this number, None when this medewerker has none for this, or it is too old."""
    return UPLOADS.get(nummer, medewerker, waarvoor)


def drop(nummer: str, medewerker: str) -> None:
    """Forget a file."""
    UPLOADS.drop(nummer, medewerker)
