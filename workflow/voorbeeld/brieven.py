"""Letters of the demo caseload: a letterhead, and letters in each state for the newest open trajecten of each desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from models import klok
from models.gebeurtenis import gebeurtenis
from models.traject import traject
from workflow.brieven import dossierbrief
from workflow.brieven.blad import Papier
from workflow.brieven.dossierbrief import Gemaakt
from workflow.brieven.sjablonen import store_paper, templates
from workflow.gezin import load
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Actor
from workflow.voorbeeld.team import UITVOERDERS
from workflow.voorbeeld.wereld import HOOFDROUTE, Wereld

PAPIER = Papier(
    afzender="Kredietbank Limburg",
    retouradres="Retouradres: Postbus 0000, 6200 AA Maastricht",
    bezoekadres="Voorbeeldplein 1, Maastricht",
    telefoon="043 000 00 00",
    email="schuldhulp@voorbeeld.invalid",
    website="www.voorbeeld.invalid",
    bezwaaradres="College van burgemeester en wethouders, commissie bezwaarschriften, Postbus 0000, 6200 AA Maastricht",
    ondertekening="Namens het college van burgemeester en wethouders van Maastricht",
)

BRIEVEN = (
    (("rappel", "vastgesteld"), ("waar_sta_ik", "verzonden")),
    (("waar_sta_ik", "vastgesteld"), ("andere_brief", "concept")),
    (("rappel", "vastgesteld"), ("rappel", "verzonden")),
    (("waar_sta_ik", "vastgesteld"), ("uitnodiging", "concept")),
    (("rappel", "vastgesteld"), ("rappel", "vervallen")),
    (("waar_sta_ik", "vastgesteld"), ("rappel", "verzonden")),
)
"""Template and how far each letter comes, for the newest trajecten of each uitvoerder."""


def write_letters(wereld: Wereld) -> None:
    """Write them after all else, on the last day on which something was recorded, as whoever has the traject."""
    laatste = wereld.db.execute(select(func.max(gebeurtenis.c.vastgelegd_op))).scalar()
    if laatste is None:
        return
    with klok.at(klok.moment_of(laatste)):
        store_paper(wereld.db, PAPIER, wereld.team["beheerder"].pseudoniem)
    for nr, ((sjabloon, doel), (nummer, door)) in enumerate(_to_write(wereld), 1):
        with klok.at(klok.moment_of(laatste) + timedelta(seconds=nr)):
            _write(wereld, nummer, sjabloon, doel, door)


def _to_write(wereld: Wereld) -> Iterator[tuple[tuple[str, str], tuple[str, Actor]]]:
    """Each letter with the open traject that it is for, and who has that."""
    van = {wereld.team[code].pseudoniem: nr for nr, code in enumerate(UITVOERDERS)}
    vraag = select(traject.c.nummer, traject.c.behandelaar).where(traject.c.route == HOOFDROUTE, traject.c.is_open)
    rijen = wereld.db.execute(vraag.order_by(traject.c.begonnen_op.desc(), traject.c.id.desc())).all()
    nog = {wie: list(BRIEVEN[nr]) for wie, nr in van.items()}
    for rij in rijen:
        if nog.get(rij.behandelaar):
            yield nog[rij.behandelaar].pop(0), (rij.nummer, Actor(rij.behandelaar, "uitvoerder", "KBL"))


def _write(wereld: Wereld, nummer: str, sjabloon: str, doel: str, door: Actor) -> None:
    db = wereld.db
    verloop = load(db, nummer).by_nummer(nummer)
    keus = templates(db, dossierbrief.offered(verloop)).get(sjabloon)
    wie = next((d for d, soort in verloop.stand.deelnemers.items() if soort == "persoon"), None)
    if keus is None or wie is None:
        return
    brief = dossierbrief.begin(db, nummer, keus, wie, door=door, sleutel=_key(nummer, sjabloon))
    if doel == "vervallen":
        dossierbrief.cancel(db, nummer, brief, versie=1)
    if doel in ("concept", "vervallen") or (gemaakt := _made(wereld, nummer, brief)) is None:
        return
    dossierbrief.settle(db, nummer, brief, gemaakt, versie=gemaakt.versie, door=door)
    if doel == "verzonden":
        dossierbrief.send(db, nummer, brief, klok.today(), versie=gemaakt.versie + 1, door=door)


def _made(wereld: Wereld, nummer: str, brief: str) -> Gemaakt | None:
    """The files, or None where this dossier lacks something for them: then it stays a concept."""
    try:
        return dossierbrief.make(wereld.db, nummer, brief)
    except OvergangGeweigerd:
        return None


def _key(nummer: str, sjabloon: str) -> str:
    """The number of a letter, the same in each demo."""
    return f"{nummer}{sjabloon}".encode().hex()[:32].ljust(32, "0")
