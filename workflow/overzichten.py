"""The read side for screens: frozen rows and pages, few statements whatever the number of trajecten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Row,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
)

from models import klok
from models.gebeurtenis import gebeurtenis
from models.medewerker import medewerker
from models.organisatie import organisatie
from models.persoon import datasleutel, persoon
from models.projectie import deelname, deelname_oud
from models.toelichting import toelichting
from models.traject import dringend, traject
from workflow import kluis, personen
from workflow.kaarten import Kaarten
from workflow.kalender import short
from workflow.kluis import KluisDicht
from workflow.routekaart import Routekaart
from workflow.vervanging import cover_columns, is_cover
from workflow.zicht import AFGESCHERMD, hidden

PER_PAGE = 25
COUNT_CAP = 1000
FASEN_CAP = 200
"""A list of so many trajecten is looked through for its fasen; a longer one has nearly all of them."""

STIL_DAGEN = 30
WEEK_DAGEN = 7
MAX_FOUND = 200
ONLEESBAAR = "naam niet leesbaar"

Lijst = Literal["mijn", "team", "alle"]

geregistreerd_us = func.coalesce(
    select(gebeurtenis.c.vastgelegd_op)
    .where(gebeurtenis.c.traject_id == traject.c.id, gebeurtenis.c.volgnummer == 1)
    .correlate(traject)
    .scalar_subquery(),
    0,
)
"""The moment at which a traject was entered."""

SORTERINGEN: Mapping[str, ColumnElement[Any]] = {
    "termijn": dringend,
    "sinds": traject.c.sinds_op,
    "begonnen": traject.c.begonnen_op,
    "contact": traject.c.contact_op,
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
    vervanging: bool = False
    fase: str | None = None
    route: str | None = None
    gemeente: str | None = None
    zoek: str = ""
    sorteer: str = "termijn"
    aflopend: bool = False
    na: tuple[int, int] | None = None
    voor: tuple[int, int] | None = None


class Dekking(NamedTuple):
    """Whom somebody covers for with a traject, in words, and until which day."""

    van: str
    tot_met: int

    def __str__(self) -> str:
        return f"{self.van}, tot en met {short(self.tot_met)}"


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
    contact_op: int | None
    geregistreerd_op: int | None
    vervaldag: int | None
    termijn: str | None
    behandelaar: str | None
    gemeente: str | None
    vervangt: Dekking | None
    """Whom the behandelaar covers for, and until when."""

    def silent_days(self, vandaag: int) -> int:
        """How long there was no contact; a melding that was entered late is not silent from before it was here."""
        return vandaag - max(self.contact_op or 0, self.geregistreerd_op or 0)


@dataclass(frozen=True, slots=True)
class Pagina:
    """A page of the werkvoorraad; `aantal` is capped: COUNT_CAP + 1 means more than COUNT_CAP.

    `fasen` are those of the trajecten of the list before it is narrowed; None when it is too long to look through.
    """

    regels: tuple[Regel, ...]
    aantal: int
    fasen: frozenset[str | None] | None
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
    aantal, fasen = _counts(db, filters, [] if vraag.zoek else [*hidden(db).in_sight, *_list_filters(vraag, wie)])
    regels = _lines(db, rijen)
    sleutels = [(r.sorteerwaarde, r.id) for r in rijen]
    return Pagina(
        regels=regels,
        aantal=aantal,
        fasen=fasen,
        volgende=sleutels[-1] if meer_na else None,
        vorige=sleutels[0] if meer_voor else None,
    )


def _counts(
    db: Connection, filters: Sequence[ColumnElement[bool]], van_lijst: Sequence[ColumnElement[bool]]
) -> tuple[int, frozenset[str | None] | None]:
    """How many there are, and the fasen of the whole list: one statement, which looks at no more rows than the caps."""
    gevonden = select(literal(1)).where(*filters).limit(COUNT_CAP + 1).subquery()
    lijst = select(traject.c.fase).where(*van_lijst).limit(FASEN_CAP + 1 if van_lijst else 0).subquery()
    totaal = select(literal(True).label("is_totaal"), literal(None).label("fase"), func.count()).select_from(gevonden)
    per_fase = select(literal(False), lijst.c.fase, func.count()).group_by(lijst.c.fase)
    geteld = db.execute(union_all(totaal, per_fase)).all()
    fasen = {fase: aantal for is_totaal, fase, aantal in geteld if not is_totaal}
    is_kort = bool(van_lijst) and sum(fasen.values()) <= FASEN_CAP
    return sum(aantal for is_totaal, _, aantal in geteld if is_totaal), frozenset(fasen) if is_kort else None


@dataclass(frozen=True, slots=True)
class Eindigend:
    """A traject of which a term ends soon or is over, by its last day."""

    id: int
    nummer: str
    vervaldag: int
    termijn: str


MAX_EINDIGEND = 10


def on_desk(db: Connection, wie: str) -> Sequence[Row[Any]]:
    """The trajecten in sight in the werkvoorraad of a medewerker, the most urgent first; one statement."""
    t = traject.c
    vraag: Select[Any] = select(t.id, t.nummer, t.wortel_id, t.vervaldag, t.termijn, t.routekaart, *cover_columns())
    waar = (*hidden(db).in_sight, *_list_filters(Vraag(), wie))
    return db.execute(vraag.where(*waar).order_by(dringend, t.id)).all()


def covered(bureau: Sequence[Row[Any]]) -> dict[int, Dekking]:
    """Of these rows of `on_desk` what is covered for another, by id."""
    return {r.id: dekking for r in bureau if (dekking := _covered(r))}


def ending(db: Connection, bureau: Sequence[Row[Any]], vandaag: int) -> list[Eindigend]:
    """Of these rows of `on_desk` the first whose term ends within a week or is over; no statement of its own."""
    kaarten = Kaarten(db)
    gauw = [r for r in bureau if r.vervaldag is not None and r.vervaldag <= vandaag + WEEK_DAGEN][:MAX_EINDIGEND]
    return [Eindigend(r.id, r.nummer, r.vervaldag, kaarten[r.routekaart].termijnen[r.termijn].naam) for r in gauw]


def fasen_to_choose(kaart: Routekaart, pagina: Pagina, gekozen: str | None) -> dict[str, str]:
    """The fasen that a list can be narrowed to: those that it has; of a long list those that the map has for it."""
    mogelijk = (_fasen_of_map(kaart) if pagina.fasen is None else pagina.fasen) | {gekozen}
    return {code: naam for code, naam in kaart.fasen.items() if code in mogelijk}


def _filters(db: Connection, vraag: Vraag, wie: str, vandaag: int) -> list[ColumnElement[bool]]:
    t = traject.c
    gezien = hidden(db).in_sight
    if vraag.zoek:
        return [*gezien, _found(db, vraag.zoek)]
    filters = [*gezien, *_list_filters(vraag, wie)]
    if vraag.termijn:
        filters.append(dringend <= vandaag + WEEK_DAGEN)
    if vraag.stil:
        filters += [
            t.contact_op < vandaag - STIL_DAGEN,
            geregistreerd_us < klok.end_of_day_us(vandaag - STIL_DAGEN - 1),
        ]
    if vraag.vervanging:
        filters.append(is_cover())
    filters += [t[naam] == waarde for naam in ("fase", "route", "gemeente") if (waarde := getattr(vraag, naam))]
    return filters


def _list_filters(vraag: Vraag, wie: str) -> list[ColumnElement[bool]]:
    t = traject.c
    filters: list[ColumnElement[bool]] = [t.in_werkvoorraad.is_(True)]
    if vraag.lijst == "mijn":
        filters.append(t.behandelaar == wie)
    elif vraag.lijst == "team":
        filters.append(t.behandelaar.is_(None))
    elif vraag.behandelaar:
        filters.append(t.behandelaar == vraag.behandelaar)
    return filters


def _fasen_of_map(kaart: Routekaart) -> frozenset[str | None]:
    routes = [route for route in kaart.routes.values() if route.labels.get("werkvoorraad") != "nee"]
    return frozenset(stap.fase for route in routes for stap in route.stappen.values() if not stap.einde)


def _found(db: Connection, zoek: str) -> ColumnElement[bool]:
    if any(teken.isdigit() for teken in zoek):
        return traject.c.nummer.contains(zoek.strip().upper(), autoescape=True)
    gevonden = [p.pseudoniem for p in personen.called(db, zoek, MAX_FOUND)]
    van_hen = select(deelname.c.traject_id).where(deelname.c.deelnemer.in_(gevonden))
    t = traject.alias()
    ingetrokken = (
        select(deelname_oud.c.traject_id)
        .join(t, t.c.id == deelname_oud.c.traject_id)
        .where(deelname_oud.c.deelnemer.in_(gevonden), t.c.stap.is_(None))
    )
    return and_(traject.c.id.in_(union(van_hen, ingetrokken)), traject.c.ouder_id.is_(None))


def _rows(db: Connection, vraag: Vraag, filters: Sequence[ColumnElement[bool]]) -> tuple[list[Row[Any]], bool, bool]:
    kolom = _order(vraag)
    terug = vraag.voor is not None
    aflopend = vraag.aflopend != terug
    plaats = vraag.voor or vraag.na
    waar = [*filters, _beyond(kolom, plaats, aflopend)] if plaats else list(filters)
    volgorde = [k.desc() if aflopend else k.asc() for k in (kolom, traject.c.id)]
    vraag_rijen = (
        _as_lines().add_columns(kolom.label("sorteerwaarde")).where(*waar).order_by(*volgorde).limit(PER_PAGE + 1)
    )
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


def all_lines(db: Connection, vraag: Vraag, wie: str, vandaag: int, hoogstens: int) -> tuple[Regel, ...]:
    """Every line that answers the question, in its order, without pages; so many at most."""
    kolom = _order(vraag)
    volgorde = [k.desc() if vraag.aflopend else k.asc() for k in (kolom, traject.c.id)]
    rijen = _as_lines().where(*_filters(db, vraag, wie, vandaag))
    return _lines(db, list(db.execute(rijen.order_by(*volgorde).limit(hoogstens))))


def desk(db: Connection, wie: str | None, hoogstens: int) -> tuple[Regel, ...]:
    """The open trajecten of a medewerker (pseudonym; None: of the team), the most urgent first."""
    van = traject.c.behandelaar == wie if wie else traject.c.behandelaar.is_(None)
    waar = [*hidden(db).in_sight, traject.c.in_werkvoorraad.is_(True), van]
    vraag = _as_lines().where(*waar)
    return _lines(db, list(db.execute(vraag.order_by(dringend, traject.c.id).limit(hoogstens))))


def _lines(db: Connection, rijen: Sequence[Row[Any]]) -> tuple[Regel, ...]:
    namen = names_in(db, [r.id for r in rijen])
    kaarten = Kaarten(db)
    wie = medewerkers(db, {r.behandelaar for r in rijen if r.behandelaar})
    return tuple(_line(r, kaarten[r.routekaart], namen.get(r.id, ()), wie) for r in rijen)


def _as_lines() -> Select[Any]:
    """Rows of the table traject with what a line tells beside them."""
    return select(traject, geregistreerd_us.label("geregistreerd_us"), *cover_columns())


def _covered(r: Row[Any]) -> Dekking | None:
    return None if r.gedekt_tot_met is None else Dekking(r.gedekt_van, r.gedekt_tot_met)


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
        contact_op=r.contact_op,
        geregistreerd_op=klok.day_of_us(r.geregistreerd_us) if r.geregistreerd_us else None,
        vervaldag=r.vervaldag,
        termijn=kaart.termijnen[r.termijn].naam if r.termijn else None,
        behandelaar=wie.get(r.behandelaar or ""),
        gemeente=kaart.gemeenten.get(r.gemeente or "", r.gemeente),
        vervangt=_covered(r),
    )


def names_in(db: Connection, traject_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Names of the people who take part in each traject now, or did in one that was withdrawn; one statement.

    A name that cannot be read hides no other. Of a dossier out of sight there is no name.
    """
    wie = _members(traject_ids).subquery()
    rijen = db.execute(
        select(wie.c.traject_id, persoon.c.pseudoniem, persoon.c.gegevens, datasleutel.c.omhuld)
        .join(persoon, persoon.c.pseudoniem == wie.c.deelnemer)
        .join(datasleutel, datasleutel.c.id == persoon.c.datasleutel_id)
        .order_by(wie.c.traject_id, wie.c.nr)
    )
    namen: dict[int, tuple[str, ...]] = {}
    for rij in rijen:
        namen[rij.traject_id] = (*namen.get(rij.traject_id, ()), _name_of(rij))
    return namen | {id_: (AFGESCHERMD,) for id_ in hidden(db).nummers.keys() & set(traject_ids)}


def _members(traject_ids: Sequence[int]) -> CompoundSelect[Any]:
    nu = select(deelname.c.traject_id, deelname.c.nr, deelname.c.deelnemer).where(
        deelname.c.traject_id.in_(traject_ids), deelname.c.tot_dag.is_(None)
    )
    ingetrokken = (
        select(deelname_oud.c.traject_id, deelname_oud.c.nr, deelname_oud.c.deelnemer)
        .join(traject, traject.c.id == deelname_oud.c.traject_id)
        .where(deelname_oud.c.traject_id.in_(traject_ids), traject.c.stap.is_(None))
    )
    return union(nu, ingetrokken)


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


OPDRACHTREGEL = {"opdrachtregel": "Opdrachtregel", "systeem": "op de server"}
"""Who and where the log names for what is done on the command line, in words."""


def named(db: Connection, pseudoniemen: Iterable[str]) -> dict[str, str]:
    """Names of the active organisations by code and of these medewerkers by pseudonym; one statement.

    The command line, which is nobody's account, is among them.
    """
    wie = select(medewerker.c.pseudoniem, medewerker.c.naam).where(medewerker.c.pseudoniem.in_(list(pseudoniemen)))
    waar = select(organisatie.c.code, organisatie.c.naam).where(organisatie.c.is_actief.is_(True))
    return OPDRACHTREGEL | {code: naam for code, naam in db.execute(union_all(waar, wie))}


TEKST_ONLEESBAAR = "(Deze tekst kan niet worden gelezen. Waarschuw de beheerder.)"


def texts_of(db: Connection, traject_id: int) -> dict[tuple[int, str], str]:
    """The free texts of a traject by (volgnummer, veld), of one that cannot be read TEKST_ONLEESBAAR; one statement."""
    return {(volgnummer, veld): tekst for (_, volgnummer, veld), tekst in texts_of_all(db, [traject_id]).items()}


def texts_of_all(db: Connection, traject_ids: Iterable[int]) -> dict[tuple[int, int, str], str]:
    """The same of several trajecten, by (traject, volgnummer, veld); one statement."""
    t = toelichting.c
    rijen = db.execute(
        select(t.traject_id, t.volgnummer, t.veld, t.tekst, datasleutel.c.omhuld)
        .join(datasleutel, datasleutel.c.id == t.datasleutel_id)
        .where(t.traject_id.in_(list(traject_ids)))
    )
    slot = kluis.current()
    return {
        (r.traject_id, r.volgnummer, r.veld): _text(
            slot.unwrap(r.omhuld), r.tekst, f"{r.traject_id}/{r.volgnummer}/{r.veld}"
        )
        for r in rijen
    }


def _text(sleutel: bytes, geheim: bytes, plaats: str) -> str:
    """The text; where this one is broken the rest of the dossier can still be read."""
    try:
        return kluis.decrypt(sleutel, geheim, plaats)
    except (KluisDicht, TypeError):
        return TEKST_ONLEESBAAR
