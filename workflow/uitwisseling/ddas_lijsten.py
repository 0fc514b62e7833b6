"""The lists of a traject in DDAS-SHV v1.0: begeleiding, crisisinterventies, moratoria, voorlopige voorzieningen.

An item is a child traject, or a stay on the main route that the map labels as begeleiding. Adjoining or overlapping
periods of one kind of begeleiding are one period (a variant of budgetbeheer is no new budgetbeheer); what a delivery
gave as items stays as it was, in its order.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from workflow.uitwisseling.ddas_schema import LIJSTEN, resolve, traject_node
from workflow.uitwisseling.ddas_spoor import EIGEN, GELEVERD, Spoor, Uitspraak, answers, choose

Json = dict[str, Any]
OPEN = "9999-12-31"


class Kindspoor:
    """A child traject: which list it belongs to, of which kind, and the item it is there."""

    def __init__(self, sporen: Sequence[Spoor]) -> None:
        self.sporen = sporen
        self.is_geleverd = sporen[0].rang == GELEVERD

    @cached_property
    def _labels(self) -> list[Mapping[str, str]]:
        return [{**s.route.labels, **s.labels} for s in self.sporen if s.beweegt and not s.sluit]

    @property
    def lijst(self) -> str | None:
        """The list it belongs to."""
        return next((naam for labels in self._labels if (naam := labels.get("ddas")) in LIJSTEN), None)

    @property
    def soort(self) -> str | None:
        """Its kind, the last it had."""
        return next((labels["ddas_soort"] for labels in reversed(self._labels) if "ddas_soort" in labels), None)

    def item(self) -> Json:
        """The item of the list; empty when there is nothing to tell, as of a request that was never granted."""
        namen = resolve(resolve(traject_node()["properties"][self.lijst])["items"])["properties"]
        gekozen = choose(self._told("datumAanvraag" in namen))
        if "startdatum" not in gekozen:
            gekozen.pop("einddatum", None)
        if self.soort:
            gekozen["soort"] = self.soort
        return {naam: waarde for naam, waarde in gekozen.items() if naam in namen}

    def _told(self, met_aanvraag: bool) -> Iterator[Uitspraak]:
        for nr, spoor in enumerate(self.sporen):
            if nr == 0 and not self._is_request:
                yield from spoor.says("startdatum", spoor.eerste_dag)
            elif nr == 0 and met_aanvraag:
                yield from spoor.says("datumAanvraag", spoor.eerste_dag)
            if spoor.label == "goedkeuring":
                yield from spoor.says("datumGoedkeuring", spoor.dag)
                yield from spoor.says("startdatum", spoor.dag)
            yield from answers(spoor)
            if spoor.sluit:
                yield from spoor.says("einddatum", spoor.dag)
            elif spoor.beweegt and spoor.rang == EIGEN:
                yield from spoor.says("einddatum", None)

    @property
    def _is_request(self) -> bool:
        """Whether it began by asking for something that had yet to be granted."""
        start = self.sporen[0]
        van = start.feit.naar
        return any(o.labels.get("ddas") == "goedkeuring" and van in o.van for o in start.route.overgangen.values())


def lists(sporen: Sequence[Spoor], kinderen: Iterable[Kindspoor], gekozen: Mapping[str, Any]) -> Json:
    """Every list with its items. `gekozen` holds the items that were kept apart, at paths like `moratoria[0]`."""
    per_lijst: dict[str, list[Kindspoor]] = {lijst: [] for lijst in LIJSTEN}
    for kind in kinderen:
        if kind.lijst:
            per_lijst[kind.lijst].append(kind)
    return {lijst: _items(lijst, per_lijst[lijst], sporen, gekozen) for lijst in LIJSTEN}


def _items(lijst: str, kinderen: Sequence[Kindspoor], sporen: Sequence[Spoor], gekozen: Mapping[str, Any]) -> list[Any]:
    geleverd: list[Any] = []
    eigen: list[Json] = []
    for kind in kinderen:
        if item := kind.item():
            (geleverd if kind.is_geleverd else eigen).append(item)
    for nr, item in sorted(_kept(lijst, gekozen)):
        geleverd.insert(nr, item)
    if lijst == "begeleiding":
        eigen = _merged([*eigen, *_own_stays(sporen, {kind.soort for kind in kinderen if kind.is_geleverd})])
    return geleverd + eigen


def _kept(lijst: str, gekozen: Mapping[str, Any]) -> Iterator[tuple[int, Any]]:
    for pad, waarde in gekozen.items():
        if m := re.fullmatch(rf"{lijst}\[(\d{{1,6}})\]", pad):
            yield int(m[1]), waarde


def _own_stays(sporen: Sequence[Spoor], geleverd: Container[str | None]) -> list[Json]:
    """Stays on the main route that are begeleiding; of a kind that was delivered only those recorded here since."""
    gevonden: list[Json] = []
    loopt = False
    for spoor in sporen:
        if not spoor.beweegt:
            continue
        if loopt:
            gevonden[-1]["einddatum"] = spoor.dag
        soort = spoor.labels.get("ddas_soort")
        loopt = spoor.labels.get("ddas") == "begeleiding" and (spoor.rang == EIGEN or soort not in geleverd)
        if loopt:
            gevonden.append({"soort": soort, "startdatum": spoor.dag})
    return gevonden


def _merged(items: Iterable[Json]) -> list[Json]:
    samen: list[Json] = []
    laatste: dict[Any, Json] = {}
    for item in sorted(items, key=lambda i: i.get("startdatum", "")):
        was = laatste.get(item.get("soort"))
        if was is None or was.get("einddatum", OPEN) < item.get("startdatum", ""):
            laatste[item.get("soort")] = item
            samen.append(item)
        elif was.get("einddatum", OPEN) < item.get("einddatum", OPEN):
            was.pop("einddatum")
            was |= {naam: waarde for naam, waarde in item.items() if naam == "einddatum"}
    return samen
