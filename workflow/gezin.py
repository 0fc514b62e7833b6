"""A family: a root traject and all that hangs on it, folded from its log. The unit of locking and of projection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import Connection, select

from models.database import PLAATS, read_rows
from models.gebeurtenis import Gebeurtenis
from models.trajectnummer import trajectnummer
from workflow.dossier import Dossier, Kind
from workflow.historie import Feit
from workflow.kaarten import Kaarten
from workflow.kalender import BEVESTIGDE_JAREN, Kalender, date_of, daynumber
from workflow.lopen import Loop, all_runs, counts_from, running
from workflow.routekaart import Termijnregel
from workflow.termijnen import Opschorting, Termijn, compute, vervaldag
from workflow.verloop import TOT_DAG, VAN_DAG, Stand, Verloop, stand_of
from workflow.zicht import hidden

_LOG = ", ".join(f"g.{naam}" for naam in Gebeurtenis._fields)
_FAMILIES = (
    f"SELECT t.id, t.nummer, t.wortel_id, {_LOG} FROM trajectnummer t"  # noqa: S608
    " JOIN gebeurtenis g ON g.traject_id = t.id WHERE t.wortel_id IN ({tekens}) ORDER BY t.id, g.volgnummer"
)
_LOAD = (
    f"SELECT t.id, t.nummer, t.wortel_id, {_LOG} FROM trajectnummer s"  # noqa: S608
    " JOIN trajectnummer t ON t.wortel_id = s.wortel_id JOIN gebeurtenis g ON g.traject_id = t.id"
    " WHERE s.nummer = {teken} ORDER BY t.id, g.volgnummer"
)


LAST_KNOWN = daynumber(date(max(BEVESTIGDE_JAREN), 12, 31))
"""Of later years a decree is known when the beheerder has entered a day of it."""


class OnbekendTraject(LookupError):
    """No traject has this number."""


class Afgeschermd(OnbekendTraject):
    """The dossier is out of sight of who looks."""


class Gezin:
    """The trajecten of one family by id, with what guards and terms need to know across them."""

    def __init__(self, db: Connection, kaarten: Kaarten, kalender: Kalender | None = None) -> None:
        self.db = db
        self.kaarten = kaarten
        self.trajecten: dict[int, Verloop] = {}
        self._kalender = kalender

    def __iter__(self) -> Iterator[Verloop]:
        return iter(self.trajecten.values())

    def add(self, traject_id: int, nummer: str, wortel_id: int) -> Verloop:
        """The traject with this id, made when it is not there yet."""
        if traject_id not in self.trajecten:
            self.trajecten[traject_id] = Verloop(traject_id, self.kaarten, nummer, wortel_id)
        return self.trajecten[traject_id]

    def by_nummer(self, nummer: str) -> Verloop:
        """The traject with this number. Raises OnbekendTraject."""
        for verloop in self:
            if verloop.nummer == nummer:
                return verloop
        raise OnbekendTraject(nummer)

    def kinderen(self, verloop: Verloop) -> list[Verloop]:
        """The trajecten that hang on this one."""
        return [v for v in self if v.ouder_id == verloop.traject_id]

    def open_kinderen(self, verloop: Verloop) -> list[Verloop]:
        """The open trajecten that hang on this one."""
        return [v for v in self.kinderen(verloop) if v.stand.is_open]

    def has_open_parent(self, verloop: Verloop) -> bool:
        """Whether this is a child of a traject that is still open."""
        ouder = self.trajecten.get(verloop.ouder_id or 0)
        return ouder is not None and ouder.stand.is_open

    def dossier(self, verloop: Verloop, dag: int, rol: str, stand: Stand | None = None) -> Dossier:
        """What a guard may know of a traject on a day; `stand` when it differs from the present one."""
        stand = stand or verloop.stand
        if stand.route is None or stand.kaart is None:
            raise OnbekendTraject(verloop.nummer)
        return Dossier(
            kaart=stand.kaart,
            route=stand.route,
            dag=dag,
            rol=rol,
            stap=stand.stap,
            vorige=stand.vorige,
            kenmerken=stand.kenmerken,
            antwoorden=stand.antwoorden,
            bezocht=stand.bezocht,
            deelnemers=tuple(d for d, soort in stand.deelnemers.items() if soort == "persoon"),
            kinderen=tuple(_kind(k, dag) for k in self.kinderen(verloop) if k.stand.route and k.begonnen_op <= dag),
        )

    @property
    def kalender(self) -> Kalender:
        """The calendar with the equated days that the beheerder keeps."""
        if self._kalender is None:
            self._kalender = load_kalender(self.db)
        return self._kalender

    def nearest_term(self, verloop: Verloop) -> tuple[int | None, str | None]:
        """Last day and code of the term that ends first in the present stap."""
        stand = verloop.stand
        if stand.stap is None or not stand.stap.termijnen:
            return None, None
        termen = [
            (dag, regel.code)
            for regel, run, kenmerken, begin in running(stand)
            if run.tot_dag is None
            and not regel.loopt_af
            and (dag := vervaldag(regel, run, kenmerken, begin, self.suspensions(verloop, regel), self.kalender))
        ]
        return min(termen, default=(None, None))

    def terms(self, verloop: Verloop, vandaag: int) -> list[Termijn]:
        """Every term the traject has had or has, as seen on a day, in order of beginning."""
        gevonden = [self.term(verloop, loop, vandaag) for loop in all_runs(verloop.stand)]
        return sorted((t for t in gevonden if t), key=lambda t: (t.begin_dag, t.code))

    def term(self, verloop: Verloop, loop: Loop, vandaag: int) -> Termijn | None:
        """One run of a term as seen on a day; None when the term does not hold for it."""
        opschortingen, waarom = self.suspensions(verloop, loop.regel), counts_from(verloop.stand, loop)
        return compute(*loop, opschortingen, self.kalender, vandaag, waarom)

    def suspensions(self, verloop: Verloop, regel: Termijnregel) -> list[Opschorting]:
        """What suspended a term, also before its traject was split off."""
        if regel.opgeschort_door is None:
            return []
        kinderen = [
            k.stand for k in self.kinderen(verloop) if k.stand.route and k.stand.route.code == regel.opgeschort_door
        ]
        eigen = [
            Opschorting(s.begonnen_op, s.beeindigd_op, _day(s.antwoorden.get(regel.opgeschort_tot or "")))
            for s in kinderen
        ]
        return [*(Opschorting(*stuk) for stuk in verloop.stand.opgeschort.get(regel.code, ())), *eigen]


def load(db: Connection, nummer: str, lock: bool = True) -> Gezin:
    """The family of a traject, locked until the end of the transaction. Raises OnbekendTraject.

    Out of sight of who looks it raises Afgeschermd. On SQLite BEGIN IMMEDIATE has locked the database already; on
    PostgreSQL the root's row is locked.
    """
    if lock:
        hold(db, nummer)
    gezin = Gezin(db, Kaarten(db))
    rijen = read_rows(db, _LOAD.format(teken=PLAATS[db.dialect.name]), (nummer,))
    if not rijen:
        raise OnbekendTraject(nummer)
    if hidden(db).keeps_out(rijen[0][2]):
        raise Afgeschermd(nummer)
    _fill(gezin, rijen)
    return gezin


def load_families(db: Connection, wortels: Iterable[int]) -> dict[int, Gezin]:
    """The families with these roots, to read only; one statement for their logs.

    Also those out of sight, for figures and terms: who shows them asks `zicht`.
    """
    gezocht, kaarten, kalender = sorted(set(wortels)), Kaarten(db), load_kalender(db)
    gezinnen = {wortel: Gezin(db, kaarten, kalender) for wortel in gezocht}
    tekens = ", ".join([PLAATS[db.dialect.name]] * len(gezocht))
    rijen = read_rows(db, _FAMILIES.format(tekens=tekens), tuple(gezocht)) if gezocht else []
    for wortel, groep in groupby(sorted(rijen, key=lambda rij: rij[2]), key=lambda rij: rij[2]):
        _fill(gezinnen[wortel], list(groep))
    return gezinnen


def hold(db: Connection, nummer: str) -> None:
    """Lock the family of a traject until the end of the transaction; on SQLite that has been done already."""
    if db.dialect.name != "postgresql":
        return
    wortel = select(trajectnummer.c.wortel_id).where(trajectnummer.c.nummer == nummer).scalar_subquery()
    db.execute(select(trajectnummer.c.id).where(trajectnummer.c.id == wortel).with_for_update())


def _fill(gezin: Gezin, rijen: Sequence[Sequence[object]]) -> None:
    for rij in rijen:
        gezin.add(*rij[:3]).follow(Gebeurtenis._make(rij[3:]))  # type: ignore[arg-type]
    for verloop in gezin:
        verloop.saved()


def load_kalender(db: Connection) -> Kalender:
    """The calendar with the equated days in the database."""
    dagen = frozenset(dag for (dag,) in read_rows(db, "SELECT dag FROM gelijkgestelde_dag"))
    return Kalender(dagen, BEVESTIGDE_JAREN | {date_of(dag).year for dag in dagen if dag > LAST_KNOWN})


def stand_before(verloop: Verloop, feiten: Sequence[Feit], volgnummer: int) -> Stand:
    """The stand just before a gebeurtenis in the effective history."""
    plaats = next(i for i, feit in enumerate(feiten) if feit.volgnummer == volgnummer)
    return stand_of(verloop.traject_id, verloop.kaarten, feiten[:plaats])


def stand_on(verloop: Verloop, dag: int) -> Stand:
    """The stand at the end of a day, by today's knowledge."""
    return stand_of(verloop.traject_id, verloop.kaarten, [feit for feit in verloop.feiten if feit.dag <= dag])


def _kind(verloop: Verloop, dag: int) -> Kind:
    stand = verloop.stand
    verblijven = verloop.rijen["verblijf"].whole
    is_open = any(rij[1] == "traject" and _covers(rij, dag) for rij in verblijven)
    return Kind(
        verloop.nummer, stand.route.code if stand.route else "", stand.stap.code if stand.stap else None, is_open
    )


def _covers(rij: Sequence[int | None], dag: int) -> bool:
    van, tot = rij[VAN_DAG], rij[TOT_DAG]
    return van is not None and van <= dag and (tot is None or dag < tot)


def _day(waarde: object) -> int | None:
    return daynumber(date.fromisoformat(waarde)) if isinstance(waarde, str) and waarde else None
