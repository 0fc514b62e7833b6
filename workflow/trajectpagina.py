"""Everything the page of one traject shows, as frozen data: where it stands, why, what may follow, what happened."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection

from workflow import personen
from workflow.dossier import Dossier
from workflow.gezin import Gezin, load
from workflow.herstart import earlier_number
from workflow.historie import content
from workflow.kalender import short
from workflow.overzichten import named, texts_of, texts_of_all
from workflow.routekaart import Route, Routekaart, Stap
from workflow.splitsing import departures, split_from, split_off
from workflow.termijnen import Termijn
from workflow.vergeten import Gelegenheid, occasions
from workflow.verhaal import BEIDEN, Antwoord, Lezer, Zin, for_whom
from workflow.verloop import Verloop
from workflow.voortgang import Mogelijkheid, child_starts, possibilities
from workflow.voorwaarden import advice, advised_products


@dataclass(frozen=True, slots=True)
class Halte:
    """One fase on the drawn route. `status`: gedaan, nu, straks, overgeslagen or uitval."""

    naam: str
    status: str
    toelichting: str
    bezoeken: int


@dataclass(frozen=True, slots=True)
class Kindregel:
    """A child traject in its parent's page; `voor_wie` is empty where there was never a choice."""

    nummer: str
    route: str
    stap: str
    wie: tuple[str, ...]
    voor_wie: str
    is_open: bool
    begonnen_op: int
    beeindigd_op: int | None


class Trede(NamedTuple):
    """A rung of the ladder, and its highest one: one step up is a success too."""

    nummer: int
    van: int


class Kindtermijn(NamedTuple):
    """A running term of a child traject, on the page of its parent."""

    kind: Kindregel
    termijn: Termijn


@dataclass(frozen=True, slots=True)
class Trajectpagina:
    """The page of one traject."""

    nummer: str
    volgnummer: int
    kaart: Routekaart
    route: Route
    stap: Stap | None
    is_open: bool
    is_ingetrokken: bool
    begonnen_op: int
    sinds_op: int
    beeindigd_op: int | None
    gemeente: str | None
    behandelaar: str | None
    behandelaar_naam: str | None
    deelnemers: tuple[personen.Persoon, ...]
    partijen: tuple[str, ...]
    ouder: str | None
    eerder: str | None
    afgesplitst_van: str | None
    afgesplitst: tuple[str, ...]
    haltes: tuple[Halte, ...]
    feiten: tuple[Antwoord, ...]
    trede: Trede | None
    termijnen: tuple[Termijn, ...]
    kindtermijnen: tuple[Kindtermijn, ...]
    mogelijkheden: tuple[Mogelijkheid, ...]
    kindstarten: tuple[Mogelijkheid, ...]
    adviezen: tuple[str, ...]
    heeft_advies: bool
    vergeten: Mapping[str, tuple[Gelegenheid, ...]]
    dossier: Dossier | None
    kinderen: tuple[Kindregel, ...]
    geschiedenis: tuple[Zin, ...]
    laatste_daad: Zin | None
    namen: Mapping[str, str]
    betrokkenen: frozenset[str]

    @property
    def eerste_vervaldag(self) -> int | None:
        """The last day of the term that ends first, here and in what is open beside it: as in the werkvoorraad."""
        termijnen = [*self.termijnen, *(kt.termijn for kt in self.kindtermijnen)]
        open_ = (t for t in termijnen if t.einde_dag is None and not t.loopt_af)
        return min((t.vervaldag for t in open_ if t.vervaldag), default=None)


def read(db: Connection, nummer: str, rol: str, vandaag: int) -> Trajectpagina:
    """The page of a traject as `rol` may see it. Raises OnbekendTraject."""
    return page_of(load(db, nummer, lock=False), nummer, rol, vandaag)


def page_of(
    gezin: Gezin, nummer: str, rol: str, vandaag: int, vertrokken: Mapping[str, int] | None = None
) -> Trajectpagina:
    """The page of a traject of this family, as the family is given. Raises OnbekendTraject.

    `vertrokken` are the people who left it, also where the family is given as it was before; found in it by default.
    """
    db = gezin.db
    verloop = gezin.by_nummer(nummer)
    stand = verloop.stand
    kaart = verloop.kaart
    route = kaart.routes[verloop.oorsprong["route"]]
    namen = _names(db, gezin)
    mensen = people_in(gezin, departures(gezin) if vertrokken is None else vertrokken)
    namen |= {p.pseudoniem: p.naam for p in mensen.values()}
    lezer = Lezer(verloop, route, namen, texts_of(db, verloop.traject_id), _people_above(gezin, verloop))
    is_ingetrokken = stand.route is None
    deelnemers = dict(map(reversed, verloop.oorsprong.get("deelnemers", ()))) if is_ingetrokken else stand.deelnemers
    kinderen = [(k, _child_line(k, verloop, namen)) for k in gezin.kinderen(verloop) if k.stand.route]
    dossier = None if is_ingetrokken else gezin.dossier(verloop, vandaag, rol)
    return Trajectpagina(
        nummer=nummer,
        volgnummer=verloop.log[-1].volgnummer,
        kaart=kaart,
        route=route,
        stap=stand.stap,
        is_open=stand.is_open,
        is_ingetrokken=is_ingetrokken,
        begonnen_op=stand.begonnen_op,
        sinds_op=stand.sinds_op,
        beeindigd_op=stand.beeindigd_op,
        gemeente=kaart.gemeenten.get(stand.kenmerken.get("gemeente", ""), stand.kenmerken.get("gemeente")),
        behandelaar=stand.kenmerken.get("behandelaar"),
        behandelaar_naam=namen.get(stand.kenmerken.get("behandelaar", "")),
        deelnemers=tuple(mensen[d] for d in deelnemers if d in mensen),
        partijen=tuple(namen.get(d, d) for d, soort in deelnemers.items() if soort == "organisatie"),
        ouder=_number_of(gezin, verloop.ouder_id),
        eerder=earlier_number(db, verloop),
        afgesplitst_van=split_from(db, verloop),
        afgesplitst=split_off(db, verloop),
        haltes=() if is_ingetrokken else _stops(verloop, kaart, route),
        feiten=lezer.facts(),
        trede=_rung(kaart, stand.stap),
        termijnen=tuple(gezin.terms(verloop, vandaag)),
        kindtermijnen=tuple(_child_terms(gezin, kinderen, vandaag)),
        mogelijkheden=() if is_ingetrokken else tuple(possibilities(gezin, verloop, rol, vandaag)),
        kindstarten=() if is_ingetrokken else tuple(child_starts(gezin, verloop, rol, vandaag)),
        adviezen=advised_products(dossier) if dossier else (),
        heeft_advies=bool(dossier and advice(dossier)),
        vergeten=occasions(verloop, rol),
        dossier=dossier,
        kinderen=tuple(regel for _, regel in kinderen),
        geschiedenis=lezer.history(),
        laatste_daad=lezer.last_deed(gezin),
        namen=namen,
        betrokkenen=involved(gezin),
    )


@dataclass(frozen=True, slots=True)
class Kindverhaal:
    """What happened in a traject that hangs on another."""

    nummer: str
    naam: str
    geschiedenis: tuple[Zin, ...]


def children_told(gezin: Gezin, pagina: Trajectpagina) -> list[Kindverhaal]:
    """The history of all that hangs on the traject of this page, by the names on it; one statement."""
    ouder = gezin.by_nummer(pagina.nummer)
    kinderen = list(gezin.kinderen(ouder))
    teksten = texts_of_all(gezin.db, [kind.traject_id for kind in kinderen]) if kinderen else {}

    def told(kind: Verloop) -> Kindverhaal:
        route = kind.kaart.routes[kind.oorsprong["route"]]
        eigen = {(nr, veld): tekst for (traject, nr, veld), tekst in teksten.items() if traject == kind.traject_id}
        lezer = Lezer(kind, route, pagina.namen, eigen, _people_above(gezin, kind))
        return Kindverhaal(kind.nummer, route.naam, lezer.history())

    return [told(kind) for kind in kinderen]


@dataclass(frozen=True, slots=True)
class Wijziging:
    """Something that would be otherwise."""

    wat: str
    was: str
    wordt: str


@dataclass(frozen=True, slots=True)
class Gevolgen:
    """What a correction would change: the row as it reads now, the rows that it adds, and what follows from them.

    `volgnummer` is the last row of the traject as it stands.
    """

    nu: Zin | None
    regels: tuple[Zin, ...]
    wijzigingen: tuple[Wijziging, ...]
    bezwaren: tuple[str, ...]
    namen: Mapping[str, str]
    volgnummer: int


def foreseen(
    gezin: Gezin,
    nummer: str,
    betreft: int | None,
    teksten: Mapping[str, str],
    follow: Callable[[], Sequence[str]],
    wie: Collection[str],
    peildag: int,
) -> Gevolgen:
    """What it would change that `follow` lets the family become something else, in memory; `follow` tells what is
    in the way. `teksten` are the texts of the first row that it adds, `wie` medewerkers whose names are wanted too;
    the terms are those of `peildag`.
    """
    db, verloop = gezin.db, gezin.by_nummer(nummer)
    route = verloop.kaarten[verloop.log[-1].routekaart].routes[verloop.oorsprong["route"]]
    namen = named(db, {*involved(gezin), *wie})
    namen |= {p.pseudoniem: p.naam for p in people_in(gezin, departures(gezin)).values()}
    laatste, voor = len(verloop.log), _told(gezin, verloop, peildag)
    bekend = {plek: tekst for plek, tekst in texts_of(db, verloop.traject_id).items() if plek[0] <= laatste}
    lezer = Lezer(verloop, route, namen, bekend)
    nu = next((lezer._sentence(rij) for rij in verloop.log if rij.volgnummer == betreft), None)
    bezwaren = follow()
    erbij = {(laatste + 1, veld): tekst for veld, tekst in teksten.items()}
    straks = Lezer(verloop, route, namen, {**bekend, **erbij})
    regels = tuple(straks._sentence(rij) for rij in verloop.log[laatste:])
    return Gevolgen(nu, regels, tuple(_changes(voor, _told(gezin, verloop, peildag))), tuple(bezwaren), namen, laatste)


def _told(gezin: Gezin, verloop: Verloop, vandaag: int) -> dict[str, str]:
    """Where a traject and its terms stand, in words."""
    stand = verloop.stand
    begin = short(stand.begonnen_op) if stand.route else ""
    termijnen: dict[str, str] = {}
    for t in gezin.terms(verloop, vandaag):
        keer = sum(naam.startswith(f"Termijn {t.naam}") for naam in termijnen) + 1
        uiterlijk = short(t.vervaldag) if t.vervaldag else "nog niet bekend"
        naam = f"Termijn {t.naam}" + (f" ({keer}e keer)" if keer > 1 else "")
        termijnen[naam] = f"vanaf {short(t.begin_dag)}, uiterlijk {uiterlijk} ({t.status.replace('_', ' ')})"
    sinds = f", sinds {short(stand.sinds_op)}" if stand.stap else ""
    return {"Stap": f"{stand.stap.naam}{sinds}" if stand.stap else "", "Begonnen": begin, **termijnen}


def _changes(voor: Mapping[str, str], na: Mapping[str, str]) -> Iterator[Wijziging]:
    for wat in {**voor, **na}:
        was, wordt = voor.get(wat, ""), na.get(wat, "")
        if was != wordt:
            yield Wijziging(wat, was, wordt)


def first_choice(mogelijk: Sequence[Mogelijkheid], adviezen: Sequence[str], heeft_advies: bool) -> Mogelijkheid | None:
    """The way forward that is most likely: what is advised first, else the first that no advice speaks against."""
    per_product = {m.overgang.product: m for m in reversed(mogelijk)}
    if geadviseerd := [per_product[product] for product in adviezen if product in per_product]:
        return geadviseerd[0]
    return next((m for m in mogelijk if not (heeft_advies and m.overgang.product)), None)


def _names(db: Connection, gezin: Gezin) -> dict[str, str]:
    return named(db, involved(gezin))


def involved(gezin: Gezin) -> frozenset[str]:
    """Pseudonyms of the medewerkers who recorded something about this family, or had it on their desk."""
    rijen = [content(rij) for verloop in gezin for rij in verloop.log]
    genoemd = [(rij.get("door"), rij.get("behandelaar"), rij.get("voorgesteld", {}).get("door")) for rij in rijen]
    return frozenset(wie for namen in genoemd for wie in namen if wie)


def everyone_in(gezin: Gezin) -> set[str]:
    """Everybody who takes part or once did: by the log, as who left or was withdrawn is in no stand."""
    rijen = [content(rij) for verloop in gezin for rij in verloop.log]
    begin = {wie for inhoud in rijen for soort, wie in inhoud.get("deelnemers", ()) if soort == "persoon"}
    samengevoegd = {inhoud[kant] for inhoud in rijen for kant in ("van", "naar") if inhoud.get(kant)}
    return begin | samengevoegd | {wie for verloop in gezin for wie in verloop.stand.deelnemers}


def people_in(gezin: Gezin, vertrokken: Mapping[str, int]) -> dict[str, personen.Persoon]:
    """The people of a family by pseudonym; who left as they were known then: nothing new of them is of this dossier."""
    return personen.by_pseudonym(gezin.db, everyone_in(gezin), vertrokken)


def _people_above(gezin: Gezin, verloop: Verloop) -> int:
    """How many people began the traject on which this one hangs; 0 for a root."""
    ouder = gezin.trajecten.get(verloop.ouder_id or 0)
    return _people_of(ouder) if ouder else 0


def _people_of(verloop: Verloop) -> int:
    return len(verloop.oorsprong.get("deelnemers", ()))


def _number_of(gezin: Gezin, traject_id: int | None) -> str | None:
    ouder = gezin.trajecten.get(traject_id or 0)
    return ouder.nummer if ouder else None


def _child_line(kind: Verloop, ouder: Verloop, namen: Mapping[str, str]) -> Kindregel:
    stand = kind.stand
    wie = tuple(d for d, soort in stand.deelnemers.items() if soort == "persoon")
    return Kindregel(
        nummer=kind.nummer,
        route=stand.route.naam if stand.route else "",
        stap=stand.stap.naam if stand.stap else "",
        wie=wie,
        voor_wie=for_whom(wie, _people_of(ouder), namen).replace(BEIDEN, BEIDEN.lower()),
        is_open=stand.is_open,
        begonnen_op=stand.begonnen_op,
        beeindigd_op=stand.beeindigd_op,
    )


def _child_terms(gezin: Gezin, kinderen: Sequence[tuple[Verloop, Kindregel]], vandaag: int) -> list[Kindtermijn]:
    """The running terms of the open children, the one that ends first at the top."""
    gevonden = [
        Kindtermijn(regel, termijn)
        for kind, regel in kinderen
        if kind.stand.is_open
        for termijn in gezin.terms(kind, vandaag)
        if termijn.einde_dag is None
    ]
    return sorted(gevonden, key=lambda kt: (kt.termijn.vervaldag is None, kt.termijn.vervaldag))


def _rung(kaart: Routekaart, stap: Stap | None) -> Trede | None:
    """Where the stap is on the ladder of the map, if it is."""
    if stap is None or stap.trede is None:
        return None
    treden = [s.trede for route in kaart.routes.values() for s in route.stappen.values() if s.trede is not None]
    return Trede(stap.trede, max(treden))


def _stops(verloop: Verloop, kaart: Routekaart, route: Route) -> tuple[Halte, ...]:
    """The fasen of the route in the order of the map, and an end stap when it stands in one."""
    bezocht_nu = verloop.stand.bezocht
    op_route = {s.fase for s in route.stappen.values() if s.fase and (s.code in bezocht_nu or not s.labels.get("stil"))}
    if len(op_route) == 1:
        return _stops_per_stap(verloop, route)
    bezocht = [stap.fase for stap, _ in verloop.stand.plekken]
    volgorde = [code for code in kaart.fasen if code in op_route]
    haltes = [
        _stop(verloop, kaart.fasen[code], [f == code for f in bezocht], _later(volgorde, code, bezocht))
        for code in volgorde
    ]
    return (*haltes, *_end_stop(verloop))


def _stops_per_stap(verloop: Verloop, route: Route) -> tuple[Halte, ...]:
    bezocht = [code for code, _, _ in verloop.stand.verblijven]
    volgorde = [
        s.code for s in route.stappen.values() if not s.einde and (s.code in bezocht or not s.labels.get("stil"))
    ]
    haltes = [
        _stop(verloop, route.stappen[code].naam, [s == code for s in bezocht], _later(volgorde, code, bezocht))
        for code in volgorde
        if code in bezocht or len(volgorde) <= 6
    ]
    return (*haltes, *_end_stop(verloop))


def _later(volgorde: list[str], code: str, bezocht: Sequence[str | None]) -> bool:
    """Whether a place further on was reached, so that this one was passed over."""
    verder = volgorde[volgorde.index(code) + 1 :]
    return any(plaats in verder for plaats in bezocht)


def _stop(verloop: Verloop, naam: str, hier: list[bool], is_voorbij: bool) -> Halte:
    verblijven = verloop.stand.verblijven
    momenten = [v for v, is_hier in zip(verblijven, hier, strict=True) if is_hier]
    keren = sum(is_hier and not vorige for vorige, is_hier in zip([False, *hier], hier, strict=False))
    if not momenten:
        dicht = is_voorbij or not verloop.stand.is_open
        return Halte(naam, "overgeslagen" if dicht else "straks", "", 0)
    if hier[-1] and verloop.stand.is_open:
        stap = verloop.stand.stap
        return Halte(naam, "nu", f"{stap.naam if stap else ''}, sinds {short(verblijven[-1][1])}", keren)
    stopte = len(hier) > 1 and hier[-2] and verloop.stand.klasse == "uitval"
    return Halte(naam, "uitval" if stopte else "gedaan", _span(momenten), keren)


def _span(momenten: list[tuple[str, int, int | None]]) -> str:
    van, tot = momenten[0][1], momenten[-1][2]
    dagen = sum((t or v) - v for _, v, t in momenten)
    eenheid = "dag" if dagen == 1 else "dagen"
    return f"{short(van)}, {dagen} {eenheid}" if tot is not None else short(van)


def _end_stop(verloop: Verloop) -> tuple[Halte, ...]:
    stand = verloop.stand
    if stand.is_open or stand.stap is None or not stand.stap.einde or stand.beeindigd_op is None:
        return ()
    status = {"uitval": "uitval", "afwijzing": "uitval"}.get(stand.klasse or "", "gedaan")
    return (Halte(stand.stap.naam, status, short(stand.beeindigd_op), 1),)
