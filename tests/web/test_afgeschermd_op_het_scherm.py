"""A shielded dossier on the pages: somebody outside finds neither its name nor what is in it, wherever they look."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from bezoek import an_account
from flask import Flask
from sqlalchemy import Connection
from werkzeug.exceptions import HTTPException

from models import klok
from models.database import reading, transaction
from tests.bouwers import NU, VANDAAG, a_person, a_traject, advance_to
from tests.brievenbus import begun
from tests.verhalen.lezer import Pagina
from workflow import afscherming, agenda, personen, schuldboek, voorstellen
from workflow.agenda import Afspraak
from workflow.gezin import load
from workflow.kaarten import in_force
from workflow.opdracht import Actor
from workflow.personen import Gegevens
from workflow.schuldboek import Melding
from workflow.schulden import Gegevens as Schuld

MELDING = {"route": "schuldhulp", "begin": "melding_registreren"}
TELEFOON, POSTCODE, BSN = "0439998877", "6299XQ", "999990019"
VAN_HAAR = ("Zwaluwstaart", "Mirabella", TELEFOON, POSTCODE, BSN)
ROLLEN = ("uitvoerder", "coordinator", "auditor")
MAX_BLADEN = 800
MET_NUMMER = ("/afscherming", "/routekaart/wijzigingen")
"""Here who shields dossiers, or looks after that, knows one by its number."""


class Dicht(NamedTuple):
    """A shielded dossier, with who takes part."""

    nummer: str
    wie: str
    kind: str
    gebeurtenis: int
    rijen: int
    werk: Mapping[str, str]


@pytest.fixture
def dicht(database: str) -> Iterator[Dicht]:
    """A dossier with a history, for its behandelaar only; the clock stands still."""
    with klok.at(NU):
        behandelaar = an_account(database, "uitvoerder", "vertrouwd").pseudoniem
        with transaction(database) as db:
            wie = personen.register(
                db,
                Gegevens(
                    "Zwaluwstaart",
                    voornaam="Mirabella",
                    telefoon=TELEFOON,
                    postcode=POSTCODE,
                    huisnummer="1",
                    bsn=BSN,
                    geboortedatum="1980-05-05",
                ),
            )
            nummer = a_traject(db, wie=[wie], behandelaar=behandelaar, op=VANDAAG - 90, **MELDING)
            advance_to(db, nummer, "intake", VANDAAG - 80)
            kind = a_traject(db, route="klacht", hoort_bij=nummer, op=VANDAAG - 5)
            a_traject(db, op=VANDAAG - 30, **MELDING)
            werk = _work_in(db, nummer, behandelaar)
            afscherming.shield(db, nummer, soort="alleen", reden="collega", leden=[], tot_dag=None, door=behandelaar)
        with reading(database) as db:
            rijen = len(load(db, nummer, lock=False).by_nummer(nummer).log)
        yield Dicht(nummer, wie, kind, 2, rijen, werk)


def _work_in(db: Connection, nummer: str, behandelaar: str) -> dict[str, str]:
    """A letter, a debt and an appointment for today, each with her name; the numbers as addresses name them."""
    door = Actor(behandelaar, "uitvoerder", "KBL")
    schuldboek.add(db, nummer, [Schuld(naam="Tante Zwaluwstaart", bedrag=100, soort="Overig")], Melding(door))
    details = {"plaats": "Bij Zwaluwstaart thuis"}
    vast: dict[str, Any] = {"soort": "vervolggesprek", "vorm": "gesprek", "wie": behandelaar, "details": details}
    gesprek = Afspraak(dag=VANDAAG, van=540, tot=600, **vast)
    punt = agenda.plan(db, nummer, gesprek, door=door).punt
    return {"punt": punt, "briefnummer": begun(db, nummer), "schuld": "1", "vorm": "csv", "soort": "pdf"}


@pytest.fixture
def buiten(bezoeker: Any, login: Any, dicht: Dicht, request: pytest.FixtureRequest) -> Any:
    """Somebody outside it, in the role of the test."""
    login(bezoeker, request.param)
    return bezoeker


def told(tekst: str) -> list[str]:
    """What of her stands in a page."""
    return [waarde for waarde in VAN_HAAR if waarde.casefold() in unescape(tekst).casefold()]


def addresses(app: Flask, dicht: Dicht) -> list[str]:
    """Every page that can be asked for, with her dossier where a page is about one."""
    waarden = {
        **dict.fromkeys(("nummer", "dossier"), dicht.nummer),
        **dict.fromkeys(("pseudoniem", "ander", "weg"), dicht.wie),
        "volgnummer": dicht.gebeurtenis,
        "id_": 1,
        **dicht.werk,
    }
    gevonden = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
                continue
            args = {naam: waarden.get(naam, 1 if "int" in str(rule) else "x") for naam in rule.arguments}
            try:
                gevonden.append(app.url_for(rule.endpoint, **args))  # type: ignore[arg-type]
            except ValueError:
                gevonden.append(app.url_for(rule.endpoint, **dict.fromkeys(rule.arguments, 1)))  # type: ignore[arg-type]
    return gevonden


ZOEKEN = (
    "/werkvoorraad?lijst=alle",
    "/werkvoorraad?lijst=alle&stil=ja",
    "/werkvoorraad?zoek=Zwaluwst",
    "/zoek?zoek=Zwaluwst",
    "/terugkijken/lijst?op_toen=2025-10-01&bekend_toen=2026-03-02&op=2026-03-02&bekend=2026-03-02&kant=erbij",
)


def shape(app: Flask, url: str, dicht: Dicht) -> tuple[str, ...]:
    """Pages of one kind: the endpoint with the names of what is asked, and whether it is about her."""
    delen = urlsplit(url)
    try:
        endpoint, args = app.url_map.bind("localhost").match(delen.path)
    except HTTPException:  # a page that is not there
        return (delen.path,)
    namen = sorted(deel.partition("=")[0] for deel in delen.query.split("&"))
    over = "haar" if dicht.nummer in url or dicht.wie in url else ""
    return (endpoint, args.get("code", "") if endpoint == "indicatoren.lijst" else "", over, *namen)


def walked(app: Flask, bezoeker: Any, dicht: Dicht) -> Iterator[tuple[str, str]]:
    """Every page, and one of each kind that those lead to."""
    gezien, rij = set(), [*addresses(app, dicht), *ZOEKEN]
    while rij and len(gezien) < MAX_BLADEN:
        url = rij.pop(0)
        if (vorm := shape(app, url, dicht)) in gezien:
            continue
        gezien.add(vorm)
        antwoord = bezoeker.get(url)
        if "text/html" not in antwoord.content_type:
            yield url, antwoord.get_data().decode("utf-8", "replace")
            continue
        yield url, antwoord.text
        rij += [unescape(doel) for doel in re.findall(r'href="(/[^"#]*)', antwoord.text)]


@pytest.mark.parametrize("buiten", [*ROLLEN, "beheerder", "partner"], indirect=True)
def test_no_page_tells_somebody_outside_anything_of_it(app: Flask, buiten: Any, dicht: Dicht, tell: Any) -> None:
    gelekt, bladen, met_nummer = {}, 0, set()
    for url, tekst in walked(app, buiten, dicht):
        bladen += 1
        if woorden := told(tekst):
            gelekt[url] = woorden
        if dicht.nummer in tekst and dicht.nummer not in url and not url.startswith(MET_NUMMER):
            met_nummer.add(url)
    assert not gelekt
    assert not met_nummer
    assert 20 < bladen < MAX_BLADEN
    tell(f"pages that tell nothing of a shielded dossier: {bladen}")


@pytest.mark.parametrize("buiten", ROLLEN, indirect=True)
def test_its_own_pages_are_refused_and_say_why(buiten: Any, dicht: Dicht) -> None:
    for url in (f"/trajecten/{dicht.nummer}", f"/trajecten/{dicht.kind}", f"/trajecten/{dicht.nummer}/terugkijken?x=1"):
        antwoord = buiten.get(url, follow_redirects=True)
        assert antwoord.status_code == 403
        assert "Dit dossier is afgeschermd" in antwoord.text
    assert buiten.get(f"/personen/{dicht.wie}").status_code == 404


def test_its_behandelaar_works_on(bezoeker: Any, login: Any, dicht: Dicht) -> None:
    login(bezoeker, "uitvoerder", "vertrouwd")
    assert "Zwaluwstaart" in bezoeker.get(f"/trajecten/{dicht.nummer}").text
    assert "Zwaluwstaart" in bezoeker.get("/werkvoorraad").text
    assert bezoeker.get(f"/personen/{dicht.wie}").status_code == 200


@pytest.mark.parametrize("buiten", ["uitvoerder"], indirect=True)
def test_nothing_is_written_on_it_from_outside(buiten: Any, dicht: Dicht, database: str) -> None:
    for url in (
        f"/trajecten/{dicht.nummer}/overdragen",
        f"/trajecten/{dicht.nummer}/gebeurtenis/2/intrekken",
        f"/trajecten/{dicht.nummer}/personen/erbij",
        f"/trajecten/{dicht.nummer}/gebeurtenis/2/ongedaan",
        f"/trajecten/{dicht.nummer}/afspraken/nieuw",
        f"/trajecten/{dicht.nummer}/schulden/nieuw",
        f"/trajecten/{dicht.nummer}/schulden/1/vervallen",
        f"/trajecten/{dicht.nummer}/schulden/antwoord",
        f"/trajecten/{dicht.nummer}/brieven/{dicht.werk['briefnummer']}/vervallen",
        f"/trajecten/{dicht.nummer}/contact/vastleggen",
        f"/trajecten/{dicht.nummer}/stukken/nieuw",
    ):
        assert buiten.submit(url, {"naar": "team", "reden": "fout_ingevoerd"}).status_code == 403
    with reading(database) as db:
        assert len(load(db, dicht.nummer, lock=False).by_nummer(dicht.nummer).log) == dicht.rijen


@pytest.mark.parametrize("buiten", ["uitvoerder"], indirect=True)
def test_a_form_that_names_her_by_hand_gets_no_name(buiten: Any, dicht: Dicht) -> None:
    velden = {"eerste_achternaam": "Ander", "eerste_is": dicht.wie, "actie": "zoeken"}
    assert not told(buiten.submit("/meldingen/schuldhulp/melding_registreren", velden).text)


@pytest.mark.parametrize("buiten", ["uitvoerder"], indirect=True)
def test_her_bsn_is_taken_and_says_whom_to_ask(buiten: Any, dicht: Dicht) -> None:
    velden = {"eerste_achternaam": "Anders", "eerste_bsn": BSN}
    tekst = buiten.submit("/meldingen/schuldhulp/melding_registreren", velden).text
    assert "afgeschermd: vraag uw coördinator" in unescape(tekst)
    assert "Mirabella" not in tekst


@pytest.mark.parametrize("buiten", ["coordinator"], indirect=True)
def test_figures_count_it_and_their_lists_name_nobody(buiten: Any, dicht: Dicht) -> None:
    lijst = buiten.get(ZOEKEN[-1])
    assert lijst.status_code == 200
    assert "Afgeschermd dossier" in lijst.text
    assert dicht.nummer not in lijst.text
    assert len(re.findall("Afgeschermd dossier", lijst.text)) >= 1


@pytest.mark.parametrize("buiten", ["coordinator", "auditor", "beheerder"], indirect=True)
def test_what_changed_tells_its_number_to_the_beheerder_only(buiten: Any, dicht: Dicht) -> None:
    tekst = buiten.get("/routekaart/wijzigingen").text
    is_beheerder = "/beheer/medewerkers" in tekst
    assert "afgeschermd voor een eigen kring" in tekst
    assert (dicht.nummer in tekst) == is_beheerder


@pytest.mark.parametrize("buiten", ["coordinator"], indirect=True)
def test_a_delivery_is_whole_or_is_not_made(buiten: Any, dicht: Dicht) -> None:
    velden = {"van": "01-01-2025", "tot_en_met": "31-12-2026"}
    antwoord = buiten.submit("/uitwisseling/maken", velden)
    assert antwoord.status_code == 422
    assert "afgeschermd" in antwoord.text


@pytest.mark.parametrize("buiten", ["coordinator"], indirect=True)
def test_a_proposal_about_it_is_not_shown(buiten: Any, dicht: Dicht, database: str) -> None:
    with transaction(database) as db:
        door = Actor("a" * 32, "coordinator", "KBL")
        voorstel = voorstellen.propose_withdrawal(
            db, dicht.nummer, 2, reden=_a_reason(db), door=door, toelichting="over Zwaluwstaart"
        )
    assert dicht.nummer not in buiten.get("/voorstellen").text
    assert buiten.get(f"/voorstellen/{voorstel.id}").status_code == 403
    assert "Voorstellen (" not in buiten.get("/werkvoorraad").text


def _a_reason(db: Connection) -> str:
    return in_force(db).correctieredenen[0].code


@pytest.mark.parametrize("buiten", ["uitvoerder", "coordinator"], indirect=True)
def test_a_merge_that_cannot_be_does_not_tell_its_number(buiten: Any, dicht: Dicht, database: str) -> None:
    with klok.at(NU), transaction(database) as db:
        wie, dubbel = a_person(db, "Merel"), a_person(db, "Merel")
        a_traject(db, route="vroegsignaal", wie=[wie], op=VANDAAG - 5)
        nummer, open_ = (a_traject(db, wie=[p], op=VANDAAG - 30, **MELDING) for p in (wie, dubbel))
        afscherming.shield(db, nummer, soort="alleen", reden="collega", leden=[], tot_dag=None, door="a" * 32)
    url = f"/personen/{wie}/samenvoegen/{dubbel}"
    velden = Pagina(buiten.get(url).text).formulier.filled({"reden": "dubbel_ingevoerd"})
    antwoord = buiten.submit(url, velden)
    assert antwoord.status_code == 422
    assert nummer not in antwoord.text
    assert f"Beide hebben een open traject (een afgeschermd dossier en {open_})" in unescape(antwoord.text)


@pytest.mark.parametrize("buiten", ["uitvoerder", "coordinator"], indirect=True)
def test_a_second_melding_of_somebody_does_not_tell_its_number(buiten: Any, dicht: Dicht, database: str) -> None:
    with klok.at(NU), transaction(database) as db:
        wie = a_person(db, "Merel", geboortedatum="1990-01-02")
        a_traject(db, route="vroegsignaal", wie=[wie], op=VANDAAG - 5)
        nummer = a_traject(db, wie=[wie], op=VANDAAG - 30, **MELDING)
        afscherming.shield(db, nummer, soort="alleen", reden="collega", leden=[], tot_dag=None, door="a" * 32)
    url = "/meldingen/schuldhulp/melding_registreren"
    wie_is = {"eerste_voornaam": "Proef", "eerste_achternaam": "Merel", "eerste_geboortedatum": "02-01-1990"}
    velden = Pagina(buiten.get(url).text).formulier.filled({**wie_is, "op": "02-03-2026"})
    tekst = buiten.submit(url, {**velden, "eerste_is": wie}).text
    assert "heeft in die tijd al een traject: een afgeschermd dossier" in unescape(tekst)
    assert nummer not in tekst


# -- Shielding on screen -----------------------------------------------------------------------------------------------


def test_a_coordinator_shields_a_dossier_and_ends_it(bezoeker: Any, login: Any, database: str) -> None:
    with klok.at(NU):
        wie = login(bezoeker, "coordinator")
        with transaction(database) as db:
            nummer = a_traject(db, wie=[a_person(db, "Merel")], **MELDING)
        leeg = bezoeker.submit("/afscherming/nieuw", {"nummer": nummer})
        assert leeg.status_code == 422
        assert Pagina(leeg.text).fouten == ["Kies voor wie het dossier wordt afgeschermd.", "Kies een reden."]
        velden = {"nummer": nummer, "soort": "alleen", "reden": "familie", "leden": [wie.pseudoniem]}
        assert bezoeker.submit("/afscherming/nieuw", velden).status_code == 303
        lijst = bezoeker.get("/afscherming").text
        assert nummer in lijst
        assert "Merel" not in lijst
        (einde,) = re.findall(r'href="(/afscherming/\d+/beeindigen)"', lijst)
        assert bezoeker.submit(einde, {"reden": "niet_meer_nodig"}).status_code == 303
        assert "Eerder afgeschermd" in bezoeker.get("/afscherming").text


@pytest.mark.parametrize("buiten", ["auditor"], indirect=True)
def test_an_auditor_opens_it_with_a_reason_that_is_kept(buiten: Any, dicht: Dicht) -> None:
    dicht_blad = buiten.get(f"/trajecten/{dicht.nummer}").text
    assert f"/afscherming/inzien/{dicht.nummer}" in dicht_blad
    assert buiten.submit(f"/afscherming/inzien/{dicht.nummer}", {"reden": ""}).status_code == 422
    antwoord = buiten.submit(f"/afscherming/inzien/{dicht.nummer}", {"reden": "over_klacht"}, follow_redirects=True)
    assert "Zwaluwstaart" in antwoord.text
    assert "Onderzoek naar een klacht" in buiten.get("/afscherming").text
