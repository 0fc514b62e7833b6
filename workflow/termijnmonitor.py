"""Which trajecten are over their term, or will be within so many days, and why each date is what it is.

The dates are those of the projection; the explanation is folded from the log, for the page that is shown only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select

from models.traject import traject
from workflow.gezin import Gezin, load_families
from workflow.kaarten import Kaarten
from workflow.overzichten import medewerkers, names_in
from workflow.termijnen import Termijn

PER_BLAD = 25
TEAM = "team"
"""Stands for: of nobody yet."""


@dataclass(frozen=True, slots=True)
class Vraag:
    """What is asked: terms that end within so many days, of a gemeente, of a behandelaar or of the team."""

    dagen: int = 14
    gemeente: str | None = None
    behandelaar: str | None = None
    alleen_te_laat: bool = False


@dataclass(frozen=True, slots=True)
class Regel:
    """A traject with the term that ends first in its family."""

    nummer: str
    namen: tuple[str, ...]
    stap: str
    gemeente: str
    behandelaar: str | None
    vervaldag: int
    dagen_over: int
    termijn: str
    begin_dag: int | None
    uitleg: str
    grondslag: str


@dataclass(frozen=True, slots=True)
class Blad:
    """A page, the most urgent first."""

    regels: tuple[Regel, ...]
    aantal: int
    bladzijde: int
    bladzijden: int


@dataclass(frozen=True, slots=True)
class Stand:
    """How many are over their term, and how many are or will be soon, of one gemeente and behandelaar."""

    gemeente: str | None
    behandelaar: str | None
    te_laat: int
    samen: int


def page(db: Connection, vraag: Vraag, bladzijde: int, vandaag: int) -> Blad:
    """The trajecten that answer the question; a page beyond the last is the last."""
    filters = _filters(vraag, vandaag)
    aantal = db.execute(select(func.count()).select_from(traject).where(*filters)).scalar_one()
    bladzijden = max(1, -(-aantal // PER_BLAD))
    bladzijde = min(max(bladzijde, 1), bladzijden)
    keuze = select(traject).where(*filters).order_by(traject.c.vervaldag, traject.c.id)
    rijen = list(db.execute(keuze.limit(PER_BLAD).offset((bladzijde - 1) * PER_BLAD)))
    return Blad(_lines(db, rijen, vandaag), aantal, bladzijde, bladzijden)


def _filters(vraag: Vraag, vandaag: int) -> list[ColumnElement[bool]]:
    t = traject.c
    laatste = vandaag - 1 if vraag.alleen_te_laat else vandaag + vraag.dagen
    filters: list[ColumnElement[bool]] = [t.in_werkvoorraad.is_(True), t.vervaldag <= laatste]
    if vraag.gemeente:
        filters.append(t.gemeente == vraag.gemeente)
    if vraag.behandelaar:
        filters.append(t.behandelaar.is_(None) if vraag.behandelaar == TEAM else t.behandelaar == vraag.behandelaar)
    return filters


def _lines(db: Connection, rijen: Sequence[Any], vandaag: int) -> tuple[Regel, ...]:
    namen, kaarten = names_in(db, [r.id for r in rijen]), Kaarten(db)
    wie = medewerkers(db, {r.behandelaar for r in rijen if r.behandelaar})
    gezinnen = load_families(db, [r.wortel_id for r in rijen])
    return tuple(_line(r, kaarten, namen, wie, gezinnen[r.wortel_id], vandaag) for r in rijen)


def _line(
    r: Any,
    kaarten: Kaarten,
    namen: Mapping[int, tuple[str, ...]],
    wie: Mapping[str, str],
    gezin: Gezin,
    vandaag: int,
) -> Regel:
    kaart = kaarten[r.routekaart]
    termijn = _term(gezin, r.termijn, r.vervaldag, vandaag)
    stap = kaart.routes[r.route].stappen.get(r.stap or "")
    return Regel(
        nummer=r.nummer,
        namen=namen.get(r.id, ()),
        stap=stap.naam if stap else "",
        gemeente=kaart.gemeenten.get(r.gemeente or "", r.gemeente or ""),
        behandelaar=wie.get(r.behandelaar or ""),
        vervaldag=r.vervaldag,
        dagen_over=r.vervaldag - vandaag,
        termijn=kaart.termijnen[r.termijn].naam,
        begin_dag=termijn.begin_dag if termijn else None,
        uitleg=termijn.uitleg if termijn else "",
        grondslag=termijn.grondslag if termijn else "",
    )


def _term(gezin: Gezin, code: str, vervaldag: int, vandaag: int) -> Termijn | None:
    """The term of this code that runs, in whichever traject of the family; that which ends on the day, if any."""
    lopend = [t for v in gezin if v.stand.route for t in gezin.terms(v, vandaag) if t.code == code and not t.einde_dag]
    return next((t for t in lopend if t.vervaldag == vervaldag), lopend[-1] if lopend else None)


def standings(db: Connection, dagen: int, vandaag: int) -> list[Stand]:
    """The whole caseload by gemeente and behandelaar; one statement."""
    t = traject.c
    te_laat = func.sum(case((t.vervaldag < vandaag, 1), else_=0))
    keuze = (
        select(t.gemeente, t.behandelaar, te_laat, func.count())
        .where(t.in_werkvoorraad.is_(True), t.vervaldag <= vandaag + dagen)
        .group_by(t.gemeente, t.behandelaar)
    )
    return [Stand(*rij) for rij in db.execute(keuze)]


def summed(standen: Iterable[Stand], naam: str) -> dict[str | None, tuple[int, int]]:
    """Over their term, and over it or soon, by gemeente or by behandelaar; the largest first."""
    gevonden: dict[str | None, tuple[int, int]] = {}
    for stand in standen:
        te_laat, samen = gevonden.get(getattr(stand, naam), (0, 0))
        gevonden[getattr(stand, naam)] = (te_laat + stand.te_laat, samen + stand.samen)
    return dict(sorted(gevonden.items(), key=lambda paar: (-paar[1][0], -paar[1][1])))
