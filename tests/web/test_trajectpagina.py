"""The page of a traject: what is advised, what was forgotten, whose term ends first, and what is left out."""

from __future__ import annotations

import re
from typing import Any

import pytest

from models.database import transaction
from tests.bouwers import VANDAAG, a_person, a_traject, advance_to, log_rows, step
from tests.verhalen.lezer import Pagina

MELDING = {"route": "schuldhulp", "begin": "melding_registreren"}
GEWOON = {"bron": "eigen_melding", "crisis": "geen"}


def page(bezoeker: Any, url: str) -> Pagina:
    return Pagina(bezoeker.get(url).text)


def a_melding(database: str, **rest: Any) -> str:
    with transaction(database) as db:
        return a_traject(db, op=VANDAAG - 30, invoer=GEWOON, **MELDING, **rest)


def after_mesis(database: str, **mesis: str) -> str:
    """A traject that was admitted, with these outcomes of MESIS."""
    nummer = a_melding(database)
    regelbaar = {"schulden_problematisch": "ja", "klant_regelbaar": "ja", "schulden_regelbaar": "ja"}
    with transaction(database) as db:
        step(db, nummer, "intake_starten", VANDAAG - 20)
        step(db, nummer, "mesis_afnemen", VANDAAG - 10, invoer={**regelbaar, **mesis})
        step(db, nummer, "besluit_voorbereiden", VANDAAG - 5)
        step(db, nummer, "toelaten", VANDAAG - 5)
    return nummer


# -- Advice ------------------------------------------------------------------------------------------------------------


def in_front(pagina: Pagina) -> list[str]:
    vak = pagina.wortel.met_id("deel-volgende")
    return [knop.tekst for knop in vak.alle("a", "nl-button--primary")]


def advised(pagina: Pagina) -> set[str]:
    vak = pagina.wortel.met_id("deel-volgende")
    return {knoop.eerste("a").tekst for knoop in vak.alle(klasse="rk-metadvies")}


def test_what_mesis_advises_stands_out_and_nothing_is_repaid_by_who_has_nothing(uitvoerder, database):
    nummer = after_mesis(database, advies_route="stabilisatie", aflosmogelijkheid="geen")
    pagina = page(uitvoerder, f"/trajecten/{nummer}")
    assert in_front(pagina) == ["Stabilisatie starten"]
    assert advised(pagina) == {
        *("Stabilisatie starten", "Minnelijke regeling voorbereiden", "WSNP aanvragen zonder minnelijke poging")
    }


def test_what_mesis_and_the_catalogue_do_not_agree_on_is_not_marked_as_advice(uitvoerder, database):
    pagina = page(uitvoerder, f"/trajecten/{after_mesis(database, advies_route='wsnp')}")
    assert advised(pagina) == set()
    assert in_front(pagina) == []


def test_a_betalingsregeling_is_advised_to_who_can_repay_all(uitvoerder, database):
    nummer = after_mesis(database, aflosmogelijkheid="volledig")
    assert "Betalingsregeling starten" in advised(page(uitvoerder, f"/trajecten/{nummer}"))


def test_without_advice_the_first_way_forward_stands_out(uitvoerder, database):
    pagina = page(uitvoerder, f"/trajecten/{a_melding(database)}")
    assert in_front(pagina) == ["Intake starten"]
    assert advised(pagina) == set()


def test_advice_for_help_beside_the_traject_is_marked_there(uitvoerder, database):
    nummer = after_mesis(database, klant_regelbaar="nee", schulden_regelbaar="nee", advies_route="beschermingsbewind")
    pagina = page(uitvoerder, f"/trajecten/{nummer}")
    assert in_front(pagina) == ["DFD starten"]
    assert "Beschermingsbewind vastleggen" in advised(pagina)


def test_an_overwogen_weigering_that_is_not_applied_is_motivated(uitvoerder, database):
    nummer = a_melding(database)
    with transaction(database) as db:
        step(db, nummer, "intake_starten", VANDAAG - 20)
        step(db, nummer, "besluit_voorbereiden", VANDAAG - 5)
    url = f"/trajecten/{nummer}/overgang/toelaten"
    formulier = page(uitvoerder, url).formulier
    velden = formulier.filled({"beschikking_op": "02-03-2026", "weigering_overwogen": "fraude"})
    antwoord = uitvoerder.submit(url, velden)
    assert antwoord.status_code == 422
    assert Pagina(antwoord.text).fouten == ["Vul bij Motivering in waarom de overwogen weigering niet is toegepast."]
    assert uitvoerder.submit(url, {**velden, "motivering": "Lang geleden en terugbetaald."}).status_code == 302


# -- What was forgotten ------------------------------------------------------------------------------------------------


def test_a_forgotten_contact_is_recorded_on_an_earlier_day_from_the_page(uitvoerder, database):
    nummer = a_melding(database)
    with transaction(database) as db:
        step(db, nummer, "intake_starten", VANDAAG - 20)
    vak = page(uitvoerder, f"/trajecten/{nummer}").wortel.met_id("deel-volgende")
    vergeten = {k.eerste(klasse="rk-nietnu__naam").tekst: k for k in vak.alle("details", "rk-nietnu")}
    (link,) = vergeten["Eerste contact vastleggen"].alle("a")
    assert link.tekst == "Op een eerdere dag vastleggen"
    assert "van 31 januari t/m 9 februari 2026 (Melding)" in vergeten["Eerste contact vastleggen"].tekst
    assert list(vergeten["Toelaten"].alle("a")) == []
    formulier = page(uitvoerder, link["href"]).formulier
    assert formulier.waarden["op"] == "", "today is no answer here"
    velden = formulier.filled({"op": "03-02-2026", "contactsoort": "telefoon", "bereikt": "ja"})
    assert uitvoerder.submit(link["href"], velden).status_code == 302
    with transaction(database) as db:
        assert log_rows(db, nummer)[-1]["dag"] < VANDAAG - 20
    _, tussen, _ = page(uitvoerder, f"/trajecten/{nummer}").wortel.alle("li", "rk-tijdlijn__regel")
    assert "Tussengevoegd Reden: Stap vergeten vast te leggen" in tussen.tekst


def test_what_comes_after_all_else_is_no_correction_and_has_no_reason_of_one(uitvoerder, database):
    nummer = a_melding(database)
    url = f"/trajecten/{nummer}/overgang/notitie_maken"
    velden = page(uitvoerder, url).formulier.filled({"notitie": "Later verteld."})
    assert uitvoerder.submit(url, velden).status_code == 302
    with transaction(database) as db:
        assert "correctiereden" not in log_rows(db, nummer)[-1]["inhoud"]
    assert "Tussengevoegd" not in page(uitvoerder, f"/trajecten/{nummer}").wortel.tekst


def test_help_that_cannot_start_beside_it_is_shown_with_the_reason(uitvoerder, database):
    nummer = a_melding(database)
    with transaction(database) as db:
        step(db, nummer, "uitval_vastleggen", VANDAAG)
    assert page(uitvoerder, f"/trajecten/{nummer}").niet_nu["Stukken opvragen"] == ["Dit traject is afgesloten."]


# -- Terms -------------------------------------------------------------------------------------------------------------


def test_the_term_of_an_open_child_is_shown_and_counts_for_the_badge(uitvoerder, database):
    with transaction(database) as db:
        nummer = a_traject(db, op=VANDAAG - 6, invoer=GEWOON, **MELDING)
        kind = a_traject(db, route="crisis", hoort_bij=nummer, op=VANDAAG)
    pagina = page(uitvoerder, f"/trajecten/{nummer}")
    van, termijn = pagina.kindtermijnen[0]
    assert (van, termijn.naam) == (f"Van crisisinterventie {kind}", "Crisisgesprek")
    assert pagina.badges == ["Melding", "nog 3 dagen"]
    assert pagina.lopend == {"Eerste gesprek": "24 maart 2026"}


def test_a_date_is_explained_from_the_day_it_counts_from(uitvoerder, database):
    with transaction(database) as db:
        invoer = {"bron": "vroegsignaal", "signaal_ontvangen_op": "2026-02-24", "crisis": "geen"}
        nummer = a_traject(db, op=VANDAAG, invoer=invoer, **MELDING)
    tekst = page(uitvoerder, f"/trajecten/{nummer}").wortel.met_id("deel-termijnen").tekst
    assert (
        "Gerekend vanaf 24 februari 2026, de dag dat het vroegsignaal is ontvangen: 4 weken (28 dagen),"
        " dus tot en met dinsdag 24 maart 2026." in tekst
    )
    assert "Gerekend vanaf 2 maart 2026, de dag dat de stap Melding begon" in tekst


# -- What is asked -----------------------------------------------------------------------------------------------------


def labels(pagina: Pagina) -> list[str]:
    return pagina.wortel.eerste("form", "rk-formulier").teksten("label") + pagina.wortel.eerste(
        "form", "rk-formulier"
    ).teksten("legend")


def test_a_question_that_a_guard_asks_is_not_called_optional(uitvoerder, database):
    nummer = after_mesis(database, advies_route="dfd", klant_regelbaar="nee")
    uitval = page(uitvoerder, f"/trajecten/{nummer}/overgang/uitval_vastleggen")
    assert "Datum van de beëindigingsbeschikking" in labels(uitval)
    overleden = page(uitvoerder, f"/trajecten/{nummer}/overgang/neutraal_beeindigen")
    assert "Datum van de beëindigingsbeschikking (soms verplicht)" in labels(overleden)
    assert "Motivering" in labels(page(uitvoerder, f"/trajecten/{nummer}/overgang/stabilisatie_starten"))
    assert "Motivering (niet verplicht)" in labels(page(uitvoerder, f"/trajecten/{nummer}/overgang/dfd_starten"))
    melding = page(uitvoerder, "/meldingen/schuldhulp/melding_registreren")
    assert "Vroegsignaal ontvangen op (soms verplicht)" in labels(melding)


def test_changing_nothing_is_refused(uitvoerder, database):
    nummer = a_melding(database)
    url = f"/trajecten/{nummer}/overgang/gegevens_bijwerken"
    velden = page(uitvoerder, url).formulier.filled({})
    antwoord = uitvoerder.submit(url, velden)
    assert antwoord.status_code == 422
    assert Pagina(antwoord.text).fouten == ["Vul in wat er verandert: er is nog niets ingevuld."]
    assert uitvoerder.submit(url, {**velden, "doelgroep": "werkende"}).status_code == 302


def refused(bezoeker: Any, url: str, **antwoorden: str) -> list[str]:
    """Every fault that a form is told of when only this is filled in."""
    formulier = page(bezoeker, url).formulier
    antwoord = bezoeker.submit(url, formulier.filled(antwoorden))
    assert antwoord.status_code == 422
    return Pagina(antwoord.text).fouten


def test_an_empty_form_is_told_all_at_once_with_its_reden(uitvoerder, database):
    nummer = a_melding(database)
    with transaction(database) as db:
        step(db, nummer, "intake_starten", VANDAAG - 20)
        step(db, nummer, "besluit_voorbereiden", VANDAAG - 5)
    assert refused(uitvoerder, f"/trajecten/{nummer}/overgang/afwijzen", op="", motivering="") == [
        "Vul de dag in, bijvoorbeeld 24-11-2026.",
        "Kies een reden.",
        "Vul de dag in: datum van de beschikking.",
        "Vul in: motivering.",
    ]


def test_a_forgotten_step_without_a_day_is_told_all_at_once(uitvoerder, database):
    nummer = a_melding(database)
    with transaction(database) as db:
        step(db, nummer, "intake_starten", VANDAAG - 20)
    assert refused(uitvoerder, f"/trajecten/{nummer}/overgang/eerste_contact_vastleggen") == [
        "Vul de dag in, bijvoorbeeld 24-11-2026.",
        "Maak een keuze bij soort contact.",
        "Vul in: is de inwoner bereikt.",
    ]


def test_what_a_guard_asks_is_told_with_what_was_left_open(uitvoerder, database):
    nummer = after_mesis(database, advies_route="dfd")
    assert refused(uitvoerder, f"/trajecten/{nummer}/overgang/uitval_vastleggen") == [
        "Vul de datum van de beëindigingsbeschikking in: na toelating kan het niet zonder.",
        "Kies een reden.",
    ]


def test_a_correction_is_told_all_at_once(uitvoerder, database):
    url = f"/trajecten/{a_melding(database)}/gebeurtenis/1/verbeteren"
    assert refused(uitvoerder, url, op="", bron="") == [
        "Kies een reden.",
        "Vul de dag in, bijvoorbeeld 24-11-2026.",
        "Maak een keuze bij hoe kwam de melding binnen.",
    ]


# -- People and what is left out ---------------------------------------------------------------------------------------


def test_each_person_has_a_card_with_where_they_live(uitvoerder, database):
    with transaction(database) as db:
        woont = {"postcode": "6211AB", "huisnummer": "12", "woonplaats": "Maastricht"}
        wie = [a_person(db, "Jansen", **woont), a_person(db, "Pieters", voornaam="Petra")]
        nummer = a_traject(db, wie=wie, op=VANDAAG, **MELDING)
    pagina = page(uitvoerder, f"/trajecten/{nummer}")
    assert pagina.feiten["Adres"] == "6211 AB 12, Maastricht"
    tweede = pagina.wortel.met_id("deel-client-2").tekst
    assert tweede == "Petra Pieters Alles Van deze persoon is alleen de naam bekend."


def test_what_is_finished_waits_for_nobody(uitvoerder, database):
    nummer = a_melding(database)
    assert "Aan zet: Kredietbank Limburg" in page(uitvoerder, f"/trajecten/{nummer}").html
    with transaction(database) as db:
        step(db, nummer, "uitval_vastleggen", VANDAAG)
    assert "Aan zet" not in page(uitvoerder, f"/trajecten/{nummer}").html


def test_the_rung_of_the_ladder_is_shown_where_there_is_one(uitvoerder, database):
    nummer = after_mesis(database, advies_route="dfd", klant_regelbaar="nee")
    assert "Trede" not in page(uitvoerder, f"/trajecten/{nummer}").feiten
    with transaction(database) as db:
        step(db, nummer, "dfd_starten", VANDAAG)
    assert page(uitvoerder, f"/trajecten/{nummer}").feiten["Trede"] == "1 van 7"


def test_the_page_leads_to_its_history_and_prints_no_buttons(uitvoerder, database):
    pagina = page(uitvoerder, f"/trajecten/{a_melding(database)}")
    assert "#deel-geschiedenis" in [a["href"] for a in pagina.wortel.alle("a")]
    assert "rk-niet-afdrukken" in pagina.wortel.met_id("deel-volgende").klassen


@pytest.fixture
def ingetrokken(uitvoerder, database) -> str:
    """A melding of Hendrik Wollebrand that was a mistake."""
    with transaction(database) as db:
        wie = a_person(db, "Wollebrand", voornaam="Hendrik")
    url = "/meldingen/schuldhulp/melding_registreren"
    velden = page(uitvoerder, url).formulier.filled(
        {**GEWOON, "eerste_voornaam": "Hendrik", "eerste_achternaam": "Wollebrand", "gemeente": "GM0935"}
    )
    antwoord = uitvoerder.submit(url, velden)
    gevraagd = Pagina(antwoord.text).formulier.filled({"eerste_is": wie})
    waar = uitvoerder.submit(url, gevraagd).location
    assert waar, Pagina(antwoord.text).fouten
    uitvoerder.submit(f"{waar}/gebeurtenis/1/intrekken", {"reden": "verkeerd_dossier"})
    return waar


def test_a_withdrawn_melding_shows_who_it_was_of_and_no_empty_labels(uitvoerder, ingetrokken):
    pagina = page(uitvoerder, ingetrokken)
    assert pagina.titel == "Hendrik Wollebrand"
    assert pagina.badges == ["Ingetrokken"]
    assert pagina.wortel.eerste(klasse="rk-feiten--regel").teksten("dt") == []
    assert pagina.wortel.eerste(klasse="rk-titel__boven").tekst.count("SHV-") == 1


def test_a_text_that_cannot_be_read_leaves_the_rest_of_the_dossier_readable(uitvoerder, database):
    """One text was broken in the database; the key fits, so nothing else is hidden."""
    nummer = a_melding(database)
    with transaction(database) as db:
        for dag, weigering in ((20, "intake_starten"), (5, "besluit_voorbereiden")):
            step(db, nummer, weigering, VANDAAG - dag)
        step(db, nummer, "afwijzen", VANDAAG - 4, invoer={"motivering": "Er was eerder een regeling."})
        db.exec_driver_sql("DROP TRIGGER toelichting_geen_update")
        db.exec_driver_sql("UPDATE toelichting SET tekst = x'00'")
    antwoord = uitvoerder.get(f"/trajecten/{nummer}")
    assert antwoord.status_code == 200
    assert "(Deze tekst kan niet worden gelezen. Waarschuw de beheerder.)" in antwoord.text
    assert "Er was eerder een regeling." not in antwoord.text


# -- Terms of a closed dossier -----------------------------------------------------------------------------------------


def test_of_a_closed_dossier_the_term_to_object_still_runs_and_the_regeling_did_not_last(uitvoerder, database):
    nummer = after_mesis(database)
    with transaction(database) as db:
        step(db, nummer, "brief_versturen", VANDAAG - 4, invoer={"briefsoort": "toelating"})
        advance_to(db, nummer, "minnelijk_lopend", VANDAAG - 3)
        advance_to(db, nummer, "nazorg", VANDAAG - 1)
        advance_to(db, nummer, "uitstroom", VANDAAG)
    pagina = page(uitvoerder, f"/trajecten/{nummer}")
    assert list(pagina.lopend) == ["Bezwaartermijn tegen de toelating"]
    assert "Er loopt nu geen termijn" not in pagina.wortel.met_id("deel-termijnen").tekst
    aflossen = pagina.termijn("Aflosperiode minnelijke regeling")
    assert (aflossen.rest, aflossen.loopt) == ("gestopt", False)
    assert re.search(r"Gestopt op dag \d+ van \d+: de stap Nazorg begon", aflossen.uitleg)
