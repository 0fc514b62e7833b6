"""Four eyes on the screen: a correction of long ago becomes a proposal, and another coordinator decides about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bezoek import op_beide

from models import klok
from models.database import reading, transaction
from tests.bouwers import NU, VANDAAG, a_traject, log_rows, step
from tests.verhalen.lezer import Pagina, knopen
from workflow import voorstellen
from workflow.correcties import TE_LAAT_ONGEDAAN
from workflow.opdracht import Actor
from workflow.vier_ogen import days_in_force, set_days

MELDING = {"route": "schuldhulp", "begin": "melding_registreren"}
BEGIN = VANDAAG - 60


@pytest.fixture
def kantoor(bezoeker: Any, login: Any, database: str) -> Iterator[tuple[Any, str]]:
    """The uitvoerder logged in, with an own traject of two months ago that was entered just now: intake on day 5."""
    with klok.at(NU):
        wie = login(bezoeker, "uitvoerder")
        door = Actor(wie.pseudoniem, wie.rol.value, wie.organisatie)
        with transaction(database) as db:
            set_days(db, 30, VANDAAG, door)
            nummer = a_traject(db, op=BEGIN, door=door, behandelaar=wie.pseudoniem, **MELDING)
            step(db, nummer, "intake_starten", BEGIN + 5, door=door)
        yield bezoeker, nummer


def log(database: str) -> list[dict[str, Any]]:
    with reading(database) as db:
        return log_rows(db)


def propose(bezoeker: Any, nummer: str, wat: str = "intrekken", volgnummer: int = 2, **velden: str) -> str:
    """Send the form of a correction; the address of the proposal that it leads to."""
    url = f"/trajecten/{nummer}/gebeurtenis/{volgnummer}/{wat}"
    antwoord = bezoeker.submit(url, Pagina(bezoeker.get(url).text).formulier.filled({"reden": "telfout", **velden}))
    assert antwoord.status_code == 302, Pagina(antwoord.text).fouten
    assert antwoord.location.startswith("/voorstellen/")
    return str(antwoord.location)


def test_the_form_says_beforehand_that_it_takes_a_second_person(kantoor):
    bezoeker, nummer = kantoor
    pagina = Pagina(bezoeker.get(f"/trajecten/{nummer}/gebeurtenis/2/intrekken").text)
    assert any("meer dan 30 dagen geleden" in zin for zin in pagina.meldingen)
    assert "Voorstellen" in pagina.wortel.eerste("form", "rk-formulier").teksten("button")


def test_a_correction_becomes_a_proposal_that_shows_what_it_would_change(kantoor, database):
    bezoeker, nummer = kantoor
    vooraf = log(database)
    pagina = Pagina(bezoeker.get(propose(bezoeker, nummer, "verbeteren", op="10-01-2026")).text)
    assert log(database) == vooraf
    gevolgen = pagina.wortel.met_id("deel-gevolgen")
    assert "dag wordt 10 januari 2026 (was 6 januari 2026)" in gevolgen.tekst
    assert ["Stap", "Intake, sinds 6 januari 2026", "Intake, sinds 10 januari 2026"] in [
        [cel.tekst for cel in [*rij.alle("th"), *rij.alle("td")]] for rij in gevolgen.alle("tr")
    ]
    assert pagina.wortel.met_id("deel-uitspraak").teksten("button") == ["Voorstel terugnemen"]


def test_the_traject_says_that_a_proposal_waits(kantoor):
    bezoeker, nummer = kantoor
    waar = propose(bezoeker, nummer)
    assert waar in [a["href"] for a in knopen(bezoeker.get(f"/trajecten/{nummer}").text).alle("a")]


def test_a_forgotten_step_becomes_a_proposal_too(kantoor, database):
    bezoeker, nummer = kantoor
    url = f"/trajecten/{nummer}/overgang/contact_vastleggen"
    formulier = Pagina(bezoeker.get(url).text).formulier
    velden = formulier.filled({"op": "04-01-2026", "contactsoort": "telefoon", "bereikt": "ja"})
    vooraf = log(database)
    antwoord = bezoeker.submit(url, velden)
    assert (antwoord.status_code, log(database)) == (302, vooraf)
    gevolgen = Pagina(bezoeker.get(antwoord.location).text).wortel.met_id("deel-gevolgen").tekst
    assert "4 januari 2026: Contact vastgelegd: telefoon, bereikt. Reden: Stap vergeten vast te leggen" in gevolgen
    with reading(database) as db:
        (voorstel,) = voorstellen.open_ones(db)
    assert (voorstel.soort, voorstel.vraag["correctiereden"]) == ("tussenvoeging", "vergeten")


@op_beide
def test_a_coordinator_sees_it_in_the_list_and_confirms_it(kantoor, login, database):
    bezoeker, nummer = kantoor
    waar = propose(bezoeker, nummer)
    login(bezoeker, "coordinator")
    assert "Voorstellen (1)" in bezoeker.get("/werkvoorraad").text
    assert waar in [a["href"] for a in knopen(bezoeker.get("/voorstellen").text).alle("a")]
    assert bezoeker.submit(f"{waar}/bevestigen", {"verwacht": "2"}).status_code == 303
    assert [rij["soort"] for rij in log(database)] == ["start", "overgang", "intrekking"]
    geschiedenis = Pagina(bezoeker.get(f"/trajecten/{nummer}").text).geschiedenis
    assert any("Coordinator Proef, voorgesteld door Uitvoerder Proef" in regel.door for regel in geschiedenis)
    assert "Bevestigd" in Pagina(bezoeker.get(waar).text).badges


def test_what_took_two_people_is_not_undone_by_one(kantoor, login, database):
    bezoeker, nummer = kantoor
    waar = propose(bezoeker, nummer)
    login(bezoeker, "coordinator")
    bezoeker.submit(f"{waar}/bevestigen", {"verwacht": "2"})
    correctie = f"/trajecten/{nummer}/gebeurtenis/3"
    geweigerd = bezoeker.submit(f"{correctie}/intrekken", {"reden": "vergissing"})
    assert (geweigerd.status_code, Pagina(geweigerd.text).fouten) == (422, [TE_LAAT_ONGEDAAN])
    propose(bezoeker, nummer, "intrekken", 3)
    assert len(log(database)) == 3


def test_what_two_people_moved_to_a_recent_day_takes_two_to_move_back(kantoor, login, database):
    bezoeker, nummer = kantoor
    waar = propose(bezoeker, nummer, "verbeteren", op="01-03-2026")
    login(bezoeker, "coordinator")
    bezoeker.submit(f"{waar}/bevestigen", {"verwacht": "2"})
    gedaan = log(database)
    assert gedaan[-1]["soort"] == "verbetering"
    voorstel = propose(bezoeker, nummer, "intrekken", 3)
    assert "door een ander bevestigd" in Pagina(bezoeker.get(voorstel).text).wortel.tekst
    assert log(database) == gedaan
    lijst = Pagina(bezoeker.get("/voorstellen").text).wortel.met_id("besloten-voorstellen").tekst
    assert "Coordinator Proef" in lijst


def test_a_coordinator_rejects_it_with_a_reason(kantoor, login, database):
    bezoeker, nummer = kantoor
    waar = propose(bezoeker, nummer)
    login(bezoeker, "coordinator")
    geweigerd = bezoeker.submit(f"{waar}/afwijzen", {"reden": ""})
    assert geweigerd.status_code == 422
    assert Pagina(geweigerd.text).fouten == ["Schrijf waarom u dit afwijst: de indiener leest het."]
    assert bezoeker.submit(f"{waar}/afwijzen", {"reden": "De intake was er wel."}).status_code == 303
    login(bezoeker, "uitvoerder")
    pagina = Pagina(bezoeker.get(waar).text)
    assert pagina.badges == ["Afgewezen"]
    assert any("De intake was er wel." in zin for zin in pagina.meldingen)
    assert len(log(database)) == 2


def test_an_auditor_reads_afterwards_what_was_proposed_and_rejected(kantoor, login, database):
    """Nothing of it is in the log, and what happened since changes nothing of what stands there."""
    bezoeker, nummer = kantoor
    waar = propose(bezoeker, nummer, "verbeteren", op="10-01-2026", toelichting_correctie="Volgens de agenda.")
    login(bezoeker, "coordinator")
    bezoeker.submit(f"{waar}/afwijzen", {"reden": "De intake was er toen wel."})
    with klok.at(NU + timedelta(hours=1)), transaction(database) as db:
        step(db, nummer, "notitie_maken", VANDAAG, invoer={"notitie": "Later genoteerd."})
    login(bezoeker, "auditor")
    pagina = Pagina(bezoeker.get(waar).text)
    gevolgen = pagina.wortel.met_id("deel-gevolgen")
    assert gevolgen.eerste("h2").tekst == "Wat was voorgesteld"
    assert "dag wordt 10 januari 2026 (was 6 januari 2026). Reden: Telfout of schrijffout" in gevolgen.tekst
    assert "Volgens de agenda." in gevolgen.tekst
    assert "Later genoteerd." not in gevolgen.tekst
    assert ["Stap", "Intake, sinds 6 januari 2026", "Intake, sinds 10 januari 2026"] in [
        [cel.tekst for cel in [*rij.alle("th"), *rij.alle("td")]] for rij in gevolgen.alle("tr")
    ]
    lijst = Pagina(bezoeker.get("/voorstellen").text).wortel.met_id("besloten-voorstellen").tekst
    assert "De intake was er toen wel." in lijst


def test_of_a_confirmed_proposal_stands_what_it_changed_then(kantoor, login):
    bezoeker, nummer = kantoor
    waar = propose(bezoeker, nummer)
    login(bezoeker, "coordinator")
    bezoeker.submit(f"{waar}/bevestigen", {"verwacht": "2"})
    gevolgen = Pagina(bezoeker.get(waar).text).wortel.met_id("deel-gevolgen")
    assert "Zoals het toen stond" in gevolgen.tekst
    assert "Ingetrokken: gebeurtenis 2" in gevolgen.tekst
    assert not list(gevolgen.alle("button"))


def test_nobody_decides_about_an_own_proposal(kantoor, login, database):
    bezoeker, nummer = kantoor
    login(bezoeker, "coordinator")
    waar = propose(bezoeker, nummer)
    assert Pagina(bezoeker.get(waar).text).wortel.met_id("deel-uitspraak").teksten("button") == ["Voorstel terugnemen"]
    geweigerd = bezoeker.submit(f"{waar}/bevestigen", {"verwacht": "2"})
    assert Pagina(geweigerd.text).fouten == ["U deed dit voorstel zelf. Een ander beslist erover."]
    assert len(log(database)) == 2
    login(bezoeker, "coordinator", "tweede")
    assert bezoeker.submit(f"{waar}/bevestigen", {"verwacht": "2"}).status_code == 303
    assert len(log(database)) == 3


@op_beide
def test_what_cannot_be_any_more_is_marked_and_lapses(kantoor, login, database):
    bezoeker, nummer = kantoor
    waar = propose(bezoeker, nummer)
    with transaction(database) as db:
        step(db, nummer, "mesis_afnemen", BEGIN + 9)
    login(bezoeker, "coordinator")
    assert "Kan niet meer" in bezoeker.get("/voorstellen").text
    assert any(f"{nummer}, gebeurtenis 3" in zin for zin in Pagina(bezoeker.get(waar).text).meldingen)
    bezoeker.submit(f"{waar}/bevestigen", {"verwacht": "3"})
    pagina = Pagina(bezoeker.get(waar).text)
    assert pagina.badges == ["Vervallen"]
    assert len(log(database)) == 3


@pytest.mark.parametrize("verwacht", ["2", "", "nu"])
def test_who_confirms_looks_at_the_traject_as_it_is(kantoor, login, database, verwacht):
    bezoeker, nummer = kantoor
    waar = propose(bezoeker, nummer, "verbeteren", op="05-01-2026")
    with transaction(database) as db:
        step(db, nummer, "mesis_afnemen", BEGIN + 9)
    login(bezoeker, "coordinator")
    laat = bezoeker.submit(f"{waar}/bevestigen", {"verwacht": verwacht})
    assert any("intussen gewijzigd" in zin for zin in Pagina(laat.text).fouten)
    assert len(log(database)) == 3


def test_another_uitvoerder_sees_nothing_of_it(kantoor, login):
    bezoeker, nummer = kantoor
    waar = propose(bezoeker, nummer)
    login(bezoeker, "uitvoerder", "collega")
    assert bezoeker.get(waar).status_code == 404
    assert waar not in bezoeker.get("/voorstellen").text
    assert bezoeker.submit(f"{waar}/terugnemen").status_code == 404


def test_an_auditor_reads_and_does_not_decide(kantoor, login):
    bezoeker, nummer = kantoor
    waar = propose(bezoeker, nummer)
    login(bezoeker, "auditor")
    assert Pagina(bezoeker.get(waar).text).wortel.met_id("deel-uitspraak").tag == ""
    assert [bezoeker.submit(f"{waar}/{wat}").status_code for wat in ("bevestigen", "afwijzen", "terugnemen")] == [
        *(403, 403, 403)
    ]


def test_who_looks_back_reads_both_names(kantoor, login):
    bezoeker, nummer = kantoor
    waar = propose(bezoeker, nummer)
    login(bezoeker, "coordinator")
    bezoeker.submit(f"{waar}/bevestigen", {"verwacht": "2"})
    pagina = Pagina(bezoeker.get(f"/trajecten/{nummer}/terugkijken?op=2026-03-02&bekend=2026-03-02").text)
    door = " ".join(pagina.wortel.teksten(klasse="rk-tijdlijn__wie"))
    assert "Coordinator Proef (coördinator, Gemeente Maastricht), voorgesteld door Uitvoerder Proef" in door


def test_the_beheerder_sets_the_number_from_a_day_on(bezoeker, login, database):
    with klok.at(NU):
        login(bezoeker, "beheerder")
        assert bezoeker.submit("/beheer/vier-ogen", {"dagen": "14", "vanaf": "05-03-2026"}).status_code == 303
        with reading(database) as db:
            assert days_in_force(db, VANDAAG + 3) == 14
            assert days_in_force(db, VANDAAG + 2) != 14
        assert "14" in Pagina(bezoeker.get("/beheer/vier-ogen").text).regels[0]


@pytest.mark.parametrize(
    ("dagen", "vanaf", "zin"),
    [
        ("veel", "05-03-2026", "Vul een heel aantal dagen in, bijvoorbeeld 30."),
        ("4000", "05-03-2026", "Vul een aantal in van 0 tot en met 3650."),
        ("30", "01-03-2026", "De dag kan niet in het verleden liggen: wat gold, blijft staan."),
        ("", "05-03-2026", "Vul een aantal dagen in."),
    ],
)
def test_a_setting_that_cannot_be_gets_a_sentence(bezoeker, login, dagen, vanaf, zin):
    with klok.at(NU):
        login(bezoeker, "beheerder")
        antwoord = bezoeker.submit("/beheer/vier-ogen", {"dagen": dagen, "vanaf": vanaf})
    assert antwoord.status_code == 422
    assert Pagina(antwoord.text).fouten == [zin]


def test_nobody_knows_a_proposal_that_does_not_exist(bezoeker, login):
    with klok.at(NU):
        login(bezoeker, "coordinator")
        assert bezoeker.get("/voorstellen/7").status_code == 404
        assert bezoeker.submit("/voorstellen/7/bevestigen").status_code == 404
