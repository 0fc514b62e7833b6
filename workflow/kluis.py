"""The vault: personal data and free text, encrypted under a key per person, found through keyed indexes.

AES-256-GCM with the pseudonym (or place) as associated data, so that a ciphertext cannot be moved to another row. Data
keys stand in the database wrapped by the master key, which never does. Indexes are HMAC-SHA256 under a key derived from
the master key: equal names give equal terms, and nobody without the key can try names.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from workflow import instellingen

NONCE = 12
PREFIX_FROM = 3
MAX_TOKENS = 12


class KluisDicht(Exception):
    """Data that cannot be opened with this key."""


class Kluis:
    """Encrypts, decrypts and indexes with one master key of 32 bytes."""

    def __init__(self, hoofdsleutel: bytes) -> None:
        self._omhulling = AESGCM(_derive(hoofdsleutel, b"routekaart omhulling"))
        self._index = _derive(hoofdsleutel, b"routekaart index")

    def new_data_key(self) -> tuple[bytes, bytes]:
        """A fresh data key, plain and wrapped."""
        sleutel = AESGCM.generate_key(256)
        return sleutel, _seal(self._omhulling, sleutel, b"datasleutel")

    def unwrap(self, omhuld: bytes) -> bytes:
        """The plain data key. Raises KluisDicht."""
        return _open(self._omhulling, omhuld, b"datasleutel")

    def index(self, soort: str, waarde: str) -> str:
        """Keyed hash of a value, as 64 hex digits; `soort` keeps indexes of different kinds apart."""
        return hmac.new(self._index, f"{soort}\0{waarde}".encode(), hashlib.sha256).hexdigest()

    def name_terms(self, naam: str) -> set[str]:
        """Index terms under which a name is found: its normalised tokens and their prefixes from three letters."""
        return {self._term(t[:n]) for t in tokens(naam) for n in range(min(PREFIX_FROM, len(t)), len(t) + 1)}

    def search_terms(self, vraag: str) -> set[str]:
        """Index terms that a person must have all of to answer this question."""
        return {self._term(token) for token in tokens(vraag)}

    def _term(self, token: str) -> str:
        return self.index("naam", token)[:32]


def encrypt(sleutel: bytes, tekst: str, plaats: str) -> bytes:
    """Nonce and ciphertext of a text, bound to its place."""
    return _seal(AESGCM(sleutel), tekst.encode(), plaats.encode())


def decrypt(sleutel: bytes, geheim: bytes, plaats: str) -> str:
    """The text again. Raises KluisDicht."""
    return _open(AESGCM(sleutel), geheim, plaats.encode()).decode()


def encrypt_bytes(sleutel: bytes, inhoud: bytes, plaats: str) -> bytes:
    """Nonce and ciphertext of a file, bound to its place."""
    return _seal(AESGCM(sleutel), inhoud, plaats.encode())


def decrypt_bytes(sleutel: bytes, geheim: bytes, plaats: str) -> bytes:
    """The file again. Raises KluisDicht."""
    return _open(AESGCM(sleutel), geheim, plaats.encode())


def tokens(naam: str) -> list[str]:
    """Lower-case parts of a name without accents, hyphens or apostrophes."""
    kaal = "".join(t for t in unicodedata.normalize("NFKD", naam.casefold()) if not unicodedata.combining(t))
    delen = "".join(t if t.isalnum() else " " for t in kaal.replace("'", "")).split()
    return delen[:MAX_TOKENS]


def _seal(slot: AESGCM, tekst: bytes, plaats: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + slot.encrypt(nonce, tekst, plaats)


def _open(slot: AESGCM, geheim: bytes, plaats: bytes) -> bytes:
    try:
        return slot.decrypt(geheim[:NONCE], geheim[NONCE:], plaats)
    except (InvalidTag, ValueError):
        raise KluisDicht("this data cannot be opened with the present key") from None


def _derive(sleutel: bytes, doel: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=doel).derive(sleutel)


@cache
def _kluis_of(hoofdsleutel: bytes) -> Kluis:
    return Kluis(hoofdsleutel)


def current() -> Kluis:
    """The vault under the key of the settings. Raises InstellingOntbreekt."""
    return _kluis_of(instellingen.key("ROUTEKAART_MASTER_KEY"))
