"""What stands where a figure of reports has no value, and beside one of which reports are missing. In Dutch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NIETS: Mapping[str, str] = {
    "niet_opgegeven": "niet opgegeven",
    "niet_op_te_tellen": "per {ritme} opgegeven, niet op te tellen",
    "deel_niet_op_te_tellen": "niet op te tellen",
    "past_niet": "per {ritme} opgegeven",
    "wordt_per": "wordt per {ritme} gevraagd",
    "nog_niet_voorbij": "nog niet voorbij",
    "nog_niet_gevraagd": "werd nog niet gevraagd",
    "niet_meer_gevraagd": "wordt niet meer gevraagd",
    "niet_gevraagd": "wordt niet gevraagd",
}
"""Why a figure of reports has no value -> what it says instead."""

ONGEVRAAGD = frozenset({"nog_niet_gevraagd", "niet_meer_gevraagd", "niet_gevraagd"})
"""Of these nothing is to be said where others say something."""

NOEMER: Mapping[str, str] = {
    "maand": "maandcijfers",
    "kwartaal": "kwartaalcijfers",
    "jaar": "jaarcijfers",
    "schooljaar": "cijfers per schooljaar",
    "editie": "cijfers per editie",
}
"""Ritme -> what numbers of one period are called."""


def instead(gegevens: Mapping[str, Any]) -> str:
    """What a figure of reports without a value says; of a report fixed long ago, that nothing was reported."""
    return NIETS[gegevens.get("waarom", "niet_opgegeven")].format(ritme=gegevens.get("ritme", "periode"))


def is_unasked(gegevens: Mapping[str, Any]) -> bool:
    """Whether nobody was asked to report this over this period."""
    return gegevens.get("waarom") in ONGEVRAAGD


def is_incomplete(gegevens: Mapping[str, Any]) -> bool:
    """Whether numbers are missing from it."""
    return bool(gegevens.get("verwacht", 0) > gegevens.get("ontvangen", 0))


def gap(gegevens: Mapping[str, Any]) -> str:
    """Of how many numbers an incomplete figure is made: "1 van 12 maandcijfers"; empty for a complete one."""
    if not is_incomplete(gegevens) or not gegevens["ontvangen"]:
        return ""
    return f"{gegevens['ontvangen']} van {gegevens['verwacht']} {NOEMER.get(gegevens.get('ritme', ''), 'opgaven')}"
