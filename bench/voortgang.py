"""An advance (guards, log row, projections, commit) against a bare Core insert of one log row and its commit."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import select

from bench.opzet import DOOR, database, paired, report, seconds
from models import klok
from models.database import reading, transaction
from models.gebeurtenis import gebeurtenis
from workflow import personen
from workflow.voortgang import advance, start

AANTAL = 200
MELDING: dict[str, Any] = {"bron": "eigen_melding", "crisis": "geen", "minderjarige_kinderen": "nee"}
CONTACT = {"contactsoort": "telefoon", "bereikt": "ja"}
MESIS = {
    "mesis_profiel": "profiel_1",
    "schulden_problematisch": "ja",
    "schulden_regelbaar": "ja",
    "klant_regelbaar": "ja",
}
WANDELING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("eerste_contact_vastleggen", CONTACT),
    ("intake_starten", {}),
    ("mesis_afnemen", MESIS),
    ("besluit_voorbereiden", {}),
    ("contact_vastleggen", CONTACT),
    ("notitie_maken", {"notitie": "Gebeld."}),
)


class Caseload:
    """Trajecten that all take the next step of the same walk when asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.stap = 0
        self.nummers = [self._start(n) for n in range(AANTAL)]

    def _start(self, n: int) -> str:
        with transaction(self.url) as db:
            wie = personen.register(db, personen.Gegevens(f"Bench{n}"))
            opties: dict[str, Any] = {"door": DOOR, "personen": [wie], "gemeente": "GM0935", "op": self.dag}
            return start(db, "schuldhulp", "melding_registreren", MELDING, **opties).nummer

    @property
    def dag(self) -> int:
        """The day of the next step."""
        return klok.today() - 60 + self.stap

    def advance(self) -> float:
        """Seconds for one step of one traject."""
        overgang, invoer = WANDELING[self.stap % len(WANDELING)]
        self.stap += 1
        return seconds(lambda: [self._step(nummer, overgang, invoer) for nummer in self.nummers]) / AANTAL

    def _step(self, nummer: str, overgang: str, invoer: dict[str, Any]) -> None:
        with transaction(self.url) as db:
            advance(db, nummer, overgang, invoer, door=DOOR, op=self.dag, sleutel=secrets.token_hex(16))


class Yardstick:
    """The same database, the same triggers and commit, one Core insert of a row like those in the log."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.volgnummer = 1000
        with reading(url) as db:
            self.rij = dict(db.execute(select(gebeurtenis).limit(1)).mappings().one())
        del self.rij["id"]

    def insert(self) -> float:
        """Seconds for one insert with its commit."""
        self.volgnummer += 1
        return seconds(lambda: [self._one(traject_id) for traject_id in range(1, AANTAL + 1)]) / AANTAL

    def _one(self, traject_id: int) -> None:
        uniek = {"traject_id": traject_id, "volgnummer": self.volgnummer, "sleutel": secrets.token_hex(16)}
        with transaction(self.url) as db:
            db.execute(gebeurtenis.insert(), {**self.rij, **uniek})


def main() -> None:
    """Print the ratio."""
    with database() as url, database() as ander_url:
        caseload = Caseload(url)
        Caseload(ander_url)
        maatstaf = Yardstick(ander_url)
        caseload.advance()
        maatstaf.insert()
        a, b, verhouding = paired(caseload.advance, maatstaf.insert, len(WANDELING) - 1)
        report("advance", "bare Core insert of a log row, commit", a, b, verhouding, "at most 3")
