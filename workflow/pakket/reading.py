"""Read the files of an auditor's parcel strictly: what can be read in two ways, or says too much, is refused.

In: the folder of the parcel. Out: its rows, maps, seals, keys and reports. Whatever is not as it should be raises
Unreadable, which names the file, and the line where a file has many.
"""

import json
from contextlib import contextmanager

from seals import HASHED, read_key, read_seal

ALWAYS = ("traject_id", "volgnummer", "dag", "vastgelegd_op")
NUMBERS = (*ALWAYS, "moment", "bron_vastgelegd_op", "betreft_volgnummer", "na_volgnummer")
ROW = {name: (str, type(None)) for name in ("nummer", "inhoud", "zout", "hash", *HASHED)}
ROW |= {name: (int, type(None)) for name in NUMBERS} | {name: (int,) for name in ALWAYS} | {"nummer": (str,)}
REPORT = {"id": (int,), "zegel": (int,), "resultaat": (str,)}
"""Each name that a row or report has, no other, and of which kinds its value may be."""

BROKEN = (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


class Unreadable(Exception):
    """What cannot be read, where and why."""


@contextmanager
def reading(place):
    """Name the place of what cannot be read."""
    try:
        yield
    except BROKEN as error:
        raise Unreadable(f"{place}: {type(error).__name__}: {error}") from None


def pairs(found):
    """An object of JSON in which no name stands twice."""
    if len(dict(found)) != len(found):
        raise ValueError("a name stands in it twice")
    return dict(found)


def parse(text, shape=None):
    """What a text of JSON says; with a shape an object of exactly these names and kinds."""
    value = json.loads(text, object_pairs_hook=pairs)
    if shape is not None and set(value) != set(shape):
        raise ValueError(f"other names than it should have: {', '.join(sorted(set(value) ^ set(shape)))}")
    for name, kinds in (shape or {}).items():
        if type(value[name]) not in kinds:
            raise ValueError(f"{name} is of another kind")
    return value


def texts(folder, pattern):
    """Path and text of each file."""
    for path in sorted(folder.glob(pattern)):
        with reading(path.relative_to(folder).as_posix()):
            yield path.relative_to(folder), path.read_text(encoding="utf-8")


def read_all(folder, pattern, read):
    """What each file says, by its name without ending."""
    found = {}
    for path, text in texts(folder, pattern):
        with reading(path.as_posix()):
            found[path.stem] = read(text)
    return found


def read_rows(folder):
    """The rows of the log in the order of the seals."""
    with reading("log.jsonl"):
        lines = (folder / "log.jsonl").read_text(encoding="utf-8").split("\n")
    rows = []
    for number, line in enumerate(lines[:-1] if lines[-1] == "" else lines, 1):
        with reading(f"log.jsonl, line {number}"):
            rows.append(parse(line, ROW))
    return rows


def read_parcel(folder, lines=None):
    """Rows, texts of maps by fingerprint, seals, reports, and keys by id: those given, else those of the parcel."""
    rows, maps = read_rows(folder), read_all(folder, "kaarten/*.json", str)
    seals = list(read_all(folder, "zegels/zegel-*.txt", read_seal).values())
    reports = list(read_all(folder, "rapporten/*.json", lambda text: parse(text, REPORT)).values())
    if lines:
        with reading("--key"):
            return rows, maps, seals, reports, {key["id"]: key for key in map(read_key, lines)}
    keys = read_all(folder, "zegels/sleutel*.txt", read_key)
    return rows, maps, seals, reports, {key["id"]: key for key in keys.values()}
