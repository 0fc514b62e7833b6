"""Contact with a client and with others about them: what was recorded of it, on a traject and all that hangs on it.

Contacts are the overgangen that the map labels `contact: ja`, attempts that reached nobody among them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from workflow.antwoorden import said
from workflow.gezin import Gezin
from workflow.historie import Feit
from workflow.overzichten import medewerkers, texts_of_all
from workflow.routekaart import Overgang, Route, Veld
from workflow.verloop import Verloop, is_contact
from workflow.zinnen import gaps, happened


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact: on which traject, when, what in a sentence, the other answers, the note, and who recorded it.

    `telt`: it was contact with the client, from which silence counts. `gegeven` are the codes of the answers.
    """

    nummer: str
    route: str
    volgnummer: int
    dag: int
    zin: str
    antwoorden: tuple[tuple[str, str], ...]
    notities: tuple[str, ...]
    door: str
    telt: bool
    gegeven: Mapping[str, Any]


def contacts(db: Connection, gezin: Gezin, verloop: Verloop, velden: Sequence[Veld]) -> list[Contact]:
    """Every contact on a traject and what hangs on it, the last first; two statements.

    Of the answers only those to `velden`, what one asks of a contact: a contact may also be a step with much to answer.
    """
    gevraagd = {veld.code for veld in velden}
    gevonden = [(lid, feit) for lid in with_children(gezin, verloop) for feit in _recorded(lid)]
    teksten = texts_of_all(db, {lid.traject_id for lid, _ in gevonden})
    namen = medewerkers(db, {str(feit.inhoud.get("door")) for _, feit in gevonden})
    regels = [_contact(lid, feit, teksten, namen, gevraagd) for lid, feit in gevonden]
    return sorted(regels, key=lambda c: (c.dag, c.nummer == verloop.nummer, c.volgnummer), reverse=True)


def with_children(gezin: Gezin, verloop: Verloop) -> Iterator[Verloop]:
    """A traject and all that hangs on it, however deep."""
    yield verloop
    for kind in gezin.kinderen(verloop):
        yield from with_children(gezin, kind)


def _recorded(verloop: Verloop) -> Iterator[Feit]:
    for feit in verloop.feiten:
        route = _route(verloop, feit)
        if route is not None and feit.overgang in route.contacten:
            yield feit


def _route(verloop: Verloop, feit: Feit) -> Route | None:
    """The route on the map of the fact."""
    return verloop.kaarten[feit.routekaart].routes.get(verloop.oorsprong["route"])


def _contact(
    verloop: Verloop,
    feit: Feit,
    teksten: Mapping[tuple[int, int, str], str],
    namen: Mapping[str, str],
    gevraagd: Collection[str],
) -> Contact:
    route = verloop.kaarten[feit.routekaart].routes[verloop.oorsprong["route"]]
    keus = route.alle_overgangen[feit.overgang or ""]
    eigen = [veld.code for veld in keus.velden if veld.soort == "tekst"]
    notities = [teksten.get((verloop.traject_id, feit.volgnummer, code)) for code in eigen]
    return Contact(
        nummer=verloop.nummer,
        route=route.naam,
        volgnummer=feit.volgnummer,
        dag=feit.dag,
        zin=happened(keus, feit.invoer, lambda veld, waarde: said(veld, waarde, {})),
        antwoorden=tuple(_rest(keus, feit, gevraagd)),
        notities=tuple(notitie for notitie in notities if notitie),
        door=namen.get(str(feit.inhoud.get("door")), "Onbekend"),
        telt=is_contact(route.contacten[keus.code], feit.invoer),
        gegeven=feit.invoer,
    )


def _rest(keus: Overgang, feit: Feit, gevraagd: Collection[str]) -> Iterator[tuple[str, str]]:
    """The answers that the sentence does not say."""
    over = set(gevraagd) - {gat.veld for gat in gaps(keus.gebeurd)}
    for veld in keus.velden:
        waarde = feit.invoer.get(veld.code)
        if waarde is not None and veld.code in over and veld.soort != "tekst":
            yield veld.label, said(veld, waarde, {})
