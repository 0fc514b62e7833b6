"""What is planned in the demo: appointments of the coming days, waits, reminders and intentions of each uitvoerder.

Made after the last life course, as things stand then: which traject gets what follows from its place in the list of its
behandelaar, so that the same caseload gets the same agenda.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import select

from models.medewerker import medewerker
from models.traject import traject
from workflow.gezin import load_families
from workflow.kalender import daynumber
from workflow.opdracht import Actor
from workflow.planlog import AANGEBODEN, GESPREK, HERINNERING, VOORNEMEN, WACHTEN, day_field
from workflow.planpunten import make
from workflow.routekaart import Stap
from workflow.verloop import Verloop
from workflow.voorbeeld.agenda import workday
from workflow.voorbeeld.wereld import HOOFDROUTE, Wereld

TIJDEN = ((540, 600), (630, 690), (780, 840), (870, 930), (960, 1005))
EERDERE_TIJDEN = ((600, 645), (840, 900))
WERKDAGEN = 8
SOORT_BIJ_FASE = {"intake": "vervolggesprek", "mesis": "mesis", "nazorg": "nazorg"}
PLAATS = {"gesprek": ("Kamer 3", "Kamer 5", "Spreekkamer Mosae Forum"), "huisbezoek": ("Thuis bij de cliënt",)}
VORMEN = ("gesprek", "gesprek", "telefoon", "huisbezoek")
MEE = ("", "", "maatje van Humanitas", "", "dochter")
TOLKEN = ("", "", "", "Arabisch", "", "Tigrinya", "")
WACHT = (
    ("client", "Loonstroken van de laatste drie maanden"),
    ("schuldeiser", "Saldo-opgave van de zorgverzekeraar"),
    ("partner", "Terugkoppeling van het sociaal team"),
    ("rechtbank", "Beslissing op het verzoek"),
    ("stuk", "Huurspecificatie"),
)
WACHTDAGEN = (-2, 0, 3, 6, 12)
HERINNER = ("Bellen hoe de eerste betaling ging", "Toeslagen nalopen", "Brief van de corporatie bespreken")
HERINNERDAGEN = (0, 2, 8)
VOORNEMENDAGEN = (0, 4, 15)


class Plek(NamedTuple):
    """A traject, its place in the list of its behandelaar, and the place of that one in the team."""

    verloop: Verloop
    stap: Stap
    nr: int
    desk: int
    door: Actor


def plan_ahead(wereld: Wereld) -> None:
    """Put what is planned in the agendas of the uitvoerders."""
    for plek in _places(wereld):
        _plan_talk(wereld, plek)
        _plan_wait(wereld, plek)
        _plan_intention(wereld, plek)


def _places(wereld: Wereld) -> Iterator[Plek]:
    t, m = traject.c, medewerker.c
    vraag = select(t.id, t.nummer, t.wortel_id, t.behandelaar).join(medewerker, m.pseudoniem == t.behandelaar)
    waar = (t.in_werkvoorraad.is_(True), t.route == HOOFDROUTE)
    rijen = wereld.db.execute(vraag.where(*waar).order_by(m.inlognaam, t.id)).all()
    gezinnen = load_families(wereld.db, [r.wortel_id for r in rijen])
    for desk, (wie, groep) in enumerate(groupby(rijen, key=lambda r: r.behandelaar)):
        door = Actor(wie, "uitvoerder", "KBL")
        for nr, rij in enumerate(groep):
            verloop = gezinnen[rij.wortel_id].by_nummer(rij.nummer)
            if verloop.stand.stap:
                yield Plek(verloop, verloop.stand.stap, nr, desk, door)


def _put(wereld: Wereld, plek: Plek, soort: str, wat: str, dag: int, details: dict[str, str], **kolommen: Any) -> None:
    make(wereld.db, plek.verloop, soort, wat, dag, details, plek.door, **kolommen)


def _plan_talk(wereld: Wereld, plek: Plek) -> None:
    """An offered first conversation that is still to come, or for one in three another conversation of this week."""
    aangeboden = _offered(plek, wereld.vandaag)
    if aangeboden is None and (plek.nr % 3 or plek.stap.fase == "melding"):
        return
    k = plek.nr // 3
    # Not everybody has the same room at the same time.
    vorm, details = details_of(k + plek.desk)
    van, tot = TIJDEN[(k // WERKDAGEN + plek.desk) % len(TIJDEN)]
    wat = "eerste_gesprek" if aangeboden else kind_of(plek.stap)
    dag, volgnummer = aangeboden or (workday_from(wereld.vandaag, (3 * k + plek.desk) % WERKDAGEN), None)
    minuten = {"van_minuut": van, "tot_minuut": tot}
    _put(wereld, plek, GESPREK, wat, dag, details, vorm=vorm, uit_volgnummer=volgnummer, **minuten)


def details_of(keer: int) -> tuple[str, dict[str, str]]:
    """How an appointment is held, and its texts, taking turns."""
    vorm = VORMEN[keer % len(VORMEN)]
    plaatsen = PLAATS.get(vorm, ("",))
    details = {
        "plaats": plaatsen[keer % len(plaatsen)],
        "wie_komt": MEE[keer % len(MEE)],
        "tolk": TOLKEN[keer % len(TOLKEN)],
    }
    return vorm, details


def kind_of(stap: Stap) -> str:
    """The kind of conversation that a stap brings."""
    return SOORT_BIJ_FASE.get(stap.fase or "", "voortgang")


def _offered(plek: Plek, vandaag: int) -> tuple[int, int] | None:
    """The day of an offered conversation, and the gebeurtenis that says so."""
    overgangen = plek.verloop.stand.route.overgangen if plek.verloop.stand.route else {}
    for feit in reversed(plek.verloop.feiten):
        keus = overgangen.get(feit.overgang or "")
        if keus and keus.labels.get("gesprek") == AANGEBODEN and plek.stap.code in keus.van:
            dag = daynumber(date.fromisoformat(feit.invoer[day_field(keus) or ""]))
            return (dag, feit.volgnummer) if dag >= vandaag else None
    return None


def workday_from(vandaag: int, aantal: int) -> int:
    """The werkdag so many werkdagen after this day."""
    dag = workday(vandaag)
    for _ in range(aantal):
        dag = workday(dag + 1)
    return dag


def _plan_wait(wereld: Wereld, plek: Plek) -> None:
    k = plek.nr // 7
    if plek.nr % 7 == 2:
        wat, tekst = WACHT[k % len(WACHT)]
        _put(wereld, plek, WACHTEN, wat, wereld.vandaag + WACHTDAGEN[k % len(WACHTDAGEN)], {"tekst": tekst})
    if plek.nr % 7 == 5:
        dag = wereld.vandaag + HERINNERDAGEN[k % len(HERINNERDAGEN)]
        _put(wereld, plek, HERINNERING, "", dag, {"tekst": HERINNER[k % len(HERINNER)]})


def _plan_intention(wereld: Wereld, plek: Plek) -> None:
    """One in thirteen goes on to the next stap on a day that was agreed."""
    if plek.nr % 13 != 7 or plek.verloop.stand.route is None:
        return
    verder = (o for o in plek.verloop.stand.route.overgangen_vanuit[plek.stap.code] if o.naar and not o.redenen)
    if keus := next(verder, None):
        dag = wereld.vandaag + VOORNEMENDAGEN[plek.nr // 13 % len(VOORNEMENDAGEN)]
        _put(wereld, plek, VOORNEMEN, keus.code, dag, {"tekst": ""}, vorm=plek.stap.code)
