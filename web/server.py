"""Serving with gunicorn: threads, and nobody who may hold one of them by being slow.

Promises: a connection that says nothing holds no thread; a request comes in at a pace or is broken off; who is refused
while still sending hears why before the line goes dead; what is no request at all is refused with the headers of every
other answer. This does not replace a reverse proxy that takes in whole
requests first: whoever sends fast enough on enough connections still keeps others waiting.
"""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from web.beveiliging import headers_of

GEDULD = 10.0
"""Seconds in which a request must have come in, headers and body, before what follows."""

TEMPO = 20_000
"""Bytes that buy one more second: a file of 20 MB may take a quarter of an hour, a form ten seconds."""

AFSCHEID = 2.0
"""Seconds of silence after which somebody who was refused is no longer listened to."""

MAX_AFSCHEID = 100_000_000
"""Bytes of a refused request that are still read, so that the answer is not lost."""

INSTELLINGEN = {
    "preload_app": False,
    "accesslog": None,
    "loglevel": "warning",
    "threads": 8,
    "timeout": 60,
    # As much as it can be: what is too long for that gets our own page.
    "limit_request_line": 8190,
}


class Verbinding(socket.socket):
    """A connection on which a request must come in at a pace."""

    _tot = 0.0

    def expect_request(self) -> None:
        """From here on a request has GEDULD seconds, and one more for every TEMPO bytes of it."""
        self._tot = time.monotonic() + GEDULD

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """As a socket does. Raises ConnectionResetError when the time is up."""
        was = self.gettimeout()
        self.settimeout(self._left(was))
        try:
            ontvangen = super().recv(bufsize, flags)
        except TimeoutError:
            raise _too_slow() from None
        finally:
            self.settimeout(was)
        self._tot += len(ontvangen) / TEMPO
        return ontvangen

    def _left(self, was: float | None) -> float:
        over = self._tot - time.monotonic()
        if over <= 0:
            raise _too_slow()
        return min(over, was or over)

    def part(self) -> None:
        """Say goodbye: the answer is out, and what still comes is read before the line closes."""
        gelezen = 0
        with suppress(OSError):
            self.shutdown(socket.SHUT_WR)
            self.settimeout(AFSCHEID)
            while gelezen < MAX_AFSCHEID and (deel := self.recv(65_536)):
                gelezen += len(deel)
            self.shutdown(socket.SHUT_RDWR)


def _too_slow() -> ConnectionResetError:
    return ConnectionResetError(errno.ECONNRESET, "the request came in too slowly")


class Luisteraar:
    """A listening socket whose connections keep time."""

    def __init__(self, poort: socket.socket) -> None:
        self._poort = poort

    def accept(self) -> tuple[Verbinding, Any]:
        """The next connection and its address."""
        verbinding, adres = self._poort.accept()
        return Verbinding(fileno=verbinding.detach()), adres

    def getsockname(self) -> Any:
        """Where it listens."""
        return self._poort.getsockname()


class Weigering:
    """A connection on which gunicorn itself answers what is no request; its answer gets the headers of every other."""

    def __init__(self, verbinding: Any, koppen: Mapping[str, str]) -> None:
        self._verbinding = verbinding
        self._koppen = "".join(f"{naam}: {waarde}\r\n" for naam, waarde in koppen.items()).encode()

    def __getattr__(self, naam: str) -> Any:
        """As the connection has it."""
        return getattr(self._verbinding, naam)

    def sendall(self, antwoord: bytes) -> None:
        """Send an answer, with the headers after its first line."""
        regel, einde, rest = antwoord.partition(b"\r\n")
        self._verbinding.sendall(regel + einde + self._koppen + rest)


class Werker(ThreadWorker):
    """A process with threads, one for each request that has begun to come in."""

    def accept(self, listener: socket.socket) -> None:
        """Take a connection."""
        super().accept(Luisteraar(listener))

    def enqueue_req(self, conn: Any) -> None:
        """Give a connection to a thread once there is something to read."""
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        conn.set_timeout()
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: Any) -> Any:
        """Answer one request; whether the connection stays open for another."""
        conn.sock.expect_request()
        blijft_open = super().handle(conn)
        if blijft_open is False:
            conn.sock.part()
        return blijft_open

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Refuse what is no request, or say that the application failed."""
        koppen = {**headers_of(self.wsgi), "Cache-Control": "no-store"}
        super().handle_error(req, Weigering(client, koppen), addr, exc)


class Server(BaseApplication):
    """The application on an address of this machine."""

    def __init__(self, app: Flask, bind: str, workers: int) -> None:
        self._app, self._opties = app, {"bind": bind, "workers": workers, "worker_class": Werker, **INSTELLINGEN}
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn."""
        for naam, waarde in self._opties.items():
            self.cfg.set(naam, waarde)

    def load(self) -> Flask:
        """Called by gunicorn, in each process."""
        return self._app
