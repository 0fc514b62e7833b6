"""The master key of a database: known from the first day, and nothing is kept under another one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import delete, func, select

from models.database import reading, transaction
from models.gebeurtenis import gebeurtenis
from models.instelling import instelling
from models.persoon import datasleutel, persoon
from tests.bouwers import a_person, a_traject
from workflow import hoofdsleutel, kluis, overzichten, personen
from workflow.hoofdsleutel import SleutelPastNiet
from workflow.instellingen import InstellingOntbreekt
from workflow.kluis import KluisDicht
from workflow.merken import HOOFDSLEUTEL, mark_of

ANDER = bytes(range(100, 132)).hex()


@pytest.fixture
def other_key(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From here on the settings have another master key."""
    return lambda: monkeypatch.setenv("ROUTEKAART_MASTER_KEY", ANDER)


@pytest.fixture
def no_key(monkeypatch: pytest.MonkeyPatch, tmp_path) -> Callable[[], None]:
    """From here on there is no master key."""

    def lose() -> None:
        monkeypatch.delenv("ROUTEKAART_MASTER_KEY")
        monkeypatch.setenv("ROUTEKAART_INSTANCE", str(tmp_path))

    return lose


def forget(database: str) -> None:
    """Make it a database from before there were check values."""
    with transaction(database) as db:
        db.execute(delete(instelling).where(instelling.c.naam == HOOFDSLEUTEL))


def mark(database: str) -> str | None:
    with reading(database) as db:
        return mark_of(db, HOOFDSLEUTEL)


def counts(database: str) -> list[int]:
    with reading(database) as db:
        tabellen = (gebeurtenis, persoon, datasleutel)
        return [db.execute(select(func.count()).select_from(tabel)).scalar_one() for tabel in tabellen]


def test_the_check_value_comes_with_the_first_data_key_and_stays(database: str) -> None:
    assert mark(database) is None
    with transaction(database) as db:
        a_person(db)
    eerste = mark(database)
    with transaction(database) as db:
        a_person(db)
    assert eerste == mark(database)
    assert len(eerste or "") == 64


def test_nothing_is_kept_under_another_key(database: str, other_key: Callable[[], None]) -> None:
    with transaction(database) as db:
        a_traject(db)
    was = counts(database)
    other_key()
    for make in (a_person, a_traject):
        with pytest.raises(SleutelPastNiet, match="put back"), transaction(database) as db:
            make(db)
    assert counts(database) == was


def test_an_older_database_tells_by_its_data_keys(database: str, other_key: Callable[[], None]) -> None:
    with transaction(database) as db:
        a_person(db)
    forget(database)
    other_key()
    with pytest.raises(SleutelPastNiet), transaction(database) as db:
        a_person(db)
    assert mark(database) is None


def test_an_older_database_gets_its_check_value_from_the_key_that_opens_it(
    database: str, other_key: Callable[[], None]
) -> None:
    hoofdsleutel.adopt(database)
    assert mark(database) is None, "nothing shows yet which key is the right one"
    with transaction(database) as db:
        a_person(db)
    goede = mark(database)
    forget(database)
    hoofdsleutel.adopt(database)
    assert mark(database) == goede
    forget(database)
    other_key()
    with pytest.raises(SleutelPastNiet):
        hoofdsleutel.adopt(database)


def test_a_key_that_is_gone_is_not_a_key_to_make(database: str, no_key: Callable[[], None]) -> None:
    with transaction(database) as db:
        hoofdsleutel.remember(db)
    no_key()
    with pytest.raises(SleutelPastNiet, match="is gone"):
        hoofdsleutel.check_before_init(database)


def test_a_database_without_anything_secret_may_still_get_a_key(database: str, no_key: Callable[[], None]) -> None:
    no_key()
    hoofdsleutel.check_before_init(database)
    with reading(database) as db, pytest.raises(InstellingOntbreekt, match="run `routekaart init`"):
        hoofdsleutel.check(db)


def test_a_database_that_is_not_there_is_not_made_by_looking(tmp_path) -> None:
    hoofdsleutel.check_before_init(f"sqlite:///{tmp_path / 'nergens.db'}")
    assert not list(tmp_path.iterdir())


def test_the_check_value_says_nothing_of_the_key(database: str) -> None:
    with transaction(database) as db:
        hoofdsleutel.remember(db)
    waarde = mark(database) or ""
    assert waarde not in (kluis.current().index("naam", "controle"), kluis.current().index("bsn", ""))
    assert bytes(range(32)).hex() != waarde


def test_a_name_that_cannot_be_read_hides_no_other(database: str, other_key: Callable[[], None]) -> None:
    with transaction(database) as db:
        wie = [a_person(db, "Jansen"), a_person(db, "Pieters")]
        nummer = a_traject(db, wie=wie)
        db.execute(persoon.update().where(persoon.c.pseudoniem == wie[0]).values(gegevens=b"\0" * 40))
        traject_id = db.execute(select(gebeurtenis.c.traject_id)).scalars().first()
        namen = overzichten.names_in(db, [traject_id])[traject_id]
        assert nummer
    assert namen[0] == "naam niet leesbaar"
    assert namen[1].endswith("Pieters")
    with reading(database) as db, pytest.raises(KluisDicht):
        personen.by_pseudonym(db, wie[:1])
