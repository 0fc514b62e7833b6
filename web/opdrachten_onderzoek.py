"""What an auditor asks on the command line: `sample`. Nothing is written."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import click

from models.database import reading
from web.opdrachten_cijfers import DAG, check_gemeente, known, period
from web.opdrachtregel import Refused, ready_database
from workflow.indicatoren import Kader, Vraag
from workflow.kalender import date_of
from workflow.steekproef import MAX_GROOTTE, MAX_ZAAD, SOORTEN, Soort, Steekproef, draw


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
