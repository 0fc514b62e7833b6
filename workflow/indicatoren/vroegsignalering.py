"""Vroegsignalering: what partners signal, what follows, and what it prevents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workflow.indicatoren.begrippen import Ambitie, Herkomst, Indicator, OpRoute, Rij, eis
from workflow.indicatoren.bronnen import GEEINDIGD, IN_PERIODE, INGEGAAN, LOPEND, MIJLPALEN, Regelbron
from workflow.indicatoren.hulp import GEEN, with_answer
from workflow.indicatoren.maten import Telling
from workflow.indicatoren.wachten import answer

if TYPE_CHECKING:
    from workflow.indicatoren.kader import Kader

TRAJECT = eis("niveau", "traject")
GESTART = with_answer(INGEGAAN, "plaats")
IN_SAMENWERKING = with_answer(IN_PERIODE, "plaats")


def _actions(kader: Kader) -> Iterator[Rij]:
    """Per vervolgactie in de periode: op welk vroegsignaal."""
    i = 2 + MIJLPALEN.kolommen.index("mijlpaal")
    yield from ((rij[0], rij[1], rij[i], rij[0]) for rij in kader.rijen(MIJLPALEN))


def _prevented(kader: Kader) -> Iterator[Rij]:
    """Per crisis die in de periode eindigde: of een ontruiming dreigde, en of die is voorkomen."""
    crises, dreiging, gelukt = (
        kader.wegwijzer.routes("crisis"),
        kader.wegwijzer.waarden("ontruiming"),
        kader.wegwijzer.waarden("voorkomen"),
    )
    i = 2 + GEEINDIGD.kolommen.index("route")
    for rij in kader.rijen(GEEINDIGD):
        if rij[2] == "traject" and rij[i] in crises:
            is_dreiging = answer(kader, rij[0], "crisis_soort") in dreiging
            is_voorkomen = answer(kader, rij[0], "crisis_resultaat") in gelukt
            yield rij[0], rij[1], "ja" if is_dreiging else "nee", "ja" if is_voorkomen else "nee"


def _parties(kader: Kader) -> Iterator[Rij]:
    """Per samenwerking vanuit een wijkservicepunt in de periode: de partij."""
    samen = kader.wegwijzer.routes("samenwerking")
    for traject_id, dag, route, plaats in kader.rijen(IN_SAMENWERKING):
        if route in samen and plaats != GEEN:
            yield traject_id, dag, plaats, answer(kader, traject_id, "partner") or GEEN


def _from_place(kader: Kader) -> Iterator[Rij]:
    """Per samenwerking die in de periode vanuit een wijkservicepunt begon: welk."""
    samen = kader.wegwijzer.routes("samenwerking")
    for traject_id, dag, route, plaats in kader.rijen(GESTART):
        if route in samen and plaats != GEEN:
            yield traject_id, dag, plaats


ACTIES = Regelbron("acties", ("mijlpaal", "signaal"), _actions)
ONTRUIMINGEN = Regelbron("ontruimingen", ("ontruiming", "voorkomen"), _prevented)
PARTIJEN = Regelbron("partijen", ("plaats", "partij"), _parties)
VANUIT_PLAATS = Regelbron("vanuit_plaats", ("plaats",), _from_place)

ALLE = (
    Indicator(
        "V1",
        "Aantal meldingen",
        Ambitie.VROEGSIGNALERING,
        "Vroegsignalen die in de periode binnenkwamen; een herhaald signaal telt opnieuw.",
        "signalen",
        Herkomst.LOG,
        (Telling("signalen", "Vroegsignalen", INGEGAAN, (TRAJECT, OpRoute("vroegsignaal")), eenheid="signalen"),),
        (
            "Een vroegsignaal is iets anders dan een melding bij schuldhulp.",
            "Sinds 2021 zijn signalen wettelijk verplicht: eerdere jaren zijn niet vergelijkbaar.",
        ),
    ),
    Indicator(
        "V2",
        "Aantal informatiestromen",
        Ambitie.VROEGSIGNALERING,
        (
            "Afgesproken stromen van signalen op de laatste dag van de periode, en daarvan de stromen die in "
            "de periode leverden."
        ),
        "stromen",
        Herkomst.LOG,
        (
            Telling("afgesproken", "Afgesproken", LOPEND, (TRAJECT, OpRoute("informatiestroom")), eenheid="stromen"),
            Telling("actief", "Actief", ACTIES, (eis("mijlpaal", "levering"),), uniek="signaal", eenheid="stromen"),
        ),
        ("Afgesproken is nog niet actief: een partij kan tekenen en niets sturen.",),
    ),
    Indicator(
        "V3",
        "Aantal vervolgacties",
        Ambitie.VROEGSIGNALERING,
        (
            "Contactpogingen en andere acties na een vroegsignaal in de periode, en het aantal signalen met "
            "ten minste een actie."
        ),
        "acties",
        Herkomst.LOG,
        (
            Telling("vervolgacties", "Vervolgacties", MIJLPALEN, (eis("mijlpaal", "vervolgactie"),), eenheid="acties"),
            Telling(
                "signalen_met_actie",
                "Signalen met een actie",
                ACTIES,
                (eis("mijlpaal", "vervolgactie"),),
                uniek="signaal",
                eenheid="signalen",
            ),
        ),
        ("Een actie is geen zaak: bij een signaal horen vaak meer acties.",),
    ),
    Indicator(
        "V4",
        "Aantal huisuitzettingen",
        Ambitie.VROEGSIGNALERING,
        (
            "Huisuitzettingen wegens schulden die woningcorporaties opgeven; apart de ontruimingen die in een "
            "crisis zijn voorkomen."
        ),
        "huishoudens",
        Herkomst.BEIDE,
        (
            Telling(
                "voorkomen_in_crisis",
                "Voorkomen in een crisisinterventie",
                ONTRUIMINGEN,
                (eis("ontruiming", "ja"), eis("voorkomen", "ja")),
                eenheid="huishoudens",
            ),
        ),
        ("Particuliere verhuurders ontbreken.", "Andere redenen voor ontruiming horen er niet bij."),
    ),
    Indicator(
        "V5",
        "Gezamenlijke trajecten vanuit wijkservicepunten",
        Ambitie.VROEGSIGNALERING,
        "Samenwerkingen met een partner die in de periode vanuit een wijkservicepunt begonnen.",
        "samenwerkingen",
        Herkomst.LOG,
        (
            Telling(
                "gestart",
                "Gestart",
                VANUIT_PLAATS,
                per=((), ("plaats",)),
                eenheid="samenwerkingen",
            ),
        ),
        ("Alleen samenwerkingen bij een traject schuldhulp staan in het log.",),
    ),
    Indicator(
        "V6",
        "Partijen betrokken bij vroegsignalering vanuit wijkservicepunten",
        Ambitie.VROEGSIGNALERING,
        (
            "Verschillende partnerorganisaties in een samenwerking vanuit een wijkservicepunt op enige dag van "
            "de periode."
        ),
        "organisaties",
        Herkomst.LOG,
        (Telling("partijen", "Partijen", PARTIJEN, per=((), ("plaats",)), uniek="partij", eenheid="organisaties"),),
        ("Aantallen per wijkservicepunt tellen niet op tot het totaal.",),
    ),
)
