"""A small caseload to look at: thirty invented households, further along the route as their melding is older."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from tests.bouwers import a_person, a_traject, day, step
from workflow.gezin import load
from workflow.opdracht import Actor
from workflow.planlog import GESPREK, WACHTEN
from workflow.planpunten import make

NAMEN = (
    "Aaltje van den Berg-Kerkhoffs", "Bram Cremers", "Chaima el Yousfi", "Daan Dols", "Esra Yıldırım", "Finn Gielen",
    "Guusje Hamers", "Henk van der Heijden", "Ilse Janssen", "Jo Kicken", "Karima Lahlali", "Loek Meertens",
    "Mia Nelissen", "Noud Op den Camp", "Olga Pieters", "Pascal Quaedvlieg", "Rosalie Rouschen", "Sjef Smeets",
    "Tilly Theunissen", "Umut Uysal", "Vera Vrancken", "Willem Wijnands", "Xenia Xhonneux", "Yusuf Yilmaz",
    "Zita Zeguers", "Anne Beckers", "Boudewijn Coenen", "Carla Dassen", "Dirk Eussen", "Els Frissen",
)  # fmt: skip

STAPPEN: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("eerste_contact_vastleggen", 2, {"contactsoort": "telefoon", "bereikt": "ja"}),
    ("gesprek_aanbieden", 2, {}),
    ("intake_starten", 11, {"contactsoort": "gesprek", "schuldbedrag": "18400", "aantal_schuldeisers": "9"}),
    ("mesis_afnemen", 9, {"klant_regelbaar": "ja", "schulden_problematisch": "ja", "schulden_regelbaar": "ja"}),
    ("besluit_voorbereiden", 6, {}),
    ("toelaten", 7, {}),
    ("stabilisatie_starten", 5, {}),
    ("minnelijk_voorbereiden", 40, {}),
    ("voorstel_versturen", 8, {}),
    ("akkoord_vaststellen", 30, {"aantal_akkoord": "9"}),
    ("regeling_starten", 6, {"regeling_variant": "saneringskrediet", "vtlb": "1480"}),
    ("nazorg_starten", 90, {"regeling_resultaat": "finale_kwijting"}),
    ("uitstromen", 30, {}),
)
"""The main road: overgang, days after the one before, and the answers that matter."""

GEPLAND = {6: 540, 8: 570, 12: 780}
"""Household -> the minute at which its appointment of today begins; the first two overlap."""

MELDING = {"bron": "eigen_melding", "kanaal": "telefoon", "aanleiding": "ziekte", "schuldbedrag": "17500"}
LAATSTE_DAG = day("2026-09-14")


def fill(db: Connection, door: Actor) -> Iterator[str]:
    """Make the thirty trajecten of `door`, one in five of the team; yields their numbers."""
    for nummer, naam in enumerate(NAMEN):
        dossier = _a_household(db, door, nummer, naam)
        if nummer in GEPLAND:
            _plan(db, door, dossier, GEPLAND[nummer])
        yield dossier


def _plan(db: Connection, door: Actor, dossier: str, minuut: int) -> None:
    """An appointment this morning, and something that one waits for since yesterday."""
    verloop = load(db, dossier).by_nummer(dossier)
    tijd = {"van_minuut": minuut, "tot_minuut": minuut + 60, "vorm": "gesprek", "wie": door.pseudoniem}
    make(db, verloop, GESPREK, "vervolggesprek", LAATSTE_DAG + 1, {"plaats": "Kamer 3", "tolk": "Turks"}, door, **tijd)
    make(db, verloop, WACHTEN, "client", LAATSTE_DAG, {"tekst": "Loonstrook van augustus"}, door)


def _a_household(db: Connection, door: Actor, nummer: int, naam: str) -> str:
    voornaam, _, achternaam = naam.partition(" ")
    wie = [a_person(db, achternaam, voornaam=voornaam, geboortedatum=f"{1960 + nummer}-03-05")]
    if nummer % 7 == 3:
        wie.append(a_person(db, achternaam, voornaam="Jean-Baptiste"))
    stappen = STAPPEN[: nummer // 2]
    begin = LAATSTE_DAG - nummer - sum(dagen for _, dagen, _ in stappen)
    dossier = a_traject(
        db,
        wie=wie,
        op=begin,
        door=door,
        route="schuldhulp",
        begin="melding_registreren",
        gemeente="GM0917" if nummer % 11 == 5 else "GM0935",
        behandelaar=door.pseudoniem if nummer % 5 else None,
        invoer={**MELDING, "crisis": "woningontruiming" if nummer == 1 else "geen"},
    )
    for overgang, dagen, antwoorden in stappen:
        begin += dagen
        step(db, dossier, overgang, begin, door=door, invoer=antwoorden)
    return dossier
