"""Error pages: Dutch, what happened and what to do, whether something was saved, and nothing of the inside.

The log gets the kind of error and the places it came through, never its message: that may quote what somebody typed.
"""

from __future__ import annotations

import errno
import traceback
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

from flask import Flask, Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from web import concepten
from web.beveiliging import log
from web.toegang import may_use
from workflow.gezin import Afgeschermd, OnbekendTraject
from workflow.instellingen import InstellingOntbreekt
from workflow.kluis import KluisDicht
from workflow.medewerkers import OnbekendeMedewerker
from workflow.opdracht import Conflict
from workflow.personen import OnbekendePersoon

OPNIEUW = "Er is niets opgeslagen. Ga terug en probeer het opnieuw."

TEKSTEN: dict[int, tuple[str, str]] = {
    400: ("Deze aanvraag klopt niet", OPNIEUW),
    403: (
        "U mag deze pagina niet gebruiken",
        "Uw rol geeft hier geen toegang toe. Denkt u dat dit niet klopt? Vraag het aan de beheerder.",
    ),
    404: ("Deze pagina is er niet", "Controleer het adres, of zoek het dossier op nummer of naam."),
    405: ("Zo werkt deze pagina niet", OPNIEUW),
    409: (
        "Iemand anders was u voor",
        "Er is niets opgeslagen. Bekijk de nieuwe stand en voer uw wijziging opnieuw in als die nog klopt.",
    ),
    413: ("Dit is te groot", "Er is niets opgeslagen. U kunt hoogstens 20 MB tegelijk versturen."),
    415: ("Dit soort bestand kan hier niet", OPNIEUW),
    429: ("U probeert het te vaak", "Er is niets opgeslagen. Wacht een minuut en probeer het dan opnieuw."),
    500: (
        "Er ging iets mis",
        "Het kan zijn dat uw laatste wijziging niet is opgeslagen. Kijk dat na voordat u het opnieuw probeert.",
    ),
    503: (
        "Het programma is even bezet",
        "Er is niets opgeslagen. Wacht even en laad deze pagina opnieuw, of ga terug en verstuur nog een keer.",
    ),
    507: (
        "De opslag is vol",
        "Er is niets opgeslagen. Waarschuw de beheerder. Wat al was opgeslagen is bewaard en kunt u gewoon bekijken.",
    ),
}

VERLOPEN = (
    "Dit formulier is verlopen",
    "Er is niets opgeslagen. Ga terug, laad de pagina opnieuw en vul het formulier nog een keer in.",
)

VOOR_ANDEREN = (
    "Dit dossier is afgeschermd",
    "Alleen wie daarvoor is aangewezen kan het openen. Moet u in dit dossier zijn? Vraag het aan de coördinator.",
)
INZIEN = "Toch openen, met een reden"

OP_SLOT = (
    "De gegevens zijn op slot",
    "De sleutel van dit programma past niet op de gegevens. Er is niets opgeslagen. Waarschuw de beheerder.",
)

VAN_EERDER = (
    "Dit formulier is verlopen",
    "Er is niets opgeslagen. U bent intussen opnieuw ingelogd. Uw invoer is bewaard: ga verder en verstuur opnieuw.",
)

SCHRIJFT_NIET = (
    "Er kan niets worden opgeslagen",
    "De schijf is vol of werkt niet. Kijk na of uw laatste wijziging is opgeslagen en waarschuw de beheerder.",
)

BEZET = ("database is locked", "database table is locked", "database is busy")
ONBEREIKBAAR = ("unable to open database", "connection")
KAPOT = ("disk i/o error", "readonly database")
VOL = ("database or disk is full",)
GEEN_RUIMTE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
BEZET_STATES = ("55P03", "40P01", "40001", "57014")
"""PostgreSQL: lock not available, deadlock, serialization failure, statement timeout."""


def init_app(app: Flask) -> None:
    """Show a page of our own for everything that goes wrong."""
    app.register_error_handler(HTTPException, show_http)
    app.register_error_handler(CSRFError, show_expired)
    app.register_error_handler(Afgeschermd, show_shielded)
    app.register_error_handler(OnbekendTraject, lambda _: show(404))
    app.register_error_handler(OnbekendePersoon, lambda _: show(404))
    app.register_error_handler(OnbekendeMedewerker, lambda _: show(404))
    app.register_error_handler(Conflict, show_conflict)
    app.register_error_handler(OperationalError, show_database)
    app.register_error_handler(OSError, show_disk)
    app.register_error_handler(KluisDicht, show_locked)
    app.register_error_handler(InstellingOntbreekt, show_locked)


def show_shielded(fout: Afgeschermd) -> ResponseReturnValue:
    """The page for a dossier that is out of sight; who may open it all the same is told how."""
    wie = g.get("medewerker")
    nummer = str(fout)
    if nummer and wie is not None and may_use("afscherming.inzien", wie.rol):
        return show(403, *VOOR_ANDEREN, links=[{"url": url_for("afscherming.inzien", nummer=nummer), "naam": INZIEN}])
    return show(403, *VOOR_ANDEREN)


def show_expired(_fout: CSRFError) -> ResponseReturnValue:
    """The page for a form that was not of this session; one of an earlier session can be gone on with."""
    if not concepten.keep_of_earlier_session():
        return show(400, *VERLOPEN)
    verder = {"url": request.full_path.rstrip("?"), "naam": "Verder met wat u invulde"}
    return show(400, *VAN_EERDER, links=[verder])


def show(
    code: int, kop: str | None = None, uitleg: str | None = None, links: Sequence[Mapping[str, str]] = ()
) -> tuple[str, int]:
    """The error page for a status; `links` lead on, to the first page when there are none."""
    vaste_kop, vaste_uitleg = TEKSTEN.get(code, TEKSTEN[500 if code >= 500 else 400])
    kenmerk = g.get("aanvraag") if code >= 500 else None
    pagina = render_template(
        "fout.html", code=code, kop=kop or vaste_kop, uitleg=uitleg or vaste_uitleg, kenmerk=kenmerk, links=links
    )
    return pagina, code


def show_http(fout: HTTPException) -> ResponseReturnValue:
    """The page for an error of HTTP; redirects and ready answers pass."""
    if fout.code is None or fout.code < 400 or fout.response is not None:
        return fout.get_response()
    antwoord = Response(*show(fout.code))
    if fout.code in (429, 503):
        antwoord.headers["Retry-After"] = "60" if fout.code == 429 else "5"
    if fout.code == 405:
        antwoord.allow.update(getattr(fout, "valid_methods", None) or ())
    return antwoord


def show_conflict(fout: Conflict) -> ResponseReturnValue:
    """The page for somebody who came second, with the sentence that says so."""
    return show(409, uitleg=f"{fout.zin} Er is niets opgeslagen.")


def show_disk(fout: OSError) -> ResponseReturnValue:
    """No room for a file; other faults are ours (500)."""
    if fout.errno not in GEEN_RUIMTE:
        raise fout
    log_error(fout)
    return show(507)


def show_locked(fout: KluisDicht | InstellingOntbreekt) -> ResponseReturnValue:
    """The key is gone or is another one: nothing a user can do, and nothing was kept under it."""
    log_error(fout)
    return show(503, *OP_SLOT)


def show_database(fout: OperationalError) -> ResponseReturnValue:
    """A full or broken disk is told apart from a busy or missing database; other faults are ours (500)."""
    tekst, staat = str(fout.orig).lower(), getattr(fout.orig, "sqlstate", None)
    if any(zin in tekst for zin in VOL) or staat == "53100":
        log_error(fout)
        return show(507)
    if any(zin in tekst for zin in KAPOT):
        log_error(fout)
        return show(507, *SCHRIJFT_NIET)
    is_bezet = any(zin in tekst for zin in BEZET) or staat in BEZET_STATES
    if not is_bezet and not any(zin in tekst for zin in ONBEREIKBAAR):
        raise fout
    log_error(fout)
    return Response(*show(503), headers={"Retry-After": "5"})


def log_error(fout: BaseException, spoor: TracebackType | None = None) -> None:
    """A log line with the kind of error and where it came through."""
    delen = traceback.extract_tb(spoor or fout.__traceback__)
    plaats = [f"{deel.filename.rpartition('/')[2]}:{deel.lineno} {deel.name}" for deel in delen]
    log("fout", fout=type(fout).__name__, plaats=plaats[-12:])


class FoutenLogger:
    """Mixin of the application: what nobody caught is logged without its message."""

    def log_exception(self, exc_info: Any) -> None:
        """Called by Flask for an exception that becomes a 500."""
        log_error(exc_info[1], exc_info[2])
