"""Letters: templates and letterheads in insert-only versions, and each letter with its files, encrypted.

A letter may change while it is a concept. Once it is vastgesteld its text and files stand still, and of it only what
became of it changes: sent on a day, or vervallen.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
)

from models.alleen_erbij import insert_only, together
from models.base import Nummer, metadata

STATUSSEN = ("concept", "vastgesteld", "verzonden", "vervallen")

briefsjabloon = Table(
    "briefsjabloon",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("code", String(64), nullable=False),
    Column("versie", Integer, nullable=False),
    Column("soort", String(64), nullable=False),
    Column("naam", String(120), nullable=False),
    Column("tekst", Text, nullable=False),
    Column("is_in_gebruik", Boolean, nullable=False),
    Column("door", String(32), nullable=False),
    Column("vastgelegd_op", Nummer, nullable=False),
    UniqueConstraint("code", "versie"),
)
"""`soort` is the briefsoort of the map as which its letters are recorded. Version 0 comes with the program."""

briefpapier = Table(
    "briefpapier",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("inhoud", Text, nullable=False),
    Column("door", String(32), nullable=False),
    Column("vastgelegd_op", Nummer, nullable=False),
)
"""`inhoud` is JSON: who sends, the addresses, and namens wie is signed. The last row is in force."""

brief = Table(
    "brief",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("nummer", String(32), nullable=False, unique=True),
    Column("traject_id", Nummer, ForeignKey("trajectnummer.id"), nullable=False),
    Column("persoon", String(32), nullable=False),
    Column("sjabloon", String(64), nullable=False),
    Column("sjabloonversie", Integer, nullable=False),
    Column("soort", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("versie", Integer, nullable=False),
    Column("dag", Integer, nullable=False),
    Column("datasleutel_id", Nummer, ForeignKey("datasleutel.id"), nullable=False),
    Column("inhoud", LargeBinary, nullable=False),
    Column("pdf", LargeBinary),
    Column("docx", LargeBinary),
    Column("pdf_sha256", String(64)),
    Column("docx_sha256", String(64)),
    Column("door", String(32), nullable=False),
    Column("aangemaakt_op", Nummer, nullable=False),
    Column("vastgesteld_door", String(32)),
    Column("vastgesteld_op", Nummer),
    Column("verzonden_op", Integer),
    Column("verzonden_door", String(32)),
    Column("volgnummer", Integer),
    CheckConstraint("status IN ('" + "', '".join(STATUSSEN) + "')", "status"),
    Index("ix_brief_traject_id", "traject_id"),
)
"""`persoon` is the pseudonym of whom it is for, under whose key `inhoud` and the files are; `dag` is the date on it.

The SHA-256 are of the files as they were made. `verzonden_op` is a day, `volgnummer` the gebeurtenis that recorded it.
"""

_VAST = (
    *("nummer", "traject_id", "persoon", "sjabloon", "sjabloonversie", "soort", "dag", "datasleutel_id", "inhoud"),
    *("pdf", "docx", "pdf_sha256", "docx_sha256", "vastgesteld_door", "vastgesteld_op"),
)
_MAG_WEG = "EXISTS (SELECT 1 FROM gebeurtenis v WHERE v.traject_id = OLD.traject_id AND v.soort = 'vernietiging')"


def _differs(anders: str) -> str:
    kolommen = " OR ".join(f"NEW.{naam} {anders} OLD.{naam}" for naam in _VAST)
    return f"OLD.status <> 'concept' AND (NEW.status = 'concept' OR {kolommen})"


_BRIEF = {
    "sqlite": (
        f"""CREATE TRIGGER brief_staat_vast BEFORE UPDATE ON brief WHEN {_differs("IS NOT")}
        BEGIN SELECT RAISE(ABORT, 'brief is vastgesteld: UPDATE refused'); END""",
        f"""CREATE TRIGGER brief_geen_delete BEFORE DELETE ON brief WHEN NOT {_MAG_WEG}
        BEGIN SELECT RAISE(ABORT, 'brief is kept: DELETE refused'); END""",
        """CREATE TRIGGER brief_geen_replace BEFORE INSERT ON brief
        WHEN EXISTS (SELECT 1 FROM brief WHERE id = NEW.id OR nummer = NEW.nummer)
        BEGIN SELECT RAISE(ABORT, 'brief is kept: row exists'); END""",
    ),
    "postgresql": (
        f"""CREATE OR REPLACE FUNCTION brief_blijft() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'UPDATE' THEN
            IF {_differs("IS DISTINCT FROM")} THEN RAISE EXCEPTION 'brief is vastgesteld: UPDATE refused'; END IF;
            RETURN NEW;
          END IF;
          IF TG_OP = 'DELETE' AND {_MAG_WEG} THEN RETURN OLD; END IF;
          RAISE EXCEPTION 'brief is kept: % refused', TG_OP;
        END $$""",
        """CREATE TRIGGER brief_blijft BEFORE DELETE OR UPDATE ON brief
        FOR EACH ROW EXECUTE FUNCTION brief_blijft()""",
        """CREATE TRIGGER brief_geen_truncate BEFORE TRUNCATE ON brief
        FOR EACH STATEMENT EXECUTE FUNCTION brief_blijft()""",
    ),
}

for _dialect, _opdrachten in _BRIEF.items():
    for _opdracht in _opdrachten:
        event.listen(brief, "after_create", DDL(_opdracht.replace("%", "%%")).execute_if(dialect=_dialect))

TRIGGERS = together(insert_only(briefsjabloon, ("code", "versie")), insert_only(briefpapier), _BRIEF)
