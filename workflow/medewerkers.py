"""Accounts: who may log in, with which role, and how a password is kept and tried.

Passwords are kept as argon2id. A wrong one counts; from the fifth on the account waits, longer each time, and then even
the right password is refused, so that guessing gains nothing. Callers learn yes or no, never which of the two was
wrong, and a name that does not exist costs the same work.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from models import klok
from models.database import reading, transaction
from models.medewerker import medewerker, sessie
from models.organisatie import organisatie
from models.traject import traject
from workflow.rollen import ROLNAMEN, Rol
from workflow.velden import InvoerGeweigerd
from workflow.wijzigingen import note_role

HASHER = PasswordHasher()
"""argon2id with the cost of RFC 9106 for machines with little memory."""

MIN_WACHTWOORD = 12
MAX_WACHTWOORD = 128
MAX_NAAM = 120
VRIJE_POGINGEN = 4
EERSTE_WACHT = 30
LANGSTE_WACHT = 15 * 60
VERGEET_NA = 24 * 3600
"""Seconds, like the two above: a day after the last wait the count starts anew."""

VOOR_DE_HAND = (
    "wachtwoord",
    "password",
    "welkom",
    "maastricht",
    "routekaart",
    "kredietbank",
    "1234567890",
    "qwertyuiop",
)
MIN_EIGEN_TEKENS = 6


class Geweigerd(StrEnum):
    """Why an account or a password is refused, as the screen says it."""

    INLOGNAAM = "Gebruik 3 tot 120 letters, cijfers, punten, streepjes of een e-mailadres."
    BEZET = "Deze inlognaam is al in gebruik."
    NAAM = f"Vul de naam in, hoogstens {MAX_NAAM} tekens."
    ROL = "Kies een van de rollen."
    ORGANISATIE = "Kies een van de organisaties."
    KORT = f"Kies een wachtwoord van ten minste {MIN_WACHTWOORD} tekens."
    LANG = f"Kies een wachtwoord van hoogstens {MAX_WACHTWOORD} tekens."
    RAADBAAR = "Dit wachtwoord is te makkelijk te raden. Kies bijvoorbeeld vier woorden die niets met elkaar hebben."


class OnbekendeMedewerker(LookupError):
    """No account has this pseudonym."""


@dataclass(frozen=True, slots=True)
class Medewerker:
    """Someone who may log in, as the rest of the program knows them."""

    id: int
    pseudoniem: str
    naam: str
    rol: Rol
    organisatie: str


@dataclass(frozen=True, slots=True)
class Account:
    """A line in the beheerder's list."""

    medewerker: Medewerker
    inlognaam: str
    organisatienaam: str
    is_actief: bool
    wacht_tot: int | None
    """UTC microseconds until when log-ins are refused after wrong passwords, None when they are not."""


def people() -> Select[Any]:
    """The columns of Medewerker, for other selects to build on."""
    kolommen = (medewerker.c[naam] for naam in ("id", "pseudoniem", "naam", "rol", "organisatie"))
    return select(*kolommen)


def as_medewerker(rij: Row[Any]) -> Medewerker:
    """The Medewerker of a row that has the columns of `people`."""
    return Medewerker(rij.id, rij.pseudoniem, rij.naam, Rol(rij.rol), rij.organisatie)


def accounts(db: Connection) -> list[Account]:
    """Every account, the active ones first, by name."""
    vraag = _accounts().order_by(medewerker.c.is_actief.desc(), medewerker.c.naam, medewerker.c.id)
    return [_as_account(rij) for rij in db.execute(vraag)]


def account(db: Connection, pseudoniem: str) -> Account:
    """One account. Raises OnbekendeMedewerker."""
    rij = db.execute(_accounts().where(medewerker.c.pseudoniem == pseudoniem)).first()
    if rij is None:
        raise OnbekendeMedewerker(pseudoniem)
    return _as_account(rij)


def _accounts() -> Select[Any]:
    return (
        people()
        .add_columns(medewerker.c.inlognaam, medewerker.c.is_actief, medewerker.c.geblokkeerd_tot)
        .add_columns(organisatie.c.naam.label("organisatienaam"))
        .join(organisatie, organisatie.c.code == medewerker.c.organisatie)
    )


def _as_account(rij: Row[Any]) -> Account:
    wacht = rij.geblokkeerd_tot if (rij.geblokkeerd_tot or 0) > klok.now_us() else None
    return Account(as_medewerker(rij), rij.inlognaam, rij.organisatienaam, rij.is_actief, wacht)


def add(
    db: Connection,
    *,
    inlognaam: str,
    naam: str,
    rol: str,
    organisatie: str,
    wachtwoord: str,
    door: str | None = None,
) -> Medewerker:
    """Make an account. Raises InvoerGeweigerd with a sentence for each wrong answer.

    `door`, here and below, is the pseudonym of who does so; None on the command line.
    """
    inlognaam, naam = login_name(inlognaam), " ".join(naam.split())
    fouten = _mistakes(db, inlognaam, naam, rol, organisatie)
    if zin := weakness(wachtwoord, inlognaam):
        fouten["wachtwoord"] = zin
    if fouten:
        raise InvoerGeweigerd(fouten)
    waarden = {"inlognaam": inlognaam, "naam": naam, "rol": rol, "organisatie": organisatie}
    vraag = medewerker.insert().values(
        **waarden, pseudoniem=secrets.token_hex(16), wachtwoord=hash_password(wachtwoord), is_actief=True, mislukt=0
    )
    try:
        rij = db.execute(vraag.returning(*people().selected_columns)).one()
    except IntegrityError:
        raise InvoerGeweigerd({"inlognaam": Geweigerd.BEZET}) from None
    note_role(db, "erbij", rij.pseudoniem, ROLNAMEN[Rol(rol)], door)
    return as_medewerker(rij)


def _mistakes(db: Connection, inlognaam: str, naam: str, rol: str, organisatie_code: str) -> dict[str, str]:
    fouten: dict[str, str] = {}
    if not re.fullmatch(r"[a-z0-9][a-z0-9._@+-]{2,119}", inlognaam):
        fouten["inlognaam"] = Geweigerd.INLOGNAAM
    elif db.execute(select(medewerker.c.id).where(medewerker.c.inlognaam == inlognaam)).first():
        fouten["inlognaam"] = Geweigerd.BEZET
    fouten |= _wrong_person(naam, rol)
    actief = select(organisatie.c.id).where(organisatie.c.code == organisatie_code, organisatie.c.is_actief)
    if db.execute(actief).first() is None:
        fouten["organisatie"] = Geweigerd.ORGANISATIE
    return fouten


def _wrong_person(naam: str, rol: str) -> dict[str, str]:
    fouten: dict[str, str] = {}
    if not 1 <= len(naam) <= MAX_NAAM or not naam.isprintable():
        fouten["naam"] = Geweigerd.NAAM
    if rol not in ROLNAMEN:
        fouten["rol"] = Geweigerd.ROL
    return fouten


def login_name(inlognaam: str) -> str:
    """A login name as it is kept: lower case, without spaces around it."""
    return unicodedata.normalize("NFKC", inlognaam).strip().casefold()


def weakness(wachtwoord: str, inlognaam: str) -> str | None:
    """Why this password may not be chosen, in Dutch; None when it may. Length counts, which signs does not."""
    if len(wachtwoord) < MIN_WACHTWOORD:
        return Geweigerd.KORT
    if len(wachtwoord) > MAX_WACHTWOORD:
        return Geweigerd.LANG
    rest = wachtwoord.casefold()
    for woord in (inlognaam, inlognaam.partition("@")[0], *VOOR_DE_HAND):
        rest = rest.replace(woord, "")
    if len(set(rest)) < MIN_EIGEN_TEKENS:
        return Geweigerd.RAADBAAR
    return None


def hash_password(wachtwoord: str) -> str:
    """The password as it is kept."""
    return HASHER.hash(_normal(wachtwoord))


def _normal(wachtwoord: str) -> str:
    return unicodedata.normalize("NFKC", wachtwoord)


@cache
def _nobodys(_hasher: PasswordHasher) -> str:
    return _hasher.hash(secrets.token_hex(16))


def _fits(gehasht: str | None, wachtwoord: str) -> bool:
    """Whether the password fits; for a name that does not exist the same work is done for nothing."""
    try:
        HASHER.verify(gehasht or _nobodys(HASHER), _normal(wachtwoord))
    except (InvalidHashError, VerificationError):
        return False
    return gehasht is not None


def authenticate(url: str, inlognaam: str, wachtwoord: str) -> Medewerker | None:
    """Who logs in with this name and password; None when they are wrong, blocked or made to wait.

    The slow comparison is done outside the transaction; whether the account may be used is decided inside it.
    """
    vraag = people().add_columns(medewerker.c.wachtwoord).where(medewerker.c.inlognaam == login_name(inlognaam))
    with reading(url) as db:
        rij = db.execute(vraag).first()
    klopt = _fits(rij.wachtwoord if rij else None, wachtwoord)
    if rij is None:
        return None
    with transaction(url) as db:
        mag = _count_success(db, rij, wachtwoord) if klopt else _count_failure(db, rij.id)
    return as_medewerker(rij) if mag else None


def _open_for(medewerker_id: int) -> ColumnElement[bool]:
    """The account, if it is active and need not wait."""
    wacht = medewerker.c.geblokkeerd_tot
    return and_(medewerker.c.id == medewerker_id, medewerker.c.is_actief, or_(wacht.is_(None), wacht <= klok.now_us()))


def _count_success(db: Connection, rij: Row[Any], wachtwoord: str) -> bool:
    nieuw: dict[str, Any] = {"mislukt": 0, "geblokkeerd_tot": None}
    if HASHER.check_needs_rehash(rij.wachtwoord):
        nieuw["wachtwoord"] = hash_password(wachtwoord)
    vraag = update(medewerker).where(_open_for(rij.id), medewerker.c.wachtwoord == rij.wachtwoord).values(**nieuw)
    return db.execute(vraag).rowcount == 1


def _count_failure(db: Connection, medewerker_id: int) -> bool:
    """A wrong password counts, unless the account waits already: else others could keep it waiting for ever."""
    vergeten = medewerker.c.geblokkeerd_tot < klok.now_us() - VERGEET_NA * klok.MICROSECONDS
    tel = (
        update(medewerker)
        .where(_open_for(medewerker_id))
        .values(mislukt=case((vergeten, 1), else_=medewerker.c.mislukt + 1))
    )
    mislukt = db.execute(tel.returning(medewerker.c.mislukt)).scalar_one_or_none() or 0
    if seconden := waiting_time(mislukt):
        tot = klok.now_us() + seconden * klok.MICROSECONDS
        db.execute(update(medewerker).where(medewerker.c.id == medewerker_id).values(geblokkeerd_tot=tot))
    return False


def waiting_time(mislukt: int) -> int:
    """Seconds an account waits after this many wrong passwords in a row: it doubles each time."""
    if mislukt <= VRIJE_POGINGEN:
        return 0
    keren = min(mislukt - VRIJE_POGINGEN - 1, 10)
    return min(EERSTE_WACHT << keren, LANGSTE_WACHT)


def set_password(db: Connection, pseudoniem: str, wachtwoord: str) -> None:
    """Give an account another password; its waiting time and all its sessions end.

    Raises OnbekendeMedewerker, and InvoerGeweigerd for a password that may not be chosen.
    """
    wie = account(db, pseudoniem)
    if zin := weakness(wachtwoord, wie.inlognaam):
        raise InvoerGeweigerd({"wachtwoord": zin})
    _change(db, wie.medewerker.id, wachtwoord=hash_password(wachtwoord), mislukt=0, geblokkeerd_tot=None)


def edit(db: Connection, pseudoniem: str, *, naam: str, rol: str, door: str | None = None) -> Medewerker:
    """Give an account another name or role; with another role its sessions end. What the log says stays as it was.

    Raises OnbekendeMedewerker, and InvoerGeweigerd with a sentence for each wrong answer.
    """
    wie, naam = account(db, pseudoniem).medewerker, " ".join(naam.split())
    if fouten := _wrong_person(naam, rol):
        raise InvoerGeweigerd(fouten)
    db.execute(update(medewerker).where(medewerker.c.id == wie.id).values(naam=naam))
    if rol != wie.rol:
        _change(db, wie.id, rol=rol)
        note_role(db, "anders", pseudoniem, f"{ROLNAMEN[Rol(rol)]} (was {ROLNAMEN[wie.rol]})", door)
    return account(db, pseudoniem).medewerker


def open_trajecten(db: Connection, pseudoniem: str) -> int:
    """How many trajecten of the werkvoorraad this account is behandelaar of."""
    vraag = select(func.count()).where(traject.c.behandelaar == pseudoniem, traject.c.in_werkvoorraad.is_(True))
    return int(db.execute(vraag).scalar_one())


def deactivate(db: Connection, pseudoniem: str, door: str | None = None) -> Medewerker:
    """Block an account; its sessions end at once. Raises OnbekendeMedewerker."""
    wie = account(db, pseudoniem).medewerker
    _change(db, wie.id, is_actief=False)
    note_role(db, "weg", pseudoniem, ROLNAMEN[wie.rol], door)
    return wie


def reactivate(db: Connection, pseudoniem: str, door: str | None = None) -> Medewerker:
    """Let a blocked account log in again, or one that waits. Raises OnbekendeMedewerker."""
    was = account(db, pseudoniem)
    _change(db, was.medewerker.id, is_actief=True, mislukt=0, geblokkeerd_tot=None)
    if not was.is_actief:
        note_role(db, "erbij", pseudoniem, ROLNAMEN[was.medewerker.rol], door)
    return was.medewerker


def _change(db: Connection, medewerker_id: int, **waarden: Any) -> None:
    db.execute(update(medewerker).where(medewerker.c.id == medewerker_id).values(**waarden))
    db.execute(delete(sessie).where(sessie.c.medewerker_id == medewerker_id))
