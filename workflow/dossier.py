"""What a guard may know: a frozen picture of one traject on one day, with today's knowledge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workflow.routekaart import EMPTY, Route, Routekaart, Stap


@dataclass(frozen=True, slots=True)
class Kind:
    """A child traject as its parent's dossier shows it."""

    nummer: str
    route: str
    stap: str | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """Frozen facts of one traject as of `dag`, and the answers (`invoer`, `reden`) of the overgang being tried."""

    kaart: Routekaart
    route: Route
    dag: int
    rol: str
    stap: Stap | None = None
    vorige: str | None = None
    kenmerken: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    antwoorden: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    bezocht: frozenset[str] = frozenset()
    deelnemers: tuple[str, ...] = ()
    kinderen: tuple[Kind, ...] = ()
    invoer: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    reden: str | None = None

    @property
    def open_kinderen(self) -> tuple[Kind, ...]:
        """The child trajecten that are still open."""
        return tuple(kind for kind in self.kinderen if kind.is_open)
