"""The pages know nothing of debts: newcomers who learn Dutch are met, taught and handed over on the same screens."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from models.database import engine, transaction
from models.organisatie import organisatie
from tests.bouwers import VREEMDE_KAART, a_database
from tests.verhalen.lezer import Pagina
from tests.verhalen.verteller import Traject, Verteller, stilstaande_klok

LEVERINGEN = Path(__file__).parents[1] / "data" / "ddas"
WERKGEVERS = ("KBL", "GM", "TRAJEKT")
"""Where the accounts of the tests work."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """A database with the foreign map in force."""
    url = a_database(tmp_path, VREEMDE_KAART)
    with transaction(url) as db:
        rijen = [{"code": code, "naam": code, "soort": "desk", "is_actief": True} for code in WERKGEVERS]
        db.execute(insert(organisatie), rijen)
    yield url
    engine(url).dispose()


@pytest.fixture
def verteller(bezoeker: Any, login: Any, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Who tells; it is Monday 2 June 2025, and in the end the books are checked."""
    monkeypatch.setenv("ROUTEKAART_INSTANCE", str(tmp_path))
    with stilstaande_klok() as klok:
        verteller = Verteller(bezoeker, login, database, klok)
        verteller.op("02-06-2025")
        yield verteller
        verteller.check_the_books()


@pytest.fixture
def amina(verteller: Verteller) -> Traject:
    """Signed up, of nobody yet."""
    return signed_up(verteller, "Amina")


def signed_up(verteller: Verteller, voornaam: str) -> Traject:
    """A new melding on the foreign route."""
    wie = {"eerste_voornaam": voornaam, "eerste_achternaam": "Nassar", "eerste_geboortedatum": "01-01-1990"}
    waar = {"gemeente": "Voorbeeldstad", "behandelaar": ""}
    naar, pagina = verteller.send("/meldingen/taalweg/aanmelden", {**wie, **waar, "aangekomen_op": "01-05-2025"})
    assert naar, pagina.fouten
    return Traject(verteller, naar.rpartition("/")[2])


def in_class(amina: Traject) -> Pagina:
    """Through the first talk into the class."""
    amina.doe("10-06-2025", "intake_voeren", doel="Studeren", heeft_baan="nee")
    return amina.doe("16-06-2025", "groepsles_starten", ingeschreven_op="16-06-2025", lesgeld="40")


def test_a_melding_asks_what_the_foreign_map_asks(amina: Traject) -> None:
    pagina = amina.pagina
    assert (pagina.titel, pagina.badges[0], pagina.lopend) == (
        "Amina Nassar",
        "Aanmelding",
        {"Eerste afspraak": "23 juni 2025"},
    )
    assert list(pagina.route)[:3] == ["Welkom", "Leren", "Toetsen"]
    assert "Intake voeren" in pagina.knoppen
    assert "Wij bellen u binnen drie weken op" in pagina.html


def test_an_overgang_with_its_answers(amina: Traject) -> None:
    geweigerd = amina.weigert("10-06-2025", "intake_voeren", heeft_baan="nee")
    assert geweigerd == ["Maak een keuze bij doel."]
    pagina = in_class(amina)
    assert pagina.badges[0] == "Groepsles"
    assert (pagina.feiten["Doel"], pagina.feiten["Heeft een baan"]) == ("Studeren", "Nee")
    assert pagina.geschiedenis[-1].antwoorden.startswith("Ingeschreven op: 16 juni 2025")
    assert pagina.lopend == {"Tijd om te leren": "15 december 2027"}


def test_a_choice_against_the_foreign_catalogue_asks_why(amina: Traject) -> None:
    amina.doe("10-06-2025", "intake_voeren", doel="Werken", heeft_baan="nee")
    afwijking = amina.weigert("16-06-2025", "thuisles_starten", ingeschreven_op="16-06-2025")
    assert afwijking == ["Deze keuze wijkt af van het advies (Groepsles). Vul een motivering in."]
    uitleg = "Zij zorgt overdag voor haar moeder."
    pagina = amina.doe("16-06-2025", "thuisles_starten", ingeschreven_op="16-06-2025", motivering=uitleg)
    assert pagina.badges[0] == "Thuisles"


def test_a_child_starts_beside_it_and_holds_the_test_back(amina: Traject) -> None:
    in_class(amina)
    pauze = amina.erbij("01-07-2025", "pauze", "ziekte", pauze_tot="20-07-2025")
    assert pauze.pagina.badges[0] == "In pauze"
    assert [(k.route, k.stap) for k in amina.pagina.kinderen] == [("Pauze", "In pauze")]
    assert amina.pagina.niet_nu["Toets plannen"] == ["Rond eerst af wat nog openstaat: pauze."]
    pauze.doe("14-07-2025", "les_hervatten")
    assert amina.doe("15-07-2025", "toets_plannen").badges == ["Toets"]
    assert amina.doe("16-07-2025", "slagen").badges == ["Diploma"]


def test_a_mistake_is_corrected_and_taken_back(amina: Traject) -> None:
    in_class(amina)
    beter = {"reden": "Tikfout", "lesgeld": "45"}
    waar, pagina = amina.verteller.send(f"{amina.url}/gebeurtenis/3/verbeteren", beter)
    assert waar, pagina.fouten
    (verbeterd,) = [regel for regel in pagina.geschiedenis if regel.status == "Verbeterd"]
    assert "Lesgeld per maand: € 45" in verbeterd.antwoorden
    waar, pagina = amina.verteller.send(f"{amina.url}/gebeurtenis/3/intrekken", {"reden": "Tikfout"})
    assert waar, pagina.fouten
    assert pagina.badges[0] == "Intakegesprek"


def test_the_werkvoorraad_shows_it_before_and_after_a_hand_over(amina: Traject) -> None:
    verteller = amina.verteller
    in_class(amina)
    assert "Amina Nassar" not in " ".join(verteller.lees("/werkvoorraad").regels)
    assert "Groepsles" in " ".join(verteller.lees("/werkvoorraad?lijst=team").regels)
    waar, pagina = verteller.send(f"{amina.url}/overdragen", {"naar": "Uitvoerder Proef"})
    assert waar, pagina.fouten
    assert "Overgedragen aan Uitvoerder Proef" in pagina.geschiedenis[-1].zin
    assert "Amina Nassar" in " ".join(verteller.lees("/werkvoorraad").regels)
    assert "Amina Nassar" in " ".join(verteller.lees("/werkvoorraad?lijst=alle&fase=leren").regels)
    assert "Amina Nassar" not in " ".join(verteller.lees("/werkvoorraad?lijst=alle&fase=toetsen").regels)


# -- Exchange ----------------------------------------------------------------------------------------------------------


def taken_in(verteller: Verteller, naam: str) -> Pagina:
    """Upload a delivery, look at what it will be, and take it in; the page that follows."""
    verteller.als("coordinator")
    bestand = {"bestand": (io.BytesIO((LEVERINGEN / naam).read_bytes()), naam)}
    upload = verteller.bezoeker.submit("/uitwisseling/inlezen", bestand, content_type="multipart/form-data")
    assert upload.status_code == 303, upload.text
    voorbeeld = verteller.bezoeker.get(upload.location)
    assert voorbeeld.status_code == 200, voorbeeld.text
    return Pagina(verteller.bezoeker.submit(upload.location, {"keuze": "inlezen"}, follow_redirects=True).text)


def sent_out(verteller: Verteller) -> list[dict[str, Any]]:
    """The trajecten of the delivery that the page gives."""
    verteller.als("coordinator")
    antwoord = verteller.bezoeker.submit("/uitwisseling/maken", {"van": "01-01-2019", "tot_en_met": "31-12-2026"})
    assert antwoord.status_code == 200, antwoord.text
    return trajecten(json.loads(antwoord.text))


def trajecten(levering: Any) -> list[dict[str, Any]]:
    """The trajecten of a delivery, in an order of their own."""
    alle = [traject for deel in levering["leveringen"] for traject in deel["schuldhulptrajecten"]]
    return sorted(alle, key=lambda traject: json.dumps([traject["client"], traject.get("startdatum")]))


@pytest.mark.parametrize("naam", ["volledig.json", "zonder_fasen.json"])
def test_a_delivery_comes_in_and_goes_out_as_it_was(verteller: Verteller, naam: str) -> None:
    verteller.op("02-03-2026")
    taken_in(verteller, naam)
    assert sent_out(verteller) == trajecten(json.loads((LEVERINGEN / naam).read_text(encoding="utf-8")))


def test_a_delivered_traject_walks_the_foreign_stappen(verteller: Verteller) -> None:
    verteller.op("02-03-2026")
    assert "4 trajecten ingelezen." in " ".join(taken_in(verteller, "volledig.json").meldingen)
    eerste, *_ = [Traject(verteller, rij.nummer) for rij in verteller.trajecten("taalweg")]
    weg = [(v.stap, v.klasse) for v in eerste.verblijven()]
    assert weg[0][0] == "overgekomen"
    assert {"kennismaking", "groepsles", "toets"} <= {stap for stap, _ in weg}
    assert eerste.rij.stap == "elders_geleerd"
    assert [rij.stap for rij in verteller.trajecten("pauze")][:2] == ["afgebroken", "afgebroken"]
    verteller.als("uitvoerder")
    assert eerste.pagina.badges == ["Elders geleerd"]


def test_a_traject_of_its_own_goes_out_by_the_labels_of_the_foreign_map(verteller: Verteller) -> None:
    in_class(signed_up(verteller, "Amina"))
    verteller.op("17-06-2025")
    (uit,) = sent_out(verteller)
    assert (uit["gemeentecode"], uit["client"]) == ("GM9901", [{"Geboortedatum": "1990-01-01"}])
    assert uit["aanmelding"] == {"startdatum": "2025-06-02", "einddatum": "2025-06-10", "crisisinterventie": False}
    assert uit["intake"] == {"startdatum": "2025-06-10", "einddatum": "2025-06-16"}
    assert uit["stabilisatie"] == {"startdatum": "2025-06-16"}
