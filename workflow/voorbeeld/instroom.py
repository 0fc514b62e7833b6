"""Who comes when: new people, people who come back, trajecten that are taken over, and some that are steered.

A steered traject comes early enough to stand in a given stap on the last day, so that each stap has an open one
whatever chance does; all else about it is left to chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import accumulate

from workflow import personen
from workflow.kalender import ZATERDAG, date_of, weekday
from workflow.voorbeeld import deeltrajecten, vergissingen
from workflow.voorbeeld.agenda import Loop
from workflow.voorbeeld.kansen import (
    AANDEEL_HEERLEN,
    DRUKTE_WEEKEND,
    GESTUURD,
    GROEI_PER_JAAR,
    JAREN,
    MAANDEN,
    PER_STAP,
    VOORGANGER,
)
from workflow.voorbeeld.mensen import at_home_with, misheard
from workflow.voorbeeld.situatie import new_situation
from workflow.voorbeeld.vergissingen import assign
from workflow.voorbeeld.wereld import Wereld
from workflow.voorbeeld.zaak import Zaak

RUST_DAGEN = 60
"""Nobody comes back sooner than this after an end."""

RUIMTE = 6
"""Days that a stap may take longer by weekends and holidays."""


@dataclass(frozen=True, slots=True)
class Komst:
    """One melding to come: its day, and where it is steered to (`stap`, and how it ends there)."""

    dag: int
    doel: str = ""
    einde: str = ""


def plan_instroom(wereld: Wereld, size: int, done: Callable[[int], None]) -> None:
    """Plan so many meldingen over the last years."""
    gestuurd = list(_steered(wereld, size))[:size]
    gewoon = [Komst(dag) for dag in _days(wereld, size - len(gestuurd))]
    for komst in sorted([*gestuurd, *gewoon], key=lambda k: k.dag):
        wereld.agenda.plan(_arrive(wereld, komst, done), komst.dag)


def _days(wereld: Wereld, aantal: int) -> list[int]:
    """Days spread by how busy months and weekdays are, evenly enough that each season has its share."""
    rng = wereld.loting.rng
    dagen = range(wereld.vandaag - round(JAREN * 365.25), wereld.vandaag)
    drukte = list(accumulate(_busy(dag - dagen.start, dag) for dag in dagen))
    punten = [(i + rng.random()) / aantal * drukte[-1] for i in range(aantal)]
    gevonden, i = [], 0
    for punt in punten:
        while drukte[i] < punt:
            i += 1
        gevonden.append(dagen[i])
    return gevonden


def _busy(verstreken: int, dag: int) -> float:
    weekend = DRUKTE_WEEKEND if weekday(dag) >= ZATERDAG else 1.0
    groei: float = GROEI_PER_JAAR ** (verstreken / 365.25)
    return MAANDEN[date_of(dag).month - 1] * weekend * groei


def _steered(wereld: Wereld, size: int) -> Iterator[Komst]:
    per_stap = max(1, round(size * PER_STAP))
    for stap in ("melding", *VOORGANGER):
        for _ in range(per_stap):
            yield Komst(wereld.vandaag - _lead(wereld, stap), stap)
    for _ in range(per_stap):
        yield Komst(wereld.vandaag - wereld.loting.between(3, 25), "ingelezen")
        yield Komst(wereld.vandaag - round(JAREN * 365.25) + wereld.loting.between(0, 40), "ingelezen", "verder")
    for naam, aandeel in GESTUURD.items():
        stap, einde = naam.split(".")
        for _ in range(round(size * aandeel)):
            vroegst = _lead(wereld, stap) + wereld.loting.longest_usual(stap)
            yield Komst(wereld.vandaag - wereld.loting.between(vroegst, round(JAREN * 365.25)), stap, einde)


def _lead(wereld: Wereld, stap: str) -> int:
    """Days in which a steered traject comes to a stap for certain."""
    dagen = 0
    for voor in _way_to(stap)[:-1]:
        dagen += sum(wereld.loting.longest_usual(naam) for naam in (voor, *EXTRA.get(voor, ()))) + RUIMTE
    return dagen + wereld.loting.between(5, 20)


EXTRA = {"minnelijk_voorbereiding": ("voorstel", "reacties")}
"""What takes time in a stap before its own length begins."""


def _way_to(stap: str) -> list[str]:
    weg = [stap]
    while weg[0] in VOORGANGER:
        weg.insert(0, VOORGANGER[weg[0]])
    return weg


# -- One arrival ------------------------------------------------------------------------------------------------------


def _arrive(wereld: Wereld, komst: Komst, done: Callable[[int], None]) -> Loop:
    done(1)
    is_gewoon = not komst.doel
    eerder = _earlier_client(wereld) if is_gewoon and wereld.loting.hit("terugkeer") else None
    zaak = _returning(wereld, eerder) if eerder else _newcomer(wereld)
    if komst.doel == "ingelezen":
        yield from _take_over(zaak, komst)
        return
    if is_gewoon and not eerder and wereld.loting.hit("melding_verkeerd_dossier"):
        yield from _wrong_person(wereld, komst.dag)
    _steer(zaak, komst)
    _register(zaak, komst.dag)
    deeltrajecten.plan_from_start(zaak)
    vergissingen.plan_all(zaak)
    yield from wereld.live(zaak, "melding")


def _register(zaak: Zaak, dag: int) -> None:
    """The melding is entered, with a behandelaar or for the team to share out."""
    loting, agenda = zaak.loting, zaak.wereld.agenda
    if not loting.hit("zonder_behandelaar"):
        zaak.behandelaar = zaak.wereld.team.take()
    zaak.begin("melding_registreren", dag)
    if not zaak.behandelaar:
        agenda.plan_once(partial(_share_out, zaak), zaak.today + loting.days("toewijzen"))


def _share_out(zaak: Zaak) -> None:
    if zaak.is_open and not zaak.behandelaar:
        assign(zaak, zaak.wereld.team.take())


def _steer(zaak: Zaak, komst: Komst) -> None:
    zaak.doel, zaak.einde_doel = komst.doel, komst.einde
    zaak.pad = _way_to(komst.doel)[1:] if komst.doel else []


def _take_over(zaak: Zaak, komst: Komst) -> Loop:
    """A traject from another system, entered by the beheerder in the stap that says no more than that."""
    zaak.doel = "" if komst.einde else komst.doel
    zaak.behandelaar = zaak.wereld.team.take()
    zaak.begin("inlezen", komst.dag, zaak.wereld.team["beheerder"], ingang="import")
    yield from zaak.wereld.live(zaak, "ingelezen")


def _wrong_person(wereld: Wereld, dag: int) -> Loop:
    """Somebody else's melding, entered first for the wrong person and taken out the next day."""
    zaak = _newcomer(wereld)
    zaak.behandelaar = wereld.team.take()
    rij = zaak.begin("melding_registreren", dag)
    yield zaak.today + 1
    vergissingen.start_in_wrong_file(zaak, rij)
    wereld.team.release(zaak.behandelaar)


# -- The people -------------------------------------------------------------------------------------------------------


def _newcomer(wereld: Wereld) -> Zaak:
    loting = wereld.loting
    gemeente = "GM0917" if loting.rng.random() < AANDEEL_HEERLEN else "GM0935"
    situatie = new_situation(loting, gemeente)
    herkomst = loting.draw("herkomst")
    aantal = 2 if loting.hit("tweede_persoon") else 1
    wereld.huishoudens += 1
    wie = [wereld.bevolking.person(gemeente, situatie.doelgroep, herkomst) for _ in range(aantal)]
    mensen = [personen.register(wereld.db, at_home_with(een, wie[0])) for een in wie]
    return Zaak(wereld, situatie, mensen, f"H{wereld.huishoudens:05}")


def _earlier_client(wereld: Wereld) -> Zaak | None:
    """Somebody whose traject ended long enough ago; who dropped out comes back soonest."""
    klaar = [zaak for zaak in wereld.geeindigd if _may_return(zaak)]
    if not klaar:
        return None
    gewichten = [4.0 if zaak.klasse == "uitval" else 1.0 for zaak in klaar]
    zaak = wereld.loting.rng.choices(klaar, gewichten)[0]
    wereld.geeindigd.remove(zaak)
    return zaak


def _may_return(zaak: Zaak) -> bool:
    is_weg = any(rij.overgang == "neutraal_beeindigen" for rij in zaak.rijen[-1:])
    return not is_weg and zaak.laatste_op + RUST_DAGEN < zaak.today


def _returning(wereld: Wereld, eerder: Zaak) -> Zaak:
    situatie = new_situation(wereld.loting, eerder.situatie.gemeente)
    situatie.doelgroep = eerder.situatie.doelgroep
    mensen = list(eerder.personen)
    zaak = Zaak(wereld, situatie, mensen, eerder.huishouden)
    if wereld.loting.hit("niet_herkend"):
        zaak.personen[0] = _enter_again(wereld, mensen[0])
        wereld.agenda.plan_once(partial(_recognise, zaak, mensen[0]), zaak.today + wereld.loting.days("samenvoegen"))
    return zaak


def _enter_again(wereld: Wereld, pseudoniem: str) -> str:
    bekend = personen.by_pseudonym(wereld.db, [pseudoniem])[pseudoniem]
    return personen.register(wereld.db, misheard(bekend.gegevens))


def _recognise(zaak: Zaak, bekend: str) -> None:
    """The coordinator sees that this person was here before."""
    dubbel = zaak.personen[0]
    personen.merge(zaak.wereld.db, dubbel, bekend, door=zaak.wereld.team["coordinator"], op=zaak.today)
    zaak.personen[0] = bekend
    zaak.laatste_op = max(zaak.laatste_op, zaak.today)
