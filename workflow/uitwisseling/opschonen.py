"""Plain data cleaned along a schema: names, types and codes become those of the format, and each such reading is noted.

Promises: what comes out fits the schema, but for what is required. Forgiven is what can be read in one way only: nulls,
a name in other capitals, a code with other capitals, spaces or hyphens or with a slip of the pen, numbers and dates as
text, one thing for a list of one. What cannot be read is a fout. Nothing is filled in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from models import klok
from workflow.kalender import date_of, daynumber
from workflow.uitwisseling.ddas_schema import Knoop, resolve
from workflow.uitwisseling.opmerkingen import Opmerkingen, Pad, shown
from workflow.velden import read_date

EERSTE, LAATSTE = daynumber(date(1900, 1, 1)), daynumber(date(2099, 12, 31))

NODIG = frozenset({"leveringen", "aanleverdatumEnTijd", "gemeentecode"})
"""Required names without which nothing can be done; other required names may be missing."""

LEEG_TELT = frozenset({"client"})
"""Lists of which an empty object counts: a client of whom nothing is known is a client."""

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
DELEN = ("object", "array")
"""Kinds of value that have parts."""

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
    """A cleaned object that knows where it stood in the file, and what its names are there."""

    def __init__(self, pad: Pad, inhoud: Mapping[str, Any], namen: Mapping[str, str]) -> None:
        super().__init__(inhoud)
        self.pad = pad
        self._namen = namen

    def place(self, naam: str) -> Pad:
        """Where what has this name in the format stands in the file, or would stand."""
        deel, _, rest = naam.partition(".")
        pad = (*self.pad, self._namen.get(deel, deel))
        if not rest:
            return pad
        binnen = self.get(deel)
        return binnen.place(rest) if isinstance(binnen, Tabel) else (*pad, *rest.split("."))


class Lezing:
    """One reading: the findings so far. A reader returns the cleaned value, or None for nothing."""

    def __init__(self, op: Opmerkingen) -> None:
        self.op = op

    def value(self, knoop: Knoop, waarde: Any, pad: Pad) -> Any:
        """The value at a place, cleaned."""
        knoop = resolve(knoop)
        if _is_nothing(knoop, waarde):
            self._nothing(knoop, waarde, pad)
            return None
        return LEZERS[_reader_of(knoop)](self, knoop, waarde, pad)

    def wrong(self, pad: Pad, knoop: Knoop, waarde: Any, code: str = "verkeerde_soort") -> None:
        """Note that a value is of a kind that does not belong here; by default that it cannot be read."""
        verwacht, gevonden = SOORTNAMEN[knoop["type"]], SOORTNAMEN[_kind(waarde)]
        namen = {"verwacht_nl": verwacht[0], "gevonden_nl": gevonden[0]}
        self.op.add(pad, code, **namen, verwacht_en=verwacht[1], gevonden_en=gevonden[1])

    def _nothing(self, knoop: Knoop, waarde: Any, pad: Pad) -> None:
        """Note that nothing is given; where something is needed, another kind of nothing is wrong."""
        if not pad:
            self.wrong(pad, knoop, waarde)
        elif waarde is None or (waarde == "" and knoop["type"] not in DELEN):
            self.op.add(pad, "leeg")
        else:
            self.wrong(pad, knoop, waarde, "verkeerde_soort" if _is_one_of(NODIG, pad) else "leeg_andere_soort")


def _is_nothing(knoop: Knoop, waarde: Any) -> bool:
    """Whether this is null, an empty text, or an empty list or object where the other or neither belongs."""
    if waarde is None or waarde == "":
        return True
    return waarde in ([], {}) and _kind(waarde) != knoop["type"]


def _is_one_of(namen: Collection[str], pad: Pad) -> bool:
    """Whether a path ends in one of these names, however it is written in the file."""
    naam = pad[-1] if pad else ""
    return naam in namen or (isinstance(naam, str) and _plain(naam) in map(_plain, namen))


def _reader_of(knoop: Knoop) -> str:
    return "enum" if "enum" in knoop else knoop.get("format", knoop["type"])


def _kind(waarde: Any) -> str:
    if isinstance(waarde, bool):
        return "boolean"
    soorten = {dict: "object", list: "array", str: "string", int: "integer", Decimal: "number"}
    return next((naam for soort, naam in soorten.items() if isinstance(waarde, soort)), "null")


def _table(lezing: Lezing, knoop: Knoop, waarde: Any, pad: Pad) -> Tabel | None:
    if isinstance(waarde, list) and len(waarde) == 1 and isinstance(waarde[0], dict):
        lezing.op.add(pad, "lijst_als_een")
        waarde = waarde[0]
    if not isinstance(waarde, dict):
        lezing.wrong(pad, knoop, waarde)
        return None
    namen = _names(lezing, knoop["properties"], waarde, pad)
    gelezen, geweigerd = _parts(lezing, knoop["properties"], waarde, namen, pad)
    for naam in knoop.get("required", ()):
        if naam not in gelezen and naam not in geweigerd:
            lezing.op.add((*pad, namen.get(naam, naam)), "ontbreekt" if naam in NODIG else "ontbreekt_in_kop")
    return Tabel(pad, gelezen, namen) if gelezen else None


def _parts(
    lezing: Lezing, knopen: Mapping[str, Knoop], tabel: Mapping[str, Any], namen: Mapping[str, str], pad: Pad
) -> tuple[dict[str, Any], set[str]]:
    """What could be read of an object, by name, and the names at which a fout was noted."""
    gelezen: dict[str, Any] = {}
    geweigerd: set[str] = set()
    for naam, als in namen.items():
        eerdere_fouten = lezing.op.aantal["fout"]
        deel = lezing.value(knopen[naam], tabel[als], (*pad, als))
        if deel is not None:
            gelezen[naam] = deel
        if lezing.op.aantal["fout"] > eerdere_fouten:
            geweigerd.add(naam)
    return gelezen, geweigerd


def _names(lezing: Lezing, bekend: Mapping[str, Any], tabel: Mapping[str, Any], pad: Pad) -> dict[str, str]:
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


def _list(lezing: Lezing, knoop: Knoop, waarde: Any, pad: Pad) -> list[Any] | None:
    if isinstance(waarde, dict) and waarde:
        lezing.op.add(pad, "een_als_lijst")
        waarde = [waarde]
    if not isinstance(waarde, list):
        lezing.wrong(pad, knoop, waarde)
        return None
    eerdere_fouten = lezing.op.aantal["fout"]
    read = _counted if _is_one_of(LEEG_TELT, pad) else Lezing.value
    delen = [read(lezing, knoop["items"], deel, (*pad, nr)) for nr, deel in enumerate(waarde)]
    gelezen = [deel for deel in delen if deel is not None]
    if not gelezen and _is_one_of(NODIG, pad) and lezing.op.aantal["fout"] == eerdere_fouten:
        lezing.op.add(pad, "leeg_lijst")
    return gelezen or None


def _counted(lezing: Lezing, knoop: Knoop, waarde: Any, pad: Pad) -> Any:
    """The value, with an object that says nothing as an empty one."""
    gelezen = lezing.value(knoop, waarde, pad)
    return Tabel(pad, {}, {}) if gelezen is None and isinstance(waarde, dict) else gelezen


def _text(lezing: Lezing, knoop: Knoop, waarde: Any, pad: Pad) -> str | None:
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


def _number(lezing: Lezing, knoop: Knoop, waarde: Any, pad: Pad) -> int | None:
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


def _boolean(lezing: Lezing, knoop: Knoop, waarde: Any, pad: Pad) -> bool | None:
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


def _date(lezing: Lezing, knoop: Knoop, waarde: Any, pad: Pad) -> str | None:
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


def _moment(lezing: Lezing, knoop: Knoop, waarde: Any, pad: Pad) -> int | None:
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


def _code(lezing: Lezing, knoop: Knoop, waarde: Any, pad: Pad) -> str | None:
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


LEZERS: dict[str, Callable[[Lezing, Knoop, Any, Pad], Any]] = {
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
