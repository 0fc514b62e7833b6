"""Builders: people, trajecten and histories on any map, by what the map says and never by a name known here.

What does not matter for a test is invented: answers that the map asks for, a role that may, a road to a stap. Next to
them stands what tests compare: all rows of the projections, and a second opinion on the hash chain of the log.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

from sqlalchemy import Connection, create_engine, insert, select, text

from models import klok
from models.database import engine, transaction
from models.instelling import dagstelling
from models.medewerker import medewerker
from models.organisatie import organisatie
from models.projectie import OVER_TIME, opgave
from models.tabellen import all_tables
from workflow import kaarten, perioden, personen
from workflow.gezin import load
from workflow.kaartlezer import lees
from workflow.kalender import date_of, daynumber
from workflow.opdracht import Actor, Vastgelegd
from workflow.personen import Gegevens
from workflow.routekaart import GEHEEL, VORIGE, Opgavesoort, Opgever, Overgang, Route, Routekaart, Veld
from workflow.verloop import Verloop
from workflow.vier_ogen import NAAM, Voorgesteld
from workflow.voortgang import OvergangGeweigerd, advance, start

NU = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""The moment of tests that need no other: a Monday."""

VREEMDE_KAART = (Path(__file__).parent / "kaarten" / "vreemd.yaml").read_text(encoding="utf-8")
PROJECTIES = ("traject", *(tabel.name for paar in OVER_TIME.values() for tabel in paar))
_VOLGENDE = count(1)


def day(tekst: str) -> int:
    """The number of an ISO date."""
    return daynumber(date.fromisoformat(tekst))


VANDAAG = day("2026-03-02")
BEGIN = day("2025-06-02")
"""The day on which built trajecten start: far enough back to leave room for a history."""


def actor(rol: str, nummer: int = 1) -> Actor:
    """A medewerker in this role; the same one each time."""
    return Actor(hashlib.md5(f"{rol}{nummer}".encode(), usedforsecurity=False).hexdigest(), rol, "DESK")


def key(naam: str) -> str:
    """The idempotency key of a form; the same one each time."""
    return hashlib.md5(naam.encode(), usedforsecurity=False).hexdigest()


UITVOERDER, COORDINATOR = actor("uitvoerder"), actor("coordinator")
VOORGESTELD = Voorgesteld(UITVOERDER, 0, 0)
"""For a correction that takes two people: the uitvoerder proposed it."""


# -- Databases ---------------------------------------------------------------------------------------------------------


def a_database(map_: Path, kaart: str) -> str:
    """The address of a fresh SQLite database in this folder, with the map of this YAML text in force."""
    bestand = map_ / f"proef{next(_VOLGENDE)}.db"
    shutil.copyfile(_template(kaart), bestand)
    return f"sqlite:///{bestand}"


@cache
def _template(kaart: str) -> Path:
    bestand = Path(mkdtemp(prefix="routekaart-sjabloon-")) / "sjabloon.db"
    url = f"sqlite:///{bestand}"
    furnish(url, kaart)
    engine(url).dispose()
    return bestand


def a_postgres_database(adres: str, sjabloon: str = "sjabloon") -> str:
    """The address of a fresh copy of the database `sjabloon`; `adres` has "{}" for the name."""
    naam = f"proef{next(_VOLGENDE)}"
    make_postgres_database(adres, naam, sjabloon)
    return adres.format(naam)


def make_postgres_database(adres: str, naam: str, sjabloon: str) -> None:
    """A database like another one, on the same server."""
    beheer = create_engine(adres.format("postgres"), isolation_level="AUTOCOMMIT")
    with beheer.connect() as db:
        db.exec_driver_sql(f"CREATE DATABASE {naam} TEMPLATE {sjabloon}")
    beheer.dispose()


def furnish(url: str, kaart: str) -> None:
    """Make the tables in an empty database and put a map and a register in it."""
    all_tables().create_all(engine(url))
    with klok.at(datetime(2016, 1, 1, tzinfo=UTC)), transaction(url) as db:
        gelezen = lees(kaart)
        kaarten.store(db, gelezen)
        let_one_correct(db)
        soorten = {v.partijsoort or "partner" for r in gelezen.routes.values() for v in r.velden.values()}
        register(db, soorten | {"partner"})
        _register_reporters(db, gelezen)


def let_one_correct(db: Connection, dagen: int = 100_000) -> None:
    """One person may correct alone what happened up to so many days ago; tests of four eyes set their own number."""
    rij = {"naam": NAAM, "waarde": dagen, "vanaf_dag": 0, "door": "", "vastgelegd_op": klok.now_us()}
    db.execute(insert(dagstelling).values(rij))


def register(db: Connection, soorten: Iterable[str]) -> None:
    """Organisations of these soorten and a medewerker in each role."""
    namen = [("DESK", "desk"), *((f"ORG-{soort.upper()}", soort) for soort in sorted(soorten))]
    rijen = [{"code": code, "naam": code.capitalize(), "soort": soort, "is_actief": True} for code, soort in namen]
    db.execute(insert(organisatie), rijen)
    for rol in ("uitvoerder", "coordinator", "auditor", "partner", "beheerder"):
        wie = actor(rol)
        db.execute(
            insert(medewerker).values(
                pseudoniem=wie.pseudoniem,
                inlognaam=f"{rol}.proef",
                naam=f"{rol.capitalize()} Proef",
                rol=rol,
                organisatie="DESK",
                wachtwoord="-",
                is_actief=True,
                mislukt=0,
            )
        )


def _register_reporters(db: Connection, kaart: Routekaart) -> None:
    """Organisations that report, and those that are places of reports."""
    opgevers = {code for soort in kaart.opgaven.values() for code in soort.opgevers}
    plaatsen = {
        (plaats, soort.plaatsen_van)
        for soort in kaart.opgaven.values()
        for wie in soort.opgevers.values()
        for plaats in wie.plaatsen
        if soort.plaatsen_van
    }
    rijen = sorted({(code, "opgever") for code in opgevers} | plaatsen)
    if rijen:
        db.execute(insert(organisatie), [{"code": c, "naam": c, "soort": s, "is_actief": True} for c, s in rijen])


# -- People and trajecten ----------------------------------------------------------------------------------------------


def a_person(db: Connection, achternaam: str = "", **gegevens: str) -> str:
    """An invented person; returns the pseudonym."""
    nummer = next(_VOLGENDE)
    gevuld = {"voornaam": "Proef", "achternaam": achternaam or f"Persoon{_letters(nummer)}", **gegevens}
    return personen.register(db, Gegevens(**gevuld))


def _letters(nummer: int) -> str:
    return "".join(chr(97 + int(cijfer)) for cijfer in str(nummer))


def a_traject(
    db: Connection,
    *,
    aantal: int = 1,
    wie: Sequence[str] = (),
    route: str | None = None,
    begin: str | None = None,
    op: int = BEGIN,
    stap: str | None = None,
    door: Actor | None = None,
    invoer: Mapping[str, Any] | None = None,
    **rest: Any,
) -> str:
    """A traject on the first main route (or `route`), in its first stap or walked on to `stap`; returns the number."""
    kaart = kaarten.in_force(db)
    weg = kaart.routes[route] if route else next(r for r in kaart.routes.values() if not r.hoort_bij)
    opening = weg.starten[begin] if begin else next(iter(weg.starten.values()))
    if not wie and "hoort_bij" not in rest and weg.onderwerp != "organisatie":
        wie = [a_person(db) for _ in range(aantal)]
    if opening.code in weg.opgavevelden and not invoer:
        verslag = a_report(db, weg, opening.code, op)
        rest = {"organisaties": [verslag.opgever], "gemeente": verslag.gemeente, **rest}
        invoer = {verslag.veld: verslag.antwoord}
    gemaakt = start(
        db,
        weg.code,
        opening.code,
        {**answers(db, opening, op, wie), **(invoer or {})},
        door=door or actor(opening.rollen[0]),
        personen=wie,
        op=op,
        **rest,
    )
    if stap:
        advance_to(db, gemaakt.nummer, stap, op)
    return gemaakt.nummer


def step(
    db: Connection,
    nummer: str,
    overgang: str,
    op: int | None = None,
    *,
    invoer: Mapping[str, Any] | None = None,
    door: Actor | None = None,
    alles: bool = False,
    **rest: Any,
) -> Vastgelegd:
    """Make an overgang with invented answers to what is asked (`alles`: to every question), on its last day or `op`."""
    verloop = folded(db, nummer)
    dag = verloop.stand.laatste_op if op is None else op
    keus = route_of(verloop).overgangen[overgang]
    if keus.redenen and "reden" not in rest and verloop.stand.stap:
        rest["reden"] = keus.redenen_bij(verloop.stand.stap)[0].code
    gevuld = {**answers(db, keus, dag, list(verloop.stand.deelnemers), alles), **(invoer or {})}
    return advance(db, nummer, overgang, gevuld, door=door or actor(keus.rollen[0]), op=dag, **rest)


def advance_to(db: Connection, nummer: str, doel: str, op: int | None = None) -> None:
    """Walk a traject to a stap along the shortest road on which no guard refuses. Raises LookupError."""
    dicht: set[tuple[str, str]] = set()
    while (hier := place(db, nummer)) != doel:
        keus = _next_on_road(route_of(folded(db, nummer)), hier, doel, dicht)
        if not _tried(db, nummer, keus, op):
            dicht.add((hier, keus))


def _tried(db: Connection, nummer: str, keus: str, op: int | None) -> bool:
    for alles in (False, True):
        try:
            with db.begin_nested():
                step(db, nummer, keus, op, alles=alles)
        except OvergangGeweigerd:
            continue
        return True
    return False


def _next_on_road(route: Route, hier: str, doel: str, dicht: set[tuple[str, str]]) -> str:
    rij: deque[tuple[str, str]] = deque([(hier, "")])
    gezien = {hier}
    while rij:
        stap, eerste = rij.popleft()
        for keus in route.overgangen_vanuit[stap]:
            if keus.naar in (None, VORIGE) or keus.naar in gezien or (stap, keus.code) in dicht:
                continue
            if keus.naar == doel:
                return eerste or keus.code
            gezien.add(str(keus.naar))
            rij.append((str(keus.naar), eerste or keus.code))
    raise LookupError(f"no road from {hier} to {doel} on route {route.code}")


def folded(db: Connection, nummer: str) -> Verloop:
    """The traject as the engine folds it from the log."""
    return load(db, nummer).by_nummer(nummer)


def route_of(verloop: Verloop) -> Route:
    """Its route on the map of its first row."""
    return verloop.kaarten[verloop.log[0].routekaart].routes[verloop.oorsprong["route"]]


def place(db: Connection, nummer: str) -> str:
    """The code of the stap it stands in, empty when it was taken back."""
    stap = folded(db, nummer).stand.stap
    return stap.code if stap else ""


def the_map(db: Connection) -> Routekaart:
    """The map in force."""
    return kaarten.in_force(db)


# -- Reports of partners -----------------------------------------------------------------------------------------------


class Verslag(NamedTuple):
    """A report that nobody gave yet: its veld, who gives it, of which gemeente, and the answer."""

    veld: str
    opgever: str
    gemeente: str
    antwoord: dict[str, Any]


def a_report(db: Connection, route: Route, begin: str, op: int, aantal: int = 7) -> Verslag:
    """The first report that is asked for and not yet given, for a start of this route. Raises LookupError."""
    veld, is_historisch = route.opgavevelden[begin]
    for soort, wie, gemeente, van, tot in _asked_reports(the_map(db), op):
        if soort.is_historic(tot) == is_historisch and not _is_given(db, soort, wie, gemeente, van):
            plaats = next(iter(wie.plaatsen or soort.plaatsen or (GEHEEL,)))
            regels = [[reeks, plaats, aantal] for reeks in soort.reeksen]
            antwoord = {"indicator": soort.code, "van": _iso(van), "tot": _iso(tot), "regels": regels}
            return Verslag(veld, wie.organisatie, gemeente, antwoord)
    raise LookupError("every report was given")


def _asked_reports(kaart: Routekaart, op: int) -> Iterator[tuple[Opgavesoort, Opgever, str, int, int]]:
    for soort in kaart.opgaven.values():
        for van, tot in perioden.within(soort.ritme, soort.vanaf, min(soort.tot or op + 1, op + 1)):
            for wie in soort.opgevers.values():
                yield from ((soort, wie, gemeente, van, tot) for gemeente in wie.gemeenten)


def _is_given(db: Connection, soort: Opgavesoort, wie: Opgever, gemeente: str, van: int) -> bool:
    vraag = select(opgave.c.nr).where(
        *(opgave.c.indicator == soort.code, opgave.c.opgever == wie.organisatie),
        *(opgave.c.gemeente == gemeente, opgave.c.van_dag == van),
    )
    return db.execute(vraag.limit(1)).first() is not None


def _iso(dag: int) -> str:
    return date_of(dag).isoformat()


# -- Answers -----------------------------------------------------------------------------------------------------------


def answers(
    db: Connection, overgang: Overgang, dag: int, deelnemers: Sequence[str] = (), alles: bool = False
) -> dict[str, Any]:
    """Invented answers to the required questions, or to all of them but those about other trajecten."""
    gevraagd = [v for v in overgang.velden if v.soort not in _VAN_DE_KAART]
    gevraagd = [v for v in gevraagd if v.verplicht or (alles and v.soort not in _ONGEVRAAGD)]
    return {veld.code: _answer(db, veld, dag, deelnemers) for veld in gevraagd}


_ONGEVRAAGD = ("deelnemer", "kinderen", "onderdelen")
_VAN_DE_KAART = ("opgave",)
"""Answers of which the map says more than the veld does: `a_report` makes them."""


def _answer(db: Connection, veld: Veld, dag: int, deelnemers: Sequence[str]) -> Any:
    if veld.soort == "keuze":
        return next(k.code for k in veld.keuzes if (k.vanaf or dag) <= dag < (k.tot or dag + 1))
    if veld.soort == "partij":
        soort = organisatie.c.soort == veld.partijsoort if veld.partijsoort else True
        return db.execute(select(organisatie.c.code).where(soort).limit(1)).scalar_one()
    if veld.soort == "medewerker":
        return db.execute(select(medewerker.c.pseudoniem).limit(1)).scalar_one()
    return {
        "datum": date_of(dag + _bounded(veld, 0)).isoformat(),
        "ja_nee": "ja",
        "tekst": "Zomaar een verzonnen zin.".ljust(veld.minimum or 0, "."),
        "deelnemer": deelnemers[-1] if deelnemers else "",
        "kinderen": [],
        "stuknummer": "Z-2026-00123",
        "onderdelen": {
            code: keuze.code for code in [k.code for k in veld.onderdelen] or ["1"] for keuze in veld.keuzes[:1]
        },
    }.get(veld.soort, str(_bounded(veld, 1)))


def _bounded(veld: Veld, waarde: int) -> int:
    laagste = waarde if veld.minimum is None else max(waarde, veld.minimum)
    return laagste if veld.maximum is None else min(laagste, veld.maximum)


# -- What tests compare ------------------------------------------------------------------------------------------------


def log_rows(db: Connection, nummer: str | None = None) -> list[dict[str, Any]]:
    """The log as plain mappings in order of writing, of one traject or of all."""
    waar = "WHERE traject_id = (SELECT id FROM trajectnummer WHERE nummer = :nummer)" if nummer else ""
    rijen = db.execute(text(f"SELECT * FROM gebeurtenis {waar} ORDER BY id"), {"nummer": nummer} if nummer else {})
    return [dict(rij) for rij in rijen.mappings()]


def projections(db: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every projection, in an order of their own."""
    return {naam: sorted(map(tuple, db.execute(text(f"SELECT * FROM {naam}"))), key=repr) for naam in PROJECTIES}


def everything(db: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table: what a refused request leaves untouched."""
    return {
        tabel: sorted(map(tuple, db.execute(text(f"SELECT * FROM {tabel}"))), key=repr) for tabel in all_tables().tables
    }


_IN_DE_HASH = (
    *("traject_id", "volgnummer", "soort", "overgang", "van", "naar", "reden", "dag", "moment", "vastgelegd_op"),
    *("bron_vastgelegd_op", "routekaart", "betreft_volgnummer", "na_volgnummer", "opdracht_id", "inhoud_hash"),
    "vorige_hash",
)


def chain_faults(rijen: Iterable[Mapping[str, Any]]) -> list[str]:
    """Where the rows of a log do not make sound chains: written anew from the design, without the engine."""
    gevonden, vorige = [], {}
    for rij in sorted(rijen, key=lambda r: (r["traject_id"], r["volgnummer"])):
        waar = f"{rij['traject_id']}/{rij['volgnummer']}"
        nummer, hash_, tijd = vorige.get(rij["traject_id"], (0, None, 0))
        tekst = json.dumps([1, *(rij[naam] for naam in _IN_DE_HASH)], ensure_ascii=False, separators=(",", ":"))
        if rij["volgnummer"] != nummer + 1:
            gevonden.append(f"{waar}: follows {nummer}")
        if rij["vorige_hash"] != hash_:
            gevonden.append(f"{waar}: is not linked to the row before it")
        if rij["hash"] != hashlib.sha256(b"\x00" + tekst.encode()).hexdigest():
            gevonden.append(f"{waar}: hash does not fit the row")
        if rij["inhoud"] is not None and rij["inhoud_hash"] != _content_hash(rij):
            gevonden.append(f"{waar}: inhoud_hash does not fit the content")
        if rij["vastgelegd_op"] < tijd:
            gevonden.append(f"{waar}: was recorded before the row before it")
        vorige[rij["traject_id"]] = rij["volgnummer"], rij["hash"], rij["vastgelegd_op"]
    return gevonden


def _content_hash(rij: Mapping[str, Any]) -> str:
    return hashlib.sha256(b"\x02" + bytes.fromhex(rij["zout"]) + rij["inhoud"].encode()).hexdigest()
