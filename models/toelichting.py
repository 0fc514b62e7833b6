"""Free text beside the log: encrypted, append-only; the log keeps the salted digest of each text.

A text is under the key of the traject's first person, or of the traject itself where no person takes part.
"""

from __future__ import annotations

from sqlalchemy import DDL, Column, ForeignKey, Integer, LargeBinary, String, Table, UniqueConstraint, event

from models.base import Nummer, metadata

toelichting = Table(
    "toelichting",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("traject_id", Nummer, ForeignKey("trajectnummer.id"), nullable=False),
    Column("volgnummer", Integer, nullable=False),
    Column("veld", String(64), nullable=False),
    Column("datasleutel_id", Nummer, ForeignKey("datasleutel.id"), nullable=False),
    Column("tekst", LargeBinary, nullable=False),
    Column("zout", String(32), nullable=False),
    UniqueConstraint("traject_id", "volgnummer", "veld"),
)

_MAG_WEG = "EXISTS (SELECT 1 FROM gebeurtenis v WHERE v.traject_id = OLD.traject_id AND v.soort = 'vernietiging')"

TRIGGERS = {
    "sqlite": (
        """CREATE TRIGGER toelichting_geen_update BEFORE UPDATE ON toelichting
        BEGIN SELECT RAISE(ABORT, 'toelichting is append-only: UPDATE refused'); END""",
        f"""CREATE TRIGGER toelichting_geen_delete BEFORE DELETE ON toelichting WHEN NOT {_MAG_WEG}
        BEGIN SELECT RAISE(ABORT, 'toelichting is append-only: DELETE refused'); END""",
        """CREATE TRIGGER toelichting_geen_replace BEFORE INSERT ON toelichting
        WHEN EXISTS (SELECT 1 FROM toelichting WHERE id = NEW.id)
          OR EXISTS (SELECT 1 FROM toelichting WHERE traject_id = NEW.traject_id AND volgnummer = NEW.volgnummer
                     AND veld = NEW.veld)
        BEGIN SELECT RAISE(ABORT, 'toelichting is append-only: row exists'); END""",
    ),
    "postgresql": (
        f"""CREATE OR REPLACE FUNCTION toelichting_alleen_erbij() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'DELETE' AND {_MAG_WEG} THEN RETURN OLD; END IF;
          RAISE EXCEPTION 'toelichting is append-only: % refused', TG_OP;
        END $$""",
        """CREATE TRIGGER toelichting_alleen_erbij BEFORE DELETE OR UPDATE ON toelichting
        FOR EACH ROW EXECUTE FUNCTION toelichting_alleen_erbij()""",
        """CREATE TRIGGER toelichting_geen_truncate BEFORE TRUNCATE ON toelichting
        FOR EACH STATEMENT EXECUTE FUNCTION toelichting_alleen_erbij()""",
    ),
}

for _dialect, _opdrachten in TRIGGERS.items():
    for _opdracht in _opdrachten:
        event.listen(toelichting, "after_create", DDL(_opdracht.replace("%", "%%")).execute_if(dialect=_dialect))
