"""Templates of letters, in versions that are only added; and what comes with the program where no own version exists.

A text is refused with the line where it goes wrong, so that a template that is kept can always be read.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.exc import IntegrityError

from models import klok
from models.brief import briefpapier, briefsjabloon
from workflow.brieven.blad import Papier
from workflow.brieven.plaatshouders import VORMEN
from workflow.brieven.tekst import Lezing, clean, read
from workflow.velden import InvoerGeweigerd

MEEGELEVERD = Path(__file__).parent / "meegeleverd"
MAX_NAAM = 120
TE_LAAT = "Iemand anders heeft intussen een nieuwe versie gemaakt. Bekijk die eerst."
MAX_PAPIER = 200
STANDAARDPAPIER = Papier(afzender="Kredietbank Limburg")


@dataclass(frozen=True, slots=True)
class Sjabloon:
    """A version of a template; version 0 comes with the program, and nobody made it."""

    code: str
    versie: int
    soort: str
    naam: str
    tekst: str
    is_in_gebruik: bool = True
    door: str | None = None
    vastgelegd_op: int | None = None


@cache
def shipped() -> Mapping[str, str]:
    """Briefsoort -> the text that comes with the program."""
    return {pad.stem: pad.read_text(encoding="utf-8") for pad in sorted(MEEGELEVERD.glob("*.txt"))}


def understood(tekst: str) -> Lezing:
    """The text as it is read with the placeholders of letters."""
    return read(tekst, VORMEN)


def templates(db: Connection, soorten: Mapping[str, str]) -> dict[str, Sjabloon]:
    """The newest version of each template for these briefsoorten (code -> name), by code: those of the map first."""
    eerst = {code: _shipped(code, naam) for code, naam in soorten.items()}
    laatste = select(func.max(briefsjabloon.c.id)).group_by(briefsjabloon.c.code)
    rijen = db.execute(select(briefsjabloon).where(briefsjabloon.c.id.in_(laatste)).order_by(briefsjabloon.c.id))
    eigen = {rij.code: _own(rij) for rij in rijen if rij.soort in soorten}
    return {code: sjabloon for code, sjabloon in {**eerst, **eigen}.items() if sjabloon}


def versions(db: Connection, code: str, soorten: Mapping[str, str]) -> list[Sjabloon]:
    """All versions of a template, the newest first; empty when there is no such template."""
    vraag = select(briefsjabloon).where(briefsjabloon.c.code == code).order_by(briefsjabloon.c.versie.desc())
    meegeleverd = _shipped(code, soorten.get(code, code))
    return [*(_own(rij) for rij in db.execute(vraag)), *([meegeleverd] if meegeleverd else [])]


def _shipped(code: str, naam: str) -> Sjabloon | None:
    tekst = shipped().get(code)
    return Sjabloon(code, 0, code, naam, tekst) if tekst else None


def _own(rij: Row[Any]) -> Sjabloon:
    return Sjabloon(**{veld.name: getattr(rij, veld.name) for veld in fields(Sjabloon)})


def store(
    db: Connection,
    soorten: Mapping[str, str],
    *,
    door: str,
    code: str | None,
    soort: str,
    naam: str,
    tekst: str,
    is_in_gebruik: bool = True,
    na_versie: int = 0,
) -> Sjabloon:
    """Add a version of a template, or (`code` None) a new one. Raises InvoerGeweigerd, with the line of each fault.

    `na_versie` is the version that its maker saw: a newer one that came in between is refused.
    """
    naam, tekst = clean(naam), tekst.replace("\r\n", "\n").strip() + "\n"
    eerder = versions(db, code, soorten)[:1] if code else []
    if fouten := _mistakes(soorten, soort, naam, tekst, [s.versie for s in eerder], na_versie):
        raise InvoerGeweigerd(fouten)
    nieuw = Sjabloon(
        code=code or f"eigen_{secrets.token_hex(4)}",
        versie=eerder[0].versie + 1 if eerder else 1,
        soort=soort,
        naam=naam,
        tekst=tekst,
        is_in_gebruik=is_in_gebruik,
        door=door,
        vastgelegd_op=klok.now_us(),
    )
    try:
        with db.begin_nested():
            db.execute(briefsjabloon.insert().values(asdict(nieuw)))
    except IntegrityError:
        raise InvoerGeweigerd({"tekst": TE_LAAT}) from None
    return nieuw


def _mistakes(
    soorten: Mapping[str, str], soort: str, naam: str, tekst: str, eerder: Sequence[int], na_versie: int
) -> dict[str, str]:
    fouten = {"tekst": " ".join(map(str, lezing.fouten[:20]))} if (lezing := understood(tekst)).fouten else {}
    if not naam or len(naam) > MAX_NAAM:
        fouten["naam"] = f"Vul een naam in van hoogstens {MAX_NAAM} tekens."
    if soort not in soorten:
        fouten["soort"] = "Kies een van de soorten."
    if eerder and eerder[0] != na_versie:
        fouten["tekst"] = TE_LAAT
    return fouten


def paper(db: Connection) -> Papier:
    """The letterhead in force."""
    ruw = db.execute(select(briefpapier.c.inhoud).order_by(briefpapier.c.id.desc()).limit(1)).scalar()
    bekend = {veld.name for veld in fields(Papier)}
    return Papier(**{k: v for k, v in json.loads(ruw).items() if k in bekend}) if ruw else STANDAARDPAPIER


def store_paper(db: Connection, papier: Papier, door: str) -> None:
    """Put another letterhead in force. Raises InvoerGeweigerd."""
    schoon = Papier(**{naam: clean(waarde) for naam, waarde in asdict(papier).items()})
    te_lang = {n: f"Hoogstens {MAX_PAPIER} tekens." for n, w in asdict(schoon).items() if len(w) > MAX_PAPIER}
    leeg = {} if schoon.afzender else {"afzender": "Vul in wie de brieven stuurt."}
    if fouten := {**te_lang, **leeg}:
        raise InvoerGeweigerd(fouten)
    inhoud = json.dumps(asdict(schoon), ensure_ascii=False)
    db.execute(briefpapier.insert().values(inhoud=inhoud, door=door, vastgelegd_op=klok.now_us()))
