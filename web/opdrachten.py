"""The command line `routekaart`: English, a line for each finding; exit code 0 done, 1 findings or refusal, 2 usage."""

from __future__ import annotations

import errno
import json
import os
import sys
from typing import Any

import click
from sqlalchemy import func, select

from models import klok
from models.database import reading, transaction
from models.gebeurtenis import gebeurtenis
from models.migraties import current, newest, upgrade
from models.traject import traject
from web.opdrachten_bewaren import backup, copy, restore
from web.opdrachten_cijfers import known, report
from web.opdrachten_kaart import check, move, publish, read_map
from web.opdrachten_keuring import doctor
from web.opdrachten_medewerkers import user
from web.opdrachten_onderzoek import compare, sample, whatif
from web.opdrachten_opgaven import import_opgaven
from web.opdrachten_pakket import parcel
from web.opdrachten_uitwisseling import export_ddas, import_ddas
from web.opdrachten_zegels import prove, rotate, seal, verify
from web.opdrachtregel import Commands, Refused, progress, ready_database, writable_database
from workflow import hoofdsleutel, instellingen, kaarten, opslag, projectie, wijzigingen
from workflow.kalender import daynumber

HOST = "127.0.0.1"
SERVE = "from web.opdrachten import main; main(prog_name='routekaart')"


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="routekaart", prog_name="routekaart")
def main() -> None:
    """Routekaart: debt assistance as a route, with everything that happened in one log.

    The command line is the beheerder's: a shielded dossier is shielded on the pages, not here.
    """


@main.command()
def init() -> None:
    """Make database, keys and the first map version; safe to repeat."""
    for regel in prepare(instellingen.database_url()):
        click.echo(regel)


def prepare(url: str) -> list[str]:
    """Make what is missing and say what was made."""
    kaart = read_map(instellingen.map_file())
    kaarten.refuse_concept(kaart)
    hoofdsleutel.check_before_init(url)
    gemaakt = [f"made {pad}" for pad in instellingen.make_key_files()]
    opslag.protect(url)
    was = current(url)
    upgrade(url)
    with transaction(url) as db:
        hoofdsleutel.remember(db)
        kaarten.publish(db, kaart)
        wijzigingen.keep_decreed(db)
    stand = "made" if was is None else "up to date"
    return [*gemaakt, f"database {stand}, tables {newest()}", f"map {kaart.code} {kaart.versie} ({kaart.status})"]


@main.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--size", default=1500, show_default=True, type=click.IntRange(1, 100_000), help="How many trajecten.")
@click.option("--no-serve", is_flag=True, help="Make the caseload only.")
def demo(port: int, size: int, no_serve: bool) -> None:
    """Make a marked demo caseload and serve it; refuses a database that holds real data."""
    from workflow.voorbeeld import DemoGeweigerd, make_demo

    url = instellingen.database_url()
    prepare(url)
    try:
        with progress("Demo caseload", size) as done:
            overzicht = make_demo(url, size=size, done=done)
    except DemoGeweigerd as fout:
        raise Refused(str(fout)) from None
    for regel in overzicht.regels():
        click.echo(regel)
    if not no_serve:
        _serve_afresh(port)


def _serve_afresh(port: int) -> None:
    """Serve in place of this process. The maker of letters began threads here that no process forked from it has."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-P", "-c", SERVE, "serve", "--port", str(port)])  # noqa: S606


@main.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default=HOST, show_default=True)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def serve(port: int, host: str, workers: int) -> None:
    """Serve the application."""
    run(port, host, workers)


def run(port: int, host: str = HOST, workers: int = 2) -> None:
    """Serve until stopped, with gunicorn. Raises Refused when the port is taken."""
    from web.app import OpstartGeweigerd, create_app
    from web.server import Server
    from web.toegang import rights

    try:
        app = create_app()
    except OpstartGeweigerd as fout:
        raise Refused("\n".join(fout.bezwaren)) from None
    _check_port(host, port)
    with transaction(app.config["DATABASE"]) as db:
        wijzigingen.note_rights(db, rights(app))
    click.echo(f"Routekaart is ready at http://{host}:{port}/ (stop with Ctrl+C)")
    Server(app, f"{host}:{port}", workers).run()


def _check_port(host: str, port: int) -> None:
    import socket

    with socket.socket() as proef:
        proef.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            proef.bind((host, port))
        except OSError as fout:
            reden = "in use" if fout.errno == errno.EADDRINUSE else f"not to be had: {fout.strerror}"
            raise Refused(f"port {port} on {host} is {reden}; choose another with --port or --host") from None


@main.command()
@click.option("--json", "als_json", is_flag=True)
def rebuild(als_json: bool) -> None:
    """Throw the projections away and make them anew from the log."""
    url = writable_database()
    with reading(url) as db:
        totaal = db.execute(select(func.count()).select_from(gebeurtenis)).scalar_one()
    with progress("Rebuilding", totaal) as done, transaction(url) as db:
        gelezen = projectie.rebuild(db, done)
        aantal = db.execute(select(func.count()).select_from(traject)).scalar_one()
    uitkomst = {"gebeurtenissen": gelezen, "trajecten": aantal}
    click.echo(json.dumps(uitkomst) if als_json else f"{gelezen} gebeurtenissen, {aantal} trajecten")


@main.command()
@click.argument("nummer")
@click.option("--op", type=click.DateTime(["%Y-%m-%d"]), help="As it was on this day.")
@click.option("--bekend", type=click.DateTime(["%Y-%m-%d"]), help="As it was known on this day.")
@click.option("--json", "als_json", is_flag=True)
def replay(nummer: str, op: Any, bekend: Any, als_json: bool) -> None:
    """Tell what happened in a traject, up to a day and as known on a day."""
    from workflow.naspelen import replayed

    dag = daynumber(op.date()) if op else klok.today()
    tot = known(bekend)
    with reading(ready_database()) as db:
        verhaal = replayed(db, nummer, dag, tot)
    if als_json:
        click.echo(json.dumps(verhaal.as_dict(), ensure_ascii=False))
        return
    for regel in verhaal.regels():
        click.echo(regel)


@main.group("import")
def import_() -> None:
    """Read a file from outside; --dry-run shows the preview only."""


@main.group()
def export() -> None:
    """Write a file for outside."""


import_.add_command(import_ddas)
import_.add_command(import_opgaven)
export.add_command(export_ddas)
OPDRACHTEN = (
    *(check, publish, move, user, doctor, backup, restore, copy, report),
    *(seal, verify, prove, rotate, parcel, sample, compare, whatif),
)
for opdracht in OPDRACHTEN:
    main.add_command(opdracht)
