"""The werkvoorraad with 100,000 trajecten against the same with 1,000."""

from __future__ import annotations

import random
from typing import Any

from bench.opzet import database, paired, report, seconds
from models import klok
from models.database import reading, transaction
from models.projectie import deelname
from models.traject import traject
from models.trajectnummer import trajectnummer
from workflow import overzichten, personen
from workflow.kaarten import in_force
from workflow.overzichten import Vraag

KLEIN, GROOT = 1_000, 100_000
WIE = [f"{n:032}" for n in range(20)]
VRAGEN = (
    ("my trajecten", Vraag()),
    ("all, by term", Vraag(lijst="alle")),
    ("team pool", Vraag(lijst="team")),
    ("all, term this week", Vraag(lijst="alle", termijn=True)),
    ("all, silent for 30 days", Vraag(lijst="alle", stil=True, sorteer="contact")),
    ("all, by start, newest first", Vraag(lijst="alle", sorteer="begonnen", aflopend=True)),
)


def main() -> None:
    """Print a ratio for each list."""
    with database() as klein, database() as groot:
        fill(klein, KLEIN)
        fill(groot, GROOT)
        for naam, vraag in VRAGEN:
            a, b, verhouding = paired(lambda v=vraag: _page(groot, v), lambda v=vraag: _page(klein, v))  # type: ignore[misc]
            report(f"werkvoorraad 100,000: {naam}", "the same with 1,000", a, b, verhouding, "at most 1.5")


def fill(url: str, aantal: int) -> None:
    """Rows of open trajecten as the projections hold them, straight into the tables that the page reads."""
    toeval = random.Random(1)
    with transaction(url) as db:
        kaart = in_force(db)
        mensen = [personen.register(db, personen.Gegevens(f"Bench{n}", "Jo")) for n in range(500)]
        ids = range(1, aantal + 1)
        db.execute(trajectnummer.insert(), [{"id": n, "nummer": f"SHV-2026-{n:06}", "wortel_id": n} for n in ids])
        db.execute(traject.insert(), [_row(n, kaart.sha256, toeval) for n in ids])
        db.execute(deelname.insert(), [_member(n, mensen[n % 500]) for n in ids])


def _row(n: int, sha256: str, toeval: random.Random) -> dict[str, Any]:
    vandaag = klok.today()
    begonnen = vandaag - toeval.randrange(1000)
    return {
        "id": n,
        "nummer": f"SHV-2026-{n:06}",
        "wortel_id": n,
        "ouder_id": None,
        "route": "schuldhulp",
        "routekaart": sha256,
        "stap": "intake",
        "fase": "intake",
        "is_open": True,
        "in_werkvoorraad": True,
        "klasse": None,
        "gemeente": "GM0935",
        "behandelaar": toeval.choice([*WIE, None]),
        "begonnen_op": begonnen,
        "sinds_op": begonnen,
        "beeindigd_op": None,
        **dict.fromkeys(("laatste_op", "contact_op"), vandaag - toeval.randrange(60)),
        "vervaldag": toeval.choice([None, vandaag + toeval.randrange(-20, 400)]),
        "termijn": None,
        "volgnummer": 1,
    }


def _member(n: int, wie: str) -> dict[str, Any]:
    vast = {"traject_id": n, "nr": 1, "soort": "persoon", "deelnemer": wie}
    return {**vast, "van_dag": 20_000, "tot_dag": None, "bekend_van": 1}


def _page(url: str, vraag: Vraag) -> float:
    def read() -> None:
        with reading(url) as db:
            overzichten.werkvoorraad(db, vraag, WIE[0], klok.today())

    return min(seconds(read) for _ in range(5))
