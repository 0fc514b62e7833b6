"""Corrections that take two people: one proposes, another confirms or rejects; until then nothing is in the log.

A proposal is tried when it is made: the engine makes the correction and takes it back. What it would have written is
kept, so that its effect can be shown on the traject as it stands now, in memory. Whatever the engine refuses at the
confirmation makes the proposal lapse.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, select

from models import klok
from models.correctievoorstel import correctiebesluit, correctievoorstel
from models.gebeurtenis import Gebeurtenis
from models.persoon import datasleutel
from models.trajectnummer import trajectnummer
from workflow import kluis, planlog, voortgang
from workflow.gezin import Afgeschermd, Gezin, load, load_families
from workflow.historie import content, findings, withdrawn
from workflow.keten import canonical
from workflow.kluis import decrypt, encrypt
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Actor, Conflict, Vastgelegd, data_key
from workflow.overzichten import texts_of
from workflow.routekaart import Routekaart
from workflow.trajectpagina import Gevolgen, foreseen
from workflow.velden import InvoerGeweigerd
from workflow.verloop import Verloop
from workflow.vier_ogen import BEVESTIGERS, Voorgesteld, check_second, why_two
from workflow.zicht import hidden

MAX_OPEN = 50
"""So many open proposals a page shows; the oldest first."""

MAX_REDEN = 500
GEBONDEN = (
    *("traject_id", "soort", "betreft_volgnummer", "dag", "waarom"),
    *("door", "rol", "organisatie", "voorgesteld_op"),
)
"""To these columns what is proposed is bound: beside other values it does not open."""

PROEF = 0
"""The number of a proposal that is only tried."""


@dataclass(frozen=True, slots=True)
class Besluit:
    """What was decided about a proposal: bevestigd, verworpen, teruggenomen or vervallen."""

    uitkomst: str
    toelichting: str
    volgnummer: int | None
    door: str
    besloten_op: int


@dataclass(frozen=True, slots=True)
class Voorstel:
    """A proposed correction. `vraag` is what the engine is asked; `rijen` what it would have written then."""

    id: int
    nummer: str
    wortel_id: int
    soort: str
    betreft: int | None
    dag: int
    waarom: str
    vraag: Mapping[str, Any]
    rijen: Sequence[Mapping[str, Any]]
    teksten: Mapping[str, str]
    door: Actor
    voorgesteld_op: int
    besluit: Besluit | None

    @property
    def is_open(self) -> bool:
        """Whether nothing was decided yet."""
        return self.besluit is None


def propose_withdrawal(
    db: Connection, nummer: str, volgnummer: int, *, door: Actor, sleutel: str | None = None, **vraag: Any
) -> Voorstel:
    """Propose what `voortgang.withdraw` would do. Raises as it does, and Conflict for a second open proposal."""
    return _propose(db, nummer, "intrekking", {"volgnummer": volgnummer, **vraag}, door, sleutel)


def propose_amendment(
    db: Connection, nummer: str, volgnummer: int, *, door: Actor, sleutel: str | None = None, **vraag: Any
) -> Voorstel:
    """Propose what `voortgang.amend` would do. Raises as it does, and Conflict for a second open proposal."""
    return _propose(db, nummer, "verbetering", {"volgnummer": volgnummer, **vraag}, door, sleutel)


def propose_insertion(
    db: Connection,
    nummer: str,
    overgang: str,
    *,
    correctiereden: str | None,
    door: Actor,
    sleutel: str | None = None,
    **vraag: Any,
) -> Voorstel:
    """Propose a forgotten step, as `voortgang.advance` would make it, and why it was forgotten. Raises as it does."""
    kaart = load(db, nummer).by_nummer(nummer).stand.kaart
    redenen = {r.code for r in kaart.correctieredenen} if kaart else set()
    if correctiereden not in redenen:
        raise InvoerGeweigerd({"correctiereden": "Kies een reden voor de correctie."})
    return _propose(
        db, nummer, "tussenvoeging", {"overgang": overgang, "correctiereden": correctiereden, **vraag}, door, sleutel
    )


def forgotten(kaart: Routekaart, route: str) -> str | None:
    """The correctiereden of a step that was forgotten, by its label on the map, else the first there is."""
    redenen = kaart.correctieredenen_bij(route)
    vergeten = [reden for reden in redenen if reden.labels.get("tussenvoeging")]
    return next((reden.code for reden in (*vergeten, *redenen)), None)


def _propose(
    db: Connection, nummer: str, soort: str, vraag: dict[str, Any], door: Actor, sleutel: str | None
) -> Voorstel:
    if eerder := _under_key(db, sleutel):
        return eerder
    verwacht = vraag.pop("verwacht", None)
    load(db, nummer)  # locks the family: two people cannot propose at a time
    _refuse_second(db, nummer, vraag.get("volgnummer"))
    proef = _tried(db, nummer, soort, {**vraag, "verwacht": verwacht}, door)
    dagen = sorted({rij["dag"] for rij in proef.rijen} | {proef.dag_was})
    gezin = load(db, nummer)
    verloop = gezin.by_nummer(nummer)
    sleutel_id, data_sleutel = data_key(db, verloop)
    inhoud = {"vraag": vraag, "rijen": proef.rijen, "teksten": proef.teksten}
    rij: dict[str, Any] = {
        "traject_id": verloop.traject_id,
        "soort": soort,
        "betreft_volgnummer": vraag.get("volgnummer"),
        "dag": proef.dag_was,
        "waarom": why_two(db, dagen, voorgesteld_door=_proposer(verloop, vraag.get("volgnummer")))
        or "De indiener vroeg om een tweede persoon.",
        "datasleutel_id": sleutel_id,
        "door": door.pseudoniem,
        "rol": door.rol,
        "organisatie": door.organisatie,
        "voorgesteld_op": max(klok.now_us(), *(v.log[-1].vastgelegd_op for v in gezin)),  # after all it was made upon
        "sleutel": sleutel,
    }
    rij["inhoud"] = encrypt(data_sleutel, json.dumps(inhoud, ensure_ascii=False), _place(rij))
    gemaakt = db.execute(insert(correctievoorstel).values(rij).returning(correctievoorstel.c.id)).scalar_one()
    return find(db, gemaakt)


def _proposer(verloop: Verloop, volgnummer: int | None) -> str | None:
    """Who proposed the row that is corrected, where that took two."""
    rij = next((r for r in verloop.log if r.volgnummer == volgnummer), None)
    wie: str | None = content(rij).get("voorgesteld", {}).get("door") if rij else None
    return wie


@dataclass(frozen=True, slots=True)
class _Proef:
    """What the engine would have written: rows, texts, and the day of the fact before."""

    rijen: list[dict[str, Any]]
    teksten: dict[str, str]
    dag_was: int


def _tried(db: Connection, nummer: str, soort: str, vraag: Mapping[str, Any], door: Actor) -> _Proef:
    """Make the correction and take it back. Raises whatever the engine refuses."""
    was = {f.volgnummer: f.dag for f in load(db, nummer).by_nummer(nummer).feiten}
    punt = db.begin_nested()
    try:
        gedaan = _ask_engine(db, nummer, soort, vraag, door, Voorgesteld(door, 0, PROEF, is_proef=True), None)
        gezin = load(db, nummer)
        verloop = gezin.by_nummer(nummer)
        rijen = [_kept(v.nummer, r) for v in gezin for r in v.log if r.opdracht_id == gedaan.opdracht_id]
        alle = texts_of(db, verloop.traject_id)
    finally:
        punt.rollback()
    teksten = {veld: tekst for (volgnummer, veld), tekst in alle.items() if volgnummer == gedaan.volgnummer}
    rij = verloop.log[gedaan.volgnummer - 1]
    doel = rij.betreft_volgnummer or 0
    return _Proef(rijen, teksten, was.get(doel, rij.dag))


def _kept(nummer: str, rij: Gebeurtenis) -> dict[str, Any]:
    """A row as a proposal keeps it: what its effect follows from."""
    kolommen = ("soort", "overgang", "van", "naar", "reden", "dag", "routekaart", "betreft_volgnummer", "na_volgnummer")
    return {"nummer": nummer, "inhoud": content(rij), **{naam: getattr(rij, naam) for naam in kolommen}}


def _ask_engine(
    db: Connection,
    nummer: str,
    soort: str,
    vraag: Mapping[str, Any],
    door: Actor,
    voorgesteld: Voorgesteld,
    verwacht: int | None,
) -> Vastgelegd:
    rest = {"verwacht": verwacht, **vraag, "door": door, "voorgesteld": voorgesteld}
    doen: Mapping[str, Callable[..., Vastgelegd]] = {
        "intrekking": voortgang.withdraw,
        "verbetering": voortgang.amend,
        "tussenvoeging": voortgang.advance,
    }
    eerste = rest.pop("volgnummer", None) or rest.pop("overgang", None)
    if soort == "tussenvoeging":
        rest["invoer"] = rest.get("invoer") or {}
    return doen[soort](db, nummer, eerste, **rest)


def _refuse_second(db: Connection, nummer: str, volgnummer: int | None) -> None:
    vraag = _open().where(trajectnummer.c.nummer == nummer, correctievoorstel.c.betreft_volgnummer == volgnummer)
    if volgnummer is not None and db.execute(vraag.limit(1)).first():
        raise Conflict(f"Over gebeurtenis {volgnummer} ligt al een voorstel. Daar wordt eerst over beslist.")


# -- Deciding ----------------------------------------------------------------------------------------------------------


def confirm(db: Connection, id_: int, *, door: Actor, verwacht: int | None = None) -> Vastgelegd | OvergangGeweigerd:
    """Make the correction, in the name of both. Returns why not when it cannot be made any more: it lapsed.

    Raises OvergangGeweigerd for who may not confirm, Conflict when it was decided or the traject changed meanwhile.
    """
    voorstel = _undecided(db, id_)
    check_second(door, voorstel.door)
    voorgesteld = Voorgesteld(voorstel.door, voorstel.voorgesteld_op, voorstel.id)
    try:
        with db.begin_nested():
            gedaan = _ask_engine(db, voorstel.nummer, voorstel.soort, voorstel.vraag, door, voorgesteld, verwacht)
    except (OvergangGeweigerd, InvoerGeweigerd) as fout:
        zinnen = list(fout.redenen) if isinstance(fout, OvergangGeweigerd) else list(fout.fouten.values())
        _decide(db, voorstel, "vervallen", " ".join(zinnen), door)
        return OvergangGeweigerd(zinnen)
    _decide(db, voorstel, "bevestigd", "", door, gedaan.volgnummer)
    if voorstel.soort == "tussenvoeging":
        _settle_planned(db, gedaan)
    return gedaan


def _settle_planned(db: Connection, gedaan: Vastgelegd) -> None:
    """What was planned and is now recorded after all."""
    verloop = load(db, gedaan.nummer).by_nummer(gedaan.nummer)
    feit = next(f for f in verloop.feiten if f.volgnummer == gedaan.volgnummer)
    planlog.after(db, gedaan.nummer, planlog.made(verloop, feit), feit.dag, feit.volgnummer)


def reject(db: Connection, id_: int, reden: str, *, door: Actor) -> None:
    """Do not make the correction, with a reason. Raises as `confirm` does, and InvoerGeweigerd without a reason."""
    voorstel = _undecided(db, id_)
    check_second(door, voorstel.door)
    _decide(db, voorstel, "verworpen", _checked_reason(reden), door)


def take_back(db: Connection, id_: int, *, door: Actor) -> None:
    """The one who proposed it thinks better of it. Raises OvergangGeweigerd for anybody else, Conflict as `confirm`."""
    voorstel = _undecided(db, id_)
    if voorstel.door.pseudoniem != door.pseudoniem:
        raise OvergangGeweigerd(["Alleen wie het voorstelde neemt een voorstel terug."])
    _decide(db, voorstel, "teruggenomen", "", door)


def _checked_reason(reden: str) -> str:
    reden = reden.strip()
    if not reden:
        raise InvoerGeweigerd({"reden": "Schrijf waarom u dit afwijst: de indiener leest het."})
    if len(reden) > MAX_REDEN:
        raise InvoerGeweigerd({"reden": f"Hoogstens {MAX_REDEN} tekens."})
    return reden


def _undecided(db: Connection, id_: int) -> Voorstel:
    voorstel = find(db, id_)
    gezin = load(db, voorstel.nummer)  # locks the family: two people cannot decide at a time
    voorstel = find(db, id_)
    if not voorstel.is_open or _was_made(gezin, id_) or is_copy(db, id_):
        raise Conflict("Over dit voorstel is al beslist.")
    return voorstel


def _was_made(gezin: Gezin, id_: int) -> bool:
    """Whether the log holds what was proposed, whatever became of the decision."""
    rijen = (rij for verloop in gezin for rij in verloop.log)
    return any(content(rij).get("voorgesteld", {}).get("voorstel") == id_ for rij in rijen)


def is_copy(db: Connection, id_: int) -> bool:
    """Whether it was put back behind our back: no two texts encrypt to the same bytes."""
    dit, ander = correctievoorstel.alias(), correctievoorstel.alias()
    samen = select(ander.c.id).join(dit, ander.c.inhoud == dit.c.inhoud).where(dit.c.id == id_, ander.c.id != id_)
    return db.execute(samen.limit(1)).first() is not None


def _decide(
    db: Connection, voorstel: Voorstel, uitkomst: str, tekst: str, door: Actor, volgnummer: int | None = None
) -> None:
    rij = {
        "id": voorstel.id,
        "uitkomst": uitkomst,
        "toelichting": encrypt(_key_of(db, voorstel.id), tekst, f"besluit {voorstel.id}") if tekst else None,
        "volgnummer": volgnummer,
        "door": door.pseudoniem,
        "rol": door.rol,
        "besloten_op": klok.now_us(),
    }
    db.execute(insert(correctiebesluit).values(rij))


def _key_of(db: Connection, id_: int) -> bytes:
    vraag = (
        select(datasleutel.c.omhuld)
        .join(correctievoorstel, correctievoorstel.c.datasleutel_id == datasleutel.c.id)
        .where(correctievoorstel.c.id == id_)
    )
    return kluis.current().unwrap(db.execute(vraag).scalar_one())


# -- Reading -----------------------------------------------------------------------------------------------------------


class OnbekendVoorstel(LookupError):
    """No proposal has this number."""


def find(db: Connection, id_: int) -> Voorstel:
    """A proposal. Raises OnbekendVoorstel."""
    rij = db.execute(_all().where(correctievoorstel.c.id == id_)).first()
    if rij is None:
        raise OnbekendVoorstel(id_)
    if hidden(db).keeps_out(rij.wortel_id):
        raise Afgeschermd(rij.nummer)
    return _read(rij)


def open_ones(db: Connection) -> list[Voorstel]:
    """What waits for a decision, the oldest first; at most MAX_OPEN."""
    vraag = _open().where(*_in_sight(db)).order_by(correctievoorstel.c.id)
    return [_read(rij) for rij in db.execute(vraag.limit(MAX_OPEN))]


def decided_ones(db: Connection, aantal: int = 20) -> list[Voorstel]:
    """What was decided last, the latest first."""
    vraag = _all().where(correctiebesluit.c.id.is_not(None), *_in_sight(db))
    vraag = vraag.order_by(correctiebesluit.c.besloten_op.desc())
    return [_read(rij) for rij in db.execute(vraag.limit(aantal))]


def open_about(db: Connection, nummer: str) -> list[Voorstel]:
    """What waits for a decision about one traject."""
    return [_read(rij) for rij in db.execute(_open().where(trajectnummer.c.nummer == nummer))]


def how_many_open(db: Connection) -> int:
    """How many proposals wait for a decision."""
    open_ = _open().where(*_in_sight(db)).subquery()
    return int(db.execute(select(func.count()).select_from(open_)).scalar_one())


def _in_sight(db: Connection) -> list[ColumnElement[bool]]:
    verborgen = sorted(hidden(db).wortels)
    return [trajectnummer.c.wortel_id.not_in(verborgen)] if verborgen else []


def _under_key(db: Connection, sleutel: str | None) -> Voorstel | None:
    vraag = _all().where(correctievoorstel.c.sleutel == sleutel)
    rij = db.execute(vraag).first() if sleutel else None
    return _read(rij) if rij else None


def _open() -> Select[Any]:
    return _all().where(correctiebesluit.c.id.is_(None))


def _all() -> Select[Any]:
    v, b = correctievoorstel.c, correctiebesluit.c
    besluit = (
        b.uitkomst,
        b.toelichting.label("besluittekst"),
        b.volgnummer,
        b.door.label("besloten_door"),
        b.besloten_op,
    )
    return (
        select(correctievoorstel, trajectnummer.c.nummer, trajectnummer.c.wortel_id, datasleutel.c.omhuld, *besluit)
        .join(trajectnummer, trajectnummer.c.id == v.traject_id)
        .join(datasleutel, datasleutel.c.id == v.datasleutel_id)
        .outerjoin(correctiebesluit, b.id == v.id)
    )


def _read(rij: Row[Any]) -> Voorstel:
    sleutel = kluis.current().unwrap(rij.omhuld)
    inhoud = json.loads(decrypt(sleutel, rij.inhoud, _place(dict(rij._mapping))))
    tekst = decrypt(sleutel, rij.besluittekst, f"besluit {rij.id}") if rij.besluittekst else ""
    besluit = Besluit(rij.uitkomst, tekst, rij.volgnummer, rij.besloten_door, rij.besloten_op) if rij.uitkomst else None
    vast = (rij.id, rij.nummer, rij.wortel_id, rij.soort, rij.betreft_volgnummer, rij.dag, rij.waarom)
    wie = Actor(rij.door, rij.rol, rij.organisatie)
    return Voorstel(*vast, inhoud["vraag"], inhoud["rijen"], inhoud["teksten"], wie, rij.voorgesteld_op, besluit)


def _place(rij: Mapping[str, Any]) -> str:
    return canonical(["voorstel", *(rij[naam] for naam in GEBONDEN)])


# -- What it would change ----------------------------------------------------------------------------------------------


def objections(db: Connection, voorstellen: Iterable[Voorstel]) -> dict[int, list[str]]:
    """Why each of these cannot be confirmed any more, as far as the walk tells; one statement for all their logs."""
    voorstellen = list(voorstellen)
    gezinnen = load_families(db, [voorstel.wortel_id for voorstel in voorstellen])
    return {v.id: foresee(_afresh(gezinnen[v.wortel_id]), v) for v in voorstellen}


def _afresh(gezin: Gezin, telt: Callable[[Gebeurtenis], bool] = lambda _rij: True) -> Gezin:
    """The family folded once more, of the rows that count: what one proposal changes must not show in another."""
    nieuw = Gezin(gezin.db, gezin.kaarten, gezin.kalender)
    for verloop in gezin:
        for rij in filter(telt, verloop.log):
            nieuw.add(verloop.traject_id, verloop.nummer, verloop.wortel_id).follow(rij)
    return nieuw


def foresee(gezin: Gezin, voorstel: Voorstel) -> list[str]:
    """Let the family become what the proposal would make of it, in memory; returns what is in the way."""
    doel = gezin.by_nummer(voorstel.nummer)
    if voorstel.betreft in withdrawn(doel.log):
        return [f"Gebeurtenis {voorstel.betreft} is intussen ingetrokken."]
    geraakt = {}
    for rij in voorstel.rijen:
        verloop = next((v for v in gezin if v.nummer == rij["nummer"]), None)
        if verloop is not None:
            geraakt[verloop.nummer] = verloop
            verloop.follow(_drafted(verloop.log[-1], rij))
    return [
        f"{v.nummer}, gebeurtenis {b.volgnummer}: {b.zin}"
        for v in geraakt.values()
        for b in findings(v.feiten, v.kaarten, v.oorsprong["route"])
    ]


def _drafted(laatste: Gebeurtenis, rij: Mapping[str, Any]) -> Gebeurtenis:
    eigen = {"id": laatste.id + 1, "volgnummer": laatste.volgnummer + 1, "opdracht_id": "", "sleutel": None}
    kolommen: dict[str, Any] = {**rij, **eigen, "inhoud": canonical(rij["inhoud"])}
    del kolommen["nummer"]
    return laatste._replace(**kolommen)


def effect(db: Connection, voorstel: Voorstel) -> Gevolgen:
    """What a proposal would change on its traject as that stands now; of one that was decided, what it would have
    changed when it was made. Raises OnbekendTraject.
    """
    gezin, dag = load(db, voorstel.nummer, lock=False), klok.today()
    wie = {voorstel.door.pseudoniem}
    if voorstel.besluit:
        gezin, dag = _as_proposed(gezin, voorstel, voorstel.besluit), klok.day_of_us(voorstel.voorgesteld_op)
        wie.add(voorstel.besluit.door)
    wat = (voorstel.nummer, voorstel.betreft, voorstel.teksten)
    return foreseen(gezin, *wat, lambda: foresee(gezin, voorstel), wie, dag)


def _as_proposed(gezin: Gezin, voorstel: Voorstel, besluit: Besluit) -> Gezin:
    """The family as it was when somebody proposed this: without what came later, and what the decision added."""
    log = gezin.by_nummer(voorstel.nummer).log
    gedaan = log[besluit.volgnummer - 1].opdracht_id if besluit.volgnummer else None
    return _afresh(gezin, lambda rij: rij.vastgelegd_op <= voorstel.voorgesteld_op and rij.opdracht_id != gedaan)


def may_decide(voorstel: Voorstel, door: Actor) -> bool:
    """Whether this actor may confirm or reject the proposal."""
    return voorstel.is_open and door.rol in BEVESTIGERS and door.pseudoniem != voorstel.door.pseudoniem
