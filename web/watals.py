"""What if: the log judged by another length of a term, or by one more guard. Nothing is written.

What is asked stands in the address; only what was asked is worked out, because the whole log of it is folded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, current_app, redirect, request, url_for
from sqlalchemy import Connection

from models import klok
from models.database import reading
from web.indicatoren import LEZERS, Vak, asked, blueprint, page
from web.indicatorvraag import address, pinned
from web.toegang import toegang
from workflow.indicatoren.begrippen import OPEN, Rij
from workflow.indicatoren.bronnen import Regelbron
from workflow.indicatoren.weergave import listed
from workflow.kaartlezer import RoutekaartOngeldig
from workflow.routekaart import Eenheid, Lengte
from workflow.voorwaarden import VOORWAARDEN
from workflow.watals import (
    LOOPTIJD,
    Extra,
    Oordeel,
    Termijnoordeel,
    Wachtoordeel,
    extra_guard,
    judge_guard,
    judge_terms,
    read_argument,
)

EENHEDEN: tuple[Eenheid, ...] = ("dagen", "werkdagen", "weken", "maanden")
MAX_LENGTE = 3_000
GEWOONLIJK = "vorig_jaar"
WELKE: Mapping[str, str] = {"liepen": "Gelopen", "nu": "Te laat", "dan": "Te laat bij een andere lengte"}
"""Which number of the answer about a term -> its name."""

GEEN_EENHEID = f"Kies bij Eenheid een van deze: {', '.join(EENHEDEN)}."
GEEN_LENGTE = f"Vul bij Zo lang was een heel getal in van 1 tot {MAX_LENGTE}."
GEEN_TERMIJN = "Kies ook de termijn die zo lang was."
HALVE_VOORWAARDE = "Kies bij een extra voorwaarde beide: de overgang en de voorwaarde."
VRAAGT: Mapping[str, str] = {
    "advies_gevolgd": "de code van de vraag waarin de motivering staat",
    "geen_onderdeel": 'JSON als {"veld": "…", "is": ["…"]}',
    "geen_open": "de code van een route",
    "heeft_open": "de code van een route",
    "hoogstens_deelnemers": "een aantal",
    "ingevuld_als": 'JSON als {"veld": "…", "kenmerk": "…", "is": ["…"]}',
    "kenmerk_bekend": "de code van een kenmerk",
    "kenmerk_is": 'JSON als {"kenmerk": ["waarde"]}',
    "minstens_deelnemers": "een aantal",
    "minstens_ingevuld": "een aantal",
    "was_in": "de code van een stap",
}
"""Guard -> what it asks as its value."""


@dataclass(frozen=True, slots=True)
class Wens:
    """A term with a length, an overgang with a guard. `fouten` are sentences about what cannot be asked."""

    termijn: str = ""
    lengte: Lengte | None = None
    eenheid: str = EENHEDEN[0]
    plek: str = ""
    voorwaarde: str = ""
    argument: str = ""
    extra: Extra | None = None
    fouten: tuple[str, ...] = ()

    def params(self) -> dict[str, str]:
        """What goes into an address."""
        aantal = str(self.lengte.aantal) if self.lengte else ""
        termijn = {"termijn": self.termijn, "lengte": aantal, "eenheid": self.eenheid if aantal else ""}
        wacht = {"overgang": self.plek, "voorwaarde": self.voorwaarde, "argument": self.argument}
        return {naam: waarde for naam, waarde in {**termijn, **wacht}.items() if waarde}


def _wish(vak: Vak) -> Wens:
    args = request.args
    wens = Wens(
        termijn=args["termijn"] if args.get("termijn") in _terms(vak) else "",
        eenheid=args["eenheid"] if args.get("eenheid") in EENHEDEN else EENHEDEN[0],
        plek=args["overgang"] if args.get("overgang") in _places(vak) else "",
        voorwaarde=args["voorwaarde"] if args.get("voorwaarde") in VOORWAARDEN else "",
        argument=args.get("argument", "").strip(),
    )
    return _with_guard(_with_length(wens), vak)


def _with_length(wens: Wens) -> Wens:
    aantal = request.args.get("lengte", 0, int)
    if not wens.termijn:
        return replace(wens, fouten=(GEEN_TERMIJN,)) if request.args.get("lengte") else wens
    if not 0 < aantal <= MAX_LENGTE:
        return replace(wens, fouten=(GEEN_LENGTE,))
    if request.args.get("eenheid", wens.eenheid) not in EENHEDEN:
        return replace(wens, fouten=(GEEN_EENHEID,))
    eenheid = next(e for e in EENHEDEN if e == wens.eenheid)
    return replace(wens, lengte=Lengte(aantal, eenheid))


def _with_guard(wens: Wens, vak: Vak) -> Wens:
    if not (wens.plek and wens.voorwaarde):
        return replace(wens, fouten=(*wens.fouten, HALVE_VOORWAARDE)) if wens.plek or wens.voorwaarde else wens
    route, _, overgang = wens.plek.partition(".")
    try:
        extra = extra_guard(vak.kader, route, overgang, wens.voorwaarde, read_argument(wens.argument))
    except RoutekaartOngeldig:
        return replace(wens, fouten=(*wens.fouten, does_not_fit(wens.voorwaarde)))
    return replace(wens, extra=extra)


def does_not_fit(voorwaarde: str) -> str:
    """The sentence about a value that the map does not take."""
    naam = voorwaarde.replace("_", " ")
    return f"Bij “{naam}” hoort als waarde {VRAAGT[voorwaarde]}, en wel een die de routekaart bij deze overgang kent."


def _values(vak: Vak) -> list[tuple[str, str]]:
    """What can be the value of a guard: the code and the name of each route, stap and kenmerk of the map."""
    gevonden: dict[str, list[str]] = {}
    for route in vak.kader.kaart.routes.values():
        stappen = ((stap.code, stap.naam) for stap in route.stappen.values())
        velden = ((veld.code, veld.label) for veld in route.velden.values())
        for code, naam in ((route.code, route.naam), *stappen, *velden):
            gevonden.setdefault(code, []).append(naam)
    return [(code, ", ".join(dict.fromkeys(namen))) for code, namen in gevonden.items()]


def _terms(vak: Vak) -> dict[str, str]:
    """The terms that can be too long, by code."""
    return {code: regel.naam for code, regel in vak.kader.kaart.termijnen.items() if regel.soort != LOOPTIJD}


def _places(vak: Vak) -> dict[str, str]:
    """Every overgang that a guard can stand before, as "route.overgang"."""
    routes = vak.kader.kaart.routes.values()
    return {f"{r.code}.{o.code}": f"{r.naam}: {o.label}" for r in routes for o in r.overgangen.values()}


def _asked(db: Connection) -> tuple[Vak, Wens]:
    """The question in the address, usually about last year; what was known on an earlier day is not asked here."""
    vak = asked(db, GEWOONLIJK)
    nu = replace(vak.keuze, bekend_op=None)
    vak = replace(vak, keuze=nu, kader=vak.kader.ander(nu.vraag))
    return vak, _wish(vak)


@blueprint.get("/wat-als")
@toegang(*LEZERS)
def wat_als() -> Any:
    """How many would have been late by another length, and what one more guard would have refused."""
    with reading(current_app.config["DATABASE"]) as db:
        vak, wens = _asked(db)
        if vast := pinned(vak.keuze, request.args):
            return redirect(address(request.path, vast))
        oordeel = _judged(vak, wens)
        wacht = judge_guard(vak.kader, wens.extra) if wens.extra else None
        return page(
            "wat_als",
            vak,
            wens=wens,
            termijnen=_terms(vak),
            plekken=_places(vak),
            waarden=_values(vak),
            vraagt=VRAAGT,
            namen=[(naam, naam.replace("_", " ")) for naam in sorted(VOORWAARDEN)],
            oordeel=oordeel,
            lengtes=(_lengths(oordeel), oordeel.lengte.in_woorden) if oordeel else (),
            wacht=wacht,
            redenen=Counter(w.zin for w in wacht.weigeringen).most_common() if wacht else (),
            lijst=lambda wat: address(url_for("indicatoren.wat_als_lijst"), _params(vak, wens, wat=wat)),
        )


def _params(vak: Vak, wens: Wens, **anders: str) -> dict[str, str]:
    """What goes into an address; the period always, because it is another one that is usual here."""
    return vak.keuze.params(periode=vak.keuze.soort, **wens.params(), **anders)


def _lengths(oordeel: Termijnoordeel) -> str:
    """By which lengths the runs are judged as it is, in words; of more than one how many by each."""
    if len(oordeel.lengtes) < 2:
        return next(iter(oordeel.lengtes), "gold voor niemand")
    return ", ".join(f"{lengte} ({n}×)" for lengte, n in oordeel.lengtes.items())


def _judged(vak: Vak, wens: Wens) -> Termijnoordeel | None:
    if wens.lengte is None:
        return None
    return judge_terms(vak.kader, {wens.termijn: wens.lengte}, klok.today())[0]


# -- The list ----------------------------------------------------------------------------------------------------------

_RUNS = Regelbron("watals", ("uiterlijk_dag", "anders_dag", "einde_dag"), lambda _kader: ())
_WEIGERINGEN = Regelbron("watals_wacht", ("zin",), lambda _kader: ())


@blueprint.get("/wat-als/lijst")
@toegang(*LEZERS)
def wat_als_lijst() -> str:
    """The runs, or the refusals, behind one number: exactly as many."""
    with reading(current_app.config["DATABASE"]) as db:
        vak, wens = _asked(db)
        titel, bron, rijen = _found(vak, wens, request.args.get("wat", ""))
        blad = listed(vak.kader, bron, rijen, request.args.get("blad", 1, int), vak.woorden)
        terug = address(url_for("indicatoren.wat_als"), _params(vak, wens))
        return page("wat_als_lijst", vak, titel=titel, lijst=blad, terug=terug, blad_url=_leaf_url)


def _leaf_url(blad: int) -> str:
    return address(url_for("indicatoren.wat_als_lijst"), {**request.args.to_dict(), "blad": str(blad)})


def _found(vak: Vak, wens: Wens, wat: str) -> tuple[str, Regelbron, Sequence[Rij]]:
    if wens.extra and wat in ("gemaakt", "geweigerd"):
        return _guarded(judge_guard(vak.kader, wens.extra), wat)
    oordeel = _judged(vak, wens)
    if oordeel is None or wat not in WELKE:
        abort(404)
    runs = {"liepen": oordeel.runs, "nu": oordeel.laat, "dan": oordeel.zou_laat}[wat]
    return f"{WELKE[wat]}: {oordeel.naam}", _RUNS, [_row(run) for run in runs]


def _row(run: Oordeel) -> Rij:
    dagen: tuple[Any, ...] = (run.uiterlijk, run.anders, OPEN if run.einde_dag is None else run.einde_dag)
    return (run.traject_id, run.begin_dag, *dagen)


def _guarded(wacht: Wachtoordeel, wat: str) -> tuple[str, Regelbron, Sequence[Rij]]:
    rijen = [(w.traject_id, w.dag, w.zin) for w in wacht.weigeringen]
    if wat == "gemaakt":
        rijen = [*rijen, *((traject_id, dag, "Toegestaan") for traject_id, dag in wacht.toegestaan)]
    titel = "Gemaakt" if wat == "gemaakt" else "Zou zijn geweigerd"
    return f"{titel}: {wacht.extra.overgang.label}", _WEIGERINGEN, rijen
