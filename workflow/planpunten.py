"""What is planned in a traject, row by row; the texts of each decrypted here and nowhere else.

A row changes together with the log, in the caller's transaction (see `planlog`).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from models import klok
from models.persoon import datasleutel
from models.planpunt import planpunt
from models.traject import traject
from models.trajectnummer import trajectnummer
from workflow import kluis
from workflow.kluis import KluisDicht, decrypt, encrypt
from workflow.opdracht import Actor, Conflict, data_key
from workflow.overzichten import TEKST_ONLEESBAAR
from workflow.planlog import GESPREK, OPEN
from workflow.routekaart import EMPTY
from workflow.verloop import Verloop
from workflow.zicht import hidden

eigenaar = func.coalesce(planpunt.c.wie, traject.c.behandelaar)
"""In whose agenda a row stands: that of who is named, else of who has the traject."""


class OnbekendPlanpunt(LookupError):
    """Nothing planned in this traject has this number."""


@dataclass(frozen=True, slots=True)
class Planpunt:
    """A planned thing, with where its traject stands; minutes are of the clock in Amsterdam.

    `details` are its texts: where, who comes, an interpreter, on what one waits, a note.
    """

    id: int
    nummer: str
    traject_id: int
    soort: str
    wat: str
    vorm: str
    wie: str | None
    dag: int
    van_minuut: int | None
    tot_minuut: int | None
    stand: str
    volgnummer: int | None
    uit_volgnummer: int | None
    door: str
    gewijzigd_op: int
    versie: int
    traject: str
    wortel_id: int
    route: str
    routekaart: str
    stap: str | None
    behandelaar: str | None
    details: Mapping[str, str]

    @property
    def eigenaar(self) -> str | None:
        """In whose agenda it stands."""
        return self.wie or self.behandelaar

    @property
    def is_open(self) -> bool:
        """Whether it is still to come, or still to be settled."""
        return self.stand == OPEN

    @property
    def tijd(self) -> str:
        """From when until when: "09:30–10:30"; empty for what has no time."""
        if self.van_minuut is None:
            return ""
        return "–".join(clock(m) for m in (self.van_minuut, self.tot_minuut) if m is not None)


def clock(minuut: int) -> str:
    """Minutes since midnight as a clock says them: "09:30"."""
    return f"{minuut // 60:02}:{minuut % 60:02}"


# -- Reading -----------------------------------------------------------------------------------------------------------


def read(db: Connection, *waar: ColumnElement[bool], limit: int | None = None) -> list[Planpunt]:
    """The rows that answer, by day and time; one statement.

    Those of a traject that was withdrawn or is out of sight are left out.
    """
    t = trajectnummer.c
    vraag = (
        select(
            planpunt,
            t.nummer.label("traject"),
            t.wortel_id,
            *(traject.c[naam] for naam in ("route", "routekaart", "stap", "behandelaar")),
            datasleutel.c.omhuld,
        )
        .join(trajectnummer, t.id == planpunt.c.traject_id)
        .join(traject, traject.c.id == planpunt.c.traject_id)
        .outerjoin(datasleutel, datasleutel.c.id == planpunt.c.datasleutel_id)
        .where(traject.c.stap.is_not(None), *hidden(db).in_sight, *waar)
        .order_by(planpunt.c.dag, func.coalesce(planpunt.c.van_minuut, -1), planpunt.c.id)
        .limit(limit)
    )
    sleutels: dict[bytes, bytes] = {}
    return [_opened(rij, sleutels) for rij in db.execute(vraag)]


def of_traject(db: Connection, traject_id: int) -> list[Planpunt]:
    """Everything that is or was planned in a traject."""
    return read(db, planpunt.c.traject_id == traject_id)


def find(db: Connection, nummer: str, punt: str) -> Planpunt:
    """What is planned in this traject under this number. Raises OnbekendPlanpunt."""
    gevonden = read(db, planpunt.c.nummer == punt, trajectnummer.c.nummer == nummer)
    if not gevonden:
        raise OnbekendPlanpunt(punt)
    return gevonden[0]


def by_key(db: Connection, verloop: Verloop, sleutel: str | None, **kolommen: Any) -> str | None:
    """The number of what was planned with this idempotency key. Raises Conflict when that was something else.

    `kolommen` are those by which it is known, as the form has them now.
    """
    rij = db.execute(select(planpunt).where(planpunt.c.sleutel == sleutel)).first() if sleutel else None
    if rij is None:
        return None
    if any(getattr(rij, naam) != waarde for naam, waarde in {"traject_id": verloop.traject_id, **kolommen}.items()):
        raise Conflict("Dit formulier was al verstuurd, met andere antwoorden. Laad de pagina opnieuw.")
    return str(rij.nummer)


def _opened(rij: Row[Any], sleutels: dict[bytes, bytes]) -> Planpunt:
    velden = {naam: getattr(rij, naam) for naam in Planpunt.__slots__ if naam != "details"}
    return Planpunt(**velden, details=_details(rij, sleutels))


def _details(rij: Row[Any], sleutels: dict[bytes, bytes]) -> Mapping[str, str]:
    if rij.geheim is None:
        return EMPTY
    try:
        sleutel = sleutels.get(rij.omhuld) or sleutels.setdefault(rij.omhuld, kluis.current().unwrap(rij.omhuld))
        gelezen: dict[str, str] = json.loads(decrypt(sleutel, rij.geheim, _place(rij.nummer)))
    except (KluisDicht, TypeError):
        return {"notitie": TEKST_ONLEESBAAR}
    return gelezen


def _place(nummer: str) -> str:
    return f"planpunt/{nummer}"


# -- Writing -----------------------------------------------------------------------------------------------------------


def make(
    db: Connection,
    verloop: Verloop,
    soort: str,
    wat: str,
    dag: int,
    details: Mapping[str, str],
    door: Actor,
    sleutel: str | None = None,
    **kolommen: Any,
) -> str:
    """Plan something; its number. `kolommen` are the others of the table that it needs."""
    nummer, nu = secrets.token_hex(16), klok.now_us()
    rij = {
        "nummer": nummer,
        "traject_id": verloop.traject_id,
        "soort": soort,
        "wat": wat,
        "vorm": "",
        "dag": dag,
        "stand": OPEN,
        "door": door.pseudoniem,
        "gemaakt_op": nu,
        "gewijzigd_op": nu,
        "versie": 1,
        "sleutel": sleutel,
        **_sealed(db, verloop, nummer, details),
        **kolommen,
    }
    db.execute(insert(planpunt).values(rij))
    return nummer


def _sealed(db: Connection, verloop: Verloop, nummer: str, details: Mapping[str, str]) -> dict[str, Any]:
    gevuld = {naam: tekst for naam, tekst in details.items() if tekst}
    if not gevuld:
        return {"datasleutel_id": None, "geheim": None}
    sleutel_id, sleutel = data_key(db, verloop)
    geheim = encrypt(sleutel, json.dumps(gevuld, ensure_ascii=False), _place(nummer))
    return {"datasleutel_id": sleutel_id, "geheim": geheim}


def change(db: Connection, punt: Planpunt, versie: int | None, **kolommen: Any) -> None:
    """Change a row that its user saw as `versie` (None: as it is). Raises Conflict when somebody changed it since."""
    gezien = punt.versie if versie is None else versie
    gedaan = db.execute(
        update(planpunt)
        .where(planpunt.c.id == punt.id, planpunt.c.versie == gezien)
        .values(versie=gezien + 1, gewijzigd_op=klok.now_us(), **kolommen)
    )
    if not gedaan.rowcount:
        raise Conflict("Dit is intussen gewijzigd. Bekijk de nieuwe stand en probeer het opnieuw.")


def rewrite(
    db: Connection, verloop: Verloop, punt: Planpunt, versie: int | None, details: Mapping[str, str], **kolommen: Any
) -> None:
    """Change a row and its texts, as `change` does."""
    change(db, punt, versie, **_sealed(db, verloop, punt.nummer, details), **kolommen)


# -- Lists -------------------------------------------------------------------------------------------------------------


def overlapping(punten: Sequence[Planpunt]) -> dict[str, list[Planpunt]]:
    """The open appointments of one person that overlap another of that person, by number, with those others."""
    gevonden: dict[str, list[Planpunt]] = {}
    for een, ander in _pairs([p for p in punten if p.soort == GESPREK and p.is_open and p.eigenaar]):
        gevonden.setdefault(een.nummer, []).append(ander)
        gevonden.setdefault(ander.nummer, []).append(een)
    return gevonden


def _pairs(punten: Sequence[Planpunt]) -> Iterator[tuple[Planpunt, Planpunt]]:
    """Each two that overlap: along the day, so that 300 appointments are not compared with 300."""
    lopend: list[Planpunt] = []
    for punt in sorted(punten, key=lambda p: (str(p.eigenaar), p.dag, p.van_minuut or 0)):
        lopend = [ander for ander in lopend if _is_busy(ander, punt)]
        yield from ((ander, punt) for ander in lopend)
        lopend.append(punt)


def _is_busy(ander: Planpunt, punt: Planpunt) -> bool:
    zelfde = (ander.eigenaar, ander.dag) == (punt.eigenaar, punt.dag)
    return zelfde and (ander.tot_minuut or 0) > (punt.van_minuut or 0)
