"""All tables together: the metadata is complete only after every module of this room was imported."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from sqlalchemy import MetaData

import models
from models.base import metadata


def all_tables() -> MetaData:
    """The metadata with every table and trigger of the program."""
    for module in iter_modules(models.__path__):
        if not module.ispkg:
            import_module(f"models.{module.name}")
    return metadata
