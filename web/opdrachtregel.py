"""What the command line promises whatever happens: one English line on standard error and exit code 1, no traceback.

A failure that nobody foresaw is named by its kind and place only, because its message may quote personal data; with
ROUTEKAART_DEBUG set it comes as Python tells it.
"""

from __future__ import annotations

import errno
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from models.database import close_all, reading
from models.migraties import SchemaOnbekend
from workflow import hoofdsleutel, instellingen, opslag
from workflow.bewijzen import BewijsGeweigerd
from workflow.gezin import OnbekendTraject
from workflow.hoofdsleutel import SleutelPastNiet
from workflow.instellingen import InstellingOntbreekt
from workflow.kaarten import GeenKaart, KaartIsConcept, VersieBezet
from workflow.kaartlezer import RoutekaartOngeldig
from workflow.kluis import KluisDicht
from workflow.kopie import DoelNietLeeg
from workflow.reservekopie import KopieGeweigerd
from workflow.zegels import ZegelGeweigerd

HUIS = Path(__file__).parents[1]


class Refused(click.ClickException):
    """A refusal: its sentence on standard error, exit code 1."""

    def show(self, file: Any = None) -> None:
        """Write the sentence as it is."""
        click.echo(self.message, err=True)


def _first_line(fout: BaseException) -> str:
    return (str(fout).splitlines() or [type(fout).__name__])[0]


HULP: Mapping[str, str] = {
    "malformed": "restore a backup",
    "not a database": "restore a backup, or name the right file in ROUTEKAART_DATABASE",
    "locked": "somebody else is writing; try again in a moment",
    "lock timeout": "somebody else is writing; try again in a moment",
    "deadlock": "somebody else is writing; try again in a moment",
    "disk is full": "make room on the disk",
    "disk I/O error": "make room on the disk, or see in the log of the system whether it fails",
    "unable to open": "see whether its folder is there and may be written to",
    "readonly": "see whether its file and folder may be written to",
    "connection": "see whether the server runs, and whether ROUTEKAART_DATABASE is right",
}
"""What to do about it, by words in what a database answers."""


def _of_database(fout: Exception) -> str:
    zin = _first_line(getattr(fout, "orig", None) or fout)
    hulp = next((raad for woorden, raad in HULP.items() if woorden in zin), None)
    return f"the database refused: {zin}" + (f"; {hulp}" if hulp else "")


def _of_file(fout: OSError) -> str:
    return f"{fout.filename or ''}: {fout.strerror or _first_line(fout)}".removeprefix(": ")


ZINNEN: Mapping[type[Exception], Callable[[Any], str]] = {
    **dict.fromkeys((InstellingOntbreekt, SchemaOnbekend, RoutekaartOngeldig), str),
    SleutelPastNiet: str,
    **dict.fromkeys((GeenKaart, KaartIsConcept, VersieBezet, DoelNietLeeg, KopieGeweigerd), str),
    **dict.fromkeys((ZegelGeweigerd, BewijsGeweigerd), str),
    OnbekendTraject: lambda fout: f"there is no traject {fout}, or it was not known yet",
    KluisDicht: lambda _: "personal data cannot be opened: ROUTEKAART_MASTER_KEY is not the key of this database",
    ArgumentError: lambda _: "this is no address of a database; write sqlite:///FILE or postgresql+psycopg://...",
    SQLAlchemyError: _of_database,
    sqlite3.Error: _of_database,
    UnicodeEncodeError: lambda _: "what was typed holds bytes that are no letters in UTF-8",
    ModuleNotFoundError: lambda fout: f"the Python package {fout.name} is not installed, and this needs it",
    OSError: _of_file,
}
"""What is said of each failure that can be foreseen; the first that fits."""


RAAD = "run `routekaart verify` to see whether data was changed, or this with ROUTEKAART_DEBUG=ja for the details"
"""What to do about a failure that nobody foresaw."""


def sentence(fout: Exception) -> str:
    """What is wrong, in a line of English (a map with more findings: a line for each)."""
    for soort, say in ZINNEN.items():
        if isinstance(fout, soort):
            return say(fout)
    return f"unexpected {type(fout).__name__} at {_place(fout)}; {RAAD}"


def _place(fout: Exception) -> str:
    """The last line of our own that it came through."""
    spoor = traceback.extract_tb(fout.__traceback__)
    eigen = [deel for deel in spoor if HUIS in Path(deel.filename).parents] or spoor
    return f"{Path(eigen[-1].filename).name}:{eigen[-1].lineno}" if eigen else "an unknown place"


class Commands(click.Group):
    """Turns whatever the rooms below raise into a sentence; no traceback reaches a user who did not ask for it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as fout:
            if instellingen.setting("ROUTEKAART_DEBUG") or getattr(fout, "errno", None) == errno.EPIPE:
                raise
            raise Refused(sentence(fout)) from None
        finally:
            close_all()


def ready_database() -> str:
    """The address of the database, when it is there and has the tables of this program. Raises Refused."""
    url = instellingen.database_url()
    if bezwaar := opslag.finding(url):
        raise Refused(bezwaar)
    return url


def writable_database() -> str:
    """The same, when what is written there can be read later and cannot be changed: by its master key and triggers."""
    url = ready_database()
    with reading(url) as db:
        hoofdsleutel.check(db)
        if bezwaar := opslag.unguarded(db):
            raise Refused(bezwaar)
    return url


@contextmanager
def progress(wat: str, totaal: int | None) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error, when somebody is looking; the block is given the function that advances it."""
    kolommen = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*kolommen, console=Console(stderr=True), disable=not sys.stderr.isatty()) as balk:
        taak = balk.add_task(wat, total=totaal)
        yield lambda n: balk.update(taak, advance=n)
