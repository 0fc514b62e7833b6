"""What the search box in the header may ask: a dossier number or a name, never a BSN.

What is searched for stands in the address, and an address is kept: in histories, in the logs of proxies, in a link that
is passed on. The page stops a BSN before it is sent; what comes all the same is answered without repeating it.
"""

from __future__ import annotations

import re

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

GEEN_BSN = (
    "Dit lijkt op een BSN. Zoek hier niet op BSN: wat u hier typt, komt in het adres van de pagina te staan."
    " Zoek op dossiernummer of naam, of zoek de persoon op BSN bij Nieuwe melding."
)
BSN = r"(?<!\d)\d(?:[\s.]*\d){7,8}(?!\d)"
"""Eight or nine digits, with blanks or dots between them; a hyphen makes it (part of) a dossier number."""

ZONDER_BSN = rf"(?!.*{BSN}).*"
"""The same for the browser: what the search box may hold."""

_bsn = re.compile(BSN)


def init_app(app: Flask) -> None:
    """Refuse a BSN in an address before anything else reads it."""
    app.before_request(refuse_bsn)
    app.context_processor(lambda: {"geen_bsn": GEEN_BSN, "zonder_bsn": ZONDER_BSN})


def refuse_bsn() -> ResponseReturnValue | None:
    """Send a search for a BSN on to an address without it, with the sentence that says why."""
    if not any(_bsn.search(zoek) for zoek in request.args.getlist("zoek")):
        return None
    if request.headers.get("HX-Request"):
        return render_template("werkvoorraad/tips.html", regels=(), zoek="", zin=GEEN_BSN)
    flash(GEEN_BSN, "fout")
    return redirect(url_for("start"))
