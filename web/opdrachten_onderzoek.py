"""What an auditor asks on the command line: `sample` and `compare`. Nothing is written."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from models.database import reading
from web import bestanden
from web.opdrachten_cijfers import DAG, check_gemeente, known, period
from web.opdrachtregel import Refused, ready_database
from workflow import volledigheid
from workflow.indicatoren import Kader, Periode, Vraag
from workflow.kalender import date_of
from workflow.steekproef import MAX_GROOTTE, MAX_ZAAD, SOORTEN, Soort, Steekproef, draw
from workflow.uitwisseling.tabellen import MAX_BYTES, TabelGeweigerd
from workflow.volledigheid import Dagen, Regel, Vergelijking


@click.command()
@click.option("--van", required=True, type=DAG, help="First day of the period.")
@click.option("--tot", required=True, type=DAG, help="The day after its last day.")
@click.option("--size", required=True, type=click.IntRange(1, MAX_GROOTTE), help="How many to draw.")
@click.option("--seed", required=True, help="Any text; the same seed draws the same sample.")
@click.option("--what", "soort", type=click.Choice(SOORTEN), default=SOORTEN[0], show_default=True)
@click.option("--gemeente", help="Only this gemeente, by its code.")
@click.option("--bekend", type=DAG, help="As it was known at the end of this day; default now.")
@click.option("--json", "als_json", is_flag=True)
def sample(
    van: datetime, tot: datetime, size: int, seed: str, soort: Soort, bekend: datetime | None, **keuze: Any
) -> None:
    """Draw a random sample that anybody can draw again."""
    vraag = Vraag(period(van, tot), keuze["gemeente"], known(bekend))
    seed = seed.strip()
    if not 0 < len(seed) <= MAX_ZAAD:
        raise Refused(f"--seed must have 1 to {MAX_ZAAD} characters")
    with reading(ready_database()) as db:
        kader = Kader(db, vraag)
        check_gemeente(kader)
        getrokken = draw(kader, soort, size, seed)
    click.echo(json.dumps(_as_dict(getrokken), ensure_ascii=False) if keuze["als_json"] else _as_text(getrokken))


def _as_text(steekproef: Steekproef) -> str:
    eerste = ", ".join(f"{naam} {waarde}" for naam, waarde in _origin(steekproef).items() if waarde is not None)
    regels = [
        f"{nr:>4}  {t.sleutel:<20}  {date_of(t.dag)}  {t.hash}  {t.overgang or t.soort or ''}".rstrip()
        for nr, t in enumerate(steekproef.getrokken, 1)
    ]
    return "\n".join([eerste, *regels])


def _as_dict(steekproef: Steekproef) -> dict[str, Any]:
    getrokken = [{**t._asdict(), "dag": date_of(t.dag).isoformat()} for t in steekproef.getrokken]
    return {**_origin(steekproef), "sample": getrokken}


def _origin(steekproef: Steekproef) -> dict[str, Any]:
    """All that a stranger needs to draw the sample again."""
    vraag = steekproef.vraag
    return {
        "what": steekproef.soort,
        "van": date_of(vraag.periode.van).isoformat(),
        "tot": date_of(vraag.periode.tot).isoformat(),
        "gemeente": vraag.gemeente,
        "bekend": date_of(vraag.bekend_op).isoformat(),
        "log": steekproef.logpositie,
        "population": steekproef.populatie,
        "seed": steekproef.zaad,
        "size": steekproef.grootte,
        "drawn": len(steekproef.getrokken),
    }


# -- Completeness ------------------------------------------------------------------------------------------------------

GEZEGD = {
    "onleesbaar": "cannot be read",
    "dubbel": "stands in the list twice",
    "ontbreekt_hier": "missing here",
    "ontbreekt_daar": "missing there",
    "verschilt": "differs",
    "gelijk": "the same",
}


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--van", type=DAG, help="With --tot: only trajecten that ran in this period are missed in the list.")
@click.option("--tot", type=DAG, help="The day after its last day.")
@click.option("--gemeente", help="Only trajecten of this gemeente are missed in the list.")
@click.option("--json", "als_json", is_flag=True)
def compare(file: Path, van: datetime | None, tot: datetime | None, gemeente: str | None, als_json: bool) -> None:
    """Compare a list (dossiernummer, begin, einde; CSV or XLSX) with the log; exit 1 when they differ."""
    if (van is None) != (tot is None):
        raise click.UsageError("give --van and --tot together")
    url, inhoud = ready_database(), bestanden.read(file, MAX_BYTES)
    with reading(url) as db:
        check_gemeente(Kader(db, Vraag(Periode(0, 1), gemeente)))
        try:
            uitkomst = volledigheid.compare(db, inhoud, period(van, tot) if van and tot else None, gemeente)
        except TabelGeweigerd as fout:
            raise Refused("\n".join(f"{m.place if m.rij else file}: {m.text}" for m in fout.meldingen)) from None
    _say(uitkomst, als_json)
    if uitkomst.regels:
        raise SystemExit(1)


def _say(uitkomst: Vergelijking, als_json: bool) -> None:
    if als_json:
        regels = [{**asdict(r), "daar": _iso(r.daar), "hier": _iso(r.hier), "fout": r.fout[1]} for r in uitkomst.regels]
        click.echo(json.dumps({"geteld": uitkomst.geteld, "regels": regels}, ensure_ascii=False))
        return
    for regel in uitkomst.regels:
        click.echo(_line(regel), err=True)
    for code, aantal in uitkomst.geteld.items():
        click.echo(f"{aantal} {GEZEGD[code]}")


def _line(regel: Regel) -> str:
    waar = f"row {regel.rij}: " if regel.rij else ""
    return f"{waar}{regel.nummer or '(none)'}: {GEZEGD[regel.uitkomst]}{_why(regel)}"


def _why(regel: Regel) -> str:
    if regel.fout[1]:
        return f": {regel.fout[1]}"
    dagen = {"here": _iso(regel.hier), "there": _iso(regel.daar)}
    return "".join(f"; {wie}: begin {d['begin'] or '-'}, end {d['einde'] or '-'}" for wie, d in dagen.items() if d)


def _iso(dagen: Dagen | None) -> dict[str, str | None] | None:
    if dagen is None:
        return None
    return {wat: dag and date_of(dag).isoformat() for wat, dag in asdict(dagen).items()}
