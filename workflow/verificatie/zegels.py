"""The seals: their signatures, what was published of them, the root at each, and the reports fixed with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from models.database import PLAATS, read_rows
from models.rapport import rapport
from models.zegel import zegel, zegelblad
from workflow.instellingen import InstellingOntbreekt
from workflow.merkle import Boom
from workflow.rapporten import opmaken, uitgave, vaststellen
from workflow.verificatie.misstand import Misstand
from workflow.zegels import Sleutel, Zegel, every, public_key, published

if TYPE_CHECKING:
    from workflow.verificatie.log import Logboek

BATCH = 10_000
_WEG = (
    "SELECT b.traject_id, b.volgnummer, t.nummer FROM zegelblad b"
    " LEFT JOIN gebeurtenis g ON g.traject_id = b.traject_id AND g.volgnummer = b.volgnummer"
    " LEFT JOIN trajectnummer t ON t.id = b.traject_id WHERE g.id IS NULL ORDER BY b.traject_id, b.volgnummer"
    " LIMIT 1000"
)


def check(db: Connection, logboek: Logboek, map_: Path, sleutels: Sequence[Sleutel]) -> Iterator[Misstand]:
    """What does not fit in the seals."""
    gevonden = every(db)
    aantal = db.execute(select(func.count()).select_from(zegelblad)).scalar_one()
    if logboek.verzegeld != aantal:
        yield from _gone(db)
        yield Misstand("seal", "the leaves", f"there are {aantal}, and {logboek.verzegeld} of them belong to a row")
    if kapot := [een for een in gevonden if not een.is_readable]:
        yield from (Misstand("seal", f"seal {een.id}", "its values are not those of a seal") for een in kapot)
    else:
        yield from _roots(db, gevonden, aantal)
        yield from _order(gevonden)
        yield from _signatures(gevonden, sleutels or known_keys(map_))
        yield from _other_key(gevonden)
        yield from _published(gevonden, map_)
    yield from _reports(db, gevonden)


def counted(db: Connection) -> dict[str, int]:
    """How many seals there are."""
    return {"seals": db.execute(select(func.count()).select_from(zegel)).scalar_one()}


def _gone(db: Connection) -> Iterator[Misstand]:
    """The first row of each traject that was sealed and is not there."""
    gezien = set()
    for traject_id, volgnummer, nummer in read_rows(db, _WEG):
        if traject_id not in gezien:
            gezien.add(traject_id)
            yield Misstand("seal", nummer or f"traject {traject_id}", "it was sealed and is gone", volgnummer)


# -- Roots -------------------------------------------------------------------------------------------------------------


def _roots(db: Connection, gevonden: Sequence[Zegel], aantal: int) -> Iterator[Misstand]:
    """The root over the leaves at each seal, of `aantal` leaves; that each row is its leaf was looked at before."""
    boom, bladeren = Boom(), _leaves(db)
    for een in gevonden:
        for blad in islice(bladeren, max(0, een.omvang - boom.omvang)):
            boom.add(blad)
        if boom.omvang < een.omvang:
            yield Misstand("seal", f"leaf {boom.omvang}", f"it is gone or no hash, and seal {een.id} covers it")
            return
        if boom.omvang == een.omvang and boom.wortel.hex() != een.wortel:
            yield Misstand("seal", f"seal {een.id}", "what it covers has another root now")
    if gevonden and aantal > boom.omvang:
        yield Misstand("seal", f"leaf {boom.omvang}", "no seal covers it")


def _leaves(db: Connection) -> Iterator[bytes]:
    """The leaves in order, up to the first that is gone or is no hash."""
    vraag = f"SELECT blad, hash FROM zegelblad WHERE blad >= {PLAATS[db.dialect.name]} ORDER BY blad LIMIT {BATCH}"  # noqa: S608
    van = 0
    with suppress(ValueError, TypeError):
        while rijen := read_rows(db, vraag, (van,)):
            for verwacht, (nr, waarde) in enumerate(rijen, van):
                if nr != verwacht:
                    return
                yield bytes.fromhex(waarde)
            van += len(rijen)


def _order(gevonden: Sequence[Zegel]) -> Iterator[Misstand]:
    """Each seal follows the one before it."""
    for nr, een in enumerate(gevonden, 1):
        if een.id != nr:
            yield Misstand("seal", f"seal {nr}", "it is gone")
            return
    for eerder, later in pairwise(gevonden):
        if later.vorige_wortel != eerder.wortel or later.omvang < eerder.omvang:
            yield Misstand("seal", f"seal {later.id}", f"it does not go on from seal {eerder.id}")
    for een in gevonden:
        if een.boom.wortel.hex() != een.wortel:
            yield Misstand("seal", f"seal {een.id}", "the edge of its tree is not that of its root")


# -- Signatures and files ----------------------------------------------------------------------------------------------


def known_keys(map_: Path) -> list[Sleutel]:
    """The keys that were published, and that of the settings; what is no key is told where files are compared."""
    sleutels = []
    for pad in sorted(map_.glob("sleutel*.txt")):
        with suppress(ValueError):
            sleutels.append(Sleutel.read(published(pad) or ""))
    with suppress(InstellingOntbreekt):
        sleutels.append(public_key())
    return sleutels


def _other_key(gevonden: Sequence[Zegel]) -> Iterator[Misstand]:
    """That the settings hold another key than the seals leave the next one to: of who cannot sign, nothing is said."""
    with suppress(InstellingOntbreekt):
        onze = public_key()
        if gevonden and gevonden[-1].volgende_sleutel != onze.id:
            zin = f"it leaves the next to key {gevonden[-1].volgende_sleutel}, and the settings hold key {onze.id}"
            yield Misstand("seal", f"seal {gevonden[-1].id}", zin)


def used_keys(db: Connection, sleutels: Sequence[Sleutel]) -> list[str]:
    """A sentence on which keys were used, and where they came from."""
    van = "as given with --key" if sleutels else "as published beside the seals: give --key for one you got elsewhere"
    wie = {een.sleutel: None for een in every(db) if een.is_readable}
    return [f"signed with key {', '.join(wie)}, {van}"] if wie else []


def _signatures(gevonden: Iterable[Zegel], sleutels: Sequence[Sleutel]) -> Iterator[Misstand]:
    """Each seal is signed by the key that the one before it leaves it to; the first, and who says that the one before
    was lost, by a key that is known.
    """
    bekend, geldig = {sleutel.id: sleutel for sleutel in sleutels}, None
    for een in gevonden:
        geldig = bekend.get(een.sleutel) if geldig is None or een.is_kwijt else geldig
        if geldig is None:
            yield Misstand("seal", f"seal {een.id}", f"key {een.sleutel} signed it, which is not known here")
        elif not geldig.signed(een):
            yield Misstand("seal", f"seal {een.id}", "its signature does not fit")
        if een.nieuwe_sleutel:
            geldig = Sleutel.read(een.nieuwe_sleutel) if geldig else None


def lost_keys(db: Connection) -> list[str]:
    """A sentence for each change of key that the key before it did not sign."""
    return [
        f"seal {een.id}: key {een.sleutel} signs from here on; the one before it was lost and did not sign this"
        for een in every(db)
        if een.is_readable and een.is_kwijt
    ]


def _published(gevonden: Sequence[Zegel], map_: Path) -> Iterator[Misstand]:
    """Each seal stands in the folder as it is here, its key too, and the folder knows no others."""
    bestanden = {naam: (een.id, inhoud) for een in gevonden for naam, inhoud in een.bestanden.items()}
    for naam, (nummer, inhoud) in bestanden.items():
        pad = map_ / naam
        if (er := published(pad)) is None:
            yield Misstand("seal", f"seal {nummer}", f"{pad} is not there; `routekaart seal` publishes it again")
        elif er != inhoud:
            yield Misstand("seal", f"seal {nummer}", f"another one was published as {pad}")
    for pad in sorted([*map_.glob("zegel-*.txt"), *map_.glob("sleutel*.txt")]):
        if pad.name not in bestanden:
            yield Misstand("seal", pad.stem, "it was published and is not in the database")


# -- Reports -----------------------------------------------------------------------------------------------------------


def _reports(db: Connection, gevonden: Iterable[Zegel]) -> Iterator[Misstand]:
    """Each fixed report is the one that its seal signs, and each such seal has its report."""
    getekend = {een.id: een.rapport_hash for een in gevonden if een.rapport_hash}
    for rij in db.execute(select(rapport).order_by(rapport.c.id)):
        if getekend.pop(rij.zegel_id, None) != _digest(rij.resultaat):
            yield Misstand("report", f"report {rij.id}", f"it is not the one that seal {rij.zegel_id} signs")
        elif not vaststellen.is_whole(rij):
            yield Misstand("report", f"report {rij.id}", "what stands beside its result is not what it was fixed with")
    for een in uitgave.editions(db):
        if not een.is_heel:
            yield Misstand("report", f"report {een.rapport_id}", f"edition {een.id} is not what was published")
    for nummer in getekend:
        yield Misstand("report", f"seal {nummer}", "the report that was fixed with it is gone")


def _digest(resultaat: Any) -> str | None:
    """The hash of a result; None of what is no text."""
    with suppress(AttributeError, ValueError):
        return opmaken.digest(resultaat)
    return None
