"""Sentences as a case worker writes them down, invented, without a name or an address in any of them."""

from __future__ import annotations

from collections.abc import Mapping

VAN_VELD: Mapping[str, tuple[str, ...]] = {
    "notitie": (
        "Dossier doorgenomen, volgende stap staat in de agenda.",
        "Vraag van een schuldeiser beantwoord.",
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

BIJ_OVERGANG: Mapping[str, tuple[str, ...]] = {
    "melding_registreren": (
        "Heeft al langer schulden, vraagt nu voor het eerst hulp.",
        "Cliënt belde zelf; is bang voor een deurwaarder.",
        "Formulier via de website, graag terugbellen na vijf uur.",
    ),
    "eerste_contact_vastleggen": (
        "Kennisgemaakt en uitgelegd wat schuldhulp is.",
        "Voicemail ingesproken en een bericht gestuurd.",
    ),
    "contact_vastleggen": (
        "Telefonisch besproken, cliënt begrijpt de volgende stap.",
        "Betaling van deze maand is binnen.",
        "Cliënt maakt zich zorgen over de huur; adres van het wijkservicepunt gegeven.",
        "Uitleg gegeven over de beslagvrije voet.",
        "Nieuwe baan gevonden, inkomen wordt opnieuw bekeken.",
        "Afgesproken dat cliënt zelf de energieleverancier belt.",
        "Kwijtschelding van de gemeentelijke belasting aangevraagd.",
        "Toeslag was verkeerd berekend; herziening aangevraagd.",
        "Tolk aanwezig bij het gesprek.",
    ),
    "nazorgcontact_vastleggen": (
        "Gaat goed, houdt elke maand iets over.",
        "Heeft de nieuwe energierekening besproken, geen achterstand.",
    ),
    "niet_verschijnen_vastleggen": ("Zonder bericht niet gekomen.", "Een uur later gebeld: was de afspraak vergeten."),
    "rappel_versturen": ("Tweede verzoek om de stukken.", "Nieuwe datum voorgesteld."),
    "vtlb_herberekenen": ("Huurtoeslag gewijzigd.", "Kind is het huis uit, woonlasten gelijk gebleven."),
    "herstelgesprek_voeren": ("Afspraken opnieuw op papier gezet.", "Achterstand wordt in drie maanden ingelopen."),
    "zienswijze_vastleggen": ("Wil doorgaan, maar komt de afspraken niet na.", "Is het eens met het beëindigen."),
    "uitval_vastleggen": ("Uitgelegd dat opnieuw aanvragen altijd mag.", "Geen reactie op brieven en telefoontjes."),
    "uitstromen": ("Trots en opgelucht; weet waar hulp te vinden is.", "Administratie op orde, eindgesprek gehouden."),
    "reacties_vastleggen": ("Grootste schuldeiser wil eerst schriftelijk bericht.", "Bijna iedereen heeft gereageerd."),
    "advies_geven": (
        "Rekenhulp en lijst met toeslagen doorgenomen.",
        "Uitleg over betalingsregeling met de verhuurder.",
    ),
}
"""Overgang -> what may be written in its toelichting."""

AFWEGING = {
    "eerdere_schuldhulp": "Schuldhulp eindigde kort geleden door eigen toedoen; er zijn geen nieuwe omstandigheden.",
    "fraude": "Onherroepelijk vastgestelde fraude; de gevolgen voor het gezin zijn meegewogen.",
    "geen_rechtmatig_verblijf": "Er is geen geldige verblijfstitel; verwezen naar juridische hulp.",
    "geen_inwoner": "Staat ingeschreven in een andere gemeente; daarheen verwezen.",
}
"""Reden for an afwijzing -> the personal weighing that the decision gives."""
