"""Letters for tests: a household with an address, a letterhead, and a letter brought as far as a test needs it."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection

from models import klok
from tests.bouwers import UITVOERDER, a_person, a_traject, folded
from workflow.brieven import dossierbrief
from workflow.brieven.blad import Papier
from workflow.brieven.dossierbrief import Brief
from workflow.brieven.sjablonen import store_paper, templates

PAPIER = Papier(
    afzender="Kredietbank Limburg",
    retouradres="Retour: Postbus 1, 6200 AA Maastricht",
    telefoon="043 000 00 00",
    bezwaaradres="Gemeente Voorbeeld, Postbus 1, 6200 AA Maastricht",
    ondertekening="Namens het college",
)
ADRES = {"postcode": "6211AB", "huisnummer": "12", "woonplaats": "Maastricht"}


def a_client(db: Connection, achternaam: str = "Amrani", **gegevens: str) -> str:
    """A person with an address."""
    vast = {"voornaam": "Fatima", "tussenvoegsel": "el", "geslacht": "Vrouw", **ADRES}
    return a_person(db, achternaam, **{**vast, **gegevens})


def a_dossier(db: Connection, *, op: int | None = None, behandelaar: str | None = None, **gegevens: str) -> str:
    """A traject on the main route of a person with an address, and a letterhead; returns the number."""
    store_paper(db, PAPIER, UITVOERDER.pseudoniem)
    rest = {"behandelaar": behandelaar} if behandelaar else {}
    begin = klok.today() if op is None else op
    wie = [a_client(db, **gegevens)]
    return a_traject(db, route="schuldhulp", begin="melding_registreren", wie=wie, op=begin, **rest)


def begun(db: Connection, nummer: str, sjabloon: str = "andere_brief", wie: str | None = None) -> str:
    """A concept for a person of a traject, the first when left out; returns its number."""
    verloop = folded(db, nummer)
    keus = templates(db, dossierbrief.offered(verloop))[sjabloon]
    wie = wie or next(d for d, soort in verloop.stand.deelnemers.items() if soort == "persoon")
    return dossierbrief.begin(db, nummer, keus, wie, door=UITVOERDER, sleutel=secrets.token_hex(16))


def written(db: Connection, nummer: str, brief: str, tekst: str, dag: int | None = None) -> None:
    """Give a concept this text."""
    was = read(db, nummer, brief)
    dossierbrief.save(db, nummer, brief, tekst, was.dag if dag is None else dag, versie=was.versie)


def settled(db: Connection, nummer: str, brief: str) -> Brief:
    """Make the files of a concept."""
    gemaakt = dossierbrief.make(db, nummer, brief)
    dossierbrief.settle(db, nummer, brief, gemaakt, versie=gemaakt.versie, door=UITVOERDER)
    return read(db, nummer, brief)


def sent(db: Connection, nummer: str, brief: str, op: int | None = None) -> Brief:
    """Record that a letter was sent, today when left out."""
    was = read(db, nummer, brief)
    dag = klok.today() if op is None else op
    dossierbrief.send(db, nummer, brief, dag, versie=was.versie, door=UITVOERDER)
    return read(db, nummer, brief)


def read(db: Connection, nummer: str, brief: str) -> Brief:
    """A letter as it stands."""
    return dossierbrief.letter(db, folded(db, nummer), brief)
