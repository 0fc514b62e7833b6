"""What a dossier says where a letter has a placeholder: names, days, terms, documents and amounts, as words.

Which term or veld a placeholder stands for is said by labels of the map (`plaats.NAME` of a route). A placeholder for
which there is nothing is left out of the answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from statistics import median
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from models.projectie import mijlpaal, verblijf
from workflow.agenda import missed, next_of, where
from workflow.antwoorden import said
from workflow.brieven.blad import Papier
from workflow.brieven.tekst import Waarde, clean
from workflow.gezin import Gezin
from workflow.kalender import daynumber, in_words, short
from workflow.personen import Persoon
from workflow.persoonsgegevens import NAAMLOOS, Gegevens
from workflow.planlog import NIET_VERSCHENEN
from workflow.planpunten import clock
from workflow.routekaart import Keuze, Route, Veld
from workflow.termijnen import Run, Termijn, vervaldag
from workflow.verloop import Verloop

AANSPREEKVORM = {"vrouw": "mevrouw", "man": "meneer"}
MIN_AFGEROND = 10
"""Of fewer trajecten nothing is said about how long it takes."""

DREMPEL_JAREN = 3 * 365
MAX_VERVOLG = 6


class Vraag(NamedTuple):
    """Whose letter it is, and of when: the day on the letter, and the present day."""

    gezin: Gezin
    verloop: Verloop
    persoon: Persoon | None
    papier: Papier
    behandelaar: str
    dag: int
    vandaag: int


def values(db: Connection, vraag: Vraag, gevraagd: Collection[str]) -> dict[str, Waarde]:
    """What stands in the dossier for these placeholders; those with nothing are left out."""
    gevonden: dict[str, Waarde | None] = {
        **_of_person(vraag),
        **_of_paper(vraag),
        **_of_stap(vraag),
        **_of_terms(vraag),
        **_of_answers(vraag),
    }
    if "doorlooptijd" in gevraagd:
        gevonden["doorlooptijd"] = expected_time(db, vraag.verloop.oorsprong["route"], vraag.vandaag)
    if {"afspraak_op", "afspraak_waar"} & set(gevraagd):
        gevonden |= _planned(db, vraag)
    if "gemiste_afspraak" in gevraagd:
        gevonden["gemiste_afspraak"] = _missed(db, vraag)
    return {code: waarde for code in gevraagd if (waarde := gevonden.get(code))}


# -- The person and the letterhead -------------------------------------------------------------------------------------


def _of_person(vraag: Vraag) -> dict[str, Waarde | None]:
    if vraag.persoon is None or vraag.persoon.naam == NAAMLOOS:
        return {}
    return {"naam": clean(vraag.persoon.naam), "aanhef": salutation(vraag.persoon.gegevens)}


def salutation(gegevens: Gegevens) -> str:
    """How a letter begins: Beste mevrouw El Amrani; with the whole name where the geslacht is not known."""
    vorm = AANSPREEKVORM.get(gegevens.geslacht.casefold())
    if vorm is None:
        return f"Beste {clean(gegevens.naam)}"
    achternaam = clean(f"{gegevens.tussenvoegsel} {gegevens.achternaam}")
    return f"Beste {vorm} {achternaam[:1].upper()}{achternaam[1:]}"


def address(gegevens: Gegevens) -> tuple[str, ...]:
    """The lines in the window of the envelope, without any when there is no address.

    A post address goes before the home address, which is never used where it is to stay secret.
    """
    if gegevens.postadres:
        return tuple(map(clean, (gegevens.naam, *gegevens.postadres)))
    if gegevens.is_woonadres_geheim or not (gegevens.postcode and gegevens.huisnummer):
        return ()
    postcode = f"{gegevens.postcode[:4]} {gegevens.postcode[4:]}"
    # Without a street, post arrives by postcode and number.
    eerste = f"{gegevens.straat or postcode} {gegevens.huisnummer} {gegevens.toevoeging}"
    tweede = f"{postcode if gegevens.straat else ''} {gegevens.woonplaats.upper()}"
    return tuple(regel for regel in map(clean, (gegevens.naam, eerste, tweede)) if regel)


def _of_paper(vraag: Vraag) -> dict[str, Waarde | None]:
    papier = vraag.papier
    return {
        "afzender": papier.afzender,
        "telefoon": papier.telefoon,
        "ondertekening": papier.ondertekening,
        "bezwaaradres": papier.bezwaaradres,
        "behandelaar": clean(vraag.behandelaar),
        "datum": short(vraag.dag),
        "dossiernummer": vraag.verloop.nummer,
    }


# -- Where the traject stands ------------------------------------------------------------------------------------------


def _of_stap(vraag: Vraag) -> dict[str, Waarde | None]:
    stap, route = vraag.verloop.stand.stap, _route(vraag)
    if stap is None:
        return {}
    return {
        "stap": stap.naam,
        "stap_uitleg": stap.uitleg.get("nl"),
        "gedaan": tuple(_done(vraag.verloop)),
        "vervolg": tuple(_next_names(route, stap.code))[:MAX_VERVOLG],
    }


def _done(verloop: Verloop) -> Iterator[str]:
    """The stappen that were gone through with their day, and the one that was begun."""
    stand = verloop.stand
    gezet = [
        (stap.naam, short(verblijf[1])) for (stap, _), verblijf in zip(stand.plekken, stand.verblijven, strict=True)
    ]
    yield from (f"{naam}: {dag}" for naam, dag in gezet[:-1])
    yield from (f"{naam}: begonnen op {dag}" for naam, dag in gezet[-1:])


def _next_names(route: Route, hier: str) -> Iterator[str]:
    """The stappen further on the map to which an overgang leads from here; endings and rare ones are left out."""
    volgorde = list(route.stappen)
    doelen = {o.naar for o in route.overgangen_vanuit[hier] if o.naar in route.stappen}
    verder = [code for code in volgorde[volgorde.index(hier) + 1 :] if code in doelen]
    gewoon = (stap for code in verder if (stap := route.stappen[code]).einde is None and not stap.labels.get("stil"))
    return (stap.naam for stap in gewoon)


def _route(vraag: Vraag) -> Route:
    return vraag.verloop.kaart.routes[vraag.verloop.oorsprong["route"]]


# -- Terms -------------------------------------------------------------------------------------------------------------


def _of_terms(vraag: Vraag) -> dict[str, Waarde | None]:
    lopend = list(_running(vraag))
    gevonden: dict[str, Waarde | None] = {}
    for plaats, codes in _places(vraag).items():
        dagen = [t.vervaldag for t in lopend if t.code in codes and t.vervaldag is not None]
        gevonden[plaats] = in_words(min(dagen)) if dagen else None
    bezwaar = last_day_to_object(vraag.gezin, vraag.verloop, vraag.dag)
    gevonden["bezwaar_tot_en_met"] = in_words(bezwaar) if bezwaar else None
    op_dag = sorted((t.vervaldag, t.naam) for t in lopend if t.vervaldag is not None)
    rijen = tuple((naam, short(dag)) for dag, naam in op_dag)
    gevonden["termijnen"] = (("Termijn", "Tot en met"), *rijen) if rijen else None
    return gevonden


def _running(vraag: Vraag) -> Iterator[Termijn]:
    """The terms that run now, of the traject and of what hangs on it."""
    for verloop in (vraag.verloop, *vraag.gezin.open_kinderen(vraag.verloop)):
        yield from (t for t in vraag.gezin.terms(verloop, vraag.vandaag) if t.einde_dag is None)


def _places(vraag: Vraag) -> dict[str, frozenset[str]]:
    """Placeholder -> the terms that it stands for, by the labels of the routes of this family."""
    routes = [_route(vraag), *(k.stand.route for k in vraag.gezin.open_kinderen(vraag.verloop) if k.stand.route)]
    return {
        naam.partition(".")[2]: frozenset(codes.split())
        for route in routes
        for naam, codes in route.labels.items()
        if naam.startswith("plaats.")
    }


def last_day_to_object(gezin: Gezin, verloop: Verloop, dag: int) -> int | None:
    """Until when one can object to a beschikking that is sent on a day; None where the map has no such term."""
    route = verloop.kaart.routes[verloop.oorsprong["route"]]
    for code in route.labels.get("plaats.bezwaar_tot_en_met", "").split():
        regel = verloop.kaart.termijnen.get(code)
        laatste = vervaldag(regel, Run(dag, None), verloop.stand.kenmerken, dag, [], gezin.kalender) if regel else None
        if laatste is not None:
            return laatste
    return None


# -- Answers -----------------------------------------------------------------------------------------------------------


def _of_answers(vraag: Vraag) -> dict[str, Waarde | None]:
    route, stand = _route(vraag), vraag.verloop.stand
    gevonden: dict[str, Waarde | None] = {
        "aantal_schuldeisers": _kenmerk(route, "schuldeisers", stand.kenmerken),
        "schuldbedrag": _kenmerk(route, "schuld", stand.kenmerken),
        "ontbrekende_stukken": tuple(_missing(route, stand.antwoorden)),
        "afspraak_op": _appointment(vraag, route),
    }
    if zienswijze := _day(stand.antwoorden.get(route.labels.get("plaats.zienswijze_tot", ""))):
        gevonden["zienswijze_tot"] = in_words(zienswijze)
    return gevonden


def _kenmerk(route: Route, rol: str, kenmerken: Mapping[str, str]) -> str | None:
    code = route.labels.get(f"kenmerk.{rol}", "")
    waarde, veld = kenmerken.get(code), route.velden.get(code)
    return said(veld, waarde, {}) if veld and waarde is not None else None


def _missing(route: Route, antwoorden: Mapping[str, Any]) -> Iterator[str]:
    code = route.labels.get("plaats.ontbrekende_stukken", "")
    open_ = route.labels.get("open.ontbrekende_stukken", "").split()
    veld = route.velden.get(code)
    stand = antwoorden.get(code) or {}
    delen: tuple[Keuze, ...] = veld.onderdelen if veld else ()
    return (deel.naam for deel in delen if stand.get(deel.code) in open_)


def _appointment(vraag: Vraag, route: Route) -> str | None:
    """The first day to come on which a gesprek was offered or moved to."""
    velden = {veld.code for o in route.overgangen.values() if o.labels.get("gesprek") for veld in _days(o.velden)}
    laatste = [
        dag
        for feit in vraag.verloop.feiten
        for code in velden
        if (dag := _day(feit.invoer.get(code))) is not None and dag >= vraag.vandaag
    ]
    return in_words(laatste[-1]) if laatste else None


def _planned(db: Connection, vraag: Vraag) -> dict[str, Waarde | None]:
    """The next appointment in the agenda: when, and where or how."""
    afspraak = next_of(db, vraag.verloop.nummer)
    if afspraak is None:
        return {}
    waar = where(_route(vraag), afspraak, vraag.papier.bezoekadres)
    return {"afspraak_op": _moment(afspraak.dag, afspraak.van_minuut), "afspraak_waar": clean(waar)}


def _missed(db: Connection, vraag: Vraag) -> str:
    """The last appointment to which nobody came, by the log and the agenda; without a day where neither knows it."""
    overgangen = _route(vraag).overgangen.values()
    gemist = {o.code for o in overgangen if o.labels.get("gesprek") == NIET_VERSCHENEN}
    dagen = [(feit.dag, -1) for feit in vraag.verloop.feiten if feit.overgang in gemist]
    tijden = [(p.dag, -1 if p.van_minuut is None else p.van_minuut) for p in missed(db, vraag.verloop.nummer)]
    if not (dagen or tijden):
        return "een afspraak met ons"
    dag, minuut = max(dagen + tijden)
    return f"op {_moment(dag, minuut if minuut >= 0 else None)} een afspraak met ons"


def _moment(dag: int, minuut: int | None) -> str:
    """A day, with the time where it is known: "maandag 2 maart 2026 om 09.30 uur"."""
    return in_words(dag) if minuut is None else f"{in_words(dag)} om {clock(minuut).replace(':', '.')} uur"


def _days(velden: Collection[Veld]) -> Iterator[Veld]:
    return (veld for veld in velden if veld.soort == "datum")


def _day(waarde: Any) -> int | None:
    try:
        return daynumber(date.fromisoformat(waarde)) if isinstance(waarde, str) else None
    except ValueError:
        return None


# -- How long it takes -------------------------------------------------------------------------------------------------


def expected_time(db: Connection, route: str, vandaag: int) -> str | None:
    """How long it usually took from the first gesprek to the result (Wgs art. 4 lid 3), of who finished lately."""
    begin = select(mijlpaal.c.traject_id, func.min(mijlpaal.c.dag).label("dag")).where(
        mijlpaal.c.naam == "eerste_gesprek"
    )
    eerste = begin.group_by(mijlpaal.c.traject_id).subquery()
    rijen = db.execute(
        select(verblijf.c.tot_dag - eerste.c.dag)
        .join(eerste, eerste.c.traject_id == verblijf.c.traject_id)
        .where(verblijf.c.niveau == "traject", verblijf.c.klasse == "succes", verblijf.c.route == route)
        .where(verblijf.c.tot_dag > vandaag - DREMPEL_JAREN)
    )
    duren = [dagen for (dagen,) in rijen]
    return _in_months(median(duren)) if len(duren) >= MIN_AFGEROND else None


def _in_months(dagen: float) -> str:
    weken, maanden = round(dagen / 7), round(dagen / (365.25 / 12))
    return f"ongeveer {maanden} maanden" if maanden >= 3 else f"ongeveer {weken} weken"
