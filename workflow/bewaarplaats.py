"""Files kept for a while for one medewerker: encrypted, and gone when they are too old.

Promises: a file is readable only with the master key, by the medewerker it is kept for, under its own number and for
what it was kept for.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from models import klok
from workflow import instellingen
from workflow.kluis import KluisDicht, current, decrypt, encrypt

SLEUTEL_BYTES = 60
"""Length of a wrapped data key: nonce, key, tag."""

# A file is bytes and the vault takes text; Latin-1 has a character for each byte.
BYTES_ALS_TEKST = "latin-1"


@dataclass(frozen=True, slots=True)
class Bewaarplaats:
    """A folder of the instance: how long a file stays in it, in seconds, and how many a medewerker has at most."""

    naam: str
    leeftijd_seconden: int
    hoogstens: int

    def put(self, nummer: str, inhoud: bytes, medewerker: str, waarvoor: str = "") -> None:
        """Keep a file for a medewerker (pseudonym) under a number, `waarvoor` it is; what is too old or too many goes.

        Raises OSError when there is no room; nothing is left half-written then, and what was kept is still there.
        """
        self.clean_up()
        sleutel, omhuld = current().new_data_key()
        geheim = omhuld + encrypt(sleutel, inhoud.decode(BYTES_ALS_TEKST), self._place(nummer, medewerker, waarvoor))
        _write(self._file(nummer, medewerker), geheim)
        self._bound(nummer, medewerker)

    def get(self, nummer: str, medewerker: str, waarvoor: str = "") -> bytes | None:
        """The file with this number, None when this medewerker has none for this, or it is too old."""
        pad = self._file(nummer, medewerker)
        if not is_number(nummer) or not pad.exists() or self._is_old(pad):
            return None
        geheim = pad.read_bytes()
        try:
            sleutel = current().unwrap(geheim[:SLEUTEL_BYTES])
            tekst = decrypt(sleutel, geheim[SLEUTEL_BYTES:], self._place(nummer, medewerker, waarvoor))
        except KluisDicht:
            return None
        return tekst.encode(BYTES_ALS_TEKST)

    def drop(self, nummer: str, medewerker: str) -> None:
        """Forget a file."""
        if is_number(nummer):
            self._file(nummer, medewerker).unlink(missing_ok=True)

    def _bound(self, nummer: str, medewerker: str) -> None:
        """Remove the oldest files of this medewerker where there are too many, never the one that was just kept."""
        ander = [p for p in self._folder().glob(f"{_owner(medewerker)}-*.enc") if p != self._file(nummer, medewerker)]
        for pad in sorted(ander, key=_kept_at, reverse=True)[self.hoogstens - 1 :]:
            pad.unlink(missing_ok=True)

    def clean_up(self) -> None:
        """Remove what is too old."""
        for pad in self._folder().iterdir():
            if self._is_old(pad):
                pad.unlink(missing_ok=True)

    def _folder(self) -> Path:
        map_ = instellingen.instance_folder() / self.naam
        map_.mkdir(mode=0o700, parents=True, exist_ok=True)
        return map_

    def _file(self, nummer: str, medewerker: str) -> Path:
        return self._folder() / f"{_owner(medewerker)}-{nummer}.enc"

    def _place(self, nummer: str, medewerker: str, waarvoor: str) -> str:
        return f"{self.naam}/{medewerker}/{nummer}/{waarvoor}"

    def _is_old(self, pad: Path) -> bool:
        return klok.now_us() - _kept_at(pad) > self.leeftijd_seconden * klok.MICROSECONDS


def _kept_at(pad: Path) -> int:
    """When a file was kept, in microseconds; 0 for one that is gone already."""
    try:
        return pad.stat().st_mtime_ns // 1000
    except FileNotFoundError:
        return 0


def _write(pad: Path, geheim: bytes) -> None:
    half = pad.with_name(f"{secrets.token_hex(8)}.half")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as bestand:
            bestand.write(geheim)
        nu = klok.now_us() * 1000
        os.utime(half, ns=(nu, nu))
        half.rename(pad)
    finally:
        half.unlink(missing_ok=True)


def is_number(tekst: str) -> bool:
    """Whether this can be the number of a file: nothing that leads elsewhere."""
    return bool(re.fullmatch(r"[0-9a-f]{32}", tekst))


def _owner(medewerker: str) -> str:
    return hashlib.sha256(medewerker.encode()).hexdigest()[:16]
