"""Keeping the data safe on the command line: `backup`, `restore` and `copy`."""

from __future__ import annotations

from pathlib import Path

import click

from models.migraties import current, upgrade
from web.opdrachtregel import Refused, progress, ready_database
from workflow import instellingen, opslag, reservekopie


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
def backup(target: Path) -> None:
    """Copy the embedded database, also while it is in use, to a new file. Keys are not in it: keep those apart."""
    reservekopie.backup(_embedded("backup"), target)
    click.echo(f"{target}: {target.stat().st_size} bytes")


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
def restore(source: Path) -> None:
    """Put a backup in place of an embedded database that is not there (move the present one away first)."""
    doel, url = _embedded("restore"), instellingen.database_url()
    opslag.protect(url)
    reservekopie.restore(source, doel)
    click.echo(f"{doel}: restored, tables {current(url)}")


def _embedded(wat: str) -> Path:
    if (bestand := opslag.file_of(instellingen.database_url())) is None:
        raise Refused(f"{wat} is for the embedded database; use the database's own tools for this one")
    return bestand


@click.command()
@click.option("--to", "naar", required=True, help="SQLAlchemy address of an empty database.")
def copy(naar: str) -> None:
    """Copy everything to another database, for example from SQLite to PostgreSQL; hashes stay the same."""
    from workflow.kopie import copy_all

    van = ready_database()
    upgrade(instellingen.checked_address(naar, "--to"))
    with progress("Copying", None) as done:
        aantallen = copy_all(van, naar, done)
    for tabel, aantal in aantallen.items():
        click.echo(f"{tabel}: {aantal}")
