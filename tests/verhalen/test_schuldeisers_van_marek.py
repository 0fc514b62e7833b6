"""Marek's fourteen creditors: twelve debts from a table, two by hand, what each answered, and what that held up."""

from __future__ import annotations

import io

from tests.verhalen.test_05_marek import the_stabilisatie, to_the_toelating
from tests.verhalen.verteller import Traject, Verteller
from workflow.schuldeisers import read_register
from workflow.uitwisseling.schulden_inlezen import Onbekend

NOG_NIEMAND = "Nog niet rond bij schulden: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14."
TWAALF = [
    ("Zorgplus", "Zorg", "1.842,10"),
    ("Tandartspraktijk Proef", "Zorg", "310"),
    ("Belastingdienst", "Publiek", "2.114"),
    ("CJIB", "Publiek", "388,50"),
    ("DUO", "Publiek", "4.020"),
    ("Gemeente Proefstad", "Publiek", "645,25"),
    ("Stroom en Gas Proef", "Nuts", "1.190,75"),
    ("Water Proef", "Nuts", "204,40"),
    ("Woonstichting Proef", "Overig", "3.275"),
    ("Bel en Surf", "Overig", "533,99"),
    ("Postorder Proef", "Overig", "771,20"),
    ("Bank Proef", "Overig", "5.300"),
]
WEIGERT = {3: "Belastingdienst", 12: "Bank Proef"}


def test_marek_and_his_fourteen_creditors(verteller: Verteller):
    marek = to_the_toelating(verteller)
    the_twelve_come_in_from_a_table(marek)
    the_stabilisatie(marek)
    two_more_turn_up(marek)
    nobody_has_answered_yet(marek)
    twelve_agree_and_two_refuse(marek)
    the_dwangakkoord_can_be_asked(marek)


def the_table() -> bytes:
    regels = [f"{naam};P-{n};{bedrag};{soort}" for n, (naam, soort, bedrag) in enumerate(TWAALF, 1)]
    return "\n".join(["schuldeiser;kenmerk;bedrag;soort", *regels]).encode("cp1252")


def the_twelve_come_in_from_a_table(marek: Traject) -> None:
    verteller = marek.verteller
    verteller.op("28-10-2024")
    verteller.als("uitvoerder")
    bestand = {"bestand": (io.BytesIO(the_table()), "lijst.csv")}
    upload = verteller.bezoeker.submit(f"{marek.url}/schulden/bestand", bestand, content_type="multipart/form-data")
    pagina = verteller.lees(upload.location)
    assert pagina.feiten["Nieuwe schulden"] == "12"
    assert pagina.feiten["Samen"] == "€ 20.595,19"
    als_gemeente = Onbekend("Gemeente Proefstad", ()).vraag
    velden = {**pagina.formulier.filled({als_gemeente: "nieuw"}), "keuze": "inlezen"}
    waar, pagina = verteller._post(upload.location, velden)
    assert waar == f"{marek.url}/schulden", pagina.meldingen
    with verteller.database_open() as db:
        gemeente = read_register(db).find("Gemeente Proefstad")
    assert gemeente is not None
    assert gemeente.is_voorstel


def two_more_turn_up(marek: Traject) -> None:
    verteller = marek.verteller
    for dag, naam, wie, bedrag in (
        ("25-02-2025", "Oom Witold", "prive", "1500"),
        ("25-02-2025", "Sportschool Proef", "", "89,81"),
    ):
        verteller.op(dag)
        velden = {"naam": naam, "soort_naam": wie, "bedrag": bedrag, "op": dag}
        waar, pagina = verteller.send(f"{marek.url}/schulden/nieuw", velden)
        assert waar, pagina.fouten
    totalen = verteller.lees(f"{marek.url}/schulden").wortel.eerste(klasse="rk-totalen").tekst
    assert totalen.startswith("€ 22.185 14 schulden bij 14 schuldeisers")


def nobody_has_answered_yet(marek: Traject) -> None:
    assert marek.op("26-02-2025").niet_nu["Alle schuldeisers akkoord"] == [NOG_NIEMAND]
    assert marek.pagina.niet_nu["Dwangakkoord aanvragen"] == [NOG_NIEMAND]
    answer(marek, "26-02-2025", range(1, 15), "saldo_gevraagd")
    answer(marek, "24-03-2025", range(1, 15), "saldo_bekend")
    answer(marek, "07-04-2025", range(1, 15), "voorstel_gedaan")


def twelve_agree_and_two_refuse(marek: Traject) -> None:
    answer(marek, "14-04-2025", [7, 8], "vooraf_akkoord")
    answer(marek, "12-05-2025", [1, 2, 4, 5, 6, 9, 10, 11, 13, 14], "akkoord")
    assert marek.pagina.niet_nu["Dwangakkoord aanvragen"] == ["Nog niet rond bij schulden: 3, 12."]
    answer(marek, "09-06-2025", WEIGERT, "weigert")
    zin = "Nog niet rond bij schulden: 3, 12."
    assert marek.weigert("09-06-2025", "akkoord_vaststellen", aantal_akkoord="12") == [zin]
    vak = marek.verteller.lees(f"{marek.url}/schulden").wortel.met_id("deel-wachtend").tekst
    assert "Kan nu niet Wacht op 2 schulden: 3. Belastingdienst (weigert); 12. Bank Proef (weigert)." in vak


def the_dwangakkoord_can_be_asked(marek: Traject) -> None:
    vak = marek.verteller.lees(f"{marek.url}/schulden").wortel.met_id("deel-wachtend").tekst
    assert "Dwangakkoord aanvragen Kan nu" in vak
    pagina = marek.doe("10-06-2025", "dwangakkoord_aanvragen", aantal_weigeringen="2")
    assert pagina.badges[0] == "Dwangakkoord gevraagd"


def answer(marek: Traject, dag: str, nummers, stand: str) -> None:
    """Tick debts in the list and say how far they are."""
    marek.verteller.op(dag)
    adres = f"{marek.url}/schulden"
    form = marek.verteller.lees(adres).wortel.met_id("formulier-antwoord")
    verborgen = {veld["name"]: veld["value"] for veld in form.alle("input") if veld["type"] == "hidden"}
    velden = {**verborgen, "schuld": [str(n) for n in nummers], "stand": stand, "op": dag}
    waar, pagina = marek.verteller._post(f"{adres}/antwoord", velden)
    assert waar == adres, pagina.fouten
