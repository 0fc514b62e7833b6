"""What is wrong with a routekaart whose shape is right: each check is a generator of (path, English sentence).

Promises: `check` runs every check on every route and overgang, never raises, and takes time in proportion to the map.
It judges names, the walk (no stap unreachable, none without a way to an end), terms, guards, effects and examples.
Lines are the reader's business (`kaartlezer`): a path is enough to find them.

Choices. A guard on a start of a child route sees the dossier of the parent, so its names are looked up there. A term
may name a kenmerk that not every route with that term has; one of them is enough. Two overgangen are double when they
lead from the same stappen to the same stap and only their names, texts and questions differ; those in place never are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import pairwise
from typing import Any

from workflow.routekaart import (
    AAN_ZET,
    AAN_ZET_KENMERK,
    ALLE,
    CONTACT_ALS,
    VORIGE,
    WAARDE,
    Opgavesoort,
    Overgang,
    Reden,
    Route,
    Routekaart,
    Stap,
    Termijnregel,
    Veld,
)
from workflow.zinnen import gaps, without_gaps

Pad = tuple[str | int, ...]
Klacht = tuple[Pad, str]
Klachten = Iterator[Klacht]
Regel = tuple[str, Callable[[Any], object], str]
"""Key to point at, whether it is broken, the sentence about it."""

MIN_WOORDEN = 15
SIGNAAL_AAN = ("uitvoerder", "coordinator")
EIGEN_KENMERKEN = frozenset({"gemeente", "behandelaar"})
"""Dimensions that the engine itself records for every traject."""

BEGRENSD = ("getal", "bedrag", "tekst", "datum")
"""Soorten whose answers have a minimum and a maximum."""

GERESERVEERD = EIGEN_KENMERKEN | {
    *("op", "sleutel", "verwacht", "csrf_token", "reden", "moment", "na", "toelichting_correctie"),
    *("planpunt", "terug", "versie", "namen", "velden"),
    *("personen", "organisaties", "huishouden", "hoort_bij"),
    *("data", "errors", "form_errors", "hidden_tag", "is_submitted", "meta", "populate_obj", "process", "post_process"),
    *("validate", "validate_on_submit"),
}
"""Names that no veld may have: forms and the opening of a traject use them."""


@dataclass(frozen=True)
class Inhoud:
    """A map with what it does not keep itself: all velden and reason lists, and the names that the engine knows."""

    kaart: Routekaart
    velden: Mapping[str, Veld]
    redenlijsten: Mapping[str, tuple[Reden, ...]]
    voorwaarden: Collection[str] = ()
    gevolgen: Collection[str] = ()

    @cached_property
    def waarden(self) -> Mapping[str, Collection[str] | None]:
        """Kenmerk -> the values it can have, None for any."""
        gezet: dict[str, set[str]] = {}
        for naam, waarde in (
            z for route in self.kaart.routes.values() for _, o in _moves(route) for z in o.zet.items()
        ):
            gezet.setdefault(naam, set()).add(waarde)
        velden = {code: _answers(veld) for code, veld in self.velden.items()}
        return {**gezet, **velden, "gemeente": frozenset(self.kaart.gemeenten), "behandelaar": None}


@dataclass(frozen=True, slots=True)
class _Plek:
    """Where a guard or effect stands, and what it can name there."""

    inhoud: Inhoud
    route: Route
    overgang: Overgang

    @property
    def gezien(self) -> list[Route]:
        """The routes whose dossier a guard sees."""
        routes = self.inhoud.kaart.routes
        ouders = [routes[code] for code in self.route.hoort_bij if code in routes]
        return ouders if self.overgang.is_start and ouders else [self.route]

    @property
    def kinderen(self) -> list[Route]:
        """The routes that hang on those."""
        ouders = {route.code for route in self.gezien}
        return [kind for kind in self.inhoud.kaart.routes.values() if ouders.intersection(kind.hoort_bij)]

    @property
    def lists(self) -> set[str]:
        """Codes of the lists of parts that a guard can read."""
        return {v.code for route in self.gezien for v in route.velden.values() if v.soort == "onderdelen"}

    @property
    def velden(self) -> Mapping[str, Veld]:
        """The questions of the overgang by code."""
        return {veld.code: veld for veld in self.overgang.velden}

    def velden_van(self, soort: str) -> list[str]:
        """Codes of its questions of one soort."""
        return [veld.code for veld in self.overgang.velden if veld.soort == soort]


def check(inhoud: Inhoud) -> Klachten:
    """Everything that is wrong with the map."""
    for van_kaart in _KAARTCONTROLES:
        yield from van_kaart(inhoud)
    for route in inhoud.kaart.routes.values():
        for van_route in _ROUTECONTROLES:
            yield from _below(("routes", route.code), van_route(inhoud, route))
        for pad, overgang in _moves(route):
            for van_overgang in _OVERGANGCONTROLES:
                yield from _below(("routes", route.code, *pad), van_overgang(_Plek(inhoud, route, overgang)))


def show(pad: Pad) -> str:
    """A path for people: routes.nazorg.overgangen.afronden.van[1]."""
    return "".join(f"[{deel + 1}]" if isinstance(deel, int) else f".{short(deel)}" for deel in pad).removeprefix(".")


def short(tekst: str, lengte: int = 60) -> str:
    """The beginning of a text."""
    return tekst if len(tekst) <= lengte else f"{tekst[: lengte - 1]}…"


def unknown(naam: str, bekend: Collection[str], wat: str) -> str:
    """That a name is not known, with the known name that looks most like it."""
    lijkt = get_close_matches(naam[:200], bekend, 1, 0.7)
    return f"{short(naam)!r} is not {wat}" + (f"; did you mean {lijkt[0]!r}?" if lijkt else "")


def _below(pad: Pad, klachten: Iterable[Klacht]) -> Klachten:
    return ((pad + onder, zin) for onder, zin in klachten)


def _moves(route: Route) -> Iterator[tuple[Pad, Overgang]]:
    yield from ((("starten", code), overgang) for code, overgang in route.starten.items())
    yield from ((("overgangen", code), overgang) for code, overgang in route.overgangen.items())


def _known(pad: Pad, naam: str | None, bekend: Collection[str], wat: str) -> Klachten:
    if naam is not None and naam not in bekend:
        yield pad, unknown(naam, bekend, wat)


def _all_known(pad: Pad, namen: Iterable[str], bekend: Collection[str], wat: str) -> Klachten:
    if isinstance(namen, str):
        return _known(pad, namen, bekend, wat)
    return (klacht for nummer, naam in enumerate(namen) for klacht in _known((*pad, nummer), naam, bekend, wat))


def _once(paren: Iterable[tuple[Pad, str]], wat: str) -> Klachten:
    eerder: dict[str, Pad] = {}
    for pad, waarde in paren:
        if waarde in eerder:
            yield pad, f"{wat} {short(waarde, 40)!r} stands in {show(eerder[waarde])} already"
        eerder.setdefault(waarde, pad)


def _broken(ding: Any, regels: Iterable[Regel]) -> Klachten:
    return ((tuple(sleutel.split(".") if sleutel else ()), zin) for sleutel, is_fout, zin in regels if is_fout(ding))


def _answers(veld: Veld) -> Collection[str] | None:
    if veld.soort == "ja_nee":
        return ("ja", "nee")
    return frozenset(keuze.code for keuze in veld.keuzes) if veld.soort == "keuze" else None


def _values(pad: Pad, waarden: Iterable[str], mogelijk: Collection[str] | None) -> Klachten:
    return iter(()) if mogelijk is None else _all_known(pad, waarden, mogelijk, "one of the answers")


def _demands(inhoud: Inhoud, pad: Pad, eisen: Mapping[str, Iterable[str]], routes: Iterable[Route]) -> Klachten:
    for naam, waarden in eisen.items():
        yield from _known((*pad, naam), naam, _kenmerken(routes), "a kenmerk known here")
        yield from _values((*pad, naam), waarden, inhoud.waarden.get(naam))


def _kenmerken(routes: Iterable[Route]) -> Collection[str]:
    return EIGEN_KENMERKEN.union(*(route.kenmerken for route in routes))


# The map as a whole.


def _check_velden(inhoud: Inhoud) -> Klachten:
    for code, veld in inhoud.velden.items():
        yield from _below(("velden", code), _broken(veld, VELDREGELS))


def _check_redenen(inhoud: Inhoud) -> Klachten:
    redenen = [(("redenen", lijst, r.code), r) for lijst, van_lijst in inhoud.redenlijsten.items() for r in van_lijst]
    correcties = [(("correctieredenen", r.code), r) for r in inhoud.kaart.correctieredenen]
    yield from _check_ongedaan(inhoud.kaart)
    yield from _once(((pad, reden.code) for pad, reden in [*redenen, *correcties]), "the reden")
    plekken = {*inhoud.kaart.fasen, *(stap for route in inhoud.kaart.routes.values() for stap in route.stappen)}
    for pad, reden in redenen:
        yield from _all_known((*pad, "bij"), reden.bij, plekken, "a fase or stap")
    for plek, reden in correcties:
        yield from _all_known((*plek, "routes"), reden.routes, inhoud.kaart.routes, "a route")


def _check_ongedaan(kaart: Routekaart) -> Klachten:
    """Undoing at once needs a reason of its own: any other reason would be untrue."""
    gemerkt = [reden.code for reden in kaart.correctieredenen if reden.labels.get("ongedaan")]
    if not gemerkt and kaart.status != "concept":
        yield ("correctieredenen",), "none has the label 'ongedaan': only a concept may leave open why one undoes"
    for code in gemerkt[1:]:
        yield ("correctieredenen", code), f"has the label 'ongedaan', as {gemerkt[0]!r} has"


def _check_termijnen(inhoud: Inhoud) -> Klachten:
    routes = inhoud.kaart.routes.values()
    for termijn in inhoud.kaart.termijnen.values():
        van_termijn = [r for r in routes if any(termijn.code in stap.termijnen for stap in r.stappen.values())]
        yield from _below(("termijnen", termijn.code), _termijn(inhoud, termijn, van_termijn or list(routes)))


def _termijn(inhoud: Inhoud, termijn: Termijnregel, routes: list[Route]) -> Klachten:
    yield from _demands(inhoud, ("als",), termijn.als, routes)
    yield from _demands(inhoud, ("tenzij",), termijn.tenzij, routes)
    yield from _demands(inhoud, ("eindigt_als",), termijn.eindigt_als, routes)
    yield from _all_known(
        ("begint_op",), termijn.begint_op, _dates(routes), "a veld of soort datum on a route of this term"
    )
    if termijn.alleen_na_antwoord and not termijn.begint_op:
        yield ("alleen_na_antwoord",), "needs begint_op: the veld that is to be answered"
    if termijn.loopt_af and termijn.soort != "looptijd":
        yield ("loopt_af",), "is for soort looptijd: what must be done in time does not end by itself"
    kinderen = {kind.code: kind for route in routes for kind in inhoud.kaart.kinderen_van(route.code)}
    yield from _known(("opgeschort_door",), termijn.opgeschort_door, kinderen, "a route that hangs on one of this term")
    data = _dates(kind for code, kind in kinderen.items() if code == termijn.opgeschort_door)
    yield from _known(("opgeschort_tot",), termijn.opgeschort_tot, data, "a veld of soort datum of opgeschort_door")
    perioden = sorted((lengte.vanaf or -(10**9), lengte.tot or 10**9) for lengte in termijn.lengtes)
    if any(vanaf < tot for (_, tot), (vanaf, _) in pairwise(perioden)):
        yield ("lengtes",), "the periods of these lengths overlap"


def _dates(routes: Iterable[Route]) -> set[str]:
    return {veld.code for route in routes for veld in route.velden.values() if veld.soort == "datum"}


def _check_catalogus(inhoud: Inhoud) -> Klachten:
    for nummer, regel in enumerate(inhoud.kaart.catalogus):
        pad: Pad = ("catalogus", nummer)
        yield from _demands(inhoud, (*pad, "situatie"), regel.situatie, inhoud.kaart.routes.values())
        yield from _demands(inhoud, (*pad, "tenzij"), regel.tenzij, inhoud.kaart.routes.values())
        yield from _all_known((*pad, "producten"), regel.producten, inhoud.kaart.producten, "a product")


def _check_dates(inhoud: Inhoud) -> Klachten:
    """A map that is used says of each rule from when it holds, so that it is never taken for a rule of all times."""
    if inhoud.kaart.status == "concept":
        return
    lengtes = [
        (("termijnen", termijn.code, "lengtes", nummer), lengte.vanaf)
        for termijn in inhoud.kaart.termijnen.values()
        for nummer, lengte in enumerate(termijn.lengtes)
    ]
    regels = [(("catalogus", nummer), regel.vanaf) for nummer, regel in enumerate(inhoud.kaart.catalogus)]
    for pad, vanaf in [*lengtes, *regels]:
        if vanaf is None:
            yield pad, "'vanaf' is missing: only a concept may leave open from which day this holds"


def _check_opgaven(inhoud: Inhoud) -> Klachten:
    for soort in inhoud.kaart.opgaven.values():
        yield from _below(("opgaven", soort.code), _opgave(inhoud, soort))
    if inhoud.kaart.opgaven and not any(route.opgavevelden for route in inhoud.kaart.routes.values()):
        yield ("opgaven",), "no route has an overgang with a veld of soort opgave, so nobody can report these"


def _opgave(inhoud: Inhoud, soort: Opgavesoort) -> Klachten:
    yield from _broken(soort, OPGAVEREGELS)
    for code, opgever in soort.opgevers.items():
        pad: Pad = ("opgevers", code)
        yield from _all_known((*pad, "gemeenten"), opgever.gemeenten, inhoud.kaart.gemeenten, "a gemeente")
        if soort.plaatsen:
            yield from _all_known((*pad, "plaatsen"), opgever.plaatsen, soort.plaatsen, "one of its plaatsen")


def _check_unique(inhoud: Inhoud) -> Klachten:
    routes = [(("routes", route.code), route) for route in inhoud.kaart.routes.values()]
    yield from _once((((*pad, "voorvoegsel"), route.voorvoegsel) for pad, route in routes), "the voorvoegsel")
    stappen = [((*pad, "stappen", stap.code, "uitleg", "nl"), stap) for pad, r in routes for stap in r.stappen.values()]
    yield from _once(
        ((pad, " ".join(stap.uitleg["nl"].casefold().split())) for pad, stap in stappen), "the client text"
    )


# One route.


def _check_route(inhoud: Inhoud, route: Route) -> Klachten:
    yield from _broken(route, ROUTEREGELS)
    yield from _all_known(("hoort_bij",), route.hoort_bij, inhoud.kaart.routes, "a route")
    if route.code in _spread(route.hoort_bij, {r.code: r.hoort_bij for r in inhoud.kaart.routes.values()}):
        yield ("hoort_bij",), "this route hangs on itself in the end"
    for code in route.overgangen.keys() & route.starten.keys():
        yield ("overgangen", code), "a start of this route has the same code"
    yield from _letters(inhoud.kaart, route)


def _letters(kaart: Routekaart, route: Route) -> Klachten:
    """What labels say about letters: terms and velden behind placeholders, and how it is recorded that one was sent."""
    bekend = {*kaart.termijnen, *route.velden}
    for naam, codes in route.labels.items():
        if naam.startswith("plaats."):
            for code in codes.split():
                yield from _known(("labels", naam), code, bekend, "a termijn or a veld of this route")
    for keus in route.overgangen.values():
        pad: Pad = ("overgangen", keus.code, "labels")
        data = {veld.code for veld in keus.velden if veld.soort == "datum"}
        yield from _known((*pad, "brief_dag"), keus.labels.get("brief_dag"), data, "a datum veld of this overgang")
        antwoorden = {keuze.code for veld in keus.velden for keuze in veld.keuzes}
        for code in keus.labels.get("brief_beschikking", "").split():
            yield from _known((*pad, "brief_beschikking"), code, antwoorden, "an answer of this overgang")
        for naam, stappen in keus.labels.items():
            if naam.startswith("brief_in."):
                yield from _known((*pad, naam), naam.partition(".")[2], antwoorden, "an answer of this overgang")
                yield from _all_known((*pad, naam), stappen.split(), route.stappen, "a stap of this route")


def _check_stappen(inhoud: Inhoud, route: Route) -> Klachten:
    kaart = inhoud.kaart
    for stap in route.stappen.values():
        pad: Pad = ("stappen", stap.code)
        yield from _below(pad, _broken(stap, STAPREGELS))
        yield from _known((*pad, "fase"), stap.fase, kaart.fasen, "a fase")
        yield from _known((*pad, "partij"), stap.partij, kaart.partijen, "a partij")
        yield from _all_known((*pad, "termijnen"), stap.termijnen, kaart.termijnen, "a termijn")
        yield from _below((*pad, "labels"), _turns(inhoud, route, stap))
        yield from _below((*pad, "labels", "stukken"), _checklist(route, stap))


def _turns(inhoud: Inhoud, route: Route, stap: Stap) -> Klachten:
    """What labels say about who is to act: a kenmerk of the route, answers that it can have, and partijen."""
    kenmerk = stap.labels.get(AAN_ZET_KENMERK)
    beurten = {naam: partij for naam, partij in stap.labels.items() if naam.startswith(AAN_ZET)}
    yield from _known((AAN_ZET_KENMERK,), kenmerk, _kenmerken([route]), "a kenmerk known here")
    for naam, partij in beurten.items():
        yield from _known((naam,), partij, inhoud.kaart.partijen, "a partij")
        mogelijk = inhoud.waarden.get(kenmerk or "")
        if mogelijk is not None:
            yield from _known((naam,), naam.removeprefix(AAN_ZET), mogelijk, "one of the answers")
    if bool(beurten) != (kenmerk is not None):
        yield (), f"needs either both {AAN_ZET_KENMERK} and {AAN_ZET}ANSWER or none of them"


def _checklist(route: Route, stap: Stap) -> Klachten:
    """The documents that a stap asks for are parts of a list that an overgang of this route keeps."""
    if not (codes := stap.labels.get("stukken", "").split()):
        return
    velden = [v for code in route.onderdeelvelden for v in route.alle_overgangen[code].velden if v.onderdelen]
    bekend = {onderdeel.code for veld in velden for onderdeel in veld.onderdelen}
    yield from (klacht for code in codes for klacht in _known((), code, bekend, "a part of a list of this route"))


def _open(route: Route) -> set[str]:
    return {stap.code for stap in route.stappen.values() if not stap.einde}


def _spread(begin: Iterable[str], wegen: Mapping[str, Iterable[str]]) -> set[str]:
    bereikt, rand = set(begin), list(begin)
    while rand:
        nieuw = set(wegen.get(rand.pop(), ())) - bereikt
        bereikt |= nieuw
        rand += nieuw
    return bereikt


def _ways(route: Route) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Stap -> where overgangen lead, and end stap -> where its way back can lead."""
    vooruit: dict[str, set[str]] = {code: set() for code in route.stappen}
    for overgang in route.overgangen.values():
        for van in (code for code in overgang.van if code in vooruit and overgang.naar in vooruit):
            vooruit[van].add(str(overgang.naar))
    met_weg_terug = {code for overgang in route.overgangen.values() if overgang.naar == VORIGE for code in overgang.van}
    terug = {code: {van for van, doelen in vooruit.items() if code in doelen} for code in met_weg_terug}
    return vooruit, terug


def _check_walk(_inhoud: Inhoud, route: Route) -> Klachten:
    vooruit, terug = _ways(route)
    wegen = {code: doelen | terug.get(code, set()) for code, doelen in vooruit.items()}
    omgekeerd: dict[str, set[str]] = {}
    for van, doel in ((van, doel) for van, doelen in wegen.items() for doel in doelen):
        omgekeerd.setdefault(doel, set()).add(van)
    bereikt = _spread([str(start.naar) for start in route.starten.values()], wegen)
    eindigt = _spread({*route.stappen} - _open(route), omgekeerd)
    for code, doelen in vooruit.items():
        if code not in bereikt:
            yield ("stappen", code), "no start and no overgang leads to this stap"
        if code not in eindigt:
            yield ("stappen", code), "no end can be reached from here" if doelen - {code} else "no overgang leads away"


def _check_double(_inhoud: Inhoud, route: Route) -> Klachten:
    gezien: dict[Any, str] = {}
    for overgang in (o for o in route.overgangen.values() if o.naar):
        eerder = gezien.setdefault(_deed(overgang), overgang.code)
        if eerder != overgang.code:
            yield ("overgangen", overgang.code), f"does the same as {eerder!r}: same van, naar and voorwaarden"


def _deed(o: Overgang) -> Any:
    eisen = sorted(repr((eis.naam, eis.argument)) for eis in o.voorwaarden)
    rest = (sorted(o.rollen), [r.code for r in o.redenen], sorted(o.zet.items()), o.product, o.gevolgen)
    return frozenset(o.van), o.naar, repr((eisen, rest))


def _check_sluiting(_inhoud: Inhoud, route: Route) -> Klachten:
    yield from _known(("sluiting",), route.sluiting, route.overgangen, "an overgang of this route")
    if sluiting := route.overgangen.get(route.sluiting or ""):
        yield from _below(("overgangen", sluiting.code), _broken((route, sluiting), SLUITINGREGELS))


def _check_voorbeelden(_inhoud: Inhoud, route: Route) -> Klachten:
    wegen = _ways(route)
    for nummer, voorbeeld in enumerate(route.voorbeelden):
        pad: Pad = ("voorbeelden", nummer)
        yield from _all_known((*pad, "stappen"), voorbeeld.stappen, route.stappen, "a stap of this route")
        gat = _first_gap(voorbeeld.stappen, *wegen)
        if gat and voorbeeld.is_mogelijk:
            yield (*pad, "stappen"), f"no overgang leads from {gat[0]!r} to {gat[1]!r}"
        if not gat and not voorbeeld.is_mogelijk:
            yield (*pad, "mogelijk"), "this example must be impossible, but the map allows it"


def _first_gap(
    stappen: tuple[str, ...], vooruit: Mapping[str, set[str]], terug: Mapping[str, set[str]]
) -> tuple[str, str] | None:
    for nummer, (van, naar) in enumerate(pairwise(stappen)):
        is_terug = naar in terug.get(van, ()) and (nummer == 0 or stappen[nummer - 1] == naar)
        if naar not in vooruit.get(van, ()) and not is_terug:
            return van, naar
    return None


# One overgang.


def _check_overgang(plek: _Plek) -> Klachten:
    overgang, stappen = plek.overgang, plek.route.stappen
    yield from _all_known(("van",), overgang.van, stappen, "a stap of this route")
    yield from _known(("product",), overgang.product, plek.inhoud.kaart.producten, "a product")
    if overgang.van == (overgang.naar,):
        yield ("naar",), "leads back to where it comes from: leave naar out, and it happens in place"
    if overgang.naar != VORIGE:
        yield from _known(("naar",), overgang.naar, stappen, "a stap of this route")
    elif overgang.is_start or any(not stappen[code].einde for code in overgang.van if code in stappen):
        yield ("naar",), "'vorige' is only for overgangen out of end stappen"


def _check_answers(plek: _Plek) -> Klachten:
    velden, bron = plek.velden, plek.inhoud.velden
    for nummer, veld in enumerate(plek.overgang.velden):
        yield from _below(("velden", nummer), _broken(veld, VELDREGELS) if veld != bron[veld.code] else ())
        yield from _known(("velden", nummer), veld.niet_voor, plek.velden_van("datum"), "a datum veld of this overgang")
    yield from _once(((("velden", i), veld.code) for i, veld in enumerate(plek.overgang.velden)), "the veld")
    for naam, waarde in plek.overgang.zet.items():
        if naam in velden or naam in GERESERVEERD:
            yield ("zet", naam), "is asked here as well" if naam in velden else "forms or the engine use this name"
        yield from _values(("zet", naam), waarde, _answers(bron[naam]) if naam in bron else None)


def _check_contact(plek: _Plek) -> Klachten:
    """With which answers an overgang counts as contact with the client."""
    for naam, waarden in plek.overgang.labels.items():
        if naam.startswith(CONTACT_ALS):
            veld, pad = naam.removeprefix(CONTACT_ALS), ("labels", naam)
            kiesbaar = {code: mogelijk for code, v in plek.velden.items() if (mogelijk := _answers(v)) is not None}
            yield from _known(pad, veld, kiesbaar, "a veld of soort keuze or ja_nee of this overgang")
            yield from _values_in(pad, waarden, kiesbaar.get(veld))


def _check_signal(plek: _Plek) -> Klachten:
    """Whom an overgang asks to look; a signal is a mijlpaal, or nobody would find it."""
    labels = plek.overgang.labels
    yield from _known(("labels", "signaal"), labels.get("signaal"), SIGNAAL_AAN, "a role that has a page Vandaag")
    if "signaal" in labels and "mijlpaal" not in labels:
        yield ("labels", "signaal"), "needs the label mijlpaal beside it"


def _check_parts(plek: _Plek) -> Klachten:
    """Which answers of a list of parts play a part on its page."""
    lijsten = [veld for veld in plek.overgang.velden if veld.soort == "onderdelen"]
    mogelijk = {keuze.code for veld in lijsten for keuze in veld.keuzes}
    for naam, waarden in plek.overgang.labels.items():
        if lijsten and naam.startswith(WAARDE):
            yield from _values_in(("labels", naam), waarden, mogelijk)


def _values_in(pad: Pad, waarden: str, mogelijk: Collection[str] | None) -> Klachten:
    """Of a label that holds several values: those that are no answer."""
    return iter(()) if mogelijk is None else (k for w in waarden.split() for k in _values(pad, w, mogelijk))


def _check_sentence(plek: _Plek) -> Klachten:
    """History says what happened; an answer in it must always be there, and two ways to say it are for yes and no."""
    overgang, velden = plek.overgang, plek.velden
    if not overgang.gebeurd and plek.inhoud.kaart.status != "concept":
        yield (), "'gebeurd' is missing: only a concept may leave open how history says this"
    for gat in gaps(overgang.gebeurd):
        veld = velden.get(gat.veld)
        if veld is None or not veld.verplicht or veld.soort in ("tekst", "kinderen", "opgave", "onderdelen"):
            yield ("gebeurd",), f"{{{gat.veld}}} is no required question here with an answer of a few words"
        elif gat.is_ja_nee != (veld.soort == "ja_nee"):
            yield ("gebeurd",), f"{{{gat.veld}}} has two ways to say it, {{veld:ja|nee}}, if and only if it is ja_nee"
    if set("{}") & set(without_gaps(overgang.gebeurd)):
        yield ("gebeurd",), "has a { or } that is no {veld} and no {veld:ja|nee}"


def _check_reasons(plek: _Plek) -> Klachten:
    stappen = [plek.route.stappen[code] for code in plek.overgang.van if code in plek.route.stappen]
    zonder = [stap.code for stap in stappen if plek.overgang.redenen and not plek.overgang.redenen_bij(stap)]
    if zonder:
        yield ("redenen",), f"none of these redenen may be given in stap {zonder[0]!r}, so it can never be done there"


def _check_guards(plek: _Plek) -> Klachten:
    for nummer, eis in enumerate(plek.overgang.voorwaarden):
        pad: Pad = ("voorwaarden", nummer, eis.naam)
        yield from _known(pad, eis.naam, plek.inhoud.voorwaarden, "a voorwaarde")
        yield from _argument(plek, pad, eis.naam, eis.argument)


def _check_motivering(plek: _Plek) -> Klachten:
    """What the catalogue advises counts for every product, unless the map says why not."""
    wordt_gewogen = any(eis.naam == "advies_gevolgd" for eis in plek.overgang.voorwaarden)
    if plek.overgang.product and not wordt_gewogen and not plek.overgang.labels.get("zonder_motivering"):
        yield ("product",), "needs the voorwaarde advies_gevolgd, or a label zonder_motivering that says why not"


def _check_effects(plek: _Plek) -> Klachten:
    for nummer, gevolg in enumerate(plek.overgang.gevolgen):
        pad: Pad = ("gevolgen", nummer, gevolg.naam)
        yield from _known(pad, gevolg.naam, plek.inhoud.gevolgen, "a gevolg")
        yield from _argument(plek, pad, gevolg.naam, gevolg.argument)


# Arguments of guards and effects.


def _argument(plek: _Plek, pad: Pad, naam: str, argument: Any) -> Klachten:
    yield from _names(plek, pad, ARGUMENTEN.get(naam), argument)
    if verder := _VERDER.get(naam):
        yield from _below(pad, verder(plek, argument))


def _names(plek: _Plek, pad: Pad, soort: Any, argument: Any) -> Klachten:
    if isinstance(soort, Mapping):
        for sleutel in soort.keys() & argument.keys():
            yield from _names(plek, (*pad, sleutel), soort[sleutel], argument[sleutel])
    elif soort and argument != ALLE:
        namen, wat = NAMEN[soort]
        yield from _all_known(pad, argument, namen(plek), wat)


def _kenmerk_is(plek: _Plek, eisen: Mapping[str, Any]) -> Klachten:
    return _demands(plek.inhoud, (), eisen, plek.gezien)


def _geen_onderdeel(plek: _Plek, eis: Mapping[str, Any]) -> Klachten:
    velden = [route.velden[eis["veld"]] for route in plek.gezien if eis["veld"] in route.velden]
    return _values(("is",), eis["is"], {keuze.code for veld in velden for keuze in veld.keuzes} or None)


def _ingevuld_als(plek: _Plek, eis: Mapping[str, Any]) -> Klachten:
    return _values(("is",), eis["is"], plek.inhoud.waarden.get(eis["kenmerk"]))


def _advies_gevolgd(plek: _Plek, _motivering: str) -> Klachten:
    if plek.overgang.product is None:
        yield (), "needs an overgang with a product"


def _splits_traject(plek: _Plek, argument: Mapping[str, str]) -> Klachten:
    vertrekt = plek.velden.get(argument["vertrekt"])
    if vertrekt and not vertrekt.verplicht:
        yield ("vertrekt",), "must be a required veld"


def _open_kind(plek: _Plek, argument: Mapping[str, Any]) -> Klachten:
    if ("start" in argument) == ("start_uit" in argument):
        yield (), "needs either start or start_uit"
    for naam, waarden in argument.get("als", {}).items():
        yield from _known(("als", naam), naam, plek.velden, "a veld of this overgang")
        yield from _values(("als", naam), waarden, plek.inhoud.waarden.get(naam))
    if kind := plek.inhoud.kaart.routes.get(argument["route"]):
        yield from _starts(plek, argument, kind)


def _starts(plek: _Plek, argument: Mapping[str, Any], kind: Route) -> Klachten:
    uit = plek.velden.get(argument.get("start_uit", ""))
    codes = [argument["start"]] if "start" in argument else [keuze.code for keuze in uit.keuzes] if uit else []
    for code in codes:
        yield from _known(("start_uit" if uit else "start",), code, kind.starten, f"a start of route {kind.code!r}")
    if uit and not _is_sure(uit, argument):
        yield ("start_uit",), f"veld {uit.code!r} can be left open"
    for start in (kind.starten[code] for code in codes if code in kind.starten):
        yield from _below(("velden",), _given(plek, argument, start))


def _given(plek: _Plek, argument: Mapping[str, Any], start: Overgang) -> Klachten:
    mee, vragen = argument.get("velden", {}), {veld.code: veld for veld in start.velden}
    for code in (veld.code for veld in start.velden if veld.verplicht and veld.code not in mee):
        yield (), f"start {start.code!r} requires veld {code!r}, which is not given along"
    for naar, van in mee.items():
        yield from _known((naar,), naar, vragen, f"a veld of start {start.code!r}")
        yield from _known((naar,), van, plek.velden, "a veld of this overgang")
        if naar in vragen and van in plek.velden:
            yield from _broken((plek.velden[van], vragen[naar], argument), [(naar, *regel) for regel in MEEREGELS])


def _is_sure(veld: Veld, argument: Mapping[str, Any]) -> bool:
    return veld.verplicht or "als" in argument


# Rules as data.

VELDREGELS: tuple[Regel, ...] = (
    ("", lambda v: v.code in GERESERVEERD, "forms or the engine use this name"),
    (
        "keuzes",
        lambda v: (v.soort in ("keuze", "onderdelen")) != bool(v.keuzes),
        "belongs to soort keuze or onderdelen, and those need it",
    ),
    ("onderdelen", lambda v: v.onderdelen and v.soort != "onderdelen", "belongs to soort onderdelen"),
    (
        "kenmerk",
        lambda v: v.kenmerk and v.soort in ("tekst", "kinderen", "opgave", "onderdelen"),
        "a veld of this soort cannot be a kenmerk",
    ),
    ("minimum", lambda v: None not in (v.minimum, v.maximum) and v.minimum > v.maximum, "lies above the maximum"),
    ("niet_voor", lambda v: v.niet_voor and v.soort != "datum", "belongs to soort datum"),
    ("niet_voor", lambda v: v.niet_voor == v.code, "names this veld itself"),
    ("mag_voor_begin", lambda v: v.mag_voor_begin and v.soort != "datum", "belongs to soort datum"),
    ("partijsoort", lambda v: v.partijsoort and v.soort != "partij", "belongs to soort partij"),
    (
        "soort",
        lambda v: v.soort not in BEGRENSD and (v.minimum, v.maximum) != (None, None),
        "has no minimum or maximum",
    ),
)
OPGAVEREGELS: tuple[Regel, ...] = (
    ("reeksen", lambda o: not o.reeksen, "must have at least one reeks"),
    ("opgevers", lambda o: not o.opgevers, "must have at least one opgever"),
    ("plaatsen_van", lambda o: o.plaatsen and o.plaatsen_van, "places are a list or the organisations of a soort"),
    ("per", lambda o: bool(o.per) != o.has_places, "belongs to plaatsen or plaatsen_van, and those need it"),
    (
        "opgevers",
        lambda o: not o.has_places and any(wie.plaatsen for wie in o.opgevers.values()),
        "an opgever cannot have places where the opgave has none",
    ),
)
STAPREGELS: tuple[Regel, ...] = (
    ("", lambda s: (s.fase is None) == (s.einde is None), "a stap has either a fase or an einde"),
    ("", lambda s: s.code == VORIGE, "no stap can be called 'vorige'"),
    ("is_regeling", lambda s: s.is_regeling and s.einde, "an end stap cannot be a regeling"),
    ("uitleg.nl", lambda s: len(s.uitleg["nl"].split()) < MIN_WOORDEN, f"has fewer than {MIN_WOORDEN} words"),
)
ROUTEREGELS: tuple[Regel, ...] = (
    ("een_per_client", lambda r: r.een_per_client and r.onderwerp == "organisatie", "this onderwerp has no clients"),
)
SLUITINGREGELS: tuple[Regel, ...] = (
    ("van", lambda rs: not _open(rs[0]) <= {*rs[1].van}, "the sluiting must be possible from each stap that is no end"),
    ("naar", lambda rs: rs[1].naar not in {*rs[0].stappen} - _open(rs[0]), "the sluiting must lead to an end stap"),
    ("redenen", lambda rs: rs[1].redenen, "the sluiting happens unasked, so it cannot need a reden"),
    ("velden", lambda rs: any(v.verplicht for v in rs[1].velden), "the sluiting cannot have required velden"),
    ("voorwaarden", lambda rs: rs[1].voorwaarden, "the sluiting cannot have voorwaarden"),
)
MEEREGELS: tuple[tuple[Callable[[Any], object], str], ...] = (
    (lambda m: m[0].soort == "tekst", "text stays out of the log, so it cannot be given along"),
    (lambda m: m[0].soort != m[1].soort, "both velden must be of the same soort"),
    (lambda m: not {k.code for k in m[0].keuzes} <= {k.code for k in m[1].keuzes}, "not every answer fits there"),
    (lambda m: m[1].verplicht and not _is_sure(m[0], m[2]), "is required there, but can be left open here"),
)
NAMEN: Mapping[str, tuple[Callable[[_Plek], Collection[str]], str]] = {
    "kind": (lambda p: [kind.code for kind in p.kinderen], "a route that hangs on this one"),
    "sluitbaar": (lambda p: [k.code for k in p.kinderen if k.sluiting], "a route with sluiting that hangs on this one"),
    "kenmerk": (lambda p: _kenmerken(p.gezien), "a kenmerk known here"),
    "stap": (lambda p: set.intersection(*(set(r.stappen) for r in p.gezien)), "a stap of this route"),
    "reden": (lambda p: [reden.code for reden in p.overgang.redenen], "a reden of this overgang"),
    "veld": (lambda p: p.velden, "a veld of this overgang"),
    "onderdelen": (lambda p: p.lists, "a veld of soort onderdelen known here"),
    "tekst": (lambda p: p.velden_van("tekst"), "a veld of soort tekst of this overgang"),
    "keuze": (lambda p: p.velden_van("keuze"), "a veld of soort keuze of this overgang"),
    "deelnemer": (lambda p: p.velden_van("deelnemer"), "a veld of soort deelnemer of this overgang"),
    "kinderen": (lambda p: p.velden_van("kinderen"), "a veld of soort kinderen of this overgang"),
}
ARGUMENTEN: Mapping[str, Any] = {
    **{
        "geen_open": "kind",
        "heeft_open": "kind",
        "kenmerk_bekend": "kenmerk",
        "was_in": "stap",
        "advies_gevolgd": "tekst",
    },
    "geen_onderdeel": {"veld": "onderdelen"},
    "ingevuld_als": {"veld": "veld", "kenmerk": "kenmerk", "behalve_redenen": "reden"},
    "open_kind": {"route": "kind", "start_uit": "keuze"},
    "sluit_kinderen": "sluitbaar",
    "splits_traject": {"vertrekt": "deelnemer", "kinderen": "kinderen"},
}
"""Guard or effect -> what its argument names, a key of NAMEN; a mapping where the argument is one."""

_VERDER: Mapping[str, Callable[[_Plek, Any], Klachten]] = {
    "geen_onderdeel": _geen_onderdeel,
    **{"kenmerk_is": _kenmerk_is, "ingevuld_als": _ingevuld_als, "advies_gevolgd": _advies_gevolgd},
    **{"open_kind": _open_kind, "splits_traject": _splits_traject},
}
_KAARTCONTROLES = (
    _check_velden,
    _check_redenen,
    _check_termijnen,
    _check_catalogus,
    _check_opgaven,
    _check_dates,
    _check_unique,
)
_ROUTECONTROLES = (_check_route, _check_stappen, _check_walk, _check_double, _check_sluiting, _check_voorbeelden)
_OVERGANGCONTROLES = (
    *(_check_overgang, _check_answers, _check_sentence, _check_reasons, _check_guards, _check_motivering),
    *(_check_effects, _check_contact, _check_signal, _check_parts),
)
