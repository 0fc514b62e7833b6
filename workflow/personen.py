"""People: registered once, found by BSN or name, encrypted each under their own key.

Pages get a `Persoon`; nothing else in the program sees personal data. A person entered twice is merged by
gebeurtenissen on each traject, so that it can be undone.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select, union, update
from sqlalchemy.exc import IntegrityError

from models.persoon import datasleutel, persoon, zoekterm
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
from workflow.opdracht import Actor, Opdracht, new_data_key
from workflow.persoonsgegevens import NAAMLOOS, check
from workflow.persoonsgegevens import Gegevens as Gegevens
from workflow.velden import InvoerGeweigerd

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


def change(db: Connection, pseudoniem: str, gegevens: Gegevens) -> None:
    """Replace a person's data; what stays the same is not judged again. Raises InvoerGeweigerd."""
    rij = db.execute(_rows().where(persoon.c.pseudoniem == pseudoniem)).first()
    if rij is None:
        raise InvoerGeweigerd({"personen": "Deze persoon is niet bekend."})
    was = opened(rij).gegevens
    gegevens = check(gegevens, was)
    nieuw = _stored(pseudoniem, kluis.current().unwrap(rij.omhuld), gegevens)
    if gegevens.bsn == was.bsn:
        del nieuw["bsn_index"]
    elif gegevens.bsn and by_bsn(db, gegevens.bsn):
        raise _taken()
    try:
        db.execute(update(persoon).where(persoon.c.id == rij.id).values(nieuw))
    except IntegrityError:
        raise _taken() from None
    db.execute(delete(zoekterm).where(zoekterm.c.persoon_id == rij.id))
    _index(db, rij.id, gegevens)


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
    ruw = json.loads(decrypt(sleutel, rij.gegevens, rij.pseudoniem))
    bekend = {veld.name for veld in fields(Gegevens)}
    return Persoon(rij.pseudoniem, Gegevens(**{k: v for k, v in ruw.items() if k in bekend}))


def by_pseudonym(db: Connection, pseudoniemen: Iterable[str]) -> dict[str, Persoon]:
    """The people with these pseudonyms, by pseudonym; one statement."""
    rijen = db.execute(_rows().where(persoon.c.pseudoniem.in_(list(pseudoniemen))))
    return {rij.pseudoniem: opened(rij) for rij in rijen}


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
    """People whose name has every part of the question, each part whole or from its first three letters on."""
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
    return sorted((opened(rij) for rij in rijen), key=lambda p: tokens(p.naam))


def look_alikes(db: Connection, gegevens: Gegevens) -> list[Persoon]:
    """People who may be the same: the same BSN, or alike in name and day of birth, name and address, or whole name."""
    gelijk = [p] if gegevens.bsn and (p := by_bsn(db, gegevens.bsn)) else []
    gelijk += [p for p in _candidates(db, gegevens) if looks_alike(p.gegevens, gegevens)]
    return list({p.pseudoniem: p for p in gelijk}.values())


def _candidates(db: Connection, gegevens: Gegevens) -> Iterator[Persoon]:
    """The few who are decrypted to be compared."""
    if gegevens.geboortedatum:
        yield from _born_on(db, gegevens.geboortedatum)
    if gegevens.voornaam:
        yield from by_name(db, gegevens.naam)
    if gegevens.postcode and gegevens.huisnummer:
        yield from _called_alike(db, gegevens)


def _born_on(db: Connection, geboortedatum: str) -> list[Persoon]:
    index = kluis.current().index("geboorte", geboortedatum)
    rijen = db.execute(_rows().where(persoon.c.geboorte_index == index, persoon.c.samengevoegd_met.is_(None)))
    return [opened(rij) for rij in rijen]


def _called_alike(db: Connection, gegevens: Gegevens) -> list[Persoon]:
    """People with a name that begins like one of these, those with most such names first."""
    namen = name_parts(f"{gegevens.voornaam} {gegevens.achternaam}")
    termen = kluis.current().search_terms(" ".join(naam[:PREFIX_FROM] for naam in namen))
    ids = (
        select(zoekterm.c.persoon_id)
        .where(zoekterm.c.term.in_(termen))
        .group_by(zoekterm.c.persoon_id)
        .order_by(func.count().desc(), zoekterm.c.persoon_id.desc())
        .limit(MAX_CANDIDATES)
    )
    rijen = db.execute(_rows().where(persoon.c.id.in_(ids), persoon.c.samengevoegd_met.is_(None)))
    return [opened(rij) for rij in rijen]


def trajecten_of(db: Connection, pseudoniemen: Sequence[str]) -> dict[str, list[Any]]:
    """Root trajecten of people, newest first, by pseudonym."""
    rijen = db.execute(
        select(
            deelname.c.deelnemer,
            traject.c.nummer,
            traject.c.stap,
            traject.c.is_open,
            traject.c.begonnen_op,
            traject.c.route,
        )
        .join(traject, traject.c.id == deelname.c.traject_id)
        .where(deelname.c.deelnemer.in_(pseudoniemen), traject.c.ouder_id.is_(None))
        .order_by(traject.c.begonnen_op.desc())
    )
    gevonden: dict[str, list[Any]] = {}
    for rij in rijen:
        gevonden.setdefault(rij.deelnemer, []).append(rij)
    return gevonden


def merge(db: Connection, weg: str, blijft: str, *, door: Actor, op: int) -> list[str]:
    """Someone was entered twice: from now on `weg` is `blijft` in every traject. Returns the numbers touched.

    Raises OvergangGeweigerd when both have an open traject on a route with one per client.
    """
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
    return nummers


def unmerge(db: Connection, weg: str, *, door: Actor, reden: str) -> list[str]:
    """Take a merge back: every traject is again of the person it was entered for. Returns the numbers touched."""
    blijft = survivor(db, weg)
    if blijft == weg:
        raise OvergangGeweigerd(["Deze persoon is niet samengevoegd."])
    if reden not in {r.code for r in in_force(db).correctieredenen}:
        raise InvoerGeweigerd({"reden": "Kies een reden voor de correctie."})
    geraakt = [nummer for nummer in _numbers_of(db, weg) if _undo_merge(db, nummer, weg, door, reden)]
    db.execute(update(persoon).where(persoon.c.pseudoniem == weg).values(samengevoegd_met=None))
    return geraakt


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
    van = {rij.route: rij.nummer for rij in rijen if rij.deelnemer == weg}
    dubbel = [f"{rij.nummer} en {van[rij.route]}" for rij in rijen if rij.deelnemer == blijft and rij.route in van]
    if dubbel:
        raise OvergangGeweigerd([f"Beide hebben een open traject ({'; '.join(dubbel)}). Sluit er eerst een af."])
