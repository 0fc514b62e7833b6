"""Durations, begins, ends, variants and the performance graph, against the process-mining library pm4py.

pm4py is under the AGPL and no dependency: it is installed in an environment of its own, only when BENCH_PM4PY=ja asks
for it. Both read the same events of the same trajecten from the same database, and both times hold the reading; that of
pm4py holds its format step.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, make_url

from bench.indicatoren import grow
from bench.opzet import database, paired, report, seconds
from models.database import reading
from workflow.indicatoren import Kader, Periode, Vraag
from workflow.varianten import Wegen, ways
from workflow.voorbeeld import make_demo

ALTIJD = Vraag(Periode(0, 99_999))

HUN_KANT = """
import sqlite3, sys, time, pandas, pm4py
db = sqlite3.connect(sys.argv[1])
for _ in sys.stdin:
    begin = time.perf_counter()
    events = pandas.read_sql_query(sys.argv[2], db)
    events["time"] = pandas.to_datetime(events["seconds"], unit="s", utc=True)
    log = pm4py.format_dataframe(events, case_id="case", activity_key="activity", timestamp_key="time")
    duur = pm4py.get_all_case_durations(log)
    begonnen, geeindigd = pm4py.get_start_activities(log), pm4py.get_end_activities(log)
    varianten = pm4py.get_variants(log)
    graaf, _, _ = pm4py.discover_performance_dfg(log)
    print(time.perf_counter() - begin, len(duur), len(varianten), len(graaf), flush=True)
"""

EVENTS = """
SELECT traject_id AS "case", stap AS activity, 86400 * van_dag + nr AS seconds FROM verblijf
WHERE niveau = 'stap' AND route IN ({hoofd})
UNION ALL
SELECT traject_id, naar, 86400 * tot_dag + nr + 1 FROM verblijf
WHERE niveau = 'stap' AND route IN ({hoofd}) AND klasse NOT IN ('door', 'splitsing')
ORDER BY 1, 3
"""


def main() -> None:
    """Print the ratio at 50,000 trajecten; without BENCH_PM4PY=ja, that it was not asked for."""
    if os.environ.get("BENCH_PM4PY") != "ja":
        print("process mining: not measured; BENCH_PM4PY=ja installs pm4py (AGPL) in an environment of its own")
        return
    with database() as url, TemporaryDirectory() as map_:
        make_demo(url, size=1_500)
        aantal = grow(url, 50_000)
        python = _environment(Path(map_))
        with reading(url) as db:
            _compare(db, [str(python), "-c", HUN_KANT, make_url(url).database or "", _events(db)], aantal)


def _environment(map_: Path) -> Path:
    """An environment with pm4py in it; its python."""
    subprocess.run([sys.executable, "-m", "venv", map_ / "venv"], check=True)
    python = map_ / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "pm4py"], check=True)
    return python


def _events(db: Connection) -> str:
    """The select of an event for each stap entered on a main route."""
    hoofd = sorted(Kader(db, ALTIJD).wegwijzer.hoofdroutes)
    return EVENTS.format(hoofd=", ".join(f"'{route}'" for route in hoofd))


def _compare(db: Connection, opdracht: list[str], aantal: int) -> None:
    wegen = ways(Kader(db, ALTIJD))
    with subprocess.Popen(opdracht, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as proces:
        a, b, verhouding = paired(lambda: _theirs(proces, wegen), lambda: seconds(lambda: ways(Kader(db, ALTIJD))))
        proces.communicate()
    report(f"{aantal:,} trajecten: pm4py", "ways taken, from the database", a, b, verhouding, "at least 5")


def _theirs(proces: subprocess.Popen[str], wegen: Wegen) -> float:
    """Seconds of one round of theirs. Raises ValueError when it found other sizes than ours."""
    if proces.stdin is None or proces.stdout is None:
        raise ValueError("no pipe to pm4py")
    proces.stdin.write("\n")
    proces.stdin.flush()
    tijd, *gevonden = proces.stdout.readline().split()
    if gevonden != _sizes(wegen):
        raise ValueError(f"pm4py found {gevonden} cases, variants and edges; ours are {_sizes(wegen)}")
    return float(tijd)


def _sizes(wegen: Wegen) -> list[str]:
    cases = sum(len(wie) for wie in wegen.trajecten.values())
    return [str(cases), str(len(wegen.trajecten)), str(len(wegen.overstappen))]
