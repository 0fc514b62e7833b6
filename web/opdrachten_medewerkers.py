"""Users on the command line: `user add`."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

import click
from sqlalchemy import Connection, select

from models.database import transaction
from models.organisatie import organisatie
from web.opdrachtregel import Refused, writable_database
from workflow import medewerkers
from workflow.medewerkers import Geweigerd
from workflow.rollen import Rol
from workflow.velden import InvoerGeweigerd

ENGELS: Mapping[str, str] = {
    Geweigerd.INLOGNAAM: "the login must have 3 to 120 letters, digits, dots or hyphens, or be an e-mail address",
    Geweigerd.BEZET: "this login is taken already",
    Geweigerd.NAAM: f"--name must have 1 to {medewerkers.MAX_NAAM} characters",
    Geweigerd.ROL: "this role does not exist",
    Geweigerd.ORGANISATIE: "this organisation was closed",
    Geweigerd.KORT: f"--password must have at least {medewerkers.MIN_WACHTWOORD} characters",
    Geweigerd.LANG: f"--password must have at most {medewerkers.MAX_WACHTWOORD} characters",
    Geweigerd.RAADBAAR: "this password is too easy to guess; take for example four words that have nothing in common",
}
"""What the screen says in Dutch, for the command line."""


@click.group()
def user() -> None:
    """Users of the application."""


@user.command("add")
@click.argument("login")
@click.option("--name", required=True, help="Name as colleagues see it.")
@click.option("--role", required=True, type=click.Choice([str(rol) for rol in Rol]))
@click.option("--organisation", required=True, help="Code of the organisation; made when it is not there yet.")
@click.option("--password", help="At least 12 characters; made when left out.")
def add(login: str, name: str, role: str, organisation: str, password: str | None) -> None:
    """Add a user."""
    nieuw = password or secrets.token_urlsafe(15)
    try:
        with transaction(writable_database()) as db:
            _make_organisation(db, organisation)
            medewerkers.add(db, inlognaam=login, naam=name, rol=role, organisatie=organisation, wachtwoord=nieuw)
    except InvoerGeweigerd as fout:
        raise Refused("\n".join(ENGELS[zin] for zin in fout.fouten.values())) from None
    click.echo(f"added {login} ({role})" + ("" if password else f", password {nieuw}"))


def _make_organisation(db: Connection, code: str) -> None:
    if db.execute(select(organisatie.c.id).where(organisatie.c.code == code)).first():
        return
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9-]{0,31}", code):
        raise Refused("the code of an organisation has at most 32 capitals, digits and hyphens")
    rij = {"code": code, "naam": code, "soort": "organisatie", "is_actief": True}
    db.execute(organisatie.insert().values(rij))
