"""Which ways trajecten really take, how often and how long, and where what happened does not fit the map in force.

What is asked stands in the address, as on the other pages with figures; each number opens its list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, request, url_for

from models.database import reading
from web.indicatoren import LEZERS, Vak, asked, blueprint, page
from web.indicatorvraag import address
from web.toegang import toegang
from workflow.indicatoren.begrippen import Rij
from workflow.indicatoren.bronnen import Regelbron
from workflow.indicatoren.weergave import listed
from workflow.overeenstemming import SOORTEN, Afwijking, Bevonden, departures
from workflow.statistiek import median, percentile
from workflow.varianten import Variant, Wegen, ways

PER_BLAD = 20
TUSSEN = "."
"""Between the codes of a way in an address."""

EINDEN: Mapping[str | None, tuple[str, str]] = {
    None: ("Nog bezig", "info"),
    "succes": ("Succes", "goed"),
    "uitval": ("Uitval", "fout"),
    "afwijzing": ("Afwijzing", "let_op"),
    "neutraal": ("Anders geëindigd", "neutraal"),
}
"""Class of an end -> its name and the kind of badge."""


@dataclass(frozen=True, slots=True)
class Weg:
    """One way: the names of its stappen, how it ends, how many took it, and the days of those that ended."""

    stappen: tuple[str, ...]
    einde: tuple[str, str]
    aantal: int
    deel: float
    mediaan: float | None
    p90: float | None
    url: str


@dataclass(frozen=True, slots=True)
class Plaats:
    """A kind of departure from the map, or one departure of that kind, and how many trajecten have it."""

    naam: str
    uitleg: str
    aantal: int
    url: str


@blueprint.get("/varianten")
@toegang(*LEZERS)
def varianten() -> str:
    """The ways taken, the most frequent first, and what does not fit the map."""
    with reading(current_app.config["DATABASE"]) as db:
        vak = asked(db)
        wegen = ways(vak.kader)
        op_volgorde = sorted(wegen.trajecten, key=lambda variant: (-len(wegen.trajecten[variant]), variant))
        bladzijden = max(1, -(-len(op_volgorde) // PER_BLAD))
        blad = min(max(request.args.get("blad", 1, int), 1), bladzijden)
        getoond = op_volgorde[(blad - 1) * PER_BLAD : blad * PER_BLAD]
        return page(
            "varianten",
            vak,
            wegen=wegen,
            regels=[_way(variant, wegen, vak) for variant in getoond],
            blad=blad,
            bladzijden=bladzijden,
            einden=_ends(wegen, vak),
            afwijkingen=_departures(departures(vak.kader), vak),
            blad_url=lambda nummer: address(url_for("indicatoren.varianten"), vak.keuze.params(blad=str(nummer))),
        )


def _way(variant: Variant, wegen: Wegen, vak: Vak) -> Weg:
    wie = wegen.trajecten[variant]
    dagen = [(wegen.duur[traject_id], 1) for traject_id in wie if traject_id in wegen.duur]
    return Weg(
        tuple(vak.woorden.waarde("stap", code) for code in variant),
        EINDEN[_class_of(variant[-1], vak)],
        len(wie),
        100 * len(wie) / wegen.aantal,
        median(dagen),
        percentile(dagen, 0.9),
        _list_url(vak, weg=TUSSEN.join(variant)),
    )


def _class_of(stap: str, vak: Vak) -> str | None:
    """The class of an end; None for a stap that is none."""
    routes = [kaart.routes[code] for kaart in vak.kader.wegwijzer.kaarten for code in kaart.routes]
    gevonden = (route.stappen[stap] for route in routes if _is_main(route.code, vak) and stap in route.stappen)
    return next((gevonden_stap.einde for gevonden_stap in gevonden), None)


def _is_main(route: str, vak: Vak) -> bool:
    return route in vak.kader.wegwijzer.hoofdroutes


def _ends(wegen: Wegen, vak: Vak) -> list[tuple[str, tuple[str, str], int, str]]:
    """Where they stand or ended: name, badge, how many, and the way to their list."""
    return [
        (vak.woorden.waarde("stap", stap), EINDEN[_class_of(stap, vak)], aantal, _list_url(vak, eind=stap))
        for stap, aantal in wegen.eind.most_common()
    ]


def _departures(bevonden: Bevonden, vak: Vak) -> list[tuple[Plaats, list[Plaats]]]:
    """Each kind that occurs, and under it each departure, the most frequent first."""
    soorten = [soort for soort in SOORTEN if any(a.afwijking == soort for a in bevonden.gevonden)]
    return [(_kind(soort, bevonden, vak), _of_kind(soort, bevonden, vak)) for soort in soorten]


def _kind(soort: str, bevonden: Bevonden, vak: Vak) -> Plaats:
    wie = bevonden.where(lambda a: a.afwijking == soort)
    return Plaats(*SOORTEN[soort], len(wie), _list_url(vak, afwijking=soort))


def _of_kind(soort: str, bevonden: Bevonden, vak: Vak) -> list[Plaats]:
    gevonden = [(len(wie), a) for a, wie in bevonden.gevonden.items() if a.afwijking == soort]
    return [
        Plaats(_told(a, vak), "", aantal, _list_url(vak, afwijking=TUSSEN.join(a)))
        for aantal, a in sorted(gevonden, key=lambda paar: (-paar[0], paar[1]))
    ]


def _told(a: Afwijking, vak: Vak) -> str:
    """From where to where, by what: "Intake → Nazorg: Fase vaststellen, Reden"."""
    woord = vak.woorden.waarde
    weg = " → ".join(woord("stap", code) for code in (a.van, a.naar) if code)
    hoe = [woord(kolom, code) for kolom, code in (("overgang", a.overgang), ("reden", a.reden)) if code]
    return f"{weg}: {', '.join(hoe)}" if hoe else weg


# -- The list ----------------------------------------------------------------------------------------------------------

_DOSSIERS = Regelbron("varianten", ("stap", "dagen"), lambda _kader: ())


def _list_url(vak: Vak, **deel: str) -> str:
    return address(url_for("indicatoren.variantlijst"), vak.keuze.params(**deel))


@blueprint.get("/varianten/lijst")
@toegang(*LEZERS)
def variantlijst() -> str:
    """The trajecten behind one number of that page: exactly as many."""
    with reading(current_app.config["DATABASE"]) as db:
        vak = asked(db)
        titel, rijen = _found(vak)
        lijst = listed(vak.kader, _DOSSIERS, rijen, request.args.get("blad", 1, int), vak.woorden)
        return page("variantlijst", vak, titel=titel, lijst=lijst, blad_url=_leaf_url)


def _leaf_url(blad: int) -> str:
    rest = {naam: waarde for naam, waarde in request.args.items() if naam != "blad"}
    return address(url_for("indicatoren.variantlijst"), {**rest, "blad": str(blad)})


def _found(vak: Vak) -> tuple[str, Sequence[Rij]]:
    """What the address asks for, in words and as rows. An address that asks for nothing is not found (404)."""
    wegen = ways(vak.kader)
    waar = {traject_id: variant[-1] for variant, wie in wegen.trajecten.items() for traject_id in wie}
    if "weg" in request.args:
        variant = tuple(request.args["weg"].split(TUSSEN))
        titel = " → ".join(vak.woorden.waarde("stap", code) for code in variant)
        return titel, _rows(wegen.trajecten.get(variant, ()), wegen, waar)
    if "eind" in request.args:
        stap = request.args["eind"]
        return vak.woorden.waarde("stap", stap), _rows([w for w, hier in waar.items() if hier == stap], wegen, waar)
    if "afwijking" in request.args:
        titel, wie = _departed(request.args["afwijking"], vak)
        return titel, [(w, dag, waar.get(w, ""), wegen.duur.get(w)) for w, dag in wie.items()]
    abort(404)


def _rows(wie: Iterable[int], wegen: Wegen, waar: Mapping[int, str]) -> list[Rij]:
    return [(w, wegen.begonnen_op[w], waar[w], wegen.duur.get(w)) for w in wie]


def _departed(gevraagd: str, vak: Vak) -> tuple[str, Mapping[int, int]]:
    soort, *rest = gevraagd.split(TUSSEN)
    if soort not in SOORTEN or len(rest) not in (0, len(Afwijking._fields) - 1):
        abort(404)
    naam, bevonden = SOORTEN[soort][0], departures(vak.kader)
    if not rest:
        return naam, bevonden.where(lambda a: a.afwijking == soort)
    deze: Any = Afwijking(soort, *rest)
    return f"{naam}: {_told(deze, vak)}", bevonden.where(lambda a: a == deze)
