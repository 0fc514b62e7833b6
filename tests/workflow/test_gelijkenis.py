"""Near doubles are noticed, a family at one address is not, and data of a known person that differ are told apart."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from workflow import personen
from workflow.gelijkenis import changes, completed, contradictions, updated
from workflow.persoonsgegevens import Gegevens, check
from workflow.velden import InvoerGeweigerd

BEKEND = Gegevens(
    "Janssen",
    voornaam="Wilhelmina",
    geboortedatum="1971-03-16",
    postcode="6211AB",
    huisnummer="12",
    toevoeging="A",
    woonplaats="Maastricht",
    telefoon="06 12345678",
)


@pytest.fixture
def bekend(vreemd: Connection) -> Connection:
    """One person who is known, among others."""
    personen.register(vreemd, BEKEND)
    for naam in ("Jacobs", "Wolters", "van Dijk"):
        personen.register(vreemd, Gegevens(naam, voornaam="Kim", geboortedatum="1971-03-16"))
    return vreemd


def alike(db: Connection, achternaam: str, **gegevens: str) -> list[str]:
    """Who looks like this person."""
    return [p.naam for p in personen.look_alikes(db, Gegevens(achternaam, **gegevens))]


# -- Near doubles ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("achternaam", ["Jansen", "Jansens", "Janszen", "Hanssen", "JANSSEN", "Wilhelmina"])
def test_born_the_same_day_with_a_name_that_is_nearly_the_same(bekend: Connection, achternaam: str) -> None:
    voornaam = "Janssen" if achternaam == "Wilhelmina" else ""
    assert alike(bekend, achternaam, voornaam=voornaam, geboortedatum="1971-03-16") == ["Wilhelmina Janssen"]


@pytest.mark.parametrize("achternaam", ["Peters", "Hendriks", "van Loon"])
def test_born_the_same_day_is_not_enough(bekend: Connection, achternaam: str) -> None:
    assert alike(bekend, achternaam, geboortedatum="1971-03-16") == []


@pytest.mark.parametrize("voornaam", ["", "W.", "Wilhelmien", "Wilhelmina"])
def test_the_same_address_with_a_name_that_is_nearly_the_same(bekend: Connection, voornaam: str) -> None:
    waar = {"postcode": "6211AB", "huisnummer": "12"}
    assert alike(bekend, "Jansen", voornaam=voornaam, **waar) == ["Wilhelmina Janssen"]
    assert alike(bekend, "Jansen", voornaam=voornaam, **{**waar, "huisnummer": "14"}) == []


def test_who_shares_house_and_surname_only_is_family(bekend: Connection) -> None:
    assert alike(bekend, "Janssen", voornaam="Otto", postcode="6211AB", huisnummer="12") == []


def test_first_and_last_name_in_each_others_place(bekend: Connection) -> None:
    assert alike(bekend, "Wilhelmina", voornaam="Janssen") == ["Wilhelmina Janssen"]
    assert alike(bekend, "Wilhelmina", voornaam="Jansen", postcode="6211AB", huisnummer="12") == ["Wilhelmina Janssen"]


def test_the_double_at_this_address_is_found_among_many_of_that_name(vreemd: Connection) -> None:
    personen.register(vreemd, BEKEND)
    for nummer in range(400):
        personen.register(vreemd, Gegevens(f"Jansma{'abcdefghij'[nummer % 10]}", voornaam="Piet"))
    gevonden = alike(vreemd, "Jansen", voornaam="Wilhelmien", postcode="6211AB", huisnummer="12")
    assert gevonden == ["Wilhelmina Janssen"]


# -- What differs ------------------------------------------------------------------------------------------------------


def test_a_phone_number_written_otherwise_is_no_change_and_what_was_not_known_is_filled_in() -> None:
    getypt = Gegevens("Janssen", telefoon="+31 6 1234 5678", email="w@voorbeeld.test")
    assert changes(BEKEND, getypt) == []
    assert completed(BEKEND, getypt) == replace(BEKEND, email="w@voorbeeld.test")


def test_beside_a_change_what_was_not_known_is_asked_about_too() -> None:
    getypt = Gegevens("Janssen", telefoon="06 87654321", email="w@voorbeeld.test")
    assert [(v.veld, v.bekend) for v in changes(BEKEND, getypt)] == [("telefoon", BEKEND.telefoon), ("email", "")]
    assert completed(BEKEND, getypt) == BEKEND
    assert updated(BEKEND, getypt).email == "w@voorbeeld.test"


def test_who_moves_takes_no_addition_or_town_along() -> None:
    nieuw = updated(BEKEND, Gegevens("Janssen", postcode="6411CD", huisnummer="3"))
    assert (nieuw.postcode, nieuw.huisnummer, nieuw.toevoeging, nieuw.woonplaats) == ("6411CD", "3", "", "")
    assert updated(BEKEND, Gegevens("Janssen", huisnummer="14")).toevoeging == ""
    assert updated(BEKEND, Gegevens("Janssen", postcode="6211AB", huisnummer="12")) == BEKEND


def test_what_was_left_open_takes_nothing_away() -> None:
    assert changes(BEKEND, Gegevens("Janssen")) == []


def test_a_name_or_birth_date_that_is_known_otherwise_is_never_changed() -> None:
    getypt = Gegevens("Pietersen", voornaam="Wil", geboortedatum="1971-03-17", bsn="999990019")
    assert [v.veld for v in contradictions(BEKEND, getypt)] == ["achternaam", "geboortedatum"]
    assert changes(BEKEND, getypt) == []
    for nieuw in (completed(BEKEND, getypt), updated(BEKEND, getypt)):
        assert (nieuw.achternaam, nieuw.geboortedatum) == ("Janssen", "1971-03-16")


def test_what_was_not_known_yet_is_filled_in() -> None:
    assert completed(BEKEND, Gegevens("Janssen", bsn="999990019")).bsn == "999990019"
    naamloos = Gegevens("", geboortedatum="1971-03-16")
    assert completed(naamloos, Gegevens("Janssen", voornaam="Wil")).naam == "Wil Janssen"


def test_a_name_put_in_other_fields_is_the_same_name() -> None:
    bekend = Gegevens("van den Berg", voornaam="Jan")
    getypt = Gegevens("Berg", voornaam="J.", tussenvoegsel="van den")
    assert contradictions(bekend, getypt) == []
    assert completed(bekend, getypt) == bekend


# -- Shapes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("veld", "waarde"),
    [
        ("postcode", "6211"),
        ("postcode", "0211AB"),
        ("postcode", "AB6211"),
        ("huisnummer", "12a"),
        ("huisnummer", "0"),
        ("telefoon", "bellen"),
        ("telefoon", "06 1234"),
        ("telefoon", "06-12345678 of 06-87654321"),
        ("email", "wil@"),
        ("email", "wil janssen@voorbeeld.nl"),
        ("email", "wil@voorbeeld"),
    ],
)
def test_contact_data_without_their_shape_are_refused(veld: str, waarde: str) -> None:
    with pytest.raises(InvoerGeweigerd) as fout:
        check(Gegevens("Janssen", **{veld: waarde}))
    assert list(fout.value.fouten) == [veld]


@pytest.mark.parametrize(
    ("veld", "waarde"),
    [
        ("postcode", "6211 ab"),
        ("huisnummer", "240"),
        ("telefoon", "043-350 40 40"),
        ("telefoon", "+32 470 12.34.56"),
        ("telefoon", "(043) 3504040"),
        ("email", "w.j+kbl@post.voorbeeld.nl"),
    ],
)
def test_contact_data_are_taken_as_people_write_them(veld: str, waarde: str) -> None:
    assert getattr(check(Gegevens("Janssen", **{veld: waarde})), veld) in (waarde, "6211AB")


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InvoerGeweigerd) as fout:
        check(Gegevens("", bsn="1", postcode="1", telefoon="x", email="x", voornaam="x" * 121))
    assert set(fout.value.fouten) == {"achternaam", "bsn", "postcode", "telefoon", "email", "voornaam"}


def test_what_an_exchange_file_brought_may_stay_when_something_else_changes(vreemd: Connection) -> None:
    fout = Gegevens("Janssen", bsn="999990018", huisnummer="12-bis")
    wie = [personen.register(vreemd, fout, is_gecontroleerd=False) for _ in range(2)]
    personen.change(vreemd, wie[1], updated(fout, Gegevens("Janssen", telefoon="0433504040")))
    gevonden = personen.by_pseudonym(vreemd, wie)
    assert gevonden[wie[1]].gegevens.telefoon == "0433504040"
    eerste = personen.by_bsn(vreemd, "999990018")
    assert eerste
    assert eerste.pseudoniem == wie[0]
