"""The walk of a case worker: from a new melding to nazorg and uitstroom, by pressing what the pages offer."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.schermen.conftest import Aanmelden, Site
from tests.schermen.handen import answer, history, open_form, press, said_of, send_form
from tests.schermen.keuring import OPTIES, in_both_colours, sticking_out
from workflow.kalender import date_of, short

WEG: tuple[tuple[str, dict[str, str], str], ...] = (
    ("Eerste contact vastleggen", {"Soort contact": "Telefoon", "Is de inwoner bereikt": "Ja"}, "Melding"),
    ("Gesprek aanbieden", {"Aangeboden dag van het gesprek": "vandaag"}, "Melding"),
    ("Intake starten", {"Soort contact": "Gesprek op kantoor", "Totaal van de schulden": "18.400"}, "Intake"),
    (
        "MESIS afnemen",
        {
            "MESIS-profiel": "MESIS-profiel 2",
            "Zijn de schulden problematisch": "Ja",
            "Zijn de schulden regelbaar": "Ja",
            "Is de cliënt regelbaar": "Ja",
        },
        "MESIS-screening",
    ),
    ("Besluit voorbereiden", {}, "Besluit"),
    ("Toelaten", {"Datum van de beschikking": "vandaag", "Plan van aanpak klaar op": "vandaag"}, "Toegelaten"),
    ("Stabilisatie starten", {}, "Stabilisatie"),
    (
        "Minnelijke regeling voorbereiden",
        {"Schuldregelingsovereenkomst getekend op": "vandaag"},
        "Minnelijke voorbereiding",
    ),
    ("Voorstel aan schuldeisers versturen", {"Voorstel verstuurd op": "vandaag"}, "Minnelijke voorbereiding"),
    ("Alle schuldeisers akkoord", {"Aantal schuldeisers akkoord": "9"}, "Minnelijke voorbereiding"),
    (
        "Regeling starten",
        {
            "Soort regeling": "Saneringskrediet",
            "Start van de regeling": "vandaag",
            "Gepland einde": "vandaag",
            "Vrij te laten bedrag per maand (vtlb)": "1.480",
        },
        "Minnelijke regeling loopt",
    ),
    ("Nazorg starten", {"Resultaat": "Finale kwijting gekregen"}, "Nazorg"),
    ("Uitstroom vastleggen", {"Reden": "Schuldenvrij"}, "Uitstroom"),
)
"""Overgang, answers, and the stap where the traject stands after it."""

MELDING = {
    "Hoe kwam de melding binnen": "Wijkservicepunt",
    "Kanaal": "Spreekuur",
    "Wijkservicepunt": "Wijkservicepunt Noord",
    "Crisis": "Geen crisis",
    "Aanleiding (levensgebeurtenis)": "Verlies van werk",
    "Doelgroep": "Geen bijzondere doelgroep",
    "Inwonende minderjarige kinderen": "Ja",
    "Totaal van de schulden": "18400",
}


def test_a_traject_walks_from_melding_to_uitstroom(aangemeld: Aanmelden, site: Site) -> None:
    """Each page of it as axe sees it, by all its rules in the light and in the dark."""
    blad = aangemeld()
    blad.goto("/")
    assert in_both_colours(blad, donker=OPTIES) == []
    _register(blad)
    for overgang, antwoorden, stap in WEG:
        vandaag = f"{date_of(site.vandaag):%d-%m-%Y}"
        gevuld = {vraag: vandaag if zin == "vandaag" else zin for vraag, zin in antwoorden.items()}
        open_form(blad, overgang)
        assert in_both_colours(blad, donker=OPTIES) == []
        send_form(blad, overgang, gevuld)
        expect(blad.locator(".rk-titel__badges")).to_contain_text(stap)
        assert in_both_colours(blad, donker=OPTIES) == []
    _tells_everything(blad, site)


def _register(blad: Page) -> None:
    press(blad, "Nieuwe melding")
    answer(blad, {"Voornaam": "Merel", "Achternaam": "Vroomen", "Geboortedatum": "4-5-1988"})
    blad.get_by_text("Tweede persoon van het huishouden").click()
    tweede = blad.get_by_role("group", name="Tweede persoon", exact=True)
    answer(tweede, {"Voornaam": "Sam", "Achternaam": "de Wit"})
    answer(blad, MELDING)
    assert in_both_colours(blad, donker=OPTIES) == []
    press(blad, "Melding vastleggen")
    expect(blad.get_by_role("heading", level=1)).to_have_text("Merel Vroomen en Sam de Wit")
    expect(blad.get_by_role("status")).to_contain_text("De melding is vastgelegd als SHV-")


def _tells_everything(blad: Page, site: Site) -> None:
    zinnen = history(blad)
    assert len(zinnen) == len(WEG) + 1
    assert zinnen[0].startswith("Uitgestroomd (van Nazorg naar Uitstroom)")
    verwacht = ["Melding geregistreerd", *(said_of(stap[0]) for stap in WEG)]
    assert [zin.startswith(begin) for zin, begin in zip(reversed(zinnen), verwacht, strict=True)] == [True] * len(
        zinnen
    )
    expect(blad.locator(".rk-tijdlijn__dag").first).to_have_text(short(site.vandaag))
    expect(blad.locator(".rk-stap--gedaan")).to_have_count(7)
    assert sticking_out(blad, 320) == []


def test_the_new_traject_stands_in_the_werkvoorraad_and_is_found_by_name(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto("/meldingen")
    answer(blad, {"Voornaam": "Roos", "Achternaam": "Zuiderveld", "Hoe kwam de melding binnen": "Eigen melding"})
    answer(blad, {"Crisis": "Geen crisis"})
    press(blad, "Melding vastleggen")
    nummer = re.findall(r"SHV-\d{4}-\d{5}", blad.url)[0]
    press(blad, "Werkvoorraad")
    expect(blad.get_by_role("row", name=f"Roos Zuiderveld {nummer}")).to_be_visible()
    blad.get_by_role("searchbox").fill("zuiderveld")
    blad.keyboard.press("Enter")
    expect(blad.get_by_role("heading", level=1)).to_have_text("Roos Zuiderveld")


def test_a_crisis_opens_a_traject_beside_it_with_a_term_of_its_own(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto("/meldingen")
    answer(blad, {"Achternaam": "Bovenkerk", "Hoe kwam de melding binnen": "Eigen melding"})
    answer(blad, {"Crisis": "Gedwongen woningontruiming"})
    press(blad, "Melding vastleggen")
    expect(blad.locator("#deel-kinderen")).to_contain_text("Crisis")
    termijn = blad.locator("#deel-termijnen .rk-termijn").first
    expect(termijn).to_contain_text("Eerste gesprek bij bedreigende situatie")
    termijn.get_by_text("Waarom deze datum?").click()
    expect(termijn.get_by_role("listitem").first).to_be_visible()
