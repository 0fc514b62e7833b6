"""One traject of the demo caseload while it is lived through: what it writes, and how it waits.

All writing goes through `voortgang`; what is remembered here (stap, last day, kenmerken) only saves reading it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from models import klok
from models.traject import traject
from models.trajectnummer import trajectnummer
from workflow import voortgang
from workflow.opdracht import Actor, Vastgelegd
from workflow.routekaart import VORIGE, Overgang
from workflow.voorbeeld.agenda import Dag, workday
from workflow.voorbeeld.antwoorden import answers
from workflow.voorbeeld.kansen import REDENEN
from workflow.voorbeeld.loting import Loting
from workflow.voorbeeld.situatie import Situatie
from workflow.voorbeeld.wereld import HOOFDROUTE, Wereld


@dataclass(frozen=True, slots=True)
class Rij:
    """A gebeurtenis that was written, as corrections need it."""

    volgnummer: int
    dag: int
    door: Actor
    overgang: str


class Zaak:
    """A traject on the main route with its people and children.

    `pad` are the stappen that a steered traject still has to go to; it stays for good in the last of them (`doel`).
    """

    def __init__(self, wereld: Wereld, situatie: Situatie, personen: Sequence[str], huishouden: str) -> None:
        self.wereld = wereld
        self.situatie = situatie
        self.personen = list(personen)
        self.huishouden = huishouden
        self.nummer = ""
        self.stap = ""
        self.vorige = ""
        self.is_open = False
        self.klasse: str | None = None
        self.behandelaar: str | None = None
        self.kenmerken: dict[str, str] = {}
        self.rijen: list[Rij] = []
        self.begonnen_op = self.heropend_op = self.sinds_op = self.laatste_op = 0
        self.pad: list[str] = []
        self.doel = ""
        self.einde_doel = ""
        self.reden: str | None = None
        self.heeft_stukken = False
        self.is_stil = wereld.loting.hit("stil")

    # -- Who and when ---------------------------------------------------------------------------------------------

    @property
    def loting(self) -> Loting:
        """Chance."""
        return self.wereld.loting

    @property
    def door(self) -> Actor:
        """Who does the work: the behandelaar, or the coordinator as long as nobody has it."""
        return self.wereld.team[self.behandelaar or "coordinator"]

    @property
    def is_gestuurd(self) -> bool:
        """Whether it is on a way that was laid down beforehand."""
        return self.doel not in ("", self.stap)

    @property
    def has_arrived(self) -> bool:
        """Whether it stands where it was steered to, to stay."""
        return self.doel == self.stap and not self.einde_doel

    # -- Writing --------------------------------------------------------------------------------------------------

    def begin(self, start: str, op: int, door: Actor | None = None, **extra: Any) -> Rij:
        """Open the traject."""
        keus = self.wereld.route.starten[start]
        door = door or self.door
        invoer = answers(self, keus, op)
        gedaan = voortgang.start(
            self.wereld.db,
            HOOFDROUTE,
            start,
            invoer,
            door=door,
            personen=self.personen,
            gemeente=self.situatie.gemeente,
            huishouden=self.huishouden,
            behandelaar=self.wereld.team[self.behandelaar].pseudoniem if self.behandelaar else None,
            op=op,
            extra=extra,
        )
        self.nummer = gedaan.nummer
        self.begonnen_op = op
        self.rijen.clear()
        return self._remember(keus, gedaan, op, door, invoer)

    def advance(
        self,
        code: str,
        op: int,
        *,
        reden: str | None = None,
        door: Actor | None = None,
        na: int | None = None,
        **antwoorden: Any,
    ) -> Rij:
        """Make an overgang of the main route; `antwoorden` come over the invented ones, None leaves a veld open."""
        keus = self.wereld.route.overgangen[code]
        door = door or self.door
        alles = {**answers(self, keus, op), **antwoorden}
        invoer = {veld: waarde for veld, waarde in alles.items() if waarde is not None}
        alles = {"op": op, "reden": reden, "na": na}
        try:
            gedaan = voortgang.advance(self.wereld.db, self.nummer, code, invoer, door=door, **alles)
        except voortgang.VierOgenNodig:
            gedaan = voortgang.advance(self.wereld.db, self.nummer, code, invoer, **self.by_two(door), **alles)
        return self._remember(keus, gedaan, op, door, invoer)

    def by_two(self, door: Actor) -> dict[str, Any]:
        """Who does what takes two people: the coordinator confirms what an uitvoerder proposed."""
        coordinator = self.wereld.team["coordinator"]
        voorsteller = self.door if door == coordinator else door
        return {"door": coordinator, "voorgesteld": voortgang.Voorgesteld(voorsteller, klok.now_us(), 0)}

    def move(self, naar: str, op: int, **antwoorden: Any) -> Rij:
        """Make the overgang that leads from the present stap to another one."""
        return self.advance(self._way_to(naar).code, op, **antwoorden)

    def _way_to(self, naar: str) -> Overgang:
        if naar == "budgetbeheer" and self.open_children("budgetbeheer"):
            return self.wereld.route.overgangen["budgetbeheer_voortzetten"]
        wegen = {o.naar: o for o in reversed(self.wereld.route.overgangen_vanuit[self.stap])}
        return wegen[naar]

    def _remember(self, keus: Overgang, gedaan: Vastgelegd, op: int, door: Actor, invoer: dict[str, Any]) -> Rij:
        route = self.wereld.route
        rij = Rij(gedaan.volgnummer, op, door, keus.code)
        is_last = op >= self.laatste_op
        self.rijen.append(rij)
        self.laatste_op = max(self.laatste_op, op)
        bekend = {**invoer, **keus.zet}
        self.kenmerken |= {naam: str(waarde) for naam, waarde in bekend.items() if naam in route.kenmerken}
        if keus.naar and is_last:
            self.stand_in(self.vorige if keus.naar == VORIGE else keus.naar, op)
        return rij

    def passed(self, dag: int) -> None:
        """Remember that somebody else recorded something on this day: what comes next comes no earlier."""
        self.laatste_op = max(self.laatste_op, dag)

    def stand_in(self, stap: str, op: int) -> None:
        """Remember that it stands in this stap since a day, after an overgang or the withdrawal of one."""
        einde = self.wereld.route.stappen[stap].einde
        if einde:
            self.vorige = self.stap
        elif not self.is_open:
            self.heropend_op = op
        self.stap, self.sinds_op, self.is_open, self.klasse = stap, op, einde is None, einde

    # -- Children -------------------------------------------------------------------------------------------------

    def open_child(self, route: str, start: str, op: int, **antwoorden: Any) -> str:
        """Open a child traject; returns its number."""
        keus = self.wereld.kaart.routes[route].starten[start]
        invoer = {**answers(self, keus, op), **antwoorden}
        gedaan = voortgang.start(self.wereld.db, route, start, invoer, door=self.door, hoort_bij=self.nummer, op=op)
        self.laatste_op = max(self.laatste_op, op)
        return gedaan.nummer

    def advance_child(
        self, nummer: str, route: str, code: str, op: int, *, door: Actor | None = None, **antwoorden: Any
    ) -> None:
        """Make an overgang of a child traject, with a reden when the map asks for one."""
        keus = self.wereld.kaart.routes[route].overgangen[code]
        invoer = {**answers(self, keus, op), **antwoorden}
        reden = self.loting.draw_from(f"{route}.{code}", {r.code: 1.0 for r in keus.redenen}) if keus.redenen else None
        voortgang.advance(self.wereld.db, nummer, code, invoer, door=door or self.door, op=op, reden=reden)
        self.laatste_op = max(self.laatste_op, op)

    def open_children(self, route: str) -> list[str]:
        """Numbers of the open children on a route, oldest first."""
        ouder = select(trajectnummer.c.id).where(trajectnummer.c.nummer == self.nummer).scalar_subquery()
        vraag = select(traject.c.nummer).where(traject.c.ouder_id == ouder, traject.c.route == route, traject.c.is_open)
        return list(self.wereld.db.execute(vraag.order_by(traject.c.id)).scalars())

    def place_of(self, nummer: str) -> str | None:
        """The stap in which a child stands; None when it has ended."""
        vraag = select(traject.c.stap).where(traject.c.nummer == nummer, traject.c.is_open)
        return self.wereld.db.execute(vraag).scalar_one_or_none()

    def newest_number(self) -> str:
        """The number of the traject that was made last, by whatever effect."""
        laatste = select(func.max(trajectnummer.c.id)).where(trajectnummer.c.id == trajectnummer.c.wortel_id)
        vraag = select(trajectnummer.c.nummer).where(trajectnummer.c.id == laatste.scalar_subquery())
        return str(self.wereld.db.execute(vraag).scalar_one())

    # -- Chance ---------------------------------------------------------------------------------------------------

    def choose(self) -> str:
        """What follows on the present stap: the next one on its way, or what chance says."""
        if self.pad:
            return self.pad.pop(0)
        if self.einde_doel:
            return self.einde_doel
        naam = f"toegelaten.{self.situatie.mesis}" if self.stap == "toegelaten" else self.stap
        return self.loting.draw(naam)

    def reason(self, code: str) -> str:
        """A reden for an overgang out of the present stap."""
        route = self.wereld.route
        redenen = route.overgangen[code].redenen_bij(route.stappen[self.stap])
        return self.loting.draw_from(f"{code}.{self.stap}", {r.code: REDENEN.get(r.code, 1.0) for r in redenen})

    def days(self, naam: str) -> int:
        """A length in days; a steered traject keeps close to what is usual, else it would come too late."""
        return self.loting.usual_days(naam) if self.is_gestuurd else self.loting.days(naam)

    # -- Waiting --------------------------------------------------------------------------------------------------

    def happens(self, dag: int) -> Dag:
        """Wait until what happens on this day gets recorded, now and then days or weeks later; returns the day."""
        dag = workday(max(dag, self.laatste_op))
        uitstel = 0 if self.is_gestuurd else int(self.loting.draw("vertraging"))
        yield dag + uitstel + (self.loting.between(0, uitstel // 3) if uitstel else 0)
        return max(dag, self.laatste_op)

    def stay(self, dagen: int) -> Dag:
        """Live so many days in the present stap, with the contacts that it brings; returns the day of leaving.

        A traject that has arrived where it was steered to never leaves.
        """
        einde = self.sinds_op + dagen
        while True:
            volgende = max(klok.today(), self.laatste_op) + self.pause()
            if volgende >= einde and not self.has_arrived:
                return (yield from self.happens(einde))
            dag = yield from self.happens(volgende)
            self.do_something(dag)

    def pause(self) -> int:
        """Days until the next contact."""
        return self.loting.days("contact.stil" if self.is_stil else f"contact.{self.stap}")

    def do_something(self, dag: int) -> None:
        """One of the things that the days in this stap bring."""
        code = self.loting.draw(f"bezig.{self.stap}")
        rollen = self.wereld.route.overgangen[code].rollen
        is_partner = "partner" in rollen and self.loting.hit("partner_legt_vast")
        self.advance(code, dag, door=self.wereld.team["partner"] if is_partner else None)

    @property
    def today(self) -> int:
        """The day of recording."""
        return klok.today()
