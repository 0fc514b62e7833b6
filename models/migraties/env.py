"""Runs migrations on the database that `models.migraties` names."""

from __future__ import annotations

from alembic import context

from models.database import engine
from models.tabellen import all_tables

with engine(context.config.attributes["url"]).begin() as db:
    context.configure(connection=db, target_metadata=all_tables(), render_as_batch=db.dialect.name == "sqlite")
    context.run_migrations()
