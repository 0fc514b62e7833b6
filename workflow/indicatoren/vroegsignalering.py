"""Vroegsignalering: what partners signal, what follows, and what it prevents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from workflow.indicatoren.begrippen import Ambitie, Herkomst, Indicator, OpRoute, Rij, eis
from workflow.indicatoren.bronnen import INGEGAAN, INGEGAAN_DOOR, LOPEND, MIJLPALEN, Regelbron, Tabelbron, in_period
from workflow.indicatoren.hulp import GEEN, overlaps
from workflow.indicatoren.maten import Telling
from workflow.indicatoren.opgaven import Opgavesom
from workflow.indicatoren.regels import ANTWOORDEN
from workflow.indicatoren.wachten import answer

if TYPE_CHECKING:
    from workflow.indicatoren.kader import Kader

ACTIE, LEVERING = "vervolgactie", "levering"
TRAJECT = eis("niveau", "traject")


def _actions(kader: Kader) -> Select[Any]:
    """Vervolgacties in the period, with the signal on which they follow."""
    m = kader.tabel("mijlpaal")
    return select(m.c.traject_id, m.c.dag, m.c.traject_id.label("signaal")).where(
        m.c.naam == ACTIE, *in_period(kader, m)
    )


def _delivered(kader: Kader) -> Select[Any]:
    m = kader.tabel("mijlpaal")
    return select(m.c.traject_id).where(m.c.naam == LEVERING, *in_period(kader, m))


def _active(kader: Kader) -> Iterator[Rij]:
    """Per informatiestroom die op de peildatum is afgesproken en in de periode leverde."""
    dag = kader.vraag.periode.peildatum
    leverde = {traject_id for (traject_id,) in kader.lees(_delivered(kader))}
    for kind in kader.kinderen("informatiestroom"):
        is_afgesproken = kind.van <= dag and (kind.tot is None or kind.tot > dag)
        if is_afgesproken and kind.traject_id in leverde:
            yield kind.traject_id, dag


def _prevented(kader: Kader) -> Iterator[Rij]:
    """Per crisis die in de periode eindigde: of een ontruiming dreigde, en of die is voorkomen."""
    dreiging, gelukt = kader.wegwijzer.waarden("ontruiming"), kader.wegwijzer.waarden("voorkomen")
    for kind in kader.kinderen("crisis"):
        if kind.tot in kader.vraag.periode:
            is_dreiging = answer(kader, kind.traject_id, "crisis_soort") in dreiging
            is_voorkomen = answer(kader, kind.traject_id, "crisis_resultaat") in gelukt
            yield kind.traject_id, kind.tot, "ja" if is_dreiging else "nee", "ja" if is_voorkomen else "nee"


def _parties(kader: Kader) -> Iterator[Rij]:
    """Per samenwerking vanuit een wijkservicepunt op enige dag van de periode: de partij."""
    periode = kader.vraag.periode
    for kind in kader.kinderen("samenwerking"):
        plaats = answer(kader, kind.traject_id, "plaats")
        if plaats and overlaps((kind.van, kind.tot), periode.van, periode.tot):
            partij = answer(kader, kind.traject_id, "partner") or GEEN
            yield kind.traject_id, max(kind.van, periode.van), plaats, partij


def _from_place(kader: Kader) -> Iterator[Rij]:
    """Per samenwerking die in de periode vanuit een wijkservicepunt begon: welk."""
    for kind in kader.kinderen("samenwerking"):
        plaats = answer(kader, kind.traject_id, "plaats")
        if plaats and kind.van in kader.vraag.periode and kind.ingang in INGEGAAN_DOOR:
            yield kind.traject_id, kind.van, plaats


ACTIES = Tabelbron("acties", ("signaal",), _actions)
ACTIEVE_STROMEN = Regelbron("actieve_stromen", (), _active, (_delivered,))
ONTRUIMINGEN = Regelbron("ontruimingen", ("ontruiming", "voorkomen"), _prevented, ANTWOORDEN)
PARTIJEN = Regelbron("partijen", ("plaats", "partij"), _parties, ANTWOORDEN)
VANUIT_PLAATS = Regelbron("vanuit_plaats", ("plaats",), _from_place, ANTWOORDEN)

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
            Telling("actief", "Actief", ACTIEVE_STROMEN, eenheid="stromen"),
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
            Telling("vervolgacties", "Vervolgacties", MIJLPALEN, (eis("mijlpaal", ACTIE),), eenheid="acties"),
            Telling(
                "signalen_met_actie",
                "Signalen met een actie",
                ACTIES,
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
            Opgavesom("huisuitzettingen", "Huisuitzettingen", "V4", "huishoudens"),
            Opgavesom("aangezegd", "Aangezegd", "V4", "huishoudens"),
            Opgavesom("voorkomen", "Voorkomen, volgens de opgever", "V4", "huishoudens"),
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
