"""The map in force during a request, read once for the page and its footer."""

from __future__ import annotations

from flask import g
from sqlalchemy import Connection

from workflow.kaarten import in_force
from workflow.routekaart import Routekaart


def map_now(db: Connection) -> Routekaart:
    """The version of the map in force. Raises GeenKaart."""
    if "kaart_nu" not in g:
        g.kaart_nu = in_force(db)
    kaart: Routekaart = g.kaart_nu
    return kaart
