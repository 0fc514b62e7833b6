"""The placeholders of letters: a closed list, each with what it is and what is said where a dossier has none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workflow.brieven.tekst import Vorm, Waarde


@dataclass(frozen=True, slots=True)
class Plaatshouder:
    """A placeholder: its code, what it stands for, what is said when there is nothing, and an invented example."""

    code: str
    naam: str
    leeg: str
    voorbeeld: Waarde
    vorm: Vorm = "regel"


_ALLE = (
    Plaatshouder(
        "aanhef",
        "De aanhef",
        "Er is geen naam bekend van deze persoon.",
        "Beste mevrouw De Voorbeeld",
    ),
    Plaatshouder("naam", "De naam van de cliënt", "Er is geen naam bekend van deze persoon.", "Vera de Voorbeeld"),
    Plaatshouder("datum", "De datum van de brief", "De brief heeft geen datum.", "1 december 2026"),
    Plaatshouder("dossiernummer", "Het nummer van het traject", "Er is geen dossiernummer.", "SHV-2026-00042"),
    Plaatshouder("behandelaar", "De naam van de behandelaar", "Dit traject heeft geen behandelaar.", "Noor Proef"),
    Plaatshouder(
        "telefoon",
        "Het telefoonnummer in het briefpapier",
        "In het briefpapier staat geen telefoonnummer.",
        "043 000 00 00",
    ),
    Plaatshouder("afzender", "Wie de brief stuurt", "In het briefpapier staat geen afzender.", "Kredietbank Limburg"),
    Plaatshouder(
        "ondertekening",
        "Namens wie de brief wordt ondertekend",
        "In het briefpapier staat niet namens wie wordt ondertekend.",
        "Namens het college van burgemeester en wethouders van Maastricht",
    ),
    Plaatshouder(
        "bezwaaradres",
        "Waar een bezwaarschrift heen moet",
        "In het briefpapier staat niet waar een bezwaarschrift heen moet.",
        "Gemeente Voorbeeld, commissie bezwaarschriften, Postbus 1, 6200 AA Maastricht",
    ),
    Plaatshouder("stap", "De stap waarin het traject staat", "Het traject staat in geen stap.", "Stabilisatie"),
    Plaatshouder(
        "stap_uitleg",
        "De uitleg van die stap voor de cliënt",
        "Bij deze stap staat geen uitleg op de routekaart.",
        "Wij brengen uw inkomsten en uitgaven in balans.",
    ),
    Plaatshouder(
        "afspraak_op",
        "De dag en de tijd van de eerstvolgende afspraak",
        "Er is nog geen afspraak gepland.",
        "dinsdag 15 december 2026 om 10.00 uur",
    ),
    Plaatshouder(
        "afspraak_waar",
        "Waar en hoe die afspraak is",
        "Er is nog geen afspraak gepland, of er staat niet bij waar en hoe die is.",
        "Bij ons op kantoor, Voorbeeldplein 1, Maastricht, kamer 3",
    ),
    Plaatshouder(
        "gemiste_afspraak",
        "De laatste afspraak waarop de cliënt er niet was, met dag en tijd als die bekend zijn",
        "Er is geen gemiste afspraak vastgelegd.",
        "op maandag 30 november 2026 om 10.00 uur een afspraak met ons",
    ),
    Plaatshouder(
        "eerste_gesprek_uiterlijk",
        "De uiterste dag van het eerste gesprek",
        "Er loopt nu geen termijn voor het eerste gesprek.",
        "dinsdag 15 december 2026",
    ),
    Plaatshouder(
        "hersteltermijn_tot",
        "De laatste dag om stukken in te leveren",
        "Er loopt nu geen hersteltermijn: leg eerst vast dat stukken zijn opgevraagd.",
        "dinsdag 15 december 2026",
    ),
    Plaatshouder(
        "besluit_uiterlijk",
        "De uiterste dag van het besluit",
        "Er loopt nu geen beslistermijn, of zij staat stil.",
        "dinsdag 26 januari 2027",
    ),
    Plaatshouder(
        "zienswijze_tot",
        "De laatste dag voor een zienswijze",
        "Er is geen dag vastgelegd tot wanneer een zienswijze kan.",
        "dinsdag 15 december 2026",
    ),
    Plaatshouder(
        "bezwaar_tot_en_met",
        "De laatste dag voor bezwaar, gerekend vanaf de datum van de brief",
        "De routekaart kent geen bezwaartermijn voor dit traject.",
        "dinsdag 12 januari 2027",
    ),
    Plaatshouder(
        "ontbrekende_stukken",
        "De stukken die nog ontbreken",
        "Er ontbreken geen stukken: leg eerst vast welke zijn gevraagd.",
        ("Loonstroken of uitkeringsspecificatie", "Zorgpolis"),
        "lijst",
    ),
    Plaatshouder(
        "aantal_schuldeisers",
        "Het aantal schuldeisers",
        "Het aantal schuldeisers is niet bekend.",
        "12",
    ),
    Plaatshouder(
        "schuldbedrag", "Het totaal van de schulden", "Het bedrag van de schulden is niet bekend.", "€ 18.250"
    ),
    Plaatshouder(
        "gedaan",
        "Welke stappen zijn gezet, met de dag",
        "Er is nog geen stap gezet.",
        ("Melding: 1 september 2026", "Intake: 15 september 2026", "Stabilisatie: begonnen op 2 november 2026"),
        "lijst",
    ),
    Plaatshouder(
        "vervolg",
        "Welke stappen hierna kunnen komen",
        "Na deze stap komt geen andere.",
        ("Minnelijk traject: voorbereiding",),
        "lijst",
    ),
    Plaatshouder(
        "termijnen",
        "De termijnen die lopen",
        "Er lopen nu geen termijnen.",
        (("Termijn", "Tot en met"), ("Stabilisatie", "2 maart 2027")),
        "tabel",
    ),
    Plaatshouder(
        "doorlooptijd",
        "Hoe lang een traject meestal duurt",
        "Er zijn te weinig trajecten om te zeggen hoe lang het meestal duurt.",
        "ongeveer 28 maanden",
    ),
)

PLAATSHOUDERS: Mapping[str, Plaatshouder] = {p.code: p for p in _ALLE}
"""By code, in the order in which they are told."""

VORMEN: Mapping[str, Vorm] = {p.code: p.vorm for p in _ALLE}
