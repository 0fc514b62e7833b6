"""Documents and contact of some trajecten of the demo that are being decided on: asked for, late, come in.

Recorded while the life courses run, each on its day; before one is admitted, what is still open comes in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models import klok
from workflow import stukken, voortgang
from workflow.gezin import load
from workflow.kalender import date_of
from workflow.stukken import Nieuw
from workflow.voorbeeld.agenda import Loop
from workflow.voorbeeld.loting import Loting
from workflow.voorbeeld.wereld import Wereld
from workflow.voorbeeld.zaak import Zaak

STAPPEN = ("intake", "mesis", "besluit", "toegelaten")
AANTAL = 40
EERST_DAGEN = 18
LIJST = "stukken_vastleggen"
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
        Beurt(18, _ALLES),
        Beurt(12, {}, {"stuksoort": "identiteitsbewijs", "is_volledig": "ja", **_OP_PAPIER}),
        Beurt(10, {}, {"stuksoort": "inkomen", "is_volledig": "ja", "plek": "hier", "via": "client"}),
        Beurt(5, {}, gebeld=GEEN_GEHOOR),
    ),
    (
        Beurt(9, _ALLES),
        Beurt(4, {}, {"stuksoort": "bankafschriften", "is_volledig": "nee", **_IN_DMS}),
        Beurt(2, {}, gebeld=GESPROKEN),
    ),
    (
        Beurt(16, {**_ALLES, "woonlasten": "niet_nodig"}),
        Beurt(6, {code: "compleet" for code in GEVRAAGD if code != "woonlasten"}),
        Beurt(6, {}, {"stuksoort": "klapper", "is_volledig": "ja", "via": "klapper", **_OP_PAPIER}),
    ),
    (Beurt(5, {"inkomen": "gevraagd", "zorgpolis": "gevraagd"}),),
)
"""What a traject goes through; they take turns."""


def plan_documents(wereld: Wereld, seed: int) -> None:
    """Plan what is asked for and comes in, and calls about it, of AANTAL trajecten that are being decided on."""
    loting = Loting(seed, {}, {}, {})
    wereld.agenda.plan(_choose(wereld, loting), wereld.vandaag - EERST_DAGEN, loting)


def _choose(wereld: Wereld, loting: Loting) -> Loop:
    """On the day on which the first turn is taken: the trajecten that stand in such a stap then, the newest of each
    desk first."""
    gekozen = [z for z in wereld.lopend.values() if z.is_open and z.stap in STAPPEN and z.behandelaar]
    beurt: Counter[str | None] = Counter()
    for zaak in gekozen[-AANTAL:][::-1]:
        verloop = VERLOPEN[beurt[zaak.behandelaar] % len(VERLOPEN)]
        beurt[zaak.behandelaar] += 1
        wereld.agenda.plan(_go_through(zaak, verloop), klok.today(), loting)
    yield from ()


def _go_through(zaak: Zaak, beurten: Sequence[Beurt]) -> Loop:
    """Take each turn on its day, as long as it is still being decided on."""
    for beurt in beurten:
        yield zaak.wereld.vandaag - beurt.dagen
        if zaak.is_open and zaak.stap in STAPPEN:
            _take_turn(zaak, beurt, klok.today())


def _take_turn(zaak: Zaak, beurt: Beurt, op: int) -> None:
    db, door = zaak.wereld.db, zaak.door
    if beurt.standen:
        voortgang.advance(db, zaak.nummer, LIJST, {"stukken": dict(beurt.standen)}, door=door, op=op)
        zaak.heeft_stukken = True
    if beurt.gebeld:
        voortgang.advance(db, zaak.nummer, "contact_vastleggen", dict(beurt.gebeld), door=door, op=op)
    if beurt.stuk:
        bestand = a_pdf("Voorbeeld: dit is geen echt stuk.") if beurt.stuk["plek"] == "hier" else b""
        nieuw = Nieuw(**{**beurt.stuk, "ontvangen_op": date_of(op).isoformat(), "bestand": bestand})
        stukken.register(db, zaak.nummer, nieuw, door=door)
    zaak.passed(op)


def complete(zaak: Zaak, op: int) -> None:
    """What was still waited for is here: without it nobody is admitted."""
    if not zaak.heeft_stukken:
        return
    stand = load(zaak.wereld.db, zaak.nummer).by_nummer(zaak.nummer).stand.antwoorden.get("stukken") or {}
    if open_ := [code for code, hoe in stand.items() if hoe in ("gevraagd", "onvolledig")]:
        rond = {"stukken": dict.fromkeys(open_, "compleet")}
        voortgang.advance(zaak.wereld.db, zaak.nummer, LIJST, rond, door=zaak.door, op=op)


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
