"""Reads a routekaart: YAML or stored JSON in, a frozen Routekaart or findings with line numbers out.

Promises: whatever it is given, `lees` answers with a map in which nothing is wrong, or raises RoutekaartOngeldig with
the findings of the first stage that has any: characters, YAML, shape, then names and checks (`kaartcontrole`). Time and
memory stay within MAX_*.

Choices. The text is read as a stream of parser events and not with `yaml.compose`, which overflows the C stack on deep
nesting; events also let a file be refused before it is in memory. Only true and false are booleans, so `ja` and `nee`
are text; a date is the text YYYY-MM-DD. Which keys there are is data (`_KAART`): key -> reader, "?" where it may be
left out. Mappings whose order means something are lists of pairs in the canonical JSON. A stored map was checked when
it was published, so `uit_json` does not judge it again: a check made stricter later must not lock old trajecten out.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from itertools import islice
from typing import Any, NoReturn, get_args

import yaml

from workflow.kaartcontrole import Inhoud, Pad, check, short, show, unknown
from workflow.kalender import daynumber
from workflow.rollen import Rol
from workflow.routekaart import (
    ALLE,
    Ambitie,
    Catalogusregel,
    Eenheid,
    Einde,
    Gevolg,
    Keuze,
    Lengte,
    Onderwerp,
    Opgavesoort,
    Opgever,
    Overgang,
    Reden,
    Reeks,
    Ritme,
    Route,
    Routekaart,
    Stap,
    Status,
    Termijnregel,
    Veld,
    Veldsoort,
    Voorbeeld,
    Voorwaarde,
)

MAX_BYTES = 2_000_000
MAX_WAARDEN = 50_000
MAX_ITEMS = 500
MAX_DIEPTE = 12
MAX_BEVINDINGEN = 200

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_VERBODEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff"
    "\ufeff\ufff9-\uffff\U000e0000-\U000e0fff]"
)
"""Control characters, surrogates, and invisible characters that make a text read otherwise than it is."""

_STAPEL = re.compile(r"[^\w\x00-\x7f]{40}")
"""So many accents in a row that putting them in order (NFC) would take minutes: its time is quadratic."""

_WOORDEN = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True, order=True)
class Bevinding:
    """What is wrong, in English with its path, and on which line (from 1)."""

    regel: int
    tekst: str


class RoutekaartOngeldig(Exception):
    """A text that is no valid map; its string has one finding a line."""

    def __init__(self, bevindingen: Collection[Bevinding]) -> None:
        self.bevindingen = sorted(set(bevindingen))
        super().__init__("\n".join(f"line {b.regel}: {b.tekst}" for b in self.bevindingen))


def bevindingen(
    tekst: str | bytes, voorwaarden: Collection[str] | None = None, gevolgen: Collection[str] | None = None
) -> list[Bevinding]:
    """What is wrong with this map, by line; empty when it can be used. The other arguments are those of `lees`."""
    try:
        lees(tekst, voorwaarden, gevolgen)
    except RoutekaartOngeldig as fout:
        return fout.bevindingen
    return []


def lees(
    tekst: str | bytes, voorwaarden: Collection[str] | None = None, gevolgen: Collection[str] | None = None
) -> Routekaart:
    """The map of a YAML text. `voorwaarden` and `gevolgen` are the known names, by default the closed lists.

    Raises RoutekaartOngeldig, and nothing else.
    """
    lezing = _Lezing()
    ruw = _from_yaml(lezing, _checked(tekst))
    plat = _read(lezing, ruw)
    inhoud = _build(
        lezing,
        plat,
        _canonical(ruw, lezing.tabellen),
        _VOORWAARDEN.keys() if voorwaarden is None else voorwaarden,
        _GEVOLGEN.keys() if gevolgen is None else gevolgen,
    )
    lezing.add(check(inhoud))
    lezing.refuse()
    return inhoud.kaart


def uit_json(canoniek: str) -> Routekaart:
    """The map of its stored canonical JSON. Raises RoutekaartOngeldig when that is damaged."""
    lezing = _Lezing(uit_json=True)
    try:
        ruw = json.loads(canoniek)
        schoon = _canonical(ruw, ())
        schoon.encode()
    except (ValueError, RecursionError):
        _stop(1, "the stored map is not JSON")
    inhoud = _build(lezing, _read(lezing, ruw), schoon, (), ())
    lezing.refuse()
    return inhoud.kaart


def with_guard(kaart: Routekaart, route: str, overgang: str, naam: str, argument: Any) -> Voorwaarde:
    """A guard as it would stand at the end of an overgang of this map. Raises RoutekaartOngeldig when it cannot."""
    ruw = json.loads(kaart.canoniek)
    inhoud = _item(_item(ruw["routes"], route)["overgangen"], overgang)
    inhoud["voorwaarden"] = [*inhoud.get("voorwaarden", ()), {naam: argument}]
    lezing = _Lezing(uit_json=True)
    gebouwd = _build(lezing, _read(lezing, ruw), _canonical(ruw, ()), _VOORWAARDEN.keys(), _GEVOLGEN.keys())
    lezing.add(check(gebouwd))
    lezing.refuse()
    return gebouwd.kaart.routes[route].overgangen[overgang].voorwaarden[-1]


def _item(tabel: list[list[Any]], code: str) -> dict[str, Any]:
    """What a table of the stored map has under a code."""
    return next(inhoud for naam, inhoud in tabel if naam == code)


def _stop(regel: int, zin: str) -> NoReturn:
    raise RoutekaartOngeldig([Bevinding(regel, zin)])


class _Lezing:
    """One reading: the line of each value, the ordered mappings met, the findings so far."""

    def __init__(self, uit_json: bool = False) -> None:
        self.uit_json = uit_json
        self.regels: dict[Pad, int] = {}
        self.tabellen: set[Pad] = set()
        self.bevindingen: list[Bevinding] = []

    def meld(self, pad: Pad, zin: str, regel: int | None = None) -> Any:
        """Note a finding; its line is that of the nearest value there is."""
        if len(self.bevindingen) < MAX_BEVINDINGEN:
            self.bevindingen.append(Bevinding(regel or self._regel(pad), f"{show(pad)}: {zin}" if pad else zin))

    def onbekend(self, pad: Pad, naam: str, bekend: Collection[str], wat: str) -> None:
        """Note a name that is not known. Looking for one that looks like it takes time, so not without end."""
        if len(self.bevindingen) < MAX_BEVINDINGEN:
            self.meld(pad, unknown(naam, bekend, wat))

    def add(self, klachten: Any) -> None:
        """Note complaints, as many as there is room for."""
        for pad, zin in islice(klachten, MAX_BEVINDINGEN):
            self.meld(pad, zin)

    def refuse(self) -> None:
        """Raise RoutekaartOngeldig when there are findings."""
        if self.bevindingen:
            raise RoutekaartOngeldig(self.bevindingen)

    def _regel(self, pad: Pad) -> int:
        while pad and pad not in self.regels:
            pad = pad[:-1]
        return self.regels.get(pad, 1)


# From text to plain data.


def _checked(tekst: str | bytes) -> str:
    if len(tekst) > MAX_BYTES:
        _stop(1, "the file is larger than 2 MB")
    if isinstance(tekst, bytes):
        tekst = _decoded(tekst)
    tekst = tekst.removeprefix("\ufeff")
    fout = [
        Bevinding(tekst.count("\n", 0, m.start()) + 1, f"holds the character U+{ord(m[0]):04X}, which cannot be used")
        for m in islice(_VERBODEN.finditer(tekst), MAX_BEVINDINGEN)
    ]
    if fout:
        raise RoutekaartOngeldig(fout)
    return tekst


def _decoded(tekst: bytes) -> str:
    try:
        return tekst.decode()
    except UnicodeDecodeError as fout:
        _stop(tekst.count(b"\n", 0, fout.start) + 1, "the file is not UTF-8")


def _from_yaml(lezing: _Lezing, tekst: str) -> Any:
    try:
        ruw = _Stroom(lezing, tekst).document()
    except yaml.MarkedYAMLError as fout:
        regel = fout.problem_mark.line if fout.problem_mark else 0
        waar = f" {fout.context} from line {fout.context_mark.line + 1}" if fout.context_mark else ""
        _stop(min(regel + 1, len(tekst.splitlines())), f"this is not YAML: {fout.problem}{waar}")
    except (yaml.YAMLError, ValueError, OverflowError):
        _stop(1, "this is not YAML")
    lezing.refuse()
    return ruw


class _Stroom:
    """Plain data out of parser events: dicts, lists, texts, numbers and booleans."""

    def __init__(self, lezing: _Lezing, tekst: str) -> None:
        self.lezing = lezing
        self.events = yaml.parse(tekst, Loader=_LOADER)
        self.aantal = 0

    def document(self) -> Any:
        """The content of the only document."""
        next(self.events)
        if isinstance(next(self.events), yaml.StreamEndEvent):
            _stop(1, "the file is empty")
        waarde = self._waarde(next(self.events), (), 1)
        next(self.events)
        if not isinstance(event := next(self.events), yaml.StreamEndEvent):
            self.lezing.meld((), "here begins a second document; a map is one", _regel(event))
        return waarde

    def _waarde(self, event: Any, pad: Pad, regel: int) -> Any:
        is_tekst = isinstance(event, yaml.ScalarEvent)
        self.lezing.regels[pad] = _regel(event) if is_tekst and event.value else regel
        self._allow(event, pad)
        if isinstance(event, yaml.AliasEvent):
            return None
        if is_tekst:
            return self._scalar(event, pad)
        return self._lijst(pad) if isinstance(event, yaml.SequenceStartEvent) else self._tabel(pad)

    def _allow(self, event: Any, pad: Pad) -> None:
        self.aantal += 1
        if self.aantal > MAX_WAARDEN:
            _stop(_regel(event), f"the file holds more than {MAX_WAARDEN} values")
        if len(pad) > MAX_DIEPTE:
            _stop(_regel(event), f"nested more than {MAX_DIEPTE} deep")
        if event.anchor:
            self.lezing.meld(pad, "anchors and aliases (& and *) cannot be used; write it out", _regel(event))
        if getattr(event, "tag", None):
            self.lezing.meld(pad, "tags (!) cannot be used", _regel(event))

    def _clean(self, event: Any, pad: Pad) -> str:
        if _STAPEL.search(event.value):
            self.lezing.meld(pad, "holds a pile of accents or signs", _regel(event))
            return ""
        tekst = unicodedata.normalize("NFC", event.value).strip()
        if gevonden := _VERBODEN.search(tekst):
            self.lezing.meld(pad, f"holds the character U+{ord(gevonden[0]):04X}, which cannot be used", _regel(event))
        return tekst

    def _scalar(self, event: Any, pad: Pad) -> Any:
        tekst = self._clean(event, pad)
        if not event.implicit[0]:
            return tekst
        return int(tekst) if re.fullmatch(r"-?(0|[1-9][0-9]{0,8})", tekst) else _WOORDEN.get(tekst, tekst)

    def _lijst(self, pad: Pad) -> list[Any]:
        waarden: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            self._room(len(waarden), pad, event)
            waarden.append(self._waarde(event, (*pad, len(waarden)), _regel(event)))
        return waarden

    def _tabel(self, pad: Pad) -> dict[str, Any]:
        tabel: dict[str, Any] = {}
        while not isinstance(sleutel := next(self.events), yaml.MappingEndEvent):
            self._room(len(tabel), pad, sleutel)
            naam = self._sleutel(sleutel, pad)
            if naam in tabel:
                eerst = self.lezing.regels[(*pad, naam)]
                self.lezing.meld((*pad, naam), f"stands here twice, first on line {eerst}", _regel(sleutel))
            tabel[naam] = self._waarde(next(self.events), (*pad, naam), _regel(sleutel))
        return tabel

    def _sleutel(self, event: Any, pad: Pad) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            _stop(_regel(event), f"{show(pad)}: a key must be plain text")
        self._allow(event, pad)
        return self._clean(event, pad)

    def _room(self, aantal: int, pad: Pad, event: Any) -> None:
        if aantal >= MAX_ITEMS:
            _stop(_regel(event), f"{show(pad)}: holds more than {MAX_ITEMS} items")


def _regel(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _canonical(ruw: Any, tabellen: Collection[Pad]) -> str:
    def ordered(waarde: Any, pad: Pad) -> Any:
        if isinstance(waarde, list):
            return [ordered(w, (*pad, i)) for i, w in enumerate(waarde)]
        if not isinstance(waarde, dict):
            return waarde
        paren = {k: ordered(w, (*pad, k)) for k, w in waarde.items()}
        return list(paren.items()) if pad in tabellen else paren

    return json.dumps(ordered(ruw, ()), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# Readers: (lezing, path, plain value) -> value; what is wrong is noted and gives None.

Lezer = Callable[[_Lezing, Pad, Any], Any]


def _soort(waarde: Any) -> str:
    if isinstance(waarde, (list, dict)):
        return "a list" if isinstance(waarde, list) else "a mapping"
    if waarde is None or waarde == "":
        return "nothing"
    if isinstance(waarde, str):
        return repr(short(waarde))
    return f"{str(waarde).lower()} (as text it stands between quotes)"


def _patroon(patroon: str, wat: str) -> Lezer:
    def read(lezing: _Lezing, pad: Pad, waarde: Any) -> Any:
        if isinstance(waarde, str) and re.fullmatch(patroon, waarde):
            return waarde
        return lezing.meld(pad, f"must be {wat}, not {_soort(waarde)}")

    return read


def _getal(laagste: int = -999_999_999, hoogste: int = 999_999_999) -> Lezer:
    def read(lezing: _Lezing, pad: Pad, waarde: Any) -> Any:
        if type(waarde) is int and laagste <= waarde <= hoogste:
            return waarde
        return lezing.meld(pad, f"must be a whole number from {laagste} to {hoogste}, not {_soort(waarde)}")

    return read


def _waar(lezing: _Lezing, pad: Pad, waarde: Any) -> Any:
    return waarde if isinstance(waarde, bool) else lezing.meld(pad, f"must be true or false, not {_soort(waarde)}")


def _datum(lezing: _Lezing, pad: Pad, waarde: Any) -> Any:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", waarde):
            return daynumber(date.fromisoformat(waarde))
    except (TypeError, ValueError):
        pass
    return lezing.meld(pad, f"must be a date like 2026-01-31, not {_soort(waarde)}")


def _een_van(*opties: str) -> Lezer:
    def read(lezing: _Lezing, pad: Pad, waarde: Any) -> Any:
        if waarde in opties:
            return waarde
        return lezing.meld(pad, f"must be one of {', '.join(opties)}, not {_soort(waarde)}")

    return read


def _lijst(lezer: Lezer, minstens: int = 0, is_uniek: bool = True) -> Lezer:
    def read(lezing: _Lezing, pad: Pad, waarde: Any) -> Any:
        if not isinstance(waarde, list) or len(waarde) < minstens:
            return lezing.meld(pad, f"must be a list of at least {minstens}, not {_soort(waarde)}")
        teksten = [w for w in waarde if isinstance(w, str)]
        if is_uniek and len(set(teksten)) < len(teksten):
            lezing.meld(pad, "names the same thing twice")
        return tuple(lezer(lezing, (*pad, i), w) for i, w in enumerate(waarde))

    return read


def _of_lijst(lezer: Lezer) -> Lezer:
    """One or more, with or without brackets."""
    lijst = _lijst(lezer, 1)

    def read(lezing: _Lezing, pad: Pad, waarde: Any) -> Any:
        return lijst(lezing, pad, waarde) if isinstance(waarde, list) else (lezer(lezing, pad, waarde),)

    return read


def _of_alle(lezer: Lezer) -> Lezer:
    """The same, or "*" as it is."""
    lijst = _of_lijst(lezer)
    return lambda lezing, pad, waarde: ALLE if waarde == ALLE else lijst(lezing, pad, waarde)


def _tabel(lezer: Lezer, sleutel: Lezer, is_geordend: bool = True) -> Lezer:
    """A mapping with codes as keys."""

    def read(lezing: _Lezing, pad: Pad, waarde: Any) -> Any:
        paren = _as_mapping(waarde) if is_geordend and lezing.uit_json else waarde
        if not isinstance(paren, dict):
            return lezing.meld(pad, f"must be a mapping ({{}} when there are none), not {_soort(waarde)}")
        if is_geordend:
            lezing.tabellen.add(pad)
        for code in paren:
            sleutel(lezing, (*pad, code), code)
        return {code: lezer(lezing, (*pad, code), w) for code, w in paren.items()}

    return read


def _as_mapping(paren: Any) -> Any:
    try:
        return {code: waarde for code, waarde in paren if isinstance(code, str)}
    except (TypeError, ValueError):
        return None


def _vorm(sleutels: Mapping[str, Lezer], maak: Callable[..., Any] = dict) -> Lezer:
    """A mapping with fixed keys, "?" after those that may be left out; `maak` gets what was read."""
    lezers = {sleutel.removesuffix("?"): lezer for sleutel, lezer in sleutels.items()}
    verplicht = [sleutel for sleutel in sleutels if not sleutel.endswith("?")]

    def read(lezing: _Lezing, pad: Pad, waarde: Any) -> Any:
        if not isinstance(waarde, dict):
            return lezing.meld(pad, f"must be a mapping with {', '.join(verplicht or lezers)}, not {_soort(waarde)}")
        for sleutel in (s for s in waarde if s not in lezers):
            lezing.onbekend((*pad, sleutel), sleutel, lezers.keys(), "a key that belongs here")
        for sleutel in verplicht:
            if sleutel not in waarde:
                lezing.meld(pad, f"{sleutel!r} is missing")
        gelezen = {k: lezer(lezing, (*pad, k), waarde[k]) for k, lezer in lezers.items() if k in waarde}
        if gelezen.get("vanaf") and gelezen.get("tot") and gelezen["vanaf"] >= gelezen["tot"]:
            lezing.meld((*pad, "tot"), "must be later than vanaf")
        return maak(**gelezen) if not lezing.bevindingen else None

    return read


def _enkel(lezers: Mapping[str, Lezer], anders: Lezer | None = None) -> Lezer:
    """A mapping of one name to its argument; `anders` reads the argument of other names."""

    def read(lezing: _Lezing, pad: Pad, waarde: Any) -> Any:
        if not isinstance(waarde, dict) or len(waarde) != 1:
            return lezing.meld(pad, "must be one name with its argument: {name: argument}")
        naam, argument = next(iter(waarde.items()))
        lezer = lezers.get(naam) or anders
        return naam, lezer(lezing, (*pad, naam), argument) if lezer else argument

    return read


def _of_naam(vorm: Lezer) -> Lezer:
    """A mapping, or its `naam` only."""
    return lambda lezing, pad, w: vorm(lezing, pad, {"naam": w} if isinstance(w, str) else w)


def _voorwaarde(lezing: _Lezing, pad: Pad, waarde: Any) -> Any:
    is_vorm = isinstance(waarde, dict)
    zin = _UITLEG(lezing, (*pad, "zin"), waarde["zin"]) if is_vorm and "zin" in waarde else None
    paar = _enkel(_VOORWAARDEN)(lezing, pad, {k: w for k, w in waarde.items() if k != "zin"} if is_vorm else waarde)
    return paar and Voorwaarde(paar[0], paar[1], zin)


def _gevolg(lezing: _Lezing, pad: Pad, waarde: Any) -> Any:
    paar = _enkel(_GEVOLGEN)(lezing, pad, waarde)
    return paar and Gevolg(*paar)


def _veldgebruik(lezing: _Lezing, pad: Pad, waarde: Any) -> Any:
    return (waarde, {}) if isinstance(waarde, str) else _enkel({}, _ANDERS)(lezing, pad, waarde)


def _lengte(lezing: _Lezing, pad: Pad, waarde: Any) -> Any:
    eenheden = [e for e in get_args(Eenheid) if isinstance(waarde, dict) and e in waarde]
    if len(eenheden) != 1:
        return lezing.meld(pad, f"must have a length in one of {', '.join(get_args(Eenheid))}")
    eenheid = eenheden[0]
    maak = _vorm({eenheid: _getal(1, 9999), **_PERIODE}, lambda **k: Lengte(k.pop(eenheid), eenheid, **k))
    return maak(lezing, pad, waarde)


# The shape of a map.

_CODE = _patroon(r"[a-z][a-z0-9_]{0,59}", "a code of small letters, digits and _")
_VRIJE_CODE = _patroon(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,59}", "a code of letters, digits, _, . and -")
_NAAM = _patroon(r"[^\n]{1,200}", "text of one line")
_UITLEG = _patroon(r"(?s).{1,4000}", "text of at most 4000 characters")
_NAMEN = _tabel(_NAAM, _VRIJE_CODE)
_WAARDEN = _of_lijst(_NAAM)
_EISEN = _tabel(_WAARDEN, _NAAM, False)
_LABELS = {"labels?": _tabel(_NAAM, _NAAM, False)}
_PERIODE = {"vanaf?": _datum, "tot?": _datum}
_DAGGRENZEN = {"mag_voor_begin?": _waar, "niet_voor?": _NAAM}
_GRENZEN = {"verplicht?": _waar, "minimum?": _getal(), "maximum?": _getal(), "uitleg?": _UITLEG}
_ANDERS = _vorm({**_GRENZEN, **_DAGGRENZEN, "label?": _NAAM})

_VOORWAARDEN: dict[str, Lezer] = {
    **dict.fromkeys(("geen_open", "heeft_open", "kenmerk_bekend", "advies_gevolgd"), _NAAM),
    "kenmerk_is": _EISEN,
    "geen_onderdeel": _vorm({"veld": _NAAM, "is": _WAARDEN}),
    "was_in": _WAARDEN,
    **dict.fromkeys(("hoogstens_deelnemers", "minstens_deelnemers", "minstens_ingevuld"), _getal(1, 99)),
    "ingevuld_als": _vorm({"veld": _NAAM, "kenmerk": _NAAM, "is": _WAARDEN, "behalve_redenen?": _WAARDEN}),
}
_GEVOLGEN: dict[str, Lezer] = {
    "open_kind": _vorm(
        {"route": _NAAM, "start?": _NAAM, "start_uit?": _NAAM, "velden?": _tabel(_NAAM, _NAAM, False), "als?": _EISEN}
    ),
    "sluit_kinderen": _of_alle(_NAAM),
    "splits_traject": _vorm({"vertrekt": _NAAM, "kinderen?": _NAAM}),
}
_START = {
    **{"label": _NAAM, "naar": _NAAM, "rollen": _lijst(_een_van(*Rol), 1), "velden?": _lijst(_veldgebruik)},
    **{"voorwaarden?": _lijst(_voorwaarde), "gevolgen?": _lijst(_gevolg), "zet?": _tabel(_NAAM, _CODE, False)},
    **{"uitleg?": _UITLEG, "gebeurd?": _NAAM, "product?": _NAAM, **_LABELS},
}
_OVERGANG = {**{k: lezer for k, lezer in _START.items() if k != "naar"}, "naar?": _NAAM}
_OPENING = {**_START, "op_vanaf?": _datum, "bevestig_na_dagen?": _getal(1, 36500)}
_STAP = {
    **{"naam": _NAAM, "fase?": _NAAM, "einde?": _een_van(*get_args(Einde)), "partij": _NAAM},
    **{"uitleg": _vorm({"nl": _UITLEG, "en?": _UITLEG}), "trede?": _getal(0, 99), "is_regeling?": _waar},
    **{"termijnen?": _lijst(_NAAM), **_LABELS},
}
_ROUTE = {
    "naam": _NAAM,
    "voorvoegsel": _patroon(r"[A-Z]{2,4}", "2 to 4 capitals"),
    "onderwerp": _een_van(*get_args(Onderwerp)),
    "hoort_bij?": _of_lijst(_NAAM),
    "een_per_client?": _waar,
    "sluiting?": _NAAM,
    "starten": _tabel(_vorm(_OPENING), _CODE),
    "stappen": _tabel(_vorm(_STAP), _CODE),
    "overgangen": _tabel(_vorm({**_OVERGANG, "van": _of_alle(_NAAM), "redenen?": _NAAM}), _CODE),
    "voorbeelden?": _lijst(_vorm({"naam": _NAAM, "stappen": _lijst(_NAAM, 2, False), "mogelijk?": _waar})),
    **_LABELS,
}
_TERMIJN = {
    **{
        "naam": _NAAM,
        "grondslag": _NAAM,
        "soort": _een_van("wettelijk", "norm", "looptijd"),
        "lengtes": _lijst(_lengte, 1),
    },
    **{"rolt?": _waar, "startdag_telt_mee?": _waar, "begint_op?": _WAARDEN, "als?": _EISEN, "tenzij?": _EISEN},
    **{"alleen_na_antwoord?": _waar, "loopt_af?": _waar, "eindigt_als?": _EISEN},
    **{"opgeschort_door?": _NAAM, "opgeschort_tot?": _NAAM},
}
_VELD = {
    **{"label": _NAAM, "soort": _een_van(*get_args(Veldsoort)), "keuzes?": _NAAM, "kenmerk?": _waar},
    **{"onderdelen?": _NAAM, "partijsoort?": _NAAM, "dag_dat?": _NAAM, **_GRENZEN, **_DAGGRENZEN},
}
_REEKS = {"naam": _NAAM, "eenheid": _NAAM, "optelbaar?": _waar}
_OPGEVER = {"gemeenten": _of_lijst(_NAAM), "plaatsen?": _lijst(_VRIJE_CODE, 1)}
_OPGAVE = {
    **{"naam": _NAAM, "ambitie": _een_van(*get_args(Ambitie)), "ritme": _een_van(*get_args(Ritme))},
    **{"vanaf": _datum, "tot?": _datum, "historisch_tot?": _datum},
    **{"per?": _NAAM, "plaatsen?": _NAMEN, "plaatsen_van?": _NAAM},
    **{"reeksen": _tabel(_vorm(_REEKS), _CODE), "opgevers": _tabel(_vorm(_OPGEVER), _VRIJE_CODE)},
}
_KAART = _vorm(
    {
        **{"routekaart": _CODE, "versie": _patroon(r"\S{1,32}", "a version without spaces"), "naam": _NAAM},
        **{"status": _een_van(*get_args(Status)), "geldig_vanaf": _datum},
        **dict.fromkeys(("fasen", "partijen", "gemeenten", "producten"), _NAMEN),
        "correctieredenen": _tabel(_of_naam(_vorm({"naam": _NAAM, "routes?": _WAARDEN, **_LABELS})), _VRIJE_CODE),
        "keuzelijsten": _tabel(_tabel(_of_naam(_vorm({"naam": _NAAM, **_PERIODE})), _VRIJE_CODE), _CODE),
        "redenen": _tabel(_tabel(_of_naam(_vorm({"naam": _NAAM, "bij?": _WAARDEN, **_LABELS})), _VRIJE_CODE), _CODE),
        "termijnen": _tabel(_vorm(_TERMIJN), _CODE),
        "velden": _tabel(_vorm(_VELD), _CODE),
        "catalogus": _lijst(
            _vorm(
                {
                    **{"situatie": _EISEN, "tenzij?": _EISEN, "producten": _WAARDEN, "bron": _NAAM},
                    **{"adviseur?": _NAAM, **_PERIODE},
                },
                Catalogusregel,
            )
        ),
        "opgaven?": _tabel(_vorm(_OPGAVE), _VRIJE_CODE),
        "routes": _tabel(_vorm(_ROUTE), _CODE),
    }
)


def _read(lezing: _Lezing, ruw: Any) -> dict[str, Any]:
    plat = _KAART(lezing, (), ruw)
    lezing.refuse()
    return dict(plat)


# From what was read to objects; velden and lists by name are looked up here.


def _build(lezing: _Lezing, plat: dict[str, Any], canoniek: str, *namen: Collection[str]) -> Inhoud:
    keuzelijsten = {lijst: _coded(Keuze, keuzes) for lijst, keuzes in plat.pop("keuzelijsten").items()}
    redenlijsten = {lijst: _coded(Reden, redenen) for lijst, redenen in plat.pop("redenen").items()}
    velden = {code: _veld(lezing, code, veld, keuzelijsten) for code, veld in plat.pop("velden").items()}
    plat["routes"] = {c: _route(lezing, c, r, velden, redenlijsten) for c, r in plat["routes"].items()}
    plat["termijnen"] = {termijn.code: termijn for termijn in _coded(Termijnregel, plat["termijnen"])}
    plat["opgaven"] = {code: _opgave(code, soort) for code, soort in plat.get("opgaven", {}).items()}
    plat["correctieredenen"] = _coded(Reden, plat["correctieredenen"])
    hash_hex = sha256(canoniek.encode()).hexdigest()
    kaart = Routekaart(code=plat.pop("routekaart"), sha256=hash_hex, canoniek=canoniek, **plat)
    return Inhoud(kaart, velden, redenlijsten, *namen)


def _coded(maak: Callable[..., Any], tabel: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(maak(code=code, **gelezen) for code, gelezen in tabel.items())


def _found(lezing: _Lezing, pad: Pad, naam: str | None, lijsten: Mapping[str, Any], wat: str) -> Any:
    if naam is None:
        return ()
    if naam not in lijsten:
        lezing.onbekend(pad, naam, lijsten, wat)
    return lijsten.get(naam, ())


def _opgave(code: str, soort: dict[str, Any]) -> Opgavesoort:
    reeksen = {
        r: Reeks(r, gelezen["naam"], gelezen["eenheid"], gelezen.get("optelbaar", True))
        for r, gelezen in soort["reeksen"].items()
    }
    opgevers = {wie: Opgever(wie, **gelezen) for wie, gelezen in soort["opgevers"].items()}
    return Opgavesoort(**{**soort, "code": code, "reeksen": reeksen, "opgevers": opgevers})


def _veld(lezing: _Lezing, code: str, veld: dict[str, Any], keuzelijsten: Mapping[str, tuple[Keuze, ...]]) -> Veld:
    lijsten = {
        lijst: _found(lezing, ("velden", code, lijst), veld.get(lijst), keuzelijsten, "a keuzelijst")
        for lijst in ("keuzes", "onderdelen")
    }
    return Veld(**{**veld, "code": code, **lijsten})


def _route(lezing: _Lezing, code: str, route: dict[str, Any], *bron: Mapping[str, Any]) -> Route:
    alle = tuple(stap for stap, gelezen in route["stappen"].items() if "einde" not in gelezen)
    stappen = {stap.code: stap for stap in _coded(_stap, route["stappen"])}
    for soort in ("starten", "overgangen"):
        pad = ("routes", code, soort)
        route[soort] = {c: _overgang(lezing, (*pad, c), c, o, alle, *bron) for c, o in route[soort].items()}
    voorbeelden = tuple(
        Voorbeeld(v["naam"], v["stappen"], v.get("mogelijk", True)) for v in route.pop("voorbeelden", ())
    )
    return Route(**{**route, "code": code, "stappen": stappen, "voorbeelden": voorbeelden})


def _stap(fase: str | None = None, **gelezen: Any) -> Stap:
    return Stap(fase=fase, **gelezen)


def _overgang(
    lezing: _Lezing,
    pad: Pad,
    code: str,
    gelezen: dict[str, Any],
    alle: tuple[str, ...],
    velden: Mapping[str, Veld],
    redenlijsten: Mapping[str, tuple[Reden, ...]],
) -> Overgang:
    van = gelezen.get("van", ())
    return Overgang(
        **{
            "naar": None,
            **gelezen,
            "code": code,
            "van": alle if van == ALLE else van,
            "velden": _asked(lezing, (*pad, "velden"), gelezen.get("velden", ()), velden),
            "redenen": _found(lezing, (*pad, "redenen"), gelezen.get("redenen"), redenlijsten, "a reden list"),
        }
    )


def _asked(lezing: _Lezing, pad: Pad, gebruik: tuple[Any, ...], velden: Mapping[str, Veld]) -> tuple[Veld, ...]:
    for nummer, (code, _) in enumerate(gebruik):
        if code not in velden:
            lezing.onbekend((*pad, nummer), code, velden, "a veld")
    return tuple(replace(velden[code], **anders) for code, anders in gebruik if code in velden)
