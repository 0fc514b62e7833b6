"""Appointments: what is planned may change, what became of it stands in the log, and the two never disagree."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from models import klok
from tests.bouwers import COORDINATOR, NU, UITVOERDER, VANDAAG, a_traject, folded, key, let_one_correct, log_rows
from workflow import agenda, planpunten, wachten
from workflow.agenda import Afspraak, read_minute
from workflow.correcties import amend, withdraw
from workflow.kalender import date_of
from workflow.machine import OvergangGeweigerd
from workflow.medewerkers import Medewerker, add
from workflow.opdracht import Conflict
from workflow.planlog import after
from workflow.planpunten import Planpunt, find
from workflow.velden import InvoerGeweigerd
from workflow.vervanging import hand_over_many
from workflow.voorstellen import confirm, propose_insertion
from workflow.voortgang import advance, hand_over

MORGEN = VANDAAG + 1


@pytest.fixture(autouse=True)
def _stille_klok() -> Iterator[None]:
    with klok.at(NU):
        yield


def planned(db: Connection, nummer: str, dag: int = VANDAAG, soort: str = "vervolggesprek", **anders: object) -> str:
    """An appointment from nine to ten; its number."""
    waarden = {"dag": dag, "van": 540, "tot": 600, "soort": soort, "vorm": "gesprek", **anders}
    return agenda.plan(db, nummer, Afspraak(**waarden), door=UITVOERDER).punt  # type: ignore[arg-type]


def settled(db: Connection, nummer: str, punt: str, uitkomst: str, **invoer: str) -> Planpunt:
    """What became of it, recorded today; its row."""
    agenda.settle(db, nummer, punt, uitkomst, invoer, door=UITVOERDER, op=VANDAAG)
    return find(db, nummer, punt)


def last(db: Connection, nummer: str) -> str | None:
    """The overgang that was recorded last."""
    return log_rows(db, nummer)[-1]["overgang"]


def on_the_map(db: Connection, nummer: str, label: str) -> str:
    """The overgang with this label `gesprek`, where the traject stands."""
    keus = agenda.outcome(folded(db, nummer), label)
    assert keus is not None
    return keus.code


def add_medewerker(db: Connection, naam: str) -> Medewerker:
    """A case worker."""
    wat = {"inlognaam": naam, "naam": naam, "rol": "uitvoerder", "organisatie": "KBL"}
    return add(db, **wat, wachtwoord="paard batterij nietje klopt")


# -- Planning ----------------------------------------------------------------------------------------------------------


def test_planning_writes_no_row_in_the_log_but_offering_the_first_conversation_does(db: Connection) -> None:
    nummer = a_traject(db)
    rijen = len(log_rows(db, nummer))
    assert find(db, nummer, planned(db, nummer)).uit_volgnummer is None
    assert len(log_rows(db, nummer)) == rijen
    eerste = find(db, nummer, planned(db, nummer, MORGEN, "eerste_gesprek"))
    assert (last(db, nummer), eerste.uit_volgnummer) == ("gesprek_aanbieden", rijen + 1)
    invoer = json.loads(log_rows(db, nummer)[-1]["inhoud"])["invoer"]
    assert invoer == {"gesprek_aangeboden_op": date_of(MORGEN).isoformat()}


def test_the_offered_day_is_the_milestone_that_figures_look_for(db: Connection) -> None:
    nummer = a_traject(db)
    planned(db, nummer, MORGEN, "eerste_gesprek")
    vraag = text("SELECT genoemde_dag FROM mijlpaal WHERE naam = 'gesprek_aangeboden' AND traject_id = :id")
    assert list(db.execute(vraag, {"id": folded(db, nummer).traject_id}).scalars()) == [MORGEN]


def test_a_form_that_says_something_else_now_is_not_taken_for_what_it_planned(db: Connection) -> None:
    nummer, ander = a_traject(db, op=VANDAAG), a_traject(db, op=VANDAAG)
    afspraak = Afspraak(dag=MORGEN, van=540, tot=600, soort="vervolggesprek", vorm="gesprek")
    wat = {"door": UITVOERDER, "sleutel": key("plan")}
    punt = agenda.plan(db, nummer, afspraak, **wat).punt
    for waar, hoe in (
        (ander, afspraak),
        (nummer, replace(afspraak, van=550)),
        (nummer, replace(afspraak, dag=VANDAAG)),
    ):
        with pytest.raises(Conflict, match="met andere antwoorden"):
            agenda.plan(db, waar, hoe, **wat)
    with pytest.raises(Conflict, match="met andere antwoorden"):
        agenda.move(db, ander, planned(db, ander), afspraak, {}, op=VANDAAG, **wat)
    with pytest.raises(Conflict, match="met andere antwoorden"):
        wachten.add(db, nummer, "wachten", "client", MORGEN, "een brief", **wat)
    assert agenda.plan(db, nummer, afspraak, **wat).punt == punt


def test_the_same_form_sent_twice_plans_once(db: Connection) -> None:
    nummer = a_traject(db)
    afspraak = Afspraak(MORGEN, 540, 600, "eerste_gesprek", "gesprek")
    een, twee = (agenda.plan(db, nummer, afspraak, door=UITVOERDER, sleutel=key("plan")) for _ in range(2))
    assert een.punt == twee.punt
    assert len(planpunten.of_traject(db, folded(db, nummer).traject_id)) == 1


@pytest.mark.parametrize(
    ("anders", "fout"),
    [
        ({"dag": VANDAAG - 1}, "dag"),
        ({"dag": VANDAAG + 800}, "dag"),
        ({"tot": 540}, "tot"),
        ({"soort": "borrel"}, "soort"),
        ({"vorm": "brief"}, "vorm"),
        ({"wie": "0" * 32}, "wie"),
        ({"details": {"plaats": "x" * 201}}, "plaats"),
    ],
)
def test_what_is_wrong_is_said_at_its_question_and_nothing_is_planned(db: Connection, anders: dict, fout: str) -> None:
    nummer = a_traject(db)
    with pytest.raises(InvoerGeweigerd) as geweigerd:
        planned(db, nummer, **anders)
    assert set(geweigerd.value.fouten) == {fout}
    assert planpunten.of_traject(db, folded(db, nummer).traject_id) == []


def test_an_offer_that_the_map_does_not_allow_is_said_at_the_day(db: Connection) -> None:
    nummer = a_traject(db)
    with pytest.raises(InvoerGeweigerd, match="Aangeboden dag") as geweigerd:
        planned(db, nummer, VANDAAG + 200, "eerste_gesprek")
    assert set(geweigerd.value.fouten) == {"dag"}


@pytest.mark.parametrize(
    ("getypt", "minuut"), [("9", 540), ("9:30", 570), ("9.30", 570), ("0930", 570), ("14u15", 855), (" 23:59 ", 1439)]
)
def test_a_time_is_read_as_people_type_it(getypt: str, minuut: int) -> None:
    assert read_minute(getypt) == minuut


@pytest.mark.parametrize("getypt", ["", "24:00", "9:60", "half tien", "9:3", "-1", "٩:٣٠", None])
def test_what_is_no_time_is_refused(getypt: str | None) -> None:
    with pytest.raises(ValueError, match="tijd"):
        read_minute(getypt)


def test_texts_stand_nowhere_readable_and_are_read_back(db: Connection) -> None:
    nummer = a_traject(db)
    teksten = {"plaats": "Kamer 3", "tolk": "Tigrinya", "wie_komt": "met haar zus", "notitie": "Bel even aan."}
    punt = planned(db, nummer, details=teksten)
    assert find(db, nummer, punt).details == teksten
    rij = db.execute(text("SELECT * FROM planpunt")).one()
    assert not any(tekst.encode() in bytes(str(rij), "utf-8") for tekst in teksten.values())


def test_a_text_that_cannot_be_opened_hides_no_appointment(db: Connection) -> None:
    nummer = a_traject(db)
    punt = planned(db, nummer, details={"plaats": "Kamer 3"})
    db.execute(text("UPDATE planpunt SET geheim = :kapot"), {"kapot": b"0" * 40})
    assert find(db, nummer, punt).details["notitie"].startswith("(Deze tekst kan niet worden gelezen")


def test_the_next_appointment_is_what_a_letter_can_tell(db: Connection) -> None:
    nummer = a_traject(db)
    assert agenda.next_of(db, nummer) is None
    later, eerst, al_geweest = planned(db, nummer, MORGEN), planned(db, nummer, van=840, tot=900), planned(db, nummer)
    settled(db, nummer, al_geweest, "niet_verschenen")
    volgende = agenda.next_of(db, nummer)
    assert volgende is not None
    assert (volgende.nummer, volgende.tijd) == (eerst, "14:00–15:00")
    settled(db, nummer, eerst, "afgezegd", op_verzoek_van="client")
    assert agenda.next_of(db, nummer) == find(db, nummer, later)


# -- What became of it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("uitkomst", "invoer", "stand"),
    [
        ("gehouden", {"contactsoort": "gesprek"}, "gedaan"),
        ("niet_verschenen", {}, "niet_verschenen"),
        ("afgezegd", {"op_verzoek_van": "client"}, "afgezegd"),
    ],
)
def test_what_became_of_an_appointment_is_a_row_in_the_log(
    db: Connection, uitkomst: str, invoer: dict, stand: str
) -> None:
    nummer = a_traject(db)
    punt = settled(db, nummer, planned(db, nummer), uitkomst, **invoer)
    rij = log_rows(db, nummer)[-1]
    assert (punt.stand, punt.volgnummer) == (stand, rij["volgnummer"])
    assert rij["overgang"] == on_the_map(db, nummer, uitkomst)


def test_a_refused_answer_leaves_the_appointment_open(db: Connection) -> None:
    nummer = a_traject(db)
    punt, rijen = planned(db, nummer), len(log_rows(db, nummer))
    with pytest.raises(InvoerGeweigerd, match="contact"):
        settled(db, nummer, punt, "gehouden")
    assert (find(db, nummer, punt).stand, len(log_rows(db, nummer))) == ("open", rijen)


def test_what_is_still_to_come_was_not_kept_nor_missed(db: Connection) -> None:
    nummer = a_traject(db)
    punt = planned(db, nummer, MORGEN)
    for uitkomst in ("gehouden", "niet_verschenen"):
        with pytest.raises(OvergangGeweigerd, match="pas op 3 maart 2026"):
            settled(db, nummer, punt, uitkomst, contactsoort="gesprek")


def test_two_people_at_once_do_not_settle_an_appointment_twice(db: Connection) -> None:
    nummer = a_traject(db)
    punt = planned(db, nummer)
    settled(db, nummer, punt, "niet_verschenen")
    rijen = len(log_rows(db, nummer))
    with pytest.raises(Conflict, match="afgehandeld"):
        settled(db, nummer, punt, "gehouden", contactsoort="gesprek")
    assert len(log_rows(db, nummer)) == rijen


def test_a_form_sent_twice_finds_what_it_recorded(db: Connection) -> None:
    nummer = a_traject(db)
    punt = planned(db, nummer)
    wat = {"door": UITVOERDER, "op": VANDAAG, "sleutel": key("gehouden"), "versie": 1}
    een, twee = (
        agenda.settle(db, nummer, punt, "gehouden", {"contactsoort": "gesprek"}, **wat)  # type: ignore[arg-type]
        for _ in range(2)
    )
    assert een == twee
    assert find(db, nummer, punt).versie == 2


def test_a_move_closes_the_row_and_makes_another(db: Connection) -> None:
    nummer = a_traject(db)
    punt = planned(db, nummer)
    naar = Afspraak(MORGEN, 600, 660, "vervolggesprek", "gesprek")
    nieuw = agenda.move(db, nummer, punt, naar, {"op_verzoek_van": "client"}, door=UITVOERDER, op=VANDAAG)
    oud, na = find(db, nummer, punt), find(db, nummer, nieuw.punt)
    assert (oud.stand, na.stand, na.dag, na.uit_volgnummer) == ("verzet", "open", MORGEN, oud.volgnummer)
    invoer = json.loads(log_rows(db, nummer)[-1]["inhoud"])["invoer"]
    assert invoer == {"op_verzoek_van": "client", "nieuwe_dag_op": date_of(MORGEN).isoformat()}


def test_another_time_is_a_change_and_leaves_the_log_alone(db: Connection) -> None:
    nummer = a_traject(db)
    punt, rijen = planned(db, nummer), len(log_rows(db, nummer))
    anders = Afspraak(VANDAAG, 660, 720, "vervolggesprek", "telefoon", details={"plaats": "Thuis"})
    agenda.change_details(db, nummer, punt, anders, door=UITVOERDER, versie=1)
    na = find(db, nummer, punt)
    assert (na.tijd, na.vorm, na.details, na.dag) == ("11:00–12:00", "telefoon", {"plaats": "Thuis"}, VANDAAG)
    assert len(log_rows(db, nummer)) == rijen
    with pytest.raises(Conflict):
        agenda.change_details(db, nummer, punt, anders, door=UITVOERDER, versie=1)


def test_a_mistake_is_taken_out_but_not_what_the_log_tells_of(db: Connection) -> None:
    nummer = a_traject(db)
    los, aangeboden = planned(db, nummer), planned(db, nummer, MORGEN, "eerste_gesprek")
    agenda.remove(db, nummer, los)
    assert find(db, nummer, los).stand == "vervallen"
    with pytest.raises(OvergangGeweigerd, match="Trek daar gebeurtenis 2 in"):
        agenda.remove(db, nummer, aangeboden)


# -- Recorded elsewhere ------------------------------------------------------------------------------------------------


def test_starting_the_intake_on_the_day_settles_the_first_conversation(db: Connection) -> None:
    nummer = a_traject(db)
    punt = planned(db, nummer, soort="eerste_gesprek")
    verloop = folded(db, nummer)
    keus = agenda.special(verloop, find(db, nummer, punt))
    assert keus is not None
    assert keus.labels["mijlpaal"] == "eerste_gesprek"
    vast = advance(db, nummer, keus.code, {}, door=UITVOERDER, op=VANDAAG)
    assert after(db, nummer, keus, VANDAAG, vast.volgnummer) == [punt]
    assert find(db, nummer, punt).stand == "gedaan"


def test_which_of_two_on_one_day_is_meant_is_not_guessed(db: Connection) -> None:
    nummer = a_traject(db)
    een, twee = planned(db, nummer), planned(db, nummer, van=700, tot=760)
    verloop = folded(db, nummer)
    keus = verloop.stand.route.overgangen[on_the_map(db, nummer, "niet_verschenen")]  # type: ignore[union-attr]
    assert after(db, nummer, keus, VANDAAG, 9) == []
    assert after(db, nummer, keus, VANDAAG, 9, twee) == [twee]
    assert [find(db, nummer, punt).stand for punt in (een, twee)] == ["open", "niet_verschenen"]


def test_a_no_show_of_long_ago_that_two_people_record_settles_its_appointment(db: Connection) -> None:
    nummer = a_traject(db)
    punt = planned(db, nummer)
    advance(db, nummer, "notitie_maken", {"notitie": "Gebeld"}, door=UITVOERDER, op=VANDAAG)
    with klok.at(NU + timedelta(days=60)):
        advance(db, nummer, "notitie_maken", {"notitie": "Gebeld"}, door=UITVOERDER)
        let_one_correct(db, 30)
        code = on_the_map(db, nummer, "niet_verschenen")
        wat = {"invoer": {}, "op": VANDAAG, "reden": None, "correctiereden": "vergeten"}
        voorstel = propose_insertion(db, nummer, code, door=UITVOERDER, **wat)  # type: ignore[arg-type]
        assert find(db, nummer, punt).stand == "open"
        confirm(db, voorstel.id, door=COORDINATOR)
    assert find(db, nummer, punt).stand == "niet_verschenen"


# -- Corrected ---------------------------------------------------------------------------------------------------------


def test_an_appointment_is_open_again_when_what_became_of_it_is_withdrawn_and_settled_when_that_is_undone(
    db: Connection,
) -> None:
    nummer = a_traject(db)
    punt = settled(db, nummer, planned(db, nummer), "niet_verschenen")
    weg = withdraw(db, nummer, punt.volgnummer or 0, reden="verkeerde_keuze", door=COORDINATOR)
    assert find(db, nummer, punt.nummer).stand == "open"
    withdraw(db, nummer, weg.volgnummer, reden="verkeerde_keuze", door=COORDINATOR)
    assert find(db, nummer, punt.nummer).stand == "niet_verschenen"


def test_taking_back_a_move_brings_back_the_first_day(db: Connection) -> None:
    nummer = a_traject(db)
    punt = planned(db, nummer)
    naar = Afspraak(MORGEN, 600, 660, "vervolggesprek", "gesprek")
    nieuw = agenda.move(db, nummer, punt, naar, {"op_verzoek_van": "client"}, door=UITVOERDER, op=VANDAAG)
    assert nieuw.vastgelegd is not None
    withdraw(db, nummer, nieuw.vastgelegd.volgnummer, reden="verkeerde_keuze", door=COORDINATOR)
    assert [find(db, nummer, p).stand for p in (punt, nieuw.punt)] == ["open", "vervallen"]


def test_another_day_of_the_offer_moves_the_appointment(db: Connection) -> None:
    nummer = a_traject(db)
    punt = find(db, nummer, planned(db, nummer, MORGEN, "eerste_gesprek"))
    dag = date_of(MORGEN + 2).isoformat()
    anders = {"gesprek_aangeboden_op": dag}
    amend(db, nummer, punt.uit_volgnummer or 0, invoer=anders, reden="verkeerde_keuze", door=COORDINATOR)
    assert find(db, nummer, punt.nummer).dag == MORGEN + 2
    withdraw(db, nummer, punt.uit_volgnummer or 0, reden="verkeerde_keuze", door=COORDINATOR)
    assert find(db, nummer, punt.nummer).stand == "vervallen"


def test_the_day_of_a_kept_appointment_follows_its_correction(db: Connection) -> None:
    nummer = a_traject(db)
    with klok.at(NU - timedelta(days=3)):
        punt = planned(db, nummer, VANDAAG - 1)
    kept = settled(db, nummer, punt, "gehouden", contactsoort="gesprek")
    assert kept.dag == VANDAAG
    amend(db, nummer, kept.volgnummer or 0, dag=VANDAAG - 1, reden="verkeerde_keuze", door=COORDINATOR)
    assert find(db, nummer, punt).dag == VANDAAG - 1


# -- Hand-over ---------------------------------------------------------------------------------------------------------


def test_what_stands_in_somebodys_agenda_goes_along_with_cover_and_comes_back(db: Connection) -> None:
    van, naar = (add_medewerker(db, naam).pseudoniem for naam in ("anna", "boris"))
    nummer = a_traject(db, behandelaar=van)
    punten = [planned(db, nummer, wie=van), planned(db, nummer, van=700, tot=760), planned(db, nummer, wie=naar)]

    def agendas() -> list[str | None]:
        return [find(db, nummer, punt).eigenaar for punt in punten]

    assert agendas() == [van, van, naar]
    hand_over_many(db, {nummer: naar}, reden="verlof", tot_met=MORGEN, door=COORDINATOR, sleutel=key("verlof"))
    assert agendas() == [naar, naar, naar]
    hand_over(db, nummer, van, door=COORDINATOR)
    assert agendas()[1] == van


# -- On another map ----------------------------------------------------------------------------------------------------


def test_a_map_without_conversations_keeps_them_in_the_agenda_alone(vreemd: Connection) -> None:
    nummer = a_traject(vreemd)
    rijen = len(log_rows(vreemd, nummer))
    punt = planned(vreemd, nummer, soort="", vorm="")
    assert agenda.settle(vreemd, nummer, punt, "gehouden", {}, door=UITVOERDER, op=VANDAAG) is None
    assert find(vreemd, nummer, punt).stand == "gedaan"
    assert len(log_rows(vreemd, nummer)) == rijen


# -- Overlap -----------------------------------------------------------------------------------------------------------


def test_an_overlap_is_said_only_of_one_persons_open_appointments(db: Connection) -> None:
    wie = COORDINATOR.pseudoniem
    een, twee = a_traject(db), a_traject(db)
    p = [planned(db, een), planned(db, twee, van=570, tot=630), planned(db, twee, van=600, tot=660)]
    punten = [planpunten.find(db, nummer, punt) for nummer, punt in zip((een, twee, twee), p, strict=True)]
    assert planpunten.overlapping(punten) == {}, "nobody has them"
    db.execute(text("UPDATE planpunt SET wie = :wie"), {"wie": wie})
    punten = agenda.between(db, VANDAAG, VANDAAG, wie)
    botst = {punt: {ander.nummer for ander in anderen} for punt, anderen in planpunten.overlapping(punten).items()}
    assert botst == {p[0]: {p[1]}, p[1]: {p[0], p[2]}, p[2]: {p[1]}}
    settled(db, twee, p[1], "niet_verschenen")
    assert planpunten.overlapping(agenda.between(db, VANDAAG, VANDAAG, wie)) == {}
