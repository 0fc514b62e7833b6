"""Looking back at a traject: what the page tells of a moment, and that its address holds both days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bezoek import an_account, op_beide

from models import klok
from models.database import reading, transaction
from tests.bouwers import COORDINATOR, NU, VANDAAG, a_traject, actor, log_rows, step
from tests.verhalen.lezer import Pagina, knopen
from web.trajecten import SCHRIJVERS
from workflow.kaarten import in_force
from workflow.kalender import date_of
from workflow.opdracht import Actor
from workflow.voortgang import amend, withdraw

MELDING = {"route": "schuldhulp", "begin": "melding_registreren"}
LATER = NU + timedelta(days=10)
BEGIN = VANDAAG - 20
GEWEIGERD = {"beschikking_op": date_of(VANDAAG - 9).isoformat(), "motivering": "Er was eerder een regeling."}


@pytest.fixture
def auditor(bezoeker: Any, login: Any) -> Iterator[Any]:
    """The visitor, logged in as auditor, ten days after NU."""
    with klok.at(LATER):
        login(bezoeker, "auditor")
        yield bezoeker


@pytest.fixture
def gecorrigeerd(database: str) -> str:
    """Melding on day 0, intake on day 8, a note and an aanvulling; five days later the intake is moved to day 6."""
    with klok.at(NU), transaction(database) as db:
        nummer = a_traject(db, op=BEGIN, **MELDING)
        step(db, nummer, "intake_starten", BEGIN + 8)
        step(db, nummer, "contact_vastleggen", BEGIN + 9)
    with klok.at(NU + timedelta(days=5)), transaction(database) as db:
        amend(db, nummer, 2, dag=BEGIN + 6, reden="verkeerde_dag", door=COORDINATOR)
        withdraw(db, nummer, 3, reden="niet_gebeurd", door=COORDINATOR)
    return nummer


def address(nummer: str, op: int, bekend: int) -> str:
    return f"/trajecten/{nummer}/terugkijken?op={date_of(op)}&bekend={date_of(bekend)}"


def seen(bezoeker: Any, nummer: str, op: int, bekend: int) -> Pagina:
    antwoord = bezoeker.get(address(nummer, op, bekend))
    assert antwoord.status_code == 200, antwoord.status_code
    return Pagina(antwoord.text)


def place(pagina: Pagina) -> str:
    return pagina.wortel.eerste(klasse="rk-moment__titel").eerste(klasse="rk-badge").tekst


def struck(pagina: Pagina) -> list[str]:
    return pagina.wortel.teksten("s")


def test_the_page_tells_what_was_so_on_the_one_clock_by_what_was_known_on_the_other(auditor, gecorrigeerd):
    toen, nu = VANDAAG, VANDAAG + 5
    assert place(seen(auditor, gecorrigeerd, BEGIN + 7, toen)) == "Melding", "the intake was said to be on day 8"
    assert place(seen(auditor, gecorrigeerd, BEGIN + 7, nu)) == "Intake"
    assert place(seen(auditor, gecorrigeerd, BEGIN + 8, toen)) == "Intake"


def test_what_was_amended_or_withdrawn_stands_struck_through_beside_what_replaced_it(auditor, gecorrigeerd):
    assert struck(seen(auditor, gecorrigeerd, VANDAAG, VANDAAG)) == []
    pagina = seen(auditor, gecorrigeerd, VANDAAG, VANDAAG + 5)
    weg, was = struck(pagina)
    assert weg.startswith("Contact vastgelegd")
    assert was.startswith("18 februari 2026: Intake")
    intake = pagina.wortel.met_id("gebeurtenis-2")
    assert (intake.eerste("time").tekst, intake.eerste("s").tekst) == ("16 februari 2026", was)
    assert "Verbeterd op 7 maart 2026" in intake.tekst


def test_a_step_that_a_correction_moved_to_later_is_shown_as_moved(auditor, database):
    with klok.at(NU), transaction(database) as db:
        nummer = a_traject(db, op=BEGIN, **MELDING)
        step(db, nummer, "intake_starten", BEGIN + 6)
        amend(db, nummer, 2, dag=BEGIN + 12, reden="verkeerde_dag", door=COORDINATOR)
    pagina = seen(auditor, nummer, BEGIN + 8, VANDAAG)
    assert place(pagina) == "Melding"
    assert "Verplaatst naar 22 februari 2026" in pagina.wortel.met_id("gebeurtenis-2").tekst


def test_each_line_says_who_with_which_role_both_clocks_and_the_map(auditor, database):
    wie = an_account(database, "uitvoerder")
    with klok.at(NU), transaction(database) as db:
        door = Actor(wie.pseudoniem, wie.rol.value, wie.organisatie)
        nummer = a_traject(db, op=BEGIN, door=door, **MELDING)
        versie = db.exec_driver_sql("SELECT versie FROM routekaartversie").scalar_one()
    (regel,) = seen(auditor, nummer, VANDAAG, VANDAAG).wortel.alle("li", "rk-tijdlijn__regel")
    zegt = regel.eerste(klasse="rk-tijdlijn__wie").tekst
    assert "Uitvoerder Proef (uitvoerder, Kredietbank Limburg)" in zegt
    assert regel.eerste("time").tekst == "10 februari 2026"
    assert "vastgelegd 2 maart 2026, 10:00" in zegt
    assert zegt.endswith(f"routekaart {versie}")


def test_a_legal_herroeping_is_a_new_fact_and_what_it_comes_back_on_stays(auditor, database):
    with klok.at(NU), transaction(database) as db:
        nummer = a_traject(db, op=BEGIN, stap="besluit", **MELDING)
        step(db, nummer, "afwijzen", VANDAAG - 9, invoer=GEWEIGERD)
        afgewezen = log_rows(db, nummer)[-1]["volgnummer"]
        step(db, nummer, "weigering_herroepen", VANDAAG - 2)
    pagina = seen(auditor, nummer, VANDAAG, VANDAAG)
    herroepen = pagina.wortel.met_id(f"gebeurtenis-{afgewezen + 1}")
    assert f"Nieuw feit Komt terug op gebeurtenis {afgewezen}" in herroepen.tekst
    assert struck(pagina) == []
    assert place(seen(auditor, nummer, VANDAAG - 3, VANDAAG)) == "Afgewezen"
    assert place(pagina) == "Besluit"


def test_terms_are_those_of_that_day(auditor, gecorrigeerd):
    voor, na = (seen(auditor, gecorrigeerd, BEGIN + dag, VANDAAG) for dag in (3, 8))
    assert "Eerste gesprek" in voor.lopend
    assert "Eerste gesprek" not in na.lopend
    assert na.termijn("Eerste gesprek").rest == "gehaald"


def test_the_address_holds_both_days(auditor, gecorrigeerd):
    kaal = f"/trajecten/{gecorrigeerd}/terugkijken"
    assert auditor.get(kaal).location == f"{kaal}?op=2026-03-12&bekend=2026-03-12"
    getypt = auditor.get(f"{kaal}?op=18-02-2026&bekend=02-03-2026")
    assert getypt.location == address(gecorrigeerd, BEGIN + 8, VANDAAG)
    morgen = auditor.get(f"{kaal}?op=2030-01-01&bekend=2026-03-02")
    assert morgen.location == f"{kaal}?op=2026-03-12&bekend=2026-03-02", "nothing lies after today"


def test_without_javascript_a_slider_that_was_moved_counts(auditor, gecorrigeerd):
    formulier = knopen(auditor.get(address(gecorrigeerd, VANDAAG, VANDAAG)).text).eerste("form", "rk-schuiven")
    gestuurd = {k["name"]: k["value"] for k in formulier.alle("input")}
    verschoven = {**gestuurd, "op_dag": str(BEGIN + 8)}
    assert auditor.get(formulier["action"], query_string=verschoven).location == address(
        gecorrigeerd, BEGIN + 8, VANDAAG
    )
    getypt = {**gestuurd, "bekend": "05-03-2026"}
    assert auditor.get(formulier["action"], query_string=getypt).location == address(gecorrigeerd, VANDAAG, VANDAAG + 3)


def test_a_day_that_is_none_gets_a_sentence(auditor, gecorrigeerd):
    pagina = Pagina(auditor.get(f"/trajecten/{gecorrigeerd}/terugkijken?op=31-02-2026&bekend=2026-03-02").text)
    assert any("Vul een dag in als 01-02-2026." in zin for zin in pagina.meldingen)


def test_one_steps_from_gebeurtenis_to_gebeurtenis_and_from_vastlegging_to_vastlegging(auditor, gecorrigeerd):
    def steps(op: int, bekend: int) -> dict[str, str]:
        wortel = seen(auditor, gecorrigeerd, op, bekend).wortel
        return {a["id"]: a["href"] for a in wortel.eerste("nav", "rk-moment__stappen").alle("a")}

    assert steps(VANDAAG, VANDAAG + 10) == {
        "vorige": address(gecorrigeerd, BEGIN + 9, VANDAAG + 10),
        "vorige-bekend": address(gecorrigeerd, VANDAAG, VANDAAG + 5),
    }
    assert steps(BEGIN + 6, VANDAAG) == {
        "vorige": address(gecorrigeerd, BEGIN, VANDAAG),
        "volgende": address(gecorrigeerd, BEGIN + 8, VANDAAG),
        "volgende-bekend": address(gecorrigeerd, BEGIN + 6, VANDAAG + 5),
    }


def test_before_it_was_known_or_had_begun_the_page_says_so(auditor, gecorrigeerd):
    assert any("nog niet bekend" in zin for zin in seen(auditor, gecorrigeerd, BEGIN, VANDAAG - 1).meldingen)
    assert any("nog niet begonnen" in zin for zin in seen(auditor, gecorrigeerd, BEGIN - 1, VANDAAG).meldingen)


def test_an_uitvoerder_looks_back_at_own_trajecten_only(bezoeker, login, database):
    with klok.at(NU):
        wie = login(bezoeker, "uitvoerder")
        with transaction(database) as db:
            eigen = a_traject(db, behandelaar=wie.pseudoniem, **MELDING)
            ander = a_traject(db, door=actor("uitvoerder", 2), **MELDING)
        assert bezoeker.get(address(eigen, VANDAAG, VANDAAG)).status_code == 200
        assert bezoeker.get(address(ander, VANDAAG, VANDAAG)).status_code == 403
        aangeboden = [f"/trajecten/{n}/terugkijken" in bezoeker.get(f"/trajecten/{n}").text for n in (eigen, ander)]
    assert aangeboden == [True, False]


def test_looking_back_writes_nothing_and_offers_no_way_to(auditor, database, gecorrigeerd):
    with reading(database) as db:
        vooraf = log_rows(db)
    wortel = seen(auditor, gecorrigeerd, VANDAAG, VANDAAG).wortel.met_id("inhoud")
    assert {f["method"] for f in wortel.alle("form")} == {"get"}
    assert "auditor" not in SCHRIJVERS
    with reading(database) as db:
        assert log_rows(db) == vooraf


# -- The caseload at two moments ---------------------------------------------------------------------------------------


def two(bezoeker: Any, rest: str = "", blad: str = "") -> Pagina:
    """The caseload on NU, as known then and ten days later."""
    dagen = "op_toen=2026-03-02&bekend_toen=2026-03-02&op=2026-03-02&bekend=2026-03-12"
    antwoord = bezoeker.get(f"/terugkijken{blad}?{dagen}{rest}")
    assert antwoord.status_code == 200, antwoord.status_code
    return Pagina(antwoord.text)


@pytest.fixture
def voorraad(database: str) -> tuple[str, str]:
    """Two meldingen; an intake that was made on NU turned out, five days later, not to have happened."""
    with klok.at(NU), transaction(database) as db:
        blijft, terug = (a_traject(db, op=BEGIN, gemeente="GM0935", **MELDING) for _ in range(2))
        step(db, terug, "intake_starten", VANDAAG)
    with klok.at(NU + timedelta(days=5)), transaction(database) as db:
        withdraw(db, terug, 2, reden="niet_gebeurd", door=COORDINATOR)
    return blijft, terug


@op_beide
def test_the_caseload_is_counted_at_both_moments_with_the_difference(auditor, voorraad):
    assert two(auditor).regels == [
        "Melding Schuldhulpverlening 1 2 1 0 +1",
        "Intake Schuldhulpverlening 1 0 0 1 −1",
        "Alle stappen 2 2 1 1 0",
    ]


@op_beide
def test_behind_each_number_is_its_list_with_the_way_to_look_back(auditor, voorraad):
    blijft, terug = voorraad
    pagina = two(auditor)
    adressen = [a["href"] for a in pagina.wortel.eerste("tbody").alle("a")]
    lijsten = [Pagina(auditor.get(adres).text).wortel.eerste("tbody") for adres in adressen]
    gezien = [[n for n in (blijft, terug) if n in lijst.tekst] for lijst in lijsten]
    erbij, weg = [terug], [terug]
    assert gezien == [[blijft], [blijft, terug], erbij, [terug], weg, [blijft, terug], [blijft, terug], erbij, weg]
    assert f"/trajecten/{terug}/terugkijken?op=2026-03-02&bekend=2026-03-12" in [
        a["href"] for a in lijsten[2].alle("a")
    ]


def test_what_asks_no_work_is_counted_apart_and_has_a_list_of_its_own(auditor, database, voorraad):
    with klok.at(NU), transaction(database) as db:
        stroom = a_traject(db, route="informatiestroom", begin="stroom_afspreken", op=BEGIN, gemeente="GM0935")
    pagina = two(auditor)
    assert pagina.wortel.met_id("tabel-stappen").eerste("tbody").teksten("tr")[-1] == "Alle stappen 2 2 1 1 0"
    stil = pagina.wortel.met_id("tabel-stil").eerste("tbody")
    *_, alle = stil.alle("tr")
    assert alle.tekst == "Alle stappen 1 1 0 0 0"
    for link in stil.alle("a"):
        assert [
            stroom in r.tekst for r in Pagina(auditor.get(link["href"]).text).wortel.eerste("tbody").alle("tr")
        ] == [True]
    assert "2, en 1 die geen werk vragen" in auditor.get(f"/routekaart/{map_hash(database)}").text


def map_hash(database: str) -> str:
    with reading(database) as db:
        return in_force(db).sha256


def test_the_caseload_lights_its_place_in_the_menu(auditor, voorraad):
    assert [a.tekst for a in two(auditor).wortel.alle("a", "rk-menu__link") if a["aria-current"]] == ["Cijfers"]


def test_a_gemeente_narrows_the_caseload(auditor, voorraad):
    assert two(auditor, "&gemeente=GM0917").regels == ["Op geen van beide momenten liep er een traject."]
    assert two(auditor, "&gemeente=GM0935").regels[-1] == "Alle stappen 2 2 1 1 0"


def test_the_address_of_the_caseload_holds_all_four_days(auditor):
    assert auditor.get("/terugkijken").location == (
        "/terugkijken?op_toen=2026-02-10&bekend_toen=2026-02-10&op=2026-03-12&bekend=2026-03-12"
    )


def test_a_list_of_something_else_is_not_there(auditor):
    assert auditor.get("/terugkijken/lijst?kant=iedereen").status_code == 404
    assert auditor.get("/terugkijken/lijst?kant=nu&op=31-02-2026").status_code == 404
