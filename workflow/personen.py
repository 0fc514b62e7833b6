"""People: registered once, found by BSN or name, encrypted each under their own key.

Pages get a `Persoon`; nothing else in the program sees personal data. A person entered twice is merged by
gebeurtenissen on each traject, so that it can be undone.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, or_, select, union, update
from sqlalchemy.exc import IntegrityError

from models import klok
from models.persoon import datasleutel, persoon, persoonswijziging, zoekterm
from models.projectie import deelname, deelname_oud
from models.traject import traject
from workflow import kluis
from workflow.bsn import is_valid_bsn
from workflow.correcties import append_withdrawal
from workflow.eenheid import lock_persons
from workflow.gelijkenis import looks_alike, name_parts
from workflow.gezin import load
from workflow.historie import content, withdrawn
from workflow.kaarten import in_force
from workflow.kluis import PREFIX_FROM, decrypt, encrypt, tokens
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Actor, Conflict, Opdracht, new_data_key
from workflow.persoonsgegevens import NAAMLOOS, check
from workflow.persoonsgegevens import Gegevens as Gegevens
from workflow.velden import InvoerGeweigerd
from workflow.zicht import hidden, people_out_of_sight

MAX_HITS = 20
MAX_CANDIDATES = 300
"""So many people whose names begin alike are decrypted and compared, the most alike first."""


@dataclass(frozen=True, slots=True)
class Persoon:
    """A person as pages show one."""

    pseudoniem: str
    gegevens: Gegevens

    @property
    def naam(self) -> str:
        """The name as it is said."""
        return self.gegevens.naam


def register(db: Connection, gegevens: Gegevens, is_gecontroleerd: bool = True) -> str:
    """Enter a person and return the pseudonym. Raises InvoerGeweigerd, also when the BSN is known already.

    `is_gecontroleerd=False` takes data as an exchange file gives it, a BSN that fails the elfproef included; when
    someone else has that same wrong number, it is kept but finds nobody.
    """
    if is_gecontroleerd:
        gegevens = check(gegevens)
    is_dubbel = bool(gegevens.bsn) and by_bsn(db, gegevens.bsn) is not None
    if is_dubbel and (is_gecontroleerd or is_valid_bsn(gegevens.bsn)):
        raise _taken()
    sleutel_id, sleutel = new_data_key(db)
    pseudoniem = secrets.token_hex(16)
    rij = {"pseudoniem": pseudoniem, "datasleutel_id": sleutel_id, **_stored(pseudoniem, sleutel, gegevens)}
    if is_dubbel:
        rij["bsn_index"] = None
    try:
        persoon_id = db.execute(persoon.insert().values(rij).returning(persoon.c.id)).scalar_one()
    except IntegrityError:
        raise _taken() from None
    _index(db, persoon_id, gegevens)
    return pseudoniem


def change(
    db: Connection, pseudoniem: str, gegevens: Gegevens, *, door: str | None = None, verwacht: int | None = None
) -> None:
    """Replace a person's data; what stays the same is not judged again. Raises InvoerGeweigerd.

    `door` is the pseudonym of who does so; `verwacht` the last change that they saw: a later one is a Conflict.
    """
    rij = _locked(db, pseudoniem)
    if gegevens == opened(rij).gegevens:
        return
    if verwacht is not None and verwacht != last_change(db, pseudoniem):
        raise Conflict("Deze gegevens zijn intussen gewijzigd. Bekijk eerst de nieuwe stand.")
    _rewrite(db, rij, gegevens, Aantekening("gegevens", door))


@dataclass(frozen=True, slots=True)
class Aantekening:
    """What the history of a person says of a change: its kind, who made it, whom it is about, and why."""

    soort: str
    door: str | None
    betreft: str | None = None
    reden: str | None = None


def _locked(db: Connection, pseudoniem: str) -> Any:
    rij = db.execute(_rows().where(persoon.c.pseudoniem == pseudoniem).with_for_update(of=persoon)).first()
    if rij is None:
        raise InvoerGeweigerd({"personen": "Deze persoon is niet bekend."})
    return rij


def _rewrite(db: Connection, rij: Any, gegevens: Gegevens, aantekening: Aantekening) -> None:
    was = opened(rij).gegevens
    gegevens = check(gegevens, was)
    nieuw = _stored(rij.pseudoniem, kluis.current().unwrap(rij.omhuld), gegevens)
    van = by_bsn(db, gegevens.bsn) if gegevens.bsn and gegevens.bsn != was.bsn else None
    if van is not None and van.pseudoniem != rij.pseudoniem:
        raise _taken()
    # Where the index already leads to this person by way of one merged with them, it stays there.
    if gegevens.bsn == was.bsn:
        del nieuw["bsn_index"]
    elif van is not None:
        nieuw["bsn_index"] = None
    _note(db, rij, was, gegevens, aantekening)
    try:
        db.execute(update(persoon).where(persoon.c.id == rij.id).values(nieuw))
    except IntegrityError:
        raise _taken() from None
    db.execute(delete(zoekterm).where(zoekterm.c.persoon_id == rij.id))
    _index(db, rij.id, gegevens)


def _note(db: Connection, rij: Any, was: Gegevens, wordt: Gegevens, aantekening: Aantekening) -> None:
    """Keep what was known before, under the person's own key, with the names of what changed."""
    nu = klok.now_us()
    geheim = encrypt(
        kluis.current().unwrap(rij.omhuld),
        json.dumps(asdict(was), ensure_ascii=False),
        _place_of_change(rij.pseudoniem, nu),
    )
    waarden = {"persoon_id": rij.id, **asdict(aantekening), "was": geheim, "vastgelegd_op": nu}
    velden = [veld.name for veld in fields(Gegevens) if getattr(was, veld.name) != getattr(wordt, veld.name)]
    db.execute(persoonswijziging.insert().values(**waarden, velden=" ".join(velden)))


def _place_of_change(pseudoniem: str, vastgelegd_op: int) -> str:
    return f"{pseudoniem}/{vastgelegd_op}"


def note_shown(db: Connection, pseudoniem: str, velden: Sequence[str], door: str) -> Gegevens:
    """Somebody asked for what is not shown by itself; the data, once that is noted. Raises InvoerGeweigerd."""
    rij = _locked(db, pseudoniem)
    waarden = {"persoon_id": rij.id, "soort": "getoond", "velden": " ".join(velden), "door": door}
    db.execute(persoonswijziging.insert().values(**waarden, vastgelegd_op=klok.now_us()))
    return opened(rij).gegevens


# -- The history of a person -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Persoonswijziging:
    """Who changed which velden when (UTC microseconds), or asked to see them; no values."""

    id: int
    soort: str
    velden: tuple[str, ...]
    betreft: str | None
    reden: str | None
    door: str | None
    vastgelegd_op: int


def history(db: Connection, pseudoniem: str) -> list[Persoonswijziging]:
    """Every change of a person's data and every time that somebody asked for the rest, the last first."""
    w = persoonswijziging.c
    vraag = (
        select(w.id, w.soort, w.velden, w.betreft, w.reden, w.door, w.vastgelegd_op)
        .join(persoon, persoon.c.id == w.persoon_id)
        .where(persoon.c.pseudoniem == pseudoniem)
        .order_by(w.id.desc())
    )
    return [Persoonswijziging(r.id, r.soort, tuple(r.velden.split()), *r[3:]) for r in db.execute(vraag)]


def last_change(db: Connection, *pseudoniemen: str) -> int:
    """The id of the last change of the data of these people; 0 before the first."""
    vraag = (
        select(func.max(persoonswijziging.c.id))
        .join(persoon, persoon.c.id == persoonswijziging.c.persoon_id)
        .where(persoon.c.pseudoniem.in_(pseudoniemen), persoonswijziging.c.soort != "getoond")
    )
    return db.execute(vraag).scalar_one() or 0


def _before(rij: Any) -> Gegevens:
    """What was known before a change."""
    plaats = _place_of_change(rij.pseudoniem, rij.vastgelegd_op)
    return _read(decrypt(kluis.current().unwrap(rij.omhuld), rij.was, plaats))


def _read(tekst: str) -> Gegevens:
    """Data as they were stored, also by an earlier version of the program."""
    bekend = {veld.name for veld in fields(Gegevens)}
    return Gegevens(**{k: v for k, v in json.loads(tekst).items() if k in bekend})


def _taken() -> InvoerGeweigerd:
    """Found by looking, or by the database when someone else entered it in between."""
    return InvoerGeweigerd({"bsn": "Er is al een persoon met dit BSN."})


def _stored(pseudoniem: str, sleutel: bytes, gegevens: Gegevens) -> dict[str, bytes | str | None]:
    slot = kluis.current()
    return {
        "gegevens": encrypt(sleutel, json.dumps(asdict(gegevens), ensure_ascii=False), pseudoniem),
        "bsn_index": slot.index("bsn", gegevens.bsn) if gegevens.bsn else None,
        "geboorte_index": slot.index("geboorte", gegevens.geboortedatum) if gegevens.geboortedatum else None,
    }


def _index(db: Connection, persoon_id: int, gegevens: Gegevens) -> None:
    termen = kluis.current().name_terms("" if gegevens.naam == NAAMLOOS else gegevens.naam)
    if termen:
        db.execute(zoekterm.insert(), [{"term": term, "persoon_id": persoon_id} for term in sorted(termen)])


def _rows() -> Select[Any]:
    return select(persoon.c.id, persoon.c.pseudoniem, persoon.c.gegevens, datasleutel.c.omhuld).join(
        datasleutel, datasleutel.c.id == persoon.c.datasleutel_id
    )


def opened(rij: Any) -> Persoon:
    """The person in a row with pseudoniem, gegevens and omhuld."""
    sleutel = kluis.current().unwrap(rij.omhuld)
    return Persoon(rij.pseudoniem, _read(decrypt(sleutel, rij.gegevens, rij.pseudoniem)))


def by_pseudonym(
    db: Connection, pseudoniemen: Iterable[str], grenzen: Mapping[str, int] | None = None
) -> dict[str, Persoon]:
    """The people with these pseudonyms, by pseudonym; one statement.

    Those in `grenzen` are as they were known just before that moment (UTC microseconds).
    """
    vraag = _rows().where(persoon.c.pseudoniem.in_(list(pseudoniemen)))
    if not grenzen:
        return {rij.pseudoniem: opened(rij) for rij in db.execute(vraag)}
    w = persoonswijziging.c
    sindsdien = and_(w.persoon_id == persoon.c.id, w.was.is_not(None), w.vastgelegd_op >= min(grenzen.values()))
    vraag = vraag.add_columns(w.was, w.vastgelegd_op).outerjoin(persoonswijziging, sindsdien).order_by(w.id.desc())
    gevonden: dict[str, Persoon] = {}
    for rij in db.execute(vraag):
        is_later = rij.was is not None and rij.vastgelegd_op >= grenzen.get(rij.pseudoniem, rij.vastgelegd_op + 1)
        if is_later:
            gevonden[rij.pseudoniem] = Persoon(rij.pseudoniem, _before(rij))
        elif rij.pseudoniem not in gevonden:
            gevonden[rij.pseudoniem] = opened(rij)
    return gevonden


def by_bsn(db: Connection, bsn: str) -> Persoon | None:
    """The person with this BSN."""
    rij = db.execute(_rows().where(persoon.c.bsn_index == kluis.current().index("bsn", bsn))).first()
    if rij is None:
        return None
    blijft = survivor(db, rij.pseudoniem)
    return opened(rij) if blijft == rij.pseudoniem else by_pseudonym(db, [blijft])[blijft]


def survivor(db: Connection, pseudoniem: str) -> str:
    """Who a person is after every merge."""
    vraag = select(persoon.c.samengevoegd_met).where(persoon.c.pseudoniem == pseudoniem)
    verder = db.execute(vraag).scalar_one_or_none()
    return survivor(db, verder) if verder else pseudoniem


def by_name(db: Connection, vraag: str, limit: int = MAX_HITS) -> list[Persoon]:
    """People whose name has every part of the question, each part whole or from its first three letters on.

    Here and in `look_alikes` nobody is found who takes part in dossiers out of sight only.
    """
    return in_sight(db, called(db, vraag, limit))


def called(db: Connection, vraag: str, limit: int = MAX_HITS) -> list[Persoon]:
    """The same for a search of dossiers, which looks itself what is out of sight."""
    termen = kluis.current().search_terms(vraag)
    if not termen:
        return []
    ids = (
        select(zoekterm.c.persoon_id)
        .where(zoekterm.c.term.in_(termen))
        .group_by(zoekterm.c.persoon_id)
        .having(func.count() == len(termen))
        .limit(limit)
    )
    rijen = db.execute(_rows().where(persoon.c.id.in_(ids), persoon.c.samengevoegd_met.is_(None)))
    return sorted(map(opened, rijen), key=lambda p: tokens(p.naam))


def in_sight(db: Connection, mensen: Iterable[Persoon]) -> list[Persoon]:
    """Those of these people who may be shown to who looks."""
    mensen = list(mensen)
    verborgen = people_out_of_sight(db, (p.pseudoniem for p in mensen))
    return [p for p in mensen if p.pseudoniem not in verborgen]


def look_alikes(db: Connection, gegevens: Gegevens) -> list[Persoon]:
    """People who may be the same: the same BSN, or alike in name and day of birth, name and address, or whole name."""
    gelijk = [p] if gegevens.bsn and (p := by_bsn(db, gegevens.bsn)) else []
    gelijk += [p for p in _candidates(db, gegevens) if looks_alike(p.gegevens, gegevens)]
    return in_sight(db, {p.pseudoniem: p for p in gelijk}.values())


def _candidates(db: Connection, gegevens: Gegevens) -> Iterator[Persoon]:
    """The few who are decrypted to be compared."""
    if gegevens.geboortedatum:
        yield from _born_on(db, gegevens.geboortedatum)
    if gegevens.voornaam:
        yield from by_name(db, gegevens.naam)
    if gegevens.postcode and gegevens.huisnummer:
        yield from _called_alike(db, gegevens)


class OnbekendePersoon(LookupError):
    """There is nobody with this pseudonym, or they are out of sight of who looks."""


def find(db: Connection, pseudoniem: str) -> Persoon:
    """One person who may be shown. Raises OnbekendePersoon."""
    gevonden = in_sight(db, by_pseudonym(db, [pseudoniem]).values())
    if not gevonden:
        raise OnbekendePersoon(pseudoniem)
    return gevonden[0]


def find_both(db: Connection, een: str, ander: str) -> tuple[Persoon, Persoon]:
    """Two different people who were not merged with anybody; one statement. Raises OnbekendePersoon."""
    rijen = db.execute(_rows().where(persoon.c.pseudoniem.in_([een, ander]), persoon.c.samengevoegd_met.is_(None)))
    gevonden = {p.pseudoniem: p for p in in_sight(db, map(opened, rijen))}
    if len(gevonden) < 2:
        raise OnbekendePersoon(een)
    return gevonden[een], gevonden[ander]


def with_doubles(db: Connection, pseudoniem: str) -> tuple[Persoon, list[Persoon]]:
    """One person, with who may be the same one entered twice; two statements. Raises OnbekendePersoon."""
    eigen = by_pseudonym(db, [pseudoniem]).get(pseudoniem)
    if eigen is None:
        raise OnbekendePersoon(pseudoniem)
    gegevens = eigen.gegevens
    waar: ColumnElement[bool] = persoon.c.id.in_(_ids_called_alike(gegevens))
    if gegevens.geboortedatum:
        waar = or_(waar, persoon.c.geboorte_index == kluis.current().index("geboorte", gegevens.geboortedatum))
    rijen = db.execute(_rows().where(waar, persoon.c.samengevoegd_met.is_(None), persoon.c.pseudoniem != pseudoniem))
    lijkt = [p for p in map(opened, rijen) if looks_alike(p.gegevens, gegevens)]
    gezien = in_sight(db, [eigen, *lijkt])
    if eigen not in gezien:
        raise OnbekendePersoon(pseudoniem)
    return eigen, [p for p in gezien if p is not eigen]


def _born_on(db: Connection, geboortedatum: str) -> list[Persoon]:
    index = kluis.current().index("geboorte", geboortedatum)
    rijen = db.execute(_rows().where(persoon.c.geboorte_index == index, persoon.c.samengevoegd_met.is_(None)))
    return [opened(rij) for rij in rijen]


def _called_alike(db: Connection, gegevens: Gegevens) -> list[Persoon]:
    rijen = db.execute(
        _rows().where(persoon.c.id.in_(_ids_called_alike(gegevens)), persoon.c.samengevoegd_met.is_(None))
    )
    return [opened(rij) for rij in rijen]


def _ids_called_alike(gegevens: Gegevens) -> Select[Any]:
    """People with a name that begins like one of these, those with most such names first."""
    namen = name_parts(f"{gegevens.voornaam} {gegevens.achternaam}")
    termen = kluis.current().search_terms(" ".join(naam[:PREFIX_FROM] for naam in namen))
    return (
        select(zoekterm.c.persoon_id)
        .where(zoekterm.c.term.in_(termen))
        .group_by(zoekterm.c.persoon_id)
        .order_by(func.count().desc(), zoekterm.c.persoon_id.desc())
        .limit(MAX_CANDIDATES)
    )


def trajecten_of(db: Connection, pseudoniemen: Sequence[str]) -> dict[str, list[Any]]:
    """Root trajecten of people, newest first, by pseudonym; without those out of sight."""
    rijen = db.execute(
        select(
            deelname.c.deelnemer,
            traject.c.nummer,
            traject.c.stap,
            traject.c.is_open,
            traject.c.begonnen_op,
            traject.c.route,
            traject.c.id,
            traject.c.routekaart,
            traject.c.beeindigd_op,
            deelname.c.tot_dag,
        )
        .join(traject, traject.c.id == deelname.c.traject_id)
        .where(deelname.c.deelnemer.in_(pseudoniemen), traject.c.ouder_id.is_(None), *hidden(db).in_sight)
        .order_by(traject.c.begonnen_op.desc())
    )
    gevonden: dict[str, list[Any]] = {}
    for rij in rijen:
        gevonden.setdefault(rij.deelnemer, []).append(rij)
    return gevonden


REDENEN: Mapping[str, str] = {
    "dubbel_ingevoerd": "Twee keer ingevoerd",
    "andere_naam": "Zelfde persoon, andere naam of schrijfwijze",
    "uit_levering": "Kwam nog een keer binnen met een levering",
}
"""Why two entries are one person: code -> how it is said."""


def merge(
    db: Connection,
    weg: str,
    blijft: str,
    *,
    door: Actor,
    op: int,
    over: Collection[str] = (),
    reden: str = "dubbel_ingevoerd",
) -> list[str]:
    """Someone was entered twice: from now on `weg` is `blijft` in every traject. Returns the numbers touched.

    `over` are the velden that go over from who goes to who stays. Raises OvergangGeweigerd when both have an open
    traject on a route with one per client, or one of them was merged already.
    """
    if reden not in REDENEN:
        raise InvoerGeweigerd({"reden": "Kies een reden."})
    if weg == blijft:
        raise OvergangGeweigerd(["Kies twee verschillende personen."])
    lock_persons(db, [weg, blijft])
    _refuse_two_open(db, weg, blijft)
    nummers = _numbers_of(db, weg)
    for nummer in nummers:
        gezin = load(db, nummer)
        verloop = gezin.by_nummer(nummer)
        opdracht = Opdracht(gezin, door)
        dag = max(op, verloop.stand.laatste_op)
        opdracht.append(verloop, "samenvoeging", dag, verloop.kaart, {"van": weg, "naar": blijft})
        opdracht.finish()
    db.execute(update(persoon).where(persoon.c.pseudoniem == weg).values(samengevoegd_met=blijft))
    mee, rij = by_pseudonym(db, [weg])[weg].gegevens, _locked(db, blijft)
    nieuw = replace(opened(rij).gegevens, **{veld: getattr(mee, veld) for veld in over})
    _rewrite(db, rij, nieuw, Aantekening("samenvoeging", door.pseudoniem, weg, reden))
    return nummers


def unmerge(db: Connection, weg: str, *, door: Actor, reden: str) -> list[str]:
    """Take a merge back: every traject is again of the person it was entered for. Returns the numbers touched.

    What went over goes back, unless it was changed since.
    """
    blijft = survivor(db, weg)
    if blijft == weg:
        raise OvergangGeweigerd(["Deze persoon is niet samengevoegd."])
    if reden not in {r.code for r in in_force(db).correctieredenen}:
        raise InvoerGeweigerd({"reden": "Kies een reden voor de correctie."})
    geraakt = [nummer for nummer in _numbers_of(db, weg) if _undo_merge(db, nummer, weg, door, reden)]
    db.execute(update(persoon).where(persoon.c.pseudoniem == weg).values(samengevoegd_met=None))
    rij = _locked(db, blijft)
    terug = _without_merge(db, weg, blijft, opened(rij).gegevens)
    _rewrite(db, rij, terug, Aantekening("losgemaakt", door.pseudoniem, weg, reden))
    return geraakt


def _without_merge(db: Connection, weg: str, blijft: str, nu: Gegevens) -> Gegevens:
    """The data of who stayed, with what came over from `weg` as it was before, where nobody changed it since."""
    w = persoonswijziging.c
    vraag = (
        select(persoon.c.pseudoniem, w.velden, w.was, w.vastgelegd_op, datasleutel.c.omhuld)
        .join(persoon, persoon.c.id == w.persoon_id)
        .join(datasleutel, datasleutel.c.id == persoon.c.datasleutel_id)
        .where(persoon.c.pseudoniem == blijft, w.soort == "samenvoeging", w.betreft == weg)
        .order_by(w.id.desc())
    )
    rij = db.execute(vraag.limit(1)).first()
    if rij is None:
        return nu
    was, gebracht = _before(rij), by_pseudonym(db, [weg])[weg].gegevens
    ongewijzigd = [veld for veld in rij.velden.split() if getattr(nu, veld) == getattr(gebracht, veld)]
    return replace(nu, **{veld: getattr(was, veld) for veld in ongewijzigd})


def _undo_merge(db: Connection, nummer: str, weg: str, door: Actor, reden: str) -> bool:
    gezin = load(db, nummer)
    verloop = gezin.by_nummer(nummer)
    uit = withdrawn(verloop.log)
    rijen = [
        r for r in verloop.log if r.soort == "samenvoeging" and r.volgnummer not in uit and content(r)["van"] == weg
    ]
    if not rijen:
        return False
    opdracht = Opdracht(gezin, door)
    for rij in rijen:
        append_withdrawal(opdracht, verloop, rij, reden, {})
    opdracht.finish()
    return True


def _numbers_of(db: Connection, pseudoniem: str) -> list[str]:
    """Trajecten that this person takes part in, or did by what was known once: a restored one is then theirs too."""
    ooit = union(*(select(t.c.traject_id).where(t.c.deelnemer == pseudoniem) for t in (deelname, deelname_oud)))
    vraag = select(traject.c.nummer).where(traject.c.id.in_(ooit)).order_by(traject.c.wortel_id, traject.c.id)
    return list(db.execute(vraag).scalars())


def _refuse_two_open(db: Connection, weg: str, blijft: str) -> None:
    rijen = db.execute(
        select(deelname.c.deelnemer, traject.c.route, traject.c.nummer)
        .join(traject, traject.c.id == deelname.c.traject_id)
        .where(deelname.c.deelnemer.in_([weg, blijft]), deelname.c.tot_dag.is_(None))
        .where(traject.c.is_open, traject.c.ouder_id.is_(None))
    ).all()
    verborgen = hidden(db)
    van = {rij.route: verborgen.named(rij.nummer) for rij in rijen if rij.deelnemer == weg}
    dubbel = [
        f"{verborgen.named(rij.nummer)} en {van[rij.route]}"
        for rij in rijen
        if rij.deelnemer == blijft and rij.route in van
    ]
    if dubbel:
        raise OvergangGeweigerd([f"Beide hebben een open traject ({'; '.join(dubbel)}). Sluit er eerst een af."])
