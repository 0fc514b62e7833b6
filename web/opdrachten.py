"""The command line `routekaart`: English, a line for each finding; exit code 0 done, 1 findings or refusal, 2 usage."""

from __future__ import annotations

import json
import secrets
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from models import klok
from models.database import reading, transaction
from models.gebeurtenis import gebeurtenis
from models.instelling import gelijkgestelde_dag
from models.migraties import SchemaOnbekend, current, newest, upgrade
from models.traject import traject
from web.opdrachten_uitwisseling import export_ddas, import_ddas
from workflow import instellingen, kaarten, kaartlezer, projectie
from workflow.gezin import load_kalender
from workflow.instellingen import InstellingOntbreekt
from workflow.kaartlezer import RoutekaartOngeldig
from workflow.kalender import GELIJKGESTELDE_DAGEN, daynumber
from workflow.routekaart import Routekaart
from workflow.velden import InvoerGeweigerd

HOST = "127.0.0.1"


class Refused(click.ClickException):
    """A refusal: its sentence on standard error, exit code 1."""

    def show(self, file: Any = None) -> None:
        """Write the sentence as it is."""
        click.echo(self.message, err=True)


class Commands(click.Group):
    """Turns what the rooms below refuse into a sentence; no traceback reaches a user."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except (InstellingOntbreekt, SchemaOnbekend, RoutekaartOngeldig, InvoerGeweigerd, LookupError) as fout:
            raise Refused(str(fout)) from None
        except SQLAlchemyError as fout:
            raise Refused(f"the database refused: {str(fout.__cause__ or fout).splitlines()[0]}") from None
        except OSError as fout:
            raise Refused(f"{fout.filename or ''}: {fout.strerror or fout}".lstrip(": ")) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="routekaart")
def main() -> None:
    """Routekaart: debt assistance as a route, with everything that happened in one log."""


@contextmanager
def progress(wat: str, totaal: int | None) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error, when somebody is looking; the block is given the function that advances it."""
    kolommen = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*kolommen, console=Console(stderr=True), disable=not sys.stderr.isatty()) as balk:
        taak = balk.add_task(wat, total=totaal)
        yield lambda n: balk.update(taak, advance=n)


@main.command()
def init() -> None:
    """Make database, keys and the first map version; safe to repeat."""
    for regel in prepare(instellingen.database_url()):
        click.echo(regel)


def prepare(url: str) -> list[str]:
    """Make what is missing and say what was made."""
    gemaakt = [f"made {pad}" for pad in instellingen.make_key_files()]
    was = current(url)
    upgrade(url)
    kaart = read_map(instellingen.map_file())
    with transaction(url) as db:
        kaarten.store(db, kaart)
        if not db.execute(select(gelijkgestelde_dag.c.dag)).first():
            dagen = [{"dag": daynumber(d), "bron": bron} for d, bron in GELIJKGESTELDE_DAGEN.items()]
            db.execute(gelijkgestelde_dag.insert(), dagen)
    stand = "made" if was is None else "up to date"
    return [*gemaakt, f"database {stand}, tables {newest()}", f"map {kaart.code} {kaart.versie} ({kaart.status})"]


def read_map(pad: Path) -> Routekaart:
    """The map in a file. Raises RoutekaartOngeldig with every finding as FILE:LINE: text."""
    inhoud = pad.read_bytes()
    if gevonden := kaartlezer.bevindingen(inhoud):
        raise Refused("\n".join(f"{pad}:{b.regel}: {b.tekst}" for b in gevonden))
    return kaartlezer.lees(inhoud)


@main.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--json", "als_json", is_flag=True, help="Findings as JSON.")
def check(file: Path | None, als_json: bool) -> None:
    """Check a map: each finding one line with its line number; exit 1 when there are any."""
    pad = file or instellingen.map_file()
    gevonden = kaartlezer.bevindingen(pad.read_bytes())
    if als_json:
        click.echo(json.dumps([{"line": b.regel, "text": b.tekst} for b in gevonden], ensure_ascii=False))
    else:
        for bevinding in gevonden:
            click.echo(f"{pad}:{bevinding.regel}: {bevinding.tekst}", err=True)
    if gevonden:
        raise SystemExit(1)
    if not als_json:
        kaart = kaartlezer.lees(pad.read_bytes())
        click.echo(f"{pad}: {kaart.code} {kaart.versie} ({kaart.status}), {len(kaart.routes)} routes, no findings")


@main.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--size", default=1500, show_default=True, type=click.IntRange(1, 100_000), help="How many trajecten.")
@click.option("--no-serve", is_flag=True, help="Make the caseload only.")
def demo(port: int, size: int, no_serve: bool) -> None:
    """Make a marked demo caseload and serve it; refuses a database that holds real data."""
    from workflow.voorbeeld import make_demo

    url = instellingen.database_url()
    prepare(url)
    with progress("Demo caseload", size) as done:
        overzicht = make_demo(url, size=size, done=done)
    for regel in overzicht.regels():
        click.echo(regel)
    if not no_serve:
        run(port)


@main.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default=HOST, show_default=True)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def serve(port: int, host: str, workers: int) -> None:
    """Serve the application."""
    run(port, host, workers)


def run(port: int, host: str = HOST, workers: int = 2) -> None:
    """Serve until stopped, with gunicorn. Raises Refused when the port is taken."""
    from gunicorn.app.base import BaseApplication

    from web.app import OpstartGeweigerd, create_app

    try:
        app = create_app()
    except OpstartGeweigerd as fout:
        raise Refused(str(fout)) from None
    _check_port(host, port)

    class Server(BaseApplication):
        def load_config(self) -> None:
            opties = {"bind": f"{host}:{port}", "workers": workers, "preload_app": False, "accesslog": None}
            for naam, waarde in {**opties, "loglevel": "warning", "threads": 4, "timeout": 60}.items():
                self.cfg.set(naam, waarde)

        def load(self) -> Any:
            return app

    click.echo(f"Routekaart is ready at http://{host}:{port}/ (stop with Ctrl+C)")
    Server().run()


def _check_port(host: str, port: int) -> None:
    import socket

    with socket.socket() as proef:
        proef.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            proef.bind((host, port))
        except OSError:
            raise Refused(f"port {port} on {host} is in use; choose another with --port") from None


@main.group()
def user() -> None:
    """Users of the application."""


@user.command("add")
@click.argument("login")
@click.option("--name", required=True, help="Name as colleagues see it.")
@click.option(
    "--role", required=True, type=click.Choice(["uitvoerder", "coordinator", "auditor", "partner", "beheerder"])
)
@click.option("--organisation", required=True, help="Code of the organisation; made when it is not there yet.")
@click.option("--password", help="At least 12 characters; asked for, or made, when left out.")
def user_add(login: str, name: str, role: str, organisation: str, password: str | None) -> None:
    """Add a user."""
    from models.organisatie import organisatie
    from workflow import medewerkers

    nieuw = password or secrets.token_urlsafe(15)
    with transaction(instellingen.database_url()) as db:
        if not db.execute(select(organisatie.c.id).where(organisatie.c.code == organisation)).first():
            rij = {"code": organisation, "naam": organisation, "soort": "organisatie", "is_actief": True}
            db.execute(organisatie.insert().values(rij))
        medewerkers.add(db, inlognaam=login, naam=name, rol=role, organisatie=organisation, wachtwoord=nieuw)
    click.echo(f"added {login} ({role})" + ("" if password else f", password {nieuw}"))


@main.command()
@click.option("--json", "als_json", is_flag=True)
def doctor(als_json: bool) -> None:
    """Say whether this installation is fit to run, and what is wrong with it; exit 1 when something is."""
    uitkomst = [{"ok": not bezwaar, "text": bezwaar or goed} for goed, bezwaar in _examination()]
    if als_json:
        click.echo(json.dumps(uitkomst, ensure_ascii=False))
    else:
        for punt in uitkomst:
            click.echo(f"{'ok  ' if punt['ok'] else 'FAIL'} {punt['text']}", err=not punt["ok"])
    if not all(punt["ok"] for punt in uitkomst):
        raise SystemExit(1)


def _examination() -> Iterator[tuple[str, str]]:
    """What is looked at, and what is wrong with it ("" when nothing is)."""
    from web.app import OpstartGeweigerd, create_app

    url = instellingen.database_url()
    versie = current(url)
    yield (
        f"tables of version {newest()}",
        "" if versie == newest() else f"tables are of version {versie}; run `routekaart init`",
    )
    try:
        create_app()
    except (OpstartGeweigerd, InstellingOntbreekt) as fout:
        yield "", str(fout)
        return
    yield "keys, settings, triggers and map", ""
    with reading(url) as db:
        kalender = load_kalender(db)
    jaren = [klok.now().year, klok.now().year + 1]
    onbekend = [str(jaar) for jaar in jaren if not kalender.is_bevestigd(jaar)]
    yield (
        "equated days known for this year and the next",
        f"equated days of {', '.join(onbekend)} not known" if onbekend else "",
    )


@main.command()
@click.option("--json", "als_json", is_flag=True)
def rebuild(als_json: bool) -> None:
    """Throw the projections away and make them anew from the log."""
    url = instellingen.database_url()
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
    tot = klok.end_of_day_us(daynumber(bekend.date())) if bekend else None
    with reading(instellingen.database_url()) as db:
        verhaal = replayed(db, nummer, dag, tot)
    if als_json:
        click.echo(json.dumps(verhaal.as_dict(), ensure_ascii=False))
        return
    for regel in verhaal.regels():
        click.echo(regel)


@main.command()
@click.argument("target", type=click.Path(path_type=Path))
def backup(target: Path) -> None:
    """Copy the embedded database, also while it is in use, to a new file. Keys are not in it: keep those apart."""
    if target.exists():
        raise Refused(f"{target} exists already")
    bron = _sqlite_file("backup")
    with sqlite3.connect(bron) as van, sqlite3.connect(target) as naar:
        van.backup(naar)
    click.echo(f"{target}: {target.stat().st_size} bytes")


@main.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(source: Path) -> None:
    """Put a backup in place of an embedded database that is not there (move the present one away first)."""
    doel = _sqlite_file("restore")
    if doel.exists():
        raise Refused(f"{doel} exists; stop the application and move it away first")
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as proef:
        if proef.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise Refused(f"{source} is damaged")
    doel.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, doel)
    click.echo(f"{doel}: restored, tables {current(instellingen.database_url())}")


def _sqlite_file(wat: str) -> Path:
    url = make_url(instellingen.database_url())
    if url.get_backend_name() != "sqlite" or not url.database:
        raise Refused(f"{wat} is for the embedded database; use the database's own tools for this one")
    return Path(url.database)


@main.command()
@click.option("--to", "naar", required=True, help="SQLAlchemy address of an empty database.")
def copy(naar: str) -> None:
    """Copy everything to another database, for example from SQLite to PostgreSQL; hashes stay the same."""
    from workflow.kopie import copy_all

    upgrade(naar)
    with progress("Copying", None) as done:
        aantallen = copy_all(instellingen.database_url(), naar, done)
    for tabel, aantal in aantallen.items():
        click.echo(f"{tabel}: {aantal}")


@main.group("import")
def import_() -> None:
    """Read a file from outside; --dry-run shows the preview only."""


@main.group()
def export() -> None:
    """Write a file for outside."""


import_.add_command(import_ddas)
export.add_command(export_ddas)
