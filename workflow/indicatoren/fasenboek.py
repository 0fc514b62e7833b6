"""The phase ledger: what was in each fase when the period began, what came in, what went out, and what was left.

What was there and came in is what went out and was left: an equation that holds for every fase, period and moment of
knowing. Stays of one day count on both sides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, case, or_, select

from workflow.indicatoren.begrippen import OPEN, Ambitie, Herkomst, Indicator, eis
from workflow.indicatoren.bronnen import Tabelbron, of_gemeente
from workflow.indicatoren.doorstroom import FASE
from workflow.indicatoren.maten import Telling

if TYPE_CHECKING:
    from workflow.indicatoren.kader import Kader

INGANGEN: Mapping[str, str] = {
    "start": "Melding",
    "overgang": "Uit een andere fase",
    "splitsing": "Door splitsing",
    "heropend": "Heropend",
    "import": "Ingelezen",
    "migratie": "Andere kaart",
}
UITGANGEN: Mapping[str, str] = {
    "door": "Naar een andere fase",
    "succes": "Succes",
    "uitval": "Uitval",
    "neutraal": "Neutraal",
    "afwijzing": "Afwijzing",
    "splitsing": "Door splitsing",
}


@dataclass(slots=True)
class Faseregel:
    """One fase: open when the period began, in by ingang, out by class, open when it ended."""

    fase: str
    open_begin: int = 0
    erin: Counter[str] = field(default_factory=Counter)
    eruit: Counter[str] = field(default_factory=Counter)
    open_eind: int = 0

    def add(self, ingang: str, begin: str, klasse: str, eind: str, n: int) -> None:
        """Take in stays that began before or in the period, and ended in or after it."""
        if begin == VOOR:
            self.open_begin += n
        else:
            self.erin[ingang] += n
        if eind == IN:
            self.eruit[klasse] += n
        else:
            self.open_eind += n


def phase_ledger(kader: Kader) -> Sequence[Faseregel]:
    """The lines of the ledger in the order of the map; fasen with nothing in them are left out."""
    regels: dict[str, Faseregel] = {}
    for (fase, ingang, begin, klasse, eind), n in ERIN.groepen(kader, ERIN.kolommen).items():
        regels.setdefault(fase, Faseregel(fase)).add(ingang, begin, klasse, eind, n)
    volgorde = list(kader.wegwijzer.namen["fase"])
    return sorted(regels.values(), key=lambda regel: volgorde.index(regel.fase))


# -- The stays behind its numbers --------------------------------------------------------------------------------------


def _stays(kader: Kader, *, by_end: bool) -> Select[Any]:
    """Stays in a fase on some day of the period: by the day on which they began, or ended in it."""
    v, periode = kader.tabel("verblijf"), kader.vraag.periode
    is_klaar = v.c.tot_dag < periode.tot
    dag = case((is_klaar, v.c.tot_dag), else_=v.c.van_dag) if by_end else v.c.van_dag
    return select(
        *(v.c.traject_id, dag.label("dag"), v.c.fase, v.c.ingang.label("erin")),
        case((v.c.van_dag < periode.van, VOOR), else_=IN).label("begin"),
        case((is_klaar, v.c.klasse), else_=OPEN).label("eruit"),
        case((is_klaar, IN), else_=NA).label("eind"),
    ).where(
        *(v.c.niveau == "fase", v.c.route.in_(sorted(kader.wegwijzer.hoofdroutes)), *of_gemeente(kader, v)),
        *(v.c.van_dag < periode.tot, or_(v.c.tot_dag.is_(None), v.c.tot_dag >= periode.van)),
    )


VOOR, IN, NA = "voor", "in", "na"
KOLOMMEN = (FASE, "erin", "begin", "eruit", "eind")
ERIN = Tabelbron("fasenboek_erin", KOLOMMEN, partial(_stays, by_end=False))
ERUIT = Tabelbron("fasenboek_eruit", KOLOMMEN, partial(_stays, by_end=True))

FASENBOEK = Indicator(
    "fasenboek",
    "Fasenboek",
    Ambitie.DIENSTVERLENING,
    (
        "Verblijven van trajecten in een fase: wat er bij het begin van de periode was en erbij kwam, is er aan het "
        "einde van de periode uit gegaan of er nog."
    ),
    "trajecten",
    Herkomst.LOG,
    (
        Telling("open_begin", "Open bij begin", ERIN, (eis("begin", VOOR),), per=((FASE,),)),
        Telling("erin", "Erin gekomen", ERIN, (eis("begin", IN),), per=((FASE, "erin"),)),
        Telling("samen_erin", "Open bij begin en erin gekomen", ERIN, per=((FASE,),)),
        Telling("eruit", "Eruit gegaan", ERUIT, (eis("eind", IN),), per=((FASE, "eruit"),)),
        Telling("open_eind", "Open bij einde", ERUIT, (eis("eind", NA),), per=((FASE,),)),
        Telling("samen_eruit", "Eruit gegaan en open bij einde", ERUIT, per=((FASE,),)),
    ),
    ("Wie binnen de periode een fase verlaat en er terugkomt, telt twee keer.",),
)
"""Not a line of the programme, but its numbers have lists like those of one."""
