"""The routekaart as data: routes, stappen, overgangen, velden, termijnen.

Frozen objects without behaviour beyond looking things up. `kaartlezer` makes them from YAML or from the stored JSON,
`kaartcontrole` says what is wrong with them, `machine` turns a route into a state machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

VORIGE = "vorige"
"""Target of an overgang that leads back to the stap which an end stap was entered from."""

AAN_ZET_KENMERK, AAN_ZET = "aan_zet_kenmerk", "aan_zet."
CONTACT_ALS, WAARDE = "contact_als.", "waarde."
"""Labels of a stap: the kenmerk that decides who is to act in place of its partij, and what stands before an answer."""

ALLE = "*"
"""Source of an overgang that is possible from each stap that is no end stap."""

Einde = Literal["succes", "uitval", "neutraal", "afwijzing"]
Eenheid = Literal["dagen", "werkdagen", "weken", "maanden"]
VAN_EEN: Mapping[Eenheid, str] = {"dagen": "dag", "werkdagen": "werkdag", "weken": "week", "maanden": "maand"}
Veldsoort = Literal[
    "datum",
    "keuze",
    "ja_nee",
    "getal",
    "bedrag",
    "tekst",
    "partij",
    "medewerker",
    "deelnemer",
    "kinderen",
    "opgave",
    "stuknummer",
    "onderdelen",
]
Onderwerp = Literal["huishouden", "client", "organisatie"]
Status = Literal["concept", "proef", "geldig"]
Ambitie = Literal["preventie", "vroegsignalering", "dienstverlening", "samenwerking", "opbrengst"]
Ritme = Literal["maand", "kwartaal", "jaar", "schooljaar", "editie"]

GEHEEL = "geheel"
"""The place of a report that is not told apart by place."""

EMPTY: Mapping[str, Any] = MappingProxyType({})


def in_zin(tekst: str) -> str:
    """A name within a sentence: a capital of an abbreviation stays (MESIS-profiel), another does not."""
    is_afkorting = tekst[1:2].isupper()
    return tekst if is_afkorting else tekst[:1].lower() + tekst[1:]


@dataclass(frozen=True, slots=True)
class Keuze:
    """One answer of a keuzelijst; `vanaf` and `tot` (day numbers, half-open) say when it may be chosen."""

    code: str
    naam: str
    vanaf: int | None = None
    tot: int | None = None


@dataclass(frozen=True, slots=True)
class Reden:
    """Why a traject ended, or why a row is corrected. `bij`: the fasen or stappen it belongs to; empty means all.

    `routes` are those on which a row is corrected for this reden; empty means all.
    `labels` ties it to outside lists, for example `{"ddas": "Nietverschenen"}`.
    """

    code: str
    naam: str
    bij: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class Veld:
    """One question in the form of an overgang.

    `tekst` answers never enter the log; all other kinds do.
    `stuknummer` is under which number a document is kept. An answer to `onderdelen` says of some parts (a document that
    was asked for, a debt) how far each is; it changes what earlier answers said of those parts and leaves the others.
    Parts have a code of `onderdelen`, or a number where that is empty. `kenmerk` means the answer is a dimension over
    time.
    `minimum` and `maximum` bound numbers and amounts (whole euros), the length of text, and the day of a date
    relative to the day of the overgang (0 = that day, negative = earlier). A date lies on or after the day that the
    traject began, unless `mag_voor_begin`, and on or after the answer to the veld `niet_voor` of the same overgang.
    `dag_dat` says of a date which day it is, as the end of a sentence: "de dag dat ...".
    """

    code: str
    label: str
    soort: Veldsoort
    verplicht: bool = False
    keuzes: tuple[Keuze, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    uitleg: str = ""
    kenmerk: bool = False
    partijsoort: str | None = None
    dag_dat: str = ""
    mag_voor_begin: bool = False
    niet_voor: str | None = None
    onderdelen: tuple[Keuze, ...] = ()

    @property
    def in_zin(self) -> str:
        """The label within a sentence."""
        return in_zin(self.label)


@dataclass(frozen=True, slots=True)
class Voorwaarde:
    """A guard by name with its argument; `zin` replaces the guard's own sentence."""

    naam: str
    argument: Any = None
    zin: str | None = None


@dataclass(frozen=True, slots=True)
class Gevolg:
    """An effect by name with its argument."""

    naam: str
    argument: Any = None


@dataclass(frozen=True, slots=True)
class Lengte:
    """How long a term is for terms that begin in [vanaf, tot): rules are dated."""

    aantal: int
    eenheid: Eenheid
    vanaf: int | None = None
    tot: int | None = None

    @property
    def in_woorden(self) -> str:
        """How long: 8 weken, 1 dag."""
        return f"{self.aantal} {VAN_EEN[self.eenheid] if self.aantal == 1 else self.eenheid}"


@dataclass(frozen=True, slots=True)
class Termijnregel:
    """A term as the map states it; `termijnen` computes with it.

    It runs while the traject stands in stappen that list it, from the first of such a run. `begint_op` names datum
    velden that replace the day of entry: the first of them that is answered in this run. `alleen_na_antwoord` means
    that it does not run before one is, so that no day of entry stands in for one that nobody told. `als` and `tenzij`
    (kenmerk -> values) say for which trajecten it holds; `eindigt_als` which value ends it before the stap is left.
    `soort` looptijd is no deadline but how long something lasts. `loopt_af` means that it asks for no work: it ends by
    itself after its last day, in whatever stap the traject stands then, and is never the term that a werkvoorraad goes
    by.
    `opgeschort_door` names the child route whose stays suspend it; `opgeschort_tot` the datum veld of that child after
    which it no longer does.
    """

    code: str
    naam: str
    grondslag: str
    soort: Literal["wettelijk", "norm", "looptijd"]
    lengtes: tuple[Lengte, ...]
    rolt: bool = False
    startdag_telt_mee: bool = False
    begint_op: tuple[str, ...] = ()
    alleen_na_antwoord: bool = False
    loopt_af: bool = False
    als: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    tenzij: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    eindigt_als: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    opgeschort_door: str | None = None
    opgeschort_tot: str | None = None


@dataclass(frozen=True, slots=True)
class Stap:
    """A place on the map. `einde` set means an end stap, which has no fase; `trede` is its rank on the ladder."""

    code: str
    naam: str
    fase: str | None
    partij: str
    uitleg: Mapping[str, str]
    einde: Einde | None = None
    trede: int | None = None
    is_regeling: bool = False
    termijnen: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class Overgang:
    """An allowed move. `naar` is None for an overgang in place and VORIGE for a way back out of an end stap.

    A start is an overgang without `van`; no such start is of before `op_vanaf`, and who records it after more than
    `bevestig_na_dagen` is asked whether the day is right. `zet` are answers that the overgang itself gives. `gebeurd`
    is how history says it, with answers in it: see `zinnen`.
    """

    code: str
    label: str
    van: tuple[str, ...]
    naar: str | None
    rollen: tuple[str, ...]
    velden: tuple[Veld, ...] = ()
    voorwaarden: tuple[Voorwaarde, ...] = ()
    gevolgen: tuple[Gevolg, ...] = ()
    redenen: tuple[Reden, ...] = ()
    zet: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    product: str | None = None
    uitleg: str = ""
    gebeurd: str = ""
    labels: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    op_vanaf: int | None = None
    bevestig_na_dagen: int | None = None

    @property
    def is_start(self) -> bool:
        """Whether this overgang opens a traject."""
        return not self.van

    def redenen_bij(self, stap: Stap) -> tuple[Reden, ...]:
        """The redenen that may be given when leaving this stap."""
        return tuple(r for r in self.redenen if not r.bij or stap.code in r.bij or stap.fase in r.bij)


@dataclass(frozen=True, slots=True)
class Voorbeeld:
    """An example walk that must be possible, or must not; runs as a test of the map."""

    naam: str
    stappen: tuple[str, ...]
    is_mogelijk: bool = True


@dataclass(frozen=True)
class Route:
    """One state machine. `sluiting` is the overgang that ends it when its parent ends.

    `een_per_client`: a client has at most one traject on it at a time, a main one or a child alike.
    """

    code: str
    naam: str
    voorvoegsel: str
    onderwerp: Onderwerp
    starten: Mapping[str, Overgang]
    stappen: Mapping[str, Stap]
    overgangen: Mapping[str, Overgang]
    hoort_bij: tuple[str, ...] = ()
    een_per_client: bool = False
    sluiting: str | None = None
    voorbeelden: tuple[Voorbeeld, ...] = ()
    labels: Mapping[str, str] = field(default_factory=lambda: EMPTY)

    @cached_property
    def kenmerken(self) -> frozenset[str]:
        """Names of the answers that are dimensions over time."""
        velden = {v.code for o in self.alle_overgangen.values() for v in o.velden if v.kenmerk}
        gezet = {naam for o in self.alle_overgangen.values() for naam in o.zet}
        return frozenset(velden | gezet)

    @cached_property
    def onthouden(self) -> Mapping[str, Literal["kenmerk", "dag"]]:
        """Which answers stay known beside the last one: dimensions over time, and days from which a term may count."""
        dagen: dict[str, Literal["kenmerk", "dag"]] = dict.fromkeys(self.termijnvelden, "dag")
        return {**dagen, **dict.fromkeys(self.kenmerken, "kenmerk")}

    @cached_property
    def termijnvelden(self) -> frozenset[str]:
        """Names of the date answers, from which a term may count."""
        return frozenset(code for code, veld in self.velden.items() if veld.soort == "datum")

    @cached_property
    def mijlpalen(self) -> Mapping[str, tuple[str, str | None]]:
        """Overgang code -> the mijlpaal that it is, and the veld that names its day."""
        return {
            code: (o.labels["mijlpaal"], o.labels.get("mijlpaal_veld"))
            for code, o in self.alle_overgangen.items()
            if "mijlpaal" in o.labels
        }

    @cached_property
    def opgavevelden(self) -> Mapping[str, tuple[str, bool]]:
        """Overgang code -> its veld with a report, and whether that report is of before this map."""
        return {
            code: (veld.code, o.labels.get("historisch") == "ja")
            for code, o in self.alle_overgangen.items()
            for veld in o.velden
            if veld.soort == "opgave"
        }

    @cached_property
    def onderdeelvelden(self) -> Mapping[str, tuple[str, ...]]:
        """Overgang code -> its velden of soort onderdelen; overgangen without one are left out."""
        velden = {
            code: tuple(veld.code for veld in o.velden if veld.soort == "onderdelen")
            for code, o in self.alle_overgangen.items()
        }
        return {code: gevonden for code, gevonden in velden.items() if gevonden}

    @cached_property
    def contacten(self) -> Mapping[str, tuple[tuple[str, frozenset[str]], ...]]:
        """Overgang code -> with which answers (by veld; none given is fine too) it is a contact with the client."""
        return {
            code: tuple(
                (naam.removeprefix(CONTACT_ALS), frozenset(waarden.split()))
                for naam, waarden in o.labels.items()
                if naam.startswith(CONTACT_ALS)
            )
            for code, o in self.alle_overgangen.items()
            if o.labels.get("contact") == "ja"
        }

    @cached_property
    def alle_overgangen(self) -> Mapping[str, Overgang]:
        """Starts and moves together, by code."""
        return {**self.starten, **self.overgangen}

    @cached_property
    def velden(self) -> Mapping[str, Veld]:
        """Every question of this route by code; the same code means the same question."""
        return {v.code: v for o in self.alle_overgangen.values() for v in o.velden}

    @cached_property
    def redenen(self) -> Mapping[str, Reden]:
        """Every reden of this route by code."""
        return {r.code: r for o in self.alle_overgangen.values() for r in o.redenen}

    @cached_property
    def overgangen_vanuit(self) -> Mapping[str, tuple[Overgang, ...]]:
        """Stap code -> the overgangen that the map allows from there."""
        return {stap: tuple(o for o in self.overgangen.values() if stap in o.van) for stap in self.stappen}


@dataclass(frozen=True, slots=True)
class Catalogusregel:
    """Which products an adviseur names for a situation (kenmerk -> values), in a period.

    `tenzij` (kenmerk -> values) says for whom it does not. Rules of one adviseur add up; two must agree.
    """

    situatie: Mapping[str, tuple[str, ...]]
    producten: tuple[str, ...]
    bron: str
    vanaf: int | None = None
    tot: int | None = None
    tenzij: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    adviseur: str = ""


@dataclass(frozen=True, slots=True)
class Reeks:
    """One row of numbers in a report. `is_optelbaar` False: different visitors, for example, are never added up."""

    code: str
    naam: str
    eenheid: str
    is_optelbaar: bool = True


@dataclass(frozen=True, slots=True)
class Opgever:
    """Who reports: an organisation, of which gemeenten, and of which places when not of all."""

    organisatie: str
    gemeenten: tuple[str, ...]
    plaatsen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opgavesoort:
    """What partners report for one indicator: which numbers, about which places, how often, and who.

    `per` is the Dutch word for a place. Places are a list of their own (`plaatsen`), or the organisations of a soort
    (`plaatsen_van`); with neither there is one, GEHEEL. `historisch_tot`: reports of periods before that day come from
    before this map, and are marked so.
    """

    code: str
    naam: str
    ambitie: Ambitie
    ritme: Ritme
    reeksen: Mapping[str, Reeks]
    opgevers: Mapping[str, Opgever]
    vanaf: int
    tot: int | None = None
    historisch_tot: int | None = None
    per: str = ""
    plaatsen: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    plaatsen_van: str | None = None

    @property
    def has_places(self) -> bool:
        """Whether its numbers are told apart by place."""
        return bool(self.plaatsen or self.plaatsen_van)

    def is_historic(self, tot: int) -> bool:
        """Whether a period that ends before this day is of before this map."""
        return self.historisch_tot is not None and tot <= self.historisch_tot


@dataclass(frozen=True)
class Routekaart:
    """A whole map, frozen. `sha256` identifies it in the log: the hash of its parsed content as canonical JSON."""

    code: str
    naam: str
    versie: str
    status: Status
    geldig_vanaf: int
    fasen: Mapping[str, str]
    partijen: Mapping[str, str]
    gemeenten: Mapping[str, str]
    producten: Mapping[str, str]
    routes: Mapping[str, Route]
    termijnen: Mapping[str, Termijnregel]
    correctieredenen: tuple[Reden, ...]
    catalogus: tuple[Catalogusregel, ...]
    sha256: str
    canoniek: str = field(repr=False)
    opgaven: Mapping[str, Opgavesoort] = field(default_factory=lambda: EMPTY)

    @property
    def vergissing(self) -> Reden | None:
        """The correctiereden of what is undone at once, where the map has one; nobody chooses it from a list."""
        return next((reden for reden in self.correctieredenen if reden.labels.get("ongedaan")), None)

    def correctieredenen_bij(self, route: str) -> tuple[Reden, ...]:
        """What people choose from when they correct a row of a traject on this route."""
        return tuple(r for r in self.correctieredenen if r != self.vergissing and route in (r.routes or (route,)))

    def vergeten_bij(self, route: str) -> Reden | None:
        """The correctiereden of a step that was forgotten, by its label, else the first there is."""
        redenen = self.correctieredenen_bij(route)
        vergeten = [reden for reden in redenen if reden.labels.get("tussenvoeging")]
        return next(iter((*vergeten, *redenen)), None)

    def kinderen_van(self, route: str) -> tuple[Route, ...]:
        """The routes whose trajecten hang on a traject of this route."""
        return tuple(r for r in self.routes.values() if route in r.hoort_bij)
