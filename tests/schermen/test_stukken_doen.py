"""Documents in a browser: asked for in one go, what waits for them, and a file that goes in and comes out as it was."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.schermen.conftest import Aanmelden
from tests.schermen.handen import press
from tests.workflow.test_bestandstypen import PDF

DOSSIER = "/trajecten/SHV-2026-00013"
"""A traject on which a decision is due."""


def test_documents_are_asked_for_and_a_file_goes_in_and_out(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto(f"{DOSSIER}/stukken")
    blad.get_by_role("button", name="Alles vragen wat ontbreekt").click()
    expect(blad.get_by_text("Dit kan pas als de stukken er zijn")).to_be_visible()
    expect(blad.locator("main .rk-melding li", has_text="Toelaten")).to_contain_text("zorgpolis")
    blad.get_by_role("link", name="Stuk toevoegen").click()
    blad.get_by_label("Wat voor stuk").select_option(label="Zorgpolis")
    blad.get_by_label("Ja", exact=True).check()
    blad.get_by_label("Hier, met het bestand erbij").check()
    blad.locator("input[type=file]").set_input_files(
        {"name": "polis van mij.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    press(blad, "Toevoegen")
    expect(blad.locator("main .rk-melding li", has_text="Toelaten")).not_to_contain_text("zorgpolis")
    with blad.expect_download() as gehaald:
        blad.locator("#register").get_by_role("link", name="Downloaden").click()
    assert gehaald.value.suggested_filename.startswith("SHV-2026-00013-zorgpolis-")
    assert Path(gehaald.value.path()).read_bytes() == PDF
