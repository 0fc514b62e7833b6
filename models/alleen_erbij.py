"""Tables that only grow: triggers that refuse UPDATE and DELETE in the database itself, and a row that exists already.

SQLite's REPLACE slips past delete triggers, so a guard on INSERT refuses it there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import DDL, Table, event

Opdrachten = Mapping[str, tuple[str, ...]]
"""Dialect -> the statements that make the triggers of a table."""


def insert_only(tabel: Table, *ook_uniek: Sequence[str], mag_weg: str = "") -> Opdrachten:
    """The triggers of a table, which are made with it; `ook_uniek` are its unique columns beside the primary key.

    `mag_weg` is a condition on OLD, in SQL: a row of which it holds may be deleted.
    """
    sleutels = [[kolom.name for kolom in tabel.primary_key], *ook_uniek]
    gemaakt = {"sqlite": _sqlite(tabel.name, sleutels, mag_weg), "postgresql": _postgresql(tabel.name, mag_weg)}
    for dialect, opdrachten in gemaakt.items():
        for opdracht in opdrachten:
            event.listen(tabel, "after_create", DDL(opdracht.replace("%", "%%")).execute_if(dialect=dialect))
    return gemaakt


def together(*tabellen: Opdrachten) -> dict[str, tuple[str, ...]]:
    """The triggers of several tables."""
    return {dialect: tuple(o for tabel in tabellen for o in tabel[dialect]) for dialect in ("sqlite", "postgresql")}


def _sqlite(naam: str, sleutels: Sequence[Sequence[str]], mag_weg: str) -> tuple[str, ...]:
    bestaat = " OR ".join(
        f"EXISTS (SELECT 1 FROM {naam} WHERE {' AND '.join(f'{k} = NEW.{k}' for k in sleutel)})" for sleutel in sleutels
    )
    tenzij = f" WHEN NOT {mag_weg}" if mag_weg else ""
    return (
        f"""CREATE TRIGGER {naam}_geen_update BEFORE UPDATE ON {naam}
        BEGIN SELECT RAISE(ABORT, '{naam} is insert-only: UPDATE refused'); END""",
        f"""CREATE TRIGGER {naam}_geen_delete BEFORE DELETE ON {naam}{tenzij}
        BEGIN SELECT RAISE(ABORT, '{naam} is insert-only: DELETE refused'); END""",
        f"""CREATE TRIGGER {naam}_geen_replace BEFORE INSERT ON {naam}
        WHEN {bestaat}
        BEGIN SELECT RAISE(ABORT, '{naam} is insert-only: row exists'); END""",
    )


def _postgresql(naam: str, mag_weg: str) -> tuple[str, ...]:
    tenzij = f"IF TG_OP = 'DELETE' AND {mag_weg} THEN RETURN OLD; END IF;\n        " if mag_weg else ""
    return (
        f"""CREATE OR REPLACE FUNCTION {naam}_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN {tenzij}RAISE EXCEPTION '{naam} is insert-only: % refused', TG_OP; END $$""",
        f"""CREATE TRIGGER {naam}_alleen_erbij BEFORE DELETE OR UPDATE ON {naam}
        FOR EACH ROW EXECUTE FUNCTION {naam}_alleen_erbij()""",
        f"""CREATE TRIGGER {naam}_geen_truncate BEFORE TRUNCATE ON {naam}
        FOR EACH STATEMENT EXECUTE FUNCTION {naam}_alleen_erbij()""",
    )
