"""All tables together: the metadata is complete only after every module of this room was imported."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from sqlalchemy import MetaData

import models
from models.base import metadata


def all_tables() -> MetaData:
    """The metadata with every table and trigger of the program."""
    list(_modules())
    return metadata


def triggers(dialect: str) -> frozenset[str]:
    """The names of all triggers that a database of this kind must have."""
    opdrachten = (o for module in _modules() for o in getattr(module, "TRIGGERS", {}).get(dialect, ()))
    return frozenset(opdracht.split()[2] for opdracht in opdrachten if opdracht.startswith("CREATE TRIGGER"))


def _modules() -> Iterator[ModuleType]:
    for module in iter_modules(models.__path__):
        if not module.ispkg:
            yield import_module(f"models.{module.name}")
