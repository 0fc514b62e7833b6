"""Who works with the demo caseload: organisations, accounts, and how the work is spread over the uitvoerders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from models.organisatie import organisatie
from workflow import medewerkers
from workflow.opdracht import Actor

WACHTWOORD = "demo-wachtwoord-2026"

ORGANISATIES: tuple[tuple[str, str, str], ...] = (
    ("KBL", "Kredietbank Limburg", "kredietbank"),
    ("GM-MAASTRICHT", "Gemeente Maastricht", "gemeente"),
    ("GM-HEERLEN", "Gemeente Heerlen", "gemeente"),
    ("TRAJEKT", "Stichting Trajekt", "partner"),
    ("HUMANITAS", "Humanitas (klapperproject)", "partner"),
    ("LIFT", "Stichting LIFT (budgetkring)", "partner"),
    ("LEERGELD", "Stichting Leergeld", "partner"),
    ("WIJKPRESENTIE", "Stichting Wijkpresentie (Schuld & Budget Buddy)", "partner"),
    ("VLUCHTELINGENWERK", "Vluchtelingenwerk Maastricht", "partner"),
    ("UWV", "UWV", "partner"),
    ("VERSLAVINGSZORG", "Verslavingszorg (demo)", "partner"),
    ("BEWIND-DEMO", "Bewindvoering (demo)", "partner"),
    ("WSP-WEST", "Wijkservicepunt West", "wijkservicepunt"),
    ("WSP-OOST", "Wijkservicepunt Oost", "wijkservicepunt"),
    ("WSP-NOORDOOST", "Wijkservicepunt Noordoost", "wijkservicepunt"),
    ("WSP-ZUID", "Wijkservicepunt Zuid", "wijkservicepunt"),
    ("WSP-CENTRUM", "Wijkservicepunt Centrum", "wijkservicepunt"),
    ("WSP-HEERLEN-NOORD", "Wijkservicepunt Heerlen-Noord", "wijkservicepunt"),
    ("WSP-HEERLEN-STAD", "Wijkservicepunt Heerlen-Stad", "wijkservicepunt"),
    ("ST-WEST", "Sociaal team West", "sociaal_team"),
    ("ST-OOST", "Sociaal team Oost", "sociaal_team"),
    ("ST-CENTRUM", "Sociaal team Centrum", "sociaal_team"),
    ("ST-HEERLEN", "Sociaal team Heerlen", "sociaal_team"),
    ("CORPORATIE-A", "Woningcorporatie A (demo)", "corporatie"),
    ("CORPORATIE-B", "Woningcorporatie B (demo)", "corporatie"),
    ("CORPORATIE-C", "Woningcorporatie C (demo)", "corporatie"),
    ("SZMH", "Sociale Zaken Maastricht-Heuvelland", "gemeente"),
    ("ENERGIE-A", "Energieleverancier A (demo)", "vaste_lasten"),
    ("WATER-A", "Waterbedrijf A (demo)", "vaste_lasten"),
    ("ZORG-A", "Zorgverzekeraar A (demo)", "vaste_lasten"),
    ("TELECOM-A", "Telecomaanbieder A (demo)", "vaste_lasten"),
)
"""Code, name, kind; those that report, and the kinds partner, wijkservicepunt and sociaal_team, the map asks for."""

UITVOERDERS: Mapping[str, int] = {
    "uitvoerder1": 60,
    "uitvoerder2": 92,
    "uitvoerder3": 92,
    "uitvoerder4": 88,
    "uitvoerder5": 84,
    "uitvoerder6": 70,
}
"""Log-in -> share of the open trajecten."""

MEDEWERKERS: tuple[tuple[str, str, str, str], ...] = (
    *((code, f"Uitvoerder {code[-1]}", "uitvoerder", "KBL") for code in UITVOERDERS),
    ("coordinator", "Coördinator", "coordinator", "GM-MAASTRICHT"),
    ("auditor", "Auditor", "auditor", "GM-MAASTRICHT"),
    ("partner", "Partner (Trajekt)", "partner", "TRAJEKT"),
    ("beheerder", "Beheerder", "beheerder", "KBL"),
    ("coordinator2", "Coördinator 2", "coordinator", "GM-MAASTRICHT"),
)
"""Log-in, name, role, organisation; two coordinators, because what one proposes the other decides."""


@dataclass(frozen=True, slots=True)
class Aanmelding:
    """A demo account as it is printed."""

    inlognaam: str
    naam: str
    rol: str


AANMELDINGEN = tuple(Aanmelding(inlognaam, naam, rol) for inlognaam, naam, rol, _ in MEDEWERKERS)


class Team:
    """The demo accounts as actors, and how many open trajecten each uitvoerder has."""

    def __init__(self, actoren: Mapping[str, Actor]) -> None:
        self._actoren = actoren
        self._last = dict.fromkeys(UITVOERDERS, 0)

    def __getitem__(self, inlognaam: str) -> Actor:
        return self._actoren[inlognaam]

    def take(self, behalve: str | None = None) -> str:
        """The log-in of the uitvoerder whose turn it is for one more traject."""
        codes = [code for code in UITVOERDERS if code != behalve]
        keus = min(codes, key=lambda code: (self._last[code] + 1) / UITVOERDERS[code])
        self._last[keus] += 1
        return keus

    def release(self, inlognaam: str | None) -> None:
        """One traject less for this uitvoerder."""
        if inlognaam:
            self._last[inlognaam] -= 1

    def keep(self, inlognaam: str) -> None:
        """One traject more for this uitvoerder, whose turn it need not be."""
        self._last[inlognaam] += 1


def add_team(db: Connection) -> Team:
    """Enter the organisations that are not there yet, and the demo accounts. Raises InvoerGeweigerd."""
    bekend = set(db.execute(select(organisatie.c.code)).scalars())
    nieuw = [{"code": c, "naam": n, "soort": s, "is_actief": True} for c, n, s in ORGANISATIES if c not in bekend]
    if nieuw:
        db.execute(organisatie.insert(), nieuw)
    return Team({inlognaam: _add(db, inlognaam, naam, rol, org) for inlognaam, naam, rol, org in MEDEWERKERS})


def _add(db: Connection, inlognaam: str, naam: str, rol: str, org: str) -> Actor:
    wie = medewerkers.add(db, inlognaam=inlognaam, naam=naam, rol=rol, organisatie=org, wachtwoord=WACHTWOORD)
    return Actor(wie.pseudoniem, rol, org)


def codes(soort: str, deel: str = "") -> list[str]:
    """Codes of the organisations of a kind, those with a part in their code when given."""
    return [code for code, _, welke in ORGANISATIES if welke == soort and deel in code]
