"""The whole report of a year against one plain grouped select over all stays; as known against now; and how it grows.

The caseload is the demo one, repeated under other numbers: the same shapes, as many times as asked.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from sqlalchemy import Connection, Table, text

from bench.opzet import database, paired, report, seconds
from models import klok
from models.database import reading, transaction
from models.gebeurtenis import gebeurtenis
from models.projectie import OVER_TIME
from models.traject import traject
from models.trajectnummer import trajectnummer
from workflow.indicatoren import ALLE, Kader, Periode, Vraag
from workflow.indicatoren.begrippen import Herkomst
from workflow.indicatoren.rapport import measure
from workflow.kalender import date_of, daynumber
from workflow.voorbeeld import make_demo

MAATSTAF = "SELECT fase, uitgang, tot_dag - van_dag, count(*) FROM verblijf GROUP BY 1, 2, 3"
STAP = 1_000_000
"""Between the numbers of one copy and those of the next."""

UIT_HET_LOG = tuple(indicator for indicator in ALLE if indicator.herkomst is not Herkomst.PARTNER)
TABELLEN = (trajectnummer, traject, gebeurtenis, *(tabel for paar in OVER_TIME.values() for tabel in paar))


def main() -> None:
    """Print the ratios at 50,000 trajecten, and the time at 5,000, 50,000 and (BENCH_GROOT=ja) 500,000."""
    with database() as url:
        make_demo(url, size=1_500)
        grootten = [5_000, 50_000, *([500_000] if os.environ.get("BENCH_GROOT") == "ja" else [])]
        for grootte in grootten:
            aantal = grow(url, grootte)
            _compare(url, aantal)


def grow(url: str, grootte: int) -> int:
    """Repeat the first copy until there are about so many trajecten; returns how many."""
    with transaction(url) as db:
        er_zijn = _count(db, "SELECT count(*) FROM trajectnummer")
        eerste = _count(db, f"SELECT count(*) FROM trajectnummer WHERE id < {STAP}")  # noqa: S608
        for nummer in range(er_zijn // eerste, max(round(grootte / eerste), 1)):
            for tabel in TABELLEN:
                _repeat(db, tabel, nummer)
        return _count(db, "SELECT count(*) FROM trajectnummer")


def _count(db: Connection, vraag: str) -> int:
    return int(db.execute(text(vraag)).scalar_one())


def _repeat(db: Connection, tabel: Table, nummer: int) -> None:
    """One more copy of the rows of a table, under other numbers and for other people."""
    verschil = nummer * STAP
    anders = {
        "id": "NULL" if tabel is gebeurtenis else f"id + {verschil}",
        "traject_id": f"traject_id + {verschil}",
        "wortel_id": f"wortel_id + {verschil}",
        "ouder_id": f"ouder_id + {verschil}",
        "nummer": f"nummer || '-{nummer}'",
        "deelnemer": f"substr(deelnemer, 1, 24) || '{nummer:08x}'",
        "sleutel": "NULL",
    }
    namen = [kolom.name for kolom in tabel.columns]
    van = ", ".join(anders.get(naam, naam) for naam in namen)
    eigen = "id" if "id" in namen and tabel is not gebeurtenis else "traject_id"
    kolommen = ", ".join(namen)
    db.execute(text(f"INSERT INTO {tabel.name} ({kolommen}) SELECT {van} FROM {tabel.name} WHERE {eigen} < {STAP}"))  # noqa: S608


def _compare(url: str, aantal: int) -> None:
    jaar = date_of(klok.today()).year - 1
    periode = Periode(_first(jaar), _first(jaar + 1))
    nu, toen = Vraag(periode), Vraag(periode, bekend=klok.now_us())
    naam = f"{aantal:,} trajecten"
    with reading(url) as db:
        a, b, verhouding = paired(lambda: _timed(db, _report(nu)), lambda: _timed(db, _plain), rondes=5)
        report(
            f"{naam}: report of {jaar}, every log indicator", "one plain grouped select", a, b, verhouding, "at most 6"
        )
        a, b, verhouding = paired(lambda: _timed(db, _report(toen)), lambda: _timed(db, _report(nu)), rondes=3)
        report(f"{naam}: the same, as known", "as it is now", a, b, verhouding, "at most 1.5")


def _first(jaar: int) -> int:
    return daynumber(date_of(klok.today()).replace(year=jaar, month=1, day=1))


def _timed(db: Connection, doe: Callable[[Connection], object]) -> float:
    return seconds(lambda: doe(db))


def _report(vraag: Vraag) -> Callable[[Connection], object]:
    return lambda db: measure(Kader(db, vraag), UIT_HET_LOG)


def _plain(db: Connection) -> object:
    return db.execute(text(MAATSTAF)).all()
