"""Debts in the demo: a register of creditors, and lists that come to what the dossiers say already.

Made after all life courses, on the last day of the caseload, so that no course waits for an answer of a creditor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from random import Random

from sqlalchemy import Connection, func, select

from models import klok
from models.gebeurtenis import gebeurtenis
from models.traject import traject
from workflow import schuldboek, schuldeisers
from workflow.gezin import load
from workflow.opdracht import Actor
from workflow.schuldboek import Dossierboek, Melding
from workflow.schuldeisers import Schuldeiser
from workflow.schulden import Gegevens
from workflow.verloop import Verloop
from workflow.voorbeeld.wereld import HOOFDROUTE, Wereld

MAX_LIJSTEN = 24
"""So many dossiers have a list; one in each household shows what the page is for, and a demo must be quick to make."""

SCHULDEISERS: tuple[Schuldeiser, ...] = (
    Schuldeiser("", "Zorgverzekeraar A (demo)", "Zorg", telefoon="088 000 0001", email="beheer@zorg-a.example"),
    Schuldeiser("", "Zorgverzekeraar B (demo)", "Zorg", telefoon="088 000 0002"),
    Schuldeiser("", "Apotheek Centrum (demo)", "Zorg"),
    Schuldeiser("", "Belastingdienst (demo)", "Publiek", postcode="6400 AA", plaats="Heerlen"),
    Schuldeiser("", "CJIB (demo)", "Publiek", plaats="Leeuwarden"),
    Schuldeiser("", "DUO (demo)", "Publiek", plaats="Groningen"),
    Schuldeiser("", "UWV (demo)", "Publiek"),
    Schuldeiser("", "Gemeentelijke belastingen Maastricht (demo)", "Publiek", plaats="Maastricht", is_gemeente=True),
    Schuldeiser("", "Energieleverancier A (demo)", "Nuts", email="betalen@energie-a.example"),
    Schuldeiser("", "Energieleverantie A B.V. (demo)", "Nuts", is_voorstel=True),
    Schuldeiser("", "Waterbedrijf A (demo)", "Nuts"),
    Schuldeiser("", "Woningcorporatie A (demo)", "Overig", plaats="Maastricht"),
    Schuldeiser("", "Woningcorporatie B (demo)", "Overig", plaats="Heerlen"),
    Schuldeiser("", "Telecomaanbieder A (demo)", "Overig"),
    Schuldeiser("", "Telecomaanbieder B (demo)", "Overig"),
    Schuldeiser("", "Webwinkel C (demo)", "Overig"),
    Schuldeiser("", "Groothandel D (demo)", "Overig", is_zakelijk=True, kvknummer="90000001"),
    Schuldeiser("", "Bank E (demo)", "Overig"),
)


def add_debts(wereld: Wereld, seed: int) -> None:
    """Enter the creditors and give some open dossiers their list."""
    rng = Random(seed)  # noqa: S311  (a demo must be reproducible, not secret)
    codes = [schuldeisers.add(wereld.db, wie, wereld.team["beheerder"].pseudoniem).code for wie in SCHULDEISERS]
    moment = klok.moment_of(int(wereld.db.execute(select(func.max(gebeurtenis.c.vastgelegd_op))).scalar_one()))
    for nummer, verloop in _to_do(wereld.db):
        moment += timedelta(seconds=20)
        with klok.at(moment):
            _list(wereld, nummer, verloop, rng, codes)


def _to_do(db: Connection) -> Iterator[tuple[str, Verloop]]:
    """Open dossiers, the newest first, that say how much and to how many is owed."""
    vraag = (
        select(traject.c.nummer).where(traject.c.route == HOOFDROUTE, traject.c.is_open).order_by(traject.c.id.desc())
    )
    gevonden = 0
    for nummer in db.execute(vraag.limit(4 * MAX_LIJSTEN)).scalars().all():
        verloop = load(db, nummer, lock=False).by_nummer(nummer)
        if gevonden < MAX_LIJSTEN and 1 < _owed(verloop)[1] < len(SCHULDEISERS):
            gevonden += 1
            yield nummer, verloop


def _owed(verloop: Verloop) -> tuple[int, int]:
    """What the dossier says: whole euros, and to how many."""
    gezegd = verloop.stand.antwoorden
    return int(gezegd.get("schuldbedrag") or 0), int(gezegd.get("aantal_schuldeisers") or 0)


def _list(wereld: Wereld, nummer: str, verloop: Verloop, rng: Random, codes: list[str]) -> None:
    euro, aantal = _owed(verloop)
    gekozen = rng.sample(codes, aantal)
    bedragen = list(_parts(rng, euro, aantal))
    nieuwe = [
        Gegevens(schuldeiser=code, bedrag=100 * deel, kenmerk=f"D-{rng.randint(10_000, 99_999)}")
        for code, deel in zip(gekozen, bedragen, strict=True)
    ]
    db, door = wereld.db, _whose(wereld, verloop)
    schuldboek.add(db, nummer, nieuwe, Melding(door))
    for stand, nummers in _answers(schuldboek.opened(db, nummer), rng).items():
        schuldboek.answer(db, nummer, nummers, stand, Melding(door))


def _parts(rng: Random, euro: int, aantal: int) -> Iterator[int]:
    """Whole euros that come to the sum."""
    gewichten = [rng.uniform(0.3, 2) for _ in range(aantal)]
    over = euro
    for gewicht in gewichten[1:]:
        deel = int(euro * gewicht / sum(gewichten))
        over -= deel
        yield deel
    yield over


def _whose(wereld: Wereld, verloop: Verloop) -> Actor:
    """Who has the traject; the coordinator as long as nobody has."""
    wie = verloop.stand.kenmerken.get("behandelaar")
    return Actor(wie, "uitvoerder", "KBL") if wie else wereld.team["coordinator"]


def _answers(boek: Dossierboek, rng: Random) -> Mapping[str, list[int]]:
    """How far the debts are, by where the dossier is: all agreed in a regeling, mixed before it, asked before that."""
    stap, gezegd = boek.verloop.stand.stap, boek.verloop.stand.antwoorden
    nummers = list(boek.lijst.by_nummer)
    if (stap and stap.is_regeling) or gezegd.get("akkoord") == "ja":
        return {"akkoord": nummers}
    if stap and stap.fase == "minnelijk":
        weigert = rng.sample(nummers, min(2, len(nummers) - 1))
        return {"weigert": weigert, "akkoord": [n for n in nummers if n not in weigert]}
    half = nummers[: len(nummers) // 2]
    return {"saldo_gevraagd": half} if half else {}
