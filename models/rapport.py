"""Reports that were fixed, and the editions of them that were published: insert-only, like the log.

A rapport is never changed. What has become known since is its restatement, which is measured anew each time.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from models.alleen_erbij import insert_only, together
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
    Column("zegel_id", Nummer, ForeignKey("zegel.id"), nullable=False),
    Column("laatste_id", Nummer, nullable=False),
    Column("bekend_tot", Nummer, nullable=False),
    Column("resultaat", Text, nullable=False),
    Column("resultaat_hash", String(64), nullable=False),
    Column("opmerking", String(500), nullable=False),
    Column("sleutel", String(32), nullable=False, unique=True),
    Column("door", String(32), nullable=False),
    Column("vastgelegd_op", Nummer, nullable=False),
)
"""`logpositie` counts the rows of the log that the figures stand on, `laatste_id` is the last of them.

`sleutel` is that of the form by which it was fixed: a form that is sent twice makes one report.
`zegel_id` is the seal on the log of that moment, taken while no writer was under way; it signs `resultaat_hash` too.
`bekend_tot` is the first microsecond not known then. `resultaat` is canonical JSON, and says all the others once more.
"""

rapportuitgave = Table(
    "rapportuitgave",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("rapport_id", Nummer, ForeignKey("rapport.id"), nullable=False, index=True),
    Column("grens", Integer, nullable=False),
    Column("onderdrukt", Text, nullable=False),
    Column("door", String(32), nullable=False),
    Column("vastgelegd_op", Nummer, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""An edition that was published: which numbers were left out, as canonical JSON; `hash` is over the other columns."""


TRIGGERS = together(insert_only(rapport), insert_only(rapportuitgave))
