"""Whatever is taken out of the program is noted before it goes, and an auditor reads who took what and when."""

from __future__ import annotations

from typing import Any

import pytest
from bezoek import an_account, op_beide
from bladzijden import opened, rows
from sqlalchemy import text

from models.database import reading, transaction
from tests.bouwers import UITVOERDER, VANDAAG, a_person, a_traject
from tests.brievenbus import ADRES, PAPIER, begun
from workflow import schuldboek, stukken, uitvoer, zicht
from workflow.brieven.sjablonen import store_paper
from workflow.schuldboek import Melding
from workflow.schulden import Gegevens
from workflow.stukken import Nieuw
from workflow.voorbeeld.stukken import a_pdf

NAAM = "Zwaluwstaart"


@pytest.fixture
def dossier(database: str, uitvoerder) -> str:
    """A traject with two debts, a document and a letter."""
    behandelaar = an_account(database, "uitvoerder").pseudoniem
    with transaction(database) as db:
        store_paper(db, PAPIER, UITVOERDER.pseudoniem)
        wie = [a_person(db, NAAM, voornaam="Mirabella", **ADRES)]
        melding = {"route": "schuldhulp", "begin": "melding_registreren"}
        nummer = a_traject(db, wie=wie, behandelaar=behandelaar, op=VANDAAG - 20, **melding)
        twee = [Gegevens(naam=f"Winkel {n}", bedrag=n, soort="Overig") for n in (1, 2)]
        schuldboek.add(db, nummer, twee, Melding(UITVOERDER))
        loon = Nieuw("inkomen", "1-3-2026", "ja", "hier", bestand=a_pdf("Voorbeeld."))
        stukken.register(db, nummer, loon, door=UITVOERDER)
    return nummer


def taken(database: str) -> list[tuple[Any, ...]]:
    with reading(database) as db:
        return [tuple(rij) for rij in db.execute(text("SELECT soort, vorm, betreft, aantal FROM uitvoer ORDER BY id"))]


def everything(database: str, dossier: str) -> list[str]:
    """The address of each file and print of a dossier, and of the werkvoorraad."""
    with transaction(database) as db:
        brief = begun(db, dossier, "andere_brief")
        stuk = db.execute(text("SELECT nummer FROM stuk")).scalar_one()
    van = f"/trajecten/{dossier}"
    delen = (f"{van}/schulden/lijst/xlsx", f"{van}/stukken/{stuk}/bestand", f"{van}/brieven/{brief}/bestand.pdf")
    return ["/werkvoorraad/uit.csv", *delen, f"{van}/afdruk"]


@op_beide
def test_each_file_and_print_leaves_a_row_that_an_auditor_sees_without_a_name(
    database, uitvoerder, dossier, login, tell
):
    for adres in everything(database, dossier):
        assert uitvoerder.get(adres).status_code == 200, adres
    assert taken(database) == [
        ("werkvoorraad", "csv", None, 1),
        ("schulden", "xlsx", dossier, 2),
        ("stuk", "pdf", dossier, 1),
        ("brief", "pdf", dossier, 1),
        ("dossier", "papier", dossier, 1),
    ]
    login(uitvoerder, "auditor")
    pagina = opened(uitvoerder, "/onderzoek/uitvoer")
    eerste, *_, laatste = [rij.tekst for rij in rows(pagina, "lijst-uitvoer")]
    for woord in ("Dossier op papier", dossier, "Uitvoerder Proef"):
        assert woord in eerste
    assert "Werkvoorraad csv" in laatste
    assert NAAM not in pagina.wortel.tekst
    (alleen,) = rows(opened(uitvoerder, "/onderzoek/uitvoer?soort=brief"), "lijst-uitvoer")
    assert "Brief pdf" in alleen.tekst
    tell(f"kinds of files and prints that leave a row: {len(taken(database))}")


def test_a_delivery_of_the_command_line_leaves_a_row_too(kantoor):
    uitkomst = kantoor.run("export ddas --van 2026-01-01 --tot 2026-02-01 --output $nieuw")
    assert uitkomst.exit_code == 0
    assert taken(kantoor.database) == [("levering", "json", None, int(uitkomst.stdout.split(" ")[1]))]
    with reading(kantoor.database) as db:
        assert uitvoer.page(db).regels[0].wie == "opdrachtregel"


def test_what_was_refused_leaves_no_row(database, uitvoerder, dossier):
    for adres in (
        "/werkvoorraad/uit.exe",
        f"/trajecten/{dossier}/schulden/lijst/exe",
        f"/trajecten/{dossier}/stukken/x/bestand",
    ):
        assert uitvoerder.get(adres).status_code == 404
    assert taken(database) == []


def test_what_cannot_be_noted_does_not_go_out(database, uitvoerder, dossier):
    adressen = everything(database, dossier)
    with transaction(database) as db:
        db.execute(text("ALTER TABLE uitvoer RENAME TO weg"))
    uitvoerder.application.config["PROPAGATE_EXCEPTIONS"] = False
    for adres in adressen:
        antwoord = uitvoerder.get(adres)
        assert antwoord.status_code >= 500, adres
        assert NAAM not in antwoord.text


def test_the_number_of_a_dossier_out_of_sight_is_not_told(database, uitvoerder, dossier, login):
    uitvoerder.get(f"/trajecten/{dossier}/afdruk")
    auditor = login(uitvoerder, "auditor").pseudoniem
    with transaction(database) as db:
        wortel = db.execute(text("SELECT id FROM trajectnummer WHERE nummer = :n"), {"n": dossier}).scalar_one()
        zicht.enter(db, wortel, zicht.NIET, "familie", [auditor], None, UITVOERDER.pseudoniem)
    (rij,) = rows(opened(uitvoerder, "/onderzoek/uitvoer"), "lijst-uitvoer")
    assert "afgeschermd dossier" in rij.tekst
    assert dossier not in rij.tekst


def test_a_row_of_what_was_taken_is_never_changed(database, uitvoerder, dossier):
    uitvoerder.get("/werkvoorraad/uit.csv")
    for opdracht in ("UPDATE uitvoer SET aantal = 0", "DELETE FROM uitvoer"):
        with pytest.raises(Exception, match="insert-only"), transaction(database) as db:
            db.execute(text(opdracht))
    assert taken(database) == [("werkvoorraad", "csv", None, 1)]


def test_long_lists_are_read_in_pages(database, uitvoerder, dossier, login, monkeypatch):
    monkeypatch.setattr(uitvoer, "PER_BLAD", 2)
    for _ in range(3):
        uitvoerder.get("/werkvoorraad/uit.csv")
    login(uitvoerder, "coordinator")
    eerste = opened(uitvoerder, "/onderzoek/uitvoer?soort=werkvoorraad")
    assert "3 keer iets meegenomen, blad 1 van 2" in eerste.wortel.tekst
    (verder,) = {a["href"] for a in eerste.wortel.alle("a") if a["rel"] == "next"}
    assert [len(rows(opened(uitvoerder, pad), "lijst-uitvoer")) for pad in (verder, "/onderzoek/uitvoer?blad=9")] == [
        1,
        1,
    ]
