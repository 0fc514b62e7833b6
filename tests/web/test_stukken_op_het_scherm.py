"""The page with the documents of a dossier: several at once, what is blocked, and files that only go out as files."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from models import klok
from models.database import reading, transaction
from tests.bouwers import NU, VANDAAG, a_traject, folded, log_rows, step
from tests.verhalen.lezer import Pagina
from tests.workflow.test_bestandstypen import PDF
from workflow.opdracht import Actor
from workflow.voortgang import advance

NAAM = "jansen loonstrook.pdf"


@pytest.fixture
def door(bezoeker, login) -> Iterator[Actor]:
    """The uitvoerder who is logged in; the clock stands still."""
    with klok.at(NU):
        wie = login(bezoeker, "uitvoerder")
        yield Actor(wie.pseudoniem, wie.rol.value, wie.organisatie)


@pytest.fixture
def nummer(database: str, door: Actor) -> str:
    """A traject of which a decision is due."""
    with transaction(database) as db:
        gemaakt = a_traject(db, op=VANDAAG - 30, door=door, route="schuldhulp", begin="melding_registreren")
        step(db, gemaakt, "intake_starten", VANDAAG - 20, door=door)
        step(db, gemaakt, "besluit_voorbereiden", VANDAAG - 10, door=door)
    return gemaakt


def page(bezoeker, nummer: str, deel: str = "") -> Pagina:
    antwoord = bezoeker.get(f"/trajecten/{nummer}/stukken{deel}")
    assert antwoord.status_code == 200
    return Pagina(antwoord.text)


def fill_in(bezoeker, nummer: str, knop: dict[str, str] | None = None, **antwoorden: str) -> Any:
    """Send the form of the list as a browser would."""
    velden = page(bezoeker, nummer).formulier.filled(antwoorden)
    return bezoeker.submit(f"/trajecten/{nummer}/stukken/bijwerken", {**velden, **(knop or {})})


def bring(bezoeker, nummer: str, inhoud: bytes = PDF, url: str = "", **anders: Any) -> Any:
    """Upload a document as a browser would."""
    url = url or f"/trajecten/{nummer}/stukken/nieuw"
    velden = Pagina(bezoeker.get(url).text).formulier.filled({})
    gevuld = {"stuksoort": "inkomen", "is_volledig": "ja", "plek": "hier", **anders}
    bestand = {"bestand": (io.BytesIO(inhoud), NAAM)} if inhoud else {}
    return bezoeker.submit(url, {**velden, **gevuld, **bestand}, content_type="multipart/form-data")


def standen(database: str, nummer: str) -> dict[str, str]:
    with reading(database) as db:
        return dict(folded(db, nummer).stand.antwoorden.get("stukken", {}))


def row(database: str) -> Any:
    with reading(database) as db:
        return db.execute(text("SELECT * FROM stuk ORDER BY id DESC")).first()


# -- The list ----------------------------------------------------------------------------------------------------------


def test_the_page_stands_in_the_bar_of_the_dossier(bezoeker, nummer):
    assert f"/trajecten/{nummer}/stukken" in bezoeker.get(f"/trajecten/{nummer}").text
    assert "Stukken" in page(bezoeker, nummer).wortel.teksten(klasse="rk-weergave")


def test_several_documents_are_changed_with_one_form(bezoeker, database, nummer):
    antwoord = fill_in(bezoeker, nummer, stand_inkomen="Compleet", stand_zorgpolis="gevraagd", stukken_via="klapper")
    assert antwoord.status_code == 303
    assert standen(database, nummer) == {"inkomen": "compleet", "zorgpolis": "gevraagd"}
    pagina = page(bezoeker, nummer)
    assert pagina.meldingen[0].startswith("Vastgelegd: Loonstroken of uitkeringsspecificatie: compleet; Zorgpolis:")
    assert pagina.feiten["Gevraagd, nog niet compleet"] == "1"


def test_all_that_is_missing_is_asked_for_at_once(bezoeker, database, nummer):
    fill_in(bezoeker, nummer, stand_inkomen="compleet", stand_zorgpolis="niet_nodig")
    fill_in(bezoeker, nummer, {"alles": "ja"})
    gevraagd = ("bankafschriften", "identiteitsbewijs", "schuldenoverzicht", "woonlasten")
    assert standen(database, nummer) == {
        **{"inkomen": "compleet", "zorgpolis": "niet_nodig"},
        **dict.fromkeys(gevraagd, "gevraagd"),
    }
    assert "Alles vragen" not in page(bezoeker, nummer).html


def test_nothing_chosen_is_said_and_not_recorded(bezoeker, database, nummer):
    antwoord = fill_in(bezoeker, nummer)
    assert antwoord.status_code == 422
    assert Pagina(antwoord.text).fouten == ["Kies bij ten minste één stuk hoe ver het is."]
    assert standen(database, nummer) == {}


def test_an_answer_that_the_map_does_not_have_is_refused(bezoeker, database, nummer):
    velden = page(bezoeker, nummer).formulier.filled({})
    antwoord = bezoeker.submit(f"/trajecten/{nummer}/stukken/bijwerken", {**velden, "stand_inkomen": "kwijt"})
    assert antwoord.status_code == 422
    assert standen(database, nummer) == {}


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(bezoeker, database, nummer, door):
    velden = page(bezoeker, nummer).formulier.filled({"stand_inkomen": "compleet"})
    with transaction(database) as db:
        advance(db, nummer, "stukken_vastleggen", {"stukken": {"inkomen": "onvolledig"}}, door=door)
    antwoord = bezoeker.submit(f"/trajecten/{nummer}/stukken/bijwerken", velden)
    assert antwoord.status_code == 409
    assert "Dit traject is intussen gewijzigd" in antwoord.text
    assert standen(database, nummer) == {"inkomen": "onvolledig"}


def test_the_page_says_what_waits_for_a_document(bezoeker, nummer):
    fill_in(bezoeker, nummer, stand_zorgpolis="gevraagd")
    assert any("Toelaten: Nog niet rond bij stukken: zorgpolis." in m for m in page(bezoeker, nummer).meldingen)
    fill_in(bezoeker, nummer, stand_zorgpolis="compleet")
    assert not any("Toelaten" in m for m in page(bezoeker, nummer).meldingen)


def test_an_auditor_reads_the_list_and_changes_nothing(bezoeker, login, nummer):
    bring(bezoeker, nummer)
    login(bezoeker, "auditor")
    pagina = page(bezoeker, nummer)
    assert not list(pagina.wortel.alle("form", "rk-formulier"))
    assert "Downloaden" not in pagina.html
    assert bezoeker.get(f"/trajecten/{nummer}/stukken/{'0' * 32}/bestand").status_code == 403


def test_a_route_without_a_list_has_no_such_page(bezoeker, database, nummer):
    with transaction(database) as db:
        kind = a_traject(db, route="klacht", hoort_bij=nummer, op=VANDAAG)
    assert bezoeker.get(f"/trajecten/{kind}/stukken").status_code == 404


# -- The register ------------------------------------------------------------------------------------------------------


def test_a_file_is_kept_and_goes_out_as_a_file_alone(bezoeker, database, nummer, caplog):
    assert bring(bezoeker, nummer, omschrijving="Van Bakkerij De Vries").status_code == 303
    assert standen(database, nummer) == {"inkomen": "compleet"}
    eigen = row(database).nummer
    with caplog.at_level("INFO", "routekaart.web"):
        antwoord = bezoeker.get(f"/trajecten/{nummer}/stukken/{eigen}/bestand")
    assert (antwoord.data, antwoord.mimetype) == (PDF, "application/pdf")
    koppen = antwoord.headers
    assert koppen["Content-Disposition"] == f'attachment; filename="{nummer}-inkomen-{eigen[:8]}.pdf"'
    assert koppen["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in koppen["Content-Security-Policy"]
    assert "script-src" not in koppen["Content-Security-Policy"]
    assert koppen["Cache-Control"] == "no-store"
    assert '"event": "stuk_gedownload"' in caplog.text
    assert "Bakkerij" not in caplog.text
    assert NAAM not in caplog.text


def test_the_policy_of_every_other_page_stays_as_it_was(bezoeker, nummer):
    assert "script-src 'self'" in bezoeker.get(f"/trajecten/{nummer}/stukken").headers["Content-Security-Policy"]


def test_what_a_file_was_called_is_kept_nowhere(bezoeker, database, nummer):
    bring(bezoeker, nummer)
    with reading(database) as db:
        assert "jansen" not in str(log_rows(db)) + str(row(database))
    assert "jansen loonstrook" not in page(bezoeker, nummer).html


@pytest.mark.parametrize("inhoud", [b"<html><script>alert(1)</script>", b"<svg onload='alert(1)'/>"])
def test_a_page_that_is_called_a_pdf_is_refused_at_its_field(bezoeker, database, nummer, inhoud):
    antwoord = bring(bezoeker, nummer, inhoud)
    assert antwoord.status_code == 422
    assert "Dit is geen PDF" in Pagina(antwoord.text).fouten[0]
    assert (row(database), standen(database, nummer)) == (None, {})


def test_a_file_that_is_too_large_is_refused(bezoeker, database, nummer):
    antwoord = bring(bezoeker, nummer, PDF[:-6] + bytes(11 * 1024 * 1024) + b"%%EOF\n")
    assert antwoord.status_code == 422
    assert "groter dan 10 MB" in Pagina(antwoord.text).fouten[0]
    assert row(database) is None


def test_everything_that_is_wrong_in_the_form_is_said_at_once(bezoeker, nummer):
    antwoord = bring(bezoeker, nummer, b"", stuksoort="", is_volledig="", plek="dms", ontvangen_op="morgen")
    assert antwoord.status_code == 422
    assert len(Pagina(antwoord.text).fouten) == 4


def test_a_document_that_is_kept_elsewhere_needs_no_file(bezoeker, nummer):
    assert bring(bezoeker, nummer, b"", plek="dms", dms_nummer="Z-2026-113").status_code == 303
    (regel,) = page(bezoeker, nummer).wortel.met_id("register").eerste("tbody").teksten("tr")
    assert "nummer Z-2026-113" in regel
    assert "Downloaden" not in regel


def test_another_version_replaces_and_taking_away_leaves_a_line(bezoeker, database, nummer):
    bring(bezoeker, nummer, is_volledig="nee")
    oud = row(database).nummer
    assert bring(bezoeker, nummer, url=f"/trajecten/{nummer}/stukken/nieuw?vervangt={oud}").status_code == 303
    url = f"/trajecten/{nummer}/stukken/{oud}/weghalen"
    assert bezoeker.submit(url, {"reden": ""}).status_code == 422
    assert bezoeker.submit(url, {"reden": "verkeerd_bestand"}).status_code == 303
    nieuw_regel, oud_regel = page(bezoeker, nummer).wortel.met_id("register").eerste("tbody").teksten("tr")
    assert ("Downloaden" in nieuw_regel, "Downloaden" in oud_regel) == (True, False)
    assert "verkeerd bestand gekozen" in oud_regel
    assert bezoeker.get(f"/trajecten/{nummer}/stukken/{oud}/bestand").status_code == 404


def test_a_document_of_another_dossier_is_not_found(bezoeker, database, nummer):
    bring(bezoeker, nummer)
    with transaction(database) as db:
        ander = a_traject(db, op=VANDAAG)
    eigen = row(database).nummer
    for deel in ("bestand", "weghalen"):
        assert bezoeker.get(f"/trajecten/{ander}/stukken/{eigen}/{deel}").status_code == 404
    assert bezoeker.get(f"/trajecten/{ander}/stukken/nieuw?vervangt={eigen}").status_code == 404
