"""What partners report, as figures: missing is not zero, only whole periods count, some numbers are never added up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert

from models import klok
from models.organisatie import organisatie
from tests.bouwers import COORDINATOR, NU, a_traject, day
from workflow.indicatoren import get
from workflow.indicatoren.begrippen import Meting, Periode, Vraag
from workflow.indicatoren.gevraagd import ontbreekt
from workflow.indicatoren.kader import Kader
from workflow.indicatoren.opgaven import Opgavesom, Opgavespreiding, figures_of
from workflow.indicatoren.opgavewoorden import gap, instead
from workflow.indicatoren.preventie import ALLE, added_by
from workflow.kaarten import in_force
from workflow.opgaven import Opgave, correct, hand_in

BEZOEKERS = Opgavesom("bezoekers", "Bezoekers", "P1")
UNIEK = Opgavesom("unieke_bezoekers", "Unieke bezoekers", "P3")
SCHOLIEREN = Opgavesom("scholieren", "Scholieren", "P4")
BIJ = ("WSP-OOST", "WSP-HEERLEN-NOORD")
"""Places that are on the map beside Wijkservicepunt West."""

PLAATSEN = ("WSP-WEST", "WSP-OOST")
MAANDEN: Mapping[str, tuple[str, str]] = {
    "2025-01": ("2025-01-01", "2025-02-01"),
    "2025-02": ("2025-02-01", "2025-03-01"),
    "2025-03": ("2025-03-01", "2025-04-01"),
}
KWARTAAL = ("2025-01-01", "2025-04-01")


@pytest.fixture(autouse=True)
def stil() -> Iterator[None]:
    """The clock stands still on a Monday in March 2026."""
    with klok.at(NU):
        yield


@pytest.fixture
def meer_plaatsen(db: Connection) -> None:
    """The register has a second place of Stichting Trajekt, and one of Heerlen."""
    rijen = [{"code": code, "naam": code.title(), "soort": "wijkservicepunt", "is_actief": True} for code in BIJ]
    db.execute(insert(organisatie), rijen)


def report(
    db: Connection, indicator: str, van: str, tot: str, opgever: str = "TRAJEKT", gemeente: str = "GM0935", **n: Any
) -> str:
    """A report; `n` is reeks=number, or reeks={place: number}."""
    regels = [
        (reeks, plaats, aantal)
        for reeks, per_plaats in n.items()
        for plaats, aantal in (per_plaats if isinstance(per_plaats, dict) else {"geheel": per_plaats}).items()
    ]
    opgave = Opgave(indicator, opgever, gemeente, day(van), day(tot), tuple(regels))
    return hand_in(db, opgave, door=COORDINATOR).nummer


def frame(db: Connection, van: str, tot: str, **vraag: Any) -> Kader:
    """A question about a period."""
    return Kader(db, Vraag(Periode(day(van), day(tot)), **vraag))


def total(maat: Any, kader: Kader) -> Meting:
    """The figure as a whole."""
    return part(maat, kader)


def part(maat: Any, kader: Kader, **deel: str) -> Meting:
    """The figure of one part."""
    return next(m for m in maat.metingen(kader) if dict(m.uitsplitsing) == deel)


def covered(meting: Meting) -> tuple[int, int]:
    """How many numbers came, of how many."""
    return meting.meer["ontvangen"], meting.meer["verwacht"]


def said(meting: Meting) -> str:
    """What stands where it has no value."""
    assert meting.waarde is None
    return instead(meting.meer)


def of_westen(db: Connection, maand: str, volgende: str, aantal: int) -> str:
    """Visitors of one place in a month."""
    return report(db, "P1", maand, volgende, bezoekers={"WSP-WEST": aantal})


def test_nothing_reported_is_no_value_and_nought_is_one(db: Connection) -> None:
    assert total(BEZOEKERS, frame(db, *KWARTAAL)).waarde is None
    of_westen(db, "2025-01-01", "2025-02-01", 0)
    assert total(BEZOEKERS, frame(db, *KWARTAAL)).waarde == 0


def test_a_total_over_incomplete_reports_says_so(db: Connection) -> None:
    of_westen(db, "2025-01-01", "2025-02-01", 40)
    of_westen(db, "2025-03-01", "2025-04-01", 60)
    gemeten = total(BEZOEKERS, frame(db, *KWARTAAL, gemeente="GM0935"))
    assert (gemeten.waarde, gemeten.n) == (100, 2)
    assert gemeten.meer == {"verwacht": 3, "ontvangen": 2, "ritme": "maand"}
    assert gap(gemeten.meer) == "2 van 3 maandcijfers"


@pytest.mark.usefixtures("meer_plaatsen")
def test_a_place_without_a_line_is_missing_though_the_report_came(db: Connection) -> None:
    report(db, "P1", "2025-01-01", "2025-02-01", bezoekers={"WSP-WEST": 40, "WSP-OOST": 2}, budgetspreekuur={})
    of_westen(db, "2025-02-01", "2025-03-01", 8)
    kader = frame(db, *KWARTAAL, gemeente="GM0935")
    assert covered(total(BEZOEKERS, kader)) == (3, 6)
    assert covered(part(BEZOEKERS, kader, plaats="WSP-WEST")) == (2, 3)
    assert covered(part(BEZOEKERS, kader, plaats="WSP-OOST")) == (1, 3)
    assert covered(part(BEZOEKERS, kader, opgever="TRAJEKT")) == (3, 6)


@pytest.mark.usefixtures("meer_plaatsen")
def test_a_reeks_without_a_line_is_missing_though_the_report_came(db: Connection) -> None:
    of_westen(db, "2025-01-01", "2025-02-01", 40)
    spreekuur = total(Opgavesom("budgetspreekuur", "Spreekuur", "P1"), frame(db, *KWARTAAL, gemeente="GM0935"))
    assert (spreekuur.waarde, spreekuur.meer["waarom"], covered(spreekuur)) == (None, "niet_opgegeven", (0, 6))


@pytest.mark.usefixtures("meer_plaatsen")
def test_what_a_report_lacks_is_named(db: Connection) -> None:
    beide = {"WSP-WEST": 1, "WSP-OOST": 1}
    report(db, "P1", "2025-01-01", "2025-02-01", bezoekers={"WSP-WEST": 1}, budgetspreekuur={"WSP-WEST": 1})
    report(db, "P1", "2025-02-01", "2025-03-01", bezoekers=beide)
    report(
        db, "P1", "2025-03-01", "2025-04-01", bezoekers={"WSP-WEST": 1, "WSP-OOST": 1}, budgetspreekuur={"WSP-WEST": 1}
    )
    begin = "Opgegeven door Stichting Trajekt (Maastricht) zonder"
    assert ontbreekt(frame(db, *KWARTAAL, gemeente="GM0935"), "P1") == [
        f"{begin} Wsp-Oost: januari 2025.",
        f"{begin} Bezoekers van het budgetspreekuur: februari 2025.",
        f"{begin} Bezoekers van het budgetspreekuur (Wsp-Oost): maart 2025.",
    ]


@pytest.mark.usefixtures("meer_plaatsen")
@given(gemist=st.sets(st.tuples(st.sampled_from(sorted(MAANDEN)), st.sampled_from(PLAATSEN))))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_part_of_a_sum_says_how_many_numbers_it_lacks(db: Connection, gemist: set[tuple[str, str]]) -> None:
    """Whatever is left out of a quarter: total, places, months and both together count the holes in themselves."""
    with db.begin_nested() as proef:
        for maand in MAANDEN:
            gegeven = {plaats: 5 for plaats in PLAATSEN if (maand, plaats) not in gemist}
            if gegeven:
                report(db, "P1", *MAANDEN[maand], bezoekers=gegeven)
        for meting in BEZOEKERS.metingen(frame(db, *KWARTAAL, gemeente="GM0935", splits="maand")):
            deel = meting.uitsplitsing
            weg = {g for g in gemist if deel.get("deel", g[0]) == g[0] and deel.get("plaats", g[1]) == g[1]}
            ontvangen, verwacht = covered(meting)
            assert verwacht - ontvangen == len(weg)
            assert meting.waarde == (5 * ontvangen or None)
        proef.rollback()


def test_who_reported_nothing_is_named_with_the_periods(db: Connection) -> None:
    of_westen(db, "2025-02-01", "2025-03-01", 40)
    assert ontbreekt(frame(db, *KWARTAAL, gemeente="GM0935"), "P1") == [
        "Niet opgegeven door Stichting Trajekt (Maastricht): januari 2025, maart 2025.",
        "Opgegeven door Stichting Trajekt (Maastricht) zonder Bezoekers van het budgetspreekuur: februari 2025.",
    ]
    alleen_heerlen = part(BEZOEKERS, frame(db, *KWARTAAL), opgever="GM-HEERLEN")
    assert (alleen_heerlen.waarde, alleen_heerlen.n, alleen_heerlen.meer["verwacht"]) == (None, 0, 3)


def test_only_whole_periods_inside_the_asked_one_count(db: Connection) -> None:
    of_westen(db, "2025-01-01", "2025-02-01", 40)
    assert total(BEZOEKERS, frame(db, "2025-01-02", "2025-04-01")).waarde is None
    assert total(BEZOEKERS, frame(db, "2024-12-15", "2025-02-01")).waarde == 40


def test_what_lies_ahead_is_not_missing(db: Connection) -> None:
    for maand in (("2026-01-01", "2026-02-01"), ("2026-02-01", "2026-03-01")):
        report(db, "P1", *maand, bezoekers={"WSP-WEST": 40}, budgetspreekuur={"WSP-WEST": 3})
    kader = frame(db, "2026-01-01", "2027-01-01", gemeente="GM0935")
    assert ontbreekt(kader, "P1") == []
    assert covered(total(BEZOEKERS, kader)) == (2, 2)


@pytest.mark.usefixtures("meer_plaatsen")
def test_places_and_opgevers_are_told_apart_and_add_up_to_the_total(db: Connection) -> None:
    report(db, "P1", "2025-01-01", "2025-02-01", bezoekers={"WSP-WEST": 40, "WSP-OOST": 2}, budgetspreekuur={})
    of_westen(db, "2025-02-01", "2025-03-01", 8)
    kader = frame(db, *KWARTAAL)
    assert part(BEZOEKERS, kader, plaats="WSP-WEST").waarde == 48
    assert part(BEZOEKERS, kader, plaats="WSP-OOST").waarde == 2
    assert part(BEZOEKERS, kader, opgever="TRAJEKT").waarde == total(BEZOEKERS, kader).waarde == 50


def test_unique_visitors_are_never_added_up(db: Connection) -> None:
    report(db, "P3", "2025-01-01", "2025-02-01", "GM-MAASTRICHT", unieke_bezoekers=700, bezoeken=1000)
    report(db, "P3", "2025-02-01", "2025-03-01", "GM-MAASTRICHT", unieke_bezoekers=800, bezoeken=1100)
    kader = frame(db, *KWARTAAL)
    assert said(total(UNIEK, kader)) == "per maand opgegeven, niet op te tellen"
    assert part(UNIEK, kader, periode="2025-02").waarde == 800
    assert said(part(UNIEK, kader, periode="2025-03")) == "niet opgegeven"
    assert total(Opgavesom("bezoeken", "Bezoeken", "P3"), kader).waarde == 2100
    assert total(UNIEK, frame(db, "2025-02-01", "2025-03-01")).waarde == 800


def test_one_month_of_unique_visitors_is_not_those_of_a_year(db: Connection) -> None:
    report(db, "P3", "2025-12-01", "2026-01-01", "GM-MAASTRICHT", unieke_bezoekers=1204)
    gemeten = total(UNIEK, frame(db, "2025-01-01", "2026-01-01"))
    assert (gemeten.waarde, said(gemeten)) == (None, "per maand opgegeven, niet op te tellen")
    assert total(UNIEK, frame(db, "2025-12-01", "2026-01-01")).waarde == 1204


def test_schools_that_two_gemeenten_reported_are_not_called_missing(db: Connection) -> None:
    for wie, gemeente, scholen in (("GM-MAASTRICHT", "GM0935", 12), ("GM-HEERLEN", "GM0917", 7)):
        report(db, "P5", "2025-03-24", "2025-03-29", wie, gemeente, scholen=scholen, klassen=30)
    scholen = Opgavesom("scholen", "Scholen", "P5")
    kader = frame(db, "2025-01-01", "2026-01-01")
    assert said(total(scholen, kader)) == "per editie opgegeven, niet op te tellen"
    assert said(part(scholen, kader, periode="2025")) == "niet op te tellen"
    assert part(scholen, kader, periode="2025", opgever="GM-HEERLEN").waarde == 7
    assert total(scholen, frame(db, "2025-01-01", "2026-01-01", gemeente="GM0917")).waarde == 7
    assert ontbreekt(kader, "P5") == []


def test_a_school_year_that_does_not_fit_in_a_calendar_year_stands_on_its_own(db: Connection) -> None:
    report(db, "P4", "2024-08-01", "2025-08-01", "GM-MAASTRICHT", scholieren={"school_1": 90, "school_2": 36})
    kader = frame(db, "2025-01-01", "2026-01-01")
    spreiding = Opgavespreiding("scholen", "Scholen", "P4", "scholieren")
    for maat, waarde in ((SCHOLIEREN, 126), (spreiding, 2)):
        assert said(total(maat, kader)) == "per schooljaar opgegeven"
        gemeten = part(maat, kader, periode="2024-2025")
        assert (gemeten.waarde, gap(gemeten.meer)) == (waarde, "2 van 5 cijfers per schooljaar")
        assert len(maat.lijst(kader, {"periode": "2024-2025"})) == gemeten.n
    volgend = frame(db, "2024-01-01", "2025-01-01")
    assert said(total(SCHOLIEREN, volgend)) == "niet opgegeven"
    assert ontbreekt(volgend, "P4") == ["Niet opgegeven door GM-MAASTRICHT (Maastricht): schooljaar 2023-2024."]


def test_what_is_not_asked_is_not_called_missing(db: Connection) -> None:
    (maat,) = figures_of(in_force(db).opgaven["D6"])
    assert said(total(maat, frame(db, "2025-01-01", "2026-01-01"))) == "wordt niet meer gevraagd"
    assert said(total(maat, frame(db, "2015-01-01", "2016-01-01"))) == "werd nog niet gevraagd"
    assert said(total(BEZOEKERS, frame(db, "2026-03-01", "2026-04-01"))) == "nog niet voorbij"
    assert said(total(BEZOEKERS, frame(db, "2026-01-05", "2026-01-20"))) == "wordt per maand gevraagd"
    assert said(total(Opgavesom("x", "X", "T9"), frame(db, *KWARTAAL))) == "wordt niet gevraagd"


@pytest.mark.usefixtures("meer_plaatsen")
def test_the_list_behind_a_figure_has_as_many_lines_as_it_counts(db: Connection) -> None:
    report(db, "P1", "2025-01-01", "2025-02-01", bezoekers={"WSP-WEST": 40, "WSP-OOST": 2})
    report(db, "P1", "2025-01-01", "2025-02-01", "GM-HEERLEN", "GM0917", bezoekers={"WSP-HEERLEN-NOORD": 1})
    report(db, "P3", "2025-01-01", "2025-02-01", "GM-MAASTRICHT", unieke_bezoekers=700)
    for splits in (None, "maand", "kwartaal", "gemeente"):
        kader = frame(db, "2025-01-01", "2026-01-01", splits=splits)
        for maat in (BEZOEKERS, UNIEK):
            for meting in maat.metingen(kader):
                assert len(maat.lijst(kader, meting.uitsplitsing)) == meting.n, (splits, meting)


def test_a_breakdown_by_period_takes_only_reports_that_lie_within_one(db: Connection) -> None:
    of_westen(db, "2025-01-01", "2025-02-01", 40)
    kader = frame(db, "2025-01-01", "2026-01-01", splits="kwartaal")
    delen = {m.uitsplitsing.get("deel"): m.waarde for m in BEZOEKERS.metingen(kader) if set(m.uitsplitsing) == {"deel"}}
    assert delen == {"2025-K1": 40, "2025-K2": None, "2025-K3": None, "2025-K4": None}
    report(db, "P4", "2024-08-01", "2025-08-01", "GM-MAASTRICHT", scholieren={"school_1": 90})
    schooljaar = frame(db, "2024-01-01", "2026-01-01", splits="jaar")
    jaren = [m for m in SCHOLIEREN.metingen(schooljaar) if set(m.uitsplitsing) == {"deel"}]
    assert [said(m) for m in jaren] == ["niet opgegeven", "per schooljaar opgegeven"]
    assert part(SCHOLIEREN, schooljaar, periode="2024-2025", deel="2025").waarde == 90


@pytest.mark.usefixtures("meer_plaatsen")
def test_one_municipality_is_asked_without_the_other(db: Connection) -> None:
    of_westen(db, "2025-01-01", "2025-02-01", 40)
    report(db, "P1", "2025-01-01", "2025-02-01", "GM-HEERLEN", "GM0917", bezoekers={"WSP-HEERLEN-NOORD": 9})
    assert total(BEZOEKERS, frame(db, *KWARTAAL, gemeente="GM0917")).waarde == 9


def test_a_correction_changes_the_figure_and_not_what_was_known_before(db: Connection) -> None:
    nummer = of_westen(db, "2025-01-01", "2025-02-01", 40)
    toen = klok.now_us() + 1
    with klok.at(NU.replace(hour=16)):
        correct(db, nummer, [("bezoekers", "WSP-WEST", 44)], reden="telling_herzien", door=COORDINATOR)
        assert total(BEZOEKERS, frame(db, *KWARTAAL)).waarde == 44
        assert total(BEZOEKERS, frame(db, *KWARTAAL, bekend=toen)).waarde == 40


def test_the_spread_over_schools_counts_those_with_pupils(db: Connection) -> None:
    spreiding = Opgavespreiding("scholen", "Scholen", "P4", "scholieren")
    assert total(spreiding, frame(db, "2024-01-01", "2026-01-01")).waarde is None
    report(db, "P4", "2024-08-01", "2025-08-01", "GM-MAASTRICHT", scholieren={"school_1": 90, "school_2": 0})
    gemeten = total(spreiding, frame(db, "2024-01-01", "2026-01-01"))
    assert (gemeten.waarde, gemeten.meer["van"]) == (1, 5)


def test_an_edition_is_missing_in_a_year_without_one_whatever_its_days(db: Connection) -> None:
    report(db, "P5", "2025-03-24", "2025-03-29", "GM-MAASTRICHT", scholen=12, klassen=30)
    kader = frame(db, "2024-01-01", "2026-01-01", gemeente="GM0935")
    assert ontbreekt(kader, "P5") == ["Niet opgegeven door GM-MAASTRICHT (Maastricht): editie 2024."]
    assert total(Opgavesom("klassen", "Klassen", "P5"), kader).waarde == 30


def test_counts_of_before_the_map_are_marked(db: Connection) -> None:
    report(db, "D6", "2017-01-01", "2018-01-01", "KBL", gestart=310)
    (maat,) = figures_of(in_force(db).opgaven["D6"])
    gemeten = total(maat, frame(db, "2016-01-01", "2019-01-01"))
    assert (gemeten.waarde, gemeten.meer["historisch"]) == (310, True)
    assert (gemeten.meer["verwacht"], gemeten.meer["ontvangen"]) == (3, 1)


def test_every_preventie_figure_is_a_reeks_of_the_map(db: Connection) -> None:
    opgaven = in_force(db).opgaven
    for indicator in ALLE:
        sommen = [maat for maat in indicator.maten if isinstance(maat, Opgavesom)]
        assert {maat.code for maat in sommen} == set(opgaven[indicator.code].reeksen), indicator.code
        assert all(maat.indicator == indicator.code for maat in sommen)
    assert [indicator.code for indicator in ALLE] == [f"P{n}" for n in range(1, 9)]


def test_what_the_map_adds_is_an_indicator_without_code(db: Connection) -> None:
    nieuw: Mapping[str, Any] = {i.code: i for i in added_by(in_force(db), {i.code for i in ALLE})}
    assert nieuw["zorgcafe"].naam == "Bezoekers zorgcafés"
    with klok.at(NU.replace(month=5)):
        report(db, "zorgcafe", "2026-01-01", "2026-04-01", bezoekers={"zorgcafe_west": 5, "zorgcafe_oost": 6})
        assert total(nieuw["zorgcafe"].maten[0], frame(db, "2026-01-01", "2026-07-01")).waarde == 11


# -- A share of two reports --------------------------------------------------------------------------------------------

AANDEEL = get("D13").maat("aandeel_kbl")
MAASTRICHT, HEERLEN = "GM0935", "GM0917"


def complaints(db: Connection, jaar: int, gemeente: str = MAASTRICHT, **reeksen: int) -> str:
    """What the Kredietbank reports about a year."""
    return report(db, "D13", f"{jaar}-01-01", f"{jaar + 1}-01-01", "KBL", gemeente, **reeksen)


def share(db: Connection, van: str, tot: str, **vraag: Any) -> Meting:
    """The share of SHV in the complaints."""
    return total(AANDEEL, frame(db, van, tot, **vraag))


def test_the_share_of_complaints_is_that_of_the_kredietbank_with_the_log_beside_it(db: Connection) -> None:
    complaints(db, 2025, klachten_kbl=20, klachten_shv=5)
    ouder = a_traject(db, op=day("2025-01-06"), gemeente=MAASTRICHT)
    a_traject(db, route="klacht", hoort_bij=ouder, op=day("2025-03-03"), gemeente=MAASTRICHT)
    meting = share(db, "2025-01-01", "2026-01-01", gemeente=MAASTRICHT)
    assert meting.waarde == 25.0
    assert meting.meer == {"verwacht": 1, "ontvangen": 1, "teller": 5, "noemer": 20, "in_het_log": 1}


def test_a_share_is_over_the_same_gemeenten_and_whole_years(db: Connection) -> None:
    complaints(db, 2024, klachten_kbl=20, klachten_shv=5)
    complaints(db, 2024, HEERLEN, klachten_kbl=100)
    complaints(db, 2025, HEERLEN, klachten_shv=7)
    for gemeente in (MAASTRICHT, HEERLEN):
        ouder = a_traject(db, op=day("2024-01-08"), gemeente=gemeente)
        a_traject(db, route="klacht", hoort_bij=ouder, op=day("2024-03-04"), gemeente=gemeente)
    meting = share(db, "2023-07-01", "2025-07-01")
    assert (meting.waarde, meting.meer["teller"], meting.meer["noemer"], meting.meer["in_het_log"]) == (25.0, 5, 20, 1)
    assert (meting.meer["ontvangen"], meting.meer["verwacht"]) == (1, 2)


@pytest.mark.parametrize(
    ("gegeven", "periode", "reden"),
    [
        ({}, ("2025-01-01", "2026-01-01"), "Over geen enkele periode zijn beide aantallen opgegeven."),
        ({"klachten_kbl": 9}, ("2025-01-01", "2026-01-01"), "Over geen enkele periode zijn beide aantallen opgegeven."),
        (
            {"klachten_kbl": 9, "klachten_shv": 1},
            ("2025-02-01", "2026-01-01"),
            "In deze periode valt geen heel jaar waarover is opgegeven.",
        ),
        ({"klachten_kbl": 0, "klachten_shv": 0}, ("2025-01-01", "2026-01-01"), "De noemer is 0."),
    ],
)
def test_a_share_that_cannot_be_told_says_why(
    db: Connection, gegeven: dict[str, int], periode: tuple[str, str], reden: str
) -> None:
    if gegeven:
        complaints(db, 2025, **gegeven)
    meting = share(db, *periode, gemeente=MAASTRICHT)
    assert (meting.waarde, meting.meer["zonder"], meting.meer["reden"]) == (None, "niet te bepalen", reden)


def test_behind_a_share_stand_the_reports_it_is_made_of(db: Connection) -> None:
    complaints(db, 2024, klachten_kbl=20, klachten_shv=5)
    complaints(db, 2025, klachten_kbl=30)
    kader = frame(db, "2024-01-01", "2026-01-01")
    assert len(AANDEEL.lijst(kader, {})) == total(AANDEEL, kader).n == 1
