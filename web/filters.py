"""What templates may say: days, moments, durations and numbers in Dutch, and the address of a static file.

A day is a day number (days since 1970-01-01); a moment is UTC microseconds, shown in Amsterdam time. None is shown as
nothing.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from flask import Flask, url_for

from models import klok
from workflow.kalender import date_of, in_words, short

STATIC = Path(__file__).parent / "static"


def datum(dag: int | None) -> str:
    """A day as it is read: "6 april 2026"."""
    return "" if dag is None else short(dag)


def datum_kort(dag: int | None) -> str:
    """A day as it is typed: "06-04-2026"."""
    return "" if dag is None else f"{date_of(dag):%d-%m-%Y}"


def datum_lang(dag: int | None) -> str:
    """A day with its weekday: "maandag 6 april 2026"."""
    return "" if dag is None else in_words(dag)


def datum_iso(dag: int | None) -> str:
    """A day for the `datetime` attribute: "2026-04-06"."""
    return "" if dag is None else date_of(dag).isoformat()


def tijdstip(us: int | None) -> str:
    """A moment: "6 april 2026, 14:03"."""
    if us is None:
        return ""
    moment = klok.moment_of(us)
    return f"{short(klok.day_of(moment))}, {moment.astimezone(klok.AMSTERDAM):%H:%M}"


def tijdstip_iso(us: int | None) -> str:
    """A moment for the `datetime` attribute, with its offset: "2026-04-06T14:03:00+02:00"."""
    return "" if us is None else klok.moment_of(us).astimezone(klok.AMSTERDAM).isoformat(timespec="seconds")


def getal(waarde: float | None, decimalen: int = 0) -> str:
    """A number with Dutch signs: "1.234,5"."""
    if waarde is None:
        return ""
    return f"{waarde:,.{decimalen}f}".translate(str.maketrans(",.", ".,"))


def bedrag(euro: float | None) -> str:
    """An amount: "€ 1.234", with cents only where there are any."""
    if euro is None:
        return ""
    return f"€ {getal(euro, 0 if euro == int(euro) else 2)}"


def aantal(waarde: int, enkelvoud: str, meervoud: str) -> str:
    """A count with its noun: "1 dag", "1.200 dagen"."""
    return f"{getal(waarde)} {enkelvoud if waarde == 1 else meervoud}"


def duur(dagen: int | None) -> str:
    """A length in days: "3 dagen"; from two weeks on with the weeks: "17 dagen (2 weken en 3 dagen)"."""
    if dagen is None:
        return ""
    tekst, (weken, rest) = aantal(dagen, "dag", "dagen"), divmod(abs(dagen), 7)
    if weken < 2:
        return tekst
    dagen_erbij = f" en {aantal(rest, 'dag', 'dagen')}" if rest else ""
    return f"{tekst} ({aantal(weken, 'week', 'weken')}{dagen_erbij})"


def statisch(pad: str) -> str:
    """The address of a static file, which changes with its content. Raises FileNotFoundError."""
    return url_for("static", filename=pad, v=None if has_version(pad) else digest(pad))


def has_version(pad: str) -> bool:
    """Whether a file's name carries its version, as vendored fonts do: style sheets name them without a hash."""
    return re.search(r"-\d+\.\d+\.\d+\.\w+$", pad) is not None


def digest(pad: str) -> str:
    """The first twelve hex digits of the SHA-256 of a static file."""
    bestand = STATIC / pad
    return _digest(bestand, bestand.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _digest(bestand: Path, _gewijzigd: int) -> str:
    return hashlib.sha256(bestand.read_bytes()).hexdigest()[:12]


FILTERS = (datum, datum_kort, datum_lang, datum_iso, tijdstip, tijdstip_iso, getal, bedrag, aantal, duur)


def init_app(app: Flask) -> None:
    """Give the templates their filters and `statisch`."""
    app.jinja_env.filters.update({filter_.__name__: filter_ for filter_ in FILTERS})
    app.jinja_env.globals["statisch"] = statisch
