"""Who has how much on their desk: open trajecten by behandelaar, and what nobody has taken up yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, case, func, select

from models.traject import traject
from workflow.overzichten import STIL_DAGEN, WEEK_DAGEN, medewerkers
from workflow.rollen import Rol


@dataclass(frozen=True, slots=True)
class Bureau:
    """The caseload of one medewerker; of the team when `wie` is None. `deze_week` holds what is over its term too."""

    wie: str | None
    naam: str
    open: int
    te_laat: int
    deze_week: int
    stil: int
    per_fase: dict[str, int]


def desks(db: Connection, vandaag: int, gemeente: str | None = None) -> list[Bureau]:
    """The team first, then every active uitvoerder and whoever else has something, by size; two statements."""
    bureaus: dict[str | None, Bureau] = {}
    for wie, fase, *aantallen in db.execute(_counts(vandaag, gemeente)):
        bureaus[wie] = _with(bureaus.get(wie) or Bureau(wie, "", 0, 0, 0, 0, {}), fase, aantallen)
    namen = medewerkers(db, rol=Rol.UITVOERDER) | medewerkers(db, [wie for wie in bureaus if wie])
    alle = {wie: bureaus.get(wie) or Bureau(wie, "", 0, 0, 0, 0, {}) for wie in (None, *namen, *bureaus)}
    op_naam = [_named(bureau, namen) for bureau in alle.values()]
    return sorted(op_naam, key=lambda b: (b.wie is not None, -b.open, b.naam))


def _counts(vandaag: int, gemeente: str | None) -> Select[Any]:
    t = traject.c
    te_laat = case((t.vervaldag < vandaag, 1), else_=0)
    deze_week = case((t.vervaldag <= vandaag + WEEK_DAGEN, 1), else_=0)
    stil = case((t.contact_op < vandaag - STIL_DAGEN, 1), else_=0)
    keuze = select(t.behandelaar, t.fase, func.count(), func.sum(te_laat), func.sum(deze_week), func.sum(stil))
    waar = [t.in_werkvoorraad.is_(True), *([t.gemeente == gemeente] if gemeente else [])]
    return keuze.where(*waar).group_by(t.behandelaar, t.fase)


def _with(bureau: Bureau, fase: str | None, aantallen: list[int]) -> Bureau:
    hier, te_laat, deze_week, stil = aantallen
    per_fase = {**bureau.per_fase, fase or "": bureau.per_fase.get(fase or "", 0) + hier}
    opgeteld = (bureau.open + hier, bureau.te_laat + te_laat, bureau.deze_week + deze_week, bureau.stil + stil)
    return Bureau(bureau.wie, bureau.naam, *opgeteld, per_fase)


def _named(bureau: Bureau, namen: dict[str, str]) -> Bureau:
    naam = "Nog niemand" if bureau.wie is None else namen.get(bureau.wie, "Onbekend")
    return Bureau(bureau.wie, naam, bureau.open, bureau.te_laat, bureau.deze_week, bureau.stil, bureau.per_fase)
