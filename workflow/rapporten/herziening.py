"""The restatement: the question of a fixed report asked again today, and through what its figures changed.

Whatever the report prints is compared: every number of every figure, of the years beside it too, how late things were
recorded, and what was said beside the figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from workflow.indicatoren import Indicator, Kader, Periode, on
from workflow.indicatoren.rapport import as_counted
from workflow.kalender import daynumber, short
from workflow.overzichten import organisaties
from workflow.rapporten import opmaken
from workflow.rapporten.oorzaken import Oorzaak, Zoeker
from workflow.rapporten.vaststellen import Rapport

WOORDEN = frozenset({"maat", "soort", "naam", "eenheid", "uitsplitsing", "onderdeel"})
"""What a figure says in words; all else of it is a number."""

MAX_OORZAKEN = 60
BIJLAGE = "Bijlage 3"

Meting = Mapping[str, Any]
Plek = tuple[str, str, tuple[tuple[str, str], ...], str]
"""Where a figure stands: code, maat, part, and the heading of the year; none for the period asked for."""


@dataclass(frozen=True, slots=True)
class Verschil:
    """A figure that is not what it was; a part that was not there, or is not there any more, has None.

    `kolom` is the earlier year that it is of; empty for the period asked for.
    """

    code: str
    naam: str
    maat: str
    eenheid: str
    onderdeel: str
    kolom: str
    was: Meting | None
    nu: Meting | None
    oorzaken: tuple[Oorzaak, ...]
    meer_oorzaken: int = 0

    @property
    def verschil(self) -> float | None:
        """How much the value went up; None where one of the two has none."""
        was, nu = ((m or {}).get("waarde", 0) for m in (self.was, self.nu))
        return None if was is None or nu is None else round(nu - was, 1)

    @property
    def anders(self) -> tuple[str, ...]:
        """The names of the numbers that differ."""
        was, nu = (_numbers(m) for m in (self.was, self.nu))
        return tuple(naam for naam in {**was, **nu} if was.get(naam) != nu.get(naam))


@dataclass(frozen=True, slots=True)
class Herziening:
    """What changed. `definities` are the indicators whose definition is another one now.

    `onvolledig_vanaf` is since when not all was recorded, then and now, where that differs; `niet_meer` and `erbij` are
    sentences about norms, breaks and comments.
    """

    nu: Mapping[str, Any]
    verschillen: tuple[Verschil, ...]
    definities: tuple[str, ...]
    weg: tuple[str, ...]
    binnengekomen: tuple[str, ...]
    ontbreekt_nu: tuple[str, ...]
    onvolledig_vanaf: tuple[str | None, str | None] | None
    niet_meer: tuple[str, ...]
    erbij: tuple[str, ...]


def restate(db: Connection, rapport: Rapport) -> Herziening:
    """The same question now, beside the fixed result."""
    kader, toen = Kader(db, replace(rapport.gevraagd, bekend=None)), rapport.gegevens
    indicatoren = {i.code: i for i in on(kader.kaart) if i.code in rapport.vraag["indicatoren"]}
    jaren = len(toen["meerjaren"]["kolommen"]) - 1
    nu = opmaken.make(kader, list(indicatoren.values()), jaren)
    zoeker = Zoeker(kader, rapport)
    perioden = opmaken.periods(kader.vraag.periode, jaren)
    cijfers = _figures(toen, nu, indicatoren, zoeker, perioden)
    return Herziening(
        nu,
        (*cijfers, *_entry_times(toen, nu, zoeker, organisaties(db))),
        tuple(_redefined(toen, nu)),
        tuple(code for code in rapport.vraag["indicatoren"] if code not in indicatoren),
        *_gone_and_new(_missing(toen), _missing(nu)),
        _incomplete(toen, nu),
        *_gone_and_new(_said(toen["duiding"]), _said(nu["duiding"])),
    )


def _gone_and_new(toen: list[str], nu: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(zin for zin in toen if zin not in nu), tuple(zin for zin in nu if zin not in toen)


def _missing(gegevens: Mapping[str, Any]) -> list[str]:
    return [f"{i['code']}: {zin}" for i in gegevens["indicatoren"] for zin in i["ontbreekt"]]


def _redefined(toen: Mapping[str, Any], nu: Mapping[str, Any]) -> Iterable[str]:
    versies = {d["code"]: d["versie"] for d in toen["definities"]}
    return (d["code"] for d in nu["definities"] if versies.get(d["code"], d["versie"]) != d["versie"])


def _incomplete(toen: Mapping[str, Any], nu: Mapping[str, Any]) -> tuple[str | None, str | None] | None:
    was, is_nu = (gegevens["invoer"]["onvolledig_vanaf"] for gegevens in (toen, nu))
    return None if was == is_nu else (was, is_nu)


def _said(duiding: Mapping[str, Any]) -> list[str]:
    """Norms, breaks and comments as sentences."""
    return [
        *(
            f"{s['indicator']}, {s['maat']}: {s['soort']} {s['jaar']} is {s['waarde']:g}."
            for s in duiding["streefwaarden"]
        ),
        *(f"{b['indicator'] or 'Alles'}: reeksbreuk {_short(b['dag'])}: {b['tekst']}" for b in duiding["breuken"]),
        *(f"{o['indicator']}: opmerking bij {o['jaar']}: {o['tekst']}" for o in duiding["opmerkingen"]),
    ]


def _short(iso: str) -> str:
    return short(daynumber(date.fromisoformat(iso)))


# -- Figures -----------------------------------------------------------------------------------------------------------


def _figures(
    toen: Mapping[str, Any],
    nu: Mapping[str, Any],
    indicatoren: Mapping[str, Indicator],
    zoeker: Zoeker,
    perioden: Mapping[str, Periode],
) -> Iterator[Verschil]:
    """Every figure of which a number differs; in the order of now, then what is gone."""
    was, is_nu = (dict(_by_place(gegevens)) for gegevens in (toen, nu))
    eigen = list(perioden.values())[-1]
    for plek in {**is_nu, **was}:
        if plek[0] in indicatoren and _numbers(was.get(plek)) != _numbers(is_nu.get(plek)):
            maat = next((m for m in indicatoren[plek[0]].maten if m.code == plek[1]), None)
            oorzaken = zoeker.behind(maat, dict(plek[2]), perioden.get(plek[3], eigen)) if maat else ()
            yield _difference(plek, indicatoren[plek[0]].naam, was.get(plek), is_nu.get(plek), oorzaken)


def _by_place(gegevens: Mapping[str, Any]) -> Iterator[tuple[Plek, Meting]]:
    """Each figure of a report; the last year beside it is its own period, which it has already.

    An older traject that is entered later moves the first day of the log: that alone changes no figure.
    """
    for indicator in gegevens["indicatoren"]:
        for meting in indicator["metingen"]:
            yield (indicator["code"], meting["maat"], tuple(sorted(meting["uitsplitsing"].items())), ""), meting
    kolommen = gegevens["meerjaren"]["kolommen"][:-1]
    for regel in gegevens["meerjaren"]["regels"]:
        namen = {naam: regel[naam] for naam in ("naam", "eenheid")}
        for kolom, meting in zip(kolommen, regel["metingen"], strict=False):
            yield (regel["code"], regel["maat"], (), kolom), {**as_counted(meting), **namen}


def _numbers(meting: Meting | None) -> dict[str, Any]:
    return {naam: waarde for naam, waarde in (meting or {}).items() if naam not in WOORDEN}


def _difference(
    plek: Plek, naam: str, was: Meting | None, nu: Meting | None, oorzaken: tuple[Oorzaak, ...]
) -> Verschil:
    een: Meting = nu or was or {}
    vast = (plek[0], naam, een["naam"], een["eenheid"], een.get("onderdeel", ""), plek[3])
    return Verschil(*vast, was, nu, oorzaken[:MAX_OORZAKEN], max(0, len(oorzaken) - MAX_OORZAKEN))


def _entry_times(
    toen: Mapping[str, Any], nu: Mapping[str, Any], zoeker: Zoeker, namen: Mapping[str, str]
) -> Iterator[Verschil]:
    """How late an organisatie recorded what happened in a month, where that is another number now."""
    was, is_nu = (_times(gegevens) for gegevens in (toen, nu))
    for organisatie, maand in {**is_nu, **was}:
        paar = was.get((organisatie, maand)), is_nu.get((organisatie, maand))
        if paar[0] != paar[1]:
            onderdeel = f"{namen.get(organisatie, organisatie)}, {maand}"
            toen_nu = [_as_meting(tijd, onderdeel) for tijd in paar]
            oorzaken = zoeker.entered(organisatie, maand)
            yield _difference((BIJLAGE, "", (), ""), "Hoe laat er werd vastgelegd", toen_nu[0], toen_nu[1], oorzaken)


def _times(gegevens: Mapping[str, Any]) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {(tijd["organisatie"], tijd["maand"]): tijd for tijd in gegevens["invoer"]["invoertijd"]}


def _as_meting(tijd: Mapping[str, Any] | None, onderdeel: str) -> Meting | None:
    if tijd is None:
        return None
    woorden = {"naam": "Dagen tot vastleggen", "eenheid": "dagen", "onderdeel": onderdeel}
    return {**woorden, "waarde": tijd["mediaan"], "n": tijd["n"], "p90": tijd["p90"], "laat": tijd["laat"]}
