"""The calendar of the Algemene termijnenwet (Awt), and days in Dutch words.

Promises: given the decree days, whether a day is free for the ends of terms (art. 1 and 3), the day a term runs on to
(art. 1) and the day it needs to hold two ordinary days (art. 2). A day is an integer: Amsterdam calendar days since
1970-01-01. Art. 3 lid 1 names the holidays, lid 2 equates Goede Vrijdag, lid 3 lets a royal decree equate more days;
those are data (`GELIJKGESTELDE_DAGEN`), because they are decided about every three years. Carnaval is none of these.

"Werkdag" has no definition in the Awt. Two readings live here. Streng: only the days of lid 1 and weekends are no
werkdag, so Goede Vrijdag and decree days count, as in daily life. Ruim: everything on which no term ends is no werkdag.

All years are computed with the list as it reads since 2010 (BWBR0002448); only the King's day is dated. Every function
takes days of the years 1 up to 9999 and answers ValueError or OverflowError outside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import count, islice
from types import MappingProxyType

_EPOCH = date(1970, 1, 1).toordinal()
_ZONDAG = 6
_WEEKDAGEN = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_MAANDEN = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
ZATERDAG = 5
"""The first `weekday` of the weekend."""

GOEDE_VRIJDAG = "Goede Vrijdag"
GELIJKGESTELD = "gelijkgestelde dag"
WEEKEND = "weekend"
OPSCHORTING = "opschorting"
TWEE_GEWONE_DAGEN = "minstens twee gewone dagen in de termijn"

_BESLUIT_2022 = "Algemene termijnenwet art. 3 lid 3, besluit nog op te zoeken"
_BESLUIT_2023 = "Besluit gelijkstelling 2023, 2024 en 2025 (Algemene termijnenwet art. 3 lid 3)"
_BESLUIT_2026 = "Besluit gelijkstelling 2026, 2027 en 2028 (BWBR0051300, Algemene termijnenwet art. 3 lid 3)"

GELIJKGESTELDE_DAGEN: Mapping[date, str] = MappingProxyType(
    {
        date(2022, 5, 27): _BESLUIT_2022,
        date(2023, 4, 28): _BESLUIT_2023,
        date(2023, 5, 19): _BESLUIT_2023,
        date(2024, 5, 10): _BESLUIT_2023,
        date(2024, 12, 27): _BESLUIT_2023,
        date(2025, 5, 30): _BESLUIT_2023,
        date(2026, 1, 2): _BESLUIT_2026,
        date(2026, 5, 15): _BESLUIT_2026,
        date(2027, 5, 7): _BESLUIT_2026,
        date(2028, 4, 28): _BESLUIT_2026,
        date(2028, 5, 26): _BESLUIT_2026,
    }
)
"""Decree day -> where it is decided: the first content of the table that a beheerder keeps."""

BEVESTIGDE_JAREN = frozenset(range(2023, 2029))
"""Years whose decree is known in full. Of 2022 one day is known, not the whole decree."""


def daynumber(datum: date) -> int:
    """The day number of a date (days since 1970-01-01)."""
    return datum.toordinal() - _EPOCH


def date_of(dag: int) -> date:
    """The date of a day number."""
    return date.fromordinal(dag + _EPOCH)


def weekday(dag: int) -> int:
    """Day of the week: 0 is maandag, 6 is zondag."""
    return (dag + 3) % 7


def short(dag: int) -> str:
    """A day for on the screen: "6 april 2026"."""
    datum = date_of(dag)
    return f"{datum.day} {_MAANDEN[datum.month - 1]} {datum.year}"


def in_words(dag: int) -> str:
    """A day with its weekday: "maandag 6 april 2026"."""
    return f"{_WEEKDAGEN[weekday(dag)]} {short(dag)}"


def span_in_words(van_dag: int, tot_met_dag: int) -> str:
    """From one day up to and including another, nothing said twice: "3 t/m 12 februari 2026"."""
    if van_dag == tot_met_dag:
        return short(van_dag)
    van, tot_met = date_of(van_dag), date_of(tot_met_dag)
    if van.year != tot_met.year:
        return f"{short(van_dag)} t/m {short(tot_met_dag)}"
    if van.month != tot_met.month:
        return f"{van.day} {_MAANDEN[van.month - 1]} t/m {short(tot_met_dag)}"
    return f"{van.day} t/m {short(tot_met_dag)}"


def easter(jaar: int) -> int:
    """The day number of Eerste Paasdag: the zondag after the ecclesiastical full moon on or after 21 March."""
    golden, eeuw = jaar % 19, jaar // 100
    moon = (19 * golden + 15 + eeuw - eeuw // 4 - (8 * eeuw + 13) // 25) % 30
    # The church tables keep two full moons from falling on one day within a cycle of 19 years.
    if moon == 29 or (moon == 28 and golden > 10):
        moon -= 1
    vollemaan = daynumber(date(jaar, 3, 21)) + moon
    return vollemaan + 7 - (weekday(vollemaan) + 1) % 7


@lru_cache(maxsize=1024)
def feestdagen(jaar: int) -> Mapping[int, str]:
    """The holidays of Awt art. 3 lid 1 and 2 in a year: day number -> Dutch name. Decree days are not among them."""
    pasen = easter(jaar)
    return MappingProxyType(
        {
            daynumber(date(jaar, 1, 1)): "Nieuwjaarsdag",
            **_kings_day(jaar),
            daynumber(date(jaar, 5, 5)): "Bevrijdingsdag",
            daynumber(date(jaar, 12, 25)): "1e Kerstdag",
            daynumber(date(jaar, 12, 26)): "2e Kerstdag",
            pasen - 2: GOEDE_VRIJDAG,
            pasen + 1: "2e Paasdag",
            pasen + 39: "Hemelvaartsdag",
            pasen + 50: "2e Pinksterdag",
        }
    )


def _kings_day(jaar: int) -> dict[int, str]:
    naam, verjaardag = ("Koningsdag", date(jaar, 4, 27)) if jaar >= 2014 else ("Koninginnedag", date(jaar, 4, 30))
    dag = daynumber(verjaardag)
    return {dag - 1 if weekday(dag) == _ZONDAG else dag: naam}


@dataclass(frozen=True, slots=True)
class Kalender:
    """The days on which no term ends. Give it the decree days as day numbers, and the years whose decree is known."""

    gelijkgesteld: frozenset[int]
    bevestigde_jaren: frozenset[int] = BEVESTIGDE_JAREN

    def naam_van(self, dag: int) -> str | None:
        """The Dutch name of a holiday or decree day; None for any other day, weekends too."""
        naam = feestdagen(date_of(dag).year).get(dag)
        return GELIJKGESTELD if naam is None and dag in self.gelijkgesteld else naam

    def free(self, dag: int) -> str | None:
        """What kind of free day this is, in words ("een zaterdag", "Koningsdag"); None for any other day."""
        naam = self.naam_van(dag)
        if naam is None and weekday(dag) >= ZATERDAG:
            return f"een {_WEEKDAGEN[weekday(dag)]}"
        return f"een {naam}" if naam == GELIJKGESTELD else naam

    def is_werkdag(self, dag: int, ruim: bool = False) -> bool:
        """Whether the day counts in a term of werkdagen: streng, or `ruim` (see the module)."""
        if weekday(dag) >= ZATERDAG:
            return False
        naam = self.naam_van(dag)
        return naam is None or (not ruim and naam in (GOEDE_VRIJDAG, GELIJKGESTELD))

    def is_bevestigd(self, jaar: int) -> bool:
        """Whether the decree days of that year are known; a deadline in another year deserves a warning."""
        return jaar in self.bevestigde_jaren

    def roll(self, dag: int, opgeschort: Sequence[range] = ()) -> tuple[int, list[str]]:
        """Awt art. 1: the first day from `dag` on which a term can end, and the names of what it passes over.

        `opgeschort` are stretches of days on which the term stands still: it cannot end there either.
        """
        redenen: list[str] = []
        while reden := self._hinder(dag, opgeschort):
            if reden not in redenen:
                redenen.append(reden)
            dag += 1
        return dag, redenen

    def extend(self, nul_dag: int, einde: int, opgeschort: Sequence[range] = ()) -> tuple[int, list[str]]:
        """Awt art. 2: the end a term needs to hold two days that are no weekend or holiday, and why it moved.

        `nul_dag` is the day before the first day of the term. For terms of at least three days: the caller's task.
        """
        gewoon = (dag for dag in count(nul_dag + 1) if not self._hinder(dag, opgeschort))
        _, tweede = islice(gewoon, 2)
        return (tweede, [TWEE_GEWONE_DAGEN]) if tweede > einde else (einde, [])

    def _hinder(self, dag: int, opgeschort: Sequence[range]) -> str | None:
        """What keeps a term from ending on this day, None for an ordinary day."""
        if naam := self.naam_van(dag):
            return naam
        if weekday(dag) >= ZATERDAG:
            return WEEKEND
        return OPSCHORTING if any(dag in stuk for stuk in opgeschort) else None


STANDAARDKALENDER = Kalender(frozenset(map(daynumber, GELIJKGESTELDE_DAGEN)))
"""The calendar with the decree days known when this was published."""
