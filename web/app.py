"""The application, put together: settings, start-up checks, blueprints, and what every page shows.

Settings beside those of `workflow.instellingen`: ROUTEKAART_HTTPS ("ja" where users come in over https: Secure cookies
and HSTS) and ROUTEKAART_PROXIES (how many proxies of our own stand in front, default 0: whose word about address and
scheme is taken).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from typing import Any

from flask import Flask, Request, Response, current_app, g, redirect, render_template, request, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, select
from sqlalchemy.exc import DatabaseError
from werkzeug.middleware.proxy_fix import ProxyFix

from models import klok
from models.database import engine, reading
from models.routekaartversie import routekaartversie
from web import beveiliging, concepten, dossier, filters, fouten, toegang, zoeken
from web.kaart_nu import map_now
from workflow import hoofdsleutel, instellingen, opslag
from workflow.hoofdsleutel import SleutelPastNiet
from workflow.merken import is_demo
from workflow.rollen import ROLNAMEN

BLUEPRINTS = (
    "web.aanmelden",
    "web.concept_bewaren",
    "web.vandaag",
    "web.werkvoorraad",
    "web.vervanging",
    "web.meldingen",
    "web.trajecten",
    "web.afdruk",
    "web.brieven",
    "web.sjablonen",
    "web.contacten",
    "web.stukken",
    "web.agenda",
    "web.wachten",
    "web.schulden",
    "web.schuldenbestand",
    "web.schuldeisers",
    "web.personen",
    "web.afscherming",
    "web.terugkijken",
    "web.voorstellen",
    "web.stuurinformatie",
    "web.varianten",
    "web.watals",
    "web.onderzoek",
    "web.uitvoer",
    "web.rapport",
    "web.opgaven",
    "web.partijen",
    "web.uitwisseling",
    "web.pakket",
    "web.kaarten",
    "web.beheer",
)
"""Modules with a `blueprint`; one that cannot be imported stops the program."""


PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "secure_delete": 1,
    "trusted_schema": 0,
}
"""What SQLite must answer; written out again here, so that a change elsewhere does not go unnoticed."""

SETTINGS_POSTGRESQL = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


class OpstartGeweigerd(Exception):
    """The application would not be safe on this database or with these settings; `bezwaren` say what to do."""

    def __init__(self, bezwaren: Sequence[str]) -> None:
        super().__init__("; ".join(bezwaren))
        self.bezwaren = list(bezwaren)


@dataclass(frozen=True, slots=True)
class Navigatiepunt:
    """An entry of the main menu. Who sees it follows from who may use its endpoint; `toets` comes after g.

    Roles in `behalve` have a full menu already, and get there from the foot of the page or from another one. `ook`:
    pages of another blueprint that belong to it; `is_alleen`: those of its own blueprint do not.
    """

    endpoint: str
    naam: str
    toets: str
    behalve: tuple[toegang.Rol, ...] = ()
    ook: tuple[str, ...] = ()
    is_alleen: bool = False


NAVIGATIE = (
    Navigatiepunt("vandaag.toon", "Vandaag", "v", behalve=(toegang.Rol.COORDINATOR,)),
    Navigatiepunt("werkvoorraad.toon", "Werkvoorraad", "w"),
    Navigatiepunt("agenda.toon", "Agenda", "d", (toegang.Rol.COORDINATOR,), ook=("agenda.adres",), is_alleen=True),
    Navigatiepunt("werkvoorraad.partner", "Start", "s"),
    Navigatiepunt("meldingen.kies", "Nieuwe melding", "n"),
    Navigatiepunt("indicatoren.dashboard", "Cijfers", "i", ook=("terugkijken.voorraad", "terugkijken.lijst")),
    Navigatiepunt("rapport.lijst", "Rapport", "r"),
    Navigatiepunt("onderzoek.steekproef", "Onderzoek", "z", ook=("uitvoer.toon",)),
    Navigatiepunt("partijen.overzicht", "Partijen", "p"),
    Navigatiepunt("opgaven.overzicht", "Opgaven", "o"),
    Navigatiepunt("uitwisseling.toon", "Uitwisseling", "u"),
    Navigatiepunt("pakket.toon", "Auditpakket", "a"),
    Navigatiepunt("kaarten.versies", "Routekaart", "k", behalve=(toegang.Rol.COORDINATOR,)),
    Navigatiepunt("beheer.medewerkers_lijst", "Beheer", "b", ook=("afscherming.lijst",)),
)
"""The main menu in order; entries whose endpoint does not exist are left out."""

STARTPAGINA = {toegang.Rol.BEHEERDER: "beheer.medewerkers_lijst"}
"""Where a role begins that does not begin at its first entry."""

ZOEK = "werkvoorraad.toon"
ZOEK_TIPS = "werkvoorraad.zoek_tips"


class Koekjes(SecureCookieSessionInterface):
    """The signed session cookie, left out of answers with static files: those are the same for everybody."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie along."""
        if request.endpoint != "static":
            super().save_session(app, session, response)


class Aanvraag(Request):
    """A request whose uploads stay in memory: on disk they would stand there unencrypted."""

    def _get_file_stream(self, *_args: Any, **_rest: Any) -> BytesIO:
        return BytesIO()


class Routekaart(fouten.FoutenLogger, Flask):
    """The Flask application."""

    request_class = Aanvraag
    session_interface = Koekjes()


def create_app(database: str | None = None, testing: bool = False) -> Flask:
    """The application on a database (a SQLAlchemy address; that of the settings when left out).

    Raises OpstartGeweigerd and InstellingOntbreekt with a sentence in English that says what to do.
    """
    app = Routekaart(__name__)
    app.testing = testing
    app.config.update(_settings(database or instellingen.database_url()))
    if bezwaren := start_findings(app):
        raise OpstartGeweigerd(bezwaren)
    hoofdsleutel.adopt(app.config["DATABASE"])
    # A server may fork after this: no open connection may be shared by its workers.
    engine(app.config["DATABASE"]).dispose()
    _trust_proxies(app)
    beveiliging.init_app(app)
    zoeken.init_app(app)
    toegang.init_app(app)
    beveiliging.init_forms(app)
    concepten.init_app(app)
    filters.init_app(app)
    dossier.init_app(app)
    fouten.init_app(app)
    # Pages with figures share one blueprint, which is registered once all of them are known.
    for blueprint in dict.fromkeys([import_module(naam).blueprint for naam in BLUEPRINTS]):
        app.register_blueprint(blueprint)
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
    """The first page: that of the user's role, else that of its first menu entry."""
    if eigen := STARTPAGINA.get(g.medewerker.rol):
        return redirect(url_for(eigen))
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
        if toegang.may_use(p.endpoint, wie.rol) and wie.rol not in p.behalve
    ]


def _is_here(punt: Navigatiepunt, aanvraag: Request) -> bool:
    if punt.is_alleen or aanvraag.endpoint in punt.ook:
        return aanvraag.endpoint in (punt.endpoint, *punt.ook)
    return punt.endpoint.partition(".")[0] == aanvraag.blueprint


def page_context() -> dict[str, Any]:
    """What basis.html reads on every page."""
    return {
        "proefomgeving": current_app.config["PROEFOMGEVING"],
        "versie": current_app.config["VERSIE"],
        "kaart_nu": map_in_force,
        "thema": request.cookies.get("thema"),
        "inlog_url": url_for("aanmelden.inloggen"),
        "start_url": url_for("start"),
        **(_user_context() if g.get("medewerker") else {}),
    }


def map_in_force() -> str | None:
    """Which version of the map is in force; None while the database does not answer: an error page is a page too."""
    try:
        with reading(current_app.config["DATABASE"]) as db:
            kaart = map_now(db)
    except (DatabaseError, LookupError):
        return None
    return f"Routekaart {kaart.versie} ({kaart.status})"


def _user_context() -> dict[str, Any]:
    return {
        "gebruiker": {"naam": g.medewerker.naam, "rol": ROLNAMEN[g.medewerker.rol]},
        "navigatie": navigation(request),
        "kaart_url": _url_if_allowed("kaarten.versies"),
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


# --- Start-up checks --------------------------------------------------------------------------------------------------


def start_findings(app: Flask) -> list[str]:
    """Why the application may not start, one sentence each; empty when it may."""
    if app.debug:
        return ["debug mode shows the inside of the program to users; unset FLASK_DEBUG"]
    return [*_weak_keys(), *_database_findings(app.config["DATABASE"])]


def _weak_keys() -> Iterator[str]:
    namen = ("ROUTEKAART_SECRET_KEY", "ROUTEKAART_MASTER_KEY")
    sleutels = {naam: instellingen.key(naam) for naam in namen}
    for naam, sleutel in sleutels.items():
        if len(set(sleutel)) < 16:
            yield f"{naam} is not random; remove it and run `routekaart init`"
    if len(set(sleutels.values())) < len(namen):
        yield f"{' and '.join(namen)} are the same; give each a value of its own"


def _database_findings(url: str) -> list[str]:
    try:
        if bezwaar := opslag.finding(url):
            return [bezwaar]
        with reading(url) as db:
            return list(_state_findings(db))
    except DatabaseError as fout:
        return [f"the database does not answer: {str(fout.orig).splitlines()[0]}"]


def _state_findings(db: Connection) -> Iterator[str]:
    if bezwaar := opslag.unguarded(db):
        yield bezwaar
    yield from _wrong_settings(db)
    yield from _wrong_key(db)
    if instellingen.holds_real_data() and is_demo(db):
        yield "this is a demo, with passwords that all may know; ROUTEKAART_ECHTE_GEGEVENS=ja needs another database"
    if db.execute(select(routekaartversie.c.sha256).limit(1)).first() is None:
        yield "no map has been published; run `routekaart init` first"


def _wrong_key(db: Connection) -> Iterator[str]:
    try:
        hoofdsleutel.check(db)
    except SleutelPastNiet as fout:
        yield str(fout)


def _wrong_settings(db: Connection) -> Iterator[str]:
    is_sqlite = db.dialect.name == "sqlite"
    for naam, moet in (PRAGMAS if is_sqlite else SETTINGS_POSTGRESQL).items():
        is_nu = db.exec_driver_sql(f"PRAGMA {naam}" if is_sqlite else f"SHOW {naam}").scalar_one()
        if is_nu != moet:
            yield f"the database runs with {naam} = {is_nu} instead of {moet}; keep it on a local disk of this machine"
