"""Corrections without erasing: an intrekking takes a row out, a verbetering changes its day or answers.

A correction is a later row. It stands only if the whole effective history stays a valid walk; else it is refused with
the rows in the way. A forgotten step is no correction but an overgang with an earlier day (`voortgang.advance`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Protocol

from sqlalchemy import Connection, select

from models import klok
from models.gebeurtenis import Gebeurtenis, gebeurtenis
from models.trajectnummer import trajectnummer
from workflow.eenheid import check_first_day, check_overlap, check_references, is_told_so, periods
from workflow.gezin import Gezin, load
from workflow.herhaling import refuse_stale, same_texts
from workflow.historie import CORRECTIES, Bevinding, Feit, content, effective, findings, withdrawn
from workflow.kalender import short
from workflow.keten import canonical
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Actor, Conflict, Opdracht, Vastgelegd
from workflow.opgavecontrole import check_reporter
from workflow.opgaveveld import period_of
from workflow.planlog import follow
from workflow.routekaart import Overgang, Routekaart, Veld
from workflow.velden import EARLIEST, InvoerGeweigerd, out_of_order, read_answer, read_answers
from workflow.verloop import Verloop
from workflow.vier_ogen import Voorgesteld, check_two


class CorrectieGeweigerd(OvergangGeweigerd):
    """A correction that would leave no valid walk; `rijen` are the volgnummers in the way."""

    def __init__(self, verloop: Verloop, bevindingen: Sequence[Bevinding]) -> None:
        super().__init__([f"{verloop.nummer}, gebeurtenis {b.volgnummer}: {b.zin}" for b in bevindingen])
        self.rijen = [b.volgnummer for b in bevindingen]


ONGEDAAN_SECONDEN = 15 * 60
"""How long after recording it one may undo what one recorded last, without saying why."""

CORRIGEREN_DAGEN = 30
"""How long after recording it one may correct an own gebeurtenis; after that, or another's: a coordinator."""

TE_LAAT_ONGEDAAN = (
    "Ongedaan maken kan een kwartier lang, met wat u zelf en alleen als laatste vastlegde. Kies anders Intrekken."
)

EIGEN_CORRECTIES = ("uitvoerder", "partner")
"""Roles that correct only what they recorded themselves."""


class Vastlegging(Protocol):
    """Who recorded a gebeurtenis, and when."""

    @property
    def door_code(self) -> str:
        """Pseudonym of who recorded it."""

    @property
    def vastgelegd_op(self) -> int:
        """When, in UTC microseconds."""

    @property
    def voorgesteld_door(self) -> str | None:
        """Who proposed it, where it took two people."""


def may_correct(zin: Vastlegging, door: Actor, nu: int) -> bool:
    """Whether this actor may correct a gebeurtenis at this moment (UTC microseconds)."""
    if door.rol not in EIGEN_CORRECTIES:
        return door.rol == "coordinator"
    oud = nu - zin.vastgelegd_op > CORRIGEREN_DAGEN * 86_400 * klok.MICROSECONDS
    return zin.door_code == door.pseudoniem and not oud


def may_undo(zin: Vastlegging, door: Actor, nu: int) -> bool:
    """Whether this actor alone recorded a gebeurtenis just now, at this moment (UTC microseconds)."""
    is_eigen = zin.door_code == door.pseudoniem and zin.voorgesteld_door is None
    return is_eigen and nu - zin.vastgelegd_op < ONGEDAAN_SECONDEN * klok.MICROSECONDS


@dataclass(frozen=True, slots=True)
class _Vastgelegd:
    door_code: str
    vastgelegd_op: int
    voorgesteld_door: str | None


TOELICHTING = Veld("toelichting_correctie", "Toelichting", "tekst")


def withdraw(
    db: Connection,
    nummer: str,
    volgnummer: int,
    *,
    reden: str,
    door: Actor,
    toelichting: str | None = None,
    verwacht: int | None = None,
    sleutel: str | None = None,
    voorgesteld: Voorgesteld | None = None,
) -> Vastgelegd:
    """Take a row out, with the effects that came with it. Withdrawing an intrekking or verbetering restores what was.

    `reden` is one of the map's correctieredenen for the route, or its vergissing: that undoes at once what one recorded
    last. `verwacht` is the last volgnummer the user saw; `voorgesteld` who proposed what `door` confirms. Raises
    CorrectieGeweigerd with the rows in the way, and VierOgenNodig for what one person may not do alone.
    """
    zaak = _open(db, nummer, volgnummer, door, toelichting)
    is_ongedaan = zaak.kaart.vergissing is not None and reden == zaak.kaart.vergissing.code
    if not is_ongedaan:
        _check_correction_reason(zaak, reden)
    if eerder := _earlier(db, zaak, sleutel, "intrekking", reden, {}, zaak.teksten):
        return eerder
    refuse_stale(zaak.verloop, verwacht)
    _check_standing(zaak)
    if is_ongedaan:
        _check_undo(zaak)
    else:
        _check_two(db, zaak, [_day_of(zaak.verloop, zaak.rij)], voorgesteld)
    rijen = zaak.together()
    _refuse_part_of_split(zaak)
    _check_walks(zaak, [(v, _withdrawal(v, r)) for v, r in rijen])
    opdracht = zaak.opdracht(sleutel, voorgesteld)
    for verloop, rij in rijen:
        append_withdrawal(opdracht, verloop, rij, reden, zaak.teksten if rij is zaak.rij else {})
    _check_family(db, zaak, [v for v, _ in rijen])
    opdracht.finish()
    follow(db, zaak.gezinnen)
    return Vastgelegd(nummer, zaak.verloop.log[-1].volgnummer, opdracht.id)


def amend(
    db: Connection,
    nummer: str,
    volgnummer: int,
    *,
    reden: str,
    door: Actor,
    dag: int | None = None,
    invoer: Mapping[str, Any] | None = None,
    toelichting: str | None = None,
    verwacht: int | None = None,
    sleutel: str | None = None,
    voorgesteld: Voorgesteld | None = None,
) -> Vastgelegd:
    """Change the day or some answers of a row; the overgang itself never changes. Effects move along to the new day.

    `voorgesteld` is who proposed what `door` confirms. Raises CorrectieGeweigerd with the rows in the way,
    InvoerGeweigerd for answers that cannot be, VierOgenNodig for what one person may not do alone.
    """
    zaak = _open(db, nummer, volgnummer, door, toelichting)
    _check_correction_reason(zaak, reden)
    if zaak.rij.soort in CORRECTIES:
        raise OvergangGeweigerd(["Een correctie wordt niet verbeterd. Trek haar in en leg een nieuwe vast."])
    feit = zaak.feit
    verbetert, teksten = ({}, {}) if feit is None else _improvement(db, zaak.verloop, feit, dag, invoer or {})
    if eerder := _earlier(db, zaak, sleutel, "verbetering", reden, verbetert, {**teksten, **zaak.teksten}):
        return eerder
    refuse_stale(zaak.verloop, verwacht)
    _check_standing(zaak)
    if feit is None or not (verbetert or teksten):
        raise InvoerGeweigerd({"op": "Er is niets veranderd."})
    dagen = [feit.dag, verbetert.get("dag", feit.dag)]
    _check_two(db, zaak, dagen, voorgesteld)
    verplaatst = [(v, r) for v, r in zaak.together()[1:] if "dag" in verbetert and _day_of(v, r) == feit.dag]
    rijen = [(zaak.verloop, zaak.rij, verbetert), *((v, r, {"dag": verbetert["dag"]}) for v, r in verplaatst)]
    _check_walks(zaak, [(v, _amendment(v, r, wijziging)) for v, r, wijziging in rijen])
    for verloop, rij, wijziging in rijen:
        _check_new_begin(verloop, rij, wijziging)
    opdracht = zaak.opdracht(sleutel, voorgesteld)
    for verloop, rij, wijziging in rijen:
        mee = {**teksten, **zaak.teksten} if rij is zaak.rij else {}
        _append_amendment(opdracht, verloop, rij, wijziging, reden, mee)
    _check_family(db, zaak, [v for v, _, _ in rijen])
    opdracht.finish()
    follow(db, zaak.gezinnen)
    return Vastgelegd(nummer, zaak.verloop.log[-1].volgnummer, opdracht.id)


@dataclass
class _Zaak:
    """A correction in the making: the row, its traject, and every family that rows of its opdracht are in."""

    gezinnen: list[Gezin]
    verloop: Verloop
    rij: Gebeurtenis
    door: Actor
    teksten: Mapping[str, str]

    @property
    def kaart(self) -> Routekaart:
        """The map that the traject is on now."""
        return self.verloop.kaart

    @property
    def feit(self) -> Feit | None:
        """The row as it counts now; None when it was withdrawn."""
        return next((f for f in self.verloop.feiten if f.volgnummer == self.rij.volgnummer), None)

    def opdracht(self, sleutel: str | None, voorgesteld: Voorgesteld | None) -> Opdracht:
        """The submit that writes the correction."""
        opdracht = Opdracht(self.gezinnen[0], self.door, sleutel, voorgesteld.in_log if voorgesteld else None)
        opdracht.gezinnen = self.gezinnen
        return opdracht

    def siblings(self) -> list[tuple[Verloop, Gebeurtenis]]:
        """Every row of the opdracht, first written first."""
        samen = [
            (v, r) for gezin in self.gezinnen for v in gezin for r in v.log if r.opdracht_id == self.rij.opdracht_id
        ]
        return sorted(samen, key=lambda paar: paar[1].id)

    def is_first(self) -> bool:
        """Whether the row is what was asked for; the others of its opdracht are effects."""
        return self.siblings()[0][1] == self.rij

    def together(self) -> list[tuple[Verloop, Gebeurtenis]]:
        """The row, then the rows that are corrected along: its standing effects, or the corrections made with it."""
        if self.rij.soort not in CORRECTIES and not self.is_first():
            return [(self.verloop, self.rij)]
        mee = [
            (v, r)
            for v, r in self.siblings()
            if r != self.rij and (r.soort in CORRECTIES) == (self.rij.soort in CORRECTIES)
        ]
        return [(self.verloop, self.rij), *((v, r) for v, r in mee if r.volgnummer not in withdrawn(v.log))]


def _open(db: Connection, nummer: str, volgnummer: int, door: Actor, toelichting: str | None) -> _Zaak:
    gezin = load(db, nummer)
    verloop = gezin.by_nummer(nummer)
    rij = next((r for r in verloop.log if r.volgnummer == volgnummer), None)
    if rij is None:
        raise OvergangGeweigerd([f"{nummer} heeft geen gebeurtenis {volgnummer}."])
    return _Zaak([gezin, *_other_families(db, gezin, rij)], verloop, rij, door, _text(toelichting))


def _other_families(db: Connection, gezin: Gezin, rij: Gebeurtenis) -> list[Gezin]:
    """Families that the opdracht of this row reached: who left a household is the root of another one."""
    vraag = (
        select(trajectnummer.c.wortel_id, trajectnummer.c.nummer)
        .join(gebeurtenis, gebeurtenis.c.traject_id == trajectnummer.c.id)
        .where(gebeurtenis.c.opdracht_id == rij.opdracht_id, trajectnummer.c.id.not_in(list(gezin.trajecten)))
        .order_by(trajectnummer.c.wortel_id)
    )
    nummers = {r.wortel_id: r.nummer for r in db.execute(vraag)}
    return [load(db, nummer) for nummer in nummers.values()]


def _text(toelichting: str | None) -> dict[str, str]:
    try:
        tekst = read_answer(TOELICHTING, toelichting, 0)
    except ValueError as fout:
        raise InvoerGeweigerd({TOELICHTING.code: str(fout)}) from None
    return {TOELICHTING.code: tekst} if tekst else {}


def _improvement(
    db: Connection, verloop: Verloop, feit: Feit, dag: int | None, invoer: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    verbetert: dict[str, Any] = {}
    teksten: dict[str, str] = {}
    if dag is not None and dag != feit.dag:
        verbetert["dag"] = _checked_day(dag)
    overgang = _overgang(verloop, feit)
    if overgang and "dag" in verbetert and feit.inhoud.get("ingang") != "import":
        check_first_day(overgang, verbetert["dag"], ())
    if overgang and invoer:
        antwoorden, teksten = _reread(verloop, overgang, feit, invoer, feit.dag if dag is None else dag)
        check_references(db, overgang, antwoorden)
        verschil = {k: v for k, v in antwoorden.items() if feit.invoer.get(k) != v}
        weg = {k: None for k in invoer if feit.invoer.get(k) is not None and k not in antwoorden}
        if verschil or weg:
            verbetert["invoer"] = {**verschil, **weg}
    return verbetert, teksten


def _checked_day(dag: int) -> int:
    if dag > klok.today():
        raise InvoerGeweigerd({"op": "De dag kan niet in de toekomst liggen."})
    if dag < EARLIEST:
        raise InvoerGeweigerd({"op": f"De dag kan niet voor {short(EARLIEST)} liggen."})
    return dag


def _reread(
    verloop: Verloop, overgang: Overgang, feit: Feit, invoer: Mapping[str, Any], dag: int
) -> tuple[dict[str, Any], dict[str, str]]:
    velden = {veld.code: veld for veld in overgang.velden}
    te_lezen = [veld for code, veld in velden.items() if veld.soort != "tekst" or code in invoer]
    eerder = {k: v for k, v in feit.invoer.items() if k in velden}
    begin = feit.inhoud.get("begonnen_op", dag) if feit.soort == "start" else min(dag, verloop.begonnen_op)
    return read_answers(te_lezen, {**eerder, **invoer}, dag, begin)


def _overgang(verloop: Verloop, feit: Feit) -> Overgang | None:
    route = verloop.kaarten[feit.routekaart].routes[verloop.oorsprong["route"]]
    return route.alle_overgangen.get(feit.overgang or "")


def _earlier(
    db: Connection,
    zaak: _Zaak,
    sleutel: str | None,
    soort: str,
    reden: str,
    verbetert: Mapping[str, Any],
    teksten: Mapping[str, str],
) -> Vastgelegd | None:
    rij = next((r for r in zaak.verloop.log if sleutel and r.sleutel == sleutel), None)
    if rij is None:
        return None
    zelfde = (rij.soort, rij.betreft_volgnummer, rij.reden) == (soort, zaak.rij.volgnummer, reden)
    inhoud = content(rij)
    digests = inhoud.get("toelichting", {})
    is_anders = bool(verbetert) and inhoud.get("verbetert", {}) != verbetert
    if not zelfde or is_anders or not same_texts(db, zaak.verloop, rij.volgnummer, digests, teksten):
        raise Conflict("Dit formulier is al met andere antwoorden verstuurd. Bekijk wat er is vastgelegd.")
    return Vastgelegd(zaak.verloop.nummer, rij.volgnummer, rij.opdracht_id)


def _check_standing(zaak: _Zaak) -> None:
    rij, wanneer = zaak.rij, klok.now_us()
    if not may_correct(_recorded(rij), zaak.door, wanneer):
        raise OvergangGeweigerd(["Alleen een coördinator kan deze gebeurtenis nog corrigeren."])
    if rij.volgnummer in withdrawn(zaak.verloop.log):
        raise OvergangGeweigerd([f"Gebeurtenis {rij.volgnummer} is al ingetrokken."])
    if zin := fixed(zaak.verloop.log, rij):
        raise OvergangGeweigerd([zin])


def fixed(log: Sequence[Gebeurtenis], rij: Gebeurtenis) -> str | None:
    """Why nobody corrects this row by itself, in Dutch; None when it may be."""
    if rij.soort == "vernietiging":
        return "Een vernietiging kan niet worden teruggedraaid."
    if rij.soort == "samenvoeging":
        return "Maak deze samenvoeging ongedaan bij de persoon: zij geldt voor alle trajecten."
    if any(r.soort == "samenvoeging" and r.volgnummer == rij.betreft_volgnummer for r in log):
        return "Deze samenvoeging is ongedaan gemaakt bij de persoon. Voeg de personen daar opnieuw samen."
    return None


def _check_two(db: Connection, zaak: _Zaak, dagen: Sequence[int], voorgesteld: Voorgesteld | None) -> None:
    over, eerder = _told_of(zaak.verloop, zaak.rij), _recorded(zaak.rij).voorgesteld_door
    check_two(db, dagen, zaak.door, voorgesteld, over, eerder)


def _refuse_part_of_split(zaak: _Zaak) -> None:
    if zaak.rij.soort == "migratie" and not zaak.is_first():
        verloop, eerste = zaak.siblings()[0]
        raise OvergangGeweigerd([f"Dit hoort bij {verloop.nummer}, gebeurtenis {eerste.volgnummer}. Trek die in."])


def _recorded(rij: Gebeurtenis) -> Vastlegging:
    inhoud = content(rij)
    return _Vastgelegd(inhoud.get("door", ""), rij.vastgelegd_op, inhoud.get("voorgesteld", {}).get("door"))


def _check_undo(zaak: _Zaak) -> None:
    """Undone at once is only what one recorded last, oneself, alone and just now."""
    rij, laatste = zaak.rij, zaak.verloop.log[-1]
    if laatste.opdracht_id != rij.opdracht_id or not may_undo(_recorded(rij), zaak.door, klok.now_us()):
        raise OvergangGeweigerd([TE_LAAT_ONGEDAAN])


def _check_correction_reason(zaak: _Zaak, reden: str) -> None:
    if reden not in {r.code for r in zaak.kaart.correctieredenen_bij(zaak.verloop.oorsprong["route"])}:
        raise InvoerGeweigerd({"reden": "Kies een reden voor de correctie."})


def _day_of(verloop: Verloop, rij: Gebeurtenis) -> int:
    return next((f.dag for f in verloop.feiten if f.volgnummer == rij.volgnummer), rij.dag)


def _told_of(verloop: Verloop, rij: Gebeurtenis) -> range:
    """The days of the period of a partner's report, where the row is one; else none."""
    feit = next((f for f in verloop.feiten if f.volgnummer in (rij.volgnummer, rij.betreft_volgnummer)), None)
    route = verloop.kaarten[rij.routekaart].routes[verloop.oorsprong["route"]]
    veld, _ = route.opgavevelden.get(feit.overgang or "", ("", False)) if feit else ("", False)
    opgave = feit.invoer.get(veld) if feit else None
    return range(*period_of(opgave)) if opgave else range(0)


def _withdrawal(verloop: Verloop, rij: Gebeurtenis) -> Gebeurtenis:
    return _proof(verloop, "intrekking", rij, "{}")


def _amendment(verloop: Verloop, rij: Gebeurtenis, verbetert: Mapping[str, Any]) -> Gebeurtenis:
    return _proof(verloop, "verbetering", rij, canonical({"verbetert": verbetert}))


def _proof(verloop: Verloop, soort: str, rij: Gebeurtenis, inhoud: str) -> Gebeurtenis:
    volgnummer = verloop.log[-1].volgnummer + 1
    return rij._replace(
        soort=soort, volgnummer=volgnummer, betreft_volgnummer=rij.volgnummer, inhoud=inhoud, na_volgnummer=None
    )


def _check_walks(zaak: _Zaak, proeven: Sequence[tuple[Verloop, Gebeurtenis]]) -> None:
    """Judge the history as it would become, before anything is folded."""
    erbij: dict[int, list[Gebeurtenis]] = {}
    for verloop, proef in proeven:
        rij = erbij.setdefault(verloop.traject_id, [])
        rij.append(proef._replace(volgnummer=proef.volgnummer + len(rij)))
    for verloop in {v.traject_id: v for v, _ in proeven}.values():
        feiten = effective([*verloop.log, *erbij[verloop.traject_id]])
        if gevonden := findings(feiten, verloop.kaarten, verloop.oorsprong["route"]):
            raise CorrectieGeweigerd(verloop, gevonden)


def _check_new_begin(verloop: Verloop, rij: Gebeurtenis, verbetert: Mapping[str, Any]) -> None:
    """A start that moves to a later day leaves no answer before it that was after it."""
    begin = verbetert.get("dag", 0)
    if rij.soort != "start" or "begonnen_op" in verloop.oorsprong or begin <= verloop.begonnen_op:
        return
    paren = [(feit, overgang) for feit in verloop.feiten if (overgang := _overgang(verloop, feit))]
    gevonden = [
        Bevinding(feit.volgnummer, zin)
        for feit, overgang in paren
        for code, zin in out_of_order(overgang.velden, feit.invoer, begin).items()
        if code not in out_of_order(overgang.velden, feit.invoer, verloop.begonnen_op)
    ]
    if gevonden:
        raise CorrectieGeweigerd(verloop, gevonden)


def check_walk(verloop: Verloop) -> None:
    """The effective history is a valid walk. Raises CorrectieGeweigerd with the rows in the way."""
    if gevonden := findings(verloop.feiten, verloop.kaarten, verloop.oorsprong["route"]):
        raise CorrectieGeweigerd(verloop, gevonden)


def append_withdrawal(
    opdracht: Opdracht, verloop: Verloop, rij: Gebeurtenis, reden: str, teksten: Mapping[str, str]
) -> Gebeurtenis:
    """Add the row that takes another one out."""
    dag, kaart = _day_of(verloop, rij), verloop.kaarten[rij.routekaart]
    return opdracht.append(
        verloop, "intrekking", dag, kaart, {}, teksten, reden=reden, betreft_volgnummer=rij.volgnummer
    )


def _append_amendment(
    opdracht: Opdracht,
    verloop: Verloop,
    rij: Gebeurtenis,
    verbetert: Mapping[str, Any],
    reden: str,
    teksten: Mapping[str, str],
) -> None:
    dag = verbetert.get("dag", _day_of(verloop, rij))
    inhoud = {"verbetert": verbetert}
    kaart = verloop.kaarten[rij.routekaart]
    kolommen = {"reden": reden, "betreft_volgnummer": rij.volgnummer}
    opdracht.append(verloop, "verbetering", dag, kaart, inhoud, teksten, **kolommen)


def _check_family(db: Connection, zaak: _Zaak, geraakt: Sequence[Verloop]) -> None:
    """After the correction every child still lies within its parent, and no client has two trajecten at a time."""
    for gezin in zaak.gezinnen:
        for kind in gezin:
            _check_parent(gezin, kind)
    eigen = [v.traject_id for gezin in zaak.gezinnen for v in gezin]
    for verloop in geraakt:
        check_reporter(db, verloop)
        if verloop.stand.route:
            check_overlap(db, verloop.stand.route, periods(verloop), eigen)
    _check_among(zaak)


def _check_parent(gezin: Gezin, kind: Verloop) -> None:
    ouder = gezin.trajecten.get(kind.ouder_id or 0)
    if ouder is None or not kind.stand.verblijven:
        return
    if not ouder.stand.verblijven or kind.stand.verblijven[0][1] < ouder.stand.verblijven[0][1]:
        zin = f"{kind.nummer} hoort bij {ouder.nummer} en zou dan eerder beginnen of alleen overblijven."
        raise CorrectieGeweigerd(kind, [Bevinding(1, zin)])


def _check_among(zaak: _Zaak) -> None:
    """The trajecten of this correction do not overlap each other for one person."""
    bezet: dict[tuple[str, str], list[tuple[int, int | None, bool]]] = {}
    for verloop in (v for gezin in zaak.gezinnen for v in gezin if v.stand.route and v.stand.route.een_per_client):
        for persoon, perioden in periods(verloop).items():
            mee = [(van, tot, is_told_so(verloop)) for van, tot in perioden]
            bezet.setdefault((persoon, verloop.oorsprong["route"]), []).extend(mee)
    for perioden_van_een in bezet.values():
        for eerst, dan in combinations(sorted(perioden_van_een, key=lambda p: p[0]), 2):
            if (eerst[1] is None or dan[0] < eerst[1]) and not (eerst[2] and dan[2]):
                raise OvergangGeweigerd(["Een deelnemer zou dan in twee trajecten tegelijk zitten."])
