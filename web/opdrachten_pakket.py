"""The auditor's parcel on the command line: `parcel`.

Who stands at the server can read the database anyway, so the password keeps nothing from them. It is asked so that the
parcel stands on record under the name of an auditor, by the same rules as logging in: wrong passwords count and wait.
"""

from __future__ import annotations

from pathlib import Path

import click

from models.database import reading
from web.opdrachtregel import Refused, progress, writable_database
from web.toegang import actor_of
from workflow import bestanden, medewerkers, zegels
from workflow.medewerkers import Medewerker
from workflow.pakket import make
from workflow.rollen import Rol


@click.command()
@click.option("--output", required=True, type=click.Path(path_type=Path), help="The ZIP file to make.")
@click.option("--login", required=True, help="Login of the auditor who asks for it.")
@click.option("--password", prompt=True, hide_input=True, envvar="ROUTEKAART_PASSWORD", help="Asked when left out.")
def parcel(output: Path, login: str, password: str) -> None:
    """Make the auditor's parcel: log, maps, seals, reports and the program that verifies them elsewhere."""
    url = writable_database()
    door = actor_of(_auditor(url, login, password))
    with reading(url) as db:
        vorige = zegels.last(db)
    with progress("Packing", vorige.omvang if vorige else None) as done, bestanden.writing(output) as bestand:
        zegel = make(url, bestand, door, done)
    click.echo(f"{output}: {zegel.omvang} rows up to seal {zegel.id}; pseudonymous personal data, keep it encrypted")


def _auditor(url: str, login: str, password: str) -> Medewerker:
    wie = medewerkers.authenticate(url, login, password)
    if wie is None:
        raise Refused("login or password is wrong, or the account is blocked or has to wait")
    if wie.rol != Rol.AUDITOR:
        raise Refused(f"{login} is no auditor; only an auditor makes a parcel")
    return wie
