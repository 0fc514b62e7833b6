"""What is known of a person, and what may be entered: shapes and sentences, no database.

Everything but the surname may be left open; what is filled in must have the shape of what it is called.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from models import klok
from workflow.bsn import is_valid_bsn
from workflow.kalender import date_of
from workflow.kluis import tokens
from workflow.velden import InvoerGeweigerd

NAAMLOOS = "Naam onbekend"
MAX_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Gegevens:
    """What is known of a person. Dates are ISO text; everything but the name may be empty."""

    achternaam: str
    voornaam: str = ""
    tussenvoegsel: str = ""
    geboortedatum: str = ""
    geslacht: str = ""
    bsn: str = ""
    postcode: str = ""
    huisnummer: str = ""
    toevoeging: str = ""
    woonplaats: str = ""
    telefoon: str = ""
    email: str = ""
    taal: str = ""

    @property
    def naam(self) -> str:
        """The name as it is said: Fatima el Amrani. Deliveries have no names."""
        return " ".join(deel for deel in (self.voornaam, self.tussenvoegsel, self.achternaam) if deel) or NAAMLOOS


def as_bsn(tekst: str) -> str:
    """The nine digits of a BSN that was written with dots, blanks or hyphens; anything else as it is."""
    kaal = re.sub(r"[\s.\-]", "", tekst)
    return kaal if is_valid_bsn(kaal) else tekst


def is_phone_number(tekst: str) -> bool:
    """Whether it is 8 to 15 digits, as people write them: with blanks, hyphens, brackets and a plus in front."""
    return bool(re.fullmatch(r"\+?[\d ().\-]+", tekst, re.ASCII)) and 8 <= len(re.sub(r"\D", "", tekst)) <= 15


def is_past_date(tekst: str) -> bool:
    """Whether it is the ISO text of a day since 1900 that is not to come."""
    try:
        return date(1900, 1, 1) <= date.fromisoformat(tekst) <= date_of(klok.today())
    except ValueError:
        return False


def _like(vorm: str) -> Callable[[str], bool]:
    return lambda tekst: bool(re.fullmatch(vorm, tekst, re.ASCII))


VORMEN: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "bsn": (is_valid_bsn, "Dit BSN klopt niet: controleer de negen cijfers."),
    "geboortedatum": (
        is_past_date,
        "Vul een geboortedatum in het verleden in, met het jaar in vier cijfers, zoals 1-9-1980.",
    ),
    "postcode": (_like(r"[1-9]\d{3}[A-Z]{2}"), "Vul de postcode in als vier cijfers en twee letters: 6211 AB."),
    "huisnummer": (_like(r"[1-9]\d{0,4}"), "Vul het huisnummer in cijfers in. Een letter hoort bij de toevoeging."),
    "telefoon": (is_phone_number, "Vul een telefoonnummer in, bijvoorbeeld 06 12 34 56 78 of +32 470 12 34 56."),
    "email": (_like(r"[^\s@]+@[^\s@]+\.[^\s@.]{2,}"), "Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl."),
}
"""What must have a shape when it is filled in, and what is said when it has not."""


def check(gegevens: Gegevens, was: Gegevens | None = None) -> Gegevens:
    """The data cleaned, or InvoerGeweigerd with a sentence for each wrong veld.

    What stays as it `was` is not judged again: an exchange file may have brought it.
    """
    schoon = _cleaned(gegevens)
    nieuw = {k: v for k, v in asdict(schoon).items() if was is None or v != getattr(was, k)}
    if fouten := {k: zin for k, v in nieuw.items() if (zin := _fault(k, v))}:
        raise InvoerGeweigerd(fouten)
    return schoon


def _cleaned(gegevens: Gegevens) -> Gegevens:
    schoon = Gegevens(**{k: " ".join(v.split()) for k, v in asdict(gegevens).items()})
    return replace(schoon, postcode=schoon.postcode.replace(" ", "").upper(), bsn=as_bsn(schoon.bsn))


def _fault(veld: str, waarde: str) -> str | None:
    if zin := _unfit(waarde):
        return zin
    if veld == "achternaam" and not tokens(waarde):
        return "Vul de achternaam in."
    past, zin = VORMEN.get(veld, (bool, ""))
    return zin if waarde and not past(waarde) else None


def _unfit(tekst: str) -> str | None:
    if len(tekst) > MAX_LENGTH:
        return f"Dit antwoord is langer dan {MAX_LENGTH} tekens."
    if any(unicodedata.category(teken) in ("Cc", "Cs") for teken in tekst):
        return "In dit antwoord staat een teken dat niet kan."
    return None
