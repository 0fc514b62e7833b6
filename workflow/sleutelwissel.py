"""Another key for the seals: the change is a seal itself, so that it is signed, published and part of the parcel.

Normally the old key signs that the new one follows it. When the old one was lost the new one says so, and who has the
old public key alone cannot know whether that is true.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select

from models.zegel import zegel
from workflow import zegels
from workflow.zegels import Sleutel, Zegel, ZegelGeweigerd


def hand_over(db: Connection, nieuw: Ed25519PrivateKey) -> Zegel:
    """Seal what came in, then a seal by the present key that leaves the next ones to the new key.

    Raises ZegelGeweigerd and InstellingOntbreekt.
    """
    zegels.take(db)
    vorige = zegels.last(db)
    wie = Sleutel(nieuw.public_key())
    _refuse_used(db, wie)
    return zegels.add(db, zegels.grown(db, vorige), zegels.private_key(), nieuwe_sleutel=wie.tekst)


def is_handed_over(db: Connection, nieuw: Ed25519PrivateKey) -> bool:
    """Whether the last seal leaves the next ones to this key, which is to be put in place still."""
    vorige = zegels.last(db)
    return vorige is not None and vorige.volgende_sleutel == Sleutel(nieuw.public_key()).id != vorige.sleutel


def declare_lost(db: Connection) -> Zegel:
    """A seal by the present key that says that the one which should have signed was lost.

    Raises ZegelGeweigerd and InstellingOntbreekt.
    """
    sleutel = zegels.private_key()
    wie = Sleutel(sleutel.public_key())
    zegels.hold_writers(db)
    vorige = zegels.last(db)
    if vorige is None or vorige.volgende_sleutel == wie.id:
        raise ZegelGeweigerd("no key was lost: the present one is to sign the next seal")
    _refuse_used(db, wie)
    return zegels.add(db, zegels.grown(db, vorige), sleutel, nieuwe_sleutel=wie.tekst)


def _refuse_used(db: Connection, wie: Sleutel) -> None:
    """A key that others took over from may have leaked since: it never comes back."""
    if db.execute(select(zegel.c.id).where(zegel.c.sleutel == wie.id).limit(1)).first():
        raise ZegelGeweigerd(f"key {wie.id} signed seals before; take one that was never used")
