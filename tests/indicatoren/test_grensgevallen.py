"""Where figures are easily wrong: splits, ways back, late knowledge, and what happened after the period."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from models import klok
from models.traject import traject
from tests.bouwers import COORDINATOR, a_person, a_traject, advance_to, day, folded, step
from tests.indicatoren.conftest import LATER
from workflow import personen
from workflow.correcties import amend
from workflow.indicatoren import Kader, Periode, Vraag, get
from workflow.indicatoren.begrippen import Meting
from workflow.indicatoren.rapport import measure_one

JAAR = ("2025-01-01", "2026-01-01")


def figure(db: Connection, wat: str, van: str = JAAR[0], tot: str = JAAR[1], **deel: str) -> Meting | None:
    """One figure (`D8.clienten`) over a period, of a part or in total; None where there is no such part."""
    code, maat = wat.split(".")
    metingen = get(code).maat(maat).metingen(Kader(db, Vraag(Periode(day(van), day(tot)))))
    return next((m for m in metingen if dict(m.uitsplitsing) == deel), None)


def value(db: Connection, wat: str, *periode: str, **deel: str) -> float | None:
    """The value of a figure; 0 where nothing was counted."""
    meting = figure(db, wat, *periode, **deel)
    return 0 if meting is None else meting.waarde


def split(db: Connection, nummer: str, wie: str, op: str, kinderen: tuple[str, ...] = ()) -> str:
    """Someone leaves the household; the number of the traject that goes on with them."""
    step(db, nummer, "huishouden_splitsen", day(op), invoer={"vertrekker": wie, "mee_naar_nieuw": list(kinderen)})
    gemaakt = select(traject.c.nummer).where(traject.c.route == "schuldhulp").order_by(traject.c.id.desc()).limit(1)
    return str(db.execute(gemaakt).scalar_one())


def child(db: Connection, ouder: str, route: str, op: str, **invoer: Any) -> str:
    """Something that hangs on a traject."""
    return a_traject(db, route=route, hoort_bij=ouder, op=day(op), invoer=invoer)


# -- Splits ------------------------------------------------------------------------------------------------------------


def test_what_goes_along_in_a_split_does_not_begin_again(maastricht: Connection) -> None:
    wie = [a_person(maastricht), a_person(maastricht)]
    nummer = a_traject(maastricht, wie=wie, op=day("2025-01-06"))
    mee = [
        child(maastricht, nummer, "samenwerking", "2025-01-07", wijkservicepunt="PLEK-A"),
        child(maastricht, nummer, "verwijzing", "2025-01-07"),
        child(maastricht, nummer, "klacht", "2025-01-07"),
    ]
    split(maastricht, nummer, wie[1], "2025-02-03", tuple(mee))
    assert value(maastricht, "D12.samenwerkingen") == 1
    assert value(maastricht, "V5.gestart") == 1
    assert value(maastricht, "D12.verwijzingen") == 1
    assert value(maastricht, "D13.klachten") == 1


def test_a_split_begins_on_no_version_of_the_map(maastricht: Connection) -> None:
    wie = [a_person(maastricht), a_person(maastricht)]
    nummer = a_traject(maastricht, wie=wie, op=day("2025-01-06"))
    split(maastricht, nummer, wie[1], "2025-02-03")
    assert value(maastricht, "D0.versies") == 1


def test_who_left_before_the_period_is_no_client_of_it(maastricht: Connection) -> None:
    wie = [a_person(maastricht), a_person(maastricht)]
    nummer = a_traject(maastricht, wie=wie, op=day("2024-01-08"))
    child(maastricht, nummer, "budgetbeheer", "2024-01-09")
    nieuw = split(maastricht, nummer, wie[1], "2024-03-04")
    step(maastricht, nieuw, "neutraal_beeindigen", day("2024-04-01"))
    child(maastricht, nummer, "klacht", "2025-02-03")
    assert figure(maastricht, "D13.per_100_clienten").meer["noemer"] == 1
    assert value(maastricht, "D8.clienten") == 1


def test_a_regeling_is_of_who_took_part_when_it_began(maastricht: Connection) -> None:
    wie = [a_person(maastricht), a_person(maastricht)]
    nummer = a_traject(maastricht, wie=wie, op=day("2024-01-08"))
    advance_to(maastricht, nummer, "minnelijk_lopend", day("2024-05-06"))
    split(maastricht, nummer, wie[1], "2024-06-03")
    advance_to(maastricht, nummer, "wsnp_lopend", day("2025-02-03"))
    assert value(maastricht, "D11.paren") == 1
    assert value(maastricht, "D11.personen") == 1


def test_the_success_of_who_stayed_is_not_that_of_who_left(maastricht: Connection) -> None:
    wie = [a_person(maastricht), a_person(maastricht)]
    nummer = a_traject(maastricht, wie=wie, op=day("2023-01-09"))
    nieuw = split(maastricht, nummer, wie[1], "2023-02-06")
    step(maastricht, nieuw, "neutraal_beeindigen", day("2023-03-06"))
    advance_to(maastricht, nummer, "minnelijk_lopend", day("2023-05-01"))
    advance_to(maastricht, nummer, "nazorg", day("2024-11-04"))
    step(maastricht, nummer, "uitstromen", day("2024-12-02"))
    a_traject(maastricht, wie=[wie[1]], op=day("2025-02-03"))
    assert value(maastricht, "O4.recidive") == 0
    assert figure(maastricht, "O4.cohort", "2024-01-01", "2025-01-01", jaren="1").meer["bereikt"] == 0
    assert figure(maastricht, "O5.in_schuld", "2023-01-01", "2026-01-01").meer["bereikt"] == 1


def test_the_lead_time_of_who_left_counts_from_the_first_melding(maastricht: Connection) -> None:
    wie = [a_person(maastricht), a_person(maastricht)]
    nummer = a_traject(maastricht, wie=wie, op=day("2025-01-06"))
    advance_to(maastricht, nummer, "dfd", day("2025-02-03"))
    nieuw = split(maastricht, nummer, wie[1], "2025-03-03")
    step(maastricht, nieuw, "uitstromen", day("2025-04-07"))
    assert value(maastricht, "S1.duur") == day("2025-04-07") - day("2025-01-06")


# -- People entered twice ----------------------------------------------------------------------------------------------


def test_a_person_entered_twice_in_one_traject_has_each_regeling_once(maastricht: Connection) -> None:
    wie = [a_person(maastricht), a_person(maastricht)]
    nummer = a_traject(maastricht, wie=wie, op=day("2025-01-06"))
    advance_to(maastricht, nummer, "minnelijk_lopend", day("2025-02-03"))
    advance_to(maastricht, nummer, "nazorg", day("2025-10-06"))
    step(maastricht, nummer, "uitstromen", day("2025-11-03"))
    personen.merge(maastricht, wie[1], wie[0], door=COORDINATOR, op=klok.today())
    assert value(maastricht, "D11.paren") == 0
    assert value(maastricht, "O2.personen") == 1
    assert figure(maastricht, "O5.in_schuld").n == 1


# -- After the period --------------------------------------------------------------------------------------------------


def test_what_ended_in_the_period_had_ended_though_it_was_undone_later(maastricht: Connection) -> None:
    nummer = a_traject(maastricht, op=day("2025-11-03"))
    step(maastricht, nummer, "uitval_vastleggen", day("2025-12-01"))
    step(maastricht, nummer, "beeindiging_herroepen", day("2026-02-02"))
    assert figure(maastricht, "D4.traject").open == 0
    assert figure(maastricht, "D1.eerste_gesprek").open == 0
    assert figure(maastricht, "O5.wachttijd").meer["anders"] == 1


def test_a_wait_for_toelating_ended_though_the_end_was_undone_later(maastricht: Connection) -> None:
    nummer = a_traject(maastricht, op=day("2025-10-06"))
    advance_to(maastricht, nummer, "intake", day("2025-10-20"))
    step(maastricht, nummer, "uitval_vastleggen", day("2025-12-01"))
    step(maastricht, nummer, "beeindiging_herroepen", day("2026-02-02"))
    assert figure(maastricht, "D4.gesprek_tot_toelating").meer["anders"] == 1


def test_who_returned_after_a_success_that_was_undone_later_had_returned(maastricht: Connection) -> None:
    wie = a_person(maastricht)
    nummer = a_traject(maastricht, wie=[wie], op=day("2024-01-08"))
    step(maastricht, nummer, "uitval_vastleggen", day("2024-02-05"))
    nieuw = a_traject(maastricht, wie=[wie], op=day("2025-02-03"))
    step(maastricht, nieuw, "uitval_vastleggen", day("2025-03-03"))
    step(maastricht, nummer, "beeindiging_herroepen", day("2026-02-02"))
    assert value(maastricht, "O4.terugkeer_na_uitval") == 1


def test_a_crisis_of_after_the_period_changes_no_term_of_it(maastricht: Connection) -> None:
    nummer = a_traject(maastricht, op=day("2025-11-03"), invoer={"crisis": "geen"})
    invoer = {"crisis": "woningontruiming", "crisis_gemeld_op": "2026-01-05"}
    step(maastricht, nummer, "crisis_vaststellen", day("2026-01-05"), invoer=invoer)
    assert figure(maastricht, "D1.binnen_termijn").meer["noemer"] == 1
    step(maastricht, nummer, "intake_starten", day("2026-01-06"))
    assert value(maastricht, "D1.binnen_termijn") == 0.0


# -- Order of what happened --------------------------------------------------------------------------------------------


def test_the_first_help_after_toelating_goes_by_days_and_not_by_order_of_entry(maastricht: Connection) -> None:
    rest = {"begin": "inlezen", "extra": {"ingang": "import"}, "door": COORDINATOR}
    nummer = a_traject(maastricht, op=day("2025-01-06"), **rest)
    step(maastricht, nummer, "fase_vaststellen_stabilisatie", day("2025-03-03"))
    step(maastricht, nummer, "toelating_inlezen", day("2025-02-03"))
    assert value(maastricht, "D2.toegelaten", route_gekozen="stabilisatie") == 1


def test_regelingen_of_one_day_stand_in_the_order_in_which_they_began(maastricht: Connection) -> None:
    nummer = a_traject(maastricht, op=day("2025-01-06"))
    advance_to(maastricht, nummer, "minnelijk_lopend", day("2025-04-07"))
    step(maastricht, nummer, "stabilisatie_hervatten", day("2025-04-07"))
    step(maastricht, nummer, "betalingsregeling_starten", day("2025-04-07"), alles=True)
    deel = {"van_soort": "schuldbemiddeling", "naar_soort": "stabilisatie", "ligging": "binnen"}
    assert value(maastricht, "D11.paren_met_stabilisatie", **deel) == 1


def test_a_regeling_on_the_day_of_a_split_does_not_stop_the_report(maastricht: Connection) -> None:
    wie = [a_person(maastricht), a_person(maastricht)]
    nummer = a_traject(maastricht, wie=wie, op=day("2025-01-06"))
    advance_to(maastricht, nummer, "stabilisatie", day("2025-02-03"))
    nieuw = split(maastricht, nummer, wie[1], "2025-03-03")
    step(maastricht, nieuw, "betalingsregeling_starten", day("2025-03-03"), alles=True)
    assert value(maastricht, "D11.paren") == 0


def test_of_two_profiles_on_the_day_of_toelating_the_last_one_counts(maastricht: Connection) -> None:
    nummer = a_traject(maastricht, op=day("2025-01-06"))
    advance_to(maastricht, nummer, "intake", day("2025-01-20"))
    step(maastricht, nummer, "mesis_afnemen", day("2025-01-27"), invoer={"mesis_profiel": "profiel_1"})
    advance_to(maastricht, nummer, "toegelaten", day("2025-02-24"))
    step(maastricht, nummer, "mesis_herhalen", day("2025-02-24"), invoer={"mesis_profiel": "profiel_2"})
    assert value(maastricht, "D2.toegelaten", profiel="profiel_2") == 1


def test_a_step_down_on_one_day_is_no_step_up(maastricht: Connection) -> None:
    nummer = a_traject(maastricht, op=day("2025-01-06"))
    advance_to(maastricht, nummer, "dfd", day("2025-02-03"))
    advance_to(maastricht, nummer, "minnelijk_voorbereiding", day("2025-03-03"))
    advance_to(maastricht, nummer, "minnelijk_lopend", day("2025-04-07"))
    step(maastricht, nummer, "stabilisatie_hervatten", day("2025-04-07"))
    step(maastricht, nummer, "dfd_starten", day("2025-04-07"), alles=True)
    step(maastricht, nummer, "uitval_vastleggen", day("2025-05-12"), alles=True)
    assert value(maastricht, "O3.uitval_na_stap_omhoog") == 0


# -- What is counted ---------------------------------------------------------------------------------------------------


def test_a_stream_that_ended_is_no_longer_an_active_one(maastricht: Connection) -> None:
    nummer = a_traject(maastricht, route="informatiestroom", op=day("2025-01-06"))
    step(maastricht, nummer, "levering_ontvangen", day("2025-02-03"))
    assert value(maastricht, "V2.actief", "2025-01-01", "2025-03-01") == 1
    step(maastricht, nummer, "stroom_beeindigen", day("2025-06-02"))
    assert value(maastricht, "V2.actief") == 0


def test_a_regeling_that_goes_on_to_the_court_is_not_finished(maastricht: Connection) -> None:
    nummer = a_traject(maastricht, op=day("2024-01-08"))
    advance_to(maastricht, nummer, "minnelijk_lopend", day("2024-05-06"))
    step(maastricht, nummer, "wsnp_aanvragen", day("2025-02-03"))
    assert value(maastricht, "D9.afgerond") == 0


def test_a_regeling_that_leads_to_nazorg_is_finished(maastricht: Connection) -> None:
    nummer = a_traject(maastricht, op=day("2024-01-08"))
    advance_to(maastricht, nummer, "minnelijk_lopend", day("2024-05-06"))
    step(maastricht, nummer, "nazorg_starten", day("2025-02-03"))
    assert value(maastricht, "D9.afgerond") == 1


# -- Who is to act -----------------------------------------------------------------------------------------------------


def turns(db: Connection, *periode: str) -> dict[str, float | None]:
    """Partij -> on how many days it was to act."""
    partijen = ("kbl", "client", "schuldeisers", "rechtbank")
    return {partij: dagen for partij in partijen if (dagen := value(db, "D4.wacht_dagen", *periode, partij=partij))}


def test_creditors_are_to_act_from_the_proposal_until_their_last_answer(maastricht: Connection) -> None:
    nummer = a_traject(maastricht, op=day("2025-01-06"))
    advance_to(maastricht, nummer, "minnelijk_voorbereiding", day("2025-02-03"))
    step(maastricht, nummer, "voorstel_versturen", day("2025-02-17"))
    step(maastricht, nummer, "reacties_vastleggen", day("2025-03-10"))
    step(maastricht, nummer, "dwangakkoord_aanvragen", day("2025-03-17"), alles=True)
    step(maastricht, nummer, "dwangakkoord_afwijzen", day("2025-04-14"))
    gevonden = turns(maastricht, "2025-02-01", "2025-04-15")
    assert (gevonden["schuldeisers"], gevonden["rechtbank"]) == (21, 28)
    assert turns(maastricht, "2025-02-01", "2025-02-28")["schuldeisers"] == 10


def test_a_client_is_to_act_while_documents_are_asked_for(maastricht: Connection) -> None:
    nummer = a_traject(maastricht, op=day("2025-01-06"))
    step(maastricht, nummer, "intake_starten", day("2025-01-20"))
    wacht = child(maastricht, nummer, "opschorting", "2025-02-03", hersteltermijn_op="2025-02-17")
    step(maastricht, wacht, "stukken_compleet_maken", day("2025-02-13"))
    assert turns(maastricht, "2025-01-01", "2025-03-01") == {"kbl": 14 + 30, "client": 9}


def test_in_dfd_the_client_is_to_act_until_mesis_says_that_it_can(maastricht: Connection) -> None:
    nummer = a_traject(maastricht, op=day("2025-01-06"))
    step(maastricht, nummer, "intake_starten", day("2025-01-13"))
    step(maastricht, nummer, "mesis_afnemen", day("2025-01-20"), invoer={"klant_regelbaar": "nee"})
    advance_to(maastricht, nummer, "dfd", day("2025-02-03"))
    step(maastricht, nummer, "mesis_herhalen", day("2025-03-03"), invoer={"klant_regelbaar": "ja"})
    assert turns(maastricht, "2025-02-01", "2025-03-11")["client"] == 28


# -- The end of follow-up ----------------------------------------------------------------------------------------------


def told_on(db: Connection, wat: str, vandaag: str, bekend: str | None = None, tot: str = "2027-01-01") -> Meting:
    """A figure over a period from 2026 on, asked on a day, as known at the end of another."""
    code, maat = wat.split(".")
    vraag = Vraag(Periode(day("2026-01-01"), day(tot)), bekend=bekend and klok.end_of_day_us(day(bekend)))
    with klok.at(datetime.fromisoformat(f"{vandaag}T12:00:00+00:00")):
        metingen = get(code).maat(maat).metingen(Kader(db, vraag))
    return next(m for m in metingen if not m.uitsplitsing)


@pytest.mark.parametrize("tot", ["2026-06-02", "2027-01-01", "2059-12-31"])
def test_nobody_waits_longer_than_until_today(maastricht: Connection, tot: str) -> None:
    a_traject(maastricht, op=day("2026-05-04"), invoer={"crisis": "geen"})
    gevonden = told_on(maastricht, "D4.wacht_dagen", "2026-06-01", tot=tot)
    assert gevonden.waarde == day("2026-06-01") - day("2026-05-04")


def test_a_term_that_has_not_passed_yet_is_not_judged(maastricht: Connection) -> None:
    """Four weeks from 4 May end on 1 June; who has had a talk by then does not count before that either."""
    nummers = [a_traject(maastricht, op=day("2026-05-04"), invoer={"crisis": "geen"}) for _ in range(2)]
    step(maastricht, nummers[0], "intake_starten", day("2026-05-18"))
    for vandaag, noemer in (("2026-05-31", 0), ("2026-06-01", 2)):
        assert told_on(maastricht, "D1.binnen_termijn", vandaag).meer["noemer"] == noemer, vandaag


def test_as_known_on_a_day_nothing_is_followed_beyond_that_day(maastricht: Connection) -> None:
    with klok.at(datetime.fromisoformat("2026-05-04T12:00:00+00:00")):
        a_traject(maastricht, op=day("2026-05-04"), invoer={"crisis": "geen"})
    for wat in ("D1.binnen_termijn", "D4.wacht_dagen", "O5.melding_tot_plan", "D4.traject"):
        toen = told_on(maastricht, wat, "2026-05-20")
        assert told_on(maastricht, wat, "2026-12-01", bekend="2026-05-20") == toen, wat
    assert told_on(maastricht, "D4.wacht_dagen", "2026-12-01", bekend="2026-05-20").waarde == 16
    assert told_on(maastricht, "D1.binnen_termijn", "2026-12-01", bekend="2026-05-20").meer["noemer"] == 0


def test_of_a_period_that_had_not_begun_on_the_day_known_on_nothing_is_counted(maastricht: Connection) -> None:
    with klok.at(datetime.fromisoformat("2025-05-05T12:00:00+00:00")):
        a_traject(maastricht, op=day("2025-05-05"))
    for wat in ("O2.meldingen", "S1.gezamenlijk", "D4.wacht_dagen", "D13.klachten"):
        assert told_on(maastricht, wat, "2026-12-01", bekend="2025-05-20").waarde == 0, wat
    assert told_on(maastricht, "D13.per_100_trajecten", "2026-12-01", bekend="2025-05-20").meer["noemer"] == 0


# -- The first and the last day ----------------------------------------------------------------------------------------


def test_what_ends_on_the_last_day_does_not_run_at_its_end(maastricht: Connection) -> None:
    nummer = a_traject(maastricht, op=day("2025-01-06"))
    advance_to(maastricht, nummer, "stabilisatie", day("2025-02-03"))
    advance_to(maastricht, nummer, "minnelijk_voorbereiding", day("2025-06-30"))
    assert value(maastricht, "D6.lopend", "2025-01-01", "2025-06-30") == 1
    assert value(maastricht, "D6.lopend", "2025-01-01", "2025-07-01") == 0
    assert value(maastricht, "D6.gestart", "2025-02-03", "2025-02-04") == 1
    assert value(maastricht, "D6.gestart", "2025-01-01", "2025-02-03") == 0


def test_a_talk_on_the_last_day_of_the_term_is_in_time(maastricht: Connection) -> None:
    for gesprek in ("2026-04-07", "2026-04-08"):
        nummer = a_traject(maastricht, op=day("2026-03-09"), invoer={"crisis": "geen"})
        step(maastricht, nummer, "intake_starten", day(gesprek))
    meting = figure(maastricht, "D1.binnen_termijn", "2026-01-01", "2027-01-01")
    assert (meting.meer["teller"], meting.meer["noemer"]) == (1, 2)


def test_a_term_is_judged_from_the_day_after_its_last(maastricht: Connection) -> None:
    a_traject(maastricht, op=day("2026-03-09"), invoer={"crisis": "geen"})
    assert figure(maastricht, "D1.binnen_termijn", "2026-01-01", "2026-04-07").meer["noemer"] == 0
    assert figure(maastricht, "D1.binnen_termijn", "2026-01-01", "2026-04-08").meer["noemer"] == 1


def test_a_talk_in_a_term_that_still_runs_does_not_flatter_the_score(maastricht: Connection) -> None:
    te_laat, op_tijd = (
        a_traject(maastricht, op=day(d), invoer={"crisis": "geen"}) for d in ("2026-03-02", "2026-03-09")
    )
    step(maastricht, op_tijd, "intake_starten", day("2026-03-16"))
    for code in ("binnen_termijn", "aangeboden_binnen_termijn"):
        toen = figure(maastricht, f"D1.{code}", "2026-01-01", "2026-04-07")
        assert (toen.meer["teller"], toen.meer["noemer"]) == (0, 1)
        later = figure(maastricht, f"D1.{code}", "2026-01-01", "2026-04-08")
        assert (later.meer["teller"], later.meer["noemer"]) == (1, 2)
    assert folded(maastricht, te_laat).stand.is_open


def test_recidive_looks_back_five_years_to_the_day(maastricht: Connection) -> None:
    for terug in ("2025-05-01", "2025-05-02"):
        wie = a_person(maastricht)
        nummer = a_traject(maastricht, wie=[wie], op=day("2018-01-08"))
        advance_to(maastricht, nummer, "minnelijk_lopend", day("2018-05-07"))
        advance_to(maastricht, nummer, "nazorg", day("2020-04-01"))
        step(maastricht, nummer, "uitstromen", day("2020-05-01"))
        a_traject(maastricht, wie=[wie], op=day(terug))
    meting = figure(maastricht, "O4.recidive_deel")
    assert (meting.meer["teller"], meting.meer["noemer"]) == (1, 2)
    cohort = figure(maastricht, "O4.cohort", "2020-01-01", "2021-01-01", jaren="5")
    assert (cohort.waarde, cohort.meer["bereikt"], cohort.n) == (50.0, 1, 2)


def test_a_look_back_that_the_log_does_not_hold_says_how_far_it_went(maastricht: Connection) -> None:
    a_traject(maastricht, op=day("2023-02-06"))
    a_traject(maastricht, op=day("2025-02-03"))
    kader = Kader(maastricht, Vraag(Periode(day(JAAR[0]), day(JAAR[1]))))
    zin = "Er is teruggekeken tot 6 februari 2023, waar het log begint, en niet 5 jaar."
    assert measure_one(kader, get("O4")).ontbreekt == (zin,)
    assert measure_one(kader, get("O2")).ontbreekt == ()
    a_traject(maastricht, op=day("2020-01-01"))
    assert measure_one(kader.ander(kader.gesteld), get("O4")).ontbreekt == ()


def a_success(db: Connection, begin: str, eind: str, terug: str | None = None) -> None:
    """Somebody whose traject ended well, and who came back or not."""
    wie = a_person(db)
    step(db, a_traject(db, wie=[wie], op=day(begin)), "zelf_afronden", day(eind))
    if terug:
        a_traject(db, wie=[wie], op=day(terug))


def of_2024(db: Connection, jaren: int, bekend: str) -> Meting:
    """Of the successes of 2024, who was back within so many years, as known at the end of a day."""
    with klok.at(datetime.fromisoformat(f"{bekend}T12:00:00+00:00")):
        periode = Periode(day("2024-01-01"), day("2025-01-01"))
        metingen = get("O4").maat("cohort").metingen(Kader(db, Vraag(periode)))
    return next(m for m in metingen if dict(m.uitsplitsing) == {"jaren": str(jaren)})


def test_nobody_was_followed_five_years_so_the_share_is_not_told_yet(maastricht: Connection) -> None:
    a_success(maastricht, "2024-01-08", "2024-03-04", terug="2025-06-02")
    a_success(maastricht, "2024-01-08", "2024-06-03")
    meting = of_2024(maastricht, 5, "2026-11-24")
    assert (meting.waarde, meting.n, meting.open, meting.meer["bereikt"]) == (None, 2, 1, 1)
    assert meting.meer["zonder"] == "nog niet te bepalen"
    assert of_2024(maastricht, 5, "2029-06-03").waarde == 50.0


def test_who_is_not_followed_that_long_yet_counts_as_long_as_seen(maastricht: Connection) -> None:
    a_success(maastricht, "2024-01-08", "2024-03-04")
    a_success(maastricht, "2024-01-08", "2024-04-01", terug="2024-12-02")
    a_success(maastricht, "2024-01-08", "2024-12-02")
    meting = of_2024(maastricht, 1, "2025-05-05")
    # Seen 365, 245 (back) and 154 days (open): on day 245 two were still in sight, of whom one came back.
    assert (meting.waarde, meting.n, meting.open) == (50.0, 3, 1)
    assert of_2024(maastricht, 1, "2025-12-02").waarde == 33.3


def test_a_success_without_a_regeling_makes_no_recidive(maastricht: Connection) -> None:
    wie = a_person(maastricht)
    nummer = a_traject(maastricht, wie=[wie], op=day("2024-01-08"))
    step(maastricht, nummer, "zelf_afronden", day("2024-03-04"))
    a_traject(maastricht, wie=[wie], op=day("2025-02-03"))
    assert value(maastricht, "O4.recidive") == 0
    assert figure(maastricht, "O4.cohort", "2024-01-01", "2025-01-01", jaren="1").meer["bereikt"] == 1


# -- As known ----------------------------------------------------------------------------------------------------------


def test_a_corrected_day_moves_a_figure_only_for_who_knows(maastricht: Connection) -> None:
    nummer = a_traject(maastricht, op=day("2025-12-29"))
    start = folded(maastricht, nummer).log[0].volgnummer
    reden = folded(maastricht, nummer).stand.kaart.correctieredenen[0].code
    with klok.at(LATER + timedelta(hours=1)):
        amend(maastricht, nummer, start, dag=day("2026-01-05"), reden=reden, door=COORDINATOR)
    toen = Vraag(Periode(day(JAAR[0]), day(JAAR[1])), bekend=klok.microseconds(LATER) + 1)
    assert get("O2").maat("meldingen").metingen(Kader(maastricht, toen))[0].waarde == 1
    assert value(maastricht, "O2.meldingen") == 0
