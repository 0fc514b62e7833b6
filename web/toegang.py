"""Who may use what: every view says it with `@toegang(...)` or `@openbaar`, and one that says nothing is refused.

The rights are decided before anything of the request is read. A view that writes asks again inside its transaction with
`confirm`, so that a role or session taken away in between no longer counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, flash, g, redirect, request, url_for
from flask import session as flask_session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy import Connection

from models.database import reading
from web import concepten
from web.beveiliging import log
from workflow import sessies, zicht
from workflow.medewerkers import Medewerker
from workflow.opdracht import Actor
from workflow.rollen import Rol
from workflow.sessies import Sessie

__all__ = ["ALLEN", "Rol", "confirm", "may_use", "openbaar", "rights", "roles_of", "safe_target", "toegang"]

View = TypeVar("View", bound=Callable[..., Any])

ALLEN = tuple(Rol)
OPENBAAR: frozenset[Rol] = frozenset()
MAX_OPENBAAR = 64 * 1024
"""Bytes that somebody who is not logged in may send."""

login_manager = LoginManager()
login_manager.session_protection = None


class Ingelogd(UserMixin):
    """The user of this request as Flask-Login knows them; its id is the token of the session."""

    def __init__(self, token: str, sessie: Sessie) -> None:
        self.token = token
        self.sessie = sessie

    def get_id(self) -> str:
        """What the signed cookie keeps."""
        return self.token


@login_manager.user_loader
def load_user(token: str) -> Ingelogd | None:
    """The user of a session in force."""
    with reading(current_app.config["DATABASE"]) as db:
        sessie = sessies.find(db, token)
    return Ingelogd(token, sessie) if sessie else None


def toegang(*rollen: Rol) -> Callable[[View], View]:
    """Let these roles, and nobody else, use the view."""
    if not rollen:
        raise ValueError("name the roles, or use @openbaar")
    return _marked(frozenset(rollen))


def openbaar(view: View) -> View:
    """Let everybody use the view, logged in or not."""
    return _marked(OPENBAAR)(view)


def _marked(rollen: frozenset[Rol]) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.toegang = rollen  # type: ignore[attr-defined]
        return view

    return mark


def roles_of(endpoint: str) -> frozenset[Rol] | None:
    """The roles that may use an endpoint; empty when everybody may, None when its view does not say."""
    return getattr(current_app.view_functions.get(endpoint), "toegang", None)


def may_use(endpoint: str, rol: Rol) -> bool:
    """Whether this role may use an endpoint; False for one that does not exist."""
    rollen = roles_of(endpoint)
    return rollen is not None and (rollen == OPENBAAR or rol in rollen)


def rights(app: Flask) -> dict[str, str]:
    """Endpoint -> who may use it, in words as in docs/rechten.md; those that do not say so are left out."""
    rollen = {naam: getattr(view, "toegang", None) for naam, view in sorted(app.view_functions.items())}
    return {naam: _who(wie) for naam, wie in rollen.items() if wie is not None}


def _who(rollen: frozenset[Rol]) -> str:
    if rollen == OPENBAAR:
        return "openbaar"
    return "ingelogd" if rollen == frozenset(ALLEN) else ", ".join(rol for rol in ALLEN if rol in rollen)


def confirm(db: Connection) -> Actor:
    """Who writes in this transaction, read again inside it. Refuses (403) when session or role is not what it was."""
    sessie = sessies.find(db, current_user.get_id(), lock=True)
    if sessie is None or sessie.medewerker != g.medewerker:
        abort(403)
    return actor_of(sessie.medewerker)


def actor_of(medewerker: Medewerker) -> Actor:
    """A medewerker as the log keeps them."""
    return Actor(medewerker.pseudoniem, medewerker.rol.value, medewerker.organisatie)


def safe_target(pad: str | None) -> str | None:
    """The path if it leads to a page of this site; None for anything else, however it is disguised."""
    if not pad or not pad.startswith("/") or len(pad) > 2000:
        return None
    # Browsers drop control characters and read \ as /, so that /\evil.example would be another site.
    if any(teken <= " " or teken in "\\\x7f" for teken in pad):
        return None
    delen = urlsplit(pad)
    return None if pad.startswith("//") or delen.scheme or delen.netloc else pad


def init_app(app: Flask) -> None:
    """Guard every request of the application."""
    login_manager.init_app(app)
    openbaar(app.view_functions["static"])
    app.before_request(guard)
    app.teardown_request(lambda _fout: zicht.look_away())


def guard() -> ResponseReturnValue | None:
    """Find out whose request this is and refuse it unless the view says that they may."""
    g.sessie, g.medewerker, g.door = None, None, None
    zicht.look_away()
    if request.endpoint == "static":
        return None
    _identify()
    if request.endpoint is None:
        return None
    rollen = roles_of(request.endpoint)
    if rollen is None:
        log("toegang_ontbreekt", endpoint=request.endpoint)
        abort(403)
    return _admit(rollen)


def _identify() -> None:
    if not current_user.is_authenticated:
        request.max_content_length = MAX_OPENBAAR
        return
    g.sessie = current_user.sessie
    g.medewerker, g.door = g.sessie.medewerker, actor_of(g.sessie.medewerker)
    zicht.look_as(g.medewerker.pseudoniem, g.medewerker.rol, g.sessie.verborgen)
    if g.sessie.is_stale:
        prolong()


def prolong() -> bool:
    """Note that the session of this request is in use; False when the database was too busy for it."""
    eerder = g.sessie
    g.sessie = sessies.touch(current_app.config["DATABASE"], current_user.get_id(), eerder)
    return g.sessie is not eerder


def _admit(rollen: frozenset[Rol]) -> ResponseReturnValue | None:
    if rollen == OPENBAAR:
        return None
    if g.medewerker is None:
        return to_login()
    if g.medewerker.rol not in rollen:
        log("toegang_geweigerd", endpoint=request.endpoint, medewerker=g.medewerker.pseudoniem)
        abort(403)
    return None


def to_login() -> ResponseReturnValue:
    """Ask to log in and come back here. A script gets 401: it must not show a log-in page inside another page."""
    if request.headers.get("HX-Request"):
        return Response(status=401)
    is_get = request.method in ("GET", "HEAD")
    is_bewaard = not is_get and concepten.keep_of_ended_session()
    if "_user_id" in flask_session:
        flash(_VERLOPEN if is_get else f"{_VERLOPEN} {_BEWAARD if is_bewaard else _NIETS}", "let_op")
    elif not is_get:
        flash(_UITGELOGD, "let_op")
    verder = safe_target(request.full_path.rstrip("?")) if is_get or is_bewaard else referring_page()
    return redirect(url_for("aanmelden.inloggen", verder=None if verder == "/" else verder), 302 if is_get else 303)


_VERLOPEN = "Uw sessie is verlopen. Log opnieuw in."
_NIETS = "Er is niets opgeslagen."
# Who logged out is nobody here any more: kept for them, anybody at the same desk could put words in their mouth.
_UITGELOGD = "U was al uitgelogd. Wat u verstuurde is niet vastgelegd en niet bewaard: vul het opnieuw in."
_BEWAARD = f"{_NIETS} Wat u invulde is bewaard: u ziet het terug als u bent ingelogd."


def referring_page() -> str | None:
    """The path of the page of this site that the request came from."""
    delen = urlsplit(request.referrer or "")
    pad = f"{delen.path}?{delen.query}" if delen.query else delen.path
    return safe_target(pad) if delen.netloc == request.host else None
