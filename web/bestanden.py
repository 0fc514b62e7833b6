"""Files that the command line is told to read and write: ordinary ones of a bounded size; whole or not at all out."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
    with _named(pad):
        _write(pad, inhoud.encode() if isinstance(inhoud, str) else inhoud)


def _write(pad: Path, inhoud: bytes) -> None:
    doel = Path(os.path.realpath(pad))
    if doel.exists() and not doel.is_file():
        doel.write_bytes(inhoud)
        return
    half = doel.with_name(f".{doel.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as bestand:
            bestand.write(inhoud)
            bestand.flush()
            os.fsync(bestand.fileno())
        half.rename(doel)
    finally:
        half.unlink(missing_ok=True)
