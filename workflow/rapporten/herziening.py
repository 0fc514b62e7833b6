"""The restatement: the question of a fixed report asked again today, and through what its figures changed.

A figure changed when a number of it differs. The rows behind it then and now tell which trajecten made the difference;
what was recorded about them (or their families) after the report is the cause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from models import klok
from models.gebeurtenis import gebeurtenis
from models.projectie import deelname
from models.traject import traject
from models.trajectnummer import trajectnummer
from workflow.indicatoren import Indicator, Kader, on
from workflow.indicatoren.begrippen import Maat
from workflow.indicatoren.maten import Verhouding
from workflow.rapporten import opmaken
from workflow.rapporten.vaststellen import Rapport

GETALLEN = ("waarde", "n", "open", "teller", "noemer", "bereikt", "anders", "onbekend", "in_het_log")
CORRECTIES = ("intrekking", "verbetering", "samenvoeging")
MAX_OORZAKEN = 60

CORRECTIE, LAAT, OPGAVE, DAARNA = "correctie", "laat", "opgave", "daarna"
"""Kinds of cause: a correction, recorded late, a report that came late, happened after the report."""


@dataclass(frozen=True, slots=True)
class Oorzaak:
    """A gebeurtenis that was recorded after the report."""

    soort: str
    nummer: str
    volgnummer: int
    dag: int
    vastgelegd_op: int


@dataclass(frozen=True, slots=True)
class Verschil:
    """A figure that is not what it was; a part that was not there, or is not there any more, has None."""

    code: str
    naam: str
    maat: str
    eenheid: str
    onderdeel: str
    was: Mapping[str, Any] | None
    nu: Mapping[str, Any] | None
    oorzaken: tuple[Oorzaak, ...]
    meer_oorzaken: int = 0

    @property
    def verschil(self) -> float | None:
        """How much the value went up; None where one of the two has none."""
        was, nu = ((m or {}).get("waarde", 0) for m in (self.was, self.nu))
        return None if was is None or nu is None else round(nu - was, 1)


@dataclass(frozen=True, slots=True)
class Herziening:
    """What changed. `definities` are the indicators whose definition is another one now."""

    nu: Mapping[str, Any]
    verschillen: tuple[Verschil, ...]
    definities: tuple[str, ...]
    weg: tuple[str, ...]
    binnengekomen: tuple[str, ...]
    ontbreekt_nu: tuple[str, ...]


def restate(db: Connection, rapport: Rapport) -> Herziening:
    """The same question now, beside the fixed result."""
    vraag = rapport.gevraagd
    kader = Kader(db, replace(vraag, bekend=None))
    indicatoren = [i for i in on(kader.kaart) if i.code in rapport.vraag["indicatoren"]]
    nu = opmaken.make(kader, indicatoren, jaren=0)
    zoeker = _Zoeker(kader, kader.ander(replace(vraag, bekend=rapport.bekend_tot)), rapport)
    verschillen = [
        zoeker.explain(maten, was, is_nu)
        for maten, was, is_nu in _pairs(rapport.gegevens, nu, {i.code: i for i in indicatoren})
        if _differs(was, is_nu)
    ]
    toen_weg, nu_weg = (_missing(gegevens) for gegevens in (rapport.gegevens, nu))
    return Herziening(
        nu,
        tuple(verschillen),
        tuple(_redefined(rapport.gegevens, nu)),
        tuple(code for code in rapport.vraag["indicatoren"] if code not in {i.code for i in indicatoren}),
        tuple(zin for zin in toen_weg if zin not in nu_weg),
        tuple(zin for zin in nu_weg if zin not in toen_weg),
    )


def _missing(gegevens: Mapping[str, Any]) -> list[str]:
    return [f"{i['code']}: {zin}" for i in gegevens["indicatoren"] for zin in i["ontbreekt"]]


def _redefined(toen: Mapping[str, Any], nu: Mapping[str, Any]) -> Iterable[str]:
    versies = {d["code"]: d["versie"] for d in toen["definities"]}
    return (d["code"] for d in nu["definities"] if versies.get(d["code"], d["versie"]) != d["versie"])


def _pairs(
    toen: Mapping[str, Any], nu: Mapping[str, Any], indicatoren: Mapping[str, Indicator]
) -> Iterable[tuple[Indicator, Mapping[str, Any] | None, Mapping[str, Any] | None]]:
    """Each figure of then with that of now; in the order of now, then what is gone."""
    was, is_nu = (_by_place(gegevens) for gegevens in (toen, nu))
    for sleutel in {**is_nu, **was}:
        if sleutel[0] in indicatoren:
            yield indicatoren[sleutel[0]], was.get(sleutel), is_nu.get(sleutel)


def _by_place(gegevens: Mapping[str, Any]) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    return {
        (i["code"], m["maat"], tuple(sorted(m["uitsplitsing"].items()))): m
        for i in gegevens["indicatoren"]
        for m in i["metingen"]
    }


def _differs(was: Mapping[str, Any] | None, nu: Mapping[str, Any] | None) -> bool:
    return any((was or {}).get(naam) != (nu or {}).get(naam) for naam in GETALLEN)


class _Zoeker:
    """Finds through which gebeurtenissen a figure changed."""

    def __init__(self, nu: Kader, toen: Kader, rapport: Rapport) -> None:
        self._kaders = (toen, nu)
        self._rapport = rapport
        self._opgaveroutes = nu.wegwijzer.routes("opgave")
        self._later = _recorded_after(nu.db, rapport.laatste_id)

    def explain(self, indicator: Indicator, was: Mapping[str, Any] | None, nu: Mapping[str, Any] | None) -> Verschil:
        """A changed figure with its causes."""
        een: Mapping[str, Any] = nu or was or {}
        oorzaken = self._causes(_maat_of(indicator, een["maat"]), een["uitsplitsing"])
        vast = (indicator.code, indicator.naam, een["naam"], een["eenheid"], een.get("onderdeel", ""))
        return Verschil(*vast, was, nu, oorzaken[:MAX_OORZAKEN], max(0, len(oorzaken) - MAX_OORZAKEN))

    def _causes(self, maat: Maat | None, deel: Mapping[str, str]) -> tuple[Oorzaak, ...]:
        if maat is None:
            return ()
        ids = {i for tellend in _counts(maat) for i in self._changed(tellend, deel)}
        return self._of(self._families(ids)) or self._of(self._families(self._of_same_people(ids)))

    def _changed(self, tellend: Any, deel: Mapping[str, str]) -> set[int]:
        """The trajecten whose rows behind the figure are not what they were."""
        toen, nu = (Counter(tellend.lijst(kader, deel)) for kader in self._kaders)
        return {rij[0] for rij in ((toen - nu) + (nu - toen))}

    def _families(self, ids: Iterable[int]) -> set[int]:
        wortels = self._kaders[1].wortels
        gezocht = {wortels.get(i, i) for i in ids}
        return {i for i, wortel in wortels.items() if wortel in gezocht}

    def _of_same_people(self, ids: Iterable[int]) -> set[int]:
        db, families = self._kaders[1].db, sorted(self._families(ids))
        wie = select(deelname.c.deelnemer).where(deelname.c.traject_id.in_(families), deelname.c.soort == "persoon")
        return set(db.execute(select(deelname.c.traject_id).where(deelname.c.deelnemer.in_(wie))).scalars())

    def _of(self, ids: set[int]) -> tuple[Oorzaak, ...]:
        return tuple(self._cause(rij) for rij in self._later if rij.traject_id in ids)

    def _cause(self, rij: Any) -> Oorzaak:
        return Oorzaak(self._kind(rij), rij.nummer, rij.volgnummer, rij.dag, rij.vastgelegd_op)

    def _kind(self, rij: Any) -> str:
        if rij.route in self._opgaveroutes:
            return OPGAVE
        if rij.soort in CORRECTIES:
            return CORRECTIE
        return LAAT if rij.dag <= klok.day_of_us(self._rapport.bekend_tot - 1) else DAARNA


def _recorded_after(db: Connection, laatste_id: int) -> list[Any]:
    """All that was recorded after this row of the log."""
    g, t = gebeurtenis, trajectnummer
    keuze = (
        select(g.c.traject_id, g.c.volgnummer, g.c.soort, g.c.dag, g.c.vastgelegd_op, t.c.nummer, traject.c.route)
        .join(t, t.c.id == g.c.traject_id)
        .outerjoin(traject, traject.c.id == g.c.traject_id)
        .where(g.c.id > laatste_id)
        .order_by(g.c.id)
    )
    return list(db.execute(keuze))


def _counts(maat: Maat) -> tuple[Any, ...]:
    return (maat.teller, maat.noemer) if isinstance(maat, Verhouding) else (maat,)


def _maat_of(indicator: Indicator, code: str) -> Maat | None:
    return next((maat for maat in indicator.maten if maat.code == code), None)
