"""The pages of letters: a letter written and sent, files fetched, templates edited, and who may do what."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import event, text

from models import klok
from models.database import engine, transaction
from tests.bouwers import a_traject
from tests.brievenbus import PAPIER, a_client, a_dossier, begun, read, sent, settled, written
from tests.verhalen.lezer import Pagina
from workflow.kalender import date_of

TEKST = "# Onderwerp\r\n\r\n{aanhef},\r\n\r\nTot ziens."


@pytest.fixture
def nummer(database: str, bezoeker, login) -> str:
    """A traject of Fatima, in a browser of an uitvoerder."""
    wie = login(bezoeker, "uitvoerder").pseudoniem
    with transaction(database) as db:
        return a_dossier(db, behandelaar=wie)


def fields(bezoeker, url: str, knop: str) -> dict[str, str]:
    """The hidden fields of the form on a page that has this button."""
    pagina = Pagina(bezoeker.get(url).text)
    formulier = next(f for f in pagina.wortel.alle("form") if knop in f.tekst)
    return {i["name"]: i["value"] or "" for i in formulier.alle("input") if i["type"] == "hidden"}


def today() -> str:
    return f"{date_of(klok.today()):%d-%m-%Y}"


def test_a_letter_that_stands_still_has_headings_and_lists_on_screen_as_in_its_file(
    bezoeker, nummer: str, database: str
) -> None:
    tekst = "# Onderwerp\n\n{aanhef},\n\n# Neem mee\n\n- Uw **pas**\n- # geen kop\n\nTot ziens,\nNoor"
    with transaction(database) as db:
        brief = begun(db, nummer, "rappel")
        written(db, nummer, brief, tekst)
        settled(db, nummer, brief)
    woorden = Pagina(bezoeker.get(f"/trajecten/{nummer}/brieven/{brief}").text).wortel.eerste("div", "rk-briefwoorden")
    assert [(deel.tag, deel.tekst) for deel in woorden.delen if not isinstance(deel, str)] == [
        ("h3", "Onderwerp"),
        ("p", "Beste mevrouw El Amrani,"),
        ("h4", "Neem mee"),
        ("ul", "Uw pas# geen kop"),
        ("p", "Tot ziens,Noor"),
    ]
    assert woorden.teksten("strong") == ["pas"]


def test_a_letter_is_written_made_and_sent_on_screen(bezoeker, nummer: str, database: str, caplog) -> None:
    lijst = f"/trajecten/{nummer}/brieven"
    begin = bezoeker.submit(
        lijst, {**fields(bezoeker, lijst, "Brief beginnen"), "sjabloon": "rappel", "persoon": the_person(database)}
    )
    assert begin.status_code == 303
    schrijven = begin.headers["Location"]
    brief = schrijven.removesuffix("/schrijven")
    pagina = bezoeker.get(schrijven)
    assert "Zo ziet de brief eruit" in pagina.text
    assert "data:image/png;base64," in pagina.text
    inhoud = {**fields(bezoeker, schrijven, "Bewaren en vaststellen"), "dag": today(), "tekst": TEKST}
    vast = bezoeker.submit(schrijven, {**inhoud, "actie": "vaststellen"}, follow_redirects=True)
    assert "De brief is vastgesteld" in vast.text
    with caplog.at_level(logging.INFO, logger="routekaart.web"):
        pdf = bezoeker.get(f"{brief}/bestand.pdf")
    assert pdf.mimetype == "application/pdf"
    assert "Beste mevrouw El Amrani" in PdfReader(BytesIO(pdf.data)).pages[0].extract_text()
    assert re.fullmatch(rf'inline; filename="{nummer}-rappel-[\d-]+\.pdf"', pdf.headers["Content-Disposition"])
    assert "brief_opgehaald" in caplog.text
    assert "Amrani" not in caplog.text
    assert bezoeker.get(f"{brief}/bestand.docx").data[:2] == b"PK"
    verzend = bezoeker.submit(
        f"{brief}/verzenden",
        {**fields(bezoeker, brief, "Verzonden vastleggen"), "op": today()},
        follow_redirects=True,
    )
    assert "Vastgelegd: Rappel verzonden op" in verzend.text
    assert "Rappel verstuurd" in bezoeker.get(f"/trajecten/{nummer}").text


def the_person(database: str) -> str:
    with transaction(database) as db:
        return str(db.execute(text("SELECT pseudoniem FROM persoon")).scalar_one())


def a_letter(database: str, nummer: str, sjabloon: str = "andere_brief") -> str:
    with transaction(database) as db:
        return begun(db, nummer, sjabloon)


def test_a_fault_stands_at_the_text_and_nothing_is_kept(bezoeker, nummer: str, database: str) -> None:
    brief = a_letter(database, nummer)
    url = f"/trajecten/{nummer}/brieven/{brief}/schrijven"
    velden = {**fields(bezoeker, url, "Bewaren"), "dag": "1-1-2020", "tekst": "# Kop\n{foei}"}
    antwoord = bezoeker.submit(url, {**velden, "actie": "bewaren"})
    assert antwoord.status_code == 422
    assert "Regel 2: De plaatshouder {foei} bestaat niet." in antwoord.text
    assert "Kies een dag vanaf vandaag" in antwoord.text
    assert "<title>Fout: " in antwoord.text
    with transaction(database) as db:
        assert "foei" not in (read(db, nummer, brief).tekst or "")


def test_a_preview_keeps_nothing(bezoeker, nummer: str, database: str) -> None:
    brief = a_letter(database, nummer)
    url = f"/trajecten/{nummer}/brieven/{brief}/schrijven"
    velden = {**fields(bezoeker, url, "Bewaren"), "dag": today(), "tekst": "# Heel anders\n\n{afspraak_op}"}
    los = bezoeker.submit(url.replace("schrijven", "voorbeeld"), velden)
    assert "Er is nog geen afspraak gepland." in los.text
    assert "<html" not in los.text
    heel = bezoeker.submit(url, {**velden, "actie": "voorbeeld"})
    assert "Heel anders" in heel.text
    with transaction(database) as db:
        assert "Heel anders" not in (read(db, nummer, brief).tekst or "")


@pytest.mark.parametrize("dag", ["31-12-9999", "1-1-0001"])
@pytest.mark.parametrize("plek", ["schrijven", "voorbeeld"])
def test_a_day_at_the_end_of_the_calendar_is_shown_as_a_fault_and_breaks_no_page(
    bezoeker, nummer: str, database: str, dag: str, plek: str
) -> None:
    brief = a_letter(database, nummer)
    url = f"/trajecten/{nummer}/brieven/{brief}/schrijven"
    velden = {**fields(bezoeker, url, "Bewaren"), "dag": dag, "tekst": "# Kop\n\n{bezwaar_tot_en_met}"}
    antwoord = bezoeker.submit(url.replace("schrijven", plek), velden)
    assert antwoord.status_code == (422 if plek == "schrijven" else 200)
    assert ("Kies een dag vanaf vandaag" in antwoord.text) == (plek == "schrijven")


def test_what_cannot_be_made_yet_is_kept_as_a_concept_and_says_why(bezoeker, nummer: str, database: str) -> None:
    brief = a_letter(database, nummer)
    url = f"/trajecten/{nummer}/brieven/{brief}/schrijven"
    velden = {**fields(bezoeker, url, "Bewaren"), "dag": today(), "tekst": "# Kop\n\n{afspraak_op}"}
    antwoord = bezoeker.submit(url, {**velden, "actie": "vaststellen"}, follow_redirects=True)
    assert "kan nog niet worden vastgesteld" in antwoord.text
    assert "Er is nog geen afspraak gepland." in antwoord.text


def test_an_older_form_does_not_undo_what_a_colleague_wrote(bezoeker, nummer: str, database: str) -> None:
    brief = a_letter(database, nummer)
    url = f"/trajecten/{nummer}/brieven/{brief}/schrijven"
    velden = {**fields(bezoeker, url, "Bewaren"), "dag": today(), "tekst": TEKST}
    with transaction(database) as db:
        written(db, nummer, brief, "# Van een collega\n\nTekst")
    antwoord = bezoeker.submit(url, {**velden, "actie": "bewaren"})
    assert antwoord.status_code == 409
    assert "Deze brief is intussen gewijzigd" in antwoord.text


def test_what_was_being_typed_when_a_session_ended_comes_back(bezoeker, nummer: str, database: str, login) -> None:
    url = f"/trajecten/{nummer}/brieven/{a_letter(database, nummer)}/schrijven"
    bewaard = bezoeker.submit("/concept", {"pad": url, "tekst": "# Half af\r\n\r\nEen zin", "dag": today()})
    assert bewaard.status_code == 200
    assert "# Half af" in bezoeker.get(url).text


def test_a_changed_file_is_told_and_not_handed_out(bezoeker, nummer: str, database: str) -> None:
    brief = a_letter(database, nummer)
    with transaction(database) as db:
        written(db, nummer, brief, TEKST)
        settled(db, nummer, brief)
        db.execute(text("DROP TRIGGER brief_staat_vast"))
        db.execute(text("UPDATE brief SET pdf_sha256 = 'anders'"))
    antwoord = bezoeker.get(f"/trajecten/{nummer}/brieven/{brief}/bestand.pdf", follow_redirects=True)
    assert "niet meer zoals het is gemaakt" in antwoord.text


def test_a_concept_has_a_marked_pdf_and_no_word_file(bezoeker, nummer: str, database: str) -> None:
    url = f"/trajecten/{nummer}/brieven/{a_letter(database, nummer)}"
    assert "CONCEPT" in PdfReader(BytesIO(bezoeker.get(f"{url}/bestand.pdf").data)).pages[0].extract_text()
    assert bezoeker.get(f"{url}/bestand.docx").status_code == 404
    assert bezoeker.get(f"{url}/bestand.exe").status_code == 404
    assert bezoeker.get(f"/trajecten/{nummer}/brieven/{'0' * 32}").status_code == 404


def test_a_letter_can_be_let_go_on_screen(bezoeker, nummer: str, database: str) -> None:
    brief = a_letter(database, nummer)
    url = f"/trajecten/{nummer}/brieven/{brief}"
    antwoord = bezoeker.submit(f"{url}/vervallen", {"versie": "1"}, follow_redirects=True)
    assert "De brief is vervallen" in antwoord.text
    assert "is intussen gewijzigd" in bezoeker.submit(f"{url}/vervallen", {"versie": "1"}, follow_redirects=True).text


def test_the_auditor_reads_and_does_not_write(bezoeker, login, nummer: str, database: str) -> None:
    brief = a_letter(database, nummer)
    login(bezoeker, "auditor")
    url = f"/trajecten/{nummer}/brieven"
    assert "Brief beginnen" not in bezoeker.get(url).text
    concept = bezoeker.get(f"{url}/{brief}").text
    assert "data:image/png;base64," in concept
    assert "Laten vervallen" not in concept
    assert bezoeker.get(f"{url}/{brief}/schrijven").status_code == 403
    assert bezoeker.submit(url, {"sjabloon": "rappel"}).status_code == 403
    assert bezoeker.submit(f"{url}/{brief}/verzenden", {}).status_code == 403


def test_one_of_two_people_is_chosen(bezoeker, login, database: str) -> None:
    login(bezoeker, "uitvoerder")
    with transaction(database) as db:
        mensen = [a_client(db, "Een"), a_client(db, "Twee")]
        samen = a_traject(db, route="schuldhulp", begin="melding_registreren", wie=mensen)
    pagina = bezoeker.get(f"/trajecten/{samen}/brieven").text
    assert "el Een" in pagina
    assert "el Twee" in pagina


# -- Templates ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def beheerder(bezoeker, login, database: str):
    """A browser of a beheerder."""
    login(bezoeker, "beheerder")
    return bezoeker


def test_a_template_is_written_compared_and_put_back(beheerder) -> None:
    url = "/beheer/brieven/sjabloon/rappel"
    assert "data:image/png;base64," in beheerder.get(url).text
    inhoud = {"naam": "Rappel", "soort": "rappel", "is_in_gebruik": "y", "na_versie": "0"}
    fout = beheerder.submit(url, {**inhoud, "tekst": "# Kop\n{foei}"})
    assert fout.status_code == 422
    assert "Regel 2: De plaatshouder {foei} bestaat niet." in fout.text
    goed = beheerder.submit(url, {**inhoud, "tekst": "# Kop\n\nNieuwe zin"}, follow_redirects=True)
    assert "Rappel is bewaard" in goed.text
    verschil = beheerder.get(f"{url}/versie/0").text
    assert '<ins><span class="rk-onzichtbaar">Erbij: </span>Nieuwe zin</ins>' in verschil
    terug = beheerder.submit(f"{url}/versie/0/terug", follow_redirects=True)
    assert "weer zoals in versie 0" in terug.text
    assert "Wij hebben u gemist" in terug.text
    pdf = beheerder.get(f"{url}/versie/1/voorbeeld.pdf")
    assert "Nieuwe zin" in PdfReader(BytesIO(pdf.data)).pages[0].extract_text()


def test_a_template_of_ones_own_can_be_chosen_and_taken_out_of_use(beheerder, login, database: str) -> None:
    inhoud = {"naam": "Folder", "soort": "andere_brief", "tekst": "# Folder\n\nTekst", "is_in_gebruik": "y"}
    lijst = beheerder.submit("/beheer/brieven/nieuw", inhoud, follow_redirects=True).text
    eigen = re.findall(r"/beheer/brieven/sjabloon/(eigen_\w+)", lijst)[0]
    with transaction(database) as db:
        nummer = a_dossier(db)
    login(beheerder, "uitvoerder")
    assert "Folder" in beheerder.get(f"/trajecten/{nummer}/brieven").text
    login(beheerder, "beheerder")
    weg = {**inhoud, "na_versie": "1"} | {"is_in_gebruik": ""}
    del weg["is_in_gebruik"]
    assert beheerder.submit(f"/beheer/brieven/sjabloon/{eigen}", weg).status_code == 303
    login(beheerder, "uitvoerder")
    assert "Folder" not in beheerder.get(f"/trajecten/{nummer}/brieven").text


def test_the_preview_of_a_template_tells_what_is_wrong(beheerder) -> None:
    antwoord = beheerder.submit("/beheer/brieven/voorbeeld", {"tekst": "# Kop\n{foei} **"})
    assert "Dit klopt nog niet" in antwoord.text
    assert "Regel 2: De plaatshouder {foei} bestaat niet." in antwoord.text
    assert "data:image/png;base64," in antwoord.text


def test_a_template_or_letterhead_of_which_no_letter_can_be_made_is_told_why(beheerder) -> None:
    inhoud = {"naam": "Rappel", "soort": "rappel", "is_in_gebruik": "y", "na_versie": "0"}
    for tekst, zin in (
        ("# Kop \u263a\U0001f600", "kent deze tekens niet"),
        ("# ****\n\nTekst", "de tekst van een kop"),
    ):
        assert zin in beheerder.submit("/beheer/brieven/voorbeeld", {"tekst": tekst}).text
        antwoord = beheerder.submit("/beheer/brieven/sjabloon/rappel", {**inhoud, "tekst": tekst})
        assert antwoord.status_code == 422
        assert zin in antwoord.text
    velden = {naam: getattr(PAPIER, naam) for naam in PAPIER.__slots__}
    antwoord = beheerder.submit("/beheer/brieven/briefpapier", {**velden, "website": "\U0001f600.example"})
    assert antwoord.status_code == 422
    assert "kent deze tekens niet" in antwoord.text


@pytest.mark.parametrize("tekst", ["", "#include 'x'", "😀", "{", "a" * 30_000])
def test_a_preview_of_anything_answers(beheerder, tekst: str) -> None:
    assert beheerder.submit("/beheer/brieven/voorbeeld", {"tekst": tekst}).status_code == 200
    assert beheerder.submit("/beheer/brieven/nieuw", {"tekst": tekst, "naam": "x"}).status_code == 422


def test_the_letterhead_is_kept(beheerder) -> None:
    assert "Het briefpapier is nog niet af" in beheerder.get("/beheer/brieven").text
    velden = {naam: getattr(PAPIER, naam) for naam in PAPIER.__slots__}
    lijst = beheerder.submit("/beheer/brieven/briefpapier", velden, follow_redirects=True).text
    assert "Het briefpapier is bewaard" in lijst
    assert "Namens het college" in lijst
    assert beheerder.submit("/beheer/brieven/briefpapier", {"afzender": ""}).status_code == 422


def test_an_uitvoerder_does_not_change_templates(bezoeker, login) -> None:
    login(bezoeker, "uitvoerder")
    assert bezoeker.get("/beheer/brieven").status_code == 403
    login(bezoeker, "coordinator")
    assert bezoeker.get("/beheer/brieven").status_code == 200


def test_a_list_of_many_letters_takes_no_more_statements(bezoeker, nummer: str, database: str, opdrachten_van) -> None:
    url = f"/trajecten/{nummer}/brieven"
    brief = a_letter(database, nummer, "waar_sta_ik")
    eerst = opdrachten_van(url)
    with transaction(database) as db:
        for _ in range(40):
            written(db, nummer, brief, TEKST)
            begun(db, nummer)
        klaar = begun(db, nummer, "rappel")
        written(db, nummer, klaar, TEKST)
        settled(db, nummer, klaar)
        sent(db, nummer, klaar)
    assert len(opdrachten_van(url)) == len(eerst) <= 12
    assert len(opdrachten_van(f"{url}/{brief}/schrijven")) <= 12
    assert len(opdrachten_van(f"{url}/{klaar}")) <= 12


@pytest.fixture
def opdrachten_van(bezoeker, database: str):
    """`opdrachten_van(url)`: the statements that a page takes, in a session whose use must be noted again."""
    gezien: list[str] = []
    later = [timedelta()]

    def connected(dbapi, _record) -> None:
        dbapi.set_trace_callback(gezien.append)

    engine(database).dispose()
    event.listen(engine(database), "connect", connected)

    def count(url: str) -> list[str]:
        assert bezoeker.get(url).status_code == 200
        gezien.clear()
        later[0] += timedelta(minutes=5)
        with klok.at(klok.now() + later[0]):
            assert bezoeker.get(url).status_code == 200
        return [sql for sql in gezien if not re.match(r"BEGIN|COMMIT|ROLLBACK", sql)]

    yield count
    event.remove(engine(database), "connect", connected)
