"""What was typed survives the end of a session, without JavaScript: kept for who typed it, and back in the form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bezoek import WACHTWOORD, Bezoeker
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory

from models.database import transaction
from models.klok import today
from tests.bouwers import a_traject
from tests.verhalen.lezer import Pagina
from web.concepten import password_fields
from workflow.concepten import MAX_CONCEPTEN

NIEUW = "/meldingen/schuldhulp/melding_registreren"
GETYPT = {
    "eerste_achternaam": "Zandstra-Verzonnen",
    "tweede_achternaam": "Tweedeman",
    "bron": "eigen_melding",
    "crisis": "geen",
    "gemeente": "GM0935",
    "op": "24-11-2026",
    "toelichting": "Belt liever 's avonds.",
}
TERUG = "had ingevuld, staat hier weer. Er is nog niets vastgelegd."


@pytest.fixture(autouse=True)
def klok() -> Iterator[FrozenDateTimeFactory]:
    """A clock that stands still until the test moves it."""
    with freeze_time("2026-11-24 09:00") as bevroren:
        yield bevroren


@pytest.fixture(autouse=True)
def concepten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where drafts of this test are kept."""
    monkeypatch.setenv("ROUTEKAART_INSTANCE", str(tmp_path))
    return tmp_path / "concepten"


@pytest.fixture
def verlopen(bezoeker: Bezoeker, login: Any, klok: FrozenDateTimeFactory) -> str:
    """An uitvoerder had the form open for longer than a session lasts; the token that it holds."""
    login(bezoeker, "uitvoerder")
    bezoeker.get(NIEUW)
    token = bezoeker.token()
    klok.tick(timedelta(minutes=31))
    return token


def back_in(bezoeker: Bezoeker, inlognaam: str = "uitvoerder", verder: str = NIEUW) -> Pagina:
    """Log in again, and the page that this leads to."""
    velden = {"inlognaam": inlognaam, "wachtwoord": WACHTWOORD, "verder": verder}
    antwoord = bezoeker.submit("/inloggen", velden, follow_redirects=True)
    assert antwoord.status_code == 200
    return Pagina(antwoord.text)


def shown(pagina: Pagina) -> dict[str, str]:
    """What the form holds of what was typed."""
    waarden = {**pagina.formulier.waarden, "toelichting": pagina.wortel.met_id("toelichting").tekst}
    return {naam: waarden.get(naam, "") for naam in GETYPT if naam != "crisis" and naam != "bron"}


def test_what_was_sent_after_the_end_is_back_after_logging_in(bezoeker: Bezoeker, verlopen: str) -> None:
    antwoord = bezoeker.post(NIEUW, data={**GETYPT, "csrf_token": verlopen})
    assert (antwoord.status_code, antwoord.location) == (303, f"/inloggen?verder={NIEUW}")
    assert "Wat u invulde is bewaard" in bezoeker.get(antwoord.location).text
    pagina = back_in(bezoeker)
    assert TERUG in " ".join(pagina.meldingen)
    assert shown(pagina) == {naam: w for naam, w in GETYPT.items() if naam not in ("crisis", "bron")}
    assert "open" in pagina.wortel.eerste("details", "rk-meer").eigenschappen
    antwoord = bezoeker.submit(NIEUW, {**GETYPT, **pagina.formulier.waarden}, follow_redirects=True)
    assert "De melding is vastgelegd" in antwoord.text


def test_a_draft_comes_back_once(bezoeker: Bezoeker, verlopen: str) -> None:
    bezoeker.post(NIEUW, data={**GETYPT, "csrf_token": verlopen})
    back_in(bezoeker)
    assert shown(Pagina(bezoeker.get(NIEUW).text))["eerste_achternaam"] == ""


def test_a_script_that_fetches_the_page_does_not_take_the_draft(bezoeker: Bezoeker, verlopen: str) -> None:
    bezoeker.post(NIEUW, data={**GETYPT, "csrf_token": verlopen})
    back_in(bezoeker, verder="/werkvoorraad")
    bezoeker.get(NIEUW, headers={"Sec-Fetch-Mode": "cors"})
    assert shown(Pagina(bezoeker.get(NIEUW).text))["eerste_achternaam"] == "Zandstra-Verzonnen"


def test_a_colleague_at_the_same_desk_does_not_see_it(bezoeker: Bezoeker, verlopen: str, app: Any, login: Any) -> None:
    bezoeker.post(NIEUW, data={**GETYPT, "csrf_token": verlopen})
    login(app.test_client(), "uitvoerder", "collega")
    assert shown(back_in(bezoeker, "collega"))["eerste_achternaam"] == ""
    assert shown(back_in(bezoeker, "uitvoerder"))["eerste_achternaam"] == "Zandstra-Verzonnen"


def test_a_draft_is_unreadable_and_gone_after_a_day(
    bezoeker: Bezoeker, verlopen: str, concepten: Path, klok: FrozenDateTimeFactory
) -> None:
    bezoeker.post(NIEUW, data={**GETYPT, "csrf_token": verlopen})
    (bestand,) = concepten.iterdir()
    assert b"Zandstra" not in bestand.read_bytes()
    assert bestand.stat().st_mode & 0o077 == 0
    klok.tick(timedelta(hours=24, seconds=1))
    assert shown(back_in(bezoeker))["eerste_achternaam"] == ""


def test_a_form_of_an_earlier_session_can_be_gone_on_with(bezoeker: Bezoeker, verlopen: str) -> None:
    back_in(bezoeker)
    antwoord = bezoeker.post(NIEUW, data={**GETYPT, "csrf_token": verlopen})
    pagina = Pagina(antwoord.text)
    assert antwoord.status_code == 400
    assert "Er is niets opgeslagen." in antwoord.text
    (verder,) = [a for a in pagina.wortel.alle("a", "nl-button") if a.tekst == "Verder met wat u invulde"]
    pagina = Pagina(bezoeker.get(verder["href"]).text)
    assert TERUG in " ".join(pagina.meldingen)
    assert shown(pagina)["toelichting"] == GETYPT["toelichting"]


def test_a_correction_keeps_the_day_that_was_typed(
    bezoeker: Bezoeker, verlopen: str, klok: FrozenDateTimeFactory
) -> None:
    back_in(bezoeker)
    bezoeker.submit(NIEUW, GETYPT)
    pad = "/trajecten/SHV-2026-00001/gebeurtenis/1/verbeteren"
    token = bezoeker.token()
    klok.tick(timedelta(minutes=31))
    bezoeker.post(pad, data={"op": "20-11-2026", "csrf_token": token})
    assert back_in(bezoeker, verder=pad).formulier.waarden["op"] == "20-11-2026"


@pytest.mark.parametrize("token", ["", "onzin", "ImFuZGVycyI.aWVtYW5k.vervalst"])
def test_what_did_not_come_from_a_page_of_ours_is_not_kept(
    bezoeker: Bezoeker, verlopen: str, concepten: Path, token: str
) -> None:
    bezoeker.post(NIEUW, data={**GETYPT, "csrf_token": token})
    assert "Er is niets opgeslagen." in bezoeker.get("/inloggen").text
    back_in(bezoeker)
    assert bezoeker.post(NIEUW, data={**GETYPT, "csrf_token": token}).status_code == 400
    assert not list(concepten.glob("*"))


def test_what_another_site_sends_is_not_kept(bezoeker: Bezoeker, verlopen: str, concepten: Path) -> None:
    back_in(bezoeker)
    kop = {"Sec-Fetch-Site": "cross-site"}
    assert bezoeker.post(NIEUW, data={**GETYPT, "csrf_token": verlopen}, headers=kop).status_code == 400
    assert not list(concepten.glob("*"))


def test_who_was_never_logged_in_leaves_nothing(bezoeker: Bezoeker, concepten: Path) -> None:
    bezoeker.submit(NIEUW, GETYPT)
    assert not list(concepten.glob("*"))


def test_what_is_sent_after_logging_out_is_not_kept_and_that_is_said(
    bezoeker: Bezoeker, login: Any, concepten: Path
) -> None:
    """In another tab, say: whoever sits at that desk next could have sent it."""
    login(bezoeker, "uitvoerder")
    bezoeker.get(NIEUW)
    token = bezoeker.token()
    bezoeker.submit("/uitloggen", follow_redirects=True)
    kop = {"Referer": f"http://localhost{NIEUW}"}
    antwoord = bezoeker.post(NIEUW, data={**GETYPT, "csrf_token": token}, headers=kop)
    assert (antwoord.status_code, antwoord.location) == (303, f"/inloggen?verder={NIEUW}")
    assert "Wat u verstuurde is niet vastgelegd en niet bewaard" in bezoeker.get(antwoord.location).text
    assert not list(concepten.glob("*"))
    assert shown(back_in(bezoeker))["eerste_achternaam"] == ""


def test_a_password_is_never_kept(bezoeker: Bezoeker, login: Any, concepten: Path, klok: FrozenDateTimeFactory) -> None:
    assert password_fields() == {"wachtwoord", "huidig", "herhaling"}
    login(bezoeker, "beheerder")
    token, pad = bezoeker.token(), "/beheer/medewerkers/nieuw"
    klok.tick(timedelta(minutes=31))
    bezoeker.post("/wachtwoord", data={"huidig": "a", "wachtwoord": "b", "herhaling": "b", "csrf_token": token})
    assert not list(concepten.glob("*"))
    bezoeker.post(pad, data={"naam": "Nieuw Iemand", "wachtwoord": "nooit bewaren", "csrf_token": token})
    pagina = back_in(bezoeker, "beheerder", pad)
    assert pagina.formulier.waarden["naam"] == "Nieuw Iemand"
    assert "nooit bewaren" not in pagina.html


def test_an_upload_is_not_read_for_it(bezoeker: Bezoeker, verlopen: str, concepten: Path) -> None:
    velden = {**GETYPT, "csrf_token": verlopen}
    assert bezoeker.post(NIEUW, data=velden, content_type="multipart/form-data").status_code == 303
    groot = {**velden, "toelichting": "x" * 70_000}
    assert bezoeker.post(NIEUW, data=groot).status_code == 303
    assert not list(concepten.glob("*"))


def test_what_is_typed_is_kept_while_it_is_typed_and_forgotten_when_it_is_recorded(
    bezoeker: Bezoeker, login: Any
) -> None:
    login(bezoeker, "uitvoerder")
    gezegd = bezoeker.submit("/concept", {"pad": NIEUW, **GETYPT})
    assert gezegd.json == {"om": "10:00"}
    pagina = Pagina(bezoeker.get(NIEUW).text)
    assert shown(pagina) == {naam: w for naam, w in GETYPT.items() if naam not in ("crisis", "bron")}
    bezoeker.submit("/concept", {"pad": NIEUW, **GETYPT})
    klaar = bezoeker.submit(NIEUW, {**GETYPT, **pagina.formulier.waarden})
    assert klaar.status_code in (302, 303)
    assert shown(Pagina(bezoeker.get(NIEUW).text))["eerste_achternaam"] == ""


def test_who_cancels_or_begins_anew_finds_an_empty_form(bezoeker: Bezoeker, login: Any) -> None:
    login(bezoeker, "uitvoerder")
    bezoeker.submit("/concept", {"pad": NIEUW, **GETYPT})
    assert bezoeker.submit("/concept", {"pad": NIEUW, "weg": "ja"}).json == {}
    pagina = Pagina(bezoeker.get(NIEUW).text)
    assert (shown(pagina)["eerste_achternaam"], pagina.meldingen) == ("", [])


def test_what_came_back_says_of_when_it_is_and_how_to_begin_without_it(bezoeker: Bezoeker, login: Any) -> None:
    login(bezoeker, "uitvoerder")
    bezoeker.submit("/concept", {"pad": NIEUW, **GETYPT})
    pagina = Pagina(bezoeker.get(NIEUW).text)
    (melding,) = pagina.meldingen
    assert melding.startswith("Wat u om 10:00 had ingevuld, staat hier weer. Er is nog niets vastgelegd.")
    (leeg,) = [a for a in pagina.wortel.alle("a") if a.tekst == "Leeg beginnen"]
    assert shown(Pagina(bezoeker.get(leeg["href"]).text))["eerste_achternaam"] == ""


TYPED = {
    "contact": {"toelichting": "Belt terug.", "contactsoort": "telefoon", "bereikt": "ja"},
    "stukken": {"toelichting": "Komt per post.", "stand_inkomen": "gevraagd"},
    "stukken/nieuw": {"omschrijving": "Van juni.", "stuksoort": "inkomen", "is_volledig": "ja", "plek": "papier"},
}
"""What is typed on a page of a dossier, a text of its own first."""


@pytest.fixture
def nummer(bezoeker: Bezoeker, login: Any, database: str) -> str:
    """A traject that begins today; the visitor is logged in as uitvoerder."""
    login(bezoeker, "uitvoerder")
    with transaction(database) as db:
        return a_traject(db, op=today())


def sends_to(pagina: Pagina) -> str:
    """Where the form of a page is sent of which drafts are kept."""
    (form,) = [form for form in pagina.wortel.alle("form") if form["data-concept"]]
    return form["action"]


def typed_and_left(bezoeker: Bezoeker, blad: str, velden: dict[str, str]) -> Pagina:
    """Type in the form of a page and leave it: the page as it is when it is opened again."""
    pagina = Pagina(bezoeker.get(blad).text)
    gevuld = pagina.formulier.filled(velden)
    assert bezoeker.submit("/concept", {**gevuld, "pad": sends_to(pagina)}).status_code == 200
    weer = Pagina(bezoeker.get(blad).text)
    assert TERUG in " ".join(weer.meldingen)
    return weer


@pytest.mark.parametrize("blad", TYPED)
def test_contact_and_documents_keep_what_is_typed_and_forget_it_when_it_is_recorded(
    bezoeker: Bezoeker, nummer: str, blad: str
) -> None:
    adres, velden = f"/trajecten/{nummer}/{blad}", TYPED[blad]
    pagina = typed_and_left(bezoeker, adres, velden)
    vraag, getypt = next(iter(velden.items()))
    assert pagina.wortel.met_id(vraag).tekst == getypt
    gevuld = pagina.formulier.filled(velden)
    bezoeker.submit("/concept", {**gevuld, "pad": sends_to(pagina)})
    assert bezoeker.submit(sends_to(pagina), gevuld).status_code == 303
    assert TERUG not in bezoeker.get(adres).text


def test_a_draft_of_a_page_that_was_asked_for_something_is_forgotten_when_it_is_recorded(
    bezoeker: Bezoeker, nummer: str
) -> None:
    adres = f"/trajecten/{nummer}/afspraken/erbij/herinnering?terug=/vandaag"
    velden = {"tekst": "Bel de makelaar.", "dag": "25-11-2026"}
    pagina = typed_and_left(bezoeker, adres, velden)
    gevuld = pagina.formulier.filled(velden)
    bezoeker.submit("/concept", {**gevuld, "pad": sends_to(pagina)})
    assert bezoeker.submit(sends_to(pagina), gevuld).location == "/vandaag"
    assert TERUG not in bezoeker.get(adres).text


@pytest.mark.parametrize(
    "pad",
    ["", "https://elders.nl/", "//elders.nl", "/werkvoorraad", "/niets", "/beheer/medewerkers/nieuw", "/uitloggen"],
)
def test_a_draft_is_kept_only_of_a_form_that_this_user_may_open(bezoeker: Bezoeker, login: Any, pad: str) -> None:
    login(bezoeker, "uitvoerder")
    assert bezoeker.submit("/concept", {"pad": pad, **GETYPT}).status_code == 400


def test_of_many_drafts_of_one_medewerker_the_newest_are_kept(
    bezoeker: Bezoeker, login: Any, klok: FrozenDateTimeFactory, concepten: Path
) -> None:
    login(bezoeker, "uitvoerder")
    for nr in range(MAX_CONCEPTEN + 5):
        klok.tick(timedelta(seconds=1))
        bezoeker.submit("/concept", {"pad": f"{NIEUW}?nr={nr}", "eerste_achternaam": f"Naam {nr}"})
    assert len(list(concepten.iterdir())) == MAX_CONCEPTEN
    bladen = [Pagina(bezoeker.get(f"{NIEUW}?nr={nr}").text) for nr in (4, 5, 54)]
    assert [shown(blad)["eerste_achternaam"] for blad in bladen] == ["", "Naam 5", "Naam 54"]


def test_nothing_is_kept_of_an_empty_form_or_of_who_is_not_logged_in(bezoeker: Bezoeker, login: Any) -> None:
    assert bezoeker.submit("/concept", {"pad": NIEUW, **GETYPT}).status_code == 303
    login(bezoeker, "uitvoerder")
    assert bezoeker.submit("/concept", {"pad": NIEUW}).status_code == 400
