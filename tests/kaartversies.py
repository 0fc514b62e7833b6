"""Other versions of a map, for tests: the same map with something changed in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml

from workflow.kaartlezer import lees
from workflow.routekaart import Routekaart

Inhoud = dict[str, Any]
Wijziging = Callable[[Inhoud], None]


def another_text(
    tekst: str, change: Wijziging | None = None, *, namen: dict[str, str] | None = None, **kop: str
) -> str:
    """The YAML of a map as its next version: with other codes (`namen`), a change, and other values on top."""
    for was, wordt in (namen or {}).items():
        tekst = re.sub(rf"\b{was}\b", wordt, tekst)
    for naam, waarde in {"versie": '"volgende"', **kop}.items():
        tekst, aantal = re.subn(rf"(?m)^{naam}: .*$", f"{naam}: {waarde}", tekst)
        assert aantal == 1, naam
    return _changed(tekst, change) if change else tekst


def _changed(tekst: str, change: Wijziging) -> str:
    inhoud: Inhoud = yaml.safe_load(tekst)
    change(inhoud)
    return yaml.safe_dump(inhoud, sort_keys=False, allow_unicode=True, width=1000)


def another(
    tekst: str, change: Wijziging | None = None, *, namen: dict[str, str] | None = None, **kop: str
) -> Routekaart:
    """The same, read."""
    return lees(another_text(tekst, change, namen=namen, **kop))
