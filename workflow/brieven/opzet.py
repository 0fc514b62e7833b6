"""A letter made up from the dossier: what would be printed today, and all that stands in the way of that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from models import klok
from workflow.brieven.blad import Blad, Papier
from workflow.brieven.briefsoorten import is_decided
from workflow.brieven.gegevens import Vraag, address, values
from workflow.brieven.pdf import obstacles
from workflow.brieven.plaatshouders import PLAATSHOUDERS
from workflow.brieven.sjablonen import paper, understood
from workflow.brieven.tekst import Blok, Lezing, Waarde, clean, fill
from workflow.gezin import Gezin
from workflow.kalender import short
from workflow.overzichten import medewerkers
from workflow.personen import Persoon, by_pseudonym
from workflow.verloop import Verloop

INVULPLEK = re.compile(r"\[[^\[\]]*\]")
"""What a template asks the writer to fill in: [Schrijf hier waarom.]"""

VOORBEELDADRES = ("Vera de Voorbeeld", "Voorbeeldstraat 1 A", "6211 AB  MAASTRICHT")


class Opzet(NamedTuple):
    """The sheet, why it cannot be made yet (Dutch sentences), and the values of its placeholders."""

    blad: Blad
    bezwaren: tuple[str, ...]
    waarden: Mapping[str, Waarde]


def compose(
    db: Connection,
    gezin: Gezin,
    verloop: Verloop,
    wie: str,
    tekst: str | None,
    dag: int,
    *,
    soort: str = "",
    mensen: Mapping[str, Persoon] | None = None,
    namen: Mapping[str, str] | None = None,
) -> Opzet:
    """What a letter of this briefsoort with this text, for this person and dated this day, would be.

    `mensen` and `namen` (of medewerkers), by pseudonym, are read here unless they are given.
    """
    lezing = understood(tekst or "")
    behandelaar = verloop.stand.kenmerken.get("behandelaar", "")
    namen = medewerkers(db, [behandelaar]) if namen is None else namen
    persoon = (mensen or {}).get(wie) or by_pseudonym(db, [wie]).get(wie)
    vraag = Vraag(gezin, verloop, persoon, paper(db), namen.get(behandelaar, ""), dag, klok.today())
    waarden = values(db, vraag, lezing.plaatsen)
    blad = _sheet(vraag, lezing, waarden)
    bezwaren = (*map(str, lezing.fouten), *_missing(lezing, waarden), *_in_the_way(vraag, blad, lezing))
    return Opzet(blad, (*_undecided(verloop, soort), *bezwaren), waarden)


def example(papier: Papier, tekst: str, dag: int) -> tuple[Blad, Lezing]:
    """A template as a letter to an invented client, and how it was read."""
    lezing = understood(tekst)
    waarden = {code: PLAATSHOUDERS[code].voorbeeld for code in lezing.plaatsen & PLAATSHOUDERS.keys()}
    onderwerp, blokken = _filled(lezing, waarden)
    kenmerken = _reference(dag, "SHV-2026-00042", "Noor Proef", papier)
    return Blad(papier, VOORBEELDADRES, kenmerken, onderwerp, blokken, is_concept=True), lezing


def _sheet(vraag: Vraag, lezing: Lezing, waarden: Mapping[str, Waarde]) -> Blad:
    gegevens = vraag.persoon.gegevens if vraag.persoon else None
    onderwerp, blokken = _filled(lezing, waarden)
    return Blad(
        papier=vraag.papier,
        adres=address(gegevens) if gegevens else (),
        kenmerken=_reference(vraag.dag, vraag.verloop.nummer, clean(vraag.behandelaar), vraag.papier),
        onderwerp=onderwerp,
        blokken=blokken,
        is_concept=True,
        is_groot=bool(gegevens and gegevens.grote_letters),
    )


def _reference(dag: int, nummer: str, behandelaar: str, papier: Papier) -> tuple[tuple[str, str], ...]:
    regels = (
        *(("Datum", short(dag)), ("Ons kenmerk", nummer)),
        *(("Behandeld door", behandelaar), ("Telefoon", papier.telefoon)),
    )
    return tuple((naam, waarde) for naam, waarde in regels if waarde)


def _filled(lezing: Lezing, waarden: Mapping[str, Waarde]) -> tuple[str, tuple[Blok, ...]]:
    """Subject and blocks; what has no value stands between brackets, to be seen in a preview."""
    gevuld = {code: waarden.get(code) or _gap(code) for code in lezing.plaatsen}
    blokken = fill(lezing.blokken, gevuld)
    if not blokken or blokken[0].soort != "kop":
        return "Brief", blokken
    return "".join(deel.tekst for deel in blokken[0].regels[0]), blokken[1:]


def _gap(code: str) -> Waarde:
    plaats = PLAATSHOUDERS.get(code)
    tekst = f"[{plaats.naam if plaats else code}]"
    return tekst if plaats is None or plaats.vorm == "regel" else ((tekst,),)


def _missing(lezing: Lezing, waarden: Mapping[str, Waarde]) -> Iterator[str]:
    """What the text asks for and the dossier does not have."""
    for code in sorted(lezing.plaatsen & PLAATSHOUDERS.keys() - waarden.keys()):
        yield f"{{{code}}}: {PLAATSHOUDERS[code].leeg}"


def _undecided(verloop: Verloop, soort: str) -> Iterator[str]:
    """A decision goes out after it is recorded: else the traject knows nothing of it, and a wrong term would run."""
    stap = verloop.stand.stap
    if not is_decided(verloop.kaart.routes[verloop.oorsprong["route"]], stap, soort):
        hier = f"het traject staat in {stap.naam}" if stap else "het traject is ingetrokken"
        yield f"Dit besluit is nog niet vastgelegd: {hier}. Leg het eerst vast op de pagina van het traject."


def _in_the_way(vraag: Vraag, blad: Blad, lezing: Lezing) -> Iterator[str]:
    if vraag.persoon is None:
        yield "De gegevens van deze persoon kunnen niet worden gelezen."
    elif not blad.adres:
        yield f"Van {clean(vraag.persoon.naam)} is geen adres bekend: vul dat aan bij de persoonsgegevens."
    if vraag.dag < vraag.vandaag:
        yield "De datum op de brief is voorbij: kies een dag vanaf vandaag."
    delen = (deel for blok in lezing.blokken for regel in blok.regels for deel in regel)
    yield from (f"Vul nog in: {plek}" for deel in delen for plek in INVULPLEK.findall(deel.tekst))
    yield from obstacles(blad)
