"""What an auditor asks on the command line: `sample`, `compare` and `whatif`. Nothing is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from models import klok
from models.database import reading
from web.opdrachten_cijfers import DAG, check_gemeente, known, period
from web.opdrachtregel import Refused, ready_database
from workflow import bestanden, volledigheid, watals
from workflow.indicatoren import Kader, Periode, Vraag
from workflow.kaartlezer import RoutekaartOngeldig
from workflow.kalender import date_of, daynumber
from workflow.routekaart import Lengte
from workflow.steekproef import MAX_GROOTTE, MAX_ZAAD, SOORTEN, Soort, Steekproef, draw
from workflow.uitwisseling.tabellen import MAX_BYTES, TabelGeweigerd
from workflow.volledigheid import Dagen, Regel, Vergelijking
from workflow.watals import Extra, Oordeel, Termijnoordeel, Wachtoordeel, Weigering, judge_guard, judge_terms


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
    if not (0 < len(seed) <= MAX_ZAAD and seed.isprintable()):
        raise Refused(f"--seed must have 1 to {MAX_ZAAD} printable characters")
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
        "seal": steekproef.zegel and steekproef.zegel.id,
        "root": steekproef.zegel and steekproef.zegel.wortel,
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


# -- What if -----------------------------------------------------------------------------------------------------------


@click.command()
@click.option("--term", "termen", multiple=True, metavar="TERM=LENGTH", help="90d, 10wd (werkdagen), 8w or 3m.")
@click.option("--guard", metavar="ROUTE.OVERGANG:GUARD=ARGUMENT", help="One more guard; the argument as text or JSON.")
@click.option("--van", type=DAG, help="First day of the period; default last year.")
@click.option("--tot", type=DAG, help="The day after its last day.")
@click.option("--gemeente", help="Only trajecten of this gemeente.")
@click.option("--json", "als_json", is_flag=True)
def whatif(termen: Sequence[str], guard: str | None, van: datetime | None, tot: datetime | None, **keuze: Any) -> None:
    """Judge the log by other terms, or by one more guard; nothing is written."""
    if (van is None) != (tot is None):
        raise click.UsageError("give --van and --tot together")
    if not termen and guard is None:
        raise click.UsageError("give --term or --guard")
    periode = period(van, tot) if van and tot else _last_year()
    with reading(ready_database()) as db:
        kader = Kader(db, Vraag(periode, keuze["gemeente"]))
        check_gemeente(kader)
        lengtes, extra = _lengths(kader, termen), _guard(kader, guard) if guard else None
        oordelen = judge_terms(kader, lengtes, klok.today()) if lengtes else []
        wacht = judge_guard(kader, extra) if extra else None
    _tell(periode, oordelen, wacht, keuze["als_json"])


def _last_year() -> Periode:
    jaar = date_of(klok.today()).year
    return Periode(daynumber(date(jaar - 1, 1, 1)), daynumber(date(jaar, 1, 1)))


def _lengths(kader: Kader, termen: Sequence[str]) -> dict[str, Lengte]:
    return dict(_length(kader, tekst) for tekst in termen)


def _length(kader: Kader, tekst: str) -> tuple[str, Lengte]:
    code, _, lengte = tekst.partition("=")
    bekend = [c for c, regel in kader.kaart.termijnen.items() if regel.soort != watals.LOOPTIJD]
    if code not in bekend:
        raise Refused(f"there is no term {code}; the map has {', '.join(bekend)}")
    try:
        return code, watals.read_length(lengte)
    except ValueError:
        raise Refused(f"--term {tekst}: write the length as 90d, 10wd, 8w or 3m") from None


def _guard(kader: Kader, tekst: str) -> Extra:
    plek, _, eis = tekst.partition(":")
    route, _, overgang = plek.partition(".")
    naam, _, argument = eis.partition("=")
    if overgang not in getattr(kader.kaart.routes.get(route), "overgangen", ()):
        raise Refused(f"--guard: there is no overgang {plek}; write ROUTE.OVERGANG:GUARD=ARGUMENT")
    try:
        return watals.extra_guard(kader, route, overgang, naam, watals.read_argument(argument))
    except RoutekaartOngeldig as fout:
        raise Refused("\n".join(f"--guard: {b.tekst}" for b in fout.bevindingen)) from None


def _tell(periode: Periode, oordelen: Sequence[Termijnoordeel], wacht: Wachtoordeel | None, als_json: bool) -> None:
    if als_json:
        click.echo(json.dumps(_judgements(periode, oordelen, wacht), ensure_ascii=False))
        return
    click.echo(f"{date_of(periode.van)} to {date_of(periode.tot)}, as known today; nothing was changed")
    for oordeel in oordelen:
        click.echo("\n".join(_of_term(oordeel)))
    if wacht:
        click.echo("\n".join(_of_guard(wacht)))


def _of_term(oordeel: Termijnoordeel) -> list[str]:
    eigen = " or ".join(oordeel.lengtes) or "no length"
    laat, zou_laat = len(oordeel.laat), len(oordeel.zou_laat)
    kop = f"{oordeel.code}: {len(oordeel.runs)} ran, {laat} late by {eigen}, {zou_laat} by {oordeel.lengte.in_woorden}"
    return [kop, *(f"  {_of_run(run)}" for run in oordeel.runs if run.is_laat or run.wordt_laat)]


def _of_run(run: Oordeel) -> str:
    hoe = {(True, True): "late by both", (True, False): "no longer late", (False, True): "late"}
    dagen = {"counted from": run.begin_dag, "due": run.uiterlijk, "asked": run.anders, "end": run.einde_dag}
    gezegd = ", ".join(f"{wat} {date_of(dag)}" for wat, dag in dagen.items() if dag is not None)
    return f"{run.nummer}: {hoe[run.is_laat, run.wordt_laat]}; {gezegd}"


def _of_guard(wacht: Wachtoordeel) -> list[str]:
    plek = f"{wacht.extra.route.code}.{wacht.extra.overgang.code}"
    kop = f"{plek}: made {wacht.gemaakt} times, {len(wacht.weigeringen)} refused by {wacht.extra.voorwaarde.naam}"
    return [kop, *(f"  {w.nummer}: {date_of(w.dag)}; {w.zin}" for w in wacht.weigeringen)]


def _judgements(periode: Periode, oordelen: Sequence[Termijnoordeel], wacht: Wachtoordeel | None) -> dict[str, Any]:
    termen = [
        {"term": o.code, "ran": len(o.runs), "late": len(o.laat), "late_asked": len(o.zou_laat)}
        | {"lengths": o.lengtes}
        | {"who": [_run_as_dict(run) for run in o.runs if run.is_laat or run.wordt_laat]}
        for o in oordelen
    ]
    geweigerd = [{"nummer": w.nummer, "dag": date_of(w.dag).isoformat(), "zin": w.zin} for w in _refusals(wacht)]
    bewaakt = {"made": wacht.gemaakt, "refused": geweigerd} if wacht else None
    dagen = {"van": date_of(periode.van).isoformat(), "tot": date_of(periode.tot).isoformat()}
    return {**dagen, "terms": termen, "guard": bewaakt}


def _refusals(wacht: Wachtoordeel | None) -> Sequence[Weigering]:
    return wacht.weigeringen if wacht else ()


def _run_as_dict(run: Oordeel) -> dict[str, Any]:
    dagen = ("begin_dag", "einde_dag", "uiterlijk", "anders")
    anders = {naam: dag and date_of(dag).isoformat() for naam, dag in run._asdict().items() if naam in dagen}
    return {"nummer": run.nummer, **anders, "late": run.is_laat, "late_asked": run.wordt_laat}
