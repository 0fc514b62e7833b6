"""Appointments: planned, changed, moved, and what became of them.

What happened is recorded by an overgang of the map, found by its labels, in the same transaction as the row in the
agenda. Where the map of a traject has none in the present stap, the agenda alone keeps it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from models import klok
from models.planpunt import planpunt
from models.trajectnummer import trajectnummer
from workflow.eenheid import check_behandelaar
from workflow.gezin import load, load_kalender
from workflow.kalender import date_of, short
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Actor, Conflict, Vastgelegd
from workflow.planlog import (
    AANGEBODEN,
    GEHOUDEN,
    GESPREK,
    NIET_VERSCHENEN,
    OPEN,
    UITKOMSTEN,
    VERVALLEN,
    VERZET,
    day_field,
    kinds_of,
)
from workflow.planpunten import Planpunt, by_key, change, eigenaar, find, make, overlapping, read, rewrite
from workflow.routekaart import EMPTY, Overgang, Route, Veld
from workflow.velden import InvoerGeweigerd, too_long
from workflow.verloop import Verloop
from workflow.voortgang import advance

VOORUIT_DAGEN = 730
"""So far ahead an appointment can be planned."""

DUUR = 60
"""Minutes of an appointment of which no end is given."""

ETMAAL = 24 * 60
TEKSTEN: Mapping[str, int] = {"plaats": 200, "wie_komt": 200, "tolk": 100, "notitie": 2000}
"""The texts of an appointment, and how long each may be."""

GESLOTEN = (VERZET, VERVALLEN)
"""Rows that an agenda does not show any more."""


@dataclass(frozen=True, slots=True)
class Afspraak:
    """What is asked to plan an appointment: day, minutes of the clock, codes of the map, and texts."""

    dag: int
    van: int
    tot: int
    soort: str = ""
    vorm: str = ""
    wie: str | None = None
    details: Mapping[str, str] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class Gepland:
    """What was planned: its number, what the log says of it, its overlaps, and what kind of free day it is on."""

    punt: str
    vastgelegd: Vastgelegd | None
    overlapt: tuple[Planpunt, ...] = ()
    vrij: str | None = None


# -- What the map says -------------------------------------------------------------------------------------------------


def kinds(route: Route) -> Mapping[str, str]:
    """The kinds of appointment on a route, by code."""
    return _choices(route, "gesprek_veld")


def forms(route: Route) -> Mapping[str, str]:
    """The ways in which an appointment can be held, by code; those that can be planned, where the map says so."""
    keus, alle = _kept(route), _choices(route, "vorm_veld")
    mogen = keus.labels.get("vormen", "").split() if keus else []
    return {code: alle[code] for code in mogen if code in alle} or alle


def _choices(route: Route, label: str) -> Mapping[str, str]:
    veld = _field(_kept(route), label)
    return {keuze.code: keuze.naam for keuze in veld.keuzes} if veld else {}


def _kept(route: Route) -> Overgang | None:
    return next((o for o in route.overgangen.values() if o.labels.get("gesprek") == GEHOUDEN), None)


def _field(keus: Overgang | None, label: str) -> Veld | None:
    naam = keus.labels.get(label) if keus else None
    return next((veld for veld in keus.velden if veld.code == naam), None) if keus else None


def name_of(route: Route, punt: Planpunt) -> str:
    """What an appointment is called."""
    return kinds(route).get(punt.wat, "Afspraak")


def how(route: Route, punt: Planpunt) -> str:
    """How an appointment is held, in words; empty where it is not known."""
    return _choices(route, "vorm_veld").get(punt.vorm, "")


def where(route: Route, punt: Planpunt, bezoekadres: str) -> str:
    """Where and how an appointment is held, in words for who comes; empty where nothing is known of it."""
    keus = _kept(route)
    vorm = keus.labels.get(f"waar.{punt.vorm}", how(route, punt)) if keus else ""
    delen = (vorm.replace("{bezoekadres}", bezoekadres).strip(" ,"), punt.details.get("plaats", "").strip())
    return ", ".join(deel for deel in delen if deel)


def answers(route: Route, keus: Overgang, punt: Planpunt) -> dict[str, str]:
    """What an appointment already answers of the questions of an overgang."""
    velden, kept = {veld.code for veld in keus.velden}, _kept(route)
    labels = kept.labels if kept else EMPTY
    bekend = {labels.get("gesprek_veld", ""): punt.wat, labels.get("vorm_veld", ""): punt.vorm}
    return {code: waarde for code, waarde in bekend.items() if waarde and code in velden}


def outcome(verloop: Verloop, uitkomst: str) -> Overgang | None:
    """The overgang that records this outcome in the present stap; None where the map has none there."""
    return next(iter(_here(verloop, uitkomst)), None)


def special(verloop: Verloop, punt: Planpunt) -> Overgang | None:
    """The overgang that keeping an appointment of this kind amounts to in the present stap: starting the intake."""
    return next((o for o in _here(verloop, None) if punt.wat in kinds_of(o)), None)


def offer(verloop: Verloop, soort: str) -> Overgang | None:
    """The overgang that records the offer of an appointment of this kind in the present stap."""
    return next((o for o in _here(verloop, AANGEBODEN) if soort in kinds_of(o)), None)


def _here(verloop: Verloop, label: str | None) -> list[Overgang]:
    stand = verloop.stand
    if stand.route is None or stand.stap is None:
        return []
    return [o for o in stand.route.overgangen_vanuit[stand.stap.code] if o.labels.get("gesprek") == label]


# -- Planning ----------------------------------------------------------------------------------------------------------


def plan(
    db: Connection,
    nummer: str,
    afspraak: Afspraak,
    *,
    door: Actor,
    verwacht: int | None = None,
    sleutel: str | None = None,
) -> Gepland:
    """Plan an appointment; offering the first one is recorded along. The same `sleutel` plans once.

    Raises InvoerGeweigerd, OvergangGeweigerd, Conflict and OnbekendTraject.
    """
    verloop = load(db, nummer).by_nummer(nummer)
    if eerder := _earlier(db, verloop, afspraak, sleutel):
        return eerder
    refuse_closed(verloop)
    _check(db, verloop, afspraak)
    aanbod = offer(verloop, afspraak.soort)
    vast = _offered(db, nummer, aanbod, afspraak, door, verwacht, sleutel) if aanbod else None
    return _planned(db, verloop, afspraak, door, vast, sleutel)


def _earlier(db: Connection, verloop: Verloop, afspraak: Afspraak, sleutel: str | None) -> Gepland | None:
    """What the same form planned before."""
    zelfde = {"soort": GESPREK, "wat": afspraak.soort, "dag": afspraak.dag, **_columns(afspraak)}
    eerder = by_key(db, verloop, sleutel, **zelfde)
    return Gepland(eerder, None) if eerder else None


def refuse_closed(verloop: Verloop) -> None:
    """Raise OvergangGeweigerd for a traject that has ended: nothing is planned in it any more."""
    if not verloop.stand.is_open:
        raise OvergangGeweigerd(["Dit traject is afgesloten: er kan niets meer worden gepland."])


def _offered(
    db: Connection,
    nummer: str,
    keus: Overgang,
    afspraak: Afspraak,
    door: Actor,
    verwacht: int | None,
    sleutel: str | None,
) -> Vastgelegd:
    invoer = _with_day(keus, afspraak, {})
    return _recorded(db, nummer, keus, invoer, door=door, verwacht=verwacht, sleutel=sleutel)


def _with_day(keus: Overgang, afspraak: Afspraak, invoer: Mapping[str, Any]) -> dict[str, Any]:
    veld = day_field(keus)
    return {**invoer, **({veld: date_of(afspraak.dag).isoformat()} if veld else {})}


def _recorded(db: Connection, nummer: str, keus: Overgang, invoer: Mapping[str, Any], **rest: Any) -> Vastgelegd:
    """Make an overgang; what it says of its day is said at the day of the appointment."""
    try:
        return advance(db, nummer, keus.code, invoer, **rest)
    except InvoerGeweigerd as fout:
        veld = day_field(keus)
        raise InvoerGeweigerd({("dag" if k == veld else k): zin for k, zin in fout.fouten.items()}) from None


def _planned(
    db: Connection, verloop: Verloop, afspraak: Afspraak, door: Actor, vast: Vastgelegd | None, sleutel: str | None
) -> Gepland:
    punt = make(
        db,
        verloop,
        GESPREK,
        afspraak.soort,
        afspraak.dag,
        afspraak.details,
        door,
        sleutel,
        **_columns(afspraak),
        uit_volgnummer=vast.volgnummer if vast else None,
    )
    gemaakt = find(db, verloop.nummer, punt)
    return Gepland(punt, vast, _overlaps(db, gemaakt), load_kalender(db).free(afspraak.dag))


def _columns(afspraak: Afspraak) -> dict[str, Any]:
    return {
        "vorm": afspraak.vorm,
        "wie": afspraak.wie,
        "van_minuut": afspraak.van,
        "tot_minuut": afspraak.tot,
    }


def _overlaps(db: Connection, punt: Planpunt) -> tuple[Planpunt, ...]:
    if punt.eigenaar is None:
        return ()
    die_dag = read(db, *_appointments(), planpunt.c.dag == punt.dag, eigenaar == punt.eigenaar)
    return tuple(overlapping(die_dag).get(punt.nummer, ()))


def change_details(
    db: Connection, nummer: str, punt: str, afspraak: Afspraak, *, door: Actor, versie: int | None = None
) -> Gepland:
    """Change all of an appointment but its day: another day is a move. `versie` is what the user saw."""
    verloop = load(db, nummer).by_nummer(nummer)
    was = _open_one(db, nummer, punt)
    _check(db, verloop, replace(afspraak, dag=max(was.dag, klok.today())))
    rewrite(db, verloop, was, versie, afspraak.details, wat=afspraak.soort, **_columns(afspraak))
    return Gepland(punt, None, _overlaps(db, find(db, nummer, punt)))


def remove(db: Connection, nummer: str, punt: str, *, versie: int | None = None) -> None:
    """Take an appointment that was planned by mistake out of the agenda. What the log tells of is corrected there."""
    load(db, nummer)
    was = _open_one(db, nummer, punt)
    if was.uit_volgnummer is not None:
        raise OvergangGeweigerd(
            [f"Deze afspraak staat in de geschiedenis. Trek daar gebeurtenis {was.uit_volgnummer} in: dan vervalt zij."]
        )
    change(db, was, versie, stand=VERVALLEN)


def _open_one(db: Connection, nummer: str, punt: str) -> Planpunt:
    gevonden = find(db, nummer, punt)
    if gevonden.soort != GESPREK or not gevonden.is_open:
        raise Conflict("Deze afspraak is al afgehandeld of verzet. Bekijk de nieuwe stand.")
    return gevonden


# -- What became of it -------------------------------------------------------------------------------------------------


def settle(
    db: Connection,
    nummer: str,
    punt: str,
    uitkomst: str,
    invoer: Mapping[str, Any],
    *,
    door: Actor,
    op: int,
    versie: int | None = None,
    verwacht: int | None = None,
    sleutel: str | None = None,
) -> Vastgelegd | None:
    """Record what became of an appointment (a key of UITKOMSTEN) on a day; what the log says of it, if anything.

    Keeping and not coming can be recorded from the day of the appointment on. Raises as `plan` does.
    """
    verloop = load(db, nummer).by_nummer(nummer)
    was, vast = _outcome(db, verloop, punt, uitkomst, invoer, door, op, verwacht, sleutel)
    if was.is_open:
        dag = op if uitkomst in (GEHOUDEN, NIET_VERSCHENEN) else was.dag
        change(db, was, versie, stand=UITKOMSTEN[uitkomst], dag=dag, volgnummer=vast.volgnummer if vast else None)
    return vast


def _outcome(
    db: Connection,
    verloop: Verloop,
    punt: str,
    uitkomst: str,
    invoer: Mapping[str, Any],
    door: Actor,
    op: int,
    verwacht: int | None,
    sleutel: str | None,
) -> tuple[Planpunt, Vastgelegd | None]:
    """The row as it was and what was recorded; a form that is sent twice finds what it recorded the first time."""
    was = find(db, verloop.nummer, punt)
    is_herhaling = any(rij.sleutel == sleutel and rij.volgnummer == was.volgnummer for rij in verloop.log if sleutel)
    if not is_herhaling:
        _open_one(db, verloop.nummer, punt)
        _check_came(was, uitkomst)
    keus = outcome(verloop, uitkomst)
    if keus is None:
        return was, None
    rest = {"door": door, "op": op, "verwacht": verwacht, "sleutel": sleutel}
    return was, _recorded(db, verloop.nummer, keus, invoer, **rest)


def _check_came(punt: Planpunt, uitkomst: str) -> None:
    if uitkomst in (GEHOUDEN, NIET_VERSCHENEN) and punt.dag > klok.today():
        raise OvergangGeweigerd([f"Deze afspraak is pas op {short(punt.dag)}. Verzet haar als zij eerder was."])


def move(
    db: Connection,
    nummer: str,
    punt: str,
    naar: Afspraak,
    invoer: Mapping[str, Any],
    *,
    door: Actor,
    op: int,
    versie: int | None = None,
    verwacht: int | None = None,
    sleutel: str | None = None,
) -> Gepland:
    """Move an appointment: the log says so, its row is closed and a new one takes its place."""
    verloop = load(db, nummer).by_nummer(nummer)
    if eerder := _earlier(db, verloop, naar, sleutel):
        return eerder
    _check(db, verloop, naar)
    keus = outcome(verloop, VERZET)
    alles = _with_day(keus, naar, invoer) if keus else invoer
    rest: dict[str, Any] = {"door": door, "op": op, "versie": versie, "verwacht": verwacht, "sleutel": sleutel}
    vast = settle(db, nummer, punt, VERZET, alles, **rest)
    return _planned(db, verloop, naar, door, vast, sleutel)


# -- What was filled in ------------------------------------------------------------------------------------------------


def _check(db: Connection, verloop: Verloop, afspraak: Afspraak) -> None:
    """Raise InvoerGeweigerd with all that is wrong in an appointment."""
    route = verloop.kaart.routes[verloop.oorsprong["route"]]
    fouten = {**_day_faults(afspraak.dag), **_time_faults(afspraak), **text_faults(afspraak.details, TEKSTEN)}
    if afspraak.soort not in (kinds(route) or {"": ""}):
        fouten["soort"] = "Kies een soort gesprek."
    if afspraak.vorm and afspraak.vorm not in forms(route):
        fouten["vorm"] = "Kies hoe het gesprek gaat."
    if fouten:
        raise InvoerGeweigerd(fouten)
    try:
        check_behandelaar(db, afspraak.wie)
    except InvoerGeweigerd:
        raise InvoerGeweigerd({"wie": "Kies bij wie de afspraak is."}) from None


def _day_faults(dag: int) -> dict[str, str]:
    vandaag = klok.today()
    if dag < vandaag:
        return {"dag": "Een afspraak plant u vandaag of later. Was het gesprek er al? Leg het dan vast als gesprek."}
    if dag > vandaag + VOORUIT_DAGEN:
        return {"dag": f"De dag kan niet na {short(vandaag + VOORUIT_DAGEN)} liggen."}
    return {}


def _time_faults(afspraak: Afspraak) -> dict[str, str]:
    return (
        {} if 0 <= afspraak.van < afspraak.tot <= ETMAAL else {"tot": "De afspraak moet later eindigen dan beginnen."}
    )


def text_faults(teksten: Mapping[str, str], langste: Mapping[str, int]) -> dict[str, str]:
    """What is wrong with free texts, by name; `langste` is how long each may be."""
    return {n: too_long("Dit antwoord", len(t), langste[n]) for n, t in teksten.items() if len(t) > langste[n]}


def read_minute(tekst: str | None) -> int:
    """Minutes since midnight of a time as people type it: 9, 9:30, 9.30, 09:30, 0930. Raises ValueError in Dutch."""
    kaal = unicodedata.normalize("NFKC", tekst or "").strip().lower()
    gelezen = re.fullmatch(r"(\d{1,2})(?:\s*[:.u]\s*(\d{2}))?(?:\s*(?:uur|u))?", kaal) or re.fullmatch(
        r"(\d{2})(\d{2})", kaal
    )
    if gelezen is None or not gelezen[1].isascii():
        raise ValueError("Vul een tijd in, bijvoorbeeld 9:30.")
    uur, minuut = int(gelezen[1]), int(gelezen[2] or 0)
    if uur > 23 or minuut > 59:
        raise ValueError("Vul een bestaande tijd in, bijvoorbeeld 9:30.")
    return uur * 60 + minuut


# -- Lists -------------------------------------------------------------------------------------------------------------


def _appointments() -> tuple[Any, ...]:
    return planpunt.c.soort == GESPREK, planpunt.c.stand.not_in(GESLOTEN)


def between(db: Connection, van_dag: int, tot_met_dag: int, wie: str | None = None) -> list[Planpunt]:
    """The appointments of some days, of one medewerker or of everybody; one statement."""
    van_hem = [eigenaar == wie] if wie else []
    return read(db, *_appointments(), planpunt.c.dag.between(van_dag, tot_met_dag), *van_hem)


def missed(db: Connection, nummer: str) -> list[Planpunt]:
    """The appointments of a traject to which the client did not come; one statement."""
    return read(db, trajectnummer.c.nummer == nummer, planpunt.c.soort == GESPREK, planpunt.c.stand == NIET_VERSCHENEN)


def next_of(db: Connection, nummer: str) -> Planpunt | None:
    """The first appointment of a traject that is still to come; one statement."""
    komend = (trajectnummer.c.nummer == nummer, planpunt.c.stand == OPEN, planpunt.c.dag >= klok.today())
    return next(iter(read(db, planpunt.c.soort == GESPREK, *komend, limit=1)), None)
