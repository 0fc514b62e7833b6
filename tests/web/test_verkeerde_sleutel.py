"""A lost or wrong master key, on the command line and in the browser: refused in a sentence, and nothing is written.

And the accounts of a demo, whose password everybody may know: never beside real people.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models.database import engine, reading, transaction
from models.organisatie import organisatie
from tests.bouwers import a_traject, everything
from web.app import OpstartGeweigerd, create_app
from web.opdrachten import main
from workflow.instellingen import SLEUTELS
from workflow.merken import DEMO, put_mark

LEVERING = Path(__file__).parents[1] / "data" / "ddas" / "zonder_fasen.json"
ADD = "user add jansen --name Jansen --role beheerder --organisation KBL"
SCHRIJVEND = ("init", "rebuild", ADD, f"import ddas {LEVERING}", "serve")
OPENEND = (f"import ddas {LEVERING} --dry-run", "export ddas --van 2026-01-01 --tot 2026-02-01")
ANDER = bytes(range(100, 132)).hex()


@dataclass
class Installatie:
    """An installation of its own, with key files."""

    map: Path
    database: str

    @property
    def sleutel(self) -> Path:
        """The file of the master key."""
        return self.map / "master.key"

    def run(self, getypt: str) -> Result:
        """Type something after `routekaart`."""
        uitkomst = CliRunner().invoke(main, getypt.split())
        assert "Traceback" not in uitkomst.output
        return uitkomst

    def rows(self) -> dict[str, list]:
        """Everything in the database."""
        with reading(self.database) as db:
            return everything(db)


@pytest.fixture
def installatie(ingericht: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installatie]:
    """Made by `init`, with people in it."""
    shutil.copytree(ingericht, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("ROUTEKAART_INSTANCE", str(tmp_path))
    for naam in SLEUTELS:
        monkeypatch.delenv(naam)
    hier = Installatie(tmp_path, f"sqlite:///{tmp_path / 'routekaart.db'}")
    with transaction(hier.database) as db:
        db.execute(organisatie.insert().values(code="KBL", naam="KBL", soort="kredietbank", is_actief=True))
        a_traject(db, gemeente="GM0935")
    yield hier
    engine(hier.database).dispose()


def replaced(installatie: Installatie) -> None:
    """Somebody made a new one."""
    installatie.sleutel.write_text(ANDER)


def lost(installatie: Installatie) -> None:
    """It was not on the new machine."""
    installatie.sleutel.unlink()


def spoilt(installatie: Installatie) -> None:
    """It was cut short in copying."""
    installatie.sleutel.write_text(ANDER[:40])


STUK = {replaced: "is not the key that this database was made with", lost: "", spoilt: "must be 64 hexadecimal digits"}


@pytest.mark.parametrize("getypt", [*SCHRIJVEND, *OPENEND])
@pytest.mark.parametrize("breek", STUK)
def test_a_key_that_does_not_fit_writes_nothing(
    installatie: Installatie, breek: Callable[[Installatie], None], getypt: str
) -> None:
    was = installatie.rows()
    breek(installatie)
    uitkomst = installatie.run(getypt)
    assert (uitkomst.exit_code, uitkomst.stdout, len(uitkomst.stderr.splitlines())) == (1, "", 1), uitkomst.output
    assert STUK[breek] in uitkomst.stderr
    assert "ROUTEKAART_MASTER_KEY" in uitkomst.stderr
    assert installatie.rows() == was


@pytest.mark.parametrize("breek", [lost, replaced])
def test_init_makes_no_new_master_key_where_an_old_one_is_needed(
    installatie: Installatie, breek: Callable[[Installatie], None]
) -> None:
    breek(installatie)
    was = {pad.name: pad.read_bytes() for pad in installatie.map.glob("*.key")}
    assert "put back the one that was kept apart" in installatie.run("init").stderr
    assert {pad.name: pad.read_bytes() for pad in installatie.map.glob("*.key")} == was


def test_init_refuses_before_the_first_person_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUTEKAART_INSTANCE", str(tmp_path))
    for naam in SLEUTELS:
        monkeypatch.delenv(naam)
    leeg = Installatie(tmp_path, f"sqlite:///{tmp_path / 'routekaart.db'}")
    assert [leeg.run("init").exit_code for _ in range(2)] == [0, 0]
    leeg.sleutel.unlink()
    assert leeg.run("init").exit_code == 1
    engine(leeg.database).dispose()


@pytest.mark.parametrize("breek", STUK)
def test_the_doctor_says_so(installatie: Installatie, breek: Callable[[Installatie], None]) -> None:
    assert "FAIL personal" not in installatie.run("doctor").stderr
    breek(installatie)
    uitkomst = installatie.run("doctor")
    assert uitkomst.exit_code == 1
    assert "FAIL ROUTEKAART_MASTER_KEY" in uitkomst.stderr
    assert STUK[breek] in uitkomst.stderr


@pytest.mark.parametrize("breek", STUK)
def test_what_needs_no_key_works_without(installatie: Installatie, breek: Callable[[Installatie], None]) -> None:
    """A backup above all: whoever lost the key must not lose the rest."""
    breek(installatie)
    assert installatie.run(f"backup {installatie.map / 'kopie.db'}").exit_code == 0
    assert installatie.run("replay SHV-2016-00001").stderr.startswith("there is no traject")


# -- In the browser ----------------------------------------------------------------------------------------------------


def test_a_key_that_goes_while_serving_gives_a_page_and_writes_nothing(
    app, bezoeker, login, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    login(bezoeker, "uitvoerder")
    with transaction(database) as db:
        nummer = a_traject(db, gemeente="GM0935")
    monkeypatch.setenv("ROUTEKAART_MASTER_KEY", ANDER)
    for pad in (f"/trajecten/{nummer}", "/werkvoorraad?zoek=jan"):
        assert bezoeker.get(pad).status_code in (200, 503)
    pagina = bezoeker.get(f"/trajecten/{nummer}")
    assert pagina.status_code == 503
    assert "De gegevens zijn op slot" in pagina.text
    assert "kenmerk" in pagina.text
    overzicht = bezoeker.get("/werkvoorraad?lijst=alle")
    assert overzicht.status_code == 200
    assert "naam niet leesbaar" in overzicht.text
    monkeypatch.setenv("ROUTEKAART_MASTER_KEY", "zzz")
    assert bezoeker.get(f"/trajecten/{nummer}").status_code == 503


def test_the_application_does_not_start_with_another_key(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction(database) as db:
        a_traject(db)
    create_app(database, testing=True)
    monkeypatch.setenv("ROUTEKAART_MASTER_KEY", ANDER)
    with pytest.raises(OpstartGeweigerd, match="put back the one"):
        create_app(database, testing=True)


# -- A demo is no production -------------------------------------------------------------------------------------------


def test_a_demo_does_not_serve_real_people(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction(database) as db:
        put_mark(db, DEMO, "ja")
    create_app(database, testing=True)
    monkeypatch.setenv("ROUTEKAART_ECHTE_GEGEVENS", "ja")
    with pytest.raises(OpstartGeweigerd, match="this is a demo, with passwords that all may know"):
        create_app(database, testing=True)
    monkeypatch.setenv("ROUTEKAART_DATABASE", database)
    uitkomst = CliRunner().invoke(main, ["serve"])
    assert (uitkomst.exit_code, len(uitkomst.stderr.splitlines())) == (1, 1)


def test_a_demo_is_not_made_beside_accounts_that_are_in_use(installatie: Installatie) -> None:
    leeg = installatie.map / "leeg.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROUTEKAART_DATABASE", f"sqlite:///{leeg}")
        for getypt in ("init", ADD):
            assert installatie.run(getypt).exit_code == 0
        uitkomst = installatie.run("demo --no-serve --size 3")
    assert uitkomst.exit_code == 1
    assert "has accounts of its own" in uitkomst.stderr
    engine(f"sqlite:///{leeg}").dispose()
