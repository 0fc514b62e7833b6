"""Sentences as a case worker writes them down, invented, without a name or an address in any of them."""

from __future__ import annotations

from collections.abc import Mapping

VAN_VELD: Mapping[str, tuple[str, ...]] = {
    "notitie": (
        "Dossier doorgenomen, volgende stap staat in de agenda.",
        "Vraag van de bewindvoerder beantwoord.",
        "Brief van de zorgverzekeraar gescand en toegevoegd.",
        "Met collega overlegd over de volgorde van de stappen.",
        "Cliënt heeft een nieuw telefoonnummer doorgegeven.",
        "Loonstroken van de laatste drie maanden bekeken.",
    ),
    "hulpvraag": (
        "Wil weer overzicht en rust in de geldzaken.",
        "Kan de huur en de energierekening niet meer samen betalen.",
        "Heeft beslag op het loon en houdt te weinig over.",
        "Wil weten hoe groot de schuld is en hoe die weg kan.",
        "Raakte achterop na het verlies van werk.",
        "Na de scheiding staan alle schulden op één naam.",
    ),
    "gevraagde_stukken": (
        "Bankafschriften van drie maanden en het huurcontract.",
        "Loonstroken, uitkeringsspecificatie en de laatste aanslag.",
        "Kopie van de toeslagen en de polis van de zorgverzekering.",
    ),
    "voorwaarden_plan": (
        "Geen nieuwe schulden en vaste lasten op tijd betalen.",
        "Post elke week openen en meenemen naar de afspraak.",
        "Meewerken aan budgetbeheer zolang dat nodig is.",
    ),
    "motivering": (
        "De situatie is sinds de screening veranderd; met de cliënt besproken en samen gekozen.",
        "Gezien het inkomen en de gezinssituatie past deze vorm nu beter dan het advies.",
        "Eerder geprobeerd en toen niet gelukt; daarom deze keer een andere weg.",
    ),
    "omschrijving": ("Overgenomen uit het vorige systeem.", "Overgedragen bij verhuizing naar onze gemeente."),
}
"""Veld -> what may be written there."""

TOELICHTING = (
    "Telefonisch besproken, cliënt begrijpt de volgende stap.",
    "Cliënt kwam samen met een familielid.",
    "Voicemail ingesproken en een bericht gestuurd.",
    "Afspraak verliep goed, stukken waren compleet.",
    "Cliënt maakt zich zorgen over de huur; adres van het wijkservicepunt gegeven.",
    "Betaling van deze maand is binnen.",
    "Tolk aanwezig bij het gesprek.",
    "Uitleg gegeven over de beslagvrije voet.",
    "Cliënt is verhuisd binnen de gemeente.",
    "Nieuwe baan gevonden, inkomen wordt opnieuw bekeken.",
    "Afgesproken dat cliënt zelf de energieleverancier belt.",
    "Kwijtschelding van de gemeentelijke belasting aangevraagd.",
    "Toeslag was verkeerd berekend; herziening aangevraagd.",
    "Cliënt was ziek, nieuwe datum afgesproken.",
    "Schuldeiser wil eerst schriftelijk bericht.",
)

AFWEGING = {
    "eerdere_schuldhulp": "Kort geleden is schuldhulp beëindigd door eigen toedoen; er zijn geen nieuwe omstandigheden.",
    "fraude": "Onherroepelijk vastgestelde fraude; de gevolgen voor het gezin zijn meegewogen.",
    "geen_rechtmatig_verblijf": "Er is geen geldige verblijfstitel; verwezen naar juridische hulp.",
    "geen_inwoner": "Staat ingeschreven in een andere gemeente; daarheen verwezen.",
}
"""Reden for an afwijzing -> the personal weighing that the decision gives."""
