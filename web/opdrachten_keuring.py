"""`routekaart doctor`: everything that commonly goes wrong with an installation, each with what to do about it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import click

from models import klok
from models.database import reading
from web.opdrachtregel import sentence
from workflow import hoofdsleutel, instellingen, kaarten, opslag, zegels
from workflow.gezin import load_kalender
from workflow.kalender import date_of
from workflow.merken import is_demo

LANG_ZONDER_ZEGEL = timedelta(days=2)
"""A seal is made every day; a day that was missed is no finding yet."""

WEINIG_BYTES = 500_000_000
"""Less room than this will not last an office a year."""


@click.command()
@click.option("--json", "als_json", is_flag=True)
def doctor(als_json: bool) -> None:
    """Say whether this installation is fit to run, and what is wrong with it; exit 1 when something is."""
    uitkomst = list({punt["text"]: punt for punt in _examination()}.values())
    if als_json:
        click.echo(json.dumps(uitkomst, ensure_ascii=False))
    else:
        for punt in uitkomst:
            click.echo(f"{'ok  ' if punt['ok'] else 'FAIL'} {punt['text']}", err=not punt["ok"])
    if not all(punt["ok"] for punt in uitkomst):
        raise SystemExit(1)


def _examination() -> Iterator[dict[str, object]]:
    """What was looked at: a line for each finding, or one that all is well. Without a database the rest is left out."""
    for goed, look in VOORAF.items():
        yield from _looked(goed, look)
    onbruikbaar = list(_looked("tables of this version of the program", _tables))
    yield from onbruikbaar
    if all(punt["ok"] for punt in onbruikbaar):
        for goed, look in DAARNA.items():
            yield from _looked(goed, look)


def _looked(goed: str, look: Callable[[str], Iterator[str]]) -> Iterator[dict[str, object]]:
    try:
        bezwaren = list(look(instellingen.database_url()))
    except Exception as fout:
        bezwaren = [sentence(fout)]
    if not bezwaren:
        yield {"ok": True, "text": goed}
    yield from ({"ok": False, "text": bezwaar} for bezwaar in bezwaren)


def _keys(_url: str) -> Iterator[str]:
    for naam in instellingen.SLEUTELS:
        try:
            instellingen.key(naam)
        except instellingen.InstellingOntbreekt as fout:
            yield str(fout)


def _private(url: str) -> Iterator[str]:
    if bezwaar := opslag.open_to_others(url):
        yield bezwaar


def _room(url: str) -> Iterator[str]:
    bestand = opslag.file_of(url)
    if bestand and bestand.parent.is_dir() and (vrij := shutil.disk_usage(bestand.parent).free) < WEINIG_BYTES:
        yield f"only {vrij // 1_000_000} MB free where the database stands ({bestand.parent}); make room"


def _tables(url: str) -> Iterator[str]:
    if bezwaar := opslag.finding(url):
        yield bezwaar


def _start(_url: str) -> Iterator[str]:
    from web.app import OpstartGeweigerd, create_app

    try:
        create_app()
    except OpstartGeweigerd as fout:
        yield from fout.bezwaren


def _sound(url: str) -> Iterator[str]:
    if opslag.file_of(url) is None:
        return
    with reading(url) as db:
        for (zin,) in db.exec_driver_sql("PRAGMA quick_check(5)"):
            if zin != "ok":
                yield f"the database file is damaged, restore a backup: {zin}"


def _opens(url: str) -> Iterator[str]:
    with reading(url) as db:
        hoofdsleutel.check(db)
    yield from ()


def _seals(url: str) -> Iterator[str]:
    with reading(url) as db:
        zegels.refuse_other_key(zegels.last(db), zegels.public_key())
    yield from ()


def _sealed(url: str) -> Iterator[str]:
    """The log is sealed day by day; a demo, made in a minute with days of years ago, is not."""
    with reading(url) as db:
        sinds = None if is_demo(db) else zegels.waiting_since(db)
    if sinds is not None and sinds < klok.microseconds(klok.now() - LANG_ZONDER_ZEGEL):
        dag = date_of(klok.day_of_us(sinds))
        yield f"what was recorded since {dag} stands under no seal; have `routekaart seal` run every day"


def _map(url: str) -> Iterator[str]:
    with reading(url) as db:
        if kaarten.in_force(db).geldig_vanaf > klok.today():
            yield "no map in force has a geldig_vanaf that has come; the last one published is used until then"


def _calendar(url: str) -> Iterator[str]:
    with reading(url) as db:
        kalender = load_kalender(db)
    jaren = [klok.now().year, klok.now().year + 1]
    if onbekend := [str(jaar) for jaar in jaren if not kalender.is_bevestigd(jaar)]:
        yield f"equated days of {', '.join(onbekend)} not known; enter them under Beheer, Gelijkgestelde dagen"


VOORAF: Mapping[str, Callable[[str], Iterator[str]]] = {
    "keys are there": _keys,
    "nobody else on this machine can read database and keys": _private,
    "room on the disk": _room,
}
DAARNA: Mapping[str, Callable[[str], Iterator[str]]] = {
    "settings, triggers and map": _start,
    "database file is whole": _sound,
    "personal data can be opened with the present key": _opens,
    "the present key is to sign the next seal": _seals,
    "what was recorded stands under a seal": _sealed,
    "a map is in force": _map,
    "equated days known for this year and the next": _calendar,
}
"""What is looked at, by what is said when nothing is wrong."""
