"""The served application, through bare sockets: who is slow is broken off, and keeps nobody else waiting for long."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from web.beveiliging import HEADERS
from web.server import INSTELLINGEN

GEDULD = 2.0
"""Seconds that this server has; in production it has more."""

VLOT = 1.0
"""Seconds within which somebody who is not held up has an answer, on a busy machine."""

Adres = tuple[str, int]
START = (
    "from web import server; from web.opdrachten import main; "
    f"server.GEDULD = {GEDULD}; server.AFSCHEID = 0.5; main(prog_name='routekaart')"
)


@pytest.fixture(scope="module")
def server(sjabloon: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adres]:
    """One process with as many threads as in production."""
    database = tmp_path_factory.mktemp("server") / "routekaart.db"
    shutil.copyfile(sjabloon, database)
    with socket.socket() as vrij:
        vrij.bind(("127.0.0.1", 0))
        adres = vrij.getsockname()
    opdracht = [sys.executable, "-c", START, "serve", "--port", str(adres[1]), "--workers", "1"]
    omgeving = {**os.environ, "ROUTEKAART_DATABASE": f"sqlite:///{database}"}
    with subprocess.Popen(opdracht, env=omgeving, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as proces:
        try:
            _wait_for(adres, proces)
            yield adres
        finally:
            proces.terminate()


def _wait_for(adres: Adres, proces: subprocess.Popen[bytes]) -> None:
    einde = time.monotonic() + 60
    while time.monotonic() < einde and proces.poll() is None:
        with suppress(OSError), socket.create_connection(adres, timeout=5):
            return
        time.sleep(0.1)
    pytest.fail("the server did not start")


def ask(adres: Adres, pad: str = "/inloggen") -> tuple[int, float, str]:
    """Status, seconds and text of a page."""
    begin = time.monotonic()
    with closing(HTTPConnection(*adres, timeout=60)) as vraag:
        vraag.request("GET", pad)
        antwoord = vraag.getresponse()
        tekst = antwoord.read().decode()
    return antwoord.status, time.monotonic() - begin, tekst


def post(lengte: int, begin: bytes) -> bytes:
    """The beginning of a form of this many bytes."""
    koppen = f"POST /inloggen HTTP/1.1\r\nHost: x\r\nContent-Length: {lengte}\r\n"
    return f"{koppen}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode() + begin


TRAAG = {"inside the form": post(5000, b"a"), "inside the headers": b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "}


@pytest.mark.parametrize("soort", TRAAG)
def test_who_stops_sending_is_broken_off_and_others_are_served(server: Adres, soort: str) -> None:
    with ExitStack() as stapel:
        for _ in range(2 * int(str(INSTELLINGEN["threads"]))):
            traag = stapel.enter_context(socket.create_connection(server, timeout=30))
            traag.sendall(TRAAG[soort])
        status, seconden, _ = ask(server)
        assert status == 200
        assert seconden < 2 * (GEDULD + 0.5) + 2 * VLOT
        assert b"200 OK" not in read_all(traag)


def read_all(verbinding: socket.socket) -> bytes:
    """What comes until the other side breaks off; a TimeoutError when it does not."""
    delen = []
    with suppress(ConnectionError):
        while deel := verbinding.recv(65_536):
            delen.append(deel)
    return b"".join(delen)


def test_a_drop_now_and_then_buys_no_time(server: Adres) -> None:
    begin = time.monotonic()
    with socket.create_connection(server, timeout=30) as druppelaar:
        druppelaar.sendall(post(5000, b"a"))
        druppelaar.settimeout(GEDULD / 8)
        while not _has_answer(druppelaar) and time.monotonic() - begin < 4 * GEDULD:
            druppelaar.sendall(b"a")
    assert time.monotonic() - begin < 2 * GEDULD


def _has_answer(verbinding: socket.socket) -> bool:
    try:
        verbinding.recv(1)
    except TimeoutError:
        return False
    except ConnectionError:
        pass
    return True


def test_a_form_that_stops_halfway_hears_that_nothing_was_saved(server: Adres) -> None:
    with socket.create_connection(server, timeout=30) as traag:
        traag.sendall(post(5000, b"inlognaam=x"))
        antwoord = read_all(traag).decode()
    assert antwoord.startswith("HTTP/1.1 400 ")
    assert "Er is niets opgeslagen." in antwoord


def test_connections_that_say_nothing_hold_nothing(server: Adres) -> None:
    with ExitStack() as stapel:
        for _ in range(4 * int(str(INSTELLINGEN["threads"]))):
            stapel.enter_context(socket.create_connection(server, timeout=30))
        status, seconden, _ = ask(server)
    assert (status, seconden < VLOT) == (200, True)


def test_a_connection_can_be_used_again(server: Adres) -> None:
    with closing(HTTPConnection(*server, timeout=30)) as vraag:
        for _ in range(3):
            vraag.request("GET", "/inloggen")
            assert vraag.getresponse().read()
            assert vraag.sock is not None


def test_what_is_too_big_is_refused_with_a_page_even_to_who_sends_it_all_first(server: Adres) -> None:
    inhoud = b"a" * 22_000_000
    with socket.create_connection(server, timeout=60) as zender:
        zender.sendall(post(len(inhoud), b""))
        zender.sendall(inhoud)
        antwoord = read_all(zender).decode()
    assert antwoord.startswith("HTTP/1.1 413 ")
    assert "Dit is te groot" in antwoord


def test_a_long_address_gets_our_own_page(server: Adres) -> None:
    status, _, tekst = ask(server, "/" + "a" * 7000)
    assert status == 404
    assert "Deze pagina is er niet" in tekst


GEEN_AANVRAAG = {
    "400": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "414": b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "431": b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 9000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("status", GEEN_AANVRAAG)
def test_what_is_no_request_is_refused_with_the_headers_of_every_answer(server: Adres, status: str) -> None:
    with socket.create_connection(server, timeout=30) as vreemd:
        vreemd.sendall(GEEN_AANVRAAG[status])
        kop, _, inhoud = read_all(vreemd).decode().partition("\r\n\r\n")
    regels = kop.split("\r\n")
    assert regels[0].startswith(f"HTTP/1.1 {status} ")
    assert {*(f"{naam}: {waarde}" for naam, waarde in HEADERS.items()), "Cache-Control: no-store"} <= set(regels)
    assert f"Content-Length: {len(inhoud)}" in regels
