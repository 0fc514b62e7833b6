"""Reports of partners on the command line: `import opgaven`, all of a file or nothing, one line for each finding."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from models.database import reading, transaction
from web.opdrachten_uitwisseling import OPDRACHTREGEL
from web.opdrachtregel import progress, writable_database
from workflow import bestanden
from workflow.opdracht import Actor
from workflow.uitwisseling.opgaven_inlezen import Voorbeeld, import_reports, preview
from workflow.uitwisseling.tabellen import MAX_BYTES, Melding, TabelGeweigerd

UITKOMSTEN = {
    "nieuw": "new",
    "aanwezig": "already there",
    "verschilt": "there but different, left as they are",
}


def run_import(url: str, pad: Path, dry_run: bool, als_json: bool = False, door: Actor = OPDRACHTREGEL) -> int:
    """Take in a table of reports, or say what it would become; returns the exit code."""
    try:
        inhoud = bestanden.read(pad, MAX_BYTES)
        uitkomst = _preview(url, inhoud) if dry_run else _import(url, inhoud, door)
    except OSError as fout:
        click.echo(f"{pad}: {fout.strerror}", err=True)
        return 1
    except TabelGeweigerd as geweigerd:
        uitkomst = Voorbeeld(geweigerd.meldingen)
    _say(uitkomst, pad, dry_run, als_json)
    return 1 if uitkomst.fouten else 0


def _preview(url: str, inhoud: bytes) -> Voorbeeld:
    with reading(url) as db:
        return preview(db, inhoud)


def _import(url: str, inhoud: bytes, door: Actor) -> Voorbeeld:
    with progress("Importing", None) as done, transaction(url) as db:
        return import_reports(db, inhoud, door, done=done)


def _say(uitkomst: Voorbeeld, pad: Path, dry_run: bool, als_json: bool) -> None:
    if als_json:
        click.echo(json.dumps(_as_dict(uitkomst, dry_run), ensure_ascii=False))
        return
    _findings(uitkomst.fouten, pad)
    for lezing in uitkomst.lezingen:
        if lezing.uitkomst == "verschilt":
            click.echo(f"row {lezing.rij}: warning: {lezing.nummer} says other numbers; correct it there", err=True)
    if not uitkomst.fouten:
        _counts(uitkomst, dry_run)


def _findings(fouten: Iterable[Melding], pad: Path) -> None:
    for fout in fouten:
        click.echo(f"{fout.place if fout.rij else pad}: error: {fout.text}", err=True)
    if fouten:
        click.echo("refused: nothing was changed", err=True)


def _counts(uitkomst: Voorbeeld, dry_run: bool) -> None:
    for code, aantal in uitkomst.geteld.items():
        if aantal or code == "nieuw":
            click.echo(f"{aantal} reports {UITKOMSTEN[code]}")
    if uitkomst.leeg:
        click.echo(f"{uitkomst.leeg} rows without a number: not reported")
    click.echo("nothing was changed" if dry_run else "done")


def _as_dict(uitkomst: Voorbeeld, dry_run: bool) -> dict[str, Any]:
    return {
        "done": not dry_run and not uitkomst.fouten,
        "counts": uitkomst.geteld,
        "empty": uitkomst.leeg,
        "findings": [{"row": f.rij, "column": f.kolom, "text": f.text} for f in uitkomst.fouten],
        "reports": [
            {"row": lezing.rij, "outcome": lezing.uitkomst, "number": lezing.nummer} for lezing in uitkomst.lezingen
        ],
    }


@click.command("opgaven")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what it would become, and change nothing.")
@click.option("--json", "als_json", is_flag=True, help="The outcome as JSON.")
def import_opgaven(file: Path, dry_run: bool, als_json: bool) -> None:
    """Take in a CSV or XLSX table of what partners report: all of it or nothing; a second run adds nothing."""
    sys.exit(run_import(writable_database(), file, dry_run, als_json))
