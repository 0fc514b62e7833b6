"""A household that splits, on the page: whose each child traject is, and which of them there is a choice about."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from models.database import transaction
from tests.bouwers import VANDAAG, a_person, a_traject, step
from tests.verhalen.lezer import Pagina

MELDING = {"route": "schuldhulp", "begin": "melding_registreren"}
MEE = "mee_naar_nieuw"


class Huishouden(NamedTuple):
    """A traject of two people, with a child traject of the first and one of both."""

    nummer: str
    wilhelmine: str
    gerrit: str
    van_haar: str
    samen: str

    @property
    def url(self) -> str:
        return f"/trajecten/{self.nummer}"

    @property
    def splitsen(self) -> str:
        return f"{self.url}/overgang/huishouden_splitsen"


@pytest.fixture
def huis(uitvoerder: Any, database: str) -> Huishouden:
    with transaction(database) as db:
        wie = [a_person(db, "Maas", voornaam=naam) for naam in ("Wilhelmine", "Gerrit")]
        nummer = a_traject(db, wie=wie, op=VANDAAG - 9, **MELDING)
        van_haar = a_traject(db, route="klacht", hoort_bij=nummer, wie=wie[:1], op=VANDAAG - 5)
        return Huishouden(nummer, *wie, van_haar, a_traject(db, route="klacht", hoort_bij=nummer, op=VANDAAG - 3))


def page(bezoeker: Any, url: str) -> Pagina:
    return Pagina(bezoeker.get(url).text)


def below(pagina: Pagina) -> list[str]:
    """What stands below the names of the child trajecten."""
    return [deel.partition(" · sinds")[0] for deel in pagina.wortel.met_id("deel-kinderen").teksten(klasse="rk-onder")]


def test_the_page_says_for_whom_each_child_traject_is(uitvoerder, huis):
    assert below(page(uitvoerder, huis.url)) == [
        f"{huis.samen} · voor beiden",
        f"{huis.van_haar} · voor Wilhelmine Maas",
    ]


def test_only_what_is_of_both_is_a_choice(uitvoerder, huis):
    pagina = page(uitvoerder, huis.splitsen)
    assert pagina.formulier.keuzes[MEE] == {huis.samen: f"Klacht ({huis.samen}), voor beiden"}
    zin = f"Wat van één persoon is, blijft bij die persoon: Klacht ({huis.van_haar}), voor Wilhelmine Maas."
    assert pagina.wortel.met_id(f"{MEE}-hint").tekst == zin


def test_what_is_of_who_stays_cannot_be_sent_along(uitvoerder, huis):
    velden = page(uitvoerder, huis.splitsen).formulier.filled({"vertrekker": huis.gerrit})
    antwoord = uitvoerder.submit(huis.splitsen, {**velden, MEE: [huis.van_haar]})
    assert antwoord.status_code == 422
    assert Pagina(antwoord.text).fouten == [f"{huis.van_haar} is van wie blijft, en kan dus niet mee."]
    assert uitvoerder.submit(huis.splitsen, velden).status_code == 302
    assert [kind.nummer for kind in page(uitvoerder, huis.url).kinderen] == [huis.samen, huis.van_haar]


def test_what_is_of_who_leaves_goes_along_unasked(uitvoerder, huis):
    velden = page(uitvoerder, huis.splitsen).formulier.filled({"vertrekker": huis.wilhelmine})
    pagina = Pagina(uitvoerder.submit(huis.splitsen, velden, follow_redirects=True).text)
    assert below(pagina)[0] == f"{huis.samen} · voor Gerrit Maas"
    (nieuw,) = [a["href"] for m in pagina.wortel.alle(klasse="rk-melding") for a in m.alle("a")]
    (kind,) = page(uitvoerder, nieuw).kinderen
    assert kind.nummer not in (huis.samen, huis.van_haar)
    assert any(huis.van_haar in melding for melding in page(uitvoerder, f"/trajecten/{kind.nummer}").meldingen)


def test_without_anything_of_both_there_is_nothing_to_choose(uitvoerder, database):
    with transaction(database) as db:
        nummer = a_traject(db, aantal=2, op=VANDAAG - 9, **MELDING)
    pagina = page(uitvoerder, f"/trajecten/{nummer}/overgang/huishouden_splitsen")
    assert pagina.wortel.met_id(f"{MEE}-hint").tekst == "Er loopt nu niets dat van beiden is: u hoeft niets te kiezen."


# -- A child traject that went along -----------------------------------------------------------------------------------


@pytest.fixture
def meegegaan(uitvoerder: Any, database: str) -> tuple[Pagina, Pagina]:
    """Budgetbeheer of who left: its page where it was, and where it went."""
    with transaction(database) as db:
        wie = [a_person(db, "Maas", voornaam=naam) for naam in ("Wilhelmine", "Gerrit")]
        nummer = a_traject(db, wie=wie, op=VANDAAG - 9, stap="toegelaten", **MELDING)
        kind = a_traject(db, route="budgetbeheer", begin="plus", hoort_bij=nummer, wie=wie[1:], op=VANDAAG - 5)
        step(db, nummer, "huishouden_splitsen", VANDAAG, invoer={"vertrekker": wie[1]})
    oud = page(uitvoerder, f"/trajecten/{kind}")
    (nieuw,) = [a["href"] for m in oud.wortel.alle(klasse="rk-melding") for a in m.alle("a")]
    return oud, page(uitvoerder, nieuw)


def test_where_it_was_nothing_can_be_recorded_and_no_stap_is_drawn_twice(meegegaan):
    oud, _ = meegegaan
    assert oud.wortel.met_id("deel-volgende").tag == ""
    namen = oud.wortel.teksten(klasse="rk-stap__naam")
    assert namen == ["BBR Totaal", "BBR Plus", "BBR Basis", "Budgetbeheer Maatwerk"]


def test_where_it_went_it_can_be_walked_on(meegegaan):
    _, nieuw = meegegaan
    assert "Naar BBR Totaal" in nieuw.knoppen
    assert nieuw.route["BBR Plus"].startswith("BBR Plus, sinds")


def test_a_stap_of_imports_is_drawn_for_what_stood_in_it(uitvoerder, database):
    with transaction(database) as db:
        nummer = a_traject(db, op=VANDAAG - 9, stap="toegelaten", **MELDING)
        kind = a_traject(db, route="budgetbeheer", begin="budgetbeheer_inlezen", hoort_bij=nummer, op=VANDAAG - 5)
    assert list(page(uitvoerder, f"/trajecten/{kind}").route)[-1] == "Variant niet bekend"
