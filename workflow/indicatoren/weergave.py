"""Figures in words: Dutch names of columns and values, a figure beside that of an earlier period, and its list."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import select

from models.traject import traject
from workflow.indicatoren import on
from workflow.indicatoren.begrippen import VAST, Bron, Herkomst, Indicator, Maat, Meting, Rij, Toelichting, Uitslag
from workflow.indicatoren.doorstroom import BEGIN, DOORSTROOM, EINDE, FASE, order_of
from workflow.indicatoren.fasenboek import FASENBOEK, INGANGEN, UITGANGEN
from workflow.indicatoren.kader import PERIODEN, Kader
from workflow.indicatoren.maten import DEEL, Duur, Telling, Verhouding, needed, parts_of
from workflow.indicatoren.opgaven import PERIODE, Opgavedeel, Opgavesom, Opgavespreiding
from workflow.indicatoren.wegwijzer import Wegwijzer
from workflow.kalender import date_of, daynumber, short
from workflow.overzichten import names_in
from workflow.routekaart import Routekaart

KOLOMMEN: Mapping[str, str] = {
    "aangeboden_op_tijd": "Op tijd aangeboden",
    "aantal": "Aantal",
    "anders_dag": "Uiterlijk, gevraagd",
    "achterstand": "Maanden achterstand",
    "begint_instrument": "Begint een instrument",
    "dagen": "Dagen",
    "dagen_ertussen": "Dagen ertussen",
    "doel": "Waarop gewacht wordt",
    "einde_dag": "Geëindigd op",
    "erin": "Erin door",
    "eruit": "Eruit door",
    "fase": "Fase",
    "gemeente": "Gemeente",
    "geschorst": "Dagen opgeschort",
    "herroepen": "Later herroepen",
    "hoger": "Stap omhoog",
    "ingang": "Begonnen door",
    "instrument": "Instrument",
    "is_bekend": "Vastgestelde versie",
    "is_historisch": "Van voor het log",
    "is_ingang": "Nieuw begonnen",
    "is_open": "Nog open",
    "jaar": "Jaar",
    "jaren": "Binnen (jaar)",
    "klasse": "Afloop",
    "kwartaal": "Kwartaal",
    "laag": "Langs",
    "ligging": "Hoe zij liggen",
    "maand": "Maand",
    "mijlpaal": "Mijlpaal",
    "na_uitval": "Na uitval",
    "naar": "Naar",
    "naar_plek": "Naar",
    "naar_soort": "Latere regeling",
    "niveau": "Soort verblijf",
    "ontruiming": "Ontruiming dreigde",
    "op_tijd": "Op tijd",
    "opgever": "Opgegeven door",
    "overgang": "Overgang",
    "partij": "Partij",
    "persoon": "Persoon",
    "plaats": "Wijkservicepunt",
    "profiel": "MESIS-profiel",
    "recidive": "Recidive",
    "reden": "Reden",
    "reeks": "Reeks",
    "resultaat": "Resultaat",
    "richting": "Richting",
    "route": "Soort traject",
    "route_gekozen": "Eerste instrument",
    "samen": "Samenwerking",
    "schuld": "Schuld (euro)",
    "schuldeisers": "Schuldeisers",
    "signaal": "Vroegsignaal",
    "soort": "Soort",
    "soort_afspraak": "Soort afspraak",
    "soort_termijn": "Soort termijn",
    "stabilisatie": "Stabilisatie meegeteld",
    "stap": "Stap",
    "termijn": "Termijn",
    "tot_dag": "Tot en met",
    "traject": "Traject",
    "uiterlijk_dag": "Uiterlijk",
    "uitkomst": "Uitkomst",
    "van": "Van",
    "van_dag": "Vanaf",
    "van_plek": "Van",
    "van_soort": "Eerdere regeling",
    "variant": "Soort regeling",
    "versie": "Versie van de routekaart",
    "vervolg": "Hoe het verder ging",
    "voorkomen": "Voorkomen",
    "vroegsignaal": "Via een vroegsignaal",
    "zin": "Wat de voorwaarde zegt",
}
"""Column of a bron -> its heading."""

WOORDEN: Mapping[str, str] = {
    "aangeboden": "Een aangeboden dag",
    "afwijzing": "Afwijzing",
    "anders": "Anders",
    "bereikt": "Bereikt",
    "binnen": "Binnen één traject",
    "door": "Verder gegaan",
    "eerste_contact": "Eerste contact",
    "eerste_gesprek": "Eerste gesprek",
    "geen": "Geen",
    "geen_instrument": "Nog geen instrument",
    "geen_profiel": "Zonder MESIS",
    "heropend": "Heropend",
    "import": "Ingelezen",
    "in": "Naar schuldhulp",
    "looptijd": "Looptijd",
    "loopt": "Loopt",
    "met": "Met",
    "migratie": "Nieuwe routekaart",
    "neutraal": "Anders geëindigd",
    "nog_geen": "Nog geen instrument",
    "onbekend": "Onbekend",
    "open": "Nog open",
    "over": "Over trajecten heen",
    "overgang": "Overgang",
    "plan": "Plan van aanpak",
    "regulier": "Zonder crisis",
    "schone_lei": "Schone lei",
    "splitsing": "Na een splitsing",
    "start": "Start",
    "succes": "Succes",
    "terug": "Teruggekomen",
    "uit": "Naar een partner",
    "uitval": "Uitval",
    "verder": "Verder",
    "weggebleven": "De hele tijd weggebleven",
    "wettelijk": "Wettelijk",
    "zonder": "Zonder",
}
"""Values that the figures give themselves."""

PER_KOLOM: Mapping[str, Mapping[str, str]] = {
    "erin": INGANGEN,
    "eruit": UITGANGEN,
    "instrument": {"geen": "Geen instrument"},
    "samen": {"ja": "Met samenwerking", "nee": "Zonder samenwerking"},
    "uitkomst": {"anders": "Verder of anders geëindigd", "open": "Nog bezig"},
    "vervolg": {"verder": "Verder of succes", "anders": "Afgewezen of anders geëindigd", "open": "Nog bezig"},
}
"""Where a word means something else than elsewhere."""

ALIASSEN: Mapping[str, tuple[str, ...]] = {
    "naar": ("stap",),
    "van": ("stap",),
    "instrument": ("fase", "stap"),
    "route_gekozen": ("fase", "stap"),
    "plaats": (),
}
"""Column -> where the map has the names of its values, where that is not the column itself."""

VERBORGEN = frozenset({"niveau", "persoon", "signaal", "laag", "indicator", "traject", "begin", "eind"})
"""Columns that say nothing to a reader of a list."""

AFGEKAPT = " (niet heel)"
"""After the name of a year, quarter or month that lies partly outside the period."""

TERUGWIJZEND = ("Waarvan", "Idem")

MAANDEN = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)

RONDE = re.compile("[1-9][0-9]{0,2}")
"""The round in a place of the flow, after the first."""

MAAND = re.compile("0?[1-9]|1[0-2]")


def find(code: str, kaart: Routekaart) -> Indicator:
    """The indicator with this code on a map; doorstroom and fasenboek too. Raises KeyError."""
    return {indicator.code: indicator for indicator in (*on(kaart), DOORSTROOM, FASENBOEK)}[code]


def sources_of(maat: Maat) -> tuple[Bron, ...]:
    """The bronnen behind a figure."""
    if isinstance(maat, Verhouding):
        return tuple(dict.fromkeys((maat.teller.bron, maat.noemer.bron)))
    if isinstance(maat, Opgavedeel):
        return maat.bron, maat.log
    return (maat.bron,) if hasattr(maat, "bron") else ()


def explained(kader: Kader, indicator: Indicator) -> Mapping[str, Toelichting]:
    """Each bron of an indicator by name: the rule and the SQL of its cube, by the columns that its figures need."""
    bronnen: dict[str, Bron] = {}
    kolommen: dict[str, dict[str, None]] = defaultdict(dict)
    for maat in indicator.maten:
        bronnen |= {bron.naam: bron for bron in sources_of(maat)}
        for deel in parts_of(maat):
            kolommen[deel.bron.naam].update(dict.fromkeys(needed(deel)))
    return {naam: bron.toelichting(kader.heel, tuple(kolommen[naam])) for naam, bron in bronnen.items()}


EIGEN_PERIODE = "Elk deel wordt geteld als een periode op zichzelf"
BIJ_START = "Het eerste antwoord, bij de start van het traject"
OP_DE_DAG = "Het antwoord op de dag waarop een rij telt"
VAN_DE_OPGAVE = "Wat op de opgave staat"

NEEMT: Mapping[str, str] = {
    "instrument": "Het instrument waarin het traject op dat moment stond, of dat toen begon",
    "naar_soort": "Het antwoord op de eerste dag van de regeling",
    "partij": "Wie op de dag zelf aan zet was",
    "plaats": BIJ_START,
    "profiel": "Het laatste antwoord tot en met de dag van de toelating",
    "richting": BIJ_START,
    "route_gekozen": "Het eerste instrument op of na de dag van de toelating",
    "samen": "Of er tot en met het einde een samenwerking bij liep",
    "soort": "Crisis of niet: het laatste antwoord tot en met de laatste dag van de periode",
    "soort_afspraak": BIJ_START,
    "van_soort": "Het antwoord op de eerste dag van de regeling",
    "variant": "Het antwoord op de eerste dag van de stap",
}
"""Column of a breakdown that an indicator has of its own -> which value of a kenmerk it takes."""


def splits_of(kader: Kader, indicator: Indicator, splitsingen: Iterable[str]) -> Mapping[str, list[str]]:
    """Which value counts -> the names of the breakdowns that take it: those of its own, and those to choose from."""
    woorden = Woorden(kader)
    is_log = indicator.herkomst is not Herkomst.PARTNER
    eigen = dict.fromkeys(kolom for m in indicator.maten for deel in parts_of(m) for g in deel.per for kolom in g)
    gevonden: dict[str, list[str]] = {}
    for naam in splitsingen if is_log else (*PERIODEN, "gemeente", "plaats", "opgever"):
        regel = _takes(kader.wegwijzer, naam) if is_log or naam in PERIODEN else VAN_DE_OPGAVE
        gevonden.setdefault(regel, []).append(woorden.kolom(naam))
    for kolom in eigen.keys() & NEEMT.keys() if is_log else ():
        gevonden.setdefault(f"{NEEMT[kolom]} (eigen onderdeel)", []).append(woorden.kolom(kolom))
    return gevonden


def _takes(wegwijzer: Wegwijzer, naam: str) -> str:
    if naam in PERIODEN:
        return EIGEN_PERIODE
    return BIJ_START if wegwijzer.is_asked_at_start(naam) else OP_DE_DAG


def title_of(indicator: Indicator, maat: Maat) -> str:
    """The name of a figure where it stands alone: one that points back names what it points at."""
    namen = [eerder.naam for eerder in indicator.maten[: indicator.maten.index(maat)]]
    if not maat.naam.startswith(TERUGWIJZEND):
        return maat.naam
    eerder = next((naam for naam in reversed(namen) if not naam.startswith(TERUGWIJZEND)), "")
    naam = maat.naam.removeprefix("Idem, ")
    return f"{eerder}, {naam[0].lower()}{naam[1:]}" if eerder else maat.naam


class Woorden:
    """The Dutch words for what stands in figures, by the maps of one frame."""

    def __init__(self, kader: Kader, indicator: str = "") -> None:
        self._kader, self._weg = kader, kader.wegwijzer
        self._splits = kader.vraag.splits
        self._opgaven = [kaart.opgaven[indicator] for kaart in self._weg.kaarten if indicator in kaart.opgaven]

    @property
    def wegwijzer(self) -> Wegwijzer:
        """Where these words come from."""
        return self._weg

    def over(self, indicator: str) -> Woorden:
        """The same with the names of what partners report for an indicator: its places, their kind, its reeksen."""
        return Woorden(self._kader, indicator)

    @cached_property
    def _opgavenamen(self) -> Mapping[str, Mapping[str, str]]:
        """Names that a soort of reports gives itself, by column; the last map has the last word."""
        return {
            "plaats": {code: naam for soort in self._opgaven for code, naam in soort.plaatsen.items()},
            "reeks": {reeks.code: reeks.naam for soort in self._opgaven for reeks in soort.reeksen.values()},
        }

    @cached_property
    def _organisaties(self) -> Mapping[str, str]:
        return {code: wie.naam for code, wie in self._kader.register.items()}

    @cached_property
    def _soorten(self) -> Mapping[str, str]:
        """Kinds of arrangement, and terms, of every version of the map."""
        varianten = {code: naam for k in self._weg.varianten.values() for code, naam in self._weg.namen[k].items()}
        termijnen = {t.code: t.naam for kaart in self._weg.kaarten for t in kaart.termijnen.values()}
        return {**termijnen, **varianten}

    def kolom(self, naam: str) -> str:
        """The heading of a column; of the part asked for, what it is split by."""
        if naam == DEEL:
            naam = self._splits or naam
        if naam == "plaats" and self._opgaven and self._opgaven[-1].per:
            return _spoken(self._opgaven[-1].per)
        return KOLOMMEN.get(naam) or self._weg.vragen.get(naam) or _spoken(naam)

    def deel(self, uitsplitsing: Mapping[str, str], meer: Mapping[str, Any]) -> tuple[str, ...]:
        """Of which part a figure is; of a year, quarter or month that the period cuts off, that it is not whole."""
        afgekapt = {DEEL: AFGEKAPT} if meer.get("is_afgekapt") else {}
        return tuple(f"{self.waarde(kolom, w)}{afgekapt.get(kolom, '')}" for kolom, w in uitsplitsing.items())

    def waarde(self, kolom: str, waarde: Any) -> str:
        """A value as people read it."""
        if kolom in ("van_plek", "naar_plek"):
            return self._place(str(waarde))
        if kolom.startswith("is_") and isinstance(waarde, int):
            return "Ja" if waarde else "Nee"
        if kolom.endswith("_dag") and isinstance(waarde, int):
            # A stretch of days is half-open; people name its last day.
            return short(waarde - 1 if kolom == "tot_dag" else waarde)
        if waarde is None or waarde == "":
            return "Onbekend"
        kolom = (self._splits or kolom) if kolom == DEEL else kolom
        return _period(str(waarde)) if kolom in (*PERIODEN, "periode") else self._said(kolom, str(waarde))

    def _said(self, kolom: str, code: str) -> str:
        for bron in (
            PER_KOLOM.get(kolom, {}),
            self._opgavenamen.get(kolom, {}),
            self._of_column(kolom),
            WOORDEN,
            self._soorten,
            self._organisaties,
            *self._everywhere(),
        ):
            if code in bron:
                return bron[code]
        return _spoken(code)

    def _of_column(self, kolom: str) -> Mapping[str, str]:
        rol = self._weg.kenmerk(kolom)
        plaatsen = ALIASSEN.get(kolom, (kolom, *((rol,) if rol else ())))
        return {code: naam for p in reversed(plaatsen) for code, naam in self._weg.namen.get(p, {}).items()}

    def _everywhere(self) -> Iterable[Mapping[str, str]]:
        return (self._weg.namen[naam] for naam in ("fase", "stap", "route", "partij", "reden"))

    def _place(self, plek: str) -> str:
        ronde, _, code = plek.partition(":")
        if ronde == BEGIN:
            return "Begonnen"
        if ronde == EINDE:
            return {"open": "Nog bezig", "splitsing": "Gesplitst"}.get(code) or self._said("", code)
        naam = self._said("instrument", code)
        return f"{naam} ({int(ronde) + 1}e ronde)" if RONDE.fullmatch(ronde) else naam


def _spoken(code: str) -> str:
    tekst = code.replace("_", " ").strip()
    return tekst[:1].upper() + tekst[1:]


def _period(code: str) -> str:
    jaar, _, rest = code.partition("-")
    if len(rest) == len(jaar):
        return f"schooljaar {code}"
    if rest.startswith("K"):
        return f"{rest[1:]}e kwartaal {jaar}"
    return f"{MAANDEN[int(rest) - 1]} {jaar}" if MAAND.fullmatch(rest) else code


# -- Figures beside those of an earlier period -------------------------------------------------------------------------

Deel = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Cijfer:
    """One figure as it is shown. `delen` says in words of which part it is; `eerder` is that of the earlier period."""

    maat: Maat
    meting: Meting
    delen: tuple[str, ...]
    eerder: Meting | None = None

    @property
    def deel(self) -> Deel:
        """Of which part it is, in codes."""
        return tuple(self.meting.uitsplitsing.items())

    @property
    def kolommen(self) -> tuple[str, ...]:
        """By what it is broken down."""
        return tuple(self.meting.uitsplitsing)

    @property
    def is_duur(self) -> bool:
        """Whether it is how long something takes."""
        return isinstance(self.maat, Duur)

    @property
    def rijen(self) -> int:
        """How many rows its list has."""
        if isinstance(self.maat, Verhouding):
            return int(self.meting.meer.get("teller", 0))
        is_uniek = isinstance(self.maat, Telling) and self.maat.uniek is not None
        return int(self.meting.waarde or 0) if is_uniek else self.meting.n

    @property
    def noemer_rijen(self) -> int:
        """How many rows the list of its denominator has; 0 where that has no list of its own."""
        return self.meting.n if isinstance(self.maat, Verhouding) else 0


def figures(uitslag: Uitslag, eerder: Uitslag | None, woorden: Woorden) -> list[Cijfer]:
    """Every figure of an indicator, each with what it was before."""
    woorden = woorden.over(uitslag.indicator.code)
    was = {(m.maat, tuple(m.uitsplitsing.items())): m for m in eerder.metingen} if eerder else {}
    return [
        Cijfer(
            uitslag.indicator.maat(m.maat),
            m,
            woorden.deel(m.uitsplitsing, m.meer),
            was.get((m.maat, tuple(m.uitsplitsing.items()))),
        )
        for m in uitslag.metingen
    ]


def in_order(cijfers: Iterable[Cijfer], wegwijzer: Wegwijzer) -> list[Cijfer]:
    """Parts as people expect them: fasen by the map, what has a number in it by name, the rest by size."""
    fasen = order_of(wegwijzer, FASE)
    return sorted(cijfers, key=lambda cijfer: _rank(cijfer, fasen))


def in_order_of_parts(uitslag: Uitslag, woorden: Woorden) -> Uitslag:
    """The figures of an indicator, each with its breakdowns one after another and their parts as people expect them."""
    groepen: dict[tuple[str, tuple[str, ...]], list[Cijfer]] = defaultdict(list)
    for cijfer in figures(uitslag, None, woorden):
        groepen[cijfer.maat.code, cijfer.kolommen].append(cijfer)
    gesorteerd = (cijfer.meting for groep in groepen.values() for cijfer in in_order(groep, woorden.wegwijzer))
    return replace(uitslag, metingen=tuple(gesorteerd))


def _rank(cijfer: Cijfer, fasen: Sequence[str]) -> tuple[Any, ...]:
    plaatsen = [fasen.index(code) if code in fasen else len(fasen) for _, code in cijfer.deel]
    codes = [code for _, code in cijfer.deel]
    genummerd = next((namen for namen in (codes, cijfer.delen) if any(map(_numbered, namen))), ())
    return (
        len(cijfer.deel),
        plaatsen,
        [_by_number(naam) for naam in genummerd],
        -(cijfer.meting.waarde or 0),
        cijfer.delen,
    )


def _numbered(naam: str) -> bool:
    return any(teken.isdigit() for teken in naam)


def _by_number(naam: str) -> list[tuple[int, str]]:
    """A name in pieces, so that 9 comes before 10."""
    return [(int(deel), "") if deel.isdecimal() else (0, deel) for deel in re.split(r"(\d+)", naam)]


def year_before(dag: int) -> int:
    """The same date a year before; 29 February becomes the 28th."""
    datum = date_of(dag)
    dag_in_maand = 28 if (datum.month, datum.day) == (2, 29) else datum.day
    return daynumber(datum.replace(year=datum.year - 1, day=dag_in_maand))


# -- The list behind a figure ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lijstregel:
    """A row of the list: which dossier, the day by which it counts, and its columns in words."""

    nummer: str
    namen: tuple[str, ...]
    route: str
    dag: int
    cellen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lijst:
    """A page of the rows behind a figure, the latest day first; `aantal` is how many there are in all."""

    kolommen: tuple[str, ...]
    regels: tuple[Lijstregel, ...]
    aantal: int
    bladzijde: int
    bladzijden: int


PER_BLAD = 50


def rows_of(kader: Kader, maat: Maat, deel: Mapping[str, str], noemer: bool = False) -> tuple[Bron, list[Rij]]:
    """The bron and the rows behind a figure; of a share those of its numerator, or those of its denominator."""
    telling: Any = (maat.noemer if noemer else maat.teller) if isinstance(maat, Verhouding) else maat
    return telling.bron, telling.lijst(kader, deel)


def columns_of(maat: Maat) -> frozenset[str]:
    """By which columns a list of this figure may be asked; sums of reports stand by their period too."""
    eigen = {kolom for bron in sources_of(maat) for kolom in bron.kolommen}
    return frozenset({DEEL, *eigen, *({PERIODE} if isinstance(maat, Opgavesom | Opgavespreiding) else ())})


def listed(kader: Kader, bron: Bron, rijen: Sequence[Rij], bladzijde: int, woorden: Woorden) -> Lijst:
    """One page of rows, with the dossiers they are of."""
    bladzijden = max(1, -(-len(rijen) // PER_BLAD))
    bladzijde = min(max(bladzijde, 1), bladzijden)
    op_volgorde = sorted(rijen, key=lambda rij: (-rij[1], rij[0]))[(bladzijde - 1) * PER_BLAD : bladzijde * PER_BLAD]
    zichtbaar = [(i, kolom) for i, kolom in enumerate(bron.kolommen, VAST) if _says_something(kolom, i, rijen)]
    dossiers, namen = _dossiers(kader, op_volgorde)
    regels = tuple(
        Lijstregel(
            *dossiers[rij[0]][:1],
            namen.get(rij[0]) or namen.get(kader.wortels.get(rij[0], 0), ()),
            woorden.waarde("route", dossiers[rij[0]][1]),
            rij[1],
            tuple(woorden.waarde(kolom, rij[i]) for i, kolom in zichtbaar),
        )
        for rij in op_volgorde
    )
    return Lijst(tuple(woorden.kolom(k) for _, k in zichtbaar), regels, len(rijen), bladzijde, bladzijden)


def _says_something(kolom: str, plaats: int, rijen: Sequence[Rij]) -> bool:
    """Not where a column is for figures only, nor where all rows of a list have the same in it."""
    return kolom not in VERBORGEN and (len(rijen) < 2 or len({rij[plaats] for rij in rijen}) > 1)


def _dossiers(
    kader: Kader, rijen: Iterable[Rij]
) -> tuple[Mapping[int, tuple[str, str]], Mapping[int, tuple[str, ...]]]:
    ids = {rij[0] for rij in rijen}
    keuze = select(traject.c.id, traject.c.nummer, traject.c.route).where(traject.c.id.in_(ids))
    dossiers = {rij.id: (rij.nummer, rij.route) for rij in kader.db.execute(keuze)}
    return dossiers, names_in(kader.db, [*ids, *(kader.wortels.get(i, i) for i in ids)])
