"""Who may see which dossier: the one place that every read of a dossier or a client passes.

A family can be shielded (`afscherming`): only for its behandelaar and named medewerkers, or from named medewerkers. The
web says at the beginning of each request who looks; `gezin.load` then refuses a family out of sight, `names_in` gives
no name of it, lists leave it out or say "afgeschermd dossier", and who takes part in nothing else is not found. Figures
count it all the same. The command line is the beheerder's and sees everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, insert, literal, or_, select, union

from models import klok
from models.afscherming import afscherming, afscherming_einde, afscherming_lid, inzage
from models.projectie import deelname, deelname_oud
from models.traject import traject
from models.trajectnummer import trajectnummer
from workflow.velden import InvoerGeweigerd

AFGESCHERMD = "Afgeschermd dossier"
"""What stands in a list where a name would."""

ONGENOEMD = "een afgeschermd dossier"
"""What stands in a sentence where a number would."""

ALLEEN, NIET = "alleen", "niet"
BEHEERDER = "beheerder"
NIET_VOOR = "Dit dossier is voor deze medewerker afgeschermd. Kies een ander."


@dataclass(frozen=True, slots=True)
class Verborgen:
    """What is out of sight: numbers of trajecten by id, and the roots of their families."""

    nummers: Mapping[int, str] = field(default_factory=dict)
    wortels: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.wortels)

    def keeps_out(self, wortel_id: int) -> bool:
        """Whether the family with this root is out of sight."""
        return wortel_id in self.wortels

    def has(self, nummer: str) -> bool:
        """Whether the traject with this number is out of sight."""
        return nummer in self.nummers.values()

    def named(self, nummer: str) -> str:
        """A traject in a sentence: its number, or no more than that it is out of sight."""
        return ONGENOEMD if self.has(nummer) else nummer

    @property
    def in_sight(self) -> list[ColumnElement[bool]]:
        """As a filter on `traject`; empty where nothing is out of sight."""
        return [traject.c.wortel_id.not_in(sorted(self.wortels))] if self.wortels else []


NIETS = Verborgen()
"""Nothing is out of sight."""


@dataclass
class Kijker:
    """Who looks, with what is out of their sight, looked up once."""

    pseudoniem: str
    rol: str
    verborgen: Verborgen | None = None


_kijker: ContextVar[Kijker | None] = ContextVar("kijker", default=None)


def look_as(pseudoniem: str, rol: str, verborgen: Verborgen | None = None) -> None:
    """From now on this medewerker looks, until the end of the request; `verborgen` where it is known already."""
    _kijker.set(Kijker(pseudoniem, rol, verborgen))


def look_away() -> None:
    """Nobody looks: from now on the program itself reads."""
    _kijker.set(None)


@contextmanager
def as_program() -> Iterator[None]:
    """For work on the whole caseload that shows no dossier to anybody: taking in deliveries, moving to another map."""
    eerder = _kijker.set(None)
    try:
        yield
    finally:
        _kijker.reset(eerder)


def hidden(db: Connection) -> Verborgen:
    """What is out of sight of who looks; one statement, the first time."""
    kijker = _kijker.get()
    if kijker is None:
        return NIETS
    if kijker.verborgen is None:
        kijker.verborgen = hidden_from(db, kijker.pseudoniem, kijker.rol)
    return kijker.verborgen


def known() -> Verborgen | None:
    """What was looked up already of who looks; None when it was not, and nothing when the program itself reads."""
    kijker = _kijker.get()
    return NIETS if kijker is None else kijker.verborgen


def forget(db: Connection) -> Verborgen:
    """Look it up anew: something about it was just written."""
    if kijker := _kijker.get():
        kijker.verborgen = None
    return hidden(db)


def hidden_from(db: Connection, pseudoniem: str, rol: str) -> Verborgen:
    """What is out of sight of a medewerker. A beheerder has no pages with dossiers, and sees to the whole."""
    if rol == BEHEERDER:
        return NIETS
    return as_hidden(db.execute(select(*DICHT_KOLOMMEN).select_from(DICHT).where(closed_to(literal(pseudoniem)))).all())


def as_hidden(rijen: Iterable[Any]) -> Verborgen:
    """What is out of sight, from rows with DICHT_KOLOMMEN; a row without an id stands for nothing."""
    rijen = [rij for rij in rijen if rij.traject_id is not None]
    return Verborgen({rij.traject_id: rij.nummer for rij in rijen}, frozenset(rij.wortel_id for rij in rijen))


DICHT = afscherming.join(trajectnummer, trajectnummer.c.wortel_id == afscherming.c.wortel_id)
DICHT_KOLOMMEN = (trajectnummer.c.id.label("traject_id"), trajectnummer.c.nummer, trajectnummer.c.wortel_id)
"""Every shield with the trajecten of its family."""


def closed_to(pseudoniem: ColumnElement[str]) -> ColumnElement[bool]:
    """Which of DICHT are out of sight of a medewerker who is not a beheerder."""
    return and_(*in_force(), _closed_to(pseudoniem))


def in_force() -> list[ColumnElement[bool]]:
    """As a filter on `afscherming`: not ended, and its last day has not passed."""
    beeindigd = exists().where(afscherming_einde.c.id == afscherming.c.id)
    return [~beeindigd, or_(afscherming.c.tot_dag.is_(None), afscherming.c.tot_dag > klok.today())]


def _closed_to(pseudoniem: ColumnElement[str]) -> ColumnElement[bool]:
    a, lid = afscherming.c, afscherming_lid.c
    is_genoemd = exists().where(lid.afscherming_id == a.id, lid.medewerker == pseudoniem)
    is_eigen = exists().where(
        traject.c.wortel_id == a.wortel_id,
        traject.c.behandelaar == pseudoniem,
        or_(traject.c.is_open, traject.c.ouder_id.is_(None)),
    )
    heeft_inzage = exists().where(
        inzage.c.wortel_id == a.wortel_id, inzage.c.medewerker == pseudoniem, inzage.c.tot > klok.now_us()
    )
    niet_voor_mij = and_(a.soort == ALLEEN, ~is_genoemd, ~is_eigen, ~heeft_inzage)
    return or_(niet_voor_mij, and_(a.soort == NIET, is_genoemd))


# -- People ------------------------------------------------------------------------------------------------------------


def people_out_of_sight(db: Connection, pseudoniemen: Iterable[str]) -> frozenset[str]:
    """Those of these people who take part, or once did, in dossiers out of sight and in no other."""
    wie, verborgen = sorted(set(pseudoniemen)), hidden(db)
    if not wie or not verborgen:
        return frozenset()
    bronnen = (
        select(t.c.deelnemer, trajectnummer.c.wortel_id)
        .join(trajectnummer, trajectnummer.c.id == t.c.traject_id)
        .where(t.c.deelnemer.in_(wie))
        for t in (deelname, deelname_oud)
    )
    plekken: dict[str, set[int]] = {}
    for rij in db.execute(union(*bronnen)):
        plekken.setdefault(rij.deelnemer, set()).add(rij.wortel_id)
    return frozenset(iemand for iemand, wortels in plekken.items() if wortels <= verborgen.wortels)


# -- What follows a shield ---------------------------------------------------------------------------------------------


def follow_family(db: Connection, van: int, naar: int, door: str) -> None:
    """A traject was split off: what shields its family shields the new one too."""
    _follow(db, afscherming.c.wortel_id == van, naar, door)


def follow_people(db: Connection, wie: Sequence[str], naar: int, door: str) -> None:
    """Someone of a shielded family starts anew: the new family (root `naar`) is shielded as that one was."""
    if not wie:
        return
    wortels = (
        select(trajectnummer.c.wortel_id)
        .join(deelname, deelname.c.traject_id == trajectnummer.c.id)
        .where(deelname.c.deelnemer.in_(list(wie)), trajectnummer.c.wortel_id != naar)
    )
    _follow(db, afscherming.c.wortel_id.in_(wortels), naar, door)


def _follow(db: Connection, waar: ColumnElement[bool], naar: int, door: str) -> None:
    rijen = db.execute(select(afscherming).where(waar, *in_force())).all()
    for rij in rijen:
        vraag = select(afscherming_lid.c.medewerker).where(afscherming_lid.c.afscherming_id == rij.id)
        leden = db.execute(vraag).scalars().all()
        enter(db, naar, rij.soort, rij.reden, leden, rij.tot_dag, door, rij.id)


def kept_from(db: Connection) -> frozenset[tuple[int, str]]:
    """Which families (roots) are kept from which medewerkers, whoever looks; one statement."""
    a, lid = afscherming.c, afscherming_lid.c
    vraag = select(a.wortel_id, lid.medewerker).join(afscherming_lid, lid.afscherming_id == a.id)
    return frozenset((rij.wortel_id, rij.medewerker) for rij in db.execute(vraag.where(a.soort == NIET, *in_force())))


def check_behandelaar(db: Connection, wortel_id: int, behandelaar: str | None) -> None:
    """A dossier does not go to whom it is kept from. Raises InvoerGeweigerd."""
    if behandelaar and (wortel_id, behandelaar) in kept_from(db):
        raise InvoerGeweigerd({"naar": NIET_VOOR})


# -- Writing a shield -------------------------------------------------------------------------------------------------


def enter(
    db: Connection,
    wortel_id: int,
    soort: str,
    reden: str,
    leden: Iterable[str],
    tot_dag: int | None,
    door: str,
    volgt_op: int | None = None,
) -> int:
    """Write a shield as it is given, and return its id; `volgt_op` is the one that it came from."""
    waarden = {"wortel_id": wortel_id, "soort": soort, "reden": reden, "tot_dag": tot_dag, "volgt_op": volgt_op}
    vraag = insert(afscherming).values(**waarden, door=door, vastgelegd_op=klok.now_us()).returning(afscherming.c.id)
    id_ = int(db.execute(vraag).scalar_one())
    if rijen := [{"afscherming_id": id_, "medewerker": lid} for lid in sorted(set(leden))]:
        db.execute(insert(afscherming_lid), rijen)
    return id_
