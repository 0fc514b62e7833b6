"""Files that were uploaded and wait for a decision: encrypted, each for one medewerker, for an hour at most.

Promises: a file is readable only with the master key, by the medewerker who uploaded it, under its own number; a
medewerker has one at a time. What is too old goes when the next one comes.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from models import klok
from workflow import instellingen
from workflow.kluis import KluisDicht, current, decrypt, encrypt

MAX_LEEFTIJD_US = 3600 * klok.MICROSECONDS
SLEUTEL_BYTES = 60
"""Length of a wrapped data key: nonce, key, tag."""

# A file is bytes and the vault takes text; Latin-1 has a character for each byte.
BYTES_ALS_TEKST = "latin-1"


def put(inhoud: bytes, medewerker: str) -> str:
    """Keep a file for a medewerker (pseudonym) and return its number; an earlier one of theirs goes."""
    clean_up(medewerker)
    nummer = secrets.token_hex(16)
    sleutel, omhuld = current().new_data_key()
    geheim = omhuld + encrypt(sleutel, inhoud.decode(BYTES_ALS_TEKST), _place(nummer, medewerker))
    pad = _file(nummer, medewerker)
    with os.fdopen(os.open(pad, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as bestand:
        bestand.write(geheim)
    nu = klok.now_us() * 1000
    os.utime(pad, ns=(nu, nu))
    return nummer


def get(nummer: str, medewerker: str) -> bytes | None:
    """The file with this number, None when this medewerker has none, or it is too old."""
    pad = _file(nummer, medewerker)
    if not re.fullmatch(r"[0-9a-f]{32}", nummer) or not pad.exists() or _is_old(pad):
        return None
    geheim = pad.read_bytes()
    try:
        sleutel = current().unwrap(geheim[:SLEUTEL_BYTES])
        tekst = decrypt(sleutel, geheim[SLEUTEL_BYTES:], _place(nummer, medewerker))
    except KluisDicht:
        return None
    return tekst.encode(BYTES_ALS_TEKST)


def drop(nummer: str, medewerker: str) -> None:
    """Forget a file."""
    if re.fullmatch(r"[0-9a-f]{32}", nummer):
        _file(nummer, medewerker).unlink(missing_ok=True)


def clean_up(medewerker: str) -> None:
    """Remove what is too old, and every file of this medewerker."""
    for pad in _files():
        if _is_old(pad) or pad.name.startswith(_owner(medewerker)):
            pad.unlink(missing_ok=True)


def _folder() -> Path:
    map_ = instellingen.instance_folder() / "uploads"
    map_.mkdir(mode=0o700, parents=True, exist_ok=True)
    return map_


def _files() -> Iterator[Path]:
    yield from _folder().glob("*.enc")


def _file(nummer: str, medewerker: str) -> Path:
    return _folder() / f"{_owner(medewerker)}-{nummer}.enc"


def _owner(medewerker: str) -> str:
    return hashlib.sha256(medewerker.encode()).hexdigest()[:16]


def _place(nummer: str, medewerker: str) -> str:
    return f"upload/{medewerker}/{nummer}"


def _is_old(pad: Path) -> bool:
    try:
        return klok.now_us() - pad.stat().st_mtime_ns // 1000 > MAX_LEEFTIJD_US
    except FileNotFoundError:
        return True
