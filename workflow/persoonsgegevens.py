"""What is known of a person, and what may be entered: shapes and sentences, no database.

Everything but the surname may be left open; what is filled in must have the shape of what it is called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from models import klok
from workflow.bsn import is_valid_bsn
from workflow.kalender import date_of
from workflow.kluis import tokens
from workflow.velden import InvoerGeweigerd, too_long

NAAMLOOS = "Naam onbekend"
MAX_LENGTH = 120
JA = "ja"
TEKEN = "In dit antwoord staat een teken dat niet kan. Typ het over: plakken neemt soms onzichtbare tekens mee."
"""Of control characters, and of invisible ones that make a name read otherwise than it is."""

WOONADRES = ("straat", "postcode", "huisnummer", "toevoeging", "woonplaats")

KEUZEN: Mapping[str, Mapping[str, str]] = {
    "tolk": {"nodig": "Tolk nodig", "eigen": "Neemt zelf iemand mee", "niet": "Geen tolk nodig"},
    "bereik_via": {
        "telefoon": "Telefoon",
        "sms": "Sms of chat",
        "email": "E-mail",
        "post": "Post",
        "gemachtigde": "Via de gemachtigde of bewindvoerder",
    },
    "identiteit_document": {
        "paspoort": "Paspoort",
        "identiteitskaart": "Identiteitskaart",
        "rijbewijs": "Rijbewijs",
        "verblijfsdocument": "Verblijfsdocument",
    },
    **{veld: {JA: "Ja"} for veld in ("veilig_postadres", "niet_bellen", "is_doof", "grote_letters")},
}
"""What is chosen from a list: code -> how it is said."""

GROEPEN: Mapping[str, Mapping[str, str]] = {
    "Naam en geboorte": {
        "voornaam": "Voornaam",
        "tussenvoegsel": "Tussenvoegsel",
        "achternaam": "Achternaam",
        "geboortedatum": "Geboortedatum",
        "geslacht": "Geslacht",
        "bsn": "BSN",
    },
    "Woonadres": {
        "straat": "Straat",
        "huisnummer": "Huisnummer",
        "toevoeging": "Toevoeging",
        "postcode": "Postcode",
        "woonplaats": "Woonplaats",
    },
    "Postadres": {
        "post_regel": "Straat en nummer, of postbus",
        "post_postcode": "Postcode van het postadres",
        "post_woonplaats": "Plaats van het postadres",
        "veilig_postadres": "Veilig postadres: toon het woonadres nergens",
    },
    "Bereiken": {
        "telefoon": "Telefoon",
        "email": "E-mail",
        "bereik_via": "Liefst via",
        "bereik_tijden": "Wanneer",
        "niet_bellen": "Niet bellen",
    },
    "Taal en hulp bij contact": {
        "taal": "Taal",
        "tolk": "Tolk",
        "is_doof": "Doof of slechthorend",
        "grote_letters": "Brieven in grote letters",
    },
    "Gemachtigde": {
        "gemachtigde_naam": "Naam van de gemachtigde",
        "gemachtigde_organisatie": "Organisatie van de gemachtigde",
        "gemachtigde_telefoon": "Telefoon van de gemachtigde",
        "gemachtigde_email": "E-mail van de gemachtigde",
    },
    "Bewindvoerder": {
        "bewindvoerder_naam": "Naam van de bewindvoerder",
        "bewindvoerder_organisatie": "Organisatie van de bewindvoerder",
        "bewindvoerder_telefoon": "Telefoon van de bewindvoerder",
        "bewindvoerder_email": "E-mail van de bewindvoerder",
    },
    "Identiteit vastgesteld": {
        "identiteit_document": "Gezien document",
        "identiteit_op": "Gezien op",
        "identiteit_door": "Gezien door",
    },
}
"""All that is known of a person, in groups as pages show them: veld -> its name."""

VELDNAMEN: Mapping[str, str] = {veld: naam for groep in GROEPEN.values() for veld, naam in groep.items()}


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
    straat: str = ""
    post_regel: str = ""
    post_postcode: str = ""
    post_woonplaats: str = ""
    veilig_postadres: str = ""
    tolk: str = ""
    bereik_via: str = ""
    bereik_tijden: str = ""
    niet_bellen: str = ""
    is_doof: str = ""
    grote_letters: str = ""
    gemachtigde_naam: str = ""
    gemachtigde_organisatie: str = ""
    gemachtigde_telefoon: str = ""
    gemachtigde_email: str = ""
    bewindvoerder_naam: str = ""
    bewindvoerder_organisatie: str = ""
    bewindvoerder_telefoon: str = ""
    bewindvoerder_email: str = ""
    identiteit_document: str = ""
    identiteit_op: str = ""
    identiteit_door: str = ""
    """The pseudonym of the medewerker who saw the document."""

    @property
    def naam(self) -> str:
        """The name as it is said: Fatima el Amrani. Deliveries have no names."""
        return " ".join(deel for deel in (self.voornaam, self.tussenvoegsel, self.achternaam) if deel) or NAAMLOOS

    @property
    def is_woonadres_geheim(self) -> bool:
        """Whether the home address stands on no screen and in no letter: post goes to a safe address."""
        return self.veilig_postadres == JA

    @property
    def op_scherm(self) -> Gegevens:
        """The same as pages and letters may show it: without a home address that is to stay secret, and without BSN."""
        dicht = ("bsn", *WOONADRES) if self.is_woonadres_geheim else ("bsn",)
        return replace(self, **dict.fromkeys(dicht, ""))

    @property
    def woonadres(self) -> tuple[str, ...]:
        """The lines of the home address; none where it is to stay secret."""
        open_ = self.op_scherm
        nummer = f"{open_.huisnummer}{open_.toevoeging}"
        eerste = " ".join(deel for deel in (open_.straat, nummer) if deel)
        return tuple(deel for deel in (eerste, _place(open_.postcode, open_.woonplaats)) if deel)

    @property
    def adres_in_zin(self) -> str:
        """The home address on one line, as far as it is known and may be shown."""
        open_ = self.op_scherm
        nummer = f"{open_.huisnummer}{open_.toevoeging}"
        if open_.straat:
            return ", ".join(self.woonadres)
        eerste = " ".join(deel for deel in (in_blocks(open_.postcode), nummer) if deel)
        return ", ".join(deel for deel in (eerste, open_.woonplaats) if deel)

    @property
    def postadres(self) -> tuple[str, ...]:
        """The lines of the postal address; none where letters go to the home address."""
        eigen = (self.post_regel, _place(self.post_postcode, self.post_woonplaats))
        return tuple(deel for deel in eigen if deel)


def _place(postcode: str, plaats: str) -> str:
    """The last line of an address: 6211 AB Maastricht."""
    return " ".join(deel for deel in (in_blocks(postcode), plaats) if deel)


def in_blocks(postcode: str) -> str:
    """A Dutch postcode as it is written: 6211 AB; anything else as it is."""
    is_nederlands = len(postcode) == 6 and postcode[:4].isdecimal() and postcode[4:].isalpha()
    return f"{postcode[:4]} {postcode[4:]}" if is_nederlands else postcode


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
    "identiteit_op": (is_past_date, "Vul een dag in het verleden in, of vandaag, zoals 1-9-2026."),
    "identiteit_door": (_like(r"[0-9a-f]{32}"), "Vul in wie het document zag."),
    **{veld: (keuzen.__contains__, "Kies een van de mogelijkheden.") for veld, keuzen in KEUZEN.items()},
}
"""What must have a shape when it is filled in, and what is said when it has not."""

ALS = {"post_postcode": "postcode"} | {
    f"{wie}_{veld}": veld for wie in ("gemachtigde", "bewindvoerder") for veld in ("telefoon", "email")
}
"""What has the shape of something else."""

ALLEEN_SAMEN = ("post_regel", "post_woonplaats")


def check(gegevens: Gegevens, was: Gegevens | None = None) -> Gegevens:
    """The data cleaned, or InvoerGeweigerd with a sentence for each wrong veld.

    What stays as it `was` is not judged again: an exchange file may have brought it.
    """
    schoon = _cleaned(gegevens)
    nieuw = {k: v for k, v in asdict(schoon).items() if was is None or v != getattr(was, k)}
    fouten = {k: zin for k, v in nieuw.items() if (zin := _fault(k, v))}
    if fouten := _missing(schoon, nieuw) | fouten:
        raise InvoerGeweigerd(fouten)
    return schoon


def _missing(gegevens: Gegevens, nieuw: Mapping[str, str]) -> dict[str, str]:
    """What goes together and was given in part."""
    fouten = {}
    is_postadres = gegevens.post_regel and gegevens.post_woonplaats
    if gegevens.is_woonadres_geheim and not is_postadres and nieuw.keys() & {"veilig_postadres", *ALLEEN_SAMEN}:
        fouten["post_regel"] = "Vul het postadres in waar post veilig aankomt."
    is_half = bool(gegevens.identiteit_document) != bool(gegevens.identiteit_op)
    if is_half and nieuw.keys() & {"identiteit_document", "identiteit_op"}:
        leeg = "identiteit_op" if gegevens.identiteit_document else "identiteit_document"
        fouten[leeg] = "Vul in welk document is gezien en op welke dag, of geen van beide."
    return fouten


def _cleaned(gegevens: Gegevens) -> Gegevens:
    schoon = Gegevens(**{k: " ".join(v.split()) for k, v in asdict(gegevens).items()})
    postcodes = {veld: getattr(schoon, veld).replace(" ", "").upper() for veld in ("postcode", "post_postcode")}
    return replace(schoon, **postcodes, bsn=as_bsn(schoon.bsn))


def _fault(veld: str, waarde: str) -> str | None:
    if zin := _unfit(waarde):
        return zin
    if veld == "achternaam" and not tokens(waarde):
        return "Vul de achternaam in."
    past, zin = VORMEN.get(ALS.get(veld, veld), (bool, ""))
    return zin if waarde and not past(waarde) else None


def _unfit(tekst: str) -> str | None:
    if len(tekst) > MAX_LENGTH:
        return too_long("Dit antwoord", len(tekst), MAX_LENGTH)
    return None if tekst.isprintable() else TEKEN
