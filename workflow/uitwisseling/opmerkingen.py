"""What was found in a file from outside: where (a JSON path), how bad, and the sentence, in Dutch and in English.

Promises: no sentence and no path repeats a BSN, a name or another personal value. Values are quoted only where the
format has a list of codes, and only when they are short and hold few digits. A `fout` refuses the whole file; a
`let_op` says how something was read, or that it was not taken over.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from workflow.kalender import daynumber, short

Soort = Literal["fout", "let_op"]
Pad = tuple[str | int, ...]

MAX_OPMERKINGEN = 1_000
MAX_PADEN = 100_000
"""So many paths of findings that stand in more places are kept, each some 200 bytes."""

MAX_GETOOND = 40
MAX_CIJFERS = 5
MAX_NAAM = 60
GROEP = 4
"""Parts of the path of one traject: leveringen, which, schuldhulptrajecten, which."""

# code: (soort, Dutch, English). Placeholders in braces are filled from `gegevens`.
ZINNEN: dict[str, tuple[Soort, str, str]] = {
    # The file
    "te_groot": ("fout", "Het bestand is groter dan {grens} MB.", "the file is larger than {grens} MB"),
    "te_veel_waarden": (
        "fout",
        "Er staan veel meer waarden in dan in een levering van deze grootte. Dit is geen DDAS-levering.",
        "holds far more values than a delivery of this size; this is no DDAS delivery",
    ),
    "geen_utf8": (
        "fout",
        "Het bestand is geen UTF-8-tekst (byte {plek}).",
        "the file is not UTF-8 text (byte {plek})",
    ),
    "geen_json": (
        "fout",
        "Dit is geen JSON: fout op regel {regel}, teken {kolom}.",
        "this is not JSON: error on line {regel}, column {kolom}",
    ),
    "te_diep": ("fout", "Dit is te diep genest.", "this is nested too deeply"),
    "dubbele_naam": ("fout", "De naam {naam} staat hier twee keer.", "the name {naam} stands here twice"),
    "onleesbaar_teken": ("fout", "Hier staat een teken dat niet kan.", "holds a character that cannot be used"),
    "geen_getal": ("fout", "Dit is geen getal: {waarde}.", "this is not a number: {waarde}"),
    "verkeerde_soort": (
        "fout",
        "Hier hoort {verwacht_nl} te staan. Er staat {gevonden_nl}.",
        "must be {verwacht_en}, not {gevonden_en}",
    ),
    "ontbreekt": ("fout", "Dit gegeven ontbreekt en is nodig.", "is missing and needed"),
    "leeg_lijst": ("fout", "Hier moet ten minste één onderdeel staan.", "must hold at least one item"),
    "datum_bestaat_niet": ("fout", "Deze datum bestaat niet.", "this date does not exist"),
    "datum_buiten_bereik": (
        "fout",
        "Deze datum ligt voor 1900 of na 2099.",
        "this date lies before 1900 or after 2099",
    ),
    "moment_onleesbaar": (
        "fout",
        "Hier hoort een datum met tijd te staan, zoals 2026-01-31T12:00:00Z.",
        "must be a date with a time, like 2026-01-31T12:00:00Z",
    ),
    "gemeentecode_onleesbaar": (
        "fout",
        "Dit is geen gemeentecode; die ziet eruit als GM0935.",
        "is not a municipality code, which looks like GM0935",
    ),
    "geen_client": ("fout", "Een traject heeft ten minste één cliënt.", "a traject has at least one client"),
    "te_veel_clienten": (
        "fout",
        "Een traject heeft hoogstens twee cliënten; hier staan er {aantal}.",
        "a traject has at most two clients; here are {aantal}",
    ),
    "einde_voor_begin": (
        "fout",
        "Het traject eindigt ({einde}) voordat het begint ({begin}).",
        "the traject ends ({einde}) before it begins ({begin})",
    ),
    "geweigerd": ("fout", "Dit kan niet worden vastgelegd: {redenen}", "cannot be recorded: {redenen}"),
    "geen_plek": (
        "fout",
        "Op de routekaart die nu geldt, staat geen plek voor ingelezen trajecten.",
        "the map in force has no place for imported trajecten",
    ),
    "niet_volgens_schema": (
        "fout",
        "De levering klopt niet met het formaat: {reden}.",
        "the delivery does not fit the format: {reden}",
    ),
    "geen_gemeente": (
        "fout",
        "Traject {nummer} heeft geen gemeente; zonder gemeente kan het niet worden geleverd.",
        "traject {nummer} has no municipality and cannot be delivered without one",
    ),
    "antwoord_te_vroeg": (
        "let_op",
        "Traject {nummer}: {veld} ligt voor het begin van het traject. Geleverd is de dag van het log, als die er is. "
        "Verbeter het antwoord.",
        "traject {nummer}: {veld} lies before the traject began; the day of the log was delivered, where it has one. "
        "Amend the answer",
    ),
    "einde_te_vroeg": (
        "let_op",
        "Traject {nummer}: {veld} ligt voor het begin dat erbij hoort en is zo niet geleverd. Verbeter het traject.",
        "traject {nummer}: {veld} lies before its begin and was not delivered as it is; amend the traject",
    ),
    "afgeschermd": (
        "fout",
        "In deze periode vallen dossiers die voor u zijn afgeschermd, en een levering is volledig. Vraag de beheerder.",
        "dossiers of this period are out of sight of who asks",
    ),
    # How it was read
    "leeg": ("let_op", "Leeg gelaten: gelezen als niet ingevuld.", "empty: read as not given"),
    "leeg_andere_soort": (
        "let_op",
        "Hier hoort {verwacht_nl} te staan. Er staat {gevonden_nl} zonder inhoud: gelezen als niet ingevuld.",
        "must be {verwacht_en}, not {gevonden_en}; it is empty: read as not given",
    ),
    "onbekende_naam": ("let_op", "Onbekend gegeven: niet gelezen.", "unknown: not read"),
    "naam_gelezen_als": ("let_op", "Gelezen als {naam}.", "read as {naam}"),
    "ontbreekt_in_kop": ("let_op", "Dit gegeven hoort in een levering te staan.", "should be in a delivery"),
    "periode_omgekeerd": (
        "let_op",
        "De periode van de levering eindigt ({einde}) voordat zij begint ({begin}).",
        "the period of the delivery ends ({einde}) before it begins ({begin})",
    ),
    "waarde_gelezen_als": (
        "let_op",
        "{gevonden} staat niet in de lijst: gelezen als {gelezen}.",
        "{gevonden} is not in the list: read as {gelezen}",
    ),
    "waarde_onbekend": (
        "let_op",
        "{gevonden} staat niet in de lijst en lijkt op niets daarin: niet overgenomen.",
        "{gevonden} is not in the list and like nothing there: not taken over",
    ),
    "tekst_als_getal": ("let_op", "Tekst gelezen als het getal {gelezen}.", "text read as the number {gelezen}"),
    "afgerond": ("let_op", "Afgerond op hele euro's: {gelezen}.", "rounded to whole euros: {gelezen}"),
    "getal_als_tekst": ("let_op", "Getal gelezen als tekst.", "number read as text"),
    "gelezen_als_ja_nee": ("let_op", "Gelezen als {gelezen_nl}.", "read as {gelezen_en}"),
    "spaties": ("let_op", "Spaties aan begin of eind weggelaten.", "spaces at the ends left out"),
    "gelezen_als": ("let_op", "Gelezen als {gelezen}.", "read as {gelezen}"),
    "moment_gelezen_als": (
        "let_op",
        "Zonder tijdzone: gelezen als Nederlandse tijd.",
        "without a time zone: read as Dutch time",
    ),
    "een_als_lijst": ("let_op", "Geen lijst: gelezen als een lijst van één.", "not a list: read as a list of one"),
    "lijst_als_een": ("let_op", "Lijst van één: gelezen als dat ene.", "list of one: read as that one"),
    # Clients
    "bsn_klopt_niet": (
        "let_op",
        "Dit BSN voldoet niet aan de elfproef: bewaard, gemarkeerd.",
        "this BSN fails its check: kept and marked",
    ),
    "bsn_aangevuld": ("let_op", "BSN aangevuld met nullen vooraan.", "BSN completed with leading zeros"),
    "bsn_van_ander": (
        "let_op",
        "Iemand anders heeft dit onjuiste BSN al: niet samengevoegd. Het is bij deze cliënt bewaard; wie erop zoekt, "
        "vindt alleen die ander.",
        "someone else already has this failing BSN: not merged; kept with this client, though it finds only the other",
    ),
    "geboortedatum_onvolledig": (
        "let_op",
        "Geen volledige geboortedatum: bewaard zoals die er staat.",
        "not a full day of birth: kept as it stands",
    ),
    "client_zonder_gegevens": (
        "let_op",
        "Cliënt zonder BSN en geboortedatum: niet te herkennen bij een volgende levering.",
        "client without BSN and day of birth: cannot be recognised in a later delivery",
    ),
    "client_dubbel": ("let_op", "Dezelfde cliënt staat er twee keer.", "the same client stands here twice"),
    "client_wijkt_af": (
        "let_op",
        "Bekende cliënt, maar deze gegevens wijken af en zijn niet overgenomen: {velden}.",
        "known client, but these differ and were not taken over: {velden}",
    ),
    "lijkt_op": (
        "let_op",
        "Lijkt op iemand die er al is (geboortedatum en adres): toch als nieuwe persoon ingevoerd.",
        "looks like someone already known (day of birth and address): entered as a new person all the same",
    ),
    # Trajecten
    "gemeente_onbekend": (
        "let_op",
        "{gelezen} staat niet als gemeente op de routekaart.",
        "{gelezen} is no municipality of the map",
    ),
    "buiten_periode": (
        "let_op",
        "Het traject valt buiten de periode van de levering.",
        "the traject lies outside the period of the delivery",
    ),
    "geen_fasen": (
        "let_op",
        "Geen fase opgegeven: het traject staat als ingelezen, zonder fase.",
        "no phase given: the traject stands as imported, without a phase",
    ),
    "geen_startdatum": (
        "let_op",
        "Geen startdatum: het traject begint in het log op {dag}, de eerste dag die de levering noemt.",
        "no startdatum: in the log the traject begins on {dag}, the first day that the delivery names",
    ),
    "begint_eerder": (
        "let_op",
        "De aanmelding ligt voor de startdatum: het traject begint in het log op {dag}.",
        "the aanmelding lies before the startdatum: in the log the traject begins on {dag}",
    ),
    "fase_zonder_begin": (
        "let_op",
        "Fase zonder begindatum: alleen bij de ingelezen gegevens bewaard.",
        "phase without a start: kept among the imported answers only",
    ),
    "fase_buiten_traject": (
        "let_op",
        "Deze fase begint voor of na het traject: alleen bij de ingelezen gegevens bewaard.",
        "this phase begins before or after the traject: kept among the imported answers only",
    ),
    "fase_einde_voor_begin": (
        "let_op",
        "Deze fase eindigt voordat zij begint: het einde is alleen bij de ingelezen gegevens bewaard.",
        "this phase ends before it begins: its end is kept among the imported answers only",
    ),
    "fase_loopt_door": (
        "let_op",
        "Deze fase loopt door als de volgende begint ({dag}): vanaf dan staat het traject in de volgende.",
        "this phase goes on when the next begins ({dag}): from then on the traject stands in the next",
    ),
    "toekomst": (
        "let_op",
        "Deze dag ligt in de toekomst: alleen bij de ingelezen gegevens bewaard.",
        "this day lies in the future: kept among the imported answers only",
    ),
    "geen_stap": (
        "let_op",
        "De routekaart heeft hier geen stap voor: alleen bij de ingelezen gegevens bewaard.",
        "the map has no stap for this: kept among the imported answers only",
    ),
    "einddata_verschillen": (
        "let_op",
        "De einddata in deze levering zijn niet gelijk: het traject eindigt in het log op {dag}.",
        "the end dates in this delivery are not equal: in the log the traject ends on {dag}",
    ),
    "einde_zonder_reden": (
        "let_op",
        "Geëindigd zonder reden: uitkomst onbekend.",
        "ended without a reason: outcome unknown",
    ),
    "afwijzing_met_uitstroom": (
        "let_op",
        "Afgewezen, en toch een uitstroom: gelezen als afwijzing.",
        "rejected, and yet an uitstroom: read as a rejection",
    ),
    "overig_bewaard": (
        "let_op",
        "Geen eigen plaats op de routekaart: bewaard bij de overige gegevens van de levering.",
        "no place of its own on the map: kept among the other data of the delivery",
    ),
    "niet_overgenomen": (
        "let_op",
        "Niet overgenomen: de routekaart heeft hier geen plaats voor.",
        "not taken over: the map has no place for it",
    ),
    # What happens to a traject
    "dubbel": (
        "let_op",
        "Dit traject staat eerder in hetzelfde bestand ({eerder}): niet nog eens ingelezen.",
        "this traject stands earlier in the same file ({eerder}): not read again",
    ),
    "verschilt": (
        "let_op",
        "Al ingelezen als {nummer}, maar de levering is anders: niets gewijzigd. Verschil in: {velden}. "
        "Verbeter zo nodig het traject zelf.",
        "already there as {nummer}, but the delivery differs: nothing changed. Difference in: {velden}. "
        "Amend the traject itself where needed",
    ),
    "overlapt": (
        "let_op",
        "Deze cliënt heeft dan al een traject ({ander}): niet ingelezen. Sluit dat traject, of neem het verschil over.",
        "this client already has a traject then ({ander}): not read. Close that traject, or take the difference over",
    ),
}


@dataclass(frozen=True, slots=True)
class Opmerking:
    """One finding. `pad` is the first of its places and `meer` the others; `aantal` counts also those not kept."""

    pad: Pad
    code: str
    gegevens: tuple[tuple[str, Any], ...] = ()
    meer: tuple[Pad, ...] = ()
    aantal: int = 1

    @property
    def soort(self) -> Soort:
        """fout or let_op."""
        return ZINNEN[self.code][0]

    @property
    def tekst(self) -> str:
        """The Dutch sentence, which says nothing of the number of places."""
        woorden = {naam: short(daynumber(w)) if isinstance(w, date) else w for naam, w in self.gegevens}
        return ZINNEN[self.code][1].format(**woorden)

    @property
    def text(self) -> str:
        """The English sentence, likewise."""
        return ZINNEN[self.code][2].format(**dict(self.gegevens))

    @property
    def plaats(self) -> str:
        """The first JSON path as text: $.leveringen[0].teller."""
        return show(self.pad)

    @property
    def paden(self) -> tuple[Pad, ...]:
        """Every path that was kept, in the order of the file."""
        return (self.pad, *self.meer)

    @property
    def plaatsen(self) -> list[str]:
        """The same as text."""
        return [show(pad) for pad in self.paden]


class Opmerkingen:
    """A collection of findings, so many of each soort; `aantal` counts all, those that found no room included.

    What is said in the same words at the same place in the format is one finding, with all its paths up to MAX_PADEN.
    """

    def __init__(self) -> None:
        self._lijst: list[Opmerking] = []
        self._meer: list[list[Pad]] = []
        self._keer: list[int] = []
        self._plek: dict[tuple[Any, ...], int] = {}
        self._codes: dict[Pad, set[str]] = {}
        self._bewaard: Counter[str] = Counter()
        self._aantal_paden = 0
        self.aantal: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Opmerking]:
        return map(self._whole, range(len(self._lijst)))

    def _whole(self, plek: int) -> Opmerking:
        een = self._lijst[plek]
        if not self._meer[plek]:
            return replace(een, aantal=self._keer[plek])
        eerste, *meer = sorted([een.pad, *self._meer[plek]], key=in_order)
        return replace(een, pad=eerste, meer=tuple(meer), aantal=self._keer[plek])

    def add(self, pad: Pad, code: str, **gegevens: Any) -> None:
        """Note a finding."""
        nieuw = Opmerking(pad, code, tuple(gegevens.items()))
        self.aantal[nieuw.soort] += 1
        if len(pad) >= GROEP:
            self._codes.setdefault(pad[:GROEP], set()).add(code)
        key = (code, nieuw.gegevens, *("*" if isinstance(deel, int) else deel for deel in pad))
        if pad and key in self._plek:
            self._again(self._plek[key], pad)
        elif self._bewaard[nieuw.soort] < MAX_OPMERKINGEN:
            self._keep(nieuw)
            self._plek[key] = len(self._lijst) - 1

    def codes(self, pad: Pad) -> list[str]:
        """The codes of all findings within a traject of the delivery, in alphabetical order."""
        return sorted(self._codes.get(pad, ()))

    def _keep(self, nieuw: Opmerking) -> None:
        self._bewaard[nieuw.soort] += 1
        self._lijst.append(nieuw)
        self._meer.append([])
        self._keer.append(1)

    def _again(self, plek: int, pad: Pad) -> None:
        self._keer[plek] += 1
        if self._aantal_paden < MAX_PADEN:
            self._aantal_paden += 1
            self._meer[plek].append(pad)

    @property
    def fouten(self) -> list[Opmerking]:
        """The findings that refuse the file."""
        return [self._whole(plek) for plek, een in enumerate(self._lijst) if een.soort == "fout"]


def show(pad: Pad) -> str:
    """A JSON path as text; names that are no plain word stand between brackets, control characters escaped."""
    return "$" + "".join(_part(deel) for deel in pad)


def in_order(pad: Pad) -> list[str]:
    """Sorts paths as they stand in the file, numbers as numbers."""
    return [str(deel).rjust(9) if isinstance(deel, int) else deel for deel in pad]


def _part(deel: str | int) -> str:
    if isinstance(deel, int):
        return f"[{deel}]"
    if re.fullmatch(r"[A-Za-z_]\w{0,59}", deel, re.ASCII):
        return f".{deel}"
    return "[" + quoted(deel[:MAX_NAAM]).replace('"', "'") + "]"


def quoted(tekst: str) -> str:
    """A text between quotes on one line, whatever is in it."""
    return json.dumps(tekst, ensure_ascii=not tekst.isprintable())


def shown(waarde: str) -> str:
    """A code from the file as a sentence may repeat it; anything that could be personal is not repeated."""
    cijfers = sum(teken.isdigit() for teken in waarde)
    if len(waarde) > MAX_GETOOND or cijfers > MAX_CIJFERS:
        return "(…)"
    return quoted(waarde)
