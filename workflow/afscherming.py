"""Shielding a dossier, ending that, and opening one all the same; what is out of whose sight is found in `zicht`.

A family is shielded only for its behandelaar and named medewerkers (`alleen`), or from named medewerkers (`niet`), for
a reason that is a code. Nothing is changed or removed: another choice is an end and a new row. An auditor who is not
named may open one with a reason, until the end of the day; that is kept for good too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, insert, select

from models import klok
from models.afscherming import afscherming, afscherming_einde, afscherming_lid, inzage
from models.medewerker import medewerker
from models.traject import traject
from models.trajectnummer import trajectnummer
from workflow.machine import OvergangGeweigerd
from workflow.velden import InvoerGeweigerd
from workflow.zicht import ALLEEN, NIET, enter, forget, hidden

SOORTEN: Mapping[str, str] = {
    ALLEEN: "Alleen voor de behandelaar en wie hieronder is aangewezen",
    NIET: "Voor iedereen, behalve voor wie hieronder is aangewezen",
}
REDENEN: Mapping[str, str] = {
    "collega": "De cliënt is een collega",
    "familie": "Familie of partner van een medewerker",
    "bekende": "Bekende van een medewerker",
    "bekend_persoon": "Publiek bekende persoon",
    "veiligheid": "Veiligheid van de cliënt",
}
EINDREDENEN: Mapping[str, str] = {
    "niet_meer_nodig": "De reden is vervallen",
    "vergissing": "Per vergissing afgeschermd",
    "vervangen": "Vervangen door een andere afscherming",
}
INZAGEREDENEN: Mapping[str, str] = {
    "over_klacht": "Onderzoek naar een klacht",
    "steekproef": "Het dossier zit in een steekproef",
    "incident": "Onderzoek naar een incident of datalek",
    "opdracht": "Opdracht van het bestuur of de toezichthouder",
}


@dataclass(frozen=True, slots=True)
class Afscherming:
    """A shield as the list tells of it; `einde` is empty while it holds."""

    id: int
    wortel_id: int
    nummer: str
    soort: str
    reden: str
    tot_dag: int | None
    leden: tuple[str, ...]
    door: str
    vastgelegd_op: int
    einde: Einde | None

    @property
    def is_van_kracht(self) -> bool:
        """Whether it holds today."""
        return self.einde is None and (self.tot_dag is None or self.tot_dag > klok.today())


@dataclass(frozen=True, slots=True)
class Einde:
    """Why, by whom and when (UTC microseconds) a shield was ended."""

    reden: str
    door: str
    vastgelegd_op: int


@dataclass(frozen=True, slots=True)
class Inzage:
    """An auditor who opened a shielded dossier."""

    nummer: str
    wortel_id: int
    medewerker: str
    reden: str
    vastgelegd_op: int
    tot: int


class OnbekendeAfscherming(LookupError):
    """No shield has this id, or it is not for who looks."""


def shield(
    db: Connection, nummer: str, *, soort: str, reden: str, leden: Sequence[str], tot_dag: int | None, door: str
) -> int:
    """Shield the family of this traject; returns the id. Raises InvoerGeweigerd with a sentence for each wrong answer.

    A family out of sight is not there for who asks.
    """
    wortel = _root_of(db, nummer)
    fouten = _mistakes(db, soort, reden, leden, tot_dag)
    if wortel is None:
        fouten["nummer"] = "Er is geen dossier met dit nummer."
    if fouten:
        raise InvoerGeweigerd(fouten)
    if soort == NIET and wortel is not None and (wie := _behandelaars(db, wortel) & set(leden)):
        raise InvoerGeweigerd({"leden": f"Draag het dossier eerst over: {_names(db, wie)} is nu behandelaar."})
    return enter(db, wortel, soort, reden, leden, tot_dag, door)  # type: ignore[arg-type]


def _mistakes(db: Connection, soort: str, reden: str, leden: Sequence[str], tot_dag: int | None) -> dict[str, str]:
    fouten: dict[str, str] = {}
    if soort not in SOORTEN:
        fouten["soort"] = "Kies voor wie het dossier wordt afgeschermd."
    if reden not in REDENEN:
        fouten["reden"] = "Kies een reden."
    bekend = set(db.execute(select(medewerker.c.pseudoniem).where(medewerker.c.pseudoniem.in_(leden))).scalars())
    if set(leden) - bekend or (soort == NIET and not leden):
        fouten["leden"] = "Wijs de medewerkers aan voor wie het dossier niet is."
    if tot_dag is not None and tot_dag <= klok.today():
        fouten["tot"] = "Kies een dag die nog komt."
    return fouten


def _root_of(db: Connection, nummer: str) -> int | None:
    t = trajectnummer.c
    wortel = db.execute(select(t.wortel_id).where(t.nummer == nummer.strip().upper())).scalar_one_or_none()
    return None if wortel is None or hidden(db).keeps_out(wortel) else int(wortel)


def _behandelaars(db: Connection, wortel_id: int) -> set[str]:
    vraag = select(traject.c.behandelaar).where(traject.c.wortel_id == wortel_id, traject.c.is_open)
    return {wie for wie in db.execute(vraag).scalars() if wie}


def _names(db: Connection, wie: Collection[str]) -> str:
    vraag = select(medewerker.c.naam).where(medewerker.c.pseudoniem.in_(sorted(wie))).order_by(medewerker.c.naam)
    return " en ".join(db.execute(vraag).scalars())


def end(db: Connection, id_: int, *, reden: str, door: str) -> None:
    """End a shield. Raises OnbekendeAfscherming, InvoerGeweigerd for the reason, OvergangGeweigerd when it ended."""
    gevonden = find(db, id_, door)
    if reden not in EINDREDENEN:
        raise InvoerGeweigerd({"reden": "Kies een reden."})
    if not gevonden.is_van_kracht:
        raise OvergangGeweigerd(["Deze afscherming is al beëindigd."])
    if (gevonden.soort == NIET and door in gevonden.leden) or hidden(db).keeps_out(gevonden.wortel_id):
        raise OvergangGeweigerd(["Alleen wie het dossier mag zien, of de beheerder, beëindigt de afscherming."])
    db.execute(insert(afscherming_einde).values(id=id_, reden=reden, door=door, vastgelegd_op=klok.now_us()))


def find(db: Connection, id_: int, wie: str) -> Afscherming:
    """One shield, as this medewerker may know of it. Raises OnbekendeAfscherming."""
    for gevonden in shields(db, wie, afscherming.c.id == id_):
        return gevonden
    raise OnbekendeAfscherming(id_)


def shields(db: Connection, wie: str, *waar: ColumnElement[bool]) -> list[Afscherming]:
    """Every shield, the last first, but those from whom `wie` is kept out as a relative; two statements."""
    rijen = db.execute(_told().where(*waar).order_by(afscherming.c.id.desc())).all()
    leden: dict[int, list[str]] = {}
    for lid in db.execute(select(afscherming_lid).where(afscherming_lid.c.afscherming_id.in_([r.id for r in rijen]))):
        leden.setdefault(lid.afscherming_id, []).append(lid.medewerker)
    gevonden = [_as_shield(rij, tuple(leden.get(rij.id, ()))) for rij in rijen]
    verzwegen = {a.wortel_id for a in gevonden if a.soort == NIET and wie in a.leden}
    return [a for a in gevonden if a.wortel_id not in verzwegen]


def _told() -> Select[Any]:
    e = afscherming_einde.c
    return (
        select(afscherming, trajectnummer.c.nummer)
        .add_columns(e.reden.label("eindreden"), e.door.label("einde_door"), e.vastgelegd_op.label("einde_op"))
        .join(trajectnummer, trajectnummer.c.id == afscherming.c.wortel_id)
        .outerjoin(afscherming_einde, e.id == afscherming.c.id)
    )


def _as_shield(rij: Any, leden: tuple[str, ...]) -> Afscherming:
    einde = Einde(rij.eindreden, rij.einde_door, rij.einde_op) if rij.einde_op is not None else None
    vast = (rij.id, rij.wortel_id, rij.nummer, rij.soort, rij.reden, rij.tot_dag, leden, rij.door, rij.vastgelegd_op)
    return Afscherming(*vast, einde)


# -- Opening one all the same ------------------------------------------------------------------------------------------


def break_glass(db: Connection, nummer: str, *, reden: str, door: str) -> None:
    """An auditor opens a shielded dossier until the end of the day. Raises InvoerGeweigerd and OvergangGeweigerd.

    Where the auditor is kept out as a relative, no reason opens it.
    """
    if reden not in INZAGEREDENEN:
        raise InvoerGeweigerd({"reden": "Kies een reden."})
    vraag = select(trajectnummer.c.wortel_id).where(trajectnummer.c.nummer == nummer)
    wortel = db.execute(vraag).scalar_one_or_none()
    if wortel is None or not hidden(db).keeps_out(wortel):
        raise OvergangGeweigerd(["Dit dossier is voor u niet afgeschermd."])
    tot = klok.end_of_day_us(klok.today())
    rij = {"wortel_id": wortel, "medewerker": door, "reden": reden, "vastgelegd_op": klok.now_us(), "tot": tot}
    db.execute(insert(inzage).values(rij))
    if forget(db).keeps_out(wortel):
        raise OvergangGeweigerd(
            ["Dit dossier is voor u persoonlijk afgeschermd. Vraag een collega het te onderzoeken."]
        )


def opened(db: Connection) -> list[Inzage]:
    """Every time that an auditor opened a shielded dossier, the last first."""
    kolommen = (inzage.c[naam] for naam in ("wortel_id", "medewerker", "reden", "vastgelegd_op", "tot"))
    vraag = select(trajectnummer.c.nummer, *kolommen).join(trajectnummer, trajectnummer.c.id == inzage.c.wortel_id)
    return [Inzage(*rij) for rij in db.execute(vraag.order_by(inzage.c.id.desc()))]
