"""What is different between two versions of the map, in Dutch sentences: what came, what went, and what of it changed.

Everything in a map that can differ is named here once, in `_OVER`; a test walks over the fields and says what was
forgotten. Pure: two maps in, lines out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from workflow.kalender import short
from workflow.rollen import Rol, rol_in_zin
from workflow.routekaart import (
    ALLE,
    VORIGE,
    Catalogusregel,
    Gevolg,
    Keuze,
    Lengte,
    Opgavesoort,
    Opgever,
    Overgang,
    Reden,
    Reeks,
    Route,
    Routekaart,
    Stap,
    Termijnregel,
    Veld,
    Voorbeeld,
    Voorwaarde,
)

Daad = Literal["erbij", "weg", "anders"]

SOORTEN: Mapping[str, str] = {
    "kaart": "De kaart zelf",
    "route": "Routes",
    "fase": "Fasen",
    "stap": "Stappen",
    "overgang": "Overgangen",
    "veld": "Vragen",
    "voorwaarde": "Voorwaarden",
    "gevolg": "Gevolgen",
    "reden": "Redenen",
    "termijn": "Termijnen",
    "product": "Producten",
    "catalogus": "Catalogus van producten",
    "opgave": "Opgaven van partners",
    "partij": "Partijen",
    "gemeente": "Gemeenten",
    "voorbeeld": "Voorbeeldwandelingen",
}
"""The kinds of thing on a map, in the order in which they are told."""

DADEN: Mapping[Daad, str] = {"erbij": "toegevoegd", "weg": "vervallen", "anders": "gewijzigd"}


@dataclass(frozen=True, slots=True)
class Verschil:
    """One thing that is different: its kind, what happened to it, where it is, its name and code, and what changed."""

    soort: str
    daad: Daad
    waar: str
    naam: str
    code: str
    zinnen: tuple[str, ...] = ()

    @property
    def zin(self) -> str:
        """The line in words."""
        plek = f" ({self.waar})" if self.waar else ""
        wat = f": {'; '.join(self.zinnen)}" if self.zinnen else ""
        return f"{self.naam}{plek} {DADEN[self.daad]}{wat}"


_OVER: Mapping[type, Mapping[str, str]] = {
    Routekaart: {"naam": "naam", "status": "status", "geldig_vanaf": "geldig vanaf"},
    Route: {
        "naam": "naam",
        "voorvoegsel": "begin van het dossiernummer",
        "onderwerp": "gaat over",
        "hoort_bij": "hoort bij route",
        "een_per_client": "hoogstens een per cliënt",
        "sluiting": "wordt gesloten door",
        "labels": "labels",
    },
    Stap: {
        "naam": "naam",
        "fase": "fase",
        "partij": "verantwoordelijke partij",
        "einde": "einde",
        "trede": "trede op de ladder",
        "is_regeling": "telt als regeling",
        "termijnen": "termijnen",
        "uitleg": "uitleg voor de cliënt",
        "labels": "labels",
    },
    Overgang: {
        "label": "naam",
        "van": "vanuit",
        "naar": "naar",
        "rollen": "rollen",
        "zet": "legt vast",
        "product": "product",
        "uitleg": "uitleg",
        "gebeurd": "zin in de geschiedenis",
        "labels": "labels",
        "op_vanaf": "kan vanaf",
        "bevestig_na_dagen": "vraagt om bevestiging na dagen",
    },
    Veld: {
        "label": "naam",
        "soort": "soort",
        "verplicht": "verplicht",
        "keuzes": "keuzes",
        "minimum": "minimum",
        "maximum": "maximum",
        "uitleg": "uitleg",
        "kenmerk": "telt mee als kenmerk",
        "partijsoort": "soort organisatie",
        "dag_dat": "de dag dat",
        "mag_voor_begin": "mag voor het begin liggen",
        "niet_voor": "ligt niet voor",
        "onderdelen": "onderdelen",
    },
    Termijnregel: {
        "naam": "naam",
        "grondslag": "grondslag",
        "soort": "soort",
        "lengtes": "lengte",
        "rolt": "schuift door naar een werkdag",
        "startdag_telt_mee": "de eerste dag telt mee",
        "begint_op": "begint op",
        "alleen_na_antwoord": "loopt pas na dat antwoord",
        "loopt_af": "loopt vanzelf af",
        "als": "geldt als",
        "tenzij": "geldt niet als",
        "eindigt_als": "eindigt als",
        "opgeschort_door": "wordt opgeschort door",
        "opgeschort_tot": "opgeschort tot",
    },
    Reden: {"naam": "naam", "bij": "bij", "routes": "op route", "labels": "labels"},
    Opgavesoort: {
        "naam": "naam",
        "ambitie": "ambitie",
        "ritme": "ritme",
        "reeksen": "reeksen",
        "opgevers": "wie opgeeft",
        "vanaf": "vanaf",
        "tot": "tot",
        "historisch_tot": "van voor deze kaart tot",
        "per": "per",
        "plaatsen": "plaatsen",
        "plaatsen_van": "plaatsen zijn organisaties van soort",
    },
}
"""What of each thing may change, and what it is called; the rest of it has lines of its own."""

KORT = 3
"""Of a longer list only what came and went is told."""

DATUMS = frozenset(("geldig_vanaf", "op_vanaf", "vanaf", "tot", "historisch_tot"))


class _Namen:
    """What codes are called on two maps, by the attribute in which they stand."""

    def __init__(self, was: Routekaart, wordt: Routekaart, route: str = "") -> None:
        kaarten = (was, wordt)
        stappen = {c: s.naam for k in kaarten if route in k.routes for c, s in k.routes[route].stappen.items()}
        bij: Mapping[str, Mapping[str, str]] = {
            **dict.fromkeys(("van", "naar"), stappen),
            "fase": {**was.fasen, **wordt.fasen},
            "partij": {**was.partijen, **wordt.partijen},
            "product": {**was.producten, **wordt.producten},
            "termijnen": {code: regel.naam for kaart in kaarten for code, regel in kaart.termijnen.items()},
            "rollen": {rol: rol_in_zin(rol) for rol in Rol},
            "hoort_bij": {code: deze.naam for kaart in kaarten for code, deze in kaart.routes.items()},
        }
        self._bij = {attribuut: _told_apart(namen) for attribuut, namen in bij.items()}

    def named(self, attribuut: str, waarde: Any) -> Any:
        """The value with names for the codes in it."""
        namen = self._bij.get(attribuut, {})
        if isinstance(waarde, tuple):
            return tuple(self.named(attribuut, deel) for deel in waarde)
        return namen.get(waarde, waarde) if isinstance(waarde, str) else waarde


def _told_apart(namen: Mapping[str, str]) -> Mapping[str, str]:
    """Code -> name, with the code where another has the same name."""
    hoe_vaak = Counter(namen.values())
    return {code: f"{naam} ({code})" if hoe_vaak[naam] > 1 else naam for code, naam in namen.items()}


def _come_and_gone(was: Mapping[str, str], wordt: Mapping[str, str]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Code -> name of what came and of what went, told apart."""
    erbij = {code: naam for code, naam in wordt.items() if code not in was}
    weg = {code: naam for code, naam in was.items() if code not in wordt}
    namen = _told_apart({**weg, **erbij})
    return {code: namen[code] for code in erbij}, {code: namen[code] for code in weg}


def difference(was: Routekaart, wordt: Routekaart) -> list[Verschil]:
    """Every difference from one map to another, in the order of SOORTEN."""
    gevonden = [*_of_map(was, wordt), *_of_routes(was, wordt)]
    volgorde = list(SOORTEN)
    return sorted(gevonden, key=lambda verschil: volgorde.index(verschil.soort))


def _of_map(was: Routekaart, wordt: Routekaart) -> Iterator[Verschil]:
    namen = _Namen(was, wordt)
    if zinnen := _changes(was, wordt, namen):
        yield Verschil("kaart", "anders", "", "De kaart", wordt.code, zinnen)
    for soort, naam in (("fase", "fasen"), ("partij", "partijen"), ("gemeente", "gemeenten"), ("product", "producten")):
        yield from _names(soort, getattr(was, naam), getattr(wordt, naam))
    yield from _things("termijn", "", was.termijnen, wordt.termijnen, namen)
    yield from _things("opgave", "", was.opgaven, wordt.opgaven, namen)
    redenen = _by_code(was.correctieredenen), _by_code(wordt.correctieredenen)
    yield from _things("reden", "correctie", *redenen, namen)
    yield from _lines("catalogus", "", "Regel", was.catalogus, wordt.catalogus)


def _of_routes(was: Routekaart, wordt: Routekaart) -> Iterator[Verschil]:
    yield from _things("route", "", was.routes, wordt.routes, _Namen(was, wordt))
    for code, nieuw in wordt.routes.items():
        if oud := was.routes.get(code):
            yield from _of_route(oud, nieuw, _Namen(was, wordt, code))


def _of_route(was: Route, wordt: Route, namen: _Namen) -> Iterator[Verschil]:
    yield from _things("stap", wordt.naam, was.stappen, wordt.stappen, namen)
    yield from _things("overgang", wordt.naam, was.alle_overgangen, wordt.alle_overgangen, namen)
    yield from _lines("voorbeeld", wordt.naam, "Voorbeeld", was.voorbeelden, wordt.voorbeelden)
    for code, nieuw in wordt.alle_overgangen.items():
        if oud := was.alle_overgangen.get(code):
            yield from _of_overgang(f"{wordt.naam}, {nieuw.label}", oud, nieuw, namen)


def _of_overgang(waar: str, was: Overgang, wordt: Overgang, namen: _Namen) -> Iterator[Verschil]:
    yield from _things("veld", waar, _by_code(was.velden), _by_code(wordt.velden), namen)
    yield from _things("reden", waar, _by_code(was.redenen), _by_code(wordt.redenen), namen)
    yield from _lines("voorwaarde", waar, "", was.voorwaarden, wordt.voorwaarden)
    yield from _lines("gevolg", waar, "", was.gevolgen, wordt.gevolgen)


def _by_code(dingen: Iterable[Any]) -> dict[str, Any]:
    return {ding.code: ding for ding in dingen}


def _names(soort: str, was: Mapping[str, str], wordt: Mapping[str, str]) -> Iterator[Verschil]:
    erbij, weg = _come_and_gone(was, wordt)
    yield from (Verschil(soort, "erbij", "", naam, code) for code, naam in erbij.items())
    yield from (Verschil(soort, "weg", "", naam, code) for code, naam in weg.items())
    for code in wordt:
        if was.get(code, wordt[code]) != wordt[code]:
            yield Verschil(soort, "anders", "", wordt[code], code, (f"naam was {quoted(was[code])}",))
    yield from _order(soort, "", list(was), list(wordt))


def _order(soort: str, waar: str, was: list[str], wordt: list[str]) -> Iterator[Verschil]:
    """That what was there and is there still now stands in another order."""
    nu = [code for code in wordt if code in was]
    if nu != [code for code in was if code in wordt]:
        yield Verschil(soort, "anders", waar, "De volgorde", "", (f"nu {', '.join(nu)}",))


def _things(
    soort: str, waar: str, was: Mapping[str, Any], wordt: Mapping[str, Any], namen: _Namen
) -> Iterator[Verschil]:
    erbij, weg = _come_and_gone(*({code: name_of(ding) for code, ding in kaart.items()} for kaart in (was, wordt)))
    yield from (Verschil(soort, "erbij", waar, naam, code) for code, naam in erbij.items())
    yield from (Verschil(soort, "weg", waar, naam, code) for code, naam in weg.items())
    for code, nieuw in wordt.items():
        if code in was and (zinnen := _changes(was[code], nieuw, namen)):
            yield Verschil(soort, "anders", waar, name_of(nieuw), code, zinnen)
    yield from _order(soort, waar, list(was), list(wordt))


def name_of(ding: Any) -> str:
    """What people call a thing on the map."""
    return str(getattr(ding, "naam", None) or ding.label)


def _changes(was: Any, wordt: Any, namen: _Namen) -> tuple[str, ...]:
    return tuple(
        f"{naam} {_from_to(attribuut, namen.named(attribuut, oud), namen.named(attribuut, nieuw))}"
        for attribuut, naam in _OVER[type(wordt)].items()
        if (oud := getattr(was, attribuut)) != (nieuw := getattr(wordt, attribuut))
    )


def _from_to(attribuut: str, was: Any, wordt: Any) -> str:
    """How a value changed; of a long list only what came and what went."""
    if isinstance(was, tuple) and isinstance(wordt, tuple) and max(len(was), len(wordt)) > KORT:
        erbij, weg = [deel for deel in wordt if deel not in was], [deel for deel in was if deel not in wordt]
        wat_kwam, wat_ging = _apart(_said(erbij), _said(weg), erbij, weg)
        delen = [*([f"erbij {wat_kwam}"] if erbij else []), *([f"niet meer {wat_ging}"] if weg else [])]
        return ", ".join(delen) or "in een andere volgorde"
    eerst, dan = _apart(_say(attribuut, was), _say(attribuut, wordt), was, wordt)
    return f"{eerst} wordt {dan}"


def _apart(een: str, ander: str, van_een: Any, van_ander: Any) -> tuple[str, str]:
    """How two values read; where they read the same, with their codes."""
    if een != ander:
        return een, ander
    return f"{een}{_codes(van_een)}", f"{ander}{_codes(van_ander)}"


def _codes(dingen: Any) -> str:
    codes = [str(ding.code) for ding in dingen if hasattr(ding, "code")] if isinstance(dingen, (tuple, list)) else []
    return f" ({', '.join(codes)})" if codes else ""


def _lines(soort: str, waar: str, naam: str, was: Iterable[Any], wordt: Iterable[Any]) -> Iterator[Verschil]:
    """Things without a code: each as it reads."""
    oud, nieuw = [_said(ding) for ding in was], [_said(ding) for ding in wordt]
    yield from (Verschil(soort, "erbij", waar, f"{naam} {zin}".strip(), "") for zin in nieuw if zin not in oud)
    yield from (Verschil(soort, "weg", waar, f"{naam} {zin}".strip(), "") for zin in oud if zin not in nieuw)
    yield from _order(soort, waar, oud, nieuw)


def quoted(tekst: str) -> str:
    """A text within a sentence."""
    return f"“{tekst}”"


def _say(attribuut: str, waarde: Any) -> str:
    """A value of a thing on the map, in words."""
    if attribuut in DATUMS and isinstance(waarde, int):
        return short(waarde)
    if attribuut == "naar" and waarde is None:
        return "dezelfde stap"
    return _said(waarde)


def _said(waarde: Any) -> str:
    """A value in words; of what has none of its own, the values within it."""
    if waarde is None or waarde == "":
        return "geen"
    if isinstance(waarde, bool):
        return "ja" if waarde else "nee"
    if isinstance(waarde, str):
        return _BIJZONDER.get(waarde) or quoted(waarde)
    if isinstance(waarde, Mapping):
        return ", ".join(f"{code} = {_said(inhoud)}" for code, inhoud in waarde.items()) or "geen"
    if isinstance(waarde, (tuple, list)):
        return ", ".join(map(_said, waarde)) or "geen"
    if saying := _ZEGT.get(type(waarde)):
        return str(saying(waarde))
    return str(waarde)


_BIJZONDER: Mapping[str, str] = {VORIGE: "de stap ervoor", ALLE: "elke stap"}


def _during(vanaf: int | None, tot: int | None) -> str:
    delen = [*([f"vanaf {short(vanaf)}"] if vanaf else []), *([f"tot {short(tot)}"] if tot else [])]
    return f" {' '.join(delen)}" if delen else ""


def _length(lengte: Lengte) -> str:
    return f"{lengte.in_woorden}{_during(lengte.vanaf, lengte.tot)}"


def _choice(keuze: Keuze) -> str:
    return f"{keuze.naam}{_during(keuze.vanaf, keuze.tot)}"


def _named(ding: Voorwaarde | Gevolg) -> str:
    over = "" if ding.argument is None else f" ({_said(ding.argument)})"
    zin = f", met de zin {quoted(ding.zin)}" if isinstance(ding, Voorwaarde) and ding.zin else ""
    return f"{ding.naam.replace('_', ' ')}{over}{zin}"


def _catalogue(regel: Catalogusregel) -> str:
    tenzij = f", behalve bij {_said(regel.tenzij)}" if regel.tenzij else ""
    wie = f", volgens {regel.adviseur}" if regel.adviseur else ""
    return (
        f"bij {_said(regel.situatie)}{tenzij}: {', '.join(regel.producten)}"
        f"{_during(regel.vanaf, regel.tot)}{wie} (bron: {regel.bron})"
    )


def _example(voorbeeld: Voorbeeld) -> str:
    mag = "kan" if voorbeeld.is_mogelijk else "kan niet"
    return f"{quoted(voorbeeld.naam)} {mag}: {', '.join(voorbeeld.stappen)}"


def _series(reeks: Reeks) -> str:
    return f"{reeks.naam} ({reeks.eenheid}{'' if reeks.is_optelbaar else ', niet op te tellen'})"


def _reporter(opgever: Opgever) -> str:
    plaatsen = f" voor {', '.join(opgever.plaatsen)}" if opgever.plaatsen else ""
    return f"{opgever.organisatie} over {', '.join(opgever.gemeenten)}{plaatsen}"


_ZEGT: Mapping[type, Any] = {
    Lengte: _length,
    Keuze: _choice,
    Voorwaarde: _named,
    Gevolg: _named,
    Catalogusregel: _catalogue,
    Voorbeeld: _example,
    Reeks: _series,
    Opgever: _reporter,
}
