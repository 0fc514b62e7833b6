"""Writes a delivery in DDAS-SHV v1.0 of a period: the trajecten that ran in it, a levering for each municipality.

Promises: what leaves fits the format (`ddas_schema.json`) and has no end before its begin, or nothing leaves and the
findings say where. A traject runs in a period when it began before the period ends and had not ended before it begins
(CBS).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice

from sqlalchemy import Connection, or_, select

from models.instelling import instelling
from models.traject import traject
from models.trajectnummer import trajectnummer
from workflow import personen
from workflow.gezin import Gezin, load
from workflow.historie import content
from workflow.kaarten import Kaarten
from workflow.kalender import date_of
from workflow.overzichten import texts_of
from workflow.schuldeisers import Register, read_register
from workflow.schulden import counting, debts_of
from workflow.uitwisseling.ddas_maken import Json, Teksten, traject_json
from workflow.uitwisseling.ddas_orde import mend
from workflow.uitwisseling.ddas_schema import violations
from workflow.uitwisseling.ddas_schulden import as_json
from workflow.uitwisseling.ddas_spoor import Spoor, trail
from workflow.uitwisseling.opmerkingen import Opmerkingen
from workflow.verloop import Verloop
from workflow.zicht import hidden

BUNDEL = 200
ORGANISATIE = {
    "organisatie_naam": "(Statutaire) Naam",
    "organisatie_kvk": "KvK-nummer",
    "organisatie_postcode": "postcode",
}
"""Name of an instelling -> what it is in the format."""


class LeveringGeweigerd(Exception):
    """A delivery that cannot be taken in or sent; `opmerkingen` say where and why."""

    def __init__(self, opmerkingen: Opmerkingen) -> None:
        self.opmerkingen = opmerkingen
        super().__init__("; ".join(f"{fout.plaats}: {fout.text}" for fout in opmerkingen.fouten[:20]))


def export(
    db: Connection,
    van: int,
    tot: int,
    nu: datetime,
    leverancier: str,
    organisatie: Mapping[str, str] | None = None,
    done: Callable[[int], None] = lambda _: None,
    op: Opmerkingen | None = None,
) -> Json:
    """The delivery of [van, tot) (day numbers), made at `nu`. Raises LeveringGeweigerd.

    `leverancier` is the program with its version; `organisatie` who delivers, by default from the settings in the
    database. `done` is told how many trajecten were written since the last call; what could not be delivered as it was
    recorded is added to `op`.
    """
    op = Opmerkingen() if op is None else op
    einden = _ends(db, van, tot)
    if any(map(hidden(db).has, einden)):
        op.add((), "afgeschermd")
        raise LeveringGeweigerd(op)
    per_gemeente = _per_municipality(_mended(db, einden, done, op), op)
    wie = _organisation(db) if organisatie is None else dict(organisatie)
    levering = {
        "startdatumLevering": date_of(van).isoformat(),
        "einddatumLevering": date_of(tot - 1).isoformat(),
        "aanleverdatumEnTijd": nu.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "codeGegevensleverancier": leverancier,
        "leveringen": _deliveries(per_gemeente, wie),
    }
    _check(levering, op)
    return levering


def _mended(
    db: Connection, einden: Mapping[str, int | None], done: Callable[[int], None], op: Opmerkingen
) -> Iterator[tuple[str, Json]]:
    """The trajecten with these numbers, without what cannot be; `einden` are the days on which they ended."""
    for nummer, geheel in trajecten(db, einden, done, op):
        for pad in mend(geheel, einden[nummer]):
            op.add((), "einde_te_vroeg", nummer=nummer, veld=pad)
        yield nummer, geheel


def _per_municipality(gevonden: Iterable[tuple[str, Json]], op: Opmerkingen) -> dict[str, list[Json]]:
    per_gemeente: dict[str, list[Json]] = {}
    for nummer, geheel in gevonden:
        if "gemeentecode" in geheel:
            per_gemeente.setdefault(geheel["gemeentecode"], []).append(geheel)
        else:
            op.add((), "geen_gemeente", nummer=nummer)
    return per_gemeente


def as_text(levering: Json) -> str:
    """A delivery as JSON text."""
    return json.dumps(levering, ensure_ascii=False, indent=2) + "\n"


def _organisation(db: Connection) -> dict[str, str]:
    waarden = {naam: waarde for naam, waarde in db.execute(select(instelling.c.naam, instelling.c.waarde))}
    return {naam: waarden[code] for code, naam in ORGANISATIE.items() if waarden.get(code)}


def _deliveries(per_gemeente: Mapping[str, list[Json]], organisatie: Mapping[str, str]) -> list[Json]:
    leveringen = [
        {"teller": teller, "aanleverende_organisatie": dict(organisatie), "schuldhulptrajecten": per_gemeente[code]}
        for teller, code in enumerate(sorted(per_gemeente), 1)
    ]
    return leveringen or [{"teller": 1, "aanleverende_organisatie": dict(organisatie), "schuldhulptrajecten": []}]


def _check(levering: Json, op: Opmerkingen) -> None:
    for pad, regel in violations(levering):
        op.add(pad, "niet_volgens_schema", reden=regel)
    if op.fouten:
        raise LeveringGeweigerd(op)


# Which trajecten.


def _ends(db: Connection, van: int, tot: int) -> dict[str, int | None]:
    """The number of each, with the day on which it ended."""
    routes = {route.code for kaart in Kaarten(db).values() for route in kaart.routes.values() if _is_told(route.labels)}
    vraag = (
        select(traject.c.nummer, traject.c.beeindigd_op)
        .where(traject.c.route.in_(routes), traject.c.stap.is_not(None), traject.c.begonnen_op < tot)
        .where(or_(traject.c.beeindigd_op.is_(None), traject.c.beeindigd_op >= van))
        .order_by(traject.c.id)
    )
    return {nummer: einde for nummer, einde in db.execute(vraag)}


def _is_told(labels: Mapping[str, str]) -> bool:
    return labels.get("ddas") == "traject"


def trajecten(
    db: Connection,
    nummers: Iterable[str],
    done: Callable[[int], None] = lambda _: None,
    op: Opmerkingen | None = None,
) -> Iterator[tuple[str, Json]]:
    """Each of these trajecten as the format writes it, with its number; answers that cannot be are added to `op`."""
    rest = iter(nummers)
    while bundel := list(islice(rest, BUNDEL)):
        gezinnen = {nummer: load(db, nummer, lock=False) for nummer in bundel}
        mensen = personen.by_pseudonym(db, {d for g in gezinnen.values() for v in g for d in v.stand.deelnemers})
        schulden = _debts(db, [gezin.by_nummer(nummer) for nummer, gezin in gezinnen.items()])
        for nummer, gezin in gezinnen.items():
            verloop = gezin.by_nummer(nummer)
            eerder, eigen = _before(db, verloop), schulden.get(verloop.traject_id, ())
            yield nummer, traject_json(gezin, verloop, _texts(db, gezin), mensen, eerder, _noted(op, nummer), eigen)
        done(len(bundel))


def _debts(db: Connection, verlopen: Sequence[Verloop]) -> dict[int, list[Json]]:
    """The debts of each traject that count, by its id; one statement, and one for the register where there are any."""
    gevonden = debts_of(db, [verloop.traject_id for verloop in verlopen])
    register = read_register(db) if gevonden else Register()
    tellend = {v.traject_id: counting(v, gevonden[v.traject_id]) for v in verlopen if v.traject_id in gevonden}
    return {traject_id: as_json(schulden, register) for traject_id, schulden in tellend.items()}


def _noted(op: Opmerkingen | None, nummer: str) -> Callable[[str], None]:
    return lambda pad: op.add((), "antwoord_te_vroeg", nummer=nummer, veld=pad) if op is not None else None


def _texts(db: Connection, gezin: Gezin) -> Teksten:
    """Reads the texts of a traject, when its log says that there are any."""

    def read(traject_id: int) -> Mapping[tuple[int, str], str]:
        heeft = any("toelichting" in content(rij) for rij in gezin.trajecten[traject_id].log)
        return texts_of(db, traject_id) if heeft else {}

    return read


def _before(db: Connection, verloop: Verloop) -> list[Spoor]:
    """What happened before a traject was split off, in the one that it comes from."""
    bron = verloop.oorsprong.get("komt_uit") or {}
    if bron.get("soort") != "splitsing":
        return []
    nummer = db.execute(select(trajectnummer.c.nummer).where(trajectnummer.c.id == bron["traject"])).scalar_one()
    gezin = load(db, nummer, lock=False)
    ouder = gezin.by_nummer(nummer)
    return [
        *_before(db, ouder),
        *trail(gezin, ouder.traject_id, _texts(db, gezin)(ouder.traject_id), bron["volgnummer"]),
    ]
