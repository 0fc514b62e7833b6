"""The application in a real browser: served from a thread, on a database and with a clock of its own for each module.

Chromium is that of the system (or $CHROMIUM); nothing is downloaded. Where it is missing these tests fail in CI and are
skipped elsewhere. Whatever happens in a test, the browser's console must stay silent: that is also how a breach of the
content security policy shows.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebError, expect
from werkzeug.serving import make_server

from models import klok
from models.database import engine, transaction
from tests.conftest import WACHTWOORD, an_account
from tests.schermen.handen import log_in
from tests.schermen.voorraad import fill
from web.beveiliging import limiter
from workflow import instellingen
from workflow.opdracht import Actor

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
NU = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
"""The moment at which the server's clock begins: a Tuesday morning."""

GEDULD_MS = 30_000
"""How long a page may take, on a machine with more to do."""

expect.set_options(timeout=GEDULD_MS)

VENSTER = {"width": 1366, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, and say so where the browser is missing."""
    hier = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in hier:
        item.add_marker(pytest.mark.browser)
        if not os.access(CHROMIUM, os.X_OK) and os.environ.get("CI") != "true":
            item.add_marker(pytest.mark.skip(f"there is no Chromium at {CHROMIUM}; name another with CHROMIUM=..."))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, also as root and in a small container."""
    if not os.access(CHROMIUM, os.X_OK):
        pytest.fail(f"there is no Chromium at {CHROMIUM}; install it, or name another with CHROMIUM=...")
    opties = ["--no-sandbox", "--disable-dev-shm-usage"]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": opties}


@pytest.fixture(scope="module")
def browser_context_args(browser_context_args: dict[str, Any], site: Site) -> dict[str, Any]:
    """A Dutch desk, with the address of the module's own server."""
    eigen = {"locale": "nl-NL", "timezone_id": "Europe/Amsterdam", "viewport": VENSTER, "reduced_motion": "reduce"}
    return {**browser_context_args, **eigen, "base_url": site.url}


# -- The server --------------------------------------------------------------------------------------------------------


@dataclass
class Uurwerk:
    """The server's clock: runs on from NU, and can be put forward."""

    begin: float = field(default_factory=time.monotonic)
    vooruit: timedelta = timedelta()

    def now(self) -> datetime:
        """The moment that the server believes it is."""
        return NU + timedelta(seconds=time.monotonic() - self.begin) + self.vooruit


@dataclass
class Site:
    """A running application: its address, its database, its clock, and the cookies of who logged in before."""

    url: str
    database: str
    uurwerk: Uurwerk
    koekjes: dict[str, Any] = field(default_factory=dict)

    @property
    def vandaag(self) -> int:
        """Today, as the server has it."""
        return klok.day_of(self.uurwerk.now())


def by_clock(app: Flask, uurwerk: Uurwerk) -> Callable[..., Iterable[bytes]]:
    """The WSGI application with this clock: each request is served in a thread, out of reach of a frozen one."""

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with klok.at(uurwerk.now()):
            return app.wsgi_app(environ, start_response)

    return serve


@pytest.fixture(scope="module")
def site(toepassing: Flask, gevuld: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The application with the caseload of `gevuld` and a folder of seals of its own, on a port of its own."""
    bestand = tmp_path_factory.mktemp("site") / "routekaart.db"
    shutil.copyfile(gevuld, bestand)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROUTEKAART_SEALS", str(bestand.with_name("zegels")))
        yield from _served(toepassing, f"sqlite:///{bestand}")


def _served(toepassing: Flask, url: str) -> Iterator[Site]:
    """The application on this database, until the module is done."""
    was, uurwerk = dict(toepassing.config), Uurwerk()
    toepassing.config["DATABASE"] = url
    limiter.reset()
    server = make_server("127.0.0.1", 0, by_clock(toepassing, uurwerk), threaded=True)
    draad = threading.Thread(target=server.serve_forever, daemon=True)
    draad.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", url, uurwerk)
    server.shutdown()
    draad.join()
    server.server_close()
    toepassing.config.clear()
    toepassing.config.update(was)
    engine(url).dispose()


# -- The caseload ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def gevuld(sjabloon: Path, omgeving: Path) -> Path:
    """A database with an account for each role and thirty trajecten, further on as they are older."""
    bestand = omgeving / "gevuld.db"
    shutil.copyfile(sjabloon, bestand)
    url = f"sqlite:///{bestand}"
    for rol in ("uitvoerder", "coordinator", "auditor", "partner", "beheerder"):
        an_account(url, rol)
    an_account(url, "uitvoerder", "collega")
    wie = an_account(url, "uitvoerder")
    with klok.at(NU - timedelta(hours=16)), transaction(url) as db:
        list(fill(db, Actor(wie.pseudoniem, wie.rol.value, wie.organisatie)))
    engine(url).dispose()
    return bestand


# -- The browser -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def venster(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    """A window that stays open for the module, as opening one takes longer than most tests do."""
    with browser.new_context(**browser_context_args) as venster:
        venster.set_default_timeout(GEDULD_MS)
        venster.new_page()
        yield venster


@pytest.fixture
def context(venster: BrowserContext) -> Iterator[BrowserContext]:
    """The window, in which nobody is logged in; what a test opened in it is closed, and its cookies are gone."""
    yield venster
    for blad in venster.pages[1:]:
        blad.close()
    venster.clear_cookies()


@pytest.fixture(autouse=True)
def zonder_concepten() -> None:
    """What an earlier test was typing is not put back in the forms of this one."""
    for concept in instellingen.instance_folder().glob("concepten/*"):
        concept.unlink()


@pytest.fixture(autouse=True)
def stille_console(context: BrowserContext) -> Iterator[list[str]]:
    """What the browser complained of; a test that ends with anything in it fails."""
    klachten: list[str] = []
    horen = ears(klachten)
    for gebeurt, hoor in horen.items():
        context.on(gebeurt, hoor)  # type: ignore[call-overload]
    yield klachten
    for gebeurt, hoor in horen.items():
        context.remove_listener(gebeurt, hoor)
    assert klachten == []


def ears(klachten: list[str]) -> dict[str, Callable[[Any], None]]:
    """What notes warnings, errors and failing scripts. The status of a page asked for is the test's own business."""
    bezocht: set[str] = set()

    def visited(aanvraag: Request) -> None:
        if aanvraag.is_navigation_request():
            bezocht.add(aanvraag.url)

    def said(bericht: ConsoleMessage) -> None:
        is_status = bericht.text.startswith("Failed to load resource") and bericht.location["url"] in bezocht
        if bericht.type in ("error", "warning") and not is_status:
            klachten.append(f"{bericht.type}: {bericht.text}")

    def failed(fout: WebError) -> None:
        klachten.append(f"script: {fout.error}")

    return {"request": visited, "console": said, "weberror": failed}


Aanmelden = Callable[..., Page]


@pytest.fixture
def aangemeld(context: BrowserContext, site: Site) -> Aanmelden:
    """`aangemeld(rol)`: a page of somebody who is logged in; typed once per module, with the cookies afterwards."""

    def enter(rol: str = "uitvoerder", waar: BrowserContext = context) -> Page:
        blad = waar.new_page()
        if rol in site.koekjes:
            waar.add_cookies(site.koekjes[rol])
            return blad
        log_in(blad, rol, WACHTWOORD)
        site.koekjes[rol] = waar.cookies()
        return blad

    return enter
