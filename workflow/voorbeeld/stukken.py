"""Documents and contact of a handful of trajecten of the demo that are being decided on: asked for, late, come in.

Recorded at the end of the last day, after all life courses, so that no step of theirs waits for a document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, exists, func, select

from models import klok
from models.gebeurtenis import gebeurtenis
from models.traject import traject
from workflow import stukken, voortgang
from workflow.kalender import date_of
from workflow.opdracht import Actor
from workflow.stukken import Nieuw
from workflow.voorbeeld.team import UITVOERDERS
from workflow.voorbeeld.wereld import HOOFDROUTE, Wereld

STAPPEN = ("intake", "mesis", "besluit", "toegelaten")
AANTAL = 12
TUSSENTIJD = timedelta(seconds=20)
GEVRAAGD = ("identiteitsbewijs", "inkomen", "bankafschriften", "woonlasten", "zorgpolis", "schuldenoverzicht")

GEBELD: Mapping[str, str] = {"contactsoort": "telefoon", "contact_met": "client", "contact_over": "stukken"}
GEEN_GEHOOR = {**GEBELD, "bereikt": "nee", "toelichting": "Voicemail ingesproken: welke stukken er nog missen."}
GESPROKEN = {**GEBELD, "bereikt": "ja", "toelichting": "Brengt de bankafschriften deze week naar het wijkservicepunt."}


@dataclass(frozen=True, slots=True)
class Beurt:
    """What is done with one traject so many days ago: the list, a document, or a call."""

    dagen: int
    standen: Mapping[str, str]
    stuk: Mapping[str, Any] | None = None
    gebeld: Mapping[str, str] | None = None


_ALLES = dict.fromkeys(GEVRAAGD, "gevraagd")
_OP_PAPIER = {"plek": "papier", "omschrijving": "Meegebracht naar het gesprek."}
_IN_DMS = {"plek": "dms", "dms_nummer": "Z-2026-04417"}
VERLOPEN: tuple[tuple[Beurt, ...], ...] = (
    (
        Beurt(24, _ALLES),
        Beurt(17, {}, {"stuksoort": "identiteitsbewijs", "is_volledig": "ja", **_OP_PAPIER}),
        Beurt(15, {}, {"stuksoort": "inkomen", "is_volledig": "ja", "plek": "hier", "via": "client"}),
        Beurt(8, {}, gebeld=GEEN_GEHOOR),
    ),
    (
        Beurt(9, _ALLES),
        Beurt(4, {}, {"stuksoort": "bankafschriften", "is_volledig": "nee", **_IN_DMS}),
        Beurt(2, {}, gebeld=GESPROKEN),
    ),
    (
        Beurt(20, {**_ALLES, "woonlasten": "niet_nodig"}),
        Beurt(6, {code: "compleet" for code in GEVRAAGD if code != "woonlasten"}),
        Beurt(6, {}, {"stuksoort": "klapper", "is_volledig": "ja", "via": "klapper", **_OP_PAPIER}),
    ),
    (Beurt(5, {"inkomen": "gevraagd", "zorgpolis": "gevraagd"}),),
)
"""What a traject goes through; they take turns."""


def add_documents(wereld: Wereld) -> None:
    """Record documents and calls of AANTAL open trajecten, those that wait for documents already first."""
    momenten = _moments(wereld.db)
    actoren = {wereld.team[naam].pseudoniem: wereld.team[naam] for naam in UITVOERDERS}
    for nr, rij in enumerate(_chosen(wereld.db)):
        door = actoren.get(rij.behandelaar, wereld.team["coordinator"])
        for beurt in VERLOPEN[nr % len(VERLOPEN)]:
            with klok.at(next(momenten)):
                _take_turn(wereld, rij.nummer, beurt, door)


def _chosen(db: Connection) -> list[Any]:
    kind = traject.alias()
    wacht = exists().where(kind.c.ouder_id == traject.c.id, kind.c.route == "opschorting", kind.c.is_open)
    open_ = (traject.c.is_open, traject.c.route == HOOFDROUTE, traject.c.stap.in_(STAPPEN))
    vraag = select(traject.c.nummer, traject.c.behandelaar).where(*open_)
    return list(db.execute(vraag.order_by(wacht.desc(), traject.c.id).limit(AANTAL)))


def _moments(db: Connection) -> Iterator[datetime]:
    """Moments after the last thing that was recorded."""
    laatste = db.execute(select(func.max(gebeurtenis.c.vastgelegd_op))).scalar_one()
    moment = klok.moment_of(laatste or klok.now_us())
    while True:
        moment += TUSSENTIJD
        yield moment


def _take_turn(wereld: Wereld, nummer: str, beurt: Beurt, door: Actor) -> None:
    """On its day, or on the last day of the traject when that is later: nothing is put before what was done already."""
    vraag = select(traject.c.laatste_op).where(traject.c.nummer == nummer)
    op = max(min(wereld.vandaag - beurt.dagen, klok.today()), wereld.db.execute(vraag).scalar_one())
    gewoon: dict[str, Any] = {"door": door, "op": op}
    if beurt.standen:
        voortgang.advance(wereld.db, nummer, "stukken_vastleggen", {"stukken": dict(beurt.standen)}, **gewoon)
    if beurt.gebeld:
        voortgang.advance(wereld.db, nummer, "contact_vastleggen", dict(beurt.gebeld), **gewoon)
    if beurt.stuk:
        bestand = a_pdf("Voorbeeld: dit is geen echt stuk.") if beurt.stuk["plek"] == "hier" else b""
        nieuw = Nieuw(**{**beurt.stuk, "ontvangen_op": date_of(op).isoformat(), "bestand": bestand})
        stukken.register(wereld.db, nummer, nieuw, door=door)


def a_pdf(zin: str) -> bytes:
    """A page with one sentence of plain letters."""
    inhoud = f"BT /F1 18 Tf 72 760 Td ({zin}) Tj ET".encode("ascii")
    delen = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(inhoud), inhoud),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    geheel, plekken = b"%PDF-1.7\n", []
    for nr, deel in enumerate(delen, 1):
        plekken.append(len(geheel))
        geheel += b"%d 0 obj\n%s\nendobj\n" % (nr, deel)
    tabel = b"".join(b"%010d 00000 n \n" % plek for plek in plekken)
    staart = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(delen) + 1, len(geheel))
    return geheel + b"xref\n0 %d\n0000000000 65535 f \n" % (len(delen) + 1) + tabel + staart
