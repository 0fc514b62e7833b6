"""Exchange formats on the command line: `import ddas` and `export ddas`, as functions and as click commands.

Results go to standard output, findings to standard error: one line each, with the JSON path, never with personal data.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import click

from models import klok
from models.database import reading, transaction
from web.opdrachtregel import progress, writable_database
from workflow import bestanden, uitvoer
from workflow.kalender import daynumber
from workflow.opdracht import Actor
from workflow.uitwisseling import ddas
from workflow.uitwisseling.ddas import LeveringGeweigerd, Opmerking, Opmerkingen, Voorbeeld

OPDRACHTREGEL = Actor("opdrachtregel", "beheerder", "systeem")
"""Who the log names for what is done on the command line."""

UITKOMSTEN: Mapping[str, str] = {
    "nieuw": "new",
    "aanwezig": "already there",
    "verschilt": "there but different, left as it is",
    "overlapt": "overlapping, not read",
    "dubbel": "twice in the file, read once",
}

HEEL = "$"
"""The JSON path of a whole delivery, for one that is no file yet."""


def run_import(url: str, pad: Path, dry_run: bool, door: Actor = OPDRACHTREGEL, als_json: bool = False) -> int:
    """Take in a DDAS delivery, or say what it would become; returns the exit code."""
    try:
        tekst = bestanden.read(pad, ddas.MAX_BYTES)
    except OSError as fout:
        return _refuse(f"{pad}: {fout.strerror}")
    try:
        uitkomst = _preview(url, tekst) if dry_run else _import(url, tekst, door)
    except LeveringGeweigerd as geweigerd:
        return _report_refusal(geweigerd, als_json, str(pad))
    if als_json:
        click.echo(json.dumps(_as_dict(uitkomst, not dry_run), ensure_ascii=False))
    else:
        _report(uitkomst, str(pad), dry_run)
    return 0 if uitkomst.is_leesbaar else 1


def run_export(url: str, van: int, tot: int, output: Path | None) -> int:
    """Write the DDAS delivery of [van, tot) (day numbers) to a file or standard output; returns the exit code.

    That it went out is noted before it goes, as on a screen.
    """
    if tot <= van:
        return _refuse("--tot must be later than --van")
    op = Opmerkingen()
    try:
        with progress("Exporting", None) as done, reading(url) as db:
            levering = ddas.export(db, van, tot, klok.now(), leverancier(), done=done, op=op)
    except LeveringGeweigerd as geweigerd:
        return _report_refusal(geweigerd, False)
    _findings(tuple(op), op.aantal)
    tekst, aantal = ddas.as_text(levering), sum(len(deel["schuldhulptrajecten"]) for deel in levering["leveringen"])
    with transaction(url) as db:
        uitvoer.note(db, "levering", "json", aantal, OPDRACHTREGEL.pseudoniem)
    if output is None:
        click.echo(tekst, nl=False)
        return 0
    try:
        bestanden.write(output, tekst)
    except OSError as fout:
        return _refuse(f"{output}: {fout.strerror}")
    click.echo(f"{output}: {aantal} trajecten in {len(levering['leveringen'])} leveringen")
    return 0


def leverancier() -> str:
    """The name under which this program delivers: its own, with its version."""
    try:
        return f"Routekaart {version('routekaart')}"
    except PackageNotFoundError:
        return "Routekaart"


def _preview(url: str, tekst: bytes) -> Voorbeeld:
    with reading(url) as db:
        return ddas.preview(db, tekst)


def _import(url: str, tekst: bytes, door: Actor) -> Voorbeeld:
    with progress("Importing", None) as done, transaction(url) as db:
        return ddas.import_delivery(db, tekst, door, done)


# What is said.


def _report(uitkomst: Voorbeeld, bestand: str, dry_run: bool) -> None:
    _findings(uitkomst.opmerkingen, uitkomst.aantallen, bestand)
    if not uitkomst.is_leesbaar:
        click.echo("refused: nothing was changed", err=True)
        return
    for code, aantal in uitkomst.geteld.items():
        if aantal or code == "nieuw":
            click.echo(f"{aantal} trajecten {UITKOMSTEN[code]}")
    wat = "would be made" if dry_run else "made"
    click.echo(f"{uitkomst.gebeurtenissen} gebeurtenissen and {uitkomst.nieuwe_personen} people {wat}")


def _findings(opmerkingen: tuple[Opmerking, ...], aantallen: Mapping[str, int], bestand: str = HEEL) -> None:
    for opmerking in opmerkingen:
        _finding(opmerking, bestand)
    if (meer := sum(aantallen.values()) - sum(len(o.paden) for o in opmerkingen)) > 0:
        click.echo(f"and {meer} more {'finding' if meer == 1 else 'findings'}", err=True)


def _finding(opmerking: Opmerking, bestand: str) -> None:
    """A line for each place; the first says in how many more it is the same."""
    eerste, *meer = opmerking.plaatsen if opmerking.pad else [_whole(opmerking, bestand)]
    wat, elders = f"{_kind(opmerking)}: {opmerking.text}", opmerking.aantal - 1
    rest = f", and in {elders} more {'place' if elders == 1 else 'places'}" if elders else ""
    click.echo(f"{eerste}: {wat}{rest}", err=True)
    for plaats in meer:
        click.echo(f"{plaats}: {wat}", err=True)


def _whole(opmerking: Opmerking, bestand: str) -> str:
    """The file, with the path of its whole where it could be read as JSON."""
    return f"{bestand}: {HEEL}" if opmerking.code == "verkeerde_soort" and bestand != HEEL else bestand


def _kind(opmerking: Opmerking) -> str:
    return "error" if opmerking.soort == "fout" else "warning"


def _refuse(zin: str) -> int:
    click.echo(zin, err=True)
    return 1


def _report_refusal(geweigerd: LeveringGeweigerd, als_json: bool, bestand: str = HEEL) -> int:
    opmerkingen = tuple(geweigerd.opmerkingen)
    if als_json:
        leeg = Voorbeeld(opmerkingen, dict(geweigerd.opmerkingen.aantal))
        click.echo(json.dumps(_as_dict(leeg, False), ensure_ascii=False))
        return 1
    _findings(opmerkingen, geweigerd.opmerkingen.aantal, bestand)
    return _refuse("refused: nothing was changed")


def _as_dict(uitkomst: Voorbeeld, is_gedaan: bool) -> dict[str, Any]:
    return {
        "done": is_gedaan,
        "counts": uitkomst.geteld,
        "gebeurtenissen": uitkomst.gebeurtenissen,
        "people": uitkomst.nieuwe_personen,
        "findings": [
            {
                "path": o.plaats,
                "kind": _kind(o),
                "code": o.code,
                "text": o.text,
                "count": o.aantal,
                "paths": o.plaatsen,
            }
            for o in uitkomst.opmerkingen
        ],
        "trajecten": [{"path": r.plaats, "outcome": r.uitkomst, "number": r.nummer} for r in uitkomst.regels],
    }


# The commands.


@click.command("ddas")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what it would become, and change nothing.")
@click.option("--json", "als_json", is_flag=True, help="The outcome as JSON.")
def import_ddas(file: Path, dry_run: bool, als_json: bool) -> None:
    """Take in a delivery in DDAS-SHV v1.0.

    An error refuses the whole file; a traject that overlaps with another of its client, or that is there already and
    differs, is left out and named by its path. A second run adds nothing.
    """
    sys.exit(run_import(writable_database(), file, dry_run, als_json=als_json))


@click.command("ddas")
@click.option("--van", required=True, type=click.DateTime(["%Y-%m-%d"]), help="First day of the period.")
@click.option("--tot", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day after its last day.")
@click.option("--output", type=click.Path(path_type=Path), help="A file; else standard output.")
def export_ddas(van: datetime, tot: datetime, output: Path | None) -> None:
    """Write a delivery in DDAS-SHV v1.0 of the trajecten that ran in a period."""
    sys.exit(run_export(writable_database(), _day(van.date()), _day(tot.date()), output))


def _day(datum: date) -> int:
    return daynumber(datum)
