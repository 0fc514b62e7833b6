"""The log: one row for each thing done, never changed, never removed.

Columns and their meaning are frozen by the first row ever written. The triggers refuse UPDATE and DELETE in the
database itself. SQLite's REPLACE slips past delete triggers, so a guard on INSERT refuses rows that exist. One
exception: `inhoud` and `zout` may become NULL in a traject that has a `vernietiging` row; the hash stays.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
)

from models.base import Nummer, metadata

SOORTEN = ("start", "overgang", "intrekking", "verbetering", "overdracht", "samenvoeging", "migratie", "vernietiging")

gebeurtenis = Table(
    "gebeurtenis",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("volgnummer", Integer, nullable=False),
    Column("soort", String(16), nullable=False),
    Column("overgang", String(64)),
    Column("naar", String(64)),
    Column("reden", String(64)),
    Column("dag", Integer, nullable=False),
    Column("inhoud", Text),
    Column("routekaart", String(64), nullable=False),
    Column("traject_id", Nummer, ForeignKey("trajectnummer.id"), nullable=False),
    Column("vastgelegd_op", Nummer, nullable=False),
    Column("betreft_volgnummer", Integer),
    Column("na_volgnummer", Integer),
    Column("van", String(64)),
    Column("moment", Nummer),
    Column("bron_vastgelegd_op", Nummer),
    Column("zout", String(32)),
    Column("opdracht_id", String(32), nullable=False),
    Column("sleutel", String(64), unique=True),
    Column("inhoud_hash", String(64), nullable=False),
    Column("vorige_hash", String(64)),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("traject_id", "volgnummer"),
    CheckConstraint("volgnummer >= 1", "volgnummer"),
    CheckConstraint("soort IN ('" + "', '".join(SOORTEN) + "')", "soort"),
    Index("ix_gebeurtenis_opdracht_id", "opdracht_id"),
)


class Gebeurtenis(NamedTuple):
    """One row of the log, columns in the order of the table: first what says what happened, last what proves it."""

    id: int
    volgnummer: int
    soort: str
    overgang: str | None
    naar: str | None
    reden: str | None
    dag: int
    inhoud: str | None
    routekaart: str
    traject_id: int
    vastgelegd_op: int
    betreft_volgnummer: int | None
    na_volgnummer: int | None
    van: str | None
    moment: int | None
    bron_vastgelegd_op: int | None
    zout: str | None
    opdracht_id: str
    sleutel: str | None
    inhoud_hash: str
    vorige_hash: str | None
    hash: str


BLIJFT = tuple(k for k in Gebeurtenis._fields if k not in ("inhoud", "zout"))
"""What never changes, not even at a vernietiging."""

_SQLITE = (
    """CREATE TRIGGER gebeurtenis_geen_update BEFORE UPDATE ON gebeurtenis
    WHEN NOT (NEW.inhoud IS NULL AND NEW.zout IS NULL AND {zelfde} AND EXISTS (SELECT 1 FROM gebeurtenis v
        WHERE v.traject_id = OLD.traject_id AND v.soort = 'vernietiging'))
    BEGIN SELECT RAISE(ABORT, 'gebeurtenis is append-only: UPDATE refused'); END""".format(
        zelfde=" AND ".join(f"NEW.{k} IS OLD.{k}" for k in BLIJFT)
    ),
    """CREATE TRIGGER gebeurtenis_geen_delete BEFORE DELETE ON gebeurtenis
    BEGIN SELECT RAISE(ABORT, 'gebeurtenis is append-only: DELETE refused'); END""",
    """CREATE TRIGGER gebeurtenis_geen_replace BEFORE INSERT ON gebeurtenis
    WHEN EXISTS (SELECT 1 FROM gebeurtenis WHERE id = NEW.id)
      OR EXISTS (SELECT 1 FROM gebeurtenis WHERE traject_id = NEW.traject_id AND volgnummer = NEW.volgnummer)
      OR EXISTS (SELECT 1 FROM gebeurtenis WHERE sleutel = NEW.sleutel)
    BEGIN SELECT RAISE(ABORT, 'gebeurtenis is append-only: row exists'); END""",
)

_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION gebeurtenis_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'UPDATE' AND NEW.inhoud IS NULL AND NEW.zout IS NULL AND {zelfde} AND EXISTS (
          SELECT 1 FROM gebeurtenis v WHERE v.traject_id = OLD.traject_id AND v.soort = 'vernietiging') THEN
        RETURN NEW;
      END IF;
      RAISE EXCEPTION 'gebeurtenis is append-only: % refused', TG_OP;
    END $$""".format(zelfde=" AND ".join(f"NEW.{k} IS NOT DISTINCT FROM OLD.{k}" for k in BLIJFT)),
    """CREATE TRIGGER gebeurtenis_alleen_erbij BEFORE DELETE OR UPDATE ON gebeurtenis
    FOR EACH ROW EXECUTE FUNCTION gebeurtenis_alleen_erbij()""",
    """CREATE TRIGGER gebeurtenis_geen_truncate BEFORE TRUNCATE ON gebeurtenis
    FOR EACH STATEMENT EXECUTE FUNCTION gebeurtenis_alleen_erbij()""",
)

TRIGGERS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}

for _dialect, _opdrachten in TRIGGERS.items():
    for _opdracht in _opdrachten:
        event.listen(gebeurtenis, "after_create", DDL(_opdracht.replace("%", "%%")).execute_if(dialect=_dialect))
