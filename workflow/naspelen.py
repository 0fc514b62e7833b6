"""Replay: what happened in a traject up to a day, as it was known at a moment. Pure folds over the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from models import klok
from workflow.gezin import OnbekendTraject, load
from workflow.historie import Feit, effective
from workflow.kalender import date_of
from workflow.verloop import stand_of


@dataclass(frozen=True, slots=True)
class Verhaal:
    """A traject retold: the facts in order and where it stood then."""

    nummer: str
    route: str
    stap: str | None
    is_open: bool
    feiten: tuple[Feit, ...]

    def regels(self) -> list[str]:
        """One line for each fact, and the stand."""
        regels = [f"{date_of(f.dag).isoformat()}  {f.volgnummer:>4}  {_what(f)}" for f in self.feiten]
        return [f"{self.nummer} ({self.route})", *regels, f"stap: {self.stap}{'' if self.is_open else ' (ended)'}"]

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        feiten = [
            {"dag": date_of(f.dag).isoformat(), "volgnummer": f.volgnummer, "soort": f.soort, "overgang": f.overgang}
            | {"naar": f.naar, "reden": f.reden, "invoer": dict(f.invoer)}
            for f in self.feiten
        ]
        return {"nummer": self.nummer, "route": self.route, "stap": self.stap, "open": self.is_open, "feiten": feiten}


def replayed(db: Connection, nummer: str, op: int, bekend: int | None = None) -> Verhaal:
    """A traject as it was on day `op`, by what was known before `bekend` (UTC microseconds; now when left out).

    Raises OnbekendTraject, also when it was not known yet at that moment.
    """
    verloop = load(db, nummer, lock=False).by_nummer(nummer)
    toen = klok.now_us() + 1 if bekend is None else bekend
    log = [rij for rij in verloop.log if rij.vastgelegd_op < toen]
    if not log:
        raise OnbekendTraject(nummer)
    feiten = [feit for feit in effective(log) if feit.dag <= op]
    stand = stand_of(verloop.traject_id, verloop.kaarten, feiten)
    return Verhaal(
        nummer, verloop.oorsprong["route"], stand.stap.code if stand.stap else None, stand.is_open, tuple(feiten)
    )


def _what(feit: Feit) -> str:
    naar = f" -> {feit.naar}" if feit.naar else ""
    return f"{feit.overgang or feit.soort}{naar}{f' ({feit.reden})' if feit.reden else ''}"
