"""What the pages of one list of debts share: whose dossier it is, the list, and what holds things up."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from flask import abort, current_app, g, request
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound

from models import klok
from models.database import reading
from web.dossier import Dossierkop, open_dossier
from web.formulieren import SLEUTEL, Basisform, number_of, written
from web.toegang import Rol
from workflow import schuldboek
from workflow.kalender import short
from workflow.routekaart import Overgang
from workflow.schuldboek import day_of
from workflow.schuldeisers import Register, read_register
from workflow.schulden import Boek, Regel, Schuldenlijst, book_of
from workflow.voorwaarden import refusals

LEZERS = (Rol.UITVOERDER, Rol.COORDINATOR, Rol.AUDITOR)
SCHRIJVERS = (Rol.UITVOERDER, Rol.COORDINATOR)


class Blad:
    """What the pages of one list share: whose dossier, how the map keeps it, the list and the register."""

    def __init__(self, db: Connection, nummer: str) -> None:
        self.kop = open_dossier(db, nummer)
        boek = book_of(self.kop.route)
        if boek is None:
            raise NotFound
        self.boek: Boek = boek
        self.register: Register = read_register(db)
        self.lijst: Schuldenlijst = schuldboek.read_list(db, self.kop.verloop, boek, self.register)

    @property
    def schrijft(self) -> bool:
        """Whether this user may record something here now."""
        stap = self.kop.verloop.stand.stap
        return g.medewerker.rol in SCHRIJVERS and stap is not None and stap.code in self.boek.overgang.van

    @property
    def antwoorden(self) -> list[tuple[str, str]]:
        """What may be answered of a debt; that it counts no longer is said with its reason, elsewhere."""
        return [(code, naam) for code, naam in self.keuzes if code not in self.boek.vervallen]

    def is_gemeente(self, regel: Regel) -> bool:
        """Whether the creditor is the municipality itself."""
        return regel.code in self.register and self.register[regel.code].is_gemeente

    @property
    def keuzes(self) -> list[tuple[str, str]]:
        """Each answer with what it is called."""
        return [(keuze.code, keuze.naam) for keuze in self.boek.veld.keuzes]

    @staticmethod
    def dag(iso: str) -> str:
        """A day of a debt, as pages write it."""
        return short(day_of(iso))

    def debt(self, schuld: int) -> Regel:
        """A debt on the list. Raises NotFound."""
        if schuld not in self.lijst.by_nummer:
            raise NotFound
        return self.lijst.by_nummer[schuld]

    @property
    def wachtend(self) -> list[dict[str, Any]]:
        """The overgangen from here that wait for debts: which these hold up, and what else stands in the way.

        Those that wait for the same are one.
        """
        stap = self.kop.verloop.stand.stap
        keuzes = [
            keus
            for keus in self.kop.route.overgangen.values()
            if stap and stap.code in keus.van and any(self._waits(eis) for eis in keus.voorwaarden)
        ]
        samen: dict[tuple[Any, ...], dict[str, Any]] = {}
        for keus in keuzes:
            door = self.lijst.holding_up(keus)
            redenen = self._why_not(keus, is_genoemd=bool(door))
            zelfde = (tuple(regel.nummer for regel in door), tuple(redenen))
            samen.setdefault(zelfde, {"door": door, "redenen": redenen, "namen": []})["namen"].append(keus.label)
        return list(samen.values())

    def _why_not(self, overgang: Overgang, is_genoemd: bool) -> list[str]:
        """What keeps whoever may make it from that today: the page also tells those who only look.

        Without the debts where these are named beside it.
        """
        eisen = (eis for eis in overgang.voorwaarden if not (is_genoemd and self._waits(eis)))
        verder = replace(overgang, voorwaarden=tuple(eisen))
        return refusals(verder, replace(self.kop.dossier, rol=overgang.rollen[0]), met_invoer=False)

    def _waits(self, eis: Any) -> bool:
        return eis.naam == "geen_onderdeel" and bool(eis.argument["veld"] == self.boek.veld.code)

    @property
    def gezegd(self) -> int | None:
        """What the dossier says the debts come to, in whole euros; None where it says nothing of it."""
        gezegd = self.kop.verloop.stand.antwoorden.get(self.boek.bedragveld or "")
        return number_of(str(gezegd), 12)

    @property
    def is_anders(self) -> bool:
        """Whether the dossier says another amount than the list, which has debts."""
        return self.gezegd is not None and bool(self.lijst.regels) and self.gezegd != schuldboek.whole_euros(self.lijst)


def opened(nummer: str) -> Blad:
    """The list of a dossier, to look at."""
    with reading(current_app.config["DATABASE"]) as db:
        return Blad(db, nummer)


def made(form: Basisform, kop: Dossierkop) -> Any:
    """The form with its key, what its user saw, and today where a day is asked."""
    form.sleutel.data = form.sleutel.data or secrets.token_hex(16)
    if not SLEUTEL.fullmatch(form.sleutel.data):
        abort(400)
    form.verwacht.data = form.verwacht.data or str(kop.volgnummer)
    if request.method == "GET" and "op" in form and not form["op"].data:
        form["op"].data = written(klok.today())
    return form
