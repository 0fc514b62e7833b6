"""How trajecten flow: which fasen and instrumenten they pass, and where they leave.

Of main trajecten that began in the period by a melding, followed to its end. A drawing of flows may hold no circle, so
a traject that goes back begins a new round: places of one round follow each other in the order of the map.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from workflow.indicatoren.begrippen import OPEN, Ambitie, Herkomst, Indicator, Rij, eis
from workflow.indicatoren.bronnen import Regelbron
from workflow.indicatoren.maten import Telling
from workflow.indicatoren.regels import LOOPT, Staat
from workflow.indicatoren.wegwijzer import Plek, Wegwijzer

if TYPE_CHECKING:
    from workflow.indicatoren.kader import Kader

FASE, INSTRUMENT = "fase", "instrument"
LAGEN = (FASE, INSTRUMENT)
"""What a flow goes along."""

VERDER, ANDERS = "verder", "anders"
EINDE, BEGIN = "einde", "begin"
"""A place of a flow is `round:code`; where it begins and ends, the word stands for the round."""


def places_of(wegwijzer: Wegwijzer, laag: str) -> Mapping[Plek, str]:
    """Stap of a main route -> its fase, or the instrument that it is."""
    if laag == INSTRUMENT:
        return wegwijzer.instrumenten
    return {
        (route, stap.code): stap.fase
        for kaart in wegwijzer.kaarten
        for route in wegwijzer.hoofdroutes & set(kaart.routes)
        for stap in kaart.routes[route].stappen.values()
        if stap.fase
    }


def order_of(wegwijzer: Wegwijzer, laag: str) -> list[str]:
    """The places in the order of the map."""
    gevonden = list(dict.fromkeys(places_of(wegwijzer, laag).values()))
    if laag == FASE:
        fasen = list(dict.fromkeys(fase for kaart in wegwijzer.kaarten for fase in kaart.fasen))
        gevonden.sort(key=fasen.index)
    return gevonden


def visited(staten: Iterable[Staat], plaatsen: Mapping[Plek, str], tot: int) -> list[str]:
    """The places that a traject came by before `tot`, in order."""
    langs = (plaatsen.get(staat.plek) for staat in staten if staat.van < tot)
    return [plaats for plaats, _ in groupby(plaats for plaats in langs if plaats)]


def in_rounds(plaatsen: Sequence[str], volgorde: Mapping[str, int]) -> list[str]:
    """The places with the round before them; a step back on the map begins the next."""
    ronde, gezien = 0, []
    for vorige, plaats in pairwise(["", *plaatsen]):
        ronde += bool(vorige) and volgorde[plaats] < volgorde[vorige]
        gezien.append(f"{ronde}:{plaats}")
    return gezien


def _flows(kader: Kader) -> Iterator[Rij]:
    """Per traject dat in de periode met een melding begon: elke stap van een fase of instrument naar de volgende."""
    tot = kader.vraag.periode.tot
    for laag in LAGEN:
        plaatsen = places_of(kader.wegwijzer, laag)
        volgorde = {plaats: i for i, plaats in enumerate(order_of(kader.wegwijzer, laag))}
        for regel in kader.begonnen:
            langs = in_rounds(visited(regel.staten, plaatsen, tot), volgorde)
            begin = [f"{BEGIN}:"] if laag == INSTRUMENT else []
            einde = f"{EINDE}:{_ended(regel.stand)}"
            for van, naar in pairwise([*begin, *langs, einde]):
                yield regel.traject_id, regel.begin, laag, van, naar


def _ended(stand: str) -> str:
    return OPEN if stand == LOOPT else stand


def _funnel(kader: Kader) -> Iterator[Rij]:
    """Per traject dat in de periode met een melding begon en per fase die het bereikte: hoe het daar verder ging."""
    tot, plaatsen = kader.vraag.periode.tot, places_of(kader.wegwijzer, FASE)
    for regel in kader.begonnen:
        langs = visited(regel.staten, plaatsen, tot)
        for fase in dict.fromkeys(langs):
            is_laatste = fase == langs[-1]
            yield regel.traject_id, regel.begin, fase, _went_on(regel.stand) if is_laatste else VERDER


def _went_on(stand: str) -> str:
    return {LOOPT: OPEN, "succes": VERDER, "uitval": "uitval"}.get(stand, ANDERS)


STROMEN = Regelbron("stromen", ("laag", "van_plek", "naar_plek"), _flows)
TRECHTER = Regelbron("trechter", ("fase", "vervolg"), _funnel)


def _flow(laag: str, naam: str) -> Telling:
    return Telling(f"stroom_{laag}", naam, STROMEN, (eis("laag", laag),), per=(("van_plek", "naar_plek"),))


DOORSTROOM = Indicator(
    "doorstroom",
    "Doorstroom",
    Ambitie.DIENSTVERLENING,
    (
        "Trajecten die in de periode met een melding begonnen, gevolgd tot het einde van de periode: welke fasen zij "
        "bereikten, hoe het daar verder ging, en waar zij de route verlieten."
    ),
    "trajecten",
    Herkomst.LOG,
    (
        Telling("trechter", "Bereikte fasen", TRECHTER, per=((FASE,), (FASE, "vervolg"))),
        _flow(FASE, "Van fase naar fase"),
        _flow(INSTRUMENT, "Van instrument naar instrument"),
    ),
    (
        "Niet elk traject komt in elke fase: na de toelating is er meer dan een weg.",
        "Wie kort geleden begon, is nog onderweg.",
    ),
)
"""Not a line of the programme, but counted and listed like one."""
