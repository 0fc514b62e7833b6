"""The form of a melding: who it is, what is known of them already, and everything that is wrong in one round."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from bezoek import Bezoeker, op_beide
from sqlalchemy import select

from models import klok
from models.database import reading, transaction
from models.trajectnummer import trajectnummer
from tests.bouwers import log_rows
from tests.verhalen.lezer import Knoop, Pagina
from web import meldingen
from web.formulieren import written
from workflow import personen
from workflow.kalender import short
from workflow.personen import Gegevens, Persoon
from workflow.persoonsgegevens import TEKEN

NIEUW = "/meldingen/schuldhulp/melding_registreren"
BSN = "999990019"
FATIMA = Gegevens(
    "Amrani",
    voornaam="Fatima",
    tussenvoegsel="el",
    geboortedatum="1988-04-12",
    postcode="6211AB",
    huisnummer="12",
    woonplaats="Maastricht",
    telefoon="06 12345678",
)
VANDAAG = klok.today()
VRAGEN = {"op": written(VANDAAG - 30), "bron": "eigen_melding", "crisis": "geen", "gemeente": "GM0935"}
GETYPT = {"voornaam": "Fatima", "tussenvoegsel": "el", "achternaam": "Amrani", "geboortedatum": "12-4-1988"}


@pytest.fixture(autouse=True)
def uitvoerder(bezoeker: Bezoeker, login: Any) -> None:
    """A case worker is logged in."""
    login(bezoeker, "uitvoerder")


@pytest.fixture
def fatima(database: str) -> str:
    """She is known."""
    with transaction(database) as db:
        return personen.register(db, FATIMA)


class Balie:
    """Where the form is filled in, sent, and sent again with what the page held."""

    def __init__(self, bezoeker: Bezoeker) -> None:
        self.bezoeker = bezoeker
        self.velden: dict[str, Any] = {}

    def stuur(self, **antwoorden: str) -> Pagina:
        """Send the answers on top of those before: the form again, or the page that it led to."""
        self.velden |= antwoorden
        antwoord = self.bezoeker.submit(NIEUW, self.velden, follow_redirects=True)
        pagina = Pagina(antwoord.text)
        assert antwoord.status_code == (422 if pagina.fouten else 200)
        if pagina.wortel.met_id("eerste_achternaam").tag:
            waarden = pagina.formulier.waarden
            self.velden |= {
                naam: w for naam, w in waarden.items() if naam.endswith(("_gevraagd", "_gezocht", "sleutel"))
            }
        return pagina

    def kies(self, wie: str, persoon: str, **antwoorden: str) -> Pagina:
        """Choose a person, and send."""
        return self.stuur(**{f"{wie}_is": persoon}, **antwoorden)


@pytest.fixture
def balie(bezoeker: Bezoeker) -> Balie:
    """An empty form."""
    return Balie(bezoeker)


def eerste(**velden: str) -> dict[str, str]:
    """Fields of the first person, with the answers to the other questions."""
    return {**VRAGEN, **{f"eerste_{naam}": waarde for naam, waarde in velden.items()}}


def now_known(database: str, pseudoniem: str) -> Gegevens:
    """What is known of this person."""
    with reading(database) as db:
        return personen.by_pseudonym(db, [pseudoniem])[pseudoniem].gegevens


def everybody(database: str) -> list[Persoon]:
    """All who are called Amrani."""
    with reading(database) as db:
        return personen.by_name(db, "amrani")


def numbers(database: str) -> list[str]:
    """Every traject that was recorded."""
    with reading(database) as db:
        return list(db.execute(select(trajectnummer.c.nummer).order_by(trajectnummer.c.id)).scalars())


def is_recorded(pagina: Pagina) -> bool:
    """Whether the page says so."""
    return any("De melding is vastgelegd" in melding for melding in pagina.meldingen)


def vakje(pagina: Pagina, id_: str) -> Knoop:
    """A tick box."""
    return pagina.wortel.met_id(id_)


# -- Data of somebody who is known -------------------------------------------------------------------------------------


def test_what_was_not_known_yet_is_filled_in_at_once(balie: Balie, fatima: str, database: str) -> None:
    nieuw = {"email": "f@voorbeeld.nl", "toevoeging": "B"}
    assert is_recorded(balie.stuur(**eerste(**GETYPT, **nieuw), eerste_is=fatima))
    assert now_known(database, fatima) == replace(FATIMA, **nieuw)


def test_new_contact_data_are_asked_about_with_old_and_new(balie: Balie, fatima: str, database: str) -> None:
    pagina = balie.stuur(**eerste(**GETYPT, telefoon="043 350 40 40", email="f@voorbeeld.nl"), eerste_is=fatima)
    assert pagina.fouten == ["Van Fatima el Amrani is iets anders bekend. Kies of u het bijwerkt en verstuur opnieuw."]
    (vraag,) = [m for m in pagina.meldingen if "Gegevens bijwerken?" in m]
    assert "Telefoon: bekend is 06 12345678, ingevuld is 043 350 40 40" in vraag
    assert "E-mail: nog niet bekend, ingevuld is f@voorbeeld.nl" in vraag
    assert "checked" in vakje(pagina, "eerste_bijwerken").eigenschappen
    assert now_known(database, fatima) == FATIMA
    assert is_recorded(balie.stuur(eerste_bijwerken="y"))
    assert (now_known(database, fatima).telefoon, now_known(database, fatima).email) == (
        "043 350 40 40",
        "f@voorbeeld.nl",
    )
    assert len(everybody(database)) == 1


def test_who_unticks_the_box_leaves_what_is_known(balie: Balie, fatima: str, database: str) -> None:
    balie.stuur(**eerste(**GETYPT, telefoon="043 350 40 40"), eerste_is=fatima)
    assert is_recorded(balie.stuur())
    assert now_known(database, fatima) == FATIMA


def test_other_data_after_the_question_are_asked_about_again(balie: Balie, fatima: str, database: str) -> None:
    balie.stuur(**eerste(**GETYPT, telefoon="043 350 40 40"), eerste_is=fatima)
    pagina = balie.stuur(eerste_telefoon="043 350 50 50", eerste_bijwerken="y")
    assert "ingevuld is 043 350 50 50" in " ".join(pagina.meldingen)
    assert is_recorded(balie.stuur())


def test_the_same_data_are_not_asked_about(balie: Balie, fatima: str) -> None:
    assert is_recorded(balie.stuur(**eerste(**GETYPT, telefoon="06-12345678", postcode="6211 ab"), eerste_is=fatima))


def test_another_birth_date_is_said_and_never_overwritten(balie: Balie, fatima: str, database: str) -> None:
    balie.stuur(**eerste(achternaam="Amrani"), actie="zoeken")
    del balie.velden["actie"]
    pagina = balie.stuur(eerste_geboortedatum="13-4-1988", eerste_voornaam="Fatiha", eerste_is=fatima)
    (zin,) = [m for m in pagina.meldingen if "blijft zoals het was" in m]
    assert "Voornaam: bekend is Fatima, ingevuld is Fatiha" in zin
    assert "Geboortedatum: bekend is 12 april 1988, ingevuld is 13 april 1988" in zin
    assert vakje(pagina, "eerste_bijwerken").tag == ""
    assert is_recorded(balie.stuur(eerste_bijwerken="y"))
    assert now_known(database, fatima) == FATIMA


def test_who_was_found_by_name_alone_and_chosen_is_not_registered_again(
    balie: Balie, fatima: str, database: str
) -> None:
    balie.stuur(**eerste(achternaam="Amrani"), actie="zoeken")
    del balie.velden["actie"]
    assert is_recorded(balie.kies("eerste", fatima))
    assert len(everybody(database)) == 1


def test_what_was_not_known_yet_is_filled_in(balie: Balie, fatima: str, database: str) -> None:
    assert is_recorded(balie.stuur(**eerste(**GETYPT, bsn=BSN), eerste_is=fatima))
    assert now_known(database, fatima).bsn == BSN


def test_the_bsn_of_somebody_else_is_not_filled_in(balie: Balie, fatima: str, database: str) -> None:
    with transaction(database) as db:
        personen.register(db, Gegevens("Janssen", bsn=BSN))
    assert balie.stuur(**eerste(**GETYPT, bsn=BSN), eerste_is=fatima).fouten == ["Er is al een persoon met dit BSN."]


# -- Looking up --------------------------------------------------------------------------------------------------------


def test_what_tells_people_apart_stands_at_the_choice(balie: Balie, fatima: str, database: str) -> None:
    with transaction(database) as db:
        personen.register(db, Gegevens("Amrani", voornaam="Karim"))
    pagina = balie.stuur(**eerste(achternaam="Amrani"), actie="zoeken")
    antwoord = pagina.wortel.met_id("antwoord-eerste").tekst
    assert "Fatima el Amrani geboren 12 april 1988, Maastricht" in antwoord
    assert "Karim Amrani geboortedatum onbekend" in antwoord
    assert pagina.fouten == []


def test_trajecten_of_who_is_known_are_joined_with_commas(balie: Balie, fatima: str) -> None:
    balie.stuur(**eerste(**GETYPT), eerste_is=fatima)
    pagina = Balie(balie.bezoeker).stuur(**eerste(**GETYPT))
    begonnen = short(VANDAAG - 30)
    assert f"geboren 12 april 1988, Maastricht, SHV-2026-00001 (loopt, begonnen {begonnen})" in " ".join(
        pagina.meldingen
    )


def test_enter_looks_people_up_before_anything_is_recorded(balie: Balie, fatima: str, database: str) -> None:
    pagina = balie.stuur(**eerste(achternaam="Amrani"), actie="enter")
    assert "Lijkt op iemand die al bekend is" in " ".join(pagina.meldingen)
    assert pagina.fouten == []
    assert is_recorded(balie.kies("eerste", fatima, actie="enter"))


def test_enter_looks_up_again_when_another_name_was_typed(balie: Balie, database: str) -> None:
    balie.stuur(**eerste(achternaam="Amrani"), actie="enter")
    pagina = balie.stuur(eerste_voornaam="Fatima")
    assert "Deze persoon is nog niet bekend." in " ".join(pagina.meldingen)
    assert everybody(database) == []
    assert is_recorded(balie.stuur())


def test_the_answer_has_a_place_that_the_button_leads_to(balie: Balie, fatima: str) -> None:
    pagina = Pagina(balie.bezoeker.get(NIEUW).text)
    doelen = [knop["formaction"] for knop in pagina.wortel.alle("button") if knop["value"] == "zoeken"]
    assert doelen == [f"{NIEUW}#antwoord-eerste", f"{NIEUW}#antwoord-tweede"]
    pagina = balie.stuur(**eerste(achternaam="Amrani"), tweede_achternaam="Amrani", actie="zoeken")
    assert [pagina.wortel.met_id(f"antwoord-{wie}")["tabindex"] for wie in ("eerste", "tweede")] == ["-1", "-1"]


# -- Everything in one round -------------------------------------------------------------------------------------------


def test_people_fields_dates_and_guards_are_told_in_one_round(balie: Balie, fatima: str) -> None:
    velden = {
        "op": "31-12-2099",
        "bron": "vroegsignaal",
        "gemeente": "",
        "schuldbedrag": "veel",
        "eerste_bsn": "1",
        "tweede_achternaam": "Amrani",
        "tweede_geboortedatum": "12-4-1988",
        "tweede_telefoon": "thuis",
    }
    fouten = " ".join(balie.stuur(**velden).fouten)
    for deel in (
        "Vul de achternaam in.",
        "Dit BSN klopt niet",
        "Vul een telefoonnummer in",
        "Kies of dit dezelfde persoon is.",
        "De dag kan niet na",
        "bedrag in hele euro",
        "Maak een keuze",
        "Kies een gemeente.",
        "Vul in wanneer het vroegsignaal is ontvangen.",
    ):
        assert deel.lower() in fouten.lower(), (deel, fouten)


def test_two_people_do_not_share_a_bsn(balie: Balie, database: str) -> None:
    pagina = balie.stuur(**eerste(achternaam="Amrani", bsn=BSN), tweede_achternaam="Janssen", tweede_bsn=BSN)
    assert pagina.fouten == ["Beide personen hebben hetzelfde BSN."]
    assert everybody(database) == []


def test_one_person_is_not_both(balie: Balie, fatima: str) -> None:
    tweede = {f"tweede_{naam}": waarde for naam, waarde in GETYPT.items()}
    pagina = balie.stuur(**eerste(**GETYPT), **tweede, eerste_is=fatima, tweede_is=fatima)
    assert pagina.fouten == ["U koos twee keer dezelfde persoon."]


def test_who_has_a_traject_already_is_led_to_it_with_what_to_do(balie: Balie, fatima: str) -> None:
    balie.stuur(**eerste(**GETYPT), eerste_is=fatima)
    weer = Balie(balie.bezoeker)
    pagina = weer.stuur(**{**eerste(**GETYPT), "crisis": "woningontruiming"}, eerste_is=fatima)
    (fout,) = pagina.fouten
    assert fout == (
        "Deze cliënt heeft in die tijd al een traject: SHV-2026-00001. "
        "Leg daar vast wat er nu speelt, met “Crisis openen”."
    )
    assert [a["href"] for a in pagina.wortel.met_id("foutoverzicht").alle("a")] == ["/trajecten/SHV-2026-00001"]
    gewoon = Balie(balie.bezoeker).stuur(**eerste(**GETYPT), eerste_is=fatima)
    assert gewoon.fouten[0].endswith("SHV-2026-00001. Leg daar vast wat er nu speelt.")


# -- What was recorded -------------------------------------------------------------------------------------------------


def test_a_melding_says_what_was_recorded_and_what_came_along(balie: Balie) -> None:
    pagina = balie.stuur(**{**eerste(achternaam="Amrani"), "crisis": "woningontruiming"})
    (melding,) = [m for m in pagina.meldingen if "vastgelegd" in m]
    assert (
        "De melding is vastgelegd als SHV-2026-00001. Daarbij is ook geopend: Crisisinterventie (CRI-2026-00002)."
        in melding
    )


def test_a_melding_can_be_undone_right_away_with_what_came_along(balie: Balie) -> None:
    pagina = balie.stuur(**{**eerste(achternaam="Amrani"), "crisis": "woningontruiming"})
    formulier = pagina.wortel.eerste("form", "rk-melding__actie")
    assert formulier.tekst == "Ongedaan maken"
    antwoord = balie.bezoeker.submit(formulier["action"], follow_redirects=True)
    assert antwoord.status_code == 200
    assert "Ongedaan gemaakt." in antwoord.text


def test_a_form_sent_twice_is_recorded_once(balie: Balie, database: str) -> None:
    velden = eerste(achternaam="Amrani") | {"sleutel": "a" * 32}
    assert is_recorded(balie.stuur(**velden))
    pagina = balie.stuur(**velden)
    assert "De melding is vastgelegd als SHV-2026-00001" in " ".join(pagina.meldingen)
    assert len(everybody(database)) == 1


def test_a_form_about_somebody_known_sent_twice_is_recorded_once(balie: Balie, fatima: str) -> None:
    velden = eerste(**GETYPT) | {"sleutel": "a" * 32}
    pagina = [balie.stuur(**velden, eerste_is=fatima) for _ in range(2)][1]
    assert pagina.titel == "Fatima el Amrani"


@pytest.mark.parametrize(
    "anders",
    [
        {"eerste_achternaam": "Bakker"},
        {"op": "1-3-2026"},
        {"eerste_telefoon": "06 87654321"},
        {"crisis": "woningontruiming"},
    ],
    ids=lambda anders: next(iter(anders)),
)
def test_a_form_that_is_used_again_for_something_else_is_a_conflict_and_keeps_what_was_typed(
    bezoeker: Bezoeker, database: str, anders: dict[str, str]
) -> None:
    velden = eerste(achternaam="Amrani") | {"sleutel": "a" * 32}
    bezoeker.submit(NIEUW, velden)
    antwoord = bezoeker.submit(NIEUW, velden | anders)
    pagina = Pagina(antwoord.text)
    assert antwoord.status_code == 409
    assert pagina.fouten[0].startswith("Dit formulier was al verstuurd, en is vastgelegd als SHV-2026-00001.")
    assert {naam: pagina.formulier.waarden[naam] for naam in anders} == anders
    assert numbers(database) == ["SHV-2026-00001"]


def test_the_second_client_in_a_used_form_is_recorded_when_it_is_sent_again(balie: Balie, database: str) -> None:
    balie.stuur(**eerste(achternaam="Amrani"), sleutel="a" * 32)
    antwoord = balie.bezoeker.submit(NIEUW, balie.velden | {"eerste_achternaam": "Bakker"})
    balie.velden["sleutel"] = Pagina(antwoord.text).formulier.waarden["sleutel"]
    assert is_recorded(balie.stuur(eerste_achternaam="Bakker"))
    assert numbers(database) == ["SHV-2026-00001", "SHV-2026-00002"]


def test_a_mark_of_what_was_typed_tells_nothing_of_it(balie: Balie, database: str) -> None:
    balie.stuur(**eerste(achternaam="Amrani"), sleutel="a" * 32)
    balie.stuur(**eerste(achternaam="Amrani"), sleutel="b" * 32, eerste_is="nieuw")
    with reading(database) as db:
        een, ander = [json.loads(rij["inhoud"])["formulier"] for rij in log_rows(db)]
    assert len(een) == 64
    assert een != ander


@op_beide
def test_both_clicks_of_a_double_click_are_led_to_what_was_recorded_once(
    bezoeker: Bezoeker, app: Any, login: Any, database: str
) -> None:
    tweede = app.test_client()
    login(tweede, "uitvoerder")
    velden = eerste(achternaam="Amrani", bsn=BSN) | {"sleutel": "a" * 32}
    samen = Barrier(2)

    def click(bezoeker: Bezoeker) -> tuple[int, str]:
        kop = {"X-CSRFToken": bezoeker.token()}
        samen.wait()
        antwoord = bezoeker.post(NIEUW, data=velden, headers=kop)
        return antwoord.status_code, antwoord.headers.get("Location", "")

    with ThreadPoolExecutor(2) as draden:
        assert list(draden.map(click, (bezoeker, tweede))) == [(302, "/trajecten/SHV-2026-00001")] * 2
    assert numbers(database) == ["SHV-2026-00001"]
    assert len(everybody(database)) == 1


def test_who_was_entered_by_a_colleague_meanwhile_is_not_entered_again(
    balie: Balie, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    beoordeeld = meldingen._objections

    def and_then_a_colleague(*wat: Any) -> Any:
        bezwaren = beoordeeld(*wat)
        with transaction(database) as db:
            personen.register(db, FATIMA)
        return bezwaren

    monkeypatch.setattr(meldingen, "_objections", and_then_a_colleague)
    pagina = balie.stuur(**eerste(**GETYPT))
    assert not is_recorded(pagina)
    assert len(everybody(database)) == 1


# -- A day that lies far back ------------------------------------------------------------------------------------------


def test_a_day_of_more_than_a_year_back_is_asked_about_and_recorded_once_confirmed(balie: Balie) -> None:
    pagina = balie.stuur(**{**eerste(**GETYPT), "op": "2-1-2025"})
    assert pagina.fouten == [
        "De dag is donderdag 2 januari 2025, meer dan een jaar geleden. Klopt dat? Vink het dan aan."
    ]
    assert any("Is dit de goede dag?" in melding for melding in pagina.meldingen)
    anders = balie.stuur(op="3-1-2025", oude_dag_klopt="y", oude_dag=pagina.formulier.waarden["oude_dag"])
    assert "vrijdag 3 januari 2025" in anders.fouten[0], "the tick was for another day"
    assert is_recorded(balie.stuur(oude_dag_klopt="y", oude_dag=anders.formulier.waarden["oude_dag"]))


def test_a_day_within_the_year_asks_nothing(balie: Balie) -> None:
    assert is_recorded(balie.stuur(**{**eerste(**GETYPT), "op": written(VANDAAG - 365)}))


@pytest.mark.parametrize("op", ["1-11-2006", "1-1-1950", "30-6-2012"])
def test_a_melding_of_before_the_law_is_refused(balie: Balie, op: str) -> None:
    assert balie.stuur(**{**eerste(**GETYPT), "op": op}, oude_dag_klopt="y").fouten == [
        "De dag kan niet voor zondag 1 juli 2012 liggen: wat ouder is, komt alleen met een levering binnen."
    ]


def test_a_melding_of_before_somebody_was_born_is_refused(balie: Balie, fatima: str) -> None:
    zin = "{} is pas op {} geboren: kies een latere dag."
    kind = balie.stuur(**{**eerste(voornaam="Sam", achternaam="Amrani", geboortedatum="3-1-2026"), "op": "2-1-2026"})
    assert kind.fouten == [zin.format("Sam Amrani", "zaterdag 3 januari 2026")]
    assert is_recorded(balie.stuur(op="3-1-2026"))


@pytest.mark.parametrize("teken", ["\u202e", "\u2066", "\u200f"])
def test_a_name_that_turns_the_direction_of_a_page_is_refused_where_it_was_typed(
    balie: Balie, database: str, teken: str
) -> None:
    pagina = balie.stuur(**eerste(achternaam=f"Amrani{teken}neleg", voornaam="Fatima"))
    assert pagina.fouten == [TEKEN]
    assert everybody(database) == []
    assert numbers(database) == []
