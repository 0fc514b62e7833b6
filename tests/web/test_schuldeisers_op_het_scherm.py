"""The register of creditors on the screen: who keeps it, who only reads it, and what is said of doubles."""

from __future__ import annotations

from typing import Any

import pytest
from bezoek import op_beide
from bladzijden import opened, rows

from models import klok
from models.database import reading, transaction
from tests.bouwers import NU, everything
from tests.verhalen.lezer import Pagina
from workflow import schuldeisers
from workflow.schuldeisers import Register, Schuldeiser, read_register

ZORGPLUS = {"naam": "Zorgplus", "soort": "Zorg", "kvknummer": "12345678", "plaats": "Maastricht"}


@pytest.fixture
def register(database: str) -> str:
    """Two ways to write one creditor, the second of which was proposed: the code of that one."""
    with transaction(database) as db:
        schuldeisers.add(db, Schuldeiser("", "Essent", "Nuts"))
        return schuldeisers.add(db, Schuldeiser("", "Essnt N.V.", "Nuts", is_voorstel=True)).code


@pytest.fixture
def coordinator(bezoeker: Any, login: Any) -> Any:
    login(bezoeker, "coordinator")
    return bezoeker


def known(database: str) -> Register:
    with reading(database) as db:
        return read_register(db)


def send(bezoeker: Any, velden: dict[str, str]) -> Any:
    formulier = Pagina(bezoeker.get("/schuldeisers/nieuw").text).formulier
    return bezoeker.submit("/schuldeisers/nieuw", formulier.filled(velden))


def test_a_creditor_is_entered_and_found(database, coordinator):
    assert send(coordinator, ZORGPLUS).status_code == 303
    assert known(database)["ZORGPLUS"].kvknummer == "12345678"
    (rij,) = rows(opened(coordinator, "/schuldeisers?zoek=maastr"), "schuldeisers")
    assert "KvK 12345678" in rij.tekst


def test_one_that_looks_like_another_is_only_entered_when_that_was_said(database, coordinator, register):
    antwoord = send(coordinator, {"naam": "Essentt", "soort": "Nuts"})
    assert antwoord.status_code == 422
    pagina = Pagina(antwoord.text)
    assert pagina.fouten == ["Dit lijkt op: Essent. Is het een andere, vink dat dan aan."]
    velden = pagina.formulier.filled({"naam": "Essentt", "soort": "Nuts", "is_ander": "y"})
    assert coordinator.submit("/schuldeisers/nieuw", velden).status_code == 303
    assert "ESSENTT" in known(database)


def test_what_is_wrong_is_said_at_its_field(coordinator):
    antwoord = send(coordinator, {"naam": "", "soort": "", "kvknummer": "12"})
    assert antwoord.status_code == 422
    assert {"Kies een soort.", "Een KvK-nummer heeft acht cijfers.", "Vul de naam in."} <= set(
        Pagina(antwoord.text).fouten
    )


def test_a_proposal_is_accepted(database, coordinator, register):
    assert "Voorgesteld" in rows(opened(coordinator, "/schuldeisers?welke=voorstel"), "schuldeisers")[0].tekst
    assert coordinator.submit(f"/schuldeisers/{register}/goedkeuren").status_code == 303
    assert not known(database)[register].is_voorstel


def test_doubles_are_shown_merged_and_taken_apart(database, coordinator, register):
    (paar,) = rows(opened(coordinator, "/schuldeisers"), "dubbel")
    assert paar.tekst.startswith(f"EssentESSENT Essnt N.V.{register}")
    assert coordinator.submit(f"/schuldeisers/{register}/samenvoegen", {"blijft": "ESSENT"}).status_code == 303
    assert known(database).name(register) == "Essent"
    assert [rij.eerste("th").tekst for rij in rows(opened(coordinator, "/schuldeisers"), "schuldeisers")] == [
        "EssentESSENT"
    ]
    assert coordinator.submit(f"/schuldeisers/{register}/losmaken").status_code == 303
    assert known(database).name(register) == "Essnt N.V."


def test_a_merge_with_nothing_chosen_is_refused_on_the_page(coordinator, register):
    antwoord = coordinator.submit(f"/schuldeisers/{register}/samenvoegen", {"blijft": ""})
    assert antwoord.status_code == 422
    assert "Kies een schuldeiser uit het register." in antwoord.text


def test_a_closed_creditor_is_not_offered_and_can_be_opened_again(database, coordinator, register):
    assert coordinator.submit("/schuldeisers/ESSENT/afsluiten").status_code == 303
    assert not known(database)["ESSENT"].is_te_kiezen
    assert coordinator.submit("/schuldeisers/ESSENT/heropenen").status_code == 303
    assert known(database)["ESSENT"].is_te_kiezen


def test_who_only_reads_sees_the_register_without_ways_to_change_it(bezoeker, login, register):
    login(bezoeker, "uitvoerder")
    pagina = opened(bezoeker, "/schuldeisers")
    assert len(rows(pagina, "schuldeisers")) == 2
    assert "Wijzigen" not in pagina.html
    assert pagina.wortel.met_id("dubbel").tag == ""


def told(bezoeker: Any, pad: str) -> list[str]:
    return [rij.tekst for rij in rows(opened(bezoeker, pad), "lijst-wijzigingen")]


@op_beide
def test_the_page_of_a_creditor_tells_who_changed_what_and_when(database, bezoeker, login):
    with klok.at(NU):
        login(bezoeker, "coordinator")
        send(bezoeker, ZORGPLUS)
        anders = {**ZORGPLUS, "naam": "Zorgplus Groep", "plaats": "", "is_gemeente": "y"}
        bezoeker.submit("/schuldeisers/ZORGPLUS/wijzigen", anders)
        send(bezoeker, {"naam": "Menzis", "soort": "Zorg"})
        bezoeker.submit("/schuldeisers/MENZIS/samenvoegen", {"blijft": "ZORGPLUS"})
        bezoeker.submit("/schuldeisers/MENZIS/losmaken")
        for daad in ("afsluiten", "heropenen"):
            bezoeker.submit(f"/schuldeisers/MENZIS/{daad}")
        login(bezoeker, "auditor")
        regels = told(bezoeker, "/schuldeisers/ZORGPLUS")
        for regel, zin in zip(
            regels,
            (
                "Weer los: Menzis (MENZIS)",
                "Hierbij gevoegd: Menzis (MENZIS)",
                "De gemeente zelf: nee → ja",
                "Plaats: Maastricht → leeg",
                "Naam: Zorgplus → Zorgplus Groep",
                "Toegevoegd: Zorgplus",
            ),
            strict=True,
        ):
            assert zin in regel
            assert "2 maart 2026" in regel
            assert "Coordinator Proef" in regel
        menzis = " ".join(told(bezoeker, "/schuldeisers/MENZIS"))
        for zin in ("Samengevoegd met Zorgplus Groep (ZORGPLUS)", "Weer los van", "Afgesloten", "Heropend"):
            assert zin in menzis
        alle = bezoeker.get("/routekaart/wijzigingen?soort=schuldeiser").text
        assert bezoeker.get("/schuldeisers/NIEMAND").status_code == 404
    assert "Schuldeiser ZORGPLUS: toegevoegd: Zorgplus" in alle


def test_what_was_proposed_with_a_debt_and_approved_later_is_told(database, coordinator, register):
    (voorgesteld,) = told(coordinator, f"/schuldeisers/{register}")
    assert "Voorgesteld" in voorgesteld
    assert "het programma" in voorgesteld
    coordinator.submit(f"/schuldeisers/{register}/goedkeuren")
    coordinator.submit(f"/schuldeisers/{register}/goedkeuren")
    goedgekeurd, _ = told(coordinator, f"/schuldeisers/{register}")
    assert "Goedgekeurd: Essnt N.V." in goedgekeurd


OOM = "Wilhelmus Oostveen"


def anywhere(database: str, woord: str) -> list[str]:
    """The tables in which a word stands, whatever it is written with."""
    with transaction(database) as db:
        return [tabel for tabel, rijen in everything(db).items() if woord.casefold() in repr(rijen).casefold()]


@op_beide
def test_the_name_of_a_proposal_stands_in_its_own_row_alone_and_is_gone_when_that_is_erased(
    database, bezoeker, login, caplog
):
    with klok.at(NU), caplog.at_level("INFO", logger="routekaart.web"):
        login(bezoeker, "coordinator")
        with transaction(database) as db:
            blijft = schuldeisers.add(db, Schuldeiser("", "Woonplus", "Overig")).code
            code = schuldeisers.add(db, Schuldeiser("", OOM, "Overig", is_voorstel=True)).code
        for daad in ("afsluiten", "heropenen"):
            bezoeker.submit(f"/schuldeisers/{code}/{daad}")
        bezoeker.submit(f"/schuldeisers/{code}/samenvoegen", {"blijft": blijft})
        bezoeker.submit(f"/schuldeisers/{code}/wissen")
        assert code in known(database), "first taken apart"
        bezoeker.submit(f"/schuldeisers/{code}/losmaken")
        assert anywhere(database, "oostveen") == ["schuldeiser"]
        assert bezoeker.submit(f"/schuldeisers/{code}/wissen").status_code == 303
        assert anywhere(database, "oostveen") == []
        assert bezoeker.get(f"/schuldeisers/{code}").status_code == 404
        alle = bezoeker.get("/routekaart/wijzigingen?soort=schuldeiser").text
    assert f"Schuldeiser {code}: gewist: een privépersoon" in alle
    assert "oostveen" not in caplog.text.casefold()
    assert "schuldeiser_gewist" in caplog.text


def test_a_proposal_that_is_called_otherwise_when_it_is_accepted_leaves_only_its_new_name(
    database, coordinator, register
):
    velden = {"naam": "Essent Zakelijk", "soort": "Overig", "plaats": "Arnhem"}
    assert coordinator.submit(f"/schuldeisers/{register}/wijzigen", velden).status_code == 303
    verteld = " ".join(told(coordinator, f"/schuldeisers/{register}"))
    for zin in ("Goedgekeurd: Essent Zakelijk", "Soort: Nuts → Overig", "Plaats: leeg → Arnhem"):
        assert zin in verteld
    assert anywhere(database, "essnt") == []


def test_a_creditor_that_was_accepted_cannot_be_erased(database, coordinator, register):
    coordinator.submit(f"/schuldeisers/{register}/goedkeuren")
    antwoord = coordinator.submit(f"/schuldeisers/{register}/wissen", follow_redirects=True)
    assert "Alleen een voorstel dat niet is goedgekeurd, kan worden gewist." in antwoord.text
    assert register in known(database)
    assert "Wissen" not in antwoord.text
