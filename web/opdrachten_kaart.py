"""Maps on the command line: `check`, `publish` after a rehearsal, and `move` for trajecten that are running already."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from models import klok
from models.database import reading, transaction
from web.opdrachten_uitwisseling import OPDRACHTREGEL
from web.opdrachtregel import Refused, ready_database, writable_database
from workflow import bestanden, instellingen, kaarten, kaartlezer, overzetten
from workflow.kaarten import Kaarten, Versie
from workflow.kalender import date_of
from workflow.medewerkers import MAX_NAAM
from workflow.overzetten import Koppelingen, Oordeel, Repetitie
from workflow.routekaart import Routekaart
from workflow.velden import InvoerGeweigerd
from workflow.wijzigingen import note_publisher

OORDELEN: Mapping[Oordeel, str] = {"past": "fits", "koppelen": "needs mapping", "kan_niet": "blocked"}
GRONDEN: Mapping[str, str] = {
    "": "",
    "stap": "its stap is not on the new map; name another with --map",
    "einde": "its stap is an end there; name another with --map",
    "route": "its route is not on the new map",
    "ouder": "its route hangs on another route there",
    "onderwerp": "its route is about something else there",
    "familie": "another traject of its family cannot be moved",
    "wandeling": "its history would be no walk any more",
}


def read_map(pad: Path) -> Routekaart:
    """The map in a file. Raises Refused with every finding as FILE:LINE: text."""
    inhoud = _start_of(pad)
    if gevonden := kaartlezer.bevindingen(inhoud):
        raise Refused("\n".join(f"{pad}:{b.regel}: {b.tekst}" for b in gevonden))
    return kaartlezer.lees(inhoud)


def _start_of(pad: Path) -> bytes:
    """As much of a file as a map may hold and one byte, which is enough to be refused."""
    return bestanden.read(pad, kaartlezer.MAX_BYTES)


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--json", "als_json", is_flag=True, help="Findings as JSON.")
def check(file: Path | None, als_json: bool) -> None:
    """Check a map: each finding one line with its line number; exit 1 when there are any."""
    pad = file or instellingen.map_file()
    inhoud = _start_of(pad)
    gevonden = kaartlezer.bevindingen(inhoud)
    if als_json:
        click.echo(json.dumps([{"line": b.regel, "text": b.tekst} for b in gevonden], ensure_ascii=False))
    else:
        for bevinding in gevonden:
            click.echo(f"{pad}:{bevinding.regel}: {bevinding.tekst}", err=True)
    if gevonden:
        raise SystemExit(1)
    if not als_json:
        kaart = kaartlezer.lees(inhoud)
        click.echo(f"{pad}: {kaart.code} {kaart.versie} ({kaart.status}), {len(kaart.routes)} routes, no findings")


def _mapping(_ctx: Any, _param: Any, waarden: tuple[str, ...]) -> dict[tuple[str, str], str]:
    """ROUTE.STAP=STAP, once for each old stap."""
    koppelingen: dict[tuple[str, str], str] = {}
    for waarde in waarden:
        oud, is_, nieuw = waarde.partition("=")
        route, punt, stap = oud.partition(".")
        if not (is_ and punt and route and stap and nieuw) or (route, stap) in koppelingen:
            raise click.BadParameter(f"{waarde}: write ROUTE.STAP=STAP, once for each old stap")
        koppelingen[route, stap] = nieuw
    return koppelingen


koppelen = click.option(
    *("--map", "koppelingen"),
    multiple=True,
    metavar="ROUTE.STAP=STAP",
    callback=_mapping,
    help="Which stap takes the place of one that is gone; may be given more than once.",
)
alleen_kijken = click.option("--dry-run", is_flag=True, help="Show the rehearsal only; nothing is written.")
als_json_ook = click.option("--json", "als_json", is_flag=True, help="The rehearsal as JSON, every traject in it.")


def _user() -> str | None:
    """Who is logged in on this machine; None where that has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@koppelen
@click.option("--move", "zet_over", is_flag=True, help="Move the running trajecten that fit.")
@click.option("--by", "door", default=_user, show_default="your name on this machine", help="Who publishes it.")
@alleen_kijken
@als_json_ook
def publish(file: Path, koppelingen: Koppelingen, zet_over: bool, door: str, dry_run: bool, als_json: bool) -> None:
    """Store a new version of the map, after a rehearsal over all running trajecten.

    Its status and its day decide when new trajecten start on it. Running ones stay where they are, unless moved.
    """
    kaart, door = read_map(file), _checked_name(door)
    url = ready_database() if dry_run else writable_database()
    with reading(url) as db:
        kaarten.refuse_taken(db, kaart)
    if zet_over:
        _refuse_early(kaart)
    repetitie = _rehearse(url, kaart, koppelingen)
    uitkomst: dict[str, Any] = {"stored": False, "moved": 0}
    if not dry_run:
        uitkomst = _store(url, kaart, koppelingen, zet_over, door)
    _tell(kaart, repetitie, uitkomst, als_json)


def _checked_name(naam: str) -> str:
    naam = naam.strip()
    if not (0 < len(naam) <= MAX_NAAM and naam.isprintable()):
        raise Refused(f"--by must have 1 to {MAX_NAAM} printable characters")
    return naam


def _store(url: str, kaart: Routekaart, koppelingen: Koppelingen, zet_over: bool, door: str) -> dict[str, Any]:
    """Version and moves together or not at all."""
    with transaction(url) as db:
        kaarten.refuse_taken(db, kaart)
        if kaarten.store(db, kaart):
            note_publisher(db, kaart.sha256, f"{door} (opdrachtregel)")
        gegaan = overzetten.move(db, kaart, koppelingen, door=OPDRACHTREGEL).trajecten if zet_over else 0
        versie = kaarten.find(db, kaart.sha256)
    return {"stored": True, "moved": gegaan, "in force": _when(versie)}


def _when(versie: Versie) -> str:
    if versie.status == "concept":
        return "never: it is a concept"
    if versie.van is None:
        return "never: a later version came in force before its day"
    einde = f" until {_day(versie.tot)}" if versie.tot else ""
    return f"from {_day(versie.van)}{einde}"


def _day(us: int) -> str:
    return date_of(klok.day_of_us(us)).isoformat()


@click.command()
@click.argument("version")
@koppelen
@alleen_kijken
@als_json_ook
def move(version: str, koppelingen: Koppelingen, dry_run: bool, als_json: bool) -> None:
    """Move the running trajecten that fit to a stored version of the map, each with a gebeurtenis of its own."""
    url = ready_database() if dry_run else writable_database()
    with reading(url) as db:
        kaart = Kaarten(db)[kaarten.find(db, version).sha256]
    if not dry_run:
        _refuse_early(kaart)
    repetitie = _rehearse(url, kaart, koppelingen)
    uitkomst: dict[str, Any] = {"moved": 0}
    if not dry_run:
        with transaction(url) as db:
            uitkomst = {"moved": overzetten.move(db, kaart, koppelingen, door=OPDRACHTREGEL).trajecten}
    _tell(kaart, repetitie, uitkomst, als_json)


def _refuse_early(kaart: Routekaart) -> None:
    """The refusals of `overzetten.check_target`, in English."""
    kaarten.refuse_concept(kaart)
    if kaart.geldig_vanaf > klok.today():
        raise Refused(
            f"map {kaart.code} {kaart.versie} is in force from {date_of(kaart.geldig_vanaf)}; move trajecten then"
        )


def _rehearse(url: str, kaart: Routekaart, koppelingen: Koppelingen) -> Repetitie:
    try:
        with reading(url) as db:
            return overzetten.rehearse(db, kaart, koppelingen)
    except InvoerGeweigerd as fout:
        nergens = [f"--map {wat}={koppelingen[_pair(wat)]}" for wat in fout.fouten]
        raise Refused("\n".join(f"{wat}: no running stap of that route on this map" for wat in nergens)) from None


def _pair(wat: str) -> tuple[str, str]:
    route, _, stap = wat.partition(".")
    return route, stap


def _tell(kaart: Routekaart, repetitie: Repetitie, uitkomst: Mapping[str, Any], als_json: bool) -> None:
    if als_json:
        click.echo(json.dumps({**_as_dict(kaart, repetitie), **uitkomst}, ensure_ascii=False))
        return
    for regel in (*_lines(kaart, repetitie), *_outcome(uitkomst)):
        click.echo(regel)


def _as_dict(kaart: Routekaart, repetitie: Repetitie) -> dict[str, Any]:
    return {
        "map": kaart.code,
        "version": kaart.versie,
        "status": kaart.status,
        "valid from": date_of(kaart.geldig_vanaf).isoformat(),
        "sha256": kaart.sha256,
        "on this version already": repetitie.al_daar,
        **{OORDELEN[oordeel]: aantal for oordeel, aantal in repetitie.geteld.items()},
        "other due date": len(repetitie.verschuift),
        "trajecten": [
            {
                "number": regel.nummer,
                "route": regel.route,
                "stap": regel.stap,
                "to": regel.naar,
                "verdict": OORDELEN[regel.oordeel],
                "why": GRONDEN[regel.grond],
                "due": _iso(regel.vervaldag),
                "due then": _iso(regel.vervaldag_dan),
            }
            for regel in repetitie.regels
        ],
    }


def _iso(dag: int | None) -> str | None:
    return None if dag is None else date_of(dag).isoformat()


def _lines(kaart: Routekaart, repetitie: Repetitie) -> Iterator[str]:
    vanaf = date_of(kaart.geldig_vanaf)
    yield f"map {kaart.code} {kaart.versie} ({kaart.status}), valid from {vanaf}, sha256 {kaart.sha256[:12]}"
    samen = ", ".join(f"{OORDELEN[oordeel]} {aantal}" for oordeel, aantal in repetitie.geteld.items())
    yield f"rehearsal over {len(repetitie.regels)} running trajecten: {samen}"
    if repetitie.al_daar:
        yield f"on this version already: {repetitie.al_daar}"
    for (route, stap, _), geteld in repetitie.per_stap.items():
        hier = ", ".join(f"{OORDELEN[oordeel]} {aantal}" for oordeel, aantal in geteld.items())
        yield f"  {route}.{stap}: {hier}"
    for regel in repetitie.blijft:
        yield f"{regel.nummer} in {regel.route}.{regel.stap}: {OORDELEN[regel.oordeel]}, {GRONDEN[regel.grond]}"
    for regel in repetitie.verschuift:
        yield f"{regel.nummer} due {_iso(regel.vervaldag) or 'never'}, then {_iso(regel.vervaldag_dan) or 'never'}"


def _outcome(uitkomst: Mapping[str, Any]) -> Iterator[str]:
    if uitkomst.get("stored"):
        yield f"stored; in force {uitkomst['in force']}"
    if aantal := uitkomst["moved"]:
        yield f"moved {aantal} trajecten"
    if not (uitkomst.get("stored") or aantal):
        yield "nothing was written"
