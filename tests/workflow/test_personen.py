"""People are registered once, found by BSN or name, and readable with the key only. All of them are invented."""

from __future__ import annotations

import sqlite3
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text

from models import klok
from models.database import engine, transaction
from models.persoon import datasleutel, persoon, zoekterm
from tests.bouwers import COORDINATOR, VANDAAG, a_person, a_traject, folded
from workflow import personen
from workflow.bsn import is_valid_bsn
from workflow.kluis import KluisDicht
from workflow.overzichten import names_in
from workflow.personen import Gegevens
from workflow.persoonsgegevens import TEKEN, check
from workflow.velden import InvoerGeweigerd

RICHTING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""The marks of Unicode that turn the direction of what follows them."""

BSN, ANDER_BSN = "999990019", "123456782"


def enter(db: Connection, achternaam: str = "Amrani", **gegevens: str) -> str:
    """Register an invented person."""
    return personen.register(db, Gegevens(achternaam, **gegevens))


def names(gevonden: list[personen.Persoon]) -> list[str]:
    """How they are called."""
    return [iemand.naam for iemand in gevonden]


# -- BSN ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bsn", ["999990019", "123456782", "111222333"])
def test_a_bsn_that_passes_the_elfproef(bsn: str) -> None:
    assert is_valid_bsn(bsn)


@pytest.mark.parametrize(
    "bsn", ["999990018", "123456789", "000000000", "12345678", "1234567820", "12345678a", "", "٩٩٩٩٩٠٠١٩", " 99990019"]
)
def test_a_bsn_that_fails_the_elfproef(bsn: str) -> None:
    assert not is_valid_bsn(bsn)


@given(st.integers(1, 99_999_999), st.integers(1, 9), st.integers(0, 8))
def test_one_wrong_digit_never_passes(begin: int, verschil: int, plaats: int) -> None:
    acht = f"{begin:08}"
    for cijfer in "0123456789":
        if is_valid_bsn(acht + cijfer):
            goed = acht + cijfer
            fout = goed[:plaats] + str((int(goed[plaats]) + verschil) % 10) + goed[plaats + 1 :]
            assert not is_valid_bsn(fout)


def test_a_bsn_is_registered_once(vreemd: Connection) -> None:
    wie = enter(vreemd, bsn=BSN)
    with pytest.raises(InvoerGeweigerd) as fout:
        enter(vreemd, "Heel Anders", bsn=BSN)
    assert fout.value.fouten == {"bsn": "Er is al een persoon met dit BSN."}
    gevonden = personen.by_bsn(vreemd, BSN)
    assert gevonden
    assert gevonden.pseudoniem == wie
    assert personen.by_bsn(vreemd, ANDER_BSN) is None


def test_an_exchange_file_may_bring_a_bsn_that_fails(vreemd: Connection) -> None:
    with pytest.raises(InvoerGeweigerd, match="klopt niet"):
        enter(vreemd, bsn="999990018")
    personen.register(vreemd, Gegevens("Amrani", bsn="999990018"), is_gecontroleerd=False)
    assert personen.by_bsn(vreemd, "999990018")


# -- Checks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gegevens", "veld"),
    [
        ({"achternaam": ""}, "achternaam"),
        ({"achternaam": " -' "}, "achternaam"),
        ({"geboortedatum": "1980-02-30"}, "geboortedatum"),
        ({"geboortedatum": "1-9-1980"}, "geboortedatum"),
        ({"geboortedatum": "2026-03-03"}, "geboortedatum"),
        ({"geboortedatum": "1899-12-31"}, "geboortedatum"),
        ({"voornaam": "x" * 121}, "voornaam"),
        ({"email": "x" * 121}, "email"),
        ({"achternaam": "Am\0rani"}, "achternaam"),
        ({"voornaam": "\ud83d"}, "voornaam"),
        *(({"achternaam": f"Am{teken}rani"}, "achternaam") for teken in RICHTING),
        ({"woonplaats": "Maas\u202etricht"}, "woonplaats"),
        ({"gemachtigde_naam": "Jan\u200e"}, "gemachtigde_naam"),
    ],
)
def test_wrong_data_is_told_at_its_veld(vreemd: Connection, gegevens: dict[str, str], veld: str) -> None:
    with pytest.raises(InvoerGeweigerd) as fout:
        personen.register(vreemd, Gegevens(**{"achternaam": "Amrani", **gegevens}))
    assert list(fout.value.fouten) == [veld]


@given(
    st.sampled_from([veld.name for veld in fields(Gegevens)]),
    st.characters(categories=("Cc", "Cf", "Co", "Cs")).filter(lambda teken: not teken.isspace()),
)
def test_nothing_of_a_person_holds_a_character_that_nobody_sees(veld: str, teken: str) -> None:
    with pytest.raises(InvoerGeweigerd) as fout:
        check(Gegevens(**{"achternaam": "Amrani", veld: f"Zo{teken}iets"}))
    assert fout.value.fouten[veld] == TEKEN


@pytest.mark.parametrize("naam", ["Çelik-Özdemir", "d'Aubigné", "Łukasz", "Nguyễn", "Ğ. van ’t Hof", "محمد", "李"])
def test_a_name_is_spelled_as_people_spell_it(naam: str) -> None:
    assert check(Gegevens(naam)).achternaam == naam


def test_every_wrong_veld_is_told_at_once(vreemd: Connection) -> None:
    with pytest.raises(InvoerGeweigerd) as fout:
        enter(vreemd, "", bsn="1", geboortedatum="gisteren")
    assert set(fout.value.fouten) == {"achternaam", "bsn", "geboortedatum"}


def test_a_child_born_today_exists_in_amsterdam(vreemd: Connection) -> None:
    with klok.at(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)):
        enter(vreemd, geboortedatum="2026-07-01")


def test_blanks_are_put_right(vreemd: Connection) -> None:
    wie = enter(vreemd, "  de   Vries ", voornaam=" Jan\tPiet ")
    assert personen.by_pseudonym(vreemd, [wie])[wie].naam == "Jan Piet de Vries"


# -- Finding -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def mensen(vreemd: Connection) -> Connection:
    """Four people."""
    enter(vreemd, "Amrani", voornaam="Fatima", tussenvoegsel="el", geboortedatum="1988-04-12")
    enter(vreemd, "Jansen", voornaam="Anna", geboortedatum="1990-01-01")
    enter(vreemd, "Jansen-Müller", voornaam="José", geboortedatum="1975-06-30")
    enter(vreemd, "Berg", voornaam="Jan", tussenvoegsel="van den", geboortedatum="1990-01-01")
    return vreemd


@pytest.mark.parametrize(
    ("vraag", "gevonden"),
    [
        ("jansen", ["Anna Jansen", "José Jansen-Müller"]),
        ("JANS", ["Anna Jansen", "José Jansen-Müller"]),
        ("jan", ["Anna Jansen", "Jan van den Berg", "José Jansen-Müller"]),
        ("anna jansen", ["Anna Jansen"]),
        ("jansen anna", ["Anna Jansen"]),
        ("jose muller", ["José Jansen-Müller"]),
        ("José Jansen-Müller", ["José Jansen-Müller"]),
        ("ansen", []),
        ("ja", []),
        ("anna berg", []),
        ("", []),
        ("  '- ", []),
        ("%", []),
        ("Fatima el Amrani", ["Fatima el Amrani"]),
        ("el amrani", ["Fatima el Amrani"]),
        ("van den Berg", ["Jan van den Berg"]),
        ("berg, jan van den", ["Jan van den Berg"]),
    ],
)
def test_a_person_is_found_by_parts_of_the_name(mensen: Connection, vraag: str, gevonden: list[str]) -> None:
    assert names(personen.by_name(mensen, vraag)) == gevonden


def test_hits_are_capped(vreemd: Connection) -> None:
    for _ in range(25):
        enter(vreemd, "Jansen")
    assert len(personen.by_name(vreemd, "jansen")) == 20
    assert len(personen.by_name(vreemd, "jansen", limit=3)) == 3


@pytest.mark.parametrize(
    ("gegevens", "lijkt_op"),
    [
        (Gegevens("Amrani", geboortedatum="1988-04-12"), ["Fatima el Amrani"]),
        (Gegevens("AMRANI", voornaam="Fatima", tussenvoegsel="el"), ["Fatima el Amrani"]),
        (Gegevens("Amrani", voornaam="Fatiha"), []),
        (Gegevens("Jansen", geboortedatum="1990-01-01"), ["Anna Jansen"]),
        (Gegevens("Berg", geboortedatum="1975-06-30"), []),
        (Gegevens("Muller", geboortedatum="1975-06-30"), ["José Jansen-Müller"]),
    ],
)
def test_who_looks_alike_is_shown(mensen: Connection, gegevens: Gegevens, lijkt_op: list[str]) -> None:
    assert names(personen.look_alikes(mensen, gegevens)) == lijkt_op


def test_the_same_bsn_is_the_same_person_whatever_the_name(vreemd: Connection) -> None:
    enter(vreemd, "Amrani", bsn=BSN)
    assert names(personen.look_alikes(vreemd, Gegevens("Heel Anders", bsn=BSN))) == ["Amrani"]


def test_who_looks_alike_is_found_among_many_of_that_name(vreemd: Connection) -> None:
    """The double that matters may be the fortieth Jansen."""
    for nummer in range(40):
        enter(vreemd, "Jansen", voornaam=f"Anna{'abcdefghij'[nummer % 10]}", geboortedatum="1990-01-01")
    enter(vreemd, "Jansen", voornaam="Piet", geboortedatum="1961-02-03")
    gevonden = personen.look_alikes(vreemd, Gegevens("Jansen", geboortedatum="1961-02-03"))
    assert names(gevonden) == ["Piet Jansen"]


def test_who_was_merged_away_is_found_as_who_stays(vreemd: Connection) -> None:
    weg, blijft = enter(vreemd, "Jansen", bsn=BSN), enter(vreemd, "Jansen")
    personen.merge(vreemd, weg, blijft, door=COORDINATOR, op=VANDAAG)
    assert [p.pseudoniem for p in personen.by_name(vreemd, "jansen")] == [blijft]
    gevonden = personen.by_bsn(vreemd, BSN)
    assert gevonden
    assert gevonden.pseudoniem == blijft


def test_a_merge_leaves_the_names_of_a_household_in_their_order(vreemd: Connection) -> None:
    weg, blijft, partner = (enter(vreemd, naam) for naam in ("Jansen", "Jansen", "Pietersen"))
    nummer = a_traject(vreemd, wie=[weg, partner])
    personen.merge(vreemd, weg, blijft, door=COORDINATOR, op=VANDAAG)
    verloop = folded(vreemd, nummer)
    assert list(verloop.stand.deelnemers) == [blijft, partner]
    assert names_in(vreemd, [verloop.traject_id]) == {verloop.traject_id: ("Jansen", "Pietersen")}


def test_trajecten_of_people_newest_first(vreemd: Connection) -> None:
    wie = a_person(vreemd)
    eerste = a_traject(vreemd, wie=[wie], stap="opgehouden")
    tweede = a_traject(vreemd, wie=[wie], op=VANDAAG)
    gevonden = personen.trajecten_of(vreemd, [wie, "niemand"])
    assert [rij.nummer for rij in gevonden[wie]] == [tweede, eerste]
    assert list(gevonden) == [wie]


# -- Changing ----------------------------------------------------------------------------------------------------------


def test_changed_data_is_found_by_the_new_name_and_not_by_the_old(vreemd: Connection) -> None:
    wie = enter(vreemd, "Jansen", bsn=BSN, geboortedatum="1990-01-01")
    personen.change(vreemd, wie, Gegevens("Pietersen", bsn=ANDER_BSN))
    assert personen.by_name(vreemd, "jansen") == []
    assert names(personen.by_name(vreemd, "pieter")) == ["Pietersen"]
    assert personen.by_bsn(vreemd, BSN) is None
    assert personen.look_alikes(vreemd, Gegevens("Pietersen", geboortedatum="1990-01-01")) == []


def test_a_change_keeps_to_the_same_rules(vreemd: Connection) -> None:
    enter(vreemd, "Jansen", bsn=BSN)
    wie = enter(vreemd, "Pietersen")
    with pytest.raises(InvoerGeweigerd, match="al een persoon met dit BSN"):
        personen.change(vreemd, wie, Gegevens("Pietersen", bsn=BSN))
    with pytest.raises(InvoerGeweigerd, match="achternaam"):
        personen.change(vreemd, wie, Gegevens(""))
    personen.change(vreemd, wie, Gegevens("Pietersen", bsn="123456782"))
    personen.change(vreemd, wie, Gegevens("Pietersen", bsn="123456782", telefoon="0612345678"))


def test_who_is_not_there_is_not_changed(vreemd: Connection) -> None:
    with pytest.raises(InvoerGeweigerd):
        personen.change(vreemd, "niemand", Gegevens("Pietersen"))


# -- Nothing in the clear ----------------------------------------------------------------------------------------------

MARKERING: dict[str, str] = {
    "achternaam": "Zwaluwstaart",
    "voornaam": "Mirabella",
    "bsn": BSN,
    "geboortedatum": "1983-11-07",
    "postcode": "6299XQ",
    "telefoon": "0437654321",
    "email": "mirabella@voorbeeld.test",
}


def test_no_personal_data_stands_in_the_file(vreemde_database: str, stille_klok: None) -> None:
    with transaction(vreemde_database) as db:
        a_traject(db, wie=[personen.register(db, Gegevens(**MARKERING))], stap="toets")
    engine(vreemde_database).dispose()
    bestand = Path(vreemde_database.removeprefix("sqlite:///"))
    with sqlite3.connect(bestand) as kaal:
        kaal.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        kaal.execute("VACUUM")
    kaal.close()
    inhoud = b"".join(p.read_bytes() for p in bestand.parent.glob(f"{bestand.name}*"))
    for waarde in MARKERING.values():
        assert waarde.encode() not in inhoud
        assert waarde.casefold().encode() not in inhoud


def test_without_the_data_key_the_data_is_gone(vreemd: Connection) -> None:
    wie = enter(vreemd, "Jansen")
    ander = select(datasleutel.c.omhuld).where(datasleutel.c.id != _key_of(vreemd, wie)).limit(1)
    enter(vreemd, "Pietersen")
    vreemd.execute(
        datasleutel.update()
        .where(datasleutel.c.id == _key_of(vreemd, wie))
        .values(omhuld=vreemd.execute(ander).scalar_one())
    )
    with pytest.raises(KluisDicht):
        personen.by_pseudonym(vreemd, [wie])


def _key_of(db: Connection, wie: str) -> int:
    return int(db.execute(select(persoon.c.datasleutel_id).where(persoon.c.pseudoniem == wie)).scalar_one())


def test_data_of_one_person_cannot_be_laid_under_another(vreemd: Connection) -> None:
    een, twee = enter(vreemd, "Jansen"), enter(vreemd, "Pietersen")
    rij: Any = vreemd.execute(
        select(persoon.c.gegevens, persoon.c.datasleutel_id).where(persoon.c.pseudoniem == een)
    ).one()
    vreemd.execute(
        persoon.update()
        .where(persoon.c.pseudoniem == twee)
        .values(gegevens=rij.gegevens, datasleutel_id=rij.datasleutel_id)
    )
    with pytest.raises(KluisDicht):
        personen.by_pseudonym(vreemd, [twee])


def test_pseudonyms_are_random(vreemd: Connection) -> None:
    wie = {enter(vreemd, "Jansen", geboortedatum="1990-01-01") for _ in range(20)}
    assert len(wie) == 20
    assert all(len(p) == 32 and int(p, 16) for p in wie)


def test_search_terms_go_with_the_person(vreemd: Connection) -> None:
    wie = enter(vreemd, "Jansen")
    assert vreemd.execute(select(zoekterm)).all()
    vreemd.execute(persoon.delete().where(persoon.c.pseudoniem == wie))
    assert vreemd.execute(text("SELECT count(*) FROM zoekterm")).scalar_one() == 0
