"""Vandaag: what comes first for a case worker who opens the program in the morning.

The page is a list of sections, each made by one function of `AFDELINGEN` from the same `Werkdag`. Another room adds its
own lines there: letters to send, documents that are late.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, current_app, g, render_template, url_for
from sqlalchemy import Connection

from models import klok
from models.database import reading
from web.filters import aantal
from web.planregels import Actie, Regel, lines
from web.toegang import Rol, toegang
from workflow import overzichten, wachten
from workflow.kalender import date_of
from workflow.overzichten import Eindigend
from workflow.planlog import GESPREK
from workflow.wachten import Oordeel

blueprint = Blueprint("vandaag", __name__)


@dataclass(frozen=True, slots=True)
class Werkdag:
    """What is read once for all sections: the day, whose it is, what is planned and which terms end."""

    db: Connection
    wie: str
    rol: str
    vandaag: int
    regels: Sequence[Regel]
    oordelen: Mapping[str, Oordeel]
    eindigend: Sequence[Eindigend]


@dataclass(frozen=True, slots=True)
class Punt:
    """A line: a time or day, who it is about and where that leads, what it is, a badge, and what can be done."""

    wie: str
    url: str
    wat: str
    tijd: str = ""
    erbij: Sequence[str] = ()
    badge: tuple[str, str] | None = None
    acties: Sequence[Actie] = ()


@dataclass(frozen=True, slots=True)
class Vak:
    """A section: its lines, what is said without any, a link to more, and how lines are counted ("afspraak|afspraken").

    `is_zij`: it stands beside the others.
    """

    code: str
    titel: str
    punten: Sequence[Punt]
    leeg: str = ""
    meer: tuple[str, str] | None = None
    is_zij: bool = False
    telt: str = ""


@blueprint.get("/vandaag")
@toegang(Rol.UITVOERDER, Rol.COORDINATOR)
def toon() -> str:
    """The first page of a case worker."""
    with reading(current_app.config["DATABASE"]) as db:
        werkdag = _workday(db)
        vakken = [vak for maak in AFDELINGEN if (vak := maak(werkdag))]
    return render_template("vandaag/toon.html", vakken=vakken, dag=klok.today(), kort=_in_short(vakken))


def _workday(db: Connection) -> Werkdag:
    vandaag, wie, rol = klok.today(), g.medewerker.pseudoniem, g.medewerker.rol.value
    punten = wachten.due(db, wie, vandaag)
    oordelen = wachten.judged(db, punten, rol, vandaag)
    eindigend = overzichten.ending(db, wie, vandaag)
    namen = overzichten.names_in(db, sorted({p.traject_id for p in punten} | {e.id for e in eindigend}))
    regels = lines(db, punten, oordelen, namen)
    genoemd = [e.with_names(namen.get(e.id, ())) for e in eindigend]
    return Werkdag(db, wie, rol, vandaag, regels, oordelen, genoemd)


def _in_short(vakken: Sequence[Vak]) -> str:
    """The day in one line."""
    delen = [aantal(len(vak.punten), *vak.telt.split("|")) for vak in vakken if vak.telt and vak.punten]
    return " · ".join(delen)


# -- Sections ----------------------------------------------------------------------------------------------------------


def appointments(dag: Werkdag) -> Vak:
    """The appointments of today, in order of time."""
    punten = [_line(r, r.punt.tijd) for r in dag.regels if r.punt.soort == GESPREK and r.punt.dag == dag.vandaag]
    meer = ("Naar de agenda", url_for("agenda.toon"))
    return Vak("afspraken", "Afspraken vandaag", punten, "Geen afspraken vandaag.", meer, telt="afspraak|afspraken")


def to_do(dag: Werkdag) -> Vak:
    """What was to be settled today or before: waits, reminders, intentions, and appointments without an outcome."""
    open_ = [r for r in dag.regels if not (r.punt.soort == GESPREK and r.punt.dag == dag.vandaag)]
    punten = [_line(r, "" if r.punt.dag == dag.vandaag else _short(r.punt.dag)) for r in open_]
    leeg = "Niets dat u nu hoeft na te kijken."
    return Vak("te_doen", "Vandaag nakijken", punten, leeg, telt="ding om na te kijken|dingen om na te kijken")


def terms(dag: Werkdag) -> Vak:
    """The terms that end this week or are over."""
    punten = [
        Punt(
            wie=e.wie,
            url=url_for("trajecten.toon", nummer=e.nummer),
            wat=e.termijn,
            tijd=_short(e.vervaldag),
            badge=_left(e.vervaldag - dag.vandaag),
        )
        for e in dag.eindigend
    ]
    meer = ("Naar de werkvoorraad", url_for("werkvoorraad.toon", termijn="ja"))
    leeg = "Geen termijn die deze week afloopt."
    return Vak("termijnen", "Termijnen deze week", punten, leeg, meer, is_zij=True, telt="termijn|termijnen")


AFDELINGEN: tuple[Callable[[Werkdag], Vak | None], ...] = (appointments, to_do, terms)
"""In order; those beside the others come below them on a phone."""


MAX_ACTIES = 4
"""What is done most; the rest is offered in the agenda."""


def _line(r: Regel, tijd: str) -> Punt:
    wat = " · ".join(deel for deel in (r.naam, r.hoe, r.punt.details.get("plaats", "")) if deel)
    mee = r.punt.details
    erbij = [
        *(mee[veld] for veld in ("tekst", "notitie") if mee.get(veld)),
        *([f"Tolk: {mee['tolk']}"] if mee.get("tolk") else []),
        *([f"Komt mee: {mee['wie_komt']}"] if mee.get("wie_komt") else []),
        *([f"Overlapt met {' en '.join(r.overlapt)}"] if r.overlapt else []),
        *r.redenen,
    ]
    return Punt(r.wie, r.url, wat, tijd, erbij, r.badge, r.acties[:MAX_ACTIES])


def _short(dag: int) -> str:
    return f"{date_of(dag):%d-%m}"


def _left(over: int) -> tuple[str, str]:
    if over < 0:
        return f"{-over} {'dag' if over == -1 else 'dagen'} te laat", "fout"
    return ("vandaag" if over == 0 else f"nog {over} {'dag' if over == 1 else 'dagen'}"), "let_op"
