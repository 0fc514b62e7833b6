"""What someone who leaves a household takes along of its history: where it stood, what was answered, what stood still.

The start row of the new traject keeps this, because its terms go on from where they were: the law counts from the
melding of the household. Only stand and terms read it; the rows of the projections begin with the split.
"""

from __future__ import annotations

from typing import Any

from workflow.gezin import Gezin
from workflow.verloop import Stand, Verloop


def history_of(gezin: Gezin, verloop: Verloop) -> dict[str, Any]:
    """The history of a traject, for the start row of the one that is split off from it."""
    stand = verloop.stand
    return {
        "verblijven": [[*verblijf, *_other_map(stand, nr)] for nr, verblijf in enumerate(stand.verblijven)],
        "kenmerken": [list(kenmerk) for kenmerk in stand.kenmerkverloop() if kenmerk[0] in stand.route.kenmerken],  # type: ignore[union-attr]
        "gegeven": {naam: [list(paar) for paar in paren] for naam, paren in stand.gegeven.items()},
        "opgeschort": _stood_still(gezin, verloop, stand),
    }


def _other_map(stand: Stand, nr: int) -> list[str]:
    """On which map it stood there, where that is not the one that it is on now."""
    kaart = stand.plekken[nr][1]
    return [] if kaart is stand.kaart else [kaart.sha256]


def _stood_still(gezin: Gezin, verloop: Verloop, stand: Stand) -> dict[str, list[list[int | None]]]:
    """Code of a term -> from when, until when and until when at the latest it was suspended."""
    termijnen = stand.kaart.termijnen.values()  # type: ignore[union-attr]
    gevonden = {regel.code: gezin.suspensions(verloop, regel) for regel in termijnen}
    return {code: [[o.van_dag, o.tot_dag, o.uiterlijk_dag] for o in lijst] for code, lijst in gevonden.items() if lijst}
