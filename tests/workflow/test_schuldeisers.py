"""The register of creditors: entered once, alike ones found, merged and taken apart without touching a debt."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from tests.bouwers import UITVOERDER, a_traject, day
from workflow import schuldboek, schuldeisers
from workflow.gelijkenis import same_organisation
from workflow.gezin import load
from workflow.schuldboek import Melding
from workflow.schuldeisers import Schuldeiser, read_register
from workflow.schulden import Gegevens
from workflow.velden import InvoerGeweigerd


def enter(db: Connection, naam: str, **rest: object) -> str:
    return schuldeisers.add(db, Schuldeiser("", naam, "Overig", **rest)).code  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("een", "ander"),
    [
        ("CZ", "CZ Zorgverzekeringen N.V."),
        ("Essent", "Essnt B.V."),
        ("Vodafone Libertel", "VodafoneZiggo"),
        ("ABN Amro", "Stichting ABN AMRO Bank"),
        ("Energieleverancier A", "Energie-leverancier A BV"),
        ("De Woonstichting", "woonstichting"),
    ],
)
def test_two_ways_to_write_one_organisation_are_alike(een: str, ander: str) -> None:
    assert same_organisation(een, ander)
    assert same_organisation(ander, een)


@pytest.mark.parametrize(
    ("een", "ander"),
    [
        ("Gemeente Maastricht", "Gemeente Heerlen"),
        ("Zorgverzekeraar A", "Zorgverzekeraar B"),
        ("CJIB", "CZ"),
        ("Enexis", "Essent"),
        ("Bank Noord", "Bank Zuid"),
        ("", "CZ"),
    ],
)
def test_organisations_that_share_a_word_are_not_alike(een: str, ander: str) -> None:
    assert not same_organisation(een, ander)


def test_a_creditor_is_entered_once_by_name_or_kvk_number(db: Connection) -> None:
    enter(db, "Zorgplus", kvknummer="12345678")
    for dubbel in (
        Schuldeiser("", "zorg plus".replace(" ", ""), "Zorg"),
        Schuldeiser("", "Anders", "Zorg", kvknummer="12345678"),
    ):
        with pytest.raises(InvoerGeweigerd, match="staat al in het register"):
            schuldeisers.add(db, dubbel)


def test_what_is_wrong_is_said_at_each_veld(db: Connection) -> None:
    fout = Schuldeiser("", " ", "Iets", kvknummer="12", email="geen adres", plaats="x" * 81)
    with pytest.raises(InvoerGeweigerd) as geweigerd:
        schuldeisers.add(db, fout)
    assert set(geweigerd.value.fouten) == {"naam", "soort", "kvknummer", "email", "plaats"}


@pytest.mark.parametrize("teken", ["\u202e", "\u2066", "\u200e", "\x00"])
def test_the_name_of_a_creditor_reads_as_it_is(db: Connection, teken: str) -> None:
    with pytest.raises(InvoerGeweigerd, match="teken dat niet kan"):
        schuldeisers.add(db, Schuldeiser("", f"Woon{teken}punt", "Huur"))


def test_codes_are_short_and_their_own(db: Connection) -> None:
    codes = [enter(db, naam) for naam in ("Café Zürich B.V.", "Cafe Zurich Holding", "€€")]
    assert codes == ["CAFE-ZURICH", "CAFE-ZURICH-2", "SCHULDEISER"]


def test_the_code_of_a_proposal_says_nothing_of_its_name(db: Connection) -> None:
    codes = [enter(db, naam, is_voorstel=True) for naam in ("Oom Proef", "Oom Proef Anders")]
    assert all(re.fullmatch("S-[0-9A-F]{8}", code) for code in codes)
    assert codes[0] != codes[1]


def test_a_debt_of_a_proposal_that_was_erased_names_the_private_person_itself(db: Connection) -> None:
    code = enter(db, "Oom Proef", is_voorstel=True)
    nummer = a_traject(db, op=day("2025-05-12"))
    schuldboek.add(db, nummer, [Gegevens(schuldeiser=code, bedrag=100)], Melding(UITVOERDER))
    schuldeisers.erase(db, code)
    regel = schuldboek.opened(db, nummer).lijst.by_nummer[1]
    assert (regel.schuldeiser, regel.code, regel.gegevens.is_prive) == ("Oom Proef", "", True)
    anders = schuldboek.change(db, nummer, 1, replace(regel.gegevens, bedrag=200), 1, Melding(UITVOERDER))
    assert anders is not None
    nu = schuldboek.opened(db, nummer).lijst
    assert (nu.by_nummer[1].schuldeiser, nu.schuldeisers, nu.totaal.cent) == ("Oom Proef", 1, 200)


def test_a_debt_does_not_keep_the_name_of_a_creditor_that_was_accepted(db: Connection) -> None:
    code = enter(db, "Essent", is_voorstel=True)
    schuldeisers.accept(db, code)
    nummer = a_traject(db, op=day("2025-05-12"))
    schuldboek.add(db, nummer, [Gegevens(schuldeiser=code, bedrag=100)], Melding(UITVOERDER))
    assert schuldboek.opened(db, nummer).lijst.by_nummer[1].gegevens.genoemd == ""


def test_doubles_are_found_and_gone_after_a_merge(db: Connection) -> None:
    weg, blijft = enter(db, "Essnt N.V."), enter(db, "Essent")
    enter(db, "Zorgplus")
    assert [{een.code, ander.code} for een, ander in read_register(db).doubles()] == [{weg, blijft}]
    schuldeisers.merge(db, weg, blijft)
    assert read_register(db).doubles() == []


def debt_is_of(db: Connection, nummer: str) -> str:
    boek = schuldboek.opened(db, nummer)
    return boek.lijst.by_nummer[1].schuldeiser


def test_a_merge_is_read_in_every_debt_and_taken_back_whole(db: Connection) -> None:
    weg, blijft, later = enter(db, "Essnt"), enter(db, "Essent"), enter(db, "Nieuwe Energie")
    nummer = a_traject(db, op=day("2025-05-12"))
    schuldboek.add(db, nummer, [Gegevens(schuldeiser=weg, bedrag=100)], Melding(UITVOERDER))
    schuldeisers.merge(db, weg, blijft)
    schuldeisers.merge(db, blijft, later)
    assert debt_is_of(db, nummer) == "Nieuwe Energie"
    schuldeisers.unmerge(db, blijft)
    assert debt_is_of(db, nummer) == "Essent"
    schuldeisers.unmerge(db, weg)
    assert debt_is_of(db, nummer) == "Essnt"


def test_two_entries_of_one_creditor_count_as_one(db: Connection) -> None:
    weg, blijft = enter(db, "Essnt"), enter(db, "Essent")
    nummer = a_traject(db, op=day("2025-05-12"))
    schuldboek.add(db, nummer, [Gegevens(schuldeiser=code, bedrag=100) for code in (weg, blijft)], Melding(UITVOERDER))
    assert schuldboek.opened(db, nummer).lijst.schuldeisers == 2
    schuldeisers.merge(db, weg, blijft)
    assert schuldboek.opened(db, nummer).lijst.schuldeisers == 1


@pytest.mark.parametrize(("weg", "blijft"), [("ESSENT", "ESSENT"), ("ESSENT", "NIEMAND"), ("DICHT", "ESSENT")])
def test_a_merge_that_cannot_be_is_refused(db: Connection, weg: str, blijft: str) -> None:
    enter(db, "Essent")
    schuldeisers.set_active(db, enter(db, "Dicht"), False)
    with pytest.raises(InvoerGeweigerd):
        schuldeisers.merge(db, weg, blijft)


def test_a_circle_of_merges_cannot_be_made(db: Connection) -> None:
    een, ander = enter(db, "Essnt"), enter(db, "Essent")
    schuldeisers.merge(db, een, ander)
    with pytest.raises(InvoerGeweigerd):
        schuldeisers.merge(db, ander, een)


def test_a_debt_keeps_its_creditor_when_that_is_closed_but_no_new_one_may_be_of_it(db: Connection) -> None:
    code = enter(db, "Essent", is_zakelijk=True)
    nummer = a_traject(db, op=day("2025-05-12"))
    schuldboek.add(db, nummer, [Gegevens(schuldeiser=code, bedrag=100)], Melding(UITVOERDER))
    schuldeisers.set_active(db, code, False)
    schuldboek.change(db, nummer, 1, Gegevens(schuldeiser=code, bedrag=200), 1, Melding(UITVOERDER))
    assert schuldboek.opened(db, nummer).lijst.by_nummer[1].gegevens.is_zakelijk
    with pytest.raises(InvoerGeweigerd, match="Kies een schuldeiser uit het register"):
        schuldboek.add(db, nummer, [Gegevens(schuldeiser=code, bedrag=100)], Melding(UITVOERDER))
    assert len(load(db, nummer).by_nummer(nummer).stand.antwoorden["schuldenstand"]) == 1
