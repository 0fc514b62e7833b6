"""The application, put together: settings, start-up checks, blueprints, and what every page shows.

Settings beside those of `workflow.instellingen`: ROUTEKAART_HTTPS ("ja" where users come in over https: Secure cookies
and HSTS) and ROUTEKAART_PROXIES (how many proxies of our own stand in front, default 0: whose word about address and
scheme is taken).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import Flask, Request, Response, current_app, g, redirect, render_template, request, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix

from models import klok
from web import beveiliging, filters, fouten, toegang
from web.opstart import check_start
from workflow import instellingen
from workflow.medewerkers import ROLNAMEN

BLUEPRINTS = ("web.aanmelden", "web.beheer")
"""Modules with a `blueprint`; one that cannot be imported stops the program."""


@dataclass(frozen=True, slots=True)
class Navigatiepunt:
    """An entry of the main menu. Who sees it follows from who may use its endpoint; `toets` comes after g."""

    endpoint: str
    naam: str
    toets: str


NAVIGATIE = (
    Navigatiepunt("werkvoorraad.toon", "Werkvoorraad", "w"),
    Navigatiepunt("meldingen.nieuw", "Nieuwe melding", "n"),
    Navigatiepunt("uitwisseling.toon", "Uitwisseling", "u"),
    Navigatiepunt("beheer.medewerkers", "Beheer", "b"),
)
"""The main menu in order; entries whose endpoint does not exist are left out."""

ZOEK = "werkvoorraad.toon"
ZOEK_TIPS = "werkvoorraad.zoek_tips"


class Koekjes(SecureCookieSessionInterface):
    """The signed session cookie, left out of answers with static files: those are the same for everybody."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie along."""
        if request.endpoint != "static":
            super().save_session(app, session, response)


class Routekaart(fouten.FoutenLogger, Flask):
    """The Flask application."""

    session_interface = Koekjes()


def create_app(database: str | None = None, testing: bool = False) -> Flask:
    """The application on a database (a SQLAlchemy address; that of the settings when left out).

    Raises OpstartGeweigerd and InstellingOntbreekt with a sentence in English that says what to do.
    """
    app = Routekaart(__name__)
    app.testing = testing
    app.config.update(_settings(database or instellingen.database_url()))
    check_start(app)
    _trust_proxies(app)
    beveiliging.init_app(app)
    toegang.init_app(app)
    beveiliging.init_forms(app)
    filters.init_app(app)
    fouten.init_app(app)
    for naam in BLUEPRINTS:
        app.register_blueprint(import_module(naam).blueprint)
    app.add_url_rule("/", "start", toegang.toegang(*toegang.ALLEN)(start))
    app.context_processor(page_context)
    return app


def _settings(url: str) -> dict[str, Any]:
    is_https = instellingen.setting("ROUTEKAART_HTTPS") == "ja"
    return {
        "DATABASE": url,
        "SECRET_KEY": instellingen.key("ROUTEKAART_SECRET_KEY"),
        "PROEFOMGEVING": not instellingen.holds_real_data(),
        "VERSIE": _version(),
        "SESSION_COOKIE_NAME": "__Host-routekaart" if is_https else "routekaart",
        "SESSION_COOKIE_SECURE": is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "PREFERRED_URL_SCHEME": "https" if is_https else "http",
    }


def _version() -> str:
    try:
        return version("routekaart")
    except PackageNotFoundError:
        return ""


def _trust_proxies(app: Flask) -> None:
    tekst = instellingen.setting("ROUTEKAART_PROXIES") or "0"
    if not tekst.isdecimal():
        raise instellingen.InstellingOntbreekt("ROUTEKAART_PROXIES must be a number: how many proxies stand in front")
    if n := int(tekst):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]


def start() -> ResponseReturnValue:
    """The first page: that of the first menu entry of the user's role."""
    if menu := navigation(request):
        return redirect(menu[0]["url"])
    return render_template("aanmelden/start.html")


def navigation(aanvraag: Request) -> list[dict[str, Any]]:
    """The menu entries of the user of this request; nothing when nobody is logged in."""
    wie = g.get("medewerker")
    if wie is None:
        return []
    return [
        {"url": url_for(p.endpoint), "naam": p.naam, "toets": p.toets, "actief": _is_here(p, aanvraag)}
        for p in NAVIGATIE
        if toegang.may_use(p.endpoint, wie.rol)
    ]


def _is_here(punt: Navigatiepunt, aanvraag: Request) -> bool:
    return punt.endpoint.partition(".")[0] == aanvraag.blueprint


def page_context() -> dict[str, Any]:
    """What basis.html reads on every page."""
    return {
        "proefomgeving": current_app.config["PROEFOMGEVING"],
        "versie": current_app.config["VERSIE"],
        "thema": request.cookies.get("thema"),
        "inlog_url": url_for("aanmelden.inloggen"),
        "start_url": url_for("start"),
        **(_user_context() if g.get("medewerker") else {}),
    }


def _user_context() -> dict[str, Any]:
    return {
        "gebruiker": {"naam": g.medewerker.naam, "rol": ROLNAMEN[g.medewerker.rol]},
        "navigatie": navigation(request),
        "zoek_url": _url_if_allowed(ZOEK),
        "zoek_tips_url": _url_if_allowed(ZOEK_TIPS),
        "uitlog_url": url_for("aanmelden.uitloggen"),
        "thema_url": url_for("aanmelden.thema"),
        "verleng_url": url_for("aanmelden.verleng"),
        "sessie_tot": g.sessie.tot // klok.MICROSECONDS,
        "nu": klok.now_us() // klok.MICROSECONDS,
        "vandaag": filters.datum_kort(klok.today()),
        "voetlinks": [{"url": url_for("aanmelden.wachtwoord"), "naam": "Wachtwoord wijzigen"}],
    }


def _url_if_allowed(endpoint: str) -> str | None:
    return url_for(endpoint) if toegang.may_use(endpoint, g.medewerker.rol) else None
