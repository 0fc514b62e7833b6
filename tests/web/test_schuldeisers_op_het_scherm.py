"""The register of creditors on the screen: who keeps it, who only reads it, and what is said of doubles."""

from __future__ import annotations

from typing import Any

import pytest
from bezoek import op_beide
from bladzijden import opened, rows

from models import klok
from models.database import reading, transaction
from tests.bouwers import NU
from tests.verhalen.lezer import Pagina
from workflow import schuldeisers
from workflow.schuldeisers import Register, Schuldeiser, read_register

ZORGPLUS = {"naam": "Zorgplus", "soort": "Zorg", "kvknummer": "12345678", "plaats": "Maastricht"}


@pytest.fixture
def register(database: str) -> None:
    """Two ways to write one creditor, the second of which was proposed."""
    with transaction(database) as db:
        schuldeisers.add(db, Schuldeiser("", "Essent", "Nuts"))
        schuldeisers.add(db, Schuldeiser("", "Essnt N.V.", "Nuts", is_voorstel=True))


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
    assert coordinator.submit("/schuldeisers/ESSNT/goedkeuren").status_code == 303
    assert not known(database)["ESSNT"].is_voorstel


def test_doubles_are_shown_merged_and_taken_apart(database, coordinator, register):
    (paar,) = rows(opened(coordinator, "/schuldeisers"), "dubbel")
    assert paar.tekst.startswith("EssentESSENT Essnt N.V.ESSNT")
    assert coordinator.submit("/schuldeisers/ESSNT/samenvoegen", {"blijft": "ESSENT"}).status_code == 303
    assert known(database).name("ESSNT") == "Essent"
    assert [rij.eerste("th").tekst for rij in rows(opened(coordinator, "/schuldeisers"), "schuldeisers")] == [
        "EssentESSENT"
    ]
    assert coordinator.submit("/schuldeisers/ESSNT/losmaken").status_code == 303
    assert known(database).name("ESSNT") == "Essnt N.V."


def test_a_merge_with_nothing_chosen_is_refused_on_the_page(coordinator, register):
    antwoord = coordinator.submit("/schuldeisers/ESSNT/samenvoegen", {"blijft": ""})
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
    coordinator.submit("/schuldeisers/ESSNT/goedkeuren")
    coordinator.submit("/schuldeisers/ESSNT/goedkeuren")
    goedgekeurd, voorgesteld = told(coordinator, "/schuldeisers/ESSNT")
    assert "Goedgekeurd" in goedgekeurd
    assert "Voorgesteld: Essnt N.V." in voorgesteld
    assert "het programma" in voorgesteld
