"""Whether two sets of data may be of one person, and in what they differ. Pure comparison; who is compared is found by
`personen`.

A double that is made costs more than a question too many, so that a slip of the pen, a maiden name before or after the
other, and first and last name in each other's place all count as alike. Without anything but a name, only the same name
does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from workflow.kluis import tokens
from workflow.persoonsgegevens import Gegevens

VOORVOEGSELS = frozenset("al da de del den der di do dos du el en het la le op ten ter te van von 't t".split())  # noqa: SIM905
BEGIN = 4
"""So many first letters the same make two names alike."""


def looks_alike(bekend: Gegevens, getypt: Gegevens) -> bool:
    """Whether this may be the same person."""
    return any(regel(bekend, getypt) for regel in (_same_name, _born_alike, _lives_alike))


def _same_name(een: Gegevens, ander: Gegevens) -> bool:
    return bool(ander.voornaam) and sorted(tokens(een.naam)) == sorted(tokens(ander.naam))


def _born_alike(een: Gegevens, ander: Gegevens) -> bool:
    return bool(een.geboortedatum) and een.geboortedatum == ander.geboortedatum and _named_alike(een, ander)


def _lives_alike(een: Gegevens, ander: Gegevens) -> bool:
    """At one address live more people of one surname, so first names count there."""
    is_daar = bool(een.postcode and een.huisnummer) and _address(een) == _address(ander)
    return is_daar and (_is_turned(een, ander) or (_named_alike(een, ander) and _called_alike(een, ander)))


def _address(gegevens: Gegevens) -> tuple[str, str]:
    return gegevens.postcode.replace(" ", "").upper(), gegevens.huisnummer


def _named_alike(een: Gegevens, ander: Gegevens) -> bool:
    return _meet(een.achternaam, ander.achternaam) or _is_turned(een, ander)


def _called_alike(een: Gegevens, ander: Gegevens) -> bool:
    """One is not known, or a mere initial, or they are alike."""
    voor, na = ("".join(tokens(gegevens.voornaam)[:1]) for gegevens in (een, ander))
    if min(len(voor), len(na)) < 2:
        return not voor or not na or voor[0] == na[0]
    return _similar(voor, na)


def _is_turned(een: Gegevens, ander: Gegevens) -> bool:
    """First and last name stand in each other's place."""
    return _meet(een.achternaam, ander.voornaam) and _meet(een.voornaam, ander.achternaam)


def _meet(een: str, ander: str) -> bool:
    return any(_similar(a, b) for a in name_parts(een) for b in name_parts(ander))


def name_parts(naam: str) -> list[str]:
    """The parts of a name that tell people apart: without van, de, el; all parts where there are no others."""
    delen = tokens(naam)
    return [deel for deel in delen if deel not in VOORVOEGSELS] or delen


def _similar(een: str, ander: str) -> bool:
    kort = min(len(een), len(ander))
    if een == ander or (kort > BEGIN and een[:BEGIN] == ander[:BEGIN]):
        return True
    return kort >= BEGIN and _edits(een, ander) <= (1 if kort < 6 else 2)


def _edits(een: str, ander: str) -> int:
    """How many letters to add, drop or change (Levenshtein)."""
    vorige = list(range(len(ander) + 1))
    for i, letter in enumerate(een, 1):
        rij = [i]
        for j, tegen in enumerate(ander, 1):
            rij.append(min(vorige[j] + 1, rij[-1] + 1, vorige[j - 1] + (letter != tegen)))
        vorige = rij
    return vorige[-1]


# -- What differs ------------------------------------------------------------------------------------------------------

ADRES = ("postcode", "huisnummer", "toevoeging", "woonplaats")
CONTACT = ("postcode", "huisnummer", "toevoeging", "woonplaats", "telefoon", "email")
NAMEN = ("voornaam", "tussenvoegsel", "achternaam")
IDENTITEIT = (*NAMEN, "geboortedatum", "bsn")


@dataclass(frozen=True, slots=True)
class Verschil:
    """A veld with what is known and what was typed."""

    veld: str
    bekend: str
    getypt: str


def completed(bekend: Gegevens, getypt: Gegevens) -> Gegevens:
    """What is known, with what was not known yet; without contact data where some of those are known otherwise."""
    identiteit = [v for v in _compared(IDENTITEIT, bekend, getypt) if not _is_said(v, bekend)]
    contact = [] if changes(bekend, getypt) else _compared(CONTACT, bekend, updated(bekend, getypt))
    return replace(bekend, **{v.veld: v.getypt for v in [*identiteit, *contact] if not v.bekend})


def updated(bekend: Gegevens, getypt: Gegevens) -> Gegevens:
    """What is known, with the contact data that were typed.

    An address is one whole: who moves takes no addition or town along. One that is to stay secret stays as it is: a
    question about it would tell it.
    """
    vast = ADRES if bekend.is_woonadres_geheim else ()
    nieuw = {veld: waarde for veld in CONTACT if veld not in vast and (waarde := getattr(getypt, veld))}
    if nieuw.get("postcode", bekend.postcode) != bekend.postcode:
        nieuw |= {veld: getattr(getypt, veld) for veld in ("huisnummer", "toevoeging", "woonplaats")}
    if nieuw.get("huisnummer", bekend.huisnummer) != bekend.huisnummer:
        nieuw["toevoeging"] = getypt.toevoeging
    return replace(bekend, **nieuw)


def changes(bekend: Gegevens, getypt: Gegevens) -> list[Verschil]:
    """What `updated` would change, unless it only fills in what was not known."""
    anders = _compared(CONTACT, bekend, updated(bekend, getypt))
    echt = [v for v in anders if _bare(v.bekend) != _bare(v.getypt)]
    return echt if any(v.bekend for v in echt) else []


def contradictions(bekend: Gegevens, getypt: Gegevens) -> list[Verschil]:
    """Names, date of birth or BSN that are known otherwise; the beginning of a name is no contradiction."""
    anders = _compared(IDENTITEIT, bekend, getypt)
    return [v for v in anders if v.bekend and v.getypt != v.bekend and not _is_said(v, bekend)]


def _compared(velden: Iterable[str], bekend: Gegevens, getypt: Gegevens) -> list[Verschil]:
    return [Verschil(veld, getattr(bekend, veld), getattr(getypt, veld)) for veld in velden]


def _is_said(verschil: Verschil, bekend: Gegevens) -> bool:
    """Whether nothing was typed, or names only that the known name has, whole or from the first letter on."""
    if verschil.veld not in NAMEN:
        return not verschil.getypt
    gezegd = tokens(bekend.naam)
    return all(any(deel.startswith(naam) for deel in gezegd) for naam in tokens(verschil.getypt))


def _bare(tekst: str) -> str:
    """A phone number, e-mail address or postcode however it is written."""
    return re.sub(r"^(\+31|0031)", "0", re.sub(r"[\s().\-]", "", tekst.casefold()))


# -- Organisations -----------------------------------------------------------------------------------------------------

RECHTSVORMEN = frozenset("bv nv vof cv cooperatie stichting vereniging maatschap holding groep nederland".split())  # noqa: SIM905


def telling_parts(naam: str) -> list[str]:
    """The parts of the name of an organisation that tell it apart: without legal form, "van", "de"; all where that is
    none."""
    heel = name_parts(naam.replace(".", ""))
    return [deel for deel in heel if deel not in RECHTSVORMEN] or heel


def same_organisation(een: str, ander: str) -> bool:
    """Whether two names may be of one organisation: each part of the shorter name is alike to one of the longer."""
    kort, lang = sorted((telling_parts(een), telling_parts(ander)), key=len)
    return bool(kort) and all(any(_same_word(deel, tegen) for tegen in lang) for deel in kort)


def _same_word(een: str, ander: str) -> bool:
    """The same, but for a slip of the pen, or one is how the other begins: belasting and belastingdienst."""
    kort = min(len(een), len(ander))
    if een == ander or (kort >= BEGIN and (een.startswith(ander) or ander.startswith(een))):
        return True
    return kort > BEGIN and _edits(een, ander) <= (1 if kort < 6 else 2)
