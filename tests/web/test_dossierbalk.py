"""The pages of one dossier: whoever goes from one to the next keeps the same title above them."""

from __future__ import annotations

from typing import Any

from bezoek import an_account

from models import klok
from models.database import transaction
from tests.bouwers import NU, a_person, a_traject
from tests.verhalen.lezer import Pagina

BLADEN = ["Traject", "Personen", "Contact", "Afspraken", "Stukken", "Schulden", "Brieven"]


def test_every_page_of_a_dossier_says_alike_whose_it_is_and_where_it_stands(
    bezoeker: Any, login: Any, database: str
) -> None:
    with klok.at(NU):
        login(bezoeker, "uitvoerder")
        wie = an_account(database, "uitvoerder").pseudoniem
        with transaction(database) as db:
            klant = a_person(db, "Tesfay", voornaam="Hana")
            nummer = a_traject(db, route="schuldhulp", begin="melding_registreren", wie=[klant], behandelaar=wie)
        balk = Pagina(bezoeker.get(f"/trajecten/{nummer}").text).wortel.eerste(klasse="rk-weergaven")
        bladen = {a.tekst: Pagina(bezoeker.get(a["href"]).text) for a in balk.alle("a")}
    assert list(bladen) == BLADEN
    assert {pagina.titel for pagina in bladen.values()} == {"Hana Tesfay"}
    assert all(pagina.badges[0] == "Melding" for pagina in bladen.values())
    for naam, pagina in bladen.items():
        assert nummer in pagina.wortel.eerste("title").tekst, naam
