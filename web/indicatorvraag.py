"""What is asked of the figures, read from the address and written back into it: period, gemeente, known on, compare.

A period in the address is a word (`dit_jaar`) or two days of one's own, the last one included. A period that runs on
after the day known on is asked up to that day: what has not happened yet does not count as waiting.

A form sends both, and the word that stood in it (STOND). Who changed the word asks the word; where it still stands, the
days count as they were left, also when they are asked again on a later day.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from models import klok
from web.filters import datum, datum_kort
from workflow.indicatoren import Kader, Periode, Vraag
from workflow.indicatoren.kader import MAX_TIJDVAKKEN, count_parts
from workflow.indicatoren.kader import PERIODEN as TIJDVAKKEN
from workflow.indicatoren.weergave import Woorden, year_before
from workflow.kalender import date_of, daynumber

EIGEN, GEWOON = "eigen", "dit_jaar"
STOND = "stond"
"""In the address: the period that stood in the form before it was filled in."""

PERIODEN: Mapping[str, str] = {
    "dit_jaar": "Dit jaar",
    "vorig_jaar": "Vorig jaar",
    "dit_kwartaal": "Dit kwartaal",
    "vorig_kwartaal": "Vorig kwartaal",
    EIGEN: "Eigen periode",
}
VERGELIJKINGEN: Mapping[str, str] = {"jaar": "Een jaar eerder", "ervoor": "De periode ervoor"}
EERSTE, LAATSTE = daynumber(date(2000, 1, 1)), daynumber(date(2059, 12, 31))
"""Days that the calendar of periods knows."""

GEEN_DAG = "Vul een dag in als 01-02-2026."
NOG_NIET_BEGONNEN = "Deze periode is nog niet begonnen: hieronder staat dit jaar."
TOEN_NIET_BEGONNEN = "Op die dag was deze periode nog niet begonnen: hieronder staat wat vandaag bekend is."
NOG_NIET_BEKEND = "Die dag komt nog: hieronder staat wat vandaag bekend is."
TE_VEEL_DELEN = (
    f"Dat zijn meer dan {MAX_TIJDVAKKEN} delen: kies een kortere periode, of langere delen. Hieronder staat het geheel."
)
VERKEERD_OM = "De eerste dag ligt na de laatste: hieronder staat dit jaar."


@dataclass(frozen=True, slots=True)
class Keuze:
    """What a user chose. `periode` ends with the day known on; `fouten` are sentences about what could not be read."""

    soort: str
    periode: Periode
    gemeente: str | None
    bekend_op: int | None
    tegen: str
    splits: str | None
    fouten: tuple[str, ...] = ()

    @property
    def vraag(self) -> Vraag:
        """The question to the figures."""
        bekend = None if self.bekend_op is None else klok.end_of_day_us(self.bekend_op)
        return Vraag(self.periode, self.gemeente, bekend, self.splits)

    @property
    def eerder(self) -> Periode:
        """The period to compare with: as long as this one."""
        van, tot = self.periode.van, self.periode.tot
        if self.tegen == "ervoor":
            return Periode(van - (tot - van), van)
        return Periode(year_before(van), year_before(tot))

    @property
    def in_woorden(self) -> str:
        """The period as people say it."""
        return between(self.periode)

    def params(self, **anders: Any) -> dict[str, str]:
        """What goes into an address; without what is usual."""
        eigen = self.soort == EIGEN
        waarden = {
            "periode": self.soort if self.soort != GEWOON else "",
            "van": datum_kort(self.periode.van) if eigen else "",
            "tot_en_met": datum_kort(self.periode.peildatum) if eigen else "",
            "gemeente": self.gemeente or "",
            "bekend": datum_kort(self.bekend_op),
            "tegen": self.tegen if self.tegen != "jaar" else "",
            "splits": self.splits or "",
        }
        return {naam: waarde for naam, waarde in {**waarden, **anders}.items() if waarde}

    def zonder_splitsing(self) -> Keuze:
        """The same, not split."""
        return replace(self, splits=None)


def between(periode: Periode) -> str:
    """A period in words: its first and last day."""
    return f"{datum(periode.van)} t/m {datum(periode.peildatum)}"


def address(pad: str, params: Mapping[str, str]) -> str:
    """An address with what is asked in it."""
    return f"{pad}?{urlencode(params)}" if params else pad


def read(args: Mapping[str, str], vandaag: int, gemeenten: Mapping[str, str], splitsingen: Mapping[str, str]) -> Keuze:
    """What the address asks; what it does not say, or says badly, is as usual."""
    fouten: list[str] = []
    soort = args.get("periode", GEWOON)
    soort = soort if soort in PERIODEN else GEWOON
    soort = EIGEN if _are_days_typed(args, soort, vandaag) else soort
    periode = _own(args, fouten, vandaag) if soort == EIGEN else None
    if periode is None:
        soort = GEWOON if soort == EIGEN else soort
        periode = _preset(soort, vandaag)
    bekend = _known_on(args, fouten, vandaag, periode)
    periode = periode.until(vandaag if bekend is None else bekend)
    gevraagd = {naam: args.get(naam, "") for naam in ("gemeente", "tegen", "splits")}
    if count_parts(periode, gevraagd["splits"]) > MAX_TIJDVAKKEN:
        fouten.append(TE_VEEL_DELEN)
        gevraagd["splits"] = ""
    return Keuze(
        soort,
        periode,
        gevraagd["gemeente"] if gevraagd["gemeente"] in gemeenten else None,
        bekend,
        gevraagd["tegen"] if gevraagd["tegen"] in VERGELIJKINGEN else "jaar",
        gevraagd["splits"] if gevraagd["splits"] in splitsingen else None,
        tuple(dict.fromkeys(fouten)),
    )


def pinned(keuze: Keuze, args: Mapping[str, str]) -> dict[str, str]:
    """What a form asked, with days for a word that would mean other days later; empty where that is not needed."""
    if STOND not in args or keuze.soort == EIGEN or keuze.fouten:
        return {}
    rest = {naam: waarde for naam, waarde in args.items() if waarde and naam not in (STOND, "periode")}
    dagen = {"van": datum_kort(keuze.periode.van), "tot_en_met": datum_kort(keuze.periode.peildatum)}
    return {"periode": EIGEN, **rest, **dagen}


def _are_days_typed(args: Mapping[str, str], soort: str, vandaag: int) -> bool:
    """Whether the days are others than those of the word, which was left as it stood."""
    if soort == EIGEN or args.get(STOND) != soort:
        return False
    dagen = [args.get(naam, "").strip() for naam in ("van", "tot_en_met")]
    vast = [_preset(soort, vandaag).until(dag) for dag in (vandaag, parsed_day(args.get("bekend", ""))) if dag]
    return any(dagen) and [parsed_day(dag) for dag in dagen] not in [[p.van, p.peildatum] for p in vast]


def _preset(soort: str, vandaag: int) -> Periode:
    datum_nu = date_of(vandaag)
    kwartaal = (datum_nu.month - 1) // 3
    maken: Mapping[str, Callable[[], Periode]] = {
        "dit_jaar": lambda: _months(datum_nu.year, 0, 12),
        "vorig_jaar": lambda: _months(datum_nu.year - 1, 0, 12),
        "dit_kwartaal": lambda: _months(datum_nu.year, 3 * kwartaal, 3),
        "vorig_kwartaal": lambda: _months(datum_nu.year, 3 * kwartaal - 3, 3),
    }
    return maken[soort]()


def _months(jaar: int, maand: int, aantal: int) -> Periode:
    """So many months from a month on, counted from January as 0; may lie in another year."""
    return Periode(_first_day(jaar, maand), _first_day(jaar, maand + aantal))


def _first_day(jaar: int, maand: int) -> int:
    return daynumber(date(jaar + maand // 12, maand % 12 + 1, 1))


def _known_on(args: Mapping[str, str], fouten: list[str], vandaag: int, periode: Periode) -> int | None:
    dag = _day(args.get("bekend", ""), fouten)
    if dag is None or periode.van <= dag <= vandaag:
        return dag
    fouten.append(NOG_NIET_BEKEND if dag > vandaag else TOEN_NIET_BEGONNEN)
    return None


def _own(args: Mapping[str, str], fouten: list[str], vandaag: int) -> Periode | None:
    van, tot = (_day(args.get(naam, ""), fouten) for naam in ("van", "tot_en_met"))
    if van is None or tot is None:
        fouten.append(GEEN_DAG)
        return None
    if van > tot:
        fouten.append(VERKEERD_OM)
        return None
    if van > vandaag:
        fouten.append(NOG_NIET_BEGONNEN)
        return None
    return Periode(van, tot + 1)


def _day(tekst: str, fouten: list[str]) -> int | None:
    if not tekst.strip():
        return None
    dag = parsed_day(tekst.strip())
    if dag is None:
        fouten.append(GEEN_DAG)
    return dag


def parsed_day(tekst: str) -> int | None:
    """The day that was typed (01-02-2026) or stands in an address (2026-02-01); None for no such day."""
    delen = re.fullmatch(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})", tekst)
    try:
        datum_zelf = date(*(int(deel) for deel in reversed(delen.groups()))) if delen else date.fromisoformat(tekst)
    except ValueError:
        return None
    dag = daynumber(datum_zelf)
    return dag if EERSTE <= dag <= LAATSTE else None


def splits_in_words(kader: Kader) -> dict[str, str]:
    """By what figures may be broken down: name -> in words. Questions that are called the same say which they are."""
    woorden = Woorden(kader)
    kenmerken = sorted(kader.wegwijzer.naar_kenmerk, key=lambda naam: woorden.kolom(naam).casefold())
    eerst = [naam for naam in (*TIJDVAKKEN, "gemeente") if naam not in kenmerken]
    namen = {naam: woorden.kolom(naam) for naam in (*eerst, *kenmerken)}
    keren = Counter(namen.values())
    return {naam: f"{zin} ({naam.replace('_', ' ')})" if keren[zin] > 1 else zin for naam, zin in namen.items()}
