"""The agenda on screen: plan, settle, move, wait, and what Vandaag says of it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bezoek import WACHTWOORD, an_account, op_beide
from icalendar import Calendar
from sqlalchemy import text

from models import klok
from models.database import reading, transaction
from tests.bouwers import NU, VANDAAG, a_person, a_traject, log_rows
from tests.verhalen.lezer import Pagina
from workflow import afscherming, planpunten

UITKOMSTEN = ["Gehouden", "Niet verschenen", "Verzetten", "Afzeggen"]
VANDAAG_KORT, MORGEN_KORT, GISTEREN_KORT = "02-03-2026", "03-03-2026", "01-03-2026"


@pytest.fixture
def nummer(database, uitvoerder) -> str:
    """A traject of the uitvoerder, of Hana Tesfay."""
    wie = an_account(database, "uitvoerder").pseudoniem
    with transaction(database) as db:
        return a_traject(db, wie=[a_person(db, "Tesfay", voornaam="Hana")], behandelaar=wie)


def plan(bezoeker, nummer: str, **anders: str) -> Any:
    """Send the form of an appointment: this morning at nine, as a vervolggesprek."""
    url = f"/trajecten/{nummer}/afspraken/nieuw"
    velden = {"dag": VANDAAG_KORT, "van": "9", "soort": "vervolggesprek", "vorm": "gesprek", **anders}
    gevuld = Pagina(bezoeker.get(url).text).formulier.filled({f"afspraak_{k}": v for k, v in velden.items()})
    return bezoeker.submit(url, gevuld)


def add(bezoeker, nummer: str, soort: str, **anders: str) -> Any:
    """Send the form of a wait, a reminder or an intention until today."""
    url = f"/trajecten/{nummer}/afspraken/erbij/{soort}"
    return bezoeker.submit(url, Pagina(bezoeker.get(url).text).formulier.filled({"dag": VANDAAG_KORT, **anders}))


def follow(bezoeker, pagina: str, naam: str, **antwoorden: str) -> Any:
    """Follow the link with this name on a page, and send the form behind it."""
    (url,) = {a["href"] for a in Pagina(bezoeker.get(pagina).text).wortel.alle("a") if a.tekst == naam}
    antwoord = bezoeker.get(url)
    if antwoord.status_code == 302:
        url = antwoord.location
        antwoord = bezoeker.get(url)
    formulier = Pagina(antwoord.text).formulier
    return bezoeker.submit(url.partition("?")[0], formulier.filled(antwoorden))


def login_again(bezoeker) -> None:
    """The session of days ago is over."""
    bezoeker.submit("/inloggen", {"inlognaam": "uitvoerder", "wachtwoord": WACHTWOORD})


def rows(database: str) -> list[Any]:
    """Everything that is planned."""
    with reading(database) as db:
        return planpunten.read(db)


# -- Appointments ------------------------------------------------------------------------------------------------------


def test_an_appointment_stands_in_the_dossier_the_agenda_and_vandaag(uitvoerder, nummer):
    assert plan(uitvoerder, nummer, plaats="Kamer 3", tolk="Tigrinya").status_code == 302
    for pagina in (f"/trajecten/{nummer}/afspraken", "/agenda", "/vandaag"):
        tekst = uitvoerder.get(pagina).text
        for woord in ("Hana Tesfay", "09:00–10:00", "Vervolggesprek", "Kamer 3", "Tolk: Tigrinya"):
            assert woord in tekst, (pagina, woord)


@pytest.mark.parametrize(
    ("dag", "vrij"),
    [
        ("06-03-2026", None),
        ("07-03-2026", "een zaterdag"),
        ("08-03-2026", "een zondag"),
        ("03-04-2026", "Goede Vrijdag"),
        ("27-04-2026", "Koningsdag"),
        ("15-05-2026", "een gelijkgestelde dag"),
    ],
)
def test_an_appointment_on_a_free_day_is_planned_and_that_is_said(uitvoerder, nummer, database, dag, vrij):
    assert plan(uitvoerder, nummer, dag=dag).status_code == 302
    meldingen = " ".join(Pagina(uitvoerder.get(f"/trajecten/{nummer}/afspraken").text).meldingen)
    assert "De afspraak staat in de agenda." in meldingen
    assert ("De dag van deze afspraak is" in meldingen) == (vrij is not None)
    assert f"De dag van deze afspraak is {vrij}. Klopt dat niet?" in meldingen or vrij is None
    assert len(rows(database)) == 1


def from_agenda(bezoeker, zoek: str, agenda: str = "/agenda?weergave=dag&dag=2026-03-03") -> Any:
    """Ask on the agenda for a dossier, as a browser does."""
    formulier = next(f for f in Pagina(bezoeker.get(agenda).text).wortel.alle("form") if f["action"] == "/agenda/nieuw")
    velden = {veld["name"]: veld["value"] for veld in formulier.alle("input") if veld["name"]}
    return bezoeker.get("/agenda/nieuw", query_string={**velden, "zoek": zoek})


@pytest.mark.parametrize("zoek", ["tesfay", "Hana Tes", "0001"])
def test_an_appointment_is_made_from_the_agenda_by_number_or_name(uitvoerder, nummer, database, zoek):
    antwoord = from_agenda(uitvoerder, zoek)
    assert antwoord.status_code == 302
    assert antwoord.location.startswith(f"/trajecten/{nummer}/afspraken/nieuw?")
    formulier = Pagina(uitvoerder.get(antwoord.location).text).formulier
    assert formulier.waarden["afspraak_dag"] == MORGEN_KORT
    klaar = uitvoerder.submit(
        antwoord.location, formulier.filled({"afspraak_van": "9", "afspraak_soort": "vervolggesprek"})
    )
    assert klaar.location == "/agenda?dag=2026-03-03&weergave=dag"
    assert [rij.dag for rij in rows(database)] == [VANDAAG + 1]


def test_of_several_dossiers_one_is_chosen_and_of_none_that_is_said(uitvoerder, nummer, database):
    with transaction(database) as db:
        ander = a_traject(db, wie=[a_person(db, "Tesfay", voornaam="Noor")])
    wegen = [a["href"].partition("?")[0] for a in Pagina(from_agenda(uitvoerder, "tesfay").text).wortel.alle("a")]
    assert {f"/trajecten/{n}/afspraken/nieuw" for n in (nummer, ander)} <= set(wegen)
    for zoek in ("te", "Nergensman", "SHV-1900-1"):
        assert "Geen open dossier gevonden." in from_agenda(uitvoerder, zoek).text
    assert "Geen open dossier" not in from_agenda(uitvoerder, "").text
    assert "evil.example" not in uitvoerder.get("/agenda/nieuw?zoek=te&terug=https://evil.example/").text


def test_a_dossier_out_of_sight_is_not_found_from_the_agenda(uitvoerder, nummer, database):
    collega = an_account(database, "uitvoerder", "anna").pseudoniem
    with transaction(database) as db:
        ander = a_traject(db, wie=[a_person(db, "Nergensman")], behandelaar=collega)
        afscherming.shield(db, ander, soort="alleen", reden="collega", leden=[], tot_dag=None, door=collega)
    for zoek in ("nergensman", ander):
        assert "Geen open dossier gevonden." in from_agenda(uitvoerder, zoek).text


def test_a_bsn_is_refused_there_too(uitvoerder, nummer):
    assert from_agenda(uitvoerder, "111222333").location == "/"


def test_moving_an_appointment_to_a_free_day_says_so_too(uitvoerder, nummer):
    plan(uitvoerder, nummer)
    follow(uitvoerder, "/vandaag", "Verzetten", op_verzoek_van="client", afspraak_dag="07-03-2026")
    assert "De dag van deze afspraak is een zaterdag." in uitvoerder.get("/vandaag").text


def test_wrong_answers_come_back_at_their_questions(uitvoerder, nummer, database):
    antwoord = plan(uitvoerder, nummer, dag=GISTEREN_KORT, van="25:00", tot="x", soort="")
    assert antwoord.status_code == 422
    assert antwoord.text.count("Vul een bestaande tijd in") >= 1
    antwoord = plan(uitvoerder, nummer, dag=GISTEREN_KORT, soort="")
    assert "Een afspraak plant u vandaag of later" in antwoord.text
    assert "Kies een soort gesprek." in antwoord.text
    assert rows(database) == []


@op_beide
def test_vandaag_shows_the_note_of_an_appointment_and_all_that_can_become_of_it(uitvoerder, nummer):
    plan(uitvoerder, nummer, notitie="Neemt de map mee.")
    vak = Pagina(uitvoerder.get("/vandaag").text).wortel.met_id("deel-afspraken")
    assert "Neemt de map mee." in vak.tekst
    assert [naam for a in vak.alle("a") for naam in UITKOMSTEN if a.tekst.startswith(naam)] == UITKOMSTEN


def test_a_no_show_is_two_clicks_from_vandaag_and_can_be_undone_there(uitvoerder, nummer, database):
    plan(uitvoerder, nummer)
    antwoord = follow(uitvoerder, "/vandaag", "Niet verschenen")
    assert (antwoord.status_code, antwoord.location) == (302, "/vandaag")
    tekst = uitvoerder.get("/vandaag").text
    assert "Vastgelegd: niet verschenen." in tekst
    wegen = {a["href"] for a in Pagina(tekst).wortel.met_id("deel-afspraken").alle("a")}
    assert {f"/trajecten/{nummer}/brieven", f"/trajecten/{nummer}/afspraken/nieuw"} <= wegen
    assert [r.stand for r in rows(database)] == ["niet_verschenen"]
    ongedaan = re.search(r'action="(/trajecten/[^"]+/ongedaan)"', tekst)
    assert ongedaan
    uitvoerder.submit(ongedaan[1])
    assert [r.stand for r in rows(database)] == ["open"]


def test_keeping_the_first_conversation_opens_the_intake_with_that_day(uitvoerder, nummer, database):
    plan(uitvoerder, nummer, soort="eerste_gesprek", vorm="huisbezoek")
    (punt,) = rows(database)
    naar = uitvoerder.get(f"/trajecten/{nummer}/afspraken/{punt.nummer}/uitkomst/gehouden?terug=/vandaag").location
    with klok.at(NU + timedelta(days=1)):
        login_again(uitvoerder)
        tekst = uitvoerder.get(naar).text
        formulier = Pagina(tekst).formulier
        ingevuld = formulier.filled({})
        assert (ingevuld["op"], ingevuld["contactsoort"]) == (VANDAAG_KORT, "huisbezoek")
        assert "Leg alleen het gesprek vast" in tekst
        antwoord = uitvoerder.submit(naar.partition("?")[0], ingevuld)
    assert (antwoord.status_code, antwoord.location) == (302, "/vandaag")
    (na,) = rows(database)
    with reading(database) as db:
        rij = log_rows(db, nummer)[-1]
    assert (na.stand, na.volgnummer, na.dag) == ("gedaan", rij["volgnummer"], VANDAAG)
    assert (rij["overgang"], rij["dag"]) == ("intake_starten", VANDAAG)


def test_only_the_conversation_can_be_recorded_instead(uitvoerder, nummer, database):
    plan(uitvoerder, nummer, soort="eerste_gesprek")
    (punt,) = rows(database)
    url = f"/trajecten/{nummer}/afspraken/{punt.nummer}/uitkomst/gehouden"
    formulier = Pagina(uitvoerder.get(f"{url}?alleen=ja").text).formulier
    assert uitvoerder.submit(url, formulier.filled({})).status_code == 302
    with reading(database) as db:
        assert log_rows(db, nummer)[-1]["overgang"] == "gesprek_voeren"


@op_beide
def test_a_move_asks_the_new_day_once_and_warns_of_an_overlap(uitvoerder, nummer, database):
    plan(uitvoerder, nummer)
    plan(uitvoerder, nummer, dag=MORGEN_KORT, van="9:30")
    antwoord = follow(
        uitvoerder, "/vandaag", "Verzetten", op_verzoek_van="client", afspraak_dag=MORGEN_KORT, afspraak_notitie="Ziek"
    )
    assert antwoord.status_code == 302, antwoord.text
    tekst = uitvoerder.get("/vandaag").text
    assert "De afspraak is verzet." in tekst
    assert "overlapt met een andere in dezelfde agenda: 09:30–10:30" in tekst
    assert sorted((r.stand, r.dag) for r in rows(database)) == [
        ("open", VANDAAG + 1),
        ("open", VANDAAG + 1),
        ("verzet", VANDAAG),
    ]
    assert "Overlapt met 09:30–10:30" in uitvoerder.get("/agenda").text


def test_who_comes_second_sees_that_and_nothing_is_written(uitvoerder, nummer, database):
    plan(uitvoerder, nummer)
    (punt,) = rows(database)
    url = f"/trajecten/{nummer}/afspraken/{punt.nummer}/uitkomst/niet_verschenen"
    laat = Pagina(uitvoerder.get(url).text).formulier.filled({})
    follow(uitvoerder, "/agenda", "Afzeggen", op_verzoek_van="client")
    antwoord = uitvoerder.submit(url, laat)
    assert antwoord.status_code == 409
    assert "al afgehandeld" in antwoord.text
    assert [r.stand for r in rows(database)] == ["afgezegd"]


def test_a_mistake_disappears_and_what_the_log_tells_of_does_not(uitvoerder, nummer, database):
    plan(uitvoerder, nummer, soort="eerste_gesprek")
    (punt,) = rows(database)
    uitvoerder.submit(f"/trajecten/{nummer}/afspraken/{punt.nummer}/weghalen", {"versie": "1"})
    assert "Trek daar gebeurtenis 2 in" in uitvoerder.get(f"/trajecten/{nummer}/afspraken").text
    assert [r.stand for r in rows(database)] == ["open"]


def test_an_auditor_reads_and_changes_nothing(uitvoerder, nummer, bezoeker, login):
    plan(uitvoerder, nummer)
    login(bezoeker, "auditor")
    tekst = bezoeker.get(f"/trajecten/{nummer}/afspraken").text
    assert "Vervolggesprek" in tekst
    assert "Niet verschenen" not in tekst
    assert "Afspraak maken" not in tekst


def test_an_appointment_is_reached_through_its_own_dossier_only(uitvoerder, nummer, database):
    plan(uitvoerder, nummer)
    (punt,) = rows(database)
    with transaction(database) as db:
        ander = a_traject(db)
    for pad in ("wijzigen", "uitkomst/gehouden", "verlengen"):
        assert uitvoerder.get(f"/trajecten/{ander}/afspraken/{punt.nummer}/{pad}").status_code == 404
    assert uitvoerder.get(f"/trajecten/{ander}/afspraken/{punt.nummer}.ics").status_code == 404
    assert uitvoerder.get(f"/trajecten/{nummer}/afspraken/{punt.nummer}/uitkomst/gelukt").status_code == 404


def test_the_way_back_never_leads_to_another_site(uitvoerder, nummer, database):
    plan(uitvoerder, nummer)
    (punt,) = rows(database)
    url = f"/trajecten/{nummer}/afspraken/{punt.nummer}/uitkomst/niet_verschenen"
    tekst = uitvoerder.get(f"{url}?terug=https://evil.example/").text
    assert "evil.example" not in tekst
    gevuld = {**Pagina(tekst).formulier.filled({}), "terug": "//evil.example/"}
    assert uitvoerder.submit(url, gevuld).location == f"/trajecten/{nummer}/afspraken"
    intake = uitvoerder.get(f"/trajecten/{nummer}/overgang/intake_starten?terug=javascript:alert(1)&planpunt=x").text
    assert "javascript:" not in intake


def test_appointments_go_along_with_a_hand_over(uitvoerder, nummer, database):
    ik, ander = an_account(database, "uitvoerder"), an_account(database, "uitvoerder", "ander")
    plan(uitvoerder, nummer, wie=ik.pseudoniem)
    url = f"/trajecten/{nummer}/overdragen"
    uitvoerder.submit(url, Pagina(uitvoerder.get(url).text).formulier.filled({"naar": ander.pseudoniem}))
    assert [r.wie for r in rows(database)] == [ander.pseudoniem]
    assert "Hana Tesfay" not in uitvoerder.get("/agenda").text
    assert "Hana Tesfay" in uitvoerder.get(f"/agenda?wie={ander.pseudoniem}").text
    assert "bij Ander Proef" in uitvoerder.get("/agenda?wie=team").text


@pytest.mark.parametrize(
    "vraag", ["?dag=gisteren", "?dag=99-99-9999&weergave=jaar", "?wie=niemand&dag=01-01-0001", "?dag=31-12-9999"]
)
def test_an_odd_question_shows_a_page(uitvoerder, vraag):
    assert uitvoerder.get(f"/agenda{vraag}").status_code == 200


# -- Waiting and reminding ---------------------------------------------------------------------------------------------


def test_a_wait_comes_back_on_its_day_and_is_ticked_off(uitvoerder, nummer, database):
    assert add(uitvoerder, nummer, "wachten", wat="client", tekst="Loonstrook van februari").status_code == 302
    tekst = uitvoerder.get("/vandaag").text
    assert "Wacht op: cliënt" in tekst
    assert "Loonstrook van februari" in tekst
    (punt,) = rows(database)
    uitvoerder.submit(f"/trajecten/{nummer}/afspraken/{punt.nummer}/klaar", {"versie": "1", "terug": "/vandaag"})
    assert "Loonstrook" not in uitvoerder.get("/vandaag").text
    uitvoerder.submit(f"/trajecten/{nummer}/afspraken/{punt.nummer}/klaar", {"versie": "1"})
    assert "Dit is al afgehandeld." in uitvoerder.get("/vandaag").text


def test_what_is_not_ticked_off_stays_and_says_how_late_it_is(uitvoerder, nummer):
    add(uitvoerder, nummer, "herinnering", tekst="Bel de woningcorporatie")
    with klok.at(NU + timedelta(days=3)):
        login_again(uitvoerder)
        tekst = uitvoerder.get("/vandaag").text
    assert "Bel de woningcorporatie" in tekst
    assert "3 dagen te laat" in tekst


def test_extending_puts_it_off(uitvoerder, nummer, database):
    add(uitvoerder, nummer, "wachten", wat="rechtbank", tekst="Uitspraak")
    (punt,) = rows(database)
    url = f"/trajecten/{nummer}/afspraken/{punt.nummer}/verlengen"
    pagina = Pagina(uitvoerder.get(url).text)
    (was,) = pagina.wortel.teksten("textarea")
    assert was == "Uitspraak"
    gevuld = pagina.formulier.filled({"dag": MORGEN_KORT, "tekst": was})
    assert uitvoerder.submit(url, gevuld).status_code == 302
    assert "Uitspraak" not in uitvoerder.get("/vandaag").text
    assert uitvoerder.submit(url, gevuld).status_code == 409


@pytest.mark.parametrize(
    ("soort", "anders", "zin"),
    [
        ("wachten", {"tekst": "x"}, "Kies op wie of wat u wacht."),
        ("wachten", {"wat": "client"}, "Vul in waarop u wacht."),
        ("herinnering", {"tekst": "x", "dag": GISTEREN_KORT}, "Kies een dag vanaf vandaag."),
        ("herinnering", {"tekst": "x" * 501}, "Dit antwoord is te lang: 501 tekens, hoogstens 500."),
        ("herinnering", {"tekst": "x", "dag": "30-02-2026"}, "Vul een bestaande datum in"),
        ("voornemen", {}, "Kies wat u wilt gaan vastleggen."),
    ],
)
def test_a_wait_that_says_too_little_comes_back(uitvoerder, nummer, database, soort, anders, zin):
    antwoord = add(uitvoerder, nummer, soort, **anders)
    assert antwoord.status_code == 422
    assert zin in antwoord.text
    assert rows(database) == []


def test_what_can_be_intended_from_here_is_offered_apart_from_the_rest(uitvoerder, nummer):
    """And what becomes of an appointment is no intention."""
    blad = Pagina(uitvoerder.get(f"/trajecten/{nummer}/afspraken/erbij/voornemen").text)
    groepen = {g["label"]: g.teksten("option") for g in blad.wortel.alle("optgroup")}
    assert "Intake starten" in groepen["Kan in de stap Melding"]
    assert "Toelaten" in groepen["Kan in een andere stap"]
    assert not {"Niet verschenen", "Gesprek verzetten"} & {naam for namen in groepen.values() for naam in namen}


@op_beide
def test_an_intention_is_proposed_on_its_day_and_never_made_by_itself(uitvoerder, nummer, database):
    add(uitvoerder, nummer, "voornemen", wat="intake_starten", dag=MORGEN_KORT)
    with reading(database) as db:
        rijen = len(log_rows(db, nummer))
    assert "Voornemen: Intake starten" not in uitvoerder.get("/vandaag").text
    with klok.at(NU + timedelta(days=1)):
        login_again(uitvoerder)
        assert "Voornemen: Intake starten" in uitvoerder.get("/vandaag").text
        with reading(database) as db:
            assert len(log_rows(db, nummer)) == rijen
        antwoord = follow(uitvoerder, "/vandaag", "Nu vastleggen", contactsoort="gesprek")
    assert (antwoord.status_code, antwoord.location) == (302, "/vandaag")
    assert [(r.stand, r.volgnummer) for r in rows(database)] == [("gedaan", rijen + 1)]


def test_an_intention_that_was_carried_out_elsewhere_is_settled(uitvoerder, nummer, database):
    add(uitvoerder, nummer, "voornemen", wat="intake_starten", dag=MORGEN_KORT)
    url = f"/trajecten/{nummer}/overgang/intake_starten"
    uitvoerder.submit(url, Pagina(uitvoerder.get(url).text).formulier.filled({"op": VANDAAG_KORT}))
    assert [r.stand for r in rows(database)] == ["gedaan"]


def test_an_intention_that_can_no_longer_be_made_says_why(uitvoerder, nummer, database):
    add(uitvoerder, nummer, "voornemen", wat="gesprek_aanbieden")
    url = f"/trajecten/{nummer}/overgang/intake_starten"
    uitvoerder.submit(url, Pagina(uitvoerder.get(url).text).formulier.filled({"op": VANDAAG_KORT}))
    tekst = uitvoerder.get("/vandaag").text
    assert "Kan niet meer" in tekst
    assert "Dit kan niet vanuit Intake, wel vanuit Melding." in tekst
    assert "Nu vastleggen" not in tekst


def test_an_empty_day_says_so_kindly(uitvoerder):
    assert "Er staat vandaag niets op u te wachten." in uitvoerder.get("/vandaag").text


def test_the_day_of_a_case_worker_begins_with_vandaag_and_that_of_a_coordinator_does_not(uitvoerder, bezoeker, login):
    assert uitvoerder.get("/").location == "/vandaag"
    login(bezoeker, "coordinator")
    assert bezoeker.get("/").location == "/werkvoorraad"


# -- For a calendar program --------------------------------------------------------------------------------------------


def events(inhoud: bytes) -> list[Any]:
    """The appointments in a calendar file."""
    return list(Calendar.from_ical(inhoud).walk("VEVENT"))


def test_a_file_says_number_kind_and_time_and_nothing_of_a_person(uitvoerder, nummer, database, caplog):
    plan(uitvoerder, nummer, plaats="Hoofdstraat 1", notitie="Is ziek", tolk="Tigrinya")
    (punt,) = rows(database)
    with caplog.at_level("INFO", logger="routekaart.web"):
        antwoord = uitvoerder.get(f"/trajecten/{nummer}/afspraken/{punt.nummer}.ics")
    (regel,) = (json.loads(r.message) for r in caplog.records if "agenda_bestand" in r.message)
    assert (regel["betreft"], len(regel["medewerker"])) == (nummer, 32)
    assert antwoord.mimetype == "text/calendar"
    for woord in ("Hana", "Tesfay", "Hoofdstraat", "ziek", "Tigrinya"):
        assert woord not in antwoord.text
    (gebeurt,) = events(antwoord.data)
    assert gebeurt["SUMMARY"] == f"Vervolggesprek {nummer}"
    assert gebeurt["DTSTART"].dt.astimezone(UTC) == datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("dag", "uur_utc"), [("27-03-2026", 8), ("30-03-2026", 7), ("23-10-2026", 7), ("26-10-2026", 8)]
)
def test_nine_o_clock_is_nine_o_clock_in_summer_and_winter(uitvoerder, nummer, database, dag, uur_utc):
    """By the rules that the file itself brings along, as a program without time zones of its own reads it."""
    plan(uitvoerder, nummer, dag=dag)
    (punt,) = rows(database)
    kalender = Calendar.from_ical(uitvoerder.get(f"/trajecten/{nummer}/afspraken/{punt.nummer}.ics").data)
    (zone,) = kalender.walk("VTIMEZONE")
    (gebeurt,) = kalender.walk("VEVENT")
    assert gebeurt["DTSTART"].params["TZID"] == zone["TZID"] == "Europe/Amsterdam"
    kaal = gebeurt["DTSTART"].dt.replace(tzinfo=None)
    assert kaal.hour == 9
    assert kaal.replace(tzinfo=zone.to_tz(lookup_tzid=False)).astimezone(UTC).hour == uur_utc


def an_address(bezoeker, doe: str = "maken") -> str | None:
    """Make (or take back) the secret address; its path, as the page shows it."""
    tekst = bezoeker.submit("/agenda/adres", {"doe": doe}).text
    gevonden = re.search(r'value="http://localhost(/agenda/feed/[^"]+)"', tekst)
    return gevonden[1] if gevonden else None


@op_beide
def test_a_feed_opens_without_logging_in_until_it_is_taken_back(uitvoerder, nummer, app, database):
    plan(uitvoerder, nummer, plaats="Hoofdstraat 1")
    adres = an_address(uitvoerder)
    assert adres
    buiten = app.test_client()
    antwoord = buiten.get(adres)
    assert antwoord.status_code == 200
    assert [str(e["SUMMARY"]) for e in events(antwoord.data)] == [f"Vervolggesprek {nummer}"]
    assert "Tesfay" not in antwoord.text
    assert "Hoofdstraat" not in antwoord.text
    token = adres.rpartition("/")[2].removesuffix(".ics")
    with reading(database) as db:
        assert token not in str(db.execute(text("SELECT * FROM agendaadres")).all())
    assert token not in uitvoerder.get("/agenda/adres").text, "shown once"
    nieuw = an_address(uitvoerder)
    assert (buiten.get(adres).status_code, buiten.get(nieuw).status_code) == (404, 200)
    an_address(uitvoerder, "intrekken")
    assert buiten.get(nieuw).status_code == 404


@op_beide
def test_a_feed_leaves_out_what_is_shielded_from_whose_it_is(uitvoerder, nummer, app, database):
    collega = an_account(database, "uitvoerder", "anna").pseudoniem
    with transaction(database) as db:
        ander = a_traject(db, behandelaar=collega)
    for dossier in (nummer, ander):
        plan(uitvoerder, dossier, wie=an_account(database, "uitvoerder").pseudoniem)
    adres, buiten = an_address(uitvoerder), app.test_client()
    assert ander in buiten.get(adres).text
    with transaction(database) as db:
        afscherming.shield(db, ander, soort="alleen", reden="collega", leden=[], tot_dag=None, door=collega)
    feed = buiten.get(adres).text
    assert nummer in feed
    assert ander not in feed


def test_a_feed_ends_with_the_account(uitvoerder, nummer, app, database):
    adres = an_address(uitvoerder)
    with transaction(database) as db:
        db.execute(text("UPDATE medewerker SET is_actief = false"))
    assert app.test_client().get(adres).status_code == 404


def test_whoever_keeps_trying_addresses_has_to_wait(app):
    buiten = app.test_client()
    with klok.at(NU):
        antwoorden = [buiten.get(f"/agenda/feed/{'a' * 40}{nr:03}.ics").status_code for nr in range(31)]
    assert (antwoorden[0], antwoorden[-1]) == (404, 429)


@pytest.mark.parametrize("token", ["x", "a" * 43, "../../etc", "%00", "é" * 43])
def test_a_guessed_address_opens_nothing(app, token):
    with klok.at(NU):
        assert app.test_client().get(f"/agenda/feed/{token}.ics").status_code in (400, 404)


def test_a_cancelled_appointment_is_cancelled_in_the_feed_too(uitvoerder, nummer, app):
    plan(uitvoerder, nummer)
    adres = an_address(uitvoerder)
    (voor,) = events(app.test_client().get(adres).data)
    follow(uitvoerder, "/agenda", "Afzeggen", op_verzoek_van="client")
    (na,) = events(app.test_client().get(adres).data)
    assert (voor["UID"], str(voor["STATUS"]), str(na["STATUS"])) == (na["UID"], "CONFIRMED", "CANCELLED")
    assert na["SEQUENCE"] > voor["SEQUENCE"]
