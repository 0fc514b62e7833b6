"""A desk at which anything may happen: random caseloads on the map of Maastricht, by the engine's own doors.

Numbers choose among what there is to choose from; what is refused leaves nothing behind. The walk itself, with its
corrections, splits and merges, is that of the tests of the projections; here it gets goals, children and partners.
"""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, select

from models import klok
from models.organisatie import organisatie
from models.traject import traject
from tests.bouwers import COORDINATOR, a_person, a_traject, actor, advance_to, answers, route_of, step
from tests.workflow.test_projectie import Wandeling
from workflow import kaarten
from workflow.kaartlezer import uit_json
from workflow.routekaart import Overgang, Routekaart, Veld
from workflow.verloop import Verloop

GEMEENTEN = ("GM0935", "GM0917")
DOELEN = (
    *("intake", "besluit", "toegelaten", "stabilisatie", "dfd", "budgetbeheer", "betalingsregeling"),
    *("minnelijk_voorbereiding", "minnelijk_lopend", "dwangakkoord", "wsnp_verzoek", "wsnp_lopend", "nazorg"),
    *("minnelijk_lopend", "wsnp_lopend", "nazorg", "uitstroom"),
)
KINDEREN = ("samenwerking", "verwijzing", "klacht", "budgetbeheer", "opschorting", "crisis", "bezwaar", "begeleiding")
LOS = ("vroegsignaal", "informatiestroom", "afspraak")
EINDEN = ("uitval_vastleggen", "neutraal_beeindigen", "afwijzen", "uitstromen", "zelf_afronden")
TERUG = ("weigering_herroepen", "beeindiging_herroepen")


class Balie(Wandeling):
    """One random caseload in a transaction that is rolled back."""

    def __init__(self, db: Connection) -> None:
        super().__init__(db)
        rijen = db.execute(select(organisatie.c.code, organisatie.c.soort).order_by(organisatie.c.code))
        self.organisaties = [(rij.code, rij.soort) for rij in rijen]

    def wait(self, dagen: int) -> None:
        """Time goes by."""
        self.nu += timedelta(days=dagen)

    def _main(self, a: int, *, is_open: bool = True) -> Verloop | None:
        keus = [v for v in self.verlopen() if v.stand.route and v.oorsprong["route"] == "schuldhulp"]
        keus = [v for v in keus if v.stand.is_open == is_open]
        return keus[a % len(keus)] if keus else None

    def beginnen(self, a: int, b: int, c: int) -> bool:
        """A melding of one or two people, entered today or somewhat later than it was."""
        while len(self.mensen) < 2 + a % 4:
            self.mensen.append(a_person(self.db))
        wie = list(dict.fromkeys(self.mensen[n % len(self.mensen)] for n in ((a, b) if c % 3 else (a,))))
        kaart = kaarten.in_force(self.db)
        opening = kaart.routes["schuldhulp"].starten["melding_registreren"]
        dag = klok.today() - c % 4 * 5
        invoer = self._answers(opening, dag, wie, c + b)
        a_traject(self.db, wie=wie, op=dag, gemeente=GEMEENTEN[b % 2], invoer=invoer)
        return True

    def inlezen(self, a: int, b: int, c: int) -> bool:
        """A traject that came with a delivery; somebody says which fase it is in."""
        wie = a_person(self.db)
        self.mensen.append(wie)
        rest = {"begin": "inlezen", "extra": {"ingang": "import"}, "door": COORDINATOR, "gemeente": GEMEENTEN[a % 2]}
        nummer = a_traject(self.db, wie=[wie], op=klok.today() - c % 30, **rest)
        step(self.db, nummer, f"fase_vaststellen_{DOELEN[b % 13]}", klok.today() - c % 10)
        if c % 2:
            step(self.db, nummer, "toelating_inlezen", klok.today() - c % 20)
        return True

    def verder(self, a: int, b: int, c: int) -> bool:
        """One or more steps on the road to a goal."""
        verloop = self._main(a)
        if verloop is None or verloop.stand.stap is None:
            return False
        try:
            advance_to(self.db, verloop.nummer, DOELEN[b % len(DOELEN)], max(klok.today(), verloop.stand.laatste_op))
        except LookupError:
            return False
        return True

    def eindigen(self, a: int, b: int, c: int) -> bool:
        """An end, of whatever class."""
        return self._step(self._main(a), EINDEN[b % len(EINDEN)])

    def terugkomen(self, a: int, b: int, c: int) -> bool:
        """An end is undone by law."""
        return self._step(self._main(a, is_open=False), TERUG[b % len(TERUG)])

    def _step(self, verloop: Verloop | None, code: str) -> bool:
        stap = verloop.stand.stap if verloop else None
        overgang = route_of(verloop).overgangen[code] if verloop else None
        if verloop is None or overgang is None or stap is None or stap.code not in overgang.van:
            return False
        if overgang.redenen and not overgang.redenen_bij(stap):
            return False
        step(self.db, verloop.nummer, code, max(klok.today(), verloop.stand.laatste_op), alles=True)
        return True

    def kind(self, a: int, b: int, c: int) -> bool:
        """Something beside the main route."""
        verloop = self._main(a)
        if verloop is None:
            return False
        route = self.kaart.routes[KINDEREN[b % len(KINDEREN)]]
        starten = [s for s in route.starten.values() if not s.labels.get("stil")]
        opening = starten[c % len(starten)]
        invoer = self._answers(opening, klok.today(), list(verloop.stand.deelnemers), c)
        rest = {"route": route.code, "begin": opening.code, "hoort_bij": verloop.nummer}
        a_traject(self.db, op=klok.today(), invoer=invoer, **rest)
        return True

    def los(self, a: int, b: int, c: int) -> bool:
        """A signal, a stream of signals or an agreement: without people."""
        route = self.kaart.routes[LOS[b % len(LOS)]]
        invoer = self._answers(next(iter(route.starten.values())), klok.today(), [], c)
        a_traject(self.db, route=route.code, op=klok.today(), gemeente=GEMEENTEN[a % 2], invoer=invoer)
        return True

    def naast(self, a: int, b: int, c: int) -> bool:
        """A step in something beside the main route."""
        keus = [v for v in self.verlopen() if v.stand.is_open and v.oorsprong["route"] != "schuldhulp"]
        if not keus:
            return False
        verloop = keus[-1 - a % len(keus)]
        return self._advance(verloop, verloop.stand, b, c, max(klok.today(), verloop.stand.laatste_op))

    def ter_plaatse(self, a: int, b: int, c: int) -> bool:
        """Something that figures look for and that does not change the stap."""
        verloop = self._main(a)
        if verloop is None or verloop.stand.stap is None:
            return False
        mag = [o for o in route_of(verloop).overgangen_vanuit[verloop.stand.stap.code] if _is_mark(o)]
        if not mag:
            return False
        keus = mag[b % len(mag)]
        dag = max(klok.today(), verloop.stand.laatste_op)
        invoer = self._answers(keus, dag, list(verloop.stand.deelnemers), c)
        step(self.db, verloop.nummer, keus.code, dag, invoer=invoer, door=actor(keus.rollen[0]))
        return True

    def nieuwe_kaart(self, a: int, b: int, c: int) -> bool:
        """Another version of the map; one of them is still a concept."""
        kaarten.store(self.db, _versions(self.kaart.canoniek)[a % 3])
        return True

    def _answers(self, keus: Overgang, dag: int, wie: list[str], c: int) -> dict[str, Any]:
        gegeven = answers(self.db, keus, dag, wie, alles=bool(c % 4))
        return {
            **gegeven,
            **{v.code: self._answer_to(v, c, dag) for v in keus.velden if v.kenmerk and v.code in gegeven},
        }

    def _answer_to(self, veld: Veld, c: int, dag: int) -> Any:
        if veld.soort == "keuze":
            mogelijk = [k.code for k in veld.keuzes if (k.vanaf or dag) <= dag < (k.tot or dag + 1)]
            return mogelijk[c % len(mogelijk)]
        if veld.soort == "partij":
            mogelijk = [code for code, soort in self.organisaties if veld.partijsoort in (None, soort)]
            return mogelijk[c % len(mogelijk)]
        return ("ja", "nee")[c % 2] if veld.soort == "ja_nee" else str(1 + c % 20)

    def marks(self) -> set[str]:
        """What this caseload holds of what is hard to count."""
        soorten = {rij.soort for verloop in self.verlopen() for rij in verloop.log}
        ingangen = {rij[7] for verloop in self.verlopen() for rij in verloop.rijen["verblijf"].nu.values()}
        is_open = self.db.execute(select(traject.c.id).where(traject.c.is_open).limit(1)).first()
        gevonden = {
            "a correction": bool(soorten & {"intrekking", "verbetering"}),
            "a split": "splitsing" in ingangen,
            "a heropening": "heropend" in ingangen,
            "an open case": is_open is not None,
        }
        return {naam for naam, is_zo in gevonden.items() if is_zo}


@cache
def _versions(canoniek: str) -> list[Routekaart]:
    """Three more versions of a map, alike but for their name and status."""
    was = json.loads(canoniek)
    nieuw = [{**was, "versie": f"proef-{status}", "status": status} for status in ("proef", "concept", "geldig")]
    return [uit_json(json.dumps(kaart, ensure_ascii=False, separators=(",", ":"), sort_keys=True)) for kaart in nieuw]


def _is_mark(overgang: Overgang) -> bool:
    return overgang.naar is None and "mijlpaal" in overgang.labels
