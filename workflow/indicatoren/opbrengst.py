"""Opbrengst: what the programme promises. Earlier in view, more people, more success, less relapse, faster."""

from __future__ import annotations

from workflow.indicatoren.begrippen import Ambitie, Herkomst, Indicator, eis
from workflow.indicatoren.bronnen import Regelbron
from workflow.indicatoren.hulp import (
    AFLOOP,
    SITUATIE,
    TOEGELATEN,
)
from workflow.indicatoren.maten import Duur, Kans, Mediaan, Telling, Verhouding
from workflow.indicatoren.mensen import COHORT, IN_SCHULD, PERSONEN_GEMELD, TERUG, TERUGKEER, TERUGKIJKEN
from workflow.indicatoren.wachten import BEREIKT, REGULIER, WACHTEN

GESLAAGD, NIET_GESLAAGD = eis("klasse", "succes"), eis("klasse", "succes", "uitval")


def _wait(code: str, naam: str, doel: str, bron: Regelbron = WACHTEN) -> Duur:
    return Duur(code, naam, bron, (BEREIKT,), (eis("doel", doel),))


MELDINGEN = Telling("meldingen", "Meldingen", SITUATIE)

ALLE = (
    Indicator(
        "O1",
        "Mensen komen eerder in beeld",
        Ambitie.OPBRENGST,
        (
            "Schuld, aantal schuldeisers en maanden achterstand bij de melding, van trajecten die in de "
            "periode begonnen; en het deel via een vroegsignaal. Schuld en schuldeisers zijn wat op de dag van de "
            "melding bekend was: uit het formulier, of het totaal van de schuldenlijst als die die dag had; wat later "
            "op de lijst komt, telt hier niet."
        ),
        "euro",
        Herkomst.LOG,
        (
            Mediaan("schuld", "Schuld bij de melding", SITUATIE, "schuld"),
            Mediaan("schuldeisers", "Schuldeisers bij de melding", SITUATIE, "schuldeisers", eenheid="schuldeisers"),
            Mediaan("maanden_achterstand", "Maanden achterstand", SITUATIE, "achterstand", eenheid="maanden"),
            Verhouding(
                "via_vroegsignaal",
                "Via een vroegsignaal",
                Telling("vroeg", "Via een vroegsignaal", SITUATIE, (eis("vroegsignaal", "ja"),)),
                MELDINGEN,
            ),
        ),
        ("Een bedrag bij de melding is vaak een schatting.", "Onbekend is geen nul: n zegt van hoeveel het bekend is."),
    ),
    Indicator(
        "O2",
        "Instroom",
        Ambitie.OPBRENGST,
        (
            "Trajecten die in de periode met een melding begonnen, de personen daarin, en de toelatingen; geen "
            "splitsingen en ingelezen trajecten."
        ),
        "trajecten",
        Herkomst.LOG,
        (
            MELDINGEN,
            Telling("personen", "Personen", PERSONEN_GEMELD, uniek="persoon", eenheid="personen"),
            Telling("toegelaten", "Toegelaten", TOEGELATEN),
        ),
        ("Meldingen, toelatingen en personen zijn drie verschillende aantallen.",),
    ),
    Indicator(
        "O3",
        "Succesvolle uitstroom in alle onderdelen",
        Ambitie.OPBRENGST,
        (
            "Trajecten die in de periode met succes eindigden, naar laatste instrument. Het trapje: van de trajecten "
            "die met succes of als uitval eindigden (noemer) het deel dat met succes eindigde op een hogere trede dan "
            "die van het eerste instrument na toelating (teller); wie geen instrument had telt alleen in de noemer, en "
            "verhuizing, overlijden, afwijzing en splitsing blijven weg."
        ),
        "trajecten",
        Herkomst.LOG,
        (
            Telling("succes", "Succesvol", AFLOOP, (GESLAAGD,), per=((), ("instrument",))),
            Verhouding(
                "trapje",
                "Een stap hoger",
                Telling("hoger", "Een stap hoger", AFLOOP, (GESLAAGD, eis("hoger", "ja"))),
                Telling("geeindigd", "Succes of uitval", AFLOOP, (NIET_GESLAAGD,)),
            ),
            Telling(
                "uitval_na_stap_omhoog",
                "Uitval na een stap omhoog",
                AFLOOP,
                (eis("klasse", "uitval"), eis("hoger", "ja")),
            ),
        ),
        ("Uitval is nooit succes, ook niet na een stap omhoog.", "Verhuizing en overlijden tellen niet mee."),
    ),
    Indicator(
        "O4",
        "Recidive en terugkeer na uitval",
        Ambitie.OPBRENGST,
        (
            "Meldingen in de periode van wie in de vijf jaar ervoor een minnelijk of wettelijk traject "
            "afrondde (teller) van alle meldingen in de periode (noemer); apart van wie in die tijd uitviel. En van de "
            "trajecten die in de periode met succes eindigden (noemer): het deel dat binnen 1, 2 of 5 jaar met een "
            "nieuwe melding terug was (teller), geschat volgens Kaplan-Meier omdat nog niet iedereen zo lang is "
            "gevolgd; splitsingen en ingelezen trajecten zijn geen terugkeer."
        ),
        "meldingen",
        Herkomst.LOG,
        (
            Telling("recidive", "Recidive", TERUGKEER, (eis("recidive", "ja"),)),
            Verhouding(
                "recidive_deel",
                "Recidive van de meldingen",
                Telling("recidive", "Recidive", TERUGKEER, (eis("recidive", "ja"),)),
                Telling("meldingen", "Meldingen", TERUGKEER),
            ),
            Telling("terugkeer_na_uitval", "Terugkeer na uitval", TERUGKEER, (eis("na_uitval", "ja"),)),
            Kans("cohort", "Van wie slaagde: terug binnen zoveel jaar", COHORT, TERUG, per=(("jaren",),)),
        ),
        (
            "Recidive, terugkeer na uitval en opeenvolgende regelingen zijn drie verschillende dingen.",
            "Van wie kort geleden slaagde, is nog niet bekend of die terugkomt: die telt mee zolang die gevolgd is, en "
            "staat bij nog open. Is nog niemand zo lang gevolgd, dan is het deel nog niet te bepalen.",
            "Begon het log minder dan vijf jaar geleden, dan is minder ver teruggekeken: hoe ver, staat erbij.",
        ),
        terugkijken=TERUGKIJKEN,
    ),
    Indicator(
        "O5",
        "Tempo",
        Ambitie.OPBRENGST,
        (
            "Dagen van de melding tot het eerste gesprek, het plan van aanpak en het eerste instrument, van "
            "trajecten die in de periode begonnen; en hoe lang mensen in de schulden zitten."
        ),
        "dagen",
        Herkomst.LOG,
        (
            Duur(
                "wachttijd",
                "Wachttijd tot het eerste gesprek",
                WACHTEN,
                (BEREIKT,),
                (eis("doel", "eerste_gesprek"), eis("soort", REGULIER)),
            ),
            _wait("melding_tot_plan", "Melding tot plan van aanpak", "plan"),
            _wait("melding_tot_instrument", "Melding tot eerste instrument", "instrument"),
            Duur("in_schuld", "Van eerste melding tot einde met succes", IN_SCHULD, ("succes",)),
        ),
        ("Wie nog wacht telt mee: het gemiddelde van wie klaar is, is te gunstig.",),
    ),
)
