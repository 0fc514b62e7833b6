"""The log family by family: each row against its chain and its leaf, each history against the map of its time, and the
projections against what follows from it.

A row that does not fit its chain is the first thing to know of a traject, so of that traject nothing more is said.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection

from models import klok
from models.database import PLAATS, read_rows
from models.gebeurtenis import Gebeurtenis
from workflow.gezin import Gezin
from workflow.historie import Feit, findings
from workflow.kaarten import Kaarten
from workflow.keten import content_hash, row_hash
from workflow.verificatie import kalender, nummers
from workflow.verificatie.misstand import Misstand
from workflow.verificatie.nummers import ONLEESBAAR, ONZIN, RUIMTE_US
from workflow.verificatie.projecties import Projecties
from workflow.verificatie.teksten import Teksten
from workflow.zegels import LAAGST, every

FAMILIES = 200
"""So many families are held at a time."""

DAG_US, VOOR_UTC_US = 86_400_000_000, 7_200_000_000 + RUIMTE_US
"""An Amsterdam day begins two hours before that of UTC at most."""

MAX_BEWAARD = 10_000
"""Of a log that is wrong from end to end no more is kept than this."""

_NUMMERS = (
    "SELECT wortel_id, id, nummer FROM trajectnummer WHERE wortel_id > {p} AND wortel_id <= {p} ORDER BY wortel_id, id"
)
_RIJEN = (
    f"SELECT {', '.join(f'g.{naam}' for naam in Gebeurtenis._fields)}, b.blad, b.hash"  # noqa: S608
    " FROM trajectnummer t JOIN gebeurtenis g ON g.traject_id = t.id"
    " LEFT JOIN zegelblad b ON b.traject_id = g.traject_id AND b.volgnummer = g.volgnummer"
    " AND b.blad >= 0 AND b.blad < {omvang}"
    " WHERE t.wortel_id > {p} AND t.wortel_id <= {p} ORDER BY t.wortel_id, t.id, g.volgnummer"
)
_GRENS = (
    "SELECT max(wortel_id) FROM (SELECT DISTINCT wortel_id FROM trajectnummer WHERE wortel_id > {p}"
    " ORDER BY wortel_id LIMIT {aantal}) w"
)
_WEES = (
    "SELECT traject_id, min(volgnummer) FROM gebeurtenis g WHERE NOT EXISTS"
    " (SELECT 1 FROM trajectnummer t WHERE t.id = g.traject_id) GROUP BY traject_id ORDER BY traject_id LIMIT 100"
)
_ALLE = "SELECT count(*) FROM gebeurtenis"
_traject_id = itemgetter(Gebeurtenis._fields.index("traject_id"))
_soort = attrgetter("soort")
_gebeurtenis = partial(tuple.__new__, Gebeurtenis)


class Deel(NamedTuple):
    """The part of the log about one traject: its rows, of each its leaf and the hash of that, how many were blanked."""

    wortel_id: int
    traject_id: int
    nummer: str
    rijen: Sequence[Gebeurtenis]
    plaatsen: Sequence[int | None]
    bladeren: Sequence[str | None]
    leeg: int


class Logboek:
    """One pass over the log. After `check`, `geteld` says how much there was, `kaarten` which maps rows refer to.

    `gevolgen` are places where walks, texts and projections do not fit; `verzegeld` counts the rows that have a leaf.
    """

    def __init__(self, db: Connection, done: Callable[[int], None]) -> None:
        gelezen = every(db)
        zegels = gelezen if all(een.is_readable for een in gelezen) else []
        zegel = zegels[-1] if zegels else None
        self._omvangen, self._momenten = [een.omvang for een in zegels], [0, *(een.gemaakt_op for een in zegels)]
        self._db, self._done = db, done
        self._maps, self._kalender = Kaarten(db), kalender.readable(db)
        self._projecties, self.teksten = Projecties(db), Teksten(db)
        self._nu = klok.now_us() + RUIMTE_US
        self._grens = zegel.gemaakt_op - RUIMTE_US if zegel else 0
        self._teken = PLAATS[db.dialect.name]
        self._rijen = _RIJEN.format(p=self._teken, omvang=zegel.omvang if zegel else 0)
        self.kaarten: set[str] = set()
        self.gevolgen: list[Misstand] = []
        self.verzegeld = 0
        self.geteld = dict.fromkeys(("gebeurtenissen", "trajecten", "unsealed", "redacted", "not_replayed"), 0)

    def check(self) -> list[Misstand]:
        """The rows that do not fit their chain or their leaf, in order of traject."""
        gevonden: list[Misstand] = []
        van = LAAGST
        while (tot := self._next(van)) is not None:
            delen = self._parts(van, tot)
            gevonden += self._some_families(delen, van, tot)
            del gevonden[MAX_BEWAARD:], self.gevolgen[MAX_BEWAARD:]
            self._done(sum(len(deel.rijen) for deel in delen))
            van = tot
        self.gevolgen += [*self._projecties.strangers(), *self.teksten.strangers()]
        return [*gevonden, *self._strangers(), *nummers.rootless(self._db), *self._passed_over()]

    def _next(self, van: int) -> int | None:
        """The last root of the next families; None when there are none, or none but roots that are text."""
        ((tot,),) = self._rows(_GRENS.format(p=self._teken, aantal=FAMILIES), van)
        return None if isinstance(tot, str) else tot

    def _rows(self, vraag: str, *waarden: int) -> list[tuple[Any, ...]]:
        return read_rows(self._db, vraag.format(p=self._teken), waarden)

    def _parts(self, van: int, tot: int) -> list[Deel]:
        """The log of the families with roots in (van, tot]."""
        rijen = {wie: list(log) for wie, log in groupby(read_rows(self._db, self._rijen, (van, tot)), key=_traject_id)}
        return [_part(wie, rijen.get(wie[1], ())) for wie in self._rows(_NUMMERS, van, tot)]

    def _some_families(self, delen: Sequence[Deel], van: int, tot: int) -> list[Misstand]:
        fouten = [fout for deel in delen if (fout := self._first_fault(deel))]
        kapot = {fout.plaats for fout in fouten}
        gezinnen = [self._folded(list(familie), kapot) for _, familie in groupby(delen, key=itemgetter(0))]
        self.gevolgen += self._projecties.compare([gezin for gezin in gezinnen if gezin], van, tot)
        heel = {deel.nummer: deel.rijen for deel in delen if deel.nummer not in kapot}
        self.gevolgen += self.teksten.compare(heel, van, tot)
        return fouten

    # -- Rows ----------------------------------------------------------------------------------------------------------

    def _first_fault(self, deel: Deel) -> Misstand | None:
        """Where a chain first does not fit; counts what it sees."""
        if not deel.rijen:
            return Misstand("chain", deel.nummer, "it has a number and no gebeurtenis")
        self._count(deel)
        vorige: Gebeurtenis | None = None
        for rij, blad in zip(deel.rijen, deel.bladeren, strict=True):
            if zin := self._wrong(vorige, rij, blad):
                return Misstand("chain", deel.nummer, zin, rij.volgnummer)
            vorige = rij
        return _removed(deel) or _early(deel, self._nu) or self._untimely(deel)

    def _wrong(self, vorige: Gebeurtenis | None, rij: Gebeurtenis, blad: str | None) -> str | None:
        try:
            return _unlinked(vorige, rij) or self._unlike(blad, rij)
        except ONLEESBAAR:
            return "its values are not those of a row"

    def _untimely(self, deel: Deel) -> Misstand | None:
        """A row that was recorded before the seal before the one that first covers it, or after that one."""
        for rij, plaats in zip(deel.rijen, deel.plaatsen, strict=True):
            if plaats is not None:
                nr = bisect_right(self._omvangen, plaats)
                if rij[10] < self._momenten[nr] - RUIMTE_US:
                    zin = "it was put in: an earlier seal should cover it and does not"
                    return Misstand("chain", deel.nummer, zin, rij.volgnummer)
                if rij[10] > self._momenten[nr + 1] + RUIMTE_US:
                    zin = "it was recorded after the seal that covers it"
                    return Misstand("chain", deel.nummer, zin, rij.volgnummer)
        return None

    def _count(self, deel: Deel) -> None:
        geteld, los = self.geteld, deel.bladeren.count(None)
        self.verzegeld += len(deel.rijen) - los
        geteld["trajecten"] += 1
        geteld["gebeurtenissen"] += len(deel.rijen)
        geteld["unsealed"] += los
        geteld["redacted"] += deel.leeg
        self.kaarten.update(rij.routekaart for rij in deel.rijen)

    def _unlike(self, blad: str | None, rij: Gebeurtenis) -> str | None:
        """Why a row is not the row that was recorded, or not the one that was sealed."""
        if rij.inhoud is not None and content_hash(rij.zout or "", rij.inhoud) != rij.inhoud_hash:
            return "its content is not what was recorded"
        if (berekend := row_hash(rij)) != rij.hash:
            return "it is not what was recorded: its hash is another"
        if blad is None:
            return "it was put in: the last seal should cover it and does not" if rij[10] < self._grens else None
        return None if blad == berekend else "it is not the row that was sealed, though its chain was made to fit"

    def _strangers(self) -> Iterator[Misstand]:
        """Rows of a traject without a number."""
        for traject_id, volgnummer in self._rows(_WEES):
            yield Misstand("chain", f"traject {traject_id}", "its number is gone", volgnummer)

    def _passed_over(self) -> Iterator[Misstand]:
        """That there are more rows than were looked at, whatever the reason."""
        ((aantal,),) = self._rows(_ALLE)
        if aantal != (gezien := self.geteld["gebeurtenissen"]):
            yield Misstand("chain", "the log", f"it has {aantal} rows, and {gezien} of them belong to a traject")

    # -- Histories -----------------------------------------------------------------------------------------------------

    def _folded(self, delen: Sequence[Deel], kapot: set[str]) -> Gezin | None:
        """A family folded from its log; None when that cannot be done."""
        if any(deel.nummer in kapot for deel in delen):
            self.geteld["not_replayed"] += sum(bool(deel.rijen) for deel in delen)
            return None
        gezin = Gezin(self._db, self._maps, self._kalender)
        for deel in delen:
            if misstand := self._misfit(gezin, deel):
                self.gevolgen.append(misstand)
                if misstand.zin == ONZIN:
                    return None
        self.gevolgen += nummers.misnamed(gezin)
        return gezin

    def _misfit(self, gezin: Gezin, deel: Deel) -> Misstand | None:
        """Fold a traject; the first step of it that its map did not allow."""
        verloop = gezin.add(deel.traject_id, deel.nummer, deel.wortel_id)
        try:
            feiten = [verloop.follow(rij) for rij in deel.rijen]
            staan = verloop.feiten if None in feiten else cast(list[Feit], feiten)
            gevonden = findings(staan, self._maps, verloop.oorsprong["route"])
        except ONLEESBAAR:
            return Misstand("walk", deel.nummer, ONZIN, verloop.log[-1].volgnummer)
        return (
            Misstand("walk", deel.nummer, f"not possible then: {gevonden[0].zin}", gevonden[0].volgnummer)
            if gevonden
            else None
        )


def _part(wie: tuple[Any, ...], log: Sequence[tuple[Any, ...]]) -> Deel:
    wortel_id, traject_id, nummer = wie
    rijen, plaatsen, bladeren = [_gebeurtenis(rij[:-2]) for rij in log], [r[-2] for r in log], [r[-1] for r in log]
    return Deel(wortel_id, traject_id, nummer, rijen, plaatsen, bladeren, [rij.inhoud for rij in rijen].count(None))


def _unlinked(vorige: Gebeurtenis | None, rij: Gebeurtenis) -> str | None:
    """Why a row does not follow the one before it."""
    nummer, hash_, moment = (vorige.volgnummer, vorige.hash, vorige.vastgelegd_op) if vorige else (0, None, 0)
    if rij.volgnummer != nummer + 1:
        return f"it follows gebeurtenis {nummer}: a row between them is gone" if nummer else "its first row is gone"
    if rij.vorige_hash != hash_:
        return "it is not linked to the row before it"
    return "it was recorded before the row before it" if rij.vastgelegd_op < moment else None


def _removed(deel: Deel) -> Misstand | None:
    """A row that was blanked, or that says that content was destroyed: no program of ours does either as yet."""
    for rij in deel.rijen if deel.leeg or "vernietiging" in map(_soort, deel.rijen) else ():
        if rij.inhoud is None or rij.soort == "vernietiging":
            zin = "it says that content was destroyed" if rij.inhoud else "its content is gone"
            return Misstand("chain", deel.nummer, f"{zin}, and the program destroys none", rij.volgnummer)
    return None


def _early(deel: Deel, nu: int) -> Misstand | None:
    """A row that was recorded in the future, or before its day; moments do not go back within a traject."""
    for rij in deel.rijen if deel.rijen[-1].vastgelegd_op > nu or any(map(_is_before_its_day, deel.rijen)) else ():
        if rij.vastgelegd_op > nu:
            return Misstand("chain", deel.nummer, "it was recorded in the future", rij.volgnummer)
        if _is_before_its_day(rij):
            return Misstand("chain", deel.nummer, "it was recorded before its day", rij.volgnummer)
    return None


def _is_before_its_day(rij: Gebeurtenis) -> bool:
    return rij[6] * DAG_US - VOOR_UTC_US > rij[10]
