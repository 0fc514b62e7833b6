"""Settings from the environment, each also as a file (`..._FILE`), else from `instance/`.

ROUTEKAART_DATABASE, ROUTEKAART_MAP, ROUTEKAART_SECRET_KEY, ROUTEKAART_MASTER_KEY, ROUTEKAART_SEAL_KEY,
ROUTEKAART_INSTANCE (where the database and key files stand), ROUTEKAART_SEALS (where seals are published),
ROUTEKAART_STUK_MB (how large a file of a dossier may be), ROUTEKAART_ECHTE_GEGEVENS ("ja" takes the banner away).
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

SLEUTELS = {
    "ROUTEKAART_MASTER_KEY": "master.key",
    "ROUTEKAART_SECRET_KEY": "secret.key",
    "ROUTEKAART_SEAL_KEY": "seal.key",
}


class InstellingOntbreekt(Exception):
    """A setting that is needed and not there, or not usable."""


def setting(naam: str) -> str | None:
    """The value of a setting, from the environment or from the file that `..._FILE` names."""
    if waarde := os.environ.get(naam):
        return waarde.strip()
    if pad := os.environ.get(f"{naam}_FILE"):
        return _read(Path(pad), naam)
    return None


def _read(pad: Path, naam: str) -> str:
    try:
        return pad.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as fout:
        raise InstellingOntbreekt(f"{naam}_FILE: cannot read {pad}: {fout}") from None


def instance_folder() -> Path:
    """The folder for the embedded database and the key files."""
    return Path(os.environ.get("ROUTEKAART_INSTANCE", "instance")).absolute()


def seal_folder() -> Path:
    """The folder in which seals are published: best on another system than the database."""
    return Path(setting("ROUTEKAART_SEALS") or instance_folder() / "zegels").absolute()


def database_url() -> str:
    """The SQLAlchemy address of the database. Raises InstellingOntbreekt when it is none that can be used."""
    url = setting("ROUTEKAART_DATABASE") or f"sqlite:///{instance_folder() / 'routekaart.db'}"
    return checked_address(url, "ROUTEKAART_DATABASE")


def checked_address(url: str, wat: str) -> str:
    """The address again, when it names a file or a server. Raises InstellingOntbreekt; the address is not repeated."""
    try:
        adres = make_url(url)
    except ArgumentError:
        adres = None
    plek = adres.database if adres and adres.get_backend_name() in ("sqlite", "postgresql") else None
    # What SQLite keeps in memory is gone when the program ends.
    if not plek or plek.startswith((":memory:", "file:")):
        raise InstellingOntbreekt(
            f"{wat} is no address that can be used; write sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"
        )
    return url


def map_file() -> Path:
    """The file of the map: ROUTEKAART_MAP, else the map that comes with the program."""
    if pad := setting("ROUTEKAART_MAP"):
        return Path(pad)
    hier = Path(__file__).parent
    ingepakt = hier / "routekaart.yaml"
    return ingepakt if ingepakt.exists() else hier.parent / "routekaart.yaml"


def holds_real_data() -> bool:
    """Whether this installation was explicitly declared fit for real personal data."""
    return setting("ROUTEKAART_ECHTE_GEGEVENS") == "ja"


def is_there(naam: str) -> bool:
    """Whether a key is set or has its file, fit to use or not."""
    return bool(setting(naam)) or (instance_folder() / SLEUTELS[naam]).exists()


def key(naam: str) -> bytes:
    """A 32-byte key: 64 hex digits in the setting or in its key file. Raises InstellingOntbreekt."""
    return _digits(setting(naam) or _read_key_file(naam), naam)


def _digits(tekst: str, naam: str) -> bytes:
    try:
        sleutel = bytes.fromhex(tekst)
    except ValueError:
        sleutel = b""
    if len(sleutel) != 32:
        raise InstellingOntbreekt(f"{naam} must be 64 hexadecimal digits")
    return sleutel


def _read_key_file(naam: str) -> str:
    pad = instance_folder() / SLEUTELS[naam]
    if not pad.exists():
        raise InstellingOntbreekt(
            f"{naam} is not set and {pad} does not exist; put the key back, or run `routekaart init` first"
        )
    return _read(pad, naam)


def make_key_files() -> list[Path]:
    """Make the key files that are needed and not there, readable by the owner alone; returns the new ones."""
    map_ = instance_folder()
    map_.mkdir(mode=0o700, parents=True, exist_ok=True)
    nieuw = [map_ / bestand for naam, bestand in SLEUTELS.items() if not is_there(naam)]
    for pad in nieuw:
        _make_key_file(pad)
    return nieuw


def _make_key_file(pad: Path) -> None:
    with os.fdopen(os.open(pad, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as bestand:
        bestand.write(secrets.token_hex(32) + "\n")


# -- Another key in the place of one -----------------------------------------------------------------------------------


def next_key(naam: str) -> bytes:
    """The key that is to follow: of a key file one that stands beside it, made when needed; else of setting `..._NEW`.

    Raises InstellingOntbreekt.
    """
    if setting(naam):
        if not (tekst := setting(f"{naam}_NEW")):
            raise InstellingOntbreekt(f"{naam} is a setting of yours, so give the new key in {naam}_NEW")
        return _digits(tekst, f"{naam}_NEW")
    pad = _next_key_file(naam)
    if not pad.exists():
        _make_key_file(pad)
    return _digits(_read(pad, naam), str(pad))


def put_next_key(naam: str) -> Path | None:
    """Let the key that is to follow take the place of the key file; None when the key is a setting."""
    if setting(naam):
        return None
    return _next_key_file(naam).replace(instance_folder() / SLEUTELS[naam])


def _next_key_file(naam: str) -> Path:
    return instance_folder() / f"{SLEUTELS[naam]}.new"
