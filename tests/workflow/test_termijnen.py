"""Terms end where the law says, and say why.

A day in a case is written as in a letter, "ma 09-03-2026"; `day` refuses a weekday that does not belong to the date.
"""

from datetime import date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workflow.kalender import STANDAARDKALENDER, daynumber, in_words
from workflow.routekaart import Lengte, Termijnregel
from workflow.termijnen import Opschorting, Run, compute, vervaldag

WEEKDAGEN = ("ma", "di", "wo", "do", "vr", "za", "zo")


def day(text):
    naam, datum = text.split()
    gelezen = datetime.strptime(datum, "%d-%m-%Y").date()
    assert WEEKDAGEN[gelezen.weekday()] == naam, f"{text}: that is a {WEEKDAGEN[gelezen.weekday()]}"
    return daynumber(gelezen)


def words(dag):
    return dag and in_words(dag)


def a_regel(aantal=4, eenheid="weken", lengtes=None, soort="wettelijk", rolt=True, **anders):
    anders.setdefault("opgeschort_door", "opschorting")
    lengtes = lengtes or (Lengte(aantal, eenheid),)
    return Termijnregel("termijn", "Een termijn", "Wgs art. 4", soort, lengtes, rolt, **anders)


def a_termijn(regel, begin, *opschortingen, tot=None, vandaag=None, kenmerken=None, begint_op=None):
    einde = day(tot) if tot else None
    peildag = day(vandaag) if vandaag else day(begin) if einde is None else einde
    begin_veld = day(begint_op) if begint_op else None
    run = Run(day(begin), einde)
    return compute(regel, run, kenmerken or {}, begin_veld, opschortingen, STANDAARDKALENDER, peildag)


def an_opschorting(van, tot=None, uiterlijk=None):
    return Opschorting(day(van), day(tot) if tot else None, day(uiterlijk) if uiterlijk else None)


def last_day(regel, begin, *opschortingen, tot=None, kenmerken=None):
    """`vervaldag` for a run in day numbers."""
    return vervaldag(regel, Run(begin, tot), kenmerken or {}, None, opschortingen, STANDAARDKALENDER)


VIER_WEKEN = a_regel(4, "weken")
ZES_WEKEN = a_regel(6, "weken")
ACHT_WEKEN = a_regel(8, "weken")
DRIE_WERKDAGEN = a_regel(3, "werkdagen")
NORM_2_WEKEN = a_regel(2, "weken", rolt=False, soort="norm")
NORM_42_DAGEN = a_regel(42, "dagen", rolt=False, soort="norm")
NORM_120_DAGEN = a_regel(120, "dagen", rolt=False, soort="norm")
NORM_4_MAANDEN = a_regel(4, "maanden", rolt=False, soort="norm")
MORATORIUM = a_regel(6, "maanden")
NAZORG = a_regel(6, "maanden", rolt=False, soort="norm", startdag_telt_mee=True)
AFLOSPERIODE_12 = a_regel(12, "maanden", rolt=False, soort="norm", startdag_telt_mee=True)
AFLOSPERIODE_18 = a_regel(18, "maanden", rolt=False, soort="norm", startdag_telt_mee=True)
AFLOSPERIODE_36 = a_regel(36, "maanden", rolt=False, soort="norm", startdag_telt_mee=True)
WSNP = a_regel(18, "maanden", startdag_telt_mee=True)

STUKKEN_10_DAGEN = an_opschorting("ma 02-02-2026", "vr 13-02-2026", "ma 16-02-2026")
STUKKEN_11_DAGEN = an_opschorting("ma 02-02-2026", "za 14-02-2026", "ma 16-02-2026")
STUKKEN_OPEN = an_opschorting("ma 02-02-2026", None, "ma 16-02-2026")


# The worked dates


@pytest.mark.parametrize(
    ("begin", "regel", "laatste", "woorden"),
    [
        ("ma 09-03-2026", VIER_WEKEN, "di 07-04-2026", "verschoven van maandag 6 april 2026 (2e Paasdag)"),
        ("ma 30-03-2026", VIER_WEKEN, "di 28-04-2026", "verschoven van maandag 27 april 2026 (Koningsdag)"),
        ("ma 30-03-2026", ACHT_WEKEN, "di 26-05-2026", "verschoven van maandag 25 mei 2026 (2e Pinksterdag)"),
        ("di 07-04-2026", VIER_WEKEN, "wo 06-05-2026", "verschoven van dinsdag 5 mei 2026 (Bevrijdingsdag)"),
        ("ma 12-05-2025", VIER_WEKEN, "di 10-06-2025", "verschoven van maandag 9 juni 2025 (2e Pinksterdag)"),
        ("do 12-02-2026", DRIE_WERKDAGEN, "di 17-02-2026", None),
        ("di 23-12-2025", DRIE_WERKDAGEN, "di 30-12-2025", "1e Kerstdag, 2e Kerstdag niet meegeteld"),
        ("di 31-03-2026", ZES_WEKEN, "di 12-05-2026", None),
        ("vr 13-02-2026", NORM_120_DAGEN, "za 13-06-2026", None),
    ],
)
def test_a_worked_date_holds_with_its_words(begin, regel, laatste, woorden):
    termijn = a_termijn(regel, begin)
    budget = termijn.uitleg.partition(", ")[0]
    assert words(termijn.vervaldag) == words(day(laatste))
    assert termijn.uitleg == ", ".join(filter(None, [budget, woorden]))


@pytest.mark.parametrize(
    ("begin", "streng", "ruim", "woorden"),
    [
        (
            "ma 11-05-2026",
            "vr 15-05-2026",
            "ma 18-05-2026",
            "Hemelvaartsdag niet meegeteld, ruim gerekend t/m maandag 18 mei 2026 (gelijkgestelde dag)",
        ),
        (
            "do 02-04-2026",
            "wo 08-04-2026",
            "do 09-04-2026",
            "2e Paasdag niet meegeteld, ruim gerekend t/m donderdag 9 april 2026 (Goede Vrijdag)",
        ),
        ("do 12-02-2026", "di 17-02-2026", "di 17-02-2026", ""),
        ("di 23-12-2025", "di 30-12-2025", "di 30-12-2025", "1e Kerstdag, 2e Kerstdag niet meegeteld"),
        ("do 24-12-2026", "wo 30-12-2026", "wo 30-12-2026", "1e Kerstdag niet meegeteld"),
        ("ma 06-04-2026", "do 09-04-2026", "do 09-04-2026", ""),
        (
            "wo 13-05-2026",
            "di 19-05-2026",
            "wo 20-05-2026",
            "Hemelvaartsdag niet meegeteld, ruim gerekend t/m woensdag 20 mei 2026 (gelijkgestelde dag)",
        ),
    ],
)
def test_three_werkdagen_have_a_strenge_and_a_ruime_day(begin, streng, ruim, woorden):
    termijn = a_termijn(DRIE_WERKDAGEN, begin)
    assert words(termijn.vervaldag) == words(day(streng))
    assert words(termijn.uiterlijk_dag) == words(day(ruim))
    assert termijn.uitleg == ", ".join(filter(None, ["Werkdag 0 van 3", woorden]))


@pytest.mark.parametrize(
    ("opschorting", "laatste", "dagen", "uitleg"),
    [
        (STUKKEN_10_DAGEN, "do 02-04-2026", 10, "Dag 38 van 56, opgeschort 3 t/m 12 februari 2026 (10 dagen)"),
        (
            STUKKEN_11_DAGEN,
            "di 07-04-2026",
            11,
            "Dag 37 van 56, opgeschort 3 t/m 13 februari 2026 (11 dagen), "
            "verschoven van vrijdag 3 april 2026 (Goede Vrijdag, weekend, 2e Paasdag)",
        ),
    ],
)
def test_suspended_days_come_on_top_before_rolling(opschorting, laatste, dagen, uitleg):
    termijn = a_termijn(ACHT_WEKEN, "ma 26-01-2026", opschorting, vandaag="zo 15-03-2026")
    assert words(termijn.vervaldag) == words(day(laatste))
    assert termijn.opgeschort_dagen == dagen
    assert termijn.uitleg == uitleg


# The term dates of the ten stories


@pytest.mark.parametrize(
    ("verhaal", "regel", "begin", "laatste"),
    [
        ("1 eerste gesprek", VIER_WEKEN, "ma 08-01-2024", "ma 05-02-2024"),
        ("1 besluit", ACHT_WEKEN, "ma 22-01-2024", "ma 18-03-2024"),
        ("1 stabilisatie", NORM_4_MAANDEN, "ma 26-02-2024", "wo 26-06-2024"),
        ("1 akkoorden", NORM_120_DAGEN, "di 21-05-2024", "wo 18-09-2024"),
        ("1 saneringskrediet", AFLOSPERIODE_18, "zo 01-09-2024", "za 28-02-2026"),
        ("1 nazorg", NAZORG, "ma 02-03-2026", "di 01-09-2026"),
        ("2 crisis", DRIE_WERKDAGEN, "ma 11-05-2026", "vr 15-05-2026"),
        ("2 interventie", NORM_2_WEKEN, "ma 11-05-2026", "ma 25-05-2026"),
        ("2 moratorium", MORATORIUM, "wo 20-05-2026", "vr 20-11-2026"),
        ("2 besluit", ACHT_WEKEN, "di 12-05-2026", "di 07-07-2026"),
        ("2 stabilisatie", NORM_4_MAANDEN, "ma 22-06-2026", "do 22-10-2026"),
        ("3 eerste gesprek", VIER_WEKEN, "ma 09-03-2026", "di 07-04-2026"),
        ("3 vernietiging", NORM_42_DAGEN, "di 21-04-2026", "di 02-06-2026"),
        ("4 eerste gesprek", VIER_WEKEN, "ma 03-03-2025", "ma 31-03-2025"),
        ("4 besluit", ACHT_WEKEN, "ma 17-03-2025", "ma 12-05-2025"),
        ("5 eerste gesprek", VIER_WEKEN, "ma 02-09-2024", "ma 30-09-2024"),
        ("5 besluit", ACHT_WEKEN, "ma 23-09-2024", "ma 18-11-2024"),
        ("5 stabilisatie", NORM_4_MAANDEN, "ma 28-10-2024", "vr 28-02-2025"),
        ("5 akkoorden", NORM_120_DAGEN, "ma 24-02-2025", "di 24-06-2025"),
        ("5 wsnp vanaf eerste aflossing", WSNP, "za 01-03-2025", "ma 31-08-2026"),
        ("6 oude aflosperiode", AFLOSPERIODE_36, "di 01-10-2019", "vr 30-09-2022"),
        ("6 gesprek vanaf signaal", VIER_WEKEN, "ma 18-08-2025", "ma 15-09-2025"),
        ("6 gesprek vanaf acceptatie", VIER_WEKEN, "ma 01-09-2025", "ma 29-09-2025"),
        ("6 betalingsregeling", AFLOSPERIODE_12, "za 01-11-2025", "za 31-10-2026"),
        ("7 eerste gesprek", VIER_WEKEN, "ma 20-01-2025", "ma 17-02-2025"),
        ("7 besluit", ACHT_WEKEN, "ma 03-02-2025", "ma 31-03-2025"),
        ("7 akkoorden, oude overeenkomst", NORM_120_DAGEN, "ma 30-06-2025", "di 28-10-2025"),
        ("7 akkoorden, nieuwe overeenkomst", NORM_120_DAGEN, "ma 22-09-2025", "di 20-01-2026"),
        ("8 klacht", ZES_WEKEN, "ma 12-01-2026", "ma 23-02-2026"),
        ("9 besluit zonder opschorting", ACHT_WEKEN, "ma 26-01-2026", "ma 23-03-2026"),
        ("9 bezwaar", ZES_WEKEN, "di 31-03-2026", "di 12-05-2026"),
        ("10 schuldbemiddeling", AFLOSPERIODE_18, "vr 01-09-2023", "vr 28-02-2025"),
        ("10 eerste gesprek", VIER_WEKEN, "ma 12-05-2025", "di 10-06-2025"),
        ("10 besluit", ACHT_WEKEN, "ma 26-05-2025", "ma 21-07-2025"),
        ("10 wsnp", WSNP, "di 30-09-2025", "ma 29-03-2027"),
    ],
)
def test_a_term_of_a_story_ends_on_its_day(verhaal, regel, begin, laatste):
    assert words(a_termijn(regel, begin).vervaldag) == words(day(laatste)), verhaal


@pytest.mark.parametrize(
    ("verhaal", "regel", "begin", "einde", "status"),
    [
        ("1 gesprek na 14 dagen", VIER_WEKEN, "ma 08-01-2024", "ma 22-01-2024", "gehaald"),
        ("1 alle akkoorden", NORM_120_DAGEN, "di 21-05-2024", "di 27-08-2024", "gehaald"),
        ("2 gesprek de volgende dag", DRIE_WERKDAGEN, "ma 11-05-2026", "di 12-05-2026", "gehaald"),
        ("2 crisis gesloten", NORM_2_WEKEN, "ma 11-05-2026", "vr 22-05-2026", "gehaald"),
        ("3 gesloten zonder gesprek", VIER_WEKEN, "ma 09-03-2026", "di 21-04-2026", "te_laat"),
        ("6 gerekend vanaf signaal", VIER_WEKEN, "ma 18-08-2025", "ma 22-09-2025", "te_laat"),
        ("6 gerekend vanaf acceptatie", VIER_WEKEN, "ma 01-09-2025", "ma 22-09-2025", "gehaald"),
        ("8 klacht afgehandeld", ZES_WEKEN, "ma 12-01-2026", "ma 16-02-2026", "gehaald"),
        ("9 bezwaar ontvangen", ZES_WEKEN, "di 31-03-2026", "ma 20-04-2026", "gehaald"),
        ("10 toelating", ACHT_WEKEN, "ma 26-05-2025", "ma 14-07-2025", "gehaald"),
    ],
)
def test_a_story_meets_its_term_or_not(verhaal, regel, begin, einde, status):
    assert a_termijn(regel, begin, tot=einde).status == status, verhaal


def test_story_2_warns_after_four_months_of_stabilisatie():
    termijn = a_termijn(NORM_4_MAANDEN, "ma 22-06-2026", vandaag="za 31-10-2026")
    assert (termijn.status, termijn.dagen_over) == ("verstreken", -9)
    assert termijn.uitleg == "9 dagen over de termijn van 122 dagen"


def test_story_5_day_120_is_in_time_and_the_next_day_is_not():
    op_dag_120 = a_termijn(NORM_120_DAGEN, "ma 24-02-2025", vandaag="di 24-06-2025")
    assert (op_dag_120.status, op_dag_120.dagen_over, op_dag_120.uitleg) == ("loopt", 0, "Dag 120 van 120")
    erna = a_termijn(NORM_120_DAGEN, "ma 24-02-2025", vandaag="wo 25-06-2025")
    assert (erna.status, erna.uitleg) == ("verstreken", "1 dag over de termijn van 120 dagen")


def test_story_9_the_besluit_is_in_time_thanks_to_the_suspension():
    met = a_termijn(ACHT_WEKEN, "ma 26-01-2026", STUKKEN_10_DAGEN, tot="di 31-03-2026")
    zonder = a_termijn(ACHT_WEKEN, "ma 26-01-2026", tot="di 31-03-2026")
    assert (met.status, zonder.status) == ("gehaald", "te_laat")
    assert met.uitleg == "Gehaald op dag 54 van 56, opgeschort 3 t/m 12 februari 2026 (10 dagen)"
    assert zonder.uitleg == "8 dagen te laat na een termijn van 56 dagen"


# How a term stands on a day


@pytest.mark.parametrize(
    ("vandaag", "status", "over", "uitleg"),
    [
        ("ma 09-03-2026", "loopt", 29, "Dag 0 van 28"),
        ("vr 20-03-2026", "loopt", 18, "Dag 11 van 28"),
        ("ma 06-04-2026", "loopt", 1, "Dag 28 van 28"),
        ("di 07-04-2026", "loopt", 0, "Dag 28 van 28"),
        ("wo 08-04-2026", "verstreken", -1, "1 dag over de termijn van 28 dagen"),
        ("di 21-04-2026", "verstreken", -14, "14 dagen over de termijn van 28 dagen"),
    ],
)
def test_a_running_term_counts_down(vandaag, status, over, uitleg):
    termijn = a_termijn(VIER_WEKEN, "ma 09-03-2026", vandaag=vandaag)
    assert (termijn.status, termijn.dagen_over) == (status, over)
    assert termijn.uitleg == f"{uitleg}, verschoven van maandag 6 april 2026 (2e Paasdag)"
    assert termijn.einde_dag is None


def test_an_ended_term_stays_as_it_ended():
    for vandaag in ("di 07-04-2026", "do 31-12-2026"):
        termijn = a_termijn(VIER_WEKEN, "ma 09-03-2026", tot="di 07-04-2026", vandaag=vandaag)
        assert (termijn.status, termijn.dagen_over, termijn.einde_dag) == ("gehaald", None, day("di 07-04-2026"))


def test_an_end_that_is_still_to_come_does_not_count_yet():
    termijn = a_termijn(VIER_WEKEN, "ma 09-03-2026", tot="di 24-03-2026", vandaag="ma 16-03-2026")
    assert (termijn.status, termijn.einde_dag, termijn.dagen_over) == ("loopt", None, 22)


def test_a_term_says_from_which_map_entry_it_comes():
    termijn = a_termijn(VIER_WEKEN, "ma 09-03-2026")
    assert (termijn.code, termijn.naam, termijn.grondslag) == ("termijn", "Een termijn", "Wgs art. 4")
    assert (termijn.soort, termijn.uiterlijk_dag) == ("wettelijk", None)


def test_an_end_between_streng_and_ruim_is_late_by_the_strict_reading():
    termijn = a_termijn(DRIE_WERKDAGEN, "do 02-04-2026", tot="do 09-04-2026")
    assert termijn.status == "te_laat"
    assert termijn.uitleg == (
        "1 dag te laat na een termijn van 3 werkdagen, 2e Paasdag niet meegeteld, "
        "ruim gerekend t/m donderdag 9 april 2026 (Goede Vrijdag)"
    )


@pytest.mark.parametrize(
    ("vandaag", "uitleg"),
    [
        ("ma 01-06-2026", "Werkdag 0 van 3"),
        ("di 02-06-2026", "Werkdag 1 van 3"),
        ("do 04-06-2026", "Werkdag 3 van 3"),
        ("vr 05-06-2026", "1 dag over de termijn van 3 werkdagen"),
    ],
)
def test_werkdagen_are_counted_as_werkdagen(vandaag, uitleg):
    assert a_termijn(DRIE_WERKDAGEN, "ma 01-06-2026", vandaag=vandaag).uitleg == uitleg


# Suspension (Awb 4:15)


def test_while_waiting_there_is_no_last_day_but_the_latest_one_is_told():
    termijn = a_termijn(ACHT_WEKEN, "ma 26-01-2026", STUKKEN_OPEN, vandaag="do 05-02-2026")
    assert (termijn.status, termijn.vervaldag, termijn.dagen_over) == ("geschorst", None, None)
    assert termijn.opgeschort_dagen == 3
    assert termijn.uitleg == (
        "Dag 7 van 56, opgeschort vanaf 3 februari 2026, uiterlijk t/m 16 februari 2026 "
        "(dan is de vervaldag dinsdag 7 april 2026)"
    )


@pytest.mark.parametrize(
    ("vandaag", "status"),
    [
        ("zo 01-02-2026", "loopt"),
        ("ma 02-02-2026", "geschorst"),
        ("di 03-02-2026", "geschorst"),
        ("ma 16-02-2026", "geschorst"),
        ("di 17-02-2026", "loopt"),
        ("di 07-04-2026", "loopt"),
        ("wo 08-04-2026", "verstreken"),
    ],
)
def test_a_suspension_that_nobody_answers_ends_after_the_time_given(vandaag, status):
    assert a_termijn(ACHT_WEKEN, "ma 26-01-2026", STUKKEN_OPEN, vandaag=vandaag).status == status


def test_after_an_unused_hersteltermijn_the_term_has_a_last_day_again():
    termijn = a_termijn(ACHT_WEKEN, "ma 26-01-2026", STUKKEN_OPEN, vandaag="di 17-02-2026")
    assert words(termijn.vervaldag) == "dinsdag 7 april 2026"
    assert termijn.uitleg == (
        "Dag 8 van 56, opgeschort 3 t/m 16 februari 2026 (14 dagen), verschoven van maandag 6 april 2026 (2e Paasdag)"
    )


def test_the_stored_last_day_needs_no_clock_and_takes_the_latest_end():
    assert words(last_day(ACHT_WEKEN, day("ma 26-01-2026"), STUKKEN_OPEN)) == "dinsdag 7 april 2026"


def test_a_term_looked_at_within_a_closed_suspension_stands_still_with_a_last_day():
    termijn = a_termijn(ACHT_WEKEN, "ma 26-01-2026", STUKKEN_10_DAGEN, vandaag="do 05-02-2026")
    assert (termijn.status, words(termijn.vervaldag)) == ("geschorst", "donderdag 2 april 2026")
    assert termijn.opgeschort_dagen == 3


def test_a_hersteltermijn_of_one_day_suspends_one_day():
    een_dag = an_opschorting("ma 02-02-2026", None, "di 03-02-2026")
    termijn = a_termijn(ACHT_WEKEN, "ma 26-01-2026", een_dag, vandaag="di 03-02-2026")
    assert termijn.uitleg == (
        "Dag 7 van 56, opgeschort vanaf 3 februari 2026, uiterlijk t/m 3 februari 2026 "
        "(dan is de vervaldag dinsdag 24 maart 2026)"
    )
    erna = a_termijn(ACHT_WEKEN, "ma 26-01-2026", een_dag, vandaag="wo 04-02-2026")
    assert erna.uitleg == "Dag 8 van 56, opgeschort 3 februari 2026 (1 dag)"


def test_without_a_hersteltermijn_nothing_is_suspended():
    zonder = an_opschorting("ma 02-02-2026", "vr 13-02-2026", None)
    termijn = a_termijn(ACHT_WEKEN, "ma 26-01-2026", zonder, vandaag="do 05-02-2026")
    assert (termijn.status, words(termijn.vervaldag), termijn.opgeschort_dagen) == (
        "loopt",
        "maandag 23 maart 2026",
        0,
    )


def test_documents_after_the_hersteltermijn_suspend_no_longer_than_the_time_given():
    laat = an_opschorting("ma 02-02-2026", "vr 27-02-2026", "ma 16-02-2026")
    assert a_termijn(ACHT_WEKEN, "ma 26-01-2026", laat, vandaag="ma 02-03-2026").opgeschort_dagen == 14


def test_documents_on_the_next_day_suspend_nothing():
    meteen = an_opschorting("ma 02-02-2026", "di 03-02-2026", "ma 16-02-2026")
    assert words(a_termijn(ACHT_WEKEN, "ma 26-01-2026", meteen).vervaldag) == "maandag 23 maart 2026"


def test_asking_on_the_last_day_comes_too_late():
    te_laat = an_opschorting("ma 23-03-2026", None, "ma 06-04-2026")
    termijn = a_termijn(ACHT_WEKEN, "ma 26-01-2026", te_laat, vandaag="wo 25-03-2026")
    assert (termijn.status, words(termijn.vervaldag)) == ("verstreken", "maandag 23 maart 2026")
    assert termijn.uitleg == "2 dagen over de termijn van 56 dagen"


def test_asking_between_the_raw_end_and_the_last_day_keeps_the_term_from_ending_while_suspended():
    # 4 weken end on Hemelvaartsdag, the equated vrijdag and the weekend follow; asked on that vrijdag.
    tussenin = an_opschorting("vr 15-05-2026", "do 21-05-2026", "vr 29-05-2026")
    termijn = a_termijn(VIER_WEKEN, "do 16-04-2026", tussenin, vandaag="do 21-05-2026")
    assert words(termijn.vervaldag) == "donderdag 21 mei 2026"
    assert "(Hemelvaartsdag, gelijkgestelde dag, weekend, opschorting)" in termijn.uitleg


def test_two_suspensions_are_both_told():
    eerste = an_opschorting("ma 02-02-2026", "vr 06-02-2026", "ma 16-02-2026")
    tweede = an_opschorting("ma 16-02-2026", None, "vr 20-02-2026")
    termijn = a_termijn(ACHT_WEKEN, "ma 26-01-2026", tweede, eerste, vandaag="wo 18-02-2026")
    assert termijn.uitleg == (
        "Dag 18 van 56, opgeschort 3 t/m 5 februari 2026 (3 dagen), opgeschort vanaf 17 februari 2026, "
        "uiterlijk t/m 20 februari 2026 (dan is de vervaldag maandag 30 maart 2026)"
    )
    erna = a_termijn(ACHT_WEKEN, "ma 26-01-2026", tweede, eerste, vandaag="ma 23-02-2026")
    assert "opgeschort 3 t/m 5 februari 2026 (3 dagen) en 17 t/m 20 februari 2026 (4 dagen)" in erna.uitleg


def test_suspended_days_are_no_werkdagen_of_the_term():
    termijn = a_termijn(a_regel(10, "werkdagen"), "ma 26-01-2026", STUKKEN_10_DAGEN, vandaag="vr 13-02-2026")
    assert words(termijn.vervaldag) == "donderdag 19 februari 2026"
    assert termijn.uitleg == "Werkdag 6 van 10, opgeschort 3 t/m 12 februari 2026 (10 dagen)"
    assert words(termijn.uiterlijk_dag) == words(termijn.vervaldag)


def test_a_holiday_within_a_suspension_is_not_told_twice():
    rond_pasen = an_opschorting("wo 01-04-2026", "do 09-04-2026", "vr 17-04-2026")
    termijn = a_termijn(DRIE_WERKDAGEN, "di 31-03-2026", rond_pasen, vandaag="do 09-04-2026")
    assert termijn.uitleg == "Werkdag 2 van 3, opgeschort 2 t/m 8 april 2026 (7 dagen)"
    wachtend = an_opschorting("wo 01-04-2026", None, "vr 17-04-2026")
    termijn = a_termijn(DRIE_WERKDAGEN, "di 31-03-2026", wachtend, vandaag="do 09-04-2026")
    assert (termijn.vervaldag, termijn.uiterlijk_dag) == (None, None)


def test_a_term_that_nothing_may_suspend_is_not_suspended():
    regel = a_regel(8, "weken", opgeschort_door=None)
    assert a_termijn(regel, "ma 26-01-2026", STUKKEN_OPEN, vandaag="do 05-02-2026").status == "loopt"


# For which trajecten, from which day, by which rule


@pytest.mark.parametrize(
    ("kenmerken", "geldt"),
    [
        ({"crisis": "nee"}, True),
        ({"crisis": "ja"}, False),
        ({}, False),
        ({"crisis": "nee", "bron": "vroegsignaal"}, False),
        ({"crisis": "nee", "bron": "eigen"}, True),
    ],
)
def test_als_and_tenzij_say_for_which_trajecten_a_term_holds(kenmerken, geldt):
    regel = a_regel(als={"crisis": ("nee", "onbekend")}, tenzij={"bron": ("vroegsignaal",)})
    assert (a_termijn(regel, "ma 08-01-2024", kenmerken=kenmerken) is not None) is geldt
    assert (last_day(regel, day("ma 08-01-2024"), kenmerken=kenmerken) is not None) is geldt


def test_a_term_begins_on_the_answer_that_the_map_names():
    regel = a_regel(begint_op="signaal_ontvangen_op")
    termijn = a_termijn(regel, "ma 01-09-2025", begint_op="ma 18-08-2025", vandaag="ma 01-09-2025")
    assert (words(termijn.begin_dag), words(termijn.vervaldag)) == (
        "maandag 18 augustus 2025",
        "maandag 15 september 2025",
    )
    assert words(a_termijn(regel, "ma 01-09-2025").vervaldag) == "maandag 29 september 2025"


def test_a_term_that_begins_later_says_so():
    termijn = a_termijn(VIER_WEKEN, "ma 01-09-2025", begint_op="ma 15-09-2025")
    assert (termijn.status, termijn.uitleg) == ("loopt", "Begint op maandag 15 september 2025")
    eerder_klaar = a_termijn(VIER_WEKEN, "ma 01-09-2025", begint_op="ma 15-09-2025", tot="wo 10-09-2025")
    assert eerder_klaar.uitleg == "Gehaald voor het begin op maandag 15 september 2025"


@pytest.mark.parametrize(
    ("tot", "vandaag", "status", "uitleg"),
    [
        (None, "ma 02-02-2026", "loopt", "Vaste dag: maandag 16 februari 2026"),
        ("vr 13-02-2026", None, "gehaald", "Gehaald voor maandag 16 februari 2026"),
        (None, "ma 16-02-2026", "loopt", "Vandaag is de vaste dag"),
        ("ma 16-02-2026", None, "gehaald", "Gehaald op de vaste dag"),
        (None, "wo 18-02-2026", "verstreken", "2 dagen na de vaste dag, maandag 16 februari 2026"),
        ("di 17-02-2026", None, "te_laat", "1 dag na de vaste dag, maandag 16 februari 2026"),
    ],
)
def test_a_term_of_one_day_that_counts_its_start_is_a_fixed_day(tot, vandaag, status, uitleg):
    regel = a_regel(1, "dagen", rolt=False, startdag_telt_mee=True)
    termijn = a_termijn(regel, "ma 02-02-2026", begint_op="ma 16-02-2026", tot=tot, vandaag=vandaag)
    assert (termijn.status, termijn.uitleg) == (status, uitleg)
    assert words(termijn.begin_dag) == "maandag 16 februari 2026"


@pytest.mark.parametrize(
    ("begin", "laatste"),
    [
        ("do 31-12-2020", None),
        ("vr 01-01-2021", "vrijdag 26 februari 2021"),
        ("di 31-12-2024", "dinsdag 25 februari 2025"),
        ("wo 01-01-2025", "woensdag 12 februari 2025"),
        ("do 01-01-2026", None),
    ],
)
def test_the_day_a_term_begins_decides_which_length_holds(begin, laatste):
    jaren = [day("vr 01-01-2021"), day("wo 01-01-2025"), day("do 01-01-2026")]
    lengtes = (Lengte(8, "weken", jaren[0], jaren[1]), Lengte(6, "weken", jaren[1], jaren[2]))
    assert words(last_day(a_regel(lengtes=lengtes), day(begin))) == laatste
    assert (a_termijn(a_regel(lengtes=lengtes), begin) is None) is (laatste is None)


# Units, and which terms roll (Awt art. 4)


@pytest.mark.parametrize(
    ("begin", "maanden", "startdag_telt_mee", "laatste"),
    [
        ("za 01-03-2025", 18, True, "ma 31-08-2026"),
        ("ma 22-06-2026", 4, False, "do 22-10-2026"),
        ("za 31-01-2026", 1, False, "za 28-02-2026"),
        ("wo 31-01-2024", 1, False, "do 29-02-2024"),
        ("zo 31-08-2025", 6, True, "za 28-02-2026"),
        ("za 30-08-2025", 6, True, "za 28-02-2026"),
        ("do 28-08-2025", 6, True, "vr 27-02-2026"),
        ("ma 15-12-2025", 1, False, "do 15-01-2026"),
        ("wo 31-12-2025", 12, False, "do 31-12-2026"),
    ],
)
def test_months_end_on_the_same_number_or_the_last_day_of_the_month(begin, maanden, startdag_telt_mee, laatste):
    regel = a_regel(maanden, "maanden", rolt=False, startdag_telt_mee=startdag_telt_mee)
    assert words(last_day(regel, day(begin))) == words(day(laatste))


@pytest.mark.parametrize(
    ("aantal", "eenheid", "laatste"),
    [(10, "dagen", "wo 10-06-2026"), (2, "weken", "zo 14-06-2026"), (3, "werkdagen", "wo 03-06-2026")],
)
def test_a_start_that_counts_makes_the_end_a_day_earlier(aantal, eenheid, laatste):
    regel = a_regel(aantal, eenheid, rolt=False, startdag_telt_mee=True)
    termijn = a_termijn(regel, "ma 01-06-2026")
    assert words(termijn.vervaldag) == words(day(laatste))
    assert termijn.uitleg.lower().startswith(("dag 1 van", "werkdag 1 van"))


@pytest.mark.parametrize(
    ("aantal", "eenheid", "begin", "rolt_echt"),
    [
        (90, "dagen", "zo 15-03-2026", True),
        (91, "dagen", "za 14-03-2026", False),
        (12, "weken", "za 14-03-2026", True),
        (13, "weken", "za 14-03-2026", False),
        (3, "maanden", "za 14-03-2026", True),
        (4, "maanden", "za 14-02-2026", False),
        (120, "dagen", "vr 13-02-2026", False),
        (6, "maanden", "za 14-02-2026", False),
    ],
)
def test_a_term_longer_than_art_4_allows_never_rolls_whatever_the_map_says(aantal, eenheid, begin, rolt_echt):
    strak = last_day(a_regel(aantal, eenheid, rolt=False), day(begin))
    gerold = last_day(a_regel(aantal, eenheid), day(begin))
    assert STANDAARDKALENDER.roll(strak)[0] != strak or not rolt_echt
    assert (gerold != strak) is rolt_echt


def test_a_term_that_the_map_does_not_roll_ends_on_its_own_day():
    termijn = a_termijn(NORM_2_WEKEN, "za 06-06-2026")
    assert words(termijn.vervaldag) == "zaterdag 20 juni 2026"
    assert "verschoven" not in termijn.uitleg


@pytest.mark.parametrize(
    ("aantal", "begin", "laatste"),
    [
        (3, "do 02-04-2026", "wo 08-04-2026"),
        (2, "do 02-04-2026", "di 07-04-2026"),
        (3, "vr 05-06-2026", "di 09-06-2026"),
        (2, "vr 05-06-2026", "ma 08-06-2026"),
        (3, "do 04-06-2026", "ma 08-06-2026"),
        (4, "wo 13-05-2026", "di 19-05-2026"),
    ],
)
def test_from_three_days_on_a_term_holds_two_ordinary_days(aantal, begin, laatste):
    termijn = a_termijn(a_regel(aantal, "dagen"), begin)
    assert words(termijn.vervaldag) == words(day(laatste))


def test_the_second_ordinary_day_is_told():
    termijn = a_termijn(a_regel(3, "dagen"), "do 02-04-2026")
    assert termijn.uitleg == (
        "Dag 0 van 3, verschoven van zondag 5 april 2026 "
        "(weekend, 2e Paasdag, minstens twee gewone dagen in de termijn)"
    )


def test_carnaval_moves_no_term():
    termijn = a_termijn(VIER_WEKEN, "ma 19-01-2026")
    assert words(termijn.vervaldag) == "maandag 16 februari 2026"
    assert "verschoven" not in termijn.uitleg


# Properties

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31)).map(daynumber)
LENGTES = st.one_of(
    st.builds(Lengte, st.integers(1, 90), st.just("dagen")),
    st.builds(Lengte, st.integers(1, 12), st.just("weken")),
    st.builds(Lengte, st.integers(1, 3), st.just("maanden")),
)
ALLE_LENGTES = st.one_of(
    LENGTES,
    st.builds(Lengte, st.integers(1, 15), st.just("werkdagen")),
    st.builds(Lengte, st.integers(4, 36), st.just("maanden")),
)
REGELS = st.builds(
    lambda lengte, rolt, mee: a_regel(lengtes=(lengte,), rolt=rolt, startdag_telt_mee=mee),
    ALLE_LENGTES,
    st.booleans(),
    st.booleans(),
)


@st.composite
def opschortingen(draw, rond=None):
    """A suspension of which the days lie from some weeks before until some months after `rond`."""
    van = (draw(DAYS) if rond is None else rond) + draw(st.integers(-40, 120))
    uiterlijk = draw(st.none() | st.integers(0, 60).map(lambda dagen: van + dagen))
    return Opschorting(van, draw(st.none() | st.integers(0, 60).map(lambda dagen: van + dagen)), uiterlijk)


@st.composite
def gevallen(draw):
    begin = draw(DAYS)
    return draw(REGELS), begin, tuple(draw(st.lists(opschortingen(rond=begin), max_size=3)))


@given(LENGTES, st.booleans(), gevallen())
def test_a_rolling_term_never_ends_on_a_weekend_holiday_or_suspended_day(lengte, startdag_telt_mee, geval):
    _, begin, stilstanden = geval
    regel = a_regel(lengtes=(lengte,), startdag_telt_mee=startdag_telt_mee)
    dag = last_day(regel, begin, *stilstanden)
    assert STANDAARDKALENDER.is_werkdag(dag, ruim=True)
    assert not any(dag in o.dagen for o in stilstanden)


@given(REGELS, DAYS, st.integers(1, 40))
def test_a_term_that_begins_later_never_ends_earlier(regel, begin, later):
    assert last_day(regel, begin) <= last_day(regel, begin + later)


@given(REGELS, DAYS, st.data())
def test_a_suspension_of_n_days_moves_the_raw_end_n_days(regel, begin, data):
    assume(regel.lengtes[0].eenheid != "werkdagen")
    strak = a_regel(lengtes=regel.lengtes, rolt=False, startdag_telt_mee=regel.startdag_telt_mee)
    einde = last_day(strak, begin)
    assume(einde > begin)
    van = data.draw(st.integers(begin, einde - 1))
    dagen = data.draw(st.integers(1, 60))
    assert last_day(strak, begin, Opschorting(van, van + dagen + 1, van + dagen + 5)) == einde + dagen


@given(gevallen(), st.data())
def test_a_suspension_wholly_outside_the_run_changes_nothing(geval, data):
    regel, begin, stilstanden = geval
    tot = begin + data.draw(st.integers(0, 200))
    ervoor = Opschorting(begin - 30, begin - data.draw(st.integers(0, 20)), begin - 1)
    erna = Opschorting(tot + data.draw(st.integers(0, 20)), None, tot + 40)
    erbuiten = (ervoor, *stilstanden, erna)
    assert last_day(regel, begin, *erbuiten, tot=tot) == last_day(regel, begin, *stilstanden, tot=tot)


@given(gevallen(), st.integers(0, 30), st.integers(1, 30))
def test_a_suspension_asked_on_or_after_the_last_day_changes_nothing(geval, later, dagen):
    regel, begin, stilstanden = geval
    einde = last_day(regel, begin, *stilstanden)
    erna = Opschorting(einde + later, None, einde + later + dagen)
    assert last_day(regel, begin, *stilstanden, erna) == einde


@given(gevallen())
def test_a_suspension_never_makes_a_term_end_earlier(geval):
    regel, begin, stilstanden = geval
    assert last_day(regel, begin, *stilstanden) >= last_day(regel, begin)


@given(gevallen(), st.randoms(use_true_random=False))
def test_the_order_of_suspensions_and_telling_one_twice_do_not_matter(geval, toeval):
    regel, begin, stilstanden = geval
    anders = [*stilstanden, *stilstanden]
    toeval.shuffle(anders)
    assert last_day(regel, begin, *anders) == last_day(regel, begin, *stilstanden)


@given(gevallen(), st.none() | st.integers(0, 200), st.integers(-10, 400))
def test_what_is_stored_is_what_is_shown(geval, duur, later):
    regel, begin, stilstanden = geval
    run = Run(begin, None if duur is None else begin + duur)
    vandaag = begin + later
    termijn = compute(regel, run, {}, None, stilstanden, STANDAARDKALENDER, vandaag)
    opgeslagen = vervaldag(regel, run, {}, None, stilstanden, STANDAARDKALENDER)
    assert termijn.vervaldag in (opgeslagen, None)
    assert (termijn.vervaldag is None) <= (termijn.status == "geschorst")
    assert "  " not in termijn.uitleg
    assert termijn.uitleg[0].isupper() or termijn.uitleg[0].isdigit()
    if termijn.uiterlijk_dag is not None:
        assert termijn.uiterlijk_dag >= termijn.vervaldag


@given(gevallen(), st.integers(0, 400))
def test_a_term_is_late_exactly_when_its_end_lies_past_the_last_day(geval, duur):
    regel, begin, stilstanden = geval
    dag = begin + duur
    open_ = compute(regel, Run(begin, None), {}, None, stilstanden, STANDAARDKALENDER, dag)
    dicht = compute(regel, Run(begin, dag), {}, None, stilstanden, STANDAARDKALENDER, dag)
    assert (open_.status == "verstreken") is (dicht.status == "te_laat")


@given(DAYS, st.integers(1, 15))
def test_ruim_is_never_before_streng_and_both_are_werkdagen(begin, aantal):
    termijn = compute(a_regel(aantal, "werkdagen"), Run(begin, None), {}, None, (), STANDAARDKALENDER, begin)
    assert termijn.vervaldag <= termijn.uiterlijk_dag
    assert STANDAARDKALENDER.is_werkdag(termijn.vervaldag)
    assert STANDAARDKALENDER.is_werkdag(termijn.uiterlijk_dag, ruim=True)


@given(DAYS, st.integers(1, 60))
def test_the_stretch_of_an_opschorting_is_what_lies_between_asking_and_completing(van, dagen):
    opschorting = Opschorting(van, van + dagen, van + 100)
    assert list(opschorting.dagen) == list(range(van + 1, van + dagen))
    assert not Opschorting(van, van + dagen, None).dagen


# How the day came about


def account(regel, begin, *opschortingen, waarom="", **rest):
    """The sentences of the account on a day, with what tells from which day it counts."""
    vandaag = rest.pop("vandaag", begin)
    run = Run(day(begin), day(rest["tot"]) if "tot" in rest else None)
    termijn = compute(regel, run, {}, None, opschortingen, STANDAARDKALENDER, day(vandaag), waarom)
    assert termijn is not None
    return list(termijn.rekening)


def test_the_account_says_from_which_day_it_counts_and_how_long():
    waarom = "de dag dat het vroegsignaal is ontvangen"
    assert account(VIER_WEKEN, "di 24-02-2026", waarom=waarom) == [
        "Gerekend vanaf 24 februari 2026, de dag dat het vroegsignaal is ontvangen: 4 weken (28 dagen),"
        " dus tot en met dinsdag 24 maart 2026.",
        "Er zijn na vandaag nog 28 dagen.",
    ]


def test_the_account_names_the_days_that_moved_the_end():
    assert account(VIER_WEKEN, "ma 09-03-2026", tot="di 10-03-2026", vandaag="di 10-03-2026") == [
        "Gerekend vanaf 9 maart 2026: 4 weken (28 dagen), dus tot en met maandag 6 april 2026.",
        "De laatste dag verschuift van maandag 6 april 2026 naar dinsdag 7 april 2026: 2e Paasdag"
        " (Algemene termijnenwet).",
    ]


def test_the_account_adds_the_days_of_a_suspension_that_ended():
    zinnen = account(ACHT_WEKEN, "ma 19-01-2026", STUKKEN_10_DAGEN, vandaag="ma 02-03-2026")
    assert zinnen[0].endswith("8 weken (56 dagen), dus tot en met maandag 16 maart 2026.")
    assert zinnen[1] == "Opgeschort 3 t/m 12 februari 2026: 10 dagen die niet meetellen."
    assert zinnen[2] == "Met die dagen erbij loopt de termijn tot en met donderdag 26 maart 2026."


def test_the_account_says_what_is_waited_for_and_what_comes_of_waiting_in_vain():
    zinnen = account(ACHT_WEKEN, "ma 19-01-2026", STUKKEN_OPEN, vandaag="wo 04-02-2026")
    assert zinnen[1:] == [
        "Opgeschort vanaf 3 februari 2026: de termijn staat stil, uiterlijk tot en met 16 februari 2026.",
        "Komt er tot dan niets, dan is de laatste dag maandag 30 maart 2026.",
    ]


def test_the_account_of_werkdagen_names_what_did_not_count():
    assert account(DRIE_WERKDAGEN, "wo 13-05-2026")[0] == (
        "Gerekend vanaf 13 mei 2026: 3 werkdagen, zonder weekend en Hemelvaartsdag, dus tot en met dinsdag 19 mei 2026."
    )


def test_the_account_of_a_fixed_day_counts_nothing():
    vast = a_regel(1, "dagen", startdag_telt_mee=True)
    assert account(vast, "di 24-03-2026", waarom="de dag dat de stukken er uiterlijk moeten zijn") == [
        "De laatste dag is een vaste dag: 24 maart 2026, de dag dat de stukken er uiterlijk moeten zijn."
    ]


def test_the_account_says_that_the_first_day_counts():
    assert account(NAZORG, "ma 02-03-2026")[0] == (
        "Gerekend vanaf 2 maart 2026 (de eerste dag telt mee): 6 maanden (184 dagen),"
        " dus tot en met dinsdag 1 september 2026."
    )
