"""The caseload as one question sees it: which trajecten, in which period, and what became of them. Nothing of ours.

Names of routes and stappen are those of the map of Maastricht: where ours goes by labels, this goes by names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.indicatoren.naief_log import EPOCH, Deelname, Kaarten, Moment, Traject, Verblijf, trajecten
from tests.indicatoren.naief_tellen import OPEN

LOOPT = "loopt"
BEREIKT = "bereikt"
INGEGAAN = ("start", "overgang")
"""What counts as beginning: no split, import, migration or way back."""

INSTRUMENT = {
    **{naam: naam for naam in ("stabilisatie", "dfd", "budgetbeheer", "betalingsregeling")},
    **dict.fromkeys(("minnelijk_voorbereiding", "dwangakkoord", "minnelijk_lopend"), "minnelijk"),
    **dict.fromkeys(("wsnp_verzoek", "wsnp_lopend"), "wsnp"),
}
VARIANT = {"betalingsregeling": "betaling_variant", "minnelijk_lopend": "regeling_variant"}


@dataclass(frozen=True)
class Vraag:
    """Days [van, tot), for one gemeente or all, as known before `bekend` (None: at the end of `vandaag`).

    Nothing is followed beyond the last day that was known: what is asked of later days has not happened yet.
    """

    van: int
    tot: int
    gemeente: str | None = None
    bekend: int | None = None
    vandaag: int = 0

    @property
    def gevolgd_tot(self) -> int:
        """The last day of which all is known: that of Amsterdam just before `bekend`."""
        if self.bekend is None:
            return self.vandaag
        moment = datetime.fromtimestamp((self.bekend - 1) // 1_000_000, ZoneInfo("Europe/Amsterdam"))
        return moment.toordinal() - EPOCH


class Caseload:
    """The trajecten of a log, and the plain facts about them."""

    def __init__(self, regels: Iterable[str], kaarten: Kaarten, vraag: Vraag) -> None:
        self.kaarten = kaarten
        self.gevolgd_tot = vraag.gevolgd_tot
        self.tot = min(vraag.tot, vraag.gevolgd_tot + 1)
        self.dagen = range(vraag.van, self.tot)
        self.alle = trajecten(regels, kaarten, vraag.bekend)
        self.gekozen = [t for t in self.alle.values() if vraag.gemeente in (None, t.gemeente)]
        self.hoofd = self.of("schuldhulp")
        self.gemeld = [t for t in self.hoofd if begin_of(t) in self.dagen and t.levens[0].ingang == "start"]

    def of(self, route: str) -> list[Traject]:
        """The trajecten on a route."""
        return [t for t in self.gekozen if t.route == route]

    def children(self, traject: Traject, route: str) -> list[Traject]:
        """What hangs on a traject."""
        return [t for t in self.alle.values() if t.ouder == traject.id and t.route == route]

    def stap(self, traject: Traject, naam: str) -> dict[str, object]:
        """A stap of its route on the map it began on."""
        return dict(self.kaarten[traject.kaart]["routes"][traject.route]["stappen"][naam])

    # -- Stays in time -------------------------------------------------------------------------------------------------

    def begun(self, verblijven: Iterable[Verblijf]) -> list[Verblijf]:
        """Those that began in the period."""
        return [v for v in verblijven if v.van in self.dagen and v.ingang in INGEGAAN]

    def ended(self, verblijven: Iterable[Verblijf]) -> list[Verblijf]:
        """Those that ended in the period."""
        return [v for v in verblijven if v.tot in self.dagen]

    def running(self, verblijven: Iterable[Verblijf]) -> list[Verblijf]:
        """Those that held the end of the last day."""
        laatste = self.tot - 1
        return [v for v in verblijven if v.van <= laatste and (v.tot is None or v.tot > laatste)]

    def is_open(self, verblijf: Verblijf) -> bool:
        """Whether it had not ended before the end of the period."""
        return verblijf.tot is None or verblijf.tot >= self.tot

    def touches(self, van: int, tot: int | None) -> bool:
        """Whether a stretch has a day of the period, or begins in it when it has no day at all."""
        return van in self.dagen or any(van <= dag and (tot is None or dag < tot) for dag in self.dagen)

    # -- How it stands -------------------------------------------------------------------------------------------------

    def stand(self, traject: Traject, tot: int | None = None) -> tuple[str, int | None]:
        """How a traject stood before `tot` (the end of the period): its class and day of ending, or that it runs."""
        grens = self.tot if tot is None else tot
        laatste = [leven for leven in traject.levens if leven.van < grens][-1:]
        for leven in laatste:
            if leven.tot is not None and leven.tot < grens:
                return str(leven.klasse), leven.tot
        return LOOPT, None

    def wait(self, traject: Traject, vanaf: int, dag: int | None) -> tuple[int, str]:
        """How long until that day, and how the waiting ended; a day before the beginning is no wait."""
        if dag is not None and dag < self.tot:
            return max(dag - vanaf, 0), BEREIKT
        stand, eind = self.stand(traject)
        return (self.tot - 1 - vanaf, OPEN) if eind is None else (eind - vanaf, stand)

    def gone(self) -> Iterator[tuple[Traject, str, int]]:
        """Main trajecten that ended in the period and were not opened again in it, with class and day."""
        for traject in self.hoofd:
            stand, eind = self.stand(traject)
            if eind in self.dagen and eind is not None:
                yield traject, stand, eind

    # -- People --------------------------------------------------------------------------------------------------------

    def took_part(self, wie: str) -> list[tuple[Traject, Deelname]]:
        """The main trajecten that someone took part in, by begin."""
        gevonden = [(t, d) for t in self.hoofd for d in people_of(t) if d.wie == wie]
        return sorted(gevonden, key=lambda paar: (begin_of(paar[0]), paar[0].id))

    def everyone(self) -> list[str]:
        """Every person in a main traject."""
        return sorted({d.wie for t in self.hoofd for d in people_of(t)})

    def present(self, traject: Traject, leven: Verblijf) -> list[Deelname]:
        """Who took part in a traject on a day of the period on which it was open."""
        gevonden = []
        for deelname in people_of(traject):
            van = max(leven.van, deelname.van)
            einden = [tot for tot in (leven.tot, deelname.tot) if tot is not None]
            tot = min(einden, default=None)
            if (tot is None or van <= tot) and self.touches(van, tot):
                gevonden.append(deelname)
        return gevonden


def begin_of(traject: Traject) -> int:
    """The day of its start."""
    return traject.levens[0].van


def people_of(traject: Traject) -> list[Deelname]:
    """The persons that take or took part."""
    return [d for d in traject.deelnames if d.soort == "persoon"]


def takes_part(deelname: Deelname, dag: int) -> bool:
    """Whether someone takes part at the end of a day."""
    return deelname.van <= dag and (deelname.tot is None or dag < deelname.tot)


def stayed(deelname: Deelname, dag: int) -> bool:
    """Whether someone had not left before a day."""
    return deelname.tot is None or deelname.tot >= dag


def answer_on(traject: Traject, naam: str | None, dag: int) -> str | None:
    """The answer to a question as it was at the end of a day."""
    gegeven = [a.waarde for a in traject.antwoorden if a.naam == naam and a.dag <= dag]
    return gegeven[-1] if gegeven else None


def first_answer(traject: Traject, naam: str) -> str | None:
    """The answer that was given first."""
    gegeven = traject.gegeven(naam)
    return gegeven[0].waarde if gegeven else None


def kind_of(traject: Traject, verblijf: Verblijf) -> str:
    """Which kind of arrangement a stay is, by the answer on its first day; else its stap."""
    return answer_on(traject, VARIANT.get(verblijf.stap), verblijf.van) or verblijf.stap


def last_instrument(traject: Traject, tot: int) -> str | None:
    """The last instrument entered before a day."""
    gehad = [INSTRUMENT[v.stap] for v in traject.stappen if v.van < tot and v.stap in INSTRUMENT]
    return gehad[-1] if gehad else None


def first_help(traject: Traject, tot: int) -> Verblijf | None:
    """The first instrument entered on the day of toelating or later, and before a day."""
    toelating = traject.eerste("toelating")
    erna = [v for v in traject.stappen if toelating and toelating.dag <= v.van < tot]
    return next((v for v in erna if v.stap in INSTRUMENT), None)


def named_or_own(moment: Moment) -> int:
    """The day that a mijlpaal names, else its own."""
    return moment.dag if moment.waarde is None else int(moment.waarde)
