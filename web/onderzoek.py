"""What an auditor looks into: a sample that anybody can draw again. Nothing is written."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, request

from models.database import reading
from web.filters import getal
from web.indicatoren import LEZERS, Vak, asked
from web.indicatorvraag import PERIODEN
from web.toegang import toegang
from workflow.steekproef import MAX_GROOTTE, MAX_ZAAD, SOORTEN, Soort, Steekproef, draw

blueprint = Blueprint("onderzoek", __name__, url_prefix="/onderzoek")

GROOTTE = 25
GROOTTES = (10, 25, 50, 100, 250, MAX_GROOTTE)
NAMEN = {"trajecten": "Trajecten", "gebeurtenissen": "Gebeurtenissen"}
TE_LANG = f"Een zaad heeft hoogstens {MAX_ZAAD} tekens."


@blueprint.get("/steekproef")
@toegang(*LEZERS)
def steekproef() -> str:
    """A sample of the trajecten or gebeurtenissen of a period, once there is a seed."""
    with reading(current_app.config["DATABASE"]) as db:
        vak = asked(db)
        vraag = _asked_sample()
        fout = TE_LANG if len(vraag["zaad"]) > MAX_ZAAD else ""
        getrokken = draw(vak.kader, **vraag) if vraag["zaad"] and not fout else None
        return render_template(
            "onderzoek/steekproef.html",
            vak=vak,
            keuze=vak.keuze,
            perioden=PERIODEN,
            namen=NAMEN,
            groottes=[(n, getal(n)) for n in sorted({*GROOTTES, vraag["grootte"]})],
            gevraagd=vraag,
            fout=fout,
            steekproef=getrokken,
            regels=_lines(getrokken, vak) if getrokken else (),
        )


def _asked_sample() -> dict[str, Any]:
    soort: Soort = "gebeurtenissen" if request.args.get("soort") == "gebeurtenissen" else SOORTEN[0]
    grootte = request.args.get("grootte", GROOTTE, int)
    return {
        "soort": soort,
        "grootte": min(max(grootte, 1), MAX_GROOTTE),
        "zaad": request.args.get("zaad", "").strip(),
    }


def _lines(getrokken: Steekproef, vak: Vak) -> list[dict[str, Any]]:
    woord = vak.woorden.waarde
    return [
        {"nr": nr, "trekking": t, "wat": woord("overgang", t.overgang) if t.overgang else woord("", t.soort or "")}
        for nr, t in enumerate(getrokken.getrokken, 1)
    ]
