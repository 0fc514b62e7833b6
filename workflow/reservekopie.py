"""Backup and restore of an embedded database: a copy of one moment, whole or not at all, and its owner's alone.

The copy is made beside its place and put there when it is complete, so that no half one is ever taken for a whole.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from workflow import opslag


class KopieGeweigerd(Exception):
    """A copy that cannot be made or put back; the message says in English what to do."""


def backup(bron: Path, doel: Path) -> None:
    """Copy a database, also while it is in use, to a file that is not there yet. Raises KopieGeweigerd."""
    if doel.exists():
        raise KopieGeweigerd(f"{doel}: exists already; name another file")
    if not doel.absolute().parent.is_dir():
        raise KopieGeweigerd(f"there is no folder {doel.absolute().parent}; make it first")
    _copy(bron, doel, "mode=rw")


def restore(bron: Path, doel: Path) -> None:
    """Put a backup in the place of a database that is not there. Raises KopieGeweigerd."""
    if staat_er := opslag.present(doel):
        weg = " ".join(map(str, staat_er))
        raise KopieGeweigerd(f"a database is there; stop the application and move away first: {weg}")
    # A file that nobody has open can be read without files beside it, also in a folder where we may not write.
    is_alleen = opslag.present(bron) == [bron]
    _copy(bron, doel, "mode=ro&immutable=1" if is_alleen else "mode=ro")


def _copy(bron: Path, doel: Path, wijze: str) -> None:
    if not bron.is_file():
        raise KopieGeweigerd(f"{bron}: there is no database at this place")
    half = doel.with_name(f".{doel.name}.{os.getpid()}")
    try:
        os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        if zin := _fault(f"{bron.absolute().as_uri()}?{wijze}", half):
            raise KopieGeweigerd(f"{bron}: {zin}")
        half.rename(doel)
    finally:
        half.unlink(missing_ok=True)


def _fault(bron: str, half: Path) -> str | None:
    """Make the copy, and say what is wrong with it."""
    try:
        is_gaaf, tabellen = _copied(bron, half)
    except sqlite3.DatabaseError as fout:
        return f"cannot be copied: {fout}"
    if not is_gaaf:
        return "is damaged"
    return None if "gebeurtenis" in tabellen else "holds no tables of this program"


def _copied(bron: str, half: Path) -> tuple[bool, set[str]]:
    """Make the copy; whether it is whole, and its tables."""
    with closing(sqlite3.connect(bron, uri=True)) as van, closing(sqlite3.connect(half)) as naar:
        van.backup(naar)
        is_gaaf = naar.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
        return is_gaaf, {naam for (naam,) in naar.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
