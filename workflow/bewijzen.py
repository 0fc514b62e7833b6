"""Proofs that others can check: that a gebeurtenis stands under a seal, and that a later seal goes on from an earlier.

A proof is a JSON document with the signed seals in it; `seals.py` of the auditor's parcel checks it with the public key
alone. RFC 9162: 2.1.3 and 2.1.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from models.database import PLAATS, read_rows
from models.gebeurtenis import Gebeurtenis
from workflow import merkle, zegels
from workflow.keten import row_hash
from workflow.pakket import KOLOMMEN
from workflow.zegels import Zegel

_RIJ = (
    f"SELECT b.blad, {', '.join(f'g.{naam}' for naam in Gebeurtenis._fields)} FROM trajectnummer t"  # noqa: S608
    " JOIN gebeurtenis g ON g.traject_id = t.id"
    " LEFT JOIN zegelblad b ON b.traject_id = g.traject_id AND b.volgnummer = g.volgnummer"
    " WHERE t.nummer = {p} AND g.volgnummer = {p}"
)


class BewijsGeweigerd(Exception):
    """What cannot be proven; the message says in English why."""


def of_gebeurtenis(db: Connection, nummer: str, volgnummer: int, zegel_id: int | None = None) -> dict[str, Any]:
    """That this row of a traject stands under a seal: the last one when left out.

    The row is in it as in the parcel: pseudonymous personal data. Raises BewijsGeweigerd.
    """
    gevonden = read_rows(db, _RIJ.format(p=PLAATS[db.dialect.name]), (nummer, volgnummer))
    if not gevonden:
        raise BewijsGeweigerd(f"there is no gebeurtenis {volgnummer} of {nummer}")
    zegel = _seal(db, zegel_id)
    blad, rij = gevonden[0][0], Gebeurtenis._make(gevonden[0][1:])
    if blad is None or blad >= zegel.omvang:
        raise BewijsGeweigerd(f"seal {zegel.id} does not cover gebeurtenis {volgnummer} of {nummer}")
    pad = merkle.inclusion(_leaves(db, zegel), blad)
    eigen = _leaf(rij)
    if not merkle.is_included(eigen, blad, zegel.omvang, pad, _root(zegel)) or {row_hash(rij), rij.hash} != {
        eigen.hex()
    }:
        raise _changed()
    inhoud = {"nummer": nummer} | {naam: getattr(rij, naam) for naam in KOLOMMEN}
    return {"proof": "inclusion", "row": inhoud, "leaf": blad, "path": _hex(pad), "seal": zegel.brief}


def of_seals(db: Connection, eerder_id: int, later_id: int) -> dict[str, Any]:
    """That the log under the later seal begins with the log under the earlier one. Raises BewijsGeweigerd."""
    eerder, later = _seal(db, eerder_id), _seal(db, later_id)
    if not 0 < eerder.omvang <= later.omvang or eerder.id > later.id:
        raise BewijsGeweigerd(f"seal {eerder.id} covers no rows, or more than seal {later.id}: name the earlier first")
    pad = merkle.consistency(_leaves(db, later), eerder.omvang)
    if not merkle.is_consistent(eerder.omvang, later.omvang, pad, _root(eerder), _root(later)):
        raise _changed()
    return {"proof": "consistency", "path": _hex(pad), "earlier": eerder.brief, "later": later.brief}


def _seal(db: Connection, nummer: int | None) -> Zegel:
    zegel = zegels.last(db) if nummer is None else zegels.find(db, nummer)
    if zegel is None:
        raise BewijsGeweigerd("there is no such seal" if nummer else "there is no seal yet; run `routekaart seal`")
    if not zegel.is_readable:
        raise _changed()
    return zegel


def _leaves(db: Connection, zegel: Zegel) -> list[bytes]:
    with _as_changed():
        bladeren = zegels.leaves(db, zegel.omvang)
    if len(bladeren) != zegel.omvang:
        raise _changed()
    return bladeren


def _leaf(rij: Gebeurtenis) -> bytes:
    with _as_changed():
        return bytes.fromhex(zegels.leaf_hash(rij))


@contextmanager
def _as_changed() -> Iterator[None]:
    """What cannot be read was changed."""
    try:
        yield
    except (ValueError, TypeError):
        raise _changed() from None


def _changed() -> BewijsGeweigerd:
    return BewijsGeweigerd("log and seals do not fit, so nothing can be proven; run `routekaart verify`")


def _root(zegel: Zegel) -> bytes:
    return bytes.fromhex(zegel.wortel)


def _hex(pad: list[bytes]) -> list[str]:
    return [deel.hex() for deel in pad]
