"""Every figure of every log indicator, worked out anew: the other side of a comparison, so it takes nothing of ours.

In: the rows of the log as JSON lines, the maps as JSON text, a period. Out: code -> figure -> part -> numbers. Written
from the definitions, with loops over trajecten and days; slow on purpose, and with the names of Maastricht's map.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.indicatoren.naief_caseload import (
    INSTRUMENT,
    Caseload,
    Vraag,
    answer_on,
    begin_of,
    first_answer,
    first_help,
    last_instrument,
    named_or_own,
    people_of,
    stayed,
)
from tests.indicatoren.naief_dienstverlening import Dienstverlening, crisis_or_not
from tests.indicatoren.naief_log import Deelname, Moment, Traject, open_maps
from tests.indicatoren.naief_tellen import OPEN, Cijfers, Rij, chance, count, duration, median, share
from tests.indicatoren.naief_wet import years_later

Figures = dict[str, dict[str, Cijfers]]
GEEN = "geen"


def figures(regels: Iterable[str], kaarten: Mapping[str, str], vraag: Vraag) -> Figures:
    """Every figure of every log indicator."""
    caseload = Caseload(list(regels), open_maps(kaarten), vraag)
    delen = (Vroegsignalering(caseload), Dienstverlening(caseload), Samenwerking(caseload), Opbrengst(caseload))
    return {naam.upper(): getattr(deel, naam)() for deel in delen for naam in _codes(deel)}


def _codes(deel: object) -> list[str]:
    return [naam for naam in dir(deel) if naam[0] in "vdso" and naam[1:].isdecimal()]


class Vroegsignalering:
    """Signals, streams, actions, and what they prevent."""

    def __init__(self, caseload: Caseload) -> None:
        self.c = caseload

    def v1(self) -> dict[str, Cijfers]:
        """Meldingen."""
        return {"signalen": count(self._begun("vroegsignaal"))}

    def _begun(self, route: str) -> list[Rij]:
        c = self.c
        return [{"is_open": c.is_open(v), "t": t} for t in c.of(route) for v in c.begun(t.levens)]

    def _marks(self, naam: str) -> list[Rij]:
        return [{"t": t.id} for t in self.c.gekozen for m in t.mijlpalen if m.naam == naam and m.dag in self.c.dagen]

    def v2(self) -> dict[str, Cijfers]:
        """Informatiestromen: agreed on the last day, and which of those delivered."""
        lopend = [t.id for t in self.c.of("informatiestroom") if self.c.running(t.levens)]
        geleverd = {rij["t"] for rij in self._marks("levering")}
        return {"afgesproken": count([{} for _ in lopend]), "actief": count([{} for t in lopend if t in geleverd])}

    def v3(self) -> dict[str, Cijfers]:
        """Vervolgacties."""
        acties = self._marks("vervolgactie")
        return {"vervolgacties": count(acties), "signalen_met_actie": count(acties, uniek="t")}

    def v4(self) -> dict[str, Cijfers]:
        """Evictions that a crisis intervention prevented; those that were carried out come from partners."""
        crises = [t for t in self.c.of("crisis") for _ in self.c.ended(t.levens)]
        goed = [t for t in crises if first_answer(t, "crisis_soort") == "woningontruiming"]
        return {"voorkomen_in_crisis": count([{} for t in goed if first_answer(t, "crisis_resultaat") == "voorkomen"])}

    def v5(self) -> dict[str, Cijfers]:
        """Samenwerkingen begun from a wijkservicepunt."""
        gestart = [(t, v) for t in self.c.of("samenwerking") for v in self.c.begun(t.levens)]
        plaatsen = [answer_on(t, "wijkservicepunt", v.van) for t, v in gestart]
        return {"gestart": count([{"plaats": p} for p in plaatsen if p], ((), ("plaats",)))}

    def v6(self) -> dict[str, Cijfers]:
        """Parties in a samenwerking from a wijkservicepunt on any day."""
        rijen = [
            {"plaats": first_answer(t, "wijkservicepunt"), "partij": first_answer(t, "partner")}
            for t in self.c.of("samenwerking")
            for leven in t.levens
            if self.c.touches(leven.van, leven.tot)
        ]
        return {"partijen": count([r for r in rijen if r["plaats"]], ((), ("plaats",)), "partij")}


class Samenwerking:
    """Together with partners, and agreements."""

    def __init__(self, caseload: Caseload) -> None:
        self.c = caseload

    def s1(self) -> dict[str, Cijfers]:
        """Gezamenlijke trajecten, and how those with and without ended."""
        afloop = [
            {"samen": self._had_partner(t, eind), "klasse": klasse, "dagen": eind - t.begonnen_op, "uitkomst": klasse}
            for t, klasse, eind in self.c.gone()
        ]
        return {
            "gezamenlijk": count([{} for t in self.c.hoofd if self._is_open(t) and self._is_together(t)]),
            "uitkomst": count(afloop, ((), ("samen",), ("samen", "klasse"))),
            "duur": duration(afloop, "succes", ((), ("samen",))),
        }

    def _is_open(self, traject: Traject) -> bool:
        return any(self.c.touches(leven.van, leven.tot) for leven in traject.levens)

    def _is_together(self, traject: Traject) -> bool:
        return any(self._is_open(kind) for kind in self.c.children(traject, "samenwerking"))

    def _had_partner(self, traject: Traject, eind: int) -> str:
        levens = [leven for kind in self.c.children(traject, "samenwerking") for leven in kind.levens]
        return "ja" if any(leven.van <= eind for leven in levens) else "nee"

    def s2(self) -> dict[str, Cijfers]:
        """Partijen with an agreement that holds on the last day."""
        rijen = [
            {"partij": first_answer(t, "afspraak_met"), "soort_afspraak": first_answer(t, "soort_afspraak")}
            for t in self.c.of("afspraak")
            if self.c.running(t.levens)
        ]
        return {"partijen": count(rijen, ((), ("soort_afspraak",)), "partij")}


class Opbrengst:
    """What the programme promises."""

    def __init__(self, caseload: Caseload) -> None:
        self.c = caseload

    def o1(self) -> dict[str, Cijfers]:
        """Debt, creditors and arrears at the melding."""
        kolommen = {
            "schuld": "schuldbedrag",
            "schuldeisers": "aantal_schuldeisers",
            "maanden_achterstand": "maanden_achterstand",
        }
        cijfers = {naam: median(self._numbers(vraag), "waarde") for naam, vraag in kolommen.items()}
        vroeg = [{} for t in self.c.gemeld if first_answer(t, "bron") == "vroegsignaal"]
        return {**cijfers, "via_vroegsignaal": share(count(vroeg), self._notices())}

    def _numbers(self, vraag: str) -> list[Rij]:
        gegeven = [answer_on(t, vraag, begin_of(t)) for t in self.c.gemeld]
        return [{"waarde": None if a is None else int(a)} for a in gegeven]

    def _notices(self) -> Cijfers:
        return count([{} for _ in self.c.gemeld])

    def o2(self) -> dict[str, Cijfers]:
        """Instroom."""
        wie = [{"wie": d.wie} for t in self.c.gemeld for d in people_of(t) if d.van == begin_of(t)]
        toegelaten = [t for t in self.c.hoofd if (m := t.eerste("toelating")) and m.dag in self.c.dagen]
        return {
            "meldingen": self._notices(),
            "personen": count(wie, uniek="wie"),
            "toegelaten": count([{} for _ in toegelaten]),
        }

    def o3(self) -> dict[str, Cijfers]:
        """Success by the last instrument, and the trapje."""
        rijen = [
            {"klasse": klasse, "instrument": last_instrument(t, self.c.tot) or GEEN, "hoger": self._climbed(t, eind)}
            for t, klasse, eind in self.c.gone()
        ]
        succes = [r for r in rijen if r["klasse"] == "succes"]
        uitval = [r for r in rijen if r["klasse"] == "uitval"]
        return {
            "succes": count(succes, ((), ("instrument",))),
            "trapje": share(count([r for r in succes if r["hoger"]]), count(succes + uitval)),
            "uitval_na_stap_omhoog": count([r for r in uitval if r["hoger"]]),
        }

    def _climbed(self, traject: Traject, eind: int) -> bool:
        eerste = first_help(traject, eind + 1)
        if eerste is None:
            return False
        gelopen = [trede for dag, *_, trede in sorted(self._rungs(traject)) if eerste.van <= dag <= eind]
        return bool(gelopen) and gelopen[-1] > gelopen[0]

    def _rungs(self, wortel: Traject) -> Iterator[tuple[int, int, int, int, int]]:
        """(day, whether it is an end, traject, place, trede) of a family."""
        familie = [t for t in self.c.alle.values() if t is wortel or t.ouder == wortel.id]
        for traject in familie:
            for dag, is_eind, plaats, stap in _places(traject):
                trede = self.c.stap(traject, stap).get("trede")
                if trede is not None:
                    yield dag, is_eind, traject.id, plaats, int(str(trede))

    def o4(self) -> dict[str, Cijfers]:
        """Coming back after success, after uitval, and of those who succeeded."""
        terug = [t for t in self.c.gemeld if self._came_back(t, "succes")]
        uitval = [t for t in self.c.gemeld if self._came_back(t, "uitval")]
        cohort = list(self._cohort())
        per = (("jaren",),)
        recidive = count([{} for _ in terug])
        return {
            "recidive": recidive,
            "recidive_deel": share(recidive, self._notices()),
            "terugkeer_na_uitval": count([{} for _ in uitval]),
            "cohort": chance(cohort, "terug", per),
        }

    def _came_back(self, traject: Traject, klasse: str) -> bool:
        begin = begin_of(traject)
        eerder = [paar for d in people_of(traject) for paar in self.c.took_part(d.wie) if begin_of(paar[0]) < begin]
        return any(self._ended_so(ander, deelname, begin, klasse) for ander, deelname in eerder)

    def _ended_so(self, ander: Traject, deelname: Deelname, begin: int, klasse: str) -> bool:
        stand, eind = self.c.stand(ander, begin + 1)
        if stand != klasse or eind is None or years_later(eind, 5) < begin or not stayed(deelname, eind):
            return False
        return klasse == "uitval" or any(v.stap in ("minnelijk_lopend", "wsnp_lopend") for v in ander.stappen)

    def _cohort(self) -> Iterator[Rij]:
        for traject, klasse, eind in self.c.gone():
            if klasse == "succes":
                nieuw = list(self._later_begins(traject, eind))
                for jaren in (1, 2, 5):
                    dag, uitkomst = self._back_within(sorted(nieuw), years_later(eind, jaren))
                    yield {"jaren": jaren, "dagen": dag - eind, "uitkomst": uitkomst}

    def _back_within(self, nieuw: list[int], grens: int) -> tuple[int, str]:
        """When they came back; else until when they are known to have stayed away."""
        if nieuw and nieuw[0] <= grens:
            return nieuw[0], "terug"
        return (grens, "weggebleven") if grens <= self.c.gevolgd_tot else (self.c.gevolgd_tot, OPEN)

    def _later_begins(self, traject: Traject, eind: int) -> Iterator[int]:
        for deelname in (d for d in people_of(traject) if stayed(d, eind)):
            for ander, _ in self.c.took_part(deelname.wie):
                if ander is not traject and ander.levens[0].ingang == "start" and begin_of(ander) >= eind:
                    yield begin_of(ander)

    def o5(self) -> dict[str, Cijfers]:
        """Tempo."""
        regulier = [t for t in self.c.gemeld if crisis_or_not(self.c, t) == "regulier"]
        return {
            "wachttijd": self._waits(regulier, lambda t: _day(t.eerste("eerste_gesprek"))),
            "melding_tot_plan": self._waits(self.c.gemeld, _plan),
            "melding_tot_instrument": self._waits(self.c.gemeld, _first_instrument),
            "in_schuld": duration(list(self._in_debt()), "succes"),
        }

    def _waits(self, trajecten: Iterable[Traject], dag_van: Any) -> Cijfers:
        paren = [self.c.wait(t, begin_of(t), dag_van(t)) for t in trajecten]
        return duration([{"dagen": dagen, "uitkomst": uitkomst} for dagen, uitkomst in paren], "bereikt")

    def _in_debt(self) -> Iterator[Rij]:
        for wie in self.c.everyone():
            gehad = self.c.took_part(wie)
            eerste, _ = gehad[0]
            if eerste not in self.c.gemeld:
                continue
            einden = [(*self.c.stand(t), deelname) for t, deelname in gehad if begin_of(t) < self.c.tot]
            goed = [eind for klasse, eind, d in einden if klasse == "succes" and eind is not None and stayed(d, eind)]
            dag, uitkomst = (min(goed), "succes") if goed else (self.c.tot - 1, OPEN)
            yield {"dagen": dag - begin_of(eerste), "uitkomst": uitkomst}


def _day(moment: Moment | None) -> int | None:
    return None if moment is None else moment.dag


def _plan(traject: Traject) -> int | None:
    toelating = traject.eerste("toelating")
    return None if toelating is None else named_or_own(toelating)


def _first_instrument(traject: Traject) -> int | None:
    return next((v.van for v in traject.stappen if v.stap in INSTRUMENT), None)


def _places(traject: Traject) -> Iterator[tuple[int, int, int, str]]:
    """(day, whether it is an end, place, stap) of every stap it came in, an end only when it is a success."""
    for verblijf in traject.stappen:
        yield verblijf.van, 0, verblijf.begin, verblijf.stap
        if verblijf.klasse == "succes" and verblijf.tot is not None and verblijf.slot is not None:
            yield verblijf.tot, 1, verblijf.slot, str(verblijf.naar)
