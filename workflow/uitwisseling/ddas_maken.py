"""One traject as DDAS-SHV v1.0 writes it, from the log and the person table.

Promises: an imported traject gives its values back, with what was recorded here since; a traject of our own is told by
the labels of the map alone.

Choices of the format: aanmelding and intake run from the first time in to the last time out (a decision taken anew is
the same intake); of stabilisatie, schuldregeling, oplossing and nazorg the last started counts, because there is room
for one. The toekenningsdatum is the day the schuldregeling was agreed, not the toelating. When help ends with a
beëindigingsbeschikking, its day is the end in all three places. Adjoining periods of one kind of begeleiding are one
period, except as a delivery gave them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from workflow.gezin import Gezin
from workflow.personen import Persoon
from workflow.uitwisseling.ddas_spoor import Spoor, Uitspraak, choose, trail
from workflow.verloop import Verloop

Teksten = Callable[[int], Mapping[tuple[int, str], str]]
Json = dict[str, Any]

EEN_KEER = frozenset({"aanmelding", "intake"})
"""Phases that run from the first time in to the last time out."""

FASEN = ("aanmelding", "intake", "stabilisatie", "oplossing", "nazorg")
REGELING = ("toegekend", "afgewezen", "ingetrokken", "datumVerzoekDwangakkoord", "dwangakkoord")
ZELFDE_DAG = ("einddatum", "uitstroom.datum")

CLIENT = {
    "Burgerservicenummer": "bsn",
    "Geboortedatum": "geboortedatum",
    "Geslachtsaanduiding": "geslacht",
    "Postcode": "postcode",
    "Huisnummer": "huisnummer",
    "Huisnummertoevoeging": "toevoeging",
}
MAX_CLIENTEN = 2


class Verblijf:
    """A stay in a stap with the gebeurtenissen that began and ended it."""

    def __init__(self, stap: str, erin: Spoor) -> None:
        self.stap, self.erin = stap, erin
        self.eruit: Spoor | None = None

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels of its stap."""
        return self.erin.route.stappen[self.stap].labels


def traject_json(gezin: Gezin, verloop: Verloop, teksten: Teksten, mensen: Mapping[str, Persoon]) -> Json:
    """A traject as the format writes it. `teksten` gives the texts of a traject by its id."""
    sporen = _trail(gezin, verloop, teksten)
    kinderen = [_Kind(gezin, kind, teksten) for kind in gezin.kinderen(verloop) if kind.stand.route]
    gekozen = choose([*_phases(sporen), *_facts(sporen, kinderen), *_ends(sporen)])
    geheel = _nested({pad: waarde for pad, waarde in gekozen.items() if _fits(pad, waarde)})
    geheel |= _lists(sporen, kinderen, gekozen)
    if clienten := _clients(verloop, mensen):
        geheel["client"] = clienten
    if "schulden" in gekozen:
        geheel["schulden"] = gekozen["schulden"]
    if gemeente := verloop.stand.kenmerken.get("gemeente"):
        geheel["gemeentecode"] = gemeente
    return geheel


def _trail(gezin: Gezin, verloop: Verloop, teksten: Teksten) -> list[Spoor]:
    return trail(gezin, verloop.traject_id, teksten(verloop.traject_id))


def stays(sporen: Iterable[Spoor]) -> list[Verblijf]:
    """The stays that these gebeurtenissen make."""
    gevonden: list[Verblijf] = []
    for spoor in sporen:
        if spoor.feit.soort in ("start", "overgang") and spoor.feit.naar is not None:
            if gevonden:
                gevonden[-1].eruit = spoor
            gevonden.append(Verblijf(spoor.feit.naar, spoor))
    return gevonden


# Phases.


def _phases(sporen: Sequence[Spoor]) -> Iterator[Uitspraak]:
    verblijven = stays(sporen)
    geleverd = _delivered(sporen)
    for fase in FASEN:
        if runs := _runs(verblijven, fase):
            begin, einde = runs[0 if fase in EEN_KEER else -1][0], runs[-1][-1]
            yield from _fresh(begin.erin, [f"{fase}.startdatum", f"{fase}.einddatum", f"{fase}.soort"])
            yield from _on(f"{fase}.startdatum", begin.erin, geleverd)
            yield from _on(f"{fase}.einddatum", einde.eruit, geleverd)
            yield from _kind_of(fase, begin, sporen)
    if runs := _runs(verblijven, "schuldregeling"):
        yield from _fresh(runs[-1][0].erin, [f"schuldregeling.{naam}" for naam in REGELING])
        yield from _on("schuldregeling.datum", runs[-1][0].erin, geleverd)


def _runs(verblijven: Iterable[Verblijf], fase: str) -> list[list[Verblijf]]:
    """Maximal runs of stays in stappen of a phase."""
    return [list(run) for is_hier, run in groupby(verblijven, lambda v: v.labels.get("ddas") == fase) if is_hier]


def _delivered(sporen: Sequence[Spoor]) -> dict[str, Any]:
    """What the delivery said at first, by path."""
