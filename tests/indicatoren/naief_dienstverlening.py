"""The figures about the service itself, D0 to D13, worked out anew. Nothing of ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from tests.indicatoren.naief_caseload import (
    INSTRUMENT,
    LOOPT,
    Caseload,
    answer_on,
    begin_of,
    first_help,
    kind_of,
    last_instrument,
    named_or_own,
    people_of,
    takes_part,
)
from tests.indicatoren.naief_log import Moment, Traject, Verblijf
from tests.indicatoren.naief_tellen import OPEN, Cijfers, Rij, count, duration, median, share, total
from tests.indicatoren.naief_wet import BEDREIGEND, four_weeks, is_workday, three_workdays

POGING = ("minnelijk_voorbereiding", "dwangakkoord")
REGELINGEN = ("betalingsregeling", "minnelijk_lopend", "wsnp_lopend")


class Regeling(NamedTuple):
    """A regeling in the life of a person."""

    van: int
    traject: int
    plaats: int
    verblijf: Verblijf
    soort: str


def crisis_or_not(c: Caseload, traject: Traject) -> str:
    """By what was known in the melding, before the end of the period."""
    return "regulier" if answer_on(traject, "crisis", c.tot - 1) in (None, "geen") else "crisis"


class Dienstverlening:
    """Waits, kinds of help, drop-out, arrangements, referrals and complaints."""

    def __init__(self, caseload: Caseload) -> None:
        self.c = caseload

    # -- Map and waits -------------------------------------------------------------------------------------------------

    def d0(self) -> dict[str, Cijfers]:
        """Versions of the map that trajecten begin on."""
        kaarten = [self.c.kaarten[t.kaart] for t in self.c.hoofd if self.c.begun(t.levens[:1])]
        begonnen = [{"versie": kaart["versie"]} for kaart in kaarten]
        bekend = [{} for kaart in kaarten if kaart["status"] in ("proef", "geldig")]
        return {
            "versies": count(begonnen, ((), ("versie",))),
            "op_bekende_versie": share(count(bekend), count(begonnen)),
        }

    def d1(self) -> dict[str, Cijfers]:
        """Waiting for the first contact and the first talk, and whether that was in time."""
        regulier = [t for t in self.c.gemeld if crisis_or_not(self.c, t) == "regulier"]
        crisis = [t for t in self.c.gemeld if t not in regulier]
        termijnen = list(self._terms())
        over = count(termijnen, ((), ("soort",)))
        return {
            "eerste_contact": self._waits(self.c.gemeld, first_contact),
            "aangeboden": self._waits(self.c.gemeld, offered),
            "eerste_gesprek": self._waits(regulier, first_talk),
            "crisis_eerste_gesprek": duration(list(self._crisis_waits(crisis)), "bereikt"),
            "binnen_termijn": share(count([r for r in termijnen if r["op_tijd"]], ((), ("soort",))), over),
            "aangeboden_binnen_termijn": share(count([r for r in termijnen if r["aanbod"]], ((), ("soort",))), over),
        }

    def _waits(self, trajecten: Iterable[Traject], dag_van: Callable[[Traject], int | None]) -> Cijfers:
        paren = [self.c.wait(t, begin_of(t), dag_van(t)) for t in trajecten]
        return duration([{"dagen": dagen, "uitkomst": uitkomst} for dagen, uitkomst in paren], "bereikt")

    def _crisis_waits(self, trajecten: Iterable[Traject]) -> Iterator[Rij]:
        for traject in trajecten:
            begin = begin_of(traject)
            dagen, uitkomst = self.c.wait(traject, begin, first_talk(traject))
            yield {"dagen": sum(is_workday(begin + n) for n in range(1, dagen + 1)), "uitkomst": uitkomst}

    def _terms(self) -> Iterator[Rij]:
        """Of each melding whose legal term is over: whether the talk, and the offer, came in time."""
        for traject in self.c.gemeld:
            laatste, gesprek, aanbod = self._last_day(traject), first_talk(traject), offered(traject)
            is_geweest = gesprek is not None and gesprek < self.c.tot
            _, eind = self.c.stand(traject)
            is_gestopt = not is_geweest and eind is not None and eind <= laatste
            if laatste < self.c.tot and not is_gestopt:
                op_tijd = is_geweest and gesprek is not None and gesprek <= laatste
                yield {
                    "soort": crisis_or_not(self.c, traject),
                    "op_tijd": op_tijd,
                    "aanbod": aanbod is not None and aanbod <= laatste,
                }

    def _last_day(self, traject: Traject) -> int:
        crisis = answer_on(traject, "crisis", self.c.tot - 1)
        if crisis in BEDREIGEND:
            return three_workdays(self._named(traject, "crisis"))
        return four_weeks(self._named(traject, "melding"))

    def _named(self, traject: Traject, mijlpaal: str) -> int:
        genoemd = [m.waarde for m in traject.mijlpalen if m.naam == mijlpaal and m.dag < self.c.tot and m.waarde]
        return int(genoemd[-1]) if genoemd else begin_of(traject)

    # -- Kinds of help -------------------------------------------------------------------------------------------------

    def d2(self) -> dict[str, Cijfers]:
        """Toelatingen by profile, first instrument and how it stands."""
        p, r = "profiel", "route_gekozen"
        return {"toegelaten": count(list(self._admitted()), ((), (p,), (r,), (p, r), (p, r, "uitkomst")))}

    def _admitted(self) -> Iterator[Rij]:
        for traject in self.c.hoofd:
            toelating = traject.eerste("toelating")
            if toelating and toelating.dag in self.c.dagen:
                eerste = first_help(traject, self.c.tot)
                yield {
                    "profiel": answer_on(traject, "mesis_profiel", toelating.dag) or "geen_profiel",
                    "route_gekozen": INSTRUMENT[eerste.stap] if eerste else "nog_geen",
                    "uitkomst": self.c.stand(traject)[0],
                }

    def d3(self) -> dict[str, Cijfers]:
        """Instruments on the last day, and those that began."""
        lopend = [t for t in self.c.hoofd if self.c.running(t.levens)]
        nu = [{"instrument": last_instrument(t, self.c.tot) or "geen_instrument"} for t in lopend]
        per = ((), ("instrument",))
        return {
            "instrument_op_peildatum": count(nu, per),
            "instrument_gestart": count([{"instrument": i} for i in self._instruments_begun()], per),
        }

    def _instruments_begun(self) -> Iterator[str]:
        for traject in self.c.hoofd:
            vorig = None
            for verblijf in traject.stappen:
                instrument = INSTRUMENT.get(verblijf.stap)
                if instrument and instrument != vorig and self.c.begun([verblijf]):
                    yield instrument
                vorig = instrument

    # -- Lead times ----------------------------------------------------------------------------------------------------

    def d4(self) -> dict[str, Cijfers]:
        """How long a traject, a decision and a fase take, and who is to act."""
        levens = [self._life(t) for t in self.c.gemeld]
        eigen = [{**rij, "dagen": rij["dagen"] - rij["stil"]} for rij in levens]
        stil = [t for t in self.c.hoofd for dag in self._suspended(t) if dag in self.c.dagen]
        van_trajecten = {"trajecten": sum(t in stil for t in self.c.hoofd)}
        return {
            "traject": duration(levens, "succes"),
            "traject_zonder_opschorting": duration(eigen, "succes"),
            "gesprek_tot_toelating": duration(list(self._decisions()), "bereikt"),
            "fase": duration(list(self._phases()), None, ((), ("fase",))),
            "wacht_dagen": total(list(self._turns()), "dagen", ((), ("partij",))),
            "opgeschort_dagen": {deel: c | van_trajecten for deel, c in count([{} for _ in stil]).items()},
        }

    def _life(self, traject: Traject) -> Rij:
        begin = begin_of(traject)
        stand, eind = self.c.stand(traject)
        einde = self.c.tot - 1 if eind is None else eind
        stil = sum(begin <= dag < einde for dag in self._suspended(traject))
        return {"dagen": einde - begin, "uitkomst": OPEN if stand == LOOPT else stand, "stil": stil}

    def _suspended(self, traject: Traject) -> set[int]:
        """Awb 4:15: from the day after the asking until what was asked came, at most as long as was given."""
        gevonden = set()
        for kind in self.c.children(traject, "opschorting"):
            for leven in kind.levens:
                for gevraagd in (m for m in kind.mijlpalen if m.waarde is not None):
                    dagen = range(leven.van + 1, gevraagd.waarde + 1)
                    gevonden |= {dag for dag in dagen if leven.tot is None or dag < leven.tot}
        return gevonden

    def _decisions(self) -> Iterator[Rij]:
        for traject in self.c.hoofd:
            gesprek, toelating = first_talk(traject), traject.eerste("toelating")
            if gesprek is not None and gesprek in self.c.dagen:
                dagen, uitkomst = self.c.wait(traject, gesprek, toelating.dag if toelating else None)
                yield {"dagen": dagen, "uitkomst": uitkomst}

    def _phases(self) -> Iterator[Rij]:
        for verblijf in (v for t in self.c.hoofd for v in self.c.begun(t.fasen)):
            is_open = self.c.is_open(verblijf)
            tot = self.c.tot - 1 if is_open or verblijf.tot is None else verblijf.tot
            uitkomst = OPEN if is_open else verblijf.klasse
            yield {"fase": verblijf.fase, "dagen": tot - verblijf.van, "uitkomst": uitkomst}

    def _turns(self) -> Iterator[Rij]:
        for traject in self.c.hoofd:
            stil = self._suspended(traject)
            for verblijf in (v for v in traject.stappen if v.van in self.c.dagen):
                tot = self.c.tot - 1 if self.c.is_open(verblijf) or verblijf.tot is None else verblijf.tot
                eigen = str(self.c.stap(traject, verblijf.stap)["partij"])
                wie = [
                    "client" if dag in stil else self._whose_turn(traject, verblijf, eigen, dag)
                    for dag in range(verblijf.van, tot)
                ]
                yield from ({"partij": partij, "dagen": n} for partij, n in (Counter(wie) or {eigen: 0}).items())

    def _whose_turn(self, traject: Traject, verblijf: Verblijf, eigen: str, dag: int) -> str:
        if verblijf.stap == "minnelijk_voorbereiding" and answer_on(traject, "voorstel", dag) == "verstuurd":
            return "schuldeisers"
        if verblijf.stap == "dfd" and answer_on(traject, "klant_regelbaar", dag) == "nee":
            return "client"
        return eigen

    # -- Drop-out ------------------------------------------------------------------------------------------------------

    def d5(self) -> dict[str, Cijfers]:
        """Uitval and afwijzing, which of these were undone, and of phases that began how they ended."""
        per = ((), ("fase",), ("fase", "stap", "reden"))
        cijfers = {}
        for klasse in ("uitval", "afwijzing"):
            rijen = [rij for rij in self._exits() if rij["klasse"] == klasse]
            cijfers[klasse] = count(rijen, per)
            cijfers["herroepen" if klasse == "uitval" else "afwijzing_herroepen"] = count(
                [rij for rij in rijen if rij["herroepen"]], per
            )
        fasen = [
            {**r, "uitkomst": r["uitkomst"] if r["uitkomst"] in ("uitval", OPEN) else "anders"} for r in self._phases()
        ]
        return {**cijfers, "cohort": count(fasen, ((), ("fase",), ("fase", "uitkomst")))}

    def _exits(self) -> Iterator[Rij]:
        for traject in self.c.hoofd:
            for v in self.c.ended(traject.stappen):
                terug = [leven.begin for leven in traject.levens if leven.ingang == "heropend"]
                herroepen = v.slot is not None and any(plaats > v.slot for plaats in terug)
                yield {"fase": v.fase, "stap": v.stap, "reden": v.reden, "klasse": v.klasse, "herroepen": herroepen}

    # -- Arrangements --------------------------------------------------------------------------------------------------

    def _entries(self, stap: str) -> list[Rij]:
        verblijven = [(t, v) for t in self.c.hoofd for v in self.c.begun(t.stappen) if v.stap == stap]
        return [{"variant": kind_of(t, v), "is_open": self.c.is_open(v)} for t, v in verblijven]

    def _kinds(self, stap: str) -> Cijfers:
        return count([{"variant": rij["variant"]} for rij in self._entries(stap)], ((), ("variant",)))

    def _stock(self, stap: str) -> Cijfers:
        return count([{} for t in self.c.hoofd for v in self.c.running(t.stappen) if v.stap == stap])

    def d6(self) -> dict[str, Cijfers]:
        """Stabilisatie."""
        return {"gestart": count(self._entries("stabilisatie")), "lopend": self._stock("stabilisatie")}

    def d7(self) -> dict[str, Cijfers]:
        """Betalingsregelingen."""
        return {"gestart": self._kinds("betalingsregeling"), "lopend": self._stock("betalingsregeling")}

    def d8(self) -> dict[str, Cijfers]:
        """Budgetbeheer."""
        c, pakketten = self.c, self.c.of("budgetbeheer")
        stappen = [v for t in pakketten for v in t.stappen]
        levens = [v for t in pakketten for v in t.levens]
        wissels = [v for v in c.ended(stappen) if v.klasse == "door"]
        mensen = [d.wie for t in pakketten for leven in t.levens for d in c.present(t, leven)]
        return {
            "lopend": count([{"stap": v.stap} for v in c.running(stappen)], ((), ("stap",))),
            "nieuw": count([{"stap": v.stap, "is_open": c.is_open(v)} for v in c.begun(stappen)], ((), ("stap",))),
            "gestart": count([{"is_open": c.is_open(v)} for v in c.begun(levens)]),
            "wissels": count([{"stap": v.stap, "naar": v.naar} for v in wissels], ((), ("stap", "naar"))),
            "beeindigd": count([{"klasse": v.klasse} for v in c.ended(levens)], ((), ("klasse",))),
            "clienten": count([{"wie": wie} for wie in mensen], uniek="wie"),
        }

    def d9(self) -> dict[str, Cijfers]:
        """Minnelijke trajecten."""
        gedaan = [
            {"variant": kind_of(t, v)}
            for t in self.c.hoofd
            for v in self.c.ended(t.stappen)
            if v.stap == "minnelijk_lopend" and (v.klasse == "succes" or v.naar == "nazorg")
        ]
        return {
            "begonnen": count(self._entries("minnelijk_voorbereiding")),
            "tot_stand": self._kinds("minnelijk_lopend"),
            "niet_tot_stand": count(list(self._failed()), ((), ("klasse",))),
            "afgerond": count(gedaan, ((), ("variant",))),
        }

    def _failed(self) -> Iterator[Rij]:
        """Attempts that ended otherwise than in another attempt or a regeling."""
        for verblijf in (v for t in self.c.hoofd for v in self.c.ended(t.stappen) if v.stap in POGING):
            if verblijf.klasse != "splitsing" and verblijf.naar not in (*POGING, "minnelijk_lopend"):
                yield {"klasse": verblijf.klasse}

    def d10(self) -> dict[str, Cijfers]:
        """WSNP."""
        verzocht = [
            {} for t in self.c.hoofd for m in t.mijlpalen if m.naam == "dwangakkoord_verzoek" and m.dag in self.c.dagen
        ]
        geeindigd = [(t, v) for t in self.c.hoofd for v in self.c.ended(t.stappen) if v.stap == "wsnp_lopend"]
        resultaten = [{"resultaat": "schone_lei" if _is_clean(t, v) else v.klasse} for t, v in geeindigd]
        return {
            "vonnissen": count(self._entries("wsnp_lopend")),
            "verzoeken": count(self._entries("wsnp_verzoek")),
            "dwangakkoord_verzoeken": count(verzocht),
            "beeindigd": count(resultaten, ((), ("resultaat",))),
        }

    # -- One after another ---------------------------------------------------------------------------------------------

    def d11(self) -> dict[str, Cijfers]:
        """Opeenvolgende regelingen."""
        zonder, met = (list(self._successions(stappen)) for stappen in (REGELINGEN, (*REGELINGEN, "stabilisatie")))
        per = ((), ("ligging",), ("van_soort", "naar_soort", "ligging"))
        return {
            "paren": count(_once(zonder), per),
            "paren_met_stabilisatie": count(_once(met), per),
            "personen": count(zonder, uniek="wie"),
            "dagen_ertussen": median(_once(zonder), "tussen"),
        }

    def _successions(self, stappen: tuple[str, ...]) -> Iterator[Rij]:
        for wie in self.c.everyone():
            for eerder, later in pairwise(self._regelingen(wie, stappen)):
                if self.c.begun([later.verblijf]):
                    yield self._pair(wie, eerder, later)

    def _regelingen(self, wie: str, stappen: tuple[str, ...]) -> list[Regeling]:
        """Those that began while this person took part, in order."""
        return sorted(
            Regeling(v.van, t.id, v.begin, v, kind_of(t, v))
            for t in self.c.hoofd
            for v in t.stappen
            if v.stap in stappen and wie in {d.wie for d in people_of(t) if takes_part(d, v.van)}
        )

    def _pair(self, wie: str, eerder: Regeling, later: Regeling) -> Rij:
        is_splitsing = self.c.alle[later.traject].levens[0].ingang == "splitsing"
        ligging = "splitsing" if is_splitsing else "over"
        tussen = 0 if eerder.verblijf.tot is None else max(later.van - eerder.verblijf.tot, 0)
        return {
            "wie": wie,
            "paar": (eerder[1:3], later[1:3]),
            "van_soort": eerder.soort,
            "naar_soort": later.soort,
            "ligging": "binnen" if eerder.traject == later.traject else ligging,
            "tussen": tussen,
        }

    # -- Partners and complaints ---------------------------------------------------------------------------------------

    def d12(self) -> dict[str, Cijfers]:
        """Verwijzingen en samenwerkingen."""
        c, verwezen, samen = self.c, self.c.of("verwijzing"), self.c.of("samenwerking")
        richtingen = [{"richting": answer_on(t, "richting", v.van)} for t in verwezen for v in c.begun(t.levens)]
        aangekomen = [v for t in verwezen for v in c.ended(t.levens) if v.klasse == "succes"]
        return {
            "verwijzingen": count(richtingen, ((), ("richting",))),
            "aangekomen": count([{} for _ in aangekomen]),
            "samenwerkingen": count([{"is_open": c.is_open(v)} for t in samen for v in c.begun(t.levens)]),
        }

    def d13(self) -> dict[str, Cijfers]:
        """Klachten."""
        c, klachten = self.c, self.c.of("klacht")
        ontvangen = count([{"is_open": c.is_open(v)} for t in klachten for v in c.begun(t.levens)])
        lopend = [t for t in c.hoofd if any(c.touches(v.van, v.tot) for v in t.levens)]
        mensen = {d.wie for t in lopend for leven in t.levens for d in c.present(t, leven)}
        return {
            "klachten": ontvangen,
            "per_100_trajecten": share(ontvangen, count([{} for _ in lopend])),
            "per_100_clienten": share(ontvangen, count([{} for _ in mensen])),
            "gegrond": count([{} for t in klachten for v in c.ended(t.levens) if v.naar == "gegrond"]),
        }


def _coarse(uitkomst: str) -> str:
    return uitkomst if uitkomst in ("uitval", OPEN) else "anders"


def first_talk(traject: Traject) -> int | None:
    """The day of the eerste gesprek."""
    gesprek = traject.eerste("eerste_gesprek")
    return None if gesprek is None else gesprek.dag


def first_contact(traject: Traject) -> int | None:
    """The day of the first contact, or of the talk when that came first."""
    momenten = [m for m in (traject.eerste("eerste_contact"), traject.eerste("eerste_gesprek")) if m]
    return min((m.dag for m in momenten), default=None)


def offered(traject: Traject) -> int | None:
    """The first day that was offered; that of the talk where none was offered before."""
    aanbod, gesprek = traject.eerste("gesprek_aangeboden"), first_talk(traject)
    return named_or_own(aanbod) if aanbod and (gesprek is None or aanbod.dag <= gesprek) else gesprek


def _is_clean(traject: Traject, verblijf: Verblijf) -> bool:
    """Whether the schone lei was given during this stay."""
    momenten: list[Moment] = [m for m in traject.mijlpalen if m.naam == "schone_lei"]
    return any(verblijf.begin < m.plaats and (verblijf.slot is None or m.plaats <= verblijf.slot) for m in momenten)


def _once(paren: Iterable[Rij]) -> list[Rij]:
    """Each pair once, whoever it is of."""
    return list({rij["paar"]: rij for rij in paren}.values())
