"""The term ledger: how long a term runs, where it stood still, where it ends and why.

Promises: `vervaldag` gives the last day of a term from the log's facts alone, the same whenever it is asked;
`compute` gives the whole account as seen on a day, with one Dutch line that explains it. No clock, no database. A day
is an integer: Amsterdam calendar days since 1970-01-01.

Sources: Algemene termijnenwet (Awt) art. 1 and 2 (a term ends on an ordinary day and holds two of them), art. 3 (which
days those are: `kalender`) and art. 4 (not for more than 90 dagen, 12 weken or 3 maanden: such a term never rolls, even
where the map says `rolt`); Awb art. 4:5 and 4:15 (asking for missing documents suspends a decision term from the day
after the asking, until the day they come or the given time has passed unused; without a given time it does not);
Wgs art. 4 lid 2 (three werkdagen); Fw art. 349a (the day of the start counts: `startdag_telt_mee`).

Choices. A term of werkdagen has two ends: streng is the vervaldag, ruim the `uiterlijk_dag`; neither rolls, as both
fall on a werkdag. A suspension that begins after the vervaldag comes too late and changes nothing. A term never ends
on a day on which it stands still. A term in months that starts on a 31st ends on the last day of a shorter month.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from workflow.kalender import ZATERDAG, Kalender, date_of, daynumber, in_words, short, span_in_words, weekday
from workflow.routekaart import Lengte, Termijnregel

Afloop = Literal["gehaald", "vervallen", "afgelopen", "gestopt"]
Termijnstatus = Literal["loopt", "geschorst", "te_laat", "verstreken"] | Afloop

WOORDEN: Mapping[str, str] = {
    "gehaald": "Gehaald",
    "vervallen": "Vervallen",
    "afgelopen": "Afgelopen",
    "gestopt": "Gestopt",
}

_Eenheid = Literal["dag", "werkdag"]

_LANGSTE: Mapping[str, int] = {"dagen": 90, "weken": 12, "maanden": 3}
"""Awt art. 4 a: the longest terms that roll, per unit."""

_KORTSTE_VOOR_ART_2 = 3
"""Awt art. 2: in dagen."""


class Run(NamedTuple):
    """The contiguous stays in stappen that list the term: from `van_dag` until `tot_dag` (None while there).

    `afloop` says what ending in time means: the term was met, or it lapsed (the traject ended, or it began anew).
    `waardoor` says in words what ended it, for what only lasts and was cut short by that.
    """

    van_dag: int
    tot_dag: int | None
    afloop: Afloop = "gehaald"
    waardoor: str = ""


@dataclass(frozen=True, slots=True)
class Opschorting:
    """A stay on the suspending child route: asked on `van_dag`, complete on `tot_dag`, the time given lasts t/m
    `uiterlijk_dag`. Without that day nothing is suspended."""

    van_dag: int
    tot_dag: int | None
    uiterlijk_dag: int | None

    @property
    def dagen(self) -> range:
        """The days that do not count: after the asking, before completion, at most t/m the time given."""
        if self.uiterlijk_dag is None:
            return range(0)
        stop = self.uiterlijk_dag + 1
        return range(self.van_dag + 1, stop if self.tot_dag is None else min(self.tot_dag, stop))

    def is_open(self, dag: int) -> bool:
        """Whether on that day the answer was still waited for, within the time given and without an end in sight."""
        return self.tot_dag is None and self.van_dag <= dag < self.dagen.stop


@dataclass(frozen=True, slots=True)
class Termijn:
    """A term as seen on `vandaag`.

    `vervaldag` is the last day (None while it waits for an end of the suspension), `uiterlijk_dag` the ruim date of a
    term of werkdagen. `einde_dag` is the day it was met or ended. `opgeschort_dagen` counts up to and including
    `vandaag`. `uitleg` says in one line how it stands, `rekening` in sentences how the vervaldag comes about.
    `loopt_af` asks for no work. What only lasts (looptijd) is afgelopen on its last day or later, and gestopt when it
    ended before that.
    """

    code: str
    naam: str
    grondslag: str
    soort: Literal["wettelijk", "norm", "looptijd"]
    begin_dag: int
    vervaldag: int | None
    uiterlijk_dag: int | None
    status: Termijnstatus
    einde_dag: int | None
    opgeschort_dagen: int
    uitleg: str
    vandaag: int
    rekening: tuple[str, ...] = ()
    loopt_af: bool = False

    @property
    def dagen_over(self) -> int | None:
        """Calendar days left, negative when past; None when the term has ended or has no vervaldag now."""
        if self.vervaldag is None or self.einde_dag is not None:
            return None
        return self.vervaldag - self.vandaag


class _Rekening(NamedTuple):
    """What `vervaldag` and `compute` share. `nul_dag` is day 0, `budget` the days (or werkdagen) the term may take,
    `einde` the end before rolling, `opgeschort` the stretches that had effect, in order and apart."""

    lengte: Lengte
    begin_dag: int
    nul_dag: int
    budget: int
    opgeschort: tuple[range, ...]
    einde: int
    vervaldag: int
    redenen: tuple[str, ...]


class _Blik(NamedTuple):
    """A rekening as seen on a day: `peildag` is the day of the end, or today; `wacht` the suspension without an end,
    during which there is no `ruim` date and nothing `overgeslagen` yet; `waardoor` what it was gestopt by."""

    rekening: _Rekening
    peildag: int
    status: Termijnstatus
    wacht: Opschorting | None
    ruim: int | None
    overgeslagen: tuple[str, ...]
    waardoor: str = ""


def vervaldag(
    regel: Termijnregel,
    run: Run,
    kenmerken: Mapping[str, str],
    begint_op: int | None,
    opschortingen: Sequence[Opschorting],
    kalender: Kalender,
) -> int | None:
    """The last day of the term as a day number, or None when the term does not hold (see `compute`).

    Needs no clock, so it can be stored. An open suspension is taken to last until its `uiterlijk_dag`: the answer is
    the latest possible day and stays right when nobody answers.
    """
    rekening = _tally(regel, run, kenmerken, begint_op, opschortingen, kalender)
    return None if rekening is None else rekening.vervaldag


def compute(
    regel: Termijnregel,
    run: Run,
    kenmerken: Mapping[str, str],
    begint_op: int | None,
    opschortingen: Sequence[Opschorting],
    kalender: Kalender,
    vandaag: int,
    waarom: str = "",
) -> Termijn | None:
    """The term as seen on `vandaag`; `waarom` says in words which day it counts from.

    `begint_op` is the answer of the veld that the regel names, None when there is none: then it begins with the run.
    None is returned when a kenmerk of `als` has another value or is unknown, when any kenmerk of `tenzij` has one of
    its values, and when no length is valid on the day the term begins. `opschortingen` count only for a regel with
    `opgeschort_door`.
    """
    rekening = _tally(regel, run, kenmerken, begint_op, opschortingen, kalender)
    if rekening is None:
        return None
    run = _ended_by_itself(regel, rekening, run, vandaag)
    if regel.soort == "looptijd":
        run = run._replace(afloop=_lasted(rekening, run))
    blik = _look(rekening, run, opschortingen, kalender, vandaag)
    return Termijn(
        code=regel.code,
        naam=regel.naam,
        grondslag=regel.grondslag,
        soort=regel.soort,
        begin_dag=rekening.begin_dag,
        vervaldag=None if blik.wacht else rekening.vervaldag,
        uiterlijk_dag=blik.ruim,
        status=blik.status,
        einde_dag=_end_by(run, vandaag),
        opgeschort_dagen=_suspended_by(rekening, vandaag),
        uitleg=_explain(blik, kalender),
        vandaag=vandaag,
        rekening=tuple(_account(blik, regel, waarom, kalender)),
        loopt_af=regel.loopt_af,
    )


def _tally(
    regel: Termijnregel,
    run: Run,
    kenmerken: Mapping[str, str],
    begint_op: int | None,
    opschortingen: Sequence[Opschorting],
    kalender: Kalender,
) -> _Rekening | None:
    begin = run.van_dag if begint_op is None else begint_op
    lengte = length_on(regel.lengtes, run.van_dag)
    if lengte is None or not _holds(regel, kenmerken):
        return None
    nul_dag = begin - regel.startdag_telt_mee
    stukken = _stretches(opschortingen if regel.opgeschort_door else (), nul_dag + 1, run.tot_dag)
    if lengte.eenheid == "werkdagen":
        dag = _nth_werkdag(lengte.aantal, nul_dag, stukken, kalender)
        return _Rekening(lengte, begin, nul_dag, lengte.aantal, _effective(stukken, dag), dag, dag, ())
    zonder_opschorting = _calendar_end(lengte, begin, regel.startdag_telt_mee)
    einde = _postponed(zonder_opschorting, stukken)
    dag, redenen = _settle(lengte, nul_dag, einde, stukken, kalender) if _rolls(regel, lengte) else (einde, [])
    budget = zonder_opschorting - nul_dag
    return _Rekening(lengte, begin, nul_dag, budget, _effective(stukken, dag), einde, dag, tuple(redenen))


def _ended_by_itself(regel: Termijnregel, rekening: _Rekening, run: Run, vandaag: int) -> Run:
    """The run, ended on the last day of a term that ends by itself, once that day is over."""
    is_af = regel.loopt_af and rekening.vervaldag < vandaag
    is_eerder = run.tot_dag is not None and run.tot_dag <= rekening.vervaldag
    return run._replace(tot_dag=rekening.vervaldag) if is_af and not is_eerder else run


def _lasted(rekening: _Rekening, run: Run) -> Afloop:
    """What became of something that only lasts: it ran until its last day, or was cut short."""
    return "gestopt" if run.tot_dag is not None and run.tot_dag < rekening.vervaldag else "afgelopen"


def _holds(regel: Termijnregel, kenmerken: Mapping[str, str]) -> bool:
    return all(kenmerken.get(naam) in waarden for naam, waarden in regel.als.items()) and not any(
        kenmerken.get(naam) in waarden for naam, waarden in regel.tenzij.items()
    )


def length_on(lengtes: Sequence[Lengte], dag: int) -> Lengte | None:
    """The length of a term that begins on this day; None where none is in force."""
    for lengte in lengtes:
        if (lengte.vanaf is None or lengte.vanaf <= dag) and (lengte.tot is None or dag < lengte.tot):
            return lengte
    return None


def _stretches(opschortingen: Sequence[Opschorting], eerste_dag: int, tot_dag: int | None) -> tuple[range, ...]:
    """The suspended days within the term's own stretch, in order, no day twice."""
    stukken: list[range] = []
    for dagen in sorted((o.dagen for o in opschortingen), key=lambda dagen: dagen.start):
        stop = dagen.stop if tot_dag is None else min(dagen.stop, tot_dag)
        stuk = range(max(dagen.start, stukken[-1].stop if stukken else eerste_dag), stop)
        if stuk:
            stukken.append(stuk)
    return tuple(stukken)


def _effective(stukken: tuple[range, ...], laatste_dag: int) -> tuple[range, ...]:
    return tuple(stuk for stuk in stukken if stuk.start <= laatste_dag)


def _calendar_end(lengte: Lengte, begin: int, startdag_telt_mee: bool) -> int:
    if lengte.eenheid == "maanden":
        return _add_months(begin, lengte.aantal, startdag_telt_mee)
    return begin + lengte.aantal * (7 if lengte.eenheid == "weken" else 1) - startdag_telt_mee


def _add_months(begin: int, aantal: int, startdag_telt_mee: bool) -> int:
    datum = date_of(begin)
    jaar, maand = divmod(datum.year * 12 + datum.month - 1 + aantal, 12)
    laatste = monthrange(jaar, maand + 1)[1]
    # Without a day of that number the last day of the month is the end, whether or not the start counts.
    if datum.day > laatste:
        return daynumber(date(jaar, maand + 1, laatste))
    return daynumber(date(jaar, maand + 1, datum.day)) - startdag_telt_mee


def _postponed(einde: int, stukken: Sequence[range]) -> int:
    for stuk in stukken:
        if stuk.start > einde:
            break
        einde += len(stuk)
    return einde


def _rolls(regel: Termijnregel, lengte: Lengte) -> bool:
    return regel.rolt and lengte.aantal <= _LANGSTE[lengte.eenheid]


def _settle(
    lengte: Lengte, nul_dag: int, einde: int, stukken: Sequence[range], kalender: Kalender
) -> tuple[int, list[str]]:
    dag, redenen = kalender.roll(einde, stukken)
    if lengte.eenheid == "dagen" and lengte.aantal < _KORTSTE_VOOR_ART_2:
        return dag, redenen
    dag, meer = kalender.extend(nul_dag, dag, stukken)
    return dag, redenen + meer


def _nth_werkdag(aantal: int, nul_dag: int, stukken: Sequence[range], kalender: Kalender, ruim: bool = False) -> int:
    dag = nul_dag
    while aantal > 0:
        dag += 1
        aantal -= _counts(dag, stukken, kalender, ruim)
    return dag


def _counts(dag: int, stukken: Sequence[range], kalender: Kalender, ruim: bool = False) -> bool:
    return kalender.is_werkdag(dag, ruim) and not _covers(stukken, dag)


def _look(
    rekening: _Rekening, run: Run, opschortingen: Sequence[Opschorting], kalender: Kalender, vandaag: int
) -> _Blik:
    einde_dag = _end_by(run, vandaag)
    wacht = None if einde_dag is not None else _waiting(rekening, opschortingen, vandaag)
    status = _outcome(_status(rekening, einde_dag, wacht, vandaag), run.afloop)
    peildag = vandaag if einde_dag is None else einde_dag
    waardoor = run.waardoor if status == "gestopt" else ""
    if wacht or rekening.lengte.eenheid != "werkdagen":
        return _Blik(rekening, peildag, status, wacht, None, () if wacht else rekening.redenen, waardoor)
    ruim = _nth_werkdag(rekening.budget, rekening.nul_dag, rekening.opgeschort, kalender, ruim=True)
    return _Blik(rekening, peildag, status, wacht, ruim, _passed(rekening, kalender), waardoor)


def _end_by(run: Run, vandaag: int) -> int | None:
    return run.tot_dag if run.tot_dag is not None and run.tot_dag <= vandaag else None


def _waiting(rekening: _Rekening, opschortingen: Sequence[Opschorting], vandaag: int) -> Opschorting | None:
    """The suspension that is open now and had effect."""
    for opschorting in opschortingen:
        if opschorting.is_open(vandaag) and _covers(rekening.opgeschort, opschorting.dagen.stop - 1):
            return opschorting
    return None


def _covers(stukken: Sequence[range], dag: int) -> bool:
    return any(dag in stuk for stuk in stukken)


def _status(rekening: _Rekening, einde_dag: int | None, wacht: Opschorting | None, vandaag: int) -> Termijnstatus:
    if einde_dag is not None:
        return "gehaald" if einde_dag <= rekening.vervaldag else "te_laat"
    if wacht or _covers(rekening.opgeschort, vandaag):
        return "geschorst"
    return "verstreken" if vandaag > rekening.vervaldag else "loopt"


def _outcome(status: Termijnstatus, afloop: Afloop) -> Termijnstatus:
    """Something that merely lasts is never late; what was met in time may have lapsed instead."""
    if afloop == "afgelopen" and status in ("te_laat", "verstreken"):
        return afloop
    return afloop if status == "gehaald" else status


def _suspended_by(rekening: _Rekening, dag: int) -> int:
    return sum(len(range(stuk.start, min(stuk.stop, dag + 1))) for stuk in rekening.opgeschort)


def _passed(rekening: _Rekening, kalender: Kalender) -> tuple[str, ...]:
    """The holidays on weekdays that did not count as werkdag (streng)."""
    dagen = _weekdays(rekening, rekening.vervaldag)
    return _names(kalender, (dag for dag in dagen if not kalender.is_werkdag(dag)))


def _passed_ruim(rekening: _Rekening, ruim: int, kalender: Kalender) -> tuple[str, ...]:
    """The holidays that count as werkdag streng, but not ruim."""
    return _names(kalender, (dag for dag in _weekdays(rekening, ruim) if kalender.is_werkdag(dag)))


def _weekdays(rekening: _Rekening, tot_dag: int) -> Iterator[int]:
    """The days of the term from maandag to vrijdag on which it did not stand still."""
    for dag in range(rekening.nul_dag + 1, tot_dag):
        if weekday(dag) < ZATERDAG and not _covers(rekening.opgeschort, dag):
            yield dag


def _names(kalender: Kalender, dagen: Iterable[int]) -> tuple[str, ...]:
    namen = (kalender.naam_van(dag) for dag in dagen)
    return tuple(dict.fromkeys(naam for naam in namen if naam))


def _explain(blik: _Blik, kalender: Kalender) -> str:
    delen = [_progress(blik, kalender), *_suspensions(blik), _shift(blik), _outer_limit(blik, kalender)]
    stand = ", ".join(deel for deel in delen if deel)
    return f"{stand}: {blik.waardoor}" if blik.waardoor else stand


def _account(blik: _Blik, regel: Termijnregel, waarom: str, kalender: Kalender) -> Iterator[str]:
    """How the vervaldag comes about, step by step, and what is left of it."""
    rekening = blik.rekening
    yield _counted(rekening, regel, waarom, kalender)
    yield from _stood_still(blik)
    namen = ", ".join(rekening.redenen)
    if namen and blik.wacht is None:
        van, naar = in_words(rekening.einde), in_words(rekening.vervaldag)
        yield f"De laatste dag verschuift van {van} naar {naar}: {namen} (Algemene termijnenwet)."
    if blik.status == "loopt" and (over := rekening.vervaldag - blik.peildag) > 0:
        yield f"Er {'is' if over == 1 else 'zijn'} na vandaag nog {_amount(over, 'dag')}."


def _counted(rekening: _Rekening, regel: Termijnregel, waarom: str, kalender: Kalender) -> str:
    reden = f", {waarom}" if waarom else ""
    if _is_named_day(rekening):
        return f"De laatste dag is een vaste dag: {short(rekening.begin_dag)}{reden}."
    telt_mee = " (de eerste dag telt mee)" if regel.startdag_telt_mee else ""
    van = f"Gerekend vanaf {short(rekening.begin_dag)}{reden}{telt_mee}"
    if rekening.lengte.eenheid == "werkdagen":
        zonder = " en ".join(("weekend", *_passed(rekening, kalender)))
        tot = f", zonder {zonder}, dus tot en met {in_words(rekening.vervaldag)}"
        return f"{van}: {_amount(rekening.budget, 'werkdag')}{tot}."
    return f"{van}: {_length_in_words(rekening)}, dus tot en met {in_words(rekening.nul_dag + rekening.budget)}."


def _is_named_day(rekening: _Rekening) -> bool:
    """Whether the term is no length of time but one day, that somebody named."""
    return rekening.budget == 1 and rekening.vervaldag == rekening.begin_dag


def _length_in_words(rekening: _Rekening) -> str:
    aantal, eenheid = rekening.lengte.aantal, rekening.lengte.eenheid
    enkelvoud = {"weken": "week", "maanden": "maand"}.get(eenheid)
    if enkelvoud is None:
        return _amount(rekening.budget, "dag")
    return f"{aantal} {enkelvoud if aantal == 1 else eenheid} ({_amount(rekening.budget, 'dag')})"


def _stood_still(blik: _Blik) -> Iterator[str]:
    rekening, wacht = blik.rekening, blik.wacht
    for stuk in rekening.opgeschort:
        if wacht is None or wacht.dagen.stop - 1 not in stuk:
            span = span_in_words(stuk.start, stuk.stop - 1)
            yield f"Opgeschort {span}: {_amount(len(stuk), 'dag')} die niet meetellen."
    if wacht:
        tot = short(wacht.dagen.stop - 1)
        yield f"Opgeschort vanaf {short(wacht.dagen.start)}: de termijn staat stil, uiterlijk tot en met {tot}."
        yield f"Komt er tot dan niets, dan is de laatste dag {in_words(rekening.vervaldag)}."
    elif rekening.opgeschort and rekening.lengte.eenheid != "werkdagen":
        yield f"Met die dagen erbij loopt de termijn tot en met {in_words(rekening.einde)}."


def _progress(blik: _Blik, kalender: Kalender) -> str:
    rekening = blik.rekening
    over = _amount(blik.peildag - rekening.vervaldag, "dag")
    eenheid: _Eenheid = "werkdag" if rekening.lengte.eenheid == "werkdagen" else "dag"
    if _is_named_day(rekening) and blik.peildag > rekening.vervaldag:
        return f"{over} na de vaste dag, {in_words(rekening.vervaldag)}"
    if blik.status == "te_laat":
        return f"{over} te laat na een termijn van {_amount(rekening.budget, eenheid)}"
    if blik.status == "verstreken":
        return f"{over} over de termijn van {_amount(rekening.budget, eenheid)}"
    if blik.peildag < rekening.begin_dag:
        return _before_the_start(blik)
    if _is_named_day(rekening):
        return f"{WOORDEN[blik.status]} op de vaste dag" if blik.status in WOORDEN else "Vandaag is de vaste dag"
    stand = f"{eenheid} {_days_used(blik, kalender)} van {rekening.budget}"
    return f"{WOORDEN[blik.status]} op {stand}" if blik.status in WOORDEN else stand.capitalize()


def _before_the_start(blik: _Blik) -> str:
    """A term that starts on an answer can lie ahead; one that ends on its first day is a fixed day."""
    begin = in_words(blik.rekening.begin_dag)
    is_vaste_dag = _is_named_day(blik.rekening)
    if woord := WOORDEN.get(blik.status):
        return f"{woord} voor {begin}" if is_vaste_dag else f"{woord} voor het begin op {begin}"
    return f"Vaste dag: {begin}" if is_vaste_dag else f"Begint op {begin}"


def _days_used(blik: _Blik, kalender: Kalender) -> int:
    """How much of the budget is used on the peildag; the days it is extended by are no part of it."""
    rekening, peildag = blik.rekening, blik.peildag
    if rekening.lengte.eenheid == "werkdagen":
        dagen = range(rekening.nul_dag + 1, min(peildag, rekening.vervaldag) + 1)
        return sum(_counts(dag, rekening.opgeschort, kalender) for dag in dagen)
    return max(0, min(rekening.budget, peildag - rekening.nul_dag - _suspended_by(rekening, peildag)))


def _suspensions(blik: _Blik) -> list[str]:
    wacht = blik.wacht
    if wacht is None:
        return _closed_suspensions(blik.rekening.opgeschort)
    laatste = wacht.dagen.stop - 1
    eerder = [stuk for stuk in blik.rekening.opgeschort if laatste not in stuk]
    nu = f"opgeschort vanaf {short(wacht.dagen.start)}, uiterlijk t/m {short(laatste)}"
    return [*_closed_suspensions(eerder), f"{nu} (dan is de vervaldag {in_words(blik.rekening.vervaldag)})"]


def _closed_suspensions(stukken: Sequence[range]) -> list[str]:
    if not stukken:
        return []
    delen = (f"{span_in_words(stuk.start, stuk.stop - 1)} ({_amount(len(stuk), 'dag')})" for stuk in stukken)
    return [f"opgeschort {' en '.join(delen)}"]


def _shift(blik: _Blik) -> str:
    rekening = blik.rekening
    namen = ", ".join(blik.overgeslagen)
    if not namen:
        return ""
    if rekening.lengte.eenheid == "werkdagen":
        return f"{namen} niet meegeteld"
    return f"verschoven van {in_words(rekening.einde)} ({namen})"


def _outer_limit(blik: _Blik, kalender: Kalender) -> str:
    if blik.ruim is None or blik.ruim == blik.rekening.vervaldag:
        return ""
    namen = ", ".join(_passed_ruim(blik.rekening, blik.ruim, kalender))
    return f"ruim gerekend t/m {in_words(blik.ruim)} ({namen})"


def _amount(aantal: int, eenheid: _Eenheid) -> str:
    return f"{aantal} {eenheid}" if aantal == 1 else f"{aantal} {eenheid}en"
