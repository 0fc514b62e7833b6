"""The world in which the demo caseload lives: database, map, chance, agenda, team, people and what has ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from workflow.routekaart import Route, Routekaart
from workflow.voorbeeld.agenda import Agenda, Loop
from workflow.voorbeeld.loting import Loting
from workflow.voorbeeld.mensen import Bevolking
from workflow.voorbeeld.team import Team

if TYPE_CHECKING:
    from workflow.voorbeeld.zaak import Zaak

HOOFDROUTE = "schuldhulp"


class Wereld:
    """What all life courses share: `db` is the transaction in which they write, `live` lives on from a stap.

    `lopend` are those that have begun, by number, whether or not they ended since.
    """

    def __init__(
        self,
        db: Connection,
        kaart: Routekaart,
        loting: Loting,
        team: Team,
        vandaag: int,
        live: Callable[[Zaak, str], Loop],
    ) -> None:
        self.db = db
        self.kaart = kaart
        self.loting = loting
        self.team = team
        self.vandaag = vandaag
        self.agenda = Agenda(loting, vandaag)
        self.bevolking = Bevolking(loting, vandaag)
        self.lopend: dict[str, Zaak] = {}
        self.geeindigd: list[Zaak] = []
        self.huishoudens = 0
        self.live = live

    @property
    def route(self) -> Route:
        """The main route."""
        return self.kaart.routes[HOOFDROUTE]
