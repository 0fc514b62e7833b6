"""Versions of the tables. `upgrade` brings a database to the newest one; an unknown newer one is refused."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from models.database import engine


class SchemaOnbekend(Exception):
    """The database was made by a newer version of the program."""


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = url
    return config


def current(url: str) -> str | None:
    """The version of the tables in this database; None when there are none."""
    with engine(url).connect() as db:
        return MigrationContext.configure(db).get_current_revision()


def newest() -> str:
    """The version of the tables that this program works with."""
    return str(ScriptDirectory.from_config(_config("")).get_current_head())


def upgrade(url: str) -> None:
    """Make the tables, or bring them up to date. Raises SchemaOnbekend."""
    bekend = {s.revision for s in ScriptDirectory.from_config(_config("")).walk_revisions()}
    nu = current(url)
    if nu is not None and nu not in bekend:
        raise SchemaOnbekend(
            f"the database has tables of version {nu}, which this program does not know; use a newer program"
        )
    command.upgrade(_config(url), "head")
