"""Conformance: each kind of departure from the map in force is found in the traject that has it, and in no other."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models import klok
from models.traject import traject
from tests.bouwers import NU, a_traject, actor, advance_to, step
from workflow import kaarten
from workflow.indicatoren import Kader, Periode, Vraag
from workflow.kaartlezer import lees
from workflow.overeenstemming import SOORTEN, departures
from workflow.uitwisseling import ddas

HUIS = Path(__file__).parents[2]
ALTIJD = Vraag(Periode(0, 99_999))
LEVERING = json.loads((HUIS / "tests" / "data" / "ddas" / "zonder_fasen.json").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def vandaag() -> Iterator[None]:
    """The clock stands still."""
    with klok.at(NU):
        yield


def found(db: Any) -> dict[str, set[str]]:
    """Kind -> the numbers of the trajecten that depart so."""
    nummers = dict(tuple(rij) for rij in db.execute(select(traject.c.id, traject.c.nummer)))
    bevonden = departures(Kader(db, ALTIJD))
    per_soort = {soort: bevonden.where(lambda a, soort=soort: a.afwijking == soort) for soort in SOORTEN}
    return {soort: {nummers[wie] for wie in alle} for soort, alle in per_soort.items() if alle}


def imported(db: Any, **velden: Any) -> str:
    """The number of a traject from a delivery with these fields."""
    levering = json.loads(json.dumps(LEVERING))
    eerste = levering["leveringen"][0]["schuldhulptrajecten"][0]
    for overbodig in ("einddatum", "uitstroom"):
        eerste.pop(overbodig, None)
    levering["leveringen"][0]["schuldhulptrajecten"] = [{**eerste, **velden}]
    verslag = ddas.import_delivery(db, json.dumps(levering).encode(), actor("coordinator"))
    return next(regel.nummer for regel in verslag.regels if regel.nummer)


def walked(db: Any, *stappen: str) -> str:
    """A traject that went along this road from its start."""
    nummer = a_traject(db, route="schuldhulp", begin="melding_registreren")
    for stap in stappen:
        advance_to(db, nummer, stap)
    return nummer


def test_an_ordinary_history_fits_the_map(db):
    walked(db, "intake", "besluit", "toegelaten", "stabilisatie")
    nummer = walked(db, "intake")
    step(db, nummer, "uitval_vastleggen", alles=True)
    assert found(db) == {}


def test_a_delivery_without_phases_has_no_known_phase(db):
    nummer = imported(db)
    assert found(db) == {"fase_onbekend": {nummer}}


def test_what_ended_without_any_phase_is_told_apart(db):
    walked(db, "intake")
    nummer = imported(db, einddatum="2025-06-01", uitstroom={"reden": "Afgerond"})
    assert found(db) == {"einde_zonder_fase": {nummer}}


def test_a_delivery_that_begins_halfway(db):
    nummer = imported(db, stabilisatie={"startdatum": "2025-03-01"})
    assert found(db) == {"begin": {nummer}}


def test_a_delivery_that_jumps_from_one_fase_to_another(db):
    sprong = imported(
        db,
        intake={"startdatum": "2025-02-01", "einddatum": "2025-02-20"},
        stabilisatie={"startdatum": "2025-03-01", "einddatum": "2025-04-01"},
    )
    gevonden = found(db)
    assert gevonden["sprong"] == {sprong}
    (wat,) = [a for a in departures(Kader(db, ALTIJD)).gevonden if a.afwijking == "sprong"]
    assert (wat.van, wat.naar) == ("intake", "stabilisatie")


def test_an_end_that_no_ordinary_overgang_gives_does_not_fit(db):
    nummer = imported(
        db,
        intake={"startdatum": "2025-02-01"},
        einddatum="2025-06-01",
        uitstroom={"reden": "Afgerond"},
    )
    gevonden = found(db)
    assert gevonden["einde"] == {nummer}


def renamed(naam: str) -> Callable[[str], str]:
    """The map with another word in the place of this code."""
    return lambda tekst: re.sub(rf"\b{naam}\b", f"{naam}_anders", tekst)


@pytest.mark.parametrize(
    ("soort", "wijzig"),
    [
        ("overgang", renamed("besluit_voorbereiden")),
        ("stap", renamed("dfd")),
        ("einde", renamed("motivatie_weg")),
        (
            "elders",
            lambda tekst: tekst.replace('van: "*"\n        naar: beeindigd', "van: [nazorg]\n        naar: beeindigd"),
        ),
    ],
    ids=["overgang", "stap", "einde", "elders"],
)
def test_a_later_map_that_knows_it_no_more(db, soort, wijzig):
    past = walked(db, "intake")
    nummer = walked(db, "intake", "mesis", "besluit", "toegelaten", "dfd", "stabilisatie")
    anders = walked(db, "intake", "mesis")
    step(db, nummer, "uitval_vastleggen", reden="motivatie_weg", alles=True)
    step(db, anders, "neutraal_beeindigen", alles=True)
    assert found(db) == {}
    with klok.at(NU + timedelta(hours=1)):
        tekst = wijzig((HUIS / "routekaart.yaml").read_text(encoding="utf-8"))
        kaarten.store(db, lees(tekst.encode()))
        gevonden = found(db)
    assert gevonden[soort] == {anders if soort == "elders" else nummer}
    assert past not in set().union(*gevonden.values())
