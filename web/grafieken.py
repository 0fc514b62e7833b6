"""What charts are made of: plain data that grafieken.js draws. The colours are names; the theme knows what they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from web.merktekens import Merktekens, adds_up
from workflow.indicatoren import Kader
from workflow.indicatoren.maten import Duur
from workflow.indicatoren.opgavewoorden import is_incomplete
from workflow.indicatoren.weergave import Cijfer, Woorden, in_order
from workflow.statistiek import Kromme

Grafiek = dict[str, Any]
Adres = Callable[[Cijfer], str | None]

KLEUREN: Mapping[str, str] = {
    "uitval": "uitval",
    "afwijzing": "3",
    "succes": "goed",
    "open": "open",
    "loopt": "open",
    "ja": "1",
    "nee": "open",
    "verder": "1",
    "anders": "anders",
    "neutraal": "anders",
    "splitsing": "anders",
}
"""Code of a value -> its colour, the same in every chart."""

EERST = ("verder", "door", "succes", "open", "loopt", "ja")
LAATST = ("anders", "neutraal", "splitsing", "afwijzing", "uitval")
"""The first stand at the foot of a bar, the last at its end."""

ENKELVOUD: Mapping[str, str] = {
    "aanvragen": "aanvraag",
    "acties": "actie",
    "bezoeken": "bezoek",
    "cursisten": "cursist",
    "dagen": "dag",
    "deelnemers": "deelnemer",
    "fasen": "fase",
    "huishoudens": "huishouden",
    "klachten": "klacht",
    "klassen": "klas",
    "maanden": "maand",
    "meldingen": "melding",
    "organisaties": "organisatie",
    "pakketten": "pakket",
    "paren": "paar",
    "personen": "persoon",
    "regelingen": "regeling",
    "samenwerkingen": "samenwerking",
    "scholen": "school",
    "scholieren": "scholier",
    "schuldeisers": "schuldeiser",
    "signalen": "signaal",
    "stromen": "stroom",
    "trajecten": "traject",
    "verwijzingen": "verwijzing",
    "verzoeken": "verzoek",
    "werkdagen": "werkdag",
    "wissels": "wissel",
}
"""Unit -> of one."""

MAX_KROMMEN = 8
"""As many as there are colours."""
MAX_STAVEN = 24


def bars(cijfers: Sequence[Cijfer], kolom: str, adres: Adres, merk: Merktekens | None = None) -> Grafiek | None:
    """One bar for each part in a column; None where there is nothing to compare."""
    gevonden = [c for c in cijfers if c.kolommen == (kolom,) and c.meting.waarde is not None]
    delen = gevonden[-MAX_STAVEN:] if merk and merk.is_period(gevonden) else gevonden[:MAX_STAVEN]
    if len(delen) < 2 or not any(c.meting.waarde for c in delen):
        return None
    reeks = {"naam": delen[0].maat.naam, "kleur": "1", "waarden": [_point(c, adres, merk) for c in delen]}
    grafiek = {"soort": "staven", "namen": [c.delen[0] for c in delen], "reeksen": [reeks]}
    zin = _most(delen) + _drawn(len(delen), len(gevonden))
    return {**grafiek, "zin": zin, **_unit(delen[0]), **(merk.on_bars(delen) if merk else {})}


def stacks(
    cijfers: Sequence[Cijfer], kolommen: tuple[str, str], adres: Adres, merk: Merktekens | None = None
) -> Grafiek | None:
    """Bars for the first column, in pieces by the second; None where there is nothing to compare."""
    delen = [c for c in cijfers if c.kolommen == kolommen]
    namen = list(dict.fromkeys(c.delen[0] for c in delen))[:MAX_STAVEN]
    stukken = dict.fromkeys((c.deel[1][1], c.delen[1]) for c in delen)
    if not namen or not 1 < len(stukken) <= 9:
        return None
    reeksen = [_series(i, code, naam, delen, namen, adres, merk) for i, (code, naam) in enumerate(_pieces(stukken), 1)]
    return {"soort": "staven", "namen": namen, "reeksen": reeksen, "stapel": adds_up(delen[0].maat), **_unit(delen[0])}


def _pieces(stukken: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """What went well at the foot, then what the figures do not rank, and drop-out at the end."""
    codes = {code for code, _ in stukken}
    eerst = EERST if "verder" in codes else ("anders", *EERST)
    rang = {code: 100 + i for i, code in enumerate(LAATST)} | {code: i for i, code in enumerate(eerst)}
    return sorted(stukken, key=lambda stuk: (rang.get(stuk[0], 50), stuk[1]))


def _series(
    nummer: int,
    code: str,
    naam: str,
    delen: Sequence[Cijfer],
    namen: Sequence[str],
    adres: Adres,
    merk: Merktekens | None,
) -> dict[str, Any]:
    bij = {c.delen[0]: _point(c, adres, merk) for c in delen if c.deel[1][1] == code}
    return {
        "naam": naam,
        "kleur": "1" if nummer == 1 and code == "anders" else KLEUREN.get(code, str(nummer)),
        "waarden": [bij.get(n, {"waarde": 0}) for n in namen],
    }


def _point(cijfer: Cijfer, adres: Adres, merk: Merktekens | None) -> dict[str, Any]:
    punt: dict[str, Any] = {"waarde": cijfer.meting.waarde}
    if (merk and merk.is_incomplete(cijfer)) or is_incomplete(cijfer.meting.meer):
        punt["onvolledig"] = True
    if url := adres(cijfer):
        punt["url"] = url
    return punt


def _unit(cijfer: Cijfer) -> dict[str, str]:
    return {"eenheid": cijfer.maat.eenheid}


def _most(delen: Sequence[Cijfer]) -> str:
    meest = max(delen, key=lambda c: c.meting.waarde or 0)
    return f"Het hoogst bij {meest.delen[0]}: {_of_unit(meest.meting.waarde, meest.maat.eenheid)}."


def _drawn(getekend: int, alle: int) -> str:
    """That there are more than a chart shows; nothing where it shows them all."""
    return f" Getekend zijn {getekend} van de {alle}." if getekend < alle else ""


def _of_unit(waarde: float | None, eenheid: str) -> str:
    return f"{_number(waarde)} {ENKELVOUD.get(eenheid, eenheid) if waarde == 1 else eenheid}"


def _number(waarde: float | None) -> str:
    tekst = f"{waarde or 0:,.1f}".removesuffix(".0")
    return tekst.translate(str.maketrans(",.", ".,"))


# -- Curves ------------------------------------------------------------------------------------------------------------


def curves(kader: Kader, maat: Duur, woorden: Woorden, merk: Merktekens | None = None) -> Grafiek | None:
    """How the share that got there grows with the days, with its band; the largest groups, and how many there are."""
    gevonden = {deel: k for deel, k in maat.krommen(kader).items() if k.n}
    per_deel = [(deel, k) for deel, k in gevonden.items() if deel]
    alle = per_deel if sum(bool(k.punten) for _, k in per_deel) > 1 else [p for p in gevonden.items() if not p[0]]
    keuze = [(deel, k) for deel, k in alle if k.punten]
    gekozen = sorted(sorted(keuze, key=lambda paar: -paar[1].n)[:MAX_KROMMEN], key=_by_number)
    if not gekozen:
        return None
    laatste = max(kromme.punten[-1].dag for _, kromme in gekozen)
    reeksen = [_curve(str(i), _called(deel, woorden), kromme) for i, (deel, kromme) in enumerate(gekozen, 1)]
    grafiek = {"soort": "krommen", "laatste": laatste, "reeksen": reeksen, "eenheid": maat.eenheid}
    zin = _half(reeksen, maat.eenheid) + _drawn(len(gekozen), len(alle))
    return {**grafiek, "zin": zin, "normen": merk.on_curves(maat) if merk else []}


def _by_number(paar: tuple[Iterable[tuple[str, str]], Kromme]) -> tuple[str, ...]:
    """Periods and numbered values in order; the rest stays by size."""
    return tuple(waarde for _, waarde in paar[0] if any(teken.isdigit() for teken in waarde))


def _called(deel: Iterable[tuple[str, str]], woorden: Woorden) -> str:
    return ", ".join(woorden.waarde(kolom, waarde) for kolom, waarde in deel) or "Alle"


def _curve(kleur: str, naam: str, kromme: Kromme) -> dict[str, Any]:
    punten = [
        [p.dag, *(round(100 * deel, 1) for deel in (p.aandeel, p.onder, p.boven)), p.in_beeld] for p in kromme.punten
    ]
    return {
        "naam": naam,
        "kleur": kleur,
        "n": kromme.n,
        "open": kromme.open,
        "mediaan": kromme.mediaan,
        "punten": punten,
    }


def _half(reeksen: Sequence[Mapping[str, Any]], eenheid: str) -> str:
    zinnen = (f"{r['naam']}: {_until_half(r['mediaan'], eenheid)}" for r in reeksen)
    return "Mediaan. " + "; ".join(zinnen) + "."


def _until_half(mediaan: int | None, eenheid: str) -> str:
    return "niet bereikt" if mediaan is None else _of_unit(mediaan, eenheid)


# -- Flows and matrix --------------------------------------------------------------------------------------------------


def sankey(cijfers: Sequence[Cijfer], adres: Adres) -> Grafiek | None:
    """Flows from place to place; drop-out has its own colour."""
    if not cijfers:
        return None
    plekken = {code: naam for c in cijfers for (_, code), naam in zip(c.deel, c.delen, strict=True)}
    stromen = [
        {"van": c.delen[0], "naar": c.delen[1], "waarde": c.meting.waarde, "url": adres(c), "kleur": _flow_colour(c)}
        for c in cijfers
    ]
    knopen = [{"naam": naam, "kleur": _end_colour(code)} for code, naam in plekken.items()]
    return {"soort": "stromen", "knopen": knopen, "stromen": stromen, "eenheid": "trajecten"}


def _end_colour(code: str) -> str:
    return KLEUREN.get(code.removeprefix("einde:"), "1") if code.startswith("einde:") else "tekst"


def _flow_colour(cijfer: Cijfer) -> str:
    return _end_colour(dict(cijfer.deel)["naar_plek"]).replace("tekst", "1")


def matrix(cellen: Mapping[tuple[str, str], int], adres: Callable[[str, str], str], woorden: Woorden) -> Grafiek | None:
    """From each kind of regeling (down) to the next (across)."""
    if not cellen:
        return None
    van, naar = (sorted({paar[i] for paar in cellen}, key=lambda code: woorden.waarde("variant", code)) for i in (0, 1))
    punten = [
        {"x": naar.index(n), "y": van.index(v), "waarde": aantal, "url": adres(v, n)}
        for (v, n), aantal in cellen.items()
    ]
    namen = {"van": [woorden.waarde("variant", v) for v in van], "naar": [woorden.waarde("variant", n) for n in naar]}
    return {"soort": "matrix", **namen, "punten": punten, "eenheid": "paren"}


def chart_of(
    kader: Kader, cijfers: Sequence[Cijfer], woorden: Woorden, adres: Adres, merk: Merktekens
) -> Grafiek | None:
    """The chart that says most about a figure: curves, bars in pieces, or bars."""
    maat = cijfers[0].maat
    if isinstance(maat, Duur):
        return curves(kader, maat, woorden, merk)
    op_volgorde = in_order(cijfers, kader.wegwijzer)
    gevonden = list(dict.fromkeys(c.kolommen for c in op_volgorde if c.kolommen))
    for kolommen in sorted(gevonden, key=lambda k: (len(k) != 2, k[-1] != "deel")):
        grafiek = _by(op_volgorde, kolommen, adres, merk)
        if grafiek:
            return grafiek
    return None


def _by(cijfers: Sequence[Cijfer], kolommen: tuple[str, ...], adres: Adres, merk: Merktekens) -> Grafiek | None:
    if len(kolommen) == 1:
        return bars(cijfers, kolommen[0], adres, merk)
    return stacks(cijfers, (kolommen[0], kolommen[1]), adres, merk) if len(kolommen) == 2 else None
