"""Every kind of page is put before axe, light and dark, wide and narrow; none may scroll sideways on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.schermen.conftest import Aanmelden
from tests.schermen.handen import press
from tests.schermen.keuring import SMAL, faults, findings, in_both_colours, sticking_out

NIEUW = "/meldingen/schuldhulp/melding_registreren"
LEVERINGEN = Path(__file__).parents[1] / "data" / "ddas"
DOSSIER = "/trajecten/SHV-2026-000"
OPGAVE = "/opgaven/soort/P5/nieuw?opgever=GM-HEERLEN&gemeente=GM0917&periode=2025"


def _refused(blad: Page) -> None:
    press(blad, "Melding vastleggen")
    expect(blad.locator("#foutoverzicht")).to_be_focused()


def _opened(blad: Page) -> None:
    """Everything that folds, unfolded."""
    blad.evaluate("document.querySelectorAll('main details').forEach((deel) => { deel.open = true; })")


def _keys(blad: Page) -> None:
    blad.keyboard.press("?")
    expect(blad.get_by_role("dialog", name="Sneltoetsen")).to_be_visible()


def _menu(blad: Page) -> None:
    blad.locator(".rk-gebruiker summary").click()


def _tips(blad: Page) -> None:
    blad.get_by_role("searchbox").press_sequentially("jean")
    expect(blad.locator("#zoek-tips").get_by_role("link").first).to_be_visible()


def _change(regel: str) -> Callable[[Page], None]:
    """The form behind Wijzigen in the line with this word."""

    def opened(blad: Page) -> None:
        blad.locator("tbody tr", has_text=regel).get_by_role("link", name="Wijzigen").first.click()
        expect(blad.locator("form.rk-formulier")).to_be_visible()

    return opened


def _password(blad: Page) -> None:
    press(blad, "Nieuw wachtwoord voor Collega Proef")
    blad.wait_for_url("**/wachtwoord")


def _child(blad: Page) -> None:
    blad.locator("#deel-kinderen").get_by_role("link").click()
    expect(blad.get_by_role("navigation", name="Kruimelpad")).to_contain_text("SHV-2026-00002")


def _delivery(naam: str, ervoor: str = "") -> Callable[[Page], None]:
    """Upload a delivery, or what is left of it with `ervoor` before it, and look at what it would become."""

    def upload(blad: Page) -> None:
        inhoud = ervoor.encode() + (LEVERINGEN / naam).read_bytes()
        bestand = {"name": naam, "mimeType": "application/json", "buffer": inhoud}
        blad.locator("input[type=file]").set_input_files(bestand)
        blad.locator("form:has(input[type=file]) button[type=submit]").click()
        blad.wait_for_url("**/uitwisseling/inlezen/*")
        _opened(blad)

    return upload


def _list(blad: Page) -> None:
    """Lay a list beside the log."""
    regels = b"dossier;begin;einde\nSHV-2026-00002;01-01-2025;\nKBL-1;01-01-2025;31-02-2025\nKBL-2;01-01-2025;\n"
    bestand = {"name": "lijst.csv", "mimeType": "text/csv", "buffer": regels}
    blad.locator("input[type=file]").set_input_files(bestand)
    press(blad, "Vergelijken")
    expect(blad.locator("#deel-ontbreekt_hier")).to_be_visible()


def _letter(blad: Page) -> None:
    """A letter that has just begun."""
    blad.get_by_label("Brief", exact=True).select_option(label="Weigeringsbeschikking")
    blad.get_by_label("Voor wie").select_option(index=0 if blad.locator("#persoon option").count() == 1 else 1)
    press(blad, "Brief beginnen")
    expect(blad.locator(".rk-briefblad").first).to_be_visible()
    _opened(blad)


def _newest_map(blad: Page) -> None:
    blad.locator("tbody th a").first.click()
    expect(blad.locator(".rk-tekening svg")).to_be_visible()


def _rehearsal(blad: Page) -> None:
    _newest_map(blad)
    blad.get_by_role("link", name="Trajecten overzetten").click()
    expect(blad.locator("#deel-uitkomst")).to_be_visible()


def _list_refused(blad: Page) -> None:
    """Nothing was chosen; what folds is open."""
    press(blad, "Opslaan")
    expect(blad.locator("#foutoverzicht")).to_be_focused()
    _opened(blad)


def _take_away(blad: Page) -> None:
    """Enter a document that is kept on paper, and ask to take it away."""
    blad.get_by_label("Wat voor stuk").select_option("inkomen")
    blad.get_by_label("Ja", exact=True).check()
    blad.get_by_label("Papieren dossier").check()
    press(blad, "Toevoegen")
    blad.locator("#register").get_by_role("link", name="Weghalen").first.click()
    expect(blad.get_by_label("Reden")).to_be_visible()


def _new_address(blad: Page) -> None:
    press(blad, "Adres maken")
    expect(blad.get_by_label("Adres voor uw agendaprogramma")).to_be_visible()


def _refused_appointment(blad: Page) -> None:
    press(blad, "Opslaan")
    expect(blad.locator("#foutoverzicht")).to_be_focused()


def _on_agenda(wat: str) -> Callable[[Page], None]:
    """The form behind this button of the first thing that is planned."""

    def opened(blad: Page) -> None:
        blad.locator(".rk-planacties").get_by_role("link", name=wat).first.click()
        expect(blad.locator("form.rk-formulier")).to_be_visible()

    return opened


def _as_it_is(_blad: Page) -> None:
    return None


BLADEN: tuple[tuple[str, str, str, Callable[[Page], None]], ...] = (
    ("vandaag", "uitvoerder", "/vandaag", _as_it_is),
    ("agenda", "uitvoerder", "/agenda?wie=team", _as_it_is),
    ("agenda-kies", "uitvoerder", "/agenda/nieuw?zoek=SHV-2026-0000", _as_it_is),
    ("agenda-adres", "uitvoerder", "/agenda/adres", _new_address),
    ("afspraken", "uitvoerder", f"{DOSSIER}08/afspraken", _opened),
    ("afspraak-nieuw", "uitvoerder", f"{DOSSIER}08/afspraken/nieuw", _refused_appointment),
    ("afspraak-wijzigen", "uitvoerder", "/agenda", _on_agenda("Wijzigen")),
    ("afspraak-verzetten", "uitvoerder", "/agenda", _on_agenda("Verzetten")),
    ("wachten", "uitvoerder", f"{DOSSIER}08/afspraken/erbij/wachten", _as_it_is),
    ("wachten-verlengen", "uitvoerder", "/vandaag", _on_agenda("Verlengen")),
    ("werkvoorraad", "uitvoerder", "/werkvoorraad?lijst=alle", _as_it_is),
    ("werkvoorraad-leeg", "uitvoerder", "/werkvoorraad?lijst=alle&fase=wsnp", _as_it_is),
    ("zoektips", "uitvoerder", "/werkvoorraad", _tips),
    ("gebruikersmenu", "auditor", "/werkvoorraad", _menu),
    ("sneltoetsen", "uitvoerder", "/werkvoorraad?lijst=team", _keys),
    ("melding", "uitvoerder", NIEUW, _opened),
    ("melding-fouten", "uitvoerder", NIEUW, _refused),
    ("traject-melding", "uitvoerder", f"{DOSSIER}02", _opened),
    ("traject-toegelaten", "coordinator", f"{DOSSIER}15", _opened),
    ("traject-einde", "uitvoerder", f"{DOSSIER}28", _as_it_is),
    ("traject-auditor", "auditor", f"{DOSSIER}18", _as_it_is),
    ("terugkijken", "auditor", f"{DOSSIER}15/terugkijken", _opened),
    ("terugkijken-voorraad", "coordinator", "/terugkijken", _opened),
    ("terugkijken-lijst", "auditor", "/terugkijken/lijst?kant=erbij", _as_it_is),
    ("overgang", "uitvoerder", f"{DOSSIER}08/overgang/mesis_afnemen", _as_it_is),
    ("overgang-kan-niet", "uitvoerder", f"{DOSSIER}02/overgang/toelaten", _as_it_is),
    ("erbij", "uitvoerder", f"{DOSSIER}05/erbij/begeleiding/flankerende_hulp_starten", _as_it_is),
    ("deeltraject", "uitvoerder", f"{DOSSIER}02", _child),
    ("verbeteren", "uitvoerder", f"{DOSSIER}08/gebeurtenis/4/verbeteren", _as_it_is),
    ("intrekken", "uitvoerder", f"{DOSSIER}08/gebeurtenis/4/intrekken", _as_it_is),
    ("overdragen", "uitvoerder", f"{DOSSIER}08/overdragen", _as_it_is),
    ("afdruk", "uitvoerder", f"{DOSSIER}08/afdruk", _as_it_is),
    ("overdrachten", "uitvoerder", "/overdrachten", _as_it_is),
    ("overdracht-nieuw", "coordinator", "/overdrachten/nieuw?bureau=team", _as_it_is),
    ("contact", "uitvoerder", f"{DOSSIER}15/contact", _as_it_is),
    ("contact-vastleggen", "coordinator", f"{DOSSIER}08/contact/vastleggen", _as_it_is),
    ("stukken", "uitvoerder", f"{DOSSIER}08/stukken", _list_refused),
    ("stukken-auditor", "auditor", f"{DOSSIER}15/stukken", _opened),
    ("stukken-bijwerken", "coordinator", f"{DOSSIER}15/stukken/bijwerken", _opened),
    ("stuk-nieuw", "uitvoerder", f"{DOSSIER}08/stukken/nieuw", _as_it_is),
    ("stuk-weghalen", "uitvoerder", f"{DOSSIER}09/stukken/nieuw", _take_away),
    ("dossier-personen", "uitvoerder", f"{DOSSIER}02/personen", _as_it_is),
    ("persoon-erbij", "uitvoerder", f"{DOSSIER}02/personen/erbij", _as_it_is),
    ("afgeschermd", "beheerder", "/afscherming", _as_it_is),
    ("afschermen", "coordinator", "/afscherming/nieuw", _as_it_is),
    ("wachtwoord", "partner", "/wachtwoord", _as_it_is),
    ("partner", "partner", "/partner", _as_it_is),
    ("medewerkers", "beheerder", "/beheer/medewerkers", _as_it_is),
    ("organisaties", "beheerder", "/beheer/organisaties", _as_it_is),
    ("medewerker-nieuw", "beheerder", "/beheer/medewerkers/nieuw", _as_it_is),
    ("medewerker-wachtwoord", "beheerder", "/beheer/medewerkers", _password),
    ("medewerker-wijzigen", "beheerder", "/beheer/medewerkers", _change("uitvoerder")),
    ("organisatie-wijzigen", "beheerder", "/beheer/organisaties", _change("KBL")),
    ("organisatie-nieuw", "beheerder", "/beheer/organisaties/nieuw", _as_it_is),
    ("gelijkgestelde-dagen", "beheerder", "/beheer/gelijkgestelde-dagen", _as_it_is),
    ("vier-ogen", "beheerder", "/beheer/vier-ogen", _as_it_is),
    ("voorstellen", "coordinator", "/voorstellen", _as_it_is),
    ("uitwisseling", "coordinator", "/uitwisseling", _as_it_is),
    ("levering", "coordinator", "/uitwisseling", _delivery("volledig.json")),
    ("levering-onleesbaar", "coordinator", "/uitwisseling", _delivery("volledig.json", "{")),
    ("opgaven", "coordinator", "/opgaven", _as_it_is),
    ("opgaven-soort", "partner", "/opgaven/soort/P1", _as_it_is),
    ("opgave-nieuw", "coordinator", OPGAVE, _as_it_is),
    ("partijen", "coordinator", "/partijen", _as_it_is),
    ("steekproef", "auditor", "/onderzoek/steekproef?zaad=appel", _as_it_is),
    ("steekproef-log", "coordinator", "/onderzoek/steekproef?zaad=appel&soort=gebeurtenissen", _as_it_is),
    ("volledigheid", "auditor", "/onderzoek/volledigheid", _list),
    ("uitvoer", "auditor", "/onderzoek/uitvoer", _as_it_is),
    ("rapporten", "auditor", "/rapporten", _as_it_is),
    ("rapport-nieuw", "auditor", "/rapporten/nieuw", _as_it_is),
    ("auditpakket", "auditor", "/auditpakket", _as_it_is),
    ("rapport-duiding", "auditor", "/rapporten/duiding", _as_it_is),
    ("partij-beginnen", "uitvoerder", "/partijen/vroegsignaal/signaal_ontvangen", _as_it_is),
    ("kaartversies", "auditor", "/routekaart", _as_it_is),
    ("kaartverschil", "auditor", "/routekaart/verschil", _as_it_is),
    ("wijzigingen", "auditor", "/routekaart/wijzigingen", _opened),
    ("kaart", "beheerder", "/routekaart", _newest_map),
    ("overzetten", "beheerder", "/routekaart", _rehearsal),
    ("brieven", "coordinator", f"{DOSSIER}15/brieven", _as_it_is),
    ("brief-concept", "uitvoerder", f"{DOSSIER}15/brieven", _letter),
    ("sjablonen", "beheerder", "/beheer/brieven", _as_it_is),
    ("sjabloon", "coordinator", "/beheer/brieven/sjabloon/weigering", _opened),
    ("sjabloon-nieuw", "beheerder", "/beheer/brieven/nieuw", _as_it_is),
    ("sjabloon-versie", "beheerder", "/beheer/brieven/sjabloon/rappel/versie/0", _as_it_is),
    ("briefpapier", "beheerder", "/beheer/brieven/briefpapier", _as_it_is),
    ("fout-404", "uitvoerder", "/er-is-hier-niets", _as_it_is),
)


ONDERWEG = {
    "agenda.uitkomst": "afspraak-verzetten",
    "agenda.wijzigen": "afspraak-wijzigen",
    "wachten.verlengen": "wachten-verlengen",
    **dict.fromkeys(
        ("personen.toon", "personen.wijzigen", "personen.samenvoegen", "personen.losmaken"),
        "test_a_person_is_known_better_and_a_double_is_put_right",
    ),
    **dict.fromkeys(("afscherming.inzien", "afscherming.beeindigen"), "test_a_dossier_is_shielded_opened_and_ended"),
    "aanmelden.inloggen": "test_log_in_pages_have_no_violation",
    "beheer.medewerker_wachtwoord": "medewerker-wachtwoord",
    "beheer.medewerker_wijzigen": "medewerker-wijzigen",
    "beheer.organisatie_wijzigen": "organisatie-wijzigen",
    **dict.fromkeys(
        [f"indicatoren.{naam}" for naam in ("dashboard", "toon", "lijst", "doorstroom", "termijnen", "verdeling")]
        + [f"indicatoren.{naam}" for naam in ("varianten", "variantlijst", "wat_als", "wat_als_lijst")],
        "test_no_page_with_figures_has_a_violation",
    ),
    "brieven.schrijf": "brief-concept",
    "brieven.brief": "test_a_rappel_is_written_looked_at_and_sent",
    "kaarten.toon": "kaart",
    "kaarten.zet_over": "overzetten",
    "meldingen.kies": "test_a_map_with_more_ways_in_lets_one_choose",
    "opgaven.verbeteren": "test_a_partner_gives_a_report_and_corrects_it",
    "opgaven.voorbeeld": "test_a_file_is_shown_before_it_is_taken_in",
    "rapport.herzien": "test_every_page_about_reports_stands_the_examination",
    "rapport.toon": "test_every_page_about_reports_stands_the_examination",
    "rapport.uitgave_toon": "test_every_page_about_reports_stands_the_examination",
    "stukken.weghalen": "stuk-weghalen",
    **dict.fromkeys(
        [f"schuldeisers.{naam}" for naam in ("lijst", "nieuw", "toon", "wijzigen")],
        "test_the_register_of_creditors_stands_the_examination",
    ),
    **dict.fromkeys(
        [f"schulden.{naam}" for naam in ("toon", "nieuw", "saldi", "wijzigen", "vervallen")],
        "test_the_pages_of_debts_stand_the_examination",
    ),
    "schulden.overnemen": "test_who_leaves_takes_chosen_debts_along",
    "schulden.voorbeeld": "test_twelve_debts_come_in_and_two_creditors_refuse",
    "uitwisseling.voorbeeld": "levering",
    "vervanging.toon": "test_sixty_trajecten_go_to_two_colleagues_and_come_back",
    "voorstellen.toon": "test_one_proposes_and_another_confirms",
    "werkvoorraad.zoek_tips": "zoektips",
}
"""Pages that are reached on the way: endpoint -> the test, or the name in BLADEN, that looks at it."""

GEEN_BLAD = {
    **dict.fromkeys(("agenda.bestand", "agenda.feed"), "a file for a calendar program"),
    "static": "files",
    "start": "sends on to the first page of a role",
    "kaarten.tekening_svg": "a file",
    "werkvoorraad.uitvoer": "a file",
    **dict.fromkeys(("brieven.bestand", "sjablonen.voorbeeld_pdf"), "a file"),
    "stukken.bestand": "a file",
    **dict.fromkeys(("rapport.bestand", "rapport.nieuw_bestand", "rapport.uitgave_bestand"), "a file"),
    **dict.fromkeys(("schulden.leeg", "schulden.lijst"), "a file"),
}


@pytest.mark.parametrize(("naam", "rol", "pad", "doe"), BLADEN, ids=[blad[0] for blad in BLADEN])
def test_no_page_has_a_violation(
    aangemeld: Aanmelden, naam: str, rol: str, pad: str, doe: Callable[[Page], None]
) -> None:
    blad = aangemeld(rol)
    antwoord = blad.goto(pad)
    assert antwoord.status == (404 if naam.startswith("fout") else 200)
    doe(blad)
    assert faults(blad) == []


def test_every_page_is_among_them(toepassing: Flask) -> None:
    adressen = toepassing.url_map.bind("localhost")
    paden = [pad.partition("?")[0] for naam, _, pad, _ in BLADEN if not naam.startswith("fout")]
    bekeken = {adressen.match(pad)[0] for pad in paden} | set(ONDERWEG) | set(GEEN_BLAD)
    bladen = {rule.endpoint for rule in toepassing.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert bladen - bekeken == set()
    assert {waar for waar in ONDERWEG.values() if not waar.startswith("test_")} <= {blad[0] for blad in BLADEN}


def test_log_in_pages_have_no_violation(page: Page) -> None:
    page.goto("/inloggen")
    assert faults(page) == []
    press(page, "Inloggen")
    expect(page.locator("#foutoverzicht")).to_be_focused()
    assert faults(page) == []


def test_the_inspection_sees_what_it_is_for(page: Page) -> None:
    page.set_content("""<!DOCTYPE html><html lang="nl"><head><title>Proef</title></head><body><main><h1>Proef</h1>
        <p style="color: #999; background: #fff">bleek</p><input type="text"><div style="width: 900px">breed</div>
        <p style="color: #fff">wit</p><p style="position: absolute; top: 0">erover</p></main></body></html>""")
    gezien = " ".join(findings(page))
    assert "color-contrast: p:nth-child(2)" in gezien
    assert "label: input" in gezien
    assert any(fout.startswith("dark: color-contrast") for fout in in_both_colours(page))
    assert sticking_out(page, SMAL)


def test_on_paper_there_is_the_dossier_and_no_buttons(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    blad.goto(f"{DOSSIER}15")
    blad.emulate_media(media="print")
    expect(blad.locator("#deel-geschiedenis")).to_be_visible()
    expect(blad.locator(".rk-stap--gedaan").first).to_be_visible()
    expect(blad.get_by_role("searchbox")).to_be_hidden()
    expect(blad.locator("main .nl-button:visible")).to_have_count(0)
