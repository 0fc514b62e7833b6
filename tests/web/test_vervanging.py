"""Work changes desks in one go: nothing is skipped silently, terms stay, and all of it comes back by one action."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from bezoek import an_account, op_beide
from sqlalchemy import select

from models import klok
from models.database import reading, transaction
from models.traject import traject
from tests.bouwers import BEGIN, NU, VANDAAG, a_traject, log_rows, projections, step
from tests.verhalen.lezer import Pagina
from workflow.kalender import date_of
from workflow.opdracht import Actor
from workflow.projectie import rebuild
from workflow.voortgang import hand_over

TOT = f"{date_of(VANDAAG + 14):%d-%m-%Y}"
AANTAL = 6


@dataclass
class Bureau:
    """The desk of the uitvoerder who is logged in, and two colleagues."""

    bezoeker: Any
    database: str
    wie: Any
    anna: str
    bas: str
    nummers: list[str] = field(default_factory=list)

    def of(self, nummer: str) -> Any:
        """What the werkvoorraad knows of a traject."""
        with reading(self.database) as db:
            return db.execute(select(traject).where(traject.c.nummer == nummer)).one()

    def desks(self) -> list[str | None]:
        """Who has each traject, in order."""
        return [self.of(nummer).behandelaar for nummer in self.nummers]

    def rows(self) -> list[dict[str, Any]]:
        """The hand-overs in the log."""
        with reading(self.database) as db:
            return [rij for rij in log_rows(db) if rij["soort"] == "overdracht"]

    def send(self, wie: dict[str, str], **velden: str) -> Any:
        """The form of a hand-over; `wie`: number -> who gets it."""
        sleutel = velden.pop("sleutel", "ab" * 16)
        tabel = {f"naar-{nummer}": naar for nummer, naar in wie.items()}
        vast = {
            "bureau": self.wie.pseudoniem,
            "sleutel": sleutel,
            "reden": "verlof",
            "duur": "tijdelijk",
            "tot_met": TOT,
        }
        return self.bezoeker.submit("/overdrachten/nieuw", {**vast, **tabel, **velden})

    def all_to_two(self) -> str:
        """Everything to two colleagues in turn; the address of the hand-over."""
        wie = {n: self.bas if i % 2 else self.anna for i, n in enumerate(self.nummers)}
        antwoord = self.send(wie)
        assert antwoord.status_code == 303, Pagina(antwoord.text).fouten
        return str(antwoord.location)


@pytest.fixture
def bureau(bezoeker: Any, login: Any, database: str) -> Iterator[Bureau]:
    """Six trajecten of the uitvoerder, the first with a child."""
    with klok.at(NU):
        wie = login(bezoeker, "uitvoerder")
        anna, bas = (an_account(database, "uitvoerder", naam).pseudoniem for naam in ("anna", "bas"))
        with transaction(database) as db:
            melding = {"route": "schuldhulp", "begin": "melding_registreren", "behandelaar": wie.pseudoniem}
            nummers = [a_traject(db, **melding) for _ in range(AANTAL)]
            a_traject(db, route="klacht", hoort_bij=nummers[0])
        yield Bureau(bezoeker, database, wie, anna, bas, nummers)


def test_what_went_along_is_told_apart_from_the_trajecten_themselves(bureau: Bureau) -> None:
    adres = bureau.all_to_two()
    pagina = bureau.bezoeker.get(adres).text
    assert f"Overdracht van {AANTAL} trajecten" in pagina
    assert f"Terug naar wie het had: {AANTAL} trajecten en 1 die ernaast loopt." in pagina
    antwoord = bureau.bezoeker.submit(f"{adres}/terug", follow_redirects=True)
    assert f"{AANTAL} trajecten en 1 die ernaast loopt teruggegeven." in antwoord.text


@op_beide
def test_all_work_goes_to_two_colleagues_and_comes_back_by_one_action(bureau: Bureau) -> None:
    termijnen = [(r.vervaldag, r.termijn) for r in map(bureau.of, bureau.nummers)]
    adres = bureau.all_to_two()
    assert bureau.desks() == [bureau.anna, bureau.bas] * 3
    assert [(r.vervaldag, r.termijn) for r in map(bureau.of, bureau.nummers)] == termijnen
    terug = bureau.bezoeker.submit(f"{adres}/terug")
    assert terug.status_code == 303
    assert bureau.desks() == [bureau.wie.pseudoniem] * AANTAL
    with transaction(bureau.database) as db:
        bijgehouden = projections(db)
        rebuild(db)
        assert projections(db) == bijgehouden


def test_each_traject_and_what_hangs_on_it_has_a_row_with_the_common_reason(bureau: Bureau) -> None:
    bureau.all_to_two()
    rijen = [json.loads(rij["inhoud"]) for rij in bureau.rows()]
    redenen = {(rij["reden"], rij["vervanging"], rij["tot_met"]) for rij in rijen}
    assert len(rijen) == AANTAL + 1
    assert {(reden, tot) for reden, _, tot in redenen} == {("verlof", date_of(VANDAAG + 14).isoformat())}
    assert len(redenen) == 1
    zinnen = bureau.bezoeker.get(f"/trajecten/{bureau.nummers[0]}").text
    assert f"Overgedragen aan Anna Proef (verlof, tot en met {date_of(VANDAAG + 14).day}" in zinnen


def test_what_cannot_go_is_named_and_nothing_goes(bureau: Bureau) -> None:
    with transaction(bureau.database) as db:
        hand_over(db, bureau.nummers[1], bureau.bas, door=Actor("d" * 32, "coordinator", "KBL"))
    assert f"naar-{bureau.nummers[1]}" not in bureau.bezoeker.get("/overdrachten/nieuw").text
    with transaction(bureau.database) as db:
        step(db, bureau.nummers[2], "intake_starten", BEGIN + 5)
        hand_over(db, bureau.nummers[3], bureau.bas, door=Actor("d" * 32, "coordinator", "KBL"))
    voor = bureau.rows()
    antwoord = bureau.send({bureau.nummers[2]: bureau.anna, bureau.nummers[4]: "e" * 32})
    assert antwoord.status_code == 422
    assert f"Kies een behandelaar bij {bureau.nummers[4]}." in antwoord.text
    assert bureau.rows() == voor


def test_a_traject_of_another_is_handed_over_by_the_coordinator_only(bureau: Bureau, login: Any) -> None:
    assert bureau.bezoeker.get(f"/overdrachten/nieuw?bureau={bureau.anna}").status_code == 403
    login(bureau.bezoeker, "coordinator")
    pagina = bureau.bezoeker.get(
        f"/overdrachten/nieuw?bureau={bureau.wie.pseudoniem}&naar={bureau.anna}&naar={bureau.bas}"
    )
    assert "3 naar Anna Proef, 3 naar Bas Proef" in pagina.text


def test_what_changed_since_stays_where_it_is_and_is_named(bureau: Bureau) -> None:
    adres = bureau.all_to_two()
    with transaction(bureau.database) as db:
        hand_over(db, bureau.nummers[3], bureau.anna, door=Actor("d" * 32, "coordinator", "KBL"))
    antwoord = bureau.bezoeker.submit(f"{adres}/terug", follow_redirects=True)
    assert f"{bureau.nummers[3]} is intussen aan iemand anders overgedragen." in antwoord.text
    assert bureau.desks().count(bureau.wie.pseudoniem) == AANTAL - 1
    nog_eens = bureau.bezoeker.submit(f"{adres}/terug", follow_redirects=True)
    assert "al teruggegeven" in nog_eens.text


def test_the_same_form_sent_twice_hands_over_once(bureau: Bureau) -> None:
    wie = {bureau.nummers[0]: bureau.anna}
    eerste, tweede = (bureau.send(wie, sleutel="ab" * 16) for _ in range(2))
    assert eerste.location == tweede.location == bureau.bezoeker.get(eerste.location).request.path
    assert len(bureau.rows()) == 2


def test_what_left_the_desk_while_the_form_was_open_is_named(bureau: Bureau) -> None:
    with transaction(bureau.database) as db:
        hand_over(db, bureau.nummers[1], bureau.bas, door=Actor("d" * 32, "coordinator", "KBL"))
    antwoord = bureau.send(dict.fromkeys(bureau.nummers, bureau.anna))
    assert antwoord.status_code == 422
    assert f"{bureau.nummers[1]} is van een ander" in antwoord.text
    assert bureau.desks().count(bureau.anna) == 0


@pytest.mark.parametrize(("nummer", "status"), [("SHV-1900-00001", 404), ("x", 400), ("=1", 400), ("A" * 99, 400)])
def test_a_made_up_number_goes_nowhere(bureau: Bureau, nummer: str, status: int) -> None:
    assert bureau.send({nummer: bureau.anna}).status_code == status
    assert bureau.rows() == []


def test_cover_is_shown_apart_with_whom_it_is_for(bureau: Bureau, login: Any, database: str) -> None:
    bureau.all_to_two()
    login(bureau.bezoeker, "uitvoerder", "anna")
    eigen = bureau.bezoeker.get("/werkvoorraad?lijst=mijn").text
    assert eigen.count("Voor Uitvoerder Proef, tot en met") == 3
    with transaction(database) as db:
        a_traject(db, route="schuldhulp", begin="melding_registreren", behandelaar=bureau.anna)
    dekking = Pagina(bureau.bezoeker.get("/werkvoorraad?lijst=mijn&vervanging=ja").text)
    assert len([regel for regel in dekking.regels if "SHV" in regel]) == 3


def test_a_last_day_in_the_past_or_none_is_refused(bureau: Bureau) -> None:
    wie = {bureau.nummers[0]: bureau.anna}
    for tot_met in ("", "1-1-2020", "31-12-2099", "morgen"):
        antwoord = bureau.send(wie, tot_met=tot_met)
        assert antwoord.status_code == 422, tot_met
    assert bureau.send({}).status_code == 422
    assert bureau.send(wie, reden="terug").status_code == 422
    assert bureau.rows() == []


def test_work_goes_for_good_to_the_pool_without_an_owner(bureau: Bureau) -> None:
    antwoord = bureau.send(dict.fromkeys(bureau.nummers, "team"), duur="voorgoed", tot_met="", reden="vertrek")
    assert antwoord.status_code == 303
    assert bureau.desks() == [None] * AANTAL
    assert "Voorgoed" in bureau.bezoeker.get(antwoord.location).text


def test_an_unknown_hand_over_is_not_found(bureau: Bureau) -> None:
    assert bureau.bezoeker.get("/overdrachten/onbekend").status_code == 404
    assert bureau.bezoeker.submit("/overdrachten/onbekend/terug").status_code == 404


def test_an_outsider_neither_sees_a_hand_over_nor_gives_it_back(bureau: Bureau, login: Any) -> None:
    adres = bureau.all_to_two()
    an_account(bureau.database, "uitvoerder", "carla")
    login(bureau.bezoeker, "uitvoerder", "carla")
    assert bureau.bezoeker.submit(f"{adres}/terug").status_code == 403
    assert bureau.bezoeker.get(adres).status_code == 403
    assert bureau.desks() == [bureau.anna, bureau.bas] * 3
