"""What is planned: appointments, waits, reminders and intentions. Such a row may change; what happened is in the log.

`geheim` holds all free text of a row, encrypted under the key that the texts of its traject are under.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from models.base import Nummer, metadata

SOORTEN = ("gesprek", "wachten", "herinnering", "voornemen")
STANDEN = ("open", "gedaan", "verzet", "afgezegd", "niet_verschenen", "vervallen")

planpunt = Table(
    "planpunt",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("nummer", String(32), nullable=False, unique=True),
    Column("traject_id", Nummer, ForeignKey("trajectnummer.id"), nullable=False, index=True),
    Column("soort", String(16), nullable=False),
    Column("wat", String(64), nullable=False),
    Column("vorm", String(64), nullable=False),
    Column("wie", String(32)),
    Column("dag", Integer, nullable=False),
    Column("van_minuut", Integer),
    Column("tot_minuut", Integer),
    Column("stand", String(16), nullable=False),
    Column("volgnummer", Integer),
    Column("uit_volgnummer", Integer),
    Column("datasleutel_id", Nummer, ForeignKey("datasleutel.id")),
    Column("geheim", LargeBinary),
    Column("door", String(32), nullable=False),
    Column("gemaakt_op", Nummer, nullable=False),
    Column("gewijzigd_op", Nummer, nullable=False),
    Column("versie", Integer, nullable=False),
    Column("sleutel", String(64), unique=True),
    CheckConstraint("soort IN ('" + "', '".join(SOORTEN) + "')", "soort"),
    CheckConstraint("stand IN ('" + "', '".join(STANDEN) + "')", "stand"),
    Index("ix_planpunt_stand_dag", "stand", "dag"),
    Index("ix_planpunt_dag_wie", "dag", "wie"),
)
"""`dag` is the day of an appointment, or that until which one waits, is reminded or intends; minutes are of the clock
in Amsterdam, counted from midnight. `wie` is in whose agenda it stands (NULL: of who has the traject). `wat` is a code:
the kind of appointment, on whom one waits, or the overgang that is intended; `vorm` how an appointment is held.
`volgnummer` is the gebeurtenis that came of it, `uit_volgnummer` the one that it came from: offering it, or moving the
appointment before it. `versie` counts the changes, so that two people at once do not undo each other's.
"""
