"""What changed around the trajecten: the map, norms and targets, rights, days that count as free, creditors.

Maps, norms, targets and four eyes are dated where they are kept; equated days, rights, roles, who published a map and
what became of a creditor leave a row here. The dates within a map itself, from and until when a term or a choice holds,
are told too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select

from models import klok
from models.afscherming import afscherming, afscherming_einde, inzage
from models.duiding import streefwaarde
from models.instelling import gelijkgestelde_dag
from models.trajectnummer import trajectnummer
from models.wijziging import wijziging
from workflow.kaarten import Kaarten, Versie, read_all, versions
from workflow.kaartverschil import DADEN, Daad, Verschil, difference, quoted
from workflow.kalender import GELIJKGESTELDE_DAGEN, daynumber, in_words, short
from workflow.overzichten import medewerkers
from workflow.rollen import rol_in_zin
from workflow.routekaart import Lengte, Routekaart, Termijnregel
from workflow.vier_ogen import settings_made
from workflow.zicht import hidden

Soort = Literal[
    "kaart", "termijnen", "normen", "kalender", "vier_ogen", "rechten", "rollen", "afscherming", "schuldeiser"
]

SOORTEN: Mapping[Soort, str] = {
    "kaart": "Routekaart",
    "termijnen": "Termijnen",
    "normen": "Normen en streefwaarden",
    "kalender": "Gelijkgestelde dagen",
    "vier_ogen": "Vier ogen",
    "rechten": "Rechten",
    "rollen": "Medewerkers en rollen",
    "afscherming": "Afgeschermde dossiers",
    "schuldeiser": "Register van schuldeisers",
}
"""What may change, in words."""


IEDEREEN: Mapping[str, str] = {"openbaar": "iedereen", "ingelogd": "iedereen die is ingelogd"}
"""Who may use a page, where that is no list of roles."""

ROLDADEN: Mapping[Daad, str] = {"erbij": "mag inloggen als", "weg": "is geblokkeerd als", "anders": "is nu"}
"""What happened to an account, before its role."""


@dataclass(frozen=True, slots=True)
class Wijziging:
    """What changed at one moment (UTC microseconds): its kind, a line, the details, and who did it, where known.

    `versies`: the maps before and after.
    """

    moment: int
    soort: Soort
    zin: str
    details: tuple[str, ...] = ()
    door: str | None = None
    versies: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Regel:
    """A rule of the map that holds from a day on."""

    dag: int
    wat: str
    zin: str


# -- What leaves a row -------------------------------------------------------------------------------------------------


def note_day(db: Connection, daad: Daad, dag: date, bron: str, door: str | None) -> None:
    """An equated day came or went; `bron` is the decree that it stands in."""
    _note(db, [("kalender", daad, dag.isoformat(), bron)], door)


def note_role(db: Connection, daad: Daad, pseudoniem: str, rol: str, door: str | None) -> None:
    """An account came, went, or has another role; `rol` in words, `door` the pseudonym of who did it."""
    _note(db, [("rollen", daad, pseudoniem, rol)], door)


def note_publisher(db: Connection, sha256: str, naam: str) -> None:
    """Who published a version of the map on the command line, where nobody logs in."""
    _note(db, [("kaart", "erbij", sha256, naam)], None)


def note_creditor(db: Connection, daad: Daad, code: str, zinnen: Iterable[str], door: str | None) -> None:
    """What became of a creditor of the register, in words; `door` the pseudonym of who did it."""
    _note(db, [("schuldeiser", daad, code, zin) for zin in zinnen], door)


def keep_decreed(db: Connection) -> None:
    """The equated days of the decrees that the program knows, in a database that has none yet, and a note of each."""
    if db.execute(select(gelijkgestelde_dag.c.dag)).first():
        return
    dagen = [{"dag": daynumber(dag), "bron": bron} for dag, bron in GELIJKGESTELDE_DAGEN.items()]
    db.execute(insert(gelijkgestelde_dag), dagen)
    for dag, bron in GELIJKGESTELDE_DAGEN.items():
        note_day(db, "erbij", dag, bron, None)


def note_rights(db: Connection, rechten: Mapping[str, str]) -> int:
    """Note what changed in who may use which page (page -> roles) since it was noted last; returns how much did."""
    was = _rights(db)
    erbij = [("rechten", "anders" if pad in was else "erbij", pad, wie) for pad, wie in rechten.items()]
    nieuw = [rij for rij in erbij if was.get(rij[2]) != rij[3]]
    weg = [("rechten", "weg", pad, wie) for pad, wie in was.items() if pad not in rechten]
    _note(db, [*nieuw, *weg], None)
    return len(nieuw) + len(weg)


def _rights(db: Connection) -> dict[str, str]:
    """Page -> roles, as noted last."""
    stand: dict[str, str] = {}
    for rij in db.execute(select(wijziging).where(wijziging.c.soort == "rechten").order_by(wijziging.c.id)):
        stand.pop(rij.wat, None)
        if rij.daad != "weg":
            stand[rij.wat] = rij.inhoud
    return stand


def _note(db: Connection, rijen: Iterable[tuple[str, str, str, str]], door: str | None) -> None:
    vast = {"door": door, "vastgelegd_op": klok.now_us()}
    if waarden := [{**dict(zip(("soort", "daad", "wat", "inhoud"), rij, strict=True)), **vast} for rij in rijen]:
        db.execute(insert(wijziging), waarden)


# -- What is told ------------------------------------------------------------------------------------------------------


def changes(db: Connection, paginas: Mapping[str, str]) -> list[Wijziging]:
    """Everything that changed, the last first; `paginas`: what people call each page."""
    gevonden = [*_of_maps(db), *_of_targets(db), *_of_four_eyes(db), *_of_shields(db), *_of_rows(db, paginas)]
    namen = medewerkers(db, {w.door for w in gevonden if w.door})
    met_naam = [_named(w, namen) for w in gevonden]
    return sorted(met_naam, key=lambda w: w.moment, reverse=True)


def of_creditor(db: Connection, code: str) -> list[Wijziging]:
    """What became of one creditor, the last first; two statements."""
    waar = (wijziging.c.soort == "schuldeiser", wijziging.c.wat == code)
    rijen = db.execute(select(wijziging).where(*waar).order_by(wijziging.c.id.desc())).all()
    namen = medewerkers(db, {rij.door for rij in rijen if rij.door})
    return [_named(Wijziging(rij.vastgelegd_op, "schuldeiser", rij.inhoud, door=rij.door), namen) for rij in rijen]


def _named(wat: Wijziging, namen: Mapping[str, str]) -> Wijziging:
    naam = namen.get(wat.door, wat.door) if wat.door else None
    return Wijziging(wat.moment, wat.soort, wat.zin, wat.details, naam, wat.versies)


def _of_maps(db: Connection) -> Iterator[Wijziging]:
    alle = versions(db)[::-1]
    read_all(db)
    kaarten, wie = Kaarten(db), _publishers(db)
    for eerste in alle[:1]:
        zin = f"Versie {eerste.naam} opgeslagen: de eerste"
        yield Wijziging(eerste.gepubliceerd_op, "kaart", zin, door=wie.get(eerste.sha256))
    for was, wordt in pairwise(alle):
        verschillen = difference(kaarten[was.sha256], kaarten[wordt.sha256])
        yield from _of_version(was, wordt, verschillen, wie.get(wordt.sha256))


def _publishers(db: Connection) -> dict[str, str]:
    vraag = select(wijziging.c.wat, wijziging.c.inhoud).where(wijziging.c.soort == "kaart")
    return {rij.wat: rij.inhoud for rij in db.execute(vraag.order_by(wijziging.c.id))}


def _of_version(was: Versie, wordt: Versie, verschillen: list[Verschil], door: str | None) -> Iterator[Wijziging]:
    """A stored version; what it changed about terms stands apart, on the day that it came in force."""
    samen = (was.sha256, wordt.sha256)
    wat = "1 verschil" if len(verschillen) == 1 else f"{len(verschillen)} verschillen"
    zin = f"Versie {wordt.naam} opgeslagen: {wat} met {was.naam}, geldig vanaf {short(wordt.geldig_vanaf)}"
    yield Wijziging(wordt.gepubliceerd_op, "kaart", zin, door=door, versies=samen)
    termijnen = tuple(v.zin for v in verschillen if _is_about_terms(v))
    if termijnen and wordt.van is not None:
        zin = f"Versie {wordt.naam} in werking: andere termijnen"
        yield Wijziging(wordt.van, "termijnen", zin, termijnen, door, samen)


def _is_about_terms(verschil: Verschil) -> bool:
    return verschil.soort == "termijn" or any(zin.startswith("termijnen ") for zin in verschil.zinnen)


def _of_targets(db: Connection) -> Iterator[Wijziging]:
    for rij in db.execute(select(streefwaarde).order_by(streefwaarde.c.id)):
        over = f"{rij.soort.capitalize()} van {rij.indicator} ({rij.maat}) voor {rij.jaar}"
        zin = f"{over} vervallen" if rij.waarde is None else f"{over}: {rij.waarde:g}".replace(".", ",")
        yield Wijziging(rij.vastgelegd_op, "normen", zin, door=rij.door)


def _of_four_eyes(db: Connection) -> Iterator[Wijziging]:
    for grens in settings_made(db):
        dagen = "1 dag" if grens.dagen == 1 else f"{grens.dagen} dagen"
        zin = f"Alleen corrigeren kan tot en met {dagen} na het feit, vanaf {short(grens.vanaf)}"
        yield Wijziging(grens.vastgelegd_op, "vier_ogen", zin, door=grens.door)


def _of_shields(db: Connection) -> Iterator[Wijziging]:
    """Shields set and ended, and dossiers opened all the same; of one out of sight not even the number is told."""
    dicht = hidden(db)
    t = trajectnummer.c

    def which(rij: Any) -> str:
        return "Een dossier" if dicht.keeps_out(rij.wortel_id) else f"Dossier {rij.nummer}"

    a, e = afscherming.c, afscherming_einde.c
    vraag = select(afscherming, t.nummer, e.door.label("einde_door"), e.vastgelegd_op.label("einde_op"))
    bron = afscherming.join(trajectnummer, t.id == a.wortel_id).outerjoin(afscherming_einde, e.id == a.id)
    for rij in db.execute(vraag.select_from(bron).order_by(a.id)):
        hoe = "voor een medewerker" if rij.soort == "niet" else "voor een eigen kring"
        yield Wijziging(rij.vastgelegd_op, "afscherming", f"{which(rij)} afgeschermd {hoe}", door=rij.door)
        if rij.einde_op is not None:
            yield Wijziging(rij.einde_op, "afscherming", f"{which(rij)} niet meer afgeschermd", door=rij.einde_door)
    gezien = select(inzage, t.nummer).join(trajectnummer, t.id == inzage.c.wortel_id).order_by(inzage.c.id)
    for rij in db.execute(gezien):
        yield Wijziging(rij.vastgelegd_op, "afscherming", f"{which(rij)} met een reden geopend", door=rij.medewerker)


def _of_rows(db: Connection, paginas: Mapping[str, str]) -> Iterator[Wijziging]:
    """Rows that were written together are one change."""
    rijen = db.execute(select(wijziging).where(wijziging.c.soort != "kaart").order_by(wijziging.c.id)).all()
    namen = {**paginas, **medewerkers(db, {rij.wat for rij in rijen if rij.soort == "rollen"})}
    for (moment, soort, door), groep in groupby(rijen, key=lambda r: (r.vastgelegd_op, r.soort, r.door)):
        details = [_in_words(rij, namen) for rij in groep]
        yield Wijziging(moment, soort, *_line_and_details(soort, details), door=door)


def _line_and_details(soort: Soort, details: list[str]) -> tuple[str, tuple[str, ...]]:
    if len(details) == 1:
        return details[0], ()
    return f"{SOORTEN[soort]}: {len(details)} wijzigingen", tuple(details)


def _in_words(rij: Row[tuple[str, ...]], namen: Mapping[str, str]) -> str:
    if rij.soort == "rollen":
        return f"{namen.get(rij.wat, rij.wat)} {ROLDADEN[rij.daad]} {rij.inhoud}"
    if rij.soort == "schuldeiser":
        return f"Schuldeiser {rij.wat}: {rij.inhoud[0].lower()}{rij.inhoud[1:]}"
    daad = DADEN[rij.daad]
    if rij.soort == "kalender":
        return f"{in_words(daynumber(date.fromisoformat(rij.wat)))} {daad} ({rij.inhoud})"
    pagina = f"Pagina {quoted(namen.get(rij.wat, rij.wat))} {daad}"
    return pagina if rij.daad == "weg" else f"{pagina}: {_who(rij.inhoud)}"


def _who(rollen: str) -> str:
    return IEDEREEN.get(rollen) or ", ".join(rol_in_zin(rol) for rol in rollen.split(", "))


def dated_rules(kaart: Routekaart) -> list[Regel]:
    """The rules of a map that began or ended on a day of their own, the last first."""
    regels = [*_dated_terms(kaart), *_dated_choices(kaart), *_dated_products(kaart)]
    return sorted(set(regels), key=lambda regel: (-regel.dag, regel.wat, regel.zin))


def _dated_terms(kaart: Routekaart) -> Iterator[Regel]:
    for regel in kaart.termijnen.values():
        for was, wordt in pairwise([None, *regel.lengtes]):
            if wordt and wordt.vanaf is not None:
                yield Regel(wordt.vanaf, regel.naam, _length_from(was, wordt, regel))


def _length_from(was: Lengte | None, wordt: Lengte, regel: Termijnregel) -> str:
    eerst = f", daarvoor {was.in_woorden}" if was else ""
    return f"{wordt.in_woorden}{eerst} ({regel.grondslag})"


def _dated_choices(kaart: Routekaart) -> Iterator[Regel]:
    for veld in (v for r in kaart.routes.values() for o in r.alle_overgangen.values() for v in o.velden):
        for keuze in veld.keuzes:
            yield from _from_and_until(f"{veld.label}: {keuze.naam}", keuze.vanaf, keuze.tot, "kan worden gekozen")


def _dated_products(kaart: Routekaart) -> Iterator[Regel]:
    for regel in kaart.catalogus:
        producten = ", ".join(kaart.producten.get(code, code) for code in regel.producten)
        yield from _from_and_until(f"Catalogus: {producten}", regel.vanaf, regel.tot, f"volgens {regel.bron}")


def _from_and_until(wat: str, vanaf: int | None, tot: int | None, zin: str) -> Iterator[Regel]:
    if vanaf is not None:
        yield Regel(vanaf, wat, zin)
    if tot is not None:
        yield Regel(tot, wat, f"niet meer: {zin}")
