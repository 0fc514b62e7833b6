"""One submit: the rows it writes together, in one transaction, under one `opdracht_id`.

Only this module inserts into the log. Rows are chained and timed here; `finish` writes them, the texts that go beside
them, and the projections that follow.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import IntegrityError

from models import klok
from models.database import insert_text
from models.gebeurtenis import Gebeurtenis, gebeurtenis
from models.persoon import datasleutel, persoon
from models.toelichting import toelichting
from models.trajectnummer import trajectnummer
from workflow import hoofdsleutel, kluis
from workflow.gezin import Gezin
from workflow.keten import new_salt, seal_row
from workflow.kluis import encrypt
from workflow.projectie import save
from workflow.routekaart import Route, Routekaart
from workflow.velden import InvoerGeweigerd
from workflow.verloop import Verloop

KOLOMMEN = Gebeurtenis._fields[1:]

SLEUTEL = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}")
"""What a form makes, or an import from a keyed hash: nothing else may enter the log, which is never cleaned."""


class Conflict(Exception):
    """Someone else was first, or a key was used before for something else; `zin` says so in Dutch."""

    def __init__(self, zin: str) -> None:
        super().__init__(zin)
        self.zin = zin


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it: pseudonym, role and organisation code, as the log keeps them."""

    pseudoniem: str
    rol: str
    organisatie: str


@dataclass(frozen=True, slots=True)
class Vastgelegd:
    """What a submit wrote: the traject, the volgnummer of its row there, and the opdracht."""

    nummer: str
    volgnummer: int
    opdracht_id: str


class Opdracht:
    """Collects rows for a family (and those that join in `gezinnen`) and writes them at `finish`."""

    def __init__(
        self, gezin: Gezin, door: Actor, sleutel: str | None = None, voorgesteld: Mapping[str, Any] | None = None
    ) -> None:
        """`voorgesteld`: who proposed it, where another confirms; stands in every row.

        Raises InvoerGeweigerd for a key of another shape than that of a form or an import."""
        if sleutel is not None and not SLEUTEL.fullmatch(sleutel):
            raise InvoerGeweigerd({"sleutel": "Dit formulier klopt niet. Laad de pagina opnieuw."})
        self.gezin = gezin
        self.gezinnen = [gezin]
        self.door = door
        self.id = secrets.token_hex(16)
        self._voorgesteld = voorgesteld
        self._sleutel = sleutel
        self._nu = klok.now_us()
        self._rijen: list[Gebeurtenis] = []
        self._teksten: list[tuple[Verloop, int, str, str, str]] = []

    def append(
        self,
        verloop: Verloop,
        soort: str,
        dag: int,
        kaart: Routekaart,
        inhoud: Mapping[str, Any],
        teksten: Mapping[str, str] | None = None,
        **kolommen: Any,
    ) -> Gebeurtenis:
        """Add a row to the traject's log; the traject's stand follows at once. `kolommen` are the other log columns."""
        rij = self.draft(verloop, soort, dag, kaart, **kolommen)
        alles = {"door": self.door.pseudoniem, "rol": self.door.rol, "organisatie": self.door.organisatie, **inhoud}
        alles |= {"voorgesteld": dict(self._voorgesteld)} if self._voorgesteld else {}
        if teksten:
            alles["toelichting"] = {veld: self._keep(verloop, rij, veld, t) for veld, t in teksten.items()}
        vorige = verloop.log[-1].hash if verloop.log else None
        rij = seal_row(rij, {k: v for k, v in alles.items() if v not in (None, {}, [])}, vorige)
        self._rijen.append(rij)
        verloop.follow(rij)
        self._sleutel = None
        return rij

    def draft(self, verloop: Verloop, soort: str, dag: int, kaart: Routekaart, **kolommen: Any) -> Gebeurtenis:
        """The next row of a traject without content and hashes, as yet unwritten."""
        vorige = verloop.log[-1] if verloop.log else None
        leeg: dict[str, Any] = dict.fromkeys(Gebeurtenis._fields)
        return Gebeurtenis(
            **{
                **leeg,
                "id": 0,
                "traject_id": verloop.traject_id,
                "volgnummer": vorige.volgnummer + 1 if vorige else 1,
                "soort": soort,
                "dag": dag,
                "vastgelegd_op": self._recorded_after(vorige),
                "routekaart": kaart.sha256,
                "opdracht_id": self.id,
                "sleutel": self._sleutel,
                **kolommen,
            }
        )

    def _recorded_after(self, vorige: Gebeurtenis | None) -> int:
        """Now, but after what another submit recorded, whatever the clock says; rows of one submit share a moment."""
        if vorige is None:
            return self._nu
        return max(self._nu, vorige.vastgelegd_op + (vorige.opdracht_id != self.id))

    def new_traject(self, route: Route, wortel_id: int | None) -> Verloop:
        """A fresh number on a route; a root of its own when `wortel_id` is None."""
        db = self.gezin.db
        traject_id = _next_id(db)
        nummer = f"{route.voorvoegsel}-{klok.now().astimezone(klok.AMSTERDAM).year}-{traject_id:05}"
        db.execute(trajectnummer.insert().values(id=traject_id, nummer=nummer, wortel_id=wortel_id or traject_id))
        return self.gezin.add(traject_id, nummer, wortel_id or traject_id)

    def finish(self) -> None:
        """Write rows, texts and projections. Raises Conflict when another submit was first."""
        db = self.gezin.db
        try:
            db.exec_driver_sql(insert_text(db.dialect.name, gebeurtenis, KOLOMMEN), [rij[1:] for rij in self._rijen])
        except IntegrityError:
            raise Conflict("Iemand anders heeft dit traject zojuist gewijzigd. Bekijk de nieuwe stand.") from None
        self._write_texts()
        for gezin in self.gezinnen:
            save(gezin)

    def _keep(self, verloop: Verloop, rij: Gebeurtenis, veld: str, tekst: str) -> str:
        zout = new_salt()
        self._teksten.append((verloop, rij.volgnummer, veld, tekst, zout))
        return text_digest(zout, tekst)

    def _write_texts(self) -> None:
        db = self.gezin.db
        for verloop, volgnummer, veld, tekst, zout in self._teksten:
            sleutel_id, sleutel = data_key(db, verloop)
            plaats = f"{verloop.traject_id}/{volgnummer}/{veld}"
            geheim = encrypt(sleutel, tekst, plaats)
            db.execute(
                toelichting.insert().values(
                    traject_id=verloop.traject_id,
                    volgnummer=volgnummer,
                    veld=veld,
                    datasleutel_id=sleutel_id,
                    tekst=geheim,
                    zout=zout,
                )
            )


def text_digest(zout: str, tekst: str) -> str:
    """Digest of a text under its salt, as the log keeps it."""
    return hashlib.sha256(bytes.fromhex(zout) + tekst.encode()).hexdigest()


def data_key(db: Connection, verloop: Verloop) -> tuple[int, bytes]:
    """Under whose key a text goes: that of the first person, else of the traject's earlier texts, else a new one."""
    personen = [d for d, soort in verloop.stand.deelnemers.items() if soort == "persoon"]
    vraag = (
        select(datasleutel.c.id, datasleutel.c.omhuld)
        .join(persoon, persoon.c.datasleutel_id == datasleutel.c.id)
        .where(persoon.c.pseudoniem == personen[0])
        if personen
        else select(datasleutel.c.id, datasleutel.c.omhuld)
        .join(toelichting, toelichting.c.datasleutel_id == datasleutel.c.id)
        .where(toelichting.c.traject_id == verloop.traject_id)
        .limit(1)
    )
    if gevonden := db.execute(vraag).first():
        return gevonden.id, kluis.current().unwrap(gevonden.omhuld)
    return new_data_key(db)


def new_data_key(db: Connection) -> tuple[int, bytes]:
    """A fresh data key in the database; returns its id and the plain key. Raises SleutelPastNiet."""
    hoofdsleutel.remember(db)
    sleutel, omhuld = kluis.current().new_data_key()
    sleutel_id = db.execute(datasleutel.insert().values(omhuld=omhuld).returning(datasleutel.c.id)).scalar_one()
    return sleutel_id, sleutel


def _next_id(db: Connection) -> int:
    if db.dialect.name == "postgresql":
        db.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('trajectnummer'))")
    return int(db.execute(select(func.coalesce(func.max(trajectnummer.c.id), 0) + 1)).scalar_one())
