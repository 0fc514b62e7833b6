"""The log family by family: each row against its chain and its leaf, each history against the map of its time, and the
projections against what follows from it.

A row that does not fit its chain is the first thing to know of a traject, so of that traject nothing more is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, cast

from sqlalchemy import Connection

from models.database import PLAATS, read_rows
from models.gebeurtenis import Gebeurtenis
from workflow.gezin import Gezin, load_kalender
from workflow.historie import Feit, findings
from workflow.kaarten import Kaarten
from workflow.keten import content_hash, row_hash
from workflow.verificatie.misstand import Misstand
from workflow.verificatie.projecties import Projecties
from workflow.zegels import last

FAMILIES = 200
"""So many families are held at a time."""

RUIMTE_US = 120_000_000
"""A writer may note its moment and then wait for a seal: so long before the seal it may have been, and no longer."""

MAX_BEWAARD = 10_000
"""Of a log that is wrong from end to end no more is kept than this."""

_RIJEN = (
    f"SELECT b.hash, t.wortel_id, t.id, t.nummer, {', '.join(f'g.{naam}' for naam in Gebeurtenis._fields)}"  # noqa: S608
    " FROM trajectnummer t JOIN gebeurtenis g ON g.traject_id = t.id"
    " LEFT JOIN zegelblad b ON b.traject_id = g.traject_id AND b.volgnummer = g.volgnummer"
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
_LEEG = (
    "SELECT t.nummer FROM trajectnummer t WHERE NOT EXISTS"
    " (SELECT 1 FROM gebeurtenis g WHERE g.traject_id = t.id) ORDER BY t.id LIMIT 100"
)
ONZIN = "this makes no sense on its map"
ONLEESBAAR = (KeyError, ValueError, TypeError, AttributeError, IndexError)
"""What folding raises on rows that no program of ours wrote."""


class Regel(NamedTuple):
    """A row of the log with its traject and the hash of its leaf."""

    blad: str | None
    wortel_id: int
    traject_id: int
    nummer: str
    rij: Gebeurtenis


_gebeurtenis = partial(tuple.__new__, Gebeurtenis)
_regel = partial(tuple.__new__, Regel)


class Logboek:
    """One pass over the log. After `check`, `geteld` says how much there was, `kaarten` which maps rows refer to.

    `gevolgen` are places where walks and projections do not fit; `verzegeld` counts the rows that have a leaf.
    """

    def __init__(self, db: Connection, done: Callable[[int], None]) -> None:
        zegel = last(db)
        self._db, self._done = db, done
        self._maps, self._kalender = Kaarten(db), load_kalender(db)
        self._projecties = Projecties(db)
        self._grens = zegel.gemaakt_op - RUIMTE_US if zegel else 0
        self._teken = PLAATS[db.dialect.name]
        self.kaarten: set[str] = set()
        self.gevolgen: list[Misstand] = []
        self.verzegeld = 0
        self.geteld = dict.fromkeys(("gebeurtenissen", "trajecten", "unsealed", "redacted", "not_replayed"), 0)

    def check(self) -> list[Misstand]:
        """The rows that do not fit their chain or their leaf, in order of traject."""
        gevonden: list[Misstand] = []
        van = -1
        while (tot := read_rows(self._db, _GRENS.format(p=self._teken, aantal=FAMILIES), (van,))[0][0]) is not None:
            gelezen = read_rows(self._db, _RIJEN.format(p=self._teken), (van, tot))
            gevonden += self._some_families([_regel((*r[:4], _gebeurtenis(r[4:]))) for r in gelezen], van, tot)
            del gevonden[MAX_BEWAARD:], self.gevolgen[MAX_BEWAARD:]
            self._done(len(gelezen))
            van = tot
        self.gevolgen += self._projecties.strangers()
        return [*gevonden, *self._strangers()]

    def _some_families(self, regels: Sequence[Regel], van: int, tot: int) -> list[Misstand]:
        fouten = [fout for _, log in groupby(regels, key=itemgetter(2)) if (fout := self._first_fault(list(log)))]
        kapot = {fout.plaats for fout in fouten}
        gezinnen = [self._folded(list(deel), kapot) for _, deel in groupby(regels, key=itemgetter(1))]
        self.gevolgen += self._projecties.compare([gezin for gezin in gezinnen if gezin], van, tot)
        return fouten

    # -- Rows ----------------------------------------------------------------------------------------------------------

    def _first_fault(self, log: Sequence[Regel]) -> Misstand | None:
        """Where a chain first does not fit; counts what it sees."""
        self._count(log)
        vorige: Gebeurtenis | None = None
        for blad, _, _, nummer, rij in log:
            if zin := _unlinked(vorige, rij) or self._unlike(blad, rij):
                return Misstand("chain", nummer, zin, rij.volgnummer)
            vorige = rij
        return _unexplained(log)

    def _count(self, log: Sequence[Regel]) -> None:
        geteld = self.geteld
        verzegeld = sum(regel.blad is not None for regel in log)
        self.verzegeld += verzegeld
        geteld["trajecten"] += 1
        geteld["gebeurtenissen"] += len(log)
        geteld["unsealed"] += len(log) - verzegeld
        geteld["redacted"] += sum(regel.rij.inhoud is None for regel in log)
        self.kaarten.update(regel.rij.routekaart for regel in log)

    def _unlike(self, blad: str | None, rij: Gebeurtenis) -> str | None:
        """Why a row is not the row that was recorded, or not the one that was sealed."""
        if rij.inhoud is not None and not _content_fits(rij):
            return "its content is not what was recorded"
        if (berekend := row_hash(rij)) != rij.hash:
            return "it is not what was recorded: its hash is another"
        if blad is None:
            return "it was put in: the last seal should cover it and does not" if rij[10] < self._grens else None
        return None if blad == berekend else "it is not the row that was sealed, though its chain was made to fit"

    def _strangers(self) -> Iterator[Misstand]:
        """Rows of a traject without a number, and numbers without a row."""
        for traject_id, volgnummer in read_rows(self._db, _WEES):
            yield Misstand("chain", f"traject {traject_id}", "its number is gone", volgnummer)
        for (nummer,) in read_rows(self._db, _LEEG):
            yield Misstand("chain", nummer, "it has a number and no gebeurtenis")

    # -- Histories -----------------------------------------------------------------------------------------------------

    def _folded(self, regels: Sequence[Regel], kapot: set[str]) -> Gezin | None:
        """A family folded from its log; None when that cannot be done, or when rows of it were blanked."""
        if any(regel.nummer in kapot or regel.rij.inhoud is None for regel in regels):
            self.geteld["not_replayed"] += len({regel.nummer for regel in regels})
            return None
        gezin = Gezin(self._db, self._maps, self._kalender)
        for _, log in groupby(regels, key=itemgetter(2)):
            if misstand := self._misfit(gezin, list(log)):
                self.gevolgen.append(misstand)
                if misstand.zin == ONZIN:
                    return None
        return gezin

    def _misfit(self, gezin: Gezin, log: Sequence[Regel]) -> Misstand | None:
        """Fold a traject; the first step of it that its map did not allow."""
        _, wortel_id, traject_id, nummer, eerste = log[0]
        verloop = gezin.add(traject_id, nummer, wortel_id)
        try:
            feiten = [verloop.follow(regel.rij) for regel in log]
            staan = verloop.feiten if None in feiten else cast(list[Feit], feiten)
            gevonden = findings(staan, self._maps, verloop.oorsprong["route"])
        except ONLEESBAAR:
            return Misstand("walk", nummer, ONZIN, verloop.log[-1].volgnummer if verloop.log else eerste.volgnummer)
        return (
            Misstand("walk", nummer, f"not possible then: {gevonden[0].zin}", gevonden[0].volgnummer)
            if gevonden
            else None
        )


def _content_fits(rij: Gebeurtenis) -> bool:
    try:
        return content_hash(rij.zout or "", rij.inhoud or "") == rij.inhoud_hash
    except ValueError:
        return False


def _unlinked(vorige: Gebeurtenis | None, rij: Gebeurtenis) -> str | None:
    """Why a row does not follow the one before it."""
    nummer, hash_, moment = (vorige.volgnummer, vorige.hash, vorige.vastgelegd_op) if vorige else (0, None, 0)
    if rij.volgnummer != nummer + 1:
        return f"it follows gebeurtenis {nummer}: a row between them is gone" if nummer else "its first row is gone"
    if rij.vorige_hash != hash_:
        return "it is not linked to the row before it"
    return "it was recorded before the row before it" if rij.vastgelegd_op < moment else None


def _unexplained(log: Sequence[Regel]) -> Misstand | None:
    """A row that was blanked in a traject that was not destroyed."""
    leeg = [regel for regel in log if regel.rij.inhoud is None]
    if not leeg or any(regel.rij.soort == "vernietiging" for regel in log):
        return None
    return Misstand("chain", leeg[0].nummer, "its content is gone without a vernietiging", leeg[0].rij.volgnummer)
