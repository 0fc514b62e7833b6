"""Read the files of an auditor's parcel strictly: what can be read in two ways, or says too much, is refused.

In: the folder of the parcel. Out: its rows, maps, seals, keys and reports. Whatever is not as it should be raises
Unreadable, which names the file, and the line where a file has many.
"""

from contextlib import contextmanager

from seals import BROKEN, ROW, parse, read_key, read_seal

REPORT = {"id": (int,), "zegel": (int,), "resultaat": (str,)}
"""Each name that a report has, and of which kinds its value may be."""


class Unreadable(Exception):
    """What cannot be read, where and why."""


@contextmanager
def reading(place):
    """Name the place of what cannot be read."""
    try:
        yield
    except BROKEN as error:
        raise Unreadable(f"{place}: {type(error).__name__}: {error}") from None


def text_of(path):
    """The text of a file; not of a link or a device, which may lead anywhere or have no end."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise ValueError("it is no ordinary file")
    return path.read_text(encoding="utf-8")


def texts(folder, pattern):
    """Path and text of each file."""
    for path in sorted(folder.glob(pattern)):
        with reading(path.relative_to(folder).as_posix()):
            yield path.relative_to(folder), text_of(path)


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
        lines = text_of(folder / "log.jsonl").split("\n")
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
