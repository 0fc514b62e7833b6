"""Reports that were fixed, and the editions of them that were published: insert-only, like the log.

A rapport is never changed. What has become known since is its restatement, which is measured anew each time.
"""

from __future__ import annotations

from sqlalchemy import DDL, Column, ForeignKey, Integer, String, Table, Text, event

from models.base import Nummer, metadata

rapport = Table(
    "rapport",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("vraag", Text, nullable=False),
    Column("definities", Text, nullable=False),
    Column("programma", String(64), nullable=False),
    Column("routekaart", String(64), nullable=False),
    Column("logpositie", Nummer, nullable=False),
    Column("laatste_id", Nummer, nullable=False),
    Column("bekend_tot", Nummer, nullable=False),
    Column("resultaat", Text, nullable=False),
    Column("resultaat_hash", String(64), nullable=False),
    Column("opmerking", String(500), nullable=False),
    Column("door", String(32), nullable=False),
    Column("vastgelegd_op", Nummer, nullable=False),
)
"""`logpositie` counts the rows of the log that the figures stand on, `laatste_id` is the last of them, taken while no
writer was under way; `bekend_tot` is the first microsecond not known then. `resultaat` is canonical JSON."""

rapportuitgave = Table(
    "rapportuitgave",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("rapport_id", Nummer, ForeignKey("rapport.id"), nullable=False, index=True),
    Column("grens", Integer, nullable=False),
    Column("onderdrukt", Text, nullable=False),
    Column("door", String(32), nullable=False),
    Column("vastgelegd_op", Nummer, nullable=False),
)
"""An edition that was published: which numbers were left out, as canonical JSON."""


def _sqlite(naam: str) -> tuple[str, ...]:
    return (
        f"""CREATE TRIGGER {naam}_geen_update BEFORE UPDATE ON {naam}
        BEGIN SELECT RAISE(ABORT, '{naam} is insert-only: UPDATE refused'); END""",
        f"""CREATE TRIGGER {naam}_geen_delete BEFORE DELETE ON {naam}
        BEGIN SELECT RAISE(ABORT, '{naam} is insert-only: DELETE refused'); END""",
        f"""CREATE TRIGGER {naam}_geen_replace BEFORE INSERT ON {naam}
        WHEN EXISTS (SELECT 1 FROM {naam} WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, '{naam} is insert-only: row exists'); END""",
    )


def _postgresql(naam: str) -> tuple[str, ...]:
    return (
        f"""CREATE OR REPLACE FUNCTION {naam}_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{naam} is insert-only: % refused', TG_OP; END $$""",
        f"""CREATE TRIGGER {naam}_alleen_erbij BEFORE DELETE OR UPDATE ON {naam}
        FOR EACH ROW EXECUTE FUNCTION {naam}_alleen_erbij()""",
        f"""CREATE TRIGGER {naam}_geen_truncate BEFORE TRUNCATE ON {naam}
        FOR EACH STATEMENT EXECUTE FUNCTION {naam}_alleen_erbij()""",
    )


_TABELLEN = (rapport, rapportuitgave)
TRIGGERS = {
    "sqlite": tuple(opdracht for tabel in _TABELLEN for opdracht in _sqlite(tabel.name)),
    "postgresql": tuple(opdracht for tabel in _TABELLEN for opdracht in _postgresql(tabel.name)),
}

for _tabel in _TABELLEN:
    for _dialect, _make in (("sqlite", _sqlite), ("postgresql", _postgresql)):
        for _opdracht in _make(_tabel.name):
            event.listen(_tabel, "after_create", DDL(_opdracht.replace("%", "%%")).execute_if(dialect=_dialect))
