"""Documents of a dossier: each a row that stays, with the file itself where it is kept here.

What a document is about and under which number it stands elsewhere are encrypted, under the key that the texts of its
traject are under; so is the file. Nothing is overwritten: another version is a row that names the one it replaces, and
taking one away is a row that says why, upon which the bytes may go. Their SHA-256 stays.
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Integer, LargeBinary, String, Table

from models.alleen_erbij import insert_only, together
from models.base import Nummer, metadata

PLEKKEN = ("papier", "dms", "hier")

stuk = Table(
    "stuk",
    metadata,
    Column("id", Nummer, primary_key=True, autoincrement=True),
    Column("nummer", String(32), nullable=False, unique=True),
    Column("traject_id", Nummer, ForeignKey("trajectnummer.id"), nullable=False, index=True),
    Column("stuksoort", String(64), nullable=False),
    Column("ontvangen_op", Integer, nullable=False),
    Column("is_volledig", Boolean, nullable=False),
    Column("plek", String(8), nullable=False),
    Column("vervangt_id", Nummer, ForeignKey("stuk.id"), unique=True),
    Column("datasleutel_id", Nummer, ForeignKey("datasleutel.id"), nullable=False),
    Column("inhoud", LargeBinary, nullable=False),
    Column("bestandssoort", String(8)),
    Column("omvang", Integer),
    Column("sha256", String(64)),
    Column("door", String(32), nullable=False),
    Column("vastgelegd_op", Nummer, nullable=False),
    Column("sleutel", String(64), unique=True),
    CheckConstraint("plek IN ('" + "', '".join(PLEKKEN) + "')", "plek"),
    CheckConstraint("(plek = 'hier') = (sha256 IS NOT NULL)", "bestand"),
)
"""`nummer` is random, for addresses. `stuksoort` is a code of the map, `ontvangen_op` a day number, `omvang` counts
bytes; `inhoud` holds the description and the number in the other system. `sleutel` is that of the form."""

stukbestand = Table(
    "stukbestand",
    metadata,
    Column("id", Nummer, ForeignKey("stuk.id"), primary_key=True, autoincrement=False),
    Column("inhoud", LargeBinary, nullable=False),
)
"""The file, encrypted: beside its row, so that a list of documents never reads it."""

stukverwijdering = Table(
    "stukverwijdering",
    metadata,
    Column("id", Nummer, ForeignKey("stuk.id"), primary_key=True, autoincrement=False),
    Column("reden", String(32), nullable=False),
    Column("door", String(32), nullable=False),
    Column("vastgelegd_op", Nummer, nullable=False),
)
"""That a document was taken away, and why; at most once."""

_VERNIETIGD = "EXISTS (SELECT 1 FROM gebeurtenis v WHERE v.traject_id = OLD.traject_id AND v.soort = 'vernietiging')"
_WEGGEHAALD = "EXISTS (SELECT 1 FROM stukverwijdering w WHERE w.id = OLD.id)"

TRIGGERS = together(
    insert_only(stuk, ("nummer",), ("vervangt_id",), ("sleutel",), mag_weg=_VERNIETIGD),
    insert_only(stukbestand, mag_weg=_WEGGEHAALD),
    insert_only(stukverwijdering),
)
