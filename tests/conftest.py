"""What every test may use: a database of its own on a file, the application, a visitor, and a way to log in.

The Flask client is called `bezoeker` (visitor), because pytest-playwright has a fixture called `browser`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from models import klok
from models.database import engine, transaction
from models.instelling import gelijkgestelde_dag
from models.medewerker import medewerker
from models.organisatie import organisatie
from models.tabellen import all_tables
from web.app import create_app
from web.beveiliging import limiter
from workflow import instellingen, kaarten, medewerkers
from workflow.kaartlezer import lees
from workflow.kalender import GELIJKGESTELDE_DAGEN, daynumber
from workflow.medewerkers import Medewerker, Rol

WACHTWOORD = "paard batterij nietje klopt"

SLEUTELS = {
    "ROUTEKAART_MASTER_KEY": bytes(range(32)).hex(),
    "ROUTEKAART_SECRET_KEY": bytes(range(32, 64)).hex(),
    "ROUTEKAART_SEAL_KEY": bytes(range(64, 96)).hex(),
}

ORGANISATIES = (
    ("KBL", "Kredietbank Limburg", "kredietbank"),
    ("GM", "Gemeente Maastricht", "gemeente"),
    ("WSP-NOORD", "Wijkservicepunt Noord", "wijkservicepunt"),
    ("WSP-WEST", "Wijkservicepunt West", "wijkservicepunt"),
    ("ST-OOST", "Sociaal team Oost", "sociaal_team"),
    ("TRAJEKT", "Stichting Trajekt", "partner"),
    ("HUMANITAS", "Humanitas", "partner"),
    ("LEERGELD", "Stichting Leergeld", "partner"),
)

WERKT_BIJ = {
    Rol.UITVOERDER: "KBL",
    Rol.COORDINATOR: "GM",
    Rol.AUDITOR: "GM",
    Rol.PARTNER: "TRAJEKT",
    Rol.BEHEERDER: "KBL",
}


class Bezoeker(FlaskClient):
    """The Flask client, which can also send a form as a page of ours would: with the CSRF token of its session."""

    def open(self, *args: Any, buffered: bool = True, **kwargs: Any) -> TestResponse:
        """Any request; its answer is read at once, so that no file stays open."""
        return super().open(*args, buffered=buffered, **kwargs)

    def submit(self, url: str, velden: dict[str, Any] | None = None, **rest: Any) -> TestResponse:
        """POST a form with a valid CSRF token."""
        return self.post(
            url, data=velden or {}, headers={"X-CSRFToken": self.token(), **rest.pop("headers", {})}, **rest
        )

    def token(self) -> str:
        """A CSRF token that fits the session."""
        with self.session_transaction() as sessie:
            return self.token_for(sessie.setdefault("csrf_token", "a secret of this session"))

    def token_for(self, geheim: str) -> str:
        """The CSRF token of a session with this secret."""
        return URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(geheim)


Login = Callable[..., Medewerker]


@pytest.fixture(scope="session", autouse=True)
def omgeving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The settings of the tests: keys of their own, an instance folder of their own, passwords that cost little."""
    map_ = tmp_path_factory.mktemp("instance")
    with pytest.MonkeyPatch.context() as patch:
        for naam in ("DATABASE", "MAP", "HTTPS", "PROXIES", "ECHTE_GEGEVENS"):
            patch.delenv(f"ROUTEKAART_{naam}", raising=False)
        patch.delenv("FLASK_DEBUG", raising=False)
        patch.setenv("ROUTEKAART_INSTANCE", str(map_))
        for naam, sleutel in SLEUTELS.items():
            patch.setenv(naam, sleutel)
        patch.setattr(medewerkers, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield map_


@pytest.fixture(scope="session")
def sjabloon(omgeving: Path) -> Path:
    """A database file with tables, triggers, map, calendar and organisations; copied for each test."""
    bestand = omgeving / "sjabloon.db"
    url = f"sqlite:///{bestand}"
    all_tables().create_all(engine(url))
    with klok.at(datetime(2016, 1, 1, tzinfo=UTC)), transaction(url) as db:
        _fill(db)
    engine(url).dispose()
    return bestand


def _fill(db: Connection) -> None:
    kaarten.store(db, lees(instellingen.map_file().read_bytes()))
    dagen = [{"dag": daynumber(datum), "bron": bron} for datum, bron in GELIJKGESTELDE_DAGEN.items()]
    db.execute(gelijkgestelde_dag.insert(), dagen)
    rijen = [{"code": code, "naam": naam, "soort": soort, "is_actief": True} for code, naam, soort in ORGANISATIES]
    db.execute(organisatie.insert(), rijen)


@pytest.fixture
def database(sjabloon: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh SQLite database on a file."""
    bestand = tmp_path / "routekaart.db"
    shutil.copyfile(sjabloon, bestand)
    url = f"sqlite:///{bestand}"
    yield url
    engine(url).dispose()


@pytest.fixture
def db(database: str) -> Iterator[Connection]:
    """A writing transaction on the database; until the test ends nobody else can write, `bezoeker` included."""
    with transaction(database) as verbinding:
        yield verbinding


@pytest.fixture(scope="session")
def toepassing(sjabloon: Path) -> Flask:
    """The application, made once; use `app`."""
    app = create_app(f"sqlite:///{sjabloon}", testing=True)
    app.test_client_class = Bezoeker
    return app


@pytest.fixture
def app(toepassing: Flask, database: str) -> Iterator[Flask]:
    """The application on the database of this test; settings changed by the test are put back."""
    was = dict(toepassing.config)
    toepassing.config["DATABASE"] = database
    limiter.reset()
    yield toepassing
    toepassing.config.clear()
    toepassing.config.update(was)


@pytest.fixture
def bezoeker(app: Flask) -> Bezoeker:
    """A browser in which nobody is logged in."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def login(database: str) -> Login:
    """`login(bezoeker, rol, inlognaam=None)`: log in with this role, on an account made when needed."""

    def log_in(bezoeker: Bezoeker, rol: str, inlognaam: str | None = None) -> Medewerker:
        wie = an_account(database, rol, inlognaam)
        antwoord = bezoeker.submit("/inloggen", {"inlognaam": inlognaam or rol, "wachtwoord": WACHTWOORD})
        assert antwoord.status_code == 303, antwoord.text
        return wie

    return log_in


def an_account(database: str, rol: str, inlognaam: str | None = None) -> Medewerker:
    """The account with this log-in name (the name of the role when left out), made when it is not there yet."""
    inlognaam = inlognaam or rol
    with transaction(database) as db:
        rij = db.execute(medewerkers.people().where(medewerker.c.inlognaam == inlognaam)).first()
        if rij:
            return medewerkers.as_medewerker(rij)
        return medewerkers.add(
            db,
            inlognaam=inlognaam,
            naam=f"{inlognaam.capitalize()} Proef",
            rol=rol,
            organisatie=WERKT_BIJ[Rol(rol)],
            wachtwoord=WACHTWOORD,
        )
