"""The log family by family: each row against its chain and its leaf, each history against the map of its time, and the
projections against what follows from it.

A row that does not fit its chain is the first thing to know of a traject, so of that traject nothing more is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from models.database import PLAATS, read_rows
from models.gebeurtenis import Gebeurtenis
from workflow.gezin import Gezin, load_kalender
from workflow.historie import findings
from workflow.kaarten import Kaarten
from workflow.keten import content_hash, row_hash
from workflow.verificatie.misstand import Misstand
from workflow.verificatie.projecties import Projecties
from workflow.verloop import Verloop
from workflow.zegels import last

FAMILIES = 200
"""So many families are held at a time."""

RUIMTE_US = 120_000_000
"""A writer may note its moment and then wait for a seal: so long before the seal it may have been, and no longer."""

MAX_BEWAARD = 10_000
"""Of a log that is wrong from end to end no more is kept than this."""

_BLAD, _NUMMER, _RIJ = 0, 3, 4

_RIJEN = (
    f"SELECT b.hash, t.wortel_id, t.id, t.nummer, {', '.join(f'g.{naam}' for naam in Gebeurtenis._fields)}"  # noqa: S608
    " FROM trajectnummer t JOIN gebeurtenis g ON g.traject_id = t.id"
    " LEFT JOIN zegelblad b ON b.traject_id = g.traject_id AND b.volgnummer = g.volgnummer"
    " WHERE t.wortel_id > {p} AND t.wortel_id <= {p} ORDER BY t.wortel_id, t.id, g.volgnummer"
)
_GRENS = (
    "SELECT max(wortel_id) FROM (SELECT DISTINCT wortel_id FROM trajectnummer WHERE wortel_id > {p}"
    f" ORDER BY wortel_id LIMIT {FAMILIES}) w"
)
_WEES = (
    "SELECT traject_id, min(volgnummer) FROM gebeurtenis g WHERE NOT EXISTS"
    " (SELECT 1 FROM trajectnummer t WHERE t.id = g.traject_id) GROUP BY traject_id ORDER BY traject_id LIMIT 100"
)
_LEEG = (
    "SELECT t.nummer FROM trajectnummer t WHERE NOT EXISTS"
    " (SELECT 1 FROM gebeurtenis g WHERE g.traject_id = t.id) ORDER BY t.id LIMIT 100"
)
ONLEESBAAR = (KeyError, ValueError, TypeError, AttributeError, IndexError)
"""What folding raises on rows that no program of ours wrote."""

_make = partial(tuple.__new__, Gebeurtenis)


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
        while (tot := read_rows(self._db, _GRENS.format(p=self._teken), (van,))[0][0]) is not None:
            rijen = read_rows(self._db, _RIJEN.format(p=self._teken), (van, tot))
            gevonden += self._some_families(rijen, van, tot)
            del gevonden[MAX_BEWAARD:], self.gevolgen[MAX_BEWAARD:]
            self._done(len(rijen))
            van = tot
        self.gevolgen += self._projecties.strangers()
        return [*gevonden, *self._strangers()]

    def _some_families(self, rijen: Sequence[tuple[Any, ...]], van: int, tot: int) -> list[Misstand]:
        fouten = [fout for _, log in groupby(rijen, key=itemgetter(2)) if (fout := self._first_fault(list(log)))]
        kapot = {fout.plaats for fout in fouten}
        gezinnen = [self._folded(list(deel), kapot) for _, deel in groupby(rijen, key=itemgetter(1))]
        self.gevolgen += self._projecties.compare([gezin for gezin in gezinnen if gezin], van, tot)
        return fouten

    # -- Rows ----------------------------------------------------------------------------------------------------------

    def _first_fault(self, log: Sequence[tuple[Any, ...]]) -> Misstand | None:
        """Where a chain first does not fit; counts what it sees."""
        self._count(log)
        vorige: Gebeurtenis | None = None
        for blad, _, _, nummer, *rest in log:
            rij = _make(rest)
            if zin := _unlinked(vorige, rij) or self._unlike(blad, rij):
                return Misstand("chain", nummer, zin, rij.volgnummer)
            vorige = rij
        return _unexplained(log)

    def _count(self, log: Sequence[tuple[Any, ...]]) -> None:
        geteld = self.geteld
        verzegeld = sum(rij[_BLAD] is not None for rij in log)
        self.verzegeld += verzegeld
        geteld["trajecten"] += 1
        geteld["gebeurtenissen"] += len(log)
        geteld["unsealed"] += len(log) - verzegeld
        geteld["redacted"] += sum(rij[_RIJ + _INHOUD] is None for rij in log)
        self.kaarten.update(rij[_RIJ + _KAART] for rij in log)

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

    def _folded(self, rijen: Sequence[tuple[Any, ...]], kapot: set[str]) -> Gezin | None:
        """A family folded from its log; None when that cannot be done, or when rows of it were blanked."""
        gezin = Gezin(self._db, self._maps, self._kalender)
        if any(rij[_NUMMER] in kapot or rij[_RIJ + _INHOUD] is None for rij in rijen):
            self.geteld["not_replayed"] += len({rij[_NUMMER] for rij in rijen})
            return None
        for rij in rijen:
            try:
                gezin.add(rij[2], rij[3], rij[1]).follow(_make(rij[_RIJ:]))
            except ONLEESBAAR:
                self.gevolgen.append(Misstand("walk", rij[_NUMMER], "this makes no sense on its map", rij[_RIJ + 2]))
                return None
        for verloop in gezin:
            self.gevolgen += self._impossible(verloop)
        return gezin

    def _impossible(self, verloop: Verloop) -> list[Misstand]:
        """The first step of a history that its map did not allow."""
        try:
            gevonden = findings(verloop.feiten, self._maps, verloop.oorsprong["route"])[:1]
        except ONLEESBAAR:
            return [Misstand("walk", verloop.nummer, "this history makes no sense on its map")]
        return [Misstand("walk", verloop.nummer, f"not possible then: {b.zin}", b.volgnummer) for b in gevonden]


_INHOUD, _KAART = (Gebeurtenis._fields.index(naam) for naam in ("inhoud", "routekaart"))


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


def _unexplained(log: Sequence[tuple[Any, ...]]) -> Misstand | None:
    """A row that was blanked in a traject that was not destroyed."""
    rijen = [_make(rij[_RIJ:]) for rij in log if rij[_RIJ + _INHOUD] is None]
    if not rijen or any(rij[_RIJ + 3] == "vernietiging" for rij in log):
        return None
    return Misstand("chain", log[0][_NUMMER], "its content is gone without a vernietiging", rijen[0].volgnummer)
