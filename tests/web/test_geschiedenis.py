"""The history of a traject as people read it: sentences, names, numbers, and answers in the order of the form."""

from __future__ import annotations

from typing import Any

import pytest

from models.database import transaction
from tests.bouwers import VANDAAG, a_person, a_traject, log_rows, step
from tests.verhalen.lezer import Pagina

MELDING = {"route": "schuldhulp", "begin": "melding_registreren"}


@pytest.fixture
def jan_en_petra(database: str, uitvoerder: Any) -> tuple[str, str, str]:
    """A traject of two people, with their pseudonyms."""
    with transaction(database) as db:
        jan, petra = a_person(db, "Jansen", voornaam="Jan"), a_person(db, "Pieters", voornaam="Petra")
        return a_traject(db, wie=[jan, petra], op=VANDAAG - 9, **MELDING), jan, petra


def page(bezoeker: Any, nummer: str) -> Pagina:
    return Pagina(bezoeker.get(f"/trajecten/{nummer}").text)


def test_who_left_is_called_by_name(uitvoerder, database, jan_en_petra):
    nummer, _, petra = jan_en_petra
    with transaction(database) as db:
        step(db, nummer, "huishouden_splitsen", VANDAAG, invoer={"vertrekker": petra})
    pagina = page(uitvoerder, nummer)
    gesplitst = next(regel for regel in pagina.geschiedenis if regel.zin == "Huishouden gesplitst")
    assert gesplitst.antwoorden.startswith("Wie vertrekt: Petra Pieters")
    assert petra not in pagina.wortel.met_id("deel-geschiedenis").tekst


def test_answers_stand_in_the_order_of_the_form(uitvoerder, database):
    invoer = {"kanaal": "balie", "aanleiding": "ziekte", "toelichting": "Komt terug.", "schuldbedrag": 18400}
    with transaction(database) as db:
        nummer = a_traject(db, op=VANDAAG, invoer={"bron": "eigen_melding", "crisis": "geen", **invoer}, **MELDING)
    (melding,) = page(uitvoerder, nummer).wortel.alle("p", "rk-tijdlijn__toelichting")
    vragen = [deel.partition(":")[0].strip() for deel in melding.delen if isinstance(deel, str) and deel.strip()]
    assert vragen == [
        *("Hoe kwam de melding binnen", "Kanaal", "Crisis", "Aanleiding (levensgebeurtenis)"),
        *("Totaal van de schulden", "Toelichting"),
    ]


def test_each_gebeurtenis_shows_the_number_by_which_a_correction_names_it(uitvoerder, database, jan_en_petra):
    nummer, *_ = jan_en_petra
    url = f"/trajecten/{nummer}/overgang/notitie_maken"
    uitvoerder.submit(url, Pagina(uitvoerder.get(url).text).formulier.filled({"notitie": "Even gebeld."}))
    antwoord = uitvoerder.submit(f"/trajecten/{nummer}/gebeurtenis/2/intrekken", {"reden": "telfout"})
    assert antwoord.status_code == 302
    pagina = page(uitvoerder, nummer)
    assert "Gebeurtenis 2 is ingetrokken." in " ".join(pagina.meldingen)
    assert pagina.wortel.met_id("gebeurtenis-2").eerste(klasse="rk-tijdlijn__wie").tekst.startswith("Gebeurtenis 2 ·")
    intrekking = pagina.wortel.met_id("gebeurtenis-3")
    assert intrekking.eerste(klasse="rk-tijdlijn__zin").tekst == "Ingetrokken: gebeurtenis 2 (notitie gemaakt)"
    assert "#gebeurtenis-2" in [link["href"] for link in intrekking.alle("a")]


@pytest.mark.parametrize(("gekozen", "gelezen"), [("", "Voor wie: Beiden"), ("petra", "Voor wie: Petra Pieters")])
def test_a_child_traject_of_a_household_says_for_whom_it_is(uitvoerder, database, jan_en_petra, gekozen, gelezen):
    nummer, _, petra = jan_en_petra
    url = f"/trajecten/{nummer}/erbij/klacht/klacht_registreren"
    formulier = Pagina(uitvoerder.get(url).text).formulier
    assert list(formulier.keuzes["voor_wie"].values()) == ["Beiden", "Jan Jansen", "Petra Pieters"]
    antwoorden = {"klacht_onderwerp": "wachttijd", "met_commissie": "nee", "voor_wie": petra if gekozen else ""}
    waar = uitvoerder.submit(url, formulier.filled(antwoorden)).location
    pagina = Pagina(uitvoerder.get(waar).text)
    assert pagina.geschiedenis[0].zin == "Klacht geregistreerd"
    assert pagina.geschiedenis[0].antwoorden.startswith(gelezen)
    assert f"Klacht geregistreerd. {waar.rpartition('/')[2]} hoort bij {nummer}." in " ".join(pagina.meldingen)


def test_what_was_recorded_is_said_with_its_answers(uitvoerder, database, jan_en_petra):
    nummer, *_ = jan_en_petra
    url = f"/trajecten/{nummer}/overgang/contact_vastleggen"
    velden = Pagina(uitvoerder.get(url).text).formulier.filled({"contactsoort": "telefoon", "bereikt": "nee"})
    pagina = Pagina(uitvoerder.submit(url, velden, follow_redirects=True).text)
    assert "Contact vastgelegd: telefoon, niet bereikt." in " ".join(pagina.meldingen)
    assert pagina.geschiedenis[-1].zin == "Contact vastgelegd: telefoon, niet bereikt"


def test_undoing_on_a_map_without_a_reason_for_it_asks_why(uitvoerder, database, jan_en_petra, monkeypatch):
    nummer, *_ = jan_en_petra
    url = f"/trajecten/{nummer}/overgang/notitie_maken"
    velden = Pagina(uitvoerder.get(url).text).formulier.filled({"notitie": "Verkeerd dossier."})
    pagina = Pagina(uitvoerder.submit(url, velden, follow_redirects=True).text)
    ongedaan = pagina.wortel.eerste("form", "rk-melding__actie")
    monkeypatch.setattr("workflow.routekaart.Routekaart.vergissing", None)
    antwoord = uitvoerder.submit(ongedaan["action"], {k["name"]: k["value"] for k in ongedaan.alle("input")})
    assert antwoord.location == f"/trajecten/{nummer}/gebeurtenis/2/intrekken"
    with transaction(database) as db:
        assert len(log_rows(db, nummer)) == 2
