"""The page with debts: adding, changing, dropping, answers of creditors, and what they hold up."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from bezoek import op_beide
from bladzijden import opened, rows
from sqlalchemy import func, select

from models import klok
from models.database import reading, transaction
from models.schuld import schuld
from tests.bouwers import COORDINATOR, NU, UITVOERDER, VANDAAG, a_person, a_traject, advance_to, log_rows, step
from tests.verhalen.lezer import Pagina
from workflow import personen, schuldboek, schuldeisers
from workflow.gezin import load
from workflow.schuldboek import Melding
from workflow.schuldeisers import Schuldeiser
from workflow.schulden import Gegevens
from workflow.splitsing import split_off
from workflow.uitwisseling.schulden_inlezen import Onbekend
from workflow.voortgang import withdraw

GEHEIM = "Oom Theo Jansen"
LIJST = """schuldeiser;kenmerk;bedrag;soort;privepersoon
Zorgplus;Z-1;1.250,50;Zorg;nee
Onbekend Incasso;OI-7;99,5;Overig;nee
Tante Mies;;300;;ja
"""


@pytest.fixture
def dossier(database: str) -> str:
    """A traject on which a proposal to creditors is being made, and a register with two creditors."""
    with klok.at(NU), transaction(database) as db:
        nummer = a_traject(db, route="schuldhulp", begin="melding_registreren", aantal=2)
        advance_to(db, nummer, "minnelijk_voorbereiding")
        schuldeisers.add(db, Schuldeiser("", "Zorgplus", "Zorg"))
        schuldeisers.add(db, Schuldeiser("", "Gemeente Proefstad", "Publiek", is_gemeente=True))
    return nummer


def url(nummer: str, rest: str = "") -> str:
    return f"/trajecten/{nummer}/schulden{rest}"


def put(database: str, nummer: str, *bedragen: int, **gegevens: Any) -> None:
    """Debts of so many euros."""
    with transaction(database) as db:
        nieuwe = [
            Gegevens(naam=f"Schuldeiser {n}", bedrag=b * 100, soort="Overig", **gegevens)
            for n, b in enumerate(bedragen, 1)
        ]
        schuldboek.add(db, nummer, nieuwe, Melding(UITVOERDER))


def send(bezoeker: Any, adres: str, velden: dict[str, Any], formulier: str | None = None) -> Any:
    pagina = Pagina(bezoeker.get(adres).text)
    return bezoeker.submit(adres, pagina.formulier.filled(velden))


def answers(database: str, nummer: str) -> dict[str, Any]:
    with reading(database) as db:
        return dict(load(db, nummer, lock=False).by_nummer(nummer).stand.antwoorden)


def tick(bezoeker: Any, nummer: str, nummers: list[int], stand: str, op: str = "02-03-2026") -> Any:
    """Tick debts in the list and say how far they are."""
    pagina = opened(bezoeker, url(nummer))
    form = pagina.wortel.met_id("formulier-antwoord")
    verborgen = {i["name"]: i["value"] for i in form.alle("input") if i["type"] == "hidden"}
    velden = {**verborgen, "schuld": [str(n) for n in nummers], "stand": stand, "op": op}
    return bezoeker.submit(url(nummer, "/antwoord"), velden)


def upload(bezoeker: Any, nummer: str, inhoud: bytes) -> Pagina:
    bestand = {"bestand": (io.BytesIO(inhoud), "schulden.csv")}
    antwoord = bezoeker.submit(url(nummer, "/bestand"), bestand, content_type="multipart/form-data")
    assert antwoord.status_code == 303, antwoord.text
    antwoord_2 = bezoeker.get(antwoord.location)
    assert antwoord_2.status_code in (200, 422)
    pagina = Pagina(antwoord_2.text)
    pagina.url = antwoord.location  # type: ignore[attr-defined]
    return pagina


def decide(bezoeker: Any, pagina: Any, **velden: str) -> Any:
    form = pagina.wortel.met_id("formulier-beslis")
    verborgen = {i["name"]: i["value"] for i in form.alle("input") if i["name"]}
    return bezoeker.submit(pagina.url, {**verborgen, "keuze": "inlezen", **velden})


def who(naam: str) -> str:
    """The question who this creditor is."""
    return Onbekend(naam, ()).vraag


# -- One debt ----------------------------------------------------------------------------------------------------------


@op_beide
def test_a_debt_is_added_and_the_dossier_knows_what_the_list_comes_to(database, uitvoerder, dossier):
    velden = {"schuldeiser": "ZORGPLUS", "bedrag": "1.250,50", "kosten": "50", "kenmerk": "Z-1"}
    assert send(uitvoerder, url(dossier, "/nieuw"), velden).status_code == 303
    pagina = opened(uitvoerder, url(dossier))
    assert "€ 1.250,50" in pagina.wortel.eerste(klasse="rk-totalen").tekst
    assert "Zorgplus" in rows(pagina, "schulden")[0].tekst
    gezegd = answers(database, dossier)
    assert (gezegd["schuldenstand"], gezegd["schuldbedrag"], gezegd["aantal_schuldeisers"]) == (
        {"1": "bekend"},
        1251,
        1,
    )


def test_nothing_of_a_debt_stands_readable_in_the_database_or_in_the_log(database, uitvoerder, dossier):
    velden = {
        "naam": GEHEIM,
        "soort_naam": "prive",
        "bedrag": "250",
        "kenmerk": "briefje",
        "notitie": "Leende voor huur.",
    }
    assert send(uitvoerder, url(dossier, "/nieuw"), velden).status_code == 303
    assert GEHEIM in opened(uitvoerder, url(dossier)).html
    with reading(database) as db:
        bewaard = b"".join(db.execute(select(schuld.c.gegevens)).scalars())
        log = json.dumps([dict(rij) for rij in log_rows(db)], default=str)
    assert b"Theo" not in bewaard
    assert "Theo" not in log
    assert "briefje" not in log


def test_what_is_wrong_in_a_debt_is_said_at_each_field_and_nothing_is_kept(database, uitvoerder, dossier):
    velden = {"bedrag": "tien euro", "kosten": "5", "peil_op": "31-02-2026", "op": ""}
    antwoord = send(uitvoerder, url(dossier, "/nieuw"), velden)
    assert antwoord.status_code == 422
    fouten = Pagina(antwoord.text).fouten
    assert "Kies een schuldeiser, of vul de naam in." in fouten
    assert "Vul een bedrag in, bijvoorbeeld 1.234,50." in fouten
    assert len(fouten) >= 4
    assert "schuldenstand" not in answers(database, dossier)


def test_the_same_form_sent_twice_adds_one_debt(database, uitvoerder, dossier):
    pagina = Pagina(uitvoerder.get(url(dossier, "/nieuw")).text)
    velden = pagina.formulier.filled({"schuldeiser": "ZORGPLUS", "bedrag": "10"})
    assert [uitvoerder.submit(url(dossier, "/nieuw"), velden).status_code for _ in range(2)] == [303, 303]
    assert answers(database, dossier)["schuldenstand"] == {"1": "bekend"}


@pytest.mark.parametrize(("blad", "velden"), [("wijzigen", {"bedrag": "70"}), ("vervallen", {"reden": "Betaald."})])
def test_a_change_that_is_sent_twice_is_one_change(database, uitvoerder, dossier, blad, velden):
    put(database, dossier, 100)
    adres = url(dossier, f"/1/{blad}")
    formulier = Pagina(uitvoerder.get(adres).text).formulier.filled(velden)
    assert [uitvoerder.submit(adres, formulier).status_code for _ in range(2)] == [303, 303]
    with reading(database) as db:
        assert db.execute(select(func.count()).select_from(schuld)).scalar_one() == 2


@pytest.mark.parametrize(
    ("blad", "velden", "anders"),
    [
        ("wijzigen", {"bedrag": "70"}, {"bedrag": "80"}),
        ("vervallen", {"reden": "Betaald."}, {"reden": "Kwijtgescholden."}),
        ("vervallen", {"reden": "Betaald."}, {"op": "01-03-2026"}),
    ],
)
def test_a_change_that_is_sent_again_with_something_else_is_a_conflict(
    database, uitvoerder, dossier, blad, velden, anders
):
    put(database, dossier, 100)
    adres = url(dossier, f"/1/{blad}")
    formulier = Pagina(uitvoerder.get(adres).text).formulier.filled(velden)
    assert uitvoerder.submit(adres, formulier).status_code == 303
    gezegd = answers(database, dossier)
    antwoord = uitvoerder.submit(adres, {**formulier, **anders})
    assert antwoord.status_code == 409
    assert "Dit formulier is al voor iets anders gebruikt." in antwoord.text
    assert answers(database, dossier) == gezegd


def test_who_changes_a_debt_after_a_colleague_hears_so(database, uitvoerder, dossier):
    put(database, dossier, 100)
    adres = url(dossier, "/1/wijzigen")
    formulier = Pagina(uitvoerder.get(adres).text).formulier
    with transaction(database) as db:
        schuldboek.change(
            db, dossier, 1, Gegevens(naam="Schuldeiser 1", bedrag=20000, soort="Overig"), 1, Melding(COORDINATOR)
        )
    antwoord = uitvoerder.submit(adres, formulier.filled({"bedrag": "300"}))
    assert antwoord.status_code == 409
    assert "Iemand anders heeft deze schuld zojuist gewijzigd" in antwoord.text
    assert answers(database, dossier)["schuldbedrag"] == 200


def test_earlier_versions_of_a_debt_are_kept(database, uitvoerder, dossier):
    put(database, dossier, 100)
    assert send(uitvoerder, url(dossier, "/1/wijzigen"), {"bedrag": "150", "stand": "saldo_bekend"}).status_code == 303
    eerder = rows(opened(uitvoerder, url(dossier, "/1/wijzigen")), "eerder")
    assert [rij.alle("td").__next__().tekst != "" for rij in eerder] == [True, True]
    assert "€ 100" in eerder[1].tekst
    assert answers(database, dossier)["schuldenstand"] == {"1": "saldo_bekend"}


def test_a_debt_that_is_changed_after_a_merge_is_still_of_its_own_creditor_when_that_is_taken_back(
    database, uitvoerder, dossier
):
    with transaction(database) as db:
        schuldboek.add(db, dossier, [Gegevens(schuldeiser="ZORGPLUS", bedrag=100)], Melding(UITVOERDER))
        schuldeisers.merge(db, "ZORGPLUS", "GEMEENTE-PROEFSTAD")
    assert send(uitvoerder, url(dossier, "/1/wijzigen"), {"bedrag": "250"}).status_code == 303
    with transaction(database) as db:
        schuldeisers.unmerge(db, "ZORGPLUS")
    assert rows(opened(uitvoerder, url(dossier)), "schulden")[0].eerste("th").tekst == "Zorgplus"


def test_a_note_alone_is_kept_without_a_word_in_the_log(database, uitvoerder, dossier):
    put(database, dossier, 100)
    with reading(database) as db:
        voor = len(log_rows(db, dossier))
    assert send(uitvoerder, url(dossier, "/1/wijzigen"), {"notitie": "Belt liever."}).status_code == 303
    with reading(database) as db:
        assert len(log_rows(db, dossier)) == voor


def test_a_dropped_debt_stays_with_its_reason_and_counts_no_longer(database, uitvoerder, dossier):
    put(database, dossier, 100, 50)
    assert send(uitvoerder, url(dossier, "/1/vervallen"), {"reden": ""}).status_code == 422
    assert send(uitvoerder, url(dossier, "/1/vervallen"), {"reden": "Al betaald."}).status_code == 303
    regels = rows(opened(uitvoerder, url(dossier)), "schulden")
    assert "Vervallen: Al betaald." in regels[0].tekst
    gezegd = answers(database, dossier)
    assert (gezegd["schuldbedrag"], gezegd["aantal_schuldeisers"]) == (50, 1)


def test_who_withdraws_the_row_takes_the_debts_off_the_list(database, uitvoerder, dossier):
    put(database, dossier, 100)
    with transaction(database) as db:
        volgnummer = load(db, dossier).by_nummer(dossier).log[-1].volgnummer
        withdraw(db, dossier, volgnummer, reden="verkeerde_keuze", door=UITVOERDER)
    assert rows(opened(uitvoerder, url(dossier)), "schulden") == []
    put(database, dossier, 70)
    assert answers(database, dossier)["schuldenstand"] == {"2": "bekend"}


# -- Answers -----------------------------------------------------------------------------------------------------------


def test_several_debts_get_an_answer_in_one_step(database, uitvoerder, dossier):
    put(database, dossier, 10, 20, 30)
    assert tick(uitvoerder, dossier, [1, 3], "akkoord").status_code == 303
    assert answers(database, dossier)["schuldenstand"] == {"1": "akkoord", "2": "bekend", "3": "akkoord"}


@pytest.mark.parametrize(
    ("nummers", "stand", "zin"),
    [
        ([], "akkoord", "Vink eerst aan om welke schulden het gaat."),
        ([1], "", "Kies wat u vastlegt."),
        ([9], "akkoord", "Schuld 9 staat niet op deze lijst."),
        ([1], "vervallen", "Kies wat u vastlegt."),
    ],
)
def test_an_answer_that_cannot_be_is_refused_with_its_reason(database, uitvoerder, dossier, nummers, stand, zin):
    put(database, dossier, 10)
    antwoord = tick(uitvoerder, dossier, nummers, stand)
    assert antwoord.status_code == 422
    assert zin in antwoord.text
    assert answers(database, dossier)["schuldenstand"] == {"1": "bekend"}


def saldi(bezoeker: Any, nummer: str, nummers: list[int], **velden: str) -> Any:
    """Go from the list to the page of saldi with these debts ticked, and send the amounts."""
    verborgen = {
        i["name"]: i["value"]
        for i in opened(bezoeker, url(nummer)).wortel.met_id("formulier-antwoord").alle("input")
        if i["type"] == "hidden"
    }
    pagina = bezoeker.submit(url(nummer, "/saldi"), {**verborgen, "schuld": [str(n) for n in nummers], "stand": ""})
    assert pagina.status_code == 200
    formulier = Pagina(pagina.text).wortel.met_id("formulier-saldi")
    gevuld = {i["name"]: i["value"] or "" for i in formulier.alle("input") if i["name"] not in ("csrf_token", "schuld")}
    gevuld |= {"schuld": [str(n) for n in nummers], "stand": "saldo_bekend", **velden}
    return bezoeker.submit(url(nummer, "/saldi"), gevuld)


def amounts(database: str, nummer: str) -> list[int | None]:
    with transaction(database) as db:
        return [regel.gegevens.bedrag for regel in schuldboek.opened(db, nummer).lijst.regels]


@op_beide
def test_several_debts_get_each_their_own_saldo_in_one_step(database, uitvoerder, dossier):
    put(database, dossier, 10, 20, 30, 40)
    rijen = len(log_rows_of(database, dossier))
    antwoord = saldi(uitvoerder, dossier, [1, 2, 4], bedrag_1="12,50", bedrag_4="1.000", peil_op="28-02-2026")
    assert antwoord.status_code == 303, antwoord.text
    assert amounts(database, dossier) == [1250, 2000, 3000, 100_000]
    assert answers(database, dossier)["schuldenstand"] == {
        "1": "saldo_bekend", "2": "bekend", "3": "bekend", "4": "saldo_bekend",
    }  # fmt: skip
    assert answers(database, dossier)["schuldbedrag"] == 1063
    assert len(log_rows_of(database, dossier)) == rijen + 1
    tekst = uitvoerder.get(url(dossier)).text
    assert "Saldo vastgelegd bij 2 schulden. Zonder bedrag, dus niet gewijzigd: 1." in tekst
    assert "per 28 februari 2026" in tekst


def log_rows_of(database: str, nummer: str) -> list[Any]:
    with reading(database) as db:
        return log_rows(db, nummer)


@pytest.mark.parametrize(
    ("velden", "zin"),
    [
        ({"bedrag_2": "veel"}, "Schuld 2, Schuldeiser 2: vul een bedrag in, bijvoorbeeld 1.234,50."),
        ({"bedrag_2": "1"}, "Schuld 2, Schuldeiser 2: rente en kosten zijn een deel van het bedrag"),
        ({"bedrag_1": ""}, "Vul bij ten minste één schuld het saldo in."),
        ({"stand": ""}, "Kies wat u vastlegt."),
        ({"peil_op": "03-03-2026"}, "Het saldo kan niet van later zijn."),
        ({"op": "31-02-2026"}, "31-02-2026"),
    ],
)
def test_one_saldo_that_cannot_be_is_named_with_its_debt_and_nothing_is_kept(
    database, uitvoerder, dossier, velden, zin
):
    put(database, dossier, 10, 20, kosten=500)
    antwoord = saldi(uitvoerder, dossier, [1, 2], **{"bedrag_1": "12,50", **velden})
    assert antwoord.status_code == 422
    assert zin in antwoord.text
    assert velden.get("bedrag_1", "12,50") in antwoord.text
    assert amounts(database, dossier) == [1000, 2000]
    assert answers(database, dossier)["schuldenstand"] == {"1": "bekend", "2": "bekend"}


def test_a_saldo_of_a_debt_that_a_colleague_changed_is_a_conflict(database, uitvoerder, dossier):
    put(database, dossier, 10, 20)
    antwoord = saldi(uitvoerder, dossier, [1, 2], bedrag_1="12,50", versie_1="7")
    assert antwoord.status_code == 409
    assert amounts(database, dossier) == [1000, 2000]
    formulier = Pagina(antwoord.text).wortel.met_id("formulier-saldi")
    assert {i["name"]: i["value"] for i in formulier.alle("input")}["versie_1"] == "1"


def test_the_page_of_saldi_without_a_choice_has_every_debt_that_counts(database, uitvoerder, dossier):
    put(database, dossier, 10, 20)
    tekst = uitvoerder.get(url(dossier, "/saldi")).text
    assert 'name="bedrag_1"' in tekst
    assert 'name="bedrag_2"' in tekst
    assert uitvoerder.get(url(dossier, "/saldi?schuld=x")).status_code == 200


def test_an_answer_of_an_earlier_day_leaves_the_totals_of_today(database, uitvoerder, dossier):
    with klok.at(NU):
        put(database, dossier, 100)
        with transaction(database) as db:
            schuldboek.answer(db, dossier, [1], "saldo_gevraagd", Melding(UITVOERDER, VANDAAG))
        put(database, dossier, 40)
    assert answers(database, dossier)["schuldbedrag"] == 140


def test_who_refuses_keeps_akkoord_away_and_is_named_on_the_page(database, uitvoerder, dossier):
    put(database, dossier, 10, 20)
    tick(uitvoerder, dossier, [1], "akkoord")
    tick(uitvoerder, dossier, [2], "weigert")
    vak = opened(uitvoerder, url(dossier)).wortel.met_id("deel-wachtend").tekst
    assert (
        "Alle schuldeisers akkoord, Regeling starten Kan nu niet Wacht op 1 schuld: 2. Schuldeiser 2 (weigert)." in vak
    )
    assert "Dwangakkoord aanvragen Kan nu" in vak


def test_a_traject_that_changed_in_between_is_a_conflict(database, uitvoerder, dossier):
    put(database, dossier, 10)
    pagina = opened(uitvoerder, url(dossier))
    form = pagina.wortel.met_id("formulier-antwoord")
    verborgen = {i["name"]: i["value"] for i in form.alle("input") if i["type"] == "hidden"}
    put(database, dossier, 20)
    velden = {**verborgen, "schuld": ["1"], "stand": "akkoord", "op": "02-03-2026"}
    antwoord = uitvoerder.submit(url(dossier, "/antwoord"), velden)
    assert antwoord.status_code == 409
    assert "Dit traject is intussen gewijzigd" in antwoord.text


# -- A file ------------------------------------------------------------------------------------------------------------


@op_beide
def test_several_debts_of_a_table_are_answered_and_dropped_on_both_databases(database, uitvoerder, dossier):
    assert (
        decide(
            uitvoerder, upload(uitvoerder, dossier, LIJST.encode()), **{who("Onbekend Incasso"): "nieuw"}
        ).status_code
        == 303
    )
    assert tick(uitvoerder, dossier, [1, 2], "akkoord").status_code == 303
    assert send(uitvoerder, url(dossier, "/3/vervallen"), {"reden": "Kwijtgescholden."}).status_code == 303
    assert answers(database, dossier)["schuldenstand"] == {"1": "akkoord", "2": "akkoord", "3": "vervallen"}


@pytest.mark.parametrize("codering", ["utf-8", "cp1252"])
@pytest.mark.parametrize("scheiding", [";", "\t"])
def test_a_table_is_shown_and_taken_in_whole_and_a_second_time_changes_nothing(
    database, uitvoerder, dossier, codering, scheiding
):
    inhoud = LIJST.replace(";", scheiding).encode(codering)
    pagina = upload(uitvoerder, dossier, inhoud)
    assert [rij.alle("td").__next__().tekst for rij in rows(pagina, "rijen")] == ["2", "3", "4"]
    assert decide(uitvoerder, pagina).status_code == 303
    gezegd = answers(database, dossier)
    assert (gezegd["schuldbedrag"], gezegd["aantal_schuldeisers"]) == (1650, 3)
    nog_eens = upload(uitvoerder, dossier, inhoud)
    assert "In dit bestand staat niets nieuws." in nog_eens.html
    assert answers(database, dossier) == gezegd


def test_importing_again_changes_nothing_after_a_debt_was_changed_and_its_creditor_registered(
    database, uitvoerder, dossier
):
    pagina = upload(uitvoerder, dossier, LIJST.encode())
    assert decide(uitvoerder, pagina, **{who("Onbekend Incasso"): "nieuw"}).status_code == 303
    with reading(database) as db:
        voorgesteld = schuldeisers.read_register(db).find("Onbekend Incasso")
    assert voorgesteld is not None
    assert voorgesteld.is_voorstel
    assert send(uitvoerder, url(dossier, "/2/wijzigen"), {"bedrag": "120"}).status_code == 303
    assert "In dit bestand staat niets nieuws." in upload(uitvoerder, dossier, LIJST.encode()).html


def test_everything_that_is_wrong_in_a_row_is_named_at_once(uitvoerder, dossier):
    kop = "schuldeiser;bedrag;soort;datum\n"
    pagina = upload(uitvoerder, dossier, f"{kop}Winkel;twaalf;Tovenarij;32-13-2026\n;1;Overig;\n".encode())
    rijen = [[cel.tekst for cel in rij.alle("td")] for rij in pagina.wortel.alle("tr")]
    assert [rij[:2] for rij in rijen if rij] == [["2", "bedrag"], ["2", "datum"], ["2", "soort"], ["3", "schuldeiser"]]


def test_a_day_that_no_debt_can_have_is_refused_in_the_form_and_at_its_row(database, uitvoerder, dossier):
    dagen = {"ontstaan_op": "01-01-0001", "peil_op": "1-1-2999"}
    antwoord = send(uitvoerder, url(dossier, "/nieuw"), {"schuldeiser": "ZORGPLUS", "bedrag": "10", **dagen})
    assert antwoord.status_code == 422
    assert Pagina(antwoord.text).fouten == [
        "Het saldo kan niet van later zijn.",
        "De schuld kan niet voor 1 januari 1900 zijn ontstaan.",
    ]
    kop = "schuldeiser;bedrag;ontstaan_op;saldo_per\n"
    pagina = upload(uitvoerder, dossier, f"{kop}Winkel;10;01-01-1900;1-1-0001\nBank;10;31-12-1899;1-1-2999\n".encode())
    assert [" ".join(rij.tekst.split()) for rij in rows(pagina, "fouten")] == [
        "2 saldo_per Deze dag kan niet voor 1 januari 1900 liggen.",
        "3 ontstaan_op Deze dag kan niet voor 1 januari 1900 liggen.",
        "3 saldo_per Deze dag is nog niet geweest.",
    ]
    assert "schuldenstand" not in answers(database, dossier)


def test_a_table_with_faults_says_each_and_takes_in_nothing(database, uitvoerder, dossier):
    fout = (
        "schuldeiser;bedrag;soort;wie\nZorgplus;12,345;Zorg;\n;10;Zorg;\nZorgplus;10;Iets;\nZorgplus;10;Zorg;Niemand\n"
    )
    pagina = upload(uitvoerder, dossier, fout.encode())
    plaatsen = [[cel.tekst for cel in rij.alle("td")][:2] for rij in rows(pagina, "fouten")]
    assert plaatsen == [["2", "bedrag"], ["3", "schuldeiser"], ["4", "soort"], ["5", "wie"]]
    assert decide_refused(uitvoerder, pagina)
    assert "schuldenstand" not in answers(database, dossier)


def decide_refused(bezoeker: Any, pagina: Any) -> bool:
    antwoord = bezoeker.submit(pagina.url, {"keuze": "inlezen", "op": "02-03-2026"})
    return antwoord.status_code == 303 and antwoord.location == pagina.url


def test_a_debt_that_is_there_with_another_amount_is_told_and_left(database, uitvoerder, dossier):
    assert decide(uitvoerder, upload(uitvoerder, dossier, LIJST.encode())).status_code == 303
    anders = LIJST.replace("1.250,50", "1.300").encode()
    pagina = upload(uitvoerder, dossier, anders)
    assert "Ander bedragschuld 1: € 1.250,50" in rows(pagina, "rijen")[0].tekst


def test_a_creditor_that_was_closed_is_refused_at_its_row(database, uitvoerder, dossier):
    with transaction(database) as db:
        schuldeisers.set_active(db, "ZORGPLUS", False)
    pagina = upload(uitvoerder, dossier, LIJST.encode())
    assert "Zorgplus is in het register afgesloten." in rows(pagina, "fouten")[0].tekst


def test_a_look_alike_is_offered_and_chosen(database, uitvoerder, dossier):
    pagina = upload(uitvoerder, dossier, b"schuldeiser;bedrag\nZorgplus Verzekeringen N.V.;10\n")
    vraag = who("Zorgplus Verzekeringen N.V.")
    assert "Is: Zorgplus" in pagina.wortel.met_id(vraag).tekst
    decide(uitvoerder, pagina, **{vraag: "ZORGPLUS"})
    assert rows(opened(uitvoerder, url(dossier)), "schulden")[0].eerste("th").tekst == "Zorgplus"


@pytest.mark.parametrize("vorm", ["csv", "xlsx"])
def test_the_empty_table_can_be_taken_in_as_it_is(uitvoerder, dossier, vorm):
    leeg = uitvoerder.get(url(dossier, f"/leeg/{vorm}"))
    assert leeg.status_code == 200
    pagina = upload(uitvoerder, dossier, leeg.data)
    assert [re.sub(r"\s+", " ", rij.tekst) for rij in rows(pagina, "rijen")] != []


def test_a_file_that_waits_is_of_the_dossier_for_which_it_was_chosen(database, uitvoerder, dossier):
    with klok.at(NU), transaction(database) as db:
        ander = a_traject(db, route="schuldhulp", begin="melding_registreren")
        advance_to(db, ander, "minnelijk_voorbereiding")
    pagina = upload(uitvoerder, dossier, LIJST.encode())
    pagina.url = pagina.url.replace(dossier, ander)
    assert "is er niet meer" in uitvoerder.get(pagina.url, follow_redirects=True).text
    assert decide(uitvoerder, pagina).location == url(ander)
    assert "schuldenstand" not in answers(database, ander)
    pagina.url = pagina.url.replace(ander, dossier)
    assert decide(uitvoerder, pagina).location == url(dossier)
    assert answers(database, dossier)["aantal_schuldeisers"] == 3


def test_an_empty_list_tells_the_amount_that_the_dossier_names(database, uitvoerder, dossier):
    with transaction(database) as db:
        genoemd = a_traject(db, route="schuldhulp", begin="melding_registreren", invoer={"schuldbedrag": "18250"})
    tekst = opened(uitvoerder, url(genoemd)).html
    assert "Het dossier noemt € 18.250" in tekst
    assert "Het dossier noemt" not in opened(uitvoerder, url(dossier)).html
    put(database, genoemd, 100)
    assert "Het dossier noemt" not in opened(uitvoerder, url(genoemd)).html


@pytest.mark.parametrize(
    ("naam", "ook"), [("Klusbedrijf Noord", "klusbedrijf  noord."), ("CZ", "C.Z."), ("CZ", "c. z."), ("V&D", "V&D.")]
)
def test_a_creditor_written_in_two_ways_is_asked_and_proposed_once(database, uitvoerder, dossier, naam, ook):
    pagina = upload(uitvoerder, dossier, f"schuldeiser;bedrag\n{naam};5\n{ook};6\n".encode())
    vraag = who(naam)
    assert pagina.html.count(f'name="{vraag}"') == 1
    assert decide(uitvoerder, pagina, **{vraag: "nieuw"}).location == url(dossier)
    namen = [rij.eerste("th").tekst for rij in rows(opened(uitvoerder, url(dossier)), "schulden")]
    assert namen == [naam] * 2
    with reading(database) as db:
        assert len([w for w in schuldeisers.read_register(db).values() if w.is_voorstel]) == 1


def test_a_creditor_that_was_proposed_is_not_named_in_the_web_log(uitvoerder, dossier, caplog):
    pagina = upload(uitvoerder, dossier, b"schuldeiser;bedrag\nPietersen Klusbedrijf;10\n")
    with caplog.at_level("INFO", logger="routekaart.web"):
        assert decide(uitvoerder, pagina, **{who("Pietersen Klusbedrijf"): "nieuw"}).status_code == 303
    regels = [regel.message for regel in caplog.records if "schuldeiser_voorgesteld" in regel.message]
    assert len(regels) == 1
    assert '"betreft": "S-' in regels[0]
    assert "pietersen" not in caplog.text.casefold()


def test_what_is_taken_out_holds_no_formula_and_is_logged(database, uitvoerder, dossier, caplog):
    with transaction(database) as db:
        gegevens = Gegevens(naam="=HYPERLINK(1)", kenmerk="+31", bedrag=1050, soort="Overig")
        schuldboek.add(db, dossier, [gegevens], Melding(UITVOERDER))
    with caplog.at_level("INFO", logger="routekaart.web"):
        tekst = uitvoerder.get(url(dossier, "/lijst/csv")).data.decode("utf-8-sig")
    assert "1;'=HYPERLINK(1);'+31;10,50;" in tekst
    assert any("schulden_uitgevoerd" in regel.message and dossier in regel.message for regel in caplog.records)
    boek = openpyxl.load_workbook(io.BytesIO(uitvoerder.get(url(dossier, "/lijst/xlsx")).data))
    cel = boek.worksheets[0]["B2"]
    assert (cel.value, cel.data_type) == ("=HYPERLINK(1)", "s")


# -- Of a delivery -----------------------------------------------------------------------------------------------------


def test_delivered_debts_hold_nothing_up_until_something_is_said_of_one(database, uitvoerder, dossier):
    geleverd = [Gegevens(naam=f"Elders {n}", bedrag=100, soort="Overig", geleverd={"bedrag": 1}) for n in (1, 2)]
    with transaction(database) as db:
        schuldboek.keep_delivered(db, dossier, geleverd, UITVOERDER)
    pagina = opened(uitvoerder, url(dossier))
    assert [rij.eerste(klasse="rk-badge").tekst for rij in rows(pagina, "schulden")] == ["Nog niet vastgelegd"] * 2
    assert (
        "Alle schuldeisers akkoord, Regeling starten, Dwangakkoord aanvragen Kan nu"
        in pagina.wortel.met_id("deel-wachtend").tekst
    )
    assert tick(uitvoerder, dossier, [2], "akkoord").status_code == 303
    assert answers(database, dossier)["schuldenstand"] == {"1": "bekend", "2": "akkoord"}


def test_a_debt_of_somebody_who_was_entered_twice_is_of_who_stays(database, uitvoerder, dossier):
    with transaction(database) as db:
        weg = next(iter(load(db, dossier).by_nummer(dossier).stand.deelnemers))
        blijft = a_person(db, "Blijver")
        schuldboek.add(db, dossier, [Gegevens(naam="S", wie=weg, bedrag=1, soort="Overig")], Melding(UITVOERDER))
        personen.merge(db, weg, blijft, door=UITVOERDER, op=VANDAAG)
    assert "Blijver" in rows(opened(uitvoerder, url(dossier)), "schulden")[0].tekst


# -- After a split -----------------------------------------------------------------------------------------------------


def test_who_leaves_chooses_what_goes_along_and_sees_nothing_that_came_later(database, uitvoerder, dossier):
    with transaction(database) as db:
        vertrekt = list(load(db, dossier).by_nummer(dossier).stand.deelnemers)[1]
        blijft = next(iter(load(db, dossier).by_nummer(dossier).stand.deelnemers))
        namen = {"Eigen": vertrekt, "Samen": "", "Ander": blijft}
        gegevens = [Gegevens(naam=n, wie=w, bedrag=1000, soort="Overig") for n, w in namen.items()]
        schuldboek.add(db, dossier, gegevens, Melding(UITVOERDER))
        step(db, dossier, "huishouden_splitsen", invoer={"vertrekker": vertrekt})
    with klok.at(NU + timedelta(days=1)), transaction(database) as db:
        schuldboek.add(db, dossier, [Gegevens(naam="Later", bedrag=1, soort="Overig")], Melding(UITVOERDER))
    nieuw = went(database, dossier)
    assert "Kies wat u overneemt" in opened(uitvoerder, url(nieuw)).html
    pagina = opened(uitvoerder, url(nieuw, "/overnemen"))
    assert [rij.eerste("th").tekst for rij in rows(pagina, "oud")] == ["Eigen", "Samen"]
    assert (
        uitvoerder.submit(url(nieuw, "/overnemen"), pagina.formulier.filled({"schuld": ["1", "2"]})).status_code == 303
    )
    assert answers(database, nieuw)["schuldenstand"] == {"1": "bekend", "2": "bekend"}
    assert answers(database, dossier)["schuldenstand"].keys() == {"1", "2", "3", "4"}


def went(database: str, nummer: str) -> str:
    """The traject that was split off from this one."""
    with reading(database) as db:
        (nieuw,) = split_off(db, load(db, nummer, lock=False).by_nummer(nummer))
    return nieuw
