"""What the beheerder keeps: accounts, organisations and the days equated with a holiday."""

from __future__ import annotations

from datetime import date

import pytest
from bezoek import WACHTWOORD, an_account
from freezegun import freeze_time
from sqlalchemy import select

from models.database import reading, transaction
from models.instelling import gelijkgestelde_dag
from models.organisatie import organisatie
from tests.bouwers import VREEMDE_KAART, a_traject
from tests.verhalen.lezer import Pagina
from web import beheer
from workflow import medewerkers
from workflow.kaarten import in_force
from workflow.kaartlezer import lees
from workflow.kalender import daynumber

NIEUW = {
    "naam": "Sanne de Wit",
    "inlognaam": "Sanne@kbl.example",
    "rol": "uitvoerder",
    "organisatie": "KBL",
    "wachtwoord": "viool kast regen dinsdag",
}
PUNT = {"naam": "Wijkservicepunt Zuid", "code": "wsp-zuid", "soort": "wijkservicepunt"}
DAG = {"dag": "11-5-2029", "bron": "Besluit gelijkstelling 2029 (proef)"}


@pytest.fixture
def wie(bezoeker, login):
    """The beheerder who is logged in."""
    return login(bezoeker, "beheerder")


def accounts(database: str) -> dict[str, medewerkers.Account]:
    with reading(database) as db:
        return {account.inlognaam: account for account in medewerkers.accounts(db)}


def organisations(database: str) -> dict[str, bool]:
    with reading(database) as db:
        return {rij.code: rij.is_actief for rij in db.execute(select(organisatie.c.code, organisatie.c.is_actief))}


def days(database: str) -> dict[int, str]:
    with reading(database) as db:
        return {rij.dag: rij.bron for rij in db.execute(select(gelijkgestelde_dag))}


def log_in(app, inlognaam: str, wachtwoord: str) -> int:
    velden = {"inlognaam": inlognaam, "wachtwoord": wachtwoord}
    return app.test_client().submit("/inloggen", velden).status_code


# --- Medewerkers ------------------------------------------------------------------------------------------------------


def test_a_new_medewerker_can_log_in(app, bezoeker, wie):
    antwoord = bezoeker.submit("/beheer/medewerkers/nieuw", NIEUW)
    assert (antwoord.status_code, antwoord.location) == (303, "/beheer/medewerkers")
    pagina = bezoeker.get("/beheer/medewerkers").text
    assert "Sanne de Wit kan nu inloggen." in pagina
    assert "sanne@kbl.example" in pagina
    assert log_in(app, "sanne@kbl.example", NIEUW["wachtwoord"]) == 303


@pytest.mark.parametrize(
    ("velden", "zin"),
    [
        ({"naam": " "}, "Vul de naam in"),
        ({"naam": "a" * 121}, "Hoogstens 120 tekens."),
        ({"inlognaam": "beheerder"}, "Deze inlognaam is al in gebruik."),
        ({"inlognaam": "sanne de wit"}, "Gebruik 3 tot 120 letters"),
        ({"rol": ""}, "Kies een rol."),
        ({"rol": "directeur"}, "Ongeldige keuze."),
        ({"organisatie": "NIEMAND"}, "Ongeldige keuze."),
        ({"wachtwoord": "kort"}, "ten minste 12 tekens"),
        ({"wachtwoord": "sanne@kbl.example"}, "te makkelijk te raden"),
    ],
)
def test_a_wrong_answer_is_told_beside_its_field_and_adds_nobody(bezoeker, wie, database, velden, zin):
    antwoord = bezoeker.submit("/beheer/medewerkers/nieuw", {**NIEUW, **velden})
    assert antwoord.status_code == 422
    assert antwoord.text.count(zin) == 2
    assert "<title>Fout: Nieuwe medewerker" in antwoord.text
    assert set(accounts(database)) == {"beheerder"}


def test_the_typed_password_is_not_sent_back(bezoeker, wie):
    assert "kort maar" not in bezoeker.submit("/beheer/medewerkers/nieuw", {**NIEUW, "wachtwoord": "kort maar"}).text


@pytest.mark.parametrize(
    ("velden", "veld"),
    [({"rol": "directeur"}, "rol"), ({"organisatie": "NIEMAND"}, "organisatie"), ({"naam": ""}, "naam")],
)
def test_the_command_line_hears_the_same_refusals(db, velden, veld):
    with pytest.raises(medewerkers.InvoerGeweigerd) as fout:
        medewerkers.add(db, **{**NIEUW, **velden})
    assert list(fout.value.fouten) == [veld]


def test_a_blocked_medewerker_is_out_and_can_be_let_in_again(app, bezoeker, wie, database, login):
    collega = app.test_client()
    weg = login(collega, "uitvoerder")
    antwoord = bezoeker.submit(f"/beheer/medewerkers/{weg.pseudoniem}/blokkeren")
    assert antwoord.status_code == 303
    assert collega.get("/wachtwoord").status_code == 302
    assert log_in(app, "uitvoerder", WACHTWOORD) == 422
    assert "Geblokkeerd" in bezoeker.get("/beheer/medewerkers").text
    bezoeker.submit(f"/beheer/medewerkers/{weg.pseudoniem}/deblokkeren")
    assert log_in(app, "uitvoerder", WACHTWOORD) == 303


def test_a_name_and_a_role_can_be_changed(app, bezoeker, wie, database, login):
    collega = app.test_client()
    sanne = login(collega, "uitvoerder")
    url = f"/beheer/medewerkers/{sanne.pseudoniem}/wijzigen"
    formulier = Pagina(bezoeker.get(url).text).formulier
    assert formulier.waarden["naam"] == "Uitvoerder Proef"
    assert bezoeker.submit(url, formulier.filled({"naam": " Sanne  de Wit "})).status_code == 303
    assert collega.get("/werkvoorraad").status_code == 200, "another name ends no session"
    assert bezoeker.submit(url, formulier.filled({"naam": "Sanne de Wit", "rol": "auditor"})).status_code == 303
    nu = accounts(database)["uitvoerder"].medewerker
    assert (nu.naam, nu.rol) == ("Sanne de Wit", "auditor")
    assert collega.get("/werkvoorraad").status_code == 302, "with another role one logs in anew"
    assert "Sanne de Wit is gewijzigd. De rol is auditor." in bezoeker.get("/beheer/medewerkers").text


def test_who_is_behandelaar_no_more_is_told_of(app, bezoeker, wie, database):
    sanne = an_account(database, "uitvoerder")
    with transaction(database) as db:
        a_traject(db, route="schuldhulp", begin="melding_registreren", behandelaar=sanne.pseudoniem)
    url = f"/beheer/medewerkers/{sanne.pseudoniem}/wijzigen"
    antwoord = bezoeker.submit(url, {"naam": sanne.naam, "rol": "auditor"}, follow_redirects=True)
    assert "Op naam van Uitvoerder Proef staat nog 1 traject." in antwoord.text


@pytest.mark.parametrize(
    ("velden", "zin"),
    [
        ({"naam": " ", "rol": "auditor"}, "Vul de naam in"),
        ({"naam": "Sanne", "rol": "directeur"}, "Ongeldige keuze."),
        ({"naam": "a" * 121, "rol": "auditor"}, "Hoogstens 120 tekens."),
    ],
)
def test_a_change_that_is_wrong_changes_nobody(bezoeker, wie, database, velden, zin):
    sanne = an_account(database, "uitvoerder")
    antwoord = bezoeker.submit(f"/beheer/medewerkers/{sanne.pseudoniem}/wijzigen", velden)
    assert (antwoord.status_code, zin in antwoord.text) == (422, True)
    assert accounts(database)["uitvoerder"].medewerker == sanne


def test_nobody_takes_away_their_own_role(bezoeker, wie, database):
    antwoord = bezoeker.submit(f"/beheer/medewerkers/{wie.pseudoniem}/wijzigen", {"naam": "Ik", "rol": "auditor"})
    assert "Uw eigen rol kunt u niet wijzigen." in antwoord.text
    assert accounts(database)["beheerder"].medewerker == wie


def test_a_beheerder_begins_with_what_is_theirs(bezoeker, wie):
    assert bezoeker.get("/").location == "/beheer/medewerkers"


def test_an_organisation_can_get_another_name_and_keeps_its_code(bezoeker, wie, database):
    bezoeker.submit("/beheer/organisaties/nieuw", PUNT)
    url = "/beheer/organisaties/WSP-ZUID/wijzigen"
    formulier = Pagina(bezoeker.get(url).text).formulier
    assert formulier.velden - {"csrf_token"} == {"naam"}
    antwoord = bezoeker.submit(url, {"naam": "Buurtpunt Zuid"}, follow_redirects=True)
    assert "Wijkservicepunt Zuid heet nu Buurtpunt Zuid." in antwoord.text
    assert bezoeker.submit(url, {"naam": " "}).status_code == 422
    assert bezoeker.get("/beheer/organisaties/NIEMAND/wijzigen").status_code == 404
    assert organisations(database)["WSP-ZUID"] is True


def test_nobody_blocks_themselves(bezoeker, wie, database):
    antwoord = bezoeker.submit(f"/beheer/medewerkers/{wie.pseudoniem}/blokkeren", follow_redirects=True)
    assert "U kunt uw eigen account niet blokkeren." in antwoord.text
    assert accounts(database)["beheerder"].is_actief


def test_the_beheerder_can_end_the_wait_after_wrong_passwords(app, bezoeker, wie, database):
    iemand = an_account(database, "uitvoerder")
    for _ in range(5):
        log_in(app, "uitvoerder", "een heel ander wachtwoord")
    assert "te veel verkeerde wachtwoorden" in bezoeker.get("/beheer/medewerkers").text
    bezoeker.submit(f"/beheer/medewerkers/{iemand.pseudoniem}/deblokkeren")
    assert log_in(app, "uitvoerder", WACHTWOORD) == 303


def test_a_new_password_ends_the_sessions_of_the_old_one(app, bezoeker, wie, login):
    collega = app.test_client()
    iemand = login(collega, "uitvoerder")
    pad = f"/beheer/medewerkers/{iemand.pseudoniem}/wachtwoord"
    assert "Uitvoerder Proef" in bezoeker.get(pad).text
    assert bezoeker.submit(pad, {"wachtwoord": "kort"}).status_code == 422
    assert bezoeker.submit(pad, {"wachtwoord": NIEUW["wachtwoord"]}).status_code == 303
    assert collega.get("/wachtwoord").status_code == 302
    assert (log_in(app, "uitvoerder", WACHTWOORD), log_in(app, "uitvoerder", NIEUW["wachtwoord"])) == (422, 303)


@pytest.mark.parametrize("daad", ["blokkeren", "deblokkeren", "wachtwoord"])
def test_an_account_that_does_not_exist_is_not_found(bezoeker, wie, daad):
    velden = {"wachtwoord": NIEUW["wachtwoord"]}
    assert bezoeker.submit(f"/beheer/medewerkers/{'0' * 32}/{daad}", velden).status_code == 404


# --- Organisaties -----------------------------------------------------------------------------------------------------


def test_a_new_organisation_can_be_chosen(bezoeker, wie, database):
    assert bezoeker.submit("/beheer/organisaties/nieuw", PUNT).status_code == 303
    assert organisations(database)["WSP-ZUID"] is True
    assert "Wijkservicepunt Zuid" in bezoeker.get("/beheer/organisaties").text
    assert "Wijkservicepunt Zuid" in bezoeker.get("/beheer/medewerkers/nieuw").text


@pytest.mark.parametrize(
    ("velden", "zin"),
    [
        ({"naam": "  "}, "Vul de naam in."),
        ({"code": "KBL"}, "Deze code is al in gebruik."),
        ({"code": "a b"}, "hoofdletters, cijfers en streepjes."),
        ({"code": "A" * 33}, "hoofdletters, cijfers en streepjes."),
        ({"soort": ""}, "Kies een soort."),
    ],
)
def test_a_wrong_organisation_is_refused(bezoeker, wie, database, velden, zin):
    vooraf = organisations(database)
    antwoord = bezoeker.submit("/beheer/organisaties/nieuw", {**PUNT, **velden})
    assert antwoord.status_code == 422
    assert zin in antwoord.text
    assert organisations(database) == vooraf


def test_an_organisation_is_closed_and_opened_again_never_removed(bezoeker, wie, database):
    bezoeker.submit("/beheer/organisaties/LEERGELD/afsluiten")
    assert organisations(database)["LEERGELD"] is False
    assert 'value="LEERGELD"' not in bezoeker.get("/beheer/medewerkers/nieuw").text
    bezoeker.submit("/beheer/organisaties/LEERGELD/heropenen")
    assert organisations(database)["LEERGELD"] is True


def test_an_organisation_with_active_accounts_stays_open(bezoeker, wie, database):
    antwoord = bezoeker.submit("/beheer/organisaties/KBL/afsluiten", follow_redirects=True)
    assert "Er hoort nog 1 actief account bij deze organisatie." in antwoord.text
    assert organisations(database)["KBL"] is True


def test_every_kind_that_the_map_asks_for_or_that_is_in_use_can_be_made(bezoeker, wie, database):
    with transaction(database) as db:
        db.execute(organisatie.insert().values(code="DESK", naam="DESK", soort="organisatie", is_actief=True))
        db.execute(organisatie.insert().values(code="TS", naam="Taalpunt", soort="taal_school", is_actief=False))
    pagina = Pagina(bezoeker.get("/beheer/organisaties/nieuw").text)
    keuzes = pagina.formulier.keuzes["soort"]
    with reading(database) as db:
        assert beheer.asked_kinds(in_force(db)) <= set(keuzes)
    assert (keuzes["organisatie"], keuzes["taal_school"]) == ("Overige organisatie", "Taal school")
    velden = {"naam": "Taalpunt Zuid", "code": "TZ", "soort": "taal_school"}
    assert bezoeker.submit("/beheer/organisaties/nieuw", velden).status_code == 303
    assert "Taal school" in bezoeker.get("/beheer/organisaties").text


def test_the_kinds_that_are_asked_for_come_from_the_map():
    assert beheer.asked_kinds(lees(VREEMDE_KAART.encode())) == {"taalschool"}


def test_the_beheerder_is_told_where_nothing_can_be_chosen_yet(bezoeker, wie, database):
    zin = "Hier kan een medewerker nog niets kiezen"
    assert zin not in bezoeker.get("/beheer/organisaties").text
    bezoeker.submit("/beheer/organisaties/ST-OOST/afsluiten")
    pagina = bezoeker.get("/beheer/organisaties").text
    assert zin in pagina
    assert "er is er nog geen: Sociaal team." in pagina


def test_an_unknown_organisation_is_not_found(bezoeker, wie):
    assert bezoeker.submit("/beheer/organisaties/NIEMAND/afsluiten").status_code == 404


# --- Gelijkgestelde dagen ---------------------------------------------------------------------------------------------


@pytest.fixture
def herrekend(monkeypatch) -> list[int]:
    """What the calendar held each time the terms were worked out anew."""
    keren: list[int] = []

    def refresh(db):
        keren.append(len(db.execute(select(gelijkgestelde_dag.c.dag)).all()))
        return 0

    monkeypatch.setattr(beheer, "refresh_terms", refresh)
    return keren


@freeze_time("2026-11-24 09:00")
def test_the_days_are_shown_by_year_with_their_source(bezoeker, login):
    login(bezoeker, "beheerder")
    pagina = bezoeker.get("/beheer/gelijkgestelde-dagen").text
    assert "vrijdag 15 mei 2026" in pagina
    assert "Besluit gelijkstelling 2026, 2027 en 2028" in pagina
    assert pagina.index("26 mei 2028") < pagina.index("2 januari 2026") < pagina.index("27 mei 2022")


@freeze_time("2027-11-24 09:00")
def test_a_year_whose_decree_is_not_known_carries_a_warning(bezoeker, login):
    login(bezoeker, "beheerder")
    pagina = bezoeker.get("/beheer/gelijkgestelde-dagen").text
    assert "Het besluit voor 2022, 2029 is hier nog niet bekend." in pagina
    assert pagina.count("Besluit niet bekend") == 2


def test_a_day_is_added_and_the_terms_follow_in_the_same_transaction(bezoeker, wie, database, herrekend):
    vooraf = len(days(database))
    assert bezoeker.submit("/beheer/gelijkgestelde-dagen", DAG).status_code == 303
    assert days(database)[daynumber(date(2029, 5, 11))] == DAG["bron"]
    assert herrekend == [vooraf + 1]
    assert "11 mei 2029 is toegevoegd." in bezoeker.get("/beheer/gelijkgestelde-dagen").text


@pytest.mark.parametrize(
    ("velden", "zin"),
    [
        ({"dag": "31-02-2029"}, "Vul een bestaande datum in"),
        ({"dag": "morgen"}, "Vul een bestaande datum in"),
        ({"dag": ""}, "Vul de dag in"),
        ({"dag": "15-05-2026"}, "Deze dag staat er al."),
        ({"dag": "25-12-2029"}, "is al een feestdag: 1e Kerstdag"),
        ({"dag": "12-05-2029"}, "valt in een weekend"),
        ({"dag": "01-01-0001"}, "van 1990 tot en met 2100"),
        ({"bron": ""}, "Noem het besluit"),
        ({"bron": "a" * 201}, "Hoogstens 200 tekens."),
    ],
)
def test_a_day_that_cannot_be_equated_is_refused(bezoeker, wie, database, herrekend, velden, zin):
    vooraf = days(database)
    antwoord = bezoeker.submit("/beheer/gelijkgestelde-dagen", {**DAG, **velden})
    assert antwoord.status_code == 422
    assert zin in antwoord.text
    assert (days(database), herrekend) == (vooraf, [])


def test_a_day_is_removed_and_the_terms_follow(bezoeker, wie, database, herrekend):
    dag = daynumber(date(2026, 5, 15))
    vooraf = len(days(database))
    assert bezoeker.submit(f"/beheer/gelijkgestelde-dagen/{dag}/verwijderen").status_code == 303
    assert dag not in days(database)
    assert herrekend == [vooraf - 1]
    assert bezoeker.submit(f"/beheer/gelijkgestelde-dagen/{dag}/verwijderen").status_code == 404


@pytest.mark.parametrize("dag", ["99999999999999999999", "4000000"])
def test_a_day_number_out_of_this_world_is_not_found(bezoeker, wie, dag):
    assert bezoeker.submit(f"/beheer/gelijkgestelde-dagen/{dag}/verwijderen").status_code == 404


def test_when_the_terms_cannot_be_worked_out_the_day_is_not_added_either(bezoeker, wie, database, monkeypatch):
    def fail(db):
        raise ValueError

    monkeypatch.setattr(beheer, "refresh_terms", fail)
    vooraf = days(database)
    with pytest.raises(ValueError):  # noqa: PT011
        bezoeker.submit("/beheer/gelijkgestelde-dagen", DAG)
    assert days(database) == vooraf


def test_the_real_terms_can_be_worked_out_anew(bezoeker, wie):
    assert bezoeker.submit("/beheer/gelijkgestelde-dagen", DAG).status_code == 303


def test_names_are_shown_as_text_never_as_markup(bezoeker, wie, database):
    with transaction(database) as db:
        db.execute(organisatie.insert().values(code="X", naam="<script>alert(1)</script>", soort="<b>", is_actief=True))
    pagina = bezoeker.get("/beheer/organisaties").text
    assert "<script>alert" not in pagina
    assert "&lt;script&gt;alert(1)" in pagina
    assert "<b>" not in pagina
