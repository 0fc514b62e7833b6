"""Norms and targets, breaks in a series and comments: what a coordinator says beside the figures.

The last word about something counts; an empty one takes it away. Two breaks are always there, because the law made
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from models import klok
from models.duiding import MAX_BREUK, MAX_OPMERKING, SOORTEN, indicatoropmerking, reeksbreuk, streefwaarde
from workflow.indicatoren import ALLE
from workflow.kalender import date_of, daynumber
from workflow.opdracht import Actor
from workflow.velden import InvoerGeweigerd

EERSTE_JAAR, LAATSTE_JAAR = 2000, 2059
GROOTSTE = 1e9


@dataclass(frozen=True, slots=True)
class Streefwaarde:
    """A norm or a target for a figure in a year."""

    indicator: str
    maat: str
    jaar: int
    soort: str
    waarde: float


@dataclass(frozen=True, slots=True)
class Breuk:
    """Figures from before and after this day cannot be compared; without an indicator, of all of them."""

    indicator: str | None
    dag: int
    tekst: str
    is_vast: bool = False


@dataclass(frozen=True, slots=True)
class Opmerking:
    """A comment on an indicator in a year."""

    indicator: str
    jaar: int
    tekst: str


VASTE_BREUKEN = (
    Breuk(
        None,
        daynumber(date(2021, 1, 1)),
        "Gewijzigde Wet gemeentelijke schuldhulpverlening: vroegsignalering is een wettelijke taak.",
        True,
    ),
    Breuk(
        None,
        daynumber(date(2023, 7, 1)),
        "Aflostermijn van 36 naar 18 maanden, minnelijk en in de WSNP; rechtstreeks naar de WSNP kan.",
        True,
    ),
)


@dataclass(frozen=True, slots=True)
class Duiding:
    """All that counts now."""

    streefwaarden: tuple[Streefwaarde, ...]
    breuken: tuple[Breuk, ...]
    opmerkingen: tuple[Opmerking, ...]

    def targets(self, indicator: str, maat: str | None = None) -> tuple[Streefwaarde, ...]:
        """Norms and targets of an indicator, or of one of its figures."""
        return tuple(s for s in self.streefwaarden if s.indicator == indicator and maat in (None, s.maat))

    def breaks(self, indicator: str | None = None) -> tuple[Breuk, ...]:
        """The breaks that a series of this indicator shows."""
        return tuple(b for b in self.breuken if b.indicator in (None, indicator))

    def comments(self, indicator: str) -> tuple[Opmerking, ...]:
        """What is said of an indicator, the last year first."""
        return tuple(o for o in self.opmerkingen if o.indicator == indicator)

    def as_data(self) -> dict[str, Any]:
        """The same, for a report that keeps it."""
        return {
            "streefwaarden": [asdict(s) for s in self.streefwaarden],
            "breuken": [asdict(b) | {"dag": date_of(b.dag).isoformat()} for b in self.breuken],
            "opmerkingen": [asdict(o) for o in self.opmerkingen],
        }


def read(db: Connection) -> Duiding:
    """What counts now."""
    waarden = _last(db, streefwaarde, ("indicator", "maat", "jaar", "soort"))
    breuken = _last(db, reeksbreuk, ("indicator", "dag"))
    opmerkingen = _last(db, indicatoropmerking, ("indicator", "jaar"))
    eigen = (Breuk(rij["indicator"], rij["dag"], rij["tekst"]) for rij in breuken if rij["tekst"])
    return Duiding(
        tuple(
            Streefwaarde(rij["indicator"], rij["maat"], rij["jaar"], rij["soort"], rij["waarde"])
            for rij in sorted(waarden, key=lambda rij: (rij["indicator"], rij["maat"], rij["jaar"], rij["soort"]))
            if rij["waarde"] is not None
        ),
        tuple(sorted((*VASTE_BREUKEN, *eigen), key=lambda breuk: breuk.dag)),
        tuple(
            Opmerking(rij["indicator"], rij["jaar"], rij["tekst"])
            for rij in sorted(opmerkingen, key=lambda rij: (rij["indicator"], -rij["jaar"]))
            if rij["tekst"]
        ),
    )


def _last(db: Connection, tabel: Table, sleutel: tuple[str, ...]) -> list[Mapping[str, Any]]:
    """Of each thing the last row."""
    rijen = db.execute(select(tabel).order_by(tabel.c.id)).mappings()
    return list({tuple(rij[naam] for naam in sleutel): dict(rij) for rij in rijen}.values())


# -- Writing -----------------------------------------------------------------------------------------------------------


def set_target(
    db: Connection, indicator: str, maat: str, jaar: int, soort: str, waarde: float | None, door: Actor
) -> None:
    """Set a norm or a target; None takes it away. Raises InvoerGeweigerd."""
    fouten = {"cijfer": _no_figure(indicator, maat), "jaar": _no_year(jaar)}
    _refuse({**fouten, "waarde": _no_value(waarde, _is_share(indicator, maat))})
    if soort not in SOORTEN:
        raise InvoerGeweigerd({"soort": "Kies norm of streefwaarde."})
    _write(db, streefwaarde, door, indicator=indicator, maat=maat, jaar=jaar, soort=soort, waarde=waarde)


def set_break(db: Connection, indicator: str | None, dag: int, tekst: str, door: Actor) -> None:
    """Mark a break in the series of an indicator, or of all; an empty text takes it away. Raises InvoerGeweigerd."""
    fout = _no_figure(indicator) if indicator is not None else None
    _refuse({"indicator": fout, "dag": _no_year(date_of(dag).year), "tekst": _no_text(tekst, MAX_BREUK)})
    _write(db, reeksbreuk, door, indicator=indicator, dag=dag, tekst=tekst.strip())


def set_comment(db: Connection, indicator: str, jaar: int, tekst: str, door: Actor) -> None:
    """Comment on an indicator in a year; an empty text takes it away. Raises InvoerGeweigerd."""
    _refuse({"indicator": _no_figure(indicator), "jaar": _no_year(jaar), "tekst": _no_text(tekst, MAX_OPMERKING)})
    _write(db, indicatoropmerking, door, indicator=indicator, jaar=jaar, tekst=tekst.strip())


def _refuse(fouten: Mapping[str, str | None]) -> None:
    if gevonden := {veld: fout for veld, fout in fouten.items() if fout}:
        raise InvoerGeweigerd(gevonden)


def _no_figure(indicator: str, maat: str | None = None) -> str | None:
    maten = {i.code: {m.code for m in i.maten} for i in ALLE}
    is_goed = indicator in maten and (maat is None or maat in maten[indicator])
    return None if is_goed else "Kies een cijfer uit de lijst."


def _no_year(jaar: int) -> str | None:
    return (
        None if EERSTE_JAAR <= jaar <= LAATSTE_JAAR else f"Kies een jaar van {EERSTE_JAAR} tot en met {LAATSTE_JAAR}."
    )


def _is_share(indicator: str, maat: str) -> bool:
    return any(m.eenheid == "%" for i in ALLE for m in i.maten if (i.code, m.code) == (indicator, maat))


def _no_value(waarde: float | None, is_aandeel: bool) -> str | None:
    if is_aandeel:
        return None if waarde is None or 0 <= waarde <= 100 else "Vul een percentage in van 0 tot en met 100."
    return None if waarde is None or 0 <= waarde <= GROOTSTE else "Vul een getal vanaf 0 in."


def _no_text(tekst: str, hoogstens: int) -> str | None:
    if len(tekst.strip()) > hoogstens:
        return f"Hoogstens {hoogstens} tekens."
    return None if all(teken.isprintable() or teken in "\r\n" for teken in tekst) else "Hier staat een vreemd teken in."


def _write(db: Connection, tabel: Table, door: Actor, **waarden: Any) -> None:
    db.execute(insert(tabel).values(**waarden, door=door.pseudoniem, vastgelegd_op=klok.now_us()))
