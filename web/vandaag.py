"""Vandaag: what comes first for a case worker who opens the program in the morning.

The page is a list of sections, each made by one function of `AFDELINGEN` from the same `Werkdag`. The families of all
that is on the desk are read once, for all sections.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from flask import Blueprint, current_app, g, render_template, url_for
from sqlalchemy import Connection

from models import klok
from models.database import reading
from web.filters import aantal
from web.kaart_nu import map_now
from web.planregels import Actie, Regel, lines
from web.toegang import Rol, toegang
from workflow import overzichten, signalen, stukkenlijst, wachten
from workflow.brieven import dossierbrief
from workflow.brieven.dossierbrief import Brief
from workflow.gezin import load_families
from workflow.kalender import date_of, short
from workflow.overzichten import Dekking, Eindigend
from workflow.planlog import GESPREK
from workflow.signalen import Signaal
from workflow.stukkenlijst import TeLaat

blueprint = Blueprint("vandaag", __name__)


@dataclass(frozen=True, slots=True)
class Werkdag:
    """What is read once for all sections: the day, what is planned, which terms end, what is to be sent and is late,
    and where this user is asked to look.

    `dekking`: what is covered for another, by traject.
    """

    vandaag: int
    regels: Sequence[Regel]
    eindigend: Sequence[Eindigend]
    brieven: Sequence[Brief]
    laat: Sequence[TeLaat]
    signalen: Sequence[Signaal]
    nummers: Mapping[int, str]
    namen: Mapping[int, tuple[str, ...]]
    dekking: Mapping[int, Dekking]

    def wie(self, traject_id: int) -> str:
        """Who a traject is about."""
        return " en ".join(self.namen.get(traject_id, ())) or self.nummers[traject_id]

    def voor(self, traject_id: int) -> str:
        """For whom it is covered and until when; empty for one's own."""
        gedekt = self.dekking.get(traject_id)
        return f"Voor {gedekt.van}, t/m {_short(gedekt.tot_met)}" if gedekt else ""


@dataclass(frozen=True, slots=True)
class Punt:
    """A line: a time or day, who it is about and where that leads, what it is, a badge, and what can be done.

    `voor`: for whom it is covered.
    """

    wie: str
    url: str
    wat: str
    tijd: str = ""
    erbij: Sequence[str] = ()
    badge: tuple[str, str] | None = None
    acties: Sequence[Actie] = ()
    voor: str = ""


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
    punten, bureau = wachten.due(db, wie, vandaag), overzichten.on_desk(db, wie)
    wachtend, gegeven = dossierbrief.waiting(db, wie), signalen.given(db, map_now(db), rol)
    wortels = [[rij.wortel_id for rij in rijen] for rijen in (punten, bureau, wachtend, gegeven)]
    gezinnen = load_families(db, chain(*wortels))
    oordelen = wachten.judged(gezinnen, punten, rol, vandaag)
    eindigend = overzichten.ending(db, bureau, vandaag)
    brieven, laat = dossierbrief.to_send(gezinnen, wachtend), stukkenlijst.late(gezinnen, bureau, vandaag)
    gewezen = signalen.standing(gezinnen, gegeven, rol)
    genoemd = [
        [e.id for e in eindigend],
        *([deel.traject_id for deel in rij] for rij in (punten, brieven, laat, gewezen)),
    ]
    namen = overzichten.names_in(db, sorted({*chain(*genoemd)}))
    regels = lines(db, punten, oordelen, namen)
    nummers = {verloop.traject_id: verloop.nummer for gezin in gezinnen.values() for verloop in gezin}
    return Werkdag(vandaag, regels, eindigend, brieven, laat, gewezen, nummers, namen, overzichten.covered(bureau))


def _in_short(vakken: Sequence[Vak]) -> str:
    """The day in one line."""
    delen = [aantal(len(vak.punten), *vak.telt.split("|")) for vak in vakken if vak.telt and vak.punten]
    return " · ".join(delen)


# -- Sections ----------------------------------------------------------------------------------------------------------


def appointments(dag: Werkdag) -> Vak:
    """The appointments of today, in order of time."""
    punten = [_line(dag, r, r.punt.tijd) for r in dag.regels if r.punt.soort == GESPREK and r.punt.dag == dag.vandaag]
    meer = ("Naar de agenda", url_for("agenda.toon"))
    return Vak("afspraken", "Afspraken vandaag", punten, "Geen afspraken vandaag.", meer, telt="afspraak|afspraken")


def to_do(dag: Werkdag) -> Vak:
    """What was to be settled today or before: waits, reminders, intentions, and appointments without an outcome."""
    open_ = [r for r in dag.regels if not (r.punt.soort == GESPREK and r.punt.dag == dag.vandaag)]
    punten = [_line(dag, r, "" if r.punt.dag == dag.vandaag else _short(r.punt.dag)) for r in open_]
    leeg = "Niets dat u nu hoeft na te kijken."
    return Vak("te_doen", "Vandaag nakijken", punten, leeg, telt="ding om na te kijken|dingen om na te kijken")


def terms(dag: Werkdag) -> Vak:
    """The terms that end this week or are over."""
    punten = [
        Punt(
            wie=dag.wie(e.id),
            url=url_for("trajecten.toon", nummer=e.nummer),
            wat=e.termijn,
            tijd=_short(e.vervaldag),
            badge=_left(e.vervaldag - dag.vandaag),
            voor=dag.voor(e.id),
        )
        for e in dag.eindigend
    ]
    meer = ("Naar de werkvoorraad", url_for("werkvoorraad.toon", termijn="ja"))
    leeg = "Geen termijn die deze week afloopt."
    return Vak("termijnen", "Termijnen deze week", punten, leeg, meer, is_zij=True, telt="termijn|termijnen")


def signals(dag: Werkdag) -> Vak | None:
    """Where somebody asks this role to look, the oldest first; no section without any."""
    punten = [
        Punt(
            wie=dag.wie(s.traject_id),
            url=url_for("trajecten.toon", nummer=s.nummer),
            wat=s.wat,
            tijd=_short(s.dag),
            erbij=["Dit blijft staan tot u in dit traject iets vastlegt, of het naar een volgende stap gaat."],
        )
        for s in dag.signalen
    ]
    return Vak("signalen", "Signalen aan u", punten, telt="signaal|signalen") if punten else None


def letters(dag: Werkdag) -> Vak | None:
    """Letters that are vastgesteld and not sent yet, the oldest first; no section without any."""
    punten = [
        Punt(
            wie=dag.wie(b.traject_id),
            url=url_for("brieven.brief", nummer=dag.nummers[b.traject_id], briefnummer=b.nummer),
            wat=f"{b.naam}, gedateerd {_short(b.dag)}",
            erbij=["De verzending is ingetrokken."] if b.is_ingetrokken else [],
            voor=dag.voor(b.traject_id),
        )
        for b in dag.brieven
    ]
    return (
        Vak("brieven", "Brieven te verzenden", punten, telt="brief te verzenden|brieven te verzenden")
        if punten
        else None
    )


def documents(dag: Werkdag) -> Vak | None:
    """Documents that were asked for and are late, the longest awaited first; no section without any."""
    punten = [
        Punt(
            wie=dag.wie(laat.traject_id),
            url=url_for("stukken.toon", nummer=laat.nummer),
            wat=", ".join(laat.stukken),
            tijd=_short(laat.uiterlijk_op),
            erbij=[] if laat.is_termijn else [f"Gevraagd op {_short(laat.sinds_op)}, zonder uiterste dag."],
            badge=_left(laat.uiterlijk_op - dag.vandaag),
            voor=dag.voor(laat.traject_id),
        )
        for laat in dag.laat
    ]
    telt = "dossier met stukken te laat|dossiers met stukken te laat"
    return Vak("stukken", "Stukken te laat", punten, telt=telt) if punten else None


def cover(dag: Werkdag) -> Vak | None:
    """What is covered, for whom and until when, that which ends first before; no section without any."""
    url = url_for("werkvoorraad.toon", lijst="mijn", vervanging="ja")
    per_collega = sorted(Counter(dag.dekking.values()).items(), key=lambda deel: (deel[0].tot_met, deel[0].van))
    punten = [
        Punt(
            wie=f"Voor {dekking.van}",
            url=url,
            wat=f"{aantal(hoeveel, 'traject', 'trajecten')}, tot en met {short(dekking.tot_met)}",
            badge=("voorbij", "let_op") if dekking.tot_met < dag.vandaag else None,
        )
        for dekking, hoeveel in per_collega
    ]
    meer = ("Overdrachten", url_for("vervanging.lijst"))
    return Vak("vervanging", "U vervangt", punten, meer=meer, is_zij=True) if punten else None


AFDELINGEN: Sequence[Callable[[Werkdag], Vak | None]] = (
    *(appointments, to_do, signals, letters, documents),
    *(terms, cover),
)
"""In order; those beside the others come below them on a phone."""


MAX_ACTIES = 4
"""What is done most; the rest is offered in the agenda."""


def _line(dag: Werkdag, r: Regel, tijd: str) -> Punt:
    wat = " · ".join(deel for deel in (r.naam, r.hoe, r.punt.details.get("plaats", "")) if deel)
    mee = r.punt.details
    erbij = [
        *(mee[veld] for veld in ("tekst", "notitie") if mee.get(veld)),
        *([f"Tolk: {mee['tolk']}"] if mee.get("tolk") else []),
        *([f"Komt mee: {mee['wie_komt']}"] if mee.get("wie_komt") else []),
        *([f"Overlapt met {' en '.join(r.overlapt)}"] if r.overlapt else []),
        *r.redenen,
    ]
    return Punt(r.wie, r.url, wat, tijd, erbij, r.badge, r.acties[:MAX_ACTIES], dag.voor(r.punt.traject_id))


def _short(dag: int) -> str:
    return f"{date_of(dag):%d-%m}"


def _left(over: int) -> tuple[str, str]:
    if over < 0:
        return f"{-over} {'dag' if over == -1 else 'dagen'} te laat", "fout"
    return ("vandaag" if over == 0 else f"nog {over} {'dag' if over == 1 else 'dagen'}"), "let_op"
