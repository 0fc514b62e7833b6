"""The read side for screens: frozen rows and pages, few statements whatever the number of trajecten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, and_, func, literal, or_, select

from models.medewerker import medewerker
from models.organisatie import organisatie
from models.persoon import datasleutel, persoon
from models.projectie import deelname
from models.toelichting import toelichting
from models.traject import dringend, traject
from workflow import kluis, personen
from workflow.kaarten import Kaarten
from workflow.kluis import KluisDicht
from workflow.routekaart import Routekaart

PER_PAGE = 25
COUNT_CAP = 1000
STIL_DAGEN = 30
WEEK_DAGEN = 7
MAX_FOUND = 200
ONLEESBAAR = "naam niet leesbaar"

Lijst = Literal["mijn", "team", "alle"]

SORTERINGEN: Mapping[str, ColumnElement[Any]] = {
    "termijn": dringend,
    "sinds": traject.c.sinds_op,
    "begonnen": traject.c.begonnen_op,
    "activiteit": traject.c.laatste_op,
}


@dataclass(frozen=True, slots=True)
class Vraag:
    """What a user asks of the werkvoorraad: a list, filters, an order and a place in it.

    `na` and `voor` are keys (sort value, id) of the last and first row seen.
    """

    lijst: Lijst = "mijn"
    behandelaar: str | None = None
    termijn: bool = False
    stil: bool = False
    fase: str | None = None
    route: str | None = None
    gemeente: str | None = None
    zoek: str = ""
    sorteer: str = "termijn"
    aflopend: bool = False
    na: tuple[int, int] | None = None
    voor: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Regel:
    """One line of the werkvoorraad."""

    id: int
    nummer: str
    namen: tuple[str, ...]
    route: str
    stap: str
    fase: str
    is_open: bool
    sinds_op: int | None
    begonnen_op: int | None
    laatste_op: int | None
    vervaldag: int | None
    termijn: str | None
    behandelaar: str | None
    gemeente: str | None


@dataclass(frozen=True, slots=True)
class Pagina:
    """A page of the werkvoorraad; `aantal` is capped: COUNT_CAP + 1 means more than COUNT_CAP."""

    regels: tuple[Regel, ...]
    aantal: int
    volgende: tuple[int, int] | None
    vorige: tuple[int, int] | None


def werkvoorraad(db: Connection, vraag: Vraag, wie: str, vandaag: int) -> Pagina:
    """The open trajecten that answer the question, for the medewerker with pseudonym `wie`.

    Where nothing is left beyond `na` or `voor`, the first page answers.
    """
    filters = _filters(db, vraag, wie, vandaag)
    rijen, meer_voor, meer_na = _rows(db, vraag, filters)
    if not rijen and (vraag.na or vraag.voor):
        rijen, meer_voor, meer_na = _rows(db, replace(vraag, na=None, voor=None), filters)
    telling = select(func.count()).select_from(select(literal(1)).where(*filters).limit(COUNT_CAP + 1).subquery())
    regels = _lines(db, rijen)
    sleutels = [(r.sorteerwaarde, r.id) for r in rijen]
    return Pagina(
        regels=regels,
        aantal=db.execute(telling).scalar_one(),
        volgende=sleutels[-1] if meer_na else None,
        vorige=sleutels[0] if meer_voor else None,
    )


def _filters(db: Connection, vraag: Vraag, wie: str, vandaag: int) -> list[ColumnElement[bool]]:
    t = traject.c
    if vraag.zoek:
        return [_found(db, vraag.zoek)]
    filters: list[ColumnElement[bool]] = [t.in_werkvoorraad.is_(True)]
    if vraag.lijst == "mijn":
        filters.append(t.behandelaar == wie)
    elif vraag.lijst == "team":
        filters.append(t.behandelaar.is_(None))
    elif vraag.behandelaar:
        filters.append(t.behandelaar == vraag.behandelaar)
    if vraag.termijn:
        filters.append(dringend <= vandaag + WEEK_DAGEN)
    if vraag.stil:
        filters.append(t.laatste_op < vandaag - STIL_DAGEN)
    filters += [t[naam] == waarde for naam in ("fase", "route", "gemeente") if (waarde := getattr(vraag, naam))]
    return filters


def _found(db: Connection, zoek: str) -> ColumnElement[bool]:
    if any(teken.isdigit() for teken in zoek):
        return traject.c.nummer.contains(zoek.strip().upper(), autoescape=True)
    gevonden = [p.pseudoniem for p in personen.by_name(db, zoek, MAX_FOUND)]
    van_hen = select(deelname.c.traject_id).where(deelname.c.deelnemer.in_(gevonden))
    return and_(traject.c.id.in_(van_hen), traject.c.ouder_id.is_(None))


def _rows(db: Connection, vraag: Vraag, filters: Sequence[ColumnElement[bool]]) -> tuple[list[Row[Any]], bool, bool]:
    kolom = _order(vraag)
    terug = vraag.voor is not None
    aflopend = vraag.aflopend != terug
    plaats = vraag.voor or vraag.na
    waar = [*filters, _beyond(kolom, plaats, aflopend)] if plaats else list(filters)
    volgorde = [k.desc() if aflopend else k.asc() for k in (kolom, traject.c.id)]
    vraag_rijen = select(traject, kolom.label("sorteerwaarde")).where(*waar).order_by(*volgorde).limit(PER_PAGE + 1)
    rijen = list(db.execute(vraag_rijen))
    er_is_meer = len(rijen) > PER_PAGE
    rijen = rijen[:PER_PAGE]
    if terug:
        return rijen[::-1], er_is_meer, True
    return rijen, plaats is not None, er_is_meer


def _order(vraag: Vraag) -> ColumnElement[Any]:
    """A search also finds what was withdrawn, which has no days; in a list all have them, and there is an index."""
    kolom = SORTERINGEN[vraag.sorteer]
    return func.coalesce(kolom, 0) if vraag.zoek else kolom


def _beyond(kolom: ColumnElement[Any], plaats: tuple[int, int], aflopend: bool) -> ColumnElement[bool]:
    waarde, id_ = plaats
    if aflopend:
        return or_(kolom < waarde, and_(kolom == waarde, traject.c.id < id_))
    return or_(kolom > waarde, and_(kolom == waarde, traject.c.id > id_))


def _lines(db: Connection, rijen: Sequence[Row[Any]]) -> tuple[Regel, ...]:
    namen = names_in(db, [r.id for r in rijen])
    kaarten = Kaarten(db)
    wie = medewerkers(db, {r.behandelaar for r in rijen if r.behandelaar})
    return tuple(_line(r, kaarten[r.routekaart], namen.get(r.id, ()), wie) for r in rijen)


def _line(r: Row[Any], kaart: Routekaart, namen: tuple[str, ...], wie: Mapping[str, str]) -> Regel:
    route = kaart.routes[r.route]
    stap = route.stappen.get(r.stap or "")
    return Regel(
        id=r.id,
        nummer=r.nummer,
        namen=namen,
        route=route.naam,
        stap=stap.naam if stap else "Ingetrokken",
        fase=kaart.fasen.get(r.fase or "", ""),
        is_open=r.is_open,
        sinds_op=r.sinds_op,
        begonnen_op=r.begonnen_op,
        laatste_op=r.laatste_op,
        vervaldag=r.vervaldag,
        termijn=kaart.termijnen[r.termijn].naam if r.termijn else None,
        behandelaar=wie.get(r.behandelaar or ""),
        gemeente=kaart.gemeenten.get(r.gemeente or "", r.gemeente),
    )


def names_in(db: Connection, traject_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Names of the people who now take part in each traject; one statement. One that cannot be read hides no other."""
    rijen = db.execute(
        select(deelname.c.traject_id, persoon.c.pseudoniem, persoon.c.gegevens, datasleutel.c.omhuld)
        .join(persoon, persoon.c.pseudoniem == deelname.c.deelnemer)
        .join(datasleutel, datasleutel.c.id == persoon.c.datasleutel_id)
        .where(deelname.c.traject_id.in_(traject_ids), deelname.c.tot_dag.is_(None))
        .order_by(deelname.c.traject_id, deelname.c.nr)
    )
    namen: dict[int, tuple[str, ...]] = {}
    for rij in rijen:
        namen[rij.traject_id] = (*namen.get(rij.traject_id, ()), _name_of(rij))
    return namen


def _name_of(rij: Any) -> str:
    try:
        return personen.opened(rij).naam
    except KluisDicht:
        return ONLEESBAAR


def medewerkers(db: Connection, pseudoniemen: Iterable[str] | None = None, rol: str | None = None) -> dict[str, str]:
    """Names of medewerkers by pseudonym: those asked for, or all active ones (of a role)."""
    vraag = select(medewerker.c.pseudoniem, medewerker.c.naam).order_by(medewerker.c.naam)
    if pseudoniemen is not None:
        vraag = vraag.where(medewerker.c.pseudoniem.in_(list(pseudoniemen)))
    else:
        vraag = vraag.where(medewerker.c.is_actief.is_(True))
    if rol:
        vraag = vraag.where(medewerker.c.rol == rol)
    return {rij.pseudoniem: rij.naam for rij in db.execute(vraag)}


def organisaties(db: Connection, soort: str | None = None) -> dict[str, str]:
    """Names of active organisations by code, of one kind or all."""
    vraag = select(organisatie.c.code, organisatie.c.naam).where(organisatie.c.is_actief.is_(True))
    if soort:
        vraag = vraag.where(organisatie.c.soort == soort)
    return {rij.code: rij.naam for rij in db.execute(vraag.order_by(organisatie.c.naam))}


def texts_of(db: Connection, traject_id: int) -> dict[tuple[int, str], str]:
    """The free texts of a traject by (volgnummer, veld); one statement."""
    rijen = db.execute(
        select(toelichting.c.volgnummer, toelichting.c.veld, toelichting.c.tekst, datasleutel.c.omhuld)
        .join(datasleutel, datasleutel.c.id == toelichting.c.datasleutel_id)
        .where(toelichting.c.traject_id == traject_id)
    )
    slot = kluis.current()
    return {
        (r.volgnummer, r.veld): kluis.decrypt(slot.unwrap(r.omhuld), r.tekst, f"{traject_id}/{r.volgnummer}/{r.veld}")
        for r in rijen
    }
