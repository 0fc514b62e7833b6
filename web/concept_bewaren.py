"""The page keeps what is being typed as a draft, while it is typed."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from models import klok
from web.concepten import at_time, typed
from web.toegang import ALLEN, may_use, safe_target, toegang
from workflow import concepten

blueprint = Blueprint("concepten", __name__)


@blueprint.post("/concept")
@toegang(*ALLEN)
def bewaar() -> ResponseReturnValue:
    """Keep what is being typed in the form at the path `pad`, and say when; 400 for a path without such a form.

    With `weg` alone, forget it: its user cancelled, or begins anew.
    """
    adres = _form_address(request.form.get("pad", ""))
    velden = [(naam, waarde) for naam, waarde in typed() if naam != "pad"]
    if adres is None or not velden:
        abort(400)
    if velden == [("weg", "ja")]:
        concepten.drop(g.medewerker.pseudoniem, adres)
        return {}
    concepten.keep(g.medewerker.pseudoniem, adres, velden)
    return {"om": at_time(klok.now_us())}


def _form_address(pad: str) -> str | None:
    """A path of this site as a request names it, when this user may open a form there."""
    if safe_target(pad) is None:
        return None
    kaal, _, vraag = pad.partition("?")
    try:
        regel, _ = current_app.url_map.bind("").match(kaal, "POST", return_rule=True)
    except (HTTPException, RequestRedirect):
        return None
    is_formulier = {"GET", "POST"} <= (regel.methods or set()) and may_use(regel.endpoint, g.medewerker.rol)
    return f"{kaal}?{vraag}" if is_formulier else None
