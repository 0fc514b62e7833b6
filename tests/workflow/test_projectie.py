"""Projections follow the log: after any history they are what rebuilding makes, and what was known earlier stays known.

Hypothesis walks random histories on two maps: the foreign map, and a small one made of re-entry, return, children and
splits. After each command the tables are compared with a rebuild, with the log folded up to a random moment, and with a
naive model that reads log rows as JSON and imports nothing of the engine. At the end the shares of histories with an
insertion, a withdrawn withdrawal, a re-entry, a split and a same-day move are printed and must each be 5 % or more.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from models import klok
from models.database import engine
from models.gebeurtenis import Gebeurtenis
from models.projectie import OVER_TIME
from tests.bouwers import (
    COORDINATOR,
    VREEMDE_KAART,
    a_database,
    a_person,
    a_traject,
    actor,
    answers,
    chain_faults,
    log_rows,
    projections,
    route_of,
)
from workflow import kaarten, personen
from workflow.gezin import load
from workflow.historie import effective, findings, withdrawn
from workflow.machine import why_not
from workflow.projectie import as_known, families, rebuild
from workflow.routekaart import Overgang, Veld
from workflow.verloop import Verloop, stand_of
from workflow.voortgang import InvoerGeweigerd, OvergangGeweigerd, advance, amend, hand_over, withdraw

RONDJES = """
routekaart: rondjes
versie: "1"
naam: Rondjes
status: proef
geldig_vanaf: 2020-01-01
fasen: {een: Een, twee: Twee, apart: Apart}
partijen: {balie: Balie}
gemeenten: {GM9901: Voorbeeldstad}
producten: {}
keuzelijsten: {kleuren: {rood: Rood, groen: Groen, blauw: Blauw}}
redenen: {redenen_om_te_gaan: {klaar_mee: Klaar mee, anders: Iets anders}}
correctieredenen: {tikfout: Tikfout, toch_niet: {naam: Toch niet, labels: {ongedaan: ja}}}
termijnen:
  ronde: {naam: Ronde, grondslag: Spelregel 1, soort: norm, lengtes: [{vanaf: 2000-01-01, dagen: 20}], opgeschort_door: zij, opgeschort_tot: terug_op}
velden:
  kleur: {label: Kleur, soort: keuze, keuzes: kleuren, kenmerk: true}
  met_hoed: {label: Met hoed, soort: ja_nee, kenmerk: true}
  terug_op: {label: Terug op, soort: datum}
  wie_gaat: {label: Wie gaat, soort: deelnemer}
  wat_mee: {label: Wat gaat mee, soort: kinderen}
catalogus: []
routes:
  rond:
    naam: Rond
    voorvoegsel: RO
    onderwerp: huishouden
    een_per_client: true
    starten: {beginnen: {label: Beginnen, naar: a, rollen: [coordinator], gebeurd: Gedaan, velden: [kleur], zet: {stand: begin}}}
    stappen:
      a: {naam: A, fase: een, partij: balie, termijnen: [ronde], uitleg: {nl: Een zin die a uitlegt en ten minste vijftien woorden telt omdat de kaart dat zo graag wil.}}
      b: {naam: B, fase: een, partij: balie, is_regeling: true, termijnen: [ronde], uitleg: {nl: Een zin die b uitlegt en ten minste vijftien woorden telt omdat de kaart dat zo graag wil.}}
      c: {naam: C, fase: twee, partij: balie, is_regeling: true, uitleg: {nl: Een zin die c uitlegt en ten minste vijftien woorden telt omdat de kaart dat zo graag wil.}}
      klaar: {naam: Klaar, einde: succes, partij: balie, uitleg: {nl: Een zin die klaar uitlegt en ten minste vijftien woorden telt omdat de kaart dat zo graag wil.}}
      weg: {naam: Weg, einde: uitval, partij: balie, uitleg: {nl: Een zin die weg uitlegt en ten minste vijftien woorden telt omdat de kaart dat zo graag wil.}}
    overgangen:
      naar_b: {label: Naar B, van: [a, c], naar: b, rollen: [coordinator], gebeurd: Gedaan, velden: [kleur], zet: {stand: midden}}
      naar_a: {label: Naar A, van: [b], naar: a, rollen: [coordinator], gebeurd: Gedaan, velden: [met_hoed]}
      naar_c: {label: Naar C, van: [b, klaar], naar: c, rollen: [coordinator], gebeurd: Gedaan}
      opnieuw: {label: Opnieuw, van: [a, b, c], naar: a, rollen: [coordinator], gebeurd: Gedaan, zet: {stand: begin}}
      klaar_zijn: {label: Klaar zijn, van: [c], naar: klaar, rollen: [coordinator], gebeurd: Gedaan, gevolgen: [{sluit_kinderen: "*"}]}
      weggaan: {label: Weggaan, van: "*", naar: weg, rollen: [coordinator], gebeurd: Gedaan, redenen: redenen_om_te_gaan, gevolgen: [{sluit_kinderen: [zij]}]}
      terugkomen: {label: Terugkomen, van: [weg], naar: vorige, rollen: [coordinator], gebeurd: Gedaan}
      verven: {label: Verven, van: "*", rollen: [coordinator], gebeurd: Gedaan, velden: [kleur, met_hoed], labels: {contact: ja, contact_als.met_hoed: ja, contact_als.kleur: rood groen}}
      omweg: {label: Omweg, van: [a, b], rollen: [coordinator], gebeurd: Gedaan, velden: [terug_op], gevolgen: [{open_kind: {route: zij, start: opzij, velden: {terug_op: terug_op}}}]}
      delen: {label: Delen, van: "*", rollen: [coordinator], gebeurd: Gedaan, velden: [{wie_gaat: {verplicht: true}}, wat_mee], voorwaarden: [{minstens_deelnemers: 2}], gevolgen: [{splits_traject: {vertrekt: wie_gaat, kinderen: wat_mee}}]}
  zij:
    naam: Zij
    voorvoegsel: ZIJ
    onderwerp: huishouden
    hoort_bij: rond
    sluiting: sluiten
    starten: {opzij: {label: Opzij, naar: x, rollen: [coordinator], gebeurd: Gedaan, velden: [terug_op]}}
    stappen:
      x: {naam: X, fase: apart, partij: balie, uitleg: {nl: Een zin die x uitlegt en ten minste vijftien woorden telt omdat de kaart dat zo graag wil.}}
      y: {naam: Y, fase: apart, partij: balie, uitleg: {nl: Een zin die y uitlegt en ten minste vijftien woorden telt omdat de kaart dat zo graag wil.}}
      dicht: {naam: Dicht, einde: neutraal, partij: balie, uitleg: {nl: Een zin die dicht uitlegt en ten minste vijftien woorden telt omdat de kaart dat zo graag wil.}}
    overgangen:
      verder: {label: Verder, van: [x], naar: y, rollen: [coordinator], gebeurd: Gedaan, labels: {contact: ja}}
      achteruit: {label: Achteruit, van: [y], naar: x, rollen: [coordinator], gebeurd: Gedaan}
      sluiten: {label: Sluiten, van: "*", naar: dicht, rollen: [coordinator], gebeurd: Gedaan}
"""  # noqa: E501

AANVANG = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
MOMENTEN = {"zelfde": timedelta(), "tik": timedelta(microseconds=1), "minuut": timedelta(minutes=1)}
SPRONGEN = {**MOMENTEN, "dag": timedelta(days=1), "week": timedelta(days=9)}
VERSLAGEN = ("report", "report corrected")
BIJZONDER = ("insertion", "withdrawn withdrawal", "re-entry", "split", "same-day move", "contact")
"""What at least one history in twenty must contain."""


# -- A naive model: log rows as JSON in, rows of the projections out ---------------------------------------------------


class Naief:
    """What one traject's log says, worked out anew from the design. It reads JSON and imports nothing of the engine."""

    def __init__(self, rijen: Sequence[Mapping[str, Any]], kaart: Mapping[str, Any]) -> None:
        self.feiten = list(_in_order([{**rij, "inhoud": json.loads(rij["inhoud"])} for rij in rijen]))
        self.begin = json.loads(rijen[0]["inhoud"])
        route = dict(kaart["routes"])[self.begin["route"]]
        self.stappen = dict(route["stappen"])
        self.overgangen = {**dict(route["starten"]), **dict(route["overgangen"])}
        reports = {code for code, veld in dict(kaart["velden"]).items() if veld["soort"] == "opgave"}
        self.verslagen = {c: v for c, o in self.overgangen.items() for v in _questions(o) if v in reports}
        self.dimensies = _dimensions(kaart)

    def stays(self, niveau: str) -> list[tuple[str, int, int | None]]:
        """(first stap, first day, day of leaving) of each stay on a niveau."""
        gevonden: list[tuple[str, int, int | None]] = []
        hier: str | None = None
        for feit in (f for f in self.feiten if f["naar"] or "naar_traject" in f["inhoud"]):
            doel = feit["naar"] if feit["naar"] and "einde" not in self.stappen[feit["naar"]] else None
            if not self._is_one_stay(niveau, hier, doel):
                if hier and self._counts(niveau, hier):
                    gevonden[-1] = (*gevonden[-1][:2], feit["dag"])
                if doel and self._counts(niveau, doel):
                    gevonden.append((doel, feit["dag"], None))
            hier = doel
        return gevonden

    @property
    def hangs_on(self) -> int | None:
        """The traject that this one was opened under."""
        return self.begin.get("hoort_bij")

    @property
    def opened(self) -> int | None:
        """The day on which it began here; None when that was withdrawn."""
        return next((feit["dag"] for feit in self.feiten if feit["soort"] == "start"), None)

    def contacts(self) -> list[int]:
        """The days on which an overgang that the map calls a contact was made with answers that count as one."""
        gedaan = [(f, dict(self.overgangen[f["overgang"]].get("labels", {}))) for f in self.feiten if f["overgang"]]
        return [
            feit["dag"]
            for feit, labels in gedaan
            if labels.get("contact") == "ja"
            and all(
                feit["inhoud"].get("invoer", {}).get(naam.removeprefix("contact_als.")) in (None, *waarden.split())
                for naam, waarden in labels.items()
                if naam.startswith("contact_als.")
            )
        ]

    def _counts(self, niveau: str, stap: str) -> bool:
        return niveau != "regeling" or bool(self.stappen[stap].get("is_regeling"))

    def _is_one_stay(self, niveau: str, hier: str | None, doel: str | None) -> bool:
        if hier is None or doel is None:
            return False
        same_fase = self.stappen[hier]["fase"] == self.stappen[doel]["fase"]
        return {"fase": bool(same_fase), "traject": True}.get(niveau, False)

    def dimensions(self) -> list[tuple[str, str, int, int | None]]:
        """(name, value, from, until) of every kenmerk."""
        rijen: dict[str, list[tuple[str, str, int, int | None]]] = {}
        for feit in self.feiten:
            for naam, waarde in self._values(feit):
                eerder = rijen.setdefault(naam, [])
                if eerder and eerder[-1][3] is None:
                    if eerder[-1][1] == waarde:
                        continue
                    eerder[-1] = (*eerder[-1][:3], feit["dag"])
                if waarde is not None:
                    eerder.append((naam, waarde, feit["dag"], None))
        return [rij for lijst in rijen.values() for rij in lijst]

    def _values(self, feit: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
        inhoud = feit["inhoud"]
        yield from ((n, str(w)) for n, w in inhoud.get("invoer", {}).items() if n in self.dimensies and w is not None)
        if feit["soort"] == "start":
            yield from ((n, inhoud[n]) for n in ("gemeente", "behandelaar") if n in inhoud)
        if feit["soort"] == "overdracht":
            yield "behandelaar", inhoud.get("behandelaar")

    def people(self) -> list[tuple[str, int, int | None]]:
        """(who, from, until) of everyone who takes or took part."""
        mensen: list[tuple[str, int, int | None]] = []
        for feit in self.feiten:
            inhoud = feit["inhoud"]
            mensen += [(wie, feit["dag"], None) for _, wie in inhoud.get("deelnemers", ())]
            if feit["soort"] == "samenvoeging":
                mensen = [(inhoud["naar"] if w == inhoud["van"] else w, van, tot) for w, van, tot in mensen]
            weg = inhoud.get("vertrokken", ())
            mensen = [(w, van, feit["dag"] if w in weg and tot is None else tot) for w, van, tot in mensen]
        return mensen

    def reports(self) -> list[tuple[Any, ...]]:
        """The lines of the last report that counts: codes, from, until, number, and whether it is historic."""
        gegeven, telt = None, False
        for feit in self.feiten:
            einde = self.stappen[feit["naar"]].get("einde") if feit["naar"] else None
            telt = einde in (None, "succes") if feit["naar"] else telt
            if veld := self.verslagen.get(feit["overgang"]):
                gegeven = feit["inhoud"].get("invoer", {}).get(veld), feit["overgang"]
        if not (telt and gegeven and gegeven[0]):
            return []
        verslag, overgang = gegeven
        begin = self.feiten[0]["inhoud"]
        wie = (begin["deelnemers"][0][1], begin["gemeente"], _epoch(verslag["van"]), _epoch(verslag["tot"]))
        oud = self.overgangen[overgang].get("labels", {}).get("historisch") == "ja"
        return [(verslag["indicator"], reeks, plaats, *wie, n, oud) for reeks, plaats, n in verslag["regels"]]


def _epoch(tekst: str) -> int:
    return (date.fromisoformat(tekst) - date(1970, 1, 1)).days


def _questions(overgang: Mapping[str, Any]) -> list[str]:
    return [veld if isinstance(veld, str) else next(iter(veld)) for veld in overgang.get("velden", ())]


def _dimensions(kaart: Mapping[str, Any]) -> set[str]:
    overgangen = [
        keus
        for _, route in kaart["routes"]
        for deel in ("starten", "overgangen")
        for _, keus in (route[deel].items() if isinstance(route[deel], dict) else route[deel])
    ]
    velden = kaart["velden"].items() if isinstance(kaart["velden"], dict) else kaart["velden"]
    return {naam for naam, veld in velden if veld.get("kenmerk")} | {n for o in overgangen for n in o.get("zet", {})}


def _in_order(rijen: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows that stand, corrections applied, in the order in which they were so."""
    weg: set[int] = set()
    for rij in reversed(rijen):
        if rij["soort"] == "intrekking" and rij["volgnummer"] not in weg:
            weg.add(rij["betreft_volgnummer"])
    bij_nummer = {rij["volgnummer"]: rij for rij in rijen}
    for rij in rijen:
        if rij["soort"] == "verbetering" and rij["volgnummer"] not in weg:
            doel, nieuw = bij_nummer[rij["betreft_volgnummer"]], rij["inhoud"].get("verbetert", {})
            doel["dag"] = nieuw.get("dag", doel["dag"])
            doel["inhoud"]["invoer"] = {**doel["inhoud"].get("invoer", {}), **nieuw.get("invoer", {})}
    feiten = [rij for rij in rijen if rij["soort"] not in ("intrekking", "verbetering")]
    lijst = sorted(
        (rij for rij in feiten if rij["na_volgnummer"] is None), key=lambda rij: (rij["dag"], rij["volgnummer"])
    )
    for rij in (rij for rij in feiten if rij["na_volgnummer"] is not None):
        lijst.insert([r["volgnummer"] for r in lijst].index(rij["na_volgnummer"]) + 1, rij)
    yield from (rij for rij in lijst if rij["volgnummer"] not in weg)


REPORTS = (
    "SELECT indicator, reeks, plaats, opgever, gemeente, van_dag, tot_dag, aantal, is_historisch FROM opgave"
    " WHERE traject_id = :t AND :n = '' ORDER BY nr"
)
STAYS = "SELECT stap, van_dag, tot_dag FROM verblijf WHERE traject_id = :t AND niveau = :n ORDER BY nr"
DIMENSIONS = "SELECT naam, waarde, van_dag, tot_dag FROM kenmerk WHERE traject_id = :t AND :n = '' ORDER BY naam, nr"
CONTACT = "SELECT id, in_werkvoorraad, contact_op FROM traject WHERE :t = 0 AND :n = ''"
PEOPLE = "SELECT deelnemer, van_dag, tot_dag FROM deelname WHERE traject_id = :t AND :n = '' ORDER BY nr"


# -- A random walk -----------------------------------------------------------------------------------------------------


class Wandeling:
    """One random history in a transaction that is rolled back; numbers choose among what there is to choose from."""

    def __init__(self, db: Connection) -> None:
        self.db = db
        self.kaart = kaarten.in_force(db)
        self.json = json.loads(self.kaart.canoniek)
        self.nu = AANVANG
        self.geteld: Counter[str] = Counter()
        self.mensen: list[str] = []
        self.samen: list[str] = []
        self.momenten: list[int] = []

    def do(self, wat: str, a: int, b: int, c: int, sprong: str) -> None:
        """One command; a refusal is an answer like any other, and leaves nothing behind."""
        self.nu += SPRONGEN[sprong]
        with klok.at(self.nu):
            poging = self.db.begin_nested()
            try:
                gelukt = getattr(self, wat)(a, b, c)
            except (OvergangGeweigerd, InvoerGeweigerd):
                poging.rollback()
                self.geteld["refused"] += 1
                return
            poging.commit()
        self.geteld["done" if gelukt else "nothing to do"] += 1
        self.momenten.append(klok.microseconds(self.nu))

    def verlopen(self) -> list[Verloop]:
        """Every traject, folded."""
        return [verloop for gezin in families(self.db) for verloop in gezin]

    def _pick(self, a: int, *, is_open: bool = False) -> Verloop | None:
        keus = [v for v in self.verlopen() if v.stand.route and (v.stand.is_open or not is_open)]
        return keus[a % len(keus)] if keus else None

    def beginnen(self, a: int, b: int, c: int) -> bool:
        """A new traject of one or two people, sometimes of people who had one, on today or an earlier day."""
        while len(self.mensen) < 2 + a % 3:
            self.mensen.append(a_person(self.db))
        wie = [self.mensen[a % len(self.mensen)], self.mensen[b % len(self.mensen)]]
        a_traject(self.db, wie=list(dict.fromkeys(wie)), op=klok.today() - c % 4 * 7)
        return True

    def opgeven(self, a: int, b: int, c: int) -> bool:
        """A partner reports, where the map has a route for it."""
        for route in self.kaart.routes.values():
            starten = [code for code in route.starten if code in route.opgavevelden]
            if starten:
                begin = starten[a % len(starten)]
                a_traject(self.db, route=route.code, begin=begin, op=klok.today() - c % 2)
                self.geteld["report"] += 1
                return True
        return False

    def hertellen(self, a: int, b: int, c: int) -> bool:
        """Other numbers in a report, or one line less: by a correction, or by an overgang that asks for them again."""
        verslagen = [v for v in self.verlopen() if v.stand.route and v.rijen["opgave"].nu]
        if not verslagen:
            return False
        verloop = verslagen[a % len(verslagen)]
        velden = route_of(verloop).opgavevelden
        feit = [f for f in verloop.feiten if f.overgang in velden][-1]
        veld = velden[feit.overgang or ""][0]
        oud = feit.invoer[veld]
        regels = [[reeks, plaats, b + n] for n, (reeks, plaats, _) in enumerate(oud["regels"][: 1 + c % 2])]
        invoer = {veld: {**oud, "regels": regels}}
        opnieuw = [o for o in route_of(verloop).overgangen.values() if o.code in velden]
        if b % 3 == 0 and opnieuw:
            advance(self.db, verloop.nummer, opnieuw[0].code, invoer, door=COORDINATOR)
        else:
            reden = self.kaart.correctieredenen[0].code
            amend(self.db, verloop.nummer, feit.volgnummer, invoer=invoer, reden=reden, door=COORDINATOR)
        self.geteld["report corrected"] += 1
        return True

    def gaan(self, a: int, b: int, c: int) -> bool:
        """An overgang that the machine allows now, today or on the last day."""
        verloop = self._pick(a)
        if verloop is None:
            return False
        dag = klok.today() if c % 3 else verloop.stand.laatste_op
        return self._advance(verloop, verloop.stand, b, c, dag)

    def invoegen(self, a: int, b: int, c: int) -> bool:
        """A forgotten step: one that the machine allows right after an earlier gebeurtenis."""
        verloop = self._pick(a)
        if verloop is None or len(verloop.feiten) < 2:
            return False
        plaats = b % (len(verloop.feiten) - 1)
        feit = verloop.feiten[plaats]
        toen = stand_of(verloop.traject_id, verloop.kaarten, verloop.feiten[: plaats + 1])
        na = feit.volgnummer if c % 2 else None
        dag = max(feit.dag, verloop.feiten[plaats + 1].dag - b % 3)
        gelukt = self._advance(verloop, toen, c, b, dag, na=na)
        self.geteld["insertion"] += gelukt
        return gelukt

    def _advance(self, verloop: Verloop, stand: Any, b: int, c: int, dag: int, **rest: Any) -> bool:
        gezin = load(self.db, verloop.nummer)
        dossier = gezin.dossier(gezin.by_nummer(verloop.nummer), dag, "coordinator", stand)
        mag = [o for o in dossier.route.overgangen.values() if not self._refused(o, dossier)]
        mag = [o for o in mag if not o.gevolgen or "splits_traject" not in {g.naam for g in o.gevolgen}]
        if not mag:
            return False
        keus = mag[b % len(mag)]
        reden = {"reden": keus.redenen_bij(stand.stap)[0].code} if keus.redenen_bij(stand.stap) else {}
        invoer = self._answers(keus, dag, list(stand.deelnemers), c)
        advance(self.db, verloop.nummer, keus.code, invoer, door=actor(keus.rollen[0]), op=dag, **reden, **rest)
        return True

    def _refused(self, keus: Overgang, dossier: Any) -> bool:
        return bool(why_not(keus, _as(dossier, keus.rollen[0]), met_invoer=False))

    def _answers(self, keus: Overgang, dag: int, wie: list[str], c: int) -> dict[str, Any]:
        gegeven = answers(self.db, keus, dag, wie, alles=bool(c % 4))
        return {**gegeven, **{v.code: _choice(v, c, dag) for v in keus.velden if v.kenmerk and v.code in gegeven}}

    def splitsen(self, a: int, b: int, c: int) -> bool:
        """One of a household leaves, with or without the children."""
        kandidaten = [v for v in self.verlopen() if v.stand.is_open and len(v.stand.deelnemers) > 1 and not v.ouder_id]
        if not kandidaten:
            return False
        verloop = kandidaten[a % len(kandidaten)]
        keus = next(
            o for o in route_of(verloop).overgangen.values() if any(g.naam == "splits_traject" for g in o.gevolgen)
        )
        velden = next(g.argument for g in keus.gevolgen if g.naam == "splits_traject")
        gezin = load(self.db, verloop.nummer)
        kinderen = [k.nummer for k in gezin.open_kinderen(gezin.by_nummer(verloop.nummer))]
        wie = list(verloop.stand.deelnemers)
        invoer = {velden["vertrekt"]: wie[b % len(wie)], velden["kinderen"]: kinderen[: c % 3]}
        dag = verloop.stand.laatste_op if c % 2 else klok.today()
        advance(self.db, verloop.nummer, keus.code, invoer, door=actor(keus.rollen[0]), op=dag)
        return True

    def intrekken(self, a: int, b: int, c: int) -> bool:
        """Take out one of the last rows that stand."""
        verloop = self._pick(a)
        if verloop is None:
            return False
        rijen = self._standing(verloop)[-3:]
        rij = rijen[-1 - b % len(rijen)]
        self._withdraw(verloop, rij)
        return True

    def herstellen(self, a: int, b: int, c: int) -> bool:
        """Take out an intrekking, or a verbetering."""
        kandidaten = [
            (v, r) for v in self.verlopen() for r in self._standing(v) if r.soort in ("intrekking", "verbetering")
        ]
        if not kandidaten:
            return False
        verloop, rij = kandidaten[-1 - a % len(kandidaten)]
        self._withdraw(verloop, rij)
        self.geteld["withdrawn withdrawal"] += rij.soort == "intrekking"
        return True

    def _withdraw(self, verloop: Verloop, rij: Gebeurtenis) -> None:
        reden = self.kaart.correctieredenen[0].code
        withdraw(self.db, verloop.nummer, rij.volgnummer, reden=reden, door=COORDINATOR)

    @staticmethod
    def _standing(verloop: Verloop) -> list[Gebeurtenis]:
        weg = withdrawn(verloop.log)
        return [r for r in verloop.log if r.volgnummer not in weg]

    def andere_dag(self, a: int, b: int, c: int) -> bool:
        """Another day for a row, between those of its neighbours."""
        verloop = self._pick(a)
        if verloop is None:
            return False
        feiten = verloop.feiten
        plaats = b % len(feiten)
        onder = feiten[plaats - 1].dag if plaats else feiten[0].dag - 5
        boven = feiten[plaats + 1].dag if plaats + 1 < len(feiten) else klok.today()
        reden = self.kaart.correctieredenen[0].code
        amend(
            self.db,
            verloop.nummer,
            feiten[plaats].volgnummer,
            dag=onder + c % (max(boven - onder, 0) + 1),
            reden=reden,
            door=COORDINATOR,
        )
        return True

    def ander_antwoord(self, a: int, b: int, c: int) -> bool:
        """Another answer to a question of the row."""
        verloop = self._pick(a)
        feiten = [f for f in verloop.feiten if self._choices(verloop, f.overgang)] if verloop else []
        if not feiten or verloop is None:
            return False
        feit = feiten[b % len(feiten)]
        velden = self._choices(verloop, feit.overgang)
        veld = velden[c % len(velden)]
        waarde = "" if c % 5 == 0 and not veld.verplicht else _choice(veld, c, feit.dag)
        reden = self.kaart.correctieredenen[0].code
        amend(self.db, verloop.nummer, feit.volgnummer, invoer={veld.code: waarde}, reden=reden, door=COORDINATOR)
        return True

    @staticmethod
    def _choices(verloop: Verloop, code: str | None) -> list[Veld]:
        keus = route_of(verloop).alle_overgangen.get(code or "")
        return [v for v in keus.velden if v.kenmerk] if keus else []

    def overdragen(self, a: int, b: int, c: int) -> bool:
        """To someone else, or back to the team."""
        verloop = self._pick(a, is_open=True)
        if verloop is None:
            return False
        naar = [actor("uitvoerder").pseudoniem, COORDINATOR.pseudoniem, None][b % 3]
        hand_over(self.db, verloop.nummer, naar, door=COORDINATOR, op=klok.today() - c % 2 * 3)
        return True

    def samenvoegen(self, a: int, b: int, c: int) -> bool:
        """Two of the people are one, or after all they are not."""
        if self.samen and c % 2:
            personen.unmerge(self.db, self.samen[-1], door=COORDINATOR, reden=self.kaart.correctieredenen[0].code)
            self.samen.pop()
            return True
        los = [m for m in self.mensen if m not in self.samen]
        if len(los) < 2:
            return False
        weg, blijft = los[a % len(los)], los[(a + 1 + b % (len(los) - 1)) % len(los)]
        personen.merge(self.db, weg, blijft, door=COORDINATOR, op=klok.today())
        self.samen.append(weg)
        return True

    # -- What must be so after every command -------------------------------------------------------------------------

    def check(self, keus: int) -> None:
        """All that holds after any history."""
        rijen = log_rows(self.db)
        assert chain_faults(rijen) == []
        staand = projections(self.db)
        rebuild(self.db)
        assert projections(self.db) == staand, "rebuilding makes other rows"
        self._check_walks()
        self._check_naive(rijen)
        for t in self._moments(keus):
            self._check_known(t)
        self._note()

    def _check_walks(self) -> None:
        for verloop in self.verlopen():
            assert findings(verloop.feiten, verloop.kaarten, verloop.oorsprong["route"]) == []

    def _check_naive(self, rijen: Sequence[Mapping[str, Any]]) -> None:
        per_traject: dict[int, list[Mapping[str, Any]]] = {}
        for rij in rijen:
            per_traject.setdefault(rij["traject_id"], []).append(rij)
        for traject_id, eigen in per_traject.items():
            naief = Naief(eigen, self.json)
            for niveau in ("stap", "fase", "regeling", "traject"):
                assert self._rows(STAYS, traject_id, niveau) == naief.stays(niveau), niveau
            assert sorted(self._rows(DIMENSIONS, traject_id), key=repr) == sorted(naief.dimensions(), key=repr)
            assert self._rows(PEOPLE, traject_id) == naief.people()
            assert self._rows(REPORTS, traject_id) == naief.reports()
        self._check_contact({traject_id: Naief(eigen, self.json) for traject_id, eigen in per_traject.items()})

    def _check_contact(self, naief: Mapping[int, Naief]) -> None:
        """The last contact: its own, and where it stands in the werkvoorraad also that of what hangs on it."""
        for traject_id, toont, gevonden in self._rows(CONTACT, 0):
            samen = [n for i, n in naief.items() if i == traject_id or (toont and n.hangs_on == traject_id)]
            dagen = [dag for n in samen for dag in n.contacts()]
            assert gevonden == (max(dagen) if dagen else naief[traject_id].opened), traject_id
            self.geteld["contact"] += bool(dagen)

    def _rows(self, vraag: str, traject_id: int, niveau: str = "") -> list[tuple[Any, ...]]:
        return [tuple(rij) for rij in self.db.execute(text(vraag), {"t": traject_id, "n": niveau})]

    def _moments(self, keus: int) -> set[int]:
        gekozen = self.momenten[keus % len(self.momenten)] if self.momenten else 0
        return {gekozen, gekozen + 1, klok.microseconds(self.nu) + 1}

    def _check_known(self, t: int) -> None:
        verwacht: dict[str, list[tuple[Any, ...]]] = {naam: [] for naam in OVER_TIME}
        for verloop in self.verlopen():
            korter = [rij for rij in verloop.log if rij.vastgelegd_op < t]
            for naam, deel in stand_of(verloop.traject_id, verloop.kaarten, effective(korter)).rijen.items():
                bekend_van = OVER_TIME[naam][0].c.keys().index("bekend_van")
                verwacht[naam].extend(rij[:bekend_van] + rij[bekend_van + 1 : -1] for rij in deel.whole)
        for naam, rijen in verwacht.items():
            bekend = [tuple(r) for r in self.db.execute(as_known(naam, t))]
            assert sorted(bekend, key=repr) == sorted(rijen, key=repr), (naam, t)

    def _note(self) -> None:
        tellen = {
            "re-entry": "SELECT count(*) FROM verblijf WHERE niveau = 'stap' AND bezoek > 1",
            "split": "SELECT count(*) FROM verblijf WHERE niveau = 'stap' AND ingang = 'splitsing'",
            "same-day move": "SELECT count(*) FROM verblijf WHERE niveau = 'stap' AND van_dag = tot_dag",
        }
        for naam, vraag in tellen.items():
            self.geteld[naam] += self.db.execute(text(vraag)).scalar_one()


def _as(dossier: Any, rol: str) -> Any:
    from dataclasses import replace

    return replace(dossier, rol=rol)


def _choice(veld: Veld, c: int, dag: int) -> Any:
    if veld.soort == "keuze":
        mogelijk = [k.code for k in veld.keuzes if (k.vanaf or dag) <= dag < (k.tot or dag + 1)]
        return mogelijk[c % len(mogelijk)]
    if veld.soort == "ja_nee":
        return ("ja", "nee")[c % 2]
    return str(1 + c % 20)


SOORTEN = (
    *("beginnen",) * 3,
    *("gaan",) * 8,
    *("invoegen",) * 5,
    *("splitsen",) * 2,
    *("intrekken",) * 4,
    *("herstellen",) * 4,
    *("andere_dag",) * 2,
    *("opgeven",) * 2,
    *("hertellen",) * 4,
    "ander_antwoord",
    "overdragen",
    "samenvoegen",
)
getallen = st.integers(0, 59)
opdrachten = st.tuples(st.sampled_from(SOORTEN), getallen, getallen, getallen, st.sampled_from(sorted(SPRONGEN)))
geschiedenissen = st.lists(opdrachten, min_size=12, max_size=24)


@pytest.fixture(scope="module")
def wandeldatabases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A database for each map; every history is rolled back."""
    map_ = tmp_path_factory.mktemp("wandelen")
    urls = {"vreemd": a_database(map_, VREEMDE_KAART), "rondjes": a_database(map_, RONDJES)}
    yield urls
    for url in urls.values():
        engine(url).dispose()


def walk_many(url: str, aantal: int) -> Counter[str]:
    """Walk so many histories, check after each command, and count in how many there was what."""
    geschiedenis: Counter[str] = Counter()

    @settings(
        max_examples=aantal,
        derandomize=True,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    @given(geschiedenissen)
    def walk(commando: list[tuple[str, int, int, int, str]]) -> None:
        with engine(url).connect() as db, db.begin() as alles:
            wandeling = Wandeling(db)
            wandeling.do("beginnen", 0, 1, 3, "dag")
            for wat, a, b, c, sprong in commando:
                wandeling.do(wat, a, b, c, sprong)
                wandeling.check(a + b + c)
            alles.rollback()
        geschiedenis["all"] += 1
        for naam in (*BIJZONDER, *VERSLAGEN):
            geschiedenis[naam] += bool(wandeling.geteld[naam])
            if wandeling.geteld[naam]:
                event(naam)
        for naam in ("done", "refused", "nothing to do"):
            geschiedenis[naam] += wandeling.geteld[naam]

    walk()
    return geschiedenis


@pytest.mark.parametrize("kaart", ["rondjes", "vreemd"])
def test_after_any_history_the_projections_are_those_of_the_log(
    wandeldatabases: dict[str, str], kaart: str, tell: Callable[[str], None]
) -> None:
    geteld = walk_many(wandeldatabases[kaart], 75)
    namen = BIJZONDER + (VERSLAGEN if kaart == "vreemd" else ())
    delen = {naam: geteld[naam] / geteld["all"] for naam in namen}
    tell(f"{kaart}: {_told(geteld, delen)}")
    assert min(delen.values()) >= 0.05, delen


def _told(geteld: Counter[str], delen: Mapping[str, float]) -> str:
    aantallen = f"{geteld['all']} histories, {geteld['done']} commands done, {geteld['refused']} refused"
    return f"{aantallen}; {', '.join(f'{naam} {deel:.0%}' for naam, deel in delen.items())}"


@pytest.mark.postgres
def test_on_postgresql_they_are_too(postgres_database: str) -> None:
    assert walk_many(postgres_database, 12)["done"] > 50
