"""Keeping the debts of a traject: adding, changing, dropping, and recording what creditors answer.

Each is one transaction of the caller: the debt gets a version in its own table, and the log gets one gebeurtenis by
`voortgang.advance` with how far each debt is and what the list comes to (whole euros, different creditors). A debt is
never deleted: it is dropped, with a reason. All may raise OnbekendTraject, OvergangGeweigerd, InvoerGeweigerd and
Conflict; what lies far back raises VierOgenNodig.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from unicodedata import category

from sqlalchemy import Connection, insert

from models import klok
from models.gebeurtenis import Gebeurtenis
from models.schuld import schuld
from workflow import personen, voorstellen, voortgang
from workflow.gezin import load, stand_on
from workflow.historie import content
from workflow.kalender import daynumber, short
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Actor, Conflict, Vastgelegd, data_key
from workflow.schuldeisers import SOORTEN, Register, read_register
from workflow.schulden import (
    Boek,
    Gegevens,
    Regel,
    Schuld,
    Schuldenlijst,
    book_of,
    closed,
    debts_of,
    of_who_was_erased,
    place,
    the_list,
    total,
    with_standen,
)
from workflow.splitsing import split_from
from workflow.velden import EARLIEST, MAX_GETAL, InvoerGeweigerd
from workflow.verloop import Verloop
from workflow.vier_ogen import VierOgenNodig
from workflow.voorstellen import Voorstel

MAX_SCHULDEN = 1000
MAX_CENT = MAX_GETAL * 100
GRENZEN = {"naam": 120, "via": 120, "kenmerk": 60, "notitie": 2000, "reden": 500}
MEER_REGELS = ("notitie", "reden")
TEKEN = "In dit antwoord staat een teken dat niet kan."
NERGENS = "Op deze plek op de routekaart worden geen schulden bijgehouden."


@dataclass(frozen=True, slots=True)
class Melding:
    """How a submit is known: who, on which day, what they had seen, and the idempotency key of the form."""

    door: Actor
    op: int | None = None
    verwacht: int | None = None
    sleutel: str | None = None


@dataclass(frozen=True)
class Dossierboek:
    """The list of one traject with what is needed to write in it."""

    db: Connection
    verloop: Verloop
    boek: Boek
    lijst: Schuldenlijst
    register: Register


def opened(db: Connection, nummer: str) -> Dossierboek:
    """The list of a traject to write in, its family locked. Raises OvergangGeweigerd where there is none."""
    verloop = load(db, nummer).by_nummer(nummer)
    stand = verloop.stand
    boek = book_of(stand.route) if stand.route else None
    if boek is None or stand.stap is None or stand.stap.code not in boek.overgang.van:
        raise OvergangGeweigerd([NERGENS])
    register = read_register(db)
    lijst = read_list(db, verloop, boek, register)
    return Dossierboek(db, verloop, boek, lijst, register)


def read_list(
    db: Connection, verloop: Verloop, boek: Boek, register: Register, namen: Mapping[str, str] | None = None
) -> Schuldenlijst:
    """The list of a traject, with the names of its people; two statements, one where these are given by pseudonym."""
    wie = [d for d, soort in verloop.stand.deelnemers.items() if soort == "persoon"]
    if namen is None:
        namen = {p.pseudoniem: p.naam for p in personen.by_pseudonym(db, wie).values()} if wie else {}
    schulden = _of_who_they_are(db, debts_of(db, [verloop.traject_id]).get(verloop.traject_id, []), wie)
    return the_list(verloop, boek, schulden, register, {w: namen[w] for w in wie if w in namen})


def _of_who_they_are(db: Connection, schulden: list[Schuld], wie: Collection[str]) -> list[Schuld]:
    """The debts, each of who somebody is after a merge of persons."""
    anders = {een.gegevens.wie for een in schulden} - {"", *wie}
    if not anders:
        return schulden
    blijft = {pseudoniem: personen.survivor(db, pseudoniem) for pseudoniem in anders}
    return [
        replace(een, gegevens=replace(een.gegevens, wie=blijft.get(een.gegevens.wie, een.gegevens.wie)))
        for een in schulden
    ]


# -- Judging -----------------------------------------------------------------------------------------------------------


def checked(gegevens: Gegevens, register: Register, wie: Mapping[str, str], was: Gegevens | None = None) -> Gegevens:
    """The data of a debt as they are kept. Raises InvoerGeweigerd with what is wrong at each veld."""
    schoon = _as_the_creditor(
        replace(gegevens, **{naam: getattr(gegevens, naam).strip() for naam in GRENZEN}), register
    )
    fouten = {naam: TEKEN for naam in GRENZEN if _has_control(getattr(schoon, naam), naam in MEER_REGELS)}
    fouten |= {naam: f"Hoogstens {n} tekens." for naam, n in GRENZEN.items() if len(getattr(schoon, naam)) > n}
    fouten |= _creditor_faults(schoon, register, was)
    if schoon.soort not in SOORTEN and schoon.soort != (was.soort if was else None):
        fouten["soort"] = "Kies een soort."
    if schoon.wie and schoon.wie not in wie and schoon.wie != (was.wie if was else None):
        fouten["wie"] = "Kies van wie de schuld is."
    fouten |= _amount_faults(schoon) | _day_faults(schoon)
    if fouten:
        raise InvoerGeweigerd(fouten)
    return schoon


def _has_control(tekst: str, mag_regels: bool) -> bool:
    """Whether a text has characters that no form or file for people has."""
    return any(category(t) in ("Cc", "Cs") and not (mag_regels and t in "\r\n\t") for t in tekst)


def _as_the_creditor(gegevens: Gegevens, register: Register) -> Gegevens:
    """What was left open and is as a rule so with this creditor: the kind, and whether it is a debt of a business.

    Of one that is only proposed the name is kept with the debt.
    """
    wie = register.get(gegevens.schuldeiser)
    if wie is None:
        return replace(gegevens, genoemd="")
    is_zakelijk = wie.is_zakelijk if gegevens.is_zakelijk is None else gegevens.is_zakelijk
    genoemd = wie.naam if wie.is_voorstel else ""
    return replace(gegevens, soort=gegevens.soort or wie.soort, is_zakelijk=is_zakelijk, genoemd=genoemd)


def _creditor_faults(gegevens: Gegevens, register: Register, was: Gegevens | None) -> dict[str, str]:
    code = gegevens.schuldeiser
    if not (code or gegevens.naam or gegevens.is_prive):
        return {"schuldeiser": "Kies een schuldeiser, of vul de naam in."}
    if code and gegevens.naam:
        return {"naam": "Kies een schuldeiser of vul een naam in, niet allebei."}
    is_zelfde = was is not None and was.schuldeiser == code
    if code and not is_zelfde and (code not in register or not register[code].is_te_kiezen):
        return {"schuldeiser": "Kies een schuldeiser uit het register."}
    return {}


def _amount_faults(gegevens: Gegevens) -> dict[str, str]:
    bedrag, kosten = gegevens.bedrag, gegevens.kosten
    if bedrag is not None and not 0 <= bedrag <= MAX_CENT:
        return {"bedrag": "Dit bedrag is te groot."}
    if kosten is not None and (bedrag is None or not 0 <= kosten <= bedrag):
        return {"kosten": "Rente en kosten zijn een deel van het bedrag en kunnen niet hoger zijn."}
    return {}


def _day_faults(gegevens: Gegevens) -> dict[str, str]:
    namen = {
        "ontstaan_op": (
            "De schuld kan niet in de toekomst zijn ontstaan.",
            "De schuld kan niet voor {} zijn ontstaan.",
        ),
        "peil_op": ("Het saldo kan niet van later zijn.", "Het saldo kan niet van voor {} zijn."),
    }
    dagen = {naam: day_of(dag) for naam in namen if (dag := getattr(gegevens, naam))}
    later = {naam: namen[naam][0] for naam, dag in dagen.items() if dag > klok.today()}
    return later | {naam: namen[naam][1].format(short(EARLIEST)) for naam, dag in dagen.items() if dag < EARLIEST}


def day_of(iso: str) -> int:
    """The day number of an ISO text."""
    return daynumber(date.fromisoformat(iso))


# -- Writing -----------------------------------------------------------------------------------------------------------


def add(db: Connection, nummer: str, nieuwe: Sequence[Gegevens], melding: Melding) -> Vastgelegd:
    """Put debts on the list; each begins where the map says. The same form sent twice adds them once."""
    boek = opened(db, nummer)
    if eerder := _sent_before(boek, melding, lambda _: _are_as_sent(boek, nieuwe)):
        return eerder
    if len(boek.lijst.regels) + len(nieuwe) > MAX_SCHULDEN:
        raise InvoerGeweigerd({"bestand": f"Op een lijst staan hoogstens {MAX_SCHULDEN} schulden."})
    schoon = [checked(g, boek.register, boek.lijst.wie) for g in nieuwe]
    eerste = boek.lijst.hoogste + 1
    _write(boek, [(eerste + n, 1, gegevens) for n, gegevens in enumerate(schoon)], melding.door)
    return _say(boek, dict.fromkeys(range(eerste, eerste + len(schoon)), boek.boek.begin), melding)


def _are_as_sent(boek: Dossierboek, nieuwe: Sequence[Gegevens]) -> bool:
    return all(any(_is_as_sent(g, regel) for regel in boek.lijst.regels) for g in nieuwe)


def _is_as_sent(nieuw: Gegevens, regel: Regel) -> bool:
    """Whether this is the debt that a form brought, which may have been changed since."""
    velden = ("schuldeiser", "naam", "kenmerk") if regel.versie > 1 else ("schuldeiser", "naam", "kenmerk", "bedrag")
    schoon = replace(nieuw, naam=nieuw.naam.strip(), kenmerk=nieuw.kenmerk.strip())
    return all(getattr(schoon, veld) == getattr(regel.gegevens, veld) for veld in velden)


def change(
    db: Connection,
    nummer: str,
    schuld_nr: int,
    gegevens: Gegevens,
    versie: int,
    melding: Melding,
    stand: str | None = None,
) -> Vastgelegd | None:
    """Replace the data of a debt that was seen as `versie`, and (`stand`) say how far it is.

    Returns None when nothing reached the log: a note or a reference changes no total. Raises Conflict when a colleague
    changed the debt in between.
    """
    boek = opened(db, nummer)
    was = _line(boek, schuld_nr)

    def is_same(rij: Gebeurtenis) -> bool:
        hoe = _told_then(boek, rij).get(schuld_nr)
        if hoe is None or stand not in (None, hoe):
            return False
        toen = _then(boek, rij)[schuld_nr]
        return replace(_checked_as(boek, gegevens, toen), genoemd=toen.genoemd) == toen

    if eerder := _sent_before(boek, melding, is_same):
        return eerder
    _refuse_stale(was, versie)
    schoon = _checked_as(boek, gegevens, was.gegevens)
    if schoon != was.gegevens:
        _write(boek, [(schuld_nr, versie + 1, schoon)], melding.door)
    hoe = stand or was.stand or boek.boek.begin
    if hoe == was.stand and _counts_alike(was.gegevens, schoon):
        return None
    return _say(boek, {schuld_nr: hoe}, melding)


def _checked_as(boek: Dossierboek, gegevens: Gegevens, was: Gegevens) -> Gegevens:
    """The data of a debt as they are kept, with what no form says as it was. Raises InvoerGeweigerd."""
    samen = replace(gegevens, herkomst=was.herkomst, geleverd=was.geleverd, reden=was.reden)
    return checked(samen, boek.register, boek.lijst.wie, was)


def _sent_before(boek: Dossierboek, melding: Melding, is_same: Callable[[Gebeurtenis], bool]) -> Vastgelegd | None:
    """What the same form recorded before: a form that was sent twice is no change by somebody else.

    `is_same` judges by the row whether it says the same now. Raises Conflict when it does not.
    """
    rij = next((r for r in boek.verloop.log if melding.sleutel and r.sleutel == melding.sleutel), None)
    if rij is None:
        return None
    if melding.op not in (None, rij.dag) or not is_same(rij):
        raise Conflict("Dit formulier is al voor iets anders gebruikt. Begin opnieuw.")
    return Vastgelegd(boek.verloop.nummer, rij.volgnummer, rij.opdracht_id)


def _then(boek: Dossierboek, rij: Gebeurtenis) -> dict[int, Gegevens]:
    """The debts by number, as they were once this row was recorded."""
    traject_id = boek.verloop.traject_id
    toen = debts_of(boek.db, [traject_id], rij.vastgelegd_op).get(traject_id, [])
    return {een.nummer: of_who_was_erased(een.gegevens, boek.register) for een in toen}


def _told_then(boek: Dossierboek, rij: Gebeurtenis) -> dict[int, str]:
    """How far debts are, as this row says."""
    gezegd = content(rij).get("invoer", {}).get(boek.boek.veld.code, {})
    return {int(nummer): hoe for nummer, hoe in gezegd.items()}


def _refuse_stale(regel: Regel, versie: int) -> None:
    if regel.versie != versie:
        raise Conflict("Iemand anders heeft deze schuld zojuist gewijzigd. Bekijk eerst de nieuwe stand.")


def _counts_alike(was: Gegevens, nu: Gegevens) -> bool:
    return (was.bedrag, was.schuldeiser, was.naam) == (nu.bedrag, nu.schuldeiser, nu.naam)


def drop(db: Connection, nummer: str, schuld_nr: int, reden: str, versie: int, melding: Melding) -> Vastgelegd:
    """A debt counts no longer, for this reason: paid, written off, or never one. It stays on the list."""
    boek = opened(db, nummer)
    was = _line(boek, schuld_nr)

    def is_same(rij: Gebeurtenis) -> bool:
        is_vervallen = _told_then(boek, rij).get(schuld_nr) in boek.boek.vervallen
        return is_vervallen and _then(boek, rij)[schuld_nr].reden == reden.strip()

    if eerder := _sent_before(boek, melding, is_same):
        return eerder
    _refuse_stale(was, versie)
    if not boek.boek.vervallen:
        raise OvergangGeweigerd(["De routekaart zegt niet hoe een schuld vervalt."])
    if not reden.strip():
        raise InvoerGeweigerd({"reden": "Vul in waarom deze schuld vervalt."})
    if len(reden) > GRENZEN["reden"]:
        raise InvoerGeweigerd({"reden": f"Hoogstens {GRENZEN['reden']} tekens."})
    _write(boek, [(schuld_nr, versie + 1, replace(was.gegevens, reden=reden.strip()))], melding.door)
    return _say(boek, {schuld_nr: min(boek.boek.vervallen)}, melding)


def answer(
    db: Connection, nummer: str, nummers: Sequence[int], stand: str, melding: Melding, toelichting: str = ""
) -> Vastgelegd | Voorstel:
    """How far these debts are, all at once and as of one day.

    What lies so far back that it takes two people becomes a proposal, of which a second person decides.
    """
    boek = opened(db, nummer)
    if not nummers:
        raise InvoerGeweigerd({"schuld": "Vink eerst aan om welke schulden het gaat."})
    _check_stand(boek, stand)
    for schuld_nr in nummers:
        _line(boek, schuld_nr)
    return _say(boek, dict.fromkeys(nummers, stand), melding, _said(boek, toelichting), mag_voorstel=True)


def _check_stand(boek: Dossierboek, stand: str) -> None:
    if stand not in {keuze.code for keuze in boek.boek.veld.keuzes} - boek.boek.vervallen:
        raise InvoerGeweigerd({"stand": "Kies wat u vastlegt."})


def _said(boek: Dossierboek, toelichting: str) -> dict[str, str]:
    tekstveld = next((v.code for v in boek.boek.overgang.velden if v.soort == "tekst"), None)
    return {tekstveld: toelichting} if tekstveld and toelichting.strip() else {}


@dataclass(frozen=True, slots=True)
class Saldo:
    """What a creditor says that is owed, in cents, of a debt that was seen as `versie`."""

    bedrag: int
    versie: int


def answer_amounts(
    db: Connection,
    nummer: str,
    saldi: Mapping[int, Saldo],
    stand: str,
    peil_op: str,
    melding: Melding,
    toelichting: str = "",
) -> Vastgelegd:
    """How far these debts are and what each comes to per `peil_op` (ISO), all at once and as of one day, or none.

    What is wrong with an amount is said at `bedrag_N` of debt N.
    """
    boek = opened(db, nummer)
    if eerder := _sent_before(boek, melding, lambda rij: _are_as_answered(boek, rij, saldi, stand, peil_op)):
        return eerder
    if not saldi:
        raise InvoerGeweigerd({"schuld": "Vul bij ten minste één schuld het saldo in."})
    _check_stand(boek, stand)
    nieuwe = {nr: _with_amount(boek, nr, saldo, peil_op) for nr, saldo in saldi.items()}
    if fouten := _all_faults(boek, nieuwe):
        raise InvoerGeweigerd(fouten)
    veranderd = [(nr, saldi[nr].versie + 1, g) for nr, g in nieuwe.items() if g != boek.lijst.by_nummer[nr].gegevens]
    _write(boek, veranderd, melding.door)
    return _say(boek, dict.fromkeys(saldi, stand), melding, _said(boek, toelichting))


def _are_as_answered(boek: Dossierboek, rij: Gebeurtenis, saldi: Mapping[int, Saldo], stand: str, peil_op: str) -> bool:
    """Whether a row recorded these amounts."""
    toen, gezegd = _then(boek, rij), _told_then(boek, rij)
    zoals = {nr: (toen[nr].bedrag, toen[nr].peil_op, hoe) for nr, hoe in gezegd.items()}
    return all(zoals.get(nr) == (saldo.bedrag, peil_op, stand) for nr, saldo in saldi.items())


def _with_amount(boek: Dossierboek, schuld_nr: int, saldo: Saldo, peil_op: str) -> Gegevens:
    regel = _line(boek, schuld_nr)
    _refuse_stale(regel, saldo.versie)
    return replace(regel.gegevens, bedrag=saldo.bedrag, peil_op=peil_op)


def _all_faults(boek: Dossierboek, nieuwe: Mapping[int, Gegevens]) -> dict[str, str]:
    fouten: dict[str, str] = {}
    for nr, gegevens in nieuwe.items():
        fouten |= _day_faults(gegevens)
        fouten |= {f"bedrag_{nr}": row_fault(boek.lijst.by_nummer[nr], z) for z in _amount_faults(gegevens).values()}
    return fouten


def row_fault(regel: Regel, zin: str) -> str:
    """A fault with the debt that it is about."""
    return f"Schuld {regel.nummer}, {regel.schuldeiser}: {zin[0].lower()}{zin[1:]}"


def _line(boek: Dossierboek, schuld_nr: int) -> Regel:
    if schuld_nr not in boek.lijst.by_nummer:
        raise InvoerGeweigerd({"schuld": f"Schuld {schuld_nr} staat niet op deze lijst."})
    return boek.lijst.by_nummer[schuld_nr]


def keep_delivered(db: Connection, nummer: str, gegevens: Sequence[Gegevens], door: Actor) -> None:
    """The debts of a delivery: what they are, without a word in the log on how far they are."""
    verloop = load(db, nummer).by_nummer(nummer)
    _insert(db, verloop, [(n, 1, een) for n, een in enumerate(gegevens, 1)], door)


def _write(boek: Dossierboek, rijen: Sequence[tuple[int, int, Gegevens]], door: Actor) -> None:
    _insert(boek.db, boek.verloop, rijen, door)


def _insert(db: Connection, verloop: Verloop, rijen: Sequence[tuple[int, int, Gegevens]], door: Actor) -> None:
    sleutel_id, sleutel = data_key(db, verloop)
    vast: dict[str, Any] = {"traject_id": verloop.traject_id, "datasleutel_id": sleutel_id}
    vast |= {"door": door.pseudoniem, "vastgelegd_op": klok.now_us()}
    waarden = [
        {
            **vast,
            "nummer": nr,
            "versie": versie,
            "gegevens": closed(sleutel, een, place(verloop.traject_id, nr, versie)),
        }
        for nr, versie, een in rijen
    ]
    if waarden:
        db.execute(insert(schuld), waarden)


# -- What the log is told ----------------------------------------------------------------------------------------------


def _say(
    boek: Dossierboek,
    standen: Mapping[int, str],
    melding: Melding,
    teksten: Mapping[str, str] | None = None,
    mag_voorstel: bool = False,
) -> Vastgelegd | Any:
    """One gebeurtenis with how far these debts are and what the list came to on that day.

    On an earlier day the totals are those of that day; what they are now is recorded after it when it changed.
    """
    verloop, dag = boek.verloop, klok.today() if melding.op is None else melding.op
    is_eerder = dag < verloop.stand.laatste_op
    nu = _fresh(boek)
    samen = dict(standen) if is_eerder else {**_unspoken(boek, nu), **standen}
    toen = boek.boek.standen(stand_on(verloop, dag)) if is_eerder else boek.boek.standen(verloop.stand)
    invoer = {**_answers(boek.boek, nu, {**toen, **samen}, samen), **(teksten or {})}
    _refuse_before(verloop, dag)
    wat: dict[str, Any] = {
        "invoer": invoer,
        "door": melding.door,
        "op": dag,
        "correctiereden": voorstellen.forgotten(verloop.kaart, verloop.oorsprong["route"]),
        "verwacht": melding.verwacht,
        "sleutel": melding.sleutel,
    }
    try:
        gedaan = voortgang.advance(boek.db, verloop.nummer, boek.boek.overgang.code, **wat)
    except VierOgenNodig:
        if not mag_voorstel:
            raise InvoerGeweigerd({"op": "Deze dag ligt te ver terug om alleen vast te leggen."}) from None
        return voorstellen.propose_insertion(boek.db, verloop.nummer, boek.boek.overgang.code, **wat)
    if is_eerder:
        _settle(boek, nu, samen, melding.door)
    return gedaan


def _refuse_before(verloop: Verloop, dag: int) -> None:
    if dag < verloop.begonnen_op:
        raise InvoerGeweigerd({"op": f"De dag kan niet voor het begin liggen ({short(verloop.begonnen_op)})."})


def _fresh(boek: Dossierboek) -> Schuldenlijst:
    """The list as the table has it now, with the debts that the log is about to hear of."""
    verloop = boek.verloop
    schulden = debts_of(boek.db, [verloop.traject_id]).get(verloop.traject_id, [])
    erbij = {een.nummer for een in schulden if een.nummer > boek.lijst.hoogste}
    return the_list(verloop, boek.boek, schulden, boek.register, boek.lijst.wie, erbij)


def _unspoken(boek: Dossierboek, lijst: Schuldenlijst) -> dict[int, str]:
    """Debts on the list of which the log says nothing yet: from the first word on, it knows them all."""
    return {regel.nummer: boek.boek.begin for regel in lijst.regels if regel.stand is None}


def _answers(boek: Boek, lijst: Schuldenlijst, standen: Mapping[int, str], gezegd: Mapping[int, str]) -> dict[str, Any]:
    """The answers of the overgang: what is said, and the totals of all debts that are known with these standen."""
    dan = with_standen(lijst, standen)
    dan = replace(dan, regels=tuple(regel for regel in dan.regels if regel.nummer in standen))
    antwoorden: dict[str, Any] = {boek.veld.code: {str(nummer): hoe for nummer, hoe in gezegd.items()}}
    if boek.bedragveld:
        antwoorden[boek.bedragveld] = str(whole_euros(dan))
    if boek.aantalveld:
        antwoorden[boek.aantalveld] = str(dan.schuldeisers)
    return antwoorden


def whole_euros(lijst: Schuldenlijst) -> int:
    """What the debts that count come to, rounded to whole euros as the log has it."""
    return (total(lijst.tellend).cent + 50) // 100


def _settle(boek: Dossierboek, lijst: Schuldenlijst, gezegd: Mapping[int, str], door: Actor) -> None:
    """After something was recorded on an earlier day: say what the totals are now, where that is not known yet."""
    verloop = load(boek.db, boek.verloop.nummer).by_nummer(boek.verloop.nummer)
    standen = boek.boek.standen(verloop.stand)
    zelf = {nummer: standen[nummer] for nummer in gezegd if nummer in standen}
    nu = _answers(boek.boek, lijst, standen, zelf)
    weet = {naam: str(verloop.stand.antwoorden.get(naam)) for naam in nu if naam != boek.boek.veld.code}
    if any(nu[naam] != was for naam, was in weet.items()):
        voortgang.advance(boek.db, verloop.nummer, boek.boek.overgang.code, nu, door=door)


# -- Of who left -------------------------------------------------------------------------------------------------------


def to_take_along(db: Connection, verloop: Verloop, register: Register) -> tuple[str, Schuldenlijst] | None:
    """Of a traject that was split off: the number it came from, and what its people take from the list there.

    Read as it was known at the split: what either of them records since is not the other's to see. Debts of who stayed
    are left out, and so are those that count no longer.
    """
    nummer = split_from(db, verloop)
    if nummer is None:
        return None
    ouder = load(db, nummer, lock=False).by_nummer(nummer)
    tot = max(rij.vastgelegd_op for rij in ouder.log if rij.opdracht_id == verloop.log[0].opdracht_id)
    toen = Verloop(ouder.traject_id, ouder.kaarten, ouder.nummer, ouder.wortel_id)
    for rij in (rij for rij in ouder.log if rij.vastgelegd_op <= tot):
        toen.follow(rij)
    boek = book_of(toen.kaart.routes[toen.oorsprong["route"]])
    if boek is None:
        return None
    wie = [d for d, soort in verloop.stand.deelnemers.items() if soort == "persoon"]
    namen = {p.pseudoniem: p.naam for p in personen.by_pseudonym(db, wie).values()}
    schulden = debts_of(db, [ouder.traject_id], tot).get(ouder.traject_id, [])
    lijst = the_list(toen, boek, schulden, register, namen)
    eigen = tuple(regel for regel in lijst.tellend if regel.gegevens.wie in ("", *wie))
    return nummer, replace(lijst, regels=eigen)


def take_along(db: Connection, nummer: str, nummers: Collection[int], melding: Melding) -> Vastgelegd:
    """Put chosen debts of the traject that this one came from on its own list; they begin anew there."""
    boek = opened(db, nummer)
    gevonden = to_take_along(db, boek.verloop, boek.register)
    regels = [r for r in gevonden[1].regels if r.nummer in nummers] if gevonden else []
    if not regels:
        raise InvoerGeweigerd({"schuld": "Vink eerst aan welke schulden u overneemt."})
    return add(db, nummer, [replace(r.gegevens, notitie="", geleverd=None) for r in regels], melding)
