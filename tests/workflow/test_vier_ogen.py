"""Four eyes: what is long ago, or in a fixed report, one proposes and another confirms; till then the log is silent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from models import klok
from tests.bouwers import (
    BEGIN,
    COORDINATOR,
    UITVOERDER,
    VANDAAG,
    a_traject,
    actor,
    chain_faults,
    folded,
    key,
    log_rows,
    place,
    projections,
    step,
)
from workflow import indicatoren
from workflow.indicatoren import Periode, Vraag
from workflow.kluis import KluisDicht
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Conflict
from workflow.projectie import rebuild
from workflow.rapporten.vaststellen import fix
from workflow.velden import InvoerGeweigerd
from workflow.vier_ogen import VierOgenNodig, Voorgesteld, days_in_force, set_days, settings_made, why_two
from workflow.voorstellen import (
    Voorstel,
    confirm,
    effect,
    find,
    objections,
    open_about,
    open_ones,
    propose_amendment,
    propose_insertion,
    propose_withdrawal,
    reject,
    take_back,
)
from workflow.voortgang import CorrectieGeweigerd, Vastgelegd, amend, withdraw

TWEEDE = actor("coordinator", 2)
BEHEERDER = actor("beheerder")
GRENS = 30


@pytest.fixture
def kantoor(vreemd: Connection) -> Iterator[Connection]:
    """An office where one person corrects alone up to thirty days after the fact."""
    set_days(vreemd, GRENS, VANDAAG, BEHEERDER)
    return vreemd


@pytest.fixture
def oud(kantoor: Connection) -> str:
    """A traject of long ago: aanmelding - intake (10) - groepsles (20) - rooster (25), by the uitvoerder, just now."""
    nummer = a_traject(kantoor, door=UITVOERDER)
    step(kantoor, nummer, "intake_voeren", BEGIN + 10, door=UITVOERDER)
    step(kantoor, nummer, "groepsles_starten", BEGIN + 20, door=UITVOERDER)
    step(kantoor, nummer, "rooster_afspreken", BEGIN + 25, door=UITVOERDER, invoer={"uurrooster": 8})
    return nummer


def propose(db: Connection, nummer: str, volgnummer: int = 4, **rest: Any) -> Voorstel:
    return propose_withdrawal(db, nummer, volgnummer, **{"reden": "tikfout", "door": UITVOERDER, **rest})


# -- When it takes two -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("geleden", "mag"), [(0, True), (GRENS, True), (GRENS + 1, False)])
def test_one_may_correct_alone_up_to_thirty_days_after_the_fact(kantoor: Connection, geleden: int, mag: bool) -> None:
    nummer = a_traject(kantoor, op=VANDAAG - geleden, door=UITVOERDER)
    assert (why_two(kantoor, [VANDAAG - geleden]) is None) is mag
    if mag:
        withdraw(kantoor, nummer, 1, reden="tikfout", door=COORDINATOR)
        return
    with pytest.raises(VierOgenNodig, match="meer dan 30 dagen geleden"):
        withdraw(kantoor, nummer, 1, reden="tikfout", door=COORDINATOR)


def test_the_engine_refuses_one_person_whatever_the_screen_does(kantoor: Connection, oud: str) -> None:
    vooraf = log_rows(kantoor)
    with pytest.raises(VierOgenNodig):
        withdraw(kantoor, oud, 4, reden="tikfout", door=COORDINATOR)
    with pytest.raises(VierOgenNodig):
        amend(kantoor, oud, 4, invoer={"uurrooster": 9}, reden="tikfout", door=COORDINATOR)
    with pytest.raises(VierOgenNodig):
        amend(kantoor, oud, 4, dag=VANDAAG, reden="tikfout", door=COORDINATOR)
    with pytest.raises(VierOgenNodig):
        step(kantoor, oud, "rooster_afspreken", BEGIN + 22, invoer={"uurrooster": 6})
    assert log_rows(kantoor) == vooraf


def test_a_recent_fact_that_moves_to_long_ago_takes_two(kantoor: Connection) -> None:
    nummer = a_traject(kantoor, op=BEGIN)
    step(kantoor, nummer, "intake_voeren", VANDAAG - 2)
    amend(kantoor, nummer, 2, dag=VANDAAG - 4, reden="tikfout", door=COORDINATOR)
    with pytest.raises(VierOgenNodig):
        amend(kantoor, nummer, 2, dag=BEGIN + 1, reden="tikfout", door=COORDINATOR)


def test_recording_late_what_comes_last_is_no_correction(kantoor: Connection, oud: str) -> None:
    step(kantoor, oud, "toets_plannen", BEGIN + 30)
    assert place(kantoor, oud) == "toets"


def test_an_import_comes_between_alone(kantoor: Connection, oud: str) -> None:
    step(kantoor, oud, "rooster_afspreken", BEGIN + 22, invoer={"uurrooster": 6}, bron_vastgelegd_op=klok.now_us())
    assert len(log_rows(kantoor, oud)) == 5


def test_a_day_in_the_period_of_a_fixed_report_takes_two(kantoor: Connection) -> None:
    nummer = a_traject(kantoor, op=VANDAAG - 5)
    periode = Periode(VANDAAG - 20, VANDAAG - 4)
    assert why_two(kantoor, [VANDAAG - 5]) is None
    rapport = fix(kantoor, Vraag(periode), indicatoren.ALLE[:1], COORDINATOR)
    with pytest.raises(VierOgenNodig, match=f"Rapport {rapport} over .* is al vastgesteld"):
        withdraw(kantoor, nummer, 1, reden="tikfout", door=COORDINATOR)
    assert why_two(kantoor, [VANDAAG - 4]) is None, "the period is half-open"


# -- The setting -------------------------------------------------------------------------------------------------------


def test_another_number_counts_from_its_day_on(kantoor: Connection) -> None:
    set_days(kantoor, 10, VANDAAG + 5, BEHEERDER)
    assert [days_in_force(kantoor, VANDAAG + n) for n in (0, 4, 5, 100)] == [30, 30, 10, 10]
    set_days(kantoor, 20, VANDAAG + 5, BEHEERDER)
    assert days_in_force(kantoor, VANDAAG + 5) == 20, "of one day the last word counts"
    assert [grens.dagen for grens in settings_made(kantoor)][:3] == [20, 10, 30], "what counted stays to be seen"


@pytest.mark.parametrize(("dagen", "vanaf", "veld"), [(-1, 0, "dagen"), (3651, 0, "dagen"), (30, -1, "vanaf")])
def test_a_setting_that_cannot_be_is_refused(kantoor: Connection, dagen: int, vanaf: int, veld: str) -> None:
    with pytest.raises(InvoerGeweigerd) as geweigerd:
        set_days(kantoor, dagen, VANDAAG + vanaf, BEHEERDER)
    assert set(geweigerd.value.fouten) == {veld}


def test_without_a_setting_it_is_thirty_days(vreemd: Connection) -> None:
    assert days_in_force(vreemd, -1) == 30


# -- Proposing ---------------------------------------------------------------------------------------------------------


def test_a_proposal_is_not_in_the_log_nor_in_any_figure(kantoor: Connection, oud: str) -> None:
    vooraf = log_rows(kantoor), projections(kantoor)
    voorstel = propose(kantoor, oud)
    assert (log_rows(kantoor), projections(kantoor)) == vooraf
    assert [v.id for v in open_ones(kantoor)] == [voorstel.id]
    assert "meer dan 30 dagen geleden" in voorstel.waarom


def test_what_cannot_be_made_cannot_be_proposed(kantoor: Connection, oud: str) -> None:
    with pytest.raises(CorrectieGeweigerd) as geweigerd:
        propose(kantoor, oud, 2)
    assert geweigerd.value.rijen == [3, 4]
    with pytest.raises(InvoerGeweigerd):
        propose(kantoor, oud, reden="zomaar")
    with pytest.raises(OvergangGeweigerd, match="Alleen een coördinator"):
        propose(kantoor, oud, door=actor("uitvoerder", 2))
    with pytest.raises(InvoerGeweigerd):
        insert_a_step(kantoor, oud, correctiereden=None)
    assert open_ones(kantoor) == []


def test_the_same_form_sent_twice_is_one_proposal(kantoor: Connection, oud: str) -> None:
    een, ander = (propose(kantoor, oud, sleutel=key("vier ogen")) for _ in range(2))
    assert een == ander
    assert len(open_ones(kantoor)) == 1


def test_about_one_row_one_proposal_waits_at_a_time(kantoor: Connection, oud: str) -> None:
    eerste = propose(kantoor, oud)
    with pytest.raises(Conflict, match="ligt al een voorstel"):
        propose_amendment(kantoor, oud, 4, invoer={"uurrooster": 9}, reden="tikfout", door=COORDINATOR)
    reject(kantoor, eerste.id, "Nog eens nakijken.", door=COORDINATOR)
    assert propose(kantoor, oud).id != eerste.id


def test_who_looked_at_an_older_stand_cannot_propose(kantoor: Connection, oud: str) -> None:
    with pytest.raises(Conflict):
        propose(kantoor, oud, verwacht=3)


def test_a_text_in_a_proposal_is_encrypted(kantoor: Connection, oud: str) -> None:
    voorstel = propose(kantoor, oud, toelichting="Volgens mevrouw Smit.")
    reject(kantoor, voorstel.id, "Mevrouw Smit vergist zich.", door=COORDINATOR)
    bewaard = [*kantoor.execute(text("SELECT * FROM correctievoorstel"))]
    bewaard += [*kantoor.execute(text("SELECT * FROM correctiebesluit"))]
    assert "Smit" not in repr(bewaard)
    besluit = find(kantoor, voorstel.id).besluit
    assert besluit
    assert besluit.toelichting == "Mevrouw Smit vergist zich."


@pytest.mark.parametrize("tabel", ["correctievoorstel", "correctiebesluit", "dagstelling"])
def test_proposals_decisions_and_settings_are_never_changed(kantoor: Connection, oud: str, tabel: str) -> None:
    reject(kantoor, propose(kantoor, oud).id, "Nee.", door=COORDINATOR)
    for opdracht in (f"UPDATE {tabel} SET door = 'x'", f"DELETE FROM {tabel}"):
        with pytest.raises(DatabaseError, match="insert-only"), kantoor.begin_nested():
            kantoor.execute(text(opdracht))


# -- Confirming --------------------------------------------------------------------------------------------------------


def insert_a_step(db: Connection, nummer: str, **rest: Any) -> Voorstel:
    wat = {"invoer": {"uurrooster": "6"}, "op": BEGIN + 22, "correctiereden": "tikfout", "door": UITVOERDER}
    return propose_insertion(db, nummer, "rooster_afspreken", **{**wat, **rest})


def amend_a_step(db: Connection, nummer: str) -> Voorstel:
    return propose_amendment(db, nummer, 4, invoer={"uurrooster": "9"}, reden="tikfout", door=UITVOERDER)


PROPOSALS = [propose, amend_a_step, insert_a_step]


@pytest.mark.parametrize("doen", PROPOSALS)
def test_a_confirmed_proposal_is_the_correction_in_the_name_of_both(kantoor: Connection, oud: str, doen: Any) -> None:
    voorstel = doen(kantoor, oud)
    gedaan = confirm(kantoor, voorstel.id, door=COORDINATOR, verwacht=4)
    assert isinstance(gedaan, Vastgelegd)
    rij = log_rows(kantoor, oud)[-1]
    inhoud = json.loads(rij["inhoud"])
    assert rij["volgnummer"] == gedaan.volgnummer == 5
    assert (inhoud["door"], inhoud["rol"]) == (COORDINATOR.pseudoniem, "coordinator")
    assert inhoud["voorgesteld"] == {
        "door": UITVOERDER.pseudoniem,
        "rol": "uitvoerder",
        "organisatie": "DESK",
        "op": voorstel.voorgesteld_op,
        "voorstel": voorstel.id,
    }
    besluit = find(kantoor, voorstel.id).besluit
    assert besluit
    assert (besluit.uitkomst, besluit.volgnummer) == ("bevestigd", 5)
    assert open_ones(kantoor) == []


@pytest.mark.parametrize("doen", PROPOSALS)
def test_what_was_shown_is_what_comes_about_and_the_books_are_right(kantoor: Connection, oud: str, doen: Any) -> None:
    voorstel = doen(kantoor, oud)
    getoond = effect(kantoor, voorstel)
    confirm(kantoor, voorstel.id, door=COORDINATOR)
    verloop = folded(kantoor, oud)
    assert [r.soort for r in verloop.log[4:]] == [zin.soort for zin in getoond.regels]
    assert [r.dag for r in verloop.log[4:]] == [zin.dag for zin in getoond.regels]
    assert getoond.bezwaren == ()
    assert chain_faults(log_rows(kantoor)) == []
    bijgehouden = projections(kantoor)
    rebuild(kantoor)
    assert projections(kantoor) == bijgehouden


def test_the_effect_tells_what_moves_along(kantoor: Connection, oud: str) -> None:
    voorstel = propose_amendment(kantoor, oud, 3, dag=BEGIN + 24, reden="tikfout", door=UITVOERDER)
    getoond = effect(kantoor, voorstel)
    assert getoond.nu
    assert (getoond.nu.volgnummer, getoond.nu.dag) == (3, BEGIN + 20)
    (stap,) = [w for w in getoond.wijzigingen if w.wat == "Stap"]
    assert (stap.was, stap.wordt) == ("Groepsles, sinds 22 juni 2025", "Groepsles, sinds 26 juni 2025")


def test_looking_at_an_effect_changes_nothing(kantoor: Connection, oud: str) -> None:
    voorstel = propose(kantoor, oud)
    vooraf = log_rows(kantoor), projections(kantoor)
    een, ander = effect(kantoor, voorstel), effect(kantoor, voorstel)
    assert een == ander
    assert (log_rows(kantoor), projections(kantoor)) == vooraf


@pytest.mark.parametrize(
    ("wie", "zin"),
    [
        (COORDINATOR, "U deed dit voorstel zelf"),
        (actor("uitvoerder", 2), "Alleen een coördinator beslist"),
        (actor("auditor"), "Alleen een coördinator beslist"),
    ],
)
def test_only_another_coordinator_decides(kantoor: Connection, oud: str, wie: Any, zin: str) -> None:
    voorstel = propose(kantoor, oud, door=COORDINATOR)
    for decide in (
        lambda: confirm(kantoor, voorstel.id, door=wie),
        lambda: reject(kantoor, voorstel.id, "-", door=wie),
    ):
        with pytest.raises(OvergangGeweigerd, match=zin):
            decide()
    confirm(kantoor, voorstel.id, door=TWEEDE)


def test_the_engine_knows_the_second_person_too(kantoor: Connection, oud: str) -> None:
    voorgesteld = Voorgesteld(COORDINATOR, klok.now_us(), 1)
    with pytest.raises(OvergangGeweigerd, match="U deed dit voorstel zelf"):
        withdraw(kantoor, oud, 4, reden="tikfout", door=COORDINATOR, voorgesteld=voorgesteld)
    with pytest.raises(OvergangGeweigerd, match="Alleen een coördinator"):
        withdraw(kantoor, oud, 4, reden="tikfout", door=UITVOERDER, voorgesteld=voorgesteld)


def test_a_proposal_is_decided_once(kantoor: Connection, oud: str) -> None:
    voorstel = propose(kantoor, oud)
    confirm(kantoor, voorstel.id, door=COORDINATOR)
    for decide in (
        lambda: confirm(kantoor, voorstel.id, door=TWEEDE),
        lambda: reject(kantoor, voorstel.id, "Toch niet.", door=TWEEDE),
        lambda: take_back(kantoor, voorstel.id, door=UITVOERDER),
    ):
        with pytest.raises(Conflict, match="al beslist"):
            decide()
    assert len(log_rows(kantoor, oud)) == 5


def behind_our_back(db: Connection, *opdrachten: str) -> None:
    """Edit the database itself, triggers removed."""
    for (naam,) in db.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        db.execute(text(f"DROP TRIGGER {naam}"))
    for opdracht in opdrachten:
        db.execute(text(opdracht))


@pytest.mark.parametrize(
    "anders",
    [
        *("soort = 'verbetering'", "betreft_volgnummer = 3", "dag = dag + 1", "waarom = 'x'", "rol = 'coordinator'"),
        *(f"door = '{COORDINATOR.pseudoniem}'", "organisatie = 'X'", "voorgesteld_op = voorgesteld_op + 1"),
    ],
)
def test_a_proposal_does_not_open_beside_another_name_day_or_moment(kantoor: Connection, oud: str, anders: str) -> None:
    """Without the master key nobody makes one of somebody else out of it."""
    voorstel = propose(kantoor, oud)
    behind_our_back(kantoor, f"UPDATE correctievoorstel SET {anders}")
    with pytest.raises(KluisDicht):
        confirm(kantoor, voorstel.id, door=TWEEDE)
    assert len(log_rows(kantoor, oud)) == 4


def test_a_proposal_that_was_put_back_is_not_decided_again(kantoor: Connection, oud: str) -> None:
    voorstel = propose(kantoor, oud)
    reject(kantoor, voorstel.id, "Nee.", door=COORDINATOR)
    kolommen = [rij[1] for rij in kantoor.execute(text("PRAGMA table_info(correctievoorstel)")).all()]
    nieuw = ", ".join({"id": "77", "sleutel": "NULL"}.get(naam, naam) for naam in kolommen)
    behind_our_back(kantoor, f"INSERT INTO correctievoorstel SELECT {nieuw} FROM correctievoorstel")
    with pytest.raises(Conflict, match="al beslist"):
        confirm(kantoor, 77, door=TWEEDE)
    assert len(log_rows(kantoor, oud)) == 4


def test_a_proposal_of_which_the_decision_was_dropped_is_not_made_twice(kantoor: Connection, oud: str) -> None:
    voorstel = insert_a_step(kantoor, oud)
    confirm(kantoor, voorstel.id, door=COORDINATOR)
    behind_our_back(kantoor, "DELETE FROM correctiebesluit")
    with pytest.raises(Conflict, match="al beslist"):
        confirm(kantoor, voorstel.id, door=TWEEDE)
    assert len(log_rows(kantoor, oud)) == 5


def test_a_rejection_needs_a_reason_and_changes_nothing(kantoor: Connection, oud: str) -> None:
    voorstel, vooraf = propose(kantoor, oud), log_rows(kantoor)
    with pytest.raises(InvoerGeweigerd):
        reject(kantoor, voorstel.id, "  ", door=COORDINATOR)
    reject(kantoor, voorstel.id, "Het rooster klopte wel.", door=COORDINATOR)
    assert log_rows(kantoor) == vooraf
    besluit = find(kantoor, voorstel.id).besluit
    assert besluit
    assert (besluit.uitkomst, besluit.toelichting) == ("verworpen", "Het rooster klopte wel.")


def test_who_proposed_it_may_take_it_back_and_nobody_else(kantoor: Connection, oud: str) -> None:
    voorstel = propose(kantoor, oud)
    with pytest.raises(OvergangGeweigerd):
        take_back(kantoor, voorstel.id, door=COORDINATOR)
    take_back(kantoor, voorstel.id, door=UITVOERDER)
    assert open_about(kantoor, oud) == []


# -- The traject went on -----------------------------------------------------------------------------------------------


def test_a_proposal_lapses_when_the_traject_changed_so_that_it_cannot_be(kantoor: Connection, oud: str) -> None:
    voorstel = propose_withdrawal(kantoor, oud, 4, reden="tikfout", door=UITVOERDER)
    confirm(kantoor, amend_other(kantoor, oud).id, door=COORDINATOR)
    withdraw(kantoor, oud, 4, reden="tikfout", door=COORDINATOR, voorgesteld=Voorgesteld(UITVOERDER, 1, 0))
    assert objections(kantoor, [voorstel]) == {voorstel.id: ["Gebeurtenis 4 is intussen ingetrokken."]}
    vooraf = log_rows(kantoor)
    uitkomst = confirm(kantoor, voorstel.id, door=COORDINATOR)
    assert isinstance(uitkomst, OvergangGeweigerd)
    assert uitkomst.redenen == ["Gebeurtenis 4 is al ingetrokken."]
    assert log_rows(kantoor) == vooraf
    besluit = find(kantoor, voorstel.id).besluit
    assert besluit
    assert (besluit.uitkomst, besluit.toelichting) == ("vervallen", "Gebeurtenis 4 is al ingetrokken.")


def amend_other(db: Connection, nummer: str) -> Voorstel:
    """A correction of another row, which leaves the first proposal possible."""
    return propose_amendment(db, nummer, 2, dag=BEGIN + 11, reden="tikfout", door=UITVOERDER)


def test_rows_that_came_in_the_way_are_named(kantoor: Connection) -> None:
    nummer = a_traject(kantoor, door=UITVOERDER)
    step(kantoor, nummer, "intake_voeren", BEGIN + 10, door=UITVOERDER)
    voorstel = propose(kantoor, nummer, 2)
    step(kantoor, nummer, "groepsles_starten", BEGIN + 20)
    (zin,) = objections(kantoor, [voorstel])[voorstel.id]
    assert zin.startswith(f"{nummer}, gebeurtenis 3:")
    assert isinstance(confirm(kantoor, voorstel.id, door=COORDINATOR), OvergangGeweigerd)


def test_what_the_traject_went_on_with_elsewhere_leaves_a_proposal_alone(kantoor: Connection, oud: str) -> None:
    voorstel = amend_a_step(kantoor, oud)
    step(kantoor, oud, "toets_plannen", BEGIN + 30)
    assert objections(kantoor, [voorstel]) == {voorstel.id: []}
    assert isinstance(confirm(kantoor, voorstel.id, door=COORDINATOR), Vastgelegd)
    assert folded(kantoor, oud).stand.antwoorden["uurrooster"] == 9


def test_who_confirms_must_have_seen_the_traject_as_it_is(kantoor: Connection, oud: str) -> None:
    voorstel = amend_a_step(kantoor, oud)
    step(kantoor, oud, "toets_plannen", BEGIN + 30)
    with pytest.raises(Conflict):
        confirm(kantoor, voorstel.id, door=COORDINATOR, verwacht=4)
    assert find(kantoor, voorstel.id).is_open


def test_two_proposals_about_one_traject_do_not_see_each_other(kantoor: Connection, oud: str) -> None:
    een, ander = propose(kantoor, oud), amend_other(kantoor, oud)
    assert objections(kantoor, [een, ander]) == {een.id: [], ander.id: []}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(grens=st.integers(0, 400), geleden=st.integers(0, 400))
def test_it_takes_two_exactly_when_the_fact_is_older_than_the_setting(
    kantoor: Connection, grens: int, geleden: int
) -> None:
    punt = kantoor.begin_nested()
    set_days(kantoor, grens, VANDAAG, BEHEERDER)
    assert (why_two(kantoor, [VANDAAG - geleden]) is not None) == (geleden > grens)
    punt.rollback()
