"""Seals on the log: who holds one can tell later whether anything under it was changed, dropped or put in.

A seal is taken while no writer is under way. Rows that no seal covers yet become leaves, each hashed anew from the row;
over what was sealed before it goes on from the edge of the tree, so that a row changed since is never signed again. The
signed text has the layout of a C2SP signed note and is published as a file outside the database.

The first seal makes its own public key known. When the key changes (workflow/sleutelwissel.py) a seal by the old one
names the new one; when the old one was lost, a seal by the new one says so.
"""

from __future__ import annotations

import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Connection, Row, func, select, text

from models import klok
from models.database import PLAATS, insert_many, read_rows, reading
from models.gebeurtenis import Gebeurtenis, gebeurtenis
from models.zegel import zegel, zegelblad
from workflow import bestanden, instellingen
from workflow.keten import content_hash, row_hash
from workflow.merkle import Boom

NAAM = "routekaart"
"""Name of log and key in the signed text."""

SLEUTEL = "ROUTEKAART_SEAL_KEY"
ED25519 = b"\x01"
SLEUTELBESTAND = "sleutel.txt"
KWIJT = "vorige-sleutel-kwijt"
BATCH = 2_000
MAX_BESTAND = 10_000
LAAGST = -(2**63)
"""Below every number that a row may have."""

_ONVERZEGELD = (
    f"SELECT {', '.join(f'g.{naam}' for naam in Gebeurtenis._fields)} FROM gebeurtenis g"  # noqa: S608
    " WHERE NOT EXISTS (SELECT 1 FROM zegelblad b WHERE b.traject_id = g.traject_id AND b.volgnummer = g.volgnummer)"
    " AND g.id > {na} ORDER BY g.id LIMIT {aantal}"
)


class ZegelGeweigerd(Exception):
    """A seal that cannot be taken or published; the message says in English what to do."""


# -- What a seal says --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Zegel:
    """A seal: how many rows of the log, their root, and when; `rapport_hash` of a report that was fixed with it.

    `nieuwe_sleutel` is the text of a key that it makes known: its own, or that of who signs from the next one on.
    """

    id: int
    omvang: int
    wortel: str
    vorige_wortel: str | None
    rand: str
    gemaakt_op: int
    rapport_hash: str | None
    nieuwe_sleutel: str | None
    sleutel: str
    handtekening: str

    @property
    def wortel_in_bestand(self) -> str:
        """The root as the file of the seal writes it, in base64; everywhere else it is hexadecimal."""
        return _base64(self.wortel)

    @property
    def tekst(self) -> str:
        """What is signed: name, size and root as in a C2SP checkpoint, then lines of our own."""
        gemaakt = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=self.gemaakt_op)
        regels = [
            NAAM,
            str(self.omvang),
            self.wortel_in_bestand,
            f"zegel {self.id}",
            f"gemaakt {gemaakt.isoformat(timespec='microseconds')}",
            f"vorige {_base64(self.vorige_wortel) if self.vorige_wortel else '-'}",
        ]
        if self.rapport_hash:
            regels.append(f"rapport {self.rapport_hash}")
        if self.nieuwe_sleutel:
            regels.append(f"{self._about_key} {self.nieuwe_sleutel}")
        return "\n".join(regels) + "\n"

    @property
    def brief(self) -> str:
        """The signed note, as it is published."""
        return f"{self.tekst}\n— {NAAM} {_base64(self.sleutel + self.handtekening)}\n"

    @property
    def _about_key(self) -> str:
        if self.volgende_sleutel != self.sleutel:
            return "opvolger"
        return "sleutel" if self.id == 1 else KWIJT

    @property
    def volgende_sleutel(self) -> str:
        """The id of the key that signs the next seal."""
        return Sleutel.read(self.nieuwe_sleutel).id if self.nieuwe_sleutel else self.sleutel

    @property
    def is_kwijt(self) -> bool:
        """Whether it says that the key before its own was lost, so that nobody vouches for this one."""
        return self.nieuwe_sleutel is not None and self._about_key == KWIJT

    @property
    def is_readable(self) -> bool:
        """Whether its values are such as a seal has: of one that was changed they may be anything."""
        try:
            return bool(self.bestanden) and type(self.omvang) is int and self.boom.omvang >= 0
        except (ValueError, TypeError, OverflowError):
            return False

    @property
    def bestanden(self) -> dict[str, str]:
        """What is published of it, by name: the note, and the key that it makes known."""
        inhoud = {f"zegel-{self.id:06}.txt": self.brief}
        if self.nieuwe_sleutel:
            naam = SLEUTELBESTAND if self.id == 1 else f"sleutel-{self.id:06}.txt"
            inhoud[naam] = f"{self.nieuwe_sleutel}\n"
        return inhoud

    @property
    def boom(self) -> Boom:
        """The tree so far, to go on with."""
        return Boom(self.omvang, map(bytes.fromhex, self.rand.split()))


def _base64(hexcijfers: str) -> str:
    return b64encode(bytes.fromhex(hexcijfers)).decode()


class Sleutel:
    """A public key, known by its C2SP name: the first four bytes of a hash over name and key."""

    def __init__(self, publiek: Ed25519PublicKey) -> None:
        self._publiek = publiek
        self.ruw = publiek.public_bytes(Encoding.Raw, PublicFormat.Raw)

    @cached_property
    def id(self) -> str:
        """Eight hex digits."""
        return sha256(f"{NAAM}\n".encode() + ED25519 + self.ruw).hexdigest()[:8]

    @property
    def tekst(self) -> str:
        """The key as others get it, in the layout of C2SP: NAME+ID+KEY."""
        return f"{NAAM}+{self.id}+{b64encode(ED25519 + self.ruw).decode()}"

    @classmethod
    def read(cls, tekst: str) -> Sleutel:
        """The key of such a text. Raises ValueError when it is none."""
        _, _, base64 = tekst.strip().split("+", 2)
        ruw = b64decode(base64, validate=True)
        gelezen = cls(Ed25519PublicKey.from_public_bytes(ruw[1:]))
        if gelezen.tekst != tekst.strip():
            raise ValueError("this is no public key of seals")
        return gelezen

    def signed(self, een: Zegel) -> bool:
        """Whether the signature under a seal is by this key."""
        try:
            self._publiek.verify(bytes.fromhex(een.handtekening), een.tekst.encode())
        except (InvalidSignature, ValueError):
            return False
        return een.sleutel == self.id


def private_key() -> Ed25519PrivateKey:
    """The key that signs, of the settings. Raises InstellingOntbreekt."""
    return Ed25519PrivateKey.from_private_bytes(instellingen.key(SLEUTEL))


def public_key() -> Sleutel:
    """The public half of the key that signs. Raises InstellingOntbreekt."""
    return Sleutel(private_key().public_key())


# -- Taking ------------------------------------------------------------------------------------------------------------


def take(db: Connection, rapport_hash: str | None = None) -> Zegel:
    """Seal what the log holds, in this transaction; returns the last seal when nothing came in since.

    With `rapport_hash` there is always a new one, which signs that hash too. Raises ZegelGeweigerd and
    InstellingOntbreekt.
    """
    sleutel = private_key()
    hold_writers(db)
    vorige = last(db)
    refuse_other_key(vorige, Sleutel(sleutel.public_key()))
    boom = grown(db, vorige)
    if vorige and boom.omvang == vorige.omvang and rapport_hash is None:
        return vorige
    eigen = None if vorige else Sleutel(sleutel.public_key()).tekst
    return add(db, boom, sleutel, rapport_hash=rapport_hash, nieuwe_sleutel=eigen)


def refuse_other_key(vorige: Zegel | None, onze: Sleutel) -> None:
    """The key that signs must be the one that the last seal leaves it to, and a seal by it must bear its signature.

    Raises ZegelGeweigerd.
    """
    if vorige is None:
        return
    if not vorige.is_readable or (vorige.sleutel == onze.id and not onze.signed(vorige)):
        raise _changed(vorige)
    if vorige.volgende_sleutel != onze.id:
        raise ZegelGeweigerd(
            f"{SLEUTEL} is not key {vorige.volgende_sleutel}, which is to sign after seal {vorige.id}; "
            "put that one back, or record with `routekaart rotate` that it changed"
        )


def grown(db: Connection, vorige: Zegel | None) -> Boom:
    """The tree of the last seal with every row that came in since. Raises ZegelGeweigerd when that seal was changed."""
    boom = _tree_of(vorige)
    _add_leaves(db, boom)
    return boom


def add(db: Connection, boom: Boom, sleutel: Ed25519PrivateKey, **rest: str | None) -> Zegel:
    """Sign a seal over this tree after the last one, and keep it."""
    gemaakt = _signed(boom, last(db), sleutel, **rest)
    db.execute(zegel.insert().values({kolom.name: getattr(gemaakt, kolom.name) for kolom in zegel.columns}))
    return gemaakt


def _add_leaves(db: Connection, boom: Boom) -> None:
    """Give every row that no seal covers yet a place in the tree."""
    for rijen in _unsealed(db):
        bladeren = [(n, r.traject_id, r.volgnummer, _sound_hash(r)) for n, r in enumerate(rijen, boom.omvang)]
        insert_many(db, zegelblad, bladeren)
        for *_, waarde in bladeren:
            boom.add(bytes.fromhex(waarde))


def _sound_hash(rij: Gebeurtenis) -> str:
    try:
        return leaf_hash(rij)
    except (ValueError, TypeError, AttributeError):
        wie = f"gebeurtenis {rij.volgnummer} of traject {rij.traject_id}"
        raise ZegelGeweigerd(
            f"{wie} is not as a program wrote it and cannot be sealed; run `routekaart verify`"
        ) from None


def hold_writers(db: Connection) -> None:
    """Wait until every writer to the log is done, and let none begin until this transaction ends.

    On SQLite a writing transaction stands alone; on PostgreSQL the log is locked, also for a role that may only add.
    """
    if db.dialect.name == "postgresql":
        db.execute(text("SELECT houd_schrijvers()"))


def leaf_hash(rij: Gebeurtenis) -> str:
    """The hash of a row worked out anew; of a row that was blanked the hash of its content is taken as it stands."""
    if rij.inhoud is None or rij.zout is None:
        return row_hash(rij)
    return row_hash(rij._replace(inhoud_hash=content_hash(rij.zout, rij.inhoud)))


def _tree_of(vorige: Zegel | None) -> Boom:
    if vorige is None:
        return Boom()
    if not vorige.is_readable or vorige.boom.wortel.hex() != vorige.wortel:
        raise _changed(vorige)
    return vorige.boom


def _changed(een: Zegel) -> ZegelGeweigerd:
    return ZegelGeweigerd(f"seal {een.id} in the database was changed; run `routekaart verify`")


def _unsealed(db: Connection) -> Iterator[list[Gebeurtenis]]:
    """The rows without a leaf, a batch at a time."""
    vraag, na = _ONVERZEGELD.format(na=PLAATS[db.dialect.name], aantal=BATCH), LAAGST
    while rijen := [Gebeurtenis._make(rij) for rij in read_rows(db, vraag, (na,))]:
        yield rijen
        na = rijen[-1].id


def _signed(
    boom: Boom,
    vorige: Zegel | None,
    sleutel: Ed25519PrivateKey,
    rapport_hash: str | None = None,
    nieuwe_sleutel: str | None = None,
) -> Zegel:
    nummer, was = (vorige.id + 1, vorige.wortel) if vorige else (1, None)
    rand = " ".join(deel.hex() for deel in boom.rand)
    wie = Sleutel(sleutel.public_key()).id
    over = (nummer, boom.omvang, boom.wortel.hex(), was, rand, klok.now_us())
    los = Zegel(*over, rapport_hash, nieuwe_sleutel, wie, "")
    return replace(los, handtekening=sleutel.sign(los.tekst.encode()).hex())


# -- Reading -----------------------------------------------------------------------------------------------------------


def last(db: Connection) -> Zegel | None:
    """The last seal; None when there is none."""
    rij = db.execute(select(zegel).order_by(zegel.c.id.desc()).limit(1)).first()
    return _read(rij) if rij else None


def unsealed(db: Connection) -> int:
    """How many rows of the log stand under no seal."""
    aantal, laatste = select(func.count()).select_from(gebeurtenis), last(db)
    return int(db.execute(aantal).scalar_one()) - (laatste.omvang if laatste else 0)


def waiting_since(db: Connection) -> int | None:
    """When the first row was recorded that stands under no seal (UTC microseconds); None when all stand under one."""
    return next((rijen[0].vastgelegd_op for rijen in _unsealed(db)), None)


def find(db: Connection, nummer: int) -> Zegel | None:
    """The seal with this number; None when there is none."""
    rij = db.execute(select(zegel).where(zegel.c.id == nummer)).first()
    return _read(rij) if rij else None


def every(db: Connection) -> list[Zegel]:
    """Every seal, the first one first."""
    return [_read(rij) for rij in db.execute(select(zegel).order_by(zegel.c.id))]


def _read(rij: Row[Any]) -> Zegel:
    return Zegel(**rij._mapping)


def leaves(db: Connection, omvang: int) -> list[bytes]:
    """The first leaves of the tree."""
    rijen = read_rows(db, f"SELECT hash FROM zegelblad WHERE blad < {int(omvang)} ORDER BY blad")  # noqa: S608
    return [bytes.fromhex(waarde) for (waarde,) in rijen]


# -- Publishing --------------------------------------------------------------------------------------------------------


def publish(url: str) -> list[Path]:
    """Write every seal that has no file yet to the folder, and every public key; returns the new files.

    Raises ZegelGeweigerd when a file of that name holds something else or a seal was changed, and OSError.
    """
    with reading(url) as db:
        gemaakt = every(db)
    if kapot := [een for een in gemaakt if not een.is_readable]:
        raise _changed(kapot[0])
    map_ = instellingen.seal_folder()
    map_.mkdir(mode=0o755, parents=True, exist_ok=True)
    bestanden = [(map_ / naam, inhoud) for een in gemaakt for naam, inhoud in een.bestanden.items()]
    return [pad for pad, inhoud in bestanden if _write(pad, inhoud)]


def published(pad: Path) -> str | None:
    """What a file in the folder of seals says; None when it is not there, and an empty text of what is no file of ours.

    Others may write in that folder: what stands there may be a pipe, a folder or without end.
    """
    try:
        inhoud = bestanden.read(pad, MAX_BESTAND)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return ""
    return inhoud.decode(errors="replace").replace("\r\n", "\n")


def _write(pad: Path, inhoud: str) -> bool:
    """Write a file that is not there, whole or not at all. Raises ZegelGeweigerd when it holds something else."""
    if (er := published(pad)) is not None:
        if er != inhoud:
            raise ZegelGeweigerd(f"{pad}: another one was published before; see docs/beheerder.md before you go on")
        return False
    half = pad.with_name(f".{secrets.token_hex(8)}")
    try:
        half.write_text(inhoud, encoding="utf-8")
        os.link(half, pad)
    finally:
        half.unlink(missing_ok=True)
    return True
