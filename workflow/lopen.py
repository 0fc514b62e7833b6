"""When each term ran in a traject: from the stays, the kenmerken and the answers of its stand.

A term runs while the traject stands in stappen that list it, on the map that it is on: stays of before it was moved to
another map are judged by the map of then. An answer to its `begint_op` begins it anew, and the first
moment that a kenmerk has a value of `eindigt_als` ends it; only answers of that same stay count. Where `begint_op`
names several velden, the first of them that is answered in a run counts there, and the others do not. Each run is
judged by the kenmerken of its own time.

A term that ends by itself (`loopt_af`) goes on when its stap is left, also for an end: only answers of the stay itself
begin it, a value of `eindigt_als` ends it later too. Back in such a stap it is still the same run, as long as it counts
from the same answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from workflow.kalender import daynumber
from workflow.routekaart import Stap, Termijnregel, Veld
from workflow.termijnen import Run
from workflow.verloop import Stand

TRAJECT_EINDIGDE = "het traject eindigde"
BEGON_OPNIEUW = "de termijn begon opnieuw"


class Loop(NamedTuple):
    """One run of a term, with the kenmerken of its time and the day it counts from (None: the day of entry)."""

    regel: Termijnregel
    run: Run
    kenmerken: Mapping[str, str]
    begint_op: int | None


def running(stand: Stand) -> list[Loop]:
    """The runs of the terms that the present stap lists; the open one of each comes last."""
    codes = stand.stap.termijnen if stand.stap else ()
    return [
        loop
        for code in codes
        for loop in _split(stand, stand.kaart.termijnen[code], Run(_since(stand, code), None))  # type: ignore[union-attr]
    ]


def all_runs(stand: Stand) -> list[Loop]:
    """Every run of every term so far."""
    gevonden: list[Loop] = []
    for regel, run in _stretches(stand):
        loops = _split(stand, regel, run)
        for loop in (_going_on(stand, loop, run) for loop in loops) if regel.loopt_af else loops:
            _add(gevonden, loop)
    return gevonden


def _going_on(stand: Stand, loop: Loop, stuk: Run) -> Loop:
    """The run of a term that ends by itself: that the stap was left does not end it."""
    if loop.run.tot_dag != stuk.tot_dag:
        return loop
    open_ = Run(loop.run.van_dag, None)
    return loop._replace(run=open_._replace(tot_dag=_ended(stand, loop.regel, open_)))


def _add(gevonden: list[Loop], loop: Loop) -> None:
    """Add a run, to the one that it goes on with where there is one."""
    for nr, eerder in enumerate(gevonden):
        if _is_same(eerder, loop):
            gevonden[nr] = loop._replace(run=loop.run._replace(van_dag=eerder.run.van_dag))
            return
    gevonden.append(loop)


def _is_same(eerder: Loop, loop: Loop) -> bool:
    """Whether a run that went on after its stap was left is met again in a later one."""
    is_zelfde = (eerder.regel.code, eerder.begint_op) == (loop.regel.code, loop.begint_op)
    return is_zelfde and loop.regel.loopt_af and loop.begint_op is not None and eerder.run.tot_dag is None


def counts_from(stand: Stand, loop: Loop) -> str:
    """Which day it is that a term counts from, in words: of an answer, or of the stap that began."""
    if veld := _answered_by(stand, loop):
        return f"de dag dat {veld.dag_dat}" if veld.dag_dat else f"de dag bij “{veld.label}”"
    begonnen = [stap for stap, van in _begun(stand) if van == loop.run.van_dag and loop.regel.code in stap.termijnen]
    return f"de dag dat de stap {begonnen[0].naam} begon" if begonnen else ""


def _answered_by(stand: Stand, loop: Loop) -> Veld | None:
    """The question whose answer a run counts from; None where it counts from the day of entry."""
    if stand.route is None or loop.begint_op is None:
        return None
    codes = (c for c in loop.regel.begint_op if any(_day(w) == loop.begint_op for _, w in stand.answers_to(c)))
    return next((stand.route.velden[code] for code in codes if code in stand.route.velden), None)


def _begun(stand: Stand) -> Iterator[tuple[Stap, int]]:
    """Every stay: its stap, on the map of that time, and its first day."""
    return ((stap, verblijf[1]) for (stap, _), verblijf in zip(stand.plekken, stand.verblijven, strict=True))


def _since(stand: Stand, code: str) -> int:
    van = stand.sinds_op
    for (stap, _), (_, begin, _) in zip(reversed(stand.plekken), reversed(stand.verblijven), strict=True):
        if code not in stap.termijnen:
            break
        van = begin
    return van


def _stretches(stand: Stand) -> Iterator[tuple[Termijnregel, Run]]:
    """Runs of terms. Dropping out does not meet a term; a neutral end does on a child route, where it means done."""
    if stand.route is None:
        return
    onvoldaan = ("uitval",) if stand.route.hoort_bij else ("uitval", "neutraal")
    lopend: dict[str, tuple[int, Termijnregel]] = {}
    for (doel, kaart), (_, van, _) in zip(stand.plekken, stand.verblijven, strict=True):
        codes, afloop = doel.termijnen, "vervallen" if doel.einde in onvoldaan else "gehaald"
        waardoor = TRAJECT_EINDIGDE if doel.einde else f"de stap {doel.naam} begon"
        for code in [c for c in lopend if c not in codes]:
            begin, regel = lopend.pop(code)
            yield regel, Run(begin, van, afloop, waardoor)  # type: ignore[arg-type]
        for code in codes:
            begin = lopend[code][0] if code in lopend else van
            lopend[code] = begin, kaart.termijnen[code]
    yield from ((regel, Run(begin, None)) for begin, regel in lopend.values())


def _split(stand: Stand, regel: Termijnregel, run: Run) -> list[Loop]:
    if not regel.begint_op:
        return [_loop(stand, regel, run, None)]
    gegeven = (_beginnings(stand, regel, run, veld) for veld in regel.begint_op)
    grenzen = next((paren for paren in gegeven if paren[0][1] is not None), [(run.van_dag, None)])
    einden = [*(dag for dag, _ in grenzen[1:]), run.tot_dag]
    return [
        _loop(stand, regel, _part(run, van, tot), _day(waarde))
        for (van, waarde), tot in zip(grenzen, einden, strict=True)
        if waarde is not None or not regel.alleen_na_antwoord
    ]


def _part(run: Run, van: int, tot: int | None) -> Run:
    """The part of a run between two answers, the last of which ends as the run does."""
    return run._replace(van_dag=van) if tot == run.tot_dag else Run(van, tot, "vervallen", BEGON_OPNIEUW)


def _beginnings(stand: Stand, regel: Termijnregel, run: Run, veld: str) -> list[tuple[int, Any]]:
    """From when on which answer to a question counts in a run: the first from its begin, without one None."""
    gegeven = stand.answers_to(veld)
    if not gegeven:
        return [(run.van_dag, None)]
    later = [
        (dag, waarde) for dag, waarde in gegeven if run.van_dag < dag and (run.tot_dag is None or dag < run.tot_dag)
    ]
    vanaf = _stay_began(stand, regel.code, run.van_dag)
    eerste = next((waarde for dag, waarde in reversed(gegeven) if vanaf <= dag <= run.van_dag), None)
    if eerste is None and later:
        return [(run.van_dag, later[0][1]), *later[1:]]
    return [(run.van_dag, eerste), *later]


def _stay_began(stand: Stand, code: str, van_dag: int) -> int:
    """The day from which an answer counts for the run that began on `van_dag`: an end that was revoked cut no stay."""
    heeft_termijn = [code in stap.termijnen for stap, _ in stand.plekken]
    nr = max((i for i, v in enumerate(stand.verblijven) if v[1] == van_dag and heeft_termijn[i]), default=None)
    if nr is None:
        return van_dag
    while nr and (heeft_termijn[nr - 1] or _was_revoked(stand, nr)):
        nr -= 1 if heeft_termijn[nr - 1] else 2
    return stand.verblijven[nr][1]


def _was_revoked(stand: Stand, nr: int) -> bool:
    """Whether this stay goes on after an end with what it was left from."""
    stap, vorige, eerder = (stand.plekken[i][0] for i in (nr, nr - 1, max(nr - 2, 0)))
    return nr > 1 and stap.code == eerder.code and vorige.einde is not None


def _loop(stand: Stand, regel: Termijnregel, run: Run, begint_op: int | None) -> Loop:
    einde = _ended(stand, regel, run) if regel.eindigt_als else run.tot_dag
    ended = run if einde == run.tot_dag else Run(run.van_dag, einde)
    kenmerken = stand.kenmerken if ended.tot_dag is None else stand.kenmerken_on(max(run.van_dag, ended.tot_dag - 1))
    return Loop(regel, ended, kenmerken, begint_op)


def _ended(stand: Stand, regel: Termijnregel, run: Run) -> int | None:
    dagen = [
        van
        for naam, waarden in regel.eindigt_als.items()
        for van, waarde in stand.answers_to(naam)
        if waarde in waarden and van >= run.van_dag and (run.tot_dag is None or van <= run.tot_dag)
    ]
    return min(dagen, default=run.tot_dag)


def _day(waarde: object) -> int | None:
    return daynumber(date.fromisoformat(waarde)) if isinstance(waarde, str) and waarde else None
