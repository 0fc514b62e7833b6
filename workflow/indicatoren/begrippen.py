"""What an indicator is: its words, its figures (maten), and what measuring gives.

A *bron* gives rows, one for each thing that may be counted: a stay that began, a pair of regelingen, a traject with its
wait. A *maat* says which rows count and how. The same rows are the list behind the number, so the two always agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from models import klok

if TYPE_CHECKING:
    from workflow.indicatoren.kader import Kader

Groepering = tuple[str, ...]
"""Names of columns by which a figure is broken down; empty is the total."""

TOTAAL: tuple[Groepering, ...] = ((),)
OPEN = "open"
"""The outcome of what has not ended yet."""


class Ambitie(StrEnum):
    """The four ambities of the programme, and what it promises."""

    PREVENTIE = "Preventie"
    VROEGSIGNALERING = "Vroegsignalering"
    DIENSTVERLENING = "Effectieve dienstverlening"
    SAMENWERKING = "Samenwerking"
    OPBRENGST = "Opbrengst"


class Herkomst(StrEnum):
    """Where a figure comes from."""

    LOG = "log"
    PARTNER = "partner"
    BEIDE = "beide"


@dataclass(frozen=True, slots=True)
class Periode:
    """Days [van, tot), as day numbers."""

    van: int
    tot: int

    def __contains__(self, dag: object) -> bool:
        return isinstance(dag, int) and self.van <= dag < self.tot

    @property
    def peildatum(self) -> int:
        """The last day."""
        return self.tot - 1

    def within(self, van: int, tot: int) -> Periode:
        """The days that it shares with [van, tot)."""
        return Periode(max(self.van, van), min(self.tot, tot))

    def until(self, dag: int) -> Periode:
        """What had passed of it at the end of a day; no days, that day behind them, where it had not begun."""
        return Periode(min(self.van, dag + 1), min(self.tot, dag + 1))


@dataclass(frozen=True, slots=True)
class Vraag:
    """What is asked: a period, for one gemeente or all, as known before `bekend` (UTC microseconds; None is now).

    `splits` is a kenmerk, `jaar`, `kwartaal`, `maand`, or None.
    """

    periode: Periode
    gemeente: str | None = None
    bekend: int | None = None
    splits: str | None = None

    @property
    def bekend_op(self) -> int:
        """The last day of which everything was known: today when nothing else was asked."""
        return klok.today() if self.bekend is None else klok.day_of_us(self.bekend - 1)

    @property
    def gevolgd(self) -> Vraag:
        """The same about the days that had passed by then: what has not happened yet is no waiting."""
        return replace(self, periode=self.periode.until(self.bekend_op))


Rij = tuple[Any, ...]
"""A row of a bron: traject_id, the day by which it counts, then the columns of the bron."""

VAST = 2
"""How many columns stand before those of the bron."""


class Toelichting(NamedTuple):
    """How rows come about: the rule in Dutch, where it is more than a select, and the selects as SQL text."""

    zin: str
    opdrachten: tuple[str, ...]


class Bron(Protocol):
    """Gives rows to count. `kolommen` names what follows traject_id and dag."""

    @property
    def naam(self) -> str: ...

    @property
    def kolommen(self) -> tuple[str, ...]: ...

    def rijen(self, kader: Kader) -> Sequence[Rij]:
        """Every row."""

    def groepen(self, kader: Kader, kolommen: tuple[str, ...]) -> Mapping[Rij, int]:
        """How many rows there are of each combination of these columns."""

    def toelichting(self, kader: Kader, kolommen: tuple[str, ...]) -> Toelichting:
        """How its rows are counted by these columns."""


class Eis(Protocol):
    """A condition on rows. `kolommen` are those it looks at."""

    @property
    def kolommen(self) -> tuple[str, ...]: ...

    def test(self, plaats: Mapping[str, int], kader: Kader) -> Callable[[Rij], bool]:
        """The condition for rows whose columns stand at these places."""


@dataclass(frozen=True, slots=True)
class Is:
    """A column has one of these values."""

    kolom: str
    waarden: tuple[Any, ...]

    @property
    def kolommen(self) -> tuple[str, ...]:
        """The column."""
        return (self.kolom,)

    def test(self, plaats: Mapping[str, int], _kader: Kader) -> Callable[[Rij], bool]:
        """Whether the value is among them."""
        i, waarden = plaats[self.kolom], frozenset(self.waarden)
        return lambda rij: rij[i] in waarden


@dataclass(frozen=True, slots=True)
class OpRoute:
    """The row is of a route that the map labels so; `hoofdroute` needs no label."""

    label: str

    @property
    def kolommen(self) -> tuple[str, ...]:
        """The route."""
        return ("route",)

    def test(self, plaats: Mapping[str, int], kader: Kader) -> Callable[[Rij], bool]:
        """Whether the route has the label."""
        i, routes = plaats["route"], kader.wegwijzer.routes(self.label)
        return lambda rij: rij[i] in routes


@dataclass(frozen=True, slots=True)
class OpStap:
    """The row is of a stap that the map labels so."""

    label: str

    @property
    def kolommen(self) -> tuple[str, ...]:
        """Route and stap."""
        return ("route", "stap")

    def test(self, plaats: Mapping[str, int], kader: Kader) -> Callable[[Rij], bool]:
        """Whether the stap has the label."""
        r, s, stappen = plaats["route"], plaats["stap"], kader.wegwijzer.stappen(self.label)
        return lambda rij: (rij[r], rij[s]) in stappen


def eis(kolom: str, *waarden: Any) -> Is:
    """A column has one of these values."""
    return Is(kolom, waarden)


@dataclass(frozen=True, slots=True)
class Meting:
    """One figure: of which maat, for which part, how much, of how many, how many of them open. `meer` has the rest."""

    maat: str
    uitsplitsing: Mapping[str, str]
    waarde: float | None
    n: int
    open: int = 0
    meer: Mapping[str, Any] = field(default_factory=dict)


class Maat(Protocol):
    """A figure of an indicator."""

    @property
    def code(self) -> str: ...

    @property
    def naam(self) -> str: ...

    @property
    def eenheid(self) -> str: ...

    def metingen(self, kader: Kader) -> list[Meting]:
        """The total, and each breakdown."""

    def lijst(self, kader: Kader, uitsplitsing: Mapping[str, str]) -> list[Rij]:
        """The rows behind a figure."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A line of the programme.

    `definitie` says in one Dutch sentence what is counted, over what, and what is left out; `valkuilen` what easily
    goes wrong in reading it. `terugkijken` is how many years it looks back. `versie` is that of the definition, `sinds`
    its day: a change makes a new one, and old reports keep theirs.
    """

    code: str
    naam: str
    ambitie: Ambitie
    definitie: str
    eenheid: str
    herkomst: Herkomst
    maten: tuple[Maat, ...]
    valkuilen: tuple[str, ...] = ()
    met_fasenboek: bool = False
    terugkijken: int = 0
    versie: int = 1
    sinds: str = "2026-01-01"

    def maat(self, code: str) -> Maat:
        """The figure with this code. Raises KeyError."""
        return {maat.code: maat for maat in self.maten}[code]


@dataclass(frozen=True, slots=True)
class Uitslag:
    """What measuring an indicator gives: its figures, and what is missing, in Dutch sentences."""

    indicator: Indicator
    metingen: tuple[Meting, ...]
    ontbreekt: tuple[str, ...] = ()

    def waarde(self, maat: str, **uitsplitsing: str) -> float | None:
        """The value of one figure; 0 where a part was not found, as nothing was counted there."""
        for meting in self.metingen:
            if meting.maat == maat and dict(meting.uitsplitsing) == uitsplitsing:
                return meting.waarde
        return 0
