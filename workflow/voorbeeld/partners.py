"""What goes on without clients: partners report, signals come in, feeds deliver, agreements are made.

It has chance of its own (`loting`), so that the trajecten of clients are the same with it and without. Numbers are
invented: a level for each reeks, a little busier in winter, with a report missing now and then and a few corrected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from models import klok
from workflow import opgaven, perioden, voortgang
from workflow.gezin import load
from workflow.kalender import date_of, weekday
from workflow.opdracht import Actor
from workflow.opgaven import Opgave
from workflow.routekaart import Opgavesoort
from workflow.voorbeeld.agenda import Loop
from workflow.voorbeeld.kansen import AANDEEL_HEERLEN, JAREN, MAANDEN
from workflow.voorbeeld.loting import Duur, Loting
from workflow.voorbeeld.team import UITVOERDERS, codes
from workflow.voorbeeld.wereld import Wereld

KLEIN = 100
"""A caseload smaller than this tells of one year only."""

DUUR: Mapping[str, Duur] = {
    "opgave": Duur(12, 0.6, 1, 70),
    "herzien": Duur(12, 0.6, 3, 28),
    "oppakken": Duur(3, 0.7, 0, 20),
    "contact": Duur(6, 0.6, 1, 30),
    "levering": Duur(4, 0.5, 0, 12),
}
KANS: Mapping[str, float] = {
    "niet_opgegeven": 0.07,
    "herzien": 0.05,
    "deels": 0.04,
    "niet_opgepakt": 0.14,
    "meervoudig": 0.3,
    "bereikt": 0.42,
    "levering_gemist": 0.08,
}
KEUZES: Mapping[str, Mapping[str, float]] = {
    "melder": {"ZORG-A": 45, "ENERGIE-A": 22, "WATER-A": 12, "CORPORATIE-A": 9, "CORPORATIE-B": 7, "CORPORATIE-C": 5},
    "signaal_contact": {"brief": 34, "telefoon": 26, "huisbezoek": 22, "app_of_sms": 8, "mail": 6, "kaartje": 4},
    "dagdeel": {"ochtend": 45, "middag": 40, "avond": 15},
    "bereikt": {"hulp_vastleggen": 52, "zonder_hulp_sluiten": 42, "zonder_contact_sluiten": 6},
    "niet_bereikt": {"zonder_contact_sluiten": 82, "zonder_hulp_sluiten": 14, "niet_oppakken": 4},
}
SOORT: Mapping[str, str] = {"ENERGIE-A": "energie", "WATER-A": "water", "ZORG-A": "zorg"}
"""Who signals -> what is behind; corporaties signal rent."""

NIVEAU: Mapping[str, int] = {
    **{"P1.bezoekers": 260, "P1.budgetspreekuur": 34, "P2.bezoekers": 70, "P3.bezoeken": 2400},
    **{"P3.unieke_bezoekers": 1700, "P4.scholieren": 85, "P5.scholen": 14, "P5.klassen": 31},
    **{"P6.gestart": 16, "P6.afgerond": 11, "P7.bijzondere_bijstand": 540, "P7.declaratieregelingen": 310},
    **{"P8.cursisten": 9, "V4.huisuitzettingen": 4, "V4.aangezegd": 12, "V4.voorkomen": 7, "zorgcafe.bezoekers": 45},
    **{"D6.gestart": 310, "D7.gestart": 64, "D8.lopend": 150, "D9.begonnen": 205, "D9.tot_stand": 148},
    **{"D10.vonnissen": 58, "D12.verwijzingen": 120, "D13.klachten_kbl": 26, "D13.klachten_shv": 9},
}
"""Indicator and reeks -> what is usual for one place in one period."""

STROMEN: tuple[tuple[str, str, bool], ...] = (
    ("ZORG-A", "zorg", True),
    ("ENERGIE-A", "energie", True),
    ("WATER-A", "water", True),
    ("CORPORATIE-A", "huur", True),
    ("CORPORATIE-B", "huur", True),
    ("CORPORATIE-C", "huur", False),
)
"""Who delivers, about what, and whether it does: the last one signed and never sent anything."""


class Afspraak(NamedTuple):
    """An agreement: with whom, of which kind, how many days before the last day it was made, and how it ended."""

    partij: str
    soort: str
    dagen: int
    einde: str = ""


AFSPRAKEN = (
    Afspraak("CORPORATIE-A", "convenant", 1400),
    Afspraak("CORPORATIE-B", "convenant", 1380),
    Afspraak("CORPORATIE-C", "uitstel", 900, "afspraak_laten_verlopen"),
    Afspraak("UWV", "werkafspraak", 1100),
    Afspraak("GM-MAASTRICHT", "schuldregeling", 1000),
    Afspraak("GM-HEERLEN", "schuldregeling", 700),
    Afspraak("ENERGIE-A", "vroegsignalering", 1250),
    Afspraak("ZORG-A", "vroegsignalering", 1250),
    Afspraak("WATER-A", "vroegsignalering", 1200),
    Afspraak("TELECOM-A", "schuldregeling", 640, "afspraak_opzeggen"),
    Afspraak("TELECOM-A", "werkafspraak", 300),
)


class Partners:
    """All that is planned without clients, from the first day on."""

    def __init__(self, wereld: Wereld, size: int, seed: int) -> None:
        self.wereld = wereld
        self.loting = Loting(seed, DUUR, KANS, KEUZES)
        self.size = size
        jaren = JAREN if size >= KLEIN else 1
        self.eerste_dag = wereld.vandaag - round(jaren * 365.25)

    @property
    def coordinator(self) -> Actor:
        """Who enters what others tell."""
        return self.wereld.team["coordinator"]

    def plan(self, loop: Loop, dag: int) -> None:
        """Let something begin on a day; what lies before the first day begins then."""
        self.wereld.agenda.plan(loop, max(dag, self.eerste_dag), self.loting)

    def plan_all(self) -> None:
        """Plan everything."""
        for soort in self.wereld.kaart.opgaven.values():
            self._plan_reports(soort)
        for nummer in range(max(self.size // 2, 12)):
            dag = self.loting.between(self.eerste_dag, self.wereld.vandaag - 2)
            self.plan(self._signal(nummer), dag)
        for stroom in STROMEN:
            self.plan(self._feed(*stroom), self.eerste_dag + self.loting.between(0, 60))
        for afspraak in AFSPRAKEN:
            self.plan(self._agreement(afspraak), self.wereld.vandaag - afspraak.dagen)

    # -- Reports --------------------------------------------------------------------------------------------------

    def _plan_reports(self, soort: Opgavesoort) -> None:
        begin = self.eerste_dag if soort.tot is None else soort.vanaf
        tot = min(soort.tot or self.wereld.vandaag, self.wereld.vandaag)
        for van, einde in perioden.within(soort.ritme, max(begin, soort.vanaf), tot):
            for leeg in self._asked(soort, van, einde):
                is_oud = soort.is_historic(einde)
                if is_oud or not self.loting.hit("niet_opgegeven"):
                    self.plan(self._report(soort, leeg), einde + self.loting.days("opgave"))

    def _asked(self, soort: Opgavesoort, van: int, tot: int) -> Iterator[Opgave]:
        if soort.ritme == "editie":
            van, tot = _week_of_money(van)
        for wie in soort.opgevers.values():
            for gemeente in wie.gemeenten:
                yield Opgave(soort.code, wie.organisatie, gemeente, van, tot, ())

    def _report(self, soort: Opgavesoort, leeg: Opgave) -> Loop:
        """A report, by the partner itself where it has an account; sometimes corrected later."""
        team = self.wereld.team
        door = team["partner"] if leeg.opgever == team["partner"].organisatie else self.coordinator
        regels = tuple(self._numbers(soort, leeg))
        gedaan = opgaven.hand_in(self.wereld.db, replace(leeg, regels=regels), door=door)
        if self.loting.hit("herzien"):
            yield self.after(self.loting.days("herzien"))
            anders = [(reeks, plaats, aantal + self.loting.between(1, 9)) for reeks, plaats, aantal in regels]
            opgaven.correct(self.wereld.db, gedaan.nummer, anders, reden="telling_herzien", door=self.coordinator)

    def after(self, dagen: int) -> int:
        """The day so many days from now."""
        return klok.today() + dagen

    def _numbers(self, soort: Opgavesoort, leeg: Opgave) -> Iterator[tuple[str, str, int]]:
        plaatsen = list(opgaven.places_of(self.wereld.db, soort, leeg.opgever))
        if len(plaatsen) > 1 and self.loting.hit("deels"):
            plaatsen = plaatsen[:-1]
        for reeks in soort.reeksen:
            niveau = NIVEAU[f"{soort.code}.{reeks}"] * (0.4 if leeg.gemeente == "GM0917" else 1.0)
            drukte = MAANDEN[date_of(leeg.van).month - 1] / 96 if soort.ritme in ("maand", "kwartaal") else 1.0
            for plaats in plaatsen:
                yield reeks, plaats, round(niveau * drukte * self.loting.rng.uniform(0.7, 1.3))

    # -- Signals --------------------------------------------------------------------------------------------------

    def _signal(self, nummer: int) -> Loop:
        """A vroegsignaal: received, mostly picked up, some attempts, a result."""
        loting, melder = self.loting, self.loting.draw("melder")
        wie = list(UITVOERDERS)[nummer % len(UITVOERDERS)]
        zaak = _Signaal(self, wie, self._begin_signal(melder))
        if loting.hit("niet_opgepakt"):
            yield self.after(loting.days("oppakken"))
            zaak.end("niet_oppakken")
            return
        yield self.after(loting.days("oppakken"))
        zaak.advance("signaal_oppakken")
        is_bereikt = False
        for _ in range(loting.between(1, 4)):
            yield self.after(loting.days("contact"))
            is_bereikt = zaak.attempt()
            if is_bereikt:
                break
        yield self.after(loting.days("contact"))
        zaak.end(loting.draw("bereikt" if is_bereikt else "niet_bereikt"))

    def _begin_signal(self, melder: str) -> str:
        loting = self.loting
        gemeente = "GM0917" if loting.rng.random() < AANDEEL_HEERLEN else "GM0935"
        punten = [punt for punt in codes("wijkservicepunt") if ("HEERLEN" in punt) == (gemeente == "GM0917")]
        invoer = {
            "melder": melder,
            "signaal_omvang": "meervoudig" if loting.hit("meervoudig") else "enkelvoudig",
            "signaal_soort": SOORT.get(melder, "huur"),
            "signaal_bedrag": loting.between(2, 30) * 50,
            "wijkservicepunt": loting.pick(punten),
        }
        return self.start("vroegsignaal", "signaal_ontvangen", invoer, melder, gemeente)

    def start(self, route: str, begin: str, invoer: Mapping[str, Any], partij: str, gemeente: str = "GM0935") -> str:
        """Open a traject with an organisation on this day; returns its number."""
        wereld = self.wereld
        rest = {"door": self.coordinator, "organisaties": [partij], "gemeente": gemeente}
        return voortgang.start(wereld.db, route, begin, invoer, **rest).nummer  # type: ignore[arg-type]

    # -- Feeds and agreements -------------------------------------------------------------------------------------

    def _feed(self, partij: str, soort: str, is_actief: bool) -> Loop:
        """A feed: agreed, then in use with a delivery a month, some of them missed."""
        nummer = self.start(
            "informatiestroom", "stroom_afspreken", {"leverancier": partij, "signaal_soort": soort}, partij
        )
        advance = partial(voortgang.advance, self.wereld.db, nummer, door=self.coordinator)
        if not is_actief:
            return
        yield self.after(self.loting.between(20, 60))
        advance("stroom_in_gebruik_nemen", {})
        while True:
            yield self.after(26 + self.loting.days("levering"))
            if not self.loting.hit("levering_gemist"):
                advance("levering_ontvangen", {"aantal_signalen": self.loting.between(3, 60)})

    def _agreement(self, afspraak: Afspraak) -> Loop:
        """An agreement that holds, is extended once, or ends."""
        tot = date_of(self.after(730)).isoformat()
        invoer = {"afspraak_met": afspraak.partij, "soort_afspraak": afspraak.soort, "afspraak_tot_op": tot}
        nummer = self.start("afspraak", "afspraak_maken", invoer, afspraak.partij)
        advance = partial(voortgang.advance, self.wereld.db, nummer, door=self.coordinator)
        if afspraak.einde:
            yield self.after(240)
            advance(afspraak.einde, {})
            return
        yield self.after(715)
        advance("afspraak_verlengen", {"afspraak_tot_op": date_of(self.after(730)).isoformat()})


def _week_of_money(van: int) -> perioden.Periode:
    """Five days in the last week of March."""
    maandag = next(dag for dag in range(van + 80, van + 90) if weekday(dag) == 0)
    return maandag, maandag + 5


class _Signaal:
    """One vroegsignaal while it is worked on."""

    def __init__(self, partners: Partners, wie: str, nummer: str) -> None:
        self._partners, self._nummer = partners, nummer
        self._door = partners.wereld.team[wie]

    def advance(self, overgang: str, reden: str | None = None, **invoer: Any) -> None:
        """An overgang on this day."""
        voortgang.advance(self._partners.wereld.db, self._nummer, overgang, invoer, door=self._door, reden=reden)

    def attempt(self) -> bool:
        """A contactpoging; whether the inwoner was reached."""
        loting = self._partners.loting
        is_bereikt = loting.hit("bereikt")
        self.advance(
            "contactpoging_vastleggen",
            signaal_contact=loting.draw("signaal_contact"),
            bereikt="ja" if is_bereikt else "nee",
            dagdeel=loting.draw("dagdeel"),
        )
        return is_bereikt

    def end(self, overgang: str) -> None:
        """A result, for one of the redenen that belong here."""
        route = self._partners.wereld.kaart.routes["vroegsignaal"]
        keus = route.overgangen[overgang]
        stap = load(self._partners.wereld.db, self._nummer).by_nummer(self._nummer).stand.stap
        redenen = [reden.code for reden in keus.redenen_bij(stap)] if stap else []
        self.advance(overgang, self._partners.loting.pick(redenen))


def plan_partners(wereld: Wereld, size: int, seed: int) -> None:
    """Plan what goes on without clients over the last years."""
    Partners(wereld, size, seed).plan_all()
