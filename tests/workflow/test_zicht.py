"""A shielded dossier is there for who may see it and for nobody else, wherever it is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import DatabaseError

from models import klok
from models.afscherming import afscherming as tabel
from models.afscherming import inzage
from tests.bouwers import COORDINATOR, NU, UITVOERDER, VANDAAG, a_person, a_traject, actor, key
from workflow import afscherming, overzichten, personen, zicht
from workflow.gezin import Afgeschermd, load
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Actor
from workflow.overzichten import Vraag, desk, werkvoorraad
from workflow.personen import Gegevens
from workflow.velden import InvoerGeweigerd
from workflow.vervanging import give_back, hand_over_many
from workflow.voortgang import hand_over, start

AUDITOR, BEHEERDER = actor("auditor"), actor("beheerder")


@contextmanager
def seen_by(wie: Actor) -> Iterator[None]:
    """What a request of this medewerker sees."""
    zicht.look_as(wie.pseudoniem, wie.rol)
    try:
        yield
    finally:
        zicht.look_away()


@pytest.fixture(autouse=True)
def _clock(stille_klok: None) -> None:
    """The clock stands still."""


@pytest.fixture
def zwaluw(vreemd: Connection) -> str:
    """Somebody with a traject of their own."""
    return a_person(vreemd, "Zwaluw", voornaam="Mirabella", geboortedatum="1980-05-05")


@pytest.fixture
def nummer(vreemd: Connection, zwaluw: str) -> str:
    return a_traject(vreemd, wie=[zwaluw])


def shield(db: Connection, nummer: str, soort: str = "alleen", *leden: Actor, tot_dag: int | None = None) -> int:
    return afscherming.shield(
        db,
        nummer,
        soort=soort,
        reden="collega",
        leden=[lid.pseudoniem for lid in leden],
        tot_dag=tot_dag,
        door=COORDINATOR.pseudoniem,
    )


def can_open(db: Connection, nummer: str, wie: Actor) -> bool:
    with seen_by(wie):
        try:
            load(db, nummer, lock=False)
        except Afgeschermd:
            return False
    return True


# -- For whom ----------------------------------------------------------------------------------------------------------


def test_only_who_is_named_opens_it(vreemd: Connection, nummer: str) -> None:
    shield(vreemd, nummer, "alleen", COORDINATOR)
    assert can_open(vreemd, nummer, COORDINATOR)
    assert not can_open(vreemd, nummer, UITVOERDER)
    assert not can_open(vreemd, nummer, AUDITOR)


def test_the_behandelaar_opens_it_and_no_longer_once_it_was_handed_over(vreemd: Connection, nummer: str) -> None:
    hand_over(vreemd, nummer, UITVOERDER.pseudoniem, door=COORDINATOR)
    shield(vreemd, nummer)
    assert can_open(vreemd, nummer, UITVOERDER)
    hand_over(vreemd, nummer, COORDINATOR.pseudoniem, door=UITVOERDER)
    assert not can_open(vreemd, nummer, UITVOERDER)
    assert can_open(vreemd, nummer, COORDINATOR)


def test_it_can_be_kept_from_a_relative_only(vreemd: Connection, nummer: str) -> None:
    shield(vreemd, nummer, "niet", UITVOERDER)
    assert not can_open(vreemd, nummer, UITVOERDER)
    assert can_open(vreemd, nummer, COORDINATOR)


def test_every_shield_counts(vreemd: Connection, nummer: str) -> None:
    shield(vreemd, nummer, "alleen", UITVOERDER, COORDINATOR)
    shield(vreemd, nummer, "niet", UITVOERDER)
    assert not can_open(vreemd, nummer, UITVOERDER)
    assert can_open(vreemd, nummer, COORDINATOR)


def test_the_program_itself_and_the_beheerder_see_the_whole(vreemd: Connection, nummer: str) -> None:
    shield(vreemd, nummer)
    load(vreemd, nummer)
    assert can_open(vreemd, nummer, BEHEERDER)


def test_what_hangs_on_it_is_out_of_sight_too(vreemd: Connection, nummer: str) -> None:
    shield(vreemd, nummer)
    with seen_by(UITVOERDER):
        verborgen = zicht.hidden(vreemd)
    assert nummer in verborgen.nummers.values()
    assert set(verborgen.nummers) == {v.traject_id for v in load(vreemd, nummer)}


# -- Lists, search and people ------------------------------------------------------------------------------------------


def lines(db: Connection, wie: Actor, **vraag: str) -> list[str]:
    with seen_by(wie):
        pagina = werkvoorraad(db, Vraag(lijst="alle", **vraag), wie.pseudoniem, VANDAAG)  # type: ignore[arg-type]
    assert pagina.aantal == len(pagina.regels)
    return [regel.nummer for regel in pagina.regels]


def test_lists_counts_and_search_leave_it_out(vreemd: Connection, nummer: str) -> None:
    ander = a_traject(vreemd)
    shield(vreemd, nummer, "alleen", COORDINATOR)
    assert lines(vreemd, UITVOERDER) == [ander]
    assert sorted(lines(vreemd, COORDINATOR)) == sorted([nummer, ander])
    assert lines(vreemd, UITVOERDER, zoek="Zwaluw") == lines(vreemd, UITVOERDER, zoek=nummer) == []
    assert lines(vreemd, COORDINATOR, zoek="Zwaluw") == [nummer]


def test_a_list_behind_a_figure_has_no_name_of_it(vreemd: Connection, nummer: str) -> None:
    shield(vreemd, nummer)
    id_ = load(vreemd, nummer).by_nummer(nummer).traject_id
    with seen_by(UITVOERDER):
        assert overzichten.names_in(vreemd, [id_]) == {id_: (zicht.AFGESCHERMD,)}


def test_who_takes_part_in_nothing_else_is_not_found(vreemd: Connection, nummer: str, zwaluw: str) -> None:
    shield(vreemd, nummer)
    lijkt = Gegevens("Zwaluw", voornaam="Mirabella", geboortedatum="1980-05-05")
    with seen_by(UITVOERDER):
        assert personen.by_name(vreemd, "Zwaluw") == personen.look_alikes(vreemd, lijkt) == []
        with pytest.raises(personen.OnbekendePersoon):
            personen.find(vreemd, zwaluw)
        with pytest.raises(personen.OnbekendePersoon):
            personen.with_doubles(vreemd, zwaluw)
    assert personen.find(vreemd, zwaluw)


def test_who_takes_part_in_another_dossier_is_found_there(vreemd: Connection, zwaluw: str) -> None:
    dicht = a_traject(vreemd, wie=[zwaluw], stap="opgehouden")
    shield(vreemd, dicht)
    ander = a_traject(vreemd, wie=[zwaluw, a_person(vreemd)], op=VANDAAG)
    afscherming.end(vreemd, followers(vreemd, ander)[0], reden="niet_meer_nodig", door=COORDINATOR.pseudoniem)
    with seen_by(UITVOERDER):
        assert personen.find(vreemd, zwaluw)
        assert [t.nummer for t in personen.trajecten_of(vreemd, [zwaluw])[zwaluw]] == [ander]


def followers(db: Connection, nummer: str) -> list[int]:
    """The shields of a dossier that came from another one."""
    wortel = load(db, nummer).by_nummer(nummer).wortel_id
    vraag = select(tabel.c.id).where(tabel.c.wortel_id == wortel, tabel.c.volgt_op.is_not(None))
    return list(db.execute(vraag).scalars())


# -- What follows ------------------------------------------------------------------------------------------------------


def test_a_new_start_of_somebody_shielded_is_shielded_too(vreemd: Connection, zwaluw: str) -> None:
    dicht = a_traject(vreemd, wie=[zwaluw], stap="opgehouden")
    shield(vreemd, dicht, "niet", UITVOERDER)
    nieuw = a_traject(vreemd, wie=[zwaluw], op=VANDAAG)
    assert not can_open(vreemd, nieuw, UITVOERDER)
    assert can_open(vreemd, nieuw, COORDINATOR)


def test_it_is_not_handed_to_whom_it_is_kept_from(vreemd: Connection, nummer: str) -> None:
    shield(vreemd, nummer, "niet", UITVOERDER)
    with pytest.raises(InvoerGeweigerd, match="afgeschermd"):
        hand_over(vreemd, nummer, UITVOERDER.pseudoniem, door=COORDINATOR)


def test_who_has_it_on_the_desk_hands_it_over_first(vreemd: Connection, nummer: str) -> None:
    hand_over(vreemd, nummer, UITVOERDER.pseudoniem, door=COORDINATOR)
    with pytest.raises(InvoerGeweigerd, match="Draag het dossier eerst over"):
        shield(vreemd, nummer, "niet", UITVOERDER)


# -- Until when --------------------------------------------------------------------------------------------------------


def test_it_holds_up_to_and_with_its_last_day(vreemd: Connection, nummer: str) -> None:
    shield(vreemd, nummer, tot_dag=VANDAAG + 2)
    with klok.at(NU.replace(day=NU.day + 1)):
        assert not can_open(vreemd, nummer, UITVOERDER)
    with klok.at(NU.replace(day=NU.day + 2)):
        assert can_open(vreemd, nummer, UITVOERDER)


def test_ending_it_opens_it_and_keeps_both_rows(vreemd: Connection, nummer: str) -> None:
    id_ = shield(vreemd, nummer)
    afscherming.end(vreemd, id_, reden="vergissing", door=COORDINATOR.pseudoniem)
    assert can_open(vreemd, nummer, UITVOERDER)
    (gevonden,) = afscherming.shields(vreemd, COORDINATOR.pseudoniem)
    assert (gevonden.is_van_kracht, gevonden.einde and gevonden.einde.reden) == (False, "vergissing")
    with pytest.raises(OvergangGeweigerd, match="al beëindigd"):
        afscherming.end(vreemd, id_, reden="vergissing", door=COORDINATOR.pseudoniem)


@pytest.mark.parametrize("soort", ["alleen", "niet"])
def test_who_may_not_see_it_does_not_end_it(vreemd: Connection, nummer: str, soort: str) -> None:
    id_ = shield(vreemd, nummer, soort, *((COORDINATOR,) if soort == "niet" else ()))
    with seen_by(COORDINATOR), pytest.raises((OvergangGeweigerd, afscherming.OnbekendeAfscherming)):
        afscherming.end(vreemd, id_, reden="vergissing", door=COORDINATOR.pseudoniem)
    with seen_by(BEHEERDER):
        afscherming.end(vreemd, id_, reden="vergissing", door=BEHEERDER.pseudoniem)


def test_who_it_is_kept_from_is_not_told_that_there_is_one(vreemd: Connection, nummer: str) -> None:
    shield(vreemd, nummer, "niet", COORDINATOR)
    assert afscherming.shields(vreemd, COORDINATOR.pseudoniem) == []
    assert len(afscherming.shields(vreemd, BEHEERDER.pseudoniem)) == 1


@pytest.mark.parametrize(
    ("anders", "veld"),
    [
        ({"soort": "half"}, "soort"),
        ({"reden": "zomaar"}, "reden"),
        ({"soort": "niet", "leden": []}, "leden"),
        ({"leden": ["niemand"]}, "leden"),
        ({"tot_dag": VANDAAG}, "tot"),
        ({"nummer": "SHV-0"}, "nummer"),
    ],
)
def test_a_wrong_answer_is_told_at_its_veld(
    vreemd: Connection, nummer: str, anders: dict[str, object], veld: str
) -> None:
    goed = {"nummer": nummer, "soort": "alleen", "reden": "collega", "leden": [], "tot_dag": None}
    with pytest.raises(InvoerGeweigerd) as fout:
        afscherming.shield(vreemd, **{**goed, **anders}, door=COORDINATOR.pseudoniem)  # type: ignore[arg-type]
    assert list(fout.value.fouten) == [veld]
    assert vreemd.execute(select(tabel)).all() == []


def test_a_shield_is_never_changed_or_removed(vreemd: Connection, nummer: str) -> None:
    shield(vreemd, nummer)
    for opdracht in (update(tabel).values(reden="familie"), delete(tabel)):
        with pytest.raises(DatabaseError, match="insert-only"), vreemd.begin_nested():
            vreemd.execute(opdracht)


# -- Opening one all the same ------------------------------------------------------------------------------------------


def test_an_auditor_opens_it_with_a_reason_until_the_end_of_the_day(vreemd: Connection, nummer: str) -> None:
    shield(vreemd, nummer)
    with seen_by(AUDITOR):
        afscherming.break_glass(vreemd, nummer, reden="over_klacht", door=AUDITOR.pseudoniem)
        load(vreemd, nummer)
    assert not can_open(vreemd, nummer, UITVOERDER)
    with klok.at(NU.replace(day=NU.day + 1)):
        assert not can_open(vreemd, nummer, AUDITOR)
    (gezien,) = afscherming.opened(vreemd)
    assert (gezien.nummer, gezien.medewerker, gezien.reden) == (nummer, AUDITOR.pseudoniem, "over_klacht")


def test_no_reason_opens_what_is_kept_from_the_auditor(vreemd: Connection, nummer: str) -> None:
    shield(vreemd, nummer, "niet", AUDITOR)
    with seen_by(AUDITOR), pytest.raises(OvergangGeweigerd, match="persoonlijk"), vreemd.begin_nested():
        afscherming.break_glass(vreemd, nummer, reden="over_klacht", door=AUDITOR.pseudoniem)
    assert vreemd.execute(select(inzage)).all() == []


def test_opening_takes_a_reason(vreemd: Connection, nummer: str) -> None:
    shield(vreemd, nummer)
    with seen_by(AUDITOR), pytest.raises(InvoerGeweigerd, match="reden"):
        afscherming.break_glass(vreemd, nummer, reden="", door=AUDITOR.pseudoniem)


def test_nobody_starts_anything_on_a_dossier_out_of_sight(vreemd: Connection, nummer: str) -> None:
    shield(vreemd, nummer)
    with seen_by(UITVOERDER), pytest.raises(Afgeschermd):
        hand_over(vreemd, nummer, UITVOERDER.pseudoniem, door=UITVOERDER)
    with seen_by(UITVOERDER), pytest.raises(Afgeschermd):
        start(vreemd, "les", "beginnen", {}, door=UITVOERDER, hoort_bij=nummer)


# -- Work that changes desks -------------------------------------------------------------------------------------------


def test_what_is_kept_from_a_colleague_does_not_go_there_with_the_rest(vreemd: Connection, nummer: str) -> None:
    ander = a_traject(vreemd)
    shield(vreemd, nummer, "niet", UITVOERDER)
    wie = dict.fromkeys([nummer, ander], UITVOERDER.pseudoniem)
    with pytest.raises(OvergangGeweigerd, match="afgeschermd voor wie het zou krijgen"):
        hand_over_many(vreemd, wie, reden="verlof", tot_met=None, door=COORDINATOR, sleutel=key("weg"))
    assert desk(vreemd, UITVOERDER.pseudoniem, 9) == ()


def test_what_was_shielded_since_does_not_come_back_and_is_told(vreemd: Connection, nummer: str) -> None:
    ander = a_traject(vreemd)
    for dossier in (nummer, ander):
        hand_over(vreemd, dossier, UITVOERDER.pseudoniem, door=COORDINATOR)
    wie = dict.fromkeys([nummer, ander], COORDINATOR.pseudoniem)
    gedaan = hand_over_many(vreemd, wie, reden="verlof", tot_met=VANDAAG + 9, door=COORDINATOR, sleutel=key("weg"))
    shield(vreemd, nummer, "niet", UITVOERDER)
    klaar, niet = give_back(vreemd, gedaan.nummer, COORDINATOR)
    assert [deel.nummer for deel in klaar] == [ander]
    assert [(deel.nummer, deel.waarom_niet) for deel in niet] == [(nummer, "is intussen afgeschermd")]


def test_a_desk_is_told_without_what_is_out_of_sight(vreemd: Connection, nummer: str) -> None:
    shield(vreemd, nummer)
    with seen_by(UITVOERDER):
        assert desk(vreemd, None, 9) == ()
    assert [regel.nummer for regel in desk(vreemd, None, 9)] == [nummer]
