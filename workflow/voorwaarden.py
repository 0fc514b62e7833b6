"""Guards: each is one fact and one refusal, a pure function of a frozen Dossier.

A guard returns None, or the Dutch sentence the case worker reads. The map names guards with an argument; names of
routes, stappen and kenmerken come from the map alone. Guards over the answers are asked only when answers are given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workflow.antwoorden import in_order
from workflow.dossier import Dossier
from workflow.rollen import rol_in_zin
from workflow.routekaart import Catalogusregel, Overgang, in_zin

Guard = Callable[[Dossier, Overgang, Any], str | None]


@dataclass(frozen=True, slots=True)
class Ingeschreven:
    """A guard in the closed registry. `over_invoer`: it judges the answers, so it speaks once they are given."""

    functie: Guard
    over_invoer: bool


VOORWAARDEN: dict[str, Ingeschreven] = {}


def voorwaarde(over_invoer: bool = False) -> Callable[[Guard], Guard]:
    """Enter a guard in the registry under its own name."""

    def enter(functie: Guard) -> Guard:
        VOORWAARDEN[functie.__name__] = Ingeschreven(functie, over_invoer)
        return functie

    return enter


@voorwaarde()
def geen_open(dossier: Dossier, _overgang: Overgang, route: str) -> str | None:
    """No child traject is open on this route."""
    if any(kind.route == route for kind in dossier.open_kinderen):
        return f"Rond eerst af wat nog openstaat: {dossier.kaart.routes[route].naam.lower()}."
    return None


@voorwaarde()
def heeft_open(dossier: Dossier, _overgang: Overgang, route: str) -> str | None:
    """A child traject is open on this route."""
    if not any(kind.route == route for kind in dossier.open_kinderen):
        return f"Dit kan alleen als er iets openstaat: {dossier.kaart.routes[route].naam.lower()}."
    return None


@voorwaarde()
def kenmerk_bekend(dossier: Dossier, _overgang: Overgang, naam: str) -> str | None:
    """This kenmerk has a value."""
    if naam not in dossier.kenmerken:
        return f"Leg eerst vast: {_label(dossier, naam)}."
    return None


@voorwaarde()
def kenmerk_is(dossier: Dossier, _overgang: Overgang, eisen: Mapping[str, Any]) -> str | None:
    """Each kenmerk named has one of the values named."""
    for naam, waarden in eisen.items():
        if dossier.kenmerken.get(naam) not in _listed(waarden):
            return f"Dit kan niet bij deze waarde van: {_label(dossier, naam)}."
    return None


@voorwaarde()
def geen_onderdeel(dossier: Dossier, _overgang: Overgang, eis: Mapping[str, Any]) -> str | None:
    """No part of a list (a document, a debt) is as far as one of the values named."""
    veld = dossier.route.velden[eis["veld"]]
    stand = dossier.antwoorden.get(veld.code) or {}
    namen = {keuze.code: in_zin(keuze.naam) for keuze in veld.onderdelen}
    open_ = [namen.get(code, code) for code in in_order(stand) if stand[code] in _listed(eis["is"])]
    return f"Nog niet rond bij {veld.in_zin}: {', '.join(open_)}." if open_ else None


@voorwaarde()
def was_in(dossier: Dossier, _overgang: Overgang, stappen: Iterable[str]) -> str | None:
    """The traject has stood in one of these stappen."""
    codes = _listed(stappen)
    if dossier.bezocht.isdisjoint(codes):
        namen = " of ".join(dossier.route.stappen[code].naam for code in codes)
        return f"Dit kan pas nadat het traject in deze stap is geweest: {namen}."
    return None


@voorwaarde()
def hoogstens_deelnemers(dossier: Dossier, _overgang: Overgang, aantal: int) -> str | None:
    """At most so many people take part."""
    if len(dossier.deelnemers) > aantal:
        return f"Dit kan alleen bij een traject met ten hoogste {aantal} {'persoon' if aantal == 1 else 'personen'}."
    return None


@voorwaarde()
def minstens_deelnemers(dossier: Dossier, _overgang: Overgang, aantal: int) -> str | None:
    """At least so many people take part."""
    if len(dossier.deelnemers) < aantal:
        return f"Dit kan alleen bij een traject met ten minste {aantal} personen."
    return None


@voorwaarde(over_invoer=True)
def ingevuld_als(dossier: Dossier, _overgang: Overgang, eis: Mapping[str, Any]) -> str | None:
    """A veld is answered when a kenmerk has one of the values named, except for some redenen."""
    geldt = dossier.invoer.get(eis["kenmerk"], dossier.kenmerken.get(eis["kenmerk"])) in _listed(eis["is"])
    is_vrij = dossier.reden in _listed(eis.get("behalve_redenen", ()))
    if geldt and not is_vrij and dossier.invoer.get(eis["veld"]) in (None, ""):
        return f"Vul in: {_label(dossier, eis['veld'])}."
    return None


@voorwaarde(over_invoer=True)
def minstens_ingevuld(dossier: Dossier, _overgang: Overgang, aantal: int) -> str | None:
    """At least so many questions are answered."""
    if sum(waarde not in (None, "", []) for waarde in dossier.invoer.values()) < aantal:
        return f"Vul ten minste {aantal} {'vraag' if aantal == 1 else 'vragen'} in."
    return None


@voorwaarde(over_invoer=True)
def advies_gevolgd(dossier: Dossier, overgang: Overgang, motivering: str) -> str | None:
    """No adviseur names other products for this situation, or the choice is motivated."""
    tegen = advice_against(dossier, overgang.product)
    if not tegen or dossier.invoer.get(motivering):
        return None
    adviezen = " en ".join(_advised_by(dossier, wie, producten) for wie, producten in tegen.items())
    return f"Deze keuze wijkt af van {adviezen}. Vul een motivering in."


def _advised_by(dossier: Dossier, adviseur: str, producten: Iterable[str]) -> str:
    namen = ", ".join(dossier.kaart.producten[code] for code in producten)
    return f"het advies{f' van {adviseur}' if adviseur else ''} ({namen})"


def advice(dossier: Dossier) -> dict[str, tuple[str, ...]]:
    """The products that each adviseur names for this situation on this day; who names none has no advice."""
    gevonden: dict[str, dict[str, None]] = {}
    for regel in (r for r in dossier.kaart.catalogus if _fits(r, dossier)):
        gevonden.setdefault(regel.adviseur, {}).update(dict.fromkeys(regel.producten))
    return {adviseur: tuple(producten) for adviseur, producten in gevonden.items()}


def advised_products(dossier: Dossier) -> tuple[str, ...]:
    """The products that every adviseur with an advice names; none when they do not agree or nobody advises."""
    adviezen = list(advice(dossier).values())
    return tuple(p for p in adviezen[0] if all(p in advies for advies in adviezen)) if adviezen else ()


def advice_against(dossier: Dossier, product: str | None) -> dict[str, tuple[str, ...]]:
    """The advice of those who name other products than this one."""
    return {wie: producten for wie, producten in advice(dossier).items() if product not in producten}


def _fits(regel: Catalogusregel, dossier: Dossier) -> bool:
    is_van_kracht = (regel.vanaf or dossier.dag) <= dossier.dag < (regel.tot or dossier.dag + 1)
    is_anders = any(dossier.kenmerken.get(k) in waarden for k, waarden in regel.tenzij.items())
    past = all(dossier.kenmerken.get(k) in waarden for k, waarden in regel.situatie.items())
    return is_van_kracht and past and not is_anders


def _listed(waarden: Any) -> tuple[str, ...]:
    return (waarden,) if isinstance(waarden, str) else tuple(waarden)


def _label(dossier: Dossier, naam: str) -> str:
    veld = dossier.route.velden.get(naam)
    return veld.in_zin if veld else naam.replace("_", " ")


def refusals(overgang: Overgang, dossier: Dossier, met_invoer: bool = True) -> list[str]:
    """Every reason why this overgang may not be made now, by its guards and its roles; the stap is not judged."""
    redenen = [] if dossier.rol in overgang.rollen else [_wrong_role(overgang)]
    for eis in overgang.voorwaarden:
        ingeschreven = VOORWAARDEN[eis.naam]
        if ingeschreven.over_invoer and not met_invoer:
            continue
        if zin := ingeschreven.functie(dossier, overgang, eis.argument):
            redenen.append(eis.zin or zin)
    return redenen


def _wrong_role(overgang: Overgang) -> str:
    return f"Dit mag alleen worden vastgelegd door: {' of '.join(rol_in_zin(rol) for rol in overgang.rollen)}."
