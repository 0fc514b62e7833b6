"""The register of creditors: entered once, proposed by who enters debts, merged and taken apart again.

A debt names its creditor by code. A creditor that was merged points to the one that stays, and what it points to is
looked up when a debt is read: so that a merge changes no debt and can be taken back whole. Whatever becomes of a
creditor leaves a row in `wijzigingen`, with who did it (`door`, a pseudonym; without it the program).

What was proposed may turn out to be a private person. Until somebody accepts it as an organisation its name stands in
its own row alone: its code says nothing, `wijzigingen` names it by that code, and it can be erased.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from itertools import combinations
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import IntegrityError

from models.schuld import schuldeiser
from workflow.gelijkenis import same_organisation, telling_parts
from workflow.persoonsgegevens import TEKEN
from workflow.velden import InvoerGeweigerd
from workflow.wijzigingen import note_creditor

SOORTEN: Mapping[str, str] = {"Zorg": "Zorg", "Publiek": "Publiek", "Nuts": "Nuts", "Overig": "Overig"}
"""Kinds of debts and creditors, as the exchange format DDAS names them, with what they are called here."""

NAMEN: Mapping[str, str] = {
    **{"naam": "Naam", "soort": "Soort", "kvknummer": "KvK-nummer", "adres": "Adres", "postcode": "Postcode"},
    **{"plaats": "Plaats", "telefoon": "Telefoon", "email": "E-mail"},
    **{"is_zakelijk": "Zakelijk", "is_gemeente": "De gemeente zelf"},
}
"""What each veld is called where it is told that it changed."""

MAX_DUBBELEN = 50
GRENZEN = {
    **{"naam": 120, "kvknummer": 8, "adres": 120, "postcode": 8},
    **{"plaats": 80, "telefoon": 20, "email": 120},
}
"""The longest text in each veld."""


@dataclass(frozen=True, slots=True)
class Schuldeiser:
    """A creditor of the register."""

    code: str
    naam: str
    soort: str = "Overig"
    is_zakelijk: bool = False
    kvknummer: str = ""
    adres: str = ""
    postcode: str = ""
    plaats: str = ""
    telefoon: str = ""
    email: str = ""
    is_gemeente: bool = False
    is_actief: bool = True
    is_voorstel: bool = False
    samengevoegd_met: str | None = None

    @property
    def is_te_kiezen(self) -> bool:
        """Whether a new debt may be of this creditor."""
        return self.is_actief and self.samengevoegd_met is None


KOLOMMEN = tuple(veld.name for veld in fields(Schuldeiser))


class Register(dict[str, Schuldeiser]):
    """Every creditor by code, in order of name."""

    def survivor(self, code: str) -> str:
        """Who a creditor is after every merge; the code itself when nobody knows it."""
        gezien = set()
        while code in self and (verder := self[code].samengevoegd_met) and code not in gezien:
            gezien.add(code)
            code = verder
        return code

    def name(self, code: str) -> str:
        """What a creditor is called now; its code when the register does not know it."""
        blijft = self.survivor(code)
        return self[blijft].naam if blijft in self else code

    @property
    def te_kiezen(self) -> list[Schuldeiser]:
        """Those that a new debt may be of."""
        return [wie for wie in self.values() if wie.is_te_kiezen]

    def find(self, naam: str, kvknummer: str = "") -> Schuldeiser | None:
        """The creditor with this code, this KvK number or exactly this name, merges followed."""
        laag = plain(naam)
        for wie in self.values():
            if laag in (plain(wie.naam), plain(wie.code)) or (kvknummer and wie.kvknummer == kvknummer):
                return self[self.survivor(wie.code)]
        return None

    def look_alikes(self, naam: str, behalve: str = "") -> list[Schuldeiser]:
        """Those that may be meant by a name."""
        return [wie for wie in self.te_kiezen if wie.code != behalve and same_organisation(wie.naam, naam)]

    def doubles(self) -> list[tuple[Schuldeiser, Schuldeiser]]:
        """Pairs that may be one, at most MAX_DUBBELEN."""
        gevonden = [(een, ander) for een, ander in self._pairs() if same_organisation(een.naam, ander.naam)]
        # Who was proposed comes second: that is the one to merge into the other.
        paren = [(een, ander) if ander.is_voorstel or not een.is_voorstel else (ander, een) for een, ander in gevonden]
        return sorted(paren, key=lambda paar: paar[0].naam.casefold())[:MAX_DUBBELEN]

    def _pairs(self) -> Iterator[tuple[Schuldeiser, Schuldeiser]]:
        """Pairs worth comparing: those with a word that begins alike."""
        begin: dict[str, list[Schuldeiser]] = {}
        for wie in self.te_kiezen:
            for stuk in {deel[:2] for deel in telling_parts(wie.naam)}:
                begin.setdefault(stuk, []).append(wie)
        paren = {
            (een.code, ander.code): (een, ander) for groep in begin.values() for een, ander in combinations(groep, 2)
        }
        yield from paren.values()


_INITIALEN = re.compile(r"(?<=\b[^\W\d_]) (?=[^\W\d_]\b)")
"""The space between two letters that stand alone."""


def plain(naam: str) -> str:
    """A name as it is compared: without case, double spaces and full stops, and initials as one: "C. Z." is "cz"."""
    return _INITIALEN.sub("", " ".join(naam.casefold().replace(".", "").split()))


def read_register(db: Connection) -> Register:
    """The whole register; one statement."""
    rijen = db.execute(select(*(schuldeiser.c[naam] for naam in KOLOMMEN)))
    alle = [Schuldeiser(**rij._mapping) for rij in rijen]
    return Register({wie.code: wie for wie in sorted(alle, key=lambda wie: wie.naam.casefold())})


# -- Keeping it --------------------------------------------------------------------------------------------------------


def checked(wie: Schuldeiser) -> Schuldeiser:
    """The data as they are kept. Raises InvoerGeweigerd with what is wrong at each veld."""
    teksten: dict[str, Any] = {naam: " ".join(getattr(wie, naam).split()) for naam in GRENZEN}
    schoon = replace(wie, **teksten)
    fouten = {naam: f"Hoogstens {n} tekens." for naam, n in GRENZEN.items() if len(getattr(schoon, naam)) > n}
    fouten |= {naam: TEKEN for naam in GRENZEN if not getattr(schoon, naam).isprintable()}
    if not schoon.naam:
        fouten["naam"] = "Vul de naam in."
    if schoon.soort not in SOORTEN:
        fouten["soort"] = "Kies een soort."
    if schoon.kvknummer and not re.fullmatch(r"\d{8}", schoon.kvknummer, re.ASCII):
        fouten["kvknummer"] = "Een KvK-nummer heeft acht cijfers."
    if schoon.email and not re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", schoon.email):
        fouten["email"] = "Vul een volledig e-mailadres in, zoals post@voorbeeld.nl."
    if fouten:
        raise InvoerGeweigerd(fouten)
    return schoon


def add(db: Connection, wie: Schuldeiser, door: str | None = None, bekend: Register | None = None) -> Schuldeiser:
    """Enter a creditor; it gets a code from its name, and a proposal one that says nothing. Raises InvoerGeweigerd.

    Who enters many gives the register along as `bekend`, which is read once and then knows them too.
    """
    schoon, bekend = checked(wie), read_register(db) if bekend is None else bekend
    if gelijk := bekend.find(schoon.naam, schoon.kvknummer):
        raise InvoerGeweigerd({"naam": f"Deze schuldeiser staat al in het register: {gelijk.naam} ({gelijk.code})."})
    nieuw = replace(schoon, code=_neutral_code(bekend) if schoon.is_voorstel else _new_code(schoon.naam, bekend))
    try:
        with db.begin_nested():
            db.execute(schuldeiser.insert().values(asdict(nieuw)))
    except IntegrityError:
        raise InvoerGeweigerd({"naam": "Een collega voegde deze schuldeiser zojuist toe. Zoek hem op."}) from None
    bekend[nieuw.code] = nieuw
    note_creditor(db, "erbij", nieuw.code, ["Voorgesteld" if nieuw.is_voorstel else f"Toegevoegd: {nieuw.naam}"], door)
    return nieuw


def _neutral_code(bekend: Mapping[str, Schuldeiser]) -> str:
    """A code that tells nothing of a name, and is not used again once it was erased."""
    code = f"S-{secrets.token_hex(4).upper()}"
    return code if code not in bekend else _neutral_code(bekend)


def _new_code(naam: str, bekend: Mapping[str, Schuldeiser]) -> str:
    """A short code of the words that tell the name apart, with a number where it was taken."""
    stam = "-".join(telling_parts(naam)).encode("ascii", "ignore").decode().upper()[:24].strip("-") or "SCHULDEISER"
    code, nummer = stam, 1
    while code in bekend:
        nummer += 1
        code = f"{stam}-{nummer}"
    return code


def change(db: Connection, code: str, wie: Schuldeiser, door: str | None = None) -> None:
    """Replace the data of a creditor; its code stays. Raises InvoerGeweigerd."""
    schoon, bekend = checked(wie), read_register(db)
    was = _known(bekend, code)
    ander = next(
        (w for w in bekend.values() if w.code != code and w.is_te_kiezen and plain(w.naam) == plain(schoon.naam)), None
    )
    if ander:
        raise InvoerGeweigerd({"naam": f"Zo heet al een andere schuldeiser ({ander.code}). Voeg ze samen."})
    velden = (*GRENZEN, "soort", "is_zakelijk", "is_gemeente")
    _set(db, code, is_voorstel=False, **{naam: getattr(schoon, naam) for naam in velden})
    note_creditor(db, "anders", code, list(_changes(was, schoon, velden)), door)


def _changes(was: Schuldeiser, nu: Schuldeiser, velden: Iterable[str]) -> Iterator[str]:
    """What changed, in words; of a proposal not what it was called before."""
    for naam in velden:
        if getattr(was, naam) != getattr(nu, naam) and not (naam == "naam" and was.is_voorstel):
            yield _told(was, nu, naam)
    if was.is_voorstel:
        yield _accepted(nu.naam)


def _accepted(naam: str) -> str:
    return f"Goedgekeurd: {naam}"


def _told(was: Schuldeiser, nu: Schuldeiser, naam: str) -> str:
    """What changed in a veld, in words."""
    eerst, straks = (_in_words(getattr(wie, naam)) for wie in (was, nu))
    return f"{NAMEN[naam]}: {eerst} → {straks}"


def _in_words(waarde: str | bool) -> str:
    if isinstance(waarde, bool):
        return "ja" if waarde else "nee"
    return waarde or "leeg"


def set_active(db: Connection, code: str, is_actief: bool, door: str | None = None) -> None:
    """Let new debts be of a creditor, or no more. Raises InvoerGeweigerd."""
    if _known(read_register(db), code).is_actief == is_actief:
        return
    _set(db, code, is_actief=is_actief)
    note_creditor(db, "erbij" if is_actief else "weg", code, ["Heropend" if is_actief else "Afgesloten"], door)


def accept(db: Connection, code: str, door: str | None = None) -> None:
    """Take a proposal into the register as it is. Raises InvoerGeweigerd."""
    wie = _known(read_register(db), code)
    if not wie.is_voorstel:
        return
    _set(db, code, is_voorstel=False)
    note_creditor(db, "anders", code, [_accepted(wie.naam)], door)


def erase(db: Connection, code: str, door: str | None = None) -> None:
    """A proposal is a private person: nothing of it stays here but its code, and its debts name it themselves.

    Raises InvoerGeweigerd.
    """
    bekend = read_register(db)
    wie = _known(bekend, code)
    if not wie.is_voorstel:
        raise InvoerGeweigerd({"weg": "Alleen een voorstel dat niet is goedgekeurd, kan worden gewist."})
    if wie.samengevoegd_met or any(ander.samengevoegd_met == code for ander in bekend.values()):
        raise InvoerGeweigerd({"weg": "Maak deze schuldeiser eerst los van die waarmee hij is samengevoegd."})
    db.execute(delete(schuldeiser).where(schuldeiser.c.code == code))
    note_creditor(db, "weg", code, ["Gewist: een privépersoon"], door)


def merge(db: Connection, weg: str, blijft: str, door: str | None = None) -> None:
    """Two entries are one creditor: debts of `weg` are read as of `blijft` from now on. Raises InvoerGeweigerd."""
    bekend = read_register(db)
    if not (_known(bekend, weg).is_te_kiezen and _known(bekend, blijft, "blijft").is_te_kiezen):
        raise InvoerGeweigerd({"blijft": "Kies twee schuldeisers die nog te kiezen zijn."})
    if weg == blijft:
        raise InvoerGeweigerd({"blijft": "Kies een andere schuldeiser dan deze."})
    _set(db, weg, samengevoegd_met=blijft)
    note_creditor(db, "weg", weg, [f"Samengevoegd met {_called(bekend, blijft)}"], door)
    note_creditor(db, "anders", blijft, [f"Hierbij gevoegd: {_called(bekend, weg)}"], door)


def unmerge(db: Connection, weg: str, door: str | None = None) -> None:
    """Take a merge back: debts that were entered for `weg` are its own again. Raises InvoerGeweigerd."""
    bekend = read_register(db)
    blijft = _known(bekend, weg).samengevoegd_met
    if blijft is None:
        raise InvoerGeweigerd({"weg": "Deze schuldeiser is niet samengevoegd."})
    _set(db, weg, samengevoegd_met=None)
    note_creditor(db, "erbij", weg, [f"Weer los van {_called(bekend, blijft)}"], door)
    note_creditor(db, "anders", blijft, [f"Weer los: {_called(bekend, weg)}"], door)


def _called(bekend: Register, code: str) -> str:
    """A creditor as it is told for good: with its name, unless it was only proposed."""
    return f"{bekend[code].naam} ({code})" if code in bekend and not bekend[code].is_voorstel else code


def _known(bekend: Register, code: str, veld: str = "weg") -> Schuldeiser:
    if code not in bekend:
        raise InvoerGeweigerd({veld: "Kies een schuldeiser uit het register."})
    return bekend[code]


def _set(db: Connection, code: str, **waarden: object) -> None:
    db.execute(update(schuldeiser).where(schuldeiser.c.code == code).values(waarden))
