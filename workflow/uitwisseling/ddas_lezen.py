"""Reads a delivery in DDAS-SHV v1.0: bytes in, frozen trajecten and findings out. Pure: no database, no clock, no map.

Promises: whatever it is given, it answers with a `Levering` (None when there is a fout) and findings, and never with an
exception. Real deliveries are forgiven what can be read in one way only: nulls, a name in other capitals, a code with
other capitals, spaces or hyphens or with a slip of the pen, numbers and dates as text; each such reading is noted. What
cannot be read refuses the whole file. Nothing is filled in.

The values in `Traject.gegevens` have the shape of the format: names, types and codes as in `ddas_schema.json`, nothing
empty, texts NFC without spaces at the ends.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NoReturn

from models import klok
from workflow.kalender import date_of, daynumber
from workflow.personen import is_valid_bsn
from workflow.uitwisseling.ddas_schema import LIJSTEN, Knoop, answer_paths, resolve, schema
from workflow.uitwisseling.opmerkingen import Opmerkingen, Pad, quoted, shown
from workflow.velden import read_date

MAX_MB = 50
MAX_DIEPTE = 20
MAX_GETAL_CIJFERS = 18
EERSTE, LAATSTE = daynumber(date(1900, 1, 1)), daynumber(date(2099, 12, 31))

NODIG = frozenset({"leveringen", "aanleverdatumEnTijd", "gemeentecode"})
"""Required names without which nothing can be done; other required names may be missing."""

# Other words for the same, compared without capitals, spaces and signs. Only words with one meaning.
ALIASSEN = {
    "toelating": "Toelatingsbeschikking",
    "toewijzingsbeschikking": "Toelatingsbeschikking",
    "afwijzing": "Afwijzingsbeschikking",
    "dfd": "Lange Termijn Begeleiding (DFD)",
    "langetermijnbegeleiding": "Lange Termijn Begeleiding (DFD)",
    "nulaanbod": "0%-aanbod",
    "0procentaanbod": "0%-aanbod",
    "overlijden": "Overleden",
    "verhuizing": "Verhuisd",
    "zelfgeregeld": "Zelf",
    "zelfopgelost": "Zelf",
    "anders": "Overig",
}
GESLACHTEN = ("Man", "Vrouw", "Onbekend", "Leeg")
GESLACHT_CODES = {"m": "Man", "v": "Vrouw", "o": "Onbekend"}
WAAR = {"true": True, "ja": True, "j": True, "1": True, "false": False, "nee": False, "n": False, "0": False}

SOORTNAMEN = {
    "object": ("een object", "an object"),
    "array": ("een lijst", "a list"),
    "string": ("tekst", "text"),
    "integer": ("een geheel getal", "a whole number"),
    "boolean": ("ja of nee (true of false)", "true or false"),
    "number": ("een getal", "a number"),
    "null": ("niets", "nothing"),
}


class Tabel(dict[str, Any]):
    """A cleaned object that knows where it stood in the file."""

    def __init__(self, pad: Pad, inhoud: Mapping[str, Any]) -> None:
        super().__init__(inhoud)
        self.pad = pad


@dataclass(frozen=True, slots=True)
class Client:
    """A client as delivered. `bsn` is nine digits where it is a BSN; other text where it is not."""

    pad: Pad
    bsn: str
    geboortedatum: str
    geslacht: str
    postcode: str
    huisnummer: str
    toevoeging: str

    @property
    def heeft_geldig_bsn(self) -> bool:
        """Whether the BSN passes the elfproef."""
        return is_valid_bsn(self.bsn)


@dataclass(frozen=True, slots=True)
class Traject:
    """One traject of a delivery. `organisatie` identifies who delivered it, `gegevens` is the cleaned JSON object."""

    pad: Pad
    organisatie: str
    gemeentecode: str
    clienten: tuple[Client, ...]
    gegevens: Mapping[str, Any]

    @property
    def antwoorden(self) -> dict[str, Any]:
        """The plain answers by path."""
        gevonden = ((pad, answer(self.gegevens, pad)) for pad in answer_paths())
        return {pad: waarde for pad, waarde in gevonden if waarde is not None}

    @property
    def lijsten(self) -> dict[str, Sequence[Tabel]]:
        """The lists whose items become trajecten."""
        return {naam: self.gegevens[naam] for naam in LIJSTEN if naam in self.gegevens}

    def dag(self, pad: str) -> int | None:
        """The day number of the date at a path."""
        return day_of(answer(self.gegevens, pad))


@dataclass(frozen=True, slots=True)
class Levering:
    """A delivery: its period (day numbers), when it was made (UTC microseconds), and its trajecten."""

    van_dag: int | None
    tot_met_dag: int | None
    aangeleverd_us: int
    trajecten: tuple[Traject, ...]


def answer(gegevens: Mapping[str, Any], pad: str) -> Any:
    """What stands at a path, None when nothing does."""
    voor, _, naam = pad.rpartition(".")
    return (gegevens.get(voor) or {} if voor else gegevens).get(naam)


def day_of(waarde: str | None) -> int | None:
    """The day number of a cleaned date."""
    return daynumber(date.fromisoformat(waarde)) if waarde else None


def read(tekst: bytes | str, op: Opmerkingen) -> Levering | None:
    """The delivery in a file, None when something refuses the file; what is to be said of it is added to `op`."""
    lezing = _Lezing(op)
    ruw = _parsed(lezing, tekst)
    if op.fouten:
        return None
    kop = lezing.value(schema(), ruw, ())
    if kop is None and not op.fouten:
        lezing.wrong((), schema(), ruw)
    levering = None if op.fouten else _levering(lezing, kop)
    return None if op.fouten else levering


# From bytes to plain data.


class _Onzin(str):
    """A number that is none (NaN, Infinity) or has too many digits."""


class _Dubbel(dict[str, Any]):
    """An object in which names stand twice."""

    namen: tuple[str, ...] = ()


class _GeenTekst(Exception):
    """Bytes that cannot be read at all; the finding has been noted."""


def _parsed(lezing: _Lezing, tekst: bytes | str) -> Any:
    try:
        ruw = _loaded(lezing, _decoded(lezing, tekst))
    except _GeenTekst:
        return None
    _check_tree(lezing, ruw)
    return ruw


def _decoded(lezing: _Lezing, tekst: bytes | str) -> str:
    if len(tekst) > MAX_MB * 1_000_000:
        lezing.stop("te_groot", grens=MAX_MB)
    if isinstance(tekst, str):
        return tekst.removeprefix("\ufeff")
    try:
        return tekst.decode("utf-8-sig")
    except UnicodeDecodeError as fout:
        lezing.stop("geen_utf8", plek=fout.start)


def _loaded(lezing: _Lezing, tekst: str) -> Any:
    try:
        return json.loads(
            tekst, object_pairs_hook=_object, parse_float=_decimal, parse_int=_integer, parse_constant=_Onzin
        )
    except json.JSONDecodeError as fout:
        lezing.stop("geen_json", regel=fout.lineno, kolom=fout.colno)
    except RecursionError:
        lezing.stop("te_diep")


def _object(paren: list[tuple[str, Any]]) -> dict[str, Any]:
    tabel = dict(paren)
    if len(tabel) == len(paren):
        return tabel
    dubbel = _Dubbel(tabel)
    namen = [naam for naam, _ in paren]
    dubbel.namen = tuple(naam for naam in tabel if namen.count(naam) > 1)
    return dubbel


def _integer(tekst: str) -> int | _Onzin:
    return int(tekst) if len(tekst) <= MAX_GETAL_CIJFERS else _Onzin(tekst)


def _decimal(tekst: str) -> Decimal | _Onzin:
    if len(tekst) > 2 * MAX_GETAL_CIJFERS:
        return _Onzin(tekst)
    getal = Decimal(tekst)
    return getal if abs(getal.adjusted()) <= MAX_GETAL_CIJFERS else _Onzin(tekst)


def _check_tree(lezing: _Lezing, ruw: Any) -> None:
    """What no reader can put up with, anywhere: names twice, no-numbers, broken characters, depth."""
    te_doen: list[tuple[Pad, Any]] = [((), ruw)]
    while te_doen:
        pad, waarde = te_doen.pop()
        _check_value(lezing, pad, waarde)
        if len(pad) > MAX_DIEPTE:
            lezing.op.add(pad, "te_diep")
        elif isinstance(waarde, dict):
            te_doen += [((*pad, naam), deel) for naam, deel in waarde.items()]
        elif isinstance(waarde, list):
            te_doen += [((*pad, nr), deel) for nr, deel in enumerate(waarde)]


def _check_value(lezing: _Lezing, pad: Pad, waarde: Any) -> None:
    if isinstance(waarde, _Onzin):
        lezing.op.add(pad, "geen_getal", waarde=shown(waarde))
    elif isinstance(waarde, _Dubbel):
        for naam in waarde.namen:
            lezing.op.add((*pad, naam), "dubbele_naam", naam=quoted(naam[:60]))
    teksten = [waarde] if isinstance(waarde, str) else waarde if isinstance(waarde, dict) else ()
    if any(_is_broken(tekst) for tekst in teksten):
        lezing.op.add(pad, "onleesbaar_teken")


def _is_broken(tekst: str) -> bool:
    return not tekst.isascii() and any("\ud800" <= teken <= "\udfff" for teken in tekst)


# From plain data to cleaned data, along the schema.


class _Lezing:
    """One reading: the findings so far. A reader returns the cleaned value, or None for nothing."""

    def __init__(self, op: Opmerkingen) -> None:
        self.op = op

    def stop(self, code: str, **gegevens: Any) -> NoReturn:
        """Note a fout of the whole file and give up."""
        self.op.add((), code, **gegevens)
        raise _GeenTekst

    def value(self, knoop: Knoop, waarde: Any, pad: Pad) -> Any:
        """The value at a place, cleaned."""
        knoop = resolve(knoop)
        if waarde is None or waarde == "" or (waarde in ([], {}) and knoop["type"] not in ("array", "object")):
            self.op.add(pad, "leeg")
            return None
        return LEZERS[_reader_of(knoop)](self, knoop, waarde, pad)

    def wrong(self, pad: Pad, knoop: Knoop, waarde: Any) -> None:
        """Note that a value is of a kind that cannot be read here."""
        verwacht, gevonden = SOORTNAMEN[knoop["type"]], SOORTNAMEN[_kind(waarde)]
        self.op.add(
            pad,
            "verkeerde_soort",
            verwacht_nl=verwacht[0],
            gevonden_nl=gevonden[0],
            verwacht_en=verwacht[1],
            gevonden_en=gevonden[1],
        )


def _reader_of(knoop: Knoop) -> str:
    return "enum" if "enum" in knoop else knoop.get("format", knoop["type"])


def _kind(waarde: Any) -> str:
    if isinstance(waarde, bool):
        return "boolean"
    soorten = {dict: "object", list: "array", str: "string", int: "integer", Decimal: "number"}
    return next((naam for soort, naam in soorten.items() if isinstance(waarde, soort)), "null")


def _table(lezing: _Lezing, knoop: Knoop, waarde: Any, pad: Pad) -> Tabel | None:
    if isinstance(waarde, list) and len(waarde) <= 1:
        lezing.op.add(pad, "lijst_als_een" if waarde else "leeg")
        waarde = waarde[0] if waarde else {}
    if not isinstance(waarde, dict):
        lezing.wrong(pad, knoop, waarde)
        return None
    namen = _names(lezing, knoop["properties"], waarde, pad)
    eerdere_fouten = lezing.op.aantal["fout"]
    gelezen = {naam: lezing.value(knoop["properties"][naam], waarde[als], (*pad, als)) for naam, als in namen.items()}
    gelezen = {naam: deel for naam, deel in gelezen.items() if deel is not None}
    for naam in knoop.get("required", ()):
        is_gezegd = naam in namen and lezing.op.aantal["fout"] > eerdere_fouten
        if naam not in gelezen and not is_gezegd:
            lezing.op.add((*pad, naam), "ontbreekt" if naam in NODIG else "ontbreekt_in_kop")
    return Tabel(pad, gelezen) if gelezen else None


def _names(lezing: _Lezing, bekend: Mapping[str, Any], tabel: Mapping[str, Any], pad: Pad) -> dict[str, str]:
    """Name in the format -> name in the file; another spelling counts where the right one is missing."""
    namen = {naam: naam for naam in bekend if naam in tabel}
    anders = {_plain(naam): naam for naam in bekend}
    for als in tabel:
        if als in namen:
            continue
        naam = anders.get(_plain(als))
        if naam is None or naam in namen:
            lezing.op.add((*pad, als), "onbekende_naam")
            continue
        namen[naam] = als
        lezing.op.add((*pad, als), "naam_gelezen_als", naam=naam)
    return namen


def _list(lezing: _Lezing, knoop: Knoop, waarde: Any, pad: Pad) -> list[Any] | None:
    if isinstance(waarde, dict) and waarde:
        lezing.op.add(pad, "een_als_lijst")
        waarde = [waarde]
    if not isinstance(waarde, list):
        if waarde != {}:
            lezing.wrong(pad, knoop, waarde)
        return None
    if not waarde and knoop.get("minItems") and pad[-1] in NODIG:
        lezing.op.add(pad, "leeg_lijst")
    delen = [lezing.value(knoop["items"], deel, (*pad, nr)) for nr, deel in enumerate(waarde)]
    return [deel for deel in delen if deel is not None] or None


def _text(lezing: _Lezing, knoop: Knoop, waarde: Any, pad: Pad) -> str | None:
    if isinstance(waarde, (int, Decimal)) and not isinstance(waarde, bool):
        lezing.op.add(pad, "getal_als_tekst")
        waarde = str(waarde)
    if not isinstance(waarde, str):
        lezing.wrong(pad, knoop, waarde)
        return None
    tekst = unicodedata.normalize("NFC", waarde).strip()
    if tekst != unicodedata.normalize("NFC", waarde):
        lezing.op.add(pad, "spaties")
    return tekst or None


def _number(lezing: _Lezing, knoop: Knoop, waarde: Any, pad: Pad) -> int | None:
    getal = _amount(waarde) if isinstance(waarde, str) else waarde
    if isinstance(getal, bool) or not isinstance(getal, (int, Decimal)):
        lezing.wrong(pad, knoop, waarde)
        return None
    heel = int(Decimal(getal).to_integral_value(ROUND_HALF_UP))
    if heel != getal:
        lezing.op.add(pad, "afgerond", gelezen=heel)
    elif isinstance(waarde, str):
        lezing.op.add(pad, "tekst_als_getal", gelezen=heel)
    return heel


def _amount(tekst: str) -> Decimal | None:
    """A number as people and systems write it: 10000, 10.000,50, € 10.000,-, 10000.50."""
    kaal = re.sub(r"[€\s]|,-+$|EUR", "", tekst)
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d{1,2})?", kaal, re.ASCII):
        kaal = kaal.replace(".", "")
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d{1,2})?", kaal, re.ASCII):
        kaal = kaal.replace(",", "")
    kaal = kaal.replace(",", ".")
    return Decimal(kaal) if re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", kaal, re.ASCII) else None


def _boolean(lezing: _Lezing, knoop: Knoop, waarde: Any, pad: Pad) -> bool | None:
    if isinstance(waarde, bool):
        return waarde
    gelezen = WAAR.get(str(waarde).strip().casefold()) if isinstance(waarde, (str, int)) else None
    if gelezen is None:
        lezing.wrong(pad, knoop, waarde)
        return None
    lezing.op.add(
        pad, "gelezen_als_ja_nee", gelezen_nl="ja" if gelezen else "nee", gelezen_en="true" if gelezen else "false"
    )
    return gelezen


def _date(lezing: _Lezing, knoop: Knoop, waarde: Any, pad: Pad) -> str | None:
    if not isinstance(waarde, (str, int)) or isinstance(waarde, bool):
        lezing.wrong(pad, knoop, waarde)
        return None
    tekst = str(waarde).strip()
    dag = _day(tekst)
    if dag is None:
        lezing.op.add(pad, "datum_bestaat_niet")
        return None
    if not EERSTE <= dag <= LAATSTE:
        lezing.op.add(pad, "datum_buiten_bereik")
        return None
    gelezen = date_of(dag)
    if gelezen.isoformat() != waarde:
        lezing.op.add(pad, "gelezen_als", gelezen=gelezen)
    return gelezen.isoformat()


def _day(tekst: str) -> int | None:
    if m := re.fullmatch(r"(\d{4})(\d{2})(\d{2})", tekst, re.ASCII):
        tekst = "-".join(m.groups())
    try:
        if re.match(r"\d{4}-\d{2}-\d{2}[T ]", tekst, re.ASCII):
            moment = datetime.fromisoformat(tekst)
            return klok.day_of(moment) if moment.tzinfo else daynumber(moment.date())
        return read_date(tekst)
    except (ValueError, OverflowError):
        return None


def _moment(lezing: _Lezing, knoop: Knoop, waarde: Any, pad: Pad) -> int | None:
    if not isinstance(waarde, str):
        lezing.wrong(pad, knoop, waarde)
        return None
    try:
        moment = datetime.fromisoformat(waarde.strip())
        if not EERSTE < daynumber(moment.date()) < LAATSTE:
            raise ValueError
    except ValueError:
        lezing.op.add(pad, "moment_onleesbaar")
        return None
    if moment.tzinfo is None:
        lezing.op.add(pad, "moment_gelezen_als")
        moment = moment.replace(tzinfo=klok.AMSTERDAM)
    return klok.microseconds(moment.astimezone(UTC))


def _code(lezing: _Lezing, knoop: Knoop, waarde: Any, pad: Pad) -> str | None:
    if isinstance(waarde, (dict, list, bool)):
        lezing.wrong(pad, knoop, waarde)
        return None
    tekst = str(waarde).strip()
    if tekst in knoop["enum"]:
        return tekst
    gelezen = nearest(tekst, knoop["enum"])
    if gelezen is None and "Overig" in knoop["enum"]:
        gelezen = "Overig"
    if gelezen is None:
        lezing.op.add(pad, "waarde_onbekend", gevonden=shown(tekst))
        return None
    lezing.op.add(pad, "waarde_gelezen_als", gevonden=shown(tekst), gelezen=gelezen)
    return gelezen


LEZERS: dict[str, Callable[[_Lezing, Knoop, Any, Pad], Any]] = {
    "object": _table,
    "array": _list,
    "string": _text,
    "email": _text,
    "integer": _number,
    "boolean": _boolean,
    "date": _date,
    "date-time": _moment,
    "enum": _code,
}


def nearest(tekst: str, codes: Sequence[str]) -> str | None:
    """The one code that this can only mean: but for capitals, spaces, signs or a slip of the pen. Else None."""
    kaal = _plain(tekst)
    gelijk = [code for code in codes if _plain(code) == kaal or ALIASSEN.get(kaal) == code]
    if not gelijk:
        gelijk = [code for code in codes if _slips(kaal, _plain(code)) <= _allowed(kaal)]
    return gelijk[0] if len(gelijk) == 1 else None


def _plain(tekst: str) -> str:
    kaal = unicodedata.normalize("NFKD", tekst.casefold())
    return "".join(teken for teken in kaal if teken.isalnum())


def _allowed(kaal: str) -> int:
    """One slip in a short word, two in a long one, none in a very short one: a word is soon another word."""
    return 0 if len(kaal) < 6 else 1 if len(kaal) < 10 else 2


def _slips(een: str, ander: str) -> int:
    """Letters to add, drop or change to make one of the other (Levenshtein)."""
    if abs(len(een) - len(ander)) > 2:
        return 3
    rij = list(range(len(ander) + 1))
    for i, a in enumerate(een, 1):
        vorige, rij = rij, [i]
        for j, b in enumerate(ander, 1):
            rij.append(min(vorige[j] + 1, rij[-1] + 1, vorige[j - 1] + (a != b)))
    return rij[-1]


# From cleaned data to a delivery.


def _levering(lezing: _Lezing, kop: Mapping[str, Any]) -> Levering:
    van, tot_met = day_of(kop.get("startdatumLevering")), day_of(kop.get("einddatumLevering"))
    trajecten = tuple(
        _traject(lezing, gegevens, _organisation(levering.get("aanleverende_organisatie", {})))
        for levering in kop["leveringen"]
        for gegevens in levering.get("schuldhulptrajecten", ())
    )
    for traject in trajecten:
        _check_period(lezing, traject, van, tot_met)
    return Levering(van, tot_met, kop["aanleverdatumEnTijd"], trajecten)


def _organisation(organisatie: Mapping[str, Any]) -> str:
    """What identifies who delivers: KvK number, else the name."""
    return str(organisatie.get("KvK-nummer") or organisatie.get("(Statutaire) Naam") or "").casefold()


def _traject(lezing: _Lezing, gegevens: Tabel, organisatie: str) -> Traject:
    code = _municipality(lezing, gegevens)
    clienten = gegevens.get("client", [])
    if not clienten:
        lezing.op.add((*gegevens.pad, "client"), "geen_client")
    if len(clienten) > 2:
        lezing.op.add((*gegevens.pad, "client"), "te_veel_clienten", aantal=len(clienten))
    gelezen = tuple(_client(lezing, client) for client in clienten)
    return Traject(gegevens.pad, organisatie, code, gelezen, gegevens)


def _municipality(lezing: _Lezing, gegevens: Tabel) -> str:
    geleverd = gegevens["gemeentecode"]
    code = geleverd.upper().replace(" ", "")
    if re.fullmatch(r"\d{1,4}", code, re.ASCII):
        code = f"GM{code:>04}"
    if not re.fullmatch(r"GM\d{1,4}", code, re.ASCII):
        lezing.op.add((*gegevens.pad, "gemeentecode"), "gemeentecode_onleesbaar")
    elif code != geleverd:
        lezing.op.add((*gegevens.pad, "gemeentecode"), "gelezen_als", gelezen=code)
    gegevens["gemeentecode"] = code
    return str(code)


def _client(lezing: _Lezing, client: Tabel) -> Client:
    _correct_bsn(lezing, client)
    _correct_sex(lezing, client)
    gelezen = Client(
        pad=client.pad,
        bsn=client.get("Burgerservicenummer", ""),
        geboortedatum=client.get("Geboortedatum", ""),
        geslacht=client.get("Geslachtsaanduiding", ""),
        postcode=client.get("Postcode", ""),
        huisnummer=client.get("Huisnummer", ""),
        toevoeging=client.get("Huisnummertoevoeging", ""),
    )
    if gelezen.geboortedatum and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", gelezen.geboortedatum, re.ASCII):
        lezing.op.add((*client.pad, "Geboortedatum"), "geboortedatum_onvolledig")
    if not gelezen.bsn and not gelezen.geboortedatum:
        lezing.op.add(client.pad, "client_zonder_gegevens")
    return gelezen


def _correct_bsn(lezing: _Lezing, client: Tabel) -> None:
    geleverd = client.get("Burgerservicenummer")
    if geleverd is None:
        return
    cijfers = re.sub(r"[\s.\-]", "", geleverd)
    pad = (*client.pad, "Burgerservicenummer")
    if cijfers != cijfers.zfill(9) and is_valid_bsn(cijfers.zfill(9)):
        cijfers = cijfers.zfill(9)
        lezing.op.add(pad, "bsn_aangevuld")
    if re.fullmatch(r"\d{9}", cijfers, re.ASCII):
        client["Burgerservicenummer"] = cijfers
    if not is_valid_bsn(cijfers):
        lezing.op.add(pad, "bsn_klopt_niet")


def _correct_sex(lezing: _Lezing, client: Tabel) -> None:
    geleverd = client.get("Geslachtsaanduiding")
    if geleverd is None or geleverd in GESLACHTEN:
        return
    gelezen = nearest(geleverd, GESLACHTEN) or GESLACHT_CODES.get(geleverd.casefold())
    if gelezen:
        client["Geslachtsaanduiding"] = gelezen
        lezing.op.add((*client.pad, "Geslachtsaanduiding"), "gelezen_als", gelezen=gelezen)


def _check_period(lezing: _Lezing, traject: Traject, van: int | None, tot_met: int | None) -> None:
    begin, einde = traject.dag("startdatum"), traject.dag("einddatum")
    if begin is not None and einde is not None and einde < begin:
        data = {"einde": date_of(einde), "begin": date_of(begin)}
        lezing.op.add((*traject.pad, "einddatum"), "einde_voor_begin", **data)
    te_laat = tot_met is not None and begin is not None and begin > tot_met
    te_vroeg = van is not None and einde is not None and einde < van
    if te_laat or te_vroeg:
        lezing.op.add((*traject.pad, "startdatum" if te_laat else "einddatum"), "buiten_periode")
