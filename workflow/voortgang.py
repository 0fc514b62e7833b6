"""The only door to the log: start, advance, hand over; corrections and merging come through here too.

Each function is one opdracht in the caller's transaction: it locks the family, lets the machine decide, appends one or
more gebeurtenissen (effects included) and brings the projections up. Nothing here knows the name of a route or a stap.
All may raise OnbekendTraject, OvergangGeweigerd (why it may not be), InvoerGeweigerd (which answers are wrong) and
Conflict (someone else was first, or the same key was used for something else).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from models import klok
from models.gebeurtenis import gebeurtenis
from models.trajectnummer import trajectnummer
from workflow import zicht
from workflow.correcties import CorrectieGeweigerd, amend, check_walk, withdraw
from workflow.dossier import Dossier
from workflow.eenheid import (
    AlEenTraject,
    check_behandelaar,
    check_first_day,
    check_overlap,
    check_references,
    lock_persons,
    periods,
)
from workflow.gevolgen import Aanleiding, bring_about, start_content
from workflow.gezin import Gezin, OnbekendTraject, load, stand_before, stand_on
from workflow.herhaling import Herhaald, refuse_stale, repeated
from workflow.herstart import comes_from
from workflow.historie import content
from workflow.kaarten import Kaarten, in_force
from workflow.kalender import short
from workflow.machine import OvergangGeweigerd, fire, why_not
from workflow.opdracht import Actor, Conflict, Opdracht, Vastgelegd
from workflow.opgavecontrole import check_reporter
from workflow.personen import by_pseudonym
from workflow.planlog import move_along
from workflow.routekaart import Overgang, Route, Routekaart, Stap
from workflow.velden import EARLIEST, InvoerGeweigerd, read_answers
from workflow.verloop import SPLITSING, Stand, Verloop, stand_of
from workflow.vier_ogen import VierOgenNodig, Voorgesteld, check_two
from workflow.voorwaarden import refusals

__all__ = [
    "Actor",
    "Conflict",
    "CorrectieGeweigerd",
    "InvoerGeweigerd",
    "Mogelijkheid",
    "OnbekendTraject",
    "OvergangGeweigerd",
    "Vastgelegd",
    "VierOgenNodig",
    "Voorgesteld",
    "advance",
    "amend",
    "hand_over",
    "possibilities",
    "start",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class Mogelijkheid:
    """An overgang (or a start of a child route) with every reason why it is not possible now; none when it is."""

    overgang: Overgang
    route: Route
    redenen: tuple[str, ...]


def start(
    db: Connection,
    route: str,
    overgang: str,
    invoer: Mapping[str, Any],
    *,
    door: Actor,
    personen: Sequence[str] = (),
    organisaties: Sequence[str] = (),
    gemeente: str | None = None,
    huishouden: str | None = None,
    behandelaar: str | None = None,
    hoort_bij: str | None = None,
    op: int | None = None,
    verwacht: int | None = None,
    sleutel: str | None = None,
    extra: Mapping[str, Any] | None = None,
    bron_vastgelegd_op: int | None = None,
    tot: int | None = None,
) -> Vastgelegd:
    """Open a traject on a route, as a root or (`hoort_bij`: a number) as the child of another.

    A child takes people, municipality, household and behandelaar from its parent where they are not given. `op` is the
    day number, today when left out; `tot` the day on which the same transaction ends it, when it does; `verwacht` the
    last volgnummer of the parent that the user saw. `extra` adds structural content (`ingang`, `komt_uit`, `bron`); a
    client who comes back brings `komt_uit` along by itself.
    """
    dag = _checked_day(op)
    gezin = load(db, hoort_bij) if hoort_bij else Gezin(db, Kaarten(db))
    ouder = gezin.by_nummer(hoort_bij) if hoort_bij else None
    kaart = ouder.stand.kaart if ouder and ouder.stand.kaart else in_force(db)
    weg = _route_for(kaart, route, ouder)
    opening = _start_of(weg, overgang)
    personen = _participants(ouder, weg, personen)
    antwoorden, teksten = read_answers(opening.velden, invoer, dag, dag)
    lock_persons(db, personen)
    if eerder := _earlier_start(
        db, sleutel, Herhaald(opening.code, dag, None, {**antwoorden, **opening.zet}, teksten), personen
    ):
        return eerder
    if ouder:
        refuse_stale(ouder, verwacht)
    _refuse_start(gezin, ouder, weg, opening, dag, door, {**antwoorden, **teksten})
    _check_people(db, weg, opening, personen, (dag, tot), ouder, is_import=(extra or {}).get("ingang") == "import")
    check_references(db, opening, antwoorden)
    check_behandelaar(db, behandelaar)
    opdracht = Opdracht(gezin, door, sleutel)
    verloop = opdracht.new_traject(weg, ouder.wortel_id if ouder else None)
    inhoud = {
        **_whence(db, weg, ouder, personen, dag),
        **_given(gemeente=gemeente, huishouden=huishouden, behandelaar=behandelaar),
        **(extra or {}),
        "deelnemers": _participating(personen, organisaties),
        "invoer": {**antwoorden, **opening.zet},
    }
    kolommen = {"overgang": opening.code, "naar": opening.naar, "bron_vastgelegd_op": bron_vastgelegd_op}
    rij = opdracht.append(verloop, "start", dag, kaart, inhoud, teksten, **kolommen)
    if ouder is None:
        zicht.follow_people(db, personen, verloop.traject_id, door.pseudoniem)
    check_reporter(db, verloop)
    bring_about(Aanleiding(opdracht, verloop, opening, dag, antwoorden, verloop.stand))
    opdracht.finish()
    return Vastgelegd(verloop.nummer, rij.volgnummer, opdracht.id)


def advance(
    db: Connection,
    nummer: str,
    overgang: str,
    invoer: Mapping[str, Any],
    *,
    door: Actor,
    op: int | None = None,
    reden: str | None = None,
    na: int | None = None,
    verwacht: int | None = None,
    sleutel: str | None = None,
    bron_vastgelegd_op: int | None = None,
    voorgesteld: Voorgesteld | None = None,
    correctiereden: str | None = None,
    erbij: Sequence[str] = (),
) -> Vastgelegd:
    """Make an overgang, in place or to another stap, today or on an earlier day (`op`, a day number).

    An earlier day inserts a forgotten step; `na` puts it right after that volgnummer. `verwacht` is the last volgnummer
    the user saw: a newer row is a Conflict. The same `sleutel` with the same content answers as the first time. What
    comes between earlier rows is a correction, for `correctiereden`, and may take two people (VierOgenNodig):
    `voorgesteld` proposed it in a role that may make it; `door` confirms. `erbij` are people (pseudonyms) who take part
    from then on, where the map says by the label `erbij` that the overgang is about that.
    """
    dag = _checked_day(op)
    gezin = load(db, nummer)
    verloop = gezin.by_nummer(nummer)
    is_later = na is None and dag >= verloop.stand.laatste_op
    keus = _overgang_of(verloop.stand if is_later else _map_of_then(verloop, dag, na), overgang)
    antwoorden, teksten = read_answers(keus.velden, invoer, dag, min(dag, verloop.begonnen_op))
    inhoud: dict[str, Any] = {"invoer": {**antwoorden, **keus.zet}}
    if eerder := repeated(db, verloop, sleutel, Herhaald(keus.code, dag, reden, inhoud["invoer"], teksten)):
        return eerder
    refuse_stale(verloop, verwacht)
    _check_anchor(verloop, na)
    opdracht = Opdracht(gezin, door, sleutel, voorgesteld.in_log if voorgesteld else None)
    _refuse_gone(verloop, keus, is_later)
    stand = verloop.stand if is_later else _stand_at(opdracht, verloop, dag, na)
    rol = voorgesteld.door.rol if voorgesteld else door.rol
    dossier = replace(gezin.dossier(verloop, dag, rol, stand), invoer={**antwoorden, **teksten}, reden=reden)
    doel = fire(keus, dossier)
    _check_given(gezin, verloop, keus, dossier, antwoorden)
    _check_joining(db, verloop, keus, erbij, dag)
    if not is_later and bron_vastgelegd_op is None:
        check_two(db, [dag], door, voorgesteld)
    inhoud |= {"correctiereden": correctiereden} if correctiereden and not is_later else {}
    inhoud |= {"deelnemers": _participating(erbij)} if erbij else {}
    kolommen = {**_move(keus, stand, doel), "reden": reden, "na_volgnummer": na}
    was_open = stand.is_open
    rij = opdracht.append(
        verloop, "overgang", dag, dossier.kaart, inhoud, teksten, **kolommen, bron_vastgelegd_op=bron_vastgelegd_op
    )
    _check_books(db, verloop, dossier.route, is_later, was_open)
    bring_about(Aanleiding(opdracht, verloop, keus, dag, antwoorden, stand))
    opdracht.finish()
    zicht.follow_people(db, erbij, verloop.wortel_id, door.pseudoniem)
    return Vastgelegd(nummer, rij.volgnummer, opdracht.id)


def hand_over(
    db: Connection,
    nummer: str,
    behandelaar: str | None,
    *,
    door: Actor,
    op: int | None = None,
    verwacht: int | None = None,
    sleutel: str | None = None,
) -> Vastgelegd:
    """Give a traject and its open children to another behandelaar (pseudonym), or back to the team (None)."""
    dag = _checked_day(op)
    gezin = load(db, nummer)
    verloop = gezin.by_nummer(nummer)
    eerder = next((r for r in verloop.log if sleutel and r.sleutel == sleutel), None)
    if eerder and (eerder.soort, content(eerder).get("behandelaar")) == ("overdracht", behandelaar):
        return Vastgelegd(nummer, eerder.volgnummer, eerder.opdracht_id)
    refuse_stale(verloop, verwacht)
    check_behandelaar(db, behandelaar)
    zicht.check_behandelaar(db, verloop.wortel_id, behandelaar)
    opdracht, was = Opdracht(gezin, door, sleutel), verloop.stand.kenmerken.get("behandelaar")
    rijen = [
        opdracht.append(v, "overdracht", max(dag, v.stand.laatste_op), v.stand.kaart, {"behandelaar": behandelaar})
        for v in [verloop, *gezin.kinderen(verloop)]
        if v.stand.kaart and v.stand.is_open and v.stand.kenmerken.get("behandelaar") != behandelaar
    ]
    if not rijen:
        raise OvergangGeweigerd(["Dit traject is al bij deze behandelaar, of is afgesloten."])
    opdracht.finish()
    move_along(db, [rij.traject_id for rij in rijen], was, behandelaar)
    return Vastgelegd(nummer, rijen[0].volgnummer, opdracht.id)


def possibilities(gezin: Gezin, verloop: Verloop, rol: str, dag: int) -> list[Mogelijkheid]:
    """Every overgang of the route with the reasons why not.

    Possible ones come first, those from another stap last, and ways back after ways forward. An overgang with the label
    `stil` is left out where it is not possible.
    """
    if verloop.stand.klasse == SPLITSING:
        return []
    dossier = gezin.dossier(verloop, dag, rol)
    gevonden = [
        Mogelijkheid(keus, dossier.route, tuple(why_not(keus, dossier, met_invoer=False)))
        for keus in dossier.route.overgangen.values()
    ]
    gevonden = [m for m in gevonden if not (m.redenen and m.overgang.labels.get("stil"))]
    volgorde = list(dossier.route.stappen)
    hier = dossier.stap.code if dossier.stap else volgorde[0]

    def place(mogelijkheid: Mogelijkheid) -> tuple[bool, bool, bool]:
        doel = mogelijkheid.overgang.naar
        is_terug = doel in volgorde and volgorde.index(doel) < volgorde.index(hier)
        return bool(mogelijkheid.redenen), hier not in mogelijkheid.overgang.van, is_terug

    return sorted(gevonden, key=place)


def child_starts(gezin: Gezin, verloop: Verloop, rol: str, dag: int) -> list[Mogelijkheid]:
    """Every start of a child traject on this one that people make, with the reasons why not."""
    if verloop.stand.klasse == SPLITSING:
        return []
    dossier = gezin.dossier(verloop, dag, rol)
    return [
        Mogelijkheid(
            keus, route, (*_child_refusals(dossier, keus, verloop.stand.is_open), *_taken(gezin, verloop, route))
        )
        for route in dossier.kaart.kinderen_van(dossier.route.code)
        for keus in route.starten.values()
        if not keus.labels.get("stil")
    ]


def _taken(gezin: Gezin, verloop: Verloop, route: Route) -> list[str]:
    """Why nobody can start on a child route where each person has at most one traject: all of them have."""
    open_ = [k for k in gezin.open_kinderen(verloop) if route.een_per_client and k.stand.route.code == route.code]  # type: ignore[union-attr]
    bezet = {wie for kind in open_ for wie in kind.stand.deelnemers}
    if not open_ or not set(_people(verloop, route)) <= bezet:
        return []
    return AlEenTraject(route, [kind.nummer for kind in open_]).redenen


def _child_refusals(dossier: Dossier, keus: Overgang, is_open: bool, met_invoer: bool = False) -> list[str]:
    gesloten = [] if is_open or keus.labels.get("na_einde") else ["Dit traject is afgesloten."]
    return gesloten + refusals(keus, dossier, met_invoer)


def _refuse_start(
    gezin: Gezin, ouder: Verloop | None, route: Route, keus: Overgang, dag: int, door: Actor, invoer: Mapping[str, Any]
) -> None:
    if ouder is None:
        kaart = in_force(gezin.db)
        redenen = refusals(keus, Dossier(kaart=kaart, route=route, dag=dag, rol=door.rol, invoer=invoer))
    else:
        if dag < ouder.begonnen_op:
            raise OvergangGeweigerd([f"Het traject waar dit bij hoort begon pas op {short(ouder.begonnen_op)}."])
        toen = None if dag >= ouder.stand.laatste_op else stand_on(ouder, dag)
        dossier = replace(gezin.dossier(ouder, dag, door.rol, toen), invoer=invoer)
        redenen = _child_refusals(dossier, keus, (toen or ouder.stand).is_open, True)
    if redenen:
        raise OvergangGeweigerd(redenen)


def _checked_day(op: int | None) -> int:
    vandaag = klok.today()
    if op is None:
        return vandaag
    if op < EARLIEST:
        raise InvoerGeweigerd({"op": f"De dag kan niet voor {short(EARLIEST)} liggen."})
    if op > vandaag:
        raise InvoerGeweigerd({"op": f"De dag kan niet in de toekomst liggen (na {short(vandaag)})."})
    return op


def _route_for(kaart: Routekaart, code: str, ouder: Verloop | None) -> Route:
    route = kaart.routes.get(code)
    past = route and (ouder.oorsprong["route"] in route.hoort_bij if ouder else not route.hoort_bij)
    if route is None or not past:
        raise OvergangGeweigerd(["Deze route staat niet op de routekaart, of hoort niet bij dit traject."])
    return route


def _start_of(route: Route, code: str) -> Overgang:
    if code not in route.starten:
        raise OvergangGeweigerd([f"{route.naam} kan niet zo beginnen."])
    return route.starten[code]


def _overgang_of(stand: Stand, code: str) -> Overgang:
    keus = stand.route.overgangen.get(code) if stand.route else None
    if keus is None:
        raise OvergangGeweigerd(["Deze overgang staat niet op de routekaart van dit traject."])
    return keus


def _participants(ouder: Verloop | None, route: Route, personen: Sequence[str]) -> Sequence[str]:
    """Who takes part in a new traject: those that are given, of whom a parent has each, or all of a parent's people."""
    if ouder and not set(personen) <= set(ouder.stand.deelnemers):
        raise InvoerGeweigerd({"voor_wie": "Kies iemand die aan dit traject deelneemt."})
    return personen or _people(ouder, route)


def _check_people(
    db: Connection,
    route: Route,
    opening: Overgang,
    personen: Sequence[str],
    dagen: tuple[int, int | None],
    ouder: Verloop | None,
    is_import: bool,
) -> None:
    """They may start on this day, and are on no other traject of a route where a client has one at a time."""
    if not ouder and not is_import:
        check_first_day(opening, dagen[0], [p.gegevens for p in by_pseudonym(db, personen).values()])
    if not (ouder and is_import):
        check_overlap(db, route, {p: [dagen] for p in personen}, ())


def _people(ouder: Verloop | None, route: Route) -> tuple[str, ...]:
    if ouder is None:
        if route.onderwerp != "organisatie":
            raise InvoerGeweigerd({"personen": "Kies voor wie dit is."})
        return ()
    return tuple(d for d, soort in ouder.stand.deelnemers.items() if soort == "persoon")


def _earlier_start(db: Connection, sleutel: str | None, nu: Herhaald, personen: Sequence[str]) -> Vastgelegd | None:
    nummer = (
        db.execute(
            select(trajectnummer.c.nummer)
            .join(gebeurtenis, gebeurtenis.c.traject_id == trajectnummer.c.id)
            .where(gebeurtenis.c.sleutel == sleutel)
        ).scalar_one_or_none()
        if sleutel
        else None
    )
    if nummer is None:
        return None
    verloop = load(db, nummer).by_nummer(nummer)
    wie = [d for soort, d in verloop.oorsprong.get("deelnemers", ()) if soort == "persoon"]
    if wie != list(personen):
        raise Conflict("Dit formulier is al voor iets anders gebruikt. Begin opnieuw.")
    return repeated(db, verloop, sleutel, nu)


def _check_anchor(verloop: Verloop, na: int | None) -> None:
    if na is not None and na not in {feit.volgnummer for feit in verloop.feiten}:
        raise InvoerGeweigerd({"na": f"Gebeurtenis {na} staat niet in de geschiedenis van {verloop.nummer}."})


def _check_given(
    gezin: Gezin, verloop: Verloop, keus: Overgang, dossier: Dossier, antwoorden: Mapping[str, Any]
) -> None:
    """The reden belongs to the stap, and what answers name is there to be named."""
    _check_reason(keus, dossier, dossier.reden)
    check_references(gezin.db, keus, antwoorden)
    _check_family(gezin, verloop, keus, dossier, antwoorden)


def _check_family(
    gezin: Gezin, verloop: Verloop, keus: Overgang, dossier: Dossier, antwoorden: Mapping[str, Any]
) -> None:
    """Who is named takes part, and which children are named are open children of this traject."""
    kinderen = {kind.nummer for kind in gezin.open_kinderen(verloop)}
    mogelijk: dict[str, Collection[str]] = {"deelnemer": dossier.deelnemers, "kinderen": kinderen}
    for veld in keus.velden:
        genoemd = antwoorden.get(veld.code, ())
        namen = [genoemd] if isinstance(genoemd, str) else genoemd
        if veld.soort in mogelijk and not set(namen) <= set(mogelijk[veld.soort]):
            raise InvoerGeweigerd({veld.code: f"Kies een van de mogelijkheden bij {veld.in_zin}."})


def _check_joining(db: Connection, verloop: Verloop, keus: Overgang, erbij: Sequence[str], dag: int) -> None:
    """Who joins is known, takes no part yet and has nothing else of this route that runs at the time."""
    if bool(erbij) != bool(keus.labels.get("erbij")):
        raise InvoerGeweigerd({"personen": "Kies wie erbij komt, op het blad Personen van dit dossier."})
    if set(erbij) & set(verloop.stand.deelnemers):
        raise InvoerGeweigerd({"personen": "Deze persoon doet al mee aan dit traject."})
    if erbij:
        lock_persons(db, erbij)
        check_overlap(db, verloop.stand.route, {wie: [(dag, None)] for wie in erbij}, [verloop.traject_id])  # type: ignore[arg-type]


def _map_of_then(verloop: Verloop, dag: int, na: int | None) -> Stand:
    """The stand when a forgotten step was made, which knows the map of then; the present one before the first day."""
    feiten = verloop.feiten
    tot = next((i + 1 for i, feit in enumerate(feiten) if feit.volgnummer == na), None) if na is not None else None
    eerder = feiten[:tot] if tot else [feit for feit in feiten if feit.dag <= dag]
    return stand_of(verloop.traject_id, verloop.kaarten, eerder) if eerder else verloop.stand


def _refuse_gone(verloop: Verloop, keus: Overgang, is_later: bool) -> None:
    """Refuse what goes on elsewhere, and a split that would come between what was recorded."""
    if verloop.stand.klasse == SPLITSING:
        raise OvergangGeweigerd(["Dit traject gaat verder bij het afgesplitste traject."])
    if not is_later and any(g.naam == "splits_traject" for g in keus.gevolgen):
        laatste = short(verloop.stand.laatste_op)
        raise OvergangGeweigerd([f"Dit kan op zijn vroegst op {laatste}: daarna is al meer vastgelegd."])


def _stand_at(opdracht: Opdracht, verloop: Verloop, dag: int, na: int | None) -> Stand:
    """The stand in which a forgotten step is made."""
    concept = opdracht.draft(verloop, "overgang", dag, verloop.kaart, na_volgnummer=na)
    proef = Verloop(verloop.traject_id, verloop.kaarten)
    proef.log = [*verloop.log, concept]
    feiten = proef.feiten
    if feiten and feiten[0].volgnummer == concept.volgnummer:
        raise InvoerGeweigerd({"op": f"De dag kan niet voor het begin liggen ({short(verloop.begonnen_op)})."})
    return stand_before(proef, feiten, concept.volgnummer)


def _check_books(db: Connection, verloop: Verloop, route: Route, is_later: bool, was_open: bool) -> None:
    """What the new row makes of the history must be a walk, and clash with no other traject."""
    if not is_later:
        check_walk(verloop)
    check_reporter(db, verloop)
    if not is_later or not was_open:
        check_overlap(db, route, periods(verloop), [verloop.traject_id])


def _check_reason(keus: Overgang, dossier: Dossier, reden: str | None) -> None:
    mogelijk = {r.code for r in keus.redenen_bij(dossier.stap)} if dossier.stap else set()
    if keus.redenen and reden not in mogelijk:
        raise InvoerGeweigerd({"reden": "Kies een reden die bij deze stap hoort."})
    if reden and not keus.redenen:
        raise InvoerGeweigerd({"reden": "Bij deze overgang hoort geen reden."})


def _whence(db: Connection, route: Route, ouder: Verloop | None, personen: Sequence[str], dag: int) -> dict[str, Any]:
    """What a new traject hangs on, or else what its client comes back from."""
    if ouder:
        return {**start_content(ouder, ouder.stand, route), "hoort_bij": ouder.traject_id}
    return {"route": route.code, **_given(komt_uit=comes_from(db, route, personen, dag))}


def _participating(personen: Sequence[str], organisaties: Sequence[str] = ()) -> list[list[str]]:
    return [["persoon", wie] for wie in personen] + [["organisatie", wie] for wie in organisaties]


def _move(keus: Overgang, stand: Stand, doel: Stap) -> dict[str, str | None]:
    """From where to where an overgang went, as columns of the log; one in place goes nowhere."""
    van = stand.stap.code if stand.stap else None
    return {"overgang": keus.code, "van": van, "naar": doel.code if keus.naar else None}


def _given(**waarden: Any) -> dict[str, Any]:
    return {k: v for k, v in waarden.items() if v is not None}
