"""A debt as DDAS-SHV v1.0 writes it, and back.

Promises: what a delivery gave comes out as it came in, until it is changed here; then only what changed differs. Of a
creditor that is a private person, or is only proposed for the register and may be one, the name is delivered only
where a delivery brought it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from workflow.schuldeisers import Register
from workflow.schulden import Gegevens, Schuld, of_who_was_erased

Json = dict[str, Any]


def as_debts(geleverd: Iterable[Mapping[str, Any]], register: Register) -> list[Gegevens]:
    """The debts of a delivery; a creditor that the register knows is recognised."""
    return [_read(een, register) for een in geleverd]


def _read(een: Mapping[str, Any], register: Register) -> Gegevens:
    wie = een.get("schuldeiser", {})
    naam, is_prive = wie.get("naam") or wie.get("Naam") or "", bool(wie.get("privepersoon"))
    bekend = None if is_prive or not naam else register.find(naam, wie.get("kvknummer", ""))
    bedrag = een.get("bedrag")
    return Gegevens(
        schuldeiser=bekend.code if bekend else "",
        naam="" if bekend else naam,
        is_prive=is_prive,
        genoemd=bekend.naam if bekend and bekend.is_voorstel else "",
        bedrag=None if bedrag is None else bedrag * 100,
        peil_op=een.get("peildatum", ""),
        soort=een.get("schuldsoort", ""),
        is_zakelijk=een.get("zakelijkeSchuld"),
        geleverd=_plain(een),
    )


def _plain(waarde: Any) -> Any:
    """Plain dicts and lists of what was read with its places."""
    if isinstance(waarde, Mapping):
        return {naam: _plain(deel) for naam, deel in waarde.items()}
    return [_plain(deel) for deel in waarde] if isinstance(waarde, list) else waarde


def as_json(schulden: Iterable[Schuld], register: Register) -> list[Json]:
    """These debts as the format writes them."""
    return [_written(of_who_was_erased(een.gegevens, register), register) for een in schulden]


def _written(nu: Gegevens, register: Register) -> Json:
    if nu.geleverd is None:
        return _fields(nu, register)
    nieuw, oud = (_fields(_named(een, register), register) for een in (nu, _read(nu.geleverd, register)))
    anders = {naam: nieuw.get(naam) for naam in nieuw.keys() | oud.keys() if nieuw.get(naam) != oud.get(naam)}
    if "schuldeiser" in anders:
        anders["schuldeiser"] = _creditor(nu, register)
    return {naam: waarde for naam, waarde in {**nu.geleverd, **anders}.items() if waarde not in (None, {})}


def _named(een: Gegevens, register: Register) -> Gegevens:
    """With the name alone: a creditor that was recognised since is no change."""
    return replace(een, schuldeiser="", naam=register.name(een.schuldeiser)) if een.schuldeiser else een


def _fields(een: Gegevens, register: Register) -> Json:
    alles = {
        "bedrag": None if een.bedrag is None else (een.bedrag + 50) // 100,
        "peildatum": een.peil_op,
        "schuldsoort": een.soort,
        "zakelijkeSchuld": een.is_zakelijk,
        "schuldeiser": _creditor(een, register),
    }
    return {naam: waarde for naam, waarde in alles.items() if waarde not in (None, "", {})}


def _creditor(een: Gegevens, register: Register) -> Json:
    if een.is_prive:
        return {"privepersoon": True}
    wie = register.get(register.survivor(een.schuldeiser))
    if wie is None:
        return {"naam": een.naam or een.schuldeiser, "privepersoon": False} if een.naam or een.schuldeiser else {}
    if wie.is_voorstel:
        return {"privepersoon": False}
    adres = {"kvknummer": wie.kvknummer, "postcode": wie.postcode.replace(" ", "")}
    return {"naam": wie.naam, **{n: w for n, w in adres.items() if w}, "privepersoon": False}
