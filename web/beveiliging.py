"""What every request and response keeps to: headers, limits, CSRF, and a log without personal data.

Limits per address are counted in the memory of each process: with several workers a limit is that many times as wide,
and a restart forgets it. The waiting time of an account, in the database, holds for all of them.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import MutableMapping
from typing import Any

import structlog
from flask import Flask, Response, abort, current_app, g, has_app_context, render_template, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError, CSRFProtect

from models import klok
from web.filters import digest, has_version

MB = 1024 * 1024
JAAR = 365 * 24 * 3600
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

AFGESLOTEN = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""The policy of a file that somebody brought: whatever is in it, a browser runs and shows nothing of it."""

SETTINGS = {
    "MAX_CONTENT_LENGTH": 20 * MB,
    "MAX_FORM_MEMORY_SIZE": MB,
    "MAX_FORM_PARTS": 1000,
    "PROVIDE_AUTOMATIC_OPTIONS": False,
    "RATELIMIT_HEADERS_ENABLED": False,
    "WTF_I18N_ENABLED": False,
    # The token is tied to the session, which has limits of its own: a form left open for long must not be lost.
    "WTF_CSRF_TIME_LIMIT": None,
}

LOG_KEYS = frozenset(
    "event moment aanvraag endpoint methode status ms medewerker betreft fout plaats adres".split()  # noqa: SIM905
)
"""What a log line may hold; anything else is dropped, so that nothing personal slips in."""

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="moving-window")


class Formulier(FlaskForm):
    """A form with the CSRF token and messages in Dutch."""

    class Meta(FlaskForm.Meta):
        """Where WTForms looks for its words."""

        locales = ("nl",)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was sent; on a page that is opened again, what was kept of it when a session ended."""
            gestuurd = super().wrap_formdata(form, formdata)
            return g.get("concept") if gestuurd is None and formdata is not None else gestuurd


def init_app(app: Flask) -> None:
    """Put headers and log on every response of the application."""
    app.config.from_mapping(SETTINGS)
    app.before_request(_start)
    app.before_request(arrive)
    app.after_request(_log_request)
    app.after_request(set_headers)
    _log_to_stderr(app)


def init_forms(app: Flask) -> None:
    """Check each POST that passed the guard: CSRF token, origin, limits."""
    csrf.init_app(app)
    app.before_request(_refuse_foreign)
    limiter.init_app(app)


def set_headers(response: Response) -> Response:
    """The headers of ui.md and ASVS 3.4 on every response; only a static file with its hash may be kept.

    A view may answer with the policy of a file that was brought, which is stricter.
    """
    beleid = response.headers.get("Content-Security-Policy")
    response.headers.update(headers_of(current_app))
    if beleid == AFGESLOTEN:
        response.headers["Content-Security-Policy"] = beleid
    response.headers["Cache-Control"] = _caching(response)
    return response


def headers_of(app: Flask) -> dict[str, str]:
    """The headers that are the same on every response, whoever makes it."""
    is_https = app.config["SESSION_COOKIE_SECURE"]
    return HEADERS | ({"Strict-Transport-Security": f"max-age={2 * JAAR}; includeSubDomains"} if is_https else {})


def _caching(response: Response) -> str:
    if request.endpoint != "static" or response.status_code not in (200, 304):
        return "no-store"
    pad = (request.view_args or {})["filename"]
    is_fixed = has_version(pad) or request.args.get("v") == digest(pad)
    return f"public, max-age={JAAR}, immutable" if is_fixed else "no-cache"


def arrive() -> str | None:
    """Answer a link from another site or a mail with a page that goes on by itself.

    The session cookie is SameSite=Strict, so it does not come along with such a link, and the log-in page would put
    another in its place and log the user out everywhere. From the page in between it does come along.
    """
    is_link = request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "navigate"
    if is_link and request.headers.get("Sec-Fetch-Site") == "cross-site" and not _has_cookie():
        return render_template("aanmelden/doorgaan.html")
    return None


def _has_cookie() -> bool:
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def _refuse_foreign() -> None:
    """Beside the token: a browser that says that another site sent the form, and signs that no text can hold."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        raise CSRFError("sent by another site")
    if "\0" in request.path or any("\0" in waarde for _, waarde in request.values.items(multi=True)):
        abort(400)


# --- The log ----------------------------------------------------------------------------------------------------------


def _only_known(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {naam: waarde for naam, waarde in event.items() if naam in LOG_KEYS}


def _stamp(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    aanvraag = g.get("aanvraag") if has_app_context() else None
    return {"moment": klok.now().isoformat(timespec="milliseconds"), "aanvraag": aanvraag, **event}


_logger = structlog.wrap_logger(
    logging.getLogger("routekaart.web"), processors=[_stamp, _only_known, structlog.processors.JSONRenderer()]
)


def log(gebeurd: str, **gegevens: Any) -> None:
    """One line of JSON: what happened, by whom (pseudonym), to whom (`betreft`, pseudonym or code)."""
    _logger.info(gebeurd, **gegevens)


def _log_to_stderr(app: Flask) -> None:
    logger = logging.getLogger("routekaart.web")
    logger.setLevel(logging.INFO)
    # The development server writes whole addresses, search terms included.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    if not app.testing and not logger.handlers:
        logger.addHandler(logging.StreamHandler())
        logger.propagate = False


def _start() -> None:
    g.aanvraag, g.begonnen = secrets.token_hex(8), time.perf_counter()


def _log_request(response: Response) -> Response:
    wie = g.get("medewerker")
    if request.endpoint == "static":
        return response
    log(
        "aanvraag",
        endpoint=request.endpoint,
        methode=request.method,
        status=response.status_code,
        ms=round((time.perf_counter() - g.begonnen) * 1000),
        medewerker=wie.pseudoniem if wie else None,
    )
    return response
