"""Identity of a traject: insert-only and no projection, so that log, notes and access log may refer to it.

The *family* is a root traject and all that hangs on it; `wortel_id` names the root. It is the unit of locking.
"""

from __future__ import annotations

from sqlalchemy import DDL, Column, Index, String, Table, event

from models.base import Nummer, metadata

trajectnummer = Table(
    "trajectnummer",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=False),
    Column("nummer", String(32), nullable=False, unique=True),
    Column("wortel_id", Nummer, nullable=False),
    Index("ix_trajectnummer_wortel_id", "wortel_id"),
)

TRIGGERS = {
    "sqlite": (
        """CREATE TRIGGER trajectnummer_geen_update BEFORE UPDATE ON trajectnummer
        BEGIN SELECT RAISE(ABORT, 'trajectnummer is insert-only: UPDATE refused'); END""",
        """CREATE TRIGGER trajectnummer_geen_delete BEFORE DELETE ON trajectnummer
        BEGIN SELECT RAISE(ABORT, 'trajectnummer is insert-only: DELETE refused'); END""",
        """CREATE TRIGGER trajectnummer_geen_replace BEFORE INSERT ON trajectnummer
        WHEN EXISTS (SELECT 1 FROM trajectnummer WHERE id = NEW.id OR nummer = NEW.nummer)
        BEGIN SELECT RAISE(ABORT, 'trajectnummer is insert-only: row exists'); END""",
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION trajectnummer_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'trajectnummer is insert-only: % refused', TG_OP; END $$""",
        """CREATE TRIGGER trajectnummer_alleen_erbij BEFORE DELETE OR UPDATE ON trajectnummer
        FOR EACH ROW EXECUTE FUNCTION trajectnummer_alleen_erbij()""",
        """CREATE TRIGGER trajectnummer_geen_truncate BEFORE TRUNCATE ON trajectnummer
        FOR EACH STATEMENT EXECUTE FUNCTION trajectnummer_alleen_erbij()""",
    ),
}

for _dialect, _opdrachten in TRIGGERS.items():
    for _opdracht in _opdrachten:
        event.listen(trajectnummer, "after_create", DDL(_opdracht.replace("%", "%%")).execute_if(dialect=_dialect))
