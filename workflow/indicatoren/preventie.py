"""Preventie: what partners report about meeting places, lessons and courses; and what the map adds to that."""

from __future__ import annotations

from collections.abc import Collection

from workflow.indicatoren.begrippen import Ambitie, Herkomst, Indicator
from workflow.indicatoren.opgaven import Opgavesom, Opgavespreiding, figures_of
from workflow.routekaart import Opgavesoort, Routekaart

TWEE_TELLINGEN = "Een bezoek is geen persoon: wie vaker komt, telt vaker."

ALLE = (
    Indicator(
        "P1",
        "Bezoekers wijkservicepunten en bezoekers budgetspreekuren aldaar",
        Ambitie.PREVENTIE,
        (
            "Bezoeken aan de wijkservicepunten, en apart bezoeken aan de budgetspreekuren daar, in hele maanden binnen "
            "de periode; maanden die niet zijn opgegeven tellen niet mee."
        ),
        "bezoeken",
        Herkomst.PARTNER,
        (
            Opgavesom("bezoekers", "Bezoekers van het wijkservicepunt", "P1"),
            Opgavesom("budgetspreekuur", "Bezoekers van het budgetspreekuur", "P1"),
        ),
        (
            TWEE_TELLINGEN,
            "Wie voor het budgetspreekuur komt, kan ook bij het wijkservicepunt zijn geteld: tel de reeksen niet op.",
            "Er kwamen in 2016 wijkservicepunten bij, en in vakanties zijn ze soms dicht.",
        ),
    ),
    Indicator(
        "P2",
        "Bezoekers spreekuren op locatie",
        Ambitie.PREVENTIE,
        "Bezoeken aan spreekuren buiten de wijkservicepunten, vooral bij woningcorporaties, in hele kwartalen.",
        "bezoeken",
        Herkomst.PARTNER,
        (Opgavesom("bezoekers", "Bezoekers van het spreekuur", "P2"),),
        (TWEE_TELLINGEN, "Is het spreekuur in een wijkservicepunt, dan kan een bezoek ook bij P1 zijn geteld."),
    ),
    Indicator(
        "P3",
        "(Unieke) bezoekers pasopjegeld.nl",
        Ambitie.PREVENTIE,
        (
            "Bezoeken aan de site, en per maand het aantal unieke bezoekers zoals de meting van de site ze kent; "
            "unieke bezoekers van verschillende maanden worden nooit opgeteld."
        ),
        "bezoeken",
        Herkomst.PARTNER,
        (
            Opgavesom("bezoeken", "Bezoeken aan de site", "P3"),
            Opgavesom("unieke_bezoekers", "Unieke bezoekers per maand", "P3", "unieke bezoekers"),
        ),
        (
            "De site is van de regio: bezoekers komen niet alleen uit Maastricht.",
            "Toestemming voor cookies en bezoek door programma's veranderen de telling.",
        ),
    ),
    Indicator(
        "P4",
        "Scholieren en spreiding scholen No credit, game over",
        Ambitie.PREVENTIE,
        (
            "Middelbare scholieren die in hele schooljaren binnen de periode meededen, en het aantal scholen met ten "
            "minste één scholier."
        ),
        "scholieren",
        Herkomst.PARTNER,
        (
            Opgavesom("scholieren", "Scholieren die meededen", "P4", "scholieren"),
            Opgavespreiding("scholen", "Scholen die meededen", "P4", "scholieren", "scholen"),
        ),
        ("Een schooljaar loopt van augustus tot augustus.", "Een klas die twee keer speelt, kan dubbel zijn geteld."),
    ),
    Indicator(
        "P5",
        "Scholen (en klassen) Week van het geld",
        Ambitie.PREVENTIE,
        "Basisscholen, en klassen, met ten minste één gastles in de Week van het geld, per editie.",
        "scholen",
        Herkomst.PARTNER,
        (
            Opgavesom("scholen", "Scholen die meededen, per editie", "P5", "scholen"),
            Opgavesom("klassen", "Klassen die meededen", "P5", "klassen"),
        ),
        ("Een school die elk jaar meedoet, is één school: scholen van verschillende edities worden niet opgeteld.",),
    ),
    Indicator(
        "P6",
        "Deelnemers klapperprojecten",
        Ambitie.PREVENTIE,
        "Mensen die in hele kwartalen binnen de periode met een klapperproject begonnen, en die het afrondden.",
        "deelnemers",
        Herkomst.PARTNER,
        (
            Opgavesom("gestart", "Begonnen deelnemers", "P6", "deelnemers"),
            Opgavesom("afgerond", "Deelnemers die afrondden", "P6", "deelnemers"),
        ),
        ("Wie aan twee projecten meedoet, telt twee keer.", "Wie afrondt, begon vaak in een eerder kwartaal."),
    ),
    Indicator(
        "P7",
        "Aanvragen bijzondere bijstand en declaratieregelingen",
        Ambitie.PREVENTIE,
        "Ontvangen aanvragen in hele kwartalen binnen de periode, in twee reeksen; toegekend of niet.",
        "aanvragen",
        Herkomst.PARTNER,
        (
            Opgavesom("bijzondere_bijstand", "Aanvragen bijzondere bijstand", "P7", "aanvragen"),
            Opgavesom("declaratieregelingen", "Aanvragen declaratieregelingen", "P7", "aanvragen"),
        ),
        (
            "Een aanvraag is geen huishouden en geen toekenning.",
            "Meer aanvragen is niet vanzelf goed of slecht.",
            "Midden 2016 veranderde de manier van aanvragen: een breuk in de reeks.",
        ),
    ),
    Indicator(
        "P8",
        "Cursisten budgetkring laaggeletterden",
        Ambitie.PREVENTIE,
        "Mensen die in hele kwartalen binnen de periode begonnen met de budgetkring voor laaggeletterden.",
        "cursisten",
        Herkomst.PARTNER,
        (Opgavesom("cursisten", "Cursisten die begonnen", "P8", "cursisten"),),
        ("Alleen de aangepaste cursus: gewone budgetkringen horen er niet bij.",),
    ),
)


def added_by(kaart: Routekaart, bestaand: Collection[str]) -> tuple[Indicator, ...]:
    """An indicator for each soort of report on the map that has none: what is new to count needs no code."""
    nieuw = (soort for soort in kaart.opgaven.values() if soort.code not in bestaand)
    return tuple(_made_of(soort) for soort in nieuw)


def _made_of(soort: Opgavesoort) -> Indicator:
    reeks = next(iter(soort.reeksen.values()))
    return Indicator(
        soort.code,
        soort.naam,
        Ambitie[soort.ambitie.upper()],
        f"{soort.naam}: wat de partners per {soort.ritme} opgeven, alleen over hele perioden.",
        reeks.eenheid,
        Herkomst.PARTNER,
        figures_of(soort),
        ("Staat als opgave op de routekaart; wat niet is opgegeven, is niet nul.",),
    )
