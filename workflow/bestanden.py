"""Files from elsewhere, and those made for others: ordinary ones of a bounded size in; whole or not at all out."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def _named(pad: Path) -> Iterator[None]:
    """What fails names this file, and neither the number under which it was open nor the one written beside it."""
    try:
        yield
    except OSError as fout:
        raise OSError(fout.errno, fout.strerror, str(pad)) from None


def read(pad: Path, grens: int) -> bytes:
    """The bytes of a file; of a larger one `grens` and one, which is enough to be refused.

    Raises OSError, also for what is no ordinary file: a device or a pipe may have no end.
    """
    # Without O_NONBLOCK, opening a pipe waits until somebody writes to it.
    with _named(pad), os.fdopen(os.open(pad, os.O_RDONLY | os.O_NONBLOCK), "rb") as bestand:
        soort = os.fstat(bestand.fileno()).st_mode
        if not stat.S_ISREG(soort):
            raise OSError(errno.EINVAL, "this is no ordinary file")
        return bestand.read(grens + 1)


def write(pad: Path, inhoud: str | bytes) -> None:
    """A file that only its owner may read, in the place of one that was there; when it fails that one is still there.

    Raises OSError. A device or a pipe is written to as it is.
    """
    with writing(pad) as bestand, _named(pad):
        bestand.write(inhoud.encode() if isinstance(inhoud, str) else inhoud)


@contextmanager
def writing(pad: Path) -> Iterator[IO[bytes]]:
    """The same, for a block that writes what it has bit by bit."""
    doel = Path(os.path.realpath(pad))
    if doel.exists() and not doel.is_file():
        with _named(pad), doel.open("wb") as bestand:
            yield bestand
        return
    half = doel.with_name(f".{doel.name}.{os.getpid()}")
    try:
        with _named(pad):
            stroom = os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        with stroom as bestand:
            yield bestand
            with _named(pad):
                bestand.flush()
                os.fsync(bestand.fileno())
        with _named(pad):
            half.rename(doel)
    finally:
        with _named(pad):
            half.unlink(missing_ok=True)
