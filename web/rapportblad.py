"""A report as it is read: numbers in Dutch, the key figure of each indicator, and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from web.filters import bedrag, datum, getal
from workflow.indicatoren.opgavewoorden import gap, instead, is_incomplete
from workflow.kalender import daynumber

AFGESCHERMD = "x"

Meting = Mapping[str, Any]


def said(meting: Meting, eenheid: str | None = None) -> str:
    """The value of a figure. A figure of nobody, one that was not reached, and one that was not reported differ."""
    if "waarde" in meting.get("afgeschermd", ()):
        return AFGESCHERMD
    if meting.get("waarde") is None:
        return _no_value(meting)
    return number(meting["waarde"], meting.get("eenheid", eenheid or ""))


def _no_value(meting: Meting) -> str:
    if "zonder" in meting:
        return str(meting["zonder"])
    if "verwacht" in meting or str(meting.get("soort", "")).startswith("opgave"):
        return instead(meting)
    return "niet bereikt" if "bereikt" in meting and meting.get("n") else "–"


def number(waarde: float, eenheid: str) -> str:
    """A number with what it counts where that says more than "how many"."""
    tekst = getal(waarde, 0 if waarde == int(waarde) else 1)
    if eenheid == "euro":
        return bedrag(int(waarde))
    if eenheid in ("dagen", "werkdagen"):
        return f"{tekst} {eenheid.removesuffix('en') if waarde == 1 else eenheid}"
    return f"{tekst} %" if eenheid == "%" else tekst


def beside(meting: Meting) -> str:
    """What has to be known to read it: of how many, how many are still open, how many reports are missing."""
    delen = []
    if "teller" in meting and (meting["teller"] is not None or "afgeschermd" in meting):
        delen.append(f"{_count(meting, 'teller')} van {_count(meting, 'noemer')}")
    if meting.get("in_het_log") is not None or "in_het_log" in meting.get("afgeschermd", ()):
        delen.append(f"in het log {_count(meting, 'in_het_log')}")
    if "teller" not in meting and meting.get("n") != meting.get("waarde") and "verwacht" not in meting:
        delen.append(f"n = {_count(meting, 'n')}")
    if "trajecten" in meting:
        is_een = meting["trajecten"] == 1
        delen.append(f"van {_count(meting, 'trajecten')} {'traject' if is_een else 'trajecten'}")
    if meting.get("open") or "open" in meting.get("afgeschermd", ()):
        delen.append(f"{_count(meting, 'open')} nog open")
    if gat := gap(meting):
        delen.append(gat)
    return ", ".join(delen)


ERBIJ: Mapping[str, str] = {
    "n": "aantal",
    "bereikt": "bereikt",
    "anders": "anders geëindigd",
    "p90": "90 van de 100 binnen",
    "mediaan_afgerond": "mediaan van wie klaar is",
    "p90_afgerond": "90 van de 100 van wie klaar is binnen",
    "onbekend": "onbekend",
    "laat": "later dan een week",
    "verwacht": "opgaven verwacht",
    "ontvangen": "opgaven binnen",
    "van": "van",
    "historisch": "historische opgave",
}
"""Number of a figure -> what it is called where only the value and what stands beside it are not enough."""


def also(meting: Meting, anders: Iterable[str]) -> str:
    """The numbers among these that value and what stands beside it do not show already."""
    zichtbaar = {"n", "verwacht", "ontvangen"} if gap(meting) or "verwacht" not in meting else {"n"}
    namen = [naam for naam in ERBIJ if naam in set(anders) - zichtbaar and naam in meting]
    return ", ".join(f"{ERBIJ[naam]} {_plain(meting[naam])}" for naam in namen)


def _plain(waarde: Any) -> str:
    if isinstance(waarde, bool) or waarde is None:
        return "ja" if waarde else "–"
    return getal(waarde, 0 if waarde == int(waarde) else 1)


def _count(meting: Meting, naam: str) -> str:
    return AFGESCHERMD if naam in meting.get("afgeschermd", ()) else getal(meting.get(naam))


@dataclass(frozen=True, slots=True)
class Kernregel:
    """The key figure of an indicator."""

    code: str
    naam: str
    cijfer: str
    waarde: str
    erbij: str
    vorig: str
    vorig_gat: str
    verschil: str
    streef: str
    opmerking: str


def key_figures(gegevens: Mapping[str, Any]) -> list[tuple[str, list[Kernregel]]]:
    """The key figure of each indicator, by ambitie."""
    regels = [(i["ambitie"], _key_line(i, gegevens)) for i in gegevens["indicatoren"] if i["metingen"]]
    return [(ambitie, [regel for _, regel in groep]) for ambitie, groep in groupby(regels, key=lambda paar: paar[0])]


def _key_line(indicator: Mapping[str, Any], gegevens: Mapping[str, Any]) -> Kernregel:
    meting = next((m for m in indicator["metingen"] if not m["uitsplitsing"]), indicator["metingen"][0])
    vorig = _year_before(indicator["code"], meting["maat"], gegevens)
    return Kernregel(
        indicator["code"],
        indicator["naam"],
        meting["naam"],
        said(meting),
        "; ".join(filter(None, (beside(meting), _latest(indicator, meting)))),
        said(vorig, meting["eenheid"]) if vorig else "",
        gap(vorig or {}),
        _difference(meting, vorig or {}),
        _target(indicator["code"], meting, gegevens),
        _comment(indicator["code"], gegevens),
    )


def _latest(indicator: Mapping[str, Any], meting: Meting) -> str:
    """Of what was reported and does not add up, the numbers of the last period."""
    if meting.get("waarde") is not None or not meting.get("n") or "waarom" not in meting:
        return ""
    delen = [m for m in indicator["metingen"] if m["maat"] == meting["maat"] and "waarom" not in m]
    per_periode = [m for m in delen if "periode" in m["uitsplitsing"]]
    laatste = max((m["uitsplitsing"]["periode"] for m in per_periode), default="")
    eigen = [m for m in per_periode if m["uitsplitsing"]["periode"] == laatste]
    grofst = min((len(m["uitsplitsing"]) for m in eigen), default=0)
    getoond = [m for m in eigen if len(m["uitsplitsing"]) == grofst]
    delen = [(m["onderdeel"].removeprefix("Periode: ").partition(", "), _noted(m)) for m in getoond]
    per_deel = (f"{rest.partition(': ')[2]} {tekst}".strip() for (_, _, rest), tekst in delen)
    return f"{delen[0][0][0]}: {', '.join(per_deel)}" if delen else ""


def _noted(meting: Meting) -> str:
    """The same where nothing stands beside it: a sum over incomplete reports says so itself."""
    gat = gap(meting)
    return f"{said(meting)} ({gat})" if gat else said(meting)


def _year_before(code: str, maat: str, gegevens: Mapping[str, Any]) -> Meting | None:
    for regel in gegevens["meerjaren"]["regels"]:
        if (regel["code"], regel["maat"]) == (code, maat) and len(regel["metingen"]) > 1:
            eerder: Meting = regel["metingen"][-2]
            return eerder
    return None


def _difference(nu: Meting, toen: Meting) -> str:
    """How much it went up; nothing where one of the two is not known, or is a sum over incomplete reports."""
    if nu.get("waarde") is None or toen.get("waarde") is None or is_incomplete(nu) or is_incomplete(toen):
        return ""
    return signed(nu["waarde"] - toen["waarde"], nu.get("eenheid", ""))


def day_of(iso: str) -> str:
    """An ISO date as it is read."""
    return datum(daynumber(date.fromisoformat(iso)))


def signed(verschil: float, eenheid: str = "") -> str:
    """A difference with its sign; of money in euro."""
    if not round(verschil, 1):
        return "gelijk"
    tekst = getal(abs(verschil), 0 if verschil == int(verschil) else 1)
    tekst = bedrag(int(abs(verschil))) if eenheid == "euro" else tekst
    return f"{'+' if verschil > 0 else '−'}{tekst}"


def year_of(gegevens: Mapping[str, Any]) -> int:
    """The year for which norms and comments are taken: that of the last day."""
    jaar: int = gegevens["meerjaren"]["jaren"][-1]
    return jaar


def _target(code: str, meting: Meting, gegevens: Mapping[str, Any]) -> str:
    sleutel = (code, meting["maat"], year_of(gegevens))
    gevonden = [s for s in gegevens["duiding"]["streefwaarden"] if (s["indicator"], s["maat"], s["jaar"]) == sleutel]
    return ", ".join(f"{s['soort']} {number(s['waarde'], meting['eenheid'])}" for s in gevonden)


def _comment(code: str, gegevens: Mapping[str, Any]) -> str:
    sleutel = (code, year_of(gegevens))
    opmerkingen = gegevens["duiding"]["opmerkingen"]
    return next((o["tekst"] for o in opmerkingen if (o["indicator"], o["jaar"]) == sleutel), "")


def breaks_in(gegevens: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The breaks in the years that the report compares."""
    eerste = gegevens["meerjaren"]["jaren"][0]
    return [b for b in gegevens["duiding"]["breuken"] if eerste <= int(b["dag"][:4]) <= year_of(gegevens)]


def years(gegevens: Mapping[str, Any]) -> Iterable[tuple[str, Sequence[Mapping[str, Any]]]]:
    """The lines of the multi-year table, by indicator."""
    groepen = groupby(gegevens["meerjaren"]["regels"], key=lambda regel: str(regel["code"]))
    return [(code, list(groep)) for code, groep in groepen]
