"""The indicators on the command line: `report`, as a table, JSON, CSV or a workbook."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table

from models import klok
from models.database import reading
from web.opdrachtregel import Refused, progress, ready_database
from workflow import bestanden
from workflow.indicatoren import Indicator, Kader, Periode, Vraag, on
from workflow.indicatoren.kader import MAX_TIJDVAKKEN, count_parts
from workflow.kalender import daynumber
from workflow.rapporten import opmaken
from workflow.uitwisseling import rapport_uit

DAG = click.DateTime(["%Y-%m-%d"])
BREED = 140
"""Columns of a table that nobody looks at, but that goes into a file."""


@click.command()
@click.option("--van", required=True, type=DAG, help="First day of the period.")
@click.option("--tot", required=True, type=DAG, help="The day after its last day.")
@click.option("--bekend", type=DAG, help="As it was known at the end of this day; default now.")
@click.option("--gemeente", help="Only this gemeente, by its code.")
@click.option("--split", help="jaar, kwartaal, maand or a kenmerk of the map.")
@click.option("--code", "codes", multiple=True, help="Only this indicator; may be given more than once.")
@click.option("--route", help="The main route to report on, where the map has one of that name.")
@click.option("--format", "vorm", type=click.Choice(["table", "json", "csv", "xlsx"]), default="table")
@click.option("--output", type=click.Path(path_type=Path), help="A file; else standard output.")
def report(
    van: datetime, tot: datetime, bekend: datetime | None, codes: Sequence[str], vorm: str, **keuze: Any
) -> None:
    """Measure the indicators over a half-open period."""
    output: Path | None = keuze["output"]
    vraag = Vraag(period(van, tot), keuze["gemeente"], known(bekend), keuze["split"])
    if vorm == "xlsx" and output is None:
        raise click.UsageError("--format xlsx needs --output FILE")
    with reading(ready_database()) as db:
        kader = Kader(db, vraag)
        _check(kader, keuze["route"])
        gegevens = _made(kader, _chosen(kader, codes), vorm)
    _deliver(gegevens, vorm, output)


def period(van: datetime, tot: datetime) -> Periode:
    """The period of two options, half-open. Raises Refused."""
    eerste, laatste = opmaken.EERSTE_JAAR, opmaken.LAATSTE_JAAR
    if tot <= van:
        raise Refused("--tot must be later than --van")
    if not eerste <= van.year <= tot.year <= laatste + 1:
        raise Refused(f"the period must lie in the years {eerste} to {laatste}")
    if daynumber(van.date()) > klok.today():
        raise Refused("the period has not begun yet")
    return Periode(daynumber(van.date()), daynumber(tot.date()))


def known(bekend: datetime | None) -> int | None:
    """The end of that day in UTC microseconds. Raises Refused."""
    if bekend is None:
        return None
    dag = daynumber(bekend.date())
    if dag > klok.today():
        raise Refused("--bekend is in the future")
    return klok.end_of_day_us(dag)


def _chosen(kader: Kader, codes: Sequence[str]) -> tuple[Indicator, ...]:
    alle = {indicator.code.upper(): indicator for indicator in on(kader.kaart)}
    gevraagd = [code.upper() for code in codes]
    if vreemd := sorted(set(gevraagd) - set(alle)):
        bekend = ", ".join(indicator.code for indicator in alle.values())
        raise Refused(f"there is no indicator {', '.join(vreemd)}; there are {bekend}")
    return tuple(indicator for code, indicator in alle.items() if not gevraagd or code in gevraagd)


def _check(kader: Kader, route: str | None) -> None:
    """Refuse a gemeente, split or route that the map does not know."""
    vraag, wegwijzer = kader.vraag, kader.wegwijzer
    splits = opmaken.splits(wegwijzer)
    check_gemeente(kader)
    if vraag.splits is not None and vraag.splits not in splits:
        raise Refused(f"cannot split by {vraag.splits}; choose {', '.join(splits)}")
    if count_parts(vraag.periode, vraag.splits) > MAX_TIJDVAKKEN:
        raise Refused(f"that makes more than {MAX_TIJDVAKKEN} parts; ask a shorter period, or longer parts")
    if route is not None and wegwijzer.hoofdroutes != {route}:
        raise Refused(
            f"figures are of the main routes together ({', '.join(sorted(wegwijzer.hoofdroutes))}); "
            f"there is no report on {route} alone"
        )


def check_gemeente(kader: Kader) -> None:
    """Raises Refused for a gemeente that the map does not know."""
    gevraagd, gemeenten = kader.vraag.gemeente, kader.wegwijzer.namen["gemeente"]
    if gevraagd is not None and gevraagd not in gemeenten:
        raise Refused(f"there is no gemeente {gevraagd}; the map has {', '.join(sorted(gemeenten))}")


def _made(kader: Kader, indicatoren: Sequence[Indicator], vorm: str) -> dict[str, Any]:
    jaren = opmaken.JAREN_TERUG if vorm == "xlsx" else 0
    with progress("Measuring", len(indicatoren) * (1 + jaren)) as done:
        return opmaken.make(kader, indicatoren, jaren, done)


def _deliver(gegevens: Mapping[str, Any], vorm: str, output: Path | None) -> None:
    if output is None:
        _print(gegevens, vorm)
        return
    bestanden.write(output, _content(gegevens, vorm))
    metingen = sum(len(indicator["metingen"]) for indicator in gegevens["indicatoren"])
    click.echo(f"{output}: {len(gegevens['indicatoren'])} indicatoren, {metingen} figures")


def _print(gegevens: Mapping[str, Any], vorm: str) -> None:
    if vorm == "table":
        console = Console()
        console.print(_table(gegevens)) if console.is_terminal else click.echo(_as_text(gegevens), nl=False)
    else:
        click.echo(_content(gegevens, vorm), nl=False)


def _content(gegevens: Mapping[str, Any], vorm: str) -> str | bytes:
    if vorm == "xlsx":
        return rapport_uit.as_xlsx(gegevens)
    return {"table": _as_text, "json": _as_json, "csv": rapport_uit.as_csv}[vorm](gegevens)


def _as_json(gegevens: Mapping[str, Any]) -> str:
    return json.dumps(gegevens, ensure_ascii=False, indent=1) + "\n"


def _as_text(gegevens: Mapping[str, Any]) -> str:
    console = Console(width=BREED, color_system=None)
    with console.capture() as gevangen:
        console.print(_table(gegevens))
    return gevangen.get()


def _table(gegevens: Mapping[str, Any]) -> Table:
    periode = gegevens["periode"]
    dagen = f"{periode['van']} to {periode['tot']}, followed to {gegevens['gevolgd_tot']}"
    titel = f"{dagen}, known on {gegevens['bekend_op']}, log {gegevens['logpositie']}"
    tabel = Table(title=titel, box=box.SIMPLE)
    for kop in ("code", "figure", "part"):
        tabel.add_column(kop)
    for kop in ("value", "unit", "n", "open"):
        tabel.add_column(kop, justify="left" if kop == "unit" else "right")
    for regel in rapport_uit.lines(gegevens):
        woorden = [str(regel[naam] or "") for naam in ("code", "cijfer", "onderdeel")]
        tabel.add_row(*woorden, _value(regel), *(_shown(regel.get(naam)) for naam in ("eenheid", "n", "open")))
    if zin := _before_log(gegevens):
        tabel.add_row("", "missing", zin)
    for zin in (zin for indicator in gegevens["indicatoren"] for zin in indicator["ontbreekt"]):
        tabel.add_row("", "missing", zin)
    return tabel


def _before_log(gegevens: Mapping[str, Any]) -> str:
    """Since when there is a log, where the period begins before it."""
    vanaf, van = gegevens["log_vanaf"], gegevens["periode"]["van"]
    return f"the log begins on {vanaf}: nothing is known of the days before" if vanaf and van < vanaf else ""


def _value(regel: Mapping[str, Any]) -> str:
    """A sum over incomplete reports says how many of the numbers asked for came."""
    waarde, verwacht, ontvangen = (regel.get(naam) for naam in ("waarde", "verwacht", "ontvangen"))
    is_heel = waarde is None or verwacht == ontvangen
    return _shown(waarde) if is_heel else f"{_shown(waarde)} ({ontvangen} of {verwacht})"


def _shown(waarde: Any) -> str:
    return "-" if waarde is None else str(waarde)
