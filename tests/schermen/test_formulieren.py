"""Forms as a tired case worker meets them: mistakes, double clicks, colleagues, second thoughts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.schermen.conftest import Aanmelden, Site
from tests.schermen.handen import answer, history, press, record
from tests.schermen.keuring import faults

NIEUW = "/meldingen/schuldhulp/melding_registreren"


def dossier(nummer: int) -> str:
    """The address of one of the thirty trajecten."""
    return f"/trajecten/SHV-2026-{nummer:05d}"


def a_melding(blad: Page, **wie: str) -> None:
    """Register a melding of a new person."""
    blad.goto(NIEUW)
    answer(blad, {naam.capitalize(): waarde for naam, waarde in wie.items()})
    answer(blad, {"Hoe kwam de melding binnen": "Eigen melding", "Crisis": "Geen crisis"})
    press(blad, "Melding vastleggen")


# -- Mistakes ----------------------------------------------------------------------------------------------------------


def test_all_mistakes_are_told_at_once_and_the_focus_goes_there(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto(NIEUW)
    press(blad, "Melding vastleggen")
    overzicht = blad.get_by_role("alert")
    expect(overzicht).to_be_focused()
    expect(blad).to_have_title(re.compile("^Fout: "))
    expect(overzicht.get_by_role("heading")).to_have_text("Er zijn 3 problemen gevonden")
    expect(overzicht.get_by_role("link")).to_have_count(3)


@pytest.mark.parametrize("pad", [NIEUW, f"{dossier(8)}/overgang/mesis_afnemen"])
def test_each_mistake_leads_to_its_field(aangemeld: Aanmelden, pad: str) -> None:
    blad = aangemeld()
    blad.goto(pad)
    blad.locator("main form button[type=submit]").last.click()
    for link in blad.locator("#foutoverzicht a").all():
        link.click()
        veld = blad.locator(link.get_attribute("href") or "")
        expect(veld).to_be_focused()
        expect(veld).to_be_in_viewport()
        expect(_question_of(veld)).to_contain_text(link.inner_text())


def _question_of(veld: Locator) -> Locator:
    return veld.locator("xpath=ancestor::*[contains(@class, 'rk-veld')][1]")


def test_what_was_typed_stays_when_the_form_is_refused(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto(NIEUW)
    answer(blad, {"Voornaam": "Ties", "Toelichting": "Belt liever ’s avonds.", "Inwonende minderjarige kinderen": "Ja"})
    press(blad, "Melding vastleggen")
    expect(blad.get_by_label("Voornaam").first).to_have_value("Ties")
    expect(blad.get_by_label(re.compile("^Toelichting"))).to_have_value("Belt liever ’s avonds.")
    expect(blad.get_by_label("Ja", exact=True)).to_be_checked()


def test_a_day_that_cannot_be_is_refused_with_a_sentence(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto(f"{dossier(5)}/overgang/notitie_maken")
    for dag in ("31-2-2026", "gisteren", "15-09-2036", "1-1-1900"):
        answer(blad, {"Datum": dag, "Notitie": "Een verzonnen zin."})
        press(blad, "Vastleggen")
        expect(blad.get_by_role("alert")).to_be_focused()
        expect(blad.get_by_label("Datum", exact=True)).to_have_value(dag)


def test_today_comes_with_one_press(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto(f"{dossier(15)}/overgang/minnelijk_voorbereiden")
    veld = blad.get_by_label("Schuldregelingsovereenkomst getekend op")
    _question_of(veld).get_by_role("button", name="Vandaag").click()
    expect(veld).to_have_value("15-09-2026")
    expect(veld).to_be_focused()


# -- The same person, the same click, the same dossier -----------------------------------------------------------------


def test_who_looks_like_somebody_known_is_asked_about_before_a_double_is_made(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    a_melding(blad, voornaam="Willem", achternaam="Wijnands", geboortedatum="5-3-1982")
    waarschuwing = blad.get_by_text("Lijkt op iemand die al bekend is")
    expect(waarschuwing).to_be_visible()
    keuze = blad.get_by_role("radiogroup", name="Is dit iemand die u al kent?")
    expect(keuze).to_contain_text("Kies of dit dezelfde persoon is.")
    expect(blad.locator("main")).to_contain_text("SHV-2026-00023 (loopt")
    keuze.get_by_label("Willem Wijnands").check()
    press(blad, "Melding vastleggen")
    expect(blad.get_by_role("alert")).to_contain_text("SHV-2026-00023")
    keuze.get_by_label("Nee, dit is iemand anders").check()
    press(blad, "Melding vastleggen")
    expect(blad.get_by_role("status")).to_contain_text("vastgelegd")


def test_a_known_person_is_found_by_name_before_the_form_is_filled(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto(NIEUW)
    answer(blad, {"Achternaam": "Zeguers"})
    press(blad, "Kijken of deze persoon bekend is")
    expect(blad.locator("main")).to_contain_text("Zita Zeguers")
    expect(blad.get_by_role("alert")).to_have_count(0)
    answer(blad, {"Achternaam": "Nergensman"})
    press(blad, "Kijken of deze persoon bekend is")
    expect(blad.locator("main")).to_contain_text("Deze persoon is nog niet bekend.")


def test_enter_in_the_surname_looks_up_and_the_focus_goes_to_the_answer(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto(NIEUW)
    for wie, vraag in (("eerste", "Wie meldt zich?"), ("tweede", "Tweede persoon")):
        if wie == "tweede":
            blad.get_by_text("Tweede persoon van het huishouden").click()
        groep = blad.get_by_role("group", name=vraag, exact=True)
        answer(groep, {"Achternaam": "Zeguers"})
        groep.get_by_label("Achternaam").press("Enter")
        antwoord = blad.locator(f"#antwoord-{wie}")
        expect(antwoord).to_contain_text("Zita Zeguers, geboren 5 maart 1984")
        expect(antwoord).to_be_focused()
        expect(antwoord).to_be_in_viewport()
        groep.get_by_label("Nee, dit is iemand anders").check()
    assert faults(blad) == []


def test_what_is_being_typed_is_kept_and_there_again_after_a_detour(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto(NIEUW)
    answer(blad, {"Achternaam": "Halverwege", "Toelichting": "Belt morgen terug."})
    expect(blad.locator("[data-concept-stand]")).to_contain_text("Concept bewaard om")
    assert faults(blad) == []
    blad.goto("/werkvoorraad")
    blad.goto(NIEUW)
    expect(blad.get_by_label("Achternaam").first).to_have_value("Halverwege")
    expect(blad.get_by_role("status").first).to_contain_text("staat hier weer")


def _half_a_melding(blad: Page) -> None:
    """A name is typed at a new melding, and kept."""
    blad.goto(NIEUW)
    blad.get_by_label("Achternaam").first.fill("Halverwege")
    expect(blad.locator("[data-concept-stand]")).to_contain_text("Concept bewaard om")


def test_who_cancels_finds_an_empty_form_for_the_next_client(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    _half_a_melding(blad)
    blad.get_by_label("Tussenvoegsel").first.fill("van")
    press(blad, "Annuleren")
    expect(blad).to_have_url(re.compile("/werkvoorraad$"))
    blad.goto(NIEUW)
    expect(blad.get_by_label("Achternaam").first).to_have_value("")


def test_who_begins_anew_has_an_empty_form_and_keeps_it(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    _half_a_melding(blad)
    blad.goto("/werkvoorraad")
    blad.goto(NIEUW)
    assert faults(blad) == []
    blad.get_by_text("Leeg beginnen").click()
    expect(blad.get_by_text("Leeg beginnen")).to_have_count(0)
    expect(blad.get_by_label("Achternaam").first).to_have_value("")
    blad.goto(NIEUW)
    expect(blad.get_by_label("Achternaam").first).to_have_value("")


@pytest.mark.parametrize(
    ("blad_van", "vraag"),
    [
        ("afspraken/nieuw", "Notitie"),
        ("afspraken/erbij/wachten", "Waarop"),
        ("schulden/nieuw", "Notitie"),
        ("contact", "Toelichting"),
    ],
)
def test_who_leaves_a_form_at_once_finds_it_again(aangemeld: Aanmelden, blad_van: str, vraag: str) -> None:
    blad = aangemeld()
    blad.goto(f"/trajecten/SHV-2026-00008/{blad_van}")
    blad.get_by_label(vraag).fill("Neemt haar zus mee.")
    press(blad, "Werkvoorraad")
    expect(blad).to_have_url(re.compile("/werkvoorraad$"))
    expect(_again(blad, f"/trajecten/SHV-2026-00008/{blad_van}").get_by_label(vraag)).to_have_value(
        "Neemt haar zus mee."
    )


def _again(blad: Page, adres: str) -> Page:
    """The page, opened again once what was typed is kept."""
    blad.wait_for_timeout(500)
    blad.goto(adres)
    return blad


def test_what_is_known_otherwise_of_somebody_is_shown_beside_what_was_typed(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto(NIEUW)
    answer(blad, {"Achternaam": "Zeguers"})
    press(blad, "Kijken of deze persoon bekend is")
    blad.get_by_label("Zita Zeguers").check()
    answer(blad, {"Voornaam": "Zoë", "Telefoon": "043 350 40 40"})
    press(blad, "Melding vastleggen")
    expect(blad.locator("main")).to_contain_text("Dit is anders bekend en blijft zoals het was")
    expect(blad.locator("main")).to_contain_text("Voornaam: bekend is Zita, ingevuld is Zoë")
    expect(blad.get_by_label("Telefoon").first).to_have_value("043 350 40 40")
    assert faults(blad) == []


def test_a_double_click_records_once(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto(dossier(14))
    eerst = len(history(blad))
    press(blad, "Notitie maken")
    answer(blad, {"Notitie": "Twee keer geklikt, een keer bedoeld."})
    blad.get_by_role("button", name="Vastleggen").dblclick()
    expect(blad.get_by_role("status")).to_contain_text("Notitie gemaakt.")
    assert len(history(blad)) == eerst + 1


def test_who_comes_second_is_warned_keeps_the_answers_and_may_go_on(aangemeld: Aanmelden) -> None:
    eerste, tweede = aangemeld(), aangemeld()
    for blad in (eerste, tweede):
        blad.goto(f"{dossier(12)}/overgang/notitie_maken")
        answer(blad, {"Notitie": "Gebeld over de brief."})
    press(eerste, "Vastleggen")
    expect(eerste.get_by_role("status")).to_be_visible()
    press(tweede, "Vastleggen")
    expect(tweede.locator("main")).to_contain_text("Dit traject is intussen gewijzigd")
    expect(tweede.locator("main")).to_contain_text("Het laatst vastgelegd: Notitie gemaakt, door Uitvoerder Proef")
    expect(tweede).to_have_title(re.compile("^Fout: "))
    expect(tweede.get_by_label("Notitie")).to_have_value("Gebeld over de brief.")
    press(tweede, "Vastleggen")
    expect(tweede.get_by_role("status")).to_contain_text("Notitie gemaakt.")
    assert history(tweede)[:2] == ["Notitie gemaakt", "Notitie gemaakt"]


# -- Second thoughts ---------------------------------------------------------------------------------------------------


def test_a_step_is_undone_right_after(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto(dossier(8))
    record(blad, "Besluit voorbereiden", {})
    expect(blad.locator(".rk-titel__badges")).to_contain_text("Besluit")
    press(blad, "Ongedaan maken")
    expect(blad.get_by_role("status")).to_contain_text("Ongedaan gemaakt.")
    expect(blad.locator(".rk-titel__badges")).to_contain_text("Intake")
    expect(blad.locator(".rk-tijdlijn__regel--ingetrokken")).to_have_count(1)


def test_a_day_is_corrected_and_both_days_stay_visible(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto(dossier(9))
    blad.get_by_role("link", name=re.compile("^Verbeteren ?: Intake gestart")).click()
    assert blad.get_by_label("Datum", exact=True).input_value() == "07-09-2026"
    answer(blad, {"Datum": "6-9-2026"})
    answer(blad, {"Reden van de correctie": "Verkeerde dag"})
    press(blad, "Verbeteren")
    expect(blad.get_by_role("status")).to_contain_text("is verbeterd.")
    regel = blad.locator(".rk-tijdlijn__regel--verbeterd")
    expect(regel.locator(".rk-tijdlijn__dag")).to_have_text("6 september 2026")
    expect(blad.locator("#deel-geschiedenis")).to_contain_text("7 september 2026")


def test_an_answer_is_corrected_and_both_answers_stay_visible(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto(dossier(7))
    blad.get_by_role("link", name=re.compile("^Verbeteren ?: Eerste contact")).click()
    answer(blad, {"Soort contact": "Huisbezoek", "Reden van de correctie": "Verkeerde keuze gemaakt"})
    press(blad, "Verbeteren")
    verleden = blad.locator("#deel-geschiedenis")
    expect(verleden.locator(".rk-tijdlijn__regel--verbeterd")).to_contain_text("vastgelegd: huisbezoek, bereikt")
    expect(verleden).to_contain_text("Soort contact: Huisbezoek (was Telefoon)")


def test_a_withdrawal_asks_a_reason_and_stays_in_the_history(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto(dossier(6))
    blad.get_by_role("link", name=re.compile("^Intrekken ?: Gesprek aangeboden")).click()
    press(blad, "Intrekken")
    expect(blad.get_by_role("alert")).to_be_focused()
    answer(blad, {"Reden van de correctie": "Verkeerd dossier", "Toelichting": "Hoort bij de buurman."})
    press(blad, "Intrekken")
    regel = blad.locator(".rk-tijdlijn__regel--ingetrokken")
    expect(regel.locator("s")).to_have_text("Gesprek aangeboden op 10 september 2026")
    expect(regel).to_contain_text("Ingetrokken op 15 september 2026")


def test_a_traject_is_handed_over_to_a_colleague_and_to_the_team(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto(dossier(5))
    for naar, naam in (("Collega Proef", "Collega Proef"), ("Terug naar het team (zonder behandelaar)", "Nog niemand")):
        press(blad, "Overdragen")
        answer(blad, {"Nieuwe behandelaar": naar})
        press(blad, "Overdragen")
        expect(blad.locator(".rk-feiten__paar").filter(has_text="Behandelaar").first).to_contain_text(naam)


def test_what_ends_a_session_is_gone_from_the_back_button(aangemeld: Aanmelden, site: Site) -> None:
    blad = aangemeld("auditor")
    blad.goto(dossier(18))
    blad.locator(".rk-gebruiker summary").click()
    press(blad, "Uitloggen")
    site.koekjes.clear()
    expect(blad.get_by_role("status")).to_have_text(re.compile("U bent uitgelogd"))
    blad.go_back()
    expect(blad.get_by_role("heading", level=1)).to_have_text("Inloggen")
