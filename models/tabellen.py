"""All tables together: the metadata is complete only after every module of this room was imported."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from sqlalchemy import Connection, MetaData, text

import models
from models.base import metadata


def all_tables() -> MetaData:
    """The metadata with every table and trigger of the program."""
    list(_modules())
    return metadata


def triggers(dialect: str) -> dict[str, str]:
    """What each trigger of a database of this kind must say, and each function that one calls, by name."""
    return dict(_named(o) for module in _modules() for o in getattr(module, "TRIGGERS", {}).get(dialect, ()))


def lost_triggers(db: Connection) -> list[str]:
    """The triggers and functions of a database that are gone, are switched off or say something else than they must."""
    nu = {naam: _plain(tekst) for naam, tekst in db.execute(text(_GEMAAKT[db.dialect.name]))}
    return sorted({naam for naam, tekst in triggers(db.dialect.name).items() if nu.get(naam) != tekst})


_GEMAAKT = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT tgname, pg_get_triggerdef(t.oid, true) FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid"
        " WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND relnamespace = current_schema()::regnamespace"
        " UNION ALL SELECT proname || '()', prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
    ),
}
"""What the database itself says that was made."""


def _named(opdracht: str) -> tuple[str, str]:
    if opdracht.startswith("CREATE TRIGGER"):
        return opdracht.split()[2], _plain(opdracht)
    kop, inhoud, _ = opdracht.split("$$")
    return kop.split()[4], _plain(inhoud)


def _plain(tekst: str) -> str:
    return " ".join(tekst.split())


def _modules() -> Iterator[ModuleType]:
    for module in iter_modules(models.__path__):
        if not module.ispkg:
            yield import_module(f"models.{module.name}")
