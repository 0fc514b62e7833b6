"""Everything the page of one traject shows, as frozen data: where it stands, why, what may follow, what happened."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from models.gebeurtenis import Gebeurtenis
from workflow import personen
from workflow.antwoorden import said
from workflow.correcties import fixed
from workflow.dossier import Dossier
from workflow.gezin import Gezin, load
from workflow.herstart import earlier_number
from workflow.historie import Feit, content, effective, withdrawn
from workflow.kalender import daynumber, short
from workflow.overzichten import named, texts_of, texts_of_all
from workflow.routekaart import Overgang, Reden, Route, Routekaart, Stap, Veld, in_zin
from workflow.splitsing import departures, split_from, split_off
from workflow.termijnen import Termijn
from workflow.vergeten import Gelegenheid, occasions
from workflow.verloop import SPLITSING, Verloop
from workflow.vervanging import REDENEN
from workflow.voortgang import Mogelijkheid, child_starts, possibilities
from workflow.voorwaarden import advice, advised_products
from workflow.zinnen import gaps, happened

OVER_CORRECTIE = "toelichting_correctie"
"""The text of a correction that is about the correction itself."""

DADEN = ("start", "overgang", "overdracht")
"""Soorten of rows that somebody asks for, and may undo."""

MAX_GELEVERD = 2000
"""So many characters are shown of a text that was delivered."""

VOOR_WIE, BEIDEN = "Voor wie", "Beiden"


@dataclass(frozen=True, slots=True)
class Antwoord:
    """One answer as people read it."""

    vraag: str
    waarde: str


@dataclass(frozen=True, slots=True)
class Tekst:
    """A free text of a row, as it reads from this volgnummer on."""

    volgnummer: int
    veld: str
    tekst: str


@dataclass(frozen=True, slots=True)
class Zin:
    """One line of history. `status`: "" when it stands as it was written, else ingetrokken or verbeterd.

    `is_vast`: nobody corrects it by itself. `eerder`: how it read before each verbetering that stands, the first
    reading first. `komt_terug_op`: the volgnummer of the end that this new fact leaves, as a legal herroeping does.
    `tussengevoegd`: why it was entered between rows that were there already.
    """

    volgnummer: int
    soort: str
    dag: int
    dag_eerst: int
    vastgelegd_op: int
    tekst: str
    door: str
    door_code: str
    rol: str
    organisatie: str
    kaartversie: str
    antwoorden: tuple[Antwoord, ...]
    teksten: tuple[Tekst, ...]
    geleverd: tuple[Antwoord, ...]
    reden: str | None
    tussengevoegd: str | None
    status: str
    is_correctie: bool
    is_vast: bool
    betreft: int | None
    is_laat: bool
    opdracht_id: str
    eerder: tuple[Zin, ...]
    komt_terug_op: int | None
    voorgesteld_door: str | None


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
    lezer = _Lezer(verloop, route, namen, texts_of(db, verloop.traject_id), _people_above(gezin, verloop))
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
        lezer = _Lezer(kind, route, pagina.namen, eigen, _people_above(gezin, kind))
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
    lezer = _Lezer(verloop, route, namen, bekend)
    nu = next((lezer._sentence(rij) for rij in verloop.log if rij.volgnummer == betreft), None)
    bezwaren = follow()
    erbij = {(laatste + 1, veld): tekst for veld, tekst in teksten.items()}
    straks = _Lezer(verloop, route, namen, {**bekend, **erbij})
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


def latest_texts(teksten: Sequence[Tekst], tot: int | None = None) -> dict[str, str]:
    """The texts of a row by veld, as they read now, or as they read up to and with this volgnummer."""
    return {t.veld: t.tekst for t in teksten if tot is None or t.volgnummer <= tot}


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
        voor_wie=_for_whom(wie, _people_of(ouder), namen).replace(BEIDEN, BEIDEN.lower()),
        is_open=stand.is_open,
        begonnen_op=stand.begonnen_op,
        beeindigd_op=stand.beeindigd_op,
    )


def _for_whom(wie: Sequence[str], samen: int, namen: Mapping[str, str]) -> str:
    """Whose a child traject is, of how many people together; empty where there was no choice."""
    if samen < 2 or not wie:
        return ""
    return BEIDEN if len(wie) == samen else " en ".join(namen.get(d, "onbekend") for d in wie)


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


def _places(feiten: Iterable[Feit]) -> dict[int, str | None]:
    """The stap in which each fact found the traject, by today's knowledge."""
    stap: str | None = None
    plaatsen: dict[int, str | None] = {}
    for feit in feiten:
        plaatsen[feit.volgnummer] = stap
        stap = feit.naar or stap
    return plaatsen


def _ends_before(feiten: Iterable[Feit], route: Route) -> dict[int, int]:
    """Facts that leave an end again, each with the fact that had led there."""
    einde: int | None = None
    gevonden: dict[int, int] = {}
    for feit in feiten:
        if feit.naar is None or feit.naar not in route.stappen:
            continue
        if einde is not None:
            gevonden[feit.volgnummer] = einde
        einde = feit.volgnummer if route.stappen[feit.naar].einde else None
    return gevonden


class _Lezer:
    """Turns the rows of one traject into sentences."""

    def __init__(
        self,
        verloop: Verloop,
        route: Route,
        namen: Mapping[str, str],
        teksten: Mapping[tuple[int, str], str],
        personen_boven: int = 0,
    ) -> None:
        self._verloop, self._route, self._namen, self._teksten = verloop, route, namen, teksten
        self._personen_boven = personen_boven
        self._weg = withdrawn(verloop.log)
        self._feiten = {f.volgnummer: f for f in effective(verloop.log)}
        self._van = _places(self._feiten.values())
        self._einde_voor = _ends_before(self._feiten.values(), route)
        self._verbeteringen = [r for r in verloop.log if r.soort == "verbetering" and r.volgnummer not in self._weg]
        self._verbeterd = {r.betreft_volgnummer for r in self._verbeteringen}

    def facts(self) -> tuple[Antwoord, ...]:
        """The kenmerken as they are now, in the order of the map."""
        kenmerken = self._verloop.stand.kenmerken
        return tuple(
            Antwoord(veld.label, self._said(veld, kenmerken[naam]))
            for naam, veld in self._route.velden.items()
            if naam in kenmerken
        )

    def history(self) -> tuple[Zin, ...]:
        """Every row as a sentence, the latest day first."""
        zinnen = [self._sentence(rij) for rij in self._verloop.log]
        return tuple(sorted(zinnen, key=lambda z: (z.dag, z.volgnummer), reverse=True))

    def last_deed(self, gezin: Gezin) -> Zin | None:
        """What was done last, when somebody asked for it here: no correction, delivery or effect from elsewhere."""
        opdracht_id = self._verloop.log[-1].opdracht_id
        samen = [(verloop, rij) for verloop in gezin for rij in verloop.log if rij.opdracht_id == opdracht_id]
        verloop, eerste = min(samen, key=lambda paar: paar[1].id)
        if verloop is not self._verloop or eerste.soort not in DADEN or self._is_delivered(eerste):
            return None
        return None if content(eerste).get("ingang") == SPLITSING else self._sentence(eerste)

    def _is_delivered(self, rij: Gebeurtenis) -> bool:
        overgang = self._overgang(rij)
        return overgang is not None and bool(overgang.labels.get("stil"))

    def _sentence(self, rij: Gebeurtenis) -> Zin:
        inhoud = content(rij)
        feit = self._feiten.get(rij.volgnummer)
        dag = feit.dag if feit else rij.dag
        return Zin(
            volgnummer=rij.volgnummer,
            soort=rij.soort,
            dag=dag,
            dag_eerst=rij.dag,
            vastgelegd_op=rij.vastgelegd_op,
            tekst=self._text(rij, inhoud),
            door=self._namen.get(inhoud.get("door", ""), "onbekend"),
            door_code=inhoud.get("door", ""),
            rol=inhoud.get("rol", ""),
            organisatie=self._namen.get(inhoud.get("organisatie", ""), inhoud.get("organisatie", "")),
            kaartversie=self._verloop.kaarten[rij.routekaart].versie,
            antwoorden=self._answers(rij, feit, inhoud),
            teksten=self._texts(rij),
            geleverd=self._delivered(rij),
            reden=self._reason(rij, rij.reden),
            tussengevoegd=self._reason(rij, inhoud.get("correctiereden")),
            status=self._status(rij),
            is_correctie=rij.soort in ("intrekking", "verbetering"),
            is_vast=fixed(self._verloop.log, rij) is not None,
            betreft=rij.betreft_volgnummer,
            is_laat=rij.vastgelegd_op // 86_400_000_000 - rij.dag > 1
            and rij.soort not in ("intrekking", "verbetering"),
            opdracht_id=rij.opdracht_id,
            eerder=self._earlier(rij),
            komt_terug_op=self._einde_voor.get(rij.volgnummer),
            voorgesteld_door=self._namen.get(inhoud["voorgesteld"]["door"], "onbekend")
            if "voorgesteld" in inhoud
            else None,
        )

    def _earlier(self, rij: Gebeurtenis) -> tuple[Zin, ...]:
        """How a row read before each verbetering of it that stands."""
        laatste = next((r for r in reversed(self._verbeteringen) if r.betreft_volgnummer == rij.volgnummer), None)
        if laatste is None:
            return ()
        toen = Verloop(self._verloop.traject_id, self._verloop.kaarten)
        toen.log = [r for r in self._verloop.log if r.volgnummer < laatste.volgnummer]
        was = _Lezer(toen, self._route, self._namen, self._teksten, self._personen_boven)._sentence(rij)
        return (*was.eerder, was)

    def _status(self, rij: Gebeurtenis) -> str:
        if rij.volgnummer in self._weg:
            return "ingetrokken"
        return "verbeterd" if rij.volgnummer in self._verbeterd else ""

    def _text(self, rij: Gebeurtenis, inhoud: Mapping[str, Any]) -> str:
        return getattr(self, f"_text_{rij.soort}")(rij, inhoud)  # type: ignore[no-any-return]

    def _text_start(self, rij: Gebeurtenis, inhoud: Mapping[str, Any]) -> str:
        if inhoud.get("ingang") == "splitsing":
            return f"Afgesplitst, in de stap {self._stap(rij.naar)}"
        return self._happened(rij) or f"{self._route.naam}: begonnen in {self._stap(rij.naar)}"

    def _text_overgang(self, rij: Gebeurtenis, _inhoud: Mapping[str, Any]) -> str:
        zin = self._happened(rij) or str(rij.overgang)
        van = self._van.get(rij.volgnummer, rij.van)
        return zin if rij.naar is None else f"{zin} (van {self._stap(van)} naar {self._stap(rij.naar)})"

    def _happened(self, rij: Gebeurtenis) -> str | None:
        overgang = self._overgang(rij)
        return happened(overgang, self._given(rij), self._said) if overgang else None

    def _given(self, rij: Gebeurtenis) -> Mapping[str, Any]:
        """The answers of a row as they count now; of one that was withdrawn as they were."""
        feit = self._feiten.get(rij.volgnummer)
        return feit.invoer if feit else content(rij).get("invoer") or {}

    def _text_intrekking(self, rij: Gebeurtenis, _inhoud: Mapping[str, Any]) -> str:
        return f"Ingetrokken: {self._target(rij)}"

    def _text_verbetering(self, rij: Gebeurtenis, inhoud: Mapping[str, Any]) -> str:
        nieuw = inhoud.get("verbetert", {}).get("dag")
        was = self._before(rij)
        dag = f", dag wordt {short(nieuw)} (was {short(was.dag)})" if nieuw is not None and was else ""
        return f"Verbeterd: {self._target(rij)}{dag}"

    def _text_overdracht(self, _rij: Gebeurtenis, inhoud: Mapping[str, Any]) -> str:
        naar = inhoud.get("behandelaar")
        gedaan = f"Overgedragen aan {self._namen.get(naar, 'onbekend')}" if naar else "Teruggegeven aan het team"
        return f"{gedaan}{_why_handed_over(inhoud)}"

    def _text_samenvoeging(self, _rij: Gebeurtenis, inhoud: Mapping[str, Any]) -> str:
        return f"Dubbel ingevoerde persoon samengevoegd met {self._namen.get(inhoud['naar'], 'onbekend')}"

    def _text_migratie(self, rij: Gebeurtenis, inhoud: Mapping[str, Any]) -> str:
        if inhoud.get("vertrokken"):
            return "Een deelnemer gaat verder in een eigen traject"
        if "naar_traject" in inhoud:
            return "Gaat verder bij het afgesplitste traject"
        stap = "" if rij.van == rij.naar else f" (van {self._stap(rij.van)} naar {self._stap(rij.naar)})"
        return f"Overgezet naar versie {self._verloop.kaarten[rij.routekaart].versie} van de routekaart{stap}"

    def _text_vernietiging(self, _rij: Gebeurtenis, _inhoud: Mapping[str, Any]) -> str:
        return "Inhoud vernietigd na afloop van de bewaartermijn"

    def _target(self, rij: Gebeurtenis) -> str:
        doel = next(r for r in self._verloop.log if r.volgnummer == rij.betreft_volgnummer)
        tekst = self._text(doel, content(doel))
        return f"gebeurtenis {doel.volgnummer} ({in_zin(tekst)})"

    def _answers(self, rij: Gebeurtenis, feit: Feit | None, inhoud: Mapping[str, Any]) -> tuple[Antwoord, ...]:
        overgang = self._overgang(rij) if rij.soort in ("start", "overgang") else None
        velden = {v.code: v for v in overgang.velden} if overgang else self._route.velden
        is_verbetering = rij.soort == "verbetering"
        invoer = inhoud.get("verbetert", {}).get("invoer", {}) if is_verbetering else self._given(rij)
        was = self._before(rij) if is_verbetering else None
        in_de_zin = {gat.veld for gat in gaps(overgang.gebeurd)} if overgang else set()
        gegeven = {
            c: Antwoord(velden[c].label, self._said(velden[c], w) + self._was(velden[c], was, c))
            for c, w in invoer.items()
            if c in velden and c not in in_de_zin
        }
        gegeven |= self._notes(rij, velden)
        return (*self._for_whom(rij, inhoud), *_in_form_order(gegeven, velden))

    def _for_whom(self, rij: Gebeurtenis, inhoud: Mapping[str, Any]) -> tuple[Antwoord, ...]:
        """For whom a child traject began, where there was a choice."""
        wie = [d for soort, d in inhoud.get("deelnemers", ()) if soort == "persoon"]
        gezegd = _for_whom(wie, self._personen_boven, self._namen) if rij.soort == "start" else ""
        return (Antwoord(VOOR_WIE, gezegd),) if gezegd else ()

    def _before(self, rij: Gebeurtenis) -> Feit | None:
        """What a row said until this correction of it."""
        eerder = effective([r for r in self._verloop.log if r.volgnummer < rij.volgnummer])
        return next((f for f in eerder if f.volgnummer == rij.betreft_volgnummer), None)

    def _was(self, veld: Veld, was: Feit | None, code: str) -> str:
        if was is None:
            return ""
        oud = was.invoer.get(code)
        return f" (was {'niet ingevuld' if oud is None else self._said(veld, oud)})"

    def _notes(self, rij: Gebeurtenis, velden: Mapping[str, Veld]) -> dict[str, Antwoord]:
        if self._delivered(rij):
            return {}
        namen = {**{c: v.label for c, v in velden.items()}, OVER_CORRECTIE: "Toelichting"}
        nu = latest_texts(self._texts(rij))
        eerder = self._texts_before(rij)
        return {code: Antwoord(namen.get(code, code), tekst + eerder.get(code, "")) for code, tekst in nu.items()}

    def _delivered(self, rij: Gebeurtenis) -> tuple[Antwoord, ...]:
        """The texts that a delivery brought along; they may be very long, and are not for reading first."""
        overgang = self._overgang(rij)
        if overgang is None or not self._is_delivered(rij):
            return ()
        namen = {veld.code: veld.label for veld in overgang.velden}
        return tuple(Antwoord(namen.get(t.veld, t.veld), _beginning(t.tekst)) for t in self._own_texts(rij))

    def _texts(self, rij: Gebeurtenis) -> tuple[Tekst, ...]:
        """The texts of a row and those of its corrections that stand, in order of writing."""
        erna = [t for r in self._verbeteringen if r.betreft_volgnummer == rij.volgnummer for t in self._own_texts(r)]
        return (*self._own_texts(rij), *(t for t in erna if t.veld != OVER_CORRECTIE))

    def _own_texts(self, rij: Gebeurtenis) -> Iterator[Tekst]:
        for code in content(rij).get("toelichting", {}):
            yield Tekst(rij.volgnummer, code, self._teksten.get((rij.volgnummer, code), "(vernietigd)"))

    def _texts_before(self, rij: Gebeurtenis) -> dict[str, str]:
        """What each text that a correction changes said until then, in brackets."""
        if rij.soort != "verbetering":
            return {}
        doel = next(r for r in self._verloop.log if r.volgnummer == rij.betreft_volgnummer)
        was = latest_texts(self._texts(doel), rij.volgnummer - 1)
        codes = {t.veld for t in self._own_texts(rij)} - {OVER_CORRECTIE}
        return {code: f" (was {was.get(code, 'niet ingevuld')})" for code in codes}

    def _reason(self, rij: Gebeurtenis, code: str | None) -> str | None:
        if code is None:
            return None
        kaart = self._verloop.kaarten[rij.routekaart]
        bekend: dict[str, Reden] = {**self._route.redenen, **{r.code: r for r in kaart.correctieredenen}}
        return bekend[code].naam if code in bekend else code

    def _overgang(self, rij: Gebeurtenis) -> Overgang | None:
        kaart = self._verloop.kaarten[rij.routekaart]
        return kaart.routes[self._route.code].alle_overgangen.get(rij.overgang or "")

    def _stap(self, code: str | None) -> str:
        """The name of a stap, on the map of now or on the last one that had it."""
        kaarten = dict.fromkeys((self._verloop.kaart.sha256, *(rij.routekaart for rij in reversed(self._verloop.log))))
        routes = (self._verloop.kaarten[sha256].routes[self._route.code] for sha256 in kaarten)
        return next((route.stappen[code].naam for route in routes if code and code in route.stappen), str(code))

    def _said(self, veld: Veld, waarde: Any) -> str:
        return said(veld, waarde, self._namen)


def _beginning(tekst: str) -> str:
    over = len(tekst) - MAX_GELEVERD
    return tekst if over <= 0 else f"{tekst[:MAX_GELEVERD]}… (nog {over} tekens)"


def _why_handed_over(inhoud: Mapping[str, Any]) -> str:
    """Why several trajecten changed desks, and until when: " (verlof, tot en met 1-12-2026)"."""
    reden, tot_met = inhoud.get("reden"), inhoud.get("tot_met")
    delen = [in_zin(REDENEN.get(reden, reden))] if reden else []
    delen += [f"tot en met {short(daynumber(date.fromisoformat(tot_met)))}"] if tot_met else []
    return f" ({', '.join(delen)})" if delen else ""


def _in_form_order(gegeven: Mapping[str, Antwoord], velden: Mapping[str, Veld]) -> list[Antwoord]:
    """The answers as the form asked them; what it did not ask comes last."""
    volgorde = [*(code for code in velden if code in gegeven), *(code for code in gegeven if code not in velden)]
    return [gegeven[code] for code in volgorde]
