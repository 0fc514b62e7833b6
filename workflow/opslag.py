"""The database as it stands on this machine: is it there, do its tables fit this program, can others read it.

An embedded database is a file with personal data in it, so it is its owner's alone, as the key files are; SQLite gives
`-wal` and `-shm` the rights of the file they belong to.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.engine import make_url

from models.database import reading
from models.migraties import newest
from models.tabellen import all_tables, lost_triggers
from workflow import instellingen

BIJ_EEN_DATABASE = ("", "-wal", "-shm", "-journal")
"""What SQLite may have beside the file itself."""

VAN_ANDEREN = 0o077
MAP_VAN_ANDEREN = 0o027
"""Rights that nobody else may have; on a folder the group may look, for whoever makes backups."""


def file_of(url: str) -> Path | None:
    """The file of an embedded database, None for a database of another kind."""
    adres = make_url(url)
    return Path(adres.database) if adres.get_backend_name() == "sqlite" and adres.database else None


def finding(url: str) -> str | None:
    """Why this program cannot work on the tables of this database, with what to do; None when it can."""
    bestand = file_of(url)
    if bestand and not bestand.is_file():
        return f"there is no database at {bestand}; run `routekaart init` first"
    with reading(url) as db:
        # Not `migraties.current`, which waits for whoever is writing.
        versie = MigrationContext.configure(db).get_current_revision()
        missend = sorted(set(all_tables().tables) - set(inspect(db).get_table_names()))
    if versie not in (None, newest()):
        return (
            f"the database has tables of version {versie}, and this program works with version {newest()}; "
            "make a backup and run `routekaart init`, or use the program that made them"
        )
    if missend:
        return f"the database lacks {', '.join(missend)}; run `routekaart init` first"
    return None if versie else "the database does not say of which version its tables are; restore a backup"


def unguarded(db: Connection) -> str | None:
    """Why the log could be changed in this database, with what to do; None when it could not."""
    if namen := lost_triggers(db):
        return f"the triggers that keep the log append-only are gone or changed: {', '.join(namen)}; restore a backup"
    return None


def protect(url: str) -> None:
    """Make the folder of an embedded database where it is missing, and its files the owner's alone."""
    if bestand := file_of(url):
        bestand.absolute().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for pad in _files(bestand):
            pad.chmod(0o600)


def _files(bestand: Path) -> Iterator[Path]:
    paden = (bestand.with_name(bestand.name + staart) for staart in BIJ_EEN_DATABASE)
    yield from (pad for pad in paden if pad.exists())


def present(bestand: Path) -> list[Path]:
    """The files of an embedded database that are there."""
    return list(_files(bestand))


def open_to_others(url: str) -> str | None:
    """Which folder or files of this installation others may read or change; None when there are none."""
    map_, bestand = instellingen.instance_folder(), file_of(url)
    sleutels = [map_ / naam for naam in instellingen.SLEUTELS.values() if (map_ / naam).exists()]
    open_ = [pad for pad in (*(_files(bestand) if bestand else ()), *sleutels) if _mode(pad) & VAN_ANDEREN]
    zinnen = [f"chmod 600 {' '.join(map(str, open_))}"] if open_ else []
    if map_.is_dir() and _mode(map_) & MAP_VAN_ANDEREN:
        zinnen.insert(0, f"chmod 700 {map_}")
    return f"others on this machine may read or change it; run `{' && '.join(zinnen)}`" if zinnen else None


def _mode(pad: Path) -> int:
    return stat.S_IMODE(os.stat(pad).st_mode)
