"""How a row of the log is made and hashed. Frozen: the same bytes must come out for ever.

`inhoud_hash = SHA256(0x02 || zout || inhoud)` and `hash = SHA256(0x00 || json([1, ...]))`, so that `inhoud` and `zout`
can one day be blanked without breaking the chain. JSON is compact, UTF-8, NFC, without floats.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import unicodedata
from typing import Any

from models.gebeurtenis import Gebeurtenis

VERSIE = 1


def canonical(waarde: Any) -> str:
    """Canonical JSON: keys sorted, compact, NFC. Raises ValueError on a float."""
    return json.dumps(_clean(waarde), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _clean(waarde: Any) -> Any:
    if isinstance(waarde, str):
        return waarde if waarde.isascii() else unicodedata.normalize("NFC", waarde)
    if isinstance(waarde, dict):
        return {_clean(k): _clean(v) for k, v in waarde.items()}
    if isinstance(waarde, (list, tuple)):
        return [_clean(v) for v in waarde]
    if isinstance(waarde, float):
        raise ValueError("a float has no place in the log")
    return waarde


def new_salt() -> str:
    """16 random bytes as hex."""
    return secrets.token_hex(16)


def content_hash(zout: str, inhoud: str) -> str:
    """Digest of a row's content under its salt."""
    return hashlib.sha256(b"\x02" + bytes.fromhex(zout) + inhoud.encode()).hexdigest()


def row_hash(rij: Gebeurtenis) -> str:
    """Digest of a row, over its fixed columns, its content hash and the hash before it."""
    velden = [
        VERSIE,
        rij.traject_id,
        rij.volgnummer,
        rij.soort,
        rij.overgang,
        rij.van,
        rij.naar,
        rij.reden,
        rij.dag,
        rij.moment,
        rij.vastgelegd_op,
        rij.bron_vastgelegd_op,
        rij.routekaart,
        rij.betreft_volgnummer,
        rij.na_volgnummer,
        rij.opdracht_id,
        rij.inhoud_hash,
        rij.vorige_hash,
    ]
    tekst = json.dumps(velden, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(b"\x00" + tekst.encode()).hexdigest()


def seal_row(rij: Gebeurtenis, inhoud: dict[str, Any], vorige_hash: str | None) -> Gebeurtenis:
    """The row with its content, salt and three hashes filled in."""
    tekst, zout = canonical(inhoud), new_salt()
    gevuld = rij._replace(inhoud=tekst, zout=zout, inhoud_hash=content_hash(zout, tekst), vorige_hash=vorige_hash)
    return gevuld._replace(hash=row_hash(gevuld))
