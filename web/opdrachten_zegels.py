"""Seals on the command line: `seal`, to be run daily."""

from __future__ import annotations

import json

import click

from models.database import reading, transaction
from web.opdrachtregel import ready_database
from workflow import instellingen, zegels


@click.command()
@click.option("--json", "als_json", is_flag=True)
def seal(als_json: bool) -> None:
    """Seal the log as it stands and publish the seal in the folder of seals; to be run daily."""
    url = ready_database()
    with reading(url) as db:
        vorige = zegels.last(db)
    with transaction(url) as db:
        gemaakt = zegels.take(db)
    nieuw = zegels.publish(url)
    is_nieuw = vorige is None or gemaakt.id > vorige.id
    if als_json:
        velden = {"zegel": gemaakt.id, "size": gemaakt.omvang, "root": gemaakt.wortel, "new": is_nieuw}
        click.echo(json.dumps({**velden, "files": [str(pad) for pad in nieuw]}))
        return
    click.echo(f"seal {gemaakt.id}: {gemaakt.omvang} rows, root {gemaakt.wortel}{'' if is_nieuw else ', nothing new'}")
    for pad in nieuw:
        click.echo(f"published {pad}")
    click.echo(f"keep a copy elsewhere of what is in {instellingen.seal_folder()}", err=True)
