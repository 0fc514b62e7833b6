"""The roles: what a medewerker is to the program, and how people call that."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Rol(StrEnum):
    """What a medewerker is to the program; the codes stand in the map too."""

    UITVOERDER = "uitvoerder"
    COORDINATOR = "coordinator"
    AUDITOR = "auditor"
    PARTNER = "partner"
    BEHEERDER = "beheerder"


ROLNAMEN: Mapping[str, str] = MappingProxyType(
    {
        Rol.UITVOERDER: "Uitvoerder",
        Rol.COORDINATOR: "Coördinator",
        Rol.AUDITOR: "Auditor",
        Rol.PARTNER: "Partner",
        Rol.BEHEERDER: "Beheerder",
    }
)
"""Role -> its name on the screen."""


def rol_in_zin(rol: str) -> str:
    """A role within a sentence; what is none (a word of an exchange file) stays as it is."""
    return ROLNAMEN.get(rol, rol).lower()
