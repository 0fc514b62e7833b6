"""Out and in again: whatever this program delivers it takes in, in an empty office, and there it is the same."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from leveringen import DOOR, Json, day, trajecten
from sqlalchemy import Connection
from test_ddas_maken import BSN, KBL, LATER, admitted, child, export, melding, walk

from models import klok
from models.database import engine, reading, transaction
from workflow import personen
from workflow.gezin import load
from workflow.personen import Gegevens
from workflow.uitwisseling import ddas
from workflow.uitwisseling.ddas import Verslag
from workflow.voorbeeld import make_demo
from workflow.voortgang import amend, start, withdraw

ANDER_BSN = "900000016"


@pytest.fixture(autouse=True)
def later(vandaag: None) -> Iterator[None]:
    """It is November, so that the stories have happened."""
    with klok.at(LATER):
        yield


@pytest.fixture
def leeg(sjabloon: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a second database, in which nobody is known."""
    shutil.copyfile(sjabloon, tmp_path / "leeg.db")
    yield f"sqlite:///{tmp_path / 'leeg.db'}"
    engine(f"sqlite:///{tmp_path / 'leeg.db'}").dispose()


def told(url: str) -> list[Json]:
    """All trajecten of a database as they are delivered, in an order of their own."""
    with reading(url) as db:
        return sorted(trajecten(export(db, "1990-01-01")), key=lambda t: json.dumps(t, sort_keys=True))


def moved(van: str, naar: str) -> Verslag:
    """Deliver everything of one database to the other."""
    with reading(van) as db:
        levering = ddas.as_text(export(db, "1990-01-01"))
    with transaction(naar) as db:
        return ddas.import_delivery(db, levering, DOOR)


def with_surname_only(db: Connection) -> None:
    """Two people, on one day, of whom nobody wrote down more than a surname."""
    melding(db, "2026-02-02", Gegevens("Proef"))
    melding(db, "2026-02-02", Gegevens("Ander"))


def without_bsn(db: Connection) -> None:
    """Somebody of whom the day of birth and the address are known, and a partner of whom nothing is."""
    melding(db, "2026-02-02", Gegevens("Proef", geboortedatum="1980-01-01", postcode="6211AB", huisnummer="1"))
    melding(db, "2026-02-02", Gegevens("Samen"), Gegevens("Proef", bsn=ANDER_BSN))


def split(db: Connection) -> None:
    """A household that went apart: one with a BSN, one with a surname only."""
    nummer = melding(db, "2025-01-20", Gegevens("Proef", bsn=BSN), Gegevens("Vertrekt"))
    admitted(db, nummer, "2025-02-03", "2025-02-10", "2025-03-10")
    walk(db, nummer, ("2025-03-10", "stabilisatie_starten"))
    vertrekker = list(load(db, nummer).by_nummer(nummer).stand.deelnemers)[1]
    walk(db, nummer, ("2025-09-01", "huishouden_splitsen", {"vertrekker": vertrekker}))


def reopened(db: Connection) -> None:
    """One end and one refusal that were taken back."""
    nummer = melding(db, "2025-01-20")
    admitted(db, nummer, "2025-02-03", "2025-02-10", "2025-03-10")
    besluit = {"beeindigingsbeschikking_op": "2025-06-02"}
    walk(db, nummer, ("2025-06-02", "uitval_vastleggen", besluit, "afgezien_na_toelating"))
    walk(db, nummer, ("2025-08-04", "beeindiging_herroepen", {"grond_herroeping": "bezwaar_gegrond"}))
    nummer = melding(db, "2026-01-05", Gegevens("Proef", bsn=ANDER_BSN))
    walk(db, nummer, ("2026-01-26", "intake_starten"), ("2026-02-05", "besluit_voorbereiden"))
    weigering = {"beschikking_op": "2026-03-31", "motivering": "Een persoonlijke afweging."}
    walk(db, nummer, ("2026-03-31", "afwijzen", weigering, "eerdere_schuldhulp"))
    walk(db, nummer, ("2026-06-15", "weigering_herroepen", {"grond_herroeping": "bezwaar_gegrond"}))
    walk(db, nummer, ("2026-06-15", "toelaten", {"beschikking_op": "2026-06-15"}))


def refused(db: Connection) -> None:
    """A refusal that stands."""
    nummer = melding(db, "2026-01-05")
    walk(db, nummer, ("2026-01-26", "intake_starten"), ("2026-02-05", "besluit_voorbereiden"))
    weigering = {"beschikking_op": "2026-03-30", "motivering": "Een persoonlijke afweging."}
    walk(db, nummer, ("2026-03-31", "afwijzen", weigering, "eerdere_schuldhulp"))


def ended_by_an_earlier_beschikking(db: Connection) -> None:
    """Help that went on for a while after the decision to end it."""
    nummer = melding(db, "2025-01-20")
    admitted(db, nummer, "2025-02-03", "2025-02-10", "2025-03-10")
    child(db, nummer, "budgetbeheer", "totaal", "2025-04-01", motivering="Rust eerst, dan pas regelen.")
    walk(db, nummer, ("2025-06-02", "stabilisatie_starten"))
    child(db, nummer, "crisis", "crisis_openen", "2025-06-03", crisis_soort="woningontruiming")
    besluit = {"beeindigingsbeschikking_op": "2025-05-01"}
    walk(db, nummer, ("2025-06-10", "uitval_vastleggen", besluit, "nieuwe_schulden"))


def only_budgetbeheer(db: Connection) -> None:
    """Nothing to arrange but the money itself."""
    nummer = melding(db, "2025-01-20")
    admitted(db, nummer, "2025-02-03", "2025-02-10", "2025-03-10")
    walk(
        db,
        nummer,
        ("2025-03-10", "budgetbeheer_starten", {"bbr_variant": "totaal", "motivering": "Er valt niets te regelen."}),
    )
    bbr = next(v.nummer for v in load(db, nummer) if v.oorsprong["route"] == "budgetbeheer")
    walk(db, bbr, ("2025-10-01", "plus_instellen"))


def ended_on_the_first_day(db: Connection) -> None:
    """Over on the day it began, and back on the same day."""
    nummer = melding(db, "2026-02-02")
    walk(db, nummer, ("2026-02-02", "uitval_vastleggen", {}, "onbereikbaar"))
    again(db, nummer, "2026-02-02")


def elsewhere_on_the_same_day(db: Connection) -> None:
    """The same, but what is delivered first is where the help goes on: another gemeente, with a lower code."""
    nummer = melding(db, "2026-02-02")
    walk(db, nummer, ("2026-02-02", "uitval_vastleggen", {}, "onbereikbaar"))
    again(db, nummer, "2026-02-02", "GM0917")


def back_on_the_last_day(db: Connection) -> None:
    """Somebody who comes back on the day that the former traject ended."""
    nummer = melding(db, "2026-02-02")
    walk(db, nummer, ("2026-03-02", "uitval_vastleggen", {}, "onbereikbaar"))
    again(db, nummer, "2026-03-02")


def amended(db: Connection) -> None:
    """Wrong days, put right: of the melding, of a step and of a beschikking; and an end that never was."""
    nummer = melding(db, "2026-03-02")
    admitted(db, nummer, "2026-03-16", "2026-03-23", "2026-03-30")
    log = load(db, nummer).by_nummer(nummer).log
    vol = {rij.overgang: rij.volgnummer for rij in log}
    amend(db, nummer, 1, dag=day("2026-02-02"), reden="verkeerde_dag", door=KBL)
    amend(db, nummer, vol["intake_starten"], dag=day("2026-02-16"), reden="verkeerde_dag", door=KBL)
    nieuw = {"beschikking_op": "2026-03-27", "plan_van_aanpak_op": "2026-03-26"}
    amend(db, nummer, vol["toelaten"], invoer=nieuw, reden="telfout", door=KBL)
    besluit = {"beeindigingsbeschikking_op": "2026-05-01"}
    walk(db, nummer, ("2026-05-01", "uitval_vastleggen", besluit, "afgezien_na_toelating"))
    einde = next(r.volgnummer for r in load(db, nummer).by_nummer(nummer).log if r.overgang == "uitval_vastleggen")
    withdraw(db, nummer, einde, reden="vergissing", door=KBL)


def again(db: Connection, nummer: str, op: str, gemeente: str = "GM0935") -> None:
    """A new melding of whoever had this traject."""
    wie = list(load(db, nummer).by_nummer(nummer).stand.deelnemers)
    invoer = {"bron": "eigen_melding", "crisis": "geen"}
    start(db, "schuldhulp", "melding_registreren", invoer, door=KBL, personen=wie, gemeente=gemeente, op=day(op))


def merged(db: Connection) -> None:
    """Two entries that turn out to be one person, whose data are those of the one that stays."""
    nummer = melding(db, "2024-02-02", Gegevens("Proef", geboortedatum="1980-01-01"))
    (weg,) = load(db, nummer).by_nummer(nummer).stand.deelnemers
    blijft = personen.register(db, Gegevens("Proef", bsn=BSN))
    personen.merge(db, weg, blijft, door=KBL, op=day("2024-03-01"))


VREEMD: tuple[Callable[[Connection], None], ...] = (
    with_surname_only,
    without_bsn,
    split,
    reopened,
    refused,
    ended_by_an_earlier_beschikking,
    only_budgetbeheer,
    ended_on_the_first_day,
    elsewhere_on_the_same_day,
    back_on_the_last_day,
    amended,
    merged,
)


@pytest.mark.parametrize("geval", VREEMD, ids=lambda geval: geval.__name__)
def test_what_is_delivered_of_odd_cases_is_taken_in_and_is_the_same(
    database: str, leeg: str, geval: Callable[[Connection], None]
) -> None:
    with transaction(database) as db:
        geval(db)
    hier = told(database)
    verslag = moved(database, leeg)
    assert hier
    assert verslag.geteld["nieuw"] == len(hier), verslag.opmerkingen
    assert told(leeg) == hier


def test_the_demo_caseload_is_taken_in_and_is_the_same(database: str, leeg: str) -> None:
    make_demo(database, size=120)
    hier = told(database)
    assert moved(database, leeg).geteld["nieuw"] == len(hier) > 100
    assert told(leeg) == hier


def test_a_client_of_whom_only_the_name_is_known_is_still_a_client(database: str, leeg: str) -> None:
    with transaction(database) as db:
        without_bsn(db)
    assert [t["client"] for t in told(database)] == [
        [{"Geboortedatum": "1980-01-01", "Postcode": "6211AB", "Huisnummer": "1"}],
        [{}, {"Burgerservicenummer": ANDER_BSN}],
    ]
    verslag = moved(database, leeg)
    assert verslag.nieuwe_personen == 3
    assert "client_zonder_gegevens" in {opmerking.code for opmerking in verslag.opmerkingen}
